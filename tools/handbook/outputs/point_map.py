"""Places as points on the coast of all land: no borders, no tiles, a few kilobytes of SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

#: Pixels for a degree, and the latitudes of the upper and the lower edge.
_SCALE, _NORTH, _SOUTH = 2.0, 80.0, -57.0
_LAND, _POINT = "#dbe2e8", "#1f6fb2"


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with what stands there: latitude and longitude, a link, and the names."""

    at: tuple[float, float]
    address: str
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


def draw(spots: Iterable[Spot], land: str, id_: str, words: Mapping[str, str]) -> str:
    """The map as an SVG element.

    :param land: what :func:`coast` made
    :param words: ``title`` and ``description``
    """
    width, height = 360 * _SCALE, (_NORTH - _SOUTH) * _SCALE
    # the point of one place lies above that of several, so that it can be hit
    marks = "".join(_mark(spot) for spot in sorted(spots, key=lambda spot: -len(spot.names)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hb-map" role="group" width="100%"'
        f' viewBox="0 0 {width:.0f} {height:.0f}" aria-labelledby="{id_}-title {id_}-about">'
        f'<title id="{id_}-title">{escape(words["title"])}</title>'
        f'<desc id="{id_}-about">{escape(words["description"])}</desc>'
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>'
        f'<path d="{land}" fill="{_LAND}"/>{marks}</svg>'
    )


def _mark(spot: Spot) -> str:
    x, y = _place(*spot.at)
    many = len(spot.names)
    number = (
        f'<text x="{x:.1f}" y="{y + 2.5:.1f}" font-size="7" text-anchor="middle" fill="#fff">'
        f"{many}</text>"
        if many > 1
        else ""
    )
    return (
        f'<a href="{escape(spot.address)}"><title>{escape(", ".join(spot.names))}</title>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3.5 if many == 1 else 5:g}" fill="{_POINT}"'
        f' stroke="#fff" stroke-width="0.8"/>{number}</a>'
    )
