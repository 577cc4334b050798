"""``make new-record``: what is asked and written, and the mistakes that people make, word for word."""

from __future__ import annotations

import io
import re
import shlex
from datetime import date
from pathlib import Path

import pytest
import yaml

import new_entry
from handbook.contribute import new_milestone, new_record
from handbook.contribute.asking import Asker, Kind, RefusalError
from handbook.datecheck import judge
from support import ROOT, small_handbook

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
    small_handbook(tmp_path)
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


def files(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


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
    for country, sources in (("PL", "blog2020first"), ("ES", "[club2024report]")):
        other = {"country": country, "designation": f"{country} ISO 37101", "sources": sources}
        add(root, "adoption", RIGHT["adoption"] | other)
    sure = {one["country"]: one["status"] for one in records(root, "adoption")}
    assert (sure["PL"], sure["ES"]) == ("one source", "sure")


def test_who_is_there_already_gets_one_more(root: Path) -> None:
    add(root, "office", RIGHT["office"])
    add(root, "place", RIGHT["place"] | {"name": "Hangzhou", "own": ""})
    person, _agency = records(root, "office")
    assert [one["body"] for one in person["offices"]] == ["ISO/TC 268", "ISSCC"]
    hangzhou = records(root, "place")[1]
    assert [one["kind"] for one in hangzhou["standings"]] == ["pilot of ISO 37101", "club member"]


def test_it_asks_line_by_line(root: Path) -> None:
    answers = (
        "ISO 37101:2016\nIT\nUNI ISO 37101\n\npublished 2018-05\nclub2024report\n\n\nit\n\n\n\n"
    )
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
    assert given["degree"] == "{is: IDT, shown: in the foreword}"
    known = (ROOT / "references" / "records" / "adoptions.yaml").read_text("utf-8")
    assert given["id"] in known


#: kind, what is typed instead, and each line of the answer.
MISTAKES: list[tuple[str, dict[str, str], str]] = [
    (
        "adoption",
        {"adopts": "ISO 37101:2017"},
        "adopts: R001 'ISO 37101:2017' is not in the catalogue (hint: the catalogue has ISO 37101:2016, ISO 37101:2016/Amd 1:2024)",
    ),
    (
        "adoption",
        {"adopts": "ISO37101:2016"},
        "adopts: R001 'ISO37101:2016' is not a reference of ISO's (hint: did you mean 'ISO 37101:2016'?)",
    ),
    (
        "adoption",
        {"adopts": "ISO 14001:2015"},
        "outside is missing (hint: add --outside: true, if ISO 14001:2015 is of another committee: the catalogue has no such number)",
    ),
    (
        "adoption",
        {"country": "Portugal"},
        "country: R001 'Portugal' is not the code of a country (hint: did you mean 'PT'?)",
    ),
    (
        "adoption",
        {"country": "UK"},
        "country: R001 'UK' is not the code of a country (hint: did you mean 'GB'?)",
    ),
    (
        "adoption",
        {"designation": "ISO 37101:2016", "id": "it-iso"},
        "references/records/adoptions.yaml:2:3: R020 it-iso: ISO 37101:2016 is not a national number (hint: write the number that the country gives it, such as UNI ISO 37101:2019)",
    ),
    (
        "adoption",
        {"dates": "published 18.05.2018"},
        "dates: R001 '18.05.2018' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2018-05-18)",
    ),
    (
        "adoption",
        {"dates": "publised 2018-05"},
        "dates: R001 'publised' is not known here (hint: did you mean published? use one of project, approved, published, in force, until)",
    ),
    (
        "adoption",
        {"dates": "2018-05"},
        "dates: R001 '2018-05' does not say what happened (hint: write one of project, approved, published, in force, until before it)",
    ),
    (
        "adoption",
        {"dates": "published 2019; in force 2018"},
        "references/records/adoptions.yaml:8:28: R003 it-uni-iso-37101: in force (2018) comes before published (2019) (hint: look up both dates again)",
    ),
    (
        "adoption",
        {"dates": "published 2030"},
        "references/records/adoptions.yaml:7:29: R004 it-uni-iso-37101: all sources of 2030 are older (hint: cite a report from after it)",
    ),
    (
        "adoption",
        {"degree": "identical"},
        "degree: R001 'identical' is not known here (hint: write IDT (identical), MOD (modified) or NEQ (not equivalent))",
    ),
    (
        "adoption",
        {"language": "Italian"},
        "language: R001 'Italian' is not the code of a language (hint: did you mean 'it'?)",
    ),
    (
        "adoption",
        {"sources": "club2024reprot"},
        "sources: C001 no references/*.bib has 'club2024reprot' (hint: did you mean club2024report?)",
    ),
    (
        "adoption",
        {"sources": "https://example.org/2024"},
        "sources: C001 no references/*.bib has 'https://example.org/2024' (hint: make new-source URL=https://example.org/2024, then its key)",
    ),
    (
        "adoption",
        {"sources": "blog2020first", "status": "sure"},
        "references/records/adoptions.yaml:10:11: R002 it-uni-iso-37101 is marked as sure, but rests on one source that is not primary (hint: write status: one source)",
    ),
    ("adoption", {"id": "IT UNI"}, "id: R001 'IT UNI' is not an id (hint: did you mean 'it-uni'?)"),
    (
        "adoption",
        {"country": "UA", "designation": "DSTU ISO 37101:2019", "id": "ua-second"},
        "references/records/adoptions.yaml:20:3: R005 DSTU ISO 37101:2019 already has a record: ua-dstu-iso-37101-2019 (hint: delete one of the two)",
    ),
    (
        "adoption",
        {"country": "PL", "designation": "DSTU ISO 37101:2019", "id": "pl-dstu"},
        "references/records/adoptions.yaml:11:3: R005 DSTU ISO 37101:2019 is a number of two countries: PL in pl-dstu, UA in ua-dstu-iso-37101-2019 (hint: correct the country or the number of the wrong one)",
    ),
    (
        "adoption",
        {"adopts": "ISO 37120:2014"},
        "references/records/adoptions.yaml:2:3: R006 the page of ISO 37120:2014 does not show UNI ISO 37101 (hint: write :::{adoptions} with :standard: ISO 37120:2014 on it)",
    ),
    (
        "place",
        {"kind": "certified"},
        "kind: R001 'certified' is not known here (hint: did you mean certificate? use one of club member, pilot of ISO 37101, pilot of SC 1, trial, certificate, registration, demonstration title)",
    ),
    (
        "place",
        {"kind": "pilot"},
        "kind: R001 'pilot' is not known here (hint: use one of club member, pilot of ISO 37101, pilot of SC 1, trial, certificate, registration, demonstration title)",
    ),
    (
        "place",
        {"id": "sappada"},
        "id: R001 the id 'sappada' is that of another record (hint: write another id)",
    ),
    (
        "place",
        {"country": "China"},
        "country: R001 'China' is not the code of a country (hint: did you mean 'CN'?)",
    ),
    (
        "place",
        {"name": "安吉县", "id": "anji"},
        "name: R001 '安吉县' is not in Latin letters (hint: write the name in Latin letters; its own script has a field of its own)",
    ),
    (
        "place",
        {"name": "Hangzhou City", "own": ""},
        "references/records/places.yaml:21:3: R005 Hangzhou already has a record: hangzhou-city (hint: write all its standings into the record hangzhou-city)",
    ),
    (
        "place",
        {"name": "Hangzhou", "own": "", "country": "FR"},
        "country: R005 the record hangzhou is there already, and has 'CN' (hint: correct references/records/places.yaml:16, or leave country out)",
    ),
    (
        "place",
        {"at": "120.17, 30.25", "point": "Anji"},
        "at: R001 120.17 is more than 90 (hint: write latitude and longitude, in this order: [30.25, 120.17])",
    ),
    (
        "place",
        {"at": "30.25N, 120.17E", "point": "Anji"},
        "at: R001 '30.25N' is not a number (hint: write latitude and longitude, in this order: [30.25, 120.17])\nat: R001 '120.17E' is not a number (hint: write degrees: 30.25)",
    ),
    (
        "place",
        {"at": "30.25, 120.17"},
        "references/records/places.yaml:5:3: R001 the field 'point' is missing beside 'at' (hint: add point, or delete at)",
    ),
    (
        "place",
        {"kind": "certificate", "standard": "37101"},
        "standard: R001 '37101' is not a reference of ISO's (hint: did you mean 'ISO 37101'?)",
    ),
    (
        "place",
        {"kind": "certificate"},
        "references/records/places.yaml:6:5: R020 anji-county, certificate: a certificate is for a standard (hint: add standard; if the source gives none, say so in note)",
    ),
    (
        "place",
        {"level": "gold"},
        "references/records/places.yaml:6:5: R020 anji-county, club member: a club member has no level (hint: delete level; what has one is a standing of kind certificate or registration)",
    ),
    (
        "place",
        {"kind": "pilot of ISO 37101"},
        "references/records/places.yaml:6:5: R020 anji-county, pilot of ISO 37101: the pilot of ISO 37101 has no standard (hint: write standard: ISO 37101, or the edition)",
    ),
    (
        "place",
        {"name": "Hangzhou", "own": "", "kind": "pilot of ISO 37101", "standard": "ISO 37101"},
        "references/records/places.yaml:24:5: R005 Hangzhou has this twice: pilot of ISO 37101 (hint: write the dates and the sources into the first, in line 20)",
    ),
    (
        "place",
        {"dates": "published 2024"},
        "dates: R001 'published' is not known here (hint: did you mean applied? use one of proposed, applied, announced, approved, since, named, until)",
    ),
    ("office", {"body": ""}, "body is needed (hint: the body, by its short name: ISO/TC 268)"),
    (
        "office",
        {"body": "TC 268"},
        "references/records/offices.yaml:13:5: R019 a-chair, chair of TC 268: the body 'TC 268' is called 'ISO/TC 268' (hint: write body: ISO/TC 268)",
    ),
    (
        "office",
        {"body": "the club"},
        "references/records/offices.yaml:13:5: R019 a-chair, chair of the club: the body 'the club' is called 'ISSCC' (hint: write body: ISSCC)",
    ),
    (
        "office",
        {"role": "Chairman"},
        "references/records/offices.yaml:13:5: R019 a-chair, Chairman of ISSCC: the role 'Chairman' is called 'chair' (hint: write role: chair)",
    ),
    (
        "office",
        {"role": "secretariat"},
        "references/records/offices.yaml:13:5: R019 a-chair, secretariat of ISSCC: a person does not hold a secretariat (hint: write role: secretary; if Ada Chair is a body, agency: true above its offices)",
    ),
    (
        "office",
        {"name": "AFNOR", "role": "secretary"},
        "references/records/offices.yaml:21:5: R019 afnor, secretary of ISSCC: a body is not a secretary (hint: delete agency: true; for a body write role: secretariat, or convenor)",
    ),
    (
        "office",
        {"name": "Ms Ada Chair"},
        "references/records/offices.yaml:22:9: R019 Ms Ada Chair: the name begins with the title 'Ms' (hint: write Ada Chair)",
    ),
    (
        "office",
        {"name": "Bob CHAIR"},
        "references/records/offices.yaml:22:9: R019 Bob CHAIR: CHAIR is written in capitals (hint: write Chair; a Chinese name has the family name first, others have it last)",
    ),
    (
        "office",
        {"name": "艾达", "id": "ada"},
        "name: R001 '艾达' is not in Latin letters (hint: write the name in Latin letters; its own script has a field of its own)",
    ),
    (
        "office",
        {"body": "ISO/TC 268"},
        "references/records/offices.yaml:13:5: R005 Ada Chair has this twice: chair of ISO/TC 268 (hint: write the dates and the sources into the first, in line 6)",
    ),
    (
        "office",
        {"agency": "true"},
        "agency: R005 the record a-chair is there already, and does not have it (hint: correct references/records/offices.yaml:2, or leave agency out)",
    ),
    (
        "office",
        {"dates": "from 2018"},
        "dates: R001 'from 2018' does not say what happened (hint: write one of announced, since, named, until before it)",
    ),
    (
        "office",
        {"dates": "since 2018; until 2016"},
        "references/records/offices.yaml:17:27: R003 a-chair, chair of ISSCC: until (2016) comes before since (2018) (hint: look up both dates again)",
    ),
    (
        "office",
        {"sources": "nobody"},
        "sources: C001 no references/*.bib has 'nobody' (hint: add an entry with this key to one of references/*.bib)",
    ),
    (
        "meeting",
        {"number": "seventh"},
        "M016 'seventh' is not the number of a meeting (hint: write the number that a source gives in digits, 7; without one leave it out)",
    ),
    (
        "meeting",
        {"body": "TC 268"},
        "R012 no record names the body 'TC 268' (hint: did you mean ISO/TC 268? write one of ISO/TC 268; or a group of one: ISO/TC 268/WG 1)",
    ),
    (
        "meeting",
        {"body": ""},
        "body is needed (hint: who met, separated by commas: ISO/TC 268, ISO/TC 268/WG 1)",
    ),
    (
        "meeting",
        {"date": "14.5.2018"},
        "M003 the date of 'The committee meets': '14.5.2018' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2018-05-14)",
    ),
    (
        "meeting",
        {"date": "2018-05-18/2018-05-14"},
        "M003 the date of 'The committee meets': '2018-05-18/2018-05-14' ends before it starts (hint: write 2018-05-14/2018-05-18 if the ends are swapped)",
    ),
    (
        "meeting",
        {"strands": "committe"},
        "M004 'committe' is not a strand (hint: did you mean committee? use one of committee, standards, club, hangzhou, neighbours)",
    ),
    (
        "meeting",
        {"sources": "club2024reprot"},
        "M006 the milestone 'The committee meets' cites 'club2024reprot', which no references/*.bib has (hint: did you mean club2024report?); a new one: make new-source URL=...",
    ),
    (
        "meeting",
        {"sources": "city2016plenary"},
        "docs/page.md:33:11: D202 all sources of 'committee-2018' (2018-05-14) are older than the event; the newest is city2016plenary (2016-06-30) (hint: cite a report from after the event, or write :status: announced)",
    ),
    (
        "meeting",
        {"page": "docs/meeting.md"},
        "there is no page docs/meeting.md (hint: write for example docs/club/meetings.md)",
    ),
    (
        "meeting",
        {"section": "The clubs"},
        "no heading says 'The clubs' (hint: did you mean 'The club'? the headings are: The club)",
    ),
    (
        "meeting",
        {"name": "club-founding-2017"},
        "M009 the milestone name 'club-founding-2017' is already used at docs/page.md:9 (hint: give this one another name)",
    ),
    (
        "meeting",
        {"name": "Committee 2018"},
        "M002 'Committee 2018' is not a milestone name (hint: write lower-case words and the year, joined by hyphens: isscc-secretariat-2019)",
    ),
    (
        "meeting",
        {"date": "2030-05", "name": "committee-2030"},
        "docs/page.md:31:8: D302 'committee-2030' happened on 2030-05, which is in the future (as of 2026-11-23) (hint: correct the date, or write :status: planned)",
    ),
    (
        "meeting",
        {"status": "done"},
        "M007 'done' is not a status (hint: use one of happened, planned, announced, disputed)",
    ),
]
#: kind, a part of the record or block, what is typed by hand instead, and all that is found.
BY_HAND: list[tuple[str, str, str, list[str]]] = [
    (
        "adoption",
        "country: IT",
        "country: Portugal",
        [
            "references/records/adoptions.yaml:4:12: R001 'Portugal' is not the code of a country (hint: did you mean 'PT'?)"
        ],
    ),
    (
        "adoption",
        "country: IT",
        "country: NO",
        [
            'references/records/adoptions.yaml:4:12: R001 False is not a text (hint: write the word in quotation marks: "NO", "no")'
        ],
    ),
    (
        "adoption",
        "country: IT",
        "country:IT",
        [
            "references/records/adoptions.yaml:4:3: R001 this is not YAML: could not find expected ':' (hint: begin the line with - or with a name and a colon)"
        ],
    ),
    (
        "adoption",
        "adopts: ISO 37101:2016",
        "adopts: ISO 37101-2016",
        [
            "references/records/adoptions.yaml:3:11: R001 'ISO 37101-2016' is not in the catalogue (hint: correct it; if the text is of another committee, add outside: true)"
        ],
    ),
    (
        "adoption",
        "adopts: ISO 37101:2016",
        "adopts: ISO 14001:2015",
        [
            "references/records/adoptions.yaml:3:11: R001 'ISO 14001:2015' is not in the catalogue (hint: correct it; if the text is of another committee, add outside: true)"
        ],
    ),
    (
        "adoption",
        "adopts: ISO 37101:2016",
        "adopts: 37101",
        [
            'references/records/adoptions.yaml:3:11: R001 37101 is not a text (hint: write "ISO 37101")'
        ],
    ),
    (
        "adoption",
        "designation: UNI ISO 37101",
        "desigation: UNI ISO 37101",
        [
            "references/records/adoptions.yaml:5:3: R001 nothing reads the key 'desigation' (hint: did you mean designation?)"
        ],
    ),
    (
        "adoption",
        "designation: UNI ISO 37101",
        "designation: ISO 37101:2016",
        [
            "references/records/adoptions.yaml:2:3: R020 it-uni-iso-37101: ISO 37101:2016 is not a national number (hint: write the number that the country gives it, such as UNI ISO 37101:2019)"
        ],
    ),
    (
        "adoption",
        "designation: UNI ISO 37101",
        "designation: UNI: ISO 37101",
        [
            "references/records/adoptions.yaml:5:19: R001 this is not YAML: mapping values are not allowed in this context (hint: put values with a colon in quotation marks)"
        ],
    ),
    (
        "adoption",
        "published, date: 2018-05",
        "published, date: 18.05.2018",
        [
            "references/records/adoptions.yaml:7:29: R001 '18.05.2018' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2018-05-18)"
        ],
    ),
    (
        "adoption",
        "published, date: 2018-05",
        "publised, date: 2018-05",
        [
            "references/records/adoptions.yaml:7:12: R001 'publised' is not known here (hint: did you mean published? use one of project, approved, published, in force, until)"
        ],
    ),
    (
        "adoption",
        "published, date: 2018-05",
        "published, date: 2018-05-14",
        [
            'references/records/adoptions.yaml:7:29: R001 2018-05-14 is not a text (hint: write the text in quotation marks: "2018-05-14")'
        ],
    ),
    (
        "adoption",
        "sources: [club2024report]",
        "sources: club2024report",
        [
            "references/records/adoptions.yaml:9:12: R001 'club2024report' is not a list (hint: write a list of one or more keys of references/*.bib: [a key, ...])"
        ],
    ),
    (
        "adoption",
        "sources: [club2024report]",
        "sources: [club2024reprot]",
        [
            "references/records/adoptions.yaml:9:13: C001 no references/*.bib has the key 'club2024reprot' (hint: did you mean club2024report?)"
        ],
    ),
    (
        "adoption",
        "sources: [club2024report]",
        "sources: [club2024report",
        [
            "references/records/adoptions.yaml:9:12: R001 this is not YAML: did not find expected ',' or ']' (hint: close the quotation marks or brackets that begin here)"
        ],
    ),
    (
        "adoption",
        "status: sure",
        "status: certain",
        [
            "references/records/adoptions.yaml:10:11: R001 'certain' is not known here (hint: use one of sure, one source, inferred, disputed)"
        ],
    ),
    (
        "adoption",
        "status: sure",
        "degree: IDT\n  status: sure",
        [
            "references/records/adoptions.yaml:10:11: R001 'IDT' is not a mapping (hint: write {is: IDT}, with shown and sources where they say more)"
        ],
    ),
    (
        "adoption",
        "status: sure",
        "degree: {is: identical}\n  status: sure",
        [
            "references/records/adoptions.yaml:10:16: R001 'identical' is not known here (hint: write IDT (identical), MOD (modified) or NEQ (not equivalent))"
        ],
    ),
    (
        "adoption",
        "  status: sure\n",
        "",
        [
            "references/records/adoptions.yaml:2:3: R001 the field 'status' is missing (hint: add status)"
        ],
    ),
    (
        "adoption",
        "  country: IT",
        " country: IT",
        [
            "references/records/adoptions.yaml:4:2: R001 this is not YAML: did not find expected '-' indicator (hint: indent the line as its neighbours)"
        ],
    ),
    (
        "adoption",
        "  country: IT",
        "\tcountry: IT",
        [
            "references/records/adoptions.yaml:4:1: R001 this is not YAML: found a tab character that violates indentation (hint: use spaces, not tabs)"
        ],
    ),
    (
        "adoption",
        "status: sure",
        "language: Italian\n  status: sure",
        [
            "references/records/adoptions.yaml:10:13: R001 'Italian' is not the code of a language (hint: did you mean 'it'?)"
        ],
    ),
    (
        "place",
        "kind: club member",
        "kind: certified",
        [
            "references/records/places.yaml:6:11: R001 'certified' is not known here (hint: did you mean certificate? use one of club member, pilot of ISO 37101, pilot of SC 1, trial, certificate, registration, demonstration title)"
        ],
    ),
    (
        "place",
        "kind: club member",
        "kind: pilot of ISO 37101",
        [
            "references/records/places.yaml:6:5: R020 anji-county, pilot of ISO 37101: the pilot of ISO 37101 has no standard (hint: write standard: ISO 37101, or the edition)"
        ],
    ),
    (
        "place",
        "kind: club member",
        "kind: club member\n    level: gold",
        [
            "references/records/places.yaml:6:5: R020 anji-county, club member: a club member has no level (hint: delete level; what has one is a standing of kind certificate or registration)"
        ],
    ),
    (
        "place",
        "name: Anji County",
        "name: Hangzhou City",
        [
            "references/records/places.yaml:22:3: R005 Hangzhou already has a record: anji-county (hint: write all its standings into the record anji-county)"
        ],
    ),
    (
        "place",
        "name: Anji County",
        "name: 安吉县",
        [
            "references/records/places.yaml:3:9: R001 '安吉县' is not in Latin letters (hint: write the name in Latin letters; its own script has a field of its own)"
        ],
    ),
    (
        "place",
        "own: 安吉县",
        "own: 杭州",
        [
            "references/records/places.yaml:22:3: R005 杭州 already has a record: anji-county (hint: write all its standings into the record anji-county)"
        ],
    ),
    (
        "place",
        "own: 安吉县",
        "own: 安吉县\n  at: [120.17, 30.25]\n  point: Anji",
        [
            "references/records/places.yaml:5:8: R001 120.17 is more than 90 (hint: write latitude and longitude, in this order: [30.25, 120.17])"
        ],
    ),
    (
        "place",
        "own: 安吉县",
        "own: 安吉县\n  at: [30.25, 120.17]",
        [
            "references/records/places.yaml:5:3: R001 the field 'point' is missing beside 'at' (hint: add point, or delete at)"
        ],
    ),
    (
        "place",
        "own: 安吉县",
        "own: 安吉县\n  country: China",
        [
            "references/records/places.yaml:5:12: R001 'China' is not the code of a country (hint: did you mean 'CN'?)"
        ],
    ),
    (
        "place",
        "kind: club member",
        "kind: certificate",
        [
            "references/records/places.yaml:6:5: R020 anji-county, certificate: a certificate is for a standard (hint: add standard; if the source gives none, say so in note)"
        ],
    ),
    (
        "place",
        "kind: club member",
        "kind: registration",
        [
            "references/records/places.yaml:6:5: R020 anji-county, registration: a registration is by a standard (hint: add standard)"
        ],
    ),
    (
        "place",
        "since, date: '2024'",
        "published, date: '2024'",
        [
            "references/records/places.yaml:8:14: R001 'published' is not known here (hint: did you mean applied? use one of proposed, applied, announced, approved, since, named, until)"
        ],
    ),
    (
        "place",
        "since, date: '2024'",
        "since, date: 2024",
        [
            'references/records/places.yaml:8:27: R001 2024 is not a text (hint: write the text in quotation marks: "2024")'
        ],
    ),
    (
        "place",
        "  - kind: club member",
        "    kind: club member",
        [
            "references/records/places.yaml:6:5: R001 a mapping is not a list (hint: begin each entry of the list with a hyphen and a space)"
        ],
    ),
    (
        "place",
        "id: anji-county",
        "id: Anji",
        [
            "references/records/places.yaml:2:7: R001 'Anji' is not an id (hint: did you mean 'anji'?)"
        ],
    ),
    (
        "place",
        "id: anji-county",
        "id: sappada",
        [
            "references/records/places.yaml:11:7: R001 the id 'sappada' appears twice (hint: write another id)"
        ],
    ),
    (
        "place",
        "kind: club member",
        "kind: certificate\n    standard: ISO 37101:2017",
        [
            "references/records/places.yaml:7:15: R001 'ISO 37101:2017' is not in the catalogue (hint: the catalogue has ISO 37101:2016, ISO 37101:2016/Amd 1:2024)"
        ],
    ),
    (
        "office",
        "body: ISSCC",
        "body: TC 268",
        [
            "references/records/offices.yaml:13:5: R019 a-chair, chair of TC 268: the body 'TC 268' is called 'ISO/TC 268' (hint: write body: ISO/TC 268)"
        ],
    ),
    (
        "office",
        "body: ISSCC",
        "body: the club",
        [
            "references/records/offices.yaml:13:5: R019 a-chair, chair of the club: the body 'the club' is called 'ISSCC' (hint: write body: ISSCC)"
        ],
    ),
    (
        "office",
        "role: chair\n    dates:\n    - {what: named",
        "role: Chairman\n    dates:\n    - {what: named",
        [
            "references/records/offices.yaml:13:5: R019 a-chair, Chairman of ISSCC: the role 'Chairman' is called 'chair' (hint: write role: chair)"
        ],
    ),
    (
        "office",
        "role: secretariat",
        "role: secretary",
        [
            "references/records/offices.yaml:23:5: R019 afnor, secretary of ISO/TC 268: a body is not a secretary (hint: delete agency: true; for a body write role: secretariat, or convenor)"
        ],
    ),
    (
        "office",
        "agency: true\n",
        "agency: yes please\n",
        [
            "references/records/offices.yaml:21:11: R001 'yes please' is not true (hint: write true or leave it out)"
        ],
    ),
    (
        "office",
        "  agency: true\n",
        "",
        [
            "references/records/offices.yaml:22:5: R019 afnor, secretariat of ISO/TC 268: a person does not hold a secretariat (hint: write role: secretary; if AFNOR is a body, agency: true above its offices)"
        ],
    ),
    (
        "office",
        "name: Ada Chair",
        "name: Ms Ada Chair",
        [
            "references/records/offices.yaml:3:9: R019 Ms Ada Chair: the name begins with the title 'Ms' (hint: write Ada Chair)"
        ],
    ),
    (
        "office",
        "spellings: [Ada Chaire]",
        "spellings: Ada Chaire",
        [
            "references/records/offices.yaml:4:14: R001 'Ada Chaire' is not a list (hint: write a list: [...])"
        ],
    ),
    (
        "office",
        "spellings: [Ada Chaire]",
        "spellings: [AFNOR]",
        [
            "references/records/offices.yaml:19:3: R005 AFNOR already has a record: a-chair (hint: write all offices of the person into one record)"
        ],
    ),
    (
        "office",
        "body: ISSCC",
        "body: ISO/TC 268",
        [
            "references/records/offices.yaml:13:5: R005 Ada Chair has this twice: chair of ISO/TC 268 (hint: write the dates and the sources into the first, in line 6)"
        ],
    ),
    (
        "office",
        "named, date: 2018-05",
        "from, date: 2018-05",
        [
            "references/records/offices.yaml:16:14: R001 'from' is not known here (hint: use one of announced, since, named, until)"
        ],
    ),
    (
        "office",
        "name: Ada Chair",
        "name: 艾达",
        [
            "references/records/offices.yaml:3:9: R001 '艾达' is not in Latin letters (hint: write the name in Latin letters; its own script has a field of its own)"
        ],
    ),
    (
        "office",
        "name: Ada Chair",
        "name: Ada CHAIR",
        [
            "references/records/offices.yaml:3:9: R019 Ada CHAIR: CHAIR is written in capitals (hint: write Chair; a Chinese name has the family name first, others have it last)"
        ],
    ),
    (
        "office",
        "sources: [club2024report, blog2020first]",
        "sources: []",
        [
            "references/records/offices.yaml:17:14: R001 [] is empty (hint: write a list of one or more keys of references/*.bib: [a key, ...])"
        ],
    ),
    (
        "meeting",
        ":body: ISO/TC 268",
        ":body: TC 268",
        [
            "docs/page.md:35:8: R012 no record names the body 'TC 268' (hint: did you mean ISO/TC 268? write one of ISO/TC 268; or a group of one: ISO/TC 268/WG 1)"
        ],
    ),
    (
        "meeting",
        ":body: ISO/TC 268\n",
        "",
        [
            "docs/page.md:29:1: M016 the meeting 'committee-2018' has no body (hint: add :body: followed by who met: ISO/TC 268, ISO/TC 268/SC 1)"
        ],
    ),
    (
        "meeting",
        ":number: 7",
        ":number: seventh",
        [
            "docs/page.md:36:10: M016 'seventh' is not the number of a meeting (hint: write the number that a source gives in digits, 7; without one leave it out)"
        ],
    ),
    (
        "meeting",
        ":kind: meeting\n",
        "",
        [
            "docs/page.md:34:8: M016 'body' says something of a meeting, and this is none (hint: add :kind: meeting, or delete it)",
            "docs/page.md:35:10: M016 'number' says something of a meeting, and this is none (hint: add :kind: meeting, or delete it)",
        ],
    ),
    (
        "meeting",
        ":kind: meeting",
        ":kind: meetings",
        [
            "docs/page.md:34:8: M016 'meetings' is not a kind (hint: did you mean meeting? use one of event, meeting)"
        ],
    ),
    (
        "meeting",
        ":date: 2018-05-14",
        ":date: 14.5.2018",
        [
            "docs/page.md:31:8: M003 the date of 'committee-2018': '14.5.2018' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2018-05-14)"
        ],
    ),
    (
        "meeting",
        ":strands: committee",
        ":strands: committe",
        [
            "docs/page.md:32:11: M004 'committe' is not a strand (hint: did you mean committee? use one of committee, standards, club, hangzhou, neighbours)"
        ],
    ),
    (
        "meeting",
        ":sources: club2024report\n:kind",
        ":sources: club2024reprot\n:kind",
        [
            "docs/page.md:33:11: M006 the milestone 'committee-2018' cites 'club2024reprot', which no references/*.bib has (hint: did you mean club2024report?)"
        ],
    ),
    (
        "meeting",
        ":name: committee-2018",
        ":name: Committee 2018",
        [
            "docs/page.md:30:8: M002 'Committee 2018' is not a milestone name (hint: write lower-case words and the year, joined by hyphens: isscc-secretariat-2019)"
        ],
    ),
    (
        "meeting",
        ":name: committee-2018",
        ":name: club-founding-2017",
        [
            "docs/page.md:30:8: M009 the milestone name 'club-founding-2017' is already used at docs/page.md:9 (hint: give this one another name)"
        ],
    ),
    (
        "meeting",
        ":number: 7",
        ":numbr: 7",
        [
            "docs/page.md:36:9: M008 a milestone has no option 'numbr' (hint: did you mean number? use one of name, date, strands, sources, kind, body, number, status, place, after, before, short, given)"
        ],
    ),
    (
        "meeting",
        ":date: 2018-05-14",
        ":date: 2030-05",
        [
            "docs/page.md:31:8: D302 'committee-2018' happened on 2030-05, which is in the future (as of 2026-11-23) (hint: correct the date, or write :status: planned)"
        ],
    ),
]


@pytest.mark.parametrize(("kind", "typed", "said"), MISTAKES)
def test_the_mistakes_of_contributors_are_refused_word_for_word(
    root: Path, kind: str, typed: dict[str, str], said: str
) -> None:
    before = files(root)
    with pytest.raises(RefusalError) as error:
        add(root, kind, RIGHT[kind] | typed)
    assert str(error.value) == said
    assert files(root) == before


@pytest.mark.parametrize(("kind", "old", "new", "found"), BY_HAND)
def test_the_same_mistakes_typed_by_hand_are_found_word_for_word(
    root: Path, kind: str, old: str, new: str, found: list[str]
) -> None:
    add(root, kind, RIGHT[kind])
    path = root / "docs" / "page.md"
    if kind in FILES:
        path = root / "references" / "records" / f"{FILES[kind]}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert [str(finding) for finding in judge.check(root, TODAY).findings] == found


def test_ten_mistakes_of_each_kind_are_known() -> None:
    for rows in (MISTAKES, BY_HAND):
        for kind in RIGHT:
            assert len([row for row in rows if row[0] == kind]) >= 10


#: A record with all that a file may hold: as it is given with --from, so it is written.
WHOLE = {
    "adoption": """\
- id: it-uni-iso-37101
  adopts: ISO 37101:2016
  country: IT
  designation: UNI ISO 37101
  title: Sviluppo sostenibile nelle comunità
  language: it
  dates:
  - {what: published, date: 2018-05, sources: [club2024report, blog2020first], given: {blog2020first: '2018'}}
  - {what: in force, date: '2019'}
  degree: {is: IDT, shown: on the cover page, sources: [club2024report]}
  route: EN
  replaced_by: fr-nf-iso-37101
  sources: [club2024report, blog2020first]
  status: sure
  note: 'read: the cover page'
""",
    "place": """\
- id: oslo
  name: Oslo
  own: Oslo kommune
  part_of: Østlandet
  country: 'NO'
  at: [59.91, 10.75]
  point: Oslo
  standings:
  - kind: certificate
    standard: ISO 37101
    level: '3'
    issuer: a body
    dates:
    - {what: since, date: 2024-05-13}
    sources: [club2024report]
    status: sure
    note: a note
""",
    "office": """\
- id: a-body
  name: A Body
  spellings: [The Body, 某机构]
  agency: true
  offices:
  - body: ISO/TC 268
    role: secretariat
    dates:
    - {what: since, date: '2016'}
    sources: [club2024report]
    status: sure
    note: a note
""",
}
WHOLE["place"] = WHOLE["place"].replace("date: 2024-05-13", "date: '2024-05-13'")


@pytest.mark.parametrize("kind", WHOLE)
def test_a_ready_record_is_written_as_it_is_given(root: Path, kind: str) -> None:
    add(root, kind, KINDS[kind].read(WHOLE[kind]))
    path = root / "references" / "records" / f"{FILES[kind]}.yaml"
    assert WHOLE[kind] in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (
            "adoption",
            "- id: a\n  desigation: A 1\n",
            "R001 nothing reads the key 'desigation' (hint: did you mean designation?)",
        ),
        (
            "adoption",
            "- id: a\n  title: A: B\n",
            "line 2: R001 this is not YAML: mapping values are not allowed in this context (hint: put values with a colon in quotation marks)",
        ),
        (
            "adoption",
            "- id: a\n- id: b\n",
            "the text is not one record (hint: begin it with - id:)",
        ),
        (
            "place",
            "- id: a\n  name: A\n  standings:\n  - {kind: trial}\n  - {kind: club member}\n",
            "the record has 2 entries in standings (hint: give one, and add others one by one)",
        ),
        (
            "office",
            "- id: a\n  name: A\n",
            "the record has no entries in offices (hint: give one, and add others one by one)",
        ),
    ],
)
def test_a_ready_record_that_cannot_be_read_is_refused(kind: str, text: str, said: str) -> None:
    with pytest.raises(RefusalError) as error:
        KINDS[kind].read(text)
    assert str(error.value) == said


def test_a_person_is_asked_again_for_what_the_checks_find_in_the_end(root: Path) -> None:
    out = io.StringIO()
    given = RIGHT["adoption"] | {"dates": "published 2019; in force 2018"}
    asker = Asker(given, io.StringIO("\n\npublished 2018; in force 2019\n"), out, True)
    KINDS["adoption"].add(root, TODAY, asker, out, True, False)
    assert "The checks would find:\nreferences/records/adoptions.yaml:8:28: R003" in out.getvalue()
    assert records(root, "adoption")[0]["dates"] == [
        {"what": "published", "date": "2018"},
        {"what": "in force", "date": "2019"},
    ]


def test_what_a_person_has_answered_is_never_lost(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Answers that end too early come back as a command; with the rest added it goes on."""
    base = ["--root", str(root), "--today", "2026-11-23"]
    monkeypatch.setattr("sys.stdin", io.StringIO("ISO 37101:2016\nIT\nUNI ISO 'A' 37101\n\n"))
    assert new_entry.main([*base, "adoption"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[-3:-1] == [
        "nothing is written",
        "to go on from what is answered, correct it in this command and run it:",
    ]
    command = shlex.split(said[-1])
    assert command[:3] == ["python", "tools/new_entry.py", "adoption"]
    given = [*command[2:], "--sources=club2024report", "--no-questions"]
    assert new_entry.main([*base, *given]) == 0
    assert records(root, "adoption")[0]["designation"] == "UNI ISO 'A' 37101"
