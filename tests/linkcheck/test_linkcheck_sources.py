"""Collecting links, reading addresses and HTML, and the links within built pages: tables, properties, hostile input."""

import json
import re
import time
from dataclasses import replace
from html.entities import html5
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html

from handbook.linkcheck import address, collect, internal, markup
from handbook.linkcheck.address import Kind
from handbook.model.pages import parse_page
from handbook.rules.findings import Place


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        (
            "HTTP://Example.ORG:80/a/../b%2fc%7e?q=中#x",
            Kind.WEB,
            "http://example.org/b%2Fc~?q=%E4%B8%AD#x",
        ),
        ("https://例子.中国/路", Kind.WEB, "https://xn--fsqu00a.xn--fiqs8s/%E8%B7%AF"),
        ("https://example.org", Kind.WEB, "https://example.org/"),
        ("https://example.org:443/", Kind.WEB, "https://example.org/"),
        ("https://example.org:8443/", Kind.WEB, "https://example.org:8443/"),
        ("//example.org/x", Kind.WEB, "https://example.org/x"),
        ("https://example.org/a/./b/", Kind.WEB, "https://example.org/a/b/"),
        (
            "https://web.archive.org/web/2019/http://x.org/",
            Kind.WEB,
            "https://web.archive.org/web/2019/http://x.org/",
        ),
        ("https://[2001:DB8::1]/", Kind.WEB, "https://[2001:db8::1]/"),
        ("http://0x7f.1/", Kind.WEB, "http://127.0.0.1/"),
        (
            "https://www.iso.org/standard/61885.html",
            Kind.ISO,
            "https://www.iso.org/standard/61885.html",
        ),
        (
            "https://www.iso.org/fr/standard/61885",
            Kind.ISO,
            "https://www.iso.org/fr/standard/61885",
        ),
        (
            "https://www.iso.org/committee/656906.html",
            Kind.WEB,
            "https://www.iso.org/committee/656906.html",
        ),
        ("doi:10.1000/182", Kind.DOI, "https://doi.org/10.1000/182"),
        ("https://dx.doi.org/10.1000/182", Kind.DOI, "https://doi.org/10.1000/182"),
        ("doi:10.1000/a<b>", Kind.DOI, "https://doi.org/10.1000/a<b>"),
        ("mailto:a@example.org?subject=x", Kind.MAIL, "mailto:a@example.org?subject=x"),
        ("tel:+86-571-1234", Kind.PHONE, "tel:+86-571-1234"),
        ("javascript:alert(1)", Kind.REFUSED, "javascript:alert(1)"),
        ("ftp://example.org/x", Kind.REFUSED, "ftp://example.org/x"),
        ("file:///etc/passwd", Kind.REFUSED, "file:///etc/passwd"),
    ],
)
def test_normal_forms(text: str, kind: Kind, key: str) -> None:
    read = address.read(text)
    assert (read.kind, read.key) == (kind, key)
    if kind in {Kind.WEB, Kind.DOI, Kind.ISO}:
        assert address.read(read.key).key == key


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("https://example.org/a b", "it contains the character ' '"),
        ("https:///path", "it has no host"),
        (
            "https://a..b/",
            "the host 'a..b' is not a host name: a label may contain letters, digits and hyphens",
        ),
        ("https://example.org/%zz", "a % is not followed by two hexadecimal digits"),
        ("https://me:secret@example.org/", "it contains a user name"),
        ("https://example.org:99999/", "it is not an address: Port out of range 0-65535"),
        ("https://[::1/", "it is not an address: Invalid IPv6 URL"),
        ("https://example.org:0/", "its port is 0"),
        (
            "https://-a.org/",
            "the host '-a.org' is not a host name: a label may contain letters, digits and hyphens",
        ),
        ("doi:11.1/x", "'11.1/x' is not a DOI"),
        ("mailto:nobody", "'nobody' is not a mail address"),
        ("tel:12345", "the number is not a telephone number (RFC 3966)"),
        ("https://example.org/" + "x" * 9000, "it has 9,020 characters"),
    ],
)
def test_malformed(text: str, problem: str) -> None:
    read = address.read(text)
    assert (read.kind, read.problem) == (Kind.MALFORMED, problem)
    assert read.hint


@given(
    st.text(max_size=60)
    | st.builds("https://{}/{}".format, st.text(max_size=20), st.text(max_size=20))
)
@settings(max_examples=150, deadline=None)
def test_reading_an_address_never_fails_and_settles(text: str) -> None:
    read = address.read(text)
    if read.kind is Kind.WEB:
        assert address.read(read.key).key == read.key


#: Hosts that are not what they look like, or judged apart.
ODD_HOSTS = "127.1 0x7f.1 1.2.3.04 300.1.1.1 a-.b -a.b a..b a. .a www.iso.org doi.org localhost"


@settings(max_examples=500, deadline=None)
@given(
    st.from_regex(address.PLAIN, fullmatch=True),
    st.sampled_from(["", *ODD_HOSTS.split()]),
)
def test_the_short_way_for_plain_addresses_comes_to_the_end_of_the_long_one(
    text: str, host: str
) -> None:
    if host:
        text = re.sub(r"(?<=//)[a-z0-9.-]+", host, text, count=1)
    short, long = address.read(text), address.read("HTTP" + text[4:])
    assert replace(short, text="") == replace(long, text="", url=lower(long.url))


def lower(url: str) -> str:
    """What is wrong is given back as it is written."""
    return re.sub("^HTTP", "http", url)


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("192.168.0.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("x", False),
    ],
)
def test_public_addresses(ip: str, public: bool) -> None:
    assert address.is_public(ip) is public


PAGE = """---
reviewed: "2026-11-23"
source: https://front.example/a
---
# Title

Inline [one](https://one.example/a), auto <https://auto.example/>, ![pic](https://pic.example/p.png), [ref][r] and [in](other.md).
`https://code.example/` and <a href="https://raw.example/x">raw</a> [杭州](https://zh.example/杭州).

[r]: https://ref.example/r

```text
https://fenced.example/ <a href="https://fenced.example/">
```

:::{card} Title
:link: https://option.example/

Text [within](https://within.example/).
:::

<div>
<img src="https://block.example/i.png">
</div>

<!-- <a href="https://comment.example/"> -->

| a | b |
|---|---|
| [cell](https://cell.example/) | mailto |
"""


def test_links_of_a_page() -> None:
    page = parse_page(Path("docs/x.md"), PAGE.encode())
    found = {
        link.text: (link.place.line, link.place.column)
        for link in collect.page_links(page, "docs/x.md")
    }
    assert found == {
        "https://front.example/a": (3, 9),
        "https://one.example/a": (7, 14),
        "https://auto.example/": (7, 44),
        "https://pic.example/p.png": (7, 75),
        "https://ref.example/r": (10, 6),
        "https://raw.example/x": (8, 29),
        "https://zh.example/%E6%9D%AD%E5%B7%9E": (8, 74),
        "https://option.example/": (17, 8),
        "https://within.example/": (19, 15),
        "https://block.example/i.png": (23, 1),
        "https://cell.example/": (30, 10),
    }


DIRECTIVES = """# T

:::{image} https://image.example/x.png
:target: https://target.example/
:alt: See https://alt.example/
:::

```{figure} https://figure.example/x.png
Caption <https://caption.example/>.
```

> ::::{grid} 2
> :::{card} T
> :class-card: x
> :link: //card.example/
> [x](https://nested.example/)
> :::
> ::::

:::{card} T
---
class-card: x
link: "https://dashes.example/"
---
link: https://text.example/
:::

```text
:::{image} https://code.example/x.png
:target: https://code.example/
:::
```

```{code-block} html
<a href="https://code.example/">
```

- item

    <p>
    <a href='https://list.example/'>x</a></p>

```{raw} html
<a
  href="https://raw.example/">x</a>
```

```{raw} latex
<a href="https://latex.example/">
```
"""


def test_links_of_directives_and_of_raw_html() -> None:
    page = parse_page(Path("docs/x.md"), DIRECTIVES.encode())
    found = {
        link.text: (link.place.line, link.place.column)
        for link in collect.page_links(page, "docs/x.md")
    }
    assert found == {
        "https://image.example/x.png": (3, 12),
        "https://target.example/": (4, 10),
        "https://figure.example/x.png": (8, 13),
        "https://caption.example/": (9, 10),
        "//card.example/": (15, 10),
        "https://nested.example/": (16, 7),
        "https://dashes.example/": (23, 8),
        "https://list.example/": (41, 5),
        "https://raw.example/": (44, 1),
    }


_OPTION_LINE = st.builds(
    ":{}: {}".format,
    st.sampled_from(["alt", "class", "name", "width"]),
    st.text("abc xyz", min_size=1, max_size=8),
)


@given(
    st.integers(0, 2),
    st.lists(_OPTION_LINE, max_size=3, unique_by=lambda line: line.split(":")[1]),
    st.booleans(),
    st.sampled_from(["image", "card", "figure"]),
)
@settings(max_examples=40, deadline=None)
def test_an_option_is_found_however_deep_its_directive_stands(
    depth: int, options: list[str], dashes: bool, name: str
) -> None:
    option = "link: https://h.example/x" if dashes else ":link: https://h.example/x"
    body = ["---", *(line[1:] for line in options), option, "---"] if dashes else [*options, option]
    lines = [f":::{{{name}}} a", *body, "", "text", ":::"]
    for level in range(depth):
        lines = [f"{':' * (4 + level)}{{note}}", "", *lines, ":" * (4 + level)]
    page = parse_page(Path("x.md"), ("# T\n\n" + "\n".join(lines) + "\n").encode())
    (link,) = collect.page_links(page, "x.md")
    assert (
        page.text.split("\n")[link.place.line - 1][link.place.column - 1 :] == "https://h.example/x"
    )


def test_links_of_a_bibliography_are_those_the_build_reads() -> None:
    """Values put together from parts, entries in parentheses; no field that stands within another's value."""
    text = (
        "@string{host = {https://host.example}}\n@online{a, title={x, url = {https://title.example/}}, url = {https://one.example/}}\n"
        '@online(b, doi = "10.1000/a(2)")\n@online{c, url = host # {/path}}\n@online{d, url = {https://broken.example/\n'
    )
    assert [
        (link.text, link.key, link.place.line, link.place.column)
        for link in collect.bib_links(text, "x.bib")
    ] == [
        ("https://one.example/", "a", 2, 62),
        ("doi:10.1000/a(2)", "b", 3, 19),
        ("https://host.example/path", "c", 4, 1),
    ]


def test_links_of_a_bibliography() -> None:
    text = '% url = {https://no.example/}\n@online{a2019,\n  title = {A},\n  url = {https://one.example/a\\_b?x=1\\&y=2},\n  doi = {10.1000/182},\n}\n@misc{b, url="https://two.example/"}\n@comment{c, url = {https://never.example/}}\n'
    assert list(collect.bib_links(text, "x.bib")) == [
        collect.Link(Place("x.bib", 4, 10), "https://one.example/a_b?x=1&y=2", "bib", "a2019"),
        collect.Link(Place("x.bib", 5, 10), "doi:10.1000/182", "bib", "a2019"),
        collect.Link(Place("x.bib", 7, 15), "https://two.example/", "bib", "b"),
    ]


def test_links_of_data() -> None:
    text = '# from https://a.example/x.\nurl: "https://b.example/(y)"\n{"u": "https:\\/\\/c.example\\/z"} (see https://d.example/w)\n"https://e.example/?a\\u0026b"\n'
    found = [
        (link.text, link.place.line, link.place.column)
        for link in collect.data_links(text, "x.yaml")
    ]
    assert found == [
        ("https://a.example/x", 1, 8),
        ("https://b.example/(y)", 2, 7),
        ("https://c.example/z", 3, 8),
        ("https://d.example/w", 3, 38),
        ("https://e.example/?a&b", 4, 2),
    ]


_WORD = st.text("abcxyz019-_~./", min_size=1, max_size=12)


@given(
    st.lists(
        st.tuples(
            _WORD,
            st.sampled_from(["[t]({})", "<{}>", "![t]({})", '<a href="{}">t</a>']),
            st.text("abc 杭州\n", max_size=10).map(lambda text: text.strip(" \n") + " "),
        ),
        max_size=6,
    )
)
@settings(max_examples=25, deadline=None)
def test_every_written_link_is_collected_at_its_place(parts: list[tuple[str, str, str]]) -> None:
    links = [f"https://h.example/{word}" for word, _, _ in parts]
    text = (
        "# T\n\n"
        + "".join(
            f"{before}x {form.format(link)} "
            for (_, form, before), link in zip(parts, links, strict=True)
        )
        + "\n"
    )
    page = parse_page(Path("x.md"), text.encode())
    found = list(collect.page_links(page, "x.md"))
    assert sorted(address.read(link.text).key for link in found) == sorted(
        address.read(link).key for link in links
    )
    lines = text.split("\n")
    for link in found:
        assert lines[link.place.line - 1][link.place.column - 1 :].startswith(
            (link.text, "<a href")
        )


class Oracle(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        seen: dict[str, str] = {}
        for name, value in attrs:
            seen.setdefault(name, value or "")
        self.ids |= {seen["id"]} if seen.get("id") else set()
        self.ids |= {seen["name"]} if tag == "a" and seen.get("name") else set()
        if tag == "a" and "href" in seen:
            self.links.append(seen["href"].strip())


_VALUE = st.text("ab1 <>='&;#/杭", max_size=8)
_ATTRIBUTE = st.builds(
    '{}="{}"'.format, st.sampled_from(["id", "ID", "name", "href", "class", "data-x"]), _VALUE
)
_PIECE = st.one_of(
    st.builds(
        lambda tag, attributes: f"<{tag} {' '.join(attributes)}>",
        st.sampled_from(["a", "A", "p", "h2"]),
        st.lists(_ATTRIBUTE, max_size=4),
    ),
    st.builds("<!--{}-->".format, st.text("ab<>= \"'", max_size=8)),
    st.builds("<script>{}</script>".format, st.text("ab<> ='\"", max_size=8)),
    st.text("ab &;\n杭", max_size=8),
    st.sampled_from(["</a>", "</p>", "<br>", "<p>"]),
)


@given(st.lists(_PIECE, max_size=12).map("".join))
@settings(max_examples=120, deadline=None)
def test_markup_agrees_with_the_standard_library(text: str) -> None:
    oracle = Oracle()
    oracle.feed(text)
    oracle.close()
    read = markup.read(text)
    assert read.anchors == oracle.ids
    assert [
        reference.value for reference in read.references if reference.tag == "a"
    ] == oracle.links


@given(
    st.binary(max_size=300) | st.text("<>!-=/\"'aidhref script&;\0", max_size=300).map(str.encode),
    st.sampled_from([None, "utf-8", "gb2312", "klingon", "utf-16", "idna", "base64"]),
)
@settings(max_examples=120, deadline=None)
def test_no_bytes_make_the_reader_fail(data: bytes, charset: str | None) -> None:
    text = markup.decode(data, charset)
    markup.read(text)
    len(markup.read(text, visible=4000).blocks)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a ",
        '<a b="',
        "<a b='",
        "<!--",
        "<script ",
        "<script>",
        "<a b ",
        "<a b=",
        "</",
        "<title><",
        "<a",
        "<a b=' c=\"",
        "<!",
        "url(",
        "&",
        "<style>@import",
        "<!---",
        "<a =",
        "<a b='c' ",
    ],
)
def test_hostile_pages_cost_linear_time(piece: str) -> None:
    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        markup.read(text)
        len(markup.read(text, visible=4000).blocks)
        return time.process_time() - start

    cost(10_000)
    assert cost(1_000_000) < 2.5


#: What begins like a reference, and what may follow it.
_ENTITY = st.builds(
    "&{}{}".format,
    st.sampled_from(sorted(html5)).map(lambda name: name.rstrip(";"))
    | st.sampled_from(
        ["#38", "#x26", "#X3C", "#0", "#128", "#xD800", "#1114112", "nosuch", "#", "#x"]
    ),
    st.sampled_from(["", ";", "=", "=1", "x", "1", "&", "-", "_", "/", "杭"]),
)


@given(
    st.lists(_ENTITY | st.text("&;=#xX12 aclmnoptsgeuy<", max_size=8), max_size=4).map("".join),
    st.sampled_from(["href", "id", "name", "src"]),
    st.sampled_from(["'", '"', ""]),
)
@example("http://h/q?x=1&copy=2&section=3", "href", '"')
@example("&copy;&notit;&lt", "id", "")
@example("a&ampb&amp=c&amp;d&notin;&notit;", "src", "'")
@settings(max_examples=400, deadline=None)
def test_attributes_are_decoded_as_a_browser_decodes_them(
    value: str, name: str, quote: str
) -> None:
    if not quote:
        value = "x" + re.sub(r"[\s<>=`]", "-", value)
    tag = "img" if name == "src" else "a"
    text = f"<{tag} {name}={quote}{value}{quote}>x"
    (element,) = html.document_fromstring(f"<p>{text}").iter(tag)
    found = markup.read(text)
    is_address = name in {"href", "src"}
    ours = [one.value for one in found.references] if is_address else list(found.anchors)
    theirs = element.get(name)
    assert ours == ([theirs.strip()] if is_address else [theirs] if theirs else [])


def test_refresh_and_resources() -> None:
    read = markup.read(
        '<meta http-equiv="refresh" content="0; URL=\'/x\'"><link rel=stylesheet href=a.css><link rel=canonical href=https://c.example/><img src=i.png srcset="j.png 1x, k.png 2x">'
        "<style>p{background:url(b.png)}</style><p style=\"background: url('s.png')\"><use href=#i><object data=o.svg>",
    )
    assert read.refresh == "/x"
    assert [reference.value for reference in read.references if reference.loads] == [
        "a.css",
        "i.png",
        "j.png",
        "k.png",
        "b.png",
        "s.png",
        "#i",
        "o.svg",
    ]
    assert markup.read('<meta http-equiv="refresh" content="600; url=/x">').refresh == ""


SITE = {
    "index.html": '<a href="a.html">1</a><a href="a.html#here">2</a><a href="a.html#%E6%9D%AD">3</a><a href="a.html#杭">4</a><a href="#top">5</a><a href="#">6</a><a href="sub/">7</a>'
    '<a href="a.html?x=1#old">8</a><img src="_static/%E5%9B%BE.png"><a href="https://out.example/">9</a><a href="mailto:a@b.cn">m</a><a href="/a.html">root</a>',
    "a.html": '<h2 id="here">x</h2><a name="old"></a><h2 id="杭">x</h2><a href="../outside.html">up</a>',
    "sub/index.html": '<a href="../a.html#nowhere">bad</a>\n<a href="../gone.html">bad</a><script src="https://cdn.example/x.js"></script>',
    "_static/图.png": "",
    "_static/s.css": "@import url('https://fonts.example/f.css'); p { background: url(missing.png) }",
}


def test_the_page_for_lost_addresses_counts_from_the_path_of_the_site(tmp_path: Path) -> None:
    for name, text in {
        "404.html": '<html data-content_root="/en/">\n<a href="/en/a.html">good</a> <a href="/en/gone.html">bad</a>',
        "a.html": "A",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert [
        (finding.code, finding.place.line)
        for finding in internal.check(internal.read(tmp_path), tmp_path)
    ] == [("L101", 2)]


def test_links_within_the_built_pages(tmp_path: Path) -> None:
    for name, text in SITE.items():
        path = tmp_path / "html" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (tmp_path / "docs/sub").mkdir(parents=True)
    (tmp_path / "docs/sub/index.md").write_text("# T\n\n[bad](../a.md#nowhere)\n", "utf-8")
    built = internal.read(tmp_path / "html")
    found = internal.check(
        built,
        tmp_path,
        tmp_path / "docs",
        {"old/page.md": "renamed to docs/a.md", "a.md": "deleted"},
    )
    assert [str(finding) for finding in found] == [
        "docs/conf.py:1:1: L104 old/page.html was published once and is gone (renamed to docs/a.md) (hint: write a line in docs/moved.yaml: old/page: the page that has its story now)",
        "docs/sub/index.md:3:7: L102 a.html has no anchor #nowhere (hint: did you mean #here?)",
        "html/_static/s.css:1:1: L101 missing.png leads to _static/missing.png, which the site does not have (hint: did you mean _static/图.png?)",
        "html/_static/s.css:1:1: L103 the page loads https://fonts.example/f.css from another host (hint: keep a copy in docs/_static and load that)",
        "html/a.html:1:56: L105 ../outside.html leads above the root of the site (hint: link to a page within the site)",
        "html/sub/index.html:2:1: L101 ../gone.html leads to gone.html, which the site does not have (hint: correct the path, or delete the link)",
        "html/sub/index.html:2:31: L103 the page loads https://cdn.example/x.js from another host (hint: keep a copy in docs/_static and load that)",
    ]
    assert set(built.outward) == {"https://out.example/", "mailto:a@b.cn"}


def test_two_hundred_pages_with_fifty_anchors(tmp_path: Path) -> None:
    """Twenty of ten thousand links are bad, and exactly these are found, in well under a second."""
    for page in range(200):
        target = (page + 1) % 200
        links = "".join(
            f'<p id="s{number}"><a href="p{target}.html#s{number}">{number}</a></p>'
            for number in range(50)
        )
        bad = f'<a href="p{target}.html#bad{page}">bad</a>' if page % 10 == 0 else ""
        (tmp_path / f"p{page}.html").write_text(
            f"<!doctype html><title>{page}</title>{links}{bad}", "utf-8"
        )
    start = time.process_time()
    found = internal.check(internal.read(tmp_path), tmp_path)
    assert time.process_time() - start < 1
    assert sorted(finding.message.split("#")[1] for finding in found) == sorted(
        f"bad{page}" for page in range(0, 200, 10)
    )


def test_memory_file_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "references").mkdir()
    (tmp_path / collect.MEMORY).write_text(
        json.dumps({"address": "https://x.example/"}) + "\n", "utf-8"
    )
    assert collect.collect(tmp_path) == []
