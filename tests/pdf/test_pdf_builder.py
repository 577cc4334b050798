"""What the builder says when a page cannot be printed as it is: the page, the line, and how to fix it."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest

from handbook.pdf import drawings, fonts, translate
from handbook.pdf.builder import PdfError
from handbook.pdf.edition import EditionError
from support.glyphs import letters
from support.pdfcheck import check, text
from support.programs import program
from support.projects import PRINTED, Project

Make = Callable[..., Project]


@pytest.mark.parametrize(
    ("page", "warning"),
    [
        (
            "A video: <video>its words</video>",
            (
                "docs/index.md:3: WARNING: the PDF cannot show the element <video>; its text is printed without formatting "
                "(hint: add the element to tools/handbook/pdf/translate.py) [pdf]"
            ),
        ),
        (
            "<iframe></iframe>",
            (
                "docs/index.md:1: WARNING: the PDF cannot show the element <iframe>; its text is printed without formatting "
                "(hint: add the element to tools/handbook/pdf/translate.py) [pdf]"
            ),
        ),
        (
            "![](picture.svg)",
            "docs/index.md:3: WARNING: the picture picture.svg has no alternative text (hint: say in :alt: what it shows) [pdf]",
        ),
        (
            '<a href="data/table.csv">table</a>',
            (
                "docs/index.md:3: WARNING: the link 'data/table.csv' leads to nothing in the PDF; it is printed as text "
                "(hint: link to a page of the table of contents, to a label, or to a full web address) [pdf]"
            ),
        ),
        (
            '<i id="twice">a</i> <i id="twice">b</i>',
            "docs/index.md:3: WARNING: the id 'twice' occurs twice; links lead to the first [pdf]",
        ),
        (
            '<svg viewBox="0 0 1 1"><g></svg>',
            "docs/index.md:3: WARNING: a drawing is not well-formed SVG and cannot be printed [pdf]",
        ),
        (
            '<svg viewBox="0 0 1 1"></svg>',
            "docs/index.md:3: WARNING: a drawing has neither <title> nor aria-label (hint: give it one) [pdf]",
        ),
    ],
)
def test_what_cannot_be_printed_is_a_warning_and_never_lost(
    project: Make, page: str, warning: str
) -> None:
    small = project(
        {
            "index.md": f"# Title\n\n{page}\n",
            "picture.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
        }
    )
    built = small.build("pdf", **PRINTED)
    assert built.warnings == [warning]
    assert check(built.out / "handbook.pdf").failures == {}


def test_the_text_of_an_unknown_element_is_printed(project: Make) -> None:
    built = project({"index.md": "# Title\n\nA video: <video>its words</video>\n"}).build(
        "pdf", **PRINTED
    )
    assert "its words" in text(built.out / "handbook.pdf")


def test_a_character_without_font_stops_the_build_with_its_name_and_page(project: Make) -> None:
    small = project(
        {
            "index.md": "# Title\n\n```{toctree}\nother\n```\n",
            "other.md": "# Other\n\nA paragraph.\n\nThai: \u0e01.\n",
        }
    )
    with pytest.raises(
        PdfError, match=r"^no font has '\u0e01' \(U\+0E01, THAI CHARACTER KO KAI\): other:5$"
    ):
        small.build("pdf", **PRINTED)


def test_fonts_have_what_the_handbook_needs() -> None:
    assert (
        fonts.missing("Sustainable 江干区 國際 ひらがな カタカナ Город Ελλάδα łżśćœ “”‘’–—… →≠×≤✓")
        == []
    )
    assert fonts.missing("\u00ad\u200b\ufeff\n") == []
    assert fonts.missing("a\u0e01b") == ["\u0e01"]


@pytest.mark.parametrize(
    ("conf", "created"),
    [
        ({"release": "2026.11"}, "D:20261101000000Z"),
        ({"release": "2026.11", "pdf_date": "2026-11-23"}, "D:20261123000000Z"),
        ({"release": "1.0"}, "D:19700101000000Z"),
    ],
)
def test_the_day_comes_from_the_project_never_from_the_clock(
    project: Make, conf: dict[str, str], created: str
) -> None:
    built = project({"index.md": "# Title\n\nWords.\n"}).build("pdf", **PRINTED, **conf)
    with pikepdf.open(built.out / "handbook.pdf") as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == created


def test_a_bad_day_names_the_setting(project: Make) -> None:
    with pytest.raises(
        EditionError,
        match=r"conf\.py: pdf_date '23 November' is not a date \(hint: write it as 2026-11-23\)",
    ):
        project({"index.md": "# Title\n\nWords.\n"}).build("pdf", **PRINTED, pdf_date="23 November")


def test_the_title_page(project: Make) -> None:
    pages = {
        "index.md": "# Title\n\n```{toctree}\none\nother\n```\n",
        "one.md": "---\ndescription: What is 江干区?\n---\n# One\n",
        "other.md": "# Other\n",
    }
    built = project(pages).build(
        "pdf",
        **PRINTED,
        pdf_date="2026-11-23",
        pdf_subtitle="Its subtitle",
        pdf_notices=["A notice."],
        pdf_file="book.pdf",
    )
    first = text(built.out / "book.pdf").split("Contents")[0].splitlines()
    assert first == [
        "Handbook",
        "Its subtitle",
        "Release 2026.11 · 23 November 2026",
        "One 4",
        "What is 江干区?",
        "Other 5",
        "Contributors",
        "A notice.",
    ]


def test_a_branch_may_have_a_file_of_its_own(project: Make) -> None:
    pages = {
        "index.md": "# Home\n\n[See](how/index.md) and [see](how/more.md).\n\n```{toctree}\nhow/index\nlast\n```\n",
        "how/index.md": "# How\n\n```{toctree}\nmore\n```\n",
        "how/more.md": "# More\n\n{index}`Known`\n\n[Home](../index.md), [How](index.md).\n",
        "last.md": "# Last\n",
    }
    made = project(pages)
    built = made.build("pdf", **PRINTED, pdf_apart=["how/index"])
    assert built.warnings == []
    book, apart = built.out / "handbook.pdf", built.out / "handbook-how.pdf"
    assert "See (in the file How: Handbook) and see." in text(book)
    assert "Home (in the file Handbook), How." in text(apart)
    assert [title for _level, title in check(book).outline] == ["Contents", "Home", "Last"]
    assert [title for _level, title in check(apart).outline] == ["Contents", "How", "More", "Index"]
    assert check(book).failures == check(apart).failures == {}
    with pytest.raises(PdfError, match=r"conf\.py: pdf_apart names 'gone', which is no page"):
        made.build("pdf", **PRINTED, pdf_apart=["gone"])


def test_a_table_that_needs_it_is_set_on_its_side(project: Make) -> None:
    rows = "".join(f"| {number} |" + " some words |" * 6 + "\n" for number in range(60))
    head = "| a | b | c | d | e | f | g |\n" + "|---" * 7 + "|\n"
    page = f"# Home\n\nWords.\n\n## Rows\n\nAll of them:\n\n{head}{rows}\nEnd.\n\n{head}| 1 |\n"
    path = project({"index.md": page}).build("pdf", **PRINTED).out / "handbook.pdf"
    assert check(path).failures == {}
    with pypdfium2.PdfDocument(path) as pdf:
        shapes = [page.get_width() > page.get_height() for page in pdf]
        words = [page.get_textpage().get_text_bounded() for page in pdf]
    assert shapes == [False, False, False, True, True, False]
    assert "Rows" not in words[2]
    assert "Rows" in words[3]
    assert "All of them:" in words[3]


@pytest.mark.parametrize(
    ("width", "letter", "height"), [(700, 9, None), (1200, 12, None), (2000, 12, 4.6)]
)
def test_letters_of_drawings_can_be_read(
    project: Make, width: int, letter: int, height: float | None
) -> None:
    svg = f'<svg viewBox="0 0 {width} 40" font-size="{letter}"><title>Drawn</title><text y="20">words</text></svg>'
    built = project({"index.md": f"# Home\n\n{svg}\n"}).build("pdf", **PRINTED)
    told = f"docs/index.md:3: WARNING: letters of a drawing would be {height} points high on paper, and nobody reads less than 6 (hint: draw it narrower, or its letters larger) [pdf]"
    assert built.warnings == ([told] if height else [])
    smallest = min(
        size
        for _page, size, in_picture, _words in letters(built.out / "handbook.pdf")
        if in_picture
    )
    assert (smallest >= drawings.LEAST) is (height is None)


def test_pages_follow_the_table_of_contents(project: Make) -> None:
    pages = {
        "index.md": "# Home\n\n```{toctree}\nz\na\n```\n",
        "z.md": "# Zed\n\n```{toctree}\nm\n```\n",
        "a.md": "# Ay\n",
        "m.md": "# Em\n\n## Part\n",
    }
    report = check(project(pages).build("pdf", **PRINTED).out / "handbook.pdf")
    assert report.outline == [
        (1, "Contents"),
        (1, "Home"),
        (1, "Zed"),
        (2, "Em"),
        (3, "Part"),
        (1, "Ay"),
    ]


def test_a_typst_error_names_the_page(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(translate._BY_TAG, "hr", lambda self, element: "#nonsense")
    with pytest.raises(
        PdfError, match=r"docs/index\.md:7: unknown variable: nonsense \(hint: write what"
    ):
        project({"index.md": "# Title\n\nWords.\n\nMore words.\n\n---\n\nEnd.\n"}).build(
            "pdf", **PRINTED
        )


def test_typst_that_is_killed_is_told_in_one_line(
    project: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handbook.pdf.typesetter.sys.executable", program("coreutils", "false"))
    with pytest.raises(PdfError, match=r"^Typst ended with status 1 \(hint: free memory: it needs"):
        project({"index.md": "# Title\n"}).build("pdf", **PRINTED)


def test_links_lead_to_rows_of_tables(project: Make) -> None:
    built = project("records").build("pdf", **PRINTED)
    assert built.warnings == []
    assert "36749-2018" in "".join(text(built.out / "handbook.pdf").split())


def test_chinese_beside_a_ligature_in_a_drawing_is_printed(project: Make) -> None:
    table = (
        "| Before | After | What |\n|---|---|---|\n| Xiaoshan (萧山区) | Qiantang | five (下沙) |\n"
    )
    page = f"# Home\n\n:::{{diagram}} flows\n:title: Districts\n\n{table}\n:::\n"
    built = project({"index.md": page}).build("pdf", **PRINTED)
    assert built.warnings == []
    assert "Xiaoshan (萧山区): five (下沙)" in text(built.out / "handbook.pdf")


def test_a_drawing_as_wide_as_its_place_may_have_any_units(project: Make) -> None:
    svg = '<svg aria-hidden="true" width="100%" viewBox="0 0 30 20" font-size="1"><text y="5">words</text></svg>'
    built = project({"index.md": f"# Home\n\n{svg}\n"}).build("pdf", **PRINTED)
    assert built.warnings == []
    (size,) = {
        round(size, 1)
        for _page, size, drawn, _words in letters(built.out / "handbook.pdf")
        if drawn
    }
    assert size > 12
