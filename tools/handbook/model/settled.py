"""What sources settle and no other record can hold: ``references/records/settled.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handbook.model import record_shapes
from handbook.model.records import UNREADABLE, Record, common, once
from handbook.model.rows import Found
from handbook.rules.findings import Finding

Groups = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Record):
    """A sentence is about it, if it or those before it in its paragraph have a wording of each
    group of ``about``; one that has a wording of ``never``, and lacks one of a group of ``unless``,
    says it wrong.
    ``told`` is the anchor of the place that tells it.
    """

    says: str
    about: Groups
    never: tuple[str, ...]
    unless: Groups
    told: str

    @property
    def name(self) -> str:
        """What the sources say."""
        return self.says


def read(references: Path, root: Path | None = None) -> tuple[tuple[Settled, ...], list[Finding]]:
    """All of them, and what is wrong with the file; none, if there is none.

    :param root: the folder from which findings write paths
    """
    path = references / "records" / "settled.yaml"
    found = Found(root, UNREADABLE)
    return tuple(_settled(found, path)) if path.exists() else (), found.findings


def _settled(found: Found, path: Path) -> Iterator[Settled]:
    for row in once(found.rows(path, record_shapes.SETTLED)):
        value = row.value
        yield Settled(
            **common(row),
            says=value["says"],
            about=tuple(map(tuple, value["about"])),
            never=tuple(value["never"]),
            unless=tuple(map(tuple, value.get("unless", ()))),
            told=value["told"],
        )
