"""Links within a PDF, made in two steps.

Typst sets a paragraph again in each round of resolving its links, and keeps all versions in memory.
So a link is set as an address that contains only its number, an attachment lists where each number
is, and links and attachment become jumps once the PDF is made.

Screen readers speak the description of a link. Typst's names a page; ours says what is there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from handbook.pdf.typst_markup import array, call

if TYPE_CHECKING:
    import pikepdf

_SCHEME, _PLACES = "jump:", "jumps.txt"
#: How Typst describes a link to a note, in the languages of the books.
_NOTES = ("Footnote ", "脚注 ")
#: How far below the place that a link leads to its heading may begin, in points.
_ABOVE = 12.0
#: The page, how far down it, and the title.
_Section = tuple[int, float, str]
_LINK = re.compile(r'#to-page\(("(?:[^"\\]|\\.)*")\)')


def numbered(body: str) -> str:
    """Return the Typst of all pages with a number in each link, and at its end the places of the
    numbers.
    """
    numbers: dict[str, int] = {}
    body = _LINK.sub(lambda link: f"#to-page({numbers.setdefault(link[1], len(numbers))})", body)
    return f"{body}\n\n{call('jumps', array(numbers))}\n" if numbers else body


def settle(pdf: pikepdf.Pdf, titles: Mapping[str, str]) -> None:
    """Make each link lead to the place of its number, and let its description say what is there.

    :param titles: what each label stands for; for others the section in which they are
    """
    # slow to load, and HTML builds load this module too
    from pikepdf import Array, Dictionary, Name, String

    places = [line.split(" ", 3) for line in _attached(pdf)]
    pages = [page.obj for page in pdf.pages]
    number = {page.objgen: place for place, page in enumerate(pages)}
    sections = sorted(_sections(pdf.Root.get("/Outlines", {}), number))
    for link in (link for page in pages for link in page.get("/Annots", [])):
        address, label = str(link.get("/A", Dictionary()).get("/URI", "")), ""
        if address.startswith(_SCHEME):
            page, x, y, label = places[int(address.removeprefix(_SCHEME))]
            target = pages[int(page) - 1]
            height = float(target.MediaBox[3]) - float(y)
            del link.A
            link.Dest = Array([target, Name.XYZ, float(x), height, None])
        elif isinstance(link.get("/Dest"), String):
            label = str(link.Dest)
        if "/Dest" in link and not str(link.Contents).startswith(_NOTES):
            title = titles[label] if label else _section(link.Dest, number, sections)
            link.Contents = String(title)


def _attached(pdf: pikepdf.Pdf) -> list[str]:
    """Take the lines of the attachment out of the PDF."""
    if _PLACES not in pdf.attachments:
        return []
    lines = pdf.attachments[_PLACES].get_file().read_bytes().decode().splitlines()
    del pdf.attachments[_PLACES]
    for key in ("/AF", "/Names"):
        if key in pdf.Root and not pdf.Root[key]:
            del pdf.Root[key]
    return lines


def _sections(entry: Any, number: Mapping[tuple[int, int], int]) -> Iterator[_Section]:
    """Yield where each bookmark below one leads, and its title."""
    inner = entry.get("/First")
    while inner is not None:
        yield *_place(inner.Dest, number), str(inner.Title)
        yield from _sections(inner, number)
        inner = inner.get("/Next")


def _place(goal: Any, number: Mapping[tuple[int, int], int]) -> tuple[int, float]:
    """Return the page of a place, and how far down it is."""
    return number[goal[0].objgen], -float(goal[3])


def _section(goal: Any, number: Mapping[tuple[int, int], int], sections: Sequence[_Section]) -> str:
    """Return the title of the section in which a place is."""
    page, down = _place(goal, number)
    before = bisect_right(sections, (page, down + _ABOVE, "\uffff"))
    return sections[max(before - 1, 0)][2]
