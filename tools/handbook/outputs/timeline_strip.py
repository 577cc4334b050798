"""The events of one page as a strip: a line of years with a mark for each event, as wide as the
page. A record, such as a place in a table, has a small one.

Places along the line are percentages and marks have a fixed size, so that one drawing suits
desktops and phones. The style sheet colours the marks, as it does those of the timeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from handbook.model.edtf import Edtf, Precision
from handbook.model.milestones import Milestone
from handbook.model.strands import STRANDS, MilestoneStatus
from handbook.outputs import svg
from handbook.outputs.timeline_picture import Entry, drawn_until, path

#: The narrowest width, in CSS pixels, at which marks are kept apart.
_NARROW = 300.0
#: The narrowest width at which marks have labels, the longest label, and the width of a letter.
_WIDE, _LONGEST, _LETTER = 640.0, 44, 6.2
_MARK, _LEVEL, _FOOT = 12.0, 15, 22
#: The narrowest width of a small strip, and the size of its marks.
_SMALL, _DOT = 150.0, 5.0
#: Steps between the years of labels: the first that needs at most this many labels.
_STEPS, _LABELS = (1, 2, 5, 10, 20, 50), 6


def draw(entries: Iterable[Entry], months: Sequence[str] = ()) -> str:
    """Return the SVG, from the first year of the events to the last.

    :param months: the short names of the twelve months, for events of a single year
    """
    marks = sorted(entries, key=lambda one: _begins(one.milestone.date))
    line = _Line([entry.milestone.date for entry in marks], months)
    levels: list[float] = []
    placed = [(entry, _level(entry.milestone, line, levels, _NARROW, _MARK)) for entry in marks]
    foot = len(levels) * _LEVEL + 2
    labels = _labels(placed, line)
    drawn = "".join(
        _mark(entry, line, foot - (level + 0.5) * _LEVEL, labels.get(number))
        for number, (entry, level) in enumerate(placed)
    )
    return (
        f'<svg class="hb-page-strip" width="100%" height="{foot + _FOOT}" aria-hidden="true">'
        f'<line class="hb-line" x2="100%" y1="{foot}" y2="{foot}"/>{line.labels(foot)}{drawn}</svg>'
    )


def small(milestones: Iterable[Milestone]) -> str:
    """Return the SVG of a record: marks without words, and the first and the last year."""
    told = sorted(milestones, key=lambda one: _begins(one.date))
    line = _Line([one.date for one in told])
    levels: list[float] = []
    placed = [(one, _level(one, line, levels, _SMALL, _DOT)) for one in told]
    foot = len(levels) * (_DOT + 2) + 1
    marks = "".join(_dot(one, line, foot - (level + 1) * (_DOT + 2)) for one, level in placed)
    first, last = line.ends
    end = (
        f'<text x="100%" y="{foot + 12:g}" text-anchor="end">{last}</text>' if last > first else ""
    )
    return (
        f'<svg class="hb-page-strip" width="100%" height="{foot + 15:g}" aria-hidden="true">'
        f'<line class="hb-line" x2="100%" y1="{foot:g}" y2="{foot:g}"/>'
        f'<text y="{foot + 12:g}">{first}</text>{end}{marks}</svg>'
    )


class _Line:
    """Converts days to percentages of the width."""

    def __init__(self, dates: Sequence[Edtf], months: Sequence[str] = ()) -> None:
        self._months = months
        self.ends = first, last = (
            min(map(_begins, dates)).year,
            max(map(drawn_until, dates)).year,
        )
        self._years = range(first, last + 1)
        self._first = date(first, 1, 1)
        self._days = (date(last, 12, 31) - self._first).days

    def span(self, value: Edtf) -> tuple[float, float]:
        """Return from where to where a date is drawn."""
        return self._at(_begins(value)), self._at(drawn_until(value))

    def _at(self, day: date) -> float:
        return 1.5 + 97 * (day - self._first).days / self._days

    def labels(self, foot: int) -> str:
        step = next(step for step in _STEPS if len(self._years) <= step * _LABELS)
        shown = [year for year in self._years if year % step == 0 or len(self._years) == 1]
        ticks = [(date(year, 1, 1), str(year)) for year in shown]
        if len(self._years) == 1 and self._months:
            names = [name if number % 3 == 0 else "" for number, name in enumerate(self._months)]
            year = self._years[0]
            ticks += [(date(year, number + 1, 1), name) for number, name in enumerate(names)][1:]
        return "".join(self._tick(day, name, foot) for day, name in ticks)

    def _tick(self, day: date, name: str, foot: int) -> str:
        words = f'<text y="17">{escape(name)}</text>' if name else ""
        return (
            f'<svg x="{self._at(day):.1f}%" y="{foot}" overflow="visible"><path'
            f' class="hb-line" d="M0 0v5"/>{words}</svg>'
        )


def _begins(value: Edtf) -> date:
    """Return the first day that is drawn; an open start begins where it ends."""
    return value.earliest if value.start else drawn_until(value)


def _level(one: Milestone, line: _Line, levels: list[float], wide: float, mark: float) -> int:
    """Return the lowest level that is still free at the place of the mark, even at the narrowest
    width.
    """
    start, end = (at * wide / 100 for at in line.span(one.date))
    spare = max(mark - (end - start), 0) / 2
    number = next((n for n, used in enumerate(levels) if used <= start - spare), len(levels))
    levels[number : number + 1] = [end + spare]
    return number


def _labels(placed: Sequence[tuple[Entry, int]], line: _Line) -> dict[int, tuple[str, bool]]:
    """Return the labels beside marks, and whether they are before them: as many as do not collide
    on a wide page, short names first. A style sheet hides them where the page is narrow.
    """
    taken: dict[int, list[tuple[float, float]]] = {}
    at: list[tuple[float, float]] = []
    for entry, level in placed:
        start, end = (part * _WIDE / 100 for part in line.span(entry.milestone.date))
        spare = max(_MARK - (end - start), 0) / 2
        at.append((start - spare, end + spare))
        taken.setdefault(level, []).append(at[-1])

    def weight(number: int) -> tuple[bool, int, int]:
        milestone = placed[number][0].milestone
        return not milestone.short, -len(milestone.strands) - len(milestone.sources), number

    found: dict[int, tuple[str, bool]] = {}
    for number in sorted(range(len(placed)), key=weight):
        milestone, level = placed[number][0].milestone, placed[number][1]
        text = milestone.short or milestone.title
        if svg.wide(text) > _LONGEST * svg.LETTER:
            while svg.wide(text) > (_LONGEST - 1) * svg.LETTER:
                text = text[:-1]
            text = f"{text.rstrip()}…"
        long = svg.wide(text) * _LETTER / svg.LETTER + 8
        start, end = at[number]
        for before, left, right in ((False, end, end + long), (True, start - long, start)):
            others = [one for one in taken[level] if one != at[number]]
            if left >= 0 and right <= _WIDE and all(b <= left or a >= right for a, b in others):
                taken[level].append((left, right))
                found[number] = text, before
                break
    return found


def _looks(milestone: Milestone) -> str:
    """Return the classes of a mark."""
    value = milestone.date
    looks = {
        f"hb-mark hb-strand-{milestone.strands[0]}": True,
        "hb-hollow": milestone.status is not MilestoneStatus.HAPPENED,
        "hb-disputed": milestone.status is MilestoneStatus.DISPUTED,
        "hb-faded": value.uncertain or value.approximate or not (value.start and value.end),
    }
    return " ".join(look for look, has in looks.items() if has)


def _dot(milestone: Milestone, line: _Line, y: float) -> str:
    start, end = line.span(milestone.date)
    place = f'x="{start:.1f}%" width="{end - start:.1f}%"'
    if (end - start) * _SMALL / 100 < _DOT:
        place = (
            f'x="{(start + end) / 2:.1f}%" width="{_DOT:g}" transform="translate({-_DOT / 2:g})"'
        )
    return f'<g class="{_looks(milestone)}"><rect {place} y="{y:g}" height="{_DOT:g}"/></g>'


def _mark(entry: Entry, line: _Line, y: float, label: tuple[str, bool] | None) -> str:
    milestone, value = entry.milestone, entry.milestone.date
    start, end = line.span(value)
    is_day = value.precision is Precision.DAY and not value.is_interval
    if is_day or (end - start) * _NARROW / 100 < 8:
        shape = f'<path d="{path(STRANDS[milestone.strands[0]].shape)}"/>' if is_day else _SHORT
        drawn = f'<svg x="{(start + end) / 2:.1f}%" y="{y:g}" overflow="visible">{shape}</svg>'
    else:
        drawn = (
            f'<rect x="{start:.1f}%" y="{y - 4:g}" width="{end - start:.1f}%" height="8" rx="3"/>'
        )
    words = ""
    if label:
        text, before = label
        is_long = (end - start) * _WIDE / 100 >= _MARK
        at = (start if before else end) if is_long else (start + end) / 2
        away = 4 if is_long else 9
        side = f'dx="-{away}" text-anchor="end"' if before else f'dx="{away}"'
        words = f'<text class="hb-tag" x="{at:.1f}%" y="{y + 4:g}" {side}>{escape(text)}</text>'
    return (
        f'<a href="{escape(entry.address)}" tabindex="-1" class="{_looks(milestone)}">'
        f"<title>{escape(entry.words)}</title>{drawn}{words}</a>"
    )


#: The symbol in place of a bar that would be too short to see.
_SHORT = '<rect x="-4" y="-4" width="8" height="8" rx="3"/>'
