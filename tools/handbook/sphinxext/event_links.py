"""Links from entries to the events that name them: people, places, standards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

from handbook.model.milestones import Milestone
from handbook.outputs import timeline_strip
from handbook.outputs.subjects import Countries, Subjects
from handbook.sphinxext import domain, project
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookTransform
from handbook.sphinxext.domain import PlacedMilestone
from handbook.sphinxext.output import is_served
from handbook.sphinxext.record_blocks import country_name

_ = get_translation("handbook")

#: The label of the page that shows all milestones.
TIMELINE = "timeline"
#: With fewer events a record has no strip.
_FEWEST = 3


def named(env: BuildEnvironment) -> list[tuple[PlacedMilestone, list[str]]]:
    """Yield everything on the timeline, each with the names in it, in the reader's language."""
    handbook = project.of(env.config)
    subjects = Subjects(handbook.catalogue, handbook.records.people)
    by_slug = handbook.catalogue.by_slug
    found = []
    for one in domain.of(env).timeline():
        names = subjects.of(one.milestone, one.text, _published(one, by_slug))
        found.append((one, [project.say(env.config, name) for name in names]))
    return found


def places(env: BuildEnvironment) -> dict[str, str]:
    """Return the place of each milestone that has one and the countries that records give it, with
    bars between them, by the milestone's name.
    """
    config = env.config
    countries = Countries(
        (project.say(config, name), country_name(one.country, config.language))
        for one in project.of(config).records.places
        for name in (one.name, one.part_of)
        if one.country and name
    )
    told = (one.milestone for one in domain.of(env).timeline())
    return {one.name: countries.beside(one.place) for one in told if one.place}


def _published(one: PlacedMilestone, by_slug: dict[str, Any]) -> str:
    slug = one.publication_of
    return str(by_slug[slug].reference) if slug else ""


def address(env: BuildEnvironment, builder: Builder, page: str, **wanted: str) -> str | None:
    """Return the address at which the timeline shows a selection, by the names of the filter's
    fields; ``None`` if it is empty.
    """
    if not (label := env.domains.standard_domain.anonlabels.get(TIMELINE)):
        return None
    choice = "&".join(f"{name}={quote(value, safe='')}" for name, value in wanted.items() if value)
    return f"{builder.get_relative_uri(page, label[0])}?{choice}"


class EventLinks(HandbookTransform):
    """Insert a link to the timeline where a page asks for the events of a person or a place."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        asked = self.each(our.events_of)
        if not asked:
            return
        told = named(self.env) if is_served(self.builder) else []
        where = places(self.env)
        for node in asked:
            field, name = node["field"], self.say(node["value"])
            events = [
                one.milestone
                for one, names in told
                if (
                    name in names
                    if field == "about"
                    else name.lower() in where.get(one.milestone.name, "").lower()
                )
            ]
            target = address(self.env, self.builder, self.env.docname, **{field: name})
            link = _link(target, len(events), self.marks.semicolon) if target and events else []
            node.replace_self([*link, nodes.raw("", strip(events), format="html")])


def strip(events: Sequence[Milestone]) -> str:
    """Return the events as a small strip in HTML, if they are enough for one."""
    return timeline_strip.small(events) if len(events) >= _FEWEST else ""


def _link(target: str, number: int, mark: str) -> list[nodes.Node]:
    text = _("1 event") if number == 1 else _("%d events") % number
    return [nodes.Text(mark), nodes.reference("", text, refuri=target, internal=True)]


def setup(app: Sphinx) -> None:
    app.add_post_transform(EventLinks)
