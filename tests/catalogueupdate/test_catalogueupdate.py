"""The update of the catalogue: what stops it, what it writes, what it tells. All files are made up, in ISO's format."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbook import files
from handbook.catalogueupdate import carry, overrides, update_command
from handbook.catalogueupdate.extract import Extract
from handbook.catalogueupdate.update import prepare
from handbook.cli import HandbookError
from handbook.model import stubs
from handbook.model.catalogue import Catalogue
from handbook.model.pages import parse_page, read_pages
from support import isofiles
from support.commands import ended
from support.isofiles import COMMITTEES, FOREIGN, OURS, changed, committee, deliverable, jsonl

TODAY = date(2026, 11, 23)
DAY = date(2026, 11, 20)
ALL = [*FOREIGN, *OURS]


@pytest.fixture
def root(tmp_path):
    return isofiles.handbook(tmp_path / "handbook")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def update(root: Path, source: Path | str, **more) -> tuple[int, str, str]:
    """Exit status, report, and what was said on the error stream."""
    out, err = io.StringIO(), io.StringIO()
    committees = more.pop("committees", update_command.beside(Path(source)))
    more = {"today": TODAY, "day": DAY, **more}
    status, said = ended(
        lambda: update_command.update(root, str(source), committees, out=out, err=err, **more)
    )
    return status, out.getvalue(), err.getvalue() + said


def applied(root: Path, rows, committees=COMMITTEES, **more) -> str:
    source = isofiles.write(root.parent / "iso", rows, committees)
    status, report, said = update(root, source, **more)
    assert status == 0, said
    return report


def observed(root: Path, id_: int) -> list[tuple[str, str, str]]:
    return [
        (one["observed"], one["stage"], one["reference"])
        for one in Extract.load(root / "references" / "iso").observations[id_]
    ]


# What stops an update

WHOLE = jsonl(ALL)
LINES = WHOLE.splitlines(keepends=True)
AGAIN = "download the file again; the one in the handbook is as it was"
CHANGED = "compare with https://www.iso.org/open-data.html: ISO may have changed the format, then the update must be changed to read it"
SHRUNK = "download the file again; if ISO's page shows that they are truly gone, give --accept-loss"
FORM = "name ISO's file in the format JSON Lines: one JSON object per line"
OVERRIDE = "compare with ISO's page; correct a mistake of ISO's in references/iso/overrides.yaml; the update must be changed to read a new format"


def without(field: str) -> bytes:
    return jsonl([{name: value for name, value in row.items() if name != field} for row in ALL])


DAMAGED = {
    "empty": (b"", "FILE is empty", AGAIN),
    "blank lines only": (b"\n\n", "FILE is empty", AGAIN),
    "empty lines without end": (
        gzip.compress(b"\n" * 1_000_000),
        "FILE:1001 is one of more than 1,000 empty lines",
        AGAIN,
    ),
    "truncated within a line": (WHOLE[:-40], "FILE is truncated: it ends within line 27", AGAIN),
    "truncated gzip": (
        gzip.compress(WHOLE)[:-200],
        "FILE is truncated: the compressed data end too early",
        AGAIN,
    ),
    "gzip with a damaged end": (
        gzip.compress(WHOLE)[:-8] + bytes(8),
        f"FILE cannot be read to its end: CRC check failed 0x0 != {hex(zlib.crc32(WHOLE))}",
        AGAIN,
    ),
    "gzip with a damaged middle": (
        gzip.compress(WHOLE)[:60] + b"\xff" * 40 + gzip.compress(WHOLE)[100:],
        None,
        AGAIN,
    ),
    "a web page": (
        b"<!DOCTYPE html>\n<html><title>Access denied</title></html>\n",
        "FILE is a web page (HTML or XML), not JSON Lines: the server may have refused a robot",
        FORM,
    ),
    "an error as XML": (
        b'\xef\xbb\xbf<?xml version="1.0"?><Error>BlobNotFound</Error>',
        "FILE is a web page (HTML or XML), not JSON Lines: the server may have refused a robot",
        FORM,
    ),
    "one JSON list": (json.dumps(ALL).encode(), "FILE is one JSON list, not JSON Lines", FORM),
    "a table": (b"id,reference\n1,ISO 37101:2016\n", "FILE is not JSON Lines", FORM),
    "a web page behind a good row": (LINES[0] + b"<html>\n" + WHOLE, "FILE:2 is not JSON", AGAIN),
    "a list among the rows": (LINES[0] + b"[1]\n", "FILE:2 is not a JSON object", AGAIN),
    "nested without end": (b'{"id":' + b"[" * 100_000 + b"\n", "FILE:1 is not JSON", AGAIN),
    "a line without end": (
        b'{"id": "' + b"x" * 2_000_001,
        "FILE:1 is longer than 2,000,000 bytes",
        FORM,
    ),
    "not UTF-8": (
        LINES[0] + '{"id": 1, "title": "é"}\n'.encode("latin-1"),
        "FILE:2 is not UTF-8",
        AGAIN,
    ),
    "the whole file twice": (
        WHOLE + WHOLE,
        "FILE:28 has the id 1000, which an earlier row has",
        AGAIN,
    ),
    "one row twice": (WHOLE + LINES[5], "FILE:28 has the id 3, which an earlier row has", AGAIN),
    "three of our rows gone": (
        b"".join(LINES[:-3]),
        "FILE has shrunk: 3 of our 24 deliverables are not in it (ISO 37172:2019, ISO 37173:2019, ISO 37174:2019)",
        SHRUNK,
    ),
    "all of our rows gone": (
        jsonl(FOREIGN),
        "FILE has shrunk: 24 of our 24 deliverables are not in it (ISO 37101:2016, ISO 37120:2014, ISO 37120:2018 and 21 more)",
        SHRUNK,
    ),
    "a field renamed": (
        WHOLE.replace(b'"currentStage"', b'"stage"'),
        "FILE:1 has no field 'currentStage'",
        CHANGED,
    ),
    "a field gone": (without("replacedBy"), "FILE:1 has no field 'replacedBy'", CHANGED),
    "numbers as texts": (
        WHOLE.replace(b'"id":1000,', b'"id":"1000",'),
        'FILE:1: id is "1000", not a number',
        CHANGED,
    ),
    "stages as texts": (
        jsonl(changed(ALL, 1002, currentStage="60.60")),
        'FILE:3: currentStage is "60.60", not a number or null',
        CHANGED,
    ),
    "true as a number": (
        jsonl(changed(ALL, 1, id=True)),
        "FILE:4: id is true, not a number",
        CHANGED,
    ),
    "titles as texts": (
        jsonl(changed(ALL, 2, title="Vocabulary")),
        'FILE:5: title is "Vocabulary", not an object or null',
        CHANGED,
    ),
    "a field emptied in many rows": (
        jsonl([{**row, "icsCode": None} for row in ALL]),
        "FILE has lost the field icsCode of 24 of our 24 deliverables that had one (ISO 37101:2016, ISO 37120:2014, ISO 37120:2018 and 21 more)",
        SHRUNK,
    ),
    "our row without committee": (
        jsonl(changed(ALL, 1, ownerCommittee=None)),
        "FILE:4: ownerCommittee is null, not a text",
        OVERRIDE,
    ),
    "our row without title": (
        jsonl(changed(ALL, 1, title={"en": None})),
        "FILE:4: the English title is missing",
        OVERRIDE,
    ),
    "half a character": (
        WHOLE.replace('Made-up cities — Document 1"'.encode(), b'\\ud83d"'),
        "FILE:4: the title has a broken character",
        OVERRIDE,
    ),
    "a reference with another form": (
        jsonl(changed(ALL, 1, reference="37101")),
        "FILE:4: '37101' is not a reference",
        OVERRIDE,
    ),
    "a reference that would write into our lists": (
        jsonl(changed(ALL, 1, reference="ISO 37101:2016\n- x")),
        "FILE:4: 'ISO 37101:2016\\n- x' is not a reference",
        OVERRIDE,
    ),
    "a day that does not exist": (
        jsonl(changed(ALL, 1, publicationDate="2016-02-30")),
        "FILE:4: publicationDate: '2016-02-30' is a day that does not exist",
        OVERRIDE,
    ),
    "a date with a time": (
        jsonl(changed(ALL, 1, publicationDate="2016-07-15T00:00:00Z")),
        "FILE:4: publicationDate: '2016-07-15T00:00:00Z' is EDTF, but of a form that is not used here",
        OVERRIDE,
    ),
    "an unknown stage": (
        jsonl(changed(ALL, 1, currentStage=6061)),
        "FILE:4: ISO 37101:2016 is at stage 60.61, which is not a harmonized stage code",
        "add the code to references/iso/stage-codes.json if ISO has a new one (https://www.iso.org/stage-codes.html)",
    ),
    "relations by reference": (
        jsonl(changed(ALL, 4, replaces=["ISO 37120:2014"])),
        'FILE:7: an entry of replaces is "ISO 37120:2014", not a number',
        OVERRIDE,
    ),
    "two rows with one reference": (
        jsonl([*ALL, deliverable(60, "ISO/DIS 37100")]),
        (
            "the handbook could not read the new catalogue: references/iso/deliverables.jsonl:5:"
            " two deliverables have the reference ISO/DIS 37100"
        ),
        "check both pages at ISO; correct the reference of one in references/iso/overrides.yaml",
    ),
    "a committee that the other file lacks": (
        jsonl(changed(ALL, 1, ownerCommittee="ISO/IEC JTC 4")),
        "ISO 37101:2016 belongs to ISO/IEC JTC 4, which COMMITTEES does not have",
        "correct ownerCommittee in references/iso/overrides.yaml until ISO's file has the committee",
    ),
}


@pytest.mark.parametrize("fault", DAMAGED)
def test_a_damaged_file_stops_the_update_before_anything_is_written(root, tmp_path, fault):
    data, problem, hint = DAMAGED[fault]
    source = isofiles.write(tmp_path / "iso")
    source.write_bytes(data)
    before = snapshot(root)
    status, report, said = update(root, source)
    assert (status, report) == (2, "")
    assert snapshot(root) == before
    said = said.replace(str(source), "FILE").replace(update_command.beside(source), "COMMITTEES")
    if problem is None:
        # where zlib notices depends on its version
        assert re.match(
            r"command: FILE(?::\d+ is not (?:UTF-8|JSON)| cannot be read to its end: .+) \(hint: download",
            said,
        ), said
    else:
        assert said == f"command: {problem} (hint: {hint})\nNothing was written.\n"


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([], "FILE has shrunk: 2 of our 2 committees are not in it (ISO/TC 268, ISO/TC 268/SC 1)"),
        (COMMITTEES[:1], "FILE has shrunk: 1 of our 2 committees are not in it (ISO/TC 268/SC 1)"),
        ([*COMMITTEES, COMMITTEES[0]], "FILE:4 has the id 100, which an earlier row has"),
        (
            changed(COMMITTEES, 100, secretariat=None),
            "FILE:2: the secretariat or a member of ISO/TC 268 is null, without id or acronym",
        ),
        (
            changed(COMMITTEES, 100, pMembers=[{"id": 1}]),
            'FILE:2: the secretariat or a member of ISO/TC 268 is {"id": 1}, without id or acronym',
        ),
        (changed(COMMITTEES, 100, title={"fr": "Villes"}), "FILE:2: the English title is missing"),
        (
            changed(COMMITTEES, 100, creationDate="2012-2-23"),
            "FILE:2: creationDate: '2012-2-23' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        (changed(COMMITTEES, 100, pMembers="DIN"), 'FILE:2: pMembers is "DIN", not a list or null'),
    ],
)
def test_a_damaged_file_of_committees_stops_it_too(root, tmp_path, rows, problem):
    source = isofiles.write(tmp_path / "iso", committees=rows)
    before = snapshot(root)
    status, _report, said = update(root, source)
    assert (status, snapshot(root)) == (2, before)
    assert said.replace(update_command.beside(source), "FILE").startswith(
        f"command: {problem} (hint: "
    ), said


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        (
            date(2026, 11, 24),
            "FILE is dated 2026-11-24, which is in the future (today is 2026-11-23)",
        ),
        (date(2025, 6, 1), "FILE is dated 2025-06-01, but the handbook already has 2025-06-02"),
    ],
)
def test_a_file_of_another_time_is_refused(root, tmp_path, day, problem):
    source = isofiles.write(tmp_path / "iso")
    status, _, said = update(root, source, day=day)
    assert status == 2
    assert said.replace(str(source), "FILE").startswith(f"command: {problem} (hint: ")


def test_a_file_that_is_not_there_is_named(root, tmp_path):
    status, _, said = update(root, tmp_path / "none.jsonl", committees=None)
    assert (status, said) == (
        2,
        f"command: {tmp_path}/none.jsonl cannot be read: No such file or directory (hint: name a file or an address that begins with https://)\nNothing was written.\n",
    )


def test_a_loss_that_somebody_looked_at_is_accepted_and_the_handbook_keeps_what_it_had(root):
    before = snapshot(root)
    report = applied(root, OURS[:-3], accept_loss=True)
    assert snapshot(root) == before
    assert (
        "## No longer in ISO's file\n\n- **ISO 37172:2019** (id 22). The handbook keeps what it had."
        in report
    )


def test_a_small_loss_is_told_and_nothing_is_dropped(root):
    before = snapshot(root)
    assert "**ISO 37174:2019** (id 24). The handbook keeps what it had." in applied(root, OURS[:-1])
    assert snapshot(root) == before


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("deliverables.jsonl", "{", "references/iso/deliverables.jsonl:1 is not JSON"),
        (
            "deliverables.jsonl",
            "[1]\n",
            "references/iso/deliverables.jsonl:1 is not a row with an id",
        ),
        (
            "extract.yaml",
            "as_of: {}\n",
            "references/iso/extract.yaml lacks committees, as_of or sources",
        ),
        (
            "extract.yaml",
            "as_of: [\n",
            "references/iso/extract.yaml lacks committees, as_of or sources",
        ),
        ("stage-codes.json", "", "references/iso/stage-codes.json is not JSON"),
        (
            "overrides.yaml",
            "- id: [",
            "references/iso/overrides.yaml:1: this bracket is not closed",
        ),
    ],
)
def test_a_damaged_handbook_is_named(root, tmp_path, name, content, problem):
    (root / "references" / "iso" / name).write_text(content)
    status, _, said = update(root, isofiles.write(tmp_path / "iso"))
    assert status == 2
    assert said.startswith(f"command: {root}/{problem} (hint: "), said


# What is written


def test_nothing_changes_when_nothing_changed(root, tmp_path):
    before = snapshot(root)
    for packed in (False, True):
        status, report, said = update(
            root, isofiles.write(tmp_path / f"iso{packed}", packed=packed)
        )
        assert (status, said) == (
            0,
            "The handbook is up to date with ISO's files of 2026-11-20; nothing was written.\n",
        )
        assert report.startswith(
            "# ISO's catalogue on 20 November 2026: nothing changed since 2 June 2025\n\nRead: 27 rows of deliverables and 3 rows of committees."
        )
    assert snapshot(root) == before


def test_the_order_of_isos_rows_does_not_matter(root):
    before = snapshot(root)
    applied(root, list(reversed(OURS)), list(reversed(COMMITTEES)))
    assert snapshot(root) == before


def test_the_real_extract_is_in_the_form_that_the_update_writes():
    iso = isofiles.ROOT / "references" / "iso"
    assert {
        name: (iso / name).read_text("utf-8") for name in Extract.load(iso).files()
    } == Extract.load(iso).files()
    assert isinstance(overrides.read(iso / "overrides.yaml"), list)


def test_the_real_extract_survives_an_update_from_its_own_rows(tmp_path):
    root = isofiles.copy_of_handbook(tmp_path / "handbook")
    extract = Extract.load(root / "references" / "iso")
    rows = [
        {**row, "languages": ["en"], "pages": {"en": 1}, "scope": {"en": "Made up"}}
        for row in extract.deliverables.values()
    ]
    before = snapshot(root)
    applied(root, rows, list(extract.committees.values()), day=TODAY)
    assert snapshot(root) == before
    confirmed = changed(rows, 61885, currentStage=9099)
    applied(root, confirmed, list(extract.committees.values()), day=TODAY)
    assert {name for name, data in snapshot(root).items() if before[name] != data} == {
        "references/iso/deliverables.jsonl",
        "references/iso/stage-observations.jsonl",
        "references/iso/extract.yaml",
        "references/standards.bib",
    }


def test_a_day_can_be_written_although_nothing_changed(root):
    applied(root, OURS, advance=True)
    extract = Extract.load(root / "references" / "iso")
    assert extract.as_of == {
        "deliverables": "2026-11-20",
        "committees": "2026-11-20",
        "observations": "2024-01/2026-11",
    }
    assert extract.settings.startswith("# The days for which the files speak.\nas_of:\n")
    assert extract.settings.endswith("- ISO/IEC JTC 4\n")
    bib = (root / "references" / "standards.bib").read_text()
    assert bib.count("date       = {2026-11-20}") == 2
    assert bib.count("urldate    = {2026-11-20}") == 2


def test_committees_that_were_not_read_keep_their_day(root, tmp_path):
    source = isofiles.write(tmp_path / "iso", changed(OURS, 4, currentStage=9093))
    status, report, _ = update(root, source, committees=None)
    assert status == 0
    assert "- The committees were not read: name their file with `--committees`." in report
    assert Extract.load(root / "references" / "iso").as_of["committees"] == "2025-07-01"


def test_a_new_stage_is_observed_once(root):
    for _ in range(3):
        applied(root, changed(OURS, 4, currentStage=9093))
    assert observed(root, 4) == [
        ("2024-01-18", "90.60", "ISO 37120:2018"),
        ("2026-11-20", "90.93", "ISO 37120:2018"),
    ]


def test_what_is_kept_and_what_is_not(root):
    applied(
        root,
        [
            *changed(
                changed(OURS, 1, ownerCommittee="ISO/IEC JTC 4/SC 2"),
                5,
                ownerCommittee="ISO/TC 301",
            ),
            deliverable(70, "ISO/IEC AWI TR 37300", 2000, ownerCommittee="ISO/IEC JTC 4"),
            deliverable(71, "ISO/AWI 37301", 2000, ownerCommittee="ISO/TC 268/SC 9"),
            deliverable(72, "ISO/AWI 37302", 2000, ownerCommittee="ISO/TC 2681"),
            deliverable(73, "ISO/AWI 37303", 2098),
        ],
        [
            *COMMITTEES,
            committee(300, "ISO/IEC JTC 4"),
            committee(301, "ISO/IEC JTC 4/SC 2"),
            committee(302, "ISO/TC 301"),
            committee(303, "ISO/TC 268/SC 9"),
            committee(304, "ISO/TC 2681"),
        ],
    )
    extract = Extract.load(root / "references" / "iso")
    assert {id_ for id_ in extract.deliverables if id_ > 24 or id_ in {1, 5}} == {1, 5, 70, 71}
    assert [row["reference"] for row in extract.committees.values()] == [
        "ISO/IEC JTC 4",
        "ISO/IEC JTC 4/SC 2",
        "ISO/TC 268",
        "ISO/TC 268/SC 1",
        "ISO/TC 268/SC 9",
        "ISO/TC 301",
    ]
    catalogue = Catalogue.load(root / "references")
    assert catalogue.exact("ISO/IEC AWI TR 37300").number == "37300"


@pytest.mark.parametrize(
    "reference",
    [
        "ISO/DIS 37100.2",
        "ISO/IEC FDIS 37100",
        "ISO/IEC 37100:2026",
        "ISO/IEC AWI TR 37300-2",
        "ISO 37101:2016/DAmd 2",
        "ISO 37101:2016/AWI Amd 2.2",
        "IWA 48:2024",
        "ISO/IEC Guide 64:2008",
    ],
)
def test_references_of_every_form_are_read(root, reference):
    supplement = "Amd" if "Amd" in reference else None
    applied(root, [*OURS, deliverable(70, reference, 2000, supplementType=supplement)])
    catalogue = Catalogue.load(root / "references")
    assert catalogue.exact(reference).id == 70
    assert catalogue.exact(reference).number.startswith(("37", "48", "64"))


def test_a_project_deleted_later_stays(root):
    report = applied(root, changed(OURS, 2, currentStage=2098))
    assert (
        "## Deleted projects\n\n- **ISO/DIS 37100**: 40.20 (DIS ballot initiated: 12 weeks) → 20.98 (project deleted)."
        in report
    )
    assert Catalogue.load(root / "references").exact("ISO/DIS 37100").stage == "20.98"


def test_isos_own_texts_never_enter(root):
    applied(root, [*OURS, deliverable(70, "ISO/AWI 37300", 2000)])
    assert not [
        name
        for name, data in snapshot(root).items()
        if b"scope" in data or b"made-up scope" in data
    ]


def test_signs_that_end_lines_stay_within_their_row(root):
    applied(root, changed(OURS, 1, title={"en": "One\u2028two\x85three"}))
    assert (
        Catalogue.load(root / "references").exact("ISO 37101:2016").title["en"]
        == "One\u2028two\x85three"
    )


def test_check_writes_nothing_and_says_whether_an_update_is_due(root, tmp_path):
    before = snapshot(root)
    due = isofiles.write(tmp_path / "due", changed(OURS, 4, currentStage=9093))
    assert update(root, due, check=True)[0] == 1
    assert update(root, isofiles.write(tmp_path / "same"), check=True)[0] == 0
    assert snapshot(root) == before
    assert update(root, due)[0] == 0
    assert update(root, due, check=True)[0] == 0


STAGE_CODES = sorted(int(code.replace(".", "")) for code in isofiles.STAGES)


@given(
    st.lists(
        st.tuples(st.integers(1, 24), st.sampled_from(STAGE_CODES), st.booleans()), max_size=8
    ),
    st.permutations(range(24)),
)
@settings(max_examples=25, deadline=None)
def test_a_second_run_never_finds_anything(tmp_path_factory, edits, order):
    folder = tmp_path_factory.mktemp("again")
    root = isofiles.handbook(folder / "handbook")
    rows = OURS
    for id_, stage, joint in edits:
        rows = changed(
            rows, id_, currentStage=stage, ownerCommittee="ISO/IEC JTC 4" if joint else "ISO/TC 268"
        )
    committees = [*COMMITTEES, committee(300, "ISO/IEC JTC 4")]
    applied(root, [rows[number] for number in order], committees)
    after = snapshot(root)
    assert "nothing changed" in applied(root, rows, committees)
    assert snapshot(root) == after
    Catalogue.load(root / "references")


# A project bears a new reference


def test_a_published_draft_is_carried_through_the_handbook(root):
    docs = root / "docs"
    (docs / "standards" / "iso-dis-37100.md").write_text(
        "# ISO/DIS 37100: vocabulary\n\n:::{standard} ISO/DIS 37100\n:::\n\nISO/DIS 37100 was seen.\n\n:::{milestone} Seen\n:name: iso-dis-37100\n:::\n",
    )
    (docs / "other.md").write_text(
        "See {iso}`ISO/DIS 37100`, {iso}`the draft <ISO/DIS 37100>`, [it](standards/iso-dis-37100.md), [here](#iso-dis-37100), "
        "ISO/DIS 37100-2, <project:#iso-dis-37100-2025>.\n\n```{toctree}\n../standards/iso-dis-37100\nDraft <standards/iso-dis-37100>\n```\n",
    )
    report = applied(
        root,
        changed(
            OURS, 2, reference="ISO 37100:2025", currentStage=6060, publicationDate="2025-09-12"
        ),
    )
    assert not (docs / "standards" / "iso-dis-37100.md").exists()
    assert (docs / "standards" / "iso-37100-2025.md").read_text() == (
        "# ISO/DIS 37100: vocabulary\n\n:::{standard} ISO 37100:2025\n:::\n\nISO/DIS 37100 was seen.\n\n:::{milestone} Seen\n:name: iso-dis-37100\n:::\n"
    )
    assert (docs / "other.md").read_text() == (
        "See {iso}`ISO 37100:2025`, {iso}`the draft <ISO 37100:2025>`, [it](standards/iso-37100-2025.md), [here](#iso-37100-2025), "
        "ISO/DIS 37100-2, <project:#iso-dis-37100-2025>.\n\n```{toctree}\n../standards/iso-37100-2025\nDraft <standards/iso-37100-2025>\n```\n"
    )
    catalogue = Catalogue.load(root / "references")
    assert catalogue.families[0].members == ("ISO 37100:2025", "ISO 37101:2016")
    assert catalogue.relations[0].source == "ISO 37100:2025"
    assert observed(root, 2)[-1] == ("2026-11-20", "60.60", "ISO 37100:2025")
    assert "- `docs/standards/iso-dis-37100.md` is now `docs/standards/iso-37100-2025.md`" in report
    assert (
        "- ISO/DIS 37100: `docs/standards/iso-37100-2025.md:1`, `docs/standards/iso-37100-2025.md:6`. To do:"
        in report
    )


def test_a_stub_takes_the_new_reference_everywhere(root):
    applied(
        root,
        changed(
            OURS, 2, reference="ISO 37100:2025", currentStage=6060, publicationDate="2025-09-12"
        ),
    )
    assert (root / "docs/standards/iso-37100-2025.md").read_text() == stubs.text(
        "ISO 37100:2025", date(2025, 6, 2)
    )


def test_a_reference_is_not_the_beginning_of_a_longer_one():
    texts = {
        Path(
            "a.yaml"
        ): "[ISO 1, ISO 1:2016, ISO 1-2:2020, ISO 1/Amd 1, ISO/TS 1, ISO 12, ISO 1.2]  # ISO 1.\n",
        Path("b.bib"): "title = {ISO 1}\n",
    }
    assert carry.carry([("ISO 1", "ISO 9:2026")], texts).files == {
        Path(
            "a.yaml"
        ): "[ISO 9:2026, ISO 1:2016, ISO 1-2:2020, ISO 1/Amd 1, ISO/TS 1, ISO 12, ISO 1.2]  # ISO 9:2026.\n"
    }


def test_a_page_that_is_there_already_is_not_overwritten(root):
    there = root / "docs" / "standards" / "iso-37100-2025.md"
    there.write_text("# Written by hand\n")
    applied(root, changed(OURS, 2, reference="ISO 37100:2025", currentStage=6060))
    assert there.read_text() == "# Written by hand\n"
    assert (root / "docs" / "standards" / "iso-dis-37100.md").exists()


def test_a_new_project_whose_page_is_there_already_keeps_it(root):
    there = root / "docs" / "standards" / "iso-awi-37300.md"
    there.write_text("# Written by hand\n")
    report = applied(root, [*OURS, deliverable(70, "ISO/AWI 37300", 2000)])
    assert there.read_text() == "# Written by hand\n"
    assert "It has a page. To do: choose its family in `references/families.yaml`." in report


# Overrides

OVERRIDES = '- {id: 1, field: publicationDate, iso: "2019-05-14", value: "2016-07", reason: Wrong day., source: isoopendata}\n'


def override(root: Path, text: str = OVERRIDES) -> None:
    (root / "references" / "iso" / "overrides.yaml").write_text(text)


def test_a_correction_survives_each_update(root):
    override(root)
    for _ in range(2):
        report = applied(root, OURS)
        assert (
            Catalogue.load(root / "references").exact("ISO 37101:2016").published.text == "2016-07"
        )
        assert "overrides.yaml" not in report


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "2016-07",
            "- `references/iso/overrides.yaml:1`, ISO 37101:2016, publicationDate: ISO has caught up and says 2016-07 too. To do: delete the override.",
        ),
        (
            "2016-08",
            "- `references/iso/overrides.yaml:1`, ISO 37101:2016, publicationDate: ISO now says 2016-08, neither its old value 2019-05-14 nor ours, 2016-07, which still holds. To do: check the source again.",
        ),
    ],
)
def test_it_is_told_when_iso_says_something_else(root, said, expected):
    override(root)
    report = applied(root, changed(OURS, 1, publicationDate=said))
    assert expected in report.splitlines()
    assert Catalogue.load(root / "references").exact("ISO 37101:2016").published.text == "2016-07"


def test_a_correction_lets_a_damaged_row_pass(root):
    override(root)
    applied(root, changed(OURS, 1, publicationDate="2016-02-30"))
    assert Catalogue.load(root / "references").exact("ISO 37101:2016").published.text == "2016-07"


def test_a_correction_of_a_committee_and_of_a_row_that_went(root):
    override(
        root,
        "- {id: 100, field: secretariat, iso: {id: 1738, acronym: AFNOR}, value: {id: 1, acronym: SAC}, reason: r, source: s, file: committees}\n"
        "- {id: 999, field: edition, iso: 1, value: 2, reason: r, source: s}\n",
    )
    report = applied(root, OURS)
    assert Catalogue.load(root / "references").committee("ISO/TC 268").secretariat == "SAC"
    assert (
        "- `references/iso/overrides.yaml:2`, 999, edition: ISO's file has no row with the id 999. To do: delete the override, or correct its id."
        in report
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\n", "1 is not a list"),
        ("- a\n", "1 is not a correction"),
        ("# reason first\n- {id: 1}\n", "2 has no field"),
        (OVERRIDES.replace("Wrong day.", '""'), "1 has no reason"),
        (OVERRIDES.replace(", source: isoopendata", ""), "1 has no source"),
        (OVERRIDES.replace("id: 1,", "id: 1, page: 2,"), "1: a correction has no 'page'"),
        (OVERRIDES.replace("field: publicationDate", "field: scope"), "1 names no field of ISO's"),
        (OVERRIDES.replace("field: publicationDate", "field: id"), "1 names no field of ISO's"),
        (OVERRIDES.replace("id: 1,", "id: '1',"), "1 names no field of ISO's"),
        (
            OVERRIDES.replace('value: "2016-07"', "value: 2016-07-01"),
            "1: a value is not what JSON can hold",
        ),
        (OVERRIDES.replace("{id", "{file: members, id"), "1: 'members' is not a file"),
        (OVERRIDES * 2, "2 corrects publicationDate of 1, as line 1 does"),
    ],
)
def test_a_correction_that_cannot_be_understood_is_named(tmp_path, text, problem):
    path = tmp_path / "overrides.yaml"
    path.write_text(text)
    with pytest.raises(HandbookError) as error:
        overrides.read(path)
    assert error.value.problem == f"{path}:{problem}"
    assert error.value.hint


# The report


def test_the_report_tells_every_kind_of_change_and_what_to_do(root):
    (root / "docs" / "index.md").write_text("# Handbook\n\nAs of 2 June 2025.\n")
    rows = changed(
        OURS, 2, reference="ISO 37100:2025", currentStage=6060, publicationDate="2025-09-12"
    )
    rows = changed(changed(rows, 4, currentStage=9093), 1, currentStage=9599, replacedBy=[70])
    rows = changed(
        changed(rows, 7, ownerCommittee="ISO/IEC JTC 4"),
        8,
        title={"en": "Made-up cities - Document 8", "fr": "Villes inventées — Document 8"},
    )
    rows = [
        *changed(
            rows, 9, icsCode=["13.020.20", "03.100.70"], publicationDate="2019-06-01", edition=2
        ),
        deliverable(70, "ISO/CD 37101", 2000, replaces=[1]),
        deliverable(71, "ISO/NP 1", 2098),
    ]
    rows = changed(rows, 10, new_field=1)
    committees = [
        *changed(
            COMMITTEES,
            100,
            pMembers=[{"id": 1511, "acronym": "DIN"}, {"id": 2027, "acronym": "NEN"}],
            oMembers=[{"id": 3, "acronym": "SIS"}],
            secretariat={"id": 1635, "acronym": "SAC"},
            status="Suspended",
            childrenId=[101],
        ),
        committee(300, "ISO/IEC JTC 4", creationDate="2026-01-15"),
    ]
    assert (
        applied(root, rows, committees)
        == """\
# ISO's catalogue: what changed from 2 June 2025 to 20 November 2026

Read: 29 rows of deliverables and 4 rows of committees. Kept: 25 deliverables, 3 committees. Left out, since deleted before the handbook ever had them: 1 project.

## New projects

- **ISO/CD 37101** Made-up cities — Document 70 (ISO/TC 268), stage 20.00 (new project registered in TC/SC work programme). A page with the facts was created: `docs/standards/iso-cd-37101.md`. To do: write its text and choose its family in `references/families.yaml`.

## Publications

- **ISO 37100:2025** (until now ISO/DIS 37100): 40.20 (DIS ballot initiated: 12 weeks) → 60.60 (published). Published 12 September 2025: the milestone appears by itself. To do: revise its page, which spoke of a draft.

## Withdrawals

- **ISO 37101:2016**: 90.93 (confirmed) → 95.99 (withdrawn). The banner on its page appears by itself. To do: name what to use instead (ISO/CD 37101), and check the pages that recommend it.

## Changes of stage

- **ISO 37120:2018**: 90.60 (close of review) → 90.93 (confirmed). Nothing to do: its page and *What changed* show it.

## What replaces what

- **ISO 37101:2016** is to be replaced by ISO/CD 37101 (new). Both pages and the relation graph show it by themselves.

## Moves between committees

- From ISO/TC 268/SC 1 to ISO/IEC JTC 4: **ISO 37157:2019**. To do: see whether the pages on the committee, above all the one on the move into JTC 4, must say so.

## Committees and their members

- **ISO/IEC JTC 4** Made-up work of ISO/IEC JTC 4 is new in the catalogue, created 15 January 2026, secretariat AFNOR. To do: give it a place in `docs/committee/`.
- **ISO/TC 268**: no longer participating members: SAC; NEN became a participating member. To do: `docs/committee/members.md` if it names them or their number.
- **ISO/TC 268**: new observing members: SIS. To do: `docs/committee/members.md` if it names them or their number.
- **ISO/TC 268**: the secretariat went from AFNOR to SAC. To do: the pages on the committee.
- **ISO/TC 268**: status changed: Active → Suspended.
- **ISO/TC 268**: subcommittees changed: new 101.

## Other corrections by ISO

- **ISO 37159:2019**: date of publication: 2019-05-14 → 2019-06-01. To do: the two dates contradict each other; check ISO's page, and at pages that name the old date.
- **ISO 37159:2019**: edition: 1 → 2. To do: check its page.
- **ISO 37159:2019**: ICS classes: new 03.100.70. To do: check its page.

## Pages moved

- `docs/standards/iso-dis-37100.md` is now `docs/standards/iso-37100-2025.md`; links, roles and our lists follow. To do: its heading and text may still mention a draft.

## Notes

- ISO's file has fields that the handbook does not know: new\\_field. Nothing to do, unless they are useful.

<details>
<summary>Without a change of meaning: 1 title with other characters</summary>

- **ISO 37158:2019**: title: en: Made-up cities — Document 8 → Made-up cities - Document 8

</details>

<details>
<summary>1 line with the day of the last update: see what is still true</summary>

- `docs/index.md:3`

</details>
"""
    )


def test_a_relation_that_iso_takes_back_is_told(root):
    report = applied(root, changed(OURS, 4, replaces=None))
    assert (
        "- **ISO 37120:2018** no longer replaces ISO 37120:2014. Both pages and the relation graph show it by themselves."
        in report
    )


def test_what_moves_together_is_told_together(root):
    report = applied(
        root,
        [{**row, "ownerCommittee": "ISO/IEC JTC 4"} for row in OURS[:4]] + OURS[4:],
        [*COMMITTEES, committee(300, "ISO/IEC JTC 4")],
    )
    told = "- From ISO/TC 268 to ISO/IEC JTC 4 (4 deliverables): **ISO 37101:2016**, **ISO 37120:2014**, **ISO 37120:2018**, **ISO/DIS 37100**. To do:"
    assert told in report


def test_a_date_that_becomes_more_precise_is_no_correction(root):
    applied(root, changed(OURS, 1, publicationDate="2019-05"))
    report = applied(root, OURS)
    assert (
        "<summary>Without a change of meaning: 1 date of publication now to the day</summary>"
        in report
    )
    assert "Other corrections" not in report


def test_isos_texts_cannot_break_the_report(root):
    report = applied(
        root,
        [
            *OURS,
            deliverable(
                70, "ISO/AWI 37300", 2000, title={"en": "A <b>`bold`</b> *move* [x](y) @all #1"}
            ),
        ],
    )
    assert r"A \<b\>\`bold\`\</b\> \*move\* \[x\](y) \@all \#1" in report


# Pages


def test_a_deliverable_without_page_is_found_with_the_command_that_makes_its_stub(root):
    catalogue = Catalogue.load(root / "references")
    assert list(stubs.without_page(catalogue, read_pages(root / "docs"))) == []
    (root / "docs/standards/iso-37101-2016.md").write_text("# ISO 37101:2016\n\nNo directive.\n")
    assert list(stubs.without_page(catalogue, read_pages(root / "docs"))) == [
        (
            catalogue.exact("ISO 37101:2016"),
            "ISO 37101:2016 has no page",
            'make a stub and write its text: python tools/update_catalogue.py --stub "ISO 37101:2016"',
        )
    ]


def test_a_stub_holds_facts_only_and_says_that_it_wants_text():
    page = parse_page(Path("stub.md"), stubs.text("ISO/AWI 37300", DAY).encode())
    assert (
        page.findings,
        page.title,
        page.front_matter["reviewed"],
        page.front_matter["orphan"],
    ) == ([], "ISO/AWI 37300", "2026-11-20", True)
    assert [(block.name, block.argument) for block in page.blocks] == [
        ("standard", "ISO/AWI 37300"),
        ("note", ""),
    ]
    assert stubs.unwritten([page, parse_page(Path("written.md"), b"# Written\n\nText.\n")]) == [
        page
    ]


def make_stub(root: Path, *references: str) -> tuple[int, str, str]:
    out = io.StringIO()
    status, said = ended(lambda: update_command.stub(root, references, out))
    return status, out.getvalue(), said


def test_the_command_makes_the_stub(root):
    path = root / "docs/standards/iso-37101-2016.md"
    stub = path.read_bytes()
    other = root / "docs/standards/iso-dis-37100.md"
    path.unlink()
    other.unlink()
    said = "docs/standards/iso-37101-2016.md was created. It still needs text, and a family in references/families.yaml.\n"
    assert make_stub(root, "ISO 37101:2016") == (0, said, "")
    assert path.read_bytes() == stub
    assert not other.exists()
    assert make_stub(root)[0] == 0
    assert other.exists()


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (
            "ISO 37101:2016",
            "command: ISO 37101:2016 has a page (hint: write its text in docs/standards/iso-37101-2016.md)\n",
        ),
        (
            "ISO 37101:2017",
            "command: 'ISO 37101:2017' is not in the catalogue (hint: the catalogue has ISO 37101:2016)\n",
        ),
    ],
)
def test_the_command_never_overwrites_a_page(root, reference, said):
    before = snapshot(root)
    assert make_stub(root, reference) == (2, "", said)
    assert snapshot(root) == before


# Writing


def test_files_are_written_whole_or_not_at_all(tmp_path, monkeypatch):
    old, new = tmp_path / "old", tmp_path / "folder" / "new"
    old.write_bytes(b"old")
    old.chmod(0o600)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(files.os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            files.write({old: b"changed", new: b"new"})
    assert snapshot(tmp_path) == {"old": b"old"}
    files.write({old: b"changed", new: b"new"})
    assert snapshot(tmp_path) == {"old": b"changed", "folder/new": b"new"}
    assert (old.stat().st_mode & 0o777, new.stat().st_mode & 0o777) == (0o600, 0o644)
    files.write({old: None})
    assert snapshot(tmp_path) == {"folder/new": b"new"}


def test_a_run_after_a_fall_between_two_files_finishes_the_work(root, tmp_path, monkeypatch):
    rows = [
        *changed(OURS, 2, reference="ISO 37100:2025", currentStage=6060),
        deliverable(70, "ISO/AWI 37300", 2000),
    ]
    source = isofiles.write(tmp_path / "iso", rows)
    outcome = prepare(root, str(source), update_command.beside(source), TODAY, day=DAY)
    assert [path.name for path in outcome.files][-1] == "deliverables.jsonl"
    half = dict(list(outcome.files.items())[:-1])
    files.write(half)
    assert update(root, source)[0] == 0
    whole = snapshot(root)
    assert (
        json.loads((root / "references/iso/deliverables.jsonl").read_text().splitlines()[0])[
            "reference"
        ]
        == "ISO 37100:2025"
    )
    assert update(root, source, check=True)[0] == 0
    assert observed(root, 2) == [
        ("2024-01-18", "40.20", "ISO/DIS 37100"),
        ("2026-11-20", "60.60", "ISO 37100:2025"),
    ]
    assert snapshot(root) == whole


def test_a_disk_that_refuses_is_named(root, tmp_path, monkeypatch):
    def denied(*_):
        raise OSError(13, "Permission denied", "references/iso/extract.yaml")

    monkeypatch.setattr(files, "write", denied)
    status, _, said = update(
        root, isofiles.write(tmp_path / "iso", changed(OURS, 4, currentStage=9093))
    )
    assert (status, said) == (
        2,
        "command: references/iso/extract.yaml cannot be read or written: Permission denied (hint: allow writing there, or name another folder)\n",
    )
