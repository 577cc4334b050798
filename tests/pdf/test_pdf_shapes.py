"""Sizes and names of pictures and lines of code."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

import pytest
from lxml import html
from pypdfium2 import PdfDocument

from handbook.pdf import listing, picture_files
from support.glyphs import alone
from support.pdfcheck import check, text
from support.projects import PRINTED, Project

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


NAMES = [
    "图1.svg",
    "a b.svg",
    "a+b.svg",
    "100%.svg",
    "50%25.svg",
    "a#b.svg",
    "a&b.svg",
    "a'b.svg",
    "x(1).svg",
]
#: The ways in which a page shows a picture.
WAYS = {
    "image": "```{{image}} {name}\n:alt: seen\n:height: 2cm\n```",
    "figure": "```{{figure}} {name}\n:alt: seen\n\nCaption\n```",
    "Markdown": "![seen](<{name}>)",
    "quoted": "![seen]({quoted})",
    "card": ":::{{card}} Title\n:img-top: {quoted}\n:img-alt: seen\n:::",
}


@pytest.mark.parametrize("builder", ["html", "pdf", "epub"])
@pytest.mark.parametrize("way", WAYS)
def test_a_file_of_any_name_is_shown(project: Make, builder: str, way: str) -> None:
    # Markdown cannot tell these two from their quoted forms
    names = [name for name in NAMES if way in {"image", "figure"} or name != "50%25.svg"]
    pages = dict.fromkeys(names, TALL)
    blocks = (WAYS[way].format(name=name, quoted=quote(name)) for name in names)
    pages["index.md"] = "# Home\n\n" + "\n\n".join(blocks) + "\n"
    built = project(pages).build(builder, **PRINTED)
    # some of the names are no good ones, which another rule says
    assert [warning for warning in built.warnings if " P019 " not in warning] == []
    if builder == "pdf":
        assert check(built.out / "handbook.pdf").roles["Figure"] == len(names)
        return
    soup = built.soup(f"index.{'html' if builder == 'html' else 'xhtml'}")
    sources = [unquote(image["src"]) for image in soup.select("[role=main] img")]
    assert len(sources) == len(names)
    assert all((built.out / source).is_file() for source in sources)
    if builder == "epub":
        assert all(re.fullmatch(r"_images/[A-Za-z0-9-]+\.svg", source) for source in sources)


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_of_another_host_has_one_fate(project: Make, way: str) -> None:
    address = "https://example.org/x.png"
    made = project({"index.md": f"# Home\n\n{WAYS[way].format(name=address, quoted=address)}\n"})
    html, pdf, epub = (made.build(builder, **PRINTED) for builder in ("html", "pdf", "epub"))
    assert len(html.warnings) == 1
    assert " WARNING: P018 " in html.warnings[0]
    assert "(hint: " in html.warnings[0]
    assert html.warnings == pdf.warnings == epub.warnings
    assert "example.org" not in html.body()
    assert "example.org" not in text(pdf.out / "handbook.pdf")


def test_a_height_without_unit_is_one_of_the_style(project: Make) -> None:
    page = "# Home\n\n```{image} a.svg\n:alt: seen\n:height: 40\n```\n"
    built = project({"index.md": page, "a.svg": TALL}).build("html", **PRINTED)
    assert "{height: 40px}" in built.text("index.html")


def test_a_file_that_is_not_there_is_named_and_its_words_are_printed(project: Make) -> None:
    built = project({"index.md": "# Home\n\n![what it shows](gone.png)\n"}).build("pdf", **PRINTED)
    assert [warning.split("(")[0] for warning in built.warnings] == [
        "docs/index.md:3: WARNING: P030 gone.png is not a file of the handbook ",
        "docs/index.md:3: WARNING: the file 'gone.png' is not in the PDF; its alternative text is printed ",
    ]
    assert "what it shows" in text(built.out / "handbook.pdf")


def test_a_picture_is_never_higher_than_a_page(project: Make) -> None:
    page = "# Home\n\n![tall](tall.svg)\n\n```{image} tall.svg\n:alt: tall\n:width: 100%\n```\n\nEnd.\n"
    built = project({"index.md": page, "tall.svg": TALL}).build("pdf", **PRINTED)
    tops = [
        item.get_bounds()
        for sheet in PdfDocument(built.out / "handbook.pdf")
        for item in sheet.get_objects()
        if item.type == 2
    ]
    assert len(PdfDocument(built.out / "handbook.pdf")) <= 6
    assert tops
    assert all(bottom > 0 and top < 842 for _left, bottom, _right, top in tops)


def test_lines_of_code_come_from_the_block_itself(project: Make) -> None:
    page = (
        "# Home\n\n```text\nl1\nl2\n```\n\n"
        "```{code-block} python\n:lineno-start: 40\n:emphasize-lines: 1\ndef first(): ...\nsecond = 2\n```\n"
    )
    small = project({"index.md": page})
    built = small.build("pdf", **PRINTED)
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


def _brackets(columns: int) -> str:
    """A table whose cells hold citations behind words of any length, in one or many columns."""
    cells = [
        f"{words}{'x' * letters} {{cite:p}}`{keys}`"
        for letters in range(1, 12)
        for words in ("", "字", "城市标准")
        for keys in ("press2017", "cnis2019", "press2017,cnis2019", "long", "eastern")
    ]
    rows = [cells[at : at + columns] for at in range(0, len(cells) - columns, columns)]
    lines = [["h"] * columns, ["---"] * columns, *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_bracket_of_a_citation_stands_alone(project: Make, language: str) -> None:
    tables = "\n".join(map(_brackets, (3, 6, 9, 15)))
    made = project(
        {
            "index.md": f"# Home\n\nA bracket [<br>alone.\n\n{tables}\n```{{toctree}}\nsources\n```\n",
            "sources.md": "# Sources\n\n```{bibliography}\n```\n",
        }
    )
    with (made.references / "sources.bib").open("a", encoding="utf-8") as file:
        for key, name in (
            ("long", "Donaudampfschifffahrtsgesellschaft"),
            ("eastern", "中国标准化研究院"),
        ):
            file.write(
                f"@online{{{key}, publisher = {{{name}}}, title = {{Words}}, date = {{2018}}, langid = {{en}},"
                f" url = {{https://example.org/{key}}}, urldate = {{2026-11-01}}, keywords = {{press}}}}\n"
            )
    built = made.build("pdf", **PRINTED, language=language)
    found = alone(built.out / "handbook.pdf")
    # the one that the page itself breaks
    assert [one.partition(": ")[2][:6] for one in found] == ["[alone"]
