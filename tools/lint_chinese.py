"""Check the typography of Chinese in the pages."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence
from pathlib import Path

from handbook import cli
from handbook.contribute import chinese


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__)
    command.add_argument("files", nargs="*", type=Path, help="pages (default: all)")
    options = command.parse_args(arguments)
    return cli.report(chinese.findings(options.root, options.files))


if __name__ == "__main__":
    sys.exit(cli.run(main))
