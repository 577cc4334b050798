"""What of the data is translated: which strings, where they stand, and which names need nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.model import data_strings
from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import Catalogue
from handbook.model.records import Records
from handbook.model.terms import Terms
from handbook.model.translations import catalogue_of

ROOT = Path(__file__).parents[2]
PLACES = """\
- id: anji
  name: Anji County
  own: 安吉县
  part_of: Zhejiang
  country: CN
  standings:
  - kind: club member
    sources: [a]
    status: one source
    note: "received the certificate,
      and spoke"
- id: taipei
  name: Taipei
  own: 臺北
  standings:
  - kind: registration
    issuer: WCCD
    sources: [a]
    status: sure
"""
OFFICES = """\
- id: li-si
  name: Li Si
  spellings: [Si Li, 李四]
  offices:
  - body: ISSCC
    role: chair
    sources: [a]
    status: sure
    note: in a report of 2019
- id: jean-petit
  name: Jean Petit
  offices:
  - {body: the club, role: chair, sources: [a], status: sure}
- id: a-body
  name: A body
  agency: true
  offices:
  - {body: Zhejiang, role: secretariat, sources: [a], status: sure}
"""
TERMS = """\
- term: the club
  short: ISSCC
  zh: {term: 联盟, status: press, source: GB/T 1}
- term: chair
  zh: {term: 主席, status: press, source: a report}
"""


@pytest.fixture
def references(tmp_path: Path) -> Path:
    made = tmp_path / "references"
    (made / "records").mkdir(parents=True)
    for name, text in (
        ("records/places.yaml", PLACES),
        ("records/offices.yaml", OFFICES),
        ("terms.yaml", TERMS),
    ):
        (made / name).write_text(text, "utf-8")
    return made


def read(references: Path) -> tuple[Records, Terms]:
    return Records.read(references, Catalogue(())), Terms.read(references)


def test_strings_for_readers_stand_in_the_order_of_their_file_each_once(references: Path) -> None:
    known = data_strings.settled_names(*read(references))
    found = {
        one.path: [(text.text, text.line, text.column) for text in one.strings]
        for one in data_strings.read(references, known, (), references.parent)
    }
    assert found == {
        "references/records/places.yaml": [
            ("Zhejiang", 4, 12),
            ("received the certificate, and spoke", 10, 11),
            ("Taipei", 13, 9),
        ],
        "references/records/offices.yaml": [
            ("in a report of 2019", 9, 11),
            ("A body", 15, 9),
            ("secretariat", 18, 28),
        ],
        "references/terms.yaml": [("a report", 5, 41)],
    }


def test_names_that_are_known_are_not_translated_anew(references: Path) -> None:
    assert data_strings.settled_names(*read(references)) == {
        "the club": "联盟",
        "ISSCC": "联盟",
        "chair": "主席",
        "Anji County": "安吉县",
        "Li Si": "李四",
    }


def test_words_are_those_names_and_what_catalogues_translate(references: Path) -> None:
    docs = references.parent / "docs"
    path = catalogue_of(docs, "zh_CN", "references/records/places")
    path.parent.mkdir(parents=True)
    lines = 'msgid "Taipei"\nmsgstr "台北"\n\n#, fuzzy\nmsgid "Zhejiang"\nmsgstr "浙"\n'
    path.write_text(f'{lines}\nmsgid "chair"\nmsgstr "椅子"\n', "utf-8")
    words, readings = data_strings.words(docs, "zh_CN", *read(references))
    assert (words["Taipei"], words["chair"], words.get("Zhejiang")) == ("台北", "主席", None)
    # nobody has proof-read this catalogue, and the vocabulary needs no proof-reading
    assert readings == {"Taipei": None}


def test_every_file_of_the_data_has_its_shape_and_strings() -> None:
    references = ROOT / "references"
    sources = Bibliography.load(references.glob("*.bib")).sources.values()
    found = {one.path: len(one.strings) for one in data_strings.read(references, {}, sources, ROOT)}
    files = {f"references/{name}" for name in data_strings.FILES}
    assert found.keys() == files | {f"references/{one.name}" for one in references.glob("*.bib")}
    assert all(found.values()), found


def test_a_file_that_cannot_be_read_has_no_strings(references: Path) -> None:
    (references / "terms.yaml").write_bytes(b"\xff")
    (references / "records" / "places.yaml").write_text("- [", "utf-8")
    names = [
        one.path for one in data_strings.read(references, {}, (), references.parent) if one.strings
    ]
    assert names == ["references/records/offices.yaml"]
