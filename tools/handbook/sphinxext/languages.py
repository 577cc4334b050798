"""Which letters need a mark of their language: for fonts, speech and hyphenation."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Chinese, Japanese and Korean letters with the full-width signs between them.
CJK = re.compile(
    r"[\u2e80-\u2fdf\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff][\u2e80-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]*"
)
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_TAG = re.compile(r"(<[^>]*>)")


def runs(text: str) -> Iterator[tuple[str, str | None]]:
    """The text in pieces, each run of such letters with its language."""
    end = 0
    for match in CJK.finditer(text):
        if match.start() > end:
            yield text[end : match.start()], None
        yield (
            match[0],
            "ja" if _KANA.search(match[0]) else "ko" if _HANGUL.search(match[0]) else "zh-Hans",
        )
        end = match.end()
    if end < len(text):
        yield text[end:], None


def marked(html: str) -> str:
    """A piece of HTML that no transform has seen (a title in the navigation, the index) with its
    runs marked.
    """
    if not CJK.search(html):
        return html
    return "".join(
        (
            part
            if number % 2
            else "".join(
                f'<span lang="{language}">{run}</span>' if language else run
                for run, language in runs(part)
            )
        )
        for number, part in enumerate(_TAG.split(html))
    )
