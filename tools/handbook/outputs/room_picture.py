"""The rooms of the library and their imports, drawn as SVG from the imports in the code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

#: A pattern, since parsing all files would take a tenth of the build.
_IMPORT = re.compile(
    r"(?m)^[ \t]*from (?P<package>\w+)(?:\.(?P<room>\w+)[\w.]*)? import"
    r" (?P<names>\([^)]*\)|.*)"
)
_NAME = re.compile(r"(\w+)(?: as \w+)?")
_WIDTH, _BOX, _HEIGHT, _GAP = 760, 150, 44, 46


def imports(library: Path) -> dict[str, set[str]]:
    """Return the rooms of the package in the folder ``library``, each with the rooms that it
    imports from.
    """
    found: dict[str, set[str]] = {}
    for path in sorted(library.rglob("*.py")):
        parts = path.relative_to(library).with_suffix("").parts
        if parts[0] == "__init__":
            continue
        own = found.setdefault(parts[0], set())
        for match in _IMPORT.finditer(path.read_text("utf-8")):
            if match["package"] == library.name:
                own.update([match["room"]] if match["room"] else _NAME.findall(match["names"]))
    return {
        room: {other for other in others if other in found} - {room}
        for room, others in found.items()
    }


def draw(
    floors: Sequence[Sequence[str]], arrows: Mapping[str, set[str]], title: str, description: str
) -> str:
    """Return the SVG of the floors from the top, each room a box, with an arrow to each room that
    it imports from.
    """
    places = {
        room: (_column(at, len(floor)), row * (_HEIGHT + _GAP) + 4)
        for row, floor in enumerate(floors)
        for at, room in enumerate(floor)
    }
    height = len(floors) * (_HEIGHT + _GAP) - _GAP + 8
    lines = "".join(
        _arrow(places[room], places[other])
        for room, others in sorted(arrows.items())
        for other in sorted(others)
    )
    boxes = "".join(
        f'<g><rect x="{x}" y="{y}" width="{_BOX}" height="{_HEIGHT}" rx="6"/>'
        f'<text x="{x + _BOX // 2}" y="{y + _HEIGHT // 2 + 5}">{escape(room)}</text></g>'
        for room, (x, y) in places.items()
    )
    return (
        f'<svg class="hb-rooms" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        ' role="img" aria-labelledby="rooms-title rooms-desc"><title id="rooms-title">'
        f'{escape(title)}</title><desc id="rooms-desc">{escape(description)}</desc>'
        '<defs><marker id="rooms-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
        ' markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>'
        f"{lines}{boxes}</svg>"
    )


def _column(at: int, rooms: int) -> int:
    share = _WIDTH / rooms
    return round(share * (at + 0.5) - _BOX / 2)


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1 = start[0] + _BOX // 2, start[1] + _HEIGHT
    x2, y2 = end[0] + _BOX // 2, end[1]
    bend = (y2 - y1) // 2
    return (
        f'<path class="hb-arrow" d="M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2 - 1}"'
        ' marker-end="url(#rooms-tip)"/>'
    )
