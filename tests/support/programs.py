"""Programs on this machine that some tests use as the handbook's readers do."""

from __future__ import annotations

import os
import shutil

import pytest


def program(package: str, *names: str) -> str:
    """Return the path of the first of the programs that this machine has.

    Without one, the test is skipped with a message; if the variable CI is set, it fails instead.

    :param package: what to install on Debian
    """
    for name in names:
        if path := shutil.which(name):
            return path
    missing = f"NO {names[0].upper()}: this was not tested; apt install {package}"
    if os.environ.get("CI"):
        pytest.fail(f"{missing} (CI must test it)", pytrace=False)
    pytest.skip(missing)
