"""MathML to Typst's formulas: the output of docutils for LaTeX, element by element.

Every letter is written as a string, so that nothing in a formula is read as Typst code.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml.html import HtmlElement

from handbook.pdf.typst_markup import string

#: Marks over and under a base, and the name or character that Typst uses for them.
_ACCENTS = {
    "ˆ": "\u0302",
    "^": "\u0302",
    "˜": "\u0303",
    "~": "\u0303",
    "˙": "\u0307",
    "¨": "\u0308",
    "´": "\u0301",
    "`": "\u0300",
    "˘": "\u0306",
    "ˇ": "\u030c",
    "¯": "\u0304",
    "→": "\u20d7",
    "←": "\u20d6",
}
_LINES = {
    ("mover", "_"): "overline",
    ("munder", "_"): "underline",
    ("mover", "⏞"): "overbrace",
    ("munder", "⏟"): "underbrace",
}
_OPENING, _CLOSING, _BARS = frozenset("([{⌈⌊⟨⟦"), frozenset(")]}⌉⌋⟩⟧"), frozenset("|‖∥∣")
_SPACE = re.compile(r"(-?[\d.]+)em")


class UnknownFormulaError(ValueError):
    """A formula has an element that cannot be printed; ``str(error)`` names it."""


def typst(formula: HtmlElement) -> str:
    """Return the Typst markup between the dollar signs for a ``math`` element.

    :raises UnknownFormulaError: if it has an unknown element
    """
    only = [child for child in formula if isinstance(child.tag, str)]
    if len(only) == 1 and "ams-align" in (only[0].get("class") or ""):
        return " \\ ".join(" & ".join(_row(cell) for cell in row) for row in only[0].iter("mtr"))
    return _row(formula)


def _row(element: HtmlElement) -> str:
    children = [child for child in element if isinstance(child.tag, str)]
    inner = " ".join(filter(None, map(_element, children)))
    return f"lr({inner})" if len(children) > 1 and _fenced(children[0], children[-1]) else inner


def _fenced(first: HtmlElement, last: HtmlElement) -> bool:
    """Return whether a row is between brackets that grow with it; one of them may be invisible."""
    signs = [
        (element.text or "") if element.tag == "mo" and element.get("stretchy") != "false" else ""
        for element in (first, last)
    ]
    return signs[0] in _OPENING or signs[1] in _CLOSING or all(sign in _BARS for sign in signs)


def _element(element: HtmlElement) -> str:
    known = _ELEMENTS.get(element.tag)
    if known is None:
        raise UnknownFormulaError(f"<{element.tag}>")
    return known(element)


def _parts(element: HtmlElement) -> list[str]:
    found = [_element(child) for child in element if isinstance(child.tag, str)]
    # an argument in Typst must not be empty
    return [part or '""' for part in found]


def _text(element: HtmlElement) -> str:
    return string("".join(element.itertext()))


def _identifier(element: HtmlElement) -> str:
    name = "".join(element.itertext()).strip()
    if len(name) > 1:
        return f"op({string(name)})"
    letter = f"#symbol({string(name)})" if name else ""
    return f"upright({letter})" if letter and element.get("mathvariant") == "normal" else letter


def _operator(element: HtmlElement) -> str:
    sign = "".join(element.itertext()).strip()
    if sign in {"", "\u2061", "\u2062", "\u2063", "\u2064"}:
        return ""
    if sign == "'":
        return 'attach("", t: #symbol("′"))'
    if len(sign) > 1:
        limits = "#true" if element.get("movablelimits") == "true" else "#false"
        return f"op({string(sign)}, limits: {limits})"
    written = f"#symbol({string(sign)})"
    return f'class("normal", {written})' if sign in _BARS else written


def _space(element: HtmlElement) -> str:
    match = _SPACE.fullmatch(element.get("width") or "")
    return f"#h({match[1]}em)" if match else ""


def _fraction(element: HtmlElement) -> str:
    above, below = _parts(element)
    if (element.get("linethickness") or "").startswith("0"):
        return f"mat(delim: #none, {above} ; {below})"
    return f"frac({above}, {below})"


def _root(element: HtmlElement) -> str:
    inner, index = _parts(element)
    return f"root({index}, {inner})"


def _movable(element: HtmlElement) -> bool:
    base = next(iter(element))
    return bool(base.tag == "mo" and base.get("movablelimits") == "true")


def _attached(element: HtmlElement) -> str:
    """Return scripts beside a base, or limits over and under it."""
    base, *scripts = _parts(element)
    sign = "".join(element[-1].itertext()).strip()
    if element.tag in {"mover", "munder"}:
        if line := _LINES.get((element.tag, sign)):
            return f"{line}({base})"
        if element.tag == "mover" and sign in _ACCENTS and element[-1].tag == "mo":
            return f"accented({base}, #symbol({string(_ACCENTS[sign])}))"
    places = {"msub": "b", "msup": "t", "munder": "b", "mover": "t"}.get(element.tag, "bt")
    if not _movable(element):
        beside = element.tag.startswith("ms") and element[0].tag not in {"munder", "mover"}
        base = f"{'scripts' if beside else 'limits'}({base})"
    named = ", ".join(f"{place}: {script}" for place, script in zip(places, scripts, strict=True))
    return f"attach({base}, {named})"


def _table(element: HtmlElement) -> str:
    rows = [[_row(cell) or '""' for cell in row] for row in element.iter("mtr")]
    align = "#left" if "left" in (element.get("columnalign") or "") else "#center"
    # a semicolon directly after a letter would end the letter, not the row
    body = " ; ".join(", ".join(row) for row in rows)
    return f"mat(delim: #none, align: {align}, {body})"


def _within(name: str) -> Callable[[HtmlElement], str]:
    return lambda element: f"{name}({_row(element) or chr(34) * 2})"


_ELEMENTS: dict[str, Callable[[HtmlElement], str]] = {
    **dict.fromkeys(("mrow", "mstyle", "mpadded", "mtd"), _row),
    **dict.fromkeys(("msub", "msup", "msubsup", "munder", "mover", "munderover"), _attached),
    **dict.fromkeys(("mtext", "mn"), _text),
    "mi": _identifier,
    "mo": _operator,
    "mspace": _space,
    "mfrac": _fraction,
    "msqrt": _within("sqrt"),
    "mroot": _root,
    "mtable": _table,
    "mphantom": lambda element: f"#hide(${_row(element)}$)",
    "menclose": lambda element: f"#rect(inset: .25em, stroke: .5pt, ${_row(element)}$)",
}
