"""Small Sphinx projects: a case of ``tests/roots`` or pages given as text, with the data in ``roots/references``."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from sphinx.locale import translators
from sphinx.testing.util import SphinxTestApp

from support import ROOTS

Build = Callable[..., "Built"]

#: The extensions that the real handbook prints its pages with.
EXTENSIONS = (
    "myst_parser",
    "sphinx_design",
    "sphinxcontrib.bibtex",
    "handbook.sphinxext",
    "handbook.pdf",
)
#: The settings of a project that becomes a PDF or an EPUB.
PRINTED = {"extensions": EXTENSIONS, "handbook_raw": True}

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Built:
    """The result of one run of Sphinx: the output folder and each warning, with paths relative to the project."""

    out: Path
    warnings: list[str]

    def text(self, name: str) -> str:
        return (self.out / name).read_text("utf-8")

    def soup(self, name: str = "index.html") -> BeautifulSoup:
        return BeautifulSoup(self.text(name), "html.parser")

    def body(self, name: str = "index.html") -> str:
        """Return the page's own part, each run of white space as one space."""
        main = self.soup(name).select_one("[role=main]")
        assert main
        return " ".join(str(main).split())

    @property
    def tex(self) -> str:
        """Return the body of the document for LaTeX."""
        return self.text("handbook.tex").split(r"\begin{document}")[1]

    def written(self) -> dict[str, int]:
        """Return the modification time of each output file in nanoseconds."""
        return {
            str(path.relative_to(self.out)): path.stat().st_mtime_ns
            for path in self.out.rglob("*")
            if path.is_file()
        }


class Project:
    """A project in a folder of its own, which can be changed and built again; made unless it is there."""

    def __init__(self, root: Path, case: str | Mapping[str, str]) -> None:
        self.root = root
        self.docs = root / "docs"
        self.references = root / "references"
        if self.docs.exists():
            return
        shutil.copytree(ROOTS / "references", self.references)
        if isinstance(case, str):
            shutil.copytree(ROOTS / case, self.docs)
        else:
            for name, text in case.items():
                self.write(name, text)
        shutil.copy(ROOTS / "conf.py", self.docs)

    def write(self, name: str, text: str) -> None:
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def change(self, path: Path, old: str, new: str) -> None:
        before = path.read_text("utf-8")
        assert old in before
        path.write_text(before.replace(old, new), "utf-8")

    def build(self, builder: str = "html", **conf: Any) -> Built:
        """Build, as ``sphinx-build -b BUILDER -D NAME=VALUE`` does; files that are up to date stay."""
        app = SphinxTestApp(
            builder, srcdir=self.docs, builddir=self.root / "build", confoverrides=conf
        )
        try:
            app.build()
        finally:
            app.cleanup()
            # Otherwise the next test in the process would get the language of this one.
            translators.clear()
        warnings = _COLOUR.sub("", app.warning.getvalue()).replace(f"{self.root}/", "").splitlines()
        return Built(Path(app.outdir), warnings)
