"""Small pictures of what a table says: ``{catalogue-years}``, ``{family-tiles}``,
``{unjoined}``.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import State
from handbook.outputs import catalogue_pictures, count_dots
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_catalogue
from handbook.sphinxext.parts import badge, status_name, table

_ = get_translation("handbook")


class YearsDirective(HandbookDirective):
    """How many texts of each year are in which state, as bars and as a table."""

    def run(self) -> list[nodes.Node]:
        depend_on_catalogue(self.env)
        deliverables = self.handbook.catalogue.deliverables
        years = [one.published.earliest.year for one in deliverables if one.published]
        drafts = _("drafts")
        columns = [*map(str, range(min(years), max(years) + 1)), drafts]
        counts = Counter(
            (str(one.published.earliest.year) if one.published else drafts, one.state)
            for one in deliverables
        )
        used = [state for state in State if any(state is other for _column, other in counts)]
        svg = catalogue_pictures.bars(
            counts,
            columns,
            {state: status_name(state) for state in used},
            title=_("The catalogue by year of publication"),
            description=_("Each bar is divided by today's states; the table has the numbers."),
        )
        key = nodes.paragraph("", "", classes=["hb-key"])
        for state in used:
            key += [badge(state), nodes.Text(" ")]
        heads = [(_("Year"), 20), *((status_name(state), 12) for state in used)]
        rows: list[list[list[nodes.Node]]] = []
        for column in columns:
            cells = [column, *(str(counts[column, state]) for state in used)]
            rows.append([[nodes.Text(cell)] for cell in cells])
        numbers = nodes.table("", table(heads, rows))
        self.set_source_info(numbers)
        fold = our.fold("", numbers, summary=_("The numbers"), classes=["hb-said"])
        return [our.drawn(html=svg), key, fold, self.as_of()]


class TilesDirective(HandbookDirective):
    """The families as tiles, each as large as it has members; lists beside it name them."""

    def run(self) -> list[nodes.Node]:
        depend_on_catalogue(self.env)
        return [our.drawn(tiles=True)]


class UnjoinedDirective(HandbookDirective):
    """The counts of the table in it as marks that no line joins: its columns are when, how many,
    of what.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        content = self.parse_content_to_nodes()
        bodies = [body for one in content for body in one.findall(nodes.tbody)]
        rows = [
            tuple(cell.astext() for cell in row.children[:3]) for body in bodies for row in body
        ]
        if not rows or any(len(row) < 3 for row in rows):
            self.warn(
                "Y002",
                "there is no table of counts in {unjoined}",
                "write a table in it whose first columns are when, how many and of what",
            )
            return content
        svg = count_dots.draw(
            rows,  # type: ignore[arg-type]
            id_=f"counts-{self.env.new_serialno('unjoined')}",
            title=_("Counts that may not be joined"),
            description=_("Each mark is a count of its own; the table below says what it counts."),
            colour="strand-club",
        )
        return [our.drawn(html=svg), *content]


class DrawnTransform(HandbookTransform):
    """Set the pictures in HTML; elsewhere the tables say it all."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.drawn):
            if self.builder.format != "html":
                node.parent.remove(node)
                continue
            svg = self._tiles() if node.get("tiles") else node["html"]
            frame = f'<div class="hb-pic-frame">{svg}</div>'
            node.replace_self(nodes.raw("", frame, format="html") if svg else [])

    def _tiles(self) -> str:
        labels = self.env.domains.standard_domain.anonlabels
        found = []
        for family in project.of(self.config).catalogue.families:
            page, anchor = labels.get(f"family-{family.id}", ("", ""))
            if page:
                address = self.builder.get_relative_uri(self.env.docname, page)
                found.append(
                    catalogue_pictures.Family(
                        family.title, len(family.members), f"{address}#{anchor}"
                    )
                )
        if not found:
            return ""
        return catalogue_pictures.tiles(
            found,
            title=_("The families of standards"),
            description=_("Each tile is as large as the family has members."),
        )


def setup(app: Sphinx) -> None:
    app.add_directive("catalogue-years", YearsDirective)
    app.add_directive("family-tiles", TilesDirective)
    app.add_directive("unjoined", UnjoinedDirective)
    app.add_post_transform(DrawnTransform)
