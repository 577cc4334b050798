"""Check the handbook's links: where they lead, and whether they still do."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from handbook import cli
from handbook.linkcheck import links_command
from handbook.linkcheck.manners import Settings
from handbook.rules.findings import FORMS


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds: write 0.5")
    return number


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)


def _contact(text: str) -> str:
    if text and not re.fullmatch(r"(https?://|mailto:)[!-'*-:<-~]+", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an address: write https://host/path or mailto:name@host"
        )
    return text


def _parser() -> argparse.ArgumentParser:
    command = cli.parser(__doc__, today=True)
    cli.add_check_options(command, FORMS)
    add, manners = command.add_argument, Settings()
    add("--offline", action="store_true", help="ask no host")
    add("--html", type=Path, metavar="FOLDER", help="also check links within these built pages")
    add("--changed", metavar="BASE", help="ask only about links added since the commit BASE")
    add("--all", action="store_true", help="also ask about links that are not due")
    add("--archives", action="store_true", help="ask the Wayback Machine for copies of dead links")
    add(
        "--allow-private",
        action="append",
        default=[],
        metavar="NETWORK",
        help="a private network (10.0.0.0/8) or host that may be asked",
    )
    add(
        "--time-limit",
        type=_seconds,
        default=manners.time_limit,
        metavar="SECONDS",
        help="stop asking after this time (default: %(default)g)",
    )
    add(
        "--concurrency",
        type=_count,
        default=manners.concurrency,
        metavar="N",
        help="simultaneous requests to all hosts (default: %(default)d)",
    )
    add(
        "--per-host",
        type=_count,
        default=manners.per_host,
        metavar="N",
        help="simultaneous requests to one host (default: %(default)d)",
    )
    add(
        "--delay",
        type=_seconds,
        default=manners.delay,
        metavar="SECONDS",
        help="wait between requests to one host (default: %(default)g); 0 only for your own hosts",
    )
    add(
        "--contact",
        type=_contact,
        default="",
        metavar="ADDRESS",
        help="how hosts can contact you",
    )
    add(
        "--trust-network",
        action="store_true",
        help="accept the result even if a fifth of all links fail",
    )
    add("--no-save", action="store_true", help="do not remember what hosts answered")
    return command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    options = _parser().parse_args(arguments)
    return links_command.main(options, options.today)


if __name__ == "__main__":
    sys.exit(cli.run(main))
