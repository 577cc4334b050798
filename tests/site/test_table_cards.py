"""Tables that phones show as cards: which they are, what their cells say, and that none of them is cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.browser import open_page
from support.projects import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONG = "a cell of a good many letters"


def table(cells: list[str], columns: int) -> str:
    heads = [f"Head {number}" for number in range(1, columns + 1)]
    lines = [heads, ["---"] * columns, cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        ([LONG, LONG, "–", ""], ["Head 1", "Head 2", "Head 3", "Head 4"]),
        (["城市可持续发展标准化技术委员会", "城市可持续发展", "杭州", "2016"], ["Head 1", "Head 2", "Head 3", "Head 4"]),
        (["1", "2", "3", "4"], []),
        ([LONG, LONG, LONG], []),
        ([2 * LONG, 2 * LONG, 2 * LONG], ["Head 1", "Head 2", "Head 3"]),
        ([9 * LONG, 9 * LONG], []),
        (["Internationalisation", "characteristics"], []),
        (["Internationalisation", "characteristics", "responsibility"], ["Head 1", "Head 2", "Head 3"]),
        (["[Internationalisation]", "characteristics", "1"], []),
        (["a", "`tools/handbook/sphinxext/table_cards.py`"], ["Head 1", "Head 2"]),
        (["Netherlands", "1", "characters", "characters", "characters"], ["Head 1", "Head 2", "Head 3", "Head 4", "Head 5"]),
        (["Belgium", "1", "characters", "figures", "1"], []),
        (["一", "二", "三", "四", "五", "六"], ["Head 1", "Head 2", "Head 3", "Head 4", "Head 5", "Head 6"]),
        (["一", "二", "三", "四", "五"], []),
    ],
)  # fmt: skip
def test_a_table_too_wide_for_a_phone_becomes_cards(
    project: Callable[[str | Mapping[str, str]], Project], cells: list[str], labels: list[str]
) -> None:
    built = project({"index.md": f"# Home\n\n{table(cells, len(cells))}\n"}).build()
    (made,) = built.soup().select("article table, [role=main] table")
    assert ("hb-cards" in made["class"]) == bool(labels)
    assert [cell.get("data-label") for cell in made.select("td")] == (labels or [None] * len(cells))
    empty = [cell for cell in made.select("td") if "hb-nil" in cell.get("class", "")]
    assert [cell.get_text() for cell in empty] == (["–", ""] if labels and "–" in cells else [])


@pytest.mark.parametrize(
    "name", ["finder", "names", "meetings", "neighbours/adoptions", "neighbours/places"]
)
def test_on_a_phone_no_card_is_cut_and_each_names_its_cells(
    site: tuple[str, Path], browser: Browser, name: str
) -> None:
    page = open_page(browser, f"{site[0]}/{name}.html", viewport={"width": 390, "height": 844})
    beyond = page.evaluate(
        """() => [...document.querySelectorAll(".table-wrapper.hb-cards")].filter((one) => one.scrollWidth > one.clientWidth).length"""
    )
    assert beyond == 0
    said = page.evaluate(
        """() => [...document.querySelectorAll("table.hb-cards tbody tr:first-child td")].filter((cell) => cell.checkVisibility())
        .map((cell) => [cell.dataset.label, getComputedStyle(cell, "::before")]).filter(([label, style]) => style.display !== "none" && style.content === `"${label}"`).length"""
    )
    assert said > 0
    page.context.close()


#: On the widest of these the sidebar is beside the table.
WIDTHS = (390, 640, 737, 768, 1009, 1024)
#: Pages with tables, and the widths at which theirs may have to be scrolled.
TABLES: dict[str, tuple[int, ...]] = {
    "answers/choose": (),
    "bibliography": (),
    "claims": (),
    "club/members": (),
    "club/names": (),
    "committee/members": (),
    "data": (),
    "finder": (),
    "hangzhou/index": (),
    "meetings": (),
    "names": (),
    "neighbours/adoptions": (),
    "neighbours/places": (),
    "standards/catalogue": (),
    "standards/comparisons": (),
    "standards/index": (),
    "standards/iso-37101-2016": (),
    # twelve columns
    "standards/profiles": (737, 768, 1009, 1024),
    "standards/purposes-and-issues": (),
}


@pytest.mark.parametrize("edition", ["site", "chinese_site"])
def test_readers_see_whole_tables(
    request: pytest.FixtureRequest, browser: Browser, edition: str
) -> None:
    address, _folder = request.getfixturevalue(edition)
    page = open_page(browser, "about:blank")
    cut = []
    for name, scrolled in TABLES.items():
        page.goto(f"{address}/{name}.html")
        assert page.locator(".table-wrapper").count(), name
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            beyond = page.evaluate(
                """() => Math.max(...[...document.querySelectorAll(".table-wrapper")].map((one) => one.scrollWidth - one.clientWidth))"""
            )
            if (beyond > 0) != (width in scrolled):
                cut.append(f"{name} at {width}: {beyond}")
    assert cut == []
    page.context.close()


def test_a_country_that_is_asked_for_is_answered_where_nothing_stood(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(
        browser,
        f"{site[0]}/finder.html?want=set-goals",
        viewport={"width": 390, "height": 844},
    )
    cells = page.locator(".hb-want:not([hidden]) tr:visible td:nth-child(6)")
    shown = sum(cell.is_visible() for cell in cells.all())
    page.locator("select[name=country]").select_option("CN")
    assert shown < sum(cell.is_visible() for cell in cells.all()) == cells.count()
    page.locator("select[name=country]").select_option("")
    assert shown == sum(cell.is_visible() for cell in cells.all())
    page.context.close()
