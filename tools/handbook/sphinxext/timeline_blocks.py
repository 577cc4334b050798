"""``{timeline}``: milestones and publications year by year, and all of them at a glance."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.files import write_if_changed
from handbook.model.edtf import Edtf, Precision
from handbook.model.milestones import Milestone, read_overview, read_strands
from handbook.model.strands import STRANDS, MilestoneStatus, Strand
from handbook.outputs import timeline_picture
from handbook.sphinxext import event_links, project
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_records
from handbook.sphinxext.dates import display, machine_readable
from handbook.sphinxext.domain import PlacedMilestone
from handbook.sphinxext.letters import bar
from handbook.sphinxext.output import is_served, to_root
from handbook.sphinxext.parts import (
    cite_node,
    date_node,
    internal_link,
    milestone_badges,
    status_name,
    strand_name,
)
from handbook.sphinxext.served_forms import checkboxes, field, form, select

_ = get_translation("handbook")


class TimelineDirective(HandbookDirective):
    """All milestones, or those of some strands: ``:strands: club hangzhou``.

    ``:overview: 2012`` draws them as a picture too, from that year on.
    """

    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "strands": directives.unchanged,
        "overview": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        block = self.block()
        (strands, findings), (overview, others) = read_strands(block), read_overview(block)
        for finding in [*findings, *others]:
            self.report(finding)
        depend_on_records(self.env)
        self.domain.data["timelines"].add(self.env.docname)
        node = our.timeline(strands=list(strands), overview=overview)
        self.set_source_info(node)
        return [node]


class TimelineTransform(HandbookTransform):
    """Replace each ``{timeline}`` by its milestones, year by year."""

    # Before citations and links are resolved (bibtex 5, Sphinx 10).
    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        timelines = [
            (node, self.domain.timeline(node["strands"])) for node in self.each(our.timeline)
        ]
        if timelines:
            self._names = {one.milestone.name: names for one, names in event_links.named(self.env)}
            self._places = event_links.places(self.env)
        for number, (node, placed) in enumerate(timelines):
            content: list[nodes.Node] = []
            drawn = bool(node["overview"]) and self.builder.format == "html"
            inline = drawn and not is_served(self.builder)
            if drawn:
                content += self._picture(placed, node["overview"])
            if not number:
                # One form filters all timelines of a page.
                whole = [one for _node, timeline in timelines for one in timeline]
                content.append(our.served_form(html=_filter(whole)))
            years = {str(_year(one)): f"year-{_year(one)}" for one in placed}
            if not number and len(years) > 1:
                content.append(our.served_form(html=bar(_("Years"), years)))
            for year, group in groupby(enumerate(placed), lambda one: _year(one[1])):
                content += self._year(year, group, linked=inline)
            node.replace_self(content)

    def _picture(self, told: Iterable[PlacedMilestone], first_year: int) -> list[nodes.Node]:
        """Return the overview, once for wide pages and once for phones; a style sheet shows one of
        the two.
        """
        served = is_served(self.builder)
        entries = [self._entry(one, number, served) for number, one in enumerate(told)]
        words = timeline_picture.Words(
            title=_("The timeline at a glance"),
            description=_("%d milestones and publications; the list below has them all.")
            % len(entries),
            outside=_("%d more lie outside these years"),
            strands={strand: strand_name(strand) for strand in Strand},
        )
        pictures = {
            name: timeline_picture.draw(
                entries, words, id_=f"overview-{name}", first_year=first_year, tall=name == "tall"
            )
            for name in ("broad", "tall")
        }
        if not served:
            inline = "".join(pictures.values())
            return [nodes.raw("", f'<div class="hb-overview-frame">{inline}</div>', format="html")]
        # A script draws the picture again: only readers without scripts fetch these files.
        files = {}
        for name, drawn in pictures.items():
            files[name] = f"_images/{self.env.docname.replace('/', '-')}-{name}.svg"
            write_if_changed(Path(self.builder.outdir, files[name]), drawn.encode())
        up = to_root(self.builder, self.env.docname)
        text = escape(f"{words.title}{self.marks.stop}{self.marks.space}{words.description}")
        # The marks of an image are not links: those of the opened file are.
        alone = escape(_("Open the picture by itself: each mark in it is a link."))
        still = (
            f'<noscript><a href="{up}{files["broad"]}"><picture><source media="(max-width: 46rem)"'
            f' srcset="{up}{files["tall"]}"><img src="{up}{files["broad"]}" alt="{text}"></picture>'
            f"{alone}</a></noscript>"
        )
        data = {
            "first": _day(date(first_year, 1, 1)),
            "title": words.title,
            "last": _day(date(timeline_picture.last_year(entries, first_year), 1, 1)),
            "shapes": json.dumps(
                {strand: timeline_picture.path(look.shape) for strand, look in STRANDS.items()}
            ),
            **_words(),
        }
        attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items())
        frame = f'<div class="hb-overview-frame"{attributes}>{still}</div>'
        return [nodes.raw("", frame, format="html")]

    def _entry(self, placed: PlacedMilestone, number: int, served: bool) -> timeline_picture.Entry:
        """Return a mark: in a separate file it leads to the text and has its name, within the page
        it leads to the list.
        """
        is_publication = placed.publication_of is not None
        if not served:
            return timeline_picture.Entry(placed.milestone, f"#{_item_id(number)}", is_publication)
        # the pictures are in a folder at the site's root
        page = self.builder.get_target_uri(placed.docname or self.env.docname)
        when = display(placed.milestone.date, self.config.language)
        name = placed.milestone.name
        return timeline_picture.Entry(
            placed.milestone,
            f"../{page}#{name}" if name in self.domain.milestones else f"../{page}",
            is_publication,
            f"{when}{self.marks.colon}{placed.milestone.title}",
        )

    def _year(
        self, year: int, told: Iterable[tuple[int, PlacedMilestone]], *, linked: bool
    ) -> Iterator[nodes.Node]:
        yield nodes.rubric(
            "", str(year), ids=[f"year-{year}"], classes=["hb-year"], **{"heading-level": 2}
        )
        items = (self._item(one, [_item_id(number)] if linked else []) for number, one in told)
        yield our.timeline_list("", *items, bullet="-")

    def _item(self, placed: PlacedMilestone, ids: list[str]) -> our.timeline_item:
        milestone = placed.milestone
        line = nodes.paragraph(
            "",
            "",
            date_node(milestone.date, self.config.language),
            nodes.Text(" "),
            self._title(placed),
            *milestone_badges(milestone),
        )
        known = project.of(self.config).bibliography.sources
        if keys := [key for key in milestone.sources if key in known]:
            line += [nodes.Text(self.marks.space), cite_node(keys, self.env.docname)]
        for number, (given, others) in enumerate(milestone.other_dates(known).items()):
            line += [
                nodes.Text(self.marks.semicolon if number else _("; other dates: ")),
                date_node(given, self.config.language),
                nodes.Text(self.marks.space),
                cite_node(others, self.env.docname),
            ]
        return our.timeline_item("", line, ids=ids, data=self._data(placed))

    def _data(self, placed: PlacedMilestone) -> dict[str, str]:
        """Return the data with which the script filters and draws a milestone."""
        milestone = placed.milestone
        given = [one for _key, one in milestone.given if not one.is_unknown]
        names = self._names.get(milestone.name, [])
        return {
            "status": "" if milestone.status is MilestoneStatus.HAPPENED else str(milestone.status),
            "kind": "" if _kind(placed) == "event" else _kind(placed),
            "place": self._places.get(milestone.name, ""),
            "about": ""
            if placed.publication_of and names == _of_title(milestone)
            else "|".join(names),
            "span": "" if machine_readable(milestone.date) else _span(milestone.date),
            "look": _look(milestone),
            "given": " ".join(_span(one) for one in given if not machine_readable(one)),
            "short": milestone.short or "",
        }

    def _title(self, placed: PlacedMilestone) -> nodes.Node:
        """Return the title, linked to the page with the text."""
        title = nodes.Text(placed.milestone.title)
        if not placed.docname:
            return nodes.inline("", "", title)
        slug = placed.publication_of
        if slug and self.domain.standards.get(slug) == placed.docname:
            kind, target = "standard", slug
        else:
            kind, target = "milestone", placed.milestone.name
        return internal_link(self.env.docname, "handbook", kind, target, title)


def _of_title(milestone: Milestone) -> list[str]:
    """Return the standard that the script finds in the title of a publication."""
    return [f"ISO {one}" for one in re.findall(r"\d+(?:-\d+)*", milestone.title)[:1]]


def _item_id(number: int) -> str:
    """Return the id of an entry of the list, from 0."""
    return f"t{number}"


def _kind(placed: PlacedMilestone) -> str:
    return "publication" if placed.publication_of else str(placed.milestone.kind)


def _day(day: date) -> int:
    """Return days since 1 January 1970, as scripts count them."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def _span(value: Edtf) -> str:
    """Return the first and the last day; an open end stops at its start, as it is drawn."""
    last = timeline_picture.drawn_until(value)
    first = _day(value.earliest if value.start else last)
    return str(first) if first == _day(last) else f"{first},{_day(last)}"


def _look(milestone: Milestone) -> str:
    """Return the style of the mark and the precision, where the machine-readable date does not
    decide them: a day is a ``point``; an uncertain date fades.
    """
    value, exact = milestone.date, machine_readable(milestone.date)
    single = value.precision if not (value.is_interval or exact) else None
    words = {
        "point": single is Precision.DAY,
        "month": single is Precision.MONTH,
        "year": single is Precision.YEAR,
        "faded": value.uncertain or value.approximate,
        "to": value.start is None,
        "from": value.end is None,
    }
    return " ".join(word for word, is_so in words.items() if is_so)


def _words() -> dict[str, str]:
    """Return the words that the script writes around the picture."""
    return {
        "tools": _("The picture"),
        "help": _(
            "Arrow keys go from event to event, plus and minus change the scale, 0 shows all years."
        ),
        "filter": _("To the filter"),
        "closer": _("Closer"),
        "wider": _("Wider"),
        "back": _("Earlier years"),
        "on": _("Later years"),
        "earlier": _("%s earlier"),
        "later": _("%s later"),
        "more": _("%s more here"),
        "window": _("Years shown"),
        "start": _("First day shown"),
        "end": _("Last day shown"),
        "save": _("Save as %s"),
        "embed": _("Embed"),
        "list": _("In the list"),
        "open": _("Open the page"),
        "licence": _("Sustainable City Standards Handbook, CC BY 4.0"),
    }


def _filter(placed: list[PlacedMilestone]) -> str:
    """Return the filter of the page's timelines; ``timeline.js`` makes it work."""
    milestones = [one.milestone for one in placed]
    strands = [s for s in Strand if any(s in milestone.strands for milestone in milestones)]
    statuses = [s for s in MilestoneStatus if any(s is one.status for one in milestones)]
    kinds = {_kind(one) for one in placed}
    kind_names = {
        "event": _("events"),
        "meeting": _("meetings"),
        "publication": _("publications of standards"),
    }
    precisions = [
        ("day", _("to the day")),
        ("month", _("to the month")),
        ("year", _("to the year")),
        ("span", _("span of time")),
        ("uncertain", _("uncertain")),
    ]
    years = sorted(_year(one) for one in placed) or [0]
    time = {"inputmode": "numeric", "pattern": r"\d{4}(-\d\d){0,2}"}
    fields = [
        checkboxes("strand", _("Strands"), [(s, strand_name(s)) for s in strands]),
        field("search", "q", _("Text")),
        select("kind", _("Kind"), [(one, kind_names[one]) for one in kind_names if one in kinds]),
        select("status", _("Status"), [(s, status_name(s)) for s in statuses]),
        select("precision", _("Precision of the date"), precisions),
        field("search", "place", _("Place"), list="hb-places"),
        field("search", "about", _("Person, body or standard"), list="hb-abouts"),
        field("search", "page", _("Page"), list="hb-pages"),
        field("text", "from", _("From"), placeholder=str(years[0]), **time),
        field("text", "to", _("To"), placeholder=str(years[-1]), **time),
        field("text", "day", _("Day of the year"), placeholder="01-14", pattern=r"\d\d-\d\d"),
    ]
    return form(_("Filter the timeline"), [*fields, _subscribe()], len(placed))


def _subscribe() -> str:
    """Return the line that the script shows when a reader can subscribe to the selection."""
    words = escape(_("Subscribe to this, for all years:"))
    links = " · ".join(
        f'<a data-ending="{ending}">{escape(name)}</a>'
        for ending, name in (("ics", _("calendar")), ("atom", _("feed")))
    )
    webcal, address = escape(_("in a calendar program")), escape(_("Address of the calendar"))
    none = escape(_("Nothing that you chose is in %s."))
    wrong = escape(_("“%s” cannot be read: write 2016, 2016-09 or 2016-09-04, a day as 09-04."))
    return (
        f'<p class="hb-subscribe" data-wrong="{wrong}" data-none="{none}" hidden>{words}'
        f' {links} · <a class="hb-webcal">{webcal}</a> <input readonly aria-label="{address}"></p>'
    )


def _year(placed: PlacedMilestone) -> int:
    date = placed.milestone.date
    return (date.earliest if date.start else date.latest).year


def setup(app: Sphinx) -> None:
    app.add_directive("timeline", TimelineDirective)
    app.add_post_transform(TimelineTransform)
