"""In another language the words of the data are those of their catalogues, in everything that shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from handbook.model import data_strings
from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import Catalogue
from handbook.model.records import Records
from handbook.model.terms import Terms
from handbook.model.translations import catalogue_of
from support.projects import Built, Project

#: Which data the pages of each case show.
CASES = {
    "records": ("records/adoptions", "records/offices", "records/places"),
    "finder": ("wants", "roles", "profile"),
    "profiles": ("roles", "profile", "indicators"),
    "relations": ("families",),
    "catalogue": ("families",),
    "standard": ("families", "iso/stage-codes"),
}


def translated(
    root: Path, case: str, *, waiting: bool = False, titles: str = ""
) -> tuple[Built, dict[str, dict[str, str]]]:
    """A case in Chinese, and the translation of each string of the data by its catalogue."""
    project = Project(root, case)
    if titles:
        (project.references / "titles.yaml").write_text(titles, "utf-8")
    records = Records.read(project.references, Catalogue.read(project.references)[0])
    known = data_strings.settled_names(records, Terms.read(project.references))
    sources = Bibliography.load(project.references.glob("*.bib")).sources.values()
    made: dict[str, dict[str, str]] = {}
    for one in data_strings.read(project.references, known, sources):
        name = one.name.removeprefix("references/")
        made[name] = {string.text: f"译{name}{n}文" for n, string in enumerate(one.strings)}
        path = catalogue_of(project.docs, "zh_CN", one.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        entries = (
            "msgid {}\nmsgstr {}\n".format(*(_quoted(text) for text in pair))
            for pair in made[name].items()
        )
        path.write_text("" if waiting else "\n".join(entries), "utf-8")
    return project.build(language="zh_CN"), made


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.mark.parametrize("case", CASES)
def test_no_word_of_the_data_stays_english(tmp_path: Path, case: str) -> None:
    built, made = translated(tmp_path, case)
    assert built.warnings == []
    files = (*built.out.rglob("*.html"), *(built.out / "data").rglob("*.*"))
    pages = "\n".join(path.read_text("utf-8") for path in files)
    shown = set(re.findall(r"译([a-z/-]+)\d+文", pages))
    assert shown >= set(CASES[case])
    sentences = {text for name in CASES[case] for text in made[name] if len(text.split()) > 3}
    left = {text for text in sentences if text in pages}
    assert left == set()


def test_what_waits_is_english_and_says_so(tmp_path: Path) -> None:
    built, made = translated(tmp_path, "records", waiting=True)
    said = [one.get_text() for one in built.soup("places.html").select("td [lang=en]")]
    assert set(said) & set(made["records/places"])


def test_the_first_catalogue_of_the_data_renews_pages_built_without_it(tmp_path: Path) -> None:
    project = Project(tmp_path, "relations")
    assert project.build(language="zh_CN").warnings == []
    built, made = translated(tmp_path, "relations")
    assert (built.warnings, "families" in made) == ([], True)
    pages = "".join(path.read_text("utf-8") for path in built.out.rglob("*.html"))
    assert "译families0文" in pages


def test_a_source_is_printed_in_chinese_but_for_its_title(tmp_path: Path) -> None:
    built, made = translated(tmp_path, "citations")
    assert built.warnings == []
    printed = [one.get_text() for one in built.soup().select(".citation p")]
    assert any(text in one for text in made["sources"].values() for one in printed)
    english = [one.get_text() for one in built.soup().select(".citation p [lang=en] em")]
    assert english


def test_marks_between_parts_are_chinese(tmp_path: Path) -> None:
    built, _made = translated(tmp_path, "records")
    names = [path.relative_to(built.out) for path in built.out.rglob("*.html")]
    cells = [one.get_text() for name in names for one in built.soup(str(name)).select("td")]
    assert any("；" in one for one in cells)
    assert [one for one in cells if re.search(r"[\u4e00-\u9fff](?:[,;(\[]|\s\()", one)] == []


def test_feeds_tell_steps_dates_and_countries_in_chinese(tmp_path: Path) -> None:
    built, _made = translated(tmp_path, "records")
    told = [
        words
        for name in ("adoptions", "places", "offices")
        for words in re.findall(
            "<(?:title|summary)>(.+)</", (built.out / "data" / f"{name}.atom").read_text("utf-8")
        )
    ]
    assert any("2021年" in one for one in told), told
    assert [one for one in told if re.search(r"[a-z]{3} [a-z\d]|[\u4e00-\u9fff][:;,.(]", one)] == []


def test_a_title_without_a_chinese_source_is_marked_as_ours(tmp_path: Path) -> None:
    built, _made = translated(tmp_path, "standard")
    names = [one for path in sorted(built.out.rglob("*.html")) for one in _facts(built, path)]
    ours = [value for name, value in names if name == "中文名称（本手册译）"]
    assert ours
    assert [one for one in ours if not one.startswith("译")] == []


def test_a_card_has_the_chinese_title_of_a_source_unless_that_has_a_reservation(
    tmp_path: Path,
) -> None:
    read = "  status: survey\n  sources: [cnis2022sixth]\n"
    titles = (
        f"- of: ISO 37100:2016\n  title: 术语\n{read}"
        f"- of: ISO 37101:2016\n  title: 要求\n{read}  note: shortened\n"
    )
    built, _made = translated(tmp_path, "standard", titles=titles)
    cards = json.loads(built.text("_cards/standards.json"))
    assert "<p>术语</p>" in cards["iso-37100-2016"]
    assert "<p>译" in cards["iso-37101-2016"]


def _facts(built: Built, path: Path) -> list[tuple[str, str]]:
    boxes = built.soup(str(path.relative_to(built.out))).select("dl.hb-facts dt")
    return [(one.get_text().strip(":："), one.find_next("dd").get_text().strip()) for one in boxes]
