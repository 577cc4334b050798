"""What the tests build: small Sphinx projects (a case of ``roots/`` or pages given as text, beside ``roots/references``), and
the real handbook, served to a real browser.

The browser is Debian's chromium (``apt install chromium``). Without one its tests are skipped, and say so; where the
variable CI is set, they fail instead.
"""

from __future__ import annotations

import fcntl
import http.server
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import settings
from playwright.sync_api import sync_playwright
from sphinx.locale import translators
from sphinx.testing.util import SphinxTestApp

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
ROOTS = Path(__file__).parent / "roots"
Build = Callable[..., "Built"]

CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
#: ``pytestmark`` of a module that opens pages: one process runs them all, so that the handbook is built once.
needs_browser = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("CI"),
        reason="NO BROWSER: pages were not tested; apt install chromium",
    ),
]

# How long an example takes depends on what else the machine does.
settings.register_profile("handbook", deadline=None)
settings.load_profile("handbook")

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Built:
    """What one run of Sphinx made: the output folder and each warning, with paths as seen from the project."""

    out: Path
    warnings: list[str]

    def text(self, name: str) -> str:
        return (self.out / name).read_text("utf-8")

    def soup(self, name: str = "index.html") -> BeautifulSoup:
        return BeautifulSoup(self.text(name), "html.parser")

    def body(self, name: str = "index.html") -> str:
        """The page's own part, each run of white space one blank."""
        main = self.soup(name).select_one("[role=main]")
        assert main
        return " ".join(str(main).split())

    @property
    def tex(self) -> str:
        """The body of the document for LaTeX."""
        return self.text("handbook.tex").split(r"\begin{document}")[1]

    def written(self) -> dict[str, int]:
        """The time of writing of each output file in nanoseconds."""
        return {
            str(path.relative_to(self.out)): path.stat().st_mtime_ns
            for path in self.out.rglob("*")
            if path.is_file()
        }


class Project:
    """A project in a folder of its own, which can be changed and built again; made unless it is there."""

    def __init__(self, root: Path, case: str | Mapping[str, str]) -> None:
        self.root = root
        self.docs = root / "docs"
        self.references = root / "references"
        if self.docs.exists():
            return
        shutil.copytree(ROOTS / "references", self.references)
        if isinstance(case, str):
            shutil.copytree(ROOTS / case, self.docs)
        else:
            for name, text in case.items():
                self.write(name, text)
        shutil.copy(ROOTS / "conf.py", self.docs)

    def write(self, name: str, text: str) -> None:
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def change(self, path: Path, old: str, new: str) -> None:
        before = path.read_text("utf-8")
        assert old in before
        path.write_text(before.replace(old, new), "utf-8")

    def build(self, builder: str = "html", **conf: Any) -> Built:
        """Build, as ``sphinx-build -b BUILDER -D NAME=VALUE`` does; what is up to date stays."""
        app = SphinxTestApp(
            builder, srcdir=self.docs, builddir=self.root / "build", confoverrides=conf
        )
        try:
            app.build()
        finally:
            app.cleanup()
            # Else the next test of the process would hear the language of this one.
            translators.clear()
        warnings = _COLOUR.sub("", app.warning.getvalue()).replace(f"{self.root}/", "").splitlines()
        return Built(Path(app.outdir), warnings)


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str | Mapping[str, str]], Project]:
    """``project("milestone")`` or ``project({"index.md": "..."})``: a copy that the test may change."""
    return lambda case: Project(tmp_path, case)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """``built("milestone", "latex")``: a case built once for all processes of the run; nobody changes it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    @cache
    def build(case: str, builder: str = "html", **conf: Any) -> Built:
        root = folder / "-".join([case, *conf.values()])
        with root.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = root / f"{builder}.json"
            if not done.exists():
                done.write_text(
                    json.dumps(Project(root, case).build(builder, **conf).warnings), "utf-8"
                )
        return Built(root / "build" / builder, json.loads(done.read_text("utf-8")))

    return build


@contextmanager
def served(folder: Path, mount: str = "/") -> Iterator[str]:
    """Serve a folder on this machine below the path ``mount``: its address, without a slash at the end."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def translate_path(self, path: str) -> str:
            return super().translate_path(
                "/" + path.removeprefix(mount) if path.startswith(mount) else "/not-here"
            )

        def log_message(self, *arguments: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{mount}".rstrip("/")
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The handbook, built once for all modules of the browser and served: its address and its folder; nobody changes it."""
    app = SphinxTestApp("html", srcdir=ROOT / "docs", builddir=tmp_path_factory.mktemp("handbook"))
    try:
        app.build()
    finally:
        app.cleanup()
    with served(Path(app.outdir)) as address:
        yield address, Path(app.outdir)


# One a module: while playwright runs, its event loop keeps tests of other modules from running theirs.
@pytest.fixture(scope="module")
def browser(site: tuple[str, Path]) -> Iterator[Browser]:
    assert CHROMIUM, "no chromium on this machine, and CI must test the pages"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def open_page(browser: Browser, address: str, **context: object) -> Page:
    page = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **context}).new_page()  # type: ignore[arg-type]
    page.goto(address)
    return page
