"""Formulas as MathML, made while the pages are built: a browser needs no script to show them.

The converter is that of docutils, which knows the common commands of AMS-LaTeX.
"""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

#: The number of parts of an element; and a character that has no name in XML.
_PARTS = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
_APPLY = "\u2061"
#: Attributes that docutils gives an operator and that MathML does not have.
_LEVEL = re.compile(r'(<mo\b[^>]*) scriptlevel="[^"]*"')
logger = logging.getLogger(__name__)


def _whole(formula: ElementTree.Element) -> None:
    """Check that each element has all its parts.

    :raises MathError: if one lacks a part
    """
    for element in formula.iter():
        name = element.tag.rpartition("}")[2]
        if len(element) != _PARTS.get(name, len(element)):
            raise MathError("a command lacks the braces around its parts, as in \\frac{1}{2}")


def _mathml(node: nodes.Element, *, as_block: bool) -> str:
    """Return MathML or, with a warning, the formula as written.

    :param as_block: whether the formula is on a line of its own
    """
    source = node.astext()
    try:
        made = str(tex2mathml(source, as_block=as_block)).replace("&ApplyFunction;", _APPLY)
        made = _LEVEL.sub(r"\1", made)
        _whole(ElementTree.fromstring(made))
    except (MathError, AttributeError, LookupError, TypeError, ValueError) as error:
        # docutils' reader fails on some mistakes without a message
        said = error if isinstance(error, MathError) else "its commands do not fit together"
        logger.warning(
            "P021 the formula %r cannot be read: %s (hint: write it with the common commands of"
            " LaTeX, or in words)",
            source,
            said,
            location=node,
            type="handbook",
            subtype="P021",
        )
        return ""
    return made.replace("<math ", f'<math alttext="{escape(" ".join(source.split()))}" ', 1)


def _visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    _write(self, node, "span", as_block=False)


def _visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    _write(self, node, "div", as_block=True)


def _write(self: HTML5Translator, node: nodes.Element, tag: str, *, as_block: bool) -> None:
    content = _mathml(node, as_block=as_block) or self.encode(node.astext())
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    self.body.append(
        self.starttag(node, tag, "", CLASS="math notranslate nohighlight")
        + f"{number}{content}</{tag}>"
    )
    raise nodes.SkipNode


def _use(_app: Sphinx, config: Config) -> None:
    config.html_math_renderer = "mathml"


def setup(app: Sphinx) -> None:
    app.add_html_math_renderer("mathml", (_visit_inline, None), (_visit_block, None))
    app.connect("config-inited", _use)
