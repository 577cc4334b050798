"""bibtex's domain with look-ups by key, in place of its search through whole lists for each
citation.

Issue: none is open at sphinxcontrib-bibtex. To report: ``resolve_xref``, ``get_all_cited_keys`` and
``get_filtered_entries`` go through all citations for each citation, source or page, so that their
time grows with citations times sources.
Gain: 4.4 s of CPU (31.2 s without it); on a thousand pages more than all the rest.
End: when bibtex keeps its citations by key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinxcontrib.bibtex.domain import BibtexDomain, Citation, _FilterVisitor

from handbook.sphinxext.events import Hook
from handbook.sphinxext.upstream.bibtex_faults import targets

if TYPE_CHECKING:
    from pybtex.database import Entry
    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinxcontrib.bibtex.directives import BibliographyKey
    from sphinxcontrib.bibtex.roles import CitationRef


class CiteDomain(BibtexDomain):
    """Does the same as bibtex's own domain, in time that grows with the citations, not with
    citations times sources.
    """

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._forget()

    def _forget(self) -> None:
        self._by_key: dict[str, list[int]] = {}
        self._made: dict[tuple[object, ...], Element] = {}
        self._near: list[CitationRef] | None = None

    @property
    def citation_refs(self) -> list[CitationRef]:
        """Return, while pages are written, only the citations of pages with a bibliography, since
        it looks for citations that are beside it.
        """
        return self.data["citation_refs"] if self._near is None else self._near

    def start_writing(self) -> None:
        homes = {bibliography.docname for bibliography in self.bibliographies}
        self._near = [reference for reference in self.citation_refs if reference.docname in homes]

    def stop_writing(self) -> None:
        self._near = None

    def env_updated(self) -> Iterable[str]:
        self._forget()
        pages = super().env_updated()
        for number, citation in enumerate(self.citations):
            self._by_key.setdefault(citation.key, []).append(number)
        return pages

    def get_all_cited_keys(self, docnames: list[str]) -> Iterable[str]:
        place = {docname: number for number, docname in enumerate(docnames)}
        for reference in sorted(self.citation_refs, key=lambda reference: place[reference.docname]):
            for target in reference.targets:
                yield target.key

    def get_filtered_entries(
        self, bibliography_key: BibliographyKey
    ) -> Iterable[tuple[str, Entry]]:
        bibliography = self.bibliographies[bibliography_key]
        pages: dict[str, set[str]] = defaultdict(set)
        for reference in self.citation_refs:
            for target in reference.targets:
                pages[target.key].add(reference.docname)
        try:
            for entry in self.get_entries(bibliography.bibfiles):
                key = bibliography.keyprefix + entry.key
                visitor = _FilterVisitor(  # type: ignore[no-untyped-call]
                    entry=entry,
                    docname=bibliography_key.docname,
                    cited_docnames=pages.get(key, set()),
                )
                if visitor.visit(bibliography.filter_) or entry.key in bibliography.keys:
                    yield key, entry
        except ValueError:
            # bibtex reports a filter that cannot be read, for each entry.
            yield from super().get_filtered_entries(bibliography_key)

    def resolve_xref(  # type: ignore[override]
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: Element,
    ) -> Element:
        """Make a citation only once for pages of the same depth."""
        keys = {one.key for one in targets(target)}
        homes = sorted({bibliography.docname for bibliography in self.bibliographies})
        seen = (
            [builder.get_relative_uri(fromdocname, home) for home in homes]
            if builder.format == "html" and fromdocname not in homes
            else [fromdocname]
        )
        same = (builder.name, typ, target, *seen)
        if same not in self._made:
            whole = self.citations
            self.data["citations"] = self._of(keys, whole)
            try:
                made = super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
            finally:
                self.data["citations"] = whole
            if not keys <= self._by_key.keys():
                return made  # A missing source is reported wherever it is cited.
            self._made[same] = made
        return self._made[same].deepcopy()

    def _of(self, keys: Iterable[str], whole: list[Citation]) -> list[Citation]:
        """Return the citations of these keys, in the order of the bibliography."""
        return [
            whole[number]
            for number in sorted(number for key in keys for number in self._by_key.get(key, ()))
        ]


def _start_writing(app: Sphinx, builder: Builder) -> None:
    app.env.get_domain("cite").start_writing()  # type: ignore[attr-defined]


def _stop_writing(app: Sphinx, exception: Exception | None) -> None:
    if app.env:
        app.env.get_domain("cite").stop_writing()  # type: ignore[attr-defined]


HOOKS = (
    Hook("write-started", _start_writing, "from now on few citations are looked at"),
    Hook("build-finished", _stop_writing, "a next build looks at all citations"),
)


def setup(app: Sphinx) -> None:
    app.add_domain(CiteDomain, override=True)
