"""Exceptions from rules in ``pyproject.toml``: one list for all checks, each entry with its reason
and its end.

::

    [tool.handbook.checks] exceptions = [ {code = "D507", path = "references/iso/*", reason =
    "one-sided in ISO's data", until = "2027-06-30"}, {code = "L203", address =
    "https://www.example.org/*", reason = "lets only browsers in", until = "2027-06-30"}, ]

``path`` is a pattern of the place, ``text`` a part of the message, ``address`` a pattern of the
link (codes L only).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from handbook.rules.findings import Finding, Place

_FIELDS = frozenset({"code", "path", "text", "address", "reason", "until"})


@dataclass(frozen=True, slots=True)
class Excepted:
    """Findings of ``code`` whose place, message and link fit are let pass until a day."""

    code: str
    path: str
    text: str
    address: str
    reason: str
    until: date
    place: Place

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is meant. The link is the word of its message that begins with a
        scheme.
        """
        return (
            finding.code == self.code
            and fnmatchcase(finding.place.path, self.path)
            and self.text in finding.message
            and (
                not self.address
                or any(
                    fnmatchcase(word, _literal_brackets(self.address))
                    for word in finding.message.split()
                )
            )
        )


def _literal_brackets(pattern: str) -> str:
    return pattern.replace("[", "[[]")


def load(
    path: Path, codes: Container[str], letter: str
) -> tuple[list[Excepted], list[tuple[Place, str]]]:
    """The exceptions from rules whose codes begin with ``letter``, and what is wrong with an entry.

    :param path: ``pyproject.toml``; a file that is not there has no exceptions
    :param codes: the codes that exist
    """
    try:
        text = path.read_text("utf-8")
        rows: Any = (
            tomllib.loads(text)
            .get("tool", {})
            .get("handbook", {})
            .get("checks", {})
            .get("exceptions", [])
        )
    except FileNotFoundError:
        return [], []
    except (OSError, ValueError, AttributeError) as error:
        return [], [(Place(path.name), f"{path.name} cannot be read: {error}")]
    found: list[Excepted] = []
    wrong: list[tuple[Place, str]] = []
    lines = text.splitlines()
    start = next(
        (
            number
            for number, line in enumerate(lines)
            if re.match(r"\s*(?:exceptions\s*=|\[\[?tool\.handbook\.checks)", line)
        ),
        0,
    )
    for row in rows if isinstance(rows, list) else ():
        code = str(row.get("code", "")) if isinstance(row, dict) else ""
        if not code.startswith(letter):
            continue
        number = next(
            (
                n
                for n in range(start, len(lines))
                if f'"{code}"' in lines[n] or f"'{code}'" in lines[n]
            ),
            start,
        )
        start, place = number + 1, Place(path.name, number + 1)
        messages, entry = _read(row, code, codes, place)
        wrong += ((place, message) for message in messages)
        if entry:
            found.append(entry)
    return found, wrong


def _read(
    row: dict[str, Any], code: str, codes: Container[str], place: Place
) -> tuple[list[str], Excepted | None]:
    messages = [
        f"an exception has no field {name!r}" for name in sorted(map(str, row.keys() - _FIELDS))
    ]
    messages += [
        f"an exception lacks {name!r}" for name in ("reason", "until") if not row.get(name)
    ]
    if not row.get("path") and not row.get("address"):
        messages.append("an exception lacks 'path' or 'address'")
    if code not in codes:
        messages.append(f"{code!r} is not the code of a rule")
    elif code[1:2] == "7":
        messages.append(f"{code} cannot be excepted")
    until = row.get("until")
    try:
        end = until if isinstance(until, date) else date.fromisoformat(str(until))
    except ValueError:
        end = None
        if until:
            messages.append(f"the end {str(until)!r} is not a day")
    if messages or end is None:
        return messages, None
    return [], Excepted(
        code,
        str(row.get("path") or "*"),
        str(row.get("text", "")),
        str(row.get("address", "")),
        str(row["reason"]),
        end,
        place,
    )


def apply(
    found: Iterable[Finding],
    exceptions: Iterable[Excepted],
    today: date,
    judged: Container[str],
    letter: str,
) -> list[Finding]:
    """Leave out what is excepted; an exception that has ended, or that covers nothing, becomes a
    finding (x702, x703).

    :param judged: the codes that this run could find; an exception from another one is not called
        unused
    """
    exceptions = list(exceptions)
    used: set[Excepted] = set()
    kept = []
    for finding in found:
        covering = [excepted for excepted in exceptions if excepted.covers(finding)]
        used.update(covering)
        if not any(excepted.until >= today for excepted in covering):
            kept.append(finding)
    for excepted in exceptions:
        what = f"the exception from {excepted.code} for {excepted.address or excepted.path}"
        if excepted.until < today:
            kept.append(
                Finding(
                    excepted.place,
                    f"{letter}702",
                    f"{what} ended on {excepted.until}",
                    "fix the fault, or give a new end with its reason",
                )
            )
        elif excepted not in used and excepted.code in judged:
            kept.append(
                Finding(excepted.place, f"{letter}703", f"{what} covers nothing", "delete it")
            )
    return kept
