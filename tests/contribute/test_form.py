"""The form of files: line ends, the bibliography, Chinese typography, and that one set of hooks runs everywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.exceptions import PybtexError
from pybtex.utils import CaseInsensitiveDict

import tidy_sources
from handbook.contribute import chinese, editor_help
from handbook.model.bibliography import FIELDS, entries, tidied, written
from handbook.model.pages import read_pages
from support import ROOT
from support.commands import ended

HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A repository with the hooks alone, which use the tools of this one."""
    names = {"large-files", "byte-order-marks", "line-ends", "last-line", "trailing-spaces", "tabs"}
    hooks = [hook for hook in HOOKS if hook["id"] in names]
    assert len(hooks) == len(names)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


#: What a file holds, the hook that finds it, and what the hook makes of it.
LARGE = b"0" * (512 * 1024 + 1) + b"\n"
FORMS = {
    "docs/crlf.md": (b"# A\r\n", "line ends of Unix", b"# A\n"),
    "docs/end.md": (b"# A", "one line end at the end of the file", b"# A\n"),
    "docs/spaces.md": (b"# A\n\nb \n", "no spaces at the end of a line", b"# A\n\nb\n"),
    "docs/bom.md": (b"\xef\xbb\xbf# A\n", "no byte order marks", b"# A\n"),
    "tools/a.py": (b"if x:\n\ty\n", "no tabs to indent with", b"if x:\n\ty\n"),
    "docs/large.svg": (LARGE, "no large files", LARGE),
    "Makefile": (b"all:\n\techo\n", None, b"all:\n\techo\n"),
    ".github/a.png": (b"\x89PNG\r\n\x1a\n\x00 ", None, b"\x89PNG\r\n\x1a\n\x00 "),
    "tools/handbook/pdf/fonts/a.otf": (LARGE, None, LARGE),
    "references/iso/stage-codes.json": (b"{}", None, b"{}"),
}


def test_a_file_is_held_to_its_form(clone: Path) -> None:
    """One run for all, since each starts programs."""
    for name, (data, _hook, _made) in FORMS.items():
        path = clone / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    subprocess.run(["git", "-C", clone, "add", "--all"], check=True)
    command = [ROOT / ".venv/bin/python", "-m", "pre_commit", "run", "--all-files"]
    ran = subprocess.run(
        [*command, "--color", "never"],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PRE_COMMIT_HOME": str(clone / ".git/pre-commit")},
    )
    assert ran.returncode == 1
    said = {
        part.split("....")[0]: part for part in re.split(r"(?m)^(?=[^\n]+\.\.\.\.)", ran.stdout)
    }
    for name, (_data, hook, made) in FORMS.items():
        assert [text for text, part in said.items() if name in part] == ([hook] if hook else [])
        assert (clone / name).read_bytes() == made


ENTRY = "@online{b2020,\n  title       = {A {ISO} title},\n  date        = {2020},\n}\n"


@pytest.mark.parametrize(
    "untidy",
    [
        "@Online{b2020, date = {2020}, title = {A {ISO}\n   title}}",
        "\n\n" + ENTRY,
        ENTRY + "\n\n",
        ENTRY.replace("       = {A", " = {A"),
    ],
)
def test_an_entry_has_one_form(
    untidy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tidied(untidy) == ENTRY
    path = tmp_path / "a.bib"
    path.write_text(untidy, "utf-8")
    assert tidy_sources.main(["--check", str(path)]) == 1
    assert path.read_text("utf-8") == untidy
    assert tidy_sources.main([str(path)]) == 1
    assert path.read_text("utf-8") == ENTRY
    capsys.readouterr()
    assert tidy_sources.main([str(path)]) == 0
    assert capsys.readouterr().out == ""


def test_entries_stand_in_the_order_of_their_keys_with_what_stands_above_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ENTRY.replace("b2020", "a2020")
    assert (
        tidied("Of the club:\n" + ENTRY + "\n" + other + "\nThe end.")
        == other + "\nOf the club:\n" + ENTRY + "\nThe end.\n"
    )
    path = tmp_path / "a.bib"
    path.write_text(ENTRY + "\n" + other, "utf-8")
    tidy_sources.main(["--check", str(path)])
    assert (
        capsys.readouterr().out
        == f"{path}:6: a2020 is below b2020, but comes before it in the order of the keys (hint: make tidy, which changes nothing else)\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "@online{a2020,\n  title = {A,\n}\n",
        "@online{a2020,\n  title = {A}\n  date = {2020},\n}\n",
        "@online{a2020, title = {A}, title = {B}}\n",
    ],
)
def test_a_file_that_would_lose_something_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.bib"
    path.write_text(text, "utf-8")
    status, said = ended(lambda: tidy_sources.main([str(path)]))
    assert status == 2
    assert re.match(rf"command: {re.escape(str(path))}:\d+: not BibTeX: .+ \(hint: ", said)
    assert path.read_text("utf-8") == text


def test_a_comment_and_a_macro_are_kept() -> None:
    text = "@comment{Of the club}\n@string{iso = {ISO}}\n\n" + ENTRY
    assert tidied(text) == text


@pytest.mark.parametrize(
    "value",
    [
        "{Ville\u00a0durable\u00a0: un guide}",
        "{甲\u3000乙}",
        "{10\u202f000 villes\u2009!}",
        "{a line\u2028and another}",
        "{\u00a0}",
        "iso # { (ISO)}",
        "jan",
        '"A {"}quoted{"} word" # iso',
        "{A first paragraph.\n\n  A second one.}",
        "{{ISO} and \\{braces\\}}",
    ],
)
def test_the_form_changes_no_value(value: str) -> None:
    text = f"@string{{ISO = {{I S O}}}}\n\n@online{{b2020,\n  title       = {value},\n}}\n"
    assert tidied(text) == text
    untidy = text.replace("  title       = ", "title=").replace("@online", "\n\n@Online")
    assert tidied(untidy) == text


def test_what_is_of_the_whole_file_stays_on_top() -> None:
    other = ENTRY.replace("b2020", "a2020")
    head = "\ufeff% Sources of the club.\n\n"
    assert tidied(f"{head}% Its own.\n{ENTRY}\n{other}") == f"{head}{other}\n% Its own.\n{ENTRY}"


def test_where_a_macro_is_defined_in_between_the_order_stays() -> None:
    macro = "@string{club = {The club}}\n"
    text = f"{ENTRY}\n{macro}@online{{a2020,\n  publisher   = club,\n}}\n"
    assert tidied(text) == text


#: Characters that have a meaning in BibTeX, spaces of all kinds, and some that have none.
_CHARACTERS = ' \n\t\r\f\u00a0\u3000\u202f\u2028\ufeffab1=,#%\\"{}()é可'
_FREE = st.text(_CHARACTERS, max_size=12)
_BALANCED = st.recursive(
    st.text(_CHARACTERS.translate({ord(one): None for one in '{}"\\'}), max_size=6),
    lambda part: st.lists(part, max_size=3).map(lambda parts: "{" + "".join(parts) + "}"),
    max_leaves=4,
)
_PART = st.one_of(
    _BALANCED.map(lambda text: f"{{{text}}}"),
    _BALANCED.map(lambda text: f'"{text}"'),
    st.sampled_from(["jan", "iso", "ISO", "2020"]),
)
_SPACES = st.text(" \n\t", max_size=3)
_FIELD = st.tuples(
    st.sampled_from(["title", "NOTE", "date", "x"]),
    _SPACES,
    st.lists(_PART, min_size=1, max_size=2).map(" # ".join),
    _SPACES,
).map(lambda field: "{0}{1}={3}{2}{1}".format(*field))
_ENTRY = st.tuples(
    st.sampled_from(["online", "Misc"]),
    st.sampled_from("abc"),
    st.lists(_FIELD, max_size=3),
    st.sampled_from(["{}", "()"]),
).map(lambda one: f"@{one[0]}{one[3][0]}{one[1]},{','.join(one[2])}{one[3][1]}")
_BETWEEN = st.sampled_from(
    ["", "\n", "% a comment\n", "\n\n% two\n% lines\n\n", "loose\u00a0text\n", "@string{iso={I}}\n"]
)
_FILE = st.tuples(
    st.sampled_from(["", "\ufeff"]), st.lists(st.tuples(_BETWEEN, _ENTRY), max_size=3), _BETWEEN
).map(lambda file: file[0] + "".join(a + b for a, b in file[1]) + file[2])


def _read(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """What the build's own parser reads, macros replaced, spaces of BibTeX joined."""
    parser = LowLevelParser(text, macros=CaseInsensitiveDict(month_names))
    found = (
        (
            kind.lower(),
            body[0],
            dict(sorted((name.lower(), "".join(value)) for name, value in body[1])),
        )
        for kind, body in parser
        if kind.lower() not in {"string", "preamble", "comment"}
    )
    return list(found)


def _space(found: re.Match[str]) -> str:
    return "\n\n" if re.search(r"\n[ \t\r]*\n", found[0]) else " "


def _spaced(read: list[tuple[str, str, dict[str, str]]]) -> list[object]:
    return sorted(
        (
            (
                *head,
                {
                    # the end of a line is as good as a space, that of a paragraph is not
                    name: re.sub(r"[ \t\r\n]+", _space, value.strip(" \t\r\n"))
                    for name, value in fields.items()
                },
            )
            for *head, fields in read
        ),
        key=repr,
    )


@settings(max_examples=300, deadline=None)
@given(st.one_of(_FILE, _FREE.map(lambda text: f"@online{{a, title = {{{text}}}}}"), _FREE))
def test_tidying_changes_form_only(text: str) -> None:
    """Whatever the text: refused with its reason, or the same values to the character."""
    try:
        tidy = tidied(text)
    except PybtexError:
        return
    assert _spaced(_read(tidy)) == _spaced(_read(text))
    assert tidied(tidy) == tidy
    assert tidy.startswith("\ufeff") == text.startswith("\ufeff")
    around = re.compile(r"% a comment|% two\n% lines|loose\u00a0text|@string\{iso=\{I\}\}")
    assert sorted(around.findall(tidy)) == sorted(around.findall(text))


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.from_regex(r"[A-Za-z0-9可 ,.=@-]{1,20}", fullmatch=True).map(str.strip).filter(bool),
        min_size=1,
    )
)
def test_what_is_written_is_read_again(fields: dict[str, str]) -> None:
    (entry,) = entries(written("online", "a2020", fields))
    assert entry.fields == {name: " ".join(value.split()) for name, value in fields.items()}
    assert list(entry.fields) == [name for name in FIELDS if name in fields]


def test_the_bibliography_is_tidy() -> None:
    assert tidy_sources.main(["--check"]) == 0


def test_chinese_stands_apart_from_latin_but_keeps_its_names(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "城市ISO标准。\n\nThe district (江干区), 未来社区, has O成员.\n\nＩＳＯ 标准\n\n`城市ISO标准`\n",
        "utf-8",
    )
    assert [
        finding.removeprefix(f"{page}:").split(" (hint")[0]
        for finding in chinese.findings(ROOT, [page])
    ] == ["1:1: '城市ISO标准。'", "5:1: 'ＩＳＯ 标准'"]
    assert "(hint: write '城市 ISO 标准。'" in next(chinese.findings(ROOT, [page]))


def test_the_hooks_are_the_locked_tools_and_need_no_network() -> None:
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    packages = dict.fromkeys(
        (
            "check-added-large-files",
            "end-of-file-fixer",
            "fix-byte-order-marker",
            "mixed-line-ending",
            "trailing-whitespace-fixer",
        ),
        "pre-commit-hooks",
    )
    for hook in HOOKS:
        if hook["language"] == "pygrep":  # is part of pre-commit
            continue
        assert hook["language"] == "system"
        tool, *rest = hook["entry"].split()
        assert tool.startswith(".venv/bin/")
        name = tool.removeprefix(".venv/bin/")
        if name == "python":
            assert (ROOT / rest[0]).is_file()
        else:
            assert f"\n{packages.get(name, name)}==" in lock
    assert "pre_commit run --all-files" in (ROOT / "Makefile").read_text("utf-8")
    assert "make lint" in (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make lint" in (ROOT / ".github" / "workflows" / "pull-request.yml").read_text("utf-8")


def test_editors_know_the_snippets_of_the_model(tmp_path: Path) -> None:
    assert (ROOT / editor_help.SNIPPETS).read_text("utf-8") == editor_help.snippets()
    assert len(list(editor_help.write(tmp_path))) == 1
    assert list(editor_help.write(tmp_path)) == []


def test_the_settings_of_the_editor_can_be_read() -> None:
    files = {
        path.name: json.loads(path.read_text("utf-8"))
        for path in (ROOT / ".vscode").iterdir()
        if path.suffix in {".json", ".code-snippets"}
    }
    assert set(files) >= {
        "settings.json",
        "extensions.json",
        "tasks.json",
        "handbook.code-snippets",
    }
    patterns = {
        task["label"]: task["problemMatcher"]["pattern"]["regexp"]
        for task in files["tasks.json"]["tasks"]
    }
    assert re.search(
        patterns["Check the handbook"], "docs/a.md:8:3: M003 the date (hint: write 2019)"
    )
    assert re.search(
        patterns["Build the handbook"],
        "/home/x/docs/a.md:8: WARNING: M003 the date (hint: write 2019) [handbook.M003]",
    )


def test_the_snippet_of_a_milestone_becomes_a_milestone(tmp_path: Path) -> None:
    body = "\n".join(json.loads(editor_help.snippets())["A milestone"]["body"])
    text = re.sub(r"\$\{\d+\|([^,|]+)[^}]*\}", r"\1", body)
    text = re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text)
    (tmp_path / "page.md").write_text(text, "utf-8")
    (page,) = read_pages(tmp_path)
    ((_block, milestone, problems),) = page.milestones()
    assert milestone
    assert (problems, page.findings) == ([], [])
