"""R019 and R020: the fields of a record belong together, and name things as other records do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.datecheck.offices import SECRETARIAT, meant
from handbook.datecheck.tree import Tree
from handbook.model import iso_reference
from handbook.model.records import Office, Person, Standing
from handbook.rules.findings import Finding
from handbook.rules.rule import rule

#: Roles that only a person can have; a body may be a convenor.
_OF_A_PERSON = {"chair", "secretary", "president", "vice-president"}
_CHAIR = re.compile(r"chair ?(?:man|woman|person|lady)|chairmen", re.IGNORECASE)
_TITLE = re.compile(r"(?:Dr|Mr|Mrs|Ms|Mme|M|Prof|Professor|Sir|Eng|Ing)\b\.? (?=\w)")


@rule("R019")
def written_as_others(tree: Tree) -> Iterator[Finding]:
    """An office names its holder, body and role as other records do."""
    bodies = {one.reference for one in tree.catalogue.committees}
    for person in tree.records.people:
        for word, hint in _of_name(person):
            message = f"{person.name}: {word}"
            yield Finding(person.name_place, "R019", message, hint)
        for office in person.offices:
            for message, hint in (*_of_body(office, bodies), *_of_role(person, office)):
                yield Finding(office.place, "R019", f"{office.id}: {message}", hint)
            bodies.add(office.body)


def _of_name(person: Person) -> Iterator[tuple[str, str]]:
    if match := _TITLE.match(person.name):
        yield (
            f"the name begins with the title {match[0].strip()!r}",
            f"write {person.name[match.end() :]}",
        )
    loud = re.search(r"\b[A-ZÀ-Þ]{3,}\b", person.name)
    if loud and " " in person.name and not person.agency:
        small = loud[0][0] + loud[0][1:].lower()
        yield (
            f"{loud[0]} is written in capitals",
            f"write {small}; a Chinese name has the family name first, others have it last",
        )


def _of_body(office: Office, known: set[str]) -> Iterator[tuple[str, str]]:
    """Find a body that has another name in an earlier record, or in ISO's data."""
    body = office.body
    if body not in known and (other := meant(body, [*known, "ISSCC"])) and other != body:
        yield f"the body {body!r} is called {other!r}", f"write body: {other}"


def _of_role(person: Person, office: Office) -> Iterator[tuple[str, str]]:
    role = office.role
    if _CHAIR.fullmatch(role):
        yield f"the role {role!r} is called 'chair'", "write role: chair"
    elif role != role.lower() and role.lower() in {*_OF_A_PERSON, SECRETARIAT, "convenor"}:
        yield f"the role {role!r} begins with a capital", f"write role: {role.lower()}"
    elif role == SECRETARIAT and not person.agency:
        yield (
            "a person does not hold a secretariat",
            f"write role: secretary; if {person.name} is a body, agency: true above its offices",
        )
    elif role in _OF_A_PERSON and person.agency:
        yield (
            f"a body is not a {role}",
            "delete agency: true; for a body write role: secretariat, or convenor",
        )


#: Standings that a body grants, on some scale.
_AWARDED = {"certificate", "registration", "demonstration title"}
_MEMBER = {"club member", "pilot of SC 1"}


@rule("R020")
def fields_go_together(tree: Tree) -> Iterator[Finding]:
    """A standing has the fields of its kind, and no others."""
    for one in tree.records.standings:
        for message, hint in _misfits(one):
            yield Finding(one.place, "R020", f"{one.id}: {message}", hint)
    for adoption in tree.records.adoptions:
        if re.fullmatch(iso_reference.FORM, adoption.designation) and adoption.designation[:3] in {
            "ISO",
            "IWA",
        }:
            yield Finding(
                adoption.place,
                "R020",
                f"{adoption.id}: {adoption.designation} is not a national number",
                "write the number that the country gives it, such as UNI ISO 37101:2019",
            )


def _misfits(one: Standing) -> Iterator[tuple[str, str]]:
    number = iso_reference.number(one.standard)
    if one.kind == "pilot of ISO 37101" and number != "37101":
        has = f"the standard {one.standard}" if one.standard else "no standard"
        yield f"the {one.kind} has {has}", "write standard: ISO 37101, or the edition"
    if one.kind in _MEMBER and one.standard:
        yield (
            f"a {one.kind} has no standard",
            "delete standard; a trial, a pilot or a certificate is a standing of its own",
        )
    if one.kind == "registration" and not one.standard:
        yield "a registration is by a standard", "add standard"
    if one.kind == "certificate" and not one.standard and not one.note:
        yield (
            "a certificate is for a standard",
            "add standard; if the source gives none, say so in note",
        )
    for field, value in (("level", one.level), ("issuer", one.issuer)):
        if value and one.kind not in _AWARDED:
            yield (
                f"a {one.kind} has no {field}",
                f"delete {field}; what has one is a standing of kind certificate or registration",
            )
