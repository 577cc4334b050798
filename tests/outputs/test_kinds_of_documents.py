"""Each kind of document that ISO publishes: its page, the graph, the tables and their schemas agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from handbook.model.catalogue import Catalogue, CatalogueError
from support.pdfcheck import check, text
from support.projects import Project

#: Reference, type, supplement, stage, and what the box says it belongs to.
KINDS = [
    ("ISO 37990:2020", "IS", None, 6060, {}),
    ("ISO/IEC 37991:2020", "IS", None, 6060, {}),
    ("ISO/TS 37992:2020", "TS", None, 6060, {}),
    ("ISO/TR 37993:2020", "TR", None, 6060, {}),
    ("ISO/PAS 37994:2020", "PAS", None, 6060, {}),
    ("IWA 37:2020", "IWA", None, 6060, {}),
    ("ISO Guide 37:2020", "GUIDE", None, 6060, {}),
    ("ISO/IEC Guide 38:2020", "GUIDE", None, 6060, {}),
    ("ISO/R 37995:1970", "R", None, 9599, {}),
    ("ISO/IEC ISP 37996-1:1999", "ISP", None, 9599, {}),
    ("ISO/TTA 37:2001", "TTA", None, 6060, {}),
    ("ISO/Data 37:1980", "DATA", None, 9599, {}),
    ("ISO/AWI 37980", "IS", None, 2000, {}),
    ("ISO/WD TS 37981", "TS", None, 2060, {}),
    ("ISO/CD 37982", "IS", None, 3020, {}),
    ("ISO/DIS 37983", "IS", None, 4060, {}),
    ("ISO/FDIS 37984", "IS", None, 5020, {}),
    ("ISO/PRF 37985", "IS", None, 6000, {}),
    ("ISO/DPAS 37986", "PAS", None, 4060, {}),
    ("ISO/DTS 37987", "TS", None, 5020, {}),
    ("ISO/DTR 37988", "TR", None, 5020, {}),
    ("ISO/DGuide 39", "GUIDE", None, 4020, {}),
    ("ISO/DIS 37989.2", "IS", None, 4060, {}),
    ("ISO 37990:2020/Amd 1:2022", "IS", "Amd", 6060, {"Amends": "ISO 37990:2020"}),
    ("ISO 37990:2020/DAmd 2", "IS", "Amd", 4060, {"Amends": "ISO 37990:2020"}),
    ("ISO 37990:2020/FDAmd 3", "IS", "Amd", 5020, {"Amends": "ISO 37990:2020"}),
    ("ISO 37990:2020/CD Amd 4", "IS", "Amd", 3020, {"Amends": "ISO 37990:2020"}),
    ("ISO 37990:2020/DAM 5", "IS", "Amd", 4060, {"Amends": "ISO 37990:2020"}),
    ("ISO 37990:2020/Cor 1:2021", "IS", "Cor", 6060, {"Corrects": "ISO 37990:2020"}),
    (
        "ISO 37990:2020/Amd 1:2022/Cor 1:2023",
        "IS",
        "Cor",
        6060,
        {"Corrects": "ISO 37990:2020/Amd 1:2022"},
    ),
    ("ISO 37990:2020/Add 1:2022", "IS", "Add", 6060, {"Adds to": "ISO 37990:2020"}),
    ("ISO 37990:2020/Suppl 1:2022", "IS", "Suppl", 6060, {"Adds to": "ISO 37990:2020"}),
    ("ISO Guide 37:2020/Amd 1:2022", "GUIDE", "Amd", 6060, {"Amends": "ISO Guide 37:2020"}),
    ("ISO/TS 37979:2011/Amd 1:2012", "TS", "Amd", 6060, {"Amends": "ISO/TS 37979:2011"}),
]
CONF = {
    "extensions": ("myst_parser", "sphinxcontrib.bibtex", "handbook.sphinxext", "handbook.pdf"),
}


def _row(number: int, reference: str, kind: str, supplement: str | None, stage: int) -> str:
    row = {
        "id": 900_000 + number,
        "deliverableType": kind,
        "supplementType": supplement,
        "reference": reference,
        "title": {"en": f"Document {number}"},
        "publicationDate": "2020-05" if stage >= 6060 else None,
        "edition": 1,
        "icsCode": None,
        "ownerCommittee": "ISO/TC 268",
        "currentStage": stage,
        "replaces": None,
        "replacedBy": None,
    }
    return json.dumps(row) + "\n"


def _stages(references: Path) -> None:
    path = references / "iso" / "stage-codes.json"
    stages = json.loads(path.read_text("utf-8"))
    for *_rest, stage, _facts in KINDS:
        stages.setdefault(f"{stage // 100:02}.{stage % 100:02}", "A stage")
    path.write_text(json.dumps(stages), "utf-8")


def _with_kinds(root: Path) -> Project:
    made = Project(root, "standard")
    with (made.references / "iso" / "deliverables.jsonl").open("a", encoding="utf-8") as file:
        for number, (reference, kind, supplement, stage, _facts) in enumerate(KINDS):
            file.write(_row(number, reference, kind, supplement, stage))
    _stages(made.references)
    (made.references / "families.yaml").write_text(
        "- id: all\n  title: All\n  members:\n" + "".join(f"  - {row[0]}\n" for row in KINDS)
    )
    for path in made.docs.glob("standards/*.md"):
        path.unlink()
    for number, (reference, *_rest) in enumerate(KINDS):
        made.write(
            f"standards/iso-{number}.md", f"# {reference}\n\n:::{{standard}} {reference}\n:::\n"
        )
    made.write(
        "families.md",
        "# Families\n\n(family-all)=\n## All\n\n:::{relations}\n:family: all\n:::\n\n:::{catalogue}\n:::\n",
    )
    made.write(
        "index.md",
        "# Standards\n\n:::{toctree}\n:glob:\nstandards/iso-*\nfamilies\nbibliography\n:::\n\n"
        + ", ".join(f"{{iso}}`{row[0]}`" for row in KINDS)
        + "\n",
    )
    return made


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return _with_kinds(tmp_path_factory.mktemp("kinds"))


@pytest.mark.filterwarnings("ignore:'myst_parser")
def test_pages_tables_and_pdf_agree(kinds: Project) -> None:
    html, pdf = kinds.build("html", **CONF), kinds.build("pdf", **CONF)
    assert (html.warnings, pdf.warnings) == ([], [])
    data, schema = (
        json.loads(html.text(f"data/deliverables.{kind}json")) for kind in ("", "schema.")
    )
    Draft202012Validator(schema).validate(data)
    rows = {row["reference"]: row for row in data["deliverables"]}
    printed = "".join(text(pdf.out / "handbook.pdf").split())
    assert not check(pdf.out / "handbook.pdf").failures
    for number, (reference, kind, _supplement, _stage, facts) in enumerate(KINDS):
        box = html.soup(f"standards/iso-{number}.html").select_one(".hb-facts")
        shown = {
            name.get_text().rstrip(":"): body.get_text(" ", strip=True)
            for name, body in zip(box.select("dt"), box.select("dd"), strict=True)
        }
        assert shown["Reference"] == reference
        assert shown.items() >= facts.items(), reference
        assert rows[reference]["deliverableType"] == kind
        assert "".join(reference.split()) in printed
    graph = html.soup("families.html").select(".hb-relations li")
    said = [" ".join(item.get_text(" ", strip=True).split("[")[0].split()) for item in graph]
    assert "ISO 37990:2020/Cor 1:2021 corrects ISO 37990:2020" in said
    assert "ISO 37990:2020/DAmd 2 amends ISO 37990:2020" in said
    assert "ISO 37990:2020/Add 1:2022 adds to ISO 37990:2020" in said
    base = html.soup("standards/iso-0.html").select_one(".hb-facts").get_text(" ", strip=True)
    assert "Corrected by : ISO 37990:2020/Cor 1:2021" in base


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        *((reference, reference) for reference, *_rest in KINDS),
        ("ISO Guide 37", "ISO Guide 37:2020"),
        ("ISO/IEC Guide 38", "ISO/IEC Guide 38:2020"),
        ("IWA 37", "IWA 37:2020"),
        ("ISO/TTA 37", "ISO/TTA 37:2001"),
        ("37", "ISO/TTA 37:2001"),
        ("38", "ISO/IEC Guide 38:2020"),
        ("ISO/PAS 37994", "ISO/PAS 37994:2020"),
        ("ISO/IEC ISP 37996-1", "ISO/IEC ISP 37996-1:1999"),
        ("ISO 37990:2020/Amd 1", "ISO 37990:2020/Amd 1:2022"),
    ],
)
def test_a_reference_finds_its_document(kinds: Project, asked: str, found: str) -> None:
    assert Catalogue.load(kinds.references).find(asked).reference == found


def test_a_guide_is_no_standard_of_its_number(kinds: Project) -> None:
    with pytest.raises(CatalogueError, match="'ISO 38' is not in the catalogue"):
        Catalogue.load(kinds.references).find("ISO 38")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"ownerCommittee": "ISO/TC 268"',
            '"ownerCommittee": "ISO/TC 999"',
            "committees.jsonl has no ISO/TC 999",
        ),
        (
            '"supplementType": "Cor"',
            '"supplementType": null',
            "the reference and the kind of supplement do not go together",
        ),
    ],
)
def test_what_does_not_go_together_is_a_finding(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    made = _with_kinds(tmp_path)
    path = made.references / "iso" / "deliverables.jsonl"
    lines = path.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if old in line and "9000" in line)
    lines[at] = lines[at].replace(old, new)
    path.write_text("\n".join(lines), "utf-8")
    _catalogue, findings = Catalogue.read(made.references)
    assert next(
        (one.place.line, one.code, one.message)
        for one in findings
        if "99" in lines[one.place.line - 1]
    ) == (
        at + 1,
        "D104",
        message,
    )
