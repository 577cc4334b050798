"""How sources are cited and printed, and the list of sources that ends a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from handbook.model.translations import catalogue_of
from support.projects import Build, Project

ENTRIES = {
    "CNIS 2019": "国际标准化可持续发展城市俱乐部 [The club of cities]. CNIS, 16 January 2019. In Chinese. Primary source. "
    "Web page, read in November 2026 · look for an archived copy.",
    "ISO 2025": "ISO Open Data: deliverables metadata. International Organization for Standardization, 2 June 2025. Primary source. "
    "Web page, read 2 June 2025 · look for an archived copy.",
    "The Daily 2017a": "A short note. The Daily, 2017. Secondary source. Read in a copy on a document-sharing site.",
    "The Daily 2017b": "Cities & standards: 100% of ISO. The Daily, June 2017. Press. "
    "Web page, read 20 November 2026 · look for an archived copy.",
    "Ville de Paris n.d.": "[List of members]. Ville de Paris, undated. In French. Primary source. "
    "Web page, read in November 2026 · look for an archived copy.",
}


def test_the_bibliography_prints_each_source_in_the_order_of_the_labels(built: Build) -> None:
    entries = built("citations").soup().select("div.citation")
    found = {
        entry.select_one(".label").get_text().strip("[]"): entry.select_one("p").get_text()
        for entry in entries
    }  # type: ignore[union-attr]
    assert list(found.items()) == list(ENTRIES.items())


def test_html_marks_the_language_of_a_title_but_not_of_our_own_words(built: Build) -> None:
    page = built("citations").body()
    assert (
        '<span lang="zh-Hans"><em>国际标准化可持续发展城市俱乐部</em></span> [The club of cities]'
        in page
    )
    assert "<p><em>[List of members]</em>. Ville de Paris, undated." in page


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.org/web/20190116/https://www.cnis.ac.cn/a.html",  # near the day of the source
        "https://web.archive.org/web/201706/https://daily.example/2017_06/a_b",  # near the month
        "https://web.archive.org/web/202611/https://paris.example/",  # undated: near the day of reading
    ],
)
def test_html_offers_a_copy_of_the_time(built: Build, address: str) -> None:
    assert (
        f'<a class="reference external" href="{address}">look for an archived copy</a>'
        in built("citations").body()
    )


def test_a_language_that_is_none_is_a_warning_and_stops_no_build(
    project: Callable[[str], Project],
) -> None:
    small = project("citations")
    path = next(small.references.glob("*.bib"))
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"langid\s*=\s*\{[^}]*\}", "langid = {x y!}", text, count=1), "utf-8")
    warnings = small.build().warnings
    assert [one for one in warnings if "B007 isoopendata: langid 'x y!' is not a BCP 47 tag" in one]


DEAD = (
    '{{"address": "https://daily.example/2017_06/a_b", "first_seen": "2026-11-01", "seen": "{}", "reason": "404", '
    '"capture": {{"url": "https://web.archive.org/web/20170630000000/https://daily.example/2017_06/a_b", "taken": "2017-06-30"}}}}\n'
)


def test_the_archived_copy_stands_beside_a_dead_link(project: Callable[[str], Project]) -> None:
    """As long as the memory of the links calls it dead; a page that answers again has its plain look-up back."""
    small = project("citations")
    memory = small.references / "links.jsonl"
    plain = "Web page, read 20 November 2026 · look for an archived copy."
    for seen, shown in [
        (
            "dead",
            "Web page, read 20 November 2026, no longer there · archived copy of 30 June 2017.",
        ),
        ("blocked", plain),
        ("dead", None),
        ("ok", plain),
    ]:
        memory.write_text(DEAD.format(seen), "utf-8")
        built = small.build()
        assert built.warnings == []
        if shown:
            assert shown in built.soup().get_text()
        else:
            assert (
                'href="https://web.archive.org/web/20170630000000/https://daily.example/2017_06/a_b">archived copy of 30 June 2017</a>'
                in built.body()
            )
    memory.unlink()
    assert plain in small.build().soup().get_text()


def test_the_archived_copy_in_chinese(project: Callable[[str], Project]) -> None:
    small = project("citations")
    (small.references / "links.jsonl").write_text(DEAD.format("dead"), "utf-8")
    assert (
        "，页面已失效 · 2017年6月30日的存档副本" in small.build(language="zh_CN").soup().get_text()
    )


def test_a_memory_that_cannot_be_read_is_told(project: Callable[[str], Project]) -> None:
    small = project("citations")
    (small.references / "links.jsonl").write_text(DEAD.format("dead") + "<<<<<<< HEAD\n", "utf-8")
    built = small.build()
    assert [warning.split("WARNING: ")[1].partition(":")[0] for warning in built.warnings] == [
        "L301 this is not a record"
    ]
    assert "references/links.jsonl:2: WARNING" in built.warnings[0]
    assert "archived copy of 30 June 2017" in built.soup().get_text()


def test_citations_in_a_sentence(built: Build) -> None:
    soup = built("citations").soup()
    assert [mark.get_text() for mark in soup.select("section > p .bibtex-citation")] == [
        "[CNIS 2019]",
        "[The Daily 2017a, The Daily 2017b]",
        "[List of members] [Ville de Paris n.d.]",
    ]


def test_running_text_has_numbers_that_lead_to_the_list_and_are_read_as_sources(
    built: Build,
) -> None:
    marks = built("page-sources").soup().select("section > p sup.hb-note")
    assert [mark.get_text() for mark in marks] == ["[1]", "[1][2]", "[3]"]
    link = marks[0].find("a")
    assert link
    assert link["aria-label"] == "Source: The Daily 2017b"
    assert link["href"] == "bibliography.html#cite-press2017"
    assert "says something<sup" in built("page-sources").body()


def test_who_says_so_stands_beside_the_text_once_a_section(built: Build) -> None:
    soup = built("page-sources").soup()
    marks = soup.select("section > p sup.hb-note a")
    assert [mark.get("data-beside") for mark in marks] == [
        "1\N{NO-BREAK SPACE}The Daily 2017b",
        None,
        "2\N{NO-BREAK SPACE}CNIS 2019",
        "3\N{NO-BREAK SPACE}The Daily 2017a",
    ]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("One {a}. Two {a}.", ["a"]),
        ("One {a}, and two {a}.", ["a"]),
        ("One {a}. Two {a}. Three {a}.", ["a"]),
        ("One {a}. Two {b}. Three {a}.", ["a", "b", "a"]),
        # What has no source of its own must not seem to have one.
        ("One {a}. Ours. Three {a}.", ["a", "a"]),
        ('One {a}. "Ours." Three {a}.', ["a", "a"]),
        ("One {a}. (Ours.) Three {a}.", ["a", "a"]),
        ('One {a}. "Two" {a}.', ["a"]),
        ("One {a}. Two {ab}.", ["a", "ab"]),
        ("One {ab}. Two {ba}.", ["ba"]),
        ("一 {a}。二 {a}。", ["a"]),
        ("一 {a}。我们的。三 {a}。", ["a", "a"]),
        ("One {a}\n\nTwo {a}", ["a", "a"]),
    ],
)
def test_sentences_with_the_same_sources_that_follow_each_other_share_a_mark(
    project: Callable[[Mapping[str, str]], Project], text: str, marks: list[str]
) -> None:
    keys = {"a": "press2017", "b": "cnis2019", "ab": "press2017,cnis2019"}
    keys["ba"] = "cnis2019,press2017"
    for name, cited in keys.items():
        text = text.replace(f"{{{name}}}", f"{{cite:p}}`{cited}`")
    end = ":::{toctree}\nsources\n:::\n"
    pages = {
        "index.md": f"# Home\n\n{text}\n\n{end}",
        "sources.md": "(family-indicators)=\n# Sources\n\n:::{bibliography}\n:all:\n:::\n",
    }
    soup = project(pages).build().soup()
    shown = [
        ",".join(link["href"].split("#cite-")[1] for link in mark.select("a"))
        for mark in soup.select("sup.hb-note")
    ]
    assert [set(one.split(",")) for one in shown] == [set(keys[name].split(",")) for name in marks]


def test_a_label_in_a_chinese_table_does_not_touch_the_word_before_it(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    mark = "{cite:p}`press2017`"
    rows = f"| A | B | C |\n|---|---|---|\n| GB/T 1{mark} | 见：{mark} | {mark} |\n| 国家标准{mark} | GB/T 1 {mark} | – |\n"
    rows += f"| See ({mark}) | “{mark}” | GB/{mark} |\n"
    page = f"(family-indicators)=\n# Home\n\n{rows}\n\n:::{{bibliography}}\n:all:\n:::\n"
    cells = project({"index.md": page}).build(language="zh_CN").soup().select("td")
    said = [cell.get_text().partition("[")[0] for cell in cells]
    first, second = ["GB/T 1 ", "见：", ""], ["国家标准 ", "GB/T 1 ", "–"]
    assert said == [*first, *second, "See (", "“", "GB/"]


def test_a_bibliography_leads_back_to_each_mark_also_where_marks_became_one(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    said = "Thing {cite:p}`press2017`. " * 3
    page = f"(family-indicators)=\n# Home\n\n{said}\n\n:::{{bibliography}}\n:all:\n:::\n"
    soup = project({"index.md": page}).build().soup()
    back = [link["href"].removeprefix("#") for link in soup.select(".backrefs a")]
    assert len(back) == 3
    places = [soup.find(id=id_) for id_ in back]
    assert all(place and "Thing" in place.find_parent("p").get_text() for place in places)
    assert len(soup.select("section > p .bibtex-citation")) == 1


def test_latex(built: Build) -> None:
    tex = built("citations", "latex").tex
    assert r"\bibitem[The Daily 2017b]{index:" in tex
    assert (
        r"\sphinxstyleemphasis{Cities \& standards: 100\% of ISO}. The Daily, June 2017. Press."
        in tex
    )
    assert (
        r"\sphinxhref{https://daily.example/2017\_06/a\_b}{Web page}, read 20 November 2026" in tex
    )
    assert r"two \DUrole{bibtex-citation}{{[}\hyperlink{cite.index:" in tex


def sources(built: Build, page: str) -> list[str]:
    return [
        item.get_text()
        for item in built("page-sources")
        .soup(page)
        .select("h2#sources-of-this-page + ol.hb-sources > li")
    ]


def test_a_page_ends_with_each_source_it_cites_once(built: Build) -> None:
    # In the order of the numbers in the text.
    labels = ("The Daily 2017b", "CNIS 2019", "The Daily 2017a")
    assert sources(built, "index.html") == [f"[{label}] {ENTRIES[label]}" for label in labels]
    body = built("page-sources").soup().select_one("body section")
    assert body
    assert [
        child.get("id") or child.get("class") for child in body.find_all(True, recursive=False)
    ][-2:] == [
        "sources-of-this-page",
        ["arabic", "simple", "hb-sources"],
    ]


@pytest.mark.parametrize("page", ["without.html", "silent.html", "bibliography.html"])
def test_no_list_where_it_is_switched_off_where_nothing_is_cited_and_beside_the_bibliography(
    built: Build, page: str
) -> None:
    assert sources(built, page) == []
    assert "Sources of this page" not in built("page-sources").text(page)


def test_no_list_on_a_page_that_cites_and_has_the_bibliography(built: Build) -> None:
    assert "Sources of this page" not in built("citations").text("index.html")


def test_publications_have_no_such_list(built: Build) -> None:
    """A book has one bibliography at its end."""
    assert "Sources of this page" not in built("page-sources", "latex").tex
    assert "Sources of this page" not in built("page-sources", "text").text("index.txt")


@pytest.mark.parametrize("language", ["xx", "english"])
def test_a_language_that_nobody_knows_is_printed_as_it_stands(
    project: Callable[[str], Project], language: str
) -> None:
    small = project("citations")
    small.change(
        small.references / "sources.bib", "langid    = {fr}", f"langid    = {{{language}}}"
    )
    assert f"Ville de Paris, undated. In {language}." in " ".join(
        small.build("text").text("index.txt").split()
    )


PAGES = {
    "index.md": "# Home\n\nSaid {cite:p}`press2017,cnis2019`.\n\n:::{toctree}\nbibliography\none\ntwo\n:::\n",
    "bibliography.md": "# Bibliography\n\n:::{letters}\n:::\n\n:::{source-index}\n:::\n\n## By label\n\n:::{source-index}\n:labels:\n:::\n",
    "one.md": "# Sources on one\n\n:::{sources} one\n:::\n",
    "two.md": "# Sources on two\n\n:::{sources} two\n:::\n",
}
FILES = ["../references/one.bib", "../references/two.bib"]


@pytest.fixture
def of_two_pages(project: Callable[[str | Mapping[str, str]], Project]) -> Project:
    small = project(PAGES)
    path = next(small.references.glob("*.bib"))
    entries = re.split(r"(?m)^(?=@)", path.read_text("utf-8"))
    path.unlink()
    for name, cited in (("one", "press2017"), ("two", "cnis2019")):
        text = "".join(entry for entry in entries if f"{{{cited}," in entry)
        (small.references / f"{name}.bib").write_text(text, "utf-8")
    return small


def test_a_bibliography_of_several_pages_keeps_each_address_on_its_first(
    of_two_pages: Project,
) -> None:
    built = of_two_pages.build(bibtex_bibfiles=FILES)
    assert [one.get_text() for one in built.soup("one.html").select("div.citation .label")] == [
        "[The Daily 2017]"
    ]
    links = {link["href"] for link in built.soup().select("sup.hb-note a")}
    assert links == {"one.html#cite-press2017", "two.html#cite-cnis2019"}
    index = built.soup("bibliography.html").select("a.hb-leads")
    assert [(one["id"], one["href"], one.get_text()) for one in index] == [
        ("cite-cnis2019", "two.html#cite-cnis2019", "CNIS 2019"),
        ("cite-press2017", "one.html#cite-press2017", "The Daily 2017"),
    ]
    letters = built.soup("bibliography.html").select(".hb-letters a")
    assert [(one.get_text(), one["href"]) for one in letters] == [
        ("C", "#sources-c"),
        ("T", "#sources-t"),
    ]
    bar = built.soup("bibliography.html").select_one("nav.hb-letters")
    assert bar
    assert bar["aria-label"] == "By label A–Z"
    assert "2 of 2 shown" in built.soup("bibliography.html").select_one(".hb-in-list").get_text()  # type: ignore[union-attr]
    rows = [
        [cell.get_text() for cell in row.select("td")]
        for row in built.soup("bibliography.html").select("tbody tr")
    ]
    assert rows == [
        ["Sources on one", "0", "1", "0", "1"],
        ["Sources on two", "1", "0", "0", "1"],
        ["All", "1", "1", "0", "2"],
    ]


def test_a_book_has_no_index_by_labels_and_says_how_its_lists_are_ordered(
    of_two_pages: Project,
) -> None:
    text = of_two_pages.build("text", bibtex_bibfiles=FILES).text("bibliography.txt")
    end = "Each list of sources is in the order of its labels."
    assert text.partition("By label")[2].strip("= *\n") == end


def test_labels_that_begin_with_no_letter_are_in_one_place_of_the_index(
    of_two_pages: Project,
) -> None:
    bib = of_two_pages.references / "two.bib"
    entry = bib.read_text("utf-8")
    for key, name in (("quoted2019", "“Q” house"), ("days2019", "7 days")):
        entry += entry.split("\n\n")[0].replace("cnis2019", key).replace("CNIS", name) + "\n\n"
    bib.write_text(entry, "utf-8")
    built = of_two_pages.build(bibtex_bibfiles=FILES)
    lines = built.soup("bibliography.html").select(".hb-source-index p")
    assert [(one["id"], len(one.select("a"))) for one in lines] == [
        ("sources-0", 2),
        ("sources-c", 1),
        ("sources-t", 1),
    ]


@pytest.mark.parametrize(
    ("language", "old", "new"), [("en", "The Daily", "The Weekly"), ("zh_CN", "甲报", "乙报")]
)
def test_lists_and_their_index_follow_a_changed_name(
    of_two_pages: Project, language: str, old: str, new: str
) -> None:
    bib = of_two_pages.references / "one.bib"
    words = catalogue_of(of_two_pages.docs, "zh_CN", "references/one.bib")
    words.parent.mkdir(parents=True)
    words.write_text('msgid "The Daily"\nmsgstr "甲报"\n', "utf-8")
    of_two_pages.build(bibtex_bibfiles=FILES, language=language)
    of_two_pages.change(bib if language == "en" else words, old, new)
    built = of_two_pages.build(bibtex_bibfiles=FILES, language=language)
    entry = built.soup("one.html").select_one("div.citation .label")
    line = built.soup("bibliography.html").select_one("a#cite-press2017")
    assert [one and one.get_text() for one in (entry, line)] == [f"[{new} 2017]", f"{new} 2017"]


def test_a_file_of_sources_that_is_not_there_is_a_warning_with_those_that_are(
    of_two_pages: Project,
) -> None:
    (of_two_pages.root / "docs/one.md").write_text("# One\n\n:::{sources} three\n:::\n", "utf-8")
    warnings = of_two_pages.build(bibtex_bibfiles=FILES).warnings
    assert [
        one for one in warnings if "one.md:3: WARNING: Y002" in one and "use one of one, two" in one
    ]
