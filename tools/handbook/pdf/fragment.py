"""The HTML of a page as a tree. What is drawn stays as it was written, and what the parser reads
otherwise than browsers do is put right.
"""

from __future__ import annotations

import re

from lxml import html
from lxml.html import HtmlElement

#: Terms and definitions without end tags: each ends where the next begins.
_WITHIN = "//dt/dt | //dt/dd | //dd/dt | //dd/dd"


def read(body: str, around: str, drawn: str = "svg") -> tuple[HtmlElement, list[str]]:
    """Return the tree of ``body`` in an element ``around``, and the source of what is drawn.

    In place of each drawing is an ``img`` with its number: an HTML parser would write the names of
    SVG's attributes in lower case, and break them.

    :param drawn: the names of the elements that are drawn
    """
    drawings: list[str] = []

    def keep(match: re.Match[str]) -> str:
        drawings.append(match[0])
        return f'<img data-drawing="{len(drawings) - 1}">'

    kept = re.sub(rf"<({drawn})\b(?:[^>]*/>|.*?</\1>)", keep, body, flags=re.DOTALL)
    tree = html.fragment_fromstring(kept, create_parent=around)
    for within in tree.xpath("//wbr[text() or *]"):
        within.drop_tag()
    for named in tree.xpath("//a[@name and not(@id)]"):
        named.set("id", named.get("name"))
    while within := tree.xpath(_WITHIN):
        within[-1].getparent().addnext(within[-1])
    return tree, drawings
