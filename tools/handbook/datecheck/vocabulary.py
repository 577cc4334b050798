"""T0xx: the vocabulary, readers' questions, Chinese titles, and the words of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain

from docutils.nodes import make_id

from handbook.datecheck import words
from handbook.datecheck.named import glossary_terms
from handbook.datecheck.tree import PassageText, Tree
from handbook.model.pages import Page
from handbook.model.scripts import UNSPACED
from handbook.model.terms import LETTERS, UNREADABLE, Term
from handbook.rules.findings import Finding
from handbook.rules.rule import rule

#: Places without room for a full name: tables, and titles, which are read alone.
_NARROW = {"cell", "heading", "title", "dt"}
#: The pages for people who work on the handbook.
_BACKSTAGE = "contributing/"


@rule(UNREADABLE)
def readable(tree: Tree) -> Iterator[Finding]:
    """The vocabulary and the questions can be read."""
    yield from tree.terms.findings


@rule("T005")
def titled(tree: Tree) -> Iterator[Finding]:
    """A Chinese title is of a standard that has a page, or states that it is not."""
    for title in tree.terms.titles:
        known = title.of in tree.catalogue.by_reference
        if title.outside == known:
            message = f"{title.of!r} is {'' if known else 'not '}in the catalogue"
            hint = (
                "leave out outside: true"
                if known
                else "write a reference as in references/iso/deliverables.jsonl, or add"
                " outside: true"
            )
            yield Finding(title.place, "T005", message, hint)


@rule("T007")
def said_once(tree: Tree) -> Iterator[Finding]:
    """A glossary does not repeat a Chinese word that the vocabulary provides."""
    for page in tree.pages:
        term, last = "", 0
        for place, line in glossary_terms(page):
            if line.casefold() in tree.terms.chinese:
                term, last = line, place.line
            elif place.line == last + 1:
                last = place.line
                if UNSPACED.search(line):
                    message = f"the Chinese word for {term!r} comes from references/terms.yaml"
                    hint = f"leave out {line!r} here; add it there under other if it is another"
                    yield Finding(place, "T007", message, hint)


@rule("T002")
def answered(tree: Tree) -> Iterator[Finding]:
    """The place that answers a question exists."""
    for question in tree.terms.questions:
        name, _, anchor = question.at.partition("#")
        if not (page := tree.page_names.get(name)):
            close = get_close_matches(name, sorted(tree.page_names), n=1)
            what = f"there is no page {name!r}"
            hint = f"did you mean {close[0]}?" if close else "name a page below docs/ without .md"
            yield Finding(question.place, "T002", what, hint)
            continue
        places = _places(page)
        section = places.get(anchor)
        if not anchor or section == anchor:
            continue
        what = f"the search knows no section {question.at}"
        if section is None:
            what = f"{name} has no anchor {anchor!r}"
            close = get_close_matches(anchor, sorted(places), n=1)
            section = places[close[0]] if close else ""
            hint = (
                f"did you mean {name}#{section}?"
                if section
                else f"write {name}, or an anchor of that page"
            )
        else:
            hint = f"write {name}#{section}" if section else f"write {name}"
            hint += ", or put that label directly above a heading with ## or ###"
        if page.standards:
            hint = f"write {name} alone: the search knows no sections on the page of a standard"
        yield Finding(question.place, "T002", what, hint)


def _places(page: Page) -> dict[str, str]:
    """Return each anchor of a page with that of the section that it is in, as the search knows
    it: the last label above a heading of the second or third level, or else the heading itself;
    empty where the page has no section yet, and on the page of a standard, which has none.
    """
    labels = {label.line: label.value for label in page.labels}
    headed = [line for level, line in page.headings if level in {2, 3}]
    sections = [] if page.standards else headed
    found: dict[str, str] = {}
    section = ""
    waiting: list[str] = []
    headings = {one.rows[0][1]: one for one in page.passages if one.kind == "heading"}
    for number, line in enumerate(page.lines, 1):
        if number in labels:
            waiting.append(labels[number])
        elif heading := headings.get(number):
            own = make_id(heading.text)
            if number in sections:
                section = waiting[-1] if waiting else own
            found |= dict.fromkeys((*waiting, own), section)
            waiting = []
        elif line.strip():
            found |= dict.fromkeys(waiting, section)
            waiting = []
    return found


@rule("T003")
def forbidden(tree: Tree) -> Iterator[Finding]:
    """A forbidden word occurs only in quotations, titles and names."""
    by_word = {word: term for term in tree.terms.terms for word in term.forbidden}
    if not by_word:
        return
    pattern = re.compile("|".join(map(_as_written, sorted(by_word, key=len, reverse=True))))
    by_word |= {word.lower(): term for word, term in by_word.items()}
    for reading in tree.readings:
        for match in pattern.finditer(reading.prose):
            word = next(
                one
                for one in (match[0], match[0].lower(), re.sub("e?s$", "", match[0].lower()))
                if one in by_word
            )
            if not _mentioned(reading, match, name=word != word.lower()):
                term = by_word[word]
                message = f"this handbook does not write {word!r}"
                hint = _instead(term, word)
                yield Finding(reading.place(match.start()), "T003", message, hint)


def _as_written(word: str) -> str:
    """Return a pattern for the word with its plural endings, in upper or lower case; for a name
    exactly as it is; for Chinese within other Chinese.
    """
    if UNSPACED.search(word):
        return re.escape(word)
    any_height = "(?i:{})(?:e?s)?" if word == word.lower() else "{}"
    return rf"(?<![\w-]){any_height.format(re.escape(word))}(?![\w-])"


def _instead(term: Term, word: str) -> str:
    better = (term.term, *term.variants)
    if UNSPACED.search(word) and term.zh:
        better = (term.zh.term,)
    return f"write {' or '.join(map(repr, better))}: {term.because}"


def _mentioned(reading: PassageText, match: re.Match[str], name: bool) -> bool:
    """Return whether the word belongs to a quotation, or to a name: it has a capital letter within
    a sentence, or precedes another word that has one.

    :param name: whether the word is a name itself
    """
    prose = reading.prose
    if any(start <= match.start() < end for start, end in words.quoted(prose)):
        return True
    if name or not match[0][0].isupper():
        return False
    begins = reading.sentence(match.start())[0]
    first = not prose[begins : match.start()].strip(" \n*_(")
    return not first or bool(re.match(r"\s+[A-Z]", prose[match.end() :]))


@rule("T004")
def spelled_out(tree: Tree) -> Iterator[Finding]:
    """Abbreviations are spelled out where the text of a page first uses them; those that are a name
    are explained.
    """
    terms = [term for term in tree.terms.terms if (term.short or term.explained) and not term.known]
    for readings in _for_readers(tree):
        texts = [" ".join(one.prose.casefold().split()) for one in readings]
        written = "\n".join(one.prose for one in readings)
        for term in terms:
            if term.letters in written:
                yield from _unexplained(term, readings, texts)


def _for_readers(tree: Tree) -> Iterator[list[PassageText]]:
    """Yield the passages of each page for readers."""
    for page in tree.pages:
        if not tree.path(page.path).startswith(f"docs/{_BACKSTAGE}"):
            yield tree.page_readings(page)


def _has_room(reading: PassageText) -> bool:
    """Return whether the passage has room for a full name."""
    return reading.passage.kind not in _NARROW and not reading.within("list-table")


def _letters(reading: PassageText, letters: str) -> re.Match[str] | None:
    """Find the first place where the letters are used by themselves, in no quotation and in no
    number of a document.
    """
    quoted = words.quoted(reading.prose)
    for match in re.finditer(
        rf"(?<![\w/-])(?:{letters})(?![\w/-]| (?:[A-Z/-]+ )*\d)", reading.prose
    ):
        if not any(start <= match.start() < end for start, end in quoted):
            return match
    return None


def _unexplained(term: Term, readings: list[PassageText], texts: list[str]) -> Iterator[Finding]:
    names = [name.casefold() for name in (term.explained or (term.term, *term.variants))]
    for reading, text in zip(readings, texts, strict=True):
        if any(name in text for name in names):
            return
        if _has_room(reading) and (match := _letters(reading, term.letters)):
            what = "explained" if term.explained else "spelled out"
            message = f"{term.letters} is not {what} where this page uses it first"
            better = f"{term.term} ({term.short})"
            if term.explained:
                better = f"{term.term}, the {term.explained[0]}"
            yield Finding(reading.place(match.start()), "T004", message, f"write {better}")
            return


@rule("T006")
def unlisted(tree: Tree) -> Iterator[Finding]:
    """Three or more capital letters on a page for readers are in the vocabulary."""
    known = {term.letters for term in tree.terms.terms}
    for reading in chain.from_iterable(_for_readers(tree)):
        for letters in dict.fromkeys(LETTERS.findall(reading.prose)):
            if letters in known or not (
                _has_room(reading) and (match := _letters(reading, letters))
            ):
                continue
            known.add(letters)  # report each once
            yield Finding(
                reading.place(match.start()),
                "T006",
                f"the vocabulary does not know {letters}",
                f"add it to references/terms.yaml: its full name with short: {letters}, or"
                f" term: {letters} if it is a name",
            )
