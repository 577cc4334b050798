"""Check the links of a handbook: offline what needs no network, online what is due, both with the
memory in mind.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag

from handbook.linkcheck import address, archives, internal, memory
from handbook.linkcheck.address import Address, Kind
from handbook.linkcheck.client import Client, Job
from handbook.linkcheck.collect import MEMORY, Link, collect
from handbook.linkcheck.link_rules import BUILT, CODES, OFFLINE, VERDICT_CODES
from handbook.linkcheck.memory import Record
from handbook.linkcheck.verdicts import Answer, Observation, Verdict, observe, observe_fragment
from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import Catalogue
from handbook.rules import fixes
from handbook.rules.exceptions import Exceptions
from handbook.rules.findings import Finding, Fix, Place

#: If more than this share of the links asked fail that did not fail before, the network is at
#: fault.
NETWORK_SHARE = 0.2
#: Fewer links than this tell nothing of the network.
NETWORK_LEAST = 10
_DOUBTFUL = frozenset({"soft-404", "parked", "home-page"})
#: The page is there, but not the place in it.
_PLACES = frozenset({"anchor"})


@dataclass
class Report:
    """What a check found. ``network_fault`` is a sentence if the network, not the links, is to
    blame: then nothing is saved.

    ``partial`` says that only some of the links were looked at, ``stopped`` that the run was.
    """

    findings: list[Finding] = field(default_factory=list)
    fixes: list[Fix] = field(default_factory=list)
    links: int = 0
    addresses: int = 0
    inner_links: int = 0
    pages: int = 0
    asked: int = 0
    waiting: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    records: dict[str, Record] = field(default_factory=dict)
    network_fault: str = ""
    partial: bool = False
    stopped: bool = False


@dataclass
class Links:
    """The links of a handbook by what they are known by, and what is wrong with them as written."""

    root: Path
    today: date
    addresses: dict[str, Address] = field(default_factory=dict)
    places: dict[str, list[Link]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    built: internal.Built | None = None
    bibliography: Bibliography = field(default_factory=lambda: Bibliography(()))
    catalogue: Catalogue = field(default_factory=lambda: Catalogue(()))
    links: int = 0


def gather(
    root: Path,
    today: date,
    html: Path | None = None,
    former: Mapping[str, str] | None = None,
    may_ask: Callable[[str], bool] = address.is_public,
) -> Links:
    """Collect all links and judge what can be judged without network.

    :param html: the built handbook, to check links within it; ``None`` leaves them unchecked
    :param former: pages published once, with what became of each
    :param may_ask: whether an IP address, or a name that can never be public, may be asked
    :raises OSError: if ``html`` cannot be read
    """
    found = Links(root, today)
    found.bibliography = Bibliography.load((root / "references").glob("*.bib"))
    found.catalogue = Catalogue.read(root / "references")[0]
    links = collect(root)
    if html is not None:
        found.built = internal.read(html)
        docs = root / "docs"
        found.findings += internal.check(found.built, root, docs if docs.is_dir() else None, former)
        known = {address.read(link.text).key for link in links} | {
            source.memento_url or "" for source in found.bibliography.sources.values()
        }
        # what directives make of our data stands in the built pages only; look-ups of archives are
        # made to be tried by people
        others = [
            value
            for value in found.built.outward
            if not _is_lookup(value) and address.read(value).key not in known
        ]
        links += [
            Link(place, value, "html")
            for value, place in internal.outward_places(found.built, root, others).items()
        ]
    found.links = len(links)
    for link in links:
        read = address.read(link.text)
        found.findings += _as_written(link, read, found.catalogue, may_ask)
        if read.kind in {Kind.WEB, Kind.DOI, Kind.ISO}:
            found.addresses.setdefault(read.key, read)
            found.places.setdefault(read.key, []).append(link)
    return found


def _is_lookup(value: str) -> bool:
    memento = address.memento_of(value)
    return bool(memento and len(memento[0]) < 14)


def _as_written(
    link: Link, read: Address, catalogue: Catalogue, may_ask: Callable[[str], bool]
) -> Iterable[Finding]:
    if read.kind is Kind.MALFORMED:
        code = "L004" if address.scheme(link.text) in {"mailto", "tel"} else "L001"
        yield Finding(
            link.place, code, f"{_short(link.text)} is malformed: {read.problem}", read.hint
        )
    elif read.kind is Kind.REFUSED:
        yield Finding(link.place, "L002", f"{_short(link.text)}: {read.problem}", read.hint)
    elif read.kind is Kind.ISO and int(read.id) not in catalogue.by_id:
        yield Finding(
            link.place,
            "L005",
            f"{read.url} is not in our extract of ISO's catalogue",
            "look at the number; leave it if another committee owns the deliverable",
        )
    elif read.kind is Kind.WEB:
        if (address.as_ip(read.host) or address.is_local_name(read.host)) and not may_ask(
            read.host
        ):
            yield Finding(
                link.place,
                "L003",
                f"{_short(link.text)} leads into a private network",
                "link to the public address",
            )
        elif _is_lookup(read.url):
            yield Finding(
                link.place,
                "L006",
                f"{_short(link.text)} names no single capture",
                "copy the address of one capture, with its 14 digits",
            )


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


def judged_codes(online: bool, html: bool) -> frozenset[str]:
    """The codes that a run of this kind can find."""
    return CODES - (frozenset() if html else BUILT) - (frozenset() if online else CODES - OFFLINE)


def finish(
    report: Report,
    links: Links,
    online: bool,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Report:
    """Put the findings together: those of the links as written, of the memory file, of exceptions;
    narrowed as asked.
    """
    found = [*links.findings, *report.findings]
    path = links.root / MEMORY
    found += (
        Finding(
            Place(MEMORY, problem.line),
            "L301",
            problem.message,
            "resolve the conflict, or delete the line",
        )
        for problem in memory.load(path)[1]
    )
    known = Exceptions("L")
    known.read_project(links.root / "pyproject.toml")
    judged = judged_codes(
        online and not report.partial and not report.stopped, links.built is not None
    )
    found = known.apply(found, links.today, judged)
    # whoever has excepted the verdict has looked, and is not asked to look again
    open_ = {
        (finding.place, finding.message.split(" ", 1)[0])
        for finding in found
        if finding.code != "L208"
    }
    found = [
        finding
        for finding in found
        if finding.code != "L208" or (finding.place, finding.message.split(" ", 1)[0]) in open_
    ]
    wanted, unwanted = tuple(select), tuple(ignore)
    report.findings = sorted(
        {
            finding
            for finding in found
            if (not wanted or finding.code.startswith(wanted))
            and not (unwanted and finding.code.startswith(unwanted))
        }
    )
    report.links, report.addresses = links.links, len(links.addresses)
    if links.built:
        report.inner_links, report.pages = links.built.links, len(links.built.anchors)
    return report


def offline(links: Links, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Report:
    """What can be said with no network at all."""
    return finish(Report(), links, False, select, ignore)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask. ``only`` narrows to these places (a pull request's); ``everything`` asks also
    what is not due.

    ``doi_base`` is where DOIs are looked up (the handle system's API); ``archives`` are the bases
    of an availability answer and of time maps, in this order, or ``None`` to ask no archive.
    ``trust_network`` takes many failures as they are.
    """

    only: frozenset[tuple[str, int]] | None = None
    everything: bool = False
    doi_base: str = "https://doi.org/api/handles/"
    archives: tuple[str, str] | None = None
    trust_network: bool = False


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
    keys = [
        key
        for key, where in links.places.items()
        if plan.only is None
        or any((link.place.path, link.place.line) in plan.only for link in where)
    ]
    seen: dict[str, Observation] = {}
    jobs: dict[str, Job] = {}
    wanted: dict[str, list[str]] = {}
    for key in keys:
        read = links.addresses[key]
        if read.kind is Kind.ISO and int(read.id) in links.catalogue.by_id:
            deliverable = links.catalogue.by_id[int(read.id)]
            seen[key] = Observation(
                Verdict.OK,
                "catalogue",
                f"ISO's catalogue has {deliverable.reference}",
                type="text/html",
            )
        elif (
            plan.everything
            or plan.only is not None
            or key not in records
            or records[key].due(links.today)
        ):
            url = (
                plan.doi_base + quote(read.id, safe="/:;()._-")
                if read.kind is Kind.DOI
                else read.url
            )
            wanted.setdefault(url, []).append(key)
    for url, its_keys in wanted.items():
        jobs[url] = Job(
            url,
            frozenset(
                fragment
                for key in its_keys
                if (fragment := links.addresses[key].fragment)
                and links.addresses[key].kind is not Kind.DOI
            ),
        )
    done = 0

    def take(job: Job, answer: Answer) -> None:
        nonlocal done
        done += 1
        page: Observation | None = None
        for key in wanted[job.url]:
            read = links.addresses[key]
            if read.kind is Kind.DOI:
                seen[key] = observe_doi(answer)
            else:
                page = page or observe(job.url, answer)
                seen[key] = observe_fragment(page, answer, read.fragment)
        progress(done, len(jobs), job.url)

    captures: dict[str, memory.Capture] = {}
    try:
        async with client:
            await client.ask(jobs.values(), take)
            report.network_fault = "" if plan.trust_network else network_fault(seen, records)
            if plan.archives and not report.network_fault:
                await _captures(links, records, seen, client, plan.archives, captures)
    except asyncio.CancelledError:
        report.stopped = True
        report.network_fault = "" if plan.trust_network else network_fault(seen, records)
    report.asked, report.waiting = done, len(keys) - len(seen)
    report.requests.update(
        {name: host.requests for name, host in client.hosts.items() if host.requests}
    )
    if report.network_fault:
        report.records = records
        return report
    report.records = remember(
        records, seen, links, captures, forget=plan.only is None and not report.stopped
    )
    _report(report, links, keys, seen)
    return report


def observe_doi(answer: Answer) -> Observation:
    """What the handle system's answer says of a DOI (responseCode 1: found, 100: not found; ISO
    26324, handle API).
    """

    def made(verdict: Verdict, reason: str, message: str) -> Observation:
        return Observation(
            verdict, reason, message, requests=answer.requests, seconds=answer.seconds
        )

    try:
        code = json.loads(answer.text)["responseCode"] if answer.text else None
    except (ValueError, KeyError, TypeError, RecursionError):
        code = None
    if code == 1:
        return made(Verdict.OK, "doi", "the DOI is registered")
    if code == 100:
        return made(Verdict.DEAD, "doi", "no such DOI is registered")
    if answer.fault or answer.status not in {200, 404}:
        return observe(answer.url, answer)
    return made(Verdict.UNKNOWN, "doi-unclear", "the DOI resolver's answer is not understood")


def network_fault(seen: Mapping[str, Observation], records: Mapping[str, Record]) -> str:
    """A sentence if so many links failed at once that the network must be at fault, else nothing."""
    asked = {
        key: one
        for key, one in seen.items()
        if one.reason != "catalogue" and one.reason not in {"time-limit", "host-refuses"}
    }
    failed = [
        key
        for key, one in asked.items()
        if one.verdict in {Verdict.DEAD, Verdict.UNKNOWN, Verdict.INSECURE}
        and one.reason not in {"404", "410", *memory.NO_SIGN, *_PLACES, *_DOUBTFUL}
        and not (key in records and records[key].failures)
    ]
    if len(asked) < NETWORK_LEAST or len(failed) <= NETWORK_SHARE * len(asked):
        return ""
    reasons = Counter(seen[key].reason for key in failed)
    told = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common(3))
    return (
        f"{len(failed)} of {len(asked)} links failed at once ({told}): the network is at fault, not"
        " the links"
    )


def remember(
    records: Mapping[str, Record],
    seen: Mapping[str, Observation],
    links: Links,
    captures: Mapping[str, memory.Capture],
    forget: bool,
) -> dict[str, Record]:
    """The memory after a run. ``forget`` drops addresses that the handbook no longer has."""
    after = {key: record for key, record in records.items() if not forget or key in links.places}
    for key, one in seen.items():
        if one.reason == "catalogue" or (one.reason in memory.NOT_ASKED and key in after):
            continue
        record = after.get(key) or Record(key, links.today)
        after[key] = (
            record.after(one, links.today) if one.reason not in memory.NOT_ASKED else record
        )
    for key, capture in captures.items():
        if key in after:
            after[key] = replace(after[key], capture=capture)
    return after


async def _captures(
    links: Links,
    records: Mapping[str, Record],
    seen: Mapping[str, Observation],
    client: Client,
    bases: tuple[str, str],
    found: dict[str, memory.Capture],
) -> None:
    """Ask an archive for the closest capture of each link that failed and has none yet.

    The short availability answer first; where it names none, the time map, if it is short enough to
    be read whole.
    """
    wanted = [
        key
        for key, one in seen.items()
        if (one.verdict in {Verdict.DEAD, Verdict.INSECURE} or one.reason in _DOUBTFUL)
        and one.reason not in _PLACES
        and not (key in records and records[key].capture)
    ]

    async def ask(
        question: Callable[[str], str], read: Callable[[str, Answer], memory.Capture | None]
    ) -> None:
        questions: dict[str, list[str]] = {}
        for key in wanted:
            if key not in found:
                questions.setdefault(question(key), []).append(key)

        def take(job: Job, answer: Answer) -> None:
            for key in questions[job.url]:
                capture = read(key, answer) if not answer.fault and answer.status == 200 else None
                if capture:
                    found[key] = capture

        await client.ask(map(Job, questions), take)

    def url(key: str) -> str:
        return links.addresses[key].url

    await ask(
        lambda key: archives.availability_address(url(key), near(links, key), bases[0]),
        lambda key, answer: archives.closest_available(answer.text, url(key)),
    )
    await ask(
        lambda key: bases[1] + url(key),
        lambda key, answer: (
            archives.closest_in_time_map(answer.text, url(key), near(links, key) or links.today)
            if answer.whole
            else None
        ),
    )


def near(links: Links, key: str) -> date | None:
    """The day a source bears, or was read on, for the look-up of its capture."""
    for link in links.places[key]:
        source = links.bibliography.sources.get(link.key)
        if source:
            day = source.date if not source.date.is_unknown else source.read
            if day and day.earliest:
                return day.earliest
    return None


def _report(
    report: Report, links: Links, keys: Iterable[str], seen: Mapping[str, Observation]
) -> None:
    for key in keys:
        record = report.records.get(key)
        one = seen.get(key)
        if record is None:
            if one:
                report.verdicts[one.verdict] += 1
            continue
        verdict = record.verdict
        report.verdicts[verdict] += 1
        if verdict is Verdict.OK:
            continue
        code = (
            "L207"
            if record.reason in _DOUBTFUL | _PLACES and verdict is Verdict.UNKNOWN
            else VERDICT_CODES.get(verdict, "L204")
        )
        said = one.message if one else f"as seen on {record.asked}: {record.reason}"
        if verdict is Verdict.MOVED and record.final:
            said = f"it moved permanently to {record.final}"
        if verdict is Verdict.DEAD and record.seen is not Verdict.DEAD:
            said += f"; it fails since {record.failures[0]}"
        message = f"{_short(key)} {verdict}: {said}"
        hint = _hint(record, verdict, near(links, key))
        for link in links.places[key]:
            report.findings.append(Finding(link.place, code, message, hint))
            if verdict is Verdict.MOVED and record.final and link.kind != "html":
                report.fixes.append(Fix(link.place, link.text, record.final))
        if memory.long_unknown(record, links.today):
            since = record.last_ok or record.first_seen
            report.findings.append(
                Finding(
                    links.places[key][0].place,
                    "L208",
                    f"{_short(key)} {verdict}: not seen well since {since}",
                    "open it in a browser, and write an exception that says what you saw",
                )
            )


def _hint(record: Record, verdict: Verdict, day: date | None) -> str:
    if verdict is Verdict.MOVED:
        return "look at the new page, then let --fix write its address"
    if record.reason in _PLACES:
        return "open it, and link to a place that is there"
    if verdict in {Verdict.DEAD, Verdict.INSECURE}:
        if record.capture:
            return f"cite the archived copy of {record.capture.taken}: {record.capture.url}"
        return (
            "find the new address, or look for an archived copy at"
            f" {archives.lookup_address(urldefrag(record.address).url, day)}"
        )
    if verdict is Verdict.BLOCKED:
        return "open it in a browser; if it is there, write an exception with an end"
    if verdict is Verdict.REFUSED:
        return "take the link out"
    if record.reason in _DOUBTFUL:
        return "open it; if it is gone, cite an archived copy, else write an exception with an end"
    return "nothing yet: the next runs ask again"


def changed_places(diff: str) -> frozenset[tuple[str, int]]:
    """The lines that a unified diff adds, as path and number."""
    places: set[tuple[str, int]] = set()
    path, number = "", 0
    for line in diff.splitlines():
        if line.startswith("+++ "):
            name = line[4:].partition("\t")[0]
            if name.startswith('"'):
                name = unquote(
                    name.strip('"')
                    .encode("latin-1")
                    .decode("unicode_escape")
                    .encode("latin-1")
                    .decode("utf-8", "replace")
                )
            path = name.removeprefix("b/")
        elif line.startswith("@@ "):
            number = int(line.split("+", 1)[1].split(" ", 1)[0].split(",", 1)[0])
        elif line.startswith("+") and path:
            places.add((path, number))
            number += 1
        elif line.startswith(" "):
            number += 1
    return frozenset(places)


def former_pages(log: str, present: Iterable[str] = ()) -> dict[str, str]:
    """Pages that ``git log --diff-filter=DR --name-status -- docs`` says are gone, below ``docs``,
    with what became of each.
    """
    gone: dict[str, str] = {}
    for line in log.splitlines():
        parts = line.split("\t")
        if (
            len(parts) < 2
            or parts[0][:1] not in {"D", "R"}
            or not parts[1].startswith("docs/")
            or not parts[1].endswith(".md")
        ):
            continue
        fate = f"renamed to {parts[2]}" if parts[0][0] == "R" and len(parts) > 2 else "deleted"
        gone.setdefault(parts[1].removeprefix("docs/"), fate)
    for path in present:
        gone.pop(path, None)
    return gone


#: How an address may stand in a source: as it is, in HTML, in BibTeX, in JSON, with the letters of
#: its readers.
_FORMS: tuple[Callable[[str], str], ...] = (
    str,
    lambda text: html.escape(text, quote=False),
    lambda text: re.sub(r"([&%#_$])", r"\\\1", text),
    lambda text: text.replace("/", "\\/"),
    unquote,
)


def fixed_files(report: Report, root: Path) -> tuple[dict[Path, tuple[str, str]], list[Fix]]:
    """Each file that new addresses touch, before and after; and the new addresses whose old ones
    cannot be found there.

    An address stands at its place, or later in the line (the place of raw HTML is its tag's), or
    where Markdown defines it.
    """
    kept = {finding.place for finding in report.findings if finding.code == "L202"}
    return fixes.changed((fix for fix in report.fixes if fix.place in kept), root, _fix)


def _fix(lines: list[str], fix: Fix) -> bool:
    number, start = fix.place.line - 1, fix.place.column - 1
    for form in _FORMS:
        old, new = re.escape(form(fix.old)), form(fix.new) if form is not unquote else fix.new
        match = re.compile(old).match(lines[number], start) or re.compile(
            rf"(?<=[\"'=]){old}(?=[\"'\s>]|$)"
        ).search(lines[number], start)
        if match:
            lines[number] = lines[number][: match.start()] + new + lines[number][match.end() :]
            return True
        # several links may share a definition, and the first of them has fixed it
        definition = re.compile(
            rf"([ \t>]*\[[^\]]+\]:[ \t]*<?)(?:{old}|({re.escape(new)}))(?=>?(?:[ \t\r]|$))"
        )
        found = [(at, match) for at, line in enumerate(lines) if (match := definition.match(line))]
        for at, match in found:
            lines[at] = match[1] + new + lines[at][match.end() :]
        if found:
            return True
    return False
