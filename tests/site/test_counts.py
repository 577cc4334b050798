"""What a build does, for few pages and for many: what grows with the handbook must be meant to."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from support.counts import counted
from support.projects import Project

Counts = dict[str, int]


def handbook(root: Path, pages: int) -> Project:
    names = [f"page{number}" for number in range(pages)]
    contents = "".join(f"{name}\n" for name in ("glossary", *names))
    texts = {
        f"{name}.md": f"# The {name}\n\nA sentence {{cite:p}}`cnis2019`.\n\n## A part\n\nThe end.\n"
        for name in names
    }
    return Project(
        root,
        {
            "index.md": f"# Home\n\n:::{{toctree}}\n{contents}:::\n",
            "glossary.md": "# Glossary\n\n:::{glossary}\nA term\n: What it means.\n:::\n",
            **texts,
        },
    )


def built(project: Project, language: str = "en") -> Counts:
    with counted() as found:
        done = project.build(handbook_search="1", language=language)
    assert done.warnings == []
    return {name: number for name, number in sorted(found.items()) if number}


PO = 'msgid "A part"\nmsgstr "一节"\n\nmsgid "The end."\nmsgstr "结束。"\n'
#: Three pages that no writer wrote are drawn at each build: the index, the search, the page for lost addresses.
NOTHING = {"drawn": 3, "opened": 3}
#: The page itself, and the home page, whose table of contents names it.
ONE_PAGE = {
    "checked": 1,
    "drawn": 5,
    "indexed": 1,
    "judged": 1,
    "opened": 7,
    "read": 1,
    "records": 1,
    "trees": 1,
    "written": 2,
}
#: How often a page may be walked through while it is read and written: docutils, Sphinx, MyST and bibtex need most.
WALKS = 30


def in_edition(language: str, counts: Counts) -> Counts:
    """The English edition alone opens each file that is drawn: it makes the policy of the whole site."""
    other = {} if language == "en" else {"opened": counts["drawn"]}
    return dict(Counter(counts) - Counter(other))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("pages", [4, 24])
def test_what_did_not_change_costs_the_same_in_a_small_and_a_large_handbook(
    tmp_path: Path, pages: int, language: str
) -> None:
    project = handbook(tmp_path, pages)
    for name in ("page1", "page2"):
        project.write(f"locales/zh_CN/LC_MESSAGES/{name}.po", PO)
    built(project, language)
    assert built(project, language) == in_edition(language, NOTHING)
    project.change(project.docs / "page2.md", "The end.", "The very end.")
    edited = built(project, language)
    assert edited.pop("walks") <= 1.5 * WALKS  # one page is read and written, one is written
    assert edited == in_edition(language, ONE_PAGE)
    assert built(project, language) == in_edition(language, NOTHING)


def test_a_page_depends_on_what_it_includes_and_no_other_page_does(tmp_path: Path) -> None:
    project = handbook(tmp_path, 4)
    project.write("_part.txt", "Some words.\n")
    project.change(project.docs / "page0.md", "The end.", "```{include} _part.txt\n```")
    built(project)
    project.write("_part.txt", "Other words.\n")
    assert built(project)["read"] == 1


def test_a_first_build_does_each_thing_once_a_page(tmp_path: Path) -> None:
    few, many = (built(handbook(tmp_path / str(pages), pages)) for pages in (4, 24))
    a_page = {name: (many[name] - few[name]) / 20 for name in few if many[name] != few[name]}
    assert a_page.pop("walks") <= WALKS
    assert a_page == {
        "checked": 1,
        "drawn": 1,
        "indexed": 1,
        "judged": 1,
        "opened": 2,  # its policy, and its text for the search
        "read": 1,
        "records": 1,
        "written": 1,
    }
