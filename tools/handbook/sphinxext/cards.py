"""Cards: a preview of the standard, term or source that a link leads to, shown at the link by
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

from handbook.files import write_if_changed
from handbook.model import marks, strands
from handbook.model.catalogue import Deliverable, Status
from handbook.sphinxext import domain, project, remembered
from handbook.sphinxext.blocks import catalogue_day
from handbook.sphinxext.dates import display
from handbook.sphinxext.events import Hook
from handbook.sphinxext.languages import marked
from handbook.sphinxext.output import add_script, description, is_served
from handbook.sphinxext.parts import plain, status_name
from handbook.sphinxext.standard_blocks import title_for_reader

_ = get_translation("handbook")

FOLDER = "_cards"
#: A link that may get a card: to a source, to a term, to the page of a standard (whose anchor has
#: the name of the page).
_LINK = re.compile(r'href="[^"]*#(?:cite-|term-)|href="(?:[^"#]*/)?([\w-]+)(?:\.html|/)#\1"')
#: Up to the first full stop that ends a sentence, not one within a name such as ``St. Petersburg``
#: or ``e.g. this``.
_SENTENCE = re.compile(
    r".*?(?:[。！？]|(?<!\b[A-Za-z]\.[a-z])(?<!\b(?:St|No|Dr|Mr))[.!?](?=\s+[^a-z\s]|$))", re.DOTALL
)


def first_sentence(text: str) -> str:
    """Return the text up to the end of its first sentence; all of it if none ends."""
    match = _SENTENCE.match(text)
    return match[0] if match else text


def standards(app: Sphinx) -> dict[str, str]:
    """Return the cards of standards, as HTML, by slug."""
    catalogue = project.of(app.config).catalogue
    return {
        slug: _standard(app, catalogue.by_slug[slug], description(app.env, page))
        for slug, page in sorted(domain.of(app.env).standards.items())
    }


def _standard(app: Sphinx, deliverable: Deliverable, purpose: str) -> str:
    handbook, language = project.of(app.config), app.config.language
    catalogue, ours = handbook.catalogue, project.say(app.config, deliverable.title["en"])
    apart = marks.of(language)
    kind, name = strands.kind(deliverable.state), escape(status_name(deliverable.state))
    status = f'<span class="hb-badge hb-{kind}">{name}</span>'
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
        facts.append(_("Its successor: ") + apart.listed.join(successors) + apart.stop)
    facts.append(_("Status as of %s.") % catalogue_day(catalogue, language))
    lines = [
        f"<strong>{escape(deliverable.reference)}</strong> {status}",
        escape(title_for_reader(handbook, deliverable, ours)),
        escape(purpose),
        f"<small>{escape(apart.space.join(facts))}</small>",
    ]
    return "".join(f"<p>{line}</p>" for line in lines if line)


def terms(app: Sphinx) -> dict[str, str]:
    """Return the cards of the glossary's terms, as HTML, by their addresses from the root: an
    anchor may be on two pages.
    """

    def shown(text: str) -> str:
        return marked(escape(text, quote=False), app.config.language)

    found: dict[str, str] = {}
    for page in _glossaries(app):
        for entry in app.env.get_doctree(page).findall(nodes.definition_list_item):
            if not isinstance(entry.parent.parent, addnodes.glossary):
                continue
            names = [term for term in entry.children if isinstance(term, nodes.term)]
            said = next(iter(entry.findall(nodes.paragraph)), None)
            title = " · ".join(shown(term.astext()) for term in names)
            card = f"<p><strong>{title}</strong></p>"
            if said:
                card += f"<p>{shown(first_sentence(plain([said])))}</p>"
            found |= {
                f"{app.builder.get_target_uri(page)}#{anchor}": card
                for term in names
                for anchor in term["ids"]
            }
    return dict(sorted(found.items()))


def _glossaries(app: Sphinx) -> list[str]:
    objects = app.env.domains.standard_domain.objects
    return sorted({page for (kind, _name), (page, _anchor) in objects.items() if kind == "term"})


def _script(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if is_served(app.builder) and doctree is not None and _LINK.search(context["body"]):
        add_script(app, "cards.js", **{"data-open": _("Open the page")})


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or not is_served(app.builder):
        return
    trees = [remembered.stamp(Path(app.doctreedir, f"{page}.doctree")) for page in _glossaries(app)]
    basis = repr((trees, app.config.language))
    of_terms = remembered.once(app, f"terms-{app.builder.name}", basis, lambda: terms(app))
    for name, cards in (("standards", standards(app)), ("terms", of_terms)):
        text = json.dumps(cards, ensure_ascii=False, separators=(",", ":")) + "\n"
        write_if_changed(Path(app.outdir, FOLDER, f"{name}.json"), text.encode())


HOOKS = (
    Hook("html-page-context", _script, "only a page with such links loads the script"),
    Hook("build-finished", _write, "cards hold what other pages say"),
)
