"""The small pictures: their numbers are those of the data, nothing is joined, nothing lies over another."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from handbook.model.catalogue import State
from handbook.model.strands import Strand
from handbook.outputs import catalogue_pictures, count_dots, stage_track, svg, year_strip

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def number(element: ElementTree.Element, name: str) -> float:
    return float(element.get(name, "0"))


def test_a_bar_is_as_high_as_its_states_together() -> None:
    counts = {("2020", State.CURRENT): 3, ("2020", State.WITHDRAWN): 1, ("2021", State.CURRENT): 2}
    names = {state: str(state) for state in State}
    svg = catalogue_pictures.bars(counts, ["2020", "2021"], names, title="T", description="D")
    assert words(svg) == ["4", "2020", "2", "2021"]
    root = ElementTree.fromstring(svg)
    bars = {
        group.findtext(f"{SVG}title"): number(group[1], "height") for group in root.iter(f"{SVG}g")
    }
    assert bars["2020, current: 3"] == 3 * (bars["2020, withdrawn: 1"] + 1) - 1


def test_tiles_are_as_large_as_their_families_and_do_not_overlap() -> None:
    sizes = [22, 16, 11, 10, 8, 7, 7, 4, 4, 3, 1]
    families = [
        catalogue_pictures.Family(f"Family number {place}", size, f"f{place}.html")
        for place, size in enumerate(sizes)
    ]
    root = ElementTree.fromstring(catalogue_pictures.tiles(families, title="T", description="D"))
    boxes = [
        (number(box, "x"), number(box, "y"), number(box, "width"), number(box, "height"))
        for box in root.iter(f"{SVG}rect")
    ]
    assert len(boxes) == len(sizes)
    for one, (x, y, width, height) in enumerate(boxes):
        assert x + width <= 700.5
        for ox, oy, other_width, other_height in boxes[one + 1 :]:
            assert (
                x + width <= ox
                or ox + other_width <= x
                or y + height <= oy
                or oy + other_height <= y
            )
    areas = [width * height for _x, _y, width, height in boxes]
    assert areas[0] == max(areas)


@pytest.mark.parametrize("more", ["more than 20", "20多个"])
def test_counts_are_marks_of_different_shapes_and_no_line_joins_them(more: str) -> None:
    rows = [("2017", "16", "founders"), ("2019", "28", "cities"), ("2024", more, "cities")]
    svg = count_dots.draw(rows, id_="c", title="T", description="D", colour="strand-club")
    root = ElementTree.fromstring(svg)
    marks = [mark for mark in root.iter(f"{SVG}path") if "hb-line" not in str(mark.get("class"))]
    assert len(marks) == 3
    assert len({str(mark.get("d")).split("m", 1)[1] for mark in marks}) == 3
    assert ["hb-hollow" in str(mark.get("class")) for mark in marks] == [False, False, True]
    lines = [mark for mark in root.iter(f"{SVG}path") if "hb-line" in str(mark.get("class"))]
    # Only the ticks of the axis, which stand upright.
    for line in lines:
        start, end = str(line.get("d"))[1:].split("L")
        assert start.split()[0] == end.split()[0]


@pytest.mark.parametrize(("stage", "stop"), [("00.00", "00"), ("60.60", "60"), ("95.99", "95")])
def test_the_track_marks_where_a_project_stands(stage: str, stop: str) -> None:
    svg = stage_track.draw(stage, State.CURRENT, {}, stage_track.Words("T", "D"), id_="s")
    root = ElementTree.fromstring(svg)
    bold = [one.text for one in root.iter(f"{SVG}text") if one.get("font-weight")]
    assert bold == [stop, stage]
    width = float(str(root.get("viewBox")).split()[2])
    for mark in root.iter(f"{SVG}rect"):
        assert 0 <= number(mark, "x") <= width - number(mark, "width")


@pytest.mark.parametrize("narrow", [True, False])
def test_the_strip_has_a_bar_for_each_strand_and_year_with_events(narrow: bool) -> None:
    counts = {(Strand.CLUB, 2017): 3, (Strand.CLUB, 2019): 1, (Strand.HANGZHOU, 2019): 9}
    svg = year_strip.draw(
        counts,
        {2017: "Club founded", 2018: "A label that would lie over the first one"},
        range(2017, 2020),
        year_strip.Words("T", "D", "%(year)d: %(events)d", {one: one.title() for one in Strand}),
        id_="y",
        narrow=narrow,
        link=str,
    )
    root = ElementTree.fromstring(svg)
    titles = [link.findtext(f"{SVG}title") for link in root.iter(f"{SVG}a")]
    assert titles == ["2017: 3", "2018: 0", "2019: 10"]
    bars = [one for one in root.iter(f"{SVG}rect") if "hued" in str(one.get("class"))]
    assert len(bars) == 3
    assert ("Club founded" in words(svg)) is not narrow


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("A standard for cities", ["A standard", "for cities"]),
        ("全球可持续发展标准", ["全球可持续发", "展标准"]),
        ("城市标准的联盟，成立", ["城市标准的联", "盟，成立"]),
        ("城市标准的联（ISSCC）成立", ["城市标准的联", "（ISSCC）成", "立"]),
        ("采用GB/T 36749“杭州”", ["采用GB/T", "36749“杭州”"]),
    ],
)
def test_words_in_pictures_break_where_their_language_does(words: str, lines: list[str]) -> None:
    assert svg.lines(words, 80) == lines
    assert all(svg.wide(line) <= 84 for line in lines)
