"""The handbook's data as the build sees it: read once a build, from the folder that
``handbook_references`` names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import Catalogue, CatalogueError
from handbook.model.records import Records
from handbook.sphinxext.events import Hook
from handbook.sphinxext.parts import report


@dataclass(frozen=True)
class Handbook:
    """``files`` and ``record_files`` are those of the catalogue and of the records, on which the
    pages that show them depend.
    """

    catalogue: Catalogue
    bibliography: Bibliography
    files: tuple[Path, ...]
    records: Records
    record_files: tuple[Path, ...]


def of(config: Config) -> Handbook:
    """The data of the project being built."""
    return _load(Path(config.handbook_references))


@lru_cache(maxsize=4)
def _load(references: Path) -> Handbook:
    iso = references / "iso"
    catalogue = Catalogue.load(references)
    return Handbook(
        catalogue,
        Bibliography.load(references.glob("*.bib")),
        tuple(sorted([*iso.glob("*.json*"), *iso.glob("*.yaml"), *references.glob("*.yaml")])),
        Records.read(references, catalogue),
        tuple(sorted((references / "records").glob("*.yaml"))),
    )


def _start(app: Sphinx, config: Config) -> None:
    config.handbook_references = str((Path(app.confdir) / config.handbook_references).resolve())
    _load.cache_clear()
    try:
        handbook = of(config)
    except CatalogueError as error:
        raise ConfigError(f"{error} (hint: {error.hint})") from None
    for finding in (*handbook.bibliography.findings, *handbook.records.findings):
        report(finding, f"{finding.place.path}:{finding.place.line}")


HOOKS = (Hook("config-inited", _start, "the data are read once, and their faults reported"),)


def setup(app: Sphinx) -> None:
    app.add_config_value("handbook_references", "../references", "env", types=frozenset({str}))
    app.add_config_value("handbook_day", "1970-01-01", "html", types=frozenset({str}))
