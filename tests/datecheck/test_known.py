"""What a check remembers of the one before: whatever changed in between, it finds what a fresh one finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from handbook.datecheck import judge
from handbook.datecheck.tree import Known, Tree
from handbook.sphinxext import remembered
from support import small_handbook

DAY = date(2026, 11, 23)
WORDS = "tools/handbook/room/locale/zh_CN/LC_MESSAGES/room.po"
LEDGER = "references/published/facts.jsonl"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_handbook(tmp_path)


def check(root: Path, before: dict[Any, Any]) -> tuple[list[str], dict[Any, Any]]:
    """What is found, and what the next check may know of it."""
    files = remembered.of_project(root)
    assert files
    tree = Tree.load(root, DAY)
    tree.known = Known(before, files[1])
    return [str(one) for one in judge.inspect(tree).findings], tree.known.now


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


Change = Callable[[Path], object]


@pytest.mark.parametrize(
    ("files", "change", "code"),
    [
        pytest.param(
            {"docs/new.md": "# New\n\nSee :iso:`37101`.\n"},
            lambda root: write(root, "docs/new.md", "# New\n\nSee {iso}`37101`.\n"),
            "P008",
            id="the page",
        ),
        pytest.param(
            {"docs/new.md": "# New\n\n[It](other.md).\n", "docs/other.md": "# Other\n"},
            lambda root: (root / "docs/other.md").unlink(),
            "P030",
            id="a page that it names goes",
        ),
        pytest.param(
            {"docs/new.md": "# New\n\n[It](folder).\n"},
            lambda root: (root / "docs/folder").mkdir(),
            "P030",
            id="an empty folder comes",
        ),
        pytest.param(
            {"docs/new.md": "# New\n\n{download}`other.md`\n", "docs/other.md": "# Other\n"},
            lambda root: write(root, "docs/other.md", "<b>Other</b>\n"),
            "P020",
            id="a page that it offers",
        ),
        pytest.param(
            {
                "docs/new.md": "# New\n\n![A plan](plan.svg)\n",
                "docs/plan.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            },
            lambda root: write(
                root, "docs/plan.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"
            ),
            "P020",
            id="a picture",
        ),
        pytest.param(
            {
                "docs/new.md": "# New\n\n```{include} _parts/part.md\n```\n",
                "docs/_parts/part.md": "Words.\n",
            },
            lambda root: write(root, "docs/_parts/part.md", "<b>Words.</b>\n"),
            "P017",
            id="a page that it includes",
        ),
        pytest.param(
            {
                "docs/new.md": "# New\n\nA {term}`district`.\n",
                "docs/other.md": "# Other\n\n```{glossary}\ndistrict\n  A part of a city.\n```\n",
            },
            lambda root: write(root, "docs/other.md", "# Other\n"),
            "Y004",
            id="a term",
        ),
        pytest.param(
            {WORDS: 'msgid "a"\nmsgstr "b"\n'},
            lambda root: write(root, WORDS, 'msgid "a"\nmsgstr ""\n'),
            "P029",
            id="translated words",
        ),
        pytest.param(
            {LEDGER: ""},
            lambda root: write(root, LEDGER, "{\n"),
            "P027",
            id="the ledger",
        ),
        pytest.param(
            {"references/notes.yaml": "a: 1\n"},
            lambda root: write(root, "references/notes.yaml", "a: \u200b1\n"),
            "P022",
            id="a character that nobody sees",
        ),
    ],
)
def test_what_changed_is_judged_anew(
    root: Path, files: dict[str, str], change: Change, code: str
) -> None:
    for name, text in files.items():
        write(root, name, text)
    found, known = check(root, {})
    assert known
    change(root)
    fresh, _now = check(root, {})
    assert any(f" {code} " in one for one in {*found} ^ {*fresh}), "the change has no consequence"
    assert check(root, known)[0] == fresh


def test_an_unreadable_ledger_is_not_taken_for_an_empty_one(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, LEDGER, "")
    _found, known = check(root, {})
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == "facts.jsonl":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    fresh, _now = check(root, {})
    assert any(one.startswith(f"{LEDGER}:1:1: P027 the file cannot be read") for one in fresh)
    assert check(root, known)[0] == fresh


def test_what_did_not_change_is_not_judged_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, known = check(root, {})
    asked: list[str] = []
    once = Known._found

    def watch(self: Known, key: Any, make: Any) -> list[Any]:
        return once(self, key, lambda: asked.append(key[0]) or make())

    monkeypatch.setattr(Known, "_found", watch)
    assert check(root, known) == (found, known)
    assert asked == []


def test_an_empty_folder_has_its_name_in_what_stands_for_the_project(root: Path) -> None:
    before = remembered.of_project(root)
    (root / "docs/a b").mkdir()
    after = remembered.of_project(root)
    assert before
    assert after
    assert before[0] != after[0]
    assert before[1] != after[1]
    rmtree(root / "docs/a b")
    assert remembered.of_project(root) == before
