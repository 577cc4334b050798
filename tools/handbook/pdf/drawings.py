"""SVG drawings of the pages, prepared for print."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_FONTS, _EASTERN_FONT = "Noto Sans, Noto Sans CJK SC", "Noto Sans CJK SC"
#: The area between the margins of a page, in millimetres, less room for a line of text.
_COLUMN, _HEIGHT = 162.0, 228.0
#: A CSS pixel, the unit of a drawing, in millimetres.
_UNIT = 25.4 / 96
#: The same for a landscape page.
_SIDE_WIDTH, _SIDE_HEIGHT = 269.0, 150.0
#: The height of the smallest legible letters, in points, and the assumed height of letters where a
#: drawing states none, in its own units.
LEAST = 6.0
_USUAL = 16.0
#: The greatest width of a drawing within a line, in its own units.
_IN_LINE = 64.0
_EASTERN = re.compile(r"([\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef]+)")
_ICON = re.compile(r"\bsd-(?:octicon|material-icon)(?:-(\S+))?$")


@dataclass(frozen=True)
class Drawing:
    """``name`` is the name of an icon; ``decorative``: screen readers skip it, and if it is also
    ``small``, it is set within a line; ``size`` are the arguments of Typst's image; ``wide``: it
    needs a landscape page; ``tall``: it fills a page; ``twin``: another form of it follows;
    ``letters``: the height of its smallest letters on paper, in points.
    """

    svg: str
    name: str
    title: str
    alternative: str
    decorative: bool
    small: bool
    size: dict[str, str]
    wide: bool
    tall: bool
    twin: bool
    letters: float


def read(svg: str) -> Drawing | None:
    """Return the drawing in ``svg``, set in the fonts of the PDF; ``None`` if it is not
    well-formed.
    """
    if "xmlns=" not in svg.split(">", maxsplit=1)[0]:
        svg = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    try:
        root = etree.fromstring(svg)
    except etree.XMLSyntaxError:
        return None
    parts = [root.findtext(f"{_SVG}{name}") for name in ("title", "desc")]
    alternative = ". ".join(part.strip().rstrip(".") for part in parts if part) or (
        root.get("aria-label") or ""
    )
    _in_our_fonts(root)
    width, height = _extent(root)
    letter, fills = _smallest(root), root.get("width") == "100%"
    if fills:  # whatever its own units are
        enlarged = _COLUMN / _UNIT / width
        width, height, letter = width * enlarged, height * enlarged, letter * enlarged
    size, wide, tall, scale = _size(width, height, letter)
    if fills and not (wide or tall):
        size = {"width": "100%"}
    icon = _ICON.search(root.get("class") or "")
    decorative = root.get("aria-hidden") == "true" or icon is not None
    return Drawing(
        etree.tostring(root, encoding="unicode"),
        (icon[1] if icon else "").replace("-", " ") or alternative or "icon",
        parts[0] or "",
        alternative,
        decorative,
        icon is not None or width <= _IN_LINE,
        size,
        wide,
        tall,
        "hb-broad" in (root.get("class") or "").split(),
        letter * 0.75 * scale,
    )


def _in_our_fonts(root: etree._Element) -> None:
    root.set("font-family", _FONTS)
    for element in root.iter(etree.Element):
        if "font-family" in element.attrib:
            element.set("font-family", _FONTS)
    for words in list(root.iter(f"{_SVG}text", f"{_SVG}tspan")):
        _in_eastern_font(words)


def _in_eastern_font(words: etree._Element) -> None:
    """Name the font of Chinese within other words: Typst finds none beside a ligature."""
    pieces = _EASTERN.split(words.text or "")
    if len(pieces) == 1:
        return
    words.text = pieces[0]
    runs = zip(pieces[1::2], pieces[2::2], strict=True)
    for place, (run, rest) in enumerate(runs):
        inner = etree.Element(f"{_SVG}tspan", {"font-family": _EASTERN_FONT})
        inner.text, inner.tail = run, rest
        words.insert(place, inner)


def _size(width: float, height: float, letter: float) -> tuple[dict[str, str], bool, bool, float]:
    """Return the size of a drawing, whether it needs a landscape page, whether it fills a page, and
    its scale.

    :param letter: the height of its smallest letters, in its own units
    """
    wide, high = width * _UNIT, height * _UNIT
    in_column = min(1.0, _COLUMN / wide)
    if high * in_column > _HEIGHT:
        return {"height": f"{_HEIGHT:g}mm"}, False, True, _HEIGHT / high
    on_side = min(_SIDE_WIDTH / wide, _SIDE_HEIGHT / high)
    if letter * 0.75 * in_column < LEAST and on_side > in_column:
        return {"width": f"{wide * on_side:.4g}mm"}, True, False, on_side
    fits = {"width": f"{width * 0.75:g}pt" if in_column == 1 else "100%"}
    return fits, False, False, in_column


def _smallest(root: etree._Element) -> float:
    """Return the height of the smallest letters; infinite if there are none."""
    sizes = [math.inf]
    for words in root.iter(f"{_SVG}text", f"{_SVG}tspan"):
        if words.text and words.text.strip():
            around = (one.get("font-size") for one in (words, *words.iterancestors()))
            size = next((one for one in around if one), "")
            number = re.match(r"[\d.]*\d", size)
            sizes.append(float(number[0]) if number else _USUAL)
    return min(sizes)


def _extent(root: etree._Element) -> tuple[float, float]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    if len(box) == 4 and all(re.fullmatch(r"[\d.]*[1-9][\d.]*", side) for side in box[2:]):
        return float(box[2]), float(box[3])
    sides = (re.match(r"\s*([\d.]*\d)", root.get(side) or "") for side in ("width", "height"))
    width, height = (float(side[1]) if side else 100.0 for side in sides)
    return width, height
