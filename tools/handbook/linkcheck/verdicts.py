"""What an answer means, without network: an :class:`Answer` is what the client saw, a
:class:`Verdict` the conclusion.

One answer gives an :class:`Observation`; what it means for the link is decided with the memory of
earlier days (:meth:`handbook.linkcheck.memory.Record.verdict`): only an unmistakable answer makes a
link dead at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher, get_close_matches
from enum import StrEnum
from functools import cached_property
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urldefrag, urljoin, urlsplit

from handbook.linkcheck import markup, notices
from handbook.linkcheck.internal import has_anchor


class Verdict(StrEnum):
    """What is known about a link."""

    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    INSECURE = "insecure"
    MALFORMED = "malformed"
    REFUSED = "refused"


#: Verdicts that mean that a link works, and those that may count against it: tuples, since looking
#: up a member of an enumeration in a set is slow.
GOOD = (Verdict.OK, Verdict.MOVED)
FAILED = (Verdict.DEAD, Verdict.UNKNOWN, Verdict.INSECURE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer: ``kind`` is a key of :data:`FAULTS`, ``text`` adds detail."""

    kind: str
    text: str = ""


#: Reasons why there is no answer, each with its verdict, whether another try can help, and a
#: sentence.
FAULTS: Mapping[str, tuple[Verdict, bool, str]] = {
    "no-such-host": (Verdict.DEAD, False, "there is no such host"),
    "dns": (Verdict.UNKNOWN, True, "the host's address could not be looked up"),
    "timeout": (Verdict.UNKNOWN, True, "no answer in time"),
    "refused-connection": (Verdict.UNKNOWN, True, "the host refuses connections"),
    "unreachable": (Verdict.UNKNOWN, True, "the host cannot be reached"),
    "reset": (Verdict.UNKNOWN, True, "the connection broke"),
    "not-http": (Verdict.UNKNOWN, False, "the answer is not HTTP"),
    "body": (Verdict.UNKNOWN, False, "the response is cut off or cannot be decompressed"),
    "tls": (Verdict.INSECURE, False, "the connection is not secure"),
    "issuer": (
        Verdict.UNKNOWN,
        False,
        "the certificate's issuer is not known: perhaps the host sends no intermediate certificate",
    ),
    "private": (
        Verdict.REFUSED,
        False,
        "the address is in a private network and was not requested",
    ),
    "scheme": (Verdict.REFUSED, False, "it redirects to an address outside the web"),
    "loop": (Verdict.DEAD, False, "it is a redirect loop"),
    "chain": (Verdict.UNKNOWN, False, "it redirects too many times"),
    "location": (Verdict.UNKNOWN, False, "it redirects without giving an address"),
    "host-silent": (Verdict.UNKNOWN, False, "not requested, since the host did not answer before"),
    "host-refuses": (Verdict.BLOCKED, False, "not requested, since the host asked us to stop"),
    "time-limit": (Verdict.UNKNOWN, False, "not requested, since the time for the run was up"),
}

#: OpenSSL's codes for certificate errors that readers meet, in words.
TLS_FAULTS = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is self-signed",
    19: "the certificate is self-signed",
    20: "the certificate's issuer is not known",
    21: "the certificate's issuer is not known",
    23: "the certificate is revoked",
    62: "the certificate is for another host",
    64: "the certificate is for another host",
}


#: Suspicions: words and redirects that may be misleading.
SUSPECT = frozenset(
    {"soft-404", "parked", "home-page", "folder", "search", "not-the-file", "out-of-order"}
)
#: Reasons to doubt that a page is the one meant; the last two are evidence.
DOUBTFUL = SUSPECT | {"any-address", "for-sale"}
#: The page exists, but not the place in it.
MISPLACED = frozenset({"anchor"})


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a redirect: the status, the address that redirects, the address that it leads
    to.
    """

    status: int
    url: str
    target: str

    @property
    def permanent(self) -> bool:
        """Return whether the redirect is permanent, so that the new address should be written down
        (RFC 9110 15.4.2, 15.4.9).
        """
        return self.status in {301, 308}


@dataclass
class Answer:
    """The answer for one address, after all redirects.

    ``headers`` have names in lower case. ``text`` is the beginning of the body (empty if the body
    is not text), ``whole`` is whether that is all of it, ``anchors`` are the anchors in it;
    ``requests`` counts the requests sent, ``seconds`` the time they took.
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()
    fault: Fault | None = None
    text: str = ""
    whole: bool = True
    anchors: frozenset[str] = frozenset()
    requests: int = 0
    seconds: float = 0.0
    # cached_property has a lock in Python 3.11 that costs too much here: each answer needs these
    # three
    _page: markup.Markup | None = None
    _said: str | None = None
    _titles: tuple[str, ...] | None = None

    @property
    def page(self) -> markup.Markup:
        """Return the text, parsed once: parsing pages again would take most of the time of a
        run.
        """
        if self._page is None:
            self._page = markup.read(self.text, visible=_TOP)
        return self._page

    @property
    def said(self) -> str:
        """Return the first visible words."""
        if self._said is None:
            self._said = markup.plain(self.page.visible[:6000])
        return self._said

    @property
    def titles(self) -> tuple[str, ...]:
        """Return the title of the page, and its parts: that of the page and that of the site."""
        if self._titles is None:
            self._titles = _parts(self.page.title)
        return self._titles

    @cached_property
    def prose(self) -> int:
        """Return how many characters of whole sentences the page has; menus and notices have
        few.
        """
        return sum(size for block in self.page.blocks if (size := _weight(block)) >= 80)

    @property
    def type(self) -> str:
        """Return the media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Observation:
    """What one attempt shows about a link.

    ``reason`` is stable (``404``, ``timeout``, ``soft-404``), ``message`` a sentence. ``certain``
    is false for evidence that may be misleading; ``moved_to`` is the new address of a permanent
    redirect, ``nearest`` the anchor that is most like a missing one.
    """

    verdict: Verdict
    reason: str
    message: str
    certain: bool = True
    moved_to: str = ""
    type: str = ""
    requests: int = 0
    seconds: float = 0.0
    nearest: str = ""


#: Titles, headings and challenges are within this many characters from the top.
_TOP = 65_536

_BLOCKING = {
    401: "it asks for a login",
    402: "it asks for payment",
    403: "it admits only browsers",
    406: "it admits only browsers",
    407: "the proxy asks for a login",
    418: "it admits only browsers",
    426: "it accepts only a newer protocol",
    429: "it asks for fewer requests",
    451: "it is withheld for legal reasons",
    505: "it accepts only a newer protocol",
    511: "the network asks for a login",
    999: "it admits only browsers",
}
#: Headers by which a gateway in front of a page identifies itself, and their values (none for any).
_CHALLENGE_HEADERS = {
    "cf-mitigated": "challenge",
    "x-vercel-mitigated": "challenge",
    "x-amzn-waf-action": "",
}
_CHALLENGE_CODE = re.compile(
    r"__jsl_clearance|\$_ts\s*=|/cdn-cgi/challenge-platform/|_Incapsula_Resource"
    r"|awsWafCookieDomainList|/\.within\.website/x/cmd/anubis|/_sec/cp_challenge|sec-if-cpt-"
    r"|acw_sc__v[23]|sucuri_cloudproxy_js|/TSPD/|captcha-delivery\.com|px-captcha|/_fs-ch-"
)
_PARKING_HOSTS = re.compile(
    r"(?:^|\.)(?:sedo|sedoparking|dan|afternic|hugedomains|bodis|above|parkingcrew|undeveloped|domainmarket)\.(?:com|net)$"
)
_LOGIN = re.compile(
    r"(?i)(?:^|[/._-])(?:login|log-in|signin|sign-in|sso|logon|authenticate|authorize|idp)(?:$|[/._?-])"
)
#: A path whose last part is a login, not a page about one.
_IS_LOGIN = re.compile(r"(?i)(?:.*/)?(?:login|log-in|signin|sign-in|sso|logon)(?:\.\w+)?/?")
#: What may be shown in place of a page: a part of its path, and what this means for the page.
_HURDLES = (
    ("login", _LOGIN, "it redirects to a login"),
    (
        "consent",
        re.compile(
            r"(?i)(?:^|[/._-])(?:(?:collect|cookie|privacy)?-?consent|cookie-?(?:absent|wall|check)"
            r"|no-?cookies?|cookies-not-supported|age-?(?:gate|check|verif\w+)|gdpr)(?:$|[/._?-])"
        ),
        "it redirects to a page that asks for consent, for cookies or for an age",
    ),
    (
        "challenge",
        re.compile(r"(?i)(?:^|[/._-])(?:validate)?captcha(?:$|[/._?-])"),
        "it redirects to a bot check",
    ),
)
_SEARCH_WORDS = frozenset({"q", "s", "query", "keyword", "keywords", "search"})
#: Parameters that say where a reader comes from, and do not make another page.
_TRACKING = re.compile(
    r"(?i)utm_\w+|gclid|fbclid|ref|referrer|from|src|source|error|status|code|404"
)
#: Files that no server shows as a page by themselves.
_FILE = re.compile(r"(?i).*\.(?:pdf|docx?|xlsx?|pptx?|zip|csv|epub|od[tsp])")
#: What PDF viewers read after the # (ISO 32000-2, annex O).
_PDF_PLACE = re.compile(r"(?i)(?:page|nameddest|zoom|view|search|pagemode|viewrect|comment)=")
_PASSWORD = re.compile(r"(?i)<input[^>]{0,200}\btype\s*=\s*[\"']?password")
#: A notice that only a dialogue box shows.
_ALERT = re.compile(r"""\balert\(\s*(["'])(.{1,100}?)\1""")
#: The home page of a site, or that of one of its languages.
_HOME = re.compile(
    r"/(?:index\.\w{3,5}|home|main|default\.\w{3,5}"
    r"|(?:ar|cn|cs|da|de|el|en|es|fi|fr|hu|id|it|ja|jp|ko|kr|nl|no|pl|pt|ro|ru|sv|th|tr|uk|vi|zh)"
    r"(?:[-_][A-Za-z]{2,4})?/?(?:index\.\w{3,5}|home)?)?",
    re.IGNORECASE,
)
_NOT_FOUND_PATH = re.compile(
    r"(?i)/(?:404|notfound|not-found|page-not-found|error404)(?:\.\w+)?/?$"
)
#: Line numbers in a file, as code hosts write them.
_LINE_NUMBERS = re.compile(r"L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?")
#: The element that a script fills.
_SCRIPTED = re.compile(r"""id=["']?(?:app|root|__next|__nuxt|main)["'\s>]""")
#: Scripts that count visitors build no page, whatever words they contain.
_COUNTING = re.compile(
    r"dataLayer|GoogleAnalyticsObject|gtag\(|hm\.baidu\.com|_paq\b|_hmt\b|fbq\(|clarity\("
)
#: Media types whose pages have anchors; the empty one is for hosts that name none.
_WITH_ANCHORS = frozenset({"text/html", "application/xhtml+xml", "", "image/svg+xml"})
#: A page with this many characters in whole sentences has content of its own.
_PROSE = 300


def observe(asked: str, answer: Answer, trusting: bool = False) -> Observation:
    """Return what an answer shows about the page that was asked for; for its anchors see
    :func:`observe_fragment`.

    :param trusting: whether to leave out suspicions
    """
    verdict, reason, message, *certain = _judged(asked, answer, trusting)
    moved_to = permanent_target(asked, answer.hops) if verdict is Verdict.MOVED else ""
    return Observation(
        verdict,
        reason,
        message,
        not certain,
        moved_to,
        answer.type,
        answer.requests,
        answer.seconds,
    )


#: A verdict, a reason and a sentence; a fourth element if the evidence may be misleading.
_Judged = tuple[Verdict, str, str] | tuple[Verdict, str, str, None]


def _judged(asked: str, answer: Answer, trusting: bool) -> _Judged:
    if answer.fault:
        kind, text = answer.fault.kind, answer.fault.text
        verdict, _, message = FAULTS[kind]
        said = verdict, kind, f"{message}: {text}" if text else message
        # a permanent redirect may have led to the loop or to the unsafe host
        return said if kind == "no-such-host" or verdict is not Verdict.DEAD else (*said, None)
    status = answer.status
    if hurdle := challenge(answer):
        message = f"a bot check blocks the page ({hurdle})"
        return Verdict.BLOCKED, "challenge", message
    if status in _BLOCKING or status in {404, 410} or not 200 <= status < 300:
        verdict = Verdict.BLOCKED if status in _BLOCKING else Verdict.UNKNOWN
        if status in {404, 410}:
            verdict = Verdict.DEAD
        message = words(str(status))
        return verdict, str(status), message + (f" at {answer.url}" if answer.hops else "")
    if not trusting and (doubt := doubtful(asked, answer)):
        return *doubt, None
    if moved_to := permanent_target(asked, answer.hops):
        return Verdict.MOVED, "permanent", f"it moved permanently to {moved_to}"
    return Verdict.OK, str(status), words(str(status))


#: The meanings of reasons that are neither faults nor other statuses, and the verdict of each.
REASONS: Mapping[str, tuple[Verdict, str]] = {
    "404": (Verdict.DEAD, "the host has no such page (404)"),
    "410": (Verdict.DEAD, "the page is gone for good (410)"),
    "anchor": (Verdict.DEAD, "the page has no such anchor"),
    "any-address": (Verdict.UNKNOWN, "the host shows the same page for any address"),
    "catalogue": (Verdict.OK, "ISO's catalogue has it"),
    "challenge": (Verdict.BLOCKED, "a bot check blocks the page"),
    "consent": (Verdict.BLOCKED, "it asks for consent, for cookies or for an age"),
    "doi": (Verdict.DEAD, "the DOI is not registered"),
    "doi-unclear": (Verdict.UNKNOWN, "the DOI resolver's answer is not understood"),
    "folder": (Verdict.UNKNOWN, "it redirects to the folder above"),
    "for-sale": (Verdict.UNKNOWN, "the domain is for sale"),
    "home-page": (Verdict.UNKNOWN, "it redirects to the home page"),
    "login": (Verdict.BLOCKED, "it asks for a login"),
    "long-page": (Verdict.UNKNOWN, "the anchor is not in the part of the page that was read"),
    "not-the-file": (Verdict.UNKNOWN, "it answers with a page instead of the file"),
    "out-of-order": (Verdict.UNKNOWN, "the page answers, but says that the site is out of order"),
    "parked": (Verdict.UNKNOWN, "the domain seems to be for sale"),
    "permanent": (Verdict.MOVED, "it moved permanently"),
    "script-anchor": (Verdict.UNKNOWN, "a script of the page may create the anchor"),
    "search": (Verdict.UNKNOWN, "it redirects to a search"),
    "silent-corner": (Verdict.UNKNOWN, "no host in its part of the network answers"),
    "soft-404": (Verdict.UNKNOWN, "the page answers, but says that there is no such page"),
}


def words(reason: str) -> str:
    """Return what a remembered reason means."""
    if reason in FAULTS:
        return FAULTS[reason][2]
    if reason.isdigit() and int(reason) in _BLOCKING:
        return f"{_BLOCKING[int(reason)]} ({reason})"
    if reason.startswith("2") and reason.isdigit():
        return "the page is there"
    unknown = f"the host answers {reason}" if reason.isdigit() else reason
    return REASONS[reason][1] if reason in REASONS else unknown or "not asked yet"


def observe_doi(answer: Answer) -> Observation:
    """Return what the handle system's answer shows about a DOI.

    responseCode 1: found, 100: not found (ISO 26324, handle API).
    """
    try:
        code = json.loads(answer.text)["responseCode"] if answer.text else None
        code = code if isinstance(code, int) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        code = None
    if code not in {1, 100} and (answer.fault or answer.status not in {200, 404}):
        return observe(answer.url, answer)
    verdict, reason, message = {
        1: (Verdict.OK, "doi", "the DOI is registered"),
        100: (Verdict.DEAD, "doi", "no such DOI is registered"),
    }.get(
        code or 0, (Verdict.UNKNOWN, "doi-unclear", "the DOI resolver's answer is not understood")
    )
    return Observation(verdict, reason, message, requests=answer.requests, seconds=answer.seconds)


def challenge(answer: Answer) -> str:
    """Return what gives a page away that keeps programs out; empty if it is no such page."""
    for name, wanted in _CHALLENGE_HEADERS.items():
        value = answer.headers.get(name, "").lower()
        if value and value == (wanted or value):
            return name
    if answer.status in {404, 410} or not answer.text:
        return ""
    stopped = answer.status in {400, 403, 405, 412, 503, 521}
    if stopped and _CHALLENGE_CODE.search(answer.text):
        return "a script that must run first"
    if answer.status == 200 and len(answer.text) >= 30_000:
        return ""
    page = answer.page
    # a page without a title may say so in a heading
    for title in [page.title] if page.title else page.headings[:2]:
        parts = (part.strip(" .…!") for part in (answer.titles if page.title else _parts(title)))
        if any(map(notices.CHALLENGE.fullmatch, parts)) and answer.prose < _PROSE:
            return title
    coded = len(answer.said) < 300 and _CHALLENGE_CODE.search(answer.text)
    return "a script that must run first" if coded else ""


def _weight(text: str) -> int:
    """Return the length of a text in Latin letters: a Chinese character says as much as three."""
    return len(text) if text.isascii() else sum(3 if one > "\u2e7f" else 1 for one in text)


_SEPARATORS = frozenset("|–—»«·_-")
_BETWEEN_PARTS = re.compile(r"\s*[|–—»«·_-]\s+|\s+[|–—»«·_-]\s*")


def _parts(title: str) -> tuple[str, ...]:
    if _SEPARATORS.isdisjoint(title):
        return (title,) if title else ()
    return tuple(filter(None, dict.fromkeys((title, *_BETWEEN_PARTS.split(title)))))


def _named(answer: Answer) -> tuple[str, ...]:
    """Return the title of a page, its parts, and the text behind a colon in it: before a colon is a
    subject ("Not found: a novel"), or the site.
    """
    _, colon, after = answer.page.title.rpartition(": ")
    return tuple(dict.fromkeys((*answer.titles, after))) if colon and after else answer.titles


#: A verdict, a reason and a sentence.
_Doubt = tuple[Verdict, str, str]


def doubtful(asked: str, answer: Answer) -> _Doubt | None:
    """Return evidence that a page which answers 200 is not the page that was meant, or ``None``."""
    return (
        _led_astray(asked, answer)
        or _asks_first(asked, answer)
        or _says_not_found(answer)
        or _for_sale(answer)
        or _is_no_file(asked, answer)
    )


def _led_astray(asked: str, answer: Answer) -> _Doubt | None:
    if not answer.hops:
        return None
    start, end = urlsplit(asked), urlsplit(answer.url)
    if _PARKING_HOSTS.search(end.hostname or ""):
        return Verdict.UNKNOWN, "for-sale", f"the domain is for sale at {end.hostname}"
    same = start.path == end.path or _same_page(start.path, end.path)
    for reason, pattern, message in _HURDLES:
        meant = same or (_IS_LOGIN.fullmatch(start.path) and reason == "login")
        if pattern.search(end.path) and not meant:
            return Verdict.BLOCKED, reason, f"{message}: {answer.url}"
    return _led_elsewhere(start, end, answer)


def _led_elsewhere(start: SplitResult, end: SplitResult, answer: Answer) -> _Doubt | None:
    """Find a page to which sites redirect addresses that they no longer know."""
    parameters = {name for name, _ in parse_qsl(end.query, keep_blank_values=True)}
    was_home = len(start.path.strip("/")) <= 3 or _HOME.fullmatch(start.path)
    at_home = _HOME.fullmatch(end.path)
    if not was_home and at_home and all(map(_TRACKING.fullmatch, parameters)):
        return Verdict.UNKNOWN, "home-page", f"it redirects to the home page {answer.url}"
    searches = notices.SEARCH_PATH.fullmatch(end.path) or (at_home and parameters & _SEARCH_WORDS)
    if searches and end.query and not start.query and not notices.SEARCH_PATH.fullmatch(start.path):
        return Verdict.UNKNOWN, "search", f"it redirects to a search: {answer.url}"
    if answer.text and _NOT_FOUND_PATH.search(end.path):
        return Verdict.UNKNOWN, "soft-404", f"it redirects to {answer.url}"
    folder = end.path.rstrip("/")
    last = folder.rpartition("/")[2]
    # after a number comes the title of the page with that number
    if (
        last
        and start.path.startswith(f"{folder}/")
        and not any(map(str.isdigit, last))
        and not _HOME.fullmatch(f"/{start.path.removeprefix(folder).strip('/')}")
    ):
        return Verdict.UNKNOWN, "folder", f"it redirects to the folder above: {answer.url}"
    return None


def _asks_first(asked: str, answer: Answer) -> _Doubt | None:
    """Find a login at the address of the page itself."""
    if not _PASSWORD.search(answer.text):
        return None
    for title in (*_named(answer), *answer.page.headings[:3]):
        if notices.LOGIN.fullmatch(title) and answer.prose < _PROSE:
            path = urlsplit(asked).path
            if not path.strip("/") or _LOGIN.search(path):
                return None
            return Verdict.BLOCKED, "login", f"it shows a login: {title!r}"
    return None


def _is_no_file(asked: str, answer: Answer) -> _Doubt | None:
    is_page = answer.type in {"text/html", "text/plain"}
    if not is_page or not _FILE.fullmatch(asked.partition("#")[0].partition("?")[0]):
        return None
    # a file that its server labels as a page exists all the same
    if not re.search("(?i)<html|<!doctype html", answer.text[:4000]):
        return None
    return Verdict.UNKNOWN, "not-the-file", "it answers with a page instead of the file"


def _same_page(start: str, end: str) -> bool:
    """Return whether a path merely has another folder, ending or language."""
    name = start.rstrip("/").rpartition("/")[2].partition(".")[0]
    return bool(name) and name == end.rstrip("/").rpartition("/")[2].partition(".")[0]


def _says_not_found(answer: Answer) -> _Doubt | None:
    page, titles = answer.page, _named(answer)
    said = [*titles, *page.headings[:8]]
    notice = any(map(notices.TITLE.fullmatch, titles)) or not titles
    if answer.whole and _weight(answer.said) < (1500 if notice else 400):
        blocks = page.blocks[:60]
        said += [*blocks, *(one for block in blocks for one in notices.SENTENCE_END.split(block))]
    if not answer.said:
        scripts = (answer.text[start:end] for start, end in page.scripts)
        said += [match[2] for one in scripts for match in _ALERT.finditer(one)]
    for part in dict.fromkeys(map(str.strip, said)):
        if 0 < len(part) < 120 and notices.says_not_found(part) and answer.prose < 4 * _PROSE:
            return Verdict.UNKNOWN, "soft-404", f"it answers 200, but says {part!r}"
    for part in (*titles, *page.headings[:3]):
        named = len(part) < 120 and notices.OUT_OF_ORDER.fullmatch(part.strip(" .!！。"))
        if named and answer.prose < _PROSE:
            return Verdict.UNKNOWN, "out-of-order", f"it answers 200, but says {part!r}"
    return None


def _for_sale(answer: Answer) -> _Doubt | None:
    short = answer.whole and len(answer.text) < 20_000
    if (_is_parked(answer.page.title) or (short and _is_parked(answer.said[:600]))) and (
        answer.prose < _PROSE
    ):
        return Verdict.UNKNOWN, "parked", "the domain seems to be for sale"
    return None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is kept of a suspect page until an address beside it has been asked for."""

    url: str
    status: int
    title: str
    said: str
    prose: int

    @classmethod
    def of(cls, answer: Answer) -> Evidence:
        """Return the evidence in an answer."""
        said = answer.said[:1000]
        return cls(answer.url, answer.status, answer.page.title, said, answer.prose)


def language(url: str) -> str:
    """Return a value of ``Accept-Language`` for a page: first the language that its path names, if
    any.
    """
    named = re.search(r"/(?:([a-z]{2})(?:[-_][A-Za-z]{2,4})?|(cn|chs|chn))/", urlsplit(url).path)
    return f"{'zh' if named[2] or named[1] == 'cn' else named[1]},*;q=0.5" if named else "*"


def neighbour(url: str) -> str:
    """Return an address beside a page, with the same ending, that cannot exist."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    _, dot, ending = name.rpartition(".")
    return (
        f"{parts.scheme}://{parts.netloc}{folder}/no-such-page-7c1f0e{dot}{ending if dot else ''}"
    )


def weighed(
    suspicion: Observation, own: Evidence, other: Evidence, trusted: Observation
) -> Observation:
    """Weigh a suspicion by the answer for an address beside it that cannot exist.

    A site that shows the same page for any address has no page at this one; a site that recognises
    a missing page is trusted with what it shows, unless that is a mere notice.

    :param trusted: the observation without the suspicion
    """
    if other.status in {404, 410}:
        notice = suspicion.reason == "soft-404" and own.prose < _PROSE
        return suspicion if suspicion.reason in {"home-page", "search"} or notice else trusted
    # a site that is out of order shows the same for any address, and recovers
    if suspicion.reason == "out-of-order":
        return suspicion
    same = own.url == other.url or (
        (own.title, bool(own.said)) == (other.title, bool(other.said))
        and SequenceMatcher(None, own.said, other.said, autojunk=False).quick_ratio() > 0.9
    )
    if not 200 <= other.status < 300 or not same:
        differs = suspicion.reason == "not-the-file" and 200 <= other.status < 300
        return trusted if differs else suspicion
    message = f"{suspicion.message}, as for an address that cannot exist"
    return replace(suspicion, reason="any-address", message=message)


def _is_parked(text: str) -> bool:
    # a search that starts again at each letter is slow, and most pages do not need it
    lower = text.lower()
    named = "domain" in lower or "parked" in lower or "域名" in lower
    return named and bool(notices.PARKED.search(text))


def permanent_target(asked: str, hops: tuple[Hop, ...]) -> str:
    """Return the address to which the leading permanent redirects lead, with the fragment asked
    for.

    It is empty if the first redirect is not permanent.
    """
    target = ""
    for hop in hops:
        if not hop.permanent:
            break
        target = hop.target
    if not target or urldefrag(target).url == urldefrag(asked).url:
        return ""
    fragment = urldefrag(asked).fragment
    return target if "#" in target or not fragment else f"{target}#{fragment}"


def observe_fragment(page: Observation, answer: Answer, fragment: str) -> Observation:
    """Return what the answer shows about one anchor of a page, given what it shows about the
    page.
    """
    if not fragment or page.verdict not in GOOD:
        return page
    if (
        answer.type not in _WITH_ANCHORS
        or has_anchor(answer.anchors, fragment)
        or f"user-content-{unquote(fragment)}" in answer.anchors
        or (_PDF_PLACE.match(fragment) and ".pdf" in answer.url.lower())
    ):
        keeps = not page.moved_to or "#" in page.moved_to
        return page if keeps else replace(page, moved_to=f"{page.moved_to}#{fragment}")
    decoded = unquote(fragment)
    unseen = _why_unseen(answer, fragment)
    verdict = Verdict.UNKNOWN if unseen else Verdict.DEAD
    reason, message = unseen or ("anchor", f"the page has no anchor #{decoded}")
    few = answer.anchors if len(answer.anchors) < 2000 else ()
    near = get_close_matches(decoded, few, 1, 0.7) if not unseen else []
    # pages are rebuilt and drawn by scripts: one look makes no link dead for a missing place within
    # an existing page
    return replace(
        page,
        verdict=verdict,
        reason=reason,
        message=message,
        certain=False,
        moved_to="",
        nearest=near[0] if near else "",
    )


def _why_unseen(answer: Answer, fragment: str) -> tuple[str, str] | None:
    """Return why an anchor that was not seen may exist nevertheless: a reason and a sentence."""
    if fragment.startswith(("/", "!")) or _LINE_NUMBERS.fullmatch(fragment):
        return "script-anchor", f"a script of the page creates what #{fragment} shows"
    if not answer.whole:
        return "long-page", f"#{fragment} is not in the part of the page that was read"
    decoded, page = unquote(fragment), answer.page
    scripts = [answer.text[start:end] for start, end in page.scripts]
    written = re.compile(rf"""["'`=#]{re.escape(decoded)}\\?["'`\s>]""")
    if any(written.search(one) and not _COUNTING.search(one) for one in scripts):
        return "script-anchor", f"#{decoded} may be created by a script of the page"
    running = any(reference.tag == "script" for reference in page.references) or any(
        not _COUNTING.search(one) for one in scripts
    )
    named = rf"""(?i)\s(?:data-[\w-]+|aria-controls)\s*=\s*["']?#?{re.escape(decoded)}["'\s>]"""
    if running and (re.match(r"[\w-]+=", decoded) or re.search(named, answer.text)):
        return "script-anchor", f"a script of the page creates what #{decoded} shows"
    if running and any(_slug(one) == _slug(decoded) for one in page.headings):
        return "script-anchor", f"a script may create #{decoded} from the heading with its words"
    if running and _SCRIPTED.search(answer.text) and len(answer.said) < 200:
        return "script-anchor", "the page is drawn by a script"
    return None


def _slug(text: str) -> str:
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")


def join(base: str, location: str) -> str:
    """Return the absolute form of a ``Location``, repaired as browsers do: bytes above ASCII are
    read as UTF-8 if they are UTF-8, spaces are escaped.

    A text that is no address stays as it is.
    """
    try:
        location = location.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        location = location.encode("utf-8", "surrogateescape").decode("latin-1")
    location = re.sub(r"[\s\"<>]", lambda match: quote(match[0]), location.strip())
    path, *rest = re.split(r"(?=[?#])", location, maxsplit=1)
    location = "".join([path.replace("\\", "/"), *rest])
    try:
        return urljoin(base, location)
    except ValueError:
        return location
