"""What an answer means, without network: an :class:`Answer` is what the client saw, a
:class:`Verdict` what follows from it.

One answer gives an :class:`Observation`; what it means for the link is decided with the memory of
earlier days (:meth:`handbook.linkcheck.memory.Record.verdict`): only an unmistakable answer makes a
link dead at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from handbook.linkcheck import markup
from handbook.linkcheck.internal import has_anchor


class Verdict(StrEnum):
    """What is known of a link."""

    OK = "ok"
    MOVED = "moved"
    DEAD = "dead"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    INSECURE = "insecure"
    MALFORMED = "malformed"
    REFUSED = "refused"


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
    "private": (
        Verdict.REFUSED,
        False,
        "the address is in a private network and was not requested",
    ),
    "scheme": (Verdict.REFUSED, False, "it redirects to an address outside the web"),
    "loop": (Verdict.DEAD, False, "it is a redirect loop"),
    "chain": (Verdict.UNKNOWN, False, "it redirects too many times"),
    "location": (Verdict.UNKNOWN, False, "it redirects to no address"),
    "host-silent": (Verdict.UNKNOWN, False, "not requested, since the host did not answer before"),
    "host-refuses": (Verdict.BLOCKED, False, "not requested, since the host asked us to stop"),
    "time-limit": (Verdict.UNKNOWN, False, "not requested, since the time of the run was over"),
}

#: The codes of OpenSSL's check of certificates that readers meet, in words.
TLS_FAULTS = {
    9: "the certificate is not valid yet",
    10: "the certificate has expired",
    18: "the certificate is signed by itself",
    19: "the certificate is signed by itself",
    20: "the certificate's issuer is not known",
    21: "the certificate's issuer is not known",
    23: "the certificate is revoked",
    62: "the certificate is for another host",
    64: "the certificate is for another host",
}


#: Reasons to doubt that a page is the one that was meant.
DOUBTFUL = frozenset({"soft-404", "parked", "home-page"})
#: The page is there, but not the place in it.
MISPLACED = frozenset({"anchor"})


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a redirect: the status, where it stood, where it leads."""

    status: int
    url: str
    target: str

    @property
    def permanent(self) -> bool:
        """Whether the new address is meant to be written down (RFC 9110 15.4.2, 15.4.9)."""
        return self.status in {301, 308}


@dataclass(slots=True)
class Answer:
    """What came back for one address, after all redirects.

    ``headers`` are found by names in lower case. ``text`` is the beginning of the body (empty if
    the body is no text), ``whole`` says whether that is all of it, ``anchors`` are those in it;
    ``requests`` counts what was sent, ``seconds`` what that took.
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

    @property
    def type(self) -> str:
        """The media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Observation:
    """What one attempt says of a link.

    ``reason`` is stable (``404``, ``timeout``, ``soft-404``), ``message`` a sentence. ``certain``
    is false for evidence that may deceive; ``moved_to`` is the new address of a permanent redirect.
    """

    verdict: Verdict
    reason: str
    message: str
    certain: bool = True
    moved_to: str = ""
    type: str = ""
    requests: int = 0
    seconds: float = 0.0


#: Titles, headings and challenges are at the top: so many characters.
_TOP = 65_536

_BLOCKING = {
    401: "it asks for a login",
    402: "it asks for payment",
    403: "it lets only browsers in",
    407: "the proxy asks for a login",
    418: "it lets only browsers in",
    429: "it asks for fewer requests",
    451: "it is withheld for legal reasons",
    511: "the network asks for a login",
    999: "it lets only browsers in",
}
_CHALLENGE_WORDS = re.compile(
    r"just a moment|checking your browser|attention required|verify(?:ing)? (?:that )?you are (?:a"
    r" )?human|are you a robot|making sure you're not a bot"
    r"|enable javascript and cookies to continue|security check|ddos protection by|pardon our"
    r" interruption|access denied|request unsuccessful\. incapsula"
    r"|安全验证|人机验证|滑动验证|访问验证|正在进行安全检测|请完成验证|访问过于频繁",
    re.IGNORECASE,
)
_CHALLENGE_CODE = re.compile(
    r"__jsl_clearance|\$_ts\s*=|/cdn-cgi/challenge-platform/|_Incapsula_Resource|awsWafCookieDomainList|/\.within\.website/x/cmd/anubis"
)
_NOT_FOUND = re.compile(
    r"(?:(?:http |error |status |错误 ?)*404(?: error| 错误)?|(?:http |error )*404[ :,.-]*(?:error["
    r" :,-]*)?(?:(?:the )?(?:page|file|file or directory|document|resource)?[ ]?(?:was |is |could"
    r" )?not (?:be )?found.{0,20}|页面.{0,12}|找不到.{0,12})"
    r"|(?:(?:sorry|oops|error)\W{0,4})?(?:(?:the|this|that|your) )?(?:requested |web"
    r" ?)?(?:page|file|document|content|article|url)(?: (?:that )?you(?:'re| are|r)?"
    r" (?:requested|looking for|were looking for))?"
    r" (?:(?:was|is|could|can|has|does)(?: ?not|n[’']t)? ?(?:be )?(?:been )?(?:not"
    r" )?(?:found|exist|available|removed|deleted|no longer available)|cannot be found|not found|no"
    r" longer exists|doesn[’']t exist|does not exist)"
    r"|(?:page )?not found|nothing (?:was )?found"
    r"|(?:(?:对不起|抱歉|很抱歉|非常抱歉|出错了)\W{0,3})?(?:(?:您|你)(?:所)?(?:要|想)?)?(?:访问|请求|查看|浏览|查找)?的?(?:该|此)?(?:页面|网页|内容|文章|文件|信息|资源)(?:已|已经)?(?:不存在|找不到|未找到|没有找到|被删除|删除|失效|无法访问|丢失)(?:了|或已(?:被)?删除|或已失效)?"
    r"|(?:找不到|未找到|无法找到)(?:该|此|您(?:要|所)?(?:访问|请求)的)?(?:页面|网页|文件|内容))[\s.!。！…]*",
    re.IGNORECASE,
)
_PARKED = re.compile(
    r"(?:this |the )?domain(?: name)?(?: [\w.-]+)? (?:is|may be|could be) (?:parked|for"
    r" sale|available for purchase)|buy this domain|domain parking|parked free,? courtesy of|parked"
    r" domain"
    r"|(?:this|the) domain has expired|该?域名(?:正在|可)?(?:出售|转让)|域名已(?:过期|到期)|本域名",
    re.IGNORECASE,
)
_PARKING_HOSTS = re.compile(
    r"(?:^|\.)(?:sedo|sedoparking|dan|afternic|hugedomains|bodis|above|parkingcrew|undeveloped|domainmarket)\.(?:com|net)$"
)
_LOGIN = re.compile(
    r"(?i)(?:^|[/._-])(?:login|log-in|signin|sign-in|sso|logon|authenticate|authorize|idp)(?:$|[/._?-])"
)
_HOME = re.compile(
    r"/(?:index\.\w{3,5}|home|main|default\.\w{3,5}|[a-z]{2}(?:[-_][A-Za-z]{2})?/?)?", re.IGNORECASE
)
_NOT_FOUND_PATH = re.compile(
    r"(?i)/(?:404|notfound|not-found|page-not-found|error404)(?:\.\w+)?/?$"
)
#: Lines of a file, as code hosts number them.
_LINE_NUMBERS = re.compile(r"L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?")
#: The element that a script fills.
_SCRIPTED = re.compile(r"""id=["']?(?:app|root|__next|__nuxt|main)["'\s>]""")
#: Media types whose pages have anchors; the empty one is that of a host that names none.
_WITH_ANCHORS = frozenset({"text/html", "application/xhtml+xml", "", "image/svg+xml"})
_HEADING = re.compile(r"(?is)<h([12])\b[^>]*>(.{0,400}?)</h\1>")


def observe(asked: str, answer: Answer) -> Observation:
    """What an answer says of the page it was asked from; of its anchors see
    :func:`observe_fragment`.
    """

    def made(
        verdict: Verdict, reason: str, message: str, certain: bool = True, moved_to: str = ""
    ) -> Observation:
        return Observation(
            verdict,
            reason,
            message,
            certain,
            moved_to,
            answer.type,
            answer.requests,
            answer.seconds,
        )

    if answer.fault:
        verdict, _, message = FAULTS[answer.fault.kind]
        # a permanent redirect may have led to the loop or to the unsafe host
        return made(
            verdict,
            answer.fault.kind,
            f"{message}: {answer.fault.text}" if answer.fault.text else message,
            answer.fault.kind == "no-such-host" or verdict is not Verdict.DEAD,
        )
    status = answer.status
    # read once: reading pages again would take most of the time of a run
    page = markup.read(answer.text[:_TOP])
    said = markup.words(answer.text[:_TOP], 600)
    hurdle = challenge(answer, page, said)
    if hurdle:
        return made(
            Verdict.BLOCKED,
            "challenge",
            f"a page that keeps programs out stands before it ({hurdle})",
        )
    if status in _BLOCKING:
        return made(Verdict.BLOCKED, str(status), f"{_BLOCKING[status]} ({status})")
    if status in {404, 410}:
        return made(
            Verdict.DEAD,
            str(status),
            (
                "the page is gone for good (410)"
                if status == 410
                else "the host has no such page (404)"
            ),
        )
    if not 200 <= status < 300:
        return made(Verdict.UNKNOWN, str(status), f"the host answers {status}")
    doubt = doubtful(asked, answer, page, said)
    if doubt:
        return made(*doubt, certain=False)
    moved_to = permanent_target(asked, answer.hops)
    if moved_to:
        return made(
            Verdict.MOVED, "permanent", f"it moved permanently to {moved_to}", moved_to=moved_to
        )
    return made(Verdict.OK, str(status), "the page is there")


def observe_doi(answer: Answer) -> Observation:
    """What the handle system's answer says of a DOI.

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


def challenge(answer: Answer, page: markup.Markup, said: str) -> str:
    """How a page that keeps programs out gives itself away; nothing if it is none."""
    headers = answer.headers
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return "cf-mitigated"
    if headers.get("x-amzn-waf-action"):
        return "x-amzn-waf-action"
    if answer.status in {400, 403, 405, 412, 503, 521} and _CHALLENGE_CODE.search(answer.text):
        return "a script that must run first"
    shown = (
        answer.status not in {404, 410}
        and answer.text
        and (answer.status != 200 or len(answer.text) < 30_000)
    )
    if shown and (
        _CHALLENGE_WORDS.match(page.title)
        or (len(said) < 300 and _CHALLENGE_CODE.search(answer.text))
    ):
        return page.title or "a script that must run first"
    return ""


#: A verdict, a reason and a sentence.
_Doubt = tuple[Verdict, str, str]


def doubtful(asked: str, answer: Answer, page: markup.Markup, said: str) -> _Doubt | None:
    """Evidence that a page which answers 200 is not the page that was meant.

    :param page: the top of the page
    :param said: its first visible words
    """
    return (
        _led_astray(asked, answer)
        or _says_not_found(answer, page, said)
        or _for_sale(answer, page, said)
    )


def _led_astray(asked: str, answer: Answer) -> _Doubt | None:
    if not answer.hops:
        return None
    start, end = urlsplit(asked), urlsplit(answer.url)
    if _PARKING_HOSTS.search(end.hostname or ""):
        return Verdict.UNKNOWN, "parked", f"the domain is for sale at {end.hostname}"
    if _LOGIN.search(end.path) and not _LOGIN.search(start.path):
        return Verdict.BLOCKED, "login", f"it redirects to a login: {answer.url}"
    was_home = len(start.path.strip("/")) <= 3 or _HOME.fullmatch(start.path)
    if not was_home and not end.query and _HOME.fullmatch(end.path):
        return Verdict.UNKNOWN, "home-page", f"it redirects to the home page {answer.url}"
    if answer.text and _NOT_FOUND_PATH.search(end.path):
        return Verdict.UNKNOWN, "soft-404", f"it redirects to {answer.url}"
    return None


def _says_not_found(answer: Answer, page: markup.Markup, said: str) -> _Doubt | None:
    headings = [
        " ".join(re.sub(r"<[^>]*>", " ", match[2]).split())
        for match in _HEADING.finditer(answer.text[:_TOP])
    ][:3]
    parts = re.split(r"\s*[|–—»«·_:：-]\s+|\s+[|–—»«·_-]\s*", page.title)
    whole = [said] if len(said) < 200 and answer.whole else []
    for part in (*parts, page.title, *headings, *whole):
        if part and _NOT_FOUND.fullmatch(part.strip()):
            return Verdict.UNKNOWN, "soft-404", f"it answers 200, but says {part.strip()!r}"
    return None


def _for_sale(answer: Answer, page: markup.Markup, said: str) -> _Doubt | None:
    short = answer.whole and len(answer.text) < 20_000
    if _is_parked(page.title) or (short and _is_parked(said)):
        return Verdict.UNKNOWN, "parked", "the domain seems to be for sale"
    return None


def _is_parked(text: str) -> bool:
    # a search that begins anew at each letter is slow, and most pages need none
    lower = text.lower()
    return any(word in lower for word in ("domain", "parked", "域名")) and bool(
        _PARKED.search(text)
    )


def permanent_target(asked: str, hops: tuple[Hop, ...]) -> str:
    """The address that the leading permanent redirects lead to, with the fragment asked for.

    Nothing if the first redirect is not permanent.
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
    """What the answer says of one anchor of a page, given what it says of the page."""
    if page.verdict not in {Verdict.OK, Verdict.MOVED} or not fragment:
        return page
    if (
        answer.type not in _WITH_ANCHORS
        or has_anchor(answer.anchors, fragment)
        or f"user-content-{unquote(fragment)}" in answer.anchors
    ):
        keeps = not page.moved_to or "#" in page.moved_to
        return page if keeps else replace(page, moved_to=f"{page.moved_to}#{fragment}")
    unseen = _why_unseen(answer, fragment)
    verdict = Verdict.UNKNOWN if unseen else Verdict.DEAD
    reason, message = unseen or ("anchor", f"the page has no anchor #{unquote(fragment)}")
    # pages are rebuilt and drawn by scripts: one look makes no link dead for a place within a page
    # that is there
    return replace(
        page, verdict=verdict, reason=reason, message=message, certain=False, moved_to=""
    )


def _why_unseen(answer: Answer, fragment: str) -> tuple[str, str] | None:
    """Why an anchor that was not seen may be there all the same: a reason and a sentence."""
    if fragment.startswith(("/", "!")) or _LINE_NUMBERS.fullmatch(fragment):
        return "script-anchor", f"a script of the page makes what #{fragment} shows"
    if not answer.whole:
        return "long-page", f"#{fragment} is not in the part of the page that was read"
    decoded = unquote(fragment)
    scripts = markup.read(answer.text).scripts
    if any(decoded in answer.text[start:end] for start, end in scripts):
        return "script-anchor", f"#{decoded} may be made by a script of the page"
    drawn = "<script" in answer.text.lower() and _SCRIPTED.search(answer.text)
    if drawn and len(markup.words(answer.text, 400)) < 200:
        return "script-anchor", "the page is drawn by a script"
    return None


def join(base: str, location: str) -> str:
    """The absolute form of a ``Location``, repaired as browsers do: bytes above ASCII are read as
    UTF-8 if they are UTF-8, spaces are escaped.

    What is no address stays as it is.
    """
    try:
        location = location.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        location = location.encode("utf-8", "surrogateescape").decode("latin-1")
    location = re.sub(r"[\s\"<>]", lambda match: quote(match[0]), location.strip())
    try:
        return urljoin(base, location)
    except ValueError:
        return location
