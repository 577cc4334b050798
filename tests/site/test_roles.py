"""The roles ``{date}`` and ``{iso}``."""

from __future__ import annotations

import pytest

from handbook.model import edtf
from handbook.sphinxext.dates import display, machine_readable
from support.projects import Build

DATES = [
    # EDTF, for a British reader, for a Chinese reader, HTML's datetime
    ("2019-01-14", "14 January 2019", "2019年1月14日", "2019-01-14"),
    ("2017-06", "June 2017", "2017年6月", "2017-06"),
    ("2016", "2016", "2016年", "2016"),
    ("2017-06~", "about June 2017", None, None),
    ("2016?", "perhaps 2016", None, None),
    ("2016%", "perhaps about 2016", None, None),
    ("2018-05-14/2018-05-18", "14–18 May 2018", None, None),
    ("2018-05-30/2018-06-02", "30 May to 2 June 2018", None, None),
    ("2018-05/2018-07", "May to July 2018", None, None),
    ("2018/2019", "2018 to 2019", None, None),
    ("2018-12-30/2019-01-02", "30 December 2018 to 2 January 2019", None, None),
    ("2018/2018-05", "2018 to May 2018", None, None),
    ("2018-05~/2018-07", "about May 2018 to July 2018", None, None),
    ("2019/..", "since 2019", None, None),
    ("../2014-05", "by May 2014", None, None),
    ("201X", "the 2010s", None, None),
    ("201X~", "about the 2010s", None, None),
    ("19XX?", "perhaps between 1900 and 1999", None, None),
    ("19XX", "between 1900 and 1999", None, None),
    ("XXXX", "date unknown", None, None),
]


@pytest.mark.parametrize(("text", "english", "chinese", "machine"), DATES)
def test_a_date_is_written_with_its_own_precision(
    text: str, english: str, chinese: str | None, machine: str | None
) -> None:
    assert display(edtf.parse(text), "en") == english
    assert machine_readable(edtf.parse(text)) == machine
    if chinese:
        assert display(edtf.parse(text), "zh_CN") == chinese


def test_date_in_html_is_a_time_element_where_html_can_read_it(built: Build) -> None:
    page = built("date").body()
    assert '<p>day <time class="hb-date" datetime="2019-01-14">14 January 2019</time></p>' in page
    assert '<p>about <span class="hb-date">about June 2017</span></p>' in page
    assert '<p>days <span class="hb-date">14–18 May 2018</span></p>' in page
    assert '<p>unknown <span class="hb-date">date unknown</span></p>' in page


def test_date_in_latex_and_text_is_words(built: Build) -> None:
    assert "day 14 January 2019\n" in built("date", "latex").tex
    assert "* since since 2019\n" in built("date", "text").text("index.txt")


def test_iso_in_html(built: Build) -> None:
    items = [
        " ".join(str(part) for part in item.p.contents)
        for item in built("iso").soup().select("ul.simple li")
    ]  # type: ignore[union-attr]

    def iso(number: int, text: str) -> str:
        return f'<a class="reference external" href="https://www.iso.org/standard/{number}.html"><span>{text}</span></a>'

    assert items[:7] == [
        'page  <a class="reference internal" href="standards/iso-37101-2016.html#iso-37101-2016"><span>ISO 37101</span></a>',
        "current  " + iso(68498, "ISO 37120"),
        "exactly  " + iso(62436, "ISO 37120:2014") + "  (withdrawn)",
        "part  " + iso(69242, "ISO 37155-1"),
        "own words  " + iso(62436, "the indicators"),
        "draft  " + iso(87126, "ISO/DIS 37100"),
        "amendment  " + iso(88403, "ISO 37101:2016/Amd 1:2024"),
    ]


def test_iso_in_latex(built: Build) -> None:
    tex = built("iso", "latex").tex
    assert (
        r"page {\hyperref[\detokenize{standards/iso-37101-2016:iso-37101-2016}]{\sphinxcrossref{ISO 37101}}}"
        in tex
    )
    assert (
        r"exactly \sphinxhref{https://www.iso.org/standard/62436.html}{ISO 37120:2014} (withdrawn)"
        in tex
    )
