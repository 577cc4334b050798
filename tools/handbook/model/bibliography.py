"""Sources: the entries of ``references/*.bib``, with the lines on which they begin.

The files are read with pybtex's own tokenizer, the one the build uses. Fields follow biblatex:
``date`` and ``urldate`` are EDTF (``XXXX`` means that a source has no date), ``titleaddon`` is an
English gloss, ``shortauthor`` the author's name in a citation, ``langid`` a BCP 47 tag;
``keywords`` holds the tier.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from pybtex.database.input.bibtex import LowLevelParser, month_names
from pybtex.exceptions import PybtexError
from pybtex.utils import CaseInsensitiveDict

from handbook.model import edtf
from handbook.rules.findings import Finding, Place, shown

_KEY = re.compile(r"[a-z][a-z0-9-]*")
REQUIRED = ("title", "publisher", "date", "langid", "keywords")
#: The fields of an entry in the order in which they are written.
FIELDS = (
    "title",
    "titleaddon",
    "shortauthor",
    "publisher",
    "date",
    "url",
    "urldate",
    "doi",
    "langid",
    "keywords",
    "note",
)
_KNOWN = frozenset(FIELDS)
#: The year in a citation label where no date is known.
UNDATED = "n.d."
#: The ``=`` signs are aligned behind the longest name of a field.
_WIDTH = max(len(name) for name in FIELDS) + 1
#: A citation is part of a sentence; a longer name would hide the sentence.
_LABEL_LENGTH = 32
_LANGID = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")

#: Kinds of entries that look alike to readers; the first is the one nearly always meant.
KINDS = ("online", "misc", "dataset", "report", "article", "book", "software", "video")
#: LaTeX macros; before the characters listed here the backslash is BibTeX's own.
_LATEX = re.compile(r"\\(?![&%#_$])|---")
_SHOWN = ("title", "titleaddon", "shortauthor", "publisher", "note")
#: A comment, which may stand between entries.
_COMMENT = re.compile(r"(?m)^[ \t]*%.*$")


class Tier(StrEnum):
    """How close a source is to what it reports."""

    PRIMARY = "primary"
    PRESS = "press"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as read. ``line`` counts from 1; ``lines`` are those of its file, in which fields
    are found; findings write its path relative to ``root``.
    """

    key: str
    fields: Mapping[str, str]
    kind: str = KINDS[0]
    path: Path = Path("sources.bib")
    line: int = 1
    lines: Sequence[str] = ()
    root: Path | None = None

    @property
    def prefix(self) -> str:
        """Return the words with which messages name the entry."""
        return f"{self.key}: " if self.key else ""

    def place(self, name: str = "") -> Place:
        """Return the place of a field's value, or of the entry if it has no such field."""
        path = shown(self.path, self.root)
        for number in range(self.line, len(self.lines) + 1) if name else ():
            line = self.lines[number - 1]
            if match := re.search(rf"(?i)(?:^|[\s,]){name}\s*=\s*[{{\"]?", line):
                return Place(path, number, match.end() + 1)
            if number > self.line and line.startswith("@"):
                break
        return Place(path, self.line)


@dataclass(frozen=True, slots=True)
class Source:
    """One source. ``url`` is ``None`` where the publication is cited without a link."""

    key: str
    title: str
    gloss: str | None
    publisher: str
    name: str
    date: edtf.Edtf
    url: str | None
    read: edtf.Edtf | None
    language: str
    tier: Tier
    note: str | None
    entry: Entry = field(compare=False, repr=False)

    @property
    def path(self) -> Path:
        """Return the path of its file."""
        return self.entry.path

    @property
    def line(self) -> int:
        """Return the line on which its entry begins."""
        return self.entry.line

    @property
    def year(self) -> str:
        """Return the year for a citation label: ``2019``, or ``n.d.`` where no date is known."""
        return UNDATED if self.date.is_unknown else self.date.text.lstrip("./")[:4]

    @property
    def memento_url(self) -> str | None:
        """Return the address of a capture made near the source's date or, if it has none, near the
        day on which it was read.

        The form is that of the Internet Archive, which redirects to the capture nearest to the
        timestamp (it may be shortened). Whether a capture exists is not checked.
        """
        if self.url is None:
            return None
        near = self.date if self.date.precision >= edtf.Precision.YEAR else self.read
        stamp = re.sub(r"[^0-9]", "", near.text.removeprefix("../").split("/")[0]) if near else ""
        return f"https://web.archive.org/web/{stamp or '*'}/{self.url}"


class Bibliography:
    """All sources by key, and the findings about their files."""

    def __init__(self, sources: Iterable[Source], findings: Iterable[Finding] = ()) -> None:
        self.sources: Mapping[str, Source] = {source.key: source for source in sources}
        self.findings = tuple(findings)
        self.labels = labels(self.sources.values())

    @classmethod
    def load(cls, paths: Iterable[Path], root: Path | None = None) -> Bibliography:
        """Read the files; what cannot be read becomes a finding, never an exception.

        :param root: the folder to which paths in findings are relative
        """
        sources: dict[str, Source] = {}
        findings: list[Finding] = []
        urls: dict[str, str] = {}
        for path in sorted(paths):
            for entry, whole in _entries(path, root, findings):
                key = entry.key
                if entry.kind not in KINDS:
                    findings.append(_unknown_kind(entry))
                if key in sources:
                    other = sources[key]
                    message = f"the key {key!r} is already used at {other.path.name}:{other.line}"
                    hint = "give the new entry another key; a key once published stays with its"
                    finding = Finding(entry.place(), "B003", message, f"{hint} source", key)
                    findings.append(finding)
                    continue
                source, wrong = read_source(entry)
                # what a broken entry lacks was lost with the fault that is already reported
                findings.extend(wrong if whole else ())
                if source is None:
                    continue
                sources[key] = source
                if source.url and not source.note:
                    same = urls.setdefault(_same_address(source.url), key)
                    if same != key:
                        findings.append(_same_url(entry, same))
        return cls(sources.values(), findings)

    def unknown_key(self, key: str, place: Place) -> Finding:
        """Return the finding for a key that is cited but that no source has (C001)."""
        if not key:
            hint = "delete the comma, or name a key of references/*.bib"
            return Finding(place, "C001", "a key of the citation is empty", hint)
        message = f"no references/*.bib has the key {key!r}"
        return Finding(place, "C001", message, self.nearest(key), key)

    def nearest(self, key: str) -> str:
        """Return a hint for an unknown key: the nearest known one."""
        close = get_close_matches(key, self.sources, n=3, cutoff=0.6)
        if close:
            return "did you mean " + " or ".join(close) + "?"
        return "add an entry with this key to one of references/*.bib"


def labels(sources: Iterable[Source], say: Callable[[str], str] = str) -> dict[str, str]:
    """Return citation labels by key: ``CNIS 2022``, with letters, in the order of dates, then keys,
    where two would be alike.

    :param say: the words of an author or of a missing date in the reader's language
    """
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(f"{say(source.name)} {say(source.year)}", []).append(source)
    return {
        source.key: label if len(group) == 1 else label + _letters(number)
        for label, group in groups.items()
        for number, source in enumerate(sorted(group, key=lambda s: (s.date.sort_key, s.key)))
    }


def _letters(number: int) -> str:
    """Return the letters for a number: ``a`` for 0, ``z`` for 25, ``aa`` for 26."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _same_url(entry: Entry, other: str) -> Finding:
    message = f"{entry.key!r} has the same url as {other!r}"
    hint = f"cite {other} and delete this entry, or say in a note how the two differ"
    return Finding(entry.place("url"), "B011", message, hint, "url")


def _unknown_kind(entry: Entry) -> Finding:
    close = get_close_matches(entry.kind, KINDS, n=1)
    hint = f"did you mean @{close[0]}?" if close else f"write one of @{', @'.join(KINDS)}"
    message = f"{entry.key}: @{entry.kind} is not a kind of entry"
    return Finding(entry.place(), "B016", message, hint, entry.kind)


def _same_address(url: str) -> str:
    """Return what equivalent spellings of an address share: the scheme, ``www.`` and a final slash
    do not distinguish pages.
    """
    parts = urlsplit(url)
    host = parts.netloc.lower().removeprefix("www.")
    return parts._replace(scheme="", netloc=host, path=parts.path.rstrip("/")).geturl()


def _entries(
    path: Path, root: Path | None, findings: list[Finding]
) -> Iterator[tuple[Entry, bool]]:
    """Yield each entry, and whether it is complete."""
    name = shown(path, root)
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the file cannot be read: {error}"
        findings.append(Finding(Place(name), "B001", message, "save it as UTF-8"))
        return

    def report(code: str, offset: int, message: str, hint: str) -> None:
        line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
        findings.append(Finding(Place(name, line, column), code, message, hint))

    broken = 0

    def handle_error(error: PybtexError) -> None:
        nonlocal broken
        broken += 1
        at = parser.command_start
        start = text.rfind("\n", 0, at) + 1
        if text[start:at].lstrip().startswith("%"):
            message = "a comment has an @, which begins an entry"
            report("B014", start, message, "write it without the @")
            return
        if found := _slip(text, at):
            offset, message, hint = found
            line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
            known = {one.place.line for one in findings if one.place.path == name}
            if line not in known:
                findings.append(Finding(Place(name, line, column), "B002", message, hint))
            return
        place = Place(name, getattr(error, "lineno", None) or parser.lineno)
        message = f"not BibTeX: {error.args[0] if error.args else error}"
        hint = "look for a missing comma, brace or quote on this line or the one before"
        findings.append(Finding(place, "B002", message, hint))

    parser = BibParser(text, handle_error=handle_error, filename=str(path))
    lines = text.split("\n")
    before, done, known, seen, intact = len(findings), 0, 0, 0, True
    try:
        for command, body in parser:
            whole, seen = broken == seen, broken
            start, above, done = parser.command_start, done, parser.pos
            if whole and intact:  # otherwise it is what remains of a broken entry
                _between(text, above, start, report)
            intact = whole
            if command.lower() in _COMMANDS or len(body) != 2 or body[0] is None:
                continue
            key, fields = body
            known += 1
            if whole:
                _commas(text, start, done, key, parser.spans, report)
            _fields(text, start, done, fields, report)
            values = {name.lower(): _joined("".join(value)) for name, value in fields}
            line = text.count("\n", 0, start) + 1
            yield Entry(key, values, command.lower(), path, line, lines, root), whole
    except PybtexError as error:
        handle_error(error)
    if not broken:
        _between(text, done, len(text), report)
    if not known and len(findings) == before:
        report("B014", 0, "the file has no entry", "delete the file, or add an entry")


_FIELD_BEGINS = re.compile(r"(?m)^[ \t]*([A-Za-z][\w-]*)[ \t]*=[ \t]*(?=(\S))")


def _slip(text: str, start: int) -> tuple[int, str, str] | None:
    """Return the slip that made an entry unreadable, where our form shows it: offset, message,
    hint.
    """
    begin = re.compile(r"@(\w+)\s*\{([^,={}\n]*)").match(text, start)
    if not begin:
        return None
    kind, key = begin[1], begin[2].strip()
    if " " in key:
        return (
            begin.start(2),
            f"the key {key!r} has a space",
            f"write @{kind}{{{key.replace(' ', '')},",
        )
    after = re.compile(r"\n[ \t]*@\w+\s*\{").search(text, begin.end())
    end = after.start() if after else len(text)
    fields = list(_FIELD_BEGINS.finditer(text, begin.end(), end))
    for part, following in zip(fields, [*fields[1:], None], strict=False):
        value = text[part.end() : following.start() if following else end].rstrip()
        closed = bool(following) or value.endswith("}")
        if not following and closed:  # the closing brace of the entry
            value = value[:-1].rstrip()
        opened = len(re.findall(r"(?<!\\)\{", value)) - len(re.findall(r"(?<!\\)\}", value))
        if part[2] == '"' and not opened and value.rstrip(",").count('"') % 2:
            opened = 1
        if opened > 0:
            message = f"the value of {part[1]} is not closed"
            return part.end(), message, "close it with " + ("}" if part[2] == "{" else part[2])
        if not closed:
            return begin.start(), f"the entry {key} is not closed", "write } on a line below it"
    return None


_Report = Callable[[str, int, str, str], None]


def _joined(value: str) -> str:
    """Return a value on one line. Only BibTeX's own white space is folded: other spaces are part of
    the value.
    """
    return re.sub(r"[ \t\r\n]+", " ", value).strip(" ")


def _between(text: str, start: int, end: int, report: _Report) -> None:
    """Find text outside entries, which BibTeX skips silently."""
    rest = _COMMENT.sub(lambda match: " " * len(match[0]), text[start:end])
    match = re.search(r"\S", rest)
    if not match:
        return
    shown = rest.strip().split("\n")[0][:40]
    if re.match(r"[}{,]|\w+\s*=", shown):
        message, hint = f"{shown!r} is outside every entry", "look for an extra brace above it"
        match = re.search(r"\w+\s*=", rest) or match
        match = re.search(r"(?m)^[ \t]*(?=\w+\s*=)", rest) or match
    elif begin := re.match(r"(\w+)\s*\{", shown):
        message, hint = (
            f"{shown!r} is outside every entry",
            f"write @{begin[1]}{{ if an entry begins here",
        )
    else:
        message, hint = f"{shown!r} is outside every entry", "begin the line of a comment with %"
    report("B014", start + match.start(), message, hint)


def _commas(
    text: str, start: int, end: int, key: str, spans: Iterable[tuple[int, int]], report: _Report
) -> None:
    """Find missing or surplus commas that our reader tolerates and other readers do not."""
    begin = re.compile(rf"[{{(]\s*{re.escape(key)}").search(text, start, end)
    if begin is None:
        return
    after = begin.end()
    first = re.compile(r"\s*").match(text, after)
    if first and text[first.end() : first.end() + 1] not in ",})":
        report("B002", after, "no comma stands behind the key", f"write {key},")
    for _start, value_end in spans:
        if twice := re.compile(r"\s*,\s*(?=,)").match(text, value_end, end):
            report("B002", twice.end(), "two commas stand here", "delete one of the two")


def _fields(
    text: str, start: int, end: int, fields: Iterable[tuple[str, list[str]]], report: _Report
) -> None:
    """Find fields that appear twice, and LaTeX in fields that readers see."""
    seen: set[str] = set()
    for name, parts in fields:
        places = list(re.finditer(rf"(?i)(?:^|(?<=[\s,]))({name})\s*=\s*[{{\"]?", text[start:end]))
        if name.lower() in seen:
            at = start + (places[1].start(1) if len(places) > 1 else 0)
            report("B002", at, f"the field {name.lower()} appears twice", "delete one of the two")
            continue
        seen.add(name.lower())
        value = _joined("".join(parts))
        if name.lower() in _SHOWN and (match := _LATEX.search(value)):
            at = start + (places[0].end() if places else 0)
            shown = _word(value, match)
            report("B015", at, f"{name.lower()}: {shown!r} is LaTeX", f"write {_plain(shown)}")


def _word(value: str, match: re.Match[str]) -> str:
    """Return the word around a match, with the braces that belong to it."""
    start = value.rfind(" ", 0, match.start()) + 1
    end = value.find(" ", match.end())
    while end > 0 and value.count("{", start, end) > value.count("}", start, end):
        end = value.find(" ", end + 1)
    return value[start : end if end > 0 else len(value)].rstrip(".,")[:80]


def _plain(latex: str) -> str:
    """Return what LaTeX would print; of commands that pylatexenc cannot read, only the words."""
    from pylatexenc.latex2text import LatexNodes2Text  # only where there is LaTeX

    try:
        return str(LatexNodes2Text().latex_to_text(latex)).strip()
    except (AttributeError, LookupError):  # it reads no \href, and no command without its argument
        return " ".join(re.sub(r"\\[a-zA-Z]+|[\\{}]", " ", latex).split())


def read_source(entry: Entry) -> tuple[Source | None, list[Finding]]:
    """Check one entry. The source is ``None`` if it lacks a field that every citation needs.

    The subject of each finding is the name of the field.
    """
    findings = list(_form_faults(entry))
    fields = {name: unescape(value) for name, value in entry.fields.items()}
    date, read = (_read_date(entry, name, findings) for name in ("date", "urldate"))
    title, publisher = fields.get("title", ""), fields.get("publisher", "")
    tier = entry.fields.get("keywords", "")
    if date is None or not title or tier not in set(Tier) or not publisher:
        return None, findings
    name = entry.fields.get("shortauthor", publisher)
    if len(name) > _LABEL_LENGTH:
        message = f"a citation would print {name!r}, which is too long"
        findings.append(
            _fault(
                entry, "B013", "publisher", message, "add shortauthor = {...}: one to three words"
            )
        )
    source = Source(
        entry.key,
        title,
        fields.get("titleaddon") or None,
        publisher,
        unescape(name),
        date,
        fields.get("url") or None,
        read,
        entry.fields.get("langid", "en"),
        Tier(tier),
        fields.get("note") or None,
        entry,
    )
    return source, findings


def _fault(entry: Entry, code: str, name: str, message: str, hint: str) -> Finding:
    return Finding(entry.place(name), code, entry.prefix + message, hint, name)


def _read_date(entry: Entry, name: str, findings: list[Finding]) -> edtf.Edtf | None:
    text = entry.fields.get(name)
    try:
        return None if text is None else edtf.parse(text)
    except edtf.EdtfError as error:
        place, message = entry.place(name), f"{entry.prefix}{name}: {error.problem}"
        findings.append(Finding(place, "B006", message, error.hint, name, error.fix(place)))
        return None


def _form_faults(entry: Entry) -> Iterator[Finding]:
    """Yield what is wrong with the key and the fields, other than dates."""
    fields = entry.fields
    if not _KEY.fullmatch(entry.key):
        message = "the key has characters other than a-z, 0-9 and hyphens"
        hint = "write the key in lower case, beginning with a letter"
        yield _fault(entry, "B004", "", message, hint)
    unknown = sorted(fields.keys() - _KNOWN)
    meant = {
        name: get_close_matches(name, sorted(_KNOWN - fields.keys()), 1, 0.75) for name in unknown
    }
    misspelt = {close[0] for close in meant.values() if close}
    for name in REQUIRED:
        if not fields.get(name) and name not in misspelt:
            hint = f"add {name} = {{...}}"
            if name == "date":
                hint = "add date = {YYYY-MM-DD}, or date = {XXXX} if the source has no date"
            message = f"the field {name} is missing"
            yield Finding(entry.place(), "B005", entry.prefix + message, hint, name)
    for name in unknown:
        close = meant[name]
        hint = f"did you mean {close[0]}?" if close else "use one of " + ", ".join(sorted(_KNOWN))
        yield _fault(entry, "B010", name, f"the field {name} is not used here", hint)
    language, title = fields.get("langid", "en"), unescape(fields.get("title", ""))
    if not _is_language(language):
        hint = "write for example en, fr or zh-Hans"
        yield _fault(entry, "B007", "langid", f"langid {language!r} is not a BCP 47 tag", hint)
    elif (
        not fields.get("titleaddon")
        and "titleaddon" not in misspelt
        and language.split("-")[0] != "en"
        and not title.startswith("[")
    ):
        message = "the title is not English and has no gloss"
        hint = "add titleaddon = {what the title says in English}"
        yield _fault(entry, "B008", "title", message, hint)
    tier = fields.get("keywords", "")
    if tier and tier not in set(Tier):
        hint = "write keywords = {primary}, {press} or {secondary}"
        yield _fault(entry, "B009", "keywords", f"the tier {tier!r} is unknown", hint)
    if "url" in fields:
        yield from _address_faults(entry, misspelt)


def _address_faults(entry: Entry, misspelt: Collection[str]) -> Iterator[Finding]:
    if not {"urldate"} & (entry.fields.keys() | misspelt):
        hint = "add urldate = {YYYY-MM-DD}: the day the page was read"
        yield _fault(entry, "B012", "url", "the url has no urldate", hint)
    if "document-sharing" in entry.fields.get("note", ""):
        hint = "delete url and urldate, or give the publisher's own page"
        yield _fault(entry, "B017", "url", "the url leads to a document-sharing site", hint)


def _is_language(tag: str) -> bool:
    try:
        return bool(_LANGID.fullmatch(tag) and Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return False


def written(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """Return an entry in the common form. ``fields`` hold BibTeX values without their outer braces;
    unknown fields come last.
    """
    return _typed(kind, key, {name: f"{{{_joined(value)}}}" for name, value in fields.items()})


def _typed(kind: str, key: str, expressions: Mapping[str, str]) -> str:
    names = [
        *(name for name in FIELDS if name in expressions),
        *(name for name in expressions if name not in FIELDS),
    ]
    lines = [f"  {name:<{_WIDTH}}= {expressions[name]},\n" for name in names]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as its file has it: ``start`` and ``end`` are offsets, ``line`` counts from 1;
    ``expressions`` are the values as BibTeX reads them, with braces and macros.
    """

    kind: str
    key: str
    fields: Mapping[str, str]
    expressions: Mapping[str, str]
    start: int
    end: int
    line: int

    @property
    def text(self) -> str:
        """Return the entry in the common form."""
        return _typed(self.kind, self.key, self.expressions)


class BibParser(LowLevelParser):  # type: ignore[misc]
    """A parser that records where each value is; a macro is known in its own file only, in upper or
    lower case.
    """

    def __init__(self, text: str, **more: Any) -> None:
        super().__init__(text, macros=CaseInsensitiveDict(month_names), **more)
        self.spans: list[tuple[int, int]] = []

    def parse_command(self) -> Any:
        """Read what follows an ``@``."""
        self.spans = []
        return super().parse_command()

    def parse_value(self) -> None:
        """Read what follows an equals sign."""
        start = self.pos
        super().parse_value()
        self.spans.append((start, self.pos))


#: What is between two entries.
_COMMANDS = frozenset({"string", "preamble", "comment"})


def entries(text: str) -> list[Written]:
    """Return the entries of a .bib file with their places.

    :raises PybtexError: if the text is not BibTeX
    """
    found = []
    parser = BibParser(text)
    for command, body in parser:
        if len(body) == 2 and body[0] is not None and command.lower() not in _COMMANDS:
            key, fields = body
            start = parser.command_start
            line = text.count("\n", 0, start) + 1
            values = {name.lower(): "".join(value) for name, value in fields}
            if len(values) < len(fields):
                # writing the entry would lose one of the two
                raise PybtexError(f"the entry {key} of line {line} has a field twice")
            expressions = {
                name.lower(): _expression(text[slice(*span)].strip(), value)
                for (name, value), span in zip(fields, parser.spans, strict=True)
            }
            kind, end = command.lower(), parser.pos
            found.append(Written(kind, key, values, expressions, start, end, line))
    return found


def _expression(raw: str, parts: Sequence[str]) -> str:
    """Return a value in the common form; a value that is concatenated, or that has a macro or
    paragraphs, stays as typed.
    """
    if len(parts) > 1 or not (raw[0] in '{"' or raw.isdecimal()):
        return raw
    if re.search(r"\n[ \t\r]*\n", parts[0]):
        return f"{{{parts[0]}}}"
    return f"{{{_joined(parts[0])}}}"


_SPACE = " \t\r\n"


def tidied(text: str) -> str:
    """Return a .bib file in the common form: entries sorted by key, one empty line between them.
    Nothing else changes.

    Text between two entries stays above the second one, and the head of the file stays at the top.
    Where macros are defined below the first entry, the order stays.

    :raises PybtexError: if the text is not BibTeX, or cannot be put into that form
    """
    mark, text = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    found = entries(text)
    spans = zip(
        [0, *(entry.end for entry in found)], [*(entry.start for entry in found), None], strict=True
    )
    if any("\ufeff" in text[start:end] for start, end in spans):
        raise PybtexError("there is a byte order mark within the file; delete it")
    parts, done, head = [], 0, ""
    for entry in found:
        above = _paragraphs(text[done : entry.start])
        if entry is found[0]:
            head, above = _head(above)
        parts.append((entry.key, (above + "\n" if above else "") + entry.text))
        done = entry.end
    below = _paragraphs(text[done:])
    if _in_order(text, found):
        parts.sort(key=lambda part: part[0])
    blocks = [block for _key, block in parts]
    tidy = mark + "\n".join(
        [*([head + "\n"] if head else []), *blocks, *([below + "\n"] if below else [])]
    )
    if _values(entries(tidy.removeprefix(mark))) != _values(found):
        raise PybtexError("an entry would not be the same in the common form; write it by hand")
    return tidy


def _paragraphs(text: str) -> str:
    """Return the text between two entries, with at most one empty line in a row."""
    return re.sub(r"\n[ \t\r]*\n[ \t\r\n]*", "\n\n", text.strip(_SPACE))


def _head(above: str) -> tuple[str, str]:
    """Split the text above the first entry into the part about the file and the part about the
    entry.
    """
    head, _, own = above.rpartition("\n\n")
    if "@" in own or head.count("{") != head.count("}"):
        return above, ""  # a macro, or part of one
    return head, own


def _in_order(text: str, found: Sequence[Written]) -> bool:
    """Return whether entries may be reordered: no macro is defined between them."""
    bare, done = "", found[0].end if found else 0
    for entry in found[1:]:
        bare += text[done : entry.start]
        done = entry.end
    return "@" not in bare + text[done:]


def _values(found: Iterable[Written]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    return sorted(
        (
            entry.key,
            entry.kind,
            sorted((name, _joined(value)) for name, value in entry.fields.items()),
        )
        for entry in found
    )


def untidy(text: str) -> Iterator[tuple[int, str]]:
    """Yield each place where a .bib file is not in the common form: the line, from 1, and one
    sentence.

    :raises PybtexError: if the text is not BibTeX
    """
    found = entries(text)
    ordered = _in_order(text, found)
    for before, entry in zip([None, *found], found, strict=False):
        if before and ordered and entry.key < before.key:
            message = f"{entry.key} is below {before.key}, but comes before it in the order of"
            yield entry.line, f"{message} the keys"
        if text[entry.start : entry.end] != entry.text.rstrip("\n"):
            yield entry.line, f"{entry.key}: the fields are not in the common order, or not aligned"
    if re.search(r"\n{3}|\}\n@", text) or (found and not text.endswith("}\n")):
        yield (
            text.count("\n", 0, len(text.rstrip())) + 1,
            "one empty line separates the entries, and the file ends with a line end",
        )


def unescape(text: str) -> str:
    """Return a BibTeX value as plain text: without protecting braces and without the backslash
    before ``& % # _ $``.
    """
    return re.sub(r"\\([&%#_$])", r"\1", text).replace("{", "").replace("}", "")
