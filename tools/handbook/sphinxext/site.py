"""The handbook as a site: link previews, favicon, the page for lost addresses, and files for
programs that visit.

The address of the site is not known to the project. It comes from ``html_baseurl``; without it
pages have no canonical address, previews no address and no picture, and there is no
``sitemap.xml``.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from jinja2 import TemplateError, TemplateSyntaxError
from markupsafe import Markup, escape
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError, ThemeError
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.locale import get_translation
from sphinx.theming import Theme

from handbook.files import write_if_changed
from handbook.model import marks
from handbook.model.safety import for_xml
from handbook.outputs import tables
from handbook.sphinxext import editions, hosts, policy, remembered
from handbook.sphinxext.events import LAST, LATE, Hook
from handbook.sphinxext.exports import FILES
from handbook.sphinxext.exports import site as about
from handbook.sphinxext.output import (
    DATA,
    SERVED,
    add_script,
    add_to_head,
    base,
    description,
    is_served,
    is_web,
)

_ = get_translation("handbook")

LOST = "404"
#: Small pictures in ``_static`` for programs that cannot show the favicon's SVG.
TOUCH_ICON, PREVIEW = "icon-180.png", "preview.png"
_LINK = re.compile(r'(<[a-zA-Z][^<>]*? (?:href|src|srcset|action)=")(?![#/"]|[a-z][a-z0-9+.-]*:)')
#: Files of Sphinx's own search, keyboard shortcuts and translated words.
SPHINX_SCRIPTS = frozenset(
    {"documentation_options.js", "doctools.js", "sphinx_highlight.js", "translations.js"}
)
#: Files for one kind of content, with what reveals that kind in a page's body.
_NEEDED_BY = {
    "design-tabs.js": "sd-tab-set",
    "sphinx-design.min.css": 'class="sd-',
    "furo-extensions.css": 'class="sd-',  # of the users of it, we have only sphinx-design
    "pygments.css": 'class="highlight',
}


#: A symbol that furo's pages define for all of its icons.
_SYMBOL = re.compile(r'\s*<symbol id="(svg-[\w-]+)".*?</symbol>', re.DOTALL)


class Templates(BuiltinTemplateLoader):
    """Sphinx's templates; pages that readers open are checked, and get their policy, when drawn."""

    def init(
        self, builder: Builder, theme: Theme | None = None, dirs: list[str] | None = None
    ) -> None:
        super().init(builder, theme, dirs)
        self.environment.add_extension(policy.OwnMarkup)
        # Ours are translated in this project's catalogue, and so are those of the theme.
        theirs = get_translation("sphinx")
        self.environment.install_gettext_callables(  # type: ignore[attr-defined]
            lambda text: own if (own := str(_(text))) != text else str(theirs(text)),
            lambda one, more, number: str(theirs(one if number == 1 else more)),
        )

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]
        try:
            page = for_xml(super().render(template, context))
        except Exception as error:
            if fault := _fault(error):
                raise fault from error
            raise
        builder = context.get("builder")
        if template.endswith(".html") and builder in SERVED | {"epub"}:
            policy.refuse_foreign(page, context["pagename"])
        if not template.endswith(".html") or builder not in SERVED:
            return policy.bare(page)
        before, article, after = page.partition("<article")
        page = re.sub(r"\s*\n\s*", "\n", before) + article + after
        page = _SYMBOL.sub(lambda one: one[0] if f'"#{one[1]}"' in page else "", page)
        if context["pagename"] == LOST:
            page = from_anywhere(page, prefix(context["html_baseurl"]))
        return policy.protect(page)

    def render_string(self, source: str, context: dict[str, Any]) -> str:
        return policy.bare(super().render_string(source, context))


class _TemplateError(ThemeError):
    """A template is wrong; Sphinx prints the error as Python shows it, which here is our own
    message.
    """

    def __repr__(self) -> str:
        return str(self)


def _fault(error: Exception) -> _TemplateError | None:
    """Return the file and line of the template that raised the error; ``None`` if it was our code
    below the template.
    """
    frames = traceback.extract_tb(error.__traceback__)
    templates = [one for one in frames if one.filename.endswith(".html")]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        place = f"{error.filename}:{error.lineno}"
    elif templates and (isinstance(error, TemplateError) or frames[-1] is templates[-1]):
        place = f"{templates[-1].filename}:{templates[-1].lineno}"
    else:
        return None
    message = f"the template cannot be filled in: {error}"
    return _TemplateError(f"{place}: {message} (hint: correct this line, or the block around it)")


def prefix(address: str) -> str:
    """Return the path below which the site at this address is, with a slash at both ends; ``/`` if
    it has no address yet.
    """
    return urlsplit(address).path.rstrip("/") + "/"


def _static(app: Sphinx, name: str) -> bool:
    return any(
        (Path(app.confdir) / folder / name).is_file() for folder in app.config.html_static_path
    )


def _start(app: Sphinx, config: Config) -> None:
    config.template_bridge = config.template_bridge or f"{__name__}.{Templates.__name__}"
    if config.html_baseurl and not is_web(config.html_baseurl):
        raise ConfigError(
            f"{config.html_baseurl!r} is not the address of a site (hint: give HANDBOOK_URL as"
            " https://host/path/, without ? and #)",
        )


def _preview(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell other sites what to show of a page when somebody links to it (OpenGraph)."""
    if doctree is None or not is_served(app.builder):
        return
    properties = {
        "og:title": Markup(context["title"]).striptags(),
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:site_name": app.config.project,
        "og:description": description(app.env, page),
    }
    if site := base(app.config):
        properties["og:url"] = site + app.builder.get_target_uri(page)
        if _static(app, PREVIEW):
            properties |= {
                "og:image": f"{site}_static/{PREVIEW}",
                "og:image:width": "1200",
                "og:image:height": "630",
                "og:image:alt": app.config.project,
            }
    add_to_head(
        context,
        *(
            f'<meta property="{name}" content="{escape(value)}">'
            for name, value in properties.items()
            if value
        ),
    )


def _head(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add an icon for home screens; remove scripts and styles that the page does not use."""
    if not is_served(app.builder):
        return
    if page == LOST:
        add_script(app, "lost.js")
        add_to_head(context, '<meta name="robots" content="noindex">')
    here = editions.folder(app.config.language)
    context["html_baseurl"] = app.config.html_baseurl or (here and f"/{here}")
    if _static(app, TOUCH_ICON):
        icon = context["pathto"](f"_static/{TOUCH_ICON}", resource=True)
        add_to_head(context, f'<link rel="apple-touch-icon" href="{icon}">')
    body = context.get("body") or ""
    unused = {name for name, mark in _NEEDED_BY.items() if mark not in body}
    if template != "search.html" or app.config.handbook_search:
        unused |= SPHINX_SCRIPTS
    for files in ("script_files", "css_files"):
        context[files] = [
            file
            for file in context[files]
            if str(getattr(file, "filename", file) or "").rpartition("/")[2] not in unused
        ]


def _sections(env: BuildEnvironment, root: str) -> Iterator[tuple[str, str]]:
    """Return the entries of the home page's tables of contents, in order: their name there and the
    page.
    """
    contents = env.tocs.get(root)
    for toctree in contents.findall(addnodes.toctree) if contents else ():
        for title, page in toctree["entries"]:
            if page in env.titles:
                yield title or env.titles[page].astext(), page


def _below(env: BuildEnvironment, page: str, seen: set[str]) -> Iterator[str]:
    """Yield a page and all pages below it, in reading order, each once."""
    if page in seen or page not in env.titles:
        return
    seen.add(page)
    yield page
    for below in env.toctree_includes.get(page, ()):
        yield from _below(env, below, seen)


def _lost_page(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    """Return the page for addresses that lead nowhere: the address, a search for it, and the main
    pages.
    """
    # Hosts look for the file 404.html, which a build with a folder for each page would not write.
    if app.builder.name != "html":
        return
    pathto, colon = app.builder.get_target_uri, marks.of(app.config.language).colon
    doors = "".join(
        f'<li><a class="reference internal" href="{pathto(page)}">{escape(title)}</a>'
        f"{colon}{escape(purpose)}</li>"
        for title, page in _sections(app.env, app.config.root_doc)
        if (purpose := description(app.env, page))
    )
    # Words in f-strings are not collected for translation.
    title, reason, asked = (
        _("Page not found"),
        _("It may have moved, or the address may contain a typing mistake."),
        _("You asked for"),
    )
    label, button, near, parts = (
        _("Search the handbook"),
        _("Search"),
        _("Perhaps one of these"),
        _("The parts of the handbook"),
    )
    body = (
        f'<section id="lost"><h1>{title}</h1><p>{reason}</p><p class="hb-asked" hidden>{asked}'
        f' <code></code></p><form class="hb-filter" action="{pathto("search")}"'
        f' role="search"><label>{label} <input type="search"'
        f' name="q"></label><button>{button}</button></form><div class="hb-near"'
        f" hidden><h2>{near}</h2><ul></ul></div><h2>{parts}</h2><ul>{doors}</ul></section>"
    )
    yield LOST, {"title": title, "body": body}, "page.html"


def from_anywhere(page: str, path: str) -> str:
    """Return the page with addresses that are valid at whatever depth it is shown.

    :param page: a page at the site's root, with relative addresses
    :param path: the path below which the site is, ``/`` at both ends
    """
    return _LINK.sub(lambda match: f"{match[1]}{path}", page).replace(
        ' data-content_root="./"', f' data-content_root="{path}"'
    )


def robots(site: str, editions: Iterable[str] = ()) -> str:
    """Return ``robots.txt``: everything is allowed; the sitemaps, if the site's address is known.

    :param editions: the folders of the editions in other languages
    """
    folders = ["", *(f"{one}/" for one in editions)] if site else []
    maps = "".join(f"Sitemap: {site}{folder}sitemap.xml\n" for folder in folders)
    return f"User-agent: *\nAllow: /\n{maps}"


def sitemap(addresses: Iterable[str]) -> str:
    """Return ``sitemap.xml`` of these full addresses. It gives no day of change: git's would differ
    from copy to copy.
    """
    rows = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset'
        f' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )


def llms(app: Sphinx) -> str:
    """Return ``llms.txt`` (https://llmstxt.org): what the handbook is, its pages by section with
    their descriptions, its data.
    """
    env, root, site = app.env, app.config.root_doc, base(app.config)

    def entry(page: str) -> str:
        note = description(env, page)
        address = f"{site}{app.builder.get_target_uri(page)}"
        return f"- [{env.titles[page].astext()}]({address})" + (f": {note}" if note else "")

    chapters: dict[str, list[str]] = {}
    single: list[str] = []
    seen = {root}
    for title, page in _sections(env, root):
        pages = list(_below(env, page, seen))
        if len(pages) > 1:
            chapters[title] = list(map(entry, pages))
        else:
            single += map(entry, pages)
    more, data = _("More pages"), _("Data")
    if single:
        chapters[more] = single
    chapters[data] = [
        f"- [{name}]({site}{DATA}/{name})" for names in FILES.values() for name in names
    ]
    here = about(app.config)
    notes = _(
        "Edition %(edition)s. Every dated statement cites a source; where sources disagree, both"
        " are cited. Text and data: %(license)s."
    ) % {"edition": here.edition, "license": tables.LICENSE}
    summary = description(env, root)
    head = [f"# {app.config.project}", *([f"> {summary}"] if summary else []), notes]
    sections = ["\n".join([f"## {title}\n", *lines]) for title, lines in chapters.items()]
    return "\n\n".join([*head, *sections]) + "\n"


def framed(pages: Iterable[Path], others: Collection[str]) -> list[str]:
    """Return the paths of all pages except those to embed, with and without the name of an index
    and the ending of a page, which hosts may leave out.

    :param others: the folders of further editions
    """
    paths = set()
    for page in pages:
        edition = f"{page.parts[0]}/" if page.parts[0] in others else ""
        path = page.relative_to(edition)
        paths.add(edition)
        names = {f"{path.parts[0]}/*"} if len(path.parts) > 1 else {path.name, path.stem}
        paths |= {f"{edition}{name}" for name in names - {f"{hosts.EMBED}/*"}}
    return sorted(paths)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or not is_served(app.builder):
        return
    site, folder = base(app.config), Path(app.outdir)
    files = {"llms.txt": llms(app)}
    if site:
        language = app.config.language
        names = sorted(one for one in app.env.found_docs if language in editions.begun(app, one))
        files["sitemap.xml"] = sitemap(site + app.builder.get_target_uri(name) for name in names)
    else:
        (folder / "sitemap.xml").unlink(missing_ok=True)
    if not editions.further(app.config):
        files |= _for_hosts(app, site, folder)
    for name, text in files.items():
        write_if_changed(folder / name, text.encode())


def _for_hosts(app: Sphinx, site: str, folder: Path) -> dict[str, str]:
    """Write what visitors and hosts look for at the root of a site, for all editions in it."""
    others = sorted(editions.folders_within(app.config))
    pages = (path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts)
    hashes = remembered.of_each(app, f"policy-{app.builder.name}", pages, policy.hashes_of)
    return {"robots.txt": robots(site, others)} | hosts.settings(
        policy.policy_of(hashes.values()),
        prefix(site),
        framed((path.relative_to(folder) for path in hashes), others),
        others,
    )


HOOKS = (
    Hook("config-inited", _start, "templates are ours, and the address of the site must be one"),
    Hook("html-page-context", _preview, "what other sites show of a page"),
    Hook("html-page-context", _head, "the body is whole: what it does not use is left out", LAST),
    Hook("html-collect-pages", _lost_page, "the page for lost addresses lists the sections"),
    Hook("build-finished", _write, "the policy for hosts holds the hashes of all pages", LATE),
)
