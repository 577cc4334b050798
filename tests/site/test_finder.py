"""The finder: complete tables without a script, one answer with it, and for each real need the answer of a consultant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import yaml

from handbook.model.catalogue import Catalogue
from handbook.model.profiles import DEPTHS, Profiles
from support import ROOT
from support.browser import open_page, served
from support.projects import Build, Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NEEDS = yaml.safe_load((ROOT / "tests" / "needs.yaml").read_text("utf-8"))
SHOWN = """() => [...document.querySelectorAll("table.hb-answer tbody tr")]
  .filter((row) => row.checkVisibility()).map((row) => row.cells[0].querySelector("a").textContent)"""


@pytest.fixture(scope="module")
def page(site: tuple[str, Path], browser: Browser) -> Page:
    return open_page(browser, f"{site[0]}/finder.html", reduced_motion="reduce")


@pytest.fixture(scope="module")
def answers() -> dict[tuple[str, str], list[str]]:
    catalogue = Catalogue.load(ROOT / "references")
    profiles = Profiles.read(ROOT / "references", catalogue)
    return {
        (role, want.id): [one.reference for one in profiles.ranked(catalogue, want.id, role)]
        for want in profiles.wants
        for role in ("", *(role.id for role in profiles.roles))
    }


def choose(page: Page, **choices: str) -> list[str]:
    for name in ("who", "want", "depth", "country"):
        page.locator(f"form.hb-finder select[name={name}]").select_option(choices.get(name, ""))
    found: list[str] = page.evaluate(SHOWN)
    return found


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need["need"])
def test_three_choices_answer_a_need(page: Page, need: dict[str, Any]) -> None:
    wanted = [one["text"] for one in need["answer"]]
    depth = "first" if len(wanted) <= DEPTHS["first"] else ""
    found = choose(page, who=need["who"], want=need["want"], depth=depth)
    assert found[: len(wanted)] == wanted


#: What is shown to each reader for each aim. The page sets the fields itself: choosing them from outside takes three times as long.
ORDERS = f"""(asked) => {{
  const form = document.querySelector("form.hb-finder");
  const found = [];
  for (const [who, want] of asked) {{
    for (const [name, value] of Object.entries({{ who, want, depth: "", country: "" }})) {{
      form.elements[name].value = value;
      form.elements[name].dispatchEvent(new Event("input", {{ bubbles: true }}));
      form.elements[name].dispatchEvent(new Event("change", {{ bubbles: true }}));
    }}
    found.push(({SHOWN})());
  }}
  return found;
}}"""


def test_the_script_shows_the_order_of_the_model_for_everybody(
    page: Page, answers: dict[tuple[str, str], list[str]]
) -> None:
    choose(page)
    shown = page.evaluate(ORDERS, [list(asked) for asked in answers])
    assert dict(zip(answers, shown, strict=True)) == answers


def test_an_answer_has_an_address(site: tuple[str, Path], browser: Browser, page: Page) -> None:
    choices = {"who": "district", "want": "set-goals", "depth": "first", "country": "CN"}
    found = choose(page, **choices)
    assert page.url == f"{site[0]}/finder.html?{urlencode(choices)}"
    again = open_page(browser, page.url)
    assert (
        again.evaluate(SHOWN)
        == found
        == [
            "ISO 37108:2022",
            "ISO 37101:2016",
            "ISO 37101:2016/Amd 1:2024",
        ]
    )
    row = again.locator("table.hb-answer tbody tr:visible").nth(1)
    assert row.locator("td").nth(5).inner_text() == "GB/T 40759-2021"
    assert again.locator("form [role=status]").inner_text() == "3 of 7 texts, in reading order"
    again.get_by_role("button", name="Start again").click()
    again.wait_for_url(f"{site[0]}/finder.html")
    assert len(again.evaluate(SHOWN)) > 150
    again.context.close()


def test_who_alone_tells_how_many_lists_change(page: Page) -> None:
    choose(page, who="district")
    orders = json.loads(page.locator("form.hb-finder").get_attribute("data-orders") or "")
    changed = sum("district" in lists for lists in orders.values())
    said = page.locator("form.hb-finder [role=status]").inner_text()
    assert 0 < changed < len(orders)
    assert said == (
        f"For you, {changed} of {len(orders)} lists are in another order. Choose what to do."
    )


def test_each_text_has_its_name_and_no_more_than_three_for_its_use(page: Page) -> None:
    choose(page)
    row = page.locator("table.hb-answer tbody tr:visible").first
    assert row.locator("td").first.inner_text().split("\n")[1].startswith("Management system for")
    assert row.locator("td").nth(4).locator("a").all_inner_texts() == [
        "ISO/AWI 37101",
        "ISO 37104:2019",
        "ISO 37108:2022",
    ]
    assert row.locator("td").nth(4).inner_text().endswith("and 2 more")


def test_values_in_the_address_that_are_not_there_are_let_be(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(
        browser, f"{site[0]}/finder.html?who=%3Cb%3E&want=__proto__&depth=9&country=XX"
    )
    assert len(page.evaluate(SHOWN)) > 150
    page.context.close()


def test_all_lists_are_there_without_a_script(
    site: tuple[str, Path], browser: Browser, answers: dict[tuple[str, str], list[str]]
) -> None:
    page = open_page(browser, f"{site[0]}/finder.html", java_script_enabled=False)
    assert not page.locator("form.hb-finder").is_visible()
    for (role, want), texts in answers.items():
        if role:
            continue
        block = page.locator(f".hb-want:has(#want-{want})")
        assert block.locator("tbody td:first-child a").all_inner_texts() == texts
        orders = {tuple(answers[asked]) for asked in answers if asked[1] == want and asked[0]}
        said = block.locator(".hb-orders li").all_inner_texts()
        assert {tuple(line.split(": ", 1)[1].split(", ")) for line in said} == orders - {
            tuple(texts)
        }
    page.context.close()


def test_a_small_finder_in_html_and_as_text(built: Build) -> None:
    case = built("finder")
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in case.soup().select(".hb-want:has(#want-measure) tbody tr")
    ]
    assert rows[0] == [
        "ISO 37120:2018",
        "It says what to count.",
        "indicators",
        "current",
        "–",
        rows[0][5],
    ]
    assert [row[0] for row in rows][:2] == ["ISO 37120:2018", "ISO 37122:2019"]
    text = built("finder", "text").text("index.txt")
    assert "It sets a cycle of aims." in text
    assert "[CNIS 2019]" in text
    assert "*Our" in text
    assert "hb-filter" not in text
    assert case.warnings == []


def answer(page: Page, answers: str) -> None:
    for number, one in enumerate(answers, 1):
        if one != "-":
            page.locator(f"input[name=q{number}][value={one}]").check()


def test_the_self_check_adds_up_to_what_to_read_next(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/start/self-check.html")
    status = page.locator("form.hb-selfcheck [role=status]")
    assert not page.locator(".hb-found").is_visible()
    answer(page, "yn")
    assert status.inner_text() == "2 of 12 answered, 1 with yes."
    assert page.locator(".hb-found li").all_inner_texts() == [
        "ISO 37104, for: Has one person or office been made responsible for it?"
    ]
    assert not page.locator("table.hb-rule .hb-mine").count()
    for answers, band, first in (
        ("nynnnnnyynnn", "0 to 4", ["ISO 37101", "ISO 37120", "the grid", "ISO 37106"]),
        ("ynynyyyynyyn", "5 to 9", ["ISO 37104", "ISO 37106", "ISO 37155-1"]),
        ("yyyyyyyyyyyn", "10 to 12", ["ISO 37101:2016/Amd 1:2024"]),
        ("yyyyyyyyyyyy", "10 to 12", []),
    ):
        answer(page, answers)
        mine = page.locator("table.hb-rule tr[aria-current=true]")
        assert mine.locator("td").first.inner_text() == band
        texts = page.locator(".hb-found li a").all_inner_texts()
        assert texts[: len(first)] == first
        assert len(texts) == answers.count("n")
        assert page.url.endswith(f"/start/self-check.html?a={answers}")
    assert "Nothing on this list is missing." in page.locator(".hb-found").inner_text()
    page.context.close()


def test_the_self_check_keeps_its_answers_in_the_address_alone(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/start/self-check.html?a=yn-x%3Cb%3Eyn")
    given = page.evaluate(
        "[...document.querySelectorAll('table.hb-check input:checked')].map((one) => one.name + one.value)"
    )
    assert given == ["q1y", "q2n", "q8y", "q9n"]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [
        0,
        0,
        "",
    ]
    # a group of answers is one stop of the keyboard, and the arrows choose
    page.locator("input[name=q3][value=y]").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.locator("input[name=q3][value=n]").is_checked()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 3
    page.get_by_role("button", name="Start again").click()
    page.wait_for_url(f"{site[0]}/start/self-check.html")
    assert not page.locator(".hb-found").is_visible()
    page.context.close()


def test_the_self_check_works_with_a_table_without_rows_and_a_row_without_a_link(
    project: Callable[[dict[str, str]], Project], browser: Browser
) -> None:
    def table(kind: str, rows: str = "") -> str:
        return f":::{{table}}\n:class: hb-{kind}\n\n| One | Two |\n|---|---|\n{rows}:::\n\n"

    check = ":::{self-check}\n:first: 1\n:::\n\n"
    rule = "| 0 to 1 | Read |\n"
    pages = {
        "index": table("check") + check + table("rule"),
        "rule": table("check", "| Known? | [here](index.md) |\n") + check + table("rule"),
        "link": table("check", "| Known? | nothing |\n") + check + table("rule", rule),
    }
    titled = {
        f"{name}.md": f"---\norphan: true\n---\n# T\n\n{text}" for name, text in pages.items()
    }
    built = project(titled).build()
    assert built.warnings == []
    faults: list[str] = []
    with served(built.out) as address:
        shown = browser.new_page(bypass_csp=True)
        shown.on("pageerror", lambda fault: faults.append(str(fault)))
        for name in pages:
            shown.goto(f"{address}/{name}.html")
            shown.add_script_tag(path=ROOT / "docs/_static/selfcheck.js")
        shown.locator("input[name=q1][value=n]").check()
        assert "1 of 1 answered" in shown.locator("form.hb-selfcheck [role=status]").inner_text()
        assert shown.locator(".hb-found ol").count() == 0
        shown.close()
    assert faults == []


def test_the_self_check_is_whole_without_a_script(site: tuple[str, Path], browser: Browser) -> None:
    page = open_page(browser, f"{site[0]}/start/self-check.html", java_script_enabled=False)
    assert page.locator("table.hb-check tbody tr td:nth-child(3) a").count() == 12
    assert page.locator("table.hb-check").get_by_label("Yes").count() == 12
    assert page.locator("table.hb-rule tbody tr").count() == 3
    assert not page.locator("form.hb-selfcheck").is_visible()
    assert not page.locator(".hb-found").is_visible()
    assert "They certify nothing" in page.locator("article").first.inner_text()
    page.context.close()
