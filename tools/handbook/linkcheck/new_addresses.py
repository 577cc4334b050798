"""Write the new address of a moved link, in whichever form the old one is written."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import unquote

from handbook.rules.findings import Fix

#: How an address may be written in a source: as it is, in HTML, in BibTeX, in JSON, with the
#: letters that its readers see.
_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: html.escape(text, quote=False),
    lambda text: re.sub(r"([&%#_$])", r"\\\1", text),
    lambda text: text.replace("/", "\\/"),
    unquote,
)


def write_address(lines: list[str], fix: Fix) -> bool:
    """Change the lines of a file, and say whether the old address was found.

    It is at its place, or later in the line (the place of raw HTML is that of its tag), or where
    Markdown defines it.
    """
    for form in _FORMS:
        old = re.escape(form(fix.old))
        new = fix.new if form is unquote else form(fix.new)
        if _at_place(lines, fix, old, new) or _in_definitions(lines, old, new):
            return True
    return False


def _at_place(lines: list[str], fix: Fix, old: str, new: str) -> bool:
    line, start = lines[fix.place.line - 1], fix.place.column - 1
    quoted = re.compile(rf"(?<=[\"'=]){old}(?=[\"'\s>]|$)")
    match = re.compile(old).match(line, start) or quoted.search(line, start)
    if match:
        lines[fix.place.line - 1] = line[: match.start()] + new + line[match.end() :]
    return match is not None


def _in_definitions(lines: list[str], old: str, new: str) -> bool:
    # several links may share a definition, and the first of them has changed it
    definition = re.compile(
        rf"([ \t>]*\[[^\]]+\]:[ \t]*<?)(?:{old}|({re.escape(new)}))(?=>?(?:[ \t\r]|$))"
    )
    found = [(at, match) for at, line in enumerate(lines) if (match := definition.match(line))]
    for at, match in found:
        lines[at] = match[1] + new + lines[at][match.end() :]
    return bool(found)
