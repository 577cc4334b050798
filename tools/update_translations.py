"""Bring the catalogues in docs/locales up to date with the pages; with --waiting say what waits."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence

from handbook import cli
from handbook.contribute import translating
from handbook.model.translations import EDITIONS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__, today=True)
    command.add_argument(
        "--waiting", action="store_true", help="write nothing; show what is not translated"
    )
    command.add_argument(
        "--proofread",
        nargs="+",
        metavar="PAGE",
        help="enter that you have compared the translations of these pages with the English",
    )
    options = command.parse_args(arguments)
    if options.proofread:
        for line in translating.proofread(options.root, options.proofread, options.today):
            print(line)
        return cli.CLEAN
    lines = (
        line
        for language in EDITIONS
        for line in translating.table(translating.waiting(options.root, language))
    )
    for line in lines if options.waiting else translating.update(options.root):
        print(line)
    return cli.CLEAN


if __name__ == "__main__":
    sys.exit(cli.run(main))
