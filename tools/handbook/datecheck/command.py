"""What ``tools/check_dates.py`` does, with its streams as arguments."""
from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from handbook import findings
from handbook.datecheck import rulespage, run
from handbook.datecheck.rule import RULES
from handbook.datecheck.run import Report, check

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
        print(f"check_dates: there is no rule {code!r} (mend: write one of {', '.join(close or RULES)})", file=sys.stderr)
        return 2
    print(rule.explain(), file=out)
    return 0


def write_page(root: Path, out: TextIO) -> int:
    """Write the page of the rules."""
    path = root / PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(rulespage.page(), "utf-8")
    print(f"{len(RULES)} rules written to {PAGE}", file=out)
    return 0


def write(report: Report, root: Path, form: str, out: TextIO) -> None:
    """Write the findings in one of the forms."""
    found = report.findings
    if form == "json":
        print(findings.as_json(found), file=out)
    elif form == "github":
        print(findings.as_github(found), file=out, end="\n" if found else "")
    elif form == "sarif":
        print(findings.as_sarif(found, "check_dates", {code: rule.text for code, rule in RULES.items()}), file=out)
    else:
        if found:
            print(findings.as_text(found, root), file=out)
        errors = findings.exit_status(found) and sum(finding.severity is findings.Severity.ERROR for finding in found)
        advice = len(found) - errors
        print(
            f"{report.pages} pages checked: {errors or 'no'} {'fault' if errors == 1 else 'faults'}, {advice or 'no'} {'piece' if advice == 1 else 'pieces'} of advice"
            + (f"; {len(report.fixes)} can be put right by --fix" if report.fixes else ""), file=out,
        )


def fix(report: Report, root: Path, yes: bool, out: TextIO) -> int:
    """Show the safe changes, ask, write them. 0 if they are written or there are none, 1 if they are not written."""
    files = run.fixed_files(report, root)
    if not files:
        print("nothing to put right by itself", file=out)
        return findings.exit_status(report.findings)
    print(run.diff(files, root), file=out)
    if not yes:
        if not sys.stdin.isatty():
            print("nothing is written: add --yes to write these changes", file=out)
            return 1
        if input("write these changes? [y/N] ").strip().lower() not in {"y", "yes"}:
            return 1
    for path, (_, after) in files.items():
        path.write_bytes(after.encode("utf-8"))
    print(f"{len(files)} files changed", file=out)
    return 0
