"""A new milestone: its questions, and its place in a page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TextIO

from handbook.contribute.asking import (
    SMALL_WORDS,
    Asked,
    Asker,
    Kind,
    Question,
    RefusalError,
    anything,
)
from handbook.contribute.draft import Change, faults, load
from handbook.datecheck import meetings
from handbook.datecheck.tree import Tree
from handbook.datecheck.words import sentences
from handbook.model.block import Block
from handbook.model.markdown import top_level
from handbook.model.milestones import (
    MILESTONE_OPTIONS,
    MilestoneKind,
    anchor_taken,
    name_taken,
    read_milestone,
)
from handbook.model.pages import Page, parse_page
from handbook.model.strands import MilestoneStatus, Strand
from handbook.rules.findings import Finding, Place

#: The fields of a milestone that are asked for or given as options, other than its place.
FIELDS = ("title", *MILESTONE_OPTIONS, "text")
#: The codes of the rules on each field.
_CODES = {
    "title": "M001",
    "name": "M002",
    "date": "M003",
    "strands": "M004",
    "sources": "M005 M006",
    "status": "M007",
    "kind": "M016",
    "body": "M016",
    "number": "M016",
}
_WIDTH = 110


class Where:
    """The place of a new block: before a line of a page (from 1; one more than its lines for the
    end).
    """

    def __init__(self, page: Page, line: int) -> None:
        self.page = page
        self.line = line


def headings(page: Page) -> list[tuple[int, int, str]]:
    """Return the headings of a page that are in no block: level, line, words."""
    lines = page.text.split("\n")
    found = []
    for passage in page.passages:
        if passage.kind == "heading" and not passage.within:
            line = passage.rows[0][1]
            found.append(
                (
                    len(lines[line - 1]) - len(lines[line - 1].lstrip("#")) or 1,
                    line,
                    passage.text.strip(),
                )
            )
    return found


def end_of_section(page: Page, words: str) -> int:
    """Return the line before which a block must be inserted to end the section with this heading.

    :raises RefusalError: if no heading, or more than one, has these words
    """
    known = headings(page)
    fitting = [
        index
        for index, (_level, _line, text) in enumerate(known)
        if text.casefold() == words.strip().casefold()
    ]
    if len(fitting) != 1:
        texts = [text for _level, _line, text in known]
        close = get_close_matches(words, texts, n=1)
        what = f"{len(fitting)} headings say {words!r}" if fitting else f"no heading says {words!r}"
        hint = (
            "give --line"
            if fitting
            else (f"did you mean {close[0]!r}? " if close else "")
            + "the headings are: "
            + "; ".join(texts)
        )
        raise RefusalError(f"{what} (hint: {hint})")
    level = known[fitting[0]][0]
    lines = page.text.rstrip("\n").split("\n")
    end = next(
        (line for other, line, _text in known[fitting[0] + 1 :] if other <= level), len(lines) + 1
    )
    start = known[fitting[0]][1]
    # a page ends with a table of contents and a bibliography
    end = min(
        [
            block.line
            for block in page.blocks
            if block.name in {"toctree", "bibliography"} and start < block.line < end
        ],
        default=end,
    )
    while end > start + 1 and (
        not lines[end - 2].strip() or re.fullmatch(r"\(.+\)=", lines[end - 2].strip())
    ):
        end -= 1
    return end


def written(fields: Mapping[str, str]) -> str:
    """Return the block as it is put into the page."""
    options = "".join(
        f":{name}: {fields[name]}\n" for name in MILESTONE_OPTIONS if fields.get(name)
    )
    return f":::{{milestone}} {fields['title']}\n{options}{_wrapped(fields['text'])}\n:::\n"


def _wrapped(text: str) -> str:
    """Put each sentence on a line, as in the pages; text that has lines of its own keeps them."""
    if "\n" in text:
        return text
    rows = []
    for start, end in sentences(text):
        rows += textwrap.wrap(
            text[start:end].strip(), _WIDTH, break_long_words=False, break_on_hyphens=False
        )
    return "\n".join(rows)


def read_block(text: str) -> dict[str, str]:
    """Return the fields of the one milestone block in a text.

    :raises RefusalError: if there is not exactly one
    """
    page = parse_page(Path("block.md"), text.encode("utf-8"))
    blocks = [block for block in page.blocks if block.name == "milestone"]
    if len(blocks) != 1:
        raise RefusalError(
            f"the text has {len(blocks) or 'no'} milestone blocks (hint: give one, from"
            " :::{milestone} to :::)"
        )
    if page.findings:
        raise RefusalError(
            "\n".join(f"line {finding.place.line}: {finding.text}" for finding in page.findings)
        )
    lines = text.split("\n")
    body = lines[blocks[0].line + len(blocks[0].options) :]
    end = next(
        (number for number, line in enumerate(body) if re.fullmatch(r":{3,}\s*", line)), len(body)
    )
    return {"title": blocks[0].argument, **blocks[0].options, "text": "\n".join(body[:end]).strip()}


def proposed_name(title: str, day: str, taken: set[str]) -> str:
    """Return a free name of about four words of the title, and the year."""
    words = [
        word
        for word in re.findall(r"[a-z0-9]+", title.lower())
        if not SMALL_WORDS.fullmatch(word) and not word.isdigit()
    ]
    year = re.search(r"\d{4}", day)
    for count in (4, 3, 5, 2):
        name = "-".join([*words[:count], *([year[0]] if year else [])])
        if re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) and name not in taken:
            return name
    return ""


def _faults(tree: Tree, given: Mapping[str, str], option: str, value: str) -> list[str]:
    title = value if option == "title" else given.get("title", "")
    options = {option: value}
    if option in {"body", "number"} or value == MilestoneKind.MEETING:
        # only a meeting has a body and a number, and it must have a body
        options = {"body": given.get("body") or value, "kind": MilestoneKind.MEETING, **options}
    block = Block("milestone", title, options, Place(""))
    found = read_milestone(block, tree.bibliography)[1]
    return [finding.text for finding in found if finding.code in _CODES[option]]


def _name_faults(tree: Tree, value: str) -> Iterator[str]:
    yield from _faults(tree, {}, "name", value)
    if told := tree.milestone_by_name.get(value):
        yield name_taken(value, Place(""), told.block.place_of("name")).text
    elif taken := anchor_taken(value, Place(""), tree.labels, tree.catalogue.by_slug):
        yield taken.text


def _source_faults(tree: Tree, given: Mapping[str, str], value: str) -> Iterator[str]:
    for fault in _faults(tree, given, "sources", value):
        yield fault + ("; a new one: make new-source URL=..." if "M006" in fault else "")


def _body_faults(tree: Tree, given: Mapping[str, str], value: str) -> Iterator[str]:
    yield from _faults(tree, given, "body", value)
    for body in value.split(","):
        if not meetings.is_known(tree, body.strip()):
            code, message, hint = meetings.unknown_body(tree, body.strip())
            yield f"{code} {message} (hint: {hint})"


def _order_faults(tree: Tree, value: str) -> Iterator[str]:
    for name in value.replace(",", " ").split():
        if name not in tree.milestone_by_name:
            yield f"D303 no milestone is called {name!r} (hint: {close_name(tree, name)})"


def questions(tree: Tree, given: Mapping[str, str]) -> Iterator[Question]:
    """Yield all questions in order; ``given`` grows with the answers."""
    faults = partial(_faults, tree, given)
    yield Question(
        "title",
        "a short sentence in the present tense, without a date",
        partial(faults, "title"),
    )
    yield Question(
        "date",
        "as precise as the source: 2019, 2019-01, 2019-01-14; from/to 2018-05-14/2018-05-18; about"
        " 2017-06~",
        partial(faults, "date"),
    )
    yield Question(
        "name",
        "the permanent id: lower-case words and the year",
        partial(_name_faults, tree),
        proposal=proposed_name(given.get("title", ""), given.get("date", ""), {*tree.labels}),
    )
    yield Question("strands", f"one or more of {', '.join(Strand)}", partial(faults, "strands"))
    yield Question(
        "sources",
        "keys of the bibliography, separated by spaces",
        partial(_source_faults, tree, given),
    )
    is_meeting = given.get("kind") == MilestoneKind.MEETING
    yield Question(
        "kind",
        f"one of {', '.join(MilestoneKind)}; event if empty",
        partial(faults, "kind"),
        needed=False,
        asked=Asked.IF_GIVEN,
    )
    yield Question(
        "body",
        "who met, separated by commas: ISO/TC 268, ISO/TC 268/WG 1",
        partial(_body_faults, tree, given),
        needed=is_meeting,
        asked=Asked.ALWAYS if is_meeting else Asked.IF_GIVEN,
    )
    yield Question(
        "number",
        "the number of the meeting in the series of the first body, if a source gives it",
        partial(faults, "number"),
        needed=False,
        asked=Asked.FULLY if is_meeting else Asked.IF_GIVEN,
    )
    yield Question(
        "status",
        f"one of {', '.join(MilestoneStatus)}; happened if empty",
        partial(faults, "status"),
        needed=False,
        asked=Asked.FULLY,
    )
    yield Question("place", "where it happened", needed=False, asked=Asked.FULLY)
    order = partial(_order_faults, tree)
    for name, what, check in (
        ("after", "milestones before it, where the dates alone do not say so", order),
        ("before", "milestones after it, where the dates alone do not say so", order),
        ("given", "sources that give another date: key=date, separated by spaces", anything),
        ("short", "one to four words for the picture of the timeline", anything),
    ):
        yield Question(name, what, check, needed=False, asked=Asked.IF_GIVEN)
    yield Question("text", "one to three plain sentences; a citation is {cite:p}`key`", lines=True)


def close_name(tree: Tree, name: str) -> str:
    """Return a hint for an unknown milestone name."""
    close = get_close_matches(name, tree.milestone_by_name, n=2)
    return (
        f"did you mean {' or '.join(close)}?" if close else "look for the :name: of the milestone"
    )


def find_page(tree: Tree, text: str) -> Page:
    """Return a page by its path, with or without ``docs/`` and ``.md``.

    :raises RefusalError: if there is none
    """
    name = text.strip().removeprefix("./").removeprefix("docs/").removesuffix(".md") + ".md"
    pages = {page.path.relative_to(tree.root / "docs").as_posix(): page for page in tree.pages}
    if name in pages:
        return pages[name]
    close = get_close_matches(name, pages, n=2) or [
        other for other in pages if other.endswith("/" + name.rpartition("/")[2])
    ]
    hint = (
        f"did you mean docs/{' or docs/'.join(close)}?"
        if close
        else "write for example docs/club/meetings.md"
    )
    raise RefusalError(f"there is no page docs/{name} (hint: {hint})")


def place(tree: Tree, asker: Asker) -> Where:
    """Return where the block goes: the end of a section, or before a line.

    :raises RefusalError: if it cannot go there
    """

    def refusal(action: Callable[[], object]) -> list[str]:
        try:
            action()
        except RefusalError as error:
            return [str(error)]
        return []

    name = asker.answer(
        Question(
            "page",
            "the page that it belongs to, for example docs/club/meetings.md",
            lambda value: refusal(lambda: find_page(tree, value)),
        )
    )
    asker.stop_at_faults()
    page = find_page(tree, name)
    if page.findings:
        finding = page.findings[0]
        raise RefusalError(f"{page.name}:{finding.place.line}: {finding.text}")
    if text := asker.given.get("line"):
        return Where(page, _line(tree, page, text))
    texts = [text for _level, _line, text in headings(page)]
    section = asker.answer(
        Question(
            "section",
            "the heading whose section it goes at the end of: " + "; ".join(texts),
            lambda value: refusal(lambda: end_of_section(page, value)),
            proposal=texts[0] if len(texts) == 1 else "",
        )
    )
    asker.stop_at_faults()
    return Where(page, end_of_section(page, section))


def _line(tree: Tree, page: Page, text: str) -> int:
    count = len(page.text.rstrip("\n").split("\n"))
    if not text.isdecimal() or not 1 <= int(text) <= count + 1:
        raise RefusalError(
            f"{text!r} is not a line of {tree.path(page.path)} (hint: give a number from 1 to"
            f" {count + 1})"
        )
    line = int(text)
    for start, end in top_level(page.text):
        if start < line <= end:
            raise RefusalError(
                f"line {line} is inside a block from line {start} to {end} (hint: give --line"
                f" {start} or --line {end + 1})"
            )
    return line


def inserted(text: str, block: str, line: int) -> tuple[str, int]:
    """Return the page with the block before a line, an empty line on either side, and the line on
    which the block begins.
    """
    lines = text.rstrip("\n").split("\n")
    above, below = lines[: line - 1], lines[line - 1 :]
    while above and not above[-1].strip():
        above.pop()
    while below and not below[0].strip():
        below.pop(0)
    parts = [*above, "", *block.rstrip("\n").split("\n"), *(["", *below] if below else [])]
    return "\n".join(parts) + "\n", len(above) + 2


def add(root: Path, today: date, asker: Asker, out: TextIO, spare: bool, dry: bool = False) -> None:
    """Ask for a milestone, check it, write it.

    :param spare: whether optional fields are left out unless they are given
    :param dry: only show what would be written
    :raises RefusalError: if it cannot be written; nothing is changed then
    """
    tree = load(root, today)
    where = place(tree, asker)
    while True:
        fields: dict[str, str] = {}
        for question in questions(tree, asker.given):
            if not question.wanted(asker.given, spare):
                continue
            fields[question.name] = asker.answer(question)
            if question.name in {"title", "date"}:
                asker.given.setdefault(question.name, fields[question.name])
        asker.stop_at_faults()
        name = tree.path(where.page.path)
        change = Change(root)
        text, line = inserted(change.read(name), written(fields), where.line)
        _sure(where.page, text, line, fields)
        change.files[name] = text
        change.promise("milestones", fields["name"])
        found = faults(change, today)
        if not found:
            break
        asker.ask_again({one: field_at(text, line, one) for one in found})
    if not dry:
        change.write()
    print(
        f"\n{name}:{line}: {'would be written' if dry else 'written'}\n\n{written(fields)}",
        file=out,
    )
    if not dry:
        page = where.page.path.relative_to(root / "docs").with_suffix(".html").as_posix()
        print(f"Next: make html, then open build/html/{page}#{fields['name']}", file=out)


def _sure(page: Page, text: str, line: int, fields: Mapping[str, str]) -> None:
    """Check the page as it would be: the new block must contain what was answered, and all others
    what they contained before.

    :raises RefusalError: if not
    """
    read = parse_page(page.path, text.encode("utf-8"))
    found = next(
        (block for block in read.blocks if block.line == line and block.name == "milestone"), None
    )
    options = {name: fields[name] for name in MILESTONE_OPTIONS if fields.get(name)}
    if found is None or found.argument != fields["title"] or found.options != options:
        raise RefusalError(
            "an answer would be read as markup (hint: no line of the text begins with a colon, and"
            " each answer but the text has one line)"
        )
    others = [
        (block.name, block.argument, block.options) for block in read.blocks if block is not found
    ]
    if [
        block
        for block in others
        if block not in [(old.name, old.argument, old.options) for old in page.blocks]
    ] or len(others) < len(page.blocks):
        raise RefusalError(
            "the text would change what is around it (hint: write plain sentences, without"
            " blocks of their own)"
        )


def field_at(text: str, line: int, finding: Finding) -> str | None:
    """Return the field that a finding is about, or ``None``."""
    lines = text.split("\n")
    if not line <= finding.place.line < line + 40:
        return None
    if finding.place.line == line:
        return "title"
    match = re.match(r":([a-z]+): ", lines[finding.place.line - 1])
    return match[1] if match and match[1] in MILESTONE_OPTIONS else "text"


KIND = Kind(
    answers=("page", "section", "line", *FIELDS),
    enough=frozenset({"title", "date", "sources", "text"}),
    read=read_block,
    add=add,
)


def _add_meeting(
    root: Path, today: date, asker: Asker, out: TextIO, spare: bool, dry: bool = False
) -> None:
    asker.given.setdefault("kind", MilestoneKind.MEETING)
    add(root, today, asker, out, spare, dry)


#: The kind of a milestone that is a meeting.
MEETING = replace(KIND, enough=KIND.enough | {"body"}, add=_add_meeting)
