"""P022: what nobody sees is found wherever pages and tools read text."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from handbook.datecheck import judge
from handbook.model import safety
from support import ROOT

#: Of Unicode's categories for what is not drawn: tab, line ends and NUL have a rule of their own.
ELSEWHERE = "\t\n\r\0"


def test_all_that_unicode_does_not_draw_is_found() -> None:
    hidden = [
        chr(number)
        for number in range(0x110000)
        if unicodedata.category(chr(number)) in {"Cc", "Cf", "Zl", "Zp"}
    ]
    missed = [one for one in hidden if not safety.UNSEEN.fullmatch(one) and one not in ELSEWHERE]
    assert list(map(ascii, missed)) == []


@pytest.mark.parametrize(
    "text",
    [
        "杭州市江干区，2019 年。",
        "全角\u3000空格",
        "葛\U000e0100飾区 and 辻\ufe00",
        "“curved”, a no-break\u00a0space, a thin\u202fone, — and …",
    ],
)
def test_what_chinese_and_print_need_is_left(text: str) -> None:
    assert list(safety.unseen(text)) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a\u202eb", [(1, 2)]),
        ("one\ntw\u200bo\u200d", [(2, 3), (2, 5)]),
        ("tag\U000e0041\U000e007f", [(1, 4), (1, 5)]),
        ("x\ufe0f", [(1, 2)]),
        ("soft\u00adhyphen", [(1, 5)]),
        ("\u3164", [(1, 1)]),
        ("\ufeff", [(1, 1)]),
    ],
)
def test_the_place(text: str, places: list[tuple[int, int]]) -> None:
    assert [(line, column) for line, column, _wrong in safety.unseen(text)] == places


@pytest.mark.parametrize("character", ["\x1b", "\u2028", "\u202e", "\u200b"])
@pytest.mark.parametrize(
    "name",
    [
        "docs/page.md",
        "docs/moved.yaml",
        "docs/club/table.csv",
        "docs/club/part.TXT",
        "docs/_static/own.css",
        "references/own.bib",
        "references/own.yaml",
        "references/iso/deliverables.jsonl",
        "references/published/keys.txt",
        "pyproject.toml",
        "CITATION.cff",
        "CHANGELOG.md",
        "Makefile",
        "tools/handbook/sphinxext/locale/zh_CN/LC_MESSAGES/handbook.po",
        "tools/own.py",
    ],
)
def test_every_kind_of_file_is_read(tmp_path: Path, name: str, character: str) -> None:
    (tmp_path / "docs").mkdir()
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# x\n# a{character}b\n", "utf-8")
    found = list(map(str, judge.check(tmp_path, date(2026, 11, 23), ["P022"]).findings))
    wanted = f"{name}:2:4: P022 the character U+{ord(character):04X} cannot be seen"
    assert [one.split(" (hint")[0] for one in found] == [wanted]


def test_a_name_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "plan\u202efdp.md").write_text("# x\n", "utf-8")
    found = "\n".join(map(str, judge.check(tmp_path, date(2026, 11, 23), ["P022"]).findings))
    assert "P022 in the file's name the character U+202E cannot be seen" in found


def test_a_file_full_of_them_ends(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "x.txt").write_text("\x1b\n" * 1_000_000, "utf-8")
    assert len(judge.check(tmp_path, date(2026, 11, 23), ["P022"]).findings) == 100


def test_what_leads_out_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "project" / "docs").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("a\x1b", "utf-8")
    (tmp_path / "project" / "docs" / "x.txt").symlink_to(tmp_path / "secret.txt")
    assert list(safety.texts(tmp_path / "project")) == []


def test_every_text_of_the_project_is_of_a_known_kind() -> None:
    """A new kind of file is not forgotten: what is not a text has a kind that is known, too."""
    binary = {".png", ".mo", ".ttf", ".otf", ".pdf", ".pyc", ".svgz", ".gz", ".woff2", ".icc"}
    folders = (ROOT / "docs", ROOT / "references", ROOT / "tools")
    files = [path for one in folders for path in one.rglob("*") if path.is_file()]
    unknown = {
        path.suffix.lower() or path.name
        for path in files
        if "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert unknown - safety.TEXTS - binary == set()
