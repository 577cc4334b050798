"""The facts in a text that a program can read, in English and in Chinese: dates, numbers,
designations of standards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from handbook.datecheck import words
from handbook.model import edtf
from handbook.model.edtf import MONTHS

#: Year, month and day of a date; the year may be missing, or the day.
Day = tuple[int | None, int, int | None]

_MASK = "\ufffc"
_DESIGNATION = re.compile(
    r"(?<![A-Za-z/])(?P<body>(?:ISO|IEC|IEEE|ITU-T|JTC|CEN|EN|BS|GB|DB\d*|T|NF|DIN|JIS|KS|UNI|SIST|DSTU|GOST|TC|SC|WG"
    r"|CLC|PAS|IWA|TS|TR|Z|DIS|FDIS|CD|AWI|WD|NP|SDG|Directives|Guide|Amd|ANSI|P)"
    r"(?:/[A-Z][A-Za-z]*\d*)*)"
    r"(?:[ \u00a0](?:DIS|FDIS|CD|TS|TR|Guide|DTS|DTR))?[ \u00a0]?"
    r"(?!\d{4}年)(?P<number>[YLFKP]?\.?\d[\d.]*(?:-\d{1,3}(?!\d))*)"
    r"(?P<year>\s?[:：—–-]\s?(?:19|20)\d\d(?!\d))?(?P<amd>/(?:Amd|Cor) ?\d+(?::\d{4})?)?"
)
_MONTH = "|".join(MONTHS)
#: "May" at the beginning of a sentence is a verb.
_ALONE = rf"{_MONTH.replace('May|', '')}|(?<=[a-z0-9,] )May"
_ENGLISH_DAY = re.compile(
    rf"(?:(?P<d1>\d{{1,2}})\s*(?:–|—|-|to|and|or)\s*)?(?P<d>\b\d{{1,2}})\s+(?P<m>{_MONTH})\b"
    rf"|\b(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?!\d)"
    rf"|\bthe (?P<first>first) of (?P<m4>{_MONTH})\b|\b(?P<m3>{_ALONE})\b"
)
#: Days before a date that share its month: "22 or " before "23 April 2018", and "22, " before
#: "23 and 25 April 2018".
_OR_BEFORE = re.compile(r"(?<![\w.,-])(?P<days>(?:\d{1,2}, )*\d{1,2}),? or $")
_LIST_BEFORE = re.compile(r"(?<![\w.,-])(?P<days>(?:\d{1,2}, )+)$")
_CHINESE_DAY = re.compile(
    r"(?<!\d)(?P<m>\d{1,2})月(?:的?(?P<first>第一天)"
    r"|(?P<d>\d{1,2})(?=(?:[至到和或、~～–—-]+\d{1,2})*[日号])[日号]?(?:[至到和或、~～–—-]+(?P<d2>\d{1,2})[日号])?)?"
)
#: What may follow a Chinese date in the same year, or month: "5月至7月", "、18日".
_CHINESE_MORE = re.compile(r"[至到和或、~～–—-]+(?P<d>\d{1,2})[日号]")
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\d+)*)(?:st|nd|rd|th|s)?"
    r"(?:\s?(?P<unit>thousand|million|billion|trillion|百万|千万|万亿|亿|万|千|百))?",
    re.ASCII,
)
_UNITS = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS: dict[str, int | str] = {
    "first": 1,
    "once": 1,
    "single": 1,
    "second": 2,
    "twice": 2,
    "both": 2,
    "pair": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "half": "0.5",
    "quarter": "0.25",
}
_ENGLISH_WORD = re.compile(r"[A-Za-z]+")
_CHINESE_NUMERAL = re.compile(r"[零〇一二三四五六七八九十百千两半]+")
_ABOUT = re.compile(
    r"(?<!more )\b(?:about|around|circa|approximately|roughly|nearly|almost)"
    r"\s+(?:the\s+(?=\d)|a\s+)?"
    rf"(?=\d|(?:{_MONTH}|{'|'.join((*_ONES[2:], *_TENS))}"
    r"|half|third|quarter|dozen|hundred|thousand|million)\b)",
    re.IGNORECASE,
)
_NUMERAL = r"[\d零〇一二三四五六七八九十百千两半]"
#: As in English, words about something other than a number do not put a fact in doubt: 约定, 接近.
_YUE = re.compile(
    rf"(?:约|大概|将近|接近|(?<!最)近)[为有占在于是达]?(?!一致){_NUMERAL}"
    rf"|[\d零〇一二三四五六七八九十百千万亿半%％][^\W\d]{{0,3}}(?:左右|上下|前后)"
)


@dataclass(frozen=True)
class Facts:
    """The facts in a text. ``spelled`` are numbers in words, which the other language may write in
    figures.
    """

    designations: frozenset[str]
    days: frozenset[Day]
    numbers: frozenset[Decimal]
    spelled: frozenset[Decimal]
    approximate: bool


def _designation(match: re.Match[str]) -> str:
    year = re.sub(r"\D", "", match["year"] or "")
    between = "-" if match["body"].startswith(("GB", "DB", "T/")) else ":"
    head = " ".join(match.string[match.start() : match.start("number")].split())
    return (
        f"{head} {match['number'].strip('.')}"
        + (f"{between}{year}" if year else "")
        + re.sub(r" ?(?=\d)", " ", match["amd"] or "", count=1)
    )


def facts(prose: str) -> Facts:
    """Read a text, with everything masked that is not running text."""
    text = _DESIGNATION.sub(_masked, prose)
    days: list[Day] = []
    for said in reversed(words.dates(text)):
        if said.date and (found := list(_of_date(said.date))):
            start, end = said.start, said.start + len(said.text)
            listed = " and " in said.text or " or " in said.text
            before = _LIST_BEFORE if listed else _OR_BEFORE
            if found[-1][2] and (more := before.search(text[:start])):
                days += [(*found[-1][:2], int(day)) for day in re.findall(r"\d+", more["days"])]
                start = more.start()
            days += found
            text = text[:start] + _MASK * (end - start) + text[end:]
    for pattern, read in ((_ENGLISH_DAY, _english), (_CHINESE_DAY, _chinese)):
        for match in pattern.finditer(text):
            days += read(match)
        text = pattern.sub(_masked, text)
    last = next((month for _year, month, _day in days), None)
    for match in _CHINESE_MORE.finditer(text):
        if last and match.start() and text[match.start() - 1] == _MASK:
            days.append((None, last, int(match["d"])))
            text = text[: match.start()] + _masked(match) + text[match.end() :]
    return Facts(
        frozenset(map(_designation, _DESIGNATION.finditer(prose))),
        frozenset(days),
        frozenset(map(_value, _NUMBER.finditer(text))),
        frozenset(_spelled(text)),
        bool(_ABOUT.search(prose) or _YUE.search(prose)),
    )


def _masked(match: re.Match[str]) -> str:
    return _MASK * len(match[0])


def _of_date(date: edtf.Edtf) -> Iterator[Day]:
    """Return the days and months at the ends of a date; a year is a number like any other."""
    for text in re.findall(r"\d{4}-\d\d(?:-\d\d)?", str(date)):
        year, month, *day = map(int, text.split("-"))
        yield year, month, day[0] if day else None


def _english(match: re.Match[str]) -> Iterator[Day]:
    month = MONTHS.index(match["m"] or match["m2"] or match["m3"] or match["m4"]) + 1
    found = [match["d1"], match["d"] or match["d2"] or (match["first"] and "1")]
    for day in [one for one in found if one] or [None]:
        yield None, month, int(day) if day else None


def _chinese(match: re.Match[str]) -> Iterator[Day]:
    found = [match["d"] or (match["first"] and "1"), match["d2"]]
    for day in [one for one in found if one] or [None]:
        yield None, int(match["m"]), int(day) if day else None


def _value(match: re.Match[str]) -> Decimal:
    digits = match["digits"].replace(",", "")
    if digits.count(".") > 1:  # the number of a clause: 5.5.2
        digits = digits.replace(".", "")
    return (Decimal(digits) * _UNITS.get(match["unit"] or "", 1)).normalize()


def _spelled(text: str) -> Iterator[Decimal]:
    for match in _ENGLISH_WORD.finditer(text):
        word = match[0].lower()
        if word in _ORDINALS:
            yield Decimal(_ORDINALS[word])
        stem = word.removesuffix("th").removesuffix("s")
        for number, name in enumerate(_ONES):
            if stem == name or stem == name.removesuffix("e"):
                yield Decimal(number)
        for number, name in enumerate(_TENS, 2):
            if stem in {name, name.removesuffix("y") + "ie"}:
                yield Decimal(number * 10)
    for match in _CHINESE_NUMERAL.finditer(text):
        yield Decimal(chinese_number(match[0]))


def chinese_number(text: str) -> Decimal:
    """Return the value of a Chinese numeral: 十六, 二十八, 一百, 二〇一九."""
    if text == "半":
        return Decimal("0.5")
    digits = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
    digits |= {"〇": 0, "两": 2}
    if not set(text) & set("十百千"):
        return Decimal("".join(str(digits.get(numeral, 0)) for numeral in text))
    total, one = 0, 0
    for numeral in text:
        if numeral in (tens := {"十": 10, "百": 100, "千": 1000}):
            total += (one or 1) * tens[numeral]
            one = 0
        else:
            one = digits.get(numeral, 0)
    return Decimal(total + one)


def missing_days(mine: Iterable[Day], others: Iterable[Day]) -> list[Day]:
    """Return the dates of this text that the other lacks; one of the two may omit the year."""
    others = list(others)

    def alike(one: Day, other: Day) -> bool:
        years = one[0] == other[0] or None in (one[0], other[0])
        return years and one[1:] == other[1:]

    return sorted(
        (one for one in set(mine) if not any(alike(one, other) for other in others)),
        key=lambda day: (day[0] or 0, day[1], day[2] or 0),
    )


def missing_numbers(mine: Facts, other: Facts) -> list[Decimal]:
    """Return the figures of this text that the other has neither in figures nor in words."""
    days = {Decimal(part) for day in other.days for part in day if part}
    years = {Decimal(day[0]) for day in mine.days if day[0]}
    return sorted(mine.numbers - other.numbers - other.spelled - days - years)
