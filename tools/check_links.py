#!/usr/bin/env python3
"""Check the handbook's links: where they lead, and whether they still do.

Exit status: 0 nothing to fix, 1 findings, 2 the check could not run or the network is at fault,
130 stopped.
"""

import argparse
import re
import sys
from datetime import date
from pathlib import Path

from handbook.linkcheck import links_command
from handbook.linkcheck.client import Settings
from handbook.rules import findings


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day: write 2026-11-23") from None


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds: write 0.5")
    return number


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 1000")
    return int(text)


def _contact(text: str) -> str:
    if text and not re.fullmatch(r"(https?://|mailto:)[!-'*-:<-~]+", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no address: write https://host/path or mailto:name@host"
        )
    return text


def main(arguments: list[str] | None = None) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=Path(__file__).resolve().parent.parent,
        help="the handbook's folder (default: this one)",
    )
    parser.add_argument("--offline", action="store_true", help="ask no host")
    parser.add_argument(
        "--html",
        type=Path,
        metavar="DIR",
        help="also check the links within the built pages in DIR",
    )
    parser.add_argument(
        "--changed", metavar="BASE", help="ask only what was added since the commit BASE"
    )
    parser.add_argument("--all", action="store_true", help="ask also what is not due")
    parser.add_argument(
        "--archives", action="store_true", help="ask the Wayback Machine for captures of dead links"
    )
    parser.add_argument(
        "--format",
        choices=findings.FORMS,
        default="text",
        help="how to write the findings (default: text)",
    )
    parser.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="CODES",
        help="only these codes or beginnings of codes, with commas",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="CODES",
        help="not these codes or beginnings of codes",
    )
    parser.add_argument("--explain", metavar="CODE", help="print a rule and stop")
    parser.add_argument(
        "--fix",
        action="store_true",
        help="show the new addresses of moved links as a diff, ask, and write them",
    )
    parser.add_argument("--yes", action="store_true", help="with --fix: do not ask")
    parser.add_argument(
        "--as-of", type=_day, metavar="DAY", help="check as on this day (default: today)"
    )
    parser.add_argument(
        "--allow-private",
        action="append",
        default=[],
        metavar="NETWORK",
        help="a private network (10.0.0.0/8) or host that may be asked",
    )
    manners = Settings()
    parser.add_argument(
        "--time-limit",
        type=_seconds,
        default=manners.time_limit,
        metavar="SECONDS",
        help="stop asking after so long (default: %(default)g)",
    )
    parser.add_argument(
        "--concurrency",
        type=_count,
        default=manners.concurrency,
        metavar="N",
        help="requests at once to all hosts (default: %(default)d)",
    )
    parser.add_argument(
        "--per-host",
        type=_count,
        default=manners.per_host,
        metavar="N",
        help="requests at once to one host (default: %(default)d)",
    )
    parser.add_argument(
        "--delay",
        type=_seconds,
        default=manners.delay,
        metavar="SECONDS",
        help=(
            "between two requests to one host (default: %(default)g); 0 only for hosts of your own"
        ),
    )
    parser.add_argument(
        "--contact",
        type=_contact,
        default="",
        metavar="ADDRESS",
        help="tell hosts where to find you",
    )
    parser.add_argument(
        "--trust-network",
        action="store_true",
        help="believe also if a fifth of all links fail at once",
    )
    parser.add_argument("--no-save", action="store_true", help="do not change the memory")
    return links_command.main(parser.parse_args(arguments), date.today())  # noqa: DTZ011 (the reader's day)


if __name__ == "__main__":
    sys.exit(main())
