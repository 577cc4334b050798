"""Forms of text in records: codes of countries and languages, ids, ISO references. Each has a name
and suggests what was probably meant by a text that does not match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial

from handbook.model import iso_reference

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Form:
    """A form: whether a text matches, what the form is called, and the nearest text that
    matches.
    """

    fits: Callable[[str], object]
    what: str
    nearest: Callable[[str], str]


@cache
def names(kind: str) -> Mapping[str, str]:
    """Return the codes of ISO 3166-1 (``territories``) or ISO 639 (``languages``) with English
    names.
    """
    # imported late: Babel loads all that it knows of a language
    from babel import Locale

    all_: Mapping[str, str] = getattr(Locale("en_GB"), kind)
    size = (2, 2) if kind == "territories" else (2, 3)
    return {
        code: name
        for code, name in all_.items()
        if size[0] <= len(code) <= size[1] and code.isalpha() and code not in _NOT_OF_ISO
    }


#: Codes in Unicode's data that are not in ISO 3166-1.
_NOT_OF_ISO = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
#: What people write for a name in Unicode's data.
_OTHER_NAMES = {
    "czech republic": "CZ",
    "england": "GB",
    "great britain": "GB",
    "holland": "NL",
    "hong kong": "HK",
    "korea": "KR",
    "macau": "MO",
    "russian federation": "RU",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "usa": "US",
}


def countries() -> frozenset[str]:
    """Return the two-letter codes of ISO 3166-1, and XK."""
    return frozenset(names("territories"))


def _code(kind: str, case: Callable[[str], str], text: str) -> str:
    known = names(kind)
    if case(text) in known:
        return case(text)
    by_name = {name.lower(): code for code, name in known.items()}
    if kind == "territories":
        by_name |= _OTHER_NAMES
    close = get_close_matches(text.strip().lower(), by_name, n=1, cutoff=0.8)
    return by_name[close[0]] if close else ""


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


_LOOSE = re.compile(
    r"(?P<words>(?:ISO|IWA)(?:[/ ][A-Z]+)*)?[ -]?(?P<number>\d{1,6}(?:-\d{1,2})?)"
    r"(?: ?[:(-] ?(?P<year>(?:19|20)\d\d)\)?)?(?P<rest>/.*)?",
    re.IGNORECASE,
)


def _reference(text: str) -> str:
    match = _LOOSE.fullmatch(" ".join(text.replace("：", ":").split()))
    if match is None:
        return ""
    year = f":{match['year']}" if match["year"] else ""
    meant = f"{(match['words'] or 'ISO').upper()} {match['number']}{year}{match['rest'] or ''}"
    return meant if re.fullmatch(iso_reference.FORM, meant) else ""


FORMS: Mapping[str, Form] = {
    "country": Form(
        lambda text: text in names("territories"),
        "the code of a country",
        partial(_code, "territories", str.upper),
    ),
    "language": Form(
        lambda text: text in names("languages"),
        "the code of a language",
        partial(_code, "languages", str.lower),
    ),
    "id": Form(_ID.fullmatch, "an id", _slug),
    "name": Form(
        lambda text: not _CHINESE.search(text),
        "in Latin letters",
        lambda _text: "",
    ),
    "iso": Form(
        re.compile(iso_reference.FORM).fullmatch,
        "a reference of ISO's",
        _reference,
    ),
}
