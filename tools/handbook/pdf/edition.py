"""The day of the edition, which the PDF and the EPUB give instead of the day on which they were
made, and its language.
"""

from __future__ import annotations

import datetime
import re

from sphinx.config import Config
from sphinx.errors import SphinxError

from handbook.model import scripts


class EditionError(SphinxError):
    """The setting ``pdf_date`` is not a date; the message says how to fix it."""

    category = "The edition has no day"


def day(config: Config) -> datetime.datetime:
    """Return ``pdf_date``, else the first day of a release named by its month, else the first day
    that computers count; in UTC.

    :raises EditionError: if ``pdf_date`` is not a date
    """
    text = config.pdf_date or (
        f"{match[1]}-{match[2]}-01"
        if (match := re.fullmatch(r"(\d{4})\.(\d\d)(\.\d+)?", config.release))
        else "1970-01-01"
    )
    try:
        found = datetime.date.fromisoformat(text)
    except ValueError:
        raise EditionError(
            f"conf.py: pdf_date {text!r} is not a date (hint: write it as 2026-11-23)"
        ) from None
    return datetime.datetime(found.year, found.month, found.day, tzinfo=datetime.UTC)


def language(config: Config) -> str:
    """Return the language as a BCP 47 tag: ``en``, ``zh-CN``."""
    return scripts.tag(config.language or "en")
