#!/usr/bin/env python3
"""Look at the typography of Chinese in the pages: ``python tools/lint_chinese.py [FILE ...]``.

Blanks between Chinese and Latin letters, and full-width letters and digits, are found. Names and
titles in the bibliography stay as their source writes them and are not looked at. Exit status: 0
nothing found, 1 findings.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Pages are English with Chinese words in them: an English comma behind a Chinese name is right,
#: and so are brackets.
RULES = {
    "space-word": 1,
    "no-space-fullwidth": 1,
    "no-space-fullwidth-quote": 1,
    "halfwidth-word": 1,
    "halfwidth-punctuation": 1,
    "fullwidth": 0,
    "space-punctuation": 0,
    "space-bracket": 0,
    "space-backticks": 0,
    "space-dash": 0,
    "space-dollar": 0,
    "spellcheck": 0,
}
#: Terms, and the number of a notice, that are written so.
AS_THEY_ARE = ("O成员", "P成员", "190号")
#: Made from the rules, whose examples hold dates as Chinese writes them.
MADE = ROOT / "docs" / "contributing" / "checks.md"


def findings(path: Path) -> Iterator[str]:
    """Each place of a page that typography would write in another way."""
    import autocorrect_py

    autocorrect_py.load_config(
        json.dumps({"rules": RULES, "textRules": dict.fromkeys(AS_THEY_ARE, 0)})
    )
    for line in autocorrect_py.lint_for(path.read_text("utf-8"), "markdown").lines:
        yield (
            f"{path}:{line.line}:{line.col}: {line.old.strip()!r} (hint: write"
            f" {line.new.strip()!r}, or put the term into AS_THEY_ARE of tools/lint_chinese.py)"
        )


def main() -> int:
    """Run the command; the exit status is in the module's text."""
    parser = argparse.ArgumentParser(description="Look at the typography of Chinese in the pages.")
    parser.add_argument(
        "files", nargs="*", type=Path, default=sorted((ROOT / "docs").rglob("*.md"))
    )
    found = [
        finding
        for path in parser.parse_args().files
        if path.resolve() != MADE
        for finding in findings(path)
    ]
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
