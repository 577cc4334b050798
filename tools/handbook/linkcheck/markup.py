"""HTML read for links and anchors in one pass, in time linear in its length, whatever it holds.

A tokenizer of start tags after the HTML standard (13.2.5): comments, raw text (``script``, ``style``, ``textarea``,
``title``), quoted and unquoted attributes. Each step of the patterns takes at least one character and never gives one
back, so that a hostile page costs no more than a kind one of its length.
"""
from __future__ import annotations

import codecs
import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""
    <(?:
      !--(?:-?>|(?s:.)*?(?:--!?>|\Z))                                   # a comment, closed or not
    | (?P<raw>(?i:script|style|textarea|title|xmp|iframe|noembed|noframes))(?=[\s/>])
    | (?P<name>[a-zA-Z][^\s/>]*+)
    )
    (?P<attributes>(?(raw)|(?(name)|(?!)))(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+)*+)?+
    (?P<end>>|\Z)?+
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>]*+)))?+""")
_WANTED = re.compile(r"(?i)(?:^|[\s/\"'])(?:id|name|href|src|srcset|data|poster|style|http-equiv|content|xlink:href|rel|action)\s*=")
_CSS_URL = re.compile(r"""url\(\s*+(?:"([^"]*+)"|'([^']*+)'|([^)"'\s]*+))|@import\s++(?:"([^"]*+)"|'([^']*+)')""")
_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{1,40})""")

#: Elements whose address the browser loads by itself while it shows the page.
_LOADS = {
    ("script", "src"), ("img", "src"), ("img", "srcset"), ("iframe", "src"), ("frame", "src"), ("embed", "src"), ("source", "src"),
    ("source", "srcset"), ("video", "src"), ("video", "poster"), ("audio", "src"), ("track", "src"), ("object", "data"), ("input", "src"),
    ("image", "href"), ("image", "xlink:href"), ("use", "href"), ("use", "xlink:href"),
}
_LOADING_RELS = frozenset({
    "stylesheet", "icon", "shortcut", "apple-touch-icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest",
    "mask-icon",
})
_RAW_END = {
    name: re.compile(rf"(?i)</{name}(?=[\s/>])")
    for name in ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
}


@dataclass(frozen=True, slots=True)
class Reference:
    """An address in the markup: ``at`` is its tag's offset; ``loads`` says that the page fetches it unasked."""

    value: str
    at: int
    tag: str
    loads: bool = False


@dataclass(slots=True)
class Markup:
    """What a page holds. ``anchors`` are ids and the names of ``a`` elements, unescaped."""

    anchors: set[str] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)
    scripts: list[tuple[int, int]] = field(default_factory=list)
    title: str = ""
    refresh: str = ""
    base: str = ""


def read(text: str) -> Markup:
    """Read HTML text. A tag that the text ends in is left out."""
    found = Markup()
    position = 0
    search = _TOKEN.search
    while match := search(text, position):
        position = match.end()
        raw = match["raw"]
        attributes = match["attributes"]
        if attributes is None:
            continue
        if match["end"] != ">":
            break
        if attributes and _WANTED.search(attributes):
            _tag((raw or match["name"]).lower(), attributes, match.start(), found)
        if raw:
            name = raw.lower()
            end = _RAW_END[name].search(text, position)
            stop = end.start() if end else len(text)
            if name == "title" and not found.title:
                found.title = " ".join(html.unescape(text[position:stop]).split())
            elif name == "style":
                found.references += (Reference(value, match.start(), "style", True) for value in css_addresses(text[position:stop]))
            elif name == "script":
                found.scripts.append((position, stop))
            position = stop
    return found


def _tag(name: str, attributes: str, at: int, found: Markup) -> None:
    seen: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(attributes):
        key = match[1].lower()
        if key not in seen:
            value = match[2] or match[3] or match[4] or ""
            seen[key] = html.unescape(value) if "&" in value else value
    if seen.get("id"):
        found.anchors.add(seen["id"])
    if name == "a" and seen.get("name"):
        found.anchors.add(seen["name"])
    for key in ("href", "src", "xlink:href", "poster", "data", "srcset"):
        if key not in seen or name == "base":
            continue
        loads = (name, key) in _LOADS
        if name == "link":
            if not _LOADING_RELS.intersection(seen.get("rel", "").lower().split()):
                continue
            loads = True
        if key == "srcset":
            found.references += (Reference(part.split()[0], at, name, True) for part in seen[key].split(",") if part.strip())
        elif loads or name in {"a", "area"}:
            found.references.append(Reference(seen[key].strip(), at, name, loads))
    if "url(" in seen.get("style", ""):
        found.references += (Reference(value, at, name, True) for value in css_addresses(seen["style"]))
    if name == "base" and not found.base:
        found.base = seen.get("href", "")
    if name == "meta" and seen.get("http-equiv", "").lower() == "refresh" and not found.refresh:
        delay, _, target = seen.get("content", "").replace(",", ";").partition(";")
        target = re.sub(r"(?i)^\s*url\s*=\s*", "", target).strip(" \t\n'\"")
        # a page that renews itself in a minute is no redirect
        if target and delay.strip().replace(".", "", 1).isdigit() and float(delay) <= 10:
            found.refresh = target


def css_addresses(text: str) -> Iterator[str]:
    """Each address that a style sheet loads."""
    for match in _CSS_URL.finditer(text):
        value = next((group for group in match.groups() if group), "")
        if value:
            yield value


def words(text: str, limit: int = 4000) -> str:
    """The first visible words of HTML text, blanks joined; good enough to recognise a sentence."""
    parts: list[str] = []
    size = position = 0
    while match := _TOKEN.search(text, position):
        part = text[position : match.start()].strip()
        if part:
            parts.append(part)
            size += len(part)
        position = match.end()
        if size > limit:
            break
        if match["raw"] and match["attributes"] is not None:
            end = _RAW_END[match["raw"].lower()].search(text, position)
            position = end.start() if end else len(text)
    else:
        parts.append(text[position:].strip())
    return " ".join(re.sub(r"</[^>]*+>", " ", html.unescape(" ".join(parts)[: limit * 3])).split())[:limit]


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of a page: by its byte order mark, the header's charset, the page's ``meta``, else UTF-8. Never raises."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if not charset:
        named = _CHARSET.search(data[:4096])
        charset = named[1].decode("ascii") if named else "utf-8"
    # pages that say gb2312 are written in its superset
    charset = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252"}.get(charset.lower(), charset)
    try:
        return data.decode(charset, "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


class Lines:
    """Line and column (both from 1) of offsets in a text."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """The place of an offset."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
