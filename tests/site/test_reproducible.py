"""Two builds of one commit give the same site, byte for byte, whatever the machine's hash seed, jobs and time."""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
from pathlib import Path

from support import ROOT


def test_a_second_build_of_the_handbook_gives_the_same_bytes(
    site: tuple[str, Path], tmp_path: Path
) -> None:
    subprocess.run(
        [
            sys.executable,
            "-m",
            "sphinx",
            "--quiet",
            "--jobs",
            "2",
            "-b",
            "html",
            "-d",
            str(tmp_path / "trees"),
            str(ROOT / "docs"),
            str(tmp_path / "site"),
        ],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "268", "TZ": "Asia/Shanghai"},
    )
    first, second = (
        {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
        for folder in (site[1], tmp_path / "site")
    )
    assert first.keys() == second.keys()
    assert len(first) > 180
    assert [
        str(name) for name in first if not filecmp.cmp(first[name], second[name], shallow=False)
    ] == []
