"""Mark Chinese, Japanese and Korean words with their language: for fonts, speech and
hyphenation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from handbook.model.scripts import CJK, runs
from handbook.sphinxext.blocks import HandbookTransform

_TAG = re.compile(r"(<[^>]*>)")


def marked(html: str) -> str:
    """Mark the runs in a piece of HTML that no transform has seen (a title in the navigation, the
    index).
    """
    if not CJK.search(html):
        return html
    return "".join(
        (
            part
            if number % 2
            else "".join(
                f'<span lang="{language}">{run}</span>' if language else run
                for run, language in runs(part)
            )
        )
        for number, part in enumerate(_TAG.split(html))
    )


class LanguageRuns(HandbookTransform):
    """Mark each run of Chinese, Japanese or Korean letters with its language: for fonts, speech and
    hyphenation.
    """

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        if self.config.language.startswith(("zh", "ja", "ko")) or not CJK.search(
            self.document.astext()
        ):
            return
        for text in [
            text
            for text in self.document.findall(nodes.Text)
            if CJK.search(text) and not _has_language(text)
        ]:
            text.parent.replace(text, list(_marked(str(text))))


def _marked(text: str) -> Iterator[nodes.Node]:
    for run, language in runs(text):
        yield (
            nodes.inline("", run, classes=[f"language-{language}"]) if language else nodes.Text(run)
        )


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
