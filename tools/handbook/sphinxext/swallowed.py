"""Markup that MyST read as text: readers would see the code instead of the date, the source or the
block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from handbook.sphinxext.events import Hook
from handbook.sphinxext.parts import warn

#: Code that no reader should see, and what was probably meant.
_TRACES = (
    (re.compile(r":*：[:：]*\s*[{｛][\w-]*[}｝]?"), "type half-width colons and braces: :::{name}"),
    (
        re.compile(r":{3,}(?:\s*\{[\w-]*\}?)?"),
        (
            "write the block's first line as :::{name}, close it with ::: and leave an empty line"
            " around it"
        ),
    ),
    (re.compile(r"`{3,}"), "open and close code with lines of three backticks"),
    (
        re.compile(r"\{[a-z]+(?:[:-][a-z]+)*\}`?"),
        "write {name}`content` without a space between, and the last backtick",
    ),
    (
        re.compile(r"^\([a-z0-9-]+\)=", re.MULTILINE),
        "put the anchor (name)= on a line of its own above the heading",
    ),
    (
        re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+"),
        "give each row of a table as many cells as its head, and put an empty line above it",
    ),
    (re.compile(r"\]\([^\s)]+\)"), "write a link as [words](address)"),
)
#: In a role of reStructuredText the name comes before the content, which became code.
_FOREIGN_ROLE = re.compile(r"(?:^|\s)(:[a-z]+(?::[a-z]+)?:)$")
_CODE = (
    nodes.literal,
    nodes.literal_block,
    nodes.raw,
    nodes.math,
    nodes.math_block,
    nodes.comment,
    nodes.doctest_block,
    addnodes.productionlist,
)


def swallowed(document: nodes.document) -> Iterator[tuple[nodes.Node, int, str, str]]:
    """Yield markup in a page's text: the element around it, how many lines below its first, the
    code, the hint.
    """
    for block in document.findall(_is_block):
        text, places = _shown(block)
        done: list[tuple[int, int]] = []
        for trace, hint in _TRACES:
            for match in trace.finditer(text):
                if any(start <= match.start() < end for start, end in done):
                    continue
                done.append(match.span())
                yield block, text.count("\n", 0, match.start()), match[0].strip(), hint
        for end in places:
            if role := _FOREIGN_ROLE.search(text, 0, end):
                yield (
                    block,
                    text.count("\n", 0, role.start(1)),
                    role[1],
                    f"write {{{role[1].strip(':')}}}`content`",
                )


def _is_block(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.TextElement)
        and not isinstance(node, (nodes.Inline, *_CODE))
        and not isinstance(node.parent, nodes.TextElement)
    )


def _shown(block: nodes.Node) -> tuple[str, list[int]]:
    """Return the text of a block with its code masked, and where each piece of code begins."""
    parts: list[str] = []
    places: list[int] = []
    length = 0

    def walk(node: nodes.Node) -> None:
        nonlocal length
        if isinstance(node, nodes.Text):
            parts.append(str(node))
            length += len(parts[-1])
        elif isinstance(node, _CODE):
            places.append(length)
            parts.append("\ufffc" * len(node.astext()))
            length += len(parts[-1])
        else:
            for child in node.children:
                walk(child)

    walk(block)
    return "".join(parts), places


def _check(app: Sphinx, document: nodes.document) -> None:
    path = Path(app.env.doc2path(app.env.docname))

    for node, below, markup, hint in swallowed(document):
        place: Any = node
        while place is not None and not place.line:
            place = place.parent
        line = (place.line if place is not None else 1) + below
        warn(
            "P008",
            f"readers would see {markup!r}: this markup was taken for text",
            hint,
            f"{path}:{line}",
        )


HOOKS = (Hook("doctree-read", _check, "what readers would see of the page is known"),)
