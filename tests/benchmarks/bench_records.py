"""How much of the processor many records take to read, to check and to export.

Run: ``python tests/benchmarks/bench_records.py [COUNT]``; without a number, 10,000.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from handbook.datecheck import judge  # noqa: E402
from handbook.model.catalogue import Catalogue  # noqa: E402
from handbook.model.codes import countries  # noqa: E402
from handbook.model.records import Records  # noqa: E402
from handbook.outputs import tables  # noqa: E402

COUNTRIES = sorted(countries())
SAID = "sources: [isoopendata], status: sure"


def written(references: Path, count: int) -> None:
    """Put records of all kinds into a folder: two fifths adoptions, two fifths places, one fifth people."""
    adoptions = (
        f'- {{id: a-{n}, adopts: ISO 37101:2016, country: "{COUNTRIES[n % len(COUNTRIES)]}",'
        f' designation: "X {n}:2019", dates: [{{what: published, date: "2019-01"}}], {SAID}}}\n'
        for n in range(count * 2 // 5)
    )
    places = (
        f"- {{id: p-{n}, name: Place {n}, standings: [{{kind: trial, standard: ISO 37101, {SAID}}}]}}\n"
        for n in range(count * 2 // 5)
    )
    people = (
        f"- {{id: o-{n}, name: Person {n}, offices: [{{body: Body {n % 9}, role: chair, {SAID}}}]}}\n"
        for n in range(count // 5)
    )
    for name, rows in (("adoptions", adoptions), ("places", places), ("offices", people)):
        (references / "records" / f"{name}.yaml").write_text("".join(rows), "utf-8")


def timed(what: str, action: Callable[[], object]) -> object:
    """Run it and print how much of the processor it took."""
    start = process_time()
    result = action()
    print(f"{what}: {process_time() - start:.2f} s")
    return result


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("docs", "references"):
            shutil.copytree(ROOT / name, root / name)
        references, day = root / "references", date(2026, 11, 27)
        timed("check, the real records", lambda: judge.check(root, day))
        written(references, count)
        catalogue = Catalogue.load(references)
        records = Records.read(references, catalogue)
        timed(f"read, {count:,} records", lambda: Records.read(references, catalogue))
        timed(f"check, {count:,} records", lambda: judge.check(root, day))
        timed(
            f"export, {count:,} records",
            lambda: (
                tables.as_json(tables.adoption_rows(records.adoptions)),
                tables.as_json(tables.geojson(tables.place_rows(records.places))),
                tables.as_json(tables.office_rows(records.people)),
            ),
        )
        assert len(records.all) == count, records.findings[:3]


if __name__ == "__main__":
    main()
