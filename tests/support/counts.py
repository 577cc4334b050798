"""Count what a build does: a clock measures the machine as much as the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from docutils import nodes
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment

from handbook.datecheck import typing_slips
from handbook.model import pages
from handbook.outputs import search_index
from handbook.sphinxext.upstream import docutils_walks


def _always(*_arguments: Any, **_named: Any) -> bool:
    return True


def _is_page(node: nodes.Node, *_arguments: Any, **_named: Any) -> bool:
    return isinstance(node, nodes.document)


def _reads_html(path: Path, mode: str = "r", *_arguments: Any, **_named: Any) -> bool:
    return path.suffix == ".html" and "r" in mode


@contextmanager
def counted() -> Iterator[Counter[str]]:
    """Counts while the block runs: pages ``read``, ``written``, ``checked``, ``judged`` and ``indexed``, ``trees`` read
    back from disk, files of HTML ``drawn`` and ``opened``, ``records`` made for the search, ``walks`` over the tree of a page.
    """
    found: Counter[str] = Counter()

    def counting(
        name: str, real: Callable[..., Any], when: Callable[..., bool]
    ) -> Callable[..., Any]:
        def counts(*arguments: Any, **named: Any) -> Any:
            found[name] += when(*arguments, **named)
            return real(*arguments, **named)

        return counts

    places: list[tuple[Any, str, str, Callable[..., bool]]] = [
        (Builder, "read_doc", "read", _always),
        (StandaloneHTMLBuilder, "write_doc", "written", _always),
        (StandaloneHTMLBuilder, "handle_page", "drawn", _always),
        (BuildEnvironment, "get_doctree", "trees", _always),
        (Path, "open", "opened", _reads_html),
        (pages, "parse_page", "checked", _always),
        (typing_slips, "page_slips", "judged", _always),
        (search_index, "records", "indexed", _always),
        (search_index.Record, "__init__", "records", _always),
        (docutils_walks, "_all", "walks", _is_page),
        (docutils_walks, "_of_class", "walks", _is_page),
    ]
    patches = [
        patch.object(owner, name, counting(label, getattr(owner, name), when))
        for owner, name, label, when in places
    ]
    for one in patches:
        one.start()
    try:
        yield found
    finally:
        for one in patches:
            one.stop()
