"""Sets of indicators for cities: their totals, according to whoever counted, and their themes.

They are the rows of ``references/indicators.yaml``; :class:`handbook.model.profiles.Profiles` holds
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from handbook.model.profile_shapes import INDICATOR_SET
from handbook.model.records import cited
from handbook.model.rows import Row
from handbook.rules.findings import Place

SHAPE = INDICATOR_SET


@dataclass(frozen=True, slots=True)
class Count:
    """How many indicators a set has, according to which source."""

    number: int
    by: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of a set: the number of its indicators and of those that every city is to report, as
    far as known, and the set's own name for it, if that differs.
    """

    name: str
    number: int | None = None
    core: int | None = None
    called: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    """A set of indicators; if it has no themes, ``basis`` says why they are unknown."""

    name: str
    counts: tuple[Count, ...]
    themes: tuple[Theme, ...]
    basis: str
    sources: tuple[str, ...]
    cited: tuple[tuple[str, Place], ...] = field(default=(), compare=False)

    @property
    def counted(self) -> bool:
        """Return whether its numbers are known theme by theme."""
        return bool(self.themes) and all(one.number is not None for one in self.themes)


def read(rows: Iterable[Row]) -> Iterator[IndicatorSet]:
    """Yield the sets; a sum that matches none of the totals is reported as a fault of its row."""
    for row in rows:
        value = row.value
        themes = value.get("themes", {})
        made = IndicatorSet(
            value["set"],
            tuple(
                Count(one["number"], one["by"], tuple(one["sources"])) for one in value["counts"]
            ),
            tuple(
                Theme(one["theme"], one.get("number"), one.get("core"), one.get("called", ""))
                for one in themes.get("in", ())
            ),
            themes.get("basis", value.get("unknown", "")),
            tuple(themes.get("sources", value.get("sources", ()))),
            tuple(cited(row, value)),
        )
        seen: set[str] = set()
        for number, one in enumerate(made.themes):
            if one.name in seen:
                fault = f"{one.name!r} appears twice"
                row.fault(("themes", "in", number, "theme"), fault, "delete one of the two")
            seen.add(one.name)
        sum_ = sum(one.number or 0 for one in made.themes)
        if made.counted and sum_ not in {one.number for one in made.counts}:
            fault = f"its themes add up to {sum_}, a total that nobody gives"
            row.fault(("themes",), fault, "count again, or add the total that somebody gives")
        yield made
