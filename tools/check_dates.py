"""Check the handbook's dates, sources and standards, without network."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence

from handbook import cli
from handbook.datecheck import dates_command
from handbook.rules.findings import FORMS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__, today=True)
    cli.add_check_options(command, FORMS)
    return dates_command.main(command.parse_args(arguments), sys.stdout)


if __name__ == "__main__":
    sys.exit(cli.run(main))
