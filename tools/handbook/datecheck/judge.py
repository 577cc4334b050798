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
    named,
    offices,
    order,
    profile_facts,
    prose,
    readers,
    record_form,
    settled_facts,
    sources,
    standards,
    states,
    translated,
    typing_slips,
    vocabulary,
)
from handbook.datecheck.tree import Tree, data_of
from handbook.rules.exceptions import Exceptions
from handbook.rules.findings import Finding, Fix
from handbook.rules.rule import RULES, Selection

_MEANS_REVIEWED = "did you mean reviewed?"


@dataclass
class Report:
    """What a check found, sorted by place; ``excepted`` are the findings that exceptions cover."""

    findings: list[Finding] = field(default_factory=list)
    pages: int = 0
    excepted: list[Finding] = field(default_factory=list)

    @property
    def fixes(self) -> list[Fix]:
        """Return the safe changes of the findings."""
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
    """Apply the rules to a handbook that has been read."""
    wanted = Selection(tuple(select), tuple(ignore))
    # which findings an exception covers is known only after all rules
    needed = (one.check for one in RULES.values() if "D703" in wanted or one.code in wanted)
    found = [finding for look in dict.fromkeys(needed) if look for finding in look(tree)]
    follows = _consequence(tree, found)
    found = [finding for finding in found if not follows(finding)]
    kept = _exceptions(tree).apply(found, tree.as_of)
    return Report(
        sorted({finding for finding in kept if finding.code in wanted}),
        len(tree.pages),
        sorted({finding for finding in found if finding.code in wanted} - set(kept)),
    )


def _consequence(tree: Tree, found: Iterable[Finding]) -> Callable[[Finding], bool]:
    """Return whether a finding only follows from another: from a row or an entry that could not be
    read, or from a slip in something that it depends on.
    """
    unread = {one.place.path.rpartition("/")[2] for one in tree.catalogue_findings}
    rows = "deliverables.jsonl" in unread
    broken = {one.place.path for one in tree.bibliography.findings}
    texts = (data_of(tree.root / path).decode("utf-8", "replace") for path in sorted(broken))
    lost = "".join("".join(texts).split())
    # an entry with the key of another has lost its own
    twice = sum(one.code == "B003" for one in tree.bibliography.findings)
    gone = {
        one.subject for one in found if one.code == "P027" and one.place.path.endswith("keys.txt")
    }
    gone = gone if len(gone) == twice else set()
    to_come = {one.subject for one in found if one.code == "D302"}
    misnamed = {
        one.place.path for one in found if one.code == "P015" and _MEANS_REVIEWED in one.hint
    }
    unknown = {(one.place.path, one.code) for one in found if one.code in {"S001", "R007"}}
    pages = {f"docs/standards/{one.slug}.md": one.reference for one in tree.catalogue.deliverables}
    mistaken = {(code, pages[path]) for path, code in unknown if path in pages}

    def follows(finding: Finding) -> bool:
        match finding.code:
            case "C001" | "M006" | "P027":
                return f"{{{finding.subject}," in lost or finding.subject in gone
            case "D202" | "D402":
                return finding.subject in to_come
            case "D601":
                return finding.place.path in misnamed
            case "D509":
                return ("S001", finding.subject) in mistaken
            case "R006":
                return ("R007", finding.subject) in mistaken
            case "S002":
                return "families.yaml" in unread
            case "R012":
                return "committees.jsonl" in unread
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
