"""What the pages declare: milestones and standards' pages, gathered over all pages of the handbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

from handbook.model.pages import Milestone, MilestoneStatus, Strand
from handbook.sphinxext import project

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

_ = get_translation("handbook")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A milestone and the page that tells it. ``docname`` is ``None`` if no page does (a
    publication without a page).

    ``text`` is the story without markup and citations.
    """

    milestone: Milestone
    docname: str | None
    line: int = 0
    text: str = ""


class HandbookDomain(Domain):
    """Milestones (by name) and standards' pages (by slug)."""

    name = "handbook"
    label = "Handbook"
    object_types: ClassVar[dict[str, ObjType]] = {
        "milestone": ObjType(_("milestone"), "milestone"),
        "standard": ObjType(_("standard"), "standard"),
    }
    data_version = 2
    initial_data: ClassVar[dict[str, Any]] = {
        "milestones": {},  # name -> Told
        "standards": {},  # slug -> docname
        "timelines": set(),  # docnames that show a timeline
        "standard_links": {},  # docname -> slugs it links to
        "shown": None,  # what timelines and links showed at the last build
    }

    #: The running one, set once it is known.
    builder: Builder

    @property
    def milestones(self) -> dict[str, Told]:
        return self.data["milestones"]

    @property
    def standards(self) -> dict[str, str]:
        return self.data["standards"]

    def note_milestone(self, told: Told, location: Any) -> bool:
        """Gather a milestone; a name that is taken is a warning, and the first one keeps it.

        :returns: whether the name was free
        """
        name = told.milestone.name
        other = self.milestones.get(name)
        if other:
            warn_duplicate(
                name, self.env.doc2path(other.docname or "", False), other.line, location
            )
            return False
        self.milestones[name] = told
        return True

    def note_standard(self, slug: str, docname: str, location: Any) -> bool:
        """Gather a standard's page; a second one is a warning, and the first one stays.

        :returns: whether this is the first
        """
        if slug in self.standards:
            warn_second_page(slug, self.env.doc2path(self.standards[slug], False), location)
            return False
        self.standards[slug] = docname
        return True

    def note_standard_link(self, slug: str, docname: str) -> None:
        self.data["standard_links"].setdefault(docname, set()).add(slug)

    def clear_doc(self, docname: str) -> None:
        for name in [name for name, told in self.milestones.items() if told.docname == docname]:
            del self.milestones[name]
        for slug in [slug for slug, page in self.standards.items() if page == docname]:
            del self.standards[slug]
        self.data["timelines"].discard(docname)
        self.data["standard_links"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        for name, told in otherdata["milestones"].items():
            if told.docname in docnames:
                other = self.milestones.get(name)
                if other and other.docname != told.docname:
                    warn_duplicate(
                        name,
                        self.env.doc2path(other.docname or "", False),
                        other.line,
                        (told.docname, told.line),
                    )
                else:
                    self.milestones[name] = told
        for slug, page in otherdata["standards"].items():
            if page in docnames:
                self.note_standard(slug, page, page)
        self.data["timelines"] |= otherdata["timelines"] & docnames
        self.data["standard_links"].update(
            (page, slugs) for page, slugs in otherdata["standard_links"].items() if page in docnames
        )

    def pages_to_write_again(self) -> list[str]:
        """Pages that show what other pages and the bibliography declare, and whose picture of it is
        out of date.
        """
        cite: Any = self.env.get_domain("cite")
        sources = {
            c.key: (c.citation_id, c.formatted_entry.label, repr(c.formatted_entry.text))
            for c in cite.citations
        }
        before, self.data["shown"] = (
            self.data["shown"],
            (dict(self.milestones), dict(self.standards), sources),
        )
        if before is None:
            return []
        milestones, standards, sources_before = before
        changed = {key for key, _source in sources.items() ^ sources_before.items()}
        stale = {
            ref.docname
            for ref in cite.citation_refs
            if changed & {target.key for target in ref.targets}
        }
        cited = {
            project.CATALOGUE_SOURCE,
            *(key for told in self.milestones.values() for key in told.milestone.sources),
        }
        if milestones != self.milestones or standards != self.standards or changed & cited:
            stale |= self.data["timelines"]
        moved = {slug for slug, _page in standards.items() ^ self.standards.items()}
        stale |= {page for page, slugs in self.data["standard_links"].items() if slugs & moved}
        return sorted(stale & self.env.found_docs)

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> nodes.reference | None:
        """Link to the page; a standard without a page links to ISO's."""
        if typ == "milestone":
            told = self.milestones.get(target)
            return (
                make_refnode(builder, fromdocname, told.docname, target, [contnode])
                if told and told.docname
                else None
            )
        docname = self.standards.get(target)
        if docname:
            return make_refnode(builder, fromdocname, docname, target, [contnode])
        catalogue = project.of(self.env.config).catalogue
        return nodes.reference(
            "", "", contnode, refuri=catalogue.by_slug[target].url, internal=False
        )

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Nothing: milestones and standards are labels too, and Sphinx's standard domain resolves
        those.
        """
        return []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for name, told in self.milestones.items():
            if told.docname:
                yield name, told.milestone.title, "milestone", told.docname, name, 1
        catalogue = project.of(self.env.config).catalogue
        for slug, docname in self.standards.items():
            yield slug, catalogue.by_slug[slug].reference, "standard", docname, slug, 1

    def timeline(self, strands: Iterable[Strand] = ()) -> list[Told]:
        """All milestones of the given strands (all if none is given), the publications of standards
        among them, by date.
        """
        wanted = set(strands)
        return sorted(
            (
                told
                for told in [*self.milestones.values(), *self._publications()]
                if not wanted or wanted & set(told.milestone.strands)
            ),
            key=lambda told: (told.milestone.date.sort_key, told.milestone.name),
        )

    def _publications(self) -> Iterator[Told]:
        """The publication of a standard is a milestone of itself, made from the catalogue."""
        handbook = project.of(self.env.config)
        for deliverable in handbook.catalogue.deliverables:
            if deliverable.published:
                title = _("%s is published") % deliverable.reference
                milestone = Milestone(
                    f"{deliverable.slug}-published",
                    title,
                    deliverable.published,
                    (Strand.STANDARDS,),
                    (project.CATALOGUE_SOURCE,),
                    MilestoneStatus.HAPPENED,
                )
                yield Told(milestone, self.standards.get(deliverable.slug))


class HandbookTransform(SphinxPostTransform):
    """A post-transform that knows the domain and, through it, the builder (``app`` is deprecated
    there since Sphinx 9).
    """

    @property
    def domain(self) -> HandbookDomain:
        return self.env.get_domain("handbook")  # type: ignore[return-value]

    @property
    def builder(self) -> Builder:
        return self.domain.builder


def warn_duplicate(name: str, other_path: Any, other_line: int, location: Any) -> None:
    logger.warning(
        "M009 the milestone name %r is already used at %s:%s (hint: give this one another name)",
        name,
        other_path,
        other_line,
        location=location,
        type="handbook",
        subtype="M009",
    )


def warn_second_page(slug: str, other_path: Any, location: Any) -> None:
    logger.warning(
        "S003 %s has its page already: %s (hint: keep one of the two {standard} blocks; elsewhere"
        " link with {iso})",
        slug,
        other_path,
        location=location,
        type="handbook",
        subtype="S003",
    )


def _note_builder(app: Sphinx) -> None:
    app.env.get_domain("handbook").builder = app.builder  # type: ignore[attr-defined]


def _write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    return env.get_domain("handbook").pages_to_write_again()  # type: ignore[attr-defined]


def setup(app: Sphinx) -> None:
    app.add_domain(HandbookDomain)
    app.connect("builder-inited", _note_builder)
    app.connect("env-updated", _write_again)
