"""The Chinese edition of a small handbook, built beside the English one from the same pages."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from handbook.cli import HandbookError
from handbook.linkcheck import internal
from handbook.model.proofreading import Proofread
from handbook.sphinxext.building import build
from handbook.sphinxext.languages import marked
from support import ROOT
from support.projects import Project

PAGES = {
    "index.md": """# Home

(first)=
## The first section

A paragraph that is translated, with {cite:p}`cnis2019`.

A paragraph that waits.

### A section without a label

:::{milestone} The club is founded
:name: club-founding-2017
:date: 2017-06
:strands: club
:sources: cnis2019
It has members.
:::

```{toctree}
other
timeline
```
""",
    "other.md": "# Another page\n\nNothing of this page is translated. See [the first](#first).\n",
    "timeline.md": "# Timeline\n\n:::{timeline}\n:::\n",
    **{f"{name}.md": "---\norphan: true\n---\n# Read\n" for name in ("unread", "read", "reread")},
    # one string of the page and the name of one family, which is in the data
    "shown.md": "---\norphan: true\n---\n# Read\n\n:::{catalogue}\n:::\n",
    # of pages for those who work on the code only the title is translated
    "contributing/code.md": "---\norphan: true\n---\n# Read\n\nThe code is in Python.\n",
}
READ = Proofread.of([("Read", "读")], date(2026, 11, 27))
READ_PAGES = {
    "unread": 'msgid "Read"\nmsgstr "读"\n',
    "shown": 'msgid "Read"\nmsgstr "读"\n',
    "contributing/code": 'msgid "Read"\nmsgstr "读"\n\nmsgid "The code is in Python."\nmsgstr "代码"\n',
    "read": f'msgid ""\nmsgstr ""\n"X-Proofread: {READ}\\n"\n\nmsgid "Read"\nmsgstr "读"\n',
    "reread": f'msgid ""\nmsgstr ""\n"X-Proofread: {READ}"\n\nmsgid "Read"\nmsgstr "阅读"\n',
}
CATALOGUE = """
msgid "Home"
msgstr "首页标题"

msgid "The first section"
msgstr "第一节"

msgid "A paragraph that is translated, with {cite:p}`cnis2019`."
msgstr "译出的一段，见{cite:p}`cnis2019`。"

#, fuzzy
msgid "A paragraph that waits."
msgstr "旧译文。"

msgid "A section without a label"
msgstr "没有标签的一节"

msgid "The club is founded"
msgstr "联盟成立"
"""
CONF = """
html_theme = "furo"
html_baseurl = "https://city.example/handbook/"
handbook_editions = {"zh_CN": {"project": "手册", "html_title": "手册"}}
handbook_day = "2026-11-23"
templates_path = ["{templates}"]
"""
PO = "locales/zh_CN/LC_MESSAGES/index.po"


class Site:
    """What ``make html`` builds of these pages."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root, PAGES)
        self.project.write(PO, CATALOGUE)
        for name, text in READ_PAGES.items():
            self.project.write(PO.replace("index", name), text)
        with (self.project.docs / "conf.py").open("a", encoding="utf-8") as file:
            file.write(CONF.replace("{templates}", str(ROOT / "docs" / "_templates")))
        self.html = root / "build" / "html"

    def build(self, languages: list[str] | None = None) -> int:
        return build(self.project.docs, self.project.root / "build", "html", {}, languages)

    def text(self, name: str) -> str:
        return (self.html / name).read_text("utf-8")

    def soup(self, name: str) -> BeautifulSoup:
        return BeautifulSoup(self.text(name), "html.parser")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    made = Site(tmp_path_factory.mktemp("site"))
    assert made.build() == 0
    return made


def alternates(page: BeautifulSoup) -> dict[str, str]:
    return {str(one["hreflang"]): str(one["href"]) for one in page.select("head [hreflang]")}


def test_the_english_pages_say_nothing_else(site: Site) -> None:
    page = site.soup("index.html")
    assert page.html
    assert page.html["lang"] == "en"
    assert [one.get_text() for one in page.select("h1, h2, h3")][:1] == ["Home¶"]
    assert "译" not in site.text("index.html")


def test_strings_titles_dates_and_names_are_chinese(site: Site) -> None:
    page = site.soup("zh/index.html")
    assert page.html
    assert page.html["lang"] == "zh-CN"
    assert page.title
    assert page.title.get_text().strip() == "手册"
    heads = [one.get_text().rstrip("#¶") for one in page.select("h1, section section > h2, h3")]
    assert heads[:3] == ["首页标题", "第一节", "没有标签的一节"]
    assert "译出的一段，见" in page.get_text()
    head = page.select_one(".hb-milestone-head")
    assert head
    assert head.get_text().startswith("2017年6月 联盟成立")
    told = site.soup("zh/timeline.html").select_one(
        "[data-name=club-founding-2017], ol:has(a[href*=club-founding-2017])"
    )
    assert told
    assert "联盟成立" in told.get_text()


def test_no_word_of_the_frame_stays_english(site: Site) -> None:
    page = site.text("zh/index.html")
    assert ">跳到正文<" in page
    for english in ("Skip to content", "Back to top", "Toggle site", "Auto light/dark", "Previous"):
        assert english not in page, english
    assert "Skip to content" in site.text("index.html")


def test_anchors_are_the_same(site: Site) -> None:
    for name in ("index.html", "other.html", "timeline.html"):
        one, other = (
            {str(tag["id"]) for tag in site.soup(path).select("[role=main] [id]")}
            for path in (name, f"zh/{name}")
        )
        assert one == other
    assert site.soup("zh/index.html").select_one("section#a-section-without-a-label")


def test_what_waits_is_marked_as_english_and_no_old_translation_shows(site: Site) -> None:
    page = site.soup("zh/index.html")
    waits = page.select(".hb-waiting")
    assert [(one.get_text(), one["lang"]) for one in waits] == [
        ("A paragraph that waits.", "en"),
        ("It has members.", "en"),
    ]
    assert "旧译文" not in site.text("zh/index.html")


@pytest.mark.parametrize(
    ("page", "note"),
    [
        ("index.html", "本页已译71%，其余为英文原文。"),
        ("other.html", "本页尚未翻译，以下为英文原文。"),
        ("unread.html", "译自英文，尚未校对。"),
        ("shown.html", "本页已译50%，其余为英文原文。"),
        ("read.html", "译自英文，已于2026年11月27日校对。"),
        ("reread.html", "译自英文，2026年11月27日校对后又有改动。"),
        ("contributing/code.html", "本页供参与代码工作的人员阅读，仅标题译为中文，正文为英文。"),
    ],
)
def test_a_page_says_how_much_of_it_is_translated_and_when_it_was_proof_read(
    site: Site, page: str, note: str
) -> None:
    said = site.soup(f"zh/{page}").select_one(".hb-translated")
    assert said
    assert said.get_text() == note
    assert not site.soup(page).select(".hb-translated")


def test_of_a_page_for_those_who_work_on_the_code_the_title_alone_is_chinese(site: Site) -> None:
    page = site.soup("zh/contributing/code.html")
    assert [one.get_text().rstrip("#¶") for one in page.select("h1")] == ["读"]
    assert "The code is in Python." in page.get_text()
    assert "代码</p>" not in str(page)
    assert alternates(page) == {}


def test_each_page_leads_to_itself_in_the_other_language(site: Site) -> None:
    for name, there in (("index.html", "zh/index.html"), ("zh/other.html", "../other.html")):
        switch = site.soup(name).select_one(".hb-chinese a")
        assert switch
        assert switch["href"] == there
        assert (site.html / Path(name).parent / there).exists()
    assert site.soup("zh/index.html").select_one('.hb-chinese[lang="en"]')


def test_search_engines_are_told_of_translations_alone(site: Site) -> None:
    root = "https://city.example/handbook/"
    both = {"en": f"{root}index.html", "zh-Hans": f"{root}zh/index.html"}
    both["x-default"] = both["en"]
    assert alternates(site.soup("index.html")) == alternates(site.soup("zh/index.html")) == both
    assert alternates(site.soup("zh/other.html")) == {}
    for page, canonical in (("index", "zh/index"), ("other", "other")):
        link = site.soup(f"zh/{page}.html").select_one("link[rel=canonical]")
        assert link
        assert link["href"] == f"{root}{canonical}.html"
    places = set(re.findall("<loc>(.*?)</loc>", site.text("zh/sitemap.xml")))
    assert places == {f"{root}zh/{one}.html" for one in ("index", *READ_PAGES) if "/" not in one}
    assert site.text("robots.txt").count("Sitemap: ") == 2
    assert f"Sitemap: {root}zh/sitemap.xml\n" in site.text("robots.txt")


def test_the_calendar_and_the_feeds_of_the_edition_are_chinese(site: Site) -> None:
    assert "CATEGORIES:联盟" in site.text("zh/data/milestones.ics")
    assert '<category term="club" label="联盟" />' in site.text("zh/data/milestones.atom")
    assert "联盟成立" in site.text("zh/data/milestones.ics").replace("\r\n ", "")
    assert "The club is founded" in site.text("data/milestones.ics").replace("\r\n ", "")
    told = json.loads(site.text("zh/data/milestones.json"))["milestones"]
    address = next(one["address"] for one in told if one["name"] == "club-founding-2017")
    assert address.endswith("#club-founding-2017")


def test_files_for_hosts_stand_at_the_root_and_cover_all_editions(site: Site) -> None:
    assert "/handbook/zh/index\n  X-Frame-Options: DENY" in site.text("_headers")
    assert not (site.html / "zh/_headers").exists()
    assert not (site.html / "zh/robots.txt").exists()


def test_its_page_for_lost_addresses_leads_into_the_edition(site: Site) -> None:
    assert 'action="/handbook/zh/search.html"' in site.text("zh/404.html")


def test_every_link_between_the_editions_leads_somewhere(site: Site) -> None:
    built = internal.read(site.html)
    assert "zh/404.html" in built.anchors
    # this small handbook has none of our scripts
    found = [one for one in internal.check(built, site.html) if "_static/" not in one.message]
    assert [str(one) for one in found if one.code in {"L101", "L105"}] == []


def test_without_other_languages_nothing_leads_there(tmp_path: Path) -> None:
    made = Site(tmp_path)
    assert made.build(["en"]) == 0
    assert not (made.html / "zh").exists()
    assert "zh/" not in made.text("index.html")


@pytest.mark.parametrize("language", ["zh", "fr", "EN"])
def test_a_language_without_an_edition_is_named(site: Site, language: str) -> None:
    with pytest.raises(HandbookError) as caught:
        site.build(["en", language])
    assert str(caught.value) == (
        f"the handbook has no edition in the language {language!r}"
        " (hint: write one or more of en zh_CN)"
    )


def test_what_a_stopped_build_left_of_an_edition_heals(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = Site(tmp_path)
    assert made.build() == 0
    # the English edition failed while this one was being written
    (tmp_path / "build/doctrees-zh/other.doctree").write_bytes(b"")
    page = made.html / "zh/other.html"
    page.unlink()
    capfd.readouterr()
    assert made.build() == 0
    assert "may be damaged, so everything is built again" in capfd.readouterr().err
    assert page.exists()


def test_an_edition_follows_its_catalogues(tmp_path: Path) -> None:
    made = Site(tmp_path)
    assert made.build() == 0
    path = made.project.docs / PO
    made.project.change(path, "第一节", "第一章")
    made.project.write(PO.replace("index", "other"), 'msgid "Another page"\nmsgstr "另一页"\n')
    assert made.build() == 0
    assert "第一章" in made.text("zh/index.html")
    assert "另一页" in made.text("zh/other.html")
    assert 'hreflang="zh-Hans"' in made.text("other.html")


def test_a_fault_in_a_translation_fails_the_build_and_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = Site(tmp_path)
    made.project.change(made.project.docs / PO, "译出的一段", "[译出](gone.md)的一段")
    assert made.build() == 1
    assert "gone" in capfd.readouterr().err


def test_the_words_of_the_theme_are_chinese(site: Site) -> None:
    """If this fails, furo writes other words than ``editions._of_theme`` knows."""
    page = site.soup("zh/index.html")
    words = [one.get_text() for one in page.select("svg > symbol > title, svg title")]
    words += [str(one["aria-label"]) for one in page.select("[aria-label]")]
    words += [one.get_text().strip() for one in page.select(".toc-title, .back-to-top")]
    assert words
    assert [
        one for one in words if one != "English" and not re.search("[\u4e00-\u9fff]", one)
    ] == []


def test_english_titles_in_the_chinese_navigation_say_so(site: Site) -> None:
    assert marked("<a>首页</a><a>Rules for sources</a>", "zh_CN") == (
        '<a>首页</a><a><span lang="en">Rules for sources</span></a>'
    )
    assert 'lang="zh-Hans">首页' not in site.text("zh/index.html")


def test_feeds_and_calendars_are_chinese_and_others_than_the_english_ones(site: Site) -> None:
    feed = json.loads(site.text("zh/data/milestones.feed.json"))
    assert (feed["language"], feed["title"]) == ("zh-CN", "手册：里程碑")
    atom, english = (site.text(f"{one}data/milestones.atom") for one in ("zh/", ""))
    assert 'xml:lang="zh-CN"' in atom
    assert "<name>手册贡献者</name>" in atom
    ids = [re.findall("<id>(.*?)</id>", one)[0] for one in (atom, english)]
    assert ids[0] != ids[1]
    plain = json.loads(site.text("data/milestones.feed.json"))
    tags = [{tag for item in one["items"] for tag in item["tags"]} for one in (plain, feed)]
    assert tags == [{"Added", "Standards", "Club"}, {"新增", "标准", "联盟"}]
    calendar = re.sub(r"\r?\n ", "", site.text("zh/data/milestones.ics"))
    assert "//ZH-CN" in calendar
    assert "已知日期：2017-06（EDTF）" in calendar
