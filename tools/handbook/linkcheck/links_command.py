"""What ``tools/check_links.py`` does, with the day, the streams and the client as arguments."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from handbook import cli
from handbook.cli import HandbookError
from handbook.linkcheck import git_history, inventory, memory, verdict_report
from handbook.linkcheck.address import as_ip, host_name, is_public
from handbook.linkcheck.inventory import Links
from handbook.linkcheck.link_rules import CODES
from handbook.linkcheck.manners import Settings, user_agent
from handbook.linkcheck.verdict_report import Report
from handbook.linkcheck.verdicts import Verdict
from handbook.rules import findings, fixes, rule_pages
from handbook.rules.findings import Finding
from handbook.rules.rule import Selection, Severity, require_known

if TYPE_CHECKING:
    from handbook.linkcheck.client import Client


def main(
    options: argparse.Namespace,
    today: date,
    out: TextIO = sys.stdout,
    make_client: Callable[[Settings], Client] | None = None,
) -> int:
    """Run the command and return its exit status.

    :raises HandbookError: if it cannot run
    """
    if options.explain:
        return rule_pages.explain(options.explain, out)
    require_known([*options.select, *options.ignore], CODES)
    wanted = Selection(tuple(options.select), tuple(options.ignore))
    settings = _settings(options)
    links = _links(options, today, settings)
    if options.offline:
        report = verdict_report.offline(links, wanted)
    else:
        report = _ask(options, links, settings, make_client)
    if not options.offline:
        report = verdict_report.finish(report, links, not report.network_fault, wanted)
        if not report.network_fault and not options.no_save:
            memory.save(links.root / memory.MEMORY, report.records.values())
    said = summary(report, links, options.offline)
    if options.format == "text":
        _print_for_people(report.findings, links.root, out)
        print(said, file=out)
    else:
        texts = rule_pages.texts()
        findings.write(
            report.findings, options.format, texts, links.root, said, out, "Links to fix"
        )
    if report.network_fault:
        raise HandbookError(
            f"{report.network_fault}; the memory is unchanged",
            "try again later, or --trust-network",
        )
    if report.stopped:
        print("check_links: stopped; what came back until then is remembered", file=sys.stderr)
        return cli.STOPPED
    if options.fix:
        return fix(report, links.root, options.yes, out)
    return findings.exit_status(report.findings)


def _print_for_people(found: list[Finding], root: Path, out: TextIO) -> None:
    """Print errors first, then advice; each line says which it is."""
    for severity in Severity:
        some = [
            replace(one, message=f"{severity}: {one.message}")
            for one in found
            if one.severity is severity
        ]
        if some:
            print(findings.as_text(some, root), file=out)


def _links(options: argparse.Namespace, today: date, settings: Settings) -> Links:
    root = options.root.resolve()
    if not (root / "docs").is_dir():
        raise HandbookError(
            f"{root} is not a handbook: it has no folder docs", "name the handbook with --root"
        )
    html = options.html.resolve() if options.html else None
    if html and not html.is_dir():
        raise HandbookError(f"{html} is not a folder", "build the pages first: make html")
    former = git_history.former_pages(root) if html else {}
    return inventory.gather(root, today, html, former, _permission(settings))


def _settings(options: argparse.Namespace) -> Settings:
    networks, hosts = allowed(options.allow_private)
    proxies = urllib.request.getproxies()
    return Settings(
        allowed=networks,
        allowed_hosts=hosts,
        time_limit=options.time_limit,
        concurrency=options.concurrency,
        per_host=options.per_host,
        delay=options.delay,
        user_agent=user_agent(options.contact),
        proxies={name: url for name, url in proxies.items() if name in {"http", "https"}},
        no_proxy=lambda host: bool(urllib.request.proxy_bypass(host)),
    )


def allowed(texts: list[str]) -> tuple[tuple[IPv4Network | IPv6Network, ...], frozenset[str]]:
    """Return the networks and the host names in ``--allow-private``.

    :raises HandbookError: for a network with bits set outside of its mask
    """
    networks, hosts = [], set()
    for text in texts:
        try:
            networks.append(ip_network(text))
        except ValueError as error:
            if text[:1].isdigit() or ":" in text:
                raise HandbookError(
                    f"--allow-private {text}: {error}", "write 10.0.0.0/8 or a host name"
                ) from None
            try:
                hosts.add(host_name(text))
            except ValueError as wrong:
                raise HandbookError(
                    f"--allow-private {text}: {wrong}", "write 10.0.0.0/8 or a host name"
                ) from None
    return tuple(networks), frozenset(hosts)


def _permission(settings: Settings) -> Callable[[str], bool]:
    @cache
    def may_ask(host: str) -> bool:
        literal = as_ip(host)
        return host in settings.allowed_hosts or (
            literal is not None
            and (is_public(host) or any(literal in network for network in settings.allowed))
        )

    return may_ask


def _ask(
    options: argparse.Namespace,
    links: Links,
    settings: Settings,
    make_client: Callable[[Settings], Client] | None,
) -> Report:
    # the modules for the network take as long to load as all the rest
    from concurrent.futures import ThreadPoolExecutor

    from handbook.linkcheck import archives, survey
    from handbook.linkcheck.client import Client

    only = None
    if options.changed:
        places = [link.place for where in links.places.values() for link in where]
        only = git_history.changed_places(
            links.root, options.changed, ((place.path, place.line) for place in places)
        )
    plan = survey.Plan(
        only=only,
        everything=options.all,
        trust_network=options.trust_network,
        journal=not options.no_save,
        archives=(archives.AVAILABILITY, archives.TIME_MAP) if options.archives else None,
    )

    reports: list[Report] = []

    async def ask() -> None:
        task = asyncio.current_task()
        assert task
        loop = asyncio.get_running_loop()
        # a slow name server holds a thread, and must not delay the look-ups of other hosts
        loop.set_default_executor(ThreadPoolExecutor(settings.concurrency, "lookup"))
        # Windows has no such signals, and only the main thread may set them
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGTERM, task.cancel)
        client = (make_client or Client)(settings)
        # kept here, since asyncio.run would format all that its task returns, and throw it away
        reports.append(await survey.online(links, client, plan, progress))

    bar = cli.ProgressBar(sys.stderr)

    def progress(done: int, total: int, what: str) -> None:
        bar.draw(done / max(total, 1), f"{done}/{total} {what[:48]}")

    try:
        asyncio.run(ask())
    finally:
        bar.clear()
    return reports[0]


def summary(report: Report, links: Links, offline: bool) -> str:
    """Return one line on what was checked, and one on the result."""
    looked = f"{links.count:,} links to {len(links.addresses):,} addresses"
    if links.built and links.built.anchors:
        pages = len(links.built.anchors)
        looked += f", {links.built.links:,} links within {pages:,} built pages"
    out = findings.tally(report.findings)
    if offline:
        return f"{looked} checked offline: {out}"
    known = ", ".join(
        f"{count} {verdict}" for verdict in Verdict if (count := report.verdicts[verdict])
    )
    asked = (
        f"{sum(report.requests.values()):,} requests to {len(report.requests):,} hosts for"
        f" {report.asked:,} pages"
    )
    note = f"{report.note}\n" if report.note else ""
    return f"{looked}; {asked}\n{note}{known or 'nothing known'}: {out}"


def fix(report: Report, root: Path, yes: bool, out: TextIO) -> int:
    """Show the new addresses, ask, write them; return 0 if nothing is left to fix, else 1."""
    from handbook.linkcheck.new_addresses import write_address

    safe = [finding.fix for finding in report.findings if finding.fix]
    changes, left = fixes.changed(safe, root, write_address)
    for one in left:
        print(
            f"{one.place}: the new address {one.new} is not written, since {one.old} is not found"
            " as written (hint: write it by hand)",
            file=out,
        )
    if not changes:
        print("no address to write", file=out)
        return findings.exit_status(report.findings)
    written = fixes.offer(changes, root, yes, out)
    return findings.exit_status(report.findings) if written else 1
