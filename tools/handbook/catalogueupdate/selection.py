"""Which rows of ISO's files are ours, and whether they have the form that the handbook needs."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from handbook.cli import HandbookError
from handbook.model import edtf, iso_reference
from handbook.model.catalogue import Status, stage_text, status_of

#: ISO's fields that the extract keeps, in its order. ``scope`` is ISO's own text and is never kept.
DELIVERABLE_FIELDS = (
    "id",
    "deliverableType",
    "supplementType",
    "reference",
    "title",
    "publicationDate",
    "edition",
    "icsCode",
    "ownerCommittee",
    "currentStage",
    "replaces",
    "replacedBy",
)
COMMITTEE_FIELDS = (
    "id",
    "reference",
    "status",
    "title",
    "secretariat",
    "creationDate",
    "parentId",
    "childrenId",
    "pMembers",
    "oMembers",
    "committeeLiaisons",
    "organizationLiaisons",
    "sortKey",
)
_NONE = type(None)
#: Fields that every row must have, whoever owns it: without one, ISO has changed the format.
_EVERY_DELIVERABLE = {
    "id": (int,),
    "reference": (str,),
    "deliverableType": (str, _NONE),
    "supplementType": (str, _NONE),
    "title": (dict, _NONE),
    "publicationDate": (str, _NONE),
    "edition": (int, _NONE),
    "icsCode": (list, _NONE),
    "ownerCommittee": (str, _NONE),
    "currentStage": (int, _NONE),
    "replaces": (list, _NONE),
    "replacedBy": (list, _NONE),
}
_EVERY_COMMITTEE = {
    "id": (int,),
    "reference": (str,),
    "status": (str, _NONE),
    "title": (dict, _NONE),
    "secretariat": (dict, _NONE),
    "creationDate": (str, _NONE),
    "parentId": (int, _NONE),
    "pMembers": (list, _NONE),
    "oMembers": (list, _NONE),
}
_NAMES = {int: "a number", str: "a text", dict: "an object", list: "a list", _NONE: "null"}
_OVERRIDE = (
    "compare with ISO's page; correct a mistake of ISO's in references/iso/overrides.yaml; the"
    " update must be changed to read a new format"
)
_CHANGED = (
    "compare with https://www.iso.org/open-data.html: ISO may have changed the format, then the"
    " update must be changed to read it"
)

Row = dict[str, Any]


@dataclass
class Selection:
    """Our rows by id, and the line of each in its file.

    ``read`` counts all rows, ``left_out`` the projects deleted before the handbook ever had them;
    ``new_fields`` are fields of ISO's that are unknown here.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    read: int = 0
    left_out: int = 0
    new_fields: set[str] = field(default_factory=set)


def belongs(reference: str | None, committees: Iterable[str]) -> bool:
    """Return whether a committee is one of ``committees`` or a subcommittee of one."""
    return reference is not None and any(
        reference == committee or reference.startswith(f"{committee}/") for committee in committees
    )


def deliverables(
    rows: Iterable[tuple[int, Row]],
    name: str,
    committees: Collection[str],
    known: Collection[int],
) -> Selection:
    """Select our deliverables: those of the committees and their subcommittees, and those already
    in the extract.

    A project that was deleted before the extract ever had it is left out: nobody can look for it,
    and a later project may get the same reference.

    :param known: ids in the extract
    :raises HandbookError: if a row does not have ISO's form, or an id appears twice
    """
    found = Selection()
    for number, row in _checked(rows, name, _EVERY_DELIVERABLE, found):
        ours = row["id"] in known
        if not ours and not belongs(row["ownerCommittee"], committees):
            continue
        if (
            not ours
            and isinstance(row["currentStage"], int)
            and status_of(stage_text(row["currentStage"])) is Status.DELETED
        ):
            found.left_out += 1
            continue
        found.rows[row["id"]] = {field: row[field] for field in DELIVERABLE_FIELDS}
        found.places[row["id"]] = f"{name}:{number}"
        found.new_fields |= row.keys() - {*DELIVERABLE_FIELDS, "languages", "pages", "scope"}
    return found


def committees(
    rows: Iterable[tuple[int, Row]],
    name: str,
    wanted: Collection[str],
    known: Collection[int],
    owners: Collection[str],
) -> Selection:
    """Select our committees: those asked for with their subcommittees, those in the extract, and
    the owners of our deliverables.

    :raises HandbookError: if a row does not have ISO's form, or an id appears twice
    """
    found = Selection()
    for number, row in _checked(rows, name, _EVERY_COMMITTEE, found):
        if row["id"] in known or row["reference"] in owners or belongs(row["reference"], wanted):
            found.rows[row["id"]] = {field: row.get(field) for field in COMMITTEE_FIELDS}
            found.places[row["id"]] = f"{name}:{number}"
    return found


def _checked(
    rows: Iterable[tuple[int, Row]],
    name: str,
    form: Mapping[str, tuple[type, ...]],
    found: Selection,
) -> Iterator[tuple[int, Row]]:
    seen: set[int] = set()
    for number, row in rows:
        for field_, types in form.items():
            if field_ not in row:
                raise HandbookError(f"{name}:{number} has no field {field_!r}", _CHANGED)
            _typed(row[field_], types, field_, f"{name}:{number}")
        if row["id"] in seen:
            raise HandbookError(
                f"{name}:{number} has the id {row['id']}, which an earlier row has",
                "download the file again; the one in the handbook is as it was",
            )
        seen.add(row["id"])
        found.read += 1
        yield number, row


def check_deliverable(row: Row, stages: Mapping[str, str], place: str) -> None:
    """Reject a row of ours that the pages could not show.

    :raises HandbookError: with the place, the field and the value
    """
    for field_, types in {
        **_EVERY_DELIVERABLE,
        "deliverableType": (str,),
        "title": (dict,),
        "ownerCommittee": (str,),
        "currentStage": (int,),
    }.items():
        _typed(row[field_], types, field_, place, _OVERRIDE)
    if not re.fullmatch(iso_reference.FORM, row["reference"]):
        raise HandbookError(f"{place}: {row['reference']!r} is not a reference", _OVERRIDE)
    _title(row["title"], place)
    if stage_text(row["currentStage"]) not in stages:
        raise HandbookError(
            f"{place}: {row['reference']} is at stage {stage_text(row['currentStage'])}, which is"
            " not a harmonized stage code",
            "add the code to references/iso/stage-codes.json if ISO has a new one"
            " (https://www.iso.org/stage-codes.html)",
        )
    for field_, kind in {"icsCode": str, "replaces": int, "replacedBy": int}.items():
        for value in row[field_] or ():
            _typed(value, (kind,), f"an entry of {field_}", place, _OVERRIDE)
    _date(row["publicationDate"], "publicationDate", place)


def check_committee(row: Row, place: str) -> None:
    """Reject a committee that the pages could not show.

    :raises HandbookError: with the place, the field and the value
    """
    for field_, types in {**_EVERY_COMMITTEE, "title": (dict,), "creationDate": (str,)}.items():
        _typed(row[field_], types, field_, place, _OVERRIDE)
    _title(row["title"], place)
    _date(row["creationDate"], "creationDate", place)
    for member in (row["secretariat"], *(row["pMembers"] or ()), *(row["oMembers"] or ())):
        if (
            not isinstance(member, dict)
            or not isinstance(member.get("acronym"), str)
            or not isinstance(member.get("id"), int)
        ):
            raise HandbookError(
                f"{place}: the secretariat or a member of {row['reference']} is"
                f" {json.dumps(member)[:60]}, without id or acronym",
                _OVERRIDE,
            )


def _typed(
    value: Any, types: tuple[type, ...], field_: str, place: str, hint: str = _CHANGED
) -> None:
    if not isinstance(value, types) or isinstance(value, bool):
        raise HandbookError(
            f"{place}: {field_} is {json.dumps(value, ensure_ascii=False)[:60]}, not"
            f" {' or '.join(_NAMES[kind] for kind in types)}",
            hint,
        )


def _title(title: Row, place: str) -> None:
    if not isinstance(title.get("en"), str) or not title["en"].strip():
        raise HandbookError(f"{place}: the English title is missing", _OVERRIDE)
    try:
        json.dumps(title, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise HandbookError(f"{place}: the title has a broken character", _OVERRIDE) from None


def _date(text: str | None, field_: str, place: str) -> None:
    try:
        if text is not None:
            edtf.parse(text)
    except edtf.EdtfError as error:
        raise HandbookError(f"{place}: {field_}: {error.problem}", _OVERRIDE) from None
