"""Ten mistakes that newcomers make, and word for word what the check and the build say: file, line, and how to fix it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from handbook.datecheck import judge
from handbook.sphinxext import reported
from support import SEEDED
from support.projects import Project

DAY = date(2026, 11, 23)
DATA = SEEDED
FRONT = '---\nreviewed: "2026-11-23"\ndescription: A page of a test, with what a page can hold.\n---\n(club)=\n# The club\n\n'
MILESTONE = (
    ":::{milestone} The club is founded\n:name: founding-2017\n:date: 2017-06\n:strands: club\n:sources: club2024report\n"
    "It took place.\n:::\n"
)


@dataclass(frozen=True)
class Mistake:
    """``page`` is what was typed, ``check`` all that ``make check`` says of it, from the line on."""

    page: str
    check: tuple[str, ...]


def typed(old: str, new: str, page: str = FRONT + MILESTONE) -> str:
    assert old in page
    return page.replace(old, new)


MISTAKES = {
    "a wrong form of date": Mistake(
        typed("2017-06", "14.6.2017"),
        (
            "10:8: M003 the date of 'founding-2017': '14.6.2017' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2017-06-14)",
        ),
    ),
    "a date in words": Mistake(
        typed("2017-06", "14 June 2017"),
        (
            "10:8: M003 the date of 'founding-2017': '14 June 2017' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2017-06-14)",
        ),
    ),
    "a full-width colon without a space": Mistake(
        typed(":date: 2017-06", "：date：2017-06"),
        (
            "10:1: P011 the full-width character ： of a Chinese keyboard would not be understood here (hint: write :)",
        ),
    ),
    "a date without its nought": Mistake(
        typed("2017-06", "2017-6-29"),
        (
            "10:8: M003 the date of 'founding-2017': '2017-6-29' is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD (hint: write 2017-06-29)",
        ),
    ),
    "an unknown key": Mistake(
        typed("club2024report", "club2024reprot"),
        (
            "12:11: M006 the milestone 'founding-2017' cites 'club2024reprot', which no references/*.bib has (hint: did you mean club2024report?)",
        ),
    ),
    "a missing blank line below a table": Mistake(
        FRONT + "| a | b |\n|---|---|\n| 1 | 2 |\nThe club talked.\n",
        (
            "11:1: P014 'The club talked.' became a row of the table above it (hint: put an empty line between the table and the text)",
        ),
    ),
    "an empty line above the options": Mistake(
        typed("founded\n:name", "founded\n\n:name"),
        (
            "10:1: M011 'name' is not written as an option: there is an empty line above it (hint: delete the empty line: options come directly below the first line)",
        ),
    ),
    "a tab": Mistake(
        typed(":date: 2017", ":date:\t2017"),
        ("10:7: P010 the line has a tab (hint: use spaces)",),
    ),
    "a tab that makes code": Mistake(
        FRONT + "\t:::{note}\n\tThe club talked.\n\t:::\n",
        (
            "8:1: P013 the line is indented by four spaces or a tab, and so it is shown as code (hint: delete the spaces before it; code goes between two lines of ```)",
        ),
    ),
    "a full-width colon in an option": Mistake(
        typed(":date: 2017-06", "：date： 2017-06"),
        (
            "10:1: P011 the full-width character ： of a Chinese keyboard would not be understood here (hint: write :)",
        ),
    ),
    "full-width colons around a block": Mistake(
        typed(":::", "：：："),
        (
            "8:1: P011 the full-width character ： of a Chinese keyboard would not be understood here (hint: write :)",
            "14:1: P011 the full-width character ： of a Chinese keyboard would not be understood here (hint: write :)",
        ),
    ),
    "curved quotation marks in the front matter": Mistake(
        typed('"2026-11-23"', "“2026-11-23”"),
        ('2:11: P012 the quotation marks “ ” are curved (hint: type straight ones: ")',),
    ),
    "a name used twice": Mistake(
        FRONT + MILESTONE + "\n" + MILESTONE.replace("is founded", "starts"),
        (
            "17:8: M009 the milestone name 'founding-2017' is already used at docs/club.md:9 (hint: give this one another name)",
        ),
    ),
    "a dead anchor": Mistake(
        FRONT + "See [the club](#clup).\n",
        (
            "8:16: P016 there is no anchor 'clup' in the handbook (hint: did you mean #club? an anchor is a line (clup)= above a heading, or the name of a milestone)",
        ),
    ),
    "a missing fence": Mistake(
        FRONT + MILESTONE.removesuffix(":::\n") + "\nThe club talked.\n",
        (
            "8:1: P004 :::{milestone} The club is founded is not closed (hint: close it with a line of :::, and give a block around others a longer line than theirs)",
        ),
    ),
    "a missing fence between two blocks": Mistake(
        FRONT + MILESTONE.removesuffix(":::\n") + "\n:::{note}\nThe club talked.\n:::\n",
        (
            "8:1: P004 {milestone} is not closed before :::{note} begins on line 15 (hint: close {milestone} with a line ::: above line 15; a block around others needs a longer line than theirs)",
        ),
    ),
    "an indented block": Mistake(
        FRONT + "    :::{note}\n    The club talked.\n    :::\n",
        (
            "8:1: P013 the line is indented by four spaces or a tab, and so it is shown as code (hint: delete the spaces before it; code goes between two lines of ```)",
        ),
    ),
    "a role without its backtick": Mistake(
        FRONT + "It met in {date}2019-01`.\n",
        (
            "8:11: P008 '{date}' is the beginning of a role or directive that does not end (hint: write {name}`content`, or for a directive a line :::{name} and below it a line :::)",
            "8:17: D401 '2019-01' is in a paragraph without a citation or a milestone (hint: cite the source at the end of the sentence, or link to the milestone)",
        ),
    ),
    "a role in the form of reStructuredText": Mistake(
        FRONT + "See :iso:`37101`.\n",
        (
            "8:5: P008 ':iso:' is a role in the form of reStructuredText (hint: write {iso}`content`)",
        ),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_the_check_says_where_it_is_and_how_to_fix_it(tmp_path: Path, name: str) -> None:
    copytree(DATA / "references", tmp_path / "references")
    # It names a place of the page that is seeded, which is not here.
    (tmp_path / "references" / "questions.yaml").unlink()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "club.md").write_text(MISTAKES[name].page, "utf-8")
    found = tuple(
        str(finding).removeprefix("docs/club.md:")
        for finding in judge.check(tmp_path, DAY, ignore=["D5", "D6", "R", "T"]).findings
    )
    assert found == MISTAKES[name].check
    assert found
    assert all(
        re.match(r"\d+:\d+: [A-Z]\d{3} ", finding) and "(hint: " in finding for finding in found
    )


@pytest.mark.parametrize("name", MISTAKES)
def test_the_build_says_the_same_in_the_same_words(
    project: Callable[..., Project], name: str
) -> None:
    home = "# Home\n\n:::{toctree}\nclub\n:::\n"
    small = project({"index.md": home, "club.md": MISTAKES[name].page})
    rmtree(small.references)
    copytree(DATA / "references", small.references)
    check = judge.check(small.root, DAY, select=reported.CODES).findings
    assert check
    assert small.build("dummy").warnings == [
        f"{found.place.path}:{found.place.line}: WARNING: {found.text} [handbook.{found.code}]"
        for found in check
    ]
