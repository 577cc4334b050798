"""A page is data: it runs no script, leads nobody away and takes no file from outside of ``docs/``.

The rules and their words are those of :mod:`handbook.model.safety`, which ``make check`` reads too;
here they are held where docutils, Sphinx and MyST pass: nodes of a page that was just read, and the
one function that turns the name of a file into its path.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives.misc import Raw
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.mocking import MockIncludeDirective
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.patches import CSVTable
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from handbook.model import safety

logger = logging.getLogger(__name__)
#: What a page gets to read in place of a file that it may not have.
_NOTHING = Path(os.devnull)


def _warn(code: str, message: str, hint: str, location: Any) -> None:
    logger.warning(
        "%s %s (hint: %s)", code, message, hint, location=location, type="handbook", subtype=code
    )


class Guard(SphinxTransform):
    """Take out of a page what only browsers or other hosts would understand, and say so."""

    default_priority = 870  # when the page is whole, before its files are collected

    def apply(self, **kwargs: Any) -> None:
        for raw in list(self.document.findall(nodes.raw)) if not self.config.handbook_raw else ():
            if not raw.astext().lstrip().startswith("<!--"):
                _warn("P017", f"raw {raw.get('format', 'markup')}", safety.RAW_HINT, raw)
            raw.parent.remove(raw)
        for meta in list(self.document.findall(nodes.meta)):
            _warn("P017", "a <meta> element", "write the description in the front matter", meta)
            meta.parent.remove(meta)
        for reference in list(self.document.findall(nodes.reference)):
            if problem := safety.leads_astray(reference.get("refuri", "")):
                _warn("P019", problem, safety.ADDRESS_HINT, reference)
                reference["refuri"] = ""
        for toctree in self.document.findall(addnodes.toctree):
            for entry in list(toctree["entries"]):
                if problem := safety.leads_astray(entry[1]):
                    _warn("P019", problem, safety.ADDRESS_HINT, toctree)
                    toctree["entries"].remove(entry)
        for image in list(self.document.findall(nodes.image)):
            self._picture(image)
        for download in list(self.document.findall(addnodes.download_reference)):
            self._download(download)

    def _picture(self, image: nodes.image) -> None:
        uri = image["uri"]
        if scheme := safety.scheme(uri):
            if scheme not in {"http", "https"}:
                _warn("P019", safety.leads_astray(uri) or uri, safety.ADDRESS_HINT, image)
                image.parent.remove(image)
            return
        path = Path(self.env.relfn2path(uri, self.env.docname)[1])
        if path == _NOTHING:
            image.parent.remove(image)
        is_svg = path.suffix.lower() == ".svg" and path.is_file()
        if is_svg and (faults := safety.svg_faults(path.read_bytes())):
            message = f"{uri} is no plain SVG: {', '.join(faults)}"
            _warn("P020", message, safety.SVG_HINT, image)
            image.parent.remove(image)

    def _download(self, node: addnodes.download_reference) -> None:
        name = node["reftarget"]
        if safety.scheme(name):
            return
        path = Path(self.env.relfn2path(name, self.env.docname)[1])
        kind = Path(name).suffix.lower()
        if kind == ".svg" and path.is_file() and (faults := safety.svg_faults(path.read_bytes())):
            message = f"{name} is no plain SVG: {', '.join(faults)}"
            _warn("P020", message, safety.SVG_HINT, node)
        elif kind not in safety.DOWNLOADS | safety.PICTURES:
            _warn("P020", f"{name} is a file that browsers may run", safety.DOWNLOAD_HINT, node)
        elif path != _NOTHING:
            return
        node.replace_self(nodes.inline("", "", *node.children))


class Refused(Directive):
    """A directive that pages may not use; what stands in it is not read."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = Raw.option_spec

    def run(self) -> list[nodes.Node]:
        env: BuildEnvironment = self.state.document.settings.env
        if env.config.handbook_raw and self.name == "raw":
            return Raw.run(self)  # type: ignore[arg-type]
        _warn(
            "P017",
            f"the directive {{{self.name}}} hands markup on unread",
            safety.RAW_HINT,
            self.state_machine.get_source_and_line(self.lineno),
        )
        return []


class Table(CSVTable):
    """``csv-table`` that reads files below ``docs/`` and never goes online."""

    def run(self) -> list[nodes.Node]:
        where = self.state_machine.get_source_and_line(self.lineno)
        env: BuildEnvironment = self.state.document.settings.env
        if "url" in self.options:
            message = f"the option 'url' of {{{self.name}}} goes online while the page is built"
            _warn("P018", message, safety.NETWORK_HINT, where)
            return []
        if "file" in self.options and env.relfn2path(self.options["file"])[1] == str(_NOTHING):
            return []
        return super().run()


def _within(find: Callable[..., tuple[str, str]]) -> Callable[..., tuple[str, str]]:
    """``BuildEnvironment.relfn2path`` that hands out no path outside of the project's folder."""

    def relfn2path(
        self: BuildEnvironment, filename: str | Path, docname: str | None = None
    ) -> tuple[str, str]:
        name, path = find(self, filename, docname)
        named = [Path(self.srcdir, one) for one in getattr(self.config, "handbook_shown", ())]
        if safety.reach(Path(path), Path(self.srcdir), named):
            return name, path
        message = f"{str(filename)!r} lies outside of docs/"
        _warn("P018", message, safety.OUTSIDE_HINT, docname or self.docname)
        return name, str(_NOTHING)

    relfn2path.guarded = True  # type: ignore[attr-defined]
    return relfn2path


def _include(run: Callable[[Any], list[nodes.Element]]) -> Callable[[Any], list[nodes.Element]]:
    """MyST's ``include`` without docutils' own folder, whose name in angle brackets may lead out of it."""

    def guarded(self: Any) -> list[nodes.Element]:
        name = self.arguments[0]
        if name.startswith("<"):
            message = f"{name!r} lies outside of docs/"
            _warn(
                "P018",
                message,
                safety.OUTSIDE_HINT,
                (self.renderer.sphinx_env.docname, self.lineno),
            )
            return []
        return run(self)

    guarded.guarded = True  # type: ignore[attr-defined]
    return guarded


def _refuse_rst(self: Any, token: Any) -> None:
    """``{eval-rst}``, which would read its content by another grammar."""
    _warn(
        "P017",
        "the directive {eval-rst} hands markup on unread",
        safety.RAW_HINT,
        (self.sphinx_env.docname, token.map[0] + 1),
    )


def _no_links_out(app: Sphinx) -> None:
    for link in safety.links_out(Path(app.srcdir)):
        _warn("P018", "a symbolic link that leads out of docs/", safety.OUTSIDE_HINT, str(link))


def setup(app: Sphinx) -> None:
    app.add_config_value("handbook_shown", [], "env", [list])
    # For projects other than the handbook, whose pages nobody else writes.
    app.add_config_value("handbook_raw", False, "env", [bool])
    app.add_transform(Guard)
    for name in ("raw", "meta", "role"):
        app.add_directive(name, Refused, override=True)
    app.add_directive("csv-table", Table, override=True)
    app.connect("builder-inited", _no_links_out)
    DocutilsRenderer.render_restructuredtext = _refuse_rst  # type: ignore[method-assign]
    if not hasattr(BuildEnvironment.relfn2path, "guarded"):
        BuildEnvironment.relfn2path = _within(BuildEnvironment.relfn2path)  # type: ignore[method-assign]
    if not hasattr(MockIncludeDirective.run, "guarded"):
        MockIncludeDirective.run = _include(MockIncludeDirective.run)  # type: ignore[method-assign]
