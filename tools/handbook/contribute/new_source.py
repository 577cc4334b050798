"""A new source: what is asked, what the bibliography knows of the host already, where it is put."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TextIO
from urllib.parse import urlsplit

from pybtex.exceptions import PybtexError

from handbook.contribute.asking import Asker, Kind, Question, RefusalError
from handbook.contribute.draft import Change, faults, load
from handbook.datecheck.tree import Tree
from handbook.linkcheck import address
from handbook.model import edtf
from handbook.model.bibliography import FIELDS, Source, Tier, entries, read_source, written

#: A source that is right in all that is not being asked.
_RIGHT = {
    "title": "A title",
    "publisher": "A name",
    "date": "2000",
    "langid": "en",
    "keywords": "press",
}
_STOP = frozenset(
    {
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "has",
        "in",
        "into",
        "is",
        "its",
        "of",
        "on",
        "or",
        "that",
        "the",
        "to",
        "was",
        "were",
        "with",
    }
)


def host(url: str) -> str:
    """The host of an address without ``www.``; empty if it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def of_host(tree: Tree, url: str) -> list[Source]:
    """The sources of the bibliography on the same host."""
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
    """A free key after the pattern of the others: who, the year (``nd`` without date), a word of
    the title.

    :param same: sources of the same host, whose keys tell how "who" is written
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
        if word not in _STOP and len(word) > 2 and not word.isdigit()
    ]
    for word in [*words, *(first + second for first, second in pairwise(words))]:
        if stem and (key := stem + word) not in taken and stem[0].isalpha():
            return key
    return ""


def questions(tree: Tree, given: Mapping[str, str], today: date, spare: bool) -> Iterator[Question]:
    """The questions in their order; ``given`` grows with the answers. ``spare``: leave out what may
    stay empty.
    """

    def problems(field: str, value: str, code: str) -> list[str]:
        found = read_source("key", {**_RIGHT, field: value}, Path("sources.bib"), 1)[1]
        faults = [
            f"{problem.code} {problem.message.removeprefix('key: ')} (hint: {problem.hint})"
            for problem in found
            if problem.code in code
        ]
        if value.count("{") != value.count("}"):
            faults.append(
                f"B002 {field} opens and closes a different number of braces (hint: close each"
                " brace)"
            )
        return faults

    def url_problems(value: str) -> list[str]:
        read = address.read(value)
        if read.problem:
            return [
                (
                    f"{'L001' if read.kind is address.Kind.MALFORMED else 'L002'} {read.problem} (hint:"
                    f" {read.hint})"
                )
            ]
        literal = address.as_ip(read.host) if read.host else None
        if read.host and (
            not address.is_public(str(literal)) if literal else address.is_local_name(read.host)
        ):
            return [f"L003 {value} leads into a private network (hint: link to the public address)"]
        if read.kind not in {address.Kind.WEB, address.Kind.DOI, address.Kind.ISO}:
            return [
                (
                    f"L002 {value!r} is not the address of a web page (hint: copy it from the browser;"
                    " it begins with https:)"
                )
            ]
        same = next(
            (
                source
                for source in tree.bibliography.sources.values()
                if source.url and source.url.rstrip("/") == value.rstrip("/")
            ),
            None,
        )
        if same:
            place = f"{tree.path(same.path)}:{same.line}"
            return [
                (
                    f"B011 this address is in the bibliography already, as {same.key} ({place}) (hint:"
                    f" cite {same.key}, and add nothing)"
                )
            ]
        return []

    def date_problems(field: str) -> object:
        def check(value: str) -> list[str]:
            found = problems(field, value, "B006")
            if (
                not found
                and (read := edtf.parse(value))
                and not read.is_unknown
                and read.earliest > today
            ):
                found = [
                    (
                        f"D204 {field} {value} is in the future (the check is as of {today}) (hint:"
                        " correct the date)"
                    )
                ]
            return found

        return check

    def key_problems(value: str) -> list[str]:
        found = [
            f"{problem.code} {problem.message} (hint: {problem.hint})"
            for problem in read_source(value, _RIGHT, Path("sources.bib"), 1)[1]
        ]
        if other := tree.bibliography.sources.get(value):
            found.append(
                f"B003 the key {value!r} is already used at {tree.path(other.path)}:{other.line}"
                " (hint: give the new entry another key)"
            )
        return found

    def file_problems(value: str) -> list[str]:
        names = sorted(path.stem for path in (tree.root / "references").glob("*.bib"))
        return (
            []
            if value.removesuffix(".bib").removeprefix("references/") in names
            else [f"there is no references/{value}.bib (hint: use one of {', '.join(names)})"]
        )

    if not spare or "url" in given:
        yield Question(
            "url",
            "the address, as the browser shows it; empty for a source that has no page to link to",
            url_problems,
            needed=False,
        )
    same = of_host(tree, given.get("url", ""))
    yield Question(
        "title",
        "the title, in its own language, as the source writes it",
        lambda value: problems("title", value, "B005"),
    )
    yield Question(
        "langid",
        "the language of the title: en, fr, zh-Hans ...",
        lambda value: problems("langid", value, "B007"),
        proposal=_most([source.language for source in same]),
    )
    language = given.get("langid", "en")
    if not language.startswith("en") or "titleaddon" in given:
        yield Question(
            "titleaddon",
            "what the title says, in English",
            lambda value: problems("titleaddon", value, ""),
            needed=not language.startswith("en"),
        )
    yield Question(
        "publisher",
        "who published it, in full",
        lambda value: problems("publisher", value, "B005"),
        proposal=_most([source.publisher for source in same]),
    )
    publisher = given.get("publisher", "")
    known = _most([source.name for source in same if source.publisher == publisher])
    short = known if known != publisher else ""
    if len(publisher) > 32 or short or "shortauthor" in given:
        yield Question(
            "shortauthor",
            "the name in a citation: one to three words",
            lambda value: problems("shortauthor", value, "B013"),
            needed=len(publisher) > 32,
            proposal=short,
        )
    yield Question(
        "date",
        "the date that the source bears, as precise as there: 2019, 2019-01, 2019-01-14; XXXX if it"
        " bears none",
        date_problems("date"),
    )  # type: ignore[arg-type]
    if given.get("url") or "urldate" in given:
        yield Question(
            "urldate",
            "the day on which you read it",
            date_problems("urldate"),
            proposal=today.isoformat(),
        )  # type: ignore[arg-type]
    yield Question(
        "keywords",
        "how near it stands: " + ", ".join(Tier) + " (docs/sources-policy.md)",
        lambda value: problems("keywords", value, "B009"),
        proposal=_most([str(source.tier) for source in same]),
    )
    for field, what in (
        ("doi", "the DOI"),
        (
            "note",
            "what a reader must know of the source: a repost, a date that follows from elsewhere",
        ),
    ):
        if field in given or (field == "note" and not spare):
            yield Question(
                field, what, lambda value, field=field: problems(field, value, ""), needed=False
            )  # type: ignore[misc]
    yield Question(
        "key",
        "the key that pages cite",
        key_problems,
        proposal=proposed_key(given, same, set(tree.bibliography.sources)),
    )
    yield Question(
        "file",
        "which bibliography: "
        + ", ".join(sorted(path.stem for path in (tree.root / "references").glob("*.bib"))),
        file_problems,
        proposal=_most([source.path.stem for source in same]),
    )


def inserted(text: str, key: str, entry: str) -> tuple[str, int]:
    """The file with the entry before the first one whose key comes later; and the line on which it
    begins.

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
    """The fields of the one entry in a text, and its ``key``.

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
    """Read the file as it would be: the new entry holds what was answered.

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

    :param spare: whether fields that may stay empty are left out unless they are given
    :param dry: only show what would be written
    :raises RefusalError: if it cannot be written; then nothing is
    """
    tree = load(root, today)
    given = dict(asker.given)
    if "url" in given:
        # said first: nobody answers ten questions to hear that the source is there already
        asker.answer(next(iter(questions(tree, given, today, spare))))
        asker.stop_at_faults()
    fields: dict[str, str] = {}
    for question in questions(tree, given, today, spare):
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
