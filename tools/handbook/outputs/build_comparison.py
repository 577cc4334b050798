"""The effect of a change on the built pages: which addresses vanish, which pages are new, which
words change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from lxml import html

from handbook.cli import HandbookError

_REFRESH = re.compile(r"\s*\d+\s*;\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
#: Numbered anchors shift whenever something is added before them.
_NUMBERED = re.compile(r"(?:id|term-|index-)\d+")
#: Files that repeat the content of the pages, or that only programs of the page itself read.
_INNER = ("_sources/", "_static/", "_images/", "pagefind/", ".")
_CONTEXT = 6
_SPOTS = 8


@dataclass(frozen=True)
class Built:
    """A built page: its words, its anchors, and where it redirects to (``None`` if it does not)."""

    words: tuple[str, ...]
    anchors: frozenset[str]
    leads_to: str | None


@dataclass
class Comparison:
    """``vanished`` are addresses that no longer lead anywhere, ``moved`` those that redirect, each
    with its target.
    """

    vanished: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    anchors: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)


def read(path: Path) -> Built:
    """Read one page of a build."""
    tree: Any = html.fromstring(
        path.read_bytes().decode("utf-8", "replace").encode("utf-8"),
        parser=html.HTMLParser(encoding="utf-8"),
    )
    refresh = tree.xpath(
        "string(//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content)"
    )
    match = _REFRESH.match(refresh)
    main = tree.xpath("//*[@role='main']") or tree.xpath("//body") or [tree]
    for idle in main[0].xpath(".//script | .//style | .//a[contains(@class, 'headerlink')]"):
        idle.drop_tree()
    text = " ".join(main[0].itertext())
    anchors = frozenset(
        anchor for anchor in main[0].xpath(".//@id") if not _NUMBERED.fullmatch(anchor)
    )
    return Built(tuple(text.split()), anchors, match[1].strip() if match else None)


def _addresses(root: Path) -> set[str]:
    names = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    return {name for name in names if not name.startswith(_INNER)}


def compare(old: Path, new: Path) -> Comparison:
    """Compare two folders of built pages.

    :raises HandbookError: if one of them is not such a folder
    """
    for folder in (old, new):
        if not (folder / "index.html").is_file():
            raise HandbookError(
                f"{folder} holds no index.html", "name a folder that make html wrote"
            )
    before, after = _addresses(old), _addresses(new)
    found = Comparison()
    for name in sorted(after - before):
        if not name.endswith(".html") or read(new / name).leads_to is None:
            found.added.append(name)
    found.vanished = sorted(before - after)
    for name in sorted(before & after):
        if not name.endswith(".html"):
            continue
        if (old / name).read_bytes() == (new / name).read_bytes():
            continue
        was, now = read(old / name), read(new / name)
        if now.leads_to is not None:
            if was.leads_to is None:
                found.moved[name] = now.leads_to
            continue
        found.anchors += [f"{name}#{anchor}" for anchor in sorted(was.anchors - now.anchors)]
        if was.words != now.words:
            found.changed[name] = list(_spots(was.words, now.words))
    return found


def _spots(was: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    """Yield each changed stretch with a few words around it: deleted words are struck through,
    added words are bold.
    """
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        parts = []
        for tag, first, last, begin, end in group:
            if tag == "equal":
                parts.append(_plain(was[first:last]))
                continue
            if last > first:
                parts.append(f"~~{_plain(was[first:last])}~~")
            if end > begin:
                parts.append(f"**{_plain(now[begin:end])}**")
        yield " ".join(parts)


def _plain(words: Sequence[str]) -> str:
    shown = [*words[:60], "…", *words[-20:]] if len(words) > 100 else words
    return re.sub(r"([\\`*_\[\]<>|~#])", r"\\\1", " ".join(shown)).replace("@", "@\u200b")


def report(found: Comparison) -> str:
    """Return the comparison as Markdown. The same builds give the same text."""
    parts = ["# What this change does to the built pages\n"]
    if not (found.vanished or found.moved or found.anchors or found.added or found.changed):
        return parts[0] + "\nNothing: no page differs in a word.\n"
    for title, names in (
        ("Addresses that lead nowhere now", found.vanished),
        ("Anchors that are gone", found.anchors),
        ("New addresses", found.added),
    ):
        if names:
            parts.append(
                f"## {title} ({len(names)})\n\n" + "".join(f"- `{name}`\n" for name in names)
            )
            if names is found.vanished:
                parts.append("Others may link to them. Bring them back, or redirect them.\n")
    if found.moved:
        parts.append(
            f"## Redirected addresses ({len(found.moved)})\n\n"
            + "".join(f"- `{name}` to `{to}`\n" for name, to in found.moved.items())
        )
    if found.changed:
        parts.append(f"## Pages with other words ({len(found.changed)})\n")
        for name, spots in found.changed.items():
            more = f"- and {len(spots) - _SPOTS} more\n" if len(spots) > _SPOTS else ""
            parts.append(
                f"### {name}\n\n" + "".join(f"- … {spot} …\n" for spot in spots[:_SPOTS]) + more
            )
    return "\n".join(parts)
