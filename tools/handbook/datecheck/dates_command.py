"""What ``tools/check_dates.py`` does, with its streams as arguments."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from handbook import files
from handbook.datecheck import checks_page, judge
from handbook.datecheck.judge import Report, check
from handbook.datecheck.rule import RULES
from handbook.rules import findings

PAGE = "docs/contributing/checks.md"

__all__ = ["check", "explain", "fix", "known", "write", "write_page"]


def known(code: str) -> bool:
    """Whether a code or the beginning of one belongs to a rule."""
    return any(rule.startswith(code) for rule in RULES)


def explain(code: str, out: TextIO) -> int:
    """Print a rule; 2 if there is none."""
    rule = RULES.get(code.strip().upper())
    if rule is None:
        close = get_close_matches(code.strip().upper(), RULES, n=3)
        print(
            f"check_dates: there is no rule {code!r} (hint: write one of"
            f" {', '.join(close or RULES)})",
            file=sys.stderr,
        )
        return 2
    print(rule.explain(), file=out)
    return 0


def write_page(root: Path, out: TextIO) -> int:
    """Write the page of the rules."""
    path = root / PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(checks_page.page(), "utf-8")
    print(f"{len(RULES)} rules written to {PAGE}", file=out)
    return 0


def write(report: Report, root: Path, form: str, out: TextIO) -> None:
    """Write the findings in one of the forms."""
    summary = f"{report.pages} pages checked: {findings.tally(report.findings)}"
    if report.fixes:
        summary += f"; {len(report.fixes)} can be put right by --fix"
    findings.write(
        report.findings,
        form,
        "check_dates",
        {code: rule.text for code, rule in RULES.items()},
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
