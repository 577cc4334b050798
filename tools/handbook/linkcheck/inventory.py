"""All links of a handbook by their address, and the faults of addresses as written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from handbook.linkcheck import address, internal
from handbook.linkcheck.address import Address, Kind
from handbook.linkcheck.collect import Link, collect
from handbook.rules.findings import Finding

if TYPE_CHECKING:
    from handbook.model.bibliography import Source
    from handbook.model.catalogue import Deliverable


@dataclass
class Links:
    """The links of a handbook by their keys, and the faults of addresses as written.

    ``places`` has each link of a key, ``addresses`` the address itself, ``count`` the number of all
    links; ``built`` is ``None`` where the built pages were not read. ``sources`` are those of the
    bibliography by key, ``deliverables`` those of ISO's catalogue by number.
    """

    root: Path
    today: date
    addresses: dict[str, Address] = field(default_factory=dict)
    places: dict[str, list[Link]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    built: internal.Built | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    deliverables: Mapping[int, Deliverable] = field(default_factory=dict)
    count: int = 0

    def source_day(self, key: str) -> date | None:
        """Return the day of a source with this link, or the day on which it was read."""
        for link in self.places[key]:
            source = self.sources.get(link.key)
            if source:
                day = source.date if not source.date.is_unknown else source.read
                if day and day.earliest:
                    return day.earliest
        return None


def gather(
    root: Path,
    today: date,
    html: Path | None = None,
    former: Mapping[str, str] | None = None,
    may_ask: Callable[[str], bool] = address.is_public,
) -> Links:
    """Collect all links and judge what can be judged without network.

    :param html: the built handbook, to check links within it; ``None`` leaves them unchecked
    :param former: pages published once, each with what became of it
    :param may_ask: whether an IP address, or a name that can never be public, may be requested
    :raises OSError: if ``html`` cannot be read
    """
    found = Links(root, today)
    references = root / "references"
    # modules that read sources and standards are slow to load
    if paths := list(references.glob("*.bib")):
        from handbook.model.bibliography import Bibliography

        found.sources = Bibliography.load(paths).sources
    if (references / "iso").is_dir():
        from handbook.model.catalogue import Catalogue

        found.deliverables = Catalogue.read(references)[0].by_id
    links = collect(root)
    if html is not None:
        links += _built_links(found, links, html, former)
    found.count = len(links)
    for link in links:
        read = address.read(link.text)
        found.findings += _as_written(link, read, found.deliverables, may_ask)
        if read.kind in {Kind.WEB, Kind.DOI, Kind.ISO}:
            found.addresses.setdefault(read.key, read)
            found.places.setdefault(read.key, []).append(link)
    return found


def _built_links(
    found: Links, links: Iterable[Link], html: Path, former: Mapping[str, str] | None
) -> list[Link]:
    """Judge the links within the built pages, and return the external links that only these pages
    have.
    """
    found.built = internal.read(html)
    docs = found.root / "docs" if (found.root / "docs").is_dir() else None
    found.findings += internal.check(found.built, found.root, docs, former)
    known = {address.read(link.text).key for link in links}
    known.update(source.memento_url or "" for source in found.sources.values())
    # links that directives make from our data are in the built pages only; look-ups of archives are
    # meant for people to try
    others = [
        value
        for value in found.built.outward
        if not _is_lookup(value) and address.read(value).key not in known
    ]
    places = internal.outward_places(found.built, found.root, docs, others)
    return [Link(place, value, "html") for value, place in places.items()]


def _is_lookup(value: str) -> bool:
    memento = address.memento_of(value)
    return bool(memento and len(memento[0]) < 14)


def _as_written(
    link: Link,
    read: Address,
    deliverables: Mapping[int, Deliverable],
    may_ask: Callable[[str], bool],
) -> Iterable[Finding]:
    """Yield at most one finding."""
    text, code, hint = shortened(link.text), "", read.hint
    if read.kind is Kind.MALFORMED:
        code = "L004" if address.scheme(link.text) in {"mailto", "tel"} else "L001"
        message = f"{text} is malformed: {read.problem}"
    elif read.kind is Kind.REFUSED:
        code, message = "L002", f"{text}: {read.problem}"
    elif read.kind is Kind.ISO and int(read.id) not in deliverables:
        code, message = "L005", f"{read.url} is not in our extract of ISO's catalogue"
        hint = "check the number; leave it if another committee owns the deliverable"
    elif read.kind is Kind.WEB and _is_private(read.host) and not may_ask(read.host):
        code, message = "L003", f"{text} leads into a private network"
        hint = "link to the public address"
    elif read.kind is Kind.WEB and _is_lookup(read.url):
        code, message = "L006", f"{text} names no single capture"
        hint = "copy the address of one capture, with its 14 digits"
    if code:
        yield Finding(link.place, code, message, hint, link.text)


def _is_private(host: str) -> bool:
    return bool(address.as_ip(host)) or address.is_local_name(host)


def shortened(text: str) -> str:
    """Return an address for a message: at most 200 characters."""
    return text if len(text) <= 200 else f"{text[:199]}…"
