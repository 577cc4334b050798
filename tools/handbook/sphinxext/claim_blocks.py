"""Blocks for how the handbook judges: ``{claim}`` with its verdict, ``{claims}``, the table of
them, ``{what-sources-say}``, folded, and ``{safe-sentence}``, which can be copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from handbook.model.strands import Verdict
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookDirective, HandbookTransform
from handbook.sphinxext.output import is_served
from handbook.sphinxext.parts import badge, table

_ = get_translation("handbook")


class ClaimDirective(HandbookDirective):
    """Our reading of the claim in the heading above: ``:verdict:`` is one of five words,
    ``:short:`` the reading in a few words.
    """

    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "verdict": directives.unchanged_required,
        "short": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        given = self.options.get("verdict", "")
        if given not in {*Verdict}:
            self.warn(
                "Y002",
                f"{given!r} is not a verdict on a claim" if given else "the claim has no verdict",
                "write :verdict: and one of " + ", ".join(Verdict),
            )
            return self.parse_content_to_nodes()
        verdict = Verdict(given)
        chip = nodes.paragraph("", "", badge(verdict), classes=["hb-verdict"])
        reading = self.parse_content_to_nodes()
        short, messages = self.parse_inline(self.options.get("short", ""))
        # The table of claims reads it from here.
        line = nodes.paragraph("", "", *short, classes=["hb-short"])
        claim = our.claim("", line, chip, *reading, classes=["hb-claim"], verdict=given)
        self.set_source_info(claim)
        return [claim, *messages]


class ClaimsDirective(HandbookDirective):
    """The table of the claims of this page."""

    def run(self) -> list[nodes.Node]:
        node = our.claims()
        self.set_source_info(node)
        return [node]


class FoldDirective(HandbookDirective):
    """What the sources say, as a list: folded on served pages."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        content = self.parse_content_to_nodes()
        said = sum(len(one) for one in content if isinstance(one, nodes.bullet_list))
        summary = _("What the sources say (%d)") % said
        fold = our.fold("", *content, summary=summary, classes=["hb-said"])
        self.set_source_info(fold)
        return [fold]


class SafeSentenceDirective(HandbookDirective):
    """A sentence that the sources support; ``:not:`` is what should not be written instead."""

    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "not": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        sentence = nodes.block_quote("", *self.parse_content_to_nodes())
        copy, done = escape(_("Copy with its sources")), escape(_("Copied"))
        button = (
            f'<button type="button" class="hb-copy" data-pagefind-ignore data-done="{done}">'
            f"{copy}</button>"
        )
        title = nodes.inline("", _("A sentence you can safely use"), classes=["hb-label"])
        title_line = nodes.paragraph("", "", title)
        box = our.safe_sentence("", title_line, sentence, classes=["hb-safe"])
        if avoid := self.options.get("not"):
            words, messages = self.parse_inline(avoid)
            label = nodes.inline("", _("Do not write:"), classes=["hb-label"])
            box += nodes.paragraph("", "", label, nodes.Text(" "), *words, classes=["hb-avoid"])
            box += messages
        box += our.served_form(html=button)
        self.set_source_info(box)
        return [box]


class ClaimTransform(HandbookTransform):
    """Fill the table of claims; unfold where nothing can be folded."""

    default_priority = 4

    def run(self, **kwargs: Any) -> None:
        for node in self.each(our.claims):
            heads = [(_("Verdict"), 18), (_("Claim"), 32), (_("Our reading in short"), 50)]
            rows = list(self._rows())
            made = nodes.table("", table(heads, rows), classes=["hb-verdicts", "hb-cards"])
            node.replace_self(made if rows else [])
        for claim in self.each(our.claim):
            claim.pop(0)
        for box in self.each(our.safe_sentence):
            section = box.parent
            # The heading above it says the same.
            if isinstance(section, nodes.section) and section[0].astext() == box[0].astext():
                box.remove(box[0])
        if is_served(self.builder):
            return
        for fold in self.each(our.fold):
            heading = nodes.paragraph("", "", nodes.strong("", fold["summary"]))
            fold.replace_self([heading, *fold.children])

    def _rows(self) -> Iterator[list[list[nodes.Node]]]:
        for claim in self.each(our.claim):
            section = claim.parent
            while not isinstance(section, nodes.section):
                section = section.parent
            title = next(iter(section.findall(nodes.title)))
            name = nodes.reference(
                "", "", *(one.deepcopy() for one in title), refid=section["ids"][0], internal=True
            )
            short = claim[0].deepcopy()
            yield [[badge(Verdict(claim["verdict"]))], [name], [*short.children]]


def setup(app: Sphinx) -> None:
    app.add_directive("claim", ClaimDirective)
    app.add_directive("claims", ClaimsDirective)
    app.add_directive("what-sources-say", FoldDirective)
    app.add_directive("safe-sentence", SafeSentenceDirective)
    app.add_post_transform(ClaimTransform)
