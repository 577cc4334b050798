"""D6xx: how old the handbook's knowledge is."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date

from handbook.datecheck.tree import Tree
from handbook.model import edtf
from handbook.rules.exceptions import read_day
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import Severity, rule

#: Months after which a page must be reviewed, unless its front matter gives another number
#: (``review-months``).
REVIEW_MONTHS = 12
#: Months after which the extract of the catalogue should be renewed.
EXTRACT_MONTHS = 6


def months_later(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@rule("D601")
def never_reviewed(tree: Tree) -> Iterator[Finding]:
    """A page states the day on which somebody last compared it with its sources."""
    for page in tree.pages:
        if page.front_matter.get("reviewed") is None and not page.findings:
            yield Finding(
                page.place(),
                "D601",
                "the page does not say when it was reviewed",
                'add reviewed: "YYYY-MM-DD" to the front matter',
            )


@rule("D602")
def review_due(tree: Tree) -> Iterator[Finding]:
    """A page was reviewed within the last 12 months, or within its own limit (`review-months`)."""
    for page in tree.pages:
        day = read_day(page.front_matter.get("reviewed"))
        limit = page.front_matter.get("review-months", REVIEW_MONTHS)
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= 120:
            yield Finding(
                page.front_place("review-months"),
                "D602",
                f"{limit!r} is not a number of months",
                "write a number from 1 to 120",
            )
            limit = REVIEW_MONTHS
        if day and months_later(day, limit) < tree.as_of:
            yield Finding(
                page.front_place("reviewed"),
                "D602",
                f"the page was last reviewed on {day}, more than {limit} months before"
                f" {tree.as_of}",
                "compare the page with its sources, then write the day",
            )


@rule("D603")
def reviewed_in_the_future(tree: Tree) -> Iterator[Finding]:
    """The day of review is not in the future."""
    for page in tree.pages:
        day = read_day(page.front_matter.get("reviewed"))
        if day and day > tree.as_of:
            yield Finding(
                page.front_place("reviewed"),
                "D603",
                f"the page was reviewed on {day}, which is in the future (as of {tree.as_of})",
                "write the correct day",
            )


@rule("D604", severity=Severity.ADVICE)
def extract_old(tree: Tree) -> Iterator[Finding]:
    """The extract of ISO's catalogue is at most six months old."""
    for name in ("deliverables", "committees"):
        text = tree.catalogue.as_of.get(name)
        if text and months_later(edtf.parse(text).latest, EXTRACT_MONTHS) < tree.as_of:
            path = tree.root / "references" / "iso" / "extract.yaml"
            lines = path.read_text("utf-8").splitlines()
            line = next(
                (
                    number
                    for number, line in enumerate(lines, 1)
                    if line.lstrip().startswith(f"{name}:") and text in line
                ),
                1,
            )
            yield Finding(
                Place(tree.path(path), line, lines[line - 1].find(name) + 1 or 1),
                "D604",
                f"the extract of {name} is of {text}, more than {EXTRACT_MONTHS} months before"
                f" {tree.as_of}",
                "run tools/update_catalogue.py",
            )
