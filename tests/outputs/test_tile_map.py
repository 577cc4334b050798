"""The map of countries: a tile for each, none on another."""

from xml.etree import ElementTree

from handbook.model.codes import countries
from handbook.outputs import tile_map

SVG = "{http://www.w3.org/2000/svg}"


def tiles(*codes: str) -> list[tile_map.Tile]:
    return [tile_map.Tile(code, f"<{code}>", f"#{code}", ("a", "b")) for code in codes]


def test_a_tile_bears_code_and_number_and_leads_on() -> None:
    svg = ElementTree.fromstring(tile_map.draw(tiles("UA", "XX")))
    assert svg.get("aria-hidden") == "true"
    first, _second = svg.iter(f"{SVG}a")
    assert (first.get("href"), first.get("tabindex")) == ("#UA", "-1")
    assert first.get("data-rows") == "a b"
    assert [text.text for text in first.iter() if text.text] == ["<UA>: 2", "UA", "2"]


def test_no_two_countries_of_the_world_share_a_tile() -> None:
    codes = countries()
    svg = ElementTree.fromstring(tile_map.draw(tiles(*codes)))
    at = [(one.get("x"), one.get("y")) for one in svg.iter(f"{SVG}rect") if one.get("rx")]
    assert len(set(at)) == len(codes)
