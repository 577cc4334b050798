"""What a check reports, and the forms it is written in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from handbook.rules.findings import (
    Finding,
    Place,
    as_github,
    as_json,
    as_markdown,
    as_text,
    exit_status,
    shown,
)
from handbook.rules.rule import RULES as REGISTRY
from handbook.rules.rule import Severity, declare

WRONG = Finding(
    Place("docs/page.md", 3, 5),
    "D001",
    "'2019-02-29' is a day that does not exist",
    "write 2019-02",
)
ADVICE = Finding(Place("docs/a, b.md", 1), "D900", "100% sure:\nno", "look\r\nagain")
RULES = {"D900": "Advice.", "D001": "A day exists."}


@pytest.fixture(autouse=True)
def advice() -> Iterator[None]:
    """A rule whose findings are advice."""
    declare("D900", severity=Severity.ADVICE)
    yield
    del REGISTRY["D900"]


def test_a_finding_is_one_line() -> None:
    assert (
        str(WRONG)
        == "docs/page.md:3:5: D001 '2019-02-29' is a day that does not exist (hint: write 2019-02)"
    )


def test_only_errors_fail_a_check() -> None:
    assert [exit_status(found) for found in ([], [ADVICE], [ADVICE, WRONG])] == [0, 0, 1]


def test_text_shows_the_line_and_points_at_the_place(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("# Title\n\nOn\t2019-02-29 it began.\n", "utf-8")
    later = Finding(Place("docs/page.md", 9), "D002", "beyond the end", "look")
    gone = Finding(Place("docs/z.md", 1), "D002", "no such file", "look")
    assert as_text([gone, later, WRONG], tmp_path).split("\n") == [
        str(WRONG),
        "    On 2019-02-29 it began.",
        "        ^",
        str(later),
        str(gone),
    ]


def test_text_cuts_a_long_line_around_the_place(tmp_path: Path) -> None:
    (tmp_path / "long.md").write_text("x" * 200 + "HERE" + "y" * 200, "utf-8")
    _finding, line, caret = as_text(
        [Finding(Place("long.md", 1, 201), "D001", "m", "n")], tmp_path
    ).split("\n")
    assert len(line) == 104
    assert line[caret.index("^") :].startswith("HERE")


def test_json_is_a_list_sorted_by_place() -> None:
    data = json.loads(as_json([WRONG, ADVICE]))
    assert [entry["code"] for entry in data] == ["D900", "D001"]
    assert data[1] == {
        "place": {"path": "docs/page.md", "line": 3, "column": 5},
        "code": "D001",
        "severity": "error",
        "message": "'2019-02-29' is a day that does not exist",
        "hint": "write 2019-02",
    }


def test_github_annotations_escape_what_the_workflow_would_read() -> None:
    assert as_github([WRONG, ADVICE]).split("\n") == [
        "::notice file=docs/a%2C b.md,line=1,col=1,title=D900::100%25 sure:%0Ano (hint: look%0D%0Aagain)",
        "::error file=docs/page.md,line=3,col=5,title=D001::'2019-02-29' is a day that does not exist (hint: write 2019-02)",
    ]


def test_markdown_groups_by_code_errors_first_and_calls_nobody() -> None:
    marked = Finding(Place("docs/page.md", 4), "D001", "see *this* @name", "write `that`")
    text = as_markdown([ADVICE, marked, WRONG], "Dates", RULES)
    assert text.index("## D001 (2)\n\nA day exists.") < text.index("## D900 (1, advice)\n\nAdvice.")
    assert "- `docs/page.md:4:1` see \\*this\\* @\u200bname. *Hint:* write \\`that\\`\n" in text
    assert as_markdown([], "Dates", RULES) == "# Dates\n\nNothing to fix.\n"


def test_a_path_is_written_as_from_the_root() -> None:
    assert shown(Path("/handbook/docs/a.md"), Path("/handbook")) == "docs/a.md"
    assert shown(Path("/elsewhere/a.md"), Path("/handbook")) == "/elsewhere/a.md"
    assert shown(Path("/handbook/docs/a.md")) == "/handbook/docs/a.md"


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="the code D900 is already taken"):
        declare("D900")
