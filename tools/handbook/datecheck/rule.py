"""What a rule is, and the list of all rules."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbook.rules.findings import Place, Severity

if TYPE_CHECKING:
    from handbook.datecheck.tree import Tree

GROUPS = {
    "M": "Milestone blocks",
    "B": "Bibliography",
    "P": "Form of files and pages",
    "C": "Citations",
    "S": "References to standards",
    "D0": "The date role",
    "D1": "Form of dates",
    "D2": "Sources",
    "D3": "Order of events",
    "D4": "Dates in running text",
    "D5": "Standards and the catalogue",
    "D6": "Freshness",
    "D7": "Exceptions",
}


@dataclass(frozen=True, slots=True)
class Fix:
    """A safe change: ``old`` at the place becomes ``new``; both within one line."""

    place: Place
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found. ``fix`` is there where the remedy is only a matter of form."""

    place: Place
    message: str
    hint: str
    fix: Fix | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """``text`` is the rule in words, then why, an example of what is found, and how to mend it."""

    code: str
    check: Callable[[Tree], Iterable[Fault]] | None
    text: str
    why: str
    example: str
    mend: str
    severity: Severity = Severity.ERROR

    @property
    def group(self) -> str:
        """What the rule is about, as the page of the rules says it."""
        return GROUPS[self.code[:2] if self.code.startswith("D") else self.code[0]]

    def explain(self) -> str:
        """The rule for a terminal."""
        example = "\n".join(f"    {line}" for line in self.example.splitlines())
        advice = (
            "\nThis is advice: it does not fail the check."
            if self.severity is Severity.ADVICE
            else ""
        )
        return (
            f"{self.code} ({self.group})\n\n{self.text}{advice}\n\nWhy: {self.why}\n\nExample of"
            f" what is found:\n{example}\n\nMend: {self.mend}"
        )


RULES: dict[str, Rule] = {}

_SECTIONS = re.compile(
    r"(?s)(?P<text>.*?)\n\nWhy: (?P<why>.*?)\n\nExample:\n(?P<example>.*?)\n\nMend: (?P<mend>.*)"
)


def add(
    code: str,
    docstring: str,
    check: Callable[[Tree], Iterable[Fault]] | None = None,
    severity: Severity = Severity.ERROR,
) -> None:
    """Enter a rule by its docstring: the rule, ``Why:``, ``Example:`` with indented lines,
    ``Mend:``.

    :raises ValueError: if the docstring lacks a part or the code is taken.
    """
    match = _SECTIONS.fullmatch(inspect.cleandoc(docstring))
    if match is None or code in RULES:
        raise ValueError(f"{code} has no full docstring or is taken")
    text, why, mend = (" ".join(match[name].split()) for name in ("text", "why", "mend"))
    RULES[code] = Rule(code, check, text, why, inspect.cleandoc(match["example"]), mend, severity)


def rule(
    code: str, severity: Severity = Severity.ERROR
) -> Callable[[Callable[[Tree], Iterable[Fault]]], Callable[[Tree], Iterable[Fault]]]:
    """Enter a function as a rule; its docstring is the rule."""

    def enter(check: Callable[[Tree], Iterable[Fault]]) -> Callable[[Tree], Iterable[Fault]]:
        add(code, check.__doc__ or "", check, severity)
        return check

    return enter
