"""Put an edition together in build/release, after make html pdf epub."""

from __future__ import annotations

import handbook  # noqa: F401, from here on Ctrl-C ends it without a traceback

# isort: split
import sys
from collections.abc import Sequence

from handbook import cli
from handbook.outputs import release


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    command = cli.parser(__doc__)
    command.add_argument("edition", help="for example 2026.11")
    command.add_argument(
        "--check", action="store_true", help="only say whether all files name the edition"
    )
    command.add_argument(
        "--facts",
        action="store_true",
        help="only note what the edition adds and corrects, for the feeds; after make html",
    )
    options = command.parse_args(arguments)
    status = cli.report(release.faults(options.edition, options.root), sys.stderr)
    if status != cli.CLEAN or options.check:
        return status
    if options.facts:
        for line in release.write_ledger(options.root):
            print(line)
        return status
    status = cli.report(release.ledger_faults(options.root), sys.stderr)
    if status == cli.CLEAN:
        for path in release.make(options.edition, options.root):
            print(path.name)
    return status


if __name__ == "__main__":
    sys.exit(cli.run(main))
