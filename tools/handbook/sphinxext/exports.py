"""Write the handbook's data beside the HTML pages, into ``data/``, and show its fields on the data
page.
"""

from __future__ import annotations

import json
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import Markup
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from handbook.model import edtf
from handbook.outputs import tables
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.directives import warn
from handbook.sphinxext.domain import HandbookDomain, HandbookTransform

_ = get_translation("handbook")

#: What each table is offered as.
FILES = {
    "milestones": (
        "milestones.json",
        "milestones.csv",
        "milestones.ics",
        "milestones.atom",
        "milestones.feed.json",
        "milestones.schema.json",
    ),
    "deliverables": ("deliverables.json", "deliverables.csv", "deliverables.schema.json"),
    "sources": ("sources.json", "sources.csv", "sources.csl.json", "sources.schema.json"),
}


class FieldsDirective(SphinxDirective):
    """The fields of an export as a table, with links to its files: ``{fields} milestones``."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"class": directives.class_option}

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in tables.TABLES:
            warn(
                "E001",
                f"{name!r} is not an export",
                "use one of " + ", ".join(tables.TABLES),
                self.get_location(),
            )
            return []
        group = nodes.tgroup("", nodes.colspec(colwidth=20), nodes.colspec(colwidth=80), cols=2)
        heads = (_("Field"), _("What it holds"))
        group += nodes.thead(
            "", nodes.row("", *(nodes.entry("", nodes.paragraph("", head)) for head in heads))
        )
        body = nodes.tbody()
        for field in tables.TABLES[name]:
            meaning, messages = self.parse_inline(field.meaning)
            body += nodes.row(
                "",
                nodes.entry("", nodes.paragraph("", "", nodes.literal("", field.name))),
                nodes.entry("", nodes.paragraph("", "", *meaning), *messages),
            )
        group += body
        return [our.downloads(files=list(FILES[name])), nodes.table("", group)]


class CiteThis(HandbookTransform):
    """Offer under each milestone how to cite it; a script fills in the day of reading."""

    # After the languages of words are marked: a citation is copied as it stands.
    default_priority = 950
    formats: ClassVar[tuple[str, ...]] = ("html",)

    def run(self, **kwargs: Any) -> None:
        here = site(self.config)
        # Not within the braces of an f-string: Python 3.11 hides its words there from the
        # translators' list.
        summary, today = escape(_("Cite this")), escape(_("[day of reading]"))
        today = f'<span class="hb-today">{today}</span>'
        page = self.builder.get_target_uri(self.env.docname)
        for node in self.document.findall(our.milestone):
            told = self.domain.milestones.get(node["ids"][0])
            if told is None:
                continue
            forms = tables.citation(
                tables.Fact(told.milestone, f"{page}#{told.milestone.name}", told.text), here
            )
            parts = "".join(
                (
                    f"<p>{form}</p>"
                    if name == "text"
                    else f'<p>{name}</p><pre tabindex="0">{form}</pre>'
                )
                for name, form in (
                    (name, escape(form, quote=False).replace("{today}", today))
                    for name, form in forms.items()
                )
            )
            node += nodes.raw(
                "",
                f'<details class="hb-cite"><summary>{summary}</summary>{parts}</details>',
                format="html",
            )


def facts(env: BuildEnvironment, builder: Builder) -> list[tables.Fact]:
    """All milestones and publications with the addresses they have in this build."""
    domain: HandbookDomain = env.get_domain("handbook")  # type: ignore[assignment]
    found = []
    for told in domain.timeline():
        page = builder.get_target_uri(told.docname) if told.docname else None
        address = (
            page
            if page is None or told.milestone.name not in domain.milestones
            else f"{page}#{told.milestone.name}"
        )
        found.append(tables.Fact(told.milestone, address, told.text))
    return found


def site(config: Config) -> tables.Site:
    """What feeds and citations say of the handbook as a whole."""
    base = config.html_baseurl
    return tables.Site(
        config.project,
        config.release,
        date.fromisoformat(config.handbook_day),
        base and base.rstrip("/") + "/",
    )


def files(app: Sphinx) -> dict[str, bytes]:
    """Each export by its file name."""
    handbook, here = project.of(app.config), site(app.config)
    catalogue, bibliography = handbook.catalogue, handbook.bibliography
    told = facts(app.env, app.builder)
    about = {"edition": here.edition, "license": tables.LICENSE}
    rows = {
        "milestones": tables.milestone_rows(told),
        "deliverables": tables.deliverable_rows(catalogue),
        "sources": tables.source_rows(bibliography.sources.values(), bibliography.labels),
    }
    extra = {
        "deliverables": {
            "attribution": tables.ATTRIBUTION,
            "asOf": catalogue.as_of["deliverables"],
        }
    }
    texts = {
        "milestones.atom": tables.atom(told, here),
        "milestones.feed.json": tables.as_json(tables.json_feed(told, here)),
        "sources.csl.json": tables.as_json(tables.csl(bibliography.sources.values())),
    }
    for name, fields in tables.TABLES.items():
        texts[f"{name}.json"] = tables.as_json({**about, **extra.get(name, {}), name: rows[name]})
        texts[f"{name}.csv"] = tables.as_csv(fields, rows[name])
        texts[f"{name}.schema.json"] = tables.as_json(tables.schema(name))
    return {
        **{name: text.encode("utf-8") for name, text in texts.items()},
        "milestones.ics": tables.calendar(told, here),
    }


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name not in {"html", "dirhtml"}:
        return
    folder = Path(app.outdir) / "data"
    folder.mkdir(exist_ok=True)
    for name, data in files(app).items():
        path = folder / name
        # A file that would not change is left alone, so that a build touches only what is new.
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)


def _linked_data(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Tell search engines in schema.org's words what the page holds: its events, its standard, its
    terms, its data.
    """
    if doctree is None or app.builder.format != "html":
        return
    domain: HandbookDomain = app.env.get_domain("handbook")  # type: ignore[assignment]
    things = [_event(told.milestone) for told in domain.milestones.values() if told.docname == page]
    catalogue = project.of(app.config).catalogue
    for slug, docname in domain.standards.items():
        if docname == page:
            things.append(_work(catalogue.by_slug[slug]))
    things += [
        {
            "@type": "DefinedTerm",
            "@id": f"#{term['ids'][0]}",
            "name": term.astext(),
            "description": _definition(term),
        }
        for glossary in doctree.findall(addnodes.glossary)
        for term in glossary.findall(nodes.term)
        if term["ids"]
    ]
    things += [
        _dataset(app.config, line) for line in doctree.findall(nodes.paragraph) if line.get("files")
    ]
    things += _breadcrumbs(context, page)
    if things:
        graph = json.dumps(
            {"@context": "https://schema.org", "@graph": things}, ensure_ascii=False
        ).replace("</", "<\\/")
        context["metatags"] = (
            context.get("metatags", "") + f'\n<script type="application/ld+json">{graph}</script>'
        )


#: Media types by the end of an export's name.
_MEDIA = {
    ".ics": "text/calendar",
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".feed.json": "application/feed+json",
    ".schema.json": "application/schema+json",
    ".json": "application/json",
}


def _dataset(config: Config, downloads: nodes.paragraph) -> dict[str, Any]:
    table = downloads["files"][0].split(".")[0]
    return {
        "@type": "Dataset",
        "name": f"{config.project}: {table}",
        "description": tables.ABOUT[table],
        "license": tables.LICENSE,
        "version": config.release,
        "dateModified": config.handbook_day,
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": link["refuri"],
                "encodingFormat": next(
                    kind for end, kind in _MEDIA.items() if link.astext().endswith(end)
                ),
            }
            for link in downloads.findall(nodes.reference)
        ],
    }


def _definition(term: nodes.term) -> str:
    """The first paragraph of what a glossary says of a term; terms that share a definition share it
    here too.
    """
    definition = next(
        (node for node in term.parent.children if isinstance(node, nodes.definition)), None
    )
    return (
        " ".join(definition.children[0].astext().split())
        if definition and definition.children
        else ""
    )


def _breadcrumbs(context: dict[str, Any], page: str) -> list[dict[str, Any]]:
    """The way from the home page down to this one."""
    above = [(Markup(parent["title"]).striptags(), parent["link"]) for parent in context["parents"]]
    if not above and page == context["root_doc"]:
        return []
    steps: list[dict[str, Any]] = [
        {"@type": "ListItem", "position": place, "name": name, "item": address}
        for place, (name, address) in enumerate(
            [(_("Home"), context["pathto"](context["root_doc"])), *above], 1
        )
    ]
    # The last step is the page itself and needs no address.
    steps.append(
        {
            "@type": "ListItem",
            "position": len(steps) + 1,
            "name": Markup(context["title"]).striptags(),
        }
    )
    return [{"@type": "BreadcrumbList", "itemListElement": steps}]


def _event(milestone: Any) -> dict[str, Any]:
    value: edtf.Edtf = milestone.date
    event: dict[str, Any] = {"@type": "Event", "@id": f"#{milestone.name}", "name": milestone.title}
    # schema.org dates know no uncertainty; a date that is not exact is left out rather than
    # overstated.
    if not (value.uncertain or value.approximate):
        if value.start and value.start.precision >= edtf.Precision.YEAR:
            event["startDate"] = value.text.split("/")[0]
        if value.end and value.end.precision >= edtf.Precision.YEAR:
            event["endDate"] = value.text.split("/")[-1]
    if milestone.place:
        event["location"] = {"@type": "Place", "name": milestone.place}
    return event


def _work(deliverable: Any) -> dict[str, Any]:
    work: dict[str, Any] = {
        "@type": "CreativeWork",
        "name": deliverable.title["en"],
        "identifier": deliverable.reference,
        "url": deliverable.url,
        "publisher": {"@type": "Organization", "name": "ISO"},
    }
    if deliverable.published:
        work["datePublished"] = deliverable.published.text
    return work


def setup(app: Sphinx) -> None:
    app.add_directive("fields", FieldsDirective)
    app.add_post_transform(CiteThis)
    app.connect("build-finished", _write)
    app.connect("html-page-context", _linked_data)
