"""Dates with precision: what is accepted, what is refused and how to fix it, bounds, order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from handbook.model.edtf import Edtf, EdtfError, Order, Precision, parse

GOOD = [
    # text, first and last day it can mean, precision
    ("2019-01-14", "2019-01-14", "2019-01-14", Precision.DAY),
    ("2016-02", "2016-02-01", "2016-02-29", Precision.MONTH),
    ("2019", "2019-01-01", "2019-12-31", Precision.YEAR),
    ("201X", "2010-01-01", "2019-12-31", Precision.DECADE),
    ("20XX", "2000-01-01", "2099-12-31", Precision.CENTURY),
    ("XXXX", "0001-01-01", "9999-12-31", Precision.UNKNOWN),
    ("2017-06~", "2017-06-01", "2017-06-30", Precision.MONTH),
    ("2018-05-14/2018-05-18", "2018-05-14", "2018-05-18", Precision.DAY),
    ("2018/2018-05", "2018-01-01", "2018-05-31", Precision.MONTH),
    ("2019-03/..", "2019-03-01", "9999-12-31", Precision.MONTH),
    ("../2014", "0001-01-01", "2014-12-31", Precision.YEAR),
    ("2016?/2018%", "2016-01-01", "2018-12-31", Precision.YEAR),
]


@pytest.mark.parametrize(("text", "first", "last", "precision"), GOOD)
def test_a_good_date_keeps_its_text_its_bounds_and_its_precision(
    text: str, first: str, last: str, precision: Precision
) -> None:
    value = parse(text)
    assert (str(value), value.earliest.isoformat(), value.latest.isoformat(), value.precision) == (
        text,
        first,
        last,
        precision,
    )


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        ("2016", False, False),
        ("2016?", True, False),
        ("2016~", False, True),
        ("2016%", True, True),
        ("2016/2018?", True, False),
        ("../2014~", False, True),
    ],
)
def test_qualifiers_count_at_either_end(text: str, uncertain: bool, approximate: bool) -> None:
    assert (parse(text).uncertain, parse(text).approximate) == (uncertain, approximate)


def test_only_xxxx_is_unknown() -> None:
    assert [text for text, *_rest in GOOD if parse(text).is_unknown] == ["XXXX"]


UNUSED = "is EDTF, but of a form that is not used here"
FORM = "is not a date of the form YYYY, YYYY-MM or YYYY-MM-DD"
EXAMPLES = "write for example 2016, 2016-07 or 2016-07-12; about: 2016~; perhaps: 2016?; from/to: 2018-05-14/2018-05-18"
BAD = [
    # text, what is wrong, how to fix it
    ("", f"'' {FORM}", "write .. for an open end, XXXX for a date nobody knows"),
    (" 2019", "' 2019' has spaces around the date", "write 2019"),
    ("2019\n", "'2019\\n' has spaces around the date", "write 2019"),
    ("２０１９", f"'２０１９' {FORM}", "write 2019"),
    ("20190114", f"'20190114' {FORM}", "write 2019-01-14"),
    ("2019.1.4", f"'2019.1.4' {FORM}", "write 2019-01-04"),
    ("2019/1", f"'2019/1' {FORM}", EXAMPLES),
    ("2019年1月14日", f"'2019年1月14日' {FORM}", "write 2019-01-14"),
    ("2019年1月", f"'2019年1月' {FORM}", "write 2019-01"),
    ("2019-1", f"'2019-1' {FORM}", "write 2019-01"),
    ("~2016", f"'~2016' {FORM}", "write the mark after the date: 2016~"),
    ("June 2017", f"'June 2017' {FORM}", "write 2017-06"),
    ("1st Sept. 2017", f"'1st Sept. 2017' {FORM}", "write 2017-09-01"),
    ("May 3, 2017", f"'May 3, 2017' {FORM}", "write 2017-05-03"),
    ("Spring 2017", f"'Spring 2017' {FORM}", EXAMPLES),
    ("14.6.2017", f"'14.6.2017' {FORM}", "write 2017-06-14"),
    (
        "3/4/2019",
        "'3/4/2019' has more than one slash",
        "write an interval as START/END, for example 2018-05-14/2018-05-18",
    ),
    ("3.4.2019", f"'3.4.2019' {FORM}", EXAMPLES),
    ("Y17E7", f"'Y17E7' {UNUSED}", "write the year with four digits, for example 2016"),
    (
        "1985-21",
        f"'1985-21' {UNUSED}",
        "write 1985, or a month from 01 to 12: EDTF's seasons are not used",
    ),
    ("2019-00", "'2019-00' has the month 00", "write a month from 01 to 12"),
    (
        "0000",
        "'0000' has the year 0000, which is not used here",
        "write the year with four digits, for example 2016",
    ),
    ("201X-05", "'201X-05' is EDTF, but of a form that is not used here", "write 201X"),
    (
        "2019-02-29",
        "'2019-02-29' is a day that does not exist",
        "2019-02 has 28 days; write 2019-02 if the source gives no day",
    ),
    (
        "1900-02-29",
        "'1900-02-29' is a day that does not exist",
        "1900-02 has 28 days; write 1900-02 if the source gives no day",
    ),
    (
        "2019-04-31",
        "'2019-04-31' is a day that does not exist",
        "2019-04 has 30 days; write 2019-04 if the source gives no day",
    ),
    (
        "2019-01-00",
        "'2019-01-00' is a day that does not exist",
        "2019-01 has 31 days; write 2019-01 if the source gives no day",
    ),
    (
        "2018-05-18/2018-05-14",
        "'2018-05-18/2018-05-14' ends before it starts",
        "write 2018-05-14/2018-05-18 if the ends are swapped",
    ),
    *(
        (
            text,
            f"'{text}' is open or unknown on both sides",
            "give at least one end, or write XXXX for a date nobody knows",
        )
        for text in ("../..", "XXXX/..", "../XXXX", "XXXX/XXXX?")
    ),
    (
        "2019-01-14/",
        f"'2019-01-14/' {UNUSED}",
        "write 2019-01-14/..",
    ),
    (
        "2016/2017/2018",
        "'2016/2017/2018' has more than one slash",
        "write an interval as START/END, for example 2018-05-14/2018-05-18",
    ),
]


@pytest.mark.parametrize(("text", "problem", "hint"), BAD)
def test_a_bad_date_says_what_is_wrong_and_how_to_fix_it(
    text: str, problem: str, hint: str
) -> None:
    with pytest.raises(EdtfError) as error:
        parse(text)
    assert (error.value.problem, error.value.hint) == (problem, hint)


@pytest.mark.parametrize(
    "text",
    [hint.removeprefix("write ") for _text, _problem, hint in BAD if hint.startswith("write 2")],
)
def test_what_is_offered_instead_is_itself_good(text: str) -> None:
    assert parse(text.split(" if ", maxsplit=1)[0])


YEARS = st.integers(1000, 2999)
POINTS = st.one_of(
    YEARS.map(str),
    st.builds("{:04}-{:02}".format, YEARS, st.integers(1, 12)),
    st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(date.isoformat),
)
QUALIFIED = st.builds("{}{}".format, POINTS, st.sampled_from(["", "", "?", "~", "%"]))
INTERVALS = (
    st.tuples(QUALIFIED, QUALIFIED)
    .map("/".join)
    .filter(lambda text: parse(text.split("/")[1]).latest >= parse(text.split("/")[0]).earliest)
)
OPEN = st.one_of(QUALIFIED.map("{}/..".format), QUALIFIED.map("../{}".format))
ANY = st.one_of(QUALIFIED, INTERVALS, OPEN).map(parse)


@settings(max_examples=60)
@given(st.one_of(QUALIFIED, INTERVALS))
def test_the_edtf_package_sees_the_same_first_and_last_day(text: str) -> None:
    oracle = parse_edtf(text)
    assert date(*oracle.lower_strict()[:3]) == parse(text).earliest
    assert date(*oracle.upper_strict()[:3]) == parse(text).latest


@pytest.mark.parametrize("text", ["2019-02-29", "2018-05-18/2018-05-14", " 2019", "1985-21"])
def test_we_refuse_what_the_edtf_package_lets_pass(text: str) -> None:
    """Where we differ on purpose; a failure here means that the oracle has become stricter."""
    assert parse_edtf(text)
    with pytest.raises(EdtfError):
        parse(text)


@given(ANY, ANY)
def test_order_is_the_same_seen_from_the_other_side(one: Edtf, other: Edtf) -> None:
    mirror = {Order.BEFORE: Order.AFTER, Order.AFTER: Order.BEFORE}
    order = one.compare(other)
    assert other.compare(one) is mirror.get(order, order)


@given(ANY, ANY)
def test_what_is_before_ends_before_the_other_begins(one: Edtf, other: Edtf) -> None:
    if one.compare(other) is Order.BEFORE:
        assert one.latest < other.earliest
        assert one.sort_key < other.sort_key


@given(ANY)
def test_nothing_is_before_itself(value: Edtf) -> None:
    assert value.compare(value) in {Order.OVERLAPS, Order.CANNOT_TELL}


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_a_day_is_the_same_day_as_itself(day: date) -> None:
    assert parse(day.isoformat()).compare(parse(day.isoformat())) is Order.OVERLAPS


def readings(value: Edtf) -> set[tuple[date, date]]:
    """The days on which the event can have begun and ended: some day of each end's span, the end not before the start.

    Only the first and last days are tried, since comparison can turn nowhere else.
    """
    assert value.start
    assert value.end
    starts, ends = ({point.earliest, point.latest} for point in (value.start, value.end))
    if not value.is_interval:
        return {(day, day) for day in starts}
    pairs = {(start, end) for start, end in product(starts, ends) if start <= end}
    pairs |= {(end, end) for end in ends if value.start.earliest <= end <= value.start.latest}
    return pairs | {
        (start, start) for start in starts if value.end.earliest <= start <= value.end.latest
    }


SMALL = st.one_of(
    st.sampled_from(["2018", "2019", "2018-12", "2019-01", "2019-02"]),
    st.dates(date(2018, 12, 25), date(2019, 1, 10)).map(date.isoformat),
)
SMALL_INTERVALS = (
    st.tuples(SMALL, SMALL)
    .map("/".join)
    .filter(lambda text: parse(text.split("/")[1]).latest >= parse(text.split("/")[0]).earliest)
)


@settings(max_examples=400)
@given(st.one_of(SMALL, SMALL_INTERVALS).map(parse), st.one_of(SMALL, SMALL_INTERVALS).map(parse))
def test_order_claims_all_that_every_reading_allows_and_no_more(one: Edtf, other: Edtf) -> None:
    claims = set()
    for (start, end), (other_start, other_end) in product(readings(one), readings(other)):
        claims.add(
            Order.BEFORE
            if end < other_start
            else Order.AFTER
            if other_end < start
            else Order.OVERLAPS
        )
    assert one.compare(other) is (claims.pop() if len(claims) == 1 else Order.CANNOT_TELL)


@pytest.mark.parametrize(
    ("one", "other", "order"),
    [
        ("2017-06", "2017-07", Order.BEFORE),
        ("2017-06~", "2017-07", Order.CANNOT_TELL),
        ("2017-06~", "2017-08", Order.BEFORE),
        ("2017?", "2019", Order.BEFORE),
        ("2017", "2017-06-29", Order.CANNOT_TELL),
        ("2016/2018", "2017", Order.OVERLAPS),
        ("2019/..", "2018", Order.AFTER),
        ("2019/..", "../2020", Order.OVERLAPS),
        ("../2014", "2014-05", Order.CANNOT_TELL),
        ("XXXX", "2014", Order.CANNOT_TELL),
    ],
)
def test_order(one: str, other: str, order: Order) -> None:
    assert parse(one).compare(parse(other)) is order


@given(st.lists(ANY, min_size=2, max_size=5))
def test_sorting_is_by_the_first_day_and_finer_first(values: list[Edtf]) -> None:
    ordered = sorted(values, key=lambda value: value.sort_key)
    first = [value.earliest if value.start else value.latest for value in ordered]
    assert first == sorted(first)


def test_a_finer_date_comes_before_the_coarser_one_that_begins_with_it() -> None:
    texts = ["2019", "2019-01", "2019-01-01", "2019-01-01/2019-01-02", "../2018"]
    assert sorted(texts, key=lambda text: parse(text).sort_key) == [
        "../2018",
        "2019-01-01",
        "2019-01-01/2019-01-02",
        "2019-01",
        "2019",
    ]


def test_dates_far_from_now_do_not_overflow() -> None:
    last, first = parse("9999~"), parse("0001-01-01?")
    assert last.compare(first) is Order.AFTER
    assert last.latest - first.earliest > timedelta(days=3_600_000)
