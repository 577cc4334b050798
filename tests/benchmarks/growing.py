"""A handbook of any size for measurements: whole copies of the real one's sections, each with names of its own.

A copy is a branch of the table of contents (``copy1/``, ``copy2/``, ...). Its milestones, labels, sources, families and
standards are renamed wherever they are declared or named, so that pages, milestones, sources and deliverables grow in
the same proportion. What a handbook has once (timeline, glossary, bibliography, catalogue) is not copied; it grows.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from collections.abc import Set
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
SECTIONS = ("answers", "club", "committee", "hangzhou", "neighbours", "standards")
#: Pages of these sections of which one is enough: they show everything that there is.
ONCE = {"standards/catalogue.md", "standards/changes.md"}
#: They speak of the catalogue as a whole, and so there is one of each.
CATALOGUE_SOURCES = {"isoopendata", "isoopendatacommittees"}

_LABEL = re.compile(r"(?m)^\(([\w-]+)\)=$")
_NAME = re.compile(r"(?m)^(:name: +)([\w-]+)$")
_KEYS = re.compile(r"(?m)(?<=\{cite:p\}`)[^`]+(?=`)|(?<=^:sources: ).+$|(?<=^:given: ).+$")
_REFERENCE = re.compile(
    r"(?P<before>(?:\{iso\}`|\{standard\} )(?:[^`\n]*<)?(?:ISO(?:/[A-Z]+)? )?)(?P<number>\d{4,5})"
)
_SLUG = re.compile(
    r"(?P<before>\biso-(?:(?:ts|tr|dis|cd|wd|np|fdis|dts|dtr|pas)-)*)(?P<number>37\d{3})\b"
)
_LINK = re.compile(r"(?<=\()[\w./-]+\.md(?=[#)])")


class Copy:
    """How the ``number``-th copy names what the first calls ``labels`` and ``keys``."""

    def __init__(self, number: int, labels: set[str], keys: set[str]) -> None:
        self.number = number
        self.labels = labels
        self.keys = keys | {self.slug(key) for key in keys}

    def label(self, name: str) -> str:
        """A label or a milestone's name; one with a standard in it has got another number already."""
        return f"{name}-c{self.number}" if name in self.labels and not _SLUG.search(name) else name

    def slug(self, text: str) -> str:
        return _SLUG.sub(lambda match: match["before"] + self._number(match["number"]), text)

    def reference(self, text: str) -> str:
        """``ISO 37101:2016`` becomes ``ISO 137101:2016`` in the first copy."""
        return re.sub(r"\d{4,5}", lambda match: self._number(match[0]), text, count=1)

    def id(self, number: int) -> int:
        return number + 10_000_000 * self.number

    def source(self, text: str) -> str:
        """Keys that are no source of the bibliography (``isoopendata`` stands for the catalogue) keep their names."""
        return re.sub(
            r"[\w-]+",
            lambda match: (
                f"{self.slug(match[0])}-c{self.number}" if match[0] in self.keys else match[0]
            ),
            text,
        )

    def page(self, text: str) -> str:
        # What a page recommends to read next is in the first copy.
        text = "".join(
            line if line.startswith("next: ") else self.slug(line)
            for line in text.splitlines(keepends=True)
        )
        text = _LABEL.sub(lambda match: f"({self.label(match[1])})=", text)
        text = _NAME.sub(lambda match: match[1] + self.label(match[2]), text)
        text = re.sub(
            r"(?<=[(/\w.]#)[\w-]+(?=\))|(?<=\(#)[\w-]+(?=\))",
            lambda match: self.label(match[0]),
            text,
        )
        text = _KEYS.sub(lambda match: self.source(match[0]), text)
        text = _REFERENCE.sub(lambda match: match["before"] + self._number(match["number"]), text)
        text = re.sub(r"(?m)^(:family: )(.+)$", rf"\1\2-c{self.number}", text)
        text = re.sub(r"(?m)^(description: .+)$", rf"\1 ({self.number})", text)
        # Events that share a day are compared with each other, and years far back keep the order of a page.
        text = re.sub(r"(?m)^:(?:date|given): .+$", lambda match: self._earlier(match[0]), text)
        return re.sub(r"(?m)^(:{3,}\{milestone\} .+)$", rf"\1 ({self.number})", text)

    def _number(self, number: str) -> str:
        return str(100_000 * self.number + int(number))

    def _earlier(self, line: str) -> str:
        return re.sub(
            r"(?<=[ =/~])\d{4}\b", lambda year: str(int(year[0]) - 11 * self.number % 900), line
        )


def grow(root: Path, times: int) -> int:
    """Write a handbook with the sections ``times`` times under ``root``.

    :returns: the number of its pages
    """
    docs, references = root / "docs", root / "references"
    shutil.copytree(ROOT / "docs", docs)
    shutil.copytree(ROOT / "references", references)
    for name in ("CHANGELOG.md", "pyproject.toml"):  # a page shows one, conf.py reads the other
        shutil.copy(ROOT / name, root)
    texts = {
        path.relative_to(docs).as_posix(): path.read_text("utf-8")
        for section in SECTIONS
        for path in sorted((docs / section).rglob("*.md"))
    }
    texts = {name: text for name, text in texts.items() if name not in ONCE}
    labels = {match for text in texts.values() for match in _LABEL.findall(text)}
    labels |= {match[1] for text in texts.values() for match in _NAME.findall(text)}
    bibliography = {path: path.read_text("utf-8") for path in references.glob("*.bib")}
    keys = {
        key for text in bibliography.values() for key in re.findall(r"(?m)^@\w+\{([^,]+),", text)
    } - CATALOGUE_SOURCES
    copies = [Copy(number, labels, keys) for number in range(1, times)]
    for copy in copies:
        folder = docs / f"copy{copy.number}"
        listed = "\n".join(f"{section}/index" for section in SECTIONS)
        _write(
            folder / "index.md",
            f"# Copy {copy.number}\n\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n",
        )
        for name, text in texts.items():
            text = re.sub(r"(?m)^(catalogue|changes)\n", "", text)
            text = _LINK.sub(lambda match, name=name: _outwards(match[0], name, texts.keys()), text)
            _write(folder / copy.slug(name), copy.page(text))
    index = docs / "index.md"
    listed = "".join(f"copy{copy.number}/index\n" for copy in copies)
    index.write_text(
        re.sub(r"(?m)^(Neighbours <.+>\n)", rf"\1{listed}", index.read_text("utf-8")), "utf-8"
    )
    for path, text in bibliography.items():
        with path.open("a", encoding="utf-8") as file:
            for copy in copies:
                # The copy of a source is another source: it has an address and a date of its own.
                text_of_copy = re.sub(
                    rf"(?ms)^@\w+\{{(?:{'|'.join(CATALOGUE_SOURCES)}),.*?^\}}\n", "", text
                )
                text_of_copy = re.sub(
                    r"(?m)^(@\w+\{)([^,]+),",
                    lambda match, copy=copy: f"{match[1]}{copy.source(match[2])},",
                    text_of_copy,
                )
                file.write(
                    "\n"
                    + re.sub(r"(?m)^(\s*url\s*=\s*\{.*)\}", rf"\1#c{copy.number}}}", text_of_copy)
                )
    _grow_catalogue(references, copies)
    return sum(1 for _path in docs.rglob("*.md"))


def _outwards(link: str, page: str, copied: Set[str]) -> str:
    """A link from a page of a copy: what is not copied lies one folder further up."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), link))
    return link if target in copied else f"{'../' * (page.count('/') + 1)}{target}"


def _grow_catalogue(references: Path, copies: list[Copy]) -> None:
    for name in ("deliverables", "stage-observations"):
        path = references / "iso" / f"{name}.jsonl"
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        path.write_text(
            "".join(
                json.dumps(row, ensure_ascii=False) + "\n"
                for row in [*rows, *(_row(copy, row) for copy in copies for row in rows)]
            ),
            "utf-8",
        )
    path = references / "families.yaml"
    families = yaml.safe_load(path.read_text("utf-8"))
    _dump(
        path,
        families
        + [
            {
                **family,
                "id": f"{family['id']}-c{copy.number}",
                "members": [copy.reference(member) for member in family["members"]],
            }
            for copy in copies
            for family in families
        ],
    )
    path = references / "relations.yaml"
    relations = yaml.safe_load(path.read_text("utf-8"))
    _dump(
        path,
        relations
        + [
            {
                **row,
                "from": copy.reference(row["from"]),
                "to": copy.reference(row["to"]),
                "sources": [copy.source(key) for key in row["sources"]],
            }
            for copy in copies
            for row in relations
        ],
    )


def _row(copy: Copy, row: dict[str, object]) -> dict[str, object]:
    made = {
        **row,
        "id": copy.id(int(str(row["id"]))),
        "reference": copy.reference(str(row["reference"])),
    }
    for field in ("replaces", "replacedBy"):
        if row.get(field):
            made[field] = [copy.id(other) for other in row[field]]  # type: ignore[attr-defined]
    if "observations" in row:
        made["observations"] = [
            {**seen, "reference": copy.reference(seen["reference"])} for seen in row["observations"]
        ]  # type: ignore[attr-defined]
    return made


def _dump(path: Path, data: object) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
