"""Facts that sources settle and that fit no other record: ``references/records/settled.yaml``."""

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
    """A settled fact, and the wordings that contradict it.

    A sentence is about it if it, or the sentences before it in its paragraph, contain a wording of
    each group of ``about``. It is wrong if it contains a wording of ``never`` and lacks one of a
    group of ``unless``. ``told`` is the anchor of the place that states the fact.
    """

    says: str
    about: Groups
    never: tuple[str, ...]
    unless: Groups
    told: str

    @property
    def name(self) -> str:
        """Return what the sources say."""
        return self.says


def read(references: Path, root: Path | None = None) -> tuple[tuple[Settled, ...], list[Finding]]:
    """Return all settled facts, and the findings about their file; both empty if there is none.

    :param root: the folder to which paths in findings are relative
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
