"""The real handbook, with 200 faults of all kinds planted by a script: every one is found, and nothing else is."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from shutil import copytree, ignore_patterns

import pytest

from handbook.datecheck import judge
from handbook.datecheck.tree import Tree
from handbook.model.bibliography import Tier
from handbook.rules.findings import Finding
from handbook.rules.rule import Severity
from support import ROOT

DAY = date(2026, 11, 27)

#: Words for titles that are not alike.
WORDS = [
    "harbour",
    "lantern",
    "orchard",
    "bridge",
    "copper",
    "violin",
    "meadow",
    "anchor",
    "candle",
    "thunder",
    "basket",
    "marble",
    "falcon",
    "ribbon",
    "glacier",
    "pepper",
    "saddle",
    "velvet",
    "walnut",
    "comet",
    "barrel",
    "cotton",
    "dragon",
    "ember",
    "feather",
    "garden",
    "hammer",
    "island",
    "jacket",
    "kettle",
    "ladder",
    "mirror",
    "needle",
    "oyster",
    "pillow",
    "quarry",
]

#: Faults that are put into a page as a paragraph or block of their own, {n} being the number of the fault.
#: Codes after the first are what the same words must also be blamed for.
PARAGRAPHS: list[tuple[str, str]] = [
    (
        "M003",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2019-02-29\n:strands: club\n:sources: cqn2024founding\nIt was short.\n:::",
    ),
    (
        "M003",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018-05-18/2018-05-14\n:strands: club\n:sources: cqn2024founding\nIt was short.\n:::",
    ),
    (
        "M005",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: club\nIt was short.\n:::",
    ),
    (
        "M006",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: club\n:sources: nobody{n}\nIt was short.\n:::",
    ),
    (
        "M004",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: clubs{n}\n:sources: cqn2024founding\nIt was short.\n:::",
    ),
    (
        "M007",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: club\n:sources: cqn2024founding\n:status: done{n}\n:::",
    ),
    (
        "M008",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: club\n:sources: cqn2024founding\n:wher: x{n}\n:::",
    ),
    ("C001", "The visit with number {n} was short {{cite:p}}`cqn2042founding{n}`."),
    ("S001", "The visit with number {n} is in {{iso}}`ISO 37120:2019`."),
    ("D001", "The visit with number {n} was on {{date}}`2019-13-01` {{cite:p}}`cqn2024founding`."),
    ("D001", "The visit with number {n} was on {{date}}`14.1.2019` {{cite:p}}`cqn2024founding`."),
    ("P008", "The visit with number {n} was on {{date}}2019 {{cite:p}}`cqn2024founding`."),
    ("D102", "The visit with number {n} was on 31 June 2019 {{cite:p}}`cqn2024founding`."),
    ("D102", "第{n}次会议于2019年2月30日举行 {{cite:p}}`cqn2024founding`。"),
    ("D103", "The visit with number {n} was on 03/04/2019 {{cite:p}}`cqn2024founding`."),
    ("D103", "The visit with number {n} was on 25.12.2018 {{cite:p}}`cqn2024founding`."),
    (
        "D504",
        "With number {n}: {{iso}}`ISO 37100:2016` was published in May 2016 {{cite:p}}`isoopendata`.",
    ),
    (
        "D106",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018-05-1{m}\n:strands: club\n:sources: cqn2024founding\n:given: cqn2024founding=2018-05\nIt was short.\n:::",
    ),
    (
        "M010",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: club\n:sources: cqn2024founding\n:given: nobody{n}=2018\nIt was short.\n:::",
    ),
    (
        "D207",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: club\n:sources: {undated} cqn2024founding\n:given: cqn2024founding=2017-0{m}\nIt was short.\n:::",
    ),
    (
        "D107",
        "The visit with number {n} lasted from 18 to 14 May 2018 {{cite:p}}`cqn2024founding`.",
    ),
    (
        "D107",
        "The visit with number {n} lasted from 3 May 2018 to 14 April 2018 {{cite:p}}`cqn2024founding`.",
    ),
    (
        "D202",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: club\n:sources: hangzhounet2016plenary\nIt was short.\n:::",
    ),
    (
        "D205",
        "Visitor {n} was the first city in the world with a certificate {{cite:p}}`{secondary}`.",
    ),
    (
        "D206",
        "On 14 January 2019 came the visit with number {n} {{cite:p}}`hangzhounet2016plenary`.",
    ),
    (
        "D301",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2025-0{m}\n:strands: club\n:sources: cqn2024founding\n:status: planned\n:::",
    ),
    (
        "D302",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2062-0{m}\n:strands: club\n:sources: {undated}\n:::",
    ),
    (
        "D303",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2018\n:strands: club\n:sources: cqn2024founding\n:after: visit-0{n}\n:::",
    ),
    (
        "D304",
        ":::{{milestone}} {title}\n:name: visit-{n}\n:date: 2015\n:strands: club\n:sources: cqn2024founding\n:after: isscc-founding-2017\n:::",
    ),
    (
        "D305",
        ":::{{milestone}} The club of cities is founded ({n})\n:name: visit-{n}\n:date: 2017-06\n:strands: club\n:sources: cqn2024founding\nIt was short.\n:::",
    ),
    ("D306", "The visit with number {n} will take place in May 2025 {{cite:p}}`cqn2024founding`."),
    ("D307", "The visit with number {n} took place in May 2062 {{cite:p}}`{undated}`."),
    ("D401", "The visit with number {n} took place on 7 May 2018."),
    ("D401", "- The visit with number {n} took place in 1987."),
    ("D401", "第{n}次访问于二〇一八年五月七日进行。"),
    ("D402", "[The club was founded in July 2017](#isscc-founding-2017), before visit {n}."),
    ("D402", "[The club was founded on 29 June 2017](#isscc-founding-2017), before visit {n}."),
    (
        "D403",
        "The visit with number {n} was on Tuesday, 14 January 2019 {{cite:p}}`cqn2024founding`.",
    ),
    ("D403", "第{n}次访问于2019年1月14日（星期二）进行 {{cite:p}}`cqn2024founding`。"),
    ("D404", "The club currently counts {n} visits {{cite:p}}`cqn2024founding`."),
    ("D404", "目前访问有{n}次 {{cite:p}}`cqn2024founding`。"),
    ("D405", "As of May 2062 the visits were {n} {{cite:p}}`{undated}`."),
    ("D501", "The visit with number {n} used ISO 37120:2019."),
    ("D502", "The visit with number {n} used {{iso}}`37120`, clause 5."),
    ("D503", "Visit {n} says that {{iso}}`ISO 37120:2014` is the current edition."),
    (
        "D504",
        "{{iso}}`ISO 37101:2016` was published in June 2016, before visit {n} {{cite:p}}`isoopendata`.",
    ),
    ("D505", "{{iso}}`ISO/DIS 37116` was at stage 20.00 at visit {n} {{cite:p}}`isoopendata`."),
    (
        "D506",
        "{{iso}}`ISO 37120:2018` is the third edition, says visitor {n} {{cite:p}}`isoopendata`.",
    ),
]


#: Faults in the fields of a source.
ENTRIES: list[tuple[str, dict[str, str]]] = [
    ("B005", {"date": ""}),
    ("B006", {"date": "2019-13"}),
    ("B007", {"langid": "english", "titleaddon": "A gloss"}),
    ("B008", {"langid": "fr"}),
    ("B009", {"keywords": "blog"}),
    ("B010", {"yeer": "2019"}),
    ("B012", {"url": "https://example.org/seed"}),
    ("D201", {"date": "XXXX"}),
]


def plant(root: Path) -> list[tuple[str, int, str]]:
    """Put 200 faults into the handbook; the path, the line and the code of each."""
    random = Random(268)
    tree = Tree.load(root, DAY)
    sources = tree.bibliography.sources.values()
    secondary = next(source.key for source in sources if source.tier is Tier.SECONDARY)
    undated = next(
        source.key for source in sources if source.date.is_unknown and source.tier is Tier.PRIMARY
    )
    pages = [page.path for page in tree.pages if not page.errors]
    planted: list[tuple[str, int, str]] = []
    marks: list[tuple[Path, str, str]] = []  # page, a word that stands nowhere else, code

    def change(path: Path, old: str, new: str, code: str, mark: str | None = None) -> None:
        text = path.read_text("utf-8")
        assert old in text, (path, old)
        path.write_text(text.replace(old, new, 1), "utf-8")
        if mark:
            marks.append((path, mark, code))

    # faults in what stands there: milestones, citations, front matter
    blocks = [told for told in tree.milestones if told.milestone and told.page.path in pages]
    for number, told in enumerate(random.sample(blocks, 8)):
        assert told.milestone
        name, old = told.milestone.name, f":date: {told.block.options['date']}"
        text = told.page.path.read_text("utf-8")
        at = text.index(f":name: {name}\n")
        start, end = text.index(old, at), text.index(":::", at)
        assert start < end
        wrong = ["2019-02-29", "2019-13", "14.1.2019", "about 2019"][number % 4] + f"#{number}"
        told.page.path.write_text(
            text[:start] + f":date: {wrong}" + text[start + len(old) :], "utf-8"
        )
        marks.append((told.page.path, f":date: {wrong}", "M003"))
    fresh = random.sample(pages, 14)
    for number, path in enumerate(fresh):
        code, new = [
            ("D101", f"reviewed: 20{number:02}"),
            ("D602", f'reviewed: "2025-01-{number + 1:02}"'),
            ("D603", f'reviewed: "2027-01-{number + 1:02}"'),
            ("D101", f'reviewed: "{number + 1}/11/2026"'),
        ][number % 4]
        change(
            path,
            re.search(r"^reviewed:.*$", path.read_text("utf-8"), re.MULTILINE)[0],
            new,
            code,
            new,
        )  # type: ignore[index]
    # faults in the sources: in the day of reading, on which nothing else rests, and in new entries
    entries = random.sample(
        [
            source
            for source in sources
            if source.read and not source.date.is_unknown and source.date.precision == 5
        ],
        8,
    )
    for number, source in enumerate(entries):
        text = source.path.read_text("utf-8")
        value, code = [
            ("2019-02-30", "B006"),
            ("1999-01", "D203"),
            ("2019-1-16", "B006"),
            ("2062-11", "D204"),
        ][number % 4]
        match = re.compile(r"\burldate(\s*)= \{[^}]*\}").search(
            text, text.index(f"{{{source.key},")
        )
        assert match
        source.path.write_text(
            f"{text[: match.start()]}urldate{match[1]}= {{{value}}}{text[match.end() :]}", "utf-8"
        )
        planted.append(
            (source.path.relative_to(root).as_posix(), text.count("\n", 0, match.start()) + 1, code)
        )
    for number, (code, fields) in enumerate(ENTRIES):
        path = entries[number].path
        text = path.read_text("utf-8") + f"\n@online{{seed{number},\n"
        first = text.count("\n")
        values = {
            "title": "A title",
            "publisher": "A publisher",
            "date": "2020",
            "langid": "en",
            "keywords": "press",
        } | fields
        lines = [f"  {name} = {{{value}}},\n" for name, value in values.items() if value]
        path.write_text(text + "".join(lines) + "}\n", "utf-8")
        field = next(
            (
                row
                for row, line in enumerate(lines, 1)
                if line.split()[0]
                == {"B008": "title", "D201": "date"}.get(code, next(iter(fields)))
            ),
            0,
        )
        planted.append((path.relative_to(root).as_posix(), first + field, code))
    # faults in the catalogue
    rows = root / "references" / "iso" / "deliverables.jsonl"
    lines = rows.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if '"reference": "ISO 37120:2014"' in line:
            lines[number] = re.sub(r'"replacedBy": \[\d+\]', '"replacedBy": null', line)
    one_sided = next(
        number for number, line in enumerate(lines, 1) if '"reference": "ISO 37120:2018"' in line
    )
    rows.write_text("\n".join(lines) + "\n", "utf-8")
    planted.append(("references/iso/deliverables.jsonl", one_sided, "D507"))
    taken = next(told for told in tree.milestones if told.milestone)
    assert taken.milestone
    block = f":::{{milestone}} Another event altogether\n:name: {taken.milestone.name}\n:date: 1987\n:strands: club\n:sources: cqn2024founding\nText.\n:::\n"
    (root / "docs" / "zz-name.md").write_text(
        f'---\nreviewed: "2026-11-23"\n---\n# T\n\n{block}', "utf-8"
    )
    planted.append(("docs/zz-name.md", 7, "M009"))
    # files that cannot be read
    extra = {
        "zz-gbk.md": ("# 可持续城市\n".encode("gbk"), "P001", 1),
        "zz-yaml.md": (b"---\na: b: c\n---\n# T\n", "P002", 2),
        "zz-open.md": (b'---\nreviewed: "2026-11-23"\n---\n# T\n\n:::{note}\nText\n', "P004", 6),
        "zz-long.md": (b'---\nreviewed: "2026-11-23"\n---\n# T\n\n' + b"x" * 30_000, "P005", 6),
        "zz-crlf.md": (b'---\r\nreviewed: "2026-11-23"\r\n---\r\n# T\r\n', "P009", 1),
        "zz-none.md": (b"# T\n", "D601", 1),
    }
    for name, (data, code, line) in extra.items():
        (root / "docs" / name).write_bytes(data)
        planted.append((f"docs/{name}", line, code))
    (root / "docs" / "zz-loop.md").symlink_to("zz-loop.md")
    planted.append(("docs/zz-loop.md", 1, "P003"))

    # and paragraphs, until there are 200
    number = 0
    while len(planted) + len(marks) < 200:
        code, template = PARAGRAPHS[number % len(PARAGRAPHS)]
        # An event told twice is reported at its second place: after the page that tells it.
        path = pages[-1 - number % 9] if code == "D305" else pages[(number * 7) % len(pages)]
        serial = 7000 + number
        text = template.format(
            n=serial, m=number % 9 + 1, title=_title(number), secondary=secondary, undated=undated
        )
        lines = path.read_text("utf-8").split("\n")
        at = _gap(lines, random)
        path.write_text("\n".join([*lines[:at], text, "", *lines[at:]]), "utf-8")
        wanted = {
            "M003": ":date:",
            "M004": ":strands:",
            "M006": ":sources:",
            "M007": ":status:",
            "M008": ":wher:",
            "D202": ":sources:",
            "D301": ":date:",
            "D302": ":date:",
            "D303": ":after:",
            "D304": ":after:",
            "D106": ":date:",
            "D207": ":given:",
            "M010": ":given:",
        }.get(code)
        own = text.split("\n")
        shift = next((row for row, line in enumerate(own) if wanted and line.startswith(wanted)), 0)
        marks.append((path, f"{own[0]}\0{shift}", code))
        number += 1
    for path, mark, code in marks:
        start, _, shift = mark.partition("\0")
        lines = path.read_text("utf-8").split("\n")
        assert lines.count(start) == 1, (path, start)
        planted.append(
            (path.relative_to(root).as_posix(), lines.index(start) + 1 + int(shift or 0), code)
        )
    return planted


def _title(number: int) -> str:
    """A title of three words, two of which no other title of the suite has in this place."""
    first, second = divmod(number, len(WORDS))
    return f"{WORDS[second]} {WORDS[second - first - 1]} {7000 + number}".capitalize()


def _gap(lines: list[str], random: Random) -> int:
    """A line in front of which a paragraph can be put: a heading or its label, outside of blocks."""
    gaps, fence = [], ""
    for number, line in enumerate(lines):
        mark = re.match(r"(:{3,}|`{3,})", line)
        if mark:
            fence = mark[1] if not fence else "" if line.strip() == fence else fence
        elif (
            not fence and number and not lines[number - 1] and re.match(r"##+ |\([\w-]+\)=$", line)
        ):
            gaps.append(number)
    if not gaps:
        lines.append("")
        return len(lines)
    return random.choice(gaps)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("handbook")
    for name in ("docs", "references"):
        copytree(ROOT / name, root / name, ignore=ignore_patterns("_*"))
    (root / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return root


def key(finding: Finding) -> tuple[str, str, str]:
    """What stays the same when lines move."""
    return finding.place.path, finding.code, re.sub(r":\d+", "", finding.message)


def test_every_planted_fault_is_found_and_nothing_else(copy: Path) -> None:
    before = Counter(key(finding) for finding in judge.check(copy, DAY).findings)
    planted = plant(copy)
    assert len(planted) == 200
    assert len({code for _, _, code in planted}) >= 45
    findings = judge.check(copy, DAY).findings
    places = {(finding.place.path, finding.place.line, finding.code) for finding in findings}
    missed = [fault for fault in planted if fault not in places]
    assert missed == []
    lines = {(path, line) for path, line, _ in planted}
    others = (
        Counter(
            key(finding)
            for finding in findings
            if (finding.place.path, finding.place.line) not in lines
        )
        - before
    )
    # a planted fault may also be blamed elsewhere, where something rests on what it broke
    follow = {"D303", "D402"}
    assert [other for other in others if other[1] not in follow] == []


def test_the_handbook_itself_has_no_fault() -> None:
    findings = [
        str(finding)
        for finding in judge.check(ROOT, DAY).findings
        if finding.severity is Severity.ERROR
    ]
    assert findings == []
