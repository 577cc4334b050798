"""The handbook as the rules see it: pages, sources, catalogue, and their texts, searched for dates
and references.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from handbook.datecheck import words
from handbook.datecheck.string_pairs import Pair
from handbook.model import data_strings, edtf, iso_reference, moved, settled, translations
from handbook.model.bibliography import Bibliography
from handbook.model.block import Block
from handbook.model.catalogue import CATALOGUE_SOURCE, Catalogue, CatalogueError, Deliverable
from handbook.model.milestones import Milestone
from handbook.model.pages import Container, Page, Passage, read_pages
from handbook.model.profiles import Profiles
from handbook.model.records import Record, Records
from handbook.model.settled import Settled
from handbook.model.terms import Terms
from handbook.model.translations import EDITIONS, Entry, Translatable, catalogue_of
from handbook.rules.findings import Finding, Place, shown

_REFERENCE = re.compile(
    r"\bISO(?P<iec>/IEC(?:/IEEE)?)?(?:/(?P<kind>TS|TR|DIS|FDIS|CD|WD|PAS|DTS|DTR|PRF|AWI|NP|PWI))?"
    r"[ \n](?P<kind2>(?:DIS|FDIS|CD)[ \n])?(?P<number>\d{4,6}(?:-\d{1,3})?)"
    rf"(?P<year>\s?:\s?(?:19|20)\d\d(?!\d))?(?:{iso_reference.SUPPLEMENT})*",
)


_ADOPTED = re.compile(r"[A-Z][ -]$")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reference:
    """A standard named in a text, by a role or in plain text.

    ``deliverable`` is the one that is meant in the catalogue; ``dated`` is whether an edition is
    named; ``title`` is a role's own text.
    """

    start: int
    end: int
    text: str
    deliverable: Deliverable | None
    dated: bool
    role: bool
    title: str | None = None

    @property
    def number(self) -> str:
        """Return the number without year, type and publisher; a role may name it alone."""
        match = re.search(r"\d{4,6}(?:-\d{1,3})?", self.text)
        return match[0] if match else ""


@dataclass
class PassageText:
    """A passage, read: ``prose`` is its text with everything masked that readers do not see,
    offsets unchanged.
    """

    page: Page
    passage: Passage
    tree: Tree

    @cached_property
    def prose(self) -> str:
        """Return the text as readers see it, with roles, code and addresses masked."""
        return self.passage.prose

    @cached_property
    def dates(self) -> list[words.DateMention]:
        """Return the dates of the text and of its ``{date}`` roles."""
        found = words.dates(self.prose)
        for span in self.passage.spans:
            if span.kind == "role" and span.name == "date":
                try:
                    found.append(
                        words.DateMention(span.start, span.end, span.value, edtf.parse(span.value))
                    )
                except edtf.EdtfError:
                    continue
        return sorted(found, key=lambda said: said.start)

    @cached_property
    def references(self) -> list[Reference]:
        """Return the standards that the text names."""
        catalogue = self.tree.catalogue
        found = []
        for span in self.passage.spans:
            if span.kind == "role" and span.name == "iso":
                title, target = role_target(span.value)
                try:
                    deliverable = catalogue.find(target)
                except CatalogueError:
                    continue
                found.append(
                    Reference(
                        span.start,
                        span.end,
                        target,
                        deliverable,
                        target == deliverable.reference,
                        True,
                        title,
                    )
                )
        for match in _REFERENCE.finditer(self.prose) if "ISO" in self.prose else ():
            if _ADOPTED.search(self.prose, max(0, match.start() - 12), match.start()):
                continue  # a national adoption, whose year may be that of the national edition
            text = " ".join(match[0].split()).replace(" :", ":").replace(": ", ":")
            found.append(
                Reference(
                    match.start(),
                    match.end(),
                    text,
                    catalogue.by_reference.get(text),
                    bool(match["year"]),
                    False,
                )
            )
        return sorted(found, key=lambda reference: reference.start)

    @property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Return the start and end of each sentence."""
        return words.sentences(self.prose)

    def sentence(self, offset: int) -> tuple[int, int]:
        """Return the sentence around an offset."""
        return next(
            ((start, end) for start, end in self.sentences if start <= offset < end),
            (0, len(self.prose)),
        )

    def cited(self, start: int, end: int) -> list[str]:
        """Return the keys cited between two offsets."""
        return [
            key.strip()
            for span in self.passage.spans
            if span.kind == "role" and span.name.startswith("cite") and start <= span.start < end
            for key in span.value.split(",")
        ]

    @property
    def deliverable(self) -> Deliverable | None:
        """Return the deliverable that the page shows, if it shows exactly one."""
        shown = self.page.standards
        return self.tree.catalogue.by_reference.get(shown[0][0]) if len(shown) == 1 else None

    def place(self, offset: int) -> Place:
        """Return the place of an offset."""
        return self.page.place(*self.passage.at(offset))

    def within(self, *kinds: str) -> Container | None:
        """Return the innermost container of one of the kinds, or ``None``."""
        return next((part for part in reversed(self.passage.within) if part.kind in kinds), None)


def role_target(value: str) -> tuple[str | None, str]:
    """Return the own text and the target of a role's content: ``text <ISO 37101:2016>``."""
    match = re.fullmatch(r"(?s)(.+?)\s*<([^<>]+)>", value)
    return (match[1], " ".join(match[2].split())) if match else (None, " ".join(value.split()))


@dataclass(frozen=True, slots=True)
class MilestoneBlock:
    """A milestone block: its milestone (``None`` if the block is invalid), its place, and its
    faults.
    """

    page: Page
    block: Block
    milestone: Milestone | None
    findings: tuple[Finding, ...]


@dataclass
class Known:
    """Earlier findings about files that have not changed, which is most of a handbook.

    :param before: what an earlier check found, by the rule and a digest of its input
    :param around: a digest of all files except the text of the pages; ``None`` if it is not known
    """

    before: Mapping[tuple[str, bytes, str], Any] = field(default_factory=dict)
    around: str | None = None
    now: dict[tuple[str, bytes, str], Any] = field(default_factory=dict)

    def once(
        self, what: str, rests_on: Iterable[str | bytes], make: Callable[[], Iterable[T]]
    ) -> list[T]:
        """Return what ``make`` finds, which depends on nothing but these texts."""
        parts = (
            one if isinstance(one, bytes) else one.encode("utf-8", "surrogatepass")
            for one in rests_on
        )
        return self._found((what, blake2b(b"\0".join(parts), digest_size=20).digest(), ""), make)

    def of_page(
        self, what: str, page: Page, make: Callable[[], Iterable[T]], *, around: bool = False
    ) -> list[T]:
        """Return what ``make`` finds, which depends on the page alone, or on the files ``around``
        it too.
        """
        beside = self.around if around else ""
        if not page.digest or beside is None:
            return list(make())
        return self._found((what, page.digest, beside), make)

    def _found(self, key: tuple[str, bytes, str], make: Callable[[], Iterable[T]]) -> list[T]:
        if key not in self.now:
            self.now[key] = self.before[key] if key in self.before else list(make())
        found: list[T] = self.now[key]
        return found


@dataclass
class Tree:
    """Everything that is checked. ``root`` has ``docs/`` and ``references/``; ``as_of`` is the day
    of the check.
    """

    root: Path
    as_of: date
    pages: list[Page] = field(default_factory=list)
    bibliography: Bibliography = field(default_factory=lambda: Bibliography(()))
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(()))
    catalogue_findings: list[Finding] = field(default_factory=list)
    records: Records = field(default_factory=Records)
    profiles: Profiles = field(default_factory=Profiles)
    settled: tuple[Settled, ...] = ()
    settled_findings: list[Finding] = field(default_factory=list)
    terms: Terms = field(default_factory=Terms)
    known: Known = field(default_factory=Known)
    #: The pages and the files that they include, computed once.
    with_included: list[Page] | None = None

    @classmethod
    def load(cls, root: Path, as_of: date) -> Tree:
        """Read the handbook. What cannot be read becomes a finding of the page, the bibliography or
        the catalogue.
        """
        references = root / "references"
        catalogue, findings = Catalogue.read(references, root)
        bibliography = Bibliography.load(references.glob("*.bib"), root)
        records = Records.read(references, catalogue, root)
        pages = read_pages(root / "docs", root)
        profiles = Profiles.read(references, catalogue, root)
        facts, faults = settled.read(references, root)
        return cls(
            root,
            as_of,
            pages,
            bibliography,
            catalogue,
            findings,
            records,
            profiles,
            facts,
            faults,
            Terms.read(references, root),
        )

    def path(self, path: Path) -> str:
        """Return a path as the user would write it."""
        return shown(path, self.root)

    @property
    def all_records(self) -> tuple[Record, ...]:
        """Return every record, and the settled facts."""
        return (*self.records.all, *self.settled)

    @cached_property
    def readings(self) -> list[PassageText]:
        """Return all passages of all pages."""
        return [
            PassageText(page, passage, self) for page in self.pages for passage in page.passages
        ]

    @cached_property
    def _readings_by_page(self) -> dict[int, list[PassageText]]:
        found: dict[int, list[PassageText]] = {}
        for reading in self.readings:
            found.setdefault(id(reading.page), []).append(reading)
        return found

    def page_readings(self, page: Page) -> list[PassageText]:
        """Return the passages of one page."""
        return self._readings_by_page.get(id(page), [])

    @cached_property
    def data_files(self) -> list[Path]:
        """Return all files of data, sorted: sources, YAML, the catalogue, lists of names, moves."""
        references, moves = self.root / "references", self.root / "docs" / moved.NAME
        kinds = ("*.bib", "*.yaml", "*/*.yaml", "*/*.json", "*/*.jsonl", "*/*.txt", "*.jsonl")
        found = {path for kind in kinds for path in references.glob(kind)}
        return sorted(found | ({moves} if moves.exists() else set()))

    @cached_property
    def moves(self) -> moved.Moves:
        """Return the moves, with the faults of their file."""
        path = self.root / "docs" / moved.NAME
        return moved.load(path, self.path(path))

    @cached_property
    def page_names(self) -> dict[str, Page]:
        """Return the pages by their paths below ``docs``, without suffix."""
        return {self.path(page.path)[len("docs/") : -len(".md")]: page for page in self.pages}

    @cached_property
    def catalogues(self) -> list[tuple[Translatable, dict[str, Entry], list[Finding]]]:
        """Return each catalogue of translations: its page or file, its entries, the faults of its
        form.
        """
        return [
            (one, *translations.read(path, self.root))
            for language in EDITIONS
            for one in self._translatable(language)
            if (path := self.translations(language, one.name)).exists()
        ]

    @cached_property
    def pairs(self) -> list[Pair]:
        """Return each string with the translation that readers see."""
        return [
            Pair(source, string, entry)
            for source, entries, _faults in self.catalogues
            for string in source.once
            if (entry := entries.get(string.text)) and entry.stands
        ]

    def translations(self, language: str, name: str) -> Path:
        """Return the path of a catalogue of translations."""
        return catalogue_of(self.root / "docs", language, name)

    def _translatable(self, language: str) -> Iterator[Translatable]:
        for name, page in self.page_names.items():
            # the strings of a page are needed only where it has a catalogue
            if self.translations(language, name).exists():
                yield Translatable.of(name, page)
        known = data_strings.settled_names(self.records, self.terms)
        references, sources = self.root / data_strings.FOLDER, self.bibliography.sources.values()
        yield from data_strings.read(references, known, sources, self.root)

    @cached_property
    def _pages_by_path(self) -> dict[str, Page]:
        return {os.path.normpath(page.path): page for page in self.pages}

    @cached_property
    def _pages_by_label(self) -> dict[str, Page]:
        labels = {label.value: page for page in self.pages for label in page.labels}
        return (
            labels
            | self._record_anchors()
            | {
                self.catalogue.by_reference[reference].slug: page
                for page in self.pages
                for reference, _block in page.standards
                if reference in self.catalogue.by_reference
            }
        )

    def _record_anchors(self) -> dict[str, Page]:
        """Return the anchors that blocks create for records."""
        return {
            anchor: page
            for page in self.pages
            for block in page.blocks
            for anchor in self.records.anchors(block.name, "home" in block.options)
        }

    @cached_property
    def anchors(self) -> dict[str, Place]:
        """Return the first place of each anchor of a page, or of a standard on its page."""
        found: dict[str, Place] = {}
        for page in self.pages:
            for label in page.labels:
                found.setdefault(label.value, page.place(label.line))
            for reference, block in page.standards:
                if known := self.catalogue.by_reference.get(reference):
                    found.setdefault(known.slug, block.place)
        return found

    @cached_property
    def labels(self) -> set[str]:
        """Return every anchor by which a page can be linked."""
        return {*self._pages_by_label, *self.milestone_by_name}

    def target(self, page: Page, address: str) -> Page | None:
        """Return the page of the handbook to which a link on ``page`` leads."""
        path, _, label = address.partition("#")
        if path:
            return (
                self._pages_by_path.get(os.path.normpath(page.path.parent / path))
                if ":" not in path
                else None
            )
        return self._pages_by_label.get(label)

    def body(self, told: MilestoneBlock) -> list[PassageText]:
        """Return the passages in a milestone's block."""
        blocks = [block.line for block in told.page.blocks if block.name == "milestone"]
        return [
            reading
            for reading in self.page_readings(told.page)
            if reading.within("milestone")
            and max((line for line in blocks if line <= reading.passage.rows[0][1]), default=0)
            == told.block.line
        ]

    @cached_property
    def milestones(self) -> list[MilestoneBlock]:
        """Return all milestone blocks."""
        return [
            MilestoneBlock(page, block, milestone, tuple(findings))
            for page in self.pages
            for block, milestone, findings in page.milestones(self.bibliography)
        ]

    @cached_property
    def milestone_by_name(self) -> dict[str, MilestoneBlock]:
        """Return the valid milestones by name; of two with the same name the first."""
        found: dict[str, MilestoneBlock] = {}
        for told in self.milestones:
            if told.milestone:
                found.setdefault(told.milestone.name, told)
        return found


def data_of(path: Path) -> bytes:
    """Return the content of a file; empty if it cannot be read, which its reader reports."""
    with contextlib.suppress(OSError):
        # reading a pipe would wait for ever
        return path.read_bytes() if path.is_file() else b""
    return b""


__all__ = [
    "CATALOGUE_SOURCE",
    "MilestoneBlock",
    "PassageText",
    "Reference",
    "Tree",
    "data_of",
    "role_target",
]
