"""What is new, for feed readers and calendars: Atom, JSON Feed, iCalendar. Nothing here reads a
clock: the same data give the same bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

from handbook.model import ledger as ledgers
from handbook.model.edtf import Precision
from handbook.model.safety import for_xml
from handbook.model.stage_changes import Change
from handbook.outputs import additions
from handbook.outputs.tables import ATTRIBUTION, LICENSE, Fact, Site

#: A namespace of our own, so that no other feed has the id of an entry.
_NAMESPACE = uuid.UUID("6f1c0f0e-7a3e-5f0b-9d0a-37101201607a")
_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
#: The most entries in a feed.
_ENTRIES = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed. ``id`` is permanent; ``address`` is where to read on, if anywhere.
    ``published`` is the day on which it first appeared, if that differs from ``updated``.
    """

    id: str
    title: str
    updated: date
    summary: str
    address: str | None = None
    categories: tuple[str, ...] = ()
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: ``updated`` is the day that it describes, ``own`` its own address; ``labels`` are the
    categories in the reader's words.
    """

    id: str
    title: str
    updated: date
    author: str
    rights: str
    own: str
    entries: tuple[Entry, ...]
    subtitle: str = ""
    language: str = "en"
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, category: str) -> str:
        """Return a category in the reader's words."""
        return self.labels.get(category, category)


def atom(feed: Feed) -> str:
    """Return the feed as Atom (RFC 4287). Times are midnight UTC of the days."""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {_LANGUAGE: feed.language})

    def add(
        parent: ElementTree.Element, name: str, text: str = "", **attributes: str
    ) -> ElementTree.Element:
        clean = {key: for_xml(value) for key, value in attributes.items()}
        element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", clean)
        element.text = for_xml(text) or None
        return element

    add(root, "id", feed.id)
    add(root, "title", feed.title)
    if feed.subtitle:
        add(root, "subtitle", feed.subtitle)
    add(root, "updated", _instant(feed.updated))
    add(add(root, "author"), "name", feed.author)
    rights = add(root, "rights", feed.rights)
    if ATTRIBUTION in feed.rights:
        rights.set(_LANGUAGE, "en")
    add(root, "link", rel="self", type="application/atom+xml", href=feed.own)
    for one in feed.entries:
        entry = add(root, "entry")
        add(entry, "id", one.id)
        add(entry, "title", one.title)
        if one.published:
            add(entry, "published", _instant(one.published))
        add(entry, "updated", _instant(one.updated))
        add(entry, "summary", one.summary)
        if one.address:
            add(entry, "link", rel="alternate", href=one.address)
        for category in one.categories:
            label = feed.label(category)
            add(entry, "category", term=category, **({"label": label} if label != category else {}))
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _instant(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


@dataclass(frozen=True, slots=True)
class FactWords:
    """The words of a feed of facts in the reader's language: its title, and what became of a
    fact.
    """

    title: str
    subtitle: str
    added: str
    corrected: str
    withdrawn: str
    author: str
    rights: str = f"Text: {LICENSE}"


def fact_feed(
    kind: str,
    ledger: Iterable[ledgers.Entry],
    rows: Mapping[str, Mapping[str, Any]],
    words: FactWords,
    site: Site,
    address: Callable[[Mapping[str, Any]], str | None],
    part: str = "",
    told: Mapping[str, Mapping[str, Any]] | None = None,
) -> Feed:
    """Return what editions added, corrected and withdrew, the newest edition first. An entry's day
    is that of the edition, never that of the event.

    :param ledger: its state after this edition
    :param rows: the rows of the table, by their ids in the ledger
    :param address: the place of a row on the site, relative to its root
    :param part: the file of the feed, without its ending, if it covers only part of the table
    :param told: the rows as this language tells them, by the same ids, if it is not English
    """
    marks = site.marks

    def entry(one: ledgers.Entry) -> Entry:
        row = rows.get(one.id)
        about = additions.KINDS[kind]
        corrected = bool(one.corrected and not one.withdrawn)
        event = words.withdrawn if row is None else words.corrected if corrected else words.added
        term = "withdrawn" if row is None else "corrected" if corrected else "added"
        what = event + marks.within(marks.listed.join(one.changed)) if corrected else event
        title, summary = one.title, what + marks.stop
        if shown := (told or rows).get(one.id):
            summary += marks.space + about.summary(shown, marks)
            title = about.title(shown, marks) if told else title
        place = address(row) if row else None
        return Entry(
            # The ids of milestones are older than those of other tables, and must not change.
            uuid.uuid5(_NAMESPACE, one.id if kind == "milestones" else f"{kind}/{one.id}").urn,
            f"{event}{marks.colon}{title}",
            one.day,
            summary,
            site.link(place, part) if place else None,
            (term, *(about.categories(row) if row else ())),
            one.added,
        )

    def order(one: ledgers.Entry) -> tuple[date, str, str]:
        row = rows.get(one.id) or {}
        return one.day, str(row.get("latest") or row.get("date") or ""), one.id

    latest = sorted((one for one in ledger if one.kind == kind), key=order, reverse=True)
    name = f"feed/{part or kind}" if part or kind != "milestones" else "feed"
    if site.language != "en":  # the ids of the English feeds are older than those of others
        name = f"{site.language}/{name}"
    file = f"{part or kind}.atom"
    return Feed(
        uuid.uuid5(_NAMESPACE, name).urn,
        words.title,
        latest[0].day if latest else site.day,
        words.author,
        words.rights,
        f"{site.base}data/{file}" if site.base else file.rpartition("/")[2],
        tuple(map(entry, latest[:_ENTRIES])),
        words.subtitle,
        site.language,
        site.labels,
    )


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """The words of a feed of changes in the reader's language: its own title and subtitle, the
    title and summary of a change, and the kinds of changes.
    """

    title: str
    subtitle: str
    change_title: Callable[[Change], str]
    change_summary: Callable[[Change], str]
    kinds: Mapping[str, str] = field(default_factory=dict)


def change_feed(
    found: Iterable[Change],
    words: ChangeWords,
    updated: date,
    language: str,
    address: Callable[[Change], str],
    own: str,
    author: str,
) -> Feed:
    """Return the changes in ISO's catalogue, the latest known first; an entry's day is the first on
    which the change was certain.

    :param updated: the day that the catalogue describes
    :param address: the page of a change, as the feed's reader finds it
    :param own: the feed's own address
    """
    name = f"https://www.iso.org/open-data.html#handbook-changes-{language}"
    latest = sorted(
        found, key=lambda change: (-change.known.toordinal(), change.reference, change.after)
    )
    return Feed(
        uuid.uuid5(uuid.NAMESPACE_URL, name).urn,
        words.title,
        updated,
        author,
        f"{ATTRIBUTION}.",
        own,
        tuple(
            Entry(
                change.id,
                words.change_title(change),
                change.known,
                words.change_summary(change),
                address(change),
                (change.kind.name.lower(),),
            )
            for change in latest[:_ENTRIES]
        ),
        words.subtitle,
        language,
        words.kinds,
    )


def json_feed(feed: Feed) -> dict[str, Any]:
    """Return the feed as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "language": feed.language,
        "items": [
            {
                "id": entry.id,
                "title": entry.title,
                "content_text": entry.summary,
                "date_published": _instant(entry.published or entry.updated),
                "date_modified": _instant(entry.updated),
                "tags": [feed.label(one) for one in entry.categories],
                **({"url": entry.address} if entry.address else {}),
            }
            for entry in feed.entries
        ],
    }


def calendar(facts: Iterable[Fact], site: Site, part: str = "") -> bytes:
    """Return the milestones as iCalendar (RFC 5545): each an all-day event over the span that its
    date can mean.

    For a date with an open or unknown end, the event covers what the known end can mean: a calendar
    cannot show that something continues.

    :param part: what the calendar contains, if it is not the whole timeline
    """
    # Imported late: a build that writes no calendar should not wait for it.
    from icalendar import Calendar, Event

    found = Calendar()
    found.add("prodid", f"-//{site.title}//{site.edition}//{site.language.upper()}")
    found.add("version", "2.0")
    name = f"{site.title}{site.marks.colon}{part}" if part else site.title
    found.add("name", name)
    # The calendars of Google and Apple read the older name.
    found.add("x-wr-calname", name)
    for fact in facts:
        value = fact.milestone.date
        first, last = value.earliest, value.latest
        if first == date.min and value.end:
            first = value.end.earliest
        if last == date.max and value.start:
            last = value.start.latest
        event = Event()
        event.add("uid", f"{fact.milestone.name}@sustainable-city-standards-handbook")
        # The day of the edition, not of the build: the file must not change with the clock.
        event.add("dtstamp", datetime.combine(site.day, time(0), tzinfo=UTC))
        event.add("dtstart", first)
        event.add("dtend", min(last, date.max - timedelta(days=1)) + timedelta(days=1))
        event.add("summary", for_xml(fact.milestone.title))
        is_one_day = (
            value.precision is Precision.DAY
            and not value.is_interval
            and not value.uncertain
            and not value.approximate
        )
        remark = "" if is_one_day else site.date_as_known % value.text
        event.add("description", for_xml(remark + fact.text))
        event.add("categories", [site.labels.get(one, str(one)) for one in fact.milestone.strands])
        event.add("transp", "TRANSPARENT")
        if fact.milestone.place:
            event.add("location", for_xml(fact.milestone.place))
        if fact.address and site.base:
            event.add("url", site.link(fact.address))
        found.add_component(event)
    data: bytes = found.to_ical(sorted=True)
    return data
