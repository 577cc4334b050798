"""The Sphinx side of the handbook: directives, roles, pages, and the frame around them.

:data:`MODULES` are its parts; the ``HOOKS`` of each part list what it does on which event of a
    build. Workarounds for other projects are in :mod:`handbook.sphinxext.upstream`.
"""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from handbook.sphinxext import (
    architecture,
    bibstyle,
    cards,
    catalogue_blocks,
    claim_blocks,
    compared,
    domain,
    editions,
    embedded,
    event_links,
    events,
    exports,
    finder_blocks,
    formulas,
    frame,
    guard,
    home_blocks,
    languages,
    letters,
    linked_data,
    meeting_blocks,
    milestone_blocks,
    nodes,
    page_head,
    page_sources,
    page_strip,
    picture_blocks,
    pictures,
    profile_blocks,
    project,
    record_blocks,
    redirects,
    relation_blocks,
    remembered,
    reported,
    roles,
    search,
    served_forms,
    site,
    source_index,
    source_marks,
    standard_blocks,
    swallowed,
    table_cards,
    term_blocks,
    timeline_blocks,
    whats_changed,
)
from handbook.sphinxext.upstream import (
    babel_locales,
    bibtex_faults,
    bibtex_lookups,
    docutils_settings,
    docutils_walks,
    furo_fixes,
    furo_navigation,
    garbage_collection,
    pybtex_plugins,
)

#: In the order in which they are set up: what another module builds on comes before it.
MODULES = (
    reported,
    guard,
    formulas,
    garbage_collection,
    babel_locales,
    docutils_settings,
    docutils_walks,
    pybtex_plugins,
    project,
    nodes,
    bibtex_faults,
    bibtex_lookups,
    domain,
    compared,
    milestone_blocks,
    timeline_blocks,
    event_links,
    meeting_blocks,
    standard_blocks,
    table_cards,
    term_blocks,
    relation_blocks,
    record_blocks,
    catalogue_blocks,
    finder_blocks,
    profile_blocks,
    roles,
    claim_blocks,
    home_blocks,
    letters,
    picture_blocks,
    whats_changed,
    architecture,
    served_forms,
    pictures,
    page_sources,
    page_strip,
    source_index,
    source_marks,
    languages,
    swallowed,
    bibstyle,
    cards,
    page_head,
    furo_navigation,
    exports,
    linked_data,
    search,
    redirects,
    frame,
    editions,
    furo_fixes,
    site,
    embedded,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_message_catalog("handbook", str(Path(__file__).parent / "locale"))
    for module in MODULES:
        if hasattr(module, "setup"):
            module.setup(app)
        events.connect(app, module)
    return {
        "version": "1",
        # pages read by older code are read again
        "env_version": crc32(remembered.code_version().encode()),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
