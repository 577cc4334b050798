"""D4xx: dates in running text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from handbook.datecheck import words
from handbook.datecheck.sources import day
from handbook.datecheck.tree import MilestoneBlock, PassageText, Tree
from handbook.model import edtf
from handbook.model.edtf import Order
from handbook.model.pages import Container, Page, Span
from handbook.rules.findings import Finding
from handbook.rules.rule import rule

_ITEMS = ("list_item", "dd", "blockquote")
_GROUPS = ("bullet_list", "ordered_list", "table", "list-table")


class _CitationCoverage:
    """The lists and tables of a page that a citation or a milestone covers, and the dates for which
    the page itself gives a source.
    """

    def __init__(self, readings: list[PassageText], milestones: list[edtf.Edtf]) -> None:
        self.containers: set[int] = set()
        self.rows: set[tuple[int, int]] = set()
        self.columns: set[tuple[int, int]] = set()
        self.groups = set(_signed_groups(readings))
        self.dates = milestones
        self._readings = readings
        for reading in readings:
            within = reading.passage.within
            signed = signs(reading)
            if signed or any(part.kind == "milestone" for part in within):
                self.dates += [said.date for said in reading.dates if said.date]
            if signed:
                self.containers |= {part.serial for part in within if part.kind in _ITEMS}
                for table, row, column in cells(reading):
                    self.rows.add((table, row.serial))
                    if row.index == 0 or row.serial in self._source_rows:
                        self.columns.add((table, column))

    @cached_property
    def _source_rows(self) -> set[int]:
        """Return the rows headed "Source": they cover the columns of their table."""
        return {
            row.serial
            for reading in self._readings
            for _, row, column in cells(reading)
            if column == 0 and reading.passage.text.lower().startswith(("source", "来源"))
        }

    def holds(self, reading: PassageText) -> bool:
        within = reading.passage.within
        if any(part.kind == "milestone" or part.serial in self.groups for part in within):
            return True
        innermost = next((part for part in reversed(within) if part.kind in _ITEMS), None)
        if innermost and innermost.serial in self.containers:
            return True
        return any(
            (table, row.serial) in self.rows or (table, column) in self.columns
            for table, row, column in cells(reading)
        )


def _signed_groups(readings: list[PassageText]) -> Iterator[int]:
    """Return the lists and tables that a paragraph beside them covers."""
    introduction = ""  # the paragraph just above, if it cites a source
    last: Container | None = None  # the list or table just above
    for reading in readings:
        passage = reading.passage
        group = next((part for part in passage.within if part.kind in _GROUPS), None)
        if group is None:
            speaks = passage.kind == "paragraph" and signs(reading)
            if speaks and last and "table" in last.kind:
                yield last.serial
            introduction, last = passage.text.rstrip() if speaks else "", None
        elif last is None or last.serial != group.serial:
            # a sentence that ends in a colon, or names the table, covers what is below it
            if introduction.endswith((":", "：")) or (
                "table" in group.kind
                and re.search(r"\b(?:table|below|following)\b|[下如]表", introduction)
            ):
                yield group.serial
            introduction, last = "", group


def cells(reading: PassageText) -> Iterator[tuple[int, Container, int]]:
    """Yield the tables around the passage: the table, the row, and the number of the column."""
    within = reading.passage.within
    for number, part in enumerate(within):
        inner = within[number + 1 :]
        if part.kind == "list-table":
            items = [item for item in inner if item.kind == "list_item"]
            if len(items) >= 2:
                yield part.serial, items[0], items[1].index
        elif part.kind == "table":
            row = next((item for item in inner if item.kind == "tr"), None)
            cell = next((item for item in inner if item.kind in {"td", "th"}), None)
            if row and cell:
                body = any(item.kind == "tbody" for item in inner)
                yield part.serial, Container("tr", row.serial, row.index + body), cell.index


def signs(reading: PassageText) -> bool:
    """Return whether the passage cites a source or links to a milestone."""
    passage = reading.passage
    names = reading.tree.milestone_by_name
    return any(
        (span.kind == "role" and span.name.startswith("cite"))
        or (span.kind == "link" and span.value.partition("#")[2] in names)
        for span in passage.spans
    )


@rule("D401")
def date_without_source(tree: Tree) -> Iterator[Finding]:
    """A paragraph, list item or table cell with a date carries a citation or links to a milestone.

    Besides a citation of its own, one counts in the same row, in the head of the column, in the
    paragraph below a table, and in the sentence above a list or table that ends in a colon or names
    the table. A link to a page or heading of the handbook that has the date with its source counts,
    and so does the edition of a standard named by `{iso}`, or shown by `{standard}` on its page. No
    source is required for a sentence that says that nothing was found, or when we read something;
    for a date in quotation marks; and for "the plenary of 2016" where the page cites a source for
    2016.
    """
    pages: dict[int, list[PassageText]] = defaultdict(list)
    for reading in tree.readings:
        pages[id(reading.page)].append(reading)
    dates: dict[int, list[edtf.Edtf]] = defaultdict(list)
    for told in tree.milestones:
        if told.milestone:
            dates[id(told.page)].append(told.milestone.date)
    covers: dict[int, _CitationCoverage] = {}

    def cover(page: Page) -> _CitationCoverage:
        if id(page) not in covers:
            covers[id(page)] = _CitationCoverage(pages[id(page)], dates.pop(id(page), []))
        return covers[id(page)]

    for readings in pages.values():
        for reading in readings:
            if (
                reading.passage.kind in {"heading", "title", "dt"}
                or not reading.dates
                or signs(reading)
                or reading.within("th")
            ):
                continue
            own = cover(reading.page)
            if own.holds(reading):
                continue
            linked = [date for page in _linked(reading) for date in cover(page).dates]
            said = next(
                (said for said in reading.dates if not _excused(reading, said, own.dates, linked)),
                None,
            )
            if said:
                yield Finding(
                    reading.place(said.start),
                    "D401",
                    f"{said.text!r} is in a {_NAMES.get(reading.passage.kind, 'paragraph')}"
                    " without a citation or a milestone",
                    "cite the source at the end of the sentence, or link to the milestone",
                )


#: A sentence that says that something is unknown, or what we did ourselves, reports no event.
_UNKNOWN = re.compile(
    r"\b(?:no|nothing|none|nobody|neither|not)\b[^.]{0,120}\b(?:found|find|know|known|shown|seen|read|gives?|names?|says?|tells?|proved)\b"
    r"|\b(?:found|names?|gives?|shows?) (?:no|none|nothing)\b|\bunknown\b|\bmissing\b|\bwas not"
    r" found\b|\bwould (?:settle|prove|show|help|be needed|decide)\b"
    r"|\b(?:was|were) (?:read|searched|opened|looked up)\b|未找到|没有找到|不详",
    re.IGNORECASE,
)
_NAMING = re.compile(
    r"\b(?![Tt]he (?:\w+"
    r" )?(?:summer|spring|autumn|winter|end|beginning|start|middle|year|month"
    r"|course)\b)(?:[Tt]he|[Tt]h[ei]se?|[Tt]hose|[Bb]oth|[Ii]ts"
    r"|[Oo]ur)\s+(?:(?!(?:in|on|at|by|the|was|were|took|had)\b)"
    r"[\w'’/-]+\s+){1,6}(?:of|for|from)\s+(?:(?:[Jj]une|[\w]+"
    r" and)\s+)?$"
)
#: A sentence about the content of the page.
_OF_ITSELF = re.compile(
    r"\b[Tt]his (?:page|chapter|section|handbook) (?:tells|covers|describes|follows)\b|本页"
)
_LABEL = re.compile(r"\s*(?:[-*]\s+)?\*\*[^*]{1,60}\*\*")


def _excused(
    reading: PassageText, said: words.DateMention, own: list[edtf.Edtf], linked: list[edtf.Edtf]
) -> bool:
    if _reports_no_event(reading, said) or _is_quoted(reading, said):
        return True
    if said.date is None:
        return False
    start, end = reading.sentence(said.start)
    named = _NAMING.search(reading.prose[max(0, said.start - 160) : said.start])
    named = named or _OF_ITSELF.search(reading.prose, start, end)
    return _agrees(said.date, [*linked, *(own if named else ()), *_editions(reading)])


def _reports_no_event(reading: PassageText, said: words.DateMention) -> bool:
    start, end = reading.sentence(said.start)
    label = _LABEL.match(reading.prose)
    return bool(
        words.has(_UNKNOWN, reading.prose[start:end])
        or (label and (_UNKNOWN.search(label[0]) or _TO_READER.search(label[0])))
        or _listed_as_unknown(reading)
    )


def _is_quoted(reading: PassageText, said: words.DateMention) -> bool:
    return any(
        begin < said.start and said.end < finish for begin, finish in words.quoted(reading.prose)
    )


def _editions(reading: PassageText) -> Iterator[edtf.Edtf]:
    """Return when the standards were published that the page shows, or that are named here."""
    catalogue = reading.tree.catalogue
    shown = (reference for reference, _block in reading.page.standards)
    named = (
        reference.deliverable
        for other in [reading, *_row(reading)]
        for reference in other.references
        if reference.role
    )
    for deliverable in (*map(catalogue.by_reference.get, shown), *named):
        if deliverable and deliverable.published:
            yield deliverable.published


def _agrees(date: edtf.Edtf, others: Iterable[edtf.Edtf]) -> bool:
    """Return whether one of the others is at least as precise and lies within the date."""
    return any(date.earliest <= other.earliest and other.latest <= date.latest for other in others)


def _row(reading: PassageText) -> list[PassageText]:
    """Return the other cells in the row of a table."""
    mine = {(table, row.serial) for table, row, _ in cells(reading)}
    if not mine:
        return []
    return [
        other
        for other in reading.tree.page_readings(reading.page)
        if any((table, row.serial) in mine for table, row, _ in cells(other))
    ]


def _listed_as_unknown(reading: PassageText) -> bool:
    """Return whether the passage is an item of a list below a heading, or a sentence with a colon,
    that says that something is unknown.
    """
    group = next(
        (
            part.serial
            for part in reading.passage.within
            if part.kind in {"bullet_list", "ordered_list"}
        ),
        None,
    )
    if group is None:
        return False
    heading = above = ""
    for other in reading.tree.page_readings(reading.page):
        if any(part.serial == group for part in other.passage.within):
            break
        above = other.prose
        if other.passage.kind == "heading":
            heading = other.prose
    # A sentence covers the list below it if it ends in a colon.
    leads = above.rstrip().endswith((":", "："))
    return bool(
        _UNKNOWN.search(heading)
        or (leads and _UNKNOWN.search(above.rstrip()[-200:]))
        or _UNKNOWN.search(reading.page.title or "")
    )


def _linked(reading: PassageText) -> Iterator[Page]:
    """Yield the pages of the handbook that the passage, or its row of a table, links to."""
    for other in [reading, *_row(reading)]:
        for span in other.passage.spans:
            if span.kind == "link":
                page = reading.tree.target(reading.page, span.value)
                if page:
                    yield page
    if reading.within("grid-item-card"):
        line = reading.passage.rows[0][1]
        card = max(
            (
                block
                for block in reading.page.blocks
                if block.name == "grid-item-card" and block.line <= line
            ),
            key=lambda block: block.line,
        )
        page = reading.tree.target(reading.page, card.options.get("link", "") + ".md")
        if page:
            yield page


_NAMES = {"cell": "table cell", "dd": "definition"}


@rule("D402")
def contradicts_milestone(tree: Tree) -> Iterator[Finding]:
    """A date beside a link to a milestone neither contradicts it nor is more precise."""
    for reading in tree.readings:
        for span in reading.passage.spans if reading.dates else ():
            told = (
                tree.milestone_by_name.get(span.value.partition("#")[2])
                if span.kind == "link"
                else None
            )
            if told is None or told.milestone is None:
                continue
            for said in _beside(reading, span):
                if said.date is None:
                    continue
                finer = (
                    said.date.compare(told.milestone.date) is Order.CANNOT_TELL
                    and said.date.precision > told.milestone.date.precision
                    and not said.date.is_interval
                )
                if finer or said.date.contradicts(told.milestone.date):
                    yield Finding(
                        reading.place(said.start),
                        "D402",
                        f"{said.text!r} {'is more precise than' if finer else 'contradicts'} the"
                        f" milestone {told.milestone.name!r}, which has {told.milestone.date}"
                        f" ({_where(tree, told)})",
                        "write the same date in both, as the source has it",
                        told.milestone.name,
                    )


def _where(tree: Tree, told: MilestoneBlock) -> str:
    return f"{told.page.name}:{told.block.line}"


def _beside(reading: PassageText, span: Span) -> Iterator[words.DateMention]:
    """Yield the dates in the text of a link, or joined to it by no more than a preposition."""
    end = reading.passage.label_end(span)
    for said in reading.dates:
        if span.start <= said.start < end:
            yield said
        elif said.start >= span.end:
            between = reading.prose[span.end : said.start]
            if re.fullmatch(
                r"\s*[(（,]?\s*(?:(?:of|on|in|from|at|took place|was|happened|is"
                r" dated)\s+){0,3}(?:the\s+)?",
                between,
            ):
                yield said
        elif said.end <= span.start:
            between = reading.prose[said.end : span.start]
            before = reading.prose[max(0, said.start - 12) : said.start]
            if re.fullmatch(r"\s*,?\s*(?:the\s+)?", between) and re.search(
                r"(?:\b[Oo]n|\b[Ii]n|^|[.!?]\s)\s*$", before
            ):
                yield said


@rule("D403")
def wrong_weekday(tree: Tree) -> Iterator[Finding]:
    """A weekday in the text fits its date."""
    for reading in tree.readings:
        for said in reading.dates:
            if (
                said.weekday is None
                or said.date is None
                or said.date.precision is not edtf.Precision.DAY
                or said.date.start is None
            ):
                continue
            true = said.date.start.earliest.weekday()
            if true != said.weekday:
                yield Finding(
                    reading.place(said.start),
                    "D403",
                    f"{said.text!r}: {said.date.start.earliest.isoformat()} was a"
                    f" {words.WEEKDAYS[true]}, not a {words.WEEKDAYS[said.weekday]}",
                    "look up the date in its source",
                )


#: Words that look relative, but refer to a time given in the text, or to the time of the reader.
_NOT_TIME = re.compile(
    r"\b(?:shortly|soon)\s+(?:before|after\w*|thereafter)\b|\b(?:the|that|a)\s+(?:last|next|past|coming)\s+(?:year|month|week|summer|winter|spring|autumn)\b"
    r"|\b(?:in|of|for|during|after|before|on|since|until|from)\s+(?:this\s+(?:year|month|week|summer|winter|spring|autumn)|these\s+days)\b"
    r"|\b(?:just|even|every|each)\s+now\b|\bnow\s+(?:and\s+(?:then|again|after|later)|that)\b|(?:^|[.!?]\s+)Now\s+(?:go|take|look|read|compare|open|write|ask|let|think|add)\b"
    r"|\bat\s+the\s+moment\s+(?:when|that|of|at|in)\b|\bup(?:[ -]to[ -]|\s+to\s+)date\b",
    re.IGNORECASE,
)
_TO_READER = re.compile(r"\b(?:you|your|yours|yourself)\b|您|你", re.IGNORECASE)


@rule("D404")
def relative_time(tree: Tree) -> Iterator[Finding]:
    """Relative time ("recently", "last year", "目前", "近日") needs "as of" and a date beside it.

    A quotation is exempt: there the words are the source's. So is a sentence that speaks to the
    reader ("ask your national body which committee it follows now"): there the time is the reader's
    own.
    """
    for reading in tree.readings:
        prose = reading.prose
        lower = prose.lower().replace("\n", " ")
        if lower.isascii() and not any(stem in lower for stem in words.RELATIVE_STEMS):
            continue
        free: list[tuple[int, int]] | None = None
        for match in words.RELATIVE.finditer(prose):
            if free is None:
                free = [
                    *words.quoted(prose),
                    *((found.start(), found.end()) for found in _NOT_TIME.finditer(prose)),
                ]
            if any(start <= match.start() and match.end() <= end for start, end in free):
                continue
            start, end = reading.sentence(match.start())
            dated = words.has(words.AS_OF, prose[start:end]) and any(
                start <= said.start < end for said in reading.dates
            )
            if not dated and not words.has(_TO_READER, prose[start:end]):
                yield Finding(
                    reading.place(match.start()),
                    "D404",
                    f"{match[0]!r} is relative to a day that the reader does not know",
                    'write "as of" and the date of the source',
                )


@rule("D405")
def as_of_the_future(tree: Tree) -> Iterator[Finding]:
    """The day after "as of" is not in the future."""
    today = day(tree)
    for reading in tree.readings:
        for match in words.AS_OF.finditer(reading.prose) if reading.dates else ():
            said = next(
                (said for said in reading.dates if match.end() <= said.start <= match.end() + 6),
                None,
            )
            if said and said.date and today.compare(said.date) is Order.BEFORE:
                yield Finding(
                    reading.place(said.start),
                    "D405",
                    f"{match[0]} {said.text}: this is in the future (the check is as of {today})",
                    "write the date of the source",
                )


#: The heading of the list, at the end of a page, of what we did not read or find.
_CLOSING = "Not verified"
_UNREAD = re.compile(
    r"\b(?:was|were)(?:\s+\w+self)?\s+not\s+read\b|\bwe\s+(?:have|had|did)\s+not\s+read\b"
    r"|\b(?:has|have|had)\s+not\s+been\s+read\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"\*\*Not (?:read|found):\*\*\s")


@rule("D406")
def unread_in_running_text(tree: Tree) -> Iterator[Finding]:
    """What was not read is in the list under "Not verified" at the end of the page, and each item
    of that list begins with "Not read:" or "Not found:".

    Pages for contributors are exempt: what is not read there are files.
    """
    closing: dict[int, bool] = defaultdict(bool)
    for reading in tree.readings:
        if reading.page.name.startswith("docs/contributing/"):
            continue
        if reading.passage.kind == "heading":
            closing[id(reading.page)] = reading.prose.strip() == _CLOSING
        elif closing[id(reading.page)]:
            if not _LABELLED.match(reading.passage.text):
                yield Finding(
                    reading.place(0),
                    "D406",
                    f"an item under {_CLOSING!r} says neither what was not read nor what was not"
                    " found",
                    'begin it with "**Not read:**" or "**Not found:**", or move it to the text',
                )
        else:
            for match in _UNREAD.finditer(reading.prose):
                yield Finding(
                    reading.place(match.start()),
                    "D406",
                    f"{' '.join(match[0].split())!r} is in running text",
                    f'move it into a list under the heading "{_CLOSING}" at the end of the page',
                )
