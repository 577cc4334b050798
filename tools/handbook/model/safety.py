"""What a page may take from files and offer to readers: judged here for the check and the build alike.

A page is data. It reaches files below ``docs/`` (and the few that the configuration names), loads
nothing from the network, and publishes no file that a browser would run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

#: Files that a page may offer for download: browsers show or save them, and run nothing in them.
DOWNLOADS = frozenset(
    [
        ".bib",
        ".csv",
        ".docx",
        ".epub",
        ".gif",
        ".ics",
        ".jpeg",
        ".jpg",
        ".json",
        ".jsonl",
        ".md",
        ".ods",
        ".odt",
        ".pdf",
        ".png",
        ".pptx",
        ".tsv",
        ".txt",
        ".webp",
        ".xlsx",
        ".yaml",
        ".yml",
        ".zip",
    ]
)
PICTURES = frozenset({".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})

#: Directives whose argument names a file.
FILE_ARGUMENT = frozenset({"include", "literalinclude", "image", "figure", "download"})
#: Options of directives that name a file.
FILE_OPTIONS = frozenset({"file", "diff", "img-top", "img-bottom", "img-background"})
#: Options of directives that go online during a build.
NETWORK_OPTIONS = frozenset({"url"})
#: Directives that hand markup to browsers or to another parser without a look at it.
RAW_DIRECTIVES = frozenset({"raw", "eval-rst", "meta", "role"})

RAW_HINT = "write it in Markdown or with a directive of the handbook"
OUTSIDE_HINT = "copy the file into docs/ and name it from there"
NETWORK_HINT = "download the file, look at it, and keep a copy in docs/"
SVG_HINT = "export the drawing again as plain SVG, or as PNG"
DOWNLOAD_HINT = "offer it as one of " + ", ".join(sorted(DOWNLOADS))
ADDRESS_HINT = "link to an https address"

_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")
#: Schemes of addresses that a page may lead to.
SCHEMES = frozenset({"http", "https", "mailto", "tel", "doi"})

_SVG = "{http://www.w3.org/2000/svg}"
_SVG_FORBIDDEN = frozenset(
    [
        "script",
        "foreignobject",
        "iframe",
        "object",
        "embed",
        "handler",
        "listener",
        "audio",
        "video",
    ]
)
_STYLE_OUT = re.compile(r"@import|url\s*\(\s*[\"']?(?!#)|expression\s*\(|\\", re.IGNORECASE)


def scheme(address: str) -> str:
    """The scheme of an address in lower case, as a browser reads it; nothing for a path."""
    match = _SCHEME.match(re.sub(r"[\x00-\x20\x7f]", "", address))
    return match[1].lower() if match else ""


def leads_astray(address: str) -> str:
    """What is wrong with the scheme of an address, or nothing."""
    found = scheme(address)
    return (
        f"an address with the scheme {found}: is not allowed"
        if found and found not in SCHEMES
        else ""
    )


def reach(path: Path, docs: Path, named: Iterable[Path] = ()) -> bool:
    """Whether a page may read the file, symbolic links followed: it lies below ``docs`` or is named."""
    real = path.resolve()
    return real.is_relative_to(docs.resolve()) or any(real == one.resolve() for one in named)


def links_out(docs: Path) -> Iterator[Path]:
    """The symbolic links below ``docs`` that lead out of it."""
    for path in sorted(docs.rglob("*")):
        if path.is_symlink():
            try:
                inside = reach(path, docs)
            except (OSError, RuntimeError):  # a link to itself is no way out
                continue
            if not inside:
                yield path


def svg_faults(data: bytes) -> list[str]:
    """What in an SVG file could run or load something: one phrase each, none if it is plain."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed XML ({error.msg})"]
    found: dict[str, None] = {}
    if root.getroottree().docinfo.internalDTD is not None and b"<!ENTITY" in data:
        found["an entity declaration"] = None
    if not str(root.tag).startswith(_SVG):
        found["no SVG namespace"] = None
    for sibling in root.itersiblings(preceding=True):
        if isinstance(sibling, etree._ProcessingInstruction):
            found["a processing instruction"] = None
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = etree.QName(element).localname.lower()
        if name in _SVG_FORBIDDEN:
            found[f"<{name}>"] = None
        if name == "style" and _STYLE_OUT.search("".join(element.itertext())):
            found["a style that loads something"] = None
        for attribute, value in element.attrib.items():
            found |= dict.fromkeys(_svg_attribute(str(attribute), str(value), name))
    return list(found)


def _svg_attribute(attribute: str, value: str, element: str) -> Iterator[str]:
    name = etree.QName(attribute).localname.lower()
    plain = re.sub(r"\s", "", value).lower()
    if name.startswith("on"):
        yield f"the attribute {name}"
    elif name in {"href", "src"}:
        if not plain.startswith(
            ("#", "data:image/png", "data:image/jpeg", "data:image/gif")
        ) and not (element == "a" and plain.startswith(("https:", "http:"))):
            yield f"the address {value[:40]!r}"
    elif name == "attributename" and plain.endswith("href"):
        yield "an animation of an address"
    elif name == "style" and _STYLE_OUT.search(value):
        yield "a style that loads something"
