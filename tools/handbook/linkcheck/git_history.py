"""What git knows of a handbook: the lines that a change adds, and the pages that have gone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from handbook.cli import HandbookError


def former_pages(root: Path) -> dict[str, str]:
    """Return the pages below ``docs`` that git remembers and the handbook no longer has, each with
    what became of it; none without git.
    """
    docs = root / "docs"
    found = "--diff-filter=DR", "--name-status", "--find-renames"
    try:
        log = _git(root, "log", "--format=", *found, "--relative", "--", "docs")
    except HandbookError:
        return {}
    return gone_pages(log, (path.relative_to(docs).as_posix() for path in docs.rglob("*.md")))


def gone_pages(log: str, present: Iterable[str] = ()) -> dict[str, str]:
    """Return the pages that are gone according to ``git log --diff-filter=DR --name-status``.

    :param present: the existing pages below ``docs``
    """
    gone: dict[str, str] = {}
    for line in log.splitlines():
        status, path, *new = *line.split("\t"), ""
        if status[:1] in {"D", "R"} and path.startswith("docs/") and path.endswith(".md"):
            fate = f"renamed to {new[0]}" if status[0] == "R" and len(new) > 1 else "deleted"
            gone.setdefault(path.removeprefix("docs/"), fate)
    for path in present:
        gone.pop(path, None)
    return gone


def changed_places(
    root: Path, base: str, paths: Iterable[tuple[str, int]]
) -> frozenset[tuple[str, int]]:
    """Return the lines that were added since a commit, as path and number.

    :param paths: all lines of interest: a file that git does not know yet counts as added in full
    :raises HandbookError: if git does not know the commit
    """
    if base.startswith("-"):
        raise HandbookError(f"{base!r} is not a commit", "name a commit: main")
    plain = "--unified=0", "--no-color", "--no-ext-diff", "--relative"
    added = added_lines(_git(root, "diff", *plain, base, "--", "."))
    new = _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".").split("\0")
    return added | {place for place in paths if place[0] in set(new)}


def added_lines(diff: str) -> frozenset[tuple[str, int]]:
    """Return the lines that a unified diff adds, as path and number."""
    places: set[tuple[str, int]] = set()
    path, number = "", 0
    for line in diff.splitlines():
        if line.startswith("+++ "):
            path = _unquoted(line[4:].partition("\t")[0]).removeprefix("b/")
        elif line.startswith("@@ "):
            number = int(line.split("+", 1)[1].split(" ", 1)[0].split(",", 1)[0])
        elif line.startswith("+") and path:
            places.add((path, number))
            number += 1
        elif line.startswith(" "):
            number += 1
    return frozenset(places)


def _unquoted(name: str) -> str:
    """Decode a path as git writes it: quoted, with octal escapes, if it is not ASCII."""
    if not name.startswith('"'):
        return name
    escaped = name.strip('"').encode("latin-1").decode("unicode_escape")
    return unquote(escaped.encode("latin-1").decode("utf-8", "replace"))


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        raise HandbookError("git cannot be run", "install git") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise HandbookError(
            f"git {arguments[0]} says: {said[0] if said else done.returncode}",
            "name a commit that is there; in a workflow fetch it first",
        )
    return done.stdout.decode("utf-8", "replace")
