"""The Chinese edition of the handbook: whole, with the anchors of the English one, and Chinese all around."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from lxml import html

from handbook.model import marks, published, translations
from support import ROOT

if TYPE_CHECKING:
    from conftest import Handbook

#: Two words of English: one is a name, or a term.
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,}")


def frame(page: html.HtmlElement) -> list[str]:
    """What stands around the text of a page, but for what is marked as English."""
    around = page.xpath("//*[self::aside or self::header or self::footer]")
    return [
        text.strip()
        for one in around
        for text in one.xpath(
            ".//text()[not(ancestor::script or ancestor::style or ancestor::*[@lang='en'])]"
            " | .//@aria-label | .//@title"
        )
    ]


def test_it_is_built_without_a_warning(chinese: Handbook) -> None:
    assert chinese.warnings == []


def test_every_page_for_readers_is_translated_in_full() -> None:
    docs = ROOT / "docs"
    left = {}
    for path in sorted(docs.rglob("*.md")):
        name = path.relative_to(docs).with_suffix("").as_posix()
        entries, _faults = translations.read(translations.catalogue_of(docs, "zh_CN", name))
        left[name] = sum(not one.stands for one in entries.values()) if entries else None
    assert len(left) > 210
    # A change of the English may wait for its translation; a page, or the title of a page that stays
    # in English, may not be without any.
    assert [name for name, waits in left.items() if waits is None or waits > 5] == []


def test_it_has_the_anchors_of_the_english_edition(
    chinese: Handbook, handbook: Callable[..., Handbook]
) -> None:
    english = handbook("html")
    assert chinese.pages == english.pages
    assert published.anchors(chinese.folder, chinese.pages) == published.anchors(
        english.folder, english.pages
    )


def test_what_stands_around_the_text_is_chinese(chinese: Handbook) -> None:
    around = {
        name: frame(html.parse(str(chinese.folder / f"{name}.html")).getroot())
        for name in chinese.pages
        if translations.is_translated(name)
    }
    assert min(map(len, around.values())) > 20
    assert {text for texts in around.values() for text in texts if ENGLISH.search(text)} == set()


def test_what_names_a_picture_has_chinese_marks(chinese: Handbook) -> None:
    """Titles, labels and the words within drawings are put together by the code: the linter of pages does not see them."""
    found = set()
    for name in chinese.pages:
        page = html.parse(str(chinese.folder / f"{name}.html")).getroot()
        for text in page.xpath("//@title | //@aria-label | //@alt | //svg//text()"):
            if marks.HALF_WIDTH.search(text):
                found.add((name, text))
    assert sorted(found) == []
