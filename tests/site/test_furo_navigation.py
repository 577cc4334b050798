"""The navigation beside the pages: its order, the open branch, the current page, both forms of addresses, its size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup, Tag

from support.projects import Build, Built, Project

PAGES = {
    "index.md": (
        "# Home\n\n:::{toctree}\n:caption: Part one\n:hidden:\nOne & only <one/index>\ntwo/index\nhttps://example.org/\nElsewhere <https://example.org/else?a=b&c=d>\n:::\n\n"
        ":::{toctree}\n:caption: Part two\nthree\ngenindex\n:::\n"
    ),
    "one/index.md": "# One\n\n:::{toctree}\n:caption: Not shown\na\nb\n:::\n",
    "one/a.md": "# Page *A* of `one`\n\n## Its section\n\nText.\n\n:::{toctree}\ndeep/a\n:::\n",
    "one/deep/a.md": "# Deep\n",
    "one/b.md": "# B < C & D\n",
    "two/index.md": "# Two\n\n:::{toctree}\nself\nc\n:::\n",
    "two/c.md": "# C 杭州\n",
    "three.md": "# Three\n",
    "alone.md": "---\norphan: true\n---\n# Alone\n",
}


@dataclass(frozen=True)
class Site:
    """The pages above, as one of the two builders of HTML makes them."""

    builder: str
    built: Built

    def navigation(self, page: str) -> Tag:
        folder = self.builder == "dirhtml" and page != "index"
        found = self.built.soup(
            f"{page.removesuffix('/index')}/index.html" if folder else f"{page}.html"
        ).select_one(".sidebar-tree")
        assert found
        return found

    def either(self, file: str, folder: str) -> str:
        return folder if self.builder == "dirhtml" else file


@pytest.fixture(scope="module", params=["html", "dirhtml"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(
        request.param,
        Project(tmp_path_factory.mktemp("navigation"), PAGES).build(
            request.param, html_theme="furo"
        ),
    )


def shown(navigation: Tag) -> list[tuple[int, str]]:
    """Level and words of each line, from above."""
    return [
        (len(list(link.find_parents("ul"))), " ".join(link.get_text().split()))
        for link in navigation.select("a")
    ]


TOP = [
    (1, "One & only"),
    (1, "Two"),
    (1, "https://example.org/"),
    (1, "Elsewhere"),
    (1, "Three"),
    (1, "Index"),
]


@pytest.mark.parametrize(
    ("page", "below", "at"),
    [
        ("index", [], 0),
        ("alone", [], 0),
        ("genindex", [], 0),
        ("three", [], 0),
        ("one/index", [(2, "Page A of one"), (2, "B < C & D")], 1),
        ("one/a", [(2, "Page A of one"), (3, "Deep"), (2, "B < C & D")], 1),
        ("one/deep/a", [(2, "Page A of one"), (3, "Deep"), (2, "B < C & D")], 1),
        ("two/c", [(2, "Two"), (2, "C 杭州")], 2),
    ],
)
def test_a_page_shows_what_the_home_page_lists_and_its_own_branch(
    site: Site,
    page: str,
    below: list[tuple[int, str]],
    at: int,
) -> None:
    assert shown(site.navigation(page)) == TOP[:at] + below + TOP[at:]


def test_the_current_page_is_marked_for_eyes_and_screen_readers(site: Site) -> None:
    tree = site.navigation("one/a")
    marked = tree.select("[aria-current]")
    assert [(link.get_text(), link["aria-current"], link["href"]) for link in marked] == [
        ("Page A of one", "page", "#")
    ]
    assert [item.a.get_text() for item in tree.select("li.current-page") if item.a] == [
        "Page A of one"
    ]
    assert [item.a.get_text() for item in tree.select("li.current") if item.a] == [
        "One & only",
        "Page A of one",
    ]
    assert not site.navigation("alone").select(".current, [aria-current]")


def test_branches_on_the_way_open_and_shut_by_a_named_switch(site: Site) -> None:
    tree = site.navigation("one/deep/a")
    switches = tree.select("input.toctree-checkbox")
    assert [
        (switch["aria-label"], switch["role"], switch.has_attr("checked")) for switch in switches
    ] == [
        ("Toggle navigation of One & only", "switch", True),
        ("Toggle navigation of Page A of one", "switch", True),
    ]
    # The style sheet shuts a list by the switch that stands before it, and the label must work the switch.
    for switch in switches:
        label = switch.find_next_sibling("label")
        assert label
        assert label["for"] == switch["id"] == switch["name"]
        assert switch.find_next_sibling("ul")
        assert isinstance(switch.parent, Tag)
        assert "has-children" in switch.parent["class"]
    assert len({switch["id"] for switch in switches}) == 2


def test_every_line_leads_to_its_page(site: Site) -> None:
    assert [link["href"] for link in site.navigation("one/deep/a").select("a")] == [
        site.either("../index.html", "../../"),
        site.either("../a.html", "../../a/"),
        "#",
        site.either("../b.html", "../../b/"),
        site.either("../../two/index.html", "../../../two/"),
        "https://example.org/",
        "https://example.org/else?a=b&c=d",
        site.either("../../three.html", "../../../three/"),
        site.either("../../genindex.html", "../../../genindex/"),
    ]
    outward = [link for link in site.navigation("index").select("a") if "external" in link["class"]]
    assert [link["href"] for link in outward] == [
        "https://example.org/",
        "https://example.org/else?a=b&c=d",
    ]


def test_captions_of_the_home_page_are_headings_with_a_level(site: Site) -> None:
    captions = site.navigation("one/a").select("p.caption")
    assert [
        (caption.get_text(), caption["role"], caption["aria-level"]) for caption in captions
    ] == [
        ("Part one", "heading", "2"),
        ("Part two", "heading", "2"),
    ]


def test_titles_keep_their_marks(site: Site) -> None:
    line = site.navigation("one/a").select("li.toctree-l2 > a")
    assert line[0].em
    assert line[0].code
    assert str(line[1]).endswith(">B &lt; C &amp; D</a>")


def test_a_page_without_a_title_is_reported_once(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    made = project(
        {
            "index.md": "# Home\n\n:::{toctree}\n:hidden:\nbare\nother\n:::\n",
            "bare.md": "Words alone.\n",
            "other.md": "# Other\n",
        }
    ).build(html_theme="furo")
    assert [warning for warning in made.warnings if "N001" in warning] == [
        "docs/bare.md: WARNING: N001 the navigation has no line for the page bare: it has no title (hint: begin the page with a heading: # Title) [handbook.N001]",
    ]
    assert shown(
        BeautifulSoup(made.text("other.html"), "html.parser").select_one(".sidebar-tree")
    ) == [(1, "Other")]  # type: ignore[arg-type]


def test_without_furo_the_theme_draws_its_own(built: Build) -> None:
    assert "toctree-checkbox" not in built("furo").text("index.html")


def test_what_pages_show_does_not_grow_with_pages_elsewhere(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    def pages(number: int) -> dict[str, str]:
        listed = "".join(f"page{i}\n" for i in range(number))
        return {
            "index.md": "# Home\n\n:::{toctree}\nhere/index\nthere/index\n:::\n",
            "here/index.md": "# Here\n\n:::{toctree}\npage\n:::\n",
            "here/page.md": "# Page\n",
            "there/index.md": f"# There\n\n:::{{toctree}}\n{listed}:::\n",
            **{f"there/page{i}.md": f"# Page {i}\n" for i in range(number)},
        }

    made = project(pages(2))
    few = made.build(html_theme="furo").soup("here/page.html").select_one(".sidebar-tree")
    for name, text in pages(40).items():
        made.write(name, text)
    many = made.build(html_theme="furo").soup("here/page.html").select_one(".sidebar-tree")
    assert few == many


def test_a_new_title_is_shown_beside_all_pages_that_list_it(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    made = project(PAGES)
    made.build(html_theme="furo")
    made.change(made.docs / "one/b.md", "# B < C & D", "# Another name")
    made.change(made.docs / "three.md", "# Three", "# Four")
    after = made.build(html_theme="furo")
    for page in (
        "index",
        "one/index",
        "one/a",
        "one/deep/a",
        "one/b",
        "two/index",
        "two/c",
        "three",
        "alone",
    ):
        text = [
            words
            for _level, words in shown(
                BeautifulSoup(after.text(f"{page}.html"), "html.parser").select_one(".sidebar-tree")
            )
        ]  # type: ignore[arg-type]
        assert "Four" in text, page
        assert ("Another name" in text) == page.startswith("one/"), page
