"""Corrections of ISO's data made by hand: ``references/iso/overrides.yaml``, applied after each
update.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handbook.catalogueupdate.selection import COMMITTEE_FIELDS, DELIVERABLE_FIELDS, Row
from handbook.cli import HandbookError
from handbook.model.placed import Data

_FIELDS = {"deliverables": DELIVERABLE_FIELDS, "committees": COMMITTEE_FIELDS}
_REQUIRED = ("id", "field", "iso", "value", "reason", "source")
_EXAMPLE = (
    'write - {id: 61885, field: publicationDate, iso: "2016-70", value: "2016-07", reason: ...,'
    " source: ...}"
)


@dataclass(frozen=True, slots=True)
class Override:
    """One corrected value: ``iso`` is ISO's value when the override was made, ``value`` the correct
    one.

    ``reason`` and ``source`` (a bibliography key or an address) say why; ``file`` is
    ``deliverables`` or ``committees``; ``line`` is its line in the file.
    """

    id: int
    field: str
    iso: Any
    value: Any
    reason: str
    source: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an override: ``said`` is ISO's value today, or ``None``, with ``gone`` set, if
    ISO has no such row.
    """

    override: Override
    reference: str
    said: Any
    gone: bool = False

    @property
    def caught_up(self) -> bool:
        """Return whether ISO now has the same value, so that the override can be deleted."""
        return not self.gone and self.said == self.override.value

    @property
    def moved(self) -> bool:
        """Return whether ISO now has yet another value, so that somebody must look."""
        return not self.gone and self.said not in (self.override.value, self.override.iso)


def read(path: Path) -> list[Override]:
    """Return the overrides of a file; none if there is no file.

    :raises HandbookError: with file and line, if an entry cannot be understood
    """
    try:
        data = Data(path.read_text("utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise HandbookError(f"{path} cannot be read: {error}", "save it as UTF-8") from None
    if data.slips:
        slip = data.slips[0]
        raise HandbookError(f"{path}:{slip.line}: {slip.message}", slip.hint)
    entries = data.value or []
    if not isinstance(entries, list):
        raise HandbookError(f"{path}:1 is not a list", _EXAMPLE)
    lines = [data.place((number,))[0] for number in range(len(entries))]
    found = [
        _override(entry, f"{path}:{line}", line) for entry, line in zip(entries, lines, strict=True)
    ]
    for number, one in enumerate(found):
        for other in found[:number]:
            if (one.file, one.id, one.field) == (other.file, other.id, other.field):
                raise HandbookError(
                    f"{path}:{one.line} corrects {one.field} of {one.id}, as line {other.line}"
                    " does",
                    "delete one of the two",
                )
    return found


def _override(entry: Any, place: str, line: int) -> Override:
    if not isinstance(entry, dict):
        raise HandbookError(f"{place} is not a correction", _EXAMPLE)
    file = entry.get("file", "deliverables")
    if file not in _FIELDS:
        raise HandbookError(
            f"{place}: {file!r} is not a file",
            "write file: deliverables (or leave it out), or file: committees",
        )
    for name in _REQUIRED:
        if name not in entry or (
            name in {"reason", "source"}
            and not (isinstance(entry[name], str) and entry[name].strip())
        ):
            raise HandbookError(f"{place} has no {name}", _EXAMPLE)
    for name in entry:
        if name not in {*_REQUIRED, "file"}:
            raise HandbookError(
                f"{place}: a correction has no {name!r}", "use " + ", ".join([*_REQUIRED, "file"])
            )
    if (
        not isinstance(entry["id"], int)
        or entry["field"] not in _FIELDS[file]
        or entry["field"] == "id"
    ):
        raise HandbookError(
            f"{place} names no field of ISO's",
            "use the number of ISO's page as id, and one of " + ", ".join(_FIELDS[file][1:]),
        )
    try:
        json.dumps([entry["iso"], entry["value"]])
    except TypeError:
        raise HandbookError(
            f"{place}: a value is not what JSON can hold", 'put dates in quotes: "2016-07-01"'
        ) from None
    return Override(
        entry["id"],
        entry["field"],
        entry["iso"],
        entry["value"],
        entry["reason"],
        entry["source"],
        file,
        line,
    )


def apply(overrides: Iterable[Override], file: str, rows: Mapping[int, Row]) -> list[Outcome]:
    """Correct the rows of one file in place, and return what became of each override."""
    outcomes = []
    for override in overrides:
        if override.file != file:
            continue
        row = rows.get(override.id)
        if row is None:
            outcomes.append(Outcome(override, str(override.id), None, gone=True))
            continue
        outcomes.append(Outcome(override, row["reference"], row[override.field]))
        row[override.field] = override.value
    return outcomes
