"""The EPUB: what its pages hold is declared."""
from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import Project

pytestmark = pytest.mark.filterwarnings("ignore:'myst_parser")
CONF = {"extensions": ("myst_parser", "sphinxcontrib.bibtex", "handbook.sphinxext", "handbook.pdf")}


def test_pages_with_drawings_say_so_in_the_manifest(project: Callable[..., Project]) -> None:
    pages = {
        "index.md": "# Home\n\n```{toctree}\ndrawn\nplain\n```\n",
        "drawn.md": '# Drawn\n\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>Nothing</title></svg>\n',
        "plain.md": "# Plain\n",
    }
    built = project(pages).build("epub", **CONF)
    manifest = built.text("content.opf")
    assert re.findall(r'href="([^"]+)"[^>]*properties="svg"', manifest) == ["drawn.xhtml"]
