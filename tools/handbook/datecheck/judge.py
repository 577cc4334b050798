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
    moves,
    order,
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
    """What a check found, sorted by place."""

    findings: list[Finding] = field(default_factory=list)
    pages: int = 0

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
    tree = Tree.load(root, as_of)
    checks = dict.fromkeys(rule.check for rule in RULES.values() if rule.check)
    found = [finding for look in checks for finding in look(tree)]
    wanted = Selection(tuple(select), tuple(ignore))
    kept = {finding for finding in _exceptions(tree).apply(found, as_of) if finding.code in wanted}
    return Report(sorted(kept), len(tree.pages))


def _exceptions(tree: Tree) -> Exceptions:
    known = Exceptions("D")
    known.read_project(tree.root / "pyproject.toml")
    for page in tree.pages:
        known.read_page(page.front_matter, page.front_place("exceptions"))
    return known
