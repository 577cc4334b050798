"""What make hands to the commands: folders with any name arrive whole."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support import ROOT

#: Stands for Python in the environment and writes down what it is called with.
PYTHON = '#!/bin/sh\nprintf "%s|" "$@" >> calls\necho >> calls\n'
INHERITED = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "OUT"}
OUT = "my 'build'; touch pwned"


def make(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # "make test" may run this test: what it was called with is not for the make that is tested
    own = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return subprocess.run(
        ["make", *words], cwd=folder, env=own, capture_output=True, text=True, check=True
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").write_text(PYTHON, "utf-8")
    (tmp_path / ".venv/bin/python").chmod(0o755)
    (tmp_path / ".venv/ready").touch()
    (tmp_path / OUT / "html").mkdir(parents=True)
    (tmp_path / OUT / "html/index.html").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("target", "calls"),
    [
        ("html", f"tools/build.py|--out|{OUT}|html|"),
        ("pdf", f"tools/build.py|--out|{OUT}|pdf|"),
        ("epub", f"tools/build.py|--out|{OUT}|epub|"),
        ("check", f"tools/check_links.py|--offline|--html|{OUT}/html|"),
        ("serve", f"--open-browser|docs|{OUT}/html|"),
    ],
)
def test_the_folder_to_build_into_may_have_any_name(
    checkout: Path, target: str, calls: str
) -> None:
    make(checkout, target, f"OUT={OUT}")
    assert calls in (checkout / "calls").read_text("utf-8")
    assert not (checkout / "pwned").exists()


def test_clean_removes_that_folder_and_no_other(checkout: Path) -> None:
    for name in ("my", "build"):
        (checkout / name).mkdir()
    make(checkout, "clean", f"OUT={OUT}")
    assert sorted(path.name for path in checkout.iterdir()) == [
        "Makefile",
        "build",
        "my",
        "requirements.txt",
    ]


def test_the_folder_is_build_unless_another_is_named(checkout: Path) -> None:
    assert make(checkout, "html").stdout == "The handbook is in build/html/index.html\n"
