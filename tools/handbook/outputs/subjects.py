"""Whom and what a milestone names: standards, people and bodies, each by one name.

The timeline's filter takes these names, and pages lead to the events that name what they are about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from handbook.model import iso_reference
from handbook.model.catalogue import Catalogue, Deliverable
from handbook.model.milestones import Milestone
from handbook.model.records import Person

_ISO = re.compile(r"\bISO(?:/[A-Z]+)*(?: [A-Z]+)* (\d{4,5}(?:-\d+)*)(?![\d-])")


def standard(deliverable: Deliverable) -> str:
    """The name of a standard in all its editions: ``ISO 37101``."""
    return f"ISO {deliverable.number}"


class Subjects:
    """Finds names that are known. A person is found in every spelling that sources use."""

    def __init__(self, catalogue: Catalogue, people: Iterable[Person]) -> None:
        self._numbers = {one.number for one in catalogue.deliverables}
        self._people = {
            spelling: one.name for one in people for spelling in (one.name, *one.spellings)
        }
        spellings = sorted(self._people, key=len, reverse=True)
        # No word begins or ends within a Latin name; Chinese has no such borders.
        any_of = "|".join(map(_whole, spellings))
        self._names = re.compile(any_of) if spellings else None

    def of(self, milestone: Milestone, text: str, publication: str = "") -> list[str]:
        """The names, without repetition.

        :param text: the milestone's story in plain words
        :param publication: the reference of the standard whose publication it is
        """
        told = f"{milestone.title}\n{text}"
        numbers = [iso_reference.number(publication)] if publication else _ISO.findall(told)
        standards = [f"ISO {number}" for number in numbers if number in self._numbers]
        people = self._names.findall(told) if self._names else []
        names = [*standards, *(self._people[name] for name in people), *milestone.bodies]
        return list(dict.fromkeys(names))


def _whole(name: str) -> str:
    before, after = (r"(?<!\w)", r"(?!\w)") if name.isascii() else ("", "")
    return f"{before}{re.escape(name)}{after}"
