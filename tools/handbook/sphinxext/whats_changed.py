"""``{changes}``: what changed in ISO's catalogue, as a list and as an Atom feed beside the HTML
pages.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from markupsafe import escape
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import get_translation

from handbook.files import write_if_changed
from handbook.model import edtf, marks, scripts
from handbook.model.stage_changes import Change, ChangeKind, changes
from handbook.outputs import feeds
from handbook.sphinxext import domain, project
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform, depend_on_catalogue
from handbook.sphinxext.dates import display
from handbook.sphinxext.events import Hook
from handbook.sphinxext.letters import bar
from handbook.sphinxext.output import DATA, add_to_head, base, is_served, to_root
from handbook.sphinxext.parts import date_node

_ = get_translation("handbook")

FEED = "changes.atom"


class feed_link(nodes.General, nodes.Element):
    """The place of the link to the feed in HTML."""


def outcome(change: Change, config: Config, since: str = "") -> str:
    """Return what happened, in words that follow the reference: ``went from 90.60 to 90.93:
    confirmed``.

    :param since: words about the stage before, put behind its code
    """
    if change.kind is ChangeKind.PUBLISHED:
        return _("was published")
    if change.before is None:
        return _("was seen for the first time, at stage %(stage)s: %(meaning)s") % {
            "stage": change.after,
            "meaning": _meaning(change, config),
        }
    return _("went from %(before)s to %(after)s: %(meaning)s") % {
        "before": f"{change.before}{since}",
        "after": change.after,
        "meaning": _meaning(change, config),
    }


def _meaning(change: Change, config: Config) -> str:
    """Return the stage in a few words; in another language, in the words that translate ISO's
    own.
    """
    official = project.of(config).catalogue.stages.get(change.after, "")
    said = project.say(config, official)
    return said if said != official else change.meaning


def since(change: Change, language: str) -> str:
    """Return when the stage before was first observed; empty for a publication and a first
    sight.
    """
    if change.since is None:
        return ""
    return marks.of(language).space + _("(first observed on %s)") % display(
        edtf.parse(change.since.isoformat()), language
    )


class ChangesDirective(HandbookDirective):
    """The changes month by month, the latest first; ``:months: 12`` shows the last twelve months
    that have any.
    """

    option_spec: ClassVar[dict[str, Any]] = {"months": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        depend_on_catalogue(self.env)
        found = changes(self.handbook.catalogue)
        content: list[nodes.Node] = [feed_link()]
        months = [
            (month, list(group))
            for month, group in groupby(found, lambda change: change.when.earliest.isoformat()[:7])
        ]
        shown = months[: self.options.get("months")]
        first = {month[:4]: f"changes-{month}" for month, _group in reversed(shown)}
        if len(first) > 1:
            years = {year: first[year] for year in sorted(first, reverse=True)}
            content.append(our.served_form(html=bar(_("Years"), years)))
        for month, group in shown:
            name = display(edtf.parse(month), self.config.language)
            ids, items = [f"changes-{month}"], map(self._item, group)
            content += [
                nodes.rubric("", name, ids=ids, **{"heading-level": 2}),
                nodes.bullet_list("", *items, bullet="-", classes=["hb-changes"]),
            ]
        if not found:
            content.append(nodes.paragraph("", _("No change has been observed yet.")))
        content.append(self.as_of())
        return content

    def _item(self, change: Change) -> nodes.list_item:
        line = nodes.paragraph(
            "", "", date_node(change.when, self.config.language), nodes.Text(self.marks.space)
        )
        line += self.link_to_standard(change.deliverable, change.reference)
        told = outcome(change, self.config, since(change, self.config.language))
        line += nodes.Text(f"{self.marks.space}{told}{self.marks.stop}")
        return nodes.list_item("", line, classes=[f"hb-change-{change.kind.name.lower()}"])


class FeedLink(HandbookTransform):
    """Link to the feed from a page at any depth."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(feed_link):
            if not is_served(self.builder):
                node.parent.remove(node)
                continue
            address = f"{to_root(self.builder, self.env.docname)}{DATA}/{FEED}"
            link = nodes.reference(
                "", _("Atom feed of these changes"), refuri=address, internal=False
            )
            node.replace_self(nodes.paragraph("", "", link, classes=["hb-downloads"]))


def _announce(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let feed readers find the feed on every page."""
    if is_served(app.builder):
        title = escape(_("Changes in ISO's catalogue"))
        add_to_head(
            context,
            f'<link rel="alternate" type="application/atom+xml" title="{title}"'
            f' href="{to_root(app.builder, page)}{DATA}/{FEED}">',
        )


def _feed(app: Sphinx) -> feeds.Feed:
    catalogue, language = project.of(app.config).catalogue, app.config.language
    pages, site = domain.of(app.env).standards, base(app.config)
    apart = marks.of(language)

    def title(change: Change) -> str:
        return f"{change.reference}{apart.space}{outcome(change, app.config)}"

    def summary(change: Change) -> str:
        day = display(change.when, language)
        if change.kind is ChangeKind.PUBLISHED:
            return f"{day}{apart.colon}{title(change)}{apart.stop}"
        told = outcome(change, app.config, since(change, language))
        observed = _("Observed on %s:") % day
        return f"{observed}{apart.space}{change.reference}{apart.space}{told}{apart.stop}"

    def address(change: Change) -> str:
        docname = pages.get(change.deliverable.slug)
        if not docname:
            return change.deliverable.url
        return f"{site or '../'}{app.builder.get_target_uri(docname)}"

    words = feeds.ChangeWords(
        _("Changes in ISO's catalogue"),
        _(
            "Stages observed and documents published: ISO/TC 268, its subcommittees and what"
            " followed them."
        ),
        title,
        summary,
        {
            "seen": _("first seen"),
            "stage": _("new stage"),
            "published": _("published"),
            "withdrawn": _("withdrawn"),
            "deleted": _("deleted"),
        },
    )
    return feeds.change_feed(
        changes(catalogue),
        words,
        edtf.parse(catalogue.as_of["deliverables"]).latest,
        scripts.tag(language),
        address,
        f"{site}{DATA}/{FEED}" if site else FEED,
        app.config.project,
    )


def _write(app: Sphinx, exception: Exception | None) -> None:
    if not exception and is_served(app.builder):
        write_if_changed(Path(app.outdir, DATA, FEED), feeds.atom(_feed(app)).encode())


HOOKS = (
    Hook("html-page-context", _announce, "feed readers find the feed of changes on each page"),
    Hook("build-finished", _write, "the feed links to pages that all are read by now"),
)


def setup(app: Sphinx) -> None:
    app.add_node(feed_link)
    app.add_directive("changes", ChangesDirective)
    app.add_post_transform(FeedLink)
