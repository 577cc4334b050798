"""The events of one page as a strip: a line of years with a mark an event, as wide as the page.

Places along the line are percentages and marks have a fixed size, so that one drawing serves a
desk and a phone. The style sheet colours the marks, as it does those of the timeline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from handbook.model.edtf import Edtf, Precision
from handbook.model.strands import STRANDS, MilestoneStatus
from handbook.outputs.timeline_picture import Entry, drawn_until, path

#: The narrowest width, in CSS pixels, on which marks are kept apart.
_NARROW = 300.0
_MARK, _LEVEL, _FOOT = 12.0, 15, 22
#: Years between two labels: the first that leaves at most so many.
_STEPS, _LABELS = (1, 2, 5, 10, 20, 50), 6


def draw(entries: Iterable[Entry]) -> str:
    """The SVG, from the first year of the events to the last."""
    marks = sorted(entries, key=lambda one: _begins(one.milestone.date))
    line = _Line(marks)
    levels: list[float] = []
    placed = [(entry, _level(entry, line, levels)) for entry in marks]
    foot = len(levels) * _LEVEL + 2
    drawn = "".join(_mark(entry, line, foot - (level + 0.5) * _LEVEL) for entry, level in placed)
    return (
        f'<svg class="hb-page-strip" width="100%" height="{foot + _FOOT}" aria-hidden="true">'
        f'<line class="hb-line" x2="100%" y1="{foot}" y2="{foot}"/>{line.labels(foot)}{drawn}</svg>'
    )


class _Line:
    """Days to percentages of the width."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        dates = [entry.milestone.date for entry in entries]
        first, last = min(map(_begins, dates)).year, max(map(drawn_until, dates)).year
        self._years = range(first, last + 1)
        self._first = date(first, 1, 1)
        self._days = (date(last, 12, 31) - self._first).days

    def span(self, value: Edtf) -> tuple[float, float]:
        """From where to where a date is drawn."""
        return self._at(_begins(value)), self._at(drawn_until(value))

    def _at(self, day: date) -> float:
        return 1.5 + 97 * (day - self._first).days / self._days

    def labels(self, foot: int) -> str:
        step = next(step for step in _STEPS if len(self._years) <= step * _LABELS)
        shown = [year for year in self._years if year % step == 0 or len(self._years) == 1]
        return "".join(
            f'<svg x="{self._at(date(year, 1, 1)):.1f}%" y="{foot}" overflow="visible"><path'
            f' class="hb-line" d="M0 0v5"/><text y="17">{year}</text></svg>'
            for year in shown
        )


def _begins(value: Edtf) -> date:
    """The first day that is drawn; an open start begins where it ends."""
    return value.earliest if value.start else drawn_until(value)


def _level(entry: Entry, line: _Line, levels: list[float]) -> int:
    """The lowest level on which nothing stands yet where the mark goes, even on a narrow page."""
    start, end = (at * _NARROW / 100 for at in line.span(entry.milestone.date))
    spare = max(_MARK - (end - start), 0) / 2
    number = next((n for n, used in enumerate(levels) if used <= start - spare), len(levels))
    levels[number : number + 1] = [end + spare]
    return number


def _mark(entry: Entry, line: _Line, y: float) -> str:
    milestone, value = entry.milestone, entry.milestone.date
    start, end = line.span(value)
    looks = {
        f"hb-mark hb-strand-{milestone.strands[0]}": True,
        "hb-hollow": milestone.status is not MilestoneStatus.HAPPENED,
        "hb-disputed": milestone.status is MilestoneStatus.DISPUTED,
        "hb-faded": value.uncertain or value.approximate or not (value.start and value.end),
    }
    classes = " ".join(look for look, has in looks.items() if has)
    is_day = value.precision is Precision.DAY and not value.is_interval
    if is_day or (end - start) * _NARROW / 100 < 8:
        shape = f'<path d="{path(STRANDS[milestone.strands[0]].shape)}"/>' if is_day else _SHORT
        drawn = f'<svg x="{(start + end) / 2:.1f}%" y="{y:g}" overflow="visible">{shape}</svg>'
    else:
        drawn = (
            f'<rect x="{start:.1f}%" y="{y - 4:g}" width="{end - start:.1f}%" height="8" rx="3"/>'
        )
    return (
        f'<a href="{escape(entry.address)}" tabindex="-1" class="{classes}">'
        f"<title>{escape(entry.words)}</title>{drawn}</a>"
    )


#: A bar that would be too short to see.
_SHORT = '<rect x="-4" y="-4" width="8" height="8" rx="3"/>'
