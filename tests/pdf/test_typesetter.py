"""Typst in a process of its own: what goes wrong there is told here."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from handbook.pdf import fonts
from handbook.pdf.typesetter import TypesettingError, typeset


def test_a_pdf_that_cannot_be_written_is_told_as_in_this_process(tmp_path: Path) -> None:
    main = tmp_path / "main.typ"
    main.write_text('#set document(title: "A")\nText', "utf-8")
    with pytest.raises(OSError, match="Is a directory") as caught:
        typeset(main, tmp_path, fonts.FOLDER, 0)
    assert (caught.value.errno, caught.value.filename) == (errno.EISDIR, str(tmp_path))


def test_a_fault_in_the_file_is_told_with_its_place(tmp_path: Path) -> None:
    main = tmp_path / "main.typ"
    main.write_text("#nothing", "utf-8")
    with pytest.raises(TypesettingError, match="unknown variable") as caught:
        typeset(main, tmp_path / "main.pdf", fonts.FOLDER, 0)
    assert "main.typ" in caught.value.said.diagnostic
