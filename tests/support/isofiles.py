"""Made-up files in the format of ISO Open Data, for the tests and the benchmark of the update."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from handbook.catalogueupdate.extract import Extract
from handbook.catalogueupdate.selection import COMMITTEE_FIELDS, DELIVERABLE_FIELDS
from handbook.model.stubs import path, text
from support import ROOT

Row = dict[str, Any]

STAGES = {
    "20.00": "New project registered in TC/SC work programme",
    "40.20": "DIS ballot initiated: 12 weeks",
    "60.00": "International Standard under Publication",
    "60.60": "International Standard published",
    "90.20": "International Standard under systematic review",
    "90.60": "Close of review",
    "90.93": "International Standard confirmed",
    "95.99": "Withdrawal of International Standard",
    "20.98": "Project deleted",
}
SETTINGS = """\
# The days for which the files speak.
as_of:
  deliverables: "2025-06-02"
  committees: "2025-07-01"
  observations: "2024-01/2025-06"
sources:
  deliverables: isoopendata
  committees: isoopendatacommittees
committees:
- ISO/TC 268
- ISO/IEC JTC 4
"""
BIB = """\
@dataset{isoopendata,
  title      = {ISO Open Data},
  date       = {2025-06-02},
  urldate    = {2026-11},
}

@dataset{isoopendatacommittees,
  title      = {Committees},
  date       = {2025-07-01},
  urldate    = {2026-11},
}
"""


def deliverable(id_: int, reference: str, stage: int = 6060, **more: Any) -> Row:
    """Return a row of ``iso_deliverables_metadata.jsonl``."""
    row = {
        "id": id_,
        "deliverableType": "IS",
        "supplementType": None,
        "reference": reference,
        "title": {
            "en": f"Made-up cities — Document {id_}",
            "fr": f"Villes inventées — Document {id_}",
        },
        "publicationDate": "2019-05-14" if ":" in reference else None,
        "edition": 1,
        "icsCode": ["13.020.20"],
        "ownerCommittee": "ISO/TC 268",
        "currentStage": stage,
        "replaces": None,
        "replacedBy": None,
        "languages": ["en"],
        "pages": {"en": 20},
        "scope": {"en": "<p>A made-up scope, as long as those of ISO.</p>\n" * 4},
    }
    return {**row, **more}


def committee(id_: int, reference: str, **more: Any) -> Row:
    """Return a row of ``iso_technical_committees.jsonl``."""
    row = {
        "id": id_,
        "reference": reference,
        "status": "Active",
        "title": {"en": f"Made-up work of {reference}"},
        "secretariat": {"id": 1738, "acronym": "AFNOR"},
        "creationDate": "2012-02-23",
        "scope": {"en": "<p>Made up.</p>"},
        "parentId": None,
        "childrenId": None,
        "pMembers": [{"id": 1511, "acronym": "DIN"}, {"id": 1635, "acronym": "SAC"}],
        "oMembers": [{"id": 2027, "acronym": "NEN"}],
        "committeeLiaisons": None,
        "organizationLiaisons": None,
        "sortKey": reference,
    }
    return {**row, **more}


#: The rows that the small handbook has before any update.
OURS = [
    deliverable(1, "ISO 37101:2016", 9093),
    deliverable(2, "ISO/DIS 37100", 4020),
    deliverable(3, "ISO 37120:2014", 9599, replacedBy=[4]),
    deliverable(4, "ISO 37120:2018", 9060, replaces=[3]),
    *(
        deliverable(number, f"ISO {37150 + number}:2019", ownerCommittee="ISO/TC 268/SC 1")
        for number in range(5, 25)
    ),
]
COMMITTEES = [committee(100, "ISO/TC 268"), committee(101, "ISO/TC 268/SC 1", parentId=100)]
#: Rows of other committees, of which ISO's file is full; among them nulls as in ISO's data.
FOREIGN = [
    deliverable(1000, "ISO 9001:2015", ownerCommittee="ISO/TC 176/SC 2"),
    deliverable(
        1001,
        "ISO/WD 0",
        2098,
        ownerCommittee="ISO/TC 22",
        title={"en": None},
        edition=1,
        icsCode=None,
        languages=None,
        pages={"en": None},
        scope={"en": None},
    ),
    deliverable(1002, "IWA 39:2022", ownerCommittee=None),
]
FOREIGN_COMMITTEES = [committee(200, "ISO/TC 22", secretariat=None, pMembers=None, oMembers=None)]


def jsonl(rows: Iterable[Row]) -> bytes:
    """Return rows as ISO writes them: no spaces, UTF-8 unescaped."""
    return b"".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows
    )


def changed(rows: Iterable[Row], id_: int, **fields: Any) -> list[Row]:
    """Return the rows, with other values in one of them."""
    return [{**row, **fields} if row["id"] == id_ else row for row in rows]


def write(
    folder: Path,
    deliverables: Iterable[Row] = OURS,
    committees: Iterable[Row] = COMMITTEES,
    packed: bool = False,
) -> Path:
    """Write ISO's two files into a folder; return the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (
        ("iso_technical_committees", [*FOREIGN_COMMITTEES, *committees]),
        ("iso_deliverables_metadata", [*FOREIGN, *deliverables]),
    ):
        data = jsonl(rows)
        (folder / f"{name}.jsonl{'.gz' if packed else ''}").write_bytes(
            gzip.compress(data) if packed else data
        )
    return folder / f"iso_deliverables_metadata.jsonl{'.gz' if packed else ''}"


def handbook(root: Path) -> Path:
    """Make a small handbook that has ``OURS``, with a page for each."""
    iso = root / "references" / "iso"
    iso.mkdir(parents=True)
    extract = Extract(
        {row["id"]: {name: row[name] for name in DELIVERABLE_FIELDS} for row in OURS},
        {row["id"]: {name: row[name] for name in COMMITTEE_FIELDS} for row in COMMITTEES},
        {
            row["id"]: [
                {
                    "observed": "2024-01-18",
                    "stage": f"{row['currentStage'] // 100}.{row['currentStage'] % 100:02}",
                    "reference": row["reference"],
                }
            ]
            for row in OURS
        },
        STAGES,
        SETTINGS,
    )
    for name, content in extract.files().items():
        (iso / name).write_text(content, "utf-8")
    (iso / "stage-codes.json").write_text(json.dumps(STAGES), "utf-8")
    (root / "references" / "families.yaml").write_text(
        "- id: all\n  title: All\n  members:\n  - ISO/DIS 37100\n  - ISO 37101:2016\n", "utf-8"
    )
    (root / "references" / "relations.yaml").write_text(
        "- {from: ISO/DIS 37100, to: ISO 37101:2016, relation: supplements, sources: [isoopendata]}\n",
        "utf-8",
    )
    (root / "references" / "standards.bib").write_text(BIB, "utf-8")
    for row in OURS:
        page = root / path(row["reference"])
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text(row["reference"], date(2025, 6, 2)), "utf-8")
    return root


def many(lines: int) -> Iterator[Row]:
    """Yield as many rows of other committees as ISO's file has, and as long (1.2 kB on average)."""
    scope = {
        "en": "<p>This made-up document says what made-up things are, how they are measured and what they are good for.</p>\n"
        * 7
    }
    for number in range(lines):
        yield deliverable(
            10_000 + number,
            f"ISO {10_000 + number}:2001",
            ownerCommittee=f"ISO/TC {number % 250 + 300}",
            scope=scope,
        )


def copy_of_handbook(root: Path) -> Path:
    """Copy the real extract with its lists, for tests that must hold for the real data."""
    shutil.copytree(ROOT / "references", root / "references")
    (root / "docs").mkdir()
    return root
