"""Make something once in a test run, whatever the runner and the number of processes."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """Return the folder that all processes of a test run share."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def once(folder: Path, name: str, make: Callable[[], Any]) -> Any:
    """Return what ``make`` returned (a value for JSON) to the first process that asked for ``name``.

    Other processes wait: in one folder one thing is made at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / f"{name}.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            done.write_text(json.dumps(make()), "utf-8")
    return json.loads(done.read_text("utf-8"))
