"""What ``tools/check_dates.py`` does, with its streams as arguments."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from handbook import files
from handbook.datecheck import judge
from handbook.datecheck.judge import Report, check
from handbook.datecheck.rule import RULES
from handbook.rules import findings, rule_pages

__all__ = ["check", "fix", "known", "write"]


def known(code: str) -> bool:
    """Whether a code or the beginning of one belongs to a rule."""
    return any(rule.startswith(code) for rule in RULES)


def write(report: Report, root: Path, form: str, out: TextIO) -> None:
    """Write the findings in one of the forms."""
    summary = f"{report.pages} pages checked: {findings.tally(report.findings)}"
    if report.fixes:
        summary += f"; {len(report.fixes)} can be put right by --fix"
    findings.write(
        report.findings,
        form,
        "check_dates",
        {code: rule_pages.text(code) for code in RULES},
        root,
        summary,
        out,
    )


def fix(report: Report, root: Path, yes: bool, out: TextIO) -> int:
    """Show the safe changes, ask, write them. 0 if they are written or there are none, 1 if they
    are not written.
    """
    changes = judge.fixed_files(report, root)
    if not changes:
        print("nothing to put right by itself", file=out)
        return findings.exit_status(report.findings)
    written = files.offer(
        {path: after for path, (_, after) in changes.items()}, judge.diff(changes, root), yes, out
    )
    return 0 if written else 1
