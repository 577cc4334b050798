"""The form of data files and of the front matter of pages: JSON Schema, with the keywords of
:mod:`handbook.model.placed`.

All schemas are closed: an update leaves fields that ISO Open Data adds out of the extract.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_TEXT = {"type": "string", "minLength": 1, "hint": 'write it as text in quotation marks: "..."'}
_NUMBER = {
    "type": "integer",
    "minimum": 1,
    "maximum": 999_999_999,
    "hint": "write a number from 1 to 999999999, without quotation marks: a number",
}
_TITLE = {
    "type": "object",
    "required": ["en"],
    "properties": {"en": _TEXT},
    "additionalProperties": {"type": ["string", "null"]},
}
_IDS = {"type": ["array", "null"], "items": _NUMBER}
_BODY = {
    "type": "object",
    "required": ["acronym"],
    "properties": {"acronym": _TEXT, "id": _NUMBER},
    "additionalProperties": False,
}
_BODIES = {"type": ["array", "null"], "items": _BODY}
_REFERENCE = {
    "type": "string",
    "form": "iso",
    "hint": 'write a reference as a text in quotation marks: "ISO 37101:2016"',
}


def _row(properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def _closed(properties: Mapping[str, Any], optional: tuple[str, ...] = ()) -> Schema:
    return {**_row(properties, optional), "additionalProperties": False}


DELIVERABLE = _closed(
    {
        "id": _NUMBER,
        "reference": _REFERENCE,
        "title": {**_TITLE, "properties": {"en": {**_TEXT, "readers": True}}},
        # the types of ISO Open Data
        "deliverableType": {
            "enum": ["IS", "TS", "TR", "PAS", "GUIDE", "IWA", "ISP", "R", "TTA", "DATA"]
        },
        "supplementType": {"enum": ["Amd", "Cor", "Add", "Suppl", None]},
        "publicationDate": {
            "type": ["string", "null"],
            "edtf": True,
            "pattern": "^(1[89]|2[01])",
            "hint": "write a date as a text in quotation marks, of a year from 1800 to 2199",
        },
        "edition": {
            **_NUMBER,
            "type": ["integer", "null"],
            "maximum": 999,
            "hint": "write a number from 1 to 999, without quotation marks: a number",
        },
        "icsCode": {
            "type": ["array", "null"],
            "items": {
                "type": "string",
                "pattern": r"^\d\d(\.\d{3}(\.\d\d)?)?$",
                "hint": 'write a class of the ICS: "13.020.20"',
            },
        },
        "ownerCommittee": _TEXT,
        "currentStage": {"type": "integer"},
        "replaces": _IDS,
        "replacedBy": _IDS,
    }
)
COMMITTEE = _closed(
    {
        "id": _NUMBER,
        "reference": _TEXT,
        "title": _TITLE,
        "secretariat": _BODY,
        "creationDate": {"type": "string", "edtf": True},
        "pMembers": _BODIES,
        "oMembers": _BODIES,
        "parentId": {**_NUMBER, "type": ["integer", "null"]},
        "status": _TEXT,
        "childrenId": _IDS,
        "committeeLiaisons": {"type": ["array", "null"]},
        "organizationLiaisons": {"type": ["array", "null"]},
        "sortKey": {"type": ["string", "null"]},
    },
    optional=("status", "childrenId", "committeeLiaisons", "organizationLiaisons", "sortKey"),
)
OBSERVATIONS = _closed(
    {
        "id": _NUMBER,
        "observations": {
            "type": "array",
            "items": _closed(
                {
                    "observed": {"type": "string", "day": True},
                    "stage": {"type": "string"},
                    "reference": _REFERENCE,
                }
            ),
        },
        "reference": _REFERENCE,
    },
    optional=("reference",),
)
#: A correction of ISO's data. The fields of each file are looked up by its name.
CORRECTED = {
    "deliverables": tuple(name for name in DELIVERABLE["properties"] if name != "id"),
    "committees": tuple(name for name in COMMITTEE["properties"] if name != "id"),
}
OVERRIDE = _closed(
    {
        "id": _NUMBER,
        "field": _TEXT,
        "iso": {"type": ["string", "integer", "array", "object", "null"]},
        "value": {"type": ["string", "integer", "array", "object", "null"]},
        "reason": _TEXT,
        "source": _TEXT,
        "file": {"enum": list(CORRECTED)},
    },
    optional=("file",),
)
STAGES = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {**_TEXT, "readers": True},
}
_FILES = {
    name: {"type": "string", "edtf": True}
    for name in ("deliverables", "committees", "observations")
}
EXTRACT = _closed(
    {
        "as_of": _closed(_FILES, optional=("committees", "observations")),
        "sources": _closed({name: {"type": "string"} for name in _FILES}, optional=tuple(_FILES)),
        "committees": {"type": "array", "items": {"type": "string"}},
    },
    optional=("sources", "committees"),
)
FAMILY = _closed(
    {
        "id": {
            "type": "string",
            "form": "id",
            "hint": "write lower-case words joined by hyphens",
        },
        "title": {**_TEXT, "readers": True},
        "members": {"type": "array"},
    }
)
RELATION = _closed(
    {
        "from": {"type": "string"},
        "to": {"type": "string"},
        "relation": {"enum": ["builds-on", "guides-use-of", "supplements"]},
        "sources": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 1,
            "uniqueItems": True,
            "hint": "write a list of one or more keys of references/*.bib: [a key, ...]",
        },
    }
)
#: A line of the ledger of facts.
FACT = _closed(
    {
        "kind": {"enum": ["milestones", "adoptions", "places", "offices"]},
        "id": _TEXT,
        "title": _TEXT,
        "added": {"type": "string", "day": True},
        "corrected": {"type": "string", "day": True},
        "changed": {"type": "array", "items": _TEXT, "minItems": 1},
        "withdrawn": {"type": "string", "day": True},
        "fields": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "string"},
        },
    },
    optional=("corrected", "changed", "withdrawn"),
)


_TRUE = {"enum": [True], "hint": "write true, or leave it out"}
_WORDS = {"type": "string", "minLength": 1}
#: The values in the front matter of a page, by their names. Other rules cover ``reviewed``,
#: ``review-months`` and ``exceptions``.
FRONT_MATTER: Mapping[str, Schema] = {
    "description": {
        "type": "string",
        "minLength": 20,
        "maxLength": 160,
        "hint": "write one sentence of 20 to 160 characters",
    },
    "search": {
        **_WORDS,
        "hint": 'write a text of words separated by commas: "pilot city, pilot"',
    },
    "next": {
        "type": ["array", "string"],
        "items": _WORDS,
        "minItems": 1,
        "uniqueItems": True,
        "hint": "name pages by their paths below docs/ without .md: [timeline, club/index]",
    },
    "page-sources": {"enum": ["none"], "hint": "write none, or leave it out"},
    "hide-toc": _TRUE,
    "orphan": _TRUE,
    "nosearch": _TRUE,
    "tocdepth": {"type": "integer", "minimum": 1, "hint": "write a number from 1 on"},
}
#: CITATION.cff of version 1.2.0, with the fields that a data set may have there.
_OF_CITATION = (
    "abstract contact doi identifiers keywords license-url preferred-citation references repository"
    " repository-code url commit"
)
CITATION = _closed(
    {
        "cff-version": {"enum": ["1.2.0"]},
        "message": _TEXT,
        "title": _TEXT,
        "type": {"enum": ["dataset", "software"]},
        "authors": {
            "type": "array",
            "minItems": 1,
            "hint": "write one or more lines such as - name: The contributors",
            "items": {"type": "object", "minProperties": 1, "additionalProperties": _TEXT},
        },
        "version": _TEXT,
        "date-released": {"type": "string", "day": True},
        "license": _TEXT,
        **{name: {} for name in _OF_CITATION.split()},
        "keywords": {"type": "array", "items": _TEXT},
    },
    optional=("type", "version", "date-released", "license", *_OF_CITATION.split()),
)
