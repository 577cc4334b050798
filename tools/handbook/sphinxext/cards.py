"""Cards: what a link to a standard, a term or a source would tell, shown at the link by
``cards.js``.

Standards and terms come from two small files that the script fetches when a reader first asks for
such a card. A source needs no file: the page lists its sources, and the bibliography has them all.
"""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model import edtf
from handbook.model.catalogue import Deliverable, Status
from handbook.sphinxext import project
from handbook.sphinxext.dates import display
from handbook.sphinxext.directives import plain, status_name
from handbook.sphinxext.languages import marked
from handbook.sphinxext.site import BUILDERS, write

_ = get_translation("handbook")

FOLDER = "_cards"
#: A link that may get a card: to a source, to a term, to the page of a standard (whose anchor is
#: named like the page).
_LINK = re.compile(r'href="[^"]*#(?:cite-|term-)|href="(?:[^"#]*/)?([\w-]+)(?:\.html|/)#\1"')
#: Up to the first full stop that ends a sentence: not one within a name such as ``St. Petersburg``
#: or ``e.g. this``.
_SENTENCE = re.compile(
    r".*?(?:[。！？]|(?<!\b[A-Za-z]\.[a-z])(?<!\b(?:St|No|Dr|Mr))[.!?](?=\s+[^a-z\s]|$))", re.DOTALL
)


def first_sentence(text: str) -> str:
    """The text up to the end of its first sentence; all of it where none ends."""
    match = _SENTENCE.match(text)
    return match[0] if match else text


def standards(app: Sphinx) -> dict[str, str]:
    """The cards of standards, as HTML, by slug."""
    catalogue = project.of(app.config).catalogue
    pages: dict[str, str] = app.env.get_domain("handbook").standards  # type: ignore[attr-defined]
    return {
        slug: _standard(
            app,
            catalogue.by_slug[slug],
            (app.env.metadata.get(page) or {}).get("description") or "",
        )
        for slug, page in sorted(pages.items())
    }


def _standard(app: Sphinx, deliverable: Deliverable, purpose: str) -> str:
    catalogue, language = project.of(app.config).catalogue, app.config.language
    kind = deliverable.status.replace(" ", "-")
    status = (
        f'<span class="hb-badge hb-stage-{kind}">{escape(status_name(deliverable.status))}</span>'
    )
    facts = []
    if deliverable.edition and deliverable.published:
        facts.append(
            _("Edition %(edition)d, published %(day)s.")
            % {
                "edition": deliverable.edition,
                "day": display(deliverable.published, language),
            }
        )
    elif deliverable.published:
        facts.append(_("Published %s.") % display(deliverable.published, language))
    successors = [
        catalogue.by_id[id_].reference
        for id_ in deliverable.replaced_by
        if id_ in catalogue.by_id and catalogue.by_id[id_].status is Status.PUBLISHED
    ]
    if successors:
        facts.append(_("Its successor: ") + ", ".join(successors) + ".")
    facts.append(
        _("Status as of %s.") % display(edtf.parse(catalogue.as_of["deliverables"]), language)
    )
    lines = [
        f"<strong>{escape(deliverable.reference)}</strong> {status}",
        escape(deliverable.title["en"]),
        escape(purpose),
        f"<small>{escape(' '.join(facts))}</small>",
    ]
    return "".join(f"<p>{line}</p>" for line in lines if line)


def terms(app: Sphinx) -> dict[str, str]:
    """The cards of the glossary's terms, as HTML, by their addresses from the root: an anchor may
    be on two pages.
    """
    objects = app.env.domains.standard_domain.objects
    found: dict[str, str] = {}
    for page in sorted(
        {page for (kind, _name), (page, _anchor) in objects.items() if kind == "term"}
    ):
        for entry in app.env.get_doctree(page).findall(nodes.definition_list_item):
            if not isinstance(entry.parent.parent, addnodes.glossary):
                continue
            names = [term for term in entry.children if isinstance(term, nodes.term)]
            said = next(iter(entry.findall(nodes.paragraph)), None)
            title = " · ".join(marked(escape(term.astext(), quote=False)) for term in names)
            card = f"<p><strong>{title}</strong></p>" + (
                f"<p>{marked(escape(first_sentence(plain([said])), quote=False))}</p>"
                if said
                else ""
            )
            found |= {
                f"{app.builder.get_target_uri(page)}#{anchor}": card
                for term in names
                for anchor in term["ids"]
            }
    return dict(sorted(found.items()))


def _script(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if app.builder.name in BUILDERS and doctree is not None and _LINK.search(context["body"]):
        app.add_js_file("cards.js", loading_method="defer", **{"data-open": _("Open the page")})


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name not in BUILDERS:
        return
    for name, cards in (("standards", standards(app)), ("terms", terms(app))):
        write(
            Path(app.outdir) / FOLDER / f"{name}.json",
            json.dumps(cards, ensure_ascii=False, separators=(",", ":")) + "\n",
        )


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _script)
    app.connect("build-finished", _write)
