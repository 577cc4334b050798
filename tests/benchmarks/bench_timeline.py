"""How long the timeline takes to be ready with ten thousand entries, and how evenly it zooms, in Chromium and in Firefox.

Run: ``python tests/benchmarks/bench_timeline.py --html build/html chromium firefox``. Firefox answers over WebDriver BiDi,
which needs no driver beside it: ``apt install firefox-esr``. The load of the machine is printed with each figure: on a
busy one they say little.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests")]

from support.browser import served  # noqa: E402
from support.programs import program  # noqa: E402

#: Marks the moment after the first frame with marks in it.
READY = """() => new MutationObserver((_all, me) => {
  if (!document.querySelector(".hb-lens .hb-mark")) return;
  me.disconnect();
  requestAnimationFrame(() => setTimeout(() => performance.mark("ready")));
}).observe(document, { childList: true, subtree: true })"""

#: Zooms in and out as a hand at the wheel does, one turn a frame, and then lets go.
MEASURE = """async () => {
  const svg = document.querySelector(".hb-lens");
  const box = svg.getBoundingClientRect();
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const where = { ctrlKey: true, clientX: box.left + box.width * 0.6, clientY: box.top + 50, bubbles: true, cancelable: true };
  while (!performance.getEntriesByName("ready").length) await frame();
  await new Promise((done) => setTimeout(done, 1000));
  const frames = [];
  for (const deltaY of [-3, 3]) {
    let last = await frame();
    for (let turn = 0; turn < 60; turn += 1) {
      svg.dispatchEvent(new WheelEvent("wheel", { ...where, deltaY }));
      const now = await frame();
      frames.push(now - last);
      last = now;
    }
  }
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return JSON.stringify({
    frames, ready: performance.getEntriesByName("ready")[0].startTime, paint: paint ? paint.startTime : NaN,
    entries: document.querySelectorAll("ol.hb-timeline > li").length, marks: svg.querySelectorAll(".hb-mark").length,
  });
}"""
VIEW = {"width": 1400, "height": 900}


def grown(html: Path, folder: Path, times: int) -> None:
    """The timeline with each entry so often, and what it loads, in a folder of its own."""
    for name in ("_static", "_cards"):
        shutil.copytree(html / name, folder / name)

    def more(year: re.Match[str]) -> str:
        return year[1] + year[2] + re.sub(r'(<li\b[^>]*?) id="[^"]*"', r"\1", year[2]) * (times - 1)

    text = (html / "timeline.html").read_text("utf-8")
    many = re.sub(r'(?s)(<ol class="hb-timeline"[^>]*>)(.*?)(?=</ol>)', more, text)
    (folder / "timeline.html").write_text(many, "utf-8")


def chromium(address: str, runs: int) -> Iterator[Mapping[str, Any]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium", "chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for _run in range(runs):
            context = browser.new_context(viewport=VIEW)  # type: ignore[arg-type]
            context.add_init_script(f"({READY})()")
            page = context.new_page()
            page.goto(address)
            yield json.loads(page.evaluate(MEASURE))
            context.close()
        browser.close()


async def firefox(address: str, runs: int) -> list[Any]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # It asks nothing of hosts elsewhere.
        prefs = {
            "services.settings.server": "data:,none",
            "network.captive-portal-service.enabled": False,
        }
        (Path(profile) / "user.js").write_text(
            "".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in prefs.items())
        )
        started = await asyncio.create_subprocess_exec(
            program("firefox-esr", "firefox-esr"),
            *("--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            socket = await _socket(started)
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(f"{socket}/session", max_msg_size=0) as talk,
            ):
                call = _caller(talk)
                await call("session.new", capabilities={})
                await call("script.addPreloadScript", functionDeclaration=READY)
                told = [await _visit(call, address) for _run in range(runs)]
                await call("browser.close")
            await asyncio.wait_for(started.wait(), 60)
        finally:
            if started.returncode is None:
                started.kill()
    return told


async def _socket(started: asyncio.subprocess.Process) -> str:
    assert started.stderr
    async for line in started.stderr:
        if found := re.search(rb"BiDi listening on (\S+)", line):
            return found[1].decode()
    raise SystemExit("Firefox ended before it listened")


def _caller(talk: aiohttp.ClientWebSocketResponse) -> Callable[..., Awaitable[Any]]:
    numbers = itertools.count(1)

    async def call(method: str, **params: Any) -> Any:
        number = next(numbers)
        await talk.send_json({"id": number, "method": method, "params": params})
        while True:
            answer = json.loads((await talk.receive()).data)
            if answer.get("id") == number:
                if answer["type"] == "error":
                    raise SystemExit(f"{method}: {answer['message']}")
                return answer["result"]

    return call


async def _visit(call: Callable[..., Awaitable[Any]], address: str) -> Any:
    tab = (await call("browsingContext.create", type="tab"))["context"]
    await call("browsingContext.setViewport", context=tab, viewport=VIEW)
    await call("browsingContext.navigate", context=tab, url=address, wait="complete")
    answer = await call(
        "script.callFunction",
        functionDeclaration=MEASURE,
        awaitPromise=True,
        target={"context": tab},
    )
    await call("browsingContext.close", context=tab)
    return json.loads(answer["result"]["value"])


def _tell(browser: str, one: Mapping[str, Any]) -> None:
    frames = sorted(one["frames"])
    print(
        f"{browser}: {one['entries']:,} entries, {one['marks']} marks;"
        f" first paint {one['paint']:.0f} ms, ready {one['ready']:.0f} ms;"
        f" frames median {statistics.median(frames):.1f}, p95 {frames[int(len(frames) * 0.95)]:.1f},"
        f" longest {frames[-1]:.1f} ms; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("browsers", nargs="+", choices=["chromium", "firefox"])
    parser.add_argument("--html", type=Path, default=ROOT / "build" / "html")
    parser.add_argument("--times", type=int, default=35, help="how often each entry stands there")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        grown(options.html, Path(place), options.times)
        with served(Path(place)) as base:
            address = f"{base}/timeline.html"
            if "chromium" in options.browsers:
                for one in chromium(address, options.runs):
                    _tell("chromium", one)
            if "firefox" in options.browsers:
                for one in asyncio.run(firefox(address, options.runs)):
                    _tell("firefox", one)


if __name__ == "__main__":
    main()
