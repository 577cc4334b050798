"""HTML read for links and anchors in one pass, in time linear in its length, whatever it contains.

A tokenizer of start tags after the HTML standard (13.2.5): comments, raw text (``script``,
``style``, ``textarea``, ``title``), quoted and unquoted attributes. What a browser with scripts
does not show (``noscript``, ``template``) counts as raw text. Each step of the patterns consumes at
least one character and never backtracks, so that a hostile page costs no more than any other of the
same length. We wrote it because no parser gives the offset of a tag, which findings need; the tests
compare it with lxml.
"""

from __future__ import annotations

import codecs
import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html.entities import html5
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    <(?:
      !--(?:-?>|[\s\S]*?(?:--!?>|\Z))                                   # a comment, closed or not
    | (?P<raw>(?i:script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|template))
      (?=[\s/>])
    | (?P<name>[a-zA-Z][^\s/>]*)
    )
    (?:
      (?(raw)|(?(name)|(?!)))
      (?P<attributes>(?:
        # what a lookahead found is never given back, and forgotten: otherwise a page of
        # attributes would fill the memory
        (?=(?P<some>(?:[\s/]+|[^\s/>][^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?){1,64}))(?P=some)
      )*)
      (?P<end>>|\Z)
    )?
    (?(raw)(?P<content>[\s\S]*?)(?=</(?i:(?P=raw))[\s/>]|\Z))
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
#: In an attribute, a reference without its semicolon counts only where no letter, digit or ``=``
#: follows (13.2.5.73): ``?x=1&copy=2`` has no copyright sign.
_REFERENCE = re.compile(
    r"&(#(?:[xX][0-9a-fA-F]+|\d+);?|[A-Za-z][A-Za-z0-9]*(?:;|(?![A-Za-z0-9=])))"
)
#: Tags within a word that do not split it.
_INLINE = re.compile(r"(?i)</?(?:a|abbr|b|code|em|font|i|mark|small|span|strong|sub|sup|u|wbr)>")
_ANY_TAG = re.compile(r"<[a-zA-Z/!?][^>]*>?")
_HEADING = re.compile(r"(?is)<h([1-4])>(.{0,400}?)</h\1\s*>")
_CSS_URL = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))|@import\s+(?:"([^"]*)"|'([^']*)')"""
)
_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{1,40})""")

_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_HIDDEN = re.compile(r"(?i)\bhidden\b|display\s*:\s*none")

#: Attributes, by element, whose address the browser loads by itself while it shows the page.
_LOADS = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "iframe": ("src",),
    "frame": ("src",),
    "embed": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "object": ("data",),
    "input": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
}
#: Attributes that contain an address on elements of links.
_LINKS = ("href", "src", "xlink:href", "poster", "data", "srcset")
_LOADING_RELS = frozenset(
    [
        "apple-touch-icon",
        "dns-prefetch",
        "icon",
        "manifest",
        "mask-icon",
        "modulepreload",
        "preconnect",
        "prefetch",
        "preload",
        "shortcut",
        "stylesheet",
    ]
)


class Reference(NamedTuple):
    """An address in the markup: ``at`` is the offset of its tag; ``loads`` is whether the page
    fetches it by itself.
    """

    value: str
    at: int
    tag: str
    loads: bool = False


@dataclass
class Markup:
    """The content of a page. ``anchors`` are ids and the names of ``a`` elements, unescaped.

    ``visible`` is the part of it that is shown: text, and tags without their attributes.
    """

    anchors: set[str] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)
    scripts: list[tuple[int, int]] = field(default_factory=list)
    title: str = ""
    refresh: str = ""
    base: str = ""
    visible: str = ""

    @cached_property
    def headings(self) -> list[str]:
        """Return the words of each heading of levels 1 to 4."""
        if "<h" not in self.visible and "<H" not in self.visible:
            return []
        return [plain(match[2]) for match in _HEADING.finditer(self.visible)]

    @cached_property
    def blocks(self) -> list[str]:
        """Return the words of each visible paragraph, heading, cell and so on."""
        text = _INLINE.sub("", self.visible)
        return list(filter(None, map(plain, _ANY_TAG.split(text))))


def plain(text: str) -> str:
    """Return the words in a piece of visible HTML, spaces joined."""
    text = _ANY_TAG.sub(" ", _INLINE.sub("", text)) if "<" in text else text
    return " ".join((html.unescape(text) if "&" in text else text).split())


def read(text: str, visible: int = 0) -> Markup:
    """Read HTML text. A tag that the text ends in is left out.

    :param visible: the number of visible characters to keep
    """
    found = Markup()
    shown: list[str] = []
    kept = position = 0
    for match in _TOKEN.finditer(text):
        raw, name, attributes, end = match.group("raw", "name", "attributes", "end")
        if kept < visible:
            heading = name and name.lower() in _HEADINGS
            hidden = heading and attributes and _HIDDEN.search(attributes)
            mark = f"<{name.lower()}>" if name and not hidden else " "
            shown += text[position : match.start()], mark
            kept, position = kept + match.start() - position + len(mark), match.end()
        if not attributes and not raw:
            continue
        if end != ">":
            break
        if attributes:
            # the same tags are on every page (navigation), but a long one need not be cached
            tag = (_remembered if len(attributes) < 300 else _tag)(raw or name, attributes)
            if tag is not None:
                _take_tag(found, tag, match.start())
        if raw and match["content"]:
            _take_raw(found, raw.lower(), match)
    if kept < visible:
        shown.append(text[position:])
    found.visible = "".join(shown)[:visible]
    return found


def _take_tag(found: Markup, tag: _Tag, at: int) -> None:
    found.anchors.update(tag.anchors)
    found.references += [Reference(value, at, tag.name, loads) for value, loads in tag.references]
    found.base = found.base or tag.base
    found.refresh = found.refresh or tag.refresh


def _take_raw(found: Markup, name: str, match: re.Match[str]) -> None:
    content = match["content"]
    if name == "title" and not found.title:
        found.title = " ".join(html.unescape(content).split())
    elif name == "style":
        found.references += (
            Reference(value, match.start(), "style", True) for value in css_addresses(content)
        )
    elif name == "script":
        found.scripts.append(match.span("content"))
    elif name == "noscript":
        # shown where the browser runs no scripts; one within another ends with the first
        inner = re.sub("(?i)<noscript", "<noscrip_", content)
        found.references += (
            reference._replace(at=match.start("content") + reference.at)
            for reference in read(inner).references
        )


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    anchors: tuple[str, ...]
    references: tuple[tuple[str, bool], ...]
    base: str = ""
    refresh: str = ""


def _tag(name: str, attributes: str) -> _Tag | None:
    """Return what a start tag contains of links and anchors; ``None`` for nothing."""
    name = name.lower()
    seen = _attributes(attributes)
    tag = _Tag(
        name,
        tuple(filter(None, (seen.get("id"), seen.get("name") if name == "a" else None))),
        (*_references(name, seen), *((url, True) for url in css_addresses(seen.get("style", "")))),
        seen.get("href", "") if name == "base" else "",
        _refresh(seen) if name == "meta" else "",
    )
    return tag if tag.anchors or tag.references or tag.base or tag.refresh else None


def _attributes(text: str) -> dict[str, str]:
    """Return attributes by name; of two with the same name, the first counts."""
    seen: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or match[3] or match[4] or ""
        seen.setdefault(match[1].lower(), _REFERENCE.sub(_character, value))
    return seen


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name[0] != "#":
        return html.unescape(match[0]) if name in html5 else match[0]
    # the standard library drops control characters, which browsers keep
    number = name[1:].rstrip(";")
    return html.unescape(match[0]) or chr(int(f"0{number}", 16 if number[0] in "xX" else 10))


def _references(name: str, seen: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield each address of a tag, and whether the page loads it."""
    loading: tuple[str, ...] = _LOADS.get(name, ())
    if name == "link" and not _LOADING_RELS.isdisjoint(seen.get("rel", "").lower().split()):
        loading = _LINKS
    for key in _LINKS if name in {"a", "area"} else loading:
        if key == "srcset":
            for part in seen.get(key, "").split(","):
                if part.strip():
                    yield part.split()[0], True
        elif key in seen:
            yield seen[key].strip(), key in loading


_remembered = lru_cache(maxsize=32768)(_tag)


def _refresh(seen: dict[str, str]) -> str:
    refreshes = seen.get("http-equiv", "").lower() == "refresh"
    return refresh_target(seen.get("content", "")) if refreshes else ""


def refresh_target(content: str) -> str:
    """Return where a page redirects by itself, from its ``meta`` or its header ``Refresh``; empty
    if it gives its reader more than a few seconds.
    """
    delay, _, target = content.replace(",", ";", 1).partition(";")
    target = re.sub(r"(?i)^\s*url\s*=\s*", "", target).strip(" \t\n'\"")
    return target if re.fullmatch(r"\s*[0-5]?(?:\.\d*)?\s*", delay) else ""


_SCRIPT_TARGET = re.compile(
    r"""\blocation(?:\.href)?\s*=\s*(["'])([^"'\s]{1,2000})\1"""
    r"""|\blocation\.(?:replace|assign)\(\s*(["'])([^"'\s]{1,2000})\3"""
)


def script_target(text: str, page: Markup) -> str:
    """Return where a page that shows nothing redirects by its one short script, without
    conditions.
    """
    if len(page.scripts) != 1 or plain(page.visible):
        return ""
    script = text[slice(*page.scripts[0])]
    found = _SCRIPT_TARGET.findall(script)
    if len(script) > 400 or len(found) != 1 or re.search(r"\bif\b|\?[^\"']*:|cookie", script):
        return ""
    return str(found[0][1] or found[0][3])


def css_addresses(text: str) -> Iterator[str]:
    """Yield each address that a style sheet loads."""
    for match in _CSS_URL.finditer(text):
        value = next((group for group in match.groups() if group), "")
        if value:
            yield value


def decode(data: bytes, charset: str | None = None) -> str:
    """Return the text of a page, decoded by its byte order mark, the header's charset, the page's
    ``meta``, or else as UTF-8. It never raises.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if not charset:
        head = data[:4096]
        named = _CHARSET.search(head) if b"charset" in head.lower() else None
        charset = named[1].decode("ascii") if named else "utf-8"
    # pages that declare gb2312 are written in its superset
    charset = {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "iso-8859-1": "cp1252",
        "latin-1": "cp1252",
    }.get(charset.lower(), charset)
    for name in (charset, charset.lower().removeprefix("x-")):
        try:
            return data.decode(name, "replace")
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


class Lines:
    """Converts offsets in a text to line and column (both from 1)."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
