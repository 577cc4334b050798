"""Write what editors know of the handbook from its model; exit status 1 if it was out of date."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence

from handbook import cli
from handbook.contribute import editor_help


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__)
    options = command.parse_args(arguments)
    return cli.report(editor_help.write(options.root))


if __name__ == "__main__":
    sys.exit(cli.run(main))
