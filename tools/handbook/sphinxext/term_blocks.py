"""``{glossary}``, ``{chinese-terms}`` and ``{chinese-titles}``: the Chinese words of the
vocabulary, below the English ones that a glossary explains and as a table, and the Chinese titles
of standards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import Glossary
from sphinx.locale import get_translation

from handbook.model import marks
from handbook.model.catalogue import CatalogueError
from handbook.model.scripts import CJK
from handbook.model.terms import Chinese
from handbook.sphinxext import project
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_records
from handbook.sphinxext.parts import origin_name, table

_ = get_translation("handbook")

Cells = list[list[nodes.Node]]


class GlossaryDirective(Glossary):
    """A glossary, in which the Chinese word of a term and its source come from the vocabulary."""

    def run(self) -> list[nodes.Node]:
        depend_on_records(self.env)
        known = project.of(self.config).terms.chinese
        # Behind the last of the names of an entry, which begin their lines.
        behind: dict[int, Chinese] = {}
        found = None
        for place, line in enumerate(self.content):
            if line[:1].strip():
                found = found or known.get(line.casefold())
            elif found:
                behind[place] = found
                found = None
        for place, chinese in reversed(behind.items()):
            self.content.insert(place, chinese.term, *self.content.items[place - 1])
        made = super().run()
        for entry in made[-1].findall(nodes.definition_list_item):
            names = [part.astext().casefold() for part in entry.findall(nodes.term)]
            one = next((known[name] for name in names if name in known), None)
            if one and isinstance(entry[-1], nodes.definition):
                entry[-1] += self._where_read(one)
        return made

    def _where_read(self, chinese: Chinese) -> nodes.paragraph:
        origin, apart = origin_name(chinese.origin), marks.of(self.config.language)
        source = project.say(self.config, chinese.source)
        text = _("Chinese: %(source)s (%(kind)s).") % {"source": source, "kind": origin}
        if chinese.other:
            text += apart.space + _("Also read: %s.") % apart.listed.join(chinese.other)
        return nodes.paragraph("", text, classes=["hb-quiet"])


class ChineseFirst(HandbookTransform):
    """Readers of Chinese look for Chinese words; the order of entries stays the English one."""

    # After the letters above the list are known.
    default_priority = 13

    def run(self, **kwargs: Any) -> None:
        if self.config.language.startswith("zh"):
            for glossary in self.each(addnodes.glossary):
                for entry in glossary.findall(nodes.definition_list_item):
                    entry.children.sort(key=_place)


def _place(part: nodes.Node) -> int:
    """Chinese names before others, and all names before what is said of them."""
    if not isinstance(part, nodes.term):
        return 2
    return 0 if CJK.search(part.astext()) else 1


class TermsDirective(HandbookDirective):
    """A table of the vocabulary."""

    def made(self, heads: Sequence[tuple[str, int]], rows: Iterable[Cells]) -> list[nodes.Node]:
        depend_on_records(self.env)
        made = nodes.table("", table(heads, rows), classes=["hb-records", "hb-cards"])
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
            english = term.term + self.marks.within(term.short) if term.short else term.term
            cells = (
                chinese.term,
                english,
                "、".join(chinese.other),
                origin_name(chinese.origin),
            )
            rest: Cells = [[nodes.Text(cell)] for cell in cells]
            yield [*rest, [self.words(chinese.source)]]


class ChineseTitlesDirective(TermsDirective):
    """Each Chinese title of a standard, the kind of its source, and the source."""

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
            source: list[nodes.Node] = []
            if note:
                source += [self.words(note), nodes.Text(self.marks.space)]
            source += self.cite(sources)
            yield [[self._standard(reference)], [nodes.Text(title)], [nodes.Text(kind)], source]

    def _standard(self, reference: str) -> nodes.Node:
        try:
            deliverable = self.handbook.catalogue.exact(reference)
        except CatalogueError:
            return nodes.Text(reference)
        return self.link_to_standard(deliverable, reference)


def setup(app: Sphinx) -> None:
    app.add_post_transform(ChineseFirst)
    app.add_directive_to_domain("std", "glossary", GlossaryDirective, override=True)
    app.add_directive("chinese-terms", ChineseTermsDirective)
    app.add_directive("chinese-titles", ChineseTitlesDirective)
