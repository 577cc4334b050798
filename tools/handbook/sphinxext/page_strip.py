"""The events of a page, drawn as a strip where its sections begin."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.outputs import timeline_strip
from handbook.outputs.subscriptions import path
from handbook.outputs.timeline_picture import Entry
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookTransform
from handbook.sphinxext.dates import display, short_months
from handbook.sphinxext.domain import PlacedMilestone
from handbook.sphinxext.output import DATA, is_served, to_root

_ = get_translation("handbook")

#: A single event gets no line.
_FEWEST = 2
#: The label of the page that shows all milestones.
TIMELINE = "timeline"


class PageStrip(HandbookTransform):
    """Draw the strip on served pages; print and books have the events themselves."""

    default_priority = 950
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        if not is_served(self.builder):
            return
        blocks = self.each(our.milestone)
        told = [self.domain.milestones.get(node["ids"][0]) for node in blocks]
        events = [one for one in told if one is not None and one.docname == self.env.docname]
        if len(events) >= _FEWEST:
            # The head of a standard's page has its own facts, and its text comes first.
            standards = self.each(our.standard_box)
            before = blocks[0] if standards else _first_section(blocks[0])
            parent = before.parent
            parent.insert(parent.index(before), nodes.raw("", self._figure(events), format="html"))

    def _figure(self, events: list[PlacedMilestone]) -> str:
        language = self.config.language
        entries = [
            Entry(
                one.milestone,
                f"#{one.milestone.name}",
                words=display(one.milestone.date, language)
                + self.marks.colon
                + one.milestone.title,
            )
            for one in events
        ]
        drawn = timeline_strip.draw(entries, short_months(language))
        words = escape(_("The %d dated events of this page") % len(events))
        words += "".join(
            f' · <a href="{escape(address)}">{escape(text)}</a>' for text, address in self._links()
        )
        return f'<figure class="hb-page-events">{drawn}<figcaption>{words}</figcaption></figure>'

    def _links(self) -> Iterator[tuple[str, str]]:
        """Return links to the same events on the timeline, and as files to subscribe to."""
        if label := self.env.domains.standard_domain.anonlabels.get(TIMELINE):
            here, docname = self.env.docname, label[0]
            timeline = self.builder.get_relative_uri(here, docname)
            yield _("on the timeline"), f"{timeline}?page={quote(here)}"
        address = self.builder.get_target_uri(self.env.docname)
        files = to_root(self.builder, self.env.docname) + f"{DATA}/{path('page', address)}"
        yield _("calendar"), f"{files}.ics"
        yield _("feed"), f"{files}.atom"


def _first_section(block: nodes.Element) -> nodes.Element:
    """Return the first section below the page's title, so that the page's answer comes before the
    strip; without sections, the first event itself.
    """
    node = block
    while node.parent is not None and not isinstance(node.parent, nodes.document):
        inner, node = node, node.parent
        if isinstance(node, nodes.section) and isinstance(node.parent, nodes.document):
            sections = [child for child in node if isinstance(child, nodes.section)]
            return sections[0] if sections else inner
    return block


def setup(app: Sphinx) -> None:
    app.add_post_transform(PageStrip)
