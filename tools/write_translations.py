#!/usr/bin/env python3
"""Gather the words that the Sphinx side prints, and bring their translations up to date.

usage: write_translations.py [--check]

Writes tools/handbook/sphinxext/locale/handbook.pot (all strings), updates each
LANGUAGE/LC_MESSAGES/handbook.po (what is translated stays; new strings come in empty, vanished ones
go) and compiles it to handbook.mo. With --check nothing is written: exit status 1 if a file is out
of date, 0 if all are as they should be.
"""

from __future__ import annotations

import argparse
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOM = Path(__file__).resolve().parent / "handbook" / "sphinxext"
LOCALE = ROOM / "locale"


def template() -> Catalog:
    """All strings that the Sphinx side passes through ``_``."""
    catalog = Catalog(project="handbook", charset="utf-8")
    for name, _line, message, comments, context in sorted(
        extract_from_dir(ROOM, keywords={"_": None}), key=lambda row: (row[0], row[1])
    ):
        catalog.add(message, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def po_text(catalog: Catalog) -> str:
    """The catalogue as a .po file, without line numbers and clock, so that it changes only with its
    strings.
    """
    buffer = io.BytesIO()
    write_po(buffer, catalog, omit_header=True, include_lineno=False, width=120, sort_output=True)
    return buffer.getvalue().decode("utf-8")


def wanted(path: Path, strings: Catalog) -> tuple[str, bytes]:
    """What the .po file and its compiled twin should hold."""
    with path.open("rb") as file:
        translated = read_po(file, locale=path.parent.parent.name, charset="utf-8")
    translated.update(strings, no_fuzzy_matching=True)
    translated.obsolete.clear()
    # The compiled file carries two dates; the clock must not decide whether it is up to date.
    translated.creation_date = translated.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    compiled = io.BytesIO()
    write_mo(compiled, translated)
    return po_text(translated), compiled.getvalue()


def main() -> int:
    """Run the command; the exit status is in the module's text."""
    parser = argparse.ArgumentParser(
        description="Bring the translations of the Sphinx side up to date."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if a file is out of date"
    )
    check = parser.parse_args().check
    strings = template()
    files: dict[Path, bytes] = {LOCALE / "handbook.pot": po_text(strings).encode()}
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/handbook.po")):
        text, compiled = wanted(path, strings)
        files[path] = text.encode()
        files[path.with_suffix(".mo")] = compiled
    stale = [path for path, data in files.items() if not path.exists() or path.read_bytes() != data]
    for path in stale:
        if check:
            print(
                f"{path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path} is"
                " out of date: run python tools/write_translations.py",
                file=sys.stderr,
            )
        else:
            path.write_bytes(files[path])
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
