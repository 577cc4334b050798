"""Editions of the handbook in other languages: built from the same pages, with the same anchors.

The English edition is the site's root, each other one a folder in it. A page of another edition is
the English page with its strings replaced before it is parsed, so that directives, dates and links
are made by the same code. Headings are replaced once their anchors exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any

from docutils import nodes
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation
from sphinx.transforms import SphinxTransform

from handbook.model import edtf, proofreading, translations
from handbook.model.pages import Page, parse_page
from handbook.model.proofreading import Reading
from handbook.model.scripts import CJK
from handbook.model.translations import EDITIONS, Progress
from handbook.sphinxext import dates, domain, parts, project, state
from handbook.sphinxext.blocks import SAID, HandbookTransform, depend
from handbook.sphinxext.events import EARLY, LATE, Hook
from handbook.sphinxext.output import add_to_head, base, is_served, to_root

_ = get_translation("handbook")

#: The language in which the pages are written.
ENGLISH = "en"
#: The name of each language in itself, and its tag, by Sphinx's code of it.
NAMES = {"en": ("English", "en"), "zh_CN": ("中文", "zh-Hans")}
#: The part of the page that is being translated while the page is read.
_KEY = "handbook_translated"
#: Two lower-case words of English, which distinguish a text from names and numbers.
_ENGLISH_WORDS = 2


def further(config: Config) -> bool:
    """Return whether an edition other than the English one is being built."""
    return config.language in EDITIONS


def built_along(config: Config) -> tuple[str, ...]:
    """Return the languages of all editions of the site being built."""
    return tuple(str(config.handbook_languages).split()) or (config.language,)


def folder(language: str) -> str:
    """Return the path from the root of the site to that of an edition."""
    return f"{EDITIONS[language]}/" if language in EDITIONS else ""


def folders_within(config: Config) -> set[str]:
    """Return the folders within this edition's folder that contain other editions."""
    others = built_along(config) if not further(config) else ()
    return {EDITIONS[one] for one in others if one in EDITIONS}


def begun(app: Sphinx, page: str) -> tuple[str, ...]:
    """Return the languages of the site in which half of a page is translated, and English."""
    docs, translated = Path(app.srcdir), translations.is_translated(page)
    return tuple(
        one
        for one in built_along(app.config)
        if one not in EDITIONS
        or (translated and translations.is_half_done(translations.catalogue_of(docs, one, page)))
    )


def _start(app: Sphinx, config: Config) -> None:
    """Configure the name of an edition, and its folder in the site."""
    if not further(config):
        return
    for name, value in config.handbook_editions.get(config.language, {}).items():
        setattr(config, name, value)
    app.tags.add(EDITIONS[config.language])
    if config.html_baseurl:
        config.html_baseurl = f"{base(config)}{folder(config.language)}"


def _translate(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace the strings of a page by their translations."""
    if not further(app.config):
        return
    path = translations.catalogue_of(Path(app.srcdir), app.config.language, docname)
    entries, _faults = translations.read(path)
    if path.exists():
        depend(app.env, (path,))
    page = _page(app, docname, source[0])
    strings = translations.Translatable.of(docname, page).strings
    entries = {one.text: entries[one.text] for one in strings if one.text in entries}
    between = translations.BETWEEN.get(app.config.language)
    made = translations.translate(page, entries, between)
    pairs = translations.standing(strings, entries)
    read = path.exists() and proofreading.reading(path.read_text("utf-8", "replace"), pairs)
    domain.of(app.env).data["translated"][docname] = Progress(
        made.strings, len(made.waiting), path.exists(), read or None
    )
    app.env.current_document[_KEY] = made
    source[0] = made.text


def _page(app: Sphinx, docname: str, text: str) -> Page:
    """Return the page as read by the check, if its text is the same."""
    path = Path(app.env.doc2path(docname))
    said = state.running(app.env).said
    known = said.pages.get(docname) if said else None
    return known if known and known.text == text else parse_page(path, text.encode())


def _renewed(
    app: Sphinx, env: BuildEnvironment, _added: Any, _changed: Any, removed: set[str]
) -> Iterable[str]:
    """Return pages that had no catalogue when they were read, and now have one; all pages if the
    data have one that they had not.
    """
    if not further(app.config):
        return []
    docs, language = Path(app.srcdir), app.config.language
    data, words = domain.of(env).data, set(project.word_files(app.config))
    before, data["word_files"] = data["word_files"], words
    if words - before:
        return env.all_docs.keys() - removed
    return [
        page
        for page, progress in data["translated"].items()
        if not progress.had
        and page not in removed
        and translations.catalogue_of(docs, language, page).exists()
    ]


def _headings(render: Callable[..., None]) -> Callable[..., None]:
    """Wrap MyST's function for headings: each gets its anchor from the English words, and is then
    translated.
    """

    @wraps(render)
    def translated(self: Any, token: Any) -> None:
        before = self.current_node
        render(self, token)
        made = self.sphinx_env and self.sphinx_env.current_document.get(_KEY)
        words = token.children[0].content if token.children else ""
        translation = made and made.headings.get(translations.one_line(words))
        if not translation:
            return
        # a section becomes the current node, with its title first; a rubric is the last child of
        # the current one
        section = self.current_node is not before
        node = self.current_node[0] if section else before[-1]
        node.children.clear()
        with self.current_node_context(node):
            self.nested_render_text(translation, token.map[0] if token.map else 0, inline=True)

    translated.translated = True  # type: ignore[attr-defined]
    return translated


class Waiting(SphinxTransform):
    """Mark the parts of a page that are not translated yet."""

    default_priority = 860

    def apply(self, **kwargs: Any) -> None:
        made = self.env.current_document.get(_KEY)
        waiting = made.waiting if made else ()
        if made and (said := self.env.current_document.get(SAID)):
            _count(self.env, self.env.docname, said)
        for node in self.document.findall(nodes.TextElement) if waiting else ():
            if node.rawsource and translations.one_line(node.rawsource) in waiting:
                node["classes"] += ["hb-waiting", "language-en"]


def _count(env: BuildEnvironment, page: str, said: Mapping[str, bool]) -> None:
    """Count words of the data among those of a page."""
    pages = domain.of(env).data["translated"]
    pages[page] = pages[page].with_words(said, project.readings(env.config, said))


class EnglishBlocks(HandbookTransform):
    """Mark English sentences in another edition with their language: untranslated ones, and titles
    of sources.
    """

    default_priority = 901
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        if not further(self.config):
            return
        for node in self.document.findall(nodes.TextElement):
            if isinstance(node, nodes.Inline | nodes.FixedTextElement):
                continue
            text = node.astext()
            words = [word for word in text.split() if word.isalpha() and word.islower()]
            english = len(words) >= _ENGLISH_WORDS and not CJK.search(text)
            if english and "language-en" not in node["classes"]:
                node["classes"].append("language-en")


def _show(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Link to the same page in the other editions; state how much of this one is translated."""
    if not is_served(app.builder) or "frame" not in context:
        return
    config, here = app.config, app.builder.get_target_uri(page)
    others = [one for one in built_along(config) if one != config.language]
    up, site = to_root(app.builder, page), base(config)
    up += "../" if further(config) else ""
    frame = context["frame"]
    if further(config):
        frame["theirs"] = _of_theme()
    frame["editions"] = [(*NAMES[one], f"{up}{folder(one)}{here}") for one in others]
    if page not in app.env.found_docs:
        return
    if further(config):
        progress = domain.of(app.env).data["translated"].get(page, Progress(1, 1))
        notes = _source_notes(app, page)
        progress = progress.with_words(notes, project.readings(config, notes))
        frame["translated"] = (
            _note(progress.done, progress.read, config.language)
            if translations.is_translated(page)
            else _("This page is for those who work on the code. Only its title is translated.")
        )
    known, root = begun(app, page), site.removesuffix(folder(config.language))
    if site and config.language not in known:
        context["pageurl"] = f"{root}{here}"
    if len(known) > 1 and root:
        add_to_head(
            context,
            *(
                f'<link rel="alternate" hreflang="{tag}" href="{root}{folder(one)}{here}">'
                for one, tag in [*((one, NAMES[one][1]) for one in known), (ENGLISH, "x-default")]
            ),
        )


def _source_notes(app: Sphinx, page: str) -> dict[str, bool]:
    """Return the notes of the sources that a page lists, and whether each waits."""
    cite: Any = app.env.get_domain("cite")
    keys = {one.key for one in cite.citations if one.bibliography_key.docname == page}
    if app.env.metadata[page].get("page-sources") != "none":
        keys |= {
            target.key
            for reference in cite.citation_refs
            if reference.docname == page
            for target in reference.targets
        }
    sources = project.of(app.config).bibliography.sources
    notes = {sources[key].note for key in keys & sources.keys()}
    return {note: parts.waits(app.config, note) for note in notes if note}


def _of_theme() -> list[tuple[str, str]]:
    """What the theme writes in English, and what stands in its place."""
    titles = {
        "Contents": _("On this page"),
        "Menu": _("Menu"),
        "Expand": _("Expand"),
        "Light mode": _("Light mode"),
        "Dark mode": _("Dark mode"),
        "Auto light/dark, in light mode": _("Auto light/dark, in light mode"),
        "Auto light/dark, in dark mode": _("Auto light/dark, in dark mode"),
    }
    labels = {
        "Toggle site navigation sidebar": _("Toggle site navigation sidebar"),
        "Toggle table of contents sidebar": _("Toggle table of contents sidebar"),
        "Toggle Light / Dark / Auto color theme": _("Toggle Light / Dark / Auto color theme"),
    }
    on_page, to_top = _("On this page"), _("Back to top")
    skip, logo = _("Skip to content"), _("Logo")
    return [
        *((f"<title>{here}</title>", f"<title>{there}</title>") for here, there in titles.items()),
        *((f'aria-label="{here}"', f'aria-label="{there}"') for here, there in labels.items()),
        ("  On this page\n", f"  {on_page}\n"),
        ("  Skip to content\n", f"  {skip}\n"),
        ("<span>Back to top</span>", f"<span>{to_top}</span>"),
        (">Skip to content<", f">{skip}<"),
        ('alt="Logo"', f'alt="{logo}"'),
    ]


def _note(done: int, read: Reading, language: str) -> str:
    if done == 100:
        if not read:
            return _("Translated from the English; not yet proof-read.")
        day, unchanged = dates.display(edtf.parse(str(read[0])), language), read[1]
        if unchanged:
            return _("Translated from the English; proof-read on %s.") % day
        return _("Translated from the English; proof-read on %s, and changed since.") % day
    if not done:
        return _("This page is not translated yet. Its text is in English.")
    return _("%d per cent of this page is translated. The rest is in English.") % done


HOOKS = (
    Hook("config-inited", _start, "an edition has its own name and its place in the site", EARLY),
    Hook("env-get-outdated", _renewed, "a page whose first catalogue came is read again"),
    Hook("source-read", _translate, "a page is translated before it is parsed", EARLY),
    Hook("html-page-context", _show, "a page leads to the same page in other languages", LATE),
)


def setup(app: Sphinx) -> None:
    app.add_config_value("handbook_editions", {}, "env", types=frozenset({dict}))
    app.add_config_value("handbook_languages", "", "html", types=frozenset({str}))
    app.add_transform(Waiting)
    app.add_post_transform(EnglishBlocks)
    if not hasattr(DocutilsRenderer.render_heading, "translated"):
        DocutilsRenderer.render_heading = _headings(  # type: ignore[method-assign]
            DocutilsRenderer.render_heading
        )
