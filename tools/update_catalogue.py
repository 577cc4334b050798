"""Bring the handbook's extract of ISO's open catalogue up to date.

Reads ISO's own files (JSON Lines, plain or gzip) and prints in Markdown what changed and what to
do. Without a name it asks ISO's server. With --check, exit status 1 means that an update is due.
"""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from handbook import cli
from handbook.catalogueupdate import update_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__, today=True)
    # ISO's server dates its files in UTC.
    command.set_defaults(today=datetime.now(UTC).date())
    add = command.add_argument
    add("deliverables", nargs="?", metavar="FILE|URL", help="ISO's deliverables (default: fetched)")
    add(
        "--committees",
        metavar="FILE|URL",
        help="ISO's committees (default: iso_technical_committees.jsonl beside the FILE)",
    )
    add("--check", action="store_true", help="write nothing; exit status 1 if an update is due")
    add(
        "--as-of",
        type=cli.day,
        metavar="DAY",
        help="the day that the files describe, YYYY-MM-DD, if they do not say so",
    )
    add("--advance", action="store_true", help="write the new day even if nothing else changed")
    add(
        "--accept-loss",
        action="store_true",
        help="go on although more than a tenth of our rows or values are gone",
    )
    add(
        "--stub",
        nargs="*",
        metavar="REFERENCE",
        help="make pages for these deliverables (without a name: for all that have none) and stop",
    )
    return update_command.main(command.parse_args(arguments), sys.stdout, sys.stderr)


if __name__ == "__main__":
    sys.exit(cli.run(main))
