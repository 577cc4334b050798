"""``{date}`` and ``{iso}``: a date and a standard within a sentence."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import ReferenceRole, SphinxRole

from handbook.model import edtf, marks
from handbook.model.catalogue import CatalogueError, State, Status
from handbook.sphinxext import project
from handbook.sphinxext.blocks import depend_on_catalogue, standard_link
from handbook.sphinxext.parts import date_node, status_name, warn


class DateRole(SphinxRole):
    """``{date}`2019-01-14``` prints "14 January 2019" and keeps the machine-readable form."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            return [date_node(edtf.parse(self.text), self.config.language)], []
        except edtf.EdtfError as error:
            warn("D001", error.problem, error.hint, self.get_location())
            return [nodes.Text(self.text)], []


class IsoRole(ReferenceRole):
    """``{iso}`37101``` links to the current edition, ``{iso}`ISO 37120:2014``` to exactly that
    one.
    """

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            deliverable = project.of(self.config).catalogue.find(self.target)
        except CatalogueError as error:
            warn("S001", error.problem, error.hint, self.get_location())
            return [nodes.Text(self.title)], []
        depend_on_catalogue(self.env)
        exactly = " ".join(self.target.split()) == deliverable.reference
        text = (
            self.title
            if self.has_explicit_title
            else deliverable.reference
            if exactly
            else deliverable.undated_reference
        )
        content: list[nodes.Node] = [standard_link(self.env, deliverable, text)]
        if deliverable.status is Status.WITHDRAWN and not self.has_explicit_title:
            content.append(
                nodes.Text(marks.of(self.config.language).within(status_name(State.WITHDRAWN)))
            )
        return content, []


def setup(app: Sphinx) -> None:
    app.add_role("date", DateRole())
    app.add_role("iso", IsoRole())
