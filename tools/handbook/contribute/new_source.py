"""A new source: its questions, what the bibliography already knows of its host, and its place in a
file.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from pybtex.exceptions import PybtexError

from handbook.contribute.asking import SMALL_WORDS, Asked, Asker, Kind, Question, RefusalError
from handbook.contribute.draft import Change, faults, load
from handbook.datecheck.tree import Tree
from handbook.linkcheck import address
from handbook.model import edtf
from handbook.model.bibliography import FIELDS, Entry, Source, Tier, entries, read_source, written

#: The longest name of a publisher that needs no shorter form in citations.
_LONG_NAME = 32
#: A source without any other fault, in which one field is tested.
_RIGHT = {
    "title": "A title",
    "publisher": "A name",
    "date": "2000",
    "langid": "en",
    "keywords": "press",
}


def host(url: str) -> str:
    """Return the host of an address without ``www.``; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def of_host(tree: Tree, url: str) -> list[Source]:
    """Return the sources of the bibliography on the same host."""
    name = host(url)
    return [
        source
        for source in tree.bibliography.sources.values()
        if name and source.url and host(source.url) == name
    ]


def _most(values: list[str]) -> str:
    return Counter(values).most_common(1)[0][0] if values else ""


def _letters(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)


def proposed_key(given: Mapping[str, str], same: list[Source], taken: set[str]) -> str:
    """Return a free key in the pattern of the others: who, the year (``nd`` without a date), a word
    of the title.

    :param same: sources of the same host, whose keys show how "who" is spelled
    """
    who = _most(
        [
            match[0]
            for source in same
            if (match := re.match(r"[a-z]+(?=\d{4})|[a-z]+(?=nd)", source.key))
        ]
    )
    who = who or "".join(_letters(given.get("shortauthor") or given.get("publisher", "")))[:12]
    if not who:
        who = "".join(_letters(host(given.get("url", "")).split(".")[0]))
    day = re.search(r"\d{4}", given.get("date", ""))
    stem = who.lstrip("0123456789-") + (day[0] if day else "nd")
    words = [
        word
        for word in _letters(given.get("titleaddon") or given.get("title", ""))
        if not SMALL_WORDS.fullmatch(word) and len(word) > 2 and not word.isdigit()
    ]
    for word in [*words, *(first + second for first, second in pairwise(words))]:
        if stem and (key := stem + word) not in taken and stem[0].isalpha():
            return key
    return ""


def _faults(field: str, codes: str, value: str) -> list[str]:
    entry = Entry("", {**_RIGHT, field: value})
    found = [finding.text for finding in read_source(entry)[1] if finding.code in codes]
    if value.count("{") != value.count("}"):
        found.append(
            f"B002 {field} opens and closes a different number of braces (hint: close each brace)"
        )
    return found


def _url_faults(tree: Tree, value: str) -> Iterator[str]:
    read = address.read(value)
    if read.problem:
        code = "L001" if read.kind is address.Kind.MALFORMED else "L002"
        yield f"{code} {read.problem} (hint: {read.hint})"
    elif read.host and _is_private(read.host):
        yield f"L003 {value} leads into a private network (hint: link to the public address)"
    elif read.kind not in {address.Kind.WEB, address.Kind.DOI, address.Kind.ISO}:
        yield (
            f"L002 {value!r} is not the address of a web page (hint: copy it from the browser; it"
            " begins with https:)"
        )
    else:
        for source in tree.bibliography.sources.values():
            if source.url and source.url.rstrip("/") == value.rstrip("/"):
                yield (
                    f"B011 this address is in the bibliography already, as {source.key}"
                    f" ({tree.path(source.path)}:{source.line}) (hint: cite {source.key}, and add"
                    " nothing)"
                )


def _is_private(host: str) -> bool:
    literal = address.as_ip(host)
    return not address.is_public(str(literal)) if literal else address.is_local_name(host)


def _date_faults(field: str, today: date, value: str) -> list[str]:
    if found := _faults(field, "B006", value):
        return found
    read = edtf.parse(value)
    if read.is_unknown or read.earliest <= today:
        return []
    return [
        (
            f"D204 {field} {value} is in the future (the check is as of {today}) (hint: correct the"
            " date)"
        )
    ]


def _key_faults(tree: Tree, value: str) -> Iterator[str]:
    for finding in read_source(Entry(value, _RIGHT))[1]:
        yield finding.text
    if other := tree.bibliography.sources.get(value):
        yield (
            f"B003 the key {value!r} is already used at {tree.path(other.path)}:{other.line} (hint:"
            " give the new entry another key)"
        )


def _file_names(tree: Tree) -> list[str]:
    return sorted(path.stem for path in (tree.root / "references").glob("*.bib"))


def _file_faults(tree: Tree, value: str) -> Iterator[str]:
    names = _file_names(tree)
    if value.removesuffix(".bib").removeprefix("references/") not in names:
        yield f"there is no references/{value}.bib (hint: use one of {', '.join(names)})"


def questions(tree: Tree, given: Mapping[str, str], today: date) -> Iterator[Question]:
    """Yield all questions in order; ``given`` grows with the answers."""
    yield Question(
        "url",
        "the address, as the browser shows it; leave it empty if there is no page to link to",
        partial(_url_faults, tree),
        needed=False,
        asked=Asked.FULLY,
    )
    same = of_host(tree, given.get("url", ""))
    yield Question(
        "title",
        "the title, in its own language, as the source writes it",
        partial(_faults, "title", "B005"),
    )
    yield Question(
        "langid",
        "the language of the title: en, fr, zh-Hans ...",
        partial(_faults, "langid", "B007"),
        proposal=_most([source.language for source in same]),
    )
    foreign = not given.get("langid", "en").startswith("en")
    yield Question(
        "titleaddon",
        "what the title says, in English",
        partial(_faults, "titleaddon", ""),
        needed=foreign,
        asked=Asked.ALWAYS if foreign else Asked.IF_GIVEN,
    )
    yield Question(
        "publisher",
        "who published it, in full",
        partial(_faults, "publisher", "B005"),
        proposal=_most([source.publisher for source in same]),
    )
    publisher = given.get("publisher", "")
    short = _most([source.name for source in same if source.publisher == publisher])
    short = "" if short == publisher else short
    is_long = len(publisher) > _LONG_NAME
    yield Question(
        "shortauthor",
        "the name in a citation: one to three words",
        partial(_faults, "shortauthor", "B013"),
        needed=is_long,
        proposal=short,
        asked=Asked.ALWAYS if is_long or short else Asked.IF_GIVEN,
    )
    yield Question(
        "date",
        "the date that the source gives, with the same precision: 2019, 2019-01, 2019-01-14; XXXX"
        " if it gives none",
        partial(_date_faults, "date", today),
    )
    yield Question(
        "urldate",
        "the day on which you read it",
        partial(_date_faults, "urldate", today),
        proposal=today.isoformat(),
        asked=Asked.ALWAYS if given.get("url") else Asked.IF_GIVEN,
    )
    yield Question(
        "keywords",
        f"how close it is to the facts: {', '.join(Tier)} (docs/sources-policy.md)",
        partial(_faults, "keywords", "B009"),
        proposal=_most([str(source.tier) for source in same]),
    )
    yield Question(
        "doi", "the DOI", partial(_faults, "doi", ""), needed=False, asked=Asked.IF_GIVEN
    )
    yield Question(
        "note",
        "what a reader must know about the source: a repost, a date inferred from elsewhere",
        partial(_faults, "note", ""),
        needed=False,
        asked=Asked.FULLY,
    )
    yield Question(
        "key",
        "the key that pages cite",
        partial(_key_faults, tree),
        proposal=proposed_key(given, same, set(tree.bibliography.sources)),
    )
    yield Question(
        "file",
        f"which bibliography: {', '.join(_file_names(tree))}",
        partial(_file_faults, tree),
        proposal=_most([source.path.stem for source in same]),
    )


def inserted(text: str, key: str, entry: str) -> tuple[str, int]:
    """Return the file with the entry before the first one whose key sorts after it, and the line on
    which the entry begins.

    :raises RefusalError: if the file is not BibTeX
    """
    try:
        later = next((one for one in entries(text) if one.key > key), None)
    except PybtexError as error:
        raise RefusalError(
            f"the file is not BibTeX: {error} (hint: run make check, and fix what it finds)"
        ) from None
    if later is None:
        above = text.rstrip("\n") + "\n\n" if text.strip() else ""
        return above + entry, above.count("\n") + 1
    start = later.start
    return text[:start] + entry + "\n" + text[start:], text.count("\n", 0, start) + 1


def read_entry(text: str) -> dict[str, str]:
    """Return the fields of the one entry in a text, and its ``key``.

    :raises RefusalError: if there is not exactly one
    """
    try:
        found = entries(text)
    except PybtexError as error:
        raise RefusalError(
            f"not BibTeX: {error} (hint: look for a missing comma, brace or quote)"
        ) from None
    if len(found) != 1:
        raise RefusalError(
            f"the text has {len(found) or 'no'} entries (hint: give one, from @online{{ to }})"
        )
    if unknown := [name for name in found[0].fields if name not in FIELDS]:
        raise RefusalError(
            f"B010 the field {unknown[0]} is not used here (hint: use one of {', '.join(FIELDS)})"
        )
    return {**found[0].fields, "key": found[0].key}


def _sure(text: str, key: str, fields: Mapping[str, str]) -> None:
    """Check the file as it would be: the new entry must contain what was answered.

    :raises RefusalError: if not
    """
    wanted = {field: " ".join(value.split()) for field, value in fields.items() if value}
    try:
        found = [entry.fields for entry in entries(text) if entry.key == key]
    except PybtexError:
        found = []
    if found != [wanted]:
        raise RefusalError(
            "an answer would be read as BibTeX (hint: leave out braces and backslashes, or close"
            " each brace after it opens)"
        )


def add(root: Path, today: date, asker: Asker, out: TextIO, spare: bool, dry: bool = False) -> None:
    """Ask for a source, check it, write it.

    :param spare: whether optional fields are left out unless they are given
    :param dry: only show what would be written
    :raises RefusalError: if it cannot be written; nothing is changed then
    """
    tree = load(root, today)
    given = dict(asker.given)
    if "url" in given:
        # first of all: nobody should answer ten questions to learn that the source exists already
        asker.answer(next(questions(tree, given, today)))
        asker.stop_at_faults()
    fields: dict[str, str] = {}
    for question in questions(tree, given, today):
        if question.wanted(given, spare):
            fields[question.name] = given[question.name] = asker.answer(question)
    asker.stop_at_faults()
    key, name = (
        fields.pop("key"),
        fields.pop("file").removesuffix(".bib").removeprefix("references/"),
    )
    kind = "online" if fields.get("url") else "misc"
    entry = written(kind, key, {field: value for field, value in fields.items() if value})
    change = Change(root)
    path = f"references/{name}.bib"
    text, line = inserted(change.read(path), key, entry)
    _sure(text, key, fields)
    change.files[path] = text
    change.promise("keys", key)
    if found := faults(change, today):
        raise RefusalError("\n".join(str(finding) for finding in found))
    if not dry:
        change.write()
    print(f"\n{path}:{line}: {'would be written' if dry else 'written'}\n\n{entry}", file=out)
    if not dry:
        print(
            f"Next: cite it, as {{cite:p}}`{key}` in a sentence or as :sources: {key} in a"
            " milestone",
            file=out,
        )


KIND = Kind(
    answers=(*FIELDS, "key", "file"),
    enough=frozenset({"title", "date", "publisher", "langid"}),
    read=read_entry,
    add=add,
)
