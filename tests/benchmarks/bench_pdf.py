"""Pages, seconds and memory of ``make pdf``, for the handbook and for three times its size; LaTeX and WeasyPrint beside it.

Run: ``python tests/benchmarks/bench_pdf.py [--only ENGINE ...] [TIMES ...]``. Each build runs in processes of its own. The
figures are wall seconds, processor seconds and the greatest memory of one process; compare the processor seconds, for wall
seconds tell what else the machine did. The engines:

``cold``        ``make pdf`` in a fresh clone
``after html``  ``make pdf`` after ``make html``, whose read pages it uses
``typst``       of this, Typst alone
``latex``       Sphinx's ``latexpdf`` with XeLaTeX; needs Debian's texlive-xetex, texlive-latex-extra,
                texlive-fonts-recommended, texlive-lang-chinese, fonts-noto-cjk, fonts-freefont-otf, latexmk and xindy
``weasyprint``  Sphinx's ``singlehtml`` and the command ``weasyprint``, which may lie in an environment of its own: the
                variable WEASYPRINT names it

What is not on the machine is named and left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from growing import ROOT, grow

sys.path.insert(0, str(ROOT / "tools"))
sys.path.insert(0, str(ROOT / "tests"))
from support.pdfcheck import check

_ENGINES = ("cold", "after html", "typst", "latex", "weasyprint")
_LATEX = r"\usepackage{fontspec}\setmainfont{Noto Serif CJK SC}\usepackage{xeCJK}\setCJKmainfont{Noto Serif CJK SC}"
_TYPST = """
import sys
sys.path.insert(0, sys.argv[1])
import typst
from handbook.pdf import fonts
typst.compile(sys.argv[2] + "/main.typ", sys.argv[3], root=sys.argv[2], font_paths=[str(fonts.FOLDER)], ignore_system_fonts=True, pdf_standards=["ua-1"])
"""


@dataclass
class Cost:
    """Wall and processor seconds, and the greatest memory of one process in MiB."""

    wall: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0


def run(command: list[str], cost: Cost, log: Path) -> None:
    """Run a command and add what it and its children took.

    :raises RuntimeError: if it fails; with the end of what it said
    """
    start = time.perf_counter()
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file)
        _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{command[0]}: {log.read_text(errors='replace')[-2000:]}")
    cost.wall += time.perf_counter() - start
    cost.cpu += usage.ru_utime + usage.ru_stime
    cost.memory = max(cost.memory, usage.ru_maxrss / 1024)


def missing(engine: str) -> str:
    """What an engine lacks on this machine; nothing if it can run."""
    needed = {
        "latex": ("xelatex", "latexmk", "xindy", "make"),
        "weasyprint": (os.environ.get("WEASYPRINT", "weasyprint"),),
    }
    return ", ".join(name for name in needed.get(engine, ()) if not shutil.which(name))


def build(engine: str, root: Path) -> tuple[Cost, Path]:
    """Make the PDF of the handbook in ``root``: what it cost, and where it is."""
    docs, out, log, cost = str(root / "docs"), root / "build", root / "log.txt", Cost()
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-d", str(out / "doctrees")]
    shutil.rmtree(out, ignore_errors=True)
    if engine in {"cold", "after html", "typst"}:
        if engine == "after html":
            run([*sphinx, "-b", "html", docs, str(out / "html")], Cost(), log)
        pdf = [*sphinx, "-b", "pdf", docs, str(out / "pdf")]
        run(pdf, Cost() if engine == "typst" else cost, log)
        if engine == "typst":
            run(
                [
                    sys.executable,
                    "-c",
                    _TYPST,
                    str(ROOT / "tools"),
                    str(out / "pdf" / "typst"),
                    str(out / "pdf" / "typst.pdf"),
                ],
                cost,
                log,
            )
            return cost, out / "pdf" / "typst.pdf"
        return cost, next((out / "pdf").glob("*.pdf"))
    if engine == "latex":
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-M",
            "latexpdf",
            docs,
            str(out),
            "-q",
            "-D",
            "latex_engine=xelatex",
        ]
        run([*command, "-D", f"latex_elements.fontpkg={_LATEX}"], cost, log)
        return cost, next((out / "latex").glob("*.pdf"))
    run([*sphinx, "-b", "singlehtml", docs, str(out / "singlehtml")], cost, log)
    target = out / "weasyprint.pdf"
    run(
        [
            os.environ.get("WEASYPRINT", "weasyprint"),
            "--pdf-variant",
            "pdf/ua-1",
            str(out / "singlehtml" / "index.html"),
            str(target),
        ],
        cost,
        log,
    )
    return cost, target


def tags(path: Path) -> str:
    """What the tags of a PDF are worth: ``none``, or the number of failures of our checks."""
    with pikepdf.open(path) as pdf:
        if "/StructTreeRoot" not in pdf.Root:
            return "none"
    report = check(path)
    return f"{report.failures.total()} failures" + (
        f" in {len(report.failures)} kinds" if report.failures else ""
    )


def main() -> None:
    """Print one line a build."""
    parser = argparse.ArgumentParser(description="Measure the PDF.")
    parser.add_argument(
        "times",
        nargs="*",
        type=int,
        default=[1, 3],
        help="how many times the handbook's size (default: 1 3)",
    )
    parser.add_argument(
        "--only", action="append", choices=_ENGINES, help="an engine to measure (default: all)"
    )
    asked = parser.parse_args()
    engines = asked.only or list(_ENGINES)
    for engine in engines:
        if lacks := missing(engine):
            print(f"{engine}: not measured, this machine has no {lacks}")
    print(
        f"{'engine':11} {'size':>5} {'pages':>6} {'MB':>5} {'wall s':>7} {'CPU s':>7} {'MiB':>6}  tags"
    )
    for times in asked.times:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            grow(root, times)
            shutil.copytree(
                ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__")
            )
            for engine in engines:
                if missing(engine):
                    continue
                try:
                    cost, path = build(engine, root)
                except RuntimeError as error:
                    print(f"{engine:11} {times:4}x failed: {error}", flush=True)
                    continue
                with pikepdf.open(path) as pdf:
                    pages = len(pdf.pages)
                size = path.stat().st_size / 1e6
                print(
                    f"{engine:11} {times:4}x {pages:6} {size:5.1f} {cost.wall:7.1f} {cost.cpu:7.1f} {cost.memory:6.0f}  {tags(path)}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
