"""P022: characters that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.datecheck.tree import Tree
from handbook.model import safety
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule


@rule("P022")
def unseen(tree: Tree) -> Iterator[Finding]:
    """No file has characters that cannot be seen, in its text or in its name."""
    for path, text in safety.texts(tree.root):
        name = tree.path(path)
        hidden = safety.hidden(text) if path.suffix == ".md" else ()
        for line, column, wrong in (*safety.unseen(text), *hidden):
            yield Finding(Place(name, line, column), *wrong)
        for _line, _column, (code, message, hint) in safety.unseen(name):
            yield Finding(Place(name), code, f"in the file's name {message}", hint)
