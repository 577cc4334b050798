"""How citations look in running text: one mark for consecutive sentences with the same sources and,
on served pages and in the PDF, short numbers, which the page's list of sources explains. Where
there is room beside the text, the style sheet names the source there: each once in a section.

Tables, milestones and records keep the labels: there readers look for the source itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeGuard

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.scripts import PUNCTUATION
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookTransform
from handbook.sphinxext.output import numbers_sources

_ = get_translation("handbook")

#: The anchor of a source in the bibliography.
_ANCHOR = "#cite-"
#: The end of a sentence within a text, and one at its beginning.
_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s)|[。！？]")
_LEAD = re.compile(r"\s*(?:[.!?][\"'”’)\]]*(?=\s)|[。！？])")
#: A text that ends in a word: after a space or a full-width mark there is room already, and after
#: an opening bracket or a slash none is wanted.
_WORDS = re.compile(rf"[^\s{PUNCTUATION}(\[“‘/]\Z")
#: Where the labels stay.
_LABELLED = (nodes.table, nodes.field_list, nodes.citation, our.milestone, our.timeline_list)
_LABELLED_CLASSES = {"hb-as-of", "hb-relations", "hb-sources"}


class MergedMarks(HandbookTransform):
    """Keep the last of several marks that name the same sources in one sentence or in consecutive
    sentences. If a sentence without a mark is between them, both stay, since it has no source.
    """

    # Before bibtex replaces the citations.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        for paragraph in self.document.findall(nodes.paragraph):
            # The foot of a milestone lists what each source gives, and is no sentence.
            if "hb-milestone-foot" in paragraph["classes"]:
                continue
            marks = list(filter(_is_mark, paragraph.children))
            said_again = [pair for pair in pairwise(marks) if _goes_on(*pair)]
            for mark, kept in said_again:
                # The bibliography leads back to each.
                kept["ids"] = mark["ids"] + kept["ids"]
                _close_up(mark)
                paragraph.remove(mark)


def _goes_on(mark: nodes.Element, other: nodes.Element) -> bool:
    """Return whether no sentence ends between the end of the first mark's text and that of the
    second.
    """
    paragraph = mark.parent
    between = paragraph[paragraph.index(mark) + 1 : paragraph.index(other)]
    text = "".join(node.astext() for node in between)
    return _keys(mark) == _keys(other) and not _END.search(_LEAD.sub("", text, count=1))


def _is_mark(node: nodes.Node) -> TypeGuard[addnodes.pending_xref]:
    return (
        isinstance(node, addnodes.pending_xref)
        and node.get("refdomain") == "cite"
        and node.get("reftype") == "p"
    )


def _keys(mark: nodes.Element) -> set[str]:
    return {key.strip() for key in mark["reftarget"].split(",")}


def _close_up(node: nodes.Element) -> None:
    """Remove the space between a node and the text before it."""
    place = node.parent.index(node)
    before = node.parent[place - 1] if place else None
    if isinstance(before, nodes.Text):
        # Texts are compared by their words, so that only the position identifies this one.
        node.parent[place - 1] = nodes.Text(before.rstrip())


def _set_apart(node: nodes.Element) -> None:
    """Put a space between a label and the word before it, where Chinese writes none."""
    place = node.parent.index(node)
    # Blocks may leave an empty text between them.
    if _WORDS.search("".join(one.astext() for one in node.parent[:place])):
        node.parent.insert(place, nodes.Text(" "))


class NumberedMarks(HandbookTransform):
    """Show the number of a source in the page's list instead of its label."""

    # After bibtex has replaced the citations.
    default_priority = 12

    def run(self, **kwargs: Any) -> None:
        numbers = dict(_numbers(self.document)) if numbers_sources(self.builder) else {}
        told: set[tuple[int, str]] = set()
        for mark in list(filter(_is_cited, self.document.findall(nodes.inline))):
            links = list(mark.findall(nodes.reference))
            if (
                not numbers
                or _is_labelled(mark)
                or any(_address(one) not in numbers for one in links)
            ):
                _set_apart(mark)
                continue
            _close_up(mark)
            numbered = our.source_marks("", classes=["hb-note"], ids=mark["ids"])
            section = _section_of_text(mark)
            for link in sorted(links, key=lambda link: numbers[_address(link)]):
                address = _address(link)
                number, beside = str(numbers[address]), (id(section), address)
                numbered += our.source_mark(
                    "",
                    number,
                    href=address,
                    label=_("Source: %s") % link.astext(),
                    beside=f"{number} {link.astext()}" if section and beside not in told else "",
                )
                told.add(beside)
            mark.replace_self(numbered)


def _is_cited(node: nodes.Node) -> TypeGuard[nodes.inline]:
    return isinstance(node, nodes.inline) and "bibtex-citation" in node["classes"]


def _is_labelled(node: nodes.Node) -> bool:
    while (node := node.parent) is not None:
        if isinstance(node, _LABELLED) or _LABELLED_CLASSES & set(node["classes"]):
            return True
    return False


def _section_of_text(mark: nodes.Element) -> nodes.Element | None:
    """Return the section in whose running text a mark is; ``None`` within boxes, which have room
    for the label.
    """
    block = mark.parent
    if not isinstance(block, nodes.paragraph):
        return None
    if isinstance(block.parent, nodes.list_item):
        block = block.parent.parent
    return block.parent if isinstance(block.parent, nodes.section) else None


def _address(link: nodes.Element) -> str:
    return str(link.get("refuri") or f"#{link.get('refid')}")


def _numbers(document: nodes.document) -> Iterator[tuple[str, int]]:
    """Return the address of each source in the page's list, and its number there."""
    for items in document.findall(nodes.enumerated_list):
        if "hb-sources" in items["classes"]:
            for number, item in enumerate(items, start=1):
                yield _address(next(item.findall(nodes.reference))), number


def setup(app: Sphinx) -> None:
    app.add_post_transform(MergedMarks)
    app.add_post_transform(NumberedMarks)
