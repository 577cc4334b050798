"""A0xx: addresses that have moved."""

from __future__ import annotations

from collections.abc import Iterator

from docutils.nodes import make_id

from handbook.datecheck.tree import Tree
from handbook.model import published
from handbook.model.moved import Moves
from handbook.rules.findings import Finding
from handbook.rules.rule import rule


@rule(*(f"A{number:03}" for number in range(1, 8)))
def moves(tree: Tree) -> Iterator[Finding]:
    """Old addresses are free, and lead straight to existing pages and anchors."""
    yield from tree.moves.findings
    yield from tree.moves.faults(tree.page_names)
    yield from _anchors(tree, tree.moves)


def _anchors(tree: Tree, found: Moves) -> Iterator[Finding]:
    """Find new anchors that no page has, and old ones that are still on their page.

    The built pages know more; this looks at the pages as written and the list of published anchors.
    """
    own = {name: {label.value for label in page.labels} for name, page in tree.page_names.items()}
    published_ = published.promised(tree.root)["anchors"] if found.moves else set()
    for move in found.moves.values():
        if move.old.anchor in own.get(move.old.page, ()):
            yield move.still_there()
        page = tree.page_names.get(move.new.page)
        if not page or not move.new.anchor or str(move.new) in published_:
            continue
        headings = {make_id(one.text) for one in page.passages if one.kind == "heading"}
        known = own[move.new.page] | tree.labels | headings
        if move.new.anchor not in known:
            yield move.nowhere(known)
