"""The strip of a page's events: what it shows, and that marks do not cover each other."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from handbook.model import edtf
from handbook.model.milestones import Milestone
from handbook.model.strands import MilestoneStatus, Strand
from handbook.outputs import timeline_strip
from handbook.outputs.timeline_picture import Entry

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]


def drawn(*dates: str, status: str = "happened", title: str = "A <title>") -> ElementTree.Element:
    entries = [
        Entry(
            Milestone(
                f"m{number}",
                title,
                edtf.parse(date),
                (Strand.CLUB,),
                ("key",),
                MilestoneStatus(status),
            ),
            f"#m{number}",
            words=f"{date}: {title}",
        )
        for number, date in enumerate(dates)
    ]
    return ElementTree.fromstring(timeline_strip.draw(entries, MONTHS))


def years(strip: ElementTree.Element) -> list[str | None]:
    return [text.text for text in strip.iter("text") if text.get("class") != "hb-tag"]


def labels(strip: ElementTree.Element) -> list[tuple[float, float, float, bool]]:
    """Of each label beside a mark: its left and its right on a wide page, and its height."""
    found = []
    for text in strip.iter("text"):
        if text.get("class") != "hb-tag":
            continue
        at = float(text.get("x", "").rstrip("%")) * 6.4 + float(text.get("dx", 0))
        long = len(text.text or "") * 6.2
        left = at - long if text.get("text-anchor") == "end" else at
        found.append((left, left + long, float(text.get("y", 0)), bool(text.text)))
    return found


@pytest.mark.parametrize(
    ("dates", "labels"),
    [
        (("2019-01-14",), ["2019", "Apr", "Jul", "Oct"]),
        (("2016-05", "2019"), ["2016", "2017", "2018", "2019"]),
        (("2001-07", "2030"), ["2005", "2010", "2015", "2020", "2025", "2030"]),
    ],
)
def test_years_are_named_as_often_as_a_phone_has_room(
    dates: tuple[str, ...], labels: list[str]
) -> None:
    assert years(drawn(*dates)) == labels


def test_each_mark_leads_to_its_event_and_bears_its_name() -> None:
    marks = list(drawn("2019-01-14", "2018").iter("a"))
    assert [(mark.get("href"), mark.findtext("title")) for mark in marks] == [
        ("#m1", "2018: A <title>"),
        ("#m0", "2019-01-14: A <title>"),
    ]


def test_what_would_cover_another_mark_goes_a_level_up() -> None:
    heights = {
        mark.find("svg").get("y")  # type: ignore[union-attr]
        for mark in drawn("2019-01-14", "2019-01-20", "2019-01-21", "2030-01-01").iter("a")
    }
    assert len(heights) == 3


@pytest.mark.parametrize(
    ("date", "status", "css"),
    [
        ("2019-01-14", "happened", "hb-mark hb-strand-club"),
        ("2019-01-14~", "happened", "hb-mark hb-strand-club hb-faded"),
        ("2019/..", "happened", "hb-mark hb-strand-club hb-faded"),
        ("../2019", "happened", "hb-mark hb-strand-club hb-faded"),
        ("2019", "planned", "hb-mark hb-strand-club hb-hollow"),
        ("2019", "disputed", "hb-mark hb-strand-club hb-hollow hb-disputed"),
    ],
)
def test_what_is_not_certain_is_drawn_so(date: str, status: str, css: str) -> None:
    mark = drawn(date, "2015-03-01", status=status).findall("a")[1]
    assert mark.get("class") == css


def test_marks_have_labels_as_far_as_these_meet_nothing() -> None:
    few = labels(drawn("2016-05-01", "2019-07-01", title="A short title"))
    assert len(few) == 2
    many = labels(drawn(*(f"2019-{month:02}-01" for month in range(1, 13)), title="A title"))
    assert 0 < len(many) < 12
    for number, (left, right, y, said) in enumerate(many):
        assert said
        assert left >= 0
        assert right <= 640
        assert all(
            y != other or right <= a or b <= left for a, b, other, _said in many[number + 1 :]
        )


def test_a_long_label_is_cut_and_never_two_of_a_kind_stand_on_one_another() -> None:
    [label] = [
        text for text in drawn("2019-01-14", title="word " * 30).iter("text") if text.get("class")
    ]
    assert len(label.text or "") <= 44
    assert (label.text or "").endswith("…")


def test_a_record_has_a_small_strip_whose_marks_do_not_cover_each_other() -> None:
    entries = [
        Milestone(f"m{number}", "A title", edtf.parse(date), (Strand.CLUB,), ("key",))
        for number, date in enumerate(("2016-09-04", "2016-09-05", "2016", "2019?", "2020-02"))
    ]
    strip = ElementTree.fromstring(timeline_strip.small(entries))
    assert [text.text for text in strip.iter("text")] == ["2016", "2020"]
    assert len([mark for mark in strip.iter("g") if "hb-faded" in mark.get("class", "")]) == 1
    boxes = []
    for mark in strip.iter("rect"):
        at, wide = float(mark.get("x", "").rstrip("%")) * 1.5, mark.get("width", "")
        long = float(wide.rstrip("%")) * (1.5 if "%" in wide else 1)
        left = at if "%" in wide else at - long / 2
        boxes.append((left, left + long, float(mark.get("y", "0"))))
    assert len(boxes) == len(entries)
    for number, (left, right, y) in enumerate(boxes):
        assert y >= 0
        assert not [
            one
            for one in boxes[number + 1 :]
            if one[2] == y and min(right, one[1]) - max(left, one[0]) > 0.5
        ]
