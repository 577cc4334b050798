"""Write several files so that each is either old or new, never half."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO


def write(files: Mapping[Path, bytes | None]) -> None:
    """Write the files in their order, and delete those that are ``None``.

    All are first written beside their places and forced to the disk, then put in place one by one.
    What is left half done by a fall of the machine in between is done by the next run, for the file
    it compares with comes last.
    """
    ready: list[tuple[str, Path]] = []
    try:
        for path, data in files.items():
            if data is None:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
            ready.append((name, path))
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, path.stat().st_mode & 0o777 if path.exists() else 0o644)
                file.write(data)
                file.flush()
                os.fsync(handle)
        while ready:
            name, path = ready[0]
            Path(name).replace(path)
            del ready[0]
        for path, data in files.items():
            if data is None:
                path.unlink(missing_ok=True)
    finally:
        for name, _path in ready:
            Path(name).unlink(missing_ok=True)


def offer(files: Mapping[Path, str], diff: str, yes: bool, out: TextIO) -> bool:
    """Show changes, ask, and write the new texts; whether they are written.

    :param yes: write without asking; needed where nobody sits at a terminal
    """
    print(diff, file=out)
    if not yes:
        if not sys.stdin.isatty():
            print("nothing is written: add --yes to write these changes", file=out)
            return False
        if input("write these changes? [y/N] ").strip().lower() not in {"y", "yes"}:
            return False
    write({path: text.encode("utf-8") for path, text in files.items()})
    print(f"{len(files)} {'file' if len(files) == 1 else 'files'} changed", file=out)
    return True
