"""The words that the Sphinx side prints can be translated, and are, into Chinese."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from support import ROOT
from support.projects import Build

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LOCALE = ROOT / "tools/handbook/sphinxext/locale"
#: Whose words are translated, as in the Makefile.
ROOMS = (LOCALE.parent, *(ROOT / "tools/handbook" / room for room in ("pdf", "outputs")))
FILES = sorted(LOCALE.glob("*/LC_MESSAGES/handbook.po"))


@pytest.fixture(scope="module")
def strings() -> Catalog:
    """The words to translate that the code holds."""
    catalog = Catalog()
    for folder in ROOMS:
        for _path, _line, message, _comments, _context in extract_from_dir(
            folder, keywords={"_": None}
        ):
            catalog.add(message)
    return catalog


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def test_the_words_pass_through_gettext(strings: Catalog) -> None:
    ids = {str(message.id) for message in strings if message.id}
    assert len(ids) > 30
    assert {
        "Committee",
        "disputed",
        "This edition is withdrawn.",
        "about %s",
        "Sources of this page",
        "Primary source",
    } <= ids


def test_no_word_to_translate_is_within_an_f_string() -> None:
    """Babel reads no words there, and they would stay English."""
    within = [
        f"{path.name}:{call.lineno}"
        for folder in ROOMS
        for path in sorted(folder.rglob("*.py"))
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
    ]
    assert within == []


def messages(catalog: Catalog) -> dict[object, object]:
    return {message.id: message.string for message in catalog if message.id}


@pytest.mark.parametrize("path", [LOCALE / "handbook.pot", *FILES], ids=lambda path: path.name)
def test_the_files_hold_all_words_and_no_others(path: Path, strings: Catalog) -> None:
    """If this fails, run ``make words`` and translate what is new."""
    with path.open("rb") as file:
        assert messages(read_po(file)).keys() == messages(strings).keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.parent.name)
def test_the_compiled_file_is_that_of_the_text(path: Path) -> None:
    """If this fails, run ``make words``."""
    with path.with_suffix(".mo").open("rb") as file:
        assert messages(read_mo(file)) == messages(read(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.parent.name)
def test_every_word_is_translated_with_its_gaps(path: Path) -> None:
    def gaps(text: object) -> list[str]:
        return sorted(re.findall(r"%(?:\(\w+\))?[sd]", str(text)))

    messages = [message for message in read(path) if message.id]
    assert [message.id for message in messages if not message.string or message.fuzzy] == []
    assert [message.id for message in messages if gaps(message.id) != gaps(message.string)] == []


def test_chinese_dates(built: Build) -> None:
    lines = [
        item.get_text() for item in built("date", language="zh_CN").soup().select("ul.simple li")
    ]
    assert lines == [
        "day 2019年1月14日",
        "month 2017年6月",
        "year 2016年",
        "about 约2017年6月",
        "perhaps 可能是2016年",
        "both 可能约2016年",
        "days 2018年5月14日至2018年5月18日",
        "months 2018年5月至2018年7月",
        "years 2018年至2019年",
        "across 2018年12月30日至2019年1月2日",
        "since 自2019年起",
        lines[11],
        "decade 2010年代",
        "century 1900年至1999年之间",
        "unknown 日期不详",
    ]
    assert (
        '<time class="hb-date" datetime="2019-01-14">2019年1月14日</time>'
        in built("date", language="zh_CN").body()
    )


@pytest.mark.parametrize(
    ("case", "page", "selector"),
    [
        ("milestone", "index.html", ".hb-badge, .hb-milestone-foot, details summary"),
        ("timeline", "index.html", ".hb-timeline li, #sources-of-this-page"),
        ("standard", "standards/iso-37120-2014.html", ".hb-facts dt, .hb-badge, .admonition p"),
        ("catalogue", "index.html", "th, .hb-badge, .hb-as-of, .hb-downloads"),
        ("relations", "index.html", ".hb-relations li, svg title, svg desc"),
        ("citations", "index.html", ".citation p"),
    ],
)
def test_a_chinese_page_has_no_english_word_of_ours(
    built: Build, case: str, page: str, selector: str
) -> None:
    made = built(case, language="zh_CN")
    assert made.warnings == []
    texts = [element.get_text() for element in made.soup(page).select(selector)]
    assert texts
    assert [
        text for text in texts if not CHINESE.search(text) and not text.startswith(("ICS", "ISO"))
    ] == []
    ours = {
        str(message.id)
        for message in read(LOCALE / "zh_CN" / "LC_MESSAGES" / "handbook.po")
        if message.id and "%" not in str(message.id)
    }
    alone = {word.strip() for text in texts for word in re.split(r"[\[\]().,:;·]", text)}
    # What the small projects say themselves.
    assert (alone & ours) - {"Vocabulary", "Indicators", "Hangzhou", "CNIS"} == set()


def test_chinese_in_latex(built: Build) -> None:
    tex = built("timeline", "latex", language="zh_CN").tex
    assert r"2019年1月14日 {\hyperref[\detokenize{club:secretariat-2019}]" in tex
    assert "{[}联盟{]} {[}杭州{]}" in tex
