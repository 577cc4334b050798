"""The standards, people and bodies that a milestone names, each by one name, and its country.

The timeline's filter uses these names, and pages link to the events that name their subject.
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
    """Return the name of a standard in all its editions: ``ISO 37101``."""
    return f"ISO {deliverable.number}"


class Subjects:
    """Finds known names. A person is found in every spelling that sources use."""

    def __init__(self, catalogue: Catalogue, people: Iterable[Person]) -> None:
        self._numbers = {one.number for one in catalogue.deliverables}
        self._people = {
            spelling: one.name for one in people for spelling in (one.name, *one.spellings)
        }
        spellings = sorted(self._people, key=len, reverse=True)
        # A Latin name neither begins nor ends within a word; Chinese has no such boundaries.
        any_of = "|".join(map(_whole, spellings))
        self._names = re.compile(any_of) if spellings else None

    def of(self, milestone: Milestone, text: str, publication: str = "") -> list[str]:
        """Return the names, without repetition.

        :param text: the milestone's text without markup
        :param publication: the reference of the standard whose publication it is
        """
        told = f"{milestone.title}\n{text}"
        numbers = [iso_reference.number(publication)] if publication else _ISO.findall(told)
        standards = [f"ISO {number}" for number in numbers if number in self._numbers]
        # most milestones name nobody, which is found out sooner without the pattern
        named = any(spelling in told for spelling in self._people)
        people = self._names.findall(told) if self._names and named else []
        names = [*standards, *(self._people[name] for name in people), *milestone.bodies]
        return list(dict.fromkeys(names))


class Countries:
    """Knows the countries of places by their records; a place without a record has none.

    :param known: names of places, each with the name of its country
    """

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        of: dict[str, set[str]] = {}
        for name, country in known:
            of.setdefault(name, set()).add(country)
        # A name that is in two countries tells of neither.
        self._known = [
            (re.compile(_whole(name)), next(iter(countries)))
            for name, countries in of.items()
            if len(countries) == 1
        ]

    def beside(self, place: str) -> str:
        """Return a place, with the countries that its words do not name: ``Hangzhou|China``."""
        found = (country for name, country in self._known if name.search(place))
        beside = (one for one in found if not re.search(_whole(one), place))
        return "|".join(dict.fromkeys([place, *beside]))


def _whole(name: str) -> str:
    before, after = (r"(?<!\w)", r"(?!\w)") if name.isascii() else ("", "")
    return f"{before}{re.escape(name)}{after}"
