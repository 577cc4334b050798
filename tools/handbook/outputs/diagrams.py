"""Pictures of tables: a chart of groups, a ladder of questions, what became of what, a cycle, and
ratios.

Each is drawn from the rows of the table below it on its page, so that both always agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handbook.model.marks import COLON, ENGLISH, Marks
from handbook.outputs import svg

_WIDTH, _GAP, _LINE, _PAD = 660.0, 16.0, 15.0, 9.0
_BOLD = 1.07
#: Groups without a column of their own in a chart.
_SMALL_GROUPS = frozenset({"WG", "TG", "AG", "JWG"})

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Frame:
    """``id_`` is unique on its page; the other fields are the picture's own words. ``yes`` and
    ``no`` label the steps of a ladder.
    """

    id_: str
    title: str
    description: str
    yes: str = "Yes"
    no: str = "No"
    marks: Marks = ENGLISH


@dataclass(frozen=True, slots=True)
class _Box:
    """Lines of words in a frame, the first ``bold`` of them in bold."""

    lines: Sequence[str]
    bold: int = 1

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + 2 * _PAD - 3

    def draw(
        self, x: float, y: float, width: float, *, fill: str = "paper", dashed: bool = False
    ) -> str:
        stroke = "quiet" if dashed else "brand"
        drawn = [svg.box(x, y, width, self.height, fill=fill, stroke=stroke, dashed=dashed)]
        for number, line in enumerate(self.lines):
            baseline = y + _PAD + 9 + number * _LINE
            drawn.append(svg.text(x + 10, baseline, line, bold=number < self.bold))
        return "".join(drawn)


def _box(width: float, name: str, *more: str) -> _Box:
    head = svg.lines(name, (width - 20) / _BOLD)
    rest = [line for words in more if words for line in svg.lines(words, width - 20)]
    return _Box([*head, *rest], len(head))


def _picture(frame: Frame, height: float, parts: Sequence[str]) -> str:
    # half of the line of a frame is outside its box
    inside = f'<g transform="translate(1 1)">{"".join(parts)}</g>'
    return svg.picture(
        _WIDTH + 2,
        height + 2,
        [inside],
        id_=frame.id_,
        title=frame.title,
        description=frame.description,
    )


def chart(rows: Sequence[Row], frame: Frame, *, into: str = "") -> str:
    """Return the SVG of groups below what they are part of: rows of a group, what it belongs to,
    its subject.

    :param into: what all of them are to become part of
    """
    top, columns = _columns(rows)
    parts: list[str] = []
    y = 0.0
    if top:
        box = _box(320, top[0], top[2])
        parts.append(box.draw(_WIDTH / 2 - 160, 0, 320, fill="soft"))
        y = box.height + 2 * _GAP
    wide = (_WIDTH - _GAP * (len(columns) - 1)) / max(len(columns), 1)
    lefts = [place * (wide + _GAP) for place in range(len(columns))]
    middles = [left + wide / 2 for left in lefts]
    ends = [
        _column(head, below, left, y, wide, parts)
        for left, (head, below) in zip(lefts, columns, strict=True)
    ]
    if top and columns:
        parts += [
            svg.line(_WIDTH / 2, y - 2 * _GAP, _WIDTH / 2, y - _GAP),
            svg.line(middles[0], y - _GAP, middles[-1], y - _GAP),
            *(svg.line(x, y - _GAP, x, y) for x in middles),
        ]
    bottom = max(ends, default=y)
    if into:
        # the colon of English, too: the words may wait for their translation
        goal = _box(_WIDTH, *COLON.split(into, maxsplit=1))
        bottom += 2 * _GAP
        parts += [svg.arrow((x, end), (x, bottom)) for end, x in zip(ends, middles, strict=True)]
        parts.append(goal.draw(0, bottom, _WIDTH, fill="soft", dashed=True))
        bottom += goal.height
    return _picture(frame, bottom, parts)


def _columns(rows: Sequence[Row]) -> tuple[Row | None, list[tuple[Row | None, list[Row]]]]:
    """Return the group above all others, if there is one, and the head of each column with what is
    below it.
    """
    names = {row[0] for row in rows}
    tops = [row for row in rows if row[1] not in names]
    if len(tops) != 1:
        heads = dict.fromkeys(row[1] for row in tops)
        return None, [((name, "", ""), [row for row in tops if row[1] == name]) for name in heads]
    (top,) = tops
    children = [row for row in rows if row[1] == top[0]]
    small = [row for row in children if row[0].split()[0] in _SMALL_GROUPS]
    below = [
        (row, [one for one in rows if one[1] == row[0]]) for row in children if row not in small
    ]
    return top, [*([(None, small)] if small else []), *below]


def _column(
    head: Row | None, below: Sequence[Row], x: float, y: float, wide: float, parts: list[str]
) -> float:
    """Draw a group and what belongs to it, one below the other; return where they end."""
    if head:
        box = _box(wide, head[0], head[2])
        parts.append(box.draw(x, y, wide, fill="soft"))
        y += box.height + _GAP / 2
    inset, start = (14.0 if head else 0.0), y - _GAP / 2
    for row in below:
        box = _box(wide - inset, row[0], row[2])
        if head:
            parts.append(svg.line(x + 6, start, x + 6, y + box.height / 2))
            parts.append(svg.line(x + 6, y + box.height / 2, x + inset, y + box.height / 2))
        parts.append(box.draw(x + inset, y, wide - inset))
        y += box.height + _GAP / 2
    return y - _GAP / 2


def ladder(rows: Sequence[Row], frame: Frame) -> str:
    """Return the SVG of questions one below the other, each with its answer beside it: rows of a
    question, an answer, and the kind of answer.
    """
    left, right, between = 330.0, 240.0, 26.0
    parts: list[str] = []
    y = 0.0
    for number, row in enumerate(rows):
        question, answer = _Box(svg.lines(row[0], left - 20), 0), _box(right, row[1], row[2])
        height = max(question.height, answer.height)
        middle = y + height / 2
        parts += [
            question.draw(0, middle - question.height / 2, left, fill="soft"),
            answer.draw(_WIDTH - right, middle - answer.height / 2, right),
            svg.arrow((left, middle), (_WIDTH - right, middle)),
            svg.text((left + _WIDTH - right) / 2, middle - 5, frame.yes, anchor="middle"),
        ]
        if number + 1 < len(rows):
            following = rows[number + 1]
            after = _Box(svg.lines(following[0], left - 20), 0)
            rest = max(after.height, _box(right, following[1], following[2]).height)
            start = middle + question.height / 2
            end = y + height + between + (rest - after.height) / 2
            parts += [
                svg.arrow((left / 2, start), (left / 2, end)),
                svg.text(left / 2 + 9, (start + end) / 2 + 4, frame.no),
            ]
        y += height + between
    return _picture(frame, y - between, parts)


def flows(rows: Sequence[Row], frame: Frame) -> str:
    """Return the SVG of what became of what: rows of the old, the new, and which part of the old
    went there.
    """
    left, right = 190.0, 330.0
    olds = {name: _box(left, name) for name in dict.fromkeys(row[0] for row in rows)}
    news = {
        name: _box(
            right, name, *(f"{row[0]}{frame.marks.colon}{row[2]}" for row in rows if row[1] == name)
        )
        for name in dict.fromkeys(row[1] for row in rows)
    }
    at: dict[tuple[int, str], float] = {}
    heights = [sum(box.height + _GAP for box in side.values()) - _GAP for side in (olds, news)]
    height = max(heights)
    parts: list[str] = []
    for side, boxes in enumerate((olds, news)):
        free = (height - heights[side]) / len(boxes)
        y = free / 2
        for name, box in boxes.items():
            at[side, name] = y + box.height / 2
            x, wide = (0.0, left) if side == 0 else (_WIDTH - right, right)
            parts.append(box.draw(x, y, wide, fill="paper" if side else "soft", dashed=not side))
            y += box.height + _GAP + free
    lines = [svg.arrow((left, at[0, row[0]]), (_WIDTH - right, at[1, row[1]])) for row in rows]
    return _picture(frame, height, [*lines, *parts])


def cycle(rows: Sequence[Row], frame: Frame) -> str:
    """Return the SVG of steps that follow each other and begin again: rows of a step and what is
    done in it. The upper row runs to the right, the lower row back.
    """
    half = -(-len(rows) // 2)
    across = 30.0
    wide = (_WIDTH - across * (half - 1)) / half
    boxes = [_box(wide, row[0], row[1]) for row in rows]
    upper = max(box.height for box in boxes[:half])
    lower = upper + 2 * _GAP

    def corner(number: int) -> tuple[float, float]:
        back = number >= half
        column = 2 * half - 1 - number if back else number
        return column * (wide + across), lower if back else upper - boxes[number].height

    parts = []
    for number, box in enumerate(boxes):
        x, y = corner(number)
        parts.append(box.draw(x, y, wide, fill="soft"))
        after = (number + 1) % len(boxes)
        to_x, _to_y = corner(after)
        level = upper - 18 if number < half else lower + 18
        if number < half - 1:
            parts.append(svg.arrow((x + wide, level), (to_x, level)))
        elif number == half - 1:
            parts.append(svg.arrow((x + wide / 2, upper), (x + wide / 2, lower)))
        elif after:
            parts.append(svg.arrow((x, level), (to_x + wide, level)))
        else:
            parts.append(svg.arrow((x + wide / 2, lower), (x + wide / 2, upper)))
    return _picture(frame, lower + max(box.height for box in boxes[half:]), parts)


def ratios(rows: Sequence[Row], frame: Frame) -> str:
    """Return the SVG of bars: rows of what is compared, and its ratio, with the least and the most
    in brackets. A ratio above 1 is hollow, and a line stands at 1.
    """
    left, right, height = 230.0, 60.0, 24.0
    numbers = [[float(one) for one in re.findall(r"\d+(?:\.\d+)?", row[1])] for row in rows]
    unit = (_WIDTH - left - right) / max(1.0, *(max(row, default=0) for row in numbers))
    same, bottom = left + unit, len(rows) * height
    parts = [svg.line(same, 0, same, bottom), svg.text(same, bottom + 14, "1", anchor="middle")]
    for place, (row, found) in enumerate(zip(rows, numbers, strict=True)):
        y = place * height + height / 2
        parts.append(svg.text(left - 10, y + 4, row[0], anchor="end"))
        if not found:
            continue
        ratio, *spread = found
        fill = "paper" if ratio > 1 else "soft"
        parts.append(svg.box(left, y - 7, ratio * unit, 14, fill=fill, stroke="brand", radius=2))
        if spread:
            parts.append(svg.line(left + min(spread) * unit, y, left + max(spread) * unit, y))
        parts.append(svg.text(left + max(found) * unit + 8, y + 4, f"{ratio:.2f}", anchor="start"))
    return _picture(frame, bottom + 20, parts)
