"""When a project gets a new reference (a draft is published), change it throughout the handbook.

The page moves to its new address; directives, roles, links and our own lists name the new
reference. Prose is not touched, since it may mention the draft on purpose: the report lists it for
a person to read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from handbook.model import stubs
from handbook.model.catalogue import slug


@dataclass
class Carried:
    """``files`` are the new texts by path below the handbook's folder, ``None`` for a file that is
    deleted.

    ``moved`` are pages by their old and new path, ``left`` the lines of prose (``path:line``) that
    name the old reference.
    """

    files: dict[Path, str | None] = field(default_factory=dict)
    moved: list[tuple[Path, Path]] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)


def carry(renamed: Iterable[tuple[str, str]], texts: Mapping[Path, str]) -> Carried:
    """Replace old references by new ones in texts.

    :param renamed: the new reference by the old one
    :param texts: the Markdown pages and our lists (YAML), by path below the handbook's folder
    """
    carried = Carried()
    now: dict[Path, str] = dict(texts)
    for old, new in renamed:
        for path in list(now):
            is_stub = path == stubs.path(old) and stubs.NOTE in now[path]
            everywhere = path.suffix == ".yaml" or is_stub
            now[path] = (
                _reference(old).sub(new, now[path])
                if everywhere
                else _in_page(now[path], old, new)
                if path.suffix == ".md"
                else now[path]
            )
        before, after = stubs.path(old), stubs.path(new)
        if before in now and after not in now:
            now[after] = now.pop(before)
            carried.moved.append((before, after))
    for path, text in now.items():
        if texts.get(path) != text:
            carried.files[path] = text
    for path in texts:
        if path not in now:
            carried.files[path] = None
    for old, _new in renamed:
        found = [
            f"{path.as_posix()}:{number}"
            for path, text in sorted(now.items())
            if path.suffix == ".md"
            for number, line in enumerate(text.split("\n"), 1)
            if _reference(old).search(line)
        ]
        if found:
            carried.left[old] = found
    return carried


def _reference(reference: str) -> re.Pattern[str]:
    """Return a pattern for the reference, but not as the beginning of a longer one (an edition, an
    amendment, a part, a second ballot).
    """
    return re.compile(rf"(?<![\w/]){re.escape(reference)}(?![\w/-]|[:.]\d)")


def _in_page(text: str, old: str, new: str) -> str:
    word = _reference(old)
    text = re.sub(r"\{iso\}`[^`]*`", lambda role: word.sub(new, role[0]), text)
    text = re.sub(
        r"(?m)^([ \t>]*:{3,}\{standard\}[ \t]+)(.*)$",
        lambda line: line[1] + word.sub(new, line[2]),
        text,
    )
    return _address(slug(old)).sub(slug(new), text)


def _address(name: str) -> re.Pattern[str]:
    """Return a pattern for the page's name as the target of a link or an entry of a table of
    contents; never for the name of a milestone, which does not change.
    """
    end = rf"{re.escape(name)}(?![\w-])"
    return re.compile(
        rf"(?m)(?<=\]\(#){end}|(?<=/){end}(?=\.md)|(?<=\]\(){end}(?=\.md)|(?<=<){end}(?=>)|(?<=/){end}(?=>?["
        rf" \t]*$)|(?<=^){end}(?=[ \t]*$)"
    )
