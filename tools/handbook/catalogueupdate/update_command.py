"""What ``tools/update_catalogue.py`` does, with the day, the network and the streams as arguments."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TextIO

from handbook import files
from handbook.catalogueupdate import update as preparation
from handbook.catalogueupdate.problem import UpdateError
from handbook.catalogueupdate.progress import Bar
from handbook.model import edtf, stubs
from handbook.model.catalogue import Catalogue, CatalogueError
from handbook.model.pages import read_pages

COMMITTEES_NAME = "iso_technical_committees.jsonl"


def beside(deliverables: Path) -> str | None:
    """ISO's file of committees in the folder of the deliverables, plain or gzip."""
    for name in (COMMITTEES_NAME, f"{COMMITTEES_NAME}.gz"):
        if (deliverables.parent / name).is_file():
            return str(deliverables.parent / name)
    return None


def update(
    root: Path,
    deliverables: str,
    committees: str | None,
    today: date,
    out: TextIO,
    err: TextIO,
    *,
    check: bool = False,
    day: date | None = None,
    advance: bool = False,
    accept_loss: bool = False,
    pause: float = 2.0,
) -> int:
    """Print the report and write what changed. 0: done; 1: ``check``, and an update is due; 2: it
    could not run.

    The other parameters are those of :func:`run.prepare`.
    """
    bar = Bar(err)
    try:
        outcome = preparation.prepare(
            root,
            deliverables,
            committees,
            today,
            day=day,
            accept_loss=accept_loss,
            advance=advance,
            progress=bar.step,
            pause=pause,
        )
        bar.clear()
        out.write(outcome.report)
        out.flush()
        if check:
            return int(outcome.due)
        outcome.write()
    except UpdateError as error:
        bar.clear()
        print(f"update_catalogue: {error} (hint: {error.hint})\nNothing was written.", file=err)
        return 2
    except OSError as error:
        bar.clear()
        print(
            f"update_catalogue: {error.filename or 'a file'} cannot be written: {error.strerror}"
            " (hint: look at its rights and at the room on the disk)",
            file=err,
        )
        return 2
    except KeyboardInterrupt:
        bar.clear()
        print("update_catalogue: stopped", file=err)
        return 2
    finally:
        bar.clear()
    written = len(outcome.files)
    print(
        (
            f"{written} {'file' if written == 1 else 'files'} written."
            if written
            else _up_to_date(outcome.day)
        ),
        file=err,
    )
    return 0


def _up_to_date(day: date) -> str:
    return f"The handbook is up to date with ISO's files of {day}; nothing was written."


def stub(root: Path, references: Iterable[str], out: TextIO, err: TextIO) -> int:
    """Make a page with the facts for each reference, or for all deliverables without a page. 0:
    made; 2: it could not run.
    """
    try:
        catalogue = Catalogue.load(root / "references")
        missing = {
            deliverable.reference
            for deliverable, _, _ in stubs.without_page(catalogue, read_pages(root / "docs"))
        }
        wanted = [
            catalogue.exact(" ".join(reference.split())).reference for reference in references
        ] or sorted(missing)
    except CatalogueError as error:
        print(f"update_catalogue: {error} (hint: {error.hint})", file=err)
        return 2
    day = edtf.parse(catalogue.as_of["deliverables"]).latest
    made = {}
    for reference in wanted:
        path = stubs.path(reference)
        if reference not in missing or (root / path).exists():
            print(
                f"update_catalogue: {reference} has a page (hint: write its text in"
                f" {path.as_posix()})",
                file=err,
            )
            return 2
        made[root / path] = stubs.text(reference, day).encode()
    files.write(made)
    for reference in wanted:
        print(
            f"{stubs.path(reference).as_posix()} is made. It wants text, and a family in"
            " references/families.yaml.",
            file=out,
        )
    return 0
