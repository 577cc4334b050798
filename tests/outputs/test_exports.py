"""The data files: valid by their own rules, true to the date's precision, the same bytes for the same data."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from itertools import product
from xml.etree import ElementTree

import pytest
from hypothesis import given, strategies
from icalendar import Calendar
from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from pybtex.database import parse_string
from pylatexenc.latex2text import LatexNodes2Text

from handbook.model import edtf
from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import Catalogue
from handbook.model.ledger import Entry, Ledger, brought_up
from handbook.model.milestones import Milestone
from handbook.model.profiles import Profiles
from handbook.model.records import Records
from handbook.model.safety import for_xml
from handbook.model.strands import MilestoneStatus, Strand
from handbook.outputs import additions, feeds, reference_managers, tables
from handbook.sphinxext.dates import display
from support import ROOT

REFERENCES = ROOT / "references"
SITE = tables.Site("Handbook", "2026.11", date(2026, 11, 23))
ATOM = "{http://www.w3.org/2005/Atom}"


english = partial(display, language="en")


def fact(
    name: str,
    when: str,
    *,
    status: str = "happened",
    place: str | None = None,
    text: str = "It took place.",
) -> tables.Fact:
    milestone = Milestone(
        name,
        f"Title of {name}, 杭州",
        edtf.parse(when),
        (Strand.CLUB, Strand.HANGZHOU),
        ("key",),
        MilestoneStatus(status),
        place,
    )
    return tables.Fact(milestone, f"club/page.html#{name}", text)


WORDS = feeds.FactWords(
    "Handbook: Milestones", "", "Added", "Corrected", "Withdrawn", "Contributors of the Handbook"
)


def after(before: Iterable[Entry], facts: list[tables.Fact], day: date) -> Ledger:
    return brought_up(before, additions.told({"milestones": tables.milestone_rows(facts)}), day)


def milestone_feed(facts: list[tables.Fact], before: Iterable[Entry] = ()) -> feeds.Feed:
    rows = additions.named("milestones", tables.milestone_rows(facts))
    ledger = after(before, facts, SITE.day)
    return feeds.fact_feed("milestones", ledger, rows, WORDS, SITE, lambda row: row["address"])


FACTS = [
    fact("day", "2019-01-14", place="Hangzhou, 江干区; China"),
    fact("month", "2017-06"),
    fact("about", "2016~"),
    fact("span", "2018-05-14/2018-05-18"),
    fact("open-end", "2019/.."),
    fact("open-start", "../2014"),
    fact("plan", "2030", status="planned"),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(REFERENCES)


@pytest.fixture(scope="module")
def bibliography() -> Bibliography:
    return Bibliography.load(REFERENCES.glob("*.bib"))


def validate(name: str, rows: list[dict[str, object]]) -> None:
    schema = tables.schema(name)
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(
        {"edition": "2026.11", "license": tables.LICENSE, name: rows}
    )


def test_milestones_keep_to_their_schema() -> None:
    validate("milestones", tables.milestone_rows(FACTS))


def test_deliverables_keep_to_their_schema(catalogue: Catalogue) -> None:
    rows = tables.deliverable_rows(catalogue)
    assert len(rows) == len(catalogue.deliverables)
    validate("deliverables", rows)


def test_adoptions_keep_to_their_schema(catalogue: Catalogue) -> None:
    rows = tables.adoption_rows(Records.read(REFERENCES, catalogue).adoptions)
    assert len(rows) >= 49
    validate("adoptions", rows)
    (ukraine,) = [row for row in rows if row["country"] == "UA"]
    assert ukraine["dates"][1] == {
        "what": "in force",
        "date": "2021-01-01",
        "sources": "budstandart201937101",
        "given": "",
    }


def test_places_keep_to_their_schema_and_are_geojson(catalogue: Catalogue) -> None:
    rows = tables.place_rows(Records.read(REFERENCES, catalogue).places)
    validate("places", rows)
    found = {row["id"]: row for row in rows}
    assert len(found) >= 53
    features = tables.geojson(rows)["features"]
    assert len(features) == len(rows)
    points = {one["properties"]["id"]: one["geometry"] for one in features}
    assert points["sappada"] is None
    assert points["hangzhou"] == {"type": "Point", "coordinates": [120.17, 30.25]}


def test_offices_keep_to_their_schema(catalogue: Catalogue) -> None:
    rows = tables.office_rows(Records.read(REFERENCES, catalogue).people)
    validate("offices", rows)
    assert len(rows) >= 22


def test_profiles_and_wants_keep_to_their_schemas(catalogue: Catalogue) -> None:
    profiles = Profiles.read(REFERENCES, catalogue)
    rows = tables.profile_rows(profiles, catalogue)
    validate("profiles", rows)
    assert [row["reference"] for row in rows] == [one.reference for one in catalogue.deliverables]
    assert all(bool(one["sources"]) != bool(one["ours"]) for row in rows for one in row["basis"])
    (first,) = [row for row in rows if row["reference"] == "ISO 37120:2014"]
    assert first["sdgs"] == ["all"]
    assert {row["reference"]: row["pages"] for row in rows if row["pages"]} == {
        "ISO 37106:2021": "57",
        "ISO 37110:2022": "7",
        "ISO 37156:2020": "30",
        "ISO 37166:2022": "28",
        "ISO/TS 37151:2015": "57",
    }
    # ISO's data name the languages of each text that is or was published
    published = {one.reference for one in catalogue.deliverables if one.published}
    assert {row["reference"] for row in rows if row["languages"]} == published
    wants = tables.want_rows(profiles, catalogue)
    validate("wants", wants)
    sets = tables.indicator_rows(profiles)
    validate("indicators", sets)
    assert {
        one["set"]: sum(int(theme["number"] or 0) for theme in one["themes"]) for one in sets
    } == {
        "ISO 37120:2014": 100,
        "ISO 37120:2018": 0,
        "ISO 37122:2019": 0,
        "ISO 37123:2019": 0,
        "ISO 37125:2024": 0,
        "U4SSC": 91,
        "ISO/IEC 30146:2019": 0,
    }
    (measure,) = [row for row in wants if row["id"] == "measure-resilience"]
    assert {
        "role": "city",
        "texts": "ISO 37123:2019, ISO 37120:2018, ISO 37124:2024, ISO/TR 37121:2017",
    } in measure["lists"]


def test_sources_keep_to_their_schema(bibliography: Bibliography) -> None:
    validate("sources", tables.source_rows(bibliography.sources.values(), bibliography.labels))


@pytest.mark.parametrize("name", tables.TABLES)
def test_a_schema_refuses_an_empty_object_and_a_wrong_row(name: str) -> None:
    validator = Draft202012Validator(tables.schema(name))
    for wrong in (
        {},
        {"edition": "x", "license": "x", name: [{}]},
        {"edition": "x", "license": "x", name: [], "more": 1},
    ):
        with pytest.raises(ValidationError):
            validator.validate(wrong)


def test_an_export_never_adds_precision() -> None:
    rows = {row["name"]: row for row in tables.milestone_rows(FACTS)}
    assert (rows["month"]["date"], rows["month"]["earliest"], rows["month"]["latest"]) == (
        "2017-06",
        "2017-06-01",
        "2017-06-30",
    )
    assert (rows["open-end"]["earliest"], rows["open-end"]["latest"]) == ("2019-01-01", None)
    assert (rows["open-start"]["earliest"], rows["open-start"]["latest"]) == (None, "2014-12-31")


def test_csv_opens_in_a_spreadsheet() -> None:
    text = tables.as_csv(tables.MILESTONE_FIELDS, tables.milestone_rows(FACTS))
    assert text.startswith("\ufeffname,title,date,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["strands"] == "club; hangzhou"
    assert rows[0]["place"] == "Hangzhou, 江干区; China"
    assert rows[4]["latest"] == ""


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("＝1", "'＝1"),
        ("  =1", "  '=1"),
        ("a,=1", "a,'=1"),
        ("a; =1", "a; '=1"),
        ('a"=1', "a\"'=1"),
        ("'=1", "''=1"),
        ("Hangzhou, China; 2017-06 = a + b", "Hangzhou, China; 2017-06 = a + b"),
        ("ISO 37101:2016", "ISO 37101:2016"),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    row = {field.name: None for field in tables.SOURCE_FIELDS} | {"title": text}
    written = tables.as_csv(tables.SOURCE_FIELDS, [row])
    read = next(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert read["title"] == cell
    assert tables.as_it_was(read["title"]) == text


@given(strategies.text("=+-@'\",; \t\r\n\0＝＋－＠a1\u00a0"))
def test_every_cell_leads_back_to_its_text(text: str) -> None:
    assert tables.as_it_was(tables.harmless(text)) == text
    for separator in ',;\t\r\n"':
        for part in tables.harmless(text).split(separator):
            assert part.lstrip()[:1] not in set("=+-@＝＋－＠"), part


def test_the_page_tells_the_way_back_as_it_is() -> None:
    page = (ROOT / "docs" / "using-our-data.md").read_text("utf-8")
    example = re.search(r"(?s)```py\n(import re.*?)```", page)
    assert example
    told: dict[str, Callable[[str], str]] = {}
    exec(example[1], told)
    for text in ("=1", "'=1", "a,\t'+1", "＝1", 'x"@y', "plain"):
        assert told["as_it_was"](tables.harmless(text)) == text


def test_the_calendar_is_read_back_by_its_library() -> None:
    events = {
        str(event["uid"]).split("@")[0]: event
        for event in Calendar.from_ical(feeds.calendar(FACTS, SITE)).walk("VEVENT")
    }
    spans = {
        name: (event["dtstart"].dt.isoformat(), event["dtend"].dt.isoformat())
        for name, event in events.items()
    }
    assert spans == {
        "day": ("2019-01-14", "2019-01-15"),
        "month": ("2017-06-01", "2017-07-01"),
        "about": ("2016-01-01", "2017-01-01"),
        "span": ("2018-05-14", "2018-05-19"),
        "open-end": ("2019-01-01", "2020-01-01"),
        "open-start": ("2014-01-01", "2015-01-01"),
        "plan": ("2030-01-01", "2031-01-01"),
    }
    assert str(events["month"]["description"]) == "Date as known: 2017-06 (EDTF). It took place."
    assert str(events["day"]["description"]) == "It took place."


def test_the_calendar_keeps_the_rules_of_rfc_5545() -> None:
    data = feeds.calendar(FACTS, SITE)
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    assert data.count(b"DTSTAMP:20261123T000000Z") == len(FACTS)
    assert b"VERSION:2.0" in lines
    assert any(line.startswith(b"PRODID:") for line in lines)


def test_the_atom_feed_has_what_rfc_4287_asks_for() -> None:
    feed = ElementTree.fromstring(feeds.atom(milestone_feed(FACTS)))
    for parent in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert (parent.findtext(f"{ATOM}{name}") or "").strip()
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", parent.findtext(f"{ATOM}updated") or "")
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None


def test_a_feed_tells_all_facts_of_an_edition_with_its_day() -> None:
    items = feeds.json_feed(milestone_feed(FACTS))["items"]
    assert [item["title"].split()[3].rstrip(",") for item in items] == [
        *("plan", "open-end", "day", "span", "month", "about", "open-start")
    ]
    assert {item["date_published"] for item in items} == {"2026-11-23T00:00:00Z"}
    assert items[0]["content_text"] == "Added. 2030 (planned): It took place."
    assert items[2]["content_text"] == "Added. 2019-01-14: It took place."


def test_a_correction_has_the_day_of_its_edition_and_says_what_it_corrects() -> None:
    before = after([], FACTS, date(2026, 10, 1))
    corrected = [fact("old", "1999"), fact("day", "2019-01"), *FACTS[1:-1]]
    items = feeds.json_feed(milestone_feed(corrected, before))["items"]
    assert [
        (item["title"], item["date_published"], item["date_modified"]) for item in items[:4]
    ] == [
        ("Corrected: Title of day, 杭州", "2026-10-01T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("Added: Title of old, 杭州", "2026-11-23T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("Withdrawn: Title of plan, 杭州", "2026-10-01T00:00:00Z", "2026-11-23T00:00:00Z"),
        ("Added: Title of open-end, 杭州", "2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z"),
    ]
    assert items[2]["content_text"] == "Withdrawn."
    assert items[0]["content_text"] == "Corrected (date, place). 2019-01: It took place."
    assert [item["tags"][0] for item in items[:3]] == ["corrected", "added", "withdrawn"]
    # who follows the feed finds the fact again by its id
    first = {item["id"] for item in feeds.json_feed(milestone_feed(FACTS))["items"]}
    assert {item["id"] for item in items} - first == {items[1]["id"]}


def test_the_feeds_of_records_tell_each_record() -> None:
    records = Records.read(REFERENCES, Catalogue.load(REFERENCES))
    rows = {
        "adoptions": tables.adoption_rows(records.adoptions),
        "places": tables.place_rows(records.places),
        "offices": tables.office_rows(records.people),
    }
    ledger = brought_up((), additions.told(rows), SITE.day)
    assert Counter(entry.kind for entry in ledger) == {kind: len(rows[kind]) for kind in rows}
    for kind in rows:
        named = additions.named(kind, rows[kind])
        feed = feeds.fact_feed(kind, ledger, named, WORDS, SITE, lambda row: f"a.html#{row['id']}")
        assert len({entry.id for entry in feed.entries}) == min(len(named), 200)
        assert all(entry.title.startswith("Added: ") for entry in feed.entries)
        assert all(entry.address for entry in feed.entries)
        ElementTree.fromstring(feeds.atom(feed))


def test_links_in_feeds_work_on_any_host() -> None:
    assert SITE.link("club/page.html") == "../club/page.html"
    assert (
        tables.Site("Handbook", "1", date(2026, 1, 1), "https://example.org/h/").link(
            "club/page.html"
        )
        == "https://example.org/h/club/page.html"
    )


def test_csl_dates_have_the_precision_of_the_source(bibliography: Bibliography) -> None:
    rows = {
        row["id"]: row
        for row in reference_managers.csl(
            bibliography.sources.values(), reference_managers.Words(english)
        )
    }
    for source in bibliography.sources.values():
        if source.date.is_unknown:
            assert "issued" not in rows[source.key]
        else:
            assert (
                len(rows[source.key]["issued"]["date-parts"][0])
                == source.date.text.split("/")[0].count("-") + 1
            )


def test_a_citation_names_the_edition_and_leaves_the_day_of_reading_open() -> None:
    forms = tables.citation(FACTS[0], SITE)
    assert (
        forms["text"] == "“Title of day, 杭州”. Handbook, edition 2026.11. club/page.html#day."
        f" Read {tables.TODAY}."
    )
    assert "version      = {2026.11}" in forms["BibTeX"]
    assert f"urldate      = {{{tables.TODAY}}}" in forms["BibTeX"]
    assert json.loads(forms["CSL-JSON"])["accessed"] == {"raw": tables.TODAY}


@pytest.mark.parametrize(
    "title",
    [
        "}, url = {https://evil.example/}, x = {",
        "{{{",
        "\\input{/etc/passwd} 100% of A & B_1 #2 ~ ^",
        "@online{evil,",
        'a "quotation"\n\nof two lines',
        "Read {today} and {today/}",
    ],
)
def test_no_title_leaves_its_field_in_bibtex(title: str) -> None:
    told = dataclasses.replace(FACTS[0].milestone, title=title)
    written = tables.citation(dataclasses.replace(FACTS[0], milestone=told), SITE)
    entries = parse_string(written["BibTeX"].replace(tables.TODAY, "2026-11-27"), "bibtex").entries
    assert list(entries) == ["day"]
    fields = entries["day"].fields
    assert list(fields) == [
        "title",
        "organization",
        "version",
        "date",
        "langid",
        "url",
        "urldate",
    ]
    assert fields["url"] == "club/page.html#day"
    read = LatexNodes2Text().latex_to_text(fields["title"]).replace("ˆ", "^")
    assert read == " ".join(title.split())
    assert json.loads(written["CSL-JSON"])["title"] == title


def test_a_citation_and_a_feed_of_the_chinese_edition_are_chinese() -> None:
    site = dataclasses.replace(
        SITE, title="手册", language="zh-CN", labels={"hangzhou": "杭州", "CN": "CN"}
    )
    forms = tables.citation(FACTS[0], site)
    assert "organization = {手册}" in forms["BibTeX"]
    assert "langid       = {zh-CN}" in forms["BibTeX"]
    assert json.loads(forms["CSL-JSON"])["language"] == "zh-CN"
    assert "LA  - zh-CN" in forms["RIS"]
    entry = feeds.Entry("a", "b", SITE.day, "c", None, ("hangzhou", "CN"))
    feed = feeds.Feed("a", "b", SITE.day, "c", "", "d", (entry,), labels=site.labels)
    assert '<category term="hangzhou" label="杭州" />' in feeds.atom(feed)
    assert feeds.json_feed(feed)["items"][0]["tags"] == ["杭州", "CN"]
    assert '<category term="CN" />' in feeds.atom(feed)


def test_sources_for_reference_managers_are_described_in_the_readers_language(
    bibliography: Bibliography,
) -> None:
    words = reference_managers.Words(
        partial(display, language="zh_CN"),
        {"undated": "没有日期"}.get,  # type: ignore[arg-type]
        "英文题名：%s",
        "日期：%s",
        "查阅日期：%s",
        "zh",
        "。",
    )
    french = dataclasses.replace(
        next(iter(bibliography.sources.values())),
        key="fr",
        title="Ville durable",
        gloss="Sustainable city",
        date=edtf.parse("2017/2018"),
        language="fr",
        note="undated",
    )
    chinese = dataclasses.replace(french, key="zh", title="城市", language="zh-Hans", note=None)
    rows = {row["id"]: row for row in reference_managers.csl([french, chinese], words)}
    assert rows["fr"]["note"] == "英文题名：Sustainable city。没有日期"
    assert rows["fr"]["title"] == "Ville durable"
    assert "note" not in rows["zh"]
    assert "N1  - 日期：2017年" in reference_managers.ris([french], words)


def test_no_address_leaves_its_field_in_bibtex() -> None:
    fact = dataclasses.replace(FACTS[0], address="a}b\\c d.html#x")
    assert "{a%7Db%5Cc%20d.html#x}" in tables.citation(fact, SITE)["BibTeX"]


def test_the_same_data_give_the_same_bytes(catalogue: Catalogue) -> None:
    assert feeds.calendar(FACTS, SITE) == feeds.calendar(FACTS, SITE)
    assert feeds.atom(milestone_feed(FACTS)) == feeds.atom(milestone_feed(FACTS))
    assert tables.as_json(tables.deliverable_rows(catalogue)) == tables.as_json(
        tables.deliverable_rows(catalogue)
    )


POINTS = [
    f"{point}{mark}"
    for point in ("2016", "2016-07", "2016-07-12", "201X", "20XX", "XXXX", "0999", "9999")
    for mark in ("", "?", "~", "%")
]


def _forms() -> list[str]:
    """Every form of date that we take, and both ends of the calendar."""
    spans = [f"{a}/{b}" for a, b in product([*POINTS, ".."], repeat=2)]
    forms = []
    for text in [*POINTS, *spans]:
        try:
            edtf.parse(text)
        except edtf.EdtfError:
            continue
        forms.append(text)
    return forms


FORMS = _forms()


def _known(point: edtf.Point | None) -> tuple[int, ...]:
    if point is None or point.precision < edtf.Precision.YEAR:
        return ()
    return tuple(part for part in (point.year, point.month, point.day) if part is not None)


def test_no_form_of_date_gets_more_exact_in_csl_or_ris() -> None:
    assert len(FORMS) > 500
    for text in FORMS:
        value = edtf.parse(text)
        ends = [_known(end) for end in ([value.start, value.end] if "/" in text else [value.start])]
        said = reference_managers.csl_date(value, english)
        line = reference_managers.ris_date(value, english)
        doubtful = any(mark in text for mark in "?~%")
        if not all(ends):
            assert said == {"literal": display(value, "en")}, text
            assert line == "", text
            continue
        assert [tuple(part) for part in said["date-parts"]] == ends, text
        assert said.get("circa", False) is doubtful, text
        assert (line == "") is ("/" in text), text
        if line:
            *numbers, words = line.split("/")
            assert tuple(int(number) for number in numbers if number) == ends[0], text
            assert words == (display(value, "en") if doubtful else ""), text


@pytest.mark.parametrize(
    ("text", "csl", "ris"),
    [
        ("2016-07-12", {"date-parts": [[2016, 7, 12]]}, "2016/07/12/"),
        ("2016-07~", {"date-parts": [[2016, 7]], "circa": True}, "2016/07//about July 2016"),
        ("2014/2015-06", {"date-parts": [[2014], [2015, 6]]}, ""),
        ("201X", {"literal": "the 2010s"}, ""),
        ("201X~", {"literal": "about the 2010s"}, ""),
        ("20XX", {"literal": "between 2000 and 2099"}, ""),
        ("2019/..", {"literal": "since 2019"}, ""),
        ("../2014", {"literal": "by 2014"}, ""),
        ("2014/201X", {"literal": "2014 to the 2010s"}, ""),
    ],
)
def test_dates_for_reference_managers(text: str, csl: dict[str, object], ris: str) -> None:
    value = edtf.parse(text)
    assert reference_managers.csl_date(value, english) == csl
    assert reference_managers.ris_date(value, english) == ris


def test_each_form_of_date_fits_the_schema_and_the_calendar() -> None:
    told = [
        fact(f"f{number}", text)
        for number, text in enumerate(FORMS)
        if not edtf.parse(text).is_unknown
    ]
    rows = tables.milestone_rows(told)
    validate("milestones", rows)
    for row in rows:
        known = [
            end for end in str(row["date"]).split("/") if ".." not in end and "XXXX" not in end
        ]
        assert row["earliest"] or row["latest"] or "9999" in str(row["date"]), row
        if len(known) == 2:
            assert row["earliest"], row
    events = Calendar.from_ical(feeds.calendar(told, SITE)).walk("VEVENT")
    for one, event in zip(told, events, strict=True):
        value = one.milestone.date
        first, last = event["dtstart"].dt, event["dtend"].dt - timedelta(days=1)
        if first > date.min and value.earliest > date.min:
            assert first == value.earliest
        # An end that nobody knows makes no day of a year.
        known_end = (value.end if value.latest < date.max else value.start) or value.end
        assert known_end
        assert last >= min(known_end.latest, date.max - timedelta(days=2)), value
        assert (
            f"Date as known: {value.text} (EDTF)" in event["description"]
            or value.text == "2016-07-12"
        )


NASTY = 'a\r\nEND:VEVENT\rb\x00\x0b\x1b,;\\:"<b>&amp;]]>\u2028\ufffe\U0001f3d9' + "杭" * 60


def test_no_text_leaves_its_place_in_calendar_feed_and_ris() -> None:
    told = tables.Fact(
        Milestone("nasty", NASTY, edtf.parse("2019"), (Strand.CLUB,), ("key",), place=NASTY),
        "a.html#nasty",
        NASTY,
    )
    clean = re.sub(r"\r\n?", "\n", for_xml(NASTY))
    data = feeds.calendar([told], SITE)
    data.decode("utf-8")
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    # Each folded part is UTF-8 by itself.
    assert [line.decode("utf-8") for line in lines]
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert (str(event["summary"]), str(event["location"])) == (clean, clean)
    feed = ElementTree.fromstring(feeds.atom(milestone_feed([told])))
    title = feed.findtext(f"{ATOM}entry/{ATOM}title") or ""
    assert re.sub(r"\r\n?", "\n", title) == f"Added: {clean}"
    ris = tables.citation(told, SITE)["RIS"]
    assert [line[:6] for line in ris.split("\r\n")[:-1]] == [
        f"{tag}  - " for tag in ("TY", "ID", "TI", "T2", "LA", "ET", "DA", "Y2", "UR", "ER")
    ]


def test_the_calendar_has_a_name_for_every_program() -> None:
    calendar = Calendar.from_ical(feeds.calendar(FACTS, SITE))
    assert calendar["name"] == calendar["x-wr-calname"] == SITE.title
