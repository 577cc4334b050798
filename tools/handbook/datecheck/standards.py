"""D5xx: what pages say about standards, compared with ISO's catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.datecheck import words
from handbook.datecheck.tree import PassageText, Reference, Tree
from handbook.model import edtf, iso_reference, stubs
from handbook.model.catalogue import Deliverable, Status
from handbook.model.edtf import Order
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule


def _family(tree: Tree, number: str) -> list[Deliverable]:
    return [
        deliverable for deliverable in tree.catalogue.deliverables if deliverable.number == number
    ]


@rule("D501")
def no_such_edition(tree: Tree) -> Iterator[Finding]:
    """A dated reference in the text is to an edition in the catalogue, if the catalogue has the
    standard at all.

    An edition of the extract's own year or later is accepted: the extract cannot know it. A wrong
    reference that a source uses is put in quotation marks.
    """
    taken = tree.catalogue.as_of.get("deliverables")
    for reading in tree.readings:
        for reference in reading.references:
            if reference.role or not reference.dated or reference.deliverable:
                continue
            if any(start < reference.start < end for start, end in words.quoted(reading.prose)):
                continue
            editions = _family(tree, reference.number)
            year = re.search(r":(\d{4})", reference.text)
            if year and taken and int(taken[:4]) <= int(year[1]) <= tree.as_of.year:
                continue
            if editions and iso_reference.whole(reference.text) not in tree.catalogue.by_reference:
                yield Finding(
                    reading.place(reference.start),
                    "D501",
                    f"the catalogue has no {reference.text}",
                    "write one of " + ", ".join(d.reference for d in editions),
                )


#: Parts of a text that differ from edition to edition.
_PART = re.compile(
    r"^\W{0,3}(?:,\s*)?(?:in\s+|of\s+)?(?:clauses?|subclauses?|annex(?:es)?|tables?|figures?|sections?)\s+[A-Z0-9]"
    r"|^[，,]?\s*第?\s*\d+(?:\.\d+)*\s*(?:条|章|节)",
    re.IGNORECASE,
)
_PART_BEFORE = re.compile(
    r"\b(?:[Cc]lauses?|[Ss]ubclauses?|[Aa]nnex(?:es)?|[Tt]ables?|[Ff]igures?)\s+[A-Z]?[\d.]*\s*(?:of|in)\s+$"
)


@rule("D502")
def undated_part(tree: Tree) -> Iterator[Finding]:
    """A reference to a clause, annex, table or figure of a standard names the edition."""
    for reading in tree.readings:
        for reference in reading.references:
            if reference.dated:
                continue
            after = reading.prose[reference.end : reference.end + 40]
            if _PART.search(after) or _PART_BEFORE.search(
                reading.prose[max(0, reference.start - 30) : reference.start]
            ):
                known = [
                    d.reference
                    for d in _family(tree, reference.number)
                    if d.supplement_type is None
                ]
                yield Finding(
                    reading.place(reference.start),
                    "D502",
                    f"{reference.text} is named with one of its parts, but without its edition",
                    "write the edition"
                    + (", one of " + ", ".join(known) if known else ", for example ISO 9001:2015"),
                )


_CURRENT = re.compile(
    r"\b(?:is|are) (?:the )?(?:still )?(?:current|valid|in"
    r" force|latest|newest)\b|\b(?:current|valid|latest|newest)"
    r" (?:edition|version|standard)\b|现行",
    re.IGNORECASE,
)
_NOT_CURRENT = re.compile(
    r"\b(?:no"
    r" longer|not|withdrawn|replaced|superseded|former|old|earlier|previous|until|was|were"
    r"|before|against)\b|废止|代替",
    re.IGNORECASE,
)


@rule("D503")
def withdrawn_as_current(tree: Tree) -> Iterator[Finding]:
    """A withdrawn edition is not called current, and a role with its own text does not hide that it
    is withdrawn.
    """
    for reading in tree.readings:
        for reference in reading.references:
            deliverable = reference.deliverable
            if deliverable is None or deliverable.status is not Status.WITHDRAWN:
                continue
            start, end = reading.sentence(reference.start)
            sentence = reading.prose[start:end]
            # "is current" must follow the reference, with no other standard in between
            after = reading.prose[
                reference.end : min(
                    end,
                    next((r.start for r in reading.references if r.start >= reference.end), end),
                )
            ]
            if (_CURRENT.search(after) and not _NOT_CURRENT.search(sentence)) or (
                reference.title
                and not reference.title.startswith("ISO")
                and not re.search(
                    r"withdrawn|former|first|second|old|earlier|previous|:\d{4}|replaced|edition"
                    r" of|\b(?:19|20)\d\d\b",
                    reference.title + " " + sentence,
                    re.IGNORECASE,
                )
            ):
                successors = [
                    tree.catalogue.by_id[i].reference
                    for i in deliverable.replaced_by
                    if i in tree.catalogue.by_id
                ]
                yield Finding(
                    reading.place(reference.start),
                    "D503",
                    f"{deliverable.reference} is withdrawn, and the sentence does not say so",
                    f"name {', '.join(successors)}" if successors else "say that it is withdrawn",
                )


def _subject(reading: PassageText, offset: int, start: int) -> Reference | None:
    """Return the standard that a statement at ``offset`` is about: the only one before it."""
    before = [
        reference
        for reference in reading.references
        if start <= reference.start and reference.end <= offset
    ]
    return before[0] if len(before) == 1 else None


_PUBLISHED = re.compile(
    r"\b(?:is|was|were|has been|first)?\s*(?:published|issued|released|appeared|came out)(?: by"
    r" ISO)?(?: for the first time)?\s+(?:on|in)?\s*$"
    r"|(?:发布于|出版于)\s*$",
)
_PUBLISHED_AFTER = re.compile(r"^\s*(?:正式|首次)?(?:发布|出版|公布)")
#: On the page of a standard "it" is the standard.
_IT = re.compile(
    r"^\W*(?:(?:It|This (?:standard|edition|text|document)|The"
    r" (?:standard|document|text|edition|report)) (?:was |is |has been )?$|ISO $)"
)
_NOT_ISO = re.compile(
    r"\b(?:draft|translation|translated|adopted|adoption|national|Chinese|French|Spanish|Korean|German|Italian|version|in"
    r" English|as (?:GB|BS|UNE|NF|JIS|EN))\b"
)


@rule("D504")
def published_elsewhen(tree: Tree) -> Iterator[Finding]:
    """The date of publication that a sentence gives for a standard agrees with the catalogue.

    Where a source differs, cite it in the sentence beside the catalogue, and say that they differ.
    """
    for reading in tree.readings:
        for said in reading.dates:
            if said.date is None:
                continue
            start, end = reading.sentence(said.start)
            lead = _PUBLISHED.search(reading.prose, start, said.start)
            verb = (
                lead.start()
                if lead
                else (
                    said.start
                    if _PUBLISHED_AFTER.search(reading.prose[said.end : said.end + 8])
                    else None
                )
            )
            deliverable = _published(reading, verb, start) if verb is not None else None
            if (
                deliverable is None
                or deliverable.published is None
                or _NOT_ISO.search(reading.prose, start, said.start)
            ):
                continue
            true = deliverable.published
            if said.date.contradicts(true) and not _says_both(reading, true, start, end):
                yield Finding(
                    reading.place(said.start),
                    "D504",
                    f"{deliverable.reference} is said to be published in {said.text!r}; the"
                    f" catalogue has {true}",
                    "write the date of the catalogue, or cite the source that differs and give"
                    " both",
                )


def _published(reading: PassageText, verb: int, start: int) -> Deliverable | None:
    """Return what a sentence that begins at ``start`` says was published, if its verb is at
    ``verb``.
    """
    reference = _subject(reading, verb, start)
    if reference:
        between = reading.prose[reference.end : verb]
        # a genitive, or words of another subject between the two: "..., and its French text was
        # published in"
        other = between.startswith(("'", "’")) or re.search(r"[;:]|, (?:and|but) \w+ ", between)
        return None if other else reference.deliverable
    lead = reading.prose[start:verb].replace("\n", " ").rstrip()
    return reading.deliverable if _IT.search(f"{lead} ") else None


def _says_both(reading: PassageText, true: edtf.Edtf, start: int, end: int) -> bool:
    return any(
        said.date and start <= said.start < end and not said.date.contradicts(true)
        for said in reading.dates
    )


_STAGE = re.compile(r"\bstage(?: code)? (\d\d\.\d\d)\b|阶段\s*(\d\d\.\d\d)")


@rule("D505")
def stage_never_seen(tree: Tree) -> Iterator[Finding]:
    """The stage that a sentence gives for a standard is one in which the catalogue has seen it."""
    for reading in tree.readings:
        for match in _STAGE.finditer(reading.prose) if reading.references else ():
            start, _ = reading.sentence(match.start())
            reference = _subject(reading, match.start(), start)
            deliverable = reference.deliverable if reference else None
            if deliverable is None or re.search(
                r"\b(?:next|then|until|reaches|moves? to|would|will|not)\b",
                reading.prose[start : match.start()],
            ):
                continue
            seen = {
                deliverable.stage,
                *(
                    observation.stage
                    for observation in tree.catalogue.observations.get(deliverable.id, ())
                ),
            }
            stage = match[1] or match[2]
            if stage not in seen:
                yield Finding(
                    reading.place(match.start()),
                    "D505",
                    f"{deliverable.reference} is said to be at stage {stage}; the catalogue has"
                    f" seen it at {', '.join(sorted(seen))}",
                    "write the stage of the catalogue, with its day",
                )


_EDITIONS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
}
_CHINESE_EDITION = re.compile(r"^\s*(?:是|为)?\s*第([一二三四五])版")
_EDITION = re.compile(
    rf"^(?:,)? (?:is|was|being) (?:only |already )?(?:the|a|its|their) ({'|'.join(_EDITIONS)})"
    rf" edition\b|^,? \(?(?:the |its )?({'|'.join(_EDITIONS)})"
    r" edition\b(?!\s*[:(]|\s+(?:is|was|of)\b)"
)


@rule("D506")
def other_edition_number(tree: Tree) -> Iterator[Finding]:
    """The number of the edition that a sentence gives for a standard is that of the catalogue."""
    for reading in tree.readings:
        for reference in reading.references:
            if (
                reference.deliverable is None
                or not reference.dated
                or reference.deliverable.edition is None
            ):
                continue
            after = reading.prose[reference.end : reference.end + 60]
            match = _EDITION.search(after) or _CHINESE_EDITION.search(after)
            if match is None:
                continue
            word = match[match.lastindex or 1]
            number = _EDITIONS.get(word) or "零一二三四五".index(word)
            if number != reference.deliverable.edition:
                yield Finding(
                    reading.place(reference.end + match.start()),
                    "D506",
                    f"{reference.deliverable.reference} is edition {reference.deliverable.edition} "
                    f"in the catalogue, not {number}",
                    f"write edition {reference.deliverable.edition}",
                )


def _row_place(tree: Tree, id_: int, field: str) -> Place:
    path = tree.root / "references" / "iso" / "deliverables.jsonl"
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(lines, 1):
        if re.search(rf'"id":\s*{id_}\b', line):
            return Place(tree.path(path), number, max(line.find(f'"{field}"'), 0) + 1)
    return Place(tree.path(path))


@rule("D507")
def one_sided(tree: Tree) -> Iterator[Finding]:
    """If one deliverable replaces another, the other is replaced by it."""
    for deliverable in tree.catalogue.deliverables:
        for own, theirs, back in (
            ("replaces", "replacedBy", "replaced_by"),
            ("replacedBy", "replaces", "replaces"),
        ):
            for id_ in getattr(deliverable, "replaces" if own == "replaces" else "replaced_by"):
                other = tree.catalogue.by_id.get(id_)
                if other and deliverable.id not in getattr(other, back):
                    yield Finding(
                        _row_place(tree, deliverable.id, own),
                        "D507",
                        f"{deliverable.reference} has {own} {other.reference}, but"
                        f" {other.reference} has no {theirs} {deliverable.reference}",
                        "update the extract, or correct it in the overrides",
                    )


@rule("D508")
def row_against_itself(tree: Tree) -> Iterator[Finding]:
    """A row of the catalogue does not contradict itself: what is published has a date, not later
    than the extract; a successor is not older than what it replaces; the year in the reference is
    that of publication.
    """
    taken = tree.catalogue.as_of.get("deliverables")
    for deliverable in tree.catalogue.deliverables:
        published = deliverable.published
        if published is None:
            if deliverable.status in {Status.PUBLISHED, Status.WITHDRAWN}:
                yield Finding(
                    _row_place(tree, deliverable.id, "publicationDate"),
                    "D508",
                    f"{deliverable.reference} is {deliverable.status}, but has no date",
                    "add the date",
                )
            continue
        if taken and edtf.parse(taken).compare(published) is Order.BEFORE:
            yield Finding(
                _row_place(tree, deliverable.id, "publicationDate"),
                "D508",
                f"{deliverable.reference} is published {published}, after the extract was made"
                f" ({taken})",
                "correct the date, or the day in extract.yaml",
            )
            continue
        year = re.search(r":(\d{4})$", deliverable.reference)
        if year and not -1 <= published.earliest.year - int(year[1]) <= 1:
            yield Finding(
                _row_place(tree, deliverable.id, "publicationDate"),
                "D508",
                f"{deliverable.reference} is published {published}, in another year than its"
                " reference",
                "compare with ISO's page",
            )
        for id_ in deliverable.replaces:
            other = tree.catalogue.by_id.get(id_)
            if other and other.published and published.compare(other.published) is Order.BEFORE:
                yield Finding(
                    _row_place(tree, deliverable.id, "replaces"),
                    "D508",
                    f"{deliverable.reference} ({published}) replaces {other.reference}, which is"
                    f" newer ({other.published})",
                    "compare with ISO's page",
                )


@rule("D509")
def without_page(tree: Tree) -> Iterator[Finding]:
    """Every deliverable of the catalogue has a page with `{standard}`."""
    for deliverable, message, hint in stubs.without_page(tree.catalogue, tree.pages):
        yield Finding(
            _row_place(tree, deliverable.id, "reference"),
            "D509",
            message,
            hint,
            deliverable.reference,
        )
