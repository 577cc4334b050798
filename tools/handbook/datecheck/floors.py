"""What the floors below already find: blocks, sources, pages, citations, references; here it is
only gathered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.datecheck.tree import Tree, role_target
from handbook.model import edtf
from handbook.model.catalogue import CatalogueError, Status
from handbook.model.strands import Strand
from handbook.rules.findings import Finding, Fix, Place
from handbook.rules.rule import declare, rule


def form_fix(place: Place, text: str, hint: str) -> Fix | None:
    """The safe change for a date that is only written wrong: where the hint names one date that can
    stand.
    """
    match = re.fullmatch(r"write ([0-9][0-9~?%/.-]*)(?:\.\.)?", hint)
    if not match:
        return None
    try:
        edtf.parse(match[1])
    except edtf.EdtfError:
        return None
    # only a different way to write the same digits is safe
    same = [number.lstrip("0") for number in re.findall(r"\d+", text)] == [
        number.lstrip("0") for number in re.findall(r"\d+", match[1])
    ]
    return (
        Fix(place, text, match[1])
        if same or re.sub(r"\D", "", text) == re.sub(r"\D", "", match[1])
        else None
    )


@rule("M001")
def milestones(tree: Tree) -> Iterator[Finding]:
    """A milestone has a title."""
    options = {
        "M002": "name",
        "M003": "date",
        "M004": "strands",
        "M005": "sources",
        "M006": "sources",
        "M007": "status",
        "M010": "given",
    }
    names: dict[str, Place] = {}
    for told in tree.milestones:
        for problem in told.problems:
            option = options.get(problem.code, "")
            if problem.code == "M008" and (
                match := re.search(r"no option '([^']+)'", problem.message)
            ):
                option = match[1]
            place = (
                tree.option_place(told.page, told.block, option)
                if option in told.block.options
                else tree.block_place(told.page, told.block)
            )
            if problem.code == "M006" and (match := re.search(r"cites '([^']+)'", problem.message)):
                line = tree.lines(told.page)[place.line - 1]
                place = Place(
                    place.path,
                    place.line,
                    max(line.find(match[1], place.column - 1), place.column - 1) + 1,
                )
            fix = (
                form_fix(place, told.block.options.get("date", ""), problem.hint)
                if problem.code == "M003"
                else None
            )
            yield Finding(place, problem.code, problem.message, problem.hint, fix=fix)
        if told.milestone:
            place = tree.option_place(told.page, told.block, "name")
            first = names.setdefault(told.milestone.name, place)
            if first is not place:
                yield Finding(
                    place,
                    "M009",
                    f"the milestone name {told.milestone.name!r} is already used at"
                    f" {first.path}:{first.line}",
                    "give this one another name",
                )
    for page in tree.pages:
        for block in page.blocks:
            for word in (
                block.options.get("strands", "").replace(",", " ").split()
                if block.name == "timeline"
                else ()
            ):
                if word not in set(Strand):
                    yield Finding(
                        tree.option_place(page, block, "strands"),
                        "M004",
                        f"{word!r} is not a strand",
                        "use one of " + ", ".join(Strand),
                    )


@rule("B001")
def bibliography(tree: Tree) -> Iterator[Finding]:
    """A .bib file can be read."""
    fields = {
        "B006": r"(\w+): ",
        "B007": "langid",
        "B008": "title",
        "B009": "keywords",
        "B010": r"field (\w+)",
        "B011": "url",
        "B012": "url",
        "B013": "publisher",
    }
    for error in tree.bibliography.errors:
        name = "" if error.column else fields.get(error.code, "")
        if "(" in name:
            match = re.search(name, error.message.split(": ", 1)[-1])
            name = match[1] if match else ""
        place = (
            tree.field_place(error.path, error.line, name)
            if name
            else Place(tree.path(error.path), error.line, max(error.column, 1))
        )
        fix = None
        if error.code == "B006" and (text := re.search(r": '([^']*)'", error.message)):
            fix = form_fix(place, text[1], error.hint)
        yield Finding(place, error.code, error.message, error.hint, fix=fix)


@rule("P001")
def pages(tree: Tree) -> Iterator[Finding]:
    """A page is UTF-8."""
    for page in tree.pages:
        for line, problem in page.errors:
            yield Finding(
                Place(tree.path(page.path), line), problem.code, problem.message, problem.hint
            )
        if (
            page.text.startswith("---\n")
            and not page.front_matter
            and not page.errors
            and "\n---" not in page.text[4:]
        ):
            yield Finding(
                Place(tree.path(page.path)),
                "P002",
                "the front matter is not closed",
                "close it with a line of three hyphens",
            )


@rule("P008")
def half_written(tree: Tree) -> Iterator[Finding]:
    """A role or a directive is written in full."""
    for reading in tree.readings:
        for match in (
            re.finditer(r"(?<!\S):([a-z]+(?::[a-z]+)?):(?=\ufffc)", reading.prose)
            if ":\ufffc" in reading.prose
            else ()
        ):
            yield Finding(
                reading.place(match.start()),
                "P008",
                f"{match[0]!r} is a role in the form of reStructuredText",
                f"write {{{match[1]}}}`content`",
            )
        for match in (
            re.finditer(r"\{[a-z]+(?::[a-z]+)?\}`?|(?m:^:{1,2}\{[a-z]+\})", reading.prose)
            if "{" in reading.prose
            else ()
        ):
            yield Finding(
                reading.place(match.start()),
                "P008",
                f"{match[0]!r} is the beginning of a role or directive that does not end",
                "write {name}`content`, or for a directive a line :::{name} and below it a"
                " line :::",
            )


@rule("P009")
def byte_form(tree: Tree) -> Iterator[Finding]:
    """A file has plain line ends, no byte order mark and no NUL."""
    references = tree.root / "references"
    files = [
        page.path
        for page in tree.pages
        if not any(problem.code == "P003" for _, problem in page.errors)
    ]
    for path in [*files, *sorted(references.glob("*.bib")), *sorted(references.glob("*.yaml"))]:
        try:
            data = path.read_bytes()
        except OSError:
            continue
        name = tree.path(path)
        if data.startswith(b"\xef\xbb\xbf"):
            yield Finding(
                Place(name),
                "P009",
                "the file begins with a byte order mark",
                "save it as UTF-8 without BOM",
                fix=Fix(Place(name), "\ufeff", ""),
            )
        if (at := data.find(b"\r")) >= 0:
            place = Place(name, data.count(b"\n", 0, at) + 1)
            yield Finding(
                place,
                "P009",
                "the file has line ends of Windows",
                "save it with the line ends of Unix (LF)",
                fix=Fix(place, "\r", ""),
            )
        if (at := data.find(b"\0")) >= 0 and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield Finding(
                Place(name, data.count(b"\n", 0, at) + 1),
                "P009",
                "the file has a NUL",
                "delete the sign that cannot be seen",
            )


@rule("C001")
def citations(tree: Tree) -> Iterator[Finding]:
    """A cited key is in the bibliography."""
    for reading in tree.readings:
        for span in reading.passage.spans:
            if span.kind == "role" and span.name.startswith("cite"):
                for key in span.value.split(","):
                    if key.strip() not in tree.bibliography.sources:
                        place = reading.place(
                            max(
                                reading.passage.text.find(key.strip(), span.start, span.end),
                                span.start,
                            )
                        )
                        yield Finding(
                            place,
                            "C001",
                            f"no references/*.bib has the key {key.strip()!r}",
                            tree.bibliography.nearest(key.strip()),
                        )
    for relation in tree.catalogue.relations:
        for key, at in zip(relation.sources, relation.source_places, strict=True):
            if key not in tree.bibliography.sources:
                yield Finding(
                    at.below(tree.root),
                    "C001",
                    f"no references/*.bib has the key {key!r}",
                    tree.bibliography.nearest(key),
                )


@rule("S001")
def deliverables(tree: Tree) -> Iterator[Finding]:
    """A standard named by `{iso}` or `{standard}` is in the catalogue."""
    for reading in tree.readings:
        for span in reading.passage.spans:
            if span.kind == "role" and span.name == "iso":
                try:
                    tree.catalogue.find(role_target(span.value)[1])
                except CatalogueError as error:
                    yield Finding(reading.place(span.start), "S001", str(error), error.hint)
    for page in tree.pages:
        for block in page.blocks:
            if block.name == "standard":
                try:
                    tree.catalogue.exact(" ".join(block.argument.split()))
                except CatalogueError as error:
                    yield Finding(tree.block_place(page, block), "S001", str(error), error.hint)
            elif block.name == "catalogue":
                choices = {
                    "committee": [committee.reference for committee in tree.catalogue.committees],
                    "family": [family.id for family in tree.catalogue.families],
                    "status": [str(status) for status in Status],
                }
                for option, known in choices.items():
                    if option in block.options and block.options[option] not in known:
                        yield Finding(
                            tree.option_place(page, block, option),
                            "S002",
                            f"{block.options[option]!r} is not a {option} of the catalogue",
                            "use one of " + ", ".join(known),
                        )


@rule("D001")
def date_roles(tree: Tree) -> Iterator[Finding]:
    """The content of `{date}` is a date in EDTF that the calendar has."""
    for reading in tree.readings:
        for span in reading.passage.spans:
            if span.kind == "role" and span.name == "date":
                try:
                    edtf.parse(span.value)
                except edtf.EdtfError as error:
                    place = reading.place(span.start)
                    inner = reading.place(reading.passage.text.find("`", span.start) + 1)
                    yield Finding(
                        place,
                        "D001",
                        str(error),
                        error.hint,
                        fix=form_fix(inner, span.value, error.hint),
                    )


#: Rules that the readers of blocks, sources and pages hold beside the one that gathers them.
declare(*(f"M{number:03}" for number in range(2, 12)))
declare(*(f"B{number:03}" for number in range(2, 17)))
declare(*(f"P{number:03}" for number in range(2, 8)))
declare("S002", "D701", "D702", "D703")
