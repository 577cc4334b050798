"""The build's reports: those of the check, and those of other projects, each fault once.

Findings of the check about the form of pages and sources are printed in its own words. Messages of
Sphinx, MyST and docutils about a contributor's mistakes get a code and a hint of ours. The check
runs once before pages are read; what directives, roles and other projects then report about the
same fault is left out.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.logging import NAMESPACE, WarningStreamHandler, get_node_location

from handbook.model.pages import Page, read_pages
from handbook.model.profiles import Profiles
from handbook.rules.findings import Finding
from handbook.rules.rule import declare
from handbook.sphinxext import project, remembered, state
from handbook.sphinxext.events import EARLY, Hook
from handbook.sphinxext.parts import report
from handbook.sphinxext.remembered import Piece

#: The rules of the check that the build applies: the form of pages and sources, not their content.
CODES = ("P", "M", "B", "C", "S", "Y", "D001", "R001", "R007")

#: What a project may permit for its own pages by ``handbook_raw``: raw text, and its own classes.
_RAW = {"P017", "P023"}

declare("Y006")


class _CheckPlace(str):
    """The place of a finding of the check, which distinguishes its warning from others."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class _Meaning:
    """The meaning of a message of another project: ``pattern`` finds it, code and hint are ours.

    The hint may use groups of the pattern. ``said_by`` are codes of the check: if it has found one
    of them on the same line, the message is about the same fault.
    """

    code: str
    pattern: re.Pattern[str]
    hint: str
    said_by: tuple[str, ...] = ()


_ANCHOR = "an anchor is a line (name)= above a heading, or the name of a milestone"
_FILE = "name a page or a file by its path, as seen from this page or, after a /, from docs/"
_CONTENTS = "add it to the {{toctree}} of docs/index.md or of the page above it"
_NAME = "look for a typing mistake; docs/contributing/style.md shows the directives and roles"
_FORM = "write options as :name: value directly below the first line, then the content"


def _meaning(code: str, pattern: str, hint: str, *said_by: str) -> _Meaning:
    return _Meaning(code, re.compile(pattern), hint, said_by)


#: The first match counts. ``tests/site/test_reported.py`` has an example of each.
MEANINGS = (
    _meaning("L101", r"cross-reference target not found: '[^'#]*[./][^'#]*'", _FILE, "P030"),
    _meaning("P016", r"cross-reference target not found|local id not found", _ANCHOR, "P016"),
    _meaning("P016", r"undefined label", _ANCHOR, "P016"),
    _meaning(
        "L101",
        r"unknown document|nonexisting document|not readable",
        _FILE,
        "P018",
        "P020",
        "P030",
    ),
    _meaning("L101", r"file not found|Include file .* not found", _FILE, "P018", "P030"),
    _meaning("P031", r"document isn't included in any toctree", _CONTENTS, "P031"),
    _meaning(
        "Y001", r"Unknown directive type|Unknown interpreted text role", _NAME, "P017", "Y001"
    ),
    _meaning(
        "Y002",
        r"Unknown option key: .*\(allowed: \[(?P<all>.*)\]\)",
        "use one of {all}",
        "P010",
        "Y002",
    ),
    _meaning("Y002", r"Invalid options? ", _FORM, "P010", "M011", "P011", "Y002", "M015"),
    _meaning(
        "Y002", r"Has content, but none permitted", "delete what stands within the block", "Y002"
    ),
    _meaning("Y002", r"argument\(s\) required", "write it behind the name: :::{{name}} argument"),
    _meaning("Y002", r"Content block expected", "write the text of the block, or delete the block"),
    _meaning(
        "Y002",
        r"uniform two-level bullet list",
        "give each row as many cells as the first",
        "cells",
    ),
    _meaning("Y002", r"Error with CSV data", "close each quotation mark of the data"),
    _meaning(
        "Y003", r"[Dd]uplicate", "give one of the two another name, or delete it", "M009", "Y003"
    ),
    _meaning(
        "Y004", r"term not in glossary", "add it to docs/glossary.md, or correct the word", "Y004"
    ),
    _meaning("Y004", r"Unknown target name", "add the footnote: [^name]: text", "Y004"),
    _meaning(
        "Y005", r"Non-consecutive header level", "add or remove a # before the heading", "Y005"
    ),
    _meaning("Y006", r"lexer name .* is not known", "name a language that Pygments knows, or text"),
    _meaning("P002", r"Malformed YAML", "put values with a colon or a date in quotes", "P002"),
)
#: Codes of our own parts for a fault that the check finds by another rule on the same line.
_ALSO = {"P008": {"P008", "P011", "P004"}, "F001": {"F001", "P015"}}
#: Faults for which others name another line than the check does: that of the whole front matter or
#: block.
_ONE_A_FILE = {"P002", "M009", "P030", "P031", "Y003"}


class Said:
    """The findings of the check: the texts of each file, the codes of each line and file."""

    def __init__(self) -> None:
        self.texts: set[tuple[str, str]] = set()
        self.codes: dict[str, set[str]] = {}
        #: The pages that are about to be read, and the files that the build will not accept.
        self.pages: dict[str, Page] = {}
        self.refused: set[str] = set()
        #: The files about which others have warned.
        self.warned: set[str] = set()

    def note(self, place: str, finding: Finding) -> None:
        file = place.rpartition(":")[0]
        self.texts.add((file, finding.text))
        for where in (place, file) if finding.code in _ONE_A_FILE else (place,):
            self.codes.setdefault(where, set()).add(finding.code)
        if finding.subject == "cells":  # others name the first line of the block
            self.codes.setdefault(file, set()).add(finding.subject)

    def at(self, place: str) -> set[str]:
        """Return the codes found at a place."""
        nothing: set[str] = set()
        return self.codes.get(place, nothing) | self.codes.get(place.rpartition(":")[0], nothing)


class _Explaining(logging.Filter):
    """Gives warnings our codes and hints, and reports each fault once."""

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__()
        self._env = env

    def filter(self, record: logging.LogRecord) -> bool:
        said = state.running(self._env).said
        if said is None or isinstance(getattr(record, "location", None), _CheckPlace):
            return True
        place, text = located(self._env, record), record.getMessage()
        here = said.at(place)
        if getattr(record, "type", "") == "handbook":
            code = getattr(record, "subtype", "")
            again = (place.rpartition(":")[0], text) in said.texts
            return not (again or here & _ALSO.get(code, {code}))
        for meaning in MEANINGS:
            if match := meaning.pattern.search(text):
                if here & set(meaning.said_by):
                    return False
                self._explain(record, meaning, text, match)
                break
        return True

    def _explain(self, record: Any, meaning: _Meaning, text: str, match: re.Match[str]) -> None:
        first, line_end, rest = text.rstrip().partition("\n")
        hint = meaning.hint.format(**match.groupdict())
        record.msg = f"%s %s (hint: %s){line_end}%s"
        record.args = (meaning.code, first.rstrip("."), hint, rest)
        record.type, record.subtype = "handbook", meaning.code


class _Remembering(logging.Filter):
    """Notes the pages whose warnings are printed; suppressed ones are not repeated."""

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__()
        self._env = env

    def filter(self, record: logging.LogRecord) -> bool:
        said = state.running(self._env).said
        if said is not None and not isinstance(getattr(record, "location", None), _CheckPlace):
            said.warned.add(re.sub(r"(:\d+)?(:<[^>]*>)?$", "", located(self._env, record)))
        return True


def located(env: BuildEnvironment, record: logging.LogRecord) -> str:
    """Return the file and the line of a warning, as Sphinx prints them."""
    location = getattr(record, "location", None)
    if isinstance(location, nodes.Node):
        return get_node_location(location) or ""
    docname, line = location if isinstance(location, tuple) else (location, None)
    if not docname or ":" in docname:
        return docname or ""
    path = str(env.doc2path(docname))
    return f"{path}:{line}" if line else path


def _listen(app: Sphinx) -> None:
    for handler in logging.getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarningStreamHandler):
            # before Sphinx counts warnings, and stops at the first if told to
            handler.filters.insert(0, _Explaining(app.env))
            handler.addFilter(_Remembering(app.env))


def _ask_the_check(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    said = state.running(env).said = Said()
    docs, handbook = Path(app.srcdir), project.of(app.config)
    root, day = docs.parent, date.fromisoformat(app.config.handbook_day)

    @cache
    def read() -> list[Page]:
        before: dict[bytes, Piece[Page]] = remembered.recall(app, "pages") or {}
        known = {digest: piece.what for digest, piece in before.items()}
        found = read_pages(docs, root, known)
        now = {digest: before.get(digest) or Piece(page) for digest, page in known.items()}
        if now != before:
            remembered.keep(app, "pages", now)
        return [page for page in found if env.path2doc(page.path) in env.found_docs]

    def profiles() -> Profiles:
        return Profiles.read(root / "references", handbook.catalogue, root)

    def ask() -> tuple[list[Finding], list[Finding]]:
        # Imported late: a build of files that the check has seen needs none of its rules.
        from handbook.datecheck import judge
        from handbook.datecheck.tree import Known, Tree

        pages = read()
        known = Known(remembered.recall(app, "judged") or {}, files[1] if files else None)
        tree = Tree(
            root,
            day,
            pages,
            handbook.bibliography,
            handbook.catalogue,
            records=handbook.records,
            profiles=remembered.once(app, "profiles", handbook.digest, profiles),
            known=known,
        )
        checked = judge.inspect(tree, CODES)
        remembered.keep(app, "judged", known.now)
        return checked.findings, checked.excepted

    files = remembered.of_project(root)
    basis = files and repr((files[0], docs, day, sorted(env.found_docs)))
    findings, excepted = remembered.once(app, "check", basis, ask)
    for finding in findings + excepted:
        place = _CheckPlace(f"{root / finding.place.path}:{finding.place.line}")
        said.note(place, finding)
        allowed = app.config.handbook_raw and finding.code in _RAW
        if not allowed and finding not in excepted:
            said.refused.add(finding.place.path)
            report(finding, place)
    if docnames:
        said.pages = {str(env.path2doc(page.path)): page for page in read()}


def _read_again(
    app: Sphinx, env: BuildEnvironment, _added: Any, _changed: Any, removed: set[str]
) -> list[str]:
    """Return pages about which the last build warned, so that remaining faults are reported
    again.
    """
    before = remembered.recall(app, "warned") or ()
    found = {env.path2doc(path) for path in before}
    return sorted(page for page in found if page in env.found_docs - removed)


def _remember_warnings(app: Sphinx, _error: Exception | None) -> None:
    said = state.running(app.env).said
    if said is not None and (said.warned or remembered.recall(app, "warned")):
        remembered.keep(app, "warned", sorted(said.warned))


HOOKS = (
    Hook("env-get-outdated", _read_again, "pages that were warned of are read again"),
    Hook("build-finished", _remember_warnings, "the next build reads again what was warned of"),
    Hook("builder-inited", _listen, "warnings get codes and hints from here on", EARLY),
    Hook("env-before-read-docs", _ask_the_check, "the check speaks before directives and roles do"),
)
