#!/usr/bin/env python3
"""Write what editors know of the handbook from its model: ``python tools/write_editor_help.py [--check]``.

The files are .vscode/handbook.code-snippets and .vscode/front-matter.schema.json. Exit status: 0
they are current or written, 1 (with --check) if one is not current.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is in the module's text."""
    from handbook.contribute import editor_help

    parser = argparse.ArgumentParser(
        description="Write what editors know of the handbook from its model."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, and say what is not current"
    )
    check = parser.parse_args(arguments).check
    status = 0
    for name, text in (
        (editor_help.SNIPPETS, editor_help.snippets()),
        (editor_help.SCHEMA, editor_help.schema()),
    ):
        path = ROOT / name
        if path.exists() and path.read_text("utf-8") == text:
            continue
        if check:
            print(
                f"{name}:1: it is not what the model says (hint: python tools/write_editor_help.py)"
            )
            status = 1
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"{name} is written")
    return status


if __name__ == "__main__":
    sys.exit(main())
