"""The real handbook in a real browser: nothing foreign, nothing hidden from keyboards and screen readers, filters that work.

``conftest`` builds and serves the handbook and starts the browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from support.browser import open_page, served
from support.projects import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = (
    "index",
    "timeline",
    "standards/catalogue",
    "standards/iso-37101-2016",
    "standards/iso-37120-2014",
    "standards/families/indicators",
    "hangzhou/naming",
    "club/index",
    "committee/members",
    "bibliography",
    "glossary",
    "data",
    "claims",
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_other_host_for_anything(
    site: tuple[str, Path], browser: Browser, name: str
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site[0]}/{name}.html", wait_until="load")
    page.close()
    assert [url for url in asked if not url.startswith((site[0], "data:"))] == []


def test_no_page_names_a_foreign_resource(site: tuple[str, Path]) -> None:
    loads = re.compile(
        r'<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc="(?:https?:)?//|<link\b(?![^>]*rel="(?:canonical|license)")[^>]*\bhref="(?:https?:)?//'
    )
    pages = list(site[1].rglob("*.html"))
    assert len(pages) > 100
    assert [str(path) for path in pages if loads.search(path.read_text("utf-8"))] == []
    styles = list(site[1].rglob("*.css"))
    assert [
        str(path)
        for path in styles
        if re.search(r"url\(['\"]?(?:https?:)?//|@import", path.read_text("utf-8"))
    ] == []


def test_the_timeline_is_complete_without_javascript(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/timeline.html", java_script_enabled=False)
    assert page.locator("ol.hb-timeline > li").count() > 180
    assert (
        page.locator("ol.hb-timeline > li:visible").count()
        == page.locator("ol.hb-timeline > li").count()
    )
    assert page.locator(".hb-filter:visible").count() == 0
    page.context.close()


def test_a_screen_reader_meets_years_in_order_and_each_event_with_its_date_link_and_strand(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/timeline.html")
    tree = page.locator("[role=main]").aria_snapshot()
    years = [int(year) for year in re.findall(r'heading "(\d{4})" \[level=2\]', tree)]
    assert years == sorted(years)
    assert len(years) > 12
    assert '- group "The timeline at a glance' in tree
    item = re.search(r"- listitem:\n(?:.*\n)*?.*14 January 2019.*\n(?:.*\n){0,8}", tree)
    assert item
    assert "Jianggan is presented as the base of the club's secretariat" in item[0]
    page.context.close()


def test_the_timeline_filters_and_keeps_its_state_in_the_address(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/timeline.html")
    whole = page.locator("ol.hb-timeline > li:visible").count()
    page.get_by_label("Hangzhou", exact=True).uncheck()
    page.locator("select[name=status]").select_option("disputed")
    page.locator(".hb-filter [name=q]").fill("pilot")
    page.wait_for_url("**/timeline.html?*q=pilot")
    shown = page.locator("ol.hb-timeline > li:visible").count()
    assert 0 < shown < whole
    assert page.locator(".hb-filter [role=status]").inner_text() == f"{shown} of {whole} shown"
    address = page.url
    again = open_page(browser, address)
    assert again.locator("ol.hb-timeline > li:visible").count() == shown
    again.get_by_role("button", name="Show all").click()
    again.wait_for_url("**.html")
    assert again.locator("ol.hb-timeline > li:visible").count() == whole
    page.context.close()
    again.context.close()


def test_the_catalogue_filters_sorts_and_keeps_its_state_in_the_address(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/standards/catalogue.html")
    rows = page.locator("table.hb-wide tbody tr:not(.hb-group):visible")
    assert rows.count() == 87  # without what is withdrawn
    page.get_by_role("radio", name="withdrawn").check(force=True)
    assert rows.count() == 6
    page.get_by_role("button", name="Published").click()
    dates = rows.locator("time").evaluate_all("times => times.map(time => time.dateTime)")
    assert dates == sorted(dates)
    assert page.locator("th[aria-sort=ascending]").inner_text().startswith("Published")
    again = open_page(browser, page.url)
    assert again.locator("table.hb-wide tbody tr:not(.hb-group):visible").count() == 6
    page.context.close()
    again.context.close()


def test_the_catalogue_is_complete_without_javascript(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/standards/catalogue.html", java_script_enabled=False)
    assert page.locator("table.hb-wide tbody tr:not(.hb-group):visible").count() == 93
    page.context.close()


@pytest.mark.parametrize(
    ("name", "word", "left"),
    [
        ("glossary", "认可", "Accreditation"),
        ("names", "Kindoz", "Bernard Gindroz"),
        ("names", "孝义", "Xiaoyi"),
        ("bibliography", "borneo", "Borneo Post 2023"),
    ],
)
def test_a_list_is_narrowed_to_the_words_and_led_through_by_letters(
    site: tuple[str, Path], browser: Browser, name: str, word: str, left: str
) -> None:
    page = open_page(browser, f"{site[0]}/{name}.html")
    for bar in page.locator(".hb-letters").all():
        links = bar.locator("a").all()
        assert len(links) > 5
        for link in links:
            place = page.locator(f"[id='{(link.get_attribute('href') or '')[1:]}']")
            first = link.inner_text()[0]
            assert place.is_visible()
            assert re.match(f"{first}|.*[({first}]", place.inner_text()), (
                first,
                place.inner_text(),
            )
    query = page.locator(".hb-in-list input[name=q]")
    query.fill(word)
    shown = page.locator("article").get_by_text(left).filter(visible=True)
    assert shown.count() > 0
    count = page.locator(".hb-in-list [role=status]")
    assert 1 <= int(count.inner_text().split()[0]) < 10
    query.fill("")
    assert count.inner_text().split()[0] == count.inner_text().split()[2]
    page.context.close()


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ({}, {"ABNT 2017", "Borneo Post 2023", "g1 2022"}),
        ({"kind": "press", "q": "borneo"}, {"Borneo Post 2023"}),
        ({"language": "pt", "q": "2022"}, {"g1 2022"}),
        ({"language": "pt", "q": "borneo"}, set()),
        ({"kind": "none such"}, {"ABNT 2017", "Borneo Post 2023", "g1 2022"}),
    ],
)
def test_the_index_of_sources_is_narrowed_by_kind_and_language(
    site: tuple[str, Path], browser: Browser, choice: dict[str, str], left: set[str]
) -> None:
    address = f"{site[0]}/bibliography.html?{urlencode(choice)}"
    page = open_page(browser, address)
    if choice.get("q"):
        page.locator(".hb-source-index a:has(.hb-title)").first.wait_for(state="attached")
    shown = page.locator(".hb-source-index a:visible").all_inner_texts()
    names = ("ABNT 2017", "Borneo Post 2023", "g1 2022")
    assert {name for name in names for one in shown if f"{one} ".startswith(f"{name} ")} == left
    count = page.locator(".hb-in-list [role=status]").inner_text()
    whole = page.locator(".hb-source-index a").count()
    assert count == f"{page.locator('.hb-source-index a:visible').count()} of {whole} shown"
    page.get_by_role("button", name="Show all").click()
    page.wait_for_url("**.html")
    assert page.locator(".hb-source-index a:visible").count() == whole
    page.locator("select[name=kind]").select_option("press")
    page.wait_for_url("**.html?kind=press")
    page.context.close()
    without = open_page(browser, address, java_script_enabled=False)
    assert without.locator(".hb-source-index a:visible").count() == whole
    without.context.close()


def test_the_index_of_sources_finds_titles_too_and_shows_them(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/bibliography.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    contents = page.locator(".toc-tree a").all_inner_texts()
    assert contents[-1] == "All sources by their labels"
    assert not page.locator(".hb-source-index a:has(.hb-title)").count()
    shown = page.locator(".hb-source-index a:visible")
    query = page.locator(".hb-in-list [name=q]")
    for words in ("hamamatsu", "plenaries Hamamatsu", "jsa japanese standards hamamatsu"):
        query.fill(words)
        page.locator(".hb-titled a:has(.hb-title):visible").first.wait_for()
        (found,) = shown.all_inner_texts()
        assert found.startswith("JSA n.d.a ")
        assert "Hamamatsu" in found
    assert not page.get_by_role("heading", name="By subject and kind").is_visible()
    for words, language in (
        ("report on the second plenary meeting", "en"),
        ("ville durable afnor", "fr"),
    ):
        query.fill(words)
        title = page.locator(".hb-source-index a:visible .hb-title").first
        assert title.get_attribute("lang") == language
    query.fill("hamamatsu 2020")
    assert shown.count() == 0
    query.fill("")
    assert page.get_by_role("heading", name="By subject and kind").is_visible()
    data = f"{site[0]}/data/"
    assert [url for url in asked if url.startswith(data)] == [f"{data}sources.json"]
    page.context.close()


@pytest.mark.parametrize("where", ["server", "file"])
def test_the_index_of_sources_is_narrowed_by_labels_where_no_data_come(
    site: tuple[str, Path], browser: Browser, where: str
) -> None:
    page = open_page(browser, "about:blank")
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.route("**/data/sources.json", lambda route: route.abort())
    page.goto(f"{site[0] if where == 'server' else site[1].as_uri()}/bibliography.html")
    page.locator(".hb-in-list [name=q]").fill("borneo")
    page.get_by_text("Titles could not be loaded: only labels are searched.").wait_for()
    assert page.locator(".hb-source-index a:visible").all_inner_texts() == ["Borneo Post 2023"]
    page.context.close()
    assert faults == []


def test_the_chinese_index_asks_for_the_data_of_its_edition(
    chinese_site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{chinese_site[0]}/bibliography.html")
    with page.expect_request("**/sources.json") as asked:
        page.locator(".hb-in-list [name=q]").fill("hamamatsu")
    assert asked.value.url == f"{chinese_site[0]}/data/sources.json"
    page.locator(".hb-source-index a:has(.hb-title):visible").first.wait_for()
    page.context.close()


def test_a_table_with_a_head_alone_stops_no_filter(
    project: Callable[[dict[str, str]], Project], browser: Browser
) -> None:
    page = "# Home\n\n:::{letters}\n:::\n\n| Head | Alone |\n|---|---|\n\n| Name | Note |\n|---|---|\n| Alpha | one |\n| Beta | two |\n"
    built = project({"index.md": page}).build()
    with served(built.out) as address:
        shown = browser.new_page(bypass_csp=True)
        faults: list[str] = []
        shown.on("pageerror", lambda fault: faults.append(str(fault)))
        shown.goto(f"{address}/index.html")
        shown.add_script_tag(path=Path(__file__).parents[2] / "docs/_static/letters.js")
        shown.locator(".hb-in-list [name=q]").fill("beta")
        assert shown.locator(".hb-in-list [role=status]").inner_text() == "1 of 2 shown"
        assert shown.locator("tbody td:visible").all_inner_texts() == ["Beta", "two"]
        shown.close()
    assert faults == []


@pytest.mark.parametrize(
    ("page", "choice", "mark"),
    [
        ("places", {"kind": "club member", "standard": ""}, "#place-hangzhou"),
        ("adoptions", {"standard": "ISO 37101", "country": "Ukraine"}, "countries.html#country-ua"),
    ],
)
def test_records_are_filtered_with_their_map_and_the_address_keeps_the_state(
    site: tuple[str, Path], browser: Browser, page: str, choice: dict[str, str], mark: str
) -> None:
    here = open_page(browser, f"{site[0]}/neighbours/{page}.html")
    rows, marks = here.locator("table.hb-filtered tbody tr:visible"), here.locator(".hb-map a")
    whole, drawn = rows.count(), here.locator(".hb-map a:not([hidden])").count()
    for name, value in choice.items():
        here.locator(f"select[name={name}]").select_option(value)
    shown = rows.count()
    assert 0 < shown < whole
    assert here.locator(".hb-filter [role=status]").inner_text() == f"{shown} of {whole} shown"
    left = here.locator(".hb-map a:not([hidden])").count()
    assert 0 < left < drawn == marks.count()
    again = open_page(browser, here.url)
    assert again.locator("table.hb-filtered tbody tr:visible").count() == shown
    again.locator(f".hb-map a:not([hidden])[href$='{mark}'] :is(circle, rect)").last.click()
    assert again.url.endswith(mark)
    here.locator(".hb-filter [type=reset]").click()
    here.wait_for_url("**.html")
    assert rows.count() == whole
    still = open_page(browser, f"{site[0]}/neighbours/{page}.html", java_script_enabled=False)
    assert still.locator("table.hb-filtered tbody tr:visible").count() == whole
    for one in (here, again, still):
        one.context.close()


def test_a_citation_gets_the_day_of_reading_and_the_full_address(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/hangzhou/secretariat.html")
    block = page.locator("#isscc-secretariat-2019 details.hb-cite")
    block.locator("summary").click()
    text = block.inner_text()
    assert re.search(r"Read \d{4}-\d\d-\d\d\.", text)
    assert f"{site[0]}/hangzhou/secretariat.html#isscc-secretariat-2019" in text
    page.context.close()


@pytest.mark.parametrize(
    ("page", "wanted", "there"),
    [
        ("neighbours/places.html", "kind=certificate", "kind=证书"),
        ("neighbours/places.html", "standard=ISO+37120", "standard=ISO+37120"),
        ("neighbours/adoptions.html", "standard=ISO+37100", "standard=ISO+37100"),
        ("standards/catalogue.html", "sort=status", "sort=status"),
    ],
)
def test_filters_choose_the_same_rows_in_both_editions(
    site: tuple[str, Path],
    chinese_site: tuple[str, Path],
    browser: Browser,
    page: str,
    wanted: str,
    there: str,
) -> None:
    shown = []
    for (address, _folder), asked in ((site, wanted), (chinese_site, there)):
        here = open_page(browser, f"{address}/{page}?{asked}")
        rows = here.locator("table.hb-filtered, table.hb-catalogue").locator("tbody tr:visible")
        links = "rows => rows.map((row) => row.querySelector('a[href*=\"iso-\"]')?.textContent)"
        shown.append(rows.evaluate_all(links))
        here.context.close()
    assert len(shown[0]) > 1
    assert shown[0] == shown[1]
