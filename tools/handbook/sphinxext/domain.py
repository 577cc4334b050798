"""What the pages declare, collected from the whole handbook: milestones and standards' pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.locale import get_translation
from sphinx.util.nodes import make_refnode

from handbook.model.catalogue import CATALOGUE_SOURCE
from handbook.model.marks import COLON
from handbook.model.milestones import Milestone
from handbook.model.strands import MilestoneStatus, Strand
from handbook.sphinxext import project, state
from handbook.sphinxext.events import Hook
from handbook.sphinxext.parts import warn

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

_ = get_translation("handbook")

#: The suffix of the name of a publication, a milestone that comes from the catalogue.
_PUBLISHED = "-published"


@dataclass(frozen=True, slots=True)
class PlacedMilestone:
    """A milestone and the page that has it. ``docname`` is ``None`` if no page has it (a
    publication without a page).

    ``text`` is the text without markup and citations.
    """

    milestone: Milestone
    docname: str | None
    line: int = 0
    text: str = ""

    @property
    def publication_of(self) -> str | None:
        """Return the slug of the standard that was published according to the catalogue; else
        empty.
        """
        name = self.milestone.name
        return name.removesuffix(_PUBLISHED) if name.endswith(_PUBLISHED) else None


class HandbookDomain(Domain):
    """Milestones (by name) and standards' pages (by slug)."""

    name = "handbook"
    label = "Handbook"
    object_types: ClassVar[dict[str, ObjType]] = {
        "milestone": ObjType(_("milestone"), "milestone"),
        "standard": ObjType(_("standard"), "standard"),
    }
    data_version = 8
    initial_data: ClassVar[dict[str, Any]] = {
        "milestones": {},  # name -> PlacedMilestone
        "standards": {},  # slug -> docname
        "timelines": set(),  # docnames that show a timeline
        "standard_links": {},  # docname -> slugs it links to
        "differences": {},  # docname -> differences between what the check and MyST read in it
        "translated": {},  # docname -> Progress
        "word_files": set(),  # the catalogues of the data's words
        "kept": state.Kept(),
    }

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self.running = state.Running()

    @property
    def milestones(self) -> dict[str, PlacedMilestone]:
        found: dict[str, PlacedMilestone] = self.data["milestones"]
        return found

    @property
    def standards(self) -> dict[str, str]:
        found: dict[str, str] = self.data["standards"]
        return found

    def note_milestone(self, told: PlacedMilestone, location: Any) -> bool:
        """Register a milestone; for a name in use there is a warning, and the first milestone keeps
        it.

        :returns: whether the name was free
        """
        name = told.milestone.name
        other = self.milestones.get(name)
        if other:
            self._warn_of_duplicate(other, location)
            return False
        self.milestones[name] = told
        return True

    def note_standard(self, slug: str, docname: str, location: Any) -> bool:
        """Register a standard's page; for a second one there is a warning, and the first one stays.

        :returns: whether this is the first
        """
        if slug in self.standards:
            page = self.env.doc2path(self.standards[slug], False)
            warn(
                "S003",
                f"{slug} has its page already: {page}",
                "keep one of the two {standard} blocks; elsewhere link with {iso}",
                location,
            )
            return False
        self.standards[slug] = docname
        return True

    def _warn_of_duplicate(self, first: PlacedMilestone, location: Any) -> None:
        place = f"{self.env.doc2path(first.docname or '', False)}:{first.line}"
        warn(
            "M009",
            f"the milestone name {first.milestone.name!r} is already used at {place}",
            "give this one another name",
            location,
        )

    def note_standard_link(self, slug: str, docname: str) -> None:
        self.data["standard_links"].setdefault(docname, set()).add(slug)

    def clear_doc(self, docname: str) -> None:
        for name in [name for name, told in self.milestones.items() if told.docname == docname]:
            del self.milestones[name]
        for slug in [slug for slug, page in self.standards.items() if page == docname]:
            del self.standards[slug]
        self.data["timelines"].discard(docname)
        self.data["standard_links"].pop(docname, None)
        self.data["differences"].pop(docname, None)
        self.data["translated"].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        for name, told in otherdata["milestones"].items():
            if told.docname in docnames:
                other = self.milestones.get(name)
                if other and other.docname != told.docname:
                    self._warn_of_duplicate(other, (told.docname, told.line))
                else:
                    self.milestones[name] = told
        for slug, page in otherdata["standards"].items():
            if page in docnames:
                self.note_standard(slug, page, page)
        self.data["timelines"] |= otherdata["timelines"] & docnames
        self.data["standard_links"].update(
            (page, slugs) for page, slugs in otherdata["standard_links"].items() if page in docnames
        )
        for name in ("differences", "translated"):
            self.data[name].update(
                (page, found) for page, found in otherdata[name].items() if page in docnames
            )

    def pages_to_write_again(self) -> list[str]:
        """Return pages that show what other pages and the bibliography declare, and that show an
        outdated state of it.
        """
        cite: Any = self.env.get_domain("cite")
        now = state.Shown(
            dict(self.milestones),
            {slug: (page, short_name(self.env, slug)) for slug, page in self.standards.items()},
            {
                c.key: (c.citation_id, c.formatted_entry.label, self._as_printed(c))
                for c in cite.citations
            },
        )
        kept = state.kept(self.env)
        before, kept.shown = kept.shown, now
        if before is None:
            return []
        changed = {key for key, _source in now.sources.items() ^ before.sources.items()}
        moved = {slug for slug, _page in now.standards.items() ^ before.standards.items()}
        stale = {
            reference.docname
            for reference in cite.citation_refs
            if changed & {target.key for target in reference.targets}
        }
        # Words of a source may be translated otherwise, while its own file stays.
        stale |= {c.bibliography_key.docname for c in cite.citations if c.key in changed}
        cited = {
            CATALOGUE_SOURCE,
            *(key for told in self.milestones.values() for key in told.milestone.sources),
        }
        if now.milestones != before.milestones or moved or changed & cited:
            stale |= self.data["timelines"]
        stale |= {page for page, slugs in self.data["standard_links"].items() if slugs & moved}
        return sorted(stale & self.env.found_docs)

    def _as_printed(self, citation: Any) -> str:
        """Return the printed form of a source, with the proof-reading of its note."""
        source = project.of(self.env.config).bibliography.sources.get(citation.key)
        read = project.readings(self.env.config, [source.note] if source and source.note else [])
        return repr((citation.formatted_entry.text, read))

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
        """Return a link to the page; for a standard without a page, to ISO's."""
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
        """Return nothing: milestones and standards are labels too, and Sphinx's standard domain
        resolves those.
        """
        return []

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        for name, told in self.milestones.items():
            if told.docname:
                yield name, told.milestone.title, "milestone", told.docname, name, 1
        catalogue = project.of(self.env.config).catalogue
        for slug, docname in self.standards.items():
            yield slug, catalogue.by_slug[slug].reference, "standard", docname, slug, 1

    def timeline(self, strands: Iterable[Strand] = ()) -> list[PlacedMilestone]:
        """Return all milestones of the given strands (all if none is given), including the
        publications of standards, by date.
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

    def _publications(self) -> Iterator[PlacedMilestone]:
        """Yield the publication of each standard as a milestone made from the catalogue."""
        handbook = project.of(self.env.config)
        for deliverable in handbook.catalogue.deliverables:
            if deliverable.published:
                title = _("%s is published") % deliverable.reference
                milestone = Milestone(
                    f"{deliverable.slug}{_PUBLISHED}",
                    title,
                    deliverable.published,
                    (Strand.STANDARDS,),
                    (CATALOGUE_SOURCE,),
                    MilestoneStatus.HAPPENED,
                )
                yield PlacedMilestone(milestone, self.standards.get(deliverable.slug))


def of(env: BuildEnvironment) -> HandbookDomain:
    """Return the domain of the handbook being built."""
    domain = env.get_domain("handbook")
    assert isinstance(domain, HandbookDomain)
    return domain


def _note_builder(app: Sphinx) -> None:
    state.running(app.env).builder = app.builder


def short_name(env: BuildEnvironment, slug: str) -> str:
    """Return the name of a standard on its page: its title behind the reference, capitalised like a
    sentence; empty if it has no page.
    """
    page = of(env).standards.get(slug)
    title = env.titles[page].astext() if page in env.titles else ""
    name = title.removeprefix(project.of(env.config).catalogue.by_slug[slug].reference)
    name = name[colon.end() :] if (colon := COLON.match(name)) else name
    return name[:1].upper() + name[1:]


def _write_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    state.running(env).entries = None
    return of(env).pages_to_write_again()


HOOKS = (
    Hook("builder-inited", _note_builder, "post-transforms ask which builder they serve"),
    Hook("env-updated", _write_again, "timelines, links and citations follow other pages"),
)


def setup(app: Sphinx) -> None:
    app.add_domain(HandbookDomain)
