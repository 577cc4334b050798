"""Chinese, Japanese and Korean letters: their ranges, and the language of a run of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Ranges of Unicode, as written within the brackets of a regular expression.
KANA = "\u3040-\u30ff"
HANGUL = "\uac00-\ud7af"
HAN = "\u3400-\u9fff\uf900-\ufaff"
#: Rare characters beyond the Basic Multilingual Plane.
RARE_HAN = "\U00020000-\U0003ffff"
#: Radicals, which look like characters.
RADICALS = "\u2e80-\u2fdf"
#: Iteration marks and the number zero, which occur between characters.
MARKS = "\u3005\u3007"
#: Punctuation and full-width forms.
PUNCTUATION = "\u2e80-\u303f\uff00-\uffef"

#: A run that begins with a letter; punctuation may follow.
CJK = re.compile(
    rf"[{RADICALS}\u3005-\u303f{KANA}{HAN}{HANGUL}]"
    rf"[{PUNCTUATION}{KANA}{HAN}{HANGUL}]*"
)
#: A run of Chinese or Japanese letters without punctuation; Korean puts spaces between words.
UNSPACED = re.compile(rf"[{MARKS}{KANA}{HAN}{RARE_HAN}]+")
_KANA = re.compile(f"[{KANA}]")
_HANGUL = re.compile(f"[{HANGUL}]")


#: Latin letters with everything between them, up to the next Chinese letter or mark.
_LATIN = re.compile(rf"[A-Za-z][^{RADICALS}{MARKS}{PUNCTUATION}{KANA}{HAN}{HANGUL}“”‘’]*")
_WORD = re.compile(r"[^\W\d_]+")
#: Short words that an English sentence or title rarely lacks, and such words of other languages.
_ENGLISH = re.compile(r"\b(?:and|by|for|from|how|is|of|the|this|to|what|where|which|with)\b")
_OTHER = re.compile(r"\b(?:da|das|de|der|des|di|do|du|e|en|et|für|il|la|las|le|les|los|og|und|y)\b")
#: Fewer words make a name.
_SENTENCE = 3


def is_english(text: str) -> bool:
    """Return whether Latin letters are an English sentence or title, and not merely a name."""
    text = text.lower()
    return (
        _ENGLISH.search(text) is not None
        and not _OTHER.search(text)
        and len(_WORD.findall(text)) >= _SENTENCE
    )


def tag(language: str) -> str:
    """Return Sphinx's code of a language as a BCP 47 tag: ``zh-CN`` for ``zh_CN``."""
    return language.replace("_", "-")


def language_of(run: str) -> str:
    """Return the language of a run, as a BCP 47 tag: kana are Japanese, hangul is Korean."""
    return "ja" if _KANA.search(run) else "ko" if _HANGUL.search(run) else "zh-Hans"


def runs(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the text in pieces: each run of such letters with its language, the rest with
    ``None``.
    """
    end = 0
    for match in CJK.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], None
        yield match[0], language_of(match[0])
        end = match.end()
    if end < len(text):
        yield text[end:], None


def english_runs(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the text in pieces: each English sentence or title in it with its language, the rest
    with ``None``.
    """
    end = 0
    for match in _LATIN.finditer(text):
        run = match[0].rstrip(" ([")
        if not is_english(run):
            continue
        if match.start() > end:
            yield text[end : match.start()], None
        yield run, "en"
        end = match.start() + len(run)
    if end < len(text):
        yield text[end:], None


def foreign_runs(text: str, language: str) -> Iterator[tuple[str, str | None]]:
    """Yield the text of a page in pieces, each run in a language other than the page's with its
    own.
    """
    return english_runs(text) if language.startswith("zh") else runs(text)
