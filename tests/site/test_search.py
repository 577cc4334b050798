"""What the index holds and how it is made; what a reader finds with it in a real browser."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe

from handbook.model.catalogue import Catalogue
from handbook.outputs import search_index
from handbook.outputs.search_index import Kind, Record
from support import ROOT, ROOTS
from support.browser import open_page, served
from support.projects import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TABLE: dict[str, dict[str, str]] = yaml.safe_load(
    (ROOT / "tests" / "search.yaml").read_text("utf-8")
)
REAL = {
    "handbook_search": True,
    "html_theme": "furo",
    "templates_path": [str(ROOT / "docs" / "_templates")],
    "html_static_path": [str(ROOT / "docs" / "_static")],
}


def fragments(out: Path) -> list[dict[str, Any]]:
    """What Pagefind tells of each record of an edition."""
    return [
        json.loads(gzip.decompress(path.read_bytes())[12:])
        for path in sorted((out / "pagefind" / "fragment").iterdir())
    ]


def words(out: Path) -> list[str]:
    """The words that the browser gets beside those of names, as it reads them."""
    coded = json.loads((out / "pagefind" / "words.json").read_text("utf-8"))["words"]
    found = [""]
    for letter, rest in re.findall("([A-Z])([^A-Z]*)", coded):
        found.append(found[-1][: ord(letter) - ord("A")] + rest)
    return found[1:]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# -- what is indexed --


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("杭州", "杭州"),
        ("江干区", "江干 \u2060干区"),
        ("区", "区"),
        ("(江干区), too", "( \u2063江干 \u2060干区 \u2063), too"),
        ("in 杭州 now", "in 杭州 now"),
        ("カタ", "カタ"),
        ("서울 Seoul", "서울 Seoul"),
    ],
)
def test_chinese_is_indexed_as_pairs_of_characters(text: str, pairs: str) -> None:
    assert search_index.in_pairs(text) == pairs


def test_words_are_compared_without_case_accents_and_punctuation() -> None:
    assert list(search_index.words_of("Félix: ISO 37120:2014, 90.93 江干区 ３７１０１")) == [
        "felix",
        "iso",
        "371202014",
        "37120",
        "2014",
        "9093",
        "90",
        "93",
        "37101",
    ]
    assert list(search_index.runs_of("Jianggan (江干区), 杭州。")) == ["江干区", "杭州"]


@pytest.mark.parametrize(
    ("reference", "means", "does_not_mean"),
    [
        (
            "ISO 37101:2016",
            {"ISO 37101:2016", "37101:2016", "ISO 37101", "37101"},
            {"ISO 37101:2016/Amd 1"},
        ),
        (
            "ISO 37101:2016/Amd 1:2024",
            {"ISO 37101:2016/Amd 1:2024", "37101:2016/Amd 1"},
            {"37101", "ISO 37101"},
        ),
        ("ISO 37120:2014", {"ISO 37120:2014", "37120:2014"}, {"37120", "ISO 37120"}),
        ("ISO 37120:2018", {"37120", "ISO 37120"}, {"37120:2014"}),
        ("ISO/DIS 37100", {"ISO/DIS 37100", "DIS 37100"}, {"37100", "ISO 37100"}),
    ],
)
def test_a_reference_without_year_means_the_current_edition_alone(
    reference: str, means: set[str], does_not_mean: set[str]
) -> None:
    catalogue = Catalogue.load(ROOTS / "references")
    names = set(search_index.names_of(catalogue.exact(reference), catalogue))
    assert means <= names
    assert not names & does_not_mean


PAGE = """<html><body><nav>not this</nav><article role="main"><div data-pagefind-ignore><p>nor this</p></div>
<section id="club"><h1>The club<a class="headerlink" href="#club">¶</a></h1>
<p>In <span lang="zh">杭州</span> <span class="bibtex-citation">[<a href="b.html">CNIS 2022</a>]</span>.</p>
<section id="seat"><h2>Its seat</h2><article class="hb-milestone" id="seat-2019"><span id="seat"></span><p class="hb-milestone-head">
<time class="hb-date" datetime="2019-01-14">14 January 2019</time> <strong>It settles</strong> <span class="hb-badge hb-strand-club">Club</span></p>
<p>In Jianggan.</p><p class="hb-milestone-foot"><span class="hb-where">Place: St. Denis.</span> Sources: <span class="bibtex-citation">[X]</span></p>
<details class="hb-cite"><summary>Cite this</summary></details></article></section>
<dl class="simple glossary"><dt id="term-Audit">Audit<a class="headerlink" href="#">¶</a></dt><dt id="term-0"><span lang="zh">审核</span></dt><dd><p>A check.</p></dd></dl>
<div class="citation-list"><div class="citation" id="cite-cnis2022"><span class="label"><span>[</span>CNIS 2022<span>]</span></span>
<p><em>[Sixth meeting]</em>. CNIS.</p></div></div></section></article></body></html>"""


def test_each_thing_of_a_page_is_a_record_with_its_own_anchor() -> None:
    found = {
        record.address: record
        for record in search_index.records(
            PAGE,
            "club.html",
            strands=["club"],
            names=["ISSCC"],
            source_strands={"cnis2022": "club"},
        )
    }
    assert {
        address: (record.kind, record.title, record.strands, record.detail)
        for address, record in found.items()
    } == {
        "club.html": (Kind.PAGE, "The club", ("club",), ""),
        "club.html#seat-2019": (Kind.MILESTONE, "It settles", ("club",), "14 January 2019"),
        "club.html#term-Audit": (Kind.TERM, "Audit", (), ""),
        "club.html#cite-cnis2022": (Kind.SOURCE, "Sixth meeting", ("club",), "CNIS 2022"),
    }
    assert found["club.html"].names == ("The club", "ISSCC")
    assert found["club.html#seat-2019"].names == ("It settles", "14 January 2019", "2019-01-14")
    assert found["club.html#term-Audit"].names == ("Audit", "审核")
    page = found["club.html"].body
    assert "<p>In 杭州.</p>" in page
    assert '<h2 id="seat">Its seat</h2>' in page
    assert not re.search("not this|nor this|A check|Sixth|Cite this|CNIS", page)
    assert found["club.html#seat-2019"].body.endswith("<p>In Jianggan.</p><p>Place: St. Denis.</p>")


def test_a_milestone_without_a_place_shows_no_sources() -> None:
    page = PAGE.replace('<span class="hb-where">Place: St. Denis.</span> ', "")
    found = {record.address: record for record in search_index.records(page, "club.html")}
    assert found["club.html#seat-2019"].body.endswith("<p>In Jianggan.</p>")


@pytest.mark.parametrize(
    ("words_", "coded"),
    [
        ([], ""),
        (["city"], "Acity"),
        (["cities", "city", "club"], "AcitiesDyBlub"),
        (["37101", "37106", "杭"], "A37101E6A杭"),
    ],
)
def test_words_leave_out_what_the_one_before_has(words_: list[str], coded: str) -> None:
    assert search_index.front_coded(words_) == coded


def test_the_index_tells_what_is_asked_and_known_beside_the_pages(tmp_path: Path) -> None:
    page = Record(
        "a.html",
        Kind.PAGE,
        "A page",
        "<h2 id='x'>Its part</h2>",
        (),
        ("A page",),
        "",
        (("x", "Its part"),),
    )
    back = replace(page, address="contributing/b.html", names=("B",))
    one = replace(
        page, address="standards/iso-1.html", kind=Kind.STANDARD, names=("ISO 1",), sections=()
    )
    parts_ = {record.address: search_index.part([record]) for record in (page, back, one)}
    knowledge = search_index.Knowledge(
        terms=(("chair", "主席"),),
        questions={"a.html#x": ("who does it",), "a.html": ("what is a",)},
        standards={"standards/iso-1.html": ("current", "2020"), "gone.html": ("current", "2020")},
        as_of="1 June 2026",
    )
    search_index.write(parts_, tmp_path / "index", "en", tmp_path / "documents", None, knowledge)
    told = json.loads((tmp_path / "index" / "words.json").read_text("utf-8"))
    assert list(told["sections"].values()) == [[["what is a"], ["x", "Its part", "who does it"]]]
    assert list(told["standards"].values()) == [["current", "2020"]]
    assert told["terms"] == [["chair", "主席"]]
    assert len(told["backstage"].split()) == 1
    assert told["asOf"] == "1 June 2026"


# -- how it is made --


def many(seed: int) -> list[Record]:
    random = Random(seed)
    words = [
        "standard",
        "city",
        "club",
        "杭州市标准",
        "江干区",
        "37101",
        "secretariat",
        *(f"word{number}" for number in range(400)),
    ]
    return [
        Record(
            f"page{number % 40}.html#a{number}",
            random.choice(list(Kind)),
            f"Title {number}",
            f"<p>{' '.join(random.choices(words, k=60))}</p>",
            ("club",),
            (f"name {number}",),
        )
        for number in range(400)
    ]


def parts(records: list[Record]) -> dict[str, search_index.Part]:
    """The records by their pages."""
    pages = {record.address.split("#")[0]: [] for record in records}
    for record in records:
        pages[record.address.split("#")[0]].append(record)
    return {page: search_index.part(found) for page, found in pages.items()}


def test_the_same_pages_give_the_same_index_byte_for_byte(tmp_path: Path) -> None:
    records = many(1)
    for name in ("one", "two", "three"):
        search_index.write(parts(records), tmp_path / name, "en", tmp_path / "documents")
        Random(name).shuffle(records)
    assert len(files(tmp_path / "one")) > 400
    assert files(tmp_path / "one") == files(tmp_path / "two") == files(tmp_path / "three")


def test_an_index_that_grew_page_by_page_is_that_of_the_whole(tmp_path: Path) -> None:
    index, documents = tmp_path / "index", tmp_path / "documents"
    gone = replace(many(1)[0], address="gone.html#a0")
    made, now = None, {**parts(many(1)), "gone.html": search_index.part([gone])}
    written: list[set[int]] = []
    for _ in range(3):
        made = search_index.write(now, index, "en", documents, made)
        fragments = (documents / "index" / "fragment").iterdir()
        written.append({path.stat().st_ino for path in fragments})
        now = {**parts(many(1)), "page3.html": parts(many(2))["page3.html"]}
        now["page5.html"] = search_index.part(now["page5.html"].records[1:])
    search_index.write(now, tmp_path / "new", "en", tmp_path / "anew")
    assert files(documents) == files(tmp_path / "anew")
    # those of two pages in forty, and then none
    assert len(written[1] - written[0]) <= 20
    assert written[2] == written[1]
    assert files(index) == files(tmp_path / "new")


def test_a_build_that_changes_nothing_does_not_index_again(
    project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = project("furo")
    first = here.build(**REAL)
    before = files(first.out / "pagefind")
    assert "words.json" in before
    runs: list[Path] = []
    whole = search_index.write
    monkeypatch.setattr(
        search_index, "write", lambda *given: (runs.append(given[1]), whole(*given))[1]
    )
    assert files(here.build(**REAL).out / "pagefind") == before
    assert runs == []
    here.change(here.docs / "deep" / "page.md", "No table.", "No table, but a whistle.")
    again = here.build(**REAL)
    assert len(runs) == 1
    assert "whistle" in words(again.out)


def test_an_index_whose_making_was_stopped_is_made_of_all_pages(
    project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, page = project("furo"), "deep/page.md"
    before = files(here.build(**REAL).out / "pagefind")

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(search_index, "_ids", stop)
        here.change(here.docs / page, "No table.", "No table, but a whistle.")
        with pytest.raises(KeyboardInterrupt):
            here.build(**REAL)
    here.change(here.docs / page, "No table, but a whistle.", "No table.")
    assert files(here.build(**REAL).out / "pagefind") == before


def test_without_the_program_the_build_says_what_to_do_and_goes_on(
    project: Callable[..., Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", "/nowhere/pagefind")
    done = project("furo").build(**REAL)
    assert [line for line in done.warnings if "pagefind" in line.lower()] == [
        (
            "WARNING: the handbook cannot be searched: Pagefind is not installed "
            "(hint: pip install 'pagefind[bin]', or remove .venv and let make build it again) [handbook.search]"
        ),
    ]
    assert (done.out / "search.html").exists()


@pytest.mark.parametrize(
    ("builder", "address"), [("html", "deep/page.html~.html"), ("dirhtml", "deep/page/~.html")]
)
def test_both_forms_of_addresses_are_indexed(
    project: Callable[..., Project], builder: str, address: str
) -> None:
    done = project("furo").build(builder, **REAL)
    assert f"/{address}" in [fragment["url"] for fragment in fragments(done.out)]
    assert (done.out / ("search.html" if builder == "html" else "search/index.html")).exists()


@pytest.mark.parametrize("builder", ["singlehtml", "epub"])
def test_other_builders_have_no_search(project: Callable[..., Project], builder: str) -> None:
    done = project("furo").build(builder, **REAL)
    assert not (done.out / "pagefind").exists()
    assert not (done.out / "search.html").exists()


# -- what readers find --


@contextmanager
def searching(browser: Browser, address: str, **context: Any) -> Iterator[Page]:
    page = open_page(browser, address, **context)
    try:
        yield page
    finally:
        page.context.close()


def field(page: Page) -> Any:
    return page.locator(".hb-search input")


def answered(page: Page) -> list[str]:
    """The addresses of the results, once they are there."""
    page.wait_for_selector(".hb-search-results[aria-busy=false]", state="attached")
    return page.locator(".hb-search-title a").evaluate_all("links => links.map(link => link.href)")


def look_for(page: Page, words: str) -> list[str]:
    field(page).fill(words)
    return answered(page)


@pytest.mark.parametrize("kind", TABLE)
def test_each_query_of_the_table_finds_its_page_first(
    site: tuple[str, Path], browser: Browser, kind: str
) -> None:
    wrong = {}
    with searching(browser, f"{site[0]}/search.html") as page:
        for words, expected in TABLE[kind].items():
            found = look_for(page, words)
            if not found or found[0] != f"{site[0]}/{expected}":
                wrong[words] = {
                    "expected": expected,
                    "found": [link.removeprefix(f"{site[0]}/") for link in found[:3]],
                }
    assert wrong == {}


#: Written from the table of contents alone, before the search was asked any of them: how many of
#: each table may have another answer first.
FRESH = {"queries150": 2, "queries40": 1, "queries60": 3}


def wrong_first(
    site: tuple[str, Path], browser: Browser, rows: Iterable[dict[str, Any]]
) -> dict[str, str]:
    """The queries that have no right answer first, with what they have."""
    wrong = {}
    with searching(browser, f"{site[0]}/search.html") as page:
        for row in rows:
            found = look_for(page, row["query"])
            first = found[0].removeprefix(f"{site[0]}/").replace(".html", "") if found else ""
            # a page without an anchor stands for every place on it
            if first not in row["first"] and first.partition("#")[0] not in row["first"]:
                wrong[row["query"]] = first
    return wrong


@pytest.mark.parametrize("table", FRESH)
def test_queries_of_fresh_eyes_have_a_right_answer_first(
    site: tuple[str, Path], browser: Browser, table: str
) -> None:
    kinds = yaml.safe_load((ROOT / "tests" / "site" / f"{table}.yaml").read_text("utf-8"))
    rows = [row for kind in kinds.values() for row in kind]
    assert len(rows) == int(table.removeprefix("queries"))
    wrong = wrong_first(site, browser, rows)
    assert len(wrong) <= FRESH[table], wrong


def test_chinese_queries_have_a_right_answer_first_in_the_chinese_edition(
    chinese_site: tuple[str, Path], browser: Browser
) -> None:
    tables = [
        yaml.safe_load((ROOT / "tests" / "site" / f"{table}.yaml").read_text("utf-8"))
        for table in FRESH
    ]
    rows = [
        row
        for kinds in tables
        for kind in kinds
        if kind.startswith("chinese")
        for row in kinds[kind]
    ]
    assert len(rows) == 85
    wrong = wrong_first(chinese_site, browser, rows)
    assert wrong == {}


@pytest.mark.parametrize(
    ("title", "page"),
    [
        ("城市和社区可持续发展 智慧城市指标", "iso-37122-2019"),
        ("城市和社区可持续发展——城市恢复力指标", "iso-37123-2019"),
        ("城市和社区可持续发展 可持续城市建立智慧城市运行模型指南", "iso-37106"),
        ("城市可持续发展——现有城市可持续发展评价指标的回顾", "iso-tr-37121-2017"),
    ],
)
def test_a_standard_is_found_by_its_chinese_title_which_its_page_shows(
    site: tuple[str, Path], browser: Browser, title: str, page: str
) -> None:
    with searching(browser, f"{site[0]}/search.html") as search:
        found = look_for(search, title)[0]
    assert found.startswith(f"{site[0]}/standards/{page}")
    shown = (site[1] / found.removeprefix(f"{site[0]}/")).read_text("utf-8")
    assert "Chinese title (" in shown


def answer_to(page: Page, asked: str) -> str:
    look_for(page, asked)
    return str(page.locator(".hb-search-answer").inner_text()).strip()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "is ISO 37120:2014 still valid",
            r"ISO 37120:2014, published .* is withdrawn.*ISO 37120:2018 replaced it",
        ),
        (
            "what replaced ISO 37106",
            r"ISO 37106:2021, published .* is current.*It replaced ISO 37106:2018",
        ),
        ("current edition of ISO 37153", r"ISO 37153:2024, published .* is current"),
        ("ISO 37120:2014还有效吗", r"ISO 37120:2014, published .* is withdrawn"),
        ("ISO/DIS 37117", r"ISO/DIS 37117 is a draft, at stage \d\d\.\d\d"),
        ("who chairs SC 1", r"Last known chair of ISO/TC 268/SC 1: \w.* \(.*\d{4}"),
        ("谁是ISO/TC 268的主席", r"Last known chair of ISO/TC 268: \w.* \(.*\d{4}"),
        ("secretariat of SC 2", r"Last known secretariat of ISO/TC 268/SC 2: [A-Z]+ \(as of"),
    ],
)
def test_what_the_data_know_stands_above_the_results(
    site: tuple[str, Path], browser: Browser, asked: str, said: str
) -> None:
    with searching(browser, f"{site[0]}/search.html") as page:
        answer = answer_to(page, asked)
        assert re.match(said, answer), answer
        assert re.search(r"as of \d|\((?:named|since|until|as of) .*\d{4}", answer), "no day"
        links = page.locator(".hb-search-answer a").evaluate_all("all => all.map(one => one.href)")
        assert links
        for link in links:
            path, _, anchor = link.removeprefix(f"{site[0]}/").partition("#")
            text = (site[1] / path).read_text("utf-8")
            assert not anchor or f'id="{anchor}"' in text, link


@pytest.mark.parametrize(
    "asked",
    [
        "is ISO 99999 valid",
        "is ISO 37120:2016 still valid",
        "is ISO 9001 valid",
        "what replaced ISO 99999",
        "who chairs SC 9",
        "who chairs SC 2",
        "who chairs TC 268 SC 2",
        "chair of TC 999",
        "convenor of WG 99",
        "who was the first chair of SC 1",
        "chair of SC 1 in 2018",
        "former chair of ISO/TC 268",
        "ISO 37101 certification",
        "ISO 37120 vs ISO 37122",
        "is ISO 37101 free",
        "chair",
        "主席",
        "有效",
        "SC 9的主席是谁",
        '"ISO 37120:2014"',
    ],
)
def test_what_the_data_do_not_know_is_not_guessed(
    site: tuple[str, Path], browser: Browser, asked: str
) -> None:
    with searching(browser, f"{site[0]}/search.html") as page:
        assert answer_to(page, asked) == ""


def test_a_number_that_is_not_here_finds_no_other_standard(
    site: tuple[str, Path], browser: Browser
) -> None:
    with searching(browser, f"{site[0]}/search.html") as page:
        assert look_for(page, "is ISO 99999 valid") == []
        assert page.get_by_role("status").inner_text().strip() == "No page has “99999”."


def test_a_first_search_loads_no_more_than_before_it_knew_questions(
    site: tuple[str, Path],
) -> None:
    """In November 2026, before, these were 163 190 bytes, compressed as hosts do."""
    loaded = [
        *(path for path in (site[1] / "pagefind").iterdir() if path.is_file()),
        *(site[1] / "_static" / name for name in ("search.js", "search.css")),
    ]
    sizes = {
        path.name: len(data)
        if (data := path.read_bytes())[:2] == b"\x1f\x8b"
        else len(gzip.compress(data, 9))
        for path in loaded
    }
    assert sum(sizes.values()) <= 163_190, sizes


def test_the_table_has_sixty_queries_and_more() -> None:
    assert sum(map(len, TABLE.values())) >= 60


def test_each_record_has_a_title_a_text_and_a_place(site: tuple[str, Path]) -> None:
    found = fragments(site[1])
    assert len(found) > 850
    wrong = []
    anchors: dict[str, set[str]] = {}
    for record in found:
        page, _, anchor = record["url"].lstrip("/").removesuffix(".html").partition("~")
        ids = anchors.setdefault(
            page, set(re.findall(r'\bid="([^"]+)"', (site[1] / page).read_text("utf-8")))
        )
        text = record["content"].partition("\u2061")[2].partition("\u2062")[0]
        if (
            not record["meta"].get("title")
            or not text.strip(" .")
            or (anchor and anchor not in ids)
        ):
            wrong.append(record["url"])
    assert wrong == []


def test_a_slip_is_put_right_and_said(site: tuple[str, Path], browser: Browser) -> None:
    with searching(browser, f"{site[0]}/search.html?q=Hangzou") as page:
        assert answered(page)
        assert re.fullmatch(
            r"No page has “Hangzou”\. \d+ results for “Hangzhou”\.",
            page.get_by_role("status").inner_text().strip(),
        )


def test_a_number_is_never_guessed(site: tuple[str, Path], browser: Browser) -> None:
    with searching(browser, f"{site[0]}/search.html?q=36101") as page:
        assert answered(page) == []
        assert (
            page.get_by_role("status").inner_text().strip()
            == "No page has “36101”. Did you mean 37101?"
        )
        page.get_by_role("status").get_by_role("link", name="37101").click()
        assert answered(page)[0] == f"{site[0]}/standards/iso-37101-2016.html"


def test_filters_narrow_the_results_and_stay_in_the_address(
    site: tuple[str, Path], browser: Browser
) -> None:
    with searching(browser, f"{site[0]}/search.html") as page:
        look_for(page, "secretariat")
        page.get_by_label("Kind").select_option("milestone")
        answered(page)
        page.get_by_label("Strand").select_option("club")
        found = answered(page)
        assert found
        assert all("#" in link for link in found)
        for about in page.locator(".hb-search-about").all():
            assert about.inner_text().startswith("Milestone")
            assert about.locator(".hb-strand-club").count() == 1
        number = int(page.get_by_role("status").inner_text().split()[0])
        assert (
            page.get_by_label("Kind").locator("option:checked").inner_text()
            == f"Milestone ({number})"
        )
        assert page.url.endswith("?q=secretariat&kind=milestone&strand=club")
        with searching(browser, page.url) as again:
            assert answered(again) == found
            assert field(again).input_value() == "secretariat"


def test_a_milestone_opens_at_its_anchor(site: tuple[str, Path], browser: Browser) -> None:
    with searching(browser, f"{site[0]}/search.html") as page:
        look_for(page, "Jianggan presented as the base")
        page.locator(".hb-search-title a").first.click()
        page.wait_for_url("**/hangzhou/secretariat.html#isscc-secretariat-2019")
        assert (
            page.locator("article:target strong").first.inner_text()
            == "Jianggan is presented as the base of the club’s secretariat"
        )


def test_the_keyboard_is_enough(site: tuple[str, Path], browser: Browser) -> None:
    with searching(browser, f"{site[0]}/hangzhou/naming.html") as page:
        page.keyboard.press("/")
        page.keyboard.type("secretariat")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=secretariat")
        links = page.locator(".hb-search-title a")
        assert len(answered(page)) == links.count() == 10

        def focused() -> str:
            return page.evaluate(
                "document.activeElement.href || document.activeElement.name || document.activeElement.textContent"
            )

        assert focused() == "q"
        page.keyboard.press("ArrowDown")
        assert focused() == links.nth(0).evaluate("link => link.href")
        page.keyboard.press("ArrowDown")
        assert focused() == links.nth(1).evaluate("link => link.href")
        for _step in range(2):
            page.keyboard.press("ArrowUp")
        assert focused() == "q"
        for _step in range(11):
            page.keyboard.press("ArrowDown")
        assert focused() == "Show 10 more"
        page.keyboard.press("Enter")
        page.wait_for_selector(".hb-search-title >> nth=19")
        assert focused() == links.nth(10).evaluate("link => link.href")
        page.keyboard.press("Escape")
        assert focused() == "q"
        page.keyboard.press("Escape")
        assert field(page).input_value() == ""
        page.keyboard.type("37101")
        page.keyboard.press("Enter")
        page.wait_for_selector(".hb-search-title a:focus")
        page.keyboard.press("Enter")
        page.wait_for_url("**/standards/iso-37101-2016.html")


def test_it_works_below_a_path_and_asks_nobody_else(
    site: tuple[str, Path], browser: Browser
) -> None:
    with served(site[1], "/some/folder/") as address, searching(browser, "about:blank") as page:
        asked: list[str] = []
        faults: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/hangzhou/naming.html")
        assert not [url for url in asked if "pagefind" in url or "search.js" in url], (
            "a page loads the search before anybody asks"
        )
        page.get_by_role("searchbox").fill("杭州")
        page.keyboard.press("Enter")
        assert answered(page)[0] == f"{address}/hangzhou/index.html"
        page.locator(".hb-search-title a").first.click()
        page.wait_for_url(f"{address}/hangzhou/index.html")
        assert [url for url in asked if not url.startswith((f"{address}/", "data:"))] == []
        assert faults == []


def test_a_reader_without_javascript_gets_the_lists(
    site: tuple[str, Path], browser: Browser
) -> None:
    with searching(browser, f"{site[0]}/search.html", java_script_enabled=False) as page:
        assert page.get_by_text("The search needs JavaScript").is_visible()
        assert not field(page).is_visible()
        lists = page.locator(".hb-search-browse a").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        assert lists == [
            "standards/catalogue.html",
            "timeline.html",
            "genindex.html",
            "glossary.html",
            "names.html",
            "bibliography.html",
        ]
        assert [link for link in lists if not (site[1] / link).exists()] == []


def test_from_a_disk_the_page_says_why_it_cannot_search(
    site: tuple[str, Path], browser: Browser
) -> None:
    with searching(browser, (site[1] / "search.html").as_uri()) as page:
        assert page.get_by_text("The search needs a web server").is_visible()
        assert not field(page).is_visible()
        assert page.locator(".hb-search-browse a").first.is_visible()


def test_chinese_in_results_is_whole_and_names_its_language(
    site: tuple[str, Path], browser: Browser
) -> None:
    with searching(browser, f"{site[0]}/search.html?q={quote('江干区')}") as page:
        answered(page)
        first = page.locator(".hb-search-results li").first
        assert "Jianggan (江干区)" in first.inner_text()
        assert first.locator("mark > span[lang=zh-Hans]").first.inner_text() == "江干区"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 360)])
def test_axe_finds_no_fault_in_the_results(
    site: tuple[str, Path], browser: Browser, scheme: str, width: int
) -> None:
    with searching(
        browser,
        f"{site[0]}/search.html",
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    ) as page:
        for words in ("", "secretariat", "36101", "Hangzou"):
            look_for(page, words)
            faults = [
                f"{words}: {fault['id']} {fault['nodes'][0]['html'][:120]}"
                for fault in Axe().run(page, "article").response["violations"]
            ]
            assert faults == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_of_sphinx_own_search_is_left(site: tuple[str, Path]) -> None:
    names = {path.name for path in site[1].rglob("*.js")}
    assert not names & {
        "searchindex.js",
        "searchtools.js",
        "language_data.js",
        "doctools.js",
        "sphinx_highlight.js",
    }
    assert not [name for name in names if name.endswith("-stemmer.js")]
    loads = re.compile(
        r"<script[^>]*(?:searchtools|searchindex|language_data|doctools|sphinx_highlight)"
    )
    assert [
        path.name for path in site[1].rglob("*.html") if loads.search(path.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize("reference", ["ISO/AWI PAS 37130", "ISO/CD TR 37127-1", "IWA 9:2011"])
def test_every_form_of_reference_that_iso_uses_has_names(reference: str) -> None:
    """A project of a technical report bears two kinds: that of its stage and its own."""
    row = Catalogue.load(ROOTS / "references").exact("ISO/DIS 37100")
    deliverable = replace(row, reference=reference, id=1)
    names = search_index.names_of(deliverable, Catalogue([deliverable]))
    assert reference in names
    assert deliverable.number in names
