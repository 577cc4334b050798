"""Links within a PDF, made in two steps.

Typst sets a paragraph again in each round of resolving its links, and keeps all versions in memory.
So a link is set as an address that contains only its number, an attachment lists where each number
is, and links and attachment become jumps once the PDF is made.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from handbook.pdf.typst_markup import array, call

if TYPE_CHECKING:
    import pikepdf

_SCHEME, _PLACES = "jump:", "jumps.txt"
_LINK = re.compile(r'#to-page\(("(?:[^"\\]|\\.)*")\)')


def numbered(body: str) -> str:
    """Return the Typst of all pages with a number in each link, and at its end the places of the
    numbers.
    """
    numbers: dict[str, int] = {}
    body = _LINK.sub(lambda link: f"#to-page({numbers.setdefault(link[1], len(numbers))})", body)
    return f"{body}\n\n{call('jumps', array(numbers))}\n" if numbers else body


def settle(pdf: pikepdf.Pdf) -> None:
    """Make each link lead to the place of its number."""
    # slow to load, and HTML builds load this module too
    from pikepdf import Array, Dictionary, Name, String

    if _PLACES not in pdf.attachments:
        return
    lines = pdf.attachments[_PLACES].get_file().read_bytes().decode().splitlines()
    places = [tuple(map(float, line.split())) for line in lines]
    del pdf.attachments[_PLACES]
    pages = [page.obj for page in pdf.pages]
    for page in pages:
        for link in page.get("/Annots", []):
            address = str(link.get("/A", Dictionary()).get("/URI", ""))
            if address.startswith(_SCHEME):
                number, x, y = places[int(address.removeprefix(_SCHEME))]
                target = pages[int(number) - 1]
                height = float(target.MediaBox[3])
                del link.A
                link.Dest = Array([target, Name.XYZ, x, height - y, None])
                link.Contents = String(f"Page {number:g}")
    for key in ("/AF", "/Names"):
        if key in pdf.Root and not pdf.Root[key]:
            del pdf.Root[key]
