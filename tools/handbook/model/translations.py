"""The handbook in other languages: gettext catalogues of the strings of its pages and data.

A string is a paragraph, a heading, a cell of a table, or words in a directive or in the head of a
page, on one line. Each page has a catalogue of its own, ``docs/locales/zh_CN/LC_MESSAGES`` and the
page's path, with its strings in the order of the page. A page is translated before it is parsed:
its strings are replaced in place, and everything else in it stays as it is.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from handbook.model import proofreading
from handbook.model.pages import Page, Passage
from handbook.model.proofreading import Proofread, Reading
from handbook.model.scripts import HAN
from handbook.rules.findings import Finding, Place, shown

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

#: The rule for faults in the form of a catalogue.
UNREADABLE = "Z001"
#: The folder of the catalogues within ``docs``.
FOLDER = "locales"
#: The folder of each further edition within the site, by Sphinx's code for its language.
EDITIONS = {"zh_CN": "zh"}
#: What each of them writes between references in a string without words, in which there is nothing
#: to translate.
BETWEEN = {"zh_CN": {", ": "、", "; ": "；"}}
_BETWEEN_REFERENCES = re.compile(r"(?<=`)[,;] (?=\{)")
#: Pages whose readers need English: they work on the code, or read its messages. Only their titles
#: are translated, by which other pages lead to them.
ENGLISH_ONLY = (
    "contributing/architecture",
    "contributing/code",
    "contributing/design",
    "contributing/hosting",
    "contributing/links",
    "contributing/pdf",
    "contributing/rules/",
    "contributing/search",
    "contributing/speed",
)
#: Options of directives that hold words for readers.
_WORDS = frozenset({"alt", "caption", "into", "not", "place", "short", "title"})
#: Directives whose first line is a name, though it looks like a title.
_NAMED = frozenset({"diagram", "fields", "only", "sources"})
_LATIN = re.compile(r"[A-Za-z]")
_CHINESE = re.compile(f"[{HAN}]")
#: Names and numbers that are the same in every language: ``ISO/TC 268``, ``90.93``.
_NAME = re.compile(r"[^\sA-Za-z]*[A-Z][A-Z0-9/.:–+-]*[^\sA-Za-z]*|[^A-Za-z]+")
_ENTRY = re.compile(r"(?P<words>\S.*?)\s*<[^<>]+>\s*$")
#: A line of a catalogue.
PO_LINE = re.compile(
    r"\s*|\s*#.*"
    r'|(?:(?:msgid(?:_plural)?|msgctxt|msgstr(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"\s*'
)
#: A line of a catalogue's head.
_HEAD_LINE = re.compile(r'"[A-Za-z][A-Za-z-]*:(?: .*)?"')
_PYTHON = {"python-format", "python-brace-format"}
_BEFORE = re.compile(r'^((?:#\| .*\n)+)msgid (".*")$', re.MULTILINE)
_TRANSLATION = re.compile(r'^msgstr "[^"\n]', re.MULTILINE)
_STRING = re.compile(r'^msgid "[^"\n]', re.MULTILINE)
_CLOSES = re.compile(r"\s*(?:`{3,}|:{3,})\s*")
_HEADER = (
    ("Language", "{}"),
    ("MIME-Version", "1.0"),
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Transfer-Encoding", "8bit"),
)


@dataclass(frozen=True, slots=True)
class String:
    """A string of a page. ``pieces`` are its parts with their places: line, column from 0, the
    part.

    ``kind`` is ``heading``, ``front`` for the head of a page, ``value`` for an option of a
    directive, or ``text``.
    """

    text: str
    kind: str
    pieces: tuple[tuple[int, int, str], ...]

    @property
    def line(self) -> int:
        """Return the line on which it begins."""
        return self.pieces[0][0]

    @property
    def column(self) -> int:
        """Return the column in which it begins, from 1."""
        return self.pieces[0][1] + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A string of a catalogue and its translation.

    ``fuzzy`` means that the translation belongs to ``before``, an older English string.
    """

    text: str
    translation: str
    fuzzy: bool
    before: str
    place: Place

    @property
    def stands(self) -> bool:
        """Return whether readers see it."""
        return bool(self.translation) and not self.fuzzy


@dataclass(frozen=True, slots=True)
class Translated:
    """A page in another language. ``text`` is its source; headings, from which anchors are made,
    stay English there: ``headings`` has their translations. ``waiting`` are strings without one.
    """

    text: str
    headings: Mapping[str, str] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    strings: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what a page shows is translated: the number of its strings, and of those that
    wait; and the proof-reading of the translations.

    :param had: whether the page has a catalogue
    """

    strings: int
    waiting: int
    had: bool = False
    read: Reading = None

    @property
    def done(self) -> int:
        """Return the percentage of strings that are translated, rounded down: 100 only if none is
        left.
        """
        return (self.strings - self.waiting) * 100 // self.strings if self.strings else 100

    def with_words(self, shown: Mapping[str, bool], readings: Iterable[Reading]) -> Progress:
        """Return the same with words of the data that the page shows, and whether each waits.

        :param readings: the proof-readings of their catalogues
        """
        strings, waiting = self.strings + len(shown), self.waiting + sum(shown.values())
        return replace(
            self,
            strings=strings,
            waiting=waiting,
            read=proofreading.together([self.read, *readings]),
        )


@dataclass(frozen=True, slots=True)
class Translatable:
    """A page or a file of data: the ``name`` of its catalogue, its ``path``, and its strings."""

    name: str
    path: str
    strings: tuple[String, ...]

    @classmethod
    def of(cls, name: str, page: Page) -> Translatable:
        """Return a page as translatable, by its path below ``docs`` without suffix."""
        found = strings(page)
        if not is_translated(name):
            found = [one for one in found if one.kind == "heading"][:1]
        return cls(name, page.name, tuple(found))

    @property
    def once(self) -> tuple[String, ...]:
        """Return each string at its first place."""
        return tuple({one.text: one for one in reversed(self.strings)}.values())


def one_line(text: str) -> str:
    """Return the text as catalogues have it."""
    return " ".join(text.split())


def is_translated(name: str) -> bool:
    """Return whether a page, by its path below ``docs`` without suffix, is for all languages, and
    not only its title.
    """
    return not name.startswith(ENGLISH_ONLY)


def catalogue_of(docs: Path, language: str, name: str) -> Path:
    """Return the path of the catalogue of a page."""
    return docs / FOLDER / language / "LC_MESSAGES" / f"{name}.po"


def strings(page: Page) -> list[String]:
    """Return the strings of a page, in order."""
    return _in_order(one for one in _all(page) if has_words(one))


def _in_order(strings: Iterable[String]) -> list[String]:
    return sorted(strings, key=lambda one: one.pieces[0][:2])


def _all(page: Page) -> Iterator[String]:
    if text := page.front_matter.get("description"):
        place = page.front_place("description")
        yield String(one_line(str(text)), "front", _rest(page, place))
    for passage in page.passages:
        yield from _of_passage(passage)
    for block in page.blocks:
        for option in sorted(_WORDS & block.options.keys()):
            value, place = block.value(option), block.place_of(option)
            line = page.lines[place.line - 1]
            # the place of a quoted value is that of its first character
            for start in (place.column - 2, place.column - 1):
                part = line[start:].rstrip()
                if value and _unquoted(part) == value:
                    yield String(value, "value", ((place.line, start, part),))
                    break
        if block.name == "toctree":
            for number, line in enumerate(page.lines[block.line :], block.line + 1):
                if _CLOSES.fullmatch(line):
                    break
                if match := _ENTRY.match(line):
                    yield String(match["words"], "text", ((number, 0, match["words"]),))


def _unquoted(part: str) -> str:
    """Return the value that YAML reads on one line."""
    if part[:1] not in {"'", '"'}:
        return part
    try:
        return str(yaml.safe_load(part))
    except yaml.YAMLError:  # the check reports it; what was read is all that follows the mark
        return part[1:]


def _rest(page: Page, place: Place) -> tuple[tuple[int, int, str], ...]:
    line = page.lines[place.line - 1]
    start = line.index(":") + 2
    return ((place.line, start, line[start:]),)


def _of_passage(passage: Passage) -> Iterator[String]:
    kinds = {part.kind for part in passage.within}
    if passage.kind == "title" and kinds & _NAMED:
        return
    if "eval-rst" in kinds or "code-block" in kinds:
        return
    parts = passage.text.split("\n")
    pieces = tuple(
        (line, column - 1 + len(part) - len(part.lstrip()), part.strip())
        for (_offset, line, column), part in zip(passage.rows, parts, strict=True)
    )
    if "glossary" in kinds:
        # terms are names to which other pages link; their explanations are indented
        terms = next((n for n, part in enumerate(parts) if part.startswith(" ")), len(parts))
        pieces = pieces[terms:]
    if pieces:
        kind = "heading" if passage.kind == "heading" else "text"
        yield String(one_line(" ".join(part for *_at, part in pieces)), kind, pieces)


def has_words(string: String) -> bool:
    """Return whether a string has words that another language writes differently."""
    text = re.sub(r"\{[\w:-]+\}`[^`]*`|`[^`]*`|\]\([^)]*\)", " ", string.text)
    if len(_CHINESE.findall(text)) > len(_LATIN.findall(text)):
        return False
    return any(not _NAME.fullmatch(word) for word in text.split())


def read(path: Path, root: Path | None = None) -> tuple[dict[str, Entry], list[Finding]]:
    """Return the entries of a catalogue by their English strings, and findings about its form."""
    name = shown(path, root)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}, []
    try:
        whole = _text(data)
    except UnicodeDecodeError as error:
        place = Place(name, data.count(b"\n", 0, error.start) + 1)
        hint = "save it with the encoding UTF-8"
        return {}, [Finding(place, UNREADABLE, "the catalogue is not UTF-8", hint)]
    lines = whole.split("\n")
    if misread := list(_misread_lines(name, lines)):
        return {}, misread
    try:
        catalog = _parsed(whole)
    except ValueError as error:
        said = re.sub(r" on \d+$", "", str(error))
        if at := _dated_wrongly(lines, said):
            return {}, [_misread_line(name, at, lines, in_head=True)]
        line = int(getattr(error.__cause__, "lineno", 0)) + 1
        return {}, [_misread(name, line, said)]
    faults = [
        Finding(Place(name, at), UNREADABLE, message, hint) for at, message, hint in twice(lines)
    ]
    try:
        Proofread.read(whole)
    except ValueError as error:
        at = next(
            n for n, line in enumerate(lines, 1) if proofreading.HEADER.lower() in line.lower()
        )
        message = f"{str(error)!r} is not a day and a digest"
        faults.append(Finding(Place(name, at), UNREADABLE, message, proofreading.HINT))
    return {one.text: one for one in _entries(name, whole, catalog)}, faults


def _entries(name: str, whole: str, catalog: Catalog) -> Iterator[Entry]:
    """Yield the entries of a catalogue, without its head."""
    lines, before = whole.split("\n"), _before(whole)
    for one in catalog:
        if not one.id:
            continue
        at = (one.lineno or 1) - 1
        line = next((n for n in range(at, len(lines)) if lines[n].startswith("msgstr")), at)
        text = str(one.id)
        place = Place(name, line + 1)
        yield Entry(text, str(one.string or ""), one.fuzzy, before.get(text, ""), place)


def _misread_lines(name: str, lines: list[str]) -> Iterator[Finding]:
    """Yield what is no line of a catalogue, first the places of a merge that is not finished; if
    there is none, what is no line of its head.
    """
    head = _head(lines)
    if odd := [at for at, line in enumerate(lines, 1) if not PO_LINE.fullmatch(line)]:
        merged = [_unmerged(name, at) for at in odd if lines[at - 1].startswith("<<<<<<< ")]
        yield from merged or (_misread_line(name, at, lines, at in head) for at in odd)
        return
    for at in head:
        # a long value goes on on the next line
        begins = lines[at - 2].endswith((r'\n"', 'msgstr ""'))
        if begins and not _HEAD_LINE.fullmatch(lines[at - 1]):
            yield _misread_line(name, at, lines, in_head=True)


def twice(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Yield the lines of a file of translations that begin a string for the second time, of which
    gettext reads only one: the line, a message and a hint.
    """
    first: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        own = line.startswith("msgid ") and line != 'msgid ""'
        if own and first.setdefault(line, number) != number:
            message = f"these words are translated on line {first[line]} already"
            yield number, message, "delete one of the two"


def _before(text: str) -> dict[str, str]:
    """Return the older English of fuzzy strings, which Babel writes on several lines but does not
    read.
    """
    from babel.messages.pofile import denormalize

    found = {}
    for old, new in _BEFORE.findall(text):
        whole = " ".join(line.removeprefix("#| ") for line in old.splitlines())
        found[denormalize(new)] = denormalize(whole.removeprefix("msgid "))
    return found


def _head(lines: list[str]) -> range:
    """Return the numbers of the lines of a catalogue's head, below its empty string."""
    begun = next((at for at, line in enumerate(lines, 1) if line == 'msgid ""'), len(lines))
    if begun < len(lines) and lines[begun] == 'msgstr ""':
        end = next((at for at in range(begun + 1, len(lines)) if not lines[at].strip()), len(lines))
        return range(begun + 2, end + 1)
    return range(0)


def _dated_wrongly(lines: list[str], said: str) -> int:
    """Return the line of the head with a date that Babel cannot read; 0 if there is none."""
    value = re.match(r"time data '(.*)' does not match", said)
    found = (at for at in _head(lines) if value and f": {value[1]}" in lines[at - 1])
    return next(found, 0)


def _misread_line(name: str, at: int, lines: list[str], in_head: bool) -> Finding:
    return _misread(name, at, f"{lines[at - 1].strip()[:40]!r}", in_head)


def _misread(name: str, line: int, said: str, in_head: bool = False) -> Finding:
    hint = 'write msgid or msgstr, a space and the words in quotation marks: msgstr "words"'
    if in_head:
        hint = r'write a name, a colon and its value, "Language: zh_CN\n", or delete the line'
    message = f"this line of the catalogue cannot be read: {said}"
    return Finding(Place(name, line), UNREADABLE, message, hint)


def _unmerged(name: str, line: int) -> Finding:
    hint = "keep one of the two versions, and delete the lines of marks"
    return Finding(Place(name, line), UNREADABLE, "a merge of two versions is not finished", hint)


def _text(data: bytes) -> str:
    """Return a catalogue's text: UTF-8, whatever its head says, with or without CR LF.

    :raises UnicodeDecodeError: if it is not UTF-8
    """
    return data.decode().replace("\r\n", "\n")


def _parsed(text: str) -> Catalog:
    """Return the strings of a catalogue.

    :raises ValueError: if gettext cannot read it
    """
    # Babel is slow to import, and not every run needs it.
    from babel.messages.pofile import PoFileError, read_po

    try:
        return read_po(io.StringIO(text), abort_invalid=True)
    except PoFileError as error:
        raise ValueError(str(error)) from error


def translate(
    page: Page, entries: Mapping[str, Entry], between: Mapping[str, str] | None = None
) -> Translated:
    """Return the page in the language of the entries; untranslated strings stay English.

    :param between: what that language writes between references (:data:`BETWEEN`)
    """
    lines: list[str | None] = [*page.lines]
    headings: dict[str, str] = {}
    waiting: set[str] = set()
    known: set[str] = set()
    for string in reversed(_in_order(_all(page))):
        if not has_words(string):
            if between and string.kind != "heading":
                _put_between(lines, string, between)
            continue
        known.add(string.text)
        entry = entries.get(string.text)
        if entry is None or not entry.stands:
            waiting.add(string.text)
        elif string.kind == "heading":
            headings[string.text] = entry.translation
        else:
            _put(lines, string, entry.translation)
    text = "\n".join(line for line in lines if line is not None)
    return Translated(text, headings, frozenset(waiting), len(known))


def _put(lines: list[str | None], string: String, words: str) -> None:
    """Put a translation in place of a string: all of it on the first of the string's lines."""
    if string.kind in {"front", "value"}:
        words = json.dumps(words, ensure_ascii=False)
    for number, (line, column, part) in enumerate(string.pieces):
        whole = lines[line - 1] or ""
        rest = whole[:column] + (words if not number else "") + whole[column + len(part) :]
        lines[line - 1] = rest if not number or rest.strip(" >\t") else None


def _put_between(lines: list[str | None], string: String, between: Mapping[str, str]) -> None:
    for line, column, part in string.pieces:
        whole = lines[line - 1] or ""
        end = column + len(part)
        put = _BETWEEN_REFERENCES.sub(lambda sign: between[sign[0]], whole[column:end])
        lines[line - 1] = whole[:column] + put + whole[end:]


def update(
    strings: Iterable[String],
    path: Path,
    language: str,
    known: Mapping[str, str],
    reading: Proofread | None = None,
) -> str:
    """Return the content of a catalogue, brought up to date with the strings.

    A new string takes its translation from ``known``, the strings of all pages, or from the most
    similar string that is gone; the latter is marked as fuzzy and not shown.

    :param reading: the proof-reading to enter; without one an earlier one is kept
    :raises ValueError: if the catalogue, or its line about proof-reading, cannot be read
    """
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    whole = _text(path.read_bytes()) if path.exists() else ""
    before = _before(whole)
    old = _parsed(whole) if whole else Catalog(locale=language)
    template = Catalog()
    for string in strings:
        template.add(string.text)
    old.update(template)
    old.obsolete.clear()
    new = _plain(language, reading or Proofread.read(whole))
    for message in old:
        if not message.id:
            continue
        if not message.string and str(message.id) in known:
            message.string = known[str(message.id)]
        made = new.add(
            message.id,
            message.string,
            flags=message.flags,
            # Babel mistakes the older English for a comment
            user_comments=[one for one in message.user_comments if not one.startswith("|")],
            previous_id=message.previous_id or before.get(str(message.id), ()),
        )
        made.flags -= _PYTHON  # a brace begins a role, and is no format of Python
    out = io.BytesIO()
    write_po(out, new, width=0, include_previous=True)
    return out.getvalue().decode("utf-8").lstrip("\n")


def _plain(language: str, reading: Proofread | None) -> Catalog:
    """Return an empty catalogue whose head holds nothing that changes from day to day or with
    Babel's version.
    """
    from babel.messages.catalog import Catalog

    class Plain(Catalog):
        def _get_mime_headers(self) -> list[tuple[str, str]]:
            read = [(proofreading.HEADER, str(reading))] if reading else []
            return [*((name, text.format(language)) for name, text in _HEADER), *read]

        mime_headers = property(_get_mime_headers)

    return Plain(locale=language, header_comment="", fuzzy=False)


def is_half_done(path: Path) -> bool:
    """Return whether a catalogue has translations of at least half of its strings, so that search
    engines should find it.
    """
    if not path.exists():
        return False
    text = path.read_text("utf-8", "replace")
    done = len(_TRANSLATION.findall(text)) - text.count("#, fuzzy\n")
    return done > 0 and len(_STRING.findall(text)) <= 2 * done


def standing(strings: Iterable[String], entries: Mapping[str, Entry]) -> list[tuple[str, str]]:
    """Return the strings whose translation readers see, each once, with the translation."""
    return [
        (text, entry.translation)
        for text in dict.fromkeys(one.text for one in strings)
        if (entry := entries.get(text)) and entry.stands
    ]


def known_translations(paths: Iterable[Path]) -> dict[str, str]:
    """Return the translations in all catalogues, for strings that moved from page to page."""
    found: dict[str, str] = {}
    for path in paths:
        for entry in read(path)[0].values():
            if entry.stands:
                found.setdefault(entry.text, entry.translation)
    return found
