"""What a check reports: a place, a stable code, one sentence, and a hint on how to fix it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TextIO
from unicodedata import east_asian_width

from handbook.rules.rule import Severity, severity_of


def shown(path: Path, root: Path | None = None) -> str:
    """Return a path as the user would write it: relative to ``root``, with slashes."""
    text = os.fspath(path)
    return (text.removeprefix(os.fspath(root) + os.sep) if root else text).replace(os.sep, "/")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: ``path`` as the user would write it, ``line`` and ``column`` counted from
    1.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def after(self, columns: int) -> Place:
        """Return the place this many columns further along the line."""
        return replace(self, column=self.column + columns)


@dataclass(frozen=True, slots=True, order=True)
class Fix:
    """A safe change: ``old`` at the place becomes ``new``; both within one line."""

    place: Place
    old: str
    new: str


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. ``code`` is stable, so that it can be looked up, selected and excepted.

    ``subject`` is what it is about: the link, the key, the option, the field. ``fix`` is set where
    only the form is wrong, so that a program can correct it.
    """

    place: Place
    code: str
    message: str
    hint: str
    subject: str = ""
    fix: Fix | None = field(default=None, compare=False)

    @property
    def severity(self) -> Severity:
        """Return the severity of its rule."""
        return severity_of(self.code)

    @property
    def text(self) -> str:
        """Return the finding without its place."""
        return f"{self.code} {self.message} (hint: {self.hint})"

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def exit_status(findings: Iterable[Finding]) -> int:
    """Return 0 if no finding fails the check, 1 otherwise."""
    return int(any(finding.severity is Severity.ERROR for finding in findings))


def tally(findings: Iterable[Finding]) -> str:
    """Return how many errors and pieces of advice there are, in words."""
    found = list(findings)
    faults = sum(finding.severity is Severity.ERROR for finding in found)
    advice = len(found) - faults
    return (
        f"{faults or 'no'} {'fault' if faults == 1 else 'faults'}, {advice or 'no'}"
        f" {'piece' if advice == 1 else 'pieces'} of advice"
    )


def as_text(findings: Iterable[Finding], root: Path) -> str:
    """Return the findings as text for people: each with its line of the file and a caret below the
    place.
    """
    read = lru_cache(maxsize=8)(_lines)  # findings arrive sorted by path
    return "\n".join(
        line
        for finding in sorted(findings)
        for line in [str(finding), *_excerpt(finding.place, read(root / finding.place.path))]
    )


def _lines(path: Path) -> list[str]:
    try:
        return re.split(r"\r\n|\r|\n", path.read_bytes().decode("utf-8-sig", errors="replace"))
    except OSError:
        return []


def _excerpt(place: Place, lines: list[str]) -> list[str]:
    if not 1 <= place.line <= len(lines):
        return []
    start = max(0, place.column - 60)
    shown = lines[place.line - 1].replace("\t", " ")[start : start + 100]
    before = shown[: place.column - 1 - start]
    # a Chinese character, and the ideographic space, is as wide as two letters
    gap = "".join("\u3000" if east_asian_width(one) in {"W", "F"} else " " for one in before)
    return [f"    {shown}", f"    {gap}^"]


def as_json(findings: Iterable[Finding]) -> str:
    """Return the findings for programs: a JSON list of objects, sorted by place."""
    return json.dumps(
        [
            {
                "place": asdict(finding.place),
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in sorted(findings)
        ],
        ensure_ascii=False,
        indent=1,
    )


def as_github(findings: Iterable[Finding]) -> str:
    """Return the findings as annotations for GitHub Actions (workflow commands)."""

    def escape(text: str, extra: str = "") -> str:
        for character in "%\r\n" + extra:
            text = text.replace(character, f"%{ord(character):02X}")
        return text

    return "\n".join(
        f"::{'error' if finding.severity is Severity.ERROR else 'notice'}"
        f" file={escape(finding.place.path, ':,')},"
        f"line={finding.place.line},col={finding.place.column},title={escape(finding.code, ':,')}"
        f"::{escape(f'{finding.message} (hint: {finding.hint})')}"
        for finding in sorted(findings)
    )


def as_markdown(findings: Iterable[Finding], heading: str, rules: Mapping[str, str]) -> str:
    """Return a Markdown report for an issue: one list per code, errors first; the same findings
    give the same text.

    :param rules: each rule in one sentence, by its code
    """
    groups: dict[tuple[bool, str], list[Finding]] = {}
    for finding in sorted(findings):
        groups.setdefault((finding.severity is not Severity.ERROR, finding.code), []).append(
            finding
        )
    parts = [f"# {heading}\n"]
    if not groups:
        parts.append("Nothing to fix.\n")
    for (advice, code), found in sorted(groups.items()):
        parts.append(
            f"## {code} ({len(found)}{', advice' if advice else ''})\n\n{rules.get(code, '')}\n"
        )
        parts.append(
            "".join(
                f"- `{finding.place}` {_in_markdown(finding.message)}. *Hint:*"
                f" {_in_markdown(finding.hint)}\n"
                for finding in found
            )
        )
    return "\n".join(parts)


def _in_markdown(text: str) -> str:
    for character in "\\`*_[]<>|":
        text = text.replace(character, "\\" + character)
    return " ".join(text.split()).replace("@", "@\u200b")


#: The forms that findings can be written in.
FORMS = ("text", "json", "github", "markdown")


def write(
    findings: Iterable[Finding],
    form: str,
    rules: Mapping[str, str],
    root: Path,
    summary: str,
    out: TextIO,
    heading: str = "Findings",
) -> None:
    """Write the findings to a stream.

    :param form: one of :data:`FORMS`; ``text`` alone ends with the ``summary``
    :param rules: each rule in one sentence, by its code
    :param heading: the heading of the Markdown report
    """
    found = list(findings)
    if form == "json":
        print(as_json(found), file=out)
    elif form == "github":
        print(as_github(found), file=out, end="\n" if found else "")
    elif form == "markdown":
        print(as_markdown(found, heading, rules), file=out)
    else:
        if found:
            print(as_text(found, root), file=out)
        print(summary, file=out)
