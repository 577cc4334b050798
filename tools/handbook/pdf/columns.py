"""The widths of the columns of a table, and the size of its letters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from handbook.pdf import fonts
from handbook.pdf.book import words
from handbook.pdf.room import Room

# A number at the beginning of a line is separated from the word that it belongs to.
_KEEP = re.compile(
    r"\b((?:ISO|IEC|ITU|GB|JTC|TC|SC|WG|TS|TR|PAS|IWA|DIS|Amd|Part|Table|Figure)(?:/[A-Z]{1,4})*)"
    r" (?=\d)"
    r"|\b(\d{1,2})"
    r" (?=(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b)",
)
#: The letter size in tables, in points; tables with more columns than this have smaller letters or,
#: where those would need more than a page, landscape pages.
_SIZE, _SMALL = 8.1, 7.4
_MANY = 5
_SHEET, _SIDEWAYS = 690.0, 762.0
#: The space beside a column, in em of its letters.
_GAP = 1.2
#: How much of a plain word must fit on a line, and how much of another at most; how full a line may
#: be; the step of the search for widths.
_SYLLABLES = 7.0
_LONG_WORD = 12.0
_FILLED = 0.94
_STEP = 0.5
#: A picture in a cell is at least this wide, and uses all available room.
_PICTURE, _WIDE = 6.0, 60.0
#: The room that a column needs for one letter: with more columns than fit at this width, letters
#: are smaller.
_NARROWEST = 1.2 + _GAP
#: The height of a line, in em, and of a picture or a piece of code, in points.
_LINE, _BLOCK = 1.5, 200.0
#: The largest share of a page for the head of a table, and its smallest letters, in points.
_HEAD, _LEAST = 400.0, 2.0
#: Where a line in a cell may break.
_BREAK = re.compile(
    r"[ \n]+|(?<=[\-–—])|(?<=/)(?![A-Z]{1,4}\b)|(?<=[\u2e80-\uffef])|(?=[\u2e80-\uffef])"
)


def kept(text: str) -> str:
    """Return text in which a number stays with the word that it belongs to."""
    return _KEEP.sub(lambda match: (match[1] or match[2]) + "\u00a0", text)


@dataclass(frozen=True)
class Columns:
    """The columns of a table: ``tracks`` in the form of Typst, ``widths`` without the space beside
    them and ``size`` of the letters in points; ``places`` is the column in which each cell begins.
    """

    tracks: list[str]
    widths: list[float]
    size: float
    places: dict[HtmlElement, int]
    around: Room

    def room(self, cell: HtmlElement) -> Room:
        """Return the room of a cell."""
        place = self.places.get(cell, 0)
        spanned = self.widths[place : place + _spanned(cell, "colspan")]
        width = sum(spanned) + (len(spanned) - 1) * _GAP * self.size
        return self.around.at(self.size).less(self.around.width - width)

    def height(self, row: HtmlElement) -> float:
        """Return the approximate height of a row, in points."""
        return max((self._height(cell) for cell in cells_of(row)), default=0.0)

    def _height(self, cell: HtmlElement) -> float:
        letters = fonts.width(words(cell)) * self.size
        lines = letters / (self.room(cell).width * _FILLED)
        lines += len(cell.xpath(".//p|.//li|.//br"))
        return (lines + 1) * _LINE * self.size + _BLOCK * len(cell.xpath(".//img|.//pre"))


def of(table: HtmlElement, rows: list[HtmlElement], around: Room) -> Columns | None:
    """Return the columns of a table, or ``None`` if it has none.

    Letters are smaller where there are many columns, and where the head would not fit on a page, as
    it must.
    """
    places, count = _places(rows)
    if not count:
        return None
    heads = [row for row in rows if row.getparent().tag == "thead"]
    wanted = _SIZE if count <= _MANY or around.width == _SIDEWAYS else _SMALL
    size = min(wanted, around.width / (_NARROWEST * count))
    while True:
        laid = _with(table, rows, around, size, places, count)
        if size < _LEAST or sum(map(laid.height, heads)) < _HEAD:
            return laid
        size *= 0.85


def sideways(
    table: HtmlElement, rows: list[HtmlElement], around: Room, upright: Columns
) -> Columns | None:
    """Return the columns for landscape pages, if the table needs them: it has many columns, and
    more rows than fit on a page. Return ``None`` where it is not by itself on its page.
    """
    count = max(upright.places.values()) + 1
    if around != Room() or count <= _MANY or sum(map(upright.height, rows)) < _SHEET:
        return None
    return of(table, rows, Room(_SIDEWAYS))


def _with(
    table: HtmlElement,
    rows: list[HtmlElement],
    around: Room,
    size: float,
    places: dict[HtmlElement, int],
    count: int,
) -> Columns:
    room = around.width / size - _GAP * count
    found = _given(table, rows, count, room) or _by_content(rows, count, room)
    if found is None:
        # as wide as their content, all of which fits
        return Columns(["auto"] * count, [around.width] * count, size, places, around)
    share = around.width / sum(found)
    widths = [width * share - _GAP * size for width in found]
    return Columns([f"{width:.4g}fr" for width in found], widths, size, places, around)


def _places(rows: list[HtmlElement]) -> tuple[dict[HtmlElement, int], int]:
    """Return the column in which each cell begins, and the number of columns."""
    places: dict[HtmlElement, int] = {}
    taken: dict[tuple[int, int], bool] = {}
    count = 0
    for number, row in enumerate(rows):
        column = 0
        for cell in cells_of(row):
            while (number, column) in taken:
                column += 1
            places[cell] = column
            width = _spanned(cell, "colspan")
            for below in range(_spanned(cell, "rowspan")):
                for beside in range(width):
                    taken[number + below, column + beside] = True
            column += width
        count = max(count, column)
    return places, count


def _given(
    table: HtmlElement, rows: list[HtmlElement], count: int, room: float
) -> list[float] | None:
    """Return the widths that the table itself gives to its columns; one that is too narrow for its
    words takes room from the others.
    """
    styles = [column.get("style") or "" for column in table.iter("col")]
    found = [re.search(r"width:\s*([\d.]+)%", style) for style in styles]
    shares = [float(match[1]) for match in found if match]
    if not (len(shares) == len(styles) == count and all(shares)):
        return None
    least = _least(_measured(rows, count), count)
    widths = [share * room / sum(shares) for share in shares]
    missing = sum(max(0.0, need - width) for need, width in zip(least, widths, strict=True))
    spare = sum(max(0.0, width - need) for need, width in zip(least, widths, strict=True))
    taken = min(1.0, missing / spare) if spare else 0.0
    given = min(1.0, spare / missing) if missing else 0.0
    return [
        width + (need - width) * (given if need > width else taken) + _GAP
        for need, width in zip(least, widths, strict=True)
    ]


def _measured(rows: list[HtmlElement], count: int) -> list[list[tuple[float, float]]]:
    return [
        [_measure(cell) for cell in cells_of(row)] for row in rows if len(cells_of(row)) == count
    ]


def _least(cells: list[list[tuple[float, float]]], count: int) -> list[float]:
    return [max([1.0, *(row[column][0] for row in cells)]) for column in range(count)]


def _by_content(rows: list[HtmlElement], count: int, room: float) -> list[float] | None:
    """Return widths by content: no column is narrower than its longest word, and the rest of the
    room goes where it saves most lines. Return ``None`` if all fit as they are.
    """
    cells = _measured(rows, count)
    least = _least(cells, count)
    most = [max([1.0, *(row[column][1] for row in cells)]) for column in range(count)]
    if sum(most) <= room and len(cells) == len(rows):
        return None

    def lines(column: int, width: float) -> list[int]:
        return [-int(-row[column][1] // (width * _FILLED)) for row in cells]

    widths = list(least)
    heights = [lines(column, widths[column]) for column in range(count)]
    for _step in range(int((room - sum(widths)) / _STEP)):
        wider = {
            column: lines(column, widths[column] + _STEP)
            for column in range(count)
            if widths[column] * _FILLED < most[column]
        }
        if not wider:
            break
        gains = {
            column: (
                -sum(map(max, zip(*heights[:column], new, *heights[column + 1 :], strict=True))),
                sum(heights[column]) / widths[column],
            )
            for column, new in wider.items()
        }
        best = max(gains, key=gains.__getitem__)
        widths[best] += _STEP
        heights[best] = wider[best]
    return [width + _GAP for width in widths]


def _measure(cell: HtmlElement) -> tuple[float, float]:
    """Return the width of a cell's longest unbreakable part, and that of all its text."""
    text = kept(words(cell))
    pieces = [(piece, fonts.width(piece)) for piece in _BREAK.split(text)]
    least = max(
        width if re.search(r"[^a-z]", piece[1:]) else min(width, _SYLLABLES)
        for piece, width in pieces
    )
    badges = 1.5 * len(cell.xpath(".//span[contains(@class, '-badge')]"))
    bold = 1.06 if cell.tag == "th" else 1.0
    wide = cell.xpath(".//img|.//pre|.//table")
    return (
        max(bold * min(_LONG_WORD, least + min(badges, 1.5)), _PICTURE if wide else 0.0),
        max(bold * (fonts.width(text) + badges), _WIDE if wide else 0.0),
    )


def cells_of(row: HtmlElement) -> list[HtmlElement]:
    """Return the cells of a row."""
    return [cell for cell in row if cell.tag in {"td", "th"}]


def _spanned(cell: HtmlElement, side: str) -> int:
    """Return the number of columns or rows that a cell spans."""
    return int(cell.get(side) or 1)
