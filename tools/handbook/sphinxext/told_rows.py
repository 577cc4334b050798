"""The rows of the exports in the reader's language: codes and titles stay, words are translated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sphinx.config import Config

from handbook.model import edtf
from handbook.model.strands import MilestoneStatus
from handbook.sphinxext import project
from handbook.sphinxext.dates import display
from handbook.sphinxext.parts import status_name
from handbook.sphinxext.record_blocks import (
    adoption_step,
    country_name,
    standing_name,
    standing_step,
)

Row = dict[str, Any]
#: The fields of each table that hold words of this handbook, in the row or in its parts.
WORDS: Mapping[str, frozenset[str]] = {
    "sources": frozenset({"note"}),
    "adoptions": frozenset({"designation", "shown", "note"}),
    "places": frozenset({"name", "partOf", "level", "issuer", "note"}),
    "offices": frozenset({"name", "body", "role", "note"}),
    "profiles": frozenset({"schemes", "why", "changed", "ours"}),
    "wants": frozenset({"group", "name"}),
    "indicators": frozenset({"by", "called", "basis"}),
}


def in_words(config: Config, table: str, rows: list[Row]) -> list[Row]:
    """Return the rows of a table with its words in the reader's language."""
    fields = WORDS.get(table, frozenset())
    made = [_said(row, fields, config) for row in rows]
    if table == "offices":
        for before, row in zip(rows, made, strict=True):
            if row["name"] != before["name"]:
                # the name in Latin letters is another spelling to these readers
                spelled = [before["name"], *before["spellings"]]
                row["spellings"] = [one for one in spelled if one != row["name"]]
    return made


def _said(value: Any, fields: frozenset[str], config: Config, within: bool = False) -> Any:
    """Return a part of a row with its words translated; ``within`` means that it holds words."""
    if isinstance(value, dict):
        return {name: _said(part, fields, config, name in fields) for name, part in value.items()}
    if isinstance(value, list):
        return [_said(part, fields, config, within) for part in value]
    return project.say(config, value) if within and isinstance(value, str) else value


def for_feed(config: Config, table: str, rows: list[Row]) -> list[Row]:
    """Return the rows of a table as a feed in another language than English tells them: their
    codes and dates in words.
    """
    steps = adoption_step if table == "adoptions" else standing_step
    return [{**row, **_told(config, row, steps)} for row in rows]


def _told(config: Config, row: Row, steps: Callable[[str], str]) -> Row:
    def when(text: str) -> str:
        return display(edtf.parse(text), config.language)

    told: Row = {}
    if "precision" in row:  # a milestone
        told["when"] = when(row["date"])
        if row["status"] != MilestoneStatus.HAPPENED:
            told["status"] = status_name(MilestoneStatus(row["status"]))
        return told
    told["dates"] = [
        {**one, "said": steps(one["what"]) % when(one["date"])} for one in row["dates"]
    ]
    if row.get("country"):
        told["country"] = country_name(row["country"], config.language)
    if "standard" in row:  # a place
        told["kind"] = standing_name(row["kind"])
    return told
