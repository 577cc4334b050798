"""The rooms of ``tools/handbook`` stand on floors, and each imports only from the floors below it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import grimp
import pytest

from handbook import FLOORS
from support import ROOT


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("handbook", cache_dir=None)


def test_every_room_has_a_floor(graph: grimp.ImportGraph) -> None:
    rooms = {child.removeprefix("handbook.") for child in graph.find_children("handbook")}
    assert rooms == {room for floor in FLOORS for room in floor}


def test_no_arrow_leads_up(graph: grimp.ImportGraph) -> None:
    layers = [grimp.Layer(*sorted(floor), independent=True) for floor in FLOORS]
    wrong = graph.find_illegal_dependencies_for_layers(layers, containers={"handbook"})
    assert sorted(f"{one.importer} -> {one.imported}" for one in wrong) == []


def test_only_the_upper_rooms_know_sphinx() -> None:
    knowing = {
        path.relative_to(ROOT / "tools" / "handbook").parts[0]
        for path in (ROOT / "tools" / "handbook").rglob("*.py")
        if "from sphinx" in path.read_text("utf-8") or "import sphinx" in path.read_text("utf-8")
    }
    assert knowing <= {"sphinxext", "pdf"}


def test_no_name_occurs_twice() -> None:
    paths = [*(ROOT / "tools").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    names = Counter(path.name for path in paths if path.name not in {"__init__.py", "conf.py"})
    assert [name for name, times in names.items() if times > 1] == []


def test_modules_that_are_named_exist() -> None:
    tools = ROOT / "tools"
    missing = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted(tools.rglob("*.py"))
        for name in re.findall(r":mod:`~?([\w.]+)`", path.read_text("utf-8"))
        if not (module := tools.joinpath(*name.split("."))).is_dir()
        and not module.with_suffix(".py").is_file()
    ]
    assert missing == []


def test_each_room_says_what_it_is_for() -> None:
    rooms = Path(ROOT / "tools" / "handbook").rglob("__init__.py")
    assert [str(room) for room in rooms if not room.read_text("utf-8").startswith('"""')] == []
