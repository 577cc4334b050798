"""``{adoptions}`` and ``{countries}``: records as tables."""

from __future__ import annotations

import json

from support.projects import Build, Project


def cells(built: Build, page: str, builder: str = "html") -> list[list[str]]:
    rows = built("records", builder).soup(page).select("table.hb-records tr")
    return [[" ".join(cell.get_text().split()) for cell in row.select("th, td")] for row in rows]


def test_the_home_of_the_records_shows_all_in_the_order_of_the_catalogue(built: Build) -> None:
    assert built("records").warnings == []
    assert cells(built, "index.html") == [
        ["ISO text", "Where", "National number", "Dates", "How close, and what was read"],
        [
            "ISO 37101:2016",
            "Ukraine",
            "DSTU ISO 37101:2019 [CNIS 2019]",
            "approved 21 December 2019; in force from 1 January 2021 [The Daily 2017b], 2021 [CNIS 2019]",
            "identical (IDT), in the foreword",
        ],
        [
            "ISO 37120:2014 (withdrawn)",
            "China",
            "GB/T 36749-2018 [CNIS 2019]",
            "2018 in the number",
            "text in Chinese; inferred; the title is the same",
        ],
        [
            "ISO 37120, edition not named",
            "Brazil",
            "ABNT NBR ISO 37120 [The Daily 2017b]",
            "published by 16 June 2021",
            "–",
        ],
    ]


def test_each_record_has_an_address_to_which_the_other_tables_lead(built: Build) -> None:
    home = built("records").soup()
    assert [row["id"] for row in home.select("tr.hb-record")] == [
        "adoption-ua-dstu-iso-37101-2019",
        "adoption-cn-gb-t-36749-2018",
        "adoption-br-abnt-nbr-iso-37120",
    ]
    china = built("records").soup("china.html")
    address = "index.html#adoption-cn-gb-t-36749-2018"
    assert len(china.select(f'[role=main] a[href="{address}"]')) == 2
    assert china.select('a[href="countries.html#country-cn"]')


def test_an_edition_shows_its_own_and_those_whose_edition_is_not_named(built: Build) -> None:
    rows = cells(built, "edition.html")
    assert [row[0] for row in rows] == ["Where", "Brazil", "China"]
    assert rows[1][3] == "edition not named"
    assert "This handbook knows of none." in built("records").body("edition.html")


def test_each_country_has_its_section(built: Build) -> None:
    page = built("records").soup("countries.html")
    assert [section["id"] for section in page.select("section section")] == [
        "country-br",
        "country-cn",
        "country-ua",
    ]
    links = page.select('p a[href^="#country-"]')
    assert [(link.get_text(), link["href"]) for link in links] == [
        ("Brazil", "#country-br"),
        ("China", "#country-cn"),
        ("Ukraine", "#country-ua"),
    ]


def test_text_and_epub_show_the_same_table(built: Build) -> None:
    assert "GB/T 36749-2018" in built("records", "text").text("index.txt")
    epub, page = cells(built, "index.xhtml", "epub"), cells(built, "index.html")
    assert [row[1:] for row in epub] == [row[1:] for row in page]


def test_what_a_table_cannot_select_is_a_warning(project) -> None:
    here: Project = project(
        {"index.md": "# A\n\n:::{adoptions}\n:standard: ISO 37101\n:country: ua\n:::\n"}
    )
    first, second = here.build().warnings
    assert "R007 'ISO 37101' is not in the catalogue" in first
    assert "R007 no record is of the country 'ua' (hint: use one of BR, CN, UA)" in second


def test_a_record_that_cannot_be_read_is_a_warning_with_its_place(project) -> None:
    here: Project = project("records")
    path = here.references / "records" / "adoptions.yaml"
    here.change(path, "country: UA", "country: Ukraine")
    (line,) = [line for line in here.build().warnings if "R001" in line]
    assert (
        "adoptions.yaml:3: WARNING: R001 'Ukraine' is not the code of a country"
        " (hint: did you mean 'UA'?)" in line
    )


def test_a_page_is_read_again_when_a_record_changes(project) -> None:
    here: Project = project("records")
    here.build()
    path = here.references / "records" / "adoptions.yaml"
    here.change(path, "GB/T 36749-2018", "GB/T 36750-2018")
    assert "GB/T 36750-2018" in here.build().body("china.html")


def test_a_standard_shows_a_title_that_its_record_has_got(project) -> None:
    here: Project = project("records")
    page = (
        "---\norphan: true\n---\n(family-indicators)=\n# P\n\n:::{standard} ISO 37120:2014\n:::\n"
    )
    (here.docs / "page.md").write_text(page, "utf-8")
    title = "城市服务和生活品质的指标"
    assert title not in here.build().body("page.html")
    path = here.references / "records" / "adoptions.yaml"
    here.change(path, "  language: zh", f"  language: zh\n  title: {title}")
    assert title in here.build().body("page.html")


def test_the_home_of_the_places_shows_each_thing_that_a_place_is(built: Build) -> None:
    assert cells(built, "places.html") == [
        ["Place", "What it is", "ISO text", "Dates", "Notes"],
        [
            "Hangzhou (杭州), Zhejiang, China",
            "pilot of ISO 37101",
            "ISO 37101",
            "proposed 30 June 2016",
            "no certificate found [CNIS 2019]",
        ],
        ["Hangzhou (杭州), Zhejiang, China", "club member", "–", "–", "[CNIS 2019]"],
        [
            "Sappada",
            "certificate, CSQA",
            "ISO 37101:2016",
            "since May 2016",
            "level: gold [The Daily 2017b]",
        ],
    ]
    rows = built("records").soup("places.html").select("tr.hb-record")
    assert [row["id"] for row in rows] == ["place-hangzhou", "place-sappada"]


def test_places_are_chosen_by_what_they_are_and_by_the_standard(built: Build) -> None:
    rows = [row[0] for row in cells(built, "certificates.html")]
    assert rows == ["Place", "Sappada", "Place", "Hangzhou (杭州), Zhejiang, China", "Sappada"]
    page = built("records").soup("certificates.html")
    assert len(page.select('[role=main] a[href="places.html#place-sappada"]')) == 3


def test_a_country_shows_its_places_too(built: Build) -> None:
    china = built("records").soup("countries.html").select_one("#country-cn")
    assert [table.select_one("th").get_text() for table in china.select("table")] == [
        "ISO text",
        "Place",
    ]


def test_a_person_stands_with_every_spelling_and_office(built: Build) -> None:
    assert cells(built, "people.html") == [
        ["Person or body", "Body", "Office", "Dates", "Notes"],
        [
            "Ada Chair (艾达)",
            "ISO/TC 268",
            "chair",
            "named June 2016 [CNIS 2019]; 2017 [The Daily 2017b]",
            "the start was not found",
        ],
        ["Ada Chair (艾达)", "ISSCC", "secretary", "–", "[The Daily 2017b]"],
    ]
    club = built("records").soup("club.html")
    assert [cell.get_text() for cell in club.select("table.hb-records th")] == [
        "Person or body",
        "Office",
        "Dates",
        "Notes",
    ]
    assert club.select('[role=main] a[href="people.html#person-ada-chair"]')


def test_meetings_stand_by_date_with_their_number(built: Build) -> None:
    committee = [
        "14–18 May 2018 [CNIS 2019]; May 2018 [The Daily 2017b]",
        "ISO/TC 268 (7); ISO/TC 268/WG 1",
        "The committee meets in Zhuhai",
        "Zhuhai, China",
    ]
    heads = ["Date", "Who met", "Meeting", "Place"]
    assert cells(built, "meetings.html") == [
        heads,
        committee,
        ["2022 [CNIS 2019]", "ISSCC", "The club meets", "–"],
        heads,
        [committee[0], "ISO/TC 268; ISO/TC 268/WG 1", *committee[2:]],
    ]
    links = (
        built("records").soup("meetings.html").select("table.hb-records td a[href='#club-2022']")
    )
    assert len(links) == 1
    assert "ISO/TC 268 (7)" in built("records", "text").text("meetings.txt")


def test_the_source_of_a_record_does_not_touch_its_chinese(built: Build) -> None:
    cells = built("records", language="zh_CN").soup("meetings.html").select("td")
    said = [cell.get_text().partition("[")[0] for cell in cells if cell.select(".bibtex-citation")]
    assert {one[-1:] for one in said} == {" "}


def test_years_lead_to_the_first_meeting_of_each(built: Build) -> None:
    page = built("records").soup("meetings.html")
    links = [str(link["href"]) for link in page.select(".hb-letters a")]
    assert links == ["#meetings-2018", "#meetings-2022"]
    assert [len(page.select(f"tr{link}")) for link in links] == [1, 1]


def test_a_meeting_says_below_its_story_who_met(built: Build) -> None:
    page = built("records").soup("meetings.html")
    assert [found.get_text() for found in page.select(".hb-milestone-foot .hb-meeting")] == [
        "Meeting of: ISO/TC 268, number 7; ISO/TC 268/WG 1.",
        "Meeting of: ISSCC.",
    ]


def test_a_table_of_meetings_that_selects_nothing_is_a_warning(project) -> None:
    here: Project = project({"index.md": "# A\n\n:::{meetings}\n:body: ISSCC\n:::\n"})
    (line,) = here.build().warnings
    assert "R007 no meeting has the body 'ISSCC' (hint: add :kind: meeting" in line
    assert "This handbook knows of none." in here.build().body()


def test_the_map_of_adoptions_is_left_to_those_who_see_and_leads_to_countries(built: Build) -> None:
    page = built("records").soup()
    (figure,) = page.select("figure.hb-map-frame")
    assert figure.svg["aria-hidden"] == "true"
    assert "no borders are drawn. The table below" in figure.figcaption.get_text()
    assert [(link["href"], link["tabindex"]) for link in figure.select("a")] == [
        ("countries.html#country-br", "-1"),
        ("countries.html#country-cn", "-1"),
        ("countries.html#country-ua", "-1"),
    ]
    rows = {row["id"] for row in page.select("table.hb-filtered tr[id]")}
    assert {link["data-rows"] for link in figure.select("a")} == rows
    choices = page.select("form.hb-filter select[name=standard] option")
    assert [choice.get_text() for choice in choices] == ["all", "ISO 37101", "ISO 37120"]


def linked(built: Build, page: str) -> dict[str, dict[str, object]]:
    """What search engines read of a page, by address."""
    (script,) = built("records").soup(page).select('script[type="application/ld+json"]')
    return {one["@id"]: one for one in json.loads(script.string)["@graph"] if "@id" in one}


def test_search_engines_read_places_people_and_meetings(built: Build) -> None:
    places = linked(built, "places.html")
    assert places["#place-hangzhou"] == {
        "@type": "Place",
        "@id": "#place-hangzhou",
        "name": "Hangzhou",
        "alternateName": "杭州",
        "address": {"@type": "PostalAddress", "addressCountry": "CN"},
        "geo": {"@type": "GeoCoordinates", "latitude": 30.25, "longitude": 120.17},
    }
    assert "geo" not in places["#place-sappada"]
    (person,) = linked(built, "people.html").values()
    assert (person["@type"], person["name"], person["alternateName"]) == (
        "Person",
        "Ada Chair",
        ["艾达"],
    )
    role = {"@type": "OrganizationRole", "roleName": "secretary"}
    body = {"@type": "Organization", "name": "ISSCC"}
    assert person["memberOf"][1] == role | {"memberOf": body}
    meetings = linked(built, "meetings.html")
    assert (meetings["#club-2022"]["@type"], meetings["#club-2022"]["organizer"]) == (
        "Event",
        [body],
    )
    assert linked(built, "certificates.html") == {}
