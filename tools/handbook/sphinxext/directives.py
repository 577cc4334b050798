"""What writers type: ``{milestone}``, ``{timeline}``, ``{standard}``, ``{catalogue}``,
``{relations}``, ``{date}``, ``{iso}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.docutils import ReferenceRole, SphinxDirective, SphinxRole
from sphinxcontrib.bibtex.roles import CiteRole

from handbook.model import edtf
from handbook.model.catalogue import CatalogueError, Deliverable, RelationKind, Status
from handbook.model.pages import (
    MILESTONE_OPTIONS,
    Milestone,
    MilestoneStatus,
    Strand,
    lost_options,
    read_milestone,
)
from handbook.outputs import relation_graph
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.dates import display, machine_readable
from handbook.sphinxext.domain import HandbookDomain, Told

_ = get_translation("handbook")
logger = logging.getLogger(__name__)


def warn(code: str, message: str, hint: str, location: Any) -> None:
    """A build warning in the form of a finding; ``-W`` makes it stop the build."""
    logger.warning(
        "%s %s (hint: %s)", code, message, hint, location=location, type="handbook", subtype=code
    )


def strand_name(strand: Strand) -> str:
    """The strand in the reader's language."""
    return {
        Strand.COMMITTEE: _("Committee"),
        Strand.STANDARDS: _("Standards"),
        Strand.CLUB: _("Club"),
        Strand.HANGZHOU: _("Hangzhou"),
        Strand.NEIGHBOURS: _("Neighbours"),
    }[strand]


def status_name(status: MilestoneStatus | Status) -> str:
    """The status of a milestone or a deliverable in the reader's language."""
    return {
        MilestoneStatus.HAPPENED: _("happened"),
        MilestoneStatus.PLANNED: _("planned"),
        MilestoneStatus.ANNOUNCED: _("announced"),
        MilestoneStatus.DISPUTED: _("disputed"),
        Status.UNDER_DEVELOPMENT: _("under development"),
        Status.PUBLISHED: _("published"),
        Status.WITHDRAWN: _("withdrawn"),
        Status.DELETED: _("deleted"),
    }[status]


def date_node(value: edtf.Edtf, language: str) -> our.dated:
    text = display(value, language)
    return our.dated("", text, datetime=machine_readable(value))


def badge(text: str, kind: str) -> our.badge:
    """A short word in a frame; its style adds a sign, so that it does not speak by colour alone."""
    return our.badge("", text, classes=["hb-badge", f"hb-{kind}"])


def strand_badges(strands: Iterable[Strand]) -> list[nodes.Node]:
    return [
        node
        for strand in strands
        for node in (nodes.Text(" "), badge(strand_name(strand), f"strand-{strand}"))
    ]


class _Directive(SphinxDirective):
    """What our directives share."""

    #: Options that docutils must let through, so that ours can explain what is wrong with them.
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {}

    @property
    def handbook(self) -> project.Handbook:
        return project.of(self.config)

    @property
    def domain(self) -> HandbookDomain:
        return self.env.get_domain("handbook")  # type: ignore[return-value]

    def warn(self, code: str, message: str, hint: str) -> None:
        warn(code, message, hint, self.get_location())

    def cite(self, keys: Iterable[str]) -> list[nodes.Node]:
        """Citations as ``{cite:p}`` writes them."""
        text = ",".join(keys)
        return CiteRole()("cite:p", f"{{cite:p}}`{text}`", text, self.lineno, self.state.inliner)[0]

    def link_to_standard(self, deliverable: Deliverable, text: str) -> addnodes.pending_xref:
        return standard_link(self.domain, self.env.docname, deliverable, text)


def depend_on_catalogue(env: BuildEnvironment) -> None:
    """Have the page read again when the catalogue's files change."""
    for path in project.of(env.config).files:
        env.note_dependency(str(path))


def standard_link(
    domain: HandbookDomain, docname: str, deliverable: Deliverable, text: str
) -> addnodes.pending_xref:
    """A link to a standard's page, resolved once all pages are read."""
    domain.note_standard_link(deliverable.slug, docname)
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="handbook",
        reftype="standard",
        reftarget=deliverable.slug,
        refexplicit=True,
        refwarn=False,
        refdoc=docname,
    )


class _AnyOptions(dict[str, Callable[[str], Any]]):
    """An option table that accepts every name: unknown ones are ours to explain, with the way to
    fix them.
    """

    def __missing__(self, name: str) -> Callable[[str], str]:
        return directives.unchanged

    def __contains__(self, name: object) -> bool:
        return True


class MilestoneDirective(_Directive):
    """A dated event, told where its story stands and gathered on the timeline."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOptions(dict.fromkeys(MILESTONE_OPTIONS, directives.unchanged))

    def run(self) -> list[nodes.Node]:
        title = self.arguments[0] if self.arguments else ""
        bibliography = self.handbook.bibliography
        options = {name: value or "" for name, value in self.options.items()}
        lost = list(lost_options(list(self.content)))
        for _number, name, value, problem in lost:
            if problem:
                self.warn(problem.code, problem.message, problem.hint)
            options.setdefault(name, value)
        if lost:
            del self.content[: lost[-1][0] + 1]
        milestone, problems = read_milestone(
            title, options, bibliography.sources, bibliography.nearest
        )
        # where MyST could not read the options it said so, and they are not missing
        refused = not options and re.search(r"(?m)^[\s>]*:name:", self.block_text)
        for problem in problems:
            if not (refused and problem.code in {"M002", "M003", "M004", "M005"}):
                self.warn(problem.code, problem.message, problem.hint)
        if milestone is None:
            # Nothing of the writer's is lost: what was written is still shown, without a place on
            # the timeline.
            return [
                nodes.paragraph("", "", nodes.strong("", title)),
                *self.parse_content_to_nodes(),
            ]
        body = self.parse_content_to_nodes()
        title_nodes, messages = self.parse_inline(milestone.title)
        milestone = replace(milestone, title=plain(title_nodes))
        told = Told(milestone, self.env.docname, self.lineno, plain(body))
        if self.domain.note_milestone(told, self.get_location()):
            self.env.domains.standard_domain.note_hyperlink_target(
                milestone.name,
                self.env.docname,
                milestone.name,
                milestone.title,
            )

        node = our.milestone(ids=[milestone.name], names=[milestone.name])
        self.set_source_info(node)
        if isinstance(self.state.document.ids.setdefault(milestone.name, node), nodes.section):
            self.warn(
                "M002",
                f"the name {milestone.name!r} is the anchor of a heading of this page",
                "give the milestone another name",
            )
        head = nodes.paragraph(
            "",
            "",
            date_node(milestone.date, self.config.language),
            nodes.Text(" "),
            nodes.strong("", "", *title_nodes, ids=[f"{milestone.name}-title"]),
            *strand_badges(milestone.strands),
            classes=["hb-milestone-head"],
        )
        if milestone.status is not MilestoneStatus.HAPPENED:
            head += [
                nodes.Text(" "),
                badge(status_name(milestone.status), f"status-{milestone.status}"),
            ]
        foot = nodes.paragraph(classes=["hb-milestone-foot"])
        if milestone.place:
            foot += [
                nodes.Text(_("Place: ")),
                *self.parse_inline(milestone.place)[0],
                nodes.Text(". "),
            ]
        known = [key for key in milestone.sources if key in bibliography.sources]
        if known:
            foot += [nodes.Text(_("Sources: ")), *self.cite(known)]
        if milestone.given:
            foot += self._given(milestone)
        node += [head, *body, foot, *messages]
        return [node]

    def _given(self, milestone: Milestone) -> Iterable[nodes.Node]:
        """What single sources give instead of the date in the head."""
        known = [
            (key, given)
            for key, given in milestone.given
            if key in self.handbook.bibliography.sources
        ]
        dated = [(key, given) for key, given in known if not given.is_unknown]
        for number, (key, given) in enumerate(dated):
            yield nodes.Text("; " if number else _(". Other dates: "))
            yield from (date_node(given, self.config.language), nodes.Text(" "), *self.cite([key]))
        if silent := [key for key, given in known if given.is_unknown]:
            yield nodes.Text(_(". Without a date: "))
            yield from self.cite(silent)


def plain(body: Iterable[nodes.Node]) -> str:
    """The words of a story, without its citations."""
    words = nodes.container("", *(node.deepcopy() for node in body))
    for node in list(words.findall(addnodes.pending_xref)):
        if node.get("refdomain") == "cite":
            node.parent.remove(node)
    return re.sub(r"\s+([.,;:)])", r"\1", " ".join(words.astext().split()))


class TimelineDirective(_Directive):
    """All milestones, or those of some strands: ``:strands: club hangzhou``.

    ``:overview: 2012`` draws them as a picture too, from that year on.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "strands": directives.unchanged,
        "overview": directives.nonnegative_int,
    }

    def run(self) -> list[nodes.Node]:
        strands = []
        for word in self.options.get("strands", "").replace(",", " ").split():
            if word in set(Strand):
                strands.append(Strand(word))
            else:
                self.warn("M004", f"{word!r} is not a strand", "use one of " + ", ".join(Strand))
        depend_on_catalogue(self.env)
        self.domain.data["timelines"].add(self.env.docname)
        node = our.timeline(strands=strands, overview=self.options.get("overview"))
        self.set_source_info(node)
        return [node]


class StandardDirective(_Directive):
    """What the catalogue says of a deliverable, at the head of its page."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        try:
            deliverable = self.handbook.catalogue.exact(" ".join(self.arguments[0].split()))
        except CatalogueError as error:
            self.warn("S001", str(error), error.hint)
            return []
        depend_on_catalogue(self.env)
        if self.domain.note_standard(deliverable.slug, self.env.docname, self.get_location()):
            self.env.domains.standard_domain.note_hyperlink_target(
                deliverable.slug,
                self.env.docname,
                deliverable.slug,
                deliverable.reference,
            )
        index = addnodes.index(
            entries=[("single", deliverable.reference, deliverable.slug, "", None)]
        )
        fields = nodes.field_list(classes=["hb-facts"])
        for name, content in self._facts(deliverable):
            fields += nodes.field(
                "",
                nodes.field_name("", name),
                nodes.field_body("", nodes.paragraph("", "", *content)),
            )
        box = our.standard_box("", *self._banner(deliverable), fields, classes=["hb-standard"])
        self.set_source_info(box)
        # A heading that is no more than the reference has the anchor already, and serves as well.
        if self.state.document.ids.setdefault(deliverable.slug, box) is box:
            box["ids"] = [deliverable.slug]
        return [index, box]

    def _banner(self, deliverable: Deliverable) -> list[nodes.Node]:
        """Say at once that a reader may have the wrong document in hand."""
        catalogue = self.handbook.catalogue
        as_of = display(edtf.parse(catalogue.as_of["deliverables"]), self.config.language)
        successors = [
            catalogue.by_id[id_] for id_ in deliverable.replaced_by if id_ in catalogue.by_id
        ]
        if deliverable.status is Status.WITHDRAWN:
            text = _("This edition is withdrawn.")
        elif any(successor.status is Status.PUBLISHED for successor in successors):
            text = _("A newer edition is published.")
        elif deliverable.status is Status.UNDER_DEVELOPMENT:
            text = (
                _(
                    "On %s this was a draft. It may have changed since, been published or been"
                    " dropped: look at ISO's page."
                )
                % as_of
            )
        else:
            return []
        content = [nodes.Text(text)]
        if successors and deliverable.status is not Status.UNDER_DEVELOPMENT:
            content += [
                nodes.Text(" " + _("Its successor: ")),
                *self._links(successors),
                nodes.Text("."),
            ]
        return [nodes.warning("", nodes.paragraph("", "", *content))]

    def _facts(self, deliverable: Deliverable) -> Iterable[tuple[str, list[nodes.Node]]]:
        catalogue, language = self.handbook.catalogue, self.config.language
        as_of = display(edtf.parse(catalogue.as_of["deliverables"]), language)
        yield _("Reference"), [nodes.strong("", deliverable.reference)]
        yield _("Title"), [nodes.Text(deliverable.title["en"])]
        if "fr" in deliverable.title:
            yield (
                _("French title"),
                [nodes.inline("", deliverable.title["fr"], classes=["language-fr"])],
            )
        stage = _("stage %(code)s (%(meaning)s), as of %(day)s") % {
            "code": deliverable.stage,
            "meaning": catalogue.stages[deliverable.stage],
            "day": as_of,
        }
        kind = deliverable.status.replace(" ", "-")
        yield (
            _("Status"),
            [
                badge(status_name(deliverable.status), f"stage-{kind}"),
                nodes.Text(" "),
                nodes.Text(stage),
            ],
        )
        if deliverable.published:
            yield _("Published"), [date_node(deliverable.published, language)]
        if deliverable.edition:
            yield _("Edition"), [nodes.Text(str(deliverable.edition))]
        yield (
            _("Committee"),
            [
                nodes.Text(
                    f"{deliverable.committee},"
                    f" {catalogue.committee(deliverable.committee).title['en']}"
                )
            ],
        )
        if deliverable.ics:
            yield "ICS", [nodes.Text(", ".join(deliverable.ics))]
        if family := catalogue.family_of(deliverable):
            yield _("Family"), [self._family_link(family.id, family.title)]
        for name, others in self._relations(deliverable):
            if others:
                yield name, self._links(others)
        if seen := catalogue.observations.get(deliverable.id, ()):
            text = "; ".join(
                _("%(stage)s on %(day)s")
                % {
                    "stage": o.stage,
                    "day": display(edtf.parse(o.observed.isoformat()), language),
                }
                for o in seen
            )
            yield _("Stages observed"), [nodes.Text(text)]
        yield (
            _("Read it"),
            [
                nodes.reference(
                    "", _("ISO's page of the document"), refuri=deliverable.url, internal=False
                )
            ],
        )
        yield _("Source"), self.cite([project.CATALOGUE_SOURCE])

    def _family_link(self, family: str, title: str) -> addnodes.pending_xref:
        return addnodes.pending_xref(
            "",
            nodes.inline("", title),
            refdomain="std",
            reftype="ref",
            reftarget=f"family-{family}",
            refexplicit=True,
            refwarn=False,
            refdoc=self.env.docname,
        )

    def _relations(self, deliverable: Deliverable) -> Iterable[tuple[str, list[Deliverable]]]:
        catalogue = self.handbook.catalogue
        base = deliverable.reference.split("/Amd")[0]
        yield (
            _("Replaces"),
            [catalogue.by_id[i] for i in deliverable.replaces if i in catalogue.by_id],
        )
        successors = [catalogue.by_id[i] for i in deliverable.replaced_by if i in catalogue.by_id]
        yield (
            _("Replaced by"),
            [other for other in successors if other.status is not Status.UNDER_DEVELOPMENT],
        )
        yield (
            _("To be replaced by"),
            [other for other in successors if other.status is Status.UNDER_DEVELOPMENT],
        )
        if deliverable.supplement_type:
            yield _("Amends"), [catalogue.exact(base)]
        yield (
            _("Amended by"),
            [
                d
                for d in catalogue.deliverables
                if d.supplement_type and d.reference.startswith(f"{deliverable.reference}/")
            ],
        )
        there = {
            RelationKind.BUILDS_ON: _("Builds on"),
            RelationKind.GUIDES_USE_OF: _("Guides the use of"),
            RelationKind.SUPPLEMENTS: _("Supplements"),
        }
        back = {
            RelationKind.BUILDS_ON: _("Built on by"),
            RelationKind.GUIDES_USE_OF: _("Guided by"),
            RelationKind.SUPPLEMENTS: _("Supplemented by"),
        }
        for kind in RelationKind:
            of_kind = [relation for relation in catalogue.relations if relation.kind is kind]
            yield (
                there[kind],
                [catalogue.exact(r.target) for r in of_kind if r.source == deliverable.reference],
            )
            yield (
                back[kind],
                [catalogue.exact(r.source) for r in of_kind if r.target == deliverable.reference],
            )

    def _links(self, deliverables: Iterable[Deliverable]) -> list[nodes.Node]:
        content: list[nodes.Node] = []
        for other in deliverables:
            content += [nodes.Text(", ")] if content else []
            content.append(self.link_to_standard(other, other.reference))
            if other.status is not Status.PUBLISHED:
                content.append(nodes.Text(f" ({status_name(other.status)})"))
        return content


class RelationsDirective(_Directive):
    """The relation graph of ``:family:``, or of the whole catalogue, with the same relations as a
    list.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "family": directives.unchanged_required
    }

    def run(self) -> list[nodes.Node]:
        catalogue, name = self.handbook.catalogue, self.options.get("family")
        depend_on_catalogue(self.env)
        family = next((family for family in catalogue.families if family.id == name), None)
        if name and not family:
            self.warn(
                "S002",
                f"{name!r} is not a family of the catalogue",
                "use one of " + ", ".join(f.id for f in catalogue.families),
            )
            return []
        members = (
            [catalogue.exact(reference) for reference in family.members]
            if family
            else list(catalogue.deliverables)
        )
        found = relation_graph.edges(catalogue, members)
        if not found:
            return [
                nodes.paragraph("", _("No relation between its members is known to this handbook."))
            ]
        picture = our.relation_graph(
            members=[member.id for member in members],
            title=family.title if family else _("All families"),
        )
        self.set_source_info(picture)
        return [picture, self._list(found)]

    def _list(self, found: Iterable[relation_graph.Edge]) -> nodes.bullet_list:
        """The text alternative: complete, and the only form where pictures cannot be shown."""
        words = {
            "replaces": _("replaces"),
            "amends": _("amends"),
            RelationKind.BUILDS_ON: _("builds on"),
            RelationKind.GUIDES_USE_OF: _("guides the use of"),
            RelationKind.SUPPLEMENTS: _("supplements"),
        }
        items = nodes.bullet_list(bullet="-", classes=["hb-relations"])
        for edge in sorted(
            found,
            key=lambda edge: (
                edge.source.number,
                edge.source.reference,
                edge.kind,
                edge.target.reference,
            ),
        ):
            word = words[edge.kind]
            if edge.kind == "replaces" and edge.source.status is Status.UNDER_DEVELOPMENT:
                word = _("is to replace")
            items += nodes.list_item(
                "",
                nodes.paragraph(
                    "",
                    "",
                    self.link_to_standard(edge.source, edge.source.reference),
                    nodes.Text(f" {word} "),
                    self.link_to_standard(edge.target, edge.target.reference),
                    nodes.Text(" "),
                    *self.cite(
                        key
                        for key in edge.sources or (project.CATALOGUE_SOURCE,)
                        if key in self.handbook.bibliography.sources
                    ),
                ),
            )
        return items


class CatalogueDirective(_Directive):
    """A table of deliverables: all, or by ``:committee:``, ``:family:``, ``:status:``.

    Without ``:family:`` it has columns for committee and family. ``:download:`` adds links to the
    table as data.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "committee": directives.unchanged_required,
        "family": directives.unchanged_required,
        "status": directives.unchanged_required,
        "download": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        depend_on_catalogue(self.env)
        rows = list(self._selected())
        table = nodes.table(
            classes=["hb-catalogue"] if "family" in self.options else ["hb-catalogue", "hb-wide"]
        )
        columns = [
            (_("Reference"), 20),
            (_("Title"), 38),
            (_("Committee"), 14),
            (_("Family"), 16),
            (_("Status"), 14),
            (_("Published"), 12),
            (_("Stage"), 6),
        ]
        if "family" in self.options:
            del columns[2:4]
        heads = [head for head, _width in columns]
        group = nodes.tgroup(
            "", *(nodes.colspec(colwidth=width) for _head, width in columns), cols=len(columns)
        )
        group += nodes.thead(
            "", nodes.row("", *(nodes.entry("", nodes.paragraph("", head)) for head in heads))
        )
        group += nodes.tbody("", *(self._row(deliverable) for deliverable in rows))
        table += group
        self.set_source_info(table)
        as_of = display(
            edtf.parse(self.handbook.catalogue.as_of["deliverables"]), self.config.language
        )
        note = nodes.paragraph(
            "",
            "",
            nodes.Text(_("As of %s. Source: ") % as_of),
            *self.cite([project.CATALOGUE_SOURCE]),
            classes=["hb-as-of"],
        )
        downloads = (
            [our.downloads(names=[], files=["deliverables.csv", "deliverables.json"])]
            if "download" in self.options
            else []
        )
        # Drawn here and not by its script, so that nothing jumps when the script comes.
        form = [] if "family" in self.options else [our.served_form(html=self._filter(rows))]
        return [*form, table, note, *downloads]

    def _filter(self, rows: list[Deliverable]) -> str:
        """The filter of the full table; ``catalogue.js`` makes it work."""
        families = (self.handbook.catalogue.family_of(deliverable) for deliverable in rows)
        choices = {
            "status": (_("Status"), {status_name(deliverable.status) for deliverable in rows}),
            "committee": (_("Committee"), {deliverable.committee for deliverable in rows}),
            "family": (_("Family"), {family.title if family else "–" for family in families}),
            "year": (
                _("Year"),
                {
                    str(deliverable.published.earliest.year)
                    for deliverable in rows
                    if deliverable.published
                },
            ),
        }
        name, text, every, whole = _("Filter the catalogue"), _("Text"), _("all"), _("Show all")
        selects = "".join(
            f'<label>{escape(label)} <select name="{key}"><option value="">{escape(every)}</option>'
            + "".join(
                f"<option>{escape(value)}</option>"
                for value in sorted(values, reverse=key == "year")
            )
            + "</select></label>"
            for key, (label, values) in choices.items()
        )
        shown = _("%(shown)s of %(all)s shown")
        return (
            '<form class="hb-filter" role="search"'
            f' aria-label="{escape(name)}"><label>{escape(text)} <input type="search"'
            f' name="q"></label>{selects}'
            f'<button type="reset">{escape(whole)}</button>'
            '<p role="status"'
            f' data-words="{escape(shown)}">{escape(shown % {"shown": len(rows), "all": len(rows)})}</p></form>'
        )

    def _selected(self) -> Iterable[Deliverable]:
        catalogue = self.handbook.catalogue
        committee, family, status = (
            self.options.get(name) for name in ("committee", "family", "status")
        )
        choices = {
            "committee": (committee, [c.reference for c in catalogue.committees]),
            "family": (family, [f.id for f in catalogue.families]),
            "status": (status, list(Status)),
        }
        for name, (value, known) in choices.items():
            if value is not None and value not in known:
                self.warn(
                    "S002",
                    f"{value!r} is not a {name} of the catalogue",
                    "use one of " + ", ".join(known),
                )
        for deliverable in catalogue.deliverables:
            ours = catalogue.family_of(deliverable)
            if (
                committee in {None, deliverable.committee}
                and (family is None or (ours is not None and ours.id == family))
                and status in {None, str(deliverable.status)}
            ):
                yield deliverable

    def _row(self, deliverable: Deliverable) -> nodes.row:
        published = (
            [date_node(deliverable.published, self.config.language)]
            if deliverable.published
            else [nodes.Text("–")]
        )
        kind = deliverable.status.replace(" ", "-")
        cells: list[list[nodes.Node]] = [
            [self.link_to_standard(deliverable, deliverable.reference)],
            [nodes.Text(deliverable.title["en"])],
            [nodes.Text(deliverable.committee)],
            [
                nodes.Text(
                    family.title
                    if (family := self.handbook.catalogue.family_of(deliverable))
                    else "–"
                )
            ],
            [badge(status_name(deliverable.status), f"stage-{kind}")],
            published,
            [nodes.Text(deliverable.stage)],
        ]
        if "family" in self.options:
            del cells[2:4]
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


class SearchBoxDirective(_Directive):
    """A box that leads to the search page, on pages that are served."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {}

    def run(self) -> list[nodes.Node]:
        up = "../" * self.env.docname.count("/")
        label = escape(_("A number, a name or a word, in English or Chinese"))
        return [
            our.served_form(
                html=(
                    f'<form class="hb-ask" role="search" action="{up}search.html"'
                    f' aria-label="{escape(_("Search from the home page"))}"><label for="hb-ask-words">{label}</label>'
                    '<input id="hb-ask-words" type="search" name="q">'
                    f'<button type="submit">{escape(_("Search"))}</button></form>'
                )
            )
        ]


class DateRole(SphinxRole):
    """``{date}`2019-01-14``` prints "14 January 2019" and keeps the machine-readable form."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            return [date_node(edtf.parse(self.text), self.config.language)], []
        except edtf.EdtfError as error:
            warn("D001", str(error), error.hint, self.get_location())
            return [nodes.Text(self.text)], []


class IsoRole(ReferenceRole):
    """``{iso}`37101``` links to the current edition, ``{iso}`ISO 37120:2014``` to exactly that one."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            deliverable = project.of(self.config).catalogue.find(self.target)
        except CatalogueError as error:
            warn("S001", str(error), error.hint, self.get_location())
            return [nodes.Text(self.title)], []
        depend_on_catalogue(self.env)
        exactly = " ".join(self.target.split()) == deliverable.reference
        text = (
            self.title
            if self.has_explicit_title
            else deliverable.reference
            if exactly
            else deliverable.undated_reference
        )
        domain: HandbookDomain = self.env.get_domain("handbook")  # type: ignore[assignment]
        content: list[nodes.Node] = [standard_link(domain, self.env.docname, deliverable, text)]
        if deliverable.status is Status.WITHDRAWN and not self.has_explicit_title:
            content.append(nodes.Text(f" ({status_name(Status.WITHDRAWN)})"))
        return content, []


def setup(app: Sphinx) -> None:
    app.add_directive("milestone", MilestoneDirective)
    app.add_directive("timeline", TimelineDirective)
    app.add_directive("standard", StandardDirective)
    app.add_directive("catalogue", CatalogueDirective)
    app.add_directive("relations", RelationsDirective)
    app.add_directive("search-box", SearchBoxDirective)
    app.add_role("date", DateRole())
    app.add_role("iso", IsoRole())
