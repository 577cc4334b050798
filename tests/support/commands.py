"""How a command ends when it is run within the test's process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr
from unittest.mock import patch

from handbook import cli


def ended(main: Callable[[], int]) -> tuple[int, str]:
    """Return the exit status, and what ``command`` wrote to the error stream under its name."""
    err = io.StringIO()
    with redirect_stderr(err), patch.object(sys, "argv", ["command.py"]):
        return cli.run(main), err.getvalue()
