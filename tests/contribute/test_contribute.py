"""``make new-milestone`` and ``make new-source``: what is asked, refused, written, and left as it was."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import new_entry
from handbook.contribute import new_milestone, new_source
from handbook.contribute.asking import Asker, RefusalError
from handbook.datecheck import judge
from handbook.model.bibliography import entries, tidied
from handbook.model.pages import parse_page
from support import ROOT, small_handbook
from support.commands import ended

TODAY = date(2026, 11, 23)
GIVEN = {
    "page": "docs/page.md",
    "section": "The club",
    "title": "The club meets",
    "date": "2018-05-14",
    "name": "club-meeting-2018",
    "strands": "club",
    "sources": "city2019secretariat",
    "text": "They talked. Then they went home.",
}
ENTRY = {
    "url": "https://news.example/2020/a",
    "title": "A report",
    "langid": "en",
    "publisher": "A newspaper",
    "date": "2020-01-02",
    "keywords": "press",
    "file": "sources",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small handbook without fault, with lists of names."""
    small_handbook(tmp_path)
    lists = tmp_path / "references" / "published"
    lists.mkdir(parents=True)
    (lists / "milestones.txt").write_text("club-founding-2017\n", "utf-8")
    (lists / "keys.txt").write_text("city2016plenary\n", "utf-8")
    return tmp_path


def files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def add(root: Path, kind, given, answers: str | None = None, patient: bool = False) -> str:
    out = io.StringIO()
    asker = Asker(given, None if answers is None else io.StringIO(answers), out, patient)
    kind.add(root, TODAY, asker, out, spare=answers is None)
    return out.getvalue()


def refused(root: Path, kind, given, answers: str | None = None) -> list[str]:
    before = files(root)
    with pytest.raises(RefusalError) as error:
        add(root, kind, given, answers)
    assert files(root) == before
    return str(error.value).splitlines()


def test_a_milestone_is_put_at_the_end_of_its_section_and_on_the_list(root: Path) -> None:
    page = root / "docs" / "page.md"
    before = page.read_text("utf-8")
    page.write_text(before + "\n(later)=\n## Later\n\nNothing is known.\n", "utf-8")
    shown = add(root, new_milestone, GIVEN)
    block = (
        ":::{milestone} The club meets\n:name: club-meeting-2018\n:date: 2018-05-14\n:strands: club\n:sources: city2019secretariat\n"
        "They talked.\nThen they went home.\n:::\n"
    )
    # the section of the first heading holds the one below it
    assert (
        page.read_text("utf-8") == before + "\n(later)=\n## Later\n\nNothing is known.\n\n" + block
    )
    assert "docs/page.md:31: written\n\n" + block in shown
    assert "build/html/page.html#club-meeting-2018" in shown
    assert (root / "references" / "published" / "milestones.txt").read_text(
        "utf-8"
    ) == "club-founding-2017\nclub-meeting-2018\n"
    assert judge.check(root, TODAY).findings == []


def test_a_section_ends_before_the_anchor_of_the_next_one(root: Path) -> None:
    page = root / "docs" / "page.md"
    page.write_text(
        page.read_text("utf-8")
        + "\n## Meetings\n\nThey were few.\n\n(later)=\n## Later\n\nNothing.\n",
        "utf-8",
    )
    add(root, new_milestone, GIVEN | {"section": "meetings"})
    assert "They were few.\n\n:::{milestone} The club meets\n" in page.read_text("utf-8")
    assert "home.\n:::\n\n(later)=\n## Later\n" in page.read_text("utf-8")


def test_a_table_of_contents_stays_at_the_end(root: Path) -> None:
    page = root / "docs" / "page.md"
    page.write_text(
        page.read_text("utf-8") + "\n```{toctree}\n:hidden:\n\nstandards\n```\n", "utf-8"
    )
    add(root, new_milestone, GIVEN)
    assert page.read_text("utf-8").endswith(
        "home.\n:::\n\n```{toctree}\n:hidden:\n\nstandards\n```\n"
    )


def test_a_milestone_is_put_before_a_line_but_into_no_block(root: Path) -> None:
    page = root / "docs" / "page.md"
    given = {name: value for name, value in GIVEN.items() if name != "section"}
    lines = page.read_text("utf-8").split("\n")
    first = next(number for number, line in enumerate(lines, 1) if line.startswith("| Year"))
    assert refused(root, new_milestone, given | {"line": str(first + 1)}) == [
        f"line {first + 1} is inside a block from line {first} to {first + 2} (hint: give --line {first} or --line {first + 3})",
    ]
    add(root, new_milestone, given | {"line": str(first)})
    assert "went home.\n:::\n\n| Year | What" in page.read_text("utf-8")


#: What is wrong, and each line of the refusal.
REFUSALS = {
    "a wrong form of date": (
        {"date": "2018-5-14"},
        [
            "M003 the date of 'The club meets': '2018-5-14' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2018-05-14)"
        ],
    ),
    "an unknown key": (
        {"sources": "city2019secretary"},
        [
            "M006 the milestone 'The club meets' cites 'city2019secretary', which no references/*.bib has (hint: did you mean city2019secretariat or city2016plenary?); a new one: make new-source URL=..."
        ],
    ),
    "a name that is taken": (
        {"name": "club-founding-2017"},
        [
            "M009 the milestone name 'club-founding-2017' is already used at docs/page.md:9 (hint: give this one another name)"
        ],
    ),
    "the anchor of a heading": (
        {"name": "club-page"},
        ["M009 the name 'club-page' is the anchor of a heading (hint: give this one another name)"],
    ),
    "two faults at once": (
        {"strands": "clup", "status": "done"},
        [
            "M004 'clup' is not a strand (hint: did you mean club? use one of committee, standards, club, hangzhou, neighbours)",
            "M007 'done' is not a status (hint: use one of happened, planned, announced, disputed)",
        ],
    ),
    "an unknown page": (
        {"page": "docs/pages.md"},
        ["there is no page docs/pages.md (hint: did you mean docs/page.md?)"],
    ),
    "an unknown heading": (
        {"section": "The clubs"},
        ["no heading says 'The clubs' (hint: did you mean 'The club'? the headings are: The club)"],
    ),
    "a source older than the event": (
        {"sources": "city2016plenary"},
        [
            (
                "docs/page.md:30:11: D202 all sources of 'club-meeting-2018' (2018-05-14) are older than the event; the newest is city2016plenary (2016-06-30) "
                "(hint: cite a report from after the event, or write :status: announced)"
            ),
        ],
    ),
    "an event to come": (
        {"date": "2027-01", "name": "club-meeting-2027", "sources": "city2019secretariat"},
        [
            "docs/page.md:28:8: D302 'club-meeting-2027' happened on 2027-01, which is in the future (as of 2026-11-23) (hint: correct the date, or write :status: planned)",
        ],
    ),
    "markup that is not whole": (
        {"text": "They talked in {date}2018`."},
        [
            (
                "docs/page.md:31:16: P008 '{date}' is the beginning of a role or directive that does not end "
                "(hint: write {name}`content`, or for a directive a line :::{name} and below it a line :::)"
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_refused_says_why_and_changes_nothing(root: Path, name: str) -> None:
    changed, lines = REFUSALS[name]
    assert refused(root, new_milestone, GIVEN | changed) == lines


@pytest.mark.parametrize(
    ("changed", "start"),
    [
        ({"text": ":place: nowhere\nThey talked."}, "an answer would be read as markup"),
        ({"title": "The club\n:place: nowhere"}, "an answer would be read as markup"),
        (
            {"text": "They talked.\n:::\n\n:::{note}\nThey went."},
            "the text would change what is around it",
        ),
        ({"text": "They talked.\n:::\n\n## More"}, "docs/page.md:"),
    ],
)
def test_an_answer_cannot_become_markup(root: Path, changed: dict[str, str], start: str) -> None:
    assert refused(root, new_milestone, GIVEN | changed)[0].startswith(start)


_WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40
) | st.from_regex(r"[a-z:{}`\n#\\|]{1,30}", fullmatch=True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=_WORDS, text=_WORDS)
def test_whatever_is_answered_is_refused_or_read_again_word_for_word(
    root: Path, title: str, text: str
) -> None:
    before = files(root)
    try:
        add(root, new_milestone, GIVEN | {"title": title, "text": text})
    except RefusalError:
        assert files(root) == before
        return
    page = parse_page(root / "docs" / "page.md", (root / "docs" / "page.md").read_bytes())
    told = [milestone for _block, milestone, _problems in page.milestones() if milestone]
    assert [one.name for one in told] == ["club-founding-2017", "club-meeting-2018"]
    assert told[1].title == title.strip()
    assert (root / "docs" / "page.md").read_bytes().startswith(before["docs/page.md"].rstrip())
    for name, data in before.items():
        (root / name).write_bytes(data)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=_WORDS, note=_WORDS)
def test_whatever_is_answered_of_a_source_is_refused_or_read_again(
    root: Path, title: str, note: str
) -> None:
    before = files(root)
    try:
        add(root, new_source, ENTRY | {"title": title, "note": note, "key": "news2020"})
    except RefusalError:
        assert files(root) == before
        return
    (entry,) = (
        entry
        for entry in entries((root / "references" / "sources.bib").read_text("utf-8"))
        if entry.key == "news2020"
    )
    assert entry.fields["title"] == " ".join(title.split())
    for name, data in before.items():
        (root / name).write_bytes(data)


def test_what_is_missing_is_told_at_once(root: Path) -> None:
    given = {name: value for name, value in GIVEN.items() if name not in {"date", "strands"}}
    found = refused(root, new_milestone, given)
    assert [line.split(" (hint")[0] for line in found] == [
        "date is missing",
        "strands is missing",
    ]


def test_a_person_is_asked_again_and_offered_a_name(root: Path) -> None:
    answers = "\n".join(
        (
            "docs/page.md",
            "",  # the only heading is offered
            "The club meets in the capital",
            "2018-5-14",
            "2018-05-14",
            "",  # a refused date, and the name as offered
            "club",
            "city2019secretariat",
            "",
            "Beijing",
            "They talked.",
            "Then they went home.",
            "",
            "",
        )
    )
    shown = add(root, new_milestone, {}, answers, patient=True)
    assert "! M003 the date of 'The club meets in the capital': '2018-5-14' is not a date" in shown
    assert ":name: club-meets-capital-2018\n" in (root / "docs" / "page.md").read_text("utf-8")
    assert "They talked.\nThen they went home.\n:::\n" in (root / "docs" / "page.md").read_text(
        "utf-8"
    )


def test_a_person_is_asked_again_for_what_the_checks_find_in_the_end(root: Path) -> None:
    shown = add(
        root,
        new_milestone,
        {**GIVEN, "sources": "city2016plenary", "status": "", "place": ""},
        "city2019secretariat\n",
        patient=True,
    )
    assert "The checks would find:\ndocs/page.md:30:11: D202" in shown
    assert ":sources: city2019secretariat\n" in (root / "docs" / "page.md").read_text("utf-8")


def test_a_pipe_that_ends_too_early_changes_nothing(root: Path) -> None:
    assert refused(root, new_milestone, {}, "docs/page.md\n\nThe club meets\n") == [
        "the answers end before date (hint: give it as --date)"
    ]


def test_a_page_with_a_fault_is_not_touched(root: Path) -> None:
    page = root / "docs" / "page.md"
    page.write_text(page.read_text("utf-8") + "\n:::{note}\nNot closed.\n", "utf-8")
    assert refused(root, new_milestone, GIVEN)[0].startswith("docs/page.md:26: P004 ")


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = root / "docs" / "page.md"

    def meanwhile(change, today):
        page.write_text("# Other\n", "utf-8")
        return []

    monkeypatch.setattr(new_milestone, "faults", meanwhile)
    with pytest.raises(
        RefusalError,
        match=r"docs/page\.md has changed in the meantime \(hint: run the command again\)",
    ):
        add(root, new_milestone, GIVEN)
    assert page.read_text("utf-8") == "# Other\n"


def test_a_source_stands_in_the_order_of_the_keys_in_the_common_form(root: Path) -> None:
    path = root / "references" / "sources.bib"
    path.write_text(tidied(path.read_text("utf-8")), "utf-8")
    before = path.read_text("utf-8")
    shown = add(root, new_source, ENTRY)
    after = path.read_text("utf-8")
    assert after == tidied(after)
    added = [entry for entry in entries(after) if entry.key == "anewspaper2020report"]
    assert [entry.fields["urldate"] for entry in added] == ["2026-11-23"]
    assert after.replace(after[added[0].start : added[0].end] + "\n\n", "") == before
    assert "cite it, as {cite:p}`anewspaper2020report`" in shown
    assert (root / "references" / "published" / "keys.txt").read_text(
        "utf-8"
    ) == "anewspaper2020report\ncity2016plenary\n"


def test_a_known_host_offers_its_publisher_and_an_unknown_one_nothing(root: Path) -> None:
    given = {"url": "https://example.org/2021", "title": "News of the club", "date": "2021"}
    shown = add(root, new_source, given, "\n\n\n\n\n\n\n\n")
    assert "publisher [City News]> " in shown
    assert "langid [en]> " in shown
    assert "urldate [2026-11-23]> " in shown
    assert "key [city2021news]> " in shown
    assert refused(
        root, new_source, given | {"url": "https://unknown.example/2021", "langid": "en"}, ""
    ) == [
        "the answers end before publisher (hint: give it as --publisher)",
    ]


SOURCE_REFUSALS = {
    "an address that is there": (
        {"url": "https://example.org/2019/"},
        [
            "B011 this address is in the bibliography already, as city2019secretariat (references/sources.bib:21) (hint: cite city2019secretariat, and add nothing)"
        ],
    ),
    "no address of a page": ({"url": "ftp://example.org/"}, ["L002"]),
    "a private address": ({"url": "http://192.168.1.20/a"}, ["L003"]),
    "an address with a space": ({"url": "https://example.org/a b"}, ["L001"]),
    "a wrong form of date": (
        {"date": "2.1.2020"},
        ["B006 date: '2.1.2020' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"],
    ),
    "a day to come": (
        {"date": "2027"},
        [
            "D204 date 2027 is in the future (the check is as of 2026-11-23) (hint: correct the date)"
        ],
    ),
    "a language by its name": (
        {"langid": "english"},
        ["B007 langid 'english' is not a BCP 47 tag (hint: write for example en, fr or zh-Hans)"],
    ),
    "a foreign title without gloss": (
        {"langid": "fr"},
        ["titleaddon is missing (hint: add --titleaddon: what the title says, in English)"],
    ),
    "an unknown tier": (
        {"keywords": "blog"},
        [
            "B009 the tier 'blog' is unknown (hint: write keywords = {primary}, {press} or {secondary})"
        ],
    ),
    "a key that is taken": (
        {"key": "blog2020first"},
        [
            "B003 the key 'blog2020first' is already used at references/sources.bib:31 (hint: give the new entry another key)"
        ],
    ),
    "a brace too many": (
        {"title": "A {report"},
        ["B002 title opens and closes a different number of braces (hint: close each brace)"],
    ),
    "an unknown file": (
        {"file": "cities"},
        ["there is no references/cities.bib (hint: use one of sources)"],
    ),
}


@pytest.mark.parametrize("name", SOURCE_REFUSALS)
def test_a_source_that_is_refused_says_why_and_changes_nothing(root: Path, name: str) -> None:
    changed, lines = SOURCE_REFUSALS[name]
    found = refused(root, new_source, ENTRY | changed)
    assert len(found) == len(lines)
    assert all(
        line.startswith(start) and "(hint: " in line
        for line, start in zip(found, lines, strict=True)
    ), found


def test_a_ready_block_and_a_ready_entry_are_read_whole() -> None:
    block = ":::{milestone} The club meets\n:name: club-meeting-2018\n:date: 2018-05-14\n:strands: club\n:sources: a\nThey talked.\n\n- a\n:::\n"
    assert new_milestone.read_block(block) == {
        "title": "The club meets",
        "name": "club-meeting-2018",
        "date": "2018-05-14",
        "strands": "club",
        "sources": "a",
        "text": "They talked.\n\n- a",
    }
    assert new_milestone.written(new_milestone.read_block(block)) == block
    assert new_source.read_entry(
        "@online{a2020,\n  title = {A {ISO} report},\n  date = {2020},\n}\n"
    ) == {"title": "A {ISO} report", "date": "2020", "key": "a2020"}
    with pytest.raises(RefusalError, match="B010 the field author is not used here"):
        new_source.read_entry("@online{a2020, author = {Li}}")


def test_the_command_reads_options_and_a_file_and_asks_nothing_then(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    block = root / "block.md"
    block.write_text(
        ":::{milestone} The club meets\n:date: 2018-05-14\n:strands: club\n:sources: city2019secretariat\nThey talked.\n:::\n",
        "utf-8",
    )
    before = files(root)
    base = [
        "--root",
        str(root),
        "--today",
        "2026-11-23",
        "milestone",
        "--no-questions",
        "--page",
        "page",
        "--section",
        "The club",
    ]
    assert new_entry.main([*base, "--from", str(block), "--dry-run"]) == 0
    assert "docs/page.md:26: would be written" in capsys.readouterr().out
    assert files(root) == before
    assert new_entry.main([*base, "--from", str(block), "--date", "2018-5-14"]) == 1
    assert capsys.readouterr().err.endswith("(hint: write 2018-05-14)\nnothing is written\n")
    assert files(root) == before
    assert ended(lambda: new_entry.main([*base, "--from", str(root / "nothing.md")]))[0] == 2


def test_the_command_works_without_a_terminal(root: Path) -> None:
    answers = "docs/page.md\n\nThe club meets\n2018-05-14\n\nclub\ncity2019secretariat\n\n\nThey talked.\n\n"
    command = [
        sys.executable,
        "tools/new_entry.py",
        "--root",
        str(root),
        "--today",
        "2026-11-23",
        "milestone",
    ]
    ran = subprocess.run(
        command,
        input=answers,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "docs/page.md:26: written" in ran.stdout
