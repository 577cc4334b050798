"""Each rule: bad inputs with every finding word for word, and good inputs that look alike and raise none."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from handbook.datecheck import judge
from handbook.rules.rule import RULES
from support import SEEDED, small_handbook

DATA = SEEDED
CASES = yaml.safe_load((DATA / "cases.yaml").read_text("utf-8"))
DAY = date(2026, 11, 23)
#: Rules about bytes, folders and exceptions, which need more than a changed text: see the other tests of datecheck.
ELSEWHERE = {"B001", "P001", "P003", "P005", "P006", "P009", "P020", "P021", "D701", "D702", "D703"}
#: Codes that the campaign plants.
CAMPAIGN = {
    code
    for path in (SEEDED.parent / "campaign").glob("*.yaml")
    for code in re.findall(r"\b[A-Z]\d{3}\b", path.read_text("utf-8"))
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small handbook without fault."""
    return small_handbook(tmp_path)


def found(root: Path) -> list[str]:
    return [str(finding) for finding in judge.check(root, DAY).findings]


def change(root: Path, case: dict[str, str], text: str | None) -> None:
    path = root / case["file"]
    before = path.read_text("utf-8")
    if text is not None:
        path.write_text(f"{before}\n{text}", "utf-8")
    else:
        assert case["old"] in before
        path.write_text(before.replace(case["old"], case["new"], 1), "utf-8")


def name(case: dict[str, str]) -> str:
    return (
        f"{case['code']}: {(case.get('add') or case.get('new') or 'nothing').splitlines()[0][:50]}"
    )


def test_the_small_handbook_has_no_fault(tree: Path) -> None:
    assert found(tree) == []


@pytest.mark.parametrize("case", CASES, ids=name)
def test_bad_input_is_found_word_for_word(tree: Path, case: dict[str, str]) -> None:
    change(tree, case, case.get("add"))
    findings = found(tree)
    assert findings == case["found"]
    assert any(f": {case['code']} " in finding for finding in findings)


@pytest.mark.parametrize("case", [case for case in CASES if "good" in case], ids=name)
def test_good_input_raises_nothing(tree: Path, case: dict[str, str]) -> None:
    change(tree, case, case["good"])
    assert found(tree) == []


def test_every_rule_has_a_case() -> None:
    known = {case["code"] for case in CASES} | ELSEWHERE
    rules = {code for code in RULES if code[0] in "MBPCSDRT"}
    assert known - rules == set()
    assert rules - known - CAMPAIGN == set()


def test_successors_of_one_month_in_a_circle_are_found_once(tree: Path) -> None:
    path = tree / "references" / "iso" / "deliverables.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row, other in ((rows[2], rows[3]), (rows[3], rows[2])):
        row |= {"replaces": [other["id"]], "replacedBy": [other["id"]]}
        row["publicationDate"] = "2016-07"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    assert [one for one in found(tree) if " D514 " in one] == [
        (
            "references/iso/deliverables.jsonl:3:300: D514 ISO 37120:2014 replaces itself through other deliverables"
            " (hint: compare with ISO's page, and correct it in references/iso/overrides.yaml)"
        )
    ]


SECTIONS = """
(mayors)=
(members)=
## Its members

(a-paragraph)=
They are cities.

### How many

#### In Asia
"""


NO_SECTION = "the search knows no section {}"
#: The other way to correct a section that the search does not know.
LABEL = ", or put that label directly above a heading with ## or ###"
STANDARD = " alone: the search knows no sections on the page of a standard"


@pytest.mark.parametrize(
    ("place", "message", "hint"),
    [
        ("page", "", ""),
        ("page#members", "", ""),
        ("page#how-many", "", ""),
        ("page#mayors", NO_SECTION, f"write page#members{LABEL}"),
        ("page#its-members", NO_SECTION, f"write page#members{LABEL}"),
        ("page#a-paragraph", NO_SECTION, f"write page#members{LABEL}"),
        ("page#in-asia", NO_SECTION, f"write page#how-many{LABEL}"),
        ("page#the-club", NO_SECTION, f"write page{LABEL}"),
        ("page#membership", "page has no anchor 'membership'", "did you mean page#members?"),
        ("page#in-asian", "page has no anchor 'in-asian'", "did you mean page#how-many?"),
        ("page#xyz", "page has no anchor 'xyz'", "write page, or an anchor of that page"),
        ("standards", "", ""),
        ("standards#how-many", NO_SECTION, f"write standards{STANDARD}"),
        ("standards#xyz", "standards has no anchor 'xyz'", f"write standards{STANDARD}"),
        ("pages", "there is no page 'pages'", "did you mean page?"),
        ("xyz", "there is no page 'xyz'", "name a page below docs/ without .md"),
    ],
)
def test_a_question_leads_to_a_section_that_the_search_knows(
    tree: Path, place: str, message: str, hint: str
) -> None:
    page = tree / "docs" / f"{'standards' if 'standards' in place else 'page'}.md"
    page.write_text(page.read_text("utf-8") + SECTIONS, "utf-8")
    questions = tree / "references" / "questions.yaml"
    questions.write_text(f"- at: {place}\n  asked: [mayors]\n", "utf-8")
    said = f"references/questions.yaml:1:7: T002 {message.format(place)} (hint: {hint})"
    assert [one for one in found(tree) if " T002 " in one] == ([said] if message else [])


def test_places_in_nested_blocks_are_exact(tree: Path) -> None:
    page = tree / "docs" / "page.md"
    text = (
        page.read_text("utf-8")
        + """
::::{note}
> - A list in a quotation
>   :::{warning}
>   It met on 31 June 2019 {cite:p}`club2024report`.
>   :::

| A | B |
|---|---|
| x {cite:p}`club2024report` | 31 April 2019, 31 April 2019 |
::::

1. One

   ```{list-table}
   * - 30 February 2019 {cite:p}`nobody`
   ```
"""
    )
    page.write_text(text, "utf-8")
    for finding in judge.check(tree, DAY).findings:
        line = text.splitlines()[finding.place.line - 1]
        word = "nobody" if finding.code == "C001" else finding.message.split("'")[1]
        assert line.startswith(word, finding.place.column - 1), finding
    assert [finding.code for finding in judge.check(tree, DAY).findings] == [
        "D102",
        "D102",
        "D102",
        "D102",
        "C001",
    ]
