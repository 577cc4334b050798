"""The map of places: points on the coast, each with its names and its link."""

from itertools import combinations, pairwise
from math import hypot
from xml.etree import ElementTree

import pytest

from handbook.model.catalogue import Catalogue
from handbook.model.records import Records
from handbook.outputs import point_map
from support import ROOT

COAST = ROOT / "references" / "coast.txt"
SVG = "{http://www.w3.org/2000/svg}"


def drawn(spots: list[point_map.Spot]) -> ElementTree.Element:
    text = point_map.draw(spots, point_map.coast(COAST), "from {} to {}".format)
    assert len(text) < 35_000
    return ElementTree.fromstring(f"<div>{text}</div>")


def test_the_map_is_small_well_formed_and_left_to_those_who_see() -> None:
    spots = [
        point_map.Spot(
            (30.25, 120.17), ("place-hangzhou", "place-qianjiang"), ("Hangzhou", "Qianjiang & more")
        ),
        point_map.Spot((0, 0), ("place-null",), ("Null Island",)),
    ]
    (svg,) = drawn(spots)
    assert svg.get("aria-hidden") == "true"
    assert {link.get("tabindex") for link in svg.iter(f"{SVG}a")} == {"-1"}
    assert svg.get("viewBox") == "332.0 71.5 296.3 116.5"
    second, first = svg.iter(f"{SVG}a")
    assert (first.get("href"), first.findtext(f"{SVG}title")) == (
        "#place-hangzhou",
        "Hangzhou, Qianjiang & more",
    )
    assert first.findtext(f"{SVG}text") == "2"
    assert first.get("data-rows") == "place-hangzhou place-qianjiang"
    assert second.findtext(f"{SVG}text") == ""
    circle = second.find(f"{SVG}circle")
    assert circle is not None
    assert (circle.get("cx"), circle.get("cy")) == ("360.0", "160.0")


def real_spots() -> list[point_map.Spot]:
    """The spots of the real places."""
    at: dict[tuple[float, float], list[str]] = {}
    for place in Records.read(ROOT / "references", Catalogue.load(ROOT / "references")).places:
        if place.at:
            at.setdefault(place.at, []).append(place.name)
    return [point_map.Spot(at, tuple(names), tuple(names)) for at, names in at.items()]


CROWD = [
    point_map.Spot((30 + n % 4 * 0.01, 120 + n // 4 * 0.01), (f"p{n}",), (f"P{n}",))
    for n in range(12)
]


@pytest.mark.parametrize(
    "spots",
    [
        real_spots(),
        CROWD,
        CROWD[:3],
        [*CROWD, point_map.Spot((-23, -46), ("far",), ("Far",))],
        [
            point_map.Spot((79.9, 179.9), ("a",), ("A",)),
            point_map.Spot((79.9, 179.8), ("b",), ("B",)),
        ],
    ],
    ids=["real", "crowd", "three", "crowd and one", "corner"],
)
def test_on_a_phone_a_finger_can_tell_all_marks_apart(spots: list[point_map.Spot]) -> None:
    reached: set[str] = set()
    for svg in drawn(spots).iter(f"{SVG}svg"):
        left, top, width, height = map(float, (svg.get("viewBox") or "").split())
        pixel = width / 330
        marks = []
        for link in svg.iter(f"{SVG}a"):
            near = next(one for one in link if one.get("class") == "hb-map-near")
            x, y, r = (float(near.get(name) or 0) for name in ("cx", "cy", "r"))
            assert 2 * r >= 24 * pixel
            assert left <= x <= left + width
            assert top <= y <= top + height
            marks.append((x, y))
            if not (link.get("href") or "").startswith("#map-part"):
                reached |= {*(link.get("data-rows") or "").split(" ")}
        assert all(hypot(a - c, b - d) >= 24 * pixel for (a, b), (c, d) in combinations(marks, 2))
    assert reached == {row for spot in spots for name in spot.rows for row in name.split(" ")}


def test_a_crowd_has_a_part_of_its_own_to_which_its_mark_leads() -> None:
    whole = drawn([*CROWD, point_map.Spot((-23, -46), ("far",), ("Far",))])
    (part,) = whole.iterfind("div/div")
    assert part.findtext("p") == "from P0 to P11"
    far, crowd = whole[0].iter(f"{SVG}a")
    assert (far.get("href"), crowd.get("href")) == ("#far", f"#{part.get('id')}")
    assert crowd.findtext(f"{SVG}text") == "12"


def test_a_mark_that_was_moved_keeps_a_line_to_its_point() -> None:
    (svg,) = drawn(CROWD[:2])
    lines = [link.find(f"{SVG}path") for link in svg.iter(f"{SVG}a")]
    assert [line.get("d").partition("L")[0] for line in lines if line is not None] == [
        "M600.0 100.0",
        "M600.0 100.0",
    ]


def test_no_line_of_the_coast_runs_across_the_map() -> None:
    lines = [line for line in COAST.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        east = [float(point.split(",")[0]) for point in line.split()]
        assert all(abs(one - other) < 90 for one, other in pairwise(east))
