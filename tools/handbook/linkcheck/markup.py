"""HTML read for links and anchors in one pass, in time linear in its length, whatever it holds.

A tokenizer of start tags after the HTML standard (13.2.5): comments, raw text (``script``,
``style``, ``textarea``, ``title``), quoted and unquoted attributes. Each step of the patterns takes
at least one character and never gives one back, so that a hostile page costs no more than a kind
one of its length.
"""

from __future__ import annotations

import codecs
import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    <(?:
      !--(?:-?>|[\s\S]*?(?:--!?>|\Z))                                   # a comment, closed or not
    | (?P<raw>(?i:script|style|textarea|title|xmp|iframe|noembed|noframes))(?=[\s/>])
    | (?P<name>[a-zA-Z][^\s/>]*)
    )
    (?:
      (?(raw)|(?(name)|(?!)))
      (?P<attributes>(?:
        # what a lookahead found is never given back, and forgotten: else a page of attributes fills the memory
        (?=(?P<some>(?:[\s/]+|[^\s/>][^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?){1,64}))(?P=some)
      )*)
      (?P<end>>|\Z)
    )?
    (?(raw)(?P<content>[\s\S]*?)(?=</(?i:(?P=raw))[\s/>]|\Z))
    """,
    re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")
_CSS_URL = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))|@import\s+(?:"([^"]*)"|'([^']*)')"""
)
_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-z0-9_:.-]{1,40})""")

#: Elements whose address the browser loads by itself while it shows the page.
_LOADS = {
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("iframe", "src"),
    ("frame", "src"),
    ("embed", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("track", "src"),
    ("object", "data"),
    ("input", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("use", "href"),
    ("use", "xlink:href"),
}
_LOADING_RELS = frozenset(
    {
        "stylesheet",
        "icon",
        "shortcut",
        "apple-touch-icon",
        "preload",
        "modulepreload",
        "prefetch",
        "preconnect",
        "dns-prefetch",
        "manifest",
        "mask-icon",
    }
)


class Reference(NamedTuple):
    """An address in the markup: ``at`` is its tag's offset; ``loads`` says that the page fetches it
    unasked.
    """

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
    anchors, references = found.anchors, found.references
    for match in _TOKEN.finditer(text):
        raw, name, attributes, end, content = match.group(
            "raw", "name", "attributes", "end", "content"
        )
        if not attributes and not raw:
            continue
        if end != ">":
            break
        if attributes:
            # the same tags stand on every page (navigation), but a long one is better forgotten
            tag = (_remembered if len(attributes) < 300 else _tag)(raw or name, attributes)
            if tag is not None:
                anchors.update(tag.anchors)
                if tag.references:
                    at = match.start()
                    references += [
                        Reference(value, at, tag.name, loads) for value, loads in tag.references
                    ]
                found.base = found.base or tag.base
                found.refresh = found.refresh or tag.refresh
        if raw and content:
            start = match.start("content")
            if raw.lower() == "title" and not found.title:
                found.title = " ".join(html.unescape(content).split())
            elif raw.lower() == "style":
                references += (
                    Reference(value, match.start(), "style", True)
                    for value in css_addresses(content)
                )
            elif raw.lower() == "script":
                found.scripts.append((start, start + len(content)))
    return found


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    anchors: tuple[str, ...]
    references: tuple[tuple[str, bool], ...]
    base: str = ""
    refresh: str = ""


def _tag(name: str, attributes: str) -> _Tag | None:
    """What a start tag says of links and anchors; ``None`` for nothing."""
    name = name.lower()
    seen: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(attributes):
        key = match[1].lower()
        if key not in seen:
            value = match[2] or match[3] or match[4] or ""
            seen[key] = html.unescape(value) if "&" in value else value
    anchors = tuple(filter(None, (seen.get("id"), seen.get("name") if name == "a" else None)))
    references: list[tuple[str, bool]] = []
    for key in ("href", "src", "xlink:href", "poster", "data", "srcset"):
        if key not in seen or name == "base":
            continue
        loads = (name, key) in _LOADS or (
            name == "link" and not _LOADING_RELS.isdisjoint(seen.get("rel", "").lower().split())
        )
        if key == "srcset":
            references += ((part.split()[0], True) for part in seen[key].split(",") if part.strip())
        elif loads or name in {"a", "area"}:
            references.append((seen[key].strip(), loads))
    if "style" in seen:
        references += ((value, True) for value in css_addresses(seen["style"]))
    base = seen.get("href", "") if name == "base" else ""
    refresh = (
        _refresh(seen.get("content", ""))
        if name == "meta" and seen.get("http-equiv", "").lower() == "refresh"
        else ""
    )
    return (
        _Tag(name, anchors, tuple(references), base, refresh)
        if anchors or references or base or refresh
        else None
    )


_remembered = lru_cache(maxsize=32768)(_tag)


def _refresh(content: str) -> str:
    delay, _, target = content.replace(",", ";").partition(";")
    target = re.sub(r"(?i)^\s*url\s*=\s*", "", target).strip(" \t\n'\"")
    # a page that renews itself in a minute is no redirect
    return target if re.fullmatch(r"\s*(?:\d|10)(?:\.\d*)?\s*", delay) else ""


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
    for match in _TOKEN.finditer(text):
        part = text[position : match.start()].strip()
        if part:
            parts.append(part)
            size += len(part)
        position = match.end()
        if size > limit:
            break
    else:
        parts.append(text[position:].strip())
    plain = re.sub(r"<[/!?][^>]*>?", " ", " ".join(parts)[: limit * 6])
    return " ".join(html.unescape(plain).split())[:limit]


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of a page: by its byte order mark, the header's charset, the page's ``meta``, else
    UTF-8. Never raises.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace")
    if not charset:
        named = _CHARSET.search(data[:4096])
        charset = named[1].decode("ascii") if named else "utf-8"
    # pages that say gb2312 are written in its superset
    charset = {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "iso-8859-1": "cp1252",
        "latin-1": "cp1252",
    }.get(charset.lower(), charset)
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
