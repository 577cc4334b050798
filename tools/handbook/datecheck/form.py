"""D1xx: how dates are written."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator
from datetime import date

from handbook.datecheck import words
from handbook.datecheck.tree import CATALOGUE_SOURCE, PassageText, Tree
from handbook.model import edtf
from handbook.rules.exceptions import read_day
from handbook.rules.findings import Finding, Fix
from handbook.rules.rule import rule


@rule("D101")
def front_matter_day(tree: Tree) -> Iterator[Finding]:
    """The day `reviewed` in the front matter is written "YYYY-MM-DD", in quotation marks."""
    for page in tree.pages:
        value = page.front_matter.get("reviewed")
        if value is None:
            continue
        place = page.front_place("reviewed")
        day = read_day(value)
        if isinstance(value, date) and day:
            text = day.isoformat()
            typed = page.lines[place.line - 1][place.column - 1 :].startswith(text)
            yield Finding(
                place,
                "D101",
                f"the day {text} is not in quotation marks",
                f'write reviewed: "{text}"',
                fix=Fix(place, text, f'"{text}"') if typed else None,
            )
        elif isinstance(value, int):
            yield Finding(
                place,
                "D101",
                f"{value} is typed as a number and not as a day",
                'write the whole day in quotation marks: reviewed: "2026-11-23"',
            )
        elif day is None and not (
            isinstance(value, str) and value[:1] in "“”‘’"
        ):  # P012 reports those
            yield Finding(
                place,
                "D101",
                f"{reprlib.repr(value)} is not a day",
                'write the whole day in quotation marks: reviewed: "2026-11-23"',
            )


def _of_kind(tree: Tree, code: str) -> Iterator[Finding]:
    for reading in tree.readings:
        for said in reading.dates:
            if said.problem and said.problem[0] == code:
                yield Finding(reading.place(said.start), code, said.problem[1], said.problem[2])
    for page in tree.pages:
        description = page.front_matter.get("description")
        if isinstance(description, str):
            for said in words.dates(description):
                if said.problem and said.problem[0] == code:
                    yield Finding(
                        page.front_place("description"),
                        code,
                        said.problem[1],
                        said.problem[2],
                    )


@rule("D102")
def impossible_day(tree: Tree) -> Iterator[Finding]:
    """A date in the text is one that the calendar has."""
    return _of_kind(tree, "D102")


@rule("D103")
def date_in_figures(tree: Tree) -> Iterator[Finding]:
    """A date in the text spells its month in letters."""
    return _of_kind(tree, "D103")


@rule("D105")
def finer_than_catalogue(tree: Tree) -> Iterator[Finding]:
    """A date that rests on the catalogue alone is not more precise than the catalogue."""
    for reading, start, end in _sentences(tree):
        if set(reading.cited(start, end)) != {CATALOGUE_SOURCE}:
            continue
        here = [
            reference.deliverable
            for reference in reading.references
            if start <= reference.start < end and reference.deliverable
        ]
        for said in reading.dates:
            if not (
                start <= said.start < end
                and said.date
                and said.date.precision is edtf.Precision.DAY
                and not said.date.is_interval
            ):
                continue
            for deliverable in here:
                coarse = deliverable.published
                if (
                    coarse
                    and coarse.precision < edtf.Precision.DAY
                    and coarse.earliest <= said.date.earliest <= coarse.latest
                ):
                    yield Finding(
                        reading.place(said.start),
                        "D105",
                        f"{said.text!r} is more precise than the catalogue, which has {coarse} for"
                        f" {deliverable.reference}",
                        "write the month, or cite the source that gives the day",
                    )
                    break


def _sentences(tree: Tree) -> Iterator[tuple[PassageText, int, int]]:
    for reading in tree.readings:
        if reading.passage.spans and reading.dates and reading.references:
            for start, end in reading.sentences:
                yield reading, start, end


@rule("D106")
def given_by_no_source(tree: Tree) -> Iterator[Finding]:
    """At least one source of a milestone gives its date, exactly as precise.

    Each source gives the milestone's date, unless `given` says what it gives instead. A date that
    is marked as uncertain or approximate is our own reading, and may differ from all of them. So
    may a span whose two ends come from two sources.
    """
    for told in tree.milestones:
        milestone = told.milestone
        if (
            milestone is None
            or len(milestone.given) < len(set(milestone.sources))
            or milestone.date.uncertain
            or milestone.date.approximate
        ):
            continue
        texts = {date.text for _, date in milestone.given}
        if milestone.date.is_interval and texts.issuperset(milestone.date.text.split("/")):
            continue
        yield Finding(
            told.block.place_of("date"),
            "D106",
            f"no source of {milestone.name!r} gives {milestone.date}: "
            + ", ".join(
                f"{key} gives {'no date' if date.is_unknown else date}"
                for key, date in milestone.given
            ),
            "write the date as the best source gives it",
        )


@rule("D107")
def span_backwards(tree: Tree) -> Iterator[Finding]:
    """A span of time in the text ends after it starts."""
    return _of_kind(tree, "D107")
