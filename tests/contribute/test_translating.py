"""``make translations`` and ``make waiting``: catalogues follow the pages, and a damaged one is named."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from handbook.cli import HandbookError
from handbook.contribute import translating
from handbook.model.proofreading import Proofread
from handbook.model.translations import catalogue_of

PAGE = "# A page\n\nIt has words.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs" / "contributing").mkdir(parents=True)
    (tmp_path / "docs" / "page.md").write_text(PAGE, "utf-8")
    (tmp_path / "docs" / "contributing" / "code.md").write_text("# For English readers\n", "utf-8")
    return tmp_path


def catalogue(root: Path) -> Path:
    return catalogue_of(root / "docs", "zh_CN", "page")


def test_a_page_gets_its_catalogue_and_keeps_it(root: Path) -> None:
    assert list(translating.update(root)) == [
        "docs/locales/zh_CN/LC_MESSAGES/contributing/code.po is up to date",
        "docs/locales/zh_CN/LC_MESSAGES/page.po is up to date",
    ]
    assert 'msgid "It has words."' in catalogue(root).read_text("utf-8")
    assert list(translating.update(root)) == []


def test_what_waits_is_counted(root: Path) -> None:
    list(translating.update(root))
    text = catalogue(root).read_text("utf-8")
    done = text.replace('msgid "A page"\nmsgstr ""', 'msgid "A page"\nmsgstr "一页"')
    assert done != text
    catalogue(root).write_text(done, "utf-8")
    assert list(translating.table(translating.waiting(root, "zh_CN"))) == [
        " strings   done  changed  words left  page",
        "       2      1        0           3  page",
        "       1      0        0           3  contributing/code",
        "       3      1        0           6  all 2 pages",
    ]


def test_a_proof_reading_stands_in_the_head_until_the_next(root: Path) -> None:
    list(translating.update(root))
    path = catalogue(root)
    with pytest.raises(HandbookError, match=r"^page: 2 strings are not translated; see: make wait"):
        list(translating.proofread(root, ["page"], date(2026, 11, 27)))
    path.write_text(path.read_text("utf-8").replace('msgstr ""\n\n', 'msgstr "一"\n\n'), "utf-8")
    path.write_text(re.sub(r'msgstr ""\n\Z', 'msgstr "二"\n', path.read_text("utf-8")), "utf-8")
    for day in (date(2026, 11, 27), date(2026, 11, 28)):
        said = list(translating.proofread(root, ["page"], day))
        assert said == [f"docs/locales/zh_CN/LC_MESSAGES/page.po: proof-read on {day}"]
        reading = Proofread.read(path.read_text("utf-8"))
        assert reading
        assert reading.day == day
    assert list(translating.update(root)) == []
    with pytest.raises(HandbookError, match=r"^there is no catalogue of pag; see: make waiting$"):
        list(translating.proofread(root, ["pag"], date(2026, 11, 27)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b'msgid ""\nmsgstr ""\n"X-Proofread: yesterday\\n"\n\nmsgid "a"\nmsgstr "b"\n',
            "3:1: Z001 'yesterday' is not a day and a digest",
        ),
        (
            b'msgid ""\nmsgstr ""\n"X-Proofread: 2026-02-30 0123456789abcdef\\n"\n',
            "3:1: Z001 '2026-02-30 0123456789abcdef' is not a day and a digest",
        ),
        (
            b'msgid ""\nmsgstr ""\n"x-proofread: never\\n"\n\nmsgid "a"\nmsgstr "b"\n',
            "3:1: Z001 'never' is not a day and a digest",
        ),
        (
            b'msgid ""\nmsgstr ""\n"X-Proofread 2026-11-27\\n"\n\nmsgid "a"\nmsgstr "b"\n',
            r"""3:1: Z001 this line of the catalogue cannot be read: '"X-Proofread 2026-11-27\\n"' (hint: write a name, a colon and its value, "Language: zh_CN\n", or delete the line)""",
        ),
        (
            b'msgid ""\nmsgstr ""\nLanguage: zh\n\nmsgid "a"\nmsgstr "b"\n',
            "3:1: Z001 this line of the catalogue cannot be read: 'Language: zh' (hint: write a name, a colon",
        ),
        (
            b'msgid ""\nmsgstr ""\n"PO-Revision-Date: never\\n"\n\nmsgid "a"\nmsgstr "b"\n',
            "3:1: Z001 this line of the catalogue cannot be read: '\"PO-Revision-Date: never",
        ),
        (b'msgid "\xff"\n', "1:1: Z001 the catalogue is not UTF-8"),
        (b'msgid "a\nmsgstr "b"\n', "1:1: Z001 this line of the catalogue cannot be read"),
        (
            b'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n',
            "4:1: Z001 these words are translated on line 1 already",
        ),
    ],
)
def test_a_damaged_catalogue_is_named_and_stays_as_it_is(
    root: Path, data: bytes, said: str
) -> None:
    list(translating.update(root))
    catalogue(root).write_bytes(data)
    for work in (
        lambda: list(translating.update(root)),
        lambda: translating.waiting(root, "zh_CN"),
    ):
        with pytest.raises(HandbookError) as caught:
            work()
        assert str(caught.value).startswith(f"docs/locales/zh_CN/LC_MESSAGES/page.po:{said}")
    assert catalogue(root).read_bytes() == data


def test_a_file_of_data_gets_its_catalogue_too(root: Path) -> None:
    (root / "references").mkdir()
    rows = "- {id: first, title: What came first, members: []}\n"
    (root / "references" / "families.yaml").write_text(rows, "utf-8")
    name = "docs/locales/zh_CN/LC_MESSAGES/references/families.po"
    assert f"{name} is up to date" in list(translating.update(root))
    assert 'msgid "What came first"' in (root / name).read_text("utf-8")
    work = {one.page: one.words for one in translating.waiting(root, "zh_CN")}
    assert work["references/families"] == 3
