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
    *("sort", "tail", "timeout", "touch", "tr"),
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
        ({"df": "echo 200"}, "3000 MB"),
        ({"debootstrap": "echo E: no route; exit 1"}, "no Debian could be set up"),
        ({"cp": "exit 1"}, "how it finds hosts"),
        ({"chroot": "exit 1"}, "no user"),
        ({"git": '[ "$1" != clone ]'}, "no user"),
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


#: Within the machine each command ends with what the environment says of it, and 0 otherwise.
INSIDE = {
    "unshare": 'case "$*" in *"--fork true") ;; *) shift 4; exec "$@" ;; esac',
    "mount": "true",
    "chroot": 'case "${@: -1}" in *"make html"*) exit ${HTML:-0} ;; *"make test"*) exit ${TEST:-0} ;;'
    " *last-failed*) exit ${AGAIN:-0} ;; *grep*) exit ${ONE:-0} ;; *download*) exit"
    " ${ALL:-0} ;; *ready*) exit ${READY:-0} ;; esac",
}


@pytest.mark.parametrize(
    ("ends", "status", "words"),
    [
        ({}, 0, "keeps the promise"),
        ({"HTML": "2"}, 1, "promise is broken"),
        ({"TEST": "2"}, 0, "keeps the promise"),
        ({"TEST": "2", "AGAIN": "1"}, 1, "promise is broken"),
        ({"ONE": "1"}, 77, "packages cannot be reached"),
        ({"HTML": "2", "READY": "1", "ALL": "1"}, 77, "packages cannot be reached"),
        ({"HTML": "2", "READY": "1"}, 1, "promise is broken"),
    ],
)
def test_what_fails_is_tried_once_more(
    tmp_path: Path, ends: dict[str, str], status: int, words: str
) -> None:
    found, said, complaint = trial(tmp_path, INSIDE, **ends)
    assert found == status, complaint
    assert words in said + complaint
    again = "TEST" in ends or ("HTML" in ends and "ALL" not in ends)
    assert ("once more" in said) is again


def test_a_full_disk_is_the_machines(tmp_path: Path) -> None:
    full = 'echo "$(( $(grep -c . "$0.asked") == 1 ? 90000 : 10 ))"'
    changed = {"df": f'echo x >> "$0.asked"; {full}'}
    found, _said, complaint = trial(tmp_path, INSIDE | changed, HTML="2")
    assert found == 77
    assert "disk is full" in complaint


def test_it_does_not_begin_without_time(tmp_path: Path) -> None:
    assert trial(tmp_path, {}, BARE_MINUTES="-3")[0] == 77


def test_ci_tries_it_and_lets_a_machine_that_cannot_pass() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert lines[-1] == "BARE_MINUTES=$((58 - SECONDS / 60)) tests/bare/run || [ $? = 77 ]"
    for ended, passes in ((0, True), (77, True), (1, False)):
        run = subprocess.run(["bash", "-ec", f"(exit {ended}) || [ $? = 77 ]"], check=False)
        assert (run.returncode == 0) is passes
