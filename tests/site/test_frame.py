"""The frame of a page: where one is, how old it is, what lies near, how to fix it; from git only what git knows."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import sphinx_last_updated_by_git
from bs4 import BeautifulSoup, Tag

from handbook.sphinxext import frame
from handbook.sphinxext.frame import repository
from support import ROOT
from support.projects import Built, Project

TEMPLATES = str(ROOT / "docs/_templates")
MILESTONE = ":::{milestone} The club is founded\n:name: founding-2017\n:date: 2017-06\n:strands: club\n:sources: press2017\nIt took place.\n:::\n"
PAGES = {
    "index.md": '---\nreviewed: "2026-11-20"\n---\n# Handbook\n\n```{toctree}\nClub <club/index>\ntimeline\nstandards/index\ncontributing/index\nbibliography\n```\n',
    "club/index.md": '---\nreviewed: "2026-11-21"\n---\n# The club in ten minutes\n\n```{toctree}\nfounding\nnames\n```\n',
    "club/founding.md": f'---\nreviewed: "2026-11-22"\nnext: [club/names, timeline]\n---\n# How it began\n\n{MILESTONE}',
    "club/names.md": "# Names & 名称\n\n## 全名\n\nText.\n",
    "timeline.md": "# Timeline\n\n:::{timeline}\n:::\n",
    "standards/index.md": "(family-management-system)=\n# Standards\n\n```{toctree}\niso-37101-2016\niso-37101-2016-amd-1-2024\n```\n",
    "standards/iso-37101-2016.md": "# ISO 37101:2016: a system\n\n:::{standard} ISO 37101:2016\n:::\n",
    "standards/iso-37101-2016-amd-1-2024.md": "# ISO 37101:2016/Amd 1:2024: climate\n\n:::{standard} ISO 37101:2016/Amd 1:2024\n:::\n",
    "contributing/index.md": "# Contributing\n\n(report-an-error)=\n## Report an error\n\nTell us.\n",
    "bibliography.md": "# Bibliography\n\n:::{bibliography}\n:all:\n:::\n",
}
FURO: dict[str, Any] = {"html_theme": "furo", "templates_path": [TEMPLATES]}
GIT: dict[str, Any] = {
    **FURO,
    "suppress_warnings": [
        "bibtex.key_not_found",
        "git.subprocess_error",
        "git.command_not_found",
        "git.too_shallow",
    ],
    "extensions": [
        "myst_parser",
        "sphinxcontrib.bibtex",
        "handbook.sphinxext",
        "sphinx_last_updated_by_git",
    ],
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Project(tmp_path_factory.mktemp("frame"), PAGES).build(**FURO)


def about(soup: BeautifulSoup) -> Tag:
    (section,) = soup.select("footer section.hb-about")
    return section


def links(part: Tag) -> list[tuple[str, str]]:
    return [(link.get_text(), str(link["href"])) for link in part.select("a")]


def test_it_builds_without_warnings(built: Built) -> None:
    assert built.warnings == []


def test_each_page_but_home_shows_the_way_down_to_it(built: Built) -> None:
    assert not built.soup().select(".hb-where nav")
    for page, way in {
        "club/index.html": [("Home", "../index.html")],
        "club/founding.html": [("Home", "../index.html"), ("Club", "index.html")],
        "search.html": [("Home", "index.html")],
    }.items():
        (nav,) = built.soup(page).select('article nav[aria-label="Where you are"]')
        assert links(nav) == way


def test_the_day_of_the_facts_stands_above_and_below(built: Built) -> None:
    soup = built.soup("club/founding.html")
    assert soup.select_one(".hb-where p").get_text() == "Reviewed on 22 November 2026"  # type: ignore[union-attr]
    assert "Reviewed on 22 November 2026" in about(soup).get_text()
    assert "Reviewed on" not in built.soup("club/names.html").get_text()
    assert "ISO's catalogue as of" in about(built.soup("standards/iso-37101-2016.html")).get_text()


def test_it_offers_the_pages_milestones_and_neighbours(built: Built) -> None:
    section = about(built.soup("club/founding.html"))
    assert links(section.select_one("details"))[0] == ("The club is founded", "#founding-2017")  # type: ignore[arg-type]
    assert "Same chapter" in section.get_text()
    assert ("Names & 名称", "names.html") in links(section)


def test_a_standards_neighbours_are_its_family_and_its_publication_is_a_milestone(
    built: Built,
) -> None:
    section = about(built.soup("standards/iso-37101-2016.html"))
    assert ("ISO 37101:2016/Amd 1:2024", "iso-37101-2016-amd-1-2024.html") in links(section)
    assert ("ISO 37101:2016 is published", "../timeline.html#year-2016") in links(section)


def test_the_writer_may_pick_what_to_read_next(built: Built) -> None:
    (nav,) = built.soup("club/founding.html").select('nav[aria-label="Read next"]')
    assert links(nav) == [("Names & 名称", "names.html"), ("Timeline", "../timeline.html")]
    assert not built.soup("club/names.html").select('nav[aria-label="Read next"]')


def test_a_page_picked_that_is_none_is_a_warning_with_its_line(
    project: Callable[..., Project],
) -> None:
    small = project(
        {
            **PAGES,
            "club/founding.md": PAGES["club/founding.md"].replace(
                "timeline]", "club/founding, timelin]"
            ),
        }
    )
    assert [line.replace(f"{small.root}/", "") for line in small.build().warnings] == [
        "docs/club/founding.md:3: WARNING: P015 next: 'club/founding' is the page itself (hint: name another page by its path below docs/, without .md) [handbook.P015]",
        "docs/club/founding.md:3: WARNING: P015 next: 'timelin' is not a page of the handbook (hint: did you mean timeline?) [handbook.P015]",
    ]


def test_chinese_of_titles_is_marked_where_no_transform_sees_it(built: Built) -> None:
    for page, place in {
        "club/index.html": ".sidebar-tree",
        "club/founding.html": ".hb-about",
        "club/names.html": ".toc-tree",
        "standards/index.html": ".sidebar-tree",
    }.items():
        part = built.soup(page).select_one(place)
        assert part
        for text in part.find_all(string=lambda text: "名" in text):
            assert text.parent.get("lang") == "zh-Hans", (page, place)
    assert built.soup("club/names.html").select_one('.toc-tree [lang="zh-Hans"]')
    assert built.soup("club/founding.html").select_one('.hb-order [lang="zh-Hans"]')


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, ""),
        (
            {"GITHUB_SERVER_URL": "https://example.org", "GITHUB_REPOSITORY": "who/what"},
            "https://example.org/who/what",
        ),
        (
            {"READTHEDOCS_GIT_CLONE_URL": "https://example.org/who/what.git"},
            "https://example.org/who/what.git",
        ),
        ({"READTHEDOCS_GIT_CLONE_URL": "git@example.org:who/what.git"}, ""),
        (
            {
                "HANDBOOK_REPOSITORY": "https://example.com/a/b",
                "GITHUB_SERVER_URL": "https://example.org",
                "GITHUB_REPOSITORY": "who/what",
            },
            "https://example.com/a/b",
        ),
    ],
)
def test_the_repository_comes_from_outside(environ: Mapping[str, str], address: str) -> None:
    assert repository(environ) == address


def test_with_a_repository_a_page_links_to_its_editor_and_to_a_report_with_its_name(
    project: Callable[..., Project],
) -> None:
    soup = (
        project(PAGES)
        .build(**FURO, handbook_repository="https://example.org/who/what.git")
        .soup("club/names.html")
    )
    hint = {link.get_text(): link["href"] for link in about(soup).select("a.hb-fix")}
    assert hint == {
        "Edit this page": "https://example.org/who/what/edit/main/docs/club/names.md",
        "Report an error": "https://example.org/who/what/issues/new?template=wrong-fact.yml"
        "&title=Wrong+fact%3A+Names+%26+%E5%90%8D%E7%A7%B0&page=docs%2Fclub%2Fnames.md",
    }


def test_a_report_names_the_pages_address_where_the_site_has_one(
    project: Callable[..., Project],
) -> None:
    soup = (
        project(PAGES)
        .build(
            **FURO,
            handbook_repository="https://example.org/who/what",
            html_baseurl="https://example.com/en/",
        )
        .soup("club/names.html")
    )
    assert (
        about(soup)
        .select("a.hb-fix")[1]["href"]
        .endswith("&page=https%3A%2F%2Fexample.com%2Fen%2Fclub%2Fnames.html")
    )  # type: ignore[union-attr]


def test_without_a_repository_a_page_names_its_file_and_the_way_to_report(built: Built) -> None:
    section = about(built.soup("club/names.html"))
    assert "docs/club/names.md" in section.get_text()
    assert [(link.get_text(), link["href"]) for link in section.select("a.hb-fix")] == [
        ("How to report an error", "../contributing/index.html#report-an-error"),
    ]


def test_an_address_that_is_none_is_a_warning(project: Callable[..., Project]) -> None:
    assert project(PAGES).build(handbook_repository="git@example.org:who/what").warnings == [
        (
            "docs/conf.py:handbook_repository: WARNING: F002 the repository's address is 'git@example.org:who/what', which is not a web address "
            "(hint: give HANDBOOK_REPOSITORY the address that a browser shows: https://host/owner/name) [handbook.F002]"
        ),
    ]


@pytest.mark.parametrize("end", ['"><script>x</script>', "'/x", "\x1b", "?a", "#a", "\u2028"])
def test_an_address_that_leaves_its_attribute_is_none(
    project: Callable[..., Project], end: str
) -> None:
    built = project(PAGES).build(handbook_repository=f"https://example.org/who/what{end}")
    assert "F002" in built.warnings[0]
    assert "example.org" not in built.text("index.html")


def test_a_page_whose_neighbour_got_another_title_is_written_again(
    project: Callable[..., Project],
) -> None:
    small = project(PAGES)
    small.build(**FURO)
    small.change(small.docs / "club/names.md", "# Names & 名称", "# All its names")
    again = small.build(**FURO)
    assert ("All its names", "names.html") in links(about(again.soup("club/founding.html")))


def test_the_epub_has_no_such_frame(project: Callable[..., Project]) -> None:
    made = project(PAGES).build("epub", templates_path=[TEMPLATES])
    assert "hb-about" not in made.text("club/founding.xhtml")


class Git:
    """A project under git, with commits of given days."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self("init", "--quiet", "--initial-branch=main")

    def __call__(self, *arguments: str, day: str = "2026-01-01") -> None:
        when = f"{day}T23:30:00-05:00"
        environ = {
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(self.project.root),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
            **{
                f"GIT_{who}_{what}": "who@example.org"
                for who in ("AUTHOR", "COMMITTER")
                for what in ("NAME", "EMAIL")
            },
        }
        subprocess.run(
            ["git", *arguments], cwd=self.project.root, env=environ, check=True, capture_output=True
        )

    def commit(self, day: str) -> None:
        self("add", "docs", "references")
        self("commit", "--quiet", "--message", "Change", day=day)


def changed(built: Built, page: str) -> str:
    return about(built.soup(page)).get_text().partition("Last changed")[2].split("\n")[0].strip()


@pytest.fixture
def git(project: Callable[..., Project]) -> Git:
    small = project(PAGES)
    with (small.docs / "conf.py").open("a") as conf:
        conf.write(
            'git_last_updated_timezone = "UTC"\ngit_exclude_patterns = ["**/references/**"]\n'
        )
    return Git(small)


def test_last_changed_is_the_day_of_the_last_commit_of_the_pages_text(git: Git) -> None:
    git.commit("2026-03-01")
    git.project.change(git.project.docs / "club/founding.md", "How it began", "How all began")
    git.project.change(
        git.project.references / "sources.bib", "The club of cities", "The club of the cities"
    )
    git.commit("2026-04-02")
    made = git.project.build(**GIT)
    assert made.warnings == []
    # The commits were made late in the evening in New York; the days are those of UTC.
    assert changed(made, "club/founding.html") == "3 April 2026"
    assert changed(made, "club/index.html") == "2 March 2026"
    assert 'content="2026-04-03T04:30:00+00:00"' in made.text("club/founding.html")


def test_a_commit_is_seen_though_no_page_is_read_again(git: Git) -> None:
    git.commit("2026-03-01")
    git.project.change(git.project.docs / "club/founding.md", "How it began", "How all began")
    made = git.project.build(**GIT)
    assert changed(made, "club/founding.html") == "", (
        "a change that is not committed has no day yet"
    )
    assert "article:modified_time" not in made.text("club/founding.html")
    git.commit("2026-04-02")
    assert changed(git.project.build(**GIT), "club/founding.html") == "3 April 2026"


def test_git_is_asked_about_no_page_twice_before_the_next_commit(
    git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[set[str]] = []

    def ask(_folder: Path, _commits: set[bytes], dates: dict[str, Any]) -> None:
        asked.append(set(dates))
        dates.update(dict.fromkeys(dates, (b"1772323200", False)))

    git.commit("2026-03-01")
    monkeypatch.setattr(sphinx_last_updated_by_git, "update_file_dates", ask)
    git.project.build(**GIT)
    assert asked
    asked.clear()
    git.project.build(**GIT)
    assert asked == []
    git.project.change(git.project.docs / "club/founding.md", "How it began", "How all began")
    git.project.build(**GIT)
    assert asked == [{"founding.md"}]


def test_a_build_that_is_stopped_keeps_no_answer_of_git(
    git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git.commit("2026-03-01")
    assert changed(git.project.build(**GIT), "club/founding.html") == "2 March 2026"
    # no page's file changes, so none is read again
    git("commit", "--quiet", "--amend", "--no-edit", "--reset-author", day="2026-04-02")
    with monkeypatch.context() as stopped:
        stopped.setattr(frame, "_Gatherer", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            git.project.build(**GIT)
    assert changed(git.project.build(**GIT), "club/founding.html") == "3 April 2026"


def test_a_shallow_clone_and_a_folder_outside_of_git_say_nothing(
    git: Git, tmp_path_factory: pytest.TempPathFactory
) -> None:
    git.commit("2026-03-01")
    git.project.change(git.project.docs / "club/founding.md", "How it began", "How all began")
    git.commit("2026-04-02")
    clone, outside = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("outside")
    git("clone", "--quiet", "--depth=1", f"file://{git.project.root}", str(clone))
    git("--work-tree", str(outside), "checkout", "--quiet", "HEAD", "--", ".")
    for folder in (clone, outside):
        made = Project(folder, {}).build(**GIT)
        assert made.warnings == []
        assert changed(made, "club/founding.html") == changed(made, "club/index.html") == ""
