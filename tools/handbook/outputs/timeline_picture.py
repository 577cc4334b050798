"""The timeline at a glance, drawn as SVG: a lane a strand, a mark a milestone, publications of
standards as a rug.

A day is a sign, a coarser date or an interval a bar as long as what it can mean; an uncertain or
approximate one fades at its ends, a disputed one has a broken frame. The picture is drawn twice:
time from left to right for wide pages, from top to bottom for phones. Colours are presentation
attributes, so that the picture needs no style sheet; a style sheet may still change them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from handbook.model.edtf import Edtf, Precision
from handbook.model.pages import Milestone, MilestoneStatus, Strand

_COLOURS = {
    Strand.COMMITTEE: "#1f6fb2",
    Strand.STANDARDS: "#57606a",
    Strand.CLUB: "#7a4bb5",
    Strand.HANGZHOU: "#1b7f4d",
    Strand.NEIGHBOURS: "#a3541a",
}
_INK, _QUIET, _LINE = "#1c2127", "#57606a", "#c3c9d0"
_MARK = 11.0
_LEVEL = 15.0
_LABEL = 15.0
_RUG = 18.0
_LETTER = 6.6


@dataclass(frozen=True, slots=True)
class Entry:
    """One milestone of the picture. ``number`` is its place in the list of all, from 0."""

    milestone: Milestone
    number: int
    is_publication: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """What the picture says, in the reader's language. ``outside`` takes a number."""

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


def draw(
    entries: Iterable[Entry],
    words: Words,
    *,
    id_: str,
    first_year: int,
    tall: bool,
    labels: bool = True,
) -> str:
    """The SVG.

    :param id_: prefix of the ids in the picture, unique on its page
    :param first_year: where the axis begins; what lies outside of it is counted in words
    :param tall: whether time runs from top to bottom
    """
    entries = list(entries)
    events = [entry for entry in entries if not entry.is_publication]
    rug = [entry for entry in entries if entry.is_publication]
    # A far plan must not press the years that have happened together; it is counted in words
    # instead.
    happened = (entry for entry in entries if entry.milestone.status is not MilestoneStatus.PLANNED)
    last_year = max([first_year, *(_end(entry.milestone.date).year for entry in happened)]) + 1
    scale = _Scale(first_year, last_year, 62.0 if tall else 70.0)
    lanes = [
        _lane(strand, events, scale, tall=tall, labels=labels and not tall) for strand in Strand
    ]
    lanes = [lane for lane in lanes if lane.placed or (lane.strand is Strand.STANDARDS and rug)]
    parts: list[str] = []
    margin, across = (34.0, 30.0) if tall else (108.0, 26.0)
    for lane in lanes:
        width = _lane_width(lane, rug=bool(rug) and lane.strand is Strand.STANDARDS)
        parts += _draw_lane(
            lane,
            words,
            scale,
            margin,
            across,
            width,
            rug if lane.strand is Strand.STANDARDS else (),
            tall=tall,
        )
        across += width
    outside = sum(
        _end(entry.milestone.date) < scale.first or entry.milestone.date.earliest >= scale.last
        for entry in entries
    )
    length = margin + scale.length + 12
    axis = _axis(scale, margin, across, tall=tall)
    if outside:
        text = escape(words.outside % outside)
        axis.append(
            _text(
                margin if tall else 4,
                12 if tall else across + 16,
                text,
                fill=_QUIET,
                size=11,
                css="hb-quiet",
            )
        )
    width, height = (across + 8, length) if tall else (length, across + 24)
    return (
        f'<svg class="hb-overview {"hb-tall" if tall else "hb-broad"}" role="img"'
        f' aria-labelledby="{id_}-title {id_}-desc"'
        f' xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' font-family="system-ui, sans-serif" font-size="12">'
        f'<title id="{id_}-title">{escape(words.title)}</title><desc'
        f' id="{id_}-desc">{escape(words.description)}</desc>'
        f"{_fades(id_)}{''.join(axis)}{''.join(parts)}</svg>"
    ).replace("FADE-", f"{id_}-fade-")


class _Scale:
    """Days to points along the axis of time."""

    def __init__(self, first_year: int, last_year: int, year: float) -> None:
        self.first, self.last = date(first_year, 1, 1), date(last_year, 1, 1)
        self.years = range(first_year, last_year)
        self._day = year / 365.25
        self.length = self(self.last)

    def __call__(self, day: date) -> float:
        return (min(max(day, self.first), self.last) - self.first).days * self._day


def _end(value: Edtf) -> date:
    """The last day that is drawn; an open end stops at its start, where an arrow shows that it goes
    on.
    """
    return value.latest if value.end else value.earliest


def _lane(
    strand: Strand, events: Sequence[Entry], scale: _Scale, *, tall: bool, labels: bool
) -> _Lane:
    """Put each mark on the lowest level where nothing stands yet, then each short label where it
    meets no other.
    """
    lane = _Lane(strand)
    for entry in events:
        value = entry.milestone.date
        # An event of several strands stands in the lane of the first only: the same thing twice
        # would look like two.
        if (
            entry.milestone.strands[0] is not strand
            or _end(value) < scale.first
            or value.earliest >= scale.last
        ):
            continue
        start, end = scale(value.earliest), scale(_end(value))
        if end - start < _MARK:
            middle = (start + end) / 2
            start, end = middle - _MARK / 2, middle + _MARK / 2
        level = next(
            (number for number, used in enumerate(lane.levels) if used + 1.5 <= start),
            len(lane.levels),
        )
        lane.levels[level:] = [
            *([end] if level == len(lane.levels) else [end, *lane.levels[level + 1 :]])
        ]
        lane.placed.append((entry, start, end, level))
    if labels:
        for entry, start, end, _level in lane.placed:
            if entry.milestone.short:
                _place_label(lane, entry.milestone.short, (start + end) / 2, scale.length)
    return lane


def _place_label(lane: _Lane, text: str, middle: float, length: float) -> None:
    width = len(text) * _LETTER
    left = min(max(middle - width / 2, 0), length - width)
    for number in range(len(lane.label_rows) + 1):
        if number == len(lane.label_rows):
            lane.label_rows.append([])
        row = lane.label_rows[number]
        if all(left + width + 8 <= a or b + 8 <= left for a, b in row):
            row.append((left, left + width))
            lane.labels.append((text, left, number))
            return


def _lane_width(lane: _Lane, *, rug: bool) -> float:
    return (
        14
        + len(lane.label_rows) * _LABEL
        + max(len(lane.levels), 1) * _LEVEL
        + (_RUG if rug else 0)
    )


def _draw_lane(
    lane: _Lane,
    words: Words,
    scale: _Scale,
    margin: float,
    across: float,
    width: float,
    rug: Sequence[Entry],
    *,
    tall: bool,
) -> list[str]:
    colour = _COLOURS[lane.strand]
    name = escape(words.strands[lane.strand])
    parts = [_line(across, scale, margin, tall=tall)]
    if tall:
        parts.append(
            _text(
                across + width / 2, 24, name, fill=colour, weight="bold", anchor="middle", size=9.5
            )
        )
    else:
        parts.append(_text(8, across + width / 2 + 4, name, fill=colour, weight="bold"))
    base = across + 7 + len(lane.label_rows) * _LABEL
    for text, left, row in lane.labels:
        parts.append(
            _text(
                margin + left,
                across + 12 + row * _LABEL,
                escape(text),
                fill=_INK,
                size=11.5,
                css="hb-ink",
            )
        )
    for entry, start, end, level in lane.placed:
        parts.append(
            _mark(
                entry,
                margin + start,
                end - start,
                base + level * _LEVEL + _LEVEL / 2,
                colour,
                lane.strand,
                tall=tall,
            )
        )
    at = base + max(len(lane.levels), 1) * _LEVEL
    for entry in rug:
        value = entry.milestone.date
        start, length = (
            margin + scale(value.earliest),
            max(scale(_end(value)) - scale(value.earliest), 1.4),
        )
        parts.append(
            _linked(
                entry,
                _rect(start, at + 2, length, _RUG - 6, tall=tall, fill=colour, opacity="0.55"),
            )
        )
    return parts


def _mark(
    entry: Entry,
    start: float,
    length: float,
    across: float,
    colour: str,
    strand: Strand,
    *,
    tall: bool,
) -> str:
    value, status = entry.milestone.date, entry.milestone.status
    is_day = value.precision is Precision.DAY and not value.is_interval and value.start is not None
    dashed = ' stroke-dasharray="3 2"' if status is MilestoneStatus.DISPUTED else ""
    hollow = status is not MilestoneStatus.HAPPENED
    faded = value.uncertain or value.approximate or value.start is None or value.end is None
    paint = (
        "#ffffff"
        if hollow
        else f"url(#FADE-{strand}{'-tall' if tall else ''})"
        if faded
        else colour
    )
    css = ' class="hb-hollow"' if hollow else ""
    style = f'fill="{paint}" stroke="{colour}" stroke-width="1.4"{dashed}{css}'
    if is_day:
        x, y = (across, start + length / 2) if tall else (start + length / 2, across)
        return _linked(entry, _sign(strand, x, y, style))
    return _linked(entry, _rect(start, across - 4, length, 8, tall=tall, style=style, rounded=True))


def _sign(strand: Strand, x: float, y: float, style: str) -> str:
    r = _MARK / 2 - 1
    if strand is Strand.CLUB:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" {style}/>'
    points = {
        Strand.COMMITTEE: [(-r, -r), (r, -r), (r, r), (-r, r)],
        Strand.STANDARDS: [(-r, -r + 1.5), (r, -r + 1.5), (r, r - 1.5), (-r, r - 1.5)],
        Strand.HANGZHOU: [(0, -r - 0.6), (r + 0.4, r), (-r - 0.4, r)],
        Strand.NEIGHBOURS: [(0, -r - 0.8), (r + 0.8, 0), (0, r + 0.8), (-r - 0.8, 0)],
    }[strand]
    return (
        f'<polygon points="{" ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in points)}" {style}/>'
    )


def _linked(entry: Entry, shape: str) -> str:
    # The list below says and links it all. A script takes name and address from there: said in both
    # pictures too, they were a quarter of the page.
    return f'<g data-entry="{entry.number}">{shape}</g>'


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


def _rect(
    start: float,
    across: float,
    length: float,
    thickness: float,
    *,
    tall: bool,
    fill: str = "",
    opacity: str = "",
    style: str = "",
    rounded: bool = False,
) -> str:
    x, y, width, height = (
        (across, start, thickness, length) if tall else (start, across, length, thickness)
    )
    paint = style or f'fill="{fill}" fill-opacity="{opacity}"'
    corner = ' rx="3"' if rounded else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{corner} {paint}/>'
    )


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


def _fades(id_: str) -> str:
    """Gradients that are faint at both ends, for dates that are not quite known."""
    stops = (
        '<stop offset="0" stop-color="{c}" stop-opacity=".1"/><stop offset=".5" stop-color="{c}"'
        ' stop-opacity=".8"/><stop offset="1" stop-color="{c}" stop-opacity=".1"/>'
    )
    return (
        "<defs>"
        + "".join(
            "<linearGradient"
            f' id="FADE-{strand}{suffix}"{turn}>{stops.format(c=colour)}</linearGradient>'
            for strand, colour in _COLOURS.items()
            for suffix, turn in (("", ""), ("-tall", ' x2="0" y2="1"'))
        )
        + "</defs>"
    )
