"""Pages served on this machine and opened in a real browser."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@contextmanager
def served(folder: Path, mount: str = "/") -> Iterator[str]:
    """Serve a folder on this machine below the path ``mount``: its address, without a slash at the end."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def translate_path(self, path: str) -> str:
            return super().translate_path(
                "/" + path.removeprefix(mount) if path.startswith(mount) else "/not-here"
            )

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
