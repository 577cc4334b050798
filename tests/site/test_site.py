"""The handbook as a site: what a page loads and may do, what hosts and visiting machines are told, and the page for lost addresses."""

from __future__ import annotations

import gzip
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from sphinx.errors import ConfigError

from handbook.model import moved
from handbook.sphinxext import hosts, policy
from handbook.sphinxext.site import framed, from_anywhere
from support import MAIN, ROOT
from support.browser import served
from support.projects import Build, Built, Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BASE = "https://handbook.example/en"


@pytest.fixture(scope="module")
def based(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Project(tmp_path_factory.mktemp("based"), "furo").build(
        html_theme="furo", html_baseurl=BASE
    )


@pytest.fixture(scope="module")
def furo(built: Build) -> Built:
    return built("furo", html_theme="furo")


# -- what a page may do --


def test_every_inline_script_and_style_is_allowed_by_its_hash_and_no_style_attribute_is_left(
    furo: Built,
) -> None:
    for path in furo.out.rglob("*.html"):
        page = furo.soup(str(path.relative_to(furo.out)))
        meta = page.select_one("head > meta[http-equiv=Content-Security-Policy]")
        assert meta, path
        allowed = str(meta["content"])
        assert "unsafe-inline" not in allowed
        assert "'unsafe-eval'" not in allowed
        inline = [
            *page.select("style"),
            *(
                script
                for script in page.select("script:not([src])")
                if script.get("type") != "application/ld+json"
            ),
        ]
        assert inline
        for element in inline:
            assert (
                f"'sha256-{b64encode(sha256(element.decode_contents().encode()).digest()).decode()}'"
                in allowed
            ), (path, element)
        assert not page.select("[style], [onclick], [onload]")
        # The policy binds only what stands after it.
        assert str(page).index("Content-Security-Policy") < min(
            str(page).index(sign) for sign in ("<link", "<script", "<style")
        )


def test_a_style_attribute_becomes_a_rule() -> None:
    page = policy.protect(
        '<head><meta charset="utf-8"></head><col style="width: 26.0%" /><col style="width: 26.0%" /><b style="color: red;">'
    )
    assert '<col data-style="1" /><col data-style="1" /><b data-style="2">' in page
    assert (
        '<style>[data-style="1"]{width: 26.0%}[data-style="2"]{color: red}</style></head>' in page
    )


def test_hosts_get_one_policy_that_fits_all_pages(furo: Built) -> None:
    headers = furo.text("_headers")
    header = re.search(r"^  Content-Security-Policy: (.*)$", headers, re.MULTILINE)
    assert header
    assert header[1].startswith("default-src 'none'; script-src 'self' ")
    hashes = {
        found
        for path in furo.out.rglob("*.html")
        for found in re.findall(r"'sha256-[^']+'", path.read_text("utf-8"))
    }
    assert hashes == set(re.findall(r"'sha256-[^']+'", header[1]))
    for name in ("nginx.conf", "apache.htaccess", "Caddyfile"):
        text = furo.text(f"_hosting/{name}")
        assert header[1] in text
        assert "/404.html" in text


def test_only_the_pages_to_embed_may_stand_in_a_frame(furo: Built) -> None:
    denied = re.findall(r"^(\S+)\n  X-Frame-Options: DENY$", furo.text("_headers"), re.MULTILINE)
    assert {"/", "/index.html", "/index", "/deep/*"} <= set(denied)
    assert not any(
        f"/{hosts.EMBED}/timeline.html".startswith(one.rstrip("*")) for one in denied[1:]
    )
    for name, exception in (
        ("nginx.conf", 'if ($uri ~ ^/embed/) {\n  set $frames "";\n}'),
        ("apache.htaccess", 'X-Frame-Options "DENY" "expr=%{REQUEST_URI} !~ m#^/embed/#"'),
        ("Caddyfile", "@framed not path /embed/*\nheader @framed X-Frame-Options DENY"),
    ):
        assert exception in furo.text(f"_hosting/{name}")


#: What hosts are told of a further edition, below a path.
OF_EDITION = {
    "_headers": """/city/*
  Content-Security-Policy: default-src 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
  Permissions-Policy: camera=(), geolocation=(), microphone=()
/city/index
  X-Frame-Options: DENY
/city/zh/index
  X-Frame-Options: DENY
/city/_static/*
  Cache-Control: public, max-age=604800
/city/zh/_static/*
  Cache-Control: public, max-age=604800
""",
    "_hosting/nginx.conf": """set $frames "DENY";
if ($uri ~ ^/city/(?:zh/)?embed/) {
  set $frames "";
}
add_header X-Frame-Options $frames always;
set $caching "";
if ($uri ~ ^/city/(?:zh/)?_static/) {
  set $caching "public, max-age=604800";
}
add_header Cache-Control $caching;
set $lost /city/404.html;
if ($uri ~ ^/city/zh/) {
  set $lost /city/zh/404.html;
}
error_page 404 $lost;
""",
    "_hosting/apache.htaccess": """Header always set X-Frame-Options "DENY" "expr=%{REQUEST_URI} !~ m#^/city/(?:zh/)?embed/#"
Header set Cache-Control "public, max-age=604800" "expr=%{REQUEST_URI} =~ m#^/city/(?:zh/)?_static/#"
ErrorDocument 404 /city/404.html
<If "%{REQUEST_URI} =~ m#^/city/zh/#">
  ErrorDocument 404 /city/zh/404.html
</If>
""",
    "_hosting/Caddyfile": """@framed not path /city/embed/* /city/zh/embed/*
header @framed X-Frame-Options DENY
@cached path /city/_static/* /city/zh/_static/*
header @cached Cache-Control "public, max-age=604800"
handle_errors {
  header -Cache-Control
  @lost expression {err.status_code} == 404
  handle @lost {
    @edition1 path /city/zh/*
    rewrite @edition1 /city/zh/404.html
    @rest not path /city/404.html /city/zh/*
    rewrite @rest /city/404.html
    file_server
  }
}
""",
}


@pytest.mark.parametrize("name", OF_EDITION)
def test_hosts_treat_a_further_edition_as_the_first(name: str) -> None:
    """It may be embedded and is kept by browsers, and its lost addresses lead to its own page."""
    made = hosts.settings("default-src 'none'", "/city/", ["index", "zh/index"], ["zh"])
    assert made[name].endswith(OF_EDITION[name])


def test_hosts_read_all_rules_for_the_handbook_in_two_languages(site: tuple[str, Path]) -> None:
    """Cloudflare Pages reads a hundred of them."""
    pages = [path.relative_to(site[1]) for path in site[1].rglob("*.html")]
    pages = [path for path in pages if "_static" not in path.parts]
    both = framed([*pages, *(Path("zh", path) for path in pages)], ["zh"])
    assert {"", "timeline.html", "standards/*", "zh/", "zh/timeline", "zh/standards/*"} <= set(both)
    assert not any("embed" in one or one == "zh/*" for one in both)
    text = hosts.settings("default-src 'none'", "/", both, ["zh"])["_headers"]
    assert len(re.findall(r"^/", text, re.MULTILINE)) <= 100


#: Adds up in ``shift`` how far a page moves by itself.
SHIFTS = (
    "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) shift += e.value; })"
    ".observe({type: 'layout-shift', buffered: true});"
)


def test_no_page_shifts_when_its_scripts_come_late(
    site: tuple[str, Path], browser: Browser
) -> None:
    _address, folder = site
    common = {"find.js", "menus.js", "cards.js"}
    pages = [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*.html"))
        if set(
            re.findall(r'<script[^>]* src="[^"]*/([\w-]+\.js)', path.read_text(encoding="utf-8"))
        )
        - common
    ]
    assert {"start/self-check.html", "finder.html", "timeline.html"} <= set(pages)
    context = browser.new_context(viewport={"width": 412, "height": 823})
    context.add_init_script(SHIFTS)
    page = context.new_page()
    found = []
    with served(folder, late=0.2) as address:
        for name in pages:
            for _look in range(2):
                page.goto(f"{address}/{name}", wait_until="load")
                shift = page.evaluate(
                    "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(shift))))"
                )
                if shift == 0:
                    break
            else:
                found.append(f"{name} shifts by {shift}")
    context.close()
    assert found == []


def test_no_page_asks_another_host_breaks_its_policy_fails_to_load_something_or_shifts(
    site: tuple[str, Path], browser: Browser
) -> None:
    """By the browser's own network log, console and layout observer, for every page."""
    address, folder = site
    context = browser.new_context(viewport={"width": 412, "height": 823})
    context.add_init_script(
        "window.faults = []; addEventListener('securitypolicyviolation', (e) => faults.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));"
        + SHIFTS
    )
    page = context.new_page()
    found: list[str] = []
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((f"{address}/", "data:"))
            else found.append(f"{page.url} asks {request.url}")
        ),
    )
    # A page that is left takes back what it still asks for.
    page.on(
        "requestfailed",
        lambda request: (
            None
            if request.failure == "net::ERR_ABORTED"
            else found.append(f"{page.url} cannot load {request.url}")
        ),
    )
    page.on(
        "response",
        lambda answer: (
            None
            if answer.status < 400
            else found.append(f"{page.url} gets {answer.status} for {answer.url}")
        ),
    )
    page.on("pageerror", lambda error: found.append(f"{page.url} fails: {error}"))
    pages = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.html")
        if "_static" not in path.parts
    )
    assert len(pages) > 140
    for name in pages:
        # A shift is the page's own only if it comes again: a busy machine may paint half a page.
        for _look in range(2):
            page.goto(f"{address}/{name}", wait_until="load")
            faults, shift = page.evaluate(
                "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done([faults, shift]))))"
            )
            if shift == 0:
                break
        else:
            found.append(f"{name} shifts by {shift}")
        found += [f"{name} breaks its policy: {fault}" for fault in faults]
    context.close()
    assert found == []


#: Pages with much on them.
LARGE = [
    *MAIN,
    "bibliography",
    "bibliography/neighbours",
    "claims",
    "finder",
    "neighbours/adoptions",
    "neighbours/places",
    "standards/comparisons",
    "standards/profiles",
    "standards/purposes-and-issues",
    "start/self-check",
    "start/hangzhou-company",
]


def first_view(site: tuple[str, Path], browser: Browser, name: str) -> dict[str, int]:
    """The files that a page loads by itself, with their bytes, compressed as the plainest host does
    (gzip -6).
    """
    address, folder = site
    page = browser.new_context().new_page()
    loaded: dict[str, int] = {}

    def weigh(url: str) -> None:
        path = folder / url.removeprefix(f"{address}/").partition("?")[0]
        data = path.read_bytes()
        loaded[path.name] = (
            len(data) if path.suffix in {".png", ".woff2"} else len(gzip.compress(data, 6))
        )

    page.on("response", lambda answer: weigh(answer.url))
    page.goto(f"{address}/{name}.html", wait_until="networkidle")
    page.context.close()
    assert f"{Path(name).name}.html" in loaded
    return loaded


@pytest.mark.parametrize("name", LARGE)
def test_a_first_view_of_a_main_page_is_at_most_60_kilobytes(
    site: tuple[str, Path], browser: Browser, name: str
) -> None:
    loaded = first_view(site, browser, name)
    assert sum(loaded.values()) <= 60_000, loaded


def test_a_first_view_of_a_chinese_page_is_at_most_60_kilobytes(
    chinese_site: tuple[str, Path], browser: Browser
) -> None:
    views = {name: first_view(chinese_site, browser, name) for name in LARGE}
    assert {name: one for name, one in views.items() if sum(one.values()) > 60_000} == {}


def test_scripts_are_served_shorter_and_name_the_same_parts_of_pages(
    site: tuple[str, Path],
) -> None:
    """What they do is asked for by the tests in the browser."""
    for path in sorted((ROOT / "docs/_static").glob("*.js")):
        served, source = (
            (site[1] / "_static" / path.name).read_text("utf-8"),
            path.read_text("utf-8"),
        )
        assert len(served) < 0.9 * len(source), path.name
        assert "/*" not in served
        names = re.compile(r"hb-\w[\w-]*|data-\w+|aria-\w+")
        assert set(names.findall(served)) >= set(
            names.findall(re.sub(r"/\*(?:.|\n)*?\*/", "", source))
        )


def test_a_page_loads_no_script_and_no_style_that_it_does_not_use(furo: Built) -> None:
    def files(page: str) -> set[str]:
        elements = furo.soup(page).select("script[src], link[rel=stylesheet]")
        return {
            str(element.get("src") or element.get("href")).partition("?")[0].rpartition("/")[2]
            for element in elements
        }

    assert "pygments.css" in files("index.html")
    assert not files("deep/page.html") & {"pygments.css", "furo-extensions.css"}
    assert not files("index.html") & {
        "doctools.js",
        "sphinx_highlight.js",
        "documentation_options.js",
    }


# -- what others are told --


def test_without_an_address_nothing_claims_one(furo: Built) -> None:
    head = furo.soup().head
    assert head
    assert not head.select(
        "link[rel=canonical], meta[property='og:url'], meta[property='og:image']"
    )
    assert furo.text("robots.txt") == "User-agent: *\nAllow: /\n"
    assert not (furo.out / "sitemap.xml").exists()


def test_with_an_address_pages_are_canonical_and_previewed(based: Built) -> None:
    page = based.soup("deep/page.html")
    canonical = page.select_one("link[rel=canonical]")
    assert canonical
    assert canonical["href"] == f"{BASE}/deep/page.html"
    told = {
        str(meta["property"]): meta["content"]
        for meta in based.soup().select("meta[property^='og:']")
    }
    assert told == {
        "og:title": "Home",
        "og:type": "website",
        "og:site_name": "Handbook",
        "og:description": 'What "this" page says & answers.',
        "og:url": f"{BASE}/index.html",
    }


def test_the_sitemap_lists_each_page_once_and_robots_names_it(based: Built) -> None:
    root = ElementTree.fromstring(based.text("sitemap.xml"))
    assert [loc.text for loc in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")] == [
        f"{BASE}/{page}.html" for page in ("bibliography", "deep/index", "deep/page", "index")
    ]
    assert f"\nSitemap: {BASE}/sitemap.xml\n" in based.text("robots.txt")


@pytest.mark.parametrize(
    "address",
    [
        "handbook.example",
        "ftp://handbook.example/",
        "javascript:alert(1)",
        "https://handbook.example/?a",
        "https:///",
        'https://handbook.example/"><svg onload=x>/',
        "https://handbook.example/'/",
        "https://handbook.example/a;return 301 x/",
        "https://handbook.example/a;b/",
        "https://handbook.example/$host/",
        "https://handbook.example/\x1b/",
        "https://handbook.example/\u2028/",
        "https://handbook.example/\u202e/",
        "https://somebody@handbook.example/",
        "https://handbook.example/\n",
    ],
)
def test_an_address_that_is_none_stops_the_build_with_the_hint(
    project: object, address: str
) -> None:
    with pytest.raises(ConfigError, match="hint: give HANDBOOK_URL as https://host/path/"):
        project({"index.md": "# Home\n"}).build(html_baseurl=address)  # type: ignore[operator]


def test_llms_txt_has_the_form_of_its_specification(based: Built, furo: Built) -> None:
    lines = based.text("llms.txt").split("\n")
    assert lines[0] == "# Handbook"
    assert lines[2] == '> What "this" page says & answers.'
    assert [line for line in lines if line.startswith("#")] == [
        "# Handbook",
        "## Deep",
        "## More pages",
        "## Data",
    ]
    entries = [line for line in lines if line.startswith("- ")]
    assert f"- [Deep page]({BASE}/deep/page.html)" in entries
    assert all(re.fullmatch(r"- \[[^\]]+\]\([^)\s]+\)(: .+)?", entry) for entry in entries)
    assert "- [Deep page](deep/page.html)" in furo.text("llms.txt").split("\n")


def test_llms_txt_names_every_page_of_the_handbook_with_its_description(
    site: tuple[str, Path],
) -> None:
    entries = re.findall(
        r"^- \[.+\]\(([^)]+)\)(?:: (.+))?$", (site[1] / "llms.txt").read_text("utf-8"), re.MULTILINE
    )
    pages = {address for address, description in entries if description}
    lists = (ROOT / "references" / "published" / "pages.txt").read_text("utf-8").split()
    moves = moved.load(ROOT / "docs" / moved.NAME)
    here = {page for page in lists if page != "index" and not moves.leads_on(page)}
    assert {f"{page}.html" for page in here} - pages == set()
    assert [address for address, _description in entries if not (site[1] / address).exists()] == []


def test_the_icon_is_our_own_and_small() -> None:
    static = ROOT / "docs" / "_static"
    assert (static / "favicon.svg").stat().st_size < 1000
    assert (
        ElementTree.parse(static / "favicon.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
    )
    for name, size in (("icon-180.png", (180, 180)), ("preview.png", (1200, 630))):
        data = (static / name).read_bytes()
        assert (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")) == size


# -- the page for lost addresses --


def test_the_page_for_lost_addresses_holds_at_any_depth(based: Built, furo: Built) -> None:
    for made, prefix in ((based, "/en/"), (furo, "/")):
        page = made.soup("404.html")
        addresses = [
            str(element.get(name))
            for name in ("href", "src", "action")
            for element in page.select(f"[{name}]")
        ]
        inner = [address for address in addresses if not address.startswith(("#", "https:"))]
        assert len(inner) > 5
        assert [address for address in inner if not address.startswith(prefix)] == []
        assert page.html
        assert page.html["data-content_root"] == prefix
        assert page.select("meta[name=robots][content=noindex]")
        paths = {urlsplit(address).path.removeprefix(prefix) for address in inner} - {
            "",
            "search.html",
            "_static/lost.js",
        }
        assert [path for path in paths if not (made.out / path).exists()] == []


def test_addresses_are_made_absolute_and_foreign_ones_left() -> None:
    page = '<a href="a.html"><a class="b" href="#c"><img src="_static/d.svg"><a href="https://e.example/"><a href="mailto:f"><a href="/g">'
    assert from_anywhere(page, "/en/") == page.replace('"a.html', '"/en/a.html').replace(
        '"_static', '"/en/_static'
    )


def test_the_page_for_lost_addresses_names_and_looks_for_what_was_asked(
    site: tuple[str, Path], browser: Browser
) -> None:
    lost = "/standards/iso-37120-%E6%9D%AD%E5%B7%9E_old.html"
    page = browser.new_context().new_page()
    page.route(
        "**" + lost,
        lambda route: route.fulfill(
            path=site[1] / "404.html", status=404, content_type="text/html; charset=utf-8"
        ),
    )
    page.goto(site[0] + lost)
    assert (
        page.locator(".hb-asked").inner_text() == "You asked for standards/iso-37120-杭州_old.html"
    )
    assert page.locator("#lost input[name=q]").input_value() == "standards iso 37120 杭州 old"
    page.locator(".hb-near a").first.wait_for()
    near = page.locator(".hb-near a").evaluate_all("links => links.map(link => link.href)")
    assert any("/standards/iso-37120-" in address for address in near), near
    page.locator("#lost button").click()
    page.wait_for_url("**/search.html?q=standards+iso+37120+*")
    page.context.close()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.route(
        "**" + lost,
        lambda route: route.fulfill(
            path=site[1] / "404.html", status=404, content_type="text/html; charset=utf-8"
        ),
    )
    page.goto(site[0] + lost)
    doors = page.locator("#lost li a").evaluate_all("links => links.map(link => link.href)")
    assert len(doors) > 10
    assert page.locator(".hb-asked").is_hidden()
    page.locator("#lost li a", has_text="Timeline").click()
    page.wait_for_url(urljoin(site[0], "timeline.html"))
    page.context.close()


def test_the_handbook_works_below_a_folder_and_without_a_server(
    site: tuple[str, Path], browser: Browser
) -> None:
    with served(site[1], "/some/folder/") as address:
        for start in (address, site[1].as_uri()):
            page = browser.new_context().new_page()
            problems: list[str] = []
            page.on(
                "console",
                lambda message, problems=problems: (
                    problems.append(message.text) if message.type == "error" else None
                ),
            )
            page.goto(f"{start}/club/index.html")
            assert (
                page.evaluate("getComputedStyle(document.querySelector('.sidebar-drawer')).display")
                != "inline"
            )
            assert problems == []
            page.context.close()
