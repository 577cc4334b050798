"""P008 to P012, P015, P016: slips that keyboards, word processors and haste leave in files.

:func:`page_slips` looks at one page alone, so that the build can ask it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from docutils.nodes import make_id

from handbook.datecheck.tree import Tree, data_of
from handbook.model import placed, safety, shapes
from handbook.model.block import one_of
from handbook.model.directives import ROLES
from handbook.model.pages import FRONT_MATTER, Page, Passage
from handbook.rules.findings import Finding, Fix, Place
from handbook.rules.rule import rule

_HALF = dict(zip("，。：；！？（）｛｝｜＃＊｀＝", ",.:;!?(){}|#*`=", strict=True))
_FULL = re.compile(f"[{''.join(_HALF)}]")
_CHINESE = re.compile("[\u2e80-\u2fff\u3021-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
#: Beginnings of markup in which a character may have become full-width.
_MARKUP = re.compile(
    r"^[\s>]*(?:[:：]{2,}\s*[{｛]?[\w-]*[}｝]?|[:：][A-Za-z][\w-]*[:：]|[#＃]{1,6}(?=\s)"
    r"|[*＊](?=\s)|[|｜])|[{｛][a-z]+(?:[:：][a-z]+)?[}｝][`｀]?"
)
_STRAIGHT = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"}
_CURVED = re.compile(f"[{''.join(_STRAIGHT)}]")
_CURVED_ROLE = re.compile(r"\{[a-z:]+\}([“”„‘’‚][^“”„‘’‚]*[“”„‘’‚])")
_ADDRESS = r"(?:https?://|mailto:|#|[\w./-]+\.(?:md|html?|pdf|png|svg|csv)\b)[^()\s]*"
#: Every text with half-written markup contains one of these.
_SIGNS = re.compile(r"[{}\[\\|\ufffc]|^(?:\.\.|#|\()", re.MULTILINE)
_ROLE = r"[A-Za-z][\w-]*(?::[\w-]+)?"
_WRITE = "write {name}`content`"
#: Markup whose code readers would see, and how it is written here; U+FFFC masks code.
_HALF_WRITTEN = tuple(
    (re.compile(pattern, re.MULTILINE), message, hint)
    for pattern, message, hint in (
        (
            (
                rf"\{{{_ROLE}\}}`?|\{{\s*[A-Za-z][\w-]*(?:\s*:\s*[\w-]+)?\s*\}}(?=[`\ufffc])|^:{{1,2}}\{{[a-z-]+\}}"
                rf"|\{{{_ROLE}(?=\ufffc)|(?<!\S){_ROLE}\}}(?=\ufffc)"
            ),
            "is the beginning of a role or directive that does not end",
            f"{_WRITE}, or for a directive a line :::{{name}} and below it a line :::",
        ),
        (
            rf"(?<!\S):({_ROLE}):(?=\ufffc)",
            "is a role in the form of reStructuredText",
            r"write {\1}`content`",
        ),
        (
            rf"(?<!\w)(?:{'|'.join(sorted(ROLES - {'index'}))})(?=\ufffc)",
            "is a role without braces",
            _WRITE,
        ),
        (r"^\.\. [\w-]+::|^\.\. _[\w-]+:", "is reStructuredText", "write :::{name} or (name)="),
        (r"\ufffc__?(?!\w)", "is a link of reStructuredText", "write [words](address)"),
        (r"\[-?@([\w-]+)[^\]\n]*\]", "is a citation of Pandoc", r"write {cite:p}`\1`"),
        (r"\\cite[a-z]*\{([^}\n]*)\}?", "is a citation of LaTeX", r"write {cite:p}`\1`"),
        (r"\[\[[^\]\n]+\]\]", "is a link of a wiki", "write [words](address)"),
        (r"\{\{[^}\n]*\}\}", "is a substitution, which is not read here", "write it out"),
        (
            r"^\([\w-]+\)=",
            "is an anchor in the midst of text",
            "put it on a line of its own above the heading",
        ),
        (
            rf"(?<=\])(?:[ \t]+\({_ADDRESS}\)|\([^()\s]+\))",
            "is not a link",
            "write [words](address), without a space between",
        ),
        (
            rf"(?<=\])\((?=[^()\n]*\s){_ADDRESS}[^()\n]*\)",
            "is not a link: its address has a space",
            "write the address between < and >: [words](<address>)",
        ),
        (r"\A#{1,6}(?=[^\W\d_])", "is not a heading", "put a space after it: # Title"),
        (
            r"\A[(\[]([a-z\d]+(?:-[a-z\d]+)+)[)\]](?::|(?<=\])=)?\s*\Z",
            "is not an anchor",
            r"write (\1)= if the heading below it is to have one",
        ),
    )
)
_ROW = re.compile(r"(?m)^[ \t]*\|(?=.*\|)")
_SECOND_ROW = re.compile(r"(?m)^[ \t]*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$")


@rule("P008", "P010", "P011", "P012")
def typing_slips(tree: Tree) -> Iterator[Finding]:
    """Markup is complete; it has spaces for tabs, and half-width, straight characters."""
    for page in tree.pages:
        yield from tree.known.of_page("P008", page, partial(page_slips, page))


def page_slips(page: Page) -> Iterator[Finding]:
    """Find slips in a page, whatever it is about."""
    yield from _half_written(page)
    yield from _anchors(page)
    yield from _tabs(page)
    yield from _full_width(page)
    yield from _curved_quotes(page)


def _half_written(page: Page) -> Iterator[Finding]:
    for passage in page.passages:
        prose = _without_links(passage)
        if not _SIGNS.search(prose):
            continue
        done: list[tuple[int, int]] = []
        for pattern, message, hint in _HALF_WRITTEN:
            for match in pattern.finditer(prose):
                if any(start < match.end() and match.start() < end for start, end in done):
                    continue
                if safety.leads_astray(match[0].strip("( ")):
                    continue  # P019 is more specific
                done.append(match.span())
                gap = len(match[0]) - len(match[0].lstrip())
                place = page.place(*passage.at(match.start() + gap))
                typed = match[0].replace("\ufffc", "`").strip()
                yield Finding(
                    place,
                    "P008",
                    f"{typed!r} {message}",
                    match.expand(hint) if "\\" in hint else hint,
                    typed,
                )
        if passage.kind == "paragraph" and (row := _ROW.search(prose)):
            hint = (
                "give the row of hyphens as many cells as the row above it"
                if _SECOND_ROW.search(prose)
                else "put a row of hyphens below the first one: |---|---|"
            )
            place = page.place(*passage.at(row.end() - 1))
            yield Finding(place, "P008", "these rows do not form a table", hint, "|")


def _anchors(page: Page) -> Iterator[Finding]:
    """Find anchors that would have another name on the built page."""
    for label in page.labels:
        if (name := make_id(label.value)) != label.value:
            message = f"the anchor {label.value!r} would become " + (
                f"{name!r} in addresses" if name else "a mere number in addresses"
            )
            hint = f"write ({name or 'name'})=: a small letter, then such letters, digits, hyphens"
            yield Finding(page.place(label.line), "P008", message, hint, label.value)


def _without_links(passage: Passage) -> str:
    """Return a passage as readers see it; only code and roles are masked as \\ufffc."""
    prose = passage.prose
    for span in passage.spans:
        if span.kind not in {"code", "role"}:
            for start, end in ((span.start, span.start + 1), (passage.label_end(span), span.end)):
                prose = prose[:start] + prose[start:end].replace("\ufffc", "\ufffb") + prose[end:]
    return prose


def _tabs(page: Page) -> Iterator[Finding]:
    # where a tab turned the line into code, or broke the front matter, that is reported already
    told = {finding.place.line for finding in page.findings if finding.code in {"P002", "P013"}}
    above = False
    for number, line in enumerate(page.lines, 1) if "\t" in page.text else ():
        at = line.find("\t")
        indents = at >= 0 and not line[:at].strip()
        if at >= 0 and number not in told and not (indents and above):
            place = page.place(number, at + 1)
            # at the beginning of a line it depends on what was meant
            fix = None if indents else Fix(place, "\t", " ")
            hint = "use spaces, here and in the lines below" if indents else "use spaces"
            yield Finding(place, "P010", "the line has a tab", hint, fix=fix)
        above = indents


def _full_width(page: Page) -> Iterator[Finding]:
    for number, line in _lines(page) if _FULL.search(page.text) else ():
        wrong = {
            at.start()
            for match in _MARKUP.finditer(line)
            for at in _FULL.finditer(line, match.start(), match.end())
        }
        if not _CHINESE.search(line):
            code = [match.span() for match in re.finditer(r"(`+)(?!`).*?(?<!`)\1(?!`)", line)]
            wrong |= {
                at.start()
                for at in _FULL.finditer(line)
                if not any(start < at.start() < end for start, end in code)
            }
        if wrong:
            fix, typed = _replace(page.place(number), line, wrong, _HALF)
            message = (
                f"the full-width character{'s' if len(typed) > 1 else ''} {' '.join(typed)} of a"
                " Chinese keyboard would not be understood here"
            )
            hint = f"write {' '.join(_HALF[one] for one in typed)}"
            yield Finding(fix.place, "P011", message, hint, typed, fix)


def _curved_quotes(page: Page) -> Iterator[Finding]:
    chinese = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")
    for number, line in _lines(page) if _CURVED.search(page.text) else ():
        roles = [match.span(1) for match in _CURVED_ROLE.finditer(line)]
        wrong = {
            at.start()
            for at in _CURVED.finditer(line)
            if not chinese.search(line[max(0, at.start() - 1) : at.end() + 1])
            # where they replace the marks of a role, P008 reports it
            and not any(first <= at.start() < end for first, end in roles)
        }
        if wrong:
            fix, typed = _replace(page.place(number), line, wrong, _STRAIGHT)
            marks = "quotation marks" if len(typed) > 1 else "quotation mark"
            message = f"the {marks} {' '.join(typed)} {'are' if len(typed) > 1 else 'is'} curved"
            straight = " ".join(dict.fromkeys(_STRAIGHT[one] for one in typed))
            hint = f"type straight ones: {straight}"
            yield Finding(fix.place, "P012", message, hint, typed, fix)


def _lines(page: Page) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page that are not code, counted from 1."""
    code = {number for first, last in page.literal for number in range(first + 1, last + 1)}
    for number, line in enumerate(page.lines, 1):
        if number not in code:
            yield number, line


def _replace(
    place: Place, line: str, wrong: Iterable[int], right: dict[str, str]
) -> tuple[Fix, str]:
    """Return the change of the characters at these offsets, and each of them once."""
    first, last = min(wrong), max(wrong)
    typed = "".join(dict.fromkeys(line[at] for at in sorted(wrong)))
    old = line[first : last + 1]
    new = "".join(right[one] if at in wrong else one for at, one in enumerate(old, first))
    return Fix(place.after(first), old, new), typed


@rule("P009")
def byte_form(tree: Tree) -> Iterator[Finding]:
    """A file has plain line ends, no byte order mark and no NUL."""
    for path in [*(page.path for page in tree.pages), *tree.data_files]:
        yield from _bytes(tree, path, data_of(path))


def _bytes(tree: Tree, path: Path, data: bytes) -> Iterator[Finding]:
    first = Place(tree.path(path))
    if data.startswith(b"\xef\xbb\xbf"):
        message, hint = "the file begins with a byte order mark", "save it as UTF-8 without BOM"
        yield Finding(first, "P009", message, hint, fix=Fix(first, "\ufeff", ""))
    if (at := data.find(b"\r")) >= 0:
        place = Place(first.path, data.count(b"\n", 0, at) + 1)
        message, hint = "the file has Windows line endings", "save it with Unix line endings (LF)"
        yield Finding(place, "P009", message, hint, fix=Fix(place, "\r", ""))
    if (at := data.find(b"\0")) >= 0 and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        place = Place(first.path, data.count(b"\n", 0, at) + 1)
        yield Finding(place, "P009", "the file has a NUL", "delete the invisible character")


@rule("P015")
def front_matter_names(tree: Tree) -> Iterator[Finding]:
    """The front matter has only names and values that the handbook or Sphinx reads."""
    for page in tree.pages:
        yield from tree.known.of_page("P015", page, partial(_names, page))
        yield from _next(page, tree.page_names.keys())


def _names(page: Page) -> Iterator[Finding]:
    for name, value in page.front_matter.items():
        if page.front and name in shapes.FRONT_MATTER:
            for keys, _, message, hint in placed.misfits(value, shapes.FRONT_MATTER[name]):
                place = page.place(*page.front.place((name, *keys)))
                yield Finding(place, "P015", f"{name}: {message}", hint, name)
        if name not in FRONT_MATTER and page.front:
            place = page.place(*page.front.place((name,), of_key=True))
            message = f"nothing reads {str(name)!r} in the front matter"
            yield Finding(place, "P015", message, one_of(str(name), FRONT_MATTER), str(name))


def _next(page: Page, pages: Set[str]) -> Iterator[Finding]:
    """Find a ``next`` that names no other page."""
    named = page.front_matter.get("next")
    for number, name in enumerate(named if isinstance(named, list) else ()):
        own = page.path.as_posix().endswith(f"docs/{name}.md")
        if page.front and isinstance(name, str) and name and (own or name not in pages):
            place = page.place(*page.front.place(("next", number)))
            what = "is the page itself" if own else "is not a page of the handbook"
            yield Finding(place, "P015", f"next: {name!r} {what}", _nearest(name, pages, own), name)


def _nearest(name: str, pages: Iterable[str], own: bool) -> str:
    close = [] if own else get_close_matches(name, sorted(pages), n=1)
    if close:
        return f"did you mean {close[0]}?"
    return "name another page by its path below docs/, without .md"


@rule("P016")
def dead_anchors(tree: Tree) -> Iterator[Finding]:
    """A link to a place of the handbook names an existing anchor."""
    labels = tree.labels
    # where an anchor is misspelt, only that is reported
    known = labels | {make_id(label) for label in labels}
    for page in tree.pages:
        for link in page.links:
            path, _, label = link.value.partition("#")
            if not label or ":" in path or (path and not path.endswith(".md")):
                continue
            if unquote(label) in known:
                continue
            close = get_close_matches(label, labels, n=2, cutoff=0.7)
            yield Finding(
                page.place(link.line, link.column),
                "P016",
                f"there is no anchor {label!r} in the handbook",
                (f"did you mean #{' or #'.join(close)}? " if close else "")
                + f"an anchor is a line ({label})= above a heading, or the name of a milestone",
            )
