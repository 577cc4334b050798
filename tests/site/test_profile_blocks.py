"""``{purpose-grid}``, ``{comparisons}`` and ``{profiles}``: what is known of each text, beside others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from handbook.model.profile_shapes import ISSUES, PURPOSES
from support.browser import open_page
from support.projects import Build, Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_the_grid_has_a_field_for_each_purpose_and_issue(built: Build) -> None:
    soup = built("profiles").soup()
    fields = {cell["id"]: cell.get_text() for cell in soup.select("table.hb-fields td[id]")}
    assert list(fields) == [f"grid-{purpose}-{issue}" for issue in ISSUES for purpose in PURPOSES]
    told = {name for name, text in fields.items() if text != "empty"}
    assert {name: fields[name] for name in told} == {
        "grid-environment-governance": "37101",
        "grid-attractiveness-mobility": "37122",
        "grid-well-being-mobility": "37122",
        "grid-resilience-infrastructure": "37155-1",
    }
    drawn = {link["href"][1:]: link.get_text() for link in soup.select("svg.hb-purpose-grid a")}
    assert drawn == {name: "1" if name in told else "0" for name in fields}
    assert "4 fields have texts, 68 are empty" in soup.select_one("svg desc").get_text()  # type: ignore[union-attr]
    whole = next(p for p in soup.select("p") if p.get_text().startswith("Texts that serve"))
    assert whole.get_text().endswith("alike: ISO 37101:2016, ISO 37120:2018.")


def test_each_replaced_edition_stands_beside_its_successor(built: Build) -> None:
    case = built("profiles")
    assert case.warnings == []
    soup = case.soup()
    pairs = {
        section["id"]: section.h2.get_text().rstrip("¶") for section in soup.select("[id^=pair-]")
    }  # type: ignore[union-attr]
    assert list(pairs.values()) == [
        "ISO 37120:2014 and ISO 37120:2018",
        "ISO 37100:2016 and ISO/DIS 37100",
    ]
    links = soup.select('p a[href^="#pair-"]')
    assert [link.get_text() for link in links] == ["ISO 37120:2014", "ISO 37100:2016"]
    assert [str(link["href"])[1:] for link in links] == list(pairs)
    table = soup.select_one("table.hb-pair")
    assert table
    rows = {
        row.td.get_text(): [cell.get_text() for cell in row.select("td")[1:]]
        for row in table.select("tbody tr")
    }  # type: ignore[union-attr]
    assert rows["Status and stage"] == ["withdrawn 95.99", "current 60.60"]
    assert rows["What can be claimed"] == ["that figures follow its method"] * 2
    text = " ".join(built("profiles", "text").text("index.txt").split())
    assert "Two themes more." in text
    assert "hb-filter" not in text
    assert "The tables are on the web page, and their data are in profiles.csv." in text


@pytest.mark.parametrize(
    ("option", "pair"),
    [
        ("", ("ISO 37120:2014", "ISO 37120:2018")),
        (":ahead:\n", ("ISO 37100:2016", "ISO/DIS 37100")),
    ],
)
def test_a_text_stands_beside_what_replaced_it_or_what_is_to_replace_it(
    project: Callable[..., Project], option: str, pair: tuple[str, str]
) -> None:
    page = f"# Pairs\n\n:::{{comparisons}}\n{option}:::\n"
    soup = project({"index.md": page}).build().soup()
    heads = [head.get_text() for head in soup.select("table.hb-pair th")]
    assert heads == ["Point", *pair]
    assert [link.get_text() for link in soup.select('p a[href^="#pair-"]')] == [pair[0]]


def test_no_line_of_jumps_stands_where_there_is_no_pair(project: Callable[..., Project]) -> None:
    small = project({"index.md": "# Pairs\n\n:::{comparisons}\n:ahead:\n:::\n"})
    path = small.references / "iso/deliverables.jsonl"
    small.change(path, '"replacedBy": [87126]', '"replacedBy": []')
    paragraphs = [one.get_text() for one in small.build().soup().select("[role=main] p")]
    assert [one.split(".")[0] for one in paragraphs] == ["As of 2 June 2025"]


def test_texts_that_are_in_no_family_have_a_fold_of_their_own(
    project: Callable[..., Project],
) -> None:
    small = project("profiles")
    small.change(small.references / "families.yaml", ", ISO 37122:2019", "")
    for language, name in (("en", "Other texts (1)"), ("zh_CN", "其他文本 (1)")):
        soup = small.build(language=language).soup()
        folds = {
            fold.summary.get_text(): [row.a.get_text() for row in fold.select("tbody tr")]
            for fold in soup.select("details:has(.hb-profiles)")
        }
        assert len(folds) == 5
        assert list(folds.items())[-1] == (name, ["ISO 37122:2019"])


def test_sets_of_indicators_stand_side_by_side_theme_by_theme(built: Build) -> None:
    soup = built("profiles").soup()
    table = soup.select_one("table.hb-themes")
    assert table
    assert [head.get_text() for head in table.select("th")] == [
        "Theme",
        "ISO 37120:2014",
        "ISO 37122:2019",
    ]
    rows = {
        row.td.get_text(): [cell.get_text(" ", strip=True) for cell in row.select("td")[1:]]
        for row in table.select("tbody tr")
    }  # type: ignore[union-attr]
    assert len(rows) == 21
    assert rows["Economy"] == ["7 (3 core)", "yes"]
    assert rows["Housing"] == ["2 (0 core); Shelter", "–"]
    assert rows["Water"] == ["–", "–"]
    assert rows["In all"][0].startswith("9, says the press [")
    assert "8, says a blog [" in rows["In all"][0]
    notes = [one.get_text() for one in soup.select("li") if one.get_text().startswith("U4SSC")]
    assert [one.startswith("U4SSC: nobody says [") for one in notes] == [True]


def test_the_length_of_texts_is_said_where_it_is_known(built: Build) -> None:
    text = built("profiles").soup().get_text(" ", strip=True)
    assert "ISO 37101:2016 : 33 pages [" in text
    assert "not known: ISO 37120:2014, as ISO's open data give no pages." in text.replace("’", "'")


def test_a_family_unfolds_and_paper_has_all(site: tuple[str, Path], browser: Browser) -> None:
    address = f"{site[0]}/standards/profiles.html"
    page = open_page(browser, address, viewport={"width": 390, "height": 844})
    rows = page.locator("table.hb-profiles tbody tr")
    assert (rows.count(), rows.filter(visible=True).count()) == (93, 0)
    assert page.evaluate("document.documentElement.scrollHeight") < 7_000
    page.locator("summary", has_text="mobility").click()
    assert rows.filter(visible=True).count() == 22
    page.emulate_media(media="print")
    assert rows.filter(visible=True).count() == 93
    page.context.close()
    page = open_page(browser, address, java_script_enabled=False)
    for fold in page.locator("details:has(.hb-profiles) > summary").all():
        fold.click()
    assert page.locator("table.hb-profiles tbody tr").filter(visible=True).count() == 93
    page.context.close()


def test_any_two_texts_stand_side_by_side_and_have_an_address(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/standards/profiles.html")
    page.locator("select[name=a]").select_option(label="ISO 37101:2016")
    assert not page.locator("table.hb-pair").count()
    page.locator("select[name=b]").select_option(label="ISO 37104:2019")
    kinds = page.locator("table.hb-pair tr:has(th:has-text('Kind of text')) td").all_inner_texts()
    assert kinds == ["requirements", "guidance"]
    assert page.url.endswith("/standards/profiles.html?a=ISO+37101%3A2016&b=ISO+37104%3A2019")
    again = open_page(browser, page.url)
    assert again.locator("table.hb-pair").inner_text() == page.locator("table.hb-pair").inner_text()
    again.get_by_role("button", name="Start again").click()
    again.wait_for_url(f"{site[0]}/standards/profiles.html")
    assert not again.locator("table.hb-pair").count()
    for one in (page, again):
        one.context.close()
