"""docutils' settings are worked out once, not twice a page.

Issue: none is open at Sphinx or MyST. To report: ``_get_settings`` builds docutils' command line
anew for each page; ``DocutilsRenderer.setup_render`` makes a document with settings of its own for
each page, and drops it where it was given one.
Gain: 1.2 % of the samples of a clean build of 216 pages, one job.
End: when Sphinx keeps the settings, and MyST makes the document where it needs it.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any

from docutils.frontend import OptionParser, Values, get_default_settings
from docutils.utils import DependencyList
from myst_parser.mdit_to_docutils import base
from sphinx.application import Sphinx
from sphinx.util import docutils

_parsers: dict[tuple[object, ...], OptionParser] = {}


def _settings(
    *components: Any, defaults: Mapping[str, Any], read_config_files: bool = False
) -> Values:
    """What Sphinx's own gives."""
    kinds = tuple(one if isinstance(one, type) else type(one) for one in components)
    key = (kinds, repr(sorted(defaults.items())), read_config_files)
    if key not in _parsers:
        _parsers.clear()
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            _parsers[key] = OptionParser(
                components=components, defaults=defaults, read_config_files=read_config_files
            )
    found: Values = _parsers[key].get_default_values()
    for name, value in vars(found).items():
        if isinstance(value, list):
            setattr(found, name, value.copy())
    # which files a page depends on is noted there
    found.record_dependencies = DependencyList()
    return found


_default_settings = cache(get_default_settings)


def setup(app: Sphinx) -> None:
    _parsers.clear()  # what stands in docutils.conf may be other than at the last build
    docutils._get_settings = _settings
    base.get_default_settings = _default_settings  # type: ignore[attr-defined,assignment]
