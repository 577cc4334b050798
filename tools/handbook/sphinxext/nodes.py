"""Nodes of our own. Each is a subclass of a docutils node, so that every builder can write it; HTML
gets richer tags.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx


class dated(nodes.inline):
    """A date in running text. ``datetime`` is the machine-readable form, if HTML has one."""


class labelled(nodes.entry):
    """A cell of a table that becomes cards on phones; ``label`` is the head of its column."""


class badge(nodes.inline):
    """A short word in a frame (strand, status). Where no frame can be drawn, it is in square
    brackets.
    """


class milestone(nodes.container):
    """A milestone in its place on a page; ``ids`` has its name."""


class standard_box(nodes.container):
    """The catalogue's facts about a deliverable; ``ids`` has its slug."""


class glance(nodes.container):
    """The few facts that a reader of a served page needs first; the record below has them too."""


class short_name(nodes.inline):
    """The place of the name from the page of the deliverable ``slug``."""


class record(nodes.container):
    """All facts in the catalogue about a deliverable: folded on served pages, open elsewhere.
    ``summary`` is the label of the fold.
    """


class fold(nodes.container):
    """Content that is folded on served pages, under ``summary``, and open elsewhere."""


class claim(nodes.container):
    """Our reading of a claim, with its ``verdict``; its first paragraph is the short form of the
    reading.
    """


class claims(nodes.General, nodes.Element):
    """The place of the table of a page's claims."""


class safe_sentence(nodes.container):
    """A sentence that the sources support."""


class letters(nodes.General, nodes.Element):
    """The place of the letters and the filter of a long list."""


class source_index(nodes.General, nodes.Element):
    """The place of the index to a bibliography of several pages."""


class overview(nodes.General, nodes.Element):
    """The place of numbers or a picture of the whole handbook; ``kind`` says which."""


class source_marks(nodes.inline):
    """The numbers of the sources of a statement."""


class source_mark(nodes.inline):
    """One of them: a link to ``href``, read aloud as ``label``. ``beside`` may be shown beside the
    text.
    """


class timeline_list(nodes.bullet_list):
    """The milestones of one year, in order."""


class timeline_item(nodes.list_item):
    """One milestone on the timeline; ``strands`` and ``status`` serve style and filters."""


class relation_graph(nodes.General, nodes.Element):
    """The place of a relation graph in HTML; ``members`` are ids of deliverables."""


class lifelines(nodes.General, nodes.Element):
    """The place of the lifelines of all editions in HTML."""


class stage_track(nodes.General, nodes.Element):
    """The place of the picture of a project's stages, ``html``, in HTML."""


class drawn(nodes.General, nodes.Element):
    """The place of a small picture in HTML: ``html``, or the ``tiles`` of families."""


class room_picture(nodes.General, nodes.Element):
    """The place of the picture of the library's rooms in HTML."""


class downloads(nodes.General, nodes.Element):
    """The place of links to the exports ``files`` in HTML."""


class served_form(nodes.General, nodes.Element):
    """The place of a form of the handbook's own, ``html``, on a served page, and nowhere else."""


class drawing(nodes.General, nodes.Element):
    """The place of a drawing, ``html``, or a map of ``tiles``, in HTML with a sentence, ``about``;
    the text beside it has the same content.
    """


class events_of(nodes.Inline, nodes.Element):
    """The place of a link to the events of a ``value``, by a ``field`` of the timeline's filter;
    replaced once all pages are read.
    """


class meetings(nodes.General, nodes.Element):
    """The place of a table of meetings; replaced once all pages are read."""


class timeline(nodes.General, nodes.Element):
    """The place of a timeline; replaced once all pages are read."""


def _visit_date(self: Any, node: dated) -> None:
    attributes = {"datetime": node["datetime"]} if node.get("datetime") else {}
    self.body.append(
        self.starttag(node, "time" if attributes else "span", "", CLASS="hb-date", **attributes)
    )
    self.context.append("</time>" if attributes else "</span>")


def _depart_context(self: Any, node: nodes.Node) -> None:
    self.body.append(self.context.pop())


def _visit_labelled(self: Any, node: labelled) -> None:
    first = len(self.body)
    self.visit_entry(node)
    # A card leaves out what says nothing.
    empty = ' class="hb-nil"' if node.astext() in {"", "–"} else ""
    label = f'<td data-label="{self.attval(node["label"])}"{empty}'
    self.body[first] = self.body[first].replace("<td", label, 1)


def _depart_labelled(self: Any, node: labelled) -> None:
    self.depart_entry(node)


def _visit_badge(self: Any, node: badge) -> None:
    self.visit_inline(node)


def _depart_badge(self: Any, node: badge) -> None:
    self.depart_inline(node)


def _visit_bracketed(self: Any, node: badge) -> None:
    (
        self.add_text("[")
        if hasattr(self, "add_text")
        else self.body.append("{[}" if self.builder.format == "latex" else "[")
    )


def _depart_bracketed(self: Any, node: badge) -> None:
    (
        self.add_text("]")
        if hasattr(self, "add_text")
        else self.body.append("{]}" if self.builder.format == "latex" else "]")
    )


def _visit_milestone(self: Any, node: milestone) -> None:
    attributes = {"aria-labelledby": node["ids"][0] + "-title"}
    if node.get("meeting"):
        attributes["data-kind"] = "meeting"
    self.body.append(self.starttag(node, "article", CLASS="hb-milestone", **attributes))


def _depart_milestone(self: Any, node: milestone) -> None:
    self.body.append("</article>\n")


def _visit_glance(self: Any, node: glance) -> None:
    # The search reads the record.
    self.body.append('<div class="hb-glance" data-pagefind-ignore>\n')


def _depart_glance(self: Any, node: glance) -> None:
    self.body.append("</div>\n")


def _visit_record(self: Any, node: record) -> None:
    summary = self.encode(node["summary"])
    self.body.append(f'<details class="hb-record"><summary>{summary}</summary>\n')


def _depart_record(self: Any, node: record) -> None:
    self.body.append("</details>\n")


def _visit_fold(self: Any, node: fold) -> None:
    summary = self.encode(node["summary"])
    self.body.append(self.starttag(node, "details", CLASS="hb-record"))
    self.body.append(f"<summary>{summary}</summary>\n")


def _visit_marks(self: Any, node: source_marks) -> None:
    self.body.append(self.starttag(node, "sup", ""))


def _depart_marks(self: Any, node: source_marks) -> None:
    self.body.append("</sup>")


def _visit_mark(self: Any, node: source_mark) -> None:
    label, href = self.attval(node["label"]), self.attval(node["href"])
    # The name of a site breaks before a full stop; the number stays with what it counts.
    words = re.sub(r"(?<=\w\w)(?=\.\w)", "\N{ZERO WIDTH SPACE}", node["beside"])
    words = words.replace(" ", "\N{NO-BREAK SPACE}", 1)
    beside = f' data-beside="{self.attval(words)}"' if words else ""
    self.body.append(f'[<a class="reference internal" href="{href}" aria-label="{label}"{beside}>')


def _depart_mark(self: Any, node: source_mark) -> None:
    self.body.append("</a>]")


def _visit_list(self: Any, node: timeline_list) -> None:
    self.body.append(self.starttag(node, "ol", CLASS="hb-timeline"))


def _depart_list(self: Any, node: timeline_list) -> None:
    self.body.append("</ol>\n")


def _visit_item(self: Any, node: timeline_item) -> None:
    data = {f"data-{name}": value for name, value in node["data"].items() if value}
    self.body.append(self.starttag(node, "li", **data))


def _depart_item(self: Any, node: timeline_item) -> None:
    self.body.append("</li>\n")


def _visit_latex_anchored(self: Any, node: milestone | standard_box) -> None:
    anchor = "".join(
        "\\phantomsection" + self.hypertarget(id_, anchor=False) for id_ in node["ids"]
    )
    self.body.append(f"\n{anchor}\\begin{{quote}}\n")


def _depart_latex_anchored(self: Any, node: milestone | standard_box) -> None:
    self.body.append("\n\\end{quote}\n")


def _visit_container(self: Any, node: standard_box) -> None:
    self.visit_container(node)


def _depart_container(self: Any, node: standard_box) -> None:
    self.depart_container(node)


def setup(app: Sphinx) -> None:
    app.add_node(dated, html=(_visit_date, _depart_context))
    app.add_node(labelled, html=(_visit_labelled, _depart_labelled))
    bracketed = (_visit_bracketed, _depart_bracketed)
    app.add_node(
        badge,
        html=(_visit_badge, _depart_badge),
        latex=bracketed,
        text=bracketed,
        man=bracketed,
        texinfo=bracketed,
    )
    app.add_node(
        milestone,
        html=(_visit_milestone, _depart_milestone),
        latex=(_visit_latex_anchored, _depart_latex_anchored),
    )
    app.add_node(
        standard_box,
        html=(_visit_container, _depart_container),
        latex=(_visit_latex_anchored, _depart_latex_anchored),
    )
    app.add_node(glance, html=(_visit_glance, _depart_glance))
    app.add_node(record, html=(_visit_record, _depart_record))
    app.add_node(fold, html=(_visit_fold, _depart_record))
    for plain in (claim, safe_sentence):
        app.add_node(
            plain,
            html=(_visit_container, _depart_container),
            latex=(_visit_latex_anchored, _depart_latex_anchored),
        )
    app.add_node(source_marks, html=(_visit_marks, _depart_marks))
    app.add_node(source_mark, html=(_visit_mark, _depart_mark))
    app.add_node(timeline_list, html=(_visit_list, _depart_list))
    app.add_node(timeline_item, html=(_visit_item, _depart_item))
    for placeholder in (
        timeline,
        events_of,
        meetings,
        drawing,
        relation_graph,
        downloads,
        served_form,
        claims,
        letters,
        source_index,
        drawn,
        stage_track,
        lifelines,
        overview,
    ):
        app.add_node(placeholder)
