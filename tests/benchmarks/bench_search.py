"""What the search costs a build and a reader, beside Sphinx's own; how Chinese is found, by pairs of characters and by Pagefind's words.

Run: ``python tests/benchmarks/bench_search.py``. Builds run in processes of their own; figures are processor seconds of the
whole build, children included, bytes on the wire compressed with gzip as hosts do, and counts of records found.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

from handbook.outputs import search_index  # noqa: E402
from support.browser import served  # noqa: E402
from support.programs import program  # noqa: E402

#: Pagefind finds what a page says in its own language; the pages of this test say nothing but Chinese.
FIND = """async (words) => {
  const pagefind = await import("./pagefind/pagefind.js");
  const { results } = await pagefind.search(words);
  return Promise.all(results.map(async (result) => Number((await result.data()).url.match(/(\\d+)\\.html/)[1])));
}"""


def build(out: Path, *options: str) -> float:
    """Processor seconds of one build of the handbook into ``out``; what is there already is built upon."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-b", "html", *options, ROOT / "docs", out],
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compressed(path: Path) -> int:
    data = path.read_bytes()
    return (
        len(data)
        if data[:2] == b"\x1f\x8b"
        else min(len(data), len(gzip.compress(data, 9, mtime=0)))
    )


def loaded(out: Path, words: str) -> tuple[int, int]:
    """Requests and bytes of a first search with an empty cache, beyond the page itself and what every page loads."""
    asked: set[str] = set()
    with served(out) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium", "chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on(
            "request", lambda request: asked.add(unquote(urlsplit(request.url).path).lstrip("/"))
        )
        page.goto(f"{address}/search.html?q={words}")
        page.wait_for_load_state("networkidle")
        browser.close()
    paths = [out / name for name in asked if name.startswith(("pagefind/", "_static/search."))]
    return len(paths), sum(map(compressed, paths))


def found(
    documents: Mapping[int, list[str]], queries: Iterable[str], *, pairs: bool
) -> tuple[int, int, int]:
    """How many records hold the queries, how many of them are found, and how many others."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        for number, runs in [*documents.items(), (-1, [])]:
            body = " ".join(map(search_index.in_pairs, runs)) if pairs else "，".join(runs)
            text = f'<html lang="{"en" if pairs else "zh"}"><body data-pagefind-body><p>{body}</p></body></html>'
            (folder / f"{number}.html").write_text(text, "utf-8")
        subprocess.run(
            [sys.executable, "-m", "pagefind", "--site", folder, "--silent"],
            check=True,
            capture_output=True,
        )
        browser = playwright.chromium.launch(
            executable_path=program("chromium", "chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        held = right = wrong = 0
        with served(folder) as address:
            page = browser.new_page()
            page.goto(f"{address}/-1.html")
            for query in queries:
                wanted = {
                    number
                    for number, runs in documents.items()
                    if any(query in run for run in runs)
                }
                words = search_index.in_pairs(query).replace("\u2060", "") if pairs else query
                got = set(page.evaluate(FIND, words))
                held, right, wrong = (
                    held + len(wanted),
                    right + len(wanted & got),
                    wrong + len(got - wanted),
                )
        browser.close()
    return held, right, wrong


def main() -> None:
    """Print the three tables."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    with tempfile.TemporaryDirectory() as place:
        outs = {"Sphinx": ("-D", "handbook_search=0"), "Pagefind": ()}
        print(f"{'search':10} {'build CPU s':>12} {'again CPU s':>12} {'requests':>9} {'kB':>7}")
        for name, options in outs.items():
            out = Path(place, name)
            first, again = build(out, *options), build(out, *options)
            requests, size = loaded(out, "secretariat") if name == "Pagefind" else (0, 0)
            if name == "Sphinx":
                # The page of this handbook asks Pagefind; Sphinx's own would load these.
                files = [
                    out / "searchindex.js",
                    *(
                        out / "_static" / f
                        for f in (
                            "searchtools.js",
                            "language_data.js",
                            "doctools.js",
                            "sphinx_highlight.js",
                        )
                    ),
                ]
                requests, size = (
                    len(files),
                    sum(compressed(path) for path in files if path.exists()),
                )
            print(
                f"{name:10} {first:12.1f} {again:12.1f} {requests:9} {size / 1000:7.0f}", flush=True
            )
        documents: dict[int, list[str]] = {}
        names: set[str] = set()
        pages = sorted(Path(place, "Pagefind").rglob("*.html"))
        records = [
            record
            for page in pages
            if 'role="main"' in (text := page.read_text("utf-8"))
            for record in search_index.records(text, page.name)
        ]
        for number, record in enumerate(records):
            text = " ".join(
                [
                    record.title,
                    *record.names,
                    lxml.html.fromstring(f"<div>{record.body}</div>").text_content(),
                ]
            )
            if runs := list(search_index.runs_of(text)):
                documents[number] = runs
            if record.kind is search_index.Kind.TERM:
                names |= {
                    run
                    for name in record.names
                    for run in search_index.runs_of(name)
                    if len(run) > 1
                }
    parts = {part for name in names if len(name) > 3 for part in (name[1:], name[:-1])}
    print(f"\n{'Chinese':10} {'queries':>8} {'held by':>8} {'found':>6} {'others found':>13}")
    for label, queries in (("names", sorted(names)), ("parts", sorted(parts))):
        for how, pairs in (("words", False), ("pairs", True)):
            held, right, wrong = found(documents, queries, pairs=pairs)
            print(f"{label}, {how:5} {len(queries):6} {held:8} {right:6} {wrong:13}", flush=True)


if __name__ == "__main__":
    main()
