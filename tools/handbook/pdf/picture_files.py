"""Picture files on their way into a book: names that every format reads, and the sizes that pages
ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from lxml.html import HtmlElement

#: Units of CSS in Typst; a CSS pixel is three quarters of a point.
_UNITS = {
    "": (0.75, "pt"),
    "px": (0.75, "pt"),
    "pt": (1.0, "pt"),
    "pc": (12.0, "pt"),
    "em": (1.0, "em"),
    "rem": (1.0, "em"),
    "ex": (0.5, "em"),
    "ch": (0.5, "em"),
    "cm": (1.0, "cm"),
    "mm": (1.0, "mm"),
    "q": (0.25, "mm"),
    "in": (1.0, "in"),
    "vw": (1.62, "mm"),
    "vh": (2.28, "mm"),
    "vmin": (1.62, "mm"),
    "vmax": (2.28, "mm"),
    "%": (1.0, "%"),
}


def plain_names(names: Iterable[str]) -> dict[str, str]:
    """Return, for each file name, one that needs no quoting in addresses, archives and paths."""
    plain: dict[str, str] = {}
    for name in names:
        file = Path(name)
        stem = re.sub(r"[^A-Za-z0-9_-]+", "-", file.stem).strip("-") or "picture"
        suffix, number = file.suffix.lower(), 1
        found = f"{stem}{suffix}"
        while found in plain.values():
            number += 1
            found = f"{stem}-{number}{suffix}"
        plain[name] = found
    return plain


def renamed(images: Mapping[str, str], known: Mapping[str, tuple[Set[str], str]]) -> dict[str, str]:
    """Return the pictures of a book under plain names.

    :param known: the pages and the unique name of each picture, as Sphinx collects them
    """
    plain = plain_names(sorted(name for _pages, name in known.values()))
    return {source: plain[known[source][1]] for source in images if source in known}


def sizes(picture: HtmlElement) -> dict[str, str]:
    """Return the width and the height that an image asks for, as Typst lengths."""
    found = {}
    for side in ("width", "height"):
        asked = re.search(rf"(?:^|[;\s]){side}:\s*([\d.]+)([a-zA-Z%]*)", picture.get("style") or "")
        asked = asked or re.match(r"\s*([\d.]+)([a-zA-Z%]*)", picture.get(side) or "")
        factor, unit = _UNITS.get(asked[2].lower(), (0.0, "")) if asked else (0.0, "")
        # A percentage of an unknown height: browsers ignore it, too.
        if asked and factor and not (side == "height" and unit == "%"):
            found[side] = f"{float(asked[1]) * factor:g}{unit}"
    return found
