"""An edition as it is published: pages, data, PDF, EPUB, checksums and notes.

They go into ``build/release``; the same build gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from handbook.cli import HandbookError
from handbook.files import write

NAME = "sustainable-city-standards-handbook"


def notes(edition: str, changelog: str) -> str:
    """What the changelog says of an edition; empty if it says nothing."""
    match = re.search(rf"(?ms)^## {re.escape(edition)}\b[^\n]*\n(.*?)(?=^## |\Z)", changelog)
    return match[1].strip() + "\n" if match and match[1].strip() else ""


def faults(edition: str, root: Path) -> Iterator[str]:
    """Each file that does not name the edition yet."""
    if not re.fullmatch(r"\d{4}\.(0[1-9]|1[0-2])(\.\d+)?", edition):
        yield (
            f"{edition!r} is not an edition (hint: write year and month, 2026.11; a second one of a"
            " month is 2026.11.1)"
        )
        return
    for name, pattern in (
        ("pyproject.toml", rf'(?m)^version = "{re.escape(edition)}"$'),
        ("CITATION.cff", rf'(?m)^version: "{re.escape(edition)}"$'),
    ):
        if not re.search(pattern, (root / name).read_text("utf-8")):
            yield f"{name} does not say {edition} (hint: write the edition into it)"
    if not notes(edition, (root / "CHANGELOG.md").read_text("utf-8")):
        yield (
            f"CHANGELOG.md says nothing of {edition} (hint: add ## {edition}, and what readers find"
            " that is new)"
        )


def pack(target: Path, files: dict[str, Path], day: date) -> None:
    """Write a ZIP file in the order of the names, each dated ``day``: nothing of it depends on the
    clock.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name].read_bytes())


def below(folder: Path, within: str) -> dict[str, Path]:
    """The files of a folder by the names they get in the archive."""
    return {
        f"{within}/{path.relative_to(folder).as_posix()}": path
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".buildinfo"
    }


def make(edition: str, root: Path) -> list[Path]:
    """Write the files of the edition into ``build/release``.

    :raises HandbookError: if something is not built
    """
    build, out = root / "build", root / "build" / "release"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    year, month = edition.split(".")[:2]
    day = date(int(year), int(month), 1)
    stem = f"{NAME}-{edition}"
    sources = {
        f"{stem}-data/{path.name}": path
        for path in [
            *(root / "references").glob("*.bib"),
            *(root / "references").glob("*.yaml"),
            root / "LICENSE",
        ]
    }
    iso = below(root / "references" / "iso", f"{stem}-data/iso")
    if not (build / "html" / "data").is_dir():
        raise HandbookError("build/html is not there", "make html")
    pack(out / f"{stem}-html.zip", below(build / "html", f"{stem}-html"), day)
    pack(
        out / f"{stem}-data.zip",
        below(build / "html" / "data", f"{stem}-data") | sources | iso,
        day,
    )
    for kind in ("pdf", "epub"):
        made = sorted((build / kind).glob(f"*.{kind}"))
        if len(made) != 1:
            raise HandbookError(
                f"build/{kind} holds {len(made) or 'no'} {kind} files", f"make {kind}"
            )
        shutil.copyfile(made[0], out / f"{stem}.{kind}")
    files = sorted(out.iterdir())
    sums = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files
    )
    said = notes(edition, (root / "CHANGELOG.md").read_text("utf-8"))
    write({out / "SHA256SUMS": sums.encode(), out / "notes.md": said.encode()})
    return [*files, out / "SHA256SUMS"]
