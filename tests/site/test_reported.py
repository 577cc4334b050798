"""What Sphinx, MyST and docutils say of a mistake gets a code and a hint of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from sphinx.errors import ConfigError

from handbook.datecheck import judge
from handbook.rules.rule import RULES
from handbook.sphinxext import reported
from support.projects import Project

HOME = "# Title\n\n{}\n\n```{{toctree}}\n:hidden:\nsources\n```\n"
SOURCES = "(family-indicators)=\n# Sources\n\n```{bibliography}\n:all:\n```\n"
FILE = "name a page or a file by its path, as seen from this page or, after a /, from docs/"
ANCHOR = "an anchor is a line (name)= above a heading, or the name of a milestone"
TWICE = "give one of the two another name, or delete it"

#: What is typed from line 3 on, and the whole warning from the line on.
MESSAGES = {
    "a page that is not there": (
        "See [it](clup.md).",
        f"3: WARNING: P030 clup.md is not a file of the handbook (hint: {FILE})",
    ),
    "an anchor that is not there": (
        "See [it](#clup).",
        "3: WARNING: P016 there is no anchor 'clup' in the handbook (hint: an anchor is a line (clup)= above a heading, or the name of a milestone)",
    ),
    "an anchor in a role": (
        "See {ref}`clup`.",
        f"3: WARNING: P016 undefined label: 'clup' (hint: {ANCHOR})",
    ),
    "a page in a role": (
        "See {doc}`clup`.",
        f"3: WARNING: P030 clup.md is not a file of the handbook (hint: {FILE})",
    ),
    "a page in a table of contents": (
        "```{toctree}\nclup\n```",
        f"4: WARNING: P030 clup.md is not a file of the handbook (hint: {FILE})",
    ),
    "a picture": (
        "![A picture](clup.png)",
        f"3: WARNING: P030 clup.png is not a file of the handbook (hint: {FILE})",
    ),
    "a file to include": (
        "```{literalinclude} clup.py\n```",
        f"3: WARNING: P030 clup.py is not a file of the handbook (hint: {FILE})",
    ),
    "a directive": (
        ":::{nope}\ntext\n:::",
        "3: WARNING: Y001 there is no directive 'nope' (hint: did you mean note? use for example milestone, standard, note, warning, list-table, figure, toctree)",
    ),
    "a role": (
        "See {nope}`it`.",
        "3: WARNING: Y001 there is no role 'nope' (hint: use for example cite:p, date, iso, term)",
    ),
    "an option": (
        ":::{note}\n:kind: x\ntext\n:::",
        "4: WARNING: Y002 the directive {note} has no option 'kind' (hint: use one of class, collapsible, name)",
    ),
    "a value": (
        ":::{timeline}\n:overview: soon\n:::",
        "4: WARNING: M015 'soon' is not a year that the timeline can begin with (hint: write a year from 1800 to 2199, such as 2012)",
    ),
    "content": (
        ":::{timeline}\ntext\n:::",
        "3: WARNING: Y002 the directive {timeline} takes no text within it (hint: write the text below the block)",
    ),
    "no content": (
        ":::{note}\n:::",
        '3: ERROR: Y002 Content block expected for the "note" directive; none found (hint: write the text of the block, or delete the block)',
    ),
    "an anchor twice": (
        "(a)=\n## A\n\n(a)=\n## B",
        "6: WARNING: Y003 the anchor 'a' is already defined at docs/index.md:3 (hint: give one of the two another name)",
    ),
    "a footnote twice": (
        "x[^1]\n\n[^1]: a\n\n[^1]: b",
        f"7: WARNING: Y003 Duplicate footnote definition found for label: '1' (hint: {TWICE})",
    ),
    "a term twice": (
        ":::{glossary}\nA\n  x\n\nA\n  y\n:::",
        "7: WARNING: Y003 the term 'A' is already defined at docs/index.md:4 (hint: delete one of the two)",
    ),
    "a term that nothing explains": (
        "A {term}`clup`.",
        "3: WARNING: Y004 the glossary has no term 'clup' (hint: add it to docs/glossary.md, or correct it)",
    ),
    "a footnote that is not there": (
        "x[^1]",
        "3: WARNING: Y004 no footnote '1' is on this page (hint: add it: [^1]: text)",
    ),
    "a heading": (
        "## A\n\n#### B",
        "5: WARNING: Y005 a heading of level 4 follows one of level 2 (hint: write it with ###)",
    ),
    "a language of code": (
        "```{code-block} nope\nx\n```",
        "3: WARNING: Y006 Pygments lexer name 'nope' is not known (hint: name a language that Pygments knows, or text)",
    ),
}


@pytest.mark.parametrize(("text", "wanted"), MESSAGES.values(), ids=MESSAGES.keys())
def test_a_message_of_others_is_one_warning_with_code_and_hint(
    project: Callable[[Mapping[str, str]], Project], text: str, wanted: str
) -> None:
    pages = {"index.md": HOME.format(text), "sources.md": SOURCES}
    code = wanted.split()[2]
    assert project(pages).build("html").warnings == [f"docs/index.md:{wanted} [handbook.{code}]"]


def test_front_matter_that_is_not_yaml_is_one_warning(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    page = "---\nreviewed: [\n---\n" + HOME.format("")
    assert project({"index.md": page, "sources.md": SOURCES}).build("dummy").warnings == [
        "docs/index.md:2: WARNING: P002 this bracket is not closed (hint: close the bracket) [handbook.P002]"
    ]


def test_each_code_of_the_table_is_a_rule_and_has_an_example() -> None:
    codes = {meaning.code for meaning in reported.MEANINGS}
    assert codes - {"L101"} <= set(RULES)
    # what a check finds first is here by its own words
    examples = {wanted.split()[2] for _text, wanted in MESSAGES.values()}
    assert codes - {"P002", "P031", "L101"} | {"M015", "P030"} == examples


def test_a_warning_that_no_row_knows_passes_unchanged(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    small = project({"index.md": HOME.format(""), "sources.md": SOURCES})
    with (small.docs / "conf.py").open("a") as conf:
        conf.write(
            "def setup(app):\n    from sphinx.util import logging\n    app.connect('env-updated', lambda *_: logging.getLogger('x').warning('100 % odd', type='x'))\n"
        )
    assert [line.partition("WARNING: ")[2] for line in small.build("dummy").warnings] == [
        "100 % odd [x]"
    ]


def test_what_a_page_excepts_the_build_does_not_report(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    excepted = '---\nexceptions:\n- {code: P008, reason: a test, until: "2999-01-01"}\n---\n'
    small = project(
        {"index.md": excepted + HOME.format("See :iso:`37101`."), "sources.md": SOURCES}
    )
    assert small.build("dummy").warnings == []
    small.write("index.md", HOME.format("See :iso:`37101`."))
    assert [line.split()[2] for line in small.build("dummy").warnings] == ["P008"]


def test_files_beside_the_pages_are_reported_once(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    small = project({"index.md": HOME.format("![A plan](plan.svg)"), "sources.md": SOURCES})
    small.write("plan.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    drawing = "WARNING: P020 plan.svg is not a plain SVG: <script> (hint: export the drawing again as plain SVG, or as PNG) [handbook.P020]"
    wanted = [f"docs/index.md:3: {drawing}", f"docs/plan.svg:1: {drawing}"]
    for builder in ("dummy", "text"):
        assert small.build(builder).warnings == wanted


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("B002", "{2017-06},", "{2017-06}"),
        ("B002", "{2017-06},\n", "{2017-06},\n  date      = {2017-06},\n"),
        ("B003", "@online{press2017,", "@online{isoopendata,"),
        ("B014", "@online{press2017,", "% no @entry\n@online{press2017,"),
    ],
)
def test_a_fault_in_a_bib_file_is_reported_once_and_all_else_is_read(
    project: Callable[[Mapping[str, str]], Project], code: str, old: str, new: str
) -> None:
    small = project({"index.md": HOME.format(""), "sources.md": SOURCES})
    small.change(small.references / "sources.bib", old, new)
    check = judge.check(small.root, date(1970, 1, 1), select=reported.CODES).findings
    assert code in {one.code for one in check}
    assert sorted(small.build("text").warnings) == sorted(
        f"{one.place.path}:{one.place.line}: WARNING: {one.text} [handbook.{one.code}]"
        for one in check
    )


def test_a_bib_file_that_cannot_be_read_ends_the_build(
    project: Callable[[Mapping[str, str]], Project],
) -> None:
    small = project({"index.md": HOME.format(""), "sources.md": SOURCES})
    (small.references / "sources.bib").write_bytes(b"\xe9")
    with pytest.raises(ConfigError, match=r"sources\.bib:1:1: B001 the file cannot be read"):
        small.build("text")
