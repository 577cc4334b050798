"""The form of the records in ``references/records/``: JSON Schema, with the keywords of
:mod:`handbook.model.placed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

TEXT = {"type": "string", "minLength": 1, "hint": 'write it as text in quotation marks: "..."'}
#: Words that readers see, and that are therefore translated.
WORDS = {**TEXT, "readers": True}
_DASH = "begin each entry of the list with a hyphen and a space"
_DATE = {"type": "string", "edtf": True}
ID = {
    "type": "string",
    "form": "id",
    "hint": "write lower-case words and numbers joined by hyphens; an id is a promise",
}
KEYS = {
    "type": "array",
    "items": TEXT,
    "minItems": 1,
    "uniqueItems": True,
    "hint": "write a list of one or more keys of references/*.bib: [a key, ...]",
}
_GIVEN = {"type": "object", "minProperties": 1, "additionalProperties": _DATE}


_NAME = {
    "type": "string",
    "form": "name",
    "minLength": 1,
    "hint": "write the name in Latin letters; its own script has a field of its own",
}
_COUNTRY = {
    "type": "string",
    "form": "country",
    "hint": "write the two letters of ISO 3166-1: CN",
}


def _record(properties: Mapping[str, Any], required: tuple[str, ...]) -> Schema:
    """Return the schema of a kind of record: the fields of all kinds, and its own."""
    return {
        "type": "object",
        "required": ["id", *required, "sources", "status"],
        "properties": {
            "id": ID,
            **properties,
            "sources": KEYS,
            "status": {"enum": ["sure", "one source", "inferred", "disputed"]},
            "note": WORDS,
        },
        "additionalProperties": False,
    }


def _dated(*what: str) -> Schema:
    """Return the schema of a list of dated statements, each with sources of its own where they are
    not the record's.
    """
    return {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "required": ["what", "date"],
            "properties": {
                "what": {"enum": list(what)},
                "date": _DATE,
                "sources": KEYS,
                "given": _GIVEN,
            },
            "additionalProperties": False,
        },
        "hint": _DASH,
    }


#: The steps of a national version, in order.
STEPS = ("project", "approved", "published", "in force", "until")
#: The steps of a standing of a place; ``named``: a source of that day mentions it.
STANDING_STEPS = ("proposed", "applied", "announced", "approved", "since", "named", "until")
STANDINGS = (
    "club member",
    "pilot of ISO 37101",
    "pilot of SC 1",
    "trial",
    "certificate",
    "registration",
    "demonstration title",
)

_ISO_TEXT = {
    "type": "string",
    "form": "iso",
    "hint": 'write the ISO text as "ISO 37101:2016", or "ISO 37101" where no source names the'
    " edition",
}
ADOPTION = _record(
    {
        "adopts": _ISO_TEXT,
        "outside": {"const": True, "hint": "write true or leave it out"},
        "country": _COUNTRY,
        "designation": {**TEXT, "readers": True},
        "title": TEXT,
        "language": {
            "type": "string",
            "form": "language",
            "hint": "write the code of the language: it",
        },
        "dates": _dated(*STEPS),
        "degree": {
            "type": "object",
            "properties": {
                "is": {
                    "enum": ["IDT", "MOD", "NEQ"],
                    "hint": "write IDT (identical), MOD (modified) or NEQ (not equivalent)",
                },
                "shown": WORDS,
                "sources": KEYS,
            },
            "minProperties": 1,
            "additionalProperties": False,
            "hint": "write {is: IDT}, with shown and sources where they say more",
        },
        "route": {"enum": ["direct", "EN"]},
        "replaced_by": ID,
    },
    ("adopts", "country", "designation"),
)


_STANDING = _record(
    {
        "kind": {"enum": list(STANDINGS)},
        "standard": _ISO_TEXT,
        "level": WORDS,
        "issuer": WORDS,
        "dates": _dated(*STANDING_STEPS),
    },
    ("kind",),
)


def _part(record: Schema) -> Schema:
    """Return the schema of a record within another, which has no id of its own."""
    return {
        **record,
        "required": [name for name in record["required"] if name != "id"],
        "properties": {name: shape for name, shape in record["properties"].items() if name != "id"},
    }


_DEGREES = {"type": "number", "minimum": -180, "maximum": 180, "hint": "write degrees: 30.25"}
_LATITUDE = {
    "type": "number",
    "minimum": -90,
    "maximum": 90,
    "hint": "write latitude and longitude, in this order: [30.25, 120.17]",
}
PLACE = {
    "type": "object",
    "required": ["id", "name", "standings"],
    "properties": {
        "id": ID,
        "name": {**_NAME, "readers": True},
        "own": TEXT,
        "part_of": WORDS,
        "country": _COUNTRY,
        "at": {
            "type": "array",
            "prefixItems": [_LATITUDE, _DEGREES],
            "minItems": 2,
            "maxItems": 2,
            "hint": "write latitude and longitude: [30.25, 120.17]",
        },
        "point": TEXT,
        "standings": {
            "type": "array",
            "minItems": 1,
            "items": _part(_STANDING),
            "hint": _DASH,
        },
    },
    "dependentRequired": {"at": ["point"], "point": ["at"]},
    "additionalProperties": False,
}

_OFFICE = _record(
    {"body": WORDS, "role": WORDS, "dates": _dated("announced", "since", "named", "until")},
    ("body", "role"),
)
PERSON = {
    "type": "object",
    "required": ["id", "name", "offices"],
    "properties": {
        "id": ID,
        # a person's name has its translations among the spellings
        "name": {**_NAME, "readers": "agency"},
        "spellings": {"type": "array", "items": TEXT, "minItems": 1, "uniqueItems": True},
        "agency": {"const": True, "hint": "write true or leave it out"},
        "offices": {"type": "array", "minItems": 1, "items": _part(_OFFICE), "hint": _DASH},
    },
    "additionalProperties": False,
}

_WORDINGS = {
    "type": "array",
    "items": TEXT,
    "minItems": 1,
    "uniqueItems": True,
    "hint": 'write a list of wordings: ["was set up", "was founded"]',
}
_GROUPS = {"type": "array", "items": _WORDINGS, "minItems": 1}
SETTLED = _record(
    {
        "says": TEXT,
        "about": _GROUPS,
        "never": _WORDINGS,
        "unless": _GROUPS,
        "told": TEXT,
    },
    ("says", "about", "never", "told"),
)
