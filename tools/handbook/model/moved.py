"""Moves: ``docs/moved.yaml`` names old addresses and where each leads now.

A line is ``old: new``. An address is a page as it is named below ``docs``, without ``.md``, and
perhaps ``#`` with an anchor of that page: ``club/founding``, ``club/founding#isscc-founding-2017``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from handbook.model.placed import Data, Pair
from handbook.rules.findings import Finding, Place

NAME = "moved.yaml"
_ADDRESS = re.compile(r"(?P<page>[^#\s.:\\?]+(?:\.[^#\s.:\\?]+)*)(?:#(?P<anchor>\S+))?")
_NAMED = "name the page as in docs, without .md, and perhaps #anchor"
#: Pages that the build itself makes.
BUILT = frozenset({"404", "embed/timeline", "genindex", "search"})
_EXAMPLE = "write old: new on a line, for example club/old-name: club/names"


@dataclass(frozen=True, slots=True)
class Address:
    """A page, named without suffix, and perhaps an anchor on it."""

    page: str
    anchor: str = ""

    def __str__(self) -> str:
        return f"{self.page}#{self.anchor}" if self.anchor else self.page

    @classmethod
    def parse(cls, text: str) -> Address | None:
        """Read an address; ``None`` if the text is not the name of a page with or without an
        anchor.
        """
        match = _ADDRESS.fullmatch(text)
        if (
            not match
            or match["page"].startswith("/")
            or match["page"].endswith((".md", ".html", "/"))
            or "//" in match["page"]
        ):
            return None
        return cls(match["page"], match["anchor"] or "")


@dataclass(frozen=True, slots=True)
class Move:
    """An old address, where it leads now, and the places of both in the file."""

    old: Address
    new: Address
    old_place: Place
    new_place: Place

    def still_there(self) -> Finding:
        """Return the finding for an old anchor that is still on its page (A005)."""
        message = f"the anchor {self.old.anchor} is on {self.old.page}"
        hint = "delete this line, or give the anchor another name"
        return Finding(self.old_place, "A005", message, hint, str(self.old))

    def nowhere(self, known: Iterable[str] = ()) -> Finding:
        """Return the finding for a new anchor that its page lacks (A006)."""
        close = get_close_matches(self.new.anchor, sorted(known), n=1)
        message = f"{self.old} leads to {self.new}, and that page has no such anchor"
        other = "name an anchor of the page, or the page alone"
        hint = f"did you mean #{close[0]}?" if close else other
        return Finding(self.new_place, "A006", message, hint, str(self.new))


@dataclass(frozen=True, slots=True)
class Moves:
    """All moves in file order, by their old address, and what is wrong with the file."""

    moves: Mapping[Address, Move]
    findings: tuple[Finding, ...] = ()

    def leads_on(self, old: str) -> bool:
        """Return whether an old address, page or page with anchor, is redirected."""
        address = Address.parse(old)
        return address in self.moves if address else False

    def next_hop(self, address: Address) -> Address | None:
        """Return where an address leads that has moved, by itself or with its page."""
        if move := self.moves.get(address):
            return move.new
        if move := self.moves.get(Address(address.page)):
            return Address(move.new.page, address.anchor)
        return None

    def faults(self, pages: Collection[str]) -> Iterator[Finding]:
        """Find what is wrong with the moves, given the pages that exist (A005 to A007)."""
        taken = {page.casefold(): page for page in (*sorted(BUILT), *sorted(pages))}
        built = BUILT.difference(pages)
        for move in self.moves.values():
            old, new = move.old, move.new
            # two names that differ only in case are one file on many disks
            if not old.anchor and (page := taken.get(old.page.casefold())):
                made = "is made by the build" if page in built else "exists"
                message, hint = f"the page {page} {made}", "delete this line, or the page"
                hint = "delete this line" if page in built else hint
                yield Finding(move.old_place, "A005", message, hint, str(old))
            elif new.page not in pages and self.next_hop(new) is None:
                close = get_close_matches(new.page, sorted(pages), n=1)
                hint = f"did you mean {close[0]}?" if close else _NAMED
                message = f"{old} leads to {new.page}, which is not a page"
                yield Finding(move.new_place, "A006", message, hint, str(new))
            elif old.anchor and old.page not in pages and Address(old.page) not in self.moves:
                message = f"{old} was on a page that is gone and not redirected"
                hint = f"add the line {old.page}: {new.page}"
                yield Finding(move.old_place, "A007", message, hint, str(old))


def load(path: Path, place: str | None = None) -> Moves:
    """Read the file; a missing one means that nothing has moved. Faults become findings, never an
    exception.

    :param place: the path as findings name it
    """
    place = place or path.as_posix()
    findings: list[Finding] = []

    def fault(line: int, column: int, code: str, message: str, hint: str) -> None:
        findings.append(Finding(Place(place, line, column), code, message, hint))

    moves: dict[Address, Move] = {}
    for sides in _pairs(path, fault):
        old, new = (Address.parse(text or "") for text, _at in sides)
        if old is None or new is None:
            text, at = sides[1 if old else 0]
            fault(*at, "A002", f"{text or 'nothing'!r} is not an address", _NAMED)
        elif old in moves:
            message = f"{old} has moved twice: see line {moves[old].old_place.line}"
            fault(*sides[0][1], "A003", message, "keep the line that is true")
        else:
            moves[old] = Move(old, new, *(Place(place, *at) for _text, at in sides))
    found = Moves(moves)
    circling: set[Address] = set()
    for move in moves.values():
        if not found.next_hop(move.new):
            continue
        end, way = _way(move, found)
        if end:
            message, hint = (
                f"{move.old} leads to {move.new}, which has moved too",
                f"{move.old}: {end}",
            )
            findings.append(Finding(move.new_place, "A004", message, f"write {hint}"))
        elif circling.isdisjoint(way):  # a loop is one mistake, however many moves lead into it
            message = f"{' leads to '.join(map(str, way))}: a circle"
            hint = "redirect one of them to a page that exists"
            findings.append(Finding(move.new_place, "A004", message, hint))
        if not end:
            circling.update(way)
    return Moves(moves, tuple(findings))


def _pairs(path: Path, fault: Callable[[int, int, str, str, str], None]) -> list[Pair]:
    """Return the lines of the file as typed, with their places; A001 if it cannot be read."""
    try:
        data = Data(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return []
    except UnicodeDecodeError:
        fault(1, 1, "A001", "the file is not UTF-8", "save it with the encoding UTF-8")
        return []
    except OSError as error:
        hint = "check the permissions of the file and its folder"
        fault(1, 1, "A001", f"the file cannot be read: {error.strerror}", hint)
        return []
    pairs = data.pairs()
    if pairs is not None:
        return pairs
    for slip in data.slips:
        message = slip.message.replace("this is not YAML", "the file cannot be read", 1)
        fault(slip.line, slip.column, "A001", message, f"{slip.hint}; {_EXAMPLE}")
    if not data.slips and data.value is not None:
        fault(*data.place(), "A001", "the file is not a list of old and new addresses", _EXAMPLE)
    return []


def _way(move: Move, moves: Moves) -> tuple[Address | None, list[Address]]:
    """Return where the chain that begins with a move ends, ``None`` if it never does, and what it
    passes.
    """
    way = [move.old]
    end: Address | None = move.new
    while end is not None and end not in way:
        way.append(end)
        end = moves.next_hop(end)
    return (way[-1], way) if end is None else (None, [*way, end])
