"""Pages a second and memory of the checks at 100, 1,000 and 10,000 pages made from the real ones.

Run: ``python tests/benchmarks/bench_datecheck.py [PAGES ...]``. Each size runs in a process of its own; the figures are
those of one cold run (user and system time, wall time, greatest memory), and of the growth from size to size.
"""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import copytree

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = ROOT / "tools" / "check_dates.py"


def grow(root: Path, count: int) -> None:
    """A handbook of ``count`` pages: copies of the real ones with names, labels and milestones of their own."""
    copytree(ROOT / "references", root / "references")
    pages = sorted(
        path
        for path in (ROOT / "docs").rglob("*.md")
        if not any(part.startswith("_") for part in path.relative_to(ROOT / "docs").parts)
    )
    for number in range(count):
        path = pages[number % len(pages)]
        round_ = number // len(pages)
        text = path.read_text("utf-8")
        if round_:
            text = re.sub(r"(?m)^:name: (.+)$", rf":name: \1-c{round_}", text)
            text = re.sub(r"(?m)^\((.+)\)=$", rf"(\1-c{round_})=", text)
            text = re.sub(
                r"(?m)^:date: .+$",
                lambda match, back=11 * round_ % 900: _earlier(match[0], back),
                text,
            )
            text = re.sub(r"(?m)^(:{3,}\{milestone\} .+)$", rf"\1 ({round_})", text)
        target = (
            root / "docs" / (f"copy{round_}" if round_ else "") / path.relative_to(ROOT / "docs")
        )
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def _earlier(line: str, years: int) -> str:
    """Other dates for each copy: events that share a day are compared with each other."""
    return re.sub(r"\d{4}", lambda year: str(int(year[0]) - years), line)


def measure(count: int) -> tuple[float, float, int]:
    """Wall seconds, processor seconds and KiB of one run over ``count`` pages."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        grow(root, count)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, COMMAND, "--root", root, "--today", "2026-11-23", "--format", "json"],
            capture_output=True,
        )
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in {0, 1}:
            raise RuntimeError(done.stderr.decode())
        return (
            wall,
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            after.ru_maxrss,
        )


def main() -> None:
    """Print a line a size."""
    sizes = [int(size) for size in sys.argv[1:]] or [100, 1_000, 10_000]
    print(f"{'pages':>7} {'wall s':>8} {'cpu s':>8} {'pages/cpu s':>12} {'MiB':>6}")
    for size in sizes:
        wall, cpu, memory = measure(size)
        print(
            f"{size:>7} {wall:>8.2f} {cpu:>8.2f} {size / cpu:>12.0f} {memory / 1024:>6.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
