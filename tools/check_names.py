"""Compare the names that others may rely on with the lists of all names ever published.

The lists are references/published/*.txt. Each difference is printed; with --write new names are
added first. Nothing is ever taken off the lists.
"""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence
from pathlib import Path

from handbook import cli
from handbook.model import moved, published


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__)
    command.add_argument("--write", action="store_true", help="add new names to the lists")
    command.add_argument(
        "--html", type=Path, metavar="FOLDER", help="also compare the anchors of these built pages"
    )
    options = command.parse_args(arguments)
    now = published.present(options.root, options.html)
    if options.write:
        published.write(options.root, now)
    moves = moved.load(options.root / "docs" / moved.NAME)
    return cli.report(published.differences(now, published.promised(options.root), moves))


if __name__ == "__main__":
    sys.exit(cli.run(main))
