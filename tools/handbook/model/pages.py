"""MyST pages read without Sphinx: front matter, milestones, citations, roles, links, each with its
place.

The Markdown is read with MyST's own parser (``myst_parser.parsers.mdit``), configured as in
``docs/conf.py``.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from handbook.model import edtf
from handbook.model.strands import MilestoneStatus, Strand

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

#: MyST's syntax extensions that the handbook uses; ``docs/conf.py`` reads them here.
MYST_EXTENSIONS = ("attrs_block", "attrs_inline", "colon_fence", "deflist", "fieldlist")

#: Directives that the handbook adds to MyST's.
OUR_DIRECTIVES = frozenset(
    {
        "milestone",
        "timeline",
        "standard",
        "catalogue",
        "relations",
        "changes",
        "search-box",
        "rooms",
        "events",
    }
)

#: Names in the front matter of a page, and what each says.
FRONT_MATTER = {
    "reviewed": "the day on which a person last compared the page with its sources",
    "review-months": (
        "after how many months the page should be read again, where the usual number does not fit"
    ),
    "description": (
        "one sentence of 20 to 160 signs: what the page answers, for search engines and link"
        " previews"
    ),
    "search": "words, parted by commas, for which the search shows this page first",
    "next": "pages that the foot of this one leads on to, each by its path below docs/ without .md",
    "page-sources": "none: the page ends without the list of its sources",
    "hide-toc": "true: the page has no list of its headings",
    "exceptions": (
        "rules of the checks that are wrong about this page, each with a reason and the day on"
        " which it ends"
    ),
    "orphan": "true: the page stands in no table of contents",
    "nosearch": "true: the search leaves the page out",
    "tocdepth": "how many levels of headings the page's own list shows",
}

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OPTION = re.compile(r":([A-Za-z][\w-]*):(?:[ \t]+(.*))?$")
_DIRECTIVE = re.compile(r"\{([^}\s]+)\}[ \t]*(.*)")
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
#: Directives whose first line is a name and not a sentence.
_NAMED = frozenset(
    {
        "standard",
        "catalogue",
        "timeline",
        "relations",
        "changes",
        "include",
        "figure",
        "image",
        "grid",
        "tab-set",
        "glossary",
    }
)
#: Beyond these a page is not read: Markdown's grammar costs more than linear time on such texts.
MAX_LINE = 20_000
MAX_PAGE = 2_000_000
MAX_PASSAGE = 10_000
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a block: a stable ``code``, one sentence, and how to fix it."""

    code: str
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.code} {self.message} (hint: {self.hint})"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated event of the timeline. ``name`` is its permanent id, ``sources`` are bibliography
    keys.

    ``short`` are one to four words that label it in the picture of the timeline; only a few
    milestones have them. ``after`` and ``before`` name milestones that it followed and that
    followed it, where the dates alone do not tell. ``given`` holds the sources that give another
    date than ``date``, or the same less exactly, each with what it gives; an unknown date
    (``XXXX``) says that the source gives none. Every other source gives ``date`` itself.
    """

    name: str
    title: str
    date: edtf.Edtf
    strands: tuple[Strand, ...]
    sources: tuple[str, ...]
    status: MilestoneStatus = MilestoneStatus.HAPPENED
    place: str | None = None
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    short: str | None = None
    given: tuple[tuple[str, edtf.Edtf], ...] = ()


#: Options of ``{milestone}``; the first four are required.
MILESTONE_OPTIONS = (
    "name",
    "date",
    "strands",
    "sources",
    "status",
    "place",
    "after",
    "before",
    "short",
    "given",
)


def read_milestone(
    title: str,
    options: Mapping[str, str],
    known_keys: Container[str] | None = None,
    nearest_key: Any = None,
) -> tuple[Milestone | None, list[Problem]]:
    """Check the title and the options of a ``{milestone}`` block.

    :param known_keys: the bibliography's keys; ``None`` leaves the sources unchecked
    :param nearest_key: a function that says how to fix an unknown key
    :returns: the milestone, or ``None`` if it lacks what it cannot be without; and everything that
        is wrong
    """
    problems: list[Problem] = []
    if not title.strip():
        problems.append(
            Problem(
                "M001",
                "a milestone has no title",
                "write it on the first line: :::{milestone} The club is founded",
            )
        )
    problems.extend(
        Problem("M008", f"a milestone has no option {option!r}", _one_of(option, MILESTONE_OPTIONS))
        for option in options
        if option not in MILESTONE_OPTIONS
    )
    for option in MILESTONE_OPTIONS[:4]:
        if not (options.get(option) or "").strip():
            code = {"name": "M002", "date": "M003", "strands": "M004", "sources": "M005"}[option]
            problems.append(
                Problem(code, f"the milestone {title!r} has no {option}", _EXAMPLES[option])
            )
    name = (options.get("name") or "").strip()
    if name and not _NAME.fullmatch(name):
        problems.append(
            Problem(
                "M002",
                f"{name!r} is not a milestone name",
                "write lower-case words and the year, joined by hyphens: isscc-secretariat-2019",
            )
        )
    date = None
    if text := (options.get("date") or "").strip():
        try:
            date = edtf.parse(text)
        except edtf.EdtfError as error:
            problems.append(Problem("M003", f"the date of {name or title!r}: {error}", error.hint))
        else:
            if date.is_unknown:
                problems.append(
                    Problem(
                        "M003",
                        f"the date of {name or title!r} is unknown",
                        "tell an event without any date in the text, not on the timeline",
                    )
                )
    strands = []
    for word in (options.get("strands") or "").replace(",", " ").split():
        if word in set(Strand):
            strands.append(Strand(word))
        else:
            problems.append(
                Problem("M004", f"{word!r} is not a strand", _one_of(word, tuple(Strand)))
            )
    sources = tuple((options.get("sources") or "").replace(",", " ").split())
    for key in sources:
        if known_keys is not None and key not in known_keys:
            hint = (
                nearest_key(key)
                if nearest_key
                else "add an entry with this key to one of references/*.bib"
            )
            problems.append(
                Problem(
                    "M006",
                    f"the milestone {name or title!r} cites {key!r}, which no references/*.bib has",
                    hint,
                )
            )
    status = (options.get("status") or "happened").strip()
    if status not in set(MilestoneStatus):
        problems.append(
            Problem("M007", f"{status!r} is not a status", _one_of(status, tuple(MilestoneStatus)))
        )
        status = "happened"
    given, wrong = _read_given((options.get("given") or "").split(), sources, date)
    problems.extend(wrong)
    if not (
        title.strip()
        and _NAME.fullmatch(name)
        and date
        and not date.is_unknown
        and strands
        and sources
    ):
        return None, problems
    place = (options.get("place") or "").strip() or None
    after, before = (
        tuple((options.get(option) or "").replace(",", " ").split())
        for option in ("after", "before")
    )
    short = (options.get("short") or "").strip() or None
    milestone = Milestone(
        name,
        title.strip(),
        date,
        tuple(strands),
        sources,
        MilestoneStatus(status),
        place,
        after,
        before,
        short,
        given,
    )
    return milestone, problems


def _read_given(
    words: Iterable[str], sources: Container[str], own: edtf.Edtf | None
) -> tuple[tuple[tuple[str, edtf.Edtf], ...], list[Problem]]:
    """The dates that single sources give, written ``key=date``, and what is wrong with them."""
    given: dict[str, edtf.Edtf] = {}
    problems = []
    for word in words:
        key, sign, text = word.partition("=")
        if not (key and sign and text):
            problems.append(
                Problem(
                    "M010",
                    f"{word!r} does not say which source gives which date",
                    "write the key and the date without blanks: cqn2024founding=2017-06",
                )
            )
        elif key not in sources:
            problems.append(
                Problem(
                    "M010",
                    f"given: {key!r} is not among the sources of this milestone",
                    "add it to :sources:, or correct the key",
                )
            )
        elif key in given:
            problems.append(
                Problem(
                    "M010", f"given: {key!r} stands twice", "leave the date that the source gives"
                )
            )
        else:
            try:
                given[key] = edtf.parse(text)
            except edtf.EdtfError as error:
                problems.append(Problem("M010", f"the date that {key} gives: {error}", error.hint))
            else:
                if given[key] == own:
                    del given[key]
                    problems.append(
                        Problem(
                            "M010",
                            f"given: {key!r} gives {text}, as the milestone does",
                            "delete it: only other dates stand here",
                        )
                    )
    return tuple(given.items()), problems


#: A line that was meant as an option: perhaps indented, with full-width colons, or without the
#: blank after its name.
_MEANT = re.compile(r"([\s>]*)([:：])([ \t]*)([A-Za-z][\w-]*)([:：])([ \t]*)(.*)$")


def lost_options(lines: Sequence[str]) -> Iterator[tuple[int, str, str, Problem | None]]:
    """The options of a milestone that are typed in another way than the others.

    :param lines: what follows the options that were read
    :returns: for each the number of its line (from 0), its name, its value, and what is wrong with
        it; no problem where only a line above it is wrong
    """
    blank = False
    for number, line in enumerate(lines):
        if not line.strip():
            blank = True
            continue
        match = _MEANT.match(line)
        if match is None or match[4] not in MILESTONE_OPTIONS:
            return
        indent, first, inner, name, second, gap, value = match.groups()
        right = f":{name}: {value}".rstrip()
        if "：" in first + second:
            why, hint = "it has a full-width colon (：)", f"write {right}"
        elif "\t" in indent:
            why, hint = "it begins with a tab", f"delete the tab: {right}"
        elif indent:
            why, hint = (
                f"it is indented by {len(indent)} {'blank' if len(indent) == 1 else 'blanks'}",
                f"delete the blanks: {right}",
            )
        elif inner or (value and not gap):
            why, hint = "its blanks stand in the wrong place", f"write {right}"
        elif blank:
            why, hint = (
                "an empty line stands above it",
                "delete the empty line: options stand directly below the first line",
            )
        else:
            why, hint = "", ""
        blank = False
        yield (
            number,
            name,
            value.strip(),
            Problem("M011", f"{name!r} is not written as an option: {why}", hint) if why else None,
        )


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


@dataclass(frozen=True, slots=True)
class Enclosure:
    """What a passage stands in: ``kind`` is markdown-it's name (``list_item``, ``tr``,
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
    within: tuple[Enclosure, ...] = ()

    def at(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        start, line, column = self.rows[bisect_right(self.rows, offset, key=lambda row: row[0]) - 1]
        return line, column + offset - start

    @property
    def citations(self) -> Iterator[str]:
        """Each key cited in the passage."""
        for span in self.spans:
            if span.kind == "role" and span.name.startswith("cite"):
                yield from (key.strip() for key in span.value.split(","))

    def label_end(self, link: Span) -> int:
        """Where the visible text of a link ends."""
        end = self.text.rfind("](", link.start, link.end)
        return end if end >= 0 else link.end


@dataclass(slots=True)
class Page:
    """One Markdown page. ``errors`` are problems of the page's form with the line they stand on.

    ``html`` are the blocks of raw HTML: the first line of each and the number of its lines.
    ``literal`` holds the first and the last line of each block of code.
    """

    path: Path
    text: str
    front_matter: dict[str, Any] = field(default_factory=dict)
    title: str | None = None
    blocks: list[Block] = field(default_factory=list)
    roles: list[tuple[str, At]] = field(default_factory=list)
    links: list[At] = field(default_factory=list)
    labels: list[At] = field(default_factory=list)
    html: list[tuple[int, int]] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    literal: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, Problem]] = field(default_factory=list)

    @property
    def citations(self) -> Iterator[At]:
        """Each key cited by a ``{cite:...}`` role, in order."""
        for name, role in self.roles:
            if name.startswith("cite"):
                for key in role.value.split(","):
                    yield At(key.strip(), role.line, role.column)

    def milestones(
        self,
        known_keys: Container[str] | None = None,
        nearest_key: Any = None,
    ) -> Iterator[tuple[Block, Milestone | None, list[Problem]]]:
        """Each milestone block with what it says and what is wrong with it."""
        for block in self.blocks:
            if block.name == "milestone":
                yield block, *read_milestone(block.argument, block.options, known_keys, nearest_key)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import autolink, backtick, html_inline, image, link
    from mdit_py_plugins.myst_role.index import myst_role
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    parser = create_md_parser(MdParserConfig(enable_extensions=set(MYST_EXTENSIONS)), RendererHTML)
    # these rules cost a third of the time and never change where a role, link or piece of code
    # begins or ends
    parser.disable(
        [
            "wordcount",
            "entity",
            "newline",
            "emphasis",
            "balance_pairs",
            "fragments_join",
            "text_join",
        ],
        ignoreInvalid=True,
    )
    parser.core.ruler.at("inline", _parse_inline)
    _ask_by_first_sign(parser)
    for name, rule in (
        ("autolink", autolink),
        ("backticks", backtick),
        ("html_inline", html_inline),
        ("image", image),
        ("link", link),
        ("myst_role", myst_role),
    ):
        parser.inline.ruler.at(name, _noting_places(rule))
    return parser


#: The signs that the first line of a block can begin with.
_FIRST_SIGNS = {
    "colon_fence": ":",
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*+-0123456789",
    "html_block": "<",
    "heading": "#",
    "reference": "[",
    "footnote_def": "[",
    "myst_target": "(",
    "myst_line_comment": "%",
    "myst_block_break": "+",
    "fieldlist": ":",
    "attr": "{",
}


def _ask_by_first_sign(parser: MarkdownIt) -> None:
    """Let each line be shown only to the block rules that its first sign can concern.

    markdown-it asks some fifteen rules about each line of a paragraph; this takes a third off the
    time of reading.
    """
    ruler = parser.block.ruler
    names = {id(rule.fn): rule.name for rule in ruler.__rules__}
    ruler.getRules("")
    for chain, rules in (ruler.__cache__ or {}).items():
        ruler.__cache__[chain] = [
            _dispatch([(_FIRST_SIGNS.get(names[id(rule)]), rule) for rule in rules])
        ]  # type: ignore[index]


_BlockRule = Callable[["StateBlock", int, int, bool], bool]


def _dispatch(rules: list[tuple[str | None, _BlockRule]]) -> _BlockRule:
    """One rule that asks, in their order, those whose signs fit."""
    signs = {sign for wanted, _ in rules for sign in wanted or ""}
    by_sign = {
        sign: [rule for wanted, rule in rules if wanted is None or sign in wanted] for sign in signs
    }
    others = [rule for wanted, rule in rules if wanted is None]
    all_ = [rule for _, rule in rules]

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        position = state.bMarks[start] + state.tShift[start]
        asked = others
        if position < state.eMarks[start]:
            sign = state.src[position]
            # some rules strip more kinds of blanks than markdown-it does
            asked = by_sign.get(sign) or (all_ if sign.isspace() else others)
        for rule in asked:  # noqa: SIM110 (a generator costs more than the rules)
            if rule(state, start, end, silent):
                return True
        return False

    return run


_MARKUP = re.compile(r"[{\[`<]")


def _parse_inline(state: StateCore) -> None:
    """markdown-it's rule of this name, without the texts that hold nothing to find."""
    for token in state.tokens:
        if token.type == "inline" and _MARKUP.search(token.content):
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


def _noting_places(
    rule: Callable[[StateInline, bool], bool],
) -> Callable[[StateInline, bool], bool]:
    """The rule, and in its first token's ``meta`` where it began and ended: markdown-it itself
    keeps no inline places.
    """

    def run(state: StateInline, silent: bool) -> bool:
        # text that is still pending becomes a token of its own before the rule's first one
        start, known = state.pos, len(state.tokens) + bool(state.pending)
        if not rule(state, silent):
            return False
        if not silent and len(state.tokens) > known:
            state.tokens[known].meta["span"] = (start, state.pos)
        return True

    return run


def read_page(path: Path) -> Page:
    """Read one page. What is wrong with its form is listed in its ``errors``.

    :raises OSError: if the file cannot be opened.
    """
    return parse_page(path, path.read_bytes())


def parse_page(path: Path, data: bytes) -> Page:
    """Read the content of a page's file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        page = Page(path, "")
        line = data.count(b"\n", 0, error.start) + 1
        page.errors.append(
            (line, Problem("P001", "the page is not UTF-8", "save it with the encoding UTF-8"))
        )
        return page
    page = Page(path, text)
    lines = re.split(r"\r\n|\r|\n", text)
    longest = max(range(len(lines)), key=lambda number: len(lines[number]))
    if len(lines[longest]) > MAX_LINE or len(text) > MAX_PAGE:
        size = (
            f"a line of {len(lines[longest]):,}"
            if len(lines[longest]) > MAX_LINE
            else f"{len(text):,}"
        )
        page.errors.append(
            (
                longest + 1 if len(lines[longest]) > MAX_LINE else 1,
                Problem(
                    "P005",
                    f"the page has {size} characters and is not read",
                    "break the line, or split the page",
                ),
            )
        )
        return page
    # read as it was meant, so that what follows from a full-width sign is not reported beside it
    meant = [
        _FULL_WIDTH.sub(lambda match: match[0].translate(_HALF), line) if "：" in line else line
        for line in lines
    ]
    _Reader(page, lines).walk(meant, 0, ())
    return page


#: The beginning of a block or an option typed with full-width signs, which rule P011 reports.
_FULL_WIDTH = re.compile(
    r"^[\s>]*(?:[:：]{3,}[ \t]*(?:[{｛][\w-]+[}｝]|$)|[:：][A-Za-z][\w-]*[:：](?=\s|$))"
)
_HALF = str.maketrans("：｛｝", ":{}")


def has_html(text: str) -> bool:
    """Whether a line of Markdown holds raw HTML."""
    if "<" not in text:
        return False
    line = _parser().parseInline(text, {})[0]
    return any(child.type == "html_inline" for child in line.children or ())


def top_level(text: str) -> list[tuple[int, int]]:
    """The first and the last line (from 1) of each block of a page that stands in no other."""
    return [
        (token.map[0] + 1, token.map[1])
        for token in _parser().parse(text, {})
        if token.level == 0 and token.map and token.nesting >= 0
    ]


def find_pages(docs: Path) -> tuple[list[Path], list[tuple[Path, Problem]]]:
    """The Markdown files below ``docs`` in the order of their paths, and what stands in their way.

    Folders that begin with ``_`` are left out. Links to folders are followed, as Sphinx does, but
    not in a circle.
    """
    found: list[Path] = []
    problems: list[tuple[Path, Problem]] = []

    def walk(folder: str, above: tuple[str, ...]) -> None:
        here = os.path.realpath(folder)
        if here in above:
            problems.append(
                (
                    Path(folder),
                    Problem("P003", "the link leads back to a folder above it", "delete the link"),
                )
            )
            return
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            problems.append((Path(folder), _unreadable(error)))
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
                    problems.append(
                        (
                            Path(entry.path),
                            Problem(
                                "P003",
                                "this is not a file that can be read",
                                "delete it, or correct the link",
                            ),
                        )
                    )

    walk(str(docs), ())
    return sorted(found), problems


def _unreadable(error: OSError) -> Problem:
    return Problem(
        "P003",
        f"it cannot be read: {error.strerror or error}",
        "look at the rights of the file and of its folder",
    )


def read_pages(docs: Path) -> list[Page]:
    """Read every Markdown page below ``docs``, in the order of their paths; folders that begin with
    ``_`` are left out.

    A file that cannot be read is an empty page with a problem.
    """
    paths, problems = find_pages(docs)
    pages = []
    for path in paths:
        try:
            pages.append(read_page(path))
        except OSError as error:
            problems.append((path, _unreadable(error)))
    pages += [Page(path, "", errors=[(1, problem)]) for path, problem in problems]
    return sorted(pages, key=lambda page: page.path)


class _Reader:
    """Reads the lines of one page, and the directives within them, into the page."""

    def __init__(self, page: Page, lines: list[str]) -> None:
        self.page = page
        self.lines = lines
        self.serial = 0
        self.open: list[tuple[str, int, str]] = []  # the directives around: name, line, signs
        self.cursor = (0, 0)  # the line whose cells are being read, and the column reached in it

    def problem(self, line: int, code: str, message: str, hint: str) -> None:
        self.page.errors.append((line, Problem(code, message, hint)))

    def walk(self, lines: list[str], offset: int, within: tuple[Enclosure, ...]) -> None:
        """Read ``lines``, which begin ``offset`` lines below the page's first one."""
        tokens = _parser().parse("\n".join(lines) + "\n", {})
        stack: list[Enclosure] = []
        counts: list[int] = [0]
        for position, token in enumerate(tokens):
            line = (token.map[0] if token.map else 0) + offset + 1
            if token.nesting == 1:
                self.serial += 1
                stack.append(Enclosure(token.type.removesuffix("_open"), self.serial, counts[-1]))
                counts[-1] += 1
                counts.append(0)
                if token.type == "tr_open" and "|" not in (row := lines[line - offset - 1]):
                    self.problem(
                        line,
                        "P014",
                        f"{row.strip()[:40]!r} became a row of the table above it",
                        "put an empty line between the table and the text",
                    )
            elif token.nesting == -1:
                stack.pop()
                counts.pop()
            elif token.type == "front_matter":
                _front_matter(self.page, token.content, line)
            elif token.type == "myst_target":
                self.page.labels.append(At(token.content, line))
            elif token.type == "html_block":
                self.page.html.append((line, token.content.count("\n")))
            elif token.type in {"fence", "colon_fence"}:
                self.fence(token, line, lines, (*within, *stack))
            elif token.type == "code_block":
                self.problem(
                    line,
                    "P013",
                    "the line is indented by four blanks or a tab, and so it is shown as code",
                    "delete the blanks before it; code stands between two lines of ```",
                )
                self.page.literal.append((line - 1, line + token.content.count("\n")))
            elif token.type == "inline":
                if (
                    self.page.title is None
                    and offset == 0
                    and position
                    and tokens[position - 1].tag == "h1"
                ):
                    self.page.title = token.content
                self.inline(token, line, (*within, *stack))
            if token.level >= _parser().options["maxNesting"] - 1:
                self.problem(
                    line,
                    "P006",
                    "lists or quotations stand too deep in each other to be read",
                    "use fewer levels",
                )
                return

    def fence(
        self, token: Token, line: int, lines: list[str], within: tuple[Enclosure, ...]
    ) -> None:
        info = token.info.strip()
        match = _DIRECTIVE.match(info)
        start, end = token.map or (0, 0)
        last = lines[end - 1].strip(" >\t") if end <= len(lines) else ""
        named = match or not token.markup.startswith(":")
        if (info or named) and (
            set(last) != set(token.markup) or len(last) < len(token.markup) or end - start < 2
        ):
            if self.open and self.open[-1][2] == token.markup:
                around, first, _signs = self.open[-1]
                self.problem(
                    line,
                    "P004",
                    f"{token.markup}{info[:40]} begins before the {{{around}}} of line {first} is"
                    " closed",
                    f"close {{{around}}} with a line {token.markup} above this one; a block around"
                    " others needs more signs than they have",
                )
            else:
                self.problem(
                    line,
                    "P004",
                    f"{token.markup}{info[:40]} is not closed",
                    f"close it with a line of {token.markup}, and give a block around others more"
                    " signs than they have",
                )
        if not match:
            if info.startswith("{") or (
                token.type == "colon_fence" and (not info or info.split()[0] in OUR_DIRECTIVES)
            ):
                self.problem(
                    line,
                    "P004",
                    f"{token.markup}{info[:40]} is not the first line of a directive",
                    (
                        f"write the name in braces: {token.markup}{{milestone}} The club is founded"
                        if info
                        else f"delete the line, or write {token.markup}{{name}}"
                    ),
                )
            self.page.literal.append((line, line + end - start - 1))
            return
        name, argument = match[1], match[2].strip()
        content = token.content.split("\n")
        options, used = _yaml_options(content)
        for text in content if not used else ():
            option = _OPTION.match(text)
            if not option:
                break
            used += 1
            if option[1] in options:
                self.problem(
                    line + used,
                    "P007",
                    f"the option {option[1]!r} is given twice",
                    "delete one of the two lines",
                )
            options[option[1]] = (option[2] or "").strip()
        if name == "milestone":
            first = used
            for number, option_name, value, problem in lost_options(content[first:]):
                if problem and "：" not in content[first + number]:  # those are P011's
                    self.page.errors.append((line + first + number + 1, problem))
                options.setdefault(option_name, value)
                used = first + number + 1
        self.page.blocks.append(Block(name, argument, options, line))
        if name == "raw" and "html" in argument.split():
            self.page.html.append((line + used + 1, len(content) - used - 1))
        if name in _LITERAL or not token.map:
            self.page.literal.append((line, line + end - start - 1))
            return
        self.serial += 1
        within = (*within, Enclosure(name, self.serial))
        if (
            len(within) > MAX_DEPTH * 4
            or sum(part.kind in {name, *OUR_DIRECTIVES} for part in within) > MAX_DEPTH
        ):
            self.problem(
                line,
                "P006",
                "directives stand too deep in each other to be read",
                "use fewer levels",
            )
            return
        if argument and name not in _NAMED:
            title = _parser().parseInline(argument, {})[0]
            title.map = [line - 1, line]
            self.inline(title, line, within, kind="title")
        self.open.append((name, line, token.markup))
        self.walk(content[used:], line + used, within)
        self.open.pop()

    def inline(
        self, token: Token, line: int, within: tuple[Enclosure, ...], kind: str = ""
    ) -> None:
        """Keep a passage, and its roles and links."""
        if len(token.content) > MAX_PASSAGE:
            self.problem(
                line,
                "P005",
                f"the paragraph has {len(token.content):,} characters and is not read",
                "break it with an empty line",
            )
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
            if child.type == "myst_role":
                passage.spans.append(Span("role", *span, child.meta["name"], child.content))
                self.page.roles.append(
                    (child.meta["name"], At(child.content, *passage.at(span[0])))
                )
            elif child.type in {"link_open", "image"}:
                address = str(child.attrs.get("href" if child.type == "link_open" else "src", ""))
                link = Span("link" if child.type == "link_open" else "image", *span, value=address)
                passage.spans.append(link)
                begin = passage.label_end(link) + 2 if child.markup != "autolink" else span[0] + 1
                self.page.links.append(
                    At(address, *passage.at(begin if begin < span[1] else span[0]))
                )
            else:
                passage.spans.append(Span("code" if child.type == "code_inline" else "html", *span))

    def column(self, number: int, text: str) -> int:
        """Where ``text``, a line without its Markdown frame, begins in the page's line ``number``."""
        source = self.lines[number - 1] if number <= len(self.lines) else ""
        reached = self.cursor[1] if self.cursor[0] == number else 0
        bare, wanted = source.rstrip(), text.rstrip()
        found = source.find(wanted.split("|")[0] or wanted, reached)
        if bare.endswith(wanted) and found + len(wanted) >= len(bare):
            found = len(bare) - len(wanted)
        self.cursor = (number, max(found, 0) + len(wanted))
        return max(found, 0)


def _yaml_options(content: list[str]) -> tuple[dict[str, str], int]:
    """The options of a directive that stand between two lines ``---``, and how many lines they take."""
    if content[0].strip() != "---" or "---" not in map(str.strip, content[1:]):
        return {}, 0
    end = [line.strip() for line in content].index("---", 1)
    try:
        data = yaml.load("\n".join(content[1:end]), Loader=_YAML)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, end + 1  # MyST reports it
    found = data if isinstance(data, dict) else {}
    return {
        str(name): "" if value is None else str(value) for name, value in found.items()
    }, end + 1


_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _front_matter(page: Page, text: str, line: int) -> None:
    try:
        data = yaml.load(text, Loader=_YAML)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        page.errors.append(
            (
                line + 1 + (mark.line if mark else 0),
                Problem(
                    "P002",
                    f"the front matter is not YAML: {getattr(error, 'problem', error)}",
                    "put values with a colon or a date in quotes",
                ),
            )
        )
        return
    if data is not None and not isinstance(data, dict):
        page.errors.append(
            (
                line,
                Problem(
                    "P002",
                    "the front matter is not a list of names and values",
                    'write lines such as reviewed: "2026-11-23"',
                ),
            )
        )
        return
    page.front_matter = data or {}
