"""Help for editors, generated from the model: snippets for VS Code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from handbook import files
from handbook.model.bibliography import FIELDS, REQUIRED, Tier
from handbook.model.catalogue import Status
from handbook.model.strands import Strand

SNIPPETS = ".vscode/handbook.code-snippets"

#: The first lines of a new milestone.
_FIRST = ("name", "date", "strands", "sources", "place")
_PLACEHOLDERS = {
    "name": "isscc-secretariat-2019",
    "date": "2019-01-14",
    "sources": "key-of-a-source",
    "place": "where it happened",
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
    if name == "strands":
        return f":{name}: {_choice(number, tuple(Strand))}"
    return f":{name}: ${{{number}:{_PLACEHOLDERS[name]}}}"


def _field(name: str, number: int) -> str:
    value = _choice(number, tuple(Tier)) if name == "keywords" else f"${{{number}:{_VALUES[name]}}}"
    return f"  {name:<12}= {{{value}}},"


def snippets() -> str:
    """Return the snippets: a prefix to type, its expansion, its purpose."""
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
            [":::{timeline}", f":strands: {_choice(1, tuple(Strand))}", ":::"],
            "All milestones of some strands",
        ),
        "A table of the catalogue": (
            "catalogue",
            [":::{catalogue}", f":status: {_choice(1, tuple(Status))}", ":::"],
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
    """Bring the files up to date; yield each one that was out of date."""
    path, text = root / SNIPPETS, snippets()
    if not path.exists() or path.read_text("utf-8") != text:
        files.write({path: text.encode("utf-8")})
        yield f"{SNIPPETS}:1: it was out of date and has been written again (hint: commit it)"


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
