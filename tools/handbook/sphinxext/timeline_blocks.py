"""``{timeline}``: milestones and publications year by year, and all of them at a glance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.milestones import read_strands
from handbook.model.strands import MilestoneStatus, Strand
from handbook.outputs import timeline_picture
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_catalogue
from handbook.sphinxext.domain import PlacedMilestone
from handbook.sphinxext.parts import (
    cite_node,
    date_node,
    internal_link,
    milestone_badges,
    status_name,
    strand_name,
)
from handbook.sphinxext.served_forms import checkboxes, field, form, select

_ = get_translation("handbook")


class TimelineDirective(HandbookDirective):
    """All milestones, or those of some strands: ``:strands: club hangzhou``.

    ``:overview: 2012`` draws them as a picture too, from that year on.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "strands": directives.unchanged,
        "overview": directives.nonnegative_int,
    }

    def run(self) -> list[nodes.Node]:
        strands, findings = read_strands(self.block())
        for finding in findings:
            self.report(finding)
        depend_on_catalogue(self.env)
        self.domain.data["timelines"].add(self.env.docname)
        node = our.timeline(strands=list(strands), overview=self.options.get("overview"))
        self.set_source_info(node)
        return [node]


class TimelineTransform(HandbookTransform):
    """Replace each ``{timeline}`` by its milestones, year by year."""

    # Before citations and links are resolved (bibtex 5, Sphinx 10).
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        timelines = [
            (node, self.domain.timeline(node["strands"]))
            for node in list(self.document.findall(our.timeline))
        ]
        for number, (node, placed) in enumerate(timelines):
            content: list[nodes.Node] = []
            if node["overview"] and self.builder.format == "html":
                content += self._picture(placed, node["overview"])
            if not number:
                # One form filters all timelines of a page.
                whole = [one for _node, timeline in timelines for one in timeline]
                content.append(our.served_form(html=_filter(whole)))
            for year, group in groupby(placed, _year):
                content += self._year(year, group)
            node.replace_self(content)

    def _picture(self, told: Iterable[PlacedMilestone], first_year: int) -> list[nodes.Node]:
        """The overview, once for wide pages and once for phones; a style sheet shows one of the
        two.
        """
        entries = [
            timeline_picture.Entry(
                one.milestone, number, is_publication=one.publication_of is not None
            )
            for number, one in enumerate(told)
        ]
        words = timeline_picture.Words(
            title=_("The timeline at a glance"),
            description=_("%d milestones and publications; the list below has them all.")
            % len(entries),
            outside=_("%d more lie outside these years"),
            strands={strand: strand_name(strand) for strand in Strand},
        )
        pictures = "".join(
            timeline_picture.draw(
                entries, words, id_=f"overview-{name}", first_year=first_year, tall=tall
            )
            for name, tall in (("broad", False), ("tall", True))
        )
        return [nodes.raw("", f'<div class="hb-overview-frame">{pictures}</div>', format="html")]

    def _year(self, year: int, told: Iterable[PlacedMilestone]) -> Iterator[nodes.Node]:
        yield nodes.rubric(
            "", str(year), ids=[f"year-{year}"], classes=["hb-year"], **{"heading-level": 2}
        )
        yield our.timeline_list("", *(self._item(one) for one in told), bullet="-")

    def _item(self, placed: PlacedMilestone) -> our.timeline_item:
        milestone = placed.milestone
        line = nodes.paragraph(
            "",
            "",
            date_node(milestone.date, self.config.language),
            nodes.Text(" "),
            self._title(placed),
            *milestone_badges(milestone),
        )
        known = project.of(self.config).bibliography.sources
        if keys := [key for key in milestone.sources if key in known]:
            line += [nodes.Text(" "), cite_node(keys, self.env.docname)]
        return our.timeline_item(
            "", line, strands=list(milestone.strands), status=str(milestone.status)
        )

    def _title(self, placed: PlacedMilestone) -> nodes.Node:
        """The title, linked to the page that tells the story."""
        title = nodes.inline("", placed.milestone.title)
        if not placed.docname:
            return title
        slug = placed.publication_of
        if slug and self.domain.standards.get(slug) == placed.docname:
            kind, target = "standard", slug
        else:
            kind, target = "milestone", placed.milestone.name
        return internal_link(self.env.docname, "handbook", kind, target, title)


def _filter(placed: list[PlacedMilestone]) -> str:
    """The filter of the page's timelines; ``timeline.js`` makes it work."""
    milestones = [one.milestone for one in placed]
    strands = [s for s in Strand if any(s in milestone.strands for milestone in milestones)]
    statuses = [s for s in MilestoneStatus if any(s is one.status for one in milestones)]
    years = sorted(_year(one) for one in placed) or [0]
    fields = [
        checkboxes("strand", _("Strands"), [(s, strand_name(s)) for s in strands]),
        field("search", "q", _("Text")),
        select("status", _("Status"), [(s, status_name(s)) for s in statuses]),
        field("number", "from", _("From year"), placeholder=str(years[0])),
        field("number", "to", _("To year"), placeholder=str(years[-1])),
    ]
    return form(_("Filter the timeline"), fields, len(placed))


def _year(placed: PlacedMilestone) -> int:
    date = placed.milestone.date
    return (date.earliest if date.start else date.latest).year


def setup(app: Sphinx) -> None:
    app.add_directive("timeline", TimelineDirective)
    app.add_post_transform(TimelineTransform)
