"""The page on the architecture says what the code has."""

from __future__ import annotations

import re

import pytest

from handbook import FLOORS
from handbook.outputs import room_picture
from support import ROOT

PAGE = (ROOT / "docs" / "contributing" / "architecture.md").read_text("utf-8")


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([a-z]\w*(?:/\w+)*(?:/|\.py))`", PAGE))))
def test_what_the_page_names_is_there(path: str) -> None:
    assert any((folder / path).exists() for folder in (ROOT, ROOT / "tools" / "handbook"))


def test_the_picture_has_every_room_and_every_import() -> None:
    arrows = room_picture.imports(ROOT / "tools" / "handbook")
    assert arrows["datecheck"] >= {"model", "rules"}
    assert arrows["rules"] <= {"cli", "files"}
    picture = room_picture.draw(FLOORS, arrows, "Rooms", "All")
    assert picture.count("<rect") == sum(len(floor) for floor in FLOORS)
    assert picture.count('class="hb-arrow"') == sum(len(others) for others in arrows.values())
