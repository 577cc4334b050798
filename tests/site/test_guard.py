"""A page is data: whatever a contributor writes, nothing runs, leads away or comes from outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docutils.parsers.rst.directives import _directives

from handbook.model import safety
from support.browser import open_page, served
from support.projects import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MakeProject = Callable[[str | Mapping[str, str]], Project]
EXTENSIONS = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "handbook.sphinxext"]
RUN = "<script>document.title = 'ran'</script>"
MILESTONE = """\
:::{{milestone}} {title}
:name: visit-2019
:date: 2019-01
:strands: club
:sources: cnis2019
:place: {place}
{body}
:::"""

#: Ways of getting markup to a browser, each with the code of the warning.
MARKUP = {
    "a block of HTML": (RUN, "P017"),
    "HTML in a line": (f"Some text {RUN} and more.", "P017"),
    "raw": (f"```{{raw}} html\n{RUN}\n```", "P017"),
    "eval-rst": (f"```{{eval-rst}}\n.. raw:: html\n\n   {RUN}\n```", "P017"),
    "a raw role": ("```{role} x(raw)\n:format: html\n```\n\n{x}`" + RUN + "`", "P017"),
    "redirect": ('<meta http-equiv="refresh" content="0; url=https://evil.example/">', "P017"),
    "meta": ("```{meta}\n:http-equiv=refresh: 0; url=https://evil.example/\n```", "P017"),
    "frame": ("</article></div></main>", "P017"),
    "style": ("<style>body { display: none }</style>", "P017"),
    "a style attribute": (
        '<p style="&lt;/style&gt;' + RUN.replace("<", "&lt;") + '">x</p>',
        "P017",
    ),
    "iframe": ('<iframe src="https://evil.example/"></iframe>', "P017"),
    "a title": (f"## A heading {RUN}", "P017"),
    "a milestone's title": (MILESTONE.format(title=f"It {RUN}", place="here", body="x"), "P017"),
    "a milestone's place": (MILESTONE.format(title="It", place=f"a {RUN}", body="x"), "P017"),
    "a milestone's body": (MILESTONE.format(title="It", place="here", body=RUN), "P017"),
    "javascript": ("[x](javascript:alert(1))", ""),
    "javascript in letters": ("[x](<java&#115;cript:alert(1)>)", ""),
    "data": ("[x](<data:text/html,hello>)", ""),
    "a button": ("```{button-link} javascript:alert(1)\n```", "P019"),
    "a card": (":::{card} T\n:link: javascript:alert(1)\nx\n:::", "P019"),
    "a picture's target": ("```{image} picture.png\n:target: javascript:alert(1)\n```", "P019"),
    "a toctree": ("```{toctree}\nx <javascript://%0aalert(1)>\n```", "P019"),
    "SVG": ("![x](evil.svg)", "P020"),
    "HTML for download": ("[x](evil.html)", "P020"),
    "HTML by a role": ("{download}`x <evil.html>`", "P020"),
}
FILES = {
    "evil.html": RUN,
    "evil.svg": f'<svg xmlns="http://www.w3.org/2000/svg">{RUN}</svg>',
}


def make(project: MakeProject, text: str) -> Project:
    made = project({"index.md": f"# Home\n\n{text}\n"})
    for name, content in FILES.items():
        made.write(name, content)
    (made.docs / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (made.root / "secret.txt").write_text("SECRET-268", "utf-8")
    (made.root / "secret.csv").write_text("SECRET-268,b\n", "utf-8")
    return made


@pytest.mark.parametrize(("text", "code"), MARKUP.values(), ids=MARKUP)
@pytest.mark.parametrize("builder", ["html", "epub"])
def test_markup_is_refused(project: MakeProject, builder: str, text: str, code: str) -> None:
    built = make(project, text).build(builder, extensions=EXTENSIONS)
    assert not code or any(code in warning for warning in built.warnings), built.warnings
    page = built.soup("index.html" if builder == "html" else "index.xhtml")
    scripts = [one.get_text() for one in page("script") if one.get("type") != "application/ld+json"]
    assert [text for text in scripts if "document.title" in text] == []
    assert [one.get_text() for one in page("style") if "display: none }" in one.get_text()] == []
    for hostile in (
        "iframe, object, embed, base",
        '[http-equiv="refresh"]',
        '[href^="javascript" i], [href^="data:" i], [src*="evil"], [href*="evil.html"]',
    ):
        assert page.select(hostile) == []
    assert len(page.select("[role=main]")) <= 1


#: Ways of reading a file that is not the handbook's.
OUTSIDE = [
    "```{include} ../secret.txt\n```",
    "```{include} /../secret.txt\n```",
    "```{include} <../../../../../../../../../../../etc/passwd>\n```",
    "```{literalinclude} ../secret.txt\n```",
    "```{literalinclude} index.md\n:diff: ../secret.txt\n```",
    "```{csv-table} T\n:file: ../secret.csv\n```",
    "```{raw} html\n:file: ../secret.txt\n```",
    "{download}`x <../secret.txt>`",
    "[x](../secret.txt)",
    "[x](../conf.txt)",
    "![x](../secret.png)",
    "```{figure} ../secret.png\nx\n```",
    "```{image} ../secret.png\n```",
    "```{include} link.txt\n```",
]


@pytest.mark.parametrize("text", OUTSIDE)
def test_nothing_comes_from_outside(project: MakeProject, text: str) -> None:
    made = make(project, text)
    (made.docs / "link.txt").symlink_to("../secret.txt")
    (made.root / "secret.png").write_text("SECRET-268", "utf-8")
    built = made.build()
    assert any("P018" in warning or "P017" in warning for warning in built.warnings)
    for path in built.out.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            content = path.read_bytes()
            assert b"SECRET-268" not in content, path
            assert b"root:x:0" not in content, path


@pytest.mark.parametrize("directive", ["csv-table", "raw"])
def test_nothing_goes_online_in_a_build(
    project: MakeProject, directive: str, tmp_path: Path
) -> None:
    served_folder = tmp_path / "served"
    served_folder.mkdir()
    (served_folder / "table.csv").write_text("ONLINE-268,b\n", "utf-8")
    with served(served_folder) as address:
        text = f"```{{{directive}}} {'html' if directive == 'raw' else 'T'}\n:url: {address}/table.csv\n```"
        built = make(project, text).build()
    assert any("P017" in warning or "P018" in warning for warning in built.warnings)
    assert "ONLINE-268" not in built.text("index.html")


#: Options whose name sounds like a file or an address, and that take none.
HARMLESS = {"link-type", "link-alt", "target-type", "width", "url-type"}


def test_no_directive_that_takes_a_path_is_forgotten(project: MakeProject) -> None:
    """Every option of a registered directive that names a file or an address is known to the guard."""
    make(project, "Text.").build(extensions=EXTENSIONS)
    known = safety.FILE_OPTIONS | safety.NETWORK_OPTIONS | {"link", "target"}
    seen = {
        option
        for directive in _directives.values()
        for option in (getattr(directive, "option_spec", None) or {})
        if re.search(r"file|url|path|img|link|target|src|href", option)
    }
    assert seen - known - HARMLESS == set()


def test_formulas_are_mathml(project: MakeProject) -> None:
    built = make(project, "```{math}\n\\frac{a}{b}\n```\n\n{math}`x^2`").build()
    assert built.warnings == []
    page = built.text("index.html")
    assert "<mfrac>" in page
    assert "<msup>" in page
    assert "cdn" not in page


def test_a_formula_that_cannot_be_read_is_said(project: MakeProject) -> None:
    built = make(project, "{math}`\\nosuch{x}`").build()
    assert len(built.warnings) == 1
    assert "P021" in built.warnings[0]


def test_nothing_of_a_page_runs_in_a_browser(project: MakeProject, browser: Browser) -> None:
    built = make(project, "\n\n".join(text for text, _code in MARKUP.values())).build(
        extensions=EXTENSIONS
    )
    with served(built.out) as address:
        page = open_page(browser, f"{address}/index.html")
        page.wait_for_timeout(300)
        assert page.title() != "ran"
        assert page.url == f"{address}/index.html"
        page.context.close()


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("<title>T</title><rect width='3'/>", []),
        ("<use href='#a'/>", []),
        ("<a href='https://example.org/'><text>x</text></a>", []),
        ("<script/>", ["<script>"]),
        ("<foreignObject/>", ["<foreignobject>"]),
        ("<rect onload='x()'/>", ["the attribute onload"]),
        (
            "<image xlink:href='https://evil.example/a.png'/>",
            ["the address 'https://evil.example/a.png'"],
        ),
        ("<a href='java&#10;script:x'/>", ["the address 'java\\nscript:x'"]),
        ("<style>@import 'x';</style>", ["a style that loads something"]),
        ("<set attributeName='href' to='javascript:x'/>", ["an animation of an address"]),
        ("<rect", ["not well-formed XML"]),
    ],
)
def test_svg(content: str, faults: list[str]) -> None:
    found = safety.svg_faults(SVG.format(content).encode())
    assert [fault.split(" (")[0] for fault in found] == faults
