"""The handbook as the rules see it: pages, sources, catalogue, and their texts read for dates and
references.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from handbook.datecheck import words
from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import CATALOGUE_SOURCE, Catalogue, CatalogueError, Deliverable
from handbook.model.pages import Block, Milestone, Page, Passage, Problem, Span, read_pages
from handbook.rules.findings import Finding, Place

_FILLER = "\ufffc"
_REFERENCE = re.compile(
    r"\bISO(?P<iec>/IEC(?:/IEEE)?)?(?:/(?P<kind>TS|TR|DIS|FDIS|CD|WD|PAS|DTS|DTR|PRF|AWI|NP|PWI))?"
    r"[ \n](?P<kind2>(?:DIS|FDIS|CD)["
    r" \n])?(?P<number>\d{4,6}(?:-\d{1,3})?)(?P<year>\s?:\s?(?:19|20)\d\d(?!\d))?(?P<amd>/(?:Amd|Cor)"
    r" ?\d+(?::\d{4})?)?",
)


_ADOPTED = re.compile(r"[A-Z][ -]$")


@dataclass(frozen=True, slots=True)
class Reference:
    """A standard named in a text, by role or plainly.

    ``deliverable`` is the one in the catalogue that is meant; ``dated`` says whether an edition is
    named; ``title`` is a role's own text.
    """

    start: int
    end: int
    text: str
    deliverable: Deliverable | None
    dated: bool
    role: bool
    title: str | None = None


@dataclass
class Reading:
    """A passage read: ``prose`` is its text with everything masked that readers do not see, offsets
    unchanged.
    """

    page: Page
    passage: Passage
    tree: Tree

    @cached_property
    def prose(self) -> str:
        """The text as the reader sees it, roles, code and addresses masked."""
        passage = self.passage
        if not passage.spans:
            return passage.text
        parts, done = [], 0
        for start, end in sorted(self._masked()):
            if start >= done:
                parts += [passage.text[done:start], _FILLER * (end - start)]
                done = end
        return "".join([*parts, passage.text[done:]])

    def _masked(self) -> Iterator[tuple[int, int]]:
        for span in self.passage.spans:
            if span.kind == "link":
                end = self.passage.label_end(span)
                yield (span.start, span.start + 1) if end < span.end else (span.start, span.end)
                if end < span.end:
                    yield end, span.end
            else:
                yield span.start, span.end

    @cached_property
    def dates(self) -> list[words.Said]:
        """The dates of the text and of its ``{date}`` roles."""
        found = words.dates(self.prose)
        for span in self.passage.spans:
            if span.kind == "role" and span.name == "date":
                try:
                    found.append(
                        words.Said(span.start, span.end, span.value, words.edtf.parse(span.value))
                    )
                except words.edtf.EdtfError:
                    continue
        return sorted(found, key=lambda said: said.start)

    @cached_property
    def references(self) -> list[Reference]:
        """The standards that the text names."""
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
                continue  # a national adoption, whose year may be the nation's own
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
        """Start and end of each sentence."""
        return words.sentences(self.prose)

    def sentence(self, offset: int) -> tuple[int, int]:
        """The sentence that holds the offset."""
        return next(
            ((start, end) for start, end in self.sentences if start <= offset < end),
            (0, len(self.prose)),
        )

    def cited(self, start: int, end: int) -> list[str]:
        """The keys cited between two offsets."""
        return [
            key.strip()
            for span in self.passage.spans
            if span.kind == "role" and span.name.startswith("cite") and start <= span.start < end
            for key in span.value.split(",")
        ]

    def place(self, offset: int) -> Place:
        """The place of an offset."""
        return Place(self.tree.path(self.page.path), *self.passage.at(offset))

    def within(self, *kinds: str) -> Any:
        """The innermost container of one of the kinds, or ``None``."""
        return next((part for part in reversed(self.passage.within) if part.kind in kinds), None)


def role_target(value: str) -> tuple[str | None, str]:
    """The own text and the target of a role's content: ``text <ISO 37101:2016>``."""
    match = re.fullmatch(r"(?s)(.+?)\s*<([^<>]+)>", value)
    return (match[1], " ".join(match[2].split())) if match else (None, " ".join(value.split()))


@dataclass(frozen=True, slots=True)
class Told:
    """A milestone block: what it says (``None`` if it cannot stand) and where."""

    page: Page
    block: Block
    milestone: Milestone | None
    problems: tuple[Problem, ...]


@dataclass
class Tree:
    """Everything that is checked. ``root`` holds ``docs/`` and ``references/``; ``as_of`` is the
    day of the check.
    """

    root: Path
    as_of: date
    pages: list[Page] = field(default_factory=list)
    bibliography: Bibliography = field(default_factory=lambda: Bibliography(()))
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(()))
    catalogue_problems: list[Finding] = field(default_factory=list)

    @classmethod
    def load(cls, root: Path, as_of: date) -> Tree:
        """Read the tree. What cannot be read becomes a problem of the page, the bibliography or the
        catalogue.
        """
        catalogue, problems = Catalogue.read(root / "references")
        bibliography = Bibliography.load((root / "references").glob("*.bib"))
        return cls(root, as_of, read_pages(root / "docs"), bibliography, catalogue, problems)

    def path(self, path: Path) -> str:
        """The path as the user would write it."""
        return os.fspath(path).removeprefix(os.fspath(self.root) + os.sep).replace(os.sep, "/")

    @cached_property
    def readings(self) -> list[Reading]:
        """All passages of all pages."""
        return [Reading(page, passage, self) for page in self.pages for passage in page.passages]

    @cached_property
    def _readings_by_page(self) -> dict[int, list[Reading]]:
        found: dict[int, list[Reading]] = {}
        for reading in self.readings:
            found.setdefault(id(reading.page), []).append(reading)
        return found

    def page_readings(self, page: Page) -> list[Reading]:
        """The passages of one page."""
        return self._readings_by_page.get(id(page), [])

    @cached_property
    def _pages_by_path(self) -> dict[str, Page]:
        return {os.path.normpath(page.path): page for page in self.pages}

    @cached_property
    def _pages_by_label(self) -> dict[str, Page]:
        labels = {label.value: page for page in self.pages for label in page.labels}
        return labels | {
            self.catalogue.by_reference[block.argument].slug: page
            for page in self.pages
            for block in page.blocks
            if block.name == "standard" and block.argument in self.catalogue.by_reference
        }

    @cached_property
    def labels(self) -> set[str]:
        """Every anchor that a page can be linked by."""
        return {*self._pages_by_label, *self.milestone_by_name}

    def target(self, page: Page, address: str) -> Page | None:
        """The page of the handbook that a link on ``page`` leads to."""
        path, _, label = address.partition("#")
        if path:
            return (
                self._pages_by_path.get(os.path.normpath(page.path.parent / path))
                if ":" not in path
                else None
            )
        return self._pages_by_label.get(label)

    def body(self, told: Told) -> list[Reading]:
        """The passages in a milestone's block."""
        blocks = [block.line for block in told.page.blocks if block.name == "milestone"]
        return [
            reading
            for reading in self.page_readings(told.page)
            if reading.within("milestone")
            and max((line for line in blocks if line <= reading.passage.rows[0][1]), default=0)
            == told.block.line
        ]

    @cached_property
    def milestones(self) -> list[Told]:
        """All milestone blocks."""
        return [
            Told(page, block, milestone, tuple(problems))
            for page in self.pages
            for block, milestone, problems in page.milestones(
                self.bibliography.sources, self.bibliography.nearest
            )
        ]

    @cached_property
    def milestone_by_name(self) -> dict[str, Told]:
        """The milestones that can stand; of two with the same name the first."""
        found: dict[str, Told] = {}
        for told in self.milestones:
            if told.milestone:
                found.setdefault(told.milestone.name, told)
        return found

    def block_place(self, page: Page, block: Block) -> Place:
        """Where a block opens."""
        line = self.lines(page)[block.line - 1]
        return Place(self.path(page.path), block.line, len(line) - len(line.lstrip(" >\t")) + 1)

    def option_place(self, page: Page, block: Block, option: str) -> Place:
        """Where the value of a block's option stands; the block itself if it has no such option."""
        lines = self.lines(page)
        for number in range(block.line, min(len(lines), block.line + len(block.options) + 4)):
            match = re.match(rf"[\s>]*:{re.escape(option)}:[ \t]*", lines[number])
            if match:
                return Place(self.path(page.path), number + 1, match.end() + 1)
        return self.block_place(page, block)

    def front_place(self, page: Page, name: str) -> Place:
        """Where the value of a name in the front matter stands; the first line if it is not there."""
        for number, line in enumerate(self.lines(page), 1):
            match = re.match(rf"{re.escape(name)}[ \t]*:[ \t]*", line)
            if match:
                return Place(self.path(page.path), number, match.end() + 1)
            if number > 1 and line.startswith("---"):
                break
        return Place(self.path(page.path))

    def field_place(self, path: Path, line: int, name: str) -> Place:
        """Where the value of a field of a .bib entry that begins on ``line`` stands."""
        lines = self._bib_lines(path)
        for number in range(line, len(lines) + 1):
            match = re.search(rf"(?i)(?:^|[\s,]){name}\s*=\s*[{{\"]?", lines[number - 1])
            if match:
                return Place(self.path(path), number, match.end() + 1)
            if number > line and lines[number - 1].startswith("@"):
                break
        return Place(self.path(path), line)

    def lines(self, page: Page) -> list[str]:
        """The page's lines."""
        return re.split(r"\r\n|\r|\n", page.text)

    def _bib_lines(self, path: Path) -> list[str]:
        if path not in self._texts:
            self._texts[path] = re.split(
                r"\r\n|\r|\n", path.read_bytes().decode("utf-8-sig", errors="replace")
            )
        return self._texts[path]

    @cached_property
    def _texts(self) -> dict[Path, list[str]]:
        return {}


__all__ = ["CATALOGUE_SOURCE", "Reading", "Reference", "Span", "Told", "Tree", "role_target"]
