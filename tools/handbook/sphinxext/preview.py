"""``make serve``: the handbook in a browser, where a page is updated as soon as its file is saved.

One process serves and watches; another, :mod:`~handbook.sphinxext.warm_build`, builds, and may be
restarted at any time. Pages are served as published; only a script and its style sheet are added on
the way to the browser, as files of the same host, which the policy of each page allows.
"""

from __future__ import annotations

import json
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from watchfiles import watch

from handbook.model.translations import EDITIONS
from handbook.sphinxext.warm_build import Outcome, Problem, work

HOST = "127.0.0.1"
#: The path of the preview's own files, an address that no page has.
OWN = "/-preview/"
#: Seconds without a change after which the search index is updated.
IDLE = 3.0
_FILES = {"preview.js": "text/javascript", "preview.css": "text/css"}
_HEAD_ENDS = b"</head>"
_WAITING = (
    b"<!doctype html><html lang=en><head><title>Preview</title></head>"
    b"<body><p>The handbook is being built.</p></body></html>"
)


@dataclass
class State:
    """What browsers are sent: the number of the build, the problems, when each page last
    changed.
    """

    build: int = 0
    problems: tuple[Problem, ...] = ()
    changed_in: dict[str, int] = field(default_factory=dict)
    listeners: set[queue.SimpleQueue[None]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, outcome: Outcome, *, everything: bool = False) -> None:
        """Note the outcome of a build, and notify all browsers."""
        with self.lock:
            self.build += 1
            self.problems = outcome.problems
            if everything:
                self.changed_in = dict.fromkeys(["", *self.changed_in], self.build)
            self.changed_in |= dict.fromkeys(outcome.changed, self.build)
            for listener in self.listeners:
                listener.put(None)

    def message(self, page: str, build: int) -> bytes:
        """Return the message for a browser that shows a page of a certain build."""
        with self.lock:
            last = max(self.changed_in.get(page, 0), self.changed_in.get("", 0))
            said = {
                "reload": last > build,
                "problems": [asdict(problem) for problem in self.problems],
            }
        return f"data: {json.dumps(said)}\n\n".encode()


class Handler(SimpleHTTPRequestHandler):
    """Serves the built pages, with the preview's script in each, to this machine only."""

    state: State
    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".wasm": "application/wasm",
    }

    def do_GET(self) -> None:
        """Answer, unless the request was meant for another host (DNS rebinding)."""
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        if host not in {HOST, "localhost"}:
            self.send_error(421, "this preview is for this machine alone")
            return
        parts = urlsplit(self.path)
        if parts.path == f"{OWN}events":
            self._events(parse_qs(parts.query))
        elif (name := parts.path.removeprefix(OWN)) in _FILES and name != parts.path:
            self._answer(200, _FILES[name], Path(__file__).with_name(name).read_bytes())
        else:
            self._file(parts.path)

    do_HEAD = do_GET  # noqa: N815

    def _file(self, address: str) -> None:
        path = Path(self.translate_path(address))
        if path.is_dir():
            if not address.endswith("/"):
                self.send_response(301)
                self.send_header("Location", f"{address}/")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            path /= "index.html"
        status = 200
        if not path.is_file():
            status, path = 404, self._lost(path)
        try:
            data = path.read_bytes()
        except OSError:
            status, data = 503, _WAITING
        kind = self.guess_type(str(path))
        if kind == "text/html":
            data = self._with_script(data)
        self._answer(status, kind, data)

    def _lost(self, path: Path) -> Path:
        """The page for lost addresses, in the language of the edition that was asked for."""
        for folder in (Path(self.directory, name) for name in EDITIONS.values()):
            if path.is_relative_to(folder) and (folder / "404.html").is_file():
                return folder / "404.html"
        return Path(self.directory, "404.html")

    def _with_script(self, page: bytes) -> bytes:
        own = (
            f'<link rel="stylesheet" href="{OWN}preview.css">'
            f'<script src="{OWN}preview.js" data-build="{self.state.build}" defer></script>'
        ).encode()
        return page.replace(_HEAD_ENDS, own + _HEAD_ENDS, 1)

    def _answer(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        kind += "; charset=utf-8" if kind.startswith("text/") else ""
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self, query: dict[str, list[str]]) -> None:
        page, build = query.get("page", [""])[0], int(query.get("build", ["0"])[0])
        listener: queue.SimpleQueue[None] = queue.SimpleQueue()
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.state.listeners.add(listener)
        try:
            while True:
                self.wfile.write(self.state.message(page, build))
                self.wfile.flush()
                while True:
                    try:
                        listener.get(timeout=15)
                        break
                    except queue.Empty:
                        self.wfile.write(b":\n\n")  # fails if the browser is gone
                        self.wfile.flush()
        except OSError:
            pass
        finally:
            self.state.listeners.discard(listener)

    def log_message(self, *arguments: object) -> None:
        """Log no requests."""


class Builder:
    """The process that builds. If it dies, the next order restarts it."""

    def __init__(self, docs: Path, out: Path) -> None:
        self._places = docs, out
        self._process: BaseProcess | None = None
        self._orders: Connection | None = None

    def order(self, what: str) -> Outcome:
        """Send an order, and wait for its outcome."""
        if self._process is None or not self._process.is_alive():
            self._begin()
        assert self._orders
        try:
            self._orders.send(what)
            outcome: Outcome = self._orders.recv()
        except (EOFError, OSError):
            self.end()
            text = "the build process has died; the next change restarts it"
            return Outcome((Problem("", 0, text, ""),))
        return outcome

    def _begin(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._orders, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, *self._places))
        self._process.start()
        theirs.close()

    def end(self) -> None:
        """End the process, whatever it is doing."""
        if self._process:
            self._process.terminate()
            self._process.join()
            self._process = None


def serve(
    root: Path,
    out: Path,
    port: int,
    say: Callable[[str], None],
    ready: Callable[[str], object],
    stop: threading.Event | None = None,
) -> None:
    """Build, serve and follow changes, until Ctrl-C or ``stop``.

    :param ready: called with the address once it is served
    """
    state, builder = State(), Builder(root / "docs", out)
    (out / "html").mkdir(parents=True, exist_ok=True)
    handler = type("Handler", (Handler,), {"state": state})
    server = ThreadingHTTPServer((HOST, port), partial(handler, directory=str(out / "html")))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://{HOST}:{server.server_port}/"
    try:
        say("Building ...")
        _tell(state, builder.order("build"), say)
        say(f"The handbook is at {address}")
        if others := [name for name in EDITIONS.values() if (out / "html" / name).is_dir()]:
            say(f"Other editions, as make html last built them: {', '.join(others)}")
        ready(address)
        _follow(root, state, builder, say, stop)
    finally:
        builder.end()
        server.shutdown()
        server.server_close()


def _follow(
    root: Path,
    state: State,
    builder: Builder,
    say: Callable[[str], None],
    stop: threading.Event | None,
) -> None:
    last, indexed = time.monotonic(), False
    watched = [path for name in _WATCHED if (path := root / name).exists()]
    for changes in watch(
        *watched,
        watch_filter=lambda _kind, path: _counts(path),
        debounce=200,
        step=20,
        rust_timeout=500,
        yield_on_timeout=True,
        stop_event=stop,
    ):
        if changes:
            names = {Path(path).relative_to(root).as_posix() for _kind, path in changes}
            order = _order(names)
            if order == "begin":
                builder.end()
            looks = any(name.startswith(("docs/_", "tools/")) for name in names)
            outcome = builder.order("renew" if order == "renew" else "build")
            _tell(state, outcome, say, everything=looks)
            last, indexed = time.monotonic(), False
        elif not indexed and time.monotonic() - last > IDLE:
            builder.order("index")
            indexed = True


_WATCHED = ("docs", "references", "tools", "pyproject.toml", "CHANGELOG.md")


def _counts(path: str) -> bool:
    """Return whether it is a file of the handbook, not one that an editor or Python keeps beside
    it.
    """
    parts = Path(path).parts
    return not (parts[-1].startswith(".") or parts[-1].endswith("~") or "__pycache__" in parts)


def _order(names: Iterable[str]) -> str:
    """Return what must be done after changes to these files: ``begin`` the process again, ``renew``
    the data that it has read, or ``build``.
    """
    order = "build"
    for name in names:
        if name.startswith("tools/") or name in {"docs/conf.py", "pyproject.toml"}:
            return "begin"
        if name.startswith("references/") or name == "docs/moved.yaml":
            order = "renew"
    return order


def _tell(
    state: State, outcome: Outcome, say: Callable[[str], None], *, everything: bool = False
) -> None:
    state.take(outcome, everything=everything)
    for one in outcome.problems:
        place = ":".join(str(part) for part in (one.file, one.line) if part)
        hint = f" (hint: {one.hint})" if one.hint else ""
        say(f"{place + ': ' if place else ''}{one.text}{hint}")
    number = len(outcome.problems)
    wrong = f", {number} problem{'s' if number > 1 else ''}" if number else ""
    say(f"Built in {outcome.seconds:.1f} s{wrong}")
