"""Milestones: what a ``{milestone}`` block states, and what is wrong with it.

The check and the build both read blocks here, and so agree.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from handbook.model import edtf
from handbook.model.bibliography import Bibliography
from handbook.model.block import Block, one_of
from handbook.model.strands import MilestoneStatus, Strand
from handbook.rules.findings import Finding, Place

#: The years that the timeline can show.
YEARS = edtf.YEARS
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class MilestoneKind(StrEnum):
    """The kind of a milestone: an event of any kind, or the meeting of a body."""

    EVENT = "event"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated event of the timeline. ``name`` is its permanent id, ``sources`` are bibliography
    keys.

    ``short`` are one to four words that label it in the picture of the timeline; only a few
    milestones have them. ``after`` and ``before`` name milestones that it followed and that
    followed it, where the dates alone do not tell. ``given`` has the sources that give a date other
    than ``date``, or give it less exactly, each with the date that it gives; an unknown date
    (``XXXX``) means that the source gives none. Every other source gives ``date`` itself. A meeting
    has the ``bodies`` that met; ``number`` counts the plenaries of the first of them.
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
    kind: MilestoneKind = MilestoneKind.EVENT
    bodies: tuple[str, ...] = ()
    number: int | None = None

    @property
    def years(self) -> tuple[str, ...]:
        """Return the years in which it was, or may have been; an open end counts as its start."""
        ends = [self.date.start, self.date.end]
        first, last = self.date.earliest.year, self.date.latest.year
        if not all(ends):
            first = last = last if ends[1] else first
        return tuple(str(year) for year in range(first, last + 1))

    def other_dates(self, known: Container[str]) -> dict[edtf.Edtf, list[str]]:
        """Return the dates that known sources give instead, each with these sources."""
        dates: dict[edtf.Edtf, list[str]] = {}
        for key, date in self.given:
            if key in known and not date.is_unknown:
                dates.setdefault(date, []).append(key)
        return dates


#: What every ``{milestone}`` needs: the rule, and an example.
_REQUIRED = {
    "name": (
        "M002",
        "add :name: followed by a permanent id, for example isscc-secretariat-2019",
    ),
    "date": (
        "M003",
        "add :date: 2019-01-14 (or 2019-01, or 2019: as precise as the source)",
    ),
    "strands": ("M004", "add :strands: with one or more of " + ", ".join(Strand)),
    "sources": ("M005", "add :sources: with one or more keys of references/*.bib"),
}
#: Options of ``{milestone}``; the first four are required.
MILESTONE_OPTIONS = (
    *_REQUIRED,
    "kind",
    "body",
    "number",
    "status",
    "place",
    "after",
    "before",
    "short",
    "given",
)


def read_milestone(
    block: Block, bibliography: Bibliography | None = None
) -> tuple[Milestone | None, list[Finding]]:
    """Read a ``{milestone}`` block.

    :param bibliography: ``None`` leaves the keys of sources unchecked
    :returns: the milestone, or ``None`` if it lacks what it cannot be without; and everything that
        is wrong
    """
    reader = _Reader(block)
    reader.needs_title()
    reader.knows_options()
    reader.needs_text()
    reader.is_short()
    name, date, strands = reader.name(), reader.date(), reader.strands()
    sources, status = reader.sources(bibliography), reader.status()
    given = reader.given(sources, date)
    kind, bodies, number = reader.meeting()
    title = block.argument.strip()
    if not (title and name and date and strands and sources):
        return None, reader.findings
    milestone = Milestone(
        name,
        title,
        date,
        strands,
        sources,
        status,
        block.value("place") or None,
        block.words("after"),
        block.words("before"),
        block.value("short") or None,
        given,
        kind,
        bodies,
        number,
    )
    return milestone, reader.findings


def read_overview(block: Block) -> tuple[int | None, list[Finding]]:
    """Return the first year of a ``{timeline}``'s picture, and what is wrong with the option
    (M015).
    """
    text = block.value("overview")
    if not text:
        return None, []
    if re.fullmatch(r"[0-9]{4}", text) and YEARS[0] <= int(text) <= YEARS[1]:
        return int(text), []
    message = f"{text!r} is not a year that the timeline can begin with"
    hint = f"write a year from {YEARS[0]} to {YEARS[1]}, such as 2012"
    return None, [block.finding("M015", "overview", message, hint)]


def read_strands(block: Block) -> tuple[tuple[Strand, ...], list[Finding]]:
    """Return the strands that a ``{milestone}`` or ``{timeline}`` names, and findings for unknown
    ones (M004).
    """
    known, findings = [], []
    for word in block.words("strands"):
        if word in set(Strand):
            known.append(Strand(word))
        else:
            message = f"{word!r} is not a strand"
            findings.append(
                block.finding("M004", "strands", message, one_of(word, Strand), word=word)
            )
    findings += _twice(block, "strands")
    return tuple(known), findings


def _twice(block: Block, option: str) -> Iterator[Finding]:
    """Find a word that an option names more than once (M013)."""
    words = block.words(option)
    for word in dict.fromkeys(one for one in words if words.count(one) > 1):
        message = f"{word!r} appears twice in :{option}:"
        yield block.finding("M013", option, message, "delete one of the two", word=word)


def meeting_faults(block: Block, told: Iterable[Milestone]) -> Iterator[Finding]:
    """Find options of a ``{meetings}`` block that select by something that does not exist
    (R007).
    """
    meetings = [one for one in told if one.kind is MilestoneKind.MEETING]
    known = {
        "body": sorted({body for one in meetings for body in one.bodies}),
        "year": sorted({year for one in meetings for year in one.years}),
    }
    for option, values in known.items():
        if option in block.options and (value := block.value(option)) not in values:
            message = f"no meeting has the {option} {value!r}"
            hint = one_of(value, values) if values else "add :kind: meeting to a milestone"
            yield block.finding("R007", option, message, hint)


def name_taken(name: str, place: Place, first: Place) -> Finding:
    """Return the finding for a milestone's name that is used a second time (M009).

    :param first: the place that uses it already
    """
    return Finding(
        place,
        "M009",
        f"the milestone name {name!r} is already used at {first.path}:{first.line}",
        "give this one another name",
        name,
    )


#: Anchors that Sphinx and the theme create.
_GIVEN = frozenset({"furo-main-content", "genindex", "modindex", "search"})


def anchor_taken(
    name: str, place: Place, labels: Container[str], slugs: Container[str]
) -> Finding | None:
    """Return the finding for a milestone's name that is an anchor of something else (M009).

    :param labels: the anchors of headings
    :param slugs: the anchors of standards
    """
    standard = name.removesuffix("-published") in slugs
    if not (standard or name in labels or name in _GIVEN or name.startswith("cite-")):
        return None
    what = "a standard" if standard else "a source" if name.startswith("cite-") else "a heading"
    what = "the page" if name in _GIVEN else what
    message = f"the name {name!r} is the anchor of {what}"
    return Finding(place, "M009", message, "give this one another name", name)


class _Reader:
    """Reads the options of one block, one method per option."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.findings: list[Finding] = []

    def wrong(self, code: str, option: str, message: str, hint: str, word: str = "") -> None:
        self.findings.append(self.block.finding(code, option, message, hint, word=word))

    @property
    def label(self) -> str:
        """Return what messages call the milestone."""
        return repr(self.block.value("name") or self.block.argument)

    def needs_title(self) -> None:
        if not self.block.argument.strip():
            hint = "write it on the first line: :::{milestone} The club is founded"
            self.wrong("M001", "title", "a milestone has no title", hint)

    def needs_text(self) -> None:
        if self.block.content is not None and not self.block.content.strip():
            hint = "write what happened in one to three sentences, below the options"
            self.wrong("M012", "text", f"the milestone {self.label} has no text", hint)

    def is_short(self) -> None:
        text = self.block.value("short")
        if len(text.split()) > 4:
            message = f"{text!r} is too long for the picture of the timeline"
            self.wrong("M014", "short", message, "write one to four words")

    def knows_options(self) -> None:
        for option in self.block.options:
            if option not in MILESTONE_OPTIONS:
                message = f"a milestone has no option {option!r}"
                self.wrong("M008", option, message, one_of(option, MILESTONE_OPTIONS))
        for option, (code, hint) in _REQUIRED.items():
            if not self.block.value(option):
                message = f"the milestone {self.block.argument!r} has no {option}"
                self.wrong(code, option, message, hint)

    def name(self) -> str | None:
        name = self.block.value("name")
        if not name or _NAME.fullmatch(name):
            return name or None
        hint = "write lower-case words and the year, joined by hyphens: isscc-secretariat-2019"
        self.wrong("M002", "name", f"{name!r} is not a milestone name", hint)
        return None

    def date(self) -> edtf.Edtf | None:
        text = self.block.value("date")
        try:
            date = edtf.parse(text) if text else None
        except edtf.EdtfError as error:
            place = self.block.place_of("date")
            message = f"the date of {self.label}: {error.problem}"
            finding = Finding(place, "M003", message, error.hint, "date", error.fix(place))
            self.findings.append(finding)
            return None
        if date and date.is_unknown:
            hint = "tell an event without any date in the text, not on the timeline"
            self.wrong("M003", "date", f"the date of {self.label} is unknown", hint)
            return None
        first = date and date.start and date.start.earliest.year
        last = date and date.end and date.end.latest.year
        if not all(YEARS[0] <= year <= YEARS[1] for year in (first, last) if year):
            hint = f"look for a slip in the year: milestones lie from {YEARS[0]} to {YEARS[1]}"
            self.wrong("M003", "date", f"the date of {self.label} is beyond the timeline", hint)
            return None
        return date

    def strands(self) -> tuple[Strand, ...]:
        known, findings = read_strands(self.block)
        self.findings += findings
        return known

    def sources(self, bibliography: Bibliography | None) -> tuple[str, ...]:
        keys = self.block.words("sources")
        if any(key != key.strip(";") for key in keys):
            message = f"the sources of {self.label} are separated by semicolons"
            self.wrong("M006", "sources", message, "separate them by spaces", ";")
            keys = tuple(key.strip(";") for key in keys if key.strip(";"))
        for key in keys:
            if bibliography and key not in bibliography.sources:
                message = f"the milestone {self.label} cites {key!r}, which no references/*.bib has"
                self.wrong("M006", "sources", message, bibliography.nearest(key), key)
        self.findings += _twice(self.block, "sources")
        return keys

    def status(self) -> MilestoneStatus:
        text = self.block.value("status") or MilestoneStatus.HAPPENED
        if text in set(MilestoneStatus):
            return MilestoneStatus(text)
        self.wrong("M007", "status", f"{text!r} is not a status", one_of(text, MilestoneStatus))
        return MilestoneStatus.HAPPENED

    def meeting(self) -> tuple[MilestoneKind, tuple[str, ...], int | None]:
        """Return the kind of the milestone and, for a meeting, the bodies that met and its
        number.
        """
        text = self.block.value("kind") or MilestoneKind.EVENT
        if text not in set(MilestoneKind):
            self.wrong("M016", "kind", f"{text!r} is not a kind", one_of(text, MilestoneKind))
            return MilestoneKind.EVENT, (), None
        body, number = self.block.value("body"), self.block.value("number")
        if text == MilestoneKind.EVENT:
            for option in ("body", "number"):
                if option in self.block.options:
                    message = f"{option!r} says something of a meeting, and this is none"
                    self.wrong("M016", option, message, "add :kind: meeting, or delete it")
            return MilestoneKind.EVENT, (), None
        bodies = tuple(one.strip() for one in body.split(",") if one.strip())
        if not bodies:
            hint = "add :body: followed by who met: ISO/TC 268, ISO/TC 268/SC 1"
            self.wrong("M016", "body", f"the meeting {self.label} has no body", hint)
        if "number" in self.block.options and not re.fullmatch(r"[1-9]\d{0,2}", number):
            hint = "write the number that a source gives in digits, 7; without one leave it out"
            self.wrong("M016", "number", f"{number!r} is not the number of a meeting", hint)
            number = ""
        return MilestoneKind.MEETING, bodies, int(number) if number else None

    def given(
        self, sources: Sequence[str], own: edtf.Edtf | None
    ) -> tuple[tuple[str, edtf.Edtf], ...]:
        """Return the dates that single sources give, written ``key=date``."""
        given: dict[str, edtf.Edtf] = {}
        typed = self.block.value("given")
        joined = re.sub(r"\s*=\s*", "=", typed).replace(";", " ").replace(", ", " ")
        if joined != typed:
            hint = "write key=date, without spaces around =: cqn2024founding=2017-06"
            self.wrong(
                "M010", "given", f"{typed!r} does not say which source gives which date", hint
            )
        for word in joined.split():
            key, _, text = word.partition("=")
            try:
                date = edtf.parse(text) if key and text else None
            except edtf.EdtfError as error:
                date, wrong = None, (f"the date that {key} gives: {error.problem}", error.hint)
            else:
                wrong = ("", "")
            if not (key and text):
                wrong = (
                    f"{word!r} does not say which source gives which date",
                    "write the key and the date without spaces: cqn2024founding=2017-06",
                )
            elif key not in sources:
                wrong = (
                    f"given: {key!r} is not among the sources of this milestone",
                    "add it to :sources:, or correct the key",
                )
            elif key in given:
                wrong = (f"given: {key!r} appears twice", "leave the date that the source gives")
            elif date and date == own:
                wrong = (
                    f"given: {key!r} gives {text}, as the milestone does",
                    "delete it: only dates that differ belong here",
                )
            if wrong[0]:
                self.wrong("M010", "given", *wrong)
            elif date:
                given[key] = date
        return tuple(given.items())


#: A line that was meant as an option: indented, or with full-width colons, or without the space
#: after its name.
_MEANT = re.compile(r"([\s>]*)([:：])([ \t]*)([A-Za-z][\w-]*)([:：])([ \t]*)(.*)$")


@dataclass(frozen=True, slots=True)
class LostOption:
    """An option of a milestone that MyST takes for text.

    ``number`` is its line, from 0; ``finding`` (M011) is ``None`` where the fault is in a line
    above it.
    """

    number: int
    name: str
    value: str
    finding: Finding | None


def title_below(name: str, argument: str, lines: Sequence[str]) -> bool:
    """Return whether the title of a milestone is on the second line, above its options."""
    if name != "milestone" or argument or len(lines) < 2 or _MEANT.match(lines[0]):
        return False
    below = _MEANT.match(lines[1])
    return bool(lines[0].strip() and below and below[4] in MILESTONE_OPTIONS)


def lost_options(
    lines: Sequence[str], first: Place, known: Collection[str] = MILESTONE_OPTIONS
) -> Iterator[LostOption]:
    """Yield options of a directive that are written in a form that MyST does not read.

    :param lines: what follows the options that were read
    :param first: the place of the first of these lines
    :param known: the names of the directive's options
    """
    gap = False
    for number, line in enumerate(lines):
        if not line.strip():
            gap = True
            continue
        match = _MEANT.match(line)
        if match is None or match[4] not in known:
            return
        why, hint = _why_lost(match, gap)
        gap = False
        finding = Finding(
            replace(first, line=first.line + number),
            "M011",
            f"{match[4]!r} is not written as an option: {why}",
            hint,
            match[4],
        )
        yield LostOption(number, match[4], match[7].strip(), finding if why else None)


def _why_lost(match: re.Match[str], gap: bool) -> tuple[str, str]:
    """Return what is wrong with the form of an option, and a hint; two empty texts if nothing
    is.
    """
    indent, first, inner, name, second, space, value = match.groups()
    right = f":{name}: {value}".rstrip()
    if "：" in first + second:
        return "it has a full-width colon (：)", f"write {right}"
    if "\t" in indent:
        return "it begins with a tab", f"delete the tab: {right}"
    if indent:
        spaces = f"{len(indent)} {'space' if len(indent) == 1 else 'spaces'}"
        return f"it is indented by {spaces}", f"delete the spaces: {right}"
    if inner or (value and not space):
        return "its spaces are in the wrong place", f"write {right}"
    if gap:
        hint = "delete the empty line: options come directly below the first line"
        return "there is an empty line above it", hint
    return "", ""
