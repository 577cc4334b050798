"""P022: characters that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from handbook.datecheck.tree import Tree
from handbook.model import safety
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule


@rule("P022")
def unseen(tree: Tree) -> Iterator[Finding]:
    """No file contains characters that cannot be seen, in its text or in its name."""
    for path, text in safety.texts(tree.root):
        name = tree.path(path)
        look = partial(_in_text, name, text)
        yield from tree.known.once("P022", (name, text), look)
        for _line, _column, (code, message, hint) in safety.unseen(name):
            yield Finding(Place(name), code, f"in the file's name {message}", hint)


def _in_text(name: str, text: str) -> list[Finding]:
    hidden = safety.hidden(text) if name.endswith(".md") else ()
    return [
        Finding(Place(name, line, column), *wrong)
        for line, column, wrong in (*safety.unseen(text), *hidden)
    ]
