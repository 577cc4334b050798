"""What each deliverable is for, for whom, and how it ranks for each want.

``references/profile.yaml`` has a row for each deliverable; ``roles.yaml`` and ``wants.yaml`` say
who asks and for what, and ``indicators.yaml`` has the sets of indicators. The order of every list
in the finder is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from handbook.model import indicator_sets
from handbook.model import profile_shapes as shapes
from handbook.model.catalogue import Catalogue, Deliverable, Status
from handbook.model.profile_shapes import ALL, NONE
from handbook.model.records import cited
from handbook.model.rows import Found, Row
from handbook.rules.findings import Finding, Place

#: The rule for faults in these files.
UNREADABLE = "N001"

#: The worth of a text for a want, by its weight there: made for it, helps, background. A text is
#: worth more if it is for those who ask, and less while nobody can read it. So a text that helps
#: and is for those who ask precedes one that was made for the want but is for others, and mere
#: background never precedes a text that helps.
_WORTH, _FOR_THEM, _UNWRITTEN = {3: 30, 2: 20, 1: 5}, 12, -15
#: How many texts the finder shows at each depth; without a depth it shows all.
DEPTHS = {"first": 3, "work": 6}


@dataclass(frozen=True, slots=True)
class Tag:
    """A statement about a text, and its grounds: sources, or one reason of ours."""

    values: tuple[str, ...]
    sources: tuple[str, ...] = ()
    ours: str = ""

    @property
    def value(self) -> str:
        """Return the only value."""
        return self.values[0]

    def within(self, known: tuple[str, ...]) -> tuple[str, ...]:
        """Return the known words that it means: all of them for ``all``, and none for ``none``."""
        if self.values in {(ALL,), (NONE,)}:
            return known if self.values == (ALL,) else ()
        return self.values


@dataclass(frozen=True, slots=True)
class Service:
    """What a text does for a want: how much, and why, in one sentence."""

    want: str
    weight: int
    why: str
    sources: tuple[str, ...] = ()
    ours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a deliverable is, for whom and for what purpose."""

    of: str
    kind: Tag
    claim: Tag
    level: Tag
    users: Tag
    purposes: Tag
    issues: Tag
    serves: tuple[Service, ...] = ()
    schemes: tuple[Tag, ...] = ()
    languages: Tag | None = None
    pages: Tag | None = None
    preview: Tag | None = None
    sdgs: Tag | None = None
    changed: Tag | None = None
    place: Place = field(default=Place(""), compare=False)
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    cited: tuple[tuple[str, Place], ...] = field(default=(), compare=False)

    def service(self, want: str) -> Service | None:
        """Return what it does for a want, or ``None``."""
        return next((one for one in self.serves if one.want == want), None)


@dataclass(frozen=True, slots=True)
class Role:
    """A kind of reader who asks."""

    id: str
    name: str
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Want:
    """What readers want; the name ends the sentence "We want to ..."."""

    id: str
    group: str
    name: str
    place: Place = field(default=Place(""), compare=False)


def _stands(one: Deliverable) -> bool:
    """Return whether to list it: a draft that is to replace a text comes after that text."""
    draft = one.status is Status.UNDER_DEVELOPMENT
    return one.status is Status.PUBLISHED or (draft and not one.replaces)


@dataclass(frozen=True)
class Profiles:
    """All profiles, roles and wants, and the findings about their files."""

    by_reference: Mapping[str, Profile] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()
    wants: tuple[Want, ...] = ()
    findings: tuple[Finding, ...] = ()
    sets: tuple[indicator_sets.IndicatorSet, ...] = ()

    @classmethod
    def read(cls, references: Path, catalogue: Catalogue, root: Path | None = None) -> Profiles:
        """Read the files; a project without profiles has no finder, and the sets may be missing.

        :param root: the folder to which paths in findings are relative
        """
        if not (references / "profile.yaml").exists():
            return cls()
        found = Found(root, UNREADABLE)
        roles = [
            Role(row.value["id"], row.value["name"], row.place())
            for row in _once(found.rows(references / "roles.yaml", shapes.ROLE), "id")
        ]
        wants = [
            Want(row.value["id"], row.value["group"], row.value["name"], row.place())
            for row in _once(found.rows(references / "wants.yaml", shapes.WANT), "id")
        ]
        known_roles = {one.id for one in roles}
        known_wants = {one.id for one in wants}
        profiles: dict[str, Profile] = {}
        for row in _once(found.rows(references / "profile.yaml", shapes.PROFILE), "of"):
            before = len(found.findings)
            if row.value["of"] not in catalogue.by_reference:
                row.unknown(("of",), row.value["of"])
            _known(row, ("users", "are"), row.value["users"]["are"], known_roles, "roles.yaml")
            served: set[str] = set()
            for number, one in enumerate(row.value.get("serves", ())):
                _known(row, ("serves", number, "want"), one["want"], known_wants, "wants.yaml")
                if one["want"] in served:
                    row.fault(
                        ("serves", number, "want"),
                        f"it serves {one['want']!r} twice",
                        "delete one of the two",
                    )
                served.add(one["want"])
            if len(found.findings) == before:
                profiles[row.value["of"]] = _profile(row)
        sets: list[indicator_sets.IndicatorSet] = []
        if (path := references / "indicators.yaml").exists():
            rows = _once(found.rows(path, indicator_sets.SHAPE), "set")
            sets = list(indicator_sets.read(rows))
        return cls(profiles, tuple(roles), tuple(wants), tuple(found.findings), tuple(sets))

    @cached_property
    def groups(self) -> dict[str, list[Want]]:
        """Return the wants by their groups, in the order of the file."""
        groups: dict[str, list[Want]] = {}
        for want in self.wants:
            groups.setdefault(want.group, []).append(want)
        return groups

    def ranked(self, catalogue: Catalogue, want: str, role: str = "") -> list[Deliverable]:
        """Return what to read for a want, in order.

        Texts of equal worth are in the order of the catalogue. A withdrawn text is in no list, and
        a project that is to replace a text is shown with that text (:func:`follow_ups`).

        :param role: who asks; empty for nobody in particular
        """

        def worth(deliverable: Deliverable) -> int:
            profile = self.by_reference[deliverable.reference]
            service = profile.service(want)
            assert service
            return (
                _WORTH[service.weight]
                + (role in profile.users.values) * _FOR_THEM
                + (deliverable.status is Status.UNDER_DEVELOPMENT) * _UNWRITTEN
            )

        serving = [
            one
            for one in catalogue.deliverables
            if _stands(one)
            and one.reference in self.by_reference
            and self.by_reference[one.reference].service(want)
        ]
        return sorted(serving, key=worth, reverse=True)

    def field(self, catalogue: Catalogue, purpose: str, issue: str) -> list[Deliverable]:
        """Return the texts in a field of the grid: those that serve this purpose and this issue
        most.

        A text that serves all purposes and all issues alike is in no single field.
        """
        return [
            one
            for one in catalogue.deliverables
            if _stands(one)
            and (profile := self.by_reference.get(one.reference))
            and not serves_all(profile)
            and purpose in profile.purposes.within(shapes.PURPOSES)
            and issue in profile.issues.within(shapes.ISSUES)
        ]


def serves_all(profile: Profile) -> bool:
    """Return whether a text serves the whole grid alike."""
    return profile.purposes.values == profile.issues.values == (ALL,)


def follow_ups(catalogue: Catalogue, deliverable: Deliverable) -> tuple[list[Deliverable], ...]:
    """Return what follows a text: projects that are to replace it, and texts that guide its use."""
    projects = [
        catalogue.by_id[id_]
        for id_ in deliverable.replaced_by
        if id_ in catalogue.by_id and catalogue.by_id[id_].status is Status.UNDER_DEVELOPMENT
    ]
    guides = [
        catalogue.by_reference[relation.source]
        for relation in catalogue.relations
        if relation.kind == "guides-use-of"
        and relation.target == deliverable.reference
        and catalogue.by_reference[relation.source].status is not Status.WITHDRAWN
    ]
    return projects, guides


def _once(rows: Iterator[Row], key: str) -> Iterator[Row]:
    seen: set[str] = set()
    for row in rows:
        if row.value[key] in seen:
            row.fault((key,), f"{row.value[key]!r} appears twice", "delete one of the two rows")
            continue
        seen.add(row.value[key])
        yield row


def _known(
    row: Row, keys: tuple[str | int, ...], value: str | list[str], known: set[str], file: str
) -> None:
    words = [(keys, value)] if isinstance(value, str) else []
    if not isinstance(value, str):
        words = [((*keys, number), word) for number, word in enumerate(value)]
    for place, word in words:
        if word not in known:
            hint = f"write an id of references/{file}, or add it there"
            row.fault(place, f"{word!r} is not in references/{file}", hint)


def _tag(value: Mapping[str, Any]) -> Tag:
    said = value.get("is", value.get("are", value.get("name")))
    values = tuple(map(str, said)) if isinstance(said, list) else (str(said),)
    return Tag(values, tuple(value.get("sources", ())), value.get("ours", ""))


def _profile(row: Row) -> Profile:
    value = row.value
    tags = ("kind", "claim", "level", "users", "purposes", "issues")
    rest = {
        name: _tag(value[name])
        for name in ("languages", "pages", "preview", "sdgs", "changed")
        if name in value
    }
    return Profile(
        of=value["of"],
        **{name: _tag(value[name]) for name in tags},
        **rest,
        serves=tuple(
            Service(
                one["want"],
                one["weight"],
                one["why"],
                tuple(one.get("sources", ())),
                one.get("ours", ""),
            )
            for one in value.get("serves", ())
        ),
        schemes=tuple(map(_tag, value.get("schemes", ()))),
        place=row.place(),
        places={name: row.place(name) for name in value},
        cited=tuple(cited(row, value)),
    )
