"""Write the new address of a moved link, in the form in which the old one is written.

The new address comes from a host and is not trusted: it is escaped for every place in which it may
be written, and a change is made only if the file, read again, has the new link in place of the old
one and is otherwise the same.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

from handbook.linkcheck import address, collect
from handbook.model.pages import parse_page
from handbook.rules.findings import Fix

#: How an address may be written in a source: literally, or as in HTML, BibTeX or JSON, or with the
#: letters that its readers see.
_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: html.escape(text, quote=False),
    lambda text: re.sub(r"([&%#_$])", r"\\\1", text),
    lambda text: text.replace("/", "\\/"),
    unquote,
)


#: Characters that control a terminal, and that no page needs in its address.
_CONTROLS = re.compile(r"(?i)%(?:[01][0-9a-f]|7f)")
#: Parameters that identify a visit, not a page.
_SESSION = re.compile(
    r"(?i)[;?&/](?:jsessionid|phpsessid|aspsessionid\w*|(?:php|asp)?_?session_?(?:id)?|sid|cfid|cftoken)="
    r"|/\([SAF]\([\w-]{10,}\)\)"
)


def for_sources(new: str) -> str:
    """Return an address in a form that any source can hold; empty if none should have it.

    Characters that may end a field, a text or a link are escaped.
    """
    text = quote(new, safe="/:?#@!$&+*,;=%-._~()")
    if text.count("(") != text.count(")") or re.search(r"\)[^(]*\(", text):
        text = text.replace("(", "%28").replace(")", "%29")
    unfit = _SESSION.search(text) or _CONTROLS.search(text) or address.read(text).problem
    return "" if unfit else text


def write_address(lines: list[str], fix: Fix) -> bool:
    """Change the lines of a file, and return whether the old address was found.

    It is at its place, or later in the line (the place of raw HTML is that of its tag), or where
    Markdown defines it.
    """
    before = _content(lines, fix.place.path)
    gone, come = (address.read(text).key for text in (fix.old, fix.new))
    for form in _FORMS:
        old = re.escape(form(fix.old))
        for new in dict.fromkeys(make(fix.new) for make in (form, *_FORMS) if make is not unquote):
            draft = lines[:]
            if not (_at_place(draft, fix, old, new) or _in_definitions(draft, old, new)):
                break
            after = _content(draft, fix.place.path)
            changed = before[gone] - after[gone]
            if before + Counter({come: changed}) == after + Counter({gone: changed}):
                lines[:] = draft
                return True
    return False


def _content(lines: list[str], name: str) -> Counter[str]:
    """Return what must stay the same in a file: its links by their keys, and the fields of its
    sources.
    """
    text = "\n".join(lines)
    if name.endswith(".bib"):
        fields = (
            f"{key} {field}" for key, some, _ in collect.entries(text, name) for field, _ in some
        )
        links = collect.bib_links(text, name)
        return Counter([*fields, *(address.read(link.text).key for link in links)])
    if name.endswith(".md"):
        links = collect.page_links(parse_page(Path(name), text.encode()), name)
    else:
        links = collect.data_links(text, name)
    return Counter(address.read(link.text).key for link in links)


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
