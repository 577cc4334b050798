"""Every small project builds without a warning for every builder, and its pages hold together."""
from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from conftest import ROOTS, Build

CASES = sorted(path.name for path in ROOTS.iterdir() if path.is_dir() and path.name != "references")


@pytest.mark.parametrize("builder", ["html", "dirhtml", "latex", "text", "epub"])
@pytest.mark.parametrize("case", CASES)
def test_no_warning(built: Build, case: str, builder: str) -> None:
    assert built(case, builder).warnings == []


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
@pytest.mark.parametrize("case", CASES)
def test_each_link_within_the_handbook_leads_to_a_page_and_an_anchor(built: Build, case: str, builder: str) -> None:
    out = built(case, builder).out
    dead, seen = [], 0
    for page in sorted(out.rglob("*.html")):
        for link in built(case, builder).soup(str(page.relative_to(out))).select("[role=main] a[href], link[href]"):
            address, anchor = urldefrag(str(link["href"]))
            if address.startswith(("http:", "https:")):
                continue
            seen += 1
            target = Path(page.parent, unquote(address.partition("?")[0])) if address else page
            target = target / "index.html" if target.is_dir() else target
            if not target.exists() or (
                anchor and not built(case, builder).soup(str(target.relative_to(out))).find(id=unquote(anchor))
            ):
                dead.append(f"{page.name}: {link['href']}")
    assert (dead, seen > 0) == ([], True)


@pytest.mark.parametrize("case", CASES)
def test_no_page_has_two_elements_of_one_id(built: Build, case: str) -> None:
    out = built(case).out
    for page in out.rglob("*.html"):
        ids = [str(element["id"]) for element in built(case).soup(str(page.relative_to(out))).select("[id]")]
        assert sorted(ids) == sorted(set(ids)), page.name


@pytest.mark.parametrize("case", CASES)
def test_no_label_is_defined_twice_in_latex(built: Build, case: str) -> None:
    labels = [part.split("}}")[0] for part in built(case, "latex").tex.split(r"\label{\detokenize{")[1:]]
    assert sorted(labels) == sorted(set(labels))
