"""What a check reports: a stable code, a place, one sentence, and how to fix it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TextIO
from unicodedata import east_asian_width


class Severity(StrEnum):
    """``error`` fails a check, ``advice`` does not."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: ``path`` as the user would write it, ``line`` and ``column`` counted
    from 1.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault. ``code`` is stable, so that it can be looked up, selected and excepted."""

    place: Place
    code: str
    message: str
    hint: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message} (hint: {self.hint})"


def exit_status(findings: Iterable[Finding]) -> int:
    """0 if nothing fails the check, 1 otherwise."""
    return int(any(finding.severity is Severity.ERROR for finding in findings))


def as_text(findings: Iterable[Finding], root: Path) -> str:
    """For people: each finding, the line it stands on and a caret under the place."""
    read = lru_cache(maxsize=8)(_lines)  # findings come sorted by path
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
    # a Chinese sign is as wide as two letters, and so is the ideographic space
    blank = "".join("\u3000" if east_asian_width(sign) in {"W", "F"} else " " for sign in before)
    return [f"    {shown}", f"    {blank}^"]


def as_json(findings: Iterable[Finding]) -> str:
    """For programs: a list of objects, sorted by place."""
    return json.dumps(
        [asdict(finding) for finding in sorted(findings)], ensure_ascii=False, indent=1
    )


def as_github(findings: Iterable[Finding]) -> str:
    """Annotations for GitHub Actions (workflow commands)."""

    def escape(text: str, extra: str = "") -> str:
        for sign in "%\r\n" + extra:
            text = text.replace(sign, f"%{ord(sign):02X}")
        return text

    return "\n".join(
        f"::{'error' if finding.severity is Severity.ERROR else 'notice'}"
        f" file={escape(finding.place.path, ':,')},"
        f"line={finding.place.line},col={finding.place.column},title={escape(finding.code, ':,')}"
        f"::{escape(f'{finding.message} (hint: {finding.hint})')}"
        for finding in sorted(findings)
    )


def as_sarif(findings: Iterable[Finding], tool: str, rules: dict[str, str]) -> str:
    """SARIF 2.1.0, for code scanning. ``rules`` maps each code to the text of its rule."""
    found = sorted(findings)
    return json.dumps(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": tool,
                            "rules": [
                                {"id": code, "fullDescription": {"text": text}}
                                for code, text in sorted(rules.items())
                            ],
                        },
                    },
                    "results": [
                        {
                            "ruleId": finding.code,
                            "level": "error" if finding.severity is Severity.ERROR else "note",
                            "message": {"text": f"{finding.message} (hint: {finding.hint})"},
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": {"uri": finding.place.path},
                                        "region": {
                                            "startLine": finding.place.line,
                                            "startColumn": finding.place.column,
                                        },
                                    },
                                },
                            ],
                        }
                        for finding in found
                    ],
                },
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def as_markdown(findings: Iterable[Finding], heading: str, rules: dict[str, str]) -> str:
    """A report for an issue: one list for each code, errors first. The same findings give the same
    text.
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
    for sign in "\\`*_[]<>|":
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split()).replace("@", "@\u200b")


def tally(findings: Iterable[Finding]) -> str:
    """How much was found, in words."""
    found = list(findings)
    faults = sum(finding.severity is Severity.ERROR for finding in found)
    advice = len(found) - faults
    return (
        f"{faults or 'no'} {'fault' if faults == 1 else 'faults'}, {advice or 'no'}"
        f" {'piece' if advice == 1 else 'pieces'} of advice"
    )


def write(
    findings: Iterable[Finding],
    form: str,
    tool: str,
    rules: dict[str, str],
    root: Path,
    summary: str,
    out: TextIO,
    heading: str = "Findings",
) -> None:
    """Write what was found.

    :param form: ``json``, ``github``, ``sarif``, ``markdown`` or ``text``, which alone ends with
        the ``summary``
    :param tool: the name of the command, for programs
    :param rules: the text of the rule for each code
    :param heading: of the Markdown report
    """
    found = list(findings)
    if form == "json":
        print(as_json(found), file=out)
    elif form == "github":
        print(as_github(found), file=out, end="\n" if found else "")
    elif form == "sarif":
        print(as_sarif(found, tool, rules), file=out)
    elif form == "markdown":
        print(as_markdown(found, heading, rules), file=out)
    else:
        if found:
            print(as_text(found, root), file=out)
        print(summary, file=out)
