"""``make serve``: a saved page is in the browser at the same place; what is wrong stands in its corner."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handbook.sphinxext import preview
from handbook.sphinxext.preview import serve
from support.browser import open_page
from support.projects import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONG = "\n\n".join(
    f"(place-{number})=\n## Part {number}\n\nA sentence.\n\nAnother.\n" for number in range(30)
)
PAGES = {
    "index.md": "# Home\n\n:::{toctree}\nlong\nother\n:::\n",
    "long.md": f"# Long\n\n{LONG}",
    "other.md": "# Other\n\nIt cites {cite:p}`cnis2019`.\n",
}


@contextmanager
def served(project: Project) -> Iterator[tuple[str, list[str]]]:
    """The preview of a project: its address, and what it says."""
    address, ready, stop = [], threading.Event(), threading.Event()
    said: list[str] = []

    def at(where: str) -> None:
        address.append(where)
        ready.set()

    server = threading.Thread(
        target=serve, args=(project.root, project.root / "build", 0, said.append, at, stop)
    )
    server.start()
    try:
        assert ready.wait(60), said
        yield address[0], said
    finally:
        stop.set()
        server.join(30)
        assert not server.is_alive()


@pytest.fixture
def here(tmp_path: Path) -> Project:
    project = Project(tmp_path, PAGES)
    with (project.docs / "conf.py").open("a") as conf:
        conf.write("handbook_search = True\n")
    return project


def test_a_saved_page_is_shown_at_the_same_place(here: Project, browser: Browser) -> None:
    with served(here) as (address, _said):
        page = open_page(browser, f"{address}long.html")
        page.evaluate("document.getElementById('place-20').scrollIntoView()")
        page.evaluate("scrollBy(0, 7)")
        top = "document.getElementById('place-20').getBoundingClientRect().top"
        before = page.evaluate(top)
        here.change(here.docs / "long.md", "# Long\n", "# Long\n\nA new sentence above.\n\n" * 1)
        page.get_by_text("A new sentence above.").wait_for(timeout=30_000, state="attached")
        page.wait_for_function(f"Math.abs({top} - {before}) < 2", timeout=10_000)
        # a page that did not change stays
        page.evaluate("window.stayed = true")
        here.change(here.docs / "other.md", "It cites", "It really cites")
        other = open_page(browser, f"{address}other.html")
        other.get_by_text("It really cites").wait_for(timeout=30_000)
        assert page.evaluate("window.stayed")
        page.context.close()
        other.context.close()


def test_what_is_wrong_stands_in_the_corner_until_it_is_right(
    here: Project, browser: Browser
) -> None:
    with served(here) as (address, said):
        page = open_page(browser, f"{address}other.html")
        corner = page.locator("#preview-problems")
        corner.wait_for(state="hidden")
        here.change(here.docs / "other.md", "`cnis2019`", "`cnis2091`")
        corner.get_by_text("docs/other.md:3").wait_for(timeout=30_000)
        text = corner.inner_text()
        assert "cnis2091" in text
        assert "did you mean" in text or "cnis2019" in text
        # another page, saved meanwhile, does not make it forgotten
        here.change(here.docs / "long.md", "# Long", "# Longer")
        page.locator("h1").wait_for()
        wait(lambda: sum("Built in" in line for line in said) >= 3)
        corner.get_by_text("docs/other.md:3").wait_for()
        here.change(here.docs / "other.md", "`cnis2091`", "`cnis2019`")
        corner.wait_for(state="hidden", timeout=30_000)
        page.context.close()


def wait(until: Callable[[], bool]) -> None:
    done = threading.Event()
    for _ in range(300):
        if until():
            return
        done.wait(0.1)
    raise AssertionError("it did not come")


def test_what_stops_a_build_never_ends_the_server(here: Project) -> None:
    conf = here.docs / "conf.py"
    good = conf.read_text("utf-8")
    conf.write_text(good + "1 / 0\n", "utf-8")
    with served(here) as (address, said):
        assert "the build stopped" in " ".join(said)
        assert fetch(address) == b"503"
        conf.write_text(good, "utf-8")
        wait(lambda: b"Home" in fetch(address))
        bib = here.references / "sources.bib"
        sources = bib.read_text("utf-8")
        bib.write_text("@online{broken, title={\n", "utf-8")
        wait(lambda: any("sources.bib:" in line for line in said))
        bib.write_text(sources, "utf-8")
        wait(lambda: re.fullmatch(r"Built in [\d.]+ s", said[-1]) is not None)


def fetch(address: str, host: str = "") -> bytes:
    request = urllib.request.Request(address, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        return str(error.code).encode()


def test_pages_are_published_as_ever_and_served_to_this_machine_alone(
    here: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "IDLE", 0.2)
    with served(here) as (address, _said):
        wait(lambda: (here.root / "build/html/pagefind/words.json").exists())
        shown, written = fetch(address), (here.root / "build/html/index.html").read_bytes()
        own = re.compile(rb'<link rel="stylesheet" href="/-preview/.*?</script>')
        assert own.sub(b"", shown) == written
        assert shown != written
        assert b"Content-Security-Policy" in written
        assert fetch(address, "evil.example") == b"421"
        assert fetch(f"{address}../../docs/conf.py") == b"404" or b"project" not in fetch(
            f"{address}../../docs/conf.py"
        )
        here.change(here.docs / "other.md", "It cites", "A whistle cites")
        wait(lambda: "whistle" in (here.root / "build/html/pagefind/words.json").read_text("utf-8"))
    assert here.build(handbook_search="1").warnings == []
