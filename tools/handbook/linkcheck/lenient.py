"""Read an answer that breaks the syntax of HTTP in the way browsers read it.

Two lengths, bytes after a compressed body, an encoding that was not asked for, a header with a
space in its name: aiohttp rejects them for safety, and readers never notice them.
"""

from __future__ import annotations

import asyncio
import http.client
import io
import re
import ssl
import zlib
from collections.abc import Mapping

from yarl import URL


async def exchange(
    ip: str,
    port: int,
    tls: ssl.SSLContext | None,
    target: URL,
    headers: Mapping[str, str],
    most: int,
    seconds: float,
) -> bytes:
    """Ask a host for a page, and return the beginning of what it sends."""
    name = target.raw_host or ""
    reader, writer = await asyncio.open_connection(
        ip, port, ssl=tls, server_hostname=name if tls else None
    )
    data = bytearray()
    try:
        sent = {"Host": target.raw_authority, **headers, "Connection": "close"}
        lines = [f"GET {target.raw_path_qs} HTTP/1.1", *map(": ".join, sent.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        async with asyncio.timeout(seconds):
            while len(data) < most and (piece := await reader.read(65_536)):
                data += piece
    except TimeoutError:
        pass
    finally:
        writer.close()
    return bytes(data)


class _Socket:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self.data)


def read(data: bytes, most: int) -> tuple[int, dict[str, str], bytes | None, bool] | None:
    """Return the status, the headers by lower-case names, the body, and whether it is complete.

    The body is ``None`` if it cannot be decompressed; the result is ``None`` if the answer is not
    HTTP.
    """
    if not re.search(rb"\n\r?\n", data):
        return None
    response = http.client.HTTPResponse(_Socket(data))  # type: ignore[arg-type]
    try:
        response.begin()
        headers: dict[str, str] = {}
        for name, value in response.getheaders():
            headers.setdefault(name.strip().lower(), value)
        try:
            body, whole = response.read(), len(data) < most
        except http.client.IncompleteRead as cut:
            body, whole = cut.partial, False
        except (ValueError, OverflowError):
            body, whole = b"", False
    except (http.client.HTTPException, OSError, ValueError, OverflowError):
        return None
    packing = headers.get("content-encoding", "").lower()
    if re.search(r"\b(?:br|zstd|compress|dcb|dcz)\b", packing):
        # browsers can decompress it, so the page exists; its content is unknown here
        return response.status, headers, b"", False
    unpacked = _unpacked(body, packing, most)
    return response.status, headers, unpacked, whole and unpacked is not None


def _unpacked(body: bytes, packing: str, most: int) -> bytes | None:
    for bits in {"gzip": (31,), "deflate": (15, -15)}.get(packing.removeprefix("x-").strip(), ()):
        try:
            return zlib.decompressobj(bits).decompress(body, most) or (None if body else b"")
        except zlib.error:
            continue
    return None if packing.removeprefix("x-").strip() in {"gzip", "deflate"} else body


def charset(headers: Mapping[str, str]) -> str | None:
    """Return the charset that a header names, or ``None``."""
    found = re.search(r"charset=[\"']?([\w.:-]+)", headers.get("content-type", ""), re.IGNORECASE)
    return found[1] if found else None
