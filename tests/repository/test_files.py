"""Files are written whole or not at all, and what goes wrong names the file."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from handbook import cli, files
from support import ROOT


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> None:
    def call(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, name, call)


@pytest.mark.parametrize("lasting", [True, False])
def test_a_full_disk_leaves_the_old_file_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lasting: bool
) -> None:
    path = tmp_path / "club.bib"
    path.write_text("old")
    refuse(monkeypatch, "fsync" if lasting else "fchmod", errno.ENOSPC)
    with pytest.raises(OSError, match="No space left") as caught:
        files.write({path: b"new"}, lasting)
    assert caught.value.filename == str(path)
    assert [one.name for one in tmp_path.iterdir()] == ["club.bib"]
    assert path.read_text() == "old"


def test_of_several_files_all_or_none_are_written(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "within").touch()
    for wrong in (tmp_path / "taken", tmp_path / "taken" / "within" / "x", tmp_path / ("x" * 300)):
        with pytest.raises(OSError) as caught:  # noqa: PT011
            files.write({wrong: b"2", tmp_path / "first": b"1"})
        assert caught.value.filename == str(wrong)
        assert not (tmp_path / "first").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_the_error_of_each_kind_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").mkdir()

    def main() -> int:
        files.write({tmp_path / "taken": b""})
        return 0

    assert cli.run(main) == cli.COULD_NOT_RUN
    assert re.search(
        r"taken cannot be read or written: Is a directory \(hint: move away the folder",
        capsys.readouterr().err,
    )


def test_a_full_disk_behind_the_output_is_named() -> None:
    command = [sys.executable, ROOT / "tools" / "check_dates.py", "--explain", "D401"]
    with Path("/dev/full").open("wb") as full:
        said = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert said.returncode == cli.COULD_NOT_RUN
    assert "the output cannot be read or written: No space left" in said.stderr
    assert "Traceback" not in said.stderr


def test_what_a_killed_process_left_is_swept_and_git_never_takes_it(tmp_path: Path) -> None:
    """A file is left half written when the power goes; another process may be at work, too."""
    old, other, young = (
        tmp_path / name for name in (".club.bib.a1.new", ".x.bib.a1.new", ".club.bib.a2.new")
    )
    for path in (old, other, young):
        path.write_text("half")
    for path in (old, other):
        os.utime(path, (time.time() - 7200,) * 2)
    files.write({tmp_path / "club.bib": b"whole"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [young.name, other.name, "club.bib"]
    ignored = subprocess.run(
        ["git", "-C", ROOT, "check-ignore", "-q", f"references/{young.name}"], check=False
    )
    assert ignored.returncode == 0


def test_an_unchanged_file_keeps_its_time(tmp_path: Path) -> None:
    path = tmp_path / "new" / "data.json"
    files.write_if_changed(path, b"1")
    os.utime(path, (1, 1))
    files.write_if_changed(path, b"1")
    assert path.stat().st_mtime == 1
    files.write_if_changed(path, b"2")
    assert path.read_bytes() == b"2"


def test_all_that_lasts_is_written_by_this_module() -> None:
    """Only what a build makes in a folder of its own may be written as it comes, and the journal of the link check."""
    free = re.compile(
        r"(sphinxext|outputs/search_index|pdf|contribute/draft|catalogueupdate/update|linkcheck/memory)"
    )
    others = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted((ROOT / "tools").rglob("*.py"))
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"\.write_(?:text|bytes)\(|\bopen\([^)]*[\"'][wa]", line)
        and not free.search(str(path))
    ]
    assert others == []
