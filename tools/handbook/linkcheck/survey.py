"""Ask what is due, and put it together with what earlier runs saw."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from handbook.linkcheck import archives, memory
from handbook.linkcheck.address import Kind
from handbook.linkcheck.client import Client, Job
from handbook.linkcheck.inventory import Links
from handbook.linkcheck.memory import MEMORY, Record
from handbook.linkcheck.verdict_report import Report
from handbook.linkcheck.verdicts import (
    DOUBTFUL,
    MISPLACED,
    Answer,
    Observation,
    Verdict,
    observe,
    observe_doi,
    observe_fragment,
)

#: If more than this share of the links asked fail that did not fail before, the network is at
#: fault.
NETWORK_SHARE = 0.2
#: Fewer links than this tell nothing of the network.
NETWORK_LEAST = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask.

    ``only`` narrows to these paths and lines (those of a pull request); ``everything`` asks also
    what is not due. ``doi_base`` is where DOIs are looked up (the handle system's API);
    ``archives`` are the bases of an availability answer and of time maps, in this order, or
    ``None`` to ask no archive. ``trust_network`` takes many failures as they are.
    """

    only: frozenset[tuple[str, int]] | None = None
    everything: bool = False
    doi_base: str = "https://doi.org/api/handles/"
    archives: tuple[str, str] | None = None
    trust_network: bool = False

    def keys(self, links: Links) -> list[str]:
        """The links to look at."""
        return [
            key
            for key, where in links.places.items()
            if self.only is None
            or any((link.place.path, link.place.line) in self.only for link in where)
        ]

    def asks(self, record: Record | None, links: Links) -> bool:
        """Whether to ask for an address of which this is known."""
        return self.everything or self.only is not None or record is None or record.due(links.today)


@dataclass
class _Round:
    """The questions of one run, each with the keys it answers, and what has been seen so far."""

    links: Links
    questions: dict[str, list[str]] = field(default_factory=dict)
    seen: dict[str, Observation] = field(default_factory=dict)
    done: int = 0

    def prepare(self, keys: Iterable[str], plan: Plan, records: Mapping[str, Record]) -> None:
        """Ask once for all anchors of a page; answer from the catalogue what it knows."""
        for key in keys:
            read = self.links.addresses[key]
            deliverable = (
                self.links.catalogue.by_id.get(int(read.id)) if read.kind is Kind.ISO else None
            )
            if deliverable:
                said = f"ISO's catalogue has {deliverable.reference}"
                self.seen[key] = Observation(Verdict.OK, "catalogue", said, type="text/html")
            elif plan.asks(records.get(key), self.links):
                doi = plan.doi_base + quote(read.id, safe="/:;()._-")
                url = doi if read.kind is Kind.DOI else read.url
                self.questions.setdefault(url, []).append(key)

    def jobs(self) -> list[Job]:
        return [
            Job(url, frozenset(filter(None, map(self._fragment, keys))))
            for url, keys in self.questions.items()
        ]

    def _fragment(self, key: str) -> str:
        read = self.links.addresses[key]
        return "" if read.kind is Kind.DOI else read.fragment

    def record_answer(self, job: Job, answer: Answer) -> None:
        self.done += 1
        page: Observation | None = None
        for key in self.questions[job.url]:
            if self.links.addresses[key].kind is Kind.DOI:
                self.seen[key] = observe_doi(answer)
            else:
                page = page or observe(job.url, answer)
                self.seen[key] = observe_fragment(page, answer, self._fragment(key))


async def online(
    links: Links,
    client: Client,
    plan: Plan,
    progress: Callable[[int, int, str], None] = lambda done, total, what: None,
) -> Report:
    """Ask what is due, remember it, and report with what was known before.

    Cancelling it (Ctrl-C) gives the report of what came back until then, with ``stopped`` set.
    """
    report = Report(partial=plan.only is not None)
    records, _ = memory.load(links.root / MEMORY)
    keys = plan.keys(links)
    asked = _Round(links)
    asked.prepare(keys, plan, records)

    def record_answer(job: Job, answer: Answer) -> None:
        asked.record_answer(job, answer)
        progress(asked.done, len(asked.questions), job.url)

    captures: dict[str, memory.Capture] = {}
    try:
        async with client:
            await client.ask(asked.jobs(), record_answer)
            if plan.archives and not network_fault(asked.seen, records, plan):
                await _find_captures(links, records, asked.seen, client, plan.archives, captures)
    except asyncio.CancelledError:
        report.stopped = True
    report.network_fault = network_fault(asked.seen, records, plan)
    report.asked, report.waiting = asked.done, len(keys) - len(asked.seen)
    report.requests.update(
        {name: host.requests for name, host in client.hosts.items() if host.requests}
    )
    if report.network_fault:
        report.records = records
    else:
        forget = plan.only is None and not report.stopped
        report.records = remember(records, asked.seen, links, captures, forget)
        report.judge(links, keys, asked.seen)
    return report


def network_fault(
    seen: Mapping[str, Observation], records: Mapping[str, Record], plan: Plan
) -> str:
    """A sentence if so many links failed at once that the network must be at fault."""
    if plan.trust_network:
        return ""
    not_asked = {"catalogue", "time-limit", "host-refuses"}
    asked = [key for key, one in seen.items() if one.reason not in not_asked]
    failed = [key for key in asked if _fails_anew(seen[key], records.get(key))]
    if len(asked) < NETWORK_LEAST or len(failed) <= NETWORK_SHARE * len(asked):
        return ""
    reasons = Counter(seen[key].reason for key in failed).most_common(3)
    return (
        f"{len(failed)} of {len(asked)} links failed at once"
        f" ({', '.join(f'{reason} {count}' for reason, count in reasons)}):"
        " the network is at fault, not the links"
    )


def _fails_anew(seen: Observation, record: Record | None) -> bool:
    """Whether a link fails in a way that the network may be to blame for, and did not before."""
    return (
        seen.verdict in {Verdict.DEAD, Verdict.UNKNOWN, Verdict.INSECURE}
        and seen.reason not in {"404", "410"} | memory.NO_SIGN | MISPLACED | DOUBTFUL
        and not (record and record.failures)
    )


def remember(
    records: Mapping[str, Record],
    seen: Mapping[str, Observation],
    links: Links,
    captures: Mapping[str, memory.Capture],
    forget: bool,
) -> dict[str, Record]:
    """The memory after a run.

    :param forget: drop addresses that the handbook no longer has
    """
    after = {key: record for key, record in records.items() if not forget or key in links.places}
    for key, one in seen.items():
        if one.reason in memory.NOT_ASKED:
            after.setdefault(key, Record(key, links.today))
        elif one.reason != "catalogue":
            record = after.get(key) or Record(key, links.today)
            after[key] = record.after(one, links.today)
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
    """Ask an archive for the closest capture of each link that failed and has none yet."""
    wanted = {
        key: links.source_day(key)
        for key, one in seen.items()
        if (one.verdict in {Verdict.DEAD, Verdict.INSECURE} or one.reason in DOUBTFUL)
        and one.reason not in MISPLACED
        and not (key in records and records[key].capture)
    }
    pages = {key: (links.addresses[key].url, day) for key, day in wanted.items()}
    await archives.find_captures(client, pages, links.today, bases, found)
