"""``{standard}``: what the catalogue says of a deliverable, at the head of its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model import edtf
from handbook.model.catalogue import (
    CATALOGUE_SOURCE,
    CatalogueError,
    Deliverable,
    RelationKind,
    Status,
)
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, catalogue_day, depend_on_catalogue
from handbook.sphinxext.dates import display
from handbook.sphinxext.parts import badge, date_node, internal_link, status_name

_ = get_translation("handbook")


class StandardDirective(HandbookDirective):
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
        successors = self._known(deliverable.replaced_by)
        if deliverable.status is Status.WITHDRAWN:
            text = _("This edition is withdrawn.")
        elif any(successor.status is Status.PUBLISHED for successor in successors):
            text = _("A newer edition is published.")
        elif deliverable.status is Status.UNDER_DEVELOPMENT:
            text = _(
                "On %s this was not published. It may have changed since, been published or been"
                " dropped: look at ISO's page."
            ) % catalogue_day(self.handbook.catalogue, self.config.language)
        else:
            return []
        content: list[nodes.Node] = [nodes.Text(text)]
        if successors and deliverable.status is not Status.UNDER_DEVELOPMENT:
            content += [
                nodes.Text(" " + _("Its successor: ")),
                *self._links(successors),
                nodes.Text("."),
            ]
        return [nodes.warning("", nodes.paragraph("", "", *content))]

    def _known(self, ids: Iterable[int]) -> list[Deliverable]:
        """The deliverables of these ids that the catalogue has."""
        by_id = self.handbook.catalogue.by_id
        return [by_id[id_] for id_ in ids if id_ in by_id]

    def _facts(self, deliverable: Deliverable) -> Iterable[tuple[str, list[nodes.Node]]]:
        """The lines of the box: what each is called, and what it says."""
        catalogue, language = self.handbook.catalogue, self.config.language
        yield _("Reference"), [nodes.strong("", deliverable.reference)]
        yield _("Title"), [nodes.Text(deliverable.title["en"])]
        if deliverable.title.get("fr"):
            french = nodes.inline("", deliverable.title["fr"], classes=["language-fr"])
            yield _("French title"), [french]
        yield _("Status"), self._status(deliverable)
        if deliverable.published:
            yield _("Published"), [date_node(deliverable.published, language)]
        if deliverable.edition:
            yield _("Edition"), [nodes.Text(str(deliverable.edition))]
        name = catalogue.committee(deliverable.committee).title["en"]
        yield _("Committee"), [nodes.Text(f"{deliverable.committee}, {name}")]
        if deliverable.ics:
            yield "ICS", [nodes.Text(", ".join(deliverable.ics))]
        if family := catalogue.family_of(deliverable):
            title = nodes.inline("", family.title)
            docname, target = self.env.docname, f"family-{family.id}"
            yield _("Family"), [internal_link(docname, "std", "ref", target, title)]
        for name, others in self._relations(deliverable):
            if others:
                yield name, self._links(others)
        if seen := self._stages_observed(deliverable):
            yield _("Stages observed"), [nodes.Text(seen)]
        page = _("ISO's page of the document")
        yield (
            _("Read it"),
            [nodes.reference("", page, refuri=deliverable.url, internal=False)],
        )
        yield _("Source"), self.cite([CATALOGUE_SOURCE])

    def _status(self, deliverable: Deliverable) -> list[nodes.Node]:
        catalogue = self.handbook.catalogue
        stage = _("stage %(code)s (%(meaning)s), as of %(day)s") % {
            "code": deliverable.stage,
            "meaning": catalogue.stages[deliverable.stage],
            "day": catalogue_day(catalogue, self.config.language),
        }
        return [
            badge(deliverable.status),
            nodes.Text(" "),
            nodes.Text(stage),
        ]

    def _stages_observed(self, deliverable: Deliverable) -> str:
        return "; ".join(
            _("%(stage)s on %(day)s")
            % {
                "stage": seen.stage,
                "day": display(edtf.parse(seen.observed.isoformat()), self.config.language),
            }
            for seen in self.handbook.catalogue.observations.get(deliverable.id, ())
        )

    def _relations(
        self, deliverable: Deliverable
    ) -> Iterable[tuple[str, Sequence[Deliverable | str]]]:
        """What the lines on relations are called, and to which deliverables each leads;
        what the catalogue lacks is named only.
        """
        catalogue, reference = self.handbook.catalogue, deliverable.reference
        successors = self._known(deliverable.replaced_by)
        drafts = [one for one in successors if one.status is Status.UNDER_DEVELOPMENT]
        yield _("Replaces"), self._known(deliverable.replaces)
        yield _("Replaced by"), [one for one in successors if one not in drafts]
        yield _("To be replaced by"), drafts
        supplements = {
            "amends": (_("Amends"), _("Amended by")),
            "corrects": (_("Corrects"), _("Corrected by")),
            "adds-to": (_("Adds to"), _("Added to by")),
        }
        for doing, (there, back) in supplements.items():
            base = catalogue.supplemented(deliverable) or deliverable.base
            yield there, [base] if base and deliverable.doing == doing else []
            yield (
                back,
                [
                    one
                    for one in catalogue.deliverables
                    if one.base == reference and one.doing == doing
                ],
            )
        words = {
            RelationKind.BUILDS_ON: (_("Builds on"), _("Built on by")),
            RelationKind.GUIDES_USE_OF: (_("Guides the use of"), _("Guided by")),
            RelationKind.SUPPLEMENTS: (_("Supplements"), _("Supplemented by")),
        }
        for kind, (there, back) in words.items():
            of_kind = [relation for relation in catalogue.relations if relation.kind is kind]
            yield there, [catalogue.exact(r.target) for r in of_kind if r.source == reference]
            yield back, [catalogue.exact(r.source) for r in of_kind if r.target == reference]

    def _links(self, deliverables: Iterable[Deliverable | str]) -> list[nodes.Node]:
        content: list[nodes.Node] = []
        for other in deliverables:
            content += [nodes.Text(", ")] if content else []
            if isinstance(other, str):
                content.append(nodes.Text(other))
                continue
            content.append(self.link_to_standard(other, other.reference))
            if other.status is not Status.PUBLISHED:
                content.append(nodes.Text(f" ({status_name(other.status)})"))
        return content


def setup(app: Sphinx) -> None:
    app.add_directive("standard", StandardDirective)
