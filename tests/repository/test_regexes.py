"""No pattern uses what Python 3.11.2, Debian 12's own, misreads: possessive quantifiers.

Atomic groups are as new and as little needed; both go. ``(?:(?!C).)++`` takes the C too there, and
``<title>`` more than the title (python/cpython#100061, put right in 3.11.5).
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from handbook.linkcheck import markup
from support import ROOT

FORBIDDEN = {_constants.POSSESSIVE_REPEAT, _constants.ATOMIC_GROUP}
FILES = [
    path.relative_to(ROOT)
    for folder in ("docs", "tools")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def operations(parsed: Any) -> Iterator[Any]:
    """Each operation of a parsed pattern, however deep it stands."""
    if isinstance(parsed, _parser.SubPattern | list | tuple):
        for part in parsed:
            yield from operations(part)
    elif type(parsed) is not int:  # an operation is a kind of int, and a character is a plain one
        yield parsed


def is_misread(pattern: str | bytes) -> bool:
    for flags in (0, re.VERBOSE):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                parsed = _parser.parse(pattern, flags)
        except (re.error, RecursionError, OverflowError):
            continue
        if not FORBIDDEN.isdisjoint(operations(parsed)):
            return True
    return False


def whole(node: ast.JoinedStr) -> str:
    """An f-string; what stands in braces counts as a letter."""
    parts = (part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
    return "".join(map(str, parts))


def texts(source: str) -> Iterator[tuple[int, str | bytes]]:
    """Each text of a module with its line, whether it is a pattern or not."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.JoinedStr():
                yield node.lineno, whole(node)
            case ast.Constant(value=str() | bytes() as text):
                yield node.lineno, text


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_pattern_is_one_that_python_3_11_2_misreads(path: Path) -> None:
    misread = [line for line, text in texts((ROOT / path).read_text("utf-8")) if is_misread(text)]
    assert misread == [], (
        f"{path}: a possessive quantifier or an atomic group (hint: use *, + or ?)"
    )


@pytest.mark.parametrize(
    ("pattern", "misread"),
    [
        ("a*+", True),
        ("a?+", True),
        ("a{2}+", True),
        ("(b|(?=[a++]c++))", True),
        ("(?>a)", True),
        (b"ab++", True),
        ("a  # letter\n  ++", True),
        ("[*+?}++]", False),
        (r"a\++", False),
        ("+++ is no pattern", False),
        ("".join(map(chr, range(40))), False),
    ],
)
def test_what_is_misread_is_found(pattern: str, misread: bool) -> None:
    assert is_misread(pattern) is misread


def test_what_stands_in_an_f_string_is_found() -> None:
    ((line, text), *_) = texts('re.compile(rf"<{name}>(?:[^<]++)")')
    assert (line, is_misread(text)) == (1, True)


def test_the_title_ends_where_it_ends() -> None:
    assert markup.read("<title>Page not found</title>").title == "Page not found"
