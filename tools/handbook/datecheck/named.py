"""P030, P031, Y004, Y005: what a page names exists, and readers can find every page.

The build finds the same once all pages are read; here the contributor learns of it at once.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import partial
from urllib.parse import unquote

from handbook.datecheck import foreign
from handbook.datecheck.tree import Tree, role_target
from handbook.model import safety
from handbook.model.block import Block
from handbook.model.pages import Page
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule

_HOST = re.compile(r"(?:www\.|[\w-]+\.(?:com|org|net|gov|edu|cn|fr)(?:/|$))", re.IGNORECASE)
_NOTE = re.compile(r"\[\^([^\]\s]+)\](?!:)")
_NOTE_BEGINS = re.compile(r"[\s>]*\[\^([^\]\s]+)\]:")


@rule("P030")
def names_what_is_there(tree: Tree) -> Iterator[Finding]:
    """A page or a file that a page names exists."""
    docs = tree.root / "docs"
    files = {path.relative_to(docs).as_posix() for path in docs.rglob("*") if path.is_file()}
    for page in foreign.all_pages(tree):
        look = partial(_names, tree, files, page)
        yield from tree.known.of_page("P030", page, look, around=True)


def _names(tree: Tree, files: set[str], page: Page) -> Iterator[Finding]:
    missing = partial(_missing, tree, files, page)
    for place, name, _judge in foreign.files_named(tree, page):
        if not safety.scheme(name) and not safety.is_afar(name) and "<" not in name:
            # a directive takes a name as it is, a link as an address
            as_it_is = foreign.target(tree, page, name).is_file()
            yield from missing(place, name if as_it_is else unquote(name))
    for block in page.blocks:
        for place, name in _documents(page, block):
            yield from missing(place, f"{name}.md" if name else "")
    for reading in foreign.readings(tree, page):
        for span in reading.passage.spans:
            if span.kind == "role" and span.name == "doc":
                name = role_target(span.value)[1].removesuffix(".md")
                yield from missing(reading.place(span.start), f"{name}.md")


def _documents(page: Page, block: Block) -> Iterator[tuple[Place, str]]:
    """Yield the pages that a block names by their paths without suffix."""
    if block.name == "toctree" and "glob" not in block.options:
        for place, name in foreign.toctree_entries(page, block):
            if name != "self" and not safety.scheme(name):
                yield place, name.removesuffix(".md")
    for kind, option in (("link-type", "link"), ("ref-type", "")):
        if block.value(kind) == "doc":
            name = block.value(option) if option else block.argument
            yield block.place_of(option), name.removesuffix(".md")


def _missing(tree: Tree, files: set[str], page: Page, place: Place, name: str) -> Iterator[Finding]:
    docs = tree.root / "docs"
    path = foreign.target(tree, page, name)
    below = posixpath.normpath(os.path.relpath(path, docs))
    # P018 reports files outside
    if not name or below in files or below.startswith("../") or path.is_dir():
        return
    message = f"{name} is not a file of the handbook"
    yield Finding(place, "P030", message, _meant(tree, files, page, name, below), name)


def _meant(tree: Tree, files: set[str], page: Page, name: str, below: str) -> str:
    here = os.path.relpath(page.path.parent, tree.root / "docs")
    if _HOST.match(name):
        return f"write https://{name}"
    stem = posixpath.basename(below).rpartition(".")[0] or posixpath.basename(below)
    alike = {f"{stem}{suffix}".lower() for suffix in (".md", posixpath.splitext(below)[1])}
    same = [one for one in sorted(files) if posixpath.basename(one).lower() in alike]
    close = same or get_close_matches(below, sorted(files), n=2, cutoff=0.7)
    if close:
        paths = (posixpath.relpath(one, here) for one in close[:2])
        return "did you mean " + " or ".join(paths) + "?"
    return "name a page or a file by its path, as seen from this page or, after a /, from docs/"


@rule("P031")
def in_contents(tree: Tree) -> Iterator[Finding]:
    """Each page is in a table of contents."""
    if "index" not in tree.page_names:
        return
    listed: set[str] = {"index"}
    for name, page in tree.page_names.items():
        for block in page.blocks:
            if block.name == "toctree":
                for _place, entry in foreign.toctree_entries(page, block):
                    path = posixpath.join("/", posixpath.dirname(name), entry)
                    path = posixpath.normpath(path).lstrip("/").removesuffix(".md")
                    if "glob" in block.options:
                        listed.update(one for one in tree.page_names if fnmatchcase(one, path))
                    listed.add(path)
            elif block.name == "include":
                target = foreign.target(tree, page, block.argument)
                included = os.path.relpath(target, tree.root / "docs")
                listed.add(posixpath.normpath(included).removesuffix(".md"))
    for name, page in tree.page_names.items():
        if name not in listed and not page.front_matter.get("orphan"):
            message = "no table of contents leads to this page"
            hint = f"add {name} to the {{toctree}} of docs/index.md or of the page above it"
            yield Finding(page.place(), "P031", message, hint, name)


@rule("Y004")
def terms_and_notes(tree: Tree) -> Iterator[Finding]:
    """A term or a footnote that a page names exists."""
    terms = [term for page in tree.pages for _place, term in glossary_terms(page)]
    lower = {term.lower() for term in terms}
    for page in foreign.all_pages(tree):
        for place, term in tree.known.of_page("terms", page, partial(_terms_named, tree, page)):
            if term.lower() not in lower:
                message = f"the glossary has no term {term!r}"
                yield Finding(place, "Y004", message, _near(term, terms), term)
        yield from tree.known.of_page("Y004", page, partial(_notes, tree, page))


def _terms_named(tree: Tree, page: Page) -> Iterator[tuple[Place, str]]:
    for reading in foreign.readings(tree, page):
        for span in reading.passage.spans:
            term = role_target(span.value)[1] if span.name == "term" else ""
            if span.kind == "role" and term:
                yield reading.place(span.start), term


def _notes(tree: Tree, page: Page) -> Iterator[Finding]:
    notes = {match[1] for line in page.lines if (match := _NOTE_BEGINS.match(line))}
    for reading in foreign.readings(tree, page):
        for match in _NOTE.finditer(reading.prose):
            if match[1] not in notes:
                message = f"no footnote {match[1]!r} is on this page"
                hint = f"add it: [^{match[1]}]: text"
                yield Finding(reading.place(match.start()), "Y004", message, hint, match[1])


def terms_twice(tree: Tree) -> Iterator[Finding]:
    """Find terms that glossaries explain a second time (Y003)."""
    known: dict[str, Place] = {}
    for page in tree.pages:
        for place, term in glossary_terms(page):
            first = known.setdefault(term, place)
            if first is not place:
                message = f"the term {term!r} is already defined at {first.path}:{first.line}"
                yield Finding(place, "Y003", message, "delete one of the two", term)


def _near(term: str, terms: list[str]) -> str:
    close = get_close_matches(term, terms, n=1)
    return f"did you mean {close[0]}?" if close else "add it to docs/glossary.md, or correct it"


def glossary_terms(page: Page) -> Iterator[tuple[Place, str]]:
    """Yield the words that the glossaries of a page explain."""
    for block in page.blocks:
        if block.name != "glossary":
            continue
        fence = re.match(r"[\s>]*(:+|`+|~+)", page.lines[block.line - 1])
        for number, line in enumerate(page.lines[block.line :], block.line + 1):
            if fence and line.strip() == fence[1]:
                break
            if line.strip() and not line[0].isspace() and not line.startswith((":", "..")):
                yield page.place(number), " ".join(line.partition(" : ")[0].split())


@rule("Y005")
def heading_levels(tree: Tree) -> Iterator[Finding]:
    """A heading is at most one level below the one before it."""
    for page in tree.pages:
        above = 1
        for level, line in page.headings:
            if level > above + 1:
                message = f"a heading of level {level} follows one of level {above}"
                hint = f"write it with {'#' * (above + 1)}"
                yield Finding(page.place(line), "Y005", message, hint)
            above = level
