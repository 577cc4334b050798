"""The facts in the feeds and in the ledger: the rows of the tables, each with a permanent id, a
title and a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handbook.model import marks
from handbook.model.ledger import Told, digest
from handbook.model.marks import Marks

Row = Mapping[str, Any]
#: Fields that repeat another field of the row, or that may change while the fact stays the same.
_DERIVED = {"precision", "earliest", "latest", "address"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A table whose rows are reported as facts. ``id`` are the fields that identify a row
    permanently, as words.
    """

    id: Callable[[Row], Sequence[str]]
    title: Callable[[Row, Marks], str]
    summary: Callable[[Row, Marks], str]
    anchor: Callable[[Row], str]
    categories: Callable[[Row], Sequence[str]]


def _milestone(row: Row, marks: Marks) -> str:
    status = "" if row["status"] == "happened" else marks.within(row["status"])
    when = row.get("when", row["date"])
    return f"{when}{status}{marks.colon}{row['text'] or row['title']}"


def _dated(row: Row, marks: Marks, *words: str) -> str:
    said = [one.get("said") or f"{one['what']} {one['date']}" for one in row["dates"]]
    return marks.semicolon.join(filter(None, (*words, *said, row["note"]))) + marks.stop


#: By the names of the tables. A new edition of an ISO text makes no other standing, and a new title
#: of a text no other adoption.
KINDS: Mapping[str, Kind] = {
    "milestones": Kind(
        lambda row: (row["name"],),
        lambda row, _marks: str(row["title"]),
        _milestone,
        lambda row: row["name"],
        lambda row: row["strands"],
    ),
    "adoptions": Kind(
        lambda row: (row["id"],),
        lambda row, marks: row["designation"] + marks.within(row["country"]),
        lambda row, marks: _dated(
            row, marks, row["title"] or "", row["adopts"], row["degree"] or ""
        ),
        lambda row: f"adoption-{row['id']}",
        lambda row: (row["country"], row["adopts"]),
    ),
    "places": Kind(
        lambda row: (row["id"], row["kind"], (row["standard"] or "").partition(":")[0]),
        lambda row, marks: marks.comma.join(
            filter(None, (row["name"], row["kind"], row["standard"]))
        ),
        lambda row, marks: _dated(row, marks, row["level"] or "", row["issuer"] or ""),
        lambda row: f"place-{row['id']}",
        lambda row: tuple(filter(None, (row["kind"], row["country"]))),
    ),
    "offices": Kind(
        lambda row: (row["id"], row["role"], row["body"]),
        lambda row, marks: marks.comma.join((row["name"], row["role"], row["body"])),
        _dated,
        lambda row: f"person-{row['id']}",
        lambda row: (row["body"],),
    ),
}


def named(kind: str, rows: Iterable[Row]) -> dict[str, Row]:
    """Return the rows of a table by their ids: ``hangzhou/certificate/ISO 37101``, with a number
    where two would be equal.
    """
    times: Counter[str] = Counter()
    found = {}
    for row in rows:
        name = "/".join(filter(None, KINDS[kind].id(row)))
        times[name] += 1
        found[f"{name}/{times[name]}" if times[name] > 1 else name] = row
    return found


def told(tables: Mapping[str, Iterable[Row]]) -> list[Told]:
    """Return the facts in these tables, for the ledger."""
    return [
        Told(
            kind,
            id_,
            KINDS[kind].title(row, marks.of("en")),
            {name: digest(value) for name, value in row.items() if name not in _DERIVED},
        )
        for kind in KINDS
        for id_, row in named(kind, tables.get(kind, ())).items()
    ]
