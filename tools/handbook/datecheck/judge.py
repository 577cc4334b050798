"""Apply the rules to a handbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from handbook.datecheck import (  # noqa: F401 (each enters its rules)
    characters,
    facts,
    foreign,
    form,
    freshness,
    meetings,
    moves,
    order,
    profile_facts,
    prose,
    readers,
    sources,
    standards,
    states,
    typing_slips,
)
from handbook.datecheck.tree import Tree
from handbook.rules.exceptions import Exceptions
from handbook.rules.findings import Finding, Fix
from handbook.rules.rule import RULES, Selection


@dataclass
class Report:
    """What a check found, sorted by place; ``excepted`` is what exceptions cover."""

    findings: list[Finding] = field(default_factory=list)
    pages: int = 0
    excepted: list[Finding] = field(default_factory=list)

    @property
    def fixes(self) -> list[Fix]:
        """The safe changes that would put a part of it right."""
        return [finding.fix for finding in self.findings if finding.fix]


def check(
    root: Path, as_of: date, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> Report:
    """Check the handbook in ``root`` as on the day ``as_of``.

    :param select: codes or beginnings of codes to look for; all if there is none
    :param ignore: codes or beginnings of codes to leave out
    """
    return inspect(Tree.load(root, as_of), select, ignore)


def inspect(tree: Tree, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Report:
    """Check a handbook that is read, as on its day."""
    wanted = Selection(tuple(select), tuple(ignore))
    # what an exception covers is known only when all rules have been applied
    needed = (one.check for one in RULES.values() if "D703" in wanted or one.code in wanted)
    found = [finding for look in dict.fromkeys(needed) if look for finding in look(tree)]
    kept = _exceptions(tree).apply(found, tree.as_of)
    return Report(
        sorted({finding for finding in kept if finding.code in wanted}),
        len(tree.pages),
        sorted({finding for finding in found if finding.code in wanted} - set(kept)),
    )


def _exceptions(tree: Tree) -> Exceptions:
    known = Exceptions("D")
    known.read_project(tree.root / "pyproject.toml")
    for page in tree.pages:
        known.read_page(page.front_matter, page.front_place("exceptions"))
    return known
