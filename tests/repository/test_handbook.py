"""What must hold of the handbook's own pages and data, each in one sentence."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sphinx.util.matching import patfilter

from handbook.model import moved, published
from handbook.model.bibliography import Bibliography
from handbook.model.catalogue import Catalogue, Deliverable
from handbook.model.pages import Page, read_pages
from handbook.model.profiles import Profiles
from handbook.model.records import Records
from support import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(ROOT / "references")


@pytest.fixture(scope="module")
def bibliography() -> Bibliography:
    return Bibliography.load((ROOT / "references").glob("*.bib"))


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    """Each page by its name for Sphinx."""
    return {
        page.path.relative_to(DOCS).with_suffix("").as_posix(): page for page in read_pages(DOCS)
    }


def cited(pages: dict[str, Page]) -> Iterator[tuple[str, str]]:
    """Each citation of a page, in its text or by a milestone, with its place."""
    for name, page in pages.items():
        for at in page.citations:
            yield at.value, f"docs/{name}.md:{at.line}"
        for block, milestone, _problems in page.milestones():
            for key in milestone.sources if milestone else ():
                yield key, f"docs/{name}.md:{block.line}"


def test_every_deliverable_is_in_exactly_one_family(catalogue: Catalogue) -> None:
    families = Counter(member for family in catalogue.families for member in family.members)
    assert {
        deliverable.reference: families[deliverable.reference]
        for deliverable in catalogue.deliverables
        if families[deliverable.reference] != 1
    } == {}


def test_what_replaces_a_deliverable_says_so_on_both_sides(catalogue: Catalogue) -> None:
    def pairs(side: str) -> set[tuple[int, int]]:
        found = set()
        for deliverable in catalogue.deliverables:
            for other in getattr(deliverable, side):
                if other in catalogue.by_id:
                    found.add(
                        (deliverable.id, other) if side == "replaces" else (other, deliverable.id)
                    )
        return found

    assert pairs("replaces") == pairs("replaced_by")


def test_ids_references_and_page_names_are_unique(catalogue: Catalogue) -> None:
    for names in (catalogue.by_id, catalogue.by_reference, catalogue.by_slug):
        assert len(names) == len(catalogue.deliverables)


def test_an_amendment_stands_beside_what_it_amends(catalogue: Catalogue) -> None:
    bases = [
        deliverable.reference.split("/Amd")[0]
        for deliverable in catalogue.deliverables
        if deliverable.supplement_type
    ]
    assert bases
    assert [base for base in bases if base not in catalogue.by_reference] == []


def test_every_stage_has_a_meaning_and_every_committee_is_known(catalogue: Catalogue) -> None:
    seen = {deliverable.stage for deliverable in catalogue.deliverables}
    seen |= {
        observation.stage
        for observations in catalogue.observations.values()
        for observation in observations
    }
    assert seen - catalogue.stages.keys() == set()
    assert {deliverable.committee for deliverable in catalogue.deliverables} <= {
        committee.reference for committee in catalogue.committees
    }


def test_nothing_was_published_or_observed_after_the_extract(catalogue: Catalogue) -> None:
    from handbook.model import edtf

    as_of = edtf.parse(catalogue.as_of["deliverables"]).latest
    late = [
        deliverable.reference
        for deliverable in catalogue.deliverables
        if deliverable.published and deliverable.published.earliest > as_of
    ]
    assert late == []
    last = edtf.parse(catalogue.as_of["observations"]).latest
    assert [
        id_
        for id_, seen in catalogue.observations.items()
        if any(one.observed > last for one in seen)
    ] == []


def test_no_relation_is_told_twice_or_to_itself(catalogue: Catalogue) -> None:
    told = Counter((relation.source, relation.target) for relation in catalogue.relations)
    assert [pair for pair, times in told.items() if times > 1 or pair[0] == pair[1]] == []


def test_every_key_of_a_relation_exists(catalogue: Catalogue, bibliography: Bibliography) -> None:
    unknown = [
        (relation.source, key)
        for relation in catalogue.relations
        for key in relation.sources
        if key not in bibliography.sources
    ]
    assert unknown == []


def test_the_bibliography_has_no_fault(bibliography: Bibliography) -> None:
    """Keys are unique, dates exist, every entry says what it must."""
    assert list(map(str, bibliography.findings)) == []


def test_every_cited_key_exists(pages: dict[str, Page], bibliography: Bibliography) -> None:
    assert [
        f"{place}: {key} ({bibliography.nearest(key)})"
        for key, place in cited(pages)
        if key not in bibliography.sources
    ] == []


def test_every_source_is_cited_somewhere(
    pages: dict[str, Page], bibliography: Bibliography, catalogue: Catalogue
) -> None:
    used = {key for key, _place in cited(pages)} | {
        key for relation in catalogue.relations for key in relation.sources
    }
    records = Records.read(ROOT / "references", catalogue)
    used |= {key for record in records.all for key, _place in record.cited}
    profiles = Profiles.read(ROOT / "references", catalogue)
    told = [*profiles.by_reference.values(), *profiles.sets]
    used |= {key for one in told for key, _place in one.cited}
    # The catalogue's tables cite the extract themselves.
    used |= {"isoopendata", "isoopendatacommittees"}
    idle = [
        f"references/{source.path.name}:{source.line}: {key} is cited nowhere (hint: cite it on a page, or delete the entry)"
        for key, source in bibliography.sources.items()
        if key not in used
    ]
    assert idle == []


def test_every_milestone_is_whole_and_its_name_unique(
    pages: dict[str, Page], bibliography: Bibliography
) -> None:
    places: dict[str, list[str]] = {}
    faults = []
    for name, page in pages.items():
        for block, milestone, problems in page.milestones(bibliography):
            faults += map(str, problems)
            if milestone:
                places.setdefault(milestone.name, []).append(f"docs/{name}.md:{block.line}")
    assert faults == []
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_no_milestone_takes_the_name_of_a_publication(
    pages: dict[str, Page], catalogue: Catalogue
) -> None:
    made = {f"{slug}-published" for slug in catalogue.by_slug}
    assert (
        made
        & {
            milestone.name
            for page in pages.values()
            for _block, milestone, _problems in page.milestones()
            if milestone
        }
        == set()
    )


def test_the_timeline_has_at_least_sixty_milestones(pages: dict[str, Page]) -> None:
    assert (
        sum(
            milestone is not None
            for page in pages.values()
            for _block, milestone, _problems in page.milestones()
        )
        >= 60
    )


def test_every_page_says_when_it_was_reviewed_and_what_it_answers(pages: dict[str, Page]) -> None:
    lacking = [
        f"docs/{name}.md: {field}"
        for name, page in pages.items()
        for field, form in (
            ("reviewed", r"\d{4}-\d\d-\d\d"),
            ("description", r".{20,160}"),
        )
        if not re.fullmatch(form, str(page.front_matter.get(field, "")))
    ]
    assert lacking == []


def test_no_two_pages_answer_the_same(pages: dict[str, Page]) -> None:
    described = Counter(page.front_matter.get("description") for page in pages.values())
    assert [description for description, times in described.items() if times > 1] == []


def test_every_page_of_a_standard_is_named_after_it(
    pages: dict[str, Page], catalogue: Catalogue
) -> None:
    def of(deliverable: Deliverable) -> list[str]:
        return [
            name
            for name, page in pages.items()
            if any(
                block.name == "standard" and block.argument == deliverable.reference
                for block in page.blocks
            )
        ]

    wrong = {
        deliverable.reference: found
        for deliverable in catalogue.deliverables
        if (found := of(deliverable)) not in ([], [f"standards/{deliverable.slug}"])
    }
    assert wrong == {}


def test_every_family_has_its_page(pages: dict[str, Page], catalogue: Catalogue) -> None:
    labels = {label.value for page in pages.values() for label in page.labels}
    assert [family.id for family in catalogue.families if f"family-{family.id}" not in labels] == []


def entries(pages: dict[str, Page], name: str) -> Iterator[str]:
    """The pages that the tables of contents of a page list, as Sphinx reads them."""
    page = pages[name]
    lines = page.text.splitlines()
    for block in page.blocks:
        if block.name != "toctree":
            continue
        fence = lines[block.line - 1].strip().partition("{")[0]
        for line in lines[block.line :]:
            entry = line.strip()
            if entry == fence:
                break
            if not entry or entry.startswith(":"):
                continue
            target = re.sub(r".*<(.+)>", r"\1", entry).removesuffix(".md")
            target = posixpath.normpath(
                posixpath.join("/", posixpath.dirname(name), target)
            ).removeprefix("/")
            yield from (
                (found for found in patfilter(pages, target) if found != name)
                if "glob" in block.options
                else [target]
            )


def test_every_page_is_in_exactly_one_table_of_contents(pages: dict[str, Page]) -> None:
    listed = Counter(target for name in pages for target in set(entries(pages, name)))
    orphans = {name for name, page in pages.items() if "orphan" in page.front_matter}
    assert {
        name: listed[name] for name in pages.keys() - orphans if listed[name] != (name != "index")
    } == {}
    assert [name for name in listed if name not in pages] == []


def test_no_published_name_vanishes() -> None:
    """New names fail nothing: who edits in a browser cannot run a command. They are on the lists with the next edition."""
    found = published.differences(
        published.present(ROOT), published.promised(ROOT), moved.load(DOCS / moved.NAME)
    )
    assert [line for line in found if " is new; " not in line] == []


def test_the_lists_of_names_only_grow(tmp_path: Path) -> None:
    published.write(tmp_path, {"keys": {"b", "a"}, "milestones": set(), "pages": {"index"}})
    published.write(tmp_path, {"keys": {"c"}, "milestones": {"m-1"}, "pages": {"index"}})
    assert (tmp_path / published.LISTS / "keys.txt").read_text("utf-8") == "a\nb\nc\n"
    assert published.differences(
        {"keys": {"c", "d"}, "milestones": {"m-1"}, "pages": {"index"}},
        published.promised(tmp_path),
    ) == [
        "keys: a has vanished; it was published: bring it back, or redirect its address in docs/moved.yaml",
        "keys: b has vanished; it was published: bring it back, or redirect its address in docs/moved.yaml",
        "keys: d is new; run: python tools/check_names.py --write",
    ]
