"""Pages read without Sphinx: milestones, citations, roles, links and labels, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink

from handbook.model import edtf, markdown
from handbook.model.bibliography import Bibliography
from handbook.model.block import Block
from handbook.model.milestones import Milestone, read_milestone
from handbook.model.pages import MAX_LINE, Page, find_pages, parse_page, read_page, read_pages
from handbook.model.strands import MilestoneStatus, Strand
from handbook.rules.findings import Finding, Place

TEXT = """---
reviewed: "2026-11-23"
description: "What: this"
---
(club-founding)=
# How the *club* was founded

It began {cite:p}`a2019,b2017`, see [the city](../hangzhou/index.md) and
{iso}`37101` on {date}`2017-06`{cite:p}`c2018`.

:::{milestone} The club is founded {cite:p}`t2000`
:name: founding-2017
:date: 2017-06~
:strands: club, hangzhou
:sources: a2019 b2017
:place: Hangzhou
Its story {cite:p}`d2016`.

- in a list [link](https://a.example/x_(y))
:::

| a | b |
|---|---|
| c {iso}`37120` | d {iso}`37120` |

```python
not = "{cite:p}`code`"
```

`{cite:p}` and ![picture](x.png)
"""


def page(text: str) -> Page:
    return parse_page(Path("docs/page.md"), text.encode())


@pytest.fixture(scope="module")
def whole() -> Page:
    return page(TEXT)


def test_head_title_and_labels(whole: Page) -> None:
    assert whole.findings == []
    assert whole.front_matter == {"reviewed": "2026-11-23", "description": "What: this"}
    assert whole.title == "How the *club* was founded"
    assert [(label.value, label.line) for label in whole.labels] == [("club-founding", 5)]


def test_roles_stand_at_their_line_and_column(whole: Page) -> None:
    assert [(name, at.value, at.line, at.column) for name, at in whole.roles] == [
        ("cite:p", "a2019,b2017", 8, 10),
        ("iso", "37101", 9, 1),
        ("date", "2017-06", 9, 17),
        ("cite:p", "c2018", 9, 32),
        ("cite:p", "t2000", 11, 36),
        ("cite:p", "d2016", 17, 11),
        ("iso", "37120", 24, 5),
        ("iso", "37120", 24, 22),
    ]


def test_citations_are_single_keys_in_order(whole: Page) -> None:
    assert [at.value for at in whole.citations] == ["a2019", "b2017", "c2018", "t2000", "d2016"]


def test_links_stand_at_their_address(whole: Page) -> None:
    lines = TEXT.split("\n")
    assert [
        (at.value, lines[at.line - 1][at.column - 1 :].startswith(at.value)) for at in whole.links
    ] == [
        ("../hangzhou/index.md", True),
        ("https://a.example/x_(y)", True),
        ("x.png", True),
    ]


def test_the_milestone_is_read_from_its_block(whole: Page) -> None:
    [(block, milestone, problems)] = whole.milestones()
    assert (block.line, problems) == (11, [])
    assert milestone == Milestone(
        "founding-2017",
        "The club is founded {cite:p}`t2000`",
        edtf.parse("2017-06~"),
        (Strand.CLUB, Strand.HANGZHOU),
        ("a2019", "b2017"),
        MilestoneStatus.HAPPENED,
        "Hangzhou",
    )


def test_blocks_within_blocks_are_found() -> None:
    nested = page(
        "::::{note}\n:::{milestone} A\n:name: a-1\n:::\n::::\n\n- item\n\n  ```{standard} ISO 1:2000\n  ```\n"
    )
    assert [(block.name, block.argument, block.line) for block in nested.blocks] == [
        ("note", "", 1),
        ("milestone", "A", 2),
        ("standard", "ISO 1:2000", 9),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(newline: str, mark: str) -> None:
    other = parse_page(Path("docs/page.md"), (mark + TEXT.replace("\n", newline)).encode())
    same = page(TEXT)
    assert (other.roles, other.blocks, other.labels, other.front_matter) == (
        same.roles,
        same.blocks,
        same.labels,
        same.front_matter,
    )


FAULTS = {
    # the page: each problem as (line, "code message", hint)
    "a list as front matter": (
        "---\n- reviewed\n---\n# T\n",
        [
            (
                1,
                "P002 the front matter is not a list of names and values",
                'write lines such as reviewed: "2026-11-23"',
            )
        ],
    ),
    "a block left open": (
        "# T\n\n:::{note}\nNever closed.\n",
        [
            (
                3,
                "P004 :::{note} is not closed",
                "close it with a line of :::, and give a block around others a longer line than theirs",
            )
        ],
    ),
    "an option twice": (
        ":::{milestone} A\n:name: a-1\n:date: 2016\n:name: b-1\n:::\n",
        [(4, "P007 the option 'name' is given twice", "delete one of the two lines")],
    ),
    "too long a line": (
        "# T\n\n" + "x" * (MAX_LINE + 1) + "\n",
        [
            (
                3,
                "P005 the page has a line of 20,001 characters and is not read",
                "break the line, or split the page",
            )
        ],
    ),
}


@pytest.mark.parametrize(("text", "wanted"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_form_has_its_line_and_remedy(
    text: str, wanted: list[tuple[int, str, str]]
) -> None:
    assert [
        (finding.place.line, f"{finding.code} {finding.message}", finding.hint)
        for finding in page(text).findings
    ] == wanted


def test_front_matter_that_is_not_yaml_is_a_fault_at_its_line() -> None:
    [problem] = page("---\nreviewed: x\ndescription: What: this\n---\n# T\n").findings
    assert (problem.place.line, problem.code, problem.hint) == (
        3,
        "P002",
        "put values with a colon in quotation marks",
    )
    # The words after the colon are the YAML library's.
    assert problem.message.startswith(
        "the front matter is not YAML: mapping values are not allowed"
    )


def test_a_page_in_another_encoding_is_a_fault_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("# T\n\ncaf\xe9\n".encode("latin-1"))
    assert [str(finding) for finding in read_page(tmp_path / "a.md", tmp_path).findings] == [
        "a.md:3:1: P001 the page is not UTF-8 (hint: save it with the encoding UTF-8)",
    ]


def milestone_of(
    options: dict[str, str], bibliography: Bibliography | None = None
) -> tuple[Milestone | None, list[Finding]]:
    return read_milestone(Block("milestone", "Title", options, Place("docs/a.md")), bibliography)


GOOD = {"name": "founding-2017", "date": "2017-06", "strands": "club", "sources": "a2019"}


@pytest.mark.parametrize("lacking", ["name", "date", "strands", "sources"])
def test_a_milestone_needs_each_of_these(lacking: str) -> None:
    milestone, problems = milestone_of(
        {name: value for name, value in GOOD.items() if name != lacking}
    )
    assert milestone is None
    assert [problem.message for problem in problems] == [f"the milestone 'Title' has no {lacking}"]


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("founding-2017", True),
        ("iso-37101", True),
        ("a", True),
        ("2017-founding", False),
        ("Founding", False),
        ("a--b", False),
        ("a-", False),
        ("成立-2017", False),
    ],
)
def test_names(name: str, right: bool) -> None:
    milestone, problems = milestone_of({**GOOD, "name": name})
    assert (milestone is not None, [problem.code for problem in problems]) == (
        right,
        [] if right else ["M002"],
    )


def test_a_wrong_status_or_option_or_key_costs_no_milestone() -> None:
    milestone, problems = milestone_of(
        {**GOOD, "status": "sure", "when": "x", "sources": "zzz"}, Bibliography(())
    )
    assert milestone is not None
    assert milestone.status is MilestoneStatus.HAPPENED
    assert [problem.code for problem in problems] == ["M008", "M006", "M007"]


def test_pages_are_found_in_order_without_hidden_folders(tmp_path: Path) -> None:
    for name in ("b.md", "a/index.md", "_build/c.md", "_d.md", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# T\n", "utf-8")
    assert [str(read.path.relative_to(tmp_path)) for read in read_pages(tmp_path)] == [
        "_d.md",
        "a/index.md",
        "b.md",
    ]


def test_a_link_in_a_circle_is_a_fault_and_no_endless_walk(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# T\n", "utf-8")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    found, problems = find_pages(tmp_path)
    assert [path.name for path in found] == ["a.md"]
    assert [str(problem) for problem in problems] == [
        f"{tmp_path}/loop:1:1: P003 the link leads back to a folder above it (hint: delete the link)"
    ]


@settings(max_examples=60)
@given(st.text(alphabet="ab 0{}`:*[]()|#-~<>!\\\"'=/\n\u4e2d", max_size=80))
def test_no_text_makes_the_reader_fail_and_each_role_stands_where_it_says(text: str) -> None:
    read = page(text)
    lines = text.split("\n")
    for name, at in read.roles:
        assert lines[at.line - 1][at.column - 1 :].startswith("{" + name + "}`")


@given(st.from_regex(markdown.NORMAL_ADDRESS, fullmatch=True))
def test_addresses_taken_as_they_are_are_in_the_normal_form(address: str) -> None:
    assert normalizeLink(address) == address


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://a.example/b?c=1&d#e", "https://a.example/b?c=1&d#e"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4"),
        ("https://a.example/%zz", "https://a.example/%25zz"),
        ("https://a.example/[x]", "https://a.example/%5Bx%5D"),
        ("http://[::1]/", "http://[::1]/"),
    ],
)
def test_an_address_that_is_its_own_label_is_read_in_its_normal_form(
    written: str, read: str
) -> None:
    found = page(f"# A page\n\n<{written}>\n")
    assert [(link.value, link.line, link.column) for link in found.links] == [(read, 3, 2)]


_LINE = st.tuples(
    st.sampled_from(["", "", " ", "    ", "> ", "- ", "  ", "1. ", "- > ", "[^a]: ", ": "]),
    st.sampled_from(
        [
            "```",
            "```{note}",
            "~~~",
            ":::",
            ":::{note}",
            "===",
            "---",
            "--",
            "- - -",
            "* * *",
            "+++",
            "+ + +",
            "% words",
            "(label)=",
            "[a]: /b",
            "[^b]: words",
            "a | b",
            "|-|-|",
            "--|--",
            "words",
            "<p>",
            "# words",
            ":name: value",
            "{.kind}",
            "",
        ]
    ),
).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.lists(_LINE, max_size=8).map("\n".join))
def test_rules_without_a_mark_change_nothing(text: str) -> None:
    long = text + "\n\n" + "word " * 1000
    assert markdown.parse(long) == markdown.parser().parse(long, {})
