"""The timeline as a page without a frame, for other sites to embed: ``embed/timeline.html``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.sphinxext import hosts
from handbook.sphinxext.events import Hook
from handbook.sphinxext.output import add_script, base
from handbook.sphinxext.page_strip import TIMELINE
from handbook.sphinxext.site import from_anywhere

_ = get_translation("handbook")

_TEMPLATE = "embed.html"
_YEARS = '<nav class="hb-letters"'
_PICTURE, _LIST = '<div class="hb-overview-frame"', '<h2 class="hb-year'


def _page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Return the page, made from the timeline's own page."""
    label = app.env.domains.standard_domain.anonlabels.get(TIMELINE)
    if app.builder.name != "html" or not label or not _has_template(app):
        return
    docname = label[0]
    text = (Path(app.outdir) / app.builder.get_target_uri(docname)).read_text(encoding="utf-8")
    start, first = text.find(_PICTURE), text.find(_LIST)
    if not 0 <= start < first:
        return
    address = app.builder.get_target_uri(docname)
    words = {
        "list": _("The events as a list"),
        "source": _("From the Sustainable City Standards Handbook, CC BY 4.0"),
    }
    site = base(app.config)
    parts = {
        # The years above the list lead into it, and it is folded here.
        "picture": from_anywhere(text[start:first].partition(_YEARS)[0], "../"),
        "list": from_anywhere(text[first : text.rindex("</ol>", first) + 5], "../"),
        "title": app.env.titles[docname].astext(),
        "timeline": f"../{address}",
        "canonical": site and site + address,
        "words": words,
    }
    yield f"{hosts.EMBED}/{TIMELINE}", parts, _TEMPLATE


def _has_template(app: Sphinx) -> bool:
    folders = (Path(app.confdir) / folder for folder in app.config.templates_path)
    return any((folder / _TEMPLATE).is_file() for folder in folders)


def _scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    if template == _TEMPLATE:
        add_script(app, "timeline.js")


HOOKS = (
    Hook("html-collect-pages", _page, "the timeline's own page is written"),
    Hook("html-page-context", _scripts, "the picture is drawn by the timeline's script"),
)
