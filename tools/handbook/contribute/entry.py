"""What ``tools/new_entry.py`` does: collect the given answers, ask for the rest, add the entry."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from handbook import cli
from handbook.cli import HandbookError
from handbook.contribute.asking import Asker, Kind, RefusalError


def add(options: argparse.Namespace, answers: TextIO, out: TextIO, err: TextIO) -> int:
    """Add an entry of the kind ``options.entry``; return the exit status, 1 if it is rejected.

    :param answers: the stream in which a person or a pipe answers
    :raises HandbookError: if the file of answers cannot be read
    """
    kind: Kind = options.entry
    given = {name: value for name in kind.answers if (value := getattr(options, name)) is not None}
    asker: Asker | None = None
    if address := getattr(options, "address", None):
        given.setdefault("url", address)
    try:
        if name := options.file_of_answers:
            given = {**kind.read(_text(name, answers)), **given}
        quiet = options.no_questions or name == "-"
        spare = quiet or kind.enough <= given.keys()
        asker = Asker(given, None if quiet else answers, out, answers.isatty())
        kind.add(options.root, options.today, asker, out, spare, options.dry_run)
    except RefusalError as error:
        return cli.report([str(error), *_unwritten(options, asker)], err)
    except KeyboardInterrupt:
        print("", *_unwritten(options, asker), sep="\n", file=err)
        raise
    return cli.CLEAN


def _unwritten(options: argparse.Namespace, asker: Asker | None) -> Iterator[str]:
    """Say that nothing is written, and how to go on with the answers given so far."""
    yield "nothing is written"
    if asker and asker.answers and (answered := {k: v for k, v in asker.given.items() if v}):
        words = [f"--{name}={value}" for name, value in answered.items()]
        yield "to go on from what is answered, correct it in this command and run it:"
        yield shlex.join(["python", "tools/new_entry.py", options.entry_name, *words])


def _text(name: str, answers: TextIO) -> str:
    try:
        return answers.read() if name == "-" else Path(name).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise HandbookError(f"{name}: {error}", "name a file of UTF-8 text") from None
