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
from sphinx.builders import Builder
from sphinx.locale import get_translation

from handbook.model import edtf
from handbook.model.stage_changes import Change, ChangeKind, Words, atom, changes
from handbook.sphinxext import project
from handbook.sphinxext.dates import display
from handbook.sphinxext.directives import _Directive, date_node, depend_on_catalogue
from handbook.sphinxext.domain import HandbookTransform

_ = get_translation("handbook")

FEED = "changes.atom"


class feed_link(nodes.General, nodes.Element):
    """Where the link to the feed will stand in HTML."""


def outcome(change: Change, since: str = "") -> str:
    """What happened, in words that follow the reference: ``went from 90.60 to 90.93: confirmed``.

    :param since: words on the stage before, put behind its code
    """
    if change.kind is ChangeKind.PUBLISHED:
        return _("was published")
    if change.before is None:
        return _("was seen for the first time, at stage %(stage)s: %(meaning)s") % {
            "stage": change.after,
            "meaning": change.meaning,
        }
    return _("went from %(before)s to %(after)s: %(meaning)s") % {
        "before": f"{change.before}{since}",
        "after": change.after,
        "meaning": change.meaning,
    }


def since(change: Change, language: str) -> str:
    """When the stage before was first observed; nothing for a publication and a first sight."""
    if change.since is None:
        return ""
    return " " + _("(first observed on %s)") % display(
        edtf.parse(change.since.isoformat()), language
    )


class ChangesDirective(_Directive):
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
        for month, group in months[: self.options.get("months")]:
            content.append(
                nodes.rubric(
                    "",
                    display(edtf.parse(month), self.config.language),
                    ids=[f"changes-{month}"],
                    **{"heading-level": 2},
                )
            )
            content.append(
                nodes.bullet_list(
                    "",
                    *(self._item(change) for change in group),
                    bullet="-",
                    classes=["hb-changes"],
                )
            )
        if not found:
            content.append(nodes.paragraph("", _("No change has been observed yet.")))
        as_of = display(
            edtf.parse(self.handbook.catalogue.as_of["deliverables"]), self.config.language
        )
        content.append(
            nodes.paragraph(
                "",
                "",
                nodes.Text(_("As of %s. Source: ") % as_of),
                *self.cite([project.CATALOGUE_SOURCE]),
                classes=["hb-as-of"],
            )
        )
        return content

    def _item(self, change: Change) -> nodes.list_item:
        line = nodes.paragraph(
            "", "", date_node(change.when, self.config.language), nodes.Text(" ")
        )
        line += self.link_to_standard(change.deliverable, change.reference)
        line += nodes.Text(f" {outcome(change, since(change, self.config.language))}.")
        return nodes.list_item("", line, classes=[f"hb-change-{change.kind.name.lower()}"])


class FeedLink(HandbookTransform):
    """Link to the feed from wherever in the tree the page stands."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in list(self.document.findall(feed_link)):
            if not _has_feed(self.builder):
                node.parent.remove(node)
                continue
            up = "../" * self.builder.get_target_uri(self.env.docname).count("/")
            link = nodes.reference(
                "", _("Atom feed of these changes"), refuri=f"{up}data/{FEED}", internal=False
            )
            node.replace_self(nodes.paragraph("", "", link, classes=["hb-downloads"]))


def _has_feed(builder: Builder) -> bool:
    return builder.name in {"html", "dirhtml"}


def _announce(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let feed readers find the feed on every page."""
    if _has_feed(app.builder):
        up = "../" * app.builder.get_target_uri(page).count("/")
        title = escape(_("Changes in ISO's catalogue"))
        context["metatags"] = (
            f'{context.get("metatags", "")}\n<link rel="alternate" type="application/atom+xml"'
            f' title="{title}" href="{up}data/{FEED}">'
        )


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or not _has_feed(app.builder):
        return
    catalogue, language = project.of(app.config).catalogue, app.config.language
    pages: dict[str, str] = app.env.get_domain("handbook").standards  # type: ignore[attr-defined]

    base = app.config.html_baseurl and app.config.html_baseurl.rstrip("/") + "/"

    def title(change: Change) -> str:
        return f"{change.reference} {outcome(change)}"

    def summary(change: Change) -> str:
        day = display(change.when, language)
        if change.kind is ChangeKind.PUBLISHED:
            return f"{day}: {change.reference} {outcome(change)}."
        return (
            _("Observed on %s:") % day
            + f" {change.reference} {outcome(change, since(change, language))}."
        )

    def address(change: Change) -> str:
        docname = pages.get(change.deliverable.slug)
        return (
            f"{base or '../'}{app.builder.get_target_uri(docname)}"
            if docname
            else change.deliverable.url
        )

    words = Words(
        _("Changes in ISO's catalogue"),
        _(
            "Stages observed and documents published: ISO/TC 268, its subcommittees and what"
            " followed them."
        ),
        title,
        summary,
    )
    text = atom(
        changes(catalogue),
        words,
        edtf.parse(catalogue.as_of["deliverables"]).latest,
        language,
        address,
        f"{base}data/{FEED}" if base else FEED,
    )
    folder = Path(app.outdir) / "data"
    folder.mkdir(exist_ok=True)
    path = folder / FEED
    if not path.exists() or path.read_bytes() != text.encode():
        path.write_bytes(text.encode())


def setup(app: Sphinx) -> None:
    app.add_node(feed_link)
    app.add_directive("changes", ChangesDirective)
    app.add_post_transform(FeedLink)
    app.connect("html-page-context", _announce)
    app.connect("build-finished", _write)
