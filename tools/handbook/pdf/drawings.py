"""SVG drawings of the pages, made ready for print."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_FONTS = "Noto Sans, Noto Sans CJK SC"
#: What fits between the margins of a page, in millimetres, less room for a line of text.
_COLUMN, _HEIGHT = 162.0, 228.0
#: A CSS pixel, the unit of a drawing, in millimetres.
_UNIT = 25.4 / 96
#: A drawing wider than this (in its own units, of which a letter takes about 12) is too small to
#: read in the column.
_WIDE = 1300.0
#: A drawing that stands within a line is no wider, in its own units.
_IN_LINE = 64.0
_ICON = re.compile(r"\bsd-(?:octicon|material-icon)(?:-(\S+))?$")


@dataclass(frozen=True)
class Drawing:
    """``name`` is an icon's; ``decorative``: screen readers hear nothing of it, and if it is also
    ``small``, it stands within a line; ``size`` are the arguments of Typst's image; ``wide``: it
    needs a page on its side; ``tall``: it fills a page; ``twin``: another form of it follows.
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


def read(svg: str) -> Drawing | None:
    """The drawing in ``svg``, set in the fonts of the PDF; ``None`` if it is not well-formed."""
    try:
        root = etree.fromstring(
            svg
            if "xmlns=" in svg.split(">", maxsplit=1)[0]
            else svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        )
    except etree.XMLSyntaxError:
        return None
    parts = [root.findtext(f"{_SVG}{name}") for name in ("title", "desc")]
    alternative = ". ".join(part.strip().rstrip(".") for part in parts if part) or (
        root.get("aria-label") or ""
    )
    root.set("font-family", _FONTS)
    for element in root.iter(etree.Element):
        if element is not root and "font-family" in element.attrib:
            element.set("font-family", _FONTS)
    width, height = _extent(root)
    size, wide, tall = _size(width, height)
    if root.get("width") == "100%" and not (wide or tall) and width > _IN_LINE:
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
    )


def _size(width: float, height: float) -> tuple[dict[str, str], bool, bool]:
    """How large a drawing is set, whether on a page on its side, whether it fills a page."""
    if width > _WIDE and width > 1.5 * height:
        return {"width": "100%"} if width / height > 1.6 else {"height": "150mm"}, True, False
    if height / width * min(_COLUMN, width * _UNIT) > _HEIGHT:
        return {"height": f"{_HEIGHT:g}mm"}, False, True
    fits = width * _UNIT <= _COLUMN
    return {"width": f"{width * 0.75:g}pt" if fits else "100%"}, False, False


def _extent(root: etree._Element) -> tuple[float, float]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    if len(box) == 4 and all(re.fullmatch(r"[\d.]*[1-9][\d.]*", side) for side in box[2:]):
        return float(box[2]), float(box[3])
    sides = (re.match(r"\s*([\d.]*\d)", root.get(side) or "") for side in ("width", "height"))
    width, height = (float(side[1]) if side else 100.0 for side in sides)
    return width, height
