"""The page of the rules, made from their docstrings."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.datecheck import judge  # noqa: F401 (enters all rules)
from handbook.datecheck.rule import GROUPS, RULES, Rule
from handbook.rules.findings import Severity

_HEAD = """\
---
reviewed: "2026-11-23"
description: Every rule that the checks hold the handbook to, with the reason, an example of what is found, and how to mend it.
page-sources: none
---
(contributing-checks)=
# The rules of the checks

`make check` reads all pages, the bibliography and the catalogue without network, and reports what breaks a rule:
the place, the code of the rule, one sentence, and how to mend it.

| To | type |
|---|---|
| check everything | `make check` |
| read one rule | `python tools/check_dates.py --explain D401` |
| look only for some rules | `python tools/check_dates.py --select D4,M003` |
| put right what is only a matter of form | `python tools/check_dates.py --fix` (shows the changes and asks) |
| check as on another day | `python tools/check_dates.py --as-of 2027-06-30` |
| get the findings for a program | `python tools/check_dates.py --format json`, `github` or `sarif` |

(contributing-checks-exceptions)=
## Exceptions

A rule can be wrong about a sentence.
Then write the code, the reason and the day on which the exception ends into the front matter of the page:

```yaml
exceptions:
- {code: D404, text: "'today'", reason: "the word is part of a programme's name", until: "2027-06-30"}
```

or, for data, into `pyproject.toml`:

```toml
[tool.handbook.checks]
exceptions = [{code = "D507", path = "references/iso/*", reason = "one-sided in ISO's data", until = "2027-06-30"}]
```

`text` is a part of the message and narrows the exception; it may be left out.
An exception that has ended, or that covers nothing, is itself a finding.

This page is made from the rules: `python tools/check_dates.py --write-page` writes it.
"""


def page() -> str:
    """The whole page as MyST."""
    return _HEAD + "".join(_groups())


def _groups() -> Iterator[str]:
    for group in GROUPS.values():
        rules = [rule for code, rule in sorted(RULES.items()) if rule.group == group]
        yield f"\n## {group}\n"
        for rule in rules:
            yield "\n" + _rule(rule)


def _rule(rule: Rule) -> str:
    fence = "````" if "```" in rule.example else "```"
    advice = (
        "This is advice: it does not fail the check.\n\n"
        if rule.severity is Severity.ADVICE
        else ""
    )
    return (
        f"(check-{rule.code.lower()})=\n### {rule.code}\n\n{_plain(rule.text)}\n\n{advice}**Why.**"
        f" {_plain(rule.why)}\n\n**Example of what is"
        f" found**\n\n{fence}text\n{rule.example}\n{fence}\n\n**Mend.** {_plain(rule.mend)}\n"
    )


def _plain(text: str) -> str:
    """Roles shown as code: on this page they are examples."""
    import re

    text = re.sub(r"(?<!`)(\{[a-z:]+\}`[^`]+`)", r"`` \1 ``", text)
    return re.sub(r'"([^"]*)"', r'"\1"', text)
