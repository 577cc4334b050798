"""Sizes and names of pictures and lines of code."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import html
from pypdfium2 import PdfDocument

from handbook.pdf import listing, picture_files
from support.pdfcheck import check, text
from support.projects import Project

pytestmark = pytest.mark.filterwarnings("ignore:'myst_parser")
CONF = {
    "handbook_raw": True,
    "myst_enable_extensions": ("colon_fence", "deflist", "fieldlist"),
    "extensions": (
        "myst_parser",
        "sphinx_design",
        "sphinxcontrib.bibtex",
        "handbook.sphinxext",
        "handbook.pdf",
    ),
}
TALL = '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="4000" viewBox="0 0 10 100"><rect width="10" height="100"/></svg>'
Make = Callable[..., Project]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('width="100"', {"width": "75pt"}),
        ('height="40px"', {"height": "30pt"}),
        ('style="width: 50%"', {"width": "50%"}),
        ('style="height: 50%"', {}),
        ('style="width: 3em; height: 2ex"', {"width": "3em", "height": "1em"}),
        ('style="width: 2cm; height: 30mm"', {"width": "2cm", "height": "30mm"}),
        ('style="width: 2in"', {"width": "2in"}),
        ('style="width: 3pc"', {"width": "36pt"}),
        ('style="max-width: 3pc"', {}),
        ('style="width: 4Q"', {"width": "1mm"}),
        ("", {}),
    ],
)
def test_sizes(attributes: str, expected: dict[str, str]) -> None:
    assert picture_files.sizes(html.fragment_fromstring(f"<img {attributes}>")) == expected


def test_names_are_plain_and_stay_different() -> None:
    names = ["图1.svg", "图2.svg", "a+b.PNG", "a b.png", "100%.svg"]
    assert picture_files.plain_names(names) == {
        "图1.svg": "1.svg",
        "图2.svg": "2.svg",
        "a+b.PNG": "a-b.png",
        "a b.png": "a-b-2.png",
        "100%.svg": "100.svg",
    }


@pytest.mark.parametrize("builder", ["pdf", "epub"])
def test_a_file_of_any_name_is_shown(project: Make, builder: str) -> None:
    names = ["图1.svg", "a+b.svg", "100%.svg", "a#b.svg", "a&b.svg", "a'b.svg", "x(1).svg"]
    pages = dict.fromkeys(names, TALL)
    blocks = (f"```{{image}} {name}\n:alt: seen\n:height: 2cm\n```" for name in names)
    pages["index.md"] = "# Home\n\n" + "\n\n".join(blocks) + "\n"
    built = project(pages).build(builder, **CONF)
    assert built.warnings == []
    if builder == "pdf":
        assert check(built.out / "handbook.pdf").roles["Figure"] == len(names)
    else:
        page = built.text("index.xhtml")
        assert all(f'src="_images/{name}"' in page for name in ("1.svg", "a-b-2.svg", "x-1.svg"))


def test_a_picture_is_never_higher_than_a_page(project: Make) -> None:
    page = "# Home\n\n![tall](tall.svg)\n\n```{image} tall.svg\n:alt: tall\n:width: 100%\n```\n\nEnd.\n"
    built = project({"index.md": page, "tall.svg": TALL}).build("pdf", **CONF)
    tops = [
        item.get_bounds()
        for sheet in PdfDocument(built.out / "handbook.pdf")
        for item in sheet.get_objects()
        if item.type == 2
    ]
    assert len(PdfDocument(built.out / "handbook.pdf")) <= 6
    assert all(bottom > 0 and top < 842 for _left, bottom, _right, top in tops)


def test_lines_of_code_come_from_the_block_itself(project: Make) -> None:
    page = (
        "# Home\n\n```text\nl1\nl2\n```\n\n"
        "```{code-block} python\n:lineno-start: 40\n:emphasize-lines: 1\ndef first(): ...\nsecond = 2\n```\n"
    )
    small = project({"index.md": page})
    built = small.build("pdf", **CONF)
    source = (built.out / "typst" / "main.typ").read_text("utf-8")
    assert "marked: (1, )" in source
    assert 'numbers: ("40", "41", )' in source
    assert "40def first(): ..." in text(built.out / "handbook.pdf").replace(" def", "def")


def test_what_a_listing_reads() -> None:
    block = html.fragment_fromstring(
        '<pre><span class="linenos">7</span><span class="k">if</span> x\n<span class="hll"><span class="linenos">8</span>y <a href="#z">z</a>\n</span></pre>'
    )
    lines = listing.read(block, lambda element: lambda body: f"#to[{body}]")
    assert [(line.text, line.number, line.marked) for line in lines] == [
        ("if x", "7", False),
        ("y z", "8", True),
    ]
    assert lines[0].markup == '#token("k")[#"if";]#" x";'
    assert lines[1].markup == '#"y ";#to[#"z";]'
