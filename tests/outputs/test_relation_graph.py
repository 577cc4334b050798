"""The relation graph: which relations it draws, and that the picture can be read without seeing it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from handbook.model.catalogue import Catalogue, RelationKind
from handbook.outputs import relation_graph
from support import ROOT

REFERENCES = ROOT / "references"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(REFERENCES)


def picture(catalogue: Catalogue, family: str) -> ElementTree.Element:
    members = [
        catalogue.exact(reference)
        for reference in next(f for f in catalogue.families if f.id == family).members
    ]
    svg = relation_graph.draw(
        relation_graph.edges(catalogue, members),
        members,
        id_="g",
        title="A & B",
        description="All relations",
        link=lambda deliverable: f"{deliverable.slug}.html",
        tip=lambda deliverable: f"About {deliverable.reference}",
        draft="draft",
    )
    return ElementTree.fromstring(svg)


def test_replacements_and_amendments_come_from_the_catalogue(catalogue: Catalogue) -> None:
    found = {
        (edge.source.reference, edge.kind, edge.target.reference)
        for edge in relation_graph.edges(catalogue, catalogue.deliverables)
    }
    assert ("ISO 37120:2018", "replaces", "ISO 37120:2014") in found
    assert ("ISO 37101:2016/Amd 1:2024", "amends", "ISO 37101:2016") in found


def test_each_relation_of_the_reading_is_drawn_with_its_sources(catalogue: Catalogue) -> None:
    found = {
        (edge.source.reference, edge.kind, edge.target.reference): edge.sources
        for edge in relation_graph.edges(catalogue, catalogue.deliverables)
    }
    assert {
        (r.source, r.kind, r.target): r.sources for r in catalogue.relations
    }.items() <= found.items()
    assert found["ISO 37104:2019", RelationKind.GUIDES_USE_OF, "ISO 37101:2016"]


def test_a_family_shows_relations_that_leave_it(catalogue: Catalogue) -> None:
    members = [catalogue.exact("ISO 37108:2022")]
    assert "ISO 37101:2016" in {
        edge.target.reference for edge in relation_graph.edges(catalogue, members)
    }


def test_the_picture_has_a_title_a_description_and_a_named_link_for_each_box(
    catalogue: Catalogue,
) -> None:
    root = picture(catalogue, "indicators")
    assert root.get("role") == "group"
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (
        "g-title",
        "g-description",
    )
    assert [root.find(f"{SVG}{name}").text for name in ("title", "desc")] == [
        "A & B",
        "All relations",
    ]  # type: ignore[union-attr]
    links = {link.get("href"): link.findtext(f"{SVG}title") for link in root.iter(f"{SVG}a")}
    assert links["iso-37120-2014.html"] == "About ISO 37120:2014"


@pytest.mark.parametrize("family", ["indicators", "management-system", "operating-models"])
def test_boxes_do_not_overlap(catalogue: Catalogue, family: str) -> None:
    boxes = [
        tuple(float(rect.get(name, 0)) for name in ("x", "y", "width", "height"))
        for rect in picture(catalogue, family).iter(f"{SVG}rect")
    ]
    assert boxes
    for number, (x, y, width, height) in enumerate(boxes):
        for ox, oy, other_width, other_height in boxes[number + 1 :]:
            assert (
                x + width <= ox
                or ox + other_width <= x
                or y + height <= oy
                or oy + other_height <= y
            )


def test_a_newer_edition_stands_to_the_right_in_the_same_row(catalogue: Catalogue) -> None:
    rects = {
        link.get("href"): link.find(f"{SVG}rect")
        for link in picture(catalogue, "indicators").iter(f"{SVG}a")
    }
    old, new = rects["iso-37120-2014.html"], rects["iso-37120-2018.html"]
    assert old is not None
    assert new is not None
    assert float(old.get("x", 0)) < float(new.get("x", 0))
    assert old.get("y") == new.get("y")
