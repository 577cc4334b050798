"""The punctuation with which directives join parts of a text, by language."""

from __future__ import annotations

import re
from dataclasses import dataclass


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

    def within(self, text: str) -> str:
        """Return a text in brackets, to follow another text."""
        return f"{self.opening}{text}{self.closing}"


_ENGLISH = Marks()
_CHINESE = Marks("，", "、", "；", "：", "。", "", "（", "）")


#: A colon of any language, as used in titles.
COLON = re.compile(f"{re.escape(_ENGLISH.colon)}|{_CHINESE.colon}")


def of(language: str) -> Marks:
    """Return the marks of a language, by its code."""
    return _CHINESE if language.startswith("zh") else _ENGLISH
