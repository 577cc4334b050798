"""A second build writes what changed, and each page that shows what changed; in parallel it makes the same pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handbook.sphinxext import remembered
from support import ROOT
from support.projects import Built, Project

TOOLS = ROOT / "tools"
#: Sphinx writes these, and its style sheets, at each build.
ALWAYS = {"404.html", "genindex.html", "search.html", "searchindex.js", "objects.inv", ".buildinfo"}


def written(before: Built, times: dict[str, int], project: Project) -> set[str]:
    """What the next build writes."""
    after = project.build()
    assert after.warnings == []
    return {
        name
        for name, time in after.written().items()
        if times.get(name) != time and not name.startswith("_static/")
    } - ALWAYS


@pytest.fixture
def timeline(project: Callable[[str], Project]) -> tuple[Project, Callable[[], set[str]]]:
    small = project("timeline")
    # The page asks for a timeline; "plain" neither tells milestones nor shows any.
    small.write("plain.md", "# Plain\n\nSee {iso}`37120`.\n")
    small.change(small.docs / "index.md", "strand\n", "strand\nplain\n")
    first = small.build()
    assert first.warnings == []
    times = first.written()
    return small, lambda: written(first, times, small)


Timeline = tuple[Project, Callable[[], set[str]]]


def test_a_second_build_writes_nothing(timeline: Timeline) -> None:
    _project, rebuild = timeline
    assert rebuild() == set()


def test_a_fault_is_said_at_each_build_until_it_is_put_right(timeline: Timeline) -> None:
    project, _rebuild = timeline
    # the build alone finds it, while it reads the page
    project.write("plain.md", "# Plain\n\n:::{note}\n:::\n")
    first, second = project.build().warnings, project.build().warnings
    assert any("plain.md:3: ERROR: Y002" in line for line in first)
    assert second == first
    project.write("plain.md", "# Plain\n\nAll is well.\n")
    assert project.build().warnings == []


def test_a_script_taken_away_is_no_longer_served(project: Callable[[str], Project]) -> None:
    small = project("timeline")
    small.write("_static/gone.js", "let a = 1;\n")
    small.write("_static/kept.js", "let b = 1;\n")
    static = {"html_static_path": ["_static"]}
    first = small.build(**static)
    assert (first.out / "_static/gone.js").exists()
    (small.docs / "_static/gone.js").unlink()
    small.build(**static)
    assert {path.name for path in first.out.glob("_static/[gk]*.js")} == {"kept.js"}


def test_a_new_milestone_is_written_on_its_page_and_on_timelines(timeline: Timeline) -> None:
    project, rebuild = timeline
    project.change(
        project.docs / "club.md",
        ":::{milestone} A meeting",
        (
            ":::{milestone} A charter is signed\n:name: charter-2018\n:date: 2018\n:strands: club\n:sources: press2017\nIt took place.\n:::\n\n"
            ":::{milestone} A meeting"
        ),
    )
    assert {name for name in rebuild() if name.endswith(".html")} == {
        "club.html",
        "index.html",
        "strand.html",
    }
    assert "A charter is signed" in (project.root / "build/html/strand.html").read_text("utf-8")


def test_a_milestone_taken_away_leaves_the_timelines(timeline: Timeline) -> None:
    project, rebuild = timeline
    text = (project.docs / "club.md").read_text("utf-8")
    project.write(
        "club.md", re.sub(r":::\{milestone\} A meeting.*?:::\n", "", text, flags=re.DOTALL)
    )
    assert {name for name in rebuild() if name.endswith(".html")} == {
        "club.html",
        "index.html",
        "strand.html",
    }
    assert "A meeting is planned" not in (project.root / "build/html/index.html").read_text("utf-8")


def test_a_page_that_no_milestone_stands_on_is_written_alone(timeline: Timeline) -> None:
    project, rebuild = timeline
    project.change(project.docs / "plain.md", "See", "Look at")
    # The home page holds the table of contents.
    assert rebuild() == {"plain.html", "index.html"}


def test_a_new_page_of_a_standard_turns_links_to_it(timeline: Timeline) -> None:
    project, rebuild = timeline
    project.write(
        "standards/iso-37120-2018.md",
        "---\norphan: true\n---\n# Indicators of 2018\n\n:::{standard} ISO 37120:2018\n:::\n",
    )
    project.change(
        project.docs / "family-page.md",
        "(family-management-system)=",
        "(family-indicators)=\n(family-management-system)=",
    )
    pages = {name for name in rebuild() if name.endswith(".html")}
    assert pages == {
        "standards/iso-37120-2018.html",
        "family-page.html",  # what was written
        "plain.html",
        "standards/iso-37101-2016.html",  # which link to it
        "index.html",
        "strand.html",  # timelines, where its publication links to it
    }
    assert 'href="standards/iso-37120-2018.html#iso-37120-2018"' in (
        project.root / "build/html/plain.html"
    ).read_text("utf-8")


def test_a_changed_source_shows_wherever_it_is_cited(timeline: Timeline) -> None:
    project, rebuild = timeline
    project.change(
        project.references / "sources.bib", "The club of cities", "The club of the cities"
    )
    pages = rebuild()
    assert {"club.html", "index.html", "strand.html", "bibliography.html"} <= pages
    for page in ("club", "bibliography"):
        assert "[The club of the cities]" in (project.root / f"build/html/{page}.html").read_text(
            "utf-8"
        )


def test_a_new_source_leaves_the_anchors_of_the_others(timeline: Timeline) -> None:
    project, rebuild = timeline
    bib = project.references / "sources.bib"
    bib.write_text(
        "@online{first, title={F}, publisher={A}, date={2016}, langid={en}, keywords={press}}\n"
        + bib.read_text("utf-8"),
        "utf-8",
    )
    assert {name for name in rebuild() if name.endswith(".html")} == {
        "bibliography.html",
        "index.html",
    }
    assert 'id="cite-cnis2019"' in (project.root / "build/html/bibliography.html").read_text(
        "utf-8"
    )


def test_a_number_keeps_up_with_the_catalogue(timeline: Timeline) -> None:
    project, rebuild = timeline
    published, withdrawn = (
        '"edition": 2, "icsCode": ["13.020.20"], "ownerCommittee": "ISO/TC 268", "currentStage": '
        + stage
        for stage in ("6060", "9599")
    )
    project.change(project.references / "iso/deliverables.jsonl", published, withdrawn)
    assert "plain.html" in rebuild()
    assert "<span>ISO 37120</span></a> (withdrawn)" in (
        project.root / "build/html/plain.html"
    ).read_text("utf-8")


def test_a_changed_catalogue_shows_on_the_pages_made_from_it(timeline: Timeline) -> None:
    project, rebuild = timeline
    project.change(
        project.references / "iso/deliverables.jsonl",
        '"publicationDate": "2016-07"',
        '"publicationDate": "2016-07-15"',
    )
    pages = {name for name in rebuild() if name.endswith(".html")}
    assert {"standards/iso-37101-2016.html", "index.html", "strand.html"} <= pages
    assert "15 July 2016" in (project.root / "build/html/standards/iso-37101-2016.html").read_text(
        "utf-8"
    )


def sphinx(project: Project, jobs: int) -> tuple[dict[str, bytes], str]:
    """Build in a process of its own (a test process has threads, and must not fork); the pages and what Sphinx said."""
    out = project.root / f"out{jobs}"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "-j",
            str(jobs),
            "-b",
            "html",
            "-d",
            str(project.root / f"trees{jobs}"),
            str(project.docs),
            str(out),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(TOOLS), "NO_COLOR": "1"},
    )
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.suffix in {".html", ".json", ".ics"}
    }, done.stdout


def test_parallel_reading_and_writing_give_the_same_files(
    project: Callable[[str], Project],
) -> None:
    small = project("timeline")
    with (small.docs / "conf.py").open("a") as conf:
        conf.write(
            "def setup(app):\n    app.connect('env-merge-info', lambda *_: print('read by another process'))\n"
        )
    serial, _said = sphinx(small, 1)
    parallel, said = sphinx(small, 2)
    assert "read by another process" in said
    assert serial.keys() == parallel.keys()
    assert {name for name in serial if serial[name] != parallel[name]} == set()


def test_what_other_processes_read_is_not_forgotten(project: Callable[[str], Project]) -> None:
    small = project("timeline")
    sphinx(small, 2)
    small.change(small.docs / "club.md", "The old office stays open", "The old office is shut")
    pages, _said = sphinx(small, 2)
    assert b"The old office is shut" in pages["strand.html"]


def test_another_version_of_a_library_is_another_version_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path))
    versions = set()
    for name in ("parser-1.0.dist-info", "parser-1.1.dist-info"):
        (tmp_path / name).mkdir()
        versions |= {remembered.code_version.__wrapped__() for _again in range(2)}
        (tmp_path / name).rmdir()
    assert len(versions) == 2


@pytest.mark.parametrize("name", ["code.py", "words.mo"])
def test_other_code_and_other_words_are_another_version_of_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(remembered, "__file__", str(tmp_path / "sphinxext/remembered.py"))
    versions = set()
    for text in ("one", "two"):
        (tmp_path / name).write_text(text, "utf-8")
        versions |= {remembered.code_version.__wrapped__() for _again in range(2)}
    assert len(versions) == 2
