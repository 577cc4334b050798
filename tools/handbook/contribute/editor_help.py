"""What editors know of the handbook, made from the model: snippets for VS Code, and a JSON Schema
of the front matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handbook import files
from handbook.model.bibliography import FIELDS, REQUIRED, Tier
from handbook.model.catalogue import Status
from handbook.model.pages import FRONT_MATTER, MILESTONE_OPTIONS, MilestoneStatus, Strand

SNIPPETS = ".vscode/handbook.code-snippets"
SCHEMA = ".vscode/front-matter.schema.json"

#: What a new milestone begins with; the other options have snippets of their own.
_FIRST = ("name", "date", "strands", "sources", "place")
_DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TYPES: dict[str, dict[str, Any]] = {
    "reviewed": _DAY,
    "review-months": {"type": "integer", "minimum": 1, "maximum": 120},
    "description": {"type": "string", "minLength": 20, "maxLength": 160},
    "search": {"type": "string", "minLength": 1},
    "next": {"type": ["array", "string"], "items": {"type": "string"}},
    "page-sources": {"const": "none"},
    "hide-toc": {"type": "boolean"},
    "exceptions": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "code": {"type": "string", "pattern": r"^[A-Z]\d{3}$"},
                "text": {"type": "string"},
                "reason": {"type": "string"},
                "until": _DAY,
            },
            "required": ["code", "reason", "until"],
            "additionalProperties": False,
        },
    },
    "orphan": {"type": "boolean"},
    "nosearch": {"type": "boolean"},
    "tocdepth": {"type": "integer", "minimum": 0},
}
_PLACEHOLDERS = {
    "name": "isscc-secretariat-2019",
    "date": "2019-01-14",
    "sources": "key-of-a-source",
    "place": "where it happened",
    "after": "name-of-a-milestone",
    "before": "name-of-a-milestone",
    "short": "one to four words",
    "given": "key-of-a-source=2019-01",
}
_VALUES = {
    "title": "The title in its own language",
    "titleaddon": "An English gloss",
    "shortauthor": "One to three words",
    "publisher": "Who published it",
    "date": "2019-01-16",
    "url": "https://",
    "urldate": "$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE",
    "langid": "en",
    "note": "What a reader must know",
}


def _choice(number: int, words: tuple[str, ...]) -> str:
    return f"${{{number}|{','.join(words)}|}}"


def _option(name: str, number: int) -> str:
    words = {"strands": tuple(map(str, Strand)), "status": tuple(map(str, MilestoneStatus))}.get(
        name
    )
    return f":{name}: " + (
        _choice(number, words) if words else f"${{{number}:{_PLACEHOLDERS[name]}}}"
    )


def _field(name: str, number: int) -> str:
    value = (
        _choice(number, tuple(map(str, Tier)))
        if name == "keywords"
        else f"${{{number}:{_VALUES[name]}}}"
    )
    return f"  {name:<12}= {{{value}}},"


def snippets() -> str:
    """The snippets: a name to type, what it becomes, what it is for."""
    milestone = [
        ":::{milestone} ${1:A short sentence in the present tense}",
        *(_option(name, number) for number, name in enumerate(_FIRST, 2)),
    ]
    source = [
        name
        for name in FIELDS
        if name in REQUIRED or name in {"titleaddon", "shortauthor", "url", "urldate"}
    ]
    made: dict[str, tuple[str, list[str], str]] = {
        "A milestone": (
            "milestone",
            [*milestone, "${7:One to three plain sentences.}", ":::"],
            "A dated event; the timeline shows it by itself",
        ),
        **{
            f"The option {name} of a milestone": (
                f":{name}",
                [_option(name, 1)],
                "An option, below the first line of a milestone",
            )
            for name in MILESTONE_OPTIONS
        },
        "The head of a page": (
            "page",
            [
                "---",
                'reviewed: "$CURRENT_YEAR-$CURRENT_MONTH-$CURRENT_DATE"',
                "description: ${1:One sentence that says what the page answers.}",
                "---",
                "(${2:name-of-the-page})=",
                "# ${3:Title}",
                "",
                "$0",
            ],
            "Front matter, anchor and title of a new page",
        ),
        **{
            f"Front matter: {name}": (f"{name}:", [f"{name}: $1"], what)
            for name, what in FRONT_MATTER.items()
        },
        "A standard": (
            "iso",
            ["{iso}`${1:ISO 37101:2016}`"],
            "Names a standard of the catalogue and links to its page",
        ),
        "A date": (
            "date",
            ["{date}`${1:2019-01-14}`"],
            "A date as precise as its source, written in the reader's language",
        ),
        "A citation": (
            "cite",
            ["{cite:p}`${1:key-of-a-source}`"],
            "Cites an entry of references/*.bib",
        ),
        "A note": ("note", [":::{note}", "${1:Text}", ":::"], "A box beside the text"),
        "The facts of a standard": (
            "standard",
            [":::{standard} ${1:ISO 37101:2016}", ":::"],
            "The head of a standard's page",
        ),
        "A timeline": (
            "timeline",
            [":::{timeline}", f":strands: {_choice(1, tuple(map(str, Strand)))}", ":::"],
            "All milestones of some strands",
        ),
        "A table of the catalogue": (
            "catalogue",
            [":::{catalogue}", f":status: {_choice(1, tuple(map(str, Status)))}", ":::"],
            "Standards of the catalogue",
        ),
    }
    found = {
        name: {"scope": "markdown", "prefix": prefix, "body": body, "description": what}
        for name, (prefix, body, what) in made.items()
    }
    found["A source"] = {
        "scope": "bibtex",
        "prefix": "source",
        "body": [
            "@online{${1:cnis2022sixth},",
            *(_field(name, number) for number, name in enumerate(source, 2)),
            "}",
        ],
        "description": "An entry of the bibliography; make tidy puts it in its place",
    }
    return _json(found)


def write(root: Path) -> Iterator[str]:
    """Bring the files up to date; yield each that was not."""
    for name, text in ((SNIPPETS, snippets()), (SCHEMA, schema())):
        path = root / name
        if not path.exists() or path.read_text("utf-8") != text:
            files.write({path: text.encode("utf-8")})
            yield f"{name}:1: it was not what the model says, and is written anew (hint: commit it)"


def schema() -> str:
    """The front matter of a page as a JSON Schema (draft 2020-12)."""
    return _json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Front matter of a page of the handbook",
            "type": "object",
            "properties": {
                name: {"description": what, **_TYPES[name]} for name, what in FRONT_MATTER.items()
            },
            "required": ["reviewed", "description"],
            "additionalProperties": False,
        }
    )


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
