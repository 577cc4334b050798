"""Every link of the sources with its place: pages, front matter, bibliography, data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from handbook.linkcheck import address, markup
from handbook.linkcheck.memory import MEMORY
from handbook.model.block import Block
from handbook.model.pages import Page, read_page, read_pages
from handbook.rules.findings import Place

_FIELD = re.compile(r"(?<![\w-])(url|doi)\s*=\s*[{\"]\s*", re.IGNORECASE)
_PLAIN = re.compile(
    r"""(?:https?|ftp):(?://|\\/\\/)(?:[^\s"'<>\\|`{}\[\]]|\\/|\\u[0-9a-fA-F]{4})+|(?<![\w.-])(?:mailto|tel|doi):[^\s"'<>\\`{}]+"""
)
_JSON_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_OPTION = re.compile(r"[ \t>]*:([A-Za-z][\w-]*):[ \t]*(\S*)[ \t]*$|[ \t>]*:([A-Za-z][\w-]*):")
_YAML_OPTION = re.compile(
    r"[ \t>]*([A-Za-z][\w-]*):[ \t]*[\"']?([^\s\"']*)[\"']?[ \t]*$|[ \t>]*([A-Za-z][\w-]*):"
)
_DEFINITION = re.compile(r"[ \t>]*\[[^\]]+\]:[ \t]*<?([^\s<>]+)>?(?=[ \t]|$)")
#: Options whose value is an address, of any scheme.
_LINK_OPTIONS = frozenset({"link", "target", "url", "image", "src", "poster", "alt-url"})
_WEB = re.compile(r"(?i:https?:)?//\S+")
_OWN_SCHEMES = frozenset({"", "project", "path", "inv", "myst"})


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """An address as written, and its place.

    ``kind`` is ``page``, ``front matter``, ``bib``, ``data`` or ``html``; ``key`` is the key of a
    source.
    """

    place: Place
    text: str
    kind: str = "page"
    key: str = ""


def collect(root: Path, pages: Iterable[Page] | None = None) -> list[Link]:
    """Return every link with a scheme in the handbook's sources, in the order of their places."""
    found: list[Link] = []
    if pages is None:
        pages = [
            *read_pages(root / "docs"),
            *(read_page(path) for path in sorted(root.glob("*.md")) if path.is_file()),
        ]
    for page in pages:
        found.extend(page_links(page, _name(page.path, root)))
    for path in sorted((root / "references").rglob("*")):
        name = _name(path, root)
        if path.suffix == ".bib":
            found.extend(bib_links(_text(path), name))
        elif (
            path.suffix in {".yaml", ".yml", ".json", ".jsonl"} and name != MEMORY
        ):  # the memory is not a source of links
            found.extend(data_links(_text(path), name))
    for path in sorted(root.glob("*.cff")):
        found.extend(data_links(_text(path), _name(path, root)))
    # compared and sorted as tuples, since our objects are slow to hash and to compare
    each = {
        (one.place.path, one.place.line, one.place.column, one.text, one.kind, one.key): one
        for one in found
    }
    return [each[key] for key in sorted(each)]


def _name(path: Path, root: Path) -> str:
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return ""


def page_links(page: Page, name: str) -> Iterator[Link]:
    """Yield the links of a page: Markdown's own, those of directives, of raw HTML and of the front
    matter.
    """
    lines = re.split(r"\r\n|\r|\n", page.text)
    yield from _markdown_links(page, name, lines)
    for block in page.blocks:
        for line, column, text in _directive_links(block, lines):
            yield Link(Place(name, line, column), text)
    for passage in page.passages:
        for span in passage.spans:
            if span.kind == "html":
                for reference in markup.read(passage.text[span.start : span.end]).references:
                    yield from _html_link(name, passage.at(span.start), reference.value)
    for number, count in page.html:
        text = "\n".join(lines[number - 1 : number - 1 + count])
        places = markup.Lines(text)
        for reference in markup.read(text).references:
            line, column = places.at(reference.at)
            yield from _html_link(name, (number + line - 1, column), reference.value)
    yield from _front_matter_links(name, lines)


def _markdown_links(page: Page, name: str, lines: list[str]) -> Iterator[Link]:
    defined = {
        address.read(match[1]).key: Place(name, number, match.start(1) + 1)
        for number, line in enumerate(lines, 1)
        if (match := _DEFINITION.match(line))
    }
    for at in page.links:
        if address.scheme(at.value) not in _OWN_SCHEMES:
            place = Place(name, at.line, at.column)
            # where only a label is written, the address itself is what must be fixed
            if lines[at.line - 1][at.column - 1] in "[!":
                place = defined.get(address.read(at.value).key, place)
            yield Link(place, at.value)


def _front_matter_links(name: str, lines: list[str]) -> Iterator[Link]:
    if lines and lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], 2):
            if line.rstrip() in {"---", "..."}:
                break
            for start, text in plain_links(line):
                yield Link(Place(name, number, start + 1), text, "front matter")


def _html_link(name: str, at: tuple[int, int], value: str) -> Iterator[Link]:
    if address.scheme(value) not in _OWN_SCHEMES and not value.startswith("data:"):
        yield Link(Place(name, *at), value)


def _directive_links(block: Block, lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Yield the address that is a directive's argument, and those of its options, which are written
    with colons or between lines of dashes.
    """
    if _WEB.fullmatch(block.argument):
        yield block.line, lines[block.line - 1].rfind(block.argument) + 1, block.argument
    dashes = False
    for number, line in enumerate(lines[block.line :], block.line + 1):
        if line.strip(" \t>") == "---" and (dashes or number == block.line + 1):
            if dashes:
                return
            dashes = True
            continue
        option = (_YAML_OPTION if dashes else _OPTION).match(line)
        if not option:
            return
        value = option[2]
        if value and (
            _WEB.fullmatch(value)
            or (option[1] in _LINK_OPTIONS and address.scheme(value) not in _OWN_SCHEMES)
        ):
            yield number, option.start(2) + 1, value


def plain_links(text: str) -> Iterator[tuple[int, str]]:
    """Yield addresses in plain text, each with its offset, without the punctuation after it."""
    for match in _PLAIN.finditer(text):
        found = _JSON_ESCAPE.sub(
            lambda escape: chr(int(escape[1], 16)), match[0].replace("\\/", "/")
        ).rstrip(".,;:!?。，；：！？、”’）")
        while found.endswith(")") and found.count(")") > found.count("("):
            found = found[:-1].rstrip(".,;:!?")
        yield match.start(), found


def bib_links(text: str, name: str) -> Iterator[Link]:
    """Yield the fields ``url`` and ``doi`` of each entry of a BibTeX file, read as the build reads
    them.

    Anything that is not BibTeX is left out: the check of the sources reports it.
    """
    from handbook.model.bibliography import unescape  # slow to load, as below

    places = markup.Lines(text)
    found = list(entries(text, name))
    ends = [*(start for _, _, start in found), len(text)][1:]
    for (key, fields, start), end in zip(found, ends, strict=True):
        for field, raw in fields:
            value = " ".join(unescape(raw).split())
            if field not in {"url", "doi"} or not value:
                continue
            # a value that is concatenated is nowhere written as a whole
            at = next(
                (
                    match.end()
                    for match in _FIELD.finditer(text, start, end)
                    if match[1].lower() == field and text.startswith(raw.strip(), match.end())
                ),
                start,
            )
            if field == "doi" and not re.match(r"(?i)https?://|doi:", value):
                value = f"doi:{value}"
            yield Link(Place(name, *places.at(at)), value, "bib", key)


def entries(text: str, name: str) -> Iterator[tuple[str, list[tuple[str, str]], int]]:
    """Yield key, fields and offset of each entry, up to the first text that is not BibTeX."""
    from pybtex.exceptions import PybtexError

    from handbook.model.bibliography import BibParser

    parser = BibParser(text, handle_error=lambda error: None, filename=name)
    with suppress(PybtexError):
        for command, body in parser:
            entry = command.lower() not in {"string", "preamble", "comment"} and len(body) == 2
            if entry and body[0] is not None:
                fields = [(field.lower(), "".join(parts)) for field, parts in body[1]]
                yield body[0], fields, parser.command_start


def data_links(text: str, name: str) -> Iterator[Link]:
    """Yield addresses in a data file (YAML, JSON, JSON Lines), also in comments, which name where
    the data come from.
    """
    places = markup.Lines(text)
    for start, value in plain_links(text):
        yield Link(Place(name, *places.at(start)), value, "data")
