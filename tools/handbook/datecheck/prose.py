"""D4xx: dates in running text."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from handbook import edtf
from handbook.datecheck import words
from handbook.datecheck.rule import Fault, rule
from handbook.datecheck.source import day
from handbook.datecheck.tree import Reading, Told, Tree
from handbook.edtf import Order
from handbook.pages import Span

_ITEMS = ("list_item", "dd", "blockquote")


class _Cover:
    """Which passages of a page stand under a citation or a milestone, and which tables and lists."""

    def __init__(self, readings: list[Reading]) -> None:
        self.containers: set[int] = set()
        self.cells: set[tuple[int, str, int]] = set()
        self.lists: set[int] = set()
        self.lead_in = False
        last_list: int | None = None
        for reading in readings:
            signed = signs(reading)
            passage = reading.passage
            opened = next((part.serial for part in passage.within if part.kind in {"bullet_list", "ordered_list", "table", "list-table"}), None)
            if opened is None:
                # a sentence that ends in a colon speaks for the list below it
                self.lead_in = signed and passage.text.rstrip().endswith((":", "："))
                last_list = None
            elif opened != last_list and (self.lead_in or opened in self.lists):
                self.lists.add(opened)
                last_list = opened
                self.lead_in = False
            if signed:
                self.containers |= {part.serial for part in passage.within if part.kind in _ITEMS}
                self.cells |= set(cell(reading))

    def holds(self, reading: Reading) -> bool:
        within = reading.passage.within
        if any(part.kind == "milestone" or part.serial in self.lists for part in within):
            return True
        innermost = next((part for part in reversed(within) if part.kind in _ITEMS), None)
        if innermost and innermost.serial in self.containers:
            return True
        return any(place in self.cells for place in cell(reading))


def cell(reading: Reading) -> Iterator[tuple[int, str, int]]:
    """The row and the column of a table that the passage stands in."""
    within = reading.passage.within
    for number, part in enumerate(within):
        inner = within[number + 1 :]
        if part.kind == "list-table":
            items = [item for item in inner if item.kind == "list_item"]
            if len(items) >= 2:
                yield part.serial, "row", items[0].serial
                yield part.serial, "column", items[1].index
        elif part.kind == "table":
            row = next((item.serial for item in inner if item.kind == "tr"), 0)
            column = next((item.index for item in inner if item.kind in {"td", "th"}), 0)
            yield part.serial, "row", row
            yield part.serial, "column", column


def signs(reading: Reading) -> bool:
    """Whether the passage cites a source or links to a milestone."""
    passage = reading.passage
    names = reading.tree.milestone_by_name
    return any(
        (span.kind == "role" and span.name.startswith("cite")) or (span.kind == "link" and span.value.partition("#")[2] in names)
        for span in passage.spans
    )


@rule("D401")
def date_without_source(tree: Tree) -> Iterator[Fault]:
    """A paragraph, list item or table cell with a date carries a citation or links to a milestone.

    In a table a citation in the same row or column counts; a sentence that ends in a colon speaks for the list below it.

    Why: A date without source cannot be checked, and is copied on.

    Example:
    The club met in Hangzhou in May 2018.

    Mend: Cite the source at the end of the sentence, or link to the milestone: `[the meeting](#isscc-meeting-2018)`.
    """
    pages: dict[int, list[Reading]] = defaultdict(list)
    for reading in tree.readings:
        pages[id(reading.page)].append(reading)
    for readings in pages.values():
        cover: _Cover | None = None
        for reading in readings:
            if reading.passage.kind in {"heading", "title", "dt"} or not reading.dates or signs(reading):
                continue
            cover = cover or _Cover(readings)
            if not cover.holds(reading):
                said = next((said for said in reading.dates if said.date or said.problem or re.search(r"\d", said.text)), None)
                if said:
                    yield Fault(
                        reading.place(said.start), f"{said.text!r} stands in a {_NAMES.get(reading.passage.kind, 'paragraph')} without citation and milestone",
                        "cite the source at the end of the sentence, or link to the milestone",
                    )


_NAMES = {"cell": "table cell", "dd": "definition"}


@rule("D402")
def contradicts_milestone(tree: Tree) -> Iterator[Fault]:
    """A date beside a link to a milestone does not contradict it, and is not more precise than it.

    Why: The handbook would say two things about one event.

    Example:
    [The club was founded in July 2017](#isscc-founding-2017).

    Mend: Write the date as in the milestone, or correct the milestone.
    """
    for reading in tree.readings:
        for span in reading.passage.spans if reading.dates else ():
            told = tree.milestone_by_name.get(span.value.partition("#")[2]) if span.kind == "link" else None
            if told is None or told.milestone is None:
                continue
            for said in _beside(reading, span):
                if said.date is None or said.date.is_unknown:
                    continue
                order = said.date.compare(told.milestone.date)
                finer = order is Order.CANNOT_TELL and said.date.precision > told.milestone.date.precision and not said.date.is_interval
                if order in {Order.BEFORE, Order.AFTER} or finer:
                    yield Fault(
                        reading.place(said.start), f"{said.text!r} {'is more precise than' if finer else 'contradicts'} the milestone "
                        f"{told.milestone.name!r}, which has {told.milestone.date} ({_where(tree, told)})", "write the same date in both, as the source has it",
                    )


def _where(tree: Tree, told: Told) -> str:
    return f"{tree.path(told.page.path)}:{told.block.line}"


def _beside(reading: Reading, span: Span) -> Iterator[words.Said]:
    """The dates in the text of a link, or joined to it by no more than a preposition."""
    end = reading.passage.label_end(span)
    for said in reading.dates:
        if span.start <= said.start < end:
            yield said
        elif said.start >= span.end:
            between = reading.prose[span.end : said.start]
            if re.fullmatch(r"\s*[(（,]?\s*(?:(?:of|on|in|from|at|took place|was|happened|is dated)\s+){0,3}(?:the\s+)?", between):
                yield said
        elif said.end <= span.start:
            between = reading.prose[said.end : span.start]
            before = reading.prose[max(0, said.start - 12) : said.start]
            if re.fullmatch(r"\s*,?\s*(?:the\s+)?", between) and re.search(r"(?:\b[Oo]n|\b[Ii]n|^|[.!?]\s)\s*$", before):
                yield said


@rule("D403")
def wrong_weekday(tree: Tree) -> Iterator[Fault]:
    """The day of the week fits the date.

    Why: If it does not, one of the two was copied wrong.

    Example:
    The ceremony was on Tuesday, 14 January 2019 {cite:p}`hangzhounet2019secretariat`.
    签约仪式于2019年1月14日（星期二）举行。

    Mend: Look the date up in its source; leave the weekday out if the source has none.
    """
    for reading in tree.readings:
        for said in reading.dates:
            if said.weekday is None or said.date is None or said.date.precision is not edtf.Precision.DAY or said.date.start is None:
                continue
            true = said.date.start.earliest.weekday()
            if true != said.weekday:
                yield Fault(
                    reading.place(said.start), f"{said.text!r}: {said.date.start.earliest.isoformat()} was a {words.WEEKDAYS[true]}, "
                    f"not a {words.WEEKDAYS[said.weekday]}", "look the date up in its source",
                )


#: "today" and "now" that do not point at the day of writing.
_NOT_TIME = re.compile(
    r"\b(?:right|until|by|from|up to|just|even|every|each) now\b|\bnow (?:and then|and again|that)\b|\b(?:kept|keep|keeps|bring|brings|brought|be) (?:it )?up to date\b"
    r"|\bup[ -]to[ -]date\b",
    re.IGNORECASE,
)


@rule("D404")
def relative_time(tree: Tree) -> Iterator[Fault]:
    """Relative time ("recently", "currently", "last year", 目前, 近日) stands only in a sentence with "as of" and a date.

    A quotation is free: there the words are the source's.

    Why: A reader of next year reads it wrong.

    Example:
    The club currently has 60 members {cite:p}`issccndisscc`.

    Mend: Write "as of May 2024", with the date of the source.
    """
    for reading in tree.readings:
        prose = reading.prose
        free: list[tuple[int, int]] | None = None
        for match in words.RELATIVE.finditer(prose):
            if free is None:
                free = [*words.quoted(prose), *((found.start(), found.end()) for found in _NOT_TIME.finditer(prose))]
            if any(start <= match.start() and match.end() <= end for start, end in free):
                continue
            start, end = reading.sentence(match.start())
            dated = words.AS_OF.search(prose, start, end) and any(start <= said.start < end for said in reading.dates)
            if not dated:
                yield Fault(
                    reading.place(match.start()), f"{match[0]!r} is relative to a day that the reader does not know",
                    'write "as of" and the date of the source',
                )


@rule("D405")
def as_of_the_future(tree: Tree) -> Iterator[Fault]:
    """"As of" is followed by a day that is not in the future.

    Why: Nobody knows yet what will be true then.

    Example:
    As of May 2062 the club has 60 members {cite:p}`issccndisscc`.

    Mend: Write the date of the source.
    """
    today = day(tree)
    for reading in tree.readings:
        for match in words.AS_OF.finditer(reading.prose) if reading.dates else ():
            said = next((said for said in reading.dates if match.end() <= said.start <= match.end() + 6), None)
            if said and said.date and today.compare(said.date) is Order.BEFORE:
                yield Fault(reading.place(said.start), f"{match[0]} {said.text}: this is in the future (the check is as of {today})", "write the date of the source")
