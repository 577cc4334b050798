"""The weekly workflow: what its scripts do with the repository and the standing issue."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from handbook.rules import findings, rule_pages
from handbook.rules.findings import Finding, Place
from support import ROOT
from support.programs import program

PATH = ROOT / ".github" / "workflows" / "links.yml"
TEXT = PATH.read_text("utf-8")
WORKFLOW = yaml.safe_load(TEXT)
(JOB,) = WORKFLOW["jobs"].values()
STEPS = {step["name"]: step for step in JOB["steps"]}
ASK, COMMIT, ISSUE = "Ask", "Commit the memory", "Open, update or close the standing issue"
TITLE = STEPS[ISSUE]["env"]["TITLE"]
NOTHING = findings.as_markdown([], TITLE, {})
FAULT = findings.as_markdown(
    [Finding(Place("docs/index.md", 3, 1), "L201", "https://x.example/ dead: 404", "find it")],
    TITLE,
    rule_pages.texts(),
)


def test_it_runs_once_a_week_and_alone():
    # YAML 1.1 reads the word "on" as true
    (plan,) = WORKFLOW[True]["schedule"]
    minute, hour, day, month, weekday = plan["cron"].split()
    assert (day, month) == ("*", "*")
    assert all(part.isdigit() for part in (minute, hour, weekday))
    assert WORKFLOW["concurrency"] == {"group": "links", "cancel-in-progress": False}


def test_hosts_are_asked_without_the_token():
    assert [name for name, step in STEPS.items() if "token" in str(step).lower()] == [COMMIT, ISSUE]


def test_the_options_of_the_command_exist():
    usage = subprocess.run(
        [sys.executable, PATH.parents[2] / "tools/check_links.py", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    options = re.findall(r"--[a-z-]+", STEPS[ASK]["run"].partition(">")[0])
    assert options == ["--html", "--archives", "--contact", "--ignore", "--format"]
    assert all(option in usage for option in options)


def test_the_pages_are_built_first_with_the_days_of_their_changes() -> None:
    names = list(STEPS)
    assert STEPS["Check out"]["with"]["fetch-depth"] == 0
    assert STEPS["Build the pages"]["run"] == "make html"
    assert names.index("Check out") < names.index("Build the pages") < names.index(ASK)
    assert "--html build/html" in STEPS[ASK]["run"]


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)


GH = f"""#!{sys.executable}
import json, os, pathlib, subprocess, sys
folder = pathlib.Path(os.environ["GH_FOLDER"])
issues = json.loads((folder / "issues.json").read_text("utf-8"))
arguments = sys.argv[1:]
with (folder / "calls").open("a") as calls:
    print(*arguments[:2], file=calls)

def option(name):
    return arguments[arguments.index(name) + 1]

match arguments[:2]:
    case ["issue", "list"]:
        assert option("--state") == "all"
        known = [{{key: issue[key] for key in option("--json").split(",")}} for issue in issues if option("--label") in issue["labels"]]
        sys.exit(subprocess.run(["jq", "--raw-output", option("--jq")], input=json.dumps(known), text=True).returncode)
    case ["issue", "create"]:
        assert (folder / "label").read_text("utf-8") == option("--label")
        issues.append({{"number": len(issues) + 1, "state": "OPEN", "title": option("--title"), "labels": [option("--label")], "body": pathlib.Path(option("--body-file")).read_text("utf-8")}})
    case ["issue", "edit"]:
        issues[int(arguments[2]) - 1]["body"] = pathlib.Path(option("--body-file")).read_text("utf-8")
    case ["issue", "close" | "reopen"]:
        assert option("--comment")
        issues[int(arguments[2]) - 1]["state"] = "CLOSED" if arguments[1] == "close" else "OPEN"
    case ["label", "create"]:
        (folder / "label").write_text(arguments[2], "utf-8")
    case ["auth", "setup-git"]:
        pass
    case _:
        sys.exit(f"gh {{arguments}} is not expected")
(folder / "issues.json").write_text(json.dumps(issues), "utf-8")
"""


def run_step(name: str, folder: Path, where: Path) -> subprocess.CompletedProcess[str]:
    """Run a step's script as GitHub does, with a ``gh`` that keeps its issues in ``issues.json``."""
    write_program(folder / "bin/gh", GH)
    if not (folder / "issues.json").exists():
        (folder / "issues.json").write_text("[]", "utf-8")
    own = {name: value for name, value in STEPS[name].get("env", {}).items() if "${{" not in value}
    environment = {
        **os.environ,
        **own,
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "GH_FOLDER": str(folder),
        "RUNNER_TEMP": str(folder),
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "GITHUB_SERVER_URL": "https://host.example",
        "GITHUB_REPOSITORY": "owner/name",
        "GITHUB_RUN_ID": "7",
        "GITHUB_REF_NAME": "main",
        "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
    }
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
        cwd=where,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("status", "report", "goes_on"),
    [
        (0, NOTHING, True),
        (1, FAULT, True),
        (2, NOTHING, False),  # the network is at fault
        (1, "", False),
        (1, "# Links", False),
        (1, "Traceback\n", False),  # it crashed
    ],
)
def test_a_run_that_failed_changes_nothing(
    tmp_path: Path, status: int, report: str, goes_on: bool
) -> None:
    (tmp_path / "given.md").write_text(report, "utf-8")
    write_program(
        tmp_path / "work/.venv/bin/python",
        f"#!/bin/sh\necho \"$@\" > '{tmp_path}/arguments'\ncat '{tmp_path}/given.md'\nexit {status}\n",
    )
    done = run_step(ASK, tmp_path, tmp_path / "work")
    assert (done.returncode == 0) is goes_on
    assert "--contact https://host.example/owner/name" in (tmp_path / "arguments").read_text(
        "utf-8"
    )
    assert (tmp_path / "summary.md").read_text("utf-8") == report
    # the step that keeps the issue does not run after a failure here; that which commits never does after a failure
    assert "steps.ask.outcome == 'success'" in STEPS[ISSUE]["if"]
    assert "if" not in STEPS[COMMIT]


def issue(folder: Path, report: str) -> tuple[list[str], list[dict[str, object]]]:
    """What the script calls when the report is this one, and the issues then."""
    (folder / "report.md").write_text(report, "utf-8")
    (folder / "calls").unlink(missing_ok=True)
    done = run_step(ISSUE, folder, folder)
    assert done.returncode == 0, done.stderr
    return (folder / "calls").read_text("utf-8").splitlines(), json.loads(
        (folder / "issues.json").read_text("utf-8")
    )


def test_one_issue_is_opened_updated_closed_and_opened_again(tmp_path: Path) -> None:
    program("jq", "jq")
    # someone else's issue, and one with the label that only looks alike
    others = [
        {"number": 1, "state": "OPEN", "title": TITLE, "labels": [], "body": "theirs"},
        {
            "number": 2,
            "state": "OPEN",
            "title": f"{TITLE} at home",
            "labels": [STEPS[ISSUE]["env"]["LABEL"]],
            "body": "theirs",
        },
    ]
    (tmp_path / "issues.json").write_text(json.dumps(others), "utf-8")
    calls, issues = issue(tmp_path, NOTHING)
    assert calls == ["issue list"]
    calls, issues = issue(tmp_path, FAULT)
    assert calls == ["issue list", "label create", "issue create"]
    assert (
        issues[2]["body"]
        == f"{FAULT}\n\nThe whole report stands in the summary of [the last run](https://host.example/owner/name/actions/runs/7).\n"
    )
    calls, issues = issue(tmp_path, FAULT.replace("x.example", "y.example"))
    assert calls == ["issue list", "issue edit"]
    assert "y.example" in issues[2]["body"]
    calls, issues = issue(tmp_path, NOTHING)
    assert calls == ["issue list", "issue edit", "issue close"]
    assert (issues[2]["state"], issues[2]["body"].partition("\n\n")[2][:15]) == (
        "CLOSED",
        "Nothing to fix.",
    )
    calls, issues = issue(tmp_path, NOTHING)
    assert calls == ["issue list"]
    calls, issues = issue(tmp_path, FAULT)
    assert calls == ["issue list", "issue edit", "issue reopen"]
    assert issues[2]["state"] == "OPEN"
    assert len(issues) == 3
    assert issues[:2] == others


def test_a_long_report_fits_into_an_issue(tmp_path: Path) -> None:
    program("jq", "jq")
    long = findings.as_markdown(
        [
            Finding(
                Place("docs/a.md", number, 1),
                "L201",
                f"https://杭州.example/{number} dead: 404",
                "find it",
            )
            for number in range(4000)
        ],
        TITLE,
        {},
    )
    _, issues = issue(tmp_path, long)
    body = str(issues[0]["body"])
    assert len(body) < 65_536
    assert body.endswith("(https://host.example/owner/name/actions/runs/7).\n")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of a repository with one commit after another."""
    git(tmp_path, "init", "-q", "--bare", "--initial-branch=main", "origin.git")
    git(tmp_path, "clone", "-q", "origin.git", "first")
    for number in range(3):
        (tmp_path / "first/README.md").write_text(str(number), "utf-8")
        git(tmp_path / "first", "add", ".")
        git(tmp_path / "first", "commit", "-qm", f"{number}")
    git(tmp_path / "first", "push", "-q", "origin", "HEAD:refs/heads/main")
    git(tmp_path, "clone", "-q", f"file://{tmp_path}/origin.git", "work")
    (tmp_path / "work/references").mkdir()
    return tmp_path / "work"


def test_the_memory_is_committed_alone(tmp_path: Path, checkout: Path) -> None:
    (checkout / "references/links.jsonl").write_text("{}\n", "utf-8")
    (checkout / "stray.md").write_text("x", "utf-8")
    done = run_step(COMMIT, tmp_path, checkout)
    assert done.returncode == 0, done.stderr
    log = git(
        tmp_path / "origin.git", "log", "--format=%an: %s", "--name-only", "-1", "main"
    ).split("\n")
    assert log == [
        "github-actions[bot]: Remember what the links answered",
        "",
        "references/links.jsonl",
        "",
    ]
    done = run_step(COMMIT, tmp_path, checkout)
    assert done.stdout == "Nothing new was seen.\n"


def test_the_memory_is_committed_onto_what_others_pushed_meanwhile(
    tmp_path: Path, checkout: Path
) -> None:
    (tmp_path / "first/other.md").write_text("theirs", "utf-8")
    git(tmp_path / "first", "add", ".")
    git(tmp_path / "first", "commit", "-qm", "Theirs")
    git(tmp_path / "first", "push", "-q", "origin", "HEAD:refs/heads/main")
    (checkout / "references/links.jsonl").write_text("{}\n", "utf-8")
    done = run_step(COMMIT, tmp_path, checkout)
    assert done.returncode == 0, done.stderr
    assert git(tmp_path / "origin.git", "log", "--format=%s", "main").split("\n")[:3] == [
        "Remember what the links answered",
        "Theirs",
        "2",
    ]


def test_a_branch_that_takes_no_push_fails_the_step(tmp_path: Path, checkout: Path) -> None:
    write_program(tmp_path / "origin.git/hooks/pre-receive", "#!/bin/sh\nexit 1\n")
    (checkout / "references/links.jsonl").write_text("{}\n", "utf-8")
    assert run_step(COMMIT, tmp_path, checkout).returncode == 1
