"""What make hands to the commands: whatever people give arrives whole, and is never run."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from handbook import cli
from handbook.cli import HandbookError
from support import ROOT, small_handbook

#: Stands for Python in the environment and writes down what it is called with.
PYTHON = '#!/bin/sh\nprintf "%s|" "$@" >> calls\necho >> calls\n'
INHERITED = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "OUT", "URL", "FILE", "ARGS"}
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
        ("serve", f"tools/serve.py|--out|{OUT}|"),
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


HOSTILE = [
    "https://example.org/a?b=c&d='e'",
    "$(touch pwned)",
    "$HOME ${HOME} $$ `touch pwned`",
    "a; touch pwned",
    "'; touch pwned; '",
    '"; touch pwned; "',
    "a b\tc \\ * ? # %",
    "城市 | touch pwned > pwned",
]


@pytest.mark.parametrize("text", [*HOSTILE, "https://www.iso.org/committee/656906.html"])
def test_what_people_give_reaches_the_tools_as_it_is(checkout: Path, text: str) -> None:
    for target, variable, call in (
        ("new-source", "URL", f"tools/new_entry.py|source|--url={text}|--words=|\n"),
        ("new-source", "ARGS", f"tools/new_entry.py|source|--words={text}|\n"),
        ("new-milestone", "ARGS", f"tools/new_entry.py|milestone|--words={text}|\n"),
        ("new-record", "KIND", f"tools/new_entry.py|{text}|--words=|\n"),
        ("update", "FILE", f"tools/update_catalogue.py|--|{text}|\n"),
        ("html", "OUT", f"tools/build.py|--out|{text}|html|\n"),
    ):
        (checkout / "calls").unlink(missing_ok=True)
        make(checkout, target, f"{variable}={text}")
        assert (checkout / "calls").read_text("utf-8") == call
        assert not (checkout / "pwned").exists()


def test_what_nobody_gives_is_not_passed_on(checkout: Path) -> None:
    for target, call in (
        ("new-source", "tools/new_entry.py|source|--words=|\n"),
        ("update", "tools/update_catalogue.py|\n"),
    ):
        (checkout / "calls").unlink(missing_ok=True)
        make(checkout, target)
        assert (checkout / "calls").read_text("utf-8") == call


@pytest.mark.parametrize("title", ['It\'s $HOME; `touch pwned` & "more"', "A report"])
def test_a_source_is_added_as_it_was_given(tmp_path: Path, title: str) -> None:
    """From make to the file, with the tools themselves."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "requirements.txt").touch()
    os.utime(tmp_path / "requirements.txt", (0, 0))
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    leave_out = shutil.ignore_patterns("fonts", "__pycache__")
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=leave_out)
    small_handbook(tmp_path)
    answers = {
        "title": title,
        "langid": "en",
        "publisher": "A newspaper",
        "date": "2020-01-02",
        "keywords": "press",
        "file": "sources",
        "key": "news2020",
    }
    given = shlex.join(word for name, value in answers.items() for word in (f"--{name}", value))
    url = "https://news.example/2020?a='b'&c=$d;e"
    make(tmp_path, "new-source", f"URL={url}", f"ARGS=--no-questions {given}")
    text = (tmp_path / "references/sources.bib").read_text("utf-8")
    assert f"= {{{url}}}" in text
    assert f"= {{{title}}}" in text
    assert not (tmp_path / "pwned").exists()


def test_a_quote_that_is_not_closed_is_told() -> None:
    with pytest.raises(HandbookError) as error:
        cli.spread(["source", "--words=--title It's"])
    assert error.value.problem == '"--title It\'s" cannot be split into words: No closing quotation'
