"""Bring the catalogues of translated strings up to date with the pages, and say what waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from handbook import files
from handbook.cli import HandbookError
from handbook.model import translations
from handbook.model.pages import Page, read_pages
from handbook.model.translations import EDITIONS, FOLDER, Entry, catalogue_of


@dataclass(frozen=True, slots=True)
class Work:
    """How much of a page's strings is translated, and how many English words wait."""

    page: str
    strings: int
    done: int
    changed: int
    words: int


def update(root: Path) -> Iterator[str]:
    """Bring the catalogues of all pages up to date, and say which files were written.

    :raises HandbookError: if one cannot be read; then none is written
    """
    docs = root / "docs"
    changes: dict[Path, bytes] = {}
    for language in EDITIONS:
        pages = dict(_pages(docs))
        folder = docs / FOLDER / language / "LC_MESSAGES"
        known = translations.known_translations(sorted(folder.rglob("*.po")))
        for name, page in pages.items():
            path = catalogue_of(docs, language, name)
            _read(path, root)
            text = translations.update(page, path, language, known).encode()
            if not path.exists() or path.read_bytes() != text:
                changes[path] = text
    for path in changes:
        path.parent.mkdir(parents=True, exist_ok=True)
    files.write(changes)
    for path in sorted(changes):
        yield f"{path.relative_to(root).as_posix()} is up to date"


def waiting(root: Path, language: str) -> list[Work]:
    """What waits for translators, page by page.

    :raises HandbookError: if a catalogue cannot be read
    """
    docs = root / "docs"
    found = []
    for name, page in _pages(docs):
        entries = _read(catalogue_of(docs, language, name), root)
        texts = {one.text for one in translations.strings(page)}
        left = {one for one in texts if one not in entries or not entries[one].stands}
        changed = sum(entries[one].fuzzy for one in left if one in entries)
        words = sum(len(one.split()) for one in left)
        found.append(Work(name, len(texts), len(texts) - len(left), changed, words))
    return found


def table(work: Iterable[Work]) -> Iterator[str]:
    """The report, with what is begun before what is not."""
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


def _pages(docs: Path) -> Iterator[tuple[str, Page]]:
    for page in read_pages(docs, docs.parent):
        name = page.path.relative_to(docs).with_suffix("").as_posix()
        if translations.is_translated(name):
            yield name, page
