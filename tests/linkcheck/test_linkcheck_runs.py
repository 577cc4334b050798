"""Whole runs: dead networks and dead corners, a run that is killed or stopped, what people read of it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from handbook.linkcheck import memory, verdicts
from handbook.linkcheck.client import Client, Job
from handbook.linkcheck.links_command import allowed
from handbook.linkcheck.memory import Record
from handbook.linkcheck.verdicts import FAULTS, REASONS, Observation, Verdict
from support import ROOT
from support.linkruns import TODAY, call, make, online
from support.linkserver import NOW, Server, World, leads_on, leap, manners, reply

COMMAND = ROOT / "tools" / "check_links.py"


class Weather(World):
    """Hosts whose names end so are not to be reached."""

    def __init__(self, *down: str) -> None:
        super().__init__()
        self.down = down

    async def lookup(self, host: str) -> list[str]:
        if host.endswith(self.down):
            raise OSError(-3, "Temporary failure in name resolution")
        return await super().lookup(host)


def remembered(root: Path) -> dict[str, Record]:
    return memory.load(root / "references/links.jsonl")[0]


def on_hosts(names: list[str]) -> Callable[[Server], str]:
    """A page with a link to each of these hosts."""

    def pages(server: Server) -> str:
        server.pages["/x"] = reply()
        return " ".join(f"[x](http://{name}:{server.port}/x)" for name in names)

    return pages


def test_a_silent_corner_dies_of_nothing_while_the_network_is_well(tmp_path: Path) -> None:
    """Five hosts of one country are silent for two months, all others answer."""
    names = [f"h{number}.cn" for number in range(5)] + [f"h{number}.test" for number in range(9)]

    def checks(server: Server, root: Path) -> None:
        for day in range(0, 63, 7):
            status, out = call(root, TODAY + timedelta(days=day), Weather(".cn"), all=True)
            assert status == 0
            assert "the fault lies with the network" not in out
        assert out.count("no other host in its part of the network answers") == 5
        known = [one for one in remembered(root).values() if ".cn:" in one.address]
        assert [(str(one.verdict), one.reason) for one in known] == [
            ("unknown", "silent-corner")
        ] * 5
        # it heals at once
        assert call(root, TODAY + timedelta(days=70), all=True)[0] == 0
        assert {str(one.verdict) for one in remembered(root).values()} == {"ok"}

    online(tmp_path, on_hosts(names), checks)


def test_two_silent_hosts_are_no_corner(tmp_path: Path) -> None:
    """They die as any others do."""
    names = ["h0.cn", "h1.cn", *(f"h{number}.test" for number in range(9))]

    def checks(server: Server, root: Path) -> None:
        for day in (0, 7, 14):
            status, _ = call(root, TODAY + timedelta(days=day), Weather(".cn"), all=True)
        assert status == 1
        assert [str(one.verdict) for one in remembered(root).values()].count("dead") == 2

    online(tmp_path, on_hosts(names), checks)


@pytest.mark.parametrize("reached", [True, False])
def test_hosts_that_worked_lately_tell_a_dead_network_from_dead_links(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], reached: bool
) -> None:
    """All that is due fails; hosts that worked yesterday, and are not due, are asked beside it."""
    good = [f"good{number}.example" for number in range(4)]
    names = [*good, *(f"h{number}.test" for number in range(12))]

    def checks(server: Server, root: Path) -> None:
        known = [
            Record(f"http://{name}:{server.port}/x", TODAY, TODAY, TODAY, Verdict.OK, "200")
            for name in good
        ]
        memory.save(root / "references/links.jsonl", known)
        before = (root / "references/links.jsonl").read_bytes()
        down = (".test",) if reached else (".test", ".example")
        status, out = call(root, TODAY + timedelta(days=1), Weather(*down))
        asked = {request.headers["host"].partition(":")[0] for request in server.seen}
        if reached:
            assert status == 0
            assert "12 of 12 links failed at once" in out
            assert "while 3 hosts answered: this counts if the next run sees it too" in out
            assert asked == set(good[1:])
            # saved and shown, and not held against the links
            assert len(remembered(root)) == 16
            assert not any(one.failures for one in remembered(root).values())
        else:
            assert status == 2
            assert "the fault lies with the network" in capsys.readouterr().err
            # what is known is shown
            assert "4 ok: no faults" in out
            assert (root / "references/links.jsonl").read_bytes() == before
            assert not asked

    online(tmp_path, on_hosts(names), checks)


def test_three_of_ten_links_that_fail_for_weeks_are_dead_links(tmp_path: Path) -> None:
    """No run says that the network is at fault, each saves what it saw."""

    def pages(server: Server) -> str:
        server.pages |= {f"/{number}": reply() for number in range(3, 10)}
        server.pages |= {f"/{number}": reply("", "500 Oops") for number in range(3)}
        return " ".join(
            f"[x](http://h{number}.test:{server.port}/{number})" for number in range(10)
        )

    def checks(server: Server, root: Path) -> None:
        statuses = []
        for day in range(0, 28, 7):
            status, out = call(root, TODAY + timedelta(days=day), all=True)
            statuses.append(status)
            assert len(remembered(root)) == 10
            assert "7 ok" in out
        assert statuses == [0, 0, 0, 1]
        assert out.count("L201 error:") == 3

    online(tmp_path, pages, checks)


def test_sixty_silent_hosts_hold_up_no_good_one() -> None:
    """As they come, 64 requests run at once: silent hosts leave their places to others."""

    async def run() -> None:
        async with Server() as server:

            async def hung(request: object, writer: asyncio.StreamWriter) -> None:
                await asyncio.sleep(100_000)

            server.pages["/x"] = reply()
            server.handlers["/hung"] = hung
            urls = [f"http://s{number}.test:{server.port}/hung" for number in range(60)]
            urls += [f"http://g{number}.test:{server.port}/x" for number in range(80)]
            world = World()
            done: dict[str, float] = {}
            client = Client(
                manners(per_host=2, delay=0.5, concurrency=64),
                lookup=world.lookup,
                clock=world.clock,
                sleep=world.sleep,
                now=lambda: NOW,
            )
            async with client:
                await client.ask(
                    [Job(url) for url in urls],
                    lambda job, answer: done.setdefault(job.url, world.clock()),
                )
            start = min(done.values())
            late = max(when for url, when in done.items() if "://g" in url) - start
            assert late <= 5
            assert len(done) == 140

    leap(run())


def start(root: Path, *arguments: str, python: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
    clean = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    (root / "docs").mkdir(exist_ok=True)
    options = ["--root", str(root), "--allow-private", "127.0.0.0/8", "--delay", "0", *arguments]
    return subprocess.Popen(
        [sys.executable, *python, str(COMMAND), *options],
        env=clean,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # whoever runs the tests under nohup has Ctrl-C ignored, and so would the child
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_killed_is_taken_up_by_the_next(
    tmp_path: Path, ending: signal.Signals
) -> None:
    def pages(server: Server) -> str:
        async def hung(request: object, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(600)

        server.pages |= {f"/{number}": reply() for number in range(20)}
        server.handlers["/hung"] = hung
        base = f"http://127.0.0.1:{server.port}"
        return " ".join(f"<{base}/{number}>" for number in range(20)) + f" <{base}/hung>"

    def checks(server: Server, root: Path) -> None:
        process = start(root, "--per-host", "1")
        end = time.monotonic() + 30
        while "/hung" not in server.counts and time.monotonic() < end:
            time.sleep(0.02)
        # what was seen in the last moments before a kill is asked again
        time.sleep(0.5)
        process.send_signal(ending)
        _, err = process.communicate(timeout=30)
        assert process.returncode == (-9 if ending == signal.SIGKILL else 130)
        assert b"Traceback" not in err
        left = sorted(path.name for path in (root / "references").iterdir())
        killed = [".links.jsonl.seen.new"] if ending == signal.SIGKILL else ["links.jsonl"]
        assert left == killed
        assert [record.verdict for record in remembered(root).values()] == [Verdict.OK] * 20
        # the next run asks only for what the first did not hear of, and leaves one file
        server.handlers.clear()
        server.pages["/hung"] = reply()
        count = len(server.seen)
        process = start(root)
        assert process.communicate(timeout=30)[0].splitlines()[-1].startswith(b"21 ok")
        assert [request.path for request in server.seen[count:]] == ["/hung"]
        assert [path.name for path in (root / "references").iterdir()] == ["links.jsonl"]

    online(tmp_path, pages, checks)


@pytest.mark.parametrize(
    "module",
    [
        "handbook",
        "handbook.files",
        "handbook.cli",
        "handbook.linkcheck.link_rules",
        "handbook.model.pages",
        "handbook.linkcheck.links_command",
        "handbook.linkcheck.client",
    ],
)
def test_ctrl_c_while_it_loads_gives_no_traceback(tmp_path: Path, module: str) -> None:
    """As soon as this module is loaded, wherever the command is then."""
    (tmp_path / "docs").mkdir()
    # an address of documentation (RFC 5737) in a network that may be asked: nothing answers there
    (tmp_path / "docs/index.md").write_text("# T\n\n<http://192.0.2.1/>\n", "utf-8")
    process = start(tmp_path, "--allow-private", "192.0.2.0/24", python=("-X", "importtime"))
    assert process.stderr
    seen: list[str] = []
    for raw in process.stderr:
        seen.append(raw.decode())
        if seen[-1].rpartition("|")[2].strip() == module:
            break
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=30)[1].decode()
    said = [line for line in [*seen, *rest.splitlines()] if "import time:" not in line]
    assert seen[-1].rstrip().endswith(module)
    assert not [line for line in said if "Traceback" in line], said
    # a shell calls both 130
    assert process.returncode in {130, -signal.SIGINT}
    assert process.returncode < 0 or "stopped" in said[-1]


def test_the_links_of_built_pages_are_asked_as_those_of_sources_are(tmp_path: Path) -> None:
    """One list: what both have is asked once, at the place of the source."""

    def pages(server: Server) -> str:
        server.pages |= {"/both": reply(), "/printed": reply("", "404 Not Found")}
        html = tmp_path / "html"
        html.mkdir()
        base = f"http://host.test:{server.port}"
        (html / "index.html").write_text(
            f'<p><a href="{base}/both">b</a>\n<a href="{base}/printed">p</a>', "utf-8"
        )
        return f"[b]({base}/both)"

    def checks(server: Server, root: Path) -> None:
        status, out = call(root, html=tmp_path / "html")
        assert status == 1
        assert "html/index.html:2:1: L201 error: " in out
        assert sorted(request.path for request in server.seen) == ["/both", "/printed"]
        assert {
            one.rpartition("/")[2]: str(known.verdict) for one, known in remembered(root).items()
        } == {
            "both": "ok",
            "printed": "dead",
        }

    online(tmp_path, pages, checks)


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("例子.测试", "http://例子.测试/x"),
        ("例子.测试", "http://xn--fsqu00a.xn--0zwm56d/x"),
        ("xn--fsqu00a.xn--0zwm56d", "http://例子.测试/x"),
        ("named.test.", "http://named.test/x"),
        ("named.test", "http://named.test./x"),
        ("NAMED.Test", "http://named.test/x"),
        ("intranet", "http://intranet/x"),
        ("localhost.", "http://LOCALHOST/x"),
    ],
)
def test_a_private_host_is_known_however_its_name_is_written(
    tmp_path: Path, given: str, link: str
) -> None:
    """As an option and as a link: letters, Punycode, a dot at the end."""

    def pages(server: Server) -> str:
        server.pages["/x"] = reply()
        return f"<{link.removesuffix('/x')}:{server.port}/x>"

    def checks(server: Server, root: Path) -> None:
        assert call(root, allow_private=[given])[1].splitlines()[-1].startswith("1 ok")
        assert len(server.seen) == 1
        count = len(server.seen)
        # and no other name is
        status, _ = call(root, TODAY + timedelta(days=60), allow_private=["other.test"])
        assert status == 1
        assert len(server.seen) == count

    assert len(allowed([given])[1]) == 1
    online(tmp_path, pages, checks)


def test_what_the_time_limit_left_is_not_counted_as_asked(tmp_path: Path) -> None:
    def pages(server: Server) -> str:
        server.pages["/x"] = reply()
        return " ".join(f"[x](http://host.test:{server.port}/x?{number})" for number in range(9))

    def checks(server: Server, root: Path) -> None:
        status, out = call(root, time_limit=-1.0)
        assert status == 0
        assert "0 requests to 0 hosts for 0 pages" in out
        assert not server.seen
        known = remembered(root).values()
        assert [(one.asked, one.failures) for one in known] == [(None, ())] * 9

    online(tmp_path, pages, checks)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        # the letters of the fragment stand in words, in code and in another link before
        ("Members meet. `#members`\n\n[a](other.md#membership)\n\n[b](other.md#members)", 7, 5),
        ("A table of members\n\n| members |\n|---|\n| [x](other.md#members) |", 7, 7),
        ('[members](other.md)\n\n<a href="other.html#members">x</a>', 5, 10),
        ("The members.\n\n[x][m]\n\n[m]: other.md#members", 5, 1),
    ],
)
def test_a_finding_stands_where_the_link_is(
    tmp_path: Path, source: str, line: int, column: int
) -> None:
    root = make(tmp_path, source)
    html = tmp_path / "html"
    html.mkdir()
    (html / "other.html").write_text("<p id=membership>x", "utf-8")
    (html / "index.html").write_text('<a href="other.html#members">x</a>', "utf-8")
    (found,) = [
        one
        for one in json.loads(call(root, offline=True, html=html, format="json")[1])
        if one["code"] == "L102"
    ]
    assert found["place"] == {"path": "docs/index.md", "line": line, "column": column}


#: What no reader should have to understand.
MACHINE_TALK = re.compile(
    r"[a-z][A-Z]|\b(?:Error|Exception|errno|None|True|False|NoneType|EOF|SSL|asyncio|aiohttp)\b|_|0x"
)


@pytest.mark.parametrize("reason", sorted({*FAULTS, *REASONS, "500", "502", "403", "200", ""}))
def test_what_is_known_is_told_in_words(reason: str) -> None:
    said = verdicts.words(reason)
    assert " " in said
    assert not MACHINE_TALK.search(
        said.replace("HTTP", "").replace("DOI", "").replace("TLS", "").replace("ISO", "")
    )


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\nxxxxx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/9.9 2000 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://a b\x1b[31m/\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
)
def test_no_finding_speaks_as_a_machine(tmp_path: Path, head: bytes) -> None:
    def pages(server: Server) -> str:
        server.sites["host.test"] = lambda request: head
        return f"[x](http://host.test:{server.port}/x)"

    def checks(server: Server, root: Path) -> None:
        found = json.loads(call(root, format="json")[1])
        for one in found:
            said = re.sub(r"https?:\S*", "", one["message"])
            said = said.replace("HTTP", "").replace("TLS", "")
            assert not MACHINE_TALK.search(said), said

    online(tmp_path, pages, checks)


def test_the_memory_is_told_in_words_and_the_nearest_anchor_is_named(tmp_path: Path) -> None:
    def pages(server: Server) -> str:
        server.pages |= {
            "/page": reply("<title>T</title><h2 id=membership>x</h2>"),
            "/busy": reply("", "500 Oops"),
        }
        base = f"http://host.test:{server.port}"
        return f"[a]({base}/page#memberships) [b]({base}/busy) [c]({base}/gone)"

    def checks(server: Server, root: Path) -> None:
        out = call(root)[1]
        assert "has no anchor #memberships (hint: did you mean #membership?)" in out
        # errors first, each line says which it is
        kinds = re.findall(r": L\d+ (error|advice): ", out)
        assert kinds == ["error", "advice", "advice"]
        # asked for nothing: what is remembered
        out = call(root, TODAY)[1]
        assert "/gone dead: seen on 23 November 2026: the host has no such page (404)" in out
        out = call(root, TODAY + timedelta(days=2))[1]
        assert "/busy unknown: it has failed since 23 November 2026: the host answers 500" in out
        assert "the page has no anchor #memberships (hint: did you mean #membership?)" in out

    online(tmp_path, pages, checks)


def test_an_address_that_ends_in_404_names_where_it_ended(tmp_path: Path) -> None:
    def pages(server: Server) -> str:
        server.pages["/old"] = leads_on("/new", "301 Moved Permanently")
        return f"[x](http://host.test:{server.port}/old)"

    def checks(server: Server, root: Path) -> None:
        base = f"http://host.test:{server.port}"
        said = f"{base}/old dead: the host has no such page (404) at {base}/new (hint: "
        assert said in call(root)[1]

    online(tmp_path, pages, checks)


CONTROLS = "\x1b[31m\x07\x08\x9b\u202e\u2028\x7f"


@pytest.mark.parametrize("form", ["text", "json", "github", "markdown"])
def test_what_hosts_say_steers_no_terminal(tmp_path: Path, form: str) -> None:
    """Titles, sentences, addresses and a memory that holds them already."""

    def pages(server: Server) -> str:
        server.pages |= {
            "/title": reply(f"<title>{CONTROLS}Page not found</title>"),
            "/said": reply(f"<title>x</title><h1>404 {CONTROLS}</h1>"),
            "/wall": reply(f"<title>Just a moment | {CONTROLS}</title>"),
            "/login": leads_on(f"/user/login?{CONTROLS.encode().decode('latin-1')}"),
            "/moved": leads_on("/user/%1b%5b31m", "301 Moved Permanently"),
            "/user/%1B%5B31m": reply(),
        }
        base = f"http://host.test:{server.port}"
        return " ".join(f"[x]({base}{path})" for path in server.pages)

    def checks(server: Server, root: Path) -> None:
        known = Record(f"http://host.test:{server.port}/moved", TODAY, TODAY, TODAY, Verdict.MOVED)
        evil = f"http://host.test/{CONTROLS}"
        memory.save(
            root / "references/links.jsonl",
            [known.after(Observation(Verdict.MOVED, "permanent", "", True, evil), TODAY)],
        )
        for everything in (False, True):
            out = call(root, all=everything, format=form)[1]
            assert not [one for one in out if one != "\n" and not one.isprintable()]
            assert "\\u001b" not in out

    online(tmp_path, pages, checks)
