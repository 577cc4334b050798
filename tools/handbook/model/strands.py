"""The strands of the timeline and what else a badge names: colour, symbol and shape of each.

Everything that shows them reads these tables: the style sheet (:func:`style_sheet`), the PDF
(:func:`typst`), the picture of the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handbook.model.catalogue import State


class Strand(StrEnum):
    """The lanes of the timeline, in their order."""

    COMMITTEE = "committee"
    STANDARDS = "standards"
    CLUB = "club"
    HANGZHOU = "hangzhou"
    NEIGHBOURS = "neighbours"


class MilestoneStatus(StrEnum):
    """Whether an event took place as told."""

    HAPPENED = "happened"
    PLANNED = "planned"
    ANNOUNCED = "announced"
    DISPUTED = "disputed"


class Shape(StrEnum):
    """What stands beside the word where shapes are drawn; ``handbook.typ`` draws each."""

    SQUARE = "square"
    LINES = "lines"
    DISC = "disc"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    TICK = "tick"
    CROSS = "cross"
    DOTS = "dots"
    UNEQUAL = "unequal"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True)
class Look:
    """How a badge looks: a ``colour`` as ``#rrggbb``, a ``symbol`` (one character) or, where shapes
    are drawn, a ``shape``, and a ``border`` in CSS's words. None speaks by its colour alone.

    The ordinary case has no frame (``border`` is ``none``): frames are for what a reader must see.
    """

    colour: str
    symbol: str
    shape: Shape
    border: str = ""


_BLUE, _GREY, _VIOLET, _GREEN = "#1f6fb2", "#57606a", "#7a4bb5", "#1b7f4d"
_BROWN, _RED, _AMBER = "#a3541a", "#b3261e", "#8a5a00"
_GONE = Look(_RED, "×", Shape.CROSS, "double 3px")
_AHEAD = Look(_AMBER, "→", Shape.ARROW, "dotted")

STRANDS: Mapping[Strand, Look] = {
    Strand.COMMITTEE: Look(_BLUE, "■", Shape.SQUARE),
    Strand.STANDARDS: Look(_GREY, "▤", Shape.LINES),
    Strand.CLUB: Look(_VIOLET, "●", Shape.DISC),
    Strand.HANGZHOU: Look(_GREEN, "▲", Shape.TRIANGLE),
    Strand.NEIGHBOURS: Look(_BROWN, "◆", Shape.DIAMOND),
}
_IN_FORCE = Look(_GREEN, "✓", Shape.TICK, "none")
STATES: Mapping[State, Look] = {
    State.DRAFT: Look(_GREY, "…", Shape.DOTS, "dashed"),
    State.CURRENT: _IN_FORCE,
    State.CONFIRMED: _IN_FORCE,
    State.UNDER_REVIEW: Look(_AMBER, "…", Shape.DOTS),
    State.BEING_REVISED: Look(_AMBER, "→", Shape.ARROW),
    State.BEING_WITHDRAWN: Look(_RED, "→", Shape.ARROW),
    State.WITHDRAWN: _GONE,
    State.DELETED: _GONE,
}
#: What simply happened has no badge.
STATUSES: Mapping[MilestoneStatus, Look] = {
    MilestoneStatus.DISPUTED: Look(_RED, "≠", Shape.UNEQUAL, "dashed"),
    MilestoneStatus.PLANNED: _AHEAD,
    MilestoneStatus.ANNOUNCED: _AHEAD,
}


def kind(value: Strand | State | MilestoneStatus) -> str:
    """The name of a badge's look: ``strand-club``, ``state-under-review``,
    ``status-planned``.
    """
    group = {Strand: "strand", State: "state", MilestoneStatus: "status"}[type(value)]
    return f"{group}-{value.replace(' ', '-')}"


def looks() -> Iterator[tuple[str, Look]]:
    """Each kind of badge with its look."""
    tables: tuple[Mapping[Any, Look], ...] = (STRANDS, STATES, STATUSES)
    for table in tables:
        for value, look in table.items():
            yield kind(value), look


def style_sheet() -> str:
    """The rules of CSS that give each kind of badge its look."""
    return "".join(
        f".hb-{name} {{ --hue: {look.colour};{_border(look.border)} }}"
        f' .hb-{name}::before {{ content: "{look.symbol}" / ""; }}\n'
        for name, look in looks()
    ) + "".join(
        # A milestone's bar has the colour of its first strand.
        f".hb-milestone:has(> p > strong + .hb-{kind(strand)}) {{ --bar: {look.colour}; }}\n"
        for strand, look in STRANDS.items()
    )


def _border(border: str) -> str:
    if border == "none":
        return " border: 0; padding: 0; font-size: .92em;"
    style, _, width = border.partition(" ")
    return (f" border-style: {style};" if style else "") + (
        f" border-width: {width};" if width else ""
    )


def _typst(value: bool) -> str:
    return "true" if value else "false"


def typst() -> str:
    """The looks as a dictionary in Typst, by kind: the shape, the colour, whether it has a
    frame.
    """
    rows = "".join(
        f'  "{name}": ("{look.shape}", rgb("{look.colour}"), {_typst(look.border != "none")}),\n'
        for name, look in looks()
    )
    return f"(\n{rows})"
