"""The timeline at a glance, drawn as SVG: a lane for each strand, a mark for each milestone,
publications of standards as a rug.

A day is a symbol, a coarser date or an interval is a bar as long as the span that it can mean; an
uncertain or approximate one fades at its ends, a disputed one has a broken frame. The picture is
drawn twice: time from left to right for wide pages, from top to bottom for phones. Colours are
presentation attributes, so that the picture needs no style sheet; a style sheet may still change
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from handbook.model.edtf import Edtf, Precision
from handbook.model.milestones import Milestone
from handbook.model.strands import STRANDS, MilestoneStatus, Shape, Strand
from handbook.model.tokens import INK, LINE, PAPER, QUIET
from handbook.outputs import svg

_INK, _QUIET, _LINE = INK.light, QUIET.light, LINE.light
_MARK = 11.0
_LEVEL = 15.0
_LABEL = 15.0
_RUG = 18.0
_LETTER = 6.6


@dataclass(frozen=True, slots=True)
class Entry:
    """One milestone of the picture.

    ``address`` is where its mark leads. ``words`` are the mark's own name; a picture beside the
    list needs none.
    """

    milestone: Milestone
    address: str
    is_publication: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the picture, in the reader's language. ``outside`` takes a number."""

    title: str
    description: str
    outside: str
    strands: Mapping[Strand, str]


@dataclass(slots=True)
class _Lane:
    strand: Strand
    levels: list[float] = field(default_factory=list)
    placed: list[tuple[Entry, float, float, int]] = field(default_factory=list)
    labels: list[tuple[str, float, int]] = field(default_factory=list)
    label_rows: list[list[tuple[float, float]]] = field(default_factory=list)
    rug: list[Entry] = field(default_factory=list)

    @property
    def height(self) -> float:
        """Return the height of the levels of marks."""
        return max(len(self.levels), 1) * _LEVEL

    @property
    def width(self) -> float:
        """Return the width of the whole lane across the axis of time."""
        rug = _RUG if self.rug else 0
        return 14 + len(self.label_rows) * _LABEL + self.height + rug


def draw(
    entries: Iterable[Entry],
    words: Words,
    *,
    id_: str,
    first_year: int,
    tall: bool,
    labels: bool = True,
) -> str:
    """Return the SVG.

    :param id_: prefix of the ids in the picture, unique on its page
    :param first_year: the start of the axis; events outside it are counted in words
    :param tall: whether time runs from top to bottom
    """
    entries = list(entries)
    events = [entry for entry in entries if not entry.is_publication]
    rug = [entry for entry in entries if entry.is_publication]
    scale = _Scale(first_year, last_year(entries, first_year), 62.0 if tall else 70.0)
    margin, across = (34.0, 30.0) if tall else (108.0, 26.0)
    parts: list[str] = []
    for strand in Strand:
        lane = _lane(strand, events, scale, labels=labels and not tall)
        lane.rug = rug if strand is Strand.STANDARDS else []
        if lane.placed or lane.rug:
            parts += _Drawing(lane, scale, margin, across, tall=tall).draw(words)
            across += lane.width
    outside = sum(not scale.holds(entry.milestone.date) for entry in entries)
    axis = _axis(scale, margin, across, tall=tall)
    if outside:
        x, y = (margin, 12) if tall else (4, across + 16)
        text = escape(words.outside % outside)
        axis.append(_text(x, y, text, fill=_QUIET, size=11, css="hb-quiet"))
    hidden = "" if any(entry.words for entry in entries) else ' aria-hidden="true"'
    length = margin + scale.length + 12
    width, height = (across + 8, length) if tall else (length, across + 24)
    return (
        f'<svg class="hb-overview {"hb-tall" if tall else "hb-broad"}" role="group"'
        f' aria-labelledby="{id_}-title {id_}-desc"'
        f' xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' font-family="system-ui, sans-serif" font-size="12">'
        f'<title id="{id_}-title">{escape(words.title)}</title><desc'
        f' id="{id_}-desc">{escape(words.description)}</desc>'
        f"{_fades()}<g{hidden}>{''.join(axis)}{''.join(parts)}</g></svg>"
    ).replace("FADE-", f"{id_}-fade-")


def last_year(entries: Iterable[Entry], first_year: int) -> int:
    """Return the year in which the axis ends. A distant plan must not squeeze the years that have
    passed; it is counted in words instead.
    """
    happened = (
        drawn_until(entry.milestone.date).year
        for entry in entries
        if entry.milestone.status is not MilestoneStatus.PLANNED
    )
    return max([first_year, *happened]) + 1


class _Scale:
    """Converts days to points along the axis of time."""

    def __init__(self, first_year: int, last_year: int, year: float) -> None:
        self.first, self.last = date(first_year, 1, 1), date(last_year, 1, 1)
        self.years = range(first_year, last_year)
        self._day = year / 365.25
        self.length = self(self.last)

    def holds(self, value: Edtf) -> bool:
        """Return whether a date is on the axis, at least in part."""
        return drawn_until(value) >= self.first and value.earliest < self.last

    def __call__(self, day: date) -> float:
        return (min(max(day, self.first), self.last) - self.first).days * self._day


def drawn_until(value: Edtf) -> date:
    """Return the last day that is drawn; an open end stops at its start, where an arrow shows that
    it continues.
    """
    return value.latest if value.end else value.earliest


def _lane(strand: Strand, events: Sequence[Entry], scale: _Scale, *, labels: bool) -> _Lane:
    """Put each mark on the lowest free level, then each short label where it meets no other."""
    lane = _Lane(strand)
    for entry in events:
        value = entry.milestone.date
        # An event of several strands is in the lane of the first only: the same event twice would
        # look like two.
        if entry.milestone.strands[0] is not strand or not scale.holds(value):
            continue
        start, end = scale(value.earliest), scale(drawn_until(value))
        if end - start < _MARK:
            middle = (start + end) / 2
            start, end = middle - _MARK / 2, middle + _MARK / 2
        level = next(
            (number for number, used in enumerate(lane.levels) if used + 1.5 <= start),
            len(lane.levels),
        )
        lane.levels[level : level + 1] = [end]
        lane.placed.append((entry, start, end, level))
    if labels:
        for entry, start, end, _level in lane.placed:
            if entry.milestone.short:
                _place_label(lane, entry.milestone.short, (start + end) / 2, scale.length)
    return lane


def _place_label(lane: _Lane, text: str, middle: float, length: float) -> None:
    width = svg.wide(text) * _LETTER / svg.LETTER
    left = min(max(middle - width / 2, 0), length - width)
    for number in range(len(lane.label_rows) + 1):
        if number == len(lane.label_rows):
            lane.label_rows.append([])
        row = lane.label_rows[number]
        if all(left + width + 8 <= a or b + 8 <= left for a, b in row):
            row.append((left, left + width))
            lane.labels.append((text, left, number))
            return


class _Drawing:
    """Draws one lane, ``across`` points from the edge where the lanes begin."""

    def __init__(
        self, lane: _Lane, scale: _Scale, margin: float, across: float, *, tall: bool
    ) -> None:
        self._lane = lane
        self._scale = scale
        self._margin = margin
        self._across = across
        self._tall = tall
        self._colour = STRANDS[lane.strand].colour
        self._base = across + 7 + len(lane.label_rows) * _LABEL

    def draw(self, words: Words) -> list[str]:
        """Return the line above the lane, its name, labels, marks and rug."""
        return [
            _line(self._across, self._scale, self._margin, tall=self._tall),
            self._name(escape(words.strands[self._lane.strand])),
            *map(self._label, self._lane.labels),
            *(self._mark(*placed) for placed in self._lane.placed),
            *map(self._publication, self._lane.rug),
        ]

    def _name(self, name: str) -> str:
        middle = self._across + self._lane.width / 2
        if self._tall:
            return _text(
                middle, 24, name, fill=self._colour, weight="bold", anchor="middle", size=9.5
            )
        return _text(8, middle + 4, name, fill=self._colour, weight="bold")

    def _label(self, label: tuple[str, float, int]) -> str:
        text, left, row = label
        x, y = self._margin + left, self._across + 12 + row * _LABEL
        return _text(x, y, escape(text), fill=_INK, size=11.5, css="hb-ink")

    def _publication(self, entry: Entry) -> str:
        start = self._scale(entry.milestone.date.earliest)
        length = max(self._scale(drawn_until(entry.milestone.date)) - start, 1.4)
        at = self._base + self._lane.height + 2
        place = _rect(self._margin + start, at, length, _RUG - 6, tall=self._tall)
        return _linked(entry, f'<rect {place} fill="{self._colour}" fill-opacity="0.55"/>')

    def _mark(self, entry: Entry, start: float, end: float, level: int) -> str:
        value = entry.milestone.date
        across = self._base + level * _LEVEL + _LEVEL / 2
        start, length = self._margin + start, end - start
        style = self._style(entry.milestone)
        if value.precision is Precision.DAY and not value.is_interval and value.start is not None:
            middle = start + length / 2
            x, y = (across, middle) if self._tall else (middle, across)
            return _linked(entry, _sign(STRANDS[self._lane.strand].shape, x, y, style))
        place = _rect(start, across - 4, length, 8, tall=self._tall)
        return _linked(entry, f'<rect {place} rx="3" {style}/>')

    def _style(self, milestone: Milestone) -> str:
        """Return the style of a mark: hollow for an event that did not simply happen, a broken
        frame for a disputed one, faded for an uncertain one.
        """
        value, status = milestone.date, milestone.status
        hollow = status is not MilestoneStatus.HAPPENED
        faded = value.uncertain or value.approximate or value.start is None or value.end is None
        paint = self._colour
        if hollow:
            paint = PAPER.light
        elif faded:
            paint = f"url(#FADE-{self._lane.strand}{'-tall' if self._tall else ''})"
        dashed = ' stroke-dasharray="3 2"' if status is MilestoneStatus.DISPUTED else ""
        css = ' class="hb-hollow"' if hollow else ""
        return f'fill="{paint}" stroke="{self._colour}" stroke-width="1.4"{dashed}{css}'


_R = _MARK / 2 - 1
#: The corners of each shape around its centre; a disc has none.
_CORNERS = {
    Shape.SQUARE: [(-_R, -_R), (_R, -_R), (_R, _R), (-_R, _R)],
    Shape.LINES: [(-_R, -_R + 1.5), (_R, -_R + 1.5), (_R, _R - 1.5), (-_R, _R - 1.5)],
    Shape.TRIANGLE: [(0, -_R - 0.6), (_R + 0.4, _R), (-_R - 0.4, _R)],
    Shape.DIAMOND: [(0, -_R - 0.8), (_R + 0.8, 0), (0, _R + 0.8), (-_R - 0.8, 0)],
}


def _sign(shape: Shape, x: float, y: float, style: str) -> str:
    if shape is Shape.DISC:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_R}" {style}/>'
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in _CORNERS[shape])
    return f'<polygon points="{points}" {style}/>'


def path(shape: Shape) -> str:
    """Return the outline of a shape around the origin, as ``d`` of an SVG path."""
    if shape is Shape.DISC:
        return f"M0 {-_R}a{_R} {_R} 0 1 0 .01 0z"
    return "M" + "L".join(f"{dx:g} {dy:g}" for dx, dy in _CORNERS[shape]) + "z"


def _linked(entry: Entry, shape: str) -> str:
    if entry.words:
        where, name = escape(entry.address), escape(entry.words)
        return f'<a href="{where}" aria-label="{name}">{shape}<title>{name}</title></a>'
    # Assistive technology uses the list, and need not pass hundreds of marks.
    return f'<a href="{escape(entry.address)}" tabindex="-1">{shape}</a>'


def _axis(scale: _Scale, margin: float, across: float, *, tall: bool) -> list[str]:
    parts = []
    for year in scale.years:
        at = margin + scale(date(year, 1, 1))
        x1, y1, x2, y2 = (28, at, across, at) if tall else (at, 20, at, across)
        parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{_LINE}"'
            ' stroke-width="0.7"/>'
        )
        middle = margin + scale(date(year, 7, 1))
        parts.append(
            _text(2, middle, str(year), fill=_QUIET, size=10.5, css="hb-quiet")
            if tall
            else _text(middle, 14, str(year), fill=_QUIET, anchor="middle", css="hb-quiet")
        )
    return parts


def _line(across: float, scale: _Scale, margin: float, *, tall: bool) -> str:
    x1, y1, x2, y2 = (
        (across, margin, across, margin + scale.length)
        if tall
        else (4, across, margin + scale.length, across)
    )
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{_LINE}"/>'


def _rect(start: float, across: float, length: float, thickness: float, *, tall: bool) -> str:
    """Return the place of a bar, as attributes."""
    x, y, width, height = (
        (across, start, thickness, length) if tall else (start, across, length, thickness)
    )
    return f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    fill: str,
    size: float = 12,
    weight: str = "",
    anchor: str = "",
    css: str = "",
) -> str:
    extra = (
        (f' font-weight="{weight}"' if weight else "")
        + (f' text-anchor="{anchor}"' if anchor else "")
        + (f' class="{css}"' if css else "")
    )
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" font-size="{size}"{extra}>{text}</text>'


def _fades() -> str:
    """Return gradients that fade at both ends, for uncertain dates."""
    stops = (
        '<stop offset="0" stop-color="{c}" stop-opacity=".1"/><stop offset=".5" stop-color="{c}"'
        ' stop-opacity=".8"/><stop offset="1" stop-color="{c}" stop-opacity=".1"/>'
    )
    return (
        "<defs>"
        + "".join(
            "<linearGradient"
            f' id="FADE-{strand}{suffix}"{turn}>{stops.format(c=look.colour)}</linearGradient>'
            for strand, look in STRANDS.items()
            for suffix, turn in (("", ""), ("-tall", ' x2="0" y2="1"'))
        )
        + "</defs>"
    )
