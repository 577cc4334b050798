"""Cards at links: what they say, when they come and go, and that nothing is lost without them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from handbook.sphinxext.cards import first_sentence
from support.browser import open_page
from support.projects import Build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

PAGE = "committee/history"


# -- what they say --


def cards(built: Build, case: str, name: str, **conf: str) -> dict[str, str]:
    return json.loads(built(case, **conf).text(f"_cards/{name}.json"))


def test_the_card_of_a_standard_says_reference_status_title_purpose_edition_and_day(
    built: Build,
) -> None:
    card = cards(built, "standard", "standards")["iso-37120-2018"]
    assert card.startswith(
        '<p><strong>ISO 37120:2018</strong> <span class="hb-badge hb-state-current">current</span></p>'
    )
    assert re.search(
        r"<p><small>Edition 2, published .* 2018\. Status as of .*\.</small></p>$", card
    )


def test_the_card_of_a_withdrawn_edition_names_its_successor(built: Build) -> None:
    card = cards(built, "standard", "standards")["iso-37120-2014"]
    assert "hb-state-withdrawn" in card
    assert "Its successor: ISO 37120:2018." in card


def test_the_purpose_is_the_page_s_description(project: object) -> None:
    made = project(
        {  # type: ignore[operator]
            "index.md": "# Home\n\n{iso}`37101`\n\n```{toctree}\npage\n```\n",
            "page.md": "---\ndescription: For <whom> this page is made.\n---\n# Page\n\n:::{standard} ISO 37101:2016\n:::\n",
        }
    ).build()
    assert (
        "<p>For &lt;whom&gt; this page is made.</p>"
        in json.loads(made.text("_cards/standards.json"))["iso-37101-2016"]
    )


def test_the_card_of_a_term_is_the_first_sentence_of_its_meaning_without_citations(
    project: object,
) -> None:
    made = project(
        {  # type: ignore[operator]
            "index.md": "# Home\n\n:::{glossary}\nAudit\n审核\n  A planned check {cite:p}`cnis2022sixth`. More words.\n\n  A second paragraph.\n:::\n",
        }
    ).build()
    card = '<p><strong>Audit · <span lang="zh-Hans">审核</span></strong></p><p>A planned check.</p>'
    assert json.loads(made.text("_cards/terms.json")) == {
        "index.html#term-0": card,
        "index.html#term-Audit": card,
    }


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One. Two.", "One."),
        ("A body, e.g. one of three. Next.", "A body, e.g. one of three."),
        ("Its No. 5 counts. Next.", "Its No. 5 counts."),
        ("Without a stop", "Without a stop"),
        ("中文。第二句。", "中文。"),
        ("Is it 3.5? Yes.", "Is it 3.5?"),
        ("", ""),
    ],
)
def test_a_first_sentence_ends_where_a_reader_would_end_it(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_the_words_of_a_card_are_the_reader_s(built: Build) -> None:
    card = cards(built, "standard", "standards", language="zh_CN")["iso-37120-2014"]
    assert "已废止" in card
    assert "Status" not in card


def test_the_script_comes_only_with_links_that_have_cards(built: Build) -> None:
    made = built("furo", html_theme="furo")
    assert made.soup("index.html").select("script[src*='cards.js'][data-open]")
    assert not made.soup("bibliography.html").select("script[src*='cards.js']")


# -- when they come and go --


@pytest.fixture
def page(site: tuple[str, Path], browser: Browser) -> Iterator[Page]:
    page = open_page(browser, f"{site[0]}/{PAGE}.html")
    yield page
    page.context.close()


def link(page: Page, kind: str) -> Locator:
    return page.locator(f"article p a[href*='{kind}']").first


def card(page: Page) -> Locator:
    return page.locator(".hb-card")


def test_a_card_comes_on_hover_stays_under_the_pointer_and_goes_after_it(page: Page) -> None:
    standard = link(page, "#iso-37101-2016")
    standard.hover()
    card(page).wait_for()
    assert "ISO 37101:2016" in card(page).inner_text()
    assert standard.get_attribute("aria-describedby") == card(page).get_attribute("id")
    card(page).hover()
    page.wait_for_timeout(600)
    assert card(page).is_visible()
    page.mouse.move(2, 2)
    card(page).wait_for(state="detached")
    assert standard.get_attribute("aria-describedby") is None


def test_escape_puts_a_card_away_and_leaves_the_pointer_where_it_is(page: Page) -> None:
    link(page, "#cite-").hover()
    card(page).wait_for()
    page.keyboard.press("Escape")
    assert card(page).count() == 0
    page.wait_for_timeout(500)
    assert card(page).count() == 0


def test_the_card_of_a_citation_is_the_bibliography_s_entry_and_asks_for_nothing(
    page: Page,
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    citation = link(page, "#cite-")
    citation.hover()
    card(page).wait_for()
    address = citation.get_attribute("href")
    listed = page.locator(f".hb-sources > li:has(a[href='{address}'])")
    assert " ".join(card(page).inner_text().split()) == " ".join(listed.inner_text().split())
    assert re.search(r"(Primary|Secondary) source\.|Press\.", card(page).inner_text())
    # The icon comes whenever the browser finds time for it.
    assert [url for url in asked if not url.endswith("/favicon.svg")] == []
    assert page.evaluate(
        "new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size === document.querySelectorAll('[id]').length"
    )


def test_the_keyboard_brings_a_card_reaches_its_links_and_leaves_it(page: Page) -> None:
    citation = page.locator("article p a[href*='#cite-isoopendata']").first
    citation.evaluate("link => link.previousElementSibling")
    citation.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    card(page).wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.hb-card') !== null")
    page.keyboard.press("Escape")
    assert card(page).count() == 0
    assert citation.evaluate("link => document.activeElement === link")


def test_on_a_touch_screen_a_first_tap_shows_the_card_and_a_second_follows(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(
        browser,
        f"{site[0]}/{PAGE}.html",
        has_touch=True,
        is_mobile=True,
        viewport={"width": 360, "height": 740},
    )
    standard = link(page, "#iso-37101-2016")
    standard.tap()
    card(page).wait_for()
    assert page.url.endswith(f"/{PAGE}.html")
    box = card(page).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert card(page).get_by_role("link", name="Open the page").get_attribute(
        "href"
    ) == standard.evaluate("link => link.href")
    standard.tap()
    page.wait_for_url("**/standards/iso-37101-2016.html#iso-37101-2016")
    page.context.close()


@pytest.mark.parametrize("name", ["timeline", "index"])
def test_a_page_without_a_list_of_sources_takes_them_from_the_bibliography(
    site: tuple[str, Path], browser: Browser, name: str
) -> None:
    page = open_page(browser, f"{site[0]}/{name}.html")
    page.locator("article a[href*='#cite-']").first.hover()
    card(page).wait_for()
    assert "source." in card(page).inner_text()
    page.context.close()


def test_a_link_to_a_term_shows_its_meaning(site: tuple[str, Path], browser: Browser) -> None:
    folder = site[1]
    name = next(
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*.html"))
        if path.stem not in {"glossary", "genindex", "names", "search"}
        and "glossary.html#term-" in path.read_text("utf-8")
    )
    page = open_page(browser, f"{site[0]}/{name}")
    term = page.locator("article :is(p, li) a[href*='#term-']").first
    term.hover()
    card(page).wait_for()
    assert len(card(page).locator("p").all()) == 2
    page.context.close()


def test_nothing_is_lost_without_network_or_from_a_folder(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, (site[1] / f"{PAGE}.html").as_uri())
    link(page, "#iso-37101-2016").hover()
    page.wait_for_timeout(600)
    assert card(page).count() == 0
    link(page, "#iso-37101-2016").click()
    page.wait_for_url("**/iso-37101-2016.html#iso-37101-2016")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_an_open_card(
    site: tuple[str, Path], browser: Browser, scheme: str
) -> None:
    page = open_page(browser, f"{site[0]}/{PAGE}.html", color_scheme=scheme)
    link(page, "#iso-37101-2016").hover()
    card(page).wait_for()
    faults = Axe().run(page, context=".hb-card").response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in faults] == []
    page.context.close()
