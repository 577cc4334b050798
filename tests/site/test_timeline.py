"""``{timeline}``: all milestones of all pages and the publications of standards, by date, in plain lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from support.projects import Build

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.projects import Project


def lines(built: Build, page: str) -> dict[str, list[str]]:
    """The text of each line, by the year it stands under."""
    return {
        str(year.get_text()): [
            item.get_text(" ", strip=True) for item in year.find_next_sibling("ol").find_all("li")
        ]  # type: ignore[union-attr]
        for year in built("timeline").soup(page).select("h2.hb-year")
    }


def test_milestones_and_publications_stand_in_the_order_of_their_dates(built: Build) -> None:
    assert lines(built, "index.html") == {
        "2014": [
            "May 2014 ISO 37120:2014 is published Standards [ ISO 2025 ]",
            "by 9 May 2014 The old office stays open Club [ The Daily 2017a ]",
        ],
        "2016": [
            "July 2016 ISO 37101:2016 is published Standards [ ISO 2025 ]",
            "December 2016 ISO 37100:2016 is published Standards [ ISO 2025 ]",
        ],
        "2018": [
            "May 2018 to February 2019 The pilot runs Hangzhou [ The Daily 2017a , The Daily 2017b ]",
            "July 2018 ISO 37120:2018 is published Standards [ ISO 2025 ]",
        ],
        "2019": [
            "2019 A meeting is planned Committee planned [ The Daily 2017b ]",
            "14 January 2019 The secretariat settles in Jianggan Club Hangzhou [ CNIS 2019 ]",
            "May 2019 ISO 37122:2019 is published Standards [ ISO 2025 ]",
        ],
        "2020": ["May 2020 ISO 37155-1:2020 is published Standards [ ISO 2025 ]"],
        "2024": ["23 February 2024 ISO 37101:2016/Amd 1:2024 is published Standards [ ISO 2025 ]"],
    }


def test_strands_select_milestones_that_have_one_of_them(built: Build) -> None:
    assert lines(built, "strand.html") == {
        "2014": ["by 9 May 2014 The old office stays open Club [ The Daily 2017a ]"],
        "2019": ["14 January 2019 The secretariat settles in Jianggan Club Hangzhou [ CNIS 2019 ]"],
    }


def test_html_is_a_list_that_says_strands_and_status(built: Build) -> None:
    page = built("timeline").body()
    assert '<h2 class="hb-year rubric" id="year-2019">2019</h2> <ol class="hb-timeline">' in page
    items = BeautifulSoup(page, "html.parser").select("ol.hb-timeline > li")
    data = [{key[5:]: item[key] for key in item.attrs if key != "id"} for item in items]
    [opened] = [item for item in items if item.select('time[datetime="2019-01-14"]')]
    strands = [badge["class"][1] for badge in opened.select(".hb-badge")]
    assert strands == ["hb-strand-club", "hb-strand-hangzhou"]
    # A whole date tells by itself that it is drawn as a point.
    assert "data-look" not in opened.attrs
    # Days since 1 January 1970, where the list has no exact date.
    assert [one["span"] for one in data if "span" in one] == ["16199", "17652,17955"]
    assert {one.get("kind") for one in data} == {None, "publication"}


def test_html_links_to_the_story_and_to_the_page_of_a_published_standard(built: Build) -> None:
    links = {
        link.get_text(): link["href"]
        for link in built("timeline").soup().select(".hb-timeline p > a")
    }
    assert links == {
        "The old office stays open": "club.html#office-2014",
        "The pilot runs": "club.html#pilot-2018",
        "A meeting is planned": "club.html#meeting-2019",
        "The secretariat settles in Jianggan": "club.html#secretariat-2019",
        "ISO 37101:2016 is published": "standards/iso-37101-2016.html#iso-37101-2016",
    }


def test_dirhtml_links_from_folder_to_folder(built: Build) -> None:
    assert 'href="../club/#secretariat-2019"' in built("timeline", "dirhtml").body(
        "strand/index.html"
    )


def test_latex_has_years_and_links(built: Build) -> None:
    tex = built("timeline", "latex").tex
    assert "\\section*{2019}\n\\begin{itemize}" in tex
    assert (
        r"14 January 2019 {\hyperref[\detokenize{club:secretariat-2019}]{\sphinxcrossref{The secretariat settles in Jianggan}}}"
        r" {[}Club{]} {[}Hangzhou{]} \DUrole{bibtex-citation}{{[}\hyperlink{cite.bibliography:"
    ) in tex
    assert (
        r"2019 {\hyperref[\detokenize{club:meeting-2019}]{\sphinxcrossref{A meeting is planned}}} {[}Committee{]} {[}planned{]}"
        in tex
    )


def test_text_has_years(built: Build) -> None:
    text = built("timeline", "text").text("strand.txt")
    assert (
        "-[ 2019 ]-\n\n* 14 January 2019 The secretariat settles in Jianggan [Club]\n  [Hangzhou] [CNIS 2019]\n"
        in text
    )


def test_markup_in_a_title_stays_on_its_page(built: Build) -> None:
    """Lists, feeds and the inventory show the words alone."""
    assert "*" not in (built("milestone").out / "data" / "milestones.csv").read_text("utf-8")


def test_a_page_shows_its_events_as_a_strip_where_its_sections_begin(
    project: Callable[..., Project],
) -> None:
    event = """:::{{milestone}} Something happens
:name: event-{0}
:date: {0}
:strands: club
:sources: cnis2019
It happens.
:::
"""
    pages = {
        "index.md": "# Home\n\n```{toctree}\none\ntwo\nlist\n```\n",
        "one.md": f"# One\n\nThe answer.\n\n## A section\n\n{event.format(2016)}",
        "two.md": f"# Two\n\nThe answer.\n\n## A section\n\n{event.format(2017)}\n{event.format(2018)}",
        "list.md": "(timeline)=\n# List\n\n:::{timeline}\n:overview: 2012\n:::\n",
    }
    built = project(pages).build()
    assert not built.soup("one.html").select(".hb-page-events")
    [strip] = built.soup("two.html").select(".hb-page-events")
    assert strip.find_previous_sibling("p").text == "The answer."
    assert strip.find_next_sibling("section").h2.text.startswith("A section")
    assert [mark["href"] for mark in strip.select("svg a")] == ["#event-2017", "#event-2018"]
    assert [link["href"] for link in strip.select("figcaption a")] == [
        "list.html?page=two",
        "data/timeline/page-two.ics",
        "data/timeline/page-two.atom",
    ]
