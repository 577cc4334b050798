"""D514, D515: the files of ISO's extract agree with each other, and with the day of the check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from handbook.datecheck.tree import Tree, data_of
from handbook.model import edtf, shapes
from handbook.model.block import one_of
from handbook.model.placed import Data, read_json
from handbook.model.rows import Found
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule

_COMPARE = "compare with ISO's page, and correct it in references/iso/overrides.yaml"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a file, read a second time for its places."""

    value: Any
    place: Callable[..., Place]

    def fault(self, keys: tuple[str | int, ...], message: str, hint: str) -> Finding:
        return Finding(self.place(*keys), "D514", message, hint)


def _rows(tree: Tree, name: str) -> list[_Row]:
    path = tree.root / "references" / "iso" / f"{name}.jsonl"
    shown = tree.path(path)

    def place(text: str, line: int, *keys: str | int) -> Place:
        return Place(shown, *Data(text, line).place(keys))

    lines = enumerate(data_of(path).decode("utf-8-sig").split("\n"), 1)
    return [
        _Row(read_json(text, line)[0], partial(place, text, line))
        for line, text in lines
        if text.strip()
    ]


@rule("D514")
def extract_agrees(tree: Tree) -> Iterator[Finding]:
    """The files of the extract agree: what a row names exists there once, and no day is in the
    future.
    """
    if tree.catalogue_findings:
        return  # what cannot be read is reported by its reader
    deliverables = {row.value["id"]: row for row in _rows(tree, "deliverables")}
    committees, seen = _rows(tree, "committees"), _rows(tree, "stage-observations")
    yield from _to_come(tree)
    yield from _twice(committees, "id") or _twice(committees, "reference")
    yield from _parents(committees)
    yield from _created(committees, tree.catalogue.as_of.get("committees"))
    yield from _twice(seen, "id")
    yield from _observed(seen, deliverables, tree.catalogue.as_of.get("observations"))
    named = {row.value["id"] for row in seen}
    for id_, row in deliverables.items():
        if id_ not in named:
            message = f"stage-observations.jsonl has no row of {row.value['reference']}"
            yield row.fault(("id",), message, "run tools/update_catalogue.py")
    yield from _circles(deliverables)


@rule("D515")
def corrections(tree: Tree) -> Iterator[Finding]:
    """A correction of ISO's data names an existing row and field, and a source."""
    path = tree.root / "references" / "iso" / "overrides.yaml"
    if not path.exists():
        return
    ids = {
        "deliverables": tree.catalogue.by_id.keys(),
        "committees": {row.value["id"] for row in _rows(tree, "committees") if row.value},
    }
    found, seen = Found(tree.root, "D515"), set()
    for row in found.rows(path, shapes.OVERRIDE):
        file, id_, field = (
            row.value.get("file", "deliverables"),
            row.value["id"],
            row.value["field"],
        )
        if field not in shapes.CORRECTED[file]:
            hint = one_of(field, shapes.CORRECTED[file])
            row.fault(("field",), f"a row of {file} has no field {field!r}", hint)
        elif id_ not in ids[file]:
            hint = "write the number of ISO's page as id"
            row.fault(("id",), f"{file}.jsonl has no row with the id {id_}", hint)
        elif (file, id_, field) in seen:
            row.fault((), f"{field} of {id_} is corrected twice", "delete one of the two")
        elif row.value["iso"] == row.value["value"]:
            row.fault(("value",), "the correction is what ISO says", "delete it")
        seen.add((file, id_, field))
        source = row.value["source"]
        if "://" not in source and source not in tree.bibliography.sources:
            row.fault(
                ("source",),
                f"no references/*.bib has the key {source!r}",
                tree.bibliography.nearest(source),
            )
    yield from found.findings


def _to_come(tree: Tree) -> Iterator[Finding]:
    path = tree.root / "references" / "iso" / "extract.yaml"
    data = Data(data_of(path).decode("utf-8-sig"))
    for name, text in tree.catalogue.as_of.items():
        if edtf.parse(text).earliest > tree.as_of:
            place = Place(tree.path(path), *data.place(("as_of", name)))
            message = (
                f"the extract of {name} is dated {text}, which is in the future"
                f" (as of {tree.as_of})"
            )
            yield Finding(place, "D514", message, "write the day on which ISO's file was taken")


def _twice(rows: Iterable[_Row], field: str) -> list[Finding]:
    seen: set[object] = set()
    found = []
    for row in rows:
        if (value := row.value[field]) in seen:
            message = f"the {field} {value} appears twice"
            found.append(row.fault((field,), message, "delete one of the two rows, or correct it"))
        seen.add(value)
    return found


def _parents(committees: list[_Row]) -> Iterator[Finding]:
    parents = {row.value["id"]: row.value["parentId"] for row in committees}
    for row in committees:
        parent = row.value["parentId"]
        if parent is not None and parent not in parents:
            message = f"committees.jsonl has no committee with the id {parent}"
            yield row.fault(("parentId",), message, "add the parent committee, or write null")
        elif row.value["id"] in _above(parents, row.value["id"]):
            message = f"{row.value['reference']} is its own parent"
            yield row.fault(("parentId",), message, _COMPARE)


def _above(parents: Mapping[int, int | None], id_: int) -> set[int]:
    """Return the ids of all committees above one."""
    found: set[int] = set()
    at = parents[id_]
    while at is not None and at not in found:
        found.add(at)
        at = parents.get(at)
    return found


def _created(committees: Iterable[_Row], taken: str | None) -> Iterator[Finding]:
    for row in committees:
        day = row.value["creationDate"]
        if taken and edtf.parse(day).earliest > edtf.parse(taken).latest:
            message = (
                f"{row.value['reference']} was created {day}, after the extract was made ({taken})"
            )
            yield row.fault(("creationDate",), message, _COMPARE)


def _observed(
    rows: Iterable[_Row], deliverables: Mapping[int, _Row], taken: str | None
) -> Iterator[Finding]:
    for row in rows:
        seen = row.value["observations"]
        if row.value["id"] not in deliverables:
            message = f"deliverables.jsonl has no row with the id {row.value['id']}"
            yield row.fault(("id",), message, "correct the id, or delete the row")
        if not seen:
            hint = "run tools/update_catalogue.py, or delete the row"
            yield row.fault(("observations",), "the row has no observation", hint)
        for number, (one, other) in enumerate(pairwise(seen), 1):
            if other["observed"] < one["observed"]:
                message = f"{other['observed']} comes after {one['observed']}"
                keys = ("observations", number, "observed")
                yield row.fault(keys, message, "sort the observations by their days")
        for number, one in enumerate(seen):
            if taken and one["observed"] > edtf.parse(taken).latest.isoformat():
                message = f"{one['observed']} is after the observations were made ({taken})"
                keys = ("observations", number, "observed")
                yield row.fault(keys, message, "correct the day, or the days in extract.yaml")


def _older(one: Any, other: _Row) -> bool:
    """Return whether a deliverable was published before the one that it replaces."""
    days = one["publicationDate"], other.value["publicationDate"]
    return all(days) and edtf.parse(days[0]).compare(edtf.parse(days[1])) is edtf.Order.BEFORE


def _circles(deliverables: Mapping[int, _Row]) -> Iterator[Finding]:
    """Find deliverables that replace themselves through others; report each circle once.

    Where one in the circle is older than what it replaces, D508 reports it instead.
    """
    done: set[int] = set()
    for first, row in deliverables.items():
        stack, reached = [first], set()
        while stack:
            one = deliverables[stack.pop()].value
            for id_ in one["replaces"] or ():
                if (
                    id_ in deliverables
                    and id_ not in reached
                    and not _older(one, deliverables[id_])
                ):
                    reached.add(id_)
                    stack.append(id_)
        if first in reached and first not in done:
            done |= reached
            message = f"{row.value['reference']} replaces itself through other deliverables"
            yield row.fault(("replaces",), message, _COMPARE)
