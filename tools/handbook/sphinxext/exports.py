"""The handbook's data as files beside the HTML pages, in ``data/``."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from handbook.catalogue import Catalogue
from handbook.sphinxext import project

#: Columns of the deliverables' table: ISO Open Data's names where it has one.
DELIVERABLE_FIELDS = (
    "id", "reference", "title", "deliverableType", "publicationDate", "edition", "icsCode", "ownerCommittee", "family",
    "status", "currentStage", "replaces", "replacedBy", "url",
)


def deliverables(catalogue: Catalogue) -> list[dict[str, Any]]:
    """One object a deliverable, in the catalogue's order. ``currentStage`` is written ``90.93``; ``status`` and ``family`` are ours."""
    rows = []
    for deliverable in catalogue.deliverables:
        family = catalogue.family_of(deliverable)
        rows.append(dict(zip(DELIVERABLE_FIELDS, (
            deliverable.id,
            deliverable.reference,
            deliverable.title["en"],
            deliverable.deliverable_type,
            deliverable.published.text if deliverable.published else None,
            deliverable.edition,
            list(deliverable.ics),
            deliverable.committee,
            family.id if family else None,
            str(deliverable.status),
            deliverable.stage,
            [catalogue.by_id[id_].reference for id_ in deliverable.replaces if id_ in catalogue.by_id],
            [catalogue.by_id[id_].reference for id_ in deliverable.replaced_by if id_ in catalogue.by_id],
            deliverable.url,
        ), strict=True)))
    return rows


def as_csv(fields: Iterable[str], rows: Iterable[dict[str, Any]]) -> str:
    """Comma-separated values with the byte order mark that spreadsheets need to see UTF-8; lists are joined by semicolons."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(fields), lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: "; ".join(value) if isinstance(value, list) else value for name, value in row.items()})
    return "\ufeff" + text.getvalue()


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name not in {"html", "dirhtml"}:
        return
    catalogue = project.of(app.config).catalogue
    rows = deliverables(catalogue)
    folder = Path(app.outdir) / "data"
    folder.mkdir(exist_ok=True)
    about = {
        "license": "Contains information from ISO Open Data, made available under the ODC Attribution License",
        "asOf": catalogue.as_of["deliverables"],
    }
    _write_if_changed(folder / "deliverables.csv", as_csv(DELIVERABLE_FIELDS, rows))
    _write_if_changed(folder / "deliverables.json", json.dumps({**about, "deliverables": rows}, ensure_ascii=False, indent=1) + "\n")


def _write_if_changed(path: Path, text: str) -> None:
    """Leave a file alone that would not change, so that a build touches only what is new."""
    data = text.encode("utf-8")
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)


def setup(app: Sphinx) -> None:
    app.connect("build-finished", _write)
