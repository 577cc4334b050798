"""``{letters}``: navigation in a long list of terms or sources, from A to Z and by a filter.

The letters appear where the list is in alphabetical order; the filter, ``letters.js``, needs a
script.
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
from handbook.sphinxext.served_forms import field, form

_ = get_translation("handbook")


class LettersDirective(HandbookDirective):
    """The place of the letters and the filter for the lists on this page."""

    def run(self) -> list[nodes.Node]:
        node = our.letters()
        self.set_source_info(node)
        return [node]


class LettersTransform(HandbookTransform):
    """Draw them on served pages."""

    # After bibtex has put the sources in their place.
    default_priority = 12

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.letters):
            entries = list(self._entries())
            if not entries or not is_served(self.builder):
                node.parent.remove(node)
                continue
            first: dict[str, str] = {}
            for words, anchor in entries:
                if anchor and (letter := words.lstrip("[").strip()[:1].upper()).isascii():
                    first.setdefault(letter if letter.isalpha() else "0–9", anchor)
            in_order = [*first] == sorted(first)
            line = bar(_("From A to Z"), first) if in_order else ""
            label = _("Find in this list")
            filter_ = form(label, [field("search", "q", label)], len(entries))
            filter_ = filter_.replace('"hb-filter"', '"hb-filter hb-in-list"', 1)
            node.replace_self(nodes.raw("", line + filter_, format="html"))

    def _entries(self) -> Iterator[tuple[str, str]]:
        """Return the words and the anchor of each term and each source of the page, and the words
        of each row of a table, for rows are in an order of their own.
        """
        for item in self.document.findall(nodes.definition_list_item):
            if isinstance(item.parent.parent, addnodes.glossary):
                terms = list(item.findall(nodes.term))
                # The list is in the order of its Latin names, in all editions.
                term = next((one for one in terms if not CJK.search(one.astext())), terms[0])
                yield term.astext(), next(iter(term["ids"]), "")
        for source in self.document.findall(nodes.citation):
            yield source.astext(), next(iter(source["ids"]), "")
        for body in self.document.findall(nodes.tbody):
            yield from ((row.astext(), "") for row in body.findall(nodes.row))


def bar(name: str, anchors: Mapping[str, str]) -> str:
    """Return a line of links to places of a page, letters or years, which stays in view."""
    links = "".join(
        f'<a href="#{escape(anchor)}">{escape(words)}</a>' for words, anchor in anchors.items()
    )
    return f'<nav class="hb-letters" data-pagefind-ignore aria-label="{escape(name)}">{links}</nav>'


def setup(app: Sphinx) -> None:
    app.add_directive("letters", LettersDirective)
    app.add_post_transform(LettersTransform)
