#!/usr/bin/env python3
"""Compare the names that others may rely on with the lists of all names ever published.

usage: promises.py [--write]

Bibliography keys, milestone names and page addresses are promises: links, exports and calendars rest on them. The lists
are tests/promises/{keys,milestones,pages}.txt. Without --write each difference is printed; exit status 1 if there is
one, else 0. With --write new names are added to the lists. Nothing is ever taken off them: a name that has vanished
comes back, or leads to its successor, or is taken off by hand with the reason in the commit.
"""
from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Set
from pathlib import Path

from handbook.bibliography import Bibliography
from handbook.pages import read_pages

ROOT = Path(__file__).resolve().parent.parent
LISTS = ROOT / "tests" / "promises"


def present(root: Path = ROOT) -> dict[str, Set[str]]:
    """The names of the handbook in ``root`` by kind: ``keys``, ``milestones``, ``pages`` (without ``.md``)."""
    docs = root / "docs"
    pages = read_pages(docs)
    return {
        "keys": Bibliography.load((root / "references").glob("*.bib")).sources.keys(),
        "milestones": {milestone.name for page in pages for _block, milestone, _problems in page.milestones() if milestone},
        "pages": {page.path.relative_to(docs).with_suffix("").as_posix() for page in pages},
    }


def promised(lists: Path = LISTS) -> dict[str, set[str]]:
    """The names on the lists by kind; empty where there is no list yet."""
    paths = {kind: lists / f"{kind}.txt" for kind in ("keys", "milestones", "pages")}
    return {kind: set(path.read_text("utf-8").split()) if path.exists() else set() for kind, path in paths.items()}


def differences(now: Mapping[str, Set[str]], then: Mapping[str, Set[str]]) -> list[str]:
    """One line for each name that has vanished or is not on its list."""
    return [
        line for kind in now for line in (
            *(f"{kind}: {name} has vanished; bring it back, it was published" for name in sorted(then[kind] - now[kind])),
            *(f"{kind}: {name} is new; run: python tools/promises.py --write" for name in sorted(now[kind] - then[kind])),
        )
    ]


def write(now: Mapping[str, Set[str]], lists: Path = LISTS) -> None:
    """Add the new names to the lists, each sorted, one name a line."""
    lists.mkdir(exist_ok=True)
    for kind, names in promised(lists).items():
        (lists / f"{kind}.txt").write_text("".join(f"{name}\n" for name in sorted(names | now[kind])), "utf-8")


def main() -> int:
    """Run the command; the exit status is in the module's text."""
    parser = argparse.ArgumentParser(description="Keep the lists of published names.")
    parser.add_argument("--write", action="store_true", help="add new names to tests/promises/")
    arguments = parser.parse_args()
    now = present()
    if arguments.write:
        write(now)
    found = differences(now, promised())
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
