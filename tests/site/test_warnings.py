"""Bad input: each fault is one warning with its place, its code and how to fix it, and the build goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sphinx.errors import ConfigError

from support.projects import Project

MAIN = "# Title\n\n{}\n\n```{{toctree}}\n:hidden:\nsources\n```\n"
SOURCES = "(family-indicators)=\n# Sources\n\n```{bibliography}\n:all:\n```\n"
STRANDS = "use one of committee, standards, club, hangzhou, neighbours"
ADD_KEY = "add an entry with this key to one of references/*.bib"


def milestone(title: str = "The club is founded", **changed: str | None) -> str:
    options = {
        "name": "founding-2017",
        "date": "2017-06",
        "strands": "club",
        "sources": "press2017",
        **changed,
    }
    lines = "".join(f":{name}: {value}\n" for name, value in options.items() if value is not None)
    return f":::{{milestone}} {title}\n{lines}It took place.\n:::\n"


FAULTS: dict[str, tuple[str, list[str]]] = {
    # what is wrong: the text (which begins on line 3), and each warning as "line code message (hint: ...)"
    "no title": (
        milestone(""),
        [
            "3 M001 a milestone has no title (hint: write it on the first line: :::{milestone} The club is founded)"
        ],
    ),
    "no name": (
        milestone(name=None),
        [
            "3 M002 the milestone 'The club is founded' has no name (hint: add :name: followed by a permanent id, for example isscc-secretariat-2019)"
        ],
    ),
    "a name with a space": (
        milestone(name="Founding 2017"),
        [
            "4 M002 'Founding 2017' is not a milestone name (hint: write lower-case words and the year, joined by hyphens: isscc-secretariat-2019)"
        ],
    ),
    "a heading's anchor as name": (
        "## Founding 2017\n\n" + milestone(),
        [
            "5 M002 the name 'founding-2017' is the anchor of a heading of this page (hint: give the milestone another name)"
        ],
    ),
    "no date": (
        milestone(date=None),
        [
            "3 M003 the milestone 'The club is founded' has no date (hint: add :date: 2019-01-14 (or 2019-01, or 2019: as precise as the source))"
        ],
    ),
    "a day that does not exist": (
        milestone(date="2017-02-30"),
        [
            "5 M003 the date of 'founding-2017': '2017-02-30' is a day that does not exist (hint: 2017-02 has 28 days; write 2017-02 if the source gives no day)"
        ],
    ),
    "a date nobody knows": (
        milestone(date="XXXX"),
        [
            "5 M003 the date of 'founding-2017' is unknown (hint: tell an event without any date in the text, not on the timeline)"
        ],
    ),
    "no strand": (
        milestone(strands=None),
        [
            "3 M004 the milestone 'The club is founded' has no strands (hint: add :strands: with one or more of committee, standards, club, hangzhou, neighbours)"
        ],
    ),
    "a misspelt strand": (
        milestone(strands="club hangzou"),
        [f"6 M004 'hangzou' is not a strand (hint: did you mean hangzhou? {STRANDS})"],
    ),
    "no source": (
        milestone(sources=None),
        [
            "3 M005 the milestone 'The club is founded' has no sources (hint: add :sources: with one or more keys of references/*.bib)"
        ],
    ),
    "a misspelt key": (
        milestone(sources="pres2017"),
        [
            "7 M006 the milestone 'founding-2017' cites 'pres2017', which no references/*.bib has (hint: did you mean press2017?)"
        ],
    ),
    "a key like no other": (
        milestone(sources="press2017 zzz"),
        [
            f"7 M006 the milestone 'founding-2017' cites 'zzz', which no references/*.bib has (hint: {ADD_KEY})"
        ],
    ),
    "a misspelt status": (
        milestone(status="planed"),
        [
            "8 M007 'planed' is not a status (hint: did you mean planned? use one of happened, planned, announced, disputed)"
        ],
    ),
    "an unknown option": (
        milestone(plce="Hangzhou"),
        [
            "8 M008 a milestone has no option 'plce' (hint: did you mean place? use one of name, date, strands, sources, kind, body, number, status, place, after, before, short, given)"
        ],
    ),
    "two faults at once": (
        milestone(date="2017-13", strands="clubs"),
        [
            "5 M003 the date of 'founding-2017': '2017-13' has the month 13 (hint: write a month from 01 to 12)",
            f"6 M004 'clubs' is not a strand (hint: did you mean club? {STRANDS})",
        ],
    ),
    "a name twice": (
        milestone() + "\n" + milestone(),
        [
            "12 M009 the milestone name 'founding-2017' is already used at docs/index.md:4 (hint: give this one another name)"
        ],
    ),
    "a key in a story": (
        milestone().replace("place.", "place {cite:p}`nobody`."),
        [f"8 C001 no references/*.bib has the key 'nobody' (hint: {ADD_KEY})"],
    ),
    "a strand of a timeline": (
        ":::{timeline}\n:strands: clubs\n:::",
        [f"4 M004 'clubs' is not a strand (hint: did you mean club? {STRANDS})"],
    ),
    "an unknown edition": (
        ":::{standard} ISO 37101:2017\n:::",
        [
            "3 S001 'ISO 37101:2017' is not in the catalogue (hint: the catalogue has ISO 37101:2016, ISO 37101:2016/Amd 1:2024)"
        ],
    ),
    "a second page of a standard": (
        ":::{standard} ISO 37122:2019\n:::\n\n:::{standard} ISO 37122:2019\n:::",
        [
            "6 S003 iso-37122-2019 has its page already: index.md (hint: keep one of the two {standard} blocks; elsewhere link with {iso})"
        ],
    ),
    "an unknown family": (
        ":::{catalogue}\n:family: indicator\n:::",
        [
            "4 S002 'indicator' is not a family of the catalogue (hint: use one of vocabulary, management-system, indicators, infrastructure)"
        ],
    ),
    "an unknown committee": (
        ":::{catalogue}\n:committee: ISO/TC 2\n:::",
        [
            "4 S002 'ISO/TC 2' is not a committee of the catalogue (hint: use one of ISO/TC 268, ISO/TC 268/SC 1)"
        ],
    ),
    "an unknown status": (
        ":::{catalogue}\n:status: gone\n:::",
        [
            "4 S002 'gone' is not a status of the catalogue (hint: use one of under development, published, withdrawn, deleted)"
        ],
    ),
    "relations of an unknown family": (
        ":::{relations}\n:family: indicator\n:::",
        [
            "3 S002 'indicator' is not a family of the catalogue (hint: use one of vocabulary, management-system, indicators, infrastructure)"
        ],
    ),
    "a wrong day in a sentence": (
        "It was founded\non {date}`2019-02-29`.",
        [
            "4 D001 '2019-02-29' is a day that does not exist (hint: 2019-02 has 28 days; write 2019-02 if the source gives no day)"
        ],
    ),
    "an unknown number": (
        "See {iso}`99999`.",
        [
            "3 S001 '99999' is not in the catalogue (hint: write a reference as in references/iso/deliverables.jsonl, for example ISO 37101:2016 or 37101)"
        ],
    ),
    "an unknown year": (
        "See {iso}`ISO 37120:2015`.",
        [
            "3 S001 'ISO 37120:2015' is not in the catalogue (hint: the catalogue has ISO 37120:2014, ISO 37120:2018)"
        ],
    ),
    "a key in a list": (
        "- first\n- second {cite:p}`press2017,press2018`",
        ["4 C001 no references/*.bib has the key 'press2018' (hint: did you mean press2017?)"],
    ),
    "an empty key": (
        "It took place {cite:p}`press2017,`.",
        [
            "3 C001 a key of the citation is empty (hint: delete the comma, or name a key of references/*.bib)"
        ],
    ),
    "a key in a table": (
        "| a | b |\n|---|---|\n| c | {cite:p}`nobody` |",
        [f"5 C001 no references/*.bib has the key 'nobody' (hint: {ADD_KEY})"],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_one_warning_with_place_and_remedy(
    project: Callable[[Mapping[str, str]], Project],
    text: str,
    wanted: list[str],
) -> None:
    found = project({"index.md": MAIN.format(text), "sources.md": SOURCES}).build("text").warnings
    lines = [line.split(maxsplit=2) for line in wanted]
    assert found == [
        f"docs/index.md:{line}: WARNING: {code} {rest} [handbook.{code}]"
        for line, code, rest in lines
    ]


def test_nothing_of_a_faulty_milestone_is_lost(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    made = project(
        {"index.md": MAIN.format(milestone(date="2017-02-30")), "sources.md": SOURCES}
    ).build("text")
    assert "**The club is founded**\n\nIt took place.\n" in made.text("index.txt")


def test_a_name_on_two_pages_is_one_warning(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    pages = {"index.md": MAIN.format("").replace("sources", "a\nb\nsources"), "sources.md": SOURCES}
    pages |= {"a.md": f"# A\n\n{milestone()}", "b.md": f"# B\n\n{milestone()}"}
    assert project(pages).build("text").warnings == [
        "docs/b.md:4: WARNING: M009 the milestone name 'founding-2017' is already used at docs/a.md:4 (hint: give this one another name) [handbook.M009]",
    ]


def test_a_fault_in_the_bibliography_is_a_warning_at_its_line(
    project: Callable[[str], Project],
) -> None:
    small = project("citations")
    small.change(small.references / "sources.bib", "{2017-06}", "{June 2017}")
    warnings = small.build("text").warnings
    assert (
        "references/sources.bib:26: WARNING: B006 press2017: date: 'June 2017' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2017-06) [handbook.B006]"
        in warnings
    )


def test_a_catalogue_that_contradicts_itself_stops_the_build(
    project: Callable[[str], Project],
) -> None:
    small = project("citations")
    small.change(small.references / "families.yaml", "ISO 37100:2016", "ISO 37100:2015")
    with pytest.raises(ConfigError) as error:
        small.build("text")
    assert str(error.value) == (
        f"{small.references}/families.yaml:3:13: D104 'ISO 37100:2015' is not in the catalogue"
        " (hint: write a reference as in references/iso/deliverables.jsonl)"
    )
