"""Claims with their verdicts, sentences that can be copied, what the home page counts, and the way through long lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from handbook.model.strands import Verdict
from support.projects import Project

CLAIM = """# Claims

:::{claims}
:::

(claim-one)=
## The first city

:::{claim}
:verdict: sources differ
:short: First *proposed*

It was proposed {cite:p}`press2017`.
:::

:::{safe-sentence}
:not: '"named by ISO"'

It was proposed in 2016 {cite:p}`press2017`.
:::

:::{what-sources-say}
- One {cite:p}`cnis2019`.
- Two.
:::
"""
PAGES = {
    "index.md": f"{CLAIM}\n:::{{toctree}}\nsources\n:::\n",
    "sources.md": "(family-indicators)=\n# Sources\n\n:::{letters}\n:::\n\n:::{bibliography}\n:all:\n:::\n",
}


@pytest.fixture
def claims(project: Callable[[Mapping[str, str]], Project]) -> Project:
    return project(PAGES)


def test_a_claim_shows_its_verdict_and_its_reading_before_what_sources_say(claims: Project) -> None:
    built = claims.build()
    assert built.warnings == []
    soup = built.soup()
    row = soup.select_one("table.hb-verdicts tbody tr")
    assert row
    assert [cell.get_text() for cell in row.select("td")] == [
        "sources differ",
        "The first city",
        "First proposed",
    ]
    assert row.a
    assert row.a["href"] == "#claim-one"
    claim, fold = soup.select_one(".hb-claim"), soup.select_one("details.hb-said")
    assert claim
    assert fold
    assert claim.select_one(".hb-badge.hb-verdict-sources-differ")
    assert claim.sourceline < fold.sourceline  # type: ignore[operator]
    assert fold.summary
    assert fold.summary.get_text() == "What the sources say (2)"


def test_a_safe_sentence_names_what_not_to_write_and_can_be_copied(claims: Project) -> None:
    box = claims.build().soup().select_one(".hb-safe")
    assert box
    assert box.select_one("blockquote")
    assert box.select_one(".hb-avoid").get_text() == "Do not write: “named by ISO”"  # type: ignore[union-attr]
    assert box.select_one("button.hb-copy")


def test_other_forms_have_all_of_it_open(claims: Project) -> None:
    text = claims.build("text").text("index.txt")
    assert "What the sources say (2)" in text
    assert "[sources differ]" in text
    assert "Copy" not in text


@pytest.mark.parametrize("verdict", ["", ":verdict: wrong\n"])
def test_a_verdict_that_is_none_is_reported_with_the_choice(
    project: Callable[[Mapping[str, str]], Project], verdict: str
) -> None:
    made = project({"index.md": f"# A\n\n:::{{claim}}\n{verdict}\nA reading.\n:::\n"}).build()
    (warning,) = made.warnings
    assert "index.md:3: WARNING: Y002 " in warning
    assert ", ".join(Verdict) in warning
    assert "A reading." in made.body()


def test_a_list_of_sources_has_letters_and_a_filter(claims: Project) -> None:
    soup = claims.build().soup("sources.html")
    links = {one.get_text(): one["href"] for one in soup.select(".hb-letters a")}
    assert [*links] == ["C", "I", "T", "V"]
    assert all(soup.select_one(str(place)) for place in links.values())
    assert soup.select_one("form.hb-in-list [role=status]")


def test_a_list_on_a_page_without_a_heading_has_letters_too(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    page = ":::{letters}\n:::\n\n:::{glossary}\nAlpha\n  One.\n\nBeta\n  Two.\n:::\n"
    (line,) = project({"index.md": page}).build().soup().select(".hb-letters")
    assert (line["aria-label"], line.get_text()) == ("A–Z", "AB")


def test_the_home_page_counts_and_draws_the_years(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    told = ":::{milestone} Event\n:name: event-2019\n:date: 2019-01-14\n:strands: club\n:sources: press2017\nIt took place.\n:::\n"
    made = project(
        {
            "index.md": "# Home\n\n:::{counts}\n:::\n\n:::{year-strip}\n:::\n\n:::{toctree}\ntimeline\nbibliography\n:::\n",
            "timeline.md": f"(family-indicators)=\n# Timeline\n\n{told}\n:::{{timeline}}\n:::\n",
            "bibliography.md": "# Sources\n\n:::{bibliography}\n:all:\n:::\n",
        }
    ).build()
    assert made.warnings == []
    soup = made.soup()
    counts = [item.get_text() for item in soup.select(".hb-counts li")]
    assert len(counts) == 2
    assert counts[0].endswith("dated events")
    events = int(counts[0].split()[0])
    assert events == len(made.soup("timeline.html").select("ol.hb-timeline > li"))
    years = soup.select("svg.hb-only-wide a")
    assert "timeline.html#year-2019" in {one["href"] for one in years}
    for one in years:
        assert one.title
        assert one.title.get_text()[:4] == str(one["href"])[-4:]
