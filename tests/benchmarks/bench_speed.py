"""The speed of builds and of the preview beside plain Sphinx: ``make bench``.

usage: bench_speed.py [--rounds N] [--json FILE] [--peer FOLDER] [--no-preview] [TIMES ...]

Contestants, each with an output folder of its own: plain Sphinx (alabaster, its own search, MyST, bibtex as it comes,
our directives reduced to their text: no timeline, no lists of sources under a page, no exports, no frame); the handbook;
mkdocs-material, if ``--peer`` names an environment that has it (``pip install mkdocs-material``): it reads the same
files, shows directives and citations as they are written, and makes its own search.

Measured are a cold build, one where nothing changed, and one after a sentence was added to one page: processor seconds
(user and system, with those of child processes), wall seconds and the greatest memory of one process. The contestants
take turns in several rounds: on a machine that does other work at the same moment only the ratios within a round mean
something, and only many of them. The preview is measured in wall seconds, from the saved file to the words in Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import metadata
from math import log
from pathlib import Path
from statistics import median
from typing import Any

from growing import ROOT, grow

EDITED = "hangzhou/naming.md"
BUILDS = ("cold", "no-op", "one page")

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
    for name in {directives!r}:
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
        settings = PLAIN.format(bibfiles=bibfiles, directives=_our_directives())
        (root / "docs/conf.py").write_text(settings, "utf-8")
        shutil.rmtree(root / "docs/_templates")
        for page in (root / "docs/bibliography").glob("*.md"):
            # bibtex lists and labels the sources there, as ours does
            listed = r":::{bibliography} ../../references/\1.bib\n:all:\n"
            text = re.sub(r"(?m)^:{3,}\{sources\} (\w+)\n", listed, page.read_text("utf-8"))
            page.write_text(text, "utf-8")

    return Contestant("plain Sphinx", prepare, lambda root: _sphinx(root, jobs))


def _our_directives() -> list[str]:
    """The directives that only the handbook has."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "tools/handbook").rglob("*.py"))
    ours = set(re.findall(r'add_directive\(\s*"([\w-]+)"', code))
    return sorted(ours - {"csv-table", "figure", "image", "include"})


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
            env=_environment(),
        )
        _pid, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        if process.returncode is None:
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(said.read().decode("utf-8", "replace"))
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def _environment() -> dict[str, str]:
    """The environment of a user: modules are compiled once and kept, as those of packages are."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**known, "PYTHONPATH": str(ROOT / "tools"), "NO_MKDOCS_2_WARNING": "1"}


def run(contestants: Sequence[Contestant], times: int, rounds: int) -> dict[str, Any]:
    """What each kind of build costs each contestant, in rounds in which all take turns."""
    with tempfile.TemporaryDirectory() as folder:
        roots = {one: Path(folder, str(number)) for number, one in enumerate(contestants)}
        pages = max(grow(root, times) for root in roots.values())
        found: list[dict[str, dict[str, Cost]]] = []
        for one, root in roots.items():
            one.prepare(root)
        for number in range(rounds):
            found.append({one.name: _builds(one, root, number) for one, root in roots.items()})
            print(f"{pages} pages, round {number + 1}: {_ratios(found[-1])}", flush=True)
    builds = {
        one.name: {
            build: {
                measure: [round(getattr(costs[one.name][build], measure), 2) for costs in found]
                for measure in ("cpu", "wall", "memory")
            }
            for build in BUILDS
        }
        for one in contestants
    }
    return {"pages": pages, "builds": builds}


def _builds(contestant: Contestant, root: Path, number: int) -> dict[str, Cost]:
    for name in ("out", "trees"):
        shutil.rmtree(root / name, ignore_errors=True)
    command = contestant.command(root)
    costs = [measure(command), measure(command)]
    edited = root / "docs" / EDITED
    edited.write_text(edited.read_text("utf-8") + f"\nOne more sentence, {number}.\n", "utf-8")
    return dict(zip(BUILDS, [*costs, measure(command)], strict=True))


def _ratios(costs: dict[str, dict[str, Cost]]) -> str:
    names = list(costs)
    return ", ".join(
        f"{build} {costs[name][build].cpu:.1f} s CPU ({costs[name][build].cpu / costs[names[0]][build].cpu:.2f} of {names[0]})"
        for name in names[1:] or names
        for build in BUILDS
    )


def preview(rounds: int) -> dict[str, list[float]]:
    """Wall seconds from a saved page to its new words in Chromium, for each server, in turns."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as pw, ExitStack() as stack:
        browser = pw.chromium.launch(
            executable_path=shutil.which("chromium") or pw.chromium.executable_path,
            args=["--no-sandbox", "--disable-gpu"],
        )
        stack.callback(browser.close)
        open_pages = {}
        for number, (name, prepare, command) in enumerate(PREVIEWS):
            root, port = Path(folder, str(number)), _free_port()
            grow(root, 1)
            prepare(root)
            process = subprocess.Popen(
                command(root, port),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=root,
                env={**os.environ, "PYTHONPATH": str(ROOT / "tools")},
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            page = browser.new_page()
            _open(page, f"http://127.0.0.1:{port}/{EDITED.replace('.md', '.html')}")
            open_pages[name] = page, root / "docs" / EDITED
        found: dict[str, list[float]] = {name: [] for name in open_pages}
        for number in range(rounds):
            for name, (page, path) in open_pages.items():
                page.wait_for_timeout(6000)  # whatever follows a build is over
                words = f"Saved for the {number}th time."
                start = time.perf_counter()
                path.write_text(path.read_text("utf-8") + f"\n{words}\n", "utf-8")
                page.get_by_text(words).first.wait_for(timeout=300_000)
                page.evaluate("() => new Promise(requestAnimationFrame)")
                found[name].append(round(time.perf_counter() - start, 2))
            print(f"preview, round {number + 1}: {found}", flush=True)
    return found


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _open(page: Any, address: str) -> None:
    for _ in range(600):
        try:
            if page.goto(address).ok and page.locator("h1").count():
                return
        except Exception:
            pass
        page.wait_for_timeout(500)
    raise RuntimeError(f"{address} was not served")


def _serve(root: Path, port: int) -> list[str]:
    command = [sys.executable, str(ROOT / "tools/serve.py"), "--root", str(root), "--no-browser"]
    return [*command, "--port", str(port), "--out", str(root / "build")]


def _autobuild(root: Path, port: int) -> list[str]:
    command = [sys.executable, "-m", "sphinx_autobuild", "--port", str(port)]
    return [*command, "-d", str(root / "trees"), "--watch", "references", "docs", str(root / "out")]


#: Servers with what they serve: ours; what "make serve" was before; plain Sphinx with the same.
PREVIEWS = (
    ("make serve", handbook("1").prepare, _serve),
    ("sphinx-autobuild, this handbook", handbook("1").prepare, _autobuild),
    ("sphinx-autobuild, plain Sphinx", plain("1").prepare, _autobuild),
)


def main() -> None:
    """Measure, print each round, and write all figures into one file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", default="1", help="Sphinx's --jobs (default: 1)")
    parser.add_argument("--peer", type=Path, help="an environment with mkdocs-material")
    parser.add_argument("--rounds", type=int, default=5, help="(default: 5)")
    parser.add_argument("--no-preview", action="store_true", help="measure builds alone")
    parser.add_argument("--json", type=Path, help="the file to write")
    parser.add_argument(
        "times",
        nargs="*",
        type=int,
        metavar="TIMES",
        help="how often the handbook has its sections (default: 1 3)",
    )
    given = parser.parse_args()
    contestants = [plain(given.jobs), handbook(given.jobs)]
    contestants += [peer(given.peer)] if given.peer else []
    known = json.loads(given.json.read_text("utf-8")) if given.json and given.json.exists() else {}
    sizes = {size["pages"]: size for size in known.get("sizes", ())}
    for times in given.times or [1, 3]:
        size = run(contestants, times, given.rounds)
        sizes[size["pages"]] = size
        known |= {
            "machine": machine(given.jobs),
            "sizes": [sizes[pages] for pages in sorted(sizes)],
        }
        _write(given.json, known)
    if not given.no_preview:
        known["preview"] = preview(given.rounds)
        _write(given.json, known)
    print(*tables(known), sep="\n")


def tables(figures: dict[str, Any]) -> Iterator[str]:
    """The rows of the tables in ``docs/contributing/speed.md``: what is dearest beside plain Sphinx comes first."""
    rows = []
    for size in figures["sizes"]:
        ours, peer = size["builds"]["handbook"], size["builds"]["plain Sphinx"]
        for build in BUILDS:
            for unit, form in (("cpu", "{:.1f} s"), ("memory", "{:.0f} MiB")):
                each = [
                    one / other
                    for one, other in zip(ours[build][unit], peer[build][unit], strict=True)
                ]
                name = f"{build}, {size['pages']:,} pages, {'time' if unit == 'cpu' else 'memory'}"
                told = f"{median(each):.2f} ({min(each):.2f} to {max(each):.2f})"
                costs = (form.format(median(one[build][unit])) for one in (ours, peer))
                rows.append((median(each), f"| {name} | {told} | {' | '.join(costs)} |"))
    yield from (row for _ratio, row in sorted(rows, reverse=True))
    if len(figures["sizes"]) > 1:
        few, many = figures["sizes"][0], figures["sizes"][-1]
        for name in ("handbook", "plain Sphinx"):
            for build in BUILDS:
                less, more = (median(size["builds"][name][build]["cpu"]) for size in (few, many))
                grown = log(more / less) / log(many["pages"] / few["pages"])
                yield f"| {name}, {build} | {grown:.2f} |"
    for name, took in figures.get("preview", {}).items():
        yield f"| {name} | {median(took):.2f} ({min(took):.2f} to {max(took):.2f}) |"


def machine(jobs: str) -> dict[str, str | int]:
    """What the figures depend on beside the code."""
    return {
        "day": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "sphinx": metadata.version("sphinx"),
        "jobs": jobs,
    }


def _write(path: Path | None, known: dict[str, Any]) -> None:
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
