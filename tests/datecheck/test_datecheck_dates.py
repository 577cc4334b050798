"""Dates as data: the EDTF subset against the ``edtf`` package as oracle, and what comparison may claim."""

from datetime import date, timedelta

import pytest
from edtf import EDTFParseException, parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from handbook.datecheck import words
from handbook.model import edtf
from handbook.model.edtf import Order

YEARS = st.integers(1000, 2999)
POINTS = st.one_of(
    YEARS.map(str),
    st.builds("{:04}-{:02}".format, YEARS, st.integers(0, 13)),
    st.builds("{:04}-{:02}-{:02}".format, YEARS, st.integers(0, 13), st.integers(0, 32)),
    st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat),
    st.builds("{:03}X".format, st.integers(100, 299)),
    st.builds("{:02}XX".format, st.integers(10, 29)),
)
QUALIFIED = st.builds("{}{}".format, POINTS, st.sampled_from(["", "", "", "?", "~", "%"]))
TEXTS = st.one_of(
    QUALIFIED,
    st.builds("{}/{}".format, QUALIFIED, QUALIFIED),
    st.builds("{}/..".format, QUALIFIED),
    st.builds("../{}".format, QUALIFIED),
    st.text(alphabet="0123456789-/?~%X. ", max_size=12),
)


def ours(text: str) -> edtf.Edtf | None:
    try:
        return edtf.parse(text)
    except edtf.EdtfError:
        return None


def oracle(text: str) -> object | None:
    try:
        return parse_edtf(text)
    except (EDTFParseException, ValueError):
        return None


def day(struct: tuple[int, ...]) -> date | None:
    try:
        return date(*struct[:3])
    except (TypeError, ValueError):
        return None


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_what_we_accept_the_oracle_accepts_with_the_same_first_and_last_day(text: str) -> None:
    mine = ours(text)
    # the oracle knows few intervals with an unspecified year, and no year before 1
    if mine is None or ("X" in text and "/" in text) or "XXXX" in text or "000" in text:
        return
    theirs = oracle(text)
    assert theirs is not None
    if mine.start:
        assert day(theirs.lower_strict()) == mine.earliest  # type: ignore[attr-defined]
    if mine.end:
        assert day(theirs.upper_strict()) == mine.latest  # type: ignore[attr-defined]


@settings(max_examples=50, deadline=None)
@given(st.one_of(QUALIFIED, st.builds("{}/{}".format, QUALIFIED, QUALIFIED)))
def test_what_the_oracle_accepts_and_we_refuse_is_no_day_or_runs_backwards(text: str) -> None:
    if ours(text) is None and oracle(text) is not None:
        with pytest.raises(
            edtf.EdtfError, match=r"a day that does not exist|ends before it starts"
        ):
            edtf.parse(text)


@given(QUALIFIED.filter(ours), QUALIFIED.filter(ours))
def test_comparison_is_the_same_from_both_sides(first: str, second: str) -> None:
    one, two = edtf.parse(first), edtf.parse(second)
    mirror = {Order.BEFORE: Order.AFTER, Order.AFTER: Order.BEFORE}
    assert two.compare(one) is mirror.get(one.compare(two), one.compare(two))


@given(QUALIFIED.filter(ours), QUALIFIED.filter(ours), st.data())
def test_before_holds_for_every_day_that_the_dates_can_mean(
    first: str, second: str, data: st.DataObject
) -> None:
    one, two = edtf.parse(first), edtf.parse(second)
    days = [data.draw(st.dates(value.earliest, value.latest)) for value in (one, two)]
    order = one.compare(two)
    if order is Order.BEFORE:
        assert days[0] < days[1]
    if order is Order.OVERLAPS and not (
        one.uncertain or one.approximate or two.uncertain or two.approximate
    ):
        assert one.earliest == one.latest == two.earliest == two.latest


@given(st.dates(date(1800, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_in_every_form_in_which_people_write_it(when: date) -> None:
    month, weekday = words.MONTHS[when.month - 1], words.WEEKDAYS[when.weekday()]
    chinese = "".join("零一二三四五六七八九"[int(digit)] for digit in str(when.year))
    forms = [
        f"{when.day} {month} {when.year}",
        f"{month} {when.day}, {when.year}",
        f"{when.day} {month[:3]} {when.year}",
        f"{weekday}, {when.day} {month} {when.year}",
        f"the {when.day}th of {month} {when.year}",
        f"{when.year}年{when.month}月{when.day}日",
        f"{chinese}年{_chinese(when.month)}月{_chinese(when.day)}日",
        f"{when.year} 年 {when.month} 月 {when.day} 号（星期{'一二三四五六日'[when.weekday()]}）",
        f"{when.year:04}-{when.month:02}-{when.day:02}",
    ]
    for form in forms:
        said = words.dates(f"It was {form}, they say.")
        assert [str(found.date) for found in said] == [when.isoformat()], form
        assert said[0].weekday in {None, when.weekday()}
    wrong = words.WEEKDAYS[(when + timedelta(1)).weekday()]
    assert words.dates(f"on {wrong}, {forms[0]}")[0].weekday != when.weekday()


@pytest.mark.parametrize(
    "typed",
    [
        "2017-6-5",
        "2017-06-5",
        "2017‐06‐05",
        "2017‑06‑05",
        "2017–06–05",
        "2017−06−05",
        "2017－06－05",
        "20170605",
        "2017-06-05T10:00",
        "5-June-2017",
        "5/June/2017",
        "05-Jun-2017",
        "5.VI.2017",
        "17年6月5日",
        "２０１７年６月５日",
        "２０１７-０６-０５",
        "5_JUNE_2017",
        "5_june_2017",
        "June_the_5th_2017",
        "June_the_5th,_2017",
        "2017_June_5",
        "June_5_'17",
        "5_Juni_2017",
        "5_juin_2017",
        "5th_JUNE_2017",
        "5_of_june_2017",
        "JUNE_5,_2017",
        "05.06.17",
        "5June2017",
        "Jun.5,2017",
        "2017-06-05T10:00Z",
        "2017-06-05T10:00-08:00",
    ],
)
def test_a_slip_of_form_is_a_date_and_a_fault(typed: str) -> None:
    typed = typed.replace("_", " ")
    text = f"It was on {typed}, they say."
    [said] = words.dates(text)
    assert (said.text, text[said.start : said.end], str(said.date)) == (
        said.text,
        typed,
        "2017-06-05",
    )
    assert said.problem
    assert said.problem[0] == "D103"


@pytest.mark.parametrize(
    "typed",
    [
        "6/2017",
        "06/2017",
        "JUNE_2017",
        "june_2017",
        "June_'17",
        "Juen_2017",
        "2017-6",
        "2017/6",
        "6.2017",
    ],
)
def test_a_slip_of_a_month_is_a_date_and_a_fault(typed: str) -> None:
    [said] = words.dates(f"It was in {typed.replace('_', ' ')}, they say.")
    assert str(said.date) == "2017-06"
    assert said.problem
    assert said.problem[2] == "write June 2017"


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return ("" if not tens else "十" if tens == 1 else digits[tens] + "十") + (
        digits[ones] if ones or not tens else ""
    )


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("14 to 18 May 2018", ["2018-05-14/2018-05-18"]),
        ("14–18 May 2018", ["2018-05-14/2018-05-18"]),
        ("May 14-18, 2018", ["2018-05-14/2018-05-18"]),
        ("from 29 May to 2 June 2017", ["None", "2017-06-02"]),
        ("in 2016 and May 2018", ["2016", "2018-05"]),
        ("since 2019", ["2019"]),
        ("from 2016 to 2018", ["2016/2018"]),
        ("in the 2010s", ["201X"]),
        ("in 2010s style", ["201X"]),
        ("2018年5月14日至18日", ["2018-05-14/2018-05-18"]),
        ("二〇一九年", ["2019"]),
        ("2019年1月", ["2019-01"]),
        ("ISO 37101:2016 and ISO 9001", []),
        ("2016 members", []),
        ("in 2016 kilometres", ["2016"]),
        ("clause 4.1.20", []),
        ("version 1.2.10", []),
        ("GB/T 36749-2018", []),
        ("UNE-ISO 37120:2015-03", []),
        ("They march in May", []),
        ("it may 2 or 3 times", []),
        ("in 24/7 service", []),
        ("https://example.org/2019/01/14/x", []),
        ("page 12-14", []),
        ("Agenda 2030", []),
        ("resolution 17/2017", []),
        ("https://example.org/?d=20170605", []),
        ("the number 20171345", []),
        ("GB/T 2017-6", []),
        ("the '90s", []),
        ("in the '90s", ["199X"]),
        ("in the late 90s", ["199X"]),
        ("since the ’20s", ["202X"]),
        ("2010年代", ["201X"]),
        ("20世纪90年代", ["199X"]),
        ("上世纪八十年代", ["198X"]),
        ("in FY2017", ["2017"]),
        ("on 2017_06_05", ["2017-06-05"]),
        ("FY 2017", ["2017"]),
        ("June 2017", ["2017-06"]),
        ("based on 1.2.10", []),
        ("in 2017–18", ["2017/2018"]),
        ("Q3 2017", ["2017-07/2017-09"]),
        ("the first half of 2017", ["2017"]),
        ("5 **June** 2017", ["2017-06-05"]),
        ("5&nbsp;June 2017", ["2017-06-05"]),
        ("6月5日", ["None"]),
        ("2017 年 6 月 5 日", ["2017-06-05"]),
        ("a score of 1,200", []),
    ],
)
def test_what_is_a_date_and_what_is_not(text: str, dates: list[str]) -> None:
    assert [str(said.date) for said in words.dates(text)] == dates


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two.", 2),
        ("It met on 5 Jan. 2019. Then not.", 2),
        ("See No. 3 of ISO 37155.1 here.", 1),
        ("他来了。她走了。", 2),
        ('He said "no." Then left.', 2),
        ("e.g. this one", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(words.sentences(text)) == count
