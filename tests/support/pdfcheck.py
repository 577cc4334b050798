"""Checks of a PDF that its readers feel: tags, languages, links, words. The conditions are those of PDF/UA-1 that a machine can tell.

The numbers in comments are checkpoints of the Matterhorn Protocol 1.1.
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
from pikepdf import Array, Dictionary, Name

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
_PARENTS = {
    "LI": {"L"},
    "LBody": {"LI"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
    "TOCI": {"TOC"},
}
_CHILDREN = {
    "L": {"LI", "L", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TR": {"TH", "TD"},
    "TOC": {"TOCI", "TOC", "Caption"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
}


@dataclass
class Element:
    """An element of the structure tree.

    ``scope``: what the head of a table is the head of, ``Row`` or ``Column``; ``headers``: the names of the heads of a cell;
    ``language``: its own, or that of what it is in.
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
    """``failures``: what is against PDF/UA-1, with how often; the rest is what the document holds."""

    failures: Counter[str]
    roles: Counter[str]
    elements: list[Element]
    languages: Counter[str]
    outline: list[tuple[int, str]]
    headings: list[int]
    internal_links: int
    web_links: list[str]
    pages: int
    fonts: set[str]
    title: str


def check(path: Path) -> Report:
    """Look through the PDF at ``path``."""
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
        self.annotations: set[Any] = set()
        self.elements: list[Element] = []
        self.fonts: dict[Any, str] = {}
        self.number = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def run(self) -> Report:
        root = self.pdf.Root
        xmp = bytes(root.Metadata.read_bytes()).decode() if "/Metadata" in root else ""
        title = re.search(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", xmp, re.DOTALL)
        self._need(bool(root.get("/MarkInfo", {}).get("/Marked")), "not marked as tagged")
        self._need("/Lang" in root, "no language of the document")  # 11-006
        self._need(title is not None, "no title in the metadata")  # 06-003
        self._need("pdfuaid" in xmp, "does not declare PDF/UA")  # 06-002
        self._need(
            bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
            "the window shows no title",
        )  # 07-001
        internal, web = self._pages()
        tree = root.get("/StructTreeRoot")
        self._need(tree is not None and "/ParentTree" in tree, "no structure tree")
        if tree is not None:
            roles = {
                str(key)[1:]: str(value)[1:] for key, value in tree.get("/RoleMap", {}).items()
            }
            self._tree(tree, roles)
        unreached = self.painted - set(self.reached)
        self._need(not unreached, "content that no tag reaches", len(unreached))  # 01-005
        for place, language in self.eastern.items():
            element = self.reached.get(place)
            # A picture or a formula speaks by its alternative text.
            if element is not None and element.role not in {"Figure", "Formula"}:
                spoken = language or element.language
                self._need(
                    spoken.partition("-")[0] in {"zh", "ja", "ko"},
                    "East Asian text without its language",
                )  # 11-001
        headings = [
            int(element.role[1])
            for element in self.elements
            if re.fullmatch("H[1-6]", element.role)
        ]
        for before, after in zip([0, *headings], headings, strict=False):
            self._need(after <= before + 1, "heading level left out")  # 14-003
        named = {element.name for element in self.elements if element.name}
        listed = (
            {str(key) for key in pikepdf.NameTree(tree.IDTree)}
            if tree is not None and "/IDTree" in tree
            else set()
        )
        self._need(named == listed, "list of names of the tags differs from the tags")
        for element in self.elements:
            self._element(element)
            for header in element.headers:
                self._need(header in named, "cell names a head that is not there")  # 15-005
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

    # -- pages -------------------------------------------------------------------------------------------------

    def _pages(self) -> tuple[int, list[str]]:
        names = set(self._names())
        internal, web = 0, []
        for number, page in enumerate(self.pdf.pages):
            self._content(page, page.resources, number, [])
            links = list(page.obj.get("/Annots", []))
            self._need(
                not links or page.obj.get("/Tabs") == Name.S, "tab order does not follow the tags"
            )  # 28-009
            for link in links:
                self._need("/StructParent" in link, "link outside of the structure tree")  # 28-002
                self._need("/Contents" in link, "link without a description")  # 28-008
                action = link.get("/A", {})
                if action.get("/S") == Name.URI:
                    web.append(str(action.URI))
                    self._need(
                        re.match("(https?|mailto):", web[-1]) is not None, "link to no web address"
                    )
                    continue
                internal += 1
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
                marks.append(
                    (str(instruction.operands[0]), None if number is None else int(number))
                )
                if number is not None:
                    self.painted.add((page, int(number)))
            elif operator == "EMC":
                marks.pop()
                languages.pop()
            elif operator == "Tf":
                font = str(
                    resources.get("/Font", {})[str(instruction.operands[0])].get("/BaseFont")
                )
            elif operator in _PAINTING:
                place = next(
                    (number for _tag, number in reversed(marks) if number is not None), None
                )
                if "CJK" in font and operator in _SHOWING and place is not None:
                    self.eastern[page, place] = languages[-1]
                self._need(
                    any(tag == "/Artifact" or number is not None for tag, number in marks),
                    "content neither tagged nor artifact",
                )  # 01-003
            elif operator == "Do":
                inner = resources.get("/XObject", {}).get(str(instruction.operands[0]))
                if inner.get("/Subtype") == Name.Form:
                    self._content(inner, inner.get("/Resources", resources), page, marks)
                else:
                    self._need(
                        any(tag == "/Artifact" or number is not None for tag, number in marks),
                        "picture neither tagged nor artifact",
                    )

    def _fonts(self, resources: Any) -> None:
        for font in resources.get("/Font", {}).values():
            if font.objgen in self.fonts:
                continue
            self.fonts[font.objgen] = str(font.get("/BaseFont"))[1:]
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            if font.get("/Subtype") != Name.Type3:
                described = inner.get("/FontDescriptor", {})
                self._need(
                    any(f"/FontFile{kind}" in described for kind in ("", "2", "3")),
                    "font not embedded",
                )  # 31-009
                self._need("/ToUnicode" in font, "font without Unicode")  # 10-001

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
                self.annotations.add(node.Obj.objgen)
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
                str(node.get("/Lang", parent.language if parent is not None else "")),
            )
            if parent is not None:
                parent.kids.append(element)
            self.elements.append(element)
            waiting.extend((kid, element, page) for kid in reversed(_kids(node)))

    def _element(self, element: Element) -> None:
        node, role = element.node, element.role
        self._need(role in _STANDARD, f"role {role} is not standard")  # 02-001
        if role in _PARENTS:
            self._need(
                element.parent is not None and element.parent.role in _PARENTS[role],
                f"{role} in the wrong place",
            )
        if role in _CHILDREN:
            odd = [kid.role for kid in element.kids if kid.role not in _CHILDREN[role]]
            self._need(not odd, f"{role} holds {odd[:1]}")
        if role in {"Figure", "Formula"}:
            self._need(
                bool(str(node.get("/Alt", ""))) or "/ActualText" in node,
                f"{role} without alternative text",
            )  # 13-004
        if role == "TH":
            self._need(element.scope != "", "TH without scope")  # 15-003
        if role == "Note":
            self._need(element.name != "", "Note without ID")  # 19-003
        if role == "Link":
            self._need(
                any(
                    isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR
                    for kid in _kids(node)
                ),
                "Link tag without link",
            )  # 28-010

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
    """The text of a PDF in the order of its content."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    finally:
        pdf.close()


# A line may break at a hyphen that is not in the word, or without one.
_JOINS = re.compile("[\\s\u00ad\u2010\u200b\ufffe\u0002\\-]+")
_WORD = re.compile(r"\w+")


def lost_words(expected: Iterable[str], printed: str, together: int = 5) -> list[str]:
    """The words of the blocks ``expected`` that ``printed`` does not have, each with its block.

    A block is looked for as a whole, then in runs of ``together`` words, then word by word: a page may end within it, and
    a note or a floating picture may stand elsewhere.
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
                lost += [f"{word} (in: {block[:80]})" for word in run if word not in stream]
    return lost


#: What the PDF leaves out, because it only serves a screen.
SCREEN = (
    "script, style, svg, form, .headerlink, .hb-where, .hb-cite, .hb-downloads, #sources-of-this-page, .hb-sources, .backrefs, "
    "aside.footnote > .label, .footnote-reference, .linenos, .sd-summary-state-marker, nav.contents, div.math, span.math"
)


def blocks(soup: BeautifulSoup) -> Iterator[str]:
    """The text of a page, each block without the blocks in it."""
    main = soup.select_one("[role=main]")
    assert main
    for gone in main.select(SCREEN):
        gone.decompose()
    for piece in main.find_all(string=True):
        if words := " ".join(piece.split()):
            yield words
