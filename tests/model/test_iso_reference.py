"""The forms of ISO's references."""

from __future__ import annotations

import re

import pytest

from handbook.model import iso_reference, record_shapes
from handbook.model.placed import misfits

#: A reference, its number, what it belongs to as a whole, what it supplements, its own part.
FORMS = [
    ("ISO 37101:2016", "37101", "ISO 37101:2016", "ISO 37101:2016", ""),
    ("ISO 37101", "37101", "ISO 37101", "ISO 37101", ""),
    ("ISO 37155-1:2020", "37155-1", "ISO 37155-1:2020", "ISO 37155-1:2020", ""),
    ("ISO/IEC DIS 37100.2", "37100", "ISO/IEC DIS 37100.2", "ISO/IEC DIS 37100.2", ""),
    ("ISO/IEC Guide 59:2019", "59", "ISO/IEC Guide 59:2019", "ISO/IEC Guide 59:2019", ""),
    ("IWA 18:2016", "18", "IWA 18:2016", "IWA 18:2016", ""),
    ("ISO 37101:2016/Amd 1:2024", "37101", "ISO 37101:2016", "ISO 37101:2016", "/Amd 1:2024"),
    ("ISO 37101/Amd 1", "37101", "ISO 37101", "ISO 37101", "/Amd 1"),
    ("ISO 37101:2016/CD Amd 4", "37101", "ISO 37101:2016", "ISO 37101:2016", "/CD Amd 4"),
    ("ISO 37101:2016/AWI Amd 2.2", "37101", "ISO 37101:2016", "ISO 37101:2016", "/AWI Amd 2.2"),
    ("ISO 37101:2016/FDAmd 3", "37101", "ISO 37101:2016", "ISO 37101:2016", "/FDAmd 3"),
    ("ISO 37101:2016/DAM 5", "37101", "ISO 37101:2016", "ISO 37101:2016", "/DAM 5"),
    (
        "ISO 1234:2000/Amd 1:2005/Cor 1:2007",
        "1234",
        "ISO 1234:2000",
        "ISO 1234:2000/Amd 1:2005",
        "/Cor 1:2007",
    ),
    ("ISO 1234:2000/Add 1:2001", "1234", "ISO 1234:2000", "ISO 1234:2000", "/Add 1:2001"),
    ("ISO 1234:2000/Suppl 1", "1234", "ISO 1234:2000", "ISO 1234:2000", "/Suppl 1"),
]


@pytest.mark.parametrize(("reference", "number", "whole", "base", "part"), FORMS)
def test_a_reference_is_read_in_its_parts(
    reference: str, number: str, whole: str, base: str, part: str
) -> None:
    assert re.fullmatch(iso_reference.FORM, reference)
    assert iso_reference.number(reference) == number
    assert iso_reference.whole(reference) == whole
    assert iso_reference.parted(reference) == (base, part)
    assert not misfits(reference, record_shapes.ADOPTION["properties"]["adopts"])


@pytest.mark.parametrize(
    "text",
    [
        "ISO37101",
        "iso 37101",
        "37101",
        "ISO 37101:16",
        "ISO 37101:2016/Amd",
        "ISO 37101:2016/A1",
        "ISO 37101:2016 and others",
        "ISO 1/2",
    ],
)
def test_what_is_no_reference_does_not_fit_a_record(text: str) -> None:
    assert not re.fullmatch(iso_reference.FORM, text)
    assert misfits(text, record_shapes.ADOPTION["properties"]["adopts"])
