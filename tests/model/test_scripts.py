"""Which runs of a text are in another language than its page."""

from __future__ import annotations

import pytest

from handbook.model.scripts import english_runs, foreign_runs


@pytest.mark.parametrize(
    ("text", "english"),
    [
        (
            "含有“Requirements with guidance for resilience and smartness”字样",
            ["Requirements with guidance for resilience and smartness"],
        ),
        ("Rules for sources", ["Rules for sources"]),
        (
            "国家市场监督管理总局（State Administration for Market Regulation）。",
            ["State Administration for Market Regulation"],
        ),
        (
            "委员会（Sustainable cities and communities），成立于2012年",
            ["Sustainable cities and communities"],
        ),
        ("法国Villes et Territoires durables et intelligents委员会", []),
        ("São José é certificada a primeira Cidade Inteligente do Brasil", []),
        ("见ISO 37101:2016/Amd 1:2024、GB/T 24001-2016和Bernard Gindroz", []),
        ("ISO与IEC", []),
    ],
)
def test_english_among_chinese(text: str, english: list[str]) -> None:
    pieces = list(english_runs(text))
    assert [piece for piece, language in pieces if language == "en"] == english
    assert "".join(piece for piece, _language in pieces) == text


def test_what_is_foreign_depends_on_the_page() -> None:
    text = "the city 杭州"
    assert list(foreign_runs(text, "en")) == [("the city ", None), ("杭州", "zh-Hans")]
    assert list(foreign_runs(text, "zh_CN")) == [(text, None)]
