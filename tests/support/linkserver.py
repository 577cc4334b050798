"""A host of pathologies on loopback: each path answers in its own way, and each request is counted."""

from __future__ import annotations

import asyncio
import gzip
import selectors
import ssl
import struct
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from ipaddress import ip_network
from typing import Any, TypeVar
from urllib.parse import quote

from handbook.linkcheck.client import NoSuchHostError
from handbook.linkcheck.manners import Settings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)

HTML = "<!doctype html><html><head><title>A page</title></head><body><p>Some words about cities.</p>{}</body></html>"


T = TypeVar("T")


class _Leaping(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """A selector whose clock jumps to the next timer when nothing happens until then."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        if not timeout or timeout < 0:
            return super().select(timeout)
        # data sent over loopback arrive without a wait; a busy machine may need a moment more
        events = super().select(0.004)
        if not events:
            self.now += timeout
        return events


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now


def leap(main: Coroutine[Any, Any, T]) -> T:
    """Run with a clock that stands still while anything is at work, and skips every wait.

    So a silence of a minute takes no time, and durations do not depend on the machine.
    """
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    number: int


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]


def reply(
    body: str | bytes = HTML.format(""),
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    **headers: str,
) -> bytes:
    data = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(data)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def leads_on(target: str, status: str = "302 Found", **headers: str) -> bytes:
    return reply("", status, Location=target, **headers)


@cache
def gzip_bomb(mebibytes: int, tail: bytes = b"") -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(b" " * 1024 * 1024) for _ in range(mebibytes))
    return packed + packer.compress(tail) + packer.flush()


@dataclass
class Server:
    """A server. Plain answers are in ``pages`` (the items of a list are sent one after the other), others in ``handlers``;
    ``sites`` answer for all addresses of a host.

    As a proxy it answers for whole addresses, and leads every CONNECT to the port ``tunnel``.
    """

    pages: dict[str, bytes | list[bytes]] = field(default_factory=dict)
    handlers: dict[str, Handler] = field(default_factory=dict)
    sites: dict[str, Callable[[Request], bytes]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    seen: list[Request] = field(default_factory=list)
    port: int = 0
    at_once: int = 0
    most_at_once: int = 0
    delay: float = 0.0
    tunnel: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Server:
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, limit=2**20, backlog=512
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def listen_tls(self, context: ssl.SSLContext) -> int:
        self._tls = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        return self._tls.sockets[0].getsockname()[1]

    async def __aexit__(self, *exception: object) -> None:
        for server in (self._server, getattr(self, "_tls", None)):
            if server:
                server.close()
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            while await self._one(reader, writer):
                pass
        except (
            ConnectionError,
            asyncio.IncompleteReadError,
            asyncio.LimitOverrunError,
            TimeoutError,
            asyncio.CancelledError,
        ):
            pass
        finally:
            self.at_once -= 1
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        start = await reader.readexactly(1)
        if start == b"\x16":
            writer.write(reply("", "400 This is no TLS"))
            return False
        head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = head.split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in rest if line)
        }
        key = path
        self.counts[key] += 1
        request = Request(method, path, headers, self.counts[key])
        self.seen.append(request)
        if self.delay:
            await asyncio.sleep(self.delay)
        if method == "CONNECT":
            await self._connect(reader, writer)
            return False
        bare = path.partition("?")[0]
        host = headers.get("host", "").partition(":")[0]
        if host in self.sites:
            # sites break the syntax of HTTP, and mark the end by closing
            writer.write(self.sites[host](request))
            await writer.drain()
            return False
        if bare in self.handlers:
            await self.handlers[bare](request, writer)
            return False
        answer = self.pages.get(
            path, self.pages.get(bare, reply("<title>404 Not Found</title>", "404 Not Found"))
        )
        if isinstance(answer, list):
            answer = answer[min(request.number, len(answer)) - 1]
        if method == "HEAD":
            answer = answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        writer.write(answer)
        await writer.drain()
        return True

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.tunnel)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

        async def pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while data := await source.read(65_536):
                target.write(data)
                await target.drain()
            target.close()

        await asyncio.gather(pass_on(reader, far_writer), pass_on(far_reader, writer))


def reset(writer: asyncio.StreamWriter) -> None:
    """Reset the connection (RST)."""
    import socket

    made = writer.get_extra_info("socket")
    made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def forever(writer: asyncio.StreamWriter, start: bytes, piece: bytes, pause: float) -> None:
    writer.write(start)
    while not writer.is_closing():
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(100_000)


def pathologies(server: Server) -> None:
    """All cases of the table in tests/test_linkcheck_client.py."""
    port = server.port
    gone = '<meta http-equiv="refresh" content="0; url=/404">'
    anchors = '<h2 id="here">Here</h2><a name="old">Old</a><h2 id="杭州">杭州</h2><p id="a&amp;b">x</p><p id="%41lt">y</p><!-- <p id="comment"> -->'
    server.pages |= {
        "/200": reply(),
        "/204": reply("", "204 No Content"),
        "/302": leads_on("/200"),
        "/303": leads_on("/200", "303 See Other"),
        "/307": leads_on("/200", "307 Temporary Redirect"),
        "/301": leads_on("/200", "301 Moved Permanently"),
        "/308": leads_on("/200", "308 Permanent Redirect"),
        "/301-302": leads_on("/302", "301 Moved Permanently"),
        "/302-301": leads_on("/301"),
        "/301-404": leads_on("/gone", "301 Moved Permanently"),
        "/301-other": leads_on(f"http://other.test:{port}/200", "301 Moved Permanently"),
        "/relative/one": leads_on("../200"),
        "/no-location": reply("", "302 Found"),
        "/bad-location": leads_on("http://["),
        "/blank-location": leads_on("/a page"),
        "/a%20page": reply(),
        "/loop": leads_on("/loop2"),
        "/loop2": leads_on("/loop"),
        "/raw-location": b"HTTP/1.1 302 Found\r\nLocation: /\xe6\x9d\xad\xe5\xb7\x9e\r\nContent-Length: 0\r\n\r\n",
        "/" + quote("杭州"): reply(),
        "/404": reply("", "404 Not Found"),
        "/410": reply("", "410 Gone"),
        "/401": reply("", "401 Unauthorized"),
        "/403": reply("", "403 Forbidden"),
        "/451": reply("", "451 Unavailable"),
        "/999": reply("", "999 Denied"),
        "/405": reply("", "405 Method Not Allowed"),
        "/500": reply("", "500 Oops"),
        "/503": reply("", "503 Busy"),
        "/500-once": [reply("", "500 Oops"), reply()],
        "/503-once": [reply("", "503 Busy", Retry_After="2"), reply()],
        "/429-seconds": [reply("", "429 Slow", Retry_After="3"), reply()],
        "/429-date": [
            reply(
                "", "429 Slow", Retry_After=format_datetime(NOW + timedelta(seconds=4), usegmt=True)
            ),
            reply(),
        ],
        "/429-bare": [reply("", "429 Slow"), reply()],
        "/429-day": reply("", "429 Slow", Retry_After="86400"),
        "/429-nonsense": [reply("", "429 Slow", Retry_After="soon"), reply()],
        "/cf": reply("<title>Just a moment...</title>", "403 Forbidden", cf_mitigated="challenge"),
        "/cf-404": reply("", "404 Not Found", cf_mitigated="challenge"),
        "/waf": reply("", "202 Accepted", x_amzn_waf_action="challenge"),
        "/moment": reply("<title>Just a moment...</title><body><p>Checking</p>"),
        "/jsl": reply("<script>document.cookie='__jsl_clearance=1'</script>", "521 Unknown"),
        "/412": reply("<script>$_ts = 1</script>", "412 Precondition Failed"),
        "/zh-wall": reply("<title>安全验证</title>"),
        "/soft": reply("<title>Page not found | Example</title>"),
        "/soft-zh": reply("<title>某某网</title><h1>对不起，您访问的页面不存在！</h1>"),
        "/soft-h1": reply("<title>Example</title><h1>404</h1>"),
        "/soft-path": leads_on("/404.html"),
        "/404.html": reply("<title>Example</title>"),
        "/decoy-404": reply(
            "<title>How to design a page for the error 404</title><h1>Why pages are not found</h1>"
        ),
        "/decoy-sale": reply(
            "<title>The history of domain sales</title><p>When a domain is for sale, its price is a matter of luck.</p>"
            + "<p>words</p>" * 3000
        ),
        "/deep/page/one": leads_on("/"),
        "/": reply(),
        "/parked": reply("<title>example.org</title><p>Buy this domain now.</p>"),
        "/member/page": leads_on("/user/login?next=/member/page"),
        "/user/login": reply("<title>Log in</title>"),
        "/refresh": reply('<meta http-equiv="refresh" content="0; url=/404">'),
        "/refresh-ok": reply("<meta http-equiv='refresh' content='0;/200'>"),
        "/refresh-self": reply('<meta http-equiv="refresh" content="5">'),
        "/cookie": [leads_on("/cookie", Set_Cookie="seen=1; Path=/"), reply()],
        "/anchors": reply(HTML.format(anchors)),
        "/301-anchors": leads_on("/anchors", "301 Moved Permanently"),
        "/script-anchor": reply(HTML.format("<script>make('later')</script>")),
        "/app": reply('<div id="app"></div><script src="x.js"></script>'),
        "/latin": reply("<p id='café'>".encode("latin-1"), kind="text/html; charset=iso-8859-1"),
        "/gb": reply("<meta charset=gb2312><p id='杭州'>".encode("gb18030"), kind="text/html"),
        "/bad-utf8": reply(b"<p>\xff\xfe\xc3</p><p id=here>"),
        "/nonsense-charset": reply("<p id=here>", kind="text/html; charset=klingon"),
        "/deep": reply("<p>" + "x" * 700_000 + "<p id=deep>"),
        "/doc.pdf": reply(b"%PDF-1.4", kind="application/pdf"),
        "/a%2Fb": reply(),
        "/q?a[]=1|2&b=%26": reply(),
        "/paren(1)": reply(),
        "/dot.": reply(),
        "/bomb": reply(gzip_bomb(96), Content_Encoding="gzip"),
        "/bomb-anchor": reply(gzip_bomb(96, b"<p id=end>"), Content_Encoding="gzip"),
        "/bad-gzip": reply(b"\x1f\x8b\x08\x00" + b"\xff" * 300, Content_Encoding="gzip"),
        "/gzip": reply(gzip.compress(HTML.format("<p id=z>").encode()), Content_Encoding="gzip"),
        "/refresh-noscript": reply(f"<noscript>{gone}</noscript>"),
        "/refresh-template": reply(f"<template>{gone}</template>"),
        "/refresh-comment": reply(f"<!-- {gone} -->"),
        "/refresh-late": reply('<meta http-equiv="refresh" content="8; url=/404">'),
        "/refresh-header": reply(Refresh="0; url=/404"),
        "/refresh-slides": reply('<meta http-equiv="refresh" content="5; url=/refresh-slides2">'),
        "/refresh-slides2": reply('<meta http-equiv="refresh" content="5; url=/refresh-slides">'),
        "/two-lengths": reply(Content_Length="9", Connection="close"),
        "/short-length": reply() + b"<p>more",
        "/after-gzip": reply(gzip.compress(b"<p>words") + b"more", Content_Encoding="gzip"),
        "/br": reply(b"x", Content_Encoding="br"),
        "/zstd": reply(b"x", Content_Encoding="zstd"),
        "/book": reply("<title>Access Denied: The Practice of Filtering</title><p>A book."),
        "/ts-old": leads_on("/ts"),
        "/ts": reply(),
        "/300": leads_on("/404", "300 Multiple Choices"),
        "/how-login-works": leads_on("/user/login?next=/how-login-works"),
        "/soft-notice": reply(
            "<title>提示信息 - 论坛</title><p>抱歉，指定的主题不存在或已被删除</p>"
        ),
        "/soft-ja": reply("<title>例</title><h3>お探しのページは見つかりませんでした</h3>"),
        "/soft-de": reply("<title>Die angeforderte Seite wurde nicht gefunden | Amt</title>"),
        "/soft-fr": reply("<title>Ville</title><h2>Page introuvable</h2>"),
        "/soft-es": reply("<title>La página que busca no existe</title>"),
        "/soft-ru": reply("<title>Страница не найдена</title>"),
        "/ghost": reply(HTML.format("<script>show('ghost2')</script>")),
        "/counted": reply(HTML.format("<script>dataLayer.push({'data': 1})</script>")),
        "/image.png": reply(b"\x89PNG", kind="image/png"),
        "/to-private": leads_on("http://10.0.0.1/"),
        "/to-metadata": leads_on("http://169.254.169.254/latest"),
        "/to-name": leads_on(f"http://inside.test:{port}/200"),
        "/to-file": leads_on("file:///etc/passwd"),
        "/to-script": leads_on("javascript:alert(1)"),
        "/to-decimal": leads_on("http://2130706433/"),
        "/to-private-meta": reply('<meta http-equiv="refresh" content="0; url=http://10.0.0.1/">'),
    }
    for length, name in ((15, "/chain"), (30, "/long")):
        for step in range(length):
            server.pages[f"{name}/{step}"] = leads_on(f"{name}/{step + 1}")
        server.pages[f"{name}/{length}"] = reply()

    async def slow_header(request: Request, writer: asyncio.StreamWriter) -> None:
        await forever(writer, b"HTTP/1.1 200 OK\r\n", b"X", 1)

    async def slow_start(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(20)
        writer.write(reply())
        await writer.drain()

    async def slow_chain(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(20)
        writer.write(leads_on(f"/slow-chain?{request.path}x", Connection="close"))

    async def closes(request: Request, writer: asyncio.StreamWriter) -> None:
        """Redirect, and close without having announced it."""
        writer.write(leads_on("/200"))

    async def drip(request: Request, writer: asyncio.StreamWriter) -> None:
        await forever(
            writer,
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>A page</title>",
            b"x",
            1,
        )

    async def endless(request: Request, writer: asyncio.StreamWriter) -> None:
        await forever(
            writer,
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p id=here>",
            b"x" * 65_536,
            0,
        )

    async def header_flood(request: Request, writer: asyncio.StreamWriter) -> None:
        await forever(writer, b"HTTP/1.1 200 OK\r\n", b"X-Flood: " + b"y" * 4000 + b"\r\n", 0)

    async def long_header(request: Request, writer: asyncio.StreamWriter) -> None:
        await forever(writer, b"HTTP/1.1 200 OK\r\nX: ", b"y" * 65_536, 0)

    async def hung(request: Request, writer: asyncio.StreamWriter) -> None:
        await silence(writer)

    async def broken(request: Request, writer: asyncio.StreamWriter) -> None:
        reset(writer)

    async def broken_once(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.number == 1:
            reset(writer)
        else:
            writer.write(reply())

    async def empty(request: Request, writer: asyncio.StreamWriter) -> None:
        """Close without an answer."""

    async def nonsense(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 smtp.example.test ready\r\n\r\n")
        await writer.drain()

    async def truncated(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7000\r\n\r\n<p>half"
        )
        await writer.drain()

    def by_method(head: bytes | None, get: bytes) -> Handler:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            if request.method == "HEAD" and head is None:
                await silence(writer)
            writer.write(head if request.method == "HEAD" and head else get)
            await writer.drain()

        return answer

    def by_header(name: str, word: str) -> Handler:
        async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(
                reply() if word in request.headers.get(name, "") else reply("", "403 Forbidden")
            )
            await writer.drain()

        return answer

    good = reply(b"%PDF", kind="application/pdf")
    server.handlers |= {
        "/slow-header": slow_header,
        "/slow-start": slow_start,
        "/slow-chain": slow_chain,
        "/closes": closes,
        "/drip": drip,
        "/endless": endless,
        "/header-flood": header_flood,
        "/long-header": long_header,
        "/hung": hung,
        "/reset": broken,
        "/reset-once": broken_once,
        "/empty": empty,
        "/not-http": nonsense,
        "/truncated": truncated,
        "/head-403.pdf": by_method(reply("", "403 Forbidden"), good),
        "/head-404.pdf": by_method(reply("", "404 Not Found"), good),
        "/head-hung.pdf": by_method(None, good),
        "/head-good.pdf": by_method(
            good.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", reply("", "500 Oops")
        ),
        "/head-html.pdf": by_method(
            reply("").partition(b"\r\n\r\n")[0] + b"\r\n\r\n", reply("", "404 Not Found")
        ),
        "/browser": by_header("user-agent", "Mozilla/5.0"),
        "/accept": by_header("accept", "text/html"),
    }


class World:
    """Look-ups, clock and sleep for tests: sleeping takes no time, but is recorded."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.looked_up: list[str] = []

    def clock(self) -> float:
        return asyncio.get_running_loop().time() + sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    async def lookup(self, host: str) -> list[str]:
        self.looked_up.append(host)
        match host:
            case "inside.test":
                return ["10.1.2.3"]
            case "mixed.test":
                return ["10.1.2.3", "127.0.0.1"]
            case "nowhere.test":
                raise NoSuchHostError
            case "servfail.test":
                raise OSError(-3, "Temporary failure in name resolution")
        return ["127.0.0.1"]


def manners(**changes: object) -> Settings:
    """Return the settings of the command, except for the manners towards a host."""
    return Settings(**{"per_host": 8, "delay": 0.0, "allowed": LOOPBACK, **changes})
