"""A new record: an adoption, a place with a standing, or a person with an office."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import yaml

from handbook.contribute.asking import Asked, Asker, Kind, Question, RefusalError
from handbook.contribute.draft import Change, faults, load
from handbook.datecheck.tree import Tree
from handbook.model import iso_reference, record_shapes
from handbook.model.catalogue import CatalogueError
from handbook.model.placed import Data, misfits
from handbook.model.records import Certainty, surest
from handbook.rules.findings import Finding


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of record: its file, the list within it that may grow, and its questions.

    ``inner`` is the name of the list (``standings``, ``offices``), or empty. ``outer`` are the
    fields of the owner of the list, ``needed`` and ``spare`` those of the record itself, each with
    a line that explains it; ``rare`` are those that are never asked for. ``steps`` are the possible
    events.
    """

    file: str
    schema: Mapping[str, Any]
    inner: str
    outer: Mapping[str, str]
    needed: Mapping[str, str]
    spare: Mapping[str, str]
    steps: tuple[str, ...]
    rare: tuple[str, ...] = ()

    @property
    def own(self) -> Mapping[str, Any]:
        """Return the schemas of the record's own fields."""
        properties = self.schema["properties"]
        found: Mapping[str, Any] = (
            properties[self.inner]["items"]["properties"] if self.inner else properties
        )
        return found

    @property
    def main(self) -> str:
        """Return the field that names it."""
        return next(iter(self.outer if self.inner else {"designation": ""}))


_COMMON = {
    "sources": "keys of the bibliography, separated by spaces",
    "status": f"how sure it is: {', '.join(Certainty)}",
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
        "shown": "where the source shows how close it is: on the cover page",
        "route": "EN, if the text came by way of a European Standard",
        "replaced_by": "the id of the national text that replaced it",
        **_NOTE,
    },
    record_shapes.STEPS,
    ("route", "replaced_by"),
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
        "at": "latitude and longitude in Natural Earth, to two decimals: 30.25, 120.17",
        "point": "the name of that point in Natural Earth",
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
    {
        "name": "the person, as this handbook writes the name",
        "spellings": "other forms that sources print, separated by semicolons",
        "agency": "true, if it is a body that holds the office",
    },
    {"body": "the body, by its short name: ISO/TC 268", "role": "chair, secretary, convenor ..."},
    _NOTE,
    ("announced", "since", "named", "until"),
)


def _fits(schema: Mapping[str, Any], value: object) -> Iterator[str]:
    for _keys, _of_key, message, hint in misfits(value, schema):
        yield f"R001 {message} (hint: {hint})"


def _unlisted(tree: Tree, text: str) -> bool:
    """Return whether the catalogue lacks a number: the text may belong to another committee."""
    number = iso_reference.number(text)
    known = any(one.number == number for one in tree.catalogue.deliverables)
    return bool(re.fullmatch(iso_reference.FORM, text)) and not known


def _iso_faults(tree: Tree, name: str, value: str) -> Iterator[str]:
    try:
        tree.catalogue.find(value)
    except CatalogueError as error:
        # the next question asks whether a text belongs to another committee
        if not (name == "adopts" and _unlisted(tree, value)):
            yield f"R001 {error}"


def _source_faults(tree: Tree, keys: object) -> Iterator[str]:
    for key in keys if isinstance(keys, list) else ():
        if key not in tree.bibliography.sources:
            hint = tree.bibliography.nearest(str(key))
            if str(key).startswith("http"):
                by_url = {one.url: one.key for one in tree.bibliography.sources.values() if one.url}
                known = by_url.get(str(key))
                hint = f"write {known}" if known else f"make new-source URL={key}, then its key"
            yield f"C001 no references/*.bib has {key!r} (hint: {hint})"


def dates_of(text: str, steps: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the steps of a record, typed as ``published 2017-01-18; in force 2018``."""
    found = []
    for part in filter(None, map(str.strip, re.split("[;,]", text))):
        what = next((step for step in steps if part.startswith(f"{step} ")), "")
        slip = part.rpartition(" ")[0]
        if not what and get_close_matches(slip, steps, n=1):
            what = slip
        found.append({"what": what, "date": part.removeprefix(what).strip()})
    return found


#: Fields whose values may be typed in brackets, as in the file.
_IN_BRACKETS = {"at", "dates", "degree", "sources", "spellings"}


def value_of(shape: Shape, name: str, text: str) -> object:
    """Return an answer as the file has it."""
    if name in _IN_BRACKETS and text[:1] in {"[", "{"}:
        try:
            return yaml.safe_load(text)
        except (yaml.YAMLError, ValueError):
            return text
    match name:
        case "sources":
            return re.findall(r"[^,\s]+", text)
        case "spellings":
            return [one.strip() for one in text.split(";") if one.strip()]
        case "dates":
            return dates_of(text, shape.steps)
        case "degree":
            return {"is": text}
        case "at":
            return [
                float(one) if re.fullmatch(r"-?\d+(\.\d+)?", one) else one
                for one in re.findall(r"[^,\s]+", text)
            ]
        case "agency" | "outside":
            return True if text in {"true", "yes"} else text
    return text


def _slug(*texts: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", " ".join(texts).lower()))


def _owner(tree: Tree, shape: Shape, name: str) -> str:
    """Return the id of the place or person that already has a record; empty if none has."""
    if shape is PLACE:
        return next((one.id for one in tree.records.places if name in {one.name, one.own}), "")
    if shape is OFFICE:
        people = tree.records.people
        return next((one.id for one in people if name in {one.name, *one.spellings}), "")
    return ""


def _unsaid(shape: Shape, dates: object) -> Iterator[str]:
    """Find a date that does not say which step it belongs to."""
    for one in dates if isinstance(dates, list) else ():
        if isinstance(one, dict) and one.get("what") == "":
            yield (
                f"R001 {one['date']!r} does not say what happened"
                f" (hint: write one of {', '.join(shape.steps)} before it)"
            )


def _taken(tree: Tree, shape: Shape, value: str) -> Iterator[str]:
    records = tree.records
    listed: Mapping[str, tuple[Any, ...]] = {
        "adoptions": records.adoptions,
        "places": records.places,
        "offices": records.people,
    }
    if value in {one.id for one in listed[shape.file]}:
        yield f"R001 the id {value!r} is that of another record (hint: write another id)"


def _faults(tree: Tree, shape: Shape, name: str, text: str) -> Iterator[str]:
    """Yield what is wrong with an answer, each with the name of its field."""
    value = value_of(shape, name, text)
    if name == "shown":
        schema = shape.own["degree"]["properties"]["shown"]
    elif name in shape.outer or name == "id":
        schema = shape.schema["properties"][name]
    else:
        schema = shape.own[name]
    found = list(_unsaid(shape, value) if name == "dates" else ()) or list(_fits(schema, value))
    if name == "name" and _owner(tree, shape, text):
        found = []
    if not found:
        match name:
            case "adopts" | "standard":
                found = [*_iso_faults(tree, name, text)]
            case "sources":
                found = [*_source_faults(tree, value)]
            case "id":
                found = [*_taken(tree, shape, text)]
    for fault in found:
        yield f"{name}: {fault}"


def _as_recorded(tree: Tree, shape: Shape, owner: str, name: str, text: str) -> Iterator[str]:
    """Find an answer that contradicts the existing record of a place or a person."""
    path = f"references/records/{shape.file}.yaml"
    data = Data((tree.root / path).read_text("utf-8"))
    number = next(number for number, one in enumerate(data.value) if one["id"] == owner)
    held = data.value[number].get(name)
    if held != value_of(shape, name, text):
        line, _column = data.place((number, name))
        has = f"has {_answer(held)!r}" if held else "does not have it"
        yield (
            f"{name}: R005 the record {owner} is there already, and {has}"
            f" (hint: correct {path}:{line}, or leave {name} out)"
        )


def questions(tree: Tree, shape: Shape, given: Mapping[str, str]) -> Iterator[Question]:
    """Yield all questions in order; ``given`` grows with the answers."""
    first, *others = shape.outer or (None,)

    def check(name: str) -> Callable[[str], Iterator[str]]:
        return partial(_faults, tree, shape, name)

    if first:
        yield Question(first, shape.outer[first], check(first))
    known = _owner(tree, shape, given.get(first or "", ""))
    for name, what in shape.needed.items():
        yield Question(name, what, check(name))
        if name == "adopts" and (text := given.get(name, "")) and _unlisted(tree, text):
            yield Question(
                "outside",
                f"true, if {text} is of another committee: the catalogue has no such number",
                check("outside"),
            )
    if not known:
        title = given.get(shape.main, "")
        yield Question(
            "id",
            "the permanent id: lower-case words and numbers",
            check("id"),
            proposal=_slug(given.get("country", ""), title) if shape is ADOPTION else _slug(title),
        )
    for name in ("id", *others) if known else others:
        # the name of a point is not asked for without a point
        told = known or (name == "point" and not given.get("at"))
        yield Question(
            name,
            shape.outer.get(name, name),
            partial(_as_recorded, tree, shape, known, name) if known else check(name),
            needed=False,
            asked=Asked.IF_GIVEN if told else Asked.FULLY,
        )
    yield Question(
        "dates",
        f"what happened and when: {shape.steps[-2]} 2019-01; several with semicolons. One of "
        + ", ".join(shape.steps),
        check("dates"),
        needed=False,
    )
    yield Question("sources", _COMMON["sources"], check("sources"))
    keys = value_of(shape, "sources", given.get("sources", ""))
    yield Question(
        "status",
        _COMMON["status"],
        check("status"),
        proposal=surest(keys if isinstance(keys, list) else (), tree.bibliography).value,
    )
    for name, what in shape.spare.items():
        asked = Asked.IF_GIVEN if name in shape.rare else Asked.FULLY
        yield Question(name, what, check(name), needed=False, asked=asked)


#: The order of fields in the file, where it differs from the order of the questions.
_ORDER = ("adopts", "outside", "country", "designation", "kind", "standard", "level", "issuer")
_LAST = ("title", "language", "body", "role", "dates", "degree", "route", "replaced_by")


def _in_lines(value: object) -> object:
    if isinstance(value, list):
        return [_in_lines(one) for one in value]
    return _Line(value) if isinstance(value, dict) else value


def _values(shape: Shape, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the record's own fields, as the file has them."""
    values: dict[str, Any] = {
        name: _in_lines(value_of(shape, name, fields[name]))
        for name in (*_ORDER, *_LAST, "sources", "status", "note")
        if name in shape.own and fields.get(name)
    }
    if shown := fields.get("shown"):
        values["degree"] = _Line({**values.get("degree", {}), "shown": shown})
        values |= {
            name: values.pop(name) for name in ("sources", "status", "note") if name in values
        }
    return values


class _Line(dict[str, Any]):
    """A mapping that is written on one line: ``{what: published, date: 2019-01}``."""


class _Dumper(yaml.SafeDumper):
    """Writes a record in the style of the others."""


_Dumper.add_representer(
    _Line,
    lambda dumper, value: dumper.represent_mapping(
        "tag:yaml.org,2002:map", value.items(), flow_style=True
    ),
)


def _dumped(value: object, indent: int) -> str:
    text = yaml.dump(
        value,
        None,
        _Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=1000,
        default_flow_style=None,
    )
    return "".join(f"{' ' * indent}{line}\n" for line in text.splitlines())


def written(text: str, shape: Shape, fields: Mapping[str, str], owner: str) -> tuple[str, int]:
    """Return the file with the record, sorted by id, and the line on which the record begins.

    :param owner: the id of an existing place or person that gets one more
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
        outer = {
            name: value_of(shape, name, fields[name]) for name in shape.outer if fields.get(name)
        }
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

    :raises RefusalError: if it cannot be written; nothing is changed then
    """
    tree = load(root, today)
    name = f"references/records/{shape.file}.yaml"
    while True:
        fields: dict[str, str] = {}
        for question in questions(tree, shape, asker.given):
            if question.wanted(asker.given, spare):
                fields[question.name] = asker.answer(question)
                asker.given.setdefault(question.name, fields[question.name])
        asker.stop_at_faults()
        owner = _owner(tree, shape, fields.get(shape.main, "")) if shape.inner else ""
        change = Change(root)
        before = change.read(name)
        text, line = written(before, shape, fields, owner)
        change.files[name] = text
        added = len(text.splitlines()) - len(before.splitlines())
        found = faults(change, today)
        if not found:
            break
        rows = range(line, line + added)
        asker.ask_again({one: field_at(shape, text, rows, one) for one in found})
    if not dry:
        change.write()
    block = "".join(text.splitlines(keepends=True)[line - 1 : line - 1 + added])
    print(f"\n{name}:{line}: {'would be written' if dry else 'written'}\n\n{block}", file=out)
    if not dry:
        print("Next: make html; the tables, the maps and the exports have it", file=out)


def field_at(shape: Shape, text: str, rows: range, finding: Finding) -> str | None:
    """Return the field that a finding in new lines is about; ``None`` if it is about none, or about
    the record as a whole.
    """
    if finding.place.path != f"references/records/{shape.file}.yaml":
        return None
    lines = text.splitlines()
    for number in range(finding.place.line, rows.start, -1) if finding.place.line in rows else ():
        match = re.match(r"\s*(?:- )?([a-z_]+):(?: |$)", lines[number - 1])
        if match and match[1] in _answers(shape):
            return match[1]
    return None


def _read(shape: Shape, text: str) -> dict[str, str]:
    """Return the answers in a complete record.

    :raises RefusalError: if the text is not one record
    """
    data = Data(text)
    if data.slips:
        slips = (f"line {one.line}: R001 {one.message} (hint: {one.hint})" for one in data.slips)
        raise RefusalError("\n".join(slips))
    value = data.value
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    if not isinstance(value, dict):
        raise RefusalError("the text is not one record (hint: begin it with - id:)")
    if shape.inner:
        inner = value.pop(shape.inner, None)
        if not (isinstance(inner, list) and len(inner) == 1 and isinstance(inner[0], dict)):
            many = len(inner) if isinstance(inner, list) and inner else "no"
            raise RefusalError(
                f"the record has {many} entries in {shape.inner} (hint: give one, and add others"
                " one by one)"
            )
        value |= inner[0]
    for name in value:
        if name not in _answers(shape):
            close = get_close_matches(str(name), _answers(shape), n=1, cutoff=0.7)
            known = "use one of " + ", ".join(_answers(shape))
            hint = f"did you mean {close[0]}?" if close else known
            raise RefusalError(f"R001 nothing reads the key {name!r} (hint: {hint})")
    return {str(name): _answer(part) for name, part in value.items()}


def _answer(part: object) -> str:
    """Return a value of the file in the form in which it is typed."""
    if isinstance(part, bool):
        return str(part).lower()
    if isinstance(part, (dict, list)):
        return yaml.safe_dump(
            part, allow_unicode=True, default_flow_style=True, sort_keys=False, width=10_000
        ).strip()
    return str(part)


def _answers(shape: Shape) -> tuple[str, ...]:
    names = (*shape.outer, *shape.needed, "id", *shape.own, *shape.spare)
    return tuple(dict.fromkeys(names))


def _kind(shape: Shape) -> Kind:
    enough = frozenset({*shape.needed, "sources", *([shape.main] if shape.inner else [])})
    return Kind(_answers(shape), enough, partial(_read, shape), partial(_add, shape))


KINDS = {"adoption": _kind(ADOPTION), "place": _kind(PLACE), "office": _kind(OFFICE)}
