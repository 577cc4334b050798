"""Facts that several pages state, as records: ``references/records/<kind>.yaml``.

Each kind is a dataclass here and a schema in :mod:`handbook.model.record_shapes`; one loader reads
them all. The comments at the head of each file explain its fields to contributors.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from handbook.model import edtf, iso_reference, record_shapes
from handbook.model.bibliography import Bibliography, Tier
from handbook.model.block import Block
from handbook.model.catalogue import Catalogue, CatalogueError, Deliverable
from handbook.model.rows import Found, Row
from handbook.rules.findings import Finding, Place

#: The rule for faults in the form of a record.
UNREADABLE = "R001"


class Certainty(StrEnum):
    """How certain a record is."""

    SURE = "sure"
    ONE_SOURCE = "one source"
    INFERRED = "inferred"
    DISPUTED = "disputed"


def surest(keys: Collection[str], bibliography: Bibliography) -> Certainty:
    """Return the highest certainty that a record with these sources may have."""
    known = (bibliography.sources.get(key) for key in keys)
    strong = len(keys) > 1 or any(one and one.tier is Tier.PRIMARY for one in known)
    return Certainty.SURE if strong else Certainty.ONE_SOURCE


class Degree(StrEnum):
    """How close a national version is to the ISO text (ISO/IEC Guide 21-1)."""

    IDENTICAL = "IDT"
    MODIFIED = "MOD"
    NOT_EQUIVALENT = "NEQ"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of sources within a record: what happened, when, and who says so.

    ``given`` holds the sources that give another date, or a less exact one.
    """

    what: str
    date: edtf.Edtf
    sources: tuple[str, ...]
    given: tuple[tuple[str, edtf.Edtf], ...] = ()
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The fields of all kinds. ``cited`` is each key with its place, in the order of the file."""

    id: str
    sources: tuple[str, ...]
    status: Certainty
    note: str = ""
    place: Place = field(default=Place(""), compare=False)
    #: The place of its ``status``.
    status_place: Place = field(default=Place(""), compare=False)
    cited: tuple[tuple[str, Place], ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """Return the name that people use."""
        raise NotImplementedError

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Return its dated statements."""
        return ()

    @property
    def anchor(self) -> str:
        """Return its anchor on the page that lists all of its kind."""
        return f"{type(self).__name__.lower()}-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption(Record):
    """A national version of an ISO text.

    ``adopts`` is a reference, without a year where no source names the edition; ``outside`` means
    that the text belongs to none of the catalogue's committees. ``shown`` says where the degree is
    shown, or what was read in place of it.
    """

    adopts: str
    country: str
    designation: str
    dates: tuple[Statement, ...] = ()
    degree: Degree | None = None
    shown: str = ""
    degree_sources: tuple[str, ...] = ()
    language: str = ""
    title: str = ""
    route: str = "direct"
    replaced_by: str = ""
    outside: bool = False

    @property
    def name(self) -> str:
        """Return its national number."""
        return self.designation

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Return the steps of the national version."""
        return self.dates

    @property
    def year(self) -> str:
        """Return the year in its designation, or an empty string."""
        match = re.search(r"[:-](\d{4})(?:-\d\d)?$", self.designation)
        return match[1] if match else ""

    def of(self, catalogue: Catalogue) -> Deliverable | None:
        """Return the text that it adopts, in the current edition if the record names none.

        :returns: ``None`` if the catalogue does not have the text
        """
        try:
            return None if self.outside else catalogue.find(self.adopts)
        except CatalogueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Record):
    """The standing of a place: one of several kinds that are kept apart. ``of_place`` is the
    place's id.
    """

    of_place: str
    place_name: str
    kind: str
    standard: str = ""
    level: str = ""
    issuer: str = ""
    dates: tuple[Statement, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of its place."""
        return self.place_name

    @property
    def anchor(self) -> str:
        """Return the anchor of its place."""
        return f"place-{self.of_place}"

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Return its steps, without the days on which a source merely mentions it."""
        return tuple(one for one in self.dates if one.what != "named")


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place with its standings. ``at`` is the latitude and longitude of the ``point`` that
    represents it, for a district that of its city; with ``None`` it is not on the map.
    """

    id: str
    name: str
    own: str
    part_of: str
    country: str
    at: tuple[float, float] | None
    point: str
    standings: tuple[Standing, ...]
    place: Place = field(default=Place(""), compare=False)

    @property
    def anchor(self) -> str:
        """Return its anchor on the page that lists all places."""
        return f"place-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office(Record):
    """An office that a person holds or held, in a body. ``of_person`` is the person's id."""

    of_person: str
    person: str
    body: str
    role: str
    dates: tuple[Statement, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the person."""
        return self.person

    @property
    def anchor(self) -> str:
        """Return the anchor of the person."""
        return f"person-{self.of_person}"

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Return its steps, without the days on which a source merely mentions it."""
        return tuple(one for one in self.dates if one.what != "named")


@dataclass(frozen=True, slots=True)
class Person:
    """A person, or an ``agency`` that holds an office, with every spelling."""

    id: str
    name: str
    spellings: tuple[str, ...]
    offices: tuple[Office, ...]
    place: Place = field(default=Place(""), compare=False)
    agency: bool = False
    name_place: Place = field(default=Place(""), compare=False)

    @property
    def anchor(self) -> str:
        """Return the anchor on the page that lists all people."""
        return f"person-{self.id}"


def country_anchor(code: str) -> str:
    """Return the anchor of a country's section, by its two letters."""
    return f"country-{code.lower()}"


@dataclass(frozen=True)
class Records:
    """All records, by kind, and the findings about their files."""

    adoptions: tuple[Adoption, ...] = ()
    places: tuple[PlaceRecord, ...] = ()
    people: tuple[Person, ...] = ()
    findings: tuple[Finding, ...] = ()

    @classmethod
    def read(cls, references: Path, catalogue: Catalogue, root: Path | None = None) -> Records:
        """Read ``references/records/``; a kind without a file has no records.

        :param root: the folder to which paths in findings are relative
        """
        found = Found(root, UNREADABLE)

        def rows(kind: str, schema: record_shapes.Schema) -> Iterator[Row]:
            path = references / "records" / f"{kind}.yaml"
            return once(found.rows(path, schema)) if path.exists() else iter(())

        adoptions = tuple(
            _adoption(row)
            for row in rows("adoptions", record_shapes.ADOPTION)
            if _in_catalogue(row, "adopts", catalogue)
        )
        places = tuple(
            _place(row)
            for row in rows("places", record_shapes.PLACE)
            if all(
                _in_catalogue(row, "standard", catalogue, "standings", number)
                for number in range(len(row.value["standings"]))
            )
        )
        people = tuple(_person(row) for row in rows("offices", record_shapes.PERSON))
        return cls(adoptions, places, people, tuple(found.findings))

    def anchors(self, block: str, home: bool) -> list[str]:
        """Return the anchors that a block of this name makes."""
        if block == "countries":
            return [*map(country_anchor, self.countries)]
        kinds: dict[str, Sequence[Adoption | PlaceRecord | Person]] = {
            "adoptions": self.adoptions,
            "places": self.places,
            "offices": self.people,
        }
        return [one.anchor for one in kinds.get(block, ()) if home]

    def selection_faults(self, block: Block, catalogue: Catalogue) -> Iterator[Finding]:
        """Yield a finding for each option of a block that selects by an unknown value (R007)."""
        standard, country = block.value("standard"), block.value("country")
        for option in ("body", "role"):
            known = sorted({getattr(one, option) for one in self.offices})
            if option in block.options and (value := block.value(option)) not in known:
                message = f"no office has the {option} {value!r}"
                yield block.finding("R007", option, message, "use one of " + "; ".join(known))
        for kind in block.value("kind").split(", ") if "kind" in block.options else ():
            if kind not in record_shapes.STANDINGS:
                message = f"{kind!r} is not a kind of standing"
                yield block.finding(
                    "R007", "kind", message, "use one of " + ", ".join(record_shapes.STANDINGS)
                )
        if "standard" in block.options and standard not in catalogue.by_reference:
            message = f"{standard!r} is not in the catalogue"
            hint = "write a reference as in references/iso/deliverables.jsonl"
            yield block.finding("R007", "standard", message, hint)
        if "country" in block.options and country not in self.countries:
            message = f"no record is of the country {country!r}"
            yield block.finding(
                "R007", "country", message, "use one of " + ", ".join(self.countries)
            )

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Return the codes of all countries that occur in records, sorted."""
        known = {one.country for one in self.adoptions} | {one.country for one in self.places}
        return tuple(sorted(known - {""}))

    @cached_property
    def offices(self) -> tuple[Office, ...]:
        """Return all offices of all people."""
        return tuple(one for person in self.people for one in person.offices)

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Return all standings of all places."""
        return tuple(one for place in self.places for one in place.standings)

    @cached_property
    def all(self) -> tuple[Record, ...]:
        """Return every record of every kind."""
        return (*self.adoptions, *self.standings, *self.offices)

    def standings_of(self, deliverable: Deliverable) -> list[Standing]:
        """Return the standings for an edition and, if it was published, those for its number where
        no source names the edition.
        """
        number = deliverable.undated_reference
        return [
            one
            for one in self.standings
            if one.standard == deliverable.reference
            or (deliverable.published and one.standard == number)
        ]

    def adoptions_of(self, deliverable: Deliverable, catalogue: Catalogue) -> list[Adoption]:
        """Return the national versions of an edition and, if it was published, those of its number
        whose edition no source names.
        """
        return [
            one
            for one in self.adoptions
            if one.adopts == deliverable.reference
            or (
                deliverable.published
                and str(deliverable.number) in one.adopts  # looking up each one costs more
                and (of := one.of(catalogue))
                and one.adopts != of.reference
                and of.number == deliverable.number
            )
        ]


def once(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows without those that repeat an earlier id, which are reported."""
    seen: set[str] = set()
    for row in rows:
        if row.value["id"] in seen:
            row.fault(("id",), f"the id {row.value['id']!r} appears twice", "write another id")
            continue
        seen.add(row.value["id"])
        yield row


def _in_catalogue(row: Row, key: str, catalogue: Catalogue, *way: str | int) -> bool:
    """Return whether the ISO text that a part of a row names is in the catalogue, or need not be;
    report it if it is missing.
    """
    part = row.value
    for step in way:
        part = part[step]
    if key not in part or part.get("outside"):
        return True
    try:
        catalogue.find(part[key])
    except CatalogueError as error:
        hint = error.hint
        number = iso_reference.number(part[key])
        if key == "adopts" and all(one.number != number for one in catalogue.deliverables):
            hint = "correct it; if the text is of another committee, add outside: true"
        row.fault((*way, key), error.problem, hint)
        return False
    return True


def _parts(row: Row, name: str) -> Iterator[tuple[Any, Row]]:
    """Yield the records within a row, each as a row of its own."""
    for number, one in enumerate(row.value[name]):
        keys = (*row.keys, name, number)
        yield one, Row(one, row.path, row.line, row.data, keys, [], row.code)


def _place(row: Row) -> PlaceRecord:
    value = row.value
    standings = [
        Standing(
            **common(part, f"{value['id']}, {one['kind']}"),
            of_place=value["id"],
            place_name=value["name"],
            kind=one["kind"],
            standard=one.get("standard", ""),
            level=one.get("level", ""),
            issuer=one.get("issuer", ""),
            dates=_statements(part, "dates"),
        )
        for one, part in _parts(row, "standings")
    ]
    return PlaceRecord(
        value["id"],
        value["name"],
        value.get("own", ""),
        value.get("part_of", ""),
        value.get("country", ""),
        (value["at"][0], value["at"][1]) if "at" in value else None,
        value.get("point", ""),
        tuple(standings),
        row.place(),
    )


def _person(row: Row) -> Person:
    value = row.value
    offices = [
        Office(
            **common(part, f"{value['id']}, {one['role']} of {one['body']}"),
            of_person=value["id"],
            person=value["name"],
            body=one["body"],
            role=one["role"],
            dates=_statements(part, "dates"),
        )
        for one, part in _parts(row, "offices")
    ]
    spellings = tuple(value.get("spellings", ()))
    return Person(
        value["id"],
        value["name"],
        spellings,
        tuple(offices),
        row.place(),
        value.get("agency", False),
        row.place("name"),
    )


def common(row: Row, name: str = "") -> dict[str, Any]:
    """Return the fields that all kinds of records share, from a row."""
    value = row.value
    return {
        "id": name or value["id"],
        "sources": tuple(value["sources"]),
        "status": Certainty(value["status"]),
        "note": value.get("note", ""),
        "place": row.place(),
        "status_place": row.place("status"),
        "cited": tuple(cited(row, value)),
    }


def cited(row: Row, value: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Place]]:
    """Yield each source key in a row: in ``sources`` and in ``given``, at any depth."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            if name == "sources":
                for number, key in enumerate(part):
                    yield key, row.place(*keys, name, number)
            elif name == "given":
                for key in part:
                    yield key, row.place(*keys, name, key, of_key=True)
            else:
                yield from cited(row, part, (*keys, name))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from cited(row, part, (*keys, number))


def _statements(row: Row, key: str) -> tuple[Statement, ...]:
    return tuple(
        Statement(
            one["what"],
            edtf.parse(one["date"]),
            tuple(one.get("sources", row.value["sources"])),
            tuple((key, edtf.parse(date)) for key, date in one.get("given", {}).items()),
            row.place(key, number, "date"),
        )
        for number, one in enumerate(row.value.get(key, ()))
    )


def _adoption(row: Row) -> Adoption:
    value, degree = row.value, row.value.get("degree", {})
    return Adoption(
        **common(row),
        adopts=value["adopts"],
        country=value["country"],
        designation=value["designation"],
        dates=_statements(row, "dates"),
        degree=Degree(degree["is"]) if "is" in degree else None,
        shown=degree.get("shown", ""),
        degree_sources=tuple(degree.get("sources", value["sources"] if degree else ())),
        language=value.get("language", ""),
        title=value.get("title", ""),
        route=value.get("route", "direct"),
        replaced_by=value.get("replaced_by", ""),
        outside=value.get("outside", False),
    )
