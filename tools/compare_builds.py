#!/usr/bin/env python3
"""Tell what a change does to the built pages: ``python tools/compare_builds.py OLD NEW``.

OLD and NEW are folders that ``make html`` wrote. The report is Markdown. Exit status: 0 compared, 1
an address has vanished and leads nowhere, 2 a folder cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is in the module's text."""
    from handbook.outputs import build_comparison

    parser = argparse.ArgumentParser(
        description="Tell what a change does to the built pages, as Markdown."
    )
    parser.add_argument("old", type=Path, help="the pages before the change")
    parser.add_argument("new", type=Path, help="the pages after it")
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="write the report here (default: standard output)",
    )
    options = parser.parse_args(arguments)
    for folder in (options.old, options.new):
        if not (folder / "index.html").is_file():
            print(
                f"compare_builds: {folder} holds no index.html (hint: name a folder that make html"
                " wrote)",
                file=sys.stderr,
            )
            return 2
    found = build_comparison.compare(options.old, options.new)
    text = build_comparison.report(found)
    if options.report:
        options.report.write_text(text, "utf-8")
    else:
        print(text, end="")
    for name in found.vanished:
        print(
            f"compare_builds: {name} has vanished (hint: bring it back, or lead its address on)",
            file=sys.stderr,
        )
    return int(bool(found.vanished))


if __name__ == "__main__":
    sys.exit(main())
