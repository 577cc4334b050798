"""The rules as people read them: one section per code in ``docs/contributing/rules/*.md``.

The pages are the only source: ``--explain`` prints a section, reports quote its first sentences,
translations of the pages translate the rules. The code decides the severity and the page repeats
it; ``tests/rules/test_rule_pages.py`` compares severities and codes in both directions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TextIO

from handbook.cli import CLEAN, HandbookError

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "contributing" / "rules"

_SECTION = re.compile(
    r"^\((?P<anchor>[a-z]+-[a-z]\d{3})\)=\n## (?P<code>[A-Z]\d{3}): (?P<title>[^\n]+)\n\n"
    r"(?P<details>.*?)(?P<advice>^\*This is advice: it does not fail the check\.\*\n\n)?"
    r"^\*\*Why\.\*\* (?P<why>.*?)\n\n\*\*Example\*\*\n\n"
    r"(?P<fence>`{3,})text\n(?P<example>.*?)\n(?P=fence)\n\n\*\*Fix\.\*\* (?P<fix>.*?)"
    r"(?=\n\n\(|\s*\Z)",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Section:
    """One rule as its page words it. ``group`` is the subject of the page, ``text`` the rule."""

    code: str
    anchor: str
    group: str
    text: str
    why: str
    example: str
    fix: str
    advice: bool

    def __str__(self) -> str:
        example = "\n".join(f"    {line}" for line in self.example.splitlines())
        advice = "\nThis is advice: it does not fail the check." if self.advice else ""
        return (
            f"{self.code} ({self.group})\n\n{self.text}{advice}\n\nWhy: {self.why}\n\n"
            f"Example of what is found:\n{example}\n\nFix: {self.fix}"
        )


def _line(text: str) -> str:
    """Put a text on one line, without the double backticks that Markdown needs around a role."""
    return re.sub(r"`` (.*?) ``", r"\1", " ".join(text.split()))


@cache
def sections(folder: Path = FOLDER) -> dict[str, Section]:
    """Return the sections by code, sorted; whatever is not written as a section is left out."""
    found: dict[str, Section] = {}
    for path in sorted(folder.glob("*.md")):
        page = path.read_text("utf-8")
        title = re.search(r"^# (.+)$", page, re.MULTILINE)
        for match in _SECTION.finditer(page):
            found[match["code"]] = Section(
                match["code"],
                match["anchor"],
                title[1].removeprefix("Rules for ") if title else "",
                _line(f"{match['title']}. {match['details']}"),
                _line(match["why"]),
                match["example"],
                _line(match["fix"]),
                match["advice"] is not None,
            )
    return dict(sorted(found.items()))


def texts() -> dict[str, str]:
    """Return the first sentences of each rule on one line, by code, for reports."""
    return {code: section.text for code, section in sections().items()}


def explain(code: str, out: TextIO) -> int:
    """Print a rule; return the exit status.

    :raises HandbookError: if no rule has the code
    """
    known = sections()
    section = known.get(code.strip().upper())
    if section is None:
        close = get_close_matches(code.strip().upper(), known, n=3)
        raise HandbookError(
            f"there is no rule {code!r}", f"write one of {', '.join(close or known)}"
        )
    print(section, file=out)
    return CLEAN
