"""Lifelines of editions: what each bar says, on which row, and that no name is cut within a word."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from handbook.model.catalogue import Catalogue, State
from handbook.outputs import lifelines
from support import ROOT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(ROOT / "references")


def drawn(
    catalogue: Catalogue, family: str, *, book: bool = False
) -> dict[str, ElementTree.Element]:
    members = next(one.members for one in catalogue.families if one.id == family)
    svg = lifelines.draw(
        [catalogue.exact(reference) for reference in members],
        catalogue,
        range(2014, 2027),
        lifelines.Words("T", "D", "draft", dict.fromkeys(State, "s")),
        id_="l",
        today=date(2026, 9, 23),
        names={},
        link=lambda one: f"{one.slug}.html",
        book=book,
    )
    return {
        (link.findtext(f"{SVG}title") or "").removesuffix(" (s)"): link.find(f"{SVG}rect")  # type: ignore[misc]
        for link in ElementTree.fromstring(svg).iter(f"{SVG}a")
    }


@pytest.mark.parametrize("book", [False, True])
def test_an_edition_ends_where_the_next_begins_and_a_draft_is_hollow(
    catalogue: Catalogue, book: bool
) -> None:
    bars = drawn(catalogue, "indicators", book=book)
    old, new = bars["ISO 37120:2014"], bars["ISO 37120:2018"]
    assert old.get("y") == new.get("y")
    end = float(old.get("x", 0)) + float(old.get("width", 0))
    assert end == pytest.approx(float(new.get("x", 0)) - 1, abs=0.2)
    assert "hb-hollow" in str(old.get("class"))
    assert "hb-hued" in str(new.get("class"))
    draft = bars["ISO/WD 37120"]
    assert draft.get("stroke-dasharray")
    assert float(draft.get("x", 0)) > float(new.get("x", 0)) + float(new.get("width", 0))


def test_each_member_of_each_family_has_its_bar(catalogue: Catalogue) -> None:
    for family in catalogue.families:
        assert set(drawn(catalogue, family.id)) == set(family.members)


def test_a_long_name_loses_whole_words() -> None:
    assert lifelines._short("Short name", 33) == "Short name"
    long = "Smart transportation for rapid transit between large cities"
    assert lifelines._short(long, 33) == "Smart transportation for rapid …"
