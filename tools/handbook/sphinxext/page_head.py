"""The head of a page: its description, the scripts that it uses, the style sheet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from jinja2 import Template
from markupsafe import escape
from sphinx.application import Sphinx
from sphinx.config import Config

from handbook.files import write_if_changed
from handbook.model import strands, tokens
from handbook.sphinxext import editions, remembered
from handbook.sphinxext import nodes as our
from handbook.sphinxext.events import Hook
from handbook.sphinxext.output import add_script, add_to_head, description, is_served
from handbook.sphinxext.parts import by_kind
from handbook.sphinxext.upstream.furo_styles import without_programs

if TYPE_CHECKING:
    from sphinx.builders.html import StandaloneHTMLBuilder

#: The style sheet of the theme, among its static files.
_FURO = "styles/furo.css"
#: Parts that only a few pages have, and that ``parts.css`` styles.
_PARTS = re.compile(
    r'class="[^"]*\bhb-(?:ask|cards|doors|pic|safe|claim|counts|verdicts|standard|catalogue|in-list|source-index|finder|for|want|answer|compare|fields|profiles|pair|purpose-grid|graph|map'
    r'|figures|relations|rooms|themes|check|length)\b|id="home-questions"'
)

#: The node, and the class where not all of its kind are meant, on which each script works.
_SCRIPTS: tuple[tuple[type[nodes.Element], str, str], ...] = (
    (nodes.table, "hb-wide", "catalogue.js"),
    (nodes.container, "hb-want", "finder.js"),
    (nodes.table, "hb-filtered", "records.js"),
    (nodes.table, "hb-profiles", "compare.js"),
    (our.safe_sentence, "", "copy.js"),
    (nodes.table, "hb-check", "selfcheck.js"),
    (our.milestone, "", "cite.js"),
    (our.timeline_list, "", "timeline.js"),
)
#: The same for parts whose nodes were placeholders, which are replaced by now.
_LATE_SCRIPTS = {'class="hb-filter hb-in-list"': "letters.js", 'class="hb-leads"': "moved.js"}


def _describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Pass the front matter's description to search engines and link previews."""
    if text := description(app.env, page):
        add_to_head(context, f'<meta name="description" content="{escape(text)}" />')


def _scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load a script only where it has work to do."""
    if doctree is None:
        return
    found = by_kind(doctree, *{kind for kind, _class, _script in _SCRIPTS})
    ours = any(name == "handbook.css" for name, _more in app.config.html_css_files)
    if ours and _PARTS.search(context["body"]):
        app.add_css_file("parts.css")
    for kind, name, script in _SCRIPTS:
        if any(not name or name in node["classes"] for node in found[kind]):
            add_script(app, script)
    for mark, script in _LATE_SCRIPTS.items():
        if mark in context["body"]:
            add_script(app, script)
    # Declared before the page's own part, which a browser may show before it has read the whole.
    context["room"] = next((room for room, has in _ROOM.items() if has.search(context["body"])), "")
    if found[our.timeline_list]:
        # Hundreds of links: the largest page has to be small enough in each language.
        context["body"] = context["body"].replace(' class="reference internal"', "")


#: The width of pages that have such a part, by the class of their frame.
_ROOM = {
    "broad": re.compile(
        r'class="[^"]*\bhb-(?:wide|want|profiles|pair|overview-frame|graph-frame)\b'
    ),
    "half-broad": re.compile(r'class="[^"]*\bhb-counts\b'),
}


def _style(app: Sphinx, config: Config) -> None:
    """Pass colours and the looks of badges to the style sheet,
    ``docs/_static/handbook.css.jinja``.
    """
    colours = tokens.style_sheet(strands.hues())
    badges = strands.style_sheet()
    config.html_context = {
        **config.html_context,
        "colours": colours,
        "badges": badges,
        "translated": editions.further(config),
    }


def _small_files(app: Sphinx) -> None:
    """Serve scripts and styles without comments, spaces and long names: a quarter less is sent. The
    theme's style sheet also loses what no page has.

    The last of the folders takes precedence, and Sphinx computes the checksums of what it has
    copied.
    """
    if not is_served(app.builder):
        return
    texts: dict[str, tuple[str, str]] = {}
    kinds = (("*.js", "application/javascript"), ("*.css", "text/css"))
    for folder in (Path(app.confdir, name) for name in app.config.html_static_path):
        for pattern, kind in kinds:
            for path in sorted(folder.glob(pattern)):
                texts[path.name] = kind, path.read_text("utf-8")
        for path in sorted(folder.glob("*.css.jinja")):
            text = Template(path.read_text("utf-8")).render(app.config.html_context)
            texts[path.stem] = "text/css", text
    for folder in cast("StandaloneHTMLBuilder", app.builder).theme.get_theme_dirs():
        path = Path(folder, "static", _FURO)
        if path.is_file():
            texts[_FURO] = "text/css", path.read_text("utf-8")
    small = Path(app.doctreedir, "small")
    basis = remembered.digest(repr(one).encode() for one in texts.items())
    for name, text in remembered.once(app, "small", basis, lambda: _smaller(texts)).items():
        write_if_changed(small / name, text.encode())
    for path in (one for one in small.rglob("*") if one.is_file()):
        name = path.relative_to(small).as_posix()
        if name not in texts:  # Sphinx copies files, and deletes none of an earlier build
            path.unlink()
            Path(app.outdir, "_static", name).unlink(missing_ok=True)
    if small.is_dir():
        app.config.html_static_path = [*app.config.html_static_path, str(small)]


def _smaller(texts: dict[str, tuple[str, str]]) -> dict[str, str]:
    import minify  # brings a runtime along that most builds can do without

    small = {name: minify.string(kind, text) for name, (kind, text) in texts.items()}
    return {one: without_programs(text) if one == _FURO else text for one, text in small.items()}


HOOKS = (
    Hook("builder-inited", _small_files, "Sphinx copies the folders of scripts and styles later"),
    Hook("config-inited", _style, "Sphinx fills in the style sheet when it copies it"),
    Hook("html-page-context", _describe, "search engines and previews read the description"),
    Hook("html-page-context", _scripts, "the whole page is known, and what it needs"),
)
