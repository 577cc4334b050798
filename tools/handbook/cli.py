"""What all commands share: their options, their messages, and how they end.

A script in ``tools/`` has arguments only: it reads them with :func:`parser`, calls a room, and ends
with ``sys.exit(cli.run(main))``.
"""

from __future__ import annotations

import argparse
import atexit
import errno
import gc
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TextIO

from handbook import files

ROOT = Path(__file__).resolve().parents[2]
CLEAN, FINDINGS, COULD_NOT_RUN, STOPPED = 0, 1, 2, 130
_EXIT = (
    f"exit status: {CLEAN} clean, {FINDINGS} findings, {COULD_NOT_RUN} could not run,"
    f" {STOPPED} stopped"
)
_WIDTH = 24
_NO_RIGHT = "allow writing there, or name another folder"
_DISK_HINTS = {
    errno.ENOSPC: "make room on the disk and run it again",
    errno.EDQUOT: "make room within your quota and run it again",
    errno.EROFS: _NO_RIGHT,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EISDIR: "move away the folder that has the name of the file",
    errno.ENOTEMPTY: "move away the folder that has the name of the file",
    errno.ENOTDIR: "move away the file that has the name of a folder above it",
    errno.EEXIST: "move away the file that has the name of a folder above it",
    errno.ENOENT: "check the name, and that nothing removes it meanwhile",
    errno.ENAMETOOLONG: "give it a shorter name",
}


class HandbookError(Exception):
    """What a command was given is wrong: the problem, and a hint on how to fix it.

    ``str(error)`` is ``problem (hint: ...)``; notes added to it are printed below, one per line.
    Without a hint only the problem is printed, for messages of libraries that include one.
    """

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem} (hint: {hint})" if hint else problem)
        self.problem = problem
        self.hint = hint


def run(main: Callable[[], int]) -> int:
    """Run a command and return its exit status; expected errors print no traceback.

    A request to end (SIGTERM) counts as Ctrl-C.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # a command keeps what it makes, and the system frees all of it at the end: garbage collection,
    # along the way and once more at the end, would only cost time
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    try:
        status = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return complain("stopped", STOPPED)
    except BrokenPipeError:  # whoever read the output has gone (``| head``)
        _drop_output()
        return COULD_NOT_RUN
    except HandbookError as error:
        lines = [str(error), *getattr(error, "__notes__", ())]
        return complain("\n".join(lines), COULD_NOT_RUN)
    except OSError as error:
        if not error.filename:  # an error without a file name comes from the output of the command
            _drop_output()
        problem = f"{error.filename or 'the output'} cannot be read or written: {error.strerror}"
        return complain(f"{problem} (hint: {disk_hint(error.errno)})", COULD_NOT_RUN)
    return status


def _drop_output() -> None:
    """Drop output that could not be written; Python would try again at exit, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def disk_hint(number: int | None) -> str:
    """Return a hint for an error of the operating system, by its number."""
    return _DISK_HINTS.get(number or 0, "check its permissions and the disk")


def complain(text: str, status: int) -> int:
    """Print what is wrong behind the name of the command, and return the exit status."""
    name = styled(f"{Path(sys.argv[0]).stem}:", "31;1", sys.stderr, os.environ)
    print(name, text, file=sys.stderr)
    return status


def styled(text: str, style: str, stream: TextIO, environ: Mapping[str, str]) -> str:
    """The text with an ANSI style, on a terminal only and not against NO_COLOR (no-color.org).

    :param style: the numbers of an SGR sequence, such as ``31;1``
    """
    plain = not stream.isatty() or environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    return text if plain else f"\033[{style}m{text}\033[0m"


def parser(
    description: str | None, *, root: bool = True, today: bool = False
) -> argparse.ArgumentParser:
    """Return a parser of arguments with the options that commands share.

    :param description: the docstring of the script
    :param root: whether it takes ``--root``, the handbook's root folder
    :param today: whether it takes ``--today``, the day to work as on
    """
    made = argparse.ArgumentParser(
        description=description,
        epilog=_EXIT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if root:
        made.add_argument(
            "--root",
            type=lambda text: Path(text).resolve(),
            default=ROOT,
            metavar="FOLDER",
            help="the handbook's folder (default: this checkout)",
        )
    if today:
        made.add_argument(
            "--today",
            type=day,
            default=datetime.now().astimezone().date(),
            metavar="DAY",
            help="work as on this day, YYYY-MM-DD (default: today)",
        )
    return made


def add_check_options(command: argparse.ArgumentParser, formats: Iterable[str]) -> None:
    """Add the options of every check: which rules, how to report, whether to fix."""
    command.add_argument(
        "--format", choices=tuple(formats), default="text", help="how to report (default: text)"
    )
    for option, what in (("--select", "look only for"), ("--ignore", "leave out")):
        command.add_argument(
            option,
            type=_codes,
            action="extend",
            default=[],
            metavar="CODES",
            help=f"{what} these codes or prefixes of codes: D4,M003",
        )
    command.add_argument("--explain", metavar="CODE", help="explain a rule and stop")
    command.add_argument(
        "--fix",
        action="store_true",
        help="show the fixes that need no judgement as a diff, and write them after asking",
    )
    command.add_argument("--yes", action="store_true", help="with --fix: write without asking")


def spread(arguments: Sequence[str] | None) -> list[str]:
    """Return the arguments, with the text of each ``--words=TEXT`` split as a shell would split it.

    Nothing in the text is run or expanded, so that make can pass on what people give as ``ARGS``.

    :param arguments: ``None`` for those of the process
    :raises HandbookError: if a quote is not closed
    """
    spread: list[str] = []
    for argument in sys.argv[1:] if arguments is None else arguments:
        option, _, text = argument.partition("=")
        try:
            spread += shlex.split(text) if option == "--words" else [argument]
        except ValueError as error:
            problem = f"{text!r} cannot be split into words: {error}"
            raise HandbookError(problem, "close each quote; write it's as \"it's\"") from None
    return spread


def day(text: str) -> date:
    """Convert an argument of the form YYYY-MM-DD to a day."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day of the form YYYY-MM-DD")
    return found


def _codes(text: str) -> list[str]:
    return [code.strip().upper() for code in text.split(",") if code.strip()]


def report(findings: Iterable[str], out: TextIO | None = None) -> int:
    """Print findings, one per line, and return the exit status that they call for."""
    status = CLEAN
    for finding in findings:
        print(finding, file=out or sys.stdout)
        status = FINDINGS
    return status


def offer(changes: Mapping[Path, str], diff: str, yes: bool, out: TextIO) -> bool:
    """Show changes, ask, and write the new texts; return whether they are written.

    :param yes: write without asking; needed where the input is no terminal
    """
    print(diff, file=out)
    if not yes:
        if not sys.stdin.isatty():
            print("nothing is written: add --yes to write these changes", file=out)
            return False
        print("write these changes? [y/N] ", end="", file=out, flush=True)
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            return False
    files.write({path: text.encode("utf-8") for path, text in changes.items()})
    print(f"{len(changes)} {'file' if len(changes) == 1 else 'files'} changed", file=out)
    return True


class ProgressBar:
    """A progress bar on one line of a terminal; silent when the output is a file or a pipe."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._draws = out.isatty()
        self._shown = ""

    def draw(self, part: float | None, text: str) -> None:
        """Show how much is done.

        :param part: from 0 to 1; ``None`` if the whole is not known
        """
        if not self._draws:
            return
        filled = int(_WIDTH * min(part or 0, 1))
        bar = "" if part is None else f"[{'#' * filled:<{_WIDTH}}] "
        if bar + text != self._shown:
            self._shown = bar + text
            self._out.write(f"\r\033[K{self._shown}")
            self._out.flush()

    def clear(self) -> None:
        """Clear the line for what comes next."""
        if self._shown:
            self._out.write("\r\033[K")
            self._out.flush()
            self._shown = ""
