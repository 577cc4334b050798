"""``{catalogue}`` and ``{relations}``: tables, graphs and lists made from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from handbook.sphinxext.catalogue_blocks import _beginnings
from support.projects import Build, Project

ALL = [
    "ISO 37100:2016",
    "ISO/DIS 37100",
    "ISO 37101:2016",
    "ISO 37101:2016/Amd 1:2024",
    "ISO 37120:2014",
    "ISO 37120:2018",
    "ISO 37122:2019",
    "ISO 37155-1:2020",
]


@pytest.mark.parametrize(
    ("page", "references"),
    [
        ("index", ALL),
        ("family", ["ISO 37120:2014", "ISO 37120:2018", "ISO 37122:2019"]),
        ("committee", ["ISO 37155-1:2020"]),
        ("withdrawn", ["ISO 37120:2014"]),
    ],
)
def test_the_table_has_the_chosen_deliverables_in_the_order_of_their_numbers(
    built: Build, page: str, references: list[str]
) -> None:
    rows = (
        built("catalogue").soup(f"{page}.html").select("table.hb-catalogue tbody tr:not(.hb-group)")
    )
    assert [row.td.get_text() for row in rows] == references  # type: ignore[union-attr]


def test_a_row_says_all_in_words(built: Build) -> None:
    table = built("catalogue").soup().select_one("table.hb-catalogue.hb-wide")
    assert table
    heads = [head.get_text() for head in table.select("th")]
    row = [cell.get_text() for cell in table.select("tbody tr:not(.hb-group)")[4].find_all("td")]
    assert dict(zip(heads, row, strict=True)) == {
        "Reference": "ISO 37120:2014",
        "Title": "Indicators",
        "Committee": "ISO/TC 268",
        "Status": "withdrawn 95.99",
        "Published": "May 2014",
    }
    draft = [cell.get_text() for cell in table.select("tbody tr:not(.hb-group)")[1].find_all("td")]
    assert draft[3:] == ["draft 40.60", "–"]


def test_a_line_with_its_name_stands_above_each_family_and_what_is_withdrawn_can_fold(
    built: Build,
) -> None:
    table = built("catalogue").soup().select_one("table.hb-wide")
    assert table
    names = [row.get_text(strip=True) for row in table.select("tr.hb-group")]
    assert names == ["Vocabulary", "Management system", "Indicators", "Infrastructure"]
    gone = table.select("tr.hb-gone")
    assert [row.td.get_text() for row in gone] == ["ISO 37120:2014"]  # type: ignore[union-attr]
    # A table of what is withdrawn folds nothing.
    assert not built("catalogue").soup("withdrawn.html").select("tr.hb-gone")


def test_the_filter_counts_what_there_is_of_each(built: Build) -> None:
    form = built("catalogue").soup().select_one("form.hb-filter")
    assert form
    chips = {
        label.input["value"]: label.get_text()  # type: ignore[index]
        for label in form.select(".hb-chips label")
        if label.input and label.input["name"] == "family"
    }
    assert chips["Indicators"] == "Indicators 3"


def test_a_family_needs_no_columns_for_committee_and_family(built: Build) -> None:
    table = built("catalogue").soup("family.html").select_one("table.hb-catalogue:not(.hb-wide)")
    assert table
    assert [head.get_text() for head in table.select("th")] == [
        "Reference",
        "Title",
        "Status",
        "Published",
    ]


def test_html_links_to_a_page_where_there_is_one_and_to_iso_otherwise(built: Build) -> None:
    page = built("catalogue").body()
    assert (
        '<a class="reference internal" href="standards/iso-37101-2016.html#iso-37101-2016"><span>ISO 37101:2016</span></a>'
        in page
    )
    assert (
        '<a class="reference external" href="https://www.iso.org/standard/71914.html"><span>ISO 37100:2016</span></a>'
        in page
    )


def test_html_names_day_source_and_files(built: Build) -> None:
    soup = built("catalogue").soup()
    note, files = soup.select_one(".hb-as-of"), soup.select_one(".hb-downloads")
    assert note
    assert files
    assert note.get_text() == "As of 2 June 2025. Source: [ISO 2025]"
    assert [link["href"] for link in files.select("a")] == [
        "data/deliverables.csv",
        "data/deliverables.json",
    ]
    assert not built("catalogue").soup("family.html").select(".hb-downloads")


def test_latex_and_text_have_the_table_without_files_that_are_not_there(built: Build) -> None:
    tex = built("catalogue", "latex").tex
    assert r"\sphinxhref{https://www.iso.org/standard/62436.html}{ISO 37120:2014}" in tex
    assert r"{[}withdrawn{]}" in tex
    text = built("catalogue", "text").text("index.txt")
    assert "[withdrawn]" in text
    assert "deliverables.csv" not in tex + text


def test_relations_are_drawn_and_listed(built: Build) -> None:
    soup = built("relations").soup("family.html")
    frame = soup.select_one(
        ".hb-graph-frame[role=region][tabindex='0'][aria-label='Relation graph']"
    )
    assert frame
    assert len(frame.select("svg path[marker-end]")) == 3
    soup = built("relations").soup()
    assert [item.get_text() for item in soup.select(".hb-relations li")] == [
        "ISO/DIS 37100 is to replace ISO 37100:2016 [ISO 2025]",
        "ISO 37101:2016/Amd 1:2024 amends ISO 37101:2016 [ISO 2025]",
        "ISO 37120:2018 builds on ISO 37101:2016 [CNIS 2019]",
        "ISO 37120:2018 replaces ISO 37120:2014 [ISO 2025]",
        "ISO 37122:2019 supplements ISO 37120:2018 [ISO 2025]",
    ]


def test_boxes_of_the_graph_link_to_pages(built: Build) -> None:
    links = {
        link.select_one("text").get_text(): link["href"]
        for link in built("relations").soup("family.html").select("svg a")
    }  # type: ignore[union-attr]
    assert links["ISO 37120:2018"] == "https://www.iso.org/standard/68498.html"


def test_the_whole_catalogue_shows_lifelines_and_folds_the_list(built: Build) -> None:
    soup = built("relations").soup()
    assert not soup.select(".hb-graph")
    lines = soup.select(".hb-lives .hb-lifelines svg")
    assert [one.title.get_text() for one in lines if one.title] == [
        "Lifelines: Vocabulary",
        "Lifelines: Management system",
        "Lifelines: Indicators",
        "Lifelines: Infrastructure",
    ]
    links = {
        link.title.get_text().partition(" (")[0]: link["href"]
        for line in lines
        for link in line.select("a")
        if link.title
    }
    assert links["ISO 37101:2016"] == "standards/iso-37101-2016.html"
    assert links["ISO 37120:2018"] == "https://www.iso.org/standard/68498.html"
    assert soup.select_one("details .hb-relations")
    assert soup.select(".hb-key .hb-badge")


def test_a_family_without_relations_says_so(built: Build) -> None:
    assert "<p>This handbook knows of no relation between its members.</p>" in built(
        "relations"
    ).body("alone.html")


def test_latex_and_text_have_the_list_alone(built: Build) -> None:
    tex = built("relations", "latex").tex
    assert (
        r"{\hyperref[\detokenize{standards/iso-37101-2016:iso-37101-2016}]{\sphinxcrossref{ISO 37101:2016}}}"
        in tex
    )
    assert "svg" not in tex
    assert built("relations", "text").text("family.txt") == (
        "Indicators\n**********\n\n"
        "* ISO 37120:2018 builds on ISO 37101:2016 [CNIS 2019]\n\n"
        "* ISO 37120:2018 replaces ISO 37120:2014 [ISO 2025]\n\n"
        "* ISO 37122:2019 supplements ISO 37120:2018 [ISO 2025]\n"
    )


def test_a_row_begins_with_the_name_its_page_gives_and_shortens_iso_s_title(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    pages = {
        "index.md": "# Home\n\n:::{catalogue}\n:family: indicators\n:::\n\n:::{toctree}\none\n:::\n",
        "one.md": "# ISO 37120:2018: what to count\n\n:::{standard} ISO 37120:2018\n:::\n\n"
        "(family-indicators)=\n## More\n",
    }
    made = project(pages)

    def cells() -> list[str]:
        rows = made.build().soup().select("table.hb-catalogue tbody tr")
        return [row.find_all("td")[1].get_text() for row in rows]

    first = cells()
    assert first[:2] == ["Indicators", "What to count. Indicators"]
    # The table follows the page's title.
    (made.docs / "one.md").write_text(
        pages["one.md"].replace("what to count", "what a city counts"), "utf-8"
    )
    assert cells()[1] == "What a city counts. Indicators"


def test_words_that_many_titles_begin_with_are_left_out() -> None:
    titles = ["Smart - One", "Smart — Two", "Smart--Three", "Own - Four", "Five"]
    assert _beginnings(titles) == {"Smart"}
