"""Dates with exactly the precision a source gives: a subset of the Extended Date/Time Format.

The format is that of ISO 8601-2:2019, annex A (EDTF, https://www.loc.gov/standards/datetime/): all
of level 0 without times of day and the year 0000, and of level 1 the qualifiers ``?`` (uncertain),
``~`` (approximate), ``%`` (both), years with unspecified digits (``201X``, ``20XX``, ``XXXX``) and
intervals with an open end (``2019/..``, ``../2014``).

Unlike the ``edtf`` package on PyPI, this module rejects days that do not exist.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, IntEnum
from functools import lru_cache

from handbook.cli import HandbookError
from handbook.rules.findings import Fix, Place

_POINT = re.compile(
    r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX|XXXX)"
    r"(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?(?P<qualifier>[?~%]?)",
)
_OPEN = ".."
_FORM = "is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"


#: Dates of the field are between these years; others are slips, and some exceed any calendar.
YEARS = (1800, 2199)


class EdtfError(HandbookError):
    """A text is not a date of this subset.

    ``text`` is the date as typed, ``same`` the correct form with the same digits, where only the
    form is wrong.
    """

    def __init__(self, problem: str, hint: str, text: str = "", same: str = "") -> None:
        super().__init__(problem, hint)
        self.text = text
        self.same = same

    def fix(self, place: Place) -> Fix | None:
        """Return the safe change of the text at a place, or ``None``."""
        return Fix(place, self.text, self.same) if self.same else None


class Precision(IntEnum):
    """How precise a date is; a greater value is more precise."""

    UNKNOWN = 0
    CENTURY = 1
    DECADE = 2
    YEAR = 3
    MONTH = 4
    DAY = 5


class Order(Enum):
    """How two dates relate in time, as far as their precision allows."""

    BEFORE = "before"
    AFTER = "after"
    OVERLAPS = "overlaps"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Point:
    """One date with the precision of a day, month or year, or coarser.

    ``year`` is 0 to 9999 and, where digits are unspecified, the first year that fits; ``month`` and
    ``day`` are ``None`` beyond the precision; ``uncertain`` and ``approximate`` are the qualifiers
    ``?`` and ``~`` (``%`` sets both).
    """

    year: int
    month: int | None
    day: int | None
    precision: Precision
    uncertain: bool = False
    approximate: bool = False

    @property
    def earliest(self) -> date:
        """Return the first day that the date can mean."""
        return date(max(self.year, 1), self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Return the last day that the date can mean."""
        year = self.year + {
            Precision.UNKNOWN: 9999,
            Precision.CENTURY: 99,
            Precision.DECADE: 9,
        }.get(self.precision, 0)
        month = self.month or 12
        return date(year, month, self.day or monthrange(year, month)[1])

    @property
    def _slack(self) -> timedelta:
        """Return how far a qualified date may be off: one unit of its own precision (our
        convention; EDTF gives no figure).
        """
        if not (self.uncertain or self.approximate):
            return timedelta(0)
        return self.latest - self.earliest + timedelta(1)


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date or an interval. ``start`` or ``end`` is ``None`` at an open end; they are equal for a
    single date.
    """

    text: str
    start: Point | None
    end: Point | None

    @property
    def is_interval(self) -> bool:
        """Return whether it is an interval, not a single date."""
        return "/" in self.text

    @property
    def is_unknown(self) -> bool:
        """Return whether the text means only that the date is unknown (``XXXX``)."""
        return (
            not self.is_interval
            and self.start is not None
            and self.start.precision is Precision.UNKNOWN
        )

    @property
    def is_plausible(self) -> bool:
        """Return whether each known end is between :data:`YEARS`."""
        ends = [end for end in (self.start, self.end) if end]
        return all(
            YEARS[0] <= end.earliest.year and end.latest.year <= YEARS[1]
            for end in ends
            if end.precision is not Precision.UNKNOWN
        )

    @property
    def precision(self) -> Precision:
        """Return the more precise of the two ends' precisions."""
        return max(point.precision for point in (self.start, self.end) if point is not None)

    @property
    def uncertain(self) -> bool:
        """Return whether an end has ``?`` or ``%``."""
        return any(point.uncertain for point in (self.start, self.end) if point)

    @property
    def approximate(self) -> bool:
        """Return whether an end has ``~`` or ``%``."""
        return any(point.approximate for point in (self.start, self.end) if point)

    @property
    def earliest(self) -> date:
        """Return the first day that the date can mean; ``date.min`` at an open start."""
        return self.start.earliest if self.start else date.min

    @property
    def latest(self) -> date:
        """Return the last day that the date can mean; ``date.max`` at an open end."""
        return self.end.latest if self.end else date.max

    @property
    def sort_key(self) -> tuple[date, date, str]:
        """Sort by the earliest day, the more precise date first; an open start sorts by its end."""
        return (self.earliest if self.start else self.latest, self.latest, self.text)

    def compare(self, other: Edtf) -> Order:
        """Return how the two relate in time, claiming no more than their precision allows.

        A date coarser than a day is *one unknown day* in its span; an interval is *all* days from
        its start to its end.
        """
        if self._last_possible < other._first_possible:
            return Order.BEFORE
        if other._last_possible < self._first_possible:
            return Order.AFTER
        surely = (
            self._start_at_latest <= other._end_at_earliest
            and other._start_at_latest <= self._end_at_earliest
        )
        return Order.OVERLAPS if surely else Order.CANNOT_TELL

    def contradicts(self, *others: Edtf) -> bool:
        """Return whether there are others, and it can be the same as none of them."""
        apart = {Order.BEFORE, Order.AFTER}
        return bool(others) and all(self.compare(other) in apart for other in others)

    @property
    def _first_possible(self) -> date:
        return _shift(self.start.earliest, -self.start._slack) if self.start else date.min

    @property
    def _last_possible(self) -> date:
        return _shift(self.end.latest, self.end._slack) if self.end else date.max

    @property
    def _start_at_latest(self) -> date:
        return (
            min(_shift(self.start.latest, self.start._slack), self._last_possible)
            if self.start
            else date.min
        )

    @property
    def _end_at_earliest(self) -> date:
        return (
            max(_shift(self.end.earliest, -self.end._slack), self._first_possible)
            if self.end
            else date.max
        )

    def __str__(self) -> str:
        return self.text


def _shift(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta(0) else date.min


@lru_cache(maxsize=4096)
def parse(text: str) -> Edtf:
    """Read a date.

    :raises EdtfError: if ``text`` is not of the subset, names a day that does not exist, or an
        interval runs backwards.
    """
    if text != text.strip():
        bare = text.strip()
        message, hint = f"{text!r} has spaces around the date", f"write {bare}"
        raise EdtfError(message, hint, text, _same(text, bare))
    meant, hint = _beyond(text)
    if hint:
        form = _UNUSED if _VALID.fullmatch(text) else _FORM
        raise EdtfError(f"{text!r} {form}", hint, text, _same(text, meant))
    parts = text.split("/")
    if len(parts) == 1:
        point = _parse_point(text)
        return Edtf(text, point, point)
    if len(parts) != 2:
        raise EdtfError(
            f"{text!r} has more than one slash",
            "write an interval as START/END, for example 2018-05-14/2018-05-18",
        )
    start, end = (None if part == _OPEN else _parse_point(part, whole=text) for part in parts)
    if all(one is None or one.precision is Precision.UNKNOWN for one in (start, end)):
        raise EdtfError(
            f"{text!r} is open or unknown on both sides",
            "give at least one end, or write XXXX for a date nobody knows",
        )
    if start and end and end.latest < start.earliest:
        raise EdtfError(
            f"{text!r} ends before it starts",
            f"write {parts[1]}/{parts[0]} if the ends are swapped",
        )
    return Edtf(text, start, end)


def _parse_point(text: str, whole: str | None = None) -> Point:
    match = _POINT.fullmatch(text)
    if not match:
        meant = _other_marks(text)
        hint = f"write {meant}" if meant else _guess_hint(text)
        same = "" if whole else _same(text, meant)
        raise EdtfError(f"{whole or text!r} {_FORM}", hint, text, same)
    digits, month, day, qualifier = match["year"], match["month"], match["day"], match["qualifier"]
    unspecified = digits.count("X")
    if unspecified and month:
        raise EdtfError(f"{text!r} has a month in an unspecified year", f"write {digits}")
    precision = {
        0: Precision.YEAR,
        1: Precision.DECADE,
        2: Precision.CENTURY,
        4: Precision.UNKNOWN,
    }[unspecified]
    if month:
        precision = Precision.DAY if day else Precision.MONTH
    year = int(digits.replace("X", "0"))
    if not unspecified and year == 0:
        raise EdtfError(
            f"{text!r} has the year 0000, which is not used here",
            "write the year with four digits, for example 2016",
        )
    if month and not 1 <= int(month) <= 12:
        raise EdtfError(f"{text!r} has the month {month}", "write a month from 01 to 12")
    if day and not 1 <= int(day) <= monthrange(year, int(month))[1]:
        raise EdtfError(
            f"{text!r} is a day that does not exist",
            f"{year}-{month} has {monthrange(year, int(month))[1]} days; write {year:04}-{month} if"
            " the source gives no day",
        )
    return Point(
        year,
        int(month) if month else None,
        int(day) if day else None,
        precision,
        uncertain=qualifier in {"?", "%"},
        approximate=qualifier in {"~", "%"},
    )


#: The names of months in English pages.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORT_MONTHS = tuple(name[:3].lower() for name in MONTHS)


#: Forms of EDTF outside our subset, and slips in whole dates, with what is meant.
_MEANT = (
    (r"([0-9]{4})-(?:XX(?:-XX)?|[01]X|XX-[0-9]{2})", r"\1"),
    (r"([0-9]{4}-[0-9]{2})-[0-3]X", r"\1"),
    (r"([0-9]X{3})(?:-[0-9X]{2})+", "XXXX"),
    (r"([0-9]{3}X|[0-9]{2}XX|XXXX)(?:-[0-9X]{2}){1,2}", r"\1"),
    (r"X{1,3}/(.+)", r"../\1"),
    (r"(.+)/X{1,3}", r"\1/.."),
    (r"([0-9]{4}-[0-9]{2})-XX", r"\1"),
    (r"([^/]+)/", r"\1/.."),
    (r"/([^/]+)", r"../\1"),
    (r"(?i)(?:about|around|circa|ca\.?|c\.)\s*([0-9]{4}(?:-[0-9]{2}){0,2})", r"\1~"),
    (r"([0-9]{4})/([0-9]{2})/([0-9]{2})", r"\1-\2-\3"),
    (r"([0-9]{3})[0-9]S[12]", r"\1X"),
)
#: EDTF of levels 0 to 2 that is outside our subset.
_VALID = re.compile(
    r"[0-9]{4}-(?:2[1-9]|3[0-9]|4[01])|[0-9X]{4}(?:-[0-9X]{2}){1,2}|Y-?[0-9]+(?:E[0-9]+)?"
    r"|-[0-9]{4}|[0-9]{4}S[0-9]|[\[{][0-9., -]+[\]}]|/?[0-9]{4}(?:-[0-9]{2}){0,2}/?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.Z+-]+|[0-9]{4}(?:-[0-9]{2})?[~?%]-[0-9-]+"
)
_UNUSED = "is EDTF, but of a form that is not used here"
#: The same, where more than one thing can be meant.
_BEYOND = (
    (
        r"([0-9]{4})-(?:2[1-9]|3[0-9]|4[01])",
        r"write \1, or a month from 01 to 12: EDTF's seasons are not used",
    ),
    (r"(.*-[0-9]{2})T[0-9:.Z+-]+", r"write \1, without the time of day"),
    (r"[\[{]([0-9-]+)(?:,\s*[0-9-]+)*(?:,\s*|\.\.)([0-9-]+)[\]}]", r"write \1/\2 for a span"),
    (r"Y-?[0-9E]+|-[0-9]{4,}|[0-9]{5,7}", "write the year with four digits, for example 2016"),
    (r"[\[{](?:\.\.[0-9-]+|[0-9-]+\.\.)[\]}]", "write ../1984 or 1984/.. for an open span"),
    (r"([0-9]{4}(?:-[0-9]{2})?)[~?%](-.*)", r"write the mark after the date: \1\2~"),
)
#: Digits and hyphens that keyboards and typesetting produce instead of the ASCII ones.
_TYPED = str.maketrans("０１２３４５６７８９‐‑‒–—−－／", "0123456789-------/")


def _beyond(text: str) -> tuple[str, str]:
    """Return the date meant by a form outside our subset, and the hint; empty texts if it has no
    such form.
    """
    plain = text.translate(_TYPED)
    for pattern, meant in _MEANT:
        if match := re.fullmatch(pattern, plain):
            return match.expand(meant), "write " + match.expand(meant)
    for pattern, hint in _BEYOND:
        if match := re.fullmatch(pattern, plain):
            return "", match.expand(hint)
    return (plain, f"write {plain}") if plain != text else ("", "")


def _other_marks(text: str) -> str:
    """Return the form that was meant, where only separators or leading zeros are missing or wrong;
    else an empty text.
    """
    if match := re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", text):
        return "-".join(match.groups())
    if match := re.fullmatch(r"([0-9]{4})[./年-]([0-9]{1,2})(?:[./月-]([0-9]{1,2})日?|月)?", text):
        return "-".join([match[1], *(part.zfill(2) for part in match.groups()[1:] if part)])
    return ""


def _same(text: str, meant: str) -> str:
    """Return ``meant`` if it is a date with the same digits, so that a program may write it; else
    an empty text.
    """
    if not meant:
        return ""
    try:
        parse(meant)
    except EdtfError:
        return ""
    numbers, others = (
        [number.lstrip("0") for number in re.findall(r"\d+", one)] for one in (text, meant)
    )
    digits = re.sub(r"\D", "", text) == re.sub(r"\D", "", meant)
    return meant if numbers == others or digits else ""


def _guess_hint(text: str) -> str:
    """Return a hint with the form that was probably meant, only where there is one reading."""
    words = re.fullmatch(
        r"(?i)(?:([0-9]{1,2})(?:st|nd|rd|th)?\s+)?([a-z]{3,9})\.?\s+"
        r"(?:([0-9]{1,2})(?:st|nd|rd|th)?,?\s+)?([0-9]{4})",
        text,
    )
    if words and words[2][:3].lower() in _SHORT_MONTHS and not (words[1] and words[3]):
        day = words[1] or words[3]
        return f"write {words[4]}-{_SHORT_MONTHS.index(words[2][:3].lower()) + 1:02}" + (
            f"-{int(day):02}" if day else ""
        )
    if match := re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})", text):
        # 3/4/2019 has two readings
        numbers = sorted((int(match[1]), int(match[2])))
        if numbers[0] <= 12 < numbers[1] <= 31:
            return f"write {match[3]}-{numbers[0]:02}-{numbers[1]:02}"
    if re.fullmatch(r"[~?%][0-9-]+", text):
        return f"write the mark after the date: {text[1:]}{text[0]}"
    if text == "":
        return "write .. for an open end, XXXX for a date nobody knows"
    return (
        "write for example 2016, 2016-07 or 2016-07-12; about: 2016~; perhaps: 2016?; from/to:"
        " 2018-05-14/2018-05-18"
    )
