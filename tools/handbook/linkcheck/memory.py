"""What earlier runs saw: one line of JSON per address, sorted, kept in the repository.

A line changes only when its address was requested, so that a weekly run leaves a short diff. All
days are ISO dates.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TextIO

from handbook import files
from handbook.linkcheck.verdicts import FAILED, GOOD, SUSPECT, Observation, Verdict
from handbook.rules.findings import Finding, Place

#: An address is dead after failures on this many days ...
DEAD_AFTER_FAILURES = 3
#: ... if the first and the last of them are this many days apart.
DEAD_AFTER_DAYS = 6
#: Days after which a person must look at a link that is still unknown.
UNKNOWN_TOO_LONG = 30
#: Days after which an address is asked again, before its jitter of up to a quarter.
TIME_TO_LIVE = {
    Verdict.OK: 14,
    Verdict.MOVED: 14,
    Verdict.BLOCKED: 7,
    Verdict.DEAD: 7,
    Verdict.INSECURE: 7,
    Verdict.UNKNOWN: 1,
}
_KEPT_FAILURES = 10
#: The file name of the memory in the folder of the references.
FILE = "links.jsonl"
#: Its path in the handbook.
MEMORY = f"references/{FILE}"


@dataclass(frozen=True, slots=True)
class Capture:
    """An archived copy that an archive has reported: its address and the day on which it was
    taken.
    """

    url: str
    taken: date


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one address.

    ``failures`` are the days on which it has failed since its last success.
    """

    address: str
    first_seen: date
    asked: date | None = None
    last_ok: date | None = None
    seen: Verdict = Verdict.UNKNOWN
    reason: str = ""
    certain: bool = True
    failures: tuple[date, ...] = ()
    final: str = ""
    type: str = ""
    capture: Capture | None = None

    @property
    def verdict(self) -> Verdict:
        """Return the verdict of all days together: dead at once if unmistakable, otherwise after
        failures on several days.
        """
        if self.seen is Verdict.DEAD and not self.certain and not self._long_failing:
            return Verdict.UNKNOWN
        if self.seen is Verdict.UNKNOWN and self._long_failing and self.reason not in NO_SIGN:
            return Verdict.DEAD
        return self.seen

    @property
    def _long_failing(self) -> bool:
        return (
            len(self.failures) >= DEAD_AFTER_FAILURES
            and (self.failures[-1] - self.failures[0]).days >= DEAD_AFTER_DAYS
        )

    def due(self, today: date) -> bool:
        """Return whether it is time to ask again.

        The jitter is derived from the address, so that links do not all fall due together.
        """
        if self.asked is None or self.asked > today:
            return True
        days = TIME_TO_LIVE.get(self.verdict, 1)
        jitter = int.from_bytes(hashlib.sha256(self.address.encode()).digest()[:2]) % (
            days // 4 + 1
        )
        return (today - self.asked).days >= days + jitter

    def after(self, seen: Observation, today: date, counts: bool = True) -> Record:
        """Return the record after one more attempt.

        :param counts: whether a failure may be held against the link
        """
        good = seen.verdict in GOOD
        failed = counts and seen.verdict in FAILED and seen.reason not in NOT_ASKED | NO_SIGN
        failures = () if good else self.failures
        if failed and today not in failures:
            failures = (*failures, today)
            # the first day shows how long it has failed, the last ones that it still does
            if len(failures) > _KEPT_FAILURES:
                failures = (failures[0], *failures[-_KEPT_FAILURES + 1 :])
        return Record(
            self.address,
            self.first_seen,
            asked=today,
            last_ok=today if good else self.last_ok,
            seen=seen.verdict,
            reason=seen.reason,
            certain=seen.certain,
            failures=failures,
            final=seen.moved_to,
            type=seen.type or self.type,
            capture=self.capture,
        )


#: Reasons of observations for which nothing was sent: they add nothing about the link.
NOT_ASKED = frozenset({"host-silent", "host-refuses", "time-limit"})
#: Reasons about what the check cannot see, or only suspects: however long they last, they make no
#: link dead.
NO_SIGN = SUSPECT | {
    "body",
    "doi-unclear",
    "issuer",
    "long-page",
    "not-http",
    "script-anchor",
    "silent-corner",
}


def load(path: Path) -> tuple[dict[str, Record], list[Finding]]:
    """Read the memory, and find lines that cannot be read, which are left out.

    A missing file is an empty memory. What a killed run had seen counts too.
    """
    records: dict[str, Record] = {}
    findings: list[Finding] = []

    def fault(line: int, message: str) -> None:
        hint = "resolve the conflict, or delete the line"
        findings.append(Finding(Place(MEMORY, line), "L301", message, hint))

    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _journal(path), findings
    except OSError as error:
        fault(1, f"the file cannot be read: {error.strerror}")
        return records, findings
    for number, raw in enumerate(data.split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            record = _read(json.loads(raw.decode("utf-8-sig")))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            fault(number, f"this is not a record: {type(error).__name__} {error}")
            continue
        if record.address in records:
            fault(number, f"{record.address} has two records")
        records[record.address] = record
    return records | _journal(path), findings


def _journal(path: Path) -> dict[str, Record]:
    records: dict[str, Record] = {}
    # the last line may be cut off
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        for raw in _journal_path(path).read_bytes().split(b"\n"):
            record = _read(json.loads(raw))
            records[record.address] = record
    return records


def _journal_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.seen.new")


class Journal:
    """What a run sees, appended as it comes: a killed run loses its last moments only.

    The next save of the memory includes it.
    """

    def __init__(self, path: Path) -> None:
        self._path = _journal_path(path)
        self._new: list[Record] = []
        self._file: TextIO | None = None

    def add(self, record: Record) -> None:
        """Append a record with the next flush."""
        self._new.append(record)

    def flush(self) -> None:
        """Write what has been added."""
        if not self._new:
            return
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("a", encoding="utf-8", newline="\n")
        self._file.writelines(map(line, self._new))
        self._file.flush()
        self._new.clear()

    def close(self) -> None:
        """Close the file, and leave it to the next save."""
        self.flush()
        if self._file:
            self._file.close()


def _read(row: Mapping[str, object]) -> Record:
    def day(name: str) -> date | None:
        return date.fromisoformat(str(row[name])) if row.get(name) else None

    def text(name: str) -> str:
        value = row.get(name, "")
        if not isinstance(value, str):
            raise TypeError(f"{name} is not text")
        return value

    failures = row.get("failures", [])
    capture = row.get("capture")
    if not isinstance(failures, list) or not (capture is None or isinstance(capture, dict)):
        raise TypeError("failures or capture has the wrong form")
    if not text("address"):
        raise KeyError("address")
    return Record(
        address=text("address"),
        first_seen=date.fromisoformat(text("first_seen")),
        asked=day("asked"),
        last_ok=day("last_ok"),
        seen=Verdict(text("seen") or "unknown"),
        reason=text("reason"),
        certain=row.get("certain", True) is not False,
        failures=tuple(sorted(date.fromisoformat(one) for one in failures)),
        final=text("final"),
        type=text("type"),
        capture=(
            Capture(str(capture["url"]), date.fromisoformat(str(capture["taken"])))
            if capture
            else None
        ),
    )


_JSON = json.JSONEncoder(ensure_ascii=False)


# what a run sees is written twice: to the journal, then to the memory
@cache
def line(record: Record) -> str:
    """Return one record as its line; empty fields are left out."""
    row: dict[str, object] = {
        "address": record.address,
        "first_seen": record.first_seen.isoformat(),
    }
    for name in ("asked", "last_ok"):
        if (value := getattr(record, name)) is not None:
            row[name] = value.isoformat()
    row["seen"] = str(record.seen)
    for name in ("reason", "final", "type"):
        if value := getattr(record, name):
            row[name] = value
    if not record.certain:
        row["certain"] = False
    if record.failures:
        row["failures"] = [one.isoformat() for one in record.failures]
    if record.capture:
        row["capture"] = {"url": record.capture.url, "taken": record.capture.taken.isoformat()}
    return _JSON.encode(row) + "\n"


def save(path: Path, records: Iterable[Record]) -> None:
    """Write the memory sorted by address; an interruption leaves the old file intact.

    :raises OSError: if it cannot be written
    """
    text = "".join(map(line, sorted(records, key=lambda record: record.address)))
    files.write({path: text.encode("utf-8"), _journal_path(path): None})


def long_unknown(record: Record, today: date) -> bool:
    """Return whether a person should look: no success for long, and not certainly dead either."""
    since = record.last_ok or record.first_seen
    return record.verdict in {Verdict.UNKNOWN, Verdict.BLOCKED} and today - since > timedelta(
        days=UNKNOWN_TOO_LONG
    )


def archived_copies(records: Mapping[str, Record]) -> dict[str, Capture]:
    """Return the known archived copy of each dead address, for the bibliography."""
    return {
        key: record.capture
        for key, record in records.items()
        if record.capture and record.verdict is Verdict.DEAD
    }
