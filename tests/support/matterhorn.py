"""What a PDF/UA-1 file must not contain, by the numbers of the Matterhorn Protocol 1.1: the part that needs no walk through
the tags.

Each function yields a number, or the numbers of a group, and what was found. A group is covered by absence: the book has no
such thing at all, and so none that breaks a condition. ``pdfcheck`` covers the conditions on tags and contents of pages.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.pens.basePen import NullPen
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name, Stream

Fault = tuple[str, str]

#: Things that the book does not have: the numbers of the faults that they could cause.
ABSENT = {
    "a form": "11-005 25-001 28-005 28-010",
    "layers": "20-001 20-002 20-003",
    "a file within the file": "21-001 28-016",
    "encryption": "26-001 26-002",
    "an annotation that is not a link": "28-002 28-006 28-007 28-017 28-018",
    "a clip of sound or film": "28-014 28-015",
    "an encoding of a font other than Identity-H": "31-001 31-002 31-003 31-006 31-007 31-008",
    "a Type 1 font": "31-012 31-013",
    "a TrueType font that is no CID font": " ".join(f"31-{number:03}" for number in range(17, 27)),
}


def document(pdf: pikepdf.Pdf) -> Iterator[Fault]:
    """Check the catalogue and the metadata, and find all objects that must not be there."""
    root = pdf.Root
    xmp = bytes(root.Metadata.read_bytes()).decode() if "/Metadata" in root else ""
    mark, view = root.get("/MarkInfo", {}), root.get("/ViewerPreferences", {})
    if not mark.get("/Marked"):
        yield "", "not marked as tagged"
    if mark.get("/Suspects"):
        yield "01-007", "tags are called suspect"
    if not xmp:
        yield "06-001", "no metadata"
    if not re.search(r"pdfuaid:part(=\"|>)1", xmp):
        yield "06-002", "does not declare PDF/UA-1"
    if not re.search(r"<dc:title>.*?<rdf:li[^>]*>[^<]", xmp, re.DOTALL):
        yield "06-003", "no title in the metadata"
    if "/DisplayDocTitle" not in view:
        yield "07-001", "not said whether the window shows the title"
    elif not view.DisplayDocTitle:
        yield "07-002", "the window shows no title"
    if pdf.is_encrypted:
        yield ABSENT["encryption"], "encryption"
    if "/AcroForm" in root:
        yield ABSENT["a form"], "a form"
    if "/OCProperties" in root:
        yield ABSENT["layers"], "layers"
    for found in pdf.objects:
        if not isinstance(found, Dictionary | Stream):
            continue
        kind = found.get("/Type")
        if "/EF" in found or kind == Name.EmbeddedFile:
            yield ABSENT["a file within the file"], "a file within the file"
        if kind == Name.MediaClip:
            yield ABSENT["a clip of sound or film"], "a clip of sound or film"
        if found.get("/Subtype") == Name.Form and "/Ref" in found:
            yield "30-001", "a page of another file"


def roles(tree: Any, standard: frozenset[str]) -> Iterator[Fault]:
    """Check the map from names of tags to the standard ones."""
    named = {str(key)[1:]: str(value)[1:] for key, value in tree.get("/RoleMap", {}).items()}
    for name in named:
        if name in standard:
            yield "02-004", f"the standard tag {name} stands for another"
        seen, at = {name}, named[name]
        while at not in standard and at in named and at not in seen:
            seen.add(at)
            at = named[at]
        if at in seen:
            yield "02-003", f"the tag {name} stands for itself"
        elif at not in standard:
            yield "02-001", f"the tag {name} stands for nothing standard"


def fonts(used: Mapping[Any, Any], shown: Mapping[Any, set[int]]) -> Iterator[Fault]:
    """Check each font with the codes of it that are shown."""
    for key, font in used.items():
        name = str(font.get("/BaseFont", "/?"))[1:]
        for number, fault in _font(font, shown.get(key, set())):
            yield number, f"{fault}: {name.partition('+')[2] or name}"


def _font(font: Any, codes: set[int]) -> Iterator[Fault]:
    kind = font.get("/Subtype")
    if kind == Name.Type3:
        yield from _unicode(font, codes)
        return
    if kind == Name.TrueType:
        yield (
            ABSENT["a TrueType font that is no CID font"],
            "a TrueType font that is no CID font",
        )
        return
    if kind != Name.Type0:
        yield ABSENT["a Type 1 font"], "a Type 1 font"
        return
    if font.get("/Encoding") != Name("/Identity-H"):
        what = "an encoding of a font other than Identity-H"
        yield ABSENT[what], what
    inner = font.DescendantFonts[0]
    if inner.Subtype == Name.CIDFontType2:
        if "/CIDToGIDMap" not in inner:
            yield "31-005", "no way from codes to glyphs"
        elif not isinstance(inner.CIDToGIDMap, Stream) and inner.CIDToGIDMap != Name.Identity:
            yield "31-004", "an unknown way from codes to glyphs"
    yield from _unicode(font, codes)
    described = inner.get("/FontDescriptor", {})
    program = next(
        (described[f"/FontFile{kind}"] for kind in ("2", "3") if f"/FontFile{kind}" in described),
        None,
    )
    if program is None:
        yield "31-009", "not embedded"
        return
    widths = _widths(bytes(program.read_bytes()))
    if 0 in codes:
        yield "31-030", "shows the glyph that stands for a missing one"
    if codes - set(widths):
        yield "31-011", "shows a glyph that the font does not hold"
    said = _said_widths(inner)
    if any(
        abs(said.get(code, float(inner.get("/DW", 1000))) - widths[code]) > 1
        for code in codes & set(widths)
    ):
        yield "31-016", "widths differ from those of the glyphs"
    if "/CIDSet" in described:
        bits = bytes(described.CIDSet.read_bytes())
        listed = {
            place * 8 + bit
            for place, byte in enumerate(bits)
            for bit in range(8)
            if byte & (128 >> bit)
        }
        if set(widths) - listed:
            yield "31-014", "a glyph is not on the list of glyphs"
        if listed - set(widths):
            yield "31-015", "the list of glyphs has one that is not there"


def _unicode(font: Any, codes: set[int]) -> Iterator[Fault]:
    if "/ToUnicode" not in font:
        yield "31-027", "no way to Unicode"
        return
    mapped = characters(font)
    if any(not mapped.get(code) for code in codes):
        yield "10-001 17-003", "a code that is no character"
    texts = "".join(mapped.values())
    if "\0" in texts:
        yield "31-028", "a code that is U+0000"
    if re.search("[\ufeff\ufffe]", texts):
        yield "31-029", "a code that is U+FEFF or U+FFFE"


_HEX = r"<([0-9A-Fa-f\s]*)>"


def characters(font: Any) -> dict[int, str]:
    """Return the characters of each code of a font."""
    cmap = bytes(font.ToUnicode.read_bytes()).decode("latin-1") if "/ToUnicode" in font else ""

    def read(digits: str) -> str:
        return bytes.fromhex(digits).decode("utf-16-be", "surrogatepass")

    found: dict[int, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(rf"{_HEX}\s*{_HEX}", section):
            found[int(code, 16)] = read(text)
    for section in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, text, texts in re.findall(
            rf"{_HEX}\s*{_HEX}\s*(?:{_HEX}|\[(.*?)\])", section, re.DOTALL
        ):
            listed = re.findall(_HEX, texts)
            for place, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                start = read(listed[place] if listed else text)
                found[code] = start if listed else f"{start[:-1]}{chr(ord(start[-1]) + place)}"
    return found


def _said_widths(inner: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    listed = list(inner.get("/W", []))
    while listed:
        first, second = int(listed.pop(0)), listed.pop(0)
        if isinstance(second, pikepdf.Array):
            found |= {first + place: float(width) for place, width in enumerate(second)}
        else:
            found |= dict.fromkeys(range(first, int(second) + 1), float(listed.pop(0)))
    return found


def _widths(program: bytes) -> dict[int, float]:
    """Return the width of each glyph of an embedded font, by its code, in thousandths."""
    if program[:4] in {b"\0\1\0\0", b"true"}:
        with TTFont(io.BytesIO(program)) as font:
            metrics, scale = font["hmtx"], 1000 / font["head"].unitsPerEm
            return {
                place: metrics[name][0] * scale for place, name in enumerate(font.getGlyphOrder())
            }
    if program[:4] == b"OTTO":
        with TTFont(io.BytesIO(program)) as font:
            program = font.getTableData("CFF ")
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(program), None)
    top = fonts[0]
    scale = 1000 * getattr(top, "FontMatrix", [0.001])[0]
    found = {}
    for place, name in enumerate(top.charset):
        glyph = top.CharStrings[name]
        glyph.draw(NullPen())
        code = int(name[3:]) if re.fullmatch(r"cid\d+", name) else place
        found[code] = glyph.width * scale
    return found
