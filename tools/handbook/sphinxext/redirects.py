"""Redirect old addresses: for pages that have moved, by ``sphinx-reredirects``; for anchors, by a
line on the page that had them.

Both come from ``docs/moved.yaml``. The line of an anchor is shown only to readers who ask for that
anchor; a script then follows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

from handbook.files import write_if_changed
from handbook.model import moved
from handbook.model.moved import Move, Moves
from handbook.model.pages import find_pages
from handbook.sphinxext import editions, state
from handbook.sphinxext.events import EARLY, LATE, Hook
from handbook.sphinxext.output import add_script, is_served
from handbook.sphinxext.parts import report
from handbook.sphinxext.policy import own, protect

_ = get_translation("handbook")
logger = logging.getLogger(__name__)

#: sphinx-reredirects fills in ``${to_uri}``.
_PAGE = """\
<!doctype html>
<html lang="%(language)s"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">\
<meta name="robots" content="noindex">
<title>%(title)s</title>
<noscript><meta http-equiv="refresh" content="0; url=${to_uri}"></noscript></head>
<body><p>%(title)s: <a id="to" href="${to_uri}">%(link)s</a></p>
<script>const to = new URL(document.getElementById("to").href); \
if (location.hash) to.hash = location.hash; location.replace(to);</script>
</body></html>
"""


@lru_cache(maxsize=1)
def _read(path: Path) -> Moves:
    return moved.load(path)


def _file(app: Sphinx) -> Path:
    return Path(app.srcdir) / moved.NAME


def _start(app: Sphinx) -> None:
    _read.cache_clear()
    found = _read(_file(app))
    docs = Path(app.srcdir)
    taken = moved.BUILT | {
        path.relative_to(docs).with_suffix("").as_posix() for path in find_pages(docs)[0]
    }
    pages = {
        move.old.page: move.new
        for move in found.moves.values()
        # an existing page, or one that the build makes, must not be overwritten
        if not move.old.anchor and move.old.page not in taken
    }
    if app.builder.name != "html" or not pages:
        return
    # Only now, and only for HTML: the extension would write into an EPUB too, and a change of its
    # settings would have all pages read again.
    app.setup_extension("sphinx_reredirects")
    template = Path(app.doctreedir) / "moved.html"
    words = {
        "language": app.config.language or "en",
        "title": escape(_("This page has moved")),
        "link": escape(_("its new place")),
    }
    write_if_changed(template, protect(own(_PAGE) % words).encode())
    app.config.redirect_html_template_file = str(template)
    uri = app.builder.get_target_uri
    app.config.redirects = {
        old: relative_uri(uri(old), uri(new.page)) + (f"#{new.anchor}" if new.anchor else "")
        for old, new in pages.items()
    }


def _from(found: Moves, page: str) -> Iterator[Move]:
    """Return the anchors that once led to this page: its own, and those of pages that have moved
    here.
    """
    former = {
        page,
        *(
            move.old.page
            for move in found.moves.values()
            if not move.old.anchor and move.new.page == page
        ),
    }
    yield from (
        move for move in found.moves.values() if move.old.anchor and move.old.page in former
    )


def _outdated(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> list[str]:
    """Return pages whose lines differ from those of the last build."""
    found = _read(_file(app))
    now = {
        page: lines
        for page in env.found_docs
        if (lines := tuple(f"{move.old} {move.new}" for move in _from(found, page)))
    }
    kept = state.kept(env)
    before, kept.moves = kept.moves, now
    return sorted(
        page
        for page in now.keys() | before.keys()
        if now.get(page) != before.get(page) and page in env.found_docs
    )


def _lead_on(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """End a page with a line for each anchor that it used to have."""
    if not is_served(app.builder) or doctree is None:
        return
    lines, words = "", _("This has moved:")
    for move in _from(_read(_file(app)), page):
        if move.new.page not in app.env.found_docs or f' id="{move.old.anchor}"' in context["body"]:
            continue
        address = f"#{move.new.anchor}" if move.new.anchor else ""
        if move.new.page != page:
            address = app.builder.get_relative_uri(page, move.new.page) + address
        title = escape(app.env.titles[move.new.page].astext())
        lines += (
            f'<p class="hb-moved" id="{escape(move.old.anchor)}">{words} <a'
            f' href="{escape(address)}">{title}</a></p>\n'
        )
    if lines:
        context["body"] += f'<div data-pagefind-ignore="all">{lines}</div>'
        add_script(app, "moved.js")


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """Check that old addresses are free, and that new ones exist."""
    path = _file(app)
    found = _read(path)
    for finding in (*found.findings, *found.faults(env.found_docs)):
        report(finding, f"{path}:{finding.place.line}")


def _check_anchors(app: Sphinx) -> list[Any]:
    """Check, once all pages are written, that a new anchor is on its page, and an old one is
    not.
    """
    if not is_served(app.builder):
        return []
    path = _file(app)
    found = _read(path)
    for move in found.moves.values():
        if (
            move.new.anchor
            and move.new.page in app.env.found_docs
            and f' id="{move.new.anchor}"' not in _text(app.builder, move.new.page)
        ):
            report(move.nowhere(), f"{path}:{move.new_place.line}")
    for page in sorted(app.env.found_docs):
        for move in _from(found, page):
            text = _text(app.builder, page)
            if (
                f' id="{move.old.anchor}"' in text
                and f'hb-moved" id="{move.old.anchor}"' not in text
            ):
                report(move.still_there(), f"{path}:{move.old_place.line}")
    return []


def _text(builder: Builder, page: str) -> str:
    return Path(builder.get_output_path(page)).read_text("utf-8")  # type: ignore[attr-defined]


#: Folders of the site without pages.
_NO_PAGES = frozenset({"data", "pagefind"})
#: A text in every page of the handbook, and hardly in any other file.
_OURS = b"Content-Security-Policy"


def _sweep(app: Sphinx, exception: Exception | None) -> None:
    """Delete pages and redirects of an earlier build that no longer exist."""
    if exception or not is_served(app.builder):
        return
    out, moves = Path(app.outdir), _read(_file(app)).moves
    names = {*app.env.found_docs, *moved.BUILT, *(old.page for old in moves)}
    written: Callable[[str], str] = app.builder.get_output_path  # type: ignore[attr-defined]
    kept = {Path(written(name)) for name in names}
    elsewhere = _NO_PAGES | editions.folders_within(app.config)
    for path in sorted(out.rglob("*.html")):
        folder = path.relative_to(out).parts[0]
        if path in kept or folder in elsewhere or folder.startswith("_"):
            continue
        if _OURS in path.read_bytes():
            path.unlink()
            logger.info("deleted %s, whose page is gone", path)


HOOKS = (
    Hook(
        "builder-inited",
        _start,
        "sphinx-reredirects reads its settings at this event, and gets them from docs/moved.yaml",
        EARLY,
    ),
    Hook("env-get-outdated", _outdated, "pages whose moved anchors changed are read again"),
    Hook("env-check-consistency", _check, "all pages are known: old addresses must be free"),
    Hook("html-page-context", _lead_on, "lines for moved anchors follow the whole body", LATE),
    Hook("html-collect-pages", _check_anchors, "all pages are written: anchors can be seen"),
    Hook(
        "build-finished",
        _sweep,
        "what lists the built pages must not see those that are gone",
        EARLY,
    ),
)
