"""What ``tools/update_catalogue.py`` does; day, network and streams are arguments."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TextIO

from handbook import cli, files
from handbook.catalogueupdate import update as preparation
from handbook.catalogueupdate.origin import (
    COMMITTEES_URL,
    DELIVERABLES_URL,
    Progress,
    is_address,
)
from handbook.cli import HandbookError
from handbook.model import edtf, stubs
from handbook.model.catalogue import Catalogue
from handbook.model.pages import read_pages

COMMITTEES_NAME = "iso_technical_committees.jsonl"
_MEGABYTE = 1_000_000


def beside(deliverables: Path) -> str | None:
    """Return ISO's file of committees in the folder of the deliverables, plain or gzip; ``None`` if
    there is none.
    """
    for name in (COMMITTEES_NAME, f"{COMMITTEES_NAME}.gz"):
        if (deliverables.parent / name).is_file():
            return str(deliverables.parent / name)
    return None


def main(options: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Run the command and return its exit status.

    :raises HandbookError: if it cannot run; then nothing is written
    """
    if options.stub is not None:
        return stub(options.root, options.stub, out)
    deliverables, committees = options.deliverables or DELIVERABLES_URL, options.committees
    if committees is None and options.deliverables is None:
        committees = COMMITTEES_URL
    elif committees is None and not is_address(deliverables):
        committees = beside(Path(deliverables))
    return update(
        options.root,
        deliverables,
        committees,
        options.today,
        out,
        err,
        check=options.check,
        day=options.as_of,
        advance=options.advance,
        accept_loss=options.accept_loss,
    )


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
    """Print the report and write what changed; return the exit status, 1 if ``check`` finds an
    update.

    The other parameters are those of :func:`handbook.catalogueupdate.update.prepare`.

    :raises HandbookError: if it cannot run; then nothing is written
    """
    bar = cli.ProgressBar(err)

    def step(what: str) -> Progress:
        def progress(done: int, total: int | None) -> None:
            size = f" of {total / _MEGABYTE:.1f}" if total else ""
            part = done / total if total else None
            bar.draw(part, f"{what}: {done / _MEGABYTE:.1f}{size} MB")

        return progress

    try:
        outcome = preparation.prepare(
            root,
            deliverables,
            committees,
            today,
            day=day,
            accept_loss=accept_loss,
            advance=advance,
            progress=step,
            pause=pause,
        )
    except HandbookError as error:
        error.add_note("Nothing was written.")
        raise
    finally:
        bar.clear()
    out.write(outcome.report)
    out.flush()
    if check:
        return cli.FINDINGS if outcome.due else cli.CLEAN
    outcome.write()
    written = len(outcome.files)
    print(
        f"{written} {'file' if written == 1 else 'files'} written."
        if written
        else f"The handbook is up to date with ISO's files of {outcome.day}; nothing was written.",
        file=err,
    )
    return cli.CLEAN


def stub(root: Path, references: Iterable[str], out: TextIO) -> int:
    """Make a page with the facts for each reference, or for all deliverables without a page; return
    the exit status.

    :raises HandbookError: if it cannot run; then nothing is written
    """
    catalogue = Catalogue.load(root / "references")
    missing = {
        deliverable.reference
        for deliverable, _, _ in stubs.without_page(catalogue, read_pages(root / "docs"))
    }
    wanted = [
        catalogue.exact(" ".join(reference.split())).reference for reference in references
    ] or sorted(missing)
    day = edtf.parse(catalogue.as_of["deliverables"]).latest
    made: dict[Path, bytes | None] = {}
    for reference in wanted:
        path = stubs.path(reference)
        if reference not in missing or (root / path).exists():
            raise HandbookError(f"{reference} has a page", f"write its text in {path.as_posix()}")
        made[root / path] = stubs.text(reference, day).encode()
    files.write(made)
    for reference in wanted:
        print(
            f"{stubs.path(reference).as_posix()} was created. It still needs text, and a family in"
            " references/families.yaml.",
            file=out,
        )
    return cli.CLEAN
