"""ISO's catalogue: status from stages, which document a text names, and what is wrong with a file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handbook.model.catalogue import (
    Catalogue,
    CatalogueError,
    RelationKind,
    State,
    Status,
    slug,
    stage_text,
    state_of,
    status_of,
)
from handbook.model.placed import read_json
from support import ROOTS

REFERENCES = ROOTS / "references"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(REFERENCES)


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("00.00", "under development"),
        ("10.98", "deleted"),
        ("20.00", "under development"),
        ("20.98", "deleted"),
        ("30.99", "under development"),
        ("40.60", "under development"),
        ("40.98", "deleted"),
        ("50.20", "under development"),
        ("60.00", "under development"),  # in preparation for publication: no reader has it yet
        ("60.60", "published"),
        ("90.20", "published"),
        ("90.60", "published"),
        ("90.92", "published"),
        ("90.93", "published"),
        ("90.99", "published"),
        ("95.20", "published"),
        ("95.60", "published"),
        ("95.99", "withdrawn"),
    ],
)
def test_status_from_the_stage_code(stage: str, status: str) -> None:
    assert status_of(stage) is Status(status)


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("00.00", "draft"),
        ("40.20", "draft"),
        ("60.00", "draft"),
        ("60.60", "current"),
        ("90.20", "under review"),
        ("90.60", "under review"),
        ("90.92", "being revised"),
        ("90.93", "confirmed"),
        ("90.99", "being withdrawn"),
        ("95.20", "being withdrawn"),
        ("95.99", "withdrawn"),
        ("30.98", "deleted"),
    ],
)
def test_state_in_plain_words_from_the_stage_code(stage: str, state: str) -> None:
    assert state_of(stage) is State(state)


@pytest.mark.parametrize(
    ("code", "text"), [(9093, "90.93"), (0, "00.00"), (20, "00.20"), (6060, "60.60")]
)
def test_stage_codes_are_written_with_a_point(code: int, text: str) -> None:
    assert stage_text(code) == text


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("ISO 37101:2016", "iso-37101-2016"),
        ("ISO 37101:2016/Amd 1:2024", "iso-37101-2016-amd-1-2024"),
        ("ISO/TR 37150:2014", "iso-tr-37150-2014"),
        ("ISO/DIS 37116", "iso-dis-37116"),
        ("ISO 37155-1:2020", "iso-37155-1-2020"),
    ],
)
def test_slugs(reference: str, name: str) -> None:
    assert slug(reference) == name


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("37101", "ISO 37101:2016"),
        ("ISO 37101", "ISO 37101:2016"),
        ("ISO 37101:2016", "ISO 37101:2016"),
        ("37120", "ISO 37120:2018"),  # the published one, not the withdrawn
        ("ISO 37120:2014", "ISO 37120:2014"),  # exactly that one
        ("37100", "ISO 37100:2016"),  # the published one, not the draft
        ("ISO/DIS 37100", "ISO/DIS 37100"),
        ("37155-1", "ISO 37155-1:2020"),
        (
            "ISO  37101:2016/Amd\n1:2024",
            "ISO 37101:2016/Amd 1:2024",
        ),  # a reference may be broken over two lines
    ],
)
def test_what_a_text_names(catalogue: Catalogue, text: str, reference: str) -> None:
    assert catalogue.find(text).reference == reference


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("ISO 37120:2015", "the catalogue has ISO 37120:2014, ISO 37120:2018"),
        ("37155", "the catalogue has ISO 37155-1:2020"),
        (
            "ISO 99999",
            "write a reference as in references/iso/deliverables.jsonl, for example ISO 37101:2016 or 37101",
        ),
        (
            "cities",
            "write a reference as in references/iso/deliverables.jsonl, for example ISO 37101:2016 or 37101",
        ),
    ],
)
def test_what_is_not_in_the_catalogue_is_answered_with_what_is(
    catalogue: Catalogue, text: str, hint: str
) -> None:
    with pytest.raises(CatalogueError) as error:
        catalogue.find(text)
    assert (error.value.problem, error.value.hint) == (f"{text!r} is not in the catalogue", hint)


def test_a_deliverable_is_read_whole(catalogue: Catalogue) -> None:
    amendment = catalogue.exact("ISO 37101:2016/Amd 1:2024")
    assert (
        amendment.number,
        amendment.supplement_type,
        str(amendment.published),
        amendment.edition,
    ) == ("37101", "Amd", "2024-02-23", 1)
    assert (amendment.undated_reference, amendment.url) == (
        "ISO 37101:2016/Amd 1",
        "https://www.iso.org/standard/88403.html",
    )
    assert catalogue.exact("ISO/DIS 37100").published is None
    assert catalogue.exact("ISO 37122:2019").ics == ()
    assert [
        catalogue.by_id[id_].reference for id_ in catalogue.exact("ISO 37120:2018").replaces
    ] == ["ISO 37120:2014"]


def test_committees_families_observations_and_relations(catalogue: Catalogue) -> None:
    committee = catalogue.committee("ISO/TC 268/SC 1")
    assert (
        committee.secretariat,
        committee.p_members,
        committee.o_members,
        str(committee.created),
    ) == ("JISC", ("JISC",), (), "2012-02-23")
    family = catalogue.family_of(catalogue.exact("ISO 37122:2019"))
    assert family is not None
    assert family.id == "indicators"
    assert [seen.stage for seen in catalogue.observations[71914]] == ["90.20", "90.92"]
    assert [
        (relation.source, relation.kind, relation.target) for relation in catalogue.relations
    ] == [
        ("ISO 37122:2019", RelationKind.SUPPLEMENTS, "ISO 37120:2018"),
        ("ISO 37120:2018", RelationKind.BUILDS_ON, "ISO 37101:2016"),
    ]
    with pytest.raises(
        CatalogueError, match="'ISO/TC 1' is not a committee of the catalogue"
    ) as error:
        catalogue.committee("ISO/TC 1")
    assert error.value.hint == "write one of ISO/TC 268, ISO/TC 268/SC 1"


def test_deliverables_stand_in_the_order_of_their_numbers_drafts_last(catalogue: Catalogue) -> None:
    assert [deliverable.reference for deliverable in catalogue.deliverables][:4] == [
        "ISO 37100:2016",
        "ISO/DIS 37100",
        "ISO 37101:2016",
        "ISO 37101:2016/Amd 1:2024",
    ]


NEIGHBOURS = "write a reference as in references/iso/deliverables.jsonl"
FAULTS = {
    # file: what it holds (None: it is missing), the line, the message, the hint
    "no file": (
        "iso/extract.yaml",
        None,
        1,
        "the file cannot be read: No such file or directory",
        "restore it: git checkout -- references",
    ),
    "not UTF-8": (
        "families.yaml",
        "- {id: caf\xe9}",
        1,
        "the file is not UTF-8",
        "save it with the encoding UTF-8",
    ),
    "not JSON": (
        "iso/stage-observations.jsonl",
        '{"id": 1, "observations": []}\n{"id": 2,\n',
        2,
        "this is not JSON: Expecting property name enclosed in double quotes",
        "write one JSON object per line",
    ),
    "not YAML": (
        "families.yaml",
        "- id: a\n  title: [\n",
        2,
        "this bracket is not closed",
        "close the bracket",
    ),
    "a field is missing": (
        "iso/committees.jsonl",
        '{"id": 1}\n',
        1,
        "the field 'reference' is missing",
        "add reference",
    ),
    "a year typed as a number": (
        "families.yaml",
        "- {id: a, title: A, members: 37101}\n",
        1,
        "37101 is not a list",
        "write a list: [...]",
    ),
    "a day without quotation marks": (
        "iso/extract.yaml",
        "as_of:\n  deliverables: 2025-06-02\n",
        2,
        "2025-06-02 is not a text",
        'write the text in quotation marks: "2025-06-02"',
    ),
    "a member that is not there": (
        "families.yaml",
        "- {id: a, title: A, members: []}\n- {id: b, title: B, members: [ISO 37120:2015]}\n",
        2,
        "'ISO 37120:2015' is not in the catalogue",
        NEIGHBOURS,
    ),
    "a relation of unknown kind": (
        "relations.yaml",
        "# ours\n- {from: a, to: b, relation: likes, sources: [x]}\n",
        2,
        "'likes' is not known here",
        "use one of builds-on, guides-use-of, supplements",
    ),
    "a relation that is a word": (
        "relations.yaml",
        "- likes\n",
        1,
        "'likes' is not a mapping",
        "write names and values: {name: value}",
    ),
    "a relation to nothing": (
        "relations.yaml",
        "- {from: 'ISO 37101:2016', to: 'ISO 1', relation: supplements, sources: [x]}\n",
        1,
        "'ISO 1' is not in the catalogue",
        NEIGHBOURS,
    ),
}


@pytest.mark.parametrize(
    ("name", "text", "line", "message", "hint"), FAULTS.values(), ids=FAULTS.keys()
)
def test_a_fault_names_the_file_the_line_and_the_remedy(
    tmp_path: Path,
    name: str,
    text: str | None,
    line: int,
    message: str,
    hint: str,
) -> None:
    references = tmp_path / "references"
    shutil.copytree(REFERENCES, references)
    path = references / name
    if text is None:
        path.unlink()
    else:
        path.write_text(text, "latin-1")
    with pytest.raises(CatalogueError) as error:
        Catalogue.load(references)
    assert (error.value.problem, error.value.hint) == (f"{path}:{line}: {message}", hint)


def test_reading_on_lists_all_faults_and_keeps_the_rest(tmp_path: Path) -> None:
    references = tmp_path / "references"
    shutil.copytree(REFERENCES, references)
    for name in ("iso/deliverables.jsonl", "iso/committees.jsonl"):
        with (references / name).open("a") as file:
            file.write('{"id": 1}\n')
    catalogue, problems = Catalogue.read(references)
    assert len(catalogue.deliverables) == 8
    assert [(Path(finding.place.path).name, finding.place.line) for finding in problems] == [
        *[("deliverables.jsonl", 9)] * 11,
        *[("committees.jsonl", 3)] * 7,
    ]


def test_no_relations_are_no_fault(tmp_path: Path) -> None:
    shutil.copytree(REFERENCES, tmp_path / "references")
    (tmp_path / "references" / "relations.yaml").write_text("# none yet\n", "utf-8")
    assert Catalogue.load(tmp_path / "references").relations == ()


def test_a_number_of_thousands_of_digits_is_a_slip_at_its_place() -> None:
    value, slips = read_json('{"edition": ' + "1" * 5000 + "}", 7)
    assert value is None
    assert [(slip.line, slip.column, slip.hint) for slip in slips] == [
        (7, 13, "correct the number")
    ]
