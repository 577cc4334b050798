"""Each pathology of a host is a row: what is concluded, how many requests it costs, how long it may take."""
import asyncio
import ssl
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest
import trustme
from linkserver import NOW, Server, gzip_bomb, leads_on, pathologies, pdf, reply

from handbook.linkcheck import address
from handbook.linkcheck.client import Client, Job, NoSuchHostError, Settings, pdf_pages, retry_after
from handbook.linkcheck.verdicts import Answer, Observation, observe, observe_fragment

LOOPBACK = (ip_network("127.0.0.0/8"),)


class World:
    """Look-ups, clock and sleep for tests: sleeping takes no time, but is told."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.looked_up: list[str] = []

    def clock(self) -> float:
        return time.monotonic() + sum(self.slept)

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


def settings(**changes: object) -> Settings:
    return Settings(**{
        "deadline": 0.6, "body_seconds": 0.3, "tries": 3, "back_off": 0.1, "per_host": 8, "pace": 0.0, "allowed": LOOPBACK, **changes,
    })


async def ask(urls: Iterable[str], world: World | None = None, tls: ssl.SSLContext | None = None, **changes: object) -> dict[str, tuple[Observation, Answer]]:
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
            found[f"{job.url}#{fragment}" if fragment else job.url] = observe_fragment(page, answer, fragment), answer

    client = Client(settings(**changes), lookup=world.lookup, clock=world.clock, sleep=world.sleep, now=lambda: NOW, chance=lambda: 0.5, tls=tls)
    async with client:
        await client.ask([Job(page, frozenset(filter(None, fragments))) for page, fragments in pages.items()], take)
    return found


ROWS = [
    # path, verdict, reason, requests
    ("/200", "ok", "200", 1), ("/204", "ok", "204", 1), ("/302", "ok", "200", 2), ("/303", "ok", "200", 2), ("/307", "ok", "200", 2),
    ("/301", "moved", "permanent", 2), ("/308", "moved", "permanent", 2), ("/301-302", "moved", "permanent", 3), ("/302-301", "ok", "200", 3),
    ("/301-404", "dead", "404", 2), ("/301-other", "moved", "permanent", 2), ("/relative/one", "ok", "200", 2), ("/no-location", "unknown", "location", 1),
    ("/loop", "dead", "loop", 2), ("/raw-location", "ok", "200", 2), ("/chain/0", "ok", "200", 16), ("/long/0", "unknown", "chain", 21),
    ("/404", "dead", "404", 1), ("/410", "dead", "410", 1), ("/401", "blocked", "401", 1), ("/403", "blocked", "403", 1), ("/451", "blocked", "451", 1),
    ("/999", "blocked", "999", 1), ("/405", "unknown", "405", 1), ("/500", "unknown", "500", 3), ("/503", "unknown", "503", 3), ("/500-once", "ok", "200", 2),
    ("/503-once", "ok", "200", 2), ("/429-seconds", "ok", "200", 2), ("/429-date", "ok", "200", 2), ("/429-bare", "ok", "200", 2),
    ("/429-nonsense", "ok", "200", 2), ("/429-day", "blocked", "429", 1),
    ("/cf", "blocked", "challenge", 1), ("/cf-404", "blocked", "challenge", 1), ("/waf", "blocked", "challenge", 1), ("/moment", "blocked", "challenge", 1),
    ("/jsl", "blocked", "challenge", 1), ("/412", "blocked", "challenge", 1), ("/zh-wall", "blocked", "challenge", 1),
    ("/soft", "unknown", "soft-404", 1), ("/soft-zh", "unknown", "soft-404", 1), ("/soft-h1", "unknown", "soft-404", 1), ("/soft-path", "unknown", "soft-404", 2),
    ("/decoy-404", "ok", "200", 1), ("/decoy-sale", "ok", "200", 1), ("/deep/page/one", "unknown", "home-page", 2), ("/", "ok", "200", 1),
    ("/parked", "unknown", "parked", 1), ("/member/page", "blocked", "login", 2),
    ("/refresh", "dead", "404", 2), ("/refresh-ok", "ok", "200", 2), ("/refresh-self", "ok", "200", 1), ("/cookie", "ok", "200", 2),
    ("/anchors#here", "ok", "200", 1), ("/anchors#old", "ok", "200", 1), ("/anchors#杭州", "ok", "200", 1), ("/anchors#%E6%9D%AD%E5%B7%9E", "ok", "200", 1),
    ("/anchors#a&b", "ok", "200", 1), ("/anchors#%41lt", "ok", "200", 1), ("/anchors#top", "ok", "200", 1), ("/anchors#nowhere", "dead", "anchor", 1),
    ("/anchors#HERE", "dead", "anchor", 1), ("/anchors#comment", "dead", "anchor", 1), ("/anchors#:~:text=words%20about", "ok", "200", 1),
    ("/anchors#:~:text=never%20said", "dead", "text-fragment", 1), ("/301-anchors#here", "moved", "permanent", 2), ("/301-anchors#nowhere", "dead", "anchor", 2),
    ("/script-anchor#later", "unknown", "script-anchor", 1), ("/app#route", "unknown", "script-anchor", 1), ("/200#/route", "unknown", "script-anchor", 1),
    ("/latin#caf%C3%A9", "ok", "200", 1), ("/gb#%E6%9D%AD%E5%B7%9E", "ok", "200", 1), ("/bad-utf8#here", "ok", "200", 1), ("/nonsense-charset#here", "ok", "200", 1),
    ("/deep#deep", "ok", "200", 1), ("/doc.pdf", "ok", "200", 1), ("/doc.pdf#page=3", "ok", "200", 1), ("/doc.pdf#page=99", "dead", "pdf-page", 1),
    ("/packed.pdf#page=7", "ok", "200", 1), ("/packed.pdf#page=8", "dead", "pdf-page", 1), ("/image.png#x", "ok", "200", 1),
    ("/a%2Fb", "ok", "200", 1), ("/q?a[]=1|2&b=%26", "ok", "200", 1), ("/paren(1)", "ok", "200", 1), ("/dot.", "ok", "200", 1),
    ("/bomb", "ok", "200", 1), ("/bomb-anchor#end", "unknown", "long-page", 1), ("/bad-gzip", "unknown", "body", 1), ("/gzip#z", "ok", "200", 1),
    ("/truncated", "unknown", "body", 1),
    ("/slow-start", "ok", "200", 1), ("/slow-header", "unknown", "timeout", 3), ("/drip", "ok", "200", 1), ("/drip#x", "unknown", "long-page", 1), ("/endless", "ok", "200", 1),
    ("/endless#here", "ok", "200", 1), ("/endless#never", "unknown", "long-page", 1), ("/header-flood", "unknown", "not-http", 1), ("/long-header", "unknown", "not-http", 1),
    ("/hung", "unknown", "timeout", 3), ("/reset", "unknown", "reset", 3), ("/reset-once", "ok", "200", 2), ("/empty", "unknown", "reset", 3), ("/not-http", "unknown", "not-http", 1),
    ("/head-403.pdf", "ok", "200", 2), ("/head-404.pdf", "ok", "200", 2), ("/head-hung.pdf", "ok", "200", 2), ("/head-good.pdf", "ok", "200", 1), ("/head-html.pdf", "dead", "404", 2),
    ("/browser", "ok", "200", 1), ("/accept", "ok", "200", 1),
    ("/to-private", "refused", "private", 1), ("/to-metadata", "refused", "private", 1), ("/to-name", "refused", "private", 1), ("/to-private-meta", "refused", "private", 1),
    ("/to-file", "refused", "scheme", 1), ("/to-script", "refused", "scheme", 1),
]


@pytest.mark.parametrize(("path", "verdict", "reason", "requests"), ROWS, ids=[row[0] for row in ROWS])
def test_pathology(path: str, verdict: str, reason: str, requests: int) -> None:
    async def run() -> None:
        async with Server() as server:
            pathologies(server)
            start = time.monotonic()
            url = f"http://host.test:{server.port}{path}"
            found = await ask([url])
            seen, answer = found[url]
            assert (str(seen.verdict), seen.reason) == (verdict, reason), seen
            assert len(server.seen) == requests
            assert answer.requests in {requests, requests + (reason == "private")}
            assert time.monotonic() - start < 0.6 * 3 + 1.2

    asyncio.run(run())
