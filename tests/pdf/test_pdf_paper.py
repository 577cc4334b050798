"""Nothing runs off the paper: any text at any place stands within its margins, and over no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from handbook.pdf import fonts
from support.glyphs import astray
from support.projects import PRINTED, Project

pytestmark = pytest.mark.filterwarnings("ignore:'myst_parser")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="40" viewBox="0 0 90 4"><rect width="90" height="4"/></svg>'
#: Where a text may stand: ``@`` in Markdown, ``$`` as it is.
PLACES = {
    "title": "# @",
    "section": "## @",
    "paragraph": "Some words @ and others.",
    "emphasis": "Words **@** and *@*@**@**",
    "code": "Words `$` and `$` `$`.",
    "link": "[@](https://example.org/$)",
    "address": "<https://example.org/%>",
    "block": "```text\n$ $\n  $\n```",
    "numbered": "```{code-block} python\n:linenos:\n:caption: @\n$ = $\n```",
    "list": "- @\n  - @\n    1. @\n       1. `$`",
    "quotation": "> @\n>\n> > `$`",
    "cells": "| @ | b | @ | d | e | f | g | @ |\n|---|---|---|---|---|---|---|---|\n| 1 | 2 | @ | `$` | 5 | 6 | @ | 8 |",
    "few cells": "| a | @ |\n|---|---|\n| @ | x |\n| y | `$` |",
    "given widths": ":::{list-table} @\n:widths: 5 50 45\n:header-rows: 1\n:stub-columns: 1\n* - @\n  - @\n  - `$`\n* - @\n  - **@**@\n  - - @\n:::",
    "many cells": "| "
    + " | ".join(["@"] * 24)
    + " |\n"
    + "|---" * 24
    + "|\n| "
    + " | ".join("x" * 24)
    + " |",
    "picture in a cell": "| a | b |\n|---|---|\n| ![@](picture.svg) | @ |",
    "figure": ":::{figure} picture.svg\n:alt: drawn\n\n@\n\n@\n:::",
    "note": "Words[^n].\n\n[^n]: @ `$`",
    "admonition": ":::{admonition} @\n@ `$`\n:::",
    "dropdown": ":::{dropdown} @\n@\n:::",
    "cards": "::::::{grid} 3\n:::::{grid-item-card} @\n::::{card-header}\n@\n::::\n@ `$`\n::::{card-footer}\n@\n::::\n:::::\n:::{grid-item}\n@\n:::\n:::{grid-item-card} x\n:link: https://example.org/%\n:::\n::::::",
    "tabs": "::::{tab-set}\n:::{tab-item} @\n@\n:::\n::::",
    "badge": "{bdg-primary}`$` {bdg-link-primary}`$ <https://example.org>` {kbd}`$`",
    "definition": "@\n: @ `$`",
    "field": ":@: @ `$`",
    "sidebar": ":::{sidebar} @\n@\n:::",
    "index": "{index}`$`",
    "lines": ":::{line-block}\n@\n  @\n:::",
}
_TITLES = ("title", "section")


def _written(text: str) -> tuple[str, str, str]:
    """The text in Markdown, in code, and in an address."""
    plain = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
    code = re.sub(r"[`$<>|\\;]", "x", text)
    return plain, code, re.sub(r"[^A-Za-z0-9/._-]", "x", text)


def _pages(texts: list[str]) -> Mapping[str, str]:
    pages = {"picture.svg": SVG}
    names = []
    for number, text in enumerate(texts):
        plain, code, address = _written(text)
        parts = []
        for name, place in PLACES.items():
            if name == "title" and number:
                continue
            shown = place.replace("%", address).replace("$", code).replace("@", plain)
            parts.append(shown.replace("[^n]", f"[^n{number}]"))
        title = parts.pop(0) if not number else f"# {plain}"
        pages[f"p{number}.md"] = "\n\n".join([title, *parts])
        names.append(f"p{number}")
    pages["index.md"] = "# Home\n\n```{toctree}\n" + "\n".join(names) + "\n```\n"
    return pages


_NASTY = [
    "0123456789abcdef" * 8,
    "A" * 400,
    "unbreakable" * 30,
    "W" * 40 + " " + "i" * 400,
    "。" * 120,
    "（" * 90 + "ーゃ" * 60,
    "a\u00a0bc\u00a0d" * 40,
    "x\u0301" * 200,
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz " * 3,
    "江干区" * 80,
    "sehr lange Wörter, " * 30,
]
_LETTERS = strategies.sampled_from(
    sorted(
        character
        for character in fonts.characters()
        if character.isprintable()
        and not "\ue000" <= character <= "\uf8ff"
        and character != "\u3000"
    )
)
_TEXTS = strategies.one_of(
    strategies.text(
        strategies.sampled_from("abcdeINMW0123456789-./_=()[]&"), min_size=1, max_size=300
    ),
    strategies.text(_LETTERS, min_size=1, max_size=120),
).filter(lambda text: text.strip() == text and re.match(r"\w", text) is not None)


def _built(root: Path, texts: list[str]) -> Path:
    built = Project(root, _pages(texts)).build("pdf", **PRINTED)
    return built.out / "handbook.pdf"


def test_no_nasty_text_runs_off_the_paper(tmp_path: Path) -> None:
    assert astray(_built(tmp_path, _NASTY)) == []


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(texts=strategies.lists(_TEXTS, min_size=3, max_size=3))
def test_no_text_runs_off_the_paper(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    assert astray(_built(tmp_path_factory.mktemp("paper"), texts)) == []
