"""Every page of the real handbook as people with other eyes, hands and machines meet it (WCAG 2.2 AA), and its ways through.

axe looks at each page light and dark, wide and narrow. What it cannot see is tried here: the keyboard, large letters,
less motion, the reader's own colours, paper, the language of Chinese words, and that no page is a dead end.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urldefrag, urljoin

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from lxml.html import HtmlElement, HTMLParser, parse

from support import ROOT
from support.browser import open_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: What can differ between a wide page and a narrow one; the other rules look at the markup, which is the same.
OF_WIDTH = ["target-size", "scrollable-region-focusable"]
#: Runs axe. Contrast costs most, and the same elements stand on many pages: one of each kind not yet seen is looked at.
#: The same element can look different where a page has other style sheets.
AXE = """async ([wanted, seen]) => {
  const told = (result) => result.violations.flatMap((fault) => fault.nodes.map((node) => `${fault.id}: ${node.html.slice(0, 150)}`));
  const sheets = [...document.styleSheets].map((sheet) => sheet.href).join();
  const kinds = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    if (![...element.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim()) || !element.checkVisibility()) continue;
    const path = [];
    for (let above = element; above !== document.body; above = above.parentElement) path.push(`${above.tagName}.${above.getAttribute("class") || ""}`);
    kinds.set(`${sheets} ${path.join()}`, element);
  }
  for (const kind of seen) kinds.delete(kind);
  const contrast = { runOnly: { type: "rule", values: ["color-contrast"] }, resultTypes: ["violations"], preload: false };
  const faults = kinds.size ? told(await axe.run({ include: [...kinds.values()] }, contrast)) : [];
  const rest = { runOnly: wanted, rules: { "color-contrast": { enabled: false } }, resultTypes: ["violations"], preload: false };
  if (wanted.length) faults.push(...told(await axe.run(document, rest)));
  return { faults, kinds: [...kinds.keys()] };
}"""
#: How much of the page lies beyond the right edge, in pixels; a table or a picture that scrolls by itself does not count.
BEYOND = """() => Math.max(document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll(".content")].map((part) => part.scrollWidth - part.clientWidth))"""

#: How many pages each folder has, without those that only the build makes; the folder embed has nothing else.
FOLDERS = Counter(
    [path.parent.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    + ["embed"]
)
#: A folder with many pages is tried in several parts, which can run beside each other.
PARTS = [
    (folder, part, parts)
    for folder, number in sorted(FOLDERS.items())
    for parts in [1 + number // 30]
    for part in range(parts)
]


class Looked:
    """A page of a browser that goes from address to address, and what axe says there."""

    def __init__(self, browser: Browser) -> None:
        self.page = open_page(browser, "about:blank", reduced_motion="reduce")
        self.seen: dict[tuple[int, str], set[str]] = {}

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.page.evaluate(AXE_SCRIPT)

    def faults(self, width: int, scheme: Literal["light", "dark"], wanted: list[str]) -> list[str]:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)
        seen = self.seen.setdefault((width, scheme), set())
        told = self.page.evaluate(AXE, [wanted, sorted(seen)])
        seen |= set(told["kinds"])
        return [f"{scheme}, {width}: {fault}" for fault in told["faults"]]

    def beyond(self, *widths: int) -> list[str]:
        found = []
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            pixels = self.page.evaluate(BEYOND)
            found += [f"{pixels} pixels wider than {width}"] if pixels > 0 else []
        return found


def pages(site: Path) -> list[str]:
    """All pages of the site by their path, without those that only lead on to another."""
    return sorted(
        name
        for path in site.rglob("*.html")
        if (name := path.relative_to(site).as_posix()).split("/")[0]
        not in {"_static", "_hosting", "pagefind"}
        and 'http-equiv="refresh"' not in path.read_text("utf-8")
    )


def test_no_page_is_left_out_of_the_tests_by_folder(site: tuple[str, Path]) -> None:
    assert {Path(name).parent.as_posix() for name in pages(site[1])} == FOLDERS.keys()


@pytest.mark.parametrize(("folder", "part", "parts"), PARTS)
def test_axe_finds_no_fault_and_nothing_is_wider_than_the_screen(
    site: tuple[str, Path], browser: Browser, folder: str, part: int, parts: int
) -> None:
    looked, faults = Looked(browser), []
    here = [name for name in pages(site[1]) if Path(name).parent.as_posix() == folder][part::parts]
    for name in here:
        looked.go(f"{site[0]}/{name}")
        # Beside the contrast, which is looked at once for each kind. The frame is the same on all pages: the first page shows it.
        narrow = RULES if name == here[0] else OF_WIDTH
        found = [
            *looked.faults(1400, "light", RULES),
            *looked.faults(1400, "dark", []),
            *looked.faults(360, "dark", narrow),
            *looked.faults(360, "light", []),
            # 320 pixels are a screen of 1280 enlarged to 400 % (WCAG 1.4.10), 640 one enlarged to 200 % (1.4.4).
            *looked.beyond(360, 320, 640),
        ]
        faults += [f"{name}: {fault}" for fault in found]
    looked.page.context.close()
    assert faults == []


def test_axe_finds_no_fault_in_chinese_pages_and_nothing_is_wider_than_the_screen(
    chinese_site: tuple[str, Path], browser: Browser
) -> None:
    """One page of each folder: the markup is that of the English edition, the words are others."""
    looked, faults = Looked(browser), []
    first = {Path(name).parent: name for name in reversed(pages(chinese_site[1]))}
    for name in pages(chinese_site[1]):
        looked.page.goto(f"{chinese_site[0]}/{name}")
        found = looked.beyond(360, 320)
        if name in first.values():
            looked.page.evaluate(AXE_SCRIPT)
            found += looked.faults(1400, "light", RULES) + looked.faults(360, "dark", RULES)
        faults += [f"{name}: {fault}" for fault in found]
    looked.page.context.close()
    assert faults == []


@pytest.mark.parametrize(
    ("style", "scheme", "found"),
    [
        ("", "light", 0),
        ("p { color: #ccc }", "light", 1),
        ("@media (prefers-color-scheme: dark) { p { color: #222; background: #111 } }", "light", 0),
        ("@media (prefers-color-scheme: dark) { p { color: #222; background: #111 } }", "dark", 1),
    ],
)
def test_a_faint_letter_is_found_once_for_its_kind(
    browser: Browser, style: str, scheme: Literal["light", "dark"], found: int
) -> None:
    looked = Looked(browser)
    faults = []
    for words in ("<p>One</p>", "<p>Two</p>"):
        looked.go(f"data:text/html,{quote(f'<style>{style}</style><main>{words}</main>')}")
        faults += looked.faults(1400, scheme, [])
    looked.page.context.close()
    assert len(faults) == found


def test_each_scheme_each_new_kind_and_each_style_sheet_is_looked_at(browser: Browser) -> None:
    style = "p.new { color: #ccc } @media (prefers-color-scheme: dark) { p { color: #222; background: #111 } }"
    sheet = f"<link rel=stylesheet href='data:text/css,{quote('p { color: #ccc }')}'>"
    looked, found = Looked(browser), []
    for words in ("<p>One</p>", "<p class=new>Two</p>", f"{sheet}<p>Three</p>"):
        looked.go(f"data:text/html,{quote(f'<style>{style}</style><main>{words}</main>')}")
        found += [len(looked.faults(1400, scheme, [])) for scheme in ("light", "dark")]
    looked.page.context.close()
    assert found == [0, 1, 1, 0, 1, 0]


#: Where the focus is, what it shows, and whether it can be seen.
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const mark = (element) => { const style = getComputedStyle(element); return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2; };
  // A switch that is drawn by its label, and a link that fills its card, show the focus there.
  const label = at.labels && [...at.labels].flatMap((one) => [one, ...one.querySelectorAll("*")]);
  const drawn = [at, ...(label || []), ...(at.closest(".sd-card") ? [at.closest(".sd-card")] : [])].find(mark);
  const box = (drawn || at).getBoundingClientRect();
  window.walked = window.walked || new Map();
  if (!walked.has(at)) walked.set(at, walked.size);
  return { number: walked.get(at), words: `${at.tagName} ${at.id || at.name || at.textContent.trim().slice(0, 40)}`,
    marked: Boolean(drawn), on_screen: box.width > 0 && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight };
}"""
#: What can be reached by the Tab key, by the rules of HTML; browsers stop at what scrolls as well. "Back to top" comes and goes,
#: and so do the cards that a link shows. Tab stops once at a group of radio buttons: at what is chosen; arrow keys go on from there.
CONTROLS = """() => [...document.querySelectorAll("a[href]:not(.back-to-top), button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.tabIndex >= 0 && !element.closest(".hb-card"))
  .filter((element, _index, all) => {
    if (element.type !== "radio") return true;
    const group = all.filter((one) => one.type === "radio" && one.form === element.form && one.name === element.name);
    return element === (group.find((one) => one.checked) || group[0]);
  })"""
MISSED = f"""() => ({CONTROLS})().filter((element) => !walked.has(element)).map((element) => element.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize(
    ("name", "width"),
    [
        ("index", 1400),
        ("index", 360),
        ("timeline", 1400),
        ("standards/catalogue", 360),
        ("finder", 1400),
        ("finder", 360),
        ("hangzhou/secretariat", 1400),
        ("hangzhou/secretariat", 360),
    ],
)
def test_the_keyboard_reaches_every_control_and_shows_where_it_is(
    site: tuple[str, Path], browser: Browser, name: str, width: int
) -> None:
    page = open_page(
        browser,
        f"{site[0]}/{name}.html",
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
    )
    controls = page.evaluate(f"({CONTROLS})().length")
    assert controls > 20
    faults: list[str] = []
    for step in range(2 * controls):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        # From the last control the focus leaves the page, and comes back to the first one.
        if focus is None or focus["number"] < step:
            break
        faults += [f"{focus['words']}: no outline"] if not focus["marked"] else []
        faults += [f"{focus['words']}: out of sight"] if not focus["on_screen"] else []
    assert faults == []
    assert page.evaluate(MISSED) == []
    page.context.close()


@pytest.mark.parametrize(
    ("menu", "name", "width", "side"),
    [
        ("__navigation", "Toggle site navigation sidebar", 360, ".sidebar-drawer"),
        ("__toc", "Toggle table of contents sidebar", 1200, ".toc-drawer"),
    ],
)
def test_the_keyboard_opens_the_menus_of_small_screens(
    site: tuple[str, Path],
    browser: Browser,
    menu: str,
    name: str,
    width: int,
    side: str,
) -> None:
    address, size = f"{site[0]}/hangzhou/secretariat.html", {"width": width, "height": 900}
    page = open_page(browser, address, viewport=size, reduced_motion="reduce")
    button, inside = page.get_by_role("button", name=name), page.locator(f"{side} a").last
    assert (button.get_attribute("aria-expanded"), inside.is_visible()) == ("false", False)
    button.focus()
    page.keyboard.press("Enter")
    assert (button.get_attribute("aria-expanded"), inside.is_visible()) == ("true", True)
    page.keyboard.press("Escape")
    assert (button.get_attribute("aria-expanded"), inside.is_visible()) == ("false", False)
    assert button.evaluate("button => button === document.activeElement")
    page.context.close()

    page = open_page(
        browser, address, viewport=size, reduced_motion="reduce", java_script_enabled=False
    )
    inside = page.locator(f"{side} a").last
    page.locator(f"#{menu}").focus()
    page.keyboard.press("Space")
    assert inside.is_visible()
    page.context.close()


def test_nothing_moves_for_readers_who_want_less_motion(
    site: tuple[str, Path], browser: Browser
) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
      const style = getComputedStyle(element);
      return parseFloat(style.transitionDuration) > 0 || style.animationName !== "none" || style.scrollBehavior === "smooth";
    }).map((element) => element.className || element.tagName)"""
    for wish, count in (("no-preference", 1), ("reduce", 0)):
        page = open_page(browser, f"{site[0]}/index.html", reduced_motion=wish)
        assert min(1, len(page.evaluate(moving))) == count, wish
        page.context.close()
    # The picture of the timeline goes where it is sent at once, with either wish.
    page = open_page(browser, f"{site[0]}/timeline.html", reduced_motion="reduce")
    page.locator(".hb-lens .hb-mark").first.wait_for()
    page.get_by_role("button", name="Closer").click()
    assert page.evaluate(moving) == []
    page.context.close()


def shown(page: Page, selector: str) -> list[str]:
    """The colours that an element and its surroundings are drawn in."""
    return page.locator(selector).first.evaluate(
        """(element) => { const style = getComputedStyle(element);
        return [style.color, style.borderTopColor, style.fill, style.stroke, style.backgroundColor, getComputedStyle(document.body).backgroundColor]; }""",
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_badges_pictures_and_the_focus_stay_visible_in_the_readers_own_colours(
    site: tuple[str, Path], browser: Browser, scheme: str
) -> None:
    page = open_page(
        browser, f"{site[0]}/timeline.html", forced_colors="active", color_scheme=scheme
    )
    color, border, _fill, _stroke, _own, ground = shown(page, ".hb-badge")
    assert ground not in {color, border}
    assert shown(page, ".hb-lens text")[2] != ground
    assert shown(page, ".hb-lens .hb-line")[3] != ground
    assert shown(page, ".hb-mark > path")[3] != ground
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["marked"]
    page.goto(f"{site[0]}/standards/families/indicators.html")
    assert shown(page, ".hb-graph text")[2] != ground
    assert shown(page, ".hb-graph a rect")[3] != ground
    assert shown(page, ".hb-graph a rect")[2] == ground
    page.context.close()


@pytest.mark.parametrize(
    "name",
    [
        "index",
        "standards/iso-37101-2016",
        "timeline",
        "standards/catalogue",
        "bibliography",
        "club/index",
    ],
)
def test_paper_shows_the_text_and_nothing_to_press(
    site: tuple[str, Path], browser: Browser, name: str
) -> None:
    page = open_page(
        browser,
        f"{site[0]}/{name}.html",
        color_scheme="dark",
        viewport={"width": 700, "height": 1000},
    )
    page.emulate_media(media="print")
    # A column's name is a button where a script sorts the table; on paper it is its name.
    # The name of a fold of text is the heading of what it holds, for on paper it is open.
    pressable = page.locator(
        "nav:visible, form:visible, button:visible:not(th button), .sidebar-drawer:visible, .toc-drawer:visible, .headerlink:visible, summary:visible:not(.hb-said > summary)"
    )
    assert [part.get_attribute("class") for part in pressable.all()] == []
    for fold in page.locator(".hb-said").all():
        assert fold.locator("> :not(summary)").first.is_visible()
        assert (
            fold.locator("> summary").evaluate("(name) => getComputedStyle(name).listStyleType")
            == "none"
        )
    assert page.locator("h1").is_visible()
    assert "Reviewed on" in page.locator("div.hb-where").inner_text()
    assert page.locator(".hb-imprint").is_visible()
    assert page.locator(".hb-address").inner_text() == page.url.partition("#")[0]
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('h1')).color]"
    )
    assert (ground, ink) == ("rgb(255, 255, 255)", "rgb(0, 0, 0)")
    # A table of seven columns may fill the margin.
    assert page.evaluate("document.documentElement.scrollWidth") <= 710
    page.context.close()


HAN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")


@pytest.fixture(scope="module")
def trees(site: tuple[str, Path]) -> dict[str, HtmlElement]:
    """Each page by its path, parsed once."""
    return {
        name: parse(str(site[1] / name), HTMLParser(encoding="utf-8")).getroot()
        for name in pages(site[1])
    }


def test_each_run_of_chinese_names_its_language(trees: dict[str, HtmlElement]) -> None:
    unmarked = []
    for name, tree in trees.items():
        for run in tree.body.xpath(".//text()"):
            if not HAN.search(run):
                continue
            element = run.getparent().getparent() if run.is_tail else run.getparent()
            # Code is copied as it stands, and what a program reads is not read aloud.
            if element.xpath("boolean(ancestor-or-self::pre | ancestor-or-self::script)"):
                continue
            if not element.xpath("string(ancestor-or-self::*[@lang][1]/@lang)").startswith(
                ("zh", "ja", "ko")
            ):
                unmarked.append(f"{name}: {run.strip()[:40]}")
    assert unmarked == []


def leads_to(name: str, tree: HtmlElement) -> dict[str, bool]:
    """The addresses that a page's own part and its frame lead to, and whether more than the breadcrumbs do."""
    found: dict[str, bool] = {}
    for link in tree.xpath(
        "//*[self::article or self::footer]//*[self::a[@href] or self::form[@action]]"
    ):
        target = urldefrag(urljoin(name, link.get("href") or link.get("action")))[0]
        if target and target != name:
            found[target] = found.get(target, False) or not link.xpath(
                "boolean(ancestor::*[@class='hb-where'])"
            )
    return found


def test_every_page_is_three_clicks_from_home_and_leads_on(trees: dict[str, HtmlElement]) -> None:
    # Nobody is led to the page for lost addresses, or to one that other sites embed.
    apart = {"404.html", "embed/timeline.html"}
    ways = {name: leads_to(name, tree) for name, tree in trees.items() if name not in apart}
    far, waiting = {"index.html": 0}, deque(["index.html"])
    while waiting:
        name = waiting.popleft()
        for target in ways[name].keys() & ways.keys() - far.keys():
            far[target] = far[name] + 1
            waiting.append(target)
    assert {name: far.get(name) for name in ways if far.get(name, 9) > 3} == {}
    assert [
        name
        for name, found in ways.items()
        if sum(found[target] for target in found.keys() & ways.keys()) < 2
    ] == []
