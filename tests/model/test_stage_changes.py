"""What changed: from observations and publications to sentences, a page and a feed."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from handbook.model import edtf
from handbook.model.catalogue import Catalogue, Deliverable, Observation
from handbook.model.stage_changes import Change, ChangeKind, changes, meaning
from handbook.outputs import feeds
from support import ROOT, isofiles

STAGES = isofiles.STAGES | {
    "95.92": "Decision not to withdraw International Standard",
    "90.99": "Withdrawal of International Standard proposed by TC or SC",
}


def made(
    reference: str,
    seen: list[tuple[str, str]] | list[tuple[str, str, str]],
    published: str | None = None,
    observed: str = "2024-01/2025-06",
) -> list[Change]:
    deliverable = Deliverable(
        1,
        reference,
        {"en": "Made up"},
        "IS",
        None,
        edtf.parse(published) if published else None,
        1,
        (),
        "ISO/TC 268",
        seen[-1][1] if seen else "60.60",
        (),
        (),
    )
    observations = tuple(
        Observation(date.fromisoformat(day), stage, (*more, reference)[0])
        for day, stage, *more in seen
    )
    return changes(
        Catalogue(
            [deliverable],
            observations={1: observations},
            stages=STAGES,
            as_of={"deliverables": "2025-06-02", "observations": observed},
        )
    )


def told(found: list[Change]) -> list[tuple[str, str, str | None, str]]:
    return [(str(change.when), change.kind.name, change.before, change.after) for change in found]


@pytest.mark.parametrize(
    ("why", "seen", "published", "expected"),
    [
        (
            "the first month of looking is the beginning, not a change",
            [("2024-01-18", "90.93")],
            "2016-07",
            [],
        ),
        (
            "a change of stage is told on the day of the look",
            [("2024-01-18", "90.60"), ("2024-10-29", "90.93")],
            "2019-04",
            [("2024-10-29", "STAGE", "90.60", "90.93")],
        ),
        (
            "what is first seen later is new to us",
            [("2025-03-06", "20.00")],
            None,
            [("2025-03-06", "SEEN", None, "20.00")],
        ),
        (
            "the publication bears its own date and takes the place of 60.60",
            [("2024-01-18", "60.00"), ("2024-06-25", "60.60")],
            "2024-06",
            [("2024-06", "PUBLISHED", None, "60.60")],
        ),
        (
            "without a date of its own, the observation of 60.60 stays",
            [("2024-01-18", "60.00"), ("2024-06-25", "60.60")],
            None,
            [("2024-06-25", "STAGE", "60.00", "60.60")],
        ),
        (
            "a publication before the first look is history",
            [("2024-01-18", "60.60")],
            "2023-12",
            [],
        ),
        (
            "a withdrawal is called so",
            [("2024-01-18", "90.92"), ("2024-08-25", "95.99")],
            "2017-12",
            [("2024-08-25", "WITHDRAWN", "90.92", "95.99")],
        ),
        (
            "a project given up is called so",
            [("2024-01-18", "20.00"), ("2024-08-25", "20.98")],
            None,
            [("2024-08-25", "DELETED", "20.00", "20.98")],
        ),
        (
            "another name alone is no change of stage",
            [("2024-01-18", "40.20", "ISO/CD 1"), ("2024-02-18", "40.20", "ISO/DIS 1")],
            None,
            [],
        ),
        (
            "the latest comes first",
            [("2024-01-18", "90.20"), ("2024-03-01", "90.60"), ("2024-05-01", "90.93")],
            "2019-04",
            [("2024-05-01", "STAGE", "90.60", "90.93"), ("2024-03-01", "STAGE", "90.20", "90.60")],
        ),
    ],
)
def test_what_counts_as_a_change(why, seen, published, expected):
    assert told(made("ISO 1:2019", seen, published)) == expected, why


def test_a_change_keeps_the_name_of_its_day_and_the_first_sight_of_the_stage_before():
    (change,) = made(
        "ISO 1:2024", [("2024-01-18", "40.20", "ISO/DIS 1"), ("2024-03-22", "60.00", "ISO/FDIS 1")]
    )
    assert (change.reference, change.since, change.meaning) == (
        "ISO/FDIS 1",
        date(2024, 1, 18),
        "under publication",
    )


def test_the_day_by_which_a_publication_is_certain():
    (seen,) = made("ISO 1:2025", [("2024-01-18", "60.00"), ("2025-06-01", "60.60")], "2025-05")
    (unseen,) = made("ISO 1:2025", [], "2025-05")
    (after_the_look,) = made("ISO 1:2025", [], "2025-06")
    assert [change.known for change in (seen, unseen, after_the_look)] == [
        date(2025, 6, 1),
        date(2025, 5, 31),
        date(2025, 6, 2),
    ]


def test_a_permanent_name_does_not_depend_on_what_may_be_worded_or_dated_anew():
    (month,) = made("ISO 1:2025", [], "2025-05")
    (day,) = made("ISO 1:2025", [], "2025-05-14")
    one, other = made(
        "ISO 1:2019", [("2024-01-18", "90.20"), ("2024-03-01", "90.60"), ("2024-05-01", "90.93")]
    )
    assert month.id == day.id
    assert len({month.id, one.id, other.id}) == 3


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("90.93", "confirmed"),
        ("90.20", "under systematic review"),
        ("60.60", "published"),
        ("60.00", "under publication"),
        ("95.99", "withdrawn"),
        ("90.99", "withdrawal proposed by TC or SC"),
        ("95.92", "decision not to withdraw"),
        ("40.20", "DIS ballot initiated: 12 weeks"),
        ("90.60", "close of review"),
        ("12.34", "unknown stage"),
    ],
)
def test_a_stage_code_in_a_few_words(stage, words):
    assert meaning(stage, STAGES) == words


def test_nothing_is_told_where_nobody_looked():
    assert changes(Catalogue([])) == []


def feed(found: list[Change]) -> str:
    words = feeds.ChangeWords(
        "Changes & more",
        "Sub",
        lambda change: f"<{change.reference}>",
        lambda change: change.meaning,
    )
    made = feeds.change_feed(
        found,
        words,
        date(2025, 6, 2),
        "en",
        lambda change: f"../{change.deliverable.slug}.html?a=1&b=2",
        "changes.atom",
        "The handbook",
    )
    return feeds.atom(made)


def test_the_feed_has_what_rfc_4287_asks_for_and_no_clock():
    found = made(
        "ISO 1:2019", [("2024-01-18", "90.20"), ("2024-03-01", "90.60"), ("2024-05-01", "90.93")]
    )
    text = feed(found)
    assert text == feed(found)
    root = ElementTree.fromstring(text)
    atom_ = "{http://www.w3.org/2005/Atom}"
    assert (root.tag, root.findtext(f"{atom_}title"), root.findtext(f"{atom_}updated")) == (
        f"{atom_}feed",
        "Changes & more",
        "2025-06-02T00:00:00Z",
    )
    assert root.find(f"{atom_}author/{atom_}name") is not None
    entries = root.findall(f"{atom_}entry")
    assert [entry.findtext(f"{atom_}updated") for entry in entries] == [
        "2024-05-01T00:00:00Z",
        "2024-03-01T00:00:00Z",
    ]
    assert entries[0].findtext(f"{atom_}title") == "<ISO 1:2019>"
    assert entries[0].find(f"{atom_}link").get("href") == "../iso-1-2019.html?a=1&b=2"
    assert len({entry.findtext(f"{atom_}id") for entry in entries}) == 2
    assert all(entry.findtext(f"{atom_}id").startswith("urn:uuid:") for entry in entries)


def test_a_feed_does_not_grow_without_end():
    found = made(
        "ISO 1:2019", [("2024-01-18", "90.20"), ("2024-03-01", "90.60"), ("2024-05-01", "90.93")]
    )
    assert feed(found * 150).count("<entry>") == 200


def test_the_real_catalogue_tells_that_iso_37105_was_confirmed():
    found = changes(Catalogue.load(ROOT / "references"))
    (confirmed,) = [
        change
        for change in found
        if change.deliverable.reference == "ISO 37105:2019" and change.after == "90.93"
    ]
    assert (confirmed.kind, confirmed.before, confirmed.meaning) == (
        ChangeKind.STAGE,
        "90.60",
        "confirmed",
    )
    assert confirmed.since is not None
    assert confirmed.since < confirmed.known
    assert len({change.id for change in found}) == len(found)
