"""MyST pages read without Sphinx: front matter, directives, roles, links and running text, each
with its place.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbook.model import directives, markdown
from handbook.model.block import OUR_DIRECTIVES, Block, one_of
from handbook.rules.findings import Finding, Place, shown

if TYPE_CHECKING:
    from markdown_it.token import Token

    from handbook.model.bibliography import Bibliography
    from handbook.model.milestones import Milestone
    from handbook.model.placed import Data

#: The names in the front matter of a page, and the meaning of each.
FRONT_MATTER = {
    "reviewed": "the day on which a person last compared the page with its sources",
    "review-months": (
        "after how many months the page should be read again, where the usual number does not fit"
    ),
    "description": (
        "one sentence of 20 to 160 characters: what the page answers, for search engines and link"
        " previews"
    ),
    "search": "words, separated by commas, for which the search shows this page first",
    "next": "pages that the foot of this one leads on to, each by its path below docs/ without .md",
    "page-sources": "none: the page ends without the list of its sources",
    "hide-toc": "true: the page has no list of its headings",
    "exceptions": (
        "rules of the checks that are wrong about this page, each with a reason and the day on"
        " which it ends"
    ),
    "orphan": "true: the page is in no table of contents",
    "nosearch": "true: the search leaves the page out",
    "tocdepth": "how many levels of headings the page's own list shows",
}

#: The text meant as the name of a directive, and the text behind it.
_MEANT = re.compile(r"\{\s*([\w:-]+)\s*\}?[ \t]*(.*)")
#: Directives whose content is not Markdown.
_LITERAL = frozenset(
    {
        "code",
        "code-block",
        "sourcecode",
        "literalinclude",
        "parsed-literal",
        "raw",
        "math",
        "toctree",
        "eval-rst",
    }
)
#: Directives whose names no language of code shares: such a fence without braces was meant as one.
_UNBRACED = frozenset(
    name
    for name, takes in directives.DIRECTIVES.items()
    if name in OUR_DIRECTIVES or (takes.content and {"class"} <= (takes.options or set()))
) - {"date", "csv-table", *_LITERAL}
#: Directives whose first line is a name and not a sentence.
_NAMED = (OUR_DIRECTIVES - {"milestone"}) | {
    "include",
    "figure",
    "image",
    "grid",
    "tab-set",
    "glossary",
}
#: Directives whose content is words, in which no block is read.
_WORDS = frozenset(
    {"bibliography", "button-link", "button-ref", "date", "line-block", "meta", "replace", "role"}
)
#: The values that an option of sphinx-design can have.
_CHOICES = {"link-type": ("url", "any", "ref", "doc"), "ref-type": ("any", "ref", "doc", "myst")}
#: A page beyond these limits is not read: parsing such text costs more than linear time.
MAX_LINE = 20_000
MAX_PAGE = 2_000_000
MAX_PASSAGE = 10_000
MAX_DEPTH = 12
MAX_NOTES = 20
MAX_OPEN = 100
MAX_CELLS = 20_000
_FILLER = "\ufffc"


@dataclass(frozen=True, slots=True)
class Located:
    """A value with its line and column (from 1) in its page."""

    value: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Container:
    """A block around a passage: ``kind`` is markdown-it's name (``list_item``, ``tr``,
    ``blockquote``) or the directive's.

    ``serial`` tells containers of a page apart; ``index`` counts items, rows and cells from 0
    within their parent.
    """

    kind: str
    serial: int
    index: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a passage that is not plain text: ``kind`` is ``role``, ``link``, ``code``,
    ``image`` or ``html``.

    ``name`` is the role's, ``value`` its content or the link's address; ``start`` and ``end`` are
    offsets in the passage.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    value: str = ""


@dataclass(slots=True)
class Passage:
    """A stretch of running text: a paragraph, heading, table cell, list text or the title of a
    directive.

    ``text`` is the source as typed, lines joined by newlines. ``rows`` holds for each of its lines
    the offset, and the line and column (from 1) in the page. ``within`` are the containers from the
    outermost inwards.
    """

    kind: str
    text: str
    rows: list[tuple[int, int, int]]
    spans: list[Span] = field(default_factory=list)
    within: tuple[Container, ...] = ()

    def at(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        start, line, column = self.rows[bisect_right(self.rows, offset, key=lambda row: row[0]) - 1]
        return line, column + offset - start

    @property
    def prose(self) -> str:
        """Return the text as readers see it: roles, code and addresses masked, offsets
        unchanged.
        """
        if not self.spans:
            return self.text
        parts, done = [], 0
        for start, end in sorted(self._masked()):
            if start >= done:
                parts += [self.text[done:start], _FILLER * (end - start)]
                done = end
        return "".join([*parts, self.text[done:]])

    def _masked(self) -> Iterator[tuple[int, int]]:
        for span in self.spans:
            end = self.label_end(span) if span.kind == "link" else span.end
            if end < span.end:
                yield span.start, span.start + 1
                yield end, span.end
            else:
                yield span.start, span.end

    @property
    def citations(self) -> Iterator[str]:
        """Yield each key cited in the passage."""
        for span in self.spans:
            if span.kind == "role" and span.name.startswith("cite"):
                yield from (key.strip() for key in span.value.split(","))

    def label_end(self, link: Span) -> int:
        """Return where the visible text of a link ends."""
        end = self.text.rfind("](", link.start, link.end)
        return end if end >= 0 else link.end


@dataclass(slots=True)
class Page:
    """One Markdown page. ``name`` is its path as the user would write it, ``findings`` are the
    faults in its form.

    ``headings`` are the level and the line of each heading outside any block. ``html`` are the
    blocks of raw HTML: the first line of each and the number of its lines. ``literal`` holds the
    first and the last line of each block of code, ``classes`` the classes named by attributes above
    a block.
    """

    path: Path
    text: str
    name: str = ""
    lines: list[str] = field(default_factory=list)
    front_matter: dict[str, Any] = field(default_factory=dict)
    front: Data | None = None
    titles: list[Located] = field(default_factory=list)
    headings: list[tuple[int, int]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    roles: list[tuple[str, Located]] = field(default_factory=list)
    links: list[Located] = field(default_factory=list)
    labels: list[Located] = field(default_factory=list)
    html: list[tuple[int, int]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    literal: list[tuple[int, int]] = field(default_factory=list)
    classes: list[Located] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    #: Identifies its path and content; empty if the page could not be read.
    digest: bytes = b""

    @property
    def title(self) -> str | None:
        """Return the words of its first heading of the first level, or ``None``."""
        return self.titles[0].value if self.titles else None

    @property
    def citations(self) -> Iterator[Located]:
        """Yield each key cited by a ``{cite:...}`` role, in order."""
        for name, role in self.roles:
            if name.startswith("cite"):
                for key in role.value.split(","):
                    yield Located(key.strip(), role.line, role.column)

    @property
    def standards(self) -> list[tuple[str, Block]]:
        """Return the reference of each standard that ``{standard}`` shows on it, and the block."""
        return [
            (" ".join(block.argument.split()), block)
            for block in self.blocks
            if block.name == "standard"
        ]

    def place(self, line: int = 1, column: int = 1) -> Place:
        """Return a place in the page."""
        return Place(self.name, line, column)

    def front_place(self, name: str) -> Place:
        """Return the place of a value in the front matter; the first line if there is none."""
        known = self.front and name in self.front_matter
        return self.place(*self.front.place((name,))) if self.front and known else self.place()

    def milestones(
        self, bibliography: Bibliography | None = None
    ) -> Iterator[tuple[Block, Milestone | None, list[Finding]]]:
        """Yield each milestone block with its milestone and its faults."""
        from handbook.model.milestones import read_milestone

        for block in self.blocks:
            if block.name == "milestone":
                yield block, *read_milestone(block, bibliography)


def read_page(path: Path, root: Path | None = None) -> Page:
    """Read one page. Faults in its form are listed in its ``findings``.

    :param root: the folder to which the path in findings is relative
    :raises OSError: if the file cannot be opened
    """
    return parse_page(path, path.read_bytes(), root)


def parse_page(path: Path, data: bytes, root: Path | None = None) -> Page:
    """Read the content of a page's file."""
    page = Page(path, "", shown(path, root), digest=_digest(path, data, root))
    try:
        page.text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = page.place(data.count(b"\n", 0, error.start) + 1)
        message, hint = "the page is not UTF-8", "save it with the encoding UTF-8"
        page.findings.append(Finding(place, "P001", message, hint))
        return page
    page.lines = re.split(r"\r\n|\r|\n", page.text)
    if finding := _too_long(page):
        page.findings.append(finding)
        return page
    # read as it was meant, so that consequences of a full-width colon, or of an invisible line end,
    # are not reported as well
    meant = [
        _FULL_WIDTH.sub(lambda match: match[0].translate(_HALF), line) if "：" in line else line
        for line in (_ENDS_LINE.sub(" ", line) for line in page.lines)
    ]
    reader = _Reader(page)
    reader.walk(reader.unfinished_merge(meant), 0, ())
    if page.front is None and not page.findings:
        page.findings += _lost_front_matter(page)
    return page


def _digest(path: Path, data: bytes, root: Path | None) -> bytes:
    return sha256(b"\0".join((os.fsencode(path), os.fsencode(root or ""), data))).digest()


def _lost_front_matter(page: Page) -> list[Finding]:
    """Return a finding for front matter that Markdown does not recognise as such."""
    rules = [number for number, line in enumerate(page.lines[:60]) if line.strip() == "---"]
    if not rules:
        return []
    named = re.match(r"([\w-]+)[ \t]*:", "".join(page.lines[rules[0] + 1 : rules[0] + 2]))
    if rules[0] == 0 and page.lines[0].startswith("---") and len(rules) == 1:
        message, hint = "the front matter is not closed", "close it with a line of three hyphens"
    elif named and named[1] in FRONT_MATTER:
        message = "the front matter does not begin on the first line, and is shown as text"
        hint = "delete everything above its first line of three hyphens"
    else:
        return []
    return [Finding(page.place(), "P002", message, hint)]


def _too_long(page: Page) -> Finding | None:
    if not (found := too_much(page.lines)):
        return None
    number, message, hint = found
    return Finding(page.place(number), "P005", message, hint)


def too_much(lines: Sequence[str]) -> tuple[int, str, str] | None:
    """Return what would keep the parser busy for minutes: line, message and hint; or ``None``.

    It is reported before anything is parsed, by the check and the build alike.
    """
    number, longest = max(enumerate(map(len, lines), 1), key=lambda pair: pair[1])
    if longest > MAX_LINE:
        message = f"the page has a line of {longest:,} characters and is not read"
        return number, message, "break the line, or split the page"
    size = sum(map(len, lines)) + len(lines) - 1
    if size > MAX_PAGE:
        message = f"the page has {size:,} characters and is not read"
        return 1, message, "break the line, or split the page"
    first = 0
    for number, line in enumerate((*lines, ""), 1):
        if line.strip(" >\t"):
            continue
        if fault := _too_dense(lines[first : number - 1]):
            return first + 1, f"the page is not read: {fault}", "write it in several paragraphs"
        first = number
    return None


def _too_dense(lines: Sequence[str]) -> str:
    """Return why the lines between two empty ones cost more to parse than their length; empty if
    they do not.
    """
    text = "\n".join(lines)
    if text.count("^[") > MAX_NOTES:
        return f"more than {MAX_NOTES} inline footnotes ^[ in one paragraph"
    if text.count("[") > MAX_OPEN:
        depth = 0
        for bracket in re.findall(r"[\[\]]", text):
            depth = max(depth + (1 if bracket == "[" else -1), 0)
            if depth > MAX_OPEN:
                return f"more than {MAX_OPEN} brackets [ are open at a time"
    if max((line.count("|") for line in lines), default=0) * len(lines) > MAX_CELLS:
        return f"a table has more than {MAX_CELLS:,} cells"
    return ""


#: The beginning of a block or an option typed with full-width characters, which P011 reports.
_FULL_WIDTH = re.compile(
    r"^[\s>]*(?:[:：]{3,}[ \t]*(?:[{｛][\w-]+[}｝]|$)|[:：][A-Za-z][\w-]*[:：](?=\s|$))"
)
_CODE_FENCE = re.compile(r"\s*(`{3,}|~{3,})(?!\s*\{)")
_ENDS_LINE = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_HALF = str.maketrans("：｛｝", ":{}")


def find_pages(docs: Path, root: Path | None = None) -> tuple[list[Path], list[Finding]]:
    """Return the Markdown files below ``docs`` sorted by path, and findings about unreadable ones.

    Folders that begin with ``_`` are left out. Links to folders are followed, as Sphinx does, but
    not in a circle.
    """
    found: list[Path] = []
    findings: list[Finding] = []

    def wrong(path: str, message: str, hint: str) -> None:
        findings.append(Finding(Place(shown(Path(path), root)), "P003", message, hint))

    def walk(folder: str, above: tuple[str, ...]) -> None:
        here = os.path.realpath(folder)
        if here in above:
            wrong(folder, "the link leads back to a folder above it", "delete the link")
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            findings.append(_unreadable(Path(folder), error, root))
            return
        for entry in entries:
            # not entry.is_dir(), which raises where a link leads to itself
            if os.path.isdir(entry.path):  # noqa: PTH112
                if not entry.name.startswith("_"):
                    walk(entry.path, (*above, here))
            elif entry.name.endswith(".md"):
                if os.path.isfile(entry.path):  # noqa: PTH113
                    found.append(Path(entry.path))
                else:
                    hint = "delete it, or correct the link"
                    wrong(entry.path, "this is not a file that can be read", hint)

    walk(str(docs), ())
    return sorted(found), findings


def _unreadable(path: Path, error: OSError, root: Path | None) -> Finding:
    message = f"it cannot be read: {error.strerror or error}"
    hint = "check the permissions of the file and its folder"
    return Finding(Place(shown(path, root)), "P003", message, hint)


def read_pages(
    docs: Path, root: Path | None = None, known: MutableMapping[bytes, Page] | None = None
) -> list[Page]:
    """Read every Markdown page below ``docs``, in the order of their paths; folders that begin with
    ``_`` are left out.

    A file that cannot be read becomes an empty page with a finding.

    :param root: the folder to which paths in findings are relative
    :param known: pages read before, by a digest of path and content; afterwards those read now
    """
    paths, findings = find_pages(docs, root)
    pages = []
    before = {} if known is None else dict(known)
    now: dict[bytes, Page] = {}
    for path in paths:
        try:
            data = path.read_bytes()
            key = _digest(path, data, root)
            now[key] = before.get(key) or parse_page(path, data, root)
            pages.append(now[key])
        except OSError as error:
            findings.append(_unreadable(path, error, root))
    for finding in findings:
        path = (root or Path()) / finding.place.path
        pages.append(Page(path, "", finding.place.path, findings=[finding]))
    if known is not None:
        known.clear()
        known.update(now)
    return sorted(pages, key=lambda page: page.path)


def _cells(row: str) -> list[str]:
    """Return the cells of a row of a table, as Markdown splits them."""
    from markdown_it.rules_block.table import escapedSplit

    bare = re.sub(r"^[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*(?=\|)", "", row)
    cells = escapedSplit(bare.strip(" >\t"))
    return cells[not cells[0].strip() : len(cells) - (len(cells) > 1 and not cells[-1].strip())]


class _Reader:
    """Reads the lines of one page, and the directives within them, into the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.serial = 0
        self.open: list[tuple[str, int, str]] = []  # the directives around: name, line, fence
        self.owed = 0  # closing fences left over because an inner block took theirs
        self.cursor = (0, 0)  # the line whose cells are being read, and the column reached in it

    def wrong(self, line: int, code: str, message: str, hint: str, subject: str = "") -> None:
        self.page.findings.append(Finding(self.page.place(line), code, message, hint, subject))

    def source(self, line: int) -> str:
        """Return a line of the page as typed."""
        text = self.page.lines[line - 1] if line <= len(self.page.lines) else ""
        return _ENDS_LINE.sub(" ", text)

    def walk(self, lines: list[str], offset: int, within: tuple[Container, ...]) -> None:
        """Read ``lines``, which begin ``offset`` lines below the first line of the page."""
        tokens = markdown.parse("\n".join(lines) + "\n")
        deepest = markdown.parser().options["maxNesting"] - 1
        stack: list[Container] = []
        counts: list[int] = [0]
        columns = 0
        for position, token in enumerate(tokens):
            line = (token.map[0] if token.map else 0) + offset + 1
            if (names := token.attrs.get("class")) and token.type != "myst_target":
                at = next((n for n in (line - 1, line) if "{" in self.source(n)), line)
                column = self.source(at).find("{") + 1
                self.page.classes.append(Located(str(names), at, max(column, 1)))
            if token.nesting == 1:
                self.serial += 1
                stack.append(Container(token.type.removesuffix("_open"), self.serial, counts[-1]))
                counts[-1] += 1
                counts.append(0)
                if token.type == "table_open":
                    columns = len(_cells(lines[line - offset - 1]))
                elif token.type == "tr_open":
                    self.row(lines[line - offset - 1], line, columns)
            elif token.nesting == -1:
                stack.pop()
                counts.pop()
            elif token.type == "inline":
                before = tokens[position - 1] if position else token
                if before.type == "heading_open" and not within and len(stack) == 1:
                    self.page.headings.append((int(before.tag[1]), line))
                    if before.tag == "h1":
                        self.page.titles.append(Located(token.content, line))
                self.inline(token, line, (*within, *stack))
            else:
                self.leaf(token, line, lines, (*within, *stack))
            if token.level >= deepest:
                message = "lists or quotations are nested too deeply to be read"
                self.wrong(line, "P006", message, "use fewer levels")
                return

    def row(self, row: str, line: int, columns: int) -> None:
        if "|" not in row:
            message = f"{row.strip()[:40]!r} became a row of the table above it"
            self.wrong(line, "P014", message, "put an empty line between the table and the text")
        elif (cells := len(_cells(row))) != columns:
            message = f"the row has {cells} cells, but its table has {columns}"
            hint = "add or delete a |; one that is no border is written \\|"
            self.wrong(line, "P014", message, hint)

    def list_table(self, body: Sequence[str], offset: int) -> None:
        """Report rows that have more or fewer cells than the first one."""
        rows: list[list[int]] = []
        for token in markdown.parse("\n".join(body) + "\n"):
            if token.type == "list_item_open" and token.level == 1:
                rows.append([(token.map or [0])[0] + offset + 1, 0])
            elif token.type == "list_item_open" and token.level == 3 and rows:
                rows[-1][1] += 1
        for line, cells in rows:
            if cells != rows[0][1]:
                message = f"the row has {cells} cells, but the first has {rows[0][1]}"
                hint = "give each row as many cells as the first"
                self.wrong(line, "Y002", message, hint, "cells")

    def leaf(
        self, token: Token, line: int, lines: list[str], within: tuple[Container, ...]
    ) -> None:
        """Read a block whose content is not parsed as Markdown."""
        if token.type == "front_matter":
            if within or line > 1:
                # MyST drops it silently
                message = "the text between these lines of hyphens would be lost"
                hint = "write options as :name: value directly below the first line of the block"
                self.wrong(line, "Y002", message, hint)
            else:
                self.front_matter(token.content, line)
        elif token.type == "myst_target":
            self.page.labels.append(Located(token.content, line))
        elif token.type == "html_block":
            self.page.html.append((line, token.content.count("\n")))
        elif token.type in {"fence", "colon_fence"}:
            self.fence(token, line, lines, within)
        elif token.type == "myst_line_comment":
            message = "a line that begins with % is a comment, and readers do not see it"
            self.wrong(line, "P008", message, "delete it; for a percentage write 5 % or per cent")
        elif token.type == "code_block":
            message = "the line is indented by four spaces or a tab, and so it is shown as code"
            hint = "delete the spaces before it; code goes between two lines of ```"
            self.wrong(line, "P013", message, hint)
            self.page.literal.append((line - 1, line + token.content.count("\n")))

    def unfinished_merge(self, lines: list[str]) -> list[str]:
        """Report what git left of a merge; return the lines with the first of the two versions."""
        kept = list(lines)
        start = middle = 0
        fence = ""  # the fence of the code around the line
        for number, line in enumerate(lines):
            if mark := _CODE_FENCE.match(line):
                fence = "" if line.startswith(fence) and fence else fence or mark[1]
            elif fence:
                continue
            elif line.startswith("<<<<<<< "):
                start, middle = number + 1, 0
            elif start and not middle and (line == "=======" or line.startswith("||||||| ")):
                middle = number
            elif start and line.startswith(">>>>>>> "):
                hint = "keep one of the two versions, and delete the lines of marks"
                self.wrong(start, "P026", "a merge of two versions is not finished", hint)
                kept[start - 1] = ""
                first = middle or number
                kept[first : number + 1] = [""] * (number + 1 - first)
                start = 0
            elif not start and line.startswith((">>>>>>> ", "||||||| ")):
                self.half_merge(number + 1, line)
                kept[number] = ""
        if start:
            self.half_merge(start, lines[start - 1])
            kept[start - 1] = ""
        return kept

    def half_merge(self, line: int, mark: str) -> None:
        """Report a merge mark of git's whose counterparts are missing."""
        message = f"git left the mark {mark[:7]} of a merge here"
        self.wrong(line, "P026", message, "keep what is right, and delete the line")

    def front_matter(self, text: str, line: int) -> None:
        from handbook.model.placed import Data  # slow to import, and not every page needs it

        page = self.page
        data = page.front = Data(text, line + 1)
        for slip in data.slips:
            place, message = page.place(slip.line, slip.column), slip.message
            message = message.replace("this is not", "the front matter is not", 1)
            page.findings.append(Finding(place, "P002", message, slip.hint))
        if data.value is not None and not isinstance(data.value, dict):
            message = "the front matter is not a list of names and values"
            self.wrong(line, "P002", message, 'write lines such as reviewed: "2026-11-23"')
            return
        page.front_matter = data.value or {}

    def fence(
        self, token: Token, line: int, lines: list[str], within: tuple[Container, ...]
    ) -> None:
        """Read the text between two lines of backticks or colons: a directive, or code."""
        info = token.info.strip()
        name, argument = self.name(token, info, line)
        if info or not token.markup.startswith(":"):
            rest = self.closing(token, line, info, lines)
            if rest:  # read as it was meant
                kept, below = token.content.split("\n"), rest - line
                token.content = "\n".join([*kept[: below - 1], ""])
                self.fence_read(token, name, argument, line, within)
                self.walk(kept[below:], rest, within)
                return
        self.fence_read(token, name, argument, line, within)

    def fence_read(
        self, token: Token, name: str, argument: str, line: int, within: tuple[Container, ...]
    ) -> None:
        """Read the text between the two lines of a fence."""
        info = token.info.strip()
        if not name:
            if token.type == "colon_fence" and not info:
                # its content is shown as if the lines of colons were not there
                if self.owed:
                    self.owed -= 1
                else:
                    hint = f"delete the line, or write {token.markup}{{name}}"
                    message = f"{token.markup} is not the first line of a directive"
                    self.wrong(line, "P004", message, hint)
                self.walk(token.content.split("\n"), line, within)
            else:
                self.code(token, line)
            return
        given = {name: str(value) for name, value in token.attrs.items() if name != "class"}
        block, body, offset = self.block(name, argument, token.content, line, given)
        if block.name == "raw" and "html" in block.argument.split():
            self.page.html.append((offset + 1, len(body)))
        if block.name in _LITERAL or not token.map:
            self.code(token, line)
        else:
            self.content(block, body, offset, within, token.markup)

    def name(self, token: Token, info: str, line: int) -> tuple[str, str]:
        """Return the name of the directive that a fence opens, empty if it opens none, and the text
        behind it. A name that MyST rejects is read as it was meant.
        """
        first, _, rest = info.partition(" ")
        if first.startswith("{") and first.endswith("}"):
            name, argument = first[1:-1], rest.strip()
            if name != name.lower():
                hint = f"write {token.markup}{{{name.lower()}}}"
                self.wrong(line, "P024", f"the directive {name!r} has capitals", hint, name)
            if wrong := directives.unknown("directive", name):
                self.wrong(line, "Y001", *wrong, name)
            return name.lower(), argument
        return self.braceless(token, info, line)

    def braceless(self, token: Token, info: str, line: int) -> tuple[str, str]:
        """Return the name and argument that were meant where the braces or the space behind them
        are missing; both empty if no directive was meant.
        """
        first, _, rest = info.partition(" ")
        match = _MEANT.fullmatch(info)
        name = (match[1] if match else first).lower()
        known = bool(match) or name in directives.DIRECTIVES
        if not info or not (match or token.type == "colon_fence" or first in _UNBRACED):
            return "", ""
        argument = match[2].strip() if match else rest.strip()
        words = argument or ("The club is founded" if name == "milestone" else "")
        right = f"{token.markup}{{{name if known else 'name'}}} {words}".rstrip()
        message = f"{token.markup}{info[:40]} is not the first line of a directive"
        if match and "}" in info:
            self.wrong(line, "P024", message, f"write {right}")
        else:
            self.wrong(line, "P004", message, f"write the name in braces: {right}")
        # a block without options was perhaps not meant as a milestone
        bare = name == "milestone" and not token.content.lstrip().startswith(":")
        return ("container", "") if bare or not known else (name, argument)

    def closing(self, token: Token, line: int, info: str, lines: list[str]) -> int:
        """Report a fence that is not closed.

        :returns: the line that was meant to close it, or 0 if there is none
        """
        start, end = token.map or (0, 0)
        last = lines[end - 1].strip(" >\t") if end <= len(lines) else ""
        if set(last) == set(token.markup) and len(last) >= len(token.markup) and end - start >= 2:
            return 0
        what = f"{token.markup}{info[:40]}"
        if self.open and self.open[-1][2] == token.markup:
            self.owed += 1
            around, first, _fence = self.open[-1]
            message = f"{{{around}}} is not closed before {what} begins on line {line}"
            if meant := self.meant_to_close(first, line, token.markup):
                hint = f"write {token.markup} on line {meant}, which has fewer of them"
            else:
                hint = (
                    f"close {{{around}}} with a line {token.markup} above line {line}; a block"
                    " around others needs a longer line than theirs"
                )
            if first not in {one.place.line for one in self.page.findings if one.code == "P004"}:
                self.wrong(first, "P004", message, hint)
            return 0
        meant = self.meant_to_close(line, line + end - start, token.markup)
        if meant:
            hint = f"write {token.markup} on line {meant}, which has fewer of them"
        else:
            hint = (
                f"close it with a line of {token.markup}, and give a block around others a"
                " longer line than theirs"
            )
        self.wrong(line, "P004", f"{what} is not closed", hint)
        return meant

    def meant_to_close(self, first: int, last: int, fence: str) -> int:
        """Return the line between two lines that would close a block if its fence were as long as
        that of the block's first line; 0 if there is none.
        """
        depth = 0
        for number in range(first + 1, last):
            text = self.source(number).strip(" >\t")
            run = len(text) - len(text.lstrip(fence[0]))
            if run == len(text) > 0:
                if not depth:
                    return number if run < len(fence) else 0
                depth -= 1
            elif run > 2:
                depth += 1
        return 0

    def code(self, token: Token, line: int) -> None:
        start, end = token.map or (0, 0)
        self.page.literal.append((line, line + end - start - 1))

    def block(
        self, name: str, argument: str, content: str, line: int, given: Mapping[str, str]
    ) -> tuple[Block, list[str], int]:
        """Return the directive that opens on a line, the lines of its body, and the number of lines
        of the page above the body.

        :param given: options written as attributes above it
        """
        # slow to import, and not every page has directives
        from handbook.model import milestones

        parsed = directives.parse(name, argument, content)
        options = {**given, **parsed.options}
        places = dict.fromkeys(given, self.page.place(max(line - 1, 1)))
        seen: set[str] = set()
        for option, below in parsed.keys:
            places[option] = self.option_place(option, line + below)
            if option in seen:
                message = f"the option {option!r} is given twice"
                self.wrong(line + below, "P007", message, "delete one of the two lines", option)
            seen.add(option)
        for below, message, hint in parsed.faults:
            self.odd_options(name, line + below, message, hint)
        if self.open and self.open[-1][0] in _WORDS:
            message = f"a block within {{{self.open[-1][0]}}} is not read"
            self.wrong(line, "Y002", message, "write it below that block, not inside")
        block = Block(name, parsed.argument, options, self.opening(line), places)
        body, offset = self.lost(block, parsed, content.splitlines(), line, options, places)
        if milestones.title_below(name, parsed.argument, body):
            message = "the title of the milestone is on the second line"
            self.wrong(
                line, "M001", message, f"write it on the first line: :::{{milestone}} {body[0]}"
            )
            parsed.argument, parsed.keys = body[0].strip(), []
            block = Block(name, parsed.argument, options, block.place, places)
            body, offset = self.lost(block, parsed, body[1:], line + 1, options, places)
        block = replace(block, content="\n".join(body))
        self.page.blocks.append(block)
        if not parsed.faults:
            self.misfits(block, body)
        if name == "list-table":
            self.list_table(body, offset)
        return block, body, offset

    def opening(self, line: int) -> Place:
        """Return where the fence of a directive begins."""
        source = self.source(line)
        return self.page.place(line, len(source) - len(source.lstrip(" >\t")) + 1)

    def odd_options(self, name: str, line: int, message: str, hint: str) -> None:
        """Report what MyST finds odd in the options of a directive."""
        from handbook.model import milestones

        source, code = self.source(line), "Y002"
        if "\t" in source:
            return  # P010 reports it
        if "comment" in message:
            at = source.find(" #") + 2
            self.page.findings.append(
                Finding(self.page.place(line, max(at, 1)), code, message, hint)
            )
            return
        known = directives.DIRECTIVES.get(name, directives.Takes()).options or frozenset()
        for lost in milestones.lost_options([source], self.page.place(line), known):
            if lost.finding:
                code, message, hint = self.code_of(name), lost.finding.message, lost.finding.hint
        # P011 reports those with a full-width colon
        if "：" not in source:
            self.wrong(line, code, message, hint)

    @staticmethod
    def code_of(name: str) -> str:
        """Return the rule for options that are written differently from others."""
        return "M011" if name == "milestone" else "Y002"

    def lost(
        self,
        block: Block,
        parsed: directives.Parsed,
        lines: Sequence[str],
        line: int,
        options: dict[str, str],
        places: dict[str, Place],
    ) -> tuple[list[str], int]:
        """Take options that MyST reads as text; return the body without them, and the number of
        lines of the page above it.
        """
        from handbook.model import milestones

        read, known = len(parsed.keys), directives.DIRECTIVES.get(block.name, directives.Takes())
        body, offset = parsed.body, line + parsed.offset
        if block.name in _LITERAL or not known.options or (lines and lines[0].startswith("---")):
            return body, offset
        first = self.page.place(line + read + 1)
        for lost in milestones.lost_options(lines[read:], first, known.options):
            # P011 reports those with a full-width colon
            if lost.finding and "：" not in lines[read + lost.number]:
                finding = replace(lost.finding, code=self.code_of(block.name))
                self.page.findings.append(finding)
            if lost.name not in options:
                options[lost.name] = lost.value
                places[lost.name] = self.option_place(lost.name, line + read + lost.number + 1)
            number = read + lost.number + 1
            body, offset = list(lines[number:]), line + number
        return body, offset

    def misfits(self, block: Block, body: Sequence[str]) -> None:
        """Report options and content that a directive does not accept."""
        takes = directives.DIRECTIVES.get(block.name)
        if takes is None:
            return
        # of a milestone's options more is said
        for option in block.options if block.name != "milestone" and takes.options else ():
            if option not in (takes.options or ()):
                message = f"the directive {{{block.name}}} has no option {option!r}"
                hint = one_of(option, sorted(takes.options or ()))
                place = replace(block.place_of(option), column=1)
                self.page.findings.append(Finding(place, "Y002", message, hint, option))
            elif (choices := _CHOICES.get(option)) and block.value(option) not in choices:
                message = f"{option}: {block.value(option)!r} is not known"
                hint = one_of(block.value(option), choices)
                self.page.findings.append(
                    Finding(block.place_of(option), "Y002", message, hint, option)
                )
        if not takes.content and any(map(str.strip, body)):
            message = f"the directive {{{block.name}}} takes no text within it"
            self.wrong(block.line, "Y002", message, "write the text below the block")

    def option_place(self, option: str, line: int) -> Place:
        """Return where the value of an option begins."""
        source = self.source(line)
        match = re.search(rf"(?:[:：]|\b){re.escape(option)}\s*[:：][ \t]*[\"']?", source)
        return self.page.place(line, match.end() + 1 if match else 1)

    def content(
        self,
        block: Block,
        lines: list[str],
        offset: int,
        within: tuple[Container, ...],
        fence: str,
    ) -> None:
        """Read the content of a directive, and its title."""
        self.serial += 1
        within = (*within, Container(block.name, self.serial))
        alike = sum(part.kind in {block.name, *OUR_DIRECTIVES} for part in within)
        if len(within) > MAX_DEPTH * 4 or alike > MAX_DEPTH:
            message = "directives are nested too deeply to be read"
            self.wrong(block.line, "P006", message, "use fewer levels")
            return
        if block.argument and block.name not in _NAMED:
            title = markdown.parser().parseInline(block.argument, {})[0]
            self.inline(title, block.line, within, kind="title")
        self.open.append((block.name, block.line, fence))
        self.walk(lines, offset, within)
        self.open.pop()

    def inline(
        self, token: Token, line: int, within: tuple[Container, ...], kind: str = ""
    ) -> None:
        """Keep a passage with its roles and links."""
        if len(token.content) > MAX_PASSAGE:
            message = f"the paragraph has {len(token.content):,} characters and is not read"
            self.wrong(line, "P005", message, "break it with an empty line")
            return
        rows: list[tuple[int, int, int]] = []
        start = 0
        for number, text in enumerate(token.content.split("\n"), line):
            rows.append((start, number, self.column(number, text) + 1))
            start += len(text) + 1
        parent = within[-1].kind if within else ""
        kind = kind or {"th": "cell", "td": "cell", "fieldlist_name": "title"}.get(parent, parent)
        passage = Passage(
            kind,
            token.content,
            rows,
            within=within[:-1] if kind in {"paragraph", "heading"} else within,
        )
        self.page.passages.append(passage)
        for child in token.children or ():
            span = child.meta.get("span")
            if not span:
                continue
            start, end = span
            if child.type == "myst_role":
                name = self.role(child.meta["name"], self.page.place(*passage.at(start)))
                passage.spans.append(Span("role", start, end, name, child.content))
                self.page.roles.append((name, Located(child.content, *passage.at(start))))
            elif child.type in {"link_open", "image"}:
                address = str(child.attrs.get("href" if child.type == "link_open" else "src", ""))
                kind_of_link = "link" if child.type == "link_open" else "image"
                link = Span(kind_of_link, start, end, value=address)
                passage.spans.append(link)
                begin = passage.label_end(link) + 2 if child.markup != "autolink" else start + 1
                self.page.links.append(
                    Located(address, *passage.at(begin if begin < end else start))
                )
            else:
                code = "code" if child.type == "code_inline" else "html"
                passage.spans.append(Span(code, start, end))

    def role(self, name: str, place: Place) -> str:
        """Return the name of a role as it was meant, and report the name if it is wrong."""
        wrong: tuple[str, str, str] | None = None
        if name != name.lower():
            wrong = ("P024", f"the role {name!r} has capitals", f"write {{{name.lower()}}}")
        elif name.startswith("footcite"):
            hint = "write {cite:p}: the page lists its sources by itself"
            wrong = ("Y001", f"the role {name!r} makes a footnote that no page shows", hint)
        elif unknown := directives.unknown("role", name):
            wrong = ("Y001", *unknown)
        if wrong:
            self.page.findings.append(Finding(place, *wrong, name))
        return name.lower()

    def column(self, number: int, text: str) -> int:
        """Return where ``text``, a line without its Markdown frame, begins in a line of a page."""
        source = self.source(number)
        reached = self.cursor[1] if self.cursor[0] == number else 0
        bare, wanted = source.rstrip(), text.rstrip()
        found = source.find(wanted.split("|")[0] or wanted, reached)
        if bare.endswith(wanted) and found + len(wanted) >= len(bare):
            found = len(bare) - len(wanted)
        self.cursor = (number, max(found, 0) + len(wanted))
        return max(found, 0)
