"""YAML and JSON read so that each fault in them has a line and a column, and checked against a
schema.

Schemas are JSON Schema with five keywords of our own: ``edtf`` and ``day`` (the text is a date or a
day), ``form`` (it has a form of :mod:`handbook.model.codes`), ``hint`` (what to write where a
``pattern``, a ``minimum`` and the like do not fit), and ``readers`` (the text is shown to readers,
and so is translated: :mod:`handbook.model.data_strings`).
"""

from __future__ import annotations

import datetime
import json
import math
import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from handbook.model import edtf, safety
from handbook.model.codes import FORMS

if TYPE_CHECKING:
    from jsonschema import ValidationError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Deeper lists are a slip; PyYAML would crash on much deeper ones.
MAX_DEPTH = 40
NO_ALIASES = "write it out, without & and *"
_Keys = tuple[str | int, ...]
_Typed = tuple[str | None, tuple[int, int]]
Pair = tuple[_Typed, _Typed]
Misfit = tuple[_Keys, bool, str, str]


@dataclass(frozen=True, slots=True)
class Slip:
    """A fault at a line and column, both from 1."""

    line: int
    column: int
    message: str
    hint: str


def _hidden(character: str) -> tuple[str, str]:
    return f"the character U+{ord(character):04X} cannot be seen", "delete it"


_DEFAULT = "put values with a colon in quotation marks"


def _slip_of_form(text: str, mark: Any, begin: Any, problem: str) -> tuple[Any, str]:
    """Return the place where a slip in the form of YAML begins, and a hint."""
    if "expected ',' or" in problem:
        return mark, "write the comma or the closing bracket that is missing"
    if "expected ':'" in problem and begin:
        return begin, "begin the line with - or with a name and a colon"
    typed = [*text.split("\n"), ""][mark.line] if mark else ""
    if re.search("expected (?:'-' indicator|key)", problem) and not typed[: mark.column].strip():
        return mark, "indent the line as its neighbours"
    one_pair = typed.count(": ") == 1 and not typed.lstrip().startswith("- ")
    if "mapping values" in problem and one_pair:
        return mark, "indent the line as its neighbours"
    return mark, _DEFAULT


def _slip(mark: Any, message: str, hint: str) -> Slip:
    return (
        Slip(mark.line + 1, mark.column + 1, message, hint) if mark else Slip(1, 1, message, hint)
    )


class Data:
    """The content of a text, with the place of each part. ``value`` is ``None`` if the text cannot
    be read; ``slips`` say why.
    """

    def __init__(self, text: str, line: int = 1) -> None:
        """Read YAML, of which JSON is a subset.

        :param line: the line of its file on which the text begins
        """
        # characters that YAML forbids cannot be seen; the check of whole files reports them
        text = yaml.reader.Reader.NON_PRINTABLE.sub(" ", text)
        self.value: Any = None
        self.slips: list[Slip] = []
        self._node: yaml.Node | None = None
        self._above = line - 1
        try:
            self._read(text)
        except yaml.YAMLError as error:
            mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", error)
            hint = _DEFAULT
            begin = getattr(error, "context_mark", None)
            begun = re.search("quoted scalar|flow", str(getattr(error, "context", "")))
            if begun and mark and begin and mark.line > begin.line:
                mark = begin
                hint = "close the quotation marks or brackets that begin here"
            opened = max(text.rfind("["), text.rfind("{"))
            if begun and mark and opened >= 0 and not text[mark.index :].strip("\0 \n"):
                line, column = text.count("\n", 0, opened) + 1, opened - text.rfind("\n", 0, opened)
                self._add(Slip(line, column, "this bracket is not closed", "close the bracket"))
                return
            if hint == _DEFAULT:
                mark, hint = _slip_of_form(text, mark, begin, str(problem))
            at = text[mark.index : mark.index + 1] if mark else ""
            if at == "\t" or re.search(r"\\t|\btab\b", str(problem)):
                hint = "use spaces, not tabs"
            elif str(problem).startswith("could not determine a constructor"):
                hint = "put the value in quotation marks: ! begins a tag of YAML"
            self._add(_slip(mark, f"this is not YAML: {problem}", hint))

    def _add(self, slip: Slip) -> None:
        self.slips.append(Slip(slip.line + self._above, slip.column, slip.message, slip.hint))

    def _read(self, text: str) -> None:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            if getattr(event, "anchor", None):
                self._add(_slip(event.start_mark, "a value is marked for reuse", NO_ALIASES))
                return
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                problem = "lists are nested too deeply to be read"
                self._add(_slip(event.start_mark, problem, "use fewer levels"))
                return
        self._node = yaml.compose(text, Loader=_LOADER)
        if self._node is None:
            return
        for mark, key in _twice(self._node):
            self._add(_slip(mark, f"the key {key!r} appears twice", "delete one of the two"))
        for mark, character in _unseen(self._node) if "\\" in text else ():
            # rule P022 reports a character that is not written as an escape
            if character not in text:
                self._add(_slip(mark, *_hidden(character)))
        loader = _LOADER("")
        try:
            self.value = loader.construct_document(self._node)
        except ValueError:
            self._unreadable(self._node)
        finally:
            loader.dispose()

    def _unreadable(self, node: yaml.Node) -> None:
        """Find the values that YAML mistakes for another kind, such as a day that does not exist in
        the calendar.
        """
        if isinstance(node, yaml.ScalarNode):
            loader = _LOADER("")
            try:
                loader.construct_document(node)
            except ValueError as error:
                hint = f'correct it, or write it in quotation marks: "{node.value[:40]}"'
                self._add(_slip(node.start_mark, f"the value cannot be read: {error}", hint))
            finally:
                loader.dispose()
        elif isinstance(node, yaml.MappingNode):
            for pair in node.value:
                for part in pair:
                    self._unreadable(part)
        elif isinstance(node, yaml.SequenceNode):
            for part in node.value:
                self._unreadable(part)

    def place(self, keys: Iterable[str | int] = (), of_key: bool = False) -> tuple[int, int]:
        """Return the line and column of a part, or of its parent if it does not exist.

        :param keys: the path to it from the outermost part
        :param of_key: return the place of the last key instead of that of its value
        """
        node, mark = self._node, getattr(self._node, "start_mark", None)
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            node, key_mark = found
            mark = key_mark if of_key else node.start_mark
        return (mark.line + 1 + self._above, mark.column + 1) if mark else (1 + self._above, 1)

    def pairs(self) -> list[Pair] | None:
        """Return the keys and values of a mapping as typed, each with its place, and ``None`` in
        place of a value that is not a text.

        :returns: ``None`` if there is no mapping
        """
        if not isinstance(self._node, yaml.MappingNode):
            return None
        return [(self._typed(key), self._typed(value)) for key, value in self._node.value]

    def _typed(self, node: yaml.Node) -> _Typed:
        text = node.value if isinstance(node, yaml.ScalarNode) else None
        return text, (node.start_mark.line + 1 + self._above, node.start_mark.column + 1)

    def misfits(self, schema: Mapping[str, Any]) -> Iterator[Slip]:
        """Yield a slip for each part that does not fit the schema."""
        for keys, of_key, message, hint in misfits(self.value, schema):
            yield Slip(*self.place(keys, of_key), message, hint)


def misfits(value: object, schema: Mapping[str, Any]) -> list[Misfit]:
    """Return what does not fit a schema, one misfit for each value: the path to it, whether its key
    is wrong, a message and a hint.
    """
    found: dict[_Keys, Misfit] = {}
    for error in _validator()(schema).iter_errors(value):
        for misfit in _explained(error):
            found.setdefault(misfit[0], misfit)
    # a field that is misnamed is not missing as well
    for keys, _, _, hint in list(found.values()):
        if meant := re.fullmatch(r"did you mean ([\w-]+)\?", hint):
            found.pop((*keys[:-1], f"+{meant[1]}"), None)
    return list(found.values())


def read_json(text: str, line: int) -> tuple[Any, list[Slip]]:
    """Return the value of a JSON text of one line, and the slips in it."""
    slips: list[Slip] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(items)) < len(items):
            raise KeyError  # found again below, with its place
        return dict(items)

    try:
        value = json.loads(text, object_pairs_hook=pairs, strict=False)
        slips += [
            Slip(line, match.start() + 1, *_hidden(found[0]))
            for match in re.finditer(r"(?:\\u[0-9a-fA-F]{4})+", text)
            # characters that would end a line are escaped on purpose
            if (found := safety.UNSEEN.search(json.loads(f'"{match[0]}"')))
            and found[0] not in "\x85\u2028\u2029"
        ]
        return value, slips
    except json.JSONDecodeError as error:
        problem = f"this is not JSON: {error.msg}"
        slips.append(
            Slip(line + error.lineno - 1, error.colno, problem, "write one JSON object per line")
        )
    except KeyError:
        slips += Data(text, line).slips
    except ValueError:
        at = re.search(r"\d{1000,}", text)
        problem = "the number has more digits than can be read"
        slips.append(Slip(line, at.start() + 1 if at else 1, problem, "correct the number"))
    except RecursionError:
        slips.append(Slip(line, 1, "lists are nested too deeply to be read", "use fewer levels"))
    return None, slips


def _child(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node, Any] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key].start_mark
    if isinstance(node, yaml.MappingNode):
        for name, value in reversed(node.value):
            if name.value == str(key):
                return value, name.start_mark
    return None


def _twice(node: yaml.Node) -> Iterator[tuple[Any, str]]:
    """Yield each key that appears a second time in its mapping."""
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode):
                if name.value in seen:
                    yield name.start_mark, name.value
                seen.add(name.value)
            yield from _twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _twice(value)


def _unseen(node: yaml.Node) -> Iterator[tuple[Any, str]]:
    """Yield the first invisible character of each value or key, with its place."""
    if isinstance(node, yaml.ScalarNode):
        if match := safety.UNSEEN.search(node.value):
            yield node.start_mark, match[0]
    else:
        for part in node.value:
            for one in part if isinstance(part, tuple) else (part,):
                yield from _unseen(one)


@cache
def _validator() -> Any:
    """Return a validator of JSON Schema with our own keywords."""
    # Imported here: a build whose data did not change needs no validator.
    from jsonschema import Draft202012Validator, ValidationError, validators

    def edtf_(_schema: Any, _wanted: Any, value: Any, _whole: Any) -> Iterator[ValidationError]:
        if isinstance(value, str):
            try:
                if not edtf.parse(value).is_plausible:
                    yield ValidationError(
                        f"{value[:40]!r} is outside the years that this handbook covers"
                    )
            except edtf.EdtfError as error:
                yield ValidationError(error.problem)

    def day(_schema: Any, _wanted: Any, value: Any, _whole: Any) -> Iterator[ValidationError]:
        if isinstance(value, str):
            try:
                datetime.date.fromisoformat(value)
            except ValueError:
                yield ValidationError(f"{value!r} is not a day")

    def form(_schema: Any, wanted: str, value: Any, _whole: Any) -> Iterator[ValidationError]:
        if isinstance(value, str) and not FORMS[wanted].fits(value):
            yield ValidationError(f"{reprlib.repr(value)} is not {FORMS[wanted].what}")

    def number(_checker: Any, value: object) -> bool:
        # YAML's .nan and .inf can be neither drawn nor exported
        return type(value) is int or (isinstance(value, float) and math.isfinite(value))

    return validators.extend(  # type: ignore[no-untyped-call]
        Draft202012Validator,
        {"form": form, "edtf": edtf_, "day": day},
        type_checker=Draft202012Validator.TYPE_CHECKER.redefine("number", number),
    )


_KINDS = {
    "string": ("a text", 'write it as text in quotation marks: "..."'),
    "integer": ("a number", "write a number"),
    "number": ("a number", "write a number"),
    "boolean": ("true or false", "write true or leave it out"),
    "array": ("a list", "write a list: [...]"),
    "object": ("a mapping", "write names and values: {name: value}"),
    "null": ("nothing", "leave it empty"),
}


def _explained(error: ValidationError) -> Iterator[Misfit]:
    """Yield the path to each error, whether its key is wrong, a message and a hint."""
    keys = tuple(error.absolute_path)
    instance: Any = error.instance
    wanted: Any = error.validator_value
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "additionalProperties":
        known = list(schema.get("properties", ()))
        for key in instance:
            if key not in known:
                yield (*keys, key), True, f"nothing reads the key {key!r}", _known_keys(key, known)
    elif error.validator == "required":
        # jsonschema yields one error for each missing field, without the field's name
        for key in wanted:
            if key not in instance:
                yield (*keys, f"+{key}"), False, f"the field {key!r} is missing", f"add {key}"
    elif error.validator == "uniqueItems":
        at = next(n for n, one in enumerate(instance) if one in instance[:n])
        yield (*keys, at), False, f"{instance[at]!r} appears twice", "delete one of the two"
    elif error.validator == "dependentRequired":
        for key in wanted:
            for other in wanted[key] if key in instance else ():
                if other not in instance:
                    message = f"the field {other!r} is missing beside {key!r}"
                    yield (*keys, key), True, message, f"add {other}, or delete {key}"
    else:
        yield keys, False, *_unfit(str(error.validator), error, schema.get("hint", ""))


def _known_keys(key: object, known: list[str]) -> str:
    close = get_close_matches(str(key), known, n=1, cutoff=0.7)
    return f"did you mean {close[0]}?" if close else "delete it; known are " + ", ".join(known)


def _unfit(what: str, error: ValidationError, own: str) -> tuple[str, str]:
    """Return a message and a hint for a value that is wrong as a whole."""
    value: Any = error.instance
    wanted: Any = error.validator_value
    form = error.schema.get("form") if isinstance(error.schema, Mapping) else None
    shown = _shown(value)
    match what:
        case "type":
            return _other_type(value, wanted, form, own)
        case "enum":
            choices = [str(choice) for choice in wanted if choice is not None]
            close = get_close_matches(str(value), choices, n=1)
            meant = f"did you mean {close[0]}? " if close else ""
            return f"{shown} is not known here", own or meant + "use one of " + ", ".join(choices)
        case "edtf":
            return error.message, _edtf_hint(value)
        case "day":
            return error.message, "write the day as YYYY-MM-DD"
        case "form":
            nearest = FORMS[wanted].nearest(value)
            return error.message, f"did you mean {nearest!r}?" if nearest else own
        case "const":
            return f"{shown} is not {str(wanted).lower()}", own or "leave it out"
        case "minimum" | "maximum":
            much, meant = ("less", "more") if what == "minimum" else ("more", "less")
            return f"{shown} is {much} than {wanted}", own or f"write {wanted} or {meant}"
        case "minItems" | "minProperties" if not value:
            return f"{shown} is empty", own or "write at least one, or leave the field out"
    return f"{shown} is not allowed here", own or error.message


def _shown(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else reprlib.repr(value)


def _other_type(value: Any, wanted: str | list[str], form: str | None, own: str) -> tuple[str, str]:
    """Return a message and a hint for a value of another type than is wanted."""
    name, hint = _KINDS[wanted if isinstance(wanted, str) else wanted[0]]
    shown = "nothing" if value is None else _shown(value)
    if isinstance(value, (dict, list)):
        shown = _KINDS["object" if isinstance(value, dict) else "array"][0]
    elif name == "a text" and isinstance(value, bool):
        # YAML's no is also the code of Norway and of the Norwegian language
        own = 'write the word in quotation marks: "NO", "no"'
    elif name == "a text" and isinstance(value, (int, float, datetime.date)):
        hint = f'write the text in quotation marks: "{value}"'
        own = own if "quotation marks" in own else ""
        if near := FORMS[form].nearest(str(value)) if form else "":
            hint = f'write "{near}"'
    return f"{shown} is not {name}", own or hint


def _edtf_hint(text: str) -> str:
    try:
        edtf.parse(text)
    except edtf.EdtfError as error:
        return error.hint
    first, last = edtf.YEARS
    return f"look for a slip in the year: dates lie from {first} to {last}"
