"""Python looks for garbage too often for a build: trees of pages are many small objects that live
until they are written.
"""

from __future__ import annotations

import gc

from sphinx.application import Sphinx

#: A quarter of a build's time went into searches; beyond these numbers it only takes more memory.
SELDOM = (50_000, 50, 100)

_usual: list[tuple[int, int, int]] = []


def _search_seldom(app: Sphinx) -> None:
    _usual.append(gc.get_threshold())
    gc.set_threshold(*SELDOM)


def _search_as_usual(app: Sphinx, exception: Exception | None) -> None:
    if _usual:
        gc.set_threshold(*_usual.pop())


def setup(app: Sphinx) -> None:
    # Last of all: a start that fails before never comes to an end of the build.
    app.connect("builder-inited", _search_seldom, priority=999)
    app.connect("build-finished", _search_as_usual)
