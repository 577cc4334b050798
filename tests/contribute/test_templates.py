"""The templates of docs/contributing: each is valid as it stands, and its table names every field of the model."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from handbook.contribute.new_milestone import read_block
from handbook.datecheck import judge
from handbook.model.bibliography import FIELDS, REQUIRED, Bibliography, tidied
from handbook.model.block import Block
from handbook.model.milestones import MILESTONE_OPTIONS, read_milestone
from handbook.model.pages import FRONT_MATTER
from handbook.rules.findings import Place
from support import ROOT, newest_day

FOLDER = ROOT / "docs" / "contributing"
DAY = newest_day()
HEAD = '---\nreviewed: "2026-11-23"\ndescription: A page of a test, with what a page can hold.\n---\n# A page\n\n'


def templates(page: str) -> list[str]:
    text = (FOLDER / f"{page}.md").read_text("utf-8").split("## The template")[1]
    return [match[2] for match in re.finditer(r"(?ms)^(`{3,})(?:text|bibtex)\n(.*?)^\1$", text)]


def rows(page: str) -> dict[str, list[str]]:
    """The table of fields: the cells behind each name."""
    text = (FOLDER / f"{page}.md").read_text("utf-8").split("## The template")[1]
    lines = text.split("when not to use it |\n|---|---|---|---|\n")[1].split("\n\n")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return {cell[0].strip("` |"): cell[1:] for cell in cells}


def checked(folder: Path, name: str, text: str) -> list[str]:
    # What the handbook has published would be missing here.
    copytree(ROOT / "references", folder / "references", ignore=ignore_patterns("published"))
    page = folder / "docs" / name
    page.parent.mkdir(parents=True)
    page.write_text(text, "utf-8")
    return [
        str(finding)
        for finding in judge.check(
            folder, DAY, select=["P", "M", "C", "S", "D0", "D1", "D2", "D3", "D4"]
        ).findings
    ]


def test_the_template_of_a_milestone_is_one(tmp_path: Path) -> None:
    (template,) = templates("add-a-milestone")
    assert checked(tmp_path, "page.md", HEAD + template) == []
    fields = read_block(template)
    options = {name: value for name, value in fields.items() if name in MILESTONE_OPTIONS}
    milestone, problems = read_milestone(
        Block("milestone", fields["title"], options, Place("docs/page.md"))
    )
    assert milestone
    assert problems == []


def test_its_table_names_every_option_and_which_are_needed() -> None:
    table = rows("add-a-milestone")
    assert set(table) == {"title", "text", *MILESTONE_OPTIONS}
    assert {name for name, cells in table.items() if cells[0] == "yes"} == {
        "title",
        "text",
        *MILESTONE_OPTIONS[:4],
    }


def test_the_template_of_a_source_is_one_in_the_common_form(tmp_path: Path) -> None:
    (template,) = templates("sources")
    path = tmp_path / "template.bib"
    path.write_text(template, "utf-8")
    bibliography = Bibliography.load([path])
    assert bibliography.findings == ()
    assert list(bibliography.sources) == ["cnis2022sixth"]
    assert tidied(template) == template
    assert all(f"  {name}" in template for name in FIELDS)


def test_its_table_names_every_field_in_their_order_and_which_are_needed() -> None:
    table = rows("sources")
    assert list(table) == ["key", *FIELDS]
    assert {name for name, cells in table.items() if cells[0] == "yes"} == {"key", *REQUIRED}


def test_the_template_of_a_standards_page_is_one(tmp_path: Path) -> None:
    (template,) = templates("standards")
    assert checked(tmp_path, "standards/iso-37104-2019.md", template) == []
    parts = set(rows("standards"))
    headings = set(re.findall(r"(?m)^## (.+)$", template))
    assert headings <= parts
    assert {"reviewed", "description", "title", "{standard}", "{iso}"} == parts - headings


def test_the_template_of_a_claim_is_one(tmp_path: Path) -> None:
    (template,) = templates("disputed-claims")
    assert (
        checked(tmp_path, "page.md", HEAD.replace("# A page", "# Claims\n\n## Hangzhou") + template)
        == []
    )
    for part in ("What the sources say", "Our reading", "What would settle it"):
        assert f"**{part}" in template
        assert part in rows("disputed-claims")


@pytest.mark.parametrize("page", ["add-a-milestone", "sources", "standards", "disputed-claims"])
def test_every_row_says_what_it_is_and_the_page_when_not_to(page: str) -> None:
    assert all(cells[0] and cells[1] for cells in rows(page).values())
    assert re.search(r"(?m)^## When not$", (FOLDER / f"{page}.md").read_text("utf-8"))


def test_the_anchors_that_others_link_to_stay() -> None:
    text = (FOLDER / "index.md").read_text("utf-8")
    for anchor in ("add-a-milestone", "add-a-source", "contributing"):
        assert f"({anchor})=\n" in text
    assert "## What the checks tell you\n" in text


def test_the_short_doors_lead_to_the_pages() -> None:
    door = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert len(door.splitlines()) <= 40
    for page in ("add-a-milestone", "sources", "standards", "disputed-claims", "style", "review"):
        assert f"docs/contributing/{page}.md" in door


def test_the_block_in_the_readme_is_that_of_the_template() -> None:
    (template,) = templates("add-a-milestone")
    head = template.split("\nOne to three")[0]
    assert head in (ROOT / "README.md").read_text("utf-8")


def test_the_head_of_a_page_is_explained_in_full() -> None:
    explained = (
        (ROOT / "docs/contributing/index.md")
        .read_text("utf-8")
        .split("## The head of a page")[1]
        .split("\n## ")[0]
    )
    assert (
        set(re.findall(r"`([a-z-]+)`", "".join(re.findall(r"(?m)^\| (`[^|]+)\|", explained))))
        == FRONT_MATTER.keys()
    )
