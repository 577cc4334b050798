"""Read, select, correct, compare, prepare, and only then write."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from handbook import files
from handbook.catalogueupdate import carry, differences, overrides, reader, report, selection
from handbook.catalogueupdate.extract import Extract
from handbook.catalogueupdate.origin import Opened, Progress, opened
from handbook.catalogueupdate.report import Findings, day_text
from handbook.catalogueupdate.selection import Row
from handbook.cli import HandbookError
from handbook.model import edtf, stubs
from handbook.model.catalogue import Catalogue, CatalogueError

#: The share of our rows that may be missing from ISO's file, or may lose a value, before the file
#: counts as damaged.
LOSS = 0.10
_KINDS = ("deliverables", "committees")
_LISTS = ("families.yaml", "relations.yaml", "profile.yaml")


@dataclass
class Outcome:
    """The result of an update. ``files`` is what it would write, ``None`` for a file to delete;
    ``report`` is Markdown.
    """

    report: str
    day: date
    files: dict[Path, bytes | None] = field(default_factory=dict)

    @property
    def due(self) -> bool:
        """Return whether there is something to write."""
        return bool(self.files)

    def write(self) -> None:
        """Write the files."""
        files.write(self.files)


def prepare(
    root: Path,
    deliverables: str,
    committees: str | None,
    today: date,
    *,
    day: date | None = None,
    accept_loss: bool = False,
    advance: bool = False,
    progress: Callable[[str], Progress] | None = None,
    pause: float = 2.0,
) -> Outcome:
    """Work out what an update would change; write nothing.

    :param root: the handbook's folder
    :param deliverables: file or address of ISO's deliverables
    :param committees: file or address of ISO's committees; ``None`` leaves ours as they are
    :param today: the day of the update
    :param day: the day that the files describe, if it is known better than from their own dates
    :param accept_loss: go on although more rows or values are missing than in an intact file
    :param advance: give the extract the new day even if nothing else has changed
    :param progress: returns, for each step, a function that is called with the progress
    :param pause: seconds before a second attempt at an address
    :raises HandbookError: if the files or the handbook are not in order
    """
    step = progress or (lambda what: lambda done, total: None)
    folder = root / "references" / "iso"
    before = Extract.load(folder)
    corrections = overrides.read(folder / "overrides.yaml")
    found = Findings(
        before=before, after=before, day=before.day, without_committees=committees is None
    )
    with ExitStack() as stack:
        source = stack.enter_context(
            opened(deliverables, today, step("fetching the deliverables"), pause)
        )
        more = (
            stack.enter_context(opened(committees, today, step("fetching the committees"), pause))
            if committees
            else None
        )
        found.day = _day(day or source.day, source, before, today)
        ours = selection.deliverables(
            reader.rows(source, step("reading the deliverables")),
            source.name,
            before.wanted,
            before.deliverables,
        )
        owners = {row["ownerCommittee"] for row in ours.rows.values()} | {
            str(one.value) for one in corrections if one.field == "ownerCommittee"
        }
        theirs = None
        if more:
            theirs = selection.committees(
                reader.rows(more, step("reading the committees")),
                more.name,
                before.wanted,
                before.committees,
                owners,
            )
    found.read = {"deliverables": ours.read, **({"committees": theirs.read} if theirs else {})}
    found.left_out, found.new_fields = ours.left_out, ours.new_fields
    found.overrides = overrides.apply(corrections, "deliverables", ours.rows)
    for id_, row in ours.rows.items():
        selection.check_deliverable(row, before.stages, ours.places[id_])
    if theirs:
        found.overrides += overrides.apply(corrections, "committees", theirs.rows)
        for id_, row in theirs.rows.items():
            selection.check_committee(row, theirs.places[id_])
    found.gone = _losses(before.deliverables, ours.rows, "deliverables", source.name, accept_loss)
    if theirs and more:
        found.gone += _losses(before.committees, theirs.rows, "committees", more.name, accept_loss)
    after = before.merged(ours.rows, theirs.rows if theirs else None, found.day)
    _owners(after, more.name if more else None)
    changes = differences.compare(before, after)
    if changes or after.files() != before.files() or advance:
        after = after.dated(found.day, bool(theirs))
    found.after = after
    wanted = _files(root, before, after, changes, found)
    _stands(root, wanted)
    return Outcome(report.markdown(changes, found), found.day, _differing(root, wanted))


def _day(day: date, source: Opened, before: Extract, today: date) -> date:
    if day > today:
        raise HandbookError(
            f"{source.name} is dated {day}, which is in the future (today is {today})",
            "set the clock, or give the true day with --as-of",
        )
    if day < before.day:
        raise HandbookError(
            f"{source.name} is dated {day}, but the handbook already has {before.day}",
            "take a newer file; if this one is newer than it looks, give its day with --as-of",
        )
    return day


def _owners(after: Extract, name: str | None) -> None:
    """Check that each deliverable's committee is in the extract: its page shows the committee's
    title.
    """
    known = {row["reference"] for row in after.committees.values()}
    for row in after.deliverables.values():
        if row["ownerCommittee"] not in known:
            where = f"which {name} does not have" if name else "and the committees were not read"
            raise HandbookError(
                f"{row['reference']} belongs to {row['ownerCommittee']}, {where}",
                (
                    "correct ownerCommittee in references/iso/overrides.yaml until ISO's file has"
                    " the committee"
                    if name
                    else "name the file of committees with --committees"
                ),
            )


def _losses(
    before: Mapping[int, Row], after: Mapping[int, Row], what: str, name: str, accepted: bool
) -> list[Row]:
    """Return our rows that the file lacks; too many of them, or too many emptied fields, mean that
    the file is damaged.
    """
    hint = (
        "download the file again; if ISO's page shows that they are truly gone, give --accept-loss"
    )
    gone = [row for id_, row in before.items() if id_ not in after]
    if len(gone) > LOSS * len(before) and not accepted:
        raise HandbookError(
            f"{name} has shrunk: {len(gone)} of our {len(before)} {what} are not in it"
            f" ({_few(row['reference'] for row in gone)})",
            hint,
        )
    common = [(row, after[id_]) for id_, row in before.items() if id_ in after]
    for field_ in common[0][0] if common else ():
        had = [(old, new) for old, new in common if old[field_]]
        lost = [old for old, new in had if not new[field_]]
        if len(lost) > max(LOSS * len(had), 1) and not accepted:
            raise HandbookError(
                f"{name} has lost the field {field_} of {len(lost)} of our {len(had)} {what} that"
                f" had one ({_few(row['reference'] for row in lost)})",
                hint,
            )
    return gone


def _few(references: Iterable[str]) -> str:
    names = sorted(references)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _files(
    root: Path, before: Extract, after: Extract, changes: differences.Changes, found: Findings
) -> dict[Path, str | None]:
    """Return all files of the handbook that the update touches, with their new content; the
    deliverables come last.
    """
    texts = _texts(root)
    carried = carry.carry(
        [(one.before["reference"], one.after["reference"]) for one in changes.new_references], texts
    )
    found.pages, found.left = carried.moved, carried.left
    wanted: dict[Path, str | None] = dict(carried.files)
    for row in changes.new:
        path = stubs.path(row["reference"])
        if path not in texts and path not in wanted:
            wanted[path] = stubs.text(row["reference"], found.day)
            found.stubs[row["reference"]] = path
    if after.as_of != before.as_of:
        for path, text in texts.items():
            if path.suffix == ".bib" and (dated := _dated_sources(text, before, after)) != text:
                wanted[path] = dated
        old_days = [
            day_text(edtf.parse(before.as_of[what]).latest)
            for what in _KINDS
            if before.as_of[what] != after.as_of[what]
        ]
        found.dated = [
            f"{path.as_posix()}:{number}"
            for path, text in sorted(texts.items())
            if path.suffix == ".md"
            for number, line in enumerate(text.split("\n"), 1)
            if any(day in line for day in old_days)
        ]
    for name, text in after.files().items():
        wanted[Path("references", "iso", name)] = text
    return wanted


def _texts(root: Path) -> dict[Path, str]:
    """Return the pages, our lists and the bibliography, by path below the handbook's folder."""
    paths = [
        *(root / "docs").rglob("*.md"),
        *(root / "references" / name for name in _LISTS),
        *(root / "references").glob("*.bib"),
    ]
    texts = {}
    for path in sorted(path for path in paths if path.is_file()):
        try:
            texts[path.relative_to(root)] = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            raise HandbookError(
                f"{path} cannot be read as UTF-8", "fix it first: make check says how"
            ) from None
    return texts


def _dated_sources(text: str, before: Extract, after: Extract) -> str:
    """Return a file of the bibliography with new dates in the entries of the extract."""
    for what in _KINDS:
        old, new = before.as_of[what], after.as_of[what]
        entry = re.search(rf"(?ms)^@\w+\{{{re.escape(before.sources.get(what, ''))},.*?^\}}", text)
        if entry and old != new:
            dated = re.sub(
                rf"(?m)^(\s*date\s*=\s*\{{){re.escape(old)}(\}})", rf"\g<1>{new}\g<2>", entry[0]
            )
            dated = re.sub(r"(?m)^(\s*urldate\s*=\s*\{)[^}]*(\})", rf"\g<1>{new}\g<2>", dated)
            text = text[: entry.start()] + dated + text[entry.end() :]
    return text


def _stands(root: Path, wanted: Mapping[Path, str | None]) -> None:
    """Check that the handbook itself can read the new catalogue, before anything is written."""
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name)
        (trial / "references" / "iso").mkdir(parents=True)
        for path in (
            *(Path("references", name) for name in _LISTS),
            Path("references", "iso", "stage-codes.json"),
        ):
            if (root / path).exists():
                shutil.copy(root / path, trial / path)
        for path, text in wanted.items():
            if path.parts[0] == "references" and text is not None:
                (trial / path).write_bytes(text.encode())
        try:
            catalogue = Catalogue.load(trial / "references")
        except CatalogueError as error:
            raise HandbookError(
                "the handbook could not read the new catalogue:"
                f" {error.problem.replace(f'{trial}/', '')}",
                error.hint,
            ) from None
    _distinct(catalogue)


def _distinct(catalogue: Catalogue) -> None:
    for index in (catalogue.by_reference, catalogue.by_slug):
        for one in catalogue.deliverables:
            other = index[one.reference if index is catalogue.by_reference else one.slug]
            if other is not one:
                raise HandbookError(
                    f"two deliverables (ids {one.id} and {other.id}) would share the name"
                    f" {one.reference} and its page",
                    "check both pages at ISO; correct the reference of one in"
                    " references/iso/overrides.yaml",
                )


def _differing(root: Path, wanted: Mapping[Path, str | None]) -> dict[Path, bytes | None]:
    found: dict[Path, bytes | None] = {}
    for path, text in wanted.items():
        data = None if text is None else text.encode()
        if (
            (root / path).exists()
            if data is None
            else not ((root / path).exists() and (root / path).read_bytes() == data)
        ):
            found[root / path] = data
    return found
