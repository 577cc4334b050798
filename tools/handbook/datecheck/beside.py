"""P027 to P029: files beside the pages that other programs read: lists of names, the citation,
translated words.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Set
from datetime import date
from functools import partial
from pathlib import Path

from babel.messages.pofile import PoFileError, read_po

from handbook.datecheck.tree import Tree, data_of
from handbook.model import ledger, published, shapes
from handbook.model.moved import NAME
from handbook.model.placed import Data
from handbook.model.translations import PO_LINE, twice
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import rule

_NAME = r"[\w.-]+(?:/[\w.-]+)*"
#: What each list of published names contains, by its kind, and an example.
_NAMES = {
    "anchors": (re.compile(rf"{_NAME}#[^\s#]+"), "club/founding#the-founding"),
    "keys": (re.compile(r"[^\s{},\"#%'()=~\\]+"), "cqn2024founding"),
    "milestones": (re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"), "isscc-founding-2017"),
    "pages": (re.compile(_NAME), "club/founding"),
}


def _text(path: Path) -> str | None:
    """Return the text of a file; ``None`` if there is none, or it is not UTF-8."""
    try:
        return data_of(path).decode("utf-8-sig") if path.is_file() else None
    except UnicodeDecodeError:
        return None


@rule("P027")
def published_names(tree: Tree) -> Iterator[Finding]:
    """The lists of published names have one name a line, sorted, each once, and none has vanished;
    the ledger of facts has one fact a line.
    """
    for path in sorted((tree.root / published.LISTS).glob("*")):
        name = tree.path(path)
        if path.name == ledger.NAME:
            look, data = partial(_ledger, path, tree.root), data_of(path)
            # an unreadable file yields the same as an empty one
            yield from tree.known.once("P027", (name, data), look) if data else look()
            continue
        if path.stem not in _NAMES or path.suffix != ".txt":
            lists = ", ".join([*(f"{kind}.txt" for kind in _NAMES), ledger.NAME])
            hint = f"delete it, or give it its right name: {lists}"
            yield Finding(Place(name), "P027", "nothing reads this file", hint)
            continue
        text = _text(path)
        if text is None:
            yield Finding(Place(name), "P027", "the list is not UTF-8", "save it as UTF-8")
            continue
        listed = partial(_listed, name, text, *_NAMES[path.stem])
        yield from tree.known.once("P027", (name, text), listed)
        yield from _vanished(tree, path.stem, name, text.splitlines())


def _ledger(path: Path, root: Path) -> list[Finding]:
    return ledger.read(path, root)[1]


def _vanished(tree: Tree, kind: str, path: str, lines: list[str]) -> Iterator[Finding]:
    """Find published names that have vanished; for anchors only the built pages know all."""
    now: dict[str, Set[str]] = {
        "keys": tree.bibliography.sources.keys(),
        # an incomplete one exists, too
        "milestones": {told.block.value("name") for told in tree.milestones},
        "pages": tree.page_names.keys(),
    }
    unread = any(
        one.code in {"P001", "P003", "P005"} for page in tree.pages for one in page.findings
    )
    if kind not in now or (kind == "milestones" and unread):
        return
    gone = set(published.vanished(kind, set(lines), now[kind], tree.moves))
    for number, line in enumerate(lines, 1):
        if line in gone and _NAMES[kind][0].fullmatch(line):
            hint = f"bring it back, or redirect its address in docs/{NAME}"
            message = f"{line} was published, and has vanished"
            yield Finding(Place(path, number), "P027", message, hint, line)


def _listed(path: str, text: str, form: re.Pattern[str], example: str) -> Iterator[Finding]:
    before = ""
    hint = "restore the list: git checkout -- references, then run tools/check_names.py --write"
    if not text:
        yield Finding(Place(path), "P027", "the list is empty", hint)
    for number, line in enumerate(text.splitlines(), 1):
        place = Place(path, number)
        if not form.fullmatch(line):
            wrong = f"{line[:40]!r} is not such a name" if line.strip() else "the line is empty"
            yield Finding(place, "P027", wrong, f"write one name, such as {example}", line)
        elif line == before:
            yield Finding(place, "P027", f"{line} appears twice", "delete one of the two", line)
        elif line < before:
            hint = f"sort the list: {line} comes before {before}"
            yield Finding(place, "P027", f"{line} is out of order", hint, line)
            continue
        else:
            before = line


@rule("P028")
def citation_file(tree: Tree) -> Iterator[Finding]:
    """CITATION.cff states who made the handbook, its title, and when it was published."""
    path = tree.root / "CITATION.cff"
    if not path.exists():
        return
    name, text = tree.path(path), _text(path)
    if text is None:
        yield Finding(Place(name), "P028", "the file is not UTF-8", "save it as UTF-8")
        return
    look = partial(_citation_file, name, text, tree.as_of)
    yield from tree.known.once("P028", (name, text, tree.as_of.isoformat()), look)


def _citation_file(name: str, text: str, as_of: date) -> Iterator[Finding]:
    data = Data(text)
    slips = data.slips or list(data.misfits(shapes.CITATION))
    for slip in slips:
        yield Finding(Place(name, slip.line, slip.column), "P028", slip.message, slip.hint)
    day = None if slips else data.value.get("date-released")
    if day and str(day) > as_of.isoformat():
        place = Place(name, *data.place(("date-released",)))
        message = f"the handbook was published on {day}, which is in the future (as of {as_of})"
        yield Finding(place, "P028", message, "write the true day", str(day))


@rule("P029")
def translated_words(tree: Tree) -> Iterator[Finding]:
    """The files of translated words can be read, and each translation fits its words."""
    for path in sorted((tree.root / "tools").glob("handbook/*/locale/*/*/*.po")):
        name, text = tree.path(path), _text(path)
        if text is None:
            yield Finding(Place(name), "P029", "the file is not UTF-8", "save it as UTF-8")
        else:
            look = partial(_translations, name, text)
            yield from tree.known.once("P029", (name, text), look)


def _translations(name: str, text: str) -> Iterator[Finding]:
    quotes = 'write msgid or msgstr, a space and the words in quotation marks: msgstr "words"'
    lines = text.splitlines()
    odd = [at for at, line in enumerate(lines, 1) if not PO_LINE.fullmatch(line)]
    for number in odd:
        message = f"{lines[number - 1].strip()[:40]!r} is not a line of such a file"
        yield Finding(Place(name, number), "P029", message, quotes)
    if odd:
        return
    try:
        catalog = read_po(io.BytesIO(text.encode()), abort_invalid=True)
    except PoFileError as error:
        yield Finding(
            Place(name, error.lineno + 1), "P029", re.sub(r" on \d+$", "", str(error)), quotes
        )
        return
    for number, message, hint in twice(lines):
        yield Finding(Place(name, number), "P029", message, hint)
    for one in catalog:
        if not one.id:
            continue
        words = one.id if isinstance(one.id, str) else one.id[0]
        # Babel counts from the comment above
        at = next((at for at in range(one.lineno or 1, len(lines)) if "msgstr" in lines[at]), 0) + 1
        if one.fuzzy:
            message, hint = f"{words!r} is marked fuzzy", "read it, and delete the mark"
            yield Finding(Place(name, at), "P029", message, hint, words)
        elif not one.string:
            hint = "write the translation between the quotation marks of msgstr"
            yield Finding(Place(name, at), "P029", f"{words!r} is not translated", hint, words)
        elif any(one.check()) or (
            isinstance(one.string, str) and not _holes(words) <= _holes(one.string)
        ):
            message, hint = (
                f"the translation does not fit {words!r}",
                "write each %(name)s as there",
            )
            yield Finding(Place(name, at), "P029", message, hint, words)


def _holes(words: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]", words))
