"""The place of each letter in a PDF: none beyond the margins, none over another."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

#: Left, bottom, right, top, in points; what the letter is, and its place in the text.
Glyph = tuple[float, float, float, float, str, int]
#: A line of letters of eight points exceeds its frame by less than this.
_SLACK = 2.5


def glyphs(page: pypdfium2.PdfPage) -> Iterator[Glyph]:
    """Yield the letters of a page with the ink of each."""
    text = page.get_textpage()
    for number in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text.raw, number)
        if code <= 0x20 or pdfium.FPDFText_IsGenerated(text.raw, number):
            continue
        box = text.get_charbox(number)
        if box[2] - box[0] > 0.1 and box[3] - box[1] > 0.1:
            yield (*box, chr(code), number)


def astray(path: Path, margin: float = 66.0) -> list[str]:
    """Return the letters of a PDF that are beyond the margins, or over another letter.

    :param margin: the least width of the margins at the sides, in points
    """
    found = []
    with pypdfium2.PdfDocument(path) as pdf:
        for number, page in enumerate(pdf, 1):
            width, height = page.get_size()
            side = margin if width < height else 36.0
            all_of_page = sorted(glyphs(page))
            for left, bottom, right, top, letter, _at in all_of_page:
                if (
                    left < side - _SLACK
                    or right > width - side + _SLACK
                    or bottom < 20
                    or top > height - 15
                ):
                    found.append(
                        f"p. {number}: {letter!r} at {left:.0f},{bottom:.0f} is beyond the margin"
                    )
            found += [f"p. {number}: {one}" for one in _overlaps(all_of_page)]
    return found


def _overlaps(letters: list[Glyph]) -> Iterator[str]:
    for at, (left, bottom, right, top, letter, place) in enumerate(letters):
        for other in letters[at + 1 :]:
            if other[0] >= right:
                break
            if abs(other[5] - place) < 3:
                continue  # a ligature, or sloping letters beside each other
            wide = min(right, other[2]) - other[0]
            high = min(top, other[3]) - max(bottom, other[1])
            least = min(
                (right - left) * (top - bottom), (other[2] - other[0]) * (other[3] - other[1])
            )
            if (
                wide > 0.5
                and high > 0.5
                and wide * high > 0.45 * least
                and letter.isalnum()
                and other[4].isalnum()
            ):
                yield f"{other[4]!r} is printed over {letter!r} at {left:.0f},{bottom:.0f}"


def alone(path: Path) -> list[str]:
    """Return where a bracket that opens ends a line: the letters from it on."""
    found = []
    with pypdfium2.PdfDocument(path) as pdf:
        for number, page in enumerate(pdf, 1):
            in_order = sorted(glyphs(page), key=lambda glyph: glyph[5])
            found += [
                f"p. {number}: {''.join(one[4] for one in in_order[at : at + 12])}"
                for at, (mark, following) in enumerate(itertools.pairwise(in_order))
                # it reaches below its line, and the next line begins below that
                if mark[4] in "[(" and following[3] < mark[1]
            ]
    return found


def letters(path: Path) -> Iterator[tuple[int, float, bool, str]]:
    """Yield each piece of text of a PDF: its page, the size of its letters in points, whether it is in a picture, its
    words.
    """
    with pypdfium2.PdfDocument(path) as pdf:
        for number, page in enumerate(pdf, 1):
            words = page.get_textpage().raw
            for piece in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=4):
                size, matrix = ctypes.c_float(), piece.get_matrix()
                pdfium.FPDFTextObj_GetFontSize(piece.raw, size)
                # A picture is drawn in its own units and then scaled to its place.
                scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
                yield number, size.value * scale, abs(scale - 1) > 0.001, _words(piece.raw, words)


def _words(piece: Any, page: Any) -> str:
    length = pdfium.FPDFTextObj_GetText(piece, page, None, 0)
    buffer = ctypes.create_string_buffer(length)
    shorts = ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort))
    pdfium.FPDFTextObj_GetText(piece, page, shorts, length)
    return buffer.raw.decode("utf-16-le").strip("\0")
