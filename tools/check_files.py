#!/usr/bin/env python3
"""Hold files to .editorconfig, and keep large ones out: ``python tools/check_files.py [FILE ...]``.

Without names all files that git knows are looked at. Exit status: 0 nothing found, 1 findings.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: A clone is fetched by people with slow lines, and git keeps every version for ever.
LARGEST = 512 * 1024
#: The PDF needs its fonts.
MAY_BE_LARGE = "tools/handbook/pdf/fonts/*"


def settings(text: str) -> list[tuple[str, dict[str, str]]]:
    """The sections of an .editorconfig in their order: the pattern, and its properties in lower
    case.
    """
    sections: list[tuple[str, dict[str, str]]] = []
    for line in text.splitlines():
        line = line.strip()
        if match := re.fullmatch(r"\[(.+)\]", line):
            sections.append((match[1], {}))
        elif sections and (match := re.fullmatch(r"([\w-]+)\s*=\s*(.+)", line)):
            sections[-1][1][match[1].lower()] = match[2].strip().lower()
    return sections


def of(name: str, sections: list[tuple[str, dict[str, str]]]) -> dict[str, str]:
    """The properties of a file; later sections win. Patterns name the file's last part; ``{a,b}``
    are alternatives.
    """
    found: dict[str, str] = {}
    for pattern, properties in sections:
        match = re.fullmatch(r"(.*)\{(.+)\}(.*)", pattern)
        patterns = (
            [match[1] + one + match[3] for one in match[2].split(",")] if match else [pattern]
        )
        if any(fnmatch(name.rpartition("/")[2], one) for one in patterns):
            found |= properties
    return found


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def findings(name: str, data: bytes, wanted: dict[str, str]) -> Iterator[str]:
    """What is wrong with a file, each as ``file:line: sentence (hint: ...)``."""
    if len(data) > LARGEST and not fnmatch(name, MAY_BE_LARGE):
        yield (
            f"{name}:1: the file has {len(data):,} bytes, more than {LARGEST:,} (hint: make it"
            " smaller, or link to it)"
        )
    if wanted.get("charset") == "utf-8":
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            yield (
                f"{name}:{_line(data, error.start)}: the file is not UTF-8 (hint: save it with the"
                " encoding UTF-8)"
            )
            return
        if data.startswith(b"\xef\xbb\xbf"):
            yield (
                f"{name}:1: the file begins with a byte order mark (hint: save it as UTF-8 without"
                " BOM)"
            )
    carriage = b"\r"
    if wanted.get("end_of_line") == "lf" and carriage in data:
        yield (
            f"{name}:{_line(data, data.index(carriage))}: the file has line ends of Windows (hint:"
            " save it with the line ends of Unix, LF)"
        )
    if wanted.get("insert_final_newline") == "true" and data and not data.endswith(b"\n"):
        yield (
            f"{name}:{_line(data, len(data))}: the last line has no line end (hint: press Enter at"
            " the end of the file)"
        )
    for number, line in enumerate(data.split(b"\n"), 1):
        if wanted.get("trim_trailing_whitespace") == "true" and line.rstrip(b"\r") != line.rstrip():
            yield f"{name}:{number}: blanks stand at the end of the line (hint: delete them)"
        if wanted.get("indent_style") == "space" and line.startswith(b"\t"):
            yield f"{name}:{number}: the line begins with a tab (hint: indent it with blanks)"


def main() -> int:
    """Run the command; the exit status is in the module's text."""
    parser = argparse.ArgumentParser(
        description="Hold files to .editorconfig, and keep large ones out."
    )
    parser.add_argument(
        "files", nargs="*", help="paths as seen from the root (default: all that git knows)"
    )
    names = parser.parse_args().files
    if not names:
        names = (
            subprocess.run(
                ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
            )
            .stdout.rstrip("\0")
            .split("\0")
        )
    sections = settings((ROOT / ".editorconfig").read_text("utf-8"))
    found = [
        line
        for name in names
        if (ROOT / name).is_file()
        for line in findings(name, (ROOT / name).read_bytes(), of(name, sections))
    ]
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
