"""The Sphinx side of the handbook: directives, roles, rendering. The only room that knows Sphinx."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from handbook.sphinxext import (
    architecture,
    bibstyle,
    cards,
    directives,
    domain,
    exports,
    formulas,
    frame,
    guard,
    nodes,
    project,
    redirects,
    search,
    site,
    swallowed,
    transforms,
    whats_changed,
)
from handbook.sphinxext.upstream import (
    bibtex_lookups,
    furo_fixes,
    furo_navigation,
    garbage_collection,
)

#: In the order in which they speak to Sphinx: what one builds on stands before it.
ROOMS = (
    guard,
    formulas,
    garbage_collection,
    project,
    nodes,
    bibtex_lookups,
    domain,
    directives,
    whats_changed,
    architecture,
    transforms,
    swallowed,
    bibstyle,
    cards,
    furo_fixes,
    frame,
    furo_navigation,
    exports,
    search,
    redirects,
    site,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_message_catalog("handbook", str(Path(__file__).parent / "locale"))
    for room in ROOMS:
        room.setup(app)
    return {
        "version": "1",
        "env_version": _code_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _code_version() -> int:
    """A number that changes with the code: pages that older code has read are read again."""
    library = Path(__file__).resolve().parent.parent
    return crc32(b"".join(path.read_bytes() for path in sorted(library.rglob("*.py"))))
