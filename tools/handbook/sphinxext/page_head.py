"""What a page loads and says of itself in its head: its description, and scripts that it uses."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from markupsafe import escape
from sphinx.application import Sphinx

from handbook.sphinxext import nodes as our
from handbook.sphinxext.events import Hook
from handbook.sphinxext.output import add_script, add_to_head, description


def _describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Hand the front matter's description to search engines and link previews."""
    if text := description(app.env, page):
        add_to_head(context, f'<meta name="description" content="{escape(text)}" />')


def _scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load a script only where it has work to do."""
    if doctree is None:
        return
    if any("hb-wide" in table["classes"] for table in doctree.findall(nodes.table)):
        add_script(app, "catalogue.js")
    if next(doctree.findall(our.milestone), None) is not None:
        add_script(app, "cite.js")
    if next(doctree.findall(our.timeline_list), None) is not None:
        add_script(app, "timeline.js")


HOOKS = (
    Hook("html-page-context", _describe, "search engines and previews read the description"),
    Hook("html-page-context", _scripts, "the whole page is known, and what it needs"),
)
