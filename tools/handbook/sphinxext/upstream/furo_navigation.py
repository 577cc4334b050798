"""The navigation beside each page: the branch that the page belongs to, drawn from lines that are
made once in each build.

For each page Sphinx resolves the table of contents again and furo parses the result once more; here
a page costs no more than the lines that it shows. The markup is what furo's style sheet expects.

Issue: https://github.com/pradyunsg/furo/pull/939 (open), which builds such a tree within furo.
Gain: 28.7 s of CPU (55.5 s without it).
End: when a release of furo draws its navigation without parsing it for each page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.util import url_re
from sphinx.util.osutil import relative_uri
from sphinx.util.tags import Tags

from handbook.sphinxext import state
from handbook.sphinxext.events import EARLY, LATE, Hook
from handbook.sphinxext.output import is_served
from handbook.sphinxext.parts import warn

_ = get_translation("handbook")

_ARROW = '<span class="icon"><svg><use href="#svg-arrow-right"></use></svg></span>'


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation: ``title`` is HTML, ``name`` the same in plain words.

    ``page`` is the page that it leads to, ``anchor`` the place within it (empty for the whole
    page). A line that leads out of the handbook has an ``address`` instead of a page.
    """

    title: str
    name: str
    page: str | None = None
    anchor: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of one ``{toctree}``. Only those on the first page show their caption."""

    caption: str
    entries: tuple[Entry, ...]


class Contents:
    """The table of contents of a handbook whose pages are all read.

    :param markup: the HTML of a title that is more than plain words
    """

    def __init__(
        self, env: BuildEnvironment, tags: Tags, markup: Callable[[list[nodes.Node]], str]
    ) -> None:
        self._env = env
        self._tags = tags
        self._markup = markup
        self._listings: dict[str, tuple[Listing, ...]] = {}

    def listings(self, page: str) -> tuple[Listing, ...]:
        """Return the entries of the page's own tables of contents, including hidden ones."""
        if page not in self._listings:
            self._listings[page] = tuple(self._read(page))
        return self._listings[page]

    def _read(self, page: str) -> Iterator[Listing]:
        for toctree in (
            self._env.tocs[page].findall(addnodes.toctree) if page in self._env.tocs else ()
        ):
            if not self._left_out(toctree):
                entries = tuple(
                    entry
                    for title, target in toctree["entries"]
                    for entry in self._entries(title, target, page)
                )
                if entries:
                    yield Listing(toctree.get("caption") or "", entries)

    def _left_out(self, node: nodes.Node) -> bool:
        """Return whether an ``{only}`` around it excludes it from this build."""
        while node := node.parent:
            if isinstance(node, addnodes.only) and not self._tags.eval_condition(node["expr"]):
                return True
        return False

    def _entries(self, title: str | None, target: str, page: str) -> Iterator[Entry]:
        """Yield the lines of one entry: a page with several titles has as many."""
        if url_re.match(target):
            yield Entry(_plain(title or target), title or target, address=target)
        elif target in StandardDomain._virtual_doc_names:
            target, name = StandardDomain._virtual_doc_names[target]
            yield Entry(_plain(title or str(name)), title or str(name), target)
        else:
            target = page if target == "self" else target
            heads = [
                head for head in self._env.tocs.get(target, ()) if isinstance(head, nodes.list_item)
            ]
            if not heads and target in self._env.tocs:
                warn(
                    "N001",
                    f"the navigation has no line for the page {target}: it has no title",
                    "begin the page with a heading: # Title",
                    target,
                )
            for head in heads:
                reference = next(head.findall(nodes.reference))
                if title and len(heads) == 1:
                    yield Entry(_plain(title), title, target, reference["anchorname"])
                elif all(isinstance(word, nodes.Text) for word in reference.children):
                    yield Entry(
                        _plain(reference.astext()),
                        reference.astext(),
                        target,
                        reference["anchorname"],
                    )
                else:
                    yield Entry(
                        self._markup(reference.children),
                        reference.astext(),
                        target,
                        reference["anchorname"],
                    )

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {
            child: page
            for page, children in self._env.toctree_includes.items()
            for child in children
        }

    def way(self, page: str) -> tuple[str, ...]:
        """Return the pages above a page, from the nearest to the first of the handbook; none above
        a page that no other lists.
        """
        way: dict[str, None] = {}
        while (page := self._parents.get(page, "")) and page not in way:
            way[page] = None
        return tuple(way)


def _plain(text: str) -> str:
    return escape(text, quote=False)


class Navigation:
    """Draws the navigation of each page.

    :param address: the address of a page as seen from the root of the site
    """

    def __init__(self, contents: Contents, first: str, address: Callable[[str], str]) -> None:
        self._contents = contents
        self._first = first
        self._address = address

    def draw(self, page: str) -> str:
        """Return the HTML beside ``page``: all entries of the first page, and the branch that leads
        to the page.
        """
        drawing = _Drawing(self._contents, page, self._address)
        return "".join(
            (
                '<p aria-level="2" class="caption" role="heading"><span'
                f' class="caption-text">{_plain(one.caption)}</span></p>\n'
                if one.caption
                else ""
            )
            + drawing.list(one.entries, 1, (self._first,))
            for one in self._contents.listings(self._first)
        )


class _Drawing:
    def __init__(self, contents: Contents, page: str, address: Callable[[str], str]) -> None:
        self._contents = contents
        self._page = page
        self._here = address(page)
        self._address = address
        self._open = {page, *contents.way(page)}
        self._switches = 0

    def list(self, entries: Iterable[Entry], level: int, above: tuple[str, ...]) -> str:
        entries = list(entries)
        current = ' class="current"' if any(self._is_current(entry) for entry in entries) else ""
        return (
            f"<ul{current}>\n{''.join(self._line(entry, level, above) for entry in entries)}</ul>\n"
        )

    def _is_current(self, entry: Entry) -> bool:
        return entry.page in self._open and not entry.anchor

    def _line(self, entry: Entry, level: int, above: tuple[str, ...]) -> str:
        classes, link = (
            f"toctree-l{level}",
            f'<a class="reference internal" href="{self._href(entry)}">{entry.title}</a>',
        )
        if entry.page is None:
            link = link.replace("internal", "external", 1)
        if not self._is_current(entry):
            return f'<li class="{classes}">{link}</li>\n'
        assert entry.page
        below = (
            []
            if entry.page in above
            else [one for listing in self._contents.listings(entry.page) for one in listing.entries]
        )
        is_here = entry.page == self._page
        if is_here:
            link = (
                '<a aria-current="page" class="current reference internal"'
                f' href="#">{entry.title}</a>'
            )
        classes += f" current{' has-children' if below else ''}{' current-page' if is_here else ''}"
        if not below:
            return f'<li class="{classes}">{link}</li>\n'
        inside = self._switch(entry.name) + self.list(below, level + 1, (*above, entry.page))
        return f'<li class="{classes}">{link}{inside}</li>\n'

    def _href(self, entry: Entry) -> str:
        if entry.page is None:
            return escape(entry.address)
        return escape(
            (relative_uri(self._here, self._address(entry.page)) or ("" if entry.anchor else "#"))
            + entry.anchor
        )

    def _switch(self, name: str) -> str:
        """Return the switch that opens and closes a branch without a script."""
        self._switches += 1
        id_, label = (
            f"toctree-checkbox-{self._switches}",
            escape(_("Toggle navigation of %s") % name),
        )
        return (
            f'<input aria-label="{label}" checked="" class="toctree-checkbox" id="{id_}"'
            f' name="{id_}" role="switch" type="checkbox"/><label for="{id_}">{_ARROW}</label>'
        )


def _gather(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Collect the navigation once all pages are read; return pages that show other titles than at
    the last build, to be written again.
    """
    if not _serves(app):
        return []
    builder: Any = app.builder

    def markup(words: list[nodes.Node]) -> str:
        title = nodes.title("", "", *(word.deepcopy() for word in words))
        return str(builder.render_partial(title)["title"])

    contents = Contents(env, app.tags, markup)
    address = cache(builder.get_target_uri)
    state.running(env).navigation = Navigation(contents, app.config.root_doc, address)
    pages = sorted(env.found_docs & env.tocs.keys())
    listings = {page: listed for page in pages if (listed := contents.listings(page))}
    around = {
        page: _around(env, neighbours) for page, neighbours in env.collect_relations().items()
    }
    kept = state.kept(env)
    listed_before, kept.listings = kept.listings, listings
    around_before, kept.around = kept.around, around
    if not around_before:
        return []
    changed = {
        page
        for page in listings.keys() | listed_before.keys()
        if listings.get(page) != listed_before.get(page)
    }
    return [
        page
        for page in pages
        if around.get(page) != around_before.get(page)
        or not changed.isdisjoint({app.config.root_doc, page, *contents.way(page)})
    ]


def _around(env: BuildEnvironment, neighbours: list[str | None]) -> tuple[object, ...]:
    """Return the entries before and after the page."""
    return tuple(
        (page, env.titles[page].astext()) if page in env.titles else page for page in neighbours
    )


def _serves(app: Sphinx) -> bool:
    return app.config.html_theme == "furo" and is_served(app.builder)


def _keep_furo_from_drawing(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if _serves(app):
        context["handbook_toctree"] = context.pop("toctree")


def _draw(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    navigation = state.running(app.env).navigation
    if _serves(app) and navigation:
        context["toctree"] = context.pop("handbook_toctree")
        context["furo_navigation_tree"] = navigation.draw(page)


HOOKS = (
    Hook("env-updated", _gather, "all titles are known, and which pages show others than before"),
    Hook("html-page-context", _keep_furo_from_drawing, "furo finds no table of contents", EARLY),
    Hook("html-page-context", _draw, "furo has put nothing in the place of the navigation", LATE),
)
