"""The timeline's picture in a browser: pointer, touch and keyboard narrow it, and the list with it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from support.browser import open_page, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.xdist_group("browser")

JIANGGAN = "14 January 2019: Jianggan is presented as the base of the club's secretariat"


def timeline(site: tuple[str, Path], browser: Browser, query: str = "", **context: Any) -> Page:
    page = open_page(browser, f"{site[0]}/timeline.html{query}", **context)
    page.locator(".hb-lens .hb-mark").first.wait_for()
    return page


def listed(page: Page) -> int:
    return page.locator("ol.hb-timeline > li:not([hidden])").count()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('aria-label') || ''"))


def address(page: Page, part: str) -> None:
    page.wait_for_url(lambda url: part in url)


def state(page: Page) -> dict[str, str]:
    return dict(re.findall(r"[?&](\w+)=([^&#]*)", page.url))


def test_a_mark_shows_a_card_with_its_date_and_sources_and_leads_to_its_page(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser, "?from=2018&to=2019")
    mark = page.locator(f'.hb-mark[aria-label="{JIANGGAN}"]')
    mark.hover()
    card = page.locator(".hb-card")
    card.wait_for()
    words = card.inner_text()
    assert words.startswith("14 January 2019 Jianggan is presented as the base of the club's")
    assert "hangzhou.com.cn 2019" in words
    assert [link.inner_text() for link in card.locator("p:last-child a").all()] == [
        "In the list",
        "Open the page",
    ]
    mark.click()
    page.wait_for_url("**/hangzhou/secretariat.html#isscc-secretariat-2019")
    page.context.close()


def test_the_card_leads_to_the_entry_of_the_list(site: tuple[str, Path], browser: Browser) -> None:
    page = timeline(site, browser, "?from=2018&to=2019")
    page.locator(f'.hb-mark[aria-label="{JIANGGAN}"]').hover()
    page.locator(".hb-card").get_by_text("In the list").click()
    item = page.locator(f"ol.hb-timeline > li{page.evaluate('location.hash')}")
    assert "Jianggan is presented" in (item.text_content() or "")
    page.context.close()


def test_list_and_picture_show_each_other_s_place(site: tuple[str, Path], browser: Browser) -> None:
    page = timeline(site, browser, "?from=2018&to=2019")
    item = page.locator("ol.hb-timeline > li", has_text="Jianggan is presented").first
    item.hover()
    assert page.locator(".hb-mark.hb-on").get_attribute("aria-label") == JIANGGAN
    item.locator("a").first.focus()
    page.mouse.move(0, 0)
    page.locator(f'.hb-mark[aria-label="{JIANGGAN}"]').hover()
    assert "Jianggan is presented" in page.locator("ol.hb-timeline > li.hb-on").inner_text()
    page.context.close()


def test_the_keyboard_goes_along_a_strand_and_across_strands(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser, "?strand=club,hangzhou")
    page.get_by_role("button", name="Embed").focus()
    page.keyboard.press("Tab")
    assert re.match(r"\d|by|about|perhaps|[A-Z]", focused(page))
    assert page.locator(".hb-mark[tabindex='0']").count() == 1
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    first = focused(page)
    seen = [first]
    for _step in range(3):
        page.keyboard.press("ArrowRight")
        seen.append(focused(page))
    assert len(set(seen)) == 4
    for _step in range(3):
        page.keyboard.press("ArrowLeft")
    assert focused(page) == first
    page.keyboard.press("ArrowDown")
    assert page.evaluate(
        "document.activeElement.closest('.hb-lane').classList[1]"
    ) != page.evaluate("document.querySelector('.hb-lane').classList[1]")
    page.keyboard.press("End")
    assert "2030" in focused(page)  # far outside of the first view, and reached all the same
    page.context.close()


def test_keys_change_the_scale_and_show_all_again(site: tuple[str, Path], browser: Browser) -> None:
    page = timeline(site, browser)
    whole = listed(page)
    page.locator(".hb-mark[tabindex='0']").focus()
    for _step in range(4):
        page.keyboard.press("+")
    address(page, "from=")
    assert 0 < listed(page) < whole
    assert page.get_by_role("status").first.inner_text() == f"{listed(page)} of {whole} shown"
    page.keyboard.press("0")
    page.wait_for_url(lambda url: "?" not in url)
    assert listed(page) == whole
    page.context.close()


def test_the_wheel_needs_ctrl_so_that_the_page_still_scrolls(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser)
    box = page.locator(".hb-lens").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") > 100
    assert page.evaluate("location.search") == ""
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    address(page, "from=")
    page.context.close()


def test_dragging_moves_the_picture_and_follows_no_link(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser, "?from=2016&to=2017")
    mark = page.locator(".hb-mark").nth(6)
    mark.hover()
    page.mouse.down()
    page.mouse.move(900, 500, steps=5)
    page.mouse.up()
    page.wait_for_url(lambda url: "from=2016&" not in url)
    assert page.url.split("?")[0].endswith("/timeline.html")
    page.context.close()


def test_the_strip_sets_the_years_by_pointer_and_by_key(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser)
    page.get_by_role("slider", name="First day shown").focus()
    for _step in range(3):
        page.keyboard.press("ArrowRight")
    address(page, "from=2015")
    box = page.locator(".hb-strip").bounding_box()
    assert box
    page.locator(".hb-strip").scroll_into_view_if_needed()
    box = page.locator(".hb-strip").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 20, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, middle, steps=4)
    page.mouse.up()
    address(page, "from=200")
    assert listed(page) < 20
    page.context.close()


@pytest.mark.parametrize(
    ("query", "each"),
    [
        ("?from=2017&to=2017", lambda words: True),
        ("?from=2016-06&to=2016-06", lambda words: True),
        ("?day=01-14", lambda words: "14 January" in words or "11–15 January" in words),
        ("?kind=publication&strand=standards", lambda words: "is published" in words),
        ("?status=disputed", lambda words: "disputed" in words),
        ("?place=Boston", lambda words: "Boston" in words),
        (
            "?precision=day&kind=meeting",
            lambda words: re.match(r"\s*(perhaps |about )?\d+ \w+ \d{4}\s(?!to)", words),
        ),
        (
            "?precision=month&kind=event",
            lambda words: re.match(r"\s*(perhaps )?[A-Z]\w+ \d{4}\s(?!to)", words),
        ),
        ("?precision=year", lambda words: re.match(r"\s*(perhaps )?\d{4}\s(?!to)", words)),
        ("?precision=span", lambda words: re.match(r"\s*.*( to |–)", words)),
        ("?precision=uncertain", lambda words: re.match(r"\s*(.* to )?(perhaps|about)", words)),
        ("?about=bernard+gindroz", lambda words: True),
    ],
)
def test_the_address_narrows_list_and_picture_alike(
    site: tuple[str, Path], browser: Browser, query: str, each: Any
) -> None:
    page = timeline(site, browser, query)
    items = page.locator("ol.hb-timeline > li:not([hidden])")
    assert 0 < items.count() < 150
    assert [words for words in items.all_text_contents() if not each(words)] == []
    page.locator(".hb-filter [name=strand]").first.uncheck()
    address(page, "strand=")
    kept = {key: text for key, text in state(page).items() if key != "strand"}
    assert kept == {
        key: text for key, text in re.findall(r"(\w+)=([^&]*)", query) if key != "strand"
    }
    page.context.close()


def test_a_country_finds_the_places_whose_records_name_it(
    site: tuple[str, Path], chinese_site: tuple[str, Path], browser: Browser
) -> None:
    for where, country, first, without in (
        (site, "China", "Hangzhou", "Geneva"),
        (chinese_site, "中国", "杭州", "日内瓦"),
    ):
        page = timeline(where, browser, f"?place={country}")
        items = page.locator("ol.hb-timeline > li:not([hidden])")
        places = items.evaluate_all("all => all.map((one) => one.dataset.place)")
        assert len(places) > 60
        assert all(country in place for place in places)
        assert {f"{first}|{country}", country} <= set(places)
        assert without not in places
        offered = page.locator("#hb-places option").evaluate_all(
            "all => all.map((one) => one.value)"
        )
        assert country in offered
        calendar = page.locator(".hb-subscribe [data-ending=ics]").get_attribute("href") or ""
        assert (where[1] / calendar).read_text("utf-8").count("BEGIN:VEVENT") == len(places)
        page.context.close()


def test_a_year_that_a_filter_leaves_empty_says_so_and_the_others_lead_to_theirs(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser, "?strand=club")
    bar = page.locator(".hb-letters")
    empty = bar.get_by_text("2001", exact=True)
    empty.press("Enter")
    assert bar.get_by_role("status").inner_text() == "Nothing that you chose is in 2001."
    assert "#" not in page.url
    assert empty.get_attribute("aria-disabled") == "true"
    bar.get_by_text("2019", exact=True).click()
    page.wait_for_url("**#year-2019")
    expect(page.locator("#year-2019")).to_be_in_viewport()  # it scrolls smoothly
    page.get_by_role("button", name="Show all").click()
    page.wait_for_url(lambda url: "strand" not in url)
    assert bar.get_by_role("status").inner_text() == ""
    empty.click()
    page.wait_for_url("**#year-2001")
    page.context.close()


def test_everything_outside_the_years_is_counted_and_can_be_reached(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser)
    total = page.locator("ol.hb-timeline > li").count()
    outside = sum(
        int(re.findall(r"\d+", words)[0]) for words in page.locator(".hb-more").all_text_contents()
    )
    assert page.locator(".hb-mark").count() + outside == total
    page.locator(".hb-more", has_text="earlier").first.click()
    address(page, "from=")
    page.context.close()


def test_marks_do_not_cover_each_other_and_labels_do_not_collide(
    site: tuple[str, Path], browser: Browser
) -> None:
    """At each scale, on a desk and on a phone."""
    for width in (1400, 390):
        page = timeline(site, browser, viewport={"width": width, "height": 900})
        for _step in range(4):
            boxes = page.evaluate(
                """[...document.querySelectorAll(".hb-mark")].map((mark) => [...mark.querySelectorAll(
                ":scope > path:not(.hb-ghost, .hb-open), :scope > rect:not(.hb-touch), :scope > text")].map(
                (part) => { const box = part.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; }))"""
            )
            flat = [(n, part) for n, parts in enumerate(boxes) for part in parts]
            assert flat
            clashes = [
                (a, b)
                for i, (n, a) in enumerate(flat)
                for m, b in flat[i + 1 :]
                if n != m
                and min(a[2], b[2]) - max(a[0], b[0]) > 2
                and min(a[3], b[3]) - max(a[1], b[1]) > 3
            ]
            assert clashes == []
            page.get_by_role("button", name="Closer").click()
            page.wait_for_timeout(250)
        page.context.close()


def test_the_picture_can_be_taken_along_with_where_it_is_from(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser, "?from=2016&to=2019")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as SVG").click()
    root = ElementTree.parse(download.value.path()).getroot()
    words = [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Sustainable City Standards Handbook, CC BY 4.0 · " in words[-1]
    assert "from=2016&to=2019" in words[-1]
    assert "Secretariat in Jianggan" in words
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as PNG").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    page.context.close()


def on_a_phone(site: tuple[str, Path], browser: Browser) -> Page:
    return timeline(
        site,
        browser,
        "?from=2018&to=2019&strand=club",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
    )


def test_a_finger_opens_the_card_first_and_two_fingers_change_the_scale(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = on_a_phone(site, browser)
    page.locator(f'.hb-mark[aria-label="{JIANGGAN}"]').tap()
    page.locator(".hb-card").get_by_text("Open the page").wait_for()
    assert page.url.split("?")[0].endswith("/timeline.html")
    page.keyboard.press("Escape")
    session = page.context.new_cdp_session(page)
    box = page.locator(".hb-lens").bounding_box()
    assert box
    y = box["y"] + 30

    def touch(kind: str, *points: float) -> None:
        session.send(
            "Input.dispatchTouchEvent",
            {
                "type": kind,
                "touchPoints": [{"x": x, "y": y, "id": n} for n, x in enumerate(points)],
            },
        )

    touch("touchStart", 180.0, 200.0)
    for step in range(1, 8):
        touch("touchMove", 180.0 - 12 * step, 200.0 + 12 * step)
    touch("touchEnd")
    page.wait_for_url(lambda url: "from=2018&to=2019" not in url)
    page.context.close()


def test_on_a_phone_the_card_leaves_the_strand_of_its_mark_in_view(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = on_a_phone(site, browser)
    mark = page.locator(f'.hb-mark[aria-label="{JIANGGAN}"]')
    for down in (700, 150):
        mark.evaluate(
            "(mark, down) => scrollBy({ top: mark.getBoundingClientRect().top - down, behavior: 'instant' })",
            down,
        )
        page.keyboard.press("Escape")
        mark.tap()
        card, lane = (
            page.locator(".hb-card").bounding_box(),
            page.locator(".hb-lane").bounding_box(),
        )
        assert card
        assert lane
        top, bottom = max(lane["y"], 0), min(lane["y"] + lane["height"], 844)
        assert card["y"] >= bottom or card["y"] + card["height"] <= top
    page.context.close()


def test_without_scripts_the_picture_stands_still(site: tuple[str, Path], browser: Browser) -> None:
    for width, name in ((1400, "broad"), (390, "tall")):
        page = open_page(
            browser,
            f"{site[0]}/timeline.html",
            java_script_enabled=False,
            viewport={"width": width, "height": 900},
        )
        image = page.locator(".hb-overview-frame img")
        assert image.evaluate("image => image.currentSrc").endswith(f"timeline-{name}.svg")
        assert image.evaluate("image => image.naturalWidth") > 0
        assert page.locator(".hb-lens").count() == 0
        page.context.close()


def test_where_the_script_does_not_come_nothing_waits_for_long(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, "about:blank")
    page.route("**/timeline.js*", lambda route: route.abort())
    page.goto(f"{site[0]}/timeline.html")
    # the lists are not hidden, which would cost their style twice
    assert page.locator("ol.hb-timeline").first.evaluate("list => list.getAnimations().length") == 0
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    form = page.locator("form.hb-filter")
    assert form.evaluate("form => getComputedStyle(form).visibility") == "visible"
    frame = page.locator(".hb-overview-frame")
    assert frame.evaluate("frame => frame.offsetHeight < innerHeight / 2")
    page.context.close()


def test_the_opened_picture_has_links_of_its_own(site: tuple[str, Path]) -> None:
    picture = ElementTree.parse(site[1] / "_images/timeline-broad.svg")
    links = {
        one.get("aria-label"): one.get("href")
        for one in picture.iter("{http://www.w3.org/2000/svg}a")
    }
    assert links[JIANGGAN] == "../hangzhou/secretariat.html#isscc-secretariat-2019"
    assert None not in links


def test_a_page_narrows_the_timeline_and_offers_its_calendar(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = open_page(browser, f"{site[0]}/hangzhou/naming.html")
    page.locator(".hb-page-events a", has_text="on the timeline").click()
    page.locator(".hb-lens .hb-mark").first.wait_for()
    assert state(page) == {"page": "hangzhou/naming"}
    assert listed(page) == page.locator(".hb-lens .hb-mark").count() > 1
    address = page.locator(".hb-subscribe input").input_value()
    assert address == f"{site[0]}/data/timeline/page-hangzhou-naming.ics"
    program = page.locator(".hb-subscribe .hb-webcal").get_attribute("href")
    assert program == address.replace("http", "webcal")
    for link in page.locator(".hb-subscribe [data-ending]").all():
        file = (link.get_attribute("href") or "").removeprefix("./")
        assert (site[1] / file).is_file(), file
    page.get_by_label("Text").fill("xyzzy")
    page.locator(".hb-subscribe").wait_for(state="hidden")
    page.context.close()


#: What the line for subscribers offers for each choice, one after the other, and whether the address keeps the choice.
OFFERED = """async () => {
  const form = document.querySelector(".hb-filter");
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const offers = [];
  for (const { parentElement: list, value } of form.querySelectorAll("#hb-places option, #hb-abouts option, #hb-pages option")) {
    const field = form.elements[list.id.slice(3, -1)];
    for (const text of [value, ""]) {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      for (let turn = 0; turn < 2; turn += 1) await frame();
      if (text) offers.push({
        text, kept: new URLSearchParams(location.search).get(field.name) === text,
        links: form.querySelector(".hb-subscribe").checkVisibility() ? [...form.querySelectorAll(".hb-subscribe [data-ending]")].map((link) => link.getAttribute("href")) : [],
      });
    }
  }
  return offers;
}"""


def test_every_choice_that_offers_a_calendar_has_one(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser)
    offers = page.evaluate(OFFERED)
    assert len(offers) > 100
    assert [one["text"] for one in offers if not one["kept"]] == []
    with_calendar = [one for one in offers if one["links"]]
    assert len(with_calendar) > 60
    for one in with_calendar:
        assert len(one["links"]) == 2
        assert [link for link in one["links"] if not (site[1] / link).is_file()] == [], one
    page.context.close()


def test_the_code_to_embed_shows_what_was_chosen(
    site: tuple[str, Path], browser: Browser, tmp_path: Path
) -> None:
    page = timeline(site, browser, "?strand=club")
    page.get_by_role("button", name="Embed").click()
    (tmp_path / "host.html").write_text(page.locator("textarea").input_value())
    with served(tmp_path) as other:
        page.goto(f"{other}/host.html")
        frame = page.frame_locator("iframe")
        frame.locator(".hb-mark").first.wait_for()
        assert frame.get_by_role("status").inner_text().startswith("11 of")
        assert frame.locator("nav, .sidebar-drawer").count() == 0
        assert frame.locator("main > p a").last.get_attribute("href") == "../timeline.html"
        with page.context.expect_page() as opened:
            frame.locator(".hb-mark").first.click()
        assert opened.value.url.startswith(f"{site[0]}/club/")
    page.context.close()


@pytest.mark.parametrize(
    ("day", "title"),
    [
        ("01-14", "11–15 January 2016 Working groups and the subcommittee meet in Vienna"),
        ("01-14", "14 January 2019 "),
        # one source gives 29 June for what this handbook dates to the month
        ("06-29", "June 2017 The club of cities is founded"),
    ],
)
def test_a_day_of_the_year_finds_spans_of_days_and_what_single_sources_give(
    site: tuple[str, Path], browser: Browser, day: str, title: str
) -> None:
    page = timeline(site, browser, f"?day={day}")
    items = page.locator("ol.hb-timeline > li:not([hidden])")
    shown = [" ".join(text.split()) for text in items.all_inner_texts()]
    assert any(text.startswith(title) for text in shown), shown
    assert not any(re.match(r"January|20\d\d", text) for text in shown), shown
    page.context.close()


@pytest.mark.parametrize(
    ("field", "text"),
    [("From", "Sep 2016"), ("From", "2016-13"), ("To", "2016/9"), ("Day of the year", "14/01")],
)
def test_what_cannot_be_read_as_a_date_is_said(
    site: tuple[str, Path], browser: Browser, field: str, text: str
) -> None:
    page = timeline(site, browser)
    page.get_by_label(field, exact=True).fill(text)
    status = page.locator(".hb-filter [role=status]")
    status.get_by_text(f"“{text}” cannot be read").wait_for()
    assert page.get_by_label(field, exact=True).get_attribute("aria-invalid") == "true"
    page.get_by_label(field, exact=True).fill("")
    status.get_by_text(re.compile(r"^(\d+) of \1 shown")).wait_for()
    page.context.close()


def test_looking_around_by_keyboard_narrows_nothing(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser)
    page.locator(".hb-mark[tabindex='0']").focus()
    for key in ("Home", "ArrowUp", "Home", "ArrowLeft", "End", "ArrowRight"):
        page.keyboard.press(key)
    page.wait_for_timeout(800)
    assert state(page) == {}
    page.context.close()


#: Where the sketch has ink: at the lines of the picture's axis, between two of them, at its marks, and above the first lane.
INKED = """() => {
  const pen = document.querySelector(".hb-pane canvas").getContext("2d");
  const { left, top } = document.querySelector(".hb-lens").getBoundingClientRect();
  const inked = (x, y) => [...pen.getImageData(Math.round(x), Math.round(y), 1, 1).data].some((part) => part);
  const lines = [...document.querySelectorAll(".hb-lens > g > g:first-child path:not(.hb-thin)")].map((line) => Number(/M([\\d.]+)/.exec(line.getAttribute("d"))[1]));
  return {
    axis: lines.map((x) => inked(Math.floor(x), 15) || inked(Math.ceil(x), 15)),
    between: lines.map((x) => inked(x + 12, 17)),
    marks: [...document.querySelectorAll(".hb-mark > :is(rect, path):not(.hb-touch, .hb-ghost, .hb-open)")].map((mark) => {
      const box = mark.getBoundingClientRect();
      return inked(box.x + box.width / 2 - left, box.y + box.height / 2 - top);
    }),
  };
}"""


def test_ten_thousand_entries_are_sketched_while_a_gesture_lasts_and_drawn_once_after_it(
    site: tuple[str, Path], browser: Browser
) -> None:
    """By counts, not by a clock: the page's time stands still until the test moves it."""
    text = (site[1] / "timeline.html").read_text("utf-8")
    many = re.sub(
        r'(?s)(<ol class="hb-timeline">)(.*?)(</ol>)', lambda m: m[1] + m[2] * 35 + m[3], text
    )
    page = open_page(browser, "about:blank")
    page.route("**/timeline.html", lambda route: route.fulfill(body=many, content_type="text/html"))
    page.clock.install()
    page.goto(f"{site[0]}/timeline.html")
    page.locator(".hb-lens .hb-mark").first.wait_for()
    page.clock.pause_at(page.evaluate("Date.now() + 10000"))
    assert page.locator("ol.hb-timeline > li").count() > 9_000
    # As many marks as there is room for, and not the rest.
    assert 500 < page.locator(".hb-mark").count() < 2_000
    page.evaluate(
        "window.draws = 0; new MutationObserver(() => { draws += 1; }).observe(document.querySelector('.hb-lens > g'), { childList: true })"
    )
    for _step in range(10):
        page.locator(".hb-lens").dispatch_event(
            "wheel", {"deltaY": -5, "ctrlKey": True, "clientX": 600, "clientY": 400}
        )
        page.clock.run_for(17)
    assert page.locator(".hb-pane canvas").is_visible()
    assert page.evaluate("draws") == 0
    page.clock.run_for(500)
    assert not page.locator(".hb-pane canvas").is_visible()
    assert page.evaluate("draws") == 1
    # A gesture that moves nothing: the sketch has the lines and marks of the picture at their places, and no others.
    page.locator(".hb-lens").dispatch_event(
        "wheel", {"deltaY": 0.001, "ctrlKey": True, "clientX": 600, "clientY": 400}
    )
    page.clock.run_for(17)
    assert page.locator(".hb-pane canvas").is_visible()
    inked = page.evaluate(INKED)
    assert len(inked["axis"]) > 5
    assert all(inked["axis"])
    assert not any(inked["between"])
    assert len(inked["marks"]) > 400
    assert sum(inked["marks"]) > 0.98 * len(inked["marks"])
    page.clock.run_for(500)
    assert state(page)
    # A frame that comes late leaves no sketch behind.
    page.locator(".hb-lens-tools button").nth(5).dispatch_event("click")
    page.clock.run_for(500)
    assert not page.locator(".hb-pane canvas").is_visible()
    page.context.close()


@pytest.mark.parametrize(
    ("name", "around", "link"),
    [
        ("names", "#person-bernard-gindroz", "a:text-matches('\\\\d+ events?')"),
        ("neighbours/places", "#place-hangzhou", "a:text-matches('\\\\d+ events?')"),
        (
            "standards/iso-37101-2016",
            ".hb-about",
            "a:text-is('All events that name ISO 37101, on the timeline')",
        ),
        ("committee/meetings", "p", "a:text-is('These meetings on the timeline')"),
    ],
)
def test_a_person_a_place_a_standard_and_meetings_lead_to_their_events(
    site: tuple[str, Path], browser: Browser, name: str, around: str, link: str
) -> None:
    """And each has its own line of them."""
    page = open_page(browser, f"{site[0]}/{name}.html")
    here = page.locator(f"{around} {link}").first
    marks = page.locator(f"{around}:has({link}) .hb-page-strip .hb-mark").count()
    number = re.match(r"\d+", here.text_content() or "")
    target = here.evaluate("link => link.href")
    page.goto(target)
    page.locator(".hb-lens .hb-mark").first.wait_for()
    assert 0 < listed(page) == marks < 100
    if number:
        assert listed(page) == int(number[0])
    page.context.close()


def test_one_button_leaves_one_strand_and_shows_all_again(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser)
    whole = listed(page)
    only = page.get_by_role("button", name="Only Club")
    only.press("Enter")
    address(page, "strand=club")
    assert 0 < listed(page) < whole
    assert page.locator(".hb-lane").count() == 1
    only.press("Enter")
    page.wait_for_url(lambda url: "?" not in url)
    assert listed(page) == whole
    page.context.close()


def test_the_keyboard_alone_finds_the_first_meeting_in_a_country(
    site: tuple[str, Path], browser: Browser
) -> None:
    page = timeline(site, browser)
    label = "document.activeElement.labels?.[0]?.firstChild.textContent.trim() || document.activeElement.textContent"

    def tab_to(name: str) -> None:
        for _key in range(12):
            if page.evaluate(label) == name:
                return
            page.keyboard.press("Tab")
        raise AssertionError(name)

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    tab_to("To the filter")
    page.keyboard.press("Enter")
    assert page.evaluate(label) == "Text"
    tab_to("Kind")
    page.keyboard.type("m")
    tab_to("Place")
    page.keyboard.type("China")
    page.keyboard.press("Enter")
    first = page.locator("ol.hb-timeline > li:not([hidden])").first
    link = first.locator("a").first
    assert link.evaluate("link => link === document.activeElement")
    assert (first.text_content() or "").strip().startswith("27 June 2016")
    expect(link).to_be_in_viewport()
    page.context.close()


def test_the_axis_says_once_and_legibly_where_a_short_time_lies(
    site: tuple[str, Path], browser: Browser
) -> None:
    for width in (1400, 390):
        for query in (
            "",
            "?from=2017&to=2017",
            "?from=2016-07&to=2016-07",
            "?from=2016-07-03&to=2016-08-20",
        ):
            page = timeline(site, browser, query, viewport={"width": width, "height": 900})
            boxes = page.locator(".hb-lens .hb-tick").evaluate_all(
                "all => all.map((one) => { const box = one.getBoundingClientRect(); return [box.left, box.right, one.textContent]; })"
            )
            assert boxes, query
            words = " ".join(text for _left, _right, text in boxes)
            assert not query or "2016" in words or "2017" in words
            ends = page.locator(".hb-lens").bounding_box()
            assert ends
            assert all(right <= ends["x"] + ends["width"] + 1 for _left, right, _text in boxes)
            boxes.sort()
            assert all(one[1] <= other[0] + 1 for one, other in pairwise(boxes)), (
                query,
                boxes,
            )
            page.context.close()
