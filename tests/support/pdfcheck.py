"""Checks of a PDF that matter to its readers: tags, languages, links, words. The conditions are those of PDF/UA-1 that a
program can judge.

A failure begins with its number in the Matterhorn Protocol 1.1, if it has one; more numbers stand for a thing that is not
there at all. ``docs/contributing/pdf.md`` has the list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from bs4 import BeautifulSoup
from pikepdf import Array, Dictionary, Name, Stream, String

from handbook.model.scripts import CJK, HAN
from support import matterhorn

_PAINTING = frozenset(
    ["Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "EI"]
)
_SHOWING = frozenset(["Tj", "TJ", "'", '"'])
_STANDARD = frozenset(
    [
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "Private",
        "P",
        "H",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
        "Quote",
        "Note",
        "Reference",
        "BibEntry",
        "Code",
        "Link",
        "Annot",
        "Ruby",
        "RB",
        "RT",
        "RP",
        "Warichu",
        "WT",
        "WP",
        "Figure",
        "Formula",
        "Form",
    ],
)
#: The tags that a tag may be in, and those that may be in it, by the number of what it belongs to.
_PARENTS = {
    "LI": ("09-005", {"L"}),
    "LBody": ("09-005", {"LI"}),
    "TR": ("09-004", {"Table", "THead", "TBody", "TFoot"}),
    "TH": ("09-004", {"TR"}),
    "TD": ("09-004", {"TR"}),
    "THead": ("09-004", {"Table"}),
    "TBody": ("09-004", {"Table"}),
    "TFoot": ("09-004", {"Table"}),
    "TOCI": ("09-006", {"TOC"}),
    "RB": ("09-007", {"Ruby"}),
    "RT": ("09-007", {"Ruby"}),
    "RP": ("09-007", {"Ruby"}),
    "WT": ("09-008", {"Warichu"}),
    "WP": ("09-008", {"Warichu"}),
}
_CHILDREN = {
    "L": ("09-005", {"LI", "L", "Caption"}),
    "LI": ("09-005", {"Lbl", "LBody"}),
    "TR": ("09-004", {"TH", "TD"}),
    "THead": ("09-004", {"TR"}),
    "TBody": ("09-004", {"TR"}),
    "TFoot": ("09-004", {"TR"}),
    "Table": ("09-004", {"TR", "THead", "TBody", "TFoot", "Caption"}),
    "TOC": ("09-006", {"TOCI", "TOC", "Caption"}),
    "Ruby": ("09-007", {"RB", "RT", "RP"}),
    "Warichu": ("09-008", {"WT", "WP"}),
}


@dataclass
class Element:
    """An element of the structure tree.

    ``scope``: what a header of a table applies to, ``Row`` or ``Column``; ``headers``: the names of the headers of a cell;
    ``language``: its own, or that of its parent.
    """

    role: str
    node: Any
    parent: Element | None
    name: str = ""
    scope: str = ""
    headers: tuple[str, ...] = ()
    language: str = ""
    kids: list[Element] = field(default_factory=list)

    def within(self, role: str) -> bool:
        return self.parent is not None and (self.parent.role == role or self.parent.within(role))


@dataclass
class Report:
    """``failures``: violations of PDF/UA-1, with their number; the rest is the content of the document."""

    failures: Counter[str]
    roles: Counter[str]
    elements: list[Element]
    languages: Counter[str]
    outline: list[tuple[int, str]]
    headings: list[int]
    internal_links: list[str]
    web_links: list[str]
    pages: int
    fonts: set[str]
    title: str


def check(path: Path) -> Report:
    """Check the PDF at ``path``."""
    with pikepdf.open(path) as pdf:
        return _Check(pdf).run()


class _Check:
    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.failures: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.painted: set[tuple[int, int]] = (
            set()
        )  # page number and MCID of each marked piece of content
        self.reached: dict[
            tuple[int, int], Element | None
        ] = {}  # the same, as the structure tree names them, with their tag
        self.eastern: dict[
            tuple[int, int], str
        ] = {}  # those set in an East Asian font, with the language that they themselves name
        self.links: list[Any] = []
        self.annotations: dict[Any, Element | None] = {}  # by their tag
        self.font_objects: dict[Any, Any] = {}
        self.shown: dict[Any, set[int]] = {}  # the codes shown of each font
        self._characters: dict[Any, dict[int, str]] = {}  # by code, of each East Asian font
        self.forms: Counter[Any] = Counter()  # how often a form with tagged content is used
        self.elements: list[Element] = []
        self.fonts: dict[Any, str] = {}
        self.language = str(pdf.Root.get("/Lang", ""))  # of the whole book
        self.number = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def run(self) -> Report:
        root = self.pdf.Root
        xmp = bytes(root.Metadata.read_bytes()).decode() if "/Metadata" in root else ""
        title = re.search(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", xmp, re.DOTALL)
        self._found(matterhorn.document(self.pdf))
        # A language of the whole book applies to each of its parts.
        self._need(
            bool(str(root.get("/Lang", ""))), "11-001 11-002 11-003 11-004 11-006 no language"
        )
        internal, web = self._pages()
        tree = root.get("/StructTreeRoot")
        self._need(tree is not None and "/ParentTree" in tree, "no structure tree")
        if tree is not None:
            roles = {
                str(key)[1:]: str(value)[1:] for key, value in tree.get("/RoleMap", {}).items()
            }
            self._found(matterhorn.roles(tree, frozenset(_STANDARD)))
            self._tree(tree, roles)
        unreached = self.painted - set(self.reached)
        self._need(not unreached, "01-005 content that no tag reaches", len(unreached))
        for place, language in self.eastern.items():
            element = self.reached.get(place)
            # Screen readers read the alternative text of a picture or a formula.
            if element is not None and element.role not in {"Figure", "Formula"}:
                spoken = language or element.language
                self._need(
                    spoken.partition("-")[0] in {"zh", "ja", "ko"},
                    "11-001 East Asian text without its language",
                )
        headings = [
            int(element.role[1])
            for element in self.elements
            if re.fullmatch("H[1-6]", element.role)
        ]
        for before, after in zip([0, *headings], headings, strict=False):
            number = "14-003" if before else "14-002"
            self._need(after <= before + 1, f"{number} heading level left out")
        kinds = {element.role for element in self.elements}
        self._need("H" not in kinds or not headings, "14-007 headings with and without a level")
        notes = Counter(e.name for e in self.elements if e.role == "Note" and e.name)
        self._need(not notes or max(notes.values()) == 1, "19-004 two notes have the same ID")
        self._found(matterhorn.fonts(self.font_objects, self.shown))
        self._need(
            not self.forms or max(self.forms.values()) == 1,
            "30-002 tagged content that is used twice",
        )
        named = {element.name for element in self.elements if element.name}
        listed = (
            {str(key) for key in pikepdf.NameTree(tree.IDTree)}
            if tree is not None and "/IDTree" in tree
            else set()
        )
        self._need(named == listed, "list of names of the tags differs from the tags")
        for link in self.links:
            tag = self.annotations.get(link.objgen)
            self._need(
                tag is not None and (tag.role == "Link" or tag.within("Link")),
                "28-011 link outside of a tag of a link",
            )
        for element in self.elements:
            self._element(element)
            for header in element.headers:
                self._need(header in named, "cell names a head that is not there")
        self.languages.update(
            str(element.node.get("/Lang")) for element in self.elements if "/Lang" in element.node
        )
        return Report(
            self.failures,
            Counter(e.role for e in self.elements),
            self.elements,
            self.languages,
            list(self._outline()),
            headings,
            internal,
            web,
            len(self.pdf.pages),
            set(self.fonts.values()),
            title[1] if title else "",
        )

    def _need(self, holds: bool, failure: str, times: int = 1) -> None:
        if not holds:
            self.failures[failure] += times

    def _found(self, faults: Iterable[tuple[str, str]]) -> None:
        for numbers, fault in faults:
            self._need(False, f"{numbers} {fault}".strip())

    # -- pages -------------------------------------------------------------------------------------------------

    def _pages(self) -> tuple[list[str], list[str]]:
        """Return what the links within the book say, and the addresses of the others."""
        names = set(self._names())
        internal, web = [], []
        for number, page in enumerate(self.pdf.pages):
            self._content(page, page.resources, number, [])
            links = list(page.obj.get("/Annots", []))
            if links:
                self._need("/Tabs" in page.obj, "28-008 no order of tabs")
                self._need(
                    page.obj.get("/Tabs", Name.S) == Name.S,
                    "28-009 tab order does not follow the tags",
                )
            for link in links:
                if link.get("/Subtype") != Name.Link:
                    what = "an annotation that is not a link"
                    self._need(False, f"{matterhorn.ABSENT[what]} {what}")
                    if link.get("/Subtype") == Name.Widget:
                        self._need(False, f"{matterhorn.ABSENT['a form']} a form")
                    continue
                self.links.append(link)
                said = str(link.get("/Contents", ""))
                self._need(bool(said), "28-004 28-012 link without a description")
                action = link.get("/A", {})
                if action.get("/S") == Name.URI:
                    web.append(str(action.URI))
                    self._need(
                        re.match("(https?|mailto):", web[-1]) is not None, "link to no web address"
                    )
                    continue
                internal.append(said)
                goal = link.get("/Dest", action.get("/D"))
                if isinstance(goal, Array):
                    self._need(
                        isinstance(goal[0], Dictionary) and goal[0].objgen in self.number,
                        "link to no page",
                    )
                else:
                    self._need(goal is not None and str(goal) in names, "link to an unknown name")
        return internal, web

    def _names(self) -> Iterator[str]:
        def walk(node: Any) -> Iterator[str]:
            listed = node.get("/Names", [])
            for place in range(0, len(listed), 2):
                yield str(listed[place])
            for kid in node.get("/Kids", []):
                yield from walk(kid)

        if "/Dests" in self.pdf.Root.get("/Names", {}):
            yield from walk(self.pdf.Root.Names.Dests)

    def _content(
        self, stream: Any, resources: Any, page: int, around: list[tuple[str, int | None]]
    ) -> None:
        self._fonts(resources)
        marks, languages, font = list(around), [""] * len(around), ""
        codes: set[int] | None = None
        wide, own = True, False
        for instruction in pikepdf.parse_content_stream(stream):
            operator = str(instruction.operator)
            if operator in {"BDC", "BMC"}:
                number, language = None, languages[-1] if languages else ""
                if operator == "BDC":
                    properties = instruction.operands[1]
                    if isinstance(properties, Name):
                        properties = resources.get("/Properties", {}).get(properties, {})
                    number = properties.get("/MCID")
                    if "/Lang" in properties:
                        language = str(properties.get("/Lang"))
                        self.languages[language] += 1
                languages.append(language)
                tag = str(instruction.operands[0])
                if tag == "/Artifact":
                    tagged = any(inner is not None for _tag, inner in marks)
                    self._need(not tagged, "01-003 an artifact in tagged content")
                elif number is not None:
                    artifact = any(outer == "/Artifact" for outer, _number in marks)
                    self._need(not artifact, "01-004 tagged content in an artifact")
                marks.append((tag, None if number is None else int(number)))
                if number is not None:
                    own = True
                    self.painted.add((page, int(number)))
            elif operator == "EMC":
                marks.pop()
                languages.pop()
            elif operator == "Tf":
                set_in = resources.get("/Font", {})[str(instruction.operands[0])]
                font, codes = (
                    str(set_in.get("/BaseFont")),
                    self.shown.setdefault(set_in.objgen, set()),
                )
                wide = set_in.get("/Subtype") == Name.Type0
                if "CJK" in font and set_in.objgen not in self._characters:
                    self._characters[set_in.objgen] = matterhorn.characters(set_in)
            elif operator in _PAINTING:
                if operator in _SHOWING and codes is not None:
                    codes.update(_codes(instruction.operands[-1], wide))
                place = next(
                    (number for _tag, number in reversed(marks) if number is not None), None
                )
                if "CJK" in font and operator in _SHOWING and place is not None:
                    # a character that no other font has may stand in any language
                    shown = _codes(instruction.operands[-1], wide)
                    if CJK.search(
                        "".join(self._characters[set_in.objgen].get(c, "") for c in shown)
                    ):
                        self.eastern[page, place] = languages[-1]
                self._need(
                    any(tag == "/Artifact" or number is not None for tag, number in marks),
                    "01-005 content neither tagged nor artifact",
                )
            elif operator == "Do":
                inner = resources.get("/XObject", {}).get(str(instruction.operands[0]))
                if inner.get("/Subtype") == Name.Form:
                    self._content(inner, inner.get("/Resources", resources), page, marks)
                else:
                    self._need(
                        any(tag == "/Artifact" or number is not None for tag, number in marks),
                        "01-005 picture neither tagged nor artifact",
                    )

        if own and isinstance(stream, Stream):
            self.forms[stream.objgen] += 1

    def _fonts(self, resources: Any) -> None:
        for font in resources.get("/Font", {}).values():
            self.font_objects[font.objgen] = font
            self.fonts[font.objgen] = str(font.get("/BaseFont"))[1:]

    # -- the structure tree --------------------------------------------------------------------------------------

    def _tree(self, root: Any, roles: dict[str, str]) -> None:
        waiting: list[tuple[Any, Element | None, int | None]] = [
            (kid, None, None) for kid in _kids(root)
        ]
        while waiting:
            node, parent, page = waiting.pop(0) if len(waiting) < 2 else waiting.pop()
            if isinstance(node, int):
                self.reached[page, node] = parent
                continue
            if "/Pg" in node:
                page = self.number.get(node.Pg.objgen)
            if node.get("/Type") == Name.OBJR:
                self.annotations[node.Obj.objgen] = parent
                continue
            if node.get("/Type") == Name.MCR:
                self.reached[page, int(node.MCID)] = parent
                continue
            role = str(node.get("/S"))[1:]
            while role not in _STANDARD and role in roles:
                role = roles[role]
            element = Element(
                role,
                node,
                parent,
                str(node.get("/ID", "")),
                next((str(each.Scope)[1:] for each in _attributes(node) if "/Scope" in each), ""),
                tuple(str(name) for each in _attributes(node) for name in each.get("/Headers", [])),
                str(node.get("/Lang", parent.language if parent is not None else self.language)),
            )
            if parent is not None:
                parent.kids.append(element)
            self.elements.append(element)
            waiting.extend((kid, element, page) for kid in reversed(_kids(node)))

    def _element(self, element: Element) -> None:
        node, role = element.node, element.role
        self._need(role in _STANDARD, f"02-001 role {role} is not standard")
        if role in _PARENTS:
            number, parents = _PARENTS[role]
            self._need(
                element.parent is not None and element.parent.role in parents,
                f"{number} {role} in the wrong place",
            )
        if role in _CHILDREN:
            number, children = _CHILDREN[role]
            odd = [kid.role for kid in element.kids if kid.role not in children]
            self._need(not odd, f"{number} {role} holds {odd[:1]}")
        self._need(
            [kid.role for kid in element.kids].count("H") < 2, "14-006 two headings without a level"
        )
        if role in {"Figure", "Formula"}:
            number = "13-004" if role == "Figure" else "17-002"
            spoken = bool(str(node.get("/Alt", ""))) or (role == "Figure" and "/ActualText" in node)
            self._need(spoken, f"{number} {role} without alternative text")
        if role == "TH":
            self._need(element.scope != "", "15-003 TH without scope")
        if role == "Note":
            self._need(element.name != "", "19-003 Note without ID")
        if role == "Link":
            self._need(
                any(
                    isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR
                    for kid in _kids(node)
                ),
                "Link tag without link",
            )

    def _outline(self) -> Iterator[tuple[int, str]]:
        def walk(entry: Any, depth: int) -> Iterator[tuple[int, str]]:
            while entry is not None:
                yield depth, str(entry.Title)
                if "/First" in entry:
                    yield from walk(entry.First, depth + 1)
                entry = entry.get("/Next")

        if "/First" in self.pdf.Root.get("/Outlines", {}):
            yield from walk(self.pdf.Root.Outlines.First, 1)


def _kids(node: Any) -> list[Any]:
    kids = node.get("/K")
    return [] if kids is None else list(kids) if isinstance(kids, Array) else [kids]


def _codes(shown: Any, wide: bool) -> Iterator[int]:
    """Return the codes that an operator shows."""
    for piece in shown if isinstance(shown, Array) else [shown]:
        if isinstance(piece, String):
            data = bytes(piece)
            step = 2 if wide else 1
            yield from (
                int.from_bytes(data[place : place + step]) for place in range(0, len(data), step)
            )


def _attributes(node: Any) -> list[Any]:
    attributes = node.get("/A")
    return (
        []
        if attributes is None
        else [a for a in attributes if isinstance(a, Dictionary)]
        if isinstance(attributes, Array)
        else [attributes]
    )


def text(path: Path) -> str:
    """Return the text of a PDF in the order of its content."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


# A line may break at a hyphen that is not in the word, or without one.
_JOINS = re.compile("[\\s\u00ad\u2010\u200b\ufffe\u0002\\-]+")
_WORD = re.compile(r"\w+")
_CHINESE = re.compile(f"[{HAN}]")


#: At the foot of each page of the Chinese books.
_FOOT = "可持续城市标准手册"


def lost_words(expected: Iterable[str], printed: str, together: int = 5) -> list[str]:
    """Return the words of the blocks ``expected`` that ``printed`` lacks, each with its block.

    A block is searched for as a whole, then in runs of ``together`` words, then word by word: a page may end within it, and a
    note or a floating picture may be elsewhere.
    """
    stream = _JOINS.sub("", printed)
    lost = []
    for block in dict.fromkeys(expected):
        if _JOINS.sub("", block) in stream:
            continue
        words = _WORD.findall(_JOINS.sub(lambda match: " " if match[0].strip("-") else "", block))
        for start in range(0, len(words), together):
            run = words[start : start + together]
            if not re.search(r"\W{0,3}".join(map(re.escape, run)), stream):
                lost += [f"{word} (in: {block[:80]})" for word in run if not _found(word, stream)]
    return lost


def _found(word: str, stream: str) -> bool:
    """Return whether the word is printed. A page may end within a run of Chinese, which has no spaces."""
    ends = range(1, len(word)) if _CHINESE.search(word) else ()
    return word in stream or any(_parted(word[:end], word[end:], stream) for end in ends)


def _parted(head: str, tail: str, stream: str) -> bool:
    """Return whether a page ends between the two; a long word is known by its parts alone."""
    if len(head + tail) > 5:
        return head in stream and tail in stream
    foot = rf"{re.escape(head)}.{{0,60}}{_FOOT}.{{0,60}}{re.escape(tail)}"
    return re.search(foot, stream, re.DOTALL) is not None


#: Parts that the PDF leaves out, because only a screen needs them.
SCREEN = (
    "script, noscript, style, svg, form, button, .headerlink, .hb-where, .hb-cite, .hb-downloads, #sources-of-this-page, "
    ".hb-sources, .backrefs, aside.footnote > .label, .footnote-reference, .linenos, .sd-summary-state-marker, nav.contents, "
    # what only the site has: answers of the timeline, the index of sources, facts that a record below repeats
    'div.math, span.math, .hb-page-events, a[href*="timeline.html?"], .rubric:has(+ .hb-letters), .hb-letters, p:has(> .hb-leads), '
    ".hb-glance, .hb-record > summary, .hb-moved"
)


def blocks(soup: BeautifulSoup, left_out: str = SCREEN) -> Iterator[str]:
    """Yield the text of a page, each block without the blocks in it."""
    main = soup.select_one("[role=main]")
    assert main
    for gone in main.select(left_out):
        gone.decompose()
    for piece in main.find_all(string=True):
        if words := " ".join(piece.split()):
            yield words
