"""Sphinx's ``epub`` builder, with what EPUB 3 asks of pages that hold drawings."""
from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder

_PAGE = re.compile(r'<item\b[^>]*?\bhref="([^"]+\.xhtml)"[^>]*?(?=\s*/>)')


class EpubBuilder(Epub3Builder):
    """Declares ``svg`` in the manifest for each page with an inline drawing , as EPUB 3 asks; Sphinx leaves it out."""

    def build_content(self) -> None:
        super().build_content()
        manifest = Path(self.outdir) / "content.opf"
        manifest.write_text(_PAGE.sub(self._declare, manifest.read_text("utf-8")), "utf-8")

    def _declare(self, item: re.Match[str]) -> str:
        page = Path(self.outdir) / unquote(item[1])
        if "properties=" in item[0] or not page.exists() or "<svg" not in page.read_text("utf-8"):
            return item[0]
        return f'{item[0]} properties="svg"'


def setup(app: Sphinx) -> None:
    app.add_builder(EpubBuilder, override=True)
