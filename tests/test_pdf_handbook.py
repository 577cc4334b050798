"""The PDF of the handbook itself: nothing against PDF/UA, no link without target, no word lost."""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from pdfcheck import check, lost_words, text
from sphinx.testing.util import SphinxTestApp
from test_pdf_document import blocks

pytestmark = pytest.mark.filterwarnings("ignore:'myst_parser")
DOCS = Path(__file__).resolve().parent.parent / "docs"


def _build(builder: str, folder: Path) -> SphinxTestApp:
    extensions = re.search(r"^extensions = (\[.*?\])", (DOCS / "conf.py").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert extensions
    names = re.findall(r'"([\w.]+)"', extensions[1])
    app = SphinxTestApp(builder, srcdir=DOCS, builddir=folder, confoverrides={"extensions": [*dict.fromkeys([*names, "handbook.pdf"])]})
    app.build()
    return app


def test_the_handbook(tmp_path: Path) -> None:
    """One test, so that the handbook is built once however many workers run."""
    from bs4 import BeautifulSoup

    app = _build("pdf", tmp_path)
    pages = list(dict(app.builder._contents()))  # type: ignore[attr-defined]
    warnings = [line for line in app.warning.getvalue().splitlines() if "[pdf]" in line]
    path = next(Path(app.outdir).glob("*.pdf"))
    app.cleanup()

    report = check(path)
    assert warnings == []
    assert dict(report.failures) == {}
    assert report.title == "Sustainable City Standards Handbook"
    assert {"zh-CN", "ja"} <= set(report.languages)
    assert len(report.outline) > len(pages)

    html = _build("html", tmp_path)
    printed = text(path)
    printed = printed[printed.index("A city that wants to become sustainable") - 200 :]
    soups = (BeautifulSoup((Path(html.outdir) / f"{page}.html").read_text("utf-8"), "html.parser") for page in pages)
    lost = lost_words((block for soup in soups for block in blocks(soup)), printed)
    html.cleanup()
    assert lost == [], lost[:40]
