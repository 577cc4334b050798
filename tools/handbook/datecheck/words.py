"""Dates and other telling words in running text, English and Chinese."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from handbook.model import edtf
from handbook.model.edtf import MONTHS

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}

_MONTH_NUMBER = (
    {name.lower(): number for number, name in enumerate(MONTHS, 1)}
    | {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
    | {"sept": 9}
)
_M = rf"(?:{'|'.join(MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_W = rf"(?:{'|'.join(WEEKDAYS)}|(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?)"
_D = r"\d{1,2}(?:st|nd|rd|th)?"
_TO = r"\s*(?:–|—|-|\bto\b|\band\b|\bor\b|\buntil\b)\s*"
_Y = r"\d{4}(?!\d)"
_CY = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})"
_CN = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"

_ENGLISH = re.compile(
    rf"""
    (?:(?P<weekday>\b{_W}),?\s+(?:the\s+)?)?
    (?:
      (?P<d1>(?<![\d.])\b{_D})\s*(?:(?:–|—|-|\bto\b|\band\b)\s*(?P<d2>{_D})\s+)?(?:\bof\s+)?(?P<m1>\b{_M}),?(?:\s+(?P<y1>{_Y}))?
    | (?P<m2>\b{_M})\s+(?P<d3>{_D})(?:\s*(?:–|—|-|\bto\b)\s*(?P<d4>{_D}))?(?!\d|\s+{_M})
      (?:,?\s+(?P<y2>{_Y}))?
    | (?P<m3>\b{_M}),?\s+(?:of\s+)?(?P<y3>{_Y})
    )
    (?P<after>,?\s*(?:\(|\ba\s+){_W}\b\)?)?
    """,
    re.VERBOSE,
)
_CHINESE = re.compile(
    rf"""
    (?P<y>{_CY})\s*年(?:\s*(?P<m>{_CN})\s*月(?:\s*(?P<d>{_CN})\s*[日号]?(?:\s*[-–—~～至到]\s*(?P<d2>{_CN})\s*[日号])?)?)?
    (?:\s*[（(]?\s*(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])\s*[）)]?)?
    """,
    re.VERBOSE,
)
_ISO = re.compile(r"(?<![\w/.:-])(?:1[89]|20|21)\d\d-\d\d(?:-\d\d)?(?![\w/-])")
_NUMERIC = re.compile(
    r"(?<![\w./:-])(?:\d{1,2}(?P<s>[/.-])\d{1,2}(?P=s)(?:\d{4}|\d{2})|\d{4}(?P<t>[/.])\d{1,2}(?P=t)\d{1,2})(?![\w/-]|\.\d)",
)
_YEAR = re.compile(
    r"(?:\b(?P<lead>[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Ff]rom|[Bb]efore|[Aa]fter|[Dd]uring|[Oo]f|[Ee]arly|[Ll]ate|[Mm]id|[Yy]ear|[Bb]etween"
    r"|[Ss]ummer|[Ss]pring|[Aa]utumn|[Ww]inter)(?:\s+of)?(?:\s+the\s+year)?[\s-]+)"
    r"(?P<y1>(?:1[89]|20)\d\d)(?P<decade>s\b)?(?![\w:/-]|[.,]\d)(?:\s*(?:–|—|\bto\b|\band\b|\bor\b)\s*(?P<y2>(?:1[89]|20)\d\d)(?![\w:/-]|[.,]\d))?",
)

RELATIVE = re.compile(
    r"\b(?:recently|currently|nowadays|lately|presently|at (?:the )?present|at the moment|these"
    r" days|as yet|so far|until now|up to now"
    r"|(?:in )?recent (?:years?|months?|weeks?|times)|to"
    r" date|today|now|shortly|(?:will|would|to|may|can)\s+soon|soon\s+(?:be|to|will|have)"
    r"|(?:last|next|this|past|current|coming)"
    r" (?:year|month|week|summer|winter|spring|autumn)|(?:years?|months?|weeks?|days) ago)\b"
    r"|目前|近日|最近|现在|如今|今年|去年|明年|近年来?|近期|日前|不久前|不久后|即将|当前|迄今|本月|上月|上个月|下个月|今天|昨天|明天",
    re.IGNORECASE,
)
#: One of these is in every English text that :data:`RELATIVE` finds something in.
RELATIVE_STEMS = (
    "recent",
    "current",
    "now",
    "lately",
    "present",
    "moment",
    "days",
    "as yet",
    "so far",
    "to date",
    "today",
    "soon",
    "shortly",
    "last ",
    "next ",
    "this ",
    "past ",
    "coming ",
    " ago",
)
AS_OF = re.compile(
    r"\b[Aa]s (?:of|at|on|seen on|observed on|read on|observed in|read in|seen in)\b|\b[Ss]tate"
    r" of\b|截至|截止"
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text: its place, what it says (``None`` if it has no year or cannot be), and what
    is wrong with it.

    ``problem`` is the code of the rule it breaks with a sentence and a hint how to fix it;
    ``weekday``
    is 0 for Monday.
    """

    start: int
    end: int
    text: str
    date: edtf.Edtf | None
    problem: tuple[str, str, str] | None = None
    weekday: int | None = None


def dates(text: str) -> list[DateMention]:
    """Each date of the text, in order."""
    found: list[DateMention] = []
    starts: list[int] = []
    ends: list[int] = []
    if not _ANY.search(text):
        return found

    def free(start: int, end: int) -> bool:
        place = bisect_left(starts, end)
        return place == 0 or ends[place - 1] <= start

    for hint, pattern, read in _READERS:
        for match in pattern.finditer(text) if hint.search(text) else ():
            said = read(match)
            if said and free(said.start, said.end):
                found.append(said)
                place = bisect_left(starts, said.start)
                starts.insert(place, said.start)
                ends.insert(place, said.end)
    return _reversed(text, sorted(found, key=lambda said: said.start))


def _trim(match: re.Match[str]) -> tuple[int, int, str]:
    text = match[0].rstrip(" ,\n")
    return match.start(), match.start() + len(text), text


def _weekday(match: re.Match[str]) -> int | None:
    word = match["weekday"] or (match["after"] if "after" in match.re.groupindex else None)
    if not word:
        return None
    if word in _CHINESE_WEEKDAYS:
        return _CHINESE_WEEKDAYS[word]
    letters = re.sub(r"[^A-Za-z]", "", word.replace(" a ", " ")).lower()
    return next(
        number for number, name in enumerate(WEEKDAYS) if name.lower().startswith(letters[:3])
    )


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    digits = re.match(r"\d+", text)
    if digits:
        return int(digits[0])
    values = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(str(values[sign]) for sign in text))
    return (values.get(tens, 0) if tens else 1) * 10 + (values.get(ones, 0) if ones else 0)


def _make(
    match: re.Match[str],
    year: int | None,
    month: int | None,
    day: int | None,
    last: int | None = None,
) -> DateMention:
    """Put the parts together; what the calendar does not have is a problem."""
    start, end, text = _trim(match)
    weekday = _weekday(match)
    value: edtf.Edtf | None = None
    try:
        for number in (day, last):
            # without a year the day must exist in a leap year, to be possible at all
            if number is not None and month is not None:
                edtf.parse(f"{year or 2000:04}-{month:02}-{number:02}")
        if day is not None and last is not None and last < day:
            return DateMention(
                start,
                end,
                text,
                None,
                ("D107", f"the span {text!r} ends before it starts", "put the earlier day first"),
                weekday,
            )
        if year is not None:
            form = (
                f"{year:04}"
                + (f"-{month:02}" if month is not None else "")
                + (f"-{day:02}" if day is not None else "")
            )
            value = edtf.parse(form if last is None else f"{form}/{year:04}-{month:02}-{last:02}")
    except edtf.EdtfError as error:
        hint = (
            error.hint
            if year and day and day <= 99 and month and month <= 12
            else "look the date up in its source"
        )
        return DateMention(
            start,
            end,
            text,
            None,
            ("D102", f"{text!r} is a date that does not exist", hint),
            weekday,
        )
    return DateMention(start, end, text, value, None, weekday)


def _english(match: re.Match[str]) -> DateMention | None:
    name = (match["m1"] or match["m2"] or match["m3"]).rstrip(".").lower()
    month = _MONTH_NUMBER[name]
    day, last = _number(match["d1"] or match["d3"]), _number(match["d2"] or match["d4"])
    year = _number(match["y1"] or match["y2"] or match["y3"])
    return _make(match, year, month, day, last)


def _chinese(match: re.Match[str]) -> DateMention | None:
    year = match["y"] if match["y"].isdigit() and match["y"].isascii() else str(_number(match["y"]))
    return _make(match, int(year), _number(match["m"]), _number(match["d"]), _number(match["d2"]))


def _iso(match: re.Match[str]) -> DateMention | None:
    try:
        return DateMention(match.start(), match.end(), match[0], edtf.parse(match[0]))
    except edtf.EdtfError as error:
        return DateMention(
            match.start(),
            match.end(),
            match[0],
            None,
            ("D102", f"{match[0]!r} is a date that does not exist", error.hint),
        )


def _numeric(match: re.Match[str]) -> DateMention | None:
    text = match[0]
    if match["s"] in {".", "-"} and len(re.split(r"[.-]", text)[-1]) == 2:
        return None  # 1.2.10 is a version or a clause, 10-12-16 a number
    parts = [int(part) for part in re.split(r"[/.-]", text)]
    if match["t"]:
        year, month, day = parts
        readings = [(day, month)]
    else:
        first, second, year = parts
        if year < 100:
            year += 2000
        readings = [(first, second), (second, first)] if first != second else [(first, second)]
    possible = []
    for day, month in readings:
        try:
            possible.append(
                f"{day} {MONTHS[month - 1]} {year}"
                if edtf.parse(f"{year:04}-{month:02}-{day:02}")
                else ""
            )
        except (edtf.EdtfError, IndexError):
            continue
    if not possible:
        return (
            None
            if "/" not in text
            else DateMention(
                match.start(),
                match.end(),
                text,
                None,
                (
                    "D102",
                    f"{text!r} is a date that does not exist",
                    "look the date up in its source",
                ),
            )
        )
    doubt = "can be read in two ways" if len(possible) > 1 else "is a date in figures"
    return DateMention(
        match.start(),
        match.end(),
        text,
        None,
        ("D103", f"{text!r} {doubt}", "write " + " or ".join(possible) + ", as the source has it"),
    )


def _year(match: re.Match[str]) -> DateMention | None:
    if match["decade"]:
        value = edtf.parse(match["y1"][:3] + "X")
    elif match["y2"]:
        if int(match["y2"]) < int(match["y1"]):
            text = match[0][match.start("y1") - match.start() :]
            return DateMention(
                match.start("y1"),
                match.end(),
                text,
                None,
                ("D107", f"the span {text!r} ends before it starts", "put the earlier year first"),
            )
        value = edtf.parse(f"{match['y1']}/{match['y2']}")
    else:
        value = edtf.parse(match["y1"])
    return DateMention(
        match.start("y1"), match.end(), match[0][match.start("y1") - match.start() :], value
    )


_SPAN_BEFORE = re.compile(r"(?:\b[Ff]rom|\b[Bb]etween|从|自)\s*(?:the\s+)?$")
_SPAN_JOIN = re.compile(r"\s*(?:,\s*)?(?:\bto\b|\buntil\b|\band\b|–|—|至|到)\s*(?:the\s+)?")


def _reversed(text: str, found: list[DateMention]) -> list[DateMention]:
    """Mark the second date of "from A to B" where B is before A."""
    marked = list(found)
    for index, (first, second) in enumerate(pairwise(found)):
        join = text[first.end : second.start]
        if first.date is None or second.date is None or not _SPAN_JOIN.fullmatch(join):
            continue
        if (
            _SPAN_BEFORE.search(text[: first.start]) or re.search(r"–|—|至", join)
        ) and second.date.compare(first.date) is edtf.Order.BEFORE:
            whole = text[first.start : second.end]
            problem = (
                "D107",
                f"the span {whole!r} ends before it starts",
                "put the earlier date first",
            )
            marked[index + 1] = DateMention(
                second.start, second.end, second.text, second.date, problem, second.weekday
            )
    return marked


_ANY = re.compile(r"\d|年")
#: A cheap sign that a form may occur, the form, and what reads it.
_READERS = (
    (re.compile(r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"), _ENGLISH, _english),
    (re.compile("年"), _CHINESE, _chinese),
    (re.compile(r"\d[/.-]\d{1,2}[/.-]\d"), _NUMERIC, _numeric),
    (re.compile(r"\d{4}-\d\d"), _ISO, _iso),
    (re.compile(r"\d{4}"), _YEAR, _year),
)

_END = re.compile(r"[.!?](?=[\"')”’\]]*(?:\s|$))|[。！？]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:No|Nos|St|Dr|Mr|Mrs|Ms|Prof|vs|cf|ca|approx|e\.g|i\.e|etc|al|vol|pp?|Amd|Cor|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])$"
)


@lru_cache(maxsize=1024)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence."""
    bounds = []
    start = 0
    for match in _END.finditer(text):
        if match[0] == "." and _ABBREVIATION.search(
            text[max(0, match.start() - 8) : match.start()]
        ):
            continue
        bounds.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        bounds.append((start, len(text)))
    return tuple(bounds)


@lru_cache(maxsize=1024)
def has(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the pattern is found in a sentence; asked anew for each date in it."""
    return pattern.search(text) is not None


@lru_cache(maxsize=1024)
def quoted(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each stretch between double quotation marks: words that are mentioned, not
    used.
    """
    return tuple(
        match.span()
        for match in re.finditer(
            r"\"[^\"\n]{1,300}\"|“[^”]{1,300}”|「[^」]{1,300}」|《[^》]{1,300}》", text
        )
    )
