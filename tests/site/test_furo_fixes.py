"""What the HTML pages need beyond Sphinx: languages, descriptions, keyboards, no other host."""

from __future__ import annotations

import pytest

from support.projects import Build, Built


@pytest.fixture(scope="module")
def furo(built: Build) -> Built:
    return built("furo", html_theme="furo")


@pytest.mark.parametrize(
    "markup",
    [
        '<h1>The club in <span lang="zh-Hans">杭州</span>',
        'Jianggan District (<span lang="zh-Hans">江干区</span>),',
        '<span lang="zh-Hans">「新」字</span> and <span lang="ja">カタカナ</span> and <span lang="ko">서울</span>.',
        'Punctuation (<span lang="zh-Hans">中国，北京</span>)',
        '<span class="pre">code</span> <span lang="zh-Hans"><span class="pre">代码</span></span>',
    ],
)
def test_runs_of_east_asian_letters_name_their_language(built: Build, markup: str) -> None:
    assert markup in built("language").body()


def test_what_has_a_language_already_is_left_alone(built: Build) -> None:
    page = built("language").body()
    assert '<span lang="zh-Hans"><em>国际标准化可持续发展城市俱乐部</em></span>' in page
    assert 'lang="zh-Hans"><span lang' not in page
    assert '<span class="n">文字</span>' in page


def test_a_chinese_handbook_needs_no_such_marks(built: Build) -> None:
    assert ">The club in 杭州<" in built("language", language="zh_CN").body()


def test_the_description_stands_in_the_head_with_its_signs_escaped(furo: Built) -> None:
    head = furo.soup().select_one("head > meta[name=description]")
    assert head
    assert head["content"] == 'What "this" page says & answers.'
    assert not furo.soup("deep/index.html").select("meta[name=description]")


def test_what_scrolls_sideways_can_be_reached_and_has_a_name(furo: Built) -> None:
    frames = furo.soup().select(".table-wrapper")
    assert [(frame["tabindex"], frame["role"], frame["aria-label"]) for frame in frames] == [
        ("0", "region", "Table 1"),
        ("0", "region", "Table 2"),
    ]
    assert {block.get("tabindex") for block in furo.soup().select("pre")} == {"0"}


def test_captions_that_are_headings_have_a_level(furo: Built) -> None:
    captions = furo.soup().select("p.caption[role=heading]")
    assert captions
    assert {caption.get("aria-level") for caption in captions} == {"2"}


def test_roles_that_need_a_list_around_them_are_taken_off(furo: Built) -> None:
    assert not furo.soup("bibliography.html").select("[role=doc-biblioentry], [role=list]")


def test_the_sidebar_opens_only_the_branch_of_the_page(furo: Built) -> None:
    def entries(page: str) -> list[str]:
        return [link.get_text() for link in furo.soup(page).select(".sidebar-tree a")]

    assert entries("index.html") == ["Deep", "Bibliography"]
    assert entries("deep/page.html") == ["Deep", "Deep page", "Bibliography"]


def test_no_page_asks_another_host_for_anything(furo: Built) -> None:
    loaded = [
        str(element.get("src") or element.get("href"))
        for page in furo.out.rglob("*.html")
        for element in furo.soup(str(page.relative_to(furo.out))).select(
            "[src], link[rel~=stylesheet], link[rel~=preload], link[rel~=icon]"
        )
    ]
    assert loaded
    assert [address for address in loaded if address.startswith(("http:", "https:", "//"))] == []


def test_scripts_come_only_with_what_they_serve(furo: Built, built: Build) -> None:
    def scripts(made: Built, page: str) -> set[str]:
        names = {
            str(script["src"]).partition("?")[0].rpartition("/")[2]
            for script in made.soup(page).select("script[src]")
        }
        return names & {"catalogue.js", "cite.js", "timeline.js"}

    assert scripts(furo, "index.html") == {"catalogue.js"}
    assert scripts(furo, "deep/page.html") == set()
    assert scripts(built("timeline"), "index.html") == {"timeline.js"}
    assert scripts(built("timeline"), "club.html") == {"cite.js"}
