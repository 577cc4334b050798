#!/usr/bin/env python3
"""Add a milestone or a source: ``python tools/new_entry.py milestone``,
``python tools/new_entry.py source URL``.

Each answer is checked while it is given. Answers may come as options, from a file (``--from``,
``-`` for the standard input) or line by line from the standard input; with ``--no-questions``
nothing is asked. Nothing that exists is overwritten, and nothing is written before all is right.
Exit status: 0 written, 1 refused, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is in the module's text."""
    from handbook.contribute import new_milestone, new_source
    from handbook.contribute.asking import Asker, RefusalError
    from handbook.model import bibliography

    parser = argparse.ArgumentParser(
        prog="new_entry.py", description="Add a milestone or a source to the handbook."
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=datetime.now().astimezone().date(),
        help=argparse.SUPPRESS,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--from",
        dest="from_",
        metavar="FILE",
        help="take a ready block or entry from this file; - for the standard input",
    )
    common.add_argument(
        "--no-questions", action="store_true", help="ask nothing; what is missing is an error"
    )
    common.add_argument(
        "--dry-run", action="store_true", help="show what would be written, and write nothing"
    )
    new = commands.add_parser(
        "milestone",
        parents=[common],
        help="a dated event in a page, which the timeline shows",
        allow_abbrev=False,
    )
    for field in ("page", "section", "line", *new_milestone.FIELDS):
        new.add_argument(f"--{field}")
    new = commands.add_parser(
        "source", parents=[common], help="an entry of the bibliography", allow_abbrev=False
    )
    new.add_argument(
        "address", nargs="?", metavar="URL", help="the address; the network is never asked"
    )
    for field in (*bibliography.FIELDS, "key", "file"):
        new.add_argument(f"--{field}")
    options = vars(parser.parse_args(arguments))

    kind = new_milestone if options["command"] == "milestone" else new_source
    names = (
        ("page", "section", "line", *new_milestone.FIELDS)
        if kind is new_milestone
        else (*bibliography.FIELDS, "key", "file")
    )
    given = {name: options[name] for name in names if options[name] is not None}
    if options.get("address"):
        given.setdefault("url", options["address"])
    person = sys.stdin.isatty()
    try:
        if options["from_"]:
            text = (
                sys.stdin.read()
                if options["from_"] == "-"
                else Path(options["from_"]).read_text("utf-8")
            )
            given = {
                **(
                    new_milestone.read_block(text)
                    if kind is new_milestone
                    else new_source.read_entry(text)
                ),
                **given,
            }
        ready = (
            {"title", "date", "sources", "text"}
            if kind is new_milestone
            else {"title", "date", "publisher", "langid"}
        )
        quiet = options["no_questions"] or options["from_"] == "-"
        spare = quiet or ready <= given.keys()
        asker = Asker(given, None if quiet else sys.stdin, sys.stdout, person)
        kind.add(
            options["root"].resolve(),
            options["today"],
            asker,
            sys.stdout,
            spare,
            options["dry_run"],
        )
    except RefusalError as error:
        print(f"{error}\nnothing is written", file=sys.stderr)
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"{options['from_']}: {error} (hint: name a file of UTF-8 text)", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nnothing is written", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
