"""ISO's catalogue: deliverables, committees, stages, and what we add to it (families, builds-on
relations).

The field names are those of ISO Open Data (https://www.iso.org/open-data.html), so that its files
can be read as they are. Data: ``references/iso/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from handbook.cli import HandbookError
from handbook.model import edtf, iso_reference, shapes
from handbook.model.block import Block
from handbook.model.rows import Found, Row
from handbook.rules.findings import Finding, Place

#: The bibliography key of the catalogue's extract.
CATALOGUE_SOURCE = "isoopendata"

#: Series that ISO numbers separately from its other documents.
_OWN_NUMBERS = ("Guide", "IWA")
#: What each kind of supplement does to its base.
_DOING = {"Amd": "amends", "Cor": "corrects", "Add": "adds-to", "Suppl": "adds-to"}


class CatalogueError(HandbookError):
    """The catalogue's files contradict themselves, or the user named something that they do not
    have.
    """


class Status(StrEnum):
    """The status of a deliverable, derived from its stage code (ISO Guide 69: stages 00 to 95)."""

    UNDER_DEVELOPMENT = "under development"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


class State(StrEnum):
    """The meaning of a stage code in plain words; finer than :class:`Status`."""

    DRAFT = "draft"
    CURRENT = "current"
    CONFIRMED = "confirmed"
    UNDER_REVIEW = "under review"
    BEING_REVISED = "being revised"
    BEING_WITHDRAWN = "being withdrawn"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


class RelationKind(StrEnum):
    """How one deliverable relates to another, beyond what ISO's catalogue has (replaces,
    amends).
    """

    BUILDS_ON = "builds-on"
    GUIDES_USE_OF = "guides-use-of"
    SUPPLEMENTS = "supplements"


@dataclass(frozen=True, slots=True)
class Observation:
    """The stage in which a project was seen on a day; the stage itself began on that day or
    earlier.
    """

    observed: date
    stage: str
    reference: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One document or project of ISO.

    ``id`` is the number in ``https://www.iso.org/standard/ID.html``; ``stage`` is written
    ``90.93``; ``published`` is a month where the mirrored ISO Open Data have no day; ``replaces``
    and ``replaced_by`` hold ids.
    """

    id: int
    reference: str
    title: Mapping[str, str]
    deliverable_type: str
    supplement_type: str | None
    published: edtf.Edtf | None
    edition: int | None
    ics: tuple[str, ...]
    committee: str
    stage: str
    replaces: tuple[int, ...]
    replaced_by: tuple[int, ...]

    @property
    def slug(self) -> str:
        """Return the name of its page and anchor: ``iso-37101-2016-amd-1-2024``."""
        return slug(self.reference)

    @property
    def number(self) -> str:
        """Return the number without year, type and publisher: ``37101``, ``37155-1``."""
        return iso_reference.number(self.reference)

    @property
    def base(self) -> str | None:
        """Return the reference that a supplement belongs to: ``ISO 37101:2016`` for ``ISO
        37101:2016/Amd 1:2024``; ``None`` if it is no supplement.
        """
        base, part = iso_reference.parted(self.reference)
        return base if part else None

    @property
    def doing(self) -> str | None:
        """Return what a supplement does to its base: ``amends``, ``corrects`` or ``adds-to``;
        ``None`` if it is no supplement.
        """
        return _DOING[self.supplement_type] if self.supplement_type else None

    @property
    def part(self) -> str:
        """Return the part of a supplement's reference behind its base: ``/Amd 1:2024``."""
        return iso_reference.parted(self.reference)[1]

    @property
    def undated_reference(self) -> str:
        """Return the reference without its year: ``ISO 37101`` for ``ISO 37101:2016``; an amendment
        keeps its part: ``ISO 37101:2016/Amd 1``.
        """
        return re.sub(r":\d{4}$", "", self.reference)

    @property
    def status(self) -> Status:
        """Return the status that its stage means."""
        return status_of(self.stage)

    @property
    def state(self) -> State:
        """Return what its stage means in plain words."""
        return state_of(self.stage)

    @property
    def url(self) -> str:
        """Return the address of ISO's own page."""
        return f"https://www.iso.org/standard/{self.id}.html"


@dataclass(frozen=True, slots=True)
class Committee:
    """One committee. Its secretariat and its members are acronyms of national standards bodies."""

    id: int
    reference: str
    title: Mapping[str, str]
    secretariat: str
    created: edtf.Edtf
    p_members: tuple[str, ...]
    o_members: tuple[str, ...]
    parent: int | None


@dataclass(frozen=True, slots=True)
class Family:
    """A group of deliverables that belong together for readers; the grouping is ours, not ISO's."""

    id: str
    title: str
    members: tuple[str, ...]
    #: The place of each member in its file.
    places: tuple[Place, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """``source`` has a relation to ``target`` (both references), according to the bibliography keys
    in ``sources``.
    """

    source: str
    target: str
    kind: RelationKind
    sources: tuple[str, ...]
    #: The places of the row, of each of its sources, and of the target.
    place: Place = field(default=Place(""), compare=False)
    source_places: tuple[Place, ...] = field(default=(), compare=False)
    target_place: Place = field(default=Place(""), compare=False)


def slug(reference: str) -> str:
    """Return a reference as part of an address: lower case, a hyphen for each run of other
    characters.
    """
    return re.sub(r"[^a-z0-9]+", "-", reference.lower()).strip("-")


def stage_text(code: int) -> str:
    """Return a stage code as it is written: ``90.93`` for ISO Open Data's ``9093``."""
    return f"{code // 100:02}.{code % 100:02}"


def status_of(stage: str) -> Status:
    """Return the status that a stage code means (International harmonized stage codes).

    60.60 is published; all of stage 90 is published and under review; 95.99 is withdrawn (95.20 to
    95.60 is still the withdrawal ballot); substage 98 before publication is a deleted project.
    """
    main, sub = stage.split(".")
    if stage == "95.99":
        return Status.WITHDRAWN
    if main in {"90", "95"} or stage == "60.60":
        return Status.PUBLISHED
    if sub == "98":
        return Status.DELETED
    return Status.UNDER_DEVELOPMENT


def state_of(stage: str) -> State:
    """Return what a stage code means in plain words (International harmonized stage codes).

    90.20 and 90.60 are the systematic review; its outcome is 90.92 (to be revised), 90.93
    (confirmed) or 90.99 (to be withdrawn); 95.20 to 95.60 is the withdrawal ballot.
    """
    status = status_of(stage)
    if status is Status.PUBLISHED:
        if stage in {"60.60", "90.93"}:
            return State.CURRENT if stage == "60.60" else State.CONFIRMED
        if stage == "90.92":
            return State.BEING_REVISED
        in_review = stage.startswith("90.") and stage != "90.99"
        return State.UNDER_REVIEW if in_review else State.BEING_WITHDRAWN
    return {
        Status.UNDER_DEVELOPMENT: State.DRAFT,
        Status.WITHDRAWN: State.WITHDRAWN,
        Status.DELETED: State.DELETED,
    }[status]


class Catalogue:
    """All deliverables and committees of the extract, by reference and by id.

    ``as_of`` is, for each file of the extract, the EDTF date on which ISO's data had this content
    (``references/iso/extract.yaml``).
    """

    def __init__(
        self,
        deliverables: Iterable[Deliverable],
        committees: Iterable[Committee] = (),
        observations: Mapping[int, tuple[Observation, ...]] | None = None,
        stages: Mapping[str, str] | None = None,
        families: Iterable[Family] = (),
        relations: Iterable[Relation] = (),
        as_of: Mapping[str, str] | None = None,
    ) -> None:
        self.deliverables = tuple(sorted(deliverables, key=_order))
        self.committees = tuple(committees)
        self.observations = dict(observations or {})
        self.stages = dict(stages or {})
        self.families = tuple(families)
        self.relations = tuple(relations)
        self.as_of = dict(as_of or {})

    @classmethod
    def load(cls, references: Path) -> Catalogue:
        """Read ``references/iso/`` with ``families.yaml`` and ``relations.yaml`` beside it.

        :raises CatalogueError: if a file is missing or malformed, or names an unknown deliverable
        """
        catalogue, findings = cls.read(references)
        for finding in findings:
            raise CatalogueError(
                f"{finding.place.path}:{finding.place.line}: {finding.message}", finding.hint
            )
        return catalogue

    @classmethod
    def read(cls, references: Path, root: Path | None = None) -> tuple[Catalogue, list[Finding]]:
        """Like :meth:`load`, but leave out and report (D104) what cannot be read.

        :param root: the folder to which paths in findings are relative
        """
        iso, found = references / "iso", Found(root)
        stages = found.whole(iso / "stage-codes.json", shapes.STAGES) or {}
        deliverables: dict[int, Deliverable] = {}
        rows: list[Row] = []
        references_seen: set[str] = set()
        for row in found.rows(iso / "deliverables.jsonl", shapes.DELIVERABLE):
            code = row.value["currentStage"]
            if stages and stage_text(code) not in stages:
                row.fault(
                    ("currentStage",),
                    f"{code} is not a stage",
                    "write a stage of stage-codes.json: 6060",
                )
            elif row.value["id"] in deliverables:
                row.fault(
                    ("id",),
                    f"the id {row.value['id']} appears twice",
                    "write another id, or delete one row",
                )
            elif row.value["reference"] in references_seen:
                row.fault(
                    ("reference",),
                    f"two deliverables have the reference {row.value['reference']}",
                    "check both pages at ISO; correct the reference of one in"
                    " references/iso/overrides.yaml",
                )
            elif bool(row.value["supplementType"]) != bool(
                iso_reference.parted(row.value["reference"])[1]
            ):
                row.fault(
                    ("supplementType",),
                    "the reference and the kind of supplement do not go together",
                    'a supplement is named like "ISO 37101:2016/Amd 1:2024"; any other document has'
                    " null here; correct it in references/iso/overrides.yaml",
                )
            elif itself := _itself(row.value):
                row.fault(itself, "it replaces itself", "name another deliverable, or null")
            else:
                deliverables[row.value["id"]] = _deliverable(row.value)
                references_seen.add(row.value["reference"])
                rows.append(row)
        # a name that only a broken row defines is no second fault
        whole = not found.findings
        observations = {
            row.value["id"]: _observed(row.value)
            for row in found.rows(iso / "stage-observations.jsonl", shapes.OBSERVATIONS)
            if not _unknown_stages(row, stages)
        }
        before = len(found.findings)
        committees = [
            _committee(row.value) for row in found.rows(iso / "committees.jsonl", shapes.COMMITTEE)
        ]
        if len(found.findings) == before:
            _owned(rows, {committee.reference for committee in committees})
        return (
            cls(
                deliverables=deliverables.values(),
                committees=committees,
                observations=observations,
                stages=stages,
                families=_families(found, references / "families.yaml", references_seen, whole),
                relations=_relations(found, references / "relations.yaml", references_seen, whole),
                as_of=(found.whole(iso / "extract.yaml", shapes.EXTRACT) or {}).get("as_of"),
            ),
            found.findings,
        )

    @cached_property
    def by_reference(self) -> dict[str, Deliverable]:
        """Return each deliverable by its full reference."""
        return {deliverable.reference: deliverable for deliverable in self.deliverables}

    @cached_property
    def by_id(self) -> dict[int, Deliverable]:
        """Return each deliverable by its id at ISO."""
        return {deliverable.id: deliverable for deliverable in self.deliverables}

    @cached_property
    def by_slug(self) -> dict[str, Deliverable]:
        """Return each deliverable by the name of its page."""
        return {deliverable.slug: deliverable for deliverable in self.deliverables}

    @cached_property
    def _by_number(self) -> dict[str, list[Deliverable]]:
        """Group editions by number, with the series where ISO numbers it separately."""
        numbers: dict[str, list[Deliverable]] = {}
        for deliverable in self.deliverables:
            if deliverable.supplement_type:
                numbers.setdefault(deliverable.undated_reference, []).append(deliverable)
                continue
            series = _series(deliverable.reference)
            for name in (deliverable.number, f"{series} {deliverable.number}"):
                numbers.setdefault(name, []).append(deliverable)
        return numbers

    def supplemented(self, deliverable: Deliverable) -> Deliverable | None:
        """Return the deliverable that a supplement belongs to, if the catalogue has it."""
        return self.by_reference.get(deliverable.base or "")

    def exact(self, reference: str) -> Deliverable:
        """Return the deliverable with exactly this reference.

        :raises CatalogueError: if there is none.
        """
        try:
            return self.by_reference[reference]
        except KeyError:
            raise CatalogueError(
                f"{reference!r} is not in the catalogue", self._nearest(reference)
            ) from None

    def find(self, text: str) -> Deliverable:
        """Return the deliverable that somebody means by ``37101``, ``ISO 37101``, ``ISO Guide 82``
        (the current edition) or ``ISO 37120:2014`` (exactly that one).

        The current edition is the published one; where nothing is published, the project under
        development.

        :raises CatalogueError: if there is none.
        """
        text = " ".join(text.split())
        if text in self.by_reference:
            return self.by_reference[text]
        match = re.fullmatch(r"((?:ISO|IWA)(?:[/ ](?:[A-Z]+|Guide))* )?(\d+(?:-\d+)?)", text)
        wanted = text if match is None else f"{_series(text)} {match[2]}" if match[1] else match[2]
        editions = self._by_number.get(wanted, [])
        if not editions:
            raise CatalogueError(f"{text!r} is not in the catalogue", self._nearest(text))
        rank = [Status.PUBLISHED, Status.UNDER_DEVELOPMENT, Status.WITHDRAWN, Status.DELETED]
        return min(
            editions,
            key=lambda d: (
                _series(d.reference) != "ISO",
                rank.index(d.status),
                -(d.published.earliest.toordinal() if d.published else 0),
            ),
        )

    def _nearest(self, text: str) -> str:
        match = re.search(r"\d+(?:-\d+)?", text)
        near = [
            d.reference
            for d in self.deliverables
            if match and d.number.split("-")[0] == match[0].split("-")[0]
        ]
        if near:
            return f"the catalogue has {', '.join(near)}"
        return (
            "write a reference as in references/iso/deliverables.jsonl, for example ISO 37101:2016"
            " or 37101"
        )

    def selection_faults(self, block: Block) -> Iterator[Finding]:
        """Find options of a ``{catalogue}`` block that select by something that does not exist
        (S002).
        """
        choices: dict[str, list[str]] = {
            "committee": [committee.reference for committee in self.committees],
            "family": [family.id for family in self.families],
            "status": [str(status) for status in Status],
        }
        for option, known in choices.items():
            value = block.value(option)
            if option in block.options and value not in known:
                message = f"{value!r} is not a {option} of the catalogue"
                yield block.finding("S002", option, message, "use one of " + ", ".join(known))

    def family_of(self, deliverable: Deliverable) -> Family | None:
        """Return the family of a deliverable, or ``None``."""
        return next(
            (family for family in self.families if deliverable.reference in family.members), None
        )

    def committee(self, reference: str) -> Committee:
        """Return the committee with this reference.

        :raises CatalogueError: if it is not in the extract.
        """
        for committee in self.committees:
            if committee.reference == reference:
                return committee
        raise CatalogueError(
            f"{reference!r} is not a committee of the catalogue",
            "write one of " + ", ".join(committee.reference for committee in self.committees),
        )


def _series(reference: str) -> str:
    """Return the series of a reference: ``Guide`` or ``IWA``, which are numbered separately, else
    ``ISO``.
    """
    words = re.split("[/ ]", reference)
    return next((word for word in _OWN_NUMBERS if word in words), "ISO")


def _order(deliverable: Deliverable) -> tuple[int, str, bool, str]:
    number, _, part = deliverable.number.partition("-")
    return int(number), part, deliverable.published is None, deliverable.reference


def _deliverable(row: Mapping[str, Any]) -> Deliverable:
    return Deliverable(
        id=row["id"],
        reference=row["reference"],
        title=row["title"],
        deliverable_type=row["deliverableType"],
        supplement_type=row["supplementType"],
        published=edtf.parse(row["publicationDate"]) if row["publicationDate"] else None,
        edition=row["edition"],
        ics=tuple(row["icsCode"] or ()),
        committee=row["ownerCommittee"],
        stage=stage_text(row["currentStage"]),
        replaces=tuple(row["replaces"] or ()),
        replaced_by=tuple(row["replacedBy"] or ()),
    )


def _committee(row: Mapping[str, Any]) -> Committee:
    return Committee(
        id=row["id"],
        reference=row["reference"],
        title=row["title"],
        secretariat=row["secretariat"]["acronym"],
        created=edtf.parse(row["creationDate"]),
        p_members=tuple(member["acronym"] for member in row["pMembers"] or ()),
        o_members=tuple(member["acronym"] for member in row["oMembers"] or ()),
        parent=row["parentId"],
    )


def _observed(row: Mapping[str, Any]) -> tuple[Observation, ...]:
    return tuple(
        Observation(date.fromisoformat(seen["observed"]), seen["stage"], seen["reference"])
        for seen in row["observations"]
    )


def _itself(row: Mapping[str, Any]) -> tuple[str | int, ...]:
    """Find rows that name themselves as what they replace or are replaced by."""
    for name in ("replaces", "replacedBy"):
        if row["id"] in (row[name] or ()):
            return name, row[name].index(row["id"])
    return ()


def _owned(rows: Iterable[Row], committees: Set[str]) -> None:
    """Find rows whose committee is in no list."""
    for row in rows:
        if (owner := row.value["ownerCommittee"]) not in committees:
            row.fault(
                ("ownerCommittee",),
                f"committees.jsonl has no {owner}",
                "write one of " + ", ".join(sorted(committees)) + ", or add the committee there",
            )


def _families(found: Found, path: Path, known: Set[str], whole: bool) -> list[Family]:
    families: dict[str, Family] = {}
    for row in found.rows(path, shapes.FAMILY):
        members, places = [], []
        for number, member in enumerate(row.value["members"]):
            if member in known:
                members.append(str(member))
                places.append(row.place("members", number))
            elif whole:
                row.unknown(("members", number), member)
        if row.value["id"] in families:
            row.fault(("id",), f"the id {row.value['id']!r} appears twice", "write another id")
        else:
            families[row.value["id"]] = Family(
                row.value["id"], row.value["title"], tuple(members), tuple(places)
            )
    return list(families.values())


def _relations(found: Found, path: Path, known: Set[str], whole: bool) -> list[Relation]:
    relations = []
    for row in found.rows(path, shapes.RELATION):
        unknown = [key for key in ("from", "to") if row.value[key] not in known]
        for key in unknown:
            if whole:
                row.unknown((key,), row.value[key])
        if not unknown:
            relations.append(
                Relation(
                    row.value["from"],
                    row.value["to"],
                    RelationKind(row.value["relation"]),
                    tuple(row.value["sources"]),
                    row.place(),
                    tuple(
                        row.place("sources", number) for number in range(len(row.value["sources"]))
                    ),
                    row.place("to"),
                )
            )
    return relations


def _unknown_stages(row: Row, stages: Mapping[str, str]) -> bool:
    """Find rows that observe a stage code that does not exist."""
    for number, seen in enumerate(row.value["observations"]):
        if stages and seen["stage"] not in stages:
            row.fault(
                ("observations", number, "stage"),
                f"{seen['stage']!r} is not a stage",
                'write a stage of stage-codes.json: "60.60"',
            )
            return True
    return False
