"""The pages of the handbook as one document: HTML trees in the order of the table of contents, with
unique ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree
from lxml.html import HtmlElement

from handbook.pdf import fragment

#: The form in which the builder writes a link to a page of the handbook:
#: ``handbook:club/names#club-names``.
SCHEME = "handbook:"

#: ``warn(message, docname, line)``; the line is 0 if it is unknown.
Warn = Callable[[str, str, int], None]

#: A list with fewer items stays together.
_FEW = 5
#: The most letters of what names a place.
_LONGEST = 120
_NAMING = (
    ".//text()[not(ancestor::*[contains(@class, 'footnote-reference')"
    " or contains(@class, 'hb-badge')])]"
)
#: What only a screen needs: scripts and controls, links to a heading itself, downloads, data to
#: copy, the picture behind a card.
_SCREEN_ONLY = (
    "//script|//style|//noscript|//template|//form|//button"
    "|//input[not(@type='checkbox')]|//label[@for and not(contains(@class, 'sd-tab-label'))]"
    "|//a[contains(concat(' ', @class, ' '), ' headerlink ')]"
    "|//*[contains(concat(' ', @class, ' '), ' sd-summary-state-marker ')]"
    "|//*[contains(concat(' ', @class, ' '), ' backrefs ')]"
    "|//*[contains(concat(' ', @class, ' '), ' hb-downloads ')]"
    "|//*[contains(concat(' ', @class, ' '), ' hb-cite ')]"
    "|//nav[contains(concat(' ', @class, ' '), ' contents ')]"
    "|//img[contains(concat(' ', @class, ' '), ' sd-card-img ')]"
)


@dataclass
class Page:
    """A page of the handbook. ``depth`` is 1 for the entries in the home page's table of contents,
    2 for their entries.
    """

    docname: str
    depth: int
    tree: HtmlElement
    drawings: list[str] = field(default_factory=list)


def classes(element: HtmlElement) -> list[str]:
    """Return the classes of an element."""
    return (element.get("class") or "").split()


def line_of(element: HtmlElement) -> int:
    """Return the source line of an element or of the nearest one around it; 0 if unknown."""
    while element is not None:
        if element.get("data-line"):
            return int(element.get("data-line"))
        element = element.getparent()
    return 0


def drop(element: HtmlElement) -> None:
    """Remove an element and keep the text behind it."""
    element.drop_tree()


def words(element: HtmlElement) -> str:
    """Return the text of an element, white space collapsed."""
    return " ".join("".join(element.itertext()).split())


def read(docname: str, depth: int, body: str) -> Page:
    """Return the page whose HTML is ``body``, without what only a screen needs."""
    tree, drawings = fragment.read(body, "main")
    for element in tree.xpath(_SCREEN_ONLY):
        if element.getparent() is not None:
            drop(element)
    # The list of a page's sources has a few lines, which need no heading of their own.
    for title in tree.xpath("//*[@id='sources-of-this-page']"):
        if (sources := title.getnext()) is not None:
            sources.set("data-title", words(title))
            _lead_to(sources)
        drop(title)
    # A link from a title back to a table of contents that only a screen needs.
    for link in tree.xpath("//a[contains(@class, 'toc-backref')]"):
        link.drop_tag()
    # A table of contents repeats titles; their link targets stay where the titles are.
    for element in tree.xpath("//*[contains(@class, 'toctree-wrapper')]//a//*[@id]"):
        del element.attrib["id"]
    return Page(docname, depth, tree, drawings)


def _lead_to(sources: HtmlElement) -> None:
    """Mark the end of a page, if it is short: no sheet should hold the list of sources alone."""
    last = sources.getprevious().getprevious()
    while last is not None and last.tag in {"section", "div"} and len(last):
        last = last[-1]
    if last is not None and last.tag in {"p", "ul"} and len(last.xpath("./li")) < _FEW:
        last.set("data-leads", "")


class Book:
    """All pages, and where each link goes.

    :param pages: in the order of the table of contents
    :param others: the pages in another file, each with its title
    """

    def __init__(
        self, pages: Iterable[Page], warn: Warn, others: Mapping[str, str] | None = None
    ) -> None:
        self.pages = list(pages)
        self._warn = warn
        self._others = others or {}
        #: id -> the label in the document; several ids of one place share a label
        self._labels: dict[str, str] = {}
        #: label -> what it stands for, in words
        self.titles: dict[str, str] = {}
        self._targets: set[str] = set()
        #: Labels on headings, which print them themselves.
        self._on_headings: set[str] = set()
        for page in self.pages:
            self._gather_ids(page)
        for page in self.pages:
            self._resolve_links(page)

    def label(self, page: Page, element: HtmlElement) -> str | None:
        """Return the label to print at ``element``, only if something links to it."""
        name = element.get("id")
        if not name:
            return None
        full = f"{page.docname}#{name}"
        wanted = (
            self._labels.get(full) == full
            and full in self._targets
            and full not in self._on_headings
        )
        return full if wanted else None

    def need(self, label: str) -> str | None:
        """Declare that something, such as the index, links to an id, and return its label; ``None``
        if there is no such id.
        """
        found = self._labels.get(label)
        if found:
            self._targets.add(found)
        return found

    def add(self, label: str, title: str) -> None:
        """Register a label that is printed outside the pages, such as that of the index."""
        self.titles[label] = title
        self._labels[label] = label
        self._targets.add(label)

    def _gather_ids(self, page: Page) -> None:
        top = page.tree.find(".//h1")
        self._labels[f"{page.docname}#"] = (
            self._heading_label(page, top) if top is not None else f"{page.docname}#"
        )
        section = (words(top) if top is not None else "") or page.docname
        self.titles[self._labels[f"{page.docname}#"]] = section
        for element in page.tree.iter(etree.Element):
            if re.fullmatch("h[1-6]", element.tag):
                section = words(element) or section
            name = element.get("id")
            if not name:
                continue
            full = f"{page.docname}#{name}"
            if any(ancestor.get("id") == name for ancestor in element.iterancestors()):
                # A wrapper that a theme put around a table and that took over its id.
                del element.attrib["id"]
                continue
            if full in self._labels:
                self._warn(
                    f"the id {name!r} occurs twice; links lead to the first",
                    page.docname,
                    line_of(element),
                )
                del element.attrib["id"]
                continue
            # A target before or at the top of a section means the section's heading: a page may
            # begin between them.
            heading = _heading_of(element)
            label = full if heading is None else self._heading_label(page, heading)
            self._labels[full] = label
            named = _title_of(element) if heading is None else heading
            # a heading may be a picture alone
            self.titles[label] = (_short(named) if named is not None else "") or section

    def _heading_label(self, page: Page, heading: HtmlElement) -> str:
        label: str | None = heading.get("data-label")
        if label is None:
            label = f"{page.docname}#" + (heading.get("id") or heading.getparent().get("id") or "")
            heading.set("data-label", label)
            self._on_headings.add(label)
        return label

    def _resolve_links(self, page: Page) -> None:
        """Turn each link within the handbook into ``#label``; a link without target becomes plain
        text, with a warning.
        """
        for link in page.tree.iter("a"):
            address = link.get("href")
            if address is None or re.match(r"(https?|mailto|ftp|doi):", address):
                continue
            if address.startswith("#"):
                wanted = page.docname + address
            elif address.startswith(SCHEME):
                wanted = address.removeprefix(SCHEME)
                wanted += "" if "#" in wanted else "#"
            else:
                wanted = ""
            found = self._labels.get(unquote(wanted)) or (wanted if wanted == "genindex#" else None)
            if found:
                link.set("href", "#" + found)
                self._targets.add(found)
                continue
            del link.attrib["href"]
            if title := self._others.get(unquote(wanted).partition("#")[0]):
                link.set("data-other", title)
                continue
            if "download" not in classes(link):
                self._warn(
                    f"the link {address!r} leads to nothing in the PDF; it is printed as text"
                    " (hint: link to a page of the table of contents, to a label, or to a full web"
                    " address)",
                    page.docname,
                    line_of(link),
                )


def _heading_of(element: HtmlElement) -> HtmlElement | None:
    """Return the heading that ``element`` is a target for: itself, that of its section, or that of
    the section that follows immediately.
    """
    if re.fullmatch("h[1-6]", element.tag):
        return element
    if element.tag == "section":
        first = next(
            (child for child in element if isinstance(child.tag, str) and not _is_target(child)),
            None,
        )
        return first if first is not None and re.fullmatch("h[1-6]", first.tag) else None
    if _is_target(element) and not (element.tail or "").strip():
        following = element.getnext()
        if following is not None:
            return _heading_of(following)
    return None


def _title_of(element: HtmlElement) -> HtmlElement | None:
    """Return what names an element that is no heading: a term, a source, a caption, the head of a
    milestone.
    """
    if element.tag == "dt" or "citation" in classes(element):
        return element
    return next(
        iter(element.xpath("./caption|./*/caption|./figcaption|./p[@class='hb-milestone-head']")),
        None,
    )


def _short(element: HtmlElement) -> str:
    """Return the beginning of the words of an element, without numbers of notes and badges."""
    title = " ".join("".join(element.xpath(_NAMING)).split())
    return title if len(title) <= _LONGEST else title[:_LONGEST].rstrip() + "…"


def _is_target(element: HtmlElement) -> bool:
    return (
        element.tag in {"span", "a", "div"}
        and not len(element)
        and not (element.text or "").strip()
        and bool(element.get("id"))
    )
