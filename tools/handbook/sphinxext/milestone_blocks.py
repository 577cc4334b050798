"""``{milestone}``: a dated event in the page about it, and how to cite it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from html import escape
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.milestones import (
    MILESTONE_OPTIONS,
    Milestone,
    lost_options,
    read_milestone,
    title_below,
)
from handbook.outputs import tables
from handbook.sphinxext import exports
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform
from handbook.sphinxext.domain import PlacedMilestone
from handbook.sphinxext.parts import date_node, meeting_words, milestone_badges, plain

_ = get_translation("handbook")


class _AnyOptions(dict[str, Callable[[str], Any]]):
    """An option table that accepts every name: we explain unknown ones, and how to fix them."""

    def __missing__(self, name: str) -> Callable[[str], str]:
        return directives.unchanged

    def __contains__(self, name: object) -> bool:
        return True


class MilestoneDirective(HandbookDirective):
    """A dated event, shown in its place on the page and collected on the timeline."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOptions(dict.fromkeys(MILESTONE_OPTIONS, directives.unchanged))

    def run(self) -> list[nodes.Node]:
        milestone = self._read()
        if milestone is None:
            # Nothing of the writer's is lost: the text is still shown, without a place on the
            # timeline.
            title = self.arguments[0] if self.arguments else ""
            return [
                nodes.paragraph("", "", nodes.strong("", title)),
                *self.parse_content_to_nodes(),
            ]
        body = self.parse_content_to_nodes()
        title_nodes, messages = self.parse_inline(milestone.title)
        milestone = replace(milestone, title=plain(title_nodes))
        node = our.milestone(
            ids=[milestone.name], names=[milestone.name], meeting=bool(milestone.bodies)
        )
        self.set_source_info(node)
        self._note(milestone, plain(body), node)
        node += [self._head(milestone, title_nodes), *body, self._foot(milestone), *messages]
        return [node]

    def _read(self) -> Milestone | None:
        """Return the milestone in the block; report everything wrong with it."""
        block = self.block()
        options = dict(block.options)
        if title_below(self.name, block.argument, list(self.content)):
            # the check reports it
            block = replace(block, argument=self.content[0].strip())
            self.content.trim_start(1)
        lost = list(lost_options(list(self.content), block.place))
        for one in lost:
            if one.finding and "：" not in self.content[one.number]:  # the check reports those
                self.report(one.finding)
            options.setdefault(one.name, one.value)
        if lost:
            self.content.trim_start(lost[-1].number + 1)
        milestone, findings = read_milestone(
            replace(block, options=options, content="\n".join(self.content)),
            self.handbook.bibliography,
        )
        # where MyST could not read the options it reported so, and they are not missing
        refused = not options and re.search(r"(?m)^[\s>]*:name:", self.block_text)
        for finding in findings:
            if not (refused and finding.code in {"M002", "M003", "M004", "M005"}):
                self.report(finding)
        return milestone

    def _note(self, milestone: Milestone, text: str, node: our.milestone) -> None:
        """Register the milestone for timelines and links."""
        placed = PlacedMilestone(milestone, self.env.docname, self.lineno, text)
        if self.domain.note_milestone(placed, self.get_location()):
            self.env.domains.standard_domain.note_hyperlink_target(
                milestone.name,
                self.env.docname,
                milestone.name,
                milestone.title,
            )
        if isinstance(self.state.document.ids.setdefault(milestone.name, node), nodes.section):
            self.warn(
                "M002",
                f"the name {milestone.name!r} is the anchor of a heading of this page",
                "give the milestone another name",
            )

    def _head(self, milestone: Milestone, title: list[nodes.Node]) -> nodes.paragraph:
        return nodes.paragraph(
            "",
            "",
            date_node(milestone.date, self.config.language),
            nodes.Text(" "),
            nodes.strong("", "", *title, ids=[f"{milestone.name}-title"]),
            *milestone_badges(milestone),
            classes=["hb-milestone-head"],
        )

    def _foot(self, milestone: Milestone) -> nodes.paragraph:
        foot = nodes.paragraph(classes=["hb-milestone-foot"])
        if milestone.place:
            place = self.parse_inline(milestone.place)[0]
            where = [nodes.Text(_("Place: ")), *place, nodes.Text(self.marks.stop)]
            foot += [nodes.inline("", "", *where, classes=["hb-where"]), nodes.Text(" ")]
        if milestone.bodies:
            foot += [
                nodes.inline("", meeting_words(milestone, self.config), classes=["hb-meeting"]),
                nodes.Text(" "),
            ]
        if known := [key for key in milestone.sources if key in self.handbook.bibliography.sources]:
            foot += [nodes.Text(_("Sources: ")), *self.cite(known)]
        foot += self._given(milestone)
        return foot

    def _given(self, milestone: Milestone) -> Iterable[nodes.Node]:
        """Return what single sources give instead of the date in the head."""
        sources = self.handbook.bibliography.sources
        for number, (given, keys) in enumerate(milestone.other_dates(sources).items()):
            yield nodes.Text(self.marks.semicolon if number else _(". Other dates: "))
            yield date_node(given, self.config.language)
            yield from (nodes.Text(self.marks.space), *self.cite(keys))
        if silent := [key for key, given in milestone.given if key in sources and given.is_unknown]:
            yield nodes.Text(_(". Without a date: "))
            yield from self.cite(silent)


class CiteThis(HandbookTransform):
    """Add below each milestone how to cite it; a script fills in the day of reading."""

    # After the languages of words are marked: a citation is copied unchanged.
    default_priority = 950
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        here = exports.site(self.config)
        # Not within the braces of an f-string: in Python 3.11 the tool that collects words for
        # translation does not see them there.
        summary, today = escape(_("Cite this")), escape(_("[day of reading]"))
        days = {
            tables.TODAY: f'<span class="hb-today">{today}</span>',
            tables.TODAY_SLASHED: f'<span class="hb-today" data-between="/">{today}</span>',
        }
        page = self.builder.get_target_uri(self.env.docname)
        for node in self.each(our.milestone):
            told = self.domain.milestones.get(node["ids"][0])
            if told is None:
                continue
            forms = tables.citation(
                tables.Fact(told.milestone, f"{page}#{told.milestone.name}", told.text), here
            )
            parts = "".join(
                (
                    f"<p>{form}</p>"
                    if name == "text"
                    else f'<p>{name}</p><pre tabindex="0">{form}</pre>'
                )
                for name, form in (
                    (name, _filled(escape(form, quote=False).strip(), days))
                    for name, form in forms.items()
                )
            )
            box = f'<details class="hb-cite"><summary>{summary}</summary>{parts}</details>'
            node.append(nodes.raw("", box, format="html"))


def _filled(text: str, days: Mapping[str, str]) -> str:
    for place, day in days.items():
        text = text.replace(place, day)
    return text


def setup(app: Sphinx) -> None:
    app.add_directive("milestone", MilestoneDirective)
    app.add_post_transform(CiteThis)
