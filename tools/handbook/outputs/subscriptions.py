"""What a reader can subscribe to besides the whole timeline: a strand, a place, a person, body or
standard, a page.

Each selection is a file that the timeline's filter can link to: ``timeline.js`` builds the same
names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from handbook.model.strands import Strand
from handbook.outputs.tables import Fact

#: With fewer events than this, a place, name or page gets no subscription; ``timeline.js`` counts
#: in the same way.
_AT_PLACE, _ABOUT, _ON_PAGE = 3, 3, 2
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
    facts: Iterable[Fact],
    strands: Mapping[Strand, str],
    pages: Mapping[str, str],
    named: Mapping[str, Collection[str]],
    where: Mapping[str, str],
) -> Iterator[Selection]:
    """Yield every strand that has facts, then places, then whom and what facts name, then pages.

    :param strands: the name of each strand
    :param pages: the title of each page by its address
    :param named: whom and what each milestone names, by its own name
    :param where: the place of each milestone and its country, with a bar between them
    """
    all_facts = list(facts)

    def those(kind: str, value: str, title: str, found: Iterable[Fact]) -> Selection:
        return Selection(kind, value, title, tuple(found))

    for strand, title in strands.items():
        if found := [fact for fact in all_facts if strand in fact.milestone.strands]:
            yield those("strand", strand, title, found)
    for place in _often((text.split("|") for text in where.values()), _AT_PLACE):
        wanted = place.lower()
        at_place = (one for one in all_facts if wanted in where.get(one.milestone.name, "").lower())
        yield those("place", place, place, at_place)
    for name in _often(named.values(), _ABOUT):
        about = (one for one in all_facts if name in named.get(one.milestone.name, ()))
        yield those("about", name, name, about)
    of_page = Counter(_page(fact) for fact in all_facts)
    for page, title in sorted(pages.items(), key=lambda one: one[1]):
        if of_page[page] >= _ON_PAGE:
            yield those("page", page, title, (one for one in all_facts if _page(one) == page))


def path(kind: str, value: str) -> str:
    """Return the files of a selection among the exports, without their endings."""
    slug = re.sub(r"[\W_]+", "-", f"{kind}-{value.removesuffix('.html')}")
    return f"{FOLDER}/{slug.strip('-').lower()}"


def _often(told: Iterable[Iterable[str]], times: int) -> list[str]:
    """Return the names that enough milestones have, sorted."""
    numbers = Counter(name for names in told for name in names)
    return sorted(name for name, number in numbers.items() if number >= times)


def _page(fact: Fact) -> str:
    return (fact.address or "").partition("#")[0]
