"""The changes in Markdown, for a terminal and for a pull request: what happened, what it
means, what to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from handbook.catalogueupdate.differences import (
    Changed,
    Changes,
    CommitteeChange,
    Correction,
    NewRelation,
    status,
)
from handbook.catalogueupdate.extract import Extract
from handbook.catalogueupdate.overrides import Outcome
from handbook.catalogueupdate.selection import Row
from handbook.model import edtf
from handbook.model.catalogue import Status, stage_text
from handbook.model.stage_changes import meaning

_MEMBERS = {"pMembers": "participating members", "oMembers": "observing members"}
_FIELDS = {
    "deliverableType": "type",
    "supplementType": "kind of supplement",
    "title": "title",
    "publicationDate": "date of publication",
    "edition": "edition",
    "icsCode": "ICS classes",
    "status": "status",
    "reference": "reference",
    "creationDate": "date of creation",
    "parentId": "parent",
    "childrenId": "subcommittees",
    "committeeLiaisons": "liaisons with committees",
    "organizationLiaisons": "liaisons with organizations",
}


@dataclass
class Findings:
    """What a report contains besides the changes themselves.

    ``before`` and ``after`` are the extracts; ``stubs`` the pages made, by reference; ``pages`` the
    old and new place of moved pages; ``left`` the lines of prose that mention an old reference;
    ``dated`` the lines that mention the old day.
    """

    before: Extract
    after: Extract
    day: date
    read: dict[str, int] = field(default_factory=dict)
    left_out: int = 0
    new_fields: set[str] = field(default_factory=set)
    stubs: dict[str, Path] = field(default_factory=dict)
    pages: list[tuple[Path, Path]] = field(default_factory=list)
    left: Mapping[str, list[str]] = field(default_factory=dict)
    dated: list[str] = field(default_factory=list)
    overrides: list[Outcome] = field(default_factory=list)
    gone: list[Row] = field(default_factory=list)
    without_committees: bool = False


def day_text(day: date) -> str:
    """Return a day as the handbook's pages write it: ``2 June 2025``."""
    return f"{day.day} {edtf.MONTHS[day.month - 1]} {day.year}"


def markdown(changes: Changes, found: Findings) -> str:
    """Return the report."""
    old, new = day_text(found.before.day), day_text(found.day)
    read = " and ".join(f"{number:,} rows of {name}" for name, number in found.read.items())
    left_out = (
        " Left out, since deleted before the handbook ever had them:"
        f" {_many(found.left_out, 'project')}."
        if found.left_out
        else ""
    )
    lines = [
        (
            f"# ISO's catalogue: what changed from {old} to {new}"
            if changes
            else f"# ISO's catalogue on {new}: nothing changed since {old}"
        ),
        "",
        (
            f"Read: {read}. Kept: {_many(len(found.after.deliverables), 'deliverable')},"
            f" {_many(len(found.after.committees), 'committee')}.{left_out}"
        ),
        "",
    ]
    for title, entries in _sections(changes, found):
        if entries:
            lines += [f"## {title}", "", *(f"- {entry}" for entry in entries), ""]
    typography = [one for one in changes.corrections if one.kind == "typography"]
    precise = [one for one in changes.corrections if one.kind == "precision"]
    if typography or precise:
        kinds = (
            (typography, "title", "with other characters"),
            (precise, "date of publication", "now to the day"),
        )
        counts = [f"{_many(len(group), word)} {how}" for group, word, how in kinds if group]
        lines += [
            "<details>",
            f"<summary>Without a change of meaning: {' and '.join(counts)}</summary>",
            "",
        ]
        lines += [
            *(f"- {_correction(one)}" for one in (*typography, *precise)),
            "",
            "</details>",
            "",
        ]
    if found.dated:
        lines += [
            "<details>",
            (
                f"<summary>{_many(len(found.dated), 'line')} with the day of the last update: see"
                " what is still true</summary>"
            ),
            "",
        ]
        lines += [*(f"- `{place}`" for place in found.dated), "", "</details>", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _many(number: int, word: str) -> str:
    plural = word.replace("date", "dates") if word.startswith("date") else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"


def _date_text(text: str | None) -> str:
    point = edtf.parse(text).start if text else None
    if point is None:
        return "nothing"
    return (
        day_text(point.earliest)
        if point.day
        else f"{edtf.MONTHS[point.month - 1]} {point.year}"
        if point.month
        else str(text)
    )


def _sections(changes: Changes, found: Findings) -> Iterator[tuple[str, list[str]]]:
    yield "New projects", [_new(row, found) for row in changes.new]
    yield "Publications", [_changed(one, found, _published(one)) for one in changes.published]
    yield "Withdrawals", [_changed(one, found, _withdrawn(one, found)) for one in changes.withdrawn]
    yield (
        "Deleted projects",
        [
            _changed(one, found, "To do: say on its page that the project was given up.")
            for one in changes.deleted
        ],
    )
    yield (
        "Changes of stage",
        [
            _changed(one, found, "Nothing to do: its page and *What changed* show it.")
            for one in changes.staged
        ],
    )
    yield "New references", [_changed(one, found, "") for one in changes.renamed]
    yield "What replaces what", [_relation(one, found.after) for one in changes.relations]
    yield "Moves between committees", list(_moved(changes.moved))
    yield (
        "Committees and their members",
        [entry for one in changes.committees for entry in _committee(one)],
    )
    yield (
        "Other corrections by ISO",
        [_correction(one) + _to_do(one) for one in changes.corrections if one.kind == "other"],
    )
    yield (
        "Pages moved",
        [
            f"`{old.as_posix()}` is now `{new.as_posix()}`; links, roles and our lists follow. To"
            " do: its heading and text may still mention a draft."
            for old, new in found.pages
        ],
    )
    yield (
        "Text that names an old reference",
        [
            f"{old}: {_some(places)}. To do: see whether the draft or the publication is meant."
            for old, places in found.left.items()
        ],
    )
    yield (
        "Corrections of our own (overrides)",
        [entry for one in found.overrides if (entry := _override(one))],
    )
    yield (
        "No longer in ISO's file",
        [
            (
                f"**{row['reference']}** (id {row['id']}). The handbook keeps what it had. To do:"
                f" check [ISO's page](https://www.iso.org/standard/{row['id']}.html)."
                if "currentStage" in row
                else (
                    f"**{row['reference']}** (committee). The handbook keeps what it had. To do:"
                    " ask whether it was dissolved."
                )
            )
            for row in found.gone
        ],
    )
    notes = []
    if found.new_fields:
        notes.append(
            "ISO's file has fields that the handbook does not know:"
            f" {_plain(', '.join(sorted(found.new_fields)))}. Nothing to do, unless they are"
            " useful."
        )
    if found.without_committees:
        notes.append("The committees were not read: name their file with `--committees`.")
    yield "Notes", notes


def _stage(row: Row, stages: Mapping[str, str]) -> str:
    code = stage_text(row["currentStage"])
    return f"{code} ({meaning(code, dict(stages))})"


def _new(row: Row, found: Findings) -> str:
    page = found.stubs.get(row["reference"])
    made = (
        f"A page with the facts was created: `{page.as_posix()}`. To do: write its text and"
        if page
        else "It has a page. To do:"
    )
    published = (
        f", published {_date_text(row['publicationDate'])}" if row["publicationDate"] else ""
    )
    return (
        f"**{row['reference']}** {_plain(row['title']['en'])} ({row['ownerCommittee']}), stage"
        f" {_stage(row, found.after.stages)}{published}. {made} choose its family in"
        " `references/families.yaml`."
    )


def _changed(one: Changed, found: Findings, to_do: str) -> str:
    name = f"**{one.after['reference']}**" + (
        f" (until now {one.before['reference']})" if one.renamed else ""
    )
    if one.before["currentStage"] != one.after["currentStage"]:
        name += (
            f": {_stage(one.before, found.after.stages)} → {_stage(one.after, found.after.stages)}."
        )
    else:
        name += ": the stage is the same."
    return f"{name} {to_do}".rstrip()


def _published(one: Changed) -> str:
    if one.before["publicationDate"]:
        return "Nothing to do: its page and *What changed* show it."
    when = (
        f"Published {_date_text(one.after['publicationDate'])}: the milestone appears by itself."
        if one.after["publicationDate"]
        else "ISO gives no date of publication yet."
    )
    return f"{when} To do: revise its page, which spoke of a draft."


def _withdrawn(one: Changed, found: Findings) -> str:
    successors = [_reference(id_, found.after) for id_ in one.after["replacedBy"] or ()]
    use = (
        f"name what to use instead ({', '.join(successors)})"
        if successors
        else "say what to use instead, if there is something"
    )
    return (
        f"The banner on its page appears by itself. To do: {use}, and check the pages that"
        " recommend it."
    )


def _reference(id_: int, extract: Extract) -> str:
    row = extract.deliverables.get(id_)
    return str(row["reference"]) if row else f"a document that is not in the catalogue (id {id_})"


def _relation(one: NewRelation, extract: Extract) -> str:
    newer = [one.subject["id"]] if one.field == "replaces" else [*one.others, *one.lost]
    is_draft = any(
        id_ in extract.deliverables
        and status(extract.deliverables[id_]) is Status.UNDER_DEVELOPMENT
        for id_ in newer
    )
    verb = {
        ("replaces", False): "replaces",
        ("replaces", True): "is to replace",
        ("replacedBy", False): "is replaced by",
        ("replacedBy", True): "is to be replaced by",
    }[one.field, is_draft]
    parts = []
    if one.others:
        parts.append(
            f"**{one.subject['reference']}** {verb}"
            f" {', '.join(_reference(id_, extract) for id_ in one.others)} (new)"
        )
    if one.lost:
        parts.append(
            f"**{one.subject['reference']}** no longer {verb}"
            f" {', '.join(_reference(id_, extract) for id_ in one.lost)}"
        )
    return ". ".join(parts) + ". Both pages and the relation graph show it by themselves."


def _moved(moved: Iterable[Changed]) -> Iterator[str]:
    """Write one entry for all that moved in the same way: a whole committee may move on one day."""
    ways: dict[tuple[str, str], list[str]] = {}
    for one in moved:
        ways.setdefault((one.before["ownerCommittee"], one.after["ownerCommittee"]), []).append(
            one.after["reference"]
        )
    for (old, new), references in sorted(ways.items()):
        names = ", ".join(f"**{reference}**" for reference in references)
        how_many = f" ({len(references)} deliverables)" if len(references) > 1 else ""
        yield (
            f"From {old} to {new}{how_many}: {names}. To do: see whether the pages on the"
            " committee, above all the one on the move into JTC 4, must say so."
        )


def _committee(change: CommitteeChange) -> Iterator[str]:
    after, before = change.after, change.before
    name = f"**{after['reference']}**"
    if before is None:
        yield (
            f"{name} {_plain(after['title']['en'])} is new in the catalogue, created"
            f" {_date_text(after['creationDate'])}, secretariat {after['secretariat']['acronym']}."
            " To do: give it a place in `docs/committee/`."
        )
        return
    for kind in _MEMBERS:
        if parts := "; ".join(_membership(change, kind)):
            yield (
                f"{name}: {parts}. To do: `docs/committee/members.md` if it names them or their"
                " number."
            )
    if before["secretariat"] != after["secretariat"]:
        yield (
            f"{name}: the secretariat went from {before['secretariat']['acronym']} to"
            f" {after['secretariat']['acronym']}. To do: the pages on the committee."
        )
    for name_ in change.fields:
        if name_ not in {"pMembers", "oMembers", "secretariat", "sortKey"}:
            yield f"{name}: {_FIELDS[name_]} changed{_values(before[name_], after[name_])}."
    if (
        change.fields
        and set(change.fields) <= {"pMembers", "oMembers", "sortKey"}
        and not any((*change.came.values(), *change.went.values()))
    ):
        yield f"{name}: ISO changed the spelling or the order of its members."


def _membership(change: CommitteeChange, kind: str) -> Iterator[str]:
    """Write who joined, who left, and who became a member of this kind."""
    other = "oMembers" if kind == "pMembers" else "pMembers"
    became = sorted(set(change.came[kind]) & set(change.went[other]))
    left = set(change.went[kind]) & set(change.came[other])
    words = _MEMBERS[kind]
    if came := [name for name in change.came[kind] if name not in became]:
        yield f"new {words}: {', '.join(came)}"
    if went := [name for name in change.went[kind] if name not in left]:
        yield f"no longer {words}: {', '.join(went)}"
    if became:
        article = "a" if kind == "pMembers" else "an"
        yield f"{', '.join(became)} became {words if became[1:] else f'{article} {words[:-1]}'}"


def _values(before: Any, after: Any) -> str:
    if isinstance(before, dict) and isinstance(after, dict):
        return "; ".join(
            [""]
            + [
                f"{key}: {_value(before.get(key))} → {_value(after.get(key))}"
                for key in sorted({*before, *after})
                if before.get(key) != after.get(key)
            ]
        ).replace("; ", ": ", 1)
    if isinstance(before, list) or isinstance(after, list):
        old, new = ([_value(entry) for entry in value or ()] for value in (before, after))
        came, went = (
            [entry for entry in new if entry not in old],
            [entry for entry in old if entry not in new],
        )
        told = [
            f"{word} {', '.join(entries)}"
            for word, entries in (("new", came), ("gone", went))
            if entries
        ]
        return f": {'; '.join(told)}" if told else " in their order"
    return f": {_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        value = (
            value.get("acronym")
            or value.get("reference")
            or value.get("id")
            or json.dumps(value, ensure_ascii=False)
        )
    return "nothing" if value is None else _plain(str(value))


def _correction(one: Correction) -> str:
    return f"**{one.subject['reference']}**: {_FIELDS[one.field]}{_values(one.before, one.after)}"


def _to_do(one: Correction) -> str:
    if (
        one.field == "publicationDate"
        and one.before
        and one.after
        and edtf.parse(one.before).compare(edtf.parse(one.after))
        in {edtf.Order.BEFORE, edtf.Order.AFTER}
    ):
        return (
            ". To do: the two dates contradict each other; check ISO's page, and at pages that"
            " name the old date."
        )
    return ". To do: check its page."


def _override(one: Outcome) -> str:
    override = one.override
    where = f"`references/iso/overrides.yaml:{override.line}`, {one.reference}, {override.field}"
    if one.gone:
        return (
            f"{where}: ISO's file has no row with the id {override.id}. To do: delete the override,"
            " or correct its id."
        )
    if one.caught_up:
        return (
            f"{where}: ISO has caught up and says {_value(one.said)} too. To do: delete the"
            " override."
        )
    if one.moved:
        return (
            f"{where}: ISO now says {_value(one.said)}, neither its old value"
            f" {_value(override.iso)} nor ours, {_value(override.value)}, which still holds. To do:"
            " check the source again."
        )
    return ""


def _some(places: Iterable[str]) -> str:
    places = list(places)
    more = f" and {len(places) - 8} more" if len(places) > 8 else ""
    return ", ".join(f"`{place}`" for place in places[:8]) + more


def _plain(text: str) -> str:
    """Escape a text of ISO's, so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>|@#])", r"\\\1", " ".join(text.split()))
