"""The handbook as a contribution finds it, and the check of what it would become."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from handbook.contribute.asking import RefusalError
from handbook.datecheck import judge
from handbook.datecheck.tree import Tree
from handbook.files import write
from handbook.model import published
from handbook.rules.findings import Finding
from handbook.rules.rule import Severity


@dataclass
class Change:
    """New contents of files by their paths below the root, and the contents that they replace
    (``None``: no file).
    """

    root: Path
    files: dict[str, str] = field(default_factory=dict)
    before: dict[str, bytes | None] = field(default_factory=dict)

    def read(self, name: str) -> str:
        """Return the text of a file, empty if there is none; remember it as what the change
        replaces.
        """
        path = self.root / name
        self.before[name] = path.read_bytes() if path.exists() else None
        return (self.before[name] or b"").decode("utf-8")

    def promise(self, kind: str, name: str) -> None:
        """Add a new name to its list of published names, if the handbook has such lists."""
        path = f"{published.LISTS}/{kind}.txt"
        if (self.root / path).exists():
            self.files[path] = published.listed({*self.read(path).split(), name})

    def write(self) -> None:
        """Write all files or none.

        :raises RefusalError: if a file has changed since it was read
        """
        for name, before in self.before.items():
            path = self.root / name
            if (path.read_bytes() if path.exists() else None) != before:
                raise RefusalError(
                    f"{name} has changed in the meantime (hint: run the command again)"
                )
        write({self.root / name: text.encode("utf-8") for name, text in self.files.items()})


def load(root: Path, today: date) -> Tree:
    """Load the handbook as it is."""
    return Tree.load(root, today)


def faults(change: Change, today: date) -> list[Finding]:
    """Return the findings of the checks after a change that they do not have before it."""
    with _copy(change.root, change.files) as root:
        after = [
            finding
            for finding in judge.check(root, today).findings
            if finding.severity is Severity.ERROR
        ]
    if not after:
        return []
    before = {_same(finding) for finding in judge.check(change.root, today).findings}
    return [finding for finding in after if _same(finding) not in before]


def _same(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.place.path, finding.message


@contextmanager
def _copy(root: Path, files: Mapping[str, str]) -> Iterator[Path]:
    """Copy what the checks read, with the changed files."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for path in [
            path
            for folder in ("docs", "references")
            for path in (root / folder).rglob("*")
            if path.is_file()
        ]:
            target = copy / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        if (root / "pyproject.toml").exists():
            shutil.copyfile(root / "pyproject.toml", copy / "pyproject.toml")
        for name, text in files.items():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode("utf-8"))
        yield copy
