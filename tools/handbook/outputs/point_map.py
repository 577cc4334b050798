"""Places as points on the coast of all land: no borders, no tiles, a few kilobytes of SVG.

Marks too close for a finger on a phone are moved apart, each with a line to its point; where many
crowd together, one mark represents all of them, and an enlarged part below the map shows each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from itertools import combinations
from math import cos, hypot, sin
from pathlib import Path

from handbook.model.tokens import BLUE, LAND

#: Units of the drawing per degree, and the latitudes of the upper and lower edges.
_SCALE, _NORTH, _SOUTH = 2.0, 80.0, -57.0
#: Degrees around the points: on the whole map, and on an enlarged part; and the least width of a
#: part.
_MARGIN, _PART_MARGIN, _PART = 14.0, 3.0, 26.0
#: The width of a map on a phone, and the size that a finger needs, both in pixels.
_PHONE, _FINGER = 330.0, 25.0
#: More marks than this, each too close to another, get an enlarged part of their own.
_CROWD = 3
_LAND, _POINT = LAND.light, BLUE.light


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with its rows: latitude and longitude, the names, and the ids of the rows of the
    table. A click leads to the first row.
    """

    at: tuple[float, float]
    rows: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark: its point, where it is drawn, where a click leads, and what it represents."""

    point: tuple[float, float]
    at: tuple[float, float]
    address: str
    rows: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _View:
    """A window of the map, in units of the drawing."""

    left: float
    top: float
    width: float
    height: float

    @property
    def pixel(self) -> float:
        """Return the units per pixel on a phone."""
        return self.width / _PHONE


def _place(latitude: float, longitude: float) -> tuple[float, float]:
    return (longitude + 180) * _SCALE, (_NORTH - latitude) * _SCALE


@cache
def coast(path: Path) -> str:
    """Return the land as the data of an SVG path, from a file with a ring of coordinates on each
    line.
    """
    rings = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        pairs = (point.split(",") for point in line.split())
        points = [_place(float(latitude), float(longitude)) for longitude, latitude in pairs]
        rings.append("M" + "L".join(f"{round(x, 1):g} {round(y, 1):g}" for x, y in points) + "Z")
    return "".join(rings)


def _view(spots: Iterable[Spot], margin: float, least: float = 0.0) -> _View:
    """Return a view no wider than the points need: the less it shows, the larger it is."""
    north, west = (choose(spot.at[axis] for spot in spots) for choose, axis in ((max, 0), (min, 1)))
    south, east = (choose(spot.at[axis] for spot in spots) for choose, axis in ((min, 0), (max, 1)))
    more = max(0.0, least - (east - west) - 2 * margin) / 2
    high = max(0.0, least * 0.6 - (north - south) - 2 * margin) / 2
    left, top = _place(min(north + margin + high, _NORTH), max(west - margin - more, -180.0))
    right, bottom = _place(max(south - margin - high, _SOUTH), min(east + margin + more, 180.0))
    return _View(left, top, right - left, bottom - top)


def _groups(spots: Sequence[Spot], near: float) -> list[list[Spot]]:
    """Group the spots that a chain of close neighbours connects."""
    groups = [[spot] for spot in spots]
    for one, other in combinations(spots, 2):
        (x, y), (u, v) = _place(*one.at), _place(*other.at)
        if hypot(x - u, y - v) < near:
            mine, theirs = (next(g for g in groups if s in g) for s in (one, other))
            if mine is not theirs:
                groups.remove(theirs)
                mine += theirs
    return groups


def _spread(marks: Sequence[_Mark], view: _View) -> list[_Mark]:
    """Move the marks until a finger can tell each from its neighbours, all within view."""
    least, edge = _FINGER * view.pixel, _FINGER * view.pixel / 2
    at = [list(mark.point) for mark in marks]
    for _round in range(400):
        moved = False
        for (i, one), (j, other) in combinations(enumerate(at), 2):
            far = hypot(other[0] - one[0], other[1] - one[1])
            if far >= least - 1e-6:
                continue
            moved = True
            # two marks at one point always move in the same direction
            way = (cos(i + j), sin(i + j))
            if far > 1e-9:
                way = ((other[0] - one[0]) / far, (other[1] - one[1]) / far)
            for axis in (0, 1):
                step = way[axis] * (least - far) / 2
                one[axis] -= step
                other[axis] += step
        for one in at:
            one[0] = min(max(one[0], view.left + edge), view.left + view.width - edge)
            one[1] = min(max(one[1], view.top + edge), view.top + view.height - edge)
        if not moved:
            break
    return [replace(mark, at=(x, y)) for mark, (x, y) in zip(marks, at, strict=True)]


def draw(
    spots: Iterable[Spot], land: str, enlarged: Callable[[str, str], str], listed: str = ", "
) -> str:
    """Return the map as SVG elements for people who see; the list beside it is its text
    alternative.

    :param land: the result of :func:`coast`
    :param enlarged: the words above a part of the map, from its westernmost and easternmost place
    """
    spots = sorted(spots, key=lambda spot: (spot.at[1], spot.at[0]))
    if not spots:
        return ""
    view = _view(spots, _MARGIN)
    crowds = [one for one in _groups(spots, _FINGER * view.pixel) if len(one) > _CROWD]
    crowded = [spot for crowd in crowds for spot in crowd]
    marks = [_mark(spot) for spot in spots if spot not in crowded]
    parts = []
    for number, crowd in enumerate(crowds, 1):
        anchor = f"map-part-{number}"
        marks.append(_of_all(crowd, f"#{anchor}"))
        part = _view(crowd, _PART_MARGIN, _PART)
        shown = _svg(
            part, _spread([_mark(spot) for spot in crowd], part), '<use href="#map-land"/>', listed
        )
        title = escape(enlarged(crowd[0].names[0], crowd[-1].names[0]))
        parts.append(f'<div class="hb-map-part" id="{anchor}"><p>{title}</p>{shown}</div>')
    path = f'<path id="map-land" class="hb-map-land" d="{land}" fill="{_LAND}"/>'
    return _svg(view, _spread(marks, view), path, listed) + (
        f'<div class="hb-map-parts">{"".join(parts)}</div>' if parts else ""
    )


def _mark(spot: Spot) -> _Mark:
    point = _place(*spot.at)
    return _Mark(point, point, f"#{spot.rows[0]}", spot.rows, spot.names)


def _of_all(crowd: Sequence[Spot], address: str) -> _Mark:
    """Return one mark for all, in their middle."""
    points = [_place(*spot.at) for spot in crowd]
    middle = (sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points))
    rows = tuple(row for spot in crowd for row in spot.rows)
    return _Mark(
        middle, middle, address, rows, tuple(name for spot in crowd for name in spot.names)
    )


def _svg(view: _View, marks: Sequence[_Mark], land: str, listed: str) -> str:
    unit = view.pixel
    drawn = "".join(_drawn(mark, unit, listed) for mark in marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hb-map" aria-hidden="true" width="100%"'
        f' viewBox="{view.left:.1f} {view.top:.1f} {view.width:.1f} {view.height:.1f}">'
        f"{land}{drawn}</svg>"
    )


def _drawn(mark: _Mark, unit: float, listed: str) -> str:
    x, y = mark.at
    many = len(mark.names)
    number = str(many) if many > 1 else ""
    size = (8 if many > 1 else 5) + (2 if many > 9 else 0)
    (u, v), line = mark.point, ""
    if hypot(x - u, y - v) > 2 * unit:
        line = (
            f'<path class="hb-map-line" d="M{u:.1f} {v:.1f}L{x:.1f} {y:.1f}" stroke="{_POINT}"'
            f' stroke-width="{unit:.2f}"/><circle class="hb-map-point" cx="{u:.1f}" cy="{v:.1f}"'
            f' r="{1.8 * unit:.2f}" fill="{_POINT}"/>'
        )
    return (
        f'<a href="{escape(mark.address)}" tabindex="-1" data-rows="{escape(" ".join(mark.rows))}">'
        f"<title>{escape(listed.join(mark.names))}</title>{line}"
        f'<circle class="hb-map-near" cx="{x:.1f}" cy="{y:.1f}" r="{_FINGER / 2 * unit:.2f}"'
        f' fill="transparent"/><circle cx="{x:.1f}" cy="{y:.1f}" r="{size * unit:.2f}"'
        f' fill="{_POINT}" stroke="#fff" stroke-width="{unit:.2f}"/>'
        f'<text x="{x:.1f}" y="{y + 4 * unit:.1f}" font-size="{11 * unit:.2f}"'
        f' text-anchor="middle" fill="#fff">{number}</text></a>'
    )
