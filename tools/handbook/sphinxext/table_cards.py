"""Tables that become cards on phones: each row one, and each cell says the head of its column.

Blocks ask for it by the class ``hb-cards``; of the tables that writers type, those become cards
that are too wide for a phone, by their text or by their longest words. Figures and other short
cells stay in columns, in smaller letters, as long as they fit. The style sheet draws both.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from handbook.model.scripts import CJK
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookTransform

CARDS = "hb-cards"
#: The classes of tables that writers type.
_WIDTHS = {"colwidths-auto", "colwidths-given"}
#: How many letters a row may have on a phone, by its columns; a Chinese character is two wide.
_LETTERS = {1: 1000, 2: 1000, 3: 120}
_OF_MORE = 45
#: As many letters fit beside each other; each column also has its margins, as wide as three.
_LINE, _MARGINS = 41, 3
#: In a table of more columns than these, whose other cells are short, letters are smaller.
_FEW, _LINE_OF_FIGURES = 3, 55
#: A column of Chinese, whose words break anywhere, is no narrower than this.
_CHINESE = 8
#: The longest cell of several on one line.
_SHORT = 12
#: What breaks anywhere, and what breaks nowhere.
_CITED = re.compile(r"\[[^\]]*\]")
_WORD = re.compile(r"[^\s/\u2010-\u2014-]+")


class TableCards(HandbookTransform):
    """Write the head of its column at each cell."""

    # When tables, citations and links are made.
    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for table in self.each(nodes.table):
            heads = [
                head.astext() for part in table.findall(nodes.thead) for head in _cells(part[0])
            ]
            rows = [list(_cells(row)) for part in table.findall(nodes.tbody) for row in part]
            if not heads or not rows or any(len(row) != len(heads) for row in rows):
                continue  # cells that span others have no column of their own
            if not set(table["classes"]) - _WIDTHS:
                table["classes"] += _looks(heads, rows)
            if CARDS not in table["classes"]:
                continue
            for row in rows:
                for head, entry in zip(heads, row, strict=True):
                    # in its place: a new cell would be walked through with all that it holds
                    entry.__class__, entry["label"] = our.labelled, head


def _cells(row: nodes.Node) -> list[nodes.entry]:
    return [cell for cell in row.children if isinstance(cell, nodes.entry)]


def _looks(heads: list[str], rows: list[list[nodes.entry]]) -> list[str]:
    """Return the classes that a table needs on a phone."""
    short = all(len(cell.astext()) <= _SHORT for row in rows for cell in row[1:])
    figures = short and len(heads) > _FEW
    line = _LINE_OF_FIGURES if figures else _LINE
    cards = _too_long(rows) or _width(heads, rows) > line
    return [*(["hb-figures"] if figures else []), *([CARDS] if cards else [])]


def _too_long(rows: list[list[nodes.entry]]) -> bool:
    text = "".join(cell.astext() for row in rows for cell in row)
    letters = len(text) + sum(map(len, CJK.findall(text)))
    return letters > _LETTERS.get(len(rows[0]), _OF_MORE) * len(rows)


def _width(heads: list[str], rows: list[list[nodes.entry]]) -> int:
    """Return how many letters the longest words of all columns need beside each other."""
    needed = 0
    for head, *cells in zip(heads, *rows, strict=True):
        text = _CITED.sub(" ", " ".join([head, *(cell.astext() for cell in cells)]))
        words = _WORD.findall(CJK.sub(" ", text))
        for cell in cells:
            words += (
                word for code in cell.findall(nodes.literal) for word in code.astext().split()
            )
        needed += _MARGINS + max(_CHINESE if CJK.search(text) else 0, *map(len, words), 0)
    return needed


def setup(app: Sphinx) -> None:
    app.add_post_transform(TableCards)
