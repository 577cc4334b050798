"""The vocabulary, ``references/terms.yaml``, the questions of readers,
``references/questions.yaml``, and the Chinese titles of standards, ``references/titles.yaml``.

One list says which word this handbook uses for a thing, which others it allows and forbids, and
what the Chinese word is. The checks, the glossary and the search all read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from handbook.model.record_shapes import KEYS
from handbook.model.rows import Found, Row
from handbook.rules.findings import Finding, Place

#: The rule for faults in these files.
UNREADABLE = "T001"

_TEXT = {"type": "string", "minLength": 1, "hint": 'write it as text in quotation marks: "..."'}
_TEXTS = {
    "type": "array",
    "items": _TEXT,
    "minItems": 1,
    "uniqueItems": True,
    "hint": "write a list of one or more words: [word, ...]",
}


#: Three capital letters or more, which mean nothing to anyone who does not know them.
LETTERS = re.compile("[A-Z]{3,}")


class Origin(StrEnum):
    """Where a Chinese word was read, from the strongest source to the weakest."""

    GB = "gb"
    LAW = "law"
    DIRECTIVES = "directives"
    CNIS = "cnis"
    SURVEY = "survey"
    PRESS = "press"
    INFERRED = "inferred"


_CHINESE = {
    "type": "object",
    "required": ["term", "status", "source"],
    "properties": {
        "term": _TEXT,
        "status": {"enum": [origin.value for origin in Origin]},
        "source": {**_TEXT, "readers": True},
        "other": _TEXTS,
        "also": _TEXTS,
    },
    "additionalProperties": False,
}
TERM = {
    "type": "object",
    "required": ["term"],
    "properties": {
        "term": _TEXT,
        "short": {
            "type": "string",
            "pattern": r"^[A-Z][A-Za-z]*[A-Z]$",
            "hint": "write the letters that stand for the term: TMB",
        },
        "explained": _TEXTS,
        "known": {"const": True, "hint": "write true or leave it out"},
        "variants": _TEXTS,
        "forbidden": _TEXTS,
        "because": {**_TEXT, "hint": "say in a few words why the others are not written"},
        "searched": _TEXTS,
        "zh": _CHINESE,
    },
    "dependentRequired": {"known": ["short"]},
    "additionalProperties": False,
}
QUESTION = {
    "type": "object",
    "required": ["at", "asked"],
    "properties": {
        "at": {
            "type": "string",
            "pattern": r"^[a-z0-9/-]+(#[A-Za-z0-9-]+)?$",
            "hint": "name a page by its path below docs/ without .md, and a heading by its"
            " anchor: committee/people#committee-chairs",
        },
        "asked": _TEXTS,
    },
    "additionalProperties": False,
}
TITLE = {
    "type": "object",
    "required": ["of", "title", "status", "sources"],
    "properties": {
        "of": _TEXT,
        "outside": {"const": True, "hint": "write true or leave it out"},
        "title": _TEXT,
        "status": {"enum": [origin.value for origin in Origin]},
        "sources": KEYS,
        "note": {**_TEXT, "readers": True},
    },
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Chinese:
    """A Chinese word, the ``origin`` and the ``source`` in which it was read, and ``other``
    renderings, of which this handbook also uses those in ``also``.
    """

    term: str
    origin: Origin
    source: str
    other: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def avoided(self) -> list[str]:
        """Return the renderings that this handbook does not use."""
        return [word for word in self.other if word not in self.also]


@dataclass(frozen=True, slots=True)
class Term:
    """A thing and the words for it.

    ``short`` is its abbreviation, and ``known`` means that no page need spell it out; where the
    letters are the name itself, ``explained`` are words of which one must say what it is;
    ``because`` is why the ``forbidden`` words are forbidden; ``searched`` are words that readers
    type and this handbook does not use.
    """

    term: str
    short: str = ""
    explained: tuple[str, ...] = ()
    known: bool = False
    variants: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    because: str = ""
    searched: tuple[str, ...] = ()
    zh: Chinese | None = None
    place: Place = field(default=Place(""), compare=False)

    @property
    def letters(self) -> str:
        """Return the letters that abbreviate it, or that are its name; empty if there are none."""
        return self.short or (self.term if LETTERS.fullmatch(self.term) else "")

    @property
    def forms(self) -> tuple[str, ...]:
        """Return every word for it, the preferred one first."""
        chinese = (self.zh.term, *self.zh.other) if self.zh else ()
        # Letters that everybody knows are words of their own: nobody who types ISO means its name.
        short = (self.short,) if self.short and not self.known else ()
        others = (*short, *self.variants, *self.forbidden, *self.searched, *chinese)
        return tuple(dict.fromkeys((self.term, *others)))


@dataclass(frozen=True, slots=True)
class Question:
    """The wordings of a question, ``asked``, and the place that answers it: ``page#anchor``."""

    at: str
    asked: tuple[str, ...]
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Title:
    """A Chinese title of the standard ``of``, and what kind of ``sources`` give it.

    ``outside`` means that the standard belongs to none of the catalogue's committees.
    """

    of: str
    title: str
    origin: Origin
    sources: tuple[str, ...]
    note: str = ""
    outside: bool = False
    place: Place = field(default=Place(""), compare=False)
    cited: tuple[tuple[str, Place], ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Terms:
    """The vocabulary, the questions and the titles, and the findings about their files."""

    terms: tuple[Term, ...] = ()
    questions: tuple[Question, ...] = ()
    titles: tuple[Title, ...] = ()
    findings: tuple[Finding, ...] = ()

    @classmethod
    def read(cls, references: Path, root: Path | None = None) -> Terms:
        """Read the files; one that does not exist counts as empty.

        :param root: the folder to which paths in findings are relative
        """
        found = Found(root, UNREADABLE)

        def rows(name: str, schema: dict[str, Any]) -> Iterator[Row]:
            path = references / name
            return found.rows(path, schema) if path.exists() else iter(())

        terms = tuple(_unambiguous(rows("terms.yaml", TERM)))
        questions = tuple(_once(rows("questions.yaml", QUESTION)))
        titles = tuple(_titles(rows("titles.yaml", TITLE)))
        return cls(terms, questions, titles, tuple(found.findings))

    @cached_property
    def chinese(self) -> dict[str, Chinese]:
        """Return the Chinese word by each name of its term, in lower case."""
        return {
            name.casefold(): term.zh
            for term in self.terms
            if term.zh
            for name in (term.term, term.short)
            if name
        }

    def titles_of(self, reference: str) -> list[Title]:
        """Return the Chinese titles of an edition."""
        return [one for one in self.titles if one.of == reference]


def _unambiguous(rows: Iterator[Row]) -> Iterator[Term]:
    """Yield the terms, and report each word that is given for two things."""
    seen: dict[str, str] = {}
    for row in rows:
        value = row.value
        zh = value.get("zh")
        if "forbidden" in value and "because" not in value:
            message = f"nothing says why {value['forbidden'][0]!r} is not written"
            row.fault(("forbidden",), message, "add because, with the reason in a few words")
        for key in ("term", "short", "variants", "forbidden"):
            for word in [value[key]] if isinstance(value.get(key), str) else value.get(key, ()):
                other = seen.setdefault(word.casefold(), value["term"])
                if other is not value["term"]:
                    message = f"{word!r} is already a word for {other!r}"
                    row.fault((key,), message, "leave it out of one of the two terms")
        yield Term(
            term=value["term"],
            short=value.get("short", ""),
            explained=tuple(value.get("explained", ())),
            known=value.get("known", False),
            variants=tuple(value.get("variants", ())),
            forbidden=tuple(value.get("forbidden", ())),
            because=value.get("because", ""),
            searched=tuple(value.get("searched", ())),
            zh=_chinese(zh) if zh else None,
            place=row.place("term"),
        )


def _chinese(value: dict[str, Any]) -> Chinese:
    other, also = (tuple(value.get(name, ())) for name in ("other", "also"))
    origin = Origin(value["status"])
    return Chinese(value["term"], origin, value["source"], (*other, *also), also)


def _once(rows: Iterator[Row]) -> Iterator[Question]:
    """Yield the questions, each place once, and report repeated places."""
    seen: set[str] = set()
    for row in rows:
        at = row.value["at"]
        if at in seen:
            row.fault(("at",), f"the place {at!r} appears twice", "join the two rows")
            continue
        seen.add(at)
        yield Question(at, tuple(row.value["asked"]), row.place("at"))


def _titles(rows: Iterator[Row]) -> Iterator[Title]:
    for row in rows:
        value = row.value
        yield Title(
            of=value["of"],
            title=value["title"],
            origin=Origin(value["status"]),
            sources=tuple(value["sources"]),
            note=value.get("note", ""),
            outside=value.get("outside", False),
            place=row.place("of"),
            cited=tuple((key, row.place("sources", n)) for n, key in enumerate(value["sources"])),
        )
