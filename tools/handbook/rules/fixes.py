"""Safe changes: applied to the texts of files, shown as a diff, and written once somebody
agrees.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TextIO

from handbook import cli
from handbook.rules.findings import Fix

#: Files with their texts before and after.
Changes = Mapping[Path, tuple[str, str]]


def at_place(lines: list[str], fix: Fix) -> bool:
    """Change a line if the old text is still where it was found; return whether it was."""
    if fix.old == "\r":
        lines[:] = [line.removesuffix("\r") for line in lines]
        return True
    place = fix.place
    # places do not count a byte order mark
    mark = place.line == 1 and lines[0].startswith("\ufeff") and fix.old != "\ufeff"
    line, start = lines[place.line - 1], place.column - 1 + mark
    if not line.startswith(fix.old, start):
        return False
    lines[place.line - 1] = line[:start] + fix.new + line[start + len(fix.old) :]
    return True


def changed(
    fixes: Iterable[Fix], root: Path, apply: Callable[[list[str], Fix], bool] = at_place
) -> tuple[dict[Path, tuple[str, str]], list[Fix]]:
    """Return each file that the fixes touch, before and after, and the fixes that could not be
    applied. Line ends stay as they are.

    :param apply: changes the lines of a file and returns whether it could
    """
    by_file: dict[str, list[Fix]] = {}
    for fix in set(fixes):
        by_file.setdefault(fix.place.path, []).append(fix)
    changes: dict[Path, tuple[str, str]] = {}
    left: list[Fix] = []
    for name, found in sorted(by_file.items()):
        before = (root / name).read_bytes().decode("utf-8")
        lines = before.split("\n")
        # backwards, so that no change shifts a place that is still to come
        left += [fix for fix in sorted(found, reverse=True) if not apply(lines, fix)]
        after = "\n".join(lines)
        if after != before:
            changes[root / name] = (before, after)
    return changes, sorted(left)


def diff(changes: Changes, root: Path) -> str:
    """Return the changes as a unified diff; a carriage return or byte order mark that is removed is
    shown by its name.
    """

    def shown(text: str) -> list[str]:
        text = text.replace("\ufeff", "<BOM>").replace("\r\n", "<CR>\n")
        return text.splitlines(keepends=True)

    parts: list[str] = []
    for path, (before, after) in sorted(changes.items()):
        name = path.relative_to(root).as_posix()
        parts += difflib.unified_diff(shown(before), shown(after), f"a/{name}", f"b/{name}")
    return "".join(parts)


def offer(changes: Changes, root: Path, yes: bool, out: TextIO) -> bool:
    """Show the changes, ask, and write them; return whether they were written.

    :param yes: write without asking
    """
    texts = {path: after for path, (_before, after) in changes.items()}
    return cli.offer(texts, diff(changes, root), yes, out)
