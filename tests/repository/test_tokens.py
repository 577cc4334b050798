"""Colours stand once: the style sheets, the pictures and the PDF read them from one table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handbook.model import strands, tokens
from support import ROOT

#: A colour by its number; the greys of print and shadows are not of the palette.
COLOUR = re.compile(r"(?<![\w&])#(?:[0-9a-f]{6}|[0-9a-f]{3})\b(?!\s*[-_\w.#\[>~+:]*\s*[{,])")
ALLOWED = {
    "#fff",  # a number on a mark in its colour; paper
    "#000",  # the text of paper
    "#888",
    "#333",
    "#fff3c4",  # a line of code that is pointed at
}
FILES = sorted(
    [
        *(ROOT / "docs/_static").glob("*.css*"),
        *(ROOT / "tools/handbook/outputs").glob("*.py"),
        *(ROOT / "tools/handbook/sphinxext").glob("*_blocks.py"),
        ROOT / "tools/handbook/model/strands.py",
        ROOT / "tools/handbook/pdf/handbook.typ",
    ]
)


def luminance(colour: str) -> float:
    def part(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (part(int(colour[place : place + 2], 16)) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_other_file_names_a_colour_by_its_number(path: Path) -> None:
    assert set(COLOUR.findall(path.read_text("utf-8"))) - ALLOWED == set()


def test_the_search_finds_a_colour() -> None:
    assert COLOUR.findall('fill="#1f6fb2" stroke="#abc"') == ["#1f6fb2", "#abc"]


@pytest.mark.parametrize("name", sorted(strands.hues()))
def test_a_hue_can_be_read_on_both_grounds(name: str) -> None:
    hue = strands.hues()[name]
    assert contrast(hue.light, tokens.PAPER.light) >= 4.5
    assert contrast(hue.dark, tokens.PAPER.dark) >= 4.5


def test_style_sheet_and_pdf_get_each_colour() -> None:
    style, typst = tokens.style_sheet(strands.hues()), tokens.typst()
    assert f"--hb-line: {tokens.LINE.light};" in style
    assert f"--hb-line: {tokens.LINE.dark};" in style
    assert f"{{ --hue: {tokens.VIOLET.dark}; }}" in style
    assert f'#let quiet = rgb("{tokens.QUIET.light}")' in typst
