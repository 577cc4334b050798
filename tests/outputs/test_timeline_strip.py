"""The strip of a page's events: what it shows, and that marks do not cover each other."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from handbook.model import edtf
from handbook.model.milestones import Milestone
from handbook.model.strands import MilestoneStatus, Strand
from handbook.outputs import timeline_strip
from handbook.outputs.timeline_picture import Entry


def drawn(*dates: str, status: str = "happened") -> ElementTree.Element:
    entries = [
        Entry(
            Milestone(
                f"m{number}",
                "A <title>",
                edtf.parse(date),
                (Strand.CLUB,),
                ("key",),
                MilestoneStatus(status),
            ),
            f"#m{number}",
            words=f"{date}: A <title>",
        )
        for number, date in enumerate(dates)
    ]
    return ElementTree.fromstring(timeline_strip.draw(entries))


def years(strip: ElementTree.Element) -> list[str | None]:
    return [text.text for text in strip.iter("text")]


@pytest.mark.parametrize(
    ("dates", "labels"),
    [
        (("2019-01-14",), ["2019"]),
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
