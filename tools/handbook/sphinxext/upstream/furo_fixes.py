"""Fixes of the HTML theme (furo): what hinders keyboards and screen readers."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.sphinxext import nodes as our

_ = get_translation("handbook")

_TABLE = re.compile(r'<div class="table-wrapper')
_CAPTION_ROLE = re.compile(r'<p class="caption" role="heading">')


def _describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Hand the front matter's description to search engines and link previews."""
    description = (app.env.metadata.get(page) or {}).get("description")
    if description:
        from markupsafe import escape

        context["metatags"] = (
            context.get("metatags", "")
            + f'\n<meta name="description" content="{escape(description)}" />'
        )


def _scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load a script only where it has work to do."""
    if doctree is None:
        return
    if any("hb-wide" in table["classes"] for table in doctree.findall(nodes.table)):
        app.add_js_file("catalogue.js", loading_method="defer")
    if next(doctree.findall(our.milestone), None) is not None:
        app.add_js_file("cite.js", loading_method="defer")
    if next(doctree.findall(our.timeline_list), None) is not None:
        app.add_js_file("timeline.js", loading_method="defer")


def _reachable(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Name the areas that scroll sideways and let the keyboard reach them; give captions a level."""
    number = iter(range(1, 10_000))
    if context.get("body"):
        name = _("Table %d")
        body = _TABLE.sub(
            lambda match: (
                f'<div tabindex="0" role="region" aria-label="{name % next(number)}"'
                ' class="table-wrapper'
            ),
            context["body"],
        )
        # bibtex's role is allowed only within a list, which furo's citations are not.
        body = body.replace(' role="doc-biblioentry"', "").replace(
            '<div role="list" class="citation-list">', '<div class="citation-list">'
        )
        context["body"] = _CAPTION_ROLE.sub(
            '<p class="caption" role="heading" aria-level="2">',
            body.replace("<pre>", '<pre tabindex="0">'),
        )


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _describe)
    app.connect("html-page-context", _scripts)
    app.connect("html-page-context", _reachable, priority=900)
