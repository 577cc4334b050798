"""Sites as their administrators run them: each is a row with what a reader would say of the link.

A site answers for all its addresses, so that a suspicion is weighed as in a real run: by an address
beside the page that cannot exist.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from handbook.linkcheck import address, inventory, notices, survey
from handbook.linkcheck.client import Client
from handbook.linkcheck.collect import Link
from handbook.rules.findings import Place
from support.linkserver import (
    NOW,
    Request,
    Server,
    World,
    leads_on,
    leap,
    manners,
    reply,
)

TODAY = date(2026, 11, 23)
PROSE = (
    "<p>The council of the city met in spring and asked the committee to describe how water,"
    " energy and transport are measured, and by whom.</p>"
    "<p>In autumn the answer came: nineteen themes, a hundred indicators, and the advice to begin"
    " with those that a city already counts for its own budget.</p>"
    "<p>What followed is told by the minutes of four meetings, which the archive keeps open to"
    " everyone who asks for them by their number.</p>"
)
NOT_THERE = reply("<title>404 Not Found</title>", "404 Not Found")
Site = Callable[[Request], bytes]


def only(*pages: tuple[str, bytes], other: bytes = NOT_THERE) -> Site:
    """A site of these pages; ``other`` is its answer for all other addresses."""
    known = dict(pages)
    return lambda request: known.get(request.path, known.get(request.path.partition("?")[0], other))


def page(title: str, body: str = PROSE, status: str = "200 OK", **headers: str) -> bytes:
    return reply(
        f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>",
        status,
        **headers,
    )


def every(answer: bytes) -> Site:
    """A site that answers all addresses alike."""
    return only(other=answer)


def raw(head: str, body: bytes) -> bytes:
    return head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body


def by_language(request: Request) -> bytes:
    """A site whose English half is small: who prefers English is led to its home page."""
    if request.path == "/en/":
        return page("City of H")
    if request.headers.get("accept-language", "").startswith("en"):
        return leads_on("/en/")
    return page("杭州") if request.path == "/zh/n12.html" else NOT_THERE


def with_cookie(request: Request) -> bytes:
    """A publisher's site: no page without the cookie of its identity service."""
    if request.path.startswith("/authorize"):
        return leads_on("/article/7?code=1", Set_Cookie="idp=1; Path=/; HttpOnly; SameSite=Lax")
    if request.path.startswith("/article/7"):
        if "idp=1" not in request.headers.get("cookie", ""):
            return leads_on("/authorize?response_type=cookie&redirect_uri=/article/7")
        return page("Indicators of cities")
    return NOT_THERE


def negotiated(request: Request) -> bytes:
    """A server with pages by language, which has no variant for a program without a preference."""
    if "accept-language" not in request.headers or "*" not in request.headers["accept-language"]:
        return reply("", "406 Not Acceptable")
    return page("Stadt") if request.path == "/stadt" else NOT_THERE


SHELL = '<div id="root"></div><script src="/assets/index-4f2a.js"></script>'
MENU = "<ul>" + "<li><a href=/x>Service</a></li>" * 40 + "</ul>"
HIDDEN_ERROR = (
    "<div class=error style='display:none'><h1>Page not found</h1><p>Try again.</p></div>"
)

#: name, the link's path, the site, verdict, reason (``*`` for any)
SITES: list[tuple[str, str, Site, str, str]] = [
    # what stands before a page
    (
        "checkpoint-of-a-cdn",
        "/a",
        every(
            page(
                "Security Checkpoint",
                "<p>Enable JavaScript to continue</p>",
                "429 Too Many",
                x_vercel_mitigated="challenge",
            )
        ),
        "blocked",
        "challenge",
    ),
    (
        "challenge-with-200",
        "/a",
        every(
            page(
                "Challenge Validation",
                '<div id="sec-if-cpt-container"></div><script src="/_sec/cp_challenge/ak.js"></script>',
            )
        ),
        "blocked",
        "challenge",
    ),
    (
        "client-challenge",
        "/a",
        every(
            page(
                "Client Challenge",
                "<noscript>JavaScript is disabled in your browser.</noscript><p>A required part of this site couldn’t load.</p>",
            )
        ),
        "blocked",
        "challenge",
    ),
    (
        "cookie-by-script",
        "/a",
        every(
            reply(
                "<html><script>var arg1='3A0F';function setCookie(n,v){document.cookie=n+'='+v}setCookie('acw_sc__v2',arg1);location.reload()</script></html>"
            )
        ),
        "blocked",
        "challenge",
    ),
    (
        "proxy-in-front",
        "/a",
        every(
            page(
                "You are being redirected...",
                "<noscript>Javascript is required.</noscript><script>sucuri_cloudproxy_js='';eval(r)</script>",
            )
        ),
        "blocked",
        "challenge",
    ),
    (
        "environment-abnormal",
        "/s/abc",
        every(
            page("", "<h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a>去验证</a>")
        ),
        "blocked",
        "challenge",
    ),
    (
        "consent-wall",
        "/a",
        only(
            ("/a", leads_on("/collectConsent?sessionId=3_cc&return=/a")),
            ("/collectConsent", page("Your privacy", "<form><button>Accept all</button></form>")),
        ),
        "blocked",
        "*",
    ),
    (
        "consent-banner",
        "/a",
        only(
            (
                "/a",
                page(
                    "News",
                    f"<div class=cmp><h2>We value your privacy</h2><button>Accept all</button></div>{PROSE}",
                ),
            )
        ),
        "ok",
        "200",
    ),
    (
        "no-cookies",
        "/doi/7",
        only(
            ("/doi/7", leads_on("/action/cookieAbsent")),
            (
                "/action/cookieAbsent",
                page("Cookie absent", "<p>Your browser does not accept cookies.</p>"),
            ),
        ),
        "blocked",
        "*",
    ),
    ("cookie-of-an-identity-service", "/article/7", with_cookie, "ok", "200"),
    (
        "login-without-redirect",
        "/docs/7",
        every(
            page(
                "Sign in | Records",
                "<form><input name=user><input type=password name=p><button>Sign in</button></form>",
            )
        ),
        "blocked",
        "*",
    ),
    (
        "newer-protocol-only",
        "/a",
        every(reply("", "426 Upgrade Required", Upgrade="h2")),
        "blocked",
        "*",
    ),
    ("no-variant", "/a", every(reply("", "406 Not Acceptable")), "blocked", "*"),
    ("variant-by-language", "/stadt", negotiated, "ok", "200"),
    ("led-by-language", "/zh/n12.html", by_language, "ok", "200"),
    # what is not there, in nine languages
    *(
        (f"soft-{name}", "/a", only(other=page(title, f"<h1>{heading}</h1>")), "unknown", "*")
        for name, title, heading in (
            ("nl", "Gemeente", "Pagina niet gevonden"),
            ("pl", "Nie znaleziono strony - Urząd Miasta", "Błąd 404"),
            ("tr", "Belediye", "Aradığınız sayfa bulunamadı"),
            ("ko", "시청", "요청하신 페이지를 찾을 수 없습니다."),
            ("pt", "Página não encontrada – Prefeitura", "Erro"),
            ("it", "Comune", "La pagina richiesta non è disponibile"),
            ("sv", "Sidan hittades inte - Kommunen", "Hoppsan"),
            ("ar", "بلدية", "الصفحة غير موجودة"),
            ("zh-hant", "市政府", "找不到您要的網頁"),
        )
    ),
    # another page than the one meant
    (
        "to-the-language",
        "/standard/12",
        only(("/standard/12", leads_on("/en/standard/12")), ("/en/standard/12", page("12"))),
        "ok",
        "200",
    ),
    (
        "start-in-a-language",
        "/",
        only(("/", leads_on("/de-de/startseite")), ("/de-de/startseite", page("Stadt"))),
        "ok",
        "200",
    ),
    (
        "home-with-a-query",
        "/news/2019/club",
        only(("/", page("City")), other=leads_on("/?utm_source=404", "301 Moved Permanently")),
        "unknown",
        "*",
    ),
    (
        "up-to-the-folder",
        "/news/2019/club.html",
        only(("/news/", page("News")), other=leads_on("/news/", "301 Moved Permanently")),
        "unknown",
        "*",
    ),
    (
        "to-a-search",
        "/club-founded",
        only(
            ("/search", page("Search", "<form><input name=q></form><p>0 results</p>")),
            other=leads_on("/search?q=club-founded"),
        ),
        "unknown",
        "*",
    ),
    (
        "page-for-a-file",
        "/files/report.pdf",
        every(page("City of H", MENU + PROSE)),
        "unknown",
        "*",
    ),
    (
        "viewer-for-a-file",
        "/files/report.pdf#page=2",
        only(
            (
                "/files/report.pdf",
                page("report.pdf", "<embed type=application/pdf src=/raw/report.pdf>"),
            )
        ),
        "ok",
        "200",
    ),
    (
        "suspended",
        "/a",
        only(
            (
                "/cgi-sys/suspendedpage.cgi",
                page(
                    "Account Suspended",
                    "<h1>This Account has been suspended.</h1><p>Contact your hosting provider.</p>",
                ),
            ),
            other=leads_on("/cgi-sys/suspendedpage.cgi"),
        ),
        "unknown",
        "*",
    ),
    (
        "maintenance",
        "/a",
        every(page("Scheduled maintenance", "<h1>We’ll be back soon!</h1>")),
        "unknown",
        "*",
    ),
    (
        "no-database",
        "/a",
        every(page("Database Error", "<h1>Error establishing a database connection</h1>")),
        "unknown",
        "*",
    ),
    (
        "alert-and-back",
        "/show.asp?id=7",
        every(reply("<script>alert('该信息不存在或已被删除！');history.back();</script>")),
        "unknown",
        "*",
    ),
    (
        "deleted-by-its-author",
        "/s/abd",
        every(page("", "<div class=weui-msg><h2>该内容已被发布者删除</h2></div>")),
        "unknown",
        "*",
    ),
    (
        "script-leads-on",
        "/old.htm",
        only(
            (
                "/old.htm",
                reply(
                    '<html><head><script>window.location.href="/new.htm";</script></head><body></body></html>'
                ),
            )
        ),
        "dead",
        "404",
    ),
    ("hidden-error", "/a", only(("/a", page("City", HIDDEN_ERROR + PROSE))), "ok", "200"),
    # places within a page
    (
        "viewer-of-pdf",
        "/viewer.html?file=/a.pdf#page=4",
        only(("/viewer.html", page("Viewer", f"{SHELL}<p>{'word ' * 80}</p>"))),
        "ok",
        "200",
    ),
    (
        "tab-of-a-script",
        "/club#members",
        only(
            (
                "/club",
                page(
                    "Club",
                    f'<button data-bs-target="#members" aria-controls="members">Members</button>{PROSE}<script src=/tabs.js></script>',
                ),
            )
        ),
        "unknown",
        "script-anchor",
    ),
    # bytes
    (
        "shift-jis",
        "/a",
        only(
            other=reply(
                "<meta charset=x-sjis><title>お探しのページは見つかりませんでした</title>".encode(
                    "shift_jis"
                ),
                kind="text/html",
            )
        ),
        "unknown",
        "any-address",
    ),
    (
        "utf-16-without-mark",
        "/a#杭州",
        only(
            (
                "/a",
                reply("<p id='杭州'>x</p>".encode("utf-16-le"), kind="text/html; charset=utf-16"),
            )
        ),
        "ok",
        "200",
    ),
    (
        "early-hints",
        "/a",
        only(
            ("/a", b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n" + page("A"))
        ),
        "ok",
        "200",
    ),
    ("packing-nobody-knows", "/a", only(("/a", page("A", Content_Encoding="UTF-8"))), "ok", "200"),
    (
        "chunks-cut-off",
        "/a",
        only(
            (
                "/a",
                raw(
                    "HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked",
                    b"9\r\n<p>words \r\nzz\r\n",
                ),
            )
        ),
        "ok",
        "200",
    ),
    (
        "chunked-and-long",
        "/a",
        only(
            (
                "/a",
                raw(
                    "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: 3\nTransfer-Encoding: chunked",
                    b"9\r\n<p>words \r\n0\r\n\r\n",
                ),
            )
        ),
        "ok",
        "200",
    ),
    (
        "packed-twice",
        "/a",
        only(
            ("/a", reply(gzip.compress(gzip.compress(b"<p>words")), Content_Encoding="gzip, gzip"))
        ),
        "ok",
        "200",
    ),
    # titles alone judge nothing
    *(
        (f"title-{number}", "/a", only(("/a", page(title))), "ok", "200")
        for number, title in enumerate(
            (
                "A domain is for sale: what cities paid for their names",
                "Access Denied: The Practice and Policy of Global Internet Filtering",
                "Security check: how airports measure waiting",
                "HTTP 404 - Wikipedia",
                "404 Not Found",
                "Page not found: a novel",
                "Just a moment",
                "Database error",
                "Maintenance",
                "Log in",
            )
        )
    ),
    # a notice that its host shows for this page alone stays a suspicion
    (
        "title-and-nothing-else",
        "/a",
        only(("/a", page("HTTP 404", "<p>x</p>"))),
        "unknown",
        "soft-404",
    ),
    # what only looks like one of these
    ("decoy-book-of-challenges", "/a", every(page("Captcha: a history")), "ok", "200"),
    (
        "decoy-on-consent",
        "/privacy/cookie-consent",
        only(
            ("/privacy/cookie-consent", leads_on("/en/privacy/cookie-consent")),
            ("/en/privacy/cookie-consent", page("Consent")),
        ),
        "ok",
        "200",
    ),
    (
        "decoy-article-beside-a-login",
        "/docs/8",
        only(
            (
                "/docs/8",
                page("Sign in the snow: a story", f"<form><input type=password></form>{PROSE}"),
            )
        ),
        "ok",
        "200",
    ),
    (
        "decoy-menu-with-a-login",
        "/docs/9",
        only(
            ("/docs/9", page("Records | City", f"{MENU}<h3>Login</h3><input type=password>{PROSE}"))
        ),
        "ok",
        "200",
    ),
    (
        "decoy-novel-nl",
        "/a",
        every(page("De pagina die niet gevonden werd: een roman")),
        "ok",
        "200",
    ),
    (
        "decoy-empty-search-pl",
        "/szukaj",
        only(("/szukaj", page("Archiwum", f"<h2>Nie znaleziono</h2>{PROSE * 3}"))),
        "ok",
        "200",
    ),
    ("decoy-search-that-was-meant", "/search?q=x", only(("/search", page("Search"))), "ok", "200"),
    (
        "decoy-page-moved-up",
        "/club/history/founding",
        only(
            ("/club/history/founding", leads_on("/club/history/", "301 Moved Permanently")),
            ("/club/history/", page("History")),
        ),
        "moved",
        "permanent",
    ),
    (
        "decoy-title-below-a-number",
        "/item/123/its-title",
        only(
            ("/item/123", page("Its title")), other=leads_on("/item/123", "301 Moved Permanently")
        ),
        "moved",
        "permanent",
    ),
    (
        "decoy-index-of-a-folder",
        "/club/index.html",
        only(("/club/", page("Club")), other=leads_on("/club/", "301 Moved Permanently")),
        "moved",
        "permanent",
    ),
    (
        "decoy-file-called-a-page",
        "/files/a.pdf",
        only(("/files/a.pdf", reply(b"%PDF-1.7 ...", kind="text/html"))),
        "ok",
        "200",
    ),
    (
        "decoy-page-about-each-file",
        "/wiki/File:A.pdf",
        lambda request: page(f"A page about {request.path[6:]}"),
        "ok",
        "200",
    ),
    (
        "decoy-department-of-maintenance",
        "/maintenance",
        only(("/maintenance", page("Maintenance", "<p>Call 12345</p>"))),
        "ok",
        "200",
    ),
    (
        "decoy-alert-of-a-page",
        "/a",
        only(("/a", page("A", f"{PROSE}<script>if (old) alert('页面不存在')</script>"))),
        "ok",
        "200",
    ),
    (
        "decoy-script-for-telephones",
        "/a",
        only(
            (
                "/a",
                reply(
                    f"{SHELL}<script>if(/Android/.test(navigator.userAgent)) location.href='/gone'</script>"
                ),
            )
        ),
        "ok",
        "200",
    ),
    (
        "decoy-anchor-that-no-script-makes",
        "/club#members",
        only(
            (
                "/club",
                page("Club", f'<a href="#members">Members</a>{PROSE}<script src=/x.js></script>'),
            )
        ),
        "dead",
        "anchor",
    ),
    (
        "decoy-parameter-without-script",
        "/club#tab=members",
        only(("/club", page("Club"))),
        "dead",
        "anchor",
    ),
    (
        "backslashes",
        "/old.aspx",
        only(("/old.aspx", leads_on("\\docs\\new.aspx")), ("/docs/new.aspx", page("New"))),
        "ok",
        "200",
    ),
]


def judged(name: str, path: str, site: Site) -> tuple[str, str, str]:
    """Verdict, reason and words of one link in a run of its own."""

    async def run() -> tuple[str, str, str]:
        async with Server() as server:
            host = f"{name}.test"
            server.sites[host] = site
            links = inventory.Links(Path("/nowhere"), TODAY)
            read = address.read(f"http://{host}:{server.port}{path}")
            links.addresses[read.key] = read
            links.places[read.key] = [Link(Place("docs/x.md"), read.text)]
            world = World()
            client = Client(
                manners(),
                lookup=world.lookup,
                clock=world.clock,
                sleep=world.sleep,
                now=lambda: NOW,
            )
            report = await survey.online(links, client, survey.Plan(trust_network=True))
            record = report.records[read.key]
            said = report.findings[0].message if report.findings else ""
            return str(record.seen), record.reason, said

    return leap(run())


@pytest.mark.parametrize(
    ("name", "path", "site", "verdict", "reason"), SITES, ids=[row[0] for row in SITES]
)
def test_site(name: str, path: str, site: Site, verdict: str, reason: str) -> None:
    seen, why, said = judged(name, path, site)
    assert (seen, why if reason != "*" else "*") == (verdict, reason), (why, said)


@pytest.mark.parametrize(
    "sentence",
    [
        "De opgevraagde pagina bestaat niet meer.",
        "Deze pagina kon niet worden gevonden",
        "Strona, której szukasz, nie istnieje",
        "Podana strona nie została znaleziona!",
        "404 - Sayfa bulunamadı",
        "Bu sayfa mevcut değil",
        "Pagina non trovata",
        "Questa pagina non esiste più",
        "Sidan kunde inte hittas",
        "Siden blev ikke fundet",
        "Siden finnes ikke",
        "Fant ikke siden",
        "Vi kan desværre ikke finde siden",
        "Hakemaasi sivua ei löytynyt",
        "Stránka nenalezena",
        "Požadovaná stránka neexistuje",
        "A keresett oldal nem található",
        "Pagina căutată nu a fost găsită",
        "Stranica nije pronađena",
        "Сторінку не знайдено",
        "Η σελίδα δεν βρέθηκε",
        "Không tìm thấy trang",
        "Trang bạn tìm kiếm không tồn tại",
        "Halaman tidak ditemukan",
        "عذراً، الصفحة التي تبحث عنها غير موجودة",
        "لم يتم العثور على الصفحة",
        "صفحه مورد نظر یافت نشد",
        "הדף המבוקש לא נמצא",
        "ไม่พบหน้าที่คุณต้องการ",
        "頁面不存在",
        "您要查詢的網頁不存在或已被移除",
        "요청하신 페이지가 존재하지 않습니다",
        "찾으시는 페이지를 찾을 수 없습니다.",
    ],
)
def test_what_notices_say_in_other_languages(sentence: str) -> None:
    assert notices.says_not_found(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Pagina",
        "De pagina over water",
        "Strona główna",
        "Sayfa düzeni",
        "Sidan om staden",
        "페이지",
        "頁面",
        "網頁設計",
        "الصفحة الرئيسية",
        "Halaman utama",
        "Trang chủ",
        "An oldal page that was not found until 1999",
        "La pagina non scritta",
    ],
)
def test_what_no_notice_says(sentence: str) -> None:
    assert not notices.says_not_found(sentence)
