"""JSON Lines, plain or gzip, row by row; an incomplete file is rejected."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO

from handbook.catalogueupdate.origin import Opened, Progress
from handbook.cli import HandbookError

#: Bytes; a hundred times ISO's longest row. A longer line is not JSON Lines, and must not fill the
#: memory.
MAX_LINE = 2_000_000
#: The most empty lines allowed; a compressed file can contain any number of them.
MAX_EMPTY = 1000
_AGAIN = "download the file again; the one in the handbook is as it was"


def rows(source: Opened, progress: Progress) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with its line number, counted from 1. Only one line at a time is in memory.

    :raises HandbookError: if the file is empty, truncated, damaged, HTML or in another format, or a
        line is not an object
    """
    with ExitStack() as unpacked:
        yield from _rows(source, _lines(source, progress, unpacked))


def _rows(
    source: Opened, lines: Iterable[tuple[int, bytes]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    found, empty = False, 0
    for number, line in lines:
        text = _text(line, number, source.name)
        if not text.strip():
            empty += 1
            if empty > MAX_EMPTY:
                message = f"{source.name}:{number} is one of more than {MAX_EMPTY:,} empty lines"
                raise HandbookError(message, _AGAIN)
            continue
        if not found and text.lstrip()[0] != "{":
            raise HandbookError(
                f"{source.name} {_format(text)}",
                "name ISO's file in the format JSON Lines: one JSON object per line",
            )
        found = True
        try:
            row = json.loads(text)
        except (ValueError, RecursionError):
            if not line.endswith(b"\n"):
                raise HandbookError(
                    f"{source.name} is truncated: it ends within line {number}", _AGAIN
                ) from None
            raise HandbookError(f"{source.name}:{number} is not JSON", _AGAIN) from None
        if not isinstance(row, dict):
            raise HandbookError(f"{source.name}:{number} is not a JSON object", _AGAIN)
        yield number, row
    if not found:
        raise HandbookError(f"{source.name} is empty", _AGAIN)


def _lines(source: Opened, progress: Progress, unpacked: ExitStack) -> Iterator[tuple[int, bytes]]:
    stream: Any = source.stream
    packed = stream.peek(2)[:2] == b"\x1f\x8b"
    number = 0
    try:
        reader: BinaryIO = (
            io.BufferedReader(unpacked.enter_context(gzip.GzipFile(fileobj=stream)))
            if packed
            else stream
        )
        while line := reader.readline(MAX_LINE + 1):
            number += 1
            if len(line) > MAX_LINE:
                raise HandbookError(
                    f"{source.name}:{number} is longer than {MAX_LINE:,} bytes",
                    "name ISO's file in the format JSON Lines: one JSON object per line",
                )
            if number % 1000 == 0:
                progress(stream.tell(), source.size)
            yield number, line
    except EOFError:
        raise HandbookError(
            f"{source.name} is truncated: the compressed data end too early", _AGAIN
        ) from None
    except (OSError, zlib.error) as error:
        raise HandbookError(
            f"{source.name} cannot be read to its end: {getattr(error, 'strerror', None) or error}",
            _AGAIN,
        ) from None


def _text(line: bytes, number: int, name: str) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise HandbookError(f"{name}:{number} is not UTF-8", _AGAIN) from None


def _format(text: str) -> str:
    if text.lstrip().startswith("<"):
        return "is a web page (HTML or XML), not JSON Lines: the server may have refused a robot"
    if text.lstrip().startswith("["):
        return "is one JSON list, not JSON Lines"
    return "is not JSON Lines"
