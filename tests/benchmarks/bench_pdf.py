"""Pages, seconds and memory of ``make pdf``, for the handbook and for three times its size; other engines beside it.

Run: ``python tests/benchmarks/bench_pdf.py [TIMES ...]``. Each build runs in a process of its own with a cold cache; the
figures are wall seconds, processor seconds and the greatest memory of one process. LaTeX is measured too if ``xelatex``
and ``latexmk`` are there.
"""
from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2

ROOT = Path(__file__).resolve().parent.parent.parent


def grow(root: Path, times: int) -> None:
    """The handbook in ``root``, and ``times - 1`` copies of its pages behind it, with labels and names of their own."""
    for folder in ("docs", "references", "tools"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    pages = sorted((ROOT / "docs").rglob("*.md"))
    index = root / "docs" / "index.md"
    for number in range(1, times):
        for path in pages:
            text = path.read_text("utf-8")
            text = re.sub(r"(?m)^:name: (.+)$", rf":name: \1-c{number}", text)
            text = re.sub(r"(?m)^\((.+)\)=$", rf"(\1-c{number})=", text)
            text = re.sub(r"(?ms)^:::\{bibliography\}.*?^:::$", "", text)
            target = root / "docs" / f"copy{number}" / path.relative_to(ROOT / "docs")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        index.write_text(re.sub(r"(?m)^Data <data>$", rf"Data <data>\nCopy {number} <copy{number}/index>", index.read_text("utf-8")), "utf-8")


def measure(root: Path, builder: str) -> tuple[float, float, float, int]:
    """Wall seconds, processor seconds, MiB and pages of one build."""
    out = root / "build"
    start = time.perf_counter()
    command = [sys.executable, "-m", "sphinx", "-M", builder, str(root / "docs"), str(out), "-q"]
    with (root / "log.txt").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        _pid, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if status:
        raise RuntimeError((root / "log.txt").read_text()[-2000:])
    pdf = next((out / ("latex" if builder == "latexpdf" else builder)).glob("*.pdf"))
    document = pypdfium2.PdfDocument(pdf)
    pages = len(document)
    document.close()
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, pages


def main() -> None:
    """Print one line a build."""
    sizes = [int(argument) for argument in sys.argv[1:]] or [1, 3]
    builders = ["pdf", *(["latexpdf"] if shutil.which("xelatex") and shutil.which("latexmk") else [])]
    print(f"{'engine':10} {'size':>5} {'pages':>6} {'wall s':>7} {'CPU s':>7} {'MiB':>6}")
    for times in sizes:
        for builder in builders:
            with tempfile.TemporaryDirectory() as folder:
                grow(Path(folder), times)
                wall, cpu, memory, pages = measure(Path(folder), builder)
                print(f"{builder:10} {times:4}x {pages:6} {wall:7.1f} {cpu:7.1f} {memory:6.0f}", flush=True)


if __name__ == "__main__":
    main()
