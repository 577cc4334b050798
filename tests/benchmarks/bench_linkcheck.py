"""Measure the link checker beside a bare client and other checkers: ``python tests/benchmarks/bench_linkcheck.py``.

2,000 addresses on 40 local hosts that answer after 50 ms, one in a hundred with 404, served by a process of their own;
then the anchors within built pages, and the memory that hostile peers cost. All contestants run in turn, round after
round, and the medians are told: the machine may have other work. Everything stays on loopback (``127.0.0.N`` are the
hosts). LinkChecker, linkinator and lychee are measured where their programs are found in ``PATH``.

A bare client does nothing but fetch; it is measured within a process that has all modules, and in one of its own, which
starts and imports as the other programs do. The checker is measured in two forms: its client with the judgement of each answer,
beside the bare client; and the whole command in a process of its own, beside the other programs. In both the manners
towards a host are lifted by the command's own options, as the others have none or were told to have none, and at most 200
requests run at once. ``--polite`` adds one run of the command with its manners as they come, whose time is their sum.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import json
import multiprocessing
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from ipaddress import ip_network
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("tools", "tests", "tests/linkcheck")]

from bare_client import AT_ONCE, HOSTS, PAGES, Told, bare, urls  # noqa: E402

from handbook.linkcheck import internal  # noqa: E402
from handbook.linkcheck.client import Client, Job  # noqa: E402
from handbook.linkcheck.manners import Settings  # noqa: E402
from handbook.linkcheck.verdicts import observe  # noqa: E402

LATENCY = 0.05
BODY = b"<!doctype html><title>A page</title><p>words</p>" + b"x" * 500
RESPONSE = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
GOOD, GONE = (RESPONSE % (status, len(BODY)) + BODY for status in (b"200 OK", b"404 Not Found"))


class _Protocol(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        method, path, _ = data.split(b" ", 2)
        answer = GONE if path.endswith(b"99") else GOOD
        if method == b"HEAD":
            answer = answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        asyncio.get_running_loop().call_later(LATENCY, self.transport.write, answer)


def _serve(port: Any) -> None:
    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(
            _Protocol, "0.0.0.0", 0, backlog=2048
        )
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def _serve_pathologies(port: Any) -> None:
    from support.linkserver import Server, pathologies

    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            port.send(server.port)
            await asyncio.Event().wait()

    asyncio.run(run())


def _started(serve: Callable[[Any], None]) -> tuple[multiprocessing.process.BaseProcess, int]:
    receive, send = multiprocessing.Pipe(False)
    process = multiprocessing.get_context("fork").Process(target=serve, args=(send,), daemon=True)
    process.start()
    return process, receive.recv()


def _measured(work: Callable[[], Any]) -> dict[str, Any]:
    """Run in a process of its own: wall and CPU seconds, peak memory in MiB (with its own processes), and what the work tells."""
    receive, send = multiprocessing.Pipe(False)

    def usage() -> tuple[float, int]:
        both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        # a program of its own is measured without the process that started it
        return sum(one.ru_utime + one.ru_stime for one in both), both[1].ru_maxrss or both[
            0
        ].ru_maxrss

    def child() -> None:
        before, _ = usage()
        start = time.perf_counter()
        told = work()
        wall = time.perf_counter() - start
        after, memory = usage()
        send.send({"wall": wall, "cpu": after - before, "mib": memory / 1024, "told": told})

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    send.close()
    result = receive.recv()
    process.join()
    return result


def _bare_in_its_own_process(port: int) -> Told:
    program = [sys.executable, str(Path(__file__).parent / "bare_client.py"), str(port)]
    said = subprocess.run(program, check=True, capture_output=True, text=True, env=_warm()).stdout
    good, gone = said.split()
    return int(good), int(gone)


def _warm() -> dict[str, str]:
    """The environment of a user: modules are compiled once and kept, here apart from the sources."""
    folder = Path(tempfile.gettempdir()) / "bench-linkcheck-compiled"
    known = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**known, "PYTHONPYCACHEPREFIX": str(folder)}


def raw(port: int) -> Told:
    """Sockets with keep-alive and nothing else: what the machine can do."""

    async def host(number: int) -> list[bytes]:
        async def worker(paths: list[str]) -> list[bytes]:
            reader, writer = await asyncio.open_connection(f"127.0.0.{number + 1}", port)
            got = []
            for path in paths:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: h{number}\r\n\r\n".encode())
                got.append((await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1])
                await reader.readexactly(len(BODY))
            writer.close()
            return got

        paths = [f"/{page}" for page in range(number, PAGES, HOSTS)]
        return list(
            chain.from_iterable(
                await asyncio.gather(
                    *(worker(paths[lane :: AT_ONCE // HOSTS]) for lane in range(AT_ONCE // HOSTS))
                )
            )
        )

    async def run() -> Told:
        got = list(chain.from_iterable(await asyncio.gather(*map(host, range(HOSTS)))))
        return got.count(b"200"), got.count(b"404")

    return asyncio.run(run())


def ours(port: int) -> Told:
    verdicts: list[str] = []

    async def run() -> None:
        settings = Settings(
            allowed=(ip_network("127.0.0.0/8"),),
            concurrency=AT_ONCE,
            per_host=AT_ONCE // HOSTS,
            delay=0.0,
        )
        async with Client(settings) as client:
            await client.ask(
                map(Job, urls(port)),
                lambda job, answer: verdicts.append(observe(job.url, answer).verdict),
            )

    asyncio.run(run())
    return verdicts.count("ok"), verdicts.count("dead")


def command(port: int, *manners: str) -> Told:
    """The whole command: collect, ask, judge, remember, report."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "docs").mkdir()
        (Path(folder) / "docs/index.md").write_text(
            "# T\n\n" + "\n".join(f"- <{url}>" for url in urls(port)) + "\n"
        )
        program = [
            sys.executable,
            str(ROOT / "tools/check_links.py"),
            "--root",
            folder,
            "--allow-private",
            "127.0.0.0/8",
            *manners,
        ]
        said = subprocess.run(
            program, check=False, capture_output=True, text=True, env=_warm()
        ).stdout.splitlines()[-1]
        return _number(r"(\d+) ok", said), _number(r"(\d+) dead", said)


def _number(pattern: str, text: str) -> int:
    match = re.search(pattern, text)
    return int(match[1]) if match else 0


def linkcheck(port: int) -> Told:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        (source / "conf.py").write_text("linkcheck_workers = 64\nlinkcheck_anchors = False\n")
        (source / "index.rst").write_text(
            "T\n=\n\n"
            + "\n".join(f"`x{number} <{url}>`__" for number, url in enumerate(urls(port)))
            + "\n"
        )
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-b", "linkcheck", folder, f"{folder}/out"],
            check=False,
            capture_output=True,
        )
        text = (source / "out/output.json").read_text()
        return text.count('"working"'), text.count('"broken"')


def _program(read: Callable[[str], Told], command: list[str], port: int) -> Told:
    """Another checker, on a page of HTML with all addresses; ``FOLDER`` in its command is the page's."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # LinkChecker leaves the rights of root
        Path(folder, "rc").write_text("[checking]\nthreads=100\nmaxrequestspersecond=100000\n")
        Path(folder, "index.html").write_text(
            "<!doctype html><title>x</title>"
            + "".join(f'<a href="{url}">x</a>\n' for url in urls(port))
        )
        run = subprocess.run(
            [part.replace("FOLDER", folder) for part in command],
            check=False,
            capture_output=True,
            text=True,
            cwd=folder,
        )
        return read(run.stdout)


def _lychee(out: str) -> Told:
    told = json.loads(out)
    return told["successful"], told["errors"]


def _linkinator(out: str) -> Told:
    states = [
        link["state"]
        for link in json.loads(out)["links"]
        if "127.0.0." in link["url"] and not link["url"].endswith("index.html")
    ]
    return states.count("OK"), states.count("BROKEN")


def _linkchecker(out: str) -> Told:
    rows = csv.DictReader(
        io.StringIO("\n".join(line for line in out.splitlines() if not line.startswith("#"))),
        delimiter=";",
    )
    valid = [row["valid"] for row in rows if row["urlname"].startswith("http://127.")]
    return valid.count("True"), valid.count("False")


PROGRAMS: dict[str, tuple[Callable[[str], Told], list[str]]] = {
    "lychee": (_lychee, ["lychee", "--no-progress", "--format", "json", "FOLDER/index.html"]),
    "lychee, tuned": (
        _lychee,
        [
            "lychee",
            "--no-progress",
            "--format",
            "json",
            "--max-concurrency",
            f"{AT_ONCE}",
            "--host-concurrency",
            "50",
            "--host-request-interval",
            "0ms",
            "FOLDER/index.html",
        ],
    ),
    "linkinator": (
        _linkinator,
        ["linkinator", "--format", "json", "--concurrency", "100", "FOLDER/index.html"],
    ),
    "LinkChecker": (
        _linkchecker,
        [
            "linkchecker",
            "-f",
            "FOLDER/rc",
            "--check-extern",
            "--no-status",
            "-v",
            "-o",
            "csv",
            "-r",
            "1",
            "FOLDER/index.html",
        ],
    ),
}


def anchors(pages: int) -> tuple[int, float]:
    """The faults found, and the CPU seconds of the check without the writing of its pages."""
    with tempfile.TemporaryDirectory() as folder:
        for page in range(pages):
            target = (page + 1) % pages
            text = "".join(
                f'<p id="s{number}"><a href="p{target}.html#s{number}">{number}</a></p>'
                for number in range(50)
            )
            Path(folder, f"p{page}.html").write_text(
                f"<!doctype html><title>x</title>{text}"
                + (f'<a href="p{target}.html#bad">b</a>' if page % 10 == 0 else "")
            )
        start = time.process_time()
        found = internal.check(internal.read(Path(folder)), Path(folder))
        return len(found), time.process_time() - start


def hostile(port: int, paths: list[str]) -> int:
    from test_linkcheck_client import ask

    found = asyncio.run(
        ask(
            [f"http://host.test:{port}{path}" for path in paths],
            per_host=32,
            deadline=2.5,
            body_seconds=0.5,
        )
    )
    return len(found)


def external(port: int, rounds: int, polite: bool) -> None:
    contestants: dict[str, Callable[[], Told]] = {
        "raw sockets": partial(raw, port),
        "aiohttp, bare": partial(bare, port),
        "aiohttp, bare, in a process of its own": partial(_bare_in_its_own_process, port),
        "check_links, client and verdicts": partial(ours, port),
        "check_links, whole command": partial(
            command,
            port,
            "--concurrency",
            str(AT_ONCE),
            "--per-host",
            str(AT_ONCE // HOSTS),
            "--delay",
            "0",
        ),
        "Sphinx linkcheck, 64 workers": partial(linkcheck, port),
    }
    contestants |= {
        name: partial(_program, read, program, port)
        for name, (read, program) in PROGRAMS.items()
        if shutil.which(program[0])
    }
    table: dict[str, list[dict[str, Any]]] = {name: [] for name in contestants}
    for number in range(rounds):
        for name in list(contestants)[:: 1 if number % 2 == 0 else -1]:
            table[name].append(_measured(contestants[name]))
    if polite:
        table["check_links, whole command, as it comes"] = [_measured(partial(command, port))]
    print(
        f"{PAGES} addresses on {HOSTS} hosts, {LATENCY * 1000:.0f} ms each; medians of {rounds}; the last columns compare within each round"
    )
    print(
        f"{'':42}{'wall s':>8}{'a second':>10}{'CPU s':>8}{'MiB':>6}  ok/dead    times bare (wall, CPU)   our command is faster"
    )
    whole = table["check_links, whole command"]
    for name, results in table.items():
        wall, cpu, memory = (
            statistics.median(result[key] for result in results) for key in ("wall", "cpu", "mib")
        )
        shares = " ".join(
            f"{_share(results, table[_beside(name)], key):6.2f}" for key in ("wall", "cpu")
        )
        print(
            f"{name:42}{wall:8.2f}{PAGES / wall:10.0f}{cpu:8.2f}{memory:6.0f}  {'/'.join(map(str, results[0]['told'])):10}{shares:>20}{_share(results, whole, 'wall'):24.2f} times",
            flush=True,
        )


def _beside(name: str) -> str:
    """What a contestant is compared with: who starts a process of its own, with one that does too."""
    forked = name in {"raw sockets", "aiohttp, bare", "check_links, client and verdicts"}
    return "aiohttp, bare" if forked else "aiohttp, bare, in a process of its own"


def _share(some: list[dict[str, Any]], others: list[dict[str, Any]], key: str) -> float:
    return statistics.median(
        one[key] / other[key] for one, other in zip(some, others, strict=False)
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--polite",
        action="store_true",
        help="also the command with its manners as they come (half a minute)",
    )
    options = parser.parse_args()
    server, port = _started(_serve)
    external(port, options.rounds, options.polite)
    server.terminate()
    print("anchors within built pages")
    for pages in (200, 2000, 10_000):
        result = _measured(partial(anchors, pages))
        found, seconds = result["told"]
        print(
            f"  {pages * 50:,} on {pages:,} pages: {seconds:.2f} CPU s, {found} of {pages // 10} faults, {result['mib']:.0f} MiB",
            flush=True,
        )
    print("peak memory of the client with hostile peers, MiB")
    from test_linkcheck_client import ROWS

    server, port = _started(_serve_pathologies)
    for name, paths in {
        "a plain page": ["/200"],
        "endless body": ["/endless"],
        "endless body, anchor never there": ["/endless#never"],
        "gzip bomb of 96 MiB": ["/bomb"],
        "gzip bomb, anchor at its end": ["/bomb-anchor#end"],
        "flood of headers": ["/header-flood"],
        "one endless header": ["/long-header"],
        "drip": ["/drip#x"],
        "all pathologies at once": [row[0] for row in ROWS],
    }.items():
        print(f"  {name}: {_measured(partial(hostile, port, paths))['mib']:.0f}", flush=True)
    server.terminate()


if __name__ == "__main__":
    main()
