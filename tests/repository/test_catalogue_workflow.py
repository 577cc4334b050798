"""The weekly workflow: what it may do is written in it, and stays little."""

from __future__ import annotations

import re
import subprocess

import pytest
import yaml

from support import ROOT

PATH = ROOT / ".github" / "workflows" / "catalogue.yml"
TEXT = PATH.read_text("utf-8")
WORKFLOW = yaml.safe_load(TEXT)
(JOB,) = WORKFLOW["jobs"].values()
SCRIPTS = {step["name"]: step["run"] for step in JOB["steps"] if "run" in step}


def test_it_runs_once_a_week():
    # YAML 1.1 reads the word "on" as true
    (plan,) = WORKFLOW[True]["schedule"]
    minute, hour, day, month, weekday = plan["cron"].split()
    assert (day, month) == ("*", "*")
    assert all(part.isdigit() for part in (minute, hour, weekday))


def test_it_has_no_right_but_those_it_needs():
    assert WORKFLOW["permissions"] == {}
    assert JOB["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert JOB["timeout-minutes"] <= 60
    assert [step["with"] for step in JOB["steps"] if "uses" in step] == [
        {"persist-credentials": False}
    ]


def test_only_the_step_that_opens_the_pull_request_has_the_token():
    assert [step["name"] for step in JOB["steps"] if "token" in str(step).lower()] == [
        "Open the pull request, or bring the open one up to date"
    ]


def test_actions_of_others_are_pinned_by_the_hash_of_a_commit():
    used = re.findall(r"uses: (\S+)(.*)", TEXT)
    assert used
    for name, comment in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name), name
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), name


def test_nothing_from_outside_is_pasted_into_a_script():
    assert not [name for name, script in SCRIPTS.items() if "${{" in script]


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_scripts_are_shell(name):
    assert (
        subprocess.run(
            ["bash", "-n"], input=SCRIPTS[name], text=True, capture_output=True, check=False
        ).stderr
        == ""
    )


def test_the_targets_and_commands_it_names_exist():
    root = PATH.parent.parent.parent
    makefile = (root / "Makefile").read_text("utf-8")
    assert "$(VENV)/ready:" in makefile
    for target in ("html", "check"):
        assert re.search(rf"(?m)^{target}:", makefile)
    assert (root / "tools" / "update_catalogue.py").is_file()
