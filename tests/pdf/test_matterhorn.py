"""Each condition of the Matterhorn Protocol that a machine can tell: a PDF that breaks it on purpose is found.

The list in ``docs/contributing/pdf.md`` names the same conditions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from support import ROOT, matterhorn
from support.pdfcheck import check
from support.projects import PRINTED, Project

PAGE = """# A book

Words[^n] and [a link](https://example.org/a), 江干区.

- one
- two

| head | other |
|---|---|
| cell | more |

## A section

![A square](square.svg)

:::{math}
a^2 + b^2
:::

### Below it

The end.

[^n]: A note.
"""
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4"/></svg>'
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Project(tmp_path_factory.mktemp("matterhorn"), {"index.md": PAGE, "square.svg": SQUARE})
    built = made.build("pdf", **PRINTED)
    assert built.warnings == []
    return built.out / "handbook.pdf"


def tags(pdf: pikepdf.Pdf, role: str) -> Iterator[Any]:
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop(0)
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and "/S" in kid:
                waiting.append(kid)
                if Name(f"/{role}") == kid.S:
                    yield kid


def first(pdf: pikepdf.Pdf, role: str) -> Any:
    return next(tags(pdf, role))


def link(pdf: pikepdf.Pdf) -> Any:
    return next(one for page in pdf.pages for one in page.obj.get("/Annots", []))


def linked(pdf: pikepdf.Pdf) -> Any:
    """The first page with a link."""
    return next(page.obj for page in pdf.pages if "/Annots" in page.obj)


def annotate(pdf: pikepdf.Pdf, kind: str) -> None:
    made = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=[0, 0, 1, 1]))
    linked(pdf).Annots.append(made)
    if kind == "/Widget":
        pdf.Root.AcroForm = Dictionary(Fields=Array([made]))


def fonts(pdf: pikepdf.Pdf) -> list[Any]:
    found = {
        font.objgen: font for page in pdf.pages for font in page.resources.get("/Font", {}).values()
    }
    return list(found.values())


def font(pdf: pikepdf.Pdf, kind: str = "/CIDFontType2") -> Any:
    return next(one for one in fonts(pdf) if one.DescendantFonts[0].Subtype == Name(kind))


def painted(pdf: pikepdf.Pdf, page: int, change: Callable[[bytes], bytes]) -> None:
    """Change the content of a page."""
    content = pdf.pages[page]
    content.contents_coalesce()
    before = content.Contents.read_bytes()
    after = change(before)
    assert after != before
    content.Contents = Stream(pdf, after)


def mapped(pdf: pikepdf.Pdf, text: str) -> None:
    """Let each font say that its codes are this text."""
    for one in fonts(pdf):
        cmap = one.ToUnicode.read_bytes().decode("latin-1")
        one.ToUnicode = Stream(pdf, re.sub(r"(<\w{4}>) <\w+>", rf"\1 <{text}>", cmap).encode())


def role(pdf: pikepdf.Pdf, name: str, standard: str) -> None:
    pdf.Root.StructTreeRoot.RoleMap[f"/{name}"] = Name(f"/{standard}")


def metadata(pdf: pikepdf.Pdf, gone: str) -> None:
    xmp = pdf.Root.Metadata.read_bytes().decode()
    assert re.search(gone, xmp, re.DOTALL)
    pdf.Root.Metadata = Stream(pdf, re.sub(gone, "", xmp, flags=re.DOTALL).encode())


def put(node: Any, **values: Any) -> None:
    for name, value in values.items():
        node[f"/{name}"] = value


def drop(node: Any, *names: str) -> None:
    for name in names:
        del node[f"/{name}"]


def rename(pdf: pikepdf.Pdf, old: str, new: str) -> None:
    first(pdf, old).S = Name(f"/{new}")


def within(pdf: pikepdf.Pdf, outer: str, inner: str) -> None:
    """A tag in a tag, at the end of the book."""
    made = pdf.make_indirect(Dictionary(S=Name(f"/{outer}")))
    made.K = Array([pdf.make_indirect(Dictionary(S=Name(f"/{inner}"), P=made))])
    root = first(pdf, "Document")
    root.K.append(made)


def two_notes(pdf: pikepdf.Pdf) -> None:
    note = first(pdf, "Note")
    again = pdf.make_indirect(Dictionary(S=Name.Note, ID=note.ID, P=note.P))
    first(pdf, "Document").K.append(again)


def unlinked(pdf: pikepdf.Pdf) -> None:
    for tag in list(tags(pdf, "Link")):
        tag.S = Name.Span


def form_twice(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    made = Stream(pdf, b"/P <</MCID 900>> BDC EMC")
    put(made, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    page.add_resource(made, Name.XObject, Name("/Twice"))
    page.contents_add(b"/Twice Do /Twice Do")


def foreign_page(pdf: pikepdf.Pdf) -> None:
    made = pdf.make_stream(b"")
    put(made, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1], Ref=Dictionary(Page=0))
    pdf.Root.Foreign = made


def simple_font(pdf: pikepdf.Pdf, kind: str) -> None:
    pdf.pages[0].resources.Font["/Fx"] = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name(kind), BaseFont=Name("/Helvetica"))
    )


def heavier(pdf: pikepdf.Pdf) -> None:
    inner = font(pdf).DescendantFonts[0]
    put(inner, W=Array([]), DW=123)


def glyph_list(pdf: pikepdf.Pdf, data: bytes) -> None:
    for one in fonts(pdf):
        one.DescendantFonts[0].FontDescriptor.CIDSet = Stream(pdf, data)


def encoding(pdf: pikepdf.Pdf) -> None:
    font(pdf).Encoding = Name("/GBK-EUC-H")


def artifact_within(data: bytes) -> bytes:
    return re.sub(rb"(/MCID \d+[^\n]*BDC)", rb"\1 /Artifact BMC EMC", data, count=1)


def tagged_within(data: bytes) -> bytes:
    return data + b"\n/Artifact BMC /P <</MCID 0>> BDC EMC EMC"


#: What breaks the PDF, by the number that must be found.
BROKEN: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "01-003": lambda pdf: painted(pdf, 1, artifact_within),
    "01-004": lambda pdf: painted(pdf, 1, tagged_within),
    "01-005": lambda pdf: painted(pdf, 1, lambda data: data + b"\n0 0 9 9 re f"),
    "01-007": lambda pdf: put(pdf.Root.MarkInfo, Suspects=True),
    "02-001": lambda pdf: (role(pdf, "Odd", "Unknown"), rename(pdf, "P", "Odd")),
    "02-003": lambda pdf: (role(pdf, "Odd", "Even"), role(pdf, "Even", "Odd")),
    "02-004": lambda pdf: role(pdf, "P", "Span"),
    "06-001": lambda pdf: drop(pdf.Root, "Metadata"),
    "06-002": lambda pdf: metadata(pdf, r"<pdfuaid:part>1</pdfuaid:part>"),
    "06-003": lambda pdf: metadata(pdf, r"<dc:title>.*</dc:title>"),
    "07-001": lambda pdf: drop(pdf.Root.ViewerPreferences, "DisplayDocTitle"),
    "07-002": lambda pdf: put(pdf.Root.ViewerPreferences, DisplayDocTitle=False),
    "09-004": lambda pdf: rename(pdf, "TR", "P"),
    "09-005": lambda pdf: rename(pdf, "LI", "P"),
    "09-006": lambda pdf: within(pdf, "TOC", "P"),
    "09-007": lambda pdf: within(pdf, "Ruby", "P"),
    "09-008": lambda pdf: within(pdf, "P", "WT"),
    "10-001": lambda pdf: put(font(pdf), ToUnicode=Stream(pdf, b"")),
    "11-001": lambda pdf: drop(pdf.Root, "Lang"),
    "11-002": lambda pdf: drop(pdf.Root, "Lang"),
    "11-003": lambda pdf: drop(pdf.Root, "Lang"),
    "11-004": lambda pdf: drop(pdf.Root, "Lang"),
    "11-005": lambda pdf: annotate(pdf, "/Widget"),
    "11-006": lambda pdf: drop(pdf.Root, "Lang"),
    "13-004": lambda pdf: drop(first(pdf, "Figure"), "Alt"),
    "14-002": lambda pdf: [put(tag, S=Name.P) for tag in list(tags(pdf, "H1"))],
    "14-003": lambda pdf: rename(pdf, "H2", "P"),
    "14-006": lambda pdf: (
        within(pdf, "Sect", "H"),
        list(tags(pdf, "Sect"))[-1].K.append(Dictionary(S=Name.H)),
    ),
    "14-007": lambda pdf: within(pdf, "Sect", "H"),
    "15-003": lambda pdf: drop(first(pdf, "TH"), "A"),
    "17-002": lambda pdf: drop(first(pdf, "Formula"), "Alt"),
    "17-003": lambda pdf: put(font(pdf), ToUnicode=Stream(pdf, b"")),
    "19-003": lambda pdf: drop(first(pdf, "Note"), "ID"),
    "19-004": two_notes,
    "20-001": lambda pdf: put(pdf.Root, OCProperties=Dictionary()),
    "20-002": lambda pdf: put(pdf.Root, OCProperties=Dictionary()),
    "20-003": lambda pdf: put(pdf.Root, OCProperties=Dictionary()),
    "21-001": lambda pdf: pdf.attachments.__setitem__("a.txt", b"text"),
    "25-001": lambda pdf: put(pdf.Root, AcroForm=Dictionary(Fields=Array([]))),
    "28-002": lambda pdf: annotate(pdf, "/Text"),
    "28-004": lambda pdf: drop(link(pdf), "Contents"),
    "28-005": lambda pdf: annotate(pdf, "/Widget"),
    "28-006": lambda pdf: annotate(pdf, "/Unheard"),
    "28-007": lambda pdf: annotate(pdf, "/TrapNet"),
    "28-008": lambda pdf: drop(linked(pdf), "Tabs"),
    "28-009": lambda pdf: put(linked(pdf), Tabs=Name.R),
    "28-010": lambda pdf: annotate(pdf, "/Widget"),
    "28-011": unlinked,
    "28-012": lambda pdf: drop(link(pdf), "Contents"),
    "28-014": lambda pdf: put(pdf.Root, Clip=pdf.make_indirect(Dictionary(Type=Name.MediaClip))),
    "28-015": lambda pdf: put(pdf.Root, Clip=pdf.make_indirect(Dictionary(Type=Name.MediaClip))),
    "28-016": lambda pdf: pdf.attachments.__setitem__("a.txt", b"text"),
    "28-017": lambda pdf: annotate(pdf, "/PrinterMark"),
    "28-018": lambda pdf: annotate(pdf, "/PrinterMark"),
    "30-001": foreign_page,
    "30-002": form_twice,
    **{f"31-{number:03}": encoding for number in (1, 2, 3, 6, 7, 8)},
    "31-004": lambda pdf: put(font(pdf).DescendantFonts[0], CIDToGIDMap=Name.Other),
    "31-005": lambda pdf: drop(font(pdf).DescendantFonts[0], "CIDToGIDMap"),
    "31-009": lambda pdf: drop(font(pdf).DescendantFonts[0].FontDescriptor, "FontFile2"),
    "31-011": lambda pdf: painted(
        pdf, 1, lambda data: data + b"\n/Artifact BMC BT /f0 9 Tf <EFFF> Tj ET EMC"
    ),
    **{f"31-{number:03}": lambda pdf: simple_font(pdf, "/Type1") for number in (12, 13)},
    "31-014": lambda pdf: glyph_list(pdf, b"\0"),
    "31-015": lambda pdf: glyph_list(pdf, b"\xff" * 8000),
    "31-016": heavier,
    **{f"31-{number:03}": lambda pdf: simple_font(pdf, "/TrueType") for number in range(17, 27)},
    "31-027": lambda pdf: drop(font(pdf), "ToUnicode"),
    "31-028": lambda pdf: mapped(pdf, "0000"),
    "31-029": lambda pdf: mapped(pdf, "FEFF"),
    "31-030": lambda pdf: painted(
        pdf, 1, lambda data: data + b"\n/Artifact BMC BT /f0 9 Tf <0000> Tj ET EMC"
    ),
}


def numbers(path: Path) -> set[str]:
    return {
        number
        for failure in check(path).failures
        for number in re.findall(r"\b\d\d-\d{3}\b", failure)
    }


def test_the_book_itself_breaks_nothing(whole: Path) -> None:
    report = check(whole)
    assert dict(report.failures) == {}
    # otherwise the broken books would prove little
    for needed in ("Figure", "Formula", "Note", "Link", "TH", "LI", "H3"):
        assert report.roles[needed], needed


@pytest.mark.parametrize("number", BROKEN)
def test_what_breaks_a_condition_is_found(whole: Path, tmp_path: Path, number: str) -> None:
    broken = tmp_path / "broken.pdf"
    with pikepdf.open(whole) as pdf:
        BROKEN[number](pdf)
        pdf.save(broken)
    assert number in numbers(broken)


def test_a_locked_book_is_found(whole: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    with pikepdf.open(whole) as pdf:
        pdf.save(broken, encryption=pikepdf.Encryption(owner="o", user=""))
    assert {"26-001", "26-002"} <= numbers(broken)


def test_the_docs_list_what_is_covered() -> None:
    text = (ROOT / "docs" / "contributing" / "pdf.md").read_text("utf-8")
    table = text.partition("(pdf-conditions)=")[2].partition("\n(pdf-")[0]
    covered = {
        f"{row[1]}-{number}"
        for row in re.finditer(r"(?m)^\| (\d\d) \|([^|]*)\|([^|]*)\|", table)
        for number in _spelled(row[2] + "," + row[3])
    }
    assert covered == {*BROKEN, "26-001", "26-002"}
    assert len(covered) == 87
    absent = {number for group in matterhorn.ABSENT.values() for number in group.split()}
    assert absent == {
        f"{row[1]}-{number}"
        for row in re.finditer(r"(?m)^\| (\d\d) \|[^|]*\|([^|]*)\|", table)
        for number in _spelled(row[2])
    }


def _spelled(cell: str) -> Iterator[str]:
    """``003 to 005, 007`` as single numbers."""
    for part in re.findall(r"\d{3}(?: to \d{3})?", cell):
        ends = [int(one) for one in part.split(" to ")]
        yield from (f"{number:03}" for number in range(ends[0], ends[-1] + 1))
