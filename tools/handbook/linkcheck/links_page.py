"""The page of the rules, made from their docstrings."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.linkcheck.client import Settings
from handbook.linkcheck.link_rules import GROUPS, RULES, VERDICT_CODES, Rule
from handbook.linkcheck.memory import (
    DEAD_AFTER_DAYS,
    DEAD_AFTER_FAILURES,
    TIME_TO_LIVE,
    UNKNOWN_TOO_LONG,
)
from handbook.linkcheck.verdicts import FAULTS, Verdict
from handbook.rules.findings import Severity

PAGE = "docs/contributing/links.md"

_HEAD = """\
---
reviewed: "2026-11-25"
description: How the handbook's links are checked, what each verdict means, what the check remembers, and what to do.
page-sources: none
---
(contributing-links)=
# Links: verdicts, memory, rules

A reference whose link is dead loses its proof, and a check that cries wolf is soon ignored.
This one tells *dead* from *blocked* from *not known*, remembers what it saw, and asks each host slowly.

| To | type |
|---|---|
| check without network: addresses, inner links, anchors | `python tools/check_links.py --offline --html build/html` |
| ask what is due | `make links` |
| ask only what your change adds | `python tools/check_links.py --changed main` |
| ask everything | `python tools/check_links.py --all` |
| write the new addresses of moved links | `python tools/check_links.py --fix` (shows the changes and asks) |
| ask the Wayback Machine for copies of dead links | `python tools/check_links.py --archives` |
| ask hosts of your own faster | `--allow-private 127.0.0.0/8 --per-host 5 --pace 0 --at-once 200` |
| read one rule | `python tools/check_links.py --explain L201` |
| get the findings for a program or an issue | `--format json`, `github`, `sarif` or `markdown` |

The exit status is 0 if nothing fails the check, 1 for findings, 2 if the check could not run.
If more than a fifth of the links that were asked fail at once, the network is at fault:
the check says so, changes no memory and ends with 2.

(contributing-links-verdicts)=
## Verdicts

"""

_MEANING = {
    Verdict.OK: ("the page is there, and the anchor in it", "nothing"),
    Verdict.MOVED: (
        "a permanent redirect (301, 308) leads to a page that is there",
        "look at the new page; `--fix` writes its address",
    ),
    Verdict.DEAD: (
        "404, 410, no such host; or failures on several days",
        "find the new address, or cite an archived copy",
    ),
    Verdict.BLOCKED: (
        "401, 403, 429 or a wall against programs: says nothing about the page",
        "open it in a browser; write an exception with an end",
    ),
    Verdict.UNKNOWN: (
        (
            "time-out, error of the server, broken connection; no such anchor, or signs of a page"
            " that is not the one meant ([L207](#link-l207))"
        ),
        "nothing at first: the next runs ask again",
    ),
    Verdict.INSECURE: (
        "the TLS certificate is not valid",
        "find another address, or cite an archived copy",
    ),
    Verdict.MALFORMED: ("the address breaks the syntax of addresses", "copy it again"),
    Verdict.REFUSED: (
        "a private network or a foreign scheme, at once or after a redirect; never asked",
        "take it out, or `--allow-private` on purpose",
    ),
}

_MEMORY = """
(contributing-links-memory)=
## What is remembered

`references/links.jsonl` has a line for each address: the day it was first seen, last asked and last well, the last
answer, the days on which it failed since, the address it moved to, its media type, and the archived copy if an archive
named one. The weekly workflow keeps the file; nobody edits it by hand. After a conflict take either side.
As long as the file calls a source dead and knows a copy, the bibliography shows *archived copy* beside it.

- A link is dead after failures on {failures} days that are at least {days} days apart, or at once if its host says so unmistakably. One success forgets all failures.
- An address is asked again after {ttl}; up to a quarter is added by chance, always the same for the same address.
- What is not known or blocked for more than {long} days is for a person to look at.
- Addresses that no page names any longer are forgotten.
- `--archives` asks for the capture closest to the source's date: first the Wayback Machine's availability answer, then its time map. No capture is made up: what an archive did not name is not shown.

(contributing-links-weekly)=
## The weekly run

`.github/workflows/links.yml` asks each week what is due, commits `references/links.jsonl` to the branch it runs on, and keeps
one issue, *Links to fix*, with the label *link check*. The issue lists all findings but those with [L204](#link-l204),
which need no one. It is opened when there is something to do, updated each week, closed when nothing is left, and opened again.
The memory is committed without a pull request: no one can review what a host answered, and a memory that waits would
forget the days on which a link failed. On a protected branch allow the workflow to push.
If the network was at fault, memory and issue stay as they were and the run fails.

## Exceptions

Write the code, the pattern of the address, the reason and the last day into `pyproject.toml`:

```toml
[tool.handbook.checks]
exceptions = [
  {{code = "L203", address = "https://www.example.org/*", reason = "lets only browsers in; seen on 23 November 2026", until = "2027-05-31"}},
]
```

The code says which verdict is accepted; `path` (a pattern of the file) and `text` (a part of the message) narrow it.
The link is still asked and remembered. An exception that has ended, or that covers nothing, is itself a finding.

## How hosts are asked

{per_host} requests at once and {pace} seconds between two requests to one host, {at_once} at once to all (`--per-host`, `--pace`,
`--at-once` change it: for hosts of your own only). `Retry-After` is obeyed up to {wait} seconds; a page that asks for more
is left to another run, and so is a host that refuses {refusals} times in a row. What fails comes again after all others, {tries} times in all, each time later. A request ends after {deadline} seconds,
a chain of redirects after {hops} steps, a run after {time_limit} minutes (`--time-limit`). `--contact ADDRESS` tells hosts who asks.
A page is asked once for all its anchors, and read only as far as they stand. Nothing is ever asked in a private network,
unless `--allow-private` names it. `HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE` of the environment are used.
`iso.org/standard/N` is judged by our extract of ISO's catalogue, a DOI by the DOI system's own register.
"""

_FAULTS_HEAD = """
## Faults of the way

| reason | meaning | verdict of one look | asked again in the same run |
|---|---|---|---|
"""


def page() -> str:
    """The whole page as MyST."""
    return "".join(
        [
            _HEAD,
            *_verdicts(),
            _memory(),
            _FAULTS_HEAD,
            *_faults(),
            *_groups(),
            (
                "\nThis page is made from the rules: `python tools/check_links.py --write-page`"
                " writes it.\n"
            ),
        ]
    )


def _verdicts() -> Iterator[str]:
    yield "| verdict | what was seen | what to do | code |\n|---|---|---|---|\n"
    codes = {**VERDICT_CODES, Verdict.MALFORMED: "L001", Verdict.OK: ""}
    for verdict in Verdict:
        seen, mend = _MEANING[verdict]
        code = codes[verdict]
        yield (
            f"| {verdict} | {seen} | {mend} |"
            f" {f'[{code}](#link-{code.lower()})' if code else ''} |\n"
        )


def _memory() -> str:
    times: dict[int, list[str]] = {}
    for verdict, days in TIME_TO_LIVE.items():
        times.setdefault(days, []).append(str(verdict))
    ttl = "; ".join(
        f"{days} {'day' if days == 1 else 'days'} ({', '.join(verdicts)})"
        for days, verdicts in sorted(times.items(), reverse=True)
    )
    manners = Settings()
    return _MEMORY.format(
        failures=DEAD_AFTER_FAILURES,
        days=DEAD_AFTER_DAYS,
        ttl=ttl,
        long=UNKNOWN_TOO_LONG,
        per_host=manners.per_host,
        pace=f"{manners.pace:g}",
        at_once=manners.at_once,
        wait=f"{manners.longest_wait:g}",
        tries=manners.tries,
        deadline=f"{manners.deadline:g}",
        hops=manners.hops,
        refusals=3 * manners.tries,
        time_limit=f"{manners.time_limit / 60:g}",
    )


def _faults() -> Iterator[str]:
    for reason, (verdict, retry, text) in FAULTS.items():
        yield f"| `{reason}` | {text} | {verdict} | {'yes' if retry else 'no'} |\n"


def _groups() -> Iterator[str]:
    for group in GROUPS.values():
        yield f"\n## {group}\n"
        for code, rule in sorted(RULES.items()):
            if rule.group == group:
                yield "\n" + _rule(code, rule)


def _rule(code: str, rule: Rule) -> str:
    advice = (
        "This is advice: it does not fail the check.\n\n"
        if rule.severity is Severity.ADVICE
        else ""
    )
    return (
        f"(link-{code.lower()})=\n### {code}\n\n{rule.text}\n\n{advice}**Why.** {rule.why}\n\n"
        f"**Example of what is found**\n\n```text\n{rule.example}\n```\n\n**Mend.** {rule.mend}\n"
    )
