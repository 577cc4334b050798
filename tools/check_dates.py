#!/usr/bin/env python3
"""Check the handbook's dates, sources and standards without network:
``python tools/check_dates.py --help``.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from handbook.datecheck import dates_command
from handbook.rules import findings, rule_pages

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """0: nothing fails the check; 1: findings; 2: the check could not run."""
    parser = argparse.ArgumentParser(
        prog="check_dates.py",
        description="Check the dates, sources and standards of the handbook; offline.",
        epilog="exit status: 0 nothing fails the check, 1 findings, 2 the check could not run",
    )
    parser.add_argument(
        "root",
        nargs="?",
        type=Path,
        default=ROOT,
        help="the folder that holds docs/ and references/ (default: this checkout)",
    )
    parser.add_argument(
        "--format",
        choices=findings.FORMS,
        default="text",
        help="how findings are written (default: text)",
    )
    parser.add_argument(
        "--as-of",
        type=_day,
        metavar="DAY",
        help="check as on this day, YYYY-MM-DD (default: today)",
    )
    parser.add_argument(
        "--select",
        type=_codes,
        default=(),
        metavar="CODES",
        help="look only for these codes or beginnings of codes: D4,M003",
    )
    parser.add_argument(
        "--ignore", type=_codes, default=(), metavar="CODES", help="leave these codes out"
    )
    parser.add_argument("--explain", metavar="CODE", help="explain a rule and stop")
    parser.add_argument(
        "--fix",
        action="store_true",
        help="show what can be put right without judgement as a diff, then ask before writing it",
    )
    parser.add_argument("--yes", action="store_true", help="with --fix: write without asking")
    options = parser.parse_args(arguments)

    root = options.root.resolve()
    if options.explain:
        return rule_pages.explain(options.explain, "check_dates", sys.stdout)
    as_of = options.as_of or datetime.now().astimezone().date()
    if not (root / "docs").is_dir() or not (root / "references").is_dir():
        print(
            f"check_dates: {root} has no docs/ and references/ (hint: name the folder of the"
            " handbook)",
            file=sys.stderr,
        )
        return 2
    for code in (*options.select, *options.ignore):
        if not dates_command.known(code):
            print(
                f"check_dates: no rule begins with {code!r} (hint: see"
                " docs/contributing/checks.md)",
                file=sys.stderr,
            )
            return 2
    report = dates_command.check(root, as_of, options.select, options.ignore)
    if options.fix:
        return dates_command.fix(report, root, options.yes, sys.stdout)
    dates_command.write(report, root, options.format, sys.stdout)
    return findings.exit_status(report.findings)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day of the form YYYY-MM-DD") from None


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in text.split(",") if code.strip())


if __name__ == "__main__":
    sys.exit(main())
