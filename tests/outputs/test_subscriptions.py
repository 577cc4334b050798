"""Calendars and feeds of parts of the timeline."""

from __future__ import annotations

from handbook.model import edtf
from handbook.model.milestones import Milestone
from handbook.model.strands import Strand
from handbook.outputs import subscriptions
from handbook.outputs.tables import Fact


def fact(name: str, page: str, *strands: Strand, place: str | None = None) -> Fact:
    milestone = Milestone(name, name, edtf.parse("2019"), strands, ("key",), place=place)
    return Fact(milestone, f"{page}#{name}", "")


FACTS = [
    fact("a", "club/one.html", Strand.CLUB, place="Hangzhou"),
    fact("b", "club/one.html", Strand.CLUB, Strand.HANGZHOU, place="Hangzhou"),
    fact("c", "two.html", Strand.HANGZHOU, place="Hangzhou"),
    fact("d", "three.html", Strand.HANGZHOU, place="Binjiang District, Hangzhou"),
]
STRANDS = {Strand.CLUB: "Club", Strand.HANGZHOU: "Hangzhou", Strand.COMMITTEE: "Committee"}
PAGES = {"club/one.html": "One", "two.html": "Two"}
WHERE = {fact.milestone.name: fact.milestone.place or "" for fact in FACTS} | {
    "b": "Hangzhou|China",
    "c": "Hangzhou|China",
    "d": "Binjiang District, Hangzhou|China",
}
NAMED = {"a": ["ISO 37101"], "c": ["SAC", "ISO 37101"], "d": ["ISO 37101"]}


def test_strands_places_names_and_pages_that_have_enough_are_selections() -> None:
    found = {
        one.path: [fact.milestone.name for fact in one.facts]
        for one in subscriptions.selections(FACTS, STRANDS, PAGES, NAMED, WHERE)
    }
    assert found == {
        "timeline/strand-club": ["a", "b"],
        "timeline/strand-hangzhou": ["b", "c", "d"],
        # as the filter finds a place: wherever its words stand
        "timeline/place-hangzhou": ["a", "b", "c", "d"],
        "timeline/place-china": ["b", "c", "d"],
        "timeline/about-iso-37101": ["a", "c", "d"],
        "timeline/page-club-one": ["a", "b"],
    }


def test_a_folder_for_each_page_gives_the_same_names() -> None:
    assert subscriptions.path("page", "hangzhou/naming/") == "timeline/page-hangzhou-naming"
    assert subscriptions.path("place", "São José, 巴西") == "timeline/place-são-josé-巴西"
