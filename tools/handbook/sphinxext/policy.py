"""What the browser may do on a page: the Content-Security-Policy of every page.

A page contains the policy itself, as a ``meta`` element that allows its few inline scripts and
styles by their hash, so that it applies on every host and from a folder. What a ``meta`` element
cannot express needs a header: see :mod:`handbook.sphinxext.hosts`.

Scripts and styles are the handbook's own if they come from a template. There they get a mark that
no page can guess, before the template is read; whatever has no mark in the finished page is
foreign.
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from html import escape, unescape
from pathlib import Path

from jinja2.ext import Extension
from lxml import etree
from sphinx.errors import SphinxError

from handbook.model import safety

#: ``wasm-unsafe-eval`` lets the search compile its engine, which is a file of ours; it allows no
#: eval of scripts.
_SCRIPTS = ("'self'", "'wasm-unsafe-eval'")
_STYLES = ("'self'",)
_REST = (
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action"
    " 'self'"
)

#: The inline scripts and the inline styles of a page.
Hashes = tuple[tuple[str, ...], tuple[str, ...]]

_MARK = f"data-own-{secrets.token_hex(16)}"
_OWN_START = re.compile(r"<(script|style)\b", re.IGNORECASE)
_OWN_INLINE = re.compile(rf"<(script|style) {_MARK}([^>]*)>(.*?)</\1>", re.DOTALL)
_STYLED = re.compile(r'(<[a-zA-Z][^<>]*?) style="([^"]*)"')
_HEAD = re.compile(r"<head>\s*(?:<meta charset=[^>]*>)?")
_META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
#: Declarations that neither end their rule nor load anything.
_DECLARATION = r"\s*[-a-z]+\s*:\s*(?!url|image|src|expression)[-\w.%#, ]+"
_PLAIN_STYLE = re.compile(rf"{_DECLARATION}(?:;{_DECLARATION})*;?\s*", re.IGNORECASE)
#: Elements that load another page into this one, or change its addresses.
_FRAMES = frozenset(
    ["applet", "base", "embed", "fencedframe", "frame", "frameset", "iframe", "object", "portal"]
)
_ADDRESSES = frozenset(
    ["action", "background", "data", "formaction", "href", "poster", "src", "xlink:href"]
)
#: Elements whose content browsers fetch.
_LOADERS = frozenset(["script", "img", "source", "video", "audio", "track", "input"])


#: Without the classes of ``lxml.html``, which cost half of the reading.
_PARSER = etree.HTMLParser()


class ForeignMarkupError(SphinxError):
    """A finished page contains something that the handbook did not put there."""

    category = "P017"


class OwnMarkup(Extension):
    """Marks scripts and styles in templates."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return own(source)


def own(template: str) -> str:
    """Return the template with its scripts and styles marked as the handbook's own."""
    return _OWN_START.sub(rf"<\1 {_MARK}", template)


def bare(page: str) -> str:
    """Return the page without marks, as it is published."""
    return page.replace(f" {_MARK}", "")


def refuse_foreign(page: str, name: str) -> None:
    """Check a finished page, including its marks.

    This is the last of several defences: whatever reaches it has passed the rules for pages in a
    way that nobody foresaw.

    :param name: the name of the page in the message
    :raises ForeignMarkupError: if it has a script, a style, a frame, a redirect or an address that
        no template put there
    """
    for element in etree.fromstring(page, _PARSER).iter():
        if not isinstance(element.tag, str):
            continue
        for fault in _faults(element.tag, tuple(element.attrib.items())):
            raise ForeignMarkupError(
                f"{name}: {fault} did not come from the handbook's templates (hint: find what in"
                " the sources of this page writes it)"
            )


@lru_cache(maxsize=65536)  # most elements of a page, those of its frame, are on all pages
def _faults(tag: str, written: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(_judged(tag.lower(), dict(written)))


def _judged(name: str, attributes: Mapping[str, str]) -> Iterator[str]:
    if name in _FRAMES:
        yield f"<{name}>"
    if name == "meta" and attributes.get("http-equiv"):
        yield f'<meta http-equiv="{attributes["http-equiv"]}">'
    if name == "style" and _MARK not in attributes:
        yield "<style>"
    # data are not run; the other case is a file of the site's own
    if name == "script" and not (
        _MARK in attributes
        or ("src" not in attributes and attributes.get("type") == "application/ld+json")
        or _is_static(attributes.get("src", ""))
    ):
        yield "<script>"
    for written, value in attributes.items():
        attribute = written.lower()
        if attribute.startswith("on") or attribute == "srcdoc":
            yield f"the attribute {attribute}"
        elif attribute == "style" and not _PLAIN_STYLE.fullmatch(value):
            yield f"the style {value!r}"
        elif attribute in _ADDRESSES and (
            safety.leads_astray(value) or (name in _LOADERS and safety.is_afar(value))
        ):
            yield f"the address {value!r}"


def _is_static(source: str) -> bool:
    """Return whether a script is a file of the handbook, in folders that pages cannot write to."""
    return re.fullmatch(r"(?:\.{1,2}/)*_static/(?!.*\.\.)[\w./-]+(?:\?v=\w+)?", source) is not None


def protect(page: str) -> str:
    """Return the page with its policy and without marks; style attributes, which no hash allows,
    become rules of one style element.
    """
    rules: dict[str, int] = {}

    def rule(match: re.Match[str]) -> str:
        style = unescape(match[2])
        if not _PLAIN_STYLE.fullmatch(style):
            return match[1]
        return f'{match[1]} data-style="{rules.setdefault(style, len(rules) + 1)}"'

    hashes: dict[str, list[str]] = {"script": [], "style": []}
    for kind, attributes, text in _OWN_INLINE.findall(page):
        if " src=" not in attributes:
            hashes[kind].append(_hash(text))
    page = _STYLED.sub(rule, bare(page))
    if rules:
        style = "".join(
            f'[data-style="{number}"]{{{text.rstrip("; ")}}}' for text, number in rules.items()
        )
        page = page.replace("</head>", f"<style>{style}</style></head>", 1)
        hashes["style"].append(_hash(style))
    meta = (
        '<meta http-equiv="Content-Security-Policy"'
        f' content="{escape(policy(hashes["script"], hashes["style"]), quote=False)}">'
    )
    return _HEAD.sub(lambda head: f"{head[0]}{meta}", page, count=1)


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """Return the policy that allows inline scripts and styles with these hashes.

    :param scripts: sources such as ``'sha256-...'``, quotes included
    """
    sources = [
        " ".join((*own, *sorted(set(found))))
        for own, found in ((_SCRIPTS, scripts), (_STYLES, styles))
    ]
    return f"default-src 'none'; script-src {sources[0]}; style-src {sources[1]}; {_REST}"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def hashes_of(path: Path) -> Hashes:
    """Return the hashes of the inline scripts and styles that the policy of a built page allows."""
    found: dict[str, tuple[str, ...]] = {}
    # The policy is at the top of the head.
    with path.open(encoding="utf-8") as file:
        match = _META.search(file.read(4096))
    for part in unescape(match[1]).split("; ") if match else ():
        name, _, sources = part.partition(" ")
        found[name] = tuple(one for one in sources.split() if one.startswith("'sha256-"))
    return found.get("script-src", ()), found.get("style-src", ())


def policy_of(pages: Iterable[Hashes]) -> str:
    """Return one policy for all built pages, for a host that sends the same header with each."""
    scripts, styles = set[str](), set[str]()
    for of_scripts, of_styles in pages:
        scripts.update(of_scripts)
        styles.update(of_styles)
    return policy(scripts, styles)
