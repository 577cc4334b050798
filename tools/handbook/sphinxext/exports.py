"""Write the handbook's data beside the HTML pages, into ``data/``, and show its fields on the data
page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from handbook.files import write_if_changed
from handbook.model import ledger, marks, scripts
from handbook.model.block import one_of
from handbook.model.strands import Strand
from handbook.outputs import additions, feeds, reference_managers, subscriptions, tables
from handbook.sphinxext import (
    bibstyle,
    domain,
    editions,
    event_links,
    project,
    remembered,
    told_rows,
)
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookTransform
from handbook.sphinxext.dates import display
from handbook.sphinxext.events import Hook
from handbook.sphinxext.output import DATA, base, is_served, to_root
from handbook.sphinxext.parts import strand_name, table, warn
from handbook.sphinxext.record_blocks import country_name, standing_name

_ = get_translation("handbook")

_Tables = dict[str, list[dict[str, Any]]]
#: Rows as a feed in another language than English tells them, by table and id.
_Told = dict[str, dict[str, dict[str, Any]]]
_MORE = {
    "milestones": ("milestones.ics",),
    "sources": ("sources.csl.json", "sources.ris"),
    "places": ("places.geojson",),
}
#: The formats of each table.
FILES = {
    name: (
        f"{name}.json",
        f"{name}.csv",
        *_MORE.get(name, ()),
        *((f"{name}.atom", f"{name}.feed.json") if name in additions.KINDS else ()),
        f"{name}.schema.json",
    )
    for name in tables.TABLES
}


class FieldsDirective(SphinxDirective):
    """The fields of an export as a table, with links to its files: ``{fields} milestones``."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in tables.TABLES:
            warn(
                "Y002",
                f"{name!r} is not an export",
                one_of(name, tables.TABLES),
                self.get_location(),
            )
            return []
        rows: list[list[list[nodes.Node]]] = []
        for field in tables.TABLES[name]:
            meaning, messages = self.parse_inline(_(field.meaning))
            rows.append([[nodes.literal("", field.name)], [*meaning, *messages]])
        heads = ((_("Field"), 20), (_("What it holds"), 80))
        return [our.downloads(files=list(FILES[name])), nodes.table("", table(heads, rows))]


class DownloadLinks(HandbookTransform):
    """Link to the exports from wherever in the tree the page stands."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.downloads):
            if self.builder.format != "html" or self.builder.name == "epub":
                node.parent.remove(node)
                continue
            folder = f"{to_root(self.builder, self.env.docname)}{DATA}"
            line = nodes.paragraph(
                "", _("Download: "), classes=["hb-downloads"], files=node["files"]
            )
            for number, name in enumerate(node["files"]):
                line += [nodes.Text(self.marks.listed)] if number else []
                line += nodes.reference("", name, refuri=f"{folder}/{name}", internal=False)
            node.replace_self(line)


def facts(env: BuildEnvironment, builder: Builder) -> list[tables.Fact]:
    """Return all milestones and publications with their addresses in this build."""
    handbook = domain.of(env)

    def address(placed: domain.PlacedMilestone) -> str | None:
        if not placed.docname:
            return None
        page = builder.get_target_uri(placed.docname)
        name = placed.milestone.name
        return f"{page}#{name}" if name in handbook.milestones else page

    return [
        tables.Fact(placed.milestone, address(placed), placed.text)
        for placed in handbook.timeline()
    ]


def site(config: Config) -> tables.Site:
    """Return what feeds and citations need to know about the handbook as a whole."""
    day = date.fromisoformat(config.handbook_day)
    known, own = _("Date as known: %s (EDTF). "), marks.of(config.language)
    language = scripts.tag(config.language)
    cited = _("“%(title)s”. %(site)s, edition %(edition)s. %(address)s. Read %(day)s.")
    return tables.Site(
        config.project, config.release, day, base(config), language, known, own, cited
    )


def files(app: Sphinx) -> dict[str, bytes]:
    """Return each export by its file name."""
    handbook = project.of(app.config)
    here = replace(site(app.config), labels=_labels(app.config))
    told = facts(app.env, app.builder)
    where = _record_addresses(app.env, app.builder)
    titles = _told_on(app.env, app.builder)
    names = {one.milestone.name: found for one, found in event_links.named(app.env)}
    places = event_links.places(app.env)
    basis = handbook.digest and repr(
        (
            handbook.digest,
            told,
            here,
            where,
            titles,
            names,
            places,
            app.config.language,
            project.words(app.config),
        )
    )
    name = f"exports-{app.builder.name}"
    return remembered.once(
        app,
        name,
        basis,
        lambda: _files(handbook, told, here, where, titles, names, places, app.config),
    )


def _told_on(env: BuildEnvironment, builder: Builder) -> dict[str, str]:
    """Return the titles of the pages that have milestones, by their addresses."""
    pages = {placed.docname for placed in domain.of(env).timeline() if placed.docname}
    return {builder.get_target_uri(page): env.titles[page].astext() for page in sorted(pages)}


def _record_addresses(env: BuildEnvironment, builder: Builder) -> dict[str, str]:
    """Return the address of each record that a page lists, by its anchor."""
    labels, records = env.domains.standard_domain.anonlabels, project.of(env.config).records
    kinds = (records.adoptions, records.places, records.people)
    return {
        anchor: f"{builder.get_target_uri(labels[anchor][0])}#{labels[anchor][1]}"
        for anchor in (one.anchor for kind in kinds for one in kind)
        if anchor in labels
    }


def _labels(config: Config) -> dict[str, str]:
    """Return the categories of feeds and calendars as the reader's language names them."""
    records = project.of(config).records
    return {
        "added": _("Added"),
        "corrected": _("Corrected"),
        "withdrawn": _("Withdrawn"),
        **{str(strand): strand_name(strand) for strand in Strand},
        **{one: country_name(one, config.language) for one in records.countries},
        **{one.kind: standing_name(one.kind) for one in records.standings},
        **{one.body: project.say(config, one.body) for one in records.offices},
    }


def _feeds(
    now: Iterable[ledger.Entry],
    rows: _Tables,
    told: _Told,
    here: tables.Site,
    where: dict[str, str],
) -> Iterator[tuple[str, feeds.Feed]]:
    """Return the feeds of what was added and corrected, for each kind of facts."""
    titles = {
        "milestones": _("Milestones"),
        "adoptions": _("National adoptions"),
        "places": _("Places"),
        "offices": _("Offices"),
    }
    for kind, title in titles.items():
        anchor = additions.KINDS[kind].anchor
        yield (
            kind,
            feeds.fact_feed(
                kind,
                now,
                additions.named(kind, rows[kind]),
                _fact_words(here, title),
                here,
                lambda row, anchor=anchor: row.get("address") or where.get(anchor(row)),  # type: ignore[misc]
                told=told.get(kind),
            ),
        )


def _fact_words(here: tables.Site, title: str) -> feeds.FactWords:
    return feeds.FactWords(
        f"{here.title}{here.marks.colon}{title}",
        _("What each edition added, corrected and withdrew."),
        _("Added"),
        _("Corrected"),
        _("Withdrawn"),
        _("Contributors of the %s") % here.title,
        _("Text: %s") % tables.LICENSE,
    )


def _parts(
    told: list[tables.Fact],
    now: Iterable[ledger.Entry],
    rows: _Tables,
    told_rows: _Told,
    here: tables.Site,
    titles: Mapping[str, str],
    names: Mapping[str, list[str]],
    where: Mapping[str, str],
) -> Iterator[tuple[str, bytes]]:
    """Return calendars and feeds for parts of the timeline."""
    strands = {strand: strand_name(strand) for strand in Strand}
    named = additions.named("milestones", rows["milestones"])
    for part in subscriptions.selections(told, strands, titles, names, where):
        chosen = {fact.milestone.name for fact in part.facts}
        feed = feeds.fact_feed(
            "milestones",
            [one for one in now if one.id in chosen],
            named,
            _fact_words(here, part.title),
            here,
            lambda row: row.get("address"),
            part.path,
            told_rows.get("milestones"),
        )
        yield f"{part.path}.atom", feeds.atom(feed).encode()
        yield f"{part.path}.ics", feeds.calendar(part.facts, here, part.title)


def _files(
    handbook: project.Handbook,
    told: list[tables.Fact],
    here: tables.Site,
    where: dict[str, str],
    titles: Mapping[str, str],
    names: Mapping[str, list[str]],
    places: Mapping[str, str],
    config: Config,
) -> dict[str, bytes]:
    catalogue, bibliography = handbook.catalogue, handbook.bibliography
    about = {"edition": here.edition, "license": tables.LICENSE}
    rows = {
        "milestones": tables.milestone_rows(told),
        "deliverables": tables.deliverable_rows(catalogue),
        "sources": tables.source_rows(bibliography.sources.values(), bibstyle.labels(config)),
        "adoptions": tables.adoption_rows(handbook.records.adoptions),
        "places": tables.place_rows(handbook.records.places),
        "offices": tables.office_rows(handbook.records.people),
        "profiles": tables.profile_rows(handbook.profiles, catalogue),
        "wants": tables.want_rows(handbook.profiles, catalogue),
        "indicators": tables.indicator_rows(handbook.profiles),
    }
    extra = {
        "deliverables": {
            "attribution": tables.ATTRIBUTION,
            "asOf": catalogue.as_of["deliverables"],
        }
    }
    sources = bibliography.sources.values()
    words = reference_managers.Words(
        partial(display, language=config.language),
        partial(project.say, config),
        _("English: %s"),
        _("Date: %s"),
        _("Read: %s"),
        config.language.partition("_")[0],
        here.marks.stop + here.marks.space,
    )
    entries = additions.told(rows)
    shown, for_feeds = rows, {}
    if editions.further(config):
        # The ledger has the words of the English pages.
        entries = [replace(one, fields={}) for one in entries]
        shown = {name: told_rows.in_words(config, name, rows[name]) for name in rows}
        for_feeds = {
            kind: dict(
                zip(
                    additions.named(kind, rows[kind]),
                    told_rows.for_feed(config, kind, shown[kind]),
                    strict=True,
                )
            )
            for kind in additions.KINDS
        }
    now = ledger.brought_up(handbook.ledger, entries, here.day)
    texts = {
        "sources.csl.json": tables.as_json(reference_managers.csl(sources, words)),
        "sources.ris": reference_managers.ris(sources, words),
    }
    for kind, feed in _feeds(now, rows, for_feeds, here, where):
        texts[f"{kind}.atom"] = feeds.atom(feed)
        texts[f"{kind}.feed.json"] = tables.as_json(feeds.json_feed(feed))
    texts["places.geojson"] = tables.as_json(tables.geojson(shown["places"]))
    for name, fields in tables.TABLES.items():
        texts[f"{name}.json"] = tables.as_json({**about, **extra.get(name, {}), name: shown[name]})
        texts[f"{name}.csv"] = tables.as_csv(fields, shown[name])
        texts[f"{name}.schema.json"] = tables.as_json(tables.schema(name, _))
    return {
        **{name: text.encode("utf-8") for name, text in texts.items()},
        "milestones.ics": feeds.calendar(told, here),
        **dict(_parts(told, now, rows, for_feeds, here, titles, names, places)),
    }


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or not is_served(app.builder):
        return
    folder = Path(app.outdir, DATA)
    made = {folder / name: data for name, data in files(app).items()}
    for path, data in made.items():
        write_if_changed(path, data)
    for path in (folder / subscriptions.FOLDER).glob("*"):
        if path not in made:
            path.unlink()


HOOKS = (Hook("build-finished", _write, "the exports hold what all pages tell"),)


def setup(app: Sphinx) -> None:
    app.add_directive("fields", FieldsDirective)
    app.add_post_transform(DownloadLinks)
