"""``{catalogue}``: a table of deliverables, with a filter where the table is complete.

A row begins with the name from the deliverable's page; ISO's title follows, without the opening
words that many titles share. The stage is in small print behind the state that it means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, ClassVar, TypeVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import Deliverable, State, Status
from handbook.sphinxext import editions, served_forms
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_catalogue
from handbook.sphinxext.domain import short_name
from handbook.sphinxext.parts import badge, date_node, status_name, table

_ = get_translation("handbook")

_T = TypeVar("_T")

#: The separator of the parts of a title.
_PART = re.compile(r"\s+[-–—]+\s+|\s*--\s*")
#: The dash, if any, between the name of a page and the rest of the title that begins with it.
_DASH = re.compile(r"^(\s*[-–—]*\s*)")
#: The number of titles from which shared opening words are left out.
_MANY = 3


class CatalogueDirective(HandbookDirective):
    """A table of deliverables: all, or by ``:committee:``, ``:family:``, ``:status:``.

    Without ``:family:`` it has a column for the committee and a line above each family.
    ``:download:`` adds links to the table as data.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "committee": directives.unchanged_required,
        "family": directives.unchanged_required,
        "status": directives.unchanged_required,
        "download": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        depend_on_catalogue(self.env)
        rows = sorted(self._selected(), key=self._place)
        whole = "family" not in self.options
        self._common = _beginnings(one.title["en"] for one in self.handbook.catalogue.deliverables)
        group = table(self._columns(_heads()), (self._row(deliverable) for deliverable in rows))
        classes = ["hb-catalogue", "hb-wide"] if whole else ["hb-catalogue"]
        made = nodes.table("", group, classes=classes)
        body = next(iter(group.findall(nodes.tbody)))
        for one, row in zip(rows, list(body), strict=True):
            if one.status is Status.WITHDRAWN and not self.options.keys() - {"download"}:
                # Folded where a script can unfold it.
                row["classes"].append("hb-gone")  # type: ignore[index]
        if whole:
            self._head_families(body, rows)
        self.set_source_info(made)
        content: list[nodes.Node] = [made, self.as_of()]
        if "download" in self.options:
            files = ["deliverables.csv", "deliverables.json"]
            content.append(our.downloads(names=[], files=files))
        if whole:
            # Drawn here and not by its script, so that nothing shifts when the script has loaded.
            content.insert(0, our.served_form(html=self._filter(rows)))
        return content

    def _columns(self, columns: list[_T]) -> list[_T]:
        """Return the columns of a row that are shown: in a family's table, one would be the same in
        each row.
        """
        return columns[:2] + columns[3:] if "family" in self.options else columns

    def _head_families(self, body: nodes.tbody, rows: list[Deliverable]) -> None:
        """Put a line with its name above each family."""
        wide = len(_heads()) - 1
        for family, members in groupby(zip(rows, list(body), strict=True), self._family_of):
            _first, row = next(members)
            title = nodes.strong("", family)
            cell = nodes.entry("", nodes.paragraph("", "", title), morecols=wide)
            body.insert(body.index(row), nodes.row("", cell, classes=["hb-group"]))

    def _family_of(self, one: tuple[Deliverable, nodes.Node]) -> str:
        return self._family(one[0])

    def _family(self, deliverable: Deliverable) -> str:
        return self.family_name(self.handbook.catalogue.family_of(deliverable))

    def _filter(self, rows: list[Deliverable]) -> str:
        """Return the filter of the full table; ``catalogue.js`` makes it work."""
        families = Counter(map(self._family, rows))
        states = Counter(one.state for one in rows)
        years = {one.published.earliest.year for one in rows if one.published}
        committees = sorted({_committee(one) for one in rows})
        selects = (
            ("committee", _("Committee"), committees),
            ("year", _("Year"), [str(year) for year in sorted(years, reverse=True)]),
        )
        names = [(status_name(state), states[state]) for state in State if state in states]
        fields = [
            served_forms.field("search", "q", _("Find in this list")),
            *(
                served_forms.select(name, label, [(value, value) for value in values])
                for name, label, values in selects
            ),
            served_forms.chips("status", _("Status"), [(name, name, n) for name, n in names]),
            served_forms.chips("family", _("Family"), [(f, f, n) for f, n in families.items()]),
        ]
        return served_forms.form(_("Filter the catalogue"), fields, len(rows))

    def _selected(self) -> Iterable[Deliverable]:
        catalogue = self.handbook.catalogue
        for finding in catalogue.selection_faults(self.block()):
            self.report(finding)
        wanted = {name: self.options.get(name) for name in ("committee", "family", "status")}
        for deliverable in catalogue.deliverables:
            family = catalogue.family_of(deliverable)
            facts = {
                "committee": deliverable.committee,
                "family": family.id if family else None,
                "status": str(deliverable.status),
            }
            if all(value in {None, facts[name]} for name, value in wanted.items()):
                yield deliverable

    def _place(self, deliverable: Deliverable) -> int:
        """Return the position of the family of a deliverable in the list of families."""
        family = self.handbook.catalogue.family_of(deliverable)
        families = list(self.handbook.catalogue.families)
        return families.index(family) if family else len(families)

    def _row(self, deliverable: Deliverable) -> list[list[nodes.Node]]:
        published: nodes.Node = (
            date_node(deliverable.published, self.config.language)
            if deliverable.published
            else nodes.Text("–")
        )
        cells: list[nodes.Node] = [
            self.link_to_standard(deliverable, deliverable.reference),
            self._title(deliverable),
            nodes.Text(_committee(deliverable)),
            published,
        ]
        row = self._columns([[cell] for cell in cells])
        code = nodes.inline("", deliverable.stage, classes=["hb-quiet"])
        row.insert(-1, [badge(deliverable.state), nodes.Text(self.marks.space), code])
        return row

    def _title(self, deliverable: Deliverable) -> nodes.inline:
        first, *others = _PART.split(deliverable.title["en"], maxsplit=1)
        shown = others[0] if others and first in self._common else deliverable.title["en"]
        own = ["language-en"] if editions.further(self.config) else []
        return nodes.inline(
            "",
            "",
            our.short_name("", slug=deliverable.slug),
            nodes.inline("", shown, classes=["hb-iso-title", *own]),
        )


def _beginnings(titles: Iterable[str]) -> frozenset[str]:
    """Return the first parts that many titles share."""
    counted = Counter(_PART.split(title, maxsplit=1)[0] for title in titles)
    return frozenset(part for part, number in counted.items() if number >= _MANY)


def _committee(deliverable: Deliverable) -> str:
    """Return ``SC 1`` for ``ISO/TC 268/SC 1``; a committee without a parent in full."""
    return (
        deliverable.committee.rpartition("/")[2]
        if "/SC " in deliverable.committee
        else (deliverable.committee)
    )


class ShortNameTransform(HandbookTransform):
    """Insert the name from the page of each deliverable; without a page, ISO's title suffices."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(our.short_name)):
            name = short_name(self.env, node["slug"])
            title = node.parent.astext()
            if name and title.lower().startswith(name.lower()):
                # ISO's title, which follows, begins with the same words.
                _own, dash, rest = _DASH.split(title[len(name) :], maxsplit=1)
                *_others, shown = node.parent.findall(nodes.inline)
                node.parent.children[1:] = [
                    nodes.inline("", words, classes=classes)
                    for words, classes in ((dash, ["hb-colon"]), (rest, shown["classes"]))
                    if words
                ]
                node.replace_self(nodes.strong("", title[: len(name)]))
            elif name:
                # On a page the next line begins there, elsewhere a full stop separates them.
                end = nodes.inline("", self.marks.stop + self.marks.space, classes=["hb-colon"])
                node.replace_self([nodes.strong("", name), end])
            else:
                node.parent.remove(node)


def _heads() -> list[tuple[str, int]]:
    """Return the head of each column, and its share of the width."""
    return [
        (_("Reference"), 16),
        (_("Title"), 52),
        (_("Committee"), 10),
        (_("Status"), 14),
        (_("Published"), 12),
    ]


def setup(app: Sphinx) -> None:
    app.add_directive("catalogue", CatalogueDirective)
    app.add_post_transform(ShortNameTransform)
