"""Measure the link checker beside a bare client and Sphinx linkcheck: ``python tests/benchmarks/bench_linkcheck.py``.

2,000 addresses on 40 local hosts that answer after 50 ms, served by a process of their own; 10,000 inner anchors on 200
pages, and ten times as many; the hostile peers' memory. Everything stays on loopback. Sphinx linkcheck is measured where
loopback names resolve (``127.0.0.N`` are its hosts), LinkChecker, linkinator and lychee where their programs are found.
"""
from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

import aiohttp  # noqa: E402

from handbook.linkcheck import internal  # noqa: E402
from handbook.linkcheck.client import Client, Job, Settings  # noqa: E402
from handbook.linkcheck.verdicts import observe  # noqa: E402

HOSTS, PAGES, LATENCY = 40, 2000, 0.05
BODY = b"<!doctype html><title>A page</title><p>words</p>" + b"x" * 500
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


class _Protocol(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        head = data.startswith(b"HEAD")
        answer = RESPONSE.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if head else RESPONSE
        asyncio.get_running_loop().call_later(LATENCY, self.transport.write, answer)


def _serve(port: Any) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(_Protocol, "0.0.0.0", 0, backlog=2048)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _measured(work: Callable[[], Any]) -> dict[str, Any]:
    """Run in a process of its own: wall and CPU seconds, peak memory in MiB, and what the work tells."""
    receive, send = multiprocessing.Pipe(False)

    def child() -> None:
        before = resource.getrusage(resource.RUSAGE_SELF)
        start = time.perf_counter()
        told = work()
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        send.send({"wall": round(wall, 2), "cpu": round(cpu, 2), "mib": after.ru_maxrss // 1024, "told": told})

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    result = receive.recv()
    process.join()
    return result


def urls(port: int) -> list[str]:
    return [f"http://127.0.0.{number % HOSTS + 1}:{port}/{number}" for number in range(PAGES)]


def bare(port: int) -> int:
    """aiohttp with nothing around it, at the same number of requests at once."""

    async def run() -> int:
        slots = asyncio.Semaphore(200)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def one(url: str) -> bool:
                async with slots, session.get(url) as response:
                    await response.read()
                    return response.status == 200

            return sum(await asyncio.gather(*map(one, urls(port))))

    return asyncio.run(run())


def raw(port: int) -> int:
    """Sockets with keep-alive and nothing else: what the machine can do."""

    async def host(number: int) -> int:
        async def worker(paths: list[str]) -> int:
            reader, writer = await asyncio.open_connection(f"127.0.0.{number + 1}", port)
            good = 0
            for path in paths:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: h{number}\r\n\r\n".encode())
                good += b"200" in await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(len(BODY))
            writer.close()
            return good

        paths = [f"/{page}" for page in range(number, PAGES, HOSTS)]
        return sum(await asyncio.gather(*(worker(paths[lane::5]) for lane in range(5))))

    async def run() -> int:
        return sum(await asyncio.gather(*map(host, range(HOSTS))))

    return asyncio.run(run())


def ours(port: int, **changes: Any) -> int:
    good = 0

    def take(job: Job, answer: Any) -> None:
        nonlocal good
        good += observe(job.url, answer).verdict == "ok"

    async def run() -> None:
        settings = Settings(**{"allowed": (ip_network("127.0.0.0/8"),), "at_once": 200, "per_host": 5, "pace": 0.0, **changes})
        async with Client(settings) as client:
            await client.ask(map(Job, urls(port)), take)

    asyncio.run(run())
    return good


def linkcheck(port: int, workers: int = 64) -> int:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        (source / "conf.py").write_text(f"linkcheck_workers = {workers}\nlinkcheck_anchors = False\n")
        (source / "index.rst").write_text("T\n=\n\n" + "\n".join(f"`x{number} <{url}>`__" for number, url in enumerate(urls(port))) + "\n")
        subprocess.run([sys.executable, "-m", "sphinx", "-q", "-b", "linkcheck", folder, f"{folder}/out"], check=False, capture_output=True)
        return (source / "out/output.json").read_text().count('"working"')


def program(command: list[str], port: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "index.html")
        page.write_text("".join(f'<a href="{url}">x</a>\n' for url in urls(port)))
        return subprocess.run([*command, str(page)], check=False, capture_output=True).returncode


def anchors(pages: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        for page in range(pages):
            target = (page + 1) % pages
            text = "".join(f'<p id="s{number}"><a href="p{target}.html#s{number}">{number}</a></p>' for number in range(50))
            Path(folder, f"p{page}.html").write_text(f"<!doctype html><title>x</title>{text}" + (f'<a href="p{target}.html#bad">b</a>' if page % 10 == 0 else ""))
        start = time.perf_counter()
        found = internal.check(internal.read(Path(folder)), Path(folder))
        print(f"  {pages * 50:,} anchors on {pages:,} pages: {time.perf_counter() - start:.2f} s, {len(found)} of {pages // 10} faults (own time, without writing the pages)", flush=True)
        return len(found)


def hostile() -> int:
    """Every pathology of the tests at once."""
    from linkserver import Server, pathologies
    from test_linkcheck_client import ROWS, ask

    async def run() -> int:
        async with Server() as server:
            pathologies(server)
            found = await ask([f"http://host.test:{server.port}{row[0]}" for row in ROWS], per_host=32, deadline=2.5, body_seconds=0.5)
            return len(found)

    return asyncio.run(run())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    receive, send = multiprocessing.Pipe(False)
    server = multiprocessing.get_context("fork").Process(target=_serve, args=(send,), daemon=True)
    server.start()
    port = receive.recv()
    table: dict[str, list[dict[str, Any]]] = {}
    contestants: dict[str, Callable[[], Any]] = {
        "raw sockets": lambda: raw(port), "aiohttp, bare": lambda: bare(port), "check_links": lambda: ours(port),
        "check_links, as it comes": lambda: ours(port, at_once=64, per_host=2, pace=0.02), "Sphinx linkcheck, 64 workers": lambda: linkcheck(port),
    }
    for name, command in {"lychee": ["lychee", "--offline=false", "-q"], "linkinator": ["linkinator", "--silent"], "LinkChecker": ["linkchecker", "--check-extern", "-q"]}.items():
        if shutil.which(command[0]):
            contestants[name] = partial(program, command, port)
    for _ in range(rounds):
        for name, work in contestants.items():
            table.setdefault(name, []).append(_measured(work))
    floor = None
    print(f"{PAGES} addresses on {HOSTS} hosts, {LATENCY * 1000:.0f} ms each; best of {rounds}")
    for name, results in table.items():
        best = min(results, key=lambda result: result["wall"])
        if name == "aiohttp, bare":
            floor = best["wall"]
        share = f", {best['wall'] / floor:.2f} times the bare client" if floor else ""
        print(f"  {name}: {best['wall']} s, {PAGES / best['wall']:.0f}/s, CPU {best['cpu']} s, {best['mib']} MiB, said {best['told']}{share}")
    for pages in (200, 2000):
        print(" ", json.dumps(_measured(partial(anchors, pages))))
    print("  all hostile peers at once (server and client in one process):", json.dumps(_measured(hostile)))
    server.terminate()


if __name__ == "__main__":
    main()
