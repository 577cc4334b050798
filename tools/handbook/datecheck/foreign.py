"""P017 to P023: what no page may bring in: markup for browsers, files from outside, other schemes.

The build applies the same tests (:mod:`handbook.model.safety`); here the contributor gets the line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from html import unescape
from pathlib import Path

from mdit_py_plugins.attrs.parse import ParseError, parse

from handbook.datecheck.tree import PassageText, Tree
from handbook.model import safety
from handbook.model.block import Block
from handbook.model.markdown import has_html
from handbook.model.pages import Page, Span, read_page
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import declare, rule

_TITLED = re.compile(r"(?s).*<([^<>]+)>\s*")
_NO_LINK = re.compile(r"\]\(<?([^()\s>]+)")
#: The beginning of ``{.name #anchor key="value"}`` behind words in markup.
_ATTRIBUTES = re.compile(r"(?<=[\])>*_~`\ufffc])\{")
_TOCTREE_ENTRY = re.compile(r"[\s>]*(?:.*<([^<>]+)>|(\S+))\s*$")


def all_pages(tree: Tree) -> list[Page]:
    """Return all pages, and the files that they include, each once."""
    if tree.with_included is None:
        tree.with_included = list(_all_pages(tree))
    return tree.with_included


def _all_pages(tree: Tree) -> Iterator[Page]:
    waiting, seen = list(tree.pages), {os.path.realpath(page.path) for page in tree.pages}
    while waiting:
        page = waiting.pop(0)
        yield page
        for _block, path in _included(tree, page):
            real = os.path.realpath(path)
            if real not in seen and path.is_file():
                seen.add(real)
                waiting.append(read_page(path, tree.root))


def _included(tree: Tree, page: Page) -> Iterator[tuple[Block, Path]]:
    """Return the files that become part of the page."""
    for block in page.blocks:
        if block.name.lower() == "include" and not block.options.keys() & {"literal", "code"}:
            path = target(tree, page, block.argument)
            if safety.reach(path, tree.root / "docs"):
                yield block, path


def _circles(tree: Tree) -> Iterator[Block]:
    """Find includes through which a page would include itself."""
    pages = {os.path.realpath(page.path): page for page in all_pages(tree)}
    leads = {
        here: {os.path.realpath(path): block for block, path in _included(tree, page)}
        for here, page in pages.items()
    }
    for here, blocks in leads.items():
        for there, block in blocks.items():
            reached: set[str] = set()
            waiting = {there}
            while waiting:
                one = waiting.pop()
                reached.add(one)
                waiting |= leads.get(one, {}).keys() - reached
            if here in reached:
                yield block


def readings(tree: Tree, page: Page) -> Iterator[PassageText]:
    """Return the passages of a page, and of the files that it includes."""
    return (PassageText(page, passage, tree) for passage in page.passages)


def target(tree: Tree, page: Page, name: str) -> Path:
    """Return the file that a page means by a path."""
    if name.startswith("<"):  # files of docutils itself
        return Path("/", name[1:-1])
    docs = tree.root / "docs"
    return docs / name.lstrip("/") if name.startswith("/") else page.path.parent / name


@rule("P017")
def raw_markup(tree: Tree) -> Iterator[Finding]:
    """A page contains no raw HTML and no other markup that is passed on unchecked."""
    for page in all_pages(tree):
        yield from tree.known.of_page("P017", page, partial(_raw, tree, page))


def _raw(tree: Tree, page: Page) -> Iterator[Finding]:
    for place, wrong in (*_raw_blocks(page), *_raw_words(tree, page)):
        yield Finding(place, *wrong)


def _raw_blocks(page: Page) -> Iterator[tuple[Place, safety.Wrong]]:
    own: set[int] = set()
    for block in page.blocks:
        name = block.name.lower()
        if name in safety.RAW_DIRECTIVES:
            own.add(block.line)
            yield block.place, safety.unread("directive", block.name)
        for option in sorted(safety.RAW_OPTIONS & block.options.keys()):
            yield block.place_of(option), safety.unread("option", option)
        for option, value in block.options.items():
            if has_html(value):
                place = block.place_of(option)
                yield place, safety.raw(f"raw HTML in the option {option!r}")
        if name == "parsed-literal":
            for place, line in content_lines(page, block):
                if has_html(line):
                    yield place, safety.raw("raw HTML")
    for number, count in page.html:
        lines = page.lines[number - 1 : number - 1 + max(count, 1)]
        inside = any(first < number <= first + 6 for first in own)
        text = "\n".join(lines)
        if not inside and not safety.COMMENT.fullmatch(text):
            yield page.place(number), _open_comment(text) or safety.raw("raw HTML")


def _open_comment(text: str) -> safety.Wrong | None:
    begins = text.lstrip().startswith("<!--")
    message = "the comment is not closed, and all below it is lost"
    return ("P017", message, "write --> where it ends") if begins and "-->" not in text else None


def _raw_words(tree: Tree, page: Page) -> Iterator[tuple[Place, safety.Wrong]]:
    for reading in readings(tree, page):
        open_tags = False
        for span in reading.passage.spans:
            text = reading.passage.text[span.start : span.end]
            if span.kind == "role" and span.name.lower() in safety.RAW_ROLES:
                yield reading.place(span.start), safety.unread("role", span.name)
            # a closing tag is reported with its opening one, or alone if it has none
            if span.kind == "html" and not text.startswith("<!--"):
                if not (text.startswith("</") and open_tags):
                    yield reading.place(span.start), safety.raw(f"raw HTML {text[:40]!r}")
                open_tags = True


@rule("P018", "P020")
def files(tree: Tree) -> Iterator[Finding]:
    """A page takes files from `docs/` only, nothing from the network while it is built, and offers
    only files in which browsers run nothing.
    """
    docs = tree.root / "docs"
    for page in all_pages(tree):
        look = partial(_files, tree, page)
        # a page may offer another page, of which nothing but the name is cached
        offers = any(name == "download" for name, _content in page.roles)
        yield from look() if offers else tree.known.of_page("P018", page, look, around=True)
    for block in _circles(tree):
        yield Finding(block.place, *safety.circle(block.argument))
    for folder in (docs, tree.root / "references"):
        for link in safety.links_out(folder):
            yield Finding(Place(tree.path(link)), *safety.link_out())
    for path in sorted(docs.rglob("*")):
        if wrong := safety.drawing(path.name, path):
            yield Finding(Place(tree.path(path)), *wrong)


def _files(tree: Tree, page: Page) -> Iterator[Finding]:
    for place, name, judge in files_named(tree, page):
        if wrong := _file(tree, page, name, judge):
            yield Finding(place, *wrong)
    for block in page.blocks:
        for option in safety.NETWORK_OPTIONS & block.options.keys():
            place = block.place_of(option)
            yield Finding(place, *safety.goes_online(option, block.name))


def _file(tree: Tree, page: Page, name: str, judge: safety.Judge | None) -> safety.Wrong | None:
    if wrong := judge and judge(name):
        return wrong if wrong[0] != "P019" else None
    if safety.scheme(name) or safety.is_afar(name):
        return None
    path = target(tree, page, name)
    docs = tree.root / "docs"
    if not safety.reach(path, docs):
        return safety.outside(name)
    return safety.content(name, path) if judge else safety.drawing(name, path)


def files_named(tree: Tree, page: Page) -> Iterator[tuple[Place, str, safety.Judge | None]]:
    """Yield each file that a page names: its place, its name and, if it is offered, the function
    that judges it.
    """
    for block in page.blocks:
        yield from _files_of_block(block)
    for reading in readings(tree, page):
        for span in reading.passage.spans:
            if span.kind == "role" and span.name.lower() == "download":
                yield reading.place(span.start), _address(span.value), safety.download
            elif span.kind == "image":
                place = reading.place(_begin(reading, span))
                yield place, span.value, safety.picture
            elif span.kind == "link":
                name = span.value.partition("#")[0].removeprefix("path:")
                name = name.removeprefix("project:")
                if name and not safety.scheme(name) and not safety.is_afar(name):
                    is_file = target(tree, page, name).is_file() and not name.endswith(".md")
                    judge = safety.download if is_file else None
                    yield reading.place(_begin(reading, span)), name, judge


def _begin(reading: PassageText, span: Span) -> int:
    """Return where the address of a link or a picture begins; where the whole begins if a label
    stands for it.
    """
    begin = reading.passage.label_end(span) + 2
    return begin if begin < span.end else span.start


def _files_of_block(
    block: Block,
) -> Iterator[tuple[Place, str, safety.Judge | None]]:
    name = block.name.lower()
    if name in safety.FILE_ARGUMENT and block.argument:
        judge = safety.picture if name in {"image", "figure"} else None
        yield block.place, block.argument, judge
    for option in sorted(safety.FILE_OPTIONS & block.options.keys()):
        judge = safety.picture if option in safety.PICTURE_OPTIONS else None
        yield block.place_of(option), block.options[option], judge


def _address(value: str) -> str:
    """Return the address in a role such as ``{download}`words <address>```."""
    match = _TITLED.fullmatch(value)
    return (match[1] if match else value).strip()


@rule("P019")
def foreign_scheme(tree: Tree) -> Iterator[Finding]:
    """An address in a directive or a role has a scheme that does nothing but lead somewhere."""
    for page in all_pages(tree):
        yield from tree.known.of_page("P019", page, partial(_schemes, tree, page))
    docs = tree.root / "docs"
    for path in sorted(docs.rglob("*")):
        # a file is reported with its folder
        if wrong := safety.file_name(path.name):
            yield Finding(Place(tree.path(path)), *wrong)


def _schemes(tree: Tree, page: Page) -> Iterator[Finding]:
    for place, address in _addresses(tree, page):
        if wrong := safety.leads_astray(address):
            yield Finding(place, *wrong)


def _addresses(tree: Tree, page: Page) -> Iterator[tuple[Place, str]]:
    for block in page.blocks:
        name = block.name.lower()
        if name in safety.FILE_ARGUMENT | {"button-link"}:
            yield block.place, block.argument
        for option in safety.ADDRESS_OPTIONS | safety.FILE_OPTIONS:
            if option in block.options:
                yield block.place_of(option), block.options[option]
        if name == "toctree":
            yield from toctree_entries(page, block)
    for reading in readings(tree, page):
        # MyST makes no link of an address that it considers dangerous
        for match in _NO_LINK.finditer(reading.prose):
            yield reading.place(match.start(1)), unescape(match[1])
        for span in reading.passage.spans:
            if span.kind == "role" and span.name.lower().startswith(("download", "bdg-link")):
                yield reading.place(span.start), _address(span.value)


def toctree_entries(page: Page, block: Block) -> Iterator[tuple[Place, str]]:
    """Yield the entries of a table of contents."""
    for place, line in content_lines(page, block):
        match = _TOCTREE_ENTRY.match(line)
        if match and not line.lstrip(" >").startswith(":"):
            yield place, match[1] or match[2]


def content_lines(page: Page, block: Block) -> Iterator[tuple[Place, str]]:
    """Yield the lines of a directive whose content is not Markdown."""
    last = next((end for first, end in page.literal if first == block.line), block.line)
    for number, line in enumerate(page.lines[block.line : last - 1], block.line + 1):
        yield page.place(number), line


@rule("P023")
def foreign_class(tree: Tree) -> Iterator[Finding]:
    """A page names only classes that are meant for pages."""
    for page in all_pages(tree):
        yield from tree.known.of_page("P023", page, partial(_foreign, tree, page))


def _foreign(tree: Tree, page: Page) -> Iterator[Finding]:
    for place, names in _classes(tree, page):
        yield from (Finding(place, *wrong) for wrong in safety.foreign_classes(names))


def _classes(tree: Tree, page: Page) -> Iterator[tuple[Place, list[str]]]:
    for block in page.blocks:
        if block.name.lower() in safety.CLASS_ARGUMENT:
            yield block.place, block.argument.split()
        for option, value in block.options.items():
            if safety.is_class_option(option):
                yield block.place_of(option), value.split()
    for names in page.classes:
        yield page.place(names.line, names.column), names.value.split()
    for reading in readings(tree, page):
        for match in _ATTRIBUTES.finditer(reading.prose):
            with suppress(ParseError):
                _end, attributes = parse(reading.prose[match.start() : match.start() + 1000])
                yield reading.place(match.end()), attributes.get("class", "").split()


declare("P021")  # only the build reads formulas
