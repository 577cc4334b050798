"""Show the handbook in a browser, and each page anew as soon as its file is saved."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
import webbrowser
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from handbook import cli
from handbook.sphinxext.preview import serve


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__)
    command.add_argument(
        "--out",
        type=Path,
        default=Path("build"),
        metavar="FOLDER",
        help="the folder to build into (default: build)",
    )
    command.add_argument(
        "--port", type=int, default=0, help="the port to serve at (default: one that is free)"
    )
    command.add_argument("--no-browser", action="store_true", help="open no browser")
    options = command.parse_args(arguments)
    show = (lambda _address: None) if options.no_browser else webbrowser.open
    say = partial(print, flush=True)
    serve(options.root.resolve(), options.out.resolve(), options.port, say, show)
    return cli.CLEAN


if __name__ == "__main__":
    sys.exit(cli.run(main))
