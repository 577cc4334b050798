"""Each pathology of a host is a row: what is concluded, how many requests it costs, how long it may take."""

import asyncio
import os
import signal
import ssl
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handbook.linkcheck import address, memory
from handbook.linkcheck.client import (
    Client,
    Job,
    _Cookies,
    retry_after,
)
from handbook.linkcheck.verdicts import Answer, Observation, observe, observe_fragment
from support import ROOT
from support.linkserver import LOOPBACK, NOW, Server, World, leap, manners, pathologies, reply

COMMAND = ROOT / "tools" / "check_links.py"


async def ask(
    urls: Iterable[str],
    world: World | None = None,
    tls: ssl.SSLContext | None = None,
    **changes: object,
) -> dict[str, tuple[Observation, Answer]]:
    """What is concluded of each address (with its fragment)."""
    world = world or World()
    found: dict[str, tuple[Observation, Answer]] = {}
    pages: dict[str, set[str]] = {}
    for url in urls:
        page, _, fragment = url.partition("#")
        pages.setdefault(page, set()).add(fragment)

    def take(job: Job, answer: Answer) -> None:
        page = observe(job.url, answer)
        for fragment in pages[job.url]:
            found[f"{job.url}#{fragment}" if fragment else job.url] = (
                observe_fragment(page, answer, fragment),
                answer,
            )

    client = Client(
        manners(**changes),
        lookup=world.lookup,
        clock=world.clock,
        sleep=world.sleep,
        now=lambda: NOW,
        chance=lambda: 0.5,
        tls=tls,
    )
    async with client:
        await client.ask(
            [Job(page, frozenset(filter(None, fragments))) for page, fragments in pages.items()],
            take,
        )
    return found


ROWS = [
    # path, verdict, reason, requests; SECONDS says which of them take time
    ("/200", "ok", "200", 1),
    ("/204", "ok", "204", 1),
    ("/302", "ok", "200", 2),
    ("/303", "ok", "200", 2),
    ("/307", "ok", "200", 2),
    ("/301", "moved", "permanent", 2),
    ("/308", "moved", "permanent", 2),
    ("/301-302", "moved", "permanent", 3),
    ("/302-301", "ok", "200", 3),
    ("/301-404", "dead", "404", 2),
    ("/301-other", "moved", "permanent", 2),
    ("/relative/one", "ok", "200", 2),
    ("/no-location", "unknown", "location", 1),
    ("/bad-location", "unknown", "location", 1),
    ("/blank-location", "ok", "200", 2),
    ("/slow-chain", "unknown", "timeout", 9),
    ("/closes", "ok", "200", 2),
    ("/loop", "dead", "loop", 2),
    ("/raw-location", "ok", "200", 2),
    ("/chain/0", "ok", "200", 16),
    ("/long/0", "unknown", "chain", 21),
    ("/404", "dead", "404", 1),
    ("/410", "dead", "410", 1),
    ("/401", "blocked", "401", 1),
    ("/403", "blocked", "403", 1),
    ("/451", "blocked", "451", 1),
    ("/999", "blocked", "999", 1),
    ("/405", "unknown", "405", 1),
    ("/500", "unknown", "500", 3),
    ("/503", "unknown", "503", 3),
    ("/500-once", "ok", "200", 2),
    ("/503-once", "ok", "200", 2),
    ("/429-seconds", "ok", "200", 2),
    ("/429-date", "ok", "200", 2),
    ("/429-bare", "ok", "200", 2),
    ("/429-nonsense", "ok", "200", 2),
    ("/429-day", "blocked", "429", 1),
    ("/cf", "blocked", "challenge", 1),
    ("/cf-404", "blocked", "challenge", 1),
    ("/waf", "blocked", "challenge", 1),
    ("/moment", "blocked", "challenge", 1),
    ("/jsl", "blocked", "challenge", 1),
    ("/412", "blocked", "challenge", 1),
    ("/zh-wall", "blocked", "challenge", 1),
    ("/soft", "unknown", "soft-404", 1),
    ("/soft-zh", "unknown", "soft-404", 1),
    ("/soft-h1", "unknown", "soft-404", 1),
    ("/soft-path", "unknown", "soft-404", 2),
    ("/decoy-404", "ok", "200", 1),
    ("/decoy-sale", "ok", "200", 1),
    ("/deep/page/one", "unknown", "home-page", 2),
    ("/", "ok", "200", 1),
    ("/parked", "unknown", "parked", 1),
    ("/member/page", "blocked", "login", 2),
    ("/refresh", "dead", "404", 2),
    ("/refresh-ok", "ok", "200", 2),
    ("/refresh-self", "ok", "200", 1),
    ("/cookie", "ok", "200", 2),
    ("/anchors#here", "ok", "200", 1),
    ("/anchors#old", "ok", "200", 1),
    ("/anchors#杭州", "ok", "200", 1),
    ("/anchors#%E6%9D%AD%E5%B7%9E", "ok", "200", 1),
    ("/anchors#a&b", "ok", "200", 1),
    ("/anchors#%41lt", "ok", "200", 1),
    ("/anchors#top", "ok", "200", 1),
    ("/anchors#nowhere", "dead", "anchor", 1),
    ("/anchors#HERE", "dead", "anchor", 1),
    ("/anchors#comment", "dead", "anchor", 1),
    ("/anchors#:~:text=words%20about", "ok", "200", 1),
    ("/anchors#:~:text=never%20said", "ok", "200", 1),
    ("/301-anchors#here", "moved", "permanent", 2),
    ("/301-anchors#nowhere", "dead", "anchor", 2),
    ("/script-anchor#later", "unknown", "script-anchor", 1),
    ("/app#route", "unknown", "script-anchor", 1),
    ("/200#/route", "unknown", "script-anchor", 1),
    ("/latin#caf%C3%A9", "ok", "200", 1),
    ("/gb#%E6%9D%AD%E5%B7%9E", "ok", "200", 1),
    ("/bad-utf8#here", "ok", "200", 1),
    ("/nonsense-charset#here", "ok", "200", 1),
    ("/deep#deep", "ok", "200", 1),
    ("/doc.pdf", "ok", "200", 1),
    ("/doc.pdf#page=3", "ok", "200", 1),
    ("/doc.pdf#page=99", "ok", "200", 1),
    ("/image.png#x", "ok", "200", 1),
    ("/a%2Fb", "ok", "200", 1),
    ("/q?a[]=1|2&b=%26", "ok", "200", 1),
    ("/paren(1)", "ok", "200", 1),
    ("/dot.", "ok", "200", 1),
    ("/bomb", "ok", "200", 1),
    ("/bomb-anchor#end", "unknown", "long-page", 1),
    ("/bad-gzip", "unknown", "body", 2),
    ("/gzip#z", "ok", "200", 1),
    ("/truncated", "ok", "200", 1),
    ("/slow-start", "ok", "200", 1),
    ("/slow-header", "unknown", "timeout", 3),
    ("/drip", "ok", "200", 1),
    ("/drip#x", "unknown", "long-page", 1),
    ("/endless", "ok", "200", 1),
    ("/endless#here", "ok", "200", 1),
    ("/endless#never", "unknown", "long-page", 1),
    ("/header-flood", "unknown", "not-http", 2),
    ("/long-header", "unknown", "not-http", 2),
    ("/hung", "unknown", "timeout", 3),
    ("/reset", "unknown", "reset", 3),
    ("/reset-once", "ok", "200", 2),
    ("/empty", "unknown", "reset", 3),
    ("/not-http", "unknown", "not-http", 2),
    ("/head-403.pdf", "ok", "200", 1),
    ("/head-404.pdf", "ok", "200", 1),
    ("/head-hung.pdf", "ok", "200", 1),
    ("/head-good.pdf", "unknown", "500", 3),
    ("/head-html.pdf", "dead", "404", 1),
    ("/refresh-noscript", "ok", "200", 1),
    ("/refresh-template", "ok", "200", 1),
    ("/refresh-comment", "ok", "200", 1),
    ("/refresh-late", "ok", "200", 1),
    ("/refresh-header", "dead", "404", 2),
    ("/refresh-slides", "ok", "200", 2),
    ("/two-lengths", "ok", "200", 2),
    ("/short-length", "ok", "200", 2),
    ("/after-gzip", "ok", "200", 2),
    ("/br", "ok", "200", 2),
    ("/zstd", "ok", "200", 2),
    ("/book", "ok", "200", 1),
    ("/ts-old", "ok", "200", 2),
    ("/300", "dead", "404", 2),
    ("/how-login-works", "blocked", "login", 2),
    ("/soft-notice", "unknown", "soft-404", 1),
    ("/soft-ja", "unknown", "soft-404", 1),
    ("/soft-de", "unknown", "soft-404", 1),
    ("/soft-fr", "unknown", "soft-404", 1),
    ("/soft-es", "unknown", "soft-404", 1),
    ("/soft-ru", "unknown", "soft-404", 1),
    ("/ghost#ghost", "dead", "anchor", 1),
    ("/counted#data", "dead", "anchor", 1),
    ("/browser", "ok", "200", 1),
    ("/accept", "ok", "200", 1),
    ("/to-private", "refused", "private", 1),
    ("/to-metadata", "refused", "private", 1),
    ("/to-name", "refused", "private", 1),
    ("/to-private-meta", "refused", "private", 1),
    ("/to-file", "refused", "scheme", 1),
    ("/to-script", "refused", "scheme", 1),
]


#: What a row costs, exactly: back-off (2 and 6 seconds), Retry-After, the 40 seconds of a request (10 for HEAD), the 6 and 27.2 for reading a body.
SECONDS = {
    "/500": 8,
    "/503": 8,
    "/500-once": 2,
    "/503-once": 2,
    "/429-seconds": 3,
    "/429-date": 4,
    "/429-bare": 2,
    "/429-nonsense": 2,
    "/slow-start": 20,
    "/slow-header": 128,
    "/drip": 6,
    "/drip#x": 33.2,
    "/slow-chain": 188,
    "/hung": 128,
    "/reset": 8,
    "/reset-once": 2,
    "/empty": 8,
    "/head-good.pdf": 8,
    "/bad-gzip": 6,
    **dict.fromkeys(("/two-lengths", "/short-length", "/after-gzip", "/br", "/zstd"), 6),
}


@pytest.mark.parametrize(
    ("path", "verdict", "reason", "requests"), ROWS, ids=[row[0] for row in ROWS]
)
def test_pathology(path: str, verdict: str, reason: str, requests: int) -> None:
    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            world = World()
            start = world.clock()
            url = f"http://host.test:{server.port}{path}"
            found = await ask([url], world)
            seen, answer = found[url]
            assert (str(seen.verdict), seen.reason) == (verdict, reason), seen
            assert len(server.seen) == requests
            # what goes into a connection that the host has closed is counted, and not seen there
            assert answer.requests in {
                requests,
                requests + (reason == "private" or path == "/closes"),
            }
            assert world.clock() - start == pytest.approx(SECONDS.get(path, 0))

    leap(run())


def test_all_pathologies_in_one_run_end_in_time() -> None:
    """One run over all of them: no verdict differs, and none waits for another longer than the slots of their one host make it."""

    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            base = f"http://host.test:{server.port}"
            world = World()
            start = world.clock()
            found = await ask([base + row[0] for row in ROWS], world, per_host=32)
            wrong = {
                row[0]: found[base + row[0]][0]
                for row in ROWS
                if (str(found[base + row[0]][0].verdict), found[base + row[0]][0].reason)
                != row[1:3]
            }
            assert not wrong
            assert world.clock() - start < 200

    leap(run())


@pytest.mark.parametrize(
    ("host", "verdict", "reason"),
    [
        ("nowhere.test", "dead", "no-such-host"),
        ("servfail.test", "unknown", "dns"),
        ("inside.test", "refused", "private"),
        ("127.0.0.1", "refused", "private"),
        ("2130706433", "refused", "private"),
        ("0x7f.1", "refused", "private"),
        ("[::1]", "refused", "private"),
        ("[::ffff:10.0.0.1]", "refused", "private"),
        ("[fe80::1]", "refused", "private"),
        ("[64:ff9b::a00:1]", "refused", "private"),
        ("169.254.169.254", "refused", "private"),
        ("0.0.0.0", "refused", "private"),
        ("100.64.0.1", "refused", "private"),
        ("localhost", "refused", "private"),
        ("printer.local", "refused", "private"),
        ("intranet", "refused", "private"),
    ],
)
def test_hosts_without_permission(host: str, verdict: str, reason: str) -> None:
    """Nothing is sent to a private network, however its address is written."""

    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            url = address.read(f"http://{host}:{server.port}/200").url
            found = await ask([url], allowed=())
            seen = found[url][0]
            assert (str(seen.verdict), seen.reason) == (verdict, reason), seen
            assert not server.seen

    leap(run())


def test_a_host_that_is_named_may_be_asked_and_no_other_that_leads_to_its_address() -> None:
    async def run() -> None:
        async with Server() as server:
            server.pages["/x"] = reply()
            hosts = ["localhost", "named.test", "other.test", "127.0.0.1", "intranet"]
            found = await ask(
                [f"http://{host}:{server.port}/x" for host in hosts],
                allowed=(),
                allowed_hosts=frozenset({"localhost", "named.test"}),
            )
            assert [str(seen.verdict) for seen, _ in found.values()].count("ok") == 2
            assert sorted(request.headers["host"].partition(":")[0] for request in server.seen) == [
                "localhost",
                "named.test",
            ]

    leap(run())


def test_the_address_connected_to_is_the_one_checked() -> None:
    """A name that is public at the look-up and private at the connection (DNS rebinding) is refused at the socket."""

    async def run() -> None:
        world = World()
        client = Client(
            manners(allowed=()), lookup=world.lookup, clock=world.clock, sleep=world.sleep
        )
        asked = []

        def may_ask(ip: str) -> bool:
            asked.append(ip)
            return len(asked) == 1

        client._may_ask = may_ask
        answers: list[Answer] = []
        async with Server() as server, client:
            await client.ask(
                [Job(f"http://host.test:{server.port}/200")],
                lambda job, answer: answers.append(answer),
            )
            assert not server.seen
        assert len(asked) == 2
        assert answers[0].fault
        assert answers[0].fault.kind == "private"

    leap(run())


def test_only_the_public_address_of_a_mixed_name_is_used() -> None:
    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            url = f"http://mixed.test:{server.port}/200"
            assert (await ask([url]))[url][0].verdict == "ok"

    leap(run())


def test_one_request_for_all_anchors_of_a_page() -> None:
    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            base = f"http://host.test:{server.port}/anchors"
            found = await ask([base, f"{base}#here", f"{base}#old", f"{base}#no"])
            assert [
                str(found[url][0].verdict)
                for url in (base, f"{base}#here", f"{base}#old", f"{base}#no")
            ] == ["ok", "ok", "ok", "dead"]
            assert len(server.seen) == 1

    leap(run())


@pytest.mark.parametrize(
    ("changes", "least", "most_at_once"),
    [({"delay": 0.5, "per_host": 2}, 9.0, 2), ({"delay": 0.0, "per_host": 3}, 0.0, 3)],
)
def test_pace_of_a_host(changes: dict[str, float], least: float, most_at_once: int) -> None:
    """Twenty pages of one host: never more at once than allowed, and the pauses add up."""

    async def run() -> None:
        async with Server(delay=0.01) as server:
            server.pages |= {f"/{number}": reply() for number in range(20)}
            world = World()
            await ask(
                [f"http://host.test:{server.port}/{number}" for number in range(20)],
                world,
                **changes,
            )
            assert server.most_at_once <= most_at_once
            assert sum(world.slept) >= least

    leap(run())


@pytest.mark.parametrize(
    ("domain", "sent"),
    [
        ("", {"a.x.example"}),
        ("x.example", {"x.example", "a.x.example", "b.x.example"}),
        (".x.example", {"x.example", "a.x.example", "b.x.example"}),
        ("example", {"a.x.example"}),
        ("le.example", set()),
        ("b.x.example", set()),
    ],
)
def test_a_cookie_goes_back_to_its_own_domain_only(domain: str, sent: set[str]) -> None:
    made = SimpleCookie({"n": "v"})
    made["n"]["domain"] = domain
    assert _sent([("https://a.x.example/", made)], "https://{}/") == sent


def _sent(kept: list[tuple[str, SimpleCookie]], form: str) -> set[str]:
    """The hosts that a cookie goes back to."""

    async def run() -> set[str]:
        cookies = _Cookies()
        for url, made in kept:
            cookies.keep(url, SimpleNamespace(cookies=made))  # type: ignore[arg-type]
        hosts = ("x.example", "a.x.example", "b.x.example", "ax.example", "example")
        return {host for host in hosts if cookies.header(form.format(host)) == {"Cookie": "n=v"}}

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("attributes", "path", "goes"),
    [
        ({}, "/", True),
        ({"path": "/a"}, "/a/b", True),
        ({"path": "/a"}, "/ab", False),
        ({"path": "/a"}, "/", False),
        ({"max-age": "0"}, "/", False),
        ({"max-age": "60"}, "/", True),
        ({"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, "/", False),
        ({"secure": True}, "/", False),
    ],
)
def test_a_cookie_goes_back_where_and_as_long_as_it_says(
    attributes: dict[str, str], path: str, goes: bool
) -> None:
    first, made = SimpleCookie({"n": "v"}), SimpleCookie({"n": "v"})
    made["n"].update(attributes)
    kept = [("http://x.example/", made)]
    # what ends a cookie takes away the one that is there
    if {"max-age", "expires"} & set(attributes):
        kept.insert(0, ("http://x.example/", first))
    assert _sent(kept, "http://{}" + path) == ({"x.example"} if goes else set())


def test_retry_after_is_obeyed_and_capped() -> None:
    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            world = World()
            base = f"http://host.test:{server.port}"
            await ask([f"{base}/429-seconds"], world)
            assert sum(world.slept) >= 2.5
            world = World()
            found = await ask([f"{base}/429-day", f"{base}/200"], world)
            assert found[f"{base}/200"][0].verdict == "ok"
            assert sum(world.slept) < 60

    leap(run())


def test_a_silent_host_is_spared_and_costs_no_one_else() -> None:
    """Fifty links to a host that never answers: few are tried, the rest are not known, the other host is done at once."""

    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            silent = [f"http://silent.test:{server.port}/hung?{number}" for number in range(50)]
            good = [f"http://good.test:{server.port}/200?{number}" for number in range(50)]
            found = await ask([*silent, *good])
            assert {found[url][0].reason for url in silent} == {"timeout", "host-silent"}
            assert {str(found[url][0].verdict) for url in silent} == {"unknown"}
            assert {str(found[url][0].verdict) for url in good} == {"ok"}
            assert sum(request.path.startswith("/hung") for request in server.seen) <= 20

    leap(run())


def test_time_limit_leaves_the_rest_unasked() -> None:
    async def run() -> None:
        async with Server() as server:
            server.pages["/x"] = reply()
            found = await ask(
                [f"http://host.test:{server.port}/x?{number}" for number in range(30)],
                delay=1.0,
                per_host=1,
                time_limit=10,
            )
            reasons = [seen.reason for seen, _ in found.values()]
            assert reasons.count("time-limit") >= 18
            assert reasons.count("200") >= 9

    leap(run())


def test_cancelling_keeps_what_came_back() -> None:
    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            got: list[str] = []
            client = Client(manners(deadline=30), lookup=World().lookup)

            async def asking() -> None:
                async with client:
                    await client.ask(
                        [
                            Job(f"http://a.test:{server.port}/200"),
                            Job(f"http://b.test:{server.port}/hung"),
                        ],
                        lambda job, answer: got.append(job.url),
                    )

            task = asyncio.create_task(asking())
            while not got:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert got == [f"http://a.test:{server.port}/200"]

    leap(run())


def _tls(cert: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("name", "verdict", "words"),
    [
        ("good", "ok", "the page is there"),
        ("expired", "insecure", "has expired"),
        ("early", "insecure", "not valid yet"),
        ("other", "insecure", "for another host"),
        ("stranger", "unknown", "issuer is not known"),
        ("self", "insecure", "self-signed"),
        ("plain", "unknown", "the host does not speak TLS"),
    ],
)
def test_tls_faults_are_named(name: str, verdict: str, words: str) -> None:
    async def run() -> None:
        authority, stranger = trustme.CA(), trustme.CA()
        now = datetime.now(UTC)
        trust = ssl.create_default_context()
        authority.configure_trust(trust)
        certificate = {
            "expired": lambda: authority.issue_cert(
                "host.test", not_before=now - timedelta(days=9), not_after=now - timedelta(days=1)
            ),
            "early": lambda: authority.issue_cert("host.test", not_before=now + timedelta(days=1)),
            "other": lambda: authority.issue_cert("elsewhere.test"),
            "stranger": lambda: stranger.issue_cert("host.test"),
        }.get(name, lambda: authority.issue_cert("host.test"))()
        context = _tls(certificate)
        if name == "self":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            with stranger.private_key_pem.tempfile() as key, stranger.cert_pem.tempfile() as cert:
                context.load_cert_chain(cert, key)
        async with Server() as server:
            pathologies(server)
            port = server.port if name == "plain" else await server.listen_tls(context)
            url = f"https://host.test:{port}/200"
            seen = (await ask([url], tls=trust))[url][0]
            assert str(seen.verdict) == verdict, seen
            assert words in seen.message

    leap(run())


def test_proxy_is_used_and_is_no_way_into_private_networks() -> None:
    async def run() -> None:
        async with Server() as proxy:
            proxy.pages |= {"http://public.test/": reply(), "http://inside.test/": reply()}
            world = World()
            changes = {"proxies": {"http": f"http://127.0.0.1:{proxy.port}"}, "allowed": LOOPBACK}
            found = await ask(["http://public.test/", "http://inside.test/"], world, **changes)
            assert str(found["http://public.test/"][0].verdict) == "ok"
            assert str(found["http://inside.test/"][0].verdict) == "refused"
            assert [request.path for request in proxy.seen] == ["http://public.test/"]

    leap(run())


_HEADER = st.tuples(
    st.sampled_from(
        [
            "Location",
            "Set-Cookie",
            "Content-Type",
            "Content-Encoding",
            "Content-Length",
            "Transfer-Encoding",
            "Retry-After",
            "Connection",
            "cf-mitigated",
            "X",
        ]
    ),
    st.sampled_from(
        [
            "/200",
            "/x",
            "//",
            "http://",
            "http://[",
            "http://[::1]/",
            "HTTP://HOST.test/",
            "gzip",
            "deflate",
            "br",
            "chunked",
            "0",
            "-1",
            "99",
            "text/html; charset=klingon",
            "a=b; Domain=.",
            "close",
            "5",
        ]
    )
    | st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=12),
)


@given(
    st.sampled_from(
        [
            b"200 OK",
            b"200",
            b"302 Found",
            b"301 x",
            b"429 Slow",
            b"503 Busy",
            b"999 ?",
            b"100 Continue",
            b"0 x",
            b"",
            b"\xff",
        ]
    ),
    st.lists(_HEADER, max_size=5),
    st.binary(max_size=30),
)
@example(b"302 Found", [("Location", "http://[")], b"")
@example(b"200 OK", [("Content-Encoding", "gzip"), ("Content-Length", "3")], b"\x1f\x8b\x08")
@example(b"200 OK", [("Transfer-Encoding", "chunked")], b"ffffffffffffffffff\r\n")
@settings(max_examples=60, deadline=None)
def test_no_header_makes_the_client_fail(
    status: bytes, headers: list[tuple[str, str]], body: bytes
) -> None:
    """Whatever a host says, its link gets a verdict in time, and the next host its own."""

    async def run() -> None:
        async with Server() as server:
            head = (
                b"HTTP/1.1 "
                + status
                + b"\r\n"
                + b"".join(f"{name}: {value}\r\n".encode("latin-1") for name, value in headers)
                + b"\r\n"
            )
            server.pages |= {"/fuzz": head + body, "/200": reply()}
            world = World()
            start = world.clock()
            urls = [f"http://fuzz.test:{server.port}/fuzz#a", f"http://good.test:{server.port}/200"]
            found = await ask(urls, world)
            assert set(found) == set(urls)
            assert str(found[urls[1]][0].verdict) == "ok"
            assert world.clock() - start < 400

    leap(run())


def test_https_goes_through_a_proxy_as_a_tunnel() -> None:
    """And the certificate is checked at its far end."""

    async def run() -> None:
        authority = trustme.CA()
        trust = ssl.create_default_context()
        authority.configure_trust(trust)
        async with Server() as far, Server() as proxy:
            far.pages["/x"] = reply()
            proxy.tunnel = await far.listen_tls(_tls(authority.issue_cert("public.test")))
            urls = ["https://public.test/x", "https://other.test/x", "https://inside.test/x"]
            found = await ask(urls, tls=trust, proxies={"https": f"http://127.0.0.1:{proxy.port}"})
            assert [(str(found[url][0].verdict), found[url][0].reason) for url in urls] == [
                ("ok", "200"),
                ("insecure", "tls"),
                ("refused", "private"),
            ]
            assert {request.path for request in proxy.seen} == {"public.test:443", "other.test:443"}

    leap(run())


async def by_hand(
    root: Path, *arguments: str, interrupt: Callable[[], bool] | None = None, **environment: str
) -> tuple[int, str, str]:
    """The command in a process of its own, stopped by Ctrl-C as soon as ``interrupt`` says so."""
    (root / "docs").mkdir(exist_ok=True)
    clean = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(COMMAND),
        "--root",
        str(root),
        "--allow-private",
        "127.0.0.0/8",
        "--delay",
        "0",
        *arguments,
        env={**clean, **environment},
        # whoever runs the tests under nohup has Ctrl-C ignored, and so would the child
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    while interrupt and not interrupt():
        await asyncio.sleep(0.02)
    if interrupt:
        process.send_signal(signal.SIGINT)
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


def test_certificates_and_proxies_of_the_environment_are_used(tmp_path: Path) -> None:
    async def run() -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(tmp_path / "authority.pem")
        async with Server() as server:
            # an address for documentation (RFC 5737): no host has it, and no name is looked up
            server.pages |= {"/x": reply(), "http://198.51.100.7/x": reply()}
            port = await server.listen_tls(_tls(authority.issue_cert("127.0.0.1")))
            (tmp_path / "docs").mkdir()
            (tmp_path / "docs/index.md").write_text(
                f"# T\n\n<https://127.0.0.1:{port}/x>\n", "utf-8"
            )
            assert (await by_hand(tmp_path, SSL_CERT_FILE=str(tmp_path / "authority.pem")))[0] == 0
            status, out, _ = await by_hand(tmp_path, "--all", "--no-save")
            assert status == 0
            assert "L204 advice:" in out
            assert "the certificate's issuer is not known" in out
            (tmp_path / "docs/index.md").write_text("# T\n\n<http://198.51.100.7/x>\n", "utf-8")
            status, out, _ = await by_hand(
                tmp_path,
                "--no-save",
                "--allow-private",
                "198.51.100.0/24",
                http_proxy=f"http://127.0.0.1:{server.port}",
            )
            assert (status, out.splitlines()[-1]) == (0, "1 ok: no faults, no pieces of advice")

    asyncio.run(run())


def test_ctrl_c_ends_the_command_and_keeps_what_is_known(tmp_path: Path) -> None:
    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            (tmp_path / "docs").mkdir()
            (tmp_path / "docs/index.md").write_text(
                f"# T\n\n<http://127.0.0.1:{server.port}/404> <http://127.0.0.1:{server.port}/hung>\n",
                "utf-8",
            )
            # the answer to the first was taken before its worker asks for the second
            status, out, err = await by_hand(
                tmp_path, "--per-host", "1", interrupt=lambda: "/hung" in server.counts
            )
            assert status == 130
            assert err.endswith("check_links: stopped; what came back until then is remembered\n")
            assert "L201" in out
            known = memory.load(tmp_path / "references/links.jsonl")[0]
            assert [
                (record.address.rpartition("/")[2], str(record.verdict))
                for record in known.values()
            ] == [("404", "dead")]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("Monday, 23-Nov-26 12:01:00 GMT", 60),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 400, 999999999),
        ("Mon, 99 Nov 2026 12:01:00 GMT", None),
    ],
)
def test_retry_after_forms(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds
