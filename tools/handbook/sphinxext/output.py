"""What the modules that make HTML share: builders, addresses, the head of a page."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

#: The builders whose pages are read on the web. An EPUB runs no scripts and has no data.
SERVED = frozenset({"html", "dirhtml"})
#: The folder of the exports within the site.
DATA = "data"


#: Addresses from the environment of a build: they stand in attributes, headers and settings of
#: hosts, where no other character is only a character.
_WEB = re.compile(r"https?://[\w.:\[\]-]+(?:/[\w.~%:,+=@-]*)*")


def is_web(address: str) -> bool:
    """Whether it is the address of a site or a folder on the web, without ``?`` and ``#``."""
    return _WEB.fullmatch(address) is not None


def is_served(builder: Builder) -> bool:
    """Whether the builder's pages are read on the web."""
    return builder.name in SERVED


def numbers_sources(builder: Builder) -> bool:
    """Whether running text has numbers for its sources, and each page ends with what they mean."""
    return is_served(builder) or builder.name == "pdf"


def base(config: Config) -> str:
    """The address of the site with a slash at its end; empty where it is not known."""
    address = str(config.html_baseurl or "")
    return address and address.rstrip("/") + "/"


def to_root(builder: Builder, page: str) -> str:
    """``../`` as often as it takes from a page to the root of the site."""
    return "../" * builder.get_target_uri(page).count("/")


def description(env: BuildEnvironment, page: str) -> str:
    """What the front matter says that a page answers; empty if it does not."""
    return (env.metadata.get(page) or {}).get("description") or ""


def add_to_head(context: dict[str, Any], *elements: str) -> None:
    """Add elements, each on a line of its own, to the ``head`` of the page being drawn."""
    lines = "".join(f"\n{element}" for element in elements)
    context["metatags"] = context.get("metatags", "") + lines


def add_script(app: Sphinx, name: str, **attributes: str) -> None:
    """Load a script of ours on the page being drawn, once the page is read."""
    app.add_js_file(name, loading_method="defer", **attributes)  # type: ignore[arg-type]
