"""Benchmarks are run by people, and seldom: that each still starts is tested here."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from support import TESTS

BENCHMARKS = TESTS / "benchmarks"
#: The smallest run of those that take a size; of the others, the help.
SMALLEST = {
    "bench_datecheck.py": "10",
    "bench_records.py": "100",
    "bench_update_catalogue.py": "200",
}


@pytest.mark.parametrize("name", sorted(path.name for path in BENCHMARKS.glob("bench_*.py")))
def test_a_benchmark_starts(name: str) -> None:
    command = [sys.executable, BENCHMARKS / name, SMALLEST.get(name, "--help")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_grown_handbook_has_all_that_a_build_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    growing = importlib.import_module("growing")
    assert growing.grow(tmp_path, 2) > growing.grow(tmp_path / "once", 1)
    app = SphinxTestApp("html", srcdir=tmp_path / "docs", builddir=tmp_path / "build")
    app.cleanup()
    assert app.warning.getvalue() == ""
    assert app.config.release
