"""The codes L### and their severities; :mod:`~handbook.rules.rule_pages` reads their texts."""

from __future__ import annotations

from handbook.linkcheck.verdicts import Verdict
from handbook.rules.rule import RULES, Severity, declare

declare(
    "L001",
    "L002",
    "L003",
    "L004",
    "L101",
    "L102",
    "L103",
    "L104",
    "L105",
    "L201",
    "L205",
    "L206",
    "L301",
    "L701",
    "L702",
    "L703",
)
declare("L005", "L006", "L202", "L203", "L204", "L207", "L208", severity=Severity.ADVICE)

#: The code that reports each verdict of the network.
VERDICT_CODES = {
    Verdict.DEAD: "L201",
    Verdict.MOVED: "L202",
    Verdict.BLOCKED: "L203",
    Verdict.UNKNOWN: "L204",
    Verdict.INSECURE: "L205",
    Verdict.REFUSED: "L206",
}

#: The codes of rules on links.
CODES = frozenset(code for code in RULES if code.startswith("L"))
#: Codes that need no network.
OFFLINE = frozenset(code for code in CODES if code[1] in "017") | {"L301"}
#: Codes that need the built pages.
BUILT = frozenset(code for code in CODES if code[1] == "1")
