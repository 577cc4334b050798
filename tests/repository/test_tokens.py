"""Colours stand once: the style sheets, the pictures and the PDF read them from one table."""

from __future__ import annotations

import re

import pytest

from handbook.model import strands, tokens
from support import ROOT

#: A colour by its number or its parts; shadows are not of the palette.
COLOUR = re.compile(
    r"(?<![\w&/|])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b(?!\s*[-_\w.#\[>~+:]*\s*[{,])"
    r"|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|luma|cmyk)\((?!0 0 0 / |['\"{]|[a-z])[^)]*\)"
)
#: What is white or black whatever the palette is: paper, its print, and numbers on coloured marks.
ALLOWED = {"#fff", "#000", "#888", "#333"}
KINDS = {".css", ".html", ".jinja", ".js", ".py", ".svg", ".typ"}
FILES = sorted(
    path
    for folder in ("docs/_static", "docs/_templates", "tools")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in KINDS and path.name not in {"tokens.py", "favicon.svg"}
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


def test_no_other_file_names_a_colour_by_its_number() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {colour}"
        for path in FILES
        for colour in set(COLOUR.findall(path.read_text("utf-8"))) - ALLOWED
    }
    assert found == set()
    assert {path.suffix for path in FILES} == KINDS - {".svg"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('fill="#1f6fb2" stroke="#abc"', ["#1f6fb2", "#abc"]),
        ("inset 0 -.42em #f6d36b80; color:#ABCDEF", ["#f6d36b80", "#ABCDEF"]),
        ("rgb(12 34 56) rgba(1,2,3,.5) hsl(3deg 10% 10%)", ["rgb(12 34 56)", "rgba(1,2,3,.5)", "hsl(3deg 10% 10%)"]),
        ("rgb(0 0 0 / .28) &#160; #abc { top: 0 } address#face rgb(colour)", []),
    ],
)  # fmt: skip
def test_the_search_finds_a_colour(text: str, found: list[str]) -> None:
    assert COLOUR.findall(text) == found


def test_pictures_that_are_opened_by_themselves_have_the_colours_of_the_palette() -> None:
    static = ROOT / "docs" / "_static"
    icon = (static / "favicon.svg").read_text("utf-8")
    assert set(COLOUR.findall(icon)) == {tokens.BRAND.light, "#fff"}


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
