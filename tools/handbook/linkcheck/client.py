"""Fetch politely: one client, one queue and rate limit per host, every request bounded.

Bounds (all in :class:`Settings`): seconds per request and per run, bytes of a body after
decompression, steps of a redirect, tries, concurrent requests in all and per host. The clock of a
request starts when it gets its slot, so that a slow request does not cost others their answers.
Look-ups, clock, sleep and randomness are arguments.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import errno
import random
import socket
import ssl
import zlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from handbook.linkcheck import address, markup
from handbook.linkcheck.internal import has_anchor
from handbook.linkcheck.manners import Settings
from handbook.linkcheck.verdicts import FAULTS, TLS_FAULTS, Answer, Fault, Hop, join

_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en,zh-CN;q=0.8,*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
#: Media types whose body is read; the empty one is for hosts that name none.
_TEXTUAL = frozenset(
    {
        "",
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "application/json",
        "application/link-format",
        "image/svg+xml",
    }
)
#: Exceptions of an answer that breaks off in its body, and all that a request may raise.
_BROKEN = (aiohttp.ClientPayloadError, zlib.error, EOFError)
_FAILURES = (TimeoutError, aiohttp.ClientError, OSError, ValueError, *_BROKEN)
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 523, 524})

Lookup = Callable[[str], Awaitable[Sequence[str]]]


class NoSuchHostError(OSError):
    """The DNS has no such name."""


class PrivateAddressError(OSError):
    """The address is in a network that must not be requested."""


async def system_lookup(host: str) -> Sequence[str]:
    """Return the IP addresses of a host from the system's resolver.

    :raises NoSuchHostError: if the name does not exist
    :raises OSError: if the look-up fails for now
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}:
            raise NoSuchHostError(error.errno, str(error.strerror)) from None
        raise
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(slots=True)
class Job:
    """One page to request, for all its anchors at once; ``language`` is the one to prefer, if it
    differs from that of all requests.
    """

    url: str
    fragments: frozenset[str] = frozenset()
    language: str = ""
    tried: int = 0
    requests: int = 0
    seconds: float = 0.0
    last: Answer | None = None


class _Host:
    """The state of one host: its slots, its delay, and whether it still answers."""

    __slots__ = (
        "answered",
        "literal",
        "next",
        "private",
        "refusals",
        "requests",
        "silences",
        "slots",
    )

    def __init__(self, settings: Settings, literal: bool, private: bool) -> None:
        self.slots = asyncio.Semaphore(settings.per_host)
        self.literal, self.private = literal, private
        self.next = 0.0
        self.requests = 0
        self.silences = 0
        self.refusals = 0
        self.answered = False


class _Resolver(AbstractResolver):
    """Look-ups for aiohttp, without addresses that must not be requested.

    ``named`` collects the addresses of hosts that may be requested by name.
    """

    def __init__(
        self, lookup: Lookup, may_ask: Callable[[str], bool], hosts: frozenset[str], named: set[str]
    ) -> None:
        self._lookup, self._may_ask, self._hosts, self._named = lookup, may_ask, hosts, named

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._lookup(host)
        kept = [ip for ip in found if host in self._hosts or self._may_ask(ip)]
        if host in self._hosts:
            self._named.update(found)
        if found and not kept:
            raise PrivateAddressError(errno.EACCES, f"{host} is {found[0]}")
        if not kept:
            raise NoSuchHostError(errno.ENOENT, "no address")
        return [
            ResolveResult(
                hostname=host,
                host=ip,
                port=port,
                family=socket.AF_INET6 if ":" in ip else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for ip in kept
        ]

    async def close(self) -> None:
        """Do nothing: no resource is held."""


class Client:
    """Requests many pages. Use it once, as an asynchronous context."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        lookup: Lookup = system_lookup,
        clock: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.lookup, self.clock, self.sleep, self.now, self.chance = (
            lookup,
            clock,
            sleep,
            now,
            chance,
        )
        self.tls = tls
        self.hosts: dict[str, _Host] = {}
        self._permitted: dict[str, bool] = {}
        self._named: set[str] = set()
        self._end = 0.0

    async def __aenter__(self) -> Client:
        # aiohttp's own context is OpenSSL's default one, which honours SSL_CERT_FILE and
        # SSL_CERT_DIR
        common: dict[str, Any] = {
            "limit": 0,
            "ttl_dns_cache": 600,
            "ssl": self.tls or True,
            "keepalive_timeout": 15,
        }
        hosts = self.settings.allowed_hosts
        self._resolver = _Resolver(self.lookup, self._may_ask, hosts, self._named)
        guarded = aiohttp.TCPConnector(
            resolver=self._resolver,
            socket_factory=self._socket,
            **common,
        )
        session: dict[str, Any] = {
            "cookie_jar": aiohttp.DummyCookieJar(),
            "timeout": aiohttp.ClientTimeout(total=None),
            "headers": {**_HEADERS, "User-Agent": self.settings.user_agent},
            "max_line_size": 16_384,
            "max_field_size": 32_768,
            "read_bufsize": 65_536,
        }
        self._places = _Places(self.settings)
        self._long = asyncio.Semaphore(self.settings.long_pages)
        self._direct = aiohttp.ClientSession(connector=guarded, **session)
        # behind a proxy the connection goes to the proxy, whose address the operator has chosen
        self._proxied = (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(**common), **session)
            if self.settings.proxies
            else None
        )
        for made in filter(None, (self._direct, self._proxied)):
            # aiohttp has no public switch for the silent second request that it sends after a
            # broken connection and that no count would show
            made._retry_connection = False
        return self

    async def __aexit__(self, *exception: object) -> None:
        self._places.close()
        await self._direct.close()
        if self._proxied:
            await self._proxied.close()

    async def ask(
        self, jobs: Iterable[Job], done: Callable[[Job, Answer], None], anyway: bool = False
    ) -> None:
        """Request every job and pass each answer to ``done`` as it arrives.

        Answers that have been passed on survive cancelling.

        :param anyway: ask, for a moment, even after the time of the run
        """
        queues: dict[str, list[Job]] = {}
        for job in jobs:
            queues.setdefault(address.read(job.url).host, []).append(job)
        self._end = self._end or self.clock() + self.settings.time_limit
        if anyway:
            self._end = max(self._end, self.clock() + self.settings.deadline)
        async with asyncio.TaskGroup() as group:
            for name, queue in queues.items():
                group.create_task(self._serve(name, queue, done))

    def _host(self, name: str) -> _Host:
        if name not in self.hosts:
            literal = address.as_ip(name)
            private = (
                not self._may_ask(str(literal))
                if literal
                else address.is_local_name(name) and name not in self.settings.allowed_hosts
            )
            self.hosts[name] = _Host(self.settings, literal is not None, private)
        return self.hosts[name]

    async def _serve(self, name: str, jobs: list[Job], done: Callable[[Job, Answer], None]) -> None:
        """Request the pages of a host; temporary failures are tried again after all others, after a
        longer wait each time.
        """
        host = self._host(name)
        again: list[Job] = []

        async def worker(queue: deque[Job]) -> None:
            while queue:
                job = queue.popleft()
                answer, retry = await self._try(host, job)
                if retry and job.tried < self.settings.tries:
                    again.append(job)
                else:
                    done(job, answer)

        while jobs:
            queue = deque(jobs)
            await asyncio.gather(
                *(worker(queue) for _ in range(min(self.settings.per_host, len(jobs))))
            )
            jobs, again[:] = list(again), []
            if jobs:
                wait = self.settings.back_off * 3 ** (jobs[0].tried - 1)
                await self.sleep(wait * (0.75 + self.chance() / 2))

    async def _try(self, host: _Host, job: Job) -> tuple[Answer, bool]:
        stop = self._reason_to_stop(host)
        if stop:
            return job.last or Answer(job.url, fault=Fault(stop)), False
        job.tried += 1
        answer = await self._follow(job)
        job.requests, job.seconds = job.requests + answer.requests, job.seconds + answer.seconds
        answer.requests, answer.seconds = job.requests, job.seconds
        job.last = answer
        retry = FAULTS[answer.fault.kind][1] if answer.fault else answer.status in _TRANSIENT
        if answer.fault and answer.fault.kind in {
            "timeout",
            "refused-connection",
            "unreachable",
            "dns",
        }:
            host.silences += not host.answered
        elif not answer.fault:
            host.answered = True
        host.refusals = host.refusals + 1 if answer.status == 429 else 0
        wait = retry_after(answer.headers, self.now()) if answer.status in {429, 503} else None
        if wait is not None:
            if wait > self.settings.longest_wait:
                return answer, False
            self._pause(urlsplit(answer.url).hostname or "", wait)
        return answer, retry

    def _reason_to_stop(self, host: _Host) -> str:
        if self.clock() > self._end:
            return "time-limit"
        if host.silences >= 3 * self.settings.tries:
            return "host-silent"
        if host.refusals >= 3 * self.settings.tries:
            return "host-refuses"
        return ""

    def _pause(self, name: str, seconds: float) -> None:
        host = self._host(name)
        host.next = max(host.next, self.clock() + seconds)

    def _may_ask(self, ip: str) -> bool:
        if ip not in self._permitted:
            parsed = ip_address(ip.partition("%")[0])
            self._permitted[ip] = address.is_public(ip) or any(
                parsed in network for network in self.settings.allowed
            )
        return self._permitted[ip]

    def _socket(self, info: Any) -> socket.socket:
        """Make a socket, unless the address about to be connected to is private.

        This is the last check. The name that led to the address is unknown here: names that must
        not be requested have been refused before.
        """
        family, kind, protocol, _, target = info
        if target[0] not in self._named and not self._may_ask(target[0]):
            raise PrivateAddressError(errno.EACCES, f"{target[0]} is private")
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        return made

    async def _follow(self, job: Job) -> Answer:
        """Request one address and follow its redirects to their end."""
        chain = _Chain(job, self.settings)
        fault = chain.begin()
        while fault is None:
            answer = await self._once(chain.url, job.fragments, chain.cookies)
            chain.count(answer)
            if not chain.broke_off(answer):
                target = self._target(chain.url, answer)
                if target is None:
                    return chain.end(answer)
                if fault := chain.redirect(answer.status, target):
                    break
            fault = chain.begin()
            if fault and not answer.fault and answer.status < 300:
                # a page that redirects by itself is shown first
                chain.hops.pop()
                return chain.end(answer)
        return chain.end(Answer(chain.url, fault=fault))

    def _target(self, url: str, answer: Answer) -> str | None:
        """Return where an answer leads to; ``None`` if it leads nowhere else."""
        if answer.fault:
            return None
        location = answer.headers.get("location", "").strip()
        if answer.status in {301, 302, 303, 307, 308} or (answer.status == 300 and location):
            if not location:
                answer.fault = Fault("location", str(answer.status))
                return None
            return join(url, location)
        if not 200 <= answer.status < 300:
            return None
        named = answer.headers.get("refresh")
        refresh = markup.refresh_target(named) if named else ""
        if not refresh and "http-equiv" in answer.text[:16_384].lower():
            refresh = answer.page.refresh
        if not refresh and answer.text and len(answer.text) < 4000 and "location" in answer.text:
            refresh = markup.script_target(answer.text, answer.page)
        if not refresh:
            return None
        target = join(url, refresh)
        return None if target.partition("#")[0] == url else target

    async def _once(self, url: str, fragments: frozenset[str], cookies: _Cookies) -> Answer:
        """Send one request; turn everything that can go wrong into a fault."""
        target = URL(url, encoded=True)
        name = target.raw_host or ""
        host = self._host(name)
        if host.private:
            return Answer(url, fault=Fault("private", name))
        proxy = self.settings.proxies.get(target.scheme)
        if proxy and self.settings.no_proxy(name):
            proxy = None
        async with host.slots:
            await self._turn(host)
            limit = await self._places.take()
            start = self.clock()
            answer = Answer(url, requests=1)
            host.requests += 1
            try:
                async with limit:
                    if proxy and not host.literal:
                        await self._check_behind_proxy(name)
                    await self._request(answer, target, proxy, fragments, cookies)
            except _FAILURES as error:
                answer.fault = fault_of(error)
                if answer.fault.kind in {"not-http", "body"} and not proxy:
                    await self._ask_leniently(answer, target, host, fragments, cookies)
            finally:
                self._places.leave(limit)
            answer.seconds = self.clock() - start
            return answer

    async def _ask_leniently(
        self,
        answer: Answer,
        target: URL,
        host: _Host,
        fragments: frozenset[str],
        cookies: _Cookies,
    ) -> None:
        """Ask once more, and read the answer as browsers do: a page that they show is not dead."""
        from handbook.linkcheck import lenient

        name, port = target.raw_host or "", target.port or 80
        host.requests += 1
        answer.requests += 1
        tls = (self.tls or ssl.create_default_context()) if target.scheme == "https" else None
        headers = {**_HEADERS, "User-Agent": self.settings.user_agent, **cookies.header(answer.url)}
        try:
            async with asyncio.timeout(self.settings.deadline / 4):
                ip = name if host.literal else (await self._resolver.resolve(name, port))[0]["host"]
                data = await lenient.exchange(
                    ip, port, tls, target, headers, self.settings.body, self.settings.body_seconds
                )
        except _FAILURES:
            return
        if read := lenient.read(data, self.settings.body):
            answer.status, answer.headers, body, answer.whole = read
            answer.fault = None
            if body is None:
                answer.fault = Fault("body")
            elif answer.type in _TEXTUAL:
                answer.text = markup.decode(body, lenient.charset(answer.headers))
                answer.anchors = frozenset(answer.page.anchors if fragments else ())

    async def _turn(self, host: _Host) -> None:
        """Wait until the next request to the host is due."""
        while (wait := host.next - self.clock()) > 0:
            await self.sleep(wait)
        if self.settings.delay:
            host.next = self.clock() + self.settings.delay

    async def _check_behind_proxy(self, name: str) -> None:
        """Raise an error if the proxy would give access to a private network.

        A name that only the proxy can look up is left to the proxy.
        """
        try:
            found = await self.lookup(name)
        except OSError:
            return
        if found and name not in self.settings.allowed_hosts and not any(map(self._may_ask, found)):
            raise PrivateAddressError(errno.EACCES, f"{name} is {found[0]}")

    async def _request(
        self,
        answer: Answer,
        target: URL,
        proxy: str | None,
        fragments: frozenset[str],
        cookies: _Cookies,
    ) -> None:
        session = self._proxied if proxy and self._proxied else self._direct
        # HEAD would spare hosts a body, but its answers differ from those to GET too often
        response = await session.request(
            "GET",
            target,
            allow_redirects=False,
            proxy=proxy,
            headers=cookies.header(answer.url) or None,
        )
        try:
            answer.status = response.status
            answer.headers = response.headers
            if "set-cookie" in answer.headers:
                cookies.keep(answer.url, response)
            if response.status not in {204, 304} and not (300 <= response.status < 400):
                await self._body(response, answer, fragments)
        finally:
            # a connection whose answer is not read to its end cannot carry another request
            if response.content.at_eof():
                response.release()
            else:
                response.close()

    async def _body(
        self, response: aiohttp.ClientResponse, answer: Answer, fragments: frozenset[str]
    ) -> None:
        if answer.type not in _TEXTUAL:
            answer.whole = False
            return
        wanted = fragments if 200 <= answer.status < 300 else frozenset[str]()
        data = bytearray()
        try:
            ended = await self._read(
                response, data, self.settings.body, self.settings.body_seconds, wanted, answer
            )
            if not ended and wanted and not _has_all(answer, wanted):
                async with self._long:
                    seconds = 0.8 * (self.settings.deadline - self.settings.body_seconds)
                    await self._read(response, data, self.settings.page, seconds, wanted, answer)
        except _BROKEN:
            # a browser shows what has arrived of a page that is cut off
            if not data:
                raise
        answer.text = markup.decode(bytes(data), response.charset)
        if wanted:
            answer.anchors = frozenset(answer.page.anchors)

    async def _read(
        self,
        response: aiohttp.ClientResponse,
        data: bytearray,
        most: int,
        seconds: float,
        wanted: frozenset[str],
        answer: Answer,
    ) -> bool:
        """Read until the end, the limit of size or time, or the last wanted anchor.

        Each scan for anchors is twice as long as the one before.

        :return: whether the end was reached
        """
        scan_at = max(65_536, 2 * len(data))
        answer.whole = False
        # most bodies arrive together with their header, and need no waiting
        if response.content.is_eof():
            data += response.content.read_nowait()
            answer.whole = len(data) <= self.settings.page
            del data[self.settings.page :]
            return True
        try:
            async with asyncio.timeout(seconds):
                while len(data) < most:
                    chunk = await response.content.readany()
                    if not chunk:
                        answer.whole = True
                        return True
                    data += chunk[: most - len(data)]
                    if wanted and len(data) >= scan_at:
                        answer.anchors = frozenset(
                            markup.read(markup.decode(bytes(data), response.charset)).anchors
                        )
                        if _has_all(answer, wanted):
                            return False
                        scan_at = 2 * len(data)
        except TimeoutError:
            pass
        return False


class _Places:
    """The slots for requests to all hosts together. A request that waits for long gives up its
    slot: silent hosts would soon take them all. Four times as many requests may wait without one.
    """

    def __init__(self, settings: Settings) -> None:
        size, self.deadline = settings.concurrency, settings.deadline
        self.free, self.aside = asyncio.Semaphore(size), 4 * size
        self.patience = min(settings.patience, self.deadline / 2)
        self.held: dict[asyncio.Timeout, float] = {}
        # one timer watches all slots: most requests end long before
        self.timer: asyncio.TimerHandle | None = None

    async def take(self) -> asyncio.Timeout:
        """Wait for a slot; return the timeout that ends the request at its deadline."""
        await self.free.acquire()
        loop = asyncio.get_running_loop()
        limit = asyncio.timeout(None)
        self.held[limit] = until = loop.time() + self.patience
        if self.timer is None:
            self.timer = loop.call_at(until, self._look, loop)
        return limit

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for limit in [limit for limit, until in self.held.items() if until <= now]:
            # the limit of a request that is being repeated has passed
            with contextlib.suppress(RuntimeError):
                limit.reschedule(self.held[limit] - self.patience + self.deadline)
            if self.aside:
                self.aside -= 1
                del self.held[limit]
                self.free.release()
        # a request without room to wait elsewhere waits for a slot
        later = max(min(self.held.values(), default=0), now + self.patience / 4)
        self.timer = loop.call_at(later, self._look, loop) if self.held else None

    def leave(self, limit: asyncio.Timeout) -> None:
        """Give a slot back."""
        if self.held.pop(limit, None) is None:
            self.aside += 1
        else:
            self.free.release()

    def close(self) -> None:
        """Stop watching the slots."""
        if self.timer:
            self.timer.cancel()


class _Chain:
    """One address and its redirects, with their cost and the addresses visited."""

    def __init__(self, job: Job, settings: Settings) -> None:
        self.url, self.settings, self.cookies = job.url, settings, _Cookies(job.language)
        self.hops: list[Hop] = []
        # a loop that sets a cookie the second time round is not a loop
        self.seen: set[tuple[str, str]] = set()
        self.requests, self.seconds, self.repeated = 0, 0.0, False

    def begin(self) -> Fault | None:
        """Return why the next request must not be sent, or ``None``."""
        self.step = (self.url, str(self.cookies.header(self.url)))
        if self.step in self.seen:
            return Fault("loop", self.url)
        if len(self.hops) > self.settings.hops:
            return Fault("chain", f"{len(self.hops)} steps")
        if self.hops and self.seconds > self.settings.deadline:
            return Fault("timeout", f"{len(self.hops)} steps took {self.seconds:.0f} seconds")
        self.seen.add(self.step)
        return None

    def count(self, answer: Answer) -> None:
        self.requests += answer.requests
        self.seconds += answer.seconds

    def broke_off(self, answer: Answer) -> bool:
        """Return whether to send a request again because its old connection was closed.

        Many hosts close a connection after an answer without announcing it (RFC 9112 9.3.1).
        """
        reset = answer.fault is not None and answer.fault.kind == "reset"
        self.repeated = reset and self.requests > answer.requests and not self.repeated
        if self.repeated:
            self.seen.discard(self.step)
        return self.repeated

    def redirect(self, status: int, target: str) -> Fault | None:
        """Go on to where an answer leads, or return why that is impossible."""
        read = address.read(target)
        if not read.host:
            kind = "location" if read.kind is address.Kind.MALFORMED else "scheme"
            return Fault(kind, target[:200])
        self.hops.append(Hop(status, self.url, read.key))
        self.url = read.url
        return None

    def end(self, answer: Answer) -> Answer:
        answer.hops, answer.requests, answer.seconds = (
            tuple(self.hops),
            self.requests,
            self.seconds,
        )
        return answer


def _has_all(answer: Answer, wanted: frozenset[str]) -> bool:
    return all(has_anchor(answer.anchors, one) for one in wanted)


class _Cookies:
    """The cookies of one chain of redirects, dropped after it, and its language."""

    def __init__(self, language: str = "") -> None:
        self.jar: aiohttp.CookieJar | None = None
        self.language = {"Accept-Language": language} if language else {}

    def keep(self, url: str, response: aiohttp.ClientResponse) -> None:
        if self.jar is None:
            self.jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
        for one in response.cookies.values():
            if "." not in one["domain"].strip("."):
                one["domain"] = ""
            # aiohttp reads the first second of 1970 as no time at all
            if one["expires"].lower().endswith("1970 00:00:00 gmt"):
                one["max-age"] = "0"
        self.jar.update_cookies(response.cookies, URL(url, encoded=True))

    def header(self, url: str) -> dict[str, str]:
        """Return the headers of this chain, with the cookies to send back; empty if there are
        none.
        """
        if self.jar is None:
            return self.language
        kept = self.jar.filter_cookies(URL(url, encoded=True)).values()
        text = "; ".join(f"{one.key}={one.coded_value}" for one in kept)
        return {**self.language, "Cookie": text} if text else self.language


def fault_of(error: BaseException) -> Fault:
    """Return the fault that an exception of the client, the socket or TLS means."""
    if isinstance(error, TimeoutError):
        return Fault("timeout")
    if isinstance(error, aiohttp.ClientSSLError):
        return _tls_fault(error)
    inner = getattr(error, "os_error", None) or error
    for one in (inner, *getattr(inner, "exceptions", ())):
        if isinstance(one, PrivateAddressError):
            return Fault("private", str(one.strerror))
        if isinstance(one, NoSuchHostError):
            return Fault("no-such-host")
    if isinstance(error, aiohttp.ClientConnectorDNSError) or isinstance(inner, socket.gaierror):
        return Fault("dns", str(getattr(inner, "strerror", "") or ""))
    # several addresses were tried: the text has all their errors
    if "is private" in str(inner):
        return Fault("private")
    if isinstance(error, aiohttp.ClientConnectorError):
        return _connection_fault(inner)
    if isinstance(error, _BROKEN):
        return Fault("body")
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionError | aiohttp.ClientOSError):
        return Fault("reset")
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return Fault("unreachable", f"the proxy answers {error.status}")
    return Fault("not-http")


def _tls_fault(error: aiohttp.ClientSSLError) -> Fault:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        inner = error.certificate_error
        if getattr(inner, "verify_code", 0) in {20, 21}:
            return Fault("issuer")
        return Fault("tls", TLS_FAULTS.get(getattr(inner, "verify_code", 0), str(inner)[:200]))
    reason = getattr(error.os_error, "reason", "") or str(error.os_error)
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST"}:
        return Fault("not-http", "the host does not speak TLS")
    return Fault("tls", str(reason).lower().replace("_", " ")[:200])


def _connection_fault(error: BaseException) -> Fault:
    refused = getattr(error, "errno", None) == errno.ECONNREFUSED
    if refused or "Connect call failed" in str(error) or "refused" in str(error):
        return Fault("refused-connection")
    return Fault("unreachable", str(getattr(error, "strerror", "") or "")[:100])


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds to wait, from either form of ``Retry-After`` (RFC 9110 10.2.3).

    It returns ``None`` if the header cannot be read.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        day = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return max(0.0, ((day if day.tzinfo else day.replace(tzinfo=UTC)) - now).total_seconds())
