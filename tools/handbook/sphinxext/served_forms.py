"""Forms of served pages, in the reader's language: filters of tables and lists, the search box.

Filters need a script; without scripts a style sheet hides them.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookTransform
from handbook.sphinxext.output import is_served

_ = get_translation("handbook")


def field(kind: str, name: str, label: str, **attributes: str) -> str:
    """Return a field with its label before it; the attributes are those of ``input``."""
    more = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f'<label>{escape(label)} <input type="{kind}" name="{name}"{more}></label>'


def select(name: str, label: str, choices: Iterable[tuple[str, str]], every: str = "") -> str:
    """Return a choice of one value or all: the value and the words of each.

    :param every: the words for all of them
    """
    options = "".join(
        f"<option>{escape(words)}</option>"
        if value == words
        else f'<option value="{escape(value)}">{escape(words)}</option>'
        for value, words in choices
    )
    every = escape(every or _("all"))
    return (
        f'<label>{escape(label)} <select name="{name}"><option value="">{every}</option>'
        f"{options}</select></label>"
    )


def chips(name: str, legend: str, choices: Iterable[tuple[str, str, int]], every: str = "") -> str:
    """Return a choice of one value or all, each with the number of its items: the value, the words,
    the number.

    :param every: the words for all of them
    """
    every = escape(every or _("all"))
    made = f'<label><input type="radio" name="{name}" value="" checked>{every}</label>' + "".join(
        f'<label><input type="radio" name="{name}" value="{escape(value)}">{escape(words)}'
        f" <small>{number}</small></label>"
        for value, words, number in choices
    )
    return f'<fieldset class="hb-chips"><legend>{escape(legend)}</legend>{made}</fieldset>'


def checkboxes(name: str, legend: str, choices: Iterable[tuple[str, str]]) -> str:
    """Return a group of boxes, all checked: the value and the words of each, and a button that
    leaves only this one.
    """
    only, alone = escape(_("only")), _("Only %s")
    boxes = "".join(
        f'<span><label><input type="checkbox" name="{name}" value="{escape(value)}" checked>'
        f'{escape(words)}</label><button type="button" name="only" value="{escape(value)}"'
        f' aria-label="{escape(alone % words)}">{only}</button></span>'
        for value, words in choices
    )
    return f"<fieldset><legend>{escape(legend)}</legend>{boxes}</fieldset>"


def form(name: str, fields: Iterable[str], total: int) -> str:
    """Return the form, with a button that shows all again and a line that says how much is shown.

    :param total: the number of all items
    """
    shown, whole = _("%(shown)s of %(all)s shown"), escape(_("Show all"))
    return (
        f'<form class="hb-filter" role="search" aria-label="{escape(name)}">{"".join(fields)}'
        f'<button type="reset">{whole}</button><p role="status" data-words="{escape(shown)}">'
        f"{escape(shown % {'shown': total, 'all': total})}</p></form>"
    )


class SearchBoxDirective(SphinxDirective):
    """A box that leads to the search page, on pages that are served."""

    def run(self) -> list[nodes.Node]:
        up = "../" * self.env.docname.count("/")
        name, button = escape(_("Search from the home page")), escape(_("Search"))
        label = escape(_("A number, a name or a word, in English or Chinese"))
        box = (
            f'<form class="hb-ask" role="search" action="{up}search.html" aria-label="{name}">'
            f'<label for="hb-ask-words">{label}</label>'
            '<input id="hb-ask-words" type="search" name="q">'
            f'<button type="submit">{button}</button></form>'
        )
        return [our.served_form(html=box)]


class FormTransform(HandbookTransform):
    """Draw forms only where a server and scripts can answer them."""

    # After timelines are drawn.
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.served_form):
            if is_served(self.builder):
                node.replace_self(nodes.raw("", node["html"], format="html"))
            else:
                node.parent.remove(node)


def setup(app: Sphinx) -> None:
    app.add_directive("search-box", SearchBoxDirective)
    app.add_post_transform(FormTransform)
