"""The source of the rows: a file on disk or an address on the web."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from handbook.cli import HandbookError

_LATEST = "https://isopublicstorageprod.blob.core.windows.net/opendata/_latest"
#: ISO's own addresses (linked from https://www.iso.org/open-data.html).
DELIVERABLES_URL = f"{_LATEST}/iso_deliverables_metadata/json/iso_deliverables_metadata.jsonl"
COMMITTEES_URL = f"{_LATEST}/iso_technical_committees/json/iso_technical_committees.jsonl"

#: The user agent, so that ISO can tell our visits from others.
USER_AGENT = (
    "sustainable-city-standards-handbook (catalogue update, at most once a week by schedule)"
)
#: Seconds to wait for a connection, and for the next piece of the answer.
TIMEOUT = (15.0, 60.0)
#: Bytes; ten times ISO's file. A longer answer is not that file.
MAX_BYTES = 1_000_000_000
_PIECE = 1 << 16

#: Called with the bytes read so far and, if known, their total.
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A source, ready to be read from its start. ``day`` is the day that it describes, ``size`` its
    length in bytes.
    """

    name: str
    stream: BinaryIO
    day: date
    size: int


def is_address(text: str) -> bool:
    """Return whether the user named an address, not a file."""
    return text.lower().startswith(("http://", "https://"))


@contextmanager
def opened(name: str, today: date, progress: Progress, pause: float = 2.0) -> Iterator[Opened]:
    """Open a file, or download an address to an unnamed temporary file, which is deleted at the end
    of the block.

    The day is that of the answer's ``Last-Modified``, or of the file's last change; in UTC.

    :param today: the day of the visit, for an answer without a date
    :param pause: seconds before the first of three further attempts; each pause is twice as long as
        the one before
    :raises HandbookError: if it cannot be opened, or arrives incomplete
    """
    if not is_address(name):
        path = Path(name)
        try:
            stream = path.open("rb")
        except OSError as error:
            raise HandbookError(
                f"{name} cannot be read: {error.strerror}",
                "name a file or an address that begins with https://",
            ) from None
        with stream:
            about = path.stat()
            yield Opened(
                name, stream, datetime.fromtimestamp(about.st_mtime, UTC).date(), about.st_size
            )
        return
    with tempfile.TemporaryFile() as copy:
        day = _download(name, copy, today, progress, pause)
        size = copy.tell()
        copy.seek(0)
        yield Opened(name, copy, day, size)


def _download(address: str, copy: BinaryIO, today: date, progress: Progress, pause: float) -> date:
    with requests.Session() as session:
        retry = Retry(
            total=3,
            backoff_factor=pause / 2,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods={"GET"},
            raise_on_status=False,
        )
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retry))
        try:
            with session.get(
                address, headers={"User-Agent": USER_AGENT}, stream=True, timeout=TIMEOUT
            ) as answer:
                if answer.status_code != 200:
                    raise HandbookError(
                        f"{address} answers {answer.status_code} {answer.reason}",
                        "try again later, or download the file by hand and name it",
                    )
                total = (
                    int(answer.headers["Content-Length"])
                    if answer.headers.get("Content-Length", "").isdigit()
                    else None
                )
                done = 0
                for piece in answer.iter_content(_PIECE):
                    copy.write(piece)
                    done += len(piece)
                    progress(done, total)
                    if done > MAX_BYTES:
                        raise HandbookError(
                            f"{address} is longer than {MAX_BYTES:,} bytes",
                            "check the address: this is not ISO's file",
                        )
                return _day(
                    answer.headers.get("Last-Modified") or answer.headers.get("Date"), today
                )
        except requests.RequestException as error:
            raise HandbookError(
                f"{address} arrived incomplete: {_reason(error)}",
                "try again later, or download the file by hand and name it",
            ) from None


def _reason(error: requests.RequestException) -> str:
    return {
        requests.exceptions.ConnectTimeout: "no connection in time",
        requests.exceptions.ReadTimeout: "no answer in time",
        requests.exceptions.ChunkedEncodingError: "the connection broke",
        requests.exceptions.ContentDecodingError: "the compressed data are damaged",
        requests.exceptions.SSLError: "its certificate is not valid",
        requests.exceptions.ConnectionError: "no connection",
    }.get(type(error), type(error).__name__)


def _day(header: str | None, today: date) -> date:
    try:
        return parsedate_to_datetime(header or "").astimezone(UTC).date()
    except ValueError:
        return today
