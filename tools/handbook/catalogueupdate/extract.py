"""What the handbook keeps of ISO's files: read, compared byte by byte, written."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from handbook.catalogueupdate.selection import Row
from handbook.cli import HandbookError
from handbook.model import edtf
from handbook.model.catalogue import stage_text
from handbook.model.placed import Data

DELIVERABLES, COMMITTEES, OBSERVATIONS, SETTINGS = (
    "deliverables.jsonl",
    "committees.jsonl",
    "stage-observations.jsonl",
    "extract.yaml",
)
_RESTORE = "restore it: git checkout -- references"
#: JSON may contain these characters, but programs that split texts into lines would cut a row in
#: two.
_LINE_ENDS = {ord(one): f"\\u{ord(one):04x}" for one in "\x85\u2028\u2029"}


@dataclass
class Extract:
    """Rows by id, in ISO's field names, and the days that they describe.

    ``observations`` are lists of ``observed`` (day), ``stage`` (``90.93``) and ``reference``, by
    the id of the deliverable; ``settings`` is the text of ``extract.yaml``.
    """

    deliverables: dict[int, Row]
    committees: dict[int, Row]
    observations: dict[int, list[dict[str, str]]]
    stages: dict[str, str]
    settings: str
    wanted: tuple[str, ...] = ()
    as_of: dict[str, str] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Extract:
        """Read ``references/iso``.

        :raises HandbookError: if a file is missing or damaged
        """
        settings = _read(folder / SETTINGS)
        try:
            data = Data(settings).value
            wanted, as_of, sources = data["committees"], data["as_of"], data["sources"]
            if not wanted or not all(
                isinstance(name, str) for name in (*wanted, *sources.values())
            ):
                raise TypeError
            for name in ("deliverables", "committees", "observations"):
                edtf.parse(as_of[name])
        except (KeyError, TypeError, AttributeError, edtf.EdtfError):
            raise HandbookError(
                f"{folder / SETTINGS} lacks committees, as_of or sources", _RESTORE
            ) from None
        return cls(
            deliverables={row["id"]: row for row in _rows(folder / DELIVERABLES)},
            committees={row["id"]: row for row in _rows(folder / COMMITTEES)},
            observations={row["id"]: row["observations"] for row in _rows(folder / OBSERVATIONS)},
            stages=_json(_read(folder / "stage-codes.json"), f"{folder / 'stage-codes.json'}"),
            settings=settings,
            wanted=tuple(wanted),
            as_of=as_of,
            sources=sources,
        )

    @property
    def day(self) -> date:
        """Return the last day that the deliverables describe."""
        return edtf.parse(self.as_of["deliverables"]).latest

    def merged(
        self, deliverables: Mapping[int, Row], committees: Mapping[int, Row] | None, day: date
    ) -> Extract:
        """Return the extract with new rows in place of old ones; no row is ever dropped.

        A stage or reference that differs from the last one observed is recorded as observed on
        ``day``.

        :param committees: ``None`` if the committees were not read
        """
        merged = copy.deepcopy(self)
        merged.deliverables.update(deliverables)
        merged.committees.update(committees or {})
        for id_, row in deliverables.items():
            seen = merged.observations.setdefault(id_, [])
            now = {"stage": stage_text(row["currentStage"]), "reference": row["reference"]}
            if not seen or (seen[-1]["stage"], seen[-1]["reference"]) != (
                now["stage"],
                now["reference"],
            ):
                seen.append({"observed": day.isoformat(), **now})
        return merged

    def dated(self, day: date, with_committees: bool) -> Extract:
        """Return the extract with ``day`` as the day that it describes."""
        dated = copy.deepcopy(self)
        start = dated.as_of["observations"].split("/")[0]
        days = {"deliverables": day.isoformat(), "observations": f"{start}/{day:%Y-%m}"}
        if with_committees:
            days["committees"] = day.isoformat()
        head, mark, tail = dated.settings.partition("\nas_of:\n")
        for name, text in days.items():
            tail = re.sub(rf"(?m)^(  {name}: ).*$", rf'\g<1>"{text}"', tail, count=1)
        dated.settings = head + mark + tail
        dated.as_of = {**dated.as_of, **days}
        if (Data(dated.settings).value or {}).get("as_of") != dated.as_of:
            raise HandbookError(
                f"{SETTINGS} is not in the expected form: the days cannot be set", _RESTORE
            )
        return dated

    def files(self) -> dict[str, str]:
        """Return the files as text: rows sorted by committee, reference and id, one object per
        line.
        """
        rows = sorted(
            self.deliverables.values(),
            key=lambda row: (row["ownerCommittee"], row["reference"], row["id"]),
        )
        observed = [
            {
                "id": row["id"],
                "reference": row["reference"],
                "observations": self.observations[row["id"]],
            }
            for row in rows
            if row["id"] in self.observations
        ]
        return {
            COMMITTEES: _jsonl(
                sorted(
                    self.committees.values(),
                    key=lambda row: (row["sortKey"] or row["reference"], row["id"]),
                )
            ),
            OBSERVATIONS: _jsonl(observed),
            SETTINGS: self.settings,
            DELIVERABLES: _jsonl(rows),
        }


def _jsonl(rows: list[Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False).translate(_LINE_ENDS) + "\n" for row in rows)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise HandbookError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}",
            _RESTORE,
        ) from None


def _json(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise HandbookError(f"{place} is not JSON", _RESTORE) from None


def _rows(path: Path) -> list[Row]:
    rows = [
        _json(line, f"{path}:{number}")
        for number, line in enumerate(_read(path).split("\n"), 1)
        if line
    ]
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not isinstance(row.get("id"), int):
            raise HandbookError(f"{path}:{number} is not a row with an id", _RESTORE)
    return rows
