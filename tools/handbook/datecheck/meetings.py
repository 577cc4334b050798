"""R012 to R014: meetings, and what pages say about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from handbook.datecheck.offices import meant
from handbook.datecheck.tree import MilestoneBlock, PassageText, Tree
from handbook.datecheck.words import DateMention
from handbook.model.block import Block
from handbook.model.edtf import Order
from handbook.model.milestones import Milestone
from handbook.rules.findings import Finding
from handbook.rules.rule import rule

#: A group within a committee.
_GROUP = re.compile(r"(.+)/(?:J?WG|TG|AG|JAG|AHG) [1-9]\d?")


@dataclass(frozen=True, slots=True)
class _Meeting:
    told: MilestoneBlock
    milestone: Milestone


def _meetings(tree: Tree) -> list[_Meeting]:
    return [
        _Meeting(told, told.milestone)
        for told in tree.milestones
        if told.milestone and told.milestone.bodies
    ]


def _known(tree: Tree) -> set[str]:
    known = {one.reference for one in tree.catalogue.committees}
    return known | {one.body for one in tree.records.offices}


def is_known(tree: Tree, body: str) -> bool:
    """Return whether a body is a committee of the catalogue, has an officer, or is a group in such
    a body.
    """
    known = _known(tree)
    while body not in known and (match := _GROUP.fullmatch(body)):
        body = match[1]
    return body in known


def unknown_body(tree: Tree, body: str) -> tuple[str, str, str]:
    """Return what is wrong with an unknown body."""
    known = sorted(_known(tree))
    parts = [part.strip() for part in re.split(r"\band\b|[;&+]", body)]
    near = ", ".join(parts) if len(parts) > 1 and {*parts} <= {*known} else meant(body, known)
    return (
        "R012",
        f"no record names the body {body!r}",
        (f"did you mean {near}? " if near else "")
        + f"write one of {'; '.join(known)}; or a group of one: ISO/TC 268/WG 1",
    )


def unlisted(tree: Tree, blocks: Iterable[Block]) -> Iterator[Finding]:
    """Find that no page lists all meetings (R006)."""
    listed = any(block.name == "meetings" and not block.options for block in blocks)
    for meeting in [] if listed else _meetings(tree)[:1]:
        message, hint = "no page lists all meetings", "write :::{meetings} without options on one"
        yield Finding(meeting.told.block.place, "R006", message, hint)


@rule("R012")
def known_body(tree: Tree) -> Iterator[Finding]:
    """A body that meets is a committee of the catalogue, has an officer, or is a group in such a
    body.
    """
    for meeting in _meetings(tree):
        for body in meeting.milestone.bodies:
            if not is_known(tree, body):
                code, message, hint = unknown_body(tree, body)
                yield meeting.told.block.finding(code, "body", message, hint, word=body)


@rule("R013")
def numbers_in_order(tree: Tree) -> Iterator[Finding]:
    """A body has each meeting number once, and numbers follow the days."""
    by_body: dict[str, list[_Meeting]] = {}
    for meeting in _meetings(tree):
        if meeting.milestone.number:
            by_body.setdefault(meeting.milestone.bodies[0], []).append(meeting)
    for body, meetings in by_body.items():
        ordered = sorted(meetings, key=lambda one: one.milestone.number or 0)
        for first, second in pairwise(ordered):
            block, number = second.told.block, second.milestone.number
            earlier = f"{first.milestone.name!r} ({first.milestone.date})"
            if number == first.milestone.number:
                yield block.finding(
                    "R013",
                    "number",
                    f"meeting {number} of {body} is {earlier} already",
                    "correct one of the two numbers",
                )
            elif second.milestone.date.compare(first.milestone.date) is Order.BEFORE:
                yield block.finding(
                    "R013",
                    "number",
                    f"meeting {number} of {body} ({second.milestone.date}) was before meeting"
                    f" {first.milestone.number}, {earlier}",
                    "look the numbers and the dates up again",
                )


_WORDS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
_NAMED = re.compile(
    rf"\b({'|'.join(_WORDS)}|[1-9]\d?(?:st|nd|rd|th)) (?:annual )?plenary(?: meeting)?\b",
    re.IGNORECASE,
)
_BODY = re.compile(r"\bISO/TC \d+(?:/SC \d)?\b|\b[Tt]he (?:\w+ )?(club|committee)\b|\b(ISSCC)\b")
_HEDGED = re.compile(
    r"\b(?:not?|No|None|none|[Pp]erhaps|[Ww]hether|could|may|might|would|planned|counting)\b"
)
_AWAY = re.compile(r"\breport|\bpage of\b|\bsince\b|\bafter\b|\bbefore\b|;")


@rule("R014")
def told_otherwise(tree: Tree) -> Iterator[Finding]:
    """A sentence gives a numbered meeting the day and the place in its record."""
    meetings = _meetings(tree)
    numbered = {
        (one.milestone.bodies[0], one.milestone.number): one.milestone
        for one in meetings
        if one.milestone.number
    }
    if not numbered:
        return
    towns = {
        town
        for one in meetings
        if (town := re.split(r"[,;]", one.milestone.place or "")[0].strip())
    }
    for reading in tree.readings:
        for match in _NAMED.finditer(reading.prose):
            start, end = reading.sentence(match.start())
            body = _body(reading.prose[start:end])
            if body is None or _HEDGED.search(reading.prose[start:end]):
                continue
            word = match[1].lower()
            number = _WORDS.index(word) + 1 if word in _WORDS else int(word[:-2])
            held = numbered.get((body, number))
            if held is None:
                if any(of == body for of, _number in numbered):
                    yield Finding(
                        reading.place(match.start()),
                        "R014",
                        f"no record has plenary {number} of {body}",
                        "correct the number, or add :number: to the milestone of the meeting",
                    )
                continue
            after = _NAMED.search(reading.prose, match.end(), end)
            yield from _told(reading, held, match.end(), after.start() if after else end, towns)


def _body(sentence: str) -> str | None:
    """Return the one body that a sentence names."""
    found = {
        {"club": "ISSCC", "committee": "ISO/TC 268"}.get(match[1], match[0])
        for match in _BODY.finditer(sentence)
    }
    return found.pop() if len(found) == 1 else None


def _date_of(reading: PassageText, start: int, end: int) -> DateMention | None:
    """Return the date that a sentence gives for the meeting that it names before ``start``."""
    if after := [one for one in reading.dates if start <= one.start < end and one.date]:
        return after[0]
    first, last = reading.sentence(start)
    around = [one for one in reading.dates if first <= one.start < last and one.date]
    # "In June 2016 the club held its sixth plenary"
    leads = len(around) == 1 and "," not in reading.prose[around[0].end : start]
    return around[0] if leads else None


def _told(
    reading: PassageText, held: Milestone, start: int, end: int, towns: set[str]
) -> Iterator[Finding]:
    hint = f"write what the milestone {held.name} says, or correct it"
    given = [held.date, *(date for _key, date in held.given)]
    said = _date_of(reading, start, end)
    off = said and said.date and said.date.contradicts(*given)
    if said and off and not _AWAY.search(reading.prose, start, said.start):
        yield Finding(
            reading.place(said.start),
            "R014",
            f"the sentence says of plenary {held.number}: {said.text}; its record: {held.date}",
            hint,
        )
    # a place named close by: "the fifth plenary of ISO/TC 268 was in Hangzhou"
    near = re.compile(rf"[^.;,]{{0,40}}?\bin ({'|'.join(sorted(map(re.escape, towns)))})\b")
    town = near.match(reading.prose, start, end) if towns and held.place else None
    if town and town[1] not in (held.place or ""):
        yield Finding(
            reading.place(town.start(1)),
            "R014",
            f"the sentence says of plenary {held.number}: {town[1]}; its record: {held.place}",
            hint,
        )
