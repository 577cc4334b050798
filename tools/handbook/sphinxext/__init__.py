"""The Sphinx side of the handbook: directives, roles, rendering. The only room that knows Sphinx."""
from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from handbook.sphinxext import (
    bibstyle,
    changes,
    directives,
    domain,
    exports,
    html,
    navigation,
    nodes,
    project,
    redirects,
    site,
    transforms,
)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_message_catalog("handbook", str(Path(__file__).parent / "locale"))
    for room in (project, nodes, domain, directives, changes, transforms, bibstyle, html, navigation, exports, redirects, site):
        room.setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
