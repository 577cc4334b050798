"""A string and its translation, both read as pages are read."""

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
    """A string of a page or of data, and its translation in a catalogue."""

    source: Translatable
    string: String
    entry: Entry

    @cached_property
    def ours(self) -> Passage:
        """Return the English string, read."""
        return _read(self.string.text)[0]

    @property
    def theirs(self) -> Passage:
        """Return the translation, read."""
        return self._translation[0]

    @property
    def is_one_paragraph(self) -> bool:
        """Return whether the translation is one paragraph and no more."""
        return self._translation[1]

    @cached_property
    def _translation(self) -> tuple[Passage, bool]:
        return _read(self.entry.translation)

    @cached_property
    def facts(self) -> tuple[Facts, Facts]:
        """Return the facts of the English string, and those of the translation."""
        return same_facts.facts(self.ours.prose), same_facts.facts(self.theirs.prose)

    def finding(self, code: str, message: str, hint: str, subject: str = "") -> Finding:
        """Return a finding at the translation, which names the place of the English string."""
        english = f"{self.source.path}:{self.string.line}"
        return Finding(self.entry.place, code, f"{message} ({english})", hint, subject)


def _read(text: str) -> tuple[Passage, bool]:
    """Read a string as pages are read; return it, and whether it is one paragraph and no more."""
    page = parse_page(_NOWHERE, f"{text}\n".encode())
    plain = len(page.passages) == 1 and page.passages[0].text == text.strip()
    alone = not (page.blocks or page.labels or page.html or page.literal or page.classes)
    text_only = plain and not any(span.kind == "html" for span in page.passages[0].spans)
    whole = text_only and alone and page.passages[0].kind == "paragraph"
    return (page.passages[0] if plain else Passage("paragraph", text, [(0, 1, 1)])), whole
