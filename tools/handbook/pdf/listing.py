"""Code as its page shows it: line numbers, highlighted lines, colours.

All of it is read from the block itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement
from pygments.style import Style
from pygments.token import STANDARD_TYPES

from handbook.pdf.book import classes
from handbook.pdf.typst_markup import call, string

Wrap = Callable[[str], str]


@dataclass
class Line:
    """``text`` is plain, ``markup`` is Typst; ``number`` is printed beside it if there is one."""

    text: str = ""
    markup: str = ""
    number: str = ""
    marked: bool = False


@dataclass
class Listing:
    """The lines of a block of code."""

    show: Wrap
    lines: list[Line] = field(default_factory=lambda: [Line()])

    def add(self, text: str, wrap: Wrap, *, marked: bool) -> None:
        """Add words, which may span several lines."""
        for number, part in enumerate(text.split("\n")):
            if number:
                self.lines.append(Line())
            line = self.lines[-1]
            line.text += part
            line.marked |= marked and bool(part)
            line.markup += wrap(self.show(part)) if part else ""


def plain(text: str) -> str:
    """Return Typst markup that prints a piece of code unchanged."""
    return "#" + string(text) + ";"


def broken(text: str) -> str:
    """Return the same for code whose lines may break anywhere."""
    return call("anywhere", string(text)) + ";"


def read(
    block: HtmlElement, link: Callable[[HtmlElement], Wrap | None], show: Wrap = plain
) -> list[Line]:
    """Return the lines of a ``pre`` element.

    :param link: the markup around the words of a link; empty for one that leads nowhere
    :param show: writes a piece of code in Typst's markup
    """
    listing = Listing(show)
    for text, around in _texts(block, ()):
        kinds = [kind for element in around for kind in classes(element)]
        if "linenos" in kinds:
            listing.lines[-1].number += text.strip()
            continue

        def wrap(markup: str, around: tuple[HtmlElement, ...] = around) -> str:
            for element in reversed(around):
                if found := _wrap(element, link):
                    markup = found(markup)
            return markup

        listing.add(text, wrap, marked="hll" in kinds)
    while len(listing.lines) > 1 and not listing.lines[-1].text:
        listing.lines.pop()
    return listing.lines


def _texts(
    element: HtmlElement, around: tuple[HtmlElement, ...]
) -> Iterator[tuple[str, tuple[HtmlElement, ...]]]:
    if element.text:
        yield element.text, around
    for child in element:
        if isinstance(child.tag, str):
            yield from _texts(child, (*around, child))
        if child.tail:
            yield child.tail, around


def _wrap(element: HtmlElement, link: Callable[[HtmlElement], Wrap | None]) -> Wrap | None:
    if element.tag == "a":
        return link(element)
    if element.tag in {"em", "i", "cite"}:
        return lambda markup: f"#emph[{markup}]"
    if element.tag in {"strong", "b"}:
        return lambda markup: f"#strong[{markup}]"
    kinds = [kind for kind in classes(element) if kind in _TOKENS]
    return (lambda markup: call("token", string(kinds[0])) + f"[{markup}]") if kinds else None


_TOKENS = {name: token for token, name in STANDARD_TYPES.items() if name}


def tokens(style: type[Style]) -> str:
    """Return Typst's table of how each kind of token looks in a style of Pygments."""
    rows = []
    for name, token in sorted(_TOKENS.items()):
        look = style.style_for_token(token)
        parts = [f'fill: rgb("#{look["color"]}")'] if look["color"] else []
        parts += ['weight: "bold"'] if look["bold"] else []
        if parts:
            rows.append(f"  {string(name)}: ({', '.join(parts)}),")
    return "#let tokens = (:\n)" if not rows else "#let tokens = (\n" + "\n".join(rows) + "\n)\n"
