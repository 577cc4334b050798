"""Whom and what a milestone names."""

from __future__ import annotations

import pytest

from handbook.model import edtf, records
from handbook.model.catalogue import Catalogue
from handbook.model.milestones import Milestone
from handbook.model.strands import MilestoneStatus, Strand
from handbook.outputs.subjects import Countries, Subjects
from support import ROOT


@pytest.fixture(scope="module")
def subjects() -> Subjects:
    references = ROOT / "references"
    known = Catalogue.load(references)
    return Subjects(known, records.Records.read(references, known).people)


def event(title: str, *bodies: str) -> Milestone:
    return Milestone(
        "m",
        title,
        edtf.parse("2019"),
        (Strand.CLUB,),
        ("key",),
        MilestoneStatus.HAPPENED,
        bodies=bodies,
    )


@pytest.mark.parametrize(
    ("title", "text", "bodies", "names"),
    [
        ("ISO 37101:2016 is tested", "With ISO 37101 again.", (), ["ISO 37101"]),
        ("ISO/TS 37151 comes", "", (), ["ISO 37151"]),
        # neither a part of another standard, nor a number that the catalogue does not have
        ("ISO 37101-9 and ISO 9001", "", (), []),
        ("A plenary", "伯纳德·金多兹 speaks.", ("ISO/TC 268",), ["Bernard Gindroz", "ISO/TC 268"]),
        ("Bernard Kindoz speaks", "", (), ["Bernard Gindroz"]),
        # within another word a name is none
        ("SACRED places", "", (), []),
    ],
)
def test_standards_people_and_bodies_are_named_once_each(
    subjects: Subjects, title: str, text: str, bodies: tuple[str, ...], names: list[str]
) -> None:
    assert subjects.of(event(title, *bodies), text) == names


def test_a_publication_names_its_own_standard_only(subjects: Subjects) -> None:
    told = event("ISO 37101:2016/Amd 1:2024 is published")
    assert subjects.of(told, "", "ISO 37101:2016/Amd 1:2024") == ["ISO 37101"]


@pytest.mark.parametrize(
    ("place", "beside"),
    [
        ("Hangzhou", "Hangzhou|China"),
        ("Binjiang District, Hangzhou", "Binjiang District, Hangzhou|China"),
        ("Hangzhou; Versailles, France", "Hangzhou; Versailles, France|China"),
        ("杭州市滨江区", "杭州市滨江区|中国"),
        # its words name the country already
        ("Wuhan, China", "Wuhan, China"),
        ("Agadez in Nigeria", "Agadez in Nigeria|Niger"),
        # no record; only a part of a word; a name that is in two countries
        ("Geneva", "Geneva"),
        ("Wuhanese", "Wuhanese"),
        ("Vienna", "Vienna"),
    ],
)
def test_the_country_of_a_place_is_that_of_its_record_and_never_guessed(
    place: str, beside: str
) -> None:
    china = [(name, "China") for name in ("Hangzhou", "Wuhan")]
    known = [
        *china,
        ("杭州", "中国"),
        ("Agadez", "Niger"),
        ("Vienna", "Austria"),
        ("Vienna", "United States"),
    ]
    assert Countries(known).beside(place) == beside
