"""Changes, in words for readers, made from the observed stages and the publications of the
catalogue.

A stage is *observed*: the catalogue was looked at on certain days. A change between two looks
happened on some day after the first and not after the second; nothing here claims more.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handbook.model import edtf
from handbook.model.catalogue import Catalogue, Deliverable, Observation, Status, status_of


class ChangeKind(StrEnum):
    """What happened to a deliverable."""

    SEEN = "seen for the first time"
    STAGE = "stage"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``when`` is the day of publication as precisely as the catalogue has it,
    otherwise the day of observation.

    ``reference`` is the name of the project at that time; ``before`` and ``after`` are stage codes,
    ``before`` is ``None`` at a first sight; ``since`` is the day on which ``before`` was first
    observed; ``meaning`` puts ``after`` into words; ``known`` is the first day on which the change
    is certain to have happened.
    """

    kind: ChangeKind
    deliverable: Deliverable
    reference: str
    when: edtf.Edtf
    known: date
    after: str
    meaning: str
    before: str | None = None
    since: date | None = None

    @property
    def id(self) -> str:
        """Return a permanent name (URN) for feeds, which depends on nothing that a later update
        could reword.
        """
        end = "published" if self.kind is ChangeKind.PUBLISHED else f"{self.after}-{self.known}"
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.deliverable.url}#{end}").urn


def meaning(stage: str, stages: dict[str, str]) -> str:
    """Return a stage code in a few words: ``confirmed`` for 90.93. The official words speak of
    International Standards only.

    :param stages: the official words (``references/iso/stage-codes.json``)
    """
    if stage in {"60.00", "95.99"}:
        return {"60.00": "under publication", "95.99": "withdrawn"}[stage]
    text = stages.get(stage, "unknown stage")
    text = text.removeprefix("International Standard ").replace(
        "Withdrawal of International Standard", "withdrawal"
    )
    text = text.replace(
        "Decision not to withdraw International Standard", "decision not to withdraw"
    )
    return text if re.match(r"[A-Z]{2}", text) else text[:1].lower() + text[1:]


def changes(catalogue: Catalogue) -> list[Change]:
    """Return all changes since the first look at the catalogue, the latest first.

    Whatever was seen in the first month of looking is the starting point, not a change. A
    publication comes from its own date and replaces the observation of stage 60.60.
    """
    looked = catalogue.as_of.get("observations")
    if not looked:
        return []
    interval, last_look = edtf.parse(looked), edtf.parse(catalogue.as_of["deliverables"]).latest
    begin = interval.start.latest if interval.start else date.min
    opened = interval.earliest
    found: list[Change] = []
    for deliverable in catalogue.deliverables:
        seen = catalogue.observations.get(deliverable.id, ())
        at_publication = next(
            (one.observed for one in seen if one.stage == "60.60" and one.observed > begin), None
        )
        if deliverable.published and deliverable.published.earliest >= opened:
            known = at_publication or min(deliverable.published.latest, last_look)
            found.append(
                Change(
                    ChangeKind.PUBLISHED,
                    deliverable,
                    deliverable.reference,
                    deliverable.published,
                    known,
                    "60.60",
                    meaning("60.60", catalogue.stages),
                )
            )
        found += _observed(
            deliverable,
            seen,
            begin,
            catalogue.stages,
            bool(found) and found[-1].deliverable is deliverable,
        )
    return sorted(
        found,
        key=lambda change: (-change.when.earliest.toordinal(), change.reference, change.after),
    )


def _observed(
    deliverable: Deliverable,
    seen: tuple[Observation, ...],
    begin: date,
    stages: dict[str, str],
    publication_told: bool,
) -> Iterable[Change]:
    for number, now in enumerate(seen):
        last = seen[number - 1] if number else None
        if (last is None and now.observed <= begin) or (last and last.stage == now.stage):
            continue
        if publication_told and now.stage == "60.60":
            continue
        kind = ChangeKind.STAGE if last else ChangeKind.SEEN
        if last:
            kind = {Status.WITHDRAWN: ChangeKind.WITHDRAWN, Status.DELETED: ChangeKind.DELETED}.get(
                status_of(now.stage), kind
            )
        yield Change(
            kind,
            deliverable,
            now.reference,
            edtf.parse(now.observed.isoformat()),
            now.observed,
            now.stage,
            meaning(now.stage, stages),
            last.stage if last else None,
            last.observed if last else None,
        )
