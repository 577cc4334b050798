"""MyST's own Markdown parser, configured as in ``docs/conf.py``, and extended to record places.

markdown-it records no places within a line, and parses much that nothing here needs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

#: MyST's syntax extensions that the handbook uses; ``docs/conf.py`` reads them here.
MYST_EXTENSIONS = ("attrs_block", "attrs_inline", "colon_fence", "deflist", "fieldlist")
#: Rules that cost a third of the time and never affect where a role, link or piece of code begins
#: or ends.
_IDLE = ("wordcount", "entity", "newline", "emphasis", "balance_pairs", "fragments_join")
_MARKUP = re.compile(r"[{\[`<]")
#: What a text must contain for a block rule to apply, and the number of characters from which the
#: test pays off: markdown-it tries each rule on each line, up to three times.
_BLOCK_MARKS = {
    "colon_fence": re.compile(":::"),
    "fence": re.compile("```|~~~"),
    "footnote_def": re.compile(r"\]:"),
    "hr": re.compile(r"([-*_])[ \t]*\1[ \t]*\1"),
    "lheading": re.compile(r"^[ \t>]*(?:=+|-+)[ \t]*$", re.MULTILINE),
    "myst_block_break": re.compile(r"\+[ \t]*\+[ \t]*\+"),
    "myst_line_comment": re.compile("%"),
    "myst_target": re.compile(r"\)="),
    "reference": re.compile(r"\]:"),
    "table": re.compile(r"\|"),
}
_WORTH_LOOKING = 4_000
#: Addresses that markdown-it's normalisation does not change: it reads every character of them.
NORMAL_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,3}(?::[0-9]{1,5})?"
    r"(?:[/?#][A-Za-z0-9;/?:@&=+$,_.!~*'()#-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9;/?:@&=+$,_.!~*'()#-]*)*)?"
)


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """Return the parser; the first token of a role, link or piece of code has its ``span`` in
    ``meta``.
    """
    from markdown_it.common.normalize_url import normalizeLink
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import autolink, backtick, html_inline, image, link
    from mdit_py_plugins.myst_role.index import myst_role
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    made = create_md_parser(MdParserConfig(enable_extensions=set(MYST_EXTENSIONS)), RendererHTML)
    made.disable([*_IDLE, "text_join"], ignoreInvalid=True)
    made.core.ruler.at("inline", _parse_inline)

    def normal(address: str) -> str:
        return address if NORMAL_ADDRESS.fullmatch(address) else normalizeLink(address)

    # nothing needs the words of an address that is its own label
    vars(made).update(normalizeLink=normal, normalizeLinkText=str)
    for name, rule in (
        ("autolink", autolink),
        ("backticks", backtick),
        ("html_inline", html_inline),
        ("image", image),
        ("link", link),
        ("myst_role", myst_role),
    ):
        made.inline.ruler.at(name, _noting_places(rule))
    return made


def parse(text: str) -> list[Token]:
    """Return the tokens of a text; block rules whose marks it lacks are skipped."""
    made = parser()
    if len(text) < _WORTH_LOOKING:
        return made.parse(text, {})
    idle = [name for name, mark in _BLOCK_MARKS.items() if not mark.search(text)]
    made.block.ruler.disable(idle)
    try:
        return made.parse(text, {})
    finally:
        made.block.ruler.enable(idle)


def has_html(text: str) -> bool:
    """Return whether a line of Markdown contains raw HTML."""
    if "<" not in text:
        return False
    line = parser().parseInline(text, {})[0]
    return any(child.type == "html_inline" for child in line.children or ())


def top_level(text: str) -> list[tuple[int, int]]:
    """Return the first and last line (from 1) of each block of a page that is in no other block."""
    return [
        (token.map[0] + 1, token.map[1])
        for token in parse(text)
        if token.level == 0 and token.map and token.nesting >= 0
    ]


def _parse_inline(state: StateCore) -> None:
    """Wrap markdown-it's rule of this name, so that it skips texts in which it can find nothing."""
    for token in state.tokens:
        if token.type == "inline" and _MARKUP.search(token.content):
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)


_InlineRule = Callable[["StateInline", bool], bool]


def _noting_places(rule: _InlineRule) -> _InlineRule:
    """Wrap a rule, so that its first token's ``meta`` has where it began and ended."""

    def run(state: StateInline, silent: bool) -> bool:
        # pending text becomes a token of its own before the rule's first one
        start, known = state.pos, len(state.tokens) + bool(state.pending)
        if not rule(state, silent):
            return False
        if not silent and len(state.tokens) > known:
            state.tokens[known].meta["span"] = (start, state.pos)
        return True

    return run
