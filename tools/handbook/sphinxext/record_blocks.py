"""Records as tables, in all forms: ``{adoptions}``, ``{places}``, ``{offices}``,
``{countries}``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from html import escape
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model import iso_reference, record_shapes
from handbook.model.catalogue import Status
from handbook.model.records import (
    Adoption,
    Certainty,
    Degree,
    Office,
    Person,
    PlaceRecord,
    Record,
    Standing,
    Statement,
    country_anchor,
)
from handbook.outputs import point_map, tile_map
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import (
    HandbookDirective,
    HandbookTransform,
    depend,
    depend_on_records,
)
from handbook.sphinxext.dates import display, locale
from handbook.sphinxext.parts import internal_link, jumps, status_name, table
from handbook.sphinxext.served_forms import form, select

_ = get_translation("handbook")

#: One part of a cell; semicolons join the parts.
Part = list[nodes.Node]

T = TypeVar("T")


@cache
def country_name(code: str, language: str) -> str:
    """Return a country in the reader's language, by its two letters."""
    return str(locale(language).territories.get(code, code))


def certainty_name(status: Certainty) -> str:
    """Return the certainty of a record in the reader's language."""
    return {
        Certainty.SURE: _("sure"),
        Certainty.ONE_SOURCE: _("one source"),
        Certainty.INFERRED: _("inferred"),
        Certainty.DISPUTED: _("disputed"),
    }[status]


class RecordsDirective(HandbookDirective):
    """A table of records. ``:home:`` makes it the table to which the address of each record
    leads.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "standard": directives.unchanged_required,
        "country": directives.unchanged_required,
        "home": directives.flag,
    }

    def faulty(self) -> bool:
        """Return whether an option selects by something that does not exist, which is reported."""
        faults = [*self.handbook.records.selection_faults(self.block(), self.handbook.catalogue)]
        for finding in faults:
            self.report(finding)
        return bool(faults)

    def made(
        self,
        records: Sequence[Record],
        heads: Sequence[tuple[str, int]],
        rows: Iterable[list[list[nodes.Node]]],
        kind: str,
        left_out: Collection[int] = (),
    ) -> list[nodes.Node]:
        """Return the table without the columns left out, or a sentence if no record matches."""
        if not records:
            return [nodes.paragraph("", _("This handbook knows of none."))]

        def shown(cells: Iterable[T]) -> list[T]:
            return [one for number, one in enumerate(cells) if number not in left_out]

        group = table(shown(heads), map(shown, rows))
        made = nodes.table("", group, classes=["hb-records", "hb-cards"])
        self.set_source_info(made)
        if "home" in self.options:
            made["classes"].append("hb-wide")
            known: set[str] = set()
            body = group.next_node(nodes.tbody)
            assert body is not None
            for record, row in zip(records, body.findall(nodes.row), strict=True):
                if record.anchor in known:
                    continue  # a place with more than one standing
                known.add(record.anchor)
                row["ids"], row["classes"] = [record.anchor], ["hb-record", f"hb-{kind}"]
                self.env.domains.standard_domain.note_hyperlink_target(
                    record.anchor, self.env.docname, record.anchor, self.say(record.name)
                )
        return [made]

    def with_map(
        self,
        drawn: our.drawing | None,
        fields: Iterable[str],
        records: Sequence[Record],
        made: list[nodes.Node],
    ) -> list[nodes.Node]:
        """Return the table below its map and the filter of both."""
        made[0]["classes"].append("hb-filtered")  # type: ignore[index]
        filter_ = form(_("Filter the map and the table"), fields, len(records))
        return [*([drawn] if drawn else []), our.served_form(html=filter_), *made]

    def named(self, record: Record) -> nodes.Node:
        """Return a record's name, linked to the record's address, unless this is it."""
        if "home" in self.options:
            return nodes.strong("", self.say(record.name))
        name = nodes.inline("", self.say(record.name))
        return internal_link(self.env.docname, "std", "ref", record.anchor, name)

    @cached_property
    def _asked(self) -> set[str]:
        return set()

    def events(self, record_name: str, field: str) -> Part:
        """Return a link to the events of this entry, if the entry is here."""
        if "home" not in self.options or record_name in self._asked:
            return []
        self._asked.add(record_name)
        # the number of events depends on the same pages as timelines
        self.domain.data["timelines"].add(self.env.docname)
        return [our.events_of(field=field, value=record_name)]

    def sources(self, keys: Sequence[str], beside: Sequence[str] = ()) -> Part:
        """Return citations behind a word, without those in ``beside``."""
        known = [key for key in keys if key in self.handbook.bibliography.sources]
        return (
            [nodes.Text(self.marks.space), *self.cite(known)]
            if known and set(keys) != set(beside)
            else []
        )

    def said(self, one: Statement, when: str, beside: Sequence[str]) -> Part:
        """Return a dated statement: what, when, who says so, and who says otherwise."""
        language = self.config.language
        given = dict(one.given)
        part: Part = [nodes.Text(when % display(one.date, language))]
        part += self.sources([key for key in one.sources if key not in given], beside)
        for key, date in given.items():
            part += [nodes.Text(self.marks.comma + display(date, language)), *self.sources([key])]
        return part

    def doubts(self, record: Record) -> list[Part]:
        """Return the remark of a record, and any doubt about it."""
        parts: list[Part] = [[self.words(record.note)]] if record.note else []
        if record.status in {Certainty.INFERRED, Certainty.DISPUTED}:
            parts.insert(0, [nodes.emphasis("", certainty_name(record.status))])
        return parts


def standard_field(texts: Iterable[str]) -> str:
    """Return the choice of an ISO text by its number, without the year."""
    numbers = sorted({iso_reference.whole(text).split(":")[0] for text in texts})
    return select("standard", _("ISO text"), [(number, number) for number in numbers])


class AdoptionsDirective(RecordsDirective):
    """National versions: all, or by ``:standard:`` or ``:country:``. ``:map:`` shows them on a map
    too, with a filter.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        **RecordsDirective.option_spec,
        "map": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        catalogue, known = self.handbook.catalogue, self.handbook.records
        if self.faulty():
            return []
        standard, country = self.options.get("standard"), self.options.get("country")
        records = [one for one in known.adoptions if country in {None, one.country}]
        if standard:
            records = known.adoptions_of(catalogue.exact(standard), catalogue)
        language = self.config.language
        order = {one.reference: number for number, one in enumerate(catalogue.deliverables)}

        def key(one: Adoption) -> tuple[int, str, str]:
            of = one.of(catalogue)
            return (
                0 if standard else order[of.reference] if of else len(order),
                country_name(one.country, language),
                one.designation,
            )

        records.sort(key=key)
        left_out = {0} if standard else {1} if country else set()
        heads = [
            (_("ISO text"), 20),
            (_("Where"), 14),
            (_("National number"), 24),
            (_("Dates"), 22),
            (_("How close, and what was read"), 30),
        ]
        rows = (self._row(one) for one in records)
        made = self.made(records, heads, rows, "adoption", left_out)
        if "map" not in self.options or not records:
            return made
        return self.with_map(self._tiles(records), self._choices(records), records, made)

    def _tiles(self, records: Iterable[Adoption]) -> our.drawing:
        """Return each country as a tile; the table below it is its full text."""
        by_country: dict[str, list[str]] = {}
        for one in records:
            by_country.setdefault(one.country, []).append(one.anchor)
        language = self.config.language
        tiles = [
            tile_map.Tile(code, country_name(code, language), country_anchor(code), tuple(rows))
            for code, rows in by_country.items()
        ]
        about = _(
            "A tile for each country, roughly where it lies, with the number of its national"
            " versions; no borders are drawn. The table below says all that the map shows."
        )
        return our.drawing(tiles=tiles, about=about)

    def _choices(self, records: Iterable[Adoption]) -> list[str]:
        language = self.config.language
        countries = sorted({country_name(one.country, language) for one in records})
        return [
            standard_field(one.adopts for one in records),
            select("country", _("Where"), [(name, name) for name in countries]),
        ]

    def _row(self, one: Adoption) -> list[Part]:
        dates = [self.said(said, adoption_step(said.what), one.sources) for said in one.dates]
        if not dates and one.year:
            dates = [[nodes.Text(_("%s in the number") % one.year)]]
        close: list[Part] = []
        if one.degree or one.shown:
            word = [nodes.strong("", _degree(one.degree))] if one.degree else []
            comma = [nodes.Text(self.marks.comma)] if one.degree and one.shown else []
            shown = [self.words(one.shown)] if one.shown else []
            close.append([*word, *comma, *shown, *self.sources(one.degree_sources, one.sources)])
        if one.language:
            name = locale(self.config.language).languages
            close.append([nodes.Text(_("text in %s") % name.get(one.language, one.language))])
        of = one.of(self.handbook.catalogue)
        if of and of.reference != one.adopts and "standard" in self.options:
            close.append([nodes.Text(_("edition not named"))])
        if one.route == "EN":
            close.append([nodes.Text(_("by way of a European Standard"))])
        number: Part = [self.named(one), *self.sources(one.sources)]
        if one.title:
            number[1:1] = [nodes.Text(f"{self.marks.comma}{one.title}")]
        country: Part = [nodes.Text(country_name(one.country, self.config.language))]
        doubts = self.cell(close + self.doubts(one))
        return [self._adopted(one), country, number, self.cell(dates), doubts]

    def _adopted(self, one: Adoption) -> Part:
        of = one.of(self.handbook.catalogue)
        if of is None:
            return [nodes.Text(one.adopts)]
        content: Part = [self.link_to_standard(of, one.adopts)]
        if of.reference != one.adopts:
            content.append(nodes.Text(self.marks.comma + _("edition not named")))
        elif of.status is Status.WITHDRAWN:
            content.append(nodes.Text(self.marks.within(status_name(of.state))))
        return content


class PlacesDirective(RecordsDirective):
    """Places and their standings: all, or by ``:kind:`` (several with commas), ``:standard:``,
    ``:country:``.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        **RecordsDirective.option_spec,
        "kind": directives.unchanged_required,
        "map": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        if self.faulty():
            return []
        known, standard = self.handbook.records, self.options.get("standard")
        country = self.options.get("country")
        kinds = [kind for kind in self.options.get("kind", "").split(", ") if kind]
        chosen = (
            known.standings_of(self.handbook.catalogue.exact(standard))
            if standard
            else known.standings
        )
        places = {place.id: place for place in known.places}
        records = [
            one
            for one in chosen
            if (not kinds or one.kind in kinds) and country in {None, places[one.of_place].country}
        ]
        left_out = {1} if len(kinds) == 1 else set()
        left_out |= {2} if all(not one.standard for one in records) else set()
        heads = [
            (_("Place"), 24),
            (_("What it is"), 16),
            (_("ISO text"), 14),
            (_("Dates"), 18),
            (_("Notes"), 28),
        ]
        rows = (self._place(one, places[one.of_place]) for one in records)
        made = self.made(records, heads, rows, "place", left_out)
        if "map" not in self.options or not records:
            return made
        return self.with_map(self._map(places), self._fields(records), records, made)

    def _map(self, places: Mapping[str, PlaceRecord]) -> our.drawing | None:
        """Return the map of all places; the table below it is its full text."""
        path = Path(self.config.handbook_references, "coast.txt")
        if not path.exists():
            return None
        depend(self.env, [path])
        at: dict[tuple[float, float], list[PlaceRecord]] = {}
        for place in places.values():
            if place.at:
                at.setdefault(place.at, []).append(place)
        spots = [
            point_map.Spot(
                where, tuple(one.anchor for one in here), tuple(self.say(one.name) for one in here)
            )
            for where, here in at.items()
        ]
        about = _(
            "%(shown)d of %(all)d places, with the coast and without borders; a number counts the"
            " places at a point or in a part that is enlarged below. The table below says all that"
            " the map shows."
        ) % {"shown": sum(len(spot.names) for spot in spots), "all": len(places)}

        def enlarged(west: str, east: str) -> str:
            return _("Enlarged: from %(west)s to %(east)s") % {"west": west, "east": east}

        drawn = point_map.draw(spots, point_map.coast(path), enlarged, self.marks.listed)
        return our.drawing(html=drawn, about=about)

    def _fields(self, records: Iterable[Standing]) -> list[str]:
        kinds = {one.kind for one in records}
        names = [standing_name(kind) for kind in record_shapes.STANDINGS if kind in kinds]
        return [
            select("kind", _("What it is"), [(name, name) for name in names]),
            standard_field(one.standard for one in records if one.standard),
        ]

    def _place(self, one: Standing, place: PlaceRecord) -> list[Part]:
        name: Part = [self.named(one)]
        if place.own and place.own != self.say(place.name):
            name.append(nodes.Text(self.marks.within(place.own)))
        around = [place.part_of] if place.part_of else []
        country = country_name(place.country, self.config.language) if place.country else ""
        if country and country not in self.say(place.name):
            around.append(country)
        for one_around in around:
            name += [nodes.Text(self.marks.comma), self.words(one_around)]
        name += self.events(place.name, "place")
        dates = [self.said(said, standing_step(said.what), one.sources) for said in one.dates]
        kind: Part = [nodes.Text(standing_name(one.kind))]
        if one.issuer:
            kind += [nodes.Text(self.marks.comma), self.words(one.issuer)]
        parts: list[Part] = []
        if one.level:
            parts.append([nodes.Text(_("level: %s") % self.say(one.level))])
        parts += self.doubts(one)
        said = self.cell(parts) if parts else []
        said += self.sources(one.sources)
        return [name, kind, self._standard(one), self.cell(dates), said]

    def _standard(self, one: Standing) -> Part:
        if not one.standard:
            return [nodes.Text("–")]
        return [self.link_to_standard(self.handbook.catalogue.find(one.standard), one.standard)]


class OfficesDirective(RecordsDirective):
    """People and bodies that hold or held an office: all, or by ``:body:`` and ``:role:``."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "body": directives.unchanged_required,
        "role": directives.unchanged_required,
        "home": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        if self.faulty():
            return []
        known = self.handbook.records
        people = {one.id: one for one in known.people}
        body, role = self.options.get("body"), self.options.get("role")
        records = [
            one for one in known.offices if body in {None, one.body} and role in {None, one.role}
        ]
        heads = [
            (_("Person or body"), 26),
            (_("Body"), 20),
            (_("Office"), 18),
            (_("Dates"), 28),
            (_("Notes"), 22),
        ]
        left_out = {1} if body else {2} if role else set()
        rows = (self._office(one, people[one.of_person]) for one in records)
        return self.made(records, heads, rows, "person", left_out)

    def _office(self, one: Office, person: Person) -> list[Part]:
        name: Part = [self.named(one)]
        if "home" in self.options and person.spellings:
            shown = self.say(person.name)
            spelled = [one for one in (person.name, *person.spellings) if one != shown]
            name.append(nodes.Text(self.marks.within(self.marks.listed.join(spelled))))
        name += self.events(person.name, "about")
        dates: list[Part] = []
        before = ""
        for said in one.dates:
            word = standing_step(said.what)
            dates.append(self.said(said, "%s" if word == before else word, one.sources))
            before = word
        parts = self.doubts(one)
        loose = {key for key in one.sources if not any(key in said.sources for said in one.dates)}
        if all(set(said.sources) == set(one.sources) for said in one.dates):
            loose = set(one.sources)
        said_else = self.cell(parts) if parts or not loose else []
        said_else += self.sources([key for key in one.sources if key in loose])
        held = [[self.words(one.body)], [self.words(one.role)]]
        return [name, *held, self.cell(dates), said_else]


class CountriesDirective(AdoptionsDirective, PlacesDirective):
    """A section for each country: what is in force there."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {}

    def run(self) -> list[nodes.Node]:
        language = self.config.language
        countries = sorted(
            (country_name(code, language), code) for code in self.handbook.records.countries
        )
        places = ((name, country_anchor(code)) for name, code in countries)
        return [*jumps(places), *(self._section(code, name) for name, code in countries)]

    def _section(self, code: str, name: str) -> nodes.section:
        anchor = country_anchor(code)
        self.env.domains.standard_domain.note_hyperlink_target(
            anchor, self.env.docname, anchor, name
        )
        made = nodes.section("", nodes.title("", name), ids=[anchor], names=[anchor])
        self.set_source_info(made)
        for directive in (AdoptionsDirective, PlacesDirective):
            self.options = {"country": code}
            table_or_none = directive.run(self)
            if isinstance(table_or_none[0], nodes.table):
                made += table_or_none
        return made


def standing_name(kind: str) -> str:
    """Return the standing of a place, in the reader's language."""
    return {
        "club member": _("club member"),
        "pilot of ISO 37101": _("pilot of ISO 37101"),
        "pilot of SC 1": _("pilot of SC 1"),
        "trial": _("trial"),
        "certificate": _("certificate"),
        "registration": _("registration"),
        "demonstration title": _("demonstration title"),
    }[kind]


def standing_step(what: str) -> str:
    """Return a step of a standing, in the reader's language, with a gap for its date."""
    return {
        "proposed": _("proposed %s"),
        "applied": _("applied %s"),
        "announced": _("announced %s"),
        "approved": _("approved %s"),
        "since": _("since %s"),
        "named": _("named %s"),
        "until": _("until %s"),
    }[what]


def adoption_step(what: str) -> str:
    """Return a step of an adoption, in the reader's language, with a gap for its date."""
    return {
        "project": _("project of %s"),
        "approved": _("approved %s"),
        "published": _("published %s"),
        "in force": _("in force from %s"),
        "until": _("valid until %s"),
    }[what]


def _degree(degree: Degree) -> str:
    return {
        Degree.IDENTICAL: _("identical (IDT)"),
        Degree.MODIFIED: _("modified (MOD)"),
        Degree.NOT_EQUIVALENT: _("not equivalent (NEQ)"),
    }[degree]


class DrawingTransform(HandbookTransform):
    """Insert each drawing in HTML; other builders have the table beside it."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.drawing):
            if self.builder.format != "html":
                node.parent.remove(node)
                continue
            drawn = node.get("html") or tile_map.draw(map(self._linked, node["tiles"]), self.marks)
            # the sentence first: without pictures or styles the numbers of a map mean nothing
            figure = (
                f'<figure class="hb-map-frame"><figcaption>{escape(node["about"])}</figcaption>'
                f"{drawn}</figure>"
            )
            node.replace_self(nodes.raw("", figure, format="html"))

    def _linked(self, tile: tile_map.Tile) -> tile_map.Tile:
        """Return the tile with a link to its country's section, or to its first row."""
        labels = self.env.domains.standard_domain.anonlabels
        page, anchor = labels.get(tile.address, (self.env.docname, tile.rows[0]))
        way = self.builder.get_relative_uri(self.env.docname, page)
        return replace(tile, address=f"{way}#{anchor}")


def setup(app: Sphinx) -> None:
    app.add_post_transform(DrawingTransform)
    app.add_directive("adoptions", AdoptionsDirective)
    app.add_directive("places", PlacesDirective)
    app.add_directive("offices", OfficesDirective)
    app.add_directive("countries", CountriesDirective)
