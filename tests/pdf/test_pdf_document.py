"""The PDF of a small project with every element: tags, links, languages, words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handbook.model.markdown import MYST_EXTENSIONS
from support.pdfcheck import Element, Report, blocks, check, lost_words, text
from support.projects import PRINTED, Built, Project

CONF = {**PRINTED, "myst_enable_extensions": (*MYST_EXTENSIONS, "tasklist"), "html_theme": "furo"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("pdf"), "pdf")


@pytest.fixture(scope="module")
def pdf(small: Project) -> Built:
    return small.build("pdf", **CONF)


@pytest.fixture(scope="module")
def html(small: Project, pdf: Built) -> Built:
    return small.build("html", **CONF)


@pytest.fixture(scope="module")
def path(pdf: Built) -> Path:
    return pdf.out / "handbook.pdf"


@pytest.fixture(scope="module")
def report(path: Path) -> Report:
    return check(path)


@pytest.fixture(scope="module")
def printed(path: Path) -> str:
    return text(path)


def test_builds_without_a_warning(pdf: Built) -> None:
    assert pdf.warnings == []


def test_nothing_is_against_pdf_ua(report: Report) -> None:
    assert dict(report.failures) == {}


def test_title_and_bookmarks(report: Report) -> None:
    assert report.title == "Handbook"
    assert report.outline[:5] == [
        (1, "Contents"),
        (1, "The tiny handbook"),
        (1, "Elements"),
        (2, "A second place"),
        (1, "Tables"),
    ]
    assert (1, "Bibliography") in report.outline
    assert report.outline[-1] == (1, "Index")


@pytest.mark.parametrize(
    ("role", "least"),
    [
        ("TOC", 1),
        ("L", 10),
        ("LI", 25),
        ("Lbl", 20),
        ("LBody", 25),
        ("Table", 4),
        ("TH", 12),
        ("TD", 120),
        ("Note", 2),
        ("Figure", 3),
        ("BlockQuote", 1),
        ("Code", 2),
        ("Caption", 2),
        ("Link", 30),
    ],
)
def test_roles(report: Report, role: str, least: int) -> None:
    assert report.roles[role] >= least


def test_a_long_table_is_one_table_with_its_head_once_in_the_tree(report: Report) -> None:
    tables = [e for e in report.elements if e.role == "Table"]
    rows = [sum(e.role == "TR" and _inside(e, table) for e in report.elements) for table in tables]
    assert 61 in rows


def _inside(element: Element, other: Element) -> bool:
    return element.parent is other or (
        element.parent is not None and _inside(element.parent, other)
    )


def test_heads_of_rows_are_tagged_and_the_cells_of_the_row_name_them(report: Report) -> None:
    heads = [e for e in report.elements if e.role == "TH" and e.scope == "Row"]
    cells = [e for e in report.elements if e.role == "TD"]
    named = [[e for e in cells if head.name in e.headers] for head in heads]
    # "Row head", "Second head", "Span of rows" (north, 31 and 32), "south" (32), "alpha", "beta".
    assert [len(each) for each in named] == [1, 1, 3, 1, 1, 1]
    assert all(
        cell.parent is head.parent
        for head, each in zip(heads[:2], named[:2], strict=True)
        for cell in each
    )


def test_head_of_a_long_table_stands_on_each_page(printed: str) -> None:
    assert len(re.findall(r"Number\s+Words", printed)) == 2


@pytest.mark.parametrize("language", ["zh-CN", "ja", "ko"])
def test_languages(report: Report, language: str) -> None:
    assert report.languages[language] >= 1


def test_all_links_lead_somewhere(report: Report) -> None:
    assert len(report.internal_links) >= 30
    assert {
        "https://example.org/auto",
        "https://www.example.org/some/page.html",
        "https://example.org/button",
        "https://example.org/badge",
    } <= set(report.web_links)


def test_each_link_says_where_it_leads(report: Report) -> None:
    said = set(report.internal_links)
    assert {
        "A second place",  # a section
        "A heading with code, emphasis and a note",
        "Accreditation",  # a term
        "The caption of the table",
        "December 2017 The club is founded",
        "Our own",  # where a source is cited
        "Index",
    } <= said
    assert any(one.startswith("[CNIS 2019] 国际标准化") for one in said)
    assert [one for one in said if re.search(r"\d$", one) and "Footnote" not in one] == []


@pytest.mark.parametrize(
    "page", ["index", "elements", "more/tables", "more/own", "more/design", "bibliography"]
)
def test_no_word_of_the_pages_is_lost(html: Built, printed: str, page: str) -> None:
    soup = html.soup(f"{page}.html")
    start = printed.index("The tiny handbook", printed.index("Contents"))
    assert lost_words(blocks(soup), printed[start:]) == []


def test_the_search_for_lost_words_finds_a_lost_paragraph() -> None:
    assert lost_words(["one two", "three four"], "one two\nfour") == ["three (in: three four)"]
    assert lost_words(["well-known 江干区"], "well-\nknown 江\n干区") == []
    assert lost_words(["来源没有说明时间"], "来源没有\nPage 7\n说明时间") == []
    assert lost_words(["来源没有说明时间"], "来源没有\nPage 7\n说明") != []


@pytest.mark.parametrize(
    "words",
    [
        "Words of the second tab, hidden on a screen.",  # tabs are opened
        "Words of the dropdown.",
        "TC (technical committee)",  # what a pointer would show
        "example.org/some/page.html",  # the address, for a reader of paper
        r"1. = + - * _ # $ @ [x] {y} ~ \ // /* */ <a>",  # nothing is taken for markup
        "Cited on p",  # from a source back to where it is cited
        "See this.",
    ],
)
def test_words_that_paper_needs(printed: str, words: str) -> None:
    assert re.sub(r"\s+", "", words) in re.sub(r"\s+", "", printed)


def test_an_address_is_printed_once_a_page(printed: str) -> None:
    assert len(re.findall(r"example\.org/some/page\.html", re.sub(r"\s+", "", printed))) == 1


def test_fonts_are_ours(report: Report) -> None:
    assert {name.partition("+")[2].partition("-")[0] for name in report.fonts} <= {
        "NotoSerif",
        "NotoSans",
        "NotoSansMono",
        "NotoSansCJKsc",
        "NotoSansCJKjp",
        "NotoSansCJKkr",
        "NotoSerifCJKsc",
    }


def test_two_builds_give_the_same_bytes(tmp_path: Path, path: Path) -> None:
    assert (
        Project(tmp_path, "pdf").build("pdf", **CONF).out / "handbook.pdf"
    ).read_bytes() == path.read_bytes()


def test_numbers_in_the_text_are_explained_where_the_page_ends(tmp_path: Path) -> None:
    out = Project(tmp_path, "page-sources").build("pdf", **PRINTED).out
    words = re.sub(r"\s+", "", text(next(out.glob("*.pdf"))))
    assert "Itsayssomething[1],andagain[1][2]" in words
    assert "Sourcesofthispage:1TheDaily2017b·2CNIS2019·3TheDaily2017a" in words
