"""N0xx: bad rows of the files behind the finder, each with its finding word for word; the real files raise none."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from handbook.datecheck import judge
from support import SEEDED

ROLES = "- {id: city, name: A city}\n"
WANTS = "- {id: measure, group: Show, name: measure}\n"
TAGS = """\
  kind: {is: %s, sources: [isoopendata]}
  claim: {is: %s, ours: so it is}
  level: {is: process, ours: so it is}
  users: {are: [city], ours: so it is}
  purposes: {are: all, ours: so it is}
  issues: {are: [mobility], ours: so it is}
"""
SERVES = """\
  serves:
  - {want: measure, weight: 3, why: It measures., sources: [isoopendata]}
"""


def rows(root: Path) -> dict[str, str]:
    """A row for each deliverable of the small catalogue."""
    text = (root / "references" / "iso" / "deliverables.jsonl").read_text("utf-8")
    found = {}
    for line in filter(None, text.split("\n")):
        row = json.loads(line)
        withdrawn = row["currentStage"] == 9599
        kind = "report" if row["deliverableType"] == "TR" else "guidance"
        found[row["reference"]] = (
            f'- of: "{row["reference"]}"\n{TAGS % (kind, "none")}{"" if withdrawn else SERVES}'
        )
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    copytree(SEEDED / "references", tmp_path / "references")
    (tmp_path / "docs").mkdir()
    (tmp_path / "references" / "roles.yaml").write_text(ROLES, "utf-8")
    (tmp_path / "references" / "wants.yaml").write_text(WANTS, "utf-8")
    write(tmp_path, rows(tmp_path))
    return tmp_path


def write(root: Path, made: dict[str, str]) -> None:
    (root / "references" / "profile.yaml").write_text("".join(made.values()), "utf-8")


def found(root: Path) -> list[str]:
    told = judge.check(root, date(2026, 11, 23), select=["N", "C001"]).findings
    return [str(finding).removeprefix("references/") for finding in told]


def test_themes_add_up_to_a_total_that_somebody_gives(tree: Path) -> None:
    (tree / "references" / "indicators.yaml").write_text(
        """
- set: A
  counts: [{number: 3, by: the press, sources: [isoopendata]}]
  themes:
    basis: counted
    sources: [lost2017]
    in:
    - {theme: economy, number: 2}
    - {theme: economy, number: 2}
- set: A
  counts: []
""",
        "utf-8",
    )
    told = [line.partition(": ")[2] for line in found(tree)]
    assert [line.split(" (hint")[0] for line in told] == [
        "N001 its themes add up to 4, a total that nobody gives",
        "C001 no references/*.bib has the key 'lost2017'",
        "N001 'economy' appears twice",
        "N001 {'counts': [], 'set': 'A'} is not allowed here",
    ]


def test_a_whole_file_raises_nothing(tree: Path) -> None:
    assert found(tree) == []


@pytest.mark.parametrize(
    ("reference", "old", "new", "message"),
    [
        (
            "ISO 37101:2016",
            "kind: {is: guidance, sources: [isoopendata]}",
            "kind: {is: guidance}",
            "N001 {'is': 'guidance'} is not allowed here (hint: write either sources, a list of keys, or ours, one reason)",
        ),
        (
            "ISO 37101:2016",
            "kind: {is: guidance,",
            "kind: {is: guidanse,",
            (
                "N001 'guidanse' is not known here (hint: did you mean guidance? use one of requirements, requirements and"
                " guidance, guidance, procedure, framework, indicators, vocabulary, report, not known)"
            ),
        ),
        (
            "ISO 37101:2016",
            "[city]",
            "[mayor]",
            "N001 'mayor' is not in references/roles.yaml (hint: write an id of references/roles.yaml, or add it there)",
        ),
        (
            "ISO 37101:2016",
            "want: measure",
            "want: weigh",
            "N001 'weigh' is not in references/wants.yaml (hint: write an id of references/wants.yaml, or add it there)",
        ),
        (
            "ISO 37101:2016",
            "[mobility]",
            "[trams]",
            (
                "N001 ['trams'] is not allowed here (hint: write all, none, or a list of governance, education, innovation,"
                " health, culture, living-together, economy, living-environment, safety, infrastructure, mobility,"
                " biodiversity)"
            ),
        ),
        (
            "ISO 37101:2016",
            "weight: 3",
            "weight: 5",
            "N001 5 is not known here (hint: write 3 for made for it, 2 for helps, 1 for background)",
        ),
        (
            "ISO 37101:2016",
            "sources: [isoopendata]}\n  claim",
            "sources: [isoopendate]}\n  claim",
            "C001 ",
        ),
        (
            "ISO 37101:2016",
            "claim: {is: none",
            "claim: {is: possible",
            (
                "N003 ISO 37101:2016: its requirements can be met, and its kind is guidance (hint: only requirements can be"
                " met: write another claim, or the kind that it has)"
            ),
        ),
        (
            "ISO 37101:2016",
            "claim: {is: none",
            "claim: {is: method",
            (
                "N003 ISO 37101:2016: figures follow its method, and its kind is guidance (hint: only indicators have a method"
                " for figures: write another claim)"
            ),
        ),
        (
            "ISO 37101:2016",
            "kind: {is: guidance",
            "kind: {is: report",
            (
                "N003 ISO 37101:2016: ISO's type is IS, and its kind is report (hint: a Technical Report, and nothing else, is"
                " of the kind report)"
            ),
        ),
        (
            "ISO 37101:2016",
            SERVES,
            "",
            "N003 ISO 37101:2016: it serves no want (hint: add serves with a want of references/wants.yaml)",
        ),
    ],
)
def test_a_bad_row_is_found(tree: Path, reference: str, old: str, new: str, message: str) -> None:
    made = rows(tree)
    assert old in made[reference]
    made[reference] = made[reference].replace(old, new, 1)
    write(tree, made)
    told = [line for line in found(tree) if "N002" not in line]
    assert len(told) == 1
    assert message in told[0]
    path, line, column, _rest = told[0].split(":", 3)
    assert path == "profile.yaml"
    text = (tree / "references" / "profile.yaml").read_text("utf-8").split("\n")
    assert len(text[int(line) - 1]) >= int(column) - 1


def test_a_withdrawn_edition_serves_nothing(tree: Path) -> None:
    made = rows(tree)
    withdrawn = next(name for name, row in made.items() if "serves" not in row)
    write(tree, made | {withdrawn: made[withdrawn] + SERVES})
    (told,) = found(tree)
    assert f"N003 {withdrawn}: it is withdrawn, and serves a want" in told


def test_a_deliverable_without_a_profile_is_found(tree: Path) -> None:
    made = rows(tree)
    del made["ISO 37101:2016"]
    write(tree, made)
    (told,) = found(tree)
    assert "N002 ISO 37101:2016 has no profile" in told


def test_a_row_that_stands_twice_and_a_text_that_is_unknown(tree: Path) -> None:
    made = rows(tree)
    write(
        tree,
        made
        | {
            "again": made["ISO 37101:2016"],
            "other": f'- of: "ISO 1:2000"\n{TAGS % ("guidance", "none")}',
        },
    )
    assert [line.split(" ", 1)[1].split(" (")[0] for line in found(tree)] == [
        "N001 'ISO 37101:2016' appears twice",
        "N001 'ISO 1:2000' is not in the catalogue",
    ]


def test_a_want_and_a_role_that_lead_nowhere(tree: Path) -> None:
    folder = tree / "references"
    (folder / "roles.yaml").write_text(ROLES + "- {id: mayor, name: A mayor}\n", "utf-8")
    (folder / "wants.yaml").write_text(
        WANTS + "- {id: noise, group: Show, name: be loud}\n", "utf-8"
    )
    assert [line.split(" (")[0] for line in found(tree)] == [
        "roles.yaml:2:3: N004 no text is for the role 'mayor'",
        "wants.yaml:2:3: N004 no text serves the want 'noise'",
    ]
