"""``{letters}``: navigation in long lists of terms, sources or records, from A to Z and by a
filter.

The letters stand above each list that is in alphabetical order; the filter, ``letters.js``, is one
for all and needs a script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.scripts import CJK
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform
from handbook.sphinxext.output import is_served
from handbook.sphinxext.served_forms import field, form, select

_ = get_translation("handbook")


class LettersDirective(HandbookDirective):
    """The place of the filter for the lists on this page."""

    def run(self) -> list[nodes.Node]:
        node = our.letters()
        self.set_source_info(node)
        return [node]


class LettersTransform(HandbookTransform):
    """Draw it and the letters on served pages."""

    # After bibtex has put the sources in their place.
    default_priority = 12

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.letters):
            lists = list(self._lists()) if is_served(self.builder) else []
            if not lists:
                node.parent.remove(node)
                continue
            for place, entries in lists:
                first: dict[str, str] = {}
                for words, anchor in entries:
                    if anchor and (letter := words[:1].upper()).isascii():
                        first.setdefault(letter if letter.isalpha() else "0–9", anchor)
                if first and [*first] == sorted(first):
                    title = next(iter(_section(place).findall(nodes.title)), None)
                    name = f"{title.astext()} A–Z" if title else "A–Z"
                    line = nodes.raw("", bar(name, first), format="html")
                    place.parent.insert(place.parent.index(place), line)
            label = _("Find in this list")
            total = sum(len(entries) for _place, entries in lists)
            fields = [field("search", "q", label)]
            for place, _entries in lists:
                choices: list[tuple[Any, ...]] = place.get("choices", [])
                fields += (select(*one) for one in choices)
            filter_ = form(label, fields, total)
            filter_ = filter_.replace('"hb-filter"', '"hb-filter hb-in-list"', 1)
            if any("entries" in place for place, _entries in lists):
                failed = escape(_("Titles could not be loaded: only labels are searched."))
                filter_ = filter_.replace(" data-words=", f' data-labels="{failed}" data-words=', 1)
            node.replace_self(nodes.raw("", filter_, format="html"))

    def _lists(self) -> Iterator[tuple[nodes.Element, list[tuple[str, str]]]]:
        """Return each list with the words by which its entries are in order, and their anchors:
        terms, sources, rows of tables. Where the index of all sources is, it is the list.
        """
        if indexes := [one for one in self.document.findall(nodes.raw) if "entries" in one]:
            yield from ((index, index["entries"]) for index in indexes)
            return
        for glossary in self.document.findall(addnodes.glossary):
            yield glossary, [_term(item) for item in glossary.findall(nodes.definition_list_item)]
        if sources := list(self.document.findall(nodes.citation)):
            entries = [(one.astext().lstrip("[").strip(), one["ids"][0]) for one in sources]
            yield sources[0], entries
        for table in self.document.findall(nodes.table):
            rows = [row for body in table.findall(nodes.tbody) for row in body.findall(nodes.row)]
            yield table, [_record(row) for row in rows]


def _section(node: nodes.Element) -> nodes.Element:
    """Return the section of a node; the page, if it has no heading."""
    is_whole = isinstance(node, nodes.section) or not node.parent
    return node if is_whole else _section(node.parent)


def _term(item: nodes.definition_list_item) -> tuple[str, str]:
    terms = list(item.findall(nodes.term))
    # The list is in the order of its Latin names, in all editions.
    term = next((one for one in terms if not CJK.search(one.astext())), terms[0])
    return term.astext(), next(iter(term["ids"]), "")


def _record(row: nodes.row) -> tuple[str, str]:
    """The anchor of a record, ``person-jean-felix``, has its Latin name."""
    anchor = next(iter(row["ids"]), "")
    return anchor.partition("-")[2], anchor


def bar(name: str, anchors: Mapping[str, str]) -> str:
    """Return a line of links to places of a page, letters or years, which stays in view."""
    links = "".join(
        f'<a href="#{escape(anchor)}">{escape(words)}</a>' for words, anchor in anchors.items()
    )
    return f'<nav class="hb-letters" data-pagefind-ignore aria-label="{escape(name)}">{links}</nav>'


def setup(app: Sphinx) -> None:
    app.add_directive("letters", LettersDirective)
    app.add_post_transform(LettersTransform)
