"""The punctuation with which directives join parts of a text, by language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handbook.model.scripts import HAN


@dataclass(frozen=True, slots=True)
class Marks:
    """The punctuation of one language: ``listed`` separates things of one kind, ``comma`` parts of
    a sentence, ``space`` letters from anything else.
    """

    comma: str = ", "
    listed: str = ", "
    semicolon: str = "; "
    colon: str = ": "
    stop: str = "."
    space: str = " "
    opening: str = " ("
    closing: str = ")"
    question: str = "?"

    def within(self, text: str) -> str:
        """Return a text in brackets, to follow another text."""
        return f"{self.opening}{text}{self.closing}"


ENGLISH = Marks()
_CHINESE = Marks("，", "、", "；", "：", "。", "", "（", "）", "？")


#: A colon of any language, as used in titles.
COLON = re.compile(f"{re.escape(ENGLISH.colon)}|{_CHINESE.colon}")
#: The Chinese mark for each half-width one.
FULL_WIDTH = dict(zip(",.:;?!()", "，。：；？！（）", strict=True))
#: A half-width mark beside a Chinese character, where a Chinese one belongs.
HALF_WIDTH = re.compile(
    rf"(?<=[{HAN}])(?:[,.:;?!](?![\w/])|[()])|[,;)](?=[{HAN}])|(?<=[{HAN}] )\((?=[{HAN}])"
)


def of(language: str) -> Marks:
    """Return the marks of a language, by its code."""
    return _CHINESE if language.startswith("zh") else ENGLISH
