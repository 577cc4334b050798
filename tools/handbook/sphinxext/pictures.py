"""Let pictures keep their file names and the height that a page gives them.

Markdown escapes characters that addresses may not contain, and ``{image}`` and ``{figure}`` read an
address, from which white space is removed: both would look for a file that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives.images import Image
from sphinx.application import Sphinx
from sphinx.directives.patches import Figure
from sphinx.transforms import SphinxTransform

from handbook.model import safety


def _with_spaces(run: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def spaced(self: Directive) -> Any:
        if "\\" not in self.arguments[0]:
            self.arguments[0] = "\\ ".join(self.arguments[0].split())
        return run(self)

    return spaced


class SpacedImage(Image):
    """``image`` of a file whose name has spaces."""

    run = _with_spaces(Image.run)


class SpacedFigure(Figure):
    """``figure`` of a file whose name has spaces."""

    run = _with_spaces(Figure.run)


class NamesAndHeights(SphinxTransform):
    """Find each file by its own name, and add a unit to each height.

    A height without a unit would be an attribute, which every style sheet with ``height: auto``
    overrides.
    """

    default_priority = 860  # before the guard checks the files

    def apply(self, **kwargs: Any) -> None:
        for image in self.document.findall(nodes.image):
            if image.get("height", "").isdigit():
                image["height"] += "px"
            name = image["uri"]
            if "%" in name and not safety.scheme(name) and not self._exists(name):
                image["uri"] = unquote(name)

    def _exists(self, name: str) -> bool:
        page = Path(self.env.doc2path(self.env.docname))
        folder = Path(self.env.srcdir) if name.startswith("/") else page.parent
        return (folder / name.lstrip("/")).is_file()


def setup(app: Sphinx) -> None:
    app.add_transform(NamesAndHeights)
    app.add_directive("image", SpacedImage, override=True)
    app.add_directive("figure", SpacedFigure, override=True)
