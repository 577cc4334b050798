"""A bibliography of several pages: ``{sources}`` lists the sources of one file, ``{source-index}``
leads to all.

It is a table with the number of sources of each kind on each page. With ``:labels:`` it is, on
served pages, an index of all sources, in which each keeps the address from the time when the
bibliography was one page; the filter of the page (:mod:`handbook.sphinxext.letters`) chooses among
them by words, kind and language.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinxcontrib.bibtex.directives import BibliographyDirective

from handbook.model.bibliography import Tier
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.bibstyle import language_name
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend
from handbook.sphinxext.output import is_served
from handbook.sphinxext.parts import internal_link, table, warn

_ = get_translation("handbook")


class SourcesDirective(BibliographyDirective):
    """All sources of ``references/<name>.bib``. bibtex's own directive needs a path, and pages name
    no file outside their folder.
    """

    required_arguments, optional_arguments, has_content = 1, 0, False
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        name = self.arguments.pop()
        sources = project.of(self.env.config).bibliography.sources.values()
        keys = [one.key for one in sources if one.path.stem == name]
        if not keys:
            files = ", ".join(sorted({one.path.stem for one in sources}))
            place = (self.env.docname, self.lineno)
            warn("Y002", f"no source is in references/{name}.bib", f"use one of {files}", place)
            return []
        self.options["filter"] = "False"
        self.content = StringList(keys, f"{name}.bib")
        return list(super().run())


class IndexDirective(HandbookDirective):
    """The place of the table or, with ``:labels:``, of the index."""

    option_spec: ClassVar[dict[str, Any]] = {"labels": directives.flag}

    def run(self) -> list[nodes.Node]:
        sources = self.handbook.bibliography.sources.values()
        depend(self.env, {*(one.path for one in sources), *project.word_files(self.config)})
        node = our.source_index(labels="labels" in self.options)
        self.set_source_info(node)
        return [node]


class IndexTransform(HandbookTransform):
    """Fill it once all pages are read and bibtex has labelled its citations."""

    # The links of the table are resolved after it.
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.source_index):
            cite: Any = self.env.get_domain("cite")
            home = self.env.docname
            citations = [one for one in cite.citations if one.bibliography_key.docname != home]
            made: nodes.Node | list[nodes.Node] = []
            if citations and not node["labels"]:
                made = self._table(citations)
            elif citations and is_served(self.builder):
                made = self._index(citations)
            elif citations:
                said = _("Each list of sources is in the order of its labels.")
                made = nodes.paragraph("", said)
            node.replace_self(made)

    def _table(self, citations: list[Any]) -> nodes.table:
        sources = project.of(self.config).bibliography.sources
        counted: dict[str, Counter[Tier]] = defaultdict(Counter)
        for one in citations:
            if one.key in sources:
                counted[one.bibliography_key.docname][sources[one.key].tier] += 1
        kinds = _kinds()
        rows: list[list[list[nodes.Node]]] = []
        for page, of_kind in counted.items():
            words = nodes.inline("", self.env.titles[page].astext())
            link = internal_link(self.env.docname, "std", "doc", f"/{page}", words)
            rows.append([[link], *_numbers(of_kind, kinds)])
        total = sum(counted.values(), Counter[Tier]())
        rows.append([[nodes.Text(_("All"))], *_numbers(total, kinds)])
        heads = [(_("Page"), 40), *((name, 15) for name in kinds.values()), (_("All"), 15)]
        return nodes.table("", table(heads, rows))

    def _index(self, citations: list[Any]) -> nodes.raw:
        """Return each source by its label; its line has the address and leads to the entry."""
        sources = project.of(self.config).bibliography.sources
        lines: list[str] = []
        entries: list[tuple[str, str]] = []
        languages: dict[str, str] = {}
        ordered = sorted(
            citations, key=lambda one: (_letter(one), one.formatted_entry.label.lower(), one.key)
        )
        for letter, of_letter in groupby(ordered, key=_letter):
            # Their own addresses: those of the sources lead on.
            place = f"sources-{letter.lower()}" if letter else "sources-0"
            lines.append(f'<p id="{place}"><b>{letter or "0–9"}</b> ')
            for one in of_letter:
                page = self.builder.get_relative_uri(self.env.docname, one.bibliography_key.docname)
                anchor, label = escape(one.citation_id), one.formatted_entry.label
                data = ""
                if source := sources.get(one.key):
                    tag = source.language.partition("-")[0]
                    languages[tag] = language_name(tag, self.config.language)
                    data = f' data-kind="{source.tier}" data-language="{escape(tag)}"'
                lines.append(
                    f'<a class="hb-leads" id="{anchor}" href="{page}#{anchor}"{data}>'
                    f"{escape(label)}</a> "
                )
                entries.append((label, place))
            lines.append("</p>\n")
        inside = "".join(lines)
        html = f'<div class="hb-source-index" data-pagefind-ignore="all">{inside}</div>'
        by_name = sorted(languages.items(), key=lambda one: one[1])
        choices = [
            ("kind", _("Kind of source"), [(str(tier), name) for tier, name in _kinds().items()]),
            ("language", _("Language"), by_name),
        ]
        return nodes.raw("", html, format="html", entries=entries, choices=choices)


def _kinds() -> dict[Tier, str]:
    return {
        Tier.PRIMARY: _("Primary"),
        Tier.PRESS: _("Press"),
        Tier.SECONDARY: _("Secondary"),
    }


def _letter(citation: Any) -> str:
    first = str(citation.formatted_entry.label[:1]).upper()
    return first if first.isalpha() else ""


def _numbers(counted: Counter[Tier], kinds: Iterable[Tier]) -> list[list[nodes.Node]]:
    return [[nodes.Text(str(n))] for n in (*(counted[kind] for kind in kinds), counted.total())]


def setup(app: Sphinx) -> None:
    app.add_directive("sources", SourcesDirective)
    app.add_directive("source-index", IndexDirective)
    app.add_post_transform(IndexTransform)
