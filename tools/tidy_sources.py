#!/usr/bin/env python3
"""Write references/*.bib in their common form: ``python tools/tidy_sources.py [FILE ...]``.

Entries are put in the order of their keys, their fields in one order, aligned, one a line. Exit
status: 0 if nothing had to change, 1 if a file was changed (with --check: if one would change), 2
if a file cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is in the module's text."""
    from pybtex.exceptions import PybtexError

    from handbook.files import write
    from handbook.model.bibliography import tidied, untidy

    parser = argparse.ArgumentParser(description="Write references/*.bib in their common form.")
    parser.add_argument(
        "files", nargs="*", type=Path, default=sorted((ROOT / "references").glob("*.bib"))
    )
    parser.add_argument("--check", action="store_true", help="only say which files would change")
    options = parser.parse_args(arguments)
    status = 0
    for path in options.files:
        try:
            text = path.read_text("utf-8")
            tidy = tidied(text)
        except (OSError, UnicodeDecodeError) as error:
            print(
                f"{path}:1: the file cannot be read: {error} (hint: save it as UTF-8)",
                file=sys.stderr,
            )
            status = 2
            continue
        except PybtexError as error:
            line = getattr(error, "lineno", None) or 1
            print(
                f"{path}:{line}: not BibTeX: {error} (hint: look for a missing comma, brace or"
                " quote)",
                file=sys.stderr,
            )
            status = 2
            continue
        if tidy == text:
            continue
        for line, message in untidy(text):
            print(f"{path}:{line}: {message} (hint: make tidy, which changes nothing else)")
        if not options.check:
            write({path: tidy.encode("utf-8")})
            print(f"{path} is written in the common form")
        status = max(status, 1)
    return status


if __name__ == "__main__":
    sys.exit(main())
