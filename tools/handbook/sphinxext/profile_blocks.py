"""Texts in comparison: ``{purpose-grid}``, ``{comparisons}``, ``{indicator-themes}``,
``{profiles}``, ``{length-of}``; and ``{self-check}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import Deliverable, Status
from handbook.model.indicator_sets import IndicatorSet, Theme
from handbook.model.profile_shapes import ALL, ISSUES, NONE, NOT_KNOWN, PURPOSES, THEMES
from handbook.model.profiles import Profile, Tag, serves_all
from handbook.outputs import purpose_grid
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_records
from handbook.sphinxext.dates import display, locale
from handbook.sphinxext.finder_blocks import ProfilesDirective, kind_name
from handbook.sphinxext.output import is_served
from handbook.sphinxext.parts import badge, english, jumps, table
from handbook.sphinxext.record_blocks import Part, country_name
from handbook.sphinxext.served_forms import select
from handbook.sphinxext.standard_blocks import chinese_titles

_ = get_translation("handbook")

#: The beginning of the address of a field of the grid.
_FIELD = "grid-"


def purpose_name(purpose: str) -> str:
    """Return a purpose of ISO 37101, in the reader's language."""
    return {
        "attractiveness": _("Attractiveness"),
        "environment": _("Preservation and improvement of environment"),
        "resilience": _("Resilience"),
        "resources": _("Responsible resource use"),
        "cohesion": _("Social cohesion"),
        "well-being": _("Well-being"),
        ALL: _("all"),
        NONE: _("none in particular"),
    }[purpose]


def issue_name(issue: str) -> str:
    """Return an issue of ISO 37101, in the reader's language."""
    return {
        "governance": _("Governance, empowerment and engagement"),
        "education": _("Education and capacity building"),
        "innovation": _("Innovation, creativity and research"),
        "health": _("Health and care in the community"),
        "culture": _("Culture and community identity"),
        "living-together": _("Living together, interdependence and mutuality"),
        "economy": _("Economy and sustainable production and consumption"),
        "living-environment": _("Living and working environment"),
        "safety": _("Safety and security"),
        "infrastructure": _("Community infrastructures"),
        "mobility": _("Mobility"),
        "biodiversity": _("Biodiversity and ecosystem services"),
        ALL: _("all"),
        NONE: _("none in particular"),
    }[issue]


def claim_name(claim: str) -> str:
    """Return what can be claimed, in the reader's language."""
    return {
        "possible": _("that its requirements are met"),
        "method": _("that figures follow its method"),
        "none": _("nothing"),
        NOT_KNOWN: _("not known"),
    }[claim]


def level_name(level: str) -> str:
    """Return the level of a text, in the reader's language."""
    return {
        "strategic": _("strategic"),
        "process": _("process"),
        "technical": _("technical"),
        NOT_KNOWN: _("not known"),
    }[level]


def theme_name(theme: str) -> str:
    """Return a theme of ISO 37120, in the reader's language."""
    return {
        "economy": _("Economy"),
        "education": _("Education"),
        "energy": _("Energy"),
        "environment": _("Environment and climate change"),
        "finance": _("Finance"),
        "fire": _("Fire and emergency response"),
        "governance": _("Governance"),
        "health": _("Health"),
        "housing": _("Housing"),
        "population": _("Population and social conditions"),
        "recreation": _("Recreation"),
        "safety": _("Safety"),
        "solid-waste": _("Solid waste"),
        "sport-culture": _("Sport and culture"),
        "telecommunication": _("Telecommunication"),
        "transport": _("Transport"),
        "food": _("Urban/local agriculture and food security"),
        "urban-planning": _("Urban planning"),
        "wastewater": _("Wastewater"),
        "water": _("Water"),
    }[theme]


class IndicatorThemesDirective(ProfilesDirective):
    """Sets of indicators theme by theme: a number, or whether the set has the theme."""

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        sets = self.handbook.profiles.sets
        known = [one for one in sets if one.themes]
        heads = [(_("Theme"), 24), *((self.say(one.name), 19) for one in known)]
        rows: list[list[Part]] = []
        for theme in THEMES:
            cells = [
                self.cell(self._theme(next((t for t in one.themes if t.name == theme), None)))
                for one in known
            ]
            rows.append([[nodes.Text(theme_name(theme))], *cells])
        everything = [self.cell(self._counts(one)) for one in known]
        rows.append([[nodes.strong("", _("In all"))], *everything])
        made = nodes.table("", table(heads, rows), classes=["hb-themes", "hb-cards"])
        self.set_source_info(made)
        notes = [
            nodes.list_item(
                "",
                nodes.paragraph(
                    "",
                    "",
                    nodes.strong("", self.say(one.name)),
                    nodes.Text(self.marks.colon),
                    self.words(one.basis),
                    *self.basis(one.sources),
                    nodes.Text(self.marks.stop),
                ),
            )
            for one in sets
        ]
        return [made, nodes.bullet_list("", *notes, bullet="-")]

    def _theme(self, theme: Theme | None) -> Iterator[Part]:
        if not theme:
            yield [nodes.Text("–")]
        elif theme.number is None:
            yield [nodes.Text(_("yes"))]
        elif theme.core is None:
            yield [nodes.Text(str(theme.number))]
        else:
            words = _("%(number)s (%(core)s core)")
            yield [nodes.Text(words % {"number": theme.number, "core": theme.core})]
        if theme and theme.called:
            yield [nodes.emphasis("", theme.called)]

    def _counts(self, one: IndicatorSet) -> Iterator[Part]:
        for count in one.counts:
            said = _("%(number)s, says %(who)s") % {
                "number": count.number,
                "who": self.say(count.by),
            }
            yield [nodes.Text(said), *self.basis(count.sources)]


class PurposeGridDirective(ProfilesDirective):
    """The purposes and issues of ISO 37101 with the texts that serve both: a picture, a table."""

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        catalogue, profiles = self.handbook.catalogue, self.handbook.profiles
        fields = {
            (purpose, issue): profiles.field(catalogue, purpose, issue)
            for issue in ISSUES
            for purpose in PURPOSES
        }
        empty = sum(not texts for texts in fields.values())
        heads = [(_("Issue"), 22), *((purpose_name(one), 13) for one in PURPOSES)]
        rows: list[list[Part]] = []
        for issue in ISSUES:
            row: list[Part] = [[nodes.strong("", issue_name(issue))]]
            rows.append([*row, *(self._texts(fields[purpose, issue]) for purpose in PURPOSES)])
        group = table(heads, rows)
        for issue, line in zip(ISSUES, group[-1].findall(nodes.row), strict=True):
            for purpose, entry in zip(PURPOSES, list(line.findall(nodes.entry))[1:], strict=True):
                entry["ids"] = [f"{_FIELD}{purpose}-{issue}"]
        made = nodes.table("", group, classes=["hb-fields", "hb-cards"])
        self.set_source_info(made)
        told = _("%(full)d fields have texts, %(empty)d are empty. The table below has them all.")
        about = told % {"full": len(fields) - empty, "empty": empty}
        picture = purpose_grid.draw(
            {field: len(texts) for field, texts in fields.items()},
            [(one, _lines(purpose_name(one))) for one in PURPOSES],
            [(one, _short(issue_name(one))) for one in ISSUES],
            title=_("Purposes and issues: how many texts serve both"),
            description=about,
            anchor=_FIELD,
        )
        name = escape(_("The grid"))
        frame = (
            f'<div class="hb-graph-frame" tabindex="0" role="region" aria-label="{name}">'
            f"{picture}</div>"
        )
        whole = [
            one
            for one in catalogue.deliverables
            if one.status is Status.PUBLISHED
            and (profile := profiles.by_reference.get(one.reference))
            and serves_all(profile)
        ]
        all_fields = nodes.paragraph("", _("Texts that serve the whole grid alike: "))
        all_fields += self.listed([self.link_to_standard(one, one.reference)] for one in whole)
        all_fields += nodes.Text(self.marks.stop)
        return [our.drawing(html=frame, about=about), all_fields, made, self.as_of()]

    def _texts(self, texts: Iterable[Deliverable]) -> Part:
        def number(one: Deliverable) -> str:
            draft = one.status is Status.UNDER_DEVELOPMENT
            return self.marks.within(one.number).strip() if draft else one.number

        links = ([self.link_to_standard(one, number(one))] for one in texts)
        return self.listed(links) or [nodes.emphasis("", _("empty"))]


class FactsDirective(ProfilesDirective):
    """What the tables of facts have in common."""

    def facts(self, text: Deliverable) -> list[Part]:
        """Return the facts of a text, in the order of :meth:`names`."""
        profile = self.handbook.profiles.by_reference[text.reference]
        language = self.config.language
        roles = {role.id: self.say(role.name) for role in self.handbook.profiles.roles}
        claim: list[Part] = [[nodes.Text(claim_name(profile.claim.value))]]
        claim += [
            [nodes.Text(_("scheme: %s") % self.say(one.value)), *self.basis(one.sources)]
            for one in profile.schemes
        ]
        published = display(text.published, language) if text.published else "–"
        apart = self.marks.semicolon
        return [
            [badge(text.state), nodes.Text(self.marks.space + text.stage)],
            [nodes.Text(published)],
            [nodes.Text(kind_name(profile.kind.value))],
            self.cell(claim),
            [nodes.Text(level_name(profile.level.value))],
            [nodes.Text(apart.join(roles[one] for one in profile.users.values))],
            [nodes.Text(apart.join(map(purpose_name, profile.purposes.values)))],
            [nodes.Text(apart.join(map(issue_name, profile.issues.values)))],
            [nodes.Text(self._languages(profile))],
            self.cell(self._pages(profile)),
            self.cell(self._versions(text)),
        ]

    def names(self) -> list[str]:
        """Return the names of the facts."""
        return [
            _("Status and stage"),
            _("Published"),
            _("Kind of text"),
            _("What can be claimed"),
            _("Level"),
            _("For whom"),
            _("Purposes"),
            _("Issues"),
            _("Languages"),
            _("Pages"),
            _("National versions"),
        ]

    def _pages(self, profile: Profile) -> Iterator[Part]:
        if profile.pages:
            yield [nodes.Text(profile.pages.value), *self.basis(profile.pages.sources)]
        else:
            yield [nodes.Text(_("not known"))]
        if profile.preview:
            free = nodes.Text(_("beginning free to read"))
            yield [free, *self.basis(profile.preview.sources)]

    def _languages(self, profile: Profile) -> str:
        if not profile.languages:
            return _("not known")
        names = locale(self.config.language).languages
        return self.marks.listed.join(names.get(code, code) for code in profile.languages.values)

    def _versions(self, text: Deliverable) -> Iterator[Part]:
        for one in self.handbook.records.adoptions_of(text, self.handbook.catalogue):
            country = country_name(one.country, self.config.language)
            yield [nodes.Text(f"{country}{self.marks.colon}{self.say(one.designation)}")]


class ComparisonsDirective(FactsDirective):
    """Each text beside the one that replaced it or, with ``:ahead:``, the one that is to do so."""

    option_spec: ClassVar = {"ahead": directives.flag}

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        catalogue = self.handbook.catalogue
        pairs = [
            (old, new)
            for old in catalogue.deliverables
            for new in (catalogue.by_id[id_] for id_ in old.replaced_by if id_ in catalogue.by_id)
            if (new.status is Status.UNDER_DEVELOPMENT) == ("ahead" in self.options)
        ]
        places = ((old.reference, self._anchor(old, new)) for old, new in pairs)
        return [*jumps(places), self.as_of(), *(self._pair(*pair) for pair in pairs)]

    def _anchor(self, old: Deliverable, new: Deliverable) -> str:
        return f"pair-{old.slug}-{new.slug}"

    def _pair(self, old: Deliverable, new: Deliverable) -> nodes.section:
        title = _("%(old)s and %(new)s") % {"old": old.reference, "new": new.reference}
        heads = [(_("Point"), 20)]
        heads += [(one.reference, 40) for one in (old, new)]

        def row(name: str, values: Iterable[Part]) -> list[Part]:
            return [[nodes.Text(name)], *values]

        both = (old, new)
        rows = [
            row(_("Page"), ([self.link_to_standard(one, one.reference)] for one in both)),
            row(_("Title"), map(self._title, both)),
        ]
        for name, *values in zip(self.names(), self.facts(old), self.facts(new), strict=True):
            rows.append(row(name, values))
        made = nodes.table("", table(heads, rows), classes=["hb-pair"])
        self.set_source_info(made)
        profile = self.handbook.profiles.by_reference[new.reference]
        changed = nodes.paragraph("", "", nodes.strong("", _("What changed: ")))
        changed += self._changed(profile.changed)
        section = self.section(title, self._anchor(old, new))
        section += [made, changed]
        return section

    def _title(self, text: Deliverable) -> Part:
        """Return ISO's title, for readers of Chinese after the Chinese one."""
        title = text.title["en"]
        ours = self.say(title)
        if ours == title:
            return [nodes.Text(title)]
        one = next(one for one in chinese_titles(self.handbook, text, ours) if not one.note)
        source = self.cite(one.sources) if one.sources else []
        said = nodes.Text(one.title + self.marks.within(one.kind))
        return [said, *source, nodes.Text(self.marks.semicolon), english(title)]

    def _changed(self, tag: Tag | None) -> Part:
        if not tag:
            return [nodes.Text(_("not known; no source that we read says so."))]
        return [self.words(tag.value), *self.basis(tag.sources)]


class ProfilesTableDirective(FactsDirective):
    """The facts of all texts, a fold for each family; a script puts any two side by side."""

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        catalogue = self.handbook.catalogue
        shown: list[Deliverable] = []
        folds: list[nodes.Node] = []
        for family in (*catalogue.families, None):
            texts = [one for one in catalogue.deliverables if catalogue.family_of(one) is family]
            if texts:
                folds.append(self._fold(self.family_name(family), texts))
            shown += texts
        choices = [(str(shown.index(one)), one.reference) for one in catalogue.deliverables]
        fields = [
            select("a", _("First text"), choices, every=_("choose")),
            select("b", _("Second text"), choices, every=_("choose")),
        ]
        name, point = escape(_("Compare two texts")), escape(_("Point"))
        again = escape(_("Start again"))
        form = (
            f'<form class="hb-filter hb-compare" role="search" aria-label="{name}"'
            f' data-point="{point}">{"".join(fields)}'
            f'<button type="reset">{again}</button><p role="status"></p></form>'
        )
        return [our.served_form(html=form), *folds, self.as_of()]

    def _fold(self, name: str, texts: list[Deliverable]) -> our.fold:
        heads = [(_("Text"), 14), *((name, 10) for name in self.names())]
        rows: list[list[Part]] = []
        for one in texts:
            first: Part = [self.link_to_standard(one, one.reference)]
            rows.append([first, *self.facts(one)])
        made = nodes.table("", table(heads, rows), classes=["hb-profiles", "hb-cards"])
        fold = our.fold("", made, summary=f"{name} ({len(texts)})", classes=["hb-said"])
        for node in (made, fold):
            self.set_source_info(node)
        return fold


class LengthDirective(ProfilesDirective):
    """The number of pages of some texts, where a source gives it."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        catalogue, profiles = self.handbook.catalogue, self.handbook.profiles
        names = [name.strip() for name in self.arguments[0].split(";")]
        for name in names:
            if name not in profiles.by_reference:
                raise self.error(f"{name!r} has no profile")
        known = [one for name in names if (one := profiles.by_reference[name]).pages]
        rest = [name for name in names if not profiles.by_reference[name].pages]
        made = nodes.paragraph(classes=["hb-length"])
        for one in known:
            assert one.pages
            made += self.link_to_standard(catalogue.by_reference[one.of], one.of)
            said = _(": %s pages")
            made += [nodes.Text(said % one.pages.value), *self.basis(one.pages.sources)]
            made += nodes.Text(
                self.marks.semicolon if rest or one is not known[-1] else self.marks.stop
            )
        if rest:
            why = _("not known: %s, as ISO's open data give no pages.")
            made += nodes.Text(why % self.marks.listed.join(rest))
        return [made]


class SelfCheckDirective(HandbookDirective):
    """The data with which a script asks the questions of the table ``hb-check`` above, and adds up
    the answers by the table ``hb-rule`` below.
    """

    option_spec: ClassVar = {"first": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        data = {
            "first": self.options.get("first", ""),
            "begin": _("Answer in the table above. Nothing is stored or sent."),
            "sum": _("%(known)s of %(all)s answered, %(yes)s with yes."),
            "sofar": _("Read next, so far"),
            "result": _("Read next"),
            "because": _(", for: %(question)s"),
            "none": _("Nothing on this list is missing."),
        }
        attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
        name = escape(_("Self-check"))
        again, print_ = escape(_("Start again")), escape(_("Print"))
        form = (
            f'<form class="hb-filter hb-selfcheck" id="self-check-form"'
            f' aria-label="{name}"{attributes}><p role="status">{escape(data["begin"])}</p>'
            f'<button type="reset">{again}</button>'
            f'<button type="button" name="print">{print_}</button></form>'
            '<div class="hb-found" hidden></div>'
        )
        return [our.served_form(html=form)]


class SelfCheckTransform(HandbookTransform):
    """Add a column for answers to a served page from the start: if a script added it later,
    everything below would shift.
    """

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        if not is_served(self.builder):
            return
        for made in list(self.document.findall(nodes.table)):
            if "hb-check" in made["classes"]:
                self._ask(made)

    def _ask(self, asked: nodes.table) -> None:
        group = next(iter(asked.findall(nodes.tgroup)))
        group["cols"] += 1
        group.insert(1, nodes.colspec(colwidth=16))
        number = 0
        for row in list(group.findall(nodes.row)):
            made = nodes.entry()
            if isinstance(row.parent, nodes.thead):
                made += nodes.paragraph("", _("Answer"))
            else:
                number += 1
                next(iter(row.findall(nodes.entry)))["ids"].append(f"self-check-{number}")
                made += our.served_form(html=_answers(number))
            row.insert(1, made)


def _answers(number: int) -> str:
    """Return the two answers to a question of the self-check, as buttons of its form."""
    buttons = "".join(
        f'<label><input type="radio" name="q{number}" value="{value}" form="self-check-form"'
        f' autocomplete="off"> {escape(name)}</label>'
        for value, name in (("y", _("Yes")), ("n", _("No")))
    )
    return f'<div role="radiogroup" aria-labelledby="self-check-{number}">{buttons}</div>'


class ProfilesTransform(HandbookTransform):
    """Replace the tables of all texts, for which paper has no room, by one sentence that says where
    they are.
    """

    # Before folds are opened on paper.
    default_priority = 3

    def run(self, **kwargs: Any) -> None:
        # A reader of an e-book can scroll it.
        if is_served(self.builder) or self.builder.name == "epub":
            return
        where = _("The tables are on the web page, and their data are in profiles.csv.")
        folds = [
            fold
            for fold in self.each(our.fold)
            if isinstance(fold[0], nodes.table) and "hb-profiles" in fold[0]["classes"]
        ]
        for fold in folds[1:]:
            fold.parent.remove(fold)
        for fold in folds[:1]:
            fold.replace_self(nodes.paragraph("", where))


def _lines(name: str) -> list[str]:
    """Return a name in lines of up to thirteen letters."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + len(word) < 13:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _short(name: str) -> str:
    """Return a name short enough for the head of a row."""
    return name if len(name) < 36 else name.split(",", maxsplit=1)[0].split(" and ", maxsplit=1)[0]


def setup(app: Sphinx) -> None:
    app.add_directive("purpose-grid", PurposeGridDirective)
    app.add_directive("comparisons", ComparisonsDirective)
    app.add_directive("indicator-themes", IndicatorThemesDirective)
    app.add_directive("profiles", ProfilesTableDirective)
    app.add_directive("length-of", LengthDirective)
    app.add_directive("self-check", SelfCheckDirective)
    app.add_post_transform(SelfCheckTransform)
    app.add_post_transform(ProfilesTransform)
