"""Bring the catalogues of translated strings up to date with pages and data, and report what
waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from handbook import files
from handbook.cli import HandbookError
from handbook.model import data_strings, translations
from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import Catalogue
from handbook.model.pages import read_pages
from handbook.model.proofreading import Proofread
from handbook.model.records import Records
from handbook.model.terms import Terms
from handbook.model.translations import EDITIONS, FOLDER, Entry, Translatable, catalogue_of


@dataclass(frozen=True, slots=True)
class Work:
    """How much of a page's or a file's strings is translated, and how many English words wait."""

    page: str
    strings: int
    done: int
    changed: int
    words: int


def update(root: Path) -> Iterator[str]:
    """Bring all catalogues up to date; yield a line for each file written.

    :raises HandbookError: if one cannot be read; none is written then
    """
    docs = root / "docs"
    changes: dict[Path, bytes] = {}
    sources = _sources(root)
    for language in EDITIONS:
        folder = docs / FOLDER / language / "LC_MESSAGES"
        known = translations.known_translations(sorted(folder.rglob("*.po")))
        for one in sources:
            path = catalogue_of(docs, language, one.name)
            _read(path, root)
            text = translations.update(one.strings, path, language, known).encode()
            if not path.exists() or path.read_bytes() != text:
                changes[path] = text
    for path in changes:
        path.parent.mkdir(parents=True, exist_ok=True)
    files.write(changes)
    for path in sorted(changes):
        yield f"{path.relative_to(root).as_posix()} is up to date"


def proofread(root: Path, names: Iterable[str], day: date) -> Iterator[str]:
    """Enter into catalogues the day on which somebody compared them with the English.

    :raises HandbookError: if one is unknown, cannot be read or is not completely translated
    """
    docs = root / "docs"
    sources = {one.name: one for one in _sources(root)}
    changes: dict[Path, bytes] = {}
    for language in EDITIONS:
        for name in names:
            if name not in sources:
                raise HandbookError(f"there is no catalogue of {name}; see: make waiting")
            path, strings = catalogue_of(docs, language, name), sources[name].strings
            pairs = translations.standing(strings, _read(path, root))
            if left := len({one.text for one in strings}) - len(pairs):
                raise HandbookError(f"{name}: {left} strings are not translated; see: make waiting")
            reading = Proofread.of(pairs, day)
            changes[path] = translations.update(strings, path, language, {}, reading).encode()
    files.write(changes)
    for path in changes:
        yield f"{path.relative_to(root).as_posix()}: proof-read on {day}"


def waiting(root: Path, language: str) -> list[Work]:
    """Return what waits for translators, page by page and file by file.

    :raises HandbookError: if a catalogue cannot be read
    """
    docs = root / "docs"
    found = []
    for source in _sources(root):
        entries = _read(catalogue_of(docs, language, source.name), root)
        texts = {one.text for one in source.strings}
        left = {one for one in texts if one not in entries or not entries[one].stands}
        changed = sum(entries[one].fuzzy for one in left if one in entries)
        words = sum(len(one.split()) for one in left)
        found.append(Work(source.name, len(texts), len(texts) - len(left), changed, words))
    return found


def table(work: Iterable[Work]) -> Iterator[str]:
    """Yield the lines of the report; what has been begun comes first."""
    rows = [one for one in work if one.strings]
    yield f"{'strings':>8} {'done':>6} {'changed':>8} {'words left':>11}  page"
    for one in sorted(rows, key=lambda one: (not one.done, -one.changed, one.page)):
        if one.words:
            yield f"{one.strings:>8} {one.done:>6} {one.changed:>8} {one.words:>11}  {one.page}"
    strings, done = (sum(getattr(one, name) for one in rows) for name in ("strings", "done"))
    changed, words = (sum(getattr(one, name) for one in rows) for name in ("changed", "words"))
    yield f"{strings:>8} {done:>6} {changed:>8} {words:>11}  all {len(rows)} pages"


def _read(path: Path, root: Path) -> dict[str, Entry]:
    entries, faults = translations.read(path, root)
    for fault in faults:
        raise HandbookError(str(fault))
    return entries


def _sources(root: Path) -> list[Translatable]:
    docs, references = root / "docs", root / data_strings.FOLDER
    found = []
    for page in read_pages(docs, root):
        name = page.path.relative_to(docs).with_suffix("").as_posix()
        found.append(Translatable.of(name, page))
    records = Records.read(references, Catalogue.read(references)[0])
    known = data_strings.settled_names(records, Terms.read(references))
    sources = Bibliography.load(references.glob("*.bib"), root).sources.values()
    return [*found, *data_strings.read(references, known, sources, root)]
