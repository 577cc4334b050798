"""The Sphinx builder ``pdf``."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

from docutils import nodes
from lxml import etree
from lxml.html import HtmlElement
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment.adapters.indexentries import IndexEntries
from sphinx.errors import SphinxError
from sphinx.locale import get_translation
from sphinx.util import logging
from sphinx.util.display import progress_message
from sphinx.writers.html5 import HTML5Translator

from handbook import files
from handbook.model import strands, tokens
from handbook.pdf import edition, faults, fonts, jumps, listing, picture_files
from handbook.pdf.book import SCHEME, Book, Page, line_of, read
from handbook.pdf.room import Room
from handbook.pdf.translate import Translator, tagged
from handbook.pdf.typesetter import Said, TypesettingError, typeset
from handbook.pdf.typst_markup import array, call, content, escape, spaced, string

_ = get_translation("handbook")

logger = logging.getLogger(__name__)

_CHINESE = "中文"
_NO_BREAK = "\u00a0"
_TEMPLATE = Path(__file__).with_name("handbook.typ")


class PdfError(SphinxError):
    """The PDF cannot be made; the message says where and how to fix it."""

    category = "The PDF cannot be made"


@dataclass
class Volume:
    """A file of the book: its title, the line below it, and its pages in order, each with its
    depth; ``name`` is the suffix of its file name, empty for the book itself. ``places`` is the
    label at which each page begins, ``titles`` what each label stands for.
    """

    name: str
    title: str
    subtitle: str
    pages: list[tuple[str, int]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)

    def parts(self) -> list[str]:
        """Return the pages that the cover lists: the highest level below the first that has more
        than one page.
        """
        depths = [depth for _docname, depth in self.pages[1:]]
        level = min(depths, default=0)
        return [docname for docname, depth in self.pages[1:] if depth == level]


class _WithLines(HTML5Translator):
    """HTML whose elements know their source line, so that a warning can name it."""

    def starttag(
        self, node: nodes.Element, tagname: str, *arguments: Any, **attributes: Any
    ) -> str:
        line = getattr(node, "line", None)
        if line:
            attributes["data-line"] = str(line)
        return super().starttag(node, tagname, *arguments, **attributes)


class PdfBuilder(StandaloneHTMLBuilder):
    """All pages of the table of contents as a tagged PDF (PDF/UA-1); branches of it may be separate
    files.
    """

    name = "pdf"
    epilog = "The PDF is in %(outdir)s."
    default_translator_class = _WithLines
    supported_image_types = [  # noqa: RUF012 (the name is Sphinx's)
        "image/svg+xml",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
    ]
    allow_parallel = False
    add_permalinks = False
    copysource = False
    download_support = False
    embedded = True
    html_scaled_image_link = False
    search = False

    def init(self) -> None:
        super().init()
        self._bodies: dict[str, str] = {}
        #: The input of Typst: kept beside the PDF, to find out why it stopped.
        self._work = Path(self.outdir) / "typst"
        self._images_dir = self._work / self.imagedir

    def get_outdated_docs(self) -> str:  # type: ignore[override]  # Sphinx prints it
        return "all pages"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return SCHEME + docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        return self.get_target_uri(to, typ)

    def copy_assets(self) -> None:
        # Style sheets and scripts are for screens; but the theme writes one more at the end, and
        # needs the folder until cleanup.
        self._static_dir.mkdir(parents=True, exist_ok=True)
        self._work.mkdir(exist_ok=True)

    def write_documents(self, docnames: Set[str]) -> None:
        super().write_documents(set(dict(self.contents())))

    def post_process_images(self, doctree: nodes.Node) -> None:
        super().post_process_images(doctree)
        self.images = picture_files.renamed(self.images, self.env.images)

    def write_doc_serialized(self, docname: str, doctree: nodes.document) -> None:
        self.post_process_images(doctree)

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        doctree.settings = self.docsettings
        self.secnumbers = self.env.toc_secnumbers.get(docname, {})
        self.fignumbers = self.env.toc_fignumbers.get(docname, {})
        self.imgpath = self.imagedir
        self.dlpath = "_downloads"
        self.current_docname = docname
        visitor = self.create_translator(doctree, self)
        doctree.walkabout(visitor)
        self._bodies[docname] = "".join(visitor.fragment)  # type: ignore[attr-defined]

    def finish(self) -> None:
        self.copy_image_files()
        volumes = self.volumes()
        where = {docname: volume for volume in volumes for docname, _depth in volume.pages}
        made: dict[Path, bytes | None] = {}
        for volume in volumes:
            others = {
                docname: other.title for docname, other in where.items() if other is not volume
            }
            with progress_message(f"assembling the pages of {volume.title}"):
                pages = self._read(volume)
                self._check_characters(pages)
                body = self._translate(volume, pages, others)
            with progress_message(f"typesetting {volume.title}"):
                # pikepdf, which it imports, is slow to load, and HTML builds load this module too
                from handbook.pdf import tags

                data = tags.finish(self._set(volume, body, others), volume.titles)
            made[Path(self.outdir) / self._file_name(volume)] = data
        files.write(made)

    def _read(self, volume: Volume) -> list[Page]:
        return [read(docname, depth, self._bodies[docname]) for docname, depth in volume.pages]

    def volumes(self) -> list[Volume]:
        """Return the book, then the branches that ``pdf_apart`` puts into separate files.

        :raises PdfError: if ``pdf_apart`` names a page that is not in the table of contents
        """
        contents = list(self.contents())
        project = self.config.project
        book = Volume("", project, self.config.pdf_subtitle)
        apart = {}
        for root in self.config.pdf_apart:
            if root not in dict(contents):
                raise PdfError(
                    f"conf.py: pdf_apart names {root!r}, which is no page of the table of contents"
                    " (hint: write its path below docs/ without .md)"
                )
            name = root.removesuffix("/index").replace("/", "-")
            apart[root] = Volume(name, f"{self.env.titles[root].astext()}: {project}", "")
        current, level = book, 0
        for docname, depth in contents:
            if docname in apart:
                current, level = apart[docname], depth
            elif depth <= level:
                current, level = book, 0
            current.pages.append((docname, depth - level + 1 if level else depth))
        return [book, *apart.values()]

    def cleanup(self) -> None:
        super().cleanup()
        self._bodies.clear()
        shutil.rmtree(self._static_dir, ignore_errors=True)

    def contents(self) -> Iterator[tuple[str, int]]:
        """Yield the pages in the order of the table of contents, each with its depth; the home page
        first.
        """
        seen: set[str] = set()

        def walk(docname: str, depth: int) -> Iterator[tuple[str, int]]:
            if docname in seen or docname not in self.env.all_docs:
                return
            seen.add(docname)
            yield docname, max(depth, 1)
            for child in self.env.toctree_includes.get(docname, ()):
                yield from walk(child, depth + 1)

        yield from walk(self.config.root_doc, 0)

    def _warn(self, message: str, docname: str, line: int) -> None:
        logger.warning("%s", message, location=(docname, line) if line else docname, type="pdf")

    def _check_characters(self, pages: list[Page]) -> None:
        found: list[str] = []
        for page in pages:
            # Finding the place takes time, and is seldom necessary.
            if not fonts.missing("".join(["".join(page.tree.itertext()), *page.drawings])):
                continue
            for text, line in _texts(page):
                for character in fonts.missing(text):
                    name = (
                        f"{character!r} (U+{ord(character):04X},"
                        f" {unicodedata.name(character, 'without name')})"
                    )
                    found.append(f"{name}: {page.docname}:{line}")
                    self._warn(
                        f"no font of the PDF has {name} (hint: run"
                        " tools/handbook/pdf/make_fonts.py, or write another character)",
                        page.docname,
                        line,
                    )
        if found:
            raise PdfError("no font has " + "; ".join(found))

    def _translate(self, volume: Volume, pages: list[Page], others: dict[str, str]) -> str:
        book = Book(pages, self._warn, others)
        volume.places = {docname: book.need(f"{docname}#") or "" for docname in volume.parts()}
        index = IndexEntries(self.env).create_index(self)
        book.add("genindex#", _("Index"))
        volume.titles = book.titles
        printed_index = _index(index, book, edition.language(self.config))
        translator = Translator(book, self._warn, edition.language(self.config))
        body = "\n\n".join(translator.page(page) for page in pages)
        for name, svg in translator.files.items():
            (self._work / name).write_text(svg, encoding="utf-8")
        whole = jumps.numbered(f"{body}\n\n{printed_index}\n")
        return spaced(whole) if edition.language(self.config).startswith("zh") else whole

    def _head(self, volume: Volume) -> str:
        """Return the beginning of the Typst file: the look, and the words of the cover."""
        config = self.config
        notices = (config.copyright, *config.pdf_notices)
        named = {
            "title": string(volume.title),
            "subtitle": content(escape(volume.subtitle)) if volume.subtitle else "none",
            "author": string(config.author),
            "edition": string(config.release),
            "day": content(escape(self._day())),
            "parts": array(self._part(*place) for place in volume.places.items()),
            "notices": array(content(escape(notice)) for notice in notices if notice),
        }
        arguments = ", ".join(f"{key}: {value}" for key, value in named.items())
        return f'#import "{_TEMPLATE.name}": *\n#show: book.with({arguments})\n\n'

    def _words(self) -> str:
        """Return the language of the book, and the words that Typst prints."""
        language, _separator, region = edition.language(self.config).partition("-")
        said = {
            "release": _("Release %s"),
            "contents": _("Contents"),
            "page": _("p. %s"),
            "file": _("(in the file %s)"),
            "cited-on-page": _("Cited on p. %s."),
            "cited-on-pages": _("Cited on pp. %s."),
            "done": _("done"),
            "open": _("to do"),
        }
        pairs = ", ".join(
            f"{key}: {string(text.replace('. %', f'.{_NO_BREAK}%'))}" for key, text in said.items()
        )
        where = string(region.lower()) if region else "none"
        return (
            f"#let language = {string(language)}\n#let region = {where}\n#let words = ({pairs})\n"
        )

    def _part(self, docname: str, label: str) -> str:
        """Return the entry of a page on the cover: its title, its description, and where it
        begins.
        """
        about = str(self.env.metadata[docname].get("description", ""))
        room = Room(190.0, 8.6)
        language = edition.language(self.config)
        title = tagged(self.env.titles[docname].astext(), room, language)
        about = tagged(about, room, language)
        return f"({content(title)}, {content(about)}, {string(label)})"

    def _day(self) -> str:
        """Return the day of the edition in words."""
        from babel.dates import format_date

        language = edition.language(self.config)
        locale = "en_GB" if language == "en" else language.replace("-", "_")
        return str(format_date(edition.day(self.config), "long", locale=locale))

    def _set(self, volume: Volume, body: str, others: dict[str, str]) -> bytes:
        shutil.copyfile(_TEMPLATE, self._work / _TEMPLATE.name)
        (self._work / "badges.typ").write_text(
            f"{tokens.typst()}#let kinds = {strands.typst()}\n", encoding="utf-8"
        )
        style = self.highlighter.formatter_args["style"]
        (self._work / "words.typ").write_text(self._words(), encoding="utf-8")
        (self._work / "tokens.typ").write_text(listing.tokens(style), encoding="utf-8")
        head = self._head(volume)
        try:
            data, warnings = self._compile(head + body)
        except TypesettingError as error:
            message = error.said.message
            place = faults.place(head + body, error.said.diagnostic) or self._search(
                volume, body, message, others
            )
            where = f"{self.env.doc2path(place[0])}:{place[1]}: " if place else ""
            raise PdfError(f"{where}{message} (hint: {faults.hint(message)})") from None
        except CalledProcessError as error:
            raise PdfError(
                f"Typst ended with status {error.returncode} (hint: free memory: it needs 1.2 GB)"
            ) from None
        for warning in warnings:
            logger.warning(
                "%s",
                warning.message,
                location=faults.place(head + body, warning.diagnostic),
                type="pdf",
            )
        return data

    def _compile(self, source: str, name: str = "main") -> tuple[bytes, list[Said]]:
        main, out = self._work / f"{name}.typ", self._work / f"{name}.pdf"
        main.write_text(source, encoding="utf-8")
        seconds = int(edition.day(self.config).timestamp())
        warnings = typeset(main, out, fonts.FOLDER, seconds)
        data = out.read_bytes()
        out.unlink()
        return data, warnings

    def _search(
        self, volume: Volume, body: str, message: str, others: dict[str, str]
    ) -> faults.Place | None:
        """Find the place of an error for which Typst names none."""
        head = self._head(replace(volume, places={}))
        pages = self._read(volume)
        book = Book(pages, lambda *_warning: None, others)
        language = edition.language(self.config)

        def translate(page: Page, element: HtmlElement) -> str:
            return Translator(book, lambda *_warning: None, language).part(page, element)

        def fails(markup: str) -> bool:
            try:
                self._compile(head + markup, "part")
            except TypesettingError as error:
                return faults.same(error.said.message, message)
            return False

        return faults.search(pages, body, translate, fails)

    def _file_name(self, volume: Volume) -> str:
        name: str = (
            self.config.pdf_file
            or re.sub(r"[^a-z0-9]+", "-", self.config.project.lower()).strip("-") + ".pdf"
        )
        return f"{name.removesuffix('.pdf')}-{volume.name}.pdf" if volume.name else name


def _texts(page: Page) -> Iterator[tuple[str, int]]:
    """Yield each piece of text of a page with its line, including words in drawings."""
    for element in page.tree.iter(etree.Element):
        if any(around.tag == "math" for around in (element, *element.iterancestors())):
            # formulas have a font of their own
            if element.tag == "math":
                yield element.tail or "", line_of(element.getparent())
            continue
        yield element.text or "", line_of(element)
        if number := element.get("data-drawing"):
            yield page.drawings[int(number)], line_of(element)
        if (parent := element.getparent()) is not None:
            yield element.tail or "", line_of(parent)


def _index(index: list[Any], book: Book, language: str) -> str:
    """Return the index with page numbers."""

    def places(links: list[tuple[str, str]]) -> str:
        labels = [book.need(address.removeprefix(SCHEME)) for _main, address in links]
        return (
            call("index-pages", *(string(label) for label in dict.fromkeys(labels) if label))
            if any(labels)
            else ""
        )

    room = Room(190.0, 9.0)
    groups: dict[str, list[Any]] = {}
    for letter, entries in index:
        # In Chinese nearly every term would have a heading of its own.
        groups.setdefault(_CHINESE if str(letter) >= "\u2e80" else str(letter), []).extend(entries)
    # in this code the common characters stand in the order of their pronunciation
    groups.get(_CHINESE, []).sort(key=lambda entry: str(entry[0]).encode("gb18030"))
    parts = []
    for letter, entries in groups.items():
        items = []
        for name, (links, inner, _key) in entries:
            below = [
                f"[{tagged(str(word), room, language)}{shown}]"
                for word, targets in inner
                if (shown := places(targets))
            ]
            inner_list = call("index-list", *below) if below else ""
            shown = places(links)
            if shown or inner_list:
                items.append(f"[{tagged(str(name), room, language)}{shown}{inner_list}]")
        if items:
            parts += [
                f"#index-letter[{tagged(letter, room, language)}]",
                call("index-list", *items),
            ]
    if not parts:
        return ""
    title = escape(_("Index"))
    head = (
        call("heading", level="1", supplement="[page]", outlined="true", bookmarked="true")
        + f'[{title}] #label("genindex#")'
    )
    return f"{head}\n\n#two-columns[\n" + "\n\n".join(parts) + "\n]"
