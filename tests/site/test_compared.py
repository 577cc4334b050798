"""What the check read is what MyST made: each way to differ stops the build, and the next one too."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.model.pages import Page, parse_page
from handbook.sphinxext import compared, reported
from support.projects import Project

EXTENSIONS = "myst_parser sphinx_design sphinxcontrib.bibtex handbook.sphinxext handbook.pdf"
CONF = {"extensions": EXTENSIONS.split(), "html_theme": "basic"}
NOTE = ":::{note}\nWords.\n:::\n"
MILESTONE = ":::{milestone} It\n:name: it-2019\n:date: 2019\n:strands: club\n:sources: cnis2019\nIt was.\n:::\n"
#: Blocks that MyST never comes to, or gives up: the text, and the line and words of what is said.
WAYS = {
    "in a glossary, not indented": (f"::::{{glossary}}\n{NOTE}::::\n", 4, "a block {note}"),
    "in a grid that is refused": (f"::::{{grid}} many\n{NOTE}::::\n", 4, "a block {note}"),
    "in a carousel that is refused": (
        f"::::{{card-carousel}} many\n{NOTE}::::\n",
        4,
        "a block {note}",
    ),
    "a milestone in a table that is none": (
        f"::::{{table}} T\n{MILESTONE}::::\n",
        4,
        "lost the milestone 'it-2019'",
    ),
}
#: Blocks within blocks that both see.
ALIKE = {
    "in a list": "- One\n\n  :::{note}\n  Words.\n  :::\n",
    "in a list, unparted": "- One\n  :::{note}\n  Words.\n  :::\n",
    "in a quotation": "> :::{note}\n> Words.\n> :::\n",
    "in a list of terms": "Term\n: Words\n\n  :::{note}\n  Words.\n  :::\n",
    "in a footnote": "Words.[^a]\n\n[^a]: Note.\n\n    :::{note}\n    Words.\n    :::\n",
    "in a card": f"::::{{card}} T\nHead\n^^^\n{NOTE}+++\nFoot\n::::\n",
    "in a definition of a glossary": "::::{glossary}\nA\n  Words\n\n  :::{note}\n  Words.\n  :::\n::::\n",
    "in a table of lists": "::::{list-table} T\n\n* - a\n  - :::{note}\n    Words.\n    :::\n::::\n",
    "in code": f"```text\n{NOTE}```\n",
    "in a comment": f"<!--\n{NOTE}-->\n",
    "in the midst of a paragraph": f"Words\n{NOTE}words\n",
    "for another builder": f"::::{{only}} latex\n{NOTE}::::\n",
    "of backticks": "```{note}\nWords.\n```\n",
    "in a file that is included": "```{include} part.txt\n```\n",
    "a milestone in a note": f"::::{{note}}\n{MILESTONE}::::\n",
    "an unknown directive of programs": "```{py:function} f(x)\nWords.\n```\n",
}


def said(warnings: list[str]) -> list[str]:
    return [line for line in warnings if " Y007 " in line]


@pytest.mark.parametrize(("text", "line", "words"), WAYS.values(), ids=WAYS)
def test_a_block_that_is_lost_stops_this_build_and_the_next(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    project = Project(tmp_path, {"index.md": f"# Home\n\n{text}"})
    for _build in range(2):
        (found,) = said(project.build("html", **CONF).warnings)
        assert found.startswith(f"docs/index.md:{line}: WARNING: Y007 ")
        assert words in found
    project.write("index.md", f"# Home\n\n{NOTE}")
    assert said(project.build("html", **CONF).warnings) == []


@pytest.mark.parametrize("text", ALIKE.values(), ids=ALIKE)
def test_what_both_read_is_not_spoken_of(tmp_path: Path, text: str) -> None:
    project = Project(tmp_path, {"index.md": f"# Home\n\n{text}"})
    project.write("part.txt", f"Words.\n\n{NOTE}")
    assert said(project.build("html", **CONF).warnings) == []


def test_a_block_that_the_check_overlooks_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = reported.read_pages

    def short_sighted(*arguments: object) -> list[Page]:
        pages = read(*arguments)
        for page in pages:
            page.blocks = [block for block in page.blocks if block.name != "note"]
        return pages

    monkeypatch.setattr(reported, "read_pages", short_sighted)
    project = Project(tmp_path, {"index.md": f"# Home\n\n{NOTE}"})
    (found,) = said(project.build("html", **CONF).warnings)
    assert found.startswith("docs/index.md:3: ")
    assert "the page has a block {note} here, and the check reads none" in found


def test_a_page_that_the_check_refuses_is_not_compared(tmp_path: Path) -> None:
    project = Project(tmp_path, {"index.md": "# Home\n\n:::{note}Words\nIt met.\n:::\n"})
    warnings = project.build("html", **CONF).warnings
    assert any(" P024 " in line for line in warnings)
    assert said(warnings) == []


def test_the_first_line_that_only_one_of_both_has_is_named() -> None:
    page = parse_page(Path("x.md"), f"{NOTE}\n{NOTE}\n{NOTE}".encode())
    ran = [("note", 1), ("note", 9), ("figure", 20)]
    lines = [(one.place.line, one.subject) for one in compared.differences(page, ran, [])]
    assert lines == [(20, "figure"), (5, "note")]
