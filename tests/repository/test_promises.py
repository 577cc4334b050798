"""What SECURITY.md and *Put it on a host* promise to readers: each sentence names the tests that prove it."""

from __future__ import annotations

import ast
import re

import pytest

from support import ROOT

GUARD = "site/test_guard.py"
SITE = "site/test_site.py"
EXPORTS = "outputs/test_exports.py"
#: The beginning of each line under *What holds*, and its proofs.
SECURITY = {
    "A page cannot contain HTML": [
        f"{GUARD}::test_the_check_sees_every_way",
        f"{GUARD}::test_the_build_says_so",
        f"{GUARD}::test_nothing_hostile_is_in_the_page",
        f"{GUARD}::test_nothing_of_a_page_runs_in_a_browser",
        f"{GUARD}::test_no_role_writes_its_words_into_the_page_as_they_stand",
        f"{GUARD}::test_no_directive_writes_its_words_into_the_page_as_they_stand",
        f"{GUARD}::test_a_class_of_ours_leads_nobody_to_another_host",
    ],
    "A page cannot change how it is read": [f"{GUARD}::test_the_build_says_so"],
    "A page reaches no file outside": [
        f"{GUARD}::test_no_file_from_outside_and_none_that_runs_is_published",
        f"{GUARD}::test_no_option_that_takes_a_file_or_an_address_is_forgotten",
        f"{GUARD}::test_no_argument_that_takes_a_file_or_an_address_is_forgotten",
    ],
    "While a symbolic link leads out": [
        f"{GUARD}::test_nothing_is_built_while_a_symbolic_link_leads_out",
        f"{GUARD}::test_the_check_finds_a_link_out_in_both_folders",
    ],
    "A build asks no other host": [f"{GUARD}::test_a_build_asks_nobody"],
    "An address in a page leads to": [
        f"{GUARD}::test_the_check_sees_every_way",
        f"{GUARD}::test_nothing_hostile_is_in_the_page",
    ],
    "A file that a page shows or offers": [
        f"{GUARD}::test_no_file_from_outside_and_none_that_runs_is_published",
        f"{GUARD}::test_svg",
        f"{GUARD}::test_the_whole_of_an_svg",
    ],
    "A page uses only classes": [
        f"{GUARD}::test_the_check_sees_every_way",
        f"{GUARD}::test_the_build_says_so",
        f"{GUARD}::test_nothing_hostile_is_in_the_page",
    ],
    "The name of a file": [f"{GUARD}::test_names_of_files_are_plain"],
    "A page contains no invisible": [
        "datecheck/test_characters.py::test_all_that_unicode_does_not_draw_is_found",
        "datecheck/test_characters.py::test_every_kind_of_file_is_read",
        f"{GUARD}::test_the_check_sees_every_way",
        f"{GUARD}::test_the_build_says_so",
        f"{GUARD}::test_no_character_breaks_what_is_built",
    ],
    "A text that would keep the parser busy": [
        f"{GUARD}::test_no_paragraph_costs_seconds",
        f"{GUARD}::test_a_file_in_a_page_is_bound_too",
    ],
    "A page cannot except itself": [f"{GUARD}::test_no_page_lets_itself_off"],
    "What is built is what": [
        f"{GUARD}::test_only_what_the_check_reads_is_built",
        f"{GUARD}::test_no_catalogue_of_words_changes_what_pages_say",
    ],
    "Inline scripts and styles run only": [
        f"{GUARD}::test_what_a_template_holds_is_its_own_and_leaves_no_mark",
        f"{GUARD}::test_a_page_cannot_know_the_mark",
        f"{SITE}::test_every_inline_script_and_style_is_allowed_by_its_hash_and_no_style_attribute_is_left",
    ],
    "A finished page with a foreign script": [
        f"{GUARD}::test_a_finished_page_with_foreign_markup_stops_the_build"
    ],
    "No page loads anything": [
        f"{SITE}::test_no_page_asks_another_host_breaks_its_policy_fails_to_load_something_or_shifts"
    ],
    "The card at a link shows": [f"{GUARD}::test_a_card_takes_nothing_from_a_file"],
    "No cell of the CSV files": [
        f"{EXPORTS}::test_no_cell_is_a_formula",
        "site/test_using_our_data.py::test_the_spreadsheet_runs_no_cell",
    ],
    "No text leaves its field": [
        f"{EXPORTS}::test_no_title_leaves_its_field_in_bibtex",
        f"{EXPORTS}::test_no_text_leaves_its_place_in_calendar_feed_and_ris",
    ],
    "No YAML file of ours": [f"{GUARD}::test_no_file_of_yaml_grows"],
    "An update stops with a message": [
        "catalogueupdate/test_catalogueupdate.py::test_a_damaged_file_stops_the_update_before_anything_is_written"
    ],
}
#: The beginning of each sentence about headers, and its proofs.
HOSTING = {
    "Each page carries": [
        f"{SITE}::test_every_inline_script_and_style_is_allowed_by_its_hash_and_no_style_attribute_is_left"
    ],
    "It allows the files of the site": SECURITY["Inline scripts and styles run only"],
    "It allows no form": [f"{GUARD}::test_what_the_policy_allows"],
    "The EPUB has no policy": [f"{GUARD}::test_no_page_of_the_book_has_a_script"],
    "`SECURITY.md` says what else": ["repository/test_promises.py::test_each_promise_has_a_proof"],
    "A few things can be set only": [f"{SITE}::test_only_the_pages_to_embed_may_stand_in_a_frame"],
    "The timeline in `embed/` of each edition is": [
        f"{SITE}::test_only_the_pages_to_embed_may_stand_in_a_frame",
        f"{SITE}::test_hosts_treat_a_further_edition_as_the_first",
    ],
    "The build writes ready-made": [f"{SITE}::test_hosts_get_one_policy_that_fits_all_pages"],
}


def security() -> list[str]:
    part = (ROOT / "SECURITY.md").read_text("utf-8").split("## What holds")[1]
    return re.findall(r"(?m)^- (.+)", part.split("These rest on us")[0])


def hosting() -> list[str]:
    page = (ROOT / "docs" / "contributing" / "hosting.md").read_text("utf-8")
    part = page.split("## Headers\n")[1].split("\n| Host |")[0]
    return [line for line in part.splitlines() if line]


@pytest.mark.parametrize(
    ("lines", "proofs"),
    [(security(), SECURITY), (hosting(), HOSTING)],
    ids=["SECURITY.md", "hosting.md"],
)
def test_each_promise_has_a_proof(lines: list[str], proofs: dict[str, list[str]]) -> None:
    assert [
        next((begin for begin in proofs if line.startswith(begin)), line) for line in lines
    ] == list(proofs)


@pytest.mark.parametrize(
    "proof",
    sorted({proof for table in (SECURITY, HOSTING) for all_ in table.values() for proof in all_}),
)
def test_each_proof_is_a_test(proof: str) -> None:
    file, _, name = proof.partition("::")
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
