"""Build the pages again and again in one process, which keeps all that it has read.

A build reads the pages whose files have changed, and those with a problem in the last build, so
that its report is always complete.
"""

from __future__ import annotations

import gc
import io
import re
import signal
import time
import traceback
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from multiprocessing import cpu_count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from handbook.sphinxext import remembered, search
from handbook.sphinxext.upstream.garbage_collection import RELAXED

#: The form of a warning that Sphinx prints.
_WARNING = re.compile(
    r"(?:(?P<file>/[^\n]*?)(?::(?P<line>\d+))?: )?(?:WARNING|ERROR|SEVERE|CRITICAL): (?P<text>.*)",
    re.DOTALL,
)
_BEGINS = re.compile(r"\n(?=(?:/[^\n]*?: )?(?:WARNING|ERROR|SEVERE|CRITICAL): )")
_CODE = re.compile(r"\s*\[[\w.-]+\]$")
_HINT = re.compile(r"^(?P<text>.*?) \(hint: (?P<hint>.*)\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem: its file, its line (0 if unknown), the message, how to fix it."""

    file: str
    line: int
    text: str
    hint: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a build: the present problems, the files of the site that differ from before,
    the seconds it took.
    """

    problems: tuple[Problem, ...] = ()
    changed: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass
class WarmBuild:
    """The pages of ``docs``, built into the folder ``html`` within ``out``."""

    docs: Path
    out: Path
    _app: Sphinx | None = None
    _around: ExitStack = field(default_factory=ExitStack)
    _heard: io.StringIO = field(default_factory=io.StringIO)
    #: Pages to read again, whether or not their files have changed.
    _again: set[str] = field(default_factory=set)
    _whole: bool = False
    _touched: set[str] = field(default_factory=set)
    _contents: dict[str, str] = field(default_factory=dict)

    def build(self, *, renew: bool = False) -> Outcome:
        """Bring the pages up to date.

        :param renew: read the configuration and all data again
        """
        began = time.monotonic()
        self._heard.seek(0)
        self._heard.truncate()
        self._touched.clear()
        first = self._app is None
        try:
            if renew or first:
                self._start()
            assert self._app
            self._app.parallel = cpu_count() if first else 1
            self._app.build()
        except Exception as error:  # noqa: BLE001 (whatever it is, the next change may undo it)
            problems = (*self._problems(), self._stopped(error))
            self._again |= self._touched
            self._whole = False
        else:
            self._whole = True
            problems = self._problems()
            self._again = {page for one in problems if (page := self._page(one.file))}
        if first:
            gc.freeze()
        return Outcome(problems, tuple(self._changed()), time.monotonic() - began)

    def index(self) -> None:
        """Update the search index, and save for other processes what this one knows."""
        if self._app and self._whole:
            search.index(self._app, None)
            remembered.flush()

    def _start(self) -> None:
        self._around.close()
        self._app = None
        self._around = ExitStack()
        self._around.enter_context(patch_docutils(self.docs))
        self._around.enter_context(docutils_namespace())
        nocolor()
        app = Sphinx(
            self.docs,
            self.docs,
            self.out / "html",
            self.out / "doctrees",
            "html",
            status=None,
            warning=self._heard,
        )
        app.connect("env-get-outdated", self._outdated)
        app.connect("env-purge-doc", self._purged)
        app.connect("html-page-context", self._written)
        for listener in app.events.listeners["build-finished"]:
            if listener.handler is search.index:
                app.disconnect(listener.id)
                break
        self._app = app

    def _outdated(self, _app: Sphinx, env: BuildEnvironment, *_sets: set[str]) -> list[str]:
        return sorted(self._again & env.found_docs)

    def _purged(self, _app: Sphinx, _env: BuildEnvironment, page: str) -> None:
        self._touched.add(page)

    def _written(
        self, _app: Sphinx, page: str, _template: str, _context: Any, _tree: nodes.document | None
    ) -> None:
        self._touched.add(page)

    def _changed(self) -> Iterable[str]:
        if not self._app:
            return
        site = Path(self._app.outdir)
        for page in sorted(self._touched):
            with suppress(OSError):
                path = Path(self._app.builder.get_outfilename(page))  # type: ignore[attr-defined]
                content = remembered.digest([path.read_bytes()])
                if self._contents.get(page) != content:
                    self._contents[page] = content
                    yield path.relative_to(site).as_posix()

    def _page(self, file: str) -> str | None:
        return self._app.project.path2doc(self.docs.parent / file) if file and self._app else None

    def _problems(self) -> tuple[Problem, ...]:
        parts = _BEGINS.split(self._heard.getvalue().strip())
        return tuple(self._problem(part) for part in parts if part.strip())

    def _problem(self, part: str) -> Problem:
        found = _WARNING.match(part)
        file, line = (found["file"] or "", int(found["line"] or 0)) if found else ("", 0)
        return _problem(
            file.removeprefix(f"{self.docs.parent}/"), line, found["text"] if found else part
        )

    def _stopped(self, error: Exception) -> Problem:
        if not isinstance(error, SphinxError):  # a fault of the tools
            traceback.print_exception(error)
        return _problem("", 0, f"the build stopped: {error or type(error).__name__}")


def _problem(file: str, line: int, text: str) -> Problem:
    text = _CODE.sub("", text.strip())
    hinted = _HINT.match(text)
    return Problem(file, line, *(hinted["text"], hinted["hint"]) if hinted else (text, ""))


def work(orders: Connection, docs: Path, out: Path) -> None:
    """Carry out orders until their sender is gone: ``build``, ``renew``, ``index``."""
    # Ctrl-C is meant for the process that gives the orders, which ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    remembered.stay_warm()
    gc.set_threshold(*RELAXED)
    warm = WarmBuild(docs, out)
    with suppress(EOFError):
        while True:
            order = orders.recv()
            if order == "index":
                warm.index()
                orders.send(Outcome())
            else:
                orders.send(warm.build(renew=order == "renew"))
