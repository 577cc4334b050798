"""``{meetings}``: the milestones that are meetings, as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.block import Block
from handbook.model.milestones import Milestone, MilestoneKind, meeting_faults
from handbook.rules.findings import Place
from handbook.sphinxext import event_links, project
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform
from handbook.sphinxext.letters import bar
from handbook.sphinxext.output import is_served
from handbook.sphinxext.parts import cite_node, date_node, internal_link, report, table

_ = get_translation("handbook")

#: A single meeting gets no line.
_FEWEST = 2


class MeetingsDirective(HandbookDirective):
    """All meetings, or those of a body, or of a year: ``:body: ISO/TC 268``, ``:year: 2016``."""

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "body": directives.unchanged_required,
        "year": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        # tables of meetings depend on the same pages as timelines
        self.domain.data["timelines"].add(self.env.docname)
        node = our.meetings(options=dict(self.options))
        self.set_source_info(node)
        return [node]


class MeetingsTransform(HandbookTransform):
    """Replace each ``{meetings}`` by its table."""

    # Before citations and links are resolved (bibtex 5, Sphinx 10).
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        asked = self.each(our.meetings)
        if not asked:
            return
        told = [one.milestone for one in self.domain.timeline()]
        meetings = [one for one in told if one.kind is MilestoneKind.MEETING]
        for number, node in enumerate(asked):
            options = node["options"]
            block = Block("meetings", "", options, Place(node.source or "", node.line or 0))
            for finding in meeting_faults(block, meetings):
                report(finding, node)
            body, year = options.get("body"), options.get("year")
            chosen = [
                one
                for one in meetings
                if (body is None or body in one.bodies) and (year is None or year in one.years)
            ]
            made = self._table(chosen, body)
            # a page has the addresses of its years once
            years = [] if number or body or year else self._years(made, chosen)
            node.replace_self([*years, made, *self._line(chosen, body, year)])

    def _years(self, made: nodes.Node, meetings: list[Milestone]) -> list[nodes.Node]:
        """A line of links to the first meeting of each year, above the table."""
        rows = list(made.findall(nodes.row))[1:]
        first: dict[str, str] = {}
        for one, row in zip(meetings, rows, strict=True):
            year = str(one.date.earliest.year)
            if year not in first:
                first[year] = f"meetings-{year}"
                row["ids"].append(first[year])
        return [our.served_form(html=bar(_("Years"), first))] if len(first) > 1 else []

    def _line(
        self, meetings: list[Milestone], body: str | None, year: str | None
    ) -> list[nodes.Node]:
        """Return a link to the same meetings on the timeline."""
        if len(meetings) < _FEWEST or not is_served(self.builder):
            return []
        wanted = {
            "kind": "meeting",
            "about": self.say(body or ""),
            "from": year or "",
            "to": year or "",
        }
        target = event_links.address(self.env, self.builder, self.env.docname, **wanted)
        text = _("These meetings on the timeline")
        link = nodes.reference("", text, refuri=target, internal=True)
        strip = nodes.raw("", event_links.strip(meetings), format="html")
        line = nodes.paragraph("", "", link, strip)
        return [line] if target else []

    def _table(self, meetings: list[Milestone], body: str | None) -> nodes.Node:
        if not meetings:
            return nodes.paragraph("", _("This handbook knows of none."))
        heads = ((_("Date"), 28), (_("Who met"), 22), (_("Meeting"), 30), (_("Place"), 20))
        rows = (self._row(one, body) for one in meetings)
        # sized by content alone, the column of dates and their sources would take half of the width
        classes = ["hb-records", "hb-cards", "colwidths-given"]
        return nodes.table("", table(heads, rows), classes=classes)

    def _row(self, one: Milestone, body: str | None) -> list[list[nodes.Node]]:
        language, page = self.config.language, self.env.docname
        known = project.of(self.config).bibliography.sources
        given = dict(one.given)
        date: list[nodes.Node] = [date_node(one.date, language)]
        if keys := [key for key in one.sources if key in known and key not in given]:
            date += [nodes.Text(self.marks.space), cite_node(keys, page)]
        for key, other in given.items():
            if key in known and not other.is_unknown:
                date += [nodes.Text(self.marks.semicolon), date_node(other, language)]
                date += [nodes.Text(self.marks.space), cite_node([key], page)]
        # the number counts the first body only
        numbered = one.number if one.number and body in {None, one.bodies[0]} else None
        who = [
            self.say(name) + (self.marks.within(str(numbered)) if numbered and not place else "")
            for place, name in enumerate(one.bodies)
        ]
        title = internal_link(page, "handbook", "milestone", one.name, nodes.inline("", one.title))
        where = self.say(one.place) if one.place else "–"
        met = self.marks.semicolon.join(who)
        return [date, [nodes.Text(met)], [title], [nodes.Text(where)]]


def setup(app: Sphinx) -> None:
    app.add_directive("meetings", MeetingsDirective)
    app.add_post_transform(MeetingsTransform)
