"""Write references/*.bib in their common form; exit status 1 if a file was not in it."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence
from pathlib import Path

from handbook import cli
from handbook.contribute.tidy import tidy


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__)
    command.add_argument("files", nargs="*", type=Path, help="bibliographies (default: all)")
    command.add_argument("--check", action="store_true", help="only say what would change")
    options = command.parse_args(arguments)
    paths = options.files or sorted((options.root / "references").glob("*.bib"))
    return tidy(paths, sys.stdout, check=options.check)


if __name__ == "__main__":
    sys.exit(cli.run(main))
