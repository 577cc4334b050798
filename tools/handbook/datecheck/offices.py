"""R011, R016 and R018: offices, secretariats and members, and what pages say about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from handbook.datecheck import words
from handbook.datecheck.tree import PassageText, Tree
from handbook.model.catalogue import Committee
from handbook.model.records import Office, Person
from handbook.rules.findings import Finding
from handbook.rules.rule import rule

SECRETARIAT = "secretariat"
_COMMITTEE = r"(?:ISO|IEC|CEN|CENELEC|SAC)(?:/IEC)?[/ ](?:TC|JTC|TMB) ?\d*(?:/SC \d+)?"
_BODY = (
    rf"(?:(?:{_COMMITTEE}|SC \d+)(?:/[JT]?[AWT]G \d+)?|WG \d+|WCCD|ISO|[Tt]he club|ISSCC)(?![/\w])"
)
_ROLES = (
    re.compile(
        r"\b(?P<role>chair|secretary|convenor|president|Secretary[- ]General)(?:man|woman)? of"
        rf" (?:the )?(?:(?:committee|subcommittee|working group|group) )?(?P<body>{_BODY})(?! \d)",
        re.IGNORECASE,
    ),
    # "she chairs ISO/TC 268", "ISO/TC 268 is chaired by her", "ISO/TC 268's chair"
    re.compile(rf"\b(?P<role>chair|conven)(?:s|ed|es|ing) (?:the )?(?P<body>{_BODY})(?! \d)"),
    re.compile(
        rf"\b(?P<body>{_BODY})\b(?:,[^,.;]{{1,40}},)? (?:is|was|has been) (?:still |then )?"
        r"(?P<role>chair(?=ed)|conven(?=ed)|led)(?:ed)? by\b"
    ),
    # "Cerema leads WG 1"
    re.compile(rf"\b(?P<role>leads|led|heads|headed) (?:the )?(?P<body>{_BODY})(?! \d)"),
    re.compile(
        rf"\b(?P<body>{_BODY})(?:'s|\u2019s) (?P<role>chair|secretary|convenor|president)\b"
    ),
)
#: Offices of those who lead a body.
_LEADERS = ("chair", "convenor", "president", "head", "secretary general")
#: Words that say when an office began or ended.
_TERM = re.compile(r"[^.;:]{0,12}?\b(?P<step>until|since|from) $")
_NAME = r"(?:[A-Z][\w&.\u2019'-]*(?: (?:(?:of|for|and|the) )*(?=[A-Z]))?)+"
#: "AFNOR holds the secretariat of ISO/TC 268", "... the secretariats of SC 1 and SC 2"
_HOLDS = re.compile(
    rf"(?P<who>{_NAME})?(?: \([^()]*\))?(?:, [^,.;]*,)? ?(?:still |also |now |then )?"
    r"\b(?P<verb>holds?|held|has|had|keeps?|kept|runs?|ran|houses|housed|took|takes)\b"
    r"(?: on| over)? (?:the |its )?(?:permanent )?secretariats? (?:of|for)"
    rf" (?P<bodies>(?:the )?{_BODY}(?: \([^()]*\))?(?:(?:,| and|, and) {_BODY})*)"
)
#: "the secretariat of ISO/TC 268 lies with AFNOR"
_HELD = re.compile(
    rf"\bsecretariats? (?:of|for) (?P<bodies>{_BODY}(?:(?:,| and|, and) {_BODY})*)"
    r" (?:is|are|was|were|lies?|lay|sits?|sat|went|goes)(?: held| kept| run)?"
    rf" (?:at|with|by|in the hands of|to) (?:the )?(?P<who>{_NAME})"
)
_HEDGED = re.compile(r"\b(?:not|who|nobody|whether)\b", re.IGNORECASE)
_PRONOUNS = {"It", "They", "This", "That"}
_HINT = "write what the record says, or correct references/records/offices.yaml"
#: "SIS is the secretariat of SC 1"
_IS = re.compile(
    rf"\b(?P<who>[A-Z]{{2,}}) (?:is|was) the secretariats? of (?P<bodies>(?:the )?{_BODY})"
)


@rule("R011")
def other_office(tree: Tree) -> Iterator[Finding]:
    """A sentence gives a person or a body only offices that the records give."""
    if not tree.records.people:
        return
    people = {name: one for one in tree.records.people for name in (one.name, *one.spellings)}
    named, known = _holders(tree, people)
    for reading in tree.readings:
        roles = any(role.search(reading.prose) for role in _ROLES)
        worth = roles or "secretariat" in reading.prose
        for start, end in reading.sentences if worth else ():
            sentence = reading.prose[start:end]
            if _HEDGED.search(sentence):
                continue
            found = {people[match[1]].id: people[match[1]] for match in named.finditer(sentence)}
            said = next(filter(None, (role.search(sentence) for role in _ROLES)), None)
            if said and len(found) == 1:
                (person,) = found.values()
                yield from _person(reading, person, said, (start, end))
            for match in chain(*(held.finditer(sentence) for held in (_HOLDS, _HELD, _IS))):
                if who := _holder(reading, match, start, known):
                    yield from _secretariat(reading, tree, people.get(who, who), match, start)


def _holders(tree: Tree, people: Mapping[str, Person]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds an officer, and what finds whoever may hold a secretariat."""
    spelt = [name for name in people if name.isascii() or " " in name]
    officers = [
        name for name in spelt if any(one.role != SECRETARIAT for one in people[name].offices)
    ]
    committees = tree.catalogue.committees
    bodies = chain(*((one.secretariat, *one.p_members, *one.o_members) for one in committees))
    return (
        re.compile(rf"\b({words.any_of(officers)})\b"),
        re.compile(rf"\b({words.any_of({*spelt, *bodies})})\b"),
    )


def short_name(text: str) -> str:
    """Return a body by its short name: "SC 1" for one of ISO/TC 268, "the ISSCC" for the club."""
    text = text.removeprefix("the ").removeprefix("The ")
    if text in {"club", "ISSCC"}:
        return "ISSCC"
    return f"ISO/TC 268/{text}" if re.match(r"(?:SC|[JT]?[AWT]G) ", text) else text


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def meant(body: str, known: Iterable[str]) -> str:
    """Return the known body that another spelling or a part of its name means; empty if there is
    none.
    """
    known = sorted(known, key=len)
    part = re.match(r"(?:JTC|TC|SC|[JT]?[AWT]G) ?\d", body)
    for other in known:
        if _plain(other) == _plain(body) or (part and _plain(other).endswith(_plain(body))):
            return other
    return short_name(body) if short_name(body) in known else ""


def _person(
    reading: PassageText, person: Person, said: re.Match[str], within: tuple[int, int]
) -> Iterator[Finding]:
    start, end = within
    role, body = said["role"].replace("-", " ").lower(), short_name(said["body"])
    held = [(one.role.replace("-", " ").lower(), one.body) for one in person.offices]
    if role in {"leads", "led", "heads", "headed"}:
        role = next((one for one in _LEADERS if (one, body) in held), "leader")
    role = "convenor" if role == "conven" else role
    if (role, body) not in held:
        offices = "; ".join(f"{one.role} of {one.body}" for one in person.offices)
        yield Finding(
            reading.place(start + said.start()),
            "R011",
            f"the sentence says of {person.name}: {role} of {body}; its record: {offices}",
            _HINT,
        )
        return
    for date in reading.dates:
        before = reading.prose[start + said.end() : date.start]
        match = _TERM.match(before) if start + said.end() <= date.start < end else None
        if match and date.date:
            step = "until" if match["step"] == "until" else "since"
            dates = [
                one.date
                for office in person.offices
                if (office.role.replace("-", " ").lower(), office.body) == (role, body)
                for one in office.dates
                if one.what == step
            ]
            if date.date.contradicts(*dates):
                yield Finding(
                    reading.place(date.start),
                    "R011",
                    f"the sentence says of {person.name}: {role} of {body} {step} {date.text};"
                    f" its record: {step} {', '.join(map(str, dates))}",
                    _HINT,
                )


def _holder(reading: PassageText, said: re.Match[str], start: int, known: re.Pattern[str]) -> str:
    """Return the holder of a secretariat from the name beside the verb: that name if it is known,
    else the last known name before it, else the unknown one.
    """
    name = "" if said["who"] in _PRONOUNS else (said["who"] or "").strip()
    if match := known.match(name.removeprefix("The ")):
        return match[1]
    # "AFNOR of France holds it"; "it holds" leads back to a sentence before
    before = reading.prose[start if name else 0 : start + said.start("bodies")]
    names = [match[1] for match in known.finditer(before)]
    return names[-1] if names else name


def _secretariat(
    reading: PassageText, tree: Tree, who: Person | str, said: re.Match[str], start: int
) -> Iterator[Finding]:
    name = who if isinstance(who, str) else who.name
    for at in re.finditer(_BODY, said["bodies"]):
        body = short_name(at[0])
        held = [one.person for one in tree.records.offices if _is_secretariat(one, body)]
        if held and name not in held:
            own = (
                [] if isinstance(who, str) else [f"{one.role} of {one.body}" for one in who.offices]
            )
            other = f"; of {name} it has: {'; '.join(own)}" if own else ""
            yield Finding(
                reading.place(start + said.start("bodies") + at.start()),
                "R011",
                f"the sentence gives the secretariat of {body} to {name}; the record gives it to"
                f" {', '.join(held)}{other}",
                _HINT,
            )


def _is_secretariat(one: Office, body: str) -> bool:
    return one.body == body and one.role == SECRETARIAT


@rule("R016")
def as_the_catalogue_says(tree: Tree) -> Iterator[Finding]:
    """The record of a committee's secretariat names the same holder as ISO's data."""
    people = {one.id: one for one in tree.records.people}
    for committee in tree.catalogue.committees:
        held = [one for one in tree.records.offices if _is_secretariat(one, committee.reference)]
        names = {
            name
            for one in held
            for name in (one.person, *people[one.of_person].spellings)
            if not any(said.what == "until" for said in one.dates)
        }
        if held and committee.secretariat not in names:
            yield Finding(
                held[-1].place,
                "R016",
                f"ISO's data give the secretariat of {committee.reference} to"
                f" {committee.secretariat}, the record to {held[-1].person}",
                "add an until to the office that ended, and the office of the new holder",
            )


@rule("R018")
def members_as_the_catalogue_says(tree: Tree) -> Iterator[Finding]:
    """A table of committees and their members (P, O) agrees with ISO's data, and omits none."""
    committees = {one.reference: one for one in tree.catalogue.committees}
    for head, rows in _tables(tree):
        columns = {
            index: committees[short_name(cell.prose.strip())]
            for index, cell in head.items()
            if short_name(cell.prose.strip()) in committees
        }
        known = {name for one in columns.values() for name in (*one.p_members, *one.o_members)}
        missing = set(known)
        for row in rows:
            name = next((cell.prose.strip() for cell in row if cell.prose.strip() in known), "")
            for index, committee in columns.items() if name else ():
                yield from _membership(row[index], name, committee)
            missing.discard(name)
        if columns and missing and len(missing) < len(known):
            yield Finding(
                head[0].place(0),
                "R018",
                f"the table lacks {', '.join(sorted(missing))}",
                "add a row of each",
            )


def _tables(tree: Tree) -> Iterator[tuple[dict[int, PassageText], list[list[PassageText]]]]:
    """Yield the head of each typed table, by column, and its rows."""
    found: dict[tuple[int, int], dict[int, list[PassageText]]] = {}
    for reading in tree.readings:
        if reading.passage.kind == "cell" and (table := reading.within("table")):
            row = reading.within("tr")
            assert row
            rows = found.setdefault((id(reading.page), table.serial), {})
            rows.setdefault(row.serial, []).append(reading)
    for rows in found.values():
        head, *body = rows.values()
        if any("ISO/TC" in cell.prose or "SC " in cell.prose for cell in head):
            yield dict(enumerate(head)), [row for row in body if len(row) == len(head)]


def _membership(cell: PassageText, name: str, committee: Committee) -> Iterator[Finding]:
    held = "P" if name in committee.p_members else "O" if name in committee.o_members else "–"
    said = cell.prose.strip()
    if said in {"P", "O", "–"} and said != held:
        yield Finding(
            cell.place(0),
            "R018",
            f"the table says {said} of {name} in {committee.reference}; ISO's data say {held}",
            "write what ISO's data say, or bring them up to date: tools/update_catalogue.py",
            said,
        )
