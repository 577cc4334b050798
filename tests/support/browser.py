"""Pages served on this machine and opened in a real browser."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@contextmanager
def served(folder: Path, mount: str = "/", late: float = 0) -> Iterator[str]:
    """Serve a folder on this machine below the path ``mount``; yield its address, without a slash at the end.

    Scripts arrive ``late`` seconds late.
    """

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def translate_path(self, path: str) -> str:
            return super().translate_path(
                "/" + path.removeprefix(mount) if path.startswith(mount) else "/not-here"
            )

        def do_GET(self) -> None:
            if late and urlsplit(self.path).path.endswith(".js"):
                time.sleep(late)
            # a reader who leaves a page does not wait for its scripts
            with suppress(ConnectionError):
                super().do_GET()

        def log_message(self, *arguments: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{mount}".rstrip("/")
    finally:
        server.shutdown()
        server.server_close()


def open_page(browser: Browser, address: str, **context: object) -> Page:
    page = browser.new_context(
        **{"viewport": {"width": 1400, "height": 900}, **context}  # type: ignore[arg-type]
    ).new_page()
    page.goto(address)
    return page
