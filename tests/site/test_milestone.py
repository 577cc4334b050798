"""``{milestone}``: what it prints where the story stands, and that its name is an anchor."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from support.projects import Build, Project


def test_html_is_an_article_named_by_its_title(built: Build) -> None:
    page = built("milestone").body()
    article = built("milestone").soup().select_one("article.hb-milestone#secretariat-2019")
    assert article
    assert article["aria-labelledby"] == "secretariat-2019-title"
    assert (
        '<time class="hb-date" datetime="2019-01-14">14 January 2019</time>'
        ' <strong id="secretariat-2019-title">The secretariat settles in <em>Jianggan</em></strong>'
        ' <span class="hb-badge hb-strand-club">Club</span> <span class="hb-badge hb-strand-hangzhou">Hangzhou</span></p>'
    ) in page
    assert [paragraph.get_text() for paragraph in article.find_all("p", recursive=False)] == [
        "14 January 2019 The secretariat settles in Jianggan Club Hangzhou",
        "A signing ceremony [The Daily 2017b] was held.",
        "It has a second paragraph.",
        "Place: Jianggan District, Hangzhou. Sources: [CNIS 2019, The Daily 2017b]",
    ]


def test_html_shows_doubt_in_words(built: Build) -> None:
    page = built("milestone").body()
    assert '<span class="hb-date">about June 2017</span>' in page
    assert '<span class="hb-badge hb-status-disputed">disputed</span>' in page
    assert "happened" not in page


def test_html_says_which_source_gives_another_date_or_none(built: Build) -> None:
    foot = built("milestone").soup().select_one("#founding-2017 .hb-milestone-foot")
    assert foot
    assert (
        foot.get_text()
        == "Sources: [The Daily 2017a, The Daily 2017b]. Other dates: 29 June 2017 [The Daily 2017b]. Without a date: [The Daily 2017a]"
    )
    assert [time["datetime"] for time in foot.select("time")] == ["2017-06-29"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            "cnis2019=2017-06-29",
            "Sources: [CNIS 2019, The Daily 2017b]. Other dates: 29 June 2017 [CNIS 2019]",
        ),
        # what two sources give is one date
        (
            "cnis2019=2017-06-29 press2017=2017-06-29",
            "Sources: [CNIS 2019, The Daily 2017b]. Other dates: 29 June 2017 [CNIS 2019, The Daily 2017b]",
        ),
    ],
)
def test_html_names_sources_beside_the_other_date_that_they_give(
    project: Callable[[str | Mapping[str, str]], Project], given: str, told: str
) -> None:
    page = f"""# Page

:::{{milestone}} The club is founded
:name: club-founding-2017
:date: 2017-06
:strands: club
:sources: cnis2019 press2017
:given: {given}
It has members.
:::

:::{{bibliography}}
:::
"""
    foot = project({"index.md": page}).build().soup().select_one(".hb-milestone-foot")
    assert foot
    assert foot.get_text() == told


def test_html_interval_has_no_datetime_which_html_could_not_read(built: Build) -> None:
    assert (
        '<span class="hb-date">14–18 May 2018</span> <strong id="pilot-2018-title">'
        in built("milestone").body()
    )


def test_html_links_by_label_and_by_role_reach_the_name(built: Build) -> None:
    links = {
        link.get_text(): link["href"]
        for link in built("milestone").soup().select("section > p > a.internal")
    }
    assert links == {"the founding": "#founding-2017", "the ceremony": "#secretariat-2019"}


def test_latex_has_a_label_bracketed_badges_and_links(built: Build) -> None:
    tex = built("milestone", "latex").tex
    assert (
        "\\phantomsection\\label{\\detokenize{index:secretariat-2019}}\\begin{quote}\n\n\\sphinxAtStartPar\n"
        r"14 January 2019 \sphinxstylestrong{The secretariat settles in \sphinxstyleemphasis{Jianggan}} {[}Club{]} {[}Hangzhou{]}"
    ) in tex
    assert r"\sphinxstylestrong{The club is founded} {[}Club{]} {[}disputed{]}" in tex
    assert (
        r"{\hyperref[\detokenize{index:founding-2017}]{\sphinxcrossref{\DUrole{std}{\DUrole{std-ref}{the founding}}}}}"
        in tex
    )
    assert (
        r"\DUrole{hb-where}{Place: Jianggan District, Hangzhou.} Sources: \DUrole{bibtex-citation}{{[}\hyperlink{cite.index:"
        in tex
    )


def test_text_has_bracketed_badges(built: Build) -> None:
    text = built("milestone", "text").text("index.txt")
    assert (
        "14–18 May 2018 **The pilot runs** [Standards] [Neighbours]\n\nIt took place.\n\nSources: [The Daily 2017a, The Daily 2017b]\n"
        in text
    )


def test_its_name_is_in_the_inventory_for_other_projects(built: Build) -> None:
    import zlib

    data = (built("milestone").out / "objects.inv").read_bytes().split(b"\n", 4)[4]
    assert (
        "secretariat-2019 handbook:milestone 1 index.html#$ The secretariat settles in Jianggan\n"
        in zlib.decompress(data).decode()
    )
