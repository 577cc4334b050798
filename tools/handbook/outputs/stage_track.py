"""The progress of a project through ISO's stages: its present stage, and those seen before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from handbook.model.catalogue import State
from handbook.model.marks import ENGLISH, Marks
from handbook.model.strands import STATES, kind
from handbook.outputs import svg

#: The stages of ISO Guide 69, by the first two digits of their codes.
STOPS = ("00", "10", "20", "30", "40", "50", "60", "90", "95")
_STEP, _LEFT, _LINE = 44.0, 14.0, 25.0


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the picture; the description puts them in a sentence."""

    title: str
    description: str


def draw(
    stage: str,
    state: State,
    seen: Mapping[str, str],
    words: Words,
    *,
    id_: str,
    marks: Marks = ENGLISH,
) -> str:
    """Return the SVG.

    :param stage: the present stage, such as ``60.60``
    :param seen: the days on which other stages were seen, by the stage
    """
    here = STOPS.index(stage[:2])
    colour, name = STATES[state].colour, kind(state)

    def at(code: str) -> float:
        # Within a stage, the sub-stage moves the mark by up to the length of a step.
        return _LEFT + (STOPS.index(code[:2]) + int(code[3:5] or 0) / 100 * 0.8) * _STEP

    end = _LEFT + (len(STOPS) - 1) * _STEP + _STEP * 0.8
    parts = [
        svg.line(_LEFT, _LINE, end, _LINE),
        svg.hued(_LEFT, _LINE - 2, at(stage) - _LEFT, 4, colour=colour, kind=name),
    ]
    for place, stop in enumerate(STOPS):
        x = _LEFT + place * _STEP
        parts += [
            svg.box(x - 1.5, _LINE - 5, 3, 10, fill="quiet", radius=1),
            svg.text(x, _LINE + 17, stop, fill="quiet", anchor="middle", bold=place == here),
        ]
    for code, day in seen.items():
        mark = svg.hued(
            at(code) - 4, _LINE - 4, 8, 8, colour=colour, kind=name, radius=4, hollow=True
        )
        parts.append(f"<g><title>{escape(f'{code}{marks.colon}{day}')}</title>{mark}</g>")
    x = at(stage)
    parts += [
        svg.hued(x - 6, _LINE - 6, 12, 12, colour=colour, kind=name, radius=6),
        svg.text(min(max(x, 18), end - 18), 12, stage, anchor="middle", bold=True),
    ]
    return svg.picture(
        end + _LEFT, _LINE + 20, parts, id_=id_, title=words.title, description=words.description
    )
