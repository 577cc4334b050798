"""What the floors below already find: blocks, sources, pages, citations, references; here it is
only gathered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handbook.datecheck.rule import Fault, Fix, add, rule
from handbook.datecheck.tree import Tree, role_target
from handbook.model import edtf
from handbook.model.catalogue import CatalogueError, Status
from handbook.model.pages import Strand
from handbook.rules.findings import Place


def form_fix(place: Place, text: str, hint: str) -> Fix | None:
    """The safe change for a date that is only written wrong: where the hint names one date that can
    stand.
    """
    match = re.fullmatch(r"write ([0-9][0-9~?%/.-]*)(?:\.\.)?", hint)
    if not match:
        return None
    try:
        edtf.parse(match[1])
    except edtf.EdtfError:
        return None
    # only a different way to write the same digits is safe
    same = [number.lstrip("0") for number in re.findall(r"\d+", text)] == [
        number.lstrip("0") for number in re.findall(r"\d+", match[1])
    ]
    return (
        Fix(place, text, match[1])
        if same or re.sub(r"\D", "", text) == re.sub(r"\D", "", match[1])
        else None
    )


@rule("M001")
def milestones(tree: Tree) -> Iterator[Fault]:
    """A milestone has a title.

    Why: The timeline shows the title; without it nobody knows what happened.

    Example:
    :::{milestone}
    :name: isscc-founding-2017

    Mend: Write the title on the first line: `:::{milestone} The club is founded`.
    """
    options = {
        "M002": "name",
        "M003": "date",
        "M004": "strands",
        "M005": "sources",
        "M006": "sources",
        "M007": "status",
        "M010": "given",
    }
    names: dict[str, Place] = {}
    for told in tree.milestones:
        for problem in told.problems:
            option = options.get(problem.code, "")
            if problem.code == "M008" and (
                match := re.search(r"no option '([^']+)'", problem.message)
            ):
                option = match[1]
            place = (
                tree.option_place(told.page, told.block, option)
                if option in told.block.options
                else tree.block_place(told.page, told.block)
            )
            if problem.code == "M006" and (match := re.search(r"cites '([^']+)'", problem.message)):
                line = tree.lines(told.page)[place.line - 1]
                place = Place(
                    place.path,
                    place.line,
                    max(line.find(match[1], place.column - 1), place.column - 1) + 1,
                )
            fix = (
                form_fix(place, told.block.options.get("date", ""), problem.hint)
                if problem.code == "M003"
                else None
            )
            yield Fault(place, problem.message, problem.hint, fix, problem.code)
        if told.milestone:
            place = tree.option_place(told.page, told.block, "name")
            first = names.setdefault(told.milestone.name, place)
            if first is not place:
                yield Fault(
                    place,
                    f"the milestone name {told.milestone.name!r} is already used at"
                    f" {first.path}:{first.line}",
                    "give this one another name",
                    code="M009",
                )
    for page in tree.pages:
        for block in page.blocks:
            for word in (
                block.options.get("strands", "").replace(",", " ").split()
                if block.name == "timeline"
                else ()
            ):
                if word not in set(Strand):
                    yield Fault(
                        tree.option_place(page, block, "strands"),
                        f"{word!r} is not a strand",
                        "use one of " + ", ".join(Strand),
                        code="M004",
                    )


@rule("B001")
def bibliography(tree: Tree) -> Iterator[Fault]:
    """A .bib file can be read.

    Why: If a file cannot be read, each page that cites from it loses its sources.

    Example:
    a file saved as Windows-1252

    Mend: Save the file as UTF-8.
    """
    fields = {
        "B006": r"(\w+): ",
        "B007": "langid",
        "B008": "title",
        "B009": "keywords",
        "B010": r"field (\w+)",
        "B011": "url",
        "B012": "url",
        "B013": "publisher",
    }
    for error in tree.bibliography.errors:
        name = fields.get(error.code, "")
        if "(" in name:
            match = re.search(name, error.message.split(": ", 1)[-1])
            name = match[1] if match else ""
        place = (
            tree.field_place(error.path, error.line, name)
            if name
            else Place(tree.path(error.path), error.line)
        )
        fix = None
        if error.code == "B006" and (text := re.search(r": '([^']*)'", error.message)):
            fix = form_fix(place, text[1], error.hint)
        yield Fault(place, error.message, error.hint, fix, error.code)


@rule("P001")
def pages(tree: Tree) -> Iterator[Fault]:
    """A page is UTF-8.

    Why: In another encoding Chinese names turn into signs that nobody can read.

    Example:
    a page saved as GBK

    Mend: Save the page with the encoding UTF-8.
    """
    for page in tree.pages:
        for line, problem in page.errors:
            yield Fault(
                Place(tree.path(page.path), line), problem.message, problem.hint, code=problem.code
            )
        if (
            page.text.startswith("---\n")
            and not page.front_matter
            and not page.errors
            and "\n---" not in page.text[4:]
        ):
            yield Fault(
                Place(tree.path(page.path)),
                "the front matter is not closed",
                "close it with a line of three hyphens",
                code="P002",
            )


@rule("P008")
def half_written(tree: Tree) -> Iterator[Fault]:
    """A role or a directive is written in full.

    Why: A half-written one prints its own code to the reader, and the date or the source in it is
    lost.

    Example:
    The club met in {date}2019-01`.

    Mend: Write the name in braces, then the content between backticks; a directive begins with
    three colons.
    """
    for reading in tree.readings:
        for match in (
            re.finditer(r"(?<!\S):([a-z]+(?::[a-z]+)?):(?=\ufffc)", reading.prose)
            if ":\ufffc" in reading.prose
            else ()
        ):
            yield Fault(
                reading.place(match.start()),
                f"{match[0]!r} is a role in the form of reStructuredText",
                f"write {{{match[1]}}}`content`",
            )
        for match in (
            re.finditer(r"\{[a-z]+(?::[a-z]+)?\}`?|(?m:^:{1,2}\{[a-z]+\})", reading.prose)
            if "{" in reading.prose
            else ()
        ):
            yield Fault(
                reading.place(match.start()),
                f"{match[0]!r} is the beginning of a role or directive that does not end",
                "write {name}`content`, or for a directive a line :::{name} and below it a"
                " line :::",
            )


@rule("P009")
def byte_form(tree: Tree) -> Iterator[Fault]:
    """A file has plain line ends, no byte order mark and no NUL.

    Why: They are invisible, break comparisons between versions, and some tools read the first line
    wrong.

    Example:
    a page saved with Windows line ends

    Mend: Save the file with the line ends of Unix (LF) as UTF-8 without BOM; `--fix` does it.
    """
    references = tree.root / "references"
    files = [
        page.path
        for page in tree.pages
        if not any(problem.code == "P003" for _, problem in page.errors)
    ]
    for path in [*files, *sorted(references.glob("*.bib")), *sorted(references.glob("*.yaml"))]:
        try:
            data = path.read_bytes()
        except OSError:
            continue
        name = tree.path(path)
        if data.startswith(b"\xef\xbb\xbf"):
            yield Fault(
                Place(name),
                "the file begins with a byte order mark",
                "save it as UTF-8 without BOM",
                Fix(Place(name), "\ufeff", ""),
            )
        if (at := data.find(b"\r")) >= 0:
            place = Place(name, data.count(b"\n", 0, at) + 1)
            yield Fault(
                place,
                "the file has line ends of Windows",
                "save it with the line ends of Unix (LF)",
                Fix(place, "\r", ""),
            )
        if (at := data.find(b"\0")) >= 0 and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield Fault(
                Place(name, data.count(b"\n", 0, at) + 1),
                "the file has a NUL",
                "delete the sign that cannot be seen",
            )


@rule("C001")
def citations(tree: Tree) -> Iterator[Fault]:
    """A cited key is in the bibliography.

    Why: A claim whose source cannot be found is a claim without source.

    Example:
    The club has 16 founding cities {cite:p}`cqn2042founding`.

    Mend: Correct the key, or add an entry with this key to one of references/*.bib.
    """
    for reading in tree.readings:
        for span in reading.passage.spans:
            if span.kind == "role" and span.name.startswith("cite"):
                for key in span.value.split(","):
                    if key.strip() not in tree.bibliography.sources:
                        place = reading.place(
                            max(
                                reading.passage.text.find(key.strip(), span.start, span.end),
                                span.start,
                            )
                        )
                        yield Fault(
                            place,
                            f"no references/*.bib has the key {key.strip()!r}",
                            tree.bibliography.nearest(key.strip()),
                        )


@rule("S001")
def deliverables(tree: Tree) -> Iterator[Fault]:
    """A standard named by `{iso}` or `{standard}` is in the catalogue.

    Why: The link would go nowhere, and the edition may never have existed.

    Example:
    The indicators are in {iso}`ISO 37120:2019`.

    Mend: Write a reference of the catalogue; a standard of another committee is written plainly,
    without a role.
    """
    for reading in tree.readings:
        for span in reading.passage.spans:
            if span.kind == "role" and span.name == "iso":
                try:
                    tree.catalogue.find(role_target(span.value)[1])
                except CatalogueError as error:
                    yield Fault(reading.place(span.start), str(error), error.hint)
    for page in tree.pages:
        for block in page.blocks:
            if block.name == "standard":
                try:
                    tree.catalogue.exact(" ".join(block.argument.split()))
                except CatalogueError as error:
                    yield Fault(tree.block_place(page, block), str(error), error.hint)
            elif block.name == "catalogue":
                choices = {
                    "committee": [committee.reference for committee in tree.catalogue.committees],
                    "family": [family.id for family in tree.catalogue.families],
                    "status": [str(status) for status in Status],
                }
                for option, known in choices.items():
                    if option in block.options and block.options[option] not in known:
                        yield Fault(
                            tree.option_place(page, block, option),
                            f"{block.options[option]!r} is not a {option} of the catalogue",
                            "use one of " + ", ".join(known),
                            code="S002",
                        )


@rule("D001")
def date_roles(tree: Tree) -> Iterator[Fault]:
    """The content of `{date}` is a date in EDTF that the calendar has.

    Why: Programs read these dates, and a reader trusts them.

    Example:
    The ceremony was on {date}`14.1.2019`.

    Mend: Write YYYY, YYYY-MM or YYYY-MM-DD; about: `2016~`; perhaps: `2016?`; from/to:
    `2018-05-14/2018-05-18`.
    """
    for reading in tree.readings:
        for span in reading.passage.spans:
            if span.kind == "role" and span.name == "date":
                try:
                    edtf.parse(span.value)
                except edtf.EdtfError as error:
                    place = reading.place(span.start)
                    inner = reading.place(reading.passage.text.find("`", span.start) + 1)
                    yield Fault(
                        place, str(error), error.hint, form_fix(inner, span.value, error.hint)
                    )


for _code, _text in {
    "M002": (
        """A milestone has a name: lower-case words and the year, joined by hyphens.

        Why: The name is the anchor, the id in the exports and in the calendar, for ever.

        Example:
        :name: ISSCC Founding

        Mend: Write for example `:name: isscc-founding-2017`."""
    ),
    "M003": (
        """A milestone has a date in EDTF that the calendar has.

        Why: The timeline sorts by it and readers rely on it; a rounded or impossible date is our worst fault.

        Example:
        :date: 2019-02-29

        Mend: Write the date exactly as precise as the source: `2019`, `2019-02`, `2019-02-28`, `2018-05-14/2018-05-18`, `2017-06~`."""
    ),
    "M004": (
        """A milestone belongs to one or more of the strands of the timeline.

        Why: Readers follow one strand; an unknown one is shown nowhere.

        Example:
        :strands: hangzou

        Mend: Use committee, standards, club, hangzhou or neighbours."""
    ),
    "M005": (
        """A milestone has a source.

        Why: Every dated statement carries its source.

        Example:
        :::{milestone} The club is founded
        :name: isscc-founding-2017
        :date: 2017-06
        :strands: club

        Mend: Add `:sources:` with one or more keys of references/*.bib."""
    ),
    "M006": (
        """The sources of a milestone are in the bibliography.

        Why: A source that cannot be found proves nothing.

        Example:
        :sources: cqn2042founding

        Mend: Correct the key, or add the entry."""
    ),
    "M007": (
        """The status of a milestone is happened, planned, announced or disputed.

        Why: The timeline shows it to readers.

        Example:
        :status: done

        Mend: Use one of the four words; happened may be left out."""
    ),
    "M008": (
        """A milestone has no other options than name, date, strands, sources, status, place, after, before, short and given.

        Why: A misspelt option would be lost without a word.

        Example:
        :source: cqn2024founding

        Mend: Write the option that was meant."""
    ),
    "M009": (
        """A milestone's name is used once in the whole handbook.

        Why: Links and calendars could not tell the two events apart.

        Example:
        :name: isscc-founding-2017 (on two pages)

        Mend: Give the second one another name, or delete it if both tell the same event."""
    ),
    "M010": (
        """What single sources give is written as key and date, each key once and among the sources.

        `given` stands where a source gives another date than the milestone has, or the same less exactly. `XXXX` says that
        it gives none.

        Why: A dispute about a date that is written wrong is lost in the data.

        Example:
        :sources: cqn2024founding afnor2017ville
        :given: afnor2017ville 2017-06-29

        Mend: Write `:given: afnor2017ville=2017-06-29`."""
    ),
    "B002": (
        """A .bib file is BibTeX.

        Why: From the fault on, its entries are lost.

        Example:
        @online{cqn2024founding,
          title = {Founding}
          date = {2024-05-15},

        Mend: Look for a missing comma, brace or quotation mark on this line or the one before."""
    ),
    "B003": (
        """A key is used once.

        Why: Otherwise nobody knows which of the two sources a claim rests on.

        Example:
        @online{cqn2024founding, ...} in two files

        Mend: Give the new entry another key; a key once published stays with its source."""
    ),
    "B004": (
        """A key has only a-z, 0-9 and hyphens, and begins with a letter.

        Why: Keys are addresses.

        Example:
        @online{CQN_2024,

        Mend: Write it in lower case: `cqn2024`."""
    ),
    "B005": (
        """A source has a title, a publisher, a date, a language and a tier.

        Why: These say what the source is worth; above all, a source without date cannot carry a dated claim.

        Example:
        @online{cqn2024founding, title = {...}, publisher = {...}}

        Mend: Add the field; `date = {XXXX}` says that the source bears no date."""
    ),
    "B006": (
        """`date` and `urldate` are EDTF dates that the calendar has.

        Why: The bibliography prints them with their precision.

        Example:
        date = {2019-1-16},

        Mend: Write `2019-01-16`, `2019-01` or `2019`, as precise as the source."""
    ),
    "B007": (
        """`langid` is a BCP 47 tag.

        Why: Screen readers and search need the language of a title.

        Example:
        langid = {chinese},

        Mend: Write for example `en`, `fr` or `zh-Hans`."""
    ),
    "B008": (
        """A title that is not English has an English gloss.

        Why: Readers must be able to see what a source is.

        Example:
        title = {可持续城市}, langid = {zh-Hans},

        Mend: Add `titleaddon = {Sustainable cities}`."""
    ),
    "B009": (
        """The tier of a source is primary, press or secondary.

        Why: Readers weigh a claim by it.

        Example:
        keywords = {blog},

        Mend: Write `keywords = {primary}`, `{press}` or `{secondary}`."""
    ),
    "B010": (
        """An entry has only the fields that the handbook uses.

        Why: A misspelt field would be lost without a word.

        Example:
        urldat = {2026-11},

        Mend: Write the field that was meant."""
    ),
    "B011": (
        """Two entries have not the same address.

        Why: One source under two keys looks like two witnesses.

        Example:
        url = {https://example.org/a} in two entries

        Mend: Cite the first and delete the second, or say in a `note` how the two differ."""
    ),
    "B012": (
        """A source with an address says when it was read.

        Why: Pages change; the day tells which version we saw.

        Example:
        url = {https://example.org/a}, without urldate

        Mend: Add `urldate = {2026-11-23}`."""
    ),
    "B013": (
        """A citation names its source in at most 32 signs.

        Why: A citation stands in running text; a longer name hides the sentence.

        Example:
        publisher = {China National Institute of Standardization}, without shortauthor

        Mend: Add `shortauthor = {CNIS}`: one to three words."""
    ),
    "M011": (
        """The options of a milestone stand directly below its first line, each at the beginning of a line.

        Why: MyST takes other lines for text, and the date or the sources are lost.

        Example:
        :::{milestone} The club is founded

        :date: 2017-06

        Mend: Write each as `:name: value`, with half-width colons, without indentation and without an empty line above it."""
    ),
    "P002": (
        """The front matter of a page is YAML.

        Why: The day of review and the description stand there.

        Example:
        ---
        description: Who: the club
        ---

        Mend: Put values with a colon or a date in quotes, and close the front matter with `---`."""
    ),
    "P003": (
        """A file can be read, and links between folders do not run in a circle.

        Why: What cannot be read cannot be checked.

        Example:
        docs/club/loop, a link to docs/club

        Mend: Delete the link, or give yourself the right to read the file."""
    ),
    "P004": (
        """A directive is opened with its name in braces, and closed.

        Why: An open directive swallows the rest of the page.

        Example:
        :::{note}
        The text goes on to the end of the page.

        Mend: Close it with a line of as many signs as it was opened with."""
    ),
    "P005": (
        """A line has at most 20,000 characters, a paragraph 10,000, and a page two million.

        Why: Such a page is a slip of a program; reading it would stop the checks for minutes.

        Example:
        a picture pasted into the text as data

        Mend: Break the line, or split the page."""
    ),
    "P006": (
        """Blocks do not stand deeper in each other than a reader can follow.

        Why: The parser leaves out what is deeper, and nobody would notice.

        Example:
        > > > > > > > > > > > > a quotation in a quotation in a quotation ...

        Mend: Use fewer levels."""
    ),
    "P007": (
        """An option of a directive is given once.

        Why: Only one of the two counts, and nobody can tell which was meant.

        Example:
        :date: 2017-06
        :date: 2017-06-29

        Mend: Delete one of the two lines."""
    ),
    "S002": (
        """`{catalogue}` selects by a committee, family or status that exists.

        Why: The table would be empty.

        Example:
        :family: indicator

        Mend: Use one of the words that the message lists."""
    ),
}.items():
    add(_code, _text)
