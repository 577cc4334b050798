"""The strings of pages, and pages with their strings replaced."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handbook.model import translations
from handbook.model.pages import Page, parse_page, read_pages
from handbook.model.proofreading import Proofread, Reading
from handbook.model.translations import Entry, Progress, one_line
from handbook.rules.findings import Place
from support import ROOT

PAGE = """---
reviewed: "2026-11-23"
description: What a page can hold, in a few words.
---
(home)=
# The *first* page

A paragraph
of two lines {cite:p}`key`.

- An item
  of two lines
- {iso}`37120`

| Country | Number |
|---|---|
| China | 30 |
| ISO/TC 268 | It met |

:::{milestone} The club is founded
:name: club-founding-2017
:date: 2017-06
:place: Hangzhou
It has members.
:::

:::{glossary}
CNIS
中国标准化研究院
  The institute
  of China.
:::

```{toctree}
:caption: Read

The club <club/index>
other
```

:::{safe-sentence}
:not: '"named by ISO", it''s said'

It was proposed.
:::

:::{diagram} chart
:title: A chart: of groups
:::

:::{sources} committee
:::

本手册介绍三件事。
"""
STRINGS = [
    "What a page can hold, in a few words.",
    "The *first* page",
    "A paragraph of two lines {cite:p}`key`.",
    "An item of two lines",
    "Country",
    "Number",
    "China",
    "It met",
    "The club is founded",
    "Hangzhou",
    "It has members.",
    "The institute of China.",
    "Read",
    "The club",
    '"named by ISO", it\'s said',
    "It was proposed.",
    "A chart: of groups",
]


def page(text: str = PAGE) -> Page:
    return parse_page(Path("docs/page.md"), text.encode())


def entries(said: dict[str, str]) -> dict[str, Entry]:
    return {one: Entry(one, text, False, "", Place("")) for one, text in said.items()}


def test_the_strings_of_a_page_stand_in_its_order() -> None:
    assert [one.text for one in translations.strings(page())] == STRINGS


def test_a_page_keeps_all_but_its_strings() -> None:
    made = translations.translate(page(), entries({one: f"译{n}" for n, one in enumerate(STRINGS)}))
    assert made.headings == {"The *first* page": "译1"}
    assert (
        made.text
        == """---
reviewed: "2026-11-23"
description: "译0"
---
(home)=
# The *first* page

译2

- 译3
- {iso}`37120`

| 译4 | 译5 |
|---|---|
| 译6 | 30 |
| ISO/TC 268 | 译7 |

:::{milestone} 译8
:name: club-founding-2017
:date: 2017-06
:place: "译9"
译10
:::

:::{glossary}
CNIS
中国标准化研究院
  译11
:::

```{toctree}
:caption: "译12"

译13 <club/index>
other
```

:::{safe-sentence}
:not: "译14"

译15
:::

:::{diagram} chart
:title: "译16"
:::

:::{sources} committee
:::

本手册介绍三件事。
"""
    )
    assert (made.waiting, made.strings) == (frozenset(), 17)


def test_what_is_not_translated_stays_english() -> None:
    fuzzy = Entry(STRINGS[2], "旧译文", True, "A paragraph.", Place(""))
    made = translations.translate(page(), {STRINGS[2]: fuzzy} | entries({"China": "中国"}))
    assert made.text == PAGE.replace("| China |", "| 中国 |")
    assert (made.strings, len(made.waiting)) == (17, 16)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("- {iso}`37120`, {iso}`37122`", "- {iso}`37120`、{iso}`37122`"),
        ("| A | {cite:p}`a`; {cite:p}`b` |", "| A | {cite:p}`a`；{cite:p}`b` |"),
        # words wait for their translator
        ("{iso}`37120`, {iso}`37122` and more", "{iso}`37120`, {iso}`37122` and more"),
        ("## {iso}`37120`, {iso}`37122`", "## {iso}`37120`, {iso}`37122`"),
    ],
)
def test_references_without_words_are_set_apart_as_the_language_does(
    english: str, chinese: str
) -> None:
    table = english.startswith("|")
    head = "| B | C |\n|---|---|\n" if table else ""
    page = parse_page("page.md", f"# Page\n\n{head}{english}\n".encode())
    made = translations.translate(page, {}, translations.BETWEEN["zh_CN"])
    assert made.text == f"# Page\n\n{head}{chinese}\n"


READ, OLD = (date(2026, 11, 27), True), (date(2026, 11, 20), False)


@pytest.mark.parametrize(
    ("page", "words", "readings", "done", "read"),
    [
        (Progress(300, 1), {}, [], 99, None),
        (Progress(17, 16), {}, [], 5, None),
        (Progress(0, 0, True, READ), {}, [], 100, READ),
        (Progress(4, 0, True, READ), {"one": False, "two": True}, [READ], 83, READ),
        # words that nobody has proof-read, or that were changed since, are said of the whole page
        (Progress(4, 0, True, READ), {"one": False}, [READ, None], 100, None),
        (Progress(4, 0, True, READ), {"one": False}, [OLD], 100, (READ[0], False)),
        (Progress(4, 0, True, OLD), {"one": False}, [READ], 100, (READ[0], False)),
        (Progress(4, 0, True, None), {"one": False}, [READ], 100, None),
    ],
)
def test_words_of_the_data_count_among_those_of_a_page(
    page: Progress, words: dict[str, bool], readings: list[Reading], done: int, read: Reading
) -> None:
    made = page.with_words(words, readings)
    assert (made.done, made.read) == (done, read)


def pages() -> list[Page]:
    return read_pages(ROOT / "docs", ROOT)


def test_a_translation_of_each_page_into_itself_is_the_page() -> None:
    """The strings stand where the reader says, in all pages that there are."""
    wrong, every = [], pages()
    assert len(every) > 100
    for one in every:
        strings = {string.text: string.text for string in translations.strings(one)}
        made = translations.translate(one, entries(strings))
        again = parse_page(one.path, made.text.encode(), ROOT)
        before, after = (
            [(passage.kind, one_line(passage.text)) for passage in read.passages]
            + [(block.name, dict(block.options)) for block in read.blocks]
            for read in (one, again)
        )
        if before != after or made.waiting:
            wrong.append(one.name)
    assert wrong == []


# -- catalogues --


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "page.po"


def updated(catalogue: Path, text: str, known: dict[str, str] | None = None) -> str:
    made = translations.update(translations.strings(page(text)), catalogue, "zh_CN", known or {})
    catalogue.write_text(made, "utf-8")
    return made


HEAD = (
    'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit"\n\n'
)


def test_a_catalogue_holds_no_day_and_no_line_number_and_does_not_change(catalogue: Path) -> None:
    text = "# One\n\nTwo\nlines.\n"
    first = updated(catalogue, text)
    assert first == f'{HEAD}msgid "One"\nmsgstr ""\n\nmsgid "Two lines."\nmsgstr ""\n\n'
    assert updated(catalogue, text) == first


def test_translations_stay_when_the_page_changes_around_them(catalogue: Path) -> None:
    catalogue.write_text('msgid "Two lines."\nmsgstr "两行。"\n', "utf-8")
    made = updated(catalogue, "# One\n\nNew words.\n\nTwo\nlines.\n")
    assert made.endswith('msgid "New words."\nmsgstr ""\n\nmsgid "Two lines."\nmsgstr "两行。"\n\n')


def test_a_changed_string_keeps_its_old_translation_as_fuzzy(catalogue: Path) -> None:
    catalogue.write_text('msgid "The club then had 26 members."\nmsgstr "当时26。"\n', "utf-8")
    made = updated(catalogue, "The club then had 28 members.\n")
    assert made.removeprefix(HEAD) == (
        '#, fuzzy\n#| msgid "The club then had 26 members."\n'
        'msgid "The club then had 28 members."\nmsgstr "当时26。"\n\n'
    )
    assert updated(catalogue, "The club then had 28 members.\n") == made
    read, findings = translations.read(catalogue)
    assert findings == []
    entry = read["The club then had 28 members."]
    assert (entry.fuzzy, entry.stands) == (True, False)
    assert entry.before == "The club then had 26 members."


def test_a_long_string_keeps_its_older_english(catalogue: Path) -> None:
    english = "The club then had 26 members, and " + "so on, and " * 20 + "no more."
    catalogue.write_text(f'msgid "{english}"\nmsgstr "当时26。"\n', "utf-8")
    changed = english.replace("26", "28")
    made = updated(catalogue, f"{changed}\n")
    assert updated(catalogue, f"{changed}\n") == made
    assert translations.read(catalogue)[0][changed].before == english


def test_a_string_that_moved_brings_its_translation(catalogue: Path) -> None:
    assert 'msgstr "两行。"' in updated(catalogue, "Two\nlines.\n", {"Two lines.": "两行。"})


@pytest.mark.parametrize("encoding", ["nonsense", "", "ascii", "latin-1"])
def test_a_catalogue_is_utf_8_whatever_its_head_says(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "page.po"
    head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset={encoding}\\n"\n\n'
    path.write_text(f'{head}msgid "Word"\nmsgstr "词"\n', "utf-8")
    entries, findings = translations.read(path)
    assert (entries["Word"].translation, findings) == ("词", [])


def test_a_catalogue_with_other_ends_of_lines_loses_nothing(catalogue: Path) -> None:
    reading = "X-Proofread: 2026-11-27 0123456789abcdef"
    head = f'msgid ""\nmsgstr ""\n"{reading}\\n"\n\n'
    old = '#, fuzzy\n#| msgid "An older word"\nmsgid "A word"\nmsgstr "词"\n'
    catalogue.write_bytes((head + old).replace("\n", "\r\n").encode())
    assert translations.read(catalogue)[0]["A word"].before == "An older word"
    string = translations.String("A word", "text", ((1, 0, "A word"),))
    text = translations.update([string], catalogue, "zh_CN", {})
    assert reading in text
    assert '#| msgid "An older word"' in text


def test_a_note_of_a_translator_stays(catalogue: Path) -> None:
    catalogue.write_text('# ask the club\nmsgid "Two lines."\nmsgstr "两行。"\n', "utf-8")
    assert '# ask the club\nmsgid "Two lines."' in updated(catalogue, "Two\nlines.\n")


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("", False),
        ('msgid "a"\nmsgstr ""\n', False),
        ('msgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr ""\n', True),
        ('msgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr ""\n\nmsgid "c"\nmsgstr ""\n', False),
        ('#, fuzzy\nmsgid "a"\nmsgstr "甲"\n', False),
    ],
)
def test_whether_half_of_a_page_is_translated(catalogue: Path, text: str, half: bool) -> None:
    assert not translations.is_half_done(catalogue)
    catalogue.write_text(HEAD + text, "utf-8")
    assert translations.is_half_done(catalogue) is half


@pytest.mark.parametrize("typed", ['"The club', "'The club", "'The club' of", '"The club" of'])
def test_a_quotation_mark_that_is_not_closed_goes_with_its_words(typed: str) -> None:
    text = f"# P\n\n:::{{milestone}} Founded\n:short: {typed}\n\nWords.\n:::\n"
    page = parse_page(Path("docs/p.md"), text.encode())
    (string,) = [one for one in translations.strings(page) if one.kind == "value"]
    entry = Entry(string.text, "联盟", False, "", Place(""))
    assert ':short: "联盟"\n' in translations.translate(page, {string.text: entry}).text


def test_a_long_value_in_the_head_goes_on_on_the_next_line(catalogue: Path) -> None:
    head = 'msgid ""\nmsgstr ""\n"X-Note: a long"\n" value\\n"\n\n'
    catalogue.write_text(f'{head}msgid "a"\nmsgstr "甲"\n', "utf-8")
    entries, faults = translations.read(catalogue)
    assert ([*entries], faults) == (["a"], [])


def test_the_line_about_proof_reading_may_be_in_lower_case(catalogue: Path) -> None:
    text = 'msgid ""\nmsgstr ""\n"x-proofread: 2026-11-27 0123456789abcdef\\n"\n\n'
    assert str(Proofread.read(text)) == "2026-11-27 0123456789abcdef"
    catalogue.write_text(f'{text}msgid "Two lines."\nmsgstr "两行。"\n', "utf-8")
    assert '"X-Proofread: 2026-11-27 0123456789abcdef"' in updated(catalogue, "Two\nlines.\n")
