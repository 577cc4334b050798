"""The form of ISO references, for everything that reads them: the catalogue, records, pages,
updates.
"""

from __future__ import annotations

import re

#: The words before the number, for publisher and type: ``ISO``, ``ISO/TS``, ``ISO/IEC DIS``,
#: ``ISO/AWI TR``, ``IWA``.
_WORDS = r"[A-Z][A-Za-z]*(?:[/ ][A-Z][A-Za-z]*)*"
_NUMBER = r"\d+(?:-\d+)*"
_YEAR = r"(?::\d{4})?"
#: A supplement to a text, or to a supplement: ``/Amd 1:2024``, ``/Amd 1:2005/Cor 1:2007``, ``/Suppl
#: 1``; of a draft ``/DAmd 1``, ``/CD Amd 1``, ``/DAM 1``, ``/AWI Amd 2.2``.
SUPPLEMENT = rf"/(?:[A-Z]+ )?[A-Z]*?(?:Amd|Cor|Add|Suppl|AM|COR) ?\d+(?:\.\d+)?{_YEAR}"
#: ``ISO 37101:2016``, ``ISO/IEC DIS 37100.2`` (a second ballot), ``ISO 37101`` without its year,
#: ``ISO 37101:2016/Amd 1:2024``.
FORM = rf"{_WORDS} {_NUMBER}(?:\.\d+)?{_YEAR}(?:{SUPPLEMENT})*"

_PARTS = re.compile(rf"{_WORDS} (?P<number>{_NUMBER})")
_OF_BASE = re.compile(rf"(?P<base>.*)(?P<part>{SUPPLEMENT})")


def number(reference: str) -> str:
    """Return the number without year, type and publisher: ``37101``, ``37155-1``."""
    match = _PARTS.match(reference)
    return match["number"] if match else ""


def whole(reference: str) -> str:
    """Return the reference to which all supplements in it belong: ``ISO 37101:2016`` for ``ISO
    37101:2016/Amd 1:2024/Cor 1:2025``.
    """
    return re.sub(rf"(?:{SUPPLEMENT})+$", "", reference)


def parted(reference: str) -> tuple[str, str]:
    """Split a reference into what it supplements and its own part: ``ISO 37101:2016`` and ``/Amd
    1:2024``; the part is empty if it is no supplement.
    """
    match = _OF_BASE.fullmatch(reference)
    return (match["base"], match["part"]) if match else (reference, "")
