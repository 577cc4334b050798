#!/usr/bin/env python3
"""Build the handbook: ``python tools/build.py html``, or with any other builder of Sphinx.

Exit status: 0 built, 1 built with warnings, 2 not built, 130 stopped with Ctrl+C.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from handbook.sphinxext.building import BuildError, build


def main() -> int:
    """Run the command; the exit status is in the module's text."""
    parser = argparse.ArgumentParser(description="Build the handbook.")
    parser.add_argument("builder", help="html, pdf, epub, or another builder of Sphinx")
    parser.add_argument(
        "--source", type=Path, default=Path("docs"), help="the folder of the pages (default: docs)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("build"), help="the folder to build into (default: build)"
    )
    arguments = parser.parse_args()
    try:
        return build(arguments.source, arguments.out, arguments.builder, os.environ)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
