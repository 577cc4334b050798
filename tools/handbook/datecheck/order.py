"""D3xx: events in time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from handbook.datecheck.sources import day
from handbook.datecheck.tree import MilestoneBlock, PassageText, Tree
from handbook.datecheck.words import AS_OF, has, quoted
from handbook.model.edtf import Order
from handbook.model.strands import MilestoneStatus
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule


@rule("D301")
def planned_but_past(tree: Tree) -> Iterator[Finding]:
    """A planned event lies in the future."""
    for told in tree.milestones:
        milestone = told.milestone
        if (
            milestone
            and milestone.status is MilestoneStatus.PLANNED
            and milestone.date.compare(day(tree)) is Order.BEFORE
        ):
            yield Finding(
                told.block.place_of("date"),
                "D301",
                f"{milestone.name!r} is planned for {milestone.date}, which has passed (as of"
                f" {tree.as_of})",
                "say what came of it, with a source",
            )


@rule("D302")
def happened_in_the_future(tree: Tree) -> Iterator[Finding]:
    """An event that happened lies in the past."""
    for told in tree.milestones:
        milestone = told.milestone
        if (
            milestone
            and milestone.status in {MilestoneStatus.HAPPENED, MilestoneStatus.DISPUTED}
            and day(tree).compare(milestone.date) is Order.BEFORE
        ):
            yield Finding(
                told.block.place_of("date"),
                "D302",
                f"{milestone.name!r} happened on {milestone.date}, which is in the future (as of"
                f" {tree.as_of})",
                "correct the date, or write :status: planned",
                milestone.name,
            )


def _relations(tree: Tree) -> Iterator[tuple[MilestoneBlock, str, str]]:
    for told in tree.milestones:
        if told.milestone:
            for option in ("after", "before"):
                for name in getattr(told.milestone, option):
                    yield told, option, name


def _word_place(told: MilestoneBlock, option: str, word: str) -> Place:
    place = told.block.place_of(option)
    found = re.search(
        rf"(?<![\w-]){re.escape(word)}(?![\w-])",
        told.page.lines[place.line - 1][place.column - 1 :],
    )
    return Place(place.path, place.line, place.column + (found.start() if found else 0))


@rule("D303")
def unknown_neighbour(tree: Tree) -> Iterator[Finding]:
    """The milestones named by `after` and `before` exist."""
    for told, option, name in _relations(tree):
        if name not in tree.milestone_by_name:
            close = get_close_matches(name, tree.milestone_by_name, n=1)
            yield Finding(
                _word_place(told, option, name),
                "D303",
                f"{option}: no milestone has the name {name!r}",
                f"did you mean {close[0]}?" if close else "write the name of a milestone",
            )


@rule("D304")
def order_broken(tree: Tree) -> Iterator[Finding]:
    """An event that is said to follow another has a later date, and no two events each follow the
    other.
    """
    later: dict[str, set[str]] = defaultdict(set)  # name -> the names of what follows it
    for told, option, name in _relations(tree):
        other = tree.milestone_by_name.get(name)
        assert told.milestone
        own = told.milestone
        if other is None or other.milestone is None:
            continue
        first, second = (other.milestone, own) if option == "after" else (own, other.milestone)
        if second.date.compare(first.date) is Order.BEFORE:
            yield Finding(
                _word_place(told, option, name),
                "D304",
                f"{own.name!r} ({own.date}) is said to come {option} {name!r}"
                f" ({other.milestone.date})",
                "look up both dates in their sources",
            )
        elif first.name == second.name or _reaches(later, second.name, first.name):
            yield Finding(
                _word_place(told, option, name),
                "D304",
                f"{own.name!r} and {name!r} each come {option} the other",
                "delete one of the two relations",
            )
        later[first.name].add(second.name)


def _reaches(later: dict[str, set[str]], start: str, goal: str) -> bool:
    seen, todo = {start}, [start]
    while todo:
        for name in later.get(todo.pop(), ()):
            if name == goal:
                return True
            if name not in seen:
                seen.add(name)
                todo.append(name)
    return False


_SMALL = frozenset(
    (
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "its",
        "is",
        "are",
        "as",
        "by",
        "with",
        "from",
    )
)


@lru_cache(maxsize=100_000)
def _words(title: str) -> frozenset[str]:
    """Return the significant words of a title, each by its first five letters."""
    return frozenset(word[:5] for word in re.findall(r"\w+", title.lower()) if word not in _SMALL)


def _alike(first: str, second: str) -> bool:
    """Return whether two titles mean the same event, judged by their words."""
    # words that differ by more than half reach neither ratio; this settles most pairs
    few, many = sorted((_words(first), _words(second)), key=len)
    if len(few & many) * 2 < len(many):
        return False
    one, two = (
        [word for word in re.findall(r"\w+", title.lower()) if word not in _SMALL]
        for title in (first, second)
    )
    return (
        SequenceMatcher(None, one, two, autojunk=False).ratio() >= 0.75
        or SequenceMatcher(
            None, " ".join(sorted(one)), " ".join(sorted(two)), autojunk=False
        ).ratio()
        >= 0.9
    )


@rule("D305")
def told_twice(tree: Tree) -> Iterator[Finding]:
    """One event is one milestone: two with the same date, a common strand and nearly the same title
    are not.
    """
    days: dict[str, list[MilestoneBlock]] = defaultdict(list)
    for told in tree.milestone_by_name.values():
        assert told.milestone
        for other in days[told.milestone.date.text]:
            assert other.milestone
            if set(told.milestone.strands) & set(other.milestone.strands) and _alike(
                told.milestone.title, other.milestone.title
            ):
                place = other.block.place
                yield Finding(
                    told.block.place,
                    "D305",
                    f"{told.milestone.name!r} looks like {other.milestone.name!r}"
                    f" ({place.path}:{place.line}): same date, common strand, similar title",
                    "delete one of the two, or let the titles say how they differ",
                )
        days[told.milestone.date.text].append(told)


_PROMISE = re.compile(
    r"\b(?:will|is (?:planned|due|scheduled|expected|to)|are"
    r" (?:planned|due|scheduled|expected|to))\b[^.;:()]{0,80}?\b(?:in|on|by|for|until"
    r"|from)\s+$|(?:将于|计划于|拟于|预计)\s*$",
)


@rule("D306")
def promise_overtaken(tree: Tree) -> Iterator[Finding]:
    """A sentence does not promise in the present tense what should have happened already.

    "Was planned for" stays true; "will" and "is planned for" need a day in the future.
    """
    for reading in tree.readings:
        for said in reading.dates:
            if (
                said.date is None
                or said.date.is_interval
                or said.date.compare(day(tree)) is not Order.BEFORE
            ):
                continue
            start, _ = reading.sentence(said.start)
            if _PROMISE.search(reading.prose, start, said.start) and not _inside_quotation(
                reading, said.start
            ):
                yield Finding(
                    reading.place(said.start),
                    "D306",
                    f"{said.text!r} is promised, but has passed (as of {tree.as_of})",
                    'say what came of it, or write "was planned for"',
                )


_COMING = re.compile(
    r"\b(?:will|would|plan\w*|until|by|goal|target|aim\w*|due|scheduled|expected|expects?|forecast|vision|expires?|ends?|valid|next|to"
    r" be|to come|limit|agenda|horizon|through|propos\w*|from|towards?|review\w*)\b"
    r"|将|计划|规划|预计|目标|拟",
    re.IGNORECASE,
)


@rule("D307")
def told_before_it_happens(tree: Tree) -> Iterator[Finding]:
    """A future date is in a sentence that looks ahead ("will", "planned", "until")."""
    for reading in tree.readings:
        if reading.passage.kind == "heading":
            continue
        for said in reading.dates:
            if said.date is None or day(tree).compare(said.date) is not Order.BEFORE:
                continue
            start, end = reading.sentence(said.start)
            if (
                not has(_COMING, reading.prose[start:end])
                and not _inside_quotation(reading, said.start)
                and not AS_OF.search(reading.prose, start, said.start)
            ):
                yield Finding(
                    reading.place(said.start),
                    "D307",
                    f"{said.text!r} is in the future (as of {tree.as_of}), and the sentence does"
                    " not look ahead",
                    "correct the date, or say that it is planned",
                )


def _inside_quotation(reading: PassageText, offset: int) -> bool:
    return any(start < offset < end for start, end in quoted(reading.prose))
