"""Exceptions from rules, each with its reason and its last day: for data and links in
``pyproject.toml``, for a page in its front matter.

::

    [tool.handbook.checks]
    exceptions = [
      {code = "D507", path = "references/iso/*", reason = "...", until = "2027-06-30"},
      {code = "L203", address = "https://www.example.org/*", reason = "...", until = "2027-06-30"},
    ]

``path`` is a pattern of the place, ``text`` a part of the message, ``address`` a pattern of the
link (codes L only). Rules x701 to x703 check the exceptions themselves: x is L for rules about
links, D for all others.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from handbook.rules.findings import Finding, Place
from handbook.rules.rule import RULES

_HINTS = {
    "D": 'write {code = "D401", path = "docs/...", reason = "...", until = "YYYY-MM-DD"};'
    ' text = "..." narrows it',
    "L": 'write {code = "L203", address = "https://host/*", reason = "...", until = "YYYY-MM-DD"}',
}

#: Rules that keep readers safe: they allow no exceptions.
FIRM = frozenset(["P005", "P006", "P015", "P017", "P018", "P019", "P020", "P022", "P023"])


@dataclass(frozen=True, slots=True)
class Excepted:
    """Findings of ``code`` whose place, message and subject match are let pass up to and including
    a day.
    """

    code: str
    path: str
    text: str
    address: str
    reason: str
    until: date
    place: Place

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding is excepted."""
        return (
            finding.code == self.code
            and fnmatchcase(finding.place.path, self.path)
            and self.text in finding.message
            # an address may contain a literal bracket
            and fnmatchcase(finding.subject, (self.address or "*").replace("[", "[[]"))
        )

    def __str__(self) -> str:
        return f"the exception from {self.code} for {self.address or self.path}"


@dataclass
class Exceptions:
    """The exceptions that one command applies, and what is wrong with their entries.

    :param letter: ``L`` for rules of links, ``D`` for all others
    """

    letter: str
    entries: list[Excepted] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def read(self, row: object, place: Place, page: str = "") -> None:
        """Add an entry of a file.

        :param page: the path of the page that has it; empty for ``pyproject.toml``
        """
        if not isinstance(row, dict):
            if self.letter == "D":
                self._wrong(place, f"{reprlib.repr(row)} is not an exception")
            return
        code = str(row.get("code", ""))
        if code.startswith("L") != (self.letter == "L"):
            return  # the other command applies it
        until = read_day(row.get("until"))
        wrong = list(self._faults(row, code, page))
        for message in wrong:
            self._wrong(place, message)
        if not wrong and until:
            self.entries.append(
                Excepted(
                    code,
                    page or str(row.get("path") or "*"),
                    str(row.get("text", "")),
                    str(row.get("address", "")),
                    str(row["reason"]),
                    until,
                    place,
                )
            )

    def _faults(self, row: dict[Any, Any], code: str, page: str) -> Iterator[str]:
        links = self.letter == "L"
        fields = {"code", "path", "text", "reason", "until", *(("address",) if links else ())}
        for name in sorted(map(str, row.keys() - fields)):
            yield f"an exception has no field {name!r}"
        if missing := [repr(name) for name in ("code", "reason", "until") if not row.get(name)]:
            yield f"an exception lacks {' and '.join(missing)}"
        if not (page or row.get("path") or (links and row.get("address"))):
            yield f"an exception lacks 'path'{' or ' + repr('address') if links else ''}"
        if code and code not in RULES:
            yield f"{reprlib.repr(code)} is not the code of a rule"
        elif code[1:2] == "7" or code in FIRM:
            yield f"{code} allows no exceptions"
        if row.get("until") and read_day(row["until"]) is None:
            yield f"the end {reprlib.repr(row['until'])} is not a day"

    def _wrong(self, place: Place, message: str) -> None:
        self.findings.append(Finding(place, f"{self.letter}701", message, _HINTS[self.letter]))

    def read_project(self, path: Path) -> None:
        """Add the entries of ``pyproject.toml``; a missing file has none."""
        import tomllib

        try:
            text = path.read_text("utf-8")
            data: Any = tomllib.loads(text)
        except FileNotFoundError:
            return
        except UnicodeDecodeError:
            self._broken(Place(path.name), "is not UTF-8", "save it with the encoding UTF-8")
            return
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"line (\d+), column (\d+)", str(error))
            place = Place(path.name, int(at[1]), int(at[2])) if at else Place(path.name)
            self._broken(place, f"is not TOML: {error}", "correct it as TOML, see toml.io")
            return
        except OSError as error:
            hint = "check the permissions of the file"
            self._broken(Place(path.name), f"cannot be read: {error.strerror}", hint)
            return
        lines = text.splitlines()
        rows = self._rows(data, path.name, lines)
        head = re.compile(r"\s*(?:exceptions\s*=|\[\[?tool\.handbook\.checks)")
        start = next((number for number, line in enumerate(lines) if head.match(line)), 0)
        if not isinstance(rows, list):
            self._wrong(Place(path.name, start + 1), "exceptions are not a list")
            return
        for row in rows:
            code = row.get("code") if isinstance(row, dict) else None
            quoted = {f'"{code}"', f"'{code}'"} if code else set()
            number = next(
                (n for n in range(start, len(lines)) if any(one in lines[n] for one in quoted)),
                start,
            )
            self.read(row, Place(path.name, number + 1))
            start = number + 1 if code else start

    def _rows(self, data: Any, name: str, lines: list[str]) -> Any:
        """Yield the entries below ``[tool.handbook.checks]``; anything else there is a finding."""
        for table, known in (("tool", ""), ("handbook", "checks"), ("checks", "exceptions")):
            data = data.get(table, {})
            if not isinstance(data, dict):
                self._broken(
                    Place(name), f"has a {table!r} that is not a table", "write [tool.handbook]"
                )
                return []
            # other tools keep their tables beside ours; a name that is almost ours is a slip
            ours = known or "handbook"
            others = sorted(data.keys() - {ours})
            for key in others if known else get_close_matches(ours, others, cutoff=0.75):
                line = next((n for n, text in enumerate(lines, 1) if key in text), 1)
                close = get_close_matches(key, [ours], n=1)
                hint = f"did you mean {ours}?" if close else f"delete it; known is {ours}"
                self._broken(Place(name, line), f"has {key!r}, which nothing reads", hint)
        return data.get("exceptions", [])

    def _broken(self, place: Place, what: str, hint: str) -> None:
        # only one of the two commands reports it
        if self.letter == "D":
            self.findings.append(Finding(place, "D701", f"{place.path} {what}", hint))

    def read_page(self, front_matter: dict[str, Any], place: Place) -> None:
        """Add the entries of a page's front matter.

        :param place: where the entries are
        """
        rows = front_matter.get("exceptions")
        for row in rows if isinstance(rows, list) else [rows] if rows is not None else []:
            self.read(row, place, place.path)

    def apply(
        self, found: Iterable[Finding], today: date, judged: Container[str] | None = None
    ) -> list[Finding]:
        """Leave out what is excepted; add findings for entries that are wrong, have ended (x702) or
        match nothing (x703).

        :param judged: the codes that this run could find, if not all; an exception from any other
            code is not reported as unused
        """
        entries = list(dict.fromkeys(self.entries))
        used: set[Excepted] = set()
        kept = list(self.findings)
        for finding in found:
            covering = [excepted for excepted in entries if excepted.covers(finding)]
            used.update(covering)
            if not any(excepted.until >= today for excepted in covering):
                kept.append(finding)
        for excepted in entries:
            if excepted.until < today:
                message, hint = (
                    f"{excepted} ended on {excepted.until}",
                    "fix the fault, or give a new end with its reason",
                )
                kept.append(Finding(excepted.place, f"{self.letter}702", message, hint))
            elif excepted not in used and (judged is None or excepted.code in judged):
                message = f"{excepted} matches no finding"
                kept.append(Finding(excepted.place, f"{self.letter}703", message, "delete it"))
        return kept


def read_day(value: object) -> date | None:
    """Return a date that YAML or TOML give as a day or as the text ``YYYY-MM-DD``; ``None`` if it
    is neither.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
