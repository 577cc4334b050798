"""Tables that become cards on phones: each row one, and each cell says the head of its column.

Blocks ask for it by the class ``hb-cards``; of the tables that writers type, those become cards
that are too wide for a phone. The style sheet draws them.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from handbook.model.scripts import CJK
from handbook.sphinxext import nodes as our
from handbook.sphinxext.blocks import HandbookTransform

CARDS = "hb-cards"
#: How many letters a row may have on a phone, by its columns; a Chinese character is two wide.
_LETTERS = {1: 1000, 2: 1000, 3: 120}
_OF_MORE = 45


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
            if not heads or any(len(row) != len(heads) for row in rows):
                continue  # cells that span others have no column of their own
            if CARDS not in table["classes"]:
                if set(table["classes"]) - {"colwidths-auto"} or not _too_wide(rows):
                    continue
                table["classes"].append(CARDS)
            for row in rows:
                for head, entry in zip(heads, row, strict=True):
                    entry.replace_self(our.labelled("", *entry.children, label=head))


def _cells(row: nodes.Node) -> list[nodes.entry]:
    return [cell for cell in row.children if isinstance(cell, nodes.entry)]


def _too_wide(rows: list[list[nodes.entry]]) -> bool:
    text = "".join(cell.astext() for row in rows for cell in row)
    letters = len(text) + sum(map(len, CJK.findall(text)))
    return letters > _LETTERS.get(len(rows[0]), _OF_MORE) * len(rows)


def setup(app: Sphinx) -> None:
    app.add_post_transform(TableCards)
