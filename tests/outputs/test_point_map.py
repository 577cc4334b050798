"""The map of places: points on the coast, each with its names and its link."""

from itertools import pairwise
from xml.etree import ElementTree

from handbook.outputs import point_map
from support import ROOT

COAST = ROOT / "references" / "coast.txt"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_map_is_small_well_formed_and_left_to_those_who_see() -> None:
    spots = [
        point_map.Spot(
            (30.25, 120.17), ("place-hangzhou", "place-qianjiang"), ("Hangzhou", "Qianjiang & more")
        ),
        point_map.Spot((0, 0), ("place-null",), ("Null Island",)),
    ]
    text = point_map.draw(spots, point_map.coast(COAST))
    svg = ElementTree.fromstring(text)
    assert len(text) < 20_000
    assert svg.get("aria-hidden") == "true"
    assert {link.get("tabindex") for link in svg.iter(f"{SVG}a")} == {"-1"}
    assert svg.get("viewBox") == "332 72 296 116"
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


def test_no_line_of_the_coast_runs_across_the_map() -> None:
    lines = [line for line in COAST.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        east = [float(point.split(",")[0]) for point in line.split()]
        assert all(abs(one - other) < 90 for one, other in pairwise(east))
