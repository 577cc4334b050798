"""The results of a run: the verdicts of the memory as findings, and the state of the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urldefrag

from handbook.linkcheck import memory
from handbook.linkcheck.address import lookup_address
from handbook.linkcheck.inventory import Links, shortened
from handbook.linkcheck.link_rules import BUILT, CODES, OFFLINE, VERDICT_CODES
from handbook.linkcheck.memory import MEMORY, Record
from handbook.linkcheck.new_addresses import for_sources
from handbook.linkcheck.verdicts import DOUBTFUL, FAILED, MISPLACED, Observation, Verdict, words
from handbook.rules.exceptions import Exceptions
from handbook.rules.findings import Finding, Fix
from handbook.rules.rule import Selection


@dataclass
class Report:
    """What a check found.

    ``network_fault`` is a sentence if the network, not the links, is to blame: then nothing is
    saved; ``note`` is one if a part of it may be. ``partial`` is set if only some of the links were
    checked, ``stopped`` if the run was interrupted.
    """

    findings: list[Finding] = field(default_factory=list)
    asked: int = 0
    waiting: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    records: dict[str, Record] = field(default_factory=dict)
    network_fault: str = ""
    note: str = ""
    partial: bool = False
    stopped: bool = False

    def judge(self, links: Links, keys: Iterable[str], seen: Mapping[str, Observation]) -> None:
        """Count the verdicts of these links, and report those that are not fine."""
        for key in keys:
            record, one = self.records.get(key), seen.get(key)
            if record:
                self.verdicts[record.verdict] += 1
                if record.verdict is not Verdict.OK:
                    self.findings += _findings(links, key, record, one)
            elif one:
                self.verdicts[one.verdict] += 1


def finish(report: Report, links: Links, online: bool, wanted: Selection) -> Report:
    """Add the findings about links as written and about exceptions, and leave out what is excepted
    or not wanted.
    """
    found = [*links.findings, *report.findings]
    known = Exceptions("L")
    known.read_project(links.root / "pyproject.toml")
    whole = online and not report.partial and not report.stopped
    judged = CODES - (frozenset() if links.built else BUILT)
    found = known.apply(found, links.today, judged if whole else judged & OFFLINE)
    # whoever excepted the verdict has looked, and is not asked to look again
    still_open = {(one.place, one.subject) for one in found if one.code != "L208"}
    report.findings = sorted(
        {
            one
            for one in found
            if one.code in wanted and (one.code != "L208" or (one.place, one.subject) in still_open)
        }
    )
    return report


def offline(links: Links, wanted: Selection) -> Report:
    """Return the report that is possible without any network."""
    return finish(Report(memory.load(links.root / MEMORY)[1]), links, False, wanted)


def _findings(
    links: Links, key: str, record: Record, seen: Observation | None
) -> Iterable[Finding]:
    verdict = record.verdict
    unsure = record.reason in DOUBTFUL | MISPLACED and verdict is Verdict.UNKNOWN
    code = "L207" if unsure else VERDICT_CODES.get(verdict, "L204")
    message = _printable(f"{shortened(key)} {verdict}: {_what_was_seen(record, seen)}")
    hint = _printable(_hint(record, seen, links.source_day(key)))
    moved = for_sources(record.final) if verdict is Verdict.MOVED else ""
    for link in links.places[key]:
        fix = Fix(link.place, link.text, moved) if moved and link.kind != "html" else None
        yield Finding(link.place, code, message, hint, key, fix)
    if memory.long_unknown(record, links.today):
        yield Finding(
            links.places[key][0].place,
            "L208",
            f"{shortened(key)} {verdict}: not seen working since"
            f" {_day(record.last_ok or record.first_seen)}: {words(record.reason)}",
            "open it in a browser, and write an exception that says what you saw",
            key,
        )


def _what_was_seen(record: Record, seen: Observation | None) -> str:
    if record.verdict is Verdict.MOVED and record.final:
        return f"it moved permanently to {record.final}"
    said = seen.message if seen else words(record.reason)
    if record.failures and record.verdict in FAILED:
        first = record.failures[0]
        if first != record.asked:
            return f"it has failed since {_day(first)}: {said}"
    return said if seen or not record.asked else f"seen on {_day(record.asked)}: {said}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _printable(text: str) -> str:
    """Return a text that hosts wrote in part, without characters that control a terminal."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


def _hint(record: Record, seen: Observation | None, day: date | None) -> str:
    verdict = record.verdict
    if record.reason in MISPLACED and verdict is not Verdict.MOVED:
        if seen and seen.nearest:
            return f"did you mean #{seen.nearest}?"
        return "open it, and link to a place that is there"
    if verdict is Verdict.MOVED and not for_sources(record.final):
        return (
            "check the new page, and write its address by hand, without session and control"
            " characters"
        )
    if verdict in {Verdict.DEAD, Verdict.INSECURE}:
        if record.capture:
            return f"cite the archived copy of {record.capture.taken}: {record.capture.url}"
        return (
            "find the new address, or look for an archived copy at"
            f" {lookup_address(urldefrag(record.address).url, day)}"
        )
    if record.reason in DOUBTFUL and verdict is Verdict.UNKNOWN:
        return "open it; if it is gone, cite an archived copy, else write an exception with an end"
    return _HINTS.get(verdict, "nothing yet: the next runs ask again")


_HINTS = {
    Verdict.MOVED: "check the new page, then let --fix write its address",
    Verdict.BLOCKED: "open it in a browser; if it is there, write an exception with an end",
    Verdict.REFUSED: "remove the link",
}
