"""Two pictures of the whole catalogue: bars by year and state, and families as tiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handbook.model.catalogue import State
from handbook.model.marks import ENGLISH, Marks
from handbook.model.strands import STATES, kind
from handbook.outputs import svg


@dataclass(frozen=True, slots=True)
class Family:
    """A tile: the name, the number of members, and where it leads."""

    name: str
    members: int
    address: str


def bars(
    counts: Mapping[tuple[str, State], int],
    columns: Sequence[str],
    names: Mapping[State, str],
    *,
    title: str,
    description: str,
    marks: Marks = ENGLISH,
) -> str:
    """Return the SVG with one bar for each column, made of the states in their order.

    :param counts: the number of texts by column and state
    :param columns: the years, and the column of drafts
    """
    totals = {
        column: sum(number for (one, _state), number in counts.items() if one == column)
        for column in columns
    }
    unit, wide, top = 8.0, 46.0, 20.0
    base = top + max(totals.values(), default=0) * unit
    parts = [svg.line(0, base, len(columns) * wide, base)]
    for place, column in enumerate(columns):
        x, y = place * wide, base
        for state in State:
            if not (number := counts.get((column, state))):
                continue
            y -= number * unit
            look, draft = STATES[state], state is State.DRAFT
            bar = svg.hued(
                x + 8,
                y,
                wide - 16,
                number * unit - 1,
                colour=look.colour,
                kind=kind(state),
                radius=1,
                hollow=draft or state is State.WITHDRAWN,
                dashed=draft,
            )
            told = f"{column}{marks.comma}{names[state]}{marks.colon}{number}"
            parts.append(f"<g><title>{told}</title>{bar}</g>")
        middle = x + wide / 2
        if totals[column]:
            parts.append(svg.text(middle, y - 5, str(totals[column]), anchor="middle", bold=True))
        parts.append(svg.text(middle, base + 15, column, fill="quiet", anchor="middle"))
    return svg.picture(
        len(columns) * wide,
        base + 22,
        parts,
        id_="state-bars",
        title=title,
        description=description,
    )


def tiles(
    families: Sequence[Family], *, title: str, description: str, marks: Marks = ENGLISH
) -> str:
    """Return the SVG with one tile for each family, whose area shows the number of members."""
    width, gap = 700.0, 5.0
    ordered = sorted(families, key=lambda one: (-one.members, one.name))
    rows: list[list[Family]] = []
    for one in ordered:
        # A row is full where its tiles would become too narrow for their names.
        if rows and sum(other.members for other in [*rows[-1], one]) <= _FULL:
            rows[-1].append(one)
        else:
            rows.append([one])
    parts: list[str] = []
    y = 0.0
    for row in rows:
        members = sum(one.members for one in row)
        room = width - gap * (len(row) - 1)
        shares = [max(one.members / members, _NARROWEST / room) for one in row]
        wides = [room * share / sum(shares) for share in shares]
        named = [svg.lines(one.name, wide - 14) for one, wide in zip(row, wides, strict=True)]
        height = max(members * _AREA / width, 28.0 + 15 * max(map(len, named)))
        x = 0.0
        for one, wide, lines in zip(row, wides, named, strict=True):
            inside = [svg.box(x, y, wide, height, fill="soft", stroke="brand")]
            inside += [
                svg.text(x + 8, y + 17 + 15 * number, words) for number, words in enumerate(lines)
            ]
            inside.append(
                svg.text(x + wide - 8, y + height - 7, str(one.members), anchor="end", bold=True)
            )
            parts.append(svg.link(one.address, f"{one.name}{marks.colon}{one.members}", inside))
            x += wide + gap
        y += height + gap
    return svg.picture(width, y, parts, id_="family-tiles", title=title, description=description)


#: The number of members in a row of tiles, and the area of one.
_FULL, _AREA = 30, 1900.0
#: The least width of a tile, however few members it has: its name must be legible.
_NARROWEST = 96.0
