"""The worked examples of the page *Using our data*, each run as it stands there, on the real data.

The spreadsheet is Gnumeric, the calendar khal (``apt install gnumeric khal``). Without one its example is skipped, and
says so; where the variable CI is set, it fails instead.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from handbook.outputs import tables
from support import ROOT
from support.programs import program

PAGE = ROOT / "docs" / "using-our-data.md"


def example(language: str) -> str:
    found = re.findall(
        rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(found) == 1
    return found[0]


@pytest.fixture(scope="module")
def data(site: tuple[str, Path]) -> Path:
    return site[1] / "data"


@pytest.fixture(scope="module")
def milestones(data: Path) -> list[dict[str, str]]:
    return json.loads((data / "milestones.json").read_text("utf-8"))["milestones"]


def test_the_spreadsheet_counts_what_the_formula_asks_for(
    data: Path, milestones: list[dict[str, str]], tmp_path: Path
) -> None:
    ssconvert = program("gnumeric", "ssconvert")
    table = (data / "milestones.csv").read_bytes().decode("utf-8-sig")
    formula = example("text").strip().replace('"', '""')
    # The answer stands below the table, outside of the columns that the formula reads.
    (tmp_path / "table.csv").write_text(f'{table}"{formula}"\r\n', "utf-8", newline="")
    subprocess.run(
        [ssconvert, "--recalc", "table.csv", "answer.csv"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    *_, answer = csv.reader((tmp_path / "answer.csv").read_text("utf-8").splitlines())
    asked = [
        row for row in milestones if "hangzhou" in row["strands"] and row["status"] == "disputed"
    ]
    assert len(asked) > 1
    assert answer[0] == str(len(asked))


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1-1", "@SUM(1,1)", "a;=1+1", 'a","=1+1'])
def test_the_spreadsheet_runs_no_cell(formula: str, tmp_path: Path) -> None:
    ssconvert = program("gnumeric", "ssconvert")
    row = {field.name: None for field in tables.SOURCE_FIELDS} | {"title": formula}
    written = tables.as_csv(tables.SOURCE_FIELDS, [row])
    (tmp_path / "table.csv").write_text(written, "utf-8", newline="")
    subprocess.run(
        [ssconvert, "--recalc", "table.csv", "read.csv"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    *_, read = csv.reader((tmp_path / "read.csv").read_text("utf-8").splitlines())
    assert tables.as_it_was(read[2]) == formula


def test_the_calendar_shows_the_day_and_a_second_import_doubles_nothing(
    data: Path, milestones: list[dict[str, str]], tmp_path: Path
) -> None:
    program("khal", "khal")
    settings = tmp_path / "khal" / "config"
    settings.parent.mkdir()
    formats = "".join(f"{name} = %Y-%m-%d\n" for name in ("dateformat", "longdateformat"))
    formats += "timeformat = %H:%M\n" + "".join(
        f"{name} = %Y-%m-%d %H:%M\n" for name in ("datetimeformat", "longdatetimeformat")
    )
    settings.write_text(
        f"[calendars]\n[[handbook]]\npath = {tmp_path}/calendar\ntype = calendar\n[locale]\n{formats}[sqlite]\npath = {tmp_path}/khal.db\n",
        "utf-8",
    )
    (tmp_path / "calendar").mkdir()
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}

    def run() -> str:
        return subprocess.run(
            ["sh", "-ec", example("sh")],
            cwd=data,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    shown = run()
    assert run() == shown
    assert "Jianggan is presented as the base of the club's secretariat" in shown
    assert len(list((tmp_path / "calendar").iterdir())) == len(milestones)


def test_the_program_prints_each_event_with_its_sources(
    data: Path,
    milestones: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = example("python")
    assert len(program.splitlines()) <= 10
    monkeypatch.chdir(data)
    exec(compile(program, PAGE.name, "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == sum(
        "hangzhou" in row["strands"] and row["status"] == "happened" for row in milestones
    )
    assert (
        "2019  2019-01-14             Jianggan is presented as the base of the club's secretariat"
        " [hangzhounet2019secretariat]" in "\n".join(printed)
    )
