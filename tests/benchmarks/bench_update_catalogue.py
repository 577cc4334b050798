"""How long an update of the catalogue takes, and how much memory: 100,000 made-up rows in ISO's format.

usage: bench_update_catalogue.py [LINES]

Runs the command as a user would, once on a plain file and once on the same packed with gzip, and prints time and peak
memory (all that the process ever held, and what Python allocated, in MB of 1,000,000 bytes). Exit status 1 if either
reaches 100 MB.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from itertools import chain
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent / "tools")]

from support import isofiles  # noqa: E402

LIMIT = 100.0
_RUN = """
import resource, sys, time
sys.path.insert(0, {tools!r})
if {traced}:
    import tracemalloc
    tracemalloc.start()
import update_catalogue
begin = time.perf_counter()
status = update_catalogue.main([{source!r}, "--check", "--as-of", "2026-11-20", "--root", {root!r}])
took = time.perf_counter() - begin
peak = tracemalloc.get_traced_memory()[1] / 1e6 if {traced} else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
print(status, took, peak, file=sys.stderr)
"""


def measure(source: Path, root: Path, traced: bool) -> tuple[float, float]:
    """Seconds, and peak memory in MB: of the process, or what Python allocated."""
    code = _RUN.format(
        tools=str(TESTS.parent / "tools"), traced=traced, source=str(source), root=str(root)
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    status, took, peak = run.stderr.split()[-3:]
    assert status == "1", run.stderr
    return float(took), float(peak)


def main() -> int:
    """Print the table; the exit status is in the module's text."""
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    worst = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = isofiles.handbook(folder / "handbook")
        plain = isofiles.write(folder / "iso")
        ours = isofiles.changed(isofiles.OURS, 4, currentStage=9093)
        with plain.open("wb") as file:
            for row in chain(isofiles.many(lines - len(ours)), ours):
                file.write(isofiles.jsonl([row]))
        packed = plain.with_name(f"{plain.name}.gz")
        with gzip.open(packed, "wb", compresslevel=6) as file, plain.open("rb") as source:
            while piece := source.read(1 << 20):
                file.write(piece)
        print(
            f"{lines:,} rows, {plain.stat().st_size / 1e6:.0f} MB plain, {packed.stat().st_size / 1e6:.1f} MB gzip"
        )
        for source in (plain, packed):
            took, resident = measure(source, root, traced=False)
            _, allocated = measure(source, root, traced=True)
            worst = max(worst, resident, allocated)
            print(
                f"{source.name}: {took:.1f} s, process {resident:.0f} MB, Python {allocated:.0f} MB"
            )
    return int(worst >= LIMIT)


if __name__ == "__main__":
    sys.exit(main())
