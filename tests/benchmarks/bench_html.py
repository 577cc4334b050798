"""The HTML edition beside a plain Sphinx and a peer, for the real pages and for several times as many.

usage: bench_html.py [--jobs N] [--peer FOLDER] [--handbook-only] [TIMES ...]

Contestants, each with an output folder of its own: the handbook as ``make html`` builds it; plain Sphinx (alabaster, its
own search, MyST, bibtex as it comes, our directives reduced to their text: no timeline, no lists of sources under a page,
no exports, no frame); mkdocs-material, if ``--peer`` names an environment that has it (``pip install mkdocs-material``):
it reads the same files, shows directives and citations as they are written, and makes its own search.

Measured are a cold build, one where nothing changed, and one after a sentence was added to one page: processor seconds
(user and system, with those of child processes), wall seconds and the greatest memory of one process. Times on a machine
that does other work at the same moment say little; the ratios of processor seconds say more.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from growing import ROOT, grow

EDITED = "hangzhou/naming.md"

#: ``{timeline}`` and the like hold no text: in plain Sphinx nothing stands for them.
PLAIN = """
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from handbook.model.markdown import MYST_EXTENSIONS

project = "Handbook"
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex"]
myst_enable_extensions = MYST_EXTENSIONS
bibtex_bibfiles = {bibfiles!r}
suppress_warnings = ["*"]
html_theme = "alabaster"
html_copy_source = False


class Anything(dict):
    def __missing__(self, name):
        return directives.unchanged

    def __contains__(self, name):
        return True


class Text(SphinxDirective):
    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = Anything()

    def run(self):
        title = [nodes.paragraph("", "", nodes.strong("", self.arguments[0]))] if self.arguments else []
        return [*title, *self.parse_content_to_nodes()]


def word(name, rawtext, text, lineno, inliner, options=None, content=None):
    return [nodes.inline("", text)], []


def setup(app):
    for name in ("milestone", "timeline", "standard", "catalogue", "relations", "changes", "fields"):
        app.add_directive(name, Text)
    for name in ("date", "iso"):
        app.add_role(name, word)
    return {{"parallel_read_safe": True, "parallel_write_safe": True}}
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of processor and wall, and the greatest memory of one process in MiB."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True)
class Contestant:
    """``command`` builds the handbook that lies in a folder; ``prepare`` writes what it needs beside the pages."""

    name: str
    prepare: Callable[[Path], None]
    command: Callable[[Path], list[str]]


def handbook(jobs: str) -> Contestant:
    def prepare(root: Path) -> None:
        (root / "tools").symlink_to(ROOT / "tools")

    return Contestant("handbook", prepare, lambda root: _sphinx(root, jobs))


def plain(jobs: str) -> Contestant:
    def prepare(root: Path) -> None:
        bibfiles = [
            f"../references/{path.name}" for path in sorted((root / "references").glob("*.bib"))
        ]
        (root / "docs/conf.py").write_text(PLAIN.format(bibfiles=bibfiles), "utf-8")
        shutil.rmtree(root / "docs/_templates")

    return Contestant("plain Sphinx", prepare, lambda root: _sphinx(root, jobs))


def peer(environment: Path) -> Contestant:
    def prepare(root: Path) -> None:
        for name in ("conf.py", "_templates", "_static"):
            path = root / "docs" / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for page in (root / "docs").rglob("*.md"):
            # It takes our words for the search as settings of its own, and stops.
            page.write_text(re.sub(r"(?m)^search: .*\n", "", page.read_text("utf-8")), "utf-8")
        settings = "site_name: Handbook\ntheme:\n  name: material\n  font: false\nvalidation:\n  links:\n    not_found: ignore\n    anchors: ignore\n"
        (root / "mkdocs.yml").write_text(settings, "utf-8")

    command = str(environment.absolute() / "bin/python")
    return Contestant(
        "mkdocs-material",
        prepare,
        lambda root: [
            command,
            "-m",
            "mkdocs",
            "build",
            "--quiet",
            "-f",
            str(root / "mkdocs.yml"),
            "-d",
            str(root / "out"),
        ],
    )


def _sphinx(root: Path, jobs: str) -> list[str]:
    return [
        sys.executable,
        "-m",
        "sphinx",
        "--quiet",
        "--jobs",
        jobs,
        "-b",
        "html",
        "-d",
        str(root / "trees"),
        str(root / "docs"),
        str(root / "out"),
    ]


def measure(command: list[str]) -> Cost:
    """One run.

    :raises RuntimeError: with what it said, if it fails
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "tools"), "NO_MKDOCS_2_WARNING": "1"},
        )
        _pid, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if process.returncode is None:
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(said.read().decode("utf-8", "replace"))
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def run(contestant: Contestant, times: int) -> tuple[int, dict[str, Cost]]:
    """The number of pages, and what each kind of build costs."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        pages = grow(root, times)
        contestant.prepare(root)
        command = contestant.command(root)
        costs = {"cold": measure(command), "no-op": measure(command)}
        edited = root / "docs" / EDITED
        edited.write_text(edited.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
        return pages, {**costs, "one page": measure(command)}


def main() -> None:
    """Print a line a build, with its processor seconds in relation to the first contestant's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--jobs", default="auto", help="Sphinx's --jobs (default: auto, as make html)"
    )
    parser.add_argument("--peer", type=Path, help="an environment with mkdocs-material")
    parser.add_argument(
        "--handbook-only",
        action="store_true",
        help="measure the growth alone; plain Sphinx takes minutes for a thousand pages",
    )
    parser.add_argument(
        "times",
        nargs="*",
        type=int,
        metavar="TIMES",
        help="how often the handbook has its sections (default: 1 3 10)",
    )
    given = parser.parse_args()
    contestants = [handbook(given.jobs)]
    if not given.handbook_only:
        contestants = [plain(given.jobs), *contestants, *([peer(given.peer)] if given.peer else [])]
    print(
        f"{'pages':>6} {'':<16} {'build':<9} {'cpu s':>8} {'wall s':>8} {'MiB':>6} {'ms/page':>8} {'to first':>9}"
    )
    for times in given.times or [1, 3, 10]:
        first: dict[str, Cost] = {}
        for contestant in contestants:
            pages, costs = run(contestant, times)
            first = first or costs
            for build, cost in costs.items():
                print(
                    f"{pages:>6} {contestant.name:<16} {build:<9} {cost.cpu:>8.2f} {cost.wall:>8.1f} {cost.memory:>6.0f} "
                    f"{1000 * cost.cpu / pages:>8.1f} {cost.cpu / first[build].cpu:>9.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
