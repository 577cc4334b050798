"""Run Typst in a separate process, whose memory is freed when it ends.

For the handbook Typst needs more than a gigabyte, and keeps it as long as its process runs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """A message of Typst about a file: the words, and the place in the file."""

    message: str
    diagnostic: str


class TypesettingError(Exception):
    """Typst made no PDF."""

    def __init__(self, said: Said) -> None:
        super().__init__(said.message)
        self.said = said


def typeset(main: Path, out: Path, fonts: Path, seconds: int) -> list[Said]:
    """Write the PDF ``out`` from the Typst file ``main``, and return Typst's warnings.

    :param seconds: the creation time in the PDF, in seconds since 1970
    :raises TypesettingError: if Typst finds a fault
    :raises OSError: if the PDF cannot be written
    """
    # -I: this folder has modules that would hide others
    command = [sys.executable, "-I", __file__, *map(str, (main, out, fonts, seconds))]
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    answer = json.loads(ran.stdout)
    if "system" in answer:
        raise OSError(*answer["system"])
    if answer["error"]:
        raise TypesettingError(Said(*answer["error"]))
    return [Said(*one) for one in answer["warnings"]]


def _main(main: str, out: str, fonts: str, seconds: str) -> dict[str, Any]:
    import typst

    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[fonts])
    try:
        data, warnings = typst.compile_with_warnings(
            main,
            root=str(Path(main).parent),
            font_paths=known,
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=int(seconds),
        )
    except typst.TypstError as error:
        return {"error": (error.message, error.diagnostic), "warnings": []}
    try:
        Path(out).write_bytes(data)
    except OSError as error:
        return {"system": (error.errno, error.strerror, out)}
    return {"error": None, "warnings": [(one.message, one.diagnostic) for one in warnings]}


if __name__ == "__main__":
    json.dump(_main(*sys.argv[1:]), sys.stdout)
