"""What the builder says when a page cannot be printed as it is: the page, the line, and how to fix it."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest

from handbook.pdf import fonts, translate
from handbook.pdf.builder import PdfError
from handbook.pdf.edition import EditionError
from support.pdfcheck import check, text
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
    built = project({"index.md": '---\nreviewed: "2026-11-23"\n---\n# Title\n\nWords.\n'}).build(
        "pdf",
        **PRINTED,
        pdf_subtitle="Its subtitle",
        pdf_notices=["A notice."],
        pdf_file="book.pdf",
    )
    first = text(built.out / "book.pdf").split("Contents")[0].splitlines()
    assert first == [
        "Handbook",
        "Its subtitle",
        "Release 2026.11",
        "Reviewed on 23 November 2026",
        "Contributors",
        "A notice.",
    ]


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


def test_links_lead_to_rows_of_tables(project: Make) -> None:
    built = project("records").build("pdf", **PRINTED)
    assert built.warnings == []
    assert "36749-2018" in "".join(text(built.out / "handbook.pdf").split())
