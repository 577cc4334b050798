"""D51x: a sentence about the state of a deliverable depends on the catalogue, and says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from handbook.datecheck.tree import CATALOGUE_SOURCE, PassageText, Reference, Tree
from handbook.model import edtf, stubs
from handbook.model.catalogue import Catalogue, CatalogueError, Deliverable, Status
from handbook.model.edtf import Order
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence may say about a deliverable, and whether the catalogue agrees.

    ``lasting`` claims stay true once they are true, and so need no day. For deliverables whose
    status is in ``left_to_others``, another rule judges the claim.
    """

    name: str
    pattern: re.Pattern[str]
    holds: Callable[[Deliverable, Catalogue], bool]
    lasting: bool = False
    left_to_others: Status | None = None


def _open(deliverable: Deliverable, _catalogue: Catalogue) -> bool:
    return deliverable.status is Status.UNDER_DEVELOPMENT


def _last(deliverable: Deliverable, catalogue: Catalogue) -> bool:
    """Return whether the catalogue has neither a successor nor a project for one."""
    return not any(one in catalogue.by_id for one in deliverable.replaced_by)


def _revised(deliverable: Deliverable, catalogue: Catalogue) -> bool:
    return deliverable.stage == "90.92" or not _last(deliverable, catalogue)


def _re(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE)


CLAIMS = (
    Claim(
        "not published yet",
        _re(
            r"\b(?:un)?til (?:it|this|that|the \w+(?: \w+)?) (?:is|has been"
            r"|comes) (?:published|out)\b"
            r"|\bnot (?:yet )?(?:been )?published yet\b|\bnot yet (?:been )?published\b"
            r"|\bpublished (?:\w+ )?edition was not (?:seen|found)\b"
            r"|\bnot seen (?:it )?(?:as )?published\b"
            r"|\bwhether it has (?:appeared|been published|come out) is not known\b"
        ),
        _open,
    ),
    Claim(
        "a draft",
        _re(
            r"\b(?:is|are|remains?) (?:still )?(?:a|the) (?:final )?draft\b(?! (?:on|that|of the"
            r" (?:page|text)))|\bunder development\b|\bin (?:the )?ballot\b"
            r"|\b(?:final )?draft in \w+ \d{4}(?![^.]*\b(?:published|standard)\b)"
        ),
        _open,
    ),
    Claim(
        "no later stage, edition or project",
        _re(
            r"\b(?:no|a) (?:later|newer) (?:stage|edition|state"
            r"|version)\b[^.]{0,20}?\b(?:seen|found|known)\b"
            r"|\bno (?:draft|draft number|revision project|project for|successor)\b[^.]{0,60}?"
            r"(?:\bfound\b|\bknown\b|\bseen\b|\bedition\b|\bas confirmed\b|,|\.|$)"
            r"|\bno source on a new edition\b|\bno (?:new|second|third|fourth|later) edition\b"
            r"|\bconfirmed, with no revision\b"
        ),
        _last,
    ),
    Claim(
        "under revision",
        _re(r"\b(?:is|are) (?:being|to be) revised\b|\bis under revision\b"),
        _revised,
    ),
    Claim(
        "confirmed",
        _re(r"\b(?:(?:is|stands|remains|as) )confirmed\b"),
        lambda deliverable, _: deliverable.stage == "90.93",
    ),
    Claim(
        "withdrawn",
        _re(r"\b(?:is|are) withdrawn\b|已废止"),
        lambda deliverable, _: deliverable.status is Status.WITHDRAWN,
        lasting=True,
    ),
    Claim(
        "the current edition",
        _re(r"\bis (?:still )?the (?:current|latest|newest|valid) (?:edition|version)\b|现行版"),
        lambda deliverable, _: deliverable.status is Status.PUBLISHED,
        left_to_others=Status.WITHDRAWN,  # D503
    ),
)

_OF_ITSELF = re.compile(
    r"\b(?:it|this|that|these|the (?:\w+ )?(?:draft|text|standard|edition|document|report"
    r"|data|project))\b"
    r"|^\W*(?:no|a|whether)\b|\bedition\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\b(?:was|were|had|did|showed|stood|gave|named|called)\b", re.IGNORECASE)
_OLD_DATA = _re(r"\bdata (?:used here )?end (?:on|in)\b")


def _subject(reading: PassageText, at: int, start: int, end: int) -> Deliverable | None:
    """Return the deliverable that a claim at ``at`` is about: the nearest one named before it in
    the sentence, else the only one after it. A sentence about "it" is about the deliverable of the
    page, else about the last one named before.
    """
    named = [(one, known) for one in reading.references if (known := _known(reading, one))]
    before = [known for one, known in named if start <= one.start and one.end <= at]
    if before:
        return before[-1]
    if _OF_ITSELF.search(reading.prose[start:end]):
        if reading.deliverable:
            return reading.deliverable
        before = [known for one, known in named if one.end <= start]
        if before:
            return before[-1]
    after = [known for one, known in named if at <= one.start < end]
    if len(after) == 1:
        return after[0]
    return _of_the_row(reading) if not named and _dated(reading, start, end) else None


def _of_the_row(reading: PassageText) -> Deliverable | None:
    """Return the only deliverable that the row of a table names in its other cells.

    A cell without a day of its own is not judged: the head of its column may have one.
    """
    line = reading.passage.at(0)[0]
    row = {
        known.reference: known
        for other in reading.tree.page_readings(reading.page)
        if other is not reading and other.passage.at(0)[0] == line
        for one in other.references
        if (known := _known(other, one))
    }
    return next(iter(row.values())) if len(row) == 1 else None


def _known(reading: PassageText, reference: Reference) -> Deliverable | None:
    if reference.deliverable or reference.dated:
        return reference.deliverable
    try:
        return reading.tree.catalogue.find(reference.text)
    except CatalogueError:
        return None


def _dated(reading: PassageText, start: int, end: int) -> list[edtf.Edtf]:
    return [said.date for said in reading.dates if start <= said.start < end and said.date]


@rule("D510")
def unbound_state(tree: Tree) -> Iterator[Finding]:
    """What a sentence says about the state of a deliverable agrees with the catalogue, and the
    sentence has its day and its source.

    "Is a draft", "until it is published", "no later edition", "confirmed", "to be revised",
    "withdrawn", "the current edition": the catalogue changes, and such a sentence goes out of date.
    What was true on an earlier day may be put in the past tense, with that day.
    """
    taken = tree.catalogue.as_of.get("deliverables")
    if not taken:
        return
    day = edtf.parse(taken)
    for reading in tree.readings:
        for start, end in reading.sentences:
            yield from _judged(reading, start, end, day)


def _judged(reading: PassageText, start: int, end: int, day: edtf.Edtf) -> Iterator[Finding]:
    sentence = reading.prose[start:end]
    catalogue = reading.tree.catalogue
    dates = _dated(reading, start, end)
    past = bool(_PAST.search(sentence)) and any(date.compare(day) is Order.BEFORE for date in dates)
    for claim in CLAIMS:
        match = claim.pattern.search(sentence)
        if match is None:
            continue
        deliverable = _subject(reading, start + match.start(), start, end)
        if deliverable is None or deliverable.status is claim.left_to_others:
            continue
        if not claim.holds(deliverable, catalogue):
            if not past:
                yield Finding(
                    reading.place(start + match.start()),
                    "D510",
                    f"the sentence says of {deliverable.reference}: {claim.name}; the catalogue of"
                    f" {day} has it {_state(deliverable, catalogue)}",
                    "write what the catalogue says, or put it in the past tense with its day",
                )
        elif not claim.lasting and not (dates and reading.cited(start, end)):
            yield Finding(
                reading.place(start + match.start()),
                "D510",
                f"the sentence says of {deliverable.reference}: {claim.name}, without a day and a"
                " source",
                f"write 'as of {day}' with a citation ({CATALOGUE_SOURCE} for ISO's catalogue)",
            )
    match = _OLD_DATA.search(sentence)
    if match and any(date.compare(day) is Order.BEFORE for date in dates) and not past:
        yield Finding(
            reading.place(start + match.start()),
            "D510",
            f"the sentence says that the data end earlier; the catalogue is of {day}",
            "write what the catalogue of that day says",
        )


def _state(deliverable: Deliverable, catalogue: Catalogue) -> str:
    successors = [
        catalogue.by_id[one].reference for one in deliverable.replaced_by if one in catalogue.by_id
    ]
    words = f"{deliverable.status}, at stage {deliverable.stage}"
    return f"{words}, to be replaced by {', '.join(successors)}" if successors else words


@rule("D511")
def unwritten(tree: Tree) -> Iterator[Finding]:
    """The page of a deliverable says more than the facts of the catalogue."""
    for page in stubs.unwritten(tree.pages):
        line = next((number for number, text in enumerate(page.lines, 1) if stubs.NOTE in text), 1)
        yield Finding(
            page.place(line),
            "D511",
            "this page is still a stub",
            "write what the document is for, who uses it and how it fits, and delete the note and"
            " 'orphan' in the front matter",
        )


@rule("D512")
def without_family(tree: Tree) -> Iterator[Finding]:
    """Every deliverable is in exactly one family of `references/families.yaml`."""
    if not tree.catalogue.families or tree.catalogue_findings:
        return  # faults of reading are reported first
    path = tree.root / "references" / "families.yaml"
    seen: dict[str, str] = {}
    for family in tree.catalogue.families:
        for member, place in zip(family.members, family.places, strict=True):
            if member in seen:
                yield Finding(
                    place,
                    "D512",
                    f"{member} is already in the family {seen[member]}",
                    "delete one of the two",
                )
            seen.setdefault(member, family.id)
    for deliverable in tree.catalogue.deliverables:
        if deliverable.reference not in seen:
            yield Finding(
                Place(tree.path(path)),
                "D512",
                f"{deliverable.reference} is in no family",
                "add it to the members of one",
            )


@rule("D513")
def relations(tree: Tree) -> Iterator[Finding]:
    """A relation leads to another deliverable, is listed once, and no kind of relation runs in a
    circle.
    """
    seen: set[tuple[str, str, str]] = set()
    onward: dict[tuple[str, str], set[str]] = {}
    for relation in tree.catalogue.relations:
        key = (relation.source, relation.target, relation.kind)
        if relation.source == relation.target:
            yield Finding(
                relation.target_place,
                "D513",
                f"{relation.source} is related to itself",
                "name another deliverable",
            )
        elif key in seen:
            yield Finding(
                relation.place,
                "D513",
                f"{relation.source} {relation.kind} {relation.target} appears twice",
                "delete one of the two",
            )
        elif _leads(onward, relation.kind, relation.target, relation.source):
            yield Finding(
                relation.place,
                "D513",
                f"{relation.target} {relation.kind} {relation.source} already",
                "delete the relation that is wrong: they form a loop",
            )
        else:
            onward.setdefault((relation.kind, relation.source), set()).add(relation.target)
        seen.add(key)


def _leads(onward: dict[tuple[str, str], set[str]], kind: str, start: str, end: str) -> bool:
    """Return whether relations of a kind lead from one deliverable to another."""
    reached, todo = {start}, [start]
    while todo:
        new = onward.get((kind, todo.pop()), set()) - reached
        reached |= new
        todo += new
    return end in reached
