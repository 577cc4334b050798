"""What all commands have in common: how they end, which options they take, what they ask."""

from __future__ import annotations

import argparse
import ast
import io
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from handbook import cli
from handbook.cli import HandbookError
from support import ROOT
from support.commands import ended

SCRIPTS = sorted((ROOT / "tools").glob("*.py"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def raising(error: BaseException):
    def main() -> int:
        raise error

    return main


def noted() -> HandbookError:
    error = HandbookError("it is not there", "make it")
    error.add_note("Nothing was written.")
    return error


@pytest.mark.parametrize(
    ("main", "status", "said"),
    [
        (lambda: 0, 0, ""),
        (lambda: 1, 1, ""),
        (
            raising(HandbookError("it is not there", "make it")),
            2,
            "command: it is not there (hint: make it)\n",
        ),
        (raising(noted()), 2, "command: it is not there (hint: make it)\nNothing was written.\n"),
        (
            raising(PermissionError(13, "Permission denied", "docs/a.md")),
            2,
            (
                "command: docs/a.md cannot be read or written: Permission denied"
                " (hint: allow writing there, or name another folder)\n"
            ),
        ),
        (raising(KeyboardInterrupt()), 130, "command: stopped\n"),
    ],
)
def test_a_command_ends_with_one_status_and_one_message(main, status: int, said: str) -> None:
    assert ended(main) == (status, said)


def test_a_fault_of_the_tools_shows_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        ended(raising(ZeroDivisionError()))


def test_a_reader_who_leaves_early_gets_no_traceback() -> None:
    command = f"{sys.executable} {ROOT}/tools/check_links.py --help | true; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_holds_arguments_only_and_explains_itself(script: Path) -> None:
    text = script.read_text("utf-8")
    assert text.endswith('\n\nif __name__ == "__main__":\n    sys.exit(cli.run(main))\n')
    assert "sys.path" not in text
    ran = subprocess.run(
        [sys.executable, script, "--help"], capture_output=True, text=True, check=True
    )
    assert "exit status: 0 clean, 1 findings, 2 could not run, 130 stopped" in ran.stdout
    assert re.search(r"^  --?\w", ran.stdout, re.MULTILINE)


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-30", "20261123", "2026-W01-1", "1.2.2026"])
def test_a_day_has_one_form(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a day of the form YYYY-MM-DD"):
        cli.day(text)


def test_options_mean_the_same_everywhere(tmp_path: Path) -> None:
    command = cli.parser("A command.", today=True)
    cli.add_check_options(command, ("text", "json"))
    given = [
        "--root",
        ".",
        "--today",
        "2026-11-23",
        "--select",
        "d4,M003",
        "--select",
        "P",
        "--ignore",
        "L1",
    ]
    options = command.parse_args(given)
    assert options.root == Path.cwd()
    assert options.today == date(2026, 11, 23)
    assert (options.select, options.ignore) == (["D4", "M003", "P"], ["L1"])
    assert command.parse_args([]).root == ROOT
    assert command.parse_args([]).select == []


@pytest.mark.parametrize(
    ("stream", "environ", "text"),
    [
        (Terminal(), {}, "\033[31mred\033[0m"),
        (Terminal(), {"NO_COLOR": "1"}, "red"),
        (Terminal(), {"TERM": "dumb"}, "red"),
        (io.StringIO(), {}, "red"),
    ],
)
def test_colours_show_on_a_terminal_that_wants_them(
    stream: io.StringIO, environ: dict[str, str], text: str
) -> None:
    assert cli.styled("red", "31", stream, environ) == text


@pytest.mark.parametrize(
    ("answer", "stdin", "yes", "written"),
    [
        ("y\n", Terminal, False, True),
        ("yes\n", Terminal, False, True),
        ("\n", Terminal, False, False),
        ("", Terminal, False, False),
        ("y\n", io.StringIO, False, False),
        ("", io.StringIO, True, True),
    ],
)
def test_changes_are_written_only_after_a_yes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, stdin, yes: bool, written: bool
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin(answer))
    out = io.StringIO()
    path = tmp_path / "a"
    assert cli.offer({path: "new"}, "the diff", yes, out) is written
    assert path.exists() is written
    assert out.getvalue().startswith("the diff\n")


def test_a_progress_bar_shows_on_a_terminal_only_and_leaves_an_empty_line() -> None:
    for stream in (terminal := Terminal(), file := io.StringIO()):
        bar = cli.ProgressBar(stream)
        bar.draw(0.5, "1 of 2")
        bar.draw(None, "so far")
        bar.clear()
    assert terminal.getvalue() == (
        "\r\033[K[############            ] 1 of 2\r\033[Kso far\r\033[K"
    )
    assert file.getvalue() == ""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_ctrl_c_is_quiet_from_the_first_line_of_each_command(script: Path) -> None:
    """Before it Python itself starts, and what it prints then no program can change."""
    _, future, first, *_ = ast.parse(script.read_text("utf-8")).body
    assert ast.unparse(future) == "from __future__ import annotations"
    assert ast.unparse(first) == "import handbook"


def test_a_command_ends_without_looking_for_garbage() -> None:
    """The system takes back all at once."""
    program = (
        "import gc, sys; sys.path.insert(0, 'tools'); from handbook import cli\n"
        "import atexit; atexit.register(lambda: print(gc.get_freeze_count() > 0))\n"
        "sys.exit(cli.run(lambda: 0))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "True\n"
