"""Helpers shared by the modules that make HTML: builders, addresses, the head of a page."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

#: Builders whose pages are read on the web. An EPUB runs no scripts and has no data.
SERVED = frozenset({"html", "dirhtml"})
#: The folder of the exports within the site.
DATA = "data"


#: Addresses from the environment of a build are used in attributes, headers and settings of hosts,
#: where other characters may have a special meaning.
_WEB = re.compile(r"https?://[\w.:\[\]-]+(?:/[\w.~%:,+=@-]*)*")


def is_web(address: str) -> bool:
    """Return whether it is the address of a site or a folder on the web, without ``?`` and
    ``#``.
    """
    return _WEB.fullmatch(address) is not None


def is_served(builder: Builder) -> bool:
    """Return whether the builder's pages are read on the web."""
    return builder.name in SERVED


def numbers_sources(builder: Builder) -> bool:
    """Return whether running text has numbers for its sources, and each page ends with their
    list.
    """
    return is_served(builder) or builder.name == "pdf"


def base(config: Config) -> str:
    """Return the address of the site with a slash at its end; empty if it is unknown."""
    address = str(config.html_baseurl or "")
    return address and address.rstrip("/") + "/"


def to_root(builder: Builder, page: str) -> str:
    """Return ``../`` as often as needed to get from a page to the root of the site."""
    return "../" * builder.get_target_uri(page).count("/")


def description(env: BuildEnvironment, page: str) -> str:
    """Return the description in the front matter; empty if there is none."""
    return (env.metadata.get(page) or {}).get("description") or ""


def add_to_head(context: dict[str, Any], *elements: str) -> None:
    """Add elements, each on a line of its own, to the ``head`` of the page being drawn."""
    lines = "".join(f"\n{element}" for element in elements)
    context["metatags"] = context.get("metatags", "") + lines


def add_script(app: Sphinx, name: str, **attributes: str) -> None:
    """Load a script of ours on the page being drawn, after the page itself."""
    app.add_js_file(name, loading_method="defer", **attributes)  # type: ignore[arg-type]
