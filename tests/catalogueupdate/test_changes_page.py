"""The page "What changed" and its feed, built by Sphinx; and the page of a new deliverable."""

from __future__ import annotations

import io
import json
import re
import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from handbook.model import stubs
from support import ROOTS


def build(
    folder: Path, pages: dict[str, str], builder: str = "html", **settings: str
) -> tuple[Path, str]:
    """Build pages beside the references in the folder; where the result is, and the warnings."""
    docs = folder / "docs"
    docs.mkdir(exist_ok=True)
    shutil.copy(ROOTS / "conf.py", docs / "conf.py")
    for name, text in pages.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text)
    warnings = io.StringIO()
    with patch_docutils(str(docs)), docutils_namespace():
        app = Sphinx(
            docs,
            docs,
            folder / builder,
            folder / "doctrees",
            builder,
            confoverrides=settings,
            status=None,
            warning=warnings,
        )
        app.build()
    return folder / builder, warnings.getvalue()


PAGES = {
    "index.md": "# Handbook\n\n:::{toctree}\nstandards/changes\nstandards/iso-37101-2016\nbibliography\n:::\n",
    "bibliography.md": "# Bibliography\n\n(family-management-system)=\n## Family\n\n:::{bibliography}\n:all:\n:::\n",
    "standards/changes.md": "# What changed\n\n:::{changes}\n:::\n",
    "standards/iso-37101-2016.md": "# ISO 37101:2016\n\n:::{standard} ISO 37101:2016\n:::\n",
}


@pytest.fixture
def folder(tmp_path):
    """References in which ISO 37101:2016 was confirmed."""
    shutil.copytree(ROOTS / "references", tmp_path / "references")
    path = tmp_path / "references" / "iso" / "stage-observations.jsonl"
    seen = [
        {"observed": "2024-01-18", "stage": "90.60"},
        {"observed": "2025-04-14", "stage": "90.93"},
    ]
    row = {
        "id": 61885,
        "reference": "ISO 37101:2016",
        "observations": [{**one, "reference": "ISO 37101:2016"} for one in seen],
    }
    others = [
        line for line in path.read_text("utf-8").splitlines() if json.loads(line)["id"] != row["id"]
    ]
    path.write_text("\n".join([*others, json.dumps(row), ""]), "utf-8")
    return tmp_path


SENTENCE = "went from 90.60 (first observed on 18 January 2024) to 90.93: confirmed"


def test_the_page_tells_the_change_and_links_to_the_standard_and_the_feed(folder):
    out, warnings = build(folder, PAGES)
    assert warnings == ""
    page = (out / "standards" / "changes.html").read_text("utf-8")
    assert '<time class="hb-date" datetime="2025-04-14">14 April 2025</time>' in page
    assert f"{SENTENCE}." in page
    assert 'href="iso-37101-2016.html' in page
    assert 'href="../data/changes.atom"' in page
    assert '<link rel="alternate" type="application/atom+xml"' in (out / "index.html").read_text(
        "utf-8"
    )


def test_a_bar_leads_to_the_latest_month_of_each_year(folder):
    out, _ = build(folder, PAGES)
    page = (out / "standards" / "changes.html").read_text("utf-8")
    months = re.findall(r'id="changes-(\d{4}-\d\d)"', page)
    latest = {month[:4]: month for month in reversed(months)}
    led = re.findall(r'<a href="#changes-(\d{4}-\d\d)">(\d{4})</a>', page)
    assert led == [(latest[year], year) for year in sorted(latest, reverse=True)]
    assert len(led) > 1


def test_the_feed_is_the_same_at_each_build(folder):
    out, _ = build(folder, PAGES)
    feed = out / "data" / "changes.atom"
    before, touched = feed.read_bytes(), feed.stat().st_mtime_ns
    build(folder, PAGES)
    assert (feed.read_bytes(), feed.stat().st_mtime_ns) == (before, touched)
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(before)
    (entry,) = [
        entry for entry in root.findall(f"{atom}entry") if "90.93" in entry.findtext(f"{atom}title")
    ]
    assert entry.findtext(f"{atom}title") == "ISO 37101:2016 went from 90.60 to 90.93: confirmed"
    assert (
        entry.findtext(f"{atom}summary") == f"Observed on 14 April 2025: ISO 37101:2016 {SENTENCE}."
    )
    assert entry.find(f"{atom}link").get("href") == "../standards/iso-37101-2016.html"


def test_the_feed_has_full_addresses_where_the_site_has_one(folder):
    out, _ = build(folder, PAGES, html_baseurl="https://handbook.example/en/")
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.parse(out / "data" / "changes.atom")
    links = {link.get("rel", ""): link.get("href") for link in feed.findall(f"{atom}link")}
    assert links["self"] == "https://handbook.example/en/data/changes.atom"
    entries = {link.get("href") for link in feed.findall(f"{atom}entry/{atom}link")}
    assert "https://handbook.example/en/standards/iso-37101-2016.html" in entries


def test_other_editions_have_the_list_without_the_feed(folder):
    out, warnings = build(folder, PAGES, builder="text")
    text = " ".join((out / "standards" / "changes.txt").read_text("utf-8").split())
    assert (warnings, SENTENCE in text, "Atom" in text) == ("", True, False)
    assert not (out / "data").exists()


def test_a_list_can_be_short(folder):
    out, _ = build(
        folder,
        {**PAGES, "standards/changes.md": "# What changed\n\n:::{changes}\n:months: 1\n:::\n"},
        builder="text",
    )
    text = (out / "standards" / "changes.txt").read_text("utf-8")
    assert text.count("-[ ") == 1


def test_a_stub_is_a_page_that_builds_without_a_warning(folder):
    page = {"standards/iso-37101-2016.md": stubs.text("ISO 37101:2016", date(2025, 6, 2))}
    out, warnings = build(
        folder,
        {
            **PAGES,
            "index.md": "# Handbook\n\n:::{toctree}\nstandards/changes\nbibliography\n:::\n",
            **page,
        },
    )
    assert warnings == ""
    assert stubs.NOTE in (out / "standards" / "iso-37101-2016.html").read_text("utf-8")
