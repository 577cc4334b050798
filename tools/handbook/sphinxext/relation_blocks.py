"""``{relations}``: how deliverables are related, as a picture and as a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import (
    CATALOGUE_SOURCE,
    Catalogue,
    Deliverable,
    RelationKind,
    State,
    Status,
)
from handbook.outputs import lifelines, relation_graph
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_records
from handbook.sphinxext.domain import short_name
from handbook.sphinxext.output import is_served
from handbook.sphinxext.parts import badge, status_name
from handbook.sphinxext.standard_blocks import title_for_reader

_ = get_translation("handbook")


class RelationsDirective(HandbookDirective):
    """The relation graph of ``:family:``, or the lifelines of the whole catalogue, with all
    relations as a list.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "family": directives.unchanged_required
    }

    def run(self) -> list[nodes.Node]:
        catalogue, name = self.handbook.catalogue, self.options.get("family")
        depend_on_records(self.env)
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
                nodes.paragraph("", _("This handbook knows of no relation between its members."))
            ]
        if not family:
            self.domain.data["timelines"].add(self.env.docname)
            lines = our.lifelines()
            summary = _("All %d relations in words") % len(found)
            fold = our.fold("", self._list(found), summary=summary, classes=["hb-said"])
            for node in (lines, fold):
                self.set_source_info(node)
            return [lines, fold]
        picture = our.relation_graph(
            members=[member.id for member in members], title=self.say(family.title)
        )
        self.set_source_info(picture)
        return [picture, self._list(found)]

    def _list(self, found: Iterable[relation_graph.Edge]) -> nodes.bullet_list:
        """Return the text alternative: complete, and the only form where pictures cannot be
        shown.
        """
        words = {
            "replaces": _("replaces"),
            "amends": _("amends"),
            "corrects": _("corrects"),
            "adds-to": _("adds to"),
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
                    nodes.Text(f"{self.marks.space}{word}{self.marks.space}"),
                    self.link_to_standard(edge.target, edge.target.reference),
                    nodes.Text(self.marks.space),
                    *self.cite(
                        key
                        for key in edge.sources or (CATALOGUE_SOURCE,)
                        if key in self.handbook.bibliography.sources
                    ),
                ),
            )
        return items


class GraphTransform(HandbookTransform):
    """Draw each relation graph into HTML, with links; other builders have the list beside it."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        catalogue = project.of(self.config).catalogue
        for lines in self.each(our.lifelines):
            drawn = self._lifelines(catalogue) if self.builder.format == "html" else []
            lines.replace_self(drawn)
        for number, node in enumerate(self.each(our.relation_graph), 1):
            if self.builder.format != "html":
                node.parent.remove(node)
                continue
            members = [catalogue.by_id[id_] for id_ in node["members"]]
            found = relation_graph.edges(catalogue, members)
            svg = relation_graph.draw(
                found,
                members,
                id_=f"graph-{number}",
                title=_("How the documents relate: %s") % node["title"],
                description=_("%(relations)d relations, listed below the picture.")
                % {"relations": len(found)},
                link=self._address,
                tip=self._tip,
                draft=_("draft"),
            )
            name = _("Relation graph")
            frame = (
                '<div class="hb-graph-frame" tabindex="0" role="region"'
                f' aria-label="{name}">{svg}</div>'
            )
            node.replace_self(nodes.raw("", frame, format="html"))

    def _tip(self, one: Deliverable) -> str:
        notes = {Status.WITHDRAWN: _("withdrawn"), Status.UNDER_DEVELOPMENT: _("draft")}
        note = self.marks.within(notes[one.status]) if one.status in notes else ""
        title = title_for_reader(project.of(self.config), one, self.say(one.title["en"]))
        return f"{one.reference}{note}{self.marks.colon}{title}"

    def _lifelines(self, catalogue: Catalogue) -> list[nodes.Node]:
        """Return a picture for each family, below the key to their colours."""
        used = {one.state for one in catalogue.deliverables}
        key = nodes.paragraph("", "", classes=["hb-key"])
        for state in State:
            if state in used:
                key += [badge(state), nodes.Text(" ")]
        today = date.fromisoformat(catalogue.as_of["deliverables"])
        began = min(one.published.earliest for one in catalogue.deliverables if one.published)
        years = range(began.year, today.year + 1)
        names = {one.slug: short_name(self.env, one.slug) for one in catalogue.deliverables}
        drawn = nodes.container("", classes=["hb-lives"])
        for family in catalogue.families:
            words = lifelines.Words(
                title=_("Lifelines: %s") % self.say(family.title),
                description=_(
                    "From publication to the next edition; the table above says the same."
                ),
                draft=_("draft"),
                states={state: status_name(state) for state in State},
                marks=self.marks,
            )
            members = [catalogue.exact(reference) for reference in family.members]
            svg = lifelines.draw(
                members,
                catalogue,
                years,
                words,
                id_=f"lifelines-{family.id}",
                today=today,
                names=names,
                link=self._address,
                book=not is_served(self.builder),
            )
            drawn += nodes.container(
                "",
                nodes.rubric("", self.say(family.title), **{"heading-level": 3}),
                nodes.raw("", svg, format="html"),
                classes=["hb-lifelines"],
            )
        return [key, drawn]

    def _address(self, deliverable: Deliverable) -> str:
        docname = self.domain.standards.get(deliverable.slug)
        return (
            self.builder.get_relative_uri(self.env.docname, docname) if docname else deliverable.url
        )


def setup(app: Sphinx) -> None:
    app.add_directive("relations", RelationsDirective)
    app.add_post_transform(GraphTransform)
