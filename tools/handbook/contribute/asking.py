"""Questions and answers: answers come from options, a file, or line by line from a person or a
pipe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from pathlib import Path
from typing import TextIO

from handbook.rules.findings import Finding

#: Words too general to be part of a name.
SMALL_WORDS = re.compile(
    "an?|and|are|as|at|by|for|from|has|have|in|into|is|its?|of|on|or|that|the|their|to|was|were"
    "|with"
)


class RefusalError(Exception):
    """An answer is wrong or missing; ``str(error)`` has one fault with its hint per line."""


class Asked(Enum):
    """When a question is asked: always, unless only required answers are wanted, or only to check a
    given answer.
    """

    ALWAYS = auto()
    FULLY = auto()
    IF_GIVEN = auto()


def anything(_answer: str) -> Iterable[str]:
    """Accept any answer."""
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """One field.

    ``what`` describes it in a line; ``check`` returns each fault of an answer as a line. With
    ``lines``, an answer may have several lines, and an empty line ends it.
    """

    name: str
    what: str
    check: Callable[[str], Iterable[str]] = anything
    needed: bool = True
    proposal: str = ""
    lines: bool = False
    asked: Asked = Asked.ALWAYS

    def wanted(self, given: Mapping[str, str], spare: bool) -> bool:
        """Return whether it is asked.

        :param spare: whether only required answers are wanted
        """
        return (
            self.name in given
            or self.asked is Asked.ALWAYS
            or (self.asked is Asked.FULLY and not spare)
        )


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry that can be added: its questions, and what is done with the answers.

    ``enough`` are the answers without which a person is asked for everything; ``read`` extracts
    answers from a complete entry.
    """

    answers: tuple[str, ...]
    enough: frozenset[str]
    read: Callable[[str], dict[str, str]]
    add: Callable[[Path, date, Asker, TextIO, bool, bool], None]


class Asker:
    """Provides an answer to each question.

    :param given: answers given in advance
    :param answers: the stream of further answers, one per line; ``None`` to ask nobody
    :param out: the stream for questions and faults
    :param patient: whether to ask again after a rejected answer, as suits a person
    """

    def __init__(
        self, given: Mapping[str, str], answers: TextIO | None, out: TextIO, patient: bool
    ) -> None:
        self.given = dict(given)
        self.answers = answers
        self.out = out
        self.patient = patient
        self.faults: list[str] = []

    def answer(self, question: Question) -> str:
        """Return the checked answer. If nobody is asked, faults are collected and reported
        together.

        :raises RefusalError: if the answers end, or an impatient run meets a fault
        """
        if question.name in self.given:
            text = self.given[question.name].strip()
            faults = self._faults(question, text)
            if not faults:
                return text
            if self.answers is None:
                self.faults += faults
                return text
            self._show(faults)
        elif self.answers is None:
            if question.needed and not question.proposal:
                self.faults.append(
                    f"{question.name} is missing (hint: add --{question.name}: {question.what})"
                )
            return question.proposal
        while True:
            text = self._read(question) or question.proposal
            if text == "-" and not question.needed:
                text = ""
            faults = self._faults(question, text)
            if not faults:
                self.given[question.name] = text
                return text
            self._show(faults)

    def ask_again(self, found: Mapping[Finding, str | None]) -> None:
        """Show findings, and drop the answer that each is about, so that it is asked for again.

        :raises RefusalError: if one is about no answer, or an impatient run meets any
        """
        report = "\n".join(map(str, found))
        if not self.patient or None in found.values():
            raise RefusalError(report)
        print(f"\nThe checks would find:\n{report}", file=self.out)
        for name in found.values():
            self.given.pop(name or "", None)

    def stop_at_faults(self) -> None:
        """Report all faults that were collected.

        :raises RefusalError: if there are any
        """
        if self.faults:
            raise RefusalError("\n".join(self.faults))

    def _faults(self, question: Question, text: str) -> list[str]:
        if not text:
            return [f"{question.name} is needed (hint: {question.what})"] if question.needed else []
        return list(question.check(text))

    def _show(self, faults: list[str]) -> None:
        if not self.patient:
            raise RefusalError("\n".join(faults))
        print(*(f"  ! {fault}" for fault in faults), sep="\n", file=self.out)

    def _read(self, question: Question) -> str:
        assert self.answers is not None
        optional = (
            ""
            if question.needed
            else " (- leaves it empty)"
            if question.proposal
            else " (may stay empty)"
        )
        end = "; an empty line ends it" if question.lines else ""
        print(f"\n{question.name}: {question.what}{optional}{end}", file=self.out)
        found: list[str] = []
        while True:
            shown = f" [{question.proposal}]" if question.proposal and not found else ""
            print(f"{question.name}{shown}> ", end="", flush=True, file=self.out)
            line = self.answers.readline()
            if not line and not found and (question.proposal or not question.needed):
                return ""
            if not line and not found:
                raise RefusalError(
                    f"the answers end before {question.name} (hint: give it as --{question.name})"
                )
            if not self.patient:
                self.out.write("\n")
            if not question.lines:
                return line.strip()
            if not line.strip():
                return "\n".join(found)
            found.append(line.rstrip())
