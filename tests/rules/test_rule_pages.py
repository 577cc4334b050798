"""The pages of the rules: a section for every code, a code for every section, and nothing empty."""

import re
from io import StringIO

import pytest

from handbook.cli import HandbookError
from handbook.datecheck import judge  # noqa: F401 (enters its rules)
from handbook.linkcheck import link_rules  # noqa: F401 (enters its rules)
from handbook.rules import rule_pages
from handbook.rules.rule import RULES, Severity
from handbook.sphinxext import reported  # noqa: F401 (enters its rules)

SECTIONS = rule_pages.sections()
SEVERITIES = {code: rule.severity for code, rule in RULES.items()}
PAGES = {path: path.read_text("utf-8") for path in sorted(rule_pages.FOLDER.glob("*.md"))}


def test_every_code_has_a_section_and_every_section_a_code() -> None:
    assert list(SECTIONS) == sorted(SEVERITIES)


def test_every_heading_of_a_rule_begins_a_whole_section() -> None:
    headings = [
        code for text in PAGES.values() for code in re.findall(r"(?m)^#+ ([A-Z]\d{3})\b", text)
    ]
    assert sorted(headings) == list(SECTIONS)


@pytest.mark.parametrize("code", SECTIONS)
def test_a_section_says_why_shows_an_example_and_how_to_fix_it(code: str) -> None:
    section = SECTIONS[code]
    for part in (section.group, section.text, section.why, section.example, section.fix):
        assert part
        assert "\n## " not in part
        assert "**" not in part
    assert section.why.endswith(".")
    assert re.search(r"[.`)]$", section.fix)
    assert re.fullmatch(rf"(?:check|link|rule)-{code.lower()}", section.anchor)


def test_pages_and_code_agree_on_what_is_advice() -> None:
    assert [code for code, section in SECTIONS.items() if section.advice] == sorted(
        code for code, severity in SEVERITIES.items() if severity is Severity.ADVICE
    )


def test_an_unfinished_section_is_no_section(tmp_path) -> None:
    page = tmp_path / "rules.md"
    whole = (
        "# Rules for all\n\n(check-x001)=\n## X001: A rule\n\nDetails.\nMore.\n\n"
        "*This is advice: it does not fail the check.*\n\n**Why.** Because.\n\n"
        "**Example**\n\n````text\n```{x}\n## y\n\n```\n````\n\n**Fix.** Write `` {a}`b` ``.\n"
    )
    page.write_text(whole, "utf-8")
    rule_pages.sections.cache_clear()
    assert rule_pages.sections(tmp_path)["X001"] == rule_pages.Section(
        "X001",
        "check-x001",
        "all",
        "A rule. Details. More.",
        "Because.",
        "```{x}\n## y\n\n```",
        "Write {a}`b`.",
        True,
    )
    for part in ("(check-x001)=\n", "**Why.** Because.\n\n", "**Fix.** Write `` {a}`b` ``.\n"):
        page.write_text(whole.replace(part, ""), "utf-8")
        rule_pages.sections.cache_clear()
        assert rule_pages.sections(tmp_path) == {}


def test_explain_prints_rule_reason_example_and_fix() -> None:
    out = StringIO()
    assert rule_pages.explain("d403", out) == 0
    assert out.getvalue() == (
        "D403 (running text and freshness)\n\nThe day of the week fits the date.\n\n"
        "Why: If it does not, one of the two was copied wrongly.\n\n"
        "Example of what is found:\n    The ceremony was on Tuesday, 14 January 2019"
        " {cite:p}`hangzhounet2019secretariat`.\n    签约仪式于2019年1月14日（星期二）举行。\n\n"
        "Fix: Look up the date in its source; leave the weekday out if the source has none.\n"
    )
    assert rule_pages.explain("l204", out) == 0
    assert "A link answers.\nThis is advice: it does not fail the check.\n" in out.getvalue()
    with pytest.raises(HandbookError, match=r"there is no rule 'D4O1' \(hint: write one of D401\)"):
        rule_pages.explain("D4O1", out)
