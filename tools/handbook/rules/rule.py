"""What a rule is, and the list of all rules: the code, the severity, and the function that checks
it.

The text of each rule, and its reason, is in ``docs/contributing/rules/``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from handbook.cli import HandbookError

if TYPE_CHECKING:
    from handbook.rules.findings import Finding

#: Takes what a kind of rule examines, and yields its findings.
Check = Callable[[Any], Iterable["Finding"]]


class Severity(StrEnum):
    """``error`` fails a check, ``advice`` does not."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule. ``check`` is ``None`` where something else, such as a reader of files, finds the
    faults.
    """

    code: str
    severity: Severity = Severity.ERROR
    check: Check | None = None


#: All rules by their codes.
RULES: dict[str, Rule] = {}


def declare(*codes: str, severity: Severity = Severity.ERROR, check: Check | None = None) -> None:
    """Add rules to the list.

    :raises ValueError: if a code is taken already
    """
    for code in codes:
        if code in RULES:
            raise ValueError(f"the code {code} is already taken")
        RULES[code] = Rule(code, severity, check)


def rule(*codes: str, severity: Severity = Severity.ERROR) -> Callable[[Check], Check]:
    """Register the decorated function as the check for these codes."""

    def enter(check: Check) -> Check:
        declare(*codes, severity=severity, check=check)
        return check

    return enter


def severity_of(code: str) -> Severity:
    """Return the severity of findings with this code."""
    return RULES[code].severity if code in RULES else Severity.ERROR


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes, or beginnings of codes, to select (all if there are none) and to ignore."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def __contains__(self, code: str) -> bool:
        return (not self.select or code.startswith(self.select)) and not (
            self.ignore and code.startswith(self.ignore)
        )


def require_known(codes: Iterable[str], known: Iterable[str]) -> None:
    """Check that each code, or beginning of one, belongs to a rule.

    :raises HandbookError: if one does not
    """
    known = sorted(known)
    for code in codes:
        if not any(one.startswith(code) for one in known):
            close = ", ".join(get_close_matches(code, known, n=3))
            hint = f"write one of {close}" if close else "see docs/contributing/checks.md"
            raise HandbookError(f"no rule begins with {code!r}", hint)
