"""What a reader can subscribe to besides the whole timeline: a strand, a place, a page.

Each selection is a file that the timeline's filter can link to: ``timeline.js`` builds the same
names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from handbook.model.strands import Strand
from handbook.outputs.tables import Fact

#: With fewer events than this, a place or page gets no subscription.
_AT_PLACE, _ON_PAGE = 3, 2
#: The folder of the files among the exports.
FOLDER = "timeline"


@dataclass(frozen=True, slots=True)
class Selection:
    """A selection of the facts. ``kind`` is the field of the filter, ``value`` its value."""

    kind: str
    value: str
    title: str
    facts: tuple[Fact, ...]

    @property
    def path(self) -> str:
        """Return its files among the exports, without their endings."""
        return path(self.kind, self.value)


def selections(
    facts: Iterable[Fact], strands: Mapping[Strand, str], pages: Mapping[str, str]
) -> Iterator[Selection]:
    """Yield every strand that has facts, then places, then pages.

    :param strands: the name of each strand
    :param pages: the title of each page by its address
    """
    all_facts = list(facts)

    def those(kind: str, value: str, title: str, found: Iterable[Fact]) -> Selection:
        return Selection(kind, value, title, tuple(found))

    for strand, title in strands.items():
        if found := [fact for fact in all_facts if strand in fact.milestone.strands]:
            yield those("strand", strand, title, found)
    for place in places(fact.milestone.place for fact in all_facts):
        wanted = place.lower()
        at_place = (one for one in all_facts if wanted in (one.milestone.place or "").lower())
        yield those("place", place, place, at_place)
    of_page = Counter(_page(fact) for fact in all_facts)
    for page, title in sorted(pages.items(), key=lambda one: one[1]):
        if of_page[page] >= _ON_PAGE:
            yield those("page", page, title, (one for one in all_facts if _page(one) == page))


def path(kind: str, value: str) -> str:
    """Return the files of a selection among the exports, without their endings."""
    slug = re.sub(r"[\W_]+", "-", f"{kind}-{value.removesuffix('.html')}")
    return f"{FOLDER}/{slug.strip('-').lower()}"


def places(told: Iterable[str | None]) -> list[str]:
    """Return the places named often enough, by name."""
    counted = Counter(place for place in told if place)
    return sorted(place for place, number in counted.items() if number >= _AT_PLACE)


def _page(fact: Fact) -> str:
    return (fact.address or "").partition("#")[0]
