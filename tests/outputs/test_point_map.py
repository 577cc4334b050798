"""The map of places: points on the coast, each with its names and its link."""

from itertools import pairwise
from xml.etree import ElementTree

from handbook.outputs import point_map
from support import ROOT

COAST = ROOT / "references" / "coast.txt"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_map_is_small_well_formed_and_tells_what_it_shows() -> None:
    spots = [
        point_map.Spot((30.25, 120.17), "#place-hangzhou", ("Hangzhou", "Qianjiang & more")),
        point_map.Spot((0, 0), "#place-null", ("Null Island",)),
    ]
    words = {"title": "Places", "description": "2 of 3 places"}
    text = point_map.draw(spots, point_map.coast(COAST), "map", words)
    svg = ElementTree.fromstring(text)
    assert len(text) < 20_000
    assert svg.findtext(f"{SVG}desc") == "2 of 3 places"
    first, second = svg.iter(f"{SVG}a")
    assert (first.get("href"), first.findtext(f"{SVG}title")) == (
        "#place-hangzhou",
        "Hangzhou, Qianjiang & more",
    )
    assert first.findtext(f"{SVG}text") == "2"
    circle = second.find(f"{SVG}circle")
    assert circle is not None
    assert (circle.get("cx"), circle.get("cy")) == ("360.0", "160.0")


def test_no_line_of_the_coast_runs_across_the_map() -> None:
    for line in COAST.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            east = [float(point.split(",")[0]) for point in line.split()]
            assert all(abs(one - other) < 90 for one, other in pairwise(east))
