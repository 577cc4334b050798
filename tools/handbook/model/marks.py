"""The marks that stand between parts of a text which directives put together, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Marks:
    """``listed`` stands between things of one kind, ``comma`` between parts of a sentence,
    ``space`` between letters and what is not a letter.
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
        """A text in brackets, behind another."""
        return f"{self.opening}{text}{self.closing}"


_ENGLISH = Marks()
_CHINESE = Marks("，", "、", "；", "：", "。", "", "（", "）")


def of(language: str) -> Marks:
    """The marks of a language, by its code."""
    return _CHINESE if language.startswith("zh") else _ENGLISH
