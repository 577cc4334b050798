"""Faults of each kind, planted in each file type: each has its code, its place and its hint, and nothing else is found.

The table is made of ``faults.yaml``, by hand, and of the kinds of ``kinds.yaml``, each in several places. The base is the
small handbook of ``tests/seeded``, which has no fault.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
import yaml

from handbook.datecheck import judge
from handbook.rules.rule import Severity
from support import ROOT, SEEDED, newest_day

DAY = newest_day()
HERE = Path(__file__).parent
KINDS = yaml.safe_load((HERE / "kinds.yaml").read_text("utf-8"))
MARK = "¦"

PAGE, BIB = "docs/page.md", "references/sources.bib"
ROWS = {
    "deliverables": "references/iso/deliverables.jsonl",
    "committees": "references/iso/committees.jsonl",
    "observations": "references/iso/stage-observations.jsonl",
}

#: Where a sentence can stand. {} is the sentence.
PLACES = {
    "a paragraph": "{}\n",
    "a paragraph's second line": "It stood there.\n{}\n",
    "a list": "- One\n- {}\n",
    "a list in a list": "1. One\n   - {}\n",
    "a quotation": "> {}\n",
    "a note": ":::{{note}}\n{}\n:::\n",
    "a note in a note": "::::{{note}}\n```{{warning}}\n{}\n```\n::::\n",
    "a table": "| A | B |\n|---|---|\n| x | {} |\n",
}
#: Where a block can stand. {} is the block.
BLOCK_PLACES = {
    "the page": "{}",
    "a note": "::::{{note}}\n{}::::\n",
    "backticks": "{}",
}


@dataclass(frozen=True)
class Fault:
    """``text`` is the file with the fault, ``found`` what must be found: file, line, column (0: any), code, part of the hint."""

    kind: str
    name: str
    file: str
    text: bytes
    found: tuple[tuple[str, int, int, str, str], ...]
    #: Where the whole file is lost, what rests on it is found beside it; then only these codes are looked at.
    only: tuple[str, ...] = ()


def base(file: str) -> str:
    if file == "docs/moved.yaml":
        return "club/old: page\n"
    if file == "pyproject.toml":
        return "[project]\nname = 'x'\n"
    path = SEEDED / file.removeprefix("docs/")
    return path.read_text("utf-8") if path.exists() else ""


def places(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its marks, and the line and column of each."""
    found = []
    while (at := text.find(MARK)) >= 0:
        text = text[:at] + text[at + 1 :]
        start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
        found.append(
            (text.count("\n", 0, at) + 1, at - start + 1 - text.count("\ufeff", start, at))
        )
    return text, found


def fault(kind: str, name: str, file: str, text: str, *expected: str, **more: object) -> Fault:
    text, marks = places(text)
    found = []
    for number, line in enumerate(expected):
        code, _, hint = line.partition(" ")
        if "at" in more:
            path, row, column = (*str(more["at"]).split(":"), "0")[:3]
        else:
            path, (row, column) = file, marks[number]
        found.append(
            (path, int(more.get("line", row)), int(more.get("column", column)), code, hint)
        )
    data = text.encode(str(more.get("encoding", "utf-8")))
    return Fault(kind, name, file, data, tuple(found), tuple(more.get("only", ())))


def by_hand() -> Iterator[Fault]:
    for row in yaml.safe_load((HERE / "faults.yaml").read_text("utf-8")):
        file = row["file"]
        if "whole" in row:
            text = row["whole"]
        elif "add" in row:
            text = f"{base(file)}\n{row['add']}"
        else:
            assert row["old"] in base(file), row
            text = base(file).replace(row["old"], row["new"], 1)
        more = {
            name: row[name] for name in ("at", "line", "column", "encoding", "only") if name in row
        }
        kind = (
            Path(file).name if Path(file).suffix != ".md" else "blocks" if "add" in row else "pages"
        )
        yield fault(
            re.sub(r"^(new|sources)\.bib", ".bib files", kind),
            row["fault"],
            file,
            text,
            *row["found"],
            **more,
        )


def prose() -> Iterator[Fault]:
    for code, hint, sentence in KINDS["prose"]:
        for place, frame in PLACES.items():
            if place == "a table" and ("|" in sentence or sentence.endswith("|")):
                continue
            text = f"{base(PAGE)}\n{frame.format(sentence)}"
            yield fault("prose", f"{sentence} in {place}", PAGE, text, f"{code} {hint}")


def milestone(change: dict[str, str | None], mark: str = "") -> str:
    options: dict[str, str | None] = {
        "title": "A visit by the mayors",
        "name": "visit-2018",
        "date": "2018-05-14",
        "strands": "club",
        "sources": "club2024report",
    } | change
    title, text = options.pop("title"), options.pop("text", "They talked.\n")
    lines = "".join(f":{name}: {value}\n" for name, value in options.items() if value is not None)
    return f"{mark}:::{{milestone}} {title}".rstrip() + f"\n{lines}{text}:::\n"


def milestones() -> Iterator[Fault]:
    for code, hint, change, *head in KINDS["milestones"]:
        for place, frame in BLOCK_PLACES.items():
            block = milestone(change, MARK if head else "")
            if place == "backticks":
                block = block.replace(":::", "```")
            text = f"{base(PAGE)}\n{frame.format(block)}"
            yield fault(
                "milestones", f"{change} in {place}", PAGE, text, f"{code} {hint.split('|')[-1]}"
            )


def entry(change: dict[str, str | None], mark: str = "") -> str:
    fields: dict[str, str | None] = {
        "title": "A visit",
        "publisher": "A newspaper",
        "date": "2020",
        "url": "https://example.org/visit",
        "urldate": "2026-11",
        "langid": "en",
        "keywords": "press",
    } | change
    kind, key = fields.pop("kind", "online"), fields.pop("key", "visit2020")
    lines = "".join(
        f"  {name:<9} = {{{value}}},\n" for name, value in fields.items() if value is not None
    )
    return f"{mark}@{kind}{{{key},\n{lines}}}\n"


def sources() -> Iterator[Fault]:
    for code, hint, change, *head in KINDS["bib"]:
        text = entry(change, MARK if head else "")
        yield fault(
            ".bib", f"{change}, below the others", BIB, f"{base(BIB)}\n{text}", f"{code} {hint}"
        )
        other = entry({"key": "visit2019", "title": "Another", "url": "https://example.org/2"})
        file = "references/zz.bib"
        yield fault(
            ".bib", f"{change}, in a file of its own", file, f"{text}\n{other}", f"{code} {hint}"
        )


def dates() -> Iterator[Fault]:
    for date_, hint in KINDS["edtf"]:
        marked = MARK + date_
        for code, file, text in (
            ("M003", PAGE, milestone({"date": marked})),
            ("M010", PAGE, milestone({"given": f"{MARK}club2024report={date_}"})),
            ("D001", PAGE, f"It met {MARK}{{date}}`{date_}` {{cite:p}}`club2024report`.\n"),
            ("B006", BIB, entry({"date": marked})),
            ("B006", BIB, entry({"urldate": marked})),
        ):
            if code == "M010" and " " in date_:
                continue
            yield fault(
                "EDTF", f"{date_} as {code}", file, f"{base(file)}\n{text}", f"{code} {hint}"
            )
        text = base(ROWS["deliverables"]).replace('"2016-07"', f'{MARK}"{date_}"')
        yield fault(
            "EDTF", f"{date_} as D104", ROWS["deliverables"], text, f"D104 {hint}", only=["D104"]
        )


def front_matter() -> Iterator[Fault]:
    for code, hint, line in KINDS["front"]:
        own = "" if line.replace(MARK, "").startswith("reviewed:") else 'reviewed: "2026-11-23"\n'
        for file in ("docs/new.md", "docs/folder/new.md"):
            text = f"---\n{own}{line}\n---\n# T\n"
            yield fault("front matter", f"{line} in {file}", file, text, f"{code} {hint}")


def rows() -> Iterator[Fault]:
    for name, file in ROWS.items():
        first, *others = base(file).splitlines()
        for field, value, hint in KINDS[name]:
            row = json.loads(first)
            marked = value if MARK in value else MARK + value
            # a field that is not there is missed where the row begins
            parts = [
                f'"{key}": {marked if key == field else json.dumps(old)}'
                for key, old in row.items()
                if not (key == field and value == "-")
            ]
            text = (MARK if value == "-" else "") + "{" + ", ".join(parts) + "}"
            text = "\n".join([text, *others, ""])
            yield fault(
                file.rpartition("/")[2],
                f"{field} is {value}",
                file,
                text,
                f"D104 {hint}",
                only=["D104"],
            )


FAULTS = [
    *by_hand(),
    *prose(),
    *milestones(),
    *sources(),
    *dates(),
    *front_matter(),
    *rows(),
]


@pytest.fixture(scope="module")
def handbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small handbook, to which each fault is done and undone."""
    root = tmp_path_factory.mktemp("campaign")
    copytree(SEEDED / "references", root / "references")
    for file in (PAGE, "docs/standards.md", "docs/moved.yaml", "pyproject.toml"):
        path = root / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(base(file), "utf-8")
    return root


def wrong(root: Path, planted: Fault) -> str:
    """What is not as it should be with a fault; nothing if all is."""
    path = root / planted.file
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(planted.text)
    try:
        seen = sorted(judge.check(root, DAY).findings)
    except Exception as error:
        return f"traceback: {error!r}"
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
    seen = [one for one in seen if not planted.only or one.code in planted.only]
    if not seen:
        return "silent"
    if len(seen) != len(planted.found):
        return "one fault, other findings: " + " | ".join(map(str, seen))
    for one, (file, line, column, code, hint) in zip(seen, planted.found, strict=True):
        if one.code != code:
            return f"another code than {code}: {one}"
        if (one.place.path, line or one.place.line, column or one.place.column) != (
            file,
            one.place.line,
            one.place.column,
        ):
            return f"another place than {file}:{line}:{column}: {one}"
        if hint not in f"{one.message} {one.hint}":
            return f"the hint lacks {hint!r}: {one}"
    return ""


def test_the_handbook_without_fault_has_none(handbook: Path) -> None:
    assert judge.check(handbook, DAY).findings == []


def test_every_fault_is_found_at_its_place_with_its_hint_and_nothing_else(handbook: Path) -> None:
    results = [(planted, wrong(handbook, planted)) for planted in FAULTS]
    report = [f"{planted.kind}: {planted.name}: {why}" for planted, why in results if why]
    assert report == []


def test_the_table_is_large_and_meets_each_kind_of_file() -> None:
    assert len(FAULTS) >= 600
    assert len({(one.file, one.text) for one in FAULTS}) == len(FAULTS)
    kinds = Counter(Path(one.file).suffix for one in FAULTS)
    assert set(kinds) == {
        ".md",
        ".bib",
        ".yaml",
        ".jsonl",
        ".json",
        ".toml",
        ".txt",
        ".cff",
        ".po",
    }


def test_the_handbook_itself_has_no_fault() -> None:
    found = judge.check(ROOT, DAY).findings
    assert [str(one) for one in found if one.severity is Severity.ERROR] == []
