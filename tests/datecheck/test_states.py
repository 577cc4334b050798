"""The sentences that the world overtook between June 2025 and September 2026, against today's catalogue."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from handbook.datecheck import judge
from support import ROOT

DAY = date(2026, 11, 27)

#: The page's standard, and what its page (or another) said until November 2026. In each sentence one finding.
OVERTAKEN = [
    ("ISO 16481:2025", "A later stage was not found up to November 2026."),
    ("ISO 16481:2025", "The data used here end on 2 June 2025 {cite:p}`isoopendata`."),
    ("ISO 37190:2025", "The data used here end on 2 June 2025 with that stage."),
    ("ISO 37100:2026", "Until it is published, cite the first edition."),
    (
        "ISO 37100:2026",
        "The published second edition was not seen in any source up to November 2026.",
    ),
    ("ISO 37100:2016", "{iso}`ISO 37100:2026` is the draft of the second edition."),
    ("ISO 37100:2016", "Whether it has appeared is not known: see [the draft](other.md)."),
    ("ISO 37187:2026", "A published edition was not seen up to November 2026."),
    ("ISO 37101:2016", "No draft number and no date for a new edition were found."),
    ("ISO 37120:2018", "No source on a new edition was found up to November 2026."),
    (
        None,
        "The second edition of ISO 37100 reached 60.00 later. We have not seen it as published.",
    ),
    (
        None,
        "The catalogue of 2 June 2025 shows ISO 37101 as confirmed {cite:p}`isoopendata`.",
    ),
    (None, "| Standard | State |\n|---|---|\n| {iso}`ISO 37190:2025` | draft in June 2025 |"),
    (None, "From ISO/TR 37152 on to {iso}`ISO 37190:2025`, a draft in June 2025."),
]
#: What may be said: as the catalogue has it, with its day and source; or in the past tense, with its day.
SAID_WELL = [
    (
        "ISO 37101:2016",
        "As of 23 September 2026 the standard is to be revised {cite:p}`isoopendata`.",
    ),
    (
        "ISO 37100:2016",
        "{iso}`ISO 37100:2016` is withdrawn; {iso}`ISO 37100:2026` took its place.",
    ),
    (
        None,
        "On 2 June 2025 {iso}`ISO 37101:2016` was shown as confirmed {cite:p}`isoopendata2025`.",
    ),
    (None, "The data of 2 June 2025 had {iso}`ISO 37190:2025` under development."),
    (
        None,
        "As of 23 September 2026 {iso}`ISO/AWI 37101` is under development {cite:p}`isoopendata`.",
    ),
    (None, "A draft is a text on which the members vote."),
]


def states(tmp_path: Path, standard: str | None, sentence: str) -> list[str]:
    """What the rule finds on a page beside the real catalogue."""
    shutil.copytree(ROOT / "references", tmp_path / "references")
    block = f":::{{standard}} {standard}\n:::\n\n" if standard else ""
    page = f'---\nreviewed: "2026-11-27"\n---\n# A page\n\n{block}{sentence}\n'
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(page, "utf-8")
    return [finding.message for finding in judge.check(tmp_path, DAY, ["D510"]).findings]


@pytest.mark.parametrize(("standard", "sentence"), OVERTAKEN)
def test_an_overtaken_sentence_is_found(
    tmp_path: Path, standard: str | None, sentence: str
) -> None:
    assert len(states(tmp_path, standard, sentence)) >= 1


@pytest.mark.parametrize(("standard", "sentence"), SAID_WELL)
def test_a_sentence_with_its_day_and_source_is_not(
    tmp_path: Path, standard: str | None, sentence: str
) -> None:
    assert states(tmp_path, standard, sentence) == []


def test_the_message_says_what_the_catalogue_has(tmp_path: Path) -> None:
    assert states(tmp_path, "ISO 37100:2026", "Until it is published, cite the first edition.") == [
        (
            "the sentence says of ISO 37100:2026: not published yet; the catalogue of 2026-09-23 has it"
            " published, at stage 60.60"
        )
    ]
    shutil.rmtree(tmp_path / "references")
    shutil.rmtree(tmp_path / "docs")
    assert states(tmp_path, "ISO/AWI 37101", "This project is under development.") == [
        "the sentence says of ISO/AWI 37101: a draft, without a day and a source"
    ]
