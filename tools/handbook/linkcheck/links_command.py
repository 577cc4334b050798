"""What ``tools/check_links.py`` does, with the day, the streams and the client as arguments."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TextIO

from handbook import cli
from handbook.cli import HandbookError
from handbook.linkcheck import memory, survey
from handbook.linkcheck.address import as_ip, is_public
from handbook.linkcheck.client import Client, Settings, user_agent
from handbook.linkcheck.collect import MEMORY
from handbook.linkcheck.link_rules import CODES
from handbook.linkcheck.survey import Links, Plan, Report
from handbook.linkcheck.verdicts import Verdict
from handbook.rules import findings, fixes, rule_pages
from handbook.rules.rule import require_known


def main(
    options: argparse.Namespace,
    today: date,
    out: TextIO = sys.stdout,
    make_client: Callable[[Settings], Client] = Client,
) -> int:
    """Run the command and return its exit status.

    :raises HandbookError: if it cannot run
    """
    if options.explain:
        return rule_pages.explain(options.explain, out)
    root = options.root.resolve()
    select, ignore = options.select, options.ignore
    require_known([*select, *ignore], CODES)
    if not (root / "docs").is_dir():
        raise HandbookError(
            f"{root} is no handbook: it has no folder docs", "name the handbook with --root"
        )
    html = options.html.resolve() if options.html else None
    if html and not html.is_dir():
        raise HandbookError(f"{html} is no folder", "build the pages first: make html")
    networks, hosts = allowed(options.allow_private)
    links = survey.gather(
        root, today, html, former_pages(root) if html else {}, _permission(networks, hosts)
    )
    if options.offline:
        report = survey.offline(links, select, ignore)
    else:
        report = _ask(
            options,
            links,
            Settings(
                allowed=networks,
                allowed_hosts=hosts,
                time_limit=options.time_limit,
                concurrency=options.concurrency,
                per_host=options.per_host,
                delay=options.delay,
                user_agent=user_agent(options.contact),
                proxies={
                    name: url
                    for name, url in urllib.request.getproxies().items()
                    if name in {"http", "https"}
                },
                no_proxy=lambda host: bool(urllib.request.proxy_bypass(host)),
            ),
            make_client,
        )
        report = survey.finish(report, links, not report.network_fault, select, ignore)
        if not report.network_fault and not options.no_save:
            memory.save(root / MEMORY, report.records.values())
    write(report, root, options.format, options.offline, out)
    if report.network_fault:
        raise HandbookError(
            f"{report.network_fault}; the memory is unchanged",
            "try again later, or --trust-network",
        )
    if report.stopped:
        print("check_links: stopped; what came back until then is remembered", file=sys.stderr)
        return cli.STOPPED
    if options.fix:
        return fix(report, root, options.yes, out)
    return findings.exit_status(report.findings)


def allowed(texts: list[str]) -> tuple[tuple[IPv4Network | IPv6Network, ...], frozenset[str]]:
    """The networks and the host names that ``--allow-private`` names.

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
            hosts.add(text.lower())
    return tuple(networks), frozenset(hosts)


def _permission(
    networks: tuple[IPv4Network | IPv6Network, ...], hosts: frozenset[str]
) -> Callable[[str], bool]:
    @cache
    def may_ask(host: str) -> bool:
        literal = as_ip(host)
        return host in hosts or (
            literal is not None
            and (is_public(host) or any(literal in network for network in networks))
        )

    return may_ask


def former_pages(root: Path) -> dict[str, str]:
    """The pages that git remembers and the handbook no longer has; none where there is no git."""
    present = (path.relative_to(root / "docs").as_posix() for path in (root / "docs").rglob("*.md"))
    try:
        log = _git(
            root,
            "log",
            "--format=",
            "--diff-filter=DR",
            "--name-status",
            "--find-renames",
            "--relative",
            "--",
            "docs",
        )
    except HandbookError:
        return {}
    return survey.former_pages(log, present)


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        raise HandbookError("git cannot be run", "install git") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise HandbookError(
            f"git {arguments[0]} says: {said[0] if said else done.returncode}",
            "name a commit that is there; in a workflow fetch it first",
        )
    return done.stdout.decode("utf-8", "replace")


def _ask(
    options: argparse.Namespace,
    links: Links,
    settings: Settings,
    make_client: Callable[[Settings], Client],
) -> Report:
    only = None
    if options.changed:
        if options.changed.startswith("-"):
            raise HandbookError(f"{options.changed!r} is not a commit", "name a commit: main")
        only = survey.changed_places(
            _git(
                links.root,
                "diff",
                "--unified=0",
                "--no-color",
                "--no-ext-diff",
                "--relative",
                options.changed,
                "--",
                ".",
            )
        )
        # a file that git does not know yet is new as a whole
        new = set(
            _git(links.root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".").split(
                "\0"
            )
        )
        only |= {
            (link.place.path, link.place.line)
            for where in links.places.values()
            for link in where
            if link.place.path in new
        }
    plan = Plan(
        only=only,
        everything=options.all,
        trust_network=options.trust_network,
        archives=(survey.archives.AVAILABILITY, survey.archives.TIME_MAP)
        if options.archives
        else None,
    )

    async def ask() -> Report:
        task = asyncio.current_task()
        assert task
        # a name server that is silent for long holds a thread, and must not hold up the look-ups of
        # other hosts
        asyncio.get_running_loop().set_default_executor(
            ThreadPoolExecutor(settings.concurrency, "lookup")
        )
        # Windows has no such signals, nor has a thread beside the main one
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await survey.online(links, make_client(settings), plan, progress)

    bar = cli.ProgressBar(sys.stderr)

    def progress(done: int, total: int, what: str) -> None:
        bar.draw(done / max(total, 1), f"{done}/{total} {what[:48]}")

    try:
        return asyncio.run(ask())
    finally:
        bar.clear()


def write(report: Report, root: Path, form: str, offline: bool, out: TextIO) -> None:
    """Write the findings in one of the forms."""
    findings.write(
        report.findings,
        form,
        rule_pages.texts(),
        root,
        summary(report, offline),
        out,
        "Links to fix",
    )


def summary(report: Report, offline: bool) -> str:
    """One line on what was looked at, one on what came out."""
    inner = (
        f", {report.inner_links:,} links within {report.pages:,} built pages"
        if report.pages
        else ""
    )
    looked = f"{report.links:,} links to {report.addresses:,} addresses{inner}"
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
    return f"{looked}; {asked}\n{known or 'nothing known'}: {out}"


def fix(report: Report, root: Path, yes: bool, out: TextIO) -> int:
    """Show the new addresses, ask, write them. 0 if nothing is left to fix, else 1."""
    changes, left = survey.fixed_files(report, root)
    for one in left:
        print(
            f"{one.place}: the new address {one.new} is not written, since {one.old} is not found"
            " as it stands (hint: write it by hand)",
            file=out,
        )
    if not changes:
        print("no address to write", file=out)
        return findings.exit_status(report.findings)
    written = fixes.offer(changes, root, yes, out)
    return findings.exit_status(report.findings) if written else 1
