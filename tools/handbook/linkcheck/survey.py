"""Ask what is due, and combine it with what earlier runs saw."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from handbook.linkcheck import archives, memory
from handbook.linkcheck.address import Kind, as_ip, read
from handbook.linkcheck.client import Client, Job
from handbook.linkcheck.inventory import Links
from handbook.linkcheck.memory import MEMORY, Record
from handbook.linkcheck.verdict_report import Report
from handbook.linkcheck.verdicts import (
    DOUBTFUL,
    FAILED,
    MISPLACED,
    SUSPECT,
    Answer,
    Evidence,
    Observation,
    Verdict,
    language,
    neighbour,
    observe,
    observe_doi,
    observe_fragment,
    weighed,
    words,
)

#: If more than this share of the links fail for the first time, the network is suspect.
NETWORK_SHARE = 0.2
#: With fewer links than this nothing can be concluded about the network, nor with fewer hosts about
#: a part of it.
NETWORK_LEAST = 10
CORNER_LEAST = 3
#: Answers are judged together after this many seconds, which a killed run may lose, or once their
#: texts have this many characters: one by one they take twice the time, since the work on the
#: network in between evicts the judgement from the processor's cache.
JUDGED_AFTER = 0.1
JUDGED_AT = 1_000_000
#: What an unreachable host may answer with.
SILENCE = frozenset(
    {"dns", "host-silent", "no-such-host", "refused-connection", "reset", "timeout", "unreachable"}
)


#: Called with the number of questions answered, the number of all questions, and the last one.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask.

    ``only`` narrows to these paths and lines (those of a pull request); ``everything`` includes
    what is not due. ``doi_base`` is where DOIs are looked up (the handle system's API);
    ``archives`` are the bases of an availability answer and of time maps, in this order, or
    ``None`` to ask no archive. ``trust_network`` accepts many failures as they are; ``journal`` is
    whether to save answers as they arrive.
    """

    only: frozenset[tuple[str, int]] | None = None
    everything: bool = False
    doi_base: str = "https://doi.org/api/handles/"
    archives: tuple[str, str] | None = None
    trust_network: bool = False
    journal: bool = False

    def keys(self, links: Links) -> list[str]:
        """Return the keys of the links to look at."""
        return [
            key
            for key, where in links.places.items()
            if self.only is None
            or any((link.place.path, link.place.line) in self.only for link in where)
        ]

    def asks(self, record: Record | None, links: Links) -> bool:
        """Return whether to ask for an address, given what is known of it."""
        return self.everything or self.only is not None or record is None or record.due(links.today)


class _Round:
    """The questions of one run, each with the keys it answers, and what has been seen so far.

    ``after`` holds the records that have changed; ``suspects`` the evidence about pages that may
    not be the ones meant, by question, and ``trusted`` the observations of their keys in case they
    are.
    """

    def __init__(
        self, links: Links, records: Mapping[str, Record], journal: bool, progress: Progress
    ) -> None:
        self.links, self.records, self.progress = links, records, progress
        self.questions: dict[str, list[str]] = {}
        self.seen: dict[str, Observation] = {}
        self.after: dict[str, Record] = {}
        self.suspects: dict[str, Evidence] = {}
        self.trusted: dict[str, Observation] = {}
        self.done = self.asked = 0
        self.came: list[tuple[Job, Answer]] = []
        self.size = 0
        self.journal = memory.Journal(links.root / MEMORY) if journal else None

    def prepare(self, keys: Iterable[str], plan: Plan) -> None:
        """Ask once for all anchors of a page; answer from the catalogue what it knows."""
        for key in keys:
            found = self.links.addresses[key]
            deliverable = (
                self.links.deliverables.get(int(found.id)) if found.kind is Kind.ISO else None
            )
            if deliverable:
                said = f"ISO's catalogue has {deliverable.reference}"
                self.seen[key] = Observation(Verdict.OK, "catalogue", said, type="text/html")
            elif plan.asks(self.records.get(key), self.links):
                url = found.url
                if found.kind is Kind.DOI:
                    url = plan.doi_base + quote(found.id, safe="/:;()._-")
                self.questions.setdefault(url, []).append(key)

    def job(self, url: str, language: str = "") -> Job:
        keys = self.questions[url]
        return Job(url, frozenset(filter(None, map(self._fragment, keys))), language=language)

    def _fragment(self, key: str) -> str:
        found = self.links.addresses[key]
        return "" if found.kind is Kind.DOI else found.fragment

    def take(self, job: Job, answer: Answer) -> None:
        """Keep an answer until it is judged."""
        self.came.append((job, answer))
        self.size += len(answer.text)
        if self.size > JUDGED_AT:
            self.judge()

    async def judge_as_they_come(self) -> None:
        """Judge again and again what has arrived since the last time."""
        while True:
            await asyncio.sleep(JUDGED_AFTER)
            self.judge()

    def judge(self) -> None:
        """Judge the answers that have arrived."""
        came, self.came, self.size = self.came, [], 0
        for job, answer in came:
            self.done += 1
            self.asked += answer.requests > 0
            self.record_answer(job, answer)
            self.progress(self.done, len(self.questions), job.url)
        if self.journal:
            self.journal.flush()

    def record_answer(self, job: Job, answer: Answer) -> None:
        """Add the answer for a page to what is known of each of its links."""
        page: Observation | None = None
        for key in self.questions[job.url]:
            if self.links.addresses[key].kind is Kind.DOI:
                self.record(key, observe_doi(answer))
                continue
            page = page or observe(job.url, answer)
            self.record(key, observe_fragment(page, answer, self._fragment(key)))
            if page.reason in SUSPECT:
                self.suspects[job.url] = Evidence.of(answer)
                trusted = observe(job.url, answer, trusting=True)
                self.trusted[key] = observe_fragment(trusted, answer, self._fragment(key))

    def record(self, key: str, one: Observation, counts: bool = True) -> None:
        """Add what was seen of a link to the memory."""
        self.seen[key] = one
        before = self.records.get(key) or Record(key, self.links.today)
        if one.reason in memory.NOT_ASKED:
            self.after[key] = before
            return
        self.after[key] = before.after(one, self.links.today, counts)
        # a failure may turn out to be the fault of the network
        if self.journal and not self.fails_anew(key):
            self.journal.add(self.after[key])

    def fails_anew(self, key: str) -> bool:
        """Return whether a link fails, for the first time, in a way that the network may cause."""
        one, before = self.seen[key], self.records.get(key)
        return (
            one.verdict in FAILED
            and one.reason not in {"404", "410"} | memory.NO_SIGN | MISPLACED | DOUBTFUL
            and not (before and before.asked and before.reason in SILENCE | {one.reason})
        )

    def network_keys(self) -> list[str]:
        """Return the keys of the links whose hosts were asked."""
        not_asked = {"catalogue", "time-limit", "host-refuses"}
        return [key for key, one in self.seen.items() if one.reason not in not_asked]

    def host(self, key: str) -> str:
        return self.links.addresses[key].host


async def online(
    links: Links,
    client: Client,
    plan: Plan,
    progress: Progress = lambda done, total, what: None,
) -> Report:
    """Ask what is due, remember it, and report with what was known before.

    If it is cancelled (Ctrl-C), it returns the report on what came back until then, with
    ``stopped`` set.
    """
    records, findings = memory.load(links.root / MEMORY)
    report = Report(findings, partial=plan.only is not None)
    keys = plan.keys(links)
    asked = _Round(links, records, plan.journal, progress)
    asked.prepare(keys, plan)
    captures: dict[str, memory.Capture] = {}
    try:
        async with client:
            async with asyncio.TaskGroup() as group:
                judging = group.create_task(asked.judge_as_they_come())
                await client.ask(map(asked.job, asked.questions), asked.take)
                judging.cancel()
            asked.judge()
            await _ask_in_another_language(asked, client)
            await _ask_neighbours(asked, client)
            if not plan.trust_network:
                report.network_fault, report.note = await _weather(asked, client)
            if plan.archives and not report.network_fault:
                await _find_captures(links, records, asked.seen, client, plan.archives, captures)
    except asyncio.CancelledError:
        asked.judge()
        report.stopped = True
    finally:
        if asked.journal:
            asked.journal.close()
    report.asked, report.waiting = asked.asked, len(keys) - len(asked.seen)
    report.requests.update(
        {name: host.requests for name, host in client.hosts.items() if host.requests}
    )
    if report.network_fault:
        report.records = dict(records)
        report.judge(links, keys, {})
    else:
        forget = plan.only is None and not report.stopped
        report.records = remember(asked, captures, forget)
        report.judge(links, keys, asked.seen)
    return report


async def _ask_in_another_language(asked: _Round, client: Client) -> None:
    """Ask again, without our preference for English, for pages that led to a home page: sites lead
    there when they lack a page in the preferred language.
    """

    def again(job: Job, answer: Answer) -> None:
        if not answer.fault and observe(job.url, answer).reason not in SUSPECT:
            del asked.suspects[job.url]
            asked.record_answer(job, answer)

    jobs = [
        asked.job(url, language(url))
        for url in asked.suspects
        if any(asked.seen[key].reason == "home-page" for key in asked.questions[url])
    ]
    await client.ask(jobs, again)


async def _ask_neighbours(asked: _Round, client: Client) -> None:
    """For each suspect page, ask for an address beside it that cannot exist, and weigh the
    suspicion by the answer.
    """
    beside: dict[str, list[str]] = {}
    for url in asked.suspects:
        beside.setdefault(neighbour(url), []).append(url)

    def weigh(job: Job, answer: Answer) -> None:
        if answer.fault:
            return
        other = Evidence.of(answer)
        for url in beside[job.url]:
            for key in asked.questions[url]:
                seen = asked.seen[key]
                asked.record(key, weighed(seen, asked.suspects[url], other, asked.trusted[key]))

    await client.ask(map(Job, sorted(beside)), weigh)


async def _weather(asked: _Round, client: Client) -> tuple[str, str]:
    """Return a sentence if the network is down, and one if a part of it is.

    If many links fail for the first time, the hosts that still answer show which it is. A failure
    in such a run counts only if the next run sees it again.
    """
    keys = asked.network_keys()
    failed = [key for key in keys if asked.fails_anew(key)]
    _mark_corners(asked, keys)
    if len(keys) < NETWORK_LEAST or len(failed) <= NETWORK_SHARE * len(keys):
        return "", ""
    down = {asked.host(key) for key in failed}
    alive = {asked.host(key) for key in keys} - down
    if len(alive) < NETWORK_SHARE * (len(alive) + len(down)):
        alive |= await _known_good(asked, client, alive | down)
    reasons = Counter(asked.seen[key].reason for key in failed).most_common(3)
    said = (
        f"{len(failed)} of {len(keys)} links failed at once"
        f" ({', '.join(f'{words(reason)}: {count}' for reason, count in reasons)})"
    )
    if len(down) >= CORNER_LEAST and not alive:
        return f"{said}: the fault lies with the network, not with the links", ""
    for key in failed:
        asked.record(key, asked.seen[key], counts=False)
    return "", f"{said}, while {len(alive)} hosts answered: this counts if the next run sees it too"


def _mark_corners(asked: _Round, keys: Iterable[str]) -> None:
    """Find parts of the network, such as a country, of which no host answers while others do.

    That makes no link dead: only the way there is closed.
    """
    silent: dict[str, set[str]] = {}
    alive: set[str] = set()
    unreachable = SILENCE - {"no-such-host"}
    if not any(asked.seen[key].reason in unreachable for key in keys):
        return
    for key in keys:
        if asked.seen[key].reason in unreachable:
            silent.setdefault(_corner(asked.host(key)), set()).add(asked.host(key))
        else:
            alive.add(_corner(asked.host(key)))
    for corner, hosts in silent.items():
        if alive and corner not in alive and len(hosts) >= CORNER_LEAST:
            for key in keys:
                one = asked.seen[key]
                if asked.host(key) in hosts and one.reason in unreachable:
                    message = f"{one.message}, and no other host in its part of the network answers"
                    asked.record(key, replace(one, reason="silent-corner", message=message))


def _corner(host: str) -> str:
    """Return the part of the network to which a host belongs: its last label, or its network."""
    return host.rpartition(".")[0 if as_ip(host) else 2]


async def _known_good(asked: _Round, client: Client, hosts: Set[str]) -> set[str]:
    """Ask a few hosts that worked lately and were not asked now; return those that answer."""
    worked: dict[str, Record] = {}
    for record in asked.records.values():
        host = read(record.address).host
        if record.last_ok and host not in hosts:
            worked[host] = record
    lately = sorted(worked.values(), key=lambda record: record.last_ok or date.min)[-3:]
    answered: set[str] = set()

    def note(job: Job, answer: Answer) -> None:
        if not answer.fault:
            answered.add(read(job.url).host)

    probes = [Job(read(record.address).url) for record in lately]
    await client.ask(probes, note, anyway=True)
    return answered


def remember(
    asked: _Round, captures: Mapping[str, memory.Capture], forget: bool
) -> dict[str, Record]:
    """Return the memory after a run.

    :param forget: drop addresses that the handbook no longer has
    """
    after = {
        key: record
        for key, record in {**asked.records, **asked.after}.items()
        if not forget or key in asked.links.places
    }
    for key, capture in captures.items():
        if key in after:
            after[key] = replace(after[key], capture=capture)
    return after


async def _find_captures(
    links: Links,
    records: Mapping[str, Record],
    seen: Mapping[str, Observation],
    client: Client,
    bases: tuple[str, str],
    found: dict[str, memory.Capture],
) -> None:
    """Ask an archive for the closest capture of each link that has failed and has none yet."""
    wanted = {
        key: links.source_day(key)
        for key, one in seen.items()
        if (one.verdict in {Verdict.DEAD, Verdict.INSECURE} or one.reason in DOUBTFUL)
        and one.reason not in MISPLACED
        and not (key in records and records[key].capture)
    }
    pages = {key: (links.addresses[key].url, day) for key, day in wanted.items()}
    await archives.find_captures(client, pages, links.today, bases, found)
