"""P022: characters that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.datecheck.tree import Tree, data_of
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule

#: Control characters, separators of lines and paragraphs, spaces without width, and marks that turn
#: the direction of writing (Unicode, categories Cc, Zl, Zp and Cf). Tab, line ends, NUL and the byte
#: order mark at the beginning have rules of their own.
UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069]"
    "|(?<!\\A)\ufeff"
)


@rule("P022")
def unseen(tree: Tree) -> Iterator[Finding]:
    """No file has characters that cannot be seen."""
    texts = [
        *((page.path, page.text) for page in tree.pages),
        *((path, data_of(path).decode("utf-8", "ignore")) for path in tree.data_files),
    ]
    for path, text in texts:
        for match in UNSEEN.finditer(text):
            start = text.rfind("\n", 0, match.start()) + 1
            yield Finding(
                Place(tree.path(path), text.count("\n", 0, start) + 1, match.start() - start + 1),
                "P022",
                f"the character U+{ord(match[0]):04X} cannot be seen",
                "delete it",
            )
