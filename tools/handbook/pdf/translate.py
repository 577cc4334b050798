"""HTML to Typst, element by element. An unknown element causes a warning, and its text is printed
nevertheless.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import unquote

from lxml.html import HtmlElement

from handbook.model import safety
from handbook.model.scripts import language_of
from handbook.pdf import columns, drawings, faults, fonts, formula, listing, picture_files
from handbook.pdf.book import Book, Page, Warn, classes, drop, line_of, words
from handbook.pdf.columns import cells_of
from handbook.pdf.room import Room
from handbook.pdf.typst_markup import (
    address_pieces,
    array,
    call,
    collapse,
    content,
    escape,
    string,
)

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "center",
        "details",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "label",
        "legend",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "ul",
        *_HEADINGS,
    }
)
#: Inline elements that print as their text.
_PLAIN = frozenset(
    {
        "bdi",
        "bdo",
        "big",
        "data",
        "font",
        "ins",
        "label",
        "mark",
        "output",
        "q",
        "rp",
        "rt",
        "ruby",
        "small",
        "span",
        "time",
        "u",
        "var",
    }
)
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_ADMONITIONS = (
    "note",
    "warning",
    "tip",
    "important",
    "caution",
    "danger",
    "error",
    "hint",
    "attention",
    "seealso",
)
_VERSIONS = frozenset({"versionadded", "versionchanged", "versionremoved", "deprecated"})
_TITLES = frozenset(
    {
        "admonition-title",
        "sd-aside-title",
        "sd-card-title",
        "sd-summary-title",
        "sidebar-title",
        "topic-title",
    }
)
#: BCP 47 tag -> language, region and our font that Typst uses for it
_LANGUAGES = {
    "zh-Hans": ("zh", "cn", "Noto Sans CJK SC"),
    "zh-CN": ("zh", "cn", "Noto Sans CJK SC"),
    "zh-Hant": ("zh", "tw", "Noto Sans CJK SC"),
    "zh-TW": ("zh", "tw", "Noto Sans CJK SC"),
    "zh": ("zh", "cn", "Noto Sans CJK SC"),
    "ja": ("ja", None, "Noto Sans CJK JP"),
    "ko": ("ko", None, "Noto Sans CJK KR"),
}
_EASTERN = re.compile(r"([\u2500-\u2503\u2e80-\ud7ff\uf900-\ufaff\uff00-\uffef]+)")
#: Milestones and fact boxes with more letters than this may break across pages, and so may rows and
#: tables that are higher, in points, and tables with more rows or letters.
_LONG = 700
_LONG_FACTS = 1500
_HIGH_ROW, _HIGH_TABLE = 200.0, 560.0
_SHORT_TABLE = (12, 1500)
#: The space beside the text of boxes, lists and the like, in points.
_FRAME, _CARD, _ITEM, _TERM, _QUOTE = 22.0, 20.0, 15.0, 16.0, 14.0
_DIGIT = 5.5
#: The symbol of a badge and the space behind it, in em.
_SIGN = 1.1
_FIELD, _FACT, _DATE = 91.0, 102.0, 88.0
#: The letter sizes of headings, by level, and of notes, captions and the like.
_SIZES = (25.0, 13.0, 11.0, 10.0)
_TITLE_ROOM = 370.0
_NOTE, _CAPTION, _CODE_SIZE = 8.0, 8.4, 7.9
#: The Typst of a landscape table, and of a title or a line that leads to what follows.
_SIDEWAYS = re.compile(r"(?://@ .*\n|#mark\(.*\)\n)*#sideways\[")
_LEADING = re.compile(r"(?://@ .*\n)?#(?:titled|lead|rubric)\b")
#: The most letters of a title in a running head.
_HEAD = 70


class Translator:
    """Translates the pages of a book.

    :param warn: called for each thing that cannot be printed as it is
    :param language: the language of the book, as a BCP 47 tag
    """

    def __init__(self, book: Book, warn: Warn, language: str = "en") -> None:
        self._book = book
        self._language = language
        self._warn = warn
        self._level = 0
        self._page: Page
        self._footnotes: dict[str, HtmlElement] = {}
        self._noted: set[str] = set()
        #: Footnotes that are printed, by their labels.
        self._printed: set[str] = set()
        #: Pictures that get a page of their own behind this one.
        self._wide: list[str] = []
        self._room = Room()
        #: The pictures drawn in the pages, by file name.
        self.files: dict[str, str] = {}
        self._citations = _citations(book)

    def page(self, page: Page) -> str:
        """Return the Typst markup of a page."""
        start = (
            "" if page.tree.find(".//h1") is not None else call("mark", string(f"{page.docname}#"))
        )
        return faults.mark(page.docname, 1) + f"{start}\n{self.part(page, page.tree)}"

    def part(self, page: Page, element: HtmlElement) -> str:
        """Return the Typst markup of a part of a page."""
        self._page = page
        self._noted = set()
        self._footnotes = {
            f"{page.docname}#{note.get('id')}": note
            for note in page.tree.xpath(".//aside[@id][contains(@class, 'footnote')]")
        }
        self._wide = []
        self._room = Room()
        if element is page.tree:
            markup = self._flow(element)
        else:
            markup = self._block(element) if _is_block(element) else self._inline(element)
        return "\n\n".join([markup, *self._wide])

    @contextmanager
    def _within(self, room: Room) -> Iterator[None]:
        """Translate with another room."""
        outside, self._room = self._room, room
        try:
            yield
        finally:
            self._room = outside

    # -- text

    def _text(self, text: str | None, element: HtmlElement | None = None) -> str:
        """Return text, whose language ``element`` may name."""
        if not text:
            return ""
        kept = columns.kept(collapse(text))
        if not _EASTERN.search(kept):
            return self._room.print(kept)
        own = _language(element)
        return (
            self._room.print(kept)
            if own in _LANGUAGES
            else tagged(kept, self._room, own or self._language)
        )

    def _runs(self, element: HtmlElement, skip: Iterable[HtmlElement | None] = ()) -> str:
        """Return the inline content of an element."""
        if not self._room.loose and len(element) and self._room.goes_on(element.itertext()):
            with self._within(replace(self._room, loose=True)):
                return self._runs(element, skip)
        skipped = set(skip)
        parts = [self._text(element.text, element)]
        for child in element:
            if isinstance(child.tag, str) and child not in skipped:
                parts.append(self._inline(child))
            parts.append(self._text(child.tail, element))
        return "".join(parts)

    def _flow(self, element: HtmlElement, skip: Iterable[HtmlElement | None] = ()) -> str:
        """Return the content of an element as blocks; text between them becomes paragraphs."""
        skipped = set(skip)
        blocks: list[str] = []
        run = self._text(element.text, element)
        for child in element:
            if isinstance(child.tag, str) and child not in skipped:
                if _is_block(child):
                    blocks.append(run.strip(" \n"))
                    block = self._mark_source(child) + self._block(child)
                    if _SIDEWAYS.match(block):
                        block = _with_title(blocks, block)
                    blocks.append(block)
                    run = ""
                else:
                    run += self._inline(child)
            run += self._text(child.tail, element)
        blocks.append(run.strip(" \n"))
        return "\n\n".join(block for block in blocks if block)

    def _content(self, element: HtmlElement, skip: Iterable[HtmlElement | None] = ()) -> str:
        """Return blocks if there are any, else inline text."""
        inner = [
            child for child in element if isinstance(child.tag, str) and child not in set(skip)
        ]
        if (
            len(inner) == 1
            and inner[0].tag == "p"
            and not (element.text or "").strip()
            and not (inner[0].tail or "").strip()
            and not inner[0].get("class")
        ):
            return self._mark(inner[0]) + self._runs(inner[0]).strip(" \n")
        if any(_is_block(child) for child in inner):
            return "\n" + self._flow(element, skip) + "\n"
        return self._runs(element, skip).strip(" \n")

    def _mark_source(self, element: HtmlElement) -> str:
        line = element.get("data-line")
        return faults.mark(self._page.docname, line) if line else ""

    def _mark(self, element: HtmlElement) -> str:
        label = self._book.label(self._page, element)
        return call("mark", string(label)) if label else ""

    def _spoken(self, element: HtmlElement, markup: str) -> str:
        tag = element.get("lang")
        if not tag or not markup.strip():
            return markup
        return _spoken(tag, markup)

    def _unknown(self, element: HtmlElement) -> None:
        self._warn(
            f"the PDF cannot show the element <{element.tag}>; its text is printed without"
            " formatting (hint: add the element to tools/handbook/pdf/translate.py)",
            self._page.docname,
            line_of(element),
        )

    # -- inline

    def _inline(self, element: HtmlElement) -> str:
        return self._spoken(element, self._inline_plain(element))

    def _inline_plain(self, element: HtmlElement) -> str:
        tag, kinds = element.tag, classes(element)
        if "math" in kinds:
            return self._math(element)
        if tag == "a":
            return self._link(element)
        if tag in {"em", "i", "cite", "dfn"}:
            return self._mark(element) + f"#emph[{self._runs(element)}]"
        if tag in {"strong", "b"}:
            return self._mark(element) + f"#strong[{self._runs(element)}]"
        if tag in _CODE:
            return self._mark(element) + self._room.code(collapse("".join(element.itertext())))
        if tag in {"sup", "sub"}:
            return (
                self._mark(element)
                + f"#{'super' if tag == 'sup' else 'sub'}[{self._runs(element)}]"
            )
        if tag in {"s", "del", "strike"}:
            return f"#strike[{self._runs(element)}]"
        if tag == "abbr":
            # On the screen the long form appears when somebody points at the word.
            long = element.get("title")
            return (
                self._mark(element)
                + self._runs(element)
                + (self._text(f" ({long})") if long else "")
            )
        if tag == "br":
            return "#linebreak()"
        if tag == "wbr":
            return ""
        if tag == "img":
            return self._image(element)
        if tag == "input":
            return call("tick-box", "true" if element.get("checked") is not None else "false") + " "
        if tag in {"span", "a"} and (kind := _badge(kinds)):
            return self._badged(element, kind)
        if tag not in _PLAIN:
            self._unknown(element)
        gap = "~" if "sd-summary-icon" in kinds else ""
        return self._mark(element) + self._runs(element) + gap

    def _link(self, element: HtmlElement) -> str:
        kinds, address = classes(element), element.get("href")
        if "footnote-reference" in kinds and address and address[1:] in self._footnotes:
            return self._footnote(address[1:])
        body = self._runs(element)
        if "sd-btn" in kinds:
            body = f"#button[{body}]" if self._stands(element) else body
        elif kind := _badge(kinds):
            body = self._badged(element, kind)
        mark = self._mark(element)
        if not address or not body.strip():
            return mark + body + self._other_file(element)
        if not address.startswith("#"):
            return (
                mark
                + call("web", string(address))
                + f"[{body}]"
                + self._printed_address(element, address)
            )
        cite = element.get("data-cite")
        mark += call("mark", string(cite)) if cite else ""
        see = call("see-page", string(address[1:])) if _within(element, "toctree-wrapper") else ""
        return mark + call("to-page", string(address[1:])) + f"[{body}]" + see

    def _other_file(self, element: HtmlElement) -> str:
        """Return the other file to which a link leads, where a page first names it."""
        title = element.get("data-other")
        if title is None or title in self._noted or self._room.plain:
            return ""
        self._noted.add(title)
        return call("in-other-file", string(title))

    def _stands(self, element: HtmlElement) -> bool:
        """Return whether an element may be in a frame of its own, in which no line breaks."""
        return fonts.width(words(element)) * self._room.size < self._room.width * 0.6

    def _badged(self, element: HtmlElement, kind: str) -> str:
        body, framed = self._runs(element), _framed(element)
        # Without a frame, a badge is a symbol and its word.
        bare = (fonts.width(words(element)) + _SIGN) * self._room.size < self._room.width
        if not (bare if framed else self._stands(element)):
            return body
        return call("badge", string(kind), **framed) + f"[{body}]"

    def _printed_address(self, element: HtmlElement, address: str) -> str:
        """Return the address in words, where a reader of paper needs it: beside a source, beside
        the facts of a standard, else in a footnote.
        """
        if not re.match("https?:", address) or _bare(address) in _bare(words(element)):
            return ""
        pieces = self._address(address)
        if _within(element, "citation"):
            # The first link of a source is its address; the second looks for a copy, and its
            # address adds nothing.
            first = element.getprevious() is None or not any(
                link is not element for link in element.getparent().iter("a") if link.get("href")
            )
            return " " + pieces if first or element is _first_link(element) else ""
        if _within(element, "hb-facts"):
            return " " + pieces
        if any(
            ancestor.tag in {"table", "aside", "figcaption", *_HEADINGS}
            for ancestor in element.iterancestors()
        ) or _within(element, "sd-card"):
            return ""
        if address in self._noted:
            return ""
        self._noted.add(address)
        with self._within(Room(size=_NOTE)):
            return f"#footnote[{self._address(address)}]"

    def _address(self, address: str) -> str:
        return call("printed-address", *address_pieces(address, self._room.width))

    def _footnote(self, label: str) -> str:
        note = self._footnotes[label]
        if label in self._printed:
            return call("footnote", f"label({string('note:' + label)})")
        self._printed.add(label)
        number = note.find("./span[@class='label']")
        with self._within(Room(size=_NOTE).less(_ITEM)):
            body = self._content(note, [number])
        return f"#footnote[{body}]#label({string('note:' + label)})"

    def _math(self, element: HtmlElement) -> str:
        found, mark = element.find(".//math"), self._mark(element)
        number = element.find("./span[@class='eqno']")
        if found is None:
            # the LaTeX of a formula that could not be read, which the build of the page has
            # reported
            return mark + self._room.code(words(element))
        source = found.get("alttext") or words(found)
        try:
            body = formula.typst(found)
        except formula.UnknownFormulaError as error:
            self._warn(
                f"the PDF prints a formula as its source text: it cannot show {error} (hint:"
                " write it with other commands, or add the element to"
                " tools/handbook/pdf/formula.py)",
                self._page.docname,
                line_of(element),
            )
            return mark + self._room.code(source)
        block = element.tag == "div"
        return mark + call(
            "formula",
            f"{self._room.width - (40 if number is not None else 4):.4g}pt",
            f"$ {body} $" if block else f"${body}$",
            alt=string(source),
            **({"block": "true"} if block else {}),
            **({"number": content(escape(words(number)))} if number is not None else {}),
        )

    def _image(self, element: HtmlElement) -> str:
        number = element.get("data-drawing")
        if number is not None:
            return self._drawing(self._page.drawings[int(number)], element)
        source, alternative = element.get("src") or "", (element.get("alt") or "").strip()
        if not alternative or source.endswith(alternative.rpartition("/")[2]):
            self._warn(
                f"the picture {source.rpartition('/')[2]} has no alternative text (hint: say in"
                " :alt: what it shows)",
                self._page.docname,
                line_of(element),
            )
        if safety.scheme(source) or source.startswith("//"):
            wrong = safety.picture(source)
            if wrong:
                self._warn(f"{wrong[1]} (hint: {wrong[2]})", self._page.docname, line_of(element))
            return self._text(alternative)
        if not source.startswith("_images/"):
            self._warn(
                f"the file {unquote(source)!r} is not in the PDF; its alternative text is printed"
                " (hint: show it by {image} or ![words](name), with the path of a file of docs/)",
                self._page.docname,
                line_of(element),
            )
            return self._text(alternative)
        return call(
            "sized",
            string(unquote(source)),
            alt=string(alternative or source),
            **picture_files.sizes(element),
        )

    def _drawing(self, svg: str, element: HtmlElement) -> str:
        drawing = drawings.read(svg)
        if drawing is not None and drawing.twin:
            return ""
        if drawing is None:
            self._warn(
                "a drawing is not well-formed SVG and cannot be printed",
                self._page.docname,
                line_of(element),
            )
            return ""
        if drawing.decorative and drawing.small:
            # A link must not contain decoration: there, the icon has its name.
            linked = any(around.tag == "a" for around in element.iterancestors())
            return call("icon", string(drawing.svg), string(drawing.name) if linked else "none")
        if not drawing.alternative and not drawing.decorative:
            self._warn(
                "a drawing has neither <title> nor aria-label (hint: give it one)",
                self._page.docname,
                line_of(element),
            )
        if drawing.letters < drawings.LEAST:
            self._warn(
                f"letters of a drawing would be {drawing.letters:.1f} points high on paper, and"
                f" nobody reads less than {drawings.LEAST:g} (hint: draw it narrower, or its"
                " letters larger)",
                self._page.docname,
                line_of(element),
            )
        name = f"drawing-{len(self.files) + 1}.svg"
        self.files[name] = drawing.svg
        picture = call(
            "image", string(name), alt=string(drawing.alternative or "drawing"), **drawing.size
        )[1:]
        if drawing.decorative:
            # the text beside it says the same
            picture = call("pdf.artifact", picture)[1:]
        if drawing.wide:
            self._wide.append(call("wide-picture", string(name), picture))
            return call(
                "see-picture",
                string(name),
                content(self._text(drawing.title or drawing.alternative)),
            )
        return call("tall-picture" if drawing.tall else "picture", picture)

    # -- blocks

    def _block(self, element: HtmlElement) -> str:
        return self._spoken(element, self._block_plain(element))

    def _block_plain(self, element: HtmlElement) -> str:
        tag, kinds = element.tag, classes(element)
        if tag in _HEADINGS:
            return self._heading(element)
        for kind in kinds:
            if by_class := _BY_CLASS.get(kind):
                return by_class(self, element)
        if by_tag := _BY_TAG.get(tag):
            return by_tag(self, element)
        if tag not in _BLOCKS:
            self._unknown(element)
        return self._through(element)

    def _through(self, element: HtmlElement) -> str:
        """Return the content of an element that only contains others."""
        mark = self._mark(element)
        return (mark + "\n" if mark else "") + self._flow(element)

    def _heading(self, element: HtmlElement) -> str:
        depth = _HEADINGS[element.tag] - 1
        is_page = depth == 0
        # PDF/UA requires levels without gaps, and PDF has six.
        self._level = min(self._page.depth + depth, self._level + 1, 6)
        label = element.get("data-label")
        size = _SIZES[min(depth, len(_SIZES) - 1)] * 1.1
        with self._within(Room(_TITLE_ROOM, size, plain=True)):
            text, bare = self._runs(element).strip(" \n"), self._bare_title(element)
            title = words(element)
            short = self._text(title[:_HEAD] + "…") if len(title) > _HEAD else None
        heading = call(
            "titled",
            content(bare),
            *([content(text)] if text != bare else []),
            **({"short": content(short)} if short else {}),
            level=str(self._level),
            supplement="[page]" if is_page else f"[s{min(depth, 4)}]",
            outlined="true" if is_page else "false",
        )
        wrapped = (
            f"#year[{heading} #label({string(label)})]"
            if "hb-year" in classes(element) and label
            else None
        )
        return wrapped or heading + (f" #label({string(label)})" if label else "")

    def _bare_title(self, element: HtmlElement) -> str:
        """Return a heading as tables of contents, running heads and bookmarks repeat it: without
        links, notes, citations, pictures and link targets, which must occur only once.
        """
        title = copy.deepcopy(element)
        for link in list(title.iter("a")):
            if title not in link.iterancestors():
                continue
            if "footnote-reference" in classes(link):
                drop(link)
            elif link.get("data-cite"):
                around = link.getparent()
                # including the brackets around it
                rest = [around.text, *(child.tail for child in around)]
                alone = around is not title and not re.search(r"\w", "".join(filter(None, rest)))
                drop(around if alone else link)
            else:
                link.drop_tag()
        for picture in list(title.iter("img")):
            shown = "" if picture.get("data-drawing") else picture.get("alt") or ""
            picture.tail = shown + (picture.tail or "")
            drop(picture)
        for formulas in list(title.iter("math")):
            formulas.tail = (formulas.get("alttext") or "") + (formulas.tail or "")
            drop(formulas)
        for inner in title.iter():
            inner.attrib.pop("id", None)
        bare = re.sub(r" +", " ", self._runs(title)).strip(" \n")
        return bare or escape(self._page.docname)

    def _paragraph(self, element: HtmlElement) -> str:
        if any(kind in _TITLES for kind in classes(element)):
            return f"#box-title[{self._mark(element)}{self._runs(element).strip()}]"
        if "rubric" in classes(element) or "caption" in classes(element):
            return f"#rubric[{self._mark(element)}{self._runs(element).strip()}]"
        if "attribution" in classes(element):
            return f"#align(right)[{self._runs(element)}]"
        if (
            any(_is_block(child) for child in element if isinstance(child.tag, str))
            or element.find("./img[@data-drawing]") is not None
        ):
            return self._through(element)
        text = self._mark(element) + self._runs(element).strip(" \n")
        return f"#lead[{text}]" if _leads(element) else text

    def _list(self, element: HtmlElement) -> str:
        items = [child for child in element if child.tag == "li"]
        named, wide = _numbered(element, len(items)) if element.tag == "ol" else ({}, _ITEM)
        if items and all("task-list-item" in classes(item) for item in items):
            # The boxes serve as list marks.
            named |= {"marker": "[]", "body_indent": "0pt"}
        # A list whose items are lines is set tight, one of paragraphs is set loose.
        close = all(len(item.xpath("./p")) <= 1 for item in items)
        with self._within(self._room.less(wide)):
            arguments = [f"[{self._mark(item)}{self._content(item)}]" for item in items]
        mark = self._mark(element)
        items_of = call(
            "enum" if element.tag == "ol" else "list",
            *arguments,
            tight="true" if close else "false",
            **named,
        )
        if element.get("data-leads") is not None:
            items_of = call("block", content(items_of), sticky="true")
        return (mark + "\n" if mark else "") + items_of

    def _timeline(self, element: HtmlElement) -> str:
        events = []
        for item in element:
            line = item.find("./p") if item.find("./p") is not None else item
            date = next((child for child in line if "hb-date" in classes(child)), None)
            with self._within(self._room.at(8.6).less(self._room.width - _DATE)):
                when = self._runs(date).strip(" \n") if date is not None else ""
            with self._within(self._room.less(_DATE + _FRAME)):
                body = self._runs(line, [date]).strip(" \n")
                others = [
                    self._block(child)
                    for child in item
                    if child is not line and isinstance(child.tag, str)
                ]
            events.append(
                f"[{self._mark_source(item)}{self._mark(item)}#event[{when}][{body}]"
                + "".join(f"\n\n{other}" for other in others)
                + "]"
            )
        return call("timeline", *events)

    def _pairs(
        self, element: HtmlElement, name_width: float | None = None
    ) -> Iterator[tuple[str, str]]:
        """Yield the terms of a list and their definitions.

        :param name_width: the width of the column of terms, if they have one
        """
        whole = self._room
        beside = whole if name_width is None else whole.less(whole.width - name_width)
        names: list[str] = []
        for child in element:
            if child.tag == "dt":
                for colon in child.xpath(".//span[@class='colon']"):
                    drop(colon)
                with self._within(beside):
                    names.append(
                        self._spoken(child, self._mark(child) + self._runs(child).strip(" \n"))
                    )
            elif child.tag == "dd":
                with self._within(whole.less(name_width or _TERM)):
                    body = self._mark(child) + self._spoken(child, self._content(child))
                yield " · ".join(names), body
                names = []
            elif child.tag == "div":
                yield from self._pairs(child, name_width)
        if names:
            yield " · ".join(names), ""

    def _definitions(self, element: HtmlElement) -> str:
        kinds = classes(element)
        facts = "hb-facts" in kinds
        fields = "field-list" in kinds or "option-list" in kinds
        with self._within(self._room.less(_FRAME + _DIGIT) if facts else self._room):
            pairs = list(self._pairs(element, _FACT if facts else _FIELD if fields else None))
        mark = self._mark(element)
        start = mark + "\n" if mark else ""
        if not pairs:
            return start
        if fields:
            items = [f"([{name}], [{body}])" for name, body in pairs]
            whole = _boolean(len(words(element)) < _LONG_FACTS)
            return start + (
                call("facts", *items, whole=whole) if facts else call("fields", "32mm", *items)
            )
        return start + call(
            "definitions", *(f"terms.item([{name}], [{body}])" for name, body in pairs)
        )

    def _milestone(self, element: HtmlElement) -> str:
        head, foot = (
            element.find("./p[@class='hb-milestone-head']"),
            element.find("./p[@class='hb-milestone-foot']"),
        )
        if head is None:
            return self._through(element)
        with self._within(self._room.less(_QUOTE)):
            title = self._runs(head).strip(" \n")
            body = self._flow(element, [part for part in (head, foot) if part is not None])
            last = (
                content(self._runs(foot).strip(" \n"))
                if foot is not None and words(foot)
                else "none"
            )
        whole = _boolean(len(words(element)) < _LONG)
        return call(
            "milestone",
            content(self._mark(element) + title),
            content("\n" + body + "\n"),
            last,
            whole=whole,
        )

    def _quote(self, element: HtmlElement) -> str:
        with self._within(self._room.less(_QUOTE)):
            return self._mark(element) + f"#quote(block: true)[{self._content(element)}]"

    def _rule(self, element: HtmlElement) -> str:
        if "footnotes" in classes(element):
            return ""
        return "#break-line"

    def _aside(self, element: HtmlElement) -> str:
        return "" if self._is_printed(element) else self._through(element)

    def _is_printed(self, note: HtmlElement) -> bool:
        return f"{self._page.docname}#{note.get('id')}" in self._printed

    def _notes(self, element: HtmlElement) -> str:
        """Return the footnotes that nothing refers to; all others are at the foot of their page."""
        return "\n\n".join(
            self._flow(note) for note in element.xpath("./aside[@id]") if not self._is_printed(note)
        )

    def _admonition(self, element: HtmlElement) -> str:
        kind = next((kind for kind in classes(element) if kind in _ADMONITIONS), "note")
        with self._within(self._room.less(_FRAME)):
            return (
                call("admonition", string(kind)) + f"[{self._mark(element)}\n{self._flow(element)}]"
            )

    def _boxed(self, name: str, element: HtmlElement) -> str:
        with self._within(self._room.less(_FRAME)):
            whole = name == "together" and len(words(element)) > _LONG_FACTS
            name = "through" if whole else name
            return f"#{name}[{self._mark(element)}\n{self._flow(element)}]"

    def _card(self, element: HtmlElement, name: str = "card") -> str:
        stretched = next(
            (
                child
                for child in element
                if child.tag == "a" and "sd-stretched-link" in classes(child)
            ),
            None,
        )
        with self._within(self._room.less(_CARD)):
            return f"#{name}[{self._mark(element)}\n{self._card_content(element, stretched)}]"

    def _card_content(self, element: HtmlElement, stretched: HtmlElement | None) -> str:
        last = ""
        if stretched is not None:
            address, text = stretched.get("href") or "", self._runs(stretched).strip(" \n")
            if address.startswith("#"):
                last = call("card-link", string(address[1:])) + f"[{text}]"
            elif address:
                said = "" if _bare(words(stretched)) == _bare(address) else text
                last = call("card-web", string(address)) + f"[{said} {self._address(address)}]"
            else:
                last = text
        return f"{self._flow(element, [stretched])}\n\n{last}"

    def _cards(self, element: HtmlElement) -> str:
        cells = [child for child in element if isinstance(child.tag, str)]
        asked = [
            int(match[1])
            for kind in classes(element)
            if (match := re.fullmatch(r"sd-row-cols(?:-(?:md|lg))?-(\d+)", kind))
        ]
        most = 2 if len(cells) == 4 else 3
        columns = max(1, min([most, len(cells), *asked[-1:]]))
        return self._grid(columns, cells)

    def _grid(self, count: int, cells: Sequence[HtmlElement]) -> str:
        # A row breaks only where all its cells may.
        long = any(len(words(cell)) > _LONG for cell in cells)
        with self._within(self._room.less(self._room.width * (1 - 1 / count) + 11.4)):
            return call("cards", str(count), *(self._grid_cell(cell, long) for cell in cells))

    def _grid_cell(self, cell: HtmlElement, long: bool) -> str:
        if len(cell) == 1 and "sd-card" in classes(cell[0]):
            return self._card(cell[0], "card-cell(whole: false)" if long else "card-cell")[1:]
        return f"[{self._flow(cell)}]"

    def _horizontal(self, element: HtmlElement) -> str:
        cells = list(element.iter("td"))
        return self._grid(max(1, len(cells)), cells)

    def _lines(self, element: HtmlElement) -> str:
        lines = []
        for line in element:
            if not isinstance(line.tag, str):
                continue
            if "line-block" in classes(line):
                with self._within(self._room.less(_TERM)):
                    lines.append(f"#pad(left: 1.5em)[{self._lines(line)}]")
            else:
                lines.append(self._content(line) + "#linebreak()")
        return self._mark(element) + "".join(lines)

    def _source(self, element: HtmlElement) -> str:
        name = element.find("./span[@class='label']")
        body = " ".join(self._runs(part).strip(" \n") for part in element if part.tag == "p")
        label = self._book.label(self._page, element)
        places = self._citations.get(f"{self._page.docname}#{element.get('id')}", [])
        mark = call("mark", string(label)) if label else ""
        title = self._text(words(name).strip("[] ")) if name is not None else ""
        return call(
            "source",
            content(mark + title),
            content(body),
            content(call("cited", *map(string, places))),
        )

    def _page_sources(self, element: HtmlElement) -> str:
        """Return what the numbers in the text of a page mean; the bibliography has more on each
        source.
        """
        lines = []
        for number, link in enumerate(element.iter("a"), 1):
            lines.append(content(f"{number}~{self._link(link)}"))
        return call("page-sources", string(element.get("data-title", "")), *lines)

    def _figure(self, element: HtmlElement) -> str:
        caption = element.find("./figcaption")
        image = element.find(".//img")
        if image is None or len(element.xpath(".//img")) > 1 or image.get("data-drawing"):
            return self._through(element)
        picture = self._image(image)
        if not picture.startswith("#sized"):
            return self._through(element)
        picture = picture[1:]
        if (parent := image.getparent()).tag == "a" and (parent.get("href") or "").startswith(
            "http"
        ):
            picture = f"link({string(parent.get('href'))}, {picture})"
        with self._within(self._room.at(_CAPTION)):
            text = self._content(caption) if caption is not None else None
        whole = _boolean(caption is None or len(words(caption)) < _LONG)
        return call("picture", picture, caption=content(text), whole=whole) + (
            f" #label({string(label)})"
            if text and (label := self._book.label(self._page, element))
            else ""
        )

    def _wrapped_code(self, element: HtmlElement) -> str:
        caption = element.find("./div[@class='code-block-caption']")
        head = (
            f"#code-caption[{self._mark(element)}{self._runs(caption).strip()}]\n\n"
            if caption is not None
            else self._mark(element)
        )
        return head + self._flow(element, [caption])

    def _code(self, element: HtmlElement) -> str:
        block = element if element.tag == "pre" else element.find(".//pre")
        if block is None:
            return self._through(element)
        room = self._room.at(_CODE_SIZE).less(
            _CARD + (21 if block.find(".//span[@class='linenos']") is not None else 0)
        )
        long = room.is_long_code("".join(block.itertext()))
        lines = listing.read(block, self._around_link, listing.broken if long else listing.plain)
        marked = [place for place, line in enumerate(lines, 1) if line.marked]
        named = {"marked": array(map(str, marked))} if marked else {}
        if any(line.number for line in lines):
            named["numbers"] = array(string(line.number) for line in lines)
        if any(line.markup != listing.plain(line.text) for line in lines if line.text):
            named["lines"] = array(content(line.markup) for line in lines)
        mark = self._mark(element)
        text = "\n".join(line.text for line in lines)
        return (mark + "\n" if mark else "") + call("code", string(text), **named)

    def _around_link(self, element: HtmlElement) -> Callable[[str], str] | None:
        address = element.get("href")
        if not address:
            return None
        if address.startswith("#"):
            return lambda body: call("to-page", string(address[1:])) + f"[{body}]"
        return lambda body: call("web", string(address)) + f"[{body}]"

    def _table(self, element: HtmlElement) -> str:
        if "hlist" in classes(element):
            return self._horizontal(element)
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        laid = columns.of(element, rows, self._room)
        if laid is None:
            return ""
        if wide := columns.sideways(element, rows, self._room, laid):
            with self._within(wide.around):
                return f"#sideways[{self._set_table(element, rows, wide)}]"
        return self._set_table(element, rows, laid)

    def _set_table(
        self, element: HtmlElement, rows: list[HtmlElement], laid: columns.Columns
    ) -> str:
        heads = [row for row in rows if row.getparent().tag == "thead"]
        head = [self._cell(cell, laid, head=True) for row in heads for cell in cells_of(row)]
        body = [
            self._cell(cell, laid) for row in rows if row not in heads for cell in cells_of(row)
        ]
        caption = element.find("./caption")
        title = self._runs(caption).strip(" \n") if caption is not None else None
        mark = self._mark(element)
        return (mark + "\n" if mark else "") + call(
            "tab",
            content(title) if title else "none",
            array(laid.tracks),
            array(head) if head else "none",
            *body,
            heads=str(len(heads)),
            repeat=_boolean(
                not any(_holds_link(cell) for cell in head)
                and sum(map(laid.height, heads)) < _HIGH_ROW
            ),
            whole=_boolean(
                len(rows) <= _SHORT_TABLE[0]
                and len(words(element)) <= _SHORT_TABLE[1]
                and sum(map(laid.height, rows)) < _HIGH_TABLE
            ),
            size=f"{laid.size:.4g}pt",
        )

    def _cell(self, cell: HtmlElement, laid: columns.Columns, *, head: bool = False) -> str:
        with self._within(laid.room(cell)):
            body = self._content(cell)
        if not head and (cell.tag == "th" or "stub" in classes(cell)):
            body = f"#row-head[{body}]"
        row = cell.getparent()
        if row is not None and row.get("id") and cells_of(row)[0] is cell:
            body = self._mark(row) + body  # a row that can be a link target
        named = {key: cell.get(key) for key in ("colspan", "rowspan") if cell.get(key, "1") != "1"}
        if not head and row is not None and laid.height(row) < _HIGH_ROW:
            named["breakable"] = "false"
        return call("table.cell", content(body), **named)[1:] if named else content(body)


def _with_title(blocks: list[str], sideways: str) -> str:
    """Return a landscape block, with the title or the line that leads to it."""
    taken: list[str] = []
    while blocks and (not blocks[-1] or _LEADING.match(blocks[-1])):
        taken.insert(0, blocks.pop())
    start, open_, rest = sideways.partition("#sideways[")
    return start + open_ + "\n\n".join([*taken, rest]) if any(taken) else sideways


def _spoken(tag: str, markup: str) -> str:
    primary = tag.partition("-")[0].lower()
    language, region, family = _LANGUAGES.get(tag, (primary, None, None))
    named = {"region": string(region)} if region else {}
    named |= {"family": string(family)} if family else {}
    return call("spoken", string(language), **named) + f"[{markup}]"


def _language(element: HtmlElement | None) -> str:
    """Return the language of an element, as stated by it or one around it; empty if none states
    one.
    """
    while element is not None and not element.get("lang"):
        element = element.getparent()
    return "" if element is None else element.get("lang")


def tagged(text: str, room: Room, language: str = "en") -> str:
    """Return text in a language: each East Asian run of another language is tagged by its
    script.
    """
    around = language.partition("-")[0]
    parts, own_words = [], ""
    for place, run in enumerate(_EASTERN.split(text)):
        if place % 2 and (own := language_of(run)).partition("-")[0] != around:
            parts += [room.print(own_words), _spoken(own, room.print(run))]
            own_words = ""
        else:
            own_words += run
    return "".join([*parts, room.print(own_words)])


def _numbered(element: HtmlElement, count: int) -> tuple[dict[str, str], float]:
    """Return how a list is numbered, and the room that its items leave to the numbers."""
    first = element.get("start", "")
    named = {"start": first} if re.fullmatch("[0-9]+", first) else {}
    digits = len(str(count + int(named.get("start", 1))))
    kind = next(
        (one for one in (element.get("type"), *classes(element)) if one in _NUMBERINGS), "arabic"
    )
    named["numbering"] = string(_NUMBERINGS[kind])
    # a Roman number is as long as viii
    return named, _ITEM + max(digits, 5 if _NUMBERINGS[kind] in {"i.", "I."} else 0) * _DIGIT


def _boolean(value: bool) -> str:
    return str(value).lower()


def _holds_link(markup: str) -> bool:
    """Return whether a head contains a link or link target: repeated on the next page it is
    decoration, and must contain neither.
    """
    return any(f"#{name}" in markup for name in ("footnote", "to-page", "web", "mark", "icon"))


def _leads(paragraph: HtmlElement) -> bool:
    """Return whether a paragraph leads to what follows: it ends with a colon, all of it is bold, or
    only the sources of its page follow.
    """
    if paragraph.get("data-leads") is not None:
        return True
    following = paragraph.getnext()
    if following is None or following.tag == "p" or not _is_block(following):
        return False
    text = words(paragraph)
    return text.endswith((":", "：")) or (
        len(paragraph) == 1 and paragraph[0].tag == "strong" and words(paragraph[0]) == text
    )


def _is_block(element: HtmlElement) -> bool:
    if element.tag == "label":
        return "sd-tab-label" in classes(element)
    return element.tag in _BLOCKS or (
        element.tag == "img"
        and element.get("data-drawing") is not None
        and element.getparent().tag != "p"
        and not _within(element, "sd-btn")
    )


def _within(element: HtmlElement, kind: str) -> bool:
    return any(kind in classes(ancestor) for ancestor in element.iterancestors())


def _bare(address: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", address).rstrip("/")


def _first_link(element: HtmlElement) -> HtmlElement | None:
    entry = next(
        ancestor for ancestor in element.iterancestors() if "citation" in classes(ancestor)
    )
    return next(
        (link for link in entry.iter("a") if (link.get("href") or "").startswith("http")), None
    )


def _framed(badge: HtmlElement) -> dict[str, str]:
    """In tables, whose lines are frames enough, badges have none."""
    return (
        {"framed": "false"}
        if any(ancestor.tag in {"td", "th"} for ancestor in badge.iterancestors())
        else {}
    )


def _badge(kinds: list[str]) -> str | None:
    if "hb-badge" in kinds:
        return next(
            (
                kind.removeprefix("hb-")
                for kind in kinds
                if kind.startswith("hb-") and kind != "hb-badge"
            ),
            "plain",
        )
    return "plain" if "sd-badge" in kinds else None


def _citations(book: Book) -> dict[str, list[str]]:
    """Return where each source is cited: its label -> the names of the places, in reading order."""
    sources = {
        f"{page.docname}#{entry.get('id')}"
        for page in book.pages
        for entry in page.tree.xpath(".//div[@id][contains(@class, 'citation')]")
    }
    places: dict[str, list[str]] = {}
    number = 0
    for page in book.pages:
        for link in page.tree.iter("a"):
            label = (link.get("href") or "")[1:]
            if label in sources and not _within(link, "hb-sources"):
                number += 1
                link.set("data-cite", f"cite:{number}")
                places.setdefault(label, []).append(f"cite:{number}")
    return places


_NUMBERINGS = {
    "arabic": "1.",
    "loweralpha": "a.",
    "upperalpha": "A.",
    "lowerroman": "i.",
    "upperroman": "I.",
    "1": "1.",
    "a": "a.",
    "A": "A.",
    "i": "i.",
    "I": "I.",
}

_Handler = Callable[[Translator, HtmlElement], str]
_BY_CLASS: dict[str, _Handler] = {
    "hb-timeline": Translator._timeline,
    "hb-milestone": Translator._milestone,
    "hb-standard": lambda self, element: self._boxed("together", element),
    "admonition": Translator._admonition,
    "sd-dropdown": lambda self, element: self._boxed("dropdown", element),
    "sd-tab-set": lambda self, element: self._boxed("tabs", element),
    "sd-tab-label": lambda self, element: f"#tab-label[{self._runs(element).strip()}]",
    "sd-row": Translator._cards,
    "sd-card": Translator._card,
    "sd-card-title": lambda self, element: f"#box-title[{self._runs(element).strip()}]",
    "sd-summary-title": lambda self, element: f"#box-title[{self._runs(element).strip()}]",
    "sd-card-header": lambda self, element: self._boxed("card-edge", element),
    "sd-card-footer": lambda self, element: self._boxed("card-edge", element),
    "sd-aside": lambda self, element: self._boxed("sidebar", element),
    "sidebar": lambda self, element: self._boxed("sidebar", element),
    "topic": lambda self, element: self._boxed("sidebar", element),
    "citation": Translator._source,
    "hb-sources": Translator._page_sources,
    "footnote-list": Translator._notes,
    "line-block": Translator._lines,
    "literal-block-wrapper": Translator._wrapped_code,
    "highlight": Translator._code,
    "math": lambda self, element: self._math(element),
    **dict.fromkeys(_VERSIONS, lambda self, element: self._boxed("version-note", element)),
}
_BY_TAG: dict[str, _Handler] = {
    "p": Translator._paragraph,
    "ul": Translator._list,
    "ol": Translator._list,
    "dl": Translator._definitions,
    "table": Translator._table,
    "figure": Translator._figure,
    "blockquote": Translator._quote,
    "hr": Translator._rule,
    "pre": Translator._code,
    "aside": Translator._aside,
    "details": lambda self, element: self._boxed("dropdown", element),
    "summary": lambda self, element: f"#box-title[{self._runs(element).strip()}]",
    "img": lambda self, element: self._image(element),
}
