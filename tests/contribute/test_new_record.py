"""``make new-record``: what is asked and written, and the mistakes that people make, word for word."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from shutil import copy, copytree

import pytest
import yaml

from handbook.contribute import new_milestone, new_record
from handbook.contribute.asking import Asker, Kind, RefusalError
from handbook.datecheck import judge
from support import ROOT, SEEDED

TODAY = date(2026, 11, 23)
KINDS: dict[str, Kind] = {**new_record.KINDS, "meeting": new_milestone.MEETING}
#: Answers that are right.
RIGHT = {
    "adoption": {
        "adopts": "ISO 37101:2016",
        "country": "IT",
        "designation": "UNI ISO 37101",
        "dates": "published 2018-05; in force 2019",
        "sources": "club2024report",
    },
    "place": {
        "name": "Anji County",
        "own": "安吉县",
        "kind": "club member",
        "dates": "since 2024",
        "sources": "club2024report",
    },
    "office": {
        "name": "Ada Chair",
        "body": "ISSCC",
        "role": "chair",
        "dates": "named 2018-05",
        "sources": "club2024report blog2020first",
    },
    "meeting": {
        "page": "docs/page.md",
        "section": "The club",
        "title": "The committee meets",
        "date": "2018-05-14",
        "name": "committee-2018",
        "strands": "committee",
        "sources": "club2024report",
        "body": "ISO/TC 268",
        "number": "7",
        "text": "It met.",
    },
}
FILES = {"adoption": "adoptions", "place": "places", "office": "offices"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small handbook without fault."""
    copytree(SEEDED / "references", tmp_path / "references")
    (tmp_path / "docs").mkdir()
    for name in ("page.md", "standards.md"):
        copy(SEEDED / name, tmp_path / "docs" / name)
    page = tmp_path / "docs" / "page.md"
    page.write_text(page.read_text("utf-8") + "\n:::{meetings}\n:::\n", "utf-8")
    return tmp_path


def add(
    root: Path, kind: str, given: dict[str, str], answers: str | None = None, dry: bool = False
) -> str:
    out = io.StringIO()
    asker = Asker(given, None if answers is None else io.StringIO(answers), out, False)
    KINDS[kind].add(root, TODAY, asker, out, answers is None, dry)
    return out.getvalue()


def records(root: Path, kind: str) -> list[dict[str, object]]:
    path = root / "references" / "records" / f"{FILES[kind]}.yaml"
    found: list[dict[str, object]] = yaml.safe_load(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("kind", RIGHT)
def test_a_record_is_written_and_the_checks_find_nothing(root: Path, kind: str) -> None:
    shown = add(root, kind, RIGHT[kind])
    assert ": written" in shown
    assert judge.check(root, TODAY).findings == []


def test_an_adoption_gets_its_id_and_says_how_sure_it_is(root: Path) -> None:
    add(root, "adoption", RIGHT["adoption"])
    found = {one["id"]: one for one in records(root, "adoption")}
    assert found["it-uni-iso-37101"] == {
        "id": "it-uni-iso-37101",
        "adopts": "ISO 37101:2016",
        "country": "IT",
        "designation": "UNI ISO 37101",
        "dates": [{"what": "published", "date": "2018-05"}, {"what": "in force", "date": "2019"}],
        "sources": ["club2024report"],
        "status": "sure",
    }
    add(root, "adoption", RIGHT["adoption"] | {"country": "PL", "sources": "blog2020first"})
    assert [one["status"] for one in records(root, "adoption") if one["country"] == "PL"] == [
        "one source"
    ]


def test_who_is_there_already_gets_one_more(root: Path) -> None:
    add(root, "office", RIGHT["office"])
    add(root, "place", RIGHT["place"] | {"name": "Hangzhou", "own": ""})
    person, _agency = records(root, "office")
    assert [one["body"] for one in person["offices"]] == ["ISO/TC 268", "ISSCC"]
    hangzhou = records(root, "place")[1]
    assert [one["kind"] for one in hangzhou["standings"]] == ["pilot of ISO 37101", "club member"]


def test_it_asks_line_by_line(root: Path) -> None:
    answers = "ISO 37101:2016\nIT\nUNI ISO 37101\n\n2018-05\nclub2024report\n\n\nit\n\n\n"
    shown = add(root, "adoption", {}, answers)
    assert "id [it-uni-iso-37101]> " in shown
    assert "status [sure]> " in shown
    assert [one.get("language") for one in records(root, "adoption")] == ["it", None, None]


def test_a_dry_run_writes_nothing(root: Path) -> None:
    before = records(root, "place")
    assert ": would be written" in add(root, "place", RIGHT["place"], dry=True)
    assert records(root, "place") == before


def test_the_template_is_a_ready_record(root: Path) -> None:
    page = (ROOT / "docs" / "contributing" / "index.md").read_text("utf-8")
    template = re.search(r"(?s)```text\n(- id: .*?)```", page)
    assert template
    given = KINDS["adoption"].read(template[1])
    assert given["dates"] == "approved 2019-12-21; in force 2021-01-01"
    known = (ROOT / "references" / "records" / "adoptions.yaml").read_text("utf-8")
    assert given["id"] in known


#: kind, what is typed instead, and each line of the answer.
MISTAKES = [
    (
        "adoption",
        {"adopts": "ISO 37101:2017"},
        (
            "R001 'ISO 37101:2017' is not in the catalogue"
            " (hint: the catalogue has ISO 37101:2016, ISO 37101:2016/Amd 1:2024)"
        ),
    ),
    (
        "adoption",
        {"country": "Italy"},
        "R001 'Italy' is not allowed here (hint: write the two letters of ISO 3166-1: CN)",
    ),
    (
        "adoption",
        {"dates": "published 18.05.2018"},
        (
            "R001 '18.05.2018' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"
            " (hint: write 2018-05-18)"
        ),
    ),
    (
        "adoption",
        {"dates": "publised 2018-05"},
        (
            "R001 'publised' is not known here (hint: did you mean published? use one of project,"
            " approved, published, in force, until)"
        ),
    ),
    (
        "adoption",
        {"sources": "club2024reprot"},
        "C001 no references/*.bib has 'club2024reprot' (hint: did you mean club2024report?)",
    ),
    (
        "adoption",
        {"country": "UA", "designation": "DSTU ISO 37101:2019", "id": "ua-second"},
        (
            "references/records/adoptions.yaml:20:3: R005 DSTU ISO 37101:2019 already has a record: ua-dstu-iso-37101-2019 (hint: delete one of the two)"
        ),
    ),
    (
        "adoption",
        {"dates": "published 2019; in force 2018"},
        (
            "references/records/adoptions.yaml:8:28: R003 it-uni-iso-37101: in force (2018) comes"
            " before published (2019) (hint: look up both dates again)"
        ),
    ),
    (
        "adoption",
        {"adopts": "ISO 37120:2014"},
        (
            "references/records/adoptions.yaml:2:3: R006 the page of ISO 37120:2014 does not show UNI"
            " ISO 37101 (hint: write :::{adoptions} with :standard: ISO 37120:2014 on it)"
        ),
    ),
    (
        "adoption",
        {"sources": "blog2020first", "status": "sure"},
        (
            "references/records/adoptions.yaml:2:3: R002 it-uni-iso-37101 is marked as sure, but rests on one source that is not primary (hint: write status: one source)"
        ),
    ),
    (
        "adoption",
        {"dates": "published 2030"},
        (
            "references/records/adoptions.yaml:7:29: R004 it-uni-iso-37101: all sources of 2030 are"
            " older (hint: cite a report from after it)"
        ),
    ),
    (
        "place",
        {"kind": "certified"},
        (
            "R001 'certified' is not known here (hint: did you mean certificate? use one of club"
            " member, pilot of ISO 37101, pilot of SC 1, trial, certificate, registration,"
            " demonstration title)"
        ),
    ),
    (
        "place",
        {"id": "sappada"},
        "R001 the id 'sappada' is that of another record (hint: write another id)",
    ),
    (
        "office",
        {"body": ""},
        "body is needed (hint: the body, by its short name: ISO/TC 268)",
    ),
    (
        "meeting",
        {"number": "seventh"},
        (
            "M016 'seventh' is not the number of a meeting"
            " (hint: write the number that a source gives in digits, 7; without one leave it out)"
        ),
    ),
    (
        "meeting",
        {"body": "TC 268"},
        (
            "R012 no record knows the body 'TC 268'"
            " (hint: write one of ISO/TC 268; or a group of one: ISO/TC 268/WG 1)"
        ),
    ),
]


@pytest.mark.parametrize(("kind", "typed", "said"), MISTAKES)
def test_the_mistakes_of_contributors_are_refused_word_for_word(
    root: Path, kind: str, typed: dict[str, str], said: str
) -> None:
    before = records(root, kind) if kind in FILES else []
    with pytest.raises(RefusalError) as error:
        add(root, kind, RIGHT[kind] | typed)
    assert str(error.value) == said
    assert (records(root, kind) if kind in FILES else []) == before
