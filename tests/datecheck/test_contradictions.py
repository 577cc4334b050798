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
    "Cerema leads ISO/TC 268 {cite:p}`issccndissccmain`.": "R011",
    "WG 1 was led by Bernard Gindroz {cite:p}`issccndissccmain`.": "R011",
    "Etienne Cailleau is the secretary of the club {cite:p}`issccndissccmain`.": "R011",
    # the plenaries of the club and of the committee were mixed up
    "The sixth plenary of the club was in June 2016 {cite:p}`cnis2022sixth`.": "R014",
    "The fifth plenary of ISO/TC 268 was in Zhuhai {cite:p}`gdefair2018world`.": "R014",
    # a base that was presented is not a move
    "Jianggan became the permanent base of the secretariat {cite:p}`hangzhounet2019secretariat`.": "R015",
    "In 2019 the secretariat settled in Jianggan {cite:p}`hangzhounet2019secretariat`.": "R015",
    # who provides the secretary
    "The standards body of the duty chair city provides a secretary"
    " {cite:p}`issccndissccorganizational`.": "R015",
    "The country of the duty chair city provides a secretary"
    " {cite:p}`issccndissccorganizational`.": "R015",
    # an article with two captions
    'The article writes "Standardized", and "Smart" in the caption'
    " {cite:p}`hangzhounet2019secretariat`.": "R015",
    # the institute does the work of a secretariat that SAC holds
    "The Hangzhou Institute of Standardization holds the secretariat of ISO/TC 321"
    " {cite:p}`xjnnet2025conference`.": "R011",
    "The secretariat of ISO/TC 321 is with the Hangzhou Institute of Standardization"
    " {cite:p}`xjnnet2025conference`.": "R011",
    "SIS holds the secretariats of SC 1 and SC 2 {cite:p}`isondsmart`.": "R011",
    # a table of six rows
    "There are three different accounts of the naming {cite:p}`hangzhounet2016plenary`.": "R015",
    # two subdistricts went elsewhere
    "Jianggan and the old district are one Shangcheng District {cite:p}`hangzhounet2021divisions`.": "R015",
    # a committee that is decided
    "The joint committee ISO/IEC JTC 4 was set up by a decision {cite:p}`jsandestablished`.": "R015",
    "CNIS calls itself the counterpart of the committee {cite:p}`cnis2017cnis`.": "R015",
    # members and pilots
    "Sejong is a member of the club {cite:p}`cqn2024founding`.": "R017",
    "Sejong is a pilot city of ISO 37101 {cite:p}`cqn2024founding`.": "R017",
    # WCCD grades a place that has none in its record
    "Shanghai has a certificate at the level platinum {cite:p}`uraia201737120`.": "R010",
    # a project of a new edition stands in the catalogue
    "ISO's data show no revision project for {iso}`37101` {cite:p}`isoopendata`.": "D510",
    # the same in other words
    "Ukraine adopted {iso}`37101` as DSTU ISO 37101:2020 {cite:p}`budstandart201937101`.": "R008",
    "China adopted {iso}`37106` as GB/T 40759-2021 {cite:p}`gbt411502021`.": "R008",
    "GB/T 41150-2021 is the Chinese version of {iso}`37101` {cite:p}`gbt411502021`.": "R008",
    "The Ukrainian standard DSTU ISO 37101:2019 applies from 1 January 2022 {cite:p}`budstandart201937101`.": "R008",
    "The Chinese standard DSTU ISO 37101:2019 adopts {iso}`37101` {cite:p}`budstandart201937101`.": "R008",
    "DSTU ISO 37101:2019 is the French version of {iso}`37101` {cite:p}`budstandart201937101`.": "R008",
    "GB/T 41150-2021 is an Italian standard {cite:p}`gbt411502021`.": "R008",
    "DSTU ISO 37101:2019 adopts {iso}`37120` {cite:p}`budstandart201937101`.": "R008",
    "Taipei is registered as silver {cite:p}`colamgndtaipei`.": "R010",
    "Sejong got its certificate from CSQA {cite:p}`iso2018writing`.": "R010",
    "Sejong belongs to the club {cite:p}`cqn2024founding`.": "R017",
    "Anji joined the club on 13 May 2023 {cite:p}`cqn2024founding`.": "R017",
    "Sejong joined the ISSCC {cite:p}`cqn2024founding`.": "R017",
    "The pilot cities of {iso}`37101` include Sejong {cite:p}`cqn2024founding`.": "R017",
    "Shenzhen was chosen as a pilot of {iso}`37101` {cite:p}`cqn2024founding`.": "R017",
    "Vaughan is registered under {iso}`37120` {cite:p}`wccd2023support`.": "R010",
    "Bernard Leservoisier chairs ISO/TC 268 {cite:p}`issccndissccmain`.": "R011",
    "Yoshiaki Ichikawa chaired ISO/TC 268 {cite:p}`issccndissccmain`.": "R011",
    "ISO/TC 268's chair Etienne Cailleau spoke {cite:p}`issccndissccmain`.": "R011",
    "ISO/TC 268 is chaired by Etienne Cailleau {cite:p}`issccndissccmain`.": "R011",
    "Bernard Gindroz was the chair of ISO/TC 268 until 2022 {cite:p}`issccndissccmain`.": "R011",
    "Etienne Cailleau, the chair of the committee ISO/TC 268, spoke {cite:p}`issccndissccmain`.": "R011",
    "SIS is the secretariat of SC 1 {cite:p}`isondsmart`.": "R011",
    "In June 2016 the club held its sixth plenary {cite:p}`cnis2022sixth`.": "R014",
    "BSI certified Sappada to {iso}`37101` {cite:p}`iso2018writing`.": "R010",
    "Sejong got the certificate in May 2019 {cite:p}`cimentoitambe2021brasil`.": "R010",
    # and what the records say may be said
    "Jianggan was presented as the permanent base of the secretariat"
    " {cite:p}`hangzhounet2019secretariat`.": "",
    "The mirror committee or the national standards body of the country of the duty chair city"
    " provides a secretary {cite:p}`issccndissccorganizational`.": "",
    'The article writes "Smart" in one of two captions {cite:p}`hangzhounet2019secretariat`.': "",
    "AFNOR in France held the secretariat of ISO/TC 268 on 1 July 2025"
    " {cite:p}`isoopendatacommittees`.": "",
    "JISC held the secretariats of SC 1 and SC 2 on 1 July 2025 {cite:p}`isoopendatacommittees`.": "",
    "Jianggan went into the new Shangcheng District, but for two subdistricts"
    " {cite:p}`hangzhounet2021divisions`.": "",
    "ISO/IEC JTC 4 was decided in May 2025 {cite:p}`jsandestablished`.": "",
    "Xiaoyi is a pilot city of ISO 37101 {cite:p}`cnis2022sixth`.": "",
    "Taipei has a certificate at the level platinum {cite:p}`colamgndtaipei`.": "",
    "DSTU ISO 37101:2019 took effect on 1 January 2021 {cite:p}`budstandart201937101`.": "",
    "The Ukrainian standard DSTU ISO 37101:2019 adopts {iso}`37101` {cite:p}`budstandart201937101`.": "",
    "GB/T 41150-2021 is the Chinese version of {iso}`37106` {cite:p}`gbt411502021`.": "",
    "Sappada is certified to ISO 37101 {cite:p}`iso2018writing`.": "",
    "The sixth plenary of the club was in Hangzhou {cite:p}`cnis2022sixth`.": "",
    "China adopted {iso}`37106` as GB/T 41150-2021 {cite:p}`gbt411502021`.": "",
    "Bernard Gindroz chaired ISO/TC 268 {cite:p}`issccndissccmain`.": "",
    "ISO/TC 268 is chaired by Bernard Gindroz {cite:p}`issccndissccmain`.": "",
    "Anji County joined the club on 13 May 2024 {cite:p}`cqn2024founding`.": "",
}
TABLES = {
    "| Country | Number |\n|---|---|\n| Ukraine | DSTU ISO 37101:2019 |": "R009",
    "| Body | SC 1 |\n|---|---|\n| AFNOR | O |": "R018",
    "| Person | Office |\n|---|---|\n| Etienne Cailleau | chair of ISO/TC 268 |": "R009",
    "| Body | Chair |\n|---|---|\n| ISO/TC 268 | Etienne Cailleau |": "R009",
    "| Place | Level |\n|---|---|\n| Taipei | gold |": "R009",
    "| National number | ISO text |\n|---|---|\n| GB/T 41150 | {iso}`37101` |": "R009",
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
    # What letters mean is another question.
    here = [
        one
        for one in findings
        if one.place.path == "docs/claims.md" and not one.code.startswith("T")
    ]
    return {
        text: {one.code for one in here if one.place.line in rows} for text, rows in starts.items()
    }


@pytest.mark.parametrize(("text", "code"), [*SENTENCES.items(), *TABLES.items()])
def test_a_contradiction_is_found(found: dict[str, set[str]], text: str, code: str) -> None:
    assert found[text] == ({code} if code else set())
