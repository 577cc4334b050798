"""The handbook as a site: link previews, favicon, the page for lost addresses, and files for
machines that visit.

The address of the site is not known to the project. It comes from ``html_baseurl``; without it
pages have no canonical address, previews no address and no picture, and there is no
``sitemap.xml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from markupsafe import Markup, escape
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ConfigError
from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.locale import get_translation

from handbook.outputs import tables
from handbook.sphinxext.exports import FILES
from handbook.sphinxext.exports import site as about
from handbook.sphinxext.policy import host_files, policy_of, protect

_ = get_translation("handbook")

#: The builders whose pages are served.
BUILDERS = frozenset({"html", "dirhtml"})
LOST = "404"
#: Small pictures in ``_static`` for what cannot show the favicon's SVG.
TOUCH_ICON, PREVIEW = "icon-180.png", "preview.png"
_LINK = re.compile(r'(<[a-zA-Z][^<>]*? (?:href|src|action)=")(?![#/"]|[a-z][a-z0-9+.-]*:)')
#: What a first view does without: these serve Sphinx's own search and keys.
_SEARCH_ONLY = frozenset({"documentation_options.js", "doctools.js", "sphinx_highlight.js"})
#: Files that serve one kind of content, with the sign of it in a page's body.
_NEEDED_BY = {
    "design-tabs.js": "sd-tab-set",
    "sphinx-design.min.css": 'class="sd-',
    "pygments.css": 'class="highlight',
}


class Templates(BuiltinTemplateLoader):
    """Sphinx's templates; each page that will be served gets its policy when it is drawn."""

    def render(self, template: str, context: dict[str, Any]) -> str:  # type: ignore[override]
        page = super().render(template, context)
        if context.get("builder") not in BUILDERS or not template.endswith(".html"):
            return page
        if context.get("pagename") == LOST:
            page = from_anywhere(page, prefix(context["html_baseurl"]))
        return protect(page, context.get("body", ""))


def base(config: Config) -> str:
    """The address of the site with a slash at its end; empty where it is not known."""
    return config.html_baseurl and config.html_baseurl.rstrip("/") + "/"


def prefix(address: str) -> str:
    """The path that the site at this address lives below, with a slash at both ends; ``/`` where it
    has no address yet.
    """
    return urlsplit(address).path.rstrip("/") + "/"


def _static(app: Sphinx, name: str) -> bool:
    return any(
        (Path(app.confdir) / folder / name).is_file() for folder in app.config.html_static_path
    )


def _start(app: Sphinx, config: Config) -> None:
    config.template_bridge = config.template_bridge or f"{__name__}.{Templates.__name__}"
    parts = urlsplit(config.html_baseurl or "https://handbook.invalid")
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            f"{config.html_baseurl!r} is not the address of a site (hint: give HANDBOOK_URL as"
            " https://host/path/, without ? and #)",
        )


def _preview(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell other sites what to show of a page when somebody links to it (OpenGraph)."""
    if doctree is None or app.builder.name not in BUILDERS:
        return
    told = {
        "og:title": Markup(context["title"]).striptags(),
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:site_name": app.config.project,
        "og:description": (app.env.metadata.get(page) or {}).get("description"),
    }
    if site := base(app.config):
        told["og:url"] = site + app.builder.get_target_uri(page)
        if _static(app, PREVIEW):
            told |= {
                "og:image": f"{site}_static/{PREVIEW}",
                "og:image:width": "1200",
                "og:image:height": "630",
                "og:image:alt": app.config.project,
            }
    lines = "".join(
        f'\n<meta property="{name}" content="{escape(value)}">'
        for name, value in told.items()
        if value
    )
    context["metatags"] = context.get("metatags", "") + lines


def _head(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """An icon for home screens, and no script and no style that the page does not use."""
    if app.builder.name not in BUILDERS:
        return
    if page == LOST:
        app.add_js_file("lost.js", loading_method="defer")
        context["metatags"] = (
            context.get("metatags", "") + '\n<meta name="robots" content="noindex">'
        )
    context["html_baseurl"] = app.config.html_baseurl
    if _static(app, TOUCH_ICON):
        icon = context["pathto"](f"_static/{TOUCH_ICON}", resource=True)
        context["metatags"] = (
            context.get("metatags", "") + f'\n<link rel="apple-touch-icon" href="{icon}">'
        )
    body = context.get("body") or ""
    unused = {name for name, sign in _NEEDED_BY.items() if sign not in body}
    if template != "search.html":
        unused |= _SEARCH_ONLY
    for files in ("script_files", "css_files"):
        context[files] = [
            file
            for file in context[files]
            if str(getattr(file, "filename", file) or "").rpartition("/")[2] not in unused
        ]


def _sections(env: BuildEnvironment, root: str) -> Iterator[tuple[str, str]]:
    """What the home page's tables of contents list, in order: the name there and the page."""
    for toctree in env.tocs.get(root, nodes.document("", "")).findall(addnodes.toctree):
        for title, page in toctree["entries"]:
            if page in env.titles:
                yield title or env.titles[page].astext(), page


def _below(env: BuildEnvironment, page: str, seen: set[str]) -> Iterator[str]:
    """A page and all pages below it, in reading order, each once."""
    if page in seen or page not in env.titles:
        return
    seen.add(page)
    yield page
    for below in env.toctree_includes.get(page, ()):
        yield from _below(env, below, seen)


def _lost_page(app: Sphinx) -> Iterable[tuple[str, dict[str, Any], str]]:
    """The page for addresses that lead nowhere: what was asked for, a search for it, and the main
    doors.
    """
    # Hosts look for the file 404.html, which a folder for each page would not give.
    if app.builder.name != "html":
        return
    pathto = app.builder.get_target_uri
    doors = "".join(
        f'<li><a class="reference internal" href="{pathto(page)}">{escape(title)}</a>:'
        f" {escape(description)}</li>"
        for title, page in _sections(app.env, app.config.root_doc)
        if (description := (app.env.metadata.get(page) or {}).get("description"))
    )
    # Words in f-strings are not gathered for translation.
    title, reason, asked = (
        _("This page is not here"),
        _("It may have moved, or the address may hold a typing mistake."),
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
    """The page with addresses that hold at whatever depth it is shown.

    :param page: a page that stands at the site's root, with relative addresses
    :param path: the path that the site lives below, ``/`` at both ends
    """
    return _LINK.sub(lambda match: f"{match[1]}{path}", page).replace(
        ' data-content_root="./"', f' data-content_root="{path}"'
    )


def write(path: Path, text: str) -> None:
    """Write a file, and leave it alone if it would not change, so that a build touches only what is
    new.
    """
    data = text.encode("utf-8")
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def robots(site: str) -> str:
    """``robots.txt``: all is open; the sitemap, where the site's address is known."""
    return "User-agent: *\nAllow: /\n" + (f"Sitemap: {site}sitemap.xml\n" if site else "")


def sitemap(addresses: Iterable[str]) -> str:
    """``sitemap.xml`` of these full addresses. It tells no day of change: git's would differ from
    copy to copy.
    """
    rows = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in addresses)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset'
        f' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
    )


def llms(app: Sphinx) -> str:
    """``llms.txt`` (https://llmstxt.org): what the handbook is, its pages by section with their
    descriptions, its data.
    """
    env, root, site = app.env, app.config.root_doc, base(app.config)

    def described(page: str) -> str:
        return (env.metadata.get(page) or {}).get("description") or ""

    def entry(page: str) -> str:
        note = described(page)
        return f"- [{env.titles[page].astext()}]({site}{app.builder.get_target_uri(page)})" + (
            f": {note}" if note else ""
        )

    more, data = _("More pages"), _("Data")
    seen, chapters, single = {root}, [], []
    for title, page in _sections(env, root):
        pages = list(_below(env, page, seen))
        if len(pages) > 1:
            chapters.append(f"## {title}\n\n" + "\n".join(map(entry, pages)))
        else:
            single += map(entry, pages)
    if single:
        chapters.append("\n".join([f"## {more}\n", *single]))
    chapters.append(
        "\n".join(
            [
                f"## {data}\n",
                *(f"- [{name}]({site}data/{name})" for names in FILES.values() for name in names),
            ]
        )
    )
    here = about(app.config)
    notes = _(
        "Edition %(edition)s. Every dated statement cites a source; where sources disagree, both"
        " are cited. Text and data: %(license)s."
    ) % {
        "edition": here.edition,
        "license": tables.LICENSE,
    }
    summary = described(root)
    return (
        "\n\n".join(
            [f"# {app.config.project}", *([f"> {summary}"] if summary else []), notes, *chapters]
        )
        + "\n"
    )


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name not in BUILDERS:
        return
    site, folder = base(app.config), Path(app.outdir)
    write(folder / "robots.txt", robots(site))
    write(folder / "llms.txt", llms(app))
    if site:
        write(
            folder / "sitemap.xml",
            sitemap(site + app.builder.get_target_uri(page) for page in sorted(app.env.found_docs)),
        )
    else:
        (folder / "sitemap.xml").unlink(missing_ok=True)
    one = policy_of(path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts)
    for name, text in host_files(one, prefix(site)).items():
        write(folder / name, text)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _start)
    app.connect("html-page-context", _preview)
    app.connect("html-page-context", _head, priority=950)
    app.connect("html-collect-pages", _lost_page)
    app.connect("build-finished", _write, priority=900)
