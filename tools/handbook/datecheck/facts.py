"""R0xx: records, and what pages say about the facts in them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from handbook.datecheck import meetings, words
from handbook.datecheck.tree import PassageText, Tree
from handbook.model import codes, iso_reference, record_shapes
from handbook.model.edtf import Edtf, Order
from handbook.model.milestones import meeting_faults
from handbook.model.records import (
    Adoption,
    Certainty,
    Degree,
    Office,
    Person,
    PlaceRecord,
    Record,
    Standing,
    Statement,
    surest,
)
from handbook.rules.findings import Finding
from handbook.rules.rule import rule


@rule("R001")
def readable(tree: Tree) -> Iterator[Finding]:
    """Each record can be read."""
    yield from tree.records.findings
    yield from _swapped(tree.records.places)
    yield from tree.settled_findings


@rule("R002")
def as_sure_as_its_sources(tree: Tree) -> Iterator[Finding]:
    """A record is as certain as its sources allow."""
    for record in tree.all_records:
        if not set(record.sources) <= tree.bibliography.sources.keys():
            continue  # another rule reports an unknown key
        allowed = surest(record.sources, tree.bibliography)
        if record.status is Certainty.SURE is not allowed:
            yield Finding(
                record.status_place,
                "R002",
                f"{record.id} is marked as sure, but rests on one source that is not primary",
                "write status: one source",
            )
        elif record.status is Certainty.ONE_SOURCE is not allowed:
            yield Finding(
                record.status_place,
                "R002",
                f"{record.id} is marked as resting on one source, but has a primary one or several",
                "write status: sure, or inferred or disputed",
            )


_ORDER = (*record_shapes.STEPS[:-1], *record_shapes.STANDING_STEPS)


@rule("R003")
def dates_in_order(tree: Tree) -> Iterator[Finding]:
    """The steps of a record are in their natural order."""
    for record in tree.records.all:
        steps = sorted(record.statements, key=lambda one: _ORDER.index(one.what))
        for first, second in pairwise(steps):
            if second.date.compare(first.date) is Order.BEFORE:
                yield Finding(
                    second.place,
                    "R003",
                    f"{record.id}: {second.what} ({second.date}) comes before {first.what}"
                    f" ({first.date})",
                    "look up both dates again",
                )


#: Steps that are fixed in advance, so that their sources may be older.
_AHEAD = {"in force", "until"}


@rule("R004")
def dates_have_a_source(tree: Tree) -> Iterator[Finding]:
    """A source gives each date of a record, with the same precision, and is not older than it."""
    for record in tree.records.all:
        for one in record.statements:
            for message, hint in _unfounded(tree, record, one):
                yield Finding(one.place, "R004", f"{record.id}: {message}", hint)


def _unfounded(tree: Tree, record: Record, one: Statement) -> Iterator[tuple[str, str]]:
    given = dict(one.given)
    for key, date in given.items():
        if key not in one.sources:
            yield f"given: {key!r} is not among its sources", "add it to sources"
        elif date == one.date:
            yield f"given: {key!r} gives {date}, as the record does", "delete it"
    if set(one.sources) <= set(given):
        yield f"no source gives {one.date}", "write the date as the best source gives it"
    if record.status is not Certainty.DISPUTED and any(
        date.contradicts(one.date) for date in given.values()
    ):
        yield "its sources give dates that cannot be the same", "write status: disputed"
    sources = tree.bibliography.sources
    known = [sources[key] for key in one.sources if key in sources]
    if (
        known
        and one.what not in _AHEAD
        and all(source.date.compare(one.date) is Order.BEFORE for source in known)
    ):
        yield f"all sources of {one.date} are older", "cite a report from after it"


def _swapped(places: Sequence[PlaceRecord]) -> Iterator[Finding]:
    """Find points that would be near others of their country if latitude and longitude were
    swapped.
    """
    for one in places:
        others = [
            other.at
            for other in places
            if other is not one and other.at and other.country == one.country
        ]
        if not (one.at and one.country and others):
            continue
        latitude, longitude = one.at
        if (
            abs(longitude) <= 90
            and min(_kilometres(one.at, other) for other in others) > 2000
            # of two points far from each other, neither is known to be the wrong one
            and sum(_kilometres((longitude, latitude), other) < 1000 for other in others) > 1
        ):
            message = f"the point of {one.name} is far from all other points in its country"
            hint = f"write latitude and longitude, in this order: [{longitude}, {latitude}]"
            yield Finding(one.place, "R001", message, hint)


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance in kilometres between two points on a spherical Earth (law of
    haversines).
    """
    (lat1, lon1), (lat2, lon2) = (map(radians, point) for point in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(min(1, sqrt(half)))


@rule("R005")
def stands_once(tree: Tree) -> Iterator[Finding]:
    """A fact has one record, and an id that a record names exists."""
    names: dict[str, PlaceRecord] = {}
    for place in tree.records.places:
        for name in dict.fromkeys((place.name.removesuffix(" City"), place.own or place.name)):
            if (first := names.setdefault(name, place)) is not place:
                yield Finding(
                    place.place,
                    "R005",
                    f"{name} already has a record: {first.id}",
                    f"write all its standings into the record {first.id}",
                )
                break
    people: dict[str, Person] = {}
    for person in tree.records.people:
        for name in (person.name, *person.spellings):
            if people.setdefault(name, person) is not person:
                yield Finding(
                    person.place,
                    "R005",
                    f"{name} already has a record: {people[name].id}",
                    "write all offices of the person into one record",
                )
    yield from _twice(tree)
    yield from _adoptions_twice(tree)


def _twice(tree: Tree) -> Iterator[Finding]:
    """Find standings of a place and offices of a person that repeat another."""
    held: dict[tuple[str, ...], list[Standing | Office]] = defaultdict(list)
    for standing in tree.records.standings:
        held[standing.id, standing.standard, standing.issuer].append(standing)
    for office in tree.records.offices:
        held[(office.id,)].append(office)
    for same in held.values():
        for first, second in pairwise(same):
            days = [{(one.what, one.date) for one in record.dates} for record in (first, second)]
            if not all(days) or days[0] & days[1]:
                yield Finding(
                    second.place,
                    "R005",
                    f"{second.name} has this twice: {second.id.partition(', ')[2]}",
                    f"write the dates and the sources into the first, in line {first.place.line}",
                )


def _adoptions_twice(tree: Tree) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Adoption] = {}
    numbers: dict[str, Adoption] = {}
    ids = {one.id: one for one in tree.records.adoptions}
    for one in tree.records.adoptions:
        first = seen.setdefault((one.country, _plain(one.designation)), one)
        if first is not one:
            yield Finding(
                one.place,
                "R005",
                f"{one.designation} already has a record: {first.id}",
                "delete one of the two",
            )
        other = numbers.setdefault(_plain(one.designation), one)
        if other.country != one.country and re.search(r"\d", one.designation):
            yield Finding(
                one.place,
                "R005",
                f"{one.designation} is a number of two countries: {other.country} in {other.id},"
                f" {one.country} in {one.id}",
                "correct the country or the number of the wrong one",
            )
        if one.replaced_by and ids.get(one.replaced_by, one) is one:
            yield Finding(
                one.place,
                "R005",
                f"{one.id} is replaced by {one.replaced_by!r}, which is not another record",
                "write the id of the record that replaced it",
            )


@rule("R006")
def is_shown(tree: Tree) -> Iterator[Finding]:
    """A record has its address on a page, and appears on the page of the standard that it is
    about.
    """
    records = tree.records
    blocks = [block for page in tree.pages for block in page.blocks]
    yield from meetings.unlisted(tree, blocks)
    homes = {block.name for block in blocks if "home" in block.options}
    for kind, listed in (
        ("adoptions", records.adoptions),
        ("places", records.places),
        ("offices", records.people),
    ):
        if listed and kind not in homes:
            message = f"no page lists all {kind}"
            hint = f"write :::{{{kind}}} with :home: on one page"
            yield Finding(listed[0].place, "R006", message, hint)
    shown = {(block.name, block.value("standard")) for block in blocks}
    about = _standards_of_records(tree)
    for name, those in (("places", records.standings), ("adoptions", records.adoptions)):
        for record in those:
            pages = about.get(id(record), [])
            if pages and not any((name, reference) in shown for reference in pages):
                message = f"the page of {pages[0]} does not show {record.name}"
                hint = f"write :::{{{name}}} with :standard: {pages[0]} on it"
                yield Finding(record.place, "R006", message, hint, pages[0])


def _standards_of_records(tree: Tree) -> dict[int, list[str]]:
    """Return the references of the standards that each record is about, by the ``id()`` of the
    record.
    """
    about: dict[int, list[str]] = defaultdict(list)
    for one in tree.catalogue.deliverables:
        adoptions = tree.records.adoptions_of(one, tree.catalogue)
        for record in (*tree.records.standings_of(one), *adoptions):
            about[id(record)].append(one.reference)
    return about


@rule("R007")
def selection(tree: Tree) -> Iterator[Finding]:
    """A table of records is selected by values that exist."""
    told = [one.milestone for one in tree.milestones if one.milestone]
    for page in tree.pages:
        for block in page.blocks:
            if block.name in {"adoptions", "places", "offices"}:
                yield from tree.records.selection_faults(block, tree.catalogue)
            elif block.name == "meetings":
                yield from meeting_faults(block, told)


def _plain(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class _Named:
    """National numbers by their stem, that is the number without its year."""

    stems: dict[str, list[Adoption]]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, adoptions: tuple[Adoption, ...]) -> _Named:
        stems: dict[str, list[Adoption]] = {}
        for one in adoptions:
            if re.search(r"\d", one.designation):
                stems.setdefault(re.sub(r"[:-]\d{4}(-\d\d)?$", "", one.designation), []).append(one)
        stem = words.any_of(stems).replace(r"\ ", r"\s+")
        return cls(
            stems, re.compile(rf"(?<![\w-])({stem})(?:\s?[:-]\s?((?:19|20)\d\d))?(?![\w-]\d)")
        )


def _mentions(named: _Named, prose: str) -> Iterator[tuple[re.Match[str], list[Adoption]]]:
    """Yield each national number in a text, with the records that it can mean."""
    for match in named.pattern.finditer(prose):
        records = named.stems[_plain(match[1])]
        if match[2]:
            records = [one for one in records if one.year in {"", match[2]}]
        yield match, records


#: How close a sentence says that a national version is to the ISO text.
_DEGREES = {
    Degree.IDENTICAL: re.compile(r"\bidentical\b|\bIDT\b|等同"),
    Degree.MODIFIED: re.compile(r"\bmodified (?:version|from|text)\b|\bMOD\b|修改采用"),
    Degree.NOT_EQUIVALENT: re.compile(r"\bnot equivalent\b|\bNEQ\b|非等效"),
}
#: Words before a date that show which step it belongs to.
_STEPS = {
    "in force": re.compile(
        r"\b(?:in force|into force|effect|effective|applied|applies)\b[^.;]{0,25}$|施行|实施"
    ),
    "published": re.compile(r"\b(?:published|issued|publishes|issues)\b[^.;]{0,25}$"),
    "approved": re.compile(r"\b(?:approved|set|sets|approves)\b[^.;]{0,25}$"),
}
#: "Italy adopted it as ..."
_CODES = {name: code for code, name in codes.names("territories").items()}
_COUNTRY = re.compile(rf"\s*({words.any_of(_CODES)}) (?:has )?(?:adopted|adopts)\b")
#: "the French version": the nationality of a country that has adopted a text, by its code.
_NATIONALITIES = {
    "Australian": "AU",
    "Brazilian": "BR",
    "British": "GB",
    "Chinese": "CN",
    "French": "FR",
    "German": "DE",
    "Greek": "GR",
    "Indonesian": "ID",
    "Italian": "IT",
    "Japanese": "JP",
    "Korean": "KR",
    "Malaysian": "MY",
    "Norwegian": "NO",
    "Peruvian": "PE",
    "Polish": "PL",
    "Russian": "RU",
    "Saint Lucian": "LC",
    "Slovenian": "SI",
    "Spanish": "ES",
    "Ukrainian": "UA",
}
_NATIONAL = re.compile(
    rf"\b({words.any_of(_NATIONALITIES)}) (?:national )?(?:standard|version|adoption|number)\b"
)
_HEDGED = re.compile(r"\b(?:not|whether|no|nobody|check|or|planned|says? nothing)\b")


_CERTIFIED = re.compile(r"\bcertif(?:ied|icates?|ication)\b|认证|证书")
_AWARDED = re.compile(rf"{_CERTIFIED.pattern}|\bregist(?:ered|ers)\b")
_GRADE = re.compile(r"\b(?:aspirational|bronze|silver|gold|platinum)\b", re.IGNORECASE)
_NO_CLAIM = re.compile(
    r"\b(?:no|not|none|nobody|neither|never|whether|if|first|offers?|interest\w*|than|without)\b",
    re.IGNORECASE,
)


@rule("R010")
def certified_otherwise(tree: Tree) -> Iterator[Finding]:
    """A sentence that credits one place with a certificate agrees with the records of the place."""
    issuers = {one.issuer for one in tree.records.standings if re.fullmatch("[A-Z]+", one.issuer)}
    issued = re.compile(rf"\b({words.any_of(issuers)})\b")
    for said in _of_one_place(tree, _AWARDED):
        held = [one for one in said.place.standings if one.kind in {"certificate", "registration"}]
        for at, claim, record in (*_documents(said, held), *_details(said, held, issued)):
            yield said.finding("R010", at, f"says of {said.place.name}: {claim}", record)


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence about one place, without its quotations; ``start`` is its offset in the text."""

    reading: PassageText
    place: PlaceRecord
    sentence: str
    start: int

    def dates(self, before: re.Pattern[str]) -> Iterator[tuple[int, Edtf]]:
        """Yield each date that follows certain words, with its offset in the sentence."""
        for one in self.reading.dates:
            at = one.start - self.start
            if one.date and 0 <= at < len(self.sentence) and before.search(self.sentence[:at]):
                yield at, one.date

    def finding(self, code: str, at: int, claim: str, record: str) -> Finding:
        """Return the finding for a claim at an offset in the sentence."""
        return Finding(
            self.reading.place(self.start + at),
            code,
            f"the sentence {claim}; its record: {record}",
            f"write what the record {self.place.id} says, or correct"
            " references/records/places.yaml",
        )


def _of_one_place(tree: Tree, said: re.Pattern[str]) -> Iterator[_Said]:
    """Yield each sentence about one place only.

    Sentences that deny or doubt it, or rank the place, are left out.
    """
    if not tree.records.places:
        return
    places = {one.name.removesuffix(" County"): one for one in tree.records.places}
    places |= {one.name: one for one in tree.records.places}
    named = re.compile(rf"\b({words.any_of(places)})\b(?! (?:[Dd]istrict|[Aa]rea|business))")
    for reading in tree.readings:
        prose = _with_references(reading)
        if not said.search(prose):
            continue
        for start, end in reading.sentences:
            sentence = prose[start:end]
            for first, last in words.quoted(sentence):
                sentence = sentence[:first] + " " * (last - first) + sentence[last:]
            found = {match[1] for match in named.finditer(sentence)}
            if len(found) != 1 or not said.search(sentence) or _NO_CLAIM.search(sentence):
                continue
            yield _Said(reading, places[found.pop()], sentence, start)


def _with_references(reading: PassageText) -> str:
    """Return the text with ``ISO 37101`` in place of its role, offsets unchanged."""
    prose = reading.prose
    for one in reading.references if "iso" in reading.passage.text else ():
        if one.role:
            text = f"ISO {one.number}"[: one.end - one.start]
            prose = prose[: one.start] + text.ljust(one.end - one.start) + prose[one.end :]
    return prose


def _documents(said: _Said, held: list[Standing]) -> Iterator[tuple[int, str, str]]:
    """Find a certificate for another document than those of the records, or where they have none:
    its offset, what is said, what the records have.
    """
    named = [
        one
        for one in said.reading.references
        if said.start <= one.start < said.start + len(said.sentence)
    ]
    numbers = {iso_reference.number(one.standard) for one in held}
    if named and all(one.number not in numbers for one in named):
        known = ", ".join(sorted(numbers - {""})) or "no certificate for an ISO document"
        yield named[0].start - said.start, f"certified, {named[0].text}", known
    kinds = [one.kind for one in said.place.standings]
    match = _CERTIFIED.search(said.sentence)
    if match and not (named or held or "club member" in kinds):
        yield match.start(), match[0], ", ".join(kinds)


def _details(
    said: _Said, held: list[Standing], issued: re.Pattern[str]
) -> Iterator[tuple[int, str, str]]:
    """Find another grade, issuer or day than the records have."""
    levels = " ".join(one.level for one in held).lower()
    grade = _GRADE.search(said.sentence)
    if grade and held and grade[0].lower() not in levels:
        yield grade.start(), grade[0], levels or "no level"
    issuers = dict.fromkeys(one.issuer for one in held if one.issuer)
    found = {match[1]: match.start() for match in issued.finditer(said.sentence)}
    if issuers and len(found) == 1 and not found.keys() & issuers.keys():
        ((issuer, at),) = found.items()
        yield at, issuer, ", ".join(issuers)
    days = [one.date for standing in held for one in standing.dates if one.what == "since"]
    for at, date in said.dates(_GOT):
        if date.contradicts(*days):
            yield at, f"since {date}", f"since {', '.join(map(str, days))}"


#: Words before the day on which a place was certified, or joined the club.
_GOT = re.compile(
    r"\b(?:received|got|obtained|gained|awarded|certified|registered)\b[^.;]{0,60}\b(?:on|in) $"
)
_JOINED = re.compile(r"\bjoin(?:s|ed) the (?:club|ISSCC) (?:on|in) $")


#: Words that say what a place is, by the kind of standing that the place must then have.
_IS = {
    "club member": re.compile(
        r"\b(?:member(?: city)? of|belong(?:s|ed)? to|join(?:s|ed)) the (?:club|ISSCC)\b"
        r"|\bis a club member\b"
    ),
    "pilot of ISO 37101": re.compile(
        r"\bpilots?(?: (?:city|cities|project|area))? (?:of|for|on|under) ISO 37101\b"
    ),
    "pilot of SC 1": re.compile(r"\bpilot(?: (?:city|project))? of (?:ISO/TC 268/)?SC 1\b"),
}
_IS_SAID = re.compile("|".join(pattern.pattern for pattern in _IS.values()))


@rule("R017")
def stands_otherwise(tree: Tree) -> Iterator[Finding]:
    """A sentence that calls one place a member of the club or a pilot agrees with its record."""
    for said in _of_one_place(tree, _IS_SAID):
        place = said.place
        kinds = [one.kind for one in place.standings]
        for kind, pattern in _IS.items():
            match = pattern.search(said.sentence)
            if match and kind not in kinds:
                claim = f"calls {place.name} a {kind}"
                yield said.finding("R017", match.start(), claim, ", ".join(kinds))
        days = [
            one.date
            for standing in place.standings
            for one in standing.dates
            if standing.kind == "club member" and one.what == "since"
        ]
        for at, date in said.dates(_JOINED):
            if date.contradicts(*days):
                claim = f"says of {place.name}: club member since {date}"
                yield said.finding("R017", at, claim, f"since {', '.join(map(str, days))}")


@rule("R008")
def contradicted(tree: Tree) -> Iterator[Finding]:
    """A sentence about a national version agrees with its record: year, ISO text, degree, dates.

    Words in quotation marks are the source's; a sentence that names several versions is not judged.
    """
    if not tree.records.adoptions:
        return
    named = _Named.of(tree.records.adoptions)
    for reading in tree.readings:
        for match, records in _mentions(named, reading.prose):
            if any(first < match.start() < last for first, last in words.quoted(reading.prose)):
                continue
            if not records:
                known = ", ".join(one.designation for one in named.stems[_plain(match[1])])
                yield Finding(
                    reading.place(match.start()),
                    "R008",
                    f"no record has {_plain(match[0])}; the records have {known}",
                    "correct the number, or add the record to references/records/adoptions.yaml",
                )
                continue
            start, end = reading.sentence(match.start())
            others = {_plain(one[0]) for one, _ in _mentions(named, reading.prose[start:end])}
            if len(records) == 1 and len(others) == 1:
                yield from _compared(reading, records[0], start, end)
                yield from _of_another(reading, records[0], start, end)


def _compared(reading: PassageText, one: Adoption, start: int, end: int) -> Iterator[Finding]:
    sentence = reading.prose[start:end]
    hint = f"write what the record {one.id} says, or correct the record"

    def wrong(at: int, said: str, record: str) -> Finding:
        return Finding(
            reading.place(start + at),
            "R008",
            f"the sentence says of {one.designation}: {said}; its record: {record}",
            hint,
        )

    if not _HEDGED.search(sentence):
        for degree, pattern in _DEGREES.items():
            match = pattern.search(sentence)
            if match and one.degree is not degree:
                yield wrong(match.start(), match[0], one.degree or "no degree was read")
    for said in reading.dates:
        if start <= said.start < end and said.date:
            before = sentence[: said.start - start]
            for step, pattern in _STEPS.items():
                if pattern.search(before) and (known := _other_step(said.date, step, one)):
                    yield wrong(
                        said.start - start, f"{step} {said.text}", f"{known.what} {known.date}"
                    )


#: Words that say which text a national version adopts.
_ADOPTS = re.compile(r"\b(?:adopt(?:s|ed|ion)|version of|identical (?:to|with)|implements?|as)\b")


def _of_another(reading: PassageText, one: Adoption, start: int, end: int) -> Iterator[Finding]:
    """Find a national version that a sentence assigns to another ISO text or another country."""
    sentence = reading.prose[start:end]
    if _HEDGED.search(sentence):
        return
    national = {match[1]: match.start(1) for match in _NATIONAL.finditer(sentence)}
    if len(national) == 1 and _NATIONALITIES[word := next(iter(national))] != one.country:
        yield Finding(
            reading.place(start + national[word]),
            "R008",
            f"the sentence calls {one.designation} {word}; its record: {one.country}",
            f"write what the record {one.id} says, or correct the record",
        )
    if not _ADOPTS.search(sentence):
        return
    own = iso_reference.number(one.adopts)
    named = [said for said in reading.references if start <= said.start < end]
    numbers = {said.number for said in named}
    hint = f"write what the record {one.id} says, or correct the record"
    if len(numbers) == 1 and own not in numbers:
        yield Finding(
            reading.place(named[0].start),
            "R008",
            f"the sentence makes {one.designation} a version of {named[0].text}; its record:"
            f" {one.adopts}",
            hint,
        )
    if (match := _COUNTRY.match(sentence)) and _CODES[match[1]] != one.country:
        yield Finding(
            reading.place(start + match.start(1)),
            "R008",
            f"the sentence gives {one.designation} to {match[1]}; its record: {one.country}",
            hint,
        )


def _other_step(said: Edtf, step: str, one: Adoption) -> Statement | None:
    """Return the step of the record that a date in a sentence contradicts: the same step on another
    day, or an earlier step that was later.
    """
    held = [known for known in one.statements if known.what == step]
    if held:
        given = [date for known in one.statements for _key, date in known.given]
        return held[0] if said.contradicts(*(known.date for known in held), *given) else None
    order = record_shapes.STEPS.index
    first = [known for known in one.statements if order(known.what) < order(step)]
    later = [known for known in first if said.compare(known.date) is Order.BEFORE]
    return later[0] if later else None


_KIND = re.compile(
    r"(?:pilot|certificate|registration|WCCD certificate|club member|member|demonstration title"
    r"|aspirational|bronze|silver|gold|platinum)\b"
)
_OFFICE = re.compile(r"(?:chair|secretary|convenor|president|(?:ISO|IEC|CEN)/TC \d|ISSCC$)")


@rule("R009")
def typed_table(tree: Tree) -> Iterator[Finding]:
    """A table of records comes from a directive, not from typing."""
    numbers = {_plain(one.designation): one for one in tree.records.adoptions}
    stems = _Named.of(tree.records.adoptions).stems if tree.records.adoptions else {}
    numbers |= {_plain(stem): those[0] for stem, those in stems.items()}
    people = {one.name for one in tree.records.people if not one.agency}
    places = {one.name for one in tree.records.places}
    last: tuple[PassageText, str] | None = None
    for reading in tree.readings:
        if reading.passage.kind != "cell":
            last = None
            continue
        text = _plain(reading.prose.strip(" \ufffc*"))
        pair = {text, last[1]} if last else set()
        if last and pair & people and any(map(_OFFICE.match, pair)):
            yield Finding(
                last[0].place(0),
                "R009",
                f"the table says by hand what {(pair & people).pop()} is, who has a record",
                "write :::{offices} with :body: or :role: in place of the table",
            )
        if last and last[1] in places and _KIND.match(text):
            yield Finding(
                last[0].place(0),
                "R009",
                f"the table says by hand what {last[1]} is, which has a record",
                "write :::{places} with :kind:, :standard: or :country: in place of the table",
            )
        last = reading, re.split(r",| \(", text)[0]
        one = numbers.get(_plain(reading.prose.strip(" \ufffc*")))
        if one:
            yield Finding(
                reading.place(0),
                "R009",
                f"the table describes {one.designation} by hand, which has a record",
                "write :::{adoptions} with :standard: or :country: in place of the table",
            )
