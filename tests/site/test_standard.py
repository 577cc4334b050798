"""``{standard}``: the facts of the catalogue at the head of a deliverable's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handbook.outputs import stage_track
from support.projects import Build, Project


def facts(built: Build, slug: str) -> dict[str, str]:
    names = built("standard").soup(f"standards/{slug}.html").select(".hb-facts dt")
    return {
        name.get_text().rstrip(":"): name.find_next_sibling("dd").get_text().strip()
        for name in names
    }  # type: ignore[union-attr]


def banner(built: Build, slug: str) -> str | None:
    found = (
        built("standard")
        .soup(f"standards/{slug}.html")
        .select_one(".hb-standard .admonition.warning > p:last-child")
    )
    return found and found.get_text()


def test_a_standard_shows_all_its_facts(built: Build) -> None:
    assert facts(built, "iso-37101-2016") == {
        "Reference": "ISO 37101:2016",
        "Title": "Management system",
        "French title": "Système de management",
        "Status": "confirmed stage 90.93 (International Standard confirmed), as of 2 June 2025",
        "Published": "July 2016",
        "Edition": "1",
        "Committee": "ISO/TC 268, Sustainable cities and communities",
        "ICS": "03.100.70, 13.020.20",
        "Family": "Management system",
        "Amended by": "ISO 37101:2016/Amd 1:2024",
        "Built on by": "ISO 37120:2018",
        "Read it": "ISO’s page of the document",
        "Source": "[ISO 2025]",
    }
    assert banner(built, "iso-37101-2016") is None


def test_a_withdrawn_edition_says_so_at_once_and_names_its_successor(built: Build) -> None:
    assert (
        banner(built, "iso-37120-2014")
        == "This edition is withdrawn. Its successor: ISO 37120:2018."
    )
    page = built("standard").body("standards/iso-37120-2014.html")
    assert (
        '<a class="reference internal" href="iso-37120-2018.html#iso-37120-2018"><span>ISO 37120:2018</span></a>.</p>'
        in page
    )
    assert '<span class="hb-badge hb-state-withdrawn">withdrawn</span> stage 95.99' in page
    assert '<time class="hb-date" datetime="2014-05">May 2014</time>' in page


def test_relations_stand_on_both_sides(built: Build) -> None:
    assert {
        name: facts(built, "iso-37120-2018")[name]
        for name in ("Replaces", "Builds on", "Supplemented by")
    } == {
        "Replaces": "ISO 37120:2014 (withdrawn)",
        "Builds on": "ISO 37101:2016",
        "Supplemented by": "ISO 37122:2019",
    }
    assert facts(built, "iso-37101-2016-amd-1-2024")["Amends"] == "ISO 37101:2016"
    assert facts(built, "iso-37120-2014")["Replaced by"] == "ISO 37120:2018"


def test_what_is_not_published_says_so_and_does_not_yet_replace_anything(built: Build) -> None:
    assert (banner(built, "iso-dis-37100") or "").startswith(
        "On 2 June 2025 this was not published."
    )
    assert "Published" not in facts(built, "iso-dis-37100")
    # ISO has a French title for some projects only.
    assert "French title" not in facts(built, "iso-dis-37100")
    old = facts(built, "iso-37100-2016")
    assert old["To be replaced by"] == "ISO/DIS 37100 (draft)"
    assert "Replaced by" not in old
    assert banner(built, "iso-37100-2016") is None


def test_stages_are_called_observed(built: Build) -> None:
    assert (
        facts(built, "iso-37100-2016")["Stages observed"]
        == "90.20 on 18 January 2024; 90.92 on 2 June 2025"
    )


def test_html_links_to_family_page_and_iso(built: Build) -> None:
    page = built("standard").body("standards/iso-37101-2016.html")
    assert (
        '<a class="reference internal" href="../families.html#family-management-system"><span class="std std-ref">'
        in page
    )
    assert (
        '<a class="reference external" href="https://www.iso.org/standard/61885.html">ISO’s page of the document</a>'
        in page
    )
    assert '<span lang="fr">Système de management</span>' in page


def test_its_slug_is_a_label(built: Build) -> None:
    links = {
        link.get_text(): link["href"]
        for link in built("standard").soup().select("section > p a.internal")
    }
    assert links == {
        "the text": "standards/iso-37101-2016.html#iso-37101-2016",
        "ISO 37120:2014": "standards/iso-37120-2014.html#iso-37120-2014",
    }


def test_latex_has_label_index_entry_banner_and_links(built: Build) -> None:
    tex = built("standard", "latex").tex
    assert r"\label{\detokenize{standards/iso-37120-2014:iso-37120-2014}}" in tex
    assert r"\index{ISO 37120:2014@\spxentry{ISO 37120:2014}}" in tex
    assert (
        r"This edition is withdrawn. Its successor: "
        r"{\hyperref[\detokenize{standards/iso-37120-2018:iso-37120-2018}]{\sphinxcrossref{ISO 37120:2018}}}."
    ) in tex
    assert (
        r"{[}withdrawn{]} stage 95.99 (Withdrawal of International Standard), as of 2 June 2025"
        in tex
    )
    assert (
        r"\sphinxhref{https://www.iso.org/standard/62436.html}{ISO’s page of the document}" in tex
    )


def test_a_heading_of_other_words_leaves_the_anchor_to_the_box(built: Build) -> None:
    page = built("catalogue").soup("standards/iso-37101-2016.html").select_one("#iso-37101-2016")
    assert page
    assert page.name == "div"
    assert (
        r"\phantomsection\label{\detokenize{standards/iso-37101-2016:iso-37101-2016}}\begin{quote}"
        in built("catalogue", "latex").tex
    )


def test_a_served_page_answers_first_and_folds_the_record(built: Build) -> None:
    soup = built("standard").soup("standards/iso-37120-2018.html")
    box = soup.select_one("#iso-37120-2018 .hb-glance") or soup.select_one(".hb-glance")
    assert box
    facts = [" ".join(fact.get_text().split()) for fact in box.select(".hb-four p")]
    assert facts == [
        "Status current 60.60",
        "Published July 2018",
        "Kind of text International Standard",
        "Get it ISO’s page",
    ]
    kin = [" ".join(line.get_text().split()) for line in box.select(".hb-kin p")]
    assert kin == [
        "Replaces ISO 37120:2014 (withdrawn)",
        "Builds on ISO 37101:2016",
        "Supplemented by ISO 37122:2019",
    ]
    record = soup.select_one("details.hb-record")
    assert record
    assert record.select_one("summary").get_text() == "Catalogue record"  # type: ignore[union-attr]
    assert record.select(".hb-facts dt")


def test_other_builders_have_the_whole_record_and_nothing_twice(built: Build) -> None:
    tex = built("standard", "latex").tex
    assert "Kind of text" not in tex
    assert "Catalogue record" not in tex


def test_the_title_is_set_as_reference_and_name(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    pages = {
        "index.md": "# Home\n\n:::{toctree}\nstandards/iso-37101-2016\n:::\n",
        "standards/iso-37101-2016.md": "# ISO 37101:2016: management system\n\n"
        ":::{standard} ISO 37101:2016\n:::\n\n(family-management-system)=\n## More\n",
    }
    made = project(pages).build()
    head = made.soup("standards/iso-37101-2016.html").select_one("h1")
    assert head
    assert head.select_one(".hb-kicker").get_text() == "ISO 37101:2016"  # type: ignore[union-attr]
    assert head.get_text().startswith("ISO 37101:2016: Management system")
    assert "ISO 37101:2016: management system" in made.soup().get_text()


def test_the_way_through_the_stages_is_drawn_with_what_was_observed(built: Build) -> None:
    track = built("standard").soup("standards/iso-37120-2018.html").select_one(".hb-track svg")
    assert track
    assert track.title
    assert track.title.get_text() == "Stage 60.60 on ISO's way from 00 to 95"
    words = [one.get_text() for one in track.select("text")]
    assert words[-1] == "60.60"
    assert [word for word in words if len(word) == 2] == [*stage_track.STOPS]
    assert "svg" not in built("standard", "latex").tex
