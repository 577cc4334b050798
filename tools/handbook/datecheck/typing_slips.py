"""P010 and on: signs that keyboards and word processors put in, and names that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from handbook.datecheck.tree import Tree
from handbook.model.pages import FRONT_MATTER, Page
from handbook.rules.findings import Finding, Fix, Place
from handbook.rules.rule import declare, rule

_HALF = str.maketrans("，。：；！？（）｛｝｜＃＊｀＝", ",.:;!?(){}|#*`=")
_FULL = re.compile("[，。：；！？（）｛｝｜＃＊｀＝]")
_CHINESE = re.compile("[\u2e80-\u2fff\u3021-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
#: Beginnings of markup in which a sign may have become full-width.
_MARKUP = re.compile(
    r"^[\s>]*(?:[:：]{2,}\s*[{｛]?[\w-]*[}｝]?|[:：][A-Za-z][\w-]*[:：]|[#＃]{1,6}(?=\s)|[*＊](?=\s)|[|｜])|[{｛][a-z]+(?:[:：][a-z]+)?[}｝][`｀]?"
)
_QUOTES = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"}
_QUOTE = re.compile("[“”„‘’‚]")


def _lines(tree: Tree, page: Page) -> Iterator[tuple[int, str]]:
    """The lines of a page that are no code, counted from 1."""
    code = {number for first, last in page.literal for number in range(first + 1, last + 1)}
    for number, line in enumerate(tree.lines(page), 1):
        if number not in code:
            yield number, line


def _code(line: str) -> list[tuple[int, int]]:
    """Start and end of the stretches between backticks."""
    return [match.span() for match in re.finditer(r"(`+)(?!`).*?(?<!`)\1(?!`)", line)]


@rule("P010")
def tabs(tree: Tree) -> Iterator[Finding]:
    """A page has no tab."""
    for page in tree.pages:
        for number, line in enumerate(tree.lines(page), 1) if "\t" in page.text else ():
            if (at := line.find("\t")) >= 0:
                place = Place(tree.path(page.path), number, at + 1)
                # at the beginning of a line it depends on what was meant
                fix = Fix(place, "\t", " ") if line[:at].strip() else None
                yield Finding(
                    place, "P010", "the line has a tab", "put blanks in its place", fix=fix
                )


@rule("P011")
def full_width_signs(tree: Tree) -> Iterator[Finding]:
    """Markup has half-width signs, and a full-width sign stands in a line that has Chinese."""
    for page in tree.pages:
        for number, line in _lines(tree, page) if _FULL.search(page.text) else ():
            wrong = {
                at.start()
                for match in _MARKUP.finditer(line)
                for at in _FULL.finditer(line, match.start(), match.end())
            }
            if not _CHINESE.search(line):
                code = _code(line)
                wrong |= {
                    at.start()
                    for at in _FULL.finditer(line)
                    if not any(start < at.start() < end for start, end in code)
                }
            if not wrong:
                continue
            first, last = min(wrong), max(wrong) + 1
            place = Place(tree.path(page.path), number, first + 1)
            right = "".join(
                sign.translate(_HALF) if at in wrong else sign
                for at, sign in enumerate(line[first:last], first)
            )
            signs = "".join(dict.fromkeys(line[at] for at in sorted(wrong)))
            yield Finding(
                place,
                "P011",
                f"the full-width sign{'s' if len(signs) > 1 else ''} {' '.join(signs)} of a Chinese"
                " keyboard would not be understood here",
                f"write {' '.join(signs.translate(_HALF))}",
                fix=Fix(place, line[first:last], right),
            )


@rule("P012")
def curved_quotes(tree: Tree) -> Iterator[Finding]:
    """Quotation marks and apostrophes are straight, but in Chinese."""
    for page in tree.pages:
        for number, line in _lines(tree, page) if _QUOTE.search(page.text) else ():
            wrong = [
                at
                for at in _QUOTE.finditer(line)
                if not re.search(
                    r"[\u2e80-\u9fff\uff00-\uffef]", line[max(0, at.start() - 1) : at.end() + 1]
                )
            ]
            if not wrong:
                continue
            place = Place(tree.path(page.path), number, wrong[0].start() + 1)
            old = line[wrong[0].start() : wrong[-1].end()]
            right = "".join(
                _QUOTES[sign] if at in {match.start() for match in wrong} else sign
                for at, sign in enumerate(old, wrong[0].start())
            )
            signs = "".join(dict.fromkeys(match[0] for match in wrong))
            yield Finding(
                place,
                "P012",
                f"the quotation mark{'s' if len(signs) > 1 else ''} {' '.join(signs)}"
                f" {'are' if len(signs) > 1 else 'is'} curved",
                f"type straight ones: {' '.join(dict.fromkeys(_QUOTES[sign] for sign in signs))}",
                fix=Fix(place, old, right),
            )


@rule("P015")
def front_matter_names(tree: Tree) -> Iterator[Finding]:
    """The front matter has only names that the handbook or Sphinx reads."""
    for page in tree.pages:
        for name in page.front_matter:
            if name not in FRONT_MATTER:
                close = get_close_matches(str(name), FRONT_MATTER, n=1)
                place = tree.front_place(page, str(name))
                yield Finding(
                    Place(place.path, place.line),
                    "P015",
                    f"nothing reads {str(name)!r} in the front matter",
                    (f"did you mean {close[0]}? " if close else "")
                    + "use one of "
                    + ", ".join(FRONT_MATTER),
                )


@rule("P016")
def dead_anchors(tree: Tree) -> Iterator[Finding]:
    """A link to a place of the handbook names an anchor that is there."""
    labels = tree.labels
    for page in tree.pages:
        for link in page.links:
            path, _, label = link.value.partition("#")
            if not label or ":" in path or (path and not path.endswith(".md")) or label in labels:
                continue
            close = get_close_matches(label, labels, n=2, cutoff=0.7)
            yield Finding(
                Place(tree.path(page.path), link.line, link.column),
                "P016",
                f"there is no anchor {label!r} in the handbook",
                (f"did you mean #{' or #'.join(close)}? " if close else "")
                + f"an anchor is a line ({label})= above a heading, or the name of a milestone",
            )


declare("P013", "P014")
