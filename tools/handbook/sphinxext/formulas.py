"""Formulas as MathML, made while the pages are built: a browser needs no script to show them.

docutils' own converter from LaTeX serves, which knows the common commands of AMS-LaTeX.
"""

from __future__ import annotations

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)


def _mathml(node: nodes.Element, *, as_block: bool) -> str:
    """MathML, or the formula as it is written with a warning.

    :param as_block: whether the formula stands on a line of its own
    """
    source = node.astext()
    try:
        return str(tex2mathml(source, as_block=as_block))
    except MathError as error:
        logger.warning(
            "P021 the formula %r cannot be read: %s (hint: write it with the common commands of"
            " LaTeX, or in words)",
            source,
            error,
            location=node,
            type="handbook",
            subtype="P021",
        )
        return ""


def _visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    _write(self, node, "span", as_block=False)


def _visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    _write(self, node, "div", as_block=True)


def _write(self: HTML5Translator, node: nodes.Element, tag: str, *, as_block: bool) -> None:
    """Write a formula, as its source where the builder of the PDF will read it."""
    content = "" if self.builder.name == "pdf" else _mathml(node, as_block=as_block)
    self.body.append(
        self.starttag(node, tag, "", CLASS="math notranslate nohighlight")
        + (content or self.encode(node.astext()))
        + f"</{tag}>"
    )
    raise nodes.SkipNode


def _use(_app: Sphinx, config: Config) -> None:
    config.html_math_renderer = "mathml"


def setup(app: Sphinx) -> None:
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
    app.connect("config-inited", _use)
