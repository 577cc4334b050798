"""``{standard}``: the facts about a deliverable in the catalogue, at the head of its page.

A served page shows four facts and the relations, and folds the record; its title is in two lines,
the reference and the name. Every other builder shows the whole record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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
from handbook.model.marks import COLON
from handbook.outputs import stage_track
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.blocks import (
    HandbookDirective,
    HandbookTransform,
    catalogue_day,
    depend_on_records,
)
from handbook.sphinxext.dates import display
from handbook.sphinxext.output import is_served
from handbook.sphinxext.parts import badge, date_node, internal_link, origin_name, status_name

_ = get_translation("handbook")


class StandardDirective(HandbookDirective):
    """The facts about a deliverable in the catalogue, at the head of its page."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        try:
            deliverable = self.handbook.catalogue.exact(" ".join(self.arguments[0].split()))
        except CatalogueError as error:
            self.warn("S001", error.problem, error.hint)
            return []
        depend_on_records(self.env)
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
        box = our.standard_box(
            "",
            *self._banner(deliverable),
            self._glance(deliverable),
            *self._track(deliverable),
            our.record("", fields, summary=_("Catalogue record")),
            classes=["hb-standard"],
            reference=deliverable.reference,
        )
        self.set_source_info(box)
        # A heading that is just the reference has the anchor already, and serves as well.
        if self.state.document.ids.setdefault(deliverable.slug, box) is box:
            box["ids"] = [deliverable.slug]
        return [index, box]

    def _banner(self, deliverable: Deliverable) -> list[nodes.Node]:
        """Return a notice that a reader may have the wrong document in hand."""
        successors = self._known(deliverable.replaced_by)
        if deliverable.status is Status.WITHDRAWN:
            text = _("This edition is withdrawn.")
        elif any(successor.status is Status.PUBLISHED for successor in successors):
            text = _("A newer edition is published.")
        elif deliverable.status is Status.UNDER_DEVELOPMENT:
            text = _(
                "On %s this was not published. It may have changed since, been published or been"
                " dropped: check ISO's page."
            ) % catalogue_day(self.handbook.catalogue, self.config.language)
        else:
            return []
        content: list[nodes.Node] = [nodes.Text(text)]
        if successors and deliverable.status is not Status.UNDER_DEVELOPMENT:
            content += [
                nodes.Text(self.marks.space + _("Its successor: ")),
                *self._links(successors),
                nodes.Text(self.marks.stop),
            ]
        return [nodes.warning("", nodes.paragraph("", "", *content))]

    def _glance(self, deliverable: Deliverable) -> our.glance:
        """Return whether it is valid, since when, what kind of text it is and where to get it."""
        stage = nodes.inline("", deliverable.stage, classes=["hb-quiet"])
        published: nodes.Node = (
            date_node(deliverable.published, self.config.language)
            if deliverable.published
            else nodes.Text(_("not yet"))
        )
        page = nodes.reference("", _("ISO's page"), refuri=deliverable.url, internal=False)
        facts: list[tuple[str, list[nodes.Node]]] = [
            (_("Status"), [badge(deliverable.state), nodes.Text(self.marks.space), stage]),
            (_("Published"), [published]),
            (_("Kind of text"), [nodes.Text(kind_name(deliverable))]),
            (_("Get it"), [page]),
        ]
        content = [_labelled("hb-four", facts)]
        for name, relations in (
            ("hb-kin", self._editions(deliverable)),
            ("hb-kin hb-reading", self._readings(deliverable)),
        ):
            shown = [(label, self._links(others)) for label, others in relations if others]
            if shown:
                content.append(_labelled(name, shown))
        return our.glance("", *content)

    def _track(self, deliverable: Deliverable) -> list[nodes.Node]:
        """Return its way through the stages; the record has the same in words."""
        stage = deliverable.stage
        if stage[:2] not in stage_track.STOPS:
            return []
        catalogue, language = self.handbook.catalogue, self.config.language
        seen = {
            one.stage: display(edtf.parse(one.observed.isoformat()), language)
            for one in catalogue.observations.get(deliverable.id, ())
            if one.stage != stage
        }
        title = _("Stage %s on ISO's way from 00 to 95") % stage
        words = stage_track.Words(title, self.say(catalogue.stages.get(stage, "")))
        svg = stage_track.draw(
            stage,
            deliverable.state,
            seen,
            words,
            id_=f"stage-{deliverable.slug}",
            marks=self.marks,
        )
        return [our.stage_track(html=f'<div class="hb-track">{svg}</div>')]

    def _known(self, ids: Iterable[int]) -> list[Deliverable]:
        """Return those deliverables of these ids that the catalogue has."""
        by_id = self.handbook.catalogue.by_id
        return [by_id[id_] for id_ in ids if id_ in by_id]

    def _facts(self, deliverable: Deliverable) -> Iterable[tuple[str, list[nodes.Node]]]:
        """Return the lines of the box: the name and the value of each."""
        catalogue, language = self.handbook.catalogue, self.config.language
        yield _("Reference"), [nodes.strong("", deliverable.reference)]
        yield _("Title"), [nodes.Text(deliverable.title["en"])]
        # ISO writes the English title where it has no French one.
        if deliverable.title.get("fr") not in {None, "", deliverable.title["en"]}:
            french = nodes.inline("", deliverable.title["fr"], classes=["language-fr"])
            yield _("French title"), [french]
        yield from self._chinese(deliverable)
        yield _("Status"), self._status(deliverable)
        if deliverable.published:
            yield _("Published"), [date_node(deliverable.published, language)]
        if deliverable.edition:
            yield _("Edition"), [nodes.Text(str(deliverable.edition))]
        names = [deliverable.committee, self._committee(deliverable.committee)]
        yield _("Committee"), [nodes.Text(self.marks.comma.join(names))]
        if deliverable.ics:
            yield "ICS", [nodes.Text(self.marks.listed.join(deliverable.ics))]
        if family := catalogue.family_of(deliverable):
            title = nodes.inline("", self.say(family.title))
            docname, target = self.env.docname, f"family-{family.id}"
            yield _("Family"), [internal_link(docname, "std", "ref", target, title)]
        for name, others in (*self._editions(deliverable), *self._readings(deliverable)):
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

    def _committee(self, reference: str) -> str:
        """The committee's title: in Chinese as Chinese sources have it, if one has."""
        known = self.handbook.terms.chinese.get(reference.casefold())
        if known and self.config.language.startswith("zh"):
            return known.term
        return self.handbook.catalogue.committee(reference).title["en"]

    def _chinese(self, deliverable: Deliverable) -> Iterable[tuple[str, list[nodes.Node]]]:
        """Return its Chinese titles, as sources give them or as this handbook translates it."""
        ours = self.say(deliverable.title["en"])
        for one in chinese_titles(self.handbook, deliverable, ours):
            content: list[nodes.Node] = [nodes.Text(one.title)]
            if one.note:
                content += [nodes.Text(self.marks.comma), self.words(one.note)]
            if one.sources:
                content += [nodes.Text(self.marks.space), *self.cite(one.sources)]
            yield _("Chinese title (%s)") % one.kind, content

    def _status(self, deliverable: Deliverable) -> list[nodes.Node]:
        catalogue = self.handbook.catalogue
        stage = _("stage %(code)s (%(meaning)s), as of %(day)s") % {
            "code": deliverable.stage,
            "meaning": self.say(catalogue.stages[deliverable.stage]),
            "day": catalogue_day(catalogue, self.config.language),
        }
        return [
            badge(deliverable.state),
            nodes.Text(self.marks.space),
            nodes.Text(stage),
        ]

    def _stages_observed(self, deliverable: Deliverable) -> str:
        return self.marks.semicolon.join(
            _("%(stage)s on %(day)s")
            % {
                "stage": seen.stage,
                "day": display(edtf.parse(seen.observed.isoformat()), self.config.language),
            }
            for seen in self.handbook.catalogue.observations.get(deliverable.id, ())
        )

    def _editions(
        self, deliverable: Deliverable
    ) -> Iterable[tuple[str, Sequence[Deliverable | str]]]:
        """Return other editions and supplements in ISO's catalogue: the name of each relation and
        the deliverables that it leads to; those that the catalogue lacks are only named.
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

    def _readings(self, deliverable: Deliverable) -> Iterable[tuple[str, Sequence[Deliverable]]]:
        """Return the relations according to this handbook, on both sides, in the same form."""
        catalogue, reference = self.handbook.catalogue, deliverable.reference
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
        return self.listed(map(self._other, deliverables))

    def _other(self, other: Deliverable | str) -> list[nodes.Node]:
        if isinstance(other, str):
            return [nodes.Text(other)]
        link: list[nodes.Node] = [self.link_to_standard(other, other.reference)]
        if other.status is not Status.PUBLISHED:
            link.append(nodes.Text(self.marks.within(status_name(other.state))))
        return link


class ChineseTitle(NamedTuple):
    """A Chinese title of a deliverable, and what kind of text has it."""

    title: str
    kind: str
    note: str = ""
    sources: tuple[str, ...] = ()


def chinese_titles(
    handbook: project.Handbook, deliverable: Deliverable, ours: str
) -> list[ChineseTitle]:
    """Return the Chinese titles: those of the national standards that adopt it, those in other
    sources, and for readers of Chinese our translation, if no source has one without a reservation.

    :param ours: what we say to the reader for ISO's title
    """
    found = [
        ChineseTitle(one.title, one.designation, "", one.sources)
        for one in handbook.records.adoptions_of(deliverable, handbook.catalogue)
        if one.title and one.language == "zh"
    ]
    found += [
        ChineseTitle(one.title, origin_name(one.origin), one.note, one.sources)
        for one in handbook.terms.titles_of(deliverable.reference)
    ]
    if ours != deliverable.title["en"] and all(one.note for one in found):
        found.append(ChineseTitle(ours, _("translated by this handbook")))
    return found


def title_for_reader(handbook: project.Handbook, deliverable: Deliverable, ours: str) -> str:
    """Return ISO's title, or for readers of Chinese the first Chinese one without a reservation."""
    if ours == deliverable.title["en"]:
        return ours
    titles = chinese_titles(handbook, deliverable, ours)
    return next(one.title for one in titles if not one.note)


def kind_name(deliverable: Deliverable) -> str:
    """Return the kind of deliverable in the reader's language (ISO/IEC Directives, Part 1); ISO's
    code for a kind that has no name here.
    """
    if deliverable.doing:
        return {
            "amends": _("Amendment"),
            "corrects": _("Corrigendum"),
            "adds-to": _("Supplement"),
        }[deliverable.doing]
    kinds = {
        "IS": _("International Standard"),
        "TS": _("Technical Specification"),
        "TR": _("Technical Report"),
        "PAS": _("Publicly Available Specification"),
        "IWA": _("International Workshop Agreement"),
        "GUIDE": _("Guide"),
    }
    return kinds.get(deliverable.deliverable_type.upper(), deliverable.deliverable_type)


def _labelled(name: str, facts: Iterable[tuple[str, list[nodes.Node]]]) -> nodes.container:
    """Return a row of facts, each under or behind its label."""
    return nodes.container(
        "",
        *(
            nodes.paragraph(
                "",
                "",
                nodes.inline("", label, classes=["hb-label"]),
                nodes.Text(" "),
                nodes.inline("", "", *content),
            )
            for label, content in facts
        ),
        classes=name.split(),
    )


class StandardTransform(HandbookTransform):
    """Arrange the head of a standard's page for its builder."""

    # Before citations and links are resolved, so that removed parts have none.
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        served = is_served(self.builder)
        for track in self.each(our.stage_track):
            if self.builder.format == "html":
                track.replace_self(nodes.raw("", track["html"], format="html"))
            else:
                track.parent.remove(track)
        for box in self.each(our.standard_box):
            if served:
                _set_in_two_lines(self.document, box["reference"])
                continue
            for node in list(box.findall(our.glance)):
                node.parent.remove(node)
            for record in list(box.findall(our.record)):
                record.replace_self(record.children)


def _set_in_two_lines(document: nodes.document, reference: str) -> None:
    """Split ``ISO 37101:2016: management system`` into a reference and a name, each on its own
    line.
    """
    title = next(document.findall(nodes.title), None)
    if title is None or not title.astext().startswith(reference) or len(title) != 1:
        return
    name = title.astext().removeprefix(reference)
    colon = COLON.match(name)
    if not colon:
        return
    name = name[colon.end() :]
    title.children = []
    title += nodes.inline("", reference, classes=["hb-kicker"])
    title += nodes.inline("", colon[0], classes=["hb-colon"])
    title += nodes.Text(name[:1].upper() + name[1:])


def setup(app: Sphinx) -> None:
    app.add_post_transform(StandardTransform)
    app.add_directive("standard", StandardDirective)
