"""Whatever lies in the tree, each fault is a finding with a place, and the rest is still checked."""

import os
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from handbook.datecheck import judge, words
from handbook.datecheck.tree import Tree
from handbook.model import markdown, pages
from handbook.model.bibliography import Bibliography
from support import ROOT, SEEDED, small_handbook

DATA = SEEDED
DAY = date(2026, 11, 23)
GOOD = (DATA / "page.md").read_text("utf-8")
CANARY = "\nIt met on 31 June 2019 {cite:p}`club2024report`.\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A handbook with one known fault in the page that is read last."""
    small_handbook(tmp_path)
    (tmp_path / "docs" / "zz.md").write_text(
        f'---\nreviewed: "2026-11-23"\n---\n# Last\n{CANARY}', "utf-8"
    )
    return tmp_path


def found(root: Path) -> list[str]:
    """What is found, without the known fault, which must always be there."""
    findings = [str(finding).partition(" (hint")[0] for finding in judge.check(root, DAY).findings]
    findings.remove("docs/zz.md:6:11: D102 '31 June 2019' is a date that does not exist")
    return findings


PAGE = {
    "GBK": ("# 可持续城市\n".encode("gbk"), ["docs/bad.md:1:1: P001 the page is not UTF-8"]),
    "UTF-16": ("# Title\n".encode("utf-16"), ["docs/bad.md:1:1: P001 the page is not UTF-8"]),
    "one wrong byte": (b"# Title\n\ntext \xff\n", ["docs/bad.md:3:1: P001 the page is not UTF-8"]),
    "NUL": (
        b'---\nreviewed: "2026-11-23"\n---\n# T\0\n',
        ["docs/bad.md:4:1: P009 the file has a NUL"],
    ),
    "CR alone": (
        b'---\rreviewed: "2026-11-23"\r---\r# T\r',
        ["docs/bad.md:1:1: P009 the file has Windows line endings"],
    ),
    "a line of 10 MB": (
        b"# T\n\n" + b"[" * 10_000_000,
        ["docs/bad.md:3:1: P005 the page has a line of 10,000,000 characters and is not read"],
    ),
    "10 MB of lines": (
        b"{[`\n" * 2_500_000,
        ["docs/bad.md:1:1: P005 the page has 10,000,000 characters and is not read"],
    ),
    "a paragraph of 1 MB": (
        b'---\nreviewed: "2026-11-23"\n---\n# T\n\n'
        + b"In 2016 it met, in May 2018 again\n" * 30_000,
        ["docs/bad.md:6:1: P005 the paragraph has 1,019,999 characters and is not read"],
    ),
    "YAML with a tab": (
        b"---\n\treviewed: x\n---\n# T\n",
        [
            "docs/bad.md:2:1: P002 the front matter is not YAML: found character that cannot start any token",
        ],
    ),
    "YAML that is a list": (
        b"---\n- x\n---\n# T\n",
        ["docs/bad.md:1:1: P002 the front matter is not a list of names and values"],
    ),
    "deep YAML": (b"---\nx: " + b"[" * 15_000 + b"\n---\n# T\n", None),
    "YAML alias bomb": (
        b'---\na: &a [x,x]\nb: &b [*a,*a]\nreviewed: "2026-11-23"\n---\n# T\n',
        [
            "docs/bad.md:2:4: P002 a value is marked for reuse",
        ],
    ),
    "YAML with an impossible day": (
        b"---\nreviewed: 2026-02-30\n---\n# T\n",
        ["docs/bad.md:2:11: P002 the value cannot be read: day is out of range for month"],
    ),
    "front matter without end": (b'---\nreviewed: "2026-11-23"\n# T\n', None),
    "half a directive": (
        b'---\nreviewed: "2026-11-23"\n---\n# T\n\n:::{milestone} X\n:name: x',
        None,
    ),
    "an empty file": (b"", ["docs/bad.md:1:1: D601 the page does not say when it was reviewed"]),
    "deep directives": (
        b'---\nreviewed: "2026-11-23"\n---\n# T\n'
        + b"\n".join(b":" * n + b"{note}" for n in range(60, 2, -1))
        + b"\ntext\n"
        + b"\n".join(b":" * n for n in range(3, 61)),
        ["docs/bad.md:17:1: P006 directives are nested too deeply to be read"],
    ),
    "deep quotations": (
        b'---\nreviewed: "2026-11-23"\n---\n# T\n\n' + b"> " * 300 + b"x\n",
        ["docs/bad.md:6:1: P006 lists or quotations are nested too deeply to be read"],
    ),
    "a role over two lines": (
        b'---\nreviewed: "2026-11-23"\n---\n# T\n\nA {cite:p}`club2024report,\nnobody` b.\n',
        ["docs/bad.md:7:1: C001 no references/*.bib has the key 'nobody'"],
    ),
}


@pytest.mark.parametrize("name", PAGE)
def test_a_broken_page_is_a_finding_and_the_rest_is_checked(tree: Path, name: str) -> None:
    data, findings = PAGE[name]
    (tree / "docs" / "bad.md").write_bytes(data)
    seen = found(tree)
    if findings is None:
        assert seen
        assert all(finding.startswith("docs/bad.md:") for finding in seen)
    else:
        assert seen == findings


BIB = {
    "GBK": ("@online{x, title = {可持续}}".encode("gbk"), "B001"),
    "UTF-16": ("@online{x,}".encode("utf-16"), "B001"),
    "an open brace": (b"@online{x,\n title = {open\n", "B002"),
    "no comma": (b"@online{x\n title = {t}\n}\n", "B005"),
    "deep braces": (b"@online{x,\n title = " + b"{" * 5000 + b"}" * 5000 + b"\n}\n", "B002"),
    "a line of 10 MB": (b"@online{x, title = {" + b"t" * 10_000_000 + b"}}\n", "B005"),
    "an unknown word": (b"@online{x,\n title = nobody,\n}\n", "B002"),
    "only an at": (b"@", "B002"),
    "NUL": (b"@online{x, title = {\0}}\n", "B005"),
    "CRLF": (b"@online{x,\r\n title = {t},\r\n}\r\n", "P009"),
}


@pytest.mark.parametrize("name", BIB)
def test_a_broken_bib_file_is_a_finding_and_the_rest_is_checked(tree: Path, name: str) -> None:
    data, code = BIB[name]
    (tree / "references" / "bad.bib").write_bytes(data)
    seen = found(tree)
    assert any(f": {code} " in finding for finding in seen), seen
    assert all(finding.startswith("references/bad.bib:") for finding in seen), seen


@pytest.mark.parametrize(
    "name",
    [
        "deliverables.jsonl",
        "committees.jsonl",
        "stage-observations.jsonl",
        "stage-codes.json",
        "extract.yaml",
    ],
)
@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe", b"[1, 2", b"3", b"{", b'"x"', b"null", b"- x", b"[" * 50_000, None],
    ids=lambda data: repr(data)[:12],
)
def test_a_broken_catalogue_file_is_a_finding(tree: Path, name: str, data: bytes | None) -> None:
    path = tree / "references" / "iso" / name
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)
    findings = [
        finding
        for finding in judge.check(tree, DAY).findings
        if finding.place.path == f"references/iso/{name}"
    ]
    assert findings
    assert {finding.code for finding in findings} == {"D104"}


@pytest.mark.parametrize(
    "piece",
    [
        "in 2016 ",
        "May 2018, ",
        "the report of ",
        "ISO 37120:2019 ",
        "AB CD ISO ",
        '"',
        "now ",
        "no ",
        "will be in ",
        "2019年",
        "《",
        "from ",
        "first ",
        "[",
        "{cite:p}`a`",
        "`",
        "31 June ",
    ],
)
def test_no_text_takes_long(tree: Path, piece: str) -> None:
    line = piece * (150 // len(piece))
    lines = "\n".join([line] * (9_800 // (len(line) + 1)))
    (tree / "docs" / "bad.md").write_text(
        f'---\nreviewed: "2026-11-23"\n---\n# T\n\n{lines}\n', "utf-8"
    )
    start = time.process_time()
    found(tree)
    assert time.process_time() - start < 15


def test_links_that_run_in_a_circle(tree: Path) -> None:
    (tree / "docs" / "sub").mkdir()
    (tree / "docs" / "sub" / "loop").symlink_to(tree / "docs")
    (tree / "docs" / "self.md").symlink_to("self.md")
    (tree / "docs" / "gone.md").symlink_to("nowhere.md")
    assert found(tree) == [
        "docs/gone.md:1:1: P003 this is not a file that can be read",
        "docs/self.md:1:1: P003 this is not a file that can be read",
        "docs/sub/loop:1:1: P003 the link leads back to a folder above it",
    ]


def test_a_pipe_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "docs" / "pipe.md")
    assert found(tree) == ["docs/pipe.md:1:1: P003 this is not a file that can be read"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_right_to_read(tree: Path) -> None:
    (tree / "docs" / "secret.md").write_text("# T", "utf-8")
    (tree / "docs" / "secret.md").chmod(0)
    assert found(tree) == ["docs/secret.md:1:1: P003 it cannot be read: Permission denied"]


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "---\n",
                "reviewed: 2026-11-23\n",
                ":::{milestone} A\n",
                ":::\n",
                "::::{note}\n",
                ":date: 2019-01-14\n",
                ":name: a-1\n",
                "```{list-table}\n",
                "```\n",
                "* - ",
                "  - ",
                "> ",
                "| a | b |\n|---|---|\n",
                "| 1 | ",
                "{cite:p}`club2024report`",
                "{date}`",
                "`",
                "2019-01-14",
                "[x](#club-founding-2017)",
                "](",
                "[",
                "\n\n",
                "# ",
                "31 June 2019",
                "2019年1月14日",
                "二〇一九年",
                "recently",
                "ISO 37120:2019",
                "{iso}`37101`",
                "\t",
                "    ",
                "\\",
                "<a>",
                "&lt;",
                "(label)=\n",
                "\r\n",
                "\u2028",
                "\ufeff",
                "\0",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=40,
).map("".join)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PIECES)
def test_any_page_is_read_with_exact_places(text: str) -> None:
    page = pages.parse_page(Path("docs/page.md"), text.encode("utf-8", errors="surrogatepass"))
    lines = page.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for passage in page.passages:
        for span in passage.spans:
            if span.kind == "role" and "\0" not in text and "\t" not in text:
                line, column = passage.at(span.start)
                assert lines[line - 1].startswith("{" + span.name + "}`", column - 1)
    for finding in page.findings:
        assert 1 <= finding.place.line <= max(len(lines), 1)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PIECES)
def test_every_rule_takes_any_page(text: str) -> None:
    page = pages.parse_page(
        Path("/handbook/docs/page.md"), text.encode("utf-8", errors="surrogatepass")
    )
    tree = Tree(Path("/handbook"), DAY, [page], SOURCES, CATALOGUE)
    for rule in {
        id(rule.check): rule
        for rule in judge.RULES.values()
        if rule.check and rule.code not in {"D507", "D604"}
    }.values():
        for fault in rule.check(tree) if rule.check else ():
            assert fault.message
            assert fault.hint
            assert fault.place.line >= 1
            assert fault.place.column >= 1


SOURCES = Bibliography.load([DATA / "references" / "sources.bib"])
CATALOGUE = Tree.load(DATA, DAY).catalogue


@settings(max_examples=500, deadline=None)
@given(
    st.text(
        alphabet="0123456789年月日一二三十〇 /.-–,toandfrinMyJuneFebruaryMondayTuesday()（）星期",
        max_size=60,
    )
)
def test_dates_in_any_text_lie_in_it_in_order(text: str) -> None:
    reached = 0
    for said in words.dates(text):
        assert reached <= said.start < said.end <= len(text)
        assert text[said.start : said.end] == said.text
        reached = said.end


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='@online{}xy,= "\n#%\\title1', max_size=80))
def test_any_bib_text_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("bib") / "a.bib"
    path.write_text(text, "utf-8")
    for finding in Bibliography.load([path]).findings:
        assert 1 <= finding.place.line <= text.count("\n") + 1


def _shape(parser: object, text: str) -> list[object]:
    """What is read of a text: the blocks with their lines, and in them roles, links, images, code and HTML."""
    shape: list[object] = []
    for token in parser.parse(text, {}):  # type: ignore[attr-defined]
        shape.append(
            (token.type, token.tag, token.map, token.level, token.markup, token.info, token.content)
        )
        for child in token.children or ():
            if child.type in {"myst_role", "link_open", "image", "code_inline", "html_inline"}:
                meta = {name: value for name, value in child.meta.items() if name != "span"}
                shape.append(
                    (child.type, child.content if child.type != "image" else "", child.attrs, meta)
                )
    return shape


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PIECES)
def test_the_quicker_parser_reads_as_mysts_own(text: str) -> None:
    assert _shape(markdown.parser(), text) == _shape(MYST, text)


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "docs").rglob("*.md")),
    ids=lambda path: path.stem,
)
def test_the_quicker_parser_reads_the_real_pages_as_mysts_own(path: Path) -> None:
    text = path.read_text("utf-8")
    assert _shape(markdown.parser(), text) == _shape(MYST, text)


MYST = create_md_parser(
    MdParserConfig(enable_extensions=set(markdown.MYST_EXTENSIONS)), RendererHTML
)
