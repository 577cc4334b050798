"""The form of the files behind the finder: JSON Schema, with the keywords of
:mod:`handbook.model.placed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handbook.model.record_shapes import ID, KEYS, TEXT, WORDS, Schema

KINDS = (
    "requirements",
    "requirements and guidance",
    "guidance",
    "procedure",
    "framework",
    "indicators",
    "vocabulary",
    "report",
)
#: What a user of a text can claim: that requirements are met, that figures follow a method,
#: nothing.
CLAIMS = ("possible", "method", "none")
LEVELS = ("strategic", "process", "technical")
PURPOSES = ("attractiveness", "environment", "resilience", "resources", "cohesion", "well-being")
#: In the order of the clauses of ISO 37101.
ISSUES = (
    "governance",
    "education",
    "innovation",
    "health",
    "culture",
    "living-together",
    "economy",
    "living-environment",
    "safety",
    "infrastructure",
    "mobility",
    "biodiversity",
)
#: The themes of ISO 37120:2018, and the one theme of 2014 that the second edition lacks.
THEMES = (
    "economy",
    "education",
    "energy",
    "environment",
    "finance",
    "fire",
    "governance",
    "health",
    "housing",
    "population",
    "recreation",
    "safety",
    "solid-waste",
    "sport-culture",
    "telecommunication",
    "transport",
    "food",
    "urban-planning",
    "wastewater",
    "water",
)
NOT_KNOWN = "not known"
ALL, NONE = "all", "none"


def _resting(properties: Mapping[str, Any]) -> Schema:
    """Return the schema of a statement that rests on sources, or on one reason of ours."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": {**properties, "sources": KEYS, "ours": TEXT},
        "additionalProperties": False,
        "oneOf": [{"required": ["sources"]}, {"required": ["ours"]}],
        "hint": "write either sources, a list of keys, or ours, one reason",
    }


def _words(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "uniqueItems": True}


def _one(words: tuple[str, ...]) -> Schema:
    return _resting({"is": {"enum": [*words, NOT_KNOWN]}})


def _some(words: tuple[str, ...]) -> Schema:
    some = {
        "anyOf": [{"enum": [ALL, NONE]}, _words({"enum": list(words)})],
        "hint": f"write {ALL}, {NONE}, or a list of " + ", ".join(words),
    }
    return _resting({"are": some})


ROLE = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": ID, "name": WORDS},
    "additionalProperties": False,
}
WANT = {
    "type": "object",
    "required": ["id", "group", "name"],
    "properties": {"id": ID, "group": WORDS, "name": WORDS},
    "additionalProperties": False,
}
_SERVICE = _resting(
    {
        "want": ID,
        "weight": {
            "enum": [3, 2, 1],
            "hint": "write 3 for made for it, 2 for helps, 1 for background",
        },
        "why": {
            "type": "string",
            "pattern": r"^[A-Z].*\.$",
            "hint": 'write one sentence: "It defines what to count."',
            "readers": True,
        },
    }
)
_GOALS = {
    "anyOf": [
        {"const": ALL},
        _words({"type": "integer", "minimum": 1, "maximum": 17}),
    ],
    "hint": f"write {ALL}, or a list of numbers from 1 to 17",
}
_LANGUAGE = {
    "type": "string",
    "form": "language",
    "hint": "write the code of the language: fr",
}
PROFILE = {
    "type": "object",
    "required": ["of", "kind", "claim", "level", "users", "purposes", "issues"],
    "properties": {
        "of": {"type": "string"},
        "kind": _one(KINDS),
        "claim": _one(CLAIMS),
        "level": _one(LEVELS),
        "users": _resting({"are": _words(ID)}),
        "purposes": _some(PURPOSES),
        "issues": _some(ISSUES),
        "serves": {"type": "array", "items": _SERVICE, "minItems": 1},
        "schemes": {"type": "array", "items": _resting({"name": WORDS}), "minItems": 1},
        "languages": _resting({"are": _words(_LANGUAGE)}),
        "pages": _resting({"is": {"type": "integer", "minimum": 1, "hint": "write a number"}}),
        "preview": _resting({"is": {"const": "yes", "hint": 'write "yes", or leave it out'}}),
        "sdgs": _resting({"are": _GOALS}),
        "changed": _resting({"is": WORDS}),
    },
    "additionalProperties": False,
}
_NUMBER = {"type": "integer", "minimum": 0, "hint": "write a number"}
_THEME = {
    "type": "object",
    "required": ["theme"],
    "properties": {
        "theme": {"enum": list(THEMES)},
        "number": _NUMBER,
        "core": _NUMBER,
        "called": TEXT,
    },
    "additionalProperties": False,
}
INDICATOR_SET = {
    "type": "object",
    "required": ["set", "counts"],
    "properties": {
        "set": WORDS,
        "counts": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["number", "by", "sources"],
                "properties": {"number": _NUMBER, "by": WORDS, "sources": KEYS},
                "additionalProperties": False,
            },
        },
        "themes": {
            "type": "object",
            "required": ["basis", "sources", "in"],
            "properties": {
                "basis": WORDS,
                "sources": KEYS,
                "in": {"type": "array", "items": _THEME, "minItems": 1},
            },
            "additionalProperties": False,
        },
        "unknown": WORDS,
        "sources": KEYS,
    },
    "additionalProperties": False,
    "oneOf": [{"required": ["themes"]}, {"required": ["unknown", "sources"]}],
    "hint": "write either themes, or why they are unknown, with sources",
}
