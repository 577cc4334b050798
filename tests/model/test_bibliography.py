"""Sources: what an entry must say, each fault at its line, labels and look-up links."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.model import edtf
from handbook.model.bibliography import (
    Bibliography,
    Entry,
    Source,
    Tier,
    _letters,
    labels,
    unescape,
)

FIELDS = {
    "title": "A report",
    "publisher": "CNIS",
    "date": "2019-01-16",
    "url": "https://cnis.example/",
    "urldate": "2026-11-20",
    "langid": "en",
    "keywords": "primary",
}


def entry(key: str = "cnis2019", **changed: str | None) -> str:
    fields = {name: value for name, value in {**FIELDS, **changed}.items() if value is not None}
    return (
        f"@online{{{key},\n"
        + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        + "}\n"
    )


def load(folder: Path, **files: str) -> Bibliography:
    for name, text in files.items():
        (folder / f"{name}.bib").write_text(text, "utf-8")
    return Bibliography.load(folder.glob("*.bib"))


def test_an_entry_is_read_whole(tmp_path: Path) -> None:
    bibliography = load(
        tmp_path,
        club="\n"
        + entry(
            title=r"{ISO} \& 100\% of it,\n  continued".replace(r"\n", "\n"),
            titleaddon="A gloss",
            shortauthor="C",
            note="A note",
            langid="zh-Hans",
        ),
    )
    assert bibliography.findings == ()
    assert bibliography.sources["cnis2019"] == Source(
        "cnis2019",
        "ISO & 100% of it, continued",
        "A gloss",
        "CNIS",
        "C",
        edtf.parse("2019-01-16"),
        "https://cnis.example/",
        edtf.parse("2026-11-20"),
        "zh-Hans",
        Tier.PRIMARY,
        "A note",
        Entry("cnis2019", {}),
    )
    source = bibliography.sources["cnis2019"]
    assert (source.path, source.line) == (tmp_path / "club.bib", 2)
    assert source.entry.place("publisher").line == 5
    assert source.entry.place("keywords").line == 10


FORM = "is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"
FAULTS = {
    "a key in capitals": (
        entry("CNIS2019"),
        "B004 CNIS2019: the key has characters other than a-z, 0-9 and hyphens",
        "write the key in lower case, beginning with a letter",
    ),
    "no title": (
        entry(title=None),
        "B005 cnis2019: the field title is missing",
        "add title = {...}",
    ),
    "no date": (
        entry(date=None),
        "B005 cnis2019: the field date is missing",
        "add date = {YYYY-MM-DD}, or date = {XXXX} if the source has no date",
    ),
    "an empty publisher": (
        entry(publisher=""),
        "B005 cnis2019: the field publisher is missing",
        "add publisher = {...}",
    ),
    "a wrong day": (
        entry(date="2019-02-29"),
        "B006 cnis2019: date: '2019-02-29' is a day that does not exist",
        "2019-02 has 28 days; write 2019-02 if the source gives no day",
    ),
    "a date without hyphens": (
        entry(urldate="20261120"),
        f"B006 cnis2019: urldate: '20261120' {FORM}",
        "write 2026-11-20",
    ),
    "a language by name": (
        entry(langid="english", titleaddon="G"),
        "B007 cnis2019: langid 'english' is not a BCP 47 tag",
        "write for example en, fr or zh-Hans",
    ),
    "a foreign title alone": (
        entry(langid="fr"),
        "B008 cnis2019: the title is not English and has no gloss",
        "add titleaddon = {what the title says in English}",
    ),
    "an unknown tier": (
        entry(keywords="blog"),
        "B009 cnis2019: the tier 'blog' is unknown",
        "write keywords = {primary}, {press} or {secondary}",
    ),
    "a field of another style": (
        entry(author="Li"),
        "B010 cnis2019: the field author is not used here",
        "use one of date, doi, keywords, langid, note, publisher, shortauthor, title, titleaddon, url, urldate",
    ),
    "one address twice": (
        entry() + entry("other2019"),
        "B011 'other2019' has the same url as 'cnis2019'",
        "cite cnis2019 and delete this entry, or say in a note how the two differ",
    ),
    "a page not read": (
        entry(urldate=None),
        "B012 cnis2019: the url has no urldate",
        "add urldate = {YYYY-MM-DD}: the day the page was read",
    ),
    "a link to a copy": (
        entry(note="Read in a copy on a document-sharing site"),
        "B017 cnis2019: the url leads to a document-sharing site",
        "delete url and urldate, or give the publisher's own page",
    ),
    "a name that hides the sentence": (
        entry(publisher="China National Institute of Standardization"),
        "B013 cnis2019: a citation would print 'China National Institute of Standardization', which is too long",
        "add shortauthor = {...}: one to three words",
    ),
}


@pytest.mark.parametrize(("text", "problem", "hint"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_one_error_with_place_and_remedy(
    tmp_path: Path, text: str, problem: str, hint: str
) -> None:
    [found] = load(tmp_path, club="\n\n" + text).findings
    assert (f"{found.code} {found.message}", found.hint) == (problem, hint)
    # at its field, or where that is missing, at the entry
    line = (tmp_path / "club.bib").read_text("utf-8").split("\n")[found.place.line - 1]
    at_entry = found.code in {"B004", "B005"}
    assert line.startswith("@online{" if at_entry else f"  {found.subject} = {{")
    assert Path(found.place.path).name == "club.bib"
    assert found.place.line > (11 if "other2019" in text else 2)


@pytest.mark.parametrize(
    "text",
    [
        entry(langid="fr", titleaddon="A report in English"),
        entry(langid="fr", title="[Report on the club]"),  # our own words, in English
        entry(url=None, urldate=None),
        entry() + entry("other2019", note="A later state of the page"),
        entry(shortauthor="CNIS", publisher="China National Institute of Standardization"),
        entry(date="XXXX"),
        entry(langid="zh-Hant-HK", titleaddon="G"),
    ],
)
def test_what_looks_alike_but_is_right(tmp_path: Path, text: str) -> None:
    assert load(tmp_path, club=text).findings == ()


@pytest.mark.parametrize("missing", ["date", "title", "publisher", "keywords"])
def test_an_entry_that_lacks_what_a_citation_needs_is_no_source(
    tmp_path: Path, missing: str
) -> None:
    assert load(tmp_path, club=entry(**{missing: None})).sources == {}


def test_a_key_used_in_two_files_stays_with_the_first(tmp_path: Path) -> None:
    bibliography = load(
        tmp_path, a=entry(), b="% other\n" + entry(title="Another", url="https://b.example/")
    )
    assert bibliography.sources["cnis2019"].title == "A report"
    assert [
        (error.code, Path(error.place.path).name, error.place.line, error.message)
        for error in bibliography.findings
    ] == [
        ("B003", "b.bib", 2, "the key 'cnis2019' is already used at a.bib:1"),
    ]


def test_a_file_in_another_encoding_is_an_error_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_bytes("@online{x, title={caf\xe9}}".encode("latin-1"))
    bibliography = load(tmp_path, b=entry())
    assert list(bibliography.sources) == ["cnis2019"]
    assert [
        (error.code, Path(error.place.path).name, error.place.line, error.hint)
        for error in bibliography.findings
    ] == [("B001", "a.bib", 1, "save it as UTF-8")]


def test_broken_bibtex_is_an_error_at_its_line(tmp_path: Path) -> None:
    found = load(tmp_path, a="@online{x,\n  title = {A}\n  date = {2019},\n}\n").findings
    assert [(error.code, error.place.line) for error in found if error.code == "B002"] == [
        ("B002", 3)
    ]
    assert (
        found[0].hint == "look for a missing comma, brace or quote on this line or the one before"
    )


@given(st.text(alphabet='@{}=,"\\ab2019 \n%é', max_size=60))
def test_no_text_makes_the_reader_fail(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    load(tmp_path_factory.mktemp("bib"), a=text)


def source(
    key: str,
    date: str,
    name: str = "CNIS",
    url: str | None = "https://a.example/x",
    read: str | None = "2026-11",
) -> Source:
    return Source(
        key,
        "T",
        None,
        name,
        name,
        edtf.parse(date),
        url,
        edtf.parse(read) if read else None,
        "en",
        Tier.PRIMARY,
        None,
        Entry(key, {}),
    )


def test_labels_are_name_and_year_with_letters_in_the_order_of_dates() -> None:
    made = labels(
        [
            source("c", "2019-05"),
            source("b", "2019-01-02"),
            source("a", "2019-05"),
            source("d", "2020"),
            source("e", "XXXX"),
            source("f", "2019", "AFNOR"),
            source("g", "../2014", "ISO"),
        ]
    )
    assert made == {
        "b": "CNIS 2019a",
        "a": "CNIS 2019b",
        "c": "CNIS 2019c",
        "d": "CNIS 2020",
        "e": "CNIS n.d.",
        "f": "AFNOR 2019",
        "g": "ISO 2014",
    }
    own = {"ISO": "国际标准化组织", "n.d.": "无日期"}
    assert labels([source("e", "XXXX", "ISO")], own.__getitem__) == {"e": "国际标准化组织 无日期"}
    # two names that have the same Chinese are told apart
    said = {"Tianjin Daily": "天津日报"}
    same = [source("h", "2019", "Tianjin Daily"), source("i", "2019", "天津日报")]
    assert labels(same, lambda text: said.get(text, text)) == {
        "h": "天津日报 2019a",
        "i": "天津日报 2019b",
    }


@pytest.mark.parametrize(
    ("number", "letters"),
    [(0, "a"), (25, "z"), (26, "aa"), (51, "az"), (52, "ba"), (701, "zz"), (702, "aaa")],
)
def test_letters_never_run_out(number: int, letters: str) -> None:
    assert _letters(number) == letters


@pytest.mark.parametrize(
    ("date", "read", "stamp"),
    [
        ("2019-01-14", "2026-11-20", "20190114"),
        ("2019-01", "2026-11", "201901"),
        ("2019~", "2026-11", "2019"),
        ("2018-05-14/2018-05-18", "2026-11", "20180514"),
        ("XXXX", "2026-11", "202611"),
        ("XXXX", None, "*"),
        ("201X", "2026-11", "202611"),
        ("../2014", "2026-11", "2014"),
    ],
)
def test_the_archive_is_asked_for_the_time_of_the_source(
    date: str, read: str | None, stamp: str
) -> None:
    assert (
        source("a", date, read=read).memento_url
        == f"https://web.archive.org/web/{stamp}/https://a.example/x"
    )


def test_no_address_no_archive() -> None:
    assert source("a", "2019", url=None).memento_url is None


def test_an_unknown_key_is_answered_with_its_neighbours(tmp_path: Path) -> None:
    bibliography = load(tmp_path, a=entry())
    assert bibliography.nearest("cnis2018") == "did you mean cnis2019?"
    assert bibliography.nearest("zzz") == "add an entry with this key to one of references/*.bib"


def test_unescape() -> None:
    assert unescape(r"{ISO} \& \% \# \_ \$ a_b") == "ISO & % # _ $ a_b"
