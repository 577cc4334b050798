"""What ``tools/check_dates.py`` does, with its streams as arguments."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TextIO

from handbook.cli import HandbookError
from handbook.datecheck.judge import Report, check
from handbook.rules import findings, fixes, rule_pages
from handbook.rules.rule import RULES, require_known


def main(options: argparse.Namespace, out: TextIO) -> int:
    """Run the command and return its exit status.

    :raises HandbookError: if it cannot run
    """
    root: Path = options.root
    if options.explain:
        return rule_pages.explain(options.explain, out)
    if not (root / "docs").is_dir() or not (root / "references").is_dir():
        raise HandbookError(
            f"{root} has no docs/ and no references/", "name the folder of the handbook with --root"
        )
    require_known([*options.select, *options.ignore], RULES)
    report = check(root, options.today, options.select, options.ignore)
    if options.fix:
        return fix(report, root, options.yes, out)
    write(report, root, options.format, out)
    return findings.exit_status(report.findings)


def write(report: Report, root: Path, form: str, out: TextIO) -> None:
    """Write the findings in one of the forms."""
    summary = f"{report.pages} pages checked: {findings.tally(report.findings)}"
    if report.fixes:
        summary += f"; {len(report.fixes)} can be fixed with --fix"
    findings.write(report.findings, form, rule_pages.texts(), root, summary, out)


def fix(report: Report, root: Path, yes: bool, out: TextIO) -> int:
    """Show the safe changes, ask, and write them; return 0 if they were written or there are none,
    else 1.
    """
    changes, _left = fixes.changed(report.fixes, root)
    if not changes:
        print("nothing that --fix could fix", file=out)
        return findings.exit_status(report.findings)
    return 0 if fixes.offer(changes, root, yes, out) else 1
