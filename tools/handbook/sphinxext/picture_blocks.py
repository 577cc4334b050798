"""Small pictures of the content of a table: ``{catalogue-years}``, ``{family-tiles}``,
``{unjoined}``, ``{diagram}``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import State
from handbook.model.marks import Marks
from handbook.outputs import catalogue_pictures, count_dots, diagrams
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_catalogue
from handbook.sphinxext.parts import badge, status_name, table

_ = get_translation("handbook")


class YearsDirective(HandbookDirective):
    """The number of texts of each year by state, as bars and as a table."""

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
            marks=self.marks,
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
    """The families as tiles, sized by their members; lists beside them name the members."""

    def run(self) -> list[nodes.Node]:
        depend_on_catalogue(self.env)
        return [our.drawn(tiles=True)]


class UnjoinedDirective(HandbookDirective):
    """The counts in the table within it as marks that no line joins; its columns are when, how
    many, of what.
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
            marks=self.marks,
        )
        return [our.drawn(html=svg), *content]


#: The kinds of diagram, each with the number of columns that it is drawn from.
_FORMS = {"chart": 2, "ladder": 3, "flows": 3, "cycle": 2, "ratios": 2}


class DiagramDirective(HandbookDirective):
    """The table within it as a picture: a ``chart`` of groups, a ``ladder`` of questions, ``flows``
    from old to new, ``ratios`` as bars, or a ``cycle``, which also takes a list of terms.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "title": directives.unchanged_required,
        "into": directives.unchanged_required,
        "fold": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        form, content = self.arguments[0], self.parse_content_to_nodes()
        if form not in _FORMS:
            self.warn("Y002", f"there is no diagram {form!r}", f"write one of: {', '.join(_FORMS)}")
            return content
        rows = [row for one in content for row in _rows(one)]
        if not rows or any(len(row) < _FORMS[form] for row in rows):
            self.warn(
                "Y002",
                f"there is no table of {_FORMS[form]} columns in {{diagram}} {form}",
                "write a table in it; its first columns become the picture",
            )
            return content
        frame = diagrams.Frame(
            f"diagram-{self.env.new_serialno('diagram')}",
            self.options.get("title", ""),
            _("What follows the picture says the same in words."),
            _("Yes"),
            _("No"),
            self.marks,
        )
        if not frame.title:
            self.warn("Y002", "the diagram has no title", "say in :title: what it shows")
        if form == "chart":
            rows = [[*row, ""] for row in rows]
            svg = diagrams.chart(rows, frame, into=self.options.get("into", ""))
        else:
            if form == "ladder":
                rows = _questions(content, rows, self.marks)
            svg = {
                "ladder": diagrams.ladder,
                "flows": diagrams.flows,
                "cycle": diagrams.cycle,
                "ratios": diagrams.ratios,
            }[form](rows, frame)
        if "fold" in self.options:
            summary = _("The picture in words")
            content = [our.fold("", *content, summary=summary, classes=["hb-said"])]
        return [our.drawn(html=svg, name=frame.title), *content]


def _rows(one: nodes.Node) -> list[list[str]]:
    """Yield the words of each row of a table, or of each term of a list and its definition."""
    rows = [row for body in one.findall(nodes.tbody) for row in body.children]
    items = one.findall(nodes.definition_list_item)
    return [[_words(cell) for cell in row.children] for row in [*rows, *items]]


def _questions(content: list[nodes.Node], rows: list[list[str]], marks: Marks) -> list[list[str]]:
    """Return the rows with whole questions: a head that ends with dots begins each of them."""
    head = next((_words(one) for table in content for one in table.findall(nodes.entry)), "")
    begin = head.rstrip(" .…") + marks.space if head.endswith(("...", "…")) else ""
    return [[f"{begin}{row[0]}{marks.question}", *row[1:]] for row in rows]


def _words(cell: nodes.Node) -> str:
    """Return the text without citations, which the table keeps."""
    found = []
    for text in cell.findall(nodes.Text):
        around = text.parent
        while around is not cell and not (
            isinstance(around, addnodes.pending_xref) and around.get("refdomain") == "cite"
        ):
            around = around.parent
        if around is cell:
            found.append(str(text))
    return re.sub(r" (?=[,;.])", "", " ".join("".join(found).split()))


class DrawnTransform(HandbookTransform):
    """Insert the pictures in HTML; elsewhere the tables suffice."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.drawn):
            if self.builder.format != "html":
                node.parent.remove(node)
                continue
            svg = self._tiles() if node.get("tiles") else node["html"]
            frame = f'<div class="hb-pic-frame">{svg}</div>'
            if name := node.get("name"):
                # too wide for a phone: it scrolls there, by keyboard as well
                frame = (
                    '<div class="hb-pic-frame hb-lifelines" tabindex="0" role="region"'
                    f' aria-label="{escape(name)}">{svg}</div>'
                )
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
                        self.say(family.title), len(family.members), f"{address}#{anchor}"
                    )
                )
        if not found:
            return ""
        return catalogue_pictures.tiles(
            found,
            title=_("The families of standards"),
            description=_("Each tile is as large as the family has members."),
            marks=self.marks,
        )


def setup(app: Sphinx) -> None:
    app.add_directive("catalogue-years", YearsDirective)
    app.add_directive("family-tiles", TilesDirective)
    app.add_directive("diagram", DiagramDirective)
    app.add_directive("unjoined", UnjoinedDirective)
    app.add_post_transform(DrawnTransform)
