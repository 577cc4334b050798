"""The codes L### and their severities; :mod:`~handbook.rules.rule_pages` has their words."""

from __future__ import annotations

from handbook.linkcheck.verdicts import Verdict
from handbook.rules.findings import Severity

RULES = {
    "L001": Severity.ERROR,
    "L002": Severity.ERROR,
    "L003": Severity.ERROR,
    "L004": Severity.ERROR,
    "L005": Severity.ADVICE,
    "L006": Severity.ADVICE,
    "L101": Severity.ERROR,
    "L102": Severity.ERROR,
    "L103": Severity.ERROR,
    "L104": Severity.ERROR,
    "L105": Severity.ERROR,
    "L201": Severity.ERROR,
    "L202": Severity.ADVICE,
    "L203": Severity.ADVICE,
    "L204": Severity.ADVICE,
    "L205": Severity.ERROR,
    "L206": Severity.ERROR,
    "L207": Severity.ADVICE,
    "L208": Severity.ADVICE,
    "L301": Severity.ERROR,
    "L701": Severity.ERROR,
    "L702": Severity.ERROR,
    "L703": Severity.ERROR,
}

#: The code under which a verdict of the network is reported.
VERDICT_CODES = {
    Verdict.DEAD: "L201",
    Verdict.MOVED: "L202",
    Verdict.BLOCKED: "L203",
    Verdict.UNKNOWN: "L204",
    Verdict.INSECURE: "L205",
    Verdict.REFUSED: "L206",
}

#: Codes that need no network.
OFFLINE = frozenset(code for code in RULES if code[1] in "017") | {"L301"}
#: Codes that need the built pages.
BUILT = frozenset(code for code in RULES if code[1] == "1")
