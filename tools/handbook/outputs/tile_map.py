"""Countries as tiles, each in roughly its position: no borders, and sizes without meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from handbook.model.marks import ENGLISH, Marks
from handbook.model.tokens import BLUE

#: The rough position of each country; one that is missing here gets a row of its own below.
_GRID = """
-- -- -- -- -- IS -- NO SE FI -- -- -- -- -- --
-- CA -- -- -- IE GB NL DE PL -- RU -- -- -- --
-- US -- -- -- -- FR CH AT -- UA -- KZ -- -- --
-- MX -- -- -- PT ES IT SI GR TR -- -- CN KR JP
-- -- CO LC -- -- MA TN -- EG SA AE IN TH -- PH
-- -- PE BR -- -- -- NG -- KE -- -- -- MY SG --
-- -- CL AR -- -- -- -- ZA -- MG -- -- -- ID --
-- -- -- -- -- -- -- -- -- -- -- -- -- -- AU NZ
"""
_TILES = {
    code: (column, row)
    for row, line in enumerate(_GRID.split("\n")[1:-1])
    for column, code in enumerate(line.split())
    if code != "--"
}
_SIDE = 44
_FILL = BLUE.light


@dataclass(frozen=True, slots=True)
class Tile:
    """A country by its code, with its name, where a click leads, and the rows of the table."""

    code: str
    name: str
    address: str
    rows: tuple[str, ...]


def draw(tiles: Iterable[Tile], marks: Marks = ENGLISH) -> str:
    """Return the map as an SVG element for people who see; the list beside it is its text
    alternative.
    """
    placed = list(_placed(sorted(tiles, key=lambda tile: tile.code)))
    left, right = (choose(column for _tile, column, _row in placed) for choose in (min, max))
    top, bottom = (choose(row for _tile, _column, row in placed) for choose in (min, max))
    width, height = (right - left + 1) * _SIDE, (bottom - top + 1) * _SIDE
    drawn = "".join(_tile(tile, column - left, row - top, marks) for tile, column, row in placed)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="hb-map hb-tiles" aria-hidden="true"'
        f' width="100%" viewBox="0 0 {width} {height}">{drawn}</svg>'
    )


def _placed(tiles: Iterable[Tile]) -> Iterator[tuple[Tile, int, int]]:
    below = 1 + max(row for _column, row in _TILES.values())
    further = 0
    for tile in tiles:
        if tile.code in _TILES:
            yield tile, *_TILES[tile.code]
        else:
            yield tile, 1 + further % 15, below + further // 15
            further += 1


def _tile(tile: Tile, column: int, row: int, marks: Marks) -> str:
    x, y, side = column * _SIDE + 2, row * _SIDE + 2, _SIDE - 4
    many, middle = len(tile.rows), x + side / 2
    return (
        f'<a href="{escape(tile.address)}" tabindex="-1" data-rows="{escape(" ".join(tile.rows))}">'
        f"<title>{escape(tile.name)}{marks.colon}{many}</title>"
        # as large as the tile and the space around it: a finger needs 24 pixels on a phone
        f'<rect class="hb-map-near" x="{x - 2}" y="{y - 2}" width="{_SIDE}" height="{_SIDE}"'
        f' fill="transparent"/>'
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="5" fill="{_FILL}"/>'
        f'<g text-anchor="middle" fill="#fff" font-size="13">'
        f'<text x="{middle:g}" y="{y + 17}">{tile.code}</text>'
        f'<text class="hb-map-number" x="{middle:g}" y="{y + 33}" font-weight="600">{many}</text>'
        "</g></a>"
    )
