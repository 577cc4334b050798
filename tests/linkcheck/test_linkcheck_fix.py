"""The address that a host names is written into sources: read by other readers than ours, the file says what it said,
with the new address in place of the old one, or it is left alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from pybtex.database import parse_string

from handbook.linkcheck import address, collect
from handbook.linkcheck.new_addresses import for_sources, write_address
from handbook.linkcheck.verdicts import join
from handbook.model.pages import parse_page
from handbook.rules.findings import Fix
from support.linkruns import TODAY, call, online
from support.linkserver import Server, leads_on, reply

OLD = "http://x.example/old"

BIB = """@online{{a2019,
  title = {{A title, and more}},
  url = {{{old}}},
  note = {{Read on a {{Monday}}}},
}}

@misc{{b, url = "{old}", year = 2019}}
"""
YAML = """# from {old}
- url: {old}
  title: "x: y"
- {{url: "{old}", more: ['{old}', other]}}
"""
MARKDOWN = """# T

[one]({old}) and <{old}>, [two]({old} "title"), [ref]; <a href="{old}">raw</a> *end*.

[ref]: {old} "t"

- item [x]({old}), `code`
"""
JSON = """{{"url": "{old}", "list": ["{old}", 1]}}
"""


def of_bib(text: str) -> object:
    entries = parse_string(text, "bibtex").entries.items()
    # what TeX reads as the character itself
    return [
        (
            key,
            sorted(
                (name, re.sub(r"\\([&%#_$])", r"\1", value)) for name, value in entry.fields.items()
            ),
        )
        for key, entry in entries
    ]


def of_markdown(text: str) -> object:
    made = html.document_fromstring(MarkdownIt("commonmark").render(text))
    return [
        (
            one.tag,
            unquote(one.get("href", "")),
            unquote(one.text or ""),
            one.tail,
        )
        for one in made.iter()
    ]


def of_yaml(text: str) -> object:
    return [yaml.safe_load(text), re.findall(r"#.*", text.partition("\n")[0])]


READERS: dict[str, tuple[str, Callable[[str], object]]] = {
    "references/a.bib": (BIB, of_bib),
    "references/a.yaml": (YAML, of_yaml),
    "references/a.json": (JSON, json.loads),
    "docs/a.md": (MARKDOWN, of_markdown),
}


def links_of(name: str, text: str) -> list[collect.Link]:
    if name.endswith(".bib"):
        return list(collect.bib_links(text, name))
    if name.endswith(".md"):
        return list(collect.page_links(parse_page(Path(name), text.encode()), name))
    return list(collect.data_links(text, name))


def written(name: str, location: str) -> tuple[str, str]:
    """The address that is written, and the file then."""
    new = for_sources(address.read(join(OLD, location)).key)
    text = READERS[name][0].format(old=OLD)
    lines = text.split("\n")
    if new:
        # from the end, so that what stands before keeps its place
        for link in sorted(links_of(name, text), reverse=True):
            write_address(lines, Fix(link.place, link.text, new))
    return new, "\n".join(lines)


_PIECE = st.sampled_from(
    [
        *"(){}[]<>\"'`\\|,;:#%&$_*~^!?=+- \t\n\r\x00\x1b\x7f\x85\xa0\u2028\u202e杭é𝄞",
        "},note={Evil}",
        '", note = "Evil',
        "}\n@misc{evil",
        ") [evil](http://evil.example/",
        "> <b>",
        "-->",
        "{{old}}",
        " # comment",
        ": evil",
        "\\input{x}",
        "%0a",
        "%22",
        "%7D",
        "&amp;",
        "&lt;",
        "\\u0022",
        "../",
        "//evil.example/",
    ]
) | st.text(max_size=4)


@pytest.mark.parametrize("name", list(READERS))
@given(st.lists(_PIECE, min_size=1, max_size=8).map("".join))
@example("x},note={Evil")
@example('x" onclick="alert(1)')
@example("x) [evil](http://evil.example/)")
@example("x(1)")
@example("x#a_b%25&c=$d")
@example("x'], evil: ['y")
@settings(max_examples=150, deadline=None)
def test_a_new_address_changes_nothing_but_the_address(name: str, tail: str) -> None:
    template, read = READERS[name]
    new, text = written(name, "/" + tail)
    before = template.format(old=OLD)
    assert not [one for one in text if one != "\n" and not one.isprintable()]
    if text == before:
        return
    assert new
    assert text.count("\n") == before.count("\n")
    wanted = replaced(read(before), unquote(new) if name.endswith(".md") else new)
    assert json.dumps(read(text)) == json.dumps(wanted)
    # and our own reader finds the new address wherever the old one was
    keys = {address.read(link.text).key for link in links_of(name, text)}
    assert keys == {address.read(new).key}


def replaced(what: object, new: str) -> object:
    """What was read, with the new address wherever the old one stands whole."""
    if isinstance(what, str):
        return re.sub(re.escape(OLD) + r"$", lambda match: new, what)
    if isinstance(what, dict):
        return {key: replaced(value, new) for key, value in what.items()}
    if isinstance(what, list | tuple):
        return [replaced(one, new) for one in what]
    return what


@pytest.mark.parametrize("name", list(READERS))
@pytest.mark.parametrize(
    "location",
    [
        "/new",
        "/new-page_1",
        "/a%20b",
        "/x(1)",
        "/q?a=1&b=2",
        "/杭州",
        "/$a",
        "/a~b,c;d",
        "/p#part_2",
    ],
)
def test_an_ordinary_address_is_written_everywhere(name: str, location: str) -> None:
    new, text = written(name, location)
    assert new
    assert OLD not in text


@pytest.mark.parametrize(
    "location",
    [
        "/new;jsessionid=0A1B",
        "/new\x1b[31m",
        "/new%0d%0aSet-Cookie:x",
        "/new\x7f",
        "/new%00",
        "/new?PHPSESSID=0a1b",
        "/new?a=1&sid=77",
        "/(S(abcdefghij0123456789))/new",
        "/new?session_id=9",
        "/new?ASPSESSIONIDABC=1",
        "/new?CFID=1&CFTOKEN=2",
        "http://user:secret@x.example/new",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://x.example/new",
        "http://x.example:99999/",
        "/" + "x" * 9000,
    ],
)
def test_what_should_stand_in_no_source_is_not_written(location: str) -> None:
    assert written("docs/a.md", location) == ("", MARKDOWN.format(old=OLD))


def test_the_new_address_is_shown_before_it_is_written(tmp_path: Path) -> None:
    """And one with a session is told, with what to do."""

    def pages(server: Server) -> str:
        server.pages |= {
            "/old": leads_on("/x},note={Evil", "301 Moved Permanently"),
            "/x},note={Evil": reply(),
            "/x%7D,note=%7BEvil": reply(),
            "/visit": leads_on("/new;jsessionid=0A1B", "301 Moved Permanently"),
            "/new;jsessionid=0A1B": reply(),
        }
        base = f"http://host.test:{server.port}"
        (tmp_path / "references").mkdir()
        (tmp_path / "references/a.bib").write_text(
            f"@online{{a, url = {{{base}/old}}}}\n@online{{b, url = {{{base}/visit}}}}\n", "utf-8"
        )
        return ""

    def checks(server: Server, root: Path) -> None:
        base = f"http://host.test:{server.port}"
        out = call(root, TODAY, fix=True)[1]
        assert f"+@online{{a, url = {{{base}/x%7D,note=%7BEvil}}}}" in out
        assert (
            "check the new page, and write its address by hand, without session and control characters"
            in out
        )
        assert f"{{{base}/old}}" in (root / "references/a.bib").read_text("utf-8")
        call(root, TODAY, fix=True, yes=True)
        (a, b) = parse_string(
            (root / "references/a.bib").read_text("utf-8"), "bibtex"
        ).entries.items()
        assert a[1].fields.keys() == b[1].fields.keys() == {"url"}
        assert b[1].fields["url"] == f"{base}/visit"

    online(tmp_path, pages, checks)
