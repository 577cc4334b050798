"""The theme's style sheet is served without rules for descriptions of programs, which no page has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handbook.sphinxext.upstream.furo_styles import without_programs

#: Classes that only descriptions of programs have, and that the sheet no longer knows.
GONE = re.compile(
    r"sig(-\w+)*|viewcode-\w+|property|deprecated|version(added|changed|removed|modified)"
)


@pytest.mark.parametrize(
    ("sheet", "served"),
    [
        ("p{margin:0}.sig{color:red}a{top:0}", "p{margin:0}a{top:0}"),
        ("span.property,.sig-name .viewcode-link{top:0}", ""),
        # a rule that other parts share stays
        (".sig:hover,p:hover{top:0}", ".sig:hover,p:hover{top:0}"),
        (".signature,.property-list{top:0}", ".signature,.property-list{top:0}"),
        ("pre:not(.sig){top:0}", "pre:not(.sig){top:0}"),
        ("body{--color-api-name:red;--color-link:#00f}", "body{--color-link:#00f}"),
        # a variable that a rule uses stays
        (
            "dl{color:var(--color-api-all)}body{--color-api-all:red;--color-api-name:red}",
            "dl{color:var(--color-api-all)}body{--color-api-all:red;}",
        ),
        ("@media print{.versionadded{top:0}p{top:0}}", "@media print{p{top:0}}"),
    ],
)
def test_what_is_dropped(sheet: str, served: str) -> None:
    assert without_programs(sheet) == served


def test_no_page_has_what_is_dropped(
    site: tuple[str, Path], chinese_site: tuple[str, Path]
) -> None:
    for _address, folder in (site, chinese_site):
        sheet = (folder / "_static" / "styles" / "furo.css").read_text("utf-8")
        assert ".admonition.tip" in sheet
        assert "--color-api-name" not in sheet
        assert "var(}" not in sheet
        assert sheet.count("(") == sheet.count(")")
        found = {
            name
            for path in folder.rglob("*.html")
            for words in re.findall(r'class="([^"]*)"', path.read_text("utf-8"))
            for name in words.split()
            if GONE.fullmatch(name)
        }
        assert found == set()
