"""The handbook, the PDF and the EPUB are made once in a test run, whatever the runner."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support import TESTS

MANY = """
import pytest
from pathlib import Path
from support.once import once, shared_folder

@pytest.fixture(scope="session")
def handbook(tmp_path_factory):
    def make():
        with (Path(__file__).parent / "made").open("a") as made:
            made.write("once\\n")
        return "made"
    return once(shared_folder(tmp_path_factory) / "handbook", "html", make)

@pytest.mark.parametrize("number", range(12))
def test_it(handbook, number):
    assert handbook == "made"
"""


def test_many_processes_build_the_handbook_once(tmp_path: Path) -> None:
    (tmp_path / "test_many.py").write_text(MANY, "utf-8")
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {TESTS}\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "3", "--dist", "load"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "12 passed" in done.stdout, done.stdout + done.stderr
    assert (tmp_path / "made").read_text("utf-8") == "once\n"
