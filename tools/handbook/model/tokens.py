"""The colours of the handbook, on light and dark backgrounds. They are defined only here: the style
sheet (:func:`style_sheet`), the pictures and the PDF (:func:`typst`) read them.

The meanings of colours (strands, states) are in :mod:`handbook.model.strands`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as ``#rrggbb``, on a light and on a dark background."""

    light: str
    dark: str


INK = Colour("#16202a", "#cfd0d0")
QUIET = Colour("#57606a", "#a9b3bd")
LINE = Colour("#c3c9d0", "#4b535c")
SOFT = Colour("#f4f6f8", "#1c2127")
PAPER = Colour("#ffffff", "#131416")
BRAND = Colour("#0b5394", "#86b9f0")
VISITED = Colour("#5b3a8c", "#c3a6f0")
LAND = Colour("#d5dde4", "#39434d")
#: The background of words searched for, and of highlighted lines of code.
MARKER = Colour("#fbe9b5", "#5c5230")

BLUE = Colour("#1f6fb2", "#6fb0e6")
GREY = Colour("#57606a", "#a9b3bd")
VIOLET = Colour("#7a4bb5", "#b898e6")
GREEN = Colour("#1b7f4d", "#63bd90")
BROWN = Colour("#a3541a", "#dd9a66")
RED = Colour("#b3261e", "#f08a80")
AMBER = Colour("#8a5a00", "#d9ab57")

#: The names in the style sheet of the colours that it uses itself.
_IN_CSS: Mapping[str, Colour] = {
    "hb-line": LINE,
    "hb-soft": SOFT,
    "hb-quiet": QUIET,
    "hb-map-land": LAND,
    "hb-marker": MARKER,
    "color-brand-primary": BRAND,
    "color-brand-content": BRAND,
    "color-brand-visited": VISITED,
}
_IN_TYPST: Mapping[str, Colour] = {
    "ink": INK,
    "quiet": QUIET,
    "accent": BRAND,
    "rule-colour": LINE,
    "soft": SOFT,
    "marker": MARKER,
    "amber": AMBER,
    "red": RED,
    "violet": VIOLET,
}


def style_sheet(hues: Mapping[str, Colour]) -> str:
    """Return the CSS rules that set all colours, on light and dark backgrounds.

    :param hues: the colour of each kind of badge, bar and mark, by its class
    """
    light = "".join(f" --{name}: {colour.light};" for name, colour in _IN_CSS.items())
    dark = "".join(f" --{name}: {colour.dark};" for name, colour in _IN_CSS.items())
    # Furo's own grey for small print is too faint on a dark background.
    dark += f" --color-foreground-muted: {QUIET.dark};"
    by_colour: dict[Colour, list[str]] = {}
    for name, colour in hues.items():
        by_colour.setdefault(colour, []).append(f".{name}")

    def rules(ground: str) -> str:
        return "".join(
            f"{ground}:is({', '.join(names)}) {{ --hue: {colour.dark}; }}\n"
            for colour, names in by_colour.items()
        )

    by_system, by_choice = 'body:not([data-theme="light"])', 'body[data-theme="dark"]'
    return (
        f"body {{{light} }}\n@media not print {{\n@media (prefers-color-scheme: dark) {{\n"
        f"{by_system} {{{dark} }}\n{rules(by_system + ' ')}}}\n"
        f"{by_choice} {{{dark} }}\n{rules(by_choice + ' ')}}}\n"
    )


def typst() -> str:
    """Return the colours as definitions in Typst."""
    return "".join(f'#let {name} = rgb("{colour.light}")\n' for name, colour in _IN_TYPST.items())
