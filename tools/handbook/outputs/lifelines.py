"""Lifelines of editions: a row for each number, a bar from the publication of an edition to that of
the next, and a hollow bar for a draft. On a page a number is above its bars, so that a picture is
as wide as a phone and several fit side by side; in a book it is beside them.

What the catalogue does not have, such as the day of a withdrawal without a successor, is not drawn:
such a bar fades at its open end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from handbook.model.catalogue import Catalogue, Deliverable, State, Status
from handbook.model.marks import ENGLISH, Marks
from handbook.model.strands import STATES, kind
from handbook.outputs import svg

_TOP = 20.0
#: The width of a bold letter of a number.
_DIGIT = 8.4


@dataclass(frozen=True, slots=True)
class _Form:
    """The layout: the height of a row and of its bars within it, where years begin and how wide
    they are, where the name of a number begins, and its greatest length in letters.
    """

    row: float
    bars: float
    left: float
    year: float
    name: float
    letters: int


_BOOK = _Form(row=18, bars=0, left=288, year=32, name=74, letters=33)
_PAGE = _Form(row=30, bars=14, left=0, year=20, name=60, letters=40)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the picture."""

    title: str
    description: str
    draft: str
    states: Mapping[State, str]
    marks: Marks = ENGLISH


def rows(members: Iterable[Deliverable]) -> list[tuple[str, list[Deliverable]]]:
    """Return the numbers with their editions, oldest first; supplements are listed with their
    base.
    """
    found: dict[str, list[Deliverable]] = {}
    for one in members:
        found.setdefault(one.number + one.part, []).append(one)
    return [
        (number, sorted(editions, key=_when))
        for number, editions in sorted(found.items(), key=_key)
    ]


def _key(row: tuple[str, list[Deliverable]]) -> tuple[int, str]:
    digits = "".join(filter(str.isdigit, row[0].partition("-")[0]))
    return int(digits or 0), row[0]


def _when(one: Deliverable) -> tuple[date, str]:
    return (one.published.earliest if one.published else date.max), one.reference


def draw(
    members: Iterable[Deliverable],
    catalogue: Catalogue,
    years: Sequence[int],
    words: Words,
    *,
    id_: str,
    today: date,
    names: Mapping[str, str],
    link: Callable[[Deliverable], str],
    book: bool = False,
) -> str:
    """Return the SVG of one family, for a page or for a ``book``.

    :param years: the years of the axis; the last is that of ``today``
    :param names: a short name of each deliverable, by its slug
    """
    form = _BOOK if book else _PAGE
    left, year = form.left, form.year
    first = date(years[0], 1, 1)

    def at(day: date) -> float:
        return left + max((day - first).days, 0) * year / 365.25

    shown = rows(members)
    width, height = left + len(years) * year + 62, _TOP + len(shown) * form.row + 3
    parts: list[str] = []
    for place, shown_year in enumerate(years):
        x = left + place * year
        parts.append(svg.line(x, _TOP - 4, x, height))
        parts.append(
            svg.text(x + year / 2, 12, f"{shown_year % 100:02d}", fill="quiet", anchor="middle")
        )
    parts.append(svg.text(at(today) + 8, 12, words.draft, fill="quiet"))
    for place, (number, editions) in enumerate(shown):
        y = _TOP + place * form.row
        named = next((one for one in reversed(editions) if names.get(one.slug)), editions[-1])
        beside = max(form.name, len(number) * _DIGIT)
        parts += [
            svg.text(0, y + 13, number, bold=True),
            svg.text(beside, y + 13, _short(names.get(named.slug, ""), form.letters), fill="quiet"),
            *(
                svg.link(
                    link(one),
                    one.reference + words.marks.within(words.states[one.state]),
                    _bar(one, catalogue, at, y + form.bars, today),
                    reached=False,
                )
                for one in editions
            ),
        ]
    return svg.picture(
        width, height, parts, id_=id_, title=words.title, description=words.description
    )


def _short(name: str, most: int) -> str:
    """Shorten a name to whole words that fit beside a number."""
    if len(name) <= most:
        return name
    return name[: name.rindex(" ", 0, most)].rstrip(" ,:") + " …"


def _bar(
    one: Deliverable,
    catalogue: Catalogue,
    at: Callable[[date], float],
    y: float,
    today: date,
) -> list[str]:
    name, colour = kind(one.state), STATES[one.state].colour
    if not one.published:
        x = at(today) + 8
        return [svg.hued(x, y + 4, 46, 11, colour=colour, kind=name, hollow=True, dashed=True)]
    start = at(one.published.earliest)
    if one.doing:
        return [svg.hued(start, y + 1, 5, 17, colour=colour, kind=name)]
    after = [
        other.published.earliest
        for id_ in one.replaced_by
        if (other := catalogue.by_id.get(id_)) and other.published
    ]
    end = at(min(after, default=today))
    gone = one.status is Status.WITHDRAWN
    return [
        svg.hued(
            start,
            y + 4,
            max(end - start - 1, 3),
            11,
            colour=colour,
            kind=name,
            hollow=gone,
            dashed=gone and not after,
        )
    ]
