"""The PDF of the handbook: ``make pdf``, ``sphinx-build -M pdf``. Pages become HTML, HTML becomes
Typst, Typst a tagged PDF.

A room of its own beside ``sphinxext``: it knows Sphinx, and it reads only the HTML that Sphinx and
its extensions write, so that everything that has an HTML form also has a printed one.
``docs/contributing/pdf.md`` explains it to those who build the PDF.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from handbook.pdf import epub
from handbook.pdf.builder import PdfBuilder


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_builder(PdfBuilder)
    epub.setup(app)
    app.add_config_value("pdf_subtitle", "", "", types=frozenset({str}))
    app.add_config_value("pdf_apart", [], "", types=frozenset({list, tuple}))
    app.add_config_value("pdf_date", "", "", types=frozenset({str}))
    app.add_config_value("pdf_notices", [], "", types=frozenset({list, tuple}))
    app.add_config_value("pdf_file", "", "", types=frozenset({str}))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
