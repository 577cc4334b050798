"""Archived copies: where to look for one, and what archives answer. No capture is ever made up
here.

Offline a link has a look-up address (RFC 7089's idea in the form of the Internet Archive). Online
an archive may be asked for its closest capture: by a Memento time map (RFC 7089 5, RFC 6690) or the
Wayback Machine's availability answer.
"""

from __future__ import annotations

import email.utils
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import quote, unquote

from handbook.linkcheck import address
from handbook.linkcheck.memory import Capture

AVAILABILITY = "https://archive.org/wayback/available"
TIME_MAP = "https://web.archive.org/web/timemap/link/"

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]*))*)')
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"([^"]*)"|([^\s",;]*))')


def lookup_address(url: str, near: date | None = None) -> str:
    """Where a reader may look for captures: near a day, or all of them."""
    return (
        f"https://web.archive.org/web/{near:%Y%m%d}/{url}"
        if near
        else f"https://web.archive.org/web/*/{url}"
    )


def availability_address(url: str, near: date | None, base: str = AVAILABILITY) -> str:
    """The question for the closest capture of an address to a day."""
    return f"{base}?url={quote(url, safe='')}" + (f"&timestamp={near:%Y%m%d}" if near else "")


def closest_available(text: str, url: str) -> Capture | None:
    """The capture in an availability answer, if it is one of this address and was taken from a page
    that answered 200.
    """
    try:
        closest = json.loads(text)["archived_snapshots"]["closest"]
        taken = datetime.strptime(closest["timestamp"], "%Y%m%d%H%M%S").date()  # noqa: DTZ007 (UTC)
        capture = closest["url"]
        good = (
            closest["available"] is True
            and str(closest["status"]) == "200"
            and isinstance(capture, str)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    memento = address.memento_of(capture) if good else None
    if memento is None or memento[0] != closest["timestamp"] or not same_page(memento[1], url):
        return None
    return Capture(re.sub(r"^http:", "https:", capture), taken)


def closest_in_time_map(text: str, url: str, near: date) -> Capture | None:
    """The memento of a time map that was taken closest to a day, if the map is of this address."""
    captures: list[Capture] = []
    for target, parameters in _links(text):
        kinds = parameters.get("rel", "").split()
        if "original" in kinds and not same_page(target, url):
            return None
        if "memento" in kinds:
            try:
                taken = email.utils.parsedate_to_datetime(parameters.get("datetime", "")).date()
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
            if address.scheme(target) in {"http", "https"}:
                captures.append(Capture(re.sub(r"^http:", "https:", target), taken))
    return min(
        captures, key=lambda capture: (abs((capture.taken - near).days), capture.url), default=None
    )


def _links(text: str) -> Iterable[tuple[str, dict[str, str]]]:
    for match in _LINK.finditer(text):
        yield (
            match[1],
            {
                found[1].lower(): found[2] or found[3] or ""
                for found in _PARAMETER.finditer(match[2])
            },
        )


def same_page(one: str, other: str) -> bool:
    """Whether two addresses are one page to an archive: scheme, ``www.``, default port and escapes
    aside.
    """

    def bare(text: str) -> str:
        key = address.read(text if "://" in text else f"http://{text}")
        return re.sub(r"^https?://(?:www\.)?", "", unquote(key.url)).rstrip("/").lower()

    return bare(one) == bare(other)
