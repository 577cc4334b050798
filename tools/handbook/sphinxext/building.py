"""Run Sphinx on the handbook: failures around it get a message with a hint, damaged builds are
repaired.

``python -m sphinx`` would do as well while nothing goes wrong. But it ends with a traceback if a
locale is not installed, if a full disk left an empty file behind, and at each mistake in the
configuration.
"""

from __future__ import annotations

import contextlib
import errno
import io
import multiprocessing
import re
import shutil
import signal
import sys
from collections.abc import Callable, Collection, Mapping
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TextIO

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.errors import ExtensionError, SphinxError, SphinxParallelError
from sphinx.util.console import color_terminal, nocolor
from sphinx.util.docutils import docutils_namespace, patch_docutils

from handbook import cli
from handbook.cli import HandbookError
from handbook.model import translations
from handbook.model.translations import EDITIONS
from handbook.sphinxext.editions import ENGLISH
from handbook.sphinxext.events import EARLY, LAST
from handbook.sphinxext.output import SERVED
from handbook.sphinxext.upstream.garbage_collection import relaxed

#: The builders that make one file of all pages.
BOOKS = frozenset({"pdf", "epub"})
_REPORT = "This is a fault of the handbook's tools: please report it with everything above."
#: Seconds until an edition told to stop is killed, and between its looks for the English one.
_PATIENCE = 5.0
_LAST_SECOND = 253402300799  # of the year 9999
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EISDIR}
_TEMPLATE_ERROR = re.compile(r"Reason: (.*:\d+: the template .*) \(hint: (.*)\)")
_SYSTEM_ERROR = re.compile(r"\[Errno (\d+)\] ([^\n)]+)")


def build(
    source: Path,
    out: Path,
    builder: str,
    environ: Mapping[str, str],
    languages: Collection[str] | None = None,
) -> int:
    """Build the pages of ``source`` into the folder of ``out`` that has the builder's name.

    The exit status is Sphinx's: 0, or 1 if it warned.

    :param languages: the languages of the editions to build beside the English one; ``None`` for
        all that have catalogues
    :raises HandbookError: if the environment, the folder or the configuration is wrong, or the disk
        is full
    """
    _check(out / builder, environ)
    others = _editions(source, builder, languages)
    if not color_terminal():
        nocolor()
    return _healing(
        out, out / "doctrees", lambda afresh: _run(source, out, builder, others, afresh=afresh)
    )


def _healing(out: Path, trees: Path, run: Callable[[bool], int]) -> int:
    """Return the exit status of a run; a run that may have failed because of a damaged earlier
    build is repeated once, from scratch.
    """
    resumed = (trees / ENV_PICKLE_FILENAME).exists()
    try:
        try:
            return run(False)
        except Exception as error:
            if not resumed or _explained(error):
                raise
            print(f"{error!r}: {out} may be damaged, so everything is built again", file=sys.stderr)
            return run(True)
    except Exception as error:
        if explained := _explained(error):
            raise HandbookError(*explained) from error
        error.add_note(error.traceback if isinstance(error, SphinxParallelError) else "")
        error.add_note(_REPORT)
        raise


def _check(out: Path, environ: Mapping[str, str]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HandbookError(
            f"{out} cannot be the folder to build into: {error.strerror}",
            "move away what is there, or name another folder: make html OUT=folder",
        ) from error
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if epoch is not None and not (epoch.isdecimal() and int(epoch) <= _LAST_SECOND):
        raise HandbookError(
            f"SOURCE_DATE_EPOCH is {epoch!r} and not the seconds since 1970",
            'unset it, or set it to "$(git log -1 --format=%ct)"',
        )


def _is_cut_off(build_info: Path) -> bool:
    """Return whether a file of four lines has fewer, on which Sphinx 9 fails with an
    ``IndexError``.
    """
    return build_info.exists() and len(build_info.read_bytes().splitlines()) < 4


def _editions(source: Path, builder: str, languages: Collection[str] | None) -> tuple[str, ...]:
    """Return the languages of the editions to build beside the English one: those that have
    catalogues.
    """
    known = (ENGLISH, *EDITIONS)
    for language in languages or ():
        if language not in known:
            raise HandbookError(
                f"the handbook has no edition in the language {language!r}",
                f"write one or more of {' '.join(known)}",
            )
    if builder not in SERVED | BOOKS:
        return ()
    return tuple(
        language
        for language in EDITIONS
        if (languages is None or language in languages)
        and (source / translations.FOLDER / language).is_dir()
    )


def _run(
    source: Path, out: Path, builder: str, others: tuple[str, ...], *, afresh: bool = False
) -> int:
    """Build the English edition, and the others in separate processes."""
    cut_off = _is_cut_off(out / builder / ".buildinfo")
    fork = multiprocessing.get_context("fork")
    read = fork.Event()
    languages = " ".join((ENGLISH, *others)) if others else ""
    beside = [
        fork.Process(target=_beside, args=(source, out, builder, one, languages, read))
        for one in others
    ]
    for process in beside:
        process.start()

    def go(*_: object) -> None:
        read.set()

    def wait(_app: Sphinx, error: Exception | None) -> None:
        if error is None:
            read.set()  # books are made one after another: each takes much memory
            for process in beside:
                process.join()

    try:
        with relaxed(), patch_docutils(source), docutils_namespace():
            app = _app(source, out, builder, ENGLISH, languages, afresh=afresh or cut_off)
            if builder not in BOOKS:
                app.connect("env-before-read-docs", go, LAST)
            app.connect("build-finished", wait, EARLY)
            app.build(force_all=afresh or cut_off)
    finally:
        for process in beside:
            process.terminate()  # it ends its own processes; nothing if it has ended
        for process in beside:
            process.join(_PATIENCE)
        _end_children()
    ended = {one: process.exitcode or 0 for one, process in zip(others, beside, strict=True)}
    return max(app.statuscode, *(_status(one, code) for one, code in ended.items()), 0)


def _status(language: str, code: int) -> int:
    """Return the exit status of an edition. A process that was killed could not say why."""
    if code >= 0:
        return code
    problem = f"the edition {language} was ended by the signal {-code}, perhaps for want of memory"
    hint = "run it again with fewer programs beside it, or without this edition: LANGUAGES=en"
    return cli.complain(str(HandbookError(problem, hint)), cli.COULD_NOT_RUN)


def _end_children() -> None:
    """Kill what Sphinx leaves behind where a page fails in the process that distributes the pages:
    each would wait for ever to hand over its output.
    """
    for child in multiprocessing.active_children():
        child.kill()


def _beside(
    source: Path, out: Path, builder: str, language: str, languages: str, read: Event
) -> None:
    """Build an edition beside the English one, once the check has reported there, or as a book
    after the English one.
    """

    def work() -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        try:
            english = multiprocessing.parent_process()
            while not read.wait(_PATIENCE):
                if english and not english.is_alive():  # killed, so that it could tell nobody
                    return cli.COULD_NOT_RUN
            return _edition(source, out, builder, language, languages)
        except KeyboardInterrupt:  # the English edition says so
            return cli.STOPPED

    sys.exit(cli.run(work))


def _stop(*_: object) -> None:
    """Stop once: after Ctrl-C, which all processes hear, the English edition says it again."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _edition(source: Path, out: Path, builder: str, language: str, languages: str) -> int:
    trees = out / f"doctrees-{EDITIONS[language]}"
    trees.mkdir(parents=True, exist_ok=True)
    for name in ("check", "pages", "profiles", "references"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(out / "doctrees" / f"handbook-{name}.pickle", trees)

    def edition(afresh: bool) -> int:
        heard = io.StringIO()
        anew = afresh or _is_cut_off(_folder(out, builder, language) / ".buildinfo")
        try:
            with relaxed(), patch_docutils(source), docutils_namespace():
                app = _app(source, out, builder, language, languages, heard, afresh=anew)
                app.build(force_all=anew)
        finally:
            print(heard.getvalue(), end="", file=sys.stderr)
            _end_children()
        return app.statuscode

    status = _healing(out, trees, edition)
    if builder in BOOKS:
        for book in _folder(out, builder, language).glob(f"*.{builder}"):
            book.replace(out / builder / book.name)
    return status


def _folder(out: Path, builder: str, language: str) -> Path:
    """Return the folder in which a builder writes an edition: within the English site, or beside
    the English book.
    """
    edition = EDITIONS.get(language, "")
    if builder in BOOKS:
        return out / "-".join(filter(None, (builder, edition)))
    return out / builder / edition


def _app(
    source: Path,
    out: Path,
    builder: str,
    language: str,
    languages: str,
    warnings: TextIO = sys.stderr,
    *,
    afresh: bool = False,
) -> Sphinx:
    folder = EDITIONS.get(language, "")
    return Sphinx(
        source,
        source,
        _folder(out, builder, language),
        out / (f"doctrees-{folder}" if folder else "doctrees"),
        builder,
        {"language": language, "handbook_languages": languages} if languages else {},
        status=None,
        warning=warnings,
        freshenv=afresh,
        warningiserror=True,
        parallel=multiprocessing.cpu_count(),
    )


def _explained(error: Exception) -> tuple[str, str] | None:
    """Return the problem and hint for an error that people can fix; ``None`` for a fault of the
    tools.
    """
    # Sphinx passes on errors of a process or an extension as text.
    if (match := _SYSTEM_ERROR.search(str(error))) and int(match[1]) in _DISK:
        return match[2], cli.disk_hint(int(match[1]))
    if match := _TEMPLATE_ERROR.search(str(error)):
        return match[1], match[2]
    if isinstance(error, SphinxParallelError) or not isinstance(error, SphinxError):
        return None
    if isinstance(error, ExtensionError) and not isinstance(error.orig_exc, ImportError | None):
        return None
    return f"{error.category}: {error}", ""
