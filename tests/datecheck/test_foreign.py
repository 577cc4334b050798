"""Files that pages bring in: kinds that browsers run, and links that lead out of the folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handbook.datecheck import judge

PAGE = '---\nreviewed: "2026-11-23"\n---\n# A page\n\n{}\n'
DAY = date(2026, 11, 23)


def found(root: Path, text: str) -> list[str]:
    docs = root / "docs"
    docs.mkdir(exist_ok=True)
    (docs / "page.md").write_text(PAGE.format(text), "utf-8")
    (docs / "map.html").write_text("<p>x", "utf-8")
    (docs / "table.csv").write_text("a,b", "utf-8")
    (docs / "good.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    if "bad.svg" in text:
        (docs / "bad.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "utf-8"
        )
    return [str(finding) for finding in judge.check(root, DAY, ["P018", "P020"]).findings]


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("[the map](map.html)", ["page.md:6:11: P020 map.html is a file that browsers may run"]),
        (
            "![](bad.svg)",
            [
                "bad.svg:1:1: P020 bad.svg is not a plain SVG: <script>",
                "page.md:6:5: P020 bad.svg is not a plain SVG: <script>",
            ],
        ),
        ("[the table](table.csv) and ![](good.svg)", []),
        ("```{literalinclude} map.html\n```", []),
    ],
)
def test_files_that_browsers_run(tmp_path: Path, text: str, messages: list[str]) -> None:
    assert [one.split(" (hint")[0] for one in found(tmp_path, text)] == [
        f"docs/{message}" for message in messages
    ]


def test_a_symbolic_link_that_leads_out(tmp_path: Path) -> None:
    found(tmp_path, "Text.")
    (tmp_path / "docs" / "way.md").symlink_to("/etc/hostname")
    (tmp_path / "docs" / "loop.md").symlink_to("loop.md")
    assert [one.split(" (hint")[0] for one in found(tmp_path, "Text.")] == [
        "docs/way.md:1:1: P018 a symbolic link that leads out of its folder"
    ]
