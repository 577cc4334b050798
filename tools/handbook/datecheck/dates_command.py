"""What ``tools/check_dates.py`` does, with its streams as arguments."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from handbook.datecheck.judge import Report, check
from handbook.rules import findings, fixes, rule_pages
from handbook.rules.rule import RULES

__all__ = ["check", "fix", "known", "write"]


def known(code: str) -> bool:
    """Whether a code or the beginning of one belongs to a rule."""
    return any(rule.startswith(code) for rule in RULES)


def write(report: Report, root: Path, form: str, out: TextIO) -> None:
    """Write the findings in one of the forms."""
    summary = f"{report.pages} pages checked: {findings.tally(report.findings)}"
    if report.fixes:
        summary += f"; {len(report.fixes)} can be put right by --fix"
    findings.write(report.findings, form, rule_pages.texts(), root, summary, out)


def fix(report: Report, root: Path, yes: bool, out: TextIO) -> int:
    """Show the safe changes, ask, write them. 0 if they are written or there are none, 1 if they
    are not written.
    """
    changes, _left = fixes.changed(report.fixes, root)
    if not changes:
        print("nothing to put right by itself", file=out)
        return findings.exit_status(report.findings)
    return 0 if fixes.offer(changes, root, yes, out) else 1
