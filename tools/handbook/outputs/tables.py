"""The handbook's data as tables: CSV, JSON with its schema, citations. Nothing here reads a clock:
the same data give the same bytes.

The field tables below are the model: CSV columns, JSON Schema and the tables on the data page are
all derived from them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from handbook.model import profile_shapes, record_shapes
from handbook.model.bibliography import Source
from handbook.model.catalogue import Catalogue, RelationKind, State, Status
from handbook.model.edtf import Precision
from handbook.model.marks import Marks
from handbook.model.milestones import Milestone, MilestoneKind
from handbook.model.profiles import Profiles, Tag
from handbook.model.records import Adoption, Certainty, Degree, Person, PlaceRecord, Statement
from handbook.model.strands import MilestoneStatus, Strand
from handbook.outputs.reference_managers import ris_record

#: The licence's own attribution sentence for the catalogue.
ATTRIBUTION = (
    "Contains information from ISO Open Data, made available under the ODC Attribution License"
)
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


def _(text: str) -> str:
    """Mark words that are translated where they are shown: this room does not know Sphinx."""
    return text


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an export: its name, its JSON Schema, and a sentence for the data page."""

    name: str
    schema: Mapping[str, Any]
    meaning: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A milestone with the address of its text (relative to the site's root) and the text without
    markup.
    """

    milestone: Milestone
    address: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """``base`` is the site's address with a closing slash, or empty where it is not known; ``day``
    is the day of the edition.

    :param language: that of its words, as BCP 47 writes it
    :param date_as_known: what a calendar says of a date that is no day, with a gap for it
    :param marks: the punctuation of that language
    :param citation: how its text is cited, with gaps
    :param labels: what readers call the categories of feeds and calendars, by their codes
    """

    title: str
    edition: str
    day: date
    base: str = ""
    language: str = "en"
    date_as_known: str = "Date as known: %s (EDTF). "
    marks: Marks = field(default_factory=Marks)
    citation: str = "“%(title)s”. %(site)s, edition %(edition)s. %(address)s. Read %(day)s."
    labels: Mapping[str, str] = field(default_factory=dict)

    def link(self, address: str, file: str = "") -> str:
        """Return an address as seen from a file in ``data/``.

        :param file: the file, if it is in a subfolder
        """
        up = "../" * (file.count("/") + 1)
        return f"{self.base}{address}" if self.base else f"{up}{address}"


_STRING: Mapping[str, Any] = {"type": "string", "minLength": 1}
_OPTIONAL: Mapping[str, Any] = {"type": ["string", "null"]}
_DAY: Mapping[str, Any] = {"type": ["string", "null"], "format": "date"}
_EDTF: Mapping[str, Any] = {
    "type": ["string", "null"],
    "description": "Extended Date/Time Format, ISO 8601-2",
}
_STRINGS: Mapping[str, Any] = {"type": "array", "items": _STRING}
_GIVEN: Mapping[str, Any] = {
    "type": "object",
    "properties": {"source": _STRING, "date": _STRING},
    "required": ["source", "date"],
    "additionalProperties": False,
}

MILESTONE_FIELDS = (
    Field(
        "name",
        {"type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"},
        _("the permanent id; also the anchor on the page and the calendar's UID"),
    ),
    Field("title", _STRING, _("what happened, in a short sentence")),
    Field(
        "date",
        {**_EDTF, "type": "string"},
        _("the date as precise as its source (EDTF): `2017-06` is a month, `2016?` is uncertain"),
    ),
    Field(
        "precision",
        {"enum": [precision.name.lower() for precision in Precision if precision]},
        _("how exact `date` is; of a span, its more exact end"),
    ),
    Field(
        "earliest",
        _DAY,
        _("the first day the date can mean; empty where the start is open or not known"),
    ),
    Field(
        "latest",
        _DAY,
        _("the last day the date can mean; empty where the end is open or not known"),
    ),
    Field(
        "strands",
        {"type": "array", "items": {"enum": [str(strand) for strand in Strand]}, "minItems": 1},
        _("the lanes of the timeline"),
    ),
    Field(
        "status",
        {"enum": [str(status) for status in MilestoneStatus]},
        _("whether it took place as told"),
    ),
    Field(
        "kind",
        {"enum": [str(kind) for kind in MilestoneKind]},
        _("a meeting has the bodies that met"),
    ),
    Field("bodies", _STRINGS, _("who met")),
    Field(
        "number",
        {"type": ["integer", "null"], "minimum": 1},
        _("the number of the meeting in the series of the first body, if a source gives it"),
    ),
    Field("place", _OPTIONAL, _("where it happened, if the page says so")),
    Field(
        "sources", {**_STRINGS, "minItems": 1}, _("keys of the sources, as in the sources' table")
    ),
    Field(
        "given",
        {"type": "array", "items": _GIVEN},
        _(
            "the sources that give another date, or a less exact one, and the date (EDTF); `XXXX`:"
            " none"
        ),
    ),
    Field("address", _OPTIONAL, _("page and anchor that tell the story, from the site's root")),
    Field("text", {"type": "string"}, _("the story without markup and citations")),
)
SOURCE_FIELDS = (
    Field("key", _STRING, _("the permanent key")),
    Field("label", _STRING, _("how the pages cite it")),
    Field("title", _STRING, _("the title in its own language; in square brackets if it is ours")),
    Field("gloss", _OPTIONAL, _("an English gloss of the title")),
    Field("publisher", _STRING, _("who published it")),
    Field("date", _EDTF, _("the date it gives (EDTF); empty if it gives none")),
    Field("language", _STRING, _("BCP 47 tag")),
    Field(
        "tier", {"enum": ["primary", "press", "secondary"]}, _("how close it is to what it reports")
    ),
    Field("url", _OPTIONAL, _("where it was read; empty where the publication is only named")),
    Field("read", _EDTF, _("when it was read (EDTF)")),
    Field("note", _OPTIONAL, _("a remark")),
)
DELIVERABLE_FIELDS = (
    Field("id", {"type": "integer"}, _("the number in `https://www.iso.org/standard/ID.html`")),
    Field("reference", _STRING, _("the reference, for example `ISO 37101:2016`")),
    Field("title", _STRING, _("the English title")),
    Field(
        "deliverableType",
        {"type": "string", "pattern": "^[A-Z]+$"},
        _(
            "ISO's code of the kind: `IS` International Standard, `TS` Technical Specification, "
            "`TR` Technical Report, `PAS` Publicly Available Specification, and others"
        ),
    ),
    Field(
        "publicationDate",
        _EDTF,
        _("the day, or the month where no day is known; empty before publication"),
    ),
    Field("edition", {"type": ["integer", "null"]}, _("the number of the edition")),
    Field("icsCode", _STRINGS, _("classes of the International Classification for Standards")),
    Field("ownerCommittee", _STRING, _("the committee that keeps the document")),
    Field("family", _OPTIONAL, _("this handbook's own grouping")),
    Field(
        "status",
        {"enum": [str(status) for status in Status]},
        _("derived by this handbook from the stage"),
    ),
    Field(
        "state",
        {"enum": [str(state) for state in State]},
        _("the stage in plain words, finer than the status"),
    ),
    Field(
        "currentStage",
        {"type": "string", "pattern": "^[0-9]{2}\\.[0-9]{2}$"},
        _("the stage code on the day of the extract"),
    ),
    Field("replaces", _STRINGS, _("references of older documents")),
    Field("replacedBy", _STRINGS, _("references of newer documents")),
    *(
        Field(name, _STRINGS, meaning)
        for name, meaning in (
            ("buildsOn", _("references it builds on, in this handbook's reading")),
            ("guidesUseOf", _("references whose use it guides, in this handbook's reading")),
            (
                "supplements",
                _("references it is meant to be used beside, in this handbook's reading"),
            ),
        )
    ),
    Field("url", _STRING, _("ISO's page")),
)
_STATEMENT: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "what": _STRING,
        "date": _STRING,
        "sources": _STRING,
        "given": {"type": "string"},
    },
    "required": ["what", "date", "sources", "given"],
    "additionalProperties": False,
}
#: Fields of several kinds of records.
_DATES = Field(
    "dates",
    {"type": "array", "items": _STATEMENT},
    _("what happened, when (EDTF), the keys of its sources, and what single sources say instead"),
)
_SURE = Field("status", {"enum": [*Certainty]}, _("how sure it is"))
_END = (
    Field("sources", {**_STRINGS, "minItems": 1}, _("keys of the sources")),
    Field("note", _OPTIONAL, _("a remark")),
)
ADOPTION_FIELDS = (
    Field("id", _STRING, _("the permanent id; `adoption-` and the id is the anchor on the page")),
    Field("adopts", _STRING, _("the ISO text; without a year where no source names the edition")),
    Field("country", {"type": "string", "pattern": "^[A-Z]{2}$"}, _("the country, in ISO 3166-1")),
    Field("designation", _STRING, _("the national number")),
    Field("title", _OPTIONAL, _("the title on the national text")),
    Field("language", _OPTIONAL, _("the language of the national text")),
    _DATES,
    Field("degree", {"enum": [*Degree, None]}, _("how close it is, if a source shows it")),
    Field("shown", _OPTIONAL, _("where the degree stands, or what was read in place of it")),
    Field("degreeSources", _STRINGS, _("keys of the sources for the degree")),
    Field("route", {"enum": ["direct", "EN"]}, _("`EN`: by way of a European Standard")),
    Field("replacedBy", _OPTIONAL, _("the id of the national text that replaced it")),
    Field("status", {"enum": [*Certainty]}, _("how sure the record is")),
    *_END,
)
_NUMBER: Mapping[str, Any] = {"type": ["number", "null"]}
PLACE_FIELDS = (
    Field("id", _STRING, _("the permanent id of the place; `place-` and the id is the anchor")),
    Field("name", _STRING, _("the name in English")),
    Field("own", _OPTIONAL, _("the name in the place's own script, where a source gives it")),
    Field("partOf", _OPTIONAL, _("what it belongs to")),
    Field("country", _OPTIONAL, _("the country, in ISO 3166-1, where a source gives it")),
    Field("latitude", _NUMBER, _("the latitude of `point`; empty where it is not on the map")),
    Field("longitude", _NUMBER, _("the longitude of `point`")),
    Field("point", _OPTIONAL, _("the populated place of Natural Earth that stands for it")),
    Field("kind", {"enum": [*record_shapes.STANDINGS]}, _("what the place is")),
    Field(
        "standard", _OPTIONAL, _("the ISO text; without a year where no source names the edition")
    ),
    Field("level", _OPTIONAL, _("the level of a certificate")),
    Field("issuer", _OPTIONAL, _("who issued it")),
    _DATES,
    _SURE,
    *_END,
)
OFFICE_FIELDS = (
    Field("id", _STRING, _("the permanent id of the person; `person-` and the id is the anchor")),
    Field("name", _STRING, _("the person, or the body that holds the office")),
    Field("spellings", _STRINGS, _("every other form of the name that sources print")),
    Field("body", _STRING, _("the body of the office")),
    Field("role", _STRING, _("the office")),
    Field(
        "dates",
        {"type": "array", "items": _STATEMENT},
        _(
            "since when, until when, and when a source knows it (EDTF), each with keys of its"
            " sources"
        ),
    ),
    _SURE,
    *_END,
)
_BASIS: Mapping[str, Any] = {
    "type": "object",
    "properties": {"of": _STRING, "sources": {"type": "string"}, "ours": {"type": "string"}},
    "required": ["of", "sources", "ours"],
    "additionalProperties": False,
}
_SERVICE: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "want": _STRING,
        "weight": {"enum": ["1", "2", "3"]},
        "why": _STRING,
        "sources": {"type": "string"},
        "ours": {"type": "string"},
    },
    "required": ["want", "weight", "why", "sources", "ours"],
    "additionalProperties": False,
}
PROFILE_FIELDS = (
    Field("reference", _STRING, _("the deliverable, as in the table of standards")),
    Field(
        "kind", {"enum": [*profile_shapes.KINDS, profile_shapes.NOT_KNOWN]}, _("the kind of text")
    ),
    Field(
        "claim",
        {"enum": [*profile_shapes.CLAIMS, profile_shapes.NOT_KNOWN]},
        _(
            "what can be claimed: `possible` that requirements are met, `method` that figures"
            " follow its method, `none` nothing"
        ),
    ),
    Field("schemes", _STRINGS, _("by whose scheme a claim is attested")),
    Field(
        "level",
        {"enum": [*profile_shapes.LEVELS, profile_shapes.NOT_KNOWN]},
        _("at which level it works"),
    ),
    Field("users", _STRINGS, _("ids of roles: who works with it")),
    Field(
        "purposes", _STRINGS, _("the purposes of ISO 37101 that it serves most; `all`, or `none`")
    ),
    Field("issues", _STRINGS, _("the issues of ISO 37101 that it serves most; `all`, or `none`")),
    Field(
        "serves",
        {"type": "array", "items": _SERVICE},
        _(
            "ids of wants, each with a weight (3 made for it, 2 helps, 1 background) and one"
            " sentence why"
        ),
    ),
    Field("languages", _STRINGS, _("the languages of ISO's text, where a source says so")),
    Field("pages", _OPTIONAL, _("the pages of the text, where a source says so")),
    Field("preview", _OPTIONAL, _("`yes`, where a source shows the beginning free of charge")),
    Field("sdgs", _STRINGS, _("Sustainable Development Goals, where a source says so")),
    Field(
        "changed", _OPTIONAL, _("what changed against the edition before, as far as it is known")
    ),
    Field(
        "basis",
        {"type": "array", "items": _BASIS},
        _("on what each field rests: keys of sources, or one reason of ours"),
    ),
)
_SHORT: Mapping[str, Any] = {
    "type": "object",
    "properties": {"role": {"type": "string"}, "texts": _STRING},
    "required": ["role", "texts"],
    "additionalProperties": False,
}
WANT_FIELDS = (
    Field("id", _STRING, _("the permanent id, also in the finder's addresses")),
    Field("group", _STRING, _("what it stands under")),
    Field("name", _STRING, _('ends the sentence "We want to ..."')),
    Field(
        "lists",
        {"type": "array", "items": _SHORT},
        _(
            "for each role (empty: nobody in particular) the references to read, in this order,"
            " separated by commas"
        ),
    ),
)
_TOTAL: Mapping[str, Any] = {
    "type": "object",
    "properties": {"number": {"type": "string"}, "by": _STRING, "sources": {"type": "string"}},
    "required": ["number", "by", "sources"],
    "additionalProperties": False,
}
_THEME: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "theme": {"enum": list(profile_shapes.THEMES)},
        "number": {"type": "string"},
        "core": {"type": "string"},
        "called": {"type": "string"},
    },
    "required": ["theme", "number", "core", "called"],
    "additionalProperties": False,
}
INDICATOR_FIELDS = (
    Field("set", _STRING, _("the text or the programme, as readers call it")),
    Field(
        "counts",
        {"type": "array", "items": _TOTAL},
        _(
            "how many indicators it has, by whom, and the keys of the sources; none, if nobody"
            " counts"
        ),
    ),
    Field(
        "themes",
        {"type": "array", "items": _THEME},
        _(
            "its themes in the words of ISO 37120:2018 (`called`: its own), each with the number of"
            " indicators and of those that every city is to report, empty if unknown"
        ),
    ),
    Field("basis", _STRING, _("on what the themes rest, or why they are unknown")),
    Field("sources", _STRINGS, _("keys of the sources of the themes")),
)
#: The tables by name, in the order of the data page.
TABLES: Mapping[str, Sequence[Field]] = {
    "milestones": MILESTONE_FIELDS,
    "deliverables": DELIVERABLE_FIELDS,
    "sources": SOURCE_FIELDS,
    "adoptions": ADOPTION_FIELDS,
    "places": PLACE_FIELDS,
    "offices": OFFICE_FIELDS,
    "profiles": PROFILE_FIELDS,
    "wants": WANT_FIELDS,
    "indicators": INDICATOR_FIELDS,
}
#: The content of each table in one sentence, for schemas and search engines.
ABOUT: Mapping[str, str] = {
    "milestones": _(
        "Dated events of ISO/TC 268, its standards, the ISSCC, Hangzhou and their"
        " neighbours, each with its sources and as precise as they are."
    ),
    "deliverables": _(
        "The standards and drafts of ISO/TC 268 and its subcommittees in ISO's open"
        " catalogue, with stage, edition and what replaces what."
    ),
    "sources": _(
        "The sources that the handbook cites, each with its date, its language and"
        " how close it is to what it reports."
    ),
    "adoptions": _(
        "National versions of the standards of ISO/TC 268 and its subcommittees, each"
        " with its number, dates, degree and sources."
    ),
    "places": _(
        "Places that are members of the ISSCC, pilots, users or holders of a"
        " certificate on standards of ISO/TC 268, one row for each thing that a place"
        " is."
    ),
    "offices": _(
        "Who chairs, leads and serves ISO/TC 268, the ISSCC and their neighbours,"
        " with the days for which a source knows it."
    ),
    "profiles": _(
        "What each standard and draft of ISO/TC 268 and its subcommittees is for:"
        " kind, claim, level, users, purposes, issues and wants, each with its sources"
        " or marked as this handbook's own."
    ),
    "wants": _("What people want, and what to read for it in which order, by who they are."),
    "indicators": _(
        "Sets of indicators for cities: how many indicators each has and who counted"
        " them, in all and theme by theme."
    ),
}


def milestone_rows(facts: Iterable[Fact]) -> list[dict[str, Any]]:
    """Return one object for each milestone, by date."""
    return [
        {
            "name": fact.milestone.name,
            "title": fact.milestone.title,
            "date": fact.milestone.date.text,
            "precision": fact.milestone.date.precision.name.lower(),
            "earliest": _known(fact.milestone.date.earliest, date.min),
            "latest": _known(fact.milestone.date.latest, date.max),
            "strands": [str(strand) for strand in fact.milestone.strands],
            "status": str(fact.milestone.status),
            "kind": str(fact.milestone.kind),
            "bodies": list(fact.milestone.bodies),
            "number": fact.milestone.number,
            "place": fact.milestone.place,
            "sources": list(fact.milestone.sources),
            "given": [{"source": key, "date": given.text} for key, given in fact.milestone.given],
            "address": fact.address,
            "text": fact.text,
        }
        for fact in facts
    ]


def _known(day: date, unknown: date) -> str | None:
    """Return the day, unless it represents an end that nobody knows."""
    return None if day == unknown else day.isoformat()


def deliverable_rows(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return one object for each deliverable, in the catalogue's order, with ISO Open Data's field
    names where it has them.
    """
    rows = []
    for deliverable in catalogue.deliverables:
        family = catalogue.family_of(deliverable)

        def others(kind: RelationKind, reference: str = deliverable.reference) -> list[str]:
            return [
                relation.target
                for relation in catalogue.relations
                if relation.source == reference and relation.kind is kind
            ]

        values = (
            deliverable.id,
            deliverable.reference,
            deliverable.title["en"],
            deliverable.deliverable_type,
            deliverable.published.text if deliverable.published else None,
            deliverable.edition,
            list(deliverable.ics),
            deliverable.committee,
            family.id if family else None,
            str(deliverable.status),
            str(deliverable.state),
            deliverable.stage,
            [
                catalogue.by_id[id_].reference
                for id_ in deliverable.replaces
                if id_ in catalogue.by_id
            ],
            [
                catalogue.by_id[id_].reference
                for id_ in deliverable.replaced_by
                if id_ in catalogue.by_id
            ],
            *(others(kind) for kind in RelationKind),
            deliverable.url,
        )
        rows.append(
            {field.name: value for field, value in zip(DELIVERABLE_FIELDS, values, strict=True)}
        )
    return rows


def source_rows(sources: Iterable[Source], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return one object for each source, by key."""
    return [
        {
            "key": source.key,
            "label": labels[source.key],
            "title": source.title,
            "gloss": source.gloss,
            "publisher": source.publisher,
            "date": None if source.date.is_unknown else source.date.text,
            "language": source.language,
            "tier": str(source.tier),
            "url": source.url,
            "read": source.read.text if source.read else None,
            "note": source.note,
        }
        for source in sorted(sources, key=lambda source: source.key)
    ]


def _statements(said: Iterable[Statement]) -> list[dict[str, str]]:
    return [
        {
            "what": one.what,
            "date": one.date.text,
            "sources": " ".join(one.sources),
            "given": " ".join(f"{key}={date.text}" for key, date in one.given),
        }
        for one in said
    ]


def adoption_rows(adoptions: Iterable[Adoption]) -> list[dict[str, Any]]:
    """Return one object for each national version, in the order of the file."""
    return [
        {
            "id": one.id,
            "adopts": one.adopts,
            "country": one.country,
            "designation": one.designation,
            "title": one.title or None,
            "language": one.language or None,
            "dates": _statements(one.dates),
            "degree": one.degree,
            "shown": one.shown or None,
            "degreeSources": list(one.degree_sources),
            "route": one.route,
            "replacedBy": one.replaced_by or None,
            "status": str(one.status),
            "sources": list(one.sources),
            "note": one.note or None,
        }
        for one in adoptions
    ]


def place_rows(places: Iterable[PlaceRecord]) -> list[dict[str, Any]]:
    """Return one object for each standing of a place, by place."""
    return [
        {
            "id": place.id,
            "name": place.name,
            "own": place.own or None,
            "partOf": place.part_of or None,
            "country": place.country or None,
            "latitude": place.at[0] if place.at else None,
            "longitude": place.at[1] if place.at else None,
            "point": place.point or None,
            "kind": one.kind,
            "standard": one.standard or None,
            "level": one.level or None,
            "issuer": one.issuer or None,
            "dates": _statements(one.dates),
            "status": str(one.status),
            "sources": list(one.sources),
            "note": one.note or None,
        }
        for place in places
        for one in place.standings
    ]


def office_rows(people: Iterable[Person]) -> list[dict[str, Any]]:
    """Return one object for each office, by person."""
    return [
        {
            "id": person.id,
            "name": person.name,
            "spellings": list(person.spellings),
            "body": one.body,
            "role": one.role,
            "dates": _statements(one.dates),
            "status": str(one.status),
            "sources": list(one.sources),
            "note": one.note or None,
        }
        for person in people
        for one in person.offices
    ]


def profile_rows(profiles: Profiles, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return one object for each profile, in the catalogue's order."""
    rows = []
    for deliverable in catalogue.deliverables:
        if not (one := profiles.by_reference.get(deliverable.reference)):
            continue
        tags: dict[str, Tag] = {
            name: tag
            for name in (
                *("kind", "claim", "level", "users", "purposes", "issues"),
                *("languages", "pages", "preview", "sdgs", "changed"),
            )
            if (tag := getattr(one, name))
        }
        tags |= {f"scheme {scheme.value}": scheme for scheme in one.schemes}
        rows.append(
            {
                "reference": one.of,
                "kind": one.kind.value,
                "claim": one.claim.value,
                "schemes": [scheme.value for scheme in one.schemes],
                "level": one.level.value,
                "users": list(one.users.values),
                "purposes": list(one.purposes.values),
                "issues": list(one.issues.values),
                "serves": [
                    {
                        "want": service.want,
                        "weight": str(service.weight),
                        "why": service.why,
                        "sources": " ".join(service.sources),
                        "ours": service.ours,
                    }
                    for service in one.serves
                ],
                "languages": list(one.languages.values) if one.languages else [],
                "pages": one.pages.value if one.pages else None,
                "preview": one.preview.value if one.preview else None,
                "sdgs": list(one.sdgs.values) if one.sdgs else [],
                "changed": one.changed.value if one.changed else None,
                "basis": [
                    {"of": name, "sources": " ".join(tag.sources), "ours": tag.ours}
                    for name, tag in tags.items()
                ],
            }
        )
    return rows


def want_rows(profiles: Profiles, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return one object for each want, in the order of the finder."""
    return [
        {
            "id": want.id,
            "group": want.group,
            "name": want.name,
            "lists": [
                {
                    "role": role,
                    "texts": ", ".join(
                        one.reference for one in profiles.ranked(catalogue, want.id, role)
                    ),
                }
                for role in ("", *(role.id for role in profiles.roles))
            ],
        }
        for want in profiles.wants
    ]


def indicator_rows(profiles: Profiles) -> list[dict[str, Any]]:
    """Return one object for each set of indicators."""

    def known(number: int | None) -> str:
        return "" if number is None else str(number)

    return [
        {
            "set": one.name,
            "counts": [
                {"number": str(count.number), "by": count.by, "sources": " ".join(count.sources)}
                for count in one.counts
            ],
            "themes": [
                {
                    "theme": theme.name,
                    "number": known(theme.number),
                    "core": known(theme.core),
                    "called": theme.called,
                }
                for theme in one.themes
            ],
            "basis": one.basis,
            "sources": list(one.sources),
        }
        for one in profiles.sets
    ]


def geojson(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the rows of places as GeoJSON (RFC 7946); places that are not on the map have no
    geometry.
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
                if row["latitude"] is not None
                else None,
                "properties": {
                    name: value
                    for name, value in row.items()
                    if name not in {"latitude", "longitude"}
                },
            }
            for row in rows
        ],
    }


def schema(name: str, say: Callable[[str], str] = str) -> dict[str, Any]:
    """Return the JSON Schema of ``data/NAME.json``, with its explanations in the language of
    ``say``.
    """
    fields = TABLES[name]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "description": say(ABOUT[name]),
        "$comment": say(_IN_CSV),
        "type": "object",
        "required": ["edition", "license", name],
        "properties": {
            "edition": _STRING,
            "license": _STRING,
            "attribution": _STRING,
            "asOf": _STRING,
            name: {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [field.name for field in fields],
                    "properties": {
                        field.name: {**field.schema, "description": say(field.meaning)}
                        for field in fields
                    },
                },
            },
        },
        "additionalProperties": False,
    }


def as_json(value: Any) -> str:
    """Return JSON that people can read, with a final newline."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


#: Where a spreadsheet may see the beginning of a cell (separators depend on its language), before a
#: character that makes it a formula there; also the full-width forms of Chinese and Japanese
#: keyboards.
_FORMULA = r"(?:\A|(?<=[,;\t\r\n\"]))([^\S\t\r\n]*){}(?='*[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20])"
_HARMFUL = re.compile(_FORMULA.format(""))
_HARMLESS = re.compile(_FORMULA.format("'"))
#: The note on this in the schemas.
_IN_CSV = _(
    "In the CSV file an apostrophe stands before each =, +, -, @, tab or line end with which a"
    " spreadsheet could begin a formula: at the beginning of a cell and after a comma, a semicolon"
    " or a quotation mark in it. Delete one apostrophe there to get the text as it is here."
)


def harmless(text: str) -> str:
    """Return the text of a cell in a form that no spreadsheet takes for a formula, as OWASP
    advises.

    :func:`as_it_was` reverses it.
    """
    return _HARMFUL.sub(r"\1'", text)


def as_it_was(cell: str) -> str:
    """Return the text from which :func:`harmless` made the cell."""
    return _HARMLESS.sub(r"\1", cell)


def as_csv(fields: Sequence[Field], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return comma-separated values with the byte order mark by which spreadsheets recognise UTF-8.

    Lists are joined by ``; ``, the values of an object in them by ``=``.
    """

    def cell(value: Any) -> Any:
        if isinstance(value, list):
            value = "; ".join(
                "=".join(item.values()) if isinstance(item, dict) else item for item in value
            )
        return harmless(value) if isinstance(value, str) else value

    text = io.StringIO()
    names = [field.name for field in fields]
    csv.writer(text, lineterminator="\r\n").writerow(names)
    # in quotation marks, so that no separator within a cell begins another one
    writer = csv.DictWriter(text, names, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow({name: cell(value) for name, value in row.items()})
    return "\ufeff" + text.getvalue()


#: Characters that stay as they are in an address: all of its own, except those that BibTeX
#: interprets.
_ADDRESS = ":/?#[]@!$&'()*+,;=%~"
#: Characters that BibTeX interprets. Braces are written as commands: BibTeX counts them even after
#: a backslash.
_BIBTEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\lbrace{}",
        "}": r"\rbrace{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{character: f"\\{character}" for character in "#$%&_"},
    }
)


def _bibtex(text: str) -> str:
    """Return the text as the value of a field: it can neither end the field nor call a command."""
    return " ".join(text.split()).translate(_BIBTEX)


#: Placeholders for the day of reading, with hyphens and with slashes: characters that no text
#: contains.
TODAY, TODAY_SLASHED = "\ufdd0", "\ufdd1"


def citation(fact: Fact, site: Site) -> dict[str, str]:
    """Return how to cite one milestone: as text, BibTeX, CSL-JSON and RIS, with ``TODAY`` for the
    day of reading.
    """
    milestone = fact.milestone
    address = f"{site.base}{fact.address}"
    text = site.citation % {
        "title": milestone.title,
        "site": site.title,
        "edition": site.edition,
        "address": address,
        "day": TODAY,
    }
    bibtex = "\n".join(
        [
            f"@online{{{milestone.name},",
            f"  title        = {{{_bibtex(milestone.title)}}},",
            f"  organization = {{{_bibtex(site.title)}}},",
            f"  version      = {{{site.edition}}},",
            f"  date         = {{{site.day.isoformat()}}},",
            f"  langid       = {{{site.language}}},",
            f"  url          = {{{quote(address, safe=_ADDRESS)}}},",
            f"  urldate      = {{{TODAY}}},",
            "}",
        ]
    )
    csl_json = json.dumps(
        {
            "id": milestone.name,
            "type": "webpage",
            "title": milestone.title,
            "container-title": site.title,
            "language": site.language,
            "version": site.edition,
            "issued": {"date-parts": [[site.day.year, site.day.month, site.day.day]]},
            "accessed": {"raw": TODAY},
            "URL": address,
        },
        ensure_ascii=False,
    )
    ris = ris_record(
        [
            ("TY", "ELEC"),
            ("ID", milestone.name),
            ("TI", milestone.title),
            ("T2", site.title),
            ("LA", site.language),
            ("ET", site.edition),
            ("DA", f"{site.day:%Y/%m/%d}/"),
            ("Y2", f"{TODAY_SLASHED}/"),
            ("UR", address),
        ]
    )
    return {"text": text, "BibTeX": bibtex, "CSL-JSON": csl_json, "RIS": ris}
