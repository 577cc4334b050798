"""P017 to P020: what a page may not bring in: markup for browsers, files from outside, other schemes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from handbook.datecheck.tree import Tree
from handbook.model import safety
from handbook.model.pages import Block, Page
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import declare, rule

#: Files outside of ``docs/`` that pages show; conf.py names the same.
SHOWN = ("CHANGELOG.md",)


@rule("P017")
def raw_markup(tree: Tree) -> Iterator[Finding]:
    """A page holds no raw HTML and no other markup that is handed on unread."""
    for page in tree.pages:
        path = tree.path(page.path)
        raw = [block for block in page.blocks if block.name in safety.RAW_DIRECTIVES]
        for block in raw:
            yield Finding(
                tree.block_place(page, block),
                "P017",
                f"the directive {{{block.name}}} hands markup on unread",
                safety.RAW_HINT,
            )
        own = {block.line for block in raw if block.name == "raw"}
        for number, _count in page.html:
            if not any(line < number <= line + 6 for line in own) and not _comment(
                tree, page, number
            ):
                yield Finding(Place(path, number), "P017", "raw HTML", safety.RAW_HINT)
    for reading in tree.readings:
        for span in reading.passage.spans:
            text = reading.passage.text[span.start : span.end]
            if span.kind == "html" and not text.startswith(("<!--", "</")):
                yield Finding(
                    reading.place(span.start), "P017", f"raw HTML {text[:40]!r}", safety.RAW_HINT
                )


def _comment(tree: Tree, page: Page, number: int) -> bool:
    """Whether a block of HTML is a comment and nothing else."""
    count = next(count for first, count in page.html if first == number)
    text = "\n".join(tree.lines(page)[number - 1 : number - 1 + max(count, 1)]).strip()
    return bool(re.fullmatch(r"(?s)(?:<!--(?:(?!-->).)*-->\s*)+", text))


@rule("P018")
def out_of_reach(tree: Tree) -> Iterator[Finding]:
    """A page takes files from `docs/` only, and nothing from the network while it is built."""
    docs = tree.root / "docs"
    named = [tree.root / name for name in SHOWN]
    for page in tree.pages:
        for place, value in _files(tree, page):
            if not safety.reach(_target(page, docs, value), docs, named):
                yield Finding(
                    place, "P018", f"{value!r} lies outside of docs/", safety.OUTSIDE_HINT
                )
        for block in page.blocks:
            for option in safety.NETWORK_OPTIONS & block.options.keys():
                yield Finding(
                    tree.option_place(page, block, option),
                    "P018",
                    f"the option {option!r} of {{{block.name}}} goes online while the page is built",
                    safety.NETWORK_HINT,
                )
    for link in safety.links_out(docs):
        yield Finding(
            Place(tree.path(link)),
            "P018",
            "a symbolic link that leads out of docs/",
            safety.OUTSIDE_HINT,
        )


def _target(page: Page, docs: Path, value: str) -> Path:
    if value.startswith("<"):  # docutils' own files
        return Path("/", value[1:-1])
    return docs / value.lstrip("/") if value.startswith("/") else page.path.parent / value


def _files(tree: Tree, page: Page) -> Iterator[tuple[Place, str]]:
    """Each file that a page names, with its place: by directives, options, roles, links and pictures."""
    for block in page.blocks:
        yield from _of_block(tree, page, block)
    for reading in tree.page_readings(page):
        for span in reading.passage.spans:
            if span.kind == "role" and span.name == "download":
                match = re.fullmatch(r"(?s).*<([^<>]+)>\s*", span.value)
                yield reading.place(span.start), (match[1] if match else span.value).strip()
    for link in page.links:
        path = link.value.partition("#")[0]
        if path and not safety.scheme(path) and not path.startswith("//"):
            yield Place(tree.path(page.path), link.line, link.column), path


def _of_block(tree: Tree, page: Page, block: Block) -> Iterator[tuple[Place, str]]:
    if block.name in safety.FILE_ARGUMENT and block.argument and not safety.scheme(block.argument):
        yield tree.block_place(page, block), block.argument.strip()
    for option in safety.FILE_OPTIONS & block.options.keys():
        value = block.options[option].strip()
        if value and not safety.scheme(value):
            yield tree.option_place(page, block, option), value


@rule("P019")
def foreign_scheme(tree: Tree) -> Iterator[Finding]:
    """An address in a directive has the scheme `https:`, `http:`, `mailto:`, `tel:` or `doi:`."""
    for page in tree.pages:
        for block in page.blocks:
            for where, value in (("", block.argument), *block.options.items()):
                problem = safety.leads_astray(value) if _is_address(block, where) else ""
                if problem:
                    place = (
                        tree.option_place(page, block, where)
                        if where
                        else tree.block_place(page, block)
                    )
                    yield Finding(place, "P019", problem, safety.ADDRESS_HINT)


def _is_address(block: Block, option: str) -> bool:
    if option:
        return option in {"link", "target", "url", *safety.FILE_OPTIONS}
    return block.name in {"button-link", *safety.FILE_ARGUMENT}


@rule("P020")
def unsafe_file(tree: Tree) -> Iterator[Finding]:
    """A picture or a file for download is of a kind in which browsers run nothing."""
    docs = tree.root / "docs"
    for page in tree.pages:
        for place, value in _files(tree, page):
            path = _target(page, docs, value)
            kind = path.suffix.lower()
            if not path.is_file() or not safety.reach(path, docs) or kind == ".md":
                continue
            if kind == ".svg":
                if faults := safety.svg_faults(path.read_bytes()):
                    yield Finding(
                        place,
                        "P020",
                        f"{value} is no plain SVG: {', '.join(faults)}",
                        safety.SVG_HINT,
                    )
            elif kind not in safety.DOWNLOADS | safety.PICTURES and not _is_shown(
                page, place, value
            ):
                yield Finding(
                    place, "P020", f"{value} is a file that browsers may run", safety.DOWNLOAD_HINT
                )


def _is_shown(page: Page, place: Place, value: str) -> bool:
    """Whether the file is shown as code, and not offered."""
    return any(
        block.name == "literalinclude"
        and block.argument.strip() == value
        and block.line == place.line
        for block in page.blocks
    )


declare("P021")  # the build alone reads formulas
