"""D2xx: the sources of dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.datecheck import words
from handbook.datecheck.tree import PassageText, Tree
from handbook.model import edtf
from handbook.model.bibliography import Source, Tier
from handbook.model.edtf import Order
from handbook.model.strands import MilestoneStatus
from handbook.rules.findings import Finding
from handbook.rules.rule import rule


def day(tree: Tree) -> edtf.Edtf:
    """Return the day of the check as a date that others can be compared with."""
    return edtf.parse(tree.as_of.isoformat())


@rule("D201")
def undated_source(tree: Tree) -> Iterator[Finding]:
    """A source without a date states when it was read, or, in a note, how its time is known."""
    for source in tree.bibliography.sources.values():
        if source.date.is_unknown and not source.read and not source.note:
            place = source.entry.place("date")
            yield Finding(
                place,
                "D201",
                f"{source.key}: the source has no date, and nothing says when it was read",
                "add urldate, or a note on its time",
            )


#: Decisions that take effect on a day are made before it.
_IN_FORCE = re.compile(
    r"\b(?:takes? effect|in(?:to)? force|comes? into effect|from this day)\b|施行|实施|生效",
    re.IGNORECASE,
)


@rule("D202")
def source_before_event(tree: Tree) -> Iterator[Finding]:
    """At least one source of a milestone that happened is not older than the event.

    A decision that takes effect or comes into force on a day is made before it; such a milestone
    says so in its title or text.
    """
    for told in tree.milestones:
        milestone = told.milestone
        if milestone is None or milestone.status in {
            MilestoneStatus.PLANNED,
            MilestoneStatus.ANNOUNCED,
        }:
            continue
        known = [
            tree.bibliography.sources[key]
            for key in milestone.sources
            if key in tree.bibliography.sources
        ]
        if known and all(source.date.compare(milestone.date) is Order.BEFORE for source in known):
            if any(
                _IN_FORCE.search(text)
                for text in (milestone.title, *(reading.prose for reading in tree.body(told)))
            ):
                continue
            newest = max(known, key=lambda source: source.date.sort_key)
            yield Finding(
                told.block.place_of("sources"),
                "D202",
                f"all sources of {milestone.name!r} ({milestone.date}) are older than the event;"
                f" the newest is {newest.key} ({newest.date})",
                "cite a report from after the event, or write :status: announced",
                milestone.name,
            )


@rule("D203")
def read_before_published(tree: Tree) -> Iterator[Finding]:
    """A source was read after it was published."""
    for source in tree.bibliography.sources.values():
        if (
            source.read
            and not source.date.is_unknown
            and source.read.compare(source.date) is Order.BEFORE
        ):
            place = source.entry.place("urldate")
            yield Finding(
                place,
                "D203",
                f"{source.key}: it was read ({source.read}) before it was published"
                f" ({source.date})",
                "look up both days again",
            )


@rule("D204")
def source_from_the_future(tree: Tree) -> Iterator[Finding]:
    """The dates of a source are not in the future."""
    today = day(tree)
    for source in tree.bibliography.sources.values():
        for name, value in (("date", source.date), ("urldate", source.read)):
            if value and not value.is_unknown and today.compare(value) is Order.BEFORE:
                place = source.entry.place(name)
                yield Finding(
                    place,
                    "D204",
                    f"{source.key}: {name} {value} is in the future (the check is as of {today})",
                    "correct the date",
                )


#: "First" as a rank of a thing among all of its kind, not as a number in a series.
_FIRST = re.compile(
    r"\b(?:(?:world|country|nation|europe|asia|africa|china)(?:'|’)s (?:very )?(?:first|only)"
    r"|(?:the )?(?:very )?(?:first|only) (?:[\w-]+ ){0,4}(?:in (?:the"
    r" )?(?:world|china|europe|asia|africa|america|country|kind)|worldwide|of its kind|ever)"
    r"|(?:the )?first (?:in (?:the )?(?:world|china|europe|asia|africa|country)|worldwide|of its"
    r" kind|ever)\b"
    r"|(?:the )?first (?:pilot"
    r" )?(?:city|cities|town|district|municipality|country|region|state|capital|demonstration"
    r" zone)\b(?: (?:to|that|which|certified|with))"
    r")"
    r"|(?:全国|全球|世界|国内|亚洲|全省)(?:首个|首座|第一|首批|首次|唯一)",
    re.IGNORECASE,
)
#: Words that attribute the claim to somebody.
_SAYS = re.compile(
    r"\b(?:according"
    r" to|says?|said|calls?|called|claims?|claimed|names?|named|reports?|reported"
    r"|describes?|described|states?|stated|writes?|wrote"
    r"|in the words of|as .{1,40} put"
    r" it|presents?|praises?|tells?|told|credits?|attributed?|counts?|speaks?"
    r" of|quotes?|lists?)\b|据|称|报道",
    re.IGNORECASE,
)


def claims(reading: PassageText) -> Iterator[tuple[int, str, int, int]]:
    """Yield each claim of rank that the text makes in its own voice: offset, words, and the
    sentence around it.
    """
    if (
        "first" not in reading.prose.lower()
        and "only" not in reading.prose
        and "首" not in reading.prose
        and "第一" not in reading.prose
    ):
        return
    for match in _FIRST.finditer(reading.prose):
        start, end = reading.sentence(match.start())
        if not words.has(_SAYS, reading.prose[start:end]):
            yield match.start(), match[0], start, end


@rule("D205")
def first_on_weak_ground(tree: Tree) -> Iterator[Finding]:
    """A claim that something is the first or the only one of its kind does not rest on secondary
    sources alone.
    """
    for told in tree.milestones:
        if told.milestone and (match := _FIRST.search(told.milestone.title)):
            known = [
                tree.bibliography.sources[key]
                for key in told.milestone.sources
                if key in tree.bibliography.sources
            ]
            if _weak(known):
                yield Finding(
                    told.block.place,
                    "D205",
                    _weak_message(match[0], known),
                    "cite a primary source or the press",
                )
    for reading in tree.readings:
        if reading.passage.kind == "title":
            continue
        for offset, text, start, end in claims(reading):
            known = [
                tree.bibliography.sources[key]
                for key in reading.cited(start, end)
                if key in tree.bibliography.sources
            ]
            if _weak(known):
                yield Finding(
                    reading.place(offset),
                    "D205",
                    _weak_message(text, known),
                    "cite a primary source or the press, or say who claims it: according to ...",
                )


def _weak(known: list[Source]) -> bool:
    return bool(known) and all(source.tier is Tier.SECONDARY for source in known)


def _weak_message(text: str, known: list[Source]) -> str:
    return (
        f"the claim {' '.join(text.split())!r} rests on secondary sources alone:"
        f" {', '.join(source.key for source in known)}"
    )


#: A sentence that looks ahead, or describes a source, may cite an older text.
_AHEAD = re.compile(
    r"\b(?:will|would|plan(?:s|ned)?|planning|expect(?:s|ed)?|intend(?:s|ed)?|aim(?:s|ed)?|goal|target|until|by|due|scheduled|announced?|announces|from"
    r" .* (?:to|until)|propos\w*|draft\w*|is to|are to"
    r"|was to|were"
    r" to|hop(?:e|es|ed)|want(?:s|ed)?|ahead|forecast|vision|shall|should|valid|expires?"
    r"|closed?|open(?:s|ed)?|foresee\w*|foresaw|set|term|in"
    r" force|effect|effective|fixed|invit\w*|called for)\b|将|计划|规划|预计|拟",
    re.IGNORECASE,
)


@rule("D206")
def cited_before_it_happened(tree: Tree) -> Iterator[Finding]:
    """A sentence that reports a date cites at least one source that is not older than this date."""
    for reading in tree.readings:
        if reading.passage.kind in {"heading", "title"} or not reading.passage.spans:
            continue
        for said in reading.dates:
            if said.date is None or any(
                begin < said.start < finish for begin, finish in words.quoted(reading.prose)
            ):
                continue
            start, end = reading.sentence(said.start)
            # the citation that follows the date covers it; one in front of it covers what came
            # before
            known = [
                tree.bibliography.sources[key]
                for key in reading.cited(said.end, end)
                if key in tree.bibliography.sources
            ]
            if (
                known
                and all(source.date.compare(said.date) is Order.BEFORE for source in known)
                and not words.has(_AHEAD, reading.prose[start:end])
            ):
                newest = max(known, key=lambda source: source.date.sort_key)
                yield Finding(
                    reading.place(said.start),
                    "D206",
                    f"{said.text!r} is later than all sources cited for it; the newest is"
                    f" {newest.key} ({newest.date})",
                    "cite the source that reports it, or say that the source looks ahead",
                )


@rule("D207")
def dispute_not_told(tree: Tree) -> Iterator[Finding]:
    """A milestone is marked as disputed if one of its sources gives an incompatible date."""
    for told in tree.milestones:
        milestone = told.milestone
        if milestone is None or milestone.status is MilestoneStatus.DISPUTED:
            continue
        for key, date in milestone.given:
            if date.contradicts(milestone.date):
                yield Finding(
                    told.block.place_of("given"),
                    "D207",
                    f"{key} gives {date} for {milestone.name!r}, which has {milestone.date} and is"
                    " not marked as disputed",
                    "write :status: disputed, and say in the text what each source says",
                )
