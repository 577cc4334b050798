"""The common form of ``references/*.bib``: entries sorted by key, fields in one order, aligned."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from pybtex.exceptions import PybtexError

from handbook import cli, files
from handbook.cli import HandbookError
from handbook.model.bibliography import tidied, untidy


def tidy(paths: Iterable[Path], out: TextIO, *, check: bool = False) -> int:
    """Write the files in their common form, and say why; return the exit status, 1 if a file was
    not in it.

    :param check: only report what would change
    :raises HandbookError: if a file cannot be read; the files before it are written
    """
    status = cli.CLEAN
    for path in paths:
        text, tidy_text = _read(path)
        if tidy_text == text:
            continue
        status = cli.FINDINGS
        for line, message in [*untidy(text)] or [(1, "white space is not in the common form")]:
            print(
                f"{path}:{line}: {message} (hint: make tidy, which changes nothing else)", file=out
            )
        if not check:
            files.write({path: tidy_text.encode("utf-8")})
            print(f"{path} is written in the common form", file=out)
    return status


def _read(path: Path) -> tuple[str, str]:
    """Return the text of a file, and its common form."""
    try:
        text = path.read_text("utf-8")
        return text, tidied(text)
    except UnicodeDecodeError as error:
        raise HandbookError(f"{path}:1: not UTF-8: {error}", "save it as UTF-8") from None
    except PybtexError as error:
        line = getattr(error, "lineno", None) or 1
        raise HandbookError(
            f"{path}:{line}: not BibTeX: {error}", "look for a missing comma, brace or quote"
        ) from None
