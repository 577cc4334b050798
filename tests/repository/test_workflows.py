"""What runs on GitHub: few rights, nothing unpinned, no secret for pull requests; and the forms that readers fill in."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = {
    path.stem: path.read_text("utf-8") for path in sorted((GITHUB / "workflows").glob("*.yml"))
}
#: Each right that a workflow's jobs have; whoever adds one adds it here too.
RIGHTS = {
    "catalogue": {"contents: write", "pull-requests: write"},
    "links": {"contents: write", "issues: write"},
    "pages": {"contents: read", "pages: read", "pages: write", "id-token: write"},
    "pull-request": {"contents: read"},
    "release": {"contents: write", "id-token: write", "attestations: write"},
}


def jobs(name: str) -> dict[str, Any]:
    return yaml.safe_load(WORKFLOWS[name])["jobs"]


def steps(name: str) -> list[dict[str, Any]]:
    return [step for job in jobs(name).values() for step in job["steps"]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_workflow_has_only_the_rights_it_needs(name: str) -> None:
    assert yaml.safe_load(WORKFLOWS[name])["permissions"] == {}
    given = {
        f"{right}: {how}"
        for job in jobs(name).values()
        for right, how in job["permissions"].items()
    }
    assert given == RIGHTS[name]
    assert all(job["timeout-minutes"] <= 60 for job in jobs(name).values())


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_by_the_hash_of_a_commit_and_name_its_version(name: str) -> None:
    for action, comment in re.findall(r"uses: (\S+)(.*)", WORKFLOWS[name]):
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


def test_one_action_has_one_version() -> None:
    used = {
        tuple(line.split("@"))
        for text in WORKFLOWS.values()
        for line in re.findall(r"uses: (\S+)", text)
    }
    assert len({action for action, _commit in used}) == len(used)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_nothing_from_outside_is_pasted_into_a_script_and_scripts_are_shell(name: str) -> None:
    for step in steps(name):
        if "run" in step:
            assert "${{" not in step["run"]
            assert (
                subprocess.run(
                    ["bash", "-n"], input=step["run"], text=True, capture_output=True, check=False
                ).stderr
                == ""
            )


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [zizmor, "--offline", "--persona=pedantic", "--quiet", GITHUB]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_a_pull_request_from_a_fork_can_run_all_of_its_workflow() -> None:
    text = WORKFLOWS["pull-request"]
    assert "secrets" not in text
    assert "github.token" not in text
    assert "pull_request_target" not in text
    assert set(yaml.safe_load(text)[True]) == {"pull_request", "merge_group", "workflow_dispatch"}


def test_the_tests_run_on_every_python_that_is_promised() -> None:
    assert jobs("pull-request")["tests"]["strategy"]["matrix"]["python"] == [
        "3.11",
        "3.12",
        "3.13",
        "3.14",
    ]
    assert 'requires-python = ">=3.11"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_bare_machine_is_pinned_and_may_skip_what_it_lacks() -> None:
    job = jobs("pull-request")["bare"]
    assert re.fullmatch(r"debian:bookworm-\d{8}@sha256:[0-9a-f]{64}", job["container"])
    assert "env --ignore-environment" in job["steps"][-1]["run"]
    assert "env --ignore-environment" in (ROOT / "tests/bare/run").read_text("utf-8")


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_targets_and_commands_that_are_named_exist(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    scripts = "\n".join(step.get("run", "") for step in steps(name))
    for targets in re.findall(r"(?m)(?:^|[;&|!] )\s*make ([a-z .-]+)$", scripts):
        for target in targets.split():
            assert target == ".venv/ready" or re.search(rf"(?m)^{target}:", makefile), target
    for command in re.findall(r"tools/[\w/]+\.py|\.ci/run", scripts):
        assert (ROOT / command).is_file()


def test_the_matcher_finds_file_and_line_of_each_kind_of_message() -> None:
    matchers = json.loads((GITHUB / "problem-matchers.json").read_text("utf-8"))["problemMatcher"]

    def read(line: str) -> list[tuple[str, ...]]:
        found = []
        for matcher in matchers:
            (pattern,) = matcher["pattern"]
            if match := re.search(pattern["regexp"], line):
                found.append(
                    (
                        matcher["owner"],
                        *(match[pattern[part]] for part in ("file", "line", "message")),
                    )
                )
        return found

    assert read(
        "/home/x/docs/club/meetings.md:8: WARNING: P004 ::: is not closed (hint: close it) [handbook.P004]"
    ) == [
        (
            "sphinx",
            "/home/x/docs/club/meetings.md",
            "8",
            "P004 ::: is not closed (hint: close it) [handbook.P004]",
        ),
    ]
    assert read("\x1b[91mdocs/a.md:8: WARNING: x\x1b[39;49;00m") == [
        ("sphinx", "docs/a.md", "8", "x")
    ]
    assert read("docs/a.md:8:3: M003 the date") == [("lint", "docs/a.md", "8", "M003 the date")]
    assert read("./docs/a.md:8:3: error: `teh` should be `the`") == [
        ("lint", "docs/a.md", "8", "error: `teh` should be `the`")
    ]
    assert read("references/club.bib:12: x stands below y (hint: make tidy)") == [
        ("lint", "references/club.bib", "12", "x stands below y (hint: make tidy)")
    ]
    assert (
        read(
            "files (no large ones, UTF-8, line ends, blanks).....................................Passed"
        )
        == []
    )
    assert read("make: *** [Makefile:33: lint] Error 1") == []


@pytest.mark.parametrize("form", ["wrong-fact", "missing-milestone", "dead-link"])
def test_a_link_of_a_page_can_fill_in_the_page_of_a_form(form: str) -> None:
    fields = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / f"{form}.yml").read_text("utf-8"))["body"]
    assert [field["type"] for field in fields if field.get("id") == "page"] == ["input"]


def test_nobody_is_named_as_owner_who_does_not_exist() -> None:
    assert [
        line
        for line in (GITHUB / "CODEOWNERS").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ] == []


def test_links_of_templates_lead_to_pages_that_exist() -> None:
    texts = [
        path.read_text("utf-8")
        for path in [
            *GITHUB.rglob("*.md"),
            *(GITHUB / "ISSUE_TEMPLATE").glob("*.yml"),
            ROOT / "SECURITY.md",
            ROOT / "CONTRIBUTING.md",
            ROOT / "README.md",
        ]
    ]
    named = {name for text in texts for name in re.findall(r"docs/[\w/-]+\.md", text)}
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
    for name in re.findall(
        r"(\w+)\.md(?=[, ])",
        (GITHUB / "PULL_REQUEST_TEMPLATE.md")
        .read_text("utf-8")
        .split("?template=")[1]
        .split("to the address")[0],
    ):
        assert (GITHUB / "PULL_REQUEST_TEMPLATE" / f"{name}.md").is_file()
