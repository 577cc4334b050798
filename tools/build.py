"""Build the handbook: html, pdf, epub, or with another builder of Sphinx; a warning fails it."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from handbook import cli
from handbook.sphinxext.building import build


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__)
    command.add_argument("builder", help="html, pdf, epub, or another builder of Sphinx")
    command.add_argument(
        "--out",
        type=Path,
        default=Path("build"),
        metavar="FOLDER",
        help="the folder to build into (default: build)",
    )
    command.add_argument(
        "--languages",
        type=str.split,
        metavar='"zh_CN ..."',
        help="the editions to build beside the English one (default: all; en for none)",
    )
    options = command.parse_args(arguments)
    docs = options.root / "docs"
    return build(docs, options.out, options.builder, os.environ, options.languages)


if __name__ == "__main__":
    sys.exit(cli.run(main))
