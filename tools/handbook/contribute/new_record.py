"""A new record: an adoption, a place with what it is, or a person with an office."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import yaml

from handbook.contribute.asking import Asked, Asker, Kind, Question, RefusalError
from handbook.contribute.draft import Change, faults, load
from handbook.datecheck.tree import Tree
from handbook.model import record_shapes
from handbook.model.bibliography import Tier
from handbook.model.catalogue import CatalogueError
from handbook.model.placed import misfits

_STATUS = ("sure", "one source", "inferred", "disputed")


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of record: its file, the list within it that may grow, and what is asked.

    ``inner`` is the name of the list (``standings``, ``offices``), or nothing. ``outer`` are the
    fields of what owns the list, ``needed`` and ``spare`` those of the record itself, each with a
    line that says what it is. ``steps`` are what can happen.
    """

    file: str
    schema: Mapping[str, Any]
    inner: str
    outer: Mapping[str, str]
    needed: Mapping[str, str]
    spare: Mapping[str, str]
    steps: tuple[str, ...]

    @property
    def own(self) -> Mapping[str, Any]:
        """The schemas of the record's own fields."""
        properties = self.schema["properties"]
        found: Mapping[str, Any] = (
            properties[self.inner]["items"]["properties"] if self.inner else properties
        )
        return found

    @property
    def main(self) -> str:
        """The field that names it."""
        return next(iter(self.outer if self.inner else {"designation": ""}))


_COMMON = {
    "sources": "keys of the bibliography, separated by spaces",
    "status": f"how sure it is: {', '.join(_STATUS)}",
}
_NOTE = {"note": "what else a reader must know, in a few words"}
_TEXT_OF_ISO = 'the ISO text: "ISO 37101:2016", without the year where no source names the edition'
ADOPTION = Shape(
    "adoptions",
    record_shapes.ADOPTION,
    "",
    {},
    {
        "adopts": _TEXT_OF_ISO,
        "country": "the two letters of the country in ISO 3166-1",
        "designation": "the national number, exactly as the source writes it",
    },
    {
        "title": "the title on the national text",
        "language": "the code of the language of the text: it",
        "degree": "how close it is, if a source shows it: IDT, MOD or NEQ",
        **_NOTE,
    },
    record_shapes.STEPS,
)
PLACE = Shape(
    "places",
    record_shapes.PLACE,
    "standings",
    {
        "name": "the name of the place in English",
        "own": "the name in the place's own script",
        "part_of": "what it belongs to",
        "country": "the two letters of the country in ISO 3166-1, if a source names it",
    },
    {"kind": "what it is: " + ", ".join(record_shapes.STANDINGS)},
    {
        "standard": _TEXT_OF_ISO,
        "level": "the level of a certificate",
        "issuer": "who issued it",
        **_NOTE,
    },
    record_shapes.STANDING_STEPS,
)
OFFICE = Shape(
    "offices",
    record_shapes.PERSON,
    "offices",
    {"name": "the person, as this handbook writes the name"},
    {"body": "the body, by its short name: ISO/TC 268", "role": "chair, secretary, convenor ..."},
    _NOTE,
    ("announced", "since", "named", "until"),
)


def _fits(schema: Mapping[str, Any], value: object) -> Iterator[str]:
    for _keys, _of_key, message, hint in misfits(value, schema):
        yield f"R001 {message} (hint: {hint})"


def _iso_faults(tree: Tree, schema: Mapping[str, Any], value: str) -> Iterator[str]:
    wrong = list(_fits(schema, value))
    yield from wrong
    if not wrong:
        try:
            tree.catalogue.find(value)
        except CatalogueError as error:
            yield f"R001 {error} (hint: {error.hint})"


def _source_faults(tree: Tree, value: str) -> Iterator[str]:
    for key in value.split():
        if key not in tree.bibliography.sources:
            hint = tree.bibliography.nearest(key)
            yield f"C001 no references/*.bib has {key!r} (hint: {hint})"


def dates_of(text: str, steps: tuple[str, ...]) -> list[dict[str, str]]:
    """The steps of a record, typed as ``published 2017-01-18; in force 2018``."""
    found = []
    for part in filter(None, map(str.strip, text.split(";"))):
        what, _, when = part.rpartition(" ")
        found.append({"what": what or steps[0], "date": when})
    return found


def _date_faults(shape: Shape, value: str) -> Iterator[str]:
    yield from _fits(shape.own["dates"], dates_of(value, shape.steps))


def _surest(tree: Tree, keys: str) -> str:
    """How sure a record with these sources may be called."""
    known = [tree.bibliography.sources.get(key) for key in keys.split()]
    strong = len(known) > 1 or any(one and one.tier is Tier.PRIMARY for one in known)
    return "sure" if strong else "one source"


def _slug(*texts: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", " ".join(texts).lower()))


def _owner(tree: Tree, shape: Shape, name: str) -> str:
    """The id of the place or person that has a record already, or nothing."""
    if shape is PLACE:
        return next((one.id for one in tree.records.places if one.name == name), "")
    if shape is OFFICE:
        people = tree.records.people
        return next((one.id for one in people if name in {one.name, *one.spellings}), "")
    return ""


def _id_faults(tree: Tree, shape: Shape, value: str) -> Iterator[str]:
    yield from _fits(shape.schema["properties"]["id"], value)
    records = tree.records
    listed: Mapping[str, tuple[Any, ...]] = {
        "adoptions": records.adoptions,
        "places": records.places,
        "offices": records.people,
    }
    if value in {one.id for one in listed[shape.file]}:
        yield f"R001 the id {value!r} is that of another record (hint: write another id)"


def _check(tree: Tree, shape: Shape, name: str) -> Callable[[str], Iterator[str]]:
    outer = shape.schema["properties"]
    schema = outer[name] if name in shape.outer else shape.own[name]
    if name in {"adopts", "standard"}:
        return partial(_iso_faults, tree, schema)
    if name == "degree":
        return partial(_fits, schema["properties"]["is"])
    return partial(_fits, schema)


def questions(tree: Tree, shape: Shape, given: Mapping[str, str]) -> Iterator[Question]:
    """All questions in their order; ``given`` grows with the answers."""
    first, *others = shape.outer or (None,)
    if first:
        yield Question(first, shape.outer[first], _check(tree, shape, first))
    known = _owner(tree, shape, given.get(first or "", ""))
    for name in shape.needed:
        yield Question(name, shape.needed[name], _check(tree, shape, name))
    if not known:
        title = given.get(shape.main, "")
        yield Question(
            "id",
            "the permanent id: lower-case words and numbers",
            partial(_id_faults, tree, shape),
            proposal=_slug(given.get("country", ""), title) if shape is ADOPTION else _slug(title),
        )
        for name in others:
            yield Question(
                name,
                shape.outer[name],
                _check(tree, shape, name),
                needed=False,
                asked=Asked.FULLY,
            )
    yield Question(
        "dates",
        f"what happened and when: {shape.steps[-2]} 2019-01; several with semicolons. One of "
        + ", ".join(shape.steps),
        partial(_date_faults, shape),
        needed=False,
    )
    yield Question("sources", _COMMON["sources"], partial(_source_faults, tree))
    yield Question(
        "status",
        _COMMON["status"],
        _check(tree, shape, "status"),
        proposal=_surest(tree, given.get("sources", "")),
    )
    for name, what in shape.spare.items():
        yield Question(name, what, _check(tree, shape, name), needed=False, asked=Asked.FULLY)


def _values(shape: Shape, fields: Mapping[str, str]) -> dict[str, Any]:
    """The record's own fields, as they stand in the file."""
    order = (*shape.needed, "standard", "level", "issuer", "title", "language", "dates", "degree")
    values: dict[str, Any] = {}
    for name in dict.fromkeys((*order, "sources", "status", "note")):
        text = fields.get(name, "")
        if not text:
            continue
        values[name] = text
        if name == "sources":
            values[name] = text.split()
        elif name == "dates":
            values[name] = dates_of(text, shape.steps)
        elif name == "degree":
            values[name] = {"is": text}
    return values


def _dumped(value: object, indent: int) -> str:
    text = yaml.safe_dump(
        value, sort_keys=False, allow_unicode=True, width=1000, default_flow_style=None
    )
    return "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())


def written(text: str, shape: Shape, fields: Mapping[str, str], owner: str) -> tuple[str, int]:
    """The file with the record, by the order of ids; and the line on which it begins.

    :param owner: the id of a place or person that is there and gets one more
    """
    lines = text.splitlines(keepends=True)
    values = _values(shape, fields)
    starts = [
        (number, match[1])
        for number, line in enumerate(lines)
        if (match := re.match(r"- id: ([a-z0-9-]+)\s*$", line))
    ]
    if owner:
        at = next(number for number, id_ in starts if id_ == owner)
        end = next((number for number, _id in starts if number > at), len(lines))
        while not lines[end - 1].strip():
            end -= 1
        block = _dumped([values], 2)
    else:
        id_ = fields["id"]
        end = next((number for number, other in starts if other > id_), len(lines))
        outer = {name: fields[name] for name in shape.outer if fields.get(name)}
        whole = {"id": id_, **outer, **({shape.inner: [values]} if shape.inner else values)}
        block = _dumped([whole], 0)
    if end and not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    return "".join([*lines[:end], block, *lines[end:]]), end + 1


def _add(
    shape: Shape,
    root: Path,
    today: date,
    asker: Asker,
    out: TextIO,
    spare: bool,
    dry: bool = False,
) -> None:
    """Ask for a record, check it, write it.

    :raises RefusalError: if it cannot be written; then nothing is
    """
    tree = load(root, today)
    fields: dict[str, str] = {}
    for question in questions(tree, shape, asker.given):
        if question.wanted(asker.given, spare):
            fields[question.name] = asker.answer(question)
            asker.given.setdefault(question.name, fields[question.name])
    asker.stop_at_faults()
    owner = _owner(tree, shape, fields.get(shape.main, "")) if shape.inner else ""
    name = f"references/records/{shape.file}.yaml"
    change = Change(root)
    before = change.read(name)
    text, line = written(before, shape, fields, owner)
    change.files[name] = text
    if found := faults(change, today):
        raise RefusalError("\n".join(str(finding) for finding in found))
    if not dry:
        change.write()
    added = len(text.splitlines()) - len(before.splitlines())
    block = "".join(text.splitlines(keepends=True)[line - 1 : line - 1 + added])
    print(f"\n{name}:{line}: {'would be written' if dry else 'written'}\n\n{block}", file=out)
    if not dry:
        print("Next: make html; the tables, the maps and the exports have it", file=out)


def _read(shape: Shape, text: str) -> dict[str, str]:
    """The answers that a ready record gives.

    :raises RefusalError: if the text is not one record
    """
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RefusalError(f"the text is not YAML: {error} (hint: give one record)") from None
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if isinstance(value, dict) and shape.inner:
        inner = value.pop(shape.inner, None)
        if not (isinstance(inner, list) and len(inner) == 1 and isinstance(inner[0], dict)):
            raise RefusalError(f"the record has not one entry in {shape.inner} (hint: give one)")
        value |= inner[0]
    if not isinstance(value, dict):
        raise RefusalError("the text is not one record (hint: begin it with - id:)")
    answers = {}
    for name, part in value.items():
        if name not in _answers(shape):
            raise RefusalError(f"{name!r} is not asked for (hint: write it into the file by hand)")
        answers[str(name)] = _answer(name, part)
    return answers


def _answer(name: str, part: object) -> str:
    """A value of the file as it is typed."""
    if name == "dates" and isinstance(part, list):
        return "; ".join(f"{one.get('what')} {one.get('date')}" for one in part)
    if isinstance(part, list):
        return " ".join(map(str, part))
    return str(part.get("is", "") if isinstance(part, dict) else part)


def _answers(shape: Shape) -> tuple[str, ...]:
    return (*shape.outer, *shape.needed, "id", "dates", "sources", "status", *shape.spare)


def _kind(shape: Shape) -> Kind:
    enough = frozenset({*shape.needed, "sources", *([shape.main] if shape.inner else [])})
    return Kind(_answers(shape), enough, partial(_read, shape), partial(_add, shape))


KINDS = {"adoption": _kind(ADOPTION), "place": _kind(PLACE), "office": _kind(OFFICE)}
