"""What the form of a list, a line, a table or a block of code says, in the PDF and in the EPUB."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdfium2 import PdfDocument

from support.pdfcheck import Report, check, text
from support.projects import PRINTED, Project

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>'
)
PAGE = """# Forms

<ol type="A"><li>upper</li><li>letters</li></ol>

<ol type="a" start="3"><li>lower</li><li>cases</li></ol>

<ol type="I"><li>Roman</li></ol>

<ol type="i" start="4"><li>little</li></ol>

<ol start="later"><li>loose</li></ol>

<ul start="4"><li>dotted</li></ul>

See [the drawing](#drawn).

(drawn)=
## ![seen](picture.svg)

:::{line-block}
outermost
  deeper
    deepest
returned
:::

:::{list-table}
:header-rows: 2
* - Upper
  - Head
* - Second
  - Row
* - cell
  - more
:::

:::{parsed-literal}
see [linked](https://example.org/linked) and *slanted*
    and **heavy**
:::
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("forms"), {"index.md": PAGE})
    made.write("picture.svg", PICTURE)
    return made


@pytest.fixture(scope="module")
def path(project: Project) -> Path:
    built = project.build("pdf", **PRINTED)
    assert built.warnings == []
    return built.out / "handbook.pdf"


@pytest.fixture(scope="module")
def report(path: Path) -> Report:
    return check(path)


@pytest.fixture(scope="module")
def epub(project: Project) -> BeautifulSoup:
    built = project.build("epub", **PRINTED)
    assert built.warnings == []
    with zipfile.ZipFile(next(built.out.glob("*.epub"))) as book:
        name = next(name for name in book.namelist() if Path(name).name == "index.xhtml")
        return BeautifulSoup(book.read(name), "html.parser")


def left(path: Path, word: str) -> float:
    """Where a word begins, the last time that it is printed."""
    found = []
    pdf = PdfDocument(path)
    try:
        for page in pdf:
            words = page.get_textpage()
            searcher = words.search(word)
            while match := searcher.get_next():
                found.append(words.get_charbox(match[0])[0])
    finally:
        pdf.close()
    return found[-1]


@pytest.mark.parametrize(
    "line",
    [
        "A. upper",
        "B. letters",
        "c. lower",
        "d. cases",
        "I. Roman",
        "iv. little",
        "1. loose",
        "• dotted",
    ],
)
def test_items_bear_the_number_or_letter_of_their_list(path: Path, line: str) -> None:
    assert line in text(path)


def test_a_link_to_a_heading_without_words_names_the_section_around_it(report: Report) -> None:
    assert set(report.internal_links) == {"Forms"}


def test_an_epub_keeps_the_kind_of_a_list(epub: BeautifulSoup) -> None:
    lists = [(one["type"], one.get("start")) for one in epub.select("ol[type]")]
    assert lists == [("A", None), ("a", "3"), ("I", None), ("i", "4")]


def test_lines_of_a_block_are_indented_as_deep_as_they_are(
    path: Path, epub: BeautifulSoup, project: Project
) -> None:
    outer, deeper, deepest, returned = (
        left(path, word) for word in ("outermost", "deeper", "deepest", "returned")
    )
    assert outer == pytest.approx(returned, abs=1)
    assert outer + 10 < deeper
    assert deeper + 10 < deepest
    (inner,) = epub.select(".line-block .line-block .line-block")
    assert inner.get_text(strip=True) == "deepest"
    # what a reader of the book is told of it
    with zipfile.ZipFile(next((project.root / "build" / "epub").glob("*.epub"))) as book:
        styles = "".join(book.read(name).decode() for name in book.namelist() if ".css" in name)
    assert ".line-block .line-block" in styles


def test_each_head_row_of_a_table_is_one(report: Report, epub: BeautifulSoup) -> None:
    heads = [one for one in report.elements if one.role == "TH"]
    assert len(heads) == 4
    assert all(one.within("THead") and one.scope == "Column" for one in heads)
    assert [len(row.find_all("th")) for row in epub.select("thead tr")] == [2, 2]
    assert len([one for one in report.elements if one.role == "TD"]) == 2


def test_a_link_in_a_parsed_literal_is_one(report: Report, epub: BeautifulSoup, path: Path) -> None:
    assert report.web_links.count("https://example.org/linked") >= 1
    assert any(one.role == "Link" and one.within("Code") for one in report.elements)
    (link,) = epub.select("pre a[href]")
    assert (link["href"], link.text) == ("https://example.org/linked", "linked")
    assert [one.text for one in epub.select("pre em, pre strong")] == ["slanted", "heavy"]
    assert left(path, "heavy") > left(path, "see linked") + 10
    assert {name.partition("+")[2] for name in report.fonts} >= {
        "NotoSansMono-Regular",
        "NotoSansMono-Bold",
    }


MAP = (
    '<figure><svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" width="100%" viewBox="0 0 402 231">'
    '<rect width="402" height="231"/></svg><figcaption>The map</figcaption></figure>'
)
NARROW = """:::{list-table}
:header-rows: 1
:widths: 90 4 6
* - Title
  - Stage
  - Committee
* - TITLE
  - 60.60
  - ISO/TC 268
:::
"""


def test_no_reference_breaks_after_its_slash(tmp_path: Path) -> None:
    words = "".join(
        f"{'x' * number} ISO/TC 268, GB/T 1.1, ISO/IEC JTC 4/AG 20 and ISO/TR 37121:2017\n\n"
        for number in range(1, 60)
    )
    page = f"# Words\n\n{words}\n{NARROW.replace('TITLE', 'Words ISO/TS 37107:2019 ' * 9)}"
    built = Project(tmp_path, {"index.md": page}).build("pdf", **PRINTED)
    assert built.warnings == []
    printed = text(built.out / "handbook.pdf")
    lines = [line.strip() for line in printed.splitlines()]
    assert [line for line in lines if re.search(r"\b[A-Z]{2,4}/$", line)] == []
    # nor does the head of a column within a word, although the page gives it too little room
    assert {"Stage", "Committee"} <= {word for line in lines for word in line.split()}
    assert "ISO/TC" in printed
    assert check(built.out / "handbook.pdf").failures == {}


def test_a_map_that_a_list_repeats_is_printed_large_as_decoration(tmp_path: Path) -> None:
    built = Project(tmp_path, {"index.md": f"# Map\n\n{MAP}\n"}).build("pdf", **PRINTED)
    assert built.warnings == []
    path = built.out / "handbook.pdf"
    report = check(path)
    assert (report.failures, report.roles["Figure"]) == ({}, 0)
    widths = []
    pdf = PdfDocument(path)
    for page in pdf:
        for thing in page.get_objects():
            edges = thing.get_bounds()
            widths.append(edges[2] - edges[0])
    pdf.close()
    assert any(440 < width < 470 for width in widths)
