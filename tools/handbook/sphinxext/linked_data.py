"""The content of a page in schema.org's vocabulary, for search engines."""

from __future__ import annotations

import json
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import get_translation

from handbook.model import edtf
from handbook.model.catalogue import Deliverable
from handbook.model.milestones import Milestone
from handbook.model.records import Person, PlaceRecord
from handbook.outputs import tables
from handbook.sphinxext import domain, project
from handbook.sphinxext.dates import machine_readable
from handbook.sphinxext.events import Hook
from handbook.sphinxext.output import add_to_head

_ = get_translation("handbook")


def _linked_data(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Describe the content of the page to search engines in schema.org's vocabulary: its events,
    its standard, its terms, its data.
    """
    if doctree is None or app.builder.format != "html":
        return
    handbook, catalogue = domain.of(app.env), project.of(app.config).catalogue
    things = [
        *(_event(one.milestone) for one in handbook.milestones.values() if one.docname == page),
        *(
            _work(catalogue.by_slug[slug])
            for slug, docname in handbook.standards.items()
            if docname == page
        ),
    ]
    parts = list(doctree.findall(_told))
    things += _records(app.config, parts)
    things += [
        {
            "@type": "DefinedTerm",
            "@id": f"#{term['ids'][0]}",
            "name": term.astext(),
            "description": _definition(term),
        }
        for glossary in parts
        if isinstance(glossary, addnodes.glossary)
        for term in glossary.findall(nodes.term)
        if term["ids"]
    ]
    things += [
        _dataset(app.config, line)
        for line in parts
        if isinstance(line, nodes.paragraph) and line.get("files")
    ]
    things += _breadcrumbs(context, page)
    if things:
        graph = json.dumps(
            {"@context": "https://schema.org", "@graph": things}, ensure_ascii=False
        ).replace("<", "\\u003c")
        add_to_head(context, f'<script type="application/ld+json">{graph}</script>')


#: Media types by the ending of an export's name.
_MEDIA = {
    ".ics": "text/calendar",
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".ris": "application/x-research-info-systems",
    ".feed.json": "application/feed+json",
    ".schema.json": "application/schema+json",
    ".json": "application/json",
}


def _dataset(config: Config, downloads: nodes.paragraph) -> dict[str, Any]:
    table = downloads["files"][0].split(".")[0]
    return {
        "@type": "Dataset",
        "name": f"{config.project}: {table}",
        "description": _(tables.ABOUT[table]),
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
    """Return the first paragraph of the definition of a term; terms that share a definition share
    it here too.
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
    """Return the path from the home page down to this one."""
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


def _event(milestone: Milestone) -> dict[str, Any]:
    value = milestone.date
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
    if milestone.bodies:
        event["organizer"] = [{"@type": "Organization", "name": body} for body in milestone.bodies]
    return event


def _told(node: nodes.Node) -> bool:
    """Return whether search engines read it: a table of records, a glossary, a list of files."""
    return (
        (isinstance(node, nodes.table) and "hb-records" in node["classes"])
        or isinstance(node, addnodes.glossary)
        or (isinstance(node, nodes.paragraph) and "files" in node)
    )


def _records(config: Config, parts: list[nodes.Node]) -> list[dict[str, Any]]:
    """Yield the places and people whose address is on this page."""
    here = {
        row["ids"][0]
        for listed in parts
        if isinstance(listed, nodes.table)
        for row in listed.findall(nodes.row)
        if "hb-record" in row["classes"]
    }
    if not here:
        return []
    records = project.of(config).records
    return [
        *(_place(place) for place in records.places if place.anchor in here),
        *(_person(person) for person in records.people if person.anchor in here),
    ]


def _place(place: PlaceRecord) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "Place", "@id": f"#{place.anchor}", "name": place.name}
    if place.own:
        found["alternateName"] = place.own
    if place.country:
        found["address"] = {"@type": "PostalAddress", "addressCountry": place.country}
    # the point of a district is that of its city, and schema.org has no term for that
    if place.at and place.point == place.name:
        latitude, longitude = place.at
        found["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return found


def _person(person: Person) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Organization" if person.agency else "Person",
        "@id": f"#{person.anchor}",
        "name": person.name,
    }
    if person.spellings:
        found["alternateName"] = list(person.spellings)
    found["memberOf"] = [
        {
            "@type": "OrganizationRole",
            "roleName": office.role,
            "memberOf": {"@type": "Organization", "name": office.body},
        }
        for office in person.offices
    ]
    return found


def _work(deliverable: Deliverable) -> dict[str, Any]:
    work: dict[str, Any] = {
        "@type": "CreativeWork",
        "name": deliverable.title["en"],
        "identifier": deliverable.reference,
        "url": deliverable.url,
        "publisher": {"@type": "Organization", "name": "ISO"},
    }
    if deliverable.published and (day := machine_readable(deliverable.published)):
        work["datePublished"] = day
    return work


HOOKS = (Hook("html-page-context", _linked_data, "search engines read what a page holds"),)
