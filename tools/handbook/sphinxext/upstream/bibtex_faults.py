"""Let bibtex read past a fault in a .bib file, as our own reader does, which reports it.

Issue: none is open at sphinxcontrib-bibtex. To report: a missing comma ends the build in an
exception without the name of the file, and a key used twice is a warning without a line.
Gain: the build names file, line and hint of each fault, once, and shows all other sources.
End: when bibtex reports what pybtex finds, with its line, and goes on.
"""

from __future__ import annotations

from pathlib import Path

from pybtex import errors
from sphinx.application import Sphinx
from sphinxcontrib.bibtex import bibfile

_parse = bibfile.parse_bibdata


def _read_on(bibfilenames: list[Path], encoding: str) -> bibfile.BibData:
    with errors.capture():
        return _parse(bibfilenames, encoding)


def setup(app: Sphinx) -> None:
    bibfile.parse_bibdata = _read_on
