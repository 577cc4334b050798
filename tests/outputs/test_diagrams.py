"""The pictures of tables of words: each row is there, no words leave their box, no box stands on another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest
from lxml import etree

from handbook.model import marks
from handbook.outputs import diagrams
from handbook.outputs.svg import LETTER
from support.projects import Project

FRAME = diagrams.Frame("d", "What it shows", "And where it is told.")
GROUPS = [
    ("TC 1", "–", "all of the field"),
    ("WG 1", "TC 1", "words"),
    ("WG 2", "TC 1", "numbers and a subject that is so long that it takes more than a line"),
    ("SC 1", "TC 1", "infrastructure"),
    ("SC 1/WG 1", "SC 1", "tunnels"),
    ("SC 2", "TC 1", "mobility"),
]
DRAWN = {
    "chart": diagrams.chart(GROUPS, FRAME, into="JTC 1: to which all of it moves"),
    "chart of several": diagrams.chart(
        [("one", "A", ""), ("two", "A", ""), ("three", "B", "")], FRAME
    ),
    "ladder": diagrams.ladder(
        [
            ("goals?", "ISO 1", "rules"),
            ("numbers " * 12 + "?", "ISO 2", "hints"),
            ("words?", "ISO 3", ""),
        ],
        FRAME,
    ),
    "flows": diagrams.flows(
        [
            ("old (江干区)", "new", "most of it"),
            ("old (江干区)", "other", "two parts"),
            ("third", "new", "all"),
        ],
        FRAME,
    ),
    "cycle": diagrams.cycle(
        [("Plan", "set aims"), ("Do", "act"), ("Check", "look " * 30), ("Act", "improve")], FRAME
    ),
    "ratios": diagrams.ratios(
        [("cold", "0.75 (0.68 to 0.94)"), ("no change", "1.20 (1 to 1.5)"), ("one page", "0.9")],
        FRAME,
    ),
    "cycle of five": diagrams.cycle([(str(number), "step") for number in range(5)], FRAME),
}


def _boxes(svg: str) -> list[tuple[float, float, float, float]]:
    root = etree.fromstring(svg)
    return [
        tuple(float(box.get(side) or 0) for side in ("x", "y", "width", "height"))  # type: ignore[misc]
        for box in root.iter("{*}rect")
    ]


@pytest.mark.parametrize("into", ["JTC 1: of all", "JTC 1：of all"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_all_become_part_of_stands_above_what_is_said_of_it(into: str, language: str) -> None:
    """An English label stands on a Chinese page while it waits for its translation."""
    frame = replace(FRAME, marks=marks.of(language))
    drawn = etree.fromstring(diagrams.chart(GROUPS, frame, into=into))
    words = ["".join(text.itertext()) for text in drawn.iter("{*}text")]
    assert words[-2:] == ["JTC 1", "of all"]


@pytest.mark.parametrize("name", DRAWN)
def test_no_box_stands_on_another_or_beyond_the_picture(name: str) -> None:
    boxes = _boxes(DRAWN[name])
    assert len(boxes) >= 3
    _x, _y, width, height = map(float, etree.fromstring(DRAWN[name]).get("viewBox", "").split())
    for x, y, wide, high in boxes:
        assert x >= 0
        assert y >= 0
        assert x + wide + 1.7 <= width
        assert y + high + 1.7 <= height
    for (x, y, wide, high), (x2, y2, wide2, high2) in combinations(boxes, 2):
        assert x + wide < x2 or x2 + wide2 < x or y + high < y2 or y2 + high2 < y


@pytest.mark.parametrize("name", DRAWN)
def test_words_stay_in_their_box(name: str) -> None:
    boxes = _boxes(DRAWN[name])
    for text in etree.fromstring(DRAWN[name]).iter("{*}text"):
        if text.get("text-anchor") or text.text in {"Yes", "No"}:
            continue
        x, y = float(text.get("x") or 0), float(text.get("y") or 0)
        assert any(
            left < x
            and x + len(text.text or "") * LETTER * 0.9 < left + wide
            and top < y < top + high
            for left, top, wide, high in boxes
        ), text.text


def test_a_chart_names_each_group_once_and_where_all_go() -> None:
    words = re.findall(r"<text[^>]*>([^<]*)", DRAWN["chart"])
    for group, _part_of, _subject in GROUPS:
        assert words.count(group) == 1
    assert "JTC 1" in words
    assert "to which all of it moves" in words


def test_a_ratio_is_as_long_as_it_is_great_and_hollow_above_1() -> None:
    (_, _, cold, _), (_, _, none, _), (_, _, one, _) = _boxes(DRAWN["ratios"])
    assert cold / none == pytest.approx(0.75 / 1.2, abs=0.01)
    assert one / none == pytest.approx(0.9 / 1.2, abs=0.01)
    assert re.findall(r'<rect[^>]*class="hb-(\w+)', DRAWN["ratios"]) == ["soft", "paper", "soft"]


TABLE = "| You want to ... | Start with | Kind |\n|---|---|---|\n| count | {iso}`37101` | rules {cite:p}`press2017` |\n"


@pytest.mark.filterwarnings("ignore:'myst_parser")
def test_a_page_has_the_picture_and_the_table(project: Callable[..., Project]) -> None:
    page = f"# Home\n\n:::{{diagram}} ladder\n:title: The way\n\n{TABLE}:::\n\n```{{bibliography}}\n```\n"
    built = project({"index.md": page}).build()
    assert built.warnings == []
    soup = built.soup()
    picture = soup.select_one(".hb-pic-frame[role=region][tabindex='0'] svg")
    assert picture is not None
    assert [text.get_text() for text in picture.select("text")] == [
        "You want to count?",
        "ISO 37101",
        "rules",
        "Yes",
    ]
    assert (
        soup.select_one(".hb-pic-frame ~ .table-wrapper td, .hb-pic-frame ~ table td") is not None
    )


@pytest.mark.filterwarnings("ignore:'myst_parser")
@pytest.mark.parametrize(
    ("block", "told"),
    [
        (
            ":::{diagram} wheel\n\nWords.\n:::",
            "Y002 there is no diagram 'wheel' (hint: write one of: chart, ladder, flows, cycle, ratios)",
        ),
        (
            ":::{diagram} flows\n:title: x\n\nWords.\n:::",
            "Y002 there is no table of 3 columns in {diagram} flows (hint: write a table in it; its first columns become the picture)",
        ),
        (
            f":::{{diagram}} chart\n\n{TABLE.replace('{cite:p}`press2017`', '')}:::",
            "Y002 the diagram has no title (hint: say in :title: what it shows)",
        ),
    ],
)
def test_what_cannot_be_drawn_is_a_finding(
    project: Callable[..., Project], block: str, told: str
) -> None:
    built = project({"index.md": f"# Home\n\n{block}\n"}).build()
    assert [line.partition("WARNING: ")[2].partition(" [")[0] for line in built.warnings] == [told]
