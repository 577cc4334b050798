"""Settings for common hosts: headers that a page cannot carry itself, caching, and pages for lost
addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from jinja2 import Environment

#: The folder of the pages that other sites may embed, in each edition.
EMBED = "embed"

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_WEEK = "public, max-age=604800"

_TEMPLATES = {
    "_headers": """\
{{ prefix }}*
{% for name, value in headers %}
  {{ name }}: {{ value }}
{% endfor %}
{% for path in framed %}
{{ prefix }}{{ path }}
  X-Frame-Options: DENY
{% endfor %}
{% for root in roots %}
{{ root }}_static/*
  Cache-Control: {{ week }}
{% endfor %}
""",
    # nginx sends no header without a value, and in a place that adds its own it forgets all others.
    "_hosting/nginx.conf": """\
# Include this in the server block; its root is this handbook's folder.
{% for name, value in headers %}
add_header {{ name }} "{{ value }}" always;
{% endfor %}
set $frames "DENY";
if ($uri ~ ^{{ anywhere }}{{ embed }}/) {
  set $frames "";
}
add_header X-Frame-Options $frames always;
set $caching "";
if ($uri ~ ^{{ anywhere }}_static/) {
  set $caching "{{ week }}";
}
add_header Cache-Control $caching;
set $lost {{ prefix }}404.html;
{% for root in roots[1:] %}
if ($uri ~ ^{{ root }}) {
  set $lost {{ root }}404.html;
}
{% endfor %}
error_page 404 $lost;
""",
    "_hosting/apache.htaccess": """\
# Copy this to .htaccess in the handbook's folder; it needs mod_headers.
{% for name, value in headers %}
Header always set {{ name }} "{{ value }}"
{% endfor %}
Header always set X-Frame-Options "DENY" "expr=%{REQUEST_URI} !~ m#^{{ anywhere }}{{ embed }}/#"
Header set Cache-Control "{{ week }}" "expr=%{REQUEST_URI} =~ m#^{{ anywhere }}_static/#"
ErrorDocument 404 {{ prefix }}404.html
{% for root in roots[1:] %}
<If "%{REQUEST_URI} =~ m#^{{ root }}#">
  ErrorDocument 404 {{ root }}404.html
</If>
{% endfor %}
""",
    "_hosting/Caddyfile": """\
# Import this in the site block; its root is this handbook's folder.
header {
{% for name, value in headers %}
  {{ name }} "{{ value }}"
{% endfor %}
}
@framed not path{% for root in roots %} {{ root }}{{ embed }}/*{% endfor %}

header @framed X-Frame-Options DENY
@cached path{% for root in roots %} {{ root }}_static/*{% endfor %}

header @cached Cache-Control "{{ week }}"
handle_errors {
  header -Cache-Control
  @lost expression {err.status_code} == 404
  handle @lost {
{% for root in roots[1:] %}
    @edition{{ loop.index }} path {{ root }}*
    rewrite @edition{{ loop.index }} {{ root }}404.html
{% endfor %}
    @rest not path {{ prefix }}404.html{% for root in roots[1:] %} {{ root }}*{% endfor %}

    rewrite @rest {{ prefix }}404.html
    file_server
  }
}
""",
}


def settings(
    policy: str, prefix: str, framed: Iterable[str], editions: Sequence[str] = ()
) -> dict[str, str]:
    """Return files for static hosts, by name. No other site may embed a page, except those in
    ``EMBED``.

    :param policy: the Content-Security-Policy for all pages
    :param prefix: the path below which the site is, with a slash at both ends
    :param framed: paths below it, as ``_headers`` writes them, of all pages outside ``EMBED``
    :param editions: the folders of further editions
    """
    folders = [f"{one}/" for one in editions]
    known = {
        "headers": [("Content-Security-Policy", policy), *_HEADERS.items()],
        "prefix": prefix,
        "framed": list(framed),
        "roots": [prefix, *(f"{prefix}{one}" for one in folders)],
        "anywhere": f"{prefix}(?:{'|'.join(folders)})?" if folders else prefix,
        "embed": EMBED,
        "week": _WEEK,
    }
    jinja = Environment(trim_blocks=True, keep_trailing_newline=True, autoescape=False)
    files = {name: jinja.from_string(text).render(known) for name, text in _TEMPLATES.items()}
    # GitHub Pages hides names that begin with an underscore unless this file is there.
    return files | {".nojekyll": ""}
