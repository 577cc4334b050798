"""The faults that the readers of pages, sources and catalogue report, and those of each role and
block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from handbook.datecheck.named import terms_twice
from handbook.datecheck.tree import Tree, role_target
from handbook.model import edtf, safety
from handbook.model.block import one_of
from handbook.model.catalogue import CatalogueError
from handbook.model.milestones import anchor_taken, name_taken, read_overview, read_strands
from handbook.outputs.tables import TABLES
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import declare, rule

declare("D701", "D702", "D703")  # rules.exceptions checks them

#: What says nothing in a table of contents: notes, pictures and links without words, comments.
_SILENT = re.compile(r"\[\^[^\]]+\]|!?\[\]\([^)]*\)|<!--.*?-->")


@rule(*(f"M{number:03}" for number in range(1, 17)))
def milestones(tree: Tree) -> Iterator[Finding]:
    """Milestones are complete and well formed, and timelines name existing strands."""
    names: dict[str, Place] = {}
    labels = {label.value for page in tree.pages for label in page.labels}
    for told in tree.milestones:
        yield from told.findings
        if told.milestone:
            name, place = told.milestone.name, told.block.place_of("name")
            first = names.setdefault(name, place)
            if first is not place:
                yield name_taken(name, place, first)
            elif taken := anchor_taken(name, place, labels, tree.catalogue.by_slug):
                yield taken
    for page in tree.pages:
        for block in page.blocks:
            if block.name == "timeline":
                yield from read_strands(block)[1]
                yield from read_overview(block)[1]


@rule(*(f"B{number:03}" for number in range(1, 18)))
def bibliography(tree: Tree) -> Iterator[Finding]:
    """The .bib files can be read, and their entries are complete."""
    yield from tree.bibliography.findings


@rule(*(f"P{number:03}" for number in range(1, 8)), "P013", "P014", "P024", "P026", "Y001", "Y002")
def pages(tree: Tree) -> Iterator[Finding]:
    """Pages can be read, and MyST reads them as they were meant."""
    for page in tree.pages:
        yield from page.findings
        for block in page.blocks:
            if block.name == "fields" and block.argument not in TABLES:
                message, hint = (
                    f"{block.argument!r} is not an export",
                    one_of(block.argument, TABLES),
                )
                yield Finding(block.place, "Y002", message, hint, block.argument)


@rule("Y003")
def anchors_twice(tree: Tree) -> Iterator[Finding]:
    """An anchor or a term occurs only once in the handbook."""
    for page in tree.pages:
        for label in page.labels:
            if wrong := safety.framed(label.value):
                yield Finding(page.place(label.line), *wrong, label.value)
            place, first = page.place(label.line), tree.anchors[label.value]
            if place != first:
                message = (
                    f"the anchor {label.value!r} is already defined at {first.path}:{first.line}"
                )
                hint = "give one of the two another name"
                yield Finding(place, "Y003", message, hint, label.value)
    yield from terms_twice(tree)


@rule("P025")
def one_title(tree: Tree) -> Iterator[Finding]:
    """A page has one title, and it has words: tables of contents show nothing else of a page."""
    for page in tree.pages:
        for title in page.titles[:1]:
            if not _SILENT.sub("", title.value).strip():
                message, hint = "the title has no words", "say what the page is about: # Title"
                yield Finding(page.place(title.line), "P025", message, hint)
        for title in page.titles[1:]:
            message, hint = "the page has a second title", f"write ## {title.value}"
            yield Finding(page.place(title.line), "P025", message, hint, title.value)
        if page.passages and not page.titles:
            line = min(passage.rows[0][1] for passage in page.passages)
            hint = "begin it with a line # Title"
            yield Finding(page.place(line), "P025", "the page has no title", hint)


@rule("D104")
def catalogue(tree: Tree) -> Iterator[Finding]:
    """Each row of the catalogue, the families and the relations can be read."""
    yield from tree.catalogue_findings


@rule("C001")
def citations(tree: Tree) -> Iterator[Finding]:
    """A cited key is in the bibliography."""
    for text in tree.readings:
        passage = text.passage
        for span in passage.spans:
            if span.kind != "role" or not span.name.startswith("cite"):
                continue
            for key in map(str.strip, span.value.split(",")):
                if key not in tree.bibliography.sources:
                    at = max(passage.text.find(key, span.start, span.end), span.start)
                    yield tree.bibliography.unknown_key(key, text.place(at))
    records = [one.cited for one in tree.all_records]
    profiles = [one.cited for one in tree.profiles.by_reference.values()]
    profiles += [one.cited for one in tree.profiles.sets]
    titles = [one.cited for one in tree.terms.titles]
    for key, place in chain.from_iterable([*records, *profiles, *titles]):
        if key not in tree.bibliography.sources:
            yield tree.bibliography.unknown_key(key, place)
    for relation in tree.catalogue.relations:
        for key, place in zip(relation.sources, relation.source_places, strict=True):
            if key not in tree.bibliography.sources:
                yield tree.bibliography.unknown_key(key, place)


@rule("S001", "S002")
def deliverables(tree: Tree) -> Iterator[Finding]:
    """A standard named by ``{iso}`` or ``{standard}`` is in the catalogue, and so is whatever
    ``{catalogue}`` selects by.
    """
    for text in tree.readings:
        for span in text.passage.spans:
            if span.kind == "role" and span.name == "iso":
                target = role_target(span.value)[1]
                try:
                    tree.catalogue.find(target)
                except CatalogueError as error:
                    yield Finding(text.place(span.start), "S001", error.problem, error.hint, target)
    for page in tree.pages:
        for block in page.blocks:
            if block.name == "catalogue":
                yield from tree.catalogue.selection_faults(block)
        for reference, block in page.standards:
            try:
                tree.catalogue.exact(reference)
            except CatalogueError as error:
                yield Finding(block.place, "S001", error.problem, error.hint, reference)


@rule("D001")
def date_roles(tree: Tree) -> Iterator[Finding]:
    """The content of ``{date}`` is an existing date in EDTF."""
    for text in tree.readings:
        for span in text.passage.spans:
            if span.kind == "role" and span.name == "date":
                try:
                    edtf.parse(span.value)
                except edtf.EdtfError as error:
                    inner = text.place(text.passage.text.find("`", span.start) + 1)
                    yield Finding(
                        text.place(span.start),
                        "D001",
                        error.problem,
                        error.hint,
                        span.value,
                        error.fix(inner),
                    )
