"""Whatever a page may hold, at whatever place: the PDF is made, keeps PDF/UA, and loses no word."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from handbook.pdf.builder import PdfError
from support.pdfcheck import Report, check, text
from support.projects import PRINTED, Project

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/>{}</svg>'
)

#: What may stand within a line.
THINGS = {
    "icon": "{octicon}`alert`",
    "link": "[linked](https://example.org/a)",
    "linked icon": "[{octicon}`mail`](https://example.org/b)",
    "icon and words": "[{octicon}`alert` mixed](https://example.org/c)",
    "linked picture": "[![pictured](picture.svg)](https://example.org/d)",
    "page": "[paged](index.md)",
    "note": "noted[^n]",
    "citation": "{cite:p}`press2017`",
    "two citations": "{cite:t}`press2017,cnis2019`",
    "index mark": "{index}`marked`",
    "target": '<span id="there-@">targeted</span>',
    "picture": "![seen](picture.svg)",
    "badge": "{bdg-link-primary}`badged <https://example.org/e>`",
    "code": "`code-@`",
    "term": "{term}`Accreditation`",
    "keys": "{kbd}`Ctrl`",
    "abbreviation": "{abbr}`TC (technical committee)`",
    "Chinese": "江干区",
    "superscript": "{sup}`up`",
    "autolink": "<https://example.org/auto>",
}
#: Where it may stand.
PLACES = {
    "section": "## Section @",
    "deep": "## Shallow\n\n### Deep @",
    "paragraph": "Words @.",
    "emphasis": "**strong @** and *emphasised @*",
    "item": "- item @\n  1. inner @",
    "quotation": "> quoted @",
    "cell": "| head | other |\n|---|---|\n| @ | x |",
    "head": "| @ | other |\n|---|---|\n" + "| row | x |\n" * 60,
    "caption": ":::{list-table} Caption @\n* - a\n  - b\n:::",
    "figure": ":::{figure} picture.svg\n:alt: drawn\n\nFigure @\n\nLegend @\n:::",
    "admonition": ":::{admonition} Title @\nbody @\n:::",
    "dropdown": ":::{dropdown} Title @\nbody @\n:::",
    "card": "::::{card} Title @\n:::{card-header}\nhead @\n:::\nbody @\n:::{card-footer}\nfoot @\n:::\n::::",
    "grid": "::::{grid} 3\n:::{grid-item}\ncell @\n:::\n:::{grid-item}\nx\n:::\n:::{grid-item}\ny\n:::\n::::",
    "tabs": "::::{tab-set}\n:::{tab-item} Tab @\nbody @\n:::\n::::",
    "rubric": ":::{rubric} Rubric @\n:::",
    "sidebar": ":::{sidebar} Side @\nbody @\n:::",
    "topic": ":::{topic} Topic @\nbody @\n:::",
    "definition": "term @\n: definition @",
    "field": ":Name @: body @",
    "footnote": "Words[^in#n].\n\n[^in#n]: the note says @",
}
#: What Markdown does not take there.
NOT_THERE = {
    "footnote": {"note"},
    "head": {"term"},
    "field": {"badge", "citation", "two citations"},
}


def _pages() -> dict[str, str]:
    pages = {
        "bibliography.md": "# Bibliography\n\n```{bibliography}\n```\n",
        "glossary.md": "# Glossary\n\n```{glossary}\nAccreditation\n  The check.\n```\n",
        "picture.svg": SVG.format(""),
    }
    for number, (name, place) in enumerate(PLACES.items()):
        things = [
            (at, thing)
            for at, (kind, thing) in enumerate(THINGS.items())
            if kind not in NOT_THERE.get(name, ())
        ]
        # The head of a long table is printed on each page.
        things = things[:7] if name == "head" else things
        parts = [place.replace("#n", str(at)).replace("@", thing) for at, thing in things]
        pages[f"place-{number}.md"] = "\n\n".join([f"# Place {name}", *parts])
    for at, (kind, thing) in enumerate(THINGS.items()):
        pages[f"title-{at}.md"] = f"# Title {thing}\n\n{kind}\n\n" + "Words.\n\n" * 60
    names = [name.removesuffix(".md") for name in pages if name.endswith(".md")]
    for name in names:
        text = pages[f"{name}.md"]
        if "[^n]" in text:
            text += "\n\n[^n]: Words of the note.\n"
        for number in range(text.count("there-@")):
            text = text.replace("there-@", f"there-{number}", 1)
        pages[f"{name}.md"] = text.replace("-@", "-at")
    toctree = "\n".join(names)
    pages["index.md"] = f"# Home\n\n```{{toctree}}\n{toctree}\n```\n"
    return pages


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    built = Project(tmp_path_factory.mktemp("places"), _pages()).build("pdf", **PRINTED)
    assert built.warnings == [], "\n".join(built.warnings)
    return built.out / "handbook.pdf"


@pytest.fixture(scope="module")
def report(path: Path) -> Report:
    return check(path)


def test_any_thing_may_stand_anywhere(report: Report) -> None:
    assert dict(report.failures) == {}


def test_bookmarks_have_the_words_of_titles_and_no_notes(report: Report) -> None:
    bookmarks = {title for _depth, title in report.outline}
    titles = {
        "Title linked",
        "Title mixed",
        "Title paged",
        "Title noted",
        "Title marked",
        "Title seen",
        "Title pictured",
        "Title Accreditation",
    }
    assert titles <= bookmarks
    assert not any("[" in title or "Words" in title for title in bookmarks)


def test_a_note_of_a_title_is_printed_once_and_its_link_leads_on(
    path: Path, report: Report
) -> None:
    assert "https://example.org/a" in report.web_links
    printed = text(path)
    # Once on each page that refers to it: all places but the footnote, and the title.
    assert printed.count("Words of the note.") == len(PLACES) - 1 + 1


def test_an_error_without_a_place_is_looked_for(project: Callable[..., Project]) -> None:
    filling = "\n\n".join(f"Paragraph {number}." for number in range(9))
    pages = {f"p{number}.md": f"# Page {number}\n\n{filling}\n" for number in range(5)}
    pages["p3.md"] += f"\n\n- item\n- item\n\n  ![a](bad.svg)\n\n{filling}\n"
    pages["index.md"] = "# Home\n\n```{toctree}\n:glob:\np*\n```\n"
    pages["bad.svg"] = SVG.format("<text>\u0e01</text>")
    with pytest.raises(
        PdfError,
        match=r"docs/p3\.md:25: PDF/UA-1 error: the text `\"\u0e01\"` could not be displayed with .*"
        r"\(hint: run tools/handbook/pdf/make_fonts.py, or write another character\)$",
    ):
        project(pages).build("pdf", **PRINTED)


def test_things_and_places_are_not_left_out() -> None:
    pages = "\n".join(_pages().values())
    for thing, place in itertools.product(("[linked]", "{octicon}", "[^n]"), ("Section", "Tab")):
        assert f"{place} {thing}" in pages or f"{place} noted{thing}" in pages
