"""Make the fonts of the PDF: subsets of Noto, small enough to live in the repository.

Run it when the build says that no font has a character::

    apt install fonts-noto-cjk                     # Debian's package of the Chinese fonts
    python tools/handbook/pdf/make_fonts.py

Latin, Greek and Cyrillic are complete, and renewed only where fonts-noto-core and fonts-noto-mono
are installed, too. Each Chinese font holds the 6,763 simplified characters of GB/T 2312-1980, so
that a translation hardly ever needs a new one, and each character that the pages and the
bibliography use; the regular sans serif also holds the 5,401 common traditional ones (Big5). The
Japanese and Korean fonts, needed for titles of sources only, hold nothing but the characters used.
Chinese text is set in Noto Serif; what is bold is sans serif, as is usual in Chinese books. The
licence of all of them is the SIL Open Font License 1.1, ``fonts/OFL.txt``; none has a reserved
name.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parents[3]
FONTS = Path(__file__).with_name("fonts")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
#: The order of fonts within a .ttc file of Noto Sans CJK and Noto Serif CJK.
_COLLECTION = {"jp": 0, "kr": 1, "sc": 2}
_WESTERN = [
    (0x20, 0x7E),
    (0xA0, 0x24F),
    (0x2B0, 0x36F),
    (0x370, 0x3FF),
    (0x400, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2000, 0x22FF),
]
_SIGNS = [
    (0x2010, 0x2027),
    (0x2030, 0x205E),
    (0x20A9, 0x20AC),
    (0x2100, 0x2127),
    (0x2150, 0x218F),
    (0x2190, 0x2199),
    (0x2200, 0x22A5),
    (0x2460, 0x2473),
    (0x2500, 0x2503),
    (0x25A0, 0x2606),
    (0x2713, 0x2717),
    (0x3000, 0x30FF),
    (0xFF01, 0xFF5E),
]


@dataclass(frozen=True)
class Face:
    """A font file to make: from ``source`` (number ``index`` of a collection), with
    ``characters``.
    """

    name: str
    source: str
    index: int
    characters: frozenset[str]


def simplified() -> frozenset[str]:
    """Return the 6,763 Chinese characters of both levels: rows 16 to 87 of GB/T 2312-1980."""
    cells = (
        (row, cell)
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
        if row != 0xD7 or cell <= 0xF9
    )
    return frozenset(bytes(cell).decode("gb2312") for cell in cells)


def traditional() -> frozenset[str]:
    """Return the 5,401 common characters of Big5: titles of sources from Hong Kong, Macao and
    Taiwan, and most Japanese ones.
    """
    cells = (
        (row, cell)
        for row in range(0xA4, 0xC7)
        for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        if (row, cell) <= (0xC6, 0x7E)
    )
    return frozenset(bytes(cell).decode("big5") for cell in cells)


def texts(root: Path) -> Iterator[str]:
    """Yield each line that can be printed: pages, bibliography, data, translated words."""
    for folder in ("docs", "references", "tools/handbook"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {
                ".md",
                ".bib",
                ".yaml",
                ".json",
                ".jsonl",
                ".svg",
                ".po",
                ".py",
                ".typ",
            }:
                yield from path.read_text(encoding="utf-8").splitlines()


def faces(lines: Iterable[str]) -> list[Face]:
    """Return the font files to make for a handbook with these ``lines``."""
    lines = list(lines)
    used = frozenset("".join(lines))
    japanese = frozenset("".join(line for line in lines if _KANA.search(line))) | _range(
        (0x3041, 0x30FF)
    )
    korean = frozenset("".join(line for line in lines if _HANGUL.search(line)))
    western, symbols = _range(*_WESTERN), _range(*_SIGNS)
    east = frozenset(character for character in used if character >= "\u2e80")
    made = [
        Face(f"{family}-{style}.ttf", f"{family}-{style}.ttf", 0, western)
        for family, styles in (
            ("NotoSerif", ("Regular", "Italic", "Bold", "BoldItalic")),
            ("NotoSans", ("Regular", "Italic", "Bold", "BoldItalic")),
            ("NotoSansMono", ("Regular", "Bold")),
        )
        for style in styles
    ]
    chinese = simplified() | east | symbols
    for family, name, weight, characters in (
        ("NotoSerif", "sc", "Regular", chinese),
        ("NotoSans", "sc", "Regular", chinese | traditional()),
        ("NotoSans", "sc", "Bold", chinese),
        ("NotoSans", "jp", "Regular", japanese),
        ("NotoSans", "kr", "Regular", korean),
    ):
        made.append(
            Face(
                f"{family}CJK{name}-{weight}.otf",
                f"{family}CJK-{weight}.ttc",
                _COLLECTION[name],
                frozenset(characters),
            )
        )
    return made


def make(face: Face, source: Path, target: Path) -> set[str]:
    """Write one font file and return the characters that it holds."""
    options = subset.Options()
    options.font_number = face.index
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = False
    options.name_IDs = ["*"]
    options.layout_features = (
        ["kern", "mark", "mkmk", "ccmp", "locl", "lnum", "tnum", "liga"]
        if target.suffix == ".ttf"
        else ["ccmp"]  # two dashes become one long dash
    )
    # The current date would make each run a change.
    options.recalc_timestamp = False
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in face.characters])
    subsetter.subset(font)
    subset.save_font(font, target, options)
    return {chr(code) for code in font.getBestCmap()}


def _range(*bounds: tuple[int, int]) -> frozenset[str]:
    return frozenset(chr(code) for first, last in bounds for code in range(first, last + 1))


def main(arguments: list[str] | None = None) -> int:
    """Return 0 if the fonts were made, 2 if a source font is not on this machine."""
    parser = argparse.ArgumentParser(description="Make the fonts of the PDF.")
    parser.add_argument(
        "--from",
        dest="folder",
        type=Path,
        default=Path("/usr/share/fonts"),
        help="where the whole fonts are (default: %(default)s)",
    )
    folder = parser.parse_args(arguments).folder
    found = {
        path.name: path for path in sorted(folder.rglob("*")) if path.suffix in {".ttf", ".ttc"}
    }
    wanted = faces(texts(ROOT))
    lost = sorted(
        {
            face.source
            for face in wanted
            if face.source not in found
            and not (face.source.endswith(".ttf") and (FONTS / face.name).exists())
        }
    )
    if lost:
        print(
            f"{folder} has no {', '.join(lost)}; on Debian: apt install fonts-noto-core"
            " fonts-noto-mono fonts-noto-cjk",
            file=sys.stderr,
        )
        return 2
    FONTS.mkdir(exist_ok=True)
    for face in wanted:
        if face.source not in found:
            print(f"{face.name:28} kept: it is whole already")
            continue
        held = make(face, found[face.source], FONTS / face.name)
        print(
            f"{face.name:28} {(FONTS / face.name).stat().st_size // 1000:5} kB {len(held):6}"
            " characters"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
