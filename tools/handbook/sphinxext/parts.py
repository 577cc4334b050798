"""The small parts of blocks and pages: warnings, names, dates, badges, citations."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.config import Config
from sphinx.locale import get_translation
from sphinx.util import logging

from handbook.model import edtf, marks, strands
from handbook.model.catalogue import State
from handbook.model.milestones import Milestone
from handbook.model.strands import Badged, MilestoneStatus, Strand, Verdict
from handbook.model.terms import Origin
from handbook.model.translations import EDITIONS
from handbook.rules.findings import Finding
from handbook.sphinxext import nodes as our
from handbook.sphinxext import project
from handbook.sphinxext.dates import display, machine_readable

_ = get_translation("handbook")
logger = logging.getLogger(__name__)

#: A word that is no name.
_LOWER = re.compile(r"\b[a-z]{3,}\b")


def warn(code: str, message: str, hint: str, location: Any) -> None:
    """Issue a build warning in the form of a finding; ``-W`` makes it stop the build."""
    logger.warning(
        "%s %s (hint: %s)", code, message, hint, location=location, type="handbook", subtype=code
    )


def report(finding: Finding, location: Any) -> None:
    """Report a finding of a reader or a check as a build warning, in the same words."""
    warn(finding.code, finding.message, finding.hint, location)


def waits(config: Config, text: str) -> bool:
    """Return whether words of the data wait for a translation; names and codes do not."""
    said = project.say(config, text)
    return said == text and config.language in EDITIONS and bool(_LOWER.search(text))


def words(config: Config, text: str) -> nodes.Node:
    """Return words of the data in the reader's language; English ones that wait for a translation
    are marked as English.
    """
    return english(text) if waits(config, text) else nodes.Text(project.say(config, text))


def english(text: str) -> nodes.inline:
    """Return a text marked as English."""
    return nodes.inline("", text, classes=["language-en"])


def strand_name(strand: Strand) -> str:
    """Return the strand in the reader's language."""
    return {
        Strand.COMMITTEE: _("Committee"),
        Strand.STANDARDS: _("Standards"),
        Strand.CLUB: _("Club"),
        Strand.HANGZHOU: _("Hangzhou"),
        Strand.NEIGHBOURS: _("Neighbours"),
    }[strand]


def origin_name(origin: Origin) -> str:
    """Return where a Chinese word or title was read, in the reader's language."""
    return {
        Origin.GB: _("national standard"),
        Origin.LAW: _("law or regulation"),
        Origin.DIRECTIVES: _("ISO/IEC Directives in Chinese"),
        Origin.CNIS: _("CNIS"),
        Origin.SURVEY: _("survey of 2019"),
        Origin.PRESS: _("press or company"),
        Origin.INFERRED: _("inferred"),
    }[origin]


def status_name(status: MilestoneStatus | State) -> str:
    """Return the status of a milestone or the state of a deliverable in the reader's language."""
    return {
        MilestoneStatus.HAPPENED: _("happened"),
        MilestoneStatus.PLANNED: _("planned"),
        MilestoneStatus.ANNOUNCED: _("announced"),
        MilestoneStatus.DISPUTED: _("disputed"),
        State.DRAFT: _("draft"),
        State.CURRENT: _("current"),
        State.CONFIRMED: _("confirmed"),
        State.UNDER_REVIEW: _("under review"),
        State.BEING_REVISED: _("being revised"),
        State.BEING_WITHDRAWN: _("being withdrawn"),
        State.WITHDRAWN: _("withdrawn"),
        State.DELETED: _("deleted"),
    }[status]


def date_node(value: edtf.Edtf, language: str) -> our.dated:
    """Return the date in the reader's language, with its machine-readable form."""
    text = display(value, language)
    return our.dated("", text, datetime=machine_readable(value))


def verdict_name(verdict: Verdict) -> str:
    """Return a verdict on a claim in the reader's language."""
    return {
        Verdict.SUPPORTED: _("supported"),
        Verdict.ONE_SOURCE: _("one source"),
        Verdict.DIFFER: _("sources differ"),
        Verdict.LOCAL: _("local title only"),
        Verdict.NOT_SHOWN: _("not shown"),
    }[verdict]


def badge(value: Badged) -> our.badge:
    """Return a strand, a status or a verdict in a frame; its style adds a symbol, so that colour is
    not the only difference.
    """
    if isinstance(value, Strand):
        name = strand_name(value)
    else:
        name = verdict_name(value) if isinstance(value, Verdict) else status_name(value)
    return our.badge("", name, classes=["hb-badge", f"hb-{strands.kind(value)}"])


def milestone_badges(milestone: Milestone) -> list[nodes.Node]:
    """Return a badge for each strand and for a status that deserves one, each after a space."""
    values: list[Strand | MilestoneStatus] = [*milestone.strands]
    if milestone.status in strands.STATUSES:
        values.append(milestone.status)
    return [node for value in values for node in (nodes.Text(" "), badge(value))]


def cite_node(keys: Iterable[str], docname: str) -> addnodes.pending_xref:
    """Return a citation made after reading, when roles can no longer be run."""
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


def internal_link(
    docname: str, domain: str, kind: str, target: str, content: nodes.Node
) -> addnodes.pending_xref:
    """Return a link from ``docname`` to a named target, resolved once all pages are read."""
    return addnodes.pending_xref(
        "",
        content,
        refdomain=domain,
        reftype=kind,
        reftarget=target,
        refexplicit=True,
        refwarn=False,
        refdoc=docname,
    )


def jumps(places: Iterable[tuple[str, str]]) -> list[nodes.Node]:
    """Return a line of links to places further down the page, for readers who look for one of them;
    nothing without places.

    :param places: the name of each place and its anchor
    """
    line = nodes.paragraph()
    for name, anchor in places:
        if line.children:
            line += nodes.Text(" · ")
        line += nodes.reference("", name, refid=anchor, internal=True)
    return [line] if line.children else []


def meeting_words(milestone: Milestone, config: Config) -> str:
    """Return who met, and the number of the meeting, as a sentence."""
    first, *others = (project.say(config, body) for body in milestone.bodies)
    if milestone.number:
        first = _("%(body)s, number %(number)d") % {"body": first, "number": milestone.number}
    return _("Meeting of: %s.") % marks.of(config.language).semicolon.join([first, *others])


def plain(body: Iterable[nodes.Node]) -> str:
    """Return the words of a text, without its citations."""
    words = nodes.container("", *(node.deepcopy() for node in body))
    for node in list(words.findall(addnodes.pending_xref)):
        if node.get("refdomain") == "cite":
            node.parent.remove(node)
    return re.sub(r"\s+([.,;:)])", r"\1", " ".join(words.astext().split()))


def by_kind(
    document: nodes.document, *kinds: type[nodes.Node]
) -> dict[type[nodes.Node], list[Any]]:
    """Return the nodes of several kinds, found in one walk through the page."""
    found: dict[type[nodes.Node], list[Any]] = {kind: [] for kind in kinds}
    for node in document.findall():
        for kind in _kinds_of(type(node), kinds):  # type: ignore[arg-type]
            found[kind].append(node)
    return found


@cache
def _kinds_of(
    own: type[nodes.Node], kinds: tuple[type[nodes.Node], ...]
) -> tuple[type[nodes.Node], ...]:
    return tuple(kind for kind in kinds if issubclass(own, kind))


def table(heads: Iterable[tuple[str, int]], rows: Iterable[list[list[nodes.Node]]]) -> nodes.tgroup:
    """Return the inside of a table.

    :param heads: the head of each column and its share of the width
    :param rows: the cells of each row
    """

    def row(cells: Iterable[Iterable[nodes.Node]]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))

    heads = list(heads)
    group = nodes.tgroup(
        "", *(nodes.colspec(colwidth=width) for _, width in heads), cols=len(heads)
    )
    group += nodes.thead("", row([nodes.Text(head)] for head, _width in heads))
    group += nodes.tbody("", *map(row, rows))
    return group
