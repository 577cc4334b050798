"""What pages of the handbook once said in two ways can be said in one way only."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copy, copytree

import pytest

from handbook.datecheck import judge
from support import ROOT

#: A sentence that contradicts a record, the catalogue or another page, and the code that finds it.
SENTENCES = {
    # one of two pages lacked the Ukrainian version, or gave it another date or year
    "DSTU ISO 37101:2018 is the version of Ukraine {cite:p}`budstandart201937101`.": "R008",
    "DSTU ISO 37101:2019 took effect on 1 March 2018 {cite:p}`budstandart201937101`.": "R008",
    "DSTU ISO 37101:2019 was published on 1 March 2018 {cite:p}`budstandart201937101`.": "R008",
    "DSTU ISO 37101:2019 is a modified version of the text {cite:p}`budstandart201937101`.": "R008",
    # a pilot is no certificate
    "Hangzhou is certified to ISO 37101 {cite:p}`cnis2022sixth`.": "R010",
    "Sappada is certified to ISO 37120 {cite:p}`iso2018writing`.": "R010",
    # the secretary came from three bodies
    "Shao Xinhua is the secretary of ISO/TC 268 {cite:p}`issccndissccmain`.": "R011",
    "Etienne Cailleau is the secretary of the club {cite:p}`issccndissccmain`.": "R011",
    # the plenaries of the club and of the committee were mixed up
    "The sixth plenary of the club was in June 2016 {cite:p}`cnis2022sixth`.": "R014",
    "The fifth plenary of ISO/TC 268 was in Zhuhai {cite:p}`gdefair2018world`.": "R014",
    # a project of a new edition stands in the catalogue
    "ISO's data show no revision project for {iso}`37101` {cite:p}`isoopendata`.": "D510",
    # and what the records say may be said
    "DSTU ISO 37101:2019 took effect on 1 January 2021 {cite:p}`budstandart201937101`.": "",
    "Sappada is certified to ISO 37101 {cite:p}`iso2018writing`.": "",
    "The sixth plenary of the club was in Hangzhou {cite:p}`cnis2022sixth`.": "",
}
TABLES = {
    "| Country | Number |\n|---|---|\n| Ukraine | DSTU ISO 37101:2019 |": "R009",
    "| Place | Kind |\n|---|---|\n| Sappada | certificate |": "R009",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The codes found in each text, typed at the end of a page of the real handbook."""
    root: Path = tmp_path_factory.mktemp("contradictions")
    for folder in ("docs", "references"):
        copytree(ROOT / folder, root / folder)
    copy(ROOT / "pyproject.toml", root)
    page = root / "docs" / "claims.md"
    lines = page.read_text("utf-8").rstrip("\n").split("\n")
    starts = {}
    for text in (*SENTENCES, *TABLES):
        lines += ["", *text.split("\n")]
        starts[text] = range(len(lines) - text.count("\n"), len(lines) + 1)
    page.write_text("\n".join(lines) + "\n", "utf-8")
    findings = judge.check(root, date(2026, 11, 27)).findings
    here = [one for one in findings if one.place.path == "docs/claims.md"]
    return {
        text: {one.code for one in here if one.place.line in rows} for text, rows in starts.items()
    }


@pytest.mark.parametrize(("text", "code"), [*SENTENCES.items(), *TABLES.items()])
def test_a_contradiction_is_found(found: dict[str, set[str]], text: str, code: str) -> None:
    assert found[text] == ({code} if code else set())
