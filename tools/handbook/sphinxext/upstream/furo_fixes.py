"""Accessibility fixes for the HTML of furo and Sphinx: keyboards reach what scrolls sideways,
captions have a level, roles are where they are allowed.

Issue: keyboards and the side areas: https://github.com/pradyunsg/furo/pull/660 (open). To report:
tables and code that scroll cannot be reached, ``role="heading"`` has no ``aria-level``,
``doc-biblioentry`` is used outside a list.
Gain: no fault found by axe on any page (tests/site/test_accessibility.py).
End: when that test passes without this file.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.sphinxext.events import LATE, Hook

_ = get_translation("handbook")

_TABLE = re.compile(r'<div class="table-wrapper')
_CAPTION_ROLE = re.compile(r'<p class="caption" role="heading">')


def _reachable(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Name the areas that scroll sideways and make them reachable by keyboard; give captions a
    level.
    """
    if not context.get("body"):
        return
    number, name = itertools.count(1), _("Table %d")
    body = _TABLE.sub(
        lambda match: (
            f'<div tabindex="0" role="region" aria-label="{name % next(number)}"'
            ' class="table-wrapper'
        ),
        context["body"],
    )
    # bibtex's role is allowed only within a list, and furo's citations are none.
    body = body.replace(' role="doc-biblioentry"', "").replace(
        '<div role="list" class="citation-list">', '<div class="citation-list">'
    )
    context["body"] = _CAPTION_ROLE.sub(
        '<p class="caption" role="heading" aria-level="2">',
        body.replace("<pre>", '<pre tabindex="0">'),
    )


HOOKS = (Hook("html-page-context", _reachable, "the body is drawn, and furo's markup in it", LATE),)
