"""An edition for publication: pages, data, PDF, EPUB, checksums and notes.

They go into ``build/release``; the same build gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from handbook.cli import HandbookError
from handbook.files import write
from handbook.model import ledger, published
from handbook.model.translations import EDITIONS
from handbook.outputs import additions

NAME = "sustainable-city-standards-handbook"


def notes(edition: str, changelog: str) -> str:
    """Return the entry of the changelog for an edition; empty if there is none."""
    match = re.search(rf"(?ms)^## {re.escape(edition)}\b[^\n]*\n(.*?)(?=^## |\Z)", changelog)
    return match[1].strip() + "\n" if match and match[1].strip() else ""


def faults(edition: str, root: Path) -> Iterator[str]:
    """Yield each file that does not name the edition yet."""
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


def day_of(root: Path) -> date:
    """Return the day of the edition, as the citation file gives it.

    :raises HandbookError: if the file gives none
    """
    match = re.search(
        r'(?m)^date-released: "(\d{4}-\d\d-\d\d)"$', (root / "CITATION.cff").read_text()
    )
    if not match:
        raise HandbookError(
            "CITATION.cff: date-released is not there", 'date-released: "2026-11-27"'
        )
    return date.fromisoformat(match[1])


def ledger_after(root: Path) -> tuple[ledger.Ledger, ledger.Ledger]:
    """Return the ledger before this edition, and the ledger with the facts of the built pages.

    :raises HandbookError: if nothing is built, or the ledger cannot be read
    """
    data = root / "build" / "html" / "data"
    if not data.is_dir():
        raise HandbookError("build/html is not there", "make html")
    before, findings = ledger.read(root / published.LISTS / ledger.NAME, root)
    if findings:
        raise HandbookError("\n".join(map(str, findings)), "make check")
    tables = {
        kind: json.loads(path.read_bytes())[kind] if path.is_file() else []
        for kind in additions.KINDS
        for path in [data / f"{kind}.json"]
    }
    return before, ledger.brought_up(before, additions.told(tables), day_of(root))


def write_ledger(root: Path) -> Iterator[str]:
    """Enter into the ledger what this edition adds and corrects; yield a line for each fact."""
    before, after = ledger_after(root)
    write({root / published.LISTS / ledger.NAME: ledger.text(after).encode("utf-8")})
    known = {entry.key: entry for entry in before}
    for entry in after:
        then = known.get(entry.key)
        if then is None:
            yield f"added: {entry.kind}: {entry.title}"
        elif entry.withdrawn and not then.withdrawn:
            yield f"withdrawn: {entry.kind}: {entry.title}"
        elif (entry.corrected, entry.changed) != (then.corrected, then.changed):
            yield f"corrected ({', '.join(entry.changed)}): {entry.kind}: {entry.title}"


def ledger_faults(root: Path) -> Iterator[str]:
    """Find that the ledger lacks facts of the built pages."""
    before, after = ledger_after(root)
    known = {entry.key: entry for entry in before}
    for entry in after:
        if known.pop(entry.key, None) != entry:
            known[entry.key] = entry
    if known:
        first = " ".join(next(iter(known)))
        yield (
            f"{published.LISTS}/{ledger.NAME} does not know {len(known)} facts as the pages tell"
            f" them, the first is {first} (hint: python tools/make_edition.py --facts EDITION)"
        )


def pack(target: Path, files: dict[str, Path], day: date) -> None:
    """Write a ZIP file in the order of the names, each dated ``day``, so that it does not depend on
    the clock.
    """
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[name].read_bytes())


def below(folder: Path, within: str) -> dict[str, Path]:
    """Return the files of a folder by their names in the archive."""
    return {
        f"{within}/{path.relative_to(folder).as_posix()}": path
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".buildinfo"
    }


def make(edition: str, root: Path) -> list[Path]:
    """Write the files of the edition into ``build/release``; return their paths.

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
        made = sorted((build / kind).glob(f"*.{kind}"), key=lambda path: len(path.name))
        if made and made[0].stem.endswith(tuple(f"-{one}" for one in EDITIONS.values())):
            made = []  # a translation is no book of its own
        others = [path for path in made[1:] if not path.stem.startswith(f"{made[0].stem}-")]
        if not made or others:
            raise HandbookError(
                f"build/{kind} holds {'others than one book' if made else f'no {kind} files'}",
                f"make {kind}",
            )
        for path in made:
            # parts of the book in separate files keep the suffix of their names
            shutil.copyfile(path, out / f"{stem}{path.stem.removeprefix(made[0].stem)}.{kind}")
    files = sorted(out.iterdir())
    sums = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files
    )
    said = notes(edition, (root / "CHANGELOG.md").read_text("utf-8"))
    write({out / "SHA256SUMS": sums.encode(), out / "notes.md": said.encode()})
    return [*files, out / "SHA256SUMS"]
