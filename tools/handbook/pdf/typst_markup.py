"""Write Typst: text that stays text, strings, calls. Nothing here depends on HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handbook.model.scripts import HAN

_SPACE = re.compile(r"[ \t\n\r\f]+")
# Typst gives a meaning to most ASCII punctuation ("1." opens a list, "--" is a dash, "//" a
# comment), so all of it is escaped.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# After punctuation, and between the escapes of foreign letters, which may lack punctuation for
# whole lines.
_BREAK = re.compile(r"(?<=[/._=&?:,\-])(?=[^/._=&?:,\-])|(?<=%[0-9A-Fa-f]{2})(?=%)")
#: What a number is of, which begins no line without it.
_UNITS = "年月日"
#: Calls that open between two letters, and brackets that close there.
_OPEN = r"(?:#[a-z-]+(?:\((?:\"(?:[^\"\\]|\\.)*\"|[^()\"])*\))?\[?)*"
_BEFORE_BOX = re.compile(rf"(?<=[{HAN}])(?={_OPEN}#box\(\[[A-Z0-9])")
_AFTER_BOX = re.compile(
    rf"(?<=#box\(\[)([^\[\]]*[A-Z]\]\)\]*)(?={_OPEN}[{HAN}])"
    rf"|(?<=#box\(\[)([0-9]+[{_UNITS}]\]\)\]*)(?={_OPEN}[A-Za-z0-9])"
)
_BEFORE_SOURCE = re.compile(r'(?<=[^\s\[(])(?=\\\[#mark\("cite:)')
#: A number with its unit; what is escaped, a string and a comment are passed over.
_NUMBER = re.compile(
    rf"#box\(\[[0-9]+[{_UNITS}]|\\.|//@ .*\n|\"(?:[^\"\\]|\\.)*\"|([0-9]+[{_UNITS}][”’：；]*)"
)
#: What is raised, with what it belongs to.
_RAISED = re.compile(
    rf"(?:[0-9]+(?=[{_UNITS}]))?[{HAN}][”’）》]*(?:#super\[(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*\])+[；：！？]*"
)


def spaced(markup: str) -> str:
    """Return markup with what Typst does not do for Chinese.

    It puts space only between letters, not beside boxes of them and before sources, and lets a line
    begin with a raised number, or with a unit. At the ends of a line the space vanishes.
    """
    space = "#h(.25em, weak: true)"
    markup = _RAISED.sub(lambda match: call("box", content(match[0])), markup)
    markup = _NUMBER.sub(
        lambda match: call("box", content(match[1])) if match[1] else match[0], markup
    )
    markup = _AFTER_BOX.sub(lambda match: match[0] + space, _BEFORE_BOX.sub(space, markup))
    return _BEFORE_SOURCE.sub(space, markup)


def collapse(text: str) -> str:
    """Return white space as HTML shows it: each run is one space. A no-break space is kept."""
    return _SPACE.sub(" ", text)


def escape(text: str) -> str:
    """Return Typst markup that prints exactly ``text``, with white space collapsed."""
    return _PUNCTUATION.sub(r"\\\1", collapse(text))


def string(text: str) -> str:
    """Return a Typst string."""
    return (
        '"'
        + text.replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace("\t", "\\t")
        + '"'
    )


def content(markup: str | None) -> str:
    """Return a Typst argument that contains markup, or ``none``."""
    return "none" if markup is None else f"[{markup}]"


def call(name: str, *arguments: str, **named: str) -> str:
    """Return a call in markup: ``#name(argument, key: value)``. Names take hyphens for
    underscores.
    """
    return (
        f"#{name}("
        + ", ".join(
            [*(f"{key.replace('_', '-')}: {value}" for key, value in named.items()), *arguments]
        )
        + ")"
    )


def array(items: Iterable[str]) -> str:
    """Return a Typst array; one with a single item needs its comma."""
    return "(" + "".join(f"{item}, " for item in items) + ")"


def address_pieces(address: str, room: float = 400.0) -> list[str]:
    """Return an address without its scheme, as strings between which a line may break.

    :param room: the width of the line in points: longer pieces are split
    """
    shown = re.sub(r"^https?://(www\.)?", "", address).rstrip("/")
    most = max(1, int(room / 10))
    return [
        string(piece[at : at + most])
        for piece in _BREAK.split(shown)
        for at in range(0, max(len(piece), 1), most)
    ]
