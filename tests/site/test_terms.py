"""What pages show of the vocabulary: Chinese words below those of a glossary, and as tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.projects import Built, Project

PAGE = """# Words

:::{glossary}
Chair
Head
  Leads a committee.

Pond
池塘
  Water.
:::

:::{chinese-terms}
:::

:::{chinese-titles}
:::
"""
TERMS = """\
- term: chair
  zh: {term: 主席, status: directives, source: The Directives, other: [会长]}
- term: resilience
  zh: {term: 韧性, status: gb, source: GB/T 40947-2021}
"""
TITLES = """\
- of: ISO 37120:2018
  title: 城市服务和生活品质指标
  status: survey
  sources: [cnis2022sixth]
  note: shortened
"""


@pytest.fixture
def page(project: Callable[..., Project]) -> Built:
    here = project({"index.md": PAGE})
    (here.references / "terms.yaml").write_text(TERMS, "utf-8")
    (here.references / "titles.yaml").write_text(TITLES, "utf-8")
    made = here.build()
    assert [line for line in made.warnings if "terms" in line or "title" in line] == []
    return made


def test_a_glossary_shows_the_chinese_word_of_the_vocabulary_and_where_it_was_read(
    page: Built,
) -> None:
    glossary = page.soup().select_one("dl.glossary")
    assert glossary
    assert [term.get_text().rstrip("¶") for term in glossary.select("dt")] == [
        "Chair",
        "Head",
        "主席",
        "Pond",
        "池塘",
    ]
    chair, pond = (
        [line.get_text() for line in entry.select("p")] for entry in glossary.select("dd")
    )
    assert chair == [
        "Leads a committee.",
        "Chinese: The Directives (ISO/IEC Directives in Chinese). Also read: 会长.",
    ]
    assert pond == ["Water."]


def test_tables_show_the_chinese_words_by_their_sound_and_the_titles_by_standard(
    page: Built,
) -> None:
    words, titles = page.soup().select("table")
    rows = [[cell.get_text() for cell in row.select("td")] for row in words.select("tbody tr")]
    assert [row[:3] for row in rows] == [["韧性", "resilience", ""], ["主席", "chair", "会长"]]
    shown = [cell.get_text() for cell in titles.select("tbody tr:last-child td")]
    assert shown[:3] == ["ISO 37120:2018", "城市服务和生活品质指标", "survey of 2019"]
    assert shown[3].startswith("shortened [")
