"""The characters in the fonts of the PDF, and their widths."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).with_name("fonts")

#: Not printed, so that they need no glyph: line breaks, soft hyphen, joiners, direction marks,
#: variation selectors.
_UNPRINTED = frozenset("\t\n\r\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe0e\ufe0f\ufeff")


@lru_cache(maxsize=4)
def characters(folder: Path = FOLDER) -> frozenset[str]:
    """Return the characters that at least one font in ``folder`` has."""
    held: set[str] = set()
    for path in sorted([*folder.glob("*.ttf"), *folder.glob("*.otf")]):
        with TTFont(path, lazy=True) as font:
            held.update(map(chr, font.getBestCmap()))
    return frozenset(held)


def missing(text: Iterable[str], folder: Path = FOLDER) -> list[str]:
    """Return the characters of ``text`` that no font has, in the order of their codes."""
    return sorted(set(text) - characters(folder) - _UNPRINTED)


@lru_cache(maxsize=1)
def _advances() -> dict[str, float]:
    with TTFont(FOLDER / "NotoSans-Regular.ttf", lazy=True) as font:
        widths, unit = font["hmtx"], font["head"].unitsPerEm
        return {chr(code): widths[glyph][0] / unit for code, glyph in font.getBestCmap().items()}


def width(text: str) -> float:
    """Return the width of ``text`` in the font of tables, in em."""
    advances = _advances()
    return sum(advances.get(character, 1.0) for character in text)
