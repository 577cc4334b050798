"""Counts that must not be joined: each on its own line, with its own shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from handbook.model import strands
from handbook.model.marks import ENGLISH, Marks
from handbook.model.tokens import PAPER
from handbook.outputs import svg

#: Outlines around a point, one for each row.
_SHAPES = (
    "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "m-5-5h10v10h-10z",
    "m0-6 6 11h-12z",
    "m0-7 6 7-6 7-6-7z",
    "m-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
)


#: What makes a number a lower limit, in English and in Chinese.
_MORE = re.compile("more than|多")


def draw(
    rows: Sequence[tuple[str, str, str]],
    *,
    id_: str,
    title: str,
    description: str,
    colour: str,
    marks: Marks = ENGLISH,
) -> str:
    """Return the SVG: rows of when, how many, of what; a number after "more than" is hollow.

    :param colour: the kind of badge whose colour the marks have
    """
    numbers = [[int(one) for one in re.findall(r"\d+", how_many)] for _when, how_many, _of in rows]
    most = max((number for row in numbers for number in row), default=1)
    left, across, height = 118.0, 330.0, 30.0
    unit = across / (most * 1.05)
    bottom = len(rows) * height
    parts = []
    for tick in range(0, most + 1, 10):
        x = left + tick * unit
        parts += [
            svg.line(x, 0, x, bottom + 2),
            svg.text(x, bottom + 16, str(tick), fill="quiet", anchor="middle"),
        ]
    hue = dict(strands.looks())[colour].colour
    for place, (when, how_many, what) in enumerate(rows):
        y = place * height + height / 2
        open_ended = _MORE.search(how_many) is not None
        parts.append(svg.text(0, y + 4, when, fill="quiet"))
        for number in numbers[place]:
            x = left + number * unit
            shape = _SHAPES[place % len(_SHAPES)]
            fill = PAPER.light if open_ended else hue
            parts.append(
                f"<g><title>{escape(f'{when}{marks.colon}{how_many}{marks.within(what)}')}</title>"
                f'<path d="M{x:.1f} {y:.1f}{shape}" fill="{fill}" stroke="{hue}"'
                f' class="hb-{colour} hb-{"hollow" if open_ended else "hued"}"/></g>'
            )
        parts.append(svg.text(left + max(numbers[place], default=0) * unit + 14, y + 4, how_many))
    return svg.picture(
        left + across + 130, bottom + 24, parts, id_=id_, title=title, description=description
    )
