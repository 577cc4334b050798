"""How a source is printed: title and gloss, publisher, date with its true precision, language,
tier, day of reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from babel import Locale, UnknownLocaleError
from docutils import nodes
from pybtex.plugin import find_plugin, register_plugin
from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex_docutils import Backend
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.locale import get_translation
from sphinx.util import logging

from handbook.linkcheck import address, memory
from handbook.model import edtf
from handbook.model.bibliography import Source, Tier, labels, read_source
from handbook.sphinxext.dates import display

_ = get_translation("handbook")
logger = logging.getLogger(__name__)


class HandbookStyle(BaseStyle):
    """Labels are ``publisher year``; entries stand in the order of their labels."""

    default_name_style = "plain"
    default_label_style = "alpha"
    default_sorting_style = "none"
    #: The language of the build, set when it is known.
    language = "en"
    #: For each address that the link check found dead, the archived copy that an archive named, and
    #: its day.
    copies: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # The base class sets both from plugins of their own; ours are too small for that.
        self.sort = self._sort
        self.format_labels = self._labels

    def _sort(self, entries: Iterable[Any]) -> list[Any]:
        entries = list(entries)
        order = labels(source for entry in entries if (source := _source(entry)))
        return sorted(
            entries, key=lambda entry: (order.get(entry.key, entry.key).lower(), entry.key)
        )

    def _labels(self, entries: Iterable[Any]) -> Iterable[str]:
        entries = list(entries)
        known = labels(source for entry in entries if (source := _source(entry)))
        return [known.get(entry.key, entry.key) for entry in entries]

    def format_entry(self, label: str, entry: Any, bib_data: Any = None) -> FormattedEntry:
        source = _source(entry)
        # An entry with faults has been reported with its place; it is printed as it stands.
        text = (
            _text(source, self.language, self.copies)
            if source
            else Text(*(f"{name}: {value}. " for name, value in entry.fields.items()))
        )
        return FormattedEntry(entry.key, text, label)


def _source(entry: Any) -> Source | None:
    return read_source(
        entry.key, {name.lower(): value for name, value in entry.fields.items()}, Path(), 0
    )[0]


def _text(source: Source, language: str, copies: Mapping[str, tuple[str, str]]) -> Text:
    parts: list[Any] = [_language(source, Tag("em", source.title))]
    if source.gloss:
        parts.append(f" [{source.gloss}]")
    parts.append(f". {source.publisher}, {_undated(source, language)}.")
    if source.language.split("-")[0] != "en":
        parts.append(" " + _("In %s.") % _language_name(source.language, language))
    parts.append(" " + _tier_name(source.tier) + ".")
    if source.note:
        parts.append(f" {source.note}.")
    if source.url:
        parts += [" ", HRef(source.url, _("Web page"), external=True)]
        if source.read:
            parts.append(
                _(", read in %s") % display(source.read, language)
                if len(source.read.text) == 7
                else _(", read %s") % display(source.read, language)
            )
        copy = copies.get(address.read(source.url).key)
        if copy:
            parts += [
                _(", no longer there"),
                " · ",
                HRef(
                    copy[0],
                    _("archived copy of %s") % display(edtf.parse(copy[1]), language),
                    external=True,
                ),
            ]
        elif source.memento_url:
            parts += [
                " · ",
                HRef(source.memento_url, _("look for an archived copy"), external=True),
            ]
        parts.append(".")
    return Text(*parts)


def _undated(source: Source, language: str) -> str:
    return _("undated") if source.date.is_unknown else display(source.date, language)


def _tier_name(tier: Tier) -> str:
    return {
        Tier.PRIMARY: _("Primary source"),
        Tier.PRESS: _("Press"),
        Tier.SECONDARY: _("Secondary source"),
    }[tier]


def _language(source: Source, part: Any) -> Any:
    """Mark a foreign title with its language; a title in square brackets is ours, and English."""
    if source.language.split("-")[0] == "en" or source.title.startswith("["):
        return part
    name = f"language-{source.language}"
    # pybtex hands unknown tags through unmarked, so each language is made known to its docutils
    # backend.
    Backend.tags.setdefault(name, _marker(name))
    return Tag(name, part)


def _marker(name: str) -> Any:
    def marked(raw: str, text: str, *children: nodes.Node) -> nodes.inline:
        return nodes.inline(raw, text, *children, classes=[name])

    return marked


def _language_name(tag: str, language: str) -> str:
    try:
        name = Locale.parse(tag.split("-")[0]).get_language_name(
            (language or "en").replace("-", "_")
        )
    except UnknownLocaleError:
        name = None
    return name or tag


def _start(app: Sphinx, config: Config) -> None:
    HandbookStyle.language = config.language or "en"
    path = Path(config.handbook_references) / memory.FILE
    records, findings = memory.load(path)
    for finding in findings:
        place = f"{path}:{finding.place.line}"
        logger.warning(finding.text, location=place, type="handbook", subtype=finding.code)
    # a value of the configuration, so that pages are read again when a link died or was fixed
    config.handbook_archived_copies = {
        url: (copy.url, copy.taken.isoformat())
        for url, copy in memory.archived_copies(records).items()
    }
    HandbookStyle.copies = config.handbook_archived_copies
    # Keys are promises, and so are the anchors of sources; bibtex's own are numbers that a new
    # entry shifts.
    config.bibtex_cite_id = config.bibtex_cite_id or "cite-{key}"


def setup(app: Sphinx) -> None:
    register_plugin("pybtex.style.formatting", "handbook", HandbookStyle)
    # bibtex asks for this backend once a citation, and pybtex then searches all installed packages
    # for it, which took half of a build; a plugin registered at run time is found first.
    register_plugin(
        "pybtex.backends", "plaintext", find_plugin("pybtex.backends", "plaintext"), force=True
    )
    app.add_config_value("handbook_archived_copies", {}, "env", types=frozenset({dict}))
    app.connect("config-inited", _start)
