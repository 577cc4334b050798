"""ISO's catalogue: deliverables, committees, stages, and what we add (families, builds-on
relations).

The field names are those of ISO Open Data (https://www.iso.org/open-data.html), so that its files
can be read as they are. Data: ``references/iso/``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml

from handbook.model import edtf

#: The key of the source that is the catalogue's extract.
CATALOGUE_SOURCE = "isoopendata"

#: The words before the number say who publishes and what it is: ``ISO``, ``ISO/TS``, ``ISO/IEC
#: DIS``, ``ISO/AWI TR``, ``IWA``.
_REFERENCE = re.compile(r"(?:[A-Z][A-Za-z]*(?:/[A-Z][A-Za-z]*)*\s+)+(?P<number>\d+(?:-\d+)?)")


_T = TypeVar("_T")


class CatalogueError(ValueError):
    """The catalogue's files contradict themselves or the user named something that is not in them.

    ``str(error)`` says what, ``error.hint`` how to put it right.
    """

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class CatalogueProblem:
    """A row that cannot be read: the file, the line (from 1), one sentence, and how to fix it."""

    path: Path
    line: int
    message: str
    hint: str


class Status(StrEnum):
    """What a deliverable is to a reader, derived from its stage code (ISO Guide 69: stages 00 to
    95).
    """

    UNDER_DEVELOPMENT = "under development"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


class RelationKind(StrEnum):
    """What one deliverable is to another, beside what ISO's catalogue tells (replaces, amends)."""

    BUILDS_ON = "builds-on"
    GUIDES_USE_OF = "guides-use-of"
    SUPPLEMENTS = "supplements"


@dataclass(frozen=True, slots=True)
class Observation:
    """The stage a project was seen in on a day. It says nothing of the day on which the stage
    began.
    """

    observed: date
    stage: str
    reference: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One document or project of ISO.

    ``id`` is the number in ``https://www.iso.org/standard/ID.html``; ``stage`` is written
    ``90.93``; ``published`` is a month where ISO Open Data as mirrored had no day; ``replaces`` and
    ``replaced_by`` hold ids.
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
        """The name of its page and its anchor: ``iso-37101-2016-amd-1-2024``."""
        return slug(self.reference)

    @property
    def number(self) -> str:
        """The number without year, type and publisher: ``37101``, ``37155-1``."""
        match = _REFERENCE.match(self.reference)
        assert match, self.reference
        return match["number"]

    @property
    def undated_reference(self) -> str:
        """``ISO 37101`` for ``ISO 37101:2016``; an amendment keeps its part:
        ``ISO 37101:2016/Amd 1``.
        """
        return re.sub(r":\d{4}$", "", self.reference)

    @property
    def status(self) -> Status:
        """What its stage makes it to a reader."""
        return status_of(self.stage)

    @property
    def url(self) -> str:
        """ISO's own page."""
        return f"https://www.iso.org/standard/{self.id}.html"


@dataclass(frozen=True, slots=True)
class Committee:
    """One committee: its secretariat and its members are acronyms of national standards bodies."""

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
    """A group of deliverables that a reader meets together; the grouping is ours, not ISO's."""

    id: str
    title: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """``source`` stands in a relation to ``target`` (references), as the bibliography keys in
    ``sources`` tell.
    """

    source: str
    target: str
    kind: RelationKind
    sources: tuple[str, ...]


def slug(reference: str) -> str:
    """The address form of a reference: lower case, each run of other characters one hyphen."""
    return re.sub(r"[^a-z0-9]+", "-", reference.lower()).strip("-")


def stage_text(code: int) -> str:
    """ISO Open Data's ``9093`` as it is written: ``90.93``."""
    return f"{code // 100:02}.{code % 100:02}"


def status_of(stage: str) -> Status:
    """The status that a stage code means (International harmonized stage codes).

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


class Catalogue:
    """All deliverables and committees of the extract, by reference and by id.

    ``as_of`` holds the EDTF date for which each file of the extract speaks
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

        :raises CatalogueError: if a file is missing, is not what it should be, or names an unknown
            deliverable.
        """
        catalogue, problems = cls.read(references)
        for problem in problems:
            raise CatalogueError(f"{problem.path}:{problem.line}: {problem.message}", problem.hint)
        return catalogue

    @classmethod
    def read(cls, references: Path) -> tuple[Catalogue, list[CatalogueProblem]]:
        """Like :meth:`load`, but what cannot be read is left out and listed."""
        problems: list[CatalogueProblem] = []
        iso = references / "iso"
        deliverables = list(_tolerant(iso / "deliverables.jsonl", _deliverable, problems))
        known = {deliverable.reference for deliverable in deliverables}

        def settings(data: Any) -> dict[str, str]:
            for name, text in data["as_of"].items():
                if not isinstance(text, str):
                    raise CatalogueError(
                        f"{name}: {text!r} is not a text",
                        'write the day in quotation marks: "2025-06-02"',
                    )
                edtf.parse(text)
            return dict(data["as_of"])

        def family(row: Any) -> Family:
            return Family(
                row["id"], row["title"], tuple(_known(member, known) for member in row["members"])
            )

        def relation(row: Any) -> Relation:
            made = _relation(row)
            _known(made.source, known)
            _known(made.target, known)
            return made

        def observed(row: Any) -> tuple[int, tuple[Observation, ...]]:
            return row["id"], tuple(
                Observation(date.fromisoformat(seen["observed"]), seen["stage"], seen["reference"])
                for seen in row["observations"]
            )

        return (
            cls(
                deliverables=deliverables,
                committees=list(_tolerant(iso / "committees.jsonl", _committee, problems)),
                observations=dict(_tolerant(iso / "stage-observations.jsonl", observed, problems)),
                stages=next(iter(_tolerant(iso / "stage-codes.json", dict, problems)), {}),
                families=list(_tolerant(references / "families.yaml", family, problems)),
                relations=list(_tolerant(references / "relations.yaml", relation, problems)),
                as_of=next(iter(_tolerant(iso / "extract.yaml", settings, problems)), {}),
            ),
            problems,
        )

    @cached_property
    def by_reference(self) -> dict[str, Deliverable]:
        """Each deliverable by its full reference."""
        return {deliverable.reference: deliverable for deliverable in self.deliverables}

    @cached_property
    def by_id(self) -> dict[int, Deliverable]:
        """Each deliverable by ISO's number of it."""
        return {deliverable.id: deliverable for deliverable in self.deliverables}

    @cached_property
    def by_slug(self) -> dict[str, Deliverable]:
        """Each deliverable by the name of its page."""
        return {deliverable.slug: deliverable for deliverable in self.deliverables}

    @cached_property
    def _by_number(self) -> dict[str, list[Deliverable]]:
        numbers: dict[str, list[Deliverable]] = {}
        for deliverable in self.deliverables:
            if deliverable.supplement_type is None:
                numbers.setdefault(deliverable.number, []).append(deliverable)
        return numbers

    def exact(self, reference: str) -> Deliverable:
        """The deliverable with this very reference.

        :raises CatalogueError: if there is none.
        """
        try:
            return self.by_reference[reference]
        except KeyError:
            raise CatalogueError(
                f"{reference!r} is not in the catalogue", self._nearest(reference)
            ) from None

    def find(self, text: str) -> Deliverable:
        """What ``37101``, ``ISO 37101`` (the current edition) or ``ISO 37120:2014`` (exactly that
        one) means.

        The current edition is the published one; where nothing is published, the project under
        development.

        :raises CatalogueError: if there is none.
        """
        text = " ".join(text.split())
        if text in self.by_reference:
            return self.by_reference[text]
        match = re.fullmatch(r"(?:(?:ISO|IWA)(?:/[A-Z]+)*(?: [A-Z]+)? )?(\d+(?:-\d+)?)", text)
        editions = self._by_number.get(match[1], []) if match else []
        if not editions:
            raise CatalogueError(f"{text!r} is not in the catalogue", self._nearest(text))
        rank = [Status.PUBLISHED, Status.UNDER_DEVELOPMENT, Status.WITHDRAWN, Status.DELETED]
        return min(
            editions,
            key=lambda d: (
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

    def family_of(self, deliverable: Deliverable) -> Family | None:
        """The family it stands in, or ``None``."""
        return next(
            (family for family in self.families if deliverable.reference in family.members), None
        )

    def committee(self, reference: str) -> Committee:
        """The committee with this reference.

        :raises CatalogueError: if it is not in the extract.
        """
        for committee in self.committees:
            if committee.reference == reference:
                return committee
        raise CatalogueError(
            f"{reference!r} is not a committee of the catalogue",
            "write one of " + ", ".join(committee.reference for committee in self.committees),
        )


def _order(deliverable: Deliverable) -> tuple[int, str, bool, str]:
    number, _, part = deliverable.number.partition("-")
    return int(number), part, deliverable.published is None, deliverable.reference


def _relation(row: Any) -> Relation:
    try:
        return Relation(
            row["from"], row["to"], RelationKind(row["relation"]), tuple(row["sources"])
        )
    except (KeyError, TypeError, ValueError):
        raise CatalogueError(
            f"{row!r} is not a relation",
            "write {from: REFERENCE, to: REFERENCE, relation: KIND, sources: [KEY]}, KIND one of "
            + ", ".join(RelationKind),
        ) from None


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


def _known(reference: Any, known: Set[str]) -> str:
    if reference not in known:
        raise CatalogueError(
            f"{reference!r} is not in the catalogue",
            "write a reference as in references/iso/deliverables.jsonl",
        )
    return str(reference)


def _tolerant(
    path: Path, make: Callable[[Any], _T], problems: list[CatalogueProblem]
) -> Iterator[_T]:
    """What ``make`` makes of each row of a file; a row that it cannot read is a problem."""
    try:
        text = path.read_text("utf-8")
        if path.suffix == ".jsonl":
            rows = [
                (number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()
            ]
        elif path.suffix == ".json":
            rows = [(1, text)]
        else:
            data = yaml.safe_load(text)
            if isinstance(data, list):
                rows = [
                    (node.start_mark.line + 1, row)
                    for node, row in zip(yaml.compose(text).value, data, strict=True)
                ]
            else:
                # Relations may all be gone; every other file must hold something.
                rows = [] if data is None and path.name == "relations.yaml" else [(1, data)]
    except OSError as error:
        problems.append(
            CatalogueProblem(
                path,
                1,
                f"the file cannot be read: {error.strerror}",
                "restore it: git checkout -- references",
            )
        )
        return
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else "it is not YAML"
        problems.append(
            CatalogueProblem(
                path,
                mark.line + 1 if mark else 1,
                f"the file cannot be read: {reason}",
                "look at this line and the one above",
            )
        )
        return
    for number, row in rows:
        try:
            yield make(
                json.loads(row)
                if isinstance(row, str) and path.suffix in {".json", ".jsonl"}
                else row
            )
        except json.JSONDecodeError as error:
            problems.append(
                CatalogueProblem(
                    path,
                    number + error.lineno - 1,
                    f"this is not JSON: {error.msg}",
                    "one JSON object a line",
                )
            )
        except (CatalogueError, edtf.EdtfError) as error:
            problems.append(CatalogueProblem(path, number, str(error), error.hint))
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            if isinstance(error, KeyError):
                message, hint = (
                    f"the field {error} is missing",
                    "compare the row with its neighbours",
                )
            elif isinstance(error, ValueError):
                message, hint = str(error), "write the day as YYYY-MM-DD"
            else:
                message, hint = (
                    "a value is of the wrong kind, such as a year typed as a number",
                    'dates, references and titles stand in quotation marks: "2016-07"',
                )
            problems.append(CatalogueProblem(path, number, message, hint))
