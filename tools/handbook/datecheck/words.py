"""Dates and other significant words in running text, English and Chinese."""

from __future__ import annotations

import re
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
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
_Y = r"\d{4}(?!\d)"
_CY = r"(?:\d{4}|[〇○零一二三四五六七八九]{4})"
_CN = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
#: A numeral after a month is a day only with 日 or 号, perhaps of a later one: 14至18日.
_IS_DAY = rf"(?=\s*(?:[-–—~～至到、和或及]\s*{_CN}\s*)*[日号])"

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
    (?P<y>{_CY})\s*年(?:\s*(?P<m>{_CN})\s*月(?:\s*(?P<d>{_CN}){_IS_DAY}\s*[日号]?(?:\s*[-–—~～至到]\s*(?P<d2>{_CN})\s*[日号])?)?)?
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

_HYPHEN = "[-_‐‑‒–—−－]"
_LEAD = (
    r"\b(?:[Ii]n|[Oo]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Ff]rom|[Bb]efore|[Aa]fter|[Dd]uring|[Oo]f|[Tt]o"
    r"|[Ss]ummer|[Ss]pring|[Aa]utumn|[Ww]inter)\s+"
)
_YEARS = r"(?:1[89]|20)\d\d"
_MONTH_WORD = "|".join(sorted(map(re.escape, _MONTH_NUMBER), key=len, reverse=True))
#: Forms of dates that are not used here, though nobody could misread them: groups d, m, y.
_SLIPPED = tuple(
    re.compile(pattern)
    for pattern in (
        # 2017-6-5, 2017–06–05, 2017-06-05T10:00
        rf"(?<![\w/.:-])(?P<y>{_YEARS})\s?{_HYPHEN}\s?(?P<m>\d{{1,2}})\s?{_HYPHEN}\s?(?P<d>\d{{1,2}})(?![\w/]|-\d)(?<!\d{{4}}-\d\d-\d\d)",
        rf"(?<![\w/.:-])(?P<y>{_YEARS})-(?P<m>\d\d)-(?P<d>\d\d)T[0-9:.Z+-]*[0-9Z]",
        # in 2017-6
        rf"{_LEAD}(?P<from>(?P<y>{_YEARS})(?:{_HYPHEN}|[/.])(?P<m>0?[1-9]|1[0-2]))(?![\w/-]|[.,]\d)(?<!\d-\d\d)",
        # 20170605
        rf"(?<![\w./:=-])(?P<y>{_YEARS})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?![\w/-]|\.\d)",
        # 6/2017; in 6.2017
        rf"(?<![\w./:-])(?P<m>0?[1-9]|1[0-2])/(?P<y>{_YEARS})(?![\w/-])",
        rf"{_LEAD}(?P<from>(?P<m>0?[1-9]|1[0-2])[.-](?P<y>{_YEARS}))(?![\w/-]|[.,]\d)",
        # on 05.06.17
        rf"{_LEAD}(?P<from>(?P<d>0[1-9]|[12]\d|3[01])\.(?P<m>0[1-9]|1[0-2])\.(?P<y>\d\d))(?![\w/-]|\.\d)",
        # 5 JUNE 2017, 5June2017, June the 5th 2017, 5-June-2017, 2017 June 5
        rf"(?i:(?<![\w.-])(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s./-]{{0,2}}(?P<m>(?:{_MONTH_WORD})(?![a-z])\.?)[\s,/-]{{0,2}}(?P<y>{_YEARS}))(?!\d)",
        rf"(?i:(?P<m>\b(?:{_MONTH_WORD})\b\.?)(?:\s+|(?<=\.))(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:\s+of)?(?:,\s*|\s+)(?P<y>{_YEARS}))(?!\d)",
        rf"(?i:(?<![\w.-])(?P<y>{_YEARS})[\s,/-]{{1,2}}(?P<m>(?:{_MONTH_WORD})\b\.?)[\s/-]{{1,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?)(?![\w/-])",
        rf"(?i:(?P<m>\b(?:{_MONTH_WORD})\b\.?)[\s,/-]{{1,2}}(?P<y>{_YEARS}))(?!\d)",
        # June '17, in '17
        rf"(?P<m>\b{_M})\s+(?:(?P<d>{_D}),?\s+)?['’](?P<y>\d\d)(?!\w)",
        rf"{_LEAD}(?P<from>['’](?P<y>\d\d))(?!\w)",
        # 5.VI.2017
        rf"(?<![\w.])(?P<d>\d{{1,2}})[. ](?P<m>[IVX]{{1,4}})[. ](?P<y>{_YEARS})(?!\w)",
        # months misspelt or in another language
        rf"(?<![\w.-])(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>[A-Za-zé]{{3,11}})\s+(?P<y>{_YEARS})(?!\d)",
        rf"{_LEAD}(?P<from>(?P<m>[A-Z][a-z]{{3,10}})\s+(?P<y>{_YEARS}))(?!\d)",
        # 17年6月5日
        r"(?<![\d年])(?P<y>\d\d)\s*年\s*(?P<m>\d{1,2})\s*月(?:\s*(?P<d>\d{1,2})\s*[日号])?",
    )
)
#: Quarters and halves of years, decades, 2017/18, weeks.
_SPAN_OF_YEAR = re.compile(
    rf"\b(?:[Qq](?P<q1>[1-4])[\s/-]{{0,2}}(?P<y1>{_YEARS})|(?P<y2>{_YEARS})[\s/-]{{0,2}}[Qq](?P<q2>[1-4])"
    rf"|(?P<q3>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|1st|2nd|3rd|4th)\s+quarter\s+(?:of\s+)?(?P<y3>{_YEARS})"
    rf"|[Hh](?P<h>[12])[\s/-]{{0,2}}(?P<y4>{_YEARS})|FY\s?(?P<y7>{_YEARS}))(?![\w-])"
    rf"|(?<![\w-])(?P<decade>(?:1[89]|20)\d)0['’]?s\b"
    rf"|{_LEAD}(?P<from>(?P<y5>{_YEARS})(?:/|{_HYPHEN})(?P<y6>\d\d))(?![\w/-]|[.,]\d)"
)
#: in the '90s, 2010年代, 20世纪90年代
_DECADE = re.compile(
    rf"{_LEAD}the\s+(?:early\s+|late\s+|mid-?\s*)?(?P<from>['’]?(?P<tens>\d)0s)\b"
    r"|(?<!\d)(?P<decade>(?:1[89]|20)\d)0\s*年代"
    r"|(?:(?P<century>19|20|21|十九|二十一?)|上)\s*世纪\s*(?P<chinese>[1-9]0|[一二三四五六七八九]十)\s*年代"
)
_CHINESE_DAY = re.compile(rf"(?<![年\d]){_CN}\s*月\s*{_CN}\s*[日号]")

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
#: Every English text in which :data:`RELATIVE` finds something contains one of these.
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
    """A date in a text: its place, its value (``None`` if it has no year or is impossible), and
    what is wrong with it.

    ``problem`` is the code of the rule that it breaks, a sentence, and a hint on how to fix it;
    ``weekday`` is 0 for Monday.
    """

    start: int
    end: int
    text: str
    date: edtf.Edtf | None
    problem: tuple[str, str, str] | None = None
    weekday: int | None = None


def dates(text: str) -> list[DateMention]:
    """Return each date of the text, in order, whatever its form."""
    if not _ANY.search(text):
        return []
    plain, offsets = _plain(text)
    found = _dates(plain)
    if not offsets:
        return found
    return [_placed(said, text, offsets) for said in found]


#: Characters that are invisible between the parts of a date, and those used as spaces.
_UNSEEN = re.compile(
    r"\*{1,3}|(?<![^\W_])_{1,3}(?=\w)|(?<=[^\W_])_{1,3}(?!\w)|\\(?=[-–.,])|<br\s*/?>"
)
_SPACE = re.compile(r"&(?:nbsp|ensp|emsp|thinsp|#160|#xa0);", re.IGNORECASE)
_WIDE = str.maketrans("０１２３４５６７８９／．", "0123456789/.")


def _plain(text: str) -> tuple[str, list[int]]:
    """Return the text without emphasis and with one kind of digits and spaces, and where each
    character was; no places if none has moved.
    """
    wide = text.translate(_WIDE)
    if not (_UNSEEN.search(wide) or "&" in wide):
        return wide, list(range(len(text) + 1)) if wide != text else []
    parts: list[str] = []
    offsets: list[int] = []
    done = 0
    for match in re.finditer(f"{_UNSEEN.pattern}|(?P<space>(?i:{_SPACE.pattern}))", wide):
        parts.append(wide[done : match.start()])
        offsets += range(done, match.start())
        if match["space"]:
            parts.append(" ")
            offsets.append(match.start())
        done = match.end()
    return "".join([*parts, wide[done:]]), [*offsets, *range(done, len(wide) + 1)]


def _placed(said: DateMention, text: str, offsets: list[int]) -> DateMention:
    """Return a date with its place in the text as typed."""
    start, end = offsets[said.start], offsets[said.end - 1] + 1
    problem = said.problem
    if problem is None and _WIDE_DIGIT.search(text, start, end):
        hint = f"write half-width digits: {said.text}"
        problem = ("D103", f"{text[start:end]!r} has full-width digits", hint)
    return replace(said, start=start, end=end, problem=problem)


_WIDE_DIGIT = re.compile("[０-９]")


def _dates(text: str) -> list[DateMention]:
    found: list[DateMention] = []
    starts: list[int] = []
    ends: list[int] = []

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
    """Assemble the parts; a day that does not exist is a problem."""
    start, end, text = _trim(match)
    weekday = _weekday(match)
    value: edtf.Edtf | None = None
    try:
        for number in (day, last):
            # without a year, the day must exist in a leap year to be possible at all
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
    except edtf.EdtfError:
        hint = "look up the date in its source"
        if month and month <= 12 and day:
            count = monthrange(year or 2000, month)[1]
            of_year = f" {year}" if year else ""
            hint = f"{MONTHS[month - 1]}{of_year} has {count} days: {hint}"
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
                    "look up the date in its source",
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


_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def _month(text: str) -> int | None:
    """Return the number of a month in figures, letters or Roman numerals, perhaps misspelt."""
    if text.isdigit():
        return int(text)
    word = text.rstrip(".").lower()
    if word in _MONTH_NUMBER:
        return _MONTH_NUMBER[word]
    if text in _ROMAN:
        return _ROMAN.index(text) + 1
    close = get_close_matches(text.capitalize(), MONTHS, n=1, cutoff=0.75)
    return MONTHS.index(close[0]) + 1 if close else None


def _slipped(match: re.Match[str]) -> DateMention | None:
    groups = match.groupdict()
    start = match.start("from") if groups.get("from") else match.start()
    text = match[0][start - match.start() :].strip()
    year = int(groups["y"]) + (2000 if len(groups["y"]) == 2 else 0)
    month = _month(groups["m"]) if groups.get("m") else 0
    if month is None:
        return None
    day = _number(groups.get("d"))
    form = "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])
    try:
        date = edtf.parse(form)
    except edtf.EdtfError:
        # figures that are no date are a number
        if text.isdigit():
            return None
        hint = "look up the date in its source"
        problem = ("D102", f"{text!r} is a date that does not exist", hint)
        return DateMention(start, match.end(), text, None, problem)
    words = " ".join(
        [*([str(day)] if day else []), *([MONTHS[month - 1]] if month else []), str(year)]
    )
    problem = ("D103", f"{text!r} is not how a date is written here", f"write {words}")
    return DateMention(start, match.end(), text, date, problem)


_QUARTERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
}


def _span_of_year(match: re.Match[str]) -> DateMention | None:
    start = match.start("from") if match["from"] else match.start()
    if match["decade"]:
        form = f"{match['decade']}X"
    elif match["y5"]:
        begun, ended = int(match["y5"]), int(match["y6"])
        if ended != (begun + 1) % 100:
            return None
        form = f"{begun}/{begun + 1}"
    elif match["y7"]:
        form = match["y7"]
    else:
        year = match["y1"] or match["y2"] or match["y3"] or match["y4"]
        quarter = match["q1"] or match["q2"]
        if match["h"]:
            first, count = 6 * int(match["h"]) - 5, 6
        else:
            number = int(quarter) if quarter else _QUARTERS[match["q3"].lower()]
            first, count = 3 * number - 2, 3
        form = f"{year}-{first:02}/{year}-{first + count - 1:02}"
    return DateMention(start, match.end(), match[0][start - match.start() :], edtf.parse(form))


def _decade(match: re.Match[str]) -> DateMention:
    start = match.start("from") if match["from"] else match.start()
    text = match[0][start - match.start() :]
    if match["decade"]:
        decade = match["decade"]
    elif match["chinese"]:
        century = _number(match["century"]) or 20
        decade = f"{century - 1}{(_number(match['chinese']) or 0) // 10}"
    else:
        decade = ("20" if int(match["tens"]) < 3 else "19") + match["tens"]
    said = DateMention(start, match.end(), text, edtf.parse(f"{decade}X"))
    if not match["from"]:
        return said
    problem = ("D103", f"{text!r} does not name the century", f"write {decade}0s")
    return replace(said, problem=problem)


def _chinese_day(match: re.Match[str]) -> DateMention:
    return DateMention(match.start(), match.end(), match[0], None)


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


_ANY = re.compile(r"\d|[年月]")
#: A quick test whether a form may occur, the form, and its reader.
_READERS = (
    # before the month and the day alone are read
    (re.compile(r"\d{4}"), _SLIPPED[9], _slipped),
    (re.compile("['’]\\d"), _SLIPPED[11], _slipped),
    (re.compile(r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"), _ENGLISH, _english),
    (re.compile(r"年代|\d0s"), _DECADE, _decade),
    (re.compile("年"), _CHINESE, _chinese),
    (re.compile(r"\d[/.-]\d{1,2}[/.-]\d"), _NUMERIC, _numeric),
    (re.compile(r"\d{4}-\d\d"), _ISO, _iso),
    (re.compile(r"(?:1[89]|20)\d\d"), _SPAN_OF_YEAR, _span_of_year),
    *((re.compile(r"\d\d"), slipped, _slipped) for slipped in _SLIPPED),
    (re.compile(r"\d{4}"), _YEAR, _year),
    (re.compile("月"), _CHINESE_DAY, _chinese_day),
)

_END = re.compile(r"[.!?](?=[\"')”’\]]*(?:\s|$))|[。！？]")
_ABBREVIATION = re.compile(
    r"(?:\b(?:No|Nos|St|Dr|Mr|Mrs|Ms|Prof|vs|cf|ca|approx|e\.g|i\.e|etc|al|vol|pp?|Amd|Cor|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z])$"
)


@lru_cache(maxsize=1024)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the start and end of each sentence."""
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
    """Return whether the pattern is found in a sentence; it is asked again for each date in it."""
    return pattern.search(text) is not None


@lru_cache(maxsize=1024)
def quoted(text: str) -> tuple[tuple[int, int], ...]:
    """Return the start and end of each stretch between double quotation marks: words mentioned, not
    used.
    """
    return tuple(
        match.span()
        for match in re.finditer(
            r"\"[^\"\n]{1,300}\"|“[^”]{1,300}”|「[^」]{1,300}」|《[^》]{1,300}》", text
        )
    )


def any_of(names: Iterable[str]) -> str:
    """Return a pattern that matches any of the names, the longest first; one that never matches if
    there is none.
    """
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True)) or "(?!)"
