"""What Typst's PDF still lacks: tags for row headers, and compression of everything except the
pages.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object, String

from handbook.pdf import jumps

#: Typst tags no cell as the head of its row. ``row-head`` in ``handbook.typ`` sets such a cell as a
#: title, which nothing else in a table is.
_MARK = Name("/Title")


def finish(data: bytes, titles: Mapping[str, str]) -> bytes:
    """Return the PDF ``data`` with row headers tagged, about a third of the size. The same input
    gives the same bytes.

    :param titles: what each label of the book stands for
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        _tag_row_heads(pdf)
        jumps.settle(pdf, titles)
        finished = io.BytesIO()
        pdf.save(
            finished, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    return finished.getvalue()


def _tag_row_heads(pdf: pikepdf.Pdf) -> None:
    tree = pdf.Root.StructTreeRoot
    number = 0
    for table in _found(tree, Name.Table):
        rows = list(_found(table, Name.TR))
        cells = [(place, cell) for place, row in enumerate(rows) for cell in _kids(row)]
        for place, cell in cells:
            mark = next((kid for kid in _kids(cell) if kid.S == _MARK), None)
            if mark is None or cell.S != Name.TD:
                continue
            number += 1
            name = String(f"R{number}")
            # NonStruct: the content of the title belongs to the cell, and the title itself means
            # nothing.
            mark.S = Name.NonStruct
            cell.S = Name.TH
            cell.ID = name
            _of_table(cell).Scope = Name.Row
            if Name.IDTree not in tree:
                tree.IDTree = NameTree.new(pdf).obj
            NameTree(tree.IDTree)[str(name)] = cell
            covered = range(place, place + int(_of_table(cell).get("/RowSpan", 1)))
            for other_place, other in cells:
                rowspan = int(_of_table(other).get("/RowSpan", 1))
                if (
                    other.S == Name.TD
                    and other_place < covered.stop
                    and other_place + rowspan > covered.start
                ):
                    attributes = _of_table(other)
                    attributes.Headers = Array([*attributes.get("/Headers", []), name])


def _found(node: Object, role: Name) -> Iterator[Object]:
    """Yield the elements of a role below ``node``, in reading order; not those within another of
    the same role.
    """
    waiting = _kids(node)[::-1]
    while waiting:
        element = waiting.pop()
        if role == element.S:
            yield element
        else:
            waiting.extend(reversed(_kids(element)))


def _kids(node: Object) -> list[Object]:
    """Return the elements directly below ``node``, without the numbers of its content."""
    kids: Any = node.get("/K", [])
    return [
        kid
        for kid in (kids if isinstance(kids, Array) else [kids])
        if isinstance(kid, Dictionary) and "/S" in kid
    ]


def _of_table(cell: Any) -> Any:
    """Return the attributes of a cell that concern its table."""
    attributes = cell.get("/A", Array())
    for each in attributes if isinstance(attributes, Array) else [attributes]:
        if each.get("/O") == Name.Table:
            return each
    made = Dictionary(O=Name.Table)
    cell.A = Array([*(attributes if isinstance(attributes, Array) else [attributes]), made])
    return cell.A[-1]
