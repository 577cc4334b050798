"""Z0xx: the catalogues of translated strings: each string says the same in both languages.

The rules compare what a program can read: citations, roles, links, code, designations of standards,
dates and numbers. They do not judge the wording.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal

from markdown_it import MarkdownIt

from handbook.datecheck import same_facts, words
from handbook.datecheck.same_facts import Day
from handbook.datecheck.tree import Tree, role_target
from handbook.model import data_strings, marks, safety
from handbook.model.edtf import MONTHS
from handbook.model.pages import Passage
from handbook.model.scripts import HAN
from handbook.model.terms import Term
from handbook.model.translations import EDITIONS, FOLDER, UNREADABLE, is_translated
from handbook.rules.findings import Finding, Place
from handbook.rules.rule import Severity, rule

_HAN = re.compile(f"[{HAN}]")
_ITALIC = re.compile(rf"(?<!\*)\*(?!\*)[^*\n]*[{HAN}][^*\n]*(?<!\*)\*(?!\*)")


@rule(UNREADABLE)
def readable(tree: Tree) -> Iterator[Finding]:
    """A catalogue can be read, and has each of its strings once."""
    for _source, _entries, faults in tree.catalogues:
        yield from faults


@rule("Z002")
def of_a_page(tree: Tree) -> Iterator[Finding]:
    """A catalogue belongs to a page or to a file of data."""
    folder = tree.root / "docs" / FOLDER
    known = {name.name for name, *_rest in tree.catalogues}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_dir():
            continue
        language, *rest = path.relative_to(folder).parts
        name = "/".join(rest[1:]).removesuffix(".po")
        place = Place(tree.path(path))
        if path.suffix != ".po" or language not in EDITIONS or rest[0] != "LC_MESSAGES":
            where = f"docs/{FOLDER}/{next(iter(EDITIONS))}/LC_MESSAGES/PAGE.po"
            message = f"{path.name} is no catalogue of a language that the handbook has"
            yield Finding(place, "Z002", message, f"delete it, or move it to {where}")
        elif name not in known:
            message = f"there is no page docs/{name}.md"
            if name.startswith(f"{data_strings.FOLDER}/"):
                message = f"no file {name} has words for readers"
            hint = "move the catalogue with its page, or delete it and run: make translations"
            yield Finding(place, "Z002", message, hint)


@rule("Z003")
def of_one_form(tree: Tree) -> Iterator[Finding]:
    """A translation is one paragraph of Markdown, without anything that pages must not contain."""
    for pair in tree.pairs:
        text = pair.entry.translation
        if "\n" in text:
            yield pair.finding("Z003", "the translation has a line end", r"write no \n in it")
        elif not pair.is_one_paragraph:
            hint = "let it begin with a word, and write no HTML, block or heading in it"
            yield pair.finding("Z003", "the translation is not one plain paragraph", hint)
        for _line, _column, (_code, message, hint) in safety.unseen(text):
            yield pair.finding("Z003", message, hint)


@rule("Z004", "Z005")
def same_marks(tree: Tree) -> Iterator[Finding]:
    """Roles, citations, links and code are those of the English string."""
    for pair in tree.pairs:
        for code, what, read in (
            ("Z004", "", _roles),
            ("Z005", "the link to ", _links),
            ("Z005", "the code ", _code),
        ):
            mine, theirs = Counter(read(pair.ours)), Counter(read(pair.theirs))
            for one in mine - theirs:
                hint = "write each role, citation, link and piece of code as the English has it"
                yield pair.finding(code, f"the translation lacks {what}{one}", hint, one)
            for one in theirs - mine:
                hint = "delete it, or write what the English has"
                message = f"the English has no {what.removeprefix('the ')}{one}"
                yield pair.finding(code, message, hint, one)


def _roles(passage: Passage) -> Iterator[str]:
    for span in passage.spans:
        if span.kind == "role":
            if span.name.startswith("cite"):
                for key in span.value.split(","):
                    yield f"{{{span.name}}}`{key.strip()}`"
            else:
                yield f"{{{span.name}}}`{role_target(span.value)[1]}`"


def _links(passage: Passage) -> Iterator[str]:
    for span in passage.spans:
        if span.kind in {"link", "image"}:
            yield span.value


def _code(passage: Passage) -> Iterator[str]:
    for span in passage.spans:
        if span.kind == "code":
            yield passage.text[span.start : span.end]


@rule("Z006")
def same_designations(tree: Tree) -> Iterator[Finding]:
    """The standards and committees in the translation are those of the English string."""
    for pair in tree.pairs:
        mine, theirs = (one.designations for one in pair.facts)
        for one in sorted(mine - theirs):
            hint = "write the designation as the English has it"
            yield pair.finding("Z006", f"the translation does not name {one}", hint, one)
        for one in sorted(theirs - mine):
            hint = "delete it, or write the designation that the English has"
            yield pair.finding("Z006", f"the English does not name {one}", hint, one)


@rule("Z007")
def same_dates(tree: Tree) -> Iterator[Finding]:
    """The dates are those of the English string, with the same precision."""
    for pair in tree.pairs:
        mine, theirs = (one.days for one in pair.facts)
        for day in same_facts.missing_days(mine, theirs):
            yield pair.finding(
                "Z007", f"the translation lacks the date {_day(day)}", f"write {_chinese(day)}"
            )
        for day in same_facts.missing_days(theirs, mine):
            hint = "write the dates of the English, and no others"
            yield pair.finding("Z007", f"the English has no date {_chinese(day)}", hint)


def _day(day: Day) -> str:
    year, month, number = day
    parts = (number, MONTHS[month - 1], year)
    return " ".join(str(part) for part in parts if part)


def _chinese(day: Day) -> str:
    return "".join(f"{part}{unit}" for part, unit in zip(day, "年月日", strict=True) if part)


@rule("Z008")
def same_numbers(tree: Tree) -> Iterator[Finding]:
    """The figures are those of the English string."""
    for pair in tree.pairs:
        mine, theirs = pair.facts
        for number in same_facts.missing_numbers(mine, theirs):
            hint = "write the figures of the English"
            yield pair.finding("Z008", f"the translation lacks the number {_figure(number)}", hint)
        for number in same_facts.missing_numbers(theirs, mine):
            hint = "write the figures of the English, and no others"
            yield pair.finding("Z008", f"the English has no number {_figure(number)}", hint)


def _figure(number: Decimal) -> str:
    return f"{number:f}"


@rule("Z009")
def same_doubt(tree: Tree) -> Iterator[Finding]:
    """A date or number that is approximate in one language is so in the other."""
    for pair in tree.pairs:
        mine, theirs = (one.approximate for one in pair.facts)
        if mine and not theirs:
            hint = "write 约 before the number or the date"
            yield pair.finding("Z009", "the English says about, and the translation does not", hint)
        elif theirs and not mine:
            hint = "delete 约, 左右 or 近"
            yield pair.finding("Z009", "the translation says 约, and the English does not", hint)


@rule("Z010")
def words_of_the_vocabulary(tree: Tree) -> Iterator[Finding]:
    """A Chinese word that the vocabulary forbids occurs only in quotations."""
    by_word = {
        word: term for term in tree.terms.terms for word in term.forbidden if _HAN.search(word)
    }
    if not by_word:
        return
    pattern = re.compile(words.any_of(by_word))
    for pair in tree.pairs:
        prose = pair.theirs.prose
        for match in pattern.finditer(prose):
            if any(start <= match.start() < end for start, end in words.quoted(prose)):
                continue
            zh = by_word[match[0]].zh
            hint = f"write {zh.term}" if zh else f"see {by_word[match[0]].term!r}"
            yield pair.finding("Z010", f"this handbook does not write {match[0]}", hint, match[0])


@rule("Z011")
def no_italics(tree: Tree) -> Iterator[Finding]:
    """Chinese is not set in italics."""
    for pair in tree.pairs:
        for match in _ITALIC.finditer(pair.theirs.prose):
            hint = "write “…”, or 《…》 around a title, or ** for what is strong"
            yield pair.finding("Z011", f"{match[0]} is Chinese in italics", hint)


def _around(match: re.Match[str]) -> str:
    """Return the match with some characters before and behind it."""
    return match.string[max(match.start() - 6, 0) : match.end() + 6]


_WIDE = f"[{HAN}，。：；？！（）“”《》、]"
_SPACED = re.compile(rf"(?<={_WIDE})[ \u3000]+(?=[^\s<])|(?<=\S)[ \u3000]+(?={_WIDE})")
#: The parts of the title of a Chinese standard are separated by a space: 《智慧城市 数据指南》.
_TITLE = re.compile("《[^《》]*》")


@rule("Z012")
def no_typed_spaces(tree: Tree) -> Iterator[Finding]:
    """Between Chinese and other letters the style sheet makes the space; titles keep their own."""
    for pair in tree.pairs:
        text = pair.entry.translation
        titles = [(match.start() + 1, match.end() - 1) for match in _TITLE.finditer(text)]
        for match in _SPACED.finditer(text):
            hint = "delete the space"
            if any(start < match.start() and match.end() < end for start, end in titles):
                hint = "type one normal space"
                if match[0] == " ":
                    continue
            message = f"a space is typed in {_around(match)!r}"
            yield pair.finding("Z012", message, hint)


_STRAIGHT = re.compile(rf'(?<=[{HAN}])"|"(?=[{HAN}])')


@rule("Z013")
def full_width_marks(tree: Tree) -> Iterator[Finding]:
    """Punctuation beside a Chinese character is Chinese."""
    for pair in tree.pairs:
        prose = pair.theirs.prose
        for match in marks.HALF_WIDTH.finditer(prose):
            message = f"{match[0]} in {_around(match)!r} is not a Chinese mark"
            yield pair.finding("Z013", message, f"write {marks.FULL_WIDTH[match[0]]}")
        if _STRAIGHT.search(prose):
            yield pair.finding("Z013", '" is not a Chinese mark', "write “ and ”")


_STARS = re.compile(rf"\*\*|(?<=[{HAN}])__|__(?=[{HAN}])")


@rule("Z014")
def stars_are_read(tree: Tree) -> Iterator[Finding]:
    """Asterisks are used only where Markdown reads them as emphasis."""
    parser = MarkdownIt("commonmark")
    for pair in tree.pairs:
        tokens = parser.parseInline(pair.entry.translation)[0].children or []
        shown = "".join(token.content for token in tokens if token.type == "text")
        # Asterisks that stay visible come in pairs; around the second of them are the words of
        # both.
        for match in [*_STARS.finditer(shown)][-1:]:
            around = shown[max(match.start() - 6, 0) : match.end() + 4]
            hint = "let the mark stand outside of the stars: **words**。"
            yield pair.finding("Z014", f"readers would see the stars of {around!r}", hint)


@rule("Z015")
def preferred_words(tree: Tree) -> Iterator[Finding]:
    """Where the English names a thing of the vocabulary, the Chinese has its settled word."""
    known = [(one, one.zh) for one in tree.terms.terms if one.zh]
    terms = [(one, _named(one), chinese) for one, chinese in known if chinese.avoided]
    if not terms:
        return
    # a word within a settled one, such as 恢复 in 恢复能力, is no word of its own
    settled = re.compile(words.any_of(chinese.term for _term, chinese in known))
    for pair in tree.pairs:
        prose, ours = pair.theirs.prose, pair.ours
        targets = {
            role_target(span.value)[1].casefold()
            for span in ours.spans
            if span.kind == "role" and span.name == "term"
        }
        covered = [*words.quoted(prose), *(match.span() for match in settled.finditer(prose))]
        for term, named, chinese in terms:
            said = term.term.casefold() in targets or named.search(ours.prose)
            if chinese.term in prose or not said:
                continue
            for word in chinese.avoided:
                if word not in pair.string.text and _stands_alone(word, prose, covered):
                    message = f"{term.term!r} is {word}, and not {chinese.term}"
                    yield pair.finding("Z015", message, f"write {chinese.term}", word)
                    break


def _stands_alone(word: str, prose: str, covered: Collection[tuple[int, int]]) -> bool:
    """Return whether a word is somewhere outside the covered parts of a text."""
    places = (match.start() for match in re.finditer(re.escape(word), prose))
    return any(not any(start <= at < end for start, end in covered) for at in places)


def _named(term: Term) -> re.Pattern[str]:
    """A term as a whole word, in the singular or the plural; letters only as they are."""
    spelled = words.any_of([term.term, *term.variants])
    letters = f"|{term.short}" if term.short else ""
    return re.compile(rf"(?<![\w/-])(?:(?i:{spelled}){letters})s?(?![\w-])")


@rule("Z020", severity=Severity.ADVICE)
def waiting(tree: Tree) -> Iterator[Finding]:
    """A translation whose English has changed is not shown until somebody has checked it."""
    for source, entries, _faults in tree.catalogues:
        lines = {one.text: one.line for one in source.once}
        for entry in entries.values():
            if not entry.translation:
                continue
            said = repr(entry.translation[:20])
            if entry.text not in lines:
                message = f"{source.path} no longer has the English of {said}"
                if not is_translated(source.name):
                    message = (
                        f"{source.path} stays in English except for its title,"
                        f" which {said} does not translate"
                    )
                yield Finding(entry.place, "Z020", message, "run: make translations")
            elif entry.fuzzy:
                message = f"the English of {said} has changed ({source.path}:{lines[entry.text]})"
                hint = "compare the two, correct the translation, and delete the line #, fuzzy"
                yield Finding(entry.place, "Z020", message, hint)
