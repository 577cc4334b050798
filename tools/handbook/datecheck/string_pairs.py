"""A string and its translation, read as the readers of pages know them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from handbook.datecheck import same_facts
from handbook.datecheck.same_facts import Facts
from handbook.model.pages import Passage, parse_page
from handbook.model.translations import Entry, String, Translatable
from handbook.rules.findings import Finding

_NOWHERE = Path("translation.md")


@dataclass(frozen=True)
class Pair:
    """A string of a page or of data, and what a catalogue makes of it."""

    source: Translatable
    string: String
    entry: Entry

    @cached_property
    def ours(self) -> Passage:
        """The English string, read."""
        return _read(self.string.text)[0]

    @property
    def theirs(self) -> Passage:
        """The translation, read."""
        return self._translation[0]

    @property
    def is_one_paragraph(self) -> bool:
        """Whether the translation is that and no more."""
        return self._translation[1]

    @cached_property
    def _translation(self) -> tuple[Passage, bool]:
        return _read(self.entry.translation)

    @cached_property
    def facts(self) -> tuple[Facts, Facts]:
        """What the one says, and what the other."""
        return same_facts.facts(self.ours.prose), same_facts.facts(self.theirs.prose)

    def finding(self, code: str, message: str, hint: str, subject: str = "") -> Finding:
        """A finding at the translation, which names the place of the English string."""
        english = f"{self.source.path}:{self.string.line}"
        return Finding(self.entry.place, code, f"{message} ({english})", hint, subject)


def _read(text: str) -> tuple[Passage, bool]:
    """A string as the readers of pages know it, and whether it is one paragraph and no more."""
    page = parse_page(_NOWHERE, f"{text}\n".encode())
    plain = len(page.passages) == 1 and page.passages[0].text == text.strip()
    alone = not (page.blocks or page.labels or page.html or page.literal or page.classes)
    text_only = plain and not any(span.kind == "html" for span in page.passages[0].spans)
    whole = text_only and alone and page.passages[0].kind == "paragraph"
    return (page.passages[0] if plain else Passage("paragraph", text, [(0, 1, 1)])), whole
