"""What can be drawn only once all pages are read: timelines, lists of sources; and the language of
Chinese words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, ClassVar

from docutils import nodes
from pybtex_docutils import Backend
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.catalogue import Deliverable
from handbook.model.pages import MilestoneStatus, Strand
from handbook.outputs import relation_graph, timeline_picture
from handbook.sphinxext import languages, project
from handbook.sphinxext import nodes as our
from handbook.sphinxext.directives import (
    badge,
    date_node,
    status_name,
    strand_badges,
    strand_name,
    warn,
)
from handbook.sphinxext.domain import HandbookTransform, Told

_ = get_translation("handbook")


def cite_node(keys: Iterable[str], docname: str) -> addnodes.pending_xref:
    """A citation made after reading, when no role can be run any more."""
    target = ",".join(keys)
    return addnodes.pending_xref(
        target,
        nodes.inline("", target),
        refdomain="cite",
        reftype="p",
        reftarget=target,
        refwarn=True,
        refdoc=docname,
    )


class TimelineTransform(HandbookTransform):
    """Replace each ``{timeline}`` by its milestones, year by year."""

    # Before citations and links are resolved (bibtex 5, Sphinx 10).
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(our.timeline)):
            told = self.domain.timeline(node["strands"])
            picture = (
                self._picture(told, node["overview"])
                if node["overview"] and self.builder.format == "html"
                else []
            )
            years = [
                part for year, group in groupby(told, _year) for part in self._year(year, group)
            ]
            node.replace_self([*picture, *years])

    def _picture(self, told: Iterable[Told], first_year: int) -> list[nodes.Node]:
        """The overview, once for wide pages and once for phones; a style sheet shows one of the
        two.
        """
        entries = [
            timeline_picture.Entry(
                one.milestone, number, is_publication=one.milestone.name.endswith("-published")
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

    def _year(self, year: int, told: Iterable[Told]) -> Iterator[nodes.Node]:
        yield nodes.rubric(
            "", str(year), ids=[f"year-{year}"], classes=["hb-year"], **{"heading-level": 2}
        )
        yield our.timeline_list("", *(self._item(one) for one in told), bullet="-")

    def _item(self, told: Told) -> our.timeline_item:
        milestone, docname = told.milestone, self.env.docname
        title: nodes.Node = nodes.inline("", milestone.title)
        if told.docname:
            slug = milestone.name.removesuffix("-published")
            is_page = self.domain.standards.get(slug) == told.docname
            title = addnodes.pending_xref(
                "",
                title,
                refdomain="handbook",
                reftype="standard" if is_page else "milestone",
                reftarget=slug if is_page else milestone.name,
                refexplicit=True,
                refwarn=False,
                refdoc=docname,
            )
        line = nodes.paragraph(
            "",
            "",
            date_node(milestone.date, self.config.language),
            nodes.Text(" "),
            title,
            *strand_badges(milestone.strands),
        )
        if milestone.status is not MilestoneStatus.HAPPENED:
            line += [
                nodes.Text(" "),
                badge(status_name(milestone.status), f"status-{milestone.status}"),
            ]
        known = project.of(self.config).bibliography.sources
        keys = [key for key in milestone.sources if key in known]
        if keys:
            line += [nodes.Text(" "), cite_node(keys, docname)]
        return our.timeline_item(
            "", line, strands=list(milestone.strands), status=str(milestone.status)
        )


def _year(told: Told) -> int:
    date = told.milestone.date
    return (date.earliest if date.start else date.latest).year


class GraphTransform(HandbookTransform):
    """Draw each relation graph into HTML, with links; other builders have the list beside it."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        catalogue = project.of(self.config).catalogue
        for number, node in enumerate(list(self.document.findall(our.relation_graph)), 1):
            if self.builder.format != "html":
                node.parent.remove(node)
                continue
            members = [catalogue.by_id[id_] for id_ in node["members"]]
            found = relation_graph.edges(catalogue, members)
            svg = relation_graph.draw(
                found,
                members,
                id_=f"graph-{number}",
                title=_("How the documents relate: %s") % node["title"],
                description=_("%(relations)d relations, listed below the picture.")
                % {"relations": len(found)},
                link=self._address,
                words={"draft": _("draft"), "withdrawn": _("withdrawn")},
            )
            name = _("Relation graph")
            frame = (
                '<div class="hb-graph-frame" tabindex="0" role="region"'
                f' aria-label="{name}">{svg}</div>'
            )
            node.replace_self(nodes.raw("", frame, format="html"))

    def _address(self, deliverable: Deliverable) -> str:
        docname = self.domain.standards.get(deliverable.slug)
        return (
            self.builder.get_relative_uri(self.env.docname, docname) if docname else deliverable.url
        )


class DownloadLinks(HandbookTransform):
    """Link to the exports from wherever in the tree the page stands."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(our.downloads)):
            if self.builder.format != "html" or self.builder.name == "epub":
                node.parent.remove(node)
                continue
            up = "../" * self.builder.get_target_uri(self.env.docname).count("/")
            line = nodes.paragraph(
                "", _("Download: "), classes=["hb-downloads"], files=node["files"]
            )
            for number, name in enumerate(node["files"]):
                line += [nodes.Text(", ")] if number else []
                line += nodes.reference("", name, refuri=f"{up}data/{name}", internal=False)
            node.replace_self(line)


class FormTransform(HandbookTransform):
    """Draw forms where a server and scripts answer them, and nowhere else."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(our.served_form)):
            if self.builder.name in {"html", "dirhtml"}:
                node.replace_self(nodes.raw("", node["html"], format="html"))
            else:
                node.parent.remove(node)


class CitationCheck(HandbookTransform):
    """Explain each unknown citation key (bibtex's own warning, which names no remedy, is switched
    off).
    """

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        bibliography = project.of(self.config).bibliography
        for node in self.document.findall(addnodes.pending_xref):
            if node.get("refdomain") == "cite":
                for key in _keys(node):
                    if key not in bibliography.sources:
                        warn(
                            "C001",
                            f"no references/*.bib has the key {key!r}",
                            bibliography.nearest(key),
                            node,
                        )


class PageSources(HandbookTransform):
    """End each page with the sources it cites, so that a claim can be checked without leaving it."""

    default_priority = 6
    formats: ClassVar[tuple[str, ...]] = ("html",)

    def run(self, **kwargs: Any) -> None:
        if self.env.metadata[self.env.docname].get("page-sources") == "none":
            return
        # A page with a bibliography has them all; bibtex has put citations in its place by now.
        if next(self.document.findall(nodes.citation), None) is not None:
            return
        keys = dict.fromkeys(
            key
            for node in self.document.findall(addnodes.pending_xref)
            if node.get("refdomain") == "cite"
            for key in _keys(node)
        )
        entries = _formatted_entries(self.env)
        shown = sorted(
            (key for key in keys if key in entries), key=lambda key: entries[key][0].lower()
        )
        section = next(self.document.findall(nodes.section), None)
        if not shown or section is None:
            return
        items = nodes.bullet_list(bullet="-", classes=["hb-sources"])
        for key in shown:
            items += nodes.list_item(
                "",
                nodes.paragraph(
                    "",
                    "",
                    cite_node([key], self.env.docname),
                    nodes.Text(" "),
                    *_copies(entries[key][1]),
                ),
            )
        section += nodes.rubric(
            "", _("Sources of this page"), ids=["sources-of-this-page"], **{"heading-level": 2}
        )
        section += items


def _keys(node: addnodes.pending_xref) -> list[str]:
    return [key.strip() for key in node["reftarget"].split(",")]


def _copies(parts: list[nodes.Node]) -> list[nodes.Node]:
    return [
        part.deepcopy() if isinstance(part, nodes.Element) else nodes.Text(part.astext())
        for part in parts
    ]


def _formatted_entries(env: Any) -> dict[str, tuple[str, list[nodes.Node]]]:
    """Label and text of each entry by key; made once a build, when bibtex has labelled its
    citations.
    """
    domain = env.get_domain("cite")
    cached = getattr(domain, "_handbook_entries", None)
    if cached is None or cached[0] is not domain.citations or cached[1] != len(domain.citations):
        backend = Backend()
        entries = {
            c.key: (c.formatted_entry.label, c.formatted_entry.text.render(backend))
            for c in domain.citations
        }
        cached = domain._handbook_entries = (domain.citations, len(domain.citations), entries)
    return cached[2]


class LanguageRuns(HandbookTransform):
    """Mark each run of Chinese, Japanese or Korean letters with its language: for fonts, speech and
    hyphenation.
    """

    default_priority = 900
    formats: ClassVar[tuple[str, ...]] = ("html",)

    def run(self, **kwargs: Any) -> None:
        if self.config.language.startswith(("zh", "ja", "ko")) or not languages.CJK.search(
            self.document.astext()
        ):
            return
        for text in [
            text
            for text in self.document.findall(nodes.Text)
            if languages.CJK.search(text) and not _has_language(text)
        ]:
            text.parent.replace(text, list(_marked(str(text))))


def _marked(text: str) -> Iterator[nodes.Node]:
    for run, language in languages.runs(text):
        yield (
            nodes.inline("", run, classes=[f"language-{language}"]) if language else nodes.Text(run)
        )


def _has_language(node: nodes.Node) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.literal_block | nodes.raw):
            return True
        if any(name.startswith("language-") for name in node.get("classes", ())):
            return True
    return False


def setup(app: Sphinx) -> None:
    for transform in (
        TimelineTransform,
        GraphTransform,
        DownloadLinks,
        FormTransform,
        CitationCheck,
        PageSources,
        LanguageRuns,
    ):
        app.add_post_transform(transform)
