"""The rows of a data file, each checked against its schema; faults in them become findings."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from handbook.model import shapes
from handbook.model.placed import Data, Slip, misfits, read_json
from handbook.rules.findings import Finding, Place, shown


@dataclass(frozen=True, slots=True)
class Row:
    """A row that fits its schema; any other faults in it go to ``findings`` under its ``code``."""

    value: Any
    path: str
    line: int
    data: Callable[[], Data]
    keys: tuple[str | int, ...]
    findings: list[Finding]
    code: str

    def place(self, *keys: str | int, of_key: bool = False) -> Place:
        """Return the place of a part of it, or of the key of this part."""
        return Place(self.path, *self.data().place((*self.keys, *keys), of_key))

    def fault(self, keys: tuple[str | int, ...], message: str, hint: str) -> None:
        """Report a fault in a part of it."""
        self.findings.append(Finding(self.place(*keys), self.code, message, hint))

    def unknown(self, keys: tuple[str | int, ...], reference: object) -> None:
        """Report that a part of it names something that the catalogue lacks."""
        hint = "write a reference as in references/iso/deliverables.jsonl"
        if not isinstance(reference, str):
            hint = f'write it in quotation marks: "{reference}", {hint.removeprefix("write ")}'
        self.fault(keys, f"{reprlib.repr(reference)} is not in the catalogue", hint)


class Found:
    """Reads the files and collects the findings about them."""

    def __init__(self, root: Path | None, code: str = "D104") -> None:
        self.root = root
        self.code = code
        self.findings: list[Finding] = []

    def _slips(self, path: Path, slips: Iterable[Slip]) -> None:
        name = shown(path, self.root)
        self.findings += [
            Finding(Place(name, slip.line, slip.column), self.code, slip.message, slip.hint)
            for slip in slips
        ]

    def _text(self, path: Path) -> str | None:
        restore = "restore it: git checkout -- references"
        try:
            text = path.read_text("utf-8-sig")
        except OSError as error:
            self._slips(path, [Slip(1, 1, f"the file cannot be read: {error.strerror}", restore)])
        except UnicodeDecodeError:
            self._slips(
                path, [Slip(1, 1, "the file is not UTF-8", "save it with the encoding UTF-8")]
            )
        else:
            # files of our own additions may become empty; every other file must hold something
            if text.strip() or path.name == "relations.yaml" or path.parent.name == "records":
                return text
            self._slips(path, [Slip(1, 1, "the file is empty", restore)])
        return None

    def whole(self, path: Path, schema: shapes.Schema) -> Any:
        """Return the content of a file, or ``None`` if it has faults."""
        text = self._text(path)
        if text is None:
            return None
        data = Data(text)
        slips = data.slips or list(data.misfits(schema))
        self._slips(path, slips)
        return None if slips else data.value

    def rows(self, path: Path, schema: shapes.Schema) -> Iterator[Row]:
        """Yield the rows of a list that fit the schema, and report the others."""
        text = self._text(path)
        if text is None:
            return
        if path.suffix == ".jsonl":
            yield from self._json_rows(path, text, schema)
            return
        data = Data(text)
        slips = list(data.slips)
        if not slips and data.value is not None and not isinstance(data.value, list):
            slips = [
                Slip(
                    *data.place(),
                    "this is not a list of rows",
                    "begin each row of the list with - ",
                )
            ]
        self._slips(path, slips)
        for number, value in enumerate(() if slips else data.value or ()):
            found = [
                Slip(*data.place((number, *slip_keys), of_key), message, hint)
                for slip_keys, of_key, message, hint in misfits(value, schema)
            ]
            self._slips(path, found)
            if not found:
                name, line = shown(path, self.root), data.place((number,))[0]
                yield Row(value, name, line, lambda: data, (number,), self.findings, self.code)

    def _json_rows(self, path: Path, text: str, schema: shapes.Schema) -> Iterator[Row]:
        for line, row in enumerate(text.split("\n"), 1):
            if not row.strip():
                continue
            value, slips = read_json(row, line)
            # the row is read again for places only where something is wrong with it
            data = partial(Data, row, line)
            if not slips:
                slips = [
                    Slip(*data().place(keys, of_key), message, hint)
                    for keys, of_key, message, hint in misfits(value, schema)
                ]
            self._slips(path, slips)
            if not slips:
                yield Row(value, shown(path, self.root), line, data, (), self.findings, self.code)
