"""Mark words with their language where it is not that of the page: for fonts, speech and
hyphenation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from handbook.model.scripts import CJK, foreign_runs, is_english
from handbook.sphinxext.blocks import HandbookTransform

_TAG = re.compile(r"(<[^>]*>)")


def marked(html: str, page: str = "en") -> str:
    """Mark what is in another language than the ``page`` in a piece of HTML that no transform has
    seen (a title in the navigation, the index).
    """
    if not page.startswith("zh") and not CJK.search(html):
        return html
    return "".join(
        (
            part
            if number % 2
            else "".join(
                f'<span lang="{language}">{run}</span>' if language else run
                for run, language in foreign_runs(part, page)
            )
        )
        for number, part in enumerate(_TAG.split(html))
    )


class LanguageRuns(HandbookTransform):
    """Mark each run of Chinese, Japanese or Korean letters with its language, and on a Chinese page
    each English sentence or title: for fonts, speech and hyphenation.
    """

    # Behind that of blocks that are English as a whole.
    default_priority = 902
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        page = self.config.language
        if page.startswith(("ja", "ko")):
            return
        chinese = page.startswith("zh")
        if not chinese and not CJK.search(self.document.astext()):
            return
        for text in [
            text
            for text in self.document.findall(nodes.Text)
            if (_is_sentence(text) if chinese else CJK.search(text)) and not _has_language(text)
        ]:
            text.parent.replace(text, list(_marked(str(text), page)))


def _marked(text: str, page: str) -> Iterator[nodes.Node]:
    for run, language in foreign_runs(text, page):
        yield (
            nodes.inline("", run, classes=[f"language-{language}"]) if language else nodes.Text(run)
        )


def _is_sentence(text: nodes.Text) -> bool:
    """Whether English is in it, and no code."""
    return is_english(text) and not isinstance(text.parent, nodes.literal | nodes.math)


def _has_language(node: nodes.Node) -> bool:
    while node.parent is not None:
        node = node.parent
        if isinstance(node, nodes.literal_block | nodes.raw):
            return True
        if any(name.startswith("language-") for name in node.get("classes", ())):
            return True
    return False


def setup(app: Sphinx) -> None:
    app.add_post_transform(LanguageRuns)
