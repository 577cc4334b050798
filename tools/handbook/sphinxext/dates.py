"""Dates in the form of the reader's language, with their true precision."""

from __future__ import annotations

import datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from sphinx.locale import get_translation

from handbook.model.edtf import Edtf, Point, Precision

_ = get_translation("handbook")

_SKELETONS = {Precision.MONTH: "yMMMM", Precision.YEAR: "y"}


def display(value: Edtf, language: str) -> str:
    """Return a date in words: ``14 January 2019``, ``about June 2017``, ``14–18 May 2018``, ``date
    unknown``.

    :param language: Sphinx's language code, for example ``en`` or ``zh_CN``; ``en`` means British
        English.
    """
    if not value.is_interval:
        assert value.start
        return _point(value.start, language)
    if value.start is None:
        assert value.end
        return _("by %s") % _point(value.end, language)
    if value.end is None:
        return _("since %s") % _point(value.start, language)
    return _interval(value.start, value.end, language)


def short_months(language: str) -> list[str]:
    """Return the names of the twelve months in the shortest form, for an axis."""
    names = locale(language).months
    return [str(name) for name in names["stand-alone"]["abbreviated"].values()]


def machine_readable(value: Edtf) -> str | None:
    """Return the value of HTML's ``datetime`` attribute, which only certain days, months and years
    have; else ``None``.
    """
    exact = value.precision >= Precision.YEAR and not (value.uncertain or value.approximate)
    return value.text if exact and not value.is_interval else None


def _point(point: Point, language: str) -> str:
    if point.precision is Precision.UNKNOWN:
        return _("date unknown")
    if point.precision is Precision.CENTURY:
        text = _("between %(first)d and %(last)d") % {"first": point.year, "last": point.year + 99}
    elif point.precision is Precision.DECADE:
        text = _("the %ds") % point.year
    else:
        text = _plain(point.earliest, point.precision, language)
    if point.uncertain and point.approximate:
        return _("perhaps about %s") % text
    if point.uncertain:
        return _("perhaps %s") % text
    if point.approximate:
        return _("about %s") % text
    return text


def _interval(start: Point, end: Point, language: str) -> str:
    """Join two ends; parts that both share are written once where the language puts them last."""
    first, last = _point(start, language), _point(end, language)
    exact = start.precision is end.precision and not any(
        (start.uncertain, start.approximate, end.uncertain, end.approximate)
    )
    if locale(language).language == "en" and exact and start.year == end.year:
        if start.precision is Precision.DAY and start.month == end.month:
            return f"{start.day}–{last}"
        if start.precision in {Precision.DAY, Precision.MONTH}:
            return _("%(first)s to %(last)s") % {
                "first": first.removesuffix(f" {start.year}"),
                "last": last,
            }
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


@lru_cache(maxsize=4096)
def _plain(day: datetime.date, precision: Precision, language: str) -> str:
    if precision is Precision.DAY:
        return format_date(day, "long", locale=locale(language))
    return format_skeleton(_SKELETONS[precision], day, locale=locale(language))


@lru_cache(maxsize=8)
def locale(language: str) -> Locale:
    """Return how a language writes names and dates; English as the British write it."""
    return Locale.parse("en_GB" if language in {"", "en"} else language.replace("-", "_"))
