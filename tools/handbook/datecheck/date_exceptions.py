"""D7xx: exceptions from rules, in ``pyproject.toml`` or in a page's front matter."""

from __future__ import annotations

import re
import reprlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from handbook.datecheck.form import reviewed_day
from handbook.datecheck.rule import RULES, Fault, Fix, rule
from handbook.datecheck.tree import Tree
from handbook.rules.findings import Finding, Place

_FIELDS = {"code", "path", "text", "reason", "until"}


@dataclass(frozen=True, slots=True)
class Excepted:
    """An exception: findings of ``code`` in ``path`` (a pattern) whose message holds ``text`` are
    let pass until a day.
    """

    code: str
    path: str
    text: str
    reason: str
    until: date
    place: Place

    def covers(self, finding: Finding) -> bool:
        """Whether the exception lets the finding pass."""
        return (
            finding.code == self.code
            and fnmatchcase(finding.place.path, self.path)
            and self.text in finding.message
        )


def _entries(tree: Tree) -> Iterator[tuple[Any, Place, str | None]]:
    """Each exception as written, its place, and the page it belongs to."""
    path = tree.root / "pyproject.toml"
    try:
        text = path.read_text("utf-8")
        rows = (
            tomllib.loads(text)
            .get("tool", {})
            .get("handbook", {})
            .get("checks", {})
            .get("exceptions", [])
        )
    except FileNotFoundError:
        rows, text = [], ""
    except (OSError, ValueError):
        rows, text = ["pyproject.toml cannot be read"], ""
    lines = text.splitlines()
    start = next(
        (
            number
            for number, line in enumerate(lines)
            if re.match(r"\s*(?:exceptions\s*=|\[\[?tool\.handbook\.checks)", line)
        ),
        0,
    )
    for row in rows if isinstance(rows, list) else [rows]:
        if isinstance(row, dict) and str(row.get("code", "")).startswith("L"):
            continue  # an exception from a rule of links, which check_links reads
        code = row.get("code") if isinstance(row, dict) else None
        number = next(
            (n for n in range(start, len(lines)) if code and str(code) in lines[n]), start
        )
        yield row, Place("pyproject.toml", number + 1), None
        start = number + 1 if code else start
    for page in tree.pages:
        rows = page.front_matter.get("exceptions")
        for row in rows if isinstance(rows, list) else [rows] if rows is not None else []:
            yield row, tree.front_place(page, "exceptions"), tree.path(page.path)


def _read(row: Any, place: Place, page: str | None) -> tuple[Excepted | None, list[str]]:
    """The exception, and what is wrong with it."""
    if not isinstance(row, dict):
        return None, [f"{reprlib.repr(row)} is not an exception"]
    wrong = [
        f"an exception has no field {name!r}" for name in sorted(map(str, row.keys() - _FIELDS))
    ]
    needed = ["code", "reason", "until", *(() if page else ("path",))]
    wrong += [f"an exception lacks {name!r}" for name in needed if not row.get(name)]
    code, until = reprlib.repr(row.get("code", "")).strip("'"), reviewed_day(row.get("until"))
    if row.get("code") and code not in RULES:
        wrong.append(f"{code!r} is not the code of a rule")
    if code.startswith("D7"):
        wrong.append(f"{code} cannot be excepted")
    if row.get("until") and until is None:
        wrong.append(f"the end {reprlib.repr(row['until'])} is not a day")
    if wrong or until is None:
        return None, wrong
    return (
        Excepted(
            code,
            page or str(row["path"]),
            str(row.get("text", "")),
            str(row["reason"]),
            until,
            place,
        ),
        [],
    )


@rule("D701")
def malformed(tree: Tree) -> Iterator[Fault]:
    """An exception names a code, a reason and the day it ends; in pyproject.toml also the path it
    is for.
    """
    for row, place, page in _entries(tree):
        for message in _read(row, place, page)[1]:
            yield Fault(
                place,
                message,
                'write {code = "D401", path = "docs/...", reason = "...", until = "YYYY-MM-DD"};'
                ' text = "..." narrows it',
            )


def apply(
    tree: Tree, found: Iterable[tuple[Finding, Fix | None]]
) -> list[tuple[Finding, Fix | None]]:
    """Leave out what is excepted; an exception that has ended or that covers nothing becomes a
    finding.
    """
    known = [read for row, place, page in _entries(tree) if (read := _read(row, place, page)[0])]
    used: set[Excepted] = set()
    kept: list[tuple[Finding, Fix | None]] = []
    for finding, fix in found:
        covering = [excepted for excepted in known if excepted.covers(finding)]
        used.update(covering)
        if not any(excepted.until >= tree.as_of for excepted in covering):
            kept.append((finding, fix))
    for excepted in dict.fromkeys(known):
        if excepted.until < tree.as_of:
            kept.append(
                (
                    Finding(
                        excepted.place,
                        "D702",
                        f"the exception from {excepted.code} for {excepted.path} ended on"
                        f" {excepted.until}",
                        "fix the fault, or give a new end with its reason",
                    ),
                    None,
                )
            )
        elif excepted not in used:
            kept.append(
                (
                    Finding(
                        excepted.place,
                        "D703",
                        f"the exception from {excepted.code} for {excepted.path} covers nothing",
                        "delete it",
                    ),
                    None,
                )
            )
    return kept


@rule("D702")
def ended(tree: Tree) -> Iterator[Fault]:
    """An exception has not passed its end."""
    return iter(())  # found by apply(), which sees all findings


@rule("D703")
def unused(tree: Tree) -> Iterator[Fault]:
    """An exception covers at least one finding."""
    return iter(())  # found by apply(), which sees all findings
