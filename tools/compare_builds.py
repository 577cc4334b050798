"""Say in Markdown what a change does to the built pages; exit status 1 if an address has vanished.

OLD and NEW are folders that make html wrote.
"""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence
from pathlib import Path

from handbook import cli, files
from handbook.outputs import build_comparison


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__, root=False)
    command.add_argument("old", type=Path, metavar="OLD", help="the pages before the change")
    command.add_argument("new", type=Path, metavar="NEW", help="the pages after it")
    command.add_argument(
        "--report", type=Path, metavar="FILE", help="write here (default: standard output)"
    )
    options = command.parse_args(arguments)
    found = build_comparison.compare(options.old, options.new)
    text = build_comparison.report(found)
    if options.report:
        files.write({options.report: text.encode()})
    else:
        print(text, end="")
    return cli.report(
        (
            f"{name} has vanished (hint: bring it back, or redirect its address)"
            for name in found.vanished
        ),
        sys.stderr,
    )


if __name__ == "__main__":
    sys.exit(cli.run(main))
