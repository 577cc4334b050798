"""The names on which others may rely, compared with the lists of all names ever published.

Bibliography keys, milestone names, page addresses and the anchors of the built pages are promises:
links, exports and calendars depend on them. The lists are
``references/published/{keys,milestones,pages,anchors}.txt``. Nothing is ever removed from them: a
name that has vanished comes back, or a line of ``docs/moved.yaml`` redirects its address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from handbook import files
from handbook.model import moved
from handbook.model.bibliography import Bibliography
from handbook.model.moved import Address, Moves
from handbook.model.pages import read_pages

#: The folder of the lists, below the root.
LISTS = "references/published"
KINDS = ("anchors", "keys", "milestones", "pages")

NOTHING_MOVED = Moves({})
#: What a reader can link to: a part with a permalink, a milestone, the facts of a standard, a
#: source.
_LINKABLE = re.compile(
    r'<a class="headerlink" href="#([^"]+)"|<article [^>]*class="hb-milestone"[^>]* id="([^"]+)"'
    r'|<div class="[^"]*\bhb-standard\b[^"]*" id="([^"]+)"|<div class="citation" id="([^"]+)"',
)
#: Numbered anchors lead to another place whenever something is added before them.
_NUMBERED = re.compile(r"(?:id|term-)\d+")


def present(root: Path, html: Path | None = None) -> dict[str, Set[str]]:
    """Return the names of the handbook in ``root`` by kind: ``keys``, ``milestones``, ``pages``
    (without ``.md``).

    :param html: the folder of the built pages; with it also ``anchors``, each ``page#anchor``
    """
    docs = root / "docs"
    pages = read_pages(docs)
    names = {page.path.relative_to(docs).with_suffix("").as_posix() for page in pages}
    found: dict[str, Set[str]] = {
        "keys": Bibliography.load((root / "references").glob("*.bib")).sources.keys(),
        "milestones": {
            milestone.name
            for page in pages
            for _block, milestone, _problems in page.milestones()
            if milestone
        },
        "pages": names,
    }
    if html is None:
        return found
    known = promised(root)["anchors"]
    moves = moved.load(docs / moved.NAME)
    hops = (moves.next_hop(address) for name in known if (address := Address.parse(name)))
    return {"anchors": anchors(html, names, known | {str(hop) for hop in hops if hop}), **found}


def anchors(html: Path, pages: Iterable[str], promised: Iterable[str] = ()) -> set[str]:
    """Return ``page#anchor`` for each place of these built pages that the page offers as a link.

    :param promised: anchors that count even where the page has them without offering them
    """
    texts = {
        page: path.read_text("utf-8") for page in pages if (path := html / f"{page}.html").exists()
    }
    offered = {
        f"{page}#{anchor}"
        for page, text in texts.items()
        for match in _LINKABLE.finditer(text)
        if (anchor := next(filter(None, match.groups()))) and not _NUMBERED.fullmatch(anchor)
    }
    return offered | {
        name
        for name in promised
        for page, _, anchor in [name.partition("#")]
        if name not in offered and f' id="{anchor}"' in texts.get(page, "")
    }


def promised(root: Path) -> dict[str, set[str]]:
    """Return the names on the lists by kind; empty where there is no list yet."""
    paths = {kind: root / LISTS / f"{kind}.txt" for kind in KINDS}
    return {
        kind: set(path.read_text("utf-8", "replace").split()) if path.is_file() else set()
        for kind, path in paths.items()
    }


def differences(
    now: Mapping[str, Set[str]], then: Mapping[str, Set[str]], moves: Moves = NOTHING_MOVED
) -> list[str]:
    """Return one line for each name that is not on its list, or has vanished without a new address.

    :param moves: the redirects of ``docs/moved.yaml``
    """
    return [
        line
        for kind in now
        for line in (
            *(
                f"{kind}: {name} has vanished; it was published: bring it back, or redirect its"
                f" address in docs/{moved.NAME}"
                for name in vanished(kind, then[kind], now[kind], moves)
            ),
            *(
                f"{kind}: {name} is new; run: python tools/check_names.py"
                f" --write{' --html build/html' if kind == 'anchors' else ''}"
                for name in sorted(now[kind] - then[kind])
            ),
        )
    ]


def vanished(
    kind: str, then: Iterable[str], now: Set[str], moves: Moves = NOTHING_MOVED
) -> list[str]:
    """Return the names of a list that are gone and whose addresses are not redirected."""
    led_on = {address.anchor or address.page for address in moves.moves}
    pages = {
        address.page: move.new.page for address, move in moves.moves.items() if not address.anchor
    }

    def kept(name: str) -> bool:
        if kind in {"pages", "anchors"} and moves.leads_on(name):
            return True
        page, _, anchor = name.partition("#")
        # An anchor moves with its page.
        if kind == "anchors" and page in pages:
            return f"{pages[page]}#{anchor}" in now
        return {"keys": f"cite-{name}", "milestones": name}.get(kind) in led_on

    return [name for name in sorted(set(then) - now) if not kept(name)]


def listed(names: Set[str]) -> str:
    """Return a list as its file holds it: sorted, one name per line."""
    return "".join(f"{name}\n" for name in sorted(names))


def write(root: Path, now: Mapping[str, Set[str]]) -> None:
    """Add the new names to the lists."""
    before = promised(root)
    files.write(
        {
            root / LISTS / f"{kind}.txt": listed(names | before[kind]).encode("utf-8")
            for kind, names in now.items()
        }
    )
