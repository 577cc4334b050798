"""What earlier editions stated: ``references/published/facts.jsonl`` has, for each milestone and
each record, the edition that added it and the one that corrected it last.

An edition is identified by its day. The ledger keeps a digest of each field of a fact, so that a
feed can say what was corrected. A field that the tables did not have at the time is no correction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any

from handbook.model import shapes
from handbook.model.rows import Found
from handbook.rules.findings import Finding, Place

NAME = "facts.jsonl"
CODE = "P027"
_HINT = "restore the ledger: git checkout -- references; python tools/make_edition.py writes it"


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as the handbook states it now: ``fields`` holds a digest of each field."""

    kind: str
    id: str
    title: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as the editions stated it. ``changed`` are the fields of the last correction."""

    kind: str
    id: str
    title: str
    added: date
    fields: Mapping[str, str]
    corrected: date | None = None
    changed: tuple[str, ...] = ()
    withdrawn: date | None = None
    place: Place = field(default=Place(""), compare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Return the key by which the ledger is sorted."""
        return self.kind, self.id

    @property
    def day(self) -> date:
        """Return the day of the edition that added or corrected it last."""
        return self.withdrawn or self.corrected or self.added


Ledger = tuple[Entry, ...]


def digest(value: Any) -> str:
    """Return a short digest of a value; empty for an empty value."""
    if value in (None, "", [], {}):
        return ""
    data = json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return blake2b(data, digest_size=4).hexdigest()


def read(path: Path, root: Path | None = None) -> tuple[Ledger, list[Finding]]:
    """Return the ledger in a file, empty if there is no file, and what is wrong with it."""
    found = Found(root, CODE)
    if not path.is_file():
        return (), []
    entries = []
    for row in found.rows(path, shapes.FACT):
        value = row.value
        days = {
            name: date.fromisoformat(value[name])
            for name in ("added", "corrected", "withdrawn")
            if name in value
        }
        entry = Entry(
            value["kind"],
            value["id"],
            value["title"],
            days["added"],
            value["fields"],
            days.get("corrected"),
            tuple(value.get("changed", ())),
            days.get("withdrawn"),
            row.place(),
        )
        for name, day in days.items():
            if day < entry.added:
                row.fault((name,), f"it is {name} before it is added", _HINT)
        if ("corrected" in days) != bool(entry.changed):
            row.fault((), "a correction has its day and what was corrected, or neither", _HINT)
        entries.append(entry)
    return tuple(entries), [*found.findings, *_disorder(entries)]


def _disorder(entries: Iterable[Entry]) -> Iterator[Finding]:
    before = ("", "")
    for entry in entries:
        name = f"{entry.kind} {entry.id}"
        if entry.key == before:
            yield Finding(entry.place, CODE, f"{name} appears twice", "delete one of the two")
        elif entry.key < before:
            hint = f"sort the lines: it comes before {' '.join(before)}"
            yield Finding(entry.place, CODE, f"{name} is out of order", hint)
        before = max(before, entry.key)


def brought_up(entries: Iterable[Entry], told: Iterable[Told], day: date) -> Ledger:
    """Return the ledger after the edition of ``day``, which states these facts."""
    before = {entry.key: entry for entry in entries}
    now: dict[tuple[str, str], Entry] = {}
    for one in told:
        key = (one.kind, one.id)
        known = before.pop(key, None)
        if known is None or known.withdrawn:
            now[key] = Entry(*key, one.title, day, one.fields)
        else:
            now[key] = _told_again(known, one, day)
    for key, entry in before.items():
        if entry.withdrawn:
            now[key] = entry
        elif entry.added < day:
            now[key] = replace(entry, withdrawn=day)
    return tuple(now[key] for key in sorted(now))


def _told_again(known: Entry, one: Told, day: date) -> Entry:
    changed = {
        name
        for name, before in known.fields.items()
        if name in one.fields and one.fields[name] != before
    }
    same = replace(known, title=one.title, fields=one.fields)
    if not changed or day <= known.added:
        return same
    if known.corrected and known.corrected >= day:
        return replace(same, changed=tuple(sorted({*known.changed, *changed})))
    return replace(same, corrected=day, changed=tuple(sorted(changed)))


def text(entries: Iterable[Entry]) -> str:
    """Return the ledger as its file holds it."""
    return "".join(f"{json.dumps(_row(entry), ensure_ascii=False)}\n" for entry in entries)


def _row(entry: Entry) -> dict[str, Any]:
    row = {
        "kind": entry.kind,
        "id": entry.id,
        "title": entry.title,
        "added": entry.added.isoformat(),
        "corrected": entry.corrected and entry.corrected.isoformat(),
        "changed": list(entry.changed),
        "withdrawn": entry.withdrawn and entry.withdrawn.isoformat(),
        "fields": dict(entry.fields),
    }
    return {name: value for name, value in row.items() if value}
