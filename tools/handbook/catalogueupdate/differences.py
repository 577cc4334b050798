"""How two extracts differ, sorted by what the differences mean to a reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from handbook.catalogueupdate.extract import Extract
from handbook.catalogueupdate.selection import COMMITTEE_FIELDS, DELIVERABLE_FIELDS, Row
from handbook.model.catalogue import Status, stage_text, status_of


@dataclass(frozen=True, slots=True)
class Changed:
    """A deliverable before and after."""

    before: Row
    after: Row

    @property
    def renamed(self) -> bool:
        """Return whether its reference changed, as from ``ISO/DIS 37100`` to ``ISO 37100:2025``."""
        return bool(self.before["reference"] != self.after["reference"])


@dataclass(frozen=True, slots=True)
class NewRelation:
    """``subject`` replaces ``others``, or is replaced by them: ISO's field ``replaces`` or
    ``replacedBy``. Ids in ``lost`` were removed.
    """

    subject: Row
    field: str
    others: tuple[int, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CommitteeChange:
    """A committee before (``None`` if new) and after, and, for each kind of member, who joined and
    who left (acronyms).
    """

    before: Row | None
    after: Row
    came: dict[str, list[str]] = field(default_factory=dict)
    went: dict[str, list[str]] = field(default_factory=dict)
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A field with new words or a new date. ``kind``: ``typography`` and ``precision`` change no
    meaning, ``other`` may.
    """

    subject: Row
    field: str
    before: Any
    after: Any
    kind: str


@dataclass
class Changes:
    """All differences; each deliverable's change of stage is in exactly one of the lists."""

    new: list[Row] = field(default_factory=list)
    published: list[Changed] = field(default_factory=list)
    withdrawn: list[Changed] = field(default_factory=list)
    deleted: list[Changed] = field(default_factory=list)
    staged: list[Changed] = field(default_factory=list)
    renamed: list[Changed] = field(default_factory=list)
    relations: list[NewRelation] = field(default_factory=list)
    moved: list[Changed] = field(default_factory=list)
    committees: list[CommitteeChange] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)

    @property
    def new_references(self) -> list[Changed]:
        """Return every deliverable whose reference has changed."""
        return [
            one
            for one in (
                *self.published,
                *self.withdrawn,
                *self.deleted,
                *self.staged,
                *self.renamed,
            )
            if one.renamed
        ]

    def __len__(self) -> int:
        return sum(len(getattr(self, name)) for name in self.__dataclass_fields__)


def status(row: Row) -> Status:
    """Return the status of a row."""
    return status_of(stage_text(row["currentStage"]))


def compare(before: Extract, after: Extract) -> Changes:
    """Compare two extracts; the lists follow the order of references."""
    changes = Changes()
    for row in sorted(after.deliverables.values(), key=lambda row: (row["reference"], row["id"])):
        old = before.deliverables.get(row["id"])
        if old is None:
            changes.new.append(row)
        elif old != row:
            _deliverable(changes, old, row)
    for row in sorted(after.committees.values(), key=lambda row: row["reference"]):
        known = before.committees.get(row["id"])
        if known != row:
            changes.committees.append(_committee(known, row))
    return changes


def _deliverable(changes: Changes, old: Row, row: Row) -> None:
    changed = Changed(old, row)
    if old["currentStage"] != row["currentStage"]:
        was, now = status(old), status(row)
        lists = {
            Status.PUBLISHED: changes.published,
            Status.WITHDRAWN: changes.withdrawn,
            Status.DELETED: changes.deleted,
        }
        (lists.get(now, changes.staged) if was is not now else changes.staged).append(changed)
    elif changed.renamed:
        changes.renamed.append(changed)
    for name in ("replaces", "replacedBy"):
        came, went = (
            set(row[name] or ()) - set(old[name] or ()),
            set(old[name] or ()) - set(row[name] or ()),
        )
        if came or went:
            changes.relations.append(
                NewRelation(row, name, tuple(sorted(came)), tuple(sorted(went)))
            )
    if old["ownerCommittee"] != row["ownerCommittee"]:
        changes.moved.append(changed)
    published = changed in changes.published
    for name in DELIVERABLE_FIELDS:
        told = name in {
            "id",
            "currentStage",
            "reference",
            "replaces",
            "replacedBy",
            "ownerCommittee",
        } or (published and name == "publicationDate")
        if not told and old[name] != row[name]:
            changes.corrections.append(
                Correction(row, name, old[name], row[name], _kind(name, old[name], row[name]))
            )


def _kind(name: str, before: Any, after: Any) -> str:
    if name == "publicationDate" and before and after and after.startswith(f"{before}-"):
        return "precision"
    if name == "title" and _letters(before.values()) == _letters(after.values()):
        return "typography"
    return "other"


def _letters(texts: Iterable[str]) -> list[list[str]]:
    return [re.findall(r"\w+", text.casefold()) for text in texts if text]


def _committee(before: Row | None, after: Row) -> CommitteeChange:
    came: dict[str, list[str]] = {}
    went: dict[str, list[str]] = {}
    for name in ("pMembers", "oMembers"):
        old, new = (
            {one["id"]: one["acronym"] for one in (row or {}).get(name) or ()}
            for row in (before, after)
        )
        if before:
            came[name] = sorted(new[id_] for id_ in new.keys() - old.keys())
            went[name] = sorted(old[id_] for id_ in old.keys() - new.keys())
    fields = tuple(name for name in COMMITTEE_FIELDS if before and before[name] != after[name])
    return CommitteeChange(before, after, came, went, fields)
