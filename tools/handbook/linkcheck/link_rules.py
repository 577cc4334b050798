"""The rules L###. Each entry's docstring is the rule, why, an example, and how to mend it;
``VERDICT_CODES`` joins both.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass

from handbook.linkcheck.verdicts import Verdict
from handbook.rules.findings import Severity

GROUPS = {
    "L0": "Addresses as written",
    "L1": "Links within the built handbook",
    "L2": "What hosts answer",
    "L3": "The memory",
    "L7": "Exceptions",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """``text`` is the rule in words, then why, an example of what is found, and how to mend it."""

    code: str
    text: str
    why: str
    example: str
    mend: str
    severity: Severity

    @property
    def group(self) -> str:
        """The heading it stands under."""
        return GROUPS[self.code[:2]]

    def explain(self) -> str:
        """The rule for a terminal."""
        example = "\n".join(f"    {line}" for line in self.example.splitlines())
        advice = (
            "\nThis is advice: it does not fail the check."
            if self.severity is Severity.ADVICE
            else ""
        )
        return (
            f"{self.code} ({self.group})\n\n{self.text}{advice}\n\nWhy: {self.why}\n\nExample of"
            f" what is found:\n{example}\n\nMend: {self.mend}"
        )


RULES: dict[str, Rule] = {}

_SECTIONS = re.compile(
    r"(?s)(?P<text>.*?)\n\nWhy: (?P<why>.*?)\n\nExample:\n(?P<example>.*?)\n\nMend: (?P<mend>.*)"
)


def _rule(code: str, severity: Severity = Severity.ERROR) -> Callable[[Callable[[], None]], None]:
    def enter(entry: Callable[[], None]) -> None:
        match = _SECTIONS.fullmatch(inspect.cleandoc(entry.__doc__ or ""))
        if match is None or code in RULES:
            raise ValueError(f"{code} has no full docstring or is taken")
        text, why, mend = (" ".join(match[name].split()) for name in ("text", "why", "mend"))
        RULES[code] = Rule(code, text, why, inspect.cleandoc(match["example"]), mend, severity)

    return enter


@_rule("L001")
def _malformed() -> None:
    """An address keeps to the syntax of addresses: a host, no blanks, whole escapes, no user name.

    Why: Browsers mend such addresses each in its own way, and some not at all.

    Example:
    url = {https://example.org/a b}

    Mend: Copy the address again from the browser; write `%20` for a blank.
    """


@_rule("L002")
def _scheme() -> None:
    """A link begins with `https:`, `http:`, `mailto:`, `tel:` or `doi:`.

    Why: Other schemes run code, open files or need programs that readers do not have. They are
    never asked.

    Example:
    [the minutes](ftp://example.org/minutes.doc)

    Mend: Link to an https address of the same thing.
    """


@_rule("L003")
def _private() -> None:
    """A link leads into the public internet, not to a private, loopback or link-local address.

    Why: No reader can follow it, and asking it would let a page reach into the network of whoever
    runs the check.

    Example:
    [preview](http://192.168.1.20/page)

    Mend: Link to the public address. To check a private server on purpose:
    `--allow-private 192.168.1.0/24`.
    """


@_rule("L004")
def _mail() -> None:
    """A `mailto:` or `tel:` link holds a mail address or a telephone number with its country code.

    Why: Nothing can be asked, so the syntax is all that can be checked.

    Example:
    [write us](mailto:name.example.org)

    Mend: Write `mailto:name@example.org`, `tel:+86-571-12345678`.
    """


@_rule("L005", Severity.ADVICE)
def _iso() -> None:
    """A link to iso.org/standard/N names a number of our extract of ISO's catalogue.

    Why: ISO's pages stand behind a wall against programs; the catalogue knows its own numbers
    better than a refused request.

    Example:
    https://www.iso.org/standard/99999999.html

    Mend: Look at the number. If the deliverable belongs to another committee, leave it: it is then
    asked online as any other link.
    """


@_rule("L006", Severity.ADVICE)
def _capture() -> None:
    """A link to an archived copy names one capture by its 14 digits.

    Why: A shorter stamp or `*` shows another capture tomorrow, and the citation says something
    else.

    Example:
    https://web.archive.org/web/2019/http://example.org/

    Mend: Open it, choose the capture, and copy the address with its 14 digits.
    """


@_rule("L101")
def _file() -> None:
    """A link within the handbook leads to a page or file that the built handbook has.

    Why: It is the one kind of dead link that is wholly ours.

    Example:
    [the club](../clubs/index.md)

    Mend: Mend the path; the message names the nearest one.
    """


@_rule("L102")
def _anchor() -> None:
    """A link to a place in a page names an anchor that the page has.

    Why: The reader lands at the top of the page and does not find what the sentence promised.

    Example:
    [the founding](index.md#foundation)

    Mend: Take an anchor that is there, or write `(foundation)=` above the heading.
    """


@_rule("L103")
def _foreign() -> None:
    """A page loads nothing from other hosts: no script, style, font, picture or frame.

    Why: It tells a stranger who reads what, fails with the stranger's host, and makes the page
    slow.

    Example:
    <img src="https://example.org/logo.png">

    Mend: Keep a copy in `docs/_static` (if its licence allows) and load that; else link to it.
    """


@_rule("L104")
def _former() -> None:
    """An address that was published once still leads somewhere.

    Why: Others cite our pages as we cite theirs.

    Example:
    docs/club/founding.md was renamed, and club/founding.html is gone

    Mend: Write a line in `docs/moved.yaml`: `club/founding: club/names`. The build then leads the
    old address on.
    """


@_rule("L105")
def _above() -> None:
    """A link stays within the root of the handbook.

    Why: The handbook may be served from any folder; what lies above it is not ours.

    Example:
    <a href="../../outside.html">

    Mend: Link to a page of the handbook, or write the whole address.
    """


@_rule("L201")
def _dead() -> None:
    """No link is dead: its host says that there is no such page (404, 410), there is no such host,
    or it failed on three days over at least six.

    Why: A citation whose page is gone proves nothing.

    Example:
    https://example.org/gone (404)

    Mend: Find where the page went; else cite the archived copy that the message names, or look for
    one at the address it names.
    """


@_rule("L202", Severity.ADVICE)
def _moved() -> None:
    """No link rests on a permanent redirect (301, 308).

    Why: Redirects are forgotten with the next rebuild of a site; the new address is known as long
    as they last.

    Example:
    http://example.org/page moved for good to https://example.org/page

    Mend: Look whether the new page says the same, and let `--fix` write the new address.
    """


@_rule("L203", Severity.ADVICE)
def _blocked() -> None:
    """A link is open to our check, or a person has looked at it.

    Why: 401, 403, 429 and walls against programs say nothing about the page: it is not called dead,
    nor alive.

    Example:
    https://example.org/page lets no program in (403)

    Mend: Open it in a browser. If it is there, write an exception with the day on which to look
    again.
    """


@_rule("L204", Severity.ADVICE)
def _unknown() -> None:
    """A link answers.

    Why: Time-outs, errors of the server and broken connections mostly pass. After three such days
    over at least six the link counts as dead.

    Example:
    https://example.org/page: no answer in time

    Mend: Nothing at first; the next runs ask again.
    """


@_rule("L205")
def _insecure() -> None:
    """A link's TLS certificate is valid for its host and day.

    Why: Browsers stop readers before such a page.

    Example:
    https://example.org/: the certificate has expired

    Mend: Look for another address of the host; else cite the archived copy.
    """


@_rule("L206")
def _refused() -> None:
    """A link does not lead on, by redirect or by DNS, into a private network or to a foreign
    scheme.

    Why: It is a fault of that host or an attack on those who check. Nothing was sent there.

    Example:
    https://example.org/ leads on to http://127.0.0.1/

    Mend: Take the link out and tell the host's owner.
    """


@_rule("L207", Severity.ADVICE)
def _doubtful() -> None:
    """A page that answers is the page that was meant, and has the place that the link names.

    Why: Many hosts answer 200 and say "not found", lead to their home page, or sell the domain;
    anchors vanish when a page is rebuilt. The signs may deceive, so three days over at least six
    are needed to call it dead.

    Example:
    https://example.org/page answers 200, but says 'Page not found'

    Mend: Open it. If it is gone, do as for L201; if not, write an exception.
    """


@_rule("L208", Severity.ADVICE)
def _too_long() -> None:
    """A link was seen well within the last 30 days.

    Why: What the check cannot tell for so long, a person must.

    Example:
    https://example.org/page: blocked since 2026-10-01

    Mend: Open it in a browser and write an exception from L203, L204 or L207, whichever stands
    beside it, that says what you saw.
    """


@_rule("L301")
def _memory() -> None:
    """Each line of references/links.jsonl is a record, and each address has one.

    Why: A line that cannot be read is forgotten, with all days on which the link failed.

    Example:
    <<<<<<< HEAD

    Mend: Resolve the conflict, or delete the line: the next run asks again.
    """


@_rule("L701")
def _exception() -> None:
    """An exception names a code, a pattern (`address` or `path`), a reason, and the day it ends.

    Why: An exception without reason or end is a rule that is silently gone.

    Example:
    exceptions = [{code = "L203", address = "https://example.org/*"}]

    Mend: Write
    `{code = "L203", address = "https://example.org/*", reason = "...", until = "2027-03-01"}`.
    """


@_rule("L702")
def _ended() -> None:
    """An exception has not passed its end.

    Why: Its reason was for a time.

    Example:
    until = "2026-06-30", in November 2026

    Mend: Look at the link again: mend it, or give a new end with its reason.
    """


@_rule("L703")
def _unused() -> None:
    """An exception covers at least one finding.

    Why: Lists of exceptions only grow, and a forgotten one hides the next fault.

    Example:
    an exception for a link that answers again

    Mend: Delete it.
    """


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
