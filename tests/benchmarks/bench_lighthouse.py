"""Lighthouse's four marks for the main pages, on its simulated phone, and what a first view weighs.

Run: ``python tests/benchmarks/bench_lighthouse.py [--runs N] [--lighthouse COMMAND] [--html FOLDER] [PAGE ...]`` after
``make html``. It needs Lighthouse (``npm install lighthouse``) and a Chromium. The pages are served on this machine with
gzip and with the headers that the build writes for hosts. The mark for performance depends on how busy the machine is:
the best of the runs is the page's own, and the worst is printed beside it.
"""

from __future__ import annotations

import argparse
import gzip
import http.server
import json
import mimetypes
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support import MAIN  # noqa: E402

MARKS = ("performance", "accessibility", "best-practices", "seo")
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".txt", ".xml"}


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    """A host as the build's ``_headers`` wants it."""
    rules: dict[str, dict[str, str]] = {}
    for line in (folder / "_headers").read_text("utf-8").splitlines():
        if line.startswith("/"):
            rule = rules.setdefault(line.rstrip("*"), {})
        elif line.strip():
            name, _, value = line.strip().partition(": ")
            rule[name] = value

    class Host(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            file = folder / path.lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            found = file.is_file() and file.resolve().is_relative_to(folder)
            file = file if found else folder / "404.html"
            data = file.read_bytes()
            packed = file.suffix in COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "")
            data = gzip.compress(data, 6) if packed else data
            self.send_response(200 if found else 404)
            for start, headers in rules.items():
                if path.startswith(start):
                    for name, value in headers.items():
                        self.send_header(name, value)
            self.send_header(
                "Content-Type",
                f"{mimetypes.guess_type(file.name)[0] or 'application/octet-stream'}; charset=utf-8",
            )
            if packed:
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *arguments: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def look(command: str, address: str) -> dict[str, object]:
    """Lighthouse's report on one address."""
    done = subprocess.run(
        [
            command,
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(MARKS)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def main() -> int:
    """Print one line a page; 1 if a page has a mark below 100 in its best run, 2 without Lighthouse or pages."""
    parser = argparse.ArgumentParser(description="Lighthouse's marks for the built pages.")
    parser.add_argument("pages", nargs="*", default=MAIN)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--lighthouse", default=shutil.which("lighthouse"))
    parser.add_argument("--html", type=Path, default=ROOT / "build" / "html")
    options = parser.parse_args()
    if not options.lighthouse or not (options.html / "_headers").exists():
        print(
            "needs Lighthouse (npm install lighthouse; name it with --lighthouse) and pages (make html)",
            file=sys.stderr,
        )
        return 2
    if "CHROME_PATH" not in os.environ and (chromium := shutil.which("chromium")):
        os.environ["CHROME_PATH"] = chromium
    server = serve(options.html.resolve())
    low = False
    print(
        f"{'page':28} {'perf best (worst)':>18} {'a11y':>5} {'best':>5} {'seo':>5} {'LCP s':>6} {'CLS':>6} {'TBT ms':>7} {'kB':>6}  audits below 100"
    )
    for page in options.pages:
        reports = [
            look(options.lighthouse, f"http://127.0.0.1:{server.server_port}/{page}.html")
            for _run in range(options.runs)
        ]
        reports.sort(key=lambda report: report["categories"]["performance"]["score"])  # type: ignore[index]
        worst, best = reports[0], reports[-1]
        marks = [round(100 * best["categories"][mark]["score"]) for mark in MARKS]  # type: ignore[index]
        audits: dict[str, dict[str, object]] = best["audits"]  # type: ignore[assignment]
        weighted = {
            ref["id"]
            for category in best["categories"].values()
            for ref in category["auditRefs"]
            if ref["weight"]
        }  # type: ignore[attr-defined]
        faults = sorted(
            name for name in weighted if (score := audits[name]["score"]) is not None and score < 1
        )  # type: ignore[operator]
        low |= min(marks) < 100
        print(
            f"{page:28} {marks[0]:>10} ({round(100 * worst['categories']['performance']['score']):>3}) {marks[1]:>8} {marks[2]:>5} {marks[3]:>5}"  # type: ignore[index]
            f" {audits['largest-contentful-paint']['numericValue'] / 1000:6.2f} {audits['cumulative-layout-shift']['numericValue']:6.3f}"  # type: ignore[operator]
            f" {audits['total-blocking-time']['numericValue']:7.0f} {audits['total-byte-weight']['numericValue'] / 1000:6.1f}  {' '.join(faults)}",  # type: ignore[operator]
            flush=True,
        )
    server.shutdown()
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
