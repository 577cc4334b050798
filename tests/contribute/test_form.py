"""The form of files: line ends, the bibliography, Chinese typography, and that one set of hooks runs everywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

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
        == f"{path}:6: a2020 stands below b2020, but comes before it in the order of the keys (hint: make tidy, which changes nothing else)\n"
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
    text = "@comment{Of the club}\n@string{iso = {ISO}}\n" + ENTRY
    assert tidied(text) == text


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
