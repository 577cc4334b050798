"""Apply the rules to a handbook."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from handbook.datecheck import (
    date_exceptions,
    floors,
    foreign,
    form,
    freshness,
    order,
    prose,
    sources,
    standards,
    states,
    typing_slips,
)
from handbook.datecheck.rule import RULES, Fault, Fix, Rule
from handbook.datecheck.tree import Tree
from handbook.rules.findings import Finding, Place

#: The modules that hold rules, in the order of their codes.
MODULES = (
    floors,
    typing_slips,
    foreign,
    form,
    sources,
    order,
    prose,
    standards,
    states,
    freshness,
    date_exceptions,
)


@dataclass
class Report:
    """What a check found, sorted by place, and the safe changes that fix a part of it."""

    findings: list[Finding] = field(default_factory=list)
    fixes: dict[Finding, Fix] = field(default_factory=dict)
    pages: int = 0


def check(
    root: Path, as_of: date, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> Report:
    """Check the handbook in ``root`` as on the day ``as_of``.

    :param select: codes or beginnings of codes to look for; all if there is none
    :param ignore: codes or beginnings of codes to leave out
    """
    tree = Tree.load(root, as_of)
    wanted, unwanted = tuple(select), tuple(ignore)
    found: list[tuple[Finding, Fix | None]] = []
    asked = {id(rule.check): rule for rule in RULES.values() if rule.check}
    for rule in asked.values():
        assert rule.check
        found += [(_finding(rule, fault), fault.fix) for fault in rule.check(tree)]
    kept = date_exceptions.apply(tree, found)
    report = Report(pages=len(tree.pages))
    for finding, fix in sorted(dict.fromkeys(kept), key=lambda pair: pair[0]):
        if (not wanted or finding.code.startswith(wanted)) and not (
            unwanted and finding.code.startswith(unwanted)
        ):
            report.findings.append(finding)
            if fix:
                report.fixes[finding] = fix
    return report


def _finding(rule: Rule, fault: Fault) -> Finding:
    code = fault.code or rule.code
    return Finding(fault.place, code, fault.message, fault.hint, RULES[code].severity)


def fixed_files(report: Report, root: Path) -> dict[Path, tuple[str, str]]:
    """Each file that the safe changes touch, with its text before and after. Line ends stay as they
    are.
    """
    files: dict[str, list[Fix]] = {}
    for fix in dict.fromkeys(report.fixes.values()):
        files.setdefault(fix.place.path, []).append(fix)
    texts = {}
    for name, fixes in files.items():
        path = root / name
        before = path.read_bytes().decode("utf-8")
        lines = before.split("\n")
        for fix in sorted(fixes, key=lambda fix: fix.place, reverse=True):
            _apply(lines, fix)
        texts[path] = (before, "\n".join(lines))
    return texts


def _apply(lines: list[str], fix: Fix) -> None:
    """Change a line if the old text still stands where it was found."""
    place: Place = fix.place
    bom = 1 if place.line == 1 and lines[0].startswith("\ufeff") and fix.old != "\ufeff" else 0
    if fix.old == "\r":
        lines[:] = [line.removesuffix("\r") for line in lines]
        return
    line, start = lines[place.line - 1], place.column - 1 + bom
    if line.startswith(fix.old, start):
        lines[place.line - 1] = line[:start] + fix.new + line[start + len(fix.old) :]


def diff(files: dict[Path, tuple[str, str]], root: Path) -> str:
    """The changes as a unified diff; a carriage return or byte order mark that goes is shown by
    name.
    """

    def shown(text: str) -> list[str]:
        return [
            line + "\n"
            for line in text.replace("\ufeff", "<BOM>").replace("\r\n", "<CR>\n").split("\n")
        ]

    parts = []
    for path, (before, after) in sorted(files.items()):
        name = path.relative_to(root).as_posix()
        parts += difflib.unified_diff(shown(before), shown(after), f"a/{name}", f"b/{name}")
    return "".join(parts)
