"""The timeline as a strip: a row for each strand, a bar for each year, as high as its number of
events.

It is drawn twice, with words beside it for wide pages and with few for phones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handbook.model.strands import STRANDS, Strand, kind
from handbook.outputs import svg

_ROW, _BAR = 24.0, 19.0


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the picture. ``year`` takes a year and a number of events."""

    title: str
    description: str
    year: str
    strands: Mapping[Strand, str]


def draw(
    counts: Mapping[tuple[Strand, int], int],
    labels: Mapping[int, str],
    years: Sequence[int],
    words: Words,
    *,
    id_: str,
    narrow: bool,
    link: Callable[[int], str],
) -> str:
    """Return the SVG.

    :param counts: the number of events of a strand in a year
    :param labels: a short name of one event of a year
    :param link: where a year leads
    """
    left, column = (78.0, 18.0) if narrow else (92.0, 48.0)
    top = 6.0 if narrow else 34.0
    most = max(counts.values(), default=1)
    rows = [strand for strand in Strand if any((strand, year) in counts for year in years)]
    bottom = top + len(rows) * _ROW
    width = left + len(years) * column + 6
    parts = [
        part
        for number, strand in enumerate(rows, 1)
        for part in (
            svg.line(left, top + number * _ROW, width - 6, top + number * _ROW),
            svg.text(0, top + number * _ROW - 5, words.strands[strand], fill="ink", bold=True),
        )
    ]
    if not narrow:
        parts += _labels(labels, years, left, column)
    for place, year in enumerate(years):
        x = left + place * column
        told = sum(counts.get((strand, year), 0) for strand in rows)
        shown = [svg.box(x, top, column, bottom - top + 20, fill="none")]
        for number, strand in enumerate(rows, 1):
            if count := counts.get((strand, year)):
                height = max(2.0, _BAR * (count / most) ** 0.5)
                y, wide = top + number * _ROW - height, min(column - 4, 22)
                colour = STRANDS[strand].colour
                bar = x + (column - wide) / 2
                shown.append(
                    svg.hued(bar, y, wide, height, colour=colour, kind=kind(strand), radius=1)
                )
        if not narrow or place % 2 == 0:
            name = f"{year % 100:02d}" if narrow else str(year)
            middle = x + column / 2
            shown.append(svg.text(middle, bottom + 15, name, fill="quiet", anchor="middle"))
        parts.append(svg.link(link(year), words.year % {"year": year, "events": told}, shown))
    return svg.picture(
        width, bottom + 24, parts, id_=id_, title=words.title, description=words.description
    )


def _labels(
    labels: Mapping[int, str], years: Sequence[int], left: float, column: float
) -> list[str]:
    """Return names of events above their years, in two lines, without overlaps."""
    made: list[str] = []
    until = [0.0, 0.0]
    for place, year in enumerate(years):
        if not (label := labels.get(year)):
            continue
        wide = svg.wide(label)
        start = left + place * column
        row = next((number for number, end in enumerate(until) if end + 8 <= start), None)
        if row is None or start + wide > left + len(years) * column + 6:
            continue
        until[row] = start + wide
        made.append(svg.text(start, 12 + row * 15, label, fill="quiet", size=11))
    return made
