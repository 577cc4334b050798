"""The day on which somebody compared a catalogue with its English, and a digest of what they read.

Both are in the head of the catalogue, ``X-Proofread: 2026-11-27 0123456789abcdef``, so that they
travel with the translation, and so that later changes can be detected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

#: The name of its line in the head of a catalogue.
HEADER = "X-Proofread"
HINT = "delete the line, or run: python tools/update_translations.py --proofread PAGE"
#: The day on which a catalogue was proof-read, and whether it is unchanged since; None if unread.
Reading = tuple[date, bool] | None
_LINE = re.compile(rf'^"{HEADER}:(?P<value>[^\n]*?)(?:\\n)?"$', re.MULTILINE | re.IGNORECASE)
_VALUE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d) (?P<digest>[0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Proofread:
    """The proof-reading of a whole catalogue."""

    day: date
    digest: str

    @classmethod
    def read(cls, catalogue: str) -> Proofread | None:
        """Return the proof-reading of a catalogue, or ``None`` if nobody has read it.

        :raises ValueError: if the line is not a day and a digest
        """
        head = catalogue.partition("\n\n")[0]
        if not (line := _LINE.search(head)):
            return None
        written = line["value"].strip()
        if not (value := _VALUE.fullmatch(written)):
            raise ValueError(written)
        try:
            return cls(date.fromisoformat(value["day"]), value["digest"])
        except ValueError:  # no such day
            raise ValueError(written) from None

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]], day: date) -> Proofread:
        """Return a proof-reading of these strings and their translations on a day."""
        read = "\0".join(f"{text}\0{translation}" for text, translation in sorted(pairs))
        return cls(day, blake2b(read.encode(), digest_size=8).hexdigest())

    def covers(self, pairs: Iterable[tuple[str, str]]) -> bool:
        """Return whether these strings and translations are those that were read."""
        return Proofread.of(pairs, self.day) == self

    def __str__(self) -> str:
        return f"{self.day} {self.digest}"


def reading(catalogue: str, pairs: Iterable[tuple[str, str]]) -> Reading:
    """Return the proof-reading of a catalogue, by its text and its pairs of strings; none if its
    line cannot be read, which the check reports.
    """
    try:
        found = Proofread.read(catalogue)
    except ValueError:
        return None
    return (found.day, found.covers(pairs)) if found else None


def together(readings: Iterable[Reading]) -> Reading:
    """Return the proof-reading of several catalogues: the day on which the last of them was read,
    and none if one was not.
    """
    all_of_them = [*readings]
    found = [one for one in all_of_them if one]
    if not found or len(found) < len(all_of_them):
        return None
    return max(day for day, _same in found), all(same for _day, same in found)
