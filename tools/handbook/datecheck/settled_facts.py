"""R015: facts that sources settle, and about which pages once disagreed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from handbook.datecheck import words
from handbook.datecheck.tree import PassageText, Tree
from handbook.model.settled import Groups, Settled
from handbook.rules.findings import Finding
from handbook.rules.rule import rule


def _pattern(wordings: Iterable[str]) -> re.Pattern[str]:
    """Compile one of the wordings as whole words, also across the end of a line."""
    anyone = words.any_of(wordings).replace(r"\ ", r"\s+")
    # Chinese has no spaces between words
    return re.compile(rf"(?<![A-Za-z0-9])(?:{anyone})(?![A-Za-z0-9])", re.IGNORECASE)


class _Judge:
    """A settled fact with its patterns."""

    def __init__(self, fact: Settled) -> None:
        self.fact = fact
        self.about = list(map(_pattern, fact.about))
        self.never = _pattern(fact.never)
        self.unless = list(map(_pattern, fact.unless))

    def wrong(self, reading: PassageText) -> Iterator[re.Match[str]]:
        """Yield each wording that contradicts it; words in quotation marks are the source's."""
        prose = reading.prose
        if not self.never.search(prose):
            return
        named = [
            match.start() if (match := one.search(prose)) else len(prose) for one in self.about
        ]
        marks = words.quoted(prose)
        for start, end in reading.sentences:
            if end <= max(named):
                continue  # its subject comes later
            if self.unless and all(one.search(prose, start, end) for one in self.unless):
                continue
            for match in self.never.finditer(prose, start, end):
                if not any(first < match.start() < last for first, last in marks):
                    yield match


@rule("R015")
def settled(tree: Tree) -> Iterator[Finding]:
    """A sentence about a settled fact has none of the wordings that the sources contradict."""
    for fact in tree.settled:
        if fact.told not in tree.labels:
            message = f"{fact.id} names {fact.told!r}, which is not an anchor of a page"
            yield Finding(
                fact.place, "R015", message, "write the anchor of the section that states it"
            )
    judges = list(map(_Judge, tree.settled))
    for reading in tree.readings:
        for judge in judges:
            for match in judge.wrong(reading):
                yield Finding(
                    reading.place(match.start()),
                    "R015",
                    f"{' '.join(match[0].split())!r} is not what the sources say of this:"
                    f" {judge.fact.says}",
                    f"see #{judge.fact.told}{_needed(judge.fact.unless)}; or correct"
                    f" {judge.fact.id} in references/records/settled.yaml",
                    match[0],
                )


def _needed(unless: Groups) -> str:
    """Return the wordings that make a sentence right."""
    return "".join(f", and say {' or '.join(map(repr, group))}" for group in unless)
