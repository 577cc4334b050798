"""What has moved: ``docs/moved.yaml`` names old addresses and where each leads now.

A line is ``old: new``. An address is a page as it is named below ``docs``, without ``.md``, and
perhaps ``#`` with an anchor of that page: ``club/founding``, ``club/founding#isscc-founding-2017``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from handbook.rules.findings import Finding, Place

NAME = "moved.yaml"
_ADDRESS = re.compile(r"(?P<page>[^#\s.]+(?:\.[^#\s.]+)*)(?:#(?P<anchor>\S+))?")
_EXAMPLE = "write old: new on a line, for example club/old-name: club/names"


@dataclass(frozen=True, slots=True)
class Address:
    """A page, named without suffix, and an anchor of it if there is one."""

    page: str
    anchor: str = ""

    def __str__(self) -> str:
        return f"{self.page}#{self.anchor}" if self.anchor else self.page

    @classmethod
    def parse(cls, text: str) -> Address | None:
        """``None`` if the text is not the name of a page with or without an anchor."""
        match = _ADDRESS.fullmatch(text)
        if (
            not match
            or match["page"].startswith("/")
            or match["page"].endswith((".md", ".html", "/"))
        ):
            return None
        return cls(match["page"], match["anchor"] or "")


@dataclass(frozen=True, slots=True)
class Move:
    """An old address, where it leads now, and the line of the file that says so."""

    old: Address
    new: Address
    line: int


@dataclass(frozen=True, slots=True)
class Moves:
    """All moves in the order of the file, by their old address, and what is wrong with the file."""

    moves: Mapping[Address, Move]
    findings: tuple[Finding, ...] = ()

    def leads_on(self, old: str) -> bool:
        """Whether an old address, page or page with anchor, is led on."""
        address = Address.parse(old)
        return address in self.moves if address else False


def load(path: Path, place: str | None = None) -> Moves:
    """Read the file; one that is not there says that nothing has moved. Faults become findings,
    never an exception.

    :param place: the path as findings name it
    """
    place = place or path.as_posix()
    moves: dict[Address, Move] = {}
    findings: list[Finding] = []

    def fault(line: int, code: str, message: str, hint: str) -> None:
        findings.append(Finding(Place(place, line), code, message, hint))

    try:
        root = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except FileNotFoundError:
        return Moves({})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        fault(
            mark.line + 1 if mark else 1,
            "A001",
            f"the file cannot be read: {getattr(error, 'problem', None) or error}",
            _EXAMPLE,
        )
        return Moves({}, tuple(findings))
    if root is None:
        return Moves({})
    if not isinstance(root, yaml.MappingNode):
        fault(
            root.start_mark.line + 1,
            "A001",
            "the file is not a list of old and new addresses",
            _EXAMPLE,
        )
        return Moves({}, tuple(findings))
    for key, value in root.value:
        line = key.start_mark.line + 1
        old, new = (
            Address.parse(node.value) if isinstance(node, yaml.ScalarNode) else None
            for node in (key, value)
        )
        if old is None or new is None:
            wrong = value if old else key
            fault(
                line,
                "A002",
                f"{getattr(wrong, 'value', None) or 'nothing'!r} is not an address",
                "name the page as in docs, without .md, and perhaps #anchor",
            )
        elif old in moves:
            fault(
                line,
                "A003",
                f"{old} has moved twice: see line {moves[old].line}",
                "keep the line that is true",
            )
        else:
            moves[old] = Move(old, new, line)
    for move in moves.values():
        if move.new in moves:
            fault(
                move.line,
                "A004",
                f"{move.old} leads to {move.new}, which has moved too",
                f"write {move.old}: {moves[move.new].new}",
            )
    return Moves(moves, tuple(findings))
