"""Sources: the entries of ``references/*.bib``, with the line they stand on.

The files are read with pybtex's own tokenizer, the one the build uses. Fields follow biblatex:
``date`` and ``urldate`` are EDTF (``XXXX`` says that a source bears no date), ``titleaddon`` is an
English gloss, ``shortauthor`` the name in a citation, ``langid`` a BCP 47 tag; ``keywords`` holds
the tier.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from pybtex.database.input.bibtex import LowLevelParser
from pybtex.exceptions import PybtexError

from handbook.model import edtf

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
#: Fields are aligned behind the longest name.
_WIDTH = max(len(name) for name in FIELDS) + 1
#: A citation stands in running text; a longer name than this hides the sentence.
_LABEL_LENGTH = 32
_LANGID = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
#: Kinds of entries that readers see alike; the first is what is nearly always meant.
KINDS = ("online", "misc", "dataset", "report", "article", "book", "software", "video")
#: Macros of LaTeX; the backslash before these characters is BibTeX's own.
_LATEX = re.compile(r"\\(?![&%#_$])|---")
_SHOWN = ("title", "titleaddon", "shortauthor", "publisher", "note")
#: A comment, which may stand between entries.
_COMMENT = re.compile(r"(?m)^[ \t]*%.*$")


class Tier(StrEnum):
    """How near a source stands to what it reports."""

    PRIMARY = "primary"
    PRESS = "press"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class BibliographyError:
    """What is wrong with an entry: a stable ``code`` (B###), the place, one sentence, and the way
    to fix it.
    """

    code: str
    path: Path
    line: int
    message: str
    hint: str
    #: From 1; 0 where the field that the code is about is still to be looked for.
    column: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """One entry. ``url`` is ``None`` where the publication is named without a link; ``line`` counts
    from 1.
    """

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
    path: Path
    line: int

    @property
    def year(self) -> str:
        """The year in a citation label: ``2019``, ``n.d.`` where no date is known."""
        return "n.d." if self.date.is_unknown else self.date.text.lstrip("./")[:4]

    @property
    def memento_url(self) -> str | None:
        """Where to look for a capture made near the source's date, or near the day it was read if
        it bears none.

        The address form is the Internet Archive's, which sends to the capture nearest to a possibly
        shortened timestamp. That a capture exists is not said.
        """
        if self.url is None:
            return None
        near = self.date if self.date.precision >= edtf.Precision.YEAR else self.read
        stamp = re.sub(r"[^0-9]", "", near.text.removeprefix("../").split("/")[0]) if near else ""
        return f"https://web.archive.org/web/{stamp or '*'}/{self.url}"


class Bibliography:
    """All sources by key, and what is wrong with the files."""

    def __init__(self, sources: Iterable[Source], errors: Iterable[BibliographyError] = ()) -> None:
        self.sources: Mapping[str, Source] = {source.key: source for source in sources}
        self.errors = tuple(errors)
        self.labels = labels(self.sources.values())

    @classmethod
    def load(cls, paths: Iterable[Path]) -> Bibliography:
        """Read the files; what cannot be read becomes an error of the bibliography, never an
        exception.
        """
        sources: dict[str, Source] = {}
        errors: list[BibliographyError] = []
        urls: dict[str, str] = {}
        for path in sorted(paths):
            for kind, key, fields, line, whole in _entries(path, errors):
                if kind not in KINDS:
                    close = get_close_matches(kind, KINDS, n=1) or KINDS
                    hint = f"write one of {', '.join(f'@{one}' for one in close)}"
                    if hint == f"write one of @{close[0]}":
                        hint = f"did you mean @{close[0]}?"
                    errors.append(
                        BibliographyError(
                            "B016", path, line, f"{key}: @{kind} is no kind of entry", hint
                        )
                    )
                if key in sources:
                    other = sources[key]
                    errors.append(
                        BibliographyError(
                            "B003",
                            path,
                            line,
                            f"the key {key!r} is already used at {other.path.name}:{other.line}",
                            "give the new entry another key; a key once published stays with its"
                            " source",
                        )
                    )
                    continue
                source, problems = read_source(key, fields, path, line)
                # what a broken entry lacks was lost with the fault that is found already
                errors.extend(problems if whole else ())
                if source is None:
                    continue
                sources[key] = source
                same = (
                    urls.setdefault(_same_address(source.url), key)
                    if source.url and not fields.get("note")
                    else key
                )
                if same != key:
                    errors.append(
                        BibliographyError(
                            "B011",
                            path,
                            line,
                            f"{key!r} has the same url as {same!r}",
                            f"cite {same} and delete this entry, or say in a note how the two"
                            " differ",
                        )
                    )
        return cls(sources.values(), errors)

    def nearest(self, key: str) -> str:
        """How to fix an unknown key, in a few words."""
        close = get_close_matches(key, self.sources, n=3, cutoff=0.6)
        if close:
            return "did you mean " + " or ".join(close) + "?"
        return "add an entry with this key to one of references/*.bib"


def labels(sources: Iterable[Source]) -> dict[str, str]:
    """Citation labels by key: ``CNIS 2022``, with letters in the order of dates, then keys, where
    two are alike.
    """
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(f"{source.name} {source.year}", []).append(source)
    return {
        source.key: label if len(group) == 1 else label + _letters(number)
        for label, group in groups.items()
        for number, source in enumerate(sorted(group, key=lambda s: (s.date.sort_key, s.key)))
    }


def _letters(number: int) -> str:
    """0 is ``a``, 25 ``z``, 26 ``aa``."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _same_address(url: str) -> str:
    """What two spellings of one address share: neither the scheme nor a last slash tells pages apart."""
    parts = urlsplit(url)
    return parts._replace(
        scheme="", netloc=parts.netloc.lower(), path=parts.path.rstrip("/")
    ).geturl()


def _entries(
    path: Path, errors: list[BibliographyError]
) -> Iterable[tuple[str, str, dict[str, str], int, bool]]:
    """The kind, the key, the fields and the line of each entry, and whether it is whole."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        errors.append(
            BibliographyError(
                "B001", path, 1, f"the file cannot be read: {error}", "save it as UTF-8"
            )
        )
        return

    def fault(code: str, offset: int, message: str, hint: str) -> None:
        line = text.count("\n", 0, offset) + 1
        column = offset - text.rfind("\n", 0, offset)
        errors.append(BibliographyError(code, path, line, message, hint, column))

    def handle_error(error: PybtexError) -> None:
        nonlocal parse_errors
        parse_errors += 1
        at = parser.command_start
        line = text[text.rfind("\n", 0, at) + 1 : at]
        if line.lstrip().startswith("%"):
            start = at - len(line)
            fault(
                "B014", start, "a comment has an @, which begins an entry", "write it without the @"
            )
            return
        errors.append(
            BibliographyError(
                "B002",
                path,
                getattr(error, "lineno", None) or parser.lineno,
                f"not BibTeX: {error.args[0] if error.args else error}",
                "look for a missing comma, brace or quote on this line or the one before",
            )
        )

    parser = LowLevelParser(text, handle_error=handle_error, filename=str(path))
    before, done, known, parse_errors, seen_errors = len(errors), 0, 0, 0, 0
    try:
        for command, body in parser:
            whole, seen_errors = parse_errors == seen_errors, parse_errors
            between = (done, parser.command_start)
            done = parser.pos
            _between(text, *between, fault)
            if (
                command.lower() in {"string", "preamble", "comment"}
                or len(body) != 2
                or body[0] is None
            ):
                continue
            key, fields = body
            known += 1
            _fields(text, between[1], done, fields, fault)
            line = text.count("\n", 0, between[1]) + 1
            values = {name.lower(): _joined("".join(value)) for name, value in fields}
            yield command.lower(), key, values, line, whole
    except PybtexError as error:
        handle_error(error)
    if not parse_errors:
        _between(text, done, len(text), fault)
    if not known and len(errors) == before:
        fault("B014", 0, "the file has no entry", "delete the file, or add an entry")


_Fault = Callable[[str, int, str, str], None]


def _joined(value: str) -> str:
    """A value on one line. White space is BibTeX's own: other spaces are a part of the value."""
    return re.sub(r"[ \t\r\n]+", " ", value).strip(" ")


def _between(text: str, start: int, end: int, fault: _Fault) -> None:
    """Find text outside of entries: BibTeX passes over it without a word."""
    rest = _COMMENT.sub(lambda match: " " * len(match[0]), text[start:end])
    match = re.search(r"\S", rest)
    if not match:
        return
    shown = rest.strip().split("\n")[0][:40]
    if re.match(r"[}{,]|\w+\s*=", shown):
        message, hint = f"{shown!r} stands in no entry", "look for a brace too many above it"
        match = re.search(r"\w+\s*=", rest) or match
        match = re.search(r"(?m)^[ \t]*(?=\w+\s*=)", rest) or match
    elif begin := re.match(r"(\w+)\s*\{", shown):
        message, hint = (
            f"{shown!r} stands in no entry",
            f"write @{begin[1]}{{ if an entry begins here",
        )
    else:
        message, hint = f"{shown!r} stands in no entry", "begin the line of a comment with %"
    fault("B014", start + match.start(), message, hint)


def _fields(
    text: str, start: int, end: int, fields: Iterable[tuple[str, list[str]]], fault: _Fault
) -> None:
    """Find fields that stand twice, and LaTeX in those that readers see."""
    seen: set[str] = set()
    for name, parts in fields:
        places = list(re.finditer(rf"(?i)(?:^|(?<=[\s,]))({name})\s*=\s*[{{\"]?", text[start:end]))
        if name.lower() in seen:
            at = start + (places[1].start(1) if len(places) > 1 else 0)
            fault("B002", at, f"the field {name.lower()} stands twice", "delete one of the two")
            continue
        seen.add(name.lower())
        value = _joined("".join(parts))
        if name.lower() in _SHOWN and (match := _LATEX.search(value)):
            at = start + (places[0].end() if places else 0)
            shown = _word(value, match)
            fault("B015", at, f"{name.lower()}: {shown!r} is LaTeX", f"write {_plain(shown)}")


def _word(value: str, match: re.Match[str]) -> str:
    """The word around a match, with the braces that belong to it."""
    start = value.rfind(" ", 0, match.start()) + 1
    end = value.find(" ", match.end())
    while end > 0 and value.count("{", start, end) > value.count("}", start, end):
        end = value.find(" ", end + 1)
    return value[start : end if end > 0 else len(value)].rstrip(".,")[:80]


def _plain(latex: str) -> str:
    """What LaTeX would print."""
    from pylatexenc.latex2text import LatexNodes2Text  # only where there is LaTeX

    return str(LatexNodes2Text().latex_to_text(latex)).strip()


def read_source(
    key: str,
    fields: Mapping[str, str],
    path: Path,
    line: int,
) -> tuple[Source | None, list[BibliographyError]]:
    """Check one entry. The source is ``None`` if it lacks what a citation cannot be without."""
    problems: list[BibliographyError] = []

    def problem(code: str, message: str, hint: str) -> None:
        problems.append(BibliographyError(code, path, line, f"{key}: {message}", hint))

    def read_date(field: str) -> edtf.Edtf | None:
        try:
            return edtf.parse(fields[field]) if field in fields else None
        except edtf.EdtfError as error:
            problem("B006", f"{field}: {error}", error.hint)
            return None

    if not _KEY.fullmatch(key):
        problem(
            "B004",
            "the key has other signs than a-z, 0-9 and hyphen",
            "write the key in lower case, beginning with a letter",
        )
    for field in REQUIRED:
        if not fields.get(field):
            hint = {
                "date": "add date = {YYYY-MM-DD}, or date = {XXXX} if the source bears no date"
            }.get(field, f"add {field} = {{...}}")
            problem("B005", f"the field {field} is missing", hint)
    for field in fields.keys() - _KNOWN:
        problem(
            "B010", f"the field {field} is not used here", "use one of " + ", ".join(sorted(_KNOWN))
        )
    date, read = read_date("date"), read_date("urldate")
    language = fields.get("langid", "en")
    title = unescape(fields.get("title", ""))
    gloss = unescape(fields["titleaddon"]) if fields.get("titleaddon") else None
    if not (_LANGID.fullmatch(language) and _is_language(language)):
        problem(
            "B007",
            f"langid {language!r} is not a BCP 47 tag",
            "write for example en, fr or zh-Hans",
        )
    elif not gloss and language.split("-")[0] != "en" and not title.startswith("["):
        problem(
            "B008",
            "the title is not English and has no gloss",
            "add titleaddon = {what the title says in English}",
        )
    tier = fields.get("keywords", "")
    if tier and tier not in set(Tier):
        problem(
            "B009",
            f"the tier {tier!r} is unknown",
            "write keywords = {primary}, {press} or {secondary}",
        )
    if "url" in fields and "urldate" not in fields:
        problem(
            "B012",
            "the url has no urldate",
            "add urldate = {YYYY-MM-DD}: the day the page was read",
        )
    if date is None or not title or tier not in set(Tier) or not fields.get("publisher"):
        return None, problems
    publisher = unescape(fields["publisher"])
    if len(fields.get("shortauthor", publisher)) > _LABEL_LENGTH:
        problem(
            "B013",
            f"a citation would print {fields.get('shortauthor', publisher)!r}, which is too long",
            "add shortauthor = {...}: one to three words",
        )
    return (
        Source(
            key,
            title,
            gloss,
            publisher,
            unescape(fields.get("shortauthor", publisher)),
            date,
            unescape(fields["url"]) if fields.get("url") else None,
            read,
            language,
            Tier(tier),
            unescape(fields["note"]) if fields.get("note") else None,
            path,
            line,
        ),
        problems,
    )


def _is_language(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def written(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """An entry in the common form. ``fields`` hold BibTeX values without their outer braces;
    unknown ones come last.
    """
    names = [
        *(name for name in FIELDS if name in fields),
        *(name for name in fields if name not in FIELDS),
    ]
    lines = [f"  {name:<{_WIDTH}}= {{{' '.join(fields[name].split())}}},\n" for name in names]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands in its file: ``start`` and ``end`` are offsets, ``line`` counts from 1."""

    kind: str
    key: str
    fields: Mapping[str, str]
    start: int
    end: int
    line: int


def entries(text: str) -> list[Written]:
    """The entries of a .bib file with their places.

    :raises PybtexError: if the text is not BibTeX
    """
    found = []
    parser = LowLevelParser(text)
    for command, body in parser:
        if (
            len(body) == 2
            and body[0] is not None
            and command.lower() not in {"string", "preamble", "comment"}
        ):
            key, fields = body
            values = {name.lower(): "".join(value) for name, value in fields}
            start = parser.command_start
            if len(values) < len(fields):
                # writing the entry would lose one of the two
                raise PybtexError(
                    f"the entry {key} of line {text.count(chr(10), 0, start) + 1} has a field twice"
                )
            found.append(
                Written(
                    command.lower(), key, values, start, parser.pos, text.count("\n", 0, start) + 1
                )
            )
    return found


def tidied(text: str) -> str:
    """A .bib file in the common form: entries by their keys, an empty line between them. Nothing
    else changes.

    What stands between entries stays above the entry that follows.

    :raises PybtexError: if the text is not BibTeX
    """
    parts, done = [], 0
    for entry in entries(text):
        above = text[done : entry.start].strip()
        parts.append(
            (
                entry.key,
                (above + "\n" if above else "") + written(entry.kind, entry.key, entry.fields),
            )
        )
        done = entry.end
    below = text[done:].strip()
    blocks = [block for _key, block in sorted(parts, key=lambda part: part[0])]
    return "\n".join([*blocks, *([below + "\n"] if below else [])])


def untidy(text: str) -> Iterator[tuple[int, str]]:
    """Each place where a .bib file is not in the common form: the line from 1, and one sentence.

    :raises PybtexError: if the text is not BibTeX
    """
    found = entries(text)
    for before, entry in zip([None, *found], found, strict=False):
        if before and entry.key < before.key:
            yield (
                entry.line,
                (
                    f"{entry.key} stands below {before.key}, but comes before it in the order of"
                    " the keys"
                ),
            )
        if text[entry.start : entry.end] != written(entry.kind, entry.key, entry.fields).rstrip(
            "\n"
        ):
            yield entry.line, f"{entry.key}: the fields are not in the common order, or not aligned"
    if re.search(r"\n{3}|\}\n@", text) or (found and not text.endswith("}\n")):
        yield (
            text.count("\n", 0, len(text.rstrip())) + 1,
            "one empty line parts the entries, and the file ends with a line end",
        )


def unescape(text: str) -> str:
    """Plain text of a BibTeX value: without protecting braces and without the backslash before
    ``& % # _ $``.
    """
    return re.sub(r"\\([&%#_$])", r"\1", text).replace("{", "").replace("}", "")
