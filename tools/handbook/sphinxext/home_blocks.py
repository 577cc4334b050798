"""Overviews on the home page: ``{counts}``, the number of each thing in the handbook, and
``{year-strip}``, the timeline as a strip.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import Status
from handbook.model.strands import MilestoneStatus, Strand
from handbook.outputs import year_strip
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_catalogue
from handbook.sphinxext.output import is_served
from handbook.sphinxext.parts import strand_name

_ = get_translation("handbook")

_CATALOGUE, _TIMELINE, _SOURCES = "standards/catalogue", "timeline", "bibliography"
#: The first year of the strip: there are few events before it.
_FIRST_YEAR = 2012


class OverviewDirective(HandbookDirective):
    """A placeholder that is filled once all pages are read."""

    def run(self) -> list[nodes.Node]:
        depend_on_catalogue(self.env)
        self.domain.data["timelines"].add(self.env.docname)
        node = our.overview(kind=self.name)
        self.set_source_info(node)
        return [node]


class OverviewTransform(HandbookTransform):
    """Insert the numbers, and draw the strip."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.overview):
            node.replace_self(self._counts() if node["kind"] == "counts" else self._strip())

    def _counts(self) -> list[nodes.Node]:
        items = nodes.bullet_list("", bullet="-", classes=["hb-counts"])
        for number, words, page, query in self._numbers():
            if not number or page not in self.env.found_docs:
                continue
            link, after = self._link(page, query, f"{number:,}"), nodes.Text(f" {words}")
            items += nodes.list_item("", nodes.paragraph("", "", link, after))
        return [items] if len(items) else []

    def _numbers(self) -> Iterator[tuple[int, str, str, str]]:
        """Yield each number with its words, and the page and view that show what is counted."""
        handbook = project.of(self.config)
        states = Counter(one.status for one in handbook.catalogue.deliverables)
        yield states[Status.PUBLISHED], _("texts published"), _CATALOGUE, ""
        yield states[Status.UNDER_DEVELOPMENT], _("in the making"), _CATALOGUE, "?status=draft"
        yield states[Status.WITHDRAWN], _("withdrawn"), _CATALOGUE, "?status=withdrawn"
        told = [one.milestone for one in self.domain.timeline()]
        disputed = sum(one.status is MilestoneStatus.DISPUTED for one in told)
        yield len(told), _("dated events"), _TIMELINE, ""
        yield disputed, _("of them disputed"), _TIMELINE, "?status=disputed"
        yield len(handbook.bibliography.sources), _("sources"), _SOURCES, ""

    def _link(self, page: str, query: str, words: str) -> nodes.reference:
        address = self.builder.get_relative_uri(self.env.docname, page)
        if is_served(self.builder):
            address += query
        return nodes.reference("", "", nodes.strong("", words), refuri=address, internal=True)

    def _strip(self) -> list[nodes.Node]:
        if self.builder.format != "html" or _TIMELINE not in self.env.found_docs:
            return []
        told = [
            one.milestone for one in self.domain.timeline() if one.milestone.date.start is not None
        ]
        happened = [one for one in told if one.status is not MilestoneStatus.PLANNED]
        last = max((one.date.earliest.year for one in happened), default=_FIRST_YEAR)
        years = range(_FIRST_YEAR, last + 1)
        counts = Counter((one.strands[0], one.date.earliest.year) for one in told)
        labels: dict[int, str] = {}
        for one in told:
            if one.short:
                labels.setdefault(one.date.earliest.year, one.short)
        words = year_strip.Words(
            title=_("The timeline in a strip"),
            description=_("How many events each year has; the timeline lists them."),
            year=_("%(year)d: %(events)d events"),
            strands={strand: strand_name(strand) for strand in Strand},
        )
        timeline = self.builder.get_relative_uri(self.env.docname, _TIMELINE)
        drawn = [
            year_strip.draw(
                counts,
                labels,
                years,
                words,
                id_=f"years-{name}",
                narrow=name == "narrow",
                link=lambda year: f"{timeline}#year-{year}",
            ).replace('class="hb-pic"', f'class="hb-pic hb-only-{name}"', 1)
            for name in (("wide", "narrow") if is_served(self.builder) else ("wide",))
        ]
        return [nodes.raw("", f'<div class="hb-pic-frame">{"".join(drawn)}</div>', format="html")]


def setup(app: Sphinx) -> None:
    app.add_directive("counts", OverviewDirective)
    app.add_directive("year-strip", OverviewDirective)
    app.add_post_transform(OverviewTransform)
