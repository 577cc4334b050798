"""Each strand and each status looks alike and is named wherever it is shown: one table serves all outputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from handbook.model import edtf, strands
from handbook.model.catalogue import State
from handbook.model.milestones import Milestone
from handbook.model.strands import STRANDS, MilestoneStatus, Shape, Strand
from handbook.outputs import timeline_picture
from handbook.sphinxext.parts import status_name, strand_name
from support import ROOT
from support.projects import Project

STATIC = ROOT / "docs" / "_static"
PAGE = "# Timeline\n\n" + "\n".join(
    f":::{{milestone}} Event\n:name: event-{number}\n:date: 2019-01-{number + 10}\n:strands: {strand}\n:status: {status}\n:sources: press2017\nIt took place.\n:::\n"
    for number, (strand, status) in enumerate(
        [
            *((strand, "happened") for strand in Strand),
            *(("club", status) for status in MilestoneStatus),
        ]
    )
)
PAGES = {
    "index.md": "# Home\n\n:::{timeline}\n:overview: 2012\n:::\n\n:::{toctree}\ntold\nsources\n:::\n",
    "told.md": PAGE,
    "sources.md": "(family-indicators)=\n# Sources\n\n:::{bibliography}\n:all:\n:::\n",
}


def test_each_has_a_look_of_its_own_and_none_speaks_by_colour_alone() -> None:
    assert set(STRANDS) == set(Strand)
    assert set(strands.STATES) == set(State)
    assert set(strands.STATUSES) == set(MilestoneStatus) - {MilestoneStatus.HAPPENED}
    for part in ("colour", "symbol", "shape"):
        assert len({getattr(look, part) for look in STRANDS.values()}) == len(Strand)
    for kind, look in strands.looks():
        assert re.fullmatch("#[0-9a-f]{6}", look.colour), kind
        assert len(look.symbol) == 1


@pytest.mark.parametrize("value", [*Strand, *MilestoneStatus, *State])
def test_each_has_a_name(value: Strand | MilestoneStatus | State) -> None:
    assert str(strand_name(value) if isinstance(value, Strand) else status_name(value))


@pytest.mark.parametrize("strand", Strand)
def test_the_picture_draws_each_in_its_colour(strand: Strand) -> None:
    day = Milestone("a-2019", "A", edtf.parse("2019-01-14"), (strand,), ("key",))
    words = timeline_picture.Words("T", "D", "%d", {one: one.title() for one in Strand})
    svg = timeline_picture.draw(
        [timeline_picture.Entry(day, "#t0")], words, id_="o", first_year=2012, tall=False
    )
    assert f'stroke="{STRANDS[strand].colour}"' in svg
    assert f">{strand.title()}<" in svg


def test_the_pdf_can_draw_each_shape() -> None:
    template = (ROOT / "tools/handbook/pdf/handbook.typ").read_text("utf-8")
    assert set(re.findall(r'shape == "(\w+)"', template)) == set(Shape)
    assert '#import "badges.typ": kinds' in template
    for kind, look in strands.looks():
        assert f'"{kind}": ("{look.shape}", rgb("{look.colour}"), ' in strands.typst()


@pytest.fixture
def served(project: Callable[[Mapping[str, str]], Project]) -> Path:
    built = project(PAGES).build(
        html_theme="furo", html_static_path=[str(STATIC)], html_css_files=["handbook.css"]
    )
    assert built.warnings == []
    return built.out


def test_style_sheet_badges_and_filter_know_each(served: Path) -> None:
    style = (served / "_static" / "handbook.css").read_text("utf-8")
    for kind, look in strands.looks():
        assert f".hb-{kind}{{--hue:{look.colour}" in style
        assert f'.hb-{kind}::before{{content:"{look.symbol}"/""}}' in style
    page = (served / "index.html").read_text("utf-8")
    form = re.search(r'<form class="hb-filter".*?</form>', page)
    assert form
    for strand in Strand:
        name = str(strand_name(strand))
        assert f'<span class="hb-badge hb-strand-{strand}">{name}</span>' in page
        assert f'<input type="checkbox" name="strand" value="{strand}" checked>{name}<' in form[0]
    for status in MilestoneStatus:
        assert f'<option value="{status}">{status_name(status)}</option>' in form[0].replace(
            f"<option>{status}</option>", f'<option value="{status}">{status}</option>'
        )


#: A text within quotes with two words, as people would read them.
WORDS = re.compile(r'(["`])[^"`\n]*\b[A-Z][a-z]+ [a-z]+[^"`\n]*\1')


@pytest.mark.parametrize("path", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_a_script_has_no_words_and_no_colours_of_its_own(path: Path) -> None:
    text = path.read_text("utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
    assert [match[0] for match in WORDS.finditer(code)] == []
    assert re.findall(r"#[0-9a-f]{6}\b", code) == []
    assert len([strand for strand in Strand if f'"{strand}"' in code]) < 2


@pytest.mark.parametrize(
    "path", ["docs/_static/handbook.css.jinja", "tools/handbook/pdf/handbook.typ"]
)
def test_no_other_file_lists_them(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    assert (
        re.findall(r"(?:strand|state|status)-(?:committee|club|current|withdrawn|planned)", text)
        == []
    )
