"""A directive in a page: its name, argument and options, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from handbook.rules.findings import Finding, Fix, Place

#: Directives that the handbook adds to those of MyST.
OUR_DIRECTIVES = frozenset(
    {
        "milestone",
        "timeline",
        "standard",
        "adoptions",
        "countries",
        "offices",
        "meetings",
        "places",
        "catalogue",
        "relations",
        "changes",
        "finder",
        "purpose-grid",
        "comparisons",
        "indicator-themes",
        "profiles",
        "length-of",
        "self-check",
        "search-box",
        "rooms",
        "events",
    }
)


@dataclass(frozen=True, slots=True)
class Block:
    """A directive. ``place`` is where it opens, ``places`` are the places of the options' values.

    ``content`` is the text within it, ``None`` if it was not read.
    """

    name: str
    argument: str
    options: Mapping[str, str]
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict)
    content: str | None = None

    @property
    def line(self) -> int:
        """Return the line on which it opens."""
        return self.place.line

    def value(self, option: str) -> str:
        """Return the value of an option; empty if it is not there."""
        return self.options.get(option, "").strip()

    def words(self, option: str) -> tuple[str, ...]:
        """Return the words of an option, which spaces or commas separate."""
        return tuple(self.value(option).replace(",", " ").split())

    def place_of(self, option: str, word: str = "") -> Place:
        """Return the place of an option's value, or of a word in it; of the block itself if it is
        not there.
        """
        place = self.places.get(option)
        if place is None:
            return self.place
        match = word and re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", self.value(option))
        return place.after(match.start()) if match else place

    def finding(
        self,
        code: str,
        option: str,
        message: str,
        hint: str,
        *,
        word: str = "",
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding about an option, or about a word in it."""
        return Finding(self.place_of(option, word), code, message, hint, word or option, fix)


def one_of(word: str, choices: Iterable[str]) -> str:
    """Return the hint for a word that is none of the choices."""
    choices = [str(choice) for choice in choices]
    close = get_close_matches(word, choices, n=1)
    return (f"did you mean {close[0]}? " if close else "") + "use one of " + ", ".join(choices)
