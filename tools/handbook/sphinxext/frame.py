"""The frame around the text of a page: breadcrumbs, the age of its facts, its contents, related
pages, links to edit it and to report an error.

The content of all frames is collected once in each build, when all pages are read;
``docs/_templates/page.html`` shows it. A page whose frame has changed is written again, even if its
own text has not changed.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation

from handbook.model import edtf, marks
from handbook.model.catalogue import CATALOGUE_SOURCE, Deliverable
from handbook.model.milestones import Milestone
from handbook.outputs import subjects
from handbook.sphinxext import (
    domain,
    editions,
    event_links,
    languages,
    project,
    remembered,
    state,
)
from handbook.sphinxext.dates import display, machine_readable
from handbook.sphinxext.domain import PlacedMilestone
from handbook.sphinxext.events import LATE, Hook
from handbook.sphinxext.output import base, is_served, is_web
from handbook.sphinxext.parts import warn

_ = get_translation("handbook")

#: The page on which contributors learn how to report an error, and its label for that, if it has
#: one.
CONTRIBUTING = "contributing/index"
REPORT_LABEL = "report-an-error"
#: The label of the home page's section in Chinese, if it has one.
CHINESE_LABEL = "home-chinese"
#: The issue form for wrong facts.
REPORT_FORM = "wrong-fact.yml"
#: The branch on which pages are edited.
BRANCH = "main"
TIMELINE = "timeline"

#: A link: the words, and the page with its anchor.
Link = tuple[str, str]

#: The page that explains the days at the head of a page.
POLICY = "sources-policy"


@dataclass(frozen=True)
class Frame:
    """The content of a page's frame. Links name pages by their docname, with an anchor where one is
    meant.

    ``facts`` and ``changed`` are ISO days; ``facts`` is the day of the last review, ``catalogue``
    that of the catalogue the page shows; ``events`` is the name of its standard on the timeline,
    and ``strip`` those events as a drawing, if they are enough for one.
    """

    crumbs: tuple[Link, ...]
    facts: str | None
    catalogue: str | None
    changed: str | None
    next: tuple[Link, ...]
    milestones: tuple[tuple[edtf.Edtf, str, str], ...]
    events: str
    strip: str
    neighbours_are: str
    neighbours: tuple[Link, ...]
    #: The languages in which half of the page is translated.
    begun: tuple[str, ...]


def repository(environ: Mapping[str, str]) -> str:
    """Return the web address of the repository, as far as the environment of the build has it, else
    an empty text.

    ``HANDBOOK_REPOSITORY`` sets it; GitHub Actions and Read the Docs provide it themselves.
    """
    if given := environ.get("HANDBOOK_REPOSITORY"):
        return given
    if environ.get("GITHUB_SERVER_URL") and environ.get("GITHUB_REPOSITORY"):
        return f"{environ['GITHUB_SERVER_URL']}/{environ['GITHUB_REPOSITORY']}"
    clone = environ.get("READTHEDOCS_GIT_CLONE_URL", "")
    return clone if clone.startswith("https://") else ""


def _check_config(app: Sphinx, config: Config) -> None:
    address = config.handbook_repository.rstrip("/").removesuffix(".git")
    if address and not (is_web(address) and re.fullmatch(r"https?://[^/]+/.+", address)):
        warn(
            "F002",
            f"the repository's address is {address!r}, which is not a web address",
            "give HANDBOOK_REPOSITORY the address that a browser shows: https://host/owner/name",
            f"{Path(app.confdir, 'conf.py')}:handbook_repository",
        )
        address = ""
    config.handbook_repository = address


class _Gatherer:
    """Makes the frames of all pages; what several pages share is computed once."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.env: BuildEnvironment = app.env
        self.root = app.config.root_doc
        self.domain = domain.of(app.env)
        self.catalogue = project.of(app.config).catalogue
        self.titles = {docname: title.astext() for docname, title in self.env.titles.items()}
        self.short = dict(self._short_names())
        self.parents = {
            docname: parent
            for docname, (parent, _prev, _next) in self.env.collect_relations().items()
            if parent
        }
        self.standards: dict[str, Deliverable] = {
            docname: self.catalogue.by_slug[slug] for slug, docname in self.domain.standards.items()
        }
        self.told: dict[str, list[PlacedMilestone]] = {}
        for told in sorted(self.domain.milestones.values(), key=lambda told: told.milestone.name):
            self.told.setdefault(told.docname or "", []).append(told)
        self.changed = _days_of_change(app)
        self.named: dict[str, list[Milestone]] = {}
        for one, names in event_links.named(self.env):
            for name in names:
                self.named.setdefault(name, []).append(one.milestone)
        #: The pages that show content of ISO's catalogue.
        self.on_iso = self.standards.keys() | {
            reference.docname
            for reference in self.env.get_domain("cite").citation_refs  # type: ignore[attr-defined]
            if CATALOGUE_SOURCE in {target.key for target in reference.targets}
        }

    def _short_names(self) -> Iterator[Link]:
        """Return the names of pages in tables of contents."""
        for docname in sorted(self.env.toctree_includes):
            for toctree in self.env.tocs[docname].findall(addnodes.toctree):
                yield from (
                    (page, title)
                    for title, page in toctree["entries"]
                    if title and page in self.env.found_docs
                )

    def name(self, docname: str) -> str:
        if docname == self.root:
            return _("Home")
        if docname in self.standards:
            return self.standards[docname].reference
        return self.short.get(docname) or self.titles.get(docname, docname)

    def links(self, docnames: Iterable[str]) -> tuple[Link, ...]:
        return tuple((self.name(docname), docname) for docname in docnames)

    def frame(self, docname: str) -> Frame:
        standard = self.standards.get(docname)
        kind, near = self._neighbours(docname, standard)
        events = self._events(standard)
        reviewed = str(self.env.metadata[docname].get("reviewed", ""))
        return Frame(
            crumbs=self.links(self._above(docname)),
            facts=reviewed if _is_day(reviewed) else None,
            catalogue=self.catalogue.as_of["deliverables"] if docname in self.on_iso else None,
            changed=self.changed.get(docname),
            next=tuple((self.titles[page], page) for page in self._next(docname)),
            milestones=tuple(self._milestones(docname, standard)),
            events=events,
            strip=event_links.strip(self.named.get(events, [])),
            neighbours_are=kind,
            neighbours=self.links(near),
            begun=editions.begun(self.app, docname),
        )

    def _above(self, docname: str) -> list[str]:
        """Return the pages from the home page down to the one above."""
        above: list[str] = []
        while (docname := self.parents.get(docname, "")) and docname not in above:
            above.insert(0, docname)
        return above

    def _next(self, docname: str) -> Iterator[str]:
        """Yield the pages in the front matter of the page: ``next: [committee/jtc4, timeline]``."""
        wanted = self.env.metadata[docname].get("next")
        if wanted is None:
            return
        for page in re.findall(r"[^\s,\"'\[\]]+", str(wanted)):
            if page in self.env.found_docs and page != docname:
                yield page
                continue
            path = Path(self.env.doc2path(docname))
            line = next(
                (
                    number
                    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1)
                    if page in text
                ),
                1,
            )
            close = (
                get_close_matches(page, sorted(self.env.found_docs), n=1) if page != docname else []
            )
            warn(
                "F001",
                f"'next' in the front matter names {page!r}, which is "
                + ("the page itself" if page == docname else "no page"),
                (
                    f"did you mean {close[0]}?"
                    if close
                    else "name other pages by their path below docs/, without .md"
                ),
                f"{path}:{line}",
            )

    def _milestones(
        self, docname: str, standard: Deliverable | None
    ) -> list[tuple[edtf.Edtf, str, str]]:
        """Yield day, title and place of the milestones on the page; the publication of its standard
        is on the timeline.
        """
        told = [
            (told.milestone.date, told.milestone.title, f"#{told.milestone.name}")
            for told in self.told.get(docname, ())
        ]
        if standard and standard.published and TIMELINE in self.env.found_docs:
            year = standard.published.earliest.year
            told.append(
                (
                    standard.published,
                    _("%s is published") % standard.reference,
                    f"{TIMELINE}#year-{year}",
                )
            )
        return sorted(told, key=lambda one: one[0].sort_key)

    def _events(self, standard: Deliverable | None) -> str:
        """Return the standard's name, if the timeline has events that name it; else an empty
        text.
        """
        name = subjects.standard(standard) if standard else ""
        return name if name in self.named and TIMELINE in self.env.found_docs else ""

    def _neighbours(self, docname: str, standard: Deliverable | None) -> tuple[str, list[str]]:
        """Return the related pages: for a standard its family, for another page its chapter."""
        if standard and (family := self.catalogue.family_of(standard)):
            members = [
                self.domain.standards.get(self.catalogue.exact(reference).slug)
                for reference in family.members
            ]
            return _("Same family"), [page for page in members if page and page != docname]
        parent = self.parents.get(docname)
        if not parent:
            return "", []
        siblings = [
            page
            for page in self.env.toctree_includes[parent]
            if page != docname and page in self.env.found_docs
        ]
        return _("Other parts") if parent == self.root else _("Same chapter"), siblings


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10


def _days_of_change(app: Sphinx) -> dict[str, str]:
    """Return the day (UTC) of the last commit that changed each page, as found by
    ``sphinx_last_updated_by_git``.

    A page with uncommitted changes has no such day, and neither has one in a shallow clone or
    outside git.
    """
    found: dict[str, Any] = getattr(app.env, "git_last_updated", {})
    days = {
        docname: datetime.fromtimestamp(int(data[0]), UTC).date().isoformat()
        for docname, data in found.items()
        if data and data[0] is not None
    }
    for docname in _uncommitted(app) if days else ():
        days.pop(docname, None)
        # The extension's own day, in the head of the page, would be wrong as well.
        found[docname] = None, True
    return days


def _uncommitted(app: Sphinx) -> Iterator[str]:
    """Return the pages that differ from git's last commit."""
    try:
        asked = subprocess.run(
            ["git", "diff", "--name-only", "--relative", "-z", "HEAD", "--", "."],
            cwd=app.srcdir,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return
    for name in asked.stdout.decode("utf-8", "replace").split("\0"):
        if name and (docname := app.env.project.path2doc(Path(app.srcdir, name))):
            yield docname


def _forget_days_of_change(app: Sphinx) -> None:
    """Ask git again after each commit, which changes the day of pages that need not be read
    again.
    """
    found = getattr(app.env, "git_last_updated", None)
    if found is None:
        return
    commit = ""
    with suppress(OSError, subprocess.CalledProcessError):
        commit = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=app.srcdir,
            capture_output=True,
            check=True,
            encoding="ascii",
        ).stdout
    known = bool(commit) and commit == remembered.recall(app, "commit")
    if not known:
        remembered.forget(app, "commit")
    app.env.git_last_updated = {  # type: ignore[attr-defined]
        docname: data if known and data and data[0] is not None else None
        for docname, data in found.items()
    }
    state.running(app.env).commit = commit


def _keep_commit(app: Sphinx, error: Exception | None) -> None:
    """Remember for which commit git was asked; after a stopped build, git is asked again."""
    if not error and (commit := state.running(app.env).commit):
        remembered.keep(app, "commit", commit)


def _gather(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Make all frames; return the pages whose frame differs from that of the last build, to be
    written again.
    """
    if not is_served(app.builder):
        return []
    gatherer = _Gatherer(app)
    frames = {
        docname: gatherer.frame(docname) for docname in sorted(env.found_docs & env.titles.keys())
    }
    kept = state.kept(env)
    before, kept.frames = kept.frames, frames
    return sorted(
        docname for docname in before.keys() & frames.keys() if before[docname] != frames[docname]
    )


def _show(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Pass the frame to the template, as words and addresses."""
    if not is_served(app.builder):
        return
    marked = context["marked"] = partial(languages.marked, page=app.config.language)
    for key in ("furo_navigation_tree", "toc"):
        if context.get(key):
            context[key] = marked(context[key])
    for key in ("prev", "next"):
        if context.get(key):
            context[key] = {**context[key], "title": marked(context[key]["title"])}
    frame = state.kept(app.env).frames.get(page)
    context["frame"] = {"words": _words(), "marks": marks.of(app.config.language)}
    if doctree is not None and frame:
        context["frame"] |= _page(app, page, frame, context) | {"sources": _sources(doctree)}
        context["frame"]["chinese"] = _chinese(app, context)
    else:
        # A page without a source: the index, the search.
        context["frame"] |= {"crumbs": [(_("Home"), context["pathto"](app.config.root_doc))]}


def _chinese(app: Sphinx, context: Mapping[str, Any]) -> str:
    """Return where the handbook addresses readers of Chinese; empty if nowhere."""
    labels = app.env.domains.standard_domain.anonlabels
    docname, anchor = labels.get(CHINESE_LABEL, ("", ""))
    return f"{context['pathto'](docname).removesuffix('#')}#{anchor}" if docname else ""


def _words() -> dict[str, str]:
    return {
        "all_pages": _("All pages"),
        "find": _("Search"),
        "on_this_page": _("On this page"),
        "where": _("Where you are"),
        "facts": _("Reviewed on"),
        "days": _("What these days mean"),
        "catalogue": _("ISO's catalogue as of"),
        "changed": _("Last changed"),
        "read_next": _("Read next"),
        "about": _("About this page"),
        "milestones": _("Milestones"),
        "sources": _("Sources"),
        "timeline": _("All milestones on the timeline"),
        "edit": _("Edit this page"),
        "report": _("Report an error"),
        "how_to_report": _("How to report an error"),
        "file": _("File"),
        "in_order": _("Pages in order"),
        "previous": _("Previous"),
        "next": _("Next"),
        "made_with": _("Made with"),
        "and": _("and"),
    }


def _sources(doctree: nodes.document) -> str:
    """Return the number of sources in the list at the end of the page, in words."""
    number = sum(
        len(items)
        for items in doctree.findall(nodes.enumerated_list)
        if "hb-sources" in items["classes"]
    )
    return _("%d listed on this page") % number if number else ""


def _page(app: Sphinx, page: str, frame: Frame, context: dict[str, Any]) -> dict[str, Any]:
    pathto, language = context["pathto"], app.config.language

    def linked(links: Iterable[Link]) -> list[Link]:
        return [(marked(escape(words, quote=False)), place(target)) for words, target in links]

    marked = context["marked"]

    def place(target: str) -> str:
        docname, mark, anchor = target.partition("#")
        return f"{pathto(docname) if docname else ''}{mark}{anchor}"

    def day(text: str | None) -> tuple[str, str] | None:
        return (text, display(edtf.parse(text), language)) if text else None

    return {
        "crumbs": linked(frame.crumbs),
        "facts": day(frame.facts),
        "catalogue": day(frame.catalogue),
        "days": (
            f"{context['pathto'](POLICY).rstrip('#')}#sources-days"
            if POLICY in app.env.found_docs
            else None
        ),
        "changed": day(frame.changed),
        "next": linked(frame.next),
        "told": _("%d on this page") % len(frame.milestones),
        "milestones": [
            (
                machine_readable(date_),
                display(date_, language),
                marked(escape(title, quote=False)),
                place(target),
            )
            for date_, title, target in frame.milestones
        ],
        "timeline": (
            pathto(TIMELINE) if TIMELINE in app.env.found_docs and page != TIMELINE else None
        ),
        "events": frame.events
        and (
            _("All events that name %s, on the timeline") % frame.events,
            f"{pathto(TIMELINE)}?about={quote(frame.events, safe='')}",
        ),
        "strip": frame.strip,
        "neighbours_are": frame.neighbours_are,
        "neighbours": linked(frame.neighbours),
        **_how_to_report(app, page, context),
    }


def _how_to_report(app: Sphinx, page: str, context: Mapping[str, Any]) -> dict[str, str]:
    """Return where to edit the page and to report an error: at the repository, if it is known, else
    on the page that explains how.
    """
    repository, env = app.config.handbook_repository, app.env
    file = Path(env.doc2path(page))
    confdir = Path(app.confdir).parent
    name = file.relative_to(confdir).as_posix() if file.is_relative_to(confdir) else file.name
    if repository:
        site = base(app.config)
        address = f"{site}{app.builder.get_target_uri(page)}" if site else name
        title = env.titles[page].astext()
        asked = urlencode(
            {"template": REPORT_FORM, "title": _("Wrong fact: %s") % title, "page": address}
        )
        return {
            "edit": f"{repository}/edit/{BRANCH}/{name}",
            "report": f"{repository}/issues/new?{asked}",
        }
    found = {"file": name}
    if CONTRIBUTING in env.found_docs:
        docname, anchor = env.domains.standard_domain.anonlabels.get(
            REPORT_LABEL, (CONTRIBUTING, "")
        )
        # In Sphinx "#" means the page itself.
        found["how_to_report"] = context["pathto"](docname).removesuffix("#") + (
            f"#{anchor}" if anchor else ""
        )
    return found


HOOKS = (
    Hook("config-inited", _check_config, "a wrong address of the repository is reported"),
    Hook(
        "builder-inited",
        _forget_days_of_change,
        "git is asked again, also about pages that sphinx_last_updated_by_git remembers",
        LATE,
    ),
    Hook(
        "env-updated",
        _gather,
        "frames show what the domain has merged, and the days that git told",
        LATE,
    ),
    Hook("html-page-context", _show, "the template shows the frame round furo's navigation", LATE),
    Hook(
        "build-finished",
        _keep_commit,
        "git's answers are kept for the next build only when this one is finished",
    ),
)


def setup(app: Sphinx) -> None:
    app.add_config_value("handbook_repository", "", "html", types=frozenset({str}))
