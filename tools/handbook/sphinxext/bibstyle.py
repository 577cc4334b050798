"""The printed form of a source: title and gloss, publisher, date with its true precision, language,
tier, day of reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from babel import Locale, UnknownLocaleError
from docutils import nodes
from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex_docutils import Backend
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import get_translation

from handbook.linkcheck import address
from handbook.model import bibliography, edtf, marks
from handbook.model.bibliography import Bibliography, Source, Tier
from handbook.model.scripts import HAN
from handbook.model.translations import EDITIONS
from handbook.rules.findings import Finding
from handbook.sphinxext import project, remembered
from handbook.sphinxext.dates import display
from handbook.sphinxext.events import Hook
from handbook.sphinxext.parts import report

_ = get_translation("handbook")
#: A publisher's name in English and in Chinese.
_BOTH = re.compile(rf"(?P<name>[^(,]+) \((?P<own>[{HAN}]+)\)(?:,|$)")


@dataclass(frozen=True, slots=True)
class _Build:
    """What the style needs from the build: the sources, the language of the pages, the words of
    notes in that language, and the archived copy, with its day, of each address that the link check
    found dead.
    """

    bibliography: Bibliography
    labels: Mapping[str, str]
    language: str
    copies: Mapping[str, tuple[str, str]]
    say: Callable[[str], str]


class HandbookStyle(BaseStyle):
    """Labels are ``publisher year``; entries are in the order of their labels."""

    #: pybtex creates styles by their names alone, so this is the only way to pass the build to them
    build: ClassVar[_Build]

    def __init__(self) -> None:
        """Do without the plugins of the base class, which looks for each among the entry points of
        all packages.
        """

    def sort(self, entries: Iterable[Any]) -> list[Any]:
        return sorted(entries, key=lambda entry: (self._label(entry.key).lower(), entry.key))

    def format_labels(self, sorted_entries: Iterable[Any]) -> list[str]:
        return [self._label(entry.key) for entry in sorted_entries]

    def _label(self, key: str) -> str:
        return self.build.labels.get(key, key)

    def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> FormattedEntry:
        source = self.build.bibliography.sources.get(entry.key)
        # An entry with faults has been reported with its place; it is printed as it is.
        text = (
            _text(source, self.build)
            if source
            else Text(*(f"{name}: {value}. " for name, value in entry.fields.items()))
        )
        return FormattedEntry(entry.key, text, label)


def labels(config: Config) -> dict[str, str]:
    """Return the labels of citations by key, in the reader's language. A publisher that a source
    names in Chinese too, ``Tianjin Daily (天津日报)``, has that name for readers of Chinese.
    Letters such as ISO stay: a label is short.
    """
    sources = project.of(config).bibliography.sources.values()
    both = (_BOTH.match(source.publisher) for source in sources)
    own = {one["name"]: one["own"] for one in both if one} if config.language in EDITIONS else {}

    def say(text: str) -> str:
        if text == bibliography.UNDATED:
            return _("n.d.")
        return text if text.isupper() else own.get(text) or project.say(config, text)

    return bibliography.labels(sources, say)


def _text(source: Source, build: _Build) -> Text:
    language, copies = build.language, build.copies
    apart = marks.of(language)
    end = apart.stop + apart.space
    own, reader = source.language.partition("-")[0], (language or "en").partition("_")[0]
    titled = "en" if source.title.startswith("[") else source.language
    parts: list[Any] = [_language(titled, Tag("em", source.title), reader)]
    if source.gloss and own != reader:
        parts += [" ", _language("en", f"[{source.gloss}]", reader)]
    parts.append(f"{end}{source.publisher}{apart.comma}{_undated(source, language)}{end}")
    if own != "en":
        parts.append(_("In %s.") % language_name(source.language, language) + apart.space)
    parts.append(_tier_name(source.tier) + apart.stop)
    if source.note:
        said = build.say(source.note)
        parts.append(apart.space)
        parts += [_language("en", said, reader) if said == source.note else said, apart.stop]
    if source.url:
        parts.append(apart.space)
        parts += _web(source, source.url, language, copies.get(address.read(source.url).key))
    return Text(*parts)


def _web(source: Source, url: str, language: str, copy: tuple[str, str] | None) -> Iterator[Any]:
    """Return where the source was read and when, and where to find it should it disappear."""
    yield HRef(url, _("Web page"), external=True)
    if source.read:
        read = _(", read in %s") if len(source.read.text) == 7 else _(", read %s")
        yield read % display(source.read, language)
    if copy:
        where, day = copy
        yield _(", no longer there")
        yield " · "
        words = _("archived copy of %s") % display(edtf.parse(day), language)
        yield HRef(where, words, external=True)
    elif source.memento_url:
        yield " · "
        yield HRef(source.memento_url, _("look for an archived copy"), external=True)
    yield marks.of(language).stop


def _undated(source: Source, language: str) -> str:
    return _("undated") if source.date.is_unknown else display(source.date, language)


def _tier_name(tier: Tier) -> str:
    return {
        Tier.PRIMARY: _("Primary source"),
        Tier.PRESS: _("Press"),
        Tier.SECONDARY: _("Secondary source"),
    }[tier]


def _language(language: str, part: Any, reader: str) -> Any:
    """Mark what is not in the reader's language; a title in square brackets is ours, and
    English.
    """
    if language.partition("-")[0] == reader:
        return part
    name = f"language-{language}"
    # pybtex passes on unknown tags without markup, so each language is declared to its docutils
    # backend.
    Backend.tags.setdefault(name, _marker(name))
    return Tag(name, part)


def _marker(name: str) -> Any:
    def marked(raw: str, text: str, *children: nodes.Node) -> nodes.inline:
        return nodes.inline(raw, text, *children, classes=[name])

    return marked


def language_name(tag: str, language: str) -> str:
    """Return the name of a language in that of the reader."""
    try:
        name = Locale.parse(tag.split("-", maxsplit=1)[0]).get_language_name(
            (language or "en").replace("-", "_")
        )
    except (UnknownLocaleError, ValueError):  # no language, or no valid tag: rule B007
        name = None
    return name or tag


def _archived_copies(path: Path) -> tuple[dict[str, tuple[str, str]], tuple[Finding, ...]]:
    """Return the copy and its day for each dead address, and what is wrong in the memory of
    links.
    """
    # Imported late: a build for which no link changed does not need the link check.
    from handbook.linkcheck import memory

    records, findings = memory.load(path / memory.FILE)
    copies = memory.archived_copies(records).items()
    return {url: (copy.url, copy.taken.isoformat()) for url, copy in copies}, tuple(findings)


def _start(app: Sphinx, config: Config) -> None:
    references = Path(config.handbook_references)
    copies, findings = remembered.once(
        app, "copies", project.of(config).digest, lambda: _archived_copies(references)
    )
    for finding in findings:
        report(finding, f"{references / Path(finding.place.path).name}:{finding.place.line}")
    # a value of the configuration, so that pages are read again when a link has died or been fixed
    config.handbook_archived_copies = copies
    HandbookStyle.build = _Build(
        project.of(config).bibliography,
        labels(config),
        config.language or "en",
        config.handbook_archived_copies,
        partial(project.say, config),
    )
    # Keys are promises, and so are the anchors of sources; bibtex's own are numbers that a new
    # entry shifts.
    config.bibtex_cite_id = config.bibtex_cite_id or "cite-{key}"


HOOKS = (Hook("config-inited", _start, "pybtex's style is told of the sources and dead links"),)


def setup(app: Sphinx) -> None:
    register_plugin("pybtex.style.formatting", "handbook", HandbookStyle)
    app.add_config_value("handbook_archived_copies", {}, "env", types=frozenset({dict}))
