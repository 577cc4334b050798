"""Every small project builds without a warning for every builder, and its pages hold together."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import pytest

from support import ROOTS
from support.projects import Build

#: The others serve other tests; that of everything has elements of further extensions.
#: "pdf" and "everything" need more extensions than the others; tests/pdf builds them.
CASES = sorted(
    {path.name for path in ROOTS.iterdir() if path.is_dir()} - {"references", "pdf", "everything"}
)

_HREF = re.compile(r'<(?:a|link)\b[^>]*? href="([^"]*)"')
_ID = re.compile(r'<[^>]*? id="([^"]*)"')


@pytest.mark.parametrize("builder", ["html", "dirhtml", "latex", "text", "epub"])
@pytest.mark.parametrize("case", CASES)
def test_no_warning(built: Build, case: str, builder: str) -> None:
    assert built(case, builder).warnings == []


def pages(built: Build, case: str, builder: str) -> dict[Path, str]:
    return {
        path: path.read_text("utf-8")
        for path in built(case, builder).out.rglob("*.html")
        if "_static" not in path.parts
    }


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
@pytest.mark.parametrize("case", CASES)
def test_each_link_within_the_handbook_leads_to_a_page_and_an_anchor(
    built: Build, case: str, builder: str
) -> None:
    texts = pages(built, case, builder)
    ids = {path: {unescape(id_) for id_ in _ID.findall(text)} for path, text in texts.items()}
    dead, seen = [], 0
    for page, text in texts.items():
        for link in map(unescape, _HREF.findall(text)):
            address, anchor = urldefrag(link)
            if address.startswith(("http:", "https:")):
                continue
            seen += 1
            # Only the page for lost addresses, which is shown at any depth, counts from the root.
            folder = (
                built(case, builder).out
                if address.startswith("/") and page.name == "404.html"
                else page.parent
            )
            target = (
                folder / unquote(address.partition("?")[0]).removeprefix("/") if address else page
            )
            target = (target / "index.html" if target.is_dir() else target).resolve()
            if not target.exists() or (anchor and unquote(anchor) not in ids[target]):
                dead.append(f"{page.name}: {link}")
    assert (dead, seen > 0) == ([], True)


@pytest.mark.parametrize("case", CASES)
def test_no_page_has_two_elements_of_one_id(built: Build, case: str) -> None:
    for path, text in pages(built, case, "html").items():
        ids = _ID.findall(text)
        assert sorted(ids) == sorted(set(ids)), path.name


@pytest.mark.parametrize("case", CASES)
def test_no_label_is_defined_twice_in_latex(built: Build, case: str) -> None:
    labels = [
        part.split("}}")[0] for part in built(case, "latex").tex.split(r"\label{\detokenize{")[1:]
    ]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize("case", CASES)
def test_each_page_of_a_book_is_well_formed(built: Build, case: str) -> None:
    """Readers of EPUB show nothing of a page with one unclosed tag."""
    found = sorted(built(case, "epub").out.glob("**/*.xhtml"))
    assert found
    for path in found:
        ElementTree.parse(path)
