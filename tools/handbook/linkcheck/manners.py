"""How hosts are asked: the limits of a run, the user agent, and what may be requested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network


def user_agent(contact: str = "") -> str:
    """Return the user agent, in the form that hosts know.

    :param contact: an address at which the owner can be reached
    """
    return (
        "Mozilla/5.0 (compatible; handbook-link-check/1; weekly check of our"
        f" citations{f'; +{contact}' if contact else ''})"
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits and manners. Times are in seconds, sizes in bytes after decompression.

    ``allowed`` are private networks that may be requested nevertheless, ``allowed_hosts`` names
    that may be requested whatever they resolve to; after ``patience`` a request gives up its slot
    and goes on waiting; ``proxies`` maps ``http`` and ``https`` to the address of the proxy,
    ``no_proxy`` lists the hosts that are reached without it.
    """

    deadline: float = 40
    time_limit: float = 1800
    body_seconds: float = 6
    tries: int = 3
    back_off: float = 2
    longest_wait: float = 60
    per_host: int = 2
    delay: float = 0.5
    concurrency: int = 64
    hops: int = 20
    body: int = 256 * 1024
    page: int = 8 * 1024 * 1024
    long_pages: int = 3
    patience: float = 4
    allowed: tuple[IPv4Network | IPv6Network, ...] = ()
    allowed_hosts: frozenset[str] = frozenset()
    proxies: Mapping[str, str] = field(default_factory=dict)
    no_proxy: Callable[[str], bool] = lambda host: False
    user_agent: str = field(default_factory=user_agent)
