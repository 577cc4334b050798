"""The strands of the timeline and everything else that a badge names: colour, symbol and shape of
each.

Everything that shows them reads these tables: the style sheet (:func:`style_sheet`), the PDF
(:func:`typst`), the picture of the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handbook.model import tokens
from handbook.model.catalogue import State
from handbook.model.tokens import Colour


class Strand(StrEnum):
    """The lanes of the timeline, in their order."""

    COMMITTEE = "committee"
    STANDARDS = "standards"
    CLUB = "club"
    HANGZHOU = "hangzhou"
    NEIGHBOURS = "neighbours"


class MilestoneStatus(StrEnum):
    """The status of an event: whether it took place as reported."""

    HAPPENED = "happened"
    PLANNED = "planned"
    ANNOUNCED = "announced"
    DISPUTED = "disputed"


class Verdict(StrEnum):
    """The handbook's verdict on a claim."""

    SUPPORTED = "supported"
    ONE_SOURCE = "one source"
    DIFFER = "sources differ"
    LOCAL = "local title only"
    NOT_SHOWN = "not shown"


class Shape(StrEnum):
    """The shape beside the word where shapes are drawn; ``handbook.typ`` draws each."""

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
    """How a badge looks: a ``hue``, a ``symbol`` (one character) or, where shapes are drawn, a
    ``shape``, and a ``border`` as CSS writes it. No badge relies on its colour alone.

    The ordinary case has no frame (``border`` is ``none``): frames are for what a reader must see.
    """

    hue: Colour
    symbol: str
    shape: Shape
    border: str = ""

    @property
    def colour(self) -> str:
        """Return the hue on a light background, as ``#rrggbb``."""
        return self.hue.light


_GONE = Look(tokens.RED, "×", Shape.CROSS, "double 3px")
_AHEAD = Look(tokens.AMBER, "→", Shape.ARROW, "dotted")

STRANDS: Mapping[Strand, Look] = {
    Strand.COMMITTEE: Look(tokens.BLUE, "■", Shape.SQUARE),
    Strand.STANDARDS: Look(tokens.GREY, "▤", Shape.LINES),
    Strand.CLUB: Look(tokens.VIOLET, "●", Shape.DISC),
    Strand.HANGZHOU: Look(tokens.GREEN, "▲", Shape.TRIANGLE),
    Strand.NEIGHBOURS: Look(tokens.BROWN, "◆", Shape.DIAMOND),
}
_IN_FORCE = Look(tokens.GREEN, "✓", Shape.TICK, "none")
STATES: Mapping[State, Look] = {
    State.DRAFT: Look(tokens.GREY, "…", Shape.DOTS, "dashed"),
    State.CURRENT: _IN_FORCE,
    State.CONFIRMED: _IN_FORCE,
    State.UNDER_REVIEW: Look(tokens.AMBER, "…", Shape.DOTS),
    State.BEING_REVISED: Look(tokens.AMBER, "→", Shape.ARROW),
    State.BEING_WITHDRAWN: Look(tokens.RED, "→", Shape.ARROW),
    State.WITHDRAWN: _GONE,
    State.DELETED: _GONE,
}
#: An event that simply happened has no badge.
STATUSES: Mapping[MilestoneStatus, Look] = {
    MilestoneStatus.DISPUTED: Look(tokens.RED, "≠", Shape.UNEQUAL, "dashed"),
    MilestoneStatus.PLANNED: _AHEAD,
    MilestoneStatus.ANNOUNCED: _AHEAD,
}
VERDICTS: Mapping[Verdict, Look] = {
    Verdict.SUPPORTED: Look(tokens.GREEN, "✓", Shape.TICK),
    Verdict.ONE_SOURCE: Look(tokens.AMBER, "●", Shape.DISC),
    Verdict.DIFFER: Look(tokens.RED, "≠", Shape.UNEQUAL),
    Verdict.LOCAL: Look(tokens.GREY, "◆", Shape.DIAMOND),
    Verdict.NOT_SHOWN: Look(tokens.RED, "×", Shape.CROSS),
}
#: The values that a badge can name.
Badged = Strand | State | MilestoneStatus | Verdict


def kind(value: Badged) -> str:
    """Return the name of a badge's look: ``strand-club``, ``state-under-review``,
    ``status-planned``, ``verdict-one-source``.
    """
    groups = {Strand: "strand", State: "state", MilestoneStatus: "status", Verdict: "verdict"}
    group = groups[type(value)]
    return f"{group}-{value.replace(' ', '-')}"


def looks() -> Iterator[tuple[str, Look]]:
    """Yield each kind of badge with its look."""
    tables: tuple[Mapping[Any, Look], ...] = (STRANDS, STATES, STATUSES, VERDICTS)
    for table in tables:
        for value, look in table.items():
            yield kind(value), look


def style_sheet() -> str:
    """Return the CSS rules that give each kind of badge its look."""
    return "".join(
        f".hb-{name} {{ --hue: {look.colour};{_border(look.border)} }}"
        f' .hb-{name}::before {{ content: "{look.symbol}" / ""; }}\n'
        for name, look in looks()
    ) + "".join(
        f".{_of_milestone(strand)} {{ --hue: {look.colour}; }}\n"
        for strand, look in STRANDS.items()
    )


def hues() -> dict[str, Colour]:
    """Return the colour of each class of the style sheet that has one."""
    return {f"hb-{name}": look.hue for name, look in looks()} | {
        _of_milestone(strand): look.hue for strand, look in STRANDS.items()
    }


def _of_milestone(strand: Strand) -> str:
    """Return the selector of milestones whose first strand it is."""
    return f"hb-milestone:has(> p > strong + .hb-{kind(strand)})"


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
    """Return the looks as a Typst dictionary, by kind: the shape, the colour, and whether it has a
    frame.
    """
    rows = "".join(
        f'  "{name}": ("{look.shape}", rgb("{look.colour}"), {_typst(look.border != "none")}),\n'
        for name, look in looks()
    )
    return f"(\n{rows})"
