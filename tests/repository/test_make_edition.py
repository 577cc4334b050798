"""An edition: what must know of it, what it holds, and that the same build gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from pathlib import Path

import pytest
import yaml

import make_edition
from handbook.outputs import release
from support import ROOT
from support.commands import ended


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in {
        "pyproject.toml": '[project]\nversion = "2026.11"\n',
        "CITATION.cff": 'version: "2026.11"\ndate-released: "2026-11-27"\n',
        "CHANGELOG.md": "# Changelog\n\n## 2026.12\n\n- Later.\n\n## 2026.11\n\nThe first edition.\n\n- A thing.\n\n## 2026.10\n",
        "LICENSE": "MIT\n",
        "references/club.bib": "@online{a,\n}\n",
        "references/iso/deliverables.jsonl": "{}\n",
        "build/html/index.html": "<p>",
        "build/html/.buildinfo": "1",
        "build/html/data/milestones.json": '{"milestones": []}',
        "build/pdf/handbook.pdf": "%PDF",
        "build/pdf/handbook-contributing.pdf": "%PDF",
        "build/pdf/handbook-zh.pdf": "%PDF",
        "build/epub/handbook.epub": "PK",
        "build/epub/handbook-zh.epub": "PK",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def test_an_edition_holds_pages_books_data_and_sums(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_edition.main(["2026.11", "--root", str(root)]) == 0
    out = root / "build" / "release"
    stem = "sustainable-city-standards-handbook-2026.11"
    names = sorted(
        path.name for path in out.iterdir() if path.name not in {"SHA256SUMS", "notes.md"}
    )
    assert names == [
        f"{stem}-contributing.pdf",
        f"{stem}-data.zip",
        f"{stem}-html.zip",
        f"{stem}-zh.epub",
        f"{stem}-zh.pdf",
        f"{stem}.epub",
        f"{stem}.pdf",
    ]
    assert (out / "notes.md").read_text("utf-8") == "The first edition.\n\n- A thing.\n"
    sums = dict(
        reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text("utf-8").splitlines()
    )
    assert sums == {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names}
    with zipfile.ZipFile(out / f"{stem}-data.zip") as archive:
        assert archive.namelist() == [
            f"{stem}-data/{name}"
            for name in ("LICENSE", "club.bib", "iso/deliverables.jsonl", "milestones.json")
        ]
    with zipfile.ZipFile(out / f"{stem}-html.zip") as archive:
        assert archive.namelist() == [
            f"{stem}-html/data/milestones.json",
            f"{stem}-html/index.html",
        ]


MILESTONE = {"name": "founding-2017", "title": "The founding", "date": "2017", "text": "It was."}


def test_the_ledger_learns_what_an_edition_tells(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = root / "build" / "html" / "data" / "milestones.json"
    data.write_text(json.dumps({"milestones": [MILESTONE]}), "utf-8")
    assert make_edition.main(["2026.11", "--root", str(root)]) == 1
    assert capsys.readouterr().err == (
        "references/published/facts.jsonl does not know 1 facts as the pages tell them, the first is"
        " milestones founding-2017 (hint: python tools/make_edition.py --facts EDITION)\n"
    )
    assert make_edition.main(["2026.11", "--facts", "--root", str(root)]) == 0
    assert capsys.readouterr().out == "added: milestones: The founding\n"
    assert make_edition.main(["2026.11", "--root", str(root)]) == 0
    # the next edition
    for name in ("pyproject.toml", "CITATION.cff"):
        text = (root / name).read_text("utf-8")
        text = text.replace("2026.11", "2026.12").replace("2026-11-27", "2026-12-20")
        (root / name).write_text(text, "utf-8")
    data.write_text(json.dumps({"milestones": [{**MILESTONE, "date": "2017-06"}]}), "utf-8")
    capsys.readouterr()
    assert make_edition.main(["2026.12", "--facts", "--root", str(root)]) == 0
    assert capsys.readouterr().out == "corrected (date): milestones: The founding\n"
    data.write_text('{"milestones": []}', "utf-8")
    assert make_edition.main(["2026.12", "--facts", "--root", str(root)]) == 0
    assert capsys.readouterr().out == "withdrawn: milestones: The founding\n"


def test_a_ledger_that_cannot_be_read_is_not_written_anew(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / "references" / "published" / "facts.jsonl"
    path.parent.mkdir()
    path.write_text("{", "utf-8")
    status, said = ended(lambda: make_edition.main(["2026.11", "--facts", "--root", str(root)]))
    assert (status, "references/published/facts.jsonl:1:2: P027" in said) == (2, True)
    assert path.read_text("utf-8") == "{"


def test_the_same_build_gives_the_same_bytes(root: Path) -> None:
    make_edition.main(["2026.11", "--root", str(root)])
    first = (root / "build" / "release" / "SHA256SUMS").read_bytes()
    for path in (root / "build" / "html").rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    make_edition.main(["2026.11", "--root", str(root)])
    assert (root / "build" / "release" / "SHA256SUMS").read_bytes() == first


@pytest.mark.parametrize("name", ["pyproject.toml", "CITATION.cff", "CHANGELOG.md"])
def test_each_file_must_know_of_the_edition(
    root: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / name).write_text(
        (root / name).read_text("utf-8").replace("2026.11", "2026.09"), "utf-8"
    )
    assert make_edition.main(["2026.11", "--root", str(root), "--check"]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"{name} ")
    assert "(hint: " in error
    assert len(error.splitlines()) == 1


def test_what_is_not_an_edition_or_not_built_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make_edition.main(["v1.0", "--root", str(root)]) == 1
    assert (
        capsys.readouterr().err
        == "'v1.0' is not an edition (hint: write year and month, 2026.11; a second one of a month is 2026.11.1)\n"
    )
    (root / "build" / "epub" / "handbook.epub").unlink()
    assert ended(lambda: make_edition.main(["2026.11", "--root", str(root)])) == (
        2,
        "command: build/epub holds no epub files (hint: make epub)\n",
    )


def test_this_handbook_knows_of_one_edition_everywhere() -> None:
    edition = re.search(r'(?m)^version = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert edition
    assert list(release.faults(edition[1], ROOT)) == []


def test_the_citation_file_names_the_day_of_the_edition() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert f'handbook_day = "{citation["date-released"]}"' in (ROOT / "docs" / "conf.py").read_text(
        "utf-8"
    )
