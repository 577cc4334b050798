"""Let bibtex read past a fault in a .bib file or a citation, as our own reader does, which reports
it.

Issue: none is open at sphinxcontrib-bibtex. To report: a missing comma ends the build in an
exception without the name of the file, and so does an empty key without that of the page; a key
used twice is a warning without a line.
Gain: the build names file, line and hint of each fault, once, and shows all other sources.
End: when bibtex reports what pybtex finds, with its line, and goes on.
"""

from __future__ import annotations

from pathlib import Path

from pybtex import errors
from sphinx.application import Sphinx
from sphinxcontrib.bibtex import bibfile, citation_target, domain, roles

_parse = bibfile.parse_bibdata


def _read_on(bibfilenames: list[Path], encoding: str) -> bibfile.BibData:
    with errors.capture():
        return _parse(bibfilenames, encoding)


def targets(text: str) -> list[citation_target.CitationTarget]:
    """Return the sources that a citation names; keys that bibtex cannot read as they are typed."""
    try:
        return list(citation_target.parse_citation_targets(text))
    except ValueError:
        return [citation_target.CitationTarget(key.strip(), "", "") for key in text.split(",")]


def setup(app: Sphinx) -> None:
    bibfile.parse_bibdata = _read_on
    for module in (roles, domain):
        module.parse_citation_targets = targets  # type: ignore[attr-defined]
