"""MyST pages read without Sphinx: front matter, milestones, citations, roles, links, each with its place.

The Markdown is read with MyST's own parser (``myst_parser.parsers.mdit``), configured as in ``docs/conf.py``.
"""
from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from handbook import edtf

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: MyST's syntax extensions that the handbook uses; ``docs/conf.py`` reads them here.
MYST_EXTENSIONS = ("attrs_block", "attrs_inline", "colon_fence", "deflist", "fieldlist")

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OPTION = re.compile(r":([A-Za-z][\w-]*):(?:[ \t]+(.*))?$")
_DIRECTIVE = re.compile(r"\{([^}\s]+)\}[ \t]*(.*)")
#: Directives whose content is not Markdown.
_LITERAL = frozenset({"code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "raw", "math", "toctree", "eval-rst"})


class Strand(StrEnum):
    """The lanes of the timeline."""

    COMMITTEE = "committee"
    STANDARDS = "standards"
    CLUB = "club"
    HANGZHOU = "hangzhou"
    NEIGHBOURS = "neighbours"


class MilestoneStatus(StrEnum):
    """Whether an event took place as told."""

    HAPPENED = "happened"
    PLANNED = "planned"
    ANNOUNCED = "announced"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a block: a stable ``code``, one sentence, and the way to mend it."""

    code: str
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.code} {self.message} (mend: {self.mend})"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated event of the timeline. ``name`` is its permanent id, ``sources`` are bibliography keys."""

    name: str
    title: str
    date: edtf.Edtf
    strands: tuple[Strand, ...]
    sources: tuple[str, ...]
    status: MilestoneStatus = MilestoneStatus.HAPPENED
    place: str | None = None


#: Options of ``{milestone}``; the first four are required.
MILESTONE_OPTIONS = ("name", "date", "strands", "sources", "status", "place")


def read_milestone(
    title: str,
    options: Mapping[str, str],
    known_keys: Container[str] | None = None,
    nearest_key: Any = None,
) -> tuple[Milestone | None, list[Problem]]:
    """Check the title and the options of a ``{milestone}`` block.

    :param known_keys: the bibliography's keys; ``None`` leaves the sources unchecked
    :param nearest_key: a function that says how to mend an unknown key
    :returns: the milestone, or ``None`` if it lacks what it cannot be without; and everything that is wrong
    """
    problems: list[Problem] = []
    if not title.strip():
        problems.append(Problem("M001", "a milestone has no title", "write it on the first line: :::{milestone} The club is founded"))
    for option in options:
        if option not in MILESTONE_OPTIONS:
            problems.append(Problem("M008", f"a milestone has no option {option!r}", _one_of(option, MILESTONE_OPTIONS)))
    for option in MILESTONE_OPTIONS[:4]:
        if not (options.get(option) or "").strip():
            code = {"name": "M002", "date": "M003", "strands": "M004", "sources": "M005"}[option]
            problems.append(Problem(code, f"the milestone {title!r} has no {option}", _EXAMPLES[option]))
    name = (options.get("name") or "").strip()
    if name and not _NAME.fullmatch(name):
        problems.append(Problem("M002", f"{name!r} is not a milestone name", "write lower-case words and the year, joined by hyphens: isscc-secretariat-2019"))
    date = None
    if text := (options.get("date") or "").strip():
        try:
            date = edtf.parse(text)
        except edtf.EdtfError as error:
            problems.append(Problem("M003", f"the date of {name or title!r}: {error}", error.mend))
        else:
            if date.is_unknown:
                problems.append(Problem("M003", f"the date of {name or title!r} is unknown", "tell an event without any date in the text, not on the timeline"))
    strands = []
    for word in (options.get("strands") or "").replace(",", " ").split():
        if word in set(Strand):
            strands.append(Strand(word))
        else:
            problems.append(Problem("M004", f"{word!r} is not a strand", _one_of(word, tuple(Strand))))
    sources = tuple((options.get("sources") or "").replace(",", " ").split())
    for key in sources:
        if known_keys is not None and key not in known_keys:
            mend = nearest_key(key) if nearest_key else "add an entry with this key to one of references/*.bib"
            problems.append(Problem("M006", f"the milestone {name or title!r} cites {key!r}, which no references/*.bib has", mend))
    status = (options.get("status") or "happened").strip()
    if status not in set(MilestoneStatus):
        problems.append(Problem("M007", f"{status!r} is not a status", _one_of(status, tuple(MilestoneStatus))))
        status = "happened"
    if not (title.strip() and _NAME.fullmatch(name) and date and not date.is_unknown and strands and sources):
        return None, problems
    place = (options.get("place") or "").strip() or None
    return Milestone(name, title.strip(), date, tuple(strands), sources, MilestoneStatus(status), place), problems


_EXAMPLES = {
    "name": "add :name: followed by a permanent id, for example isscc-secretariat-2019",
    "date": "add :date: 2019-01-14 (or 2019-01, or 2019: as precise as the source)",
    "strands": "add :strands: with one or more of " + ", ".join(Strand),
    "sources": "add :sources: with one or more keys of references/*.bib",
}


def _one_of(word: str, choices: Iterable[str]) -> str:
    choices = tuple(str(choice) for choice in choices)
    close = get_close_matches(word, choices, n=1)
    return (f"did you mean {close[0]}? " if close else "") + "use one of " + ", ".join(choices)


@dataclass(frozen=True, slots=True)
class At:
    """A value with the line and column (from 1) where it stands in its page."""

    value: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """A directive: its name, argument and options, and the line it opens on."""

    name: str
    argument: str
    options: Mapping[str, str]
    line: int


@dataclass(slots=True)
class Page:
    """One Markdown page. ``errors`` are problems of the page's form with the line they stand on."""

    path: Path
    text: str
    front_matter: dict[str, Any] = field(default_factory=dict)
    title: str | None = None
    blocks: list[Block] = field(default_factory=list)
    roles: list[tuple[str, At]] = field(default_factory=list)
    links: list[At] = field(default_factory=list)
    labels: list[At] = field(default_factory=list)
    errors: list[tuple[int, Problem]] = field(default_factory=list)

    @property
    def citations(self) -> Iterator[At]:
        """Each key cited by a ``{cite:...}`` role, in order."""
        for name, role in self.roles:
            if name.startswith("cite"):
                for key in role.value.split(","):
                    yield At(key.strip(), role.line, role.column)

    def milestones(
        self, known_keys: Container[str] | None = None, nearest_key: Any = None,
    ) -> Iterator[tuple[Block, Milestone | None, list[Problem]]]:
        """Each milestone block with what it says and what is wrong with it."""
        for block in self.blocks:
            if block.name == "milestone":
                yield block, *read_milestone(block.argument, block.options, known_keys, nearest_key)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    return create_md_parser(MdParserConfig(enable_extensions=set(MYST_EXTENSIONS)), RendererHTML)


def read_page(path: Path) -> Page:
    """Read one page. What is wrong with its form is listed in its ``errors``.

    :raises OSError: if the file cannot be opened.
    """
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        page = Page(path, "")
        line = data.count(b"\n", 0, error.start) + 1
        page.errors.append((line, Problem("P001", "the page is not UTF-8", "save it with the encoding UTF-8")))
        return page
    page = Page(path, text)
    _walk(page, text.splitlines(), 0)
    return page


def read_pages(docs: Path) -> list[Page]:
    """Read every Markdown page below ``docs``, in the order of their paths; folders that begin with ``_`` are left out."""
    return [
        read_page(path)
        for path in sorted(docs.rglob("*.md"))
        if not any(part.startswith("_") for part in path.relative_to(docs).parts)
    ]


def _walk(page: Page, lines: list[str], offset: int) -> None:
    """Read ``lines``, which begin ``offset`` lines below the page's first one, and the directives within them."""
    tokens = _parser().parse("\n".join(lines) + "\n", {})
    for position, token in enumerate(tokens):
        line = (token.map[0] if token.map else 0) + offset + 1
        if token.type == "front_matter":
            _front_matter(page, token.content, line)
        elif token.type == "myst_target":
            page.labels.append(At(token.content, line))
        elif token.type in {"fence", "colon_fence"}:
            _fence(page, token, lines, line, offset)
        elif token.type == "inline":
            if page.title is None and offset == 0 and position and tokens[position - 1].tag == "h1":
                page.title = token.content
            _inline(page, token, lines, line, offset)


def _front_matter(page: Page, text: str, line: int) -> None:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        page.errors.append((
            line + 1 + (mark.line if mark else 0),
            Problem("P002", f"the front matter is not YAML: {getattr(error, 'problem', error)}", "put values with a colon or a date in quotes"),
        ))
        return
    if data is not None and not isinstance(data, dict):
        page.errors.append((line, Problem("P002", "the front matter is not a list of names and values", 'write lines such as reviewed: "2026-11-23"')))
        return
    page.front_matter = data or {}


def _fence(page: Page, token: Token, lines: list[str], line: int, offset: int) -> None:
    match = _DIRECTIVE.match(token.info.strip())
    if not match:
        return
    name, argument = match[1], match[2].strip()
    content = token.content.split("\n")
    options: dict[str, str] = {}
    used = 0
    for text in content:
        option = _OPTION.match(text)
        if not option:
            break
        options[option[1]] = (option[2] or "").strip()
        used += 1
    page.blocks.append(Block(name, argument, options, line))
    if name not in _LITERAL and token.map:
        body = content[used:]
        _walk(page, body, line + used)


def _inline(page: Page, token: Token, lines: list[str], line: int, offset: int) -> None:
    """Collect roles and links; markdown-it gives only the first line of a paragraph, so places are looked up in it."""
    source = lines[token.map[0] : token.map[1]] if token.map else []
    row, column = 0, 0
    for child in token.children or ():
        if child.type == "myst_role":
            needle = "{" + child.meta["name"] + "}`" + child.content.split("\n")[0]
        elif child.type == "link_open":
            needle = str(child.attrs.get("href", ""))
        elif child.type == "image":
            needle = str(child.attrs.get("src", ""))
        else:
            continue
        for index in range(row, len(source)):
            found = source[index].find(needle, column if index == row else 0)
            if found >= 0:
                row, column = index, found
                break
        at = At(child.content if child.type == "myst_role" else needle, line + row, column + 1)
        if child.type == "myst_role":
            page.roles.append((child.meta["name"], at))
        else:
            page.links.append(at)
        column += 1
