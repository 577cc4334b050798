"""Every link of the sources with its place: pages, front matter, bibliography, data."""
from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from handbook.bibliography import unescape
from handbook.findings import Place
from handbook.linkcheck import address, markup
from handbook.linkcheck.memory import FILE
from handbook.pages import Page, read_page, read_pages

#: The memory of the links, which is not a source of them.
MEMORY = f"references/{FILE}"

_FIELD = re.compile(r"(?:^|[,{\s])(url|doi)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|\"([^\"]*)\")", re.IGNORECASE)
_ENTRY = re.compile(r"^[ \t]*@(\w+)\s*[{(]\s*([^,\s]+)\s*,", re.MULTILINE)
_PLAIN = re.compile(r"""(?:https?|ftp):(?://|\\/\\/)(?:[^\s"'<>\\|`{}\[\]]|\\/)+|(?<![\w.-])(?:mailto|tel|doi):[^\s"'<>\\`{}]+""")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,}|:{3,})(.*)")
_OPTION = re.compile(r"[ \t>]*:(?:link|target|url|image|src|poster|alt-url):[ \t]+(\S+)[ \t]*$")
_OWN_SCHEMES = frozenset({"", "project", "path", "inv", "myst"})
_LITERAL = re.compile(r"\{(?:code|code-block|sourcecode|literalinclude|parsed-literal|raw|math|eval-rst)\}")


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """An address as written and where. ``kind`` is ``page``, ``front matter``, ``bib``, ``data`` or ``html``; ``key`` a source's."""

    place: Place
    text: str
    kind: str = "page"
    key: str = ""


def collect(root: Path, pages: Iterable[Page] | None = None) -> list[Link]:
    """Every link with a scheme in the handbook's sources, in the order of their places."""
    found: set[Link] = set()
    if pages is None:
        pages = [*read_pages(root / "docs"), *(read_page(path) for path in sorted(root.glob("*.md")) if path.is_file())]
    for page in pages:
        found.update(page_links(page, _name(page.path, root)))
    for path in sorted((root / "references").rglob("*")):
        name = _name(path, root)
        if path.suffix == ".bib":
            found.update(bib_links(_text(path), name))
        elif path.suffix in {".yaml", ".yml", ".json", ".jsonl"} and name != MEMORY:
            found.update(data_links(_text(path), name))
    for path in sorted(root.glob("*.cff")):
        found.update(data_links(_text(path), _name(path, root)))
    return sorted(found)


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
    """Links of a page: Markdown's own, those of directives' options, of raw HTML and of the front matter."""
    seen: set[tuple[int, str]] = set()
    for at in page.links:
        if address.scheme(at.value) not in _OWN_SCHEMES:
            seen.add((at.line, at.value))
            yield Link(Place(name, at.line, at.column), at.value)
    lines = re.split(r"\r\n|\r|\n", page.text)
    for number, line in enumerate(lines, 1):
        option = _OPTION.match(line)
        if option and address.scheme(option[1]) not in _OWN_SCHEMES:
            yield Link(Place(name, number, option.start(1) + 1), option[1])
    for passage in page.passages:
        for span in passage.spans:
            if span.kind == "html":
                for reference in markup.read(passage.text[span.start : span.end]).references:
                    yield from _html_link(name, passage.at(span.start), reference.value)
    for number, text in _html_blocks(lines):
        places = markup.Lines(text)
        for reference in markup.read(text).references:
            line, column = places.at(reference.at)
            yield from _html_link(name, (number + line - 1, column), reference.value)
    if lines and lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], 2):
            if line.rstrip() in {"---", "..."}:
                break
            for start, text in plain_links(line):
                yield Link(Place(name, number, start + 1), text, "front matter")


def _html_link(name: str, at: tuple[int, int], value: str) -> Iterator[Link]:
    if address.scheme(value) not in _OWN_SCHEMES and not value.startswith("data:"):
        yield Link(Place(name, *at), value)


def _html_blocks(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Blocks of raw HTML outside of code, each with the number of its first line."""
    closing = ""
    start, block = 0, []
    for number, line in enumerate([*lines, ""], 1):
        fence = _FENCE.match(line)
        if closing:
            if fence and fence[1].startswith(closing) and not fence[2].strip():
                closing = ""
            continue
        if fence:
            info = fence[2].strip()
            if ((info or fence[1][0] != ":") and (_LITERAL.match(info) or not info.startswith("{")) and fence[1][0] != ":") or _LITERAL.match(info):
                closing = fence[1]
        if block:
            if line.strip():
                block.append(line)
                continue
            yield start, "\n".join(block)
            block = []
        elif re.match(r"[ \t>]{0,6}<[A-Za-z!/]", line) and not re.match(r"[ \t>]*<[a-z+]+:[^>]*>", line):
            start, block = number, [line]


def plain_links(text: str) -> Iterator[tuple[int, str]]:
    """Addresses that stand in plain text, each with its offset; a closing sign of the sentence is not theirs."""
    for match in _PLAIN.finditer(text):
        found = match[0].replace("\\/", "/").rstrip(".,;:!?。，；：！？、”’）")
        while found.endswith(")") and found.count(")") > found.count("("):
            found = found[:-1].rstrip(".,;:!?")
        yield match.start(), found


def bib_links(text: str, name: str) -> Iterator[Link]:
    """The fields ``url`` and ``doi`` of each entry of a BibTeX file."""
    places = markup.Lines(text)
    entries = list(_ENTRY.finditer(text))
    starts = [entry.start() for entry in entries]
    for match in _FIELD.finditer(text):
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or entries[index][1].lower() in {"comment", "string", "preamble"}:
            continue
        group = 2 if match[2] is not None else 3
        value = " ".join(unescape(match[group]).split())
        if not value:
            continue
        if match[1].lower() == "doi":
            value = value if re.match(r"(?i)https?://|doi:", value) else f"doi:{value}"
        at = match.start(group) + len(match[group]) - len(match[group].lstrip())
        yield Link(Place(name, *places.at(at)), value, "bib", entries[index][2])


def data_links(text: str, name: str) -> Iterator[Link]:
    """Addresses in a data file (YAML, JSON, JSON Lines); comments count, since they tell where the data come from."""
    places = markup.Lines(text)
    for start, value in plain_links(text):
        yield Link(Place(name, *places.at(start)), value, "data")
