"""An address that was published once leads on: pages and anchors that moved, and faults of the list that says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from handbook.model import moved, published
from handbook.model.moved import Address, Moves
from support import ROOT
from support.browser import open_page, served
from support.projects import Project

NEW = "---\ndescription: The new page of the club, in new words.\n---\n(new-part)=\n# New page\n\n(part)=\n## A part\n\nText.\n"
PAGES = {
    "index.md": "# Home\n\n```{toctree}\nclub/new\nother\n```\n",
    "club/new.md": NEW,
    "other.md": "# Other\n\n(other-part)=\n## Its part\n",
}
MakeProject = Callable[..., Project]


@pytest.fixture
def make(project: MakeProject) -> Callable[[str], Project]:
    return lambda text: project({**PAGES, "moved.yaml": text})


def test_a_page_that_moved_keeps_its_address_and_its_anchors(
    make: Callable[[str], Project],
) -> None:
    built = make("deep/old: club/new\n").build()
    assert built.warnings == []
    page = built.soup("deep/old.html")
    link = page.select_one("a")
    assert link
    assert link["href"] == "../club/new.html"
    assert (
        page.select_one("noscript meta[http-equiv=refresh]")["content"] == "0; url=../club/new.html"
    )  # type: ignore[index]
    assert "location.hash" in page.select("script")[0].text
    # Its one script is allowed by its hash.
    assert "script-src 'self' 'wasm-unsafe-eval' 'sha256-" in str(
        page.select_one("meta[http-equiv=Content-Security-Policy]")
    )


def test_an_anchor_that_moved_is_led_on_from_the_page_it_stood_on(
    make: Callable[[str], Project],
) -> None:
    built = make(
        "other#gone: club/new#part\nother#former-part: other#other-part\nold: other\nold#there: club/new\n"
    ).build()
    assert built.warnings == []
    lines = {
        str(line["id"]): str(line.select_one("a")["href"])
        for line in built.soup("other.html").select(".hb-moved")
    }  # type: ignore[index]
    assert lines == {
        "gone": "club/new.html#part",
        "former-part": "#other-part",
        "there": "club/new.html",
    }
    assert built.soup("other.html").select("script[src*='moved.js']")
    assert not built.soup("club/new.html").select(".hb-moved, script[src*='moved.js']")


def test_no_redirect_gets_into_an_epub(make: Callable[[str], Project]) -> None:
    built = make("deep/old: club/new\nother#gone: club/new\n").build("epub")
    assert built.warnings == []
    assert not [path for path in built.out.rglob("*") if "old" in path.name]
    assert "hb-moved" not in built.text("other.xhtml")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "old: club/nowhere\n",
            1,
            "A006 old leads to club/nowhere, which is not a page (hint: did you mean club/new?)",
        ),
        (
            "\nold: club/new#nothing\n",
            2,
            "A006 old leads to club/new#nothing, and that page has no such anchor (hint: name an anchor of the page, or the page alone)",
        ),
        (
            "other: club/new\n",
            1,
            "A005 the page other exists (hint: delete this line, or the page)",
        ),
        (
            "other#other-part: club/new\n",
            1,
            "A005 the anchor other-part is on other (hint: delete this line, or give the anchor another name)",
        ),
        (
            "gone#there: club/new\n",
            1,
            "A007 gone#there was on a page that is gone and not redirected (hint: add the line gone: club/new)",
        ),
        ("a: b\nb: other\n", 1, "A004 a leads to b, which has moved too (hint: write a: other)"),
        (
            "a: other\na: club/new\n",
            2,
            "A003 a has moved twice: see line 1 (hint: keep the line that is true)",
        ),
        (
            "old.md: other\n",
            1,
            "A002 'old.md' is not an address (hint: name the page as in docs, without .md, and perhaps #anchor)",
        ),
        ("old: [other]\n", 1, "A002"),
        ("- old\n", 1, "A001 the file is not a list of old and new addresses"),
        ("old: other\n  x: : y\n", 2, "A001 the file cannot be read"),
    ],
)
def test_a_fault_of_the_list_is_told_with_its_line_and_its_hint(
    make: Callable[[str], Project], text: str, line: int, message: str
) -> None:
    warnings = make(text).build().warnings
    assert [
        warning for warning in warnings if f"docs/moved.yaml:{line}: WARNING: {message}" in warning
    ], warnings


@pytest.mark.parametrize("page", ["genindex", "search", "other"])
def test_no_redirect_overwrites_a_page(make: Callable[[str], Project], page: str) -> None:
    built = make(f"{page}: club/new\n").build()
    assert len(built.warnings) == 1
    assert "docs/moved.yaml:1: WARNING: A005" in built.warnings[0]
    assert 'http-equiv="refresh"' not in built.text(f"{page}.html")


def test_what_is_gone_leaves_the_built_pages(make: Callable[[str], Project]) -> None:
    project = make("deep/old: club/new\n")
    project.write("late.md", "---\norphan: true\n---\n# Late\n")
    built = project.build()
    assert built.warnings == []
    foreign = built.out / "mine.html"
    foreign.write_text("<p>Not of the handbook.</p>")
    for name in ("late.html", "deep/old.html"):
        assert (built.out / name).exists()
    (project.docs / "late.md").unlink()
    project.write("moved.yaml", "# nothing\n")
    again = project.build()
    assert again.warnings == []
    for name in ("late.html", "deep/old.html"):
        assert not (built.out / name).exists()
    for name in ("index.html", "club/new.html", "genindex.html", "search.html", "mine.html"):
        assert (built.out / name).exists(), name
    assert "late" not in again.text("llms.txt")


def test_a_new_line_of_the_list_reaches_pages_that_are_up_to_date(
    make: Callable[[str], Project],
) -> None:
    project = make("# nothing yet\n")
    before = project.build().written()
    project.write("moved.yaml", "other#gone: club/new\n")
    after = project.build()
    assert after.soup("other.html").select("#gone.hb-moved")
    assert before["club/new.html"] == after.written()["club/new.html"]


def test_a_name_may_vanish_only_if_its_address_is_led_on(tmp_path: Path) -> None:
    then = {"anchors": {"p#a", "q#b"}, "keys": {"k"}, "milestones": {"m"}, "pages": {"p", "q"}}
    now = {"anchors": {"new#b"}, "keys": set(), "milestones": set(), "pages": {"p", "new"}}
    path = tmp_path / "moved.yaml"
    path.write_text("q: new\np#a: new\nbibliography#cite-k: bibliography\np#m: new\n", "utf-8")
    lost = [line for line in published.differences(now, then) if "vanished" in line]
    assert [line.partition(" has")[0] for line in lost] == [
        "anchors: p#a",
        "anchors: q#b",
        "keys: k",
        "milestones: m",
        "pages: q",
    ]
    kept = published.differences(now, then, moved.load(path))
    assert [line for line in kept if "vanished" in line] == []
    assert (
        "anchors: new#b is new; run: python tools/check_names.py --write --html build/html" in kept
    )


def resolve(folder: Path, address: str, moves: Moves) -> str | None:
    """Where an address leads in the built pages, as a browser finds it; ``None`` if nowhere."""
    page, anchor = urldefrag(address)
    for _hop in range(3):
        path = folder / f"{page}.html"
        if not path.exists():
            return None
        text = path.read_text("utf-8")
        if page_moved := moves.moves.get(Address(page)):
            page, anchor = page_moved.new.page, anchor or page_moved.new.anchor
            continue
        if anchor and not re.search(rf' id="{re.escape(anchor)}"', text):
            return None
        return f"{page}#{anchor}" if anchor else page
    return None


def test_every_address_ever_published_leads_somewhere(site: tuple[str, Path]) -> None:
    moves = moved.load(ROOT / "docs" / moved.NAME)
    lists = published.promised(ROOT)
    addresses = lists["pages"] | lists["anchors"]
    assert len(addresses) > 1500
    assert (
        sorted(address for address in addresses if resolve(site[1], address, moves) is None) == []
    )


def test_no_published_anchor_vanishes(site: tuple[str, Path]) -> None:
    """New ones fail nothing: an edition puts them on the list."""
    found = published.differences(
        published.present(ROOT, site[1]),
        published.promised(ROOT),
        moved.load(ROOT / "docs" / moved.NAME),
    )
    assert [line for line in found if " is new; " not in line] == []


def test_a_browser_follows_old_addresses(make: Callable[[str], Project], browser: object) -> None:
    built = make(
        "deep/old: club/new\nother#gone: club/new#part\nold#there: other\nold: club/new\n"
    ).build(html_theme="furo", html_static_path=[str(ROOT / "docs" / "_static")])
    with served(built.out) as address:
        for old, new in (
            ("deep/old.html", "club/new.html"),
            ("deep/old.html#part", "club/new.html#part"),
            ("other.html#gone", "club/new.html#part"),
            ("old.html#there", "other.html"),
        ):
            page = open_page(browser, f"{address}/{old}")  # type: ignore[arg-type]
            page.wait_for_url(f"{address}/{new}")
            page.context.close()
            page = open_page(browser, f"{address}/{old}", java_script_enabled=False)  # type: ignore[arg-type]
            page.locator(
                "a:visible", has_text=re.compile("its new place|New page|Other|A part")
            ).first.wait_for()
            page.context.close()
