"""Fetching ISO's files: only from a server on this machine."""

from __future__ import annotations

import gzip
import io
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from handbook.catalogueupdate import origin, update_command
from handbook.catalogueupdate.extract import Extract
from handbook.cli import HandbookError
from support import isofiles
from support.commands import ended
from support.isofiles import COMMITTEES, FOREIGN, FOREIGN_COMMITTEES, OURS, changed, jsonl

TODAY = date(2026, 11, 23)
MODIFIED = "Fri, 20 Nov 2026 03:00:00 GMT"
DELIVERABLES_DATA = jsonl([*FOREIGN, *changed(OURS, 4, currentStage=9093)])
COMMITTEES_DATA = jsonl([*FOREIGN_COMMITTEES, *COMMITTEES])


class Handler(BaseHTTPRequestHandler):
    """``answers`` maps a path to a list of answers (status, headers, body, further bytes promised); the last one stays."""

    def do_GET(self):
        self.server.seen.append((self.path, self.headers.get("User-Agent")))
        answers = self.server.answers[self.path]
        status, headers, body, missing = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response_only(status)
        for name, value in {
            "Last-Modified": MODIFIED,
            "Content-Length": str(len(body) + missing),
            **headers,
        }.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if missing < 0:
            self.wfile.flush()
            self.server.stop.wait(20)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    for name in (
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.seen, server.answers, server.stop = [], {}, threading.Event()
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def root(tmp_path):
    return isofiles.handbook(tmp_path / "handbook")


def whole(body: bytes, **headers: str | None) -> list:
    return [(200, headers, body, 0)]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def update(root, server, **more):
    out, err = io.StringIO(), io.StringIO()
    addresses = f"{server.address}/d", f"{server.address}/c"
    status, said = ended(
        lambda: update_command.update(root, *addresses, TODAY, out, err, pause=0.0, **more)
    )
    return status, out.getvalue(), err.getvalue() + said


@pytest.mark.parametrize("packed", ["plain", "gzip file", "gzip in transit"])
def test_an_address_works_like_a_file(root, server, tmp_path, packed):
    pack = gzip.compress if packed != "plain" else bytes
    headers = {"Content-Encoding": "gzip"} if packed == "gzip in transit" else {}
    server.answers = {
        "/d": whole(pack(DELIVERABLES_DATA), **headers),
        "/c": whole(pack(COMMITTEES_DATA), **headers),
    }
    status, report, said = update(root, server)
    assert (status, said) == (0, "4 files written.\n")
    assert "**ISO 37120:2018**: 90.60 (close of review) → 90.93 (confirmed)." in report
    assert Extract.load(root / "references" / "iso").as_of["deliverables"] == "2026-11-20"
    assert server.seen == [("/d", origin.USER_AGENT), ("/c", origin.USER_AGENT)]
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_honest_name_of_the_visitor():
    assert (
        origin.USER_AGENT
        == "sustainable-city-standards-handbook (catalogue update, at most once a week by schedule)"
    )
    assert "Mozilla" not in origin.USER_AGENT


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ([(404, {}, b"", 0)], "ADDRESS/d answers 404 Not Found"),
        ([(403, {}, b"<html>robots are refused</html>", 0)], "ADDRESS/d answers 403 Forbidden"),
        ([(503, {}, b"", 0)], "ADDRESS/d answers 503 Service Unavailable"),
        (
            [(200, {}, DELIVERABLES_DATA[:3000], len(DELIVERABLES_DATA) - 3000)],
            "ADDRESS/d arrived incomplete: the connection broke",
        ),
        (
            [(200, {"Content-Encoding": "gzip"}, b"no gzip", 0)],
            "ADDRESS/d arrived incomplete: the compressed data are damaged",
        ),
        ([(302, {"Location": "/d"}, b"", 0)], "ADDRESS/d arrived incomplete: TooManyRedirects"),
        (
            whole(b"<html>maintenance</html>"),
            "ADDRESS/d is a web page (HTML or XML), not JSON Lines: the server may have refused a robot",
        ),
        (whole(b""), "ADDRESS/d is empty"),
        (
            whole(gzip.compress(DELIVERABLES_DATA)[:-50]),
            "ADDRESS/d is truncated: the compressed data end too early",
        ),
    ],
)
def test_a_bad_answer_leaves_nothing_behind(root, server, tmp_path, answers, problem):
    server.answers = {"/d": answers, "/c": whole(COMMITTEES_DATA)}
    before = snapshot(root)
    status, report, said = update(root, server)
    assert (status, report) == (2, "")
    assert said.replace(server.address, "ADDRESS").startswith(f"command: {problem} (hint: "), said
    assert (snapshot(root), list((tmp_path / "temporary").iterdir())) == (before, [])


def test_a_server_that_stumbles_is_asked_again(root, server):
    server.answers = {
        "/d": [(503, {}, b"", 0), (429, {"Retry-After": "0"}, b"", 0), *whole(DELIVERABLES_DATA)],
        "/c": whole(COMMITTEES_DATA),
    }
    assert update(root, server)[0] == 0
    assert len(server.seen) == 4


def test_nobody_there(root):
    out, err = io.StringIO(), io.StringIO()
    address = "http://127.0.0.1:1/d"
    status, said = ended(
        lambda: update_command.update(root, address, None, TODAY, out, err, pause=0.0)
    )
    assert status == 2
    assert said.startswith(
        "command: http://127.0.0.1:1/d arrived incomplete: no connection (hint: try again later"
    )


@pytest.mark.parametrize(
    ("headers", "day"),
    [
        ({"Last-Modified": "Fri, 20 Nov 2026 23:30:00 -0300"}, "2026-11-21"),
        ({"Last-Modified": None, "Date": "Sat, 21 Nov 2026 03:00:00 GMT"}, "2026-11-21"),
        ({"Last-Modified": "yesterday"}, "2026-11-23"),
    ],
)
def test_the_day_is_that_of_the_answer(root, server, headers, day):
    server.answers = {"/d": whole(DELIVERABLES_DATA, **headers), "/c": whole(COMMITTEES_DATA)}
    assert update(root, server)[0] == 0
    assert Extract.load(root / "references" / "iso").as_of["deliverables"] == day


def test_the_day_of_a_file_is_that_of_its_last_change(tmp_path):
    path = isofiles.write(tmp_path)
    os.utime(path, (0, datetime(2026, 11, 19, 23, 59, tzinfo=UTC).timestamp()))
    with origin.opened(str(path), TODAY, lambda done, total: None) as opened:
        assert opened.day == date(2026, 11, 19)


def test_an_answer_without_end_is_cut_off(server, monkeypatch):
    monkeypatch.setattr(origin, "MAX_BYTES", 1000)
    server.answers = {"/d": whole(DELIVERABLES_DATA)}
    with (
        pytest.raises(HandbookError, match="longer than 1,000 bytes"),
        origin.opened(f"{server.address}/d", TODAY, lambda done, total: None),
    ):
        raise AssertionError("it must not open")


def test_progress_is_told(server):
    server.answers = {"/d": whole(DELIVERABLES_DATA)}
    told = []
    with origin.opened(
        f"{server.address}/d", TODAY, lambda done, total: told.append((done, total))
    ):
        assert told[-1] == (len(DELIVERABLES_DATA), len(DELIVERABLES_DATA))


@contextmanager
def process(*arguments: str, **environment: str):
    run = subprocess.Popen(
        [sys.executable, str(isofiles.ROOT / "tools" / "update_catalogue.py"), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_PROXY": "127.0.0.1", **environment},
        # whoever runs the tests under nohup has Ctrl-C ignored, and so would the child
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        yield run
    finally:
        run.kill()
        run.communicate()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_download_leaves_nothing_behind(root, server, tmp_path, sign):
    # the answer begins, and then the server falls silent
    server.answers = {"/d": [(200, {"Content-Length": "100000000"}, DELIVERABLES_DATA, -1)]}
    before = snapshot(root)
    with process(
        f"{server.address}/d", "--root", str(root), TMPDIR=str(tmp_path / "temporary")
    ) as run:
        until = time.monotonic() + 20
        while not server.seen and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.2)
        run.send_signal(sign)
        assert run.wait(timeout=10) == (-9 if sign is signal.SIGKILL else 130)
    assert (snapshot(root), list((tmp_path / "temporary").iterdir())) == (before, [])


def test_the_command_line(root, tmp_path):
    path = isofiles.write(tmp_path / "iso", changed(OURS, 4, currentStage=9093))
    given = (str(path), "--as-of", "2026-11-20", "--root", str(root))
    for more, status in (
        (("--check",), 1),
        ((), 0),
        (("--check",), 0),
        (("--as-of", "1066-10-14"), 2),
        (("--as-of", "14.10.1066"), 2),
    ):
        with process(*given, *more) as run:
            _out, err = run.communicate(timeout=30)
            assert (run.returncode, "Traceback" in err) == (status, False), err
    with process("--stub", "ISO 37101:2016", "--root", str(root)) as run:
        _, err = run.communicate(timeout=30)
        assert (run.returncode, err) == (
            2,
            "update_catalogue: ISO 37101:2016 has a page (hint: write its text in docs/standards/iso-37101-2016.md)\n",
        )


def test_isos_addresses_stand_in_one_place():
    host = "isopublicstorageprod.blob.core.windows.net"
    places = [
        path.name
        for path in (isofiles.ROOT / "tools").rglob("*.py")
        if host in path.read_text("utf-8")
    ]
    assert places == ["origin.py"]
    assert (
        f"https://{host}/opendata/_latest/iso_deliverables_metadata/json/iso_deliverables_metadata.jsonl"
        == origin.DELIVERABLES_URL
    )
    assert (
        f"https://{host}/opendata/_latest/iso_technical_committees/json/iso_technical_committees.jsonl"
        == origin.COMMITTEES_URL
    )
