"""Sphinx's ``epub`` builder, extended so that the book is valid, reproducible, and readable page by
page.
"""

from __future__ import annotations

import html
import re
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docutils import nodes
from lxml import etree
from lxml.html import HtmlElement
from sphinx.application import Sphinx
from sphinx.builders.epub3 import HTML_TAG, Epub3Builder
from sphinx.locale import get_translation

from handbook.model.safety import for_xml
from handbook.pdf import edition, fragment, picture_files

_ = get_translation("handbook")

_PAGE = re.compile(r'<item\b[^>]*?\bhref="([^"]+\.xhtml)"[^>]*?(?=\s*/>)')
#: Forms need a script, and a citation must not give an address within the file.
_SCREEN_ONLY = re.compile(r'<form\b.*?</form>|<details class="hb-cite">.*?</details>', re.DOTALL)
#: The properties that a book declares for its pages, and the element that requires each.
_DECLARED = {"mathml": "math", "svg": "svg"}
_NAMESPACES = {
    "svg": "http://www.w3.org/2000/svg",
    "math": "http://www.w3.org/1998/Math/MathML",
}
_KEPT = re.compile(r'<img data-drawing="(\d+)"/>')
#: Elements that HTML no longer has, and those that took their place.
_ELEMENTS = {"big": "span", "center": "div", "font": "span", "tt": "code", "strike": "s"}
#: Attributes that HTML no longer has, and those whose only value is their name.
_OUTDATED = re.compile(
    "align|background|bgcolor|border|cellpadding|cellspacing|char|charoff|clear|color|compact|face"
    "|frame|hspace|noshade|nowrap|rules|size|summary|valign|vspace"
)
_SIMPLE = re.compile(
    "autofocus|checked|controls|disabled|hidden|loop|multiple|open|readonly|required|reversed"
    "|selected"
)
_ID = re.compile(r'\bid="([^"]+)"')
_STYLE = Path(__file__).with_name("book.css")


class EpubBuilder(Epub3Builder):
    """Dates the book by its edition, not by the clock; gives it an identifier; declares drawings
    and formulas; leaves out files that no page uses.
    """

    def init(self) -> None:
        language = self.config.epub_language = edition.language(self.config)
        self.html_tag = HTML_TAG.replace(">", f' lang="{language}" xml:lang="{language}">')
        self.guide_titles = {**self.guide_titles, "toc": _("Contents")}
        super().init()
        #: Pages that are no documents, such as the index.
        self._made: set[Path] = set()

    def get_outdated_docs(self) -> Iterator[str]:
        # another build may have read what one page shows of another
        yield from self.env.found_docs

    def handle_page(self, pagename: str, *arguments: Any, **named: Any) -> None:
        super().handle_page(pagename, *arguments, **named)
        self._made.add(Path(self.outdir) / f"{pagename}{self.out_suffix}")

    def post_process_images(self, doctree: nodes.Node) -> None:
        super().post_process_images(doctree)
        self.images = picture_files.renamed(self.images, self.env.images)

    def content_metadata(self) -> dict[str, Any]:
        metadata = super().content_metadata()
        config = self.config
        metadata["date"] = edition.day(config).strftime("%Y-%m-%dT%H:%M:%SZ")
        metadata["uid"], metadata["id"] = "book", html.escape(self._name())
        if config.epub_description == "unknown":
            metadata["description"] = html.escape(config.pdf_subtitle or config.project)
        if config.epub_contributor == "unknown":
            metadata["contributor"] = html.escape(config.author)
        return metadata

    def toc_metadata(self, level: int, navpoints: list[Any]) -> dict[str, Any]:
        return {**super().toc_metadata(level, navpoints), "uid": html.escape(self._name())}

    def toc_add_files(self, refnodes: list[dict[str, Any]]) -> None:
        super().toc_add_files(refnodes)
        for node in refnodes:
            node["text"] = for_xml(node["text"])

    def _name(self) -> str:
        """Return ``epub_identifier``, else an identifier derived from the title: EPUB needs one
        that is unique and permanent.
        """
        given = self.config.epub_identifier
        return (
            uuid.uuid5(uuid.NAMESPACE_OID, self.config.project).urn if given == "unknown" else given
        )

    def init_css_files(self) -> None:
        super().init_css_files()
        self.add_css_file(_STYLE.name, priority=900)

    def build_content(self) -> None:
        folder = Path(self.outdir)
        (self._static_dir / _STYLE.name).write_bytes(_STYLE.read_bytes())
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        pages = {folder / f"{name}{self.out_suffix}" for name in self.env.all_docs} | self._made
        # Files left by an earlier build, and files that no page or style sheet names, are not part
        # of the book.
        gone = {
            path
            for path in files
            if path.suffix in {".bak", ".epub"}
            or (path.suffix == self.out_suffix and path not in pages)
        }
        read = "".join(
            path.read_text("utf-8")
            for path in files
            if path.suffix in {self.out_suffix, ".css"} and path not in gone
        )
        gone |= {
            path
            for path in files
            if path.parent.name in {"_static", self.imagedir} and path.name not in read
        }
        self.config.epub_exclude_files = [
            *self.config.epub_exclude_files,
            *(str(path.relative_to(folder)) for path in sorted(gone)),
        ]
        super().build_content()
        manifest = folder / "content.opf"
        declared = _PAGE.sub(self._declare, manifest.read_text("utf-8"))
        # A page that is in no table of contents comes last: marked as apart from the order, it
        # would be a fault unless a link led to it.
        manifest.write_text(declared.replace(' linear="no"', ""), "utf-8")

    def _declare(self, item: re.Match[str]) -> str:
        page = Path(self.outdir) / unquote(html.unescape(item[1]))
        text = page.read_text("utf-8") if page.exists() and "properties=" not in item[0] else ""
        held = [name for name, tag in _DECLARED.items() if re.search(rf"<{tag}\b", text)]
        return f'{item[0]} properties="{" ".join(held)}"' if held else item[0]

    def build_epub(self) -> None:
        # As in Sphinx, but with the day of the edition for each file: the same pages give the same
        # bytes.
        folder, day = Path(self.outdir), edition.day(self.config)
        stamp = max(day.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
        with zipfile.ZipFile(folder / f"{self.config.epub_basename}.epub", "w") as book:
            for name in (
                "mimetype",
                "META-INF/container.xml",
                "content.opf",
                "toc.ncx",
                *self.files,
            ):
                entry = zipfile.ZipInfo(name, stamp)
                entry.compress_type = (
                    zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
                )
                entry.external_attr = 0o644 << 16
                book.writestr(entry, (folder / name).read_bytes())


def _for_readers(
    app: Sphinx,
    pagename: str,
    template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Leave out what search engines and social networks read in a page's head, and what only a
    screen needs.
    """
    if app.builder.name == EpubBuilder.name:
        context["metatags"] = ""
        if "body" in context:
            context["body"] = well_formed(_SCREEN_ONLY.sub("", context["body"]))


def well_formed(body: str) -> str:
    """Return the HTML of a page as XML: each element closed, each drawing in its namespace, each
    link within the page with a target; tabs open, with their names above them.
    """
    tree, drawings = fragment.read(body, "div", "|".join(_NAMESPACES))
    drawn = list(_in_xml(drawings))
    _modernise(tree)
    known = set(tree.xpath("//@id"))
    for control in tree.xpath("//*[contains(@class, 'sd-tab-set')]/input"):
        control.drop_tree()
    for name in tree.xpath("//label[contains(@class, 'sd-tab-label')]"):
        name.tag = "p"
        for attribute in ("for", "aria-controls"):
            name.attrib.pop(attribute, None)
    for group in tree.xpath("//details[@name]"):
        del group.attrib["name"]  # newer than EPUB
    for link in tree.xpath("//a[starts-with(@href, '#')]"):
        if unquote(link.get("href")[1:]) not in known:
            del link.attrib["href"]
            link.attrib.pop("role", None)
    text = etree.tostring(tree, encoding="unicode")
    inner = text[text.index(">") + 1 : text.rindex("</")] if text.endswith("</div>") else ""
    return _KEPT.sub(lambda match: drawn[int(match[1])], inner)


def _in_xml(drawings: list[str]) -> Iterator[str]:
    """Yield each drawing in its namespace, with ids that no earlier one has."""
    taken: set[str] = set()
    for number, drawing in enumerate(drawings):
        start = drawing.partition(">")[0]
        name = start[1:].rstrip("/").split()[0]
        space = "" if " xmlns=" in start else f' xmlns="{_NAMESPACES[name]}"'
        drawn = drawing.replace(f"<{name}", f"<{name}{space}", 1)
        own = set(_ID.findall(drawn))
        for twice in own & taken:
            use = rf'((?:\b(?:id|aria-labelledby)="|href="#|url\(#)){re.escape(twice)}(?=["\s)])'
            drawn = re.sub(use, rf"\g<1>{twice}-{number}", drawn)
        taken |= own
        yield drawn


def _modernise(tree: HtmlElement) -> None:
    """Write old HTML as EPUB takes it; the look that it asks for is lost, no word."""
    for element in tree.iter(etree.Element):
        element.tag = _ELEMENTS.get(element.tag, element.tag)
        sized = element.tag == "img"
        for name in element.attrib:
            if _SIMPLE.fullmatch(name):
                element.set(name, name)
            elif _OUTDATED.fullmatch(name) or (name in {"width", "height"} and not sized):
                del element.attrib[name]
        if element.tag == "a":
            element.attrib.pop("name", None)


def setup(app: Sphinx) -> None:
    app.add_builder(EpubBuilder, override=True)
    # After every other change to the pages.
    app.connect("html-page-context", _for_readers, priority=990)
