"""Results of earlier builds, kept beside Sphinx's own environment for the next build.

Each result is stored with a digest of its input. If the digest differs, or the store cannot be
read, the result is made again.
"""

from __future__ import annotations

import os
import pickle
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Generic, TypeVar

from sphinx.application import Sphinx

from handbook import files
from handbook.model import safety

T = TypeVar("T")
Stamp = tuple[int, int]

#: Exceptions from a damaged file of pickled objects, or from one of older code.
_UNREADABLE = (
    OSError,
    EOFError,
    AttributeError,
    ImportError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    pickle.UnpicklingError,
)


#: Results kept in a process that builds again and again, and those of them that are not yet on
#: disk.
_warm: dict[Path, tuple[str, object]] | None = None
_unwritten: set[Path] = set()


def stay_warm() -> None:
    """From now on keep results within this process; :func:`flush` writes what other processes
    need.
    """
    global _warm  # noqa: PLW0603
    _warm = {}


def flush() -> None:
    """Write the results that a warm process keeps."""
    for note in sorted(_unwritten):
        if _warm and note in _warm:
            _write(note, _warm[note])
    _unwritten.clear()


def recall(app: Sphinx, name: str, basis: str = "") -> Any:
    """Return the result kept under the name, if ``basis`` and our code are unchanged; else
    ``None``.
    """
    note = _note(app, name)
    before: object = None
    if _warm is not None and note in _warm:
        before = _warm[note]
    else:
        with suppress(*_UNREADABLE):
            before = pickle.loads(note.read_bytes())
    if isinstance(before, tuple) and before[0] == f"{code_version()} {basis}":
        return before[1]
    return None


def keep(app: Sphinx, name: str, what: object, basis: str = "") -> None:
    """Keep a result for :func:`recall`."""
    note, noted = _note(app, name), (f"{code_version()} {basis}", what)
    if _warm is None:
        _write(note, noted)
    else:
        _warm[note] = noted
        _unwritten.add(note)


def forget(app: Sphinx, name: str) -> None:
    """Delete the result under the name, on disk too."""
    note = _note(app, name)
    note.unlink(missing_ok=True)
    if _warm is not None:
        _warm.pop(note, None)
        _unwritten.discard(note)


def _write(note: Path, noted: tuple[str, object]) -> None:
    files.write({note: pickle.dumps(noted, pickle.HIGHEST_PROTOCOL)}, lasting=False)


def once(app: Sphinx, name: str, basis: str | None, make: Callable[[], T]) -> T:
    """Return the result of ``make``, which is called only if ``basis`` or our code has changed
    since the last time.

    :param basis: a digest of all input; ``None`` if it is not known
    """
    if basis is None:
        return make()
    before: tuple[T] | None = recall(app, name, basis)
    if before is not None:
        return before[0]
    made = make()
    keep(app, name, (made,), basis)
    return made


def of_each(
    app: Sphinx, name: str, paths: Iterable[Path], make: Callable[[Path], T]
) -> dict[Path, T]:
    """Return the result of ``make`` for each file; it is called only for files written since the
    last time.
    """
    before: dict[Path, tuple[Stamp, T]] = recall(app, name) or {}
    now: dict[Path, tuple[Stamp, T]] = {}
    for path in paths:
        written = stamp(path)
        known = before.get(path)
        now[path] = known if known and known[0] == written else (written, make(path))
    if now != before:
        keep(app, name, now)
    return {path: made for path, (_stamp, made) in now.items()}


class Piece(Generic[T]):
    """A part of a result, which is pickled only once, however often the whole is kept."""

    def __init__(self, what: T, pickled: bytes | None = None) -> None:
        self.what = what
        self._pickled = pickled

    def __reduce__(self) -> tuple[Callable[[bytes], Piece[T]], tuple[bytes]]:
        if self._pickled is None:
            self._pickled = pickle.dumps(self.what, pickle.HIGHEST_PROTOCOL)
        return self._read, (self._pickled,)

    @classmethod
    def _read(cls, pickled: bytes) -> Piece[T]:
        return cls(pickle.loads(pickled), pickled)


def stamp(path: Path) -> Stamp:
    """Return when a file was written, and its size; a different stamp means different content."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _note(app: Sphinx, name: str) -> Path:
    return Path(app.doctreedir) / f"handbook-{name}.pickle"


def digest(parts: Iterable[bytes]) -> str:
    """Return one word for all the parts, in their order."""
    made = blake2b(digest_size=20)
    for part in parts:
        made.update(len(part).to_bytes(8, "little"))
        made.update(part)
    return made.hexdigest()


@cache
def code_version() -> str:
    """Return a text that changes with the code of the library and the translations of its words,
    with Python and with the packages installed: a newer parser may read the same page in another
    way.
    """
    library = Path(__file__).resolve().parent.parent
    installed = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    names = [sys.version, *sorted(path.name for path in installed)]
    ours = sorted((*library.rglob("*.py"), *library.rglob("*.mo")))
    code = (path.read_bytes() for path in ours)
    return digest([*(name.encode() for name in names), *code])


def of_project(root: Path) -> tuple[str, str] | None:
    """Return one word for all files that the check reads, and one for all except the text of the
    pages.

    It returns ``None`` if a link leads to a folder, whose content is then read each time.
    """
    try:
        read = list(_project(root))
    except _LinkedFolderError:
        return None
    pages = os.fsencode(root / "docs") + b"/"
    around = (
        name if name.startswith(pages) and name.endswith(b".md") else name + b"\0" + content
        for name, content in read
    )
    return digest(part for file in read for part in file), digest(around)


def of_folder(folder: Path) -> str | None:
    """Return one word for all files of a folder; ``None`` if a link in it leads to another
    folder.
    """
    try:
        return digest(part for file in _folder(folder, texts_only=False) for part in file)
    except _LinkedFolderError:
        return None


class _LinkedFolderError(Exception):
    pass


def _project(root: Path) -> Iterator[tuple[bytes, bytes]]:
    for entry in _sorted(root):
        if _is_text(entry):
            yield _file(entry)
    for name in ("docs", "references", "tools"):
        yield from _folder(root / name, texts_only=name == "tools")


def _folder(folder: Path, *, texts_only: bool) -> Iterator[tuple[bytes, bytes]]:
    for entry in _sorted(folder):
        if entry.is_symlink():
            if os.path.isdir(entry.path):  # noqa: PTH112 (does not raise where a link leads to itself)
                raise _LinkedFolderError(entry.path)
            leads = os.fsencode(os.readlink(entry.path))  # noqa: PTH115
            yield os.fsencode(entry.path) + b"/", leads
        if entry.is_dir():
            if not texts_only:  # an empty folder has a name too
                yield os.fsencode(entry.path) + b"/", b""
            yield from _folder(Path(entry.path), texts_only=texts_only)
        elif not texts_only or _is_text(entry):
            yield _file(entry)


def _is_text(entry: os.DirEntry[str]) -> bool:
    return (Path(entry.name).suffix.lower() or entry.name) in safety.TEXTS


def _sorted(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _file(entry: os.DirEntry[str]) -> tuple[bytes, bytes]:
    try:
        # reading a pipe would wait for ever
        content = Path(entry.path).read_bytes() if entry.is_file() else b"no file"
    except OSError as error:
        content = repr(error).encode()
    return os.fsencode(entry.path), content
