"""Archived copies: where to look for one, and what archives answer. A capture is reported only if
an archive has named it.

Offline a link has a look-up address (the idea of RFC 7089 in the form of the Internet Archive).
Online an archive is asked for its closest capture: by the Wayback Machine's availability answer, or
by a Memento time map (RFC 7089 section 5, RFC 6690).
"""

from __future__ import annotations

import email.utils
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from urllib.parse import quote, unquote

from handbook.linkcheck import address
from handbook.linkcheck.client import Client, Job
from handbook.linkcheck.memory import Capture
from handbook.linkcheck.verdicts import Answer

AVAILABILITY = "https://archive.org/wayback/available"
TIME_MAP = "https://web.archive.org/web/timemap/link/"

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s",;]*))*)')
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"([^"]*)"|([^\s",;]*))')


def availability_address(url: str, day: date | None, base: str = AVAILABILITY) -> str:
    """Return the address that asks for the capture of an address closest to a day."""
    return f"{base}?url={quote(url, safe='')}" + (f"&timestamp={day:%Y%m%d}" if day else "")


def closest_available(text: str, url: str) -> Capture | None:
    """Return the capture in an availability answer, if it is of this address and the page had
    answered 200.
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


def closest_in_time_map(text: str, url: str, day: date) -> Capture | None:
    """Return the memento of a time map that was taken closest to a day, if the map is of this
    address.
    """
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
        captures, key=lambda capture: (abs((capture.taken - day).days), capture.url), default=None
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
    """Return whether two addresses are one page to an archive.

    Scheme, ``www.``, default port and escapes make no difference to it.
    """

    def bare(text: str) -> str:
        key = address.read(text if "://" in text else f"http://{text}")
        return re.sub(r"^https?://(?:www\.)?", "", unquote(key.url)).rstrip("/").lower()

    return bare(one) == bare(other)


async def find_captures(
    client: Client,
    pages: Mapping[str, tuple[str, date | None]],
    today: date,
    bases: tuple[str, str],
    found: dict[str, Capture],
) -> None:
    """Ask for the capture of each page that is closest to its day, or to today.

    The short availability answer is tried first; where it names none, the time map, if it is short
    enough to be read whole.

    :param pages: address and day by key
    :param bases: the base addresses of the availability answer and of time maps
    :param found: takes each capture by key as soon as it is known, so that an interrupted run keeps
        it
    """

    def available(key: str, answer: Answer) -> Capture | None:
        return closest_available(answer.text, pages[key][0])

    def mapped(key: str, answer: Answer) -> Capture | None:
        url, day = pages[key]
        return closest_in_time_map(answer.text, url, day or today) if answer.whole else None

    for question, read in (
        (lambda url, day: availability_address(url, day, bases[0]), available),
        (lambda url, day: bases[1] + url, mapped),
    ):
        questions: dict[str, list[str]] = {}
        for key in pages.keys() - found.keys():
            questions.setdefault(question(*pages[key]), []).append(key)

        def record_answer(
            job: Job,
            answer: Answer,
            questions: dict[str, list[str]] = questions,
            read: Callable[[str, Answer], Capture | None] = read,
        ) -> None:
            if answer.fault or answer.status != 200:
                return
            for key in questions[job.url]:
                if capture := read(key, answer):
                    found[key] = capture

        await client.ask(map(Job, sorted(questions)), record_answer)
