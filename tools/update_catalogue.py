#!/usr/bin/env python3
"""Bring the handbook's extract of ISO's open catalogue up to date.

usage: update_catalogue.py [FILE|URL] [--committees FILE|URL] [--check] [--as-of DAY] [--advance]
[--accept-loss] update_catalogue.py --stub [REFERENCE ...]

Reads ISO's own files (JSON Lines, plain or gzip) and prints in Markdown what changed and what to
do. Without a name it asks ISO's server. Exit status 0: up to date, or updated; 1: --check, and an
update is due; 2: it could not run, and nothing was written.
"""

from __future__ import annotations

import argparse
import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from handbook.catalogueupdate import update_command
from handbook.catalogueupdate.origin import COMMITTEES_URL, DELIVERABLES_URL, is_address

ROOT = Path(__file__).resolve().parent.parent


def arguments(argv: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Bring the handbook's extract of ISO's open catalogue up to date."
    )
    parser.add_argument(
        "deliverables",
        nargs="?",
        metavar="FILE|URL",
        help="ISO's deliverables; without it ISO's own address",
    )
    parser.add_argument(
        "--committees",
        metavar="FILE|URL",
        help="ISO's committees; beside a FILE, iso_technical_committees.jsonl is found by itself",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if an update is due"
    )
    parser.add_argument(
        "--as-of",
        type=date.fromisoformat,
        metavar="DAY",
        help="the day for which the files speak (YYYY-MM-DD), if they do not say it themselves",
    )
    parser.add_argument(
        "--advance", action="store_true", help="write the new day even if nothing else changed"
    )
    parser.add_argument(
        "--accept-loss",
        action="store_true",
        help="go on although more than a tenth of our rows or values are gone",
    )
    parser.add_argument(
        "--stub",
        nargs="*",
        metavar="REFERENCE",
        help=(
            "make pages with the facts for these deliverables; without a name for all that have"
            " none"
        ),
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the command; the exit status is in the module's text."""
    given = arguments(argv)
    if given.stub is not None:
        return update_command.stub(given.root, given.stub, sys.stdout, sys.stderr)
    deliverables, committees = given.deliverables or DELIVERABLES_URL, given.committees
    if committees is None and given.deliverables is None:
        committees = COMMITTEES_URL
    elif committees is None and not is_address(deliverables):
        committees = update_command.beside(Path(deliverables))
    # A request to end must leave nothing behind, as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))
    return update_command.update(
        given.root,
        deliverables,
        committees,
        datetime.now(UTC).date(),
        sys.stdout,
        sys.stderr,
        check=given.check,
        day=given.as_of,
        advance=given.advance,
        accept_loss=given.accept_loss,
    )


if __name__ == "__main__":
    sys.exit(main())
