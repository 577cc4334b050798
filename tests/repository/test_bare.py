"""The trial of the README's promise: what the machine cannot do is no fault of the handbook."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from support import ROOT
from support.programs import program

#: Stand in for the programs of a machine on which all goes well.
PROGRAMS = {
    "id": "echo 0",
    "df": "echo 90000",
    "git": "true",
    "apt-get": "echo bookworm http://mirror.example/debian",
    "debootstrap": 'for last; do :; done; mkdir -p "${@: -2:1}/etc" "${@: -2:1}/home/reader"',
    "chroot": "true",
    "cp": "true",
    "unshare": 'case "$*" in *"--fork true") ;; *) exit ${TRIAL:-0} ;; esac',
}


#: What every machine has.
COMMON = (
    *("bash", "chmod", "dirname", "env", "grep", "head", "mkdir", "mktemp", "python3", "rm", "sed"),
    *("tail", "timeout"),
)


def trial(tmp_path: Path, changed: dict[str, str | None], **environ: str) -> tuple[int, str, str]:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, script in (PROGRAMS | changed).items():
        if script is not None:
            (tools / name).write_text(f"#!/bin/bash\n{script}\n", "utf-8")
            (tools / name).chmod(0o755)
    for name in COMMON:
        (tools / name).symlink_to(program("coreutils grep sed python3", name))
    run = subprocess.run(
        [ROOT / "tests" / "bare" / "run"],
        env={"PATH": str(tools), "TMPDIR": str(tmp_path), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"id": "echo 1000"}, "only root"),
        ({"debootstrap": None}, "debootstrap is missing"),
        ({"unshare": "exit 1"}, "mounting is not allowed"),
        ({"apt-get": "exit 100"}, "no mirror"),
        ({"apt-get": "echo noble http://mirror.example/ubuntu"}, "no mirror"),
        ({"git": "exit 128"}, "no git checkout"),
        ({"df": "echo 200"}, "3 GB"),
        ({"debootstrap": "echo E: no route; exit 1"}, "no Debian could be set up"),
        ({"cp": "exit 1"}, "how it finds hosts"),
    ],
)
def test_what_the_machine_cannot_do_is_skipped_and_said(
    tmp_path: Path, changed: dict[str, str | None], why: str
) -> None:
    status, _said, complaint = trial(tmp_path, changed)
    assert status == 77, complaint
    assert complaint.splitlines()[-1].startswith("SKIPPED: tests/bare/run cannot run here: ")
    assert why in complaint


@pytest.mark.parametrize(
    ("ended", "status", "words"),
    [
        ("0", 0, "keeps the promise"),
        ("1", 1, "promise is broken"),
        ("2", 1, "promise is broken"),
        ("77", 77, "may not mount"),
        ("124", 77, "too slow"),
        ("137", 77, "too little memory"),
    ],
)
def test_only_the_handbook_fails_the_trial(
    tmp_path: Path, ended: str, status: int, words: str
) -> None:
    found, said, complaint = trial(tmp_path, {}, TRIAL=ended)
    assert found == status, complaint
    assert words in said + complaint
    assert [path for path in tmp_path.iterdir() if path.name != "bin"] == []


def test_it_does_not_begin_without_time(tmp_path: Path) -> None:
    assert trial(tmp_path, {}, BARE_MINUTES="-3")[0] == 77
