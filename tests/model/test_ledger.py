"""The ledger of facts: what an edition adds, corrects and withdraws, and what is wrong with the file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handbook.model import ledger
from handbook.model.ledger import Told, brought_up, digest
from support import ROOT

FIRST, SECOND, THIRD = date(2026, 11, 27), date(2026, 12, 20), date(2027, 1, 15)


def told(name: str, **fields: str) -> Told:
    return Told("places", name, name.title(), {key: digest(text) for key, text in fields.items()})


def days(entries: ledger.Ledger) -> list[tuple[object, ...]]:
    return [
        (one.id, one.added, one.corrected, " ".join(one.changed), one.withdrawn) for one in entries
    ]


def test_an_edition_adds_corrects_and_withdraws() -> None:
    one = brought_up((), [told("b", x="1"), told("a", x="1", y="2"), told("c", x="1")], FIRST)
    assert days(one) == [(name, FIRST, None, "", None) for name in "abc"]
    two = brought_up(one, [told("a", x="1", y="3"), told("b", x="1"), told("d", x="1")], SECOND)
    assert days(two) == [
        ("a", FIRST, SECOND, "y", None),
        ("b", FIRST, None, "", None),
        ("c", FIRST, None, "", SECOND),
        ("d", SECOND, None, "", None),
    ]
    three = brought_up(two, [told("a", x="2", y="3"), told("c", x="1")], THIRD)
    assert days(three) == [
        ("a", FIRST, THIRD, "x", None),
        ("b", FIRST, None, "", THIRD),
        ("c", THIRD, None, "", None),  # it is back
        ("d", SECOND, None, "", THIRD),
    ]


def test_the_same_edition_can_be_told_again() -> None:
    one = brought_up((), [told("a", x="1"), told("b", x="1")], FIRST)
    # what is not out yet cannot be corrected or withdrawn
    assert days(brought_up(one, [told("a", x="2")], FIRST)) == [("a", FIRST, None, "", None)]
    two = brought_up(one, [told("a", x="2", y="1"), told("b", x="1")], SECOND)
    again = brought_up(two, [told("a", x="2", y="2"), told("b", x="1")], SECOND)
    assert days(again)[0] == ("a", FIRST, SECOND, "x y", None)


def test_a_new_field_of_the_tables_corrects_nothing() -> None:
    one = brought_up((), [told("a", x="1", old="1")], FIRST)
    two = brought_up(one, [told("a", x="1", new="1")], SECOND)
    assert days(two) == [("a", FIRST, None, "", None)]
    assert days(brought_up(two, [told("a", x="1", new="2")], THIRD))[0][2:4] == (THIRD, "new")


def test_the_file_gives_back_what_was_written(tmp_path: Path) -> None:
    one = brought_up((), [told("a", x="1", y=""), told("杭州", x="1")], FIRST)
    two = brought_up(one, [told("a", x="1", y="now")], SECOND)
    path = tmp_path / ledger.NAME
    path.write_text(ledger.text(two), "utf-8")
    assert ledger.read(path) == (two, [])
    assert ledger.read(tmp_path / "none.jsonl") == ((), [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "1:2: P027 "),
        (
            '{"kind": "sources", "id": "a", "title": "A", "added": "2026-11-27", "fields": {"x": ""}}',
            "1:10: P027 ",
        ),
        (
            '{"kind": "places", "id": "a", "title": "A", "added": "2026-11-31", "fields": {"x": ""}}',
            "1:54: P027 ",
        ),
        (
            '{"kind": "places", "id": "a", "title": "A", "added": "2026-11-27", "withdrawn": "2026-11-26", "fields": {"x": ""}}',
            "1:81: P027 it is withdrawn before it is added",
        ),
        (
            '{"kind": "places", "id": "a", "title": "A", "added": "2026-11-27", "corrected": "2026-12-27", "fields": {"x": ""}}',
            "1:1: P027 a correction has its day and what was corrected, or neither",
        ),
        (
            (
                '{"kind": "places", "id": "b", "title": "A", "added": "2026-11-27", "fields": {"x": ""}}\n'
                '{"kind": "places", "id": "a", "title": "A", "added": "2026-11-27", "fields": {"x": ""}}'
            ),
            "2:1: P027 places a is out of order",
        ),
        (
            (
                '{"kind": "places", "id": "a", "title": "A", "added": "2026-11-27", "fields": {"x": ""}}\n'
                '{"kind": "places", "id": "a", "title": "A", "added": "2026-11-27", "fields": {"x": ""}}'
            ),
            "2:1: P027 places a appears twice",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_said_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / ledger.NAME
    path.write_text(text, "utf-8")
    (finding,) = ledger.read(path, tmp_path)[1]
    assert str(finding).startswith(f"{ledger.NAME}:{message}")
    assert "(hint: " in str(finding)


def test_the_ledger_of_this_handbook_can_be_read() -> None:
    entries, findings = ledger.read(ROOT / "references" / "published" / ledger.NAME, ROOT)
    assert findings == []
    assert len(entries) > 300
    assert {entry.kind for entry in entries} == {"milestones", "adoptions", "places", "offices"}
