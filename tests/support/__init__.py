"""What the tests share: paths, small Sphinx projects, a browser, a link server, readers of PDF and of ISO's files."""

import re
from datetime import date
from pathlib import Path
from shutil import copy, copytree

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
#: Small Sphinx projects, each built by the tests of a directive.
ROOTS = TESTS / "roots"
#: A small handbook in which the tests plant faults.
SEEDED = TESTS / "seeded"
#: The pages that most readers meet.
MAIN = (
    "index",
    "answers/choose",
    "standards/index",
    "standards/catalogue",
    "standards/iso-37101-2016",
    "committee/index",
    "club/index",
    "hangzhou/index",
    "timeline",
    "glossary",
)


def small_handbook(root: Path) -> Path:
    """Copy the small handbook, which has no faults, into a folder."""
    copytree(SEEDED / "references", root / "references")
    (root / "docs").mkdir()
    for name in ("page.md", "standards.md"):
        copy(SEEDED / name, root / "docs" / name)
    return root


def newest_day() -> date:
    """The newest day on which somebody read a source or a page of the handbook: the day as of which tests check it.

    A fixed day would call the next source that somebody reads one of the future. A day that is in the future indeed is
    found by ``make check``, which goes by the clock.
    """
    texts = [path.read_text("utf-8") for path in ROOT.glob("references/*.bib")]
    # The day of a page is in its head; the examples further down have other days.
    texts += [path.read_text("utf-8")[:80] for path in ROOT.glob("docs/**/*.md")]
    days = re.findall(r"(?m)^\s*(?:urldate|reviewed)\W+(\d{4}-\d\d-\d\d)", "\n".join(texts))
    return max(map(date.fromisoformat, days))
