"""Search in the HTML edition: Pagefind in place of Sphinx's own index, and the search page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.locale import get_translation
from sphinx.util import logging

from handbook.cli import HandbookError
from handbook.model import edtf
from handbook.model.catalogue import Catalogue, Deliverable, Status
from handbook.model.records import Certainty, Office, Statement
from handbook.model.strands import Strand
from handbook.outputs import search_index
from handbook.sphinxext import project, remembered
from handbook.sphinxext.dates import display
from handbook.sphinxext.events import LATE, Hook
from handbook.sphinxext.output import add_script, is_served
from handbook.sphinxext.parts import strand_name
from handbook.sphinxext.site import SPHINX_SCRIPTS

_ = get_translation("handbook")
logger = logging.getLogger(__name__)

#: The folder of the index within the edition.
FOLDER = "pagefind"
#: Glossaries that do not list terms.
_GLOSSARIES = {"names": search_index.Kind.NAME}
#: Files of Sphinx's own search in the folder of static files.
_SPHINX_FILES = (*sorted(SPHINX_SCRIPTS), "searchtools.js", "language_data.js", "*-stemmer.js")


@dataclass(frozen=True)
class _Page:
    """The contribution of a page to the index, and a digest of its input."""

    written: remembered.Stamp
    content: str
    names: list[str]
    part: search_index.Part


_Pages = dict[str, _Page]


@dataclass(frozen=True)
class _Known:
    """What is kept between builds."""

    pages: _Pages
    made: search_index.Made


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
        search_index.Kind.ADOPTION: _("National adoption"),
        search_index.Kind.PLACE: _("Place"),
        search_index.Kind.PERSON: _("Person"),
        search_index.Kind.MEETING: _("Meeting"),
    }
    return [
        ("kind", _("Kind"), [(kind.value, kinds[kind]) for kind in search_index.Kind]),
        ("strand", _("Strand"), [(strand.value, strand_name(strand)) for strand in Strand]),
    ]


def _words() -> dict[str, Any]:
    """Return the words of the search page and its script; the script fills the gaps ``%s``."""
    return {
        "name": _("Handbook"),
        "off": _("The search needs JavaScript. These pages list everything without it."),
        "disk": _(
            "The search needs a web server: browsers do not let a page that was opened from a disk"
            " read the index. Open the handbook where it is published, or run %s. These pages list"
            " everything without a search."
        ),
        "lists": _("Lists"),
        "keyboard": _(
            "Keys: %(slash)s opens the search from every page, %(down)s and %(up)s go through"
            " the results, %(escape)s goes back to the field."
        ),
        "script": {
            "failed": _(
                "The index of the search could not be loaded. The lists below are complete"
                " without it."
            ),
            "missing": _("No page has %s."),
            "found": _("%s results for %s."),
            "one": _("1 result for %s."),
            "nothing": _("Nothing found for %s."),
            "near": _("Did you mean %s?"),
            "or": _(" or "),
            "all": _("Search all kinds and strands"),
            "single": _("Look for one of the words: %s."),
            "more": _("Show %s more"),
            "inside": _("In:"),
            "states": {
                "draft": _("%s is a draft, at stage %s."),
                "current": _("%s, published %s, is current."),
                "confirmed": _("%s, published %s, is current; a review confirmed it."),
                "under_review": _("%s, published %s, is current and under review."),
                "being_revised": _("%s, published %s, is current and being revised."),
                "being_withdrawn": _("%s, published %s, is to be withdrawn."),
                "withdrawn": _("%s, published %s, is withdrawn."),
                "deleted": _("%s was given up, at stage %s."),
            },
            "replaced": _("It replaced %s."),
            "replacedBy": _("%s replaced it."),
            "asOf": _("(ISO catalogue, as of %s)"),
            "office": _("Last known %s of %s: %s (%s)."),
        },
    }


def _serves(app: Sphinx) -> bool:
    return bool(app.config.handbook_search) and is_served(app.builder)


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
                "search_words": _words(),
            },
            "search.html",
        )


def _scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the search key to every page, and the search to its own page."""
    if page == "search":
        context.setdefault("search_words", _words())  # the template needs them in any case
    if not _serves(app):
        return
    add_script(app, "find.js")
    if page == "search":
        add_script(app, "search.js")
        app.add_css_file("search.css")


def index(app: Sphinx, exception: Exception | None) -> None:
    """Index the built pages, unless nothing has changed since the last time."""
    if exception or not _serves(app):
        return
    _remove_sphinx_search(Path(app.outdir))
    name, basis = f"search-{app.builder.name}", _basis(app)
    before: _Known | None = remembered.recall(app, name, basis)
    pages = _pages(app, before.pages if before else {})
    parts = {page: one.part for page, one in pages.items()}
    target = Path(app.outdir, FOLDER)
    if before and before.made.parts == parts and (target / "words.json").exists():
        if before.pages != pages:
            remembered.keep(app, name, _Known(pages, before.made), basis)
        return
    # A build that is stopped from here on leaves unknown documents behind.
    remembered.forget(app, name)
    language, documents = app.config.language or "en", Path(app.doctreedir, name)
    try:
        made = search_index.write(
            parts,
            target,
            language,
            documents,
            before.made if before else None,
            knowledge(app),
        )
    except HandbookError as error:
        problem = "the handbook cannot be searched: %s"
        logger.warning(problem, error, type="handbook", subtype="search")
    else:
        remembered.keep(app, name, _Known(pages, made), basis)


def _remove_sphinx_search(out: Path) -> None:
    for pattern in _SPHINX_FILES:
        for path in (out / "_static").glob(pattern):
            path.unlink()
    (out / "searchindex.js").unlink(missing_ok=True)


def _basis(app: Sphinx) -> str:
    """Return what the records of all pages depend on, other than the pages."""
    return remembered.digest(
        repr(part).encode()
        for part in (
            search_index.version(),
            app.config.language,
            _source_strands(app),
            project.of(app.config).catalogue.deliverables,
            knowledge(app),
        )
    )


def _source_strands(app: Sphinx) -> dict[str, str]:
    strands = {strand.value for strand in Strand}
    return {
        key: source.path.stem
        for key, source in project.of(app.config).bibliography.sources.items()
        if source.path.stem in strands
    }


def knowledge(app: Sphinx) -> search_index.Knowledge:
    """Return what the vocabulary, the catalogue and the records contribute to the answers of the
    search.
    """
    handbook, language = project.of(app.config), app.config.language
    uri = app.builder.get_target_uri
    known = app.env.found_docs

    def address(place: str) -> str:
        page, mark, anchor = place.partition("#")
        return uri(page) + mark + anchor

    return search_index.Knowledge(
        tuple(term.forms for term in handbook.terms.terms if len(term.forms) > 1),
        {
            address(one.at): one.asked
            for one in handbook.terms.questions
            if one.at.partition("#")[0] in known
        },
        {
            address(f"standards/{one.slug}"): (
                what,
                display(when, language) if when else one.stage,
                *(address(f"standards/{other.slug}") for other in others),
            )
            for one in handbook.catalogue.deliverables
            if f"standards/{one.slug}" in known
            for what, when, others in [_state(one, handbook.catalogue)]
            if when or what in {"draft", "deleted"}
        },
        tuple(
            (role, body, holder, " · ".join(when), address(place))
            for role, body, holder, when, place in _offices(app)
            if place.partition("#")[0] in known
        ),
        _day(handbook.catalogue, "deliverables", language),
    )


def _state(
    one: Deliverable, catalogue: Catalogue
) -> tuple[str, edtf.Edtf | None, list[Deliverable]]:
    """Return the state of a deliverable in the catalogue: its status; when it was published; what
    replaced it if it is withdrawn, or else what it replaced.
    """
    gone = one.status is Status.WITHDRAWN
    ids = one.replaced_by if gone else one.replaces
    others = [catalogue.by_id[id_] for id_ in ids if id_ in catalogue.by_id]
    return one.state.name.lower(), one.published, others


def _day(catalogue: Catalogue, file: str, language: str) -> str:
    day = catalogue.as_of.get(file)
    return display(edtf.parse(day), language) if day else ""


def _offices(app: Sphinx) -> Iterator[tuple[str, str, str, list[str], str]]:
    """Return who holds an office, as last known: role, body, holder, the days, and the address.

    The record with the latest day represents the office; one without a day is left out.
    """
    handbook, language = project.of(app.config), app.config.language
    latest: dict[tuple[str, str], Office] = {}
    for one in handbook.records.offices:
        if one.dates and one.status is not Certainty.DISPUTED:
            before = latest.get((one.body, one.role))
            if before is None or _last(before) < _last(one):
                latest[one.body, one.role] = one
    said = {
        "announced": _("announced %s"),
        "since": _("since %s"),
        "named": _("named %s"),
        "until": _("until %s"),
    }
    committees = {one.reference for one in handbook.catalogue.committees}
    for (body, role), one in latest.items():
        if role == "secretariat" and body in committees:
            continue  # ISO's data, below, have it
        steps = {date.what: date.date for date in sorted(one.dates, key=_by_day)}
        when = [said[what] % display(date, language) for what, date in steps.items()]
        yield role, body, one.person, when, f"names#{one.anchor}"
    day = _day(handbook.catalogue, "committees", language)
    for committee in handbook.catalogue.committees if day else ():
        when = [_("as of %s") % day]
        place = "committee/index#committee-who-runs"
        yield "secretariat", committee.reference, committee.secretariat, when, place


def _by_day(one: Statement) -> Any:
    return one.date.latest


def _last(office: Office) -> Any:
    return max(map(_by_day, office.dates))


def _pages(app: Sphinx, before: _Pages) -> _Pages:
    """Return the contribution of each page to the index; a page that was not written again keeps
    its earlier one.
    """
    builder: StandaloneHTMLBuilder = app.builder  # type: ignore[assignment]
    catalogue, sources = project.of(app.config).catalogue, _source_strands(app)
    strands = {strand.value for strand in Strand}
    known: _Pages = {}
    for page in sorted(app.env.found_docs):
        path, names = Path(builder.get_outfilename(page)), _names(app, page)
        old, written = before.get(page), remembered.stamp(path)
        if old and (old.written, old.names) == (written, names):
            known[page] = old
            continue
        text = path.read_bytes()
        content = remembered.digest([text])
        if old and (old.content, old.names) == (content, names):
            known[page] = replace(old, written=written)
            continue
        part = page.split("/")[0]
        found = search_index.records(
            text.decode("utf-8"),
            builder.get_target_uri(page),
            glossary=_GLOSSARIES.get(page, search_index.Kind.TERM),
            strands=(part,) if part in strands else (),
            names=names,
            catalogue=catalogue,
            source_strands=sources,
        )
        known[page] = _Page(written, content, names, search_index.part(found))
    return known


def _names(app: Sphinx, page: str) -> list[str]:
    """Return other words for which this page is the answer: those of the front matter's ``search``,
    and the Chinese titles of a standard.
    """
    names = str(app.env.metadata[page].get("search", "")).split(",")
    handbook = project.of(app.config)
    if one := handbook.catalogue.by_slug.get(page.removeprefix("standards/")):
        adopted = handbook.records.adoptions_of(one, handbook.catalogue)
        names += [adoption.title for adoption in adopted if adoption.language == "zh"]
        names += [title.title for title in handbook.terms.titles_of(one.reference)]
    return [name.strip() for name in names if name.strip()]


HOOKS = (
    Hook("builder-inited", _instead_of_sphinx, "Sphinx makes no index of its own"),
    Hook("html-page-context", _scripts, "the key / leads to the search from each page"),
    Hook("html-collect-pages", _page, "the search page lists what the handbook has"),
    Hook("build-finished", index, "the index is made of the written pages", LATE),
)


def setup(app: Sphinx) -> None:
    app.add_config_value("handbook_search", False, "html", types=frozenset({bool}))
