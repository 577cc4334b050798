"""The whole link check on a small handbook, with hosts on loopback."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from handbook.linkcheck import links_command
from handbook.linkcheck.client import Client
from handbook.linkcheck.manners import Settings
from support.commands import ended
from support.linkserver import NOW, Server, World
from support.linkserver import manners as fast

TODAY = date(2026, 11, 23)


def make(root: Path, page: str = "", bib: str = "", exceptions: str = "") -> Path:
    (root / "docs").mkdir(parents=True, exist_ok=True)
    (root / "references").mkdir(exist_ok=True)
    (root / "docs/index.md").write_text(f"# Title\n\n{page}\n", "utf-8")
    if bib:
        (root / "references/a.bib").write_text(bib, "utf-8")
    if exceptions:
        (root / "pyproject.toml").write_text(
            f"[tool.handbook.checks]\nexceptions = [\n{exceptions}\n]\n", "utf-8"
        )
    return root


OPTIONS = {
    "offline": False,
    "html": None,
    "changed": None,
    "all": False,
    "archives": False,
    "format": "text",
    "select": [],
    "ignore": [],
    "explain": None,
    "fix": False,
    "yes": False,
    "allow_private": ["127.0.0.0/8"],
    "time_limit": 60.0,
    "trust_network": False,
    "no_save": False,
    "concurrency": 64,
    "per_host": 2,
    "delay": 0.5,
    "contact": "",
}


def call(
    root: Path, today: date = TODAY, world: World | None = None, **changes: object
) -> tuple[int, str]:
    """Return the command's status and what it writes."""
    world = world or World()
    out = io.StringIO()

    def client(given: Settings) -> Client:
        return Client(
            fast(
                allowed=given.allowed,
                allowed_hosts=given.allowed_hosts,
                time_limit=given.time_limit,
            ),
            lookup=world.lookup,
            clock=world.clock,
            sleep=world.sleep,
            now=lambda: NOW,
        )

    options = argparse.Namespace(root=root, **{**OPTIONS, **changes})
    status, said = ended(lambda: links_command.main(options, today, out, client))
    print(said, file=sys.stderr)
    return status, out.getvalue()


def online(
    root: Path, server_pages: Callable[[Server], str], checks: Callable[[Server, Path], None]
) -> None:
    """Serve pages from a thread of their own while the command runs in this one."""
    ready, done = threading.Event(), threading.Event()
    holder: list[Server] = []

    async def serve() -> None:
        async with Server() as server:
            make(root, server_pages(server))
            holder.append(server)
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.01)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        assert ready.wait(10)
        checks(holder[0], root)
    finally:
        done.set()
        thread.join(10)
