"""What an answer means. No network here: an :class:`Answer` is what the client saw, a verdict what
we make of it.

One answer gives an :class:`Observation`; what it means for the link is decided with the memory of
earlier days (:meth:`handbook.linkcheck.memory.Record.verdict`): only an unmistakable answer makes a
link dead at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """Why there is no answer. ``kind`` is one of :data:`FAULTS`, ``text`` what the machine said."""

    kind: str
    text: str = ""


#: Faults of the way to an answer, each with its verdict, whether another try can help, and the
#: sentence.
FAULTS: Mapping[str, tuple[Verdict, bool, str]] = {
    "no-such-host": (Verdict.DEAD, False, "there is no such host"),
    "dns": (Verdict.UNKNOWN, True, "the host's address could not be looked up"),
    "timeout": (Verdict.UNKNOWN, True, "no answer in time"),
    "refused-connection": (Verdict.UNKNOWN, True, "the host takes no connection"),
    "unreachable": (Verdict.UNKNOWN, True, "there is no way to the host"),
    "reset": (Verdict.UNKNOWN, True, "the connection broke"),
    "not-http": (Verdict.UNKNOWN, False, "the answer is not HTTP"),
    "body": (Verdict.UNKNOWN, False, "the answer broke off or cannot be unpacked"),
    "tls": (Verdict.INSECURE, False, "the connection is not safe"),
    "private": (Verdict.REFUSED, False, "the address lies in a private network and was not asked"),
    "scheme": (Verdict.REFUSED, False, "it leads on to an address that is not of the web"),
    "loop": (Verdict.DEAD, False, "it leads on in a circle"),
    "chain": (Verdict.UNKNOWN, False, "it leads on too often"),
    "location": (Verdict.UNKNOWN, False, "it leads on, but not to an address"),
    "host-silent": (Verdict.UNKNOWN, False, "not asked, since the host did not answer before"),
    "host-refuses": (Verdict.BLOCKED, False, "not asked, since the host asked us to stop"),
    "time-limit": (Verdict.UNKNOWN, False, "not asked, since the time of the run was over"),
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

    ``headers`` are found by names in lower case. ``text`` is the beginning of the body as text
    (empty for other types), ``whole`` says whether that is all of it, ``found`` and ``missing`` are
    anchors; ``pages`` of a PDF; ``requests`` counts what was sent.
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()
    fault: Fault | None = None
    text: str = ""
    whole: bool = True
    anchors: frozenset[str] = frozenset()
    pages: int | None = None
    requests: int = 0
    seconds: float = 0.0

    @property
    def type(self) -> str:
        """The media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Observation:
    """What one look at a link gave. ``reason`` is stable (``404``, ``timeout``, ``soft-404``),
    ``message`` a sentence.

    ``certain`` is false for a sign that may deceive; ``moved_to`` is the new address of a permanent
    redirect.
    """

    verdict: Verdict
    reason: str
    message: str
    certain: bool = True
    moved_to: str = ""
    type: str = ""
    requests: int = 0
    seconds: float = 0.0


#: Titles, headings and walls stand at the top.
_TOP = 65_536

_BLOCKING = {
    401: "it asks for a login",
    402: "it asks for payment",
    403: "it lets no program in",
    407: "the proxy asks for a login",
    418: "it lets no program in",
    429: "it asks for fewer requests",
    451: "it is withheld for legal reasons",
    511: "the network asks for a login",
    999: "it lets no program in",
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
        # a circle or an unsafe host is the place a permanent redirect may have led to
        return made(
            verdict,
            answer.fault.kind,
            f"{message}: {answer.fault.text}" if answer.fault.text else message,
            answer.fault.kind == "no-such-host" or verdict is not Verdict.DEAD,
        )
    status = answer.status
    # read once: most of the time of a run would go into reading pages again
    page = markup.read(answer.text[:_TOP])
    said = markup.words(answer.text[:_TOP], 600)
    wall = challenge(answer, page, said)
    if wall:
        return made(
            Verdict.BLOCKED, "challenge", f"a wall against programs stands before it ({wall})"
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
            Verdict.MOVED, "permanent", f"it moved for good to {moved_to}", moved_to=moved_to
        )
    return made(Verdict.OK, str(status), "the page is there")


def challenge(answer: Answer, page: markup.Markup, said: str) -> str:
    """The sign of a wall against programs, or nothing."""
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


def doubtful(
    asked: str, answer: Answer, page: markup.Markup, said: str
) -> tuple[Verdict, str, str] | None:
    """Signs that a page which answers 200 is not the page that was meant."""
    if answer.hops:
        start, end = urlsplit(asked), urlsplit(answer.url)
        if _PARKING_HOSTS.search(end.hostname or ""):
            return Verdict.UNKNOWN, "parked", f"the domain is for sale at {end.hostname}"
        if _LOGIN.search(end.path) and not _LOGIN.search(start.path):
            return Verdict.BLOCKED, "login", f"it leads to a login: {answer.url}"
        if (
            len(start.path.strip("/")) > 3
            and not _HOME.fullmatch(start.path)
            and _HOME.fullmatch(end.path)
            and not end.query
            and "/" in start.path.strip("/") + "/"
        ):
            return Verdict.UNKNOWN, "home-page", f"it leads to the home page {answer.url}"
    if answer.text:
        headings = [
            " ".join(re.sub(r"<[^>]*>", " ", match[2]).split())
            for match in _HEADING.finditer(answer.text[:_TOP])
        ][:3]
        for part in [
            *re.split(r"\s*[|–—»«·_:：-]\s+|\s+[|–—»«·_-]\s*", page.title),
            page.title,
            *headings,
        ]:
            if part and _NOT_FOUND.fullmatch(part.strip()):
                return Verdict.UNKNOWN, "soft-404", f"it answers 200, but says {part.strip()!r}"
        if len(said) < 200 and answer.whole and _NOT_FOUND.fullmatch(said):
            return Verdict.UNKNOWN, "soft-404", f"it answers 200, but says {said!r}"
        if answer.hops and re.search(
            r"(?i)/(?:404|notfound|not-found|page-not-found|error404)(?:\.\w+)?/?$",
            urlsplit(answer.url).path,
        ):
            return Verdict.UNKNOWN, "soft-404", f"it leads to {answer.url}"
        if _is_parked(page.title) or (
            answer.whole and len(answer.text) < 20_000 and _is_parked(said)
        ):
            return Verdict.UNKNOWN, "parked", "the domain seems to be for sale"
    return None


def _is_parked(text: str) -> bool:
    # most pages are spared a search that begins anew at each letter
    lower = text.lower()
    return any(sign in lower for sign in ("domain", "parked", "域名")) and bool(
        _PARKED.search(text)
    )


def permanent_target(asked: str, hops: tuple[Hop, ...]) -> str:
    """The address that the leading permanent redirects lead to, with the fragment asked for;
    nothing if there is none.
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
    moved_to = page.moved_to and (
        page.moved_to if "#" in page.moved_to else f"{page.moved_to}#{fragment}"
    )

    def made(verdict: Verdict, reason: str, message: str) -> Observation:
        # pages are rebuilt and drawn by scripts: one look makes no link dead for a place within a
        # page that is there
        return Observation(
            verdict, reason, message, False, "", answer.type, answer.requests, answer.seconds
        )

    found = Observation(
        page.verdict,
        page.reason,
        page.message,
        True,
        moved_to,
        page.type,
        page.requests,
        page.seconds,
    )
    if answer.type == "application/pdf":
        match = re.search(r"(?:^|&)page=(\d+)", fragment)
        if match and answer.pages is not None:
            if not 1 <= int(match[1]) <= answer.pages:
                return made(
                    Verdict.DEAD, "pdf-page", f"the PDF has {answer.pages} pages, not {match[1]}"
                )
        elif match:
            return made(Verdict.UNKNOWN, "pdf-uncounted", "the pages of the PDF cannot be counted")
        return found
    if answer.type not in {"text/html", "application/xhtml+xml", "", "image/svg+xml"}:
        return found
    if (
        has_anchor(set(answer.anchors), fragment)
        or f"user-content-{unquote(fragment)}" in answer.anchors
    ):
        directive = fragment.partition(":~:text=")[2]
        if not directive or not answer.whole or _says(answer.text, directive):
            return found
        return made(Verdict.DEAD, "text-fragment", f"the page does not say {unquote(directive)!r}")
    if fragment.startswith(("/", "!")) or re.fullmatch(
        r"L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?", fragment
    ):
        return made(
            Verdict.UNKNOWN, "script-anchor", f"a script of the page makes what #{fragment} shows"
        )
    if not answer.whole:
        return made(
            Verdict.UNKNOWN,
            "long-page",
            f"#{fragment} is not in the part of the page that was read",
        )
    parsed = markup.read(answer.text)
    decoded = unquote(fragment)
    if any(decoded in answer.text[start:end] for start, end in parsed.scripts):
        return made(
            Verdict.UNKNOWN, "script-anchor", f"#{decoded} may be made by a script of the page"
        )
    drawn = re.search(r"""id=["']?(?:app|root|__next|__nuxt|main)["'\s>]""", answer.text)
    if drawn and "<script" in answer.text.lower() and len(markup.words(answer.text, 400)) < 200:
        return made(Verdict.UNKNOWN, "script-anchor", "the page is drawn by a script")
    return made(Verdict.DEAD, "anchor", f"the page has no anchor #{decoded}")


def _says(text: str, directive: str) -> bool:
    said = " ".join(re.sub(r"<[^<>]*>", " ", text).split()).casefold()
    parts = [
        part
        for part in directive.partition("&")[0].split(",")
        if not part.endswith("-") and not part.startswith("-")
    ]
    return all(" ".join(unquote(part).split()).casefold() in said for part in parts)


def join(base: str, location: str) -> str:
    """The absolute form of a ``Location``, repaired as browsers do: bytes above ASCII are read as
    UTF-8 where they are, blanks are escaped.

    What is no address stays as it is.
    """
    try:
        location = location.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeError:
        location = location.encode("utf-8", "surrogateescape").decode("latin-1")
    location = re.sub(r"[\s\"<>]", lambda sign: quote(sign[0]), location.strip())
    try:
        return urljoin(base, location)
    except ValueError:
        return location
