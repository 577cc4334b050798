"""Write files: several at once, each either old or new, never half; or one, only if it differs."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write(files: Mapping[Path, bytes | None]) -> None:
    """Write the files in their order, and delete those that are ``None``.

    All are first written beside their places and flushed to the disk, then put in place one by one.
    After a crash the next run finishes the job if the file that it compares with comes last.
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


def write_if_changed(path: Path, data: bytes) -> None:
    """Write a file with its folder; leave it alone if it would not change, so that its time tells
    what is new.
    """
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
