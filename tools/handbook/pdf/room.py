"""The room that a text has on paper, and where a word may break that is too long for it.

Typst breaks a line between words, at hyphens and between syllables, and nowhere else: a word that
is longer than its line would run off the paper or over the next column of its table.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from handbook.pdf import fonts
from handbook.pdf.typst_markup import call, collapse, content, escape, string

#: Between letters of Chinese, Japanese and Korean a line may always break, but not between their
#: punctuation marks.
_SMALL = "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
_KANA = "".join(
    letter
    for first, last in (("ぁ", "ゖ"), ("ァ", "ヺ"))
    for letter in map(chr, range(ord(first), ord(last) + 1))
    if letter not in _SMALL
)
#: After these a line may break, too.
_STOPS = "、，。；：！？"
_LETTERS = rf"\u2e80-\u2fdf{_KANA}\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
#: Text within which a line does not break. A no-break space belongs to it.
_WORD = re.compile(rf"[^ \t\n\r\f{_LETTERS}{_STOPS}]+[{_STOPS}]*|[{_STOPS}]+")
#: The beginning of the number of a document or the name of a committee. Typst would break it after
#: its slash.
_ONE = re.compile(r"\b[A-Z]{2,4}(?:/[A-Z]{1,4})+\b")
#: The greatest width of a letter, as a multiple of the font size.
_WIDEST = 1.4
#: The share of the room that a word may fill: Typst measures exactly what is estimated here.
_SURE = 0.8
_MONO = 0.62


@dataclass(frozen=True)
class Room:
    """``width`` is that of the line in points, ``size`` that of the letters; ``plain``: the text is
    also repeated as plain words, in which nothing can be measured; ``loose``: a word may continue
    in the next element, so that each may break at its ends.
    """

    width: float = 459.0
    size: float = 9.7
    plain: bool = False
    loose: bool = False

    def less(self, taken: float) -> Room:
        """Return the room beside or within something."""
        return replace(self, width=max(self.width - taken, 2 * self.size))

    def at(self, size: float) -> Room:
        """Return the same room with letters of another size."""
        return replace(self, size=size)

    def goes_on(self, texts: Iterable[str]) -> bool:
        """Return whether a word that may be longer than the line spans several of ``texts``, which
        follow each other.
        """
        pieces = list(texts)
        long = {word for word in _WORD.findall("".join(pieces)) if self._long(word)}
        return bool(long) and not long <= {word for text in pieces for word in _WORD.findall(text)}

    def _long(self, word: str, letter: float = 0.0) -> bool:
        room = self.width * _SURE
        if len(word) * max(_WIDEST, letter) * self.size <= room:
            return False
        return max(fonts.width(word), letter * len(word)) * self.size > room

    def is_long_code(self, text: str) -> bool:
        """Return the same for a text in the font of code."""
        return any(self._long(match[0], _MONO) for match in _WORD.finditer(text))

    def print(self, text: str) -> str:
        """Return Typst markup that prints a text, in which words that are too long may break."""
        shown = collapse(text)
        parts, end = [], 0
        for match in _WORD.finditer(shown):
            at_end = self.loose and (not match.start() or match.end() == len(shown))
            if at_end or self._long(match[0]):
                parts += [self._whole(shown[end : match.start()]), self._broken(match[0], at_end)]
                end = match.end()
        return "".join([*parts, self._whole(shown[end:])])

    def _whole(self, text: str) -> str:
        """Return text in which each word fits on a line."""
        if self.plain:
            return escape(text)
        # text is between the matches of a pattern without groups
        between = map(escape, _ONE.split(text))
        boxes = (call("box", content(escape(one))) for one in _ONE.findall(text))
        return "".join(itertools.chain(*zip(between, [*boxes, ""], strict=True)))

    def _broken(self, word: str, at_end: bool) -> str:
        if at_end or self.plain:
            return call("anywhere", string(word))
        return call("fitting", f"{self.width:.4g}pt", string(word))

    def code(self, text: str) -> str:
        """Return the same for a piece of code within a line."""
        if self.loose or (self.plain and self.is_long_code(text)):
            return call("code-anywhere", string(text))
        if self.is_long_code(text):
            return call("fitting-code", f"{self.width:.4g}pt", string(text))
        return call("raw", string(text))
