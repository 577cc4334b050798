"""What a change does to the built pages: addresses that vanish or lead on, anchors, words."""

from __future__ import annotations

from pathlib import Path

import pytest

import compare_builds
from handbook.outputs.build_comparison import compare, report
from support.commands import ended

PAGE = '<!doctype html><html><head><title>T</title></head><body><nav>Menu</nav><div role="main"><section id="club"><h1>The club<a class="headerlink" href="#club">#</a></h1>{}</section></div></body></html>'
AWAY = '<!doctype html><html><head><noscript><meta http-equiv="Refresh" content="0; url=club.html"></noscript></head><body><a href="club.html">club</a></body></html>'


def build(folder: Path, **pages: str) -> Path:
    folder.mkdir()
    for name, text in {"index": PAGE.format("<p>Home</p>"), **pages}.items():
        path = folder / (name.replace("__", "/") + ".html")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def test_equal_builds_have_nothing_to_tell(tmp_path: Path) -> None:
    found = compare(build(tmp_path / "old"), build(tmp_path / "new"))
    assert (
        report(found)
        == "# What this change does to the built pages\n\nNothing: no page differs in a word.\n"
    )


def test_an_address_that_vanishes_is_told_apart_from_one_that_leads_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = build(tmp_path / "old", gone=PAGE.format("a"), moved=PAGE.format("b"))
    new = build(tmp_path / "new", moved=AWAY, club=PAGE.format("b"), former=AWAY)
    found = compare(old, new)
    assert (found.vanished, found.moved, found.added) == (
        ["gone.html"],
        {"moved.html": "club.html"},
        ["club.html"],
    )
    assert compare_builds.main([str(old), str(new), "--report", str(tmp_path / "report.md")]) == 1
    assert (
        capsys.readouterr().err
        == "gone.html has vanished (hint: bring it back, or redirect its address)\n"
    )
    assert "## Addresses that lead nowhere now (1)\n\n- `gone.html`\n" in (
        tmp_path / "report.md"
    ).read_text("utf-8")
    assert "- `moved.html` to `club.html`\n" in (tmp_path / "report.md").read_text("utf-8")


def test_data_vanish_too_but_styles_and_scripts_are_no_addresses(tmp_path: Path) -> None:
    old, new = build(tmp_path / "old"), build(tmp_path / "new")
    for name in ("data/sources.json", "_static/a.js"):
        (old / name).parent.mkdir(exist_ok=True)
        (old / name).write_text("1", "utf-8")
    assert compare(old, new).vanished == ["data/sources.json"]


def test_changed_words_are_shown_with_a_few_around_them(tmp_path: Path) -> None:
    old = build(
        tmp_path / "old",
        club__meetings=PAGE.format(
            "<p>Before it all, six events of the club are known from sources today.</p>"
        ),
    )
    new = build(
        tmp_path / "new",
        club__meetings=PAGE.format(
            "<p>Before it all, <b>seven</b> *events* of the club are known from sources today.</p>"
        ),
    )
    found = compare(old, new)
    assert found.changed == {
        "club/meetings.html": [
            r"The club Before it all, ~~six events~~ **seven \*events\*** of the club are known from"
        ]
    }
    assert "### club/meetings.html\n\n- … The club Before" in report(found)


def test_what_stands_around_the_page_does_not_count(tmp_path: Path) -> None:
    old = build(tmp_path / "old", club=PAGE.format("a"))
    new = build(tmp_path / "new", club=PAGE.format("a").replace("Menu", "Other menu"))
    assert compare(old, new).changed == {}


def test_an_anchor_that_is_gone_is_told_unless_it_is_only_numbered(tmp_path: Path) -> None:
    old = build(tmp_path / "old", club=PAGE.format('<p id="founding-2017">a</p><p id="id7">b</p>'))
    new = build(tmp_path / "new", club=PAGE.format("<p>a</p><p>b</p>"))
    found = compare(old, new)
    assert found.anchors == ["club.html#founding-2017"]
    assert found.changed == {}


def test_markup_of_a_page_is_not_markup_of_the_report(tmp_path: Path) -> None:
    old = build(tmp_path / "old", club=PAGE.format("a"))
    new = build(tmp_path / "new", club=PAGE.format("a @all &lt;img src=x&gt; [x](y)"))
    assert compare(old, new).changed == {
        "club.html": ["The club a **@\u200ball \\<img src=x\\> \\[x\\](y)**"]
    }


def test_a_folder_without_pages_is_said_so(tmp_path: Path) -> None:
    assert ended(lambda: compare_builds.main([str(tmp_path), str(tmp_path)])) == (
        2,
        f"command: {tmp_path} holds no index.html (hint: name a folder that make html wrote)\n",
    )
