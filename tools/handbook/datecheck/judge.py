"""Apply the rules to a handbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from handbook.datecheck import (  # noqa: F401 (each enters its rules)
    beside,
    characters,
    extract_files,
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
from handbook.datecheck.tree import Tree, data_of
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
    follows = _consequence(tree)
    found = [finding for finding in found if not follows(finding)]
    kept = _exceptions(tree).apply(found, tree.as_of)
    return Report(
        sorted({finding for finding in kept if finding.code in wanted}),
        len(tree.pages),
        sorted({finding for finding in found if finding.code in wanted} - set(kept)),
    )


def _consequence(tree: Tree) -> Callable[[Finding], bool]:
    """Whether a finding only follows from a row or an entry that could not be read."""
    rows = any(one.place.path.endswith("deliverables.jsonl") for one in tree.catalogue_findings)
    broken = {one.place.path for one in tree.bibliography.findings if one.code in {"B001", "B002"}}
    lost = "".join(data_of(tree.root / path).decode("utf-8", "replace") for path in broken)

    def follows(finding: Finding) -> bool:
        if finding.code in {"C001", "M006", "P027"}:
            return bool(finding.subject) and finding.subject in lost
        return (
            rows
            and finding.message.endswith("is not in the catalogue")
            and finding.code in {"S001", "R001", "R007", "D512", "D513"}
        )

    return follows


def _exceptions(tree: Tree) -> Exceptions:
    known = Exceptions("D")
    known.read_project(tree.root / "pyproject.toml")
    for page in tree.pages:
        known.read_page(page.front_matter, page.front_place("exceptions"))
    return known
