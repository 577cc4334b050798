"""The picture of the timeline: what each date looks like, and that nothing is hidden or covered."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from handbook.model import edtf
from handbook.model.milestones import Milestone
from handbook.model.strands import MilestoneStatus, Strand
from handbook.outputs import timeline_picture

SVG = "{http://www.w3.org/2000/svg}"
WORDS = timeline_picture.Words(
    "Title", "Description", "%d outside", {strand: strand.title() for strand in Strand}
)


def entry(
    date: str,
    strand: Strand = Strand.CLUB,
    *,
    status: str = "happened",
    short: str | None = None,
    publication: bool = False,
    number: int = 0,
) -> timeline_picture.Entry:
    milestone = Milestone(
        f"m-{date}",
        f"Event <{date}>",
        edtf.parse(date),
        (strand,),
        ("key",),
        MilestoneStatus(status),
        short=short,
    )
    return timeline_picture.Entry(milestone, f"#t{number}", publication)


def draw(*entries: timeline_picture.Entry, tall: bool = False) -> ElementTree.Element:
    return ElementTree.fromstring(
        timeline_picture.draw(entries, WORDS, id_="o", first_year=2012, tall=tall)
    )


def shape(root: ElementTree.Element) -> ElementTree.Element:
    mark = root.find(f".//{SVG}a")
    assert mark is not None
    return mark[0]


@pytest.mark.parametrize(
    ("date", "tag"),
    [
        ("2019-01-14", "circle"),
        ("2019-01", "rect"),
        ("2019", "rect"),
        ("2018-05-14/2018-05-18", "rect"),
        ("2019-01-14~", "circle"),
    ],
)
def test_a_day_is_a_sign_and_anything_coarser_a_bar(date: str, tag: str) -> None:
    assert shape(draw(entry(date))).tag == f"{SVG}{tag}"


@pytest.mark.parametrize(
    ("strand", "tag"),
    [
        (Strand.CLUB, "circle"),
        (Strand.COMMITTEE, "polygon"),
        (Strand.HANGZHOU, "polygon"),
        (Strand.NEIGHBOURS, "polygon"),
        (Strand.STANDARDS, "polygon"),
    ],
)
def test_each_strand_has_a_sign_of_its_own(strand: Strand, tag: str) -> None:
    assert shape(draw(entry("2019-01-14", strand))).tag == f"{SVG}{tag}"


def test_a_longer_span_is_a_longer_bar() -> None:
    month, year = (float(shape(draw(entry(date))).get("width", 0)) for date in ("2019-01", "2019"))
    assert year > 4 * month


@pytest.mark.parametrize("date", ["2016?", "2016~", "2016%", "2016/..", "../2016"])
def test_an_uncertain_or_open_date_fades(date: str) -> None:
    assert shape(draw(entry(date))).get("fill", "").startswith("url(#o-fade-club")


def test_what_is_disputed_or_planned_is_hollow_and_what_is_disputed_has_a_broken_frame() -> None:
    happened, planned, disputed = (
        shape(draw(entry("2019-01-14", status=status), entry("2020")))
        for status in ("happened", "planned", "disputed")
    )
    assert [one.get("class") for one in (happened, planned, disputed)] == [
        None,
        "hb-hollow",
        "hb-hollow",
    ]
    assert [one.get("stroke-dasharray") for one in (happened, planned, disputed)] == [
        None,
        None,
        "3 2",
    ]


def test_marks_of_a_lane_do_not_cover_each_other() -> None:
    root = draw(*(entry(f"2019-01-{day:02}") for day in range(1, 29)))
    circles = [
        (float(one.get("cx", 0)), float(one.get("cy", 0))) for one in root.iter(f"{SVG}circle")
    ]
    assert len(circles) == 28
    assert all(
        abs(x - ox) >= 9 or abs(y - oy) >= 9
        for number, (x, y) in enumerate(circles)
        for ox, oy in circles[number + 1 :]
    )


def test_labels_do_not_collide() -> None:
    root = draw(
        *(
            entry(f"2019-{month:02}-01", short=f"A rather long label {month}")
            for month in range(1, 13)
        )
    )
    labels = [
        (float(text.get("x", 0)), float(text.get("y", 0)), len(text.text or "") * 6.0)
        for text in root.iter(f"{SVG}text")
        if text.get("class") == "hb-ink"
    ]
    assert len(labels) == 12
    for number, (x, y, width) in enumerate(labels):
        assert all(
            y != oy or x + width <= ox or ox + other <= x for ox, oy, other in labels[number + 1 :]
        )


def test_a_phone_gets_time_from_top_to_bottom() -> None:
    first, second = (
        float(shape(draw(entry(date), entry("2020-01-01"), tall=True)).get("cy", 0))
        for date in ("2013-01-01", "2018-01-01")
    )
    assert first < second
    broad, tall = draw(entry("2019")), draw(entry("2019"), tall=True)
    assert broad.get("class") == "hb-overview hb-broad"
    assert tall.get("class") == "hb-overview hb-tall"


def test_what_lies_outside_the_axis_is_counted_in_words() -> None:
    root = draw(entry("2001-07"), entry("2019"), entry("2030", status="planned"))
    assert "2 outside" in [text.text for text in root.iter(f"{SVG}text")]
    assert len(list(root.iter(f"{SVG}a"))) == 1


def test_publications_are_a_rug_in_the_lane_of_standards() -> None:
    root = draw(entry("2019-04", Strand.STANDARDS, publication=True))
    assert shape(root).get("fill-opacity") == "0.55"
    assert "Standards" in [text.text for text in root.iter(f"{SVG}text")]


def test_each_mark_names_its_entry_of_the_list() -> None:
    root = draw(entry("2019-01-14", number=4), entry("2018", number=3))
    assert sorted(mark.get("href", "") for mark in root.iter(f"{SVG}a")) == ["#t3", "#t4"]
