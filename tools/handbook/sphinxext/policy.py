"""What the browser may do on a page: the Content-Security-Policy of every page, and files that hand
it to common hosts.

A page carries the policy itself, as a ``meta`` element that allows its few inline scripts and
styles by their hash, so that it holds on every host and from a folder. What a ``meta`` element
cannot say, a header must: the files for the hosts say it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape, unescape
from pathlib import Path

#: ``wasm-unsafe-eval`` lets the search compile its engine, which is a file of ours; it allows no
#: eval of scripts.
_SCRIPTS = ("'self'", "'wasm-unsafe-eval'")
_STYLES = ("'self'",)
_REST = (
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action"
    " 'self'"
)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_CACHE = "public, max-age=604800"

_INLINE = re.compile(r"<(script|style)\b([^>]*)>(.*?)</\1>", re.DOTALL)
_STYLED = re.compile(r'(<[a-zA-Z][^<>]*?) style="([^"]*)"')
_HEAD = re.compile(r"<head>\s*(?:<meta charset=[^>]*>)?")
_META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


#: What could end a rule or load something; such a style is left out.
_STYLE_OUT = re.compile(r"[<>{}@\\]|/\*|url\s*\(|expression\s*\(", re.IGNORECASE)


def protect(page: str, body: str = "") -> str:
    """The page with its policy; style attributes, which no hash allows, become rules of one style
    element.

    :param body: the part of the page that its writer wrote: nothing in it is allowed by its hash
    """
    rules: dict[str, int] = {}

    def rule(match: re.Match[str]) -> str:
        style = unescape(match[2])
        if _STYLE_OUT.search(style):
            return match[1]
        return f'{match[1]} data-style="{rules.setdefault(style, len(rules) + 1)}"'

    own = page.replace(body, "", 1) if body else page
    page = _STYLED.sub(rule, page)
    scripts, styles = [], []
    if rules:
        style = "".join(
            f'[data-style="{number}"]{{{text.rstrip("; ")}}}' for text, number in rules.items()
        )
        page = page.replace("</head>", f"<style>{style}</style></head>", 1)
        styles.append(_hash(style))
    for kind, attributes, text in _INLINE.findall(own):
        if kind == "style":
            styles.append(_hash(text))
        elif " src=" not in attributes and "json" not in attributes:
            scripts.append(_hash(text))
    meta = (
        '<meta http-equiv="Content-Security-Policy"'
        f' content="{escape(policy(scripts, styles), quote=False)}">'
    )
    return _HEAD.sub(lambda head: f"{head[0]}{meta}", page, count=1)


def policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """The policy that allows inline scripts and styles of these hashes.

    :param scripts: sources such as ``'sha256-...'``, quotes included
    """
    sources = [
        " ".join((*own, *sorted(set(found))))
        for own, found in ((_SCRIPTS, scripts), (_STYLES, styles))
    ]
    return f"default-src 'none'; script-src {sources[0]}; style-src {sources[1]}; {_REST}"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def policy_of(pages: Iterable[Path]) -> str:
    """One policy for all built pages, for a host that sends the same header with each."""
    found: dict[str, set[str]] = {"script-src": set(), "style-src": set()}
    for path in pages:
        # The policy stands at the top of the head.
        with path.open(encoding="utf-8") as file:
            match = _META.search(file.read(4096))
        for part in unescape(match[1]).split("; ") if match else ():
            name, _, sources = part.partition(" ")
            if name in found:
                found[name] |= {
                    source for source in sources.split() if source.startswith("'sha256-")
                }
    return policy(found["script-src"], found["style-src"])


def host_files(one_policy: str, prefix: str) -> dict[str, str]:
    """Settings for static hosts, by file name: what a ``meta`` element cannot say, caching, and the
    page for lost addresses.

    :param prefix: the path that the site lives below, with a slash at both ends
    """
    headers: Mapping[str, str] = {
        "Content-Security-Policy": f"{one_policy}; frame-ancestors 'none'",
        **_HEADERS,
    }
    plain = "".join(f"  {name}: {value}\n" for name, value in headers.items())
    nginx = "".join(f'add_header {name} "{value}" always;\n' for name, value in headers.items())
    apache = "".join(f'Header always set {name} "{value}"\n' for name, value in headers.items())
    caddy = "".join(f'\t{name} "{value}"\n' for name, value in headers.items())
    return {
        "_headers": f"{prefix}*\n{plain}\n{prefix}_static/*\n  Cache-Control: {_CACHE}\n",
        "_hosting/nginx.conf": (
            "# Include this in the server block; its root is this handbook's"
            f" folder.\n{nginx}error_page 404 {prefix}404.html;\n"
        ),
        "_hosting/apache.htaccess": (
            "# Copy this to .htaccess in the handbook's folder; it needs"
            f" mod_headers.\n{apache}ErrorDocument 404 {prefix}404.html\n"
        ),
        "_hosting/Caddyfile": (
            "# Import this in the site block; its root is this handbook's folder.\nheader"
            f" {{\n{caddy}}}\nhandle_errors 404 {{\n\trewrite *"
            f" {prefix}404.html\n\tfile_server\n}}\n"
        ),
        # GitHub Pages hides names that begin with an underscore unless this file is there.
        ".nojekyll": "",
    }
