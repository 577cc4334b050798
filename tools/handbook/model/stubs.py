"""Pages for deliverables that have none: a stub holds only facts, and says that its text is
missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from handbook.model.catalogue import Catalogue, Deliverable, slug
from handbook.model.pages import Page

#: The mark of a page that has only facts; whoever writes the text deletes it.
NOTE = "This page still needs text."
_STUB = """\
---
reviewed: "{day}"
description: The facts on {reference} from ISO's open catalogue; the text is still to be written.
orphan: true
---
# {reference}

:::{{standard}} {reference}
:::

:::{{note}}
{note}
Write what the document is for, who uses it and how it fits, \
list the page in the table of contents of its family, and
delete this note and `orphan` above.
:::
"""


def path(reference: str) -> Path:
    """Return the path of the page of a deliverable, below the handbook's folder."""
    return Path("docs", "standards", f"{slug(reference)}.md")


def text(reference: str, day: date) -> str:
    """Return the stub. ``day`` is the day of the catalogue's data: on it the facts were compared
    with their source.
    """
    return _STUB.format(day=day.isoformat(), reference=reference, note=NOTE)


def command(reference: str) -> str:
    """Return the command that makes the stub."""
    return f'python tools/update_catalogue.py --stub "{reference}"'


def without_page(
    catalogue: Catalogue, pages: Iterable[Page]
) -> Iterator[tuple[Deliverable, str, str]]:
    """Yield each deliverable that no page shows with ``{standard}``, with a message and a hint."""
    shown = {reference for page in pages for reference, _block in page.standards}
    for deliverable in catalogue.deliverables:
        if deliverable.reference not in shown:
            yield (
                deliverable,
                f"{deliverable.reference} has no page",
                f"make a stub and write its text: {command(deliverable.reference)}",
            )


def unwritten(pages: Iterable[Page]) -> list[Page]:
    """Return the pages that are still stubs."""
    return [page for page in pages if any(NOTE in passage.text for passage in page.passages)]
