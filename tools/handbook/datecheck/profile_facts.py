"""N0xx: what each deliverable is for (``references/profile.yaml``)."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.datecheck.tree import Tree
from handbook.model.catalogue import Deliverable, Status
from handbook.model.profile_shapes import NOT_KNOWN
from handbook.model.profiles import Profile
from handbook.rules.findings import Finding
from handbook.rules.rule import rule


@rule("N001")
def readable(tree: Tree) -> Iterator[Finding]:
    """Each row of the files behind the finder can be read."""
    yield from tree.profiles.findings


@rule("N002")
def whole(tree: Tree) -> Iterator[Finding]:
    """Each deliverable has a profile."""
    known = tree.profiles.by_reference
    if not known or tree.profiles.findings or tree.catalogue_findings:
        return
    last = max((one.place for one in known.values()), key=lambda place: place.line)
    for one in tree.catalogue.deliverables:
        if one.reference not in known:
            hint = "add a row for it; what you do not know is written: not known"
            yield Finding(last, "N002", f"{one.reference} has no profile", hint, one.reference)


@rule("N003")
def fits(tree: Tree) -> Iterator[Finding]:
    """A profile agrees with the catalogue about its deliverable."""
    for reference, profile in tree.profiles.by_reference.items():
        for name, message, hint in _misfits(tree.catalogue.by_reference[reference], profile):
            place = profile.places.get(name, profile.place)
            yield Finding(place, "N003", f"{reference}: {message}", hint)


def _misfits(deliverable: Deliverable, profile: Profile) -> Iterator[tuple[str, str, str]]:
    kind, claim = profile.kind.value, profile.claim.value
    is_report = deliverable.deliverable_type == "TR"
    if kind != NOT_KNOWN and is_report != (kind == "report"):
        message = f"ISO's type is {deliverable.deliverable_type}, and its kind is {kind}"
        yield "kind", message, "a Technical Report, and nothing else, is of the kind report"
    if claim == "possible" and not kind.startswith("requirements"):
        hint = "only requirements can be met: write another claim, or the kind that it has"
        yield "claim", f"its requirements can be met, and its kind is {kind}", hint
    if claim == "method" and kind != "indicators":
        hint = "only indicators have a method for figures: write another claim"
        yield "claim", f"figures follow its method, and its kind is {kind}", hint
    if deliverable.status is Status.WITHDRAWN and profile.serves:
        hint = "move what it serves to the row of its successor"
        yield "serves", "it is withdrawn, and serves a want", hint
    if deliverable.status is not Status.WITHDRAWN and not profile.serves:
        yield "of", "it serves no want", "add serves with a want of references/wants.yaml"


@rule("N004")
def leads_on(tree: Tree) -> Iterator[Finding]:
    """Each want leads to a text, and each role has one."""
    profiles = tree.profiles
    if profiles.findings:
        return
    users = {user for one in profiles.by_reference.values() for user in one.users.values}
    for want in profiles.wants:
        if not profiles.ranked(tree.catalogue, want.id):
            hint = "name it under serves in references/profile.yaml, or delete it"
            yield Finding(want.place, "N004", f"no text serves the want {want.id!r}", hint)
    for role in profiles.roles:
        if role.id not in users:
            hint = "name it under users in references/profile.yaml, or delete it"
            yield Finding(role.place, "N004", f"no text is for the role {role.id!r}", hint)
