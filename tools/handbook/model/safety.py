"""What pages may take from files and offer to readers: decided here for check and build alike.

A page is data. It reaches files below ``docs/`` (and the few that the configuration names), loads
nothing from the network, and publishes no file that a browser would run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from html import unescape
from itertools import islice
from pathlib import Path

from lxml import etree

from handbook.model.scripts import HAN, RARE_HAN

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
#: Files outside ``docs/`` that pages show; conf.py names the same files.
SHOWN = ("CHANGELOG.md",)

#: Directives whose argument names a file.
FILE_ARGUMENT = frozenset({"include", "literalinclude", "image", "figure", "download"})
#: Options of directives that name a file.
PICTURE_OPTIONS = frozenset({"avatar", "img-top", "img-bottom", "img-background"})
FILE_OPTIONS = PICTURE_OPTIONS | {"file", "diff"}
#: Options of directives that hold an address.
ADDRESS_OPTIONS = frozenset({"avatar-link", "link", "target", "url"})
#: Directives whose argument names classes.
CLASS_ARGUMENT = frozenset({"class", "container", "cssclass", "div", "rst-class"})
#: Classes that pages may name. Others place things over the page, or hide or imitate its parts.
CLASSES = frozenset({"hb-check", "hb-doors", "hb-rule"})
#: Classes that the Markdown parser assigns itself.
_OWN_CLASSES = frozenset({"field-list", "myst-target"})
#: Options of directives that hand a file to another parser, read it in an encoding other than
#: UTF-8, or put a file or a style into the page unchanged.
RAW_OPTIONS = frozenset({"encoding", "loading", "parser", "style"})
#: Options of directives that go online during a build.
NETWORK_OPTIONS = frozenset({"url"})
#: Directives that pass markup to browsers or to another parser unchecked.
RAW_DIRECTIVES = frozenset({"raw", "eval-rst", "meta", "role"})
#: Roles that do so; the icons of sphinx-design write their classes into the page unchanged.
RAW_ROLES = frozenset(
    [
        "raw",
        "octicon",
        "material-outlined",
        "material-regular",
        "material-round",
        "material-sharp",
        "material-twotone",
    ]
)

#: A fault: the code of a rule, a message, a hint.
Wrong = tuple[str, str, str]
Judge = Callable[[str], Wrong | None]

_RAW_HINT = "write it in Markdown or with a directive of the handbook"
_OUTSIDE_HINT = "copy the file into docs/ and name it from there"
_NETWORK_HINT = "download the file, check it, and keep a copy in docs/"
_ADDRESS_HINT = "link to an https: address"

#: HTML that is nothing but comments: MyST removes it.
COMMENT = re.compile(r"(?s)\s*(?:<!--(?:(?!-->).)*-->\s*)+")
_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")
#: Browsers treat a backslash as a slash.
_HOST = re.compile(r"[/\\]{2}")
#: What names of files and folders may not hold: they become addresses.
_NO_NAME = re.compile(r"""[\x00-\x20"#%&'*:;<=>?@\[\\\]^`{|}]""")
#: What names of pictures may not hold: characters with a meaning in addresses, and those that other
#: systems forbid. The rest is quoted wherever a picture is shown.
_NO_PICTURE = re.compile(r"""[\x00-\x1f"#*:<>?\\`|]""")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
#: Schemes of addresses to which a page may lead.
SCHEMES = frozenset({"http", "https", "mailto", "tel", "doi"})
#: Schemes of real addresses to which it may not lead; any other word before a colon is no scheme.
_OTHER_SCHEMES = frozenset(
    """about blob data feed file ftp ftps git gopher irc javascript ldap magnet news nfs sftp sip
    smb sms ssh urn vbscript view-source webcal ws wss""".split()  # noqa: SIM905
)

#: Invisible characters: those of Unicode's categories Cc, Cf, Zl and Zp, and others that Unicode
#: lets programs leave out when drawing. Chinese needs none of them except the variation selectors.
#: Tab and line end have rules of their own, and so has the byte order mark at the beginning.
UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef"
    "\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
    f"|(?<![{HAN}{RARE_HAN}])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
_HIDDEN = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))"
)
#: Characters that XML cannot hold.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Files of the project that are text, by their suffix or, without one, their name.
TEXTS = frozenset(
    """.bib .cff .css .csv .html .ini .jinja .js .json .jsonl .md .po .pot .py .rst .scm .sh .svg
    .toml .tsv .txt .typ .xml .yaml .yml LICENSE Makefile run""".split()  # noqa: SIM905
)

_SVG = "http://www.w3.org/2000/svg"
#: Namespaces of notes about a drawing, which browsers treat as mere text.
_NOTES = frozenset(
    [
        "http://creativecommons.org/ns#",
        "http://purl.org/dc/elements/1.1/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    ]
)
#: The elements that a drawing may have. All else is refused: scripts, frames, animations, HTML
#: within it.
_SVG_ELEMENTS = frozenset(
    """a circle clipPath defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA
    feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence filter g image line linearGradient marker
    mask metadata path pattern polygon polyline radialGradient rect stop style svg switch symbol
    text textPath title tspan use view""".split()  # noqa: SIM905
)
#: The ways in which CSS can load something, and the backslash, which hides them.
_LOADS = re.compile(
    r"@import|@font-face|(?:url|image|image-set|src|expression)\s*\((?!\s*[\"']?#)|://|\\",
    re.IGNORECASE,
)


def scheme(address: str) -> str:
    """Return the scheme of an address in lower case, as a browser reads it; empty for a path."""
    match = _SCHEME.match(re.sub(r"[\x00-\x20\x7f]", "", address))
    return match[1].lower() if match else ""


def leads_astray(address: str) -> Wrong | None:
    """Return the fault of an address whose scheme is not allowed, or that names a host without a
    scheme; ``None`` for any other.
    """
    found = scheme(address)
    if _HOST.match(re.sub(r"[\x00-\x20\x7f]", "", address)):
        message = f"the address {address[:60]!r} names a host without a scheme"
        return "P019", message, "begin it with https:"
    if not found or found in SCHEMES:
        return None
    return "P019", f"an address with the scheme {found}: is not allowed", meant(address)


def meant(address: str) -> str:
    """Return what to write in place of an address whose scheme is not allowed."""
    rest = address.partition(":")[2].strip("/# ").removesuffix(".md")
    if scheme(address) in _OTHER_SCHEMES or not re.fullmatch(r"[\w./-]+", rest):
        return _ADDRESS_HINT
    if "." in scheme(address):
        return f"write https://{address}"
    return f"write #{rest} for an anchor, {rest}.md for a page, or an https: address"


def is_afar(address: str) -> bool:
    """Return whether a file would have to come from another host."""
    return scheme(address) in {"http", "https", "ftp"} or bool(_HOST.match(address.lstrip()))


def unseen(text: str) -> Iterator[tuple[int, int, Wrong]]:
    """Yield the line and column (from 1) of each invisible character, with its fault."""
    # whoever fixes this many fixes them all
    for match in islice(UNSEEN.finditer(text), 100):
        start = text.rfind("\n", 0, match.start()) + 1
        message = f"the character U+{ord(match[0]):04X} cannot be seen"
        place = text.count("\n", 0, start) + 1, match.start() - start + 1
        yield *place, ("P022", message, "delete it")


def hidden(text: str) -> Iterator[tuple[int, int, Wrong]]:
    """Yield the same for characters that a page holds as entities, such as ``&#8203;``, or as
    escapes.
    """
    for match in islice(_HIDDEN.finditer(text), 1000):
        said = match[0]
        code = match[match.lastindex] if match.lastindex else ""
        found = chr(int(code, 16) % 0x110000) if code else unescape(said)
        for _line, _column, wrong in unseen(found) if found != said else ():
            line = text.count("\n", 0, match.start()) + 1
            yield line, match.start() - text.rfind("\n", 0, match.start()), wrong


def for_xml(text: str) -> str:
    """Return the text with U+FFFD in place of characters that would break a page, a feed or a
    calendar.

    Rule P022 reports such characters; here they can do no harm.
    """
    return _NO_XML.sub("\ufffd", text)


def texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of the project that pages or tools read as text, with their text. Other rules
    report files that cannot be read and links that lead out of the project.
    """
    own = root.resolve()
    folders = (root / "docs", root / "references", root / "tools")
    for path in sorted([*root.glob("*"), *(path for one in folders for path in one.rglob("*"))]):
        is_text = (path.suffix.lower() or path.name) in TEXTS and path.is_file()
        if is_text and Path(os.path.realpath(path)).is_relative_to(own):
            with suppress(OSError):
                yield path, path.read_bytes().decode("utf-8-sig", "ignore")


def raw(what: str) -> Wrong:
    """Return the fault of markup for browsers, with the given message."""
    return "P017", what, _RAW_HINT


def unread(kind: str, name: str) -> Wrong:
    """Return the fault of a ``directive`` or ``role`` that pages may not use."""
    return raw(f"the {kind} {{{name}}} passes markup on unchecked")


#: Names that the frame around each page uses: for its parts, pictures and switches.
_FRAME = re.compile(
    r"furo-.*|sources-of-this-page|hb-ask-words|hb-places|toctree-checkbox-\d+|__.*"
    r"|svg-(?:toc|menu|pencil|eye|arrow-right|sun(?:-with-moon)?|moon(?:-with-sun)?)"
)


def framed(name: str) -> Wrong | None:
    """Return the fault of an anchor that the frame of a page already uses, or ``None``."""
    if not _FRAME.fullmatch(name):
        return None
    message = f"the anchor {name!r} belongs to the frame of the page"
    return "Y003", message, "give it another name"


def is_class_option(name: str) -> bool:
    """Return whether an option of a directive names classes."""
    return name in {"class", "figclass"} or name.startswith("class-")


def foreign_classes(names: Iterable[str]) -> Iterator[Wrong]:
    """Yield a fault for each class that a page may not name."""
    for name in names:
        if name not in CLASSES and name not in _OWN_CLASSES:
            yield foreign_class(name)


def foreign_class(name: str) -> Wrong:
    """Return the fault of a class of our style sheets that is not meant for pages."""
    hint = "leave it out, or use one of " + ", ".join(sorted(CLASSES))
    return "P023", f"the class {name!r} is not for use in pages", hint


def outside(name: str) -> Wrong:
    """Return the fault of a file that a page may not have, by the name that the page gives it."""
    return "P018", f"{name!r} is outside docs/", _OUTSIDE_HINT


def circle(name: str) -> Wrong:
    """Return the fault of a file that is included within itself."""
    return "P018", f"{name!r} is included within itself", "include each file once"


def link_out() -> Wrong:
    """Return the fault of a symbolic link, see :func:`links_out`."""
    return "P018", "a symbolic link that leads out of its folder", _OUTSIDE_HINT


def goes_online(option: str, directive: str) -> Wrong:
    """Return the fault of an option by which a directive contacts another host."""
    message = f"the option {option!r} of {{{directive}}} goes online while the page is built"
    return "P018", message, _NETWORK_HINT


def picture(address: str) -> Wrong | None:
    """Return the fault of the address of a picture, judged by its text alone, or ``None``."""
    if is_afar(address):
        return "P018", f"the picture {address!r} comes from another host", _NETWORK_HINT
    if wrong := leads_astray(address):
        return wrong
    if Path(address).suffix.lower() not in PICTURES:
        hint = "draw it as one of " + ", ".join(sorted(PICTURES))
        return "P020", f"{address} is not a picture", hint
    return None


def download(address: str) -> Wrong | None:
    """Return the fault of the address of a file for download, judged by its text alone, or
    ``None``.
    """
    if scheme(address):
        return leads_astray(address)
    if Path(address).suffix.lower() not in DOWNLOADS | PICTURES:
        hint = "offer it as one of " + ", ".join(sorted(DOWNLOADS))
        return "P020", f"{address} is a file that browsers may run", hint
    return None


def content(name: str, path: Path) -> Wrong | None:
    """Return the fault in the content of a file that a page shows or offers, or ``None``."""
    if wrong := drawing(name, path):
        return wrong
    # where a host declares no file type, a browser reads content that begins like this as a page
    with suppress(OSError), path.open("rb") as file:
        if path.suffix.lower() != ".svg" and _MARKUP.match(file.read(1500)):
            message = f"{name} begins with <, as files do that browsers may run"
            return "P020", message, "offer it in another form, or begin it with words"
    return None


def file_name(name: str) -> Wrong | None:
    """Return the fault in the name of a file or folder below ``docs``, which becomes an address, or
    ``None``.
    """
    is_picture = Path(name).suffix.lower() in PICTURES
    if match := (_NO_PICTURE if is_picture else _NO_NAME).search(name):
        hint = "use letters, digits, hyphens and underscores in names of files and folders"
        return "P019", f"the file name contains the character {match[0]!r}", hint
    return None


def drawing(name: str, path: Path) -> Wrong | None:
    """Return the fault in a file if it is an SVG; ``None`` for a harmless or another file."""
    if path.suffix.lower() not in {".svg", ".svgz"} or not path.is_file():
        return None
    faults = svg_faults(path.read_bytes())
    message = f"{name} is not a plain SVG: {', '.join(faults)}"
    hint = "export the drawing again as plain SVG, or as PNG"
    return ("P020", message, hint) if faults else None


def reach(path: Path, docs: Path) -> bool:
    """Return whether a page may read the file, symbolic links followed: it is below ``docs`` or one
    of those beside it that pages show.
    """
    real, docs = Path(os.path.realpath(path)), docs.resolve()
    return real.is_relative_to(docs) or any(real == docs.parent / name for name in SHOWN)


def links_out(folder: Path) -> Iterator[Path]:
    """Yield the symbolic links below a folder that lead out of it."""
    for path in sorted(folder.rglob("*")):
        # a link to itself leads nowhere
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(folder.resolve()):
            yield path


def svg_faults(data: bytes) -> list[str]:
    """Return what could run or load something in an SVG file, one phrase each; empty if it is
    plain.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed XML ({error.msg})"]
    # parsers interpret other bytes differently
    declared = root.getroottree().docinfo.encoding
    if declared not in {None, "UTF-8", "ASCII", "US-ASCII"} or b"\0" in data:
        return ["another encoding than UTF-8"]
    found: dict[str, None] = {}
    # a document type may declare entities, and attributes for every element
    if root.getroottree().docinfo.internalDTD is not None:
        found["a document type"] = None
    around = [*root.itersiblings(preceding=True), *root.itersiblings(), *root.iter()]
    for node in around:
        if isinstance(node, etree._ProcessingInstruction):
            found["a processing instruction"] = None
        elif isinstance(node.tag, str):
            found |= dict.fromkeys(_svg_element(node))
    return list(found)


def _svg_element(element: etree._Element) -> Iterator[str]:
    name = etree.QName(element)
    if name.namespace in _NOTES:
        return
    if name.namespace != _SVG or name.localname not in _SVG_ELEMENTS:
        yield f"<{name.localname}>"
    if name.localname == "style" and _LOADS.search("".join(map(str, element.itertext()))):
        yield "a style that loads something"
    for attribute, value in element.attrib.items():
        yield from _svg_attribute(
            etree.QName(attribute).localname.lower(), str(value), name.localname
        )


def _svg_attribute(name: str, value: str, element: str) -> Iterator[str]:
    plain = re.sub(r"\s", "", value).lower()
    if name.startswith("on") or name == "base":
        yield f"the attribute {name}"
    elif name in {"href", "src"}:
        if not plain.startswith(
            ("#", "data:image/png", "data:image/jpeg", "data:image/gif")
        ) and not (element == "a" and plain.startswith(("https:", "http:"))):
            yield f"the address {value[:40]!r}"
    elif re.search(r"[(\\]", value) and _LOADS.search(value):
        yield "a style that loads something"
