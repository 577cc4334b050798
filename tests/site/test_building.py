"""What happens around a build: odd environments, folders in the way, what a full disk or a crash left behind."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError, SphinxParallelError

from handbook import cli
from handbook.cli import HandbookError
from handbook.sphinxext.building import build
from support import ROOT
from support.projects import Project

PAGES = {"index.md": "# Home\n\n```{toctree}\nother\n```\n", "other.md": "# Other page\n"}


@pytest.fixture
def two_pages(tmp_path: Path) -> Project:
    return Project(tmp_path, PAGES)


def run(project: Project, out: str = "build", **environ: str) -> subprocess.CompletedProcess[str]:
    """The command, as make calls it."""
    command = [
        sys.executable,
        ROOT / "tools/build.py",
        "html",
        "--root",
        project.root,
        "--out",
        project.root / out,
    ]
    return subprocess.run(
        command, env={**os.environ, **environ}, capture_output=True, text=True, check=False
    )


def html(project: Project) -> int:
    return build(project.docs, project.root / "build", "html", {})


@pytest.mark.parametrize(
    "environ",
    [
        {"LC_ALL": "xx_XX.UTF-8"},
        {"LC_ALL": "garbage"},
        {"LANG": "xx_XX", "LC_CTYPE": "UTF-8"},
        {"SOURCE_DATE_EPOCH": "0"},
    ],
    ids=str,
)
def test_a_locale_that_is_not_installed_hinders_no_build(
    two_pages: Project, environ: dict[str, str]
) -> None:
    ran = run(two_pages, **environ)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert "Other page" in (two_pages.root / "build/html/other.html").read_text("utf-8")


def test_the_folder_may_have_any_name(two_pages: Project) -> None:
    ran = run(two_pages, out="my 'build' $HOME")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (two_pages.root / "my 'build' $HOME/html/index.html").is_file()


EPOCH = 'and not the seconds since 1970 (hint: unset it, or set it to "$(git log -1 --format=%ct)")'


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"SOURCE_DATE_EPOCH": "x"}, f"SOURCE_DATE_EPOCH is 'x' {EPOCH}"),
        ({"SOURCE_DATE_EPOCH": ""}, f"SOURCE_DATE_EPOCH is '' {EPOCH}"),
        ({"SOURCE_DATE_EPOCH": "-1"}, f"SOURCE_DATE_EPOCH is '-1' {EPOCH}"),
        ({"SOURCE_DATE_EPOCH": "9" * 20}, f"SOURCE_DATE_EPOCH is '{'9' * 20}' {EPOCH}"),
    ],
)
def test_a_wrong_variable_is_told_in_one_line(
    two_pages: Project, environ: dict[str, str], message: str
) -> None:
    ran = run(two_pages, **environ)
    assert (ran.returncode, ran.stderr) == (2, f"build: {message}\n")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "example.org", "https://example.org/?x"]
)
def test_an_address_that_is_no_site_is_told_in_one_line(two_pages: Project, address: str) -> None:
    two_pages.change(
        two_pages.docs / "conf.py",
        'author = "Contributors"',
        f'author = "Contributors"\nhtml_baseurl = "{address}"',
    )
    ran = run(two_pages)
    assert ran.returncode == 2
    assert ran.stderr.startswith(
        f"build: Configuration error: {address!r} is not the address of a site"
    )
    assert "give HANDBOOK_URL as https://host/path/" in ran.stderr
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("blocked", "why"), [("build", "Not a directory"), ("build/html", "File exists")]
)
def test_a_file_in_the_way_is_named(two_pages: Project, blocked: str, why: str) -> None:
    path = two_pages.root / blocked
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine", "utf-8")
    ran = run(two_pages)
    hint = "(hint: move away what is there, or name another folder: make html OUT=folder)"
    assert (ran.returncode, ran.stderr) == (
        2,
        f"build: {two_pages.root}/build/html cannot be the folder to build into: {why} {hint}\n",
    )
    assert path.read_text("utf-8") == "mine"


@pytest.mark.parametrize("pages", [2, 12])  # of many pages each process writes a part
@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("{% if %}", "Expected an expression"),
        ("{{ nothing.at.all }}", "'nothing' is undefined"),
        ("{{ 1 + 'a' }}", "unsupported operand"),
        ("{% include 'lost.html' %}", "lost.html"),
    ],
)
def test_a_wrong_template_is_named_with_its_line(
    two_pages: Project, wrong: str, what: str, pages: int
) -> None:
    for number in range(pages - 2):
        two_pages.write(f"page{number}.md", "---\norphan: true\n---\n# A page\n")
    path = two_pages.docs / "_templates/page.html"
    two_pages.write(
        "_templates/page.html",
        f"{{% extends '!page.html' %}}\n\n{{% block content %}}{wrong}{{% endblock %}}\n",
    )
    with (two_pages.docs / "conf.py").open("a", encoding="utf-8") as file:
        file.write("\ntemplates_path = ['_templates']\n")
    ran = run(two_pages)
    assert ran.returncode == 2
    assert ran.stderr.startswith(f"build: {path}:3: the template cannot be filled in: ")
    assert what in ran.stderr
    assert ran.stderr.endswith("(hint: correct this line, or the block around it)\n")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "left",
    ["", "# Sphinx build info version 1\n", "# Sphinx build info version 1\n# This\nconfig: 1"],
)
def test_what_a_full_disk_left_of_the_build_info_heals(
    two_pages: Project, left: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert html(two_pages) == 0
    info = two_pages.root / "build/html/.buildinfo"
    whole = info.read_bytes()
    info.write_text(left, "utf-8")
    assert html(two_pages) == 0
    assert capsys.readouterr().err == ""
    assert info.read_bytes() == whole


@pytest.mark.parametrize("left", [b"", b"\x80\x04", b"no pickle at all"])
def test_a_damaged_page_of_the_last_build_heals(
    two_pages: Project, left: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert html(two_pages) == 0
    (two_pages.root / "build/doctrees/other.doctree").write_bytes(left)
    # The page is written again, for which Sphinx needs what it remembers of it.
    (two_pages.root / "build/html/other.html").unlink()
    assert html(two_pages) == 0
    assert (
        f"{two_pages.root / 'build'} may be damaged, so everything is built again"
        in capsys.readouterr().err
    )
    assert "Other page" in (two_pages.root / "build/html/other.html").read_text("utf-8")


def fail(project: Project, statement: str) -> None:
    conf = f"\n\ndef setup(app):\n    app.connect('build-finished', stop)\n\n\ndef stop(*_):\n    {statement}\n"
    with (project.docs / "conf.py").open("a", encoding="utf-8") as file:
        file.write(conf)


@pytest.mark.parametrize("number", ["ENOSPC", "EROFS", "EACCES", "EISDIR"])
def test_a_full_disk_is_no_fault_of_the_tools(two_pages: Project, number: str) -> None:
    fail(
        two_pages,
        f"import errno; raise OSError(errno.{number}, 'It does not fit', 'build/html/page.html')",
    )
    with pytest.raises(HandbookError) as caught:
        html(two_pages)
    hint = cli.disk_hint(getattr(errno, number))
    assert str(caught.value) == f"It does not fit: 'build/html/page.html' (hint: {hint})"


def test_a_fault_of_the_tools_keeps_its_traceback(
    two_pages: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    fail(two_pages, "raise KeyError('lost')")
    with pytest.raises(ExtensionError, match="lost") as caught:
        html(two_pages)
    assert "report it with everything above" in caught.value.__notes__[-1]
    assert "may be damaged" not in capsys.readouterr().err, "there was no earlier build"


def test_a_fault_while_pages_are_shared_out_ends_the_build(tmp_path: Path) -> None:
    # More pages than one process writes, each with more text than a pipe holds.
    long = "A line of text that is warned of: [x](missing.md)\n\n" * 100
    names = [f"page{number:02}" for number in range(20)]
    listed = "\n".join(names)
    pages = {"index.md": f"# Home\n\n```{{toctree}}\n{listed}\n```\n"}
    pages |= {f"{name}.md": f"# {name}\n\n{long}" for name in names}
    project = Project(tmp_path, pages)
    with (project.docs / "conf.py").open("a", encoding="utf-8") as file:
        file.write(
            "\n\ndef setup(app):\n    app.connect('doctree-resolved', stop)\n\n\n"
            "def stop(app, doctree, page):\n"
            "    if page == 'page19':\n        raise KeyError('lost')\n"
        )
    ended = run(project)
    assert "KeyError: 'lost'" in ended.stderr
    assert ended.returncode == 1


def test_a_fault_in_a_process_keeps_its_traceback(
    two_pages: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: object, **options: object) -> int:
        raise SphinxParallelError("KeyError: 'lost'", "File page.py, line 7")

    monkeypatch.setattr("handbook.sphinxext.building._run", run)
    with pytest.raises(SphinxParallelError) as caught:
        html(two_pages)
    assert caught.value.__notes__[0] == "File page.py, line 7"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            (
                "build: the edition zh_CN was ended by the signal 9, perhaps for want of memory (hint: run"
                " it again with fewer programs beside it, or without this edition: LANGUAGES=en)\n"
            ),
        ),
        (
            "import errno; raise OSError(errno.ENOSPC, 'It does not fit', 'page.html')",
            f"build: It does not fit: 'page.html' (hint: {cli.disk_hint(errno.ENOSPC)})\n",
        ),
        ("raise KeyboardInterrupt", ""),
    ],
)
def test_an_edition_that_cannot_be_built_fails_the_build(
    two_pages: Project, statement: str, said: str
) -> None:
    two_pages.write("locales/zh_CN/LC_MESSAGES/other.po", "")
    with (two_pages.docs / "conf.py").open("a", encoding="utf-8") as file:
        file.write(
            "\n\ndef setup(app):\n    app.connect('env-updated', stop)\n\n\n"
            f"def stop(app, *_):\n    if app.config.language != 'en':\n        {statement}\n"
        )
    ran = run(two_pages)
    assert (ran.stdout, ran.stderr) == ("", said)
    assert ran.returncode == (cli.COULD_NOT_RUN if said else cli.STOPPED)
