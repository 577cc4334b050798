"""Web addresses: their syntax, their normal form, and which of them may be requested.

The syntax is that of RFC 3986 and, for names with letters beyond ASCII, IDNA 2008 (UTS #46);
``mailto:`` RFC 6068, ``tel:`` RFC 3966, DOIs the syntax of the DOI Handbook 2.2.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

import idna

from handbook.model.safety import meant

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
#: A | or a bracket in a query breaks the syntax, but every browser sends it as typed.
_BAD_CHARACTER = re.compile(r'[\x00-\x20"<>\\\x7f]')
#: Addresses that are their own normal form, whatever the host: most addresses.
PLAIN = re.compile(
    r"(?P<url>https?://(?P<host>[a-z0-9.-]+)(?::(?:[1-9][0-9]{3}|[1-5][0-9]{4}))?"
    r"/(?:[A-Za-z0-9_~!$&'()*+,;=:@/-]|(?<!/)\.)*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]+)?)"
    r"(?:#(?P<fragment>[A-Za-z0-9._~!$&'()*+,;=:@/?-]+))?"
)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_TEL = re.compile(
    r"\+[0-9][0-9().-]{2,20}(;[a-z0-9-]+=[^;]+)*|[0-9*#().-]{2,20};phone-context=[^;]+(;[a-z0-9-]+=[^;]+)*"
)
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)*/\S+")
_DOI_HOSTS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})
_ISO_HOSTS = frozenset({"iso.org", "www.iso.org"})
_ISO_STANDARD = re.compile(
    r"/(?:[a-z]{2}/)?(?:contents/data/)?standard/(?:\d\d/\d\d/)?(\d+)(?:\.html)?/?"
)
_CAPTURE = re.compile(r"https?://web\.archive\.org/web/(\d{4,14}|\*)(?:[a-z]{2}_)?/(.+)")

#: The length beyond which servers may refuse an address (and which no page of ours needs).
MAX_LENGTH = 8_000


class Kind(StrEnum):
    """How an address is judged."""

    WEB = "web"
    DOI = "doi"
    ISO = "iso"
    MAIL = "mail"
    PHONE = "phone"
    MALFORMED = "malformed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Address:
    """One address, as judged.

    ``url`` is the normal form without its fragment, ``fragment`` is as written. ``key`` identifies
    it in the memory. ``problem`` and ``hint`` are set where the kind is malformed or refused.
    ``id`` is the DOI, or the number of a page of ISO's catalogue.
    """

    text: str
    kind: Kind
    url: str = ""
    fragment: str = ""
    host: str = ""
    id: str = ""
    problem: str = ""
    hint: str = ""

    @property
    def key(self) -> str:
        """Return the normal form with its fragment."""
        return f"{self.url}#{self.fragment}" if self.fragment else self.url


def scheme(text: str) -> str:
    """Return the scheme in lower case, ``//`` for an address that takes the page's scheme, or an
    empty text.
    """
    if text.startswith("//"):
        return "//"
    match = _SCHEME.match(text)
    return match[1].lower() if match else ""


class _MalformedError(Exception):
    """Why an address is malformed, and a hint."""


@lru_cache(maxsize=65536)
def read(text: str) -> Address:
    """Read an address with a scheme. It never raises: a fault is part of the result."""
    try:
        if len(text) > MAX_LENGTH:
            raise _MalformedError(
                f"it has {len(text):,} characters", "use a shorter address of the same page"
            )
        return _READERS.get(scheme(text), _refused)(text)
    except _MalformedError as error:
        problem, hint = error.args
        return Address(text, Kind.MALFORMED, url=text, problem=problem, hint=hint)


def _refused(text: str) -> Address:
    if not scheme(text):
        problem = "it has no scheme"
        right = re.sub(r"^https?:?/{1,2}|^https?:", "", text)
        return Address(text, Kind.REFUSED, url=text, problem=problem, hint=f"write https://{right}")
    problem = f"the scheme {scheme(text)}: is never requested"
    return Address(text, Kind.REFUSED, url=text, problem=problem, hint=meant(text))


def _mail(text: str) -> Address:
    receivers = [unquote(part) for part in text[7:].partition("?")[0].split(",")]
    wrong = next((one for one in receivers if not _MAIL.fullmatch(one)), None)
    if wrong is not None:
        raise _MalformedError(f"{wrong!r} is not a mail address", "write mailto:name@example.org")
    return Address(text, Kind.MAIL, url=text)


def _phone(text: str) -> Address:
    if not _TEL.fullmatch(unquote(text[4:])):
        raise _MalformedError(
            "the number is not a telephone number (RFC 3966)",
            "write it with its country: tel:+86-571-12345678",
        )
    return Address(text, Kind.PHONE, url=text)


def _doi(text: str, doi: str | None = None) -> Address:
    doi, _, fragment = (text[4:] if doi is None else doi).partition("#")
    if not _DOI.fullmatch(doi):
        raise _MalformedError(
            f"{doi!r} is not a DOI",
            "write 10., the registrant's number, a slash and the name: 10.1000/182",
        )
    url = f"https://doi.org/{quote(doi, safe='/:;()._-<>')}"
    return Address(text, Kind.DOI, url, fragment, "doi.org", doi)


def _web(text: str) -> Address:
    if (plain := PLAIN.fullmatch(text)) and _is_plain(plain["host"]):
        return Address(text, Kind.WEB, plain["url"], plain["fragment"] or "", plain["host"])
    parts, host, port = _parts(text)
    url = _normal(parts, host, port)
    if host in _DOI_HOSTS and _DOI.fullmatch(unquote(parts.path[1:])):
        return _doi(text, unquote(parts.path[1:]))
    number = _ISO_STANDARD.fullmatch(parts.path) if host in _ISO_HOSTS else None
    kind, identity = (Kind.ISO, number[1]) if number else (Kind.WEB, "")
    return Address(text, kind, url, parts.fragment, host, identity)


@lru_cache(maxsize=4096)
def _is_plain(host: str) -> bool:
    """Return whether a host is written in its normal form and has no pages that are judged
    separately.
    """
    with suppress(ValueError):
        return host_name(host) == host and host not in _DOI_HOSTS | _ISO_HOSTS
    return False


def _parts(text: str) -> tuple[SplitResult, str, int | None]:
    """Return the parts of a web address, its host in ASCII, and its port.

    :raises _MalformedError: if it breaks the syntax
    """
    if bad := _BAD_CHARACTER.search(text):
        raise _MalformedError(
            f"it contains the character {bad[0]!r}",
            f"write {quote(bad[0])} in its place, or put the address in angle brackets",
        )
    if _BAD_ESCAPE.search(text):
        raise _MalformedError(
            "a % is not followed by two hexadecimal digits", "write %25 for the character % itself"
        )
    try:
        parts = urlsplit("https:" + text if text.startswith("//") else text)
        port = parts.port
    except ValueError as error:
        raise _MalformedError(
            f"it is not an address: {error}", "look for a missing bracket or a wrong port"
        ) from None
    if parts.username is not None:
        raise _MalformedError(
            "it contains a user name", "write the address without the part before @"
        )
    if not parts.hostname:
        raise _MalformedError("it has no host", "write https://host/path")
    if port == 0:
        raise _MalformedError("its port is 0", "leave the port out")
    try:
        return parts, host_name(parts.hostname), port
    except ValueError as error:
        raise _MalformedError(
            f"the host {parts.hostname!r} is not a host name: {error}", "check its spelling"
        ) from None


_READERS: dict[str, Callable[[str], Address]] = {
    "mailto": _mail,
    "tel": _phone,
    "doi": _doi,
    "http": _web,
    "https": _web,
    "//": _web,
}


@lru_cache(maxsize=4096)
def host_name(host: str) -> str:
    """Return the host in lower-case ASCII; Chinese and other names in Punycode.

    :raises ValueError: if it is neither a name nor an IP address
    """
    host = host.rstrip(".").lower()
    if ":" in host:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError(str(error)) from None
    literal = as_ip(host)
    if literal:
        return str(literal)
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise ValueError("a label may contain letters, digits and hyphens")
    return host


@lru_cache(maxsize=4096)
def as_ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that a host name means, or ``None``.

    The short, octal and hexadecimal forms that ``connect`` accepts are included.
    """
    if ":" in host:
        return ipaddress.ip_address(host)
    parts = host.split(".")
    if len(parts) > 4 or not all(re.fullmatch(r"0x[0-9a-f]*|\d+", part) for part in parts):
        return None
    try:
        *first, last = map(_number, parts)
        if any(number > 255 for number in first):
            return None
        high = sum(number << 8 * (3 - place) for place, number in enumerate(first))
        return ipaddress.IPv4Address(high + last)
    except ValueError:
        return None


def _number(text: str) -> int:
    if text[:2] == "0x":
        return int(text, 16)
    return int(text, 8 if text[0] == "0" and len(text) > 1 else 10)


def is_public(ip: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    Private, loopback, link-local, shared and multicast addresses do not.
    """
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if inner is None and address.version == 6 and address in ipaddress.IPv6Network("64:ff9b::/96"):
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return (inner or address).is_global and not (inner or address).is_multicast


@lru_cache(maxsize=4096)
def is_local_name(host: str) -> bool:
    """Return whether a name can never be public and so is never looked up (RFC 6761, 6762,
    8375).
    """
    return (
        host == "localhost"
        or host.endswith((".localhost", ".local", ".internal", ".home.arpa", ".lan"))
        or ("." not in host and not as_ip(host))
    )


def _normal(parts: SplitResult, host: str, port: int | None) -> str:
    """Return an address with scheme and host in lower case, no default port, no needless escapes,
    and escapes in upper case.

    An escaped reserved character stays escaped (``a%2Fb`` is not ``a/b``); dot segments are
    resolved as in RFC 3986, 5.2.4.
    """
    scheme_name = parts.scheme.lower()
    at = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[scheme_name]:
        at += f":{port}"
    path = _dots(_escapes(parts.path)) or "/"
    return urlunsplit((scheme_name, at, path, _escapes(parts.query), ""))


def _escapes(text: str) -> str:
    if not text.isascii():
        text = "".join(one if one.isascii() else quote(one) for one in text)
    if "%" not in text:
        return text

    def shortest(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(shortest, text)


def _dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")
    for index, part in enumerate(parts):
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
            continue
        if index == len(parts) - 1:
            kept.append("")
    return "/".join(kept)


def memento_of(text: str) -> tuple[str, str] | None:
    """Return the timestamp (4 to 14 digits, or ``*``) and the original address of a Wayback
    address.

    ``None`` for any other address.
    """
    match = _CAPTURE.fullmatch(text)
    return (match[1], match[2]) if match else None


def lookup_address(url: str, day: date | None = None) -> str:
    """Return where a reader may look for captures: those around a day, or all of them."""
    return (
        f"https://web.archive.org/web/{day:%Y%m%d}/{url}"
        if day
        else f"https://web.archive.org/web/*/{url}"
    )
