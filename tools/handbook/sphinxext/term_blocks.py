"""``{chinese-terms}`` and ``{chinese-titles}``: the Chinese words of the vocabulary and the Chinese
titles of standards, as tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import CatalogueError
from handbook.sphinxext.blocks import HandbookDirective, depend_on_records
from handbook.sphinxext.parts import origin_name, table

_ = get_translation("handbook")

Cells = list[list[nodes.Node]]


class TermsDirective(HandbookDirective):
    """A table of the vocabulary."""

    def made(self, heads: Sequence[tuple[str, int]], rows: Iterable[Cells]) -> list[nodes.Node]:
        depend_on_records(self.env)
        made = nodes.table("", table(heads, rows), classes=["hb-records"])
        self.set_source_info(made)
        return [made]


class ChineseTermsDirective(TermsDirective):
    """Each Chinese word, the English term, where it was read, and the other renderings."""

    def run(self) -> list[nodes.Node]:
        heads = [
            (_("Chinese"), 22),
            (_("English"), 26),
            (_("Also read"), 16),
            (_("Kind of source"), 14),
            (_("Source"), 30),
        ]
        return self.made(heads, self._rows())

    def _rows(self) -> Iterator[Cells]:
        rows = [(one.zh, one) for one in self.handbook.terms.terms if one.zh]
        # The national character set has the common characters in the order of their sounds.
        rows.sort(key=lambda row: row[0].term.encode("gb18030"))
        for chinese, term in rows:
            english = f"{term.term} ({term.short})" if term.short else term.term
            cells = (
                chinese.term,
                english,
                "、".join(chinese.other),
                origin_name(chinese.origin),
                chinese.source,
            )
            yield [[nodes.Text(cell)] for cell in cells]


class ChineseTitlesDirective(TermsDirective):
    """Each Chinese title of a standard, of what kind its source is, and the source."""

    def run(self) -> list[nodes.Node]:
        heads = [
            (_("Standard"), 20),
            (_("Chinese title"), 42),
            (_("Kind of source"), 16),
            (_("Source"), 22),
        ]
        return self.made(heads, self._rows())

    def _rows(self) -> Iterator[Cells]:
        handbook = self.handbook
        order = {one.reference: place for place, one in enumerate(handbook.catalogue.deliverables)}
        rows = [
            (one.adopts, one.title, one.designation, "", one.sources)
            for one in handbook.records.adoptions
            if one.title and one.language == "zh"
        ]
        rows += [
            (one.of, one.title, origin_name(one.origin), one.note, one.sources)
            for one in handbook.terms.titles
        ]
        rows.sort(key=lambda row: (order.get(row[0], len(order)), row[0]))
        for reference, title, kind, note, sources in rows:
            source: list[nodes.Node] = [nodes.Text(f"{note} ")] if note else []
            source += self.cite(sources)
            yield [[self._standard(reference)], [nodes.Text(title)], [nodes.Text(kind)], source]

    def _standard(self, reference: str) -> nodes.Node:
        try:
            deliverable = self.handbook.catalogue.exact(reference)
        except CatalogueError:
            return nodes.Text(reference)
        return self.link_to_standard(deliverable, reference)


def setup(app: Sphinx) -> None:
    app.add_directive("chinese-terms", ChineseTermsDirective)
    app.add_directive("chinese-titles", ChineseTitlesDirective)
