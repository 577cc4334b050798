"""The finder's lists: forty-five real needs, each with the answer that a good consultant would give."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from handbook.model.catalogue import Catalogue, Status
from handbook.model.profiles import Profiles
from support import ROOT

REFERENCES = ROOT / "references"
NEEDS = yaml.safe_load((ROOT / "tests" / "needs.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(REFERENCES)


@pytest.fixture(scope="module")
def profiles(catalogue: Catalogue) -> Profiles:
    return Profiles.read(REFERENCES, catalogue)


def test_all_of_it_can_be_read(profiles: Profiles, catalogue: Catalogue) -> None:
    assert profiles.findings == ()
    assert set(profiles.by_reference) == set(catalogue.by_reference)


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need["need"])
def test_a_need_is_answered_as_a_consultant_would(
    need: dict[str, Any], profiles: Profiles, catalogue: Catalogue
) -> None:
    assert need["who"] in {role.id for role in profiles.roles}
    found = [one.reference for one in profiles.ranked(catalogue, need["want"], need["who"])]
    wanted = [one["text"] for one in need["answer"]]
    assert all(one["because"] for one in need["answer"])
    assert found[: len(wanted)] == wanted


def test_each_want_leads_to_a_text_and_each_text_serves_a_want(
    profiles: Profiles, catalogue: Catalogue
) -> None:
    assert [want.id for want in profiles.wants if not profiles.ranked(catalogue, want.id)] == []
    idle = [
        one.reference
        for one in catalogue.deliverables
        if bool(profiles.by_reference[one.reference].serves) is (one.status is Status.WITHDRAWN)
    ]
    assert idle == []


def test_a_list_is_for_those_who_ask(profiles: Profiles, catalogue: Catalogue) -> None:
    first = {
        role: profiles.ranked(catalogue, "set-goals", role)[0].reference
        for role in ("", "city", "district", "small-town")
    }
    assert first == {
        "": "ISO 37101:2016",
        "city": "ISO 37101:2016",
        "district": "ISO 37108:2022",
        "small-town": "ISO 37101:2016",
    }


def test_a_withdrawn_edition_is_in_no_list(profiles: Profiles, catalogue: Catalogue) -> None:
    listed = {one.status for want in profiles.wants for one in profiles.ranked(catalogue, want.id)}
    assert listed == {Status.PUBLISHED, Status.UNDER_DEVELOPMENT}
