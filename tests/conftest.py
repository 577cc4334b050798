"""Fixtures: small Sphinx projects, and the real handbook, built once a run, served to a real browser."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright
from sphinx.locale import translators
from sphinx.testing.util import SphinxTestApp

from support import ROOT
from support.browser import served
from support.once import once, shared_folder
from support.programs import program
from support.projects import Build, Built, Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes depends on what else the machine does. The examples are the same in each run: a change fails
# of what it does, and not by luck.
settings.register_profile("handbook", deadline=None, derandomize=True)
settings.load_profile("handbook")

# What a shell starts in the background ignores Ctrl+C, and so would each command that a test stops with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str | Mapping[str, str]], Project]:
    """``project("milestone")`` or ``project({"index.md": "..."})``: a copy that the test may change."""
    return lambda case: Project(tmp_path, case)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """``built("milestone", "latex")``: a case built once for all processes of the run; nobody changes it."""
    folder = shared_folder(tmp_path_factory)

    @cache
    def build(case: str, builder: str = "html", **conf: Any) -> Built:
        root = folder / "-".join([case, *conf.values()])
        warnings = once(root, builder, lambda: Project(root, case).build(builder, **conf).warnings)
        return Built(root / "build" / builder, warnings)

    return build


@dataclass(frozen=True)
class Handbook:
    """The handbook as built for the tests: where, what the builder warned of, and which pages it has, in order."""

    folder: Path
    warnings: list[str]
    pages: list[str]


@pytest.fixture(scope="session")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Handbook]:
    """``handbook("html")``, ``("pdf")``, ``("epub")``, ``("pdf", "zh_CN")``: an edition of the handbook, built once for
    all processes of the run.
    """
    shared = shared_folder(tmp_path_factory)

    def make(builder: str, language: str) -> tuple[list[str], list[str]]:
        app = SphinxTestApp(
            builder,
            srcdir=ROOT / "docs",
            builddir=shared / language,
            confoverrides={"language": language},
        )
        try:
            app.build()
        finally:
            app.cleanup()
            translators.clear()
        pages = dict(app.builder.contents()) if builder == "pdf" else app.env.all_docs
        return app.warning.getvalue().splitlines(), list(pages)

    @cache
    def build(builder: str, language: str = "en") -> Handbook:
        if builder != "html":
            build("html", language)  # who has read the pages once need not do it again
        folder = shared / language
        return Handbook(folder / builder, *once(folder, builder, lambda: make(builder, language)))

    return build


@pytest.fixture(scope="session")
def site(handbook: Callable[..., Handbook]) -> Iterator[tuple[str, Path]]:
    """The handbook served: its address and its folder; nobody changes it."""
    folder = handbook("html").folder
    with served(folder) as address:
        yield address, folder


@pytest.fixture(scope="session")
def chinese(handbook: Callable[..., Handbook]) -> Handbook:
    """The Chinese edition of the handbook, built once for all processes of the run."""
    return handbook("html", "zh_CN")


@pytest.fixture(scope="session")
def chinese_site(chinese: Handbook) -> Iterator[tuple[str, Path]]:
    """The Chinese edition served: its address and its folder; nobody changes it."""
    with served(chinese.folder, mount="/zh/") as address:
        yield address, chinese.folder


# One for each module: while playwright runs, its event loop keeps tests of other modules from running theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = program("chromium", "chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()
