"""Search in the HTML edition: Pagefind in place of Sphinx's own index, and the page that asks it."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import get_translation
from sphinx.util import logging

from handbook.model.pages import Strand
from handbook.outputs import search_index
from handbook.sphinxext import project
from handbook.sphinxext.directives import strand_name

_ = get_translation("handbook")
logger = logging.getLogger(__name__)

#: The folder of the index within the edition.
FOLDER = "pagefind"
#: Glossaries that do not list terms.
_GLOSSARIES = {"names": search_index.Kind.NAME}
#: What serves Sphinx's own search: on pages, and in the folder of static files.
_SPHINX_SCRIPTS = frozenset({"documentation_options.js", "doctools.js", "sphinx_highlight.js"})
_SPHINX_FILES = (*sorted(_SPHINX_SCRIPTS), "searchtools.js", "language_data.js", "*-stemmer.js")

#: The records of each page, with a digest of all that they were made of.
_Known = dict[str, tuple[str, tuple[search_index.Record, ...]]]


def _lists() -> list[tuple[str, str, str]]:
    return [
        ("standards/catalogue", _("The catalogue"), _("every standard and draft, with its status")),
        ("timeline", _("Timeline"), _("every milestone by date")),
        ("genindex", _("Index"), _("every term, person and place, also in Chinese")),
        ("glossary", _("Glossary"), _("the words of the field")),
        ("names", _("People and places"), _("names with every spelling")),
        ("bibliography", _("Bibliography"), _("every source")),
    ]


def _filters() -> list[tuple[str, str, list[tuple[str, str]]]]:
    kinds = {
        search_index.Kind.PAGE: _("Page"),
        search_index.Kind.STANDARD: _("Standard"),
        search_index.Kind.MILESTONE: _("Milestone"),
        search_index.Kind.TERM: _("Term"),
        search_index.Kind.NAME: _("Person or place"),
        search_index.Kind.SOURCE: _("Source"),
    }
    return [
        ("kind", _("Kind"), [(kind.value, kinds[kind]) for kind in search_index.Kind]),
        ("strand", _("Strand"), [(strand.value, strand_name(strand)) for strand in Strand]),
    ]


def _serves(app: Sphinx) -> bool:
    return bool(app.config.handbook_search) and app.builder.name in {"html", "dirhtml"}


def _instead_of_sphinx(app: Sphinx) -> None:
    """Keep Sphinx from making an index of its own."""
    if _serves(app):
        app.builder.search = False  # type: ignore[attr-defined]


def _page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    if _serves(app):
        known = app.env.found_docs | {"genindex"}
        yield (
            "search",
            {
                "search_lists": [row for row in _lists() if row[0] in known],
                "search_filters": _filters(),
            },
            "search.html",
        )


def _scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """On every page a key that leads to the search; on its own page the search; nowhere what
    Sphinx's search would load.
    """
    if not _serves(app):
        return
    scripts: list[Any] = context["script_files"]
    scripts[:] = [
        script
        for script in scripts
        if Path(str(getattr(script, "filename", script))).name not in _SPHINX_SCRIPTS
    ]
    app.add_js_file("find.js", loading_method="defer")
    if page == "search":
        app.add_js_file("search.js", loading_method="defer")
        app.add_css_file("search.css")


def _index(app: Sphinx, exception: Exception | None) -> None:
    """Index what was built, unless nothing changed since the last time."""
    if exception or not _serves(app):
        return
    builder: StandaloneHTMLBuilder = app.builder  # type: ignore[assignment]
    out = Path(app.outdir)
    for pattern in _SPHINX_FILES:
        for path in (out / "_static").glob(pattern):
            path.unlink()
    (out / "searchindex.js").unlink(missing_ok=True)
    handbook = project.of(app.config)
    strands = {strand.value for strand in Strand}
    sources = {
        key: source.path.stem
        for key, source in handbook.bibliography.sources.items()
        if source.path.stem in strands
    }
    files = {page: Path(builder.get_outfilename(page)) for page in sorted(app.env.found_docs)}
    names = {page: _names(app, page) for page in files}
    basis = repr(
        (
            search_index.version(),
            app.config.language,
            sources,
            handbook.catalogue.deliverables,
        )
    ).encode()
    texts = {page: file.read_bytes() for page, file in files.items()}
    seen = {
        page: (
            hashlib.sha256(
                b"\0".join((basis, page.encode(), repr(names[page]).encode(), text))
            ).hexdigest()
        )
        for page, text in texts.items()
    }
    note = Path(app.doctreedir) / f"search-{builder.name}.pickle"
    known = _remembered(note)
    if {page: digest for page, (digest, _records) in known.items()} == seen and (
        out / FOLDER / "words.json"
    ).exists():
        return
    for page, text in texts.items():
        if page in known and known[page][0] == seen[page]:
            continue
        part = page.split("/")[0]
        known[page] = (
            seen[page],
            tuple(
                search_index.records(
                    text.decode("utf-8"),
                    builder.get_target_uri(page),
                    glossary=_GLOSSARIES.get(page, search_index.Kind.TERM),
                    strands=(part,) if part in strands else (),
                    names=names[page],
                    catalogue=handbook.catalogue,
                    source_strands=sources,
                )
            ),
        )
    known = {page: known[page] for page in texts}
    found = [record for _digest, records in known.values() for record in records]
    try:
        search_index.write(found, out / FOLDER, app.config.language or "en")
    except search_index.SearchError as error:
        logger.warning(
            "the handbook cannot be searched: %s (hint: %s)",
            error,
            error.hint,
            type="handbook",
            subtype="search",
        )
    else:
        note.write_bytes(pickle.dumps(known))


def _remembered(note: Path) -> _Known:
    """What the last build found on each page; nothing if that cannot be read any more."""
    try:
        return pickle.loads(note.read_bytes())  # type: ignore[no-any-return]
    except (
        OSError,
        EOFError,
        AttributeError,
        ImportError,
        IndexError,
        TypeError,
        ValueError,
        pickle.UnpicklingError,
    ):
        return {}


def _names(app: Sphinx, page: str) -> list[str]:
    """What the front matter's ``search`` names: other words for which this page is the answer."""
    text = app.env.metadata[page].get("search", "")
    return [name.strip() for name in str(text).split(",") if name.strip()]


def setup(app: Sphinx) -> None:
    app.add_config_value("handbook_search", False, "html", types=frozenset({bool}))
    app.connect("builder-inited", _instead_of_sphinx)
    app.connect("html-collect-pages", _page)
    app.connect("html-page-context", _scripts)
    # After the exports: what the build says of itself is complete.
    app.connect("build-finished", _index, priority=900)
