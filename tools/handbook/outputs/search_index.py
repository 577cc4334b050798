"""The search index of the HTML edition: the records that can be found, cut out of the built pages,
and Pagefind's run over them.

Each thing that a reader may look for is a record of its own, with its own address: a page, a
standard, a milestone, a term, a person or place, a source. Pagefind indexes one small HTML file for
each record. Beside its index is ``words.json``, which the browser needs for what Pagefind does not
do: exact names, and typos.

Chinese is written without spaces, and browsers differ in how they segment it into words. So each
run of characters is indexed as its pairs (``江干区`` as ``江干`` and ``干区``); the search script
does the same with a query. Of the records that contain part of a Chinese name, Pagefind's own
segmentation finds five in six, and half as many wrong ones; pairs find all and no wrong ones
(``tests/benchmarks/bench_search.py``).
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from enum import StrEnum
from html import escape, unescape
from importlib import metadata
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeAlias

import lxml.html
from lxml import etree

from handbook.cli import HandbookError
from handbook.files import write_if_changed
from handbook.model import marks
from handbook.model.catalogue import Catalogue, Deliverable
from handbook.model.scripts import CJK, UNSPACED

_TAG = re.compile(r"(<[^>]*>)")
#: A citation leaves a space before the full stop.
_BEFORE_STOP = re.compile(r"\s+(?=[.,;:)\]])")
#: Private separators that are not letters, so that Pagefind does not index them; the script of the
#: search reads them. In this order: a word overlaps the one before it by a character; no space
#: precedes a word; the text of a record begins; its other names begin.
_OVERLAPS, _TOUCHES, _TEXT, _NAMES = "\u2060", "\u2063", "\u2061", "\u2062"
#: Of lxml, whose types say that any path may lead to a number.
Element: TypeAlias = Any
#: Without the classes of ``lxml.html``, which cost half of the reading.
_PARSER = etree.HTMLParser()
_STRING = etree.XPath("string()")
#: Inline elements: the words in them belong to the words around.
_INLINE = ("a", "abbr", "b", "cite", "code", "em", "i", "span", "strong", "sub", "sup", "time")
#: Parts of a page that nobody searches for: links to headings, citations and their lists, drawings,
#: forms.
_NOISE: Any = etree.XPath(
    ".//*[contains(@class, 'headerlink') or contains(@class, 'bibtex-citation') or"
    " @class='hb-note' or contains(@class, 'hb-cite') or"
    " contains(@class, 'hb-sources') or contains(@class, 'hb-milestone-foot') or"
    " contains(@class, 'hb-badge') or @id='sources-of-this-page' or @data-pagefind-ignore] | .//svg"
    " | .//script | .//style | .//pre"
)
#: Lists whose entries are records of their own.
_LISTS: Any = etree.XPath(
    ".//ol[contains(@class, 'hb-timeline')] | .//*[contains(@class, 'hb-year')] |"
    " .//dl[contains(@class, 'glossary')] | .//div[contains(@class, 'citation-list')] |"
    " .//table[contains(@class, 'hb-wide')]"
)
_HEADINGS: Any = etree.XPath(".//section[@id]/*[self::h2 or self::h3]")


class Kind(StrEnum):
    """The kind of a record; a reader can search for one kind alone."""

    PAGE = "page"
    STANDARD = "standard"
    MILESTONE = "milestone"
    TERM = "term"
    NAME = "name"
    SOURCE = "source"
    ADOPTION = "adoption"
    PLACE = "place"
    PERSON = "person"
    MEETING = "meeting"


@dataclass(frozen=True)
class Record:
    """One thing that can be found.

    ``address`` is relative to the root of the edition, with its anchor; ``names`` are the texts
    that mean exactly this record, in every spelling; ``detail`` is shown beside the title (a date);
    ``body`` is HTML.
    """

    address: str
    kind: Kind
    title: str
    body: str
    strands: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    detail: str = ""
    #: The headings of a page that have their own address: anchor and text.
    sections: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Knowledge:
    """What the search knows besides the pages, in the form that the browser receives.

    Each of ``terms`` has the words for one thing, the preferred one first; ``questions`` are those
    that readers ask, by the address of the answer; ``standards`` are, by address, what became of
    the standard shown there: a state, a date, the addresses of others; ``offices`` are a role, its
    body, its holder, the day for which that is known, and an address.
    """

    terms: tuple[tuple[str, ...], ...] = ()
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    standards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offices: tuple[tuple[str, ...], ...] = ()
    as_of: str = ""
    #: The beginning of the addresses of pages for people who work on the handbook.
    backstage: str = "contributing/"


def names_of(deliverable: Deliverable, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the ways in which people write its reference: ``ISO/TS 37107:2019``, ``TS 37107``,
    ``37107:2019``, ``37107`` ...

    A form without a year means only the current edition.
    """
    head, tail = deliverable.reference.split(" ", 1)
    number = deliverable.number
    kinds = [head, *head.split("/")[1:]]
    dated = ":" in tail
    names = [f"{kind} {tail}" for kind in kinds]
    if dated:
        names += [
            f"ISO {tail}",
            tail,
            *(f"{kind} {deliverable.undated_reference.split(' ', 1)[1]}" for kind in kinds[1:]),
        ]
    if deliverable.supplement_type:
        names += [deliverable.undated_reference, deliverable.undated_reference.split(" ", 1)[1]]
    elif catalogue.find(number) is deliverable:
        names += [f"{head} {number}", f"ISO {number}", number]
    return tuple(dict.fromkeys(names))


def records(
    page: str,
    address: str,
    *,
    glossary: Kind = Kind.TERM,
    strands: Iterable[str] = (),
    names: Iterable[str] = (),
    catalogue: Catalogue | None = None,
    source_strands: Mapping[str, str] | None = None,
) -> Iterator[Record]:
    """Yield everything that can be found on a page.

    :param page: the HTML file's text
    :param address: the page's address relative to the root of the edition
    :param glossary: the kind of the entries of the page's glossaries
    :param strands: the strands of the page itself
    :param names: other texts that mean exactly this page
    :param catalogue: provides the standards that have a page
    :param source_strands: the strand of a source by its key
    """
    article = etree.fromstring(page, _PARSER).find(".//*[@role='main']")
    if article is None:
        return
    yield from _listed(article, address, glossary, source_strands or {})
    deliverable = _shown_standard(article, catalogue) if catalogue else None
    title, body = _whole_page(article)
    title = title or address
    own: tuple[str, ...] = ()
    if deliverable and catalogue:
        own = (*names_of(deliverable, catalogue), deliverable.title["en"])
        # In Chinese nothing but the name itself parts a name from what only mentions it.
        _reference, _colon, name = title.partition(marks.of("zh").colon)
        own += (name,) if name else ()
    kind = Kind.STANDARD if deliverable else Kind.PAGE
    # The pages of standards all have the same headings.
    sections = () if deliverable else tuple(_sections(article))
    yield Record(
        address, kind, title, body, tuple(strands), (*own, title, *names), sections=sections
    )


def _listed(
    article: Element, address: str, glossary: Kind, source_strands: Mapping[str, str]
) -> Iterator[Record]:
    """Yield the terms, sources, milestones and rows of a page."""
    for term in article.iterfind(".//dl[@class]"):
        if "glossary" in term.get("class", "").split():
            yield from _terms(term, address, glossary)
    for citation in article.iterfind(".//div[@class='citation']"):
        yield _source(citation, address, source_strands)
    for milestone in article.iterfind(".//article[@class='hb-milestone']"):
        yield _milestone(milestone, address)
    for row in article.iterfind(".//tr[@id]"):
        kind = next((one for one in Kind if f"hb-{one}" in row.get("class", "").split()), None)
        if kind:
            yield _row(row, address, kind)


def _shown_standard(article: Element, catalogue: Catalogue) -> Deliverable | None:
    box = article.find(".//div[@id][@class='hb-standard docutils container']")
    return None if box is None else catalogue.by_slug.get(box.get("id", ""))


def _whole_page(article: Element) -> tuple[str, str]:
    """Return the title of a page, and its text as HTML, without the entries of its lists."""
    text = _clean(article)
    for part in _LISTS(text):
        _drop(part)
    # Pagefind links to headings that have an id; Sphinx gives the ids to sections.
    for section in text.iterfind(".//section[@id]"):
        for heading in section[:3]:
            if heading.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
                heading.set("id", section.get("id"))
    heading = text.find(".//h1")
    title = _text(heading)
    if heading is not None:
        _drop(heading)  # the record has its own title above the text
    return title, _html(text)


def _sections(article: Element) -> Iterator[tuple[str, str]]:
    for heading in _HEADINGS(article):
        yield heading.getparent().get("id"), _text(_clean(heading))


def _terms(glossary: Element, address: str, kind: Kind) -> Iterator[Record]:
    heads: list[Element] = []
    for part in glossary:
        if part.tag == "dt":
            heads.append(part)
        elif part.tag == "dd" and heads:
            names = tuple(_text(_clean(head)) for head in heads)
            # The anchor of a Chinese name is a number, which changes when others come before it.
            named = (head for head, name in zip(heads, names, strict=True) if not CJK.search(name))
            others = f"<p>{escape(' · '.join(names[1:]))}</p>" if names[1:] else ""
            yield Record(
                f"{address}#{next(named, heads[0]).get('id')}",
                kind,
                names[0],
                others + _html(_clean(part)),
                (),
                names,
            )
            heads = []


def _milestone(milestone: Element, address: str) -> Record:
    head = next(
        part for part in milestone.iterfind("./p") if part.get("class") == "hb-milestone-head"
    )
    date = head.find(".//*[@class='hb-date']")
    name = _text(head.find("./strong"))
    foot = "./p[@class='hb-milestone-foot']"
    place, met = (
        milestone.find(f"{foot}/span[@class='{name}']") for name in ("hb-where", "hb-meeting")
    )
    strands = [
        found
        for badge in head.iterfind("./span[@class]")
        for found in re.findall(r"hb-strand-([a-z]+)", badge.get("class", ""))
    ]
    body = "".join(
        _html(part) for part in _clean(milestone) if part.get("class") != "hb-milestone-head"
    )
    # A day or a month finds what happened then; a year would find too much.
    days = (
        [day for day in (_text(date), date.get("datetime", "")) if "-" in date.get("datetime", "")]
        if date is not None
        else []
    )
    return Record(
        f"{address}#{milestone.get('id')}",
        Kind.MILESTONE if met is None else Kind.MEETING,
        name,
        body + "".join(f"<p>{escape(one)}</p>" for one in (_text(place), _text(met)) if one),
        tuple(strands),
        (name, *days),
        _text(date),
    )


def _row(row: Element, address: str, kind: Kind) -> Record:
    """Return a record for a row of a table: its name is the strong part of a cell, its text all
    cells.
    """
    name = _text(row.find(".//strong"))
    cells = "".join(f"<p>{escape(_text(cell))}</p>" for cell in _clean(row))
    return Record(f"{address}#{row.get('id')}", kind, name, cells, (), (name,))


def _source(citation: Element, address: str, strands: Mapping[str, str]) -> Record:
    name = citation.get("id", "")
    label = _text(citation.find("./span[@class='label']")).strip("[]")
    title = citation.find(".//em")
    text = "".join(_html(paragraph) for paragraph in _clean(citation).iterfind("./p"))
    strand = strands.get(name.removeprefix("cite-"))
    return Record(
        f"{address}#{name}",
        Kind.SOURCE,
        _text(title).strip("[]") or label,
        text,
        (strand,) if strand else (),
        (),
        label,
    )


def _clean(element: Element) -> Element:
    """Copy an element without the parts that must not be found, and without marks within a line."""
    copy: Element = deepcopy(element)
    copy.tail = None
    for part in _NOISE(copy):
        _drop(part)
    etree.strip_tags(copy, *_INLINE)
    for part in copy.iter():
        if part.text and (text := _tidy(part.text)) != part.text:
            part.text = text
        if part.tail and (text := _tidy(part.tail)) != part.tail:
            part.tail = text
    return copy


def _tidy(text: str) -> str:
    return _BEFORE_STOP.sub("", text)


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join(str(_STRING(element)).replace("¶", "").split())


def _html(element: Element) -> str:
    return str(lxml.html.tostring(element, encoding="unicode", with_tail=False))


def in_pairs(text: str) -> str:
    """Return the text with each run of Chinese or Japanese characters cut into overlapping
    pairs.
    """

    def cut(match: re.Match[str]) -> str:
        run = match[0]
        before = f" {_TOUCHES}" if match.start() and not text[match.start() - 1].isspace() else ""
        after = (
            f" {_TOUCHES}" if match.end() < len(text) and not text[match.end()].isspace() else ""
        )
        return (
            before
            + f" {_OVERLAPS}".join(run[place : place + 2] for place in range(max(len(run) - 1, 1)))
            + after
        )

    return UNSPACED.sub(cut, text)


def fold(text: str) -> str:
    """Return the text in the form for comparing words: compatibility forms unified, lower case, no
    accents.
    """
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", plain))


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text as Pagefind indexes them: whole words without punctuation, and the
    parts between punctuation.
    """
    for word in UNSPACED.sub(" ", fold(text)).split():
        whole = "".join(filter(str.isalnum, word))
        if whole:
            yield whole
            parts = re.findall(r"[^\W_]+", word)
            if len(parts) > 1:
                yield from (part for part in parts if len(part) > 1)


def runs_of(text: str) -> Iterator[str]:
    """Yield the runs of Chinese or Japanese characters in a text."""
    yield from UNSPACED.findall(unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Part:
    """The contribution of one page to the index: its records, the words and runs of characters in
    them, and those in their names.
    """

    records: tuple[Record, ...]
    words: frozenset[str]
    runs: frozenset[str]
    named: frozenset[str]
    named_runs: frozenset[str]


def part(found: Iterable[Record]) -> Part:
    """Return the records of a page, cut into words."""
    records = tuple(found)
    texts = [
        f"{record.title} {record.detail} {' '.join(record.names)}"
        f" {unescape(_TAG.sub(' ', record.body))}"
        for record in records
    ]
    names = [name for record in records for name in record.names]
    return Part(
        records,
        frozenset(word for text in texts for word in words_of(text)),
        frozenset(run for text in texts for run in runs_of(text)),
        frozenset(word for name in names for word in words_of(name)),
        frozenset(run for name in names for run in runs_of(name)),
    )


@dataclass
class Made:
    """The input of an index: the parts of pages, and the addresses of the records by the ids that
    Pagefind gave them.
    """

    parts: dict[str, Part]
    ids: dict[str, str]


def write(
    parts: Mapping[str, Part],
    folder: Path,
    language: str,
    documents: Path,
    before: Made | None = None,
    knowledge: Knowledge | None = None,
) -> Made:
    """Make the index of all parts in ``folder``; the same records give the same files, byte for
    byte.

    :param documents: a folder for what Pagefind reads, one document for each record, and for its
        output
    :param before: the input of the last index, if ``documents`` is unchanged since then
    :param knowledge: what the search knows besides the pages
    :raises HandbookError: if Pagefind is missing or fails
    """
    if before is None:
        shutil.rmtree(documents, ignore_errors=True)
        before = Made({}, {})
    pages, target = documents / "pages", documents / "index"
    ids = {address: id_ for id_, address in before.ids.items()}
    for page in before.parts.keys() | parts.keys():
        old, new = _by_address(before.parts.get(page)), _by_address(parts.get(page))
        for address, record in old.items():
            if new.get(address) != record:
                _path(pages, record).unlink(missing_ok=True)
                _fragment(target, ids.get(address, "")).unlink(missing_ok=True)
        for address, record in new.items():
            if old.get(address) != record:
                path = _path(pages, record)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(_document(record, language), "utf-8")
    _run(pages, target)
    # Pagefind includes user interfaces, engines for other languages, and a second copy of its
    # script for a worker: the search here is as fast without.
    languages = json.loads((target / "pagefind-entry.json").read_text("utf-8"))[
        "languages"
    ].values()
    engines = {f"wasm.{one['wasm'] or 'unknown'}.pagefind" for one in languages}
    for path in [
        *target.glob("pagefind-*ui.*"),
        *target.glob("pagefind-highlight.js"),
        *target.glob("pagefind-worker.js"),
        *target.glob("wasm.*"),
    ]:
        if path.name not in engines:
            path.unlink()
    found = _ids(target, before.ids)
    (target / "words.json").write_text(
        _words(parts.values(), found, knowledge or Knowledge()), "utf-8"
    )
    _replace(folder, target)
    return Made(dict(parts), found)


def _by_address(part: Part | None) -> dict[str, Record]:
    return {record.address: record for record in part.records} if part else {}


def _run(pages: Path, target: Path) -> None:
    """Let Pagefind index the documents. It does not rewrite a fragment that exists, which saves
    half of its work.
    """
    for path in target.glob("*"):
        if path.is_file():
            path.unlink()
    shutil.rmtree(target / "index", ignore_errors=True)
    _pagefind("--site", pages, "--output-path", target)
    if len(_files(target / "fragment")) > len(_files(pages)):
        # More fragments than documents: some belong to no record any more, and would be left
        # behind.
        shutil.rmtree(target)
        _pagefind("--site", pages, "--output-path", target)


def _fragment(target: Path, id_: str) -> Path:
    return target / "fragment" / f"{id_}.pf_fragment"


def _path(documents: Path, record: Record) -> Path:
    page, _, anchor = record.address.partition("#")
    return documents / f"{page}~{anchor}.html"


def version() -> str:
    """Return a text that changes whenever the same pages would give another index."""
    code = hashlib.sha256(Path(__file__).read_bytes())
    try:
        code.update(metadata.version("pagefind").encode())
    except metadata.PackageNotFoundError:
        code.update(b"none")
    return code.hexdigest()


def _document(record: Record, language: str) -> str:
    meta = "".join(
        f'<meta data-pagefind-meta="{name}[content]" content="{escape(value)}">'
        for name, value in (("title", record.title), ("detail", record.detail))
        if value
    )
    others = [name for name in dict.fromkeys(record.names) if name != record.title]
    names = (
        f'<p>{_NAMES}</p><p data-pagefind-weight="3">{escape(" ".join(others))}</p>'
        if others
        else ""
    )
    body = _pairs_between_tags(f"<h1>{escape(record.title)}</h1><p>{_TEXT}</p>{record.body}{names}")
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">{meta}</head><body'
        f" data-pagefind-body>{body}</body></html>\n"
    )


def _pairs_between_tags(html: str) -> str:
    return "".join(part if part.startswith("<") else in_pairs(part) for part in _TAG.split(html))


def _pagefind(*arguments: str | Path) -> str:
    program = None
    with contextlib.suppress(ImportError):
        from pagefind.service import get_executable

        program = get_executable()
    if program is None or not program.exists():
        raise HandbookError(
            "Pagefind is not installed",
            "pip install 'pagefind[bin]', or remove .venv and let make build it again",
        )
    done = subprocess.run(
        [program, "--silent", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise HandbookError(
            f"Pagefind ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-500:]}",
            f"run it by hand: {sys.executable} -m pagefind",
        )
    return done.stdout


def _ids(target: Path, known: Mapping[str, str]) -> dict[str, str]:
    """Return the addresses of the records by their ids, which are digests of the content of
    fragments.
    """
    found: dict[str, str] = {}
    folder = target / "fragment"
    for name in sorted(_files(folder)):
        path, stem = folder / name, name.removesuffix(".pf_fragment")
        if stem in known:
            found[stem] = known[stem]
            continue
        fragment = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        page, _, anchor = fragment["url"].lstrip("/").removesuffix(".html").partition("~")
        found[stem] = f"{page}#{anchor}" if anchor else page
    return found


def _words(parts: Collection[Part], ids: Mapping[str, str], knowledge: Knowledge) -> str:
    """Return what the browser knows of the records by their ids, all words and runs of characters
    that are in no name, and the knowledge.

    Pagefind could filter by kind and strand too, but writes the files for that in a different order
    each time.
    """
    by_address = {record.address: record for part in parts for record in part.records}
    # Pagefind puts a language before each id.
    start = min(ids, default="").partition("_")[0] + "_"
    short = {address: id_.removeprefix(start) for id_, address in sorted(ids.items())}
    records: dict[str, dict[str, list[str]]] = {kind: {} for kind in Kind}
    sources: dict[str, list[str]] = {}
    sections: dict[str, list[list[str]]] = {}
    backstage: list[str] = []
    common = Counter(
        heading for record in by_address.values() for heading in {one[1] for one in record.sections}
    )
    for address, id_ in short.items():
        record = by_address[address]
        strands, names = " ".join(record.strands), dict.fromkeys(record.names)
        if record.kind is Kind.SOURCE and not names:
            sources.setdefault(strands, []).append(id_)
        else:
            records[record.kind][id_] = [strands, *names]
        asked = knowledge.questions
        found = list(_own_sections(record, common, asked))
        if address.startswith(knowledge.backstage):
            backstage.append(id_)
        elif found or address in asked:
            sections[id_] = [list(asked.get(address, ())), *found]
    words = _in_no_name((one.words for one in parts), (one.named for one in parts))
    runs = _in_no_name((one.runs for one in parts), (one.named_runs for one in parts))
    return (
        json.dumps(
            {
                "start": start,
                "records": records,
                "sources": {strands: " ".join(found) for strands, found in sources.items()},
                "sections": sections,
                "backstage": " ".join(backstage),
                "words": front_coded(words),
                "runs": " ".join(runs),
                "terms": knowledge.terms,
                "standards": dict(_standards(knowledge, short)),
                "offices": knowledge.offices,
                "asOf": knowledge.as_of,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        + "\n"
    )


def _standards(knowledge: Knowledge, short: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Yield what is known of each standard that has a record, with the ids of those beside it."""
    for address, (what, when, *others) in knowledge.standards.items():
        if address in short:
            yield short[address], [what, when, *(short[one] for one in others if one in short)]


def _own_sections(
    record: Record, common: Counter[str], asked: Mapping[str, Iterable[str]]
) -> Iterator[list[str]]:
    """Yield the anchor and the heading of each section, and the questions that it answers. A
    heading that many pages share does not identify its section.
    """
    for anchor, heading in record.sections:
        place = f"{record.address}#{anchor}"
        if common[heading] < 3 or place in asked:
            yield [_anchor(anchor, heading), heading, *asked.get(place, ())]


def _in_no_name(texts: Iterable[frozenset[str]], names: Iterable[frozenset[str]]) -> list[str]:
    """Return what is in texts and in no name, in order."""
    nothing: frozenset[str] = frozenset()
    return sorted(nothing.union(*texts) - nothing.union(*names))


def _anchor(anchor: str, heading: str) -> str:
    """Return the anchor of a heading; empty where the browser can derive it from the heading's
    words.
    """
    made = re.sub("[^a-z0-9]+", "-", heading.lower()).strip("-")
    return "" if anchor == made else anchor


def front_coded(words: Iterable[str]) -> str:
    """Return sorted words, each without the letters that it shares with the word before it: a
    capital letter gives their number. Words are folded, and so have no capitals of their own.
    """
    coded, last = [], ""
    for word in words:
        pairs = takewhile(lambda two: two[0] == two[1], zip(last, word[:25], strict=False))
        shared = sum(1 for _ in pairs)
        coded.append(chr(ord("A") + shared) + word[shared:])
        last = word
    return "".join(coded)


def _replace(folder: Path, by: Path) -> None:
    """Give ``folder`` the files of ``by``, and touch only those that differ."""
    new = _files(by)
    for name in _files(folder) - new:
        (folder / name).unlink()
    for name in sorted(new):
        made, path = by / name, folder / name
        if name.split("/")[0] not in {"fragment", "index"}:
            write_if_changed(path, made.read_bytes())
        # The names of these files are digests of their content; a copy may have been cut short.
        elif not path.exists() or path.stat().st_size != made.stat().st_size:
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made, path)


def _files(folder: Path) -> set[str]:
    """Return the paths of all files below a folder."""
    found: set[str] = set()
    for place, _folders, names in os.walk(folder):
        below = Path(place).relative_to(folder)
        found.update(f"{below.as_posix()}/{name}" if below.name else name for name in names)
    return found
