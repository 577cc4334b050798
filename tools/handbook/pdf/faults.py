"""Typst's errors as findings: the page, the line, how to fix it.

Some errors have no place. Then ever smaller parts of the pages are typeset by themselves, until the
part with the error is found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lxml.html import HtmlElement

from handbook.pdf.book import Page, line_of
from handbook.pdf.typst_markup import call

#: Marks the source of a block in the Typst file: ``//@ club/names:12``.
SOURCE_MARK = "//@ "

Place = tuple[str, int]

_LABEL = re.compile(r'#(?:mark|label)\(("(?:[^"\\]|\\.)*")\)')
_FONTS = "run tools/handbook/pdf/make_fonts.py, or write another character"
_HINTS = {
    "could not be displayed with": _FONTS,
    "artifacts may not contain links": "take the link or the note out of what is repeated there",
    "missing alt text": "say in words what the picture shows",
}
_HINT = (
    "write what stands there in another way; if nothing is wrong with it, report this as a fault of"
    " the handbook's tools"
)


def mark(docname: str, line: str | int) -> str:
    """Return the line of Typst that names the source of the next block."""
    return f"{SOURCE_MARK}{docname}:{line}\n"


def place(source: str, diagnostic: str) -> Place | None:
    """Return the page and line that a diagnostic names by a line of ``source``."""
    match = re.search(r"main\.typ:(\d+):", diagnostic)
    lines = source.splitlines()[: int(match[1])] if match else []
    found = next((line for line in reversed(lines) if line.startswith(SOURCE_MARK)), None)
    if not found:
        return None
    docname, _, line = found.removeprefix(SOURCE_MARK).rpartition(":")
    return docname, int(line)


def same(message: str, other: str) -> bool:
    """Return whether two messages are about one error; the font that lacks a letter may differ."""
    one, two = (re.sub(r"displayed with .*", "", text) for text in (message, other))
    return one == two


def hint(message: str) -> str:
    """Return how to fix what Typst found."""
    return next((how for words, how in _HINTS.items() if words in message), _HINT)


def search(
    pages: Sequence[Page],
    whole: str,
    translate: Callable[[Page, HtmlElement], str],
    fails: Callable[[str], bool],
) -> Place | None:
    """Return the smallest part of the pages that causes an error when typeset by itself.

    :param whole: all pages in Typst's markup
    :param translate: turns a part of a page into Typst's markup
    :param fails: whether Typst finds the error in this markup
    """
    names = dict.fromkeys(_LABEL.findall(whole))

    def brings(parts: Sequence[tuple[Page, HtmlElement]]) -> bool:
        markup = "\n\n".join(translate(*part) for part in parts)
        there = set(_LABEL.findall(markup))
        # Targets for links to the rest of the book.
        others = [call("mark", name) for name in names if name not in there and name in markup]
        return fails("\n\n".join([markup, *others]))

    left = [(page, page.tree) for page in pages]
    while len(left) > 1:
        half = left[: len(left) // 2]
        left = half if brings(half) else left[len(half) :]
    if not left or not brings(left):
        return None
    page, element = left[0]
    while inner := [child for child in element if isinstance(child.tag, str)]:
        smaller = next((child for child in inner if brings([(page, child)])), None)
        if smaller is None:
            break
        element = smaller
    return page.docname, line_of(element) or 1
