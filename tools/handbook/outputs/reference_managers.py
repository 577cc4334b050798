"""The sources and citations in the languages of reference managers: CSL-JSON and RIS.

Both have simpler dates than EDTF. Precision that a date lacks is never invented: a date that does
not fit is given in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from handbook.model.bibliography import Source
from handbook.model.edtf import Edtf, Point, Precision

#: Puts a date into words in the reader's language.
Said = Callable[[Edtf], str]


@dataclass(frozen=True, slots=True)
class Words:
    """What the reader's language says: a date, a note in it, and what stands before an English
    title, the date of a source and the day on which it was read.

    :param language: that of the readers, who need no English title of what is written in it
    :param stop: what joins two notes
    """

    date: Said
    note: Callable[[str], str] = str
    gloss: str = "English: %s"
    dated: str = "Date: %s"
    read: str = "Read: %s"
    language: str = "en"
    stop: str = ". "


def csl(sources: Iterable[Source], words: Words) -> list[dict[str, Any]]:
    """Return the sources as CSL-JSON (citeproc)."""
    rows = []
    for source in sorted(sources, key=lambda source: source.key):
        row: dict[str, Any] = {
            "id": source.key,
            "type": "webpage" if source.url else "document",
            "title": source.title,
            "publisher": source.publisher,
            "language": source.language,
        }
        if not source.date.is_unknown:
            row["issued"] = csl_date(source.date, words.date)
        if source.read and not source.read.is_unknown:
            row["accessed"] = csl_date(source.read, words.date)
        if source.url:
            row["URL"] = source.url
        if notes := _notes(source, words):
            row["note"] = words.stop.join(notes)
        rows.append(row)
    return rows


def csl_date(value: Edtf, words: Said) -> dict[str, Any]:
    """Return a date as CSL-JSON: in numbers where each of its ends is a day, a month or a year,
    else in words.
    """
    ends = (value.start, value.end) if value.is_interval else (value.start,)
    parts = [_numbers(end) for end in ends]
    if not all(parts):
        return {"literal": words(value)}
    found: dict[str, Any] = {"date-parts": parts}
    if value.approximate or value.uncertain:
        found["circa"] = True
    return found


def _numbers(point: Point | None) -> list[int]:
    """Return year, month and day, as far as they are known; empty if not even the year is."""
    if point is None or point.precision < Precision.YEAR:
        return []
    return [part for part in (point.year, point.month, point.day) if part is not None]


def _notes(source: Source, words: Words) -> list[str]:
    foreign = source.language.partition("-")[0] != words.language
    gloss = words.gloss % source.gloss if source.gloss and foreign else None
    note = words.note(source.note) if source.note else None
    return [part for part in (gloss, note) if part]


def ris(sources: Iterable[Source], words: Words) -> str:
    """Return the sources as RIS."""
    records = []
    for source in sorted(sources, key=lambda source: source.key):
        notes = _notes(source, words)
        dates: list[tuple[str, str]] = []
        for tag, said, value in (("DA", words.dated, source.date), ("Y2", words.read, source.read)):
            if value is None or value.is_unknown:
                continue
            if text := ris_date(value, words.date):
                dates.append((tag, text))
            else:
                notes.append(said % words.date(value))
        records.append(
            ris_record(
                [
                    ("TY", "ELEC" if source.url else "GEN"),
                    ("ID", source.key),
                    ("TI", source.title),
                    ("PB", source.publisher),
                    ("LA", source.language),
                    *dates,
                    ("UR", source.url or ""),
                    *(("N1", note) for note in notes),
                ]
            )
        )
    return "\r\n".join(records)


def ris_date(value: Edtf, words: Said) -> str:
    """Return ``2016/07/12/``, ``2016/07//`` or ``2016///``, followed by words where the date is
    uncertain; empty for anything but a single day, month or year.
    """
    numbers = [] if value.is_interval else _numbers(value.start)
    if not numbers:
        return ""
    year, month, day = (f"{part:02}" for part in [*numbers, 0, 0][:3])
    shown = "/".join([year.zfill(4), *("" if part == "00" else part for part in (month, day))])
    return f"{shown}/{words(value) if value.approximate or value.uncertain else ''}"


def ris_record(fields: Sequence[tuple[str, str]]) -> str:
    """Return one record; each field is one line, and empty fields are left out."""
    lines = [f"{tag}  - {one_line(text)}" for tag, text in fields if text]
    return "\r\n".join([*lines, "ER  - ", ""])


def one_line(text: str) -> str:
    """Return a text for a format with one line per field: no line breaks, no control characters."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()
