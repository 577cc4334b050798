"""The handbook's data for the build: read once in each build, from the folder
``handbook_references``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from handbook.model import data_strings
from handbook.model import ledger as ledgers
from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import Catalogue
from handbook.model.profiles import Profiles
from handbook.model.proofreading import Reading
from handbook.model.records import Records
from handbook.model.terms import Terms
from handbook.model.translations import EDITIONS, one_line
from handbook.rules.findings import Finding
from handbook.sphinxext import remembered
from handbook.sphinxext.events import Hook


@dataclass(frozen=True)
class Handbook:
    """The handbook's data. ``files`` and ``record_files`` are those of the catalogue and of the
    records, on which the pages that show them depend; ``ledger`` is what earlier editions stated;
    ``findings`` are the reasons why nothing can be built; ``digest`` is that of all files of the
    folder, if it is known.
    """

    catalogue: Catalogue
    bibliography: Bibliography
    files: tuple[Path, ...]
    records: Records
    profiles: Profiles
    ledger: ledgers.Ledger
    terms: Terms
    record_files: tuple[Path, ...]
    findings: tuple[Finding, ...]
    digest: str | None


#: The data in use, by their folder.
_in_use: dict[str, Handbook] = {}


@dataclass(frozen=True, slots=True)
class _Words:
    """The data's words in a language other than English, the proof-reading of each, and the
    catalogues that have them.
    """

    said: Mapping[str, str] = field(default_factory=dict)
    read: Mapping[str, Reading] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


#: By their language.
_words: dict[str, _Words] = {}


def of(config: Config) -> Handbook:
    """Return the data of the project being built."""
    references = config.handbook_references
    if references not in _in_use:
        _in_use[references] = _read(Path(references), None)
    return _in_use[references]


def say(config: Config, text: str) -> str:
    """Return words of the data in the reader's language; unchanged if they are not translated."""
    return words(config).get(one_line(text), text)


def words(config: Config) -> Mapping[str, str]:
    """Return all words of the data that the reader's language has, by their English."""
    return _words.get(config.language, _Words()).said


def readings(config: Config, texts: Iterable[str]) -> list[Reading]:
    """Return the proof-reading of each of these words of the data that a catalogue has."""
    read = _words.get(config.language, _Words()).read
    return [read[one_line(text)] for text in texts if one_line(text) in read]


def word_files(config: Config) -> tuple[Path, ...]:
    """Return the catalogues of the data's words, on which the pages that show them depend."""
    return _words.get(config.language, _Words()).files


def _read(references: Path, digest: str | None) -> Handbook:
    iso = references / "iso"
    catalogue, findings = Catalogue.read(references)
    bibliography = Bibliography.load(references.glob("*.bib"))
    told, misread = ledgers.read(references / "published" / ledgers.NAME)
    unreadable = (finding for finding in bibliography.findings if finding.code == "B001")
    return Handbook(
        catalogue,
        bibliography,
        tuple(sorted([*iso.glob("*.json*"), *iso.glob("*.yaml"), *references.glob("*.yaml")])),
        Records.read(references, catalogue),
        Profiles.read(references, catalogue),
        told,
        Terms.read(references),
        tuple(sorted((references / "records").glob("*.yaml"))),
        (*findings, *unreadable, *misread),
        digest,
    )


def _start(app: Sphinx, config: Config) -> None:
    references = (Path(app.confdir) / config.handbook_references).resolve()
    config.handbook_references = str(references)
    digest = remembered.of_folder(references)
    _in_use.clear()
    _in_use[str(references)] = remembered.once(
        app, "references", digest, lambda: _read(references, digest)
    )
    if findings := of(config).findings:
        raise ConfigError("\n".join(map(str, findings)))
    _words.clear()
    if (language := config.language) in EDITIONS:
        docs, handbook = Path(app.srcdir), of(config)
        _words[language] = _Words(
            *data_strings.words(docs, language, handbook.records, handbook.terms),
            tuple(data_strings.catalogues(docs, language)),
        )


HOOKS = (
    Hook(
        "config-inited", _start, "the data are read once; a file that cannot be read ends the build"
    ),
)


def setup(app: Sphinx) -> None:
    app.add_config_value("handbook_references", "../references", "env", types=frozenset({str}))
    app.add_config_value("handbook_day", "1970-01-01", "html", types=frozenset({str}))
