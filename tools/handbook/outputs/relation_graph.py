"""The relation graph of a family, drawn as SVG: years run from left to right, and each number has a
row.

An edition is to the right of the one that it replaces, so that "replaces" needs no arrow across the
picture; all other relations are curves. The picture has its own title and description; the same
relations are beside it as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

from handbook.model.catalogue import Catalogue, Deliverable, Status
from handbook.model.tokens import BRAND, INK, QUIET, SOFT

_BOX_HEIGHT = 30
_ROW = 46
_GAP = 34
_TOP = 44
_LETTER = 7.1
#: A drawing up to this width can be read when scaled to a page, which is about three quarters of
#: it.
_WIDEST = 1160

# The drawing has its own colours, for readers without our style sheet: print, EPUB, a saved file. A
# style sheet overrides them.
_INK, _QUIET, _ACCENT = INK.light, QUIET.light, BRAND.light
_BOX_LOOK = {
    "published": f'stroke="{_ACCENT}" stroke-width="1.5"',
    "draft": f'stroke="{_ACCENT}" stroke-width="1.5" stroke-dasharray="5 3"',
    "withdrawn": f'stroke="{_QUIET}" stroke-width="1"',
}


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` has the relation ``kind`` to ``target``: ``replaces``, what a supplement does to
    its base, or a ``RelationKind``.

    ``sources`` are the bibliography keys that support it; none where ISO's catalogue does.
    """

    source: Deliverable
    target: Deliverable
    kind: str
    sources: tuple[str, ...] = ()


def edges(catalogue: Catalogue, members: Iterable[Deliverable]) -> list[Edge]:
    """Return all relations of ``members``, including those to deliverables outside the family."""
    inside = {deliverable.id for deliverable in members}
    found = [
        *(
            Edge(catalogue.by_id[new], old, "replaces")
            for old in catalogue.deliverables
            for new in old.replaced_by
            if new in catalogue.by_id
        ),
        *(
            Edge(supplement, base, supplement.doing)
            for supplement in catalogue.deliverables
            if supplement.doing and (base := catalogue.supplemented(supplement))
        ),
        *(
            Edge(catalogue.exact(r.source), catalogue.exact(r.target), r.kind, r.sources)
            for r in catalogue.relations
        ),
    ]
    return [edge for edge in found if {edge.source.id, edge.target.id} & inside]


def draw(
    found: Iterable[Edge],
    members: Iterable[Deliverable],
    *,
    id_: str,
    title: str,
    description: str,
    link: Callable[[Deliverable], str],
    tip: Callable[[Deliverable], str],
    draft: str,
) -> str:
    """Return the SVG of the relations in ``found``.

    :param id_: prefix of the ids in the picture, unique on its page
    :param link: the address of a deliverable's page
    :param tip: what is said of a deliverable at its box
    :param draft: this word in the reader's language
    """
    found = list(found)
    inside = {deliverable.id for deliverable in members}
    shown = {
        deliverable.id: deliverable for edge in found for deliverable in (edge.source, edge.target)
    }
    columns = sorted({_column(deliverable) for deliverable in shown.values()})
    rows = _rows(shown.values(), found)
    width = {
        column: max(len(d.reference) for d in shown.values() if _column(d) == column) * _LETTER + 18
        for column in columns
    }
    left: dict[str, float] = {}
    x = 8.0
    for column in columns:
        left[column] = x
        x += width[column] + _GAP
    total_width, total_height = x - _GAP + 8, _TOP + len(rows) * _ROW + 4
    fits = " hb-fits" if total_width <= _WIDEST else ""
    box = {
        id_: (left[_column(d)], _TOP + rows.index(_row(d)) * _ROW, width[_column(d)])
        for id_, d in shown.items()
    }
    head = (
        f'<svg class="hb-graph{fits}" role="group" aria-labelledby="{id_}-title"'
        f' aria-describedby="{id_}-description" xmlns="http://www.w3.org/2000/svg" viewBox="0 0'
        f' {total_width:.0f} {total_height:.0f}" width="{total_width:.0f}"'
        f' height="{total_height:.0f}" font-family="system-ui, sans-serif" font-size="13"><title'
        f' id="{id_}-title">{escape(title)}</title><desc'
        f' id="{id_}-description">{escape(description)}</desc><defs><marker id="{id_}-arrow"'
        ' viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" markerHeight="9"'
        ' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z"'
        f' fill="{_QUIET}"/></marker></defs>'
    )
    years = (
        f'<text class="hb-graph-year" x="{left[column] + width[column] / 2:.1f}" y="24"'
        f' fill="{_QUIET}" font-weight="600" text-anchor="middle">'
        f"{escape(draft if column == _DRAFT else column)}</text>"
        for column in columns
    )
    parts = [
        head,
        *years,
        *(_curve(box[edge.source.id], box[edge.target.id], edge.kind, id_) for edge in found),
        *(
            _box(deliverable, box[id_], link(deliverable), deliverable.id in inside, tip)
            for id_, deliverable in shown.items()
        ),
        "</svg>",
    ]
    return "".join(parts)


_DRAFT = "~"  # sorts after all years


def _column(deliverable: Deliverable) -> str:
    return deliverable.published.text[:4] if deliverable.published else _DRAFT


def _row(deliverable: Deliverable) -> str:
    return deliverable.number + deliverable.part


def _rows(shown: Iterable[Deliverable], found: list[Edge]) -> list[str]:
    """Order the rows so that related ones are close together (barycentre method, a few passes)."""
    shown = list(shown)
    rows = sorted({_row(deliverable) for deliverable in shown})
    neighbours: dict[str, set[str]] = {row: set() for row in rows}
    for edge in found:
        a, b = _row(edge.source), _row(edge.target)
        if a != b:
            neighbours[a].add(b)
            neighbours[b].add(a)
    for _pass in range(8):
        place = {row: number for number, row in enumerate(rows)}
        centre = {
            row: (sum(place[n] for n in near) / len(near) + place[row]) / 2 if near else place[row]
            for row, near in neighbours.items()
        }
        rows.sort(key=lambda row: (centre[row], row))
    return rows


def _curve(
    source: tuple[float, float, float], target: tuple[float, float, float], kind: str, id_: str
) -> str:
    (sx, sy, _sw), (tx, ty, tw) = source, target
    y1, y2 = sy + _BOX_HEIGHT / 2, ty + _BOX_HEIGHT / 2
    if sx > tx:
        x1, x2 = sx, tx + tw
        bend = max(24.0, (x1 - x2) / 2)
        path = (
            f"M{x1:.1f} {y1:.1f}C{x1 - bend:.1f} {y1:.1f} {x2 + bend:.1f} {y2:.1f} {x2 + 1:.1f}"
            f" {y2:.1f}"
        )
    elif sx == tx:
        # In one column the curve leaves and arrives on the right, where the gap to the next column
        # is free.
        x1, x2 = sx + _sw, tx + tw
        bend = min(_GAP - 14.0, 22 + abs(y2 - y1) / 6)
        path = (
            f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 + bend:.1f} {y2:.1f} {x2 + 1:.1f}"
            f" {y2:.1f}"
        )
    else:
        # A draft's or a later edition's target can lie to the right.
        x1, x2 = sx + _sw, tx
        bend = max(24.0, (x2 - x1) / 2)
        path = (
            f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2 - 1:.1f}"
            f" {y2:.1f}"
        )
    look = {
        "replaces": ' stroke-width="3"',
        **dict.fromkeys(
            ("amends", "corrects", "adds-to"), ' stroke-width="1.4" stroke-dasharray="3 3"'
        ),
    }.get(kind, ' stroke-width="1.4"')
    return (
        f'<path class="hb-graph-{kind}" d="{path}" fill="none" stroke="{_QUIET}"{look}'
        f' marker-end="url(#{id_}-arrow)"/>'
    )


def _box(
    deliverable: Deliverable,
    place: tuple[float, float, float],
    address: str,
    inside: bool,
    tip: Callable[[Deliverable], str],
) -> str:
    x, y, width = place
    kind = {Status.WITHDRAWN: "withdrawn", Status.UNDER_DEVELOPMENT: "draft"}.get(
        deliverable.status, "published"
    )
    struck = ' text-decoration="line-through"' if kind == "withdrawn" else ""
    return (
        f'<a href="{escape(address)}"'
        f' class="hb-graph-{kind}{"" if inside else " hb-graph-outside"}">'
        f"<title>{escape(tip(deliverable))}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BOX_HEIGHT}" rx="6"'
        f' fill="{"#fff" if inside else SOFT.light}" {_BOX_LOOK[kind]}/>'
        f'<text x="{x + width / 2:.1f}" y="{y + _BOX_HEIGHT / 2 + 4.5:.1f}" text-anchor="middle"'
        f' fill="{_QUIET if kind == "withdrawn" else _INK}"'
        f"{struck}>{escape(deliverable.reference)}</text></a>"
    )
