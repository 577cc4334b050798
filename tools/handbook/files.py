"""Write files: several as one change, each either old or new, never half written; or one, only if
it differs.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping
from glob import escape
from pathlib import Path

#: The suffix of a file until it is complete; git ignores such names.
_PREFIX, _SUFFIX = ".", ".new"
#: Seconds after which a file with this suffix is certainly abandoned.
_LEFT_BEHIND = 3600


def write(files: Mapping[Path, bytes | None], lasting: bool = True) -> None:
    """Write the files in the given order, and delete those whose content is ``None``.

    All are first written beside their places, then put in place one by one. After a crash the next
    run finishes the job, if the file that it compares with comes last, and deletes what was left
    half written.

    :param lasting: flush them to the disk; needless for what can be built again
    :raises OSError: with the name of the file that cannot be written
    """
    ready: list[tuple[str, Path]] = []
    path = Path()
    try:
        for path, data in files.items():
            if data is None:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if lasting:
                _sweep(path)
            handle, name = tempfile.mkstemp(
                prefix=f"{_PREFIX}{path.name}.", suffix=_SUFFIX, dir=path.parent
            )
            ready.append((name, path))
            with os.fdopen(handle, "wb") as file:
                os.fchmod(handle, path.stat().st_mode & 0o777 if path.exists() else 0o644)
                file.write(data)
                file.flush()
                if lasting:
                    os.fsync(handle)
        while ready:
            name, path = ready[0]
            Path(name).replace(path)
            del ready[0]
        for path, data in files.items():
            if data is None:
                path.unlink(missing_ok=True)
    except OSError as error:
        # the system names no file, or the temporary one, which is gone by the time somebody looks
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        for name, _path in ready:
            Path(name).unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Delete what a killed process has left of a file."""
    for left in path.parent.glob(f"{_PREFIX}{escape(path.name)}.*{_SUFFIX}"):
        if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
            left.unlink(missing_ok=True)


def write_if_changed(path: Path, data: bytes) -> None:
    """Write a file, creating its folder; leave it alone if its content would not change, so that
    its modification time shows what is new.
    """
    if not path.is_file() or path.read_bytes() != data:
        write({path: data}, lasting=False)
