"""The sources of a page: the list at its end, and keys that no source has."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from pybtex.style import FormattedEntry
from pybtex_docutils import Backend
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

from handbook.rules.findings import Place
from handbook.sphinxext import project, state
from handbook.sphinxext.blocks import HandbookTransform
from handbook.sphinxext.output import is_served, numbers_sources
from handbook.sphinxext.parts import cite_node, report

_ = get_translation("handbook")
_BACKEND = Backend()


class CitationCheck(HandbookTransform):
    """Explain each unknown citation key (bibtex's own warning, which names no fix, is switched
    off).
    """

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        bibliography = project.of(self.config).bibliography
        for node in self.document.findall(addnodes.pending_xref):
            if node.get("refdomain") == "cite":
                for key in _keys(node):
                    if key not in bibliography.sources:
                        report(bibliography.unknown_key(key, Place("")), node)


class PageSources(HandbookTransform):
    """End each page with the sources that it cites, so that a claim can be checked without leaving
    the page.
    """

    default_priority = 6
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        if self.env.metadata[self.env.docname].get("page-sources") == "none":
            return
        # A page with a bibliography has them all; by now bibtex has replaced the citations in it.
        if next(self.document.findall(nodes.citation), None) is not None:
            return
        keys = dict.fromkeys(
            key
            for node in self.document.findall(addnodes.pending_xref)
            if node.get("refdomain") == "cite"
            for key in _keys(node)
        )
        entries = _formatted_entries(self.env)
        shown = [key for key in keys if key in entries]
        # Numbers in the text follow the order of the list.
        numbered = numbers_sources(self.builder)
        if not numbered:
            shown.sort(key=lambda key: entries[key].label.lower())
        section = next(self.document.findall(nodes.section), None)
        if not shown or section is None:
            return
        items: nodes.Element = (
            nodes.enumerated_list(enumtype="arabic", prefix="", suffix=".", classes=["hb-sources"])
            if numbered
            else nodes.bullet_list(bullet="-", classes=["hb-sources"])
        )
        whole = not numbered or is_served(self.builder)
        for key in shown:
            line = nodes.paragraph("", "", cite_node([key], self.env.docname))
            if whole:  # a book has its bibliography at the end
                line += [nodes.Text(" "), *entries[key].text.render(_BACKEND)]
            items += nodes.list_item("", line)
        section += nodes.rubric(
            "", _("Sources of this page"), ids=["sources-of-this-page"], **{"heading-level": 2}
        )
        section += items


def _keys(node: addnodes.pending_xref) -> list[str]:
    return [key.strip() for key in node["reftarget"].split(",")]


def _formatted_entries(env: BuildEnvironment) -> dict[str, FormattedEntry]:
    """Return label and text of each entry by key, once bibtex has labelled its citations."""
    running = state.running(env)
    if running.entries is None:
        cite: Any = env.get_domain("cite")
        running.entries = {one.key: one.formatted_entry for one in cite.citations}
    return running.entries


def setup(app: Sphinx) -> None:
    app.add_post_transform(CitationCheck)
    app.add_post_transform(PageSources)
