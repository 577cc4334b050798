"""The typography of Chinese in the pages.

It finds missing spaces between Chinese and Latin letters, and full-width letters and digits. Names
and titles in the bibliography stay as their source writes them and are not checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import autocorrect_py

#: Pages are English with Chinese words in them: an English comma behind a Chinese name is right,
#: and so are brackets.
RULES = {
    "space-word": 1,
    "no-space-fullwidth": 1,
    "no-space-fullwidth-quote": 1,
    "halfwidth-word": 1,
    "halfwidth-punctuation": 1,
    "fullwidth": 0,
    "space-punctuation": 0,
    "space-bracket": 0,
    "space-backticks": 0,
    "space-dash": 0,
    "space-dollar": 0,
    "spellcheck": 0,
}
#: Terms, and the number of a notice, that are written in this way.
AS_THEY_ARE = ("O成员", "P成员", "190号", "33号")
#: Rules quote how others write dates.
_EXAMPLES = ("docs/contributing/rules", "docs/contributing/translate.md")


def findings(root: Path, paths: Iterable[Path] = ()) -> Iterator[str]:
    """Yield each place that the rules of typography would change.

    :param paths: the pages to check; all of the handbook if there are none
    """
    autocorrect_py.load_config(  # type: ignore[attr-defined]  # its stub forgets it
        json.dumps({"rules": RULES, "textRules": dict.fromkeys(AS_THEY_ARE, 0)})
    )
    for path in paths or sorted((root / "docs").rglob("*.md")):
        if not {path.resolve(), path.resolve().parent} & {root / one for one in _EXAMPLES}:
            for line in autocorrect_py.lint_for(path.read_text("utf-8"), "markdown").lines:
                yield (
                    f"{path}:{line.line}:{line.col}: {line.old.strip()!r} (hint: write"
                    f" {line.new.strip()!r}, or put the term into AS_THEY_ARE of"
                    " tools/handbook/contribute/chinese.py)"
                )
