"""The command: formats, selection, exceptions, safe changes, exit status."""

import json
import subprocess
import sys
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from handbook.datecheck import dates_command, judge
from support import ROOT, small_handbook

DAY = date(2026, 11, 23)
BAD = "\nThe club met in May 2018.\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small_handbook(tmp_path)


def add(tree: Path, text: str, path: str = "docs/page.md") -> None:
    with (tree / path).open("a", encoding="utf-8") as file:
        file.write(text)


def call(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "tools" / "check_dates.py", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )


def written(tree: Path, form: str) -> str:
    out = StringIO()
    dates_command.write(judge.check(tree, DAY), tree, form, out)
    return out.getvalue()


def test_clean_tree_ends_with_0(tree: Path) -> None:
    done = call("--root", tree, "--today", "2026-11-23")
    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "2 pages checked: no faults, no pieces of advice\n",
        "",
    )


def test_findings_end_with_1_and_show_line_and_caret(tree: Path) -> None:
    add(tree, BAD)
    done = call("--root", tree, "--today", "2026-11-23")
    assert done.returncode == 1
    assert done.stdout == (
        "docs/page.md:26:17: D401 'May 2018' is in a paragraph without a citation or a milestone "
        "(hint: cite the source at the end of the sentence, or link to the milestone)\n"
        "    The club met in May 2018.\n"
        "                    ^\n"
        "2 pages checked: 1 fault, no pieces of advice\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--today", "tomorrow"], "'tomorrow' is not a day of the form YYYY-MM-DD"),
        (
            ["--select", "X1"],
            "check_dates: no rule begins with 'X1' (hint: see docs/contributing/checks.md)",
        ),
        (["--explain", "D410"], "check_dates: there is no rule 'D410' (hint: write one of "),
        (
            ["--root", "/nowhere"],
            "check_dates: /nowhere has no docs/ and no references/ (hint: name the folder of the handbook with --root)",
        ),
    ],
)
def test_what_cannot_run_ends_with_2(arguments: list[str], message: str) -> None:
    done = call(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_advice_does_not_fail(tree: Path) -> None:
    report = judge.check(tree, date(2027, 1, 2))
    assert {finding.code for finding in report.findings} == {"D604"}
    assert call("--root", tree, "--today", "2027-01-02").returncode == 0


def test_the_day_of_the_check_is_an_argument(tree: Path) -> None:
    assert "D602" in {finding.code for finding in judge.check(tree, date(2027, 11, 24)).findings}
    assert "D602" not in {
        finding.code for finding in judge.check(tree, date(2027, 11, 23)).findings
    }


def test_select_and_ignore_take_codes_and_their_beginnings(tree: Path) -> None:
    add(tree, BAD + "\nIt met on 31 June 2019 {cite:p}`nobody`.\n")

    def codes(select: tuple[str, ...] = (), ignore: tuple[str, ...] = ()) -> list[str]:
        return [finding.code for finding in judge.check(tree, DAY, select, ignore).findings]

    assert codes() == ["D401", "D102", "C001"]
    assert codes(select=("D",)) == ["D401", "D102"]
    assert codes(select=("D4", "C001")) == ["D401", "C001"]
    assert codes(ignore=("D1",)) == ["D401", "C001"]


def test_json(tree: Path) -> None:
    add(tree, BAD)
    assert json.loads(written(tree, "json")) == [
        {
            "place": {"path": "docs/page.md", "line": 26, "column": 17},
            "code": "D401",
            "message": "'May 2018' is in a paragraph without a citation or a milestone",
            "hint": "cite the source at the end of the sentence, or link to the milestone",
            "severity": "error",
        }
    ]


def test_github(tree: Path) -> None:
    add(tree, BAD)
    assert written(tree, "github").startswith(
        "::error file=docs/page.md,line=26,col=17,title=D401::'May 2018' is in a paragraph"
    )


FIXABLE = {
    "docs/page.md": ('reviewed: "2026-11-23"', "reviewed: 2026-11-23"),
    "references/sources.bib": ("date      = {2019-01-16}", "date      = {2019-1-16}"),
}


def test_fix_shows_a_diff_and_writes_only_when_told(tree: Path) -> None:
    for path, (good, bad) in FIXABLE.items():
        text = (tree / path).read_text("utf-8")
        assert good in text
        (tree / path).write_text(text.replace(good, bad), "utf-8")
    add(tree, "\nOn {date}`2019-1-4` it began {cite:p}`club2024report`.\n")
    before = {path: (tree / path).read_bytes() for path in FIXABLE}
    shown = call("--root", tree, "--today", "2026-11-23", "--fix")
    assert shown.returncode == 1
    assert '-reviewed: 2026-11-23\n+reviewed: "2026-11-23"' in shown.stdout
    assert "-  date      = {2019-1-16},\n+  date      = {2019-01-16}," in shown.stdout
    assert "-On {date}`2019-1-4` it\n".removesuffix("\n") in shown.stdout
    assert shown.stdout.endswith("nothing is written: add --yes to write these changes\n")
    assert before == {path: (tree / path).read_bytes() for path in FIXABLE}
    assert call("--root", tree, "--today", "2026-11-23", "--fix", "--yes").returncode == 0
    assert judge.check(tree, DAY).findings == []
    assert "{date}`2019-01-04`" in (tree / "docs/page.md").read_text("utf-8")


def test_fix_mends_line_ends_and_byte_order_mark(tree: Path) -> None:
    page = tree / "docs" / "page.md"
    good = page.read_bytes()
    page.write_bytes(b"\xef\xbb\xbf" + good.replace(b"\n", b"\r\n"))
    assert [str(finding) for finding in judge.check(tree, DAY).findings] == [
        "docs/page.md:1:1: P009 the file begins with a byte order mark (hint: save it as UTF-8 without BOM)",
        "docs/page.md:1:1: P009 the file has Windows line endings (hint: save it with Unix line endings (LF))",
    ]
    dates_command.fix(judge.check(tree, DAY), tree, True, StringIO())
    assert page.read_bytes() == good


def test_fix_leaves_alone_what_needs_judgement(tree: Path) -> None:
    add(tree, "\nOn {date}`14.1.2019` or {date}`2019-02-30` it began {cite:p}`club2024report`.\n")
    report = judge.check(tree, DAY)
    assert [finding.code for finding in report.findings] == ["D001", "D001"]
    assert report.fixes == []


def exception(**fields: str) -> str:
    values = {
        "code": "D401",
        "path": "docs/*.md",
        "reason": "a reason",
        "until": "2027-01-01",
    } | fields
    return (
        "[tool.handbook.checks]\nexceptions = [\n  {"
        + ", ".join(f'{name} = "{value}"' for name, value in values.items() if value)
        + "},\n]\n"
    )


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (exception(), []),
        (exception(text="'May 2018'"), []),
        (exception(until="2026-11-23"), []),
        (
            exception(until="2026-11-22"),
            [
                "docs/page.md:26:17: D401 'May 2018' is in a paragraph without a citation or a milestone (hint: cite the source at the end of the sentence, or link to the milestone)",
                "pyproject.toml:3:1: D702 the exception from D401 for docs/*.md ended on 2026-11-22 (hint: fix the fault, or give a new end with its reason)",
            ],
        ),
        (
            exception(text="June"),
            [
                "docs/page.md:26:17: D401 'May 2018' is in a paragraph without a citation or a milestone (hint: cite the source at the end of the sentence, or link to the milestone)",
                "pyproject.toml:3:1: D703 the exception from D401 for docs/*.md matches no finding (hint: delete it)",
            ],
        ),
    ],
)
def test_exceptions_in_pyproject(tree: Path, text: str, findings: list[str]) -> None:
    add(tree, BAD)
    (tree / "pyproject.toml").write_text(text, "utf-8")
    assert [str(finding) for finding in judge.check(tree, DAY).findings] == findings


WRONG = 'write {code = "D401", path = "docs/...", reason = "...", until = "YYYY-MM-DD"}; text = "..." narrows it'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (exception(reason=""), "an exception lacks 'reason'"),
        (exception(until=""), "an exception lacks 'until'"),
        (exception(path=""), "an exception lacks 'path'"),
        (exception(until="soon"), "the end 'soon' is not a day"),
        (exception(code="D999"), "'D999' is not the code of a rule"),
        (exception(code="D702"), "D702 allows no exceptions"),
        (exception(why="x"), "an exception has no field 'why'"),
    ],
)
def test_exceptions_that_lack_something(tree: Path, text: str, message: str) -> None:
    (tree / "pyproject.toml").write_text(text, "utf-8")
    assert [str(finding) for finding in judge.check(tree, DAY).findings] == [
        f"pyproject.toml:3:1: D701 {message} (hint: {WRONG})"
    ]


def test_exceptions_that_are_no_list_or_no_toml(tree: Path) -> None:
    for text in ('[tool.handbook.checks]\nexceptions = "all"\n', "[tool.handbook.checks\n"):
        (tree / "pyproject.toml").write_text(text, "utf-8")
        assert [finding.code for finding in judge.check(tree, DAY).findings] == ["D701"]


def test_exceptions_in_a_page_cover_that_page_alone(tree: Path) -> None:
    add(tree, BAD)
    page = tree / "docs" / "page.md"
    text = page.read_text("utf-8")
    (tree / "docs" / "other.md").write_text(
        text.replace("club-page", "other")
        .replace("club-founding-2017", "other-2017")
        .replace(":date: 2017-06", ":date: 2017"),
        "utf-8",
    )
    page.write_text(
        text.replace(
            "---\n(club",
            'exceptions:\n- {code: D401, reason: "a reason", until: "2027-01-01"}\n---\n(club',
        ),
        "utf-8",
    )
    assert [
        finding.place.path
        for finding in judge.check(tree, DAY, select=("D4", "D7")).findings
        if finding.code != "D402"
    ] == ["docs/other.md"]
