"""A page is data: it runs no script, redirects nobody and reads no file outside ``docs/``.

The rules and their words are those of :mod:`handbook.model.safety`, which ``make check`` reads too;
here they are enforced in docutils, Sphinx and MyST: on the nodes of a page that was just read, and
in the one function that turns the name of a file into its path.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from docutils.parsers.rst.directives.misc import Raw
from docutils.parsers.rst.languages import get_language
from docutils.parsers.rst.states import MarkupError
from myst_parser.mdit_to_docutils.base import DocutilsRenderer, token_line
from myst_parser.mocking import MockIncludeDirective
from myst_parser.parsers import sphinx_
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.warnings_ import MystWarnings
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.directives.other import Include
from sphinx.directives.patches import CSVTable
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole
from sphinx.util.i18n import search_image_for_language

from handbook.model import safety
from handbook.model.pages import MAX_DEPTH, too_much
from handbook.sphinxext.events import EARLY, LATE, Hook
from handbook.sphinxext.parts import by_kind, warn

logger = logging.getLogger(__name__)
#: The file that a page reads in place of one that it may not have.
_NOTHING = Path(os.devnull)
#: MyST's output for a hard line break, in HTML and in LaTeX.
_BREAKS = frozenset({"<br />\n", "\\\\\n"})
_ENGLISH = get_language("en")
#: The limits of numbers in options: columns, lines and scales beyond them take hours, or break the
#: build.
_MOST = 10_000
#: Sphinx's own conversion of the name of a file to its path.
_find: Callable[..., tuple[str, str]] = getattr(
    BuildEnvironment.relfn2path, "unguarded", BuildEnvironment.relfn2path
)


def _warn(wrong: safety.Wrong, location: Any) -> None:
    warn(*wrong, location)


class Guard(SphinxTransform):
    """Remove from a page what only browsers or other hosts would interpret, and report it."""

    default_priority = 870  # when the page is whole, before its files are collected

    def apply(self, **kwargs: Any) -> None:
        found = by_kind(
            self.document,
            nodes.Text,
            nodes.raw,
            nodes.meta,
            nodes.reference,
            addnodes.toctree,
            nodes.image,
            addnodes.download_reference,
        )
        for raw in found[nodes.raw] if not self.config.handbook_raw else ():
            text = raw.astext()
            if text in _BREAKS:
                continue
            if not safety.COMMENT.fullmatch(text):
                _warn(safety.raw(f"raw {raw.get('format', 'markup')}"), raw)
            raw.parent.remove(raw)
        self._leave_the_frame()
        for text in found[nodes.Text]:
            if isinstance(text.parent, nodes.raw) and not self.config.handbook_raw:
                continue
            for _line, _column, hidden in safety.unseen(text):
                _warn(hidden, text.parent)
        for meta in found[nodes.meta]:
            _warn(safety.raw("a <meta> element"), meta)
            meta.parent.remove(meta)
        _refuse_addresses(found[nodes.reference])
        for toctree in found[addnodes.toctree]:
            for entry in list(toctree["entries"]):
                if wrong := safety.leads_astray(entry[1]):
                    _warn(wrong, toctree)
                    toctree["entries"].remove(entry)
        for image in found[nodes.image]:
            if wrong := self._picture(image):
                _warn(wrong, image)
                # a link around a picture is empty without it
                gone = image.parent if isinstance(image.parent, nodes.reference) else image
                gone.parent.remove(gone)
        for download in found[addnodes.download_reference]:
            name = download["reftarget"]
            if wrong := safety.download(name) or self._file(name):
                _warn(wrong, download)
                download.replace_self(nodes.inline("", "", *download.children))

    def _leave_the_frame(self) -> None:
        """Rename anchors that the frame uses, so that no link of the frame leads to them."""
        for name, node in list(self.document.ids.items()):
            if wrong := safety.framed(name):
                _warn(wrong, node)
                node["ids"] = [f"{one}-here" if one == name else one for one in node["ids"]]

    def _picture(self, image: nodes.image) -> safety.Wrong | None:
        address = image["uri"]
        if image.get("loading") == "embed":
            return safety.unread("option", "loading")
        if wrong := safety.picture(address) or self._file(address):
            return wrong
        # if a page is translated, its picture may be, too
        return self._file(search_image_for_language(address, self.env))

    def _file(self, name: str) -> safety.Wrong | None:
        if safety.scheme(name):
            return None
        # not the guarded function, which has no line to name
        path = Path(_find(self.env, name, self.env.docname)[1])
        inside = safety.reach(path, Path(self.env.srcdir))
        return safety.content(name, path) if inside else safety.outside(name)


class LastAddresses(SphinxPostTransform):
    """Check the addresses again once sources, cards and tables of contents have added theirs."""

    default_priority = 990

    def run(self, **kwargs: Any) -> None:
        _refuse_addresses(list(self.document.findall(nodes.reference)))


def _refuse_addresses(references: Iterable[nodes.reference]) -> None:
    for reference in references:
        # addresses that a builder gives to links within the handbook are not checked
        if reference.get("internal"):
            continue
        if wrong := safety.leads_astray(reference.get("refuri", "")):
            _warn(wrong, reference)
            reference.replace_self(nodes.inline("", "", *reference.children))


class Refused(Directive):
    """A directive that pages may not use; its content is not read."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = Raw.option_spec

    def run(self) -> list[Any]:
        env: BuildEnvironment = self.state.document.settings.env
        if env.config.handbook_raw and self.name == "raw":
            return list(Raw.run(self))
        where = f"{env.doc2path(env.docname)}:{self.lineno}"
        _warn(safety.unread("directive", self.name), where)
        return []


class RefusedRole(SphinxRole):
    """A role that pages may not use."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        _warn(safety.unread("role", self.name), self.get_location())
        return [], []


class Table(CSVTable):
    """``csv-table`` limited to files below ``docs/``; it never goes online."""

    def run(self) -> list[Any]:
        env: BuildEnvironment = self.state.document.settings.env
        if "url" in self.options:
            where = f"{env.doc2path(env.docname)}:{self.lineno}"
            _warn(safety.goes_online("url", self.name), where)
            return []
        if "file" in self.options and env.relfn2path(self.options["file"])[1] == str(_NOTHING):
            return []
        return super().run()


class Inclusion(Include):
    """``include`` without the option ``parser``, which imports whatever it names."""

    option_spec = {  # noqa: RUF012
        name: how for name, how in (Include.option_spec or {}).items() if name != "parser"
    }


def _within(
    self: BuildEnvironment, filename: str | Path, docname: str | None = None
) -> tuple[str, str]:
    """Wrap ``BuildEnvironment.relfn2path`` so that it returns no path outside the project's
    folder.
    """
    name, path = _find(self, filename, docname)
    if safety.reach(Path(path), Path(self.srcdir)):
        return name, path
    _warn(safety.outside(str(filename)), docname or self.docname)
    return name, str(_NOTHING)


_within.unguarded = _find  # type: ignore[attr-defined]


def _include(run: Callable[[Any], list[nodes.Element]]) -> Callable[[Any], list[nodes.Element]]:
    """Return MyST's ``include``, protected against endless recursion, and without docutils' own
    folder, from which names in angle brackets can escape.
    """

    def guarded(self: Any) -> list[nodes.Element]:
        name, env = "".join(self.arguments[0].split()), self.renderer.sphinx_env
        where = (env.docname, self.lineno)
        if name.startswith("<"):
            _warn(safety.outside(name), where)
            return []
        path = _find(env, name, env.docname)[1]
        within = self.renderer.md_env.setdefault("handbook-within", [env.doc2path(env.docname)])
        if path in map(os.fspath, within):
            _warn(safety.circle(name), where)
            return []
        within.append(path)
        try:
            return run(self)
        finally:
            within.pop()

    return guarded


def _refuse_rst(self: Any, token: Any) -> None:
    """Refuse ``{eval-rst}``, which would read its content with another grammar."""
    where = (self.sphinx_env.docname, token.map[0] + 1)
    _warn(safety.unread("directive", "eval-rst"), where)


def _speak_english(set_up: Callable[..., None]) -> Callable[..., None]:
    """Return MyST's renderer, limited to the English names of directives and roles.

    docutils also knows its own by names in the page's language, and those would bypass the
    replacements made by Sphinx and this module.
    """

    def guarded(self: Any, options: dict[str, Any], env: Any) -> None:
        set_up(self, options, env)
        self.language_module_rst = _ENGLISH

    return guarded


def _shallow(render: Callable[..., None]) -> Callable[..., None]:
    """Wrap MyST's function for directives, which would exhaust Python's stack where they are nested
    too deeply.
    """

    def guarded(self: Any, token: Any, *arguments: Any, **named: Any) -> None:
        depth = self.md_env.get("handbook-depth", 0)
        if depth >= MAX_DEPTH * 4:
            line = token.map[0] + 1 if token.map else 1
            message = "directives are nested too deeply to be read"
            warn("P006", message, "use fewer levels", (self.sphinx_env.docname, line))
            return
        self.md_env["handbook-depth"] = depth + 1
        try:
            render(self, token, *arguments, **named)
        finally:
            self.md_env["handbook-depth"] = depth

    return guarded


def _judged(run: Callable[..., list[nodes.Element]]) -> Callable[..., list[nodes.Element]]:
    """Wrap MyST's function for directives, to judge each by its arguments as MyST has understood
    them.
    """

    @wraps(run)  # with the attributes set by others who have wrapped it before
    def guarded(
        self: Any, name: str, first_line: str, content: str, position: int, *rest: Any, **named: Any
    ) -> list[nodes.Element]:
        found = directives.directive(name, self.language_module_rst, self.document)[0]
        more = rest[0] if rest else named.get("additional_options")
        try:
            parsed = found and parse_directive_text(
                found, first_line, content, additional_options=more
            )
        except MarkupError:  # MyST reports it
            parsed = None
        where = (self.sphinx_env.docname, position)
        wrongs = list(_judge(name.lower(), parsed.arguments, parsed.options)) if parsed else []
        for wrong in wrongs if not self.sphinx_env.config.handbook_raw else ():
            _warn(wrong, where)
        refused = wrongs and not self.sphinx_env.config.handbook_raw
        return [] if refused else run(self, name, first_line, content, position, *rest, **named)

    return guarded


def _judge(
    directive: str, arguments: Sequence[str], options: dict[str, Any]
) -> Iterator[safety.Wrong]:
    if directive in safety.CLASS_ARGUMENT:
        yield from safety.foreign_classes(" ".join(arguments).split())
    for option, value in options.items():
        if option in safety.RAW_OPTIONS:
            yield safety.unread("option", option)
        elif safety.is_class_option(option):
            yield from safety.foreign_classes(
                value if isinstance(value, list) else str(value).split()
            )
        elif isinstance(value, int) and abs(value) > _MOST:
            message = f"the option {option!r} has too large a number"
            yield "Y002", message, f"write one up to {_MOST:,}"
        elif isinstance(value, str):
            yield from (wrong for _line, _column, wrong in safety.unseen(value))


def _classed(copy: Callable[..., None]) -> Callable[..., None]:
    """Wrap MyST's attributes such as ``{.name}``, without classes that are not for pages."""

    def guarded(self: Any, token: Any, *arguments: Any, **named: Any) -> None:
        wrongs = list(safety.foreign_classes(str(token.attrs.get("class", "")).split()))
        if wrongs and not self.sphinx_env.config.handbook_raw:
            for wrong in wrongs:
                _warn(wrong, (self.sphinx_env.docname, token_line(token, default=0)))
            del token.attrs["class"]
        copy(self, token, *arguments, **named)

    return guarded


def _not_too_much(app: Sphinx, docname: str, source: list[str]) -> None:
    _bound(source, str(app.env.doc2path(docname)))


def _not_too_much_included(app: Sphinx, path: Path, _docname: str, source: list[str]) -> None:
    _bound(source, str(Path(app.srcdir, path)))


def _bound(source: list[str], path: str) -> None:
    """Skip a text that would keep the parser busy for minutes."""
    if found := too_much(source[0].split("\n")):
        number, message, hint = found
        warn("P005", message, hint, f"{path}:{number}")
        source[0] = ""


def _no_settings(config: Any, topmatter: dict[str, Any], warning: Callable[..., None]) -> Any:
    """Refuse MyST's settings for single pages: they switch on syntax, even templates with code."""
    for name in {"myst", "html_meta", "substitutions"} & topmatter.keys():
        warning(
            MystWarnings.MD_TOPMATTER,
            f"P015 nothing reads {name!r} in the front matter (hint: delete it)",
        )
    return config


def _start(app: Sphinx) -> None:
    """Check the files beside the pages, before any of them is read or copied.

    :raises SphinxError: if a symbolic link leads outside: its target would be published
    """
    folder = Path(app.srcdir)
    code, message, hint = safety.link_out()
    if links := [f"{link}: {code} {message} (hint: {hint})" for link in safety.links_out(folder)]:
        raise SphinxError("\n".join(links))
    if not app.config.handbook_raw:
        for name in safety.RAW_ROLES:
            app.add_role(name, RefusedRole(), override=True)


def setup(app: Sphinx) -> None:
    # For projects other than the handbook, whose pages nobody else writes.
    app.add_config_value("handbook_raw", False, "env", [bool])
    app.add_transform(Guard)
    app.add_post_transform(LastAddresses)
    for name in ("raw", "meta", "role"):
        app.add_directive(name, Refused, override=True)
    app.add_directive("csv-table", Table, override=True)
    app.add_directive("include", Inclusion, override=True)
    DocutilsRenderer.render_restructuredtext = _refuse_rst  # type: ignore[method-assign]
    sphinx_.merge_file_level = _no_settings  # type: ignore[attr-defined]
    BuildEnvironment.relfn2path = _within  # type: ignore[method-assign]
    guards: tuple[tuple[type, str, Callable[..., Any]], ...] = (
        (DocutilsRenderer, "setup_render", _speak_english),
        (DocutilsRenderer, "run_directive", _judged),
        (DocutilsRenderer, "copy_attributes", _classed),
        (DocutilsRenderer, "render_directive", _shallow),
        (MockIncludeDirective, "run", _include),
    )
    for owner, name, guard in guards:
        method = getattr(owner, name)
        if not hasattr(method, "guarded"):  # a process may set up several builds
            guarded = guard(method)
            guarded.guarded = True
            setattr(owner, name, guarded)


HOOKS = (
    Hook(
        "builder-inited", _start, "nothing is read or copied before its files are looked at", EARLY
    ),
    Hook("source-read", _not_too_much, "no page keeps the parser busy for minutes", LATE),
    Hook("include-read", _not_too_much_included, "nor does a file in a page", LATE),
)
