"""Text that Typst must print as it stands."""

from __future__ import annotations

import pytest

from handbook.pdf import typst_markup


@pytest.mark.parametrize(
    ("text", "typst"),
    [
        ("plain words", "plain words"),
        ("two\n  lines", "two lines"),
        ("a\u00a0b", "a\u00a0b"),
        ("1. = item", r"1\. \= item"),
        ("- + / * _ ` # $ @ ~", r"\- \+ \/ \* \_ \` \# \$ \@ \~"),
        ("[x] {y} (z) <w>", r"\[x\] \{y\} \(z\) \<w\>"),
        (r"back\slash", r"back\\slash"),
        ("https://a.b", r"https\:\/\/a\.b"),
        ("江干区", "江干区"),
    ],
)
def test_escape(text: str, typst: str) -> None:
    assert typst_markup.escape(text) == typst


@pytest.mark.parametrize(
    ("text", "typst"),
    [
        ('say "a"', r'"say \"a\""'),
        ("a\\b", r'"a\\b"'),
        ("a\nb\tc", r'"a\nb\tc"'),
    ],
)
def test_string(text: str, typst: str) -> None:
    assert typst_markup.string(text) == typst


def test_call_puts_named_arguments_first_and_writes_hyphens() -> None:
    assert (
        typst_markup.call("list", "[a]", "[b]", body_indent="2mm")
        == "#list(body-indent: 2mm, [a], [b])"
    )


@pytest.mark.parametrize(
    ("items", "typst"), [([], "()"), (["1"], "(1, )"), (["1", "2"], "(1, 2, )")]
)
def test_array(items: list[str], typst: str) -> None:
    assert typst_markup.array(items) == typst


@pytest.mark.parametrize(
    ("address", "pieces"),
    [
        (
            "https://www.iso.org/standard/61885.html",
            ['"iso."', '"org/"', '"standard/"', '"61885."', '"html"'],
        ),
        ("http://example.org/", ['"example."', '"org"']),
        ("https://example.org/%E5%9F%8E", ['"example."', '"org/"', '"%E5"', '"%9F"', '"%8E"']),
    ],
)
def test_an_address_may_break_after_its_signs(address: str, pieces: list[str]) -> None:
    assert typst_markup.address_pieces(address) == pieces
