"""Add a milestone, a meeting, a record or a source to the handbook.

Each answer is checked as it is given. Answers come as options, from a file (--from), or line by
line from the standard input. Nothing that exists is overwritten, and nothing is written before all
is right.
"""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import argparse
import sys
from collections.abc import Sequence

from handbook import cli
from handbook.contribute import entry, new_milestone, new_record, new_source


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__, today=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--from",
        dest="file_of_answers",
        metavar="FILE",
        help="take a ready block or entry from this file; - for the standard input",
    )
    common.add_argument(
        "--no-questions", action="store_true", help="ask nothing; what is missing is an error"
    )
    common.add_argument(
        "--dry-run", action="store_true", help="show what would be written, and write nothing"
    )
    kinds = command.add_subparsers(
        metavar="milestone|meeting|source|adoption|place|office", required=True
    )
    milestone = kinds.add_parser(
        "milestone", parents=[common], help="a dated event in a page", allow_abbrev=False
    )
    milestone.set_defaults(entry=new_milestone.KIND)
    source = kinds.add_parser(
        "source", parents=[common], help="an entry of the bibliography", allow_abbrev=False
    )
    source.set_defaults(entry=new_source.KIND)
    source.add_argument(
        "address", nargs="?", metavar="URL", help="its address, which is not fetched"
    )
    added = [(milestone, new_milestone.KIND), (source, new_source.KIND)]
    records = {"meeting": new_milestone.MEETING, **new_record.KINDS}
    about = ("a meeting, told in a page", "a national version", "what a place is", "an office")
    for (name, kind), what in zip(records.items(), about, strict=True):
        record = kinds.add_parser(name, parents=[common], help=what, allow_abbrev=False)
        record.set_defaults(entry=kind)
        added.append((record, kind))
    for parser, kind in added:
        parser.set_defaults(entry_name=parser.prog.split()[-1])
        for name in kind.answers:
            parser.add_argument(f"--{name}")
        parser.add_argument("--words", metavar="TEXT", help="more options, quoted as in a shell")
    options = command.parse_args(cli.spread(arguments))
    return entry.add(options, sys.stdin, sys.stdout, sys.stderr)


if __name__ == "__main__":
    sys.exit(cli.run(main))
