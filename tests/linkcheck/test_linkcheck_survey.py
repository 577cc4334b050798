"""Memory, archives, exceptions, the whole command: what days make of answers, what is saved, what is written."""

import argparse
import ast
import asyncio
import io
import json
import subprocess
import sys
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbook.linkcheck import (
    archives,
    git_history,
    inventory,
    links_command,
    memory,
    survey,
    verdict_report,
    verdicts,
)
from handbook.linkcheck.client import Client
from handbook.linkcheck.link_rules import CODES, VERDICT_CODES
from handbook.linkcheck.manners import Settings
from handbook.linkcheck.memory import Capture, Record
from handbook.linkcheck.new_addresses import write_address
from handbook.linkcheck.verdicts import FAULTS, REASONS, Answer, Fault, Observation, Verdict
from handbook.model.catalogue import Catalogue
from handbook.rules import findings, fixes
from handbook.rules.findings import Finding, Fix, Place
from handbook.rules.rule import Selection, Severity
from support import ROOT
from support.linkruns import OPTIONS, TODAY, call, make, online
from support.linkserver import Server, World, leads_on, reply
from support.linkserver import manners as fast


def seen(verdict: str, reason: str = "x", certain: bool = True, moved_to: str = "") -> Observation:
    return Observation(Verdict(verdict), reason, "", certain, moved_to)


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        # day after the first, what was seen that day
        ([(0, "dead", True)], "dead"),
        ([(0, "unknown", True)], "unknown"),
        ([(0, "unknown", True), (1, "unknown", True), (2, "unknown", True)], "unknown"),
        ([(0, "unknown", True), (3, "unknown", True), (6, "unknown", True)], "dead"),
        ([(0, "unknown", True), (6, "unknown", True)], "unknown"),
        ([(0, "unknown", True), (0, "unknown", True), (9, "unknown", True)], "unknown"),
        ([(0, "unknown", True), (3, "ok", True), (6, "unknown", True)], "unknown"),
        ([(0, "dead", False), (3, "dead", False)], "unknown"),
        ([(0, "dead", False), (3, "dead", False), (6, "dead", False)], "dead"),
        (
            [
                (0, "unknown", True),
                (3, "blocked", True),
                (5, "unknown", True),
                (6, "unknown", True),
            ],
            "dead",
        ),
        ([(day, "blocked", True) for day in range(0, 90, 7)], "blocked"),
        ([(0, "dead", True), (1, "ok", True)], "ok"),
        ([(0, "dead", True), (1, "moved", True)], "moved"),
        ([(0, "insecure", True)], "insecure"),
        (
            [
                (0, "unknown", True),
                (3, "unknown", True),
                (6, "unknown", True),
                (7, "blocked", True),
            ],
            "blocked",
        ),
    ],
)
def test_days_make_the_verdict(days: list[tuple[int, str, bool]], verdict: str) -> None:
    record = Record("https://x.example/", TODAY)
    for day, what, certain in days:
        record = record.after(seen(what, certain=certain), TODAY + timedelta(days=day))
    assert record.verdict == verdict


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("timeout", "dead"),
        ("anchor", "dead"),
        ("any-address", "dead"),
        ("soft-404", "unknown"),
        ("parked", "unknown"),
        ("body", "unknown"),
        ("issuer", "unknown"),
        ("script-anchor", "unknown"),
        ("long-page", "unknown"),
        ("doi-unclear", "unknown"),
        ("host-silent", "unknown"),
    ],
)
def test_what_cannot_be_seen_is_never_dead(reason: str, verdict: str) -> None:
    record = Record("https://x.example/", TODAY)
    for day in range(0, 90, 7):
        record = record.after(seen("unknown", reason), TODAY + timedelta(days=day))
    assert record.verdict == verdict


def test_an_anchor_that_is_missed_once_is_not_dead(tmp_path: Path) -> None:
    def pages(server: Server) -> str:
        server.pages["/page"] = reply("<p id=here>")
        return f"[x](http://host.test:{server.port}/page#gone)"

    def checks(server: Server, root: Path) -> None:
        for day, code in ((0, "L207"), (3, "L207"), (6, "L201")):
            (found,) = json.loads(call(root, TODAY + timedelta(days=day), format="json")[1])
            assert (found["code"], found["hint"]) == (
                code,
                "open it, and link to a place that is there",
            )

    online(tmp_path, pages, checks)


def test_failures_stay_few_and_keep_the_first_day() -> None:
    record = Record("https://x.example/", TODAY)
    for day in range(100):
        record = record.after(seen("unknown"), TODAY + timedelta(days=day))
    assert len(record.failures) == 10
    assert record.failures[0] == TODAY
    assert record.failures[-1] == TODAY + timedelta(days=99)


@pytest.mark.parametrize(
    ("verdict", "least", "most"),
    [("ok", 14, 17), ("blocked", 7, 8), ("dead", 7, 8), ("unknown", 1, 1), ("moved", 14, 17)],
)
def test_time_to_live_with_jitter(verdict: str, least: int, most: int) -> None:
    days = set()
    for number in range(200):
        record = Record(f"https://x.example/{number}", TODAY).after(seen(verdict), TODAY)
        days.add(next(day for day in range(60) if record.due(TODAY + timedelta(days=day))))
    assert days == set(range(least, most + 1))
    assert Record("https://x.example/", TODAY).due(TODAY)


_DAY = st.dates(date(2020, 1, 1), date(2030, 1, 1))
_RECORD = st.builds(
    Record,
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    _DAY,
    st.none() | _DAY,
    st.none() | _DAY,
    st.sampled_from(Verdict),
    st.text(max_size=5),
    st.booleans(),
    st.lists(_DAY, max_size=3, unique=True).map(lambda days: tuple(sorted(days))),
    st.text(max_size=5),
    st.text(max_size=5),
    st.none() | st.builds(Capture, st.text(max_size=9), _DAY),
)


@given(st.lists(_RECORD, max_size=4, unique_by=lambda record: record.address))
@settings(max_examples=25, deadline=None)
def test_memory_reads_what_it_wrote(records: list[Record]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "links.jsonl"
        memory.save(path, records)
        first = path.read_bytes()
        known, problems = memory.load(path)
        assert not problems
        assert known == {record.address: record for record in records}
        memory.save(path, reversed(known.values()))
        assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "<<<<<<< HEAD",
            "this is not a record: JSONDecodeError Expecting value: line 1 column 1 (char 0)",
        ),
        ("[]", "this is not a record: AttributeError 'list' object has no attribute 'get'"),
        ("{}", "this is not a record: KeyError 'address'"),
        (
            '{"address": "https://x/", "first_seen": "2026-02-30"}',
            "this is not a record: ValueError day is out of range for month",
        ),
        (
            '{"address": "https://x/", "first_seen": "2026-01-01", "seen": "fine"}',
            "this is not a record: ValueError 'fine' is not a valid Verdict",
        ),
        (
            '{"address": "https://good/", "first_seen": "2026-01-01"}',
            "https://good/ has two records",
        ),
        ("\xff", "this is not a record: JSONDecodeError Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_broken_memory_is_told_and_the_rest_is_read(
    tmp_path: Path, line: str, message: str
) -> None:
    path = tmp_path / "links.jsonl"
    path.write_text(
        '{"address": "https://good/", "first_seen": "2026-01-01"}\n' + line + "\n", "utf-8"
    )
    known, problems = memory.load(path)
    assert "https://good/" in known
    assert [(one.place, one.code, one.message) for one in problems] == [
        (Place("references/links.jsonl", 2), "L301", message)
    ]


AVAILABLE = {
    "url": "http://web.archive.org/web/20190115000000/http://www.x.example/a",
    "timestamp": "20190115000000",
    "status": "200",
    "available": True,
}


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        ({"archived_snapshots": {"closest": AVAILABLE}}, True),
        ({"archived_snapshots": {}}, False),
        ({}, False),
        ([], False),
        (None, False),
        ({"archived_snapshots": {"closest": {**AVAILABLE, "status": "404"}}}, False),
        ({"archived_snapshots": {"closest": {**AVAILABLE, "available": False}}}, False),
        ({"archived_snapshots": {"closest": {**AVAILABLE, "timestamp": "2019"}}}, False),
        ({"archived_snapshots": {"closest": {**AVAILABLE, "timestamp": "20190230000000"}}}, False),
        (
            {
                "archived_snapshots": {
                    "closest": {
                        **AVAILABLE,
                        "url": "http://web.archive.org/web/20190115000000/http://other.example/",
                    }
                }
            },
            False,
        ),
        (
            {
                "archived_snapshots": {
                    "closest": {**AVAILABLE, "url": "https://evil.example/20190115000000"}
                }
            },
            False,
        ),
    ],
)
def test_no_capture_is_made_up(answer: object, good: bool) -> None:
    found = archives.closest_available(json.dumps(answer), "https://x.example/a")
    assert found == (
        Capture(
            "https://web.archive.org/web/20190115000000/http://www.x.example/a", date(2019, 1, 15)
        )
        if good
        else None
    )


def test_time_map() -> None:
    text = (
        '<http://x.example/a>; rel="original",\n<http://t.example/>; rel="self"; type="application/link-format",\n'
        '<http://w.example/1/http://x.example/a>; rel="first memento"; datetime="Tue, 15 Jan 2013 00:00:00 GMT",\n'
        '<http://w.example/2/http://x.example/a>; rel="memento"; datetime="Mon, 14 Jan 2019 00:00:00 GMT",\n<x>; rel="memento"; datetime="never"\n'
    )
    assert archives.closest_in_time_map(text, "https://x.example/a", date(2018, 6, 1)) == Capture(
        "https://w.example/2/http://x.example/a", date(2019, 1, 14)
    )
    assert archives.closest_in_time_map(text, "https://other.example/", date(2018, 6, 1)) is None
    assert archives.closest_in_time_map("", "https://x.example/a", date(2018, 6, 1)) is None


@pytest.mark.parametrize(
    ("page", "code", "text"),
    [
        (
            "<https://a..b/>",
            "L001",
            "https://a..b/ is malformed: the host 'a..b' is not a host name: a label may contain letters, digits and hyphens",
        ),
        ("[x](ftp://x.example/y)", "L002", "ftp://x.example/y: the scheme ftp: is never requested"),
        (
            "[x](http://192.168.1.20/p)",
            "L003",
            "http://192.168.1.20/p leads into a private network",
        ),
        (
            "[x](http://localhost:8000/)",
            "L003",
            "http://localhost:8000/ leads into a private network",
        ),
        (
            "[x](mailto:nobody)",
            "L004",
            "mailto:nobody is malformed: 'nobody' is not a mail address",
        ),
        (
            "[x](https://www.iso.org/standard/99999999.html)",
            "L005",
            "https://www.iso.org/standard/99999999.html is not in our extract of ISO's catalogue",
        ),
        (
            "[x](https://web.archive.org/web/2019/http://x.example/)",
            "L006",
            "https://web.archive.org/web/2019/http://x.example/ names no single capture",
        ),
        ("[x](https://web.archive.org/web/20190115000000/http://x.example/)", None, ""),
        ('[x](https://good.example/ "t") <mailto:a@b.example>', None, ""),
    ],
)
def test_rules_of_addresses_as_written(
    tmp_path: Path, page: str, code: str | None, text: str
) -> None:
    report = verdict_report.offline(inventory.gather(make(tmp_path, page), TODAY), Selection())
    assert [
        (finding.code, finding.message, finding.place.path, finding.place.line)
        for finding in report.findings
    ] == ([(code, text, "docs/index.md", 3)] if code else [])


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        (
            "label:club-page",
            "write #club-page for an anchor, club-page.md for a page, or an https: address",
        ),
        ("example.org:8080/y", "write https://example.org:8080/y"),
        ("ftp://x.example/y", "link to an https: address"),
    ],
)
def test_a_word_before_a_colon_is_told_from_a_scheme(tmp_path: Path, link: str, hint: str) -> None:
    taken = inventory.gather(make(tmp_path, f"[x]({link})"), TODAY)
    [found] = verdict_report.offline(taken, Selection()).findings
    assert (found.code, found.hint) == ("L002", hint)


@pytest.mark.parametrize("bib", [None, "", "% nothing yet\n", "@comment{nothing}\n", "\ufeff"])
@pytest.mark.parametrize("page", [None, "", "\n", "---\n---\n"])
@pytest.mark.parametrize("html", [False, True])
def test_where_there_is_nothing_nothing_is_wrong(
    tmp_path: Path, bib: str | None, page: str | None, html: bool
) -> None:
    for folder in ("docs", "references", "html"):
        (tmp_path / folder).mkdir()
    for path, text in (("docs/index.md", page), ("references/a.bib", bib)):
        if text is not None:
            (tmp_path / path).write_text(text, "utf-8")
    pages = tmp_path / "html" if html else None
    assert call(tmp_path, offline=True, html=pages) == (
        0,
        "0 links to 0 addresses checked offline: no faults, no pieces of advice\n",
    )
    status, text = call(tmp_path, html=pages)
    assert (status, text.splitlines()[-1]) == (
        0,
        "nothing known: no faults, no pieces of advice",
    )


def test_an_exception_fits_the_link_and_no_other_word_of_the_message(tmp_path: Path) -> None:
    page = "[x](ftp://a.example/see) [y](ftp://b.example/)"
    for address, left in (
        ("ftp://a.example/*", ["ftp://b.example/"]),
        ("*.example/[s]ee", ["ftp://a.example/see", "ftp://b.example/"]),
        ("asked", ["ftp://a.example/see", "ftp://b.example/"]),
    ):
        root = make(
            tmp_path,
            page,
            exceptions=f'{{code = "L002", address = "{address}", reason = "r", until = "2026-12-31"}}',
        )
        report = verdict_report.offline(inventory.gather(root, TODAY), Selection(("L002",)))
        assert [one.subject for one in report.findings] == left


def test_what_may_be_asked_is_no_finding(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        "[a](http://10.1.2.3/) [b](http://localhost/) [c](http://printer.local/) [d](http://[fd00::1]/)",
    )

    def private(*allowed: str) -> list[str]:
        return [
            finding["message"].split("/")[2]
            for finding in json.loads(
                call(root, offline=True, format="json", allow_private=list(allowed))[1]
            )
        ]

    assert private() == ["10.1.2.3", "localhost", "printer.local", "[fd00::1]"]
    assert private("10.0.0.0/8", "localhost", "fd00::/8") == ["printer.local"]


def test_a_run_is_remembered_and_the_next_asks_only_what_is_due(tmp_path: Path) -> None:
    def pages(server: Server) -> str:
        server.pages |= {
            "/good": reply(),
            "/old": leads_on("/good", "301 Moved Permanently"),
            "/wall": reply("", "403 Forbidden"),
            "/doubt": reply("<title>Page not found</title>"),
        }
        base = f"http://host.test:{server.port}"
        return (
            f"[a]({base}/good) [b]({base}/gone)\n[c]({base}/old) [d]({base}/wall) [e]({base}/doubt)"
        )

    def checks(server: Server, root: Path) -> None:
        base = f"http://host.test:{server.port}"
        status, text = call(root)
        assert status == 1
        assert (
            f"docs/index.md:3:{len(base) + 16}: L201 error: {base}/gone dead: the host has no such page (404) (hint: find the new address, or look for an archived copy at https://web.archive.org/web/*/{base}/gone)"
            in text
        )
        assert f"L202 advice: {base}/old moved: it moved permanently to {base}/good" in text
        assert f"L203 advice: {base}/wall blocked: it admits only browsers (403)" in text
        assert (
            f"L207 advice: {base}/doubt unknown: it answers 200, but says 'Page not found'" in text
        )
        assert text.endswith(
            "5 links to 5 addresses; 7 requests to 1 hosts for 5 pages\n1 ok, 1 moved, 1 dead, 1 blocked, 1 unknown: 1 fault, 3 pieces of advice\n"
        )
        first = (root / "references/links.jsonl").read_text()
        assert [json.loads(line)["address"].rpartition("/")[2] for line in first.splitlines()] == [
            "doubt",
            "gone",
            "good",
            "old",
            "wall",
        ]
        count = len(server.seen)
        assert call(root)[0] == 1
        assert len(server.seen) == count
        assert (root / "references/links.jsonl").read_text() == first
        assert call(root, TODAY + timedelta(days=1))[0] == 1
        assert len(server.seen) == count + 2
        assert call(root, TODAY + timedelta(days=1), fix=True, yes=True)[0] == 1
        assert f"[c]({base}/good)" in (root / "docs/index.md").read_text()
        assert "failures" in (root / "references/links.jsonl").read_text()

    online(tmp_path, pages, checks)


MOVED = """# T

[a](http://x.example/old) and <http://x.example/old>, [ref] and [ref][], [long][ref], <a title="x" href='http://x.example/old'>h</a>

[zh](http://x.example/杭州) <a href="http://x.example/q?a&amp;b">amp</a> [near](http://x.example/older) [split](http://x.example/o\\*ld)

[ref]: http://x.example/old "t"

:::{image} http://x.example/old
:::
"""


def test_new_addresses_are_written_wherever_the_old_ones_stand(tmp_path: Path) -> None:
    root = make(tmp_path)
    page, bib, data = (
        root / name for name in ("docs/index.md", "references/a.bib", "references/d.json")
    )
    page.write_text(MOVED, "utf-8", newline="\n")
    bib.write_bytes(b"@online{a, url = {http://x.example/a\\_b}}\r\n")
    data.write_text('{"u": "http:\\/\\/x.example\\/old"}\n', "utf-8")
    links = inventory.gather(root, TODAY)
    moved = [
        Fix(
            link.place,
            link.text,
            link.text.replace("http://x.example/", "https://y.example/new_"),
        )
        for link in inventory.collect(root)
        if not link.text.endswith("older")
    ]
    assert len(links.addresses) == 6
    files, left = fixes.changed(moved, root, write_address)
    assert files[page][1] == MOVED.replace(
        "http://x.example/old)", "https://y.example/new_old)"
    ).replace("http://x.example/old>", "https://y.example/new_old>").replace(
        "http://x.example/old'", "https://y.example/new_old'"
    ).replace("http://x.example/old ", "https://y.example/new_old ").replace(
        "http://x.example/old\n", "https://y.example/new_old\n"
    ).replace("http://x.example/杭州", "https://y.example/new_%E6%9D%AD%E5%B7%9E").replace(
        "http://x.example/q", "https://y.example/new_q"
    )
    assert files[bib][1] == "@online{a, url = {https://y.example/new\\_a\\_b}}\r\n"
    assert files[data][1] == '{"u": "https:\\/\\/y.example\\/new_old"}\n'
    assert [(fix.place.line, fix.old) for fix in left] == [(5, "http://x.example/o*ld")]


def test_a_dead_network_is_blamed_and_shows_what_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def pages(server: Server) -> str:
        server.pages |= {f"/{number}": reply() for number in range(11)}
        return " ".join(
            f"[x](http://h{number}.test:{server.port}/{number})" for number in range(12)
        )

    def checks(server: Server, root: Path) -> None:
        assert call(root)[0] == 1
        before = (root / "references/links.jsonl").read_bytes()
        for number in range(12):
            server.pages[f"/{number}"] = reply("", "502 Bad Gateway")
        status, out = call(root, all=True)
        assert status == 2
        assert "/11 dead: " in out
        assert (
            "12 of 12 links failed at once (the host answers 502: 12):"
            " the fault lies with the network, not with the links; the memory is unchanged"
        ) in capsys.readouterr().err
        assert (root / "references/links.jsonl").read_bytes() == before
        assert call(root, all=True, trust_network=True)[0] == 0
        assert (root / "references/links.jsonl").read_bytes() != before

    online(tmp_path, pages, checks)


def test_where_other_hosts_answer_failures_count_from_the_second_run(tmp_path: Path) -> None:
    def pages(server: Server) -> str:
        server.pages |= {f"/{number}": reply() for number in range(10)}
        return " ".join(
            f"[x](http://h{number}.test:{server.port}/{number})" for number in range(10)
        )

    def checks(server: Server, root: Path) -> None:
        for number in range(3):
            server.pages[f"/{number}"] = reply("", "502 Bad Gateway")
        status, out = call(root)
        assert status == 0
        assert (
            "3 of 10 links failed at once (the host answers 502: 3), while 7 hosts answered" in out
        )
        known = memory.load(root / "references/links.jsonl")[0].values()
        assert [len(record.failures) for record in known] == [0] * 10
        for day in (7, 14, 21):
            status, out = call(root, TODAY + timedelta(days=day), all=True)
        assert status == 1
        assert out.count("dead: it has failed since 30 November 2026: the host answers 502") == 3

    online(tmp_path, pages, checks)


def test_a_killed_run_keeps_what_it_saw(tmp_path: Path) -> None:
    path = tmp_path / "links.jsonl"
    journal = memory.Journal(path)
    record = Record("https://x.example/", TODAY).after(seen("ok"), TODAY)
    journal.add(record)
    journal.flush()
    left = tmp_path / ".links.jsonl.seen.new"
    left.write_text(left.read_text("utf-8") + '{"address": "https://cut', "utf-8")
    known, problems = memory.load(path)
    assert (known, problems) == ({record.address: record}, [])
    journal.close()
    memory.save(path, known.values())
    assert [one.name for one in tmp_path.iterdir()] == ["links.jsonl"]


def test_a_pull_request_is_asked_only_what_it_adds(tmp_path: Path) -> None:
    git = partial(subprocess.run, cwd=tmp_path, check=True, capture_output=True)

    def pages(server: Server) -> str:
        server.pages |= {"/new": reply()}
        return f"[old](http://host.test:{server.port}/old)"

    def checks(server: Server, root: Path) -> None:
        for arguments in (
            ["init", "-q"],
            ["add", "."],
            ["-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "x"],
        ):
            git(["git", *arguments])
        with (root / "docs/index.md").open("a") as stream:
            stream.write(f"\n[new](http://host.test:{server.port}/new)\n")
        assert call(root, changed="HEAD") == (
            0,
            "2 links to 2 addresses; 1 requests to 1 hosts for 1 pages\n1 ok: no faults, no pieces of advice\n",
        )
        assert [request.path for request in server.seen] == ["/new"]
        # a page that git does not know yet is new, and so is a link whose definition changed
        server.pages["/page"] = server.pages["/defined"] = reply()
        (root / "docs/page.md").write_text(
            f"# T\n\n<http://host.test:{server.port}/page> [x][r] [r]\n\n[r]: http://host.test:{server.port}/defined\n"
        )
        git(["git", "add", "docs/page.md"])
        git(["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "y"])
        (root / "docs/page.md").write_text(
            (root / "docs/page.md").read_text().replace("/defined", "/redefined")
        )
        (root / "docs/other.md").write_text(f"# T\n\n<http://host.test:{server.port}/untracked>\n")
        count = len(server.seen)
        assert call(root, changed="HEAD")[0] == 1
        assert sorted(request.path for request in server.seen[count:]) == [
            "/new",
            "/redefined",
            "/untracked",
        ]
        # an exception for a link that is not looked at is not called unused
        (root / "pyproject.toml").write_text(
            '[tool.handbook.checks]\nexceptions = [{code = "L203", address = "http://wall.example/*", reason = "r", until = "2026-12-31"}]\n'
        )
        assert "L703" not in call(root, changed="HEAD")[1]
        assert "L703" in call(root)[1]
        assert call(root, changed="nosuch")[0] == 2

    online(tmp_path, pages, checks)


def time_map(address: str, *captures: tuple[str, str]) -> bytes:
    lines = [
        f'<{address}>; rel="original"',
        *(
            f'<http://web.archive.org/web/{stamp}/{address}>; rel="memento"; datetime="{day} 00:00:00 GMT"'
            for stamp, day in captures
        ),
    ]
    return reply(",\n".join(lines), kind="application/link-format")


def test_archives_are_asked_for_what_is_dead(tmp_path: Path) -> None:
    """First by the availability answer, near the source's date; what it does not know, by the time map. Nothing else is asked."""

    async def go() -> None:
        async with Server() as server:
            base = f"http://host.test:{server.port}"
            gone, mapped, never, good = (
                f"{base}/{name}" for name in ("gone", "mapped", "never", "good")
            )
            capture = {
                "url": f"http://web.archive.org/web/20190115000000/{gone}",
                "timestamp": "20190115000000",
                "status": "200",
                "available": True,
            }
            server.pages |= {
                "/good": reply(),
                "/available": reply(
                    json.dumps({"archived_snapshots": {}}), kind="application/json"
                ),
                f"/available?url={quote(gone, safe='')}&timestamp=20190114": reply(
                    json.dumps({"archived_snapshots": {"closest": capture}}),
                    kind="application/json",
                ),
                f"/map/{mapped}": time_map(
                    mapped,
                    ("20180101000000", "Mon, 01 Jan 2018"),
                    ("20200101000000", "Wed, 01 Jan 2020"),
                ),
            }
            bib = f"@online{{a, title={{T}}, publisher={{P}}, date={{2019-01-14}}, url={{{gone}}}, urldate={{2026-11}}, langid={{en}}, keywords={{press}}}}\n"
            links = inventory.gather(
                make(tmp_path, f"[m]({mapped}) [m]({mapped}#x) [n]({never}) [g]({good})", bib),
                TODAY,
            )
            world = World()
            plan = survey.Plan(archives=(f"{base}/available", f"{base}/map/"), trust_network=True)
            report = await survey.online(
                links,
                Client(fast(), lookup=world.lookup, clock=world.clock, sleep=world.sleep),
                plan,
            )
            captures = {key: record.capture for key, record in report.records.items()}
            assert captures == {
                gone: Capture(
                    f"https://web.archive.org/web/20190115000000/{gone}", date(2019, 1, 15)
                ),
                never: None,
                good: None,
                **dict.fromkeys(
                    (mapped, f"{mapped}#x"),
                    Capture(
                        f"https://web.archive.org/web/20200101000000/{mapped}", date(2020, 1, 1)
                    ),
                ),
            }
            assert sorted(
                request.path for request in server.seen if request.path.startswith("/map/")
            ) == [f"/map/{mapped}", f"/map/{never}"]
            assert memory.archived_copies(report.records) == {
                key: capture for key, capture in captures.items() if capture
            }
            assert any(
                "cite the archived copy of 2019-01-15: https://web.archive.org/web/20190115000000/"
                in finding.hint
                for finding in report.findings
            )

    asyncio.run(go())


def test_a_time_map_that_is_cut_off_names_no_capture(tmp_path: Path) -> None:
    """The closest capture may stand in the part that was not read."""

    async def go() -> None:
        async with Server() as server:
            gone = f"http://host.test:{server.port}/gone"
            server.pages[f"/map/{gone}"] = time_map(
                gone, *([("20180101000000", "Mon, 01 Jan 2018")] * 4000)
            )
            links = inventory.gather(make(tmp_path, f"[x]({gone})"), TODAY)
            world = World()
            plan = survey.Plan(
                archives=(
                    f"http://host.test:{server.port}/none",
                    f"http://host.test:{server.port}/map/",
                )
            )
            report = await survey.online(
                links,
                Client(fast(), lookup=world.lookup, clock=world.clock, sleep=world.sleep),
                plan,
            )
            assert f"/map/{gone}" in server.counts
            assert report.records[gone].capture is None

    asyncio.run(go())


@pytest.mark.parametrize(
    ("body", "status", "verdict"),
    [
        ('{"responseCode": 1}', 200, "ok"),
        ('{"responseCode": 100}', 404, "dead"),
        ("<html>", 200, "unknown"),
        ("", 503, "unknown"),
        ("", 403, "blocked"),
        ("[]", 200, "unknown"),
    ],
)
def test_dois_are_judged_by_their_register(body: str, status: int, verdict: str) -> None:
    assert (
        verdicts.observe_doi(
            Answer("https://doi.org/api/handles/10.1/x", status, text=body)
        ).verdict
        == verdict
    )


def test_iso_standards_are_judged_by_the_catalogue() -> None:
    """No host is asked for a number that the catalogue has."""
    links = inventory.Links(ROOT, TODAY, deliverables=Catalogue.read(ROOT / "references")[0].by_id)
    links.addresses = {
        "https://www.iso.org/standard/61885.html": inventory.address.read(
            "https://www.iso.org/standard/61885.html"
        )
    }
    links.places = {key: [inventory.Link(Place("docs/x.md"), key)] for key in links.addresses}

    async def never(host: str) -> list[str]:
        raise AssertionError(host)

    report = asyncio.run(
        survey.online(
            links, Client(fast(), lookup=never), survey.Plan(only=frozenset({("docs/x.md", 1)}))
        )
    )
    assert report.verdicts == {Verdict.OK: 1}


def test_whoever_excepts_a_blocked_link_is_not_asked_to_look_again(tmp_path: Path) -> None:
    """L208 comes after thirty days, once, and falls silent with the exception from L203."""

    def pages(server: Server) -> str:
        server.pages["/wall"] = reply("", "403 Forbidden")
        return f"[x](http://host.test:{server.port}/wall)"

    def checks(server: Server, root: Path) -> None:
        def codes(days: int) -> list[str]:
            return [
                one["code"]
                for one in json.loads(call(root, TODAY + timedelta(days=days), format="json")[1])
            ]

        assert codes(0) == ["L203"]
        assert codes(30) == ["L203"]
        assert codes(31) == ["L203", "L208"]
        make(
            root,
            f"[x](http://host.test:{server.port}/wall)",
            exceptions='{code = "L203", address = "http://host.test*", reason = "seen", until = "2027-01-31"}',
        )
        assert codes(32) == []

    online(tmp_path, pages, checks)


def finding(code: str, message: str, path: str = "docs/x.md") -> Finding:
    return Finding(Place(path), code, message, "fix it", message.split(" ", 1)[0])


def test_exceptions_have_an_end_and_a_use(tmp_path: Path) -> None:
    from handbook.rules.exceptions import Exceptions

    root = make(
        tmp_path,
        exceptions="""
      {code = "L203", address = "https://wall.example/*", reason = "r", until = "2026-12-31"},
      {code = "L203", address = "https://past.example/*", reason = "r", until = "2026-01-31"},
      {code = "L201", path = "docs/y.md", reason = "r", until = 2026-12-31},
      {code = "L204", text = "unused", path = "*", reason = "r", until = "2026-12-31"},
      {code = "L999", address = "x", reason = "r", until = "2026-12-31"}, {code = "L201"},
      {code = "D401", path = "docs/x.md", reason = "not ours", until = "2026-12-31"},
    """,
    )
    known = Exceptions("L")
    known.read_project(root / "pyproject.toml")
    assert [one.message for one in known.findings] == [
        "'L999' is not the code of a rule",
        "an exception lacks 'reason' and 'until'",
        "an exception lacks 'path' or 'address'",
    ]
    found = [
        finding("L203", "https://wall.example/a blocked: 403"),
        finding("L203", "https://past.example/a blocked"),
        finding("L203", "https://other.example/ blocked"),
        finding("L201", "x", "docs/y.md"),
    ]
    kept = [one for one in known.apply(found, TODAY, CODES) if one.code != "L701"]
    assert [(one.code, one.message) for one in kept] == [
        ("L203", "https://past.example/a blocked"),
        ("L203", "https://other.example/ blocked"),
        ("L702", "the exception from L203 for https://past.example/* ended on 2026-01-31"),
        ("L703", "the exception from L204 for * matches no finding"),
    ]
    assert not [one for one in known.apply([], TODAY, {"L001"}) if one.code == "L703"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--delay", "soon"], "'soon' is not a number of seconds: write 0.5"),
        (["--delay", "-1"], "'-1' is not a number of seconds"),
        (["--time-limit", "nan"], "'nan' is not a number of seconds"),
        (["--per-host", "0"], "'0' is not a number from 1 to 1000"),
        (["--concurrency", "٣"], "is not a number from 1 to 1000"),
        (["--today", "2026-02-30"], "is not a day of the form YYYY-MM-DD"),
        (
            ["--contact", "x) evil (\r\nHost: a"],
            "is not an address: write https://host/path or mailto:name@host",
        ),
    ],
)
def test_wrong_values_of_options_are_told(arguments: list[str], message: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/check_links.py", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert message in done.stderr


def test_manners_and_contact_of_the_command_reach_the_client(tmp_path: Path) -> None:
    given: list[Settings] = []

    def client(settings: Settings) -> Client:
        given.append(settings)
        return Client(settings)

    options = argparse.Namespace(
        root=make(tmp_path),
        **{
            **OPTIONS,
            "concurrency": 9,
            "per_host": 3,
            "delay": 0.25,
            "time_limit": 7.0,
            "contact": "https://x.example/us",
        },
    )
    assert links_command.main(options, TODAY, io.StringIO(), client) == 0
    (settings,) = given
    assert (settings.concurrency, settings.per_host, settings.delay, settings.time_limit) == (
        9,
        3,
        0.25,
        7.0,
    )
    assert settings.user_agent.endswith("; +https://x.example/us)")


@pytest.mark.parametrize("form", findings.FORMS)
def test_forms_of_output(tmp_path: Path, form: str) -> None:
    status, text = call(make(tmp_path, "[x](ftp://x.example/)"), offline=True, format=form)
    assert status == 1
    assert "L002" in text
    if form == "json":
        json.loads(text)
    if form == "markdown":
        assert text.startswith("# Links to fix\n\n## L002 (1)\n\n")


def test_markdown_report_cannot_be_broken_by_a_message() -> None:
    text = findings.as_markdown(
        [Finding(Place("a.md"), "L201", "a <b> *c* @d [e](f)\n# g", "m", Severity.ERROR)], "H", {}
    )
    assert "- `a.md:1:1` a \\<b\\> \\*c\\* @\u200bd \\[e\\](f) # g. *Hint:* m\n" in text
    assert findings.as_markdown([], "H", {}) == "# H\n\nNothing to fix.\n"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"select": ["X1"]}, "no rule begins with 'X1'"),
        (
            {"allow_private": ["10.0.0.1/8"]},
            "--allow-private 10.0.0.1/8: 10.0.0.1/8 has host bits set",
        ),
        ({"html": Path("nowhere")}, "is not a folder"),
        ({"explain": "L9"}, "there is no rule 'L9'"),
        ({"changed": "--output=x"}, "is not a commit"),
    ],
)
def test_wrong_calls_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, object], message: str
) -> None:
    assert call(make(tmp_path), **changes)[0] == 2
    assert message in capsys.readouterr().err


def test_a_folder_without_pages_is_no_handbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(tmp_path)[0] == 2
    assert "is not a handbook" in capsys.readouterr().err


def test_changed_places_and_former_pages() -> None:
    diff = '--- a/docs/a.md\n+++ b/docs/a.md\n@@ -1,0 +2,2 @@\n+x\n+y\n@@ -9 +11 @@\n-old\n+new\n--- /dev/null\n+++ "b/docs/\\346\\235\\255.md"\n@@ -0,0 +1 @@\n+z\n'
    assert git_history.added_lines(diff) == {
        ("docs/a.md", 2),
        ("docs/a.md", 3),
        ("docs/a.md", 11),
        ("docs/杭.md", 1),
    }
    log = "R100\tdocs/a.md\tdocs/b.md\nD\tdocs/c.md\nD\tdocs/back.md\nD\ttools/x.md\n"
    assert git_history.gone_pages(log, ["back.md"]) == {
        "a.md": "renamed to docs/b.md",
        "c.md": "deleted",
    }


def test_every_verdict_of_the_network_has_its_rule() -> None:
    assert set(VERDICT_CODES) == set(Verdict) - {Verdict.OK, Verdict.MALFORMED}
    assert set(VERDICT_CODES.values()) <= CODES


def test_the_page_says_what_the_check_does() -> None:
    text = (ROOT / "docs" / "contributing" / "links.md").read_text("utf-8")
    rows = [
        f"| `{reason}` | {words} | {verdict} | {'yes' if again else 'no'} |"
        for reason, (verdict, again, words) in FAULTS.items()
    ]
    faults = text.partition("(contributing-links-faults)=")[2]
    assert [line for line in faults.splitlines() if line.startswith("| `")] == rows
    assert [
        line.split("|")[1].strip() for line in text.partition("Verdicts")[2].splitlines()[4:12]
    ] == list(Verdict)
    manners = Settings()
    times: dict[int, list[str]] = {}
    for one, days in memory.TIME_TO_LIVE.items():
        times.setdefault(days, []).append(one)
    for words in (
        (
            f"after failures on {memory.DEAD_AFTER_FAILURES} days that are at least"
            f" {memory.DEAD_AFTER_DAYS} days apart"
        ),
        *(
            f"{days} {'day' if days == 1 else 'days'} ({', '.join(names)})"
            for days, names in times.items()
        ),
        f"unknown or blocked for more than {memory.UNKNOWN_TOO_LONG} days",
        f"at most {manners.per_host} requests at a time, {manners.delay:g} seconds apart",
        f"all hosts together get at most {manners.concurrency}\n",
        f"obeys `Retry-After` up to {manners.longest_wait:g} seconds",
        f"refuses {3 * manners.tries} times in a row",
        f"up to {manners.tries} times, each time later",
        (
            f"ends after {manners.deadline:g} seconds,"
            f" a chain of redirects after {manners.hops} steps,"
            f" a run after {manners.time_limit / 60:g} minutes"
        ),
    ):
        assert words in text


def test_the_page_tells_each_reason_and_what_comes_of_it() -> None:
    text = (ROOT / "docs" / "contributing" / "links.md").read_text("utf-8")
    rows = []
    for reason, (verdict, words) in REASONS.items():
        certain = reason in {"404", "410", "doi"}
        record, days = Record("https://x.example/", TODAY), []
        for day in range(0, 28, 7):
            one = seen(verdict, reason, certain)
            record = record.after(one, TODAY + timedelta(days=day))
            days.append(str(record.verdict))
        rows.append(f"| `{reason}` | {words} | {days[0]} | {days[-1]} |")
    told = text.partition("(contributing-links-reasons)=")[2].partition("\n(")[0]
    assert [line for line in told.splitlines() if line.startswith("| `")] == rows
    blocked = sorted(verdicts._BLOCKING)
    assert f"{', '.join(map(str, blocked[:-1]))} and {blocked[-1]} are *blocked*" in told


def test_each_reason_has_words_and_each_word_is_given_as_a_reason() -> None:
    given, literals = set(), set()
    for path in (ROOT / "tools/handbook/linkcheck").glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        tables = {"FAULTS", "REASONS"}
        for part in tree.body:
            if isinstance(part, ast.AnnAssign) and ast.unparse(part.target) in tables:
                continue
            for node in ast.walk(part):
                match node:
                    case ast.Constant(value=str(text)):
                        literals.add(text)
                    case ast.Tuple(elts=parts) | ast.Call(args=parts):
                        given.update(_reason(parts))
                    case ast.keyword(arg="reason", value=ast.Constant(value=str(text))):
                        given.add(text)
    known = set(REASONS) | set(FAULTS)
    assert given - known == set()
    assert {one for one in known - literals if not one.isdigit()} == set()


def _reason(parts: list[ast.expr]) -> set[str]:
    """The reason that stands after a verdict, or in a fault."""
    match parts:
        case [ast.Attribute(value=ast.Name(id="Verdict")), ast.Constant(value=str(text)), *_]:
            return {text}
    return set()


def test_explain(tmp_path: Path) -> None:
    status, text = call(tmp_path, explain="l201")
    assert status == 0
    assert text.startswith("L201 (links)\n\nNo link is dead. A link")


def test_ctrl_c_saves_what_came_back(tmp_path: Path) -> None:
    async def go() -> None:
        async with Server() as server:

            async def hung(request: object, writer: asyncio.StreamWriter) -> None:
                await asyncio.sleep(30)

            server.pages["/good"] = reply()
            server.handlers["/hung"] = hung
            links = inventory.gather(
                make(
                    tmp_path,
                    f"[x](http://a.test:{server.port}/good) [y](http://b.test:{server.port}/hung)",
                ),
                TODAY,
            )
            task = asyncio.create_task(
                survey.online(
                    links, Client(fast(deadline=30), lookup=World().lookup), survey.Plan()
                )
            )
            while len(server.seen) < 2:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            task.cancel()
            report = await task
            assert report.stopped
            assert [record.address for record in report.records.values()] == [
                f"http://a.test:{server.port}/good"
            ]

    asyncio.run(go())


def test_unknown_faults_have_words() -> None:
    from handbook.linkcheck.verdicts import observe

    for kind in FAULTS:
        assert observe(
            "https://x.example/", Answer("https://x.example/", fault=Fault(kind))
        ).message
