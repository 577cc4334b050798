"""Places as points on the coast of all land: no borders, no tiles, a few kilobytes of SVG."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from handbook.model.tokens import BLUE, LAND

#: Pixels for a degree, and the latitudes of the upper and the lower edge.
_SCALE, _NORTH, _SOUTH = 2.0, 80.0, -57.0
#: Degrees around the points.
_MARGIN = 14.0
_LAND, _POINT = LAND.light, BLUE.light


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with what stands there: latitude and longitude, the names, and the rows of the table
    that say more, by their ids. The first of them is where a click leads.
    """

    at: tuple[float, float]
    rows: tuple[str, ...]
    names: tuple[str, ...]


def _place(latitude: float, longitude: float) -> tuple[float, float]:
    return (longitude + 180) * _SCALE, (_NORTH - latitude) * _SCALE


@cache
def coast(path: Path) -> str:
    """The land as the data of an SVG path, from a file with a ring of coordinates a line."""
    rings = []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        pairs = (point.split(",") for point in line.split())
        points = [_place(float(latitude), float(longitude)) for longitude, latitude in pairs]
        rings.append("M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in points) + "Z")
    return "".join(rings)


def draw(spots: Iterable[Spot], land: str) -> str:
    """The map as an SVG element for those who see; the list beside it is its text alternative.

    :param land: what :func:`coast` made
    """
    spots = list(spots)
    # what bears a number lies above what is a single place, so that it can be read
    marks = "".join(_mark(spot) for spot in sorted(spots, key=lambda spot: len(spot.names)))
    # no wider than the points need it: the less is shown, the larger it is
    left, top = _place(
        min(max((spot.at[0] for spot in spots), default=_NORTH) + _MARGIN, _NORTH),
        max(min((spot.at[1] for spot in spots), default=-180.0) - _MARGIN, -180.0),
    )
    right, bottom = _place(
        max(min((spot.at[0] for spot in spots), default=_SOUTH) - _MARGIN, _SOUTH),
        min(max((spot.at[1] for spot in spots), default=180.0) + _MARGIN, 180.0),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hb-map" aria-hidden="true" width="100%"'
        f' viewBox="{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}">'
        f'<path class="hb-map-land" d="{land}" fill="{_LAND}"/>{marks}</svg>'
    )


def _mark(spot: Spot) -> str:
    x, y = _place(*spot.at)
    many = len(spot.names)
    number = str(many) if many > 1 else ""
    return (
        f'<a href="#{escape(spot.rows[0])}" tabindex="-1"'
        f' data-rows="{escape(" ".join(spot.rows))}">'
        f"<title>{escape(', '.join(spot.names))}</title>"
        f'<circle class="hb-map-near" cx="{x:.1f}" cy="{y:.1f}" r="7" fill="transparent"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{2.5 if many == 1 else 4.5:g}" fill="{_POINT}"'
        f' stroke="#fff" stroke-width="0.6"/><text x="{x:.1f}" y="{y + 2.3:.1f}" font-size="6.5"'
        f' text-anchor="middle" fill="#fff">{number}</text></a>'
    )
