"""The strings of data files that readers see: notes of records and sources, names of families.

The keyword ``readers`` in the schema of a file marks them. Each file has its own catalogue beside
those of the pages: the one of ``references/records/places.yaml`` is
``docs/locales/zh_CN/LC_MESSAGES/references/records/places.po``. A string that several files share
is in the catalogue of the first. A name that the vocabulary or a record already has in the other
language is in no catalogue, so that nobody translates it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from handbook.model import (
    profile_shapes,
    proofreading,
    record_shapes,
    shapes,
    terms,
    translations,
)
from handbook.model.bibliography import Source
from handbook.model.placed import Data
from handbook.model.proofreading import Reading
from handbook.model.records import Records
from handbook.model.scripts import CJK
from handbook.model.terms import Terms
from handbook.model.translations import String, Translatable, catalogue_of, one_line
from handbook.rules.findings import shown

#: The folder of the data, and of its catalogues below the folder of all catalogues.
FOLDER = "references"
#: The files by their paths within that folder, and the schema of each file or of its rows.
FILES: Mapping[str, shapes.Schema] = {
    "families.yaml": shapes.FAMILY,
    "wants.yaml": profile_shapes.WANT,
    "roles.yaml": profile_shapes.ROLE,
    "profile.yaml": profile_shapes.PROFILE,
    "indicators.yaml": profile_shapes.INDICATOR_SET,
    "records/adoptions.yaml": record_shapes.ADOPTION,
    "records/places.yaml": record_shapes.PLACE,
    "records/offices.yaml": record_shapes.PERSON,
    "iso/deliverables.jsonl": shapes.DELIVERABLE,
    "iso/stage-codes.json": shapes.STAGES,
    "titles.yaml": terms.TITLE,
    "terms.yaml": terms.TERM,
}
#: A word of ours in the short form of an author: ``ISO catalogue``, ``Yang et al.``, no address.
_DESCRIBED = re.compile(r"(?<=[\w.] )[a-z]{2,}(?![\w.-]*\.\w)")


def read(
    references: Path,
    known: Mapping[str, str],
    sources: Iterable[Source] = (),
    root: Path | None = None,
) -> Iterator[Translatable]:
    """Yield the strings of each file that exists, in file order, without the names that are
    ``known``.

    :param sources: those of the bibliography, whose notes and described authors are translated too
    :param root: the folder to which paths in findings are relative
    """
    found = {
        references / file: [*_strings(references / file, shape)]
        for file, shape in FILES.items()
        if (references / file).exists()
    }
    for source in sources:
        said = {
            "shortauthor": source.name if _DESCRIBED.search(source.name) else "",
            "note": source.note,
        }
        for name, text in said.items():
            if text and name in source.entry.fields:
                place = source.entry.place(name)
                found.setdefault(source.path, []).append((text, place.line, place.column))
    seen = set(known)
    for path, texts in found.items():
        strings = []
        for text, line, column in texts:
            string = String(one_line(text), "text", ((line, column - 1, text),))
            if string.text not in seen and translations.has_words(string):
                seen.add(string.text)
                strings.append(string)
        name = path.relative_to(references).with_suffix("").as_posix()
        yield Translatable(f"{FOLDER}/{name}", shown(path, root), tuple(strings))


def catalogues(docs: Path, language: str) -> list[Path]:
    """Return the catalogues of data that exist."""
    return sorted(catalogue_of(docs, language, FOLDER).with_suffix("").rglob("*.po"))


def _strings(path: Path, shape: shapes.Schema) -> Iterator[tuple[str, int, int]]:
    """Yield each text for readers, with its line and column. Faults in a file are reported where it
    is read as data.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return
    parts = [*enumerate(text.split("\n"), 1)] if path.suffix == ".jsonl" else [(1, text)]
    for line, part in parts:
        data = Data(part, line)
        rows = enumerate(data.value) if isinstance(data.value, list) else [(None, data.value)]
        for number, row in rows:
            for keys, said in _for_readers(row, shape):
                way = keys if number is None else (number, *keys)
                yield said, *data.place(way)


def _for_readers(
    value: Any, shape: shapes.Schema, keys: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        rest = shape.get("additionalProperties")
        for name, part in value.items():
            inner = shape.get("properties", {}).get(name, rest)
            # some fields are shown to readers only beside another field
            if isinstance(inner, Mapping) and inner.get("readers", True) in {True, *value}:
                yield from _for_readers(part, inner, (*keys, name))
    elif isinstance(value, list) and "items" in shape:
        for number, part in enumerate(value):
            yield from _for_readers(part, shape["items"], (*keys, number))
    elif isinstance(value, str) and shape.get("readers"):
        yield keys, value


def settled_names(records: Records, vocabulary: Terms) -> dict[str, str]:
    """Return the names of things, places and people in Chinese sources, by the English name that
    this handbook uses. A name with a number is a designation, which is the same in every language.
    """
    found = {
        name: term.zh.term
        for term in vocabulary.terms
        if term.zh
        for name in (term.term, term.short, *term.variants)
        if name and not any(map(str.isdigit, name))
    }
    found |= {one.name: one.own for one in records.places if one.own and one.country == "CN"}
    for person in records.people:
        spelled = [one for one in person.spellings if CJK.match(one)]
        found |= {person.name: spelled[0]} if spelled else {}
    return found


def words(
    docs: Path, language: str, records: Records, vocabulary: Terms
) -> tuple[dict[str, str], dict[str, Reading]]:
    """Return the translations of all strings of the data by their English, and the proof-reading of
    each that a catalogue has.
    """
    found, readings = settled_names(records, vocabulary), {}
    for path in catalogues(docs, language):
        entries, _faults = translations.read(path)
        standing = {one.text: one.translation for one in entries.values() if one.stands}
        read = proofreading.reading(path.read_text("utf-8", "replace"), standing.items())
        for text, translation in standing.items():
            if found.setdefault(text, translation) == translation:
                readings[text] = read
    return found, readings
