"""The few primitives of the handbook's small pictures: text, boxes, lines, links, and the frame.

A picture has its colours as attributes, so that print, EPUB and saved files need no style sheet;
its classes let the style sheet change them in dark mode and for readers' own colours (``.hb-pic``
in ``parts.css``). A table or text beside it has the same content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from unicodedata import east_asian_width

from handbook.model.scripts import HAN, KANA, runs
from handbook.model.tokens import BRAND, INK, LINE, PAPER, QUIET, SOFT

#: The classes of parts, and their colours without a style sheet.
_FILLS = {
    "ink": INK.light,
    "quiet": QUIET.light,
    "soft": SOFT.light,
    "paper": PAPER.light,
    "brand": BRAND.light,
    "none": "none",
}
#: The approximate width of a letter in normal size, and of a Chinese character.
LETTER, _FULL_WIDTH = 6.7, 12.0
#: What a line does not break within: a word, or a Chinese character with its punctuation.
_PIECE = re.compile(
    rf" *[（《〈「“‘]*(?:[{HAN}{KANA}][，。、；：？！）》〉」”’]*|[^ {HAN}{KANA}（《〈「]+|$|(?= ))"
)


def wide(words: str) -> float:
    """Return the approximate width of words in normal size."""
    return sum(_FULL_WIDTH if east_asian_width(one) in "WF" else LETTER for one in words)


def lines(words: str, width: float) -> list[str]:
    """Break words into lines that fit into a width."""
    made: list[str] = []
    for piece in _PIECE.findall(words):
        if made and wide(made[-1] + piece) <= width:
            made[-1] += piece
        elif piece.strip():
            made.append(piece.strip())
    return made


def picture(
    width: float, height: float, parts: Iterable[str], *, id_: str, title: str, description: str
) -> str:
    """Return the SVG element: as wide as its drawing, or as its container if that is narrower.

    :param id_: prefix of the ids in the picture, unique on its page
    """
    return (
        f'<svg class="hb-pic" role="group" aria-labelledby="{id_}-title"'
        f' aria-describedby="{id_}-desc" xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
        f' font-family="system-ui, sans-serif" font-size="12"><title id="{id_}-title">'
        f'{escape(title)}</title><desc id="{id_}-desc">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    fill: str = "ink",
    anchor: str = "",
    size: float = 0,
    bold: bool = False,
) -> str:
    """Return words on the line ``y``."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="hb-{fill}" fill="{_FILLS[fill]}"'
        + (f' text-anchor="{anchor}"' if anchor else "")
        + (f' font-size="{size:g}"' if size else "")
        + (' font-weight="600"' if bold else "")
        + f">{_spoken(words)}</text>"
    )


def _spoken(words: str) -> str:
    """Mark the language of Chinese, Japanese and Korean runs in words."""
    return "".join(
        f'<tspan lang="{language}">{escape(run)}</tspan>' if language else escape(run)
        for run, language in runs(words)
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = "paper",
    stroke: str = "",
    radius: float = 4,
    dashed: bool = False,
) -> str:
    """Return a box with a fill of its own and a frame of ``stroke``, both names of colours."""
    frame = f' stroke="{_FILLS[stroke]}" stroke-width="1.4"' if stroke else ""
    classes = f"hb-{fill}" + (f" hb-framed-{stroke}" if stroke else "")
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:g}"'
        f' class="{classes}" fill="{_FILLS[fill]}"{frame}'
        + (' stroke-dasharray="4 3"' if dashed else "")
        + "/>"
    )


def hued(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    colour: str,
    kind: str,
    radius: float = 2,
    hollow: bool = False,
    dashed: bool = False,
) -> str:
    """Return a bar in the colour of a kind of badge, ``strand-club`` or ``state-withdrawn``."""
    paint = PAPER.light if hollow else colour
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
        f' rx="{radius:g}" class="hb-{kind} hb-{"hollow" if hollow else "hued"}" fill="{paint}"'
        f' stroke="{colour}"' + (' stroke-dasharray="3 2"' if dashed else "") + "/>"
    )


def line(x1: float, y1: float, x2: float, y2: float) -> str:
    """Return a hairline."""
    return (
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" class="hb-line" fill="none"'
        f' stroke="{LINE.light}"/>'
    )


def arrow(*points: tuple[float, float]) -> str:
    """Return a line along the points that ends in an arrowhead."""
    (x1, y1), (x2, y2) = points[-2], points[-1]
    length = max(((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5, 0.1)
    dx, dy = (x2 - x1) / length * 6, (y2 - y1) / length * 6
    way = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    head = (
        f"M{x2 - dx - dy / 1.6:.1f} {y2 - dy + dx / 1.6:.1f}L{x2:.1f} {y2:.1f}"
        f"L{x2 - dx + dy / 1.6:.1f} {y2 - dy - dx / 1.6:.1f}"
    )
    return f'<path d="M{way}{head}" class="hb-arrow" fill="none" stroke="{QUIET.light}"/>'


def link(address: str, name: str, parts: Iterable[str], *, reached: bool = True) -> str:
    """Return a link around parts of the picture.

    :param reached: whether the keyboard reaches it; not where a list beside it has the same links
    """
    off = "" if reached else ' tabindex="-1"'
    return f'<a href="{escape(address)}"{off}><title>{escape(name)}</title>{"".join(parts)}</a>'
