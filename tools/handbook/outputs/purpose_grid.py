"""The grid of ISO 37101 as SVG: purposes across, issues down, and in each field the number of texts
that serve both.

An empty field has a dashed frame. The table beside the picture has the same content, and lists the
texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from handbook.model.tokens import BRAND, INK, QUIET

_LEFT, _WIDTH, _HEIGHT, _GAP = 218, 74, 30, 4
#: The height of a line of a head, and the room above and below all its lines.
_LINE, _AROUND = 15, 21
_INK, _QUIET, _ACCENT = INK.light, QUIET.light, BRAND.light


def draw(
    counts: Mapping[tuple[str, str], int],
    purposes: Sequence[tuple[str, Sequence[str]]],
    issues: Sequence[tuple[str, str]],
    *,
    title: str,
    description: str,
    anchor: str,
) -> str:
    """Return the SVG.

    :param counts: the number of texts in a field, by the ids of purpose and issue
    :param purposes: the id of each purpose, and its name in lines
    :param issues: the id and the name of each issue
    :param anchor: the beginning of the address of a field; the ids of purpose and issue follow
    """
    most = max(counts.values(), default=0) or 1
    width = _LEFT + len(purposes) * (_WIDTH + _GAP)
    top = _AROUND + _LINE * max(len(lines) for _id, lines in purposes)
    height = top + len(issues) * (_HEIGHT + _GAP)
    parts = [
        (
            f'<svg class="hb-purpose-grid" role="group" aria-labelledby="{anchor}title"'
            f' aria-describedby="{anchor}description" xmlns="http://www.w3.org/2000/svg"'
            f' viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' font-family="system-ui, sans-serif" font-size="13"><title id="{anchor}title">'
            f'{escape(title)}</title><desc id="{anchor}description">{escape(description)}</desc>'
        )
    ]
    for column, (_id, lines) in enumerate(purposes):
        x = _LEFT + column * (_WIDTH + _GAP) + _WIDTH / 2
        for number, line in enumerate(lines):
            y = top - 10 - _LINE * (len(lines) - 1 - number)
            parts.append(
                f'<text x="{x:.0f}" y="{y}" text-anchor="middle" font-size="11"'
                f' fill="{_INK}">{escape(line)}</text>'
            )
    for row, (issue, name) in enumerate(issues):
        y = top + row * (_HEIGHT + _GAP)
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 19}" text-anchor="end" font-size="11"'
            f' fill="{_INK}">{escape(name)}</text>'
        )
        for column, (purpose, _lines) in enumerate(purposes):
            x, count = _LEFT + column * (_WIDTH + _GAP), counts.get((purpose, issue), 0)
            look = (
                f'fill="{_ACCENT}" fill-opacity="{0.08 + 0.3 * count / most:.2f}"'
                f' stroke="{_ACCENT}"'
                if count
                else f'fill="none" stroke="{_QUIET}" stroke-dasharray="4 3"'
            )
            parts.append(
                f'<a href="#{anchor}{purpose}-{issue}"><rect x="{x}" y="{y}" width="{_WIDTH}"'
                f' height="{_HEIGHT}" rx="4" {look}/><text x="{x + _WIDTH // 2}" y="{y + 20}"'
                f' text-anchor="middle" fill="{_INK}">{count}</text></a>'
            )
    return "".join(parts) + "</svg>"
