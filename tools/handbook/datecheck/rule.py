"""What a rule is, and the list of all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handbook.rules.findings import Place, Severity

if TYPE_CHECKING:
    from handbook.datecheck.tree import Tree


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
    """A rule; :mod:`~handbook.rules.rule_pages` has its words."""

    code: str
    check: Callable[[Tree], Iterable[Fault]] | None
    severity: Severity = Severity.ERROR


RULES: dict[str, Rule] = {}


def add(
    code: str,
    check: Callable[[Tree], Iterable[Fault]] | None = None,
    severity: Severity = Severity.ERROR,
) -> None:
    """Enter a rule.

    :raises ValueError: if the code is taken.
    """
    if code in RULES:
        raise ValueError(f"{code} is taken")
    RULES[code] = Rule(code, check, severity)


def rule(
    code: str, severity: Severity = Severity.ERROR
) -> Callable[[Callable[[Tree], Iterable[Fault]]], Callable[[Tree], Iterable[Fault]]]:
    """Enter a function as a rule."""

    def enter(check: Callable[[Tree], Iterable[Fault]]) -> Callable[[Tree], Iterable[Fault]]:
        add(code, check, severity)
        return check

    return enter
