"""Laws and reference data of frequencies, due dates, stubs and periods."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from loancalc.calendars import Calendar, find_calendar
from loancalc.errors import InvalidDate, InvalidTerms, MissingContext, UnknownName
from loancalc.time.accrual_periods import Period, Periods, periods, stub_share
from loancalc.time.daycount import DayCount, year_fraction
from loancalc.time.frequency import UNITS, Frequency, date_at, dates_from, days_in_month
from loancalc.time.rolls import Grid, Roll, is_month_end

DATA = Path(__file__).parent / "data"
MONTH = Frequency(1, "month")

starts = st.dates(date(1900, 1, 1), date(2100, 12, 31))
frequencies = st.builds(Frequency, st.integers(1, 30), st.sampled_from(UNITS))
months = st.sampled_from((1, 2, 3, 4, 6, 12)).map(lambda number: Frequency(number, "month"))
shared_frequencies = st.one_of(
    months,
    st.sampled_from((1, 2, 4)).map(lambda number: Frequency(number, "week")),
    st.just(Frequency(1, "semi-month")),
)
stubs = st.tuples(st.sampled_from(("short", "long", "smart")), st.sampled_from(("initial", "final"))).map("_".join)


@cache
def read(name: str) -> Any:
    return json.loads(gzip.decompress((DATA / name).read_bytes()))


@cache
def given_calendars() -> dict[str, Calendar]:
    return {name: Calendar.from_dict(data, name) for name, data in read("calendars.json.gz")["calendars"].items()}


def texts(days: tuple[date, ...]) -> list[str]:
    return [str(day) for day in days]


# Frequencies and dates counted from the anchor


@given(frequencies)
def test_a_frequency_prints_what_parses_back(frequency: Frequency) -> None:
    assert Frequency.parse(str(frequency)) == frequency


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("month monthly 每月 按月 P1M 1M", "1 month"),
        ("quarter quarterly 3M 按季 每季度 每三个月", "3 months"),
        ("semi-annually half-year 每半年 P6M", "6 months"),
        ("year annual 按年 每年 12M", "12 months"),
        ("4W P4W 四周", "4 weeks"),
        ("fortnight biweekly 双周 每两周", "2 weeks"),
        ("semimonthly semi-month half-month 每半个月", "1 semi-month"),
        ("28D 28天 二十八天", "28 days"),
    ],
)
def test_frequencies_are_read_from_the_words_of_the_market(words: str, meaning: str) -> None:
    assert {str(Frequency.parse(word)) for word in words.split()} == {meaning}


@pytest.mark.parametrize("words", ["", "bimonthly", "0 months", "month month", "-1 month", "1.5 months", "一十一一月"])
def test_words_with_no_meaning_or_two_are_refused(words: str) -> None:
    with pytest.raises(UnknownName, match="every: got"):
        Frequency.parse(words)


def test_relativedelta_is_read_where_it_is_one_step() -> None:
    assert Frequency.parse(relativedelta(years=1, months=6)) == Frequency(18, "month")
    assert Frequency.parse(relativedelta(weeks=2)) == Frequency(2, "week")
    with pytest.raises(InvalidTerms, match="every"):
        Frequency.parse(relativedelta(months=1, days=1))


@given(starts, st.integers(1, 24), st.integers(1, 400))
def test_monthly_dates_are_those_of_relativedelta_from_the_anchor(anchor: date, step: int, count: int) -> None:
    counted = dates_from(anchor, Frequency(step, "month"), count)
    assert counted == [anchor + relativedelta(months=step * n) for n in range(1, count + 1)]


@given(starts, frequencies, st.integers(-50, 50), st.integers(1, 50), st.booleans())
def test_a_date_depends_on_its_number_alone(
    anchor: date, frequency: Frequency, first: int, count: int, month_end: bool
) -> None:
    several = dates_from(anchor, frequency, count, first=first, month_end=month_end)
    assert several == [date_at(anchor, frequency, first + n, month_end) for n in range(count)]
    assert several == sorted(set(several))


@given(starts, st.integers(1, 12))
def test_month_end_dates_are_the_last_of_their_month(anchor: date, step: int) -> None:
    assert all(is_month_end(day) for day in dates_from(anchor, Frequency(step, "month"), 30, month_end=True))


def test_31_january_returns_to_the_31st_after_february() -> None:
    assert texts(tuple(dates_from(date(2026, 1, 31), MONTH, 3))) == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert [days_in_month(year, 2) for year in (1900, 2000, 2024, 2100)] == [28, 29, 29, 28]


def test_dates_beyond_the_calendar_name_their_field() -> None:
    assert dates_from(date(9999, 11, 30), MONTH, 1) == [date(9999, 12, 30)]
    for frequency in (MONTH, Frequency(1, "semi-month"), Frequency(5, "week")):
        with pytest.raises(InvalidDate, match="first_due: got 9999-12-31"):
            dates_from(date(9999, 12, 31), frequency, 2, field="first_due")
        with pytest.raises(InvalidDate, match="start: got 0001-01-01"):
            date_at(date(1, 1, 1), frequency, -1)


@given(starts, st.one_of(shared_frequencies, frequencies), st.integers(-40, 40))
def test_the_grid_finds_the_number_of_each_of_its_dates(anchor: date, frequency: Frequency, number: int) -> None:
    grid = Grid(anchor, frequency)
    day = grid.at(number)
    assert grid.number_of(day) == grid.position(day) == number
    assert grid.floor(day - timedelta(days=1)) == number - 1


# Periods


@given(starts, st.integers(1, 3000), shared_frequencies, stubs)
def test_periods_tile_the_time_from_start_to_end(start: date, length: int, every: Frequency, stub: str) -> None:
    end = start + timedelta(days=length)
    made = periods(start, end, every=every, stub=stub)
    assert (made.unadjusted[0], made.unadjusted[-1]) == (start, end)
    assert all(period.start < period.end == period.due for period in made)
    assert sum(period.days for period in made) == length
    assert sum(not period.regular for period in made) <= 1
    assert [period.number for period in made] == list(range(1, len(made) + 1))


@given(starts, st.integers(1, 3000), shared_frequencies, st.sampled_from(("initial", "final")))
def test_the_shares_of_the_year_have_one_sum_whatever_the_length_of_the_stub(
    start: date, length: int, every: Frequency, side: str
) -> None:
    end = start + timedelta(days=length)
    sums = {sum(periods(start, end, every=every, stub=f"{size}_{side}").shares) for size in ("short", "long", "smart")}
    assert len(sums) == 1
    regular: Any = "end" if side == "initial" else "start"
    assert sums == {stub_share(start, end, every, regular_side=regular)}


@given(starts, st.integers(1, 3000), months, stubs)
def test_stubs_have_the_length_that_was_asked_for(start: date, length: int, every: Frequency, stub: str) -> None:
    made = periods(start, start + timedelta(days=length), every=every, stub=stub)
    assume(len(made) > 1)
    odd = made[0 if stub.endswith("initial") else -1]
    size = odd.share / every.year_share if odd.share and every.year_share else 0
    if odd.regular:
        assert size == 1
    elif stub.startswith("short"):
        assert 0 < size < 1
    elif stub.startswith("long"):
        assert 1 < size < 2
    else:
        assert odd.days >= 7


@given(starts, st.integers(1, 120), months)
def test_regular_periods_are_equal_shares_and_count_and_end_agree(start: date, count: int, every: Frequency) -> None:
    made = periods(start, every=every, count=count)
    assert set(made.shares) == {every.year_share}
    assert all(period.regular for period in made)
    if start.day <= 28:
        assert periods(start, made.unadjusted[-1], every=every, count=count).unadjusted == made.unadjusted


@given(starts, st.integers(2, 60), st.sets(st.integers(1, 12), min_size=1, max_size=8))
def test_skipped_months_have_no_due_date_and_their_share_is_in_the_next(
    start: date, count: int, skip: set[int]
) -> None:
    made = periods(start, every="1 month", count=count, skip=skip)
    assert len(made) == count
    assert not {day.month for day in made.due} & skip
    last = made.unadjusted[-1]
    assert sum(share for share in made.shares if share) == stub_share(start, last, MONTH, regular_side="start")


@given(starts, st.integers(1, 60), st.sampled_from(("TARGET", "WEEKENDS")), st.integers(0, 3))
def test_due_dates_fall_on_business_days_in_order(start: date, count: int, name: str, lag: int) -> None:
    assume(start.year > 1999)
    made = periods(start, every=MONTH, count=count, calendar=name, adjust="modified following", payment_lag=lag)
    calendar = find_calendar(name)
    assert all(map(calendar.is_business_day, (*made.adjusted, *made.due)))
    assert list(made.due) == sorted(set(made.due))


@given(starts, st.integers(1, 1500), months, stubs)
def test_a_period_carries_what_act_act_icma_needs(start: date, length: int, every: Frequency, stub: str) -> None:
    for period in periods(start, start + timedelta(days=length), every=every, stub=stub):
        for convention in (DayCount.ACT_ACT_ICMA, DayCount.PERIODIC):
            assert period.share == convention.fraction(period.start, period.end, period.context)


@given(
    starts,
    st.integers(1, 18),
    st.sampled_from(
        [
            *[("1 month", "EOM"), ("1 month", 30), ("1 month", "3rd wednesday"), ("quarter", "last friday")],
            *[("semi-month", (5, 20)), ("semi-month", (15, 31)), ("semi-month", None), ("2 weeks", None)],
        ]
    ),
    st.sets(st.integers(1, 12), max_size=3),
)
def test_a_period_carries_its_roll_and_the_length_of_skipped_ones(
    start: date, count: int, laid: tuple[str, Any], skip: set[int]
) -> None:
    every, roll = laid
    for period in periods(start, every=every, count=count, roll=roll, skip=skip):
        assert period.share == DayCount.ACT_ACT_ICMA.fraction(period.start, period.end, period.context)


def test_a_stub_from_a_short_month_hangs_from_the_day_that_the_month_has_cut() -> None:
    # a loan of the 29th: the stub begins on 28 February, and the nominal month ends on 29 March
    last = periods("2026-11-29", "2027-03-25", every="1 month", stub="short_final")[-1]
    assert (str(last.start), last.share) == ("2027-02-28", Fraction(25, 29) / 12)
    assert DayCount.ACT_ACT_ICMA.fraction(last.start, last.end, last.context) == last.share
    facts = {"ref_start": "2027-02-28", "ref_end": "2027-03-25", "stub": "final", "eom": False, "frequency": "P1M"}
    assert year_fraction("ACT/ACT ICMA", "2027-02-28", "2027-03-25", **facts) == Fraction(25, 28) / 12
    assert year_fraction("ACT/ACT ICMA", "2027-02-28", "2027-03-25", **facts, roll=29) == last.share


# Reference data


def made_of(row: dict[str, Any], calendar: Calendar | str | None) -> Periods:
    return periods(
        row["start"],
        row["end"],
        every=row["frequency"],
        stub=row["stub"],
        roll=row.get("semimonthly_days") or row["roll"],
        first_regular_start=row["first_regular_start"],
        last_regular_end=row["last_regular_end"],
        calendar=calendar,
        adjust=row["convention"],
        adjust_end=row["end_date_convention"],
        payment_lag=row.get("payment_lag_business_days", 0),
    )


def test_all_498_schedules_are_equal() -> None:
    rows = read("schedules.json.gz")["schedules"]
    assert len(rows) == 498
    for row in rows:
        for calendar in (given_calendars().get(row["calendar"], "NONE"), row["calendar"]):
            made = made_of(row, calendar)
            assert texts(made.unadjusted) == row["unadjusted"], row
            assert texts(made.adjusted) == row["adjusted"], row
            assert texts(made.due) == row.get("payment", row["adjusted"][1:]), row


def test_all_150_month_sums_are_equal() -> None:
    rows = read("schedules.json.gz")["month_addition"]
    assert len(rows) == 150
    for row in rows:
        day = date.fromisoformat(row["date"])
        assert str(date_at(day, MONTH, row["months"])) == row["result"]
        assert str(Grid(day, MONTH, Roll(month_end=True)).at(row["months"])) == row["result_eom"]


def test_the_disputed_end_of_month_moves_no_date_whose_anchor_is_none() -> None:
    rows = read("schedules_disputes.json.gz")["quantlib_vs_rule"]
    assert len(rows) == 9
    for row in rows:
        made = periods(
            row["start"],
            row["end"],
            every=row["frequency"],
            stub=row["stub"],
            roll="EOM",
            last_regular_end=row["last_regular_end"],
        )
        assert texts(made.unadjusted) == row["rule_unadjusted"]


def test_given_dates_are_unadjusted_and_never_mapped_back_to_a_roll_day() -> None:
    """Disputed: Strata takes Friday 30 May 2014 for the adjusted 31 May. Here the date that was given is the anchor."""
    row = read("schedules_disputes.json.gz")["strata_maps_adjusted_input_back"][0]
    assert row["unadjusted"] == ["2014-05-31", "2014-08-31", "2014-11-30"]
    assert texts(made_of(row, "WEEKENDS").unadjusted) == ["2014-05-30", "2014-08-30", "2014-11-30"]


# Examples


def test_a_stub_is_measured_against_nominal_periods_hung_from_its_regular_side() -> None:
    """15 January to 15 February is a whole month, 1 to 15 January 14 of the 31 days from 15 December."""
    first = periods("2026-01-01", every="1 month", count=12, first_regular_start="2026-02-15")[0]
    assert first.share == (1 + Fraction(14, 31)) / 12
    assert (first.regular, first.context.stub) == (False, "initial")
    last = periods("2026-01-15", "2026-03-01", every="1 month", stub="long_final")[0]
    assert last.share == (1 + Fraction(14, 28)) / 12
    assert stub_share(date(2026, 2, 1), date(2026, 2, 28), MONTH, regular_side="end", month_end=True) == (
        Fraction(27, 28) / 12
    )


def test_the_first_due_date_stands_for_a_first_regular_date() -> None:
    made = periods("2026-01-20", every="1 month", count=3, first_regular_start="2026-03-05")
    assert texts(made.due) == ["2026-03-05", "2026-04-05", "2026-05-05"]
    assert [period.regular for period in made] == [False, True, True]


@pytest.mark.parametrize(
    ("stub", "due"),
    [
        (None, ["2026-03-05", "2026-04-05"]),
        ("smart_initial", ["2026-03-05", "2026-04-05"]),
        ("short_initial", ["2026-02-05", "2026-03-05"]),
        ("long_initial", ["2026-03-05", "2026-04-05"]),
    ],
)
def test_a_roll_day_makes_the_first_period_a_stub(stub: str | None, due: list[str]) -> None:
    assert texts(periods("2026-01-30", every="1 month", count=2, roll=5, stub=stub).due) == due


def test_rolls_on_a_weekday_of_the_month() -> None:
    imm = periods("2026-03-18", every="3 months", count=4, roll="3rd wednesday")
    assert texts(imm.due) == ["2026-06-17", "2026-09-16", "2026-12-16", "2027-03-17"]
    assert all(period.regular for period in imm)
    last = periods("2026-01-30", every="1 month", count=2, roll="last friday")
    assert texts(last.due) == ["2026-02-27", "2026-03-27"]


def test_semi_monthly_on_two_days() -> None:
    made = periods("2026-01-15", every="semi-monthly", count=4, roll="15 and 31")
    assert texts(made.due) == ["2026-01-31", "2026-02-15", "2026-02-28", "2026-03-15"]
    assert set(made.shares) == {Fraction(1, 24)}


def test_a_harvest_loan_has_no_installment_in_winter_and_a_holiday_once() -> None:
    made = periods("2026-09-10", every="1 month", count=4, skip=[12, 1, 2])
    assert texts(made.due) == ["2026-10-10", "2026-11-10", "2027-03-10", "2027-04-10"]
    assert made.shares == (Fraction(1, 12), Fraction(1, 12), Fraction(4, 12), Fraction(1, 12))
    assert made[2].context.stub == "initial"
    once = periods("2026-01-15", "2026-05-15", every="1 month", skip=["2026-03"])
    assert texts(once.due) == ["2026-02-15", "2026-04-15", "2026-05-15"]
    with pytest.raises(InvalidTerms, match="skip"):
        periods("2026-01-15", "2026-05-15", every="1 month", skip=[5])
    with pytest.raises(InvalidTerms, match="all twelve"):
        periods("2026-01-15", every="1 month", count=3, skip=range(1, 13))


def test_listed_dates_and_one_term_have_no_nominal_share() -> None:
    made = periods("2026-01-15", dates=["2026-03-01", "2026-07-01"])
    assert (texts(made.due), made.shares) == (["2026-03-01", "2026-07-01"], (None, None))
    term = periods("2026-03-01", "2026-03-31", every="term")
    assert (len(term), term[0].days, term[0].regular) == (1, 30, False)
    with pytest.raises(InvalidDate, match="in order"):
        periods("2026-01-15", dates=["2026-07-01", "2026-03-01"])


@pytest.mark.parametrize(("accrual", "nights"), [("adjusted", [29, 28]), ("unadjusted", [31, 28])])
def test_accrual_moves_with_the_due_date_or_stays(accrual: str, nights: list[int]) -> None:
    """1 January 2026 is a Thursday, 1 February and 1 March are Sundays."""
    made = periods("2026-01-01", every="month", count=2, calendar="WEEKENDS", adjust="preceding", accrual=accrual)
    assert texts(made.due) == ["2026-01-30", "2026-02-27"]
    assert [period.days for period in made] == nights
    assert set(made.shares) == {Fraction(1, 12)}


def test_provisional_dates_are_marked() -> None:
    made = periods("2026-11-15", every="month", count=3, calendar="CN provisional", adjust="following")
    assert [period.provisional for period in made] == [False, True, True]
    with pytest.raises(InvalidDate, match="calendar CN"):
        periods("2026-11-15", every="month", count=3, calendar="CN", adjust="following")


def test_periods_are_a_sequence_of_values() -> None:
    made = periods("2026-01-15", every="month", count=12)
    assert isinstance(made[0], Period)
    assert made[-1] == list(made)[11] == made[11:][0]
    assert repr(made) == "<12 periods, 2026-01-15 to 2027-01-15>"
    assert made == periods("2026-01-15", "2027-01-15", every=MONTH)
    with pytest.raises(IndexError):
        made[12]


# Refusals


def test_periods_that_vanish_or_fall_on_one_day_are_refused() -> None:
    with pytest.raises(InvalidTerms, match="period 2 from 2026-03-09 to 2026-03-09"):
        periods("2026-03-06", every="1 day", count=3, calendar="WEEKENDS", adjust="following")
    with pytest.raises(InvalidTerms, match="periods 1 and 2 both due on 2026-03-09"):
        periods("2026-03-06", every="1 day", count=3, calendar="WEEKENDS", adjust="none", payment_lag=1)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"every": "1 month", "end": "2026-03-20"}, "stub: missing; 2026-01-15 to 2026-03-20 is no whole number"),
        ({"every": "1 month", "end": "2026-03-20", "stub": "none"}, "stub: got none; 2026-01-15 to 2026-03-20"),
        ({"every": "1 month", "end": "2026-01-15"}, "end: got 2026-01-15; expected a day after 2026-01-15"),
        ({"every": "1 month"}, "end: missing"),
        ({"end": "2026-03-15"}, "every: missing"),
        ({"every": "1 month", "count": 0}, "count: got 0; expected a whole number of 1 or more"),
        ({"every": "1 month", "count": True}, "count: got True"),
        ({"every": "1 month", "count": 3, "end": "2026-03-15"}, "count: got 3; expected 2"),
        ({"every": "1 month", "end": "2026-03-15", "stub": "both"}, "first_regular_start: missing"),
        ({"every": "1 month", "end": "2026-03-15", "stub": "tiny"}, "stub: got 'tiny'"),
        ({"every": "1 month", "count": 2, "roll": "32"}, "roll: got '32'"),
        ({"every": "1 month", "count": 2, "roll": (1, 15)}, "roll: got two days"),
        ({"every": "1 week", "count": 2, "roll": 5}, "roll: got"),
        ({"every": "1 month", "count": 2, "roll": 5, "stub": "none"}, "stub: got none; expected an initial one"),
        ({"every": "1 month", "end": "2026-03-20", "roll": 5, "stub": "short_final"}, "start: got 2026-01-15"),
        ({"every": "1 month", "count": 2, "calendar": "TARGET"}, "adjust: missing"),
        ({"every": "1 month", "count": 2, "payment_lag": -1}, "payment_lag: got -1"),
        ({"every": "1 month", "count": 2, "first_regular_start": "2026-01-01"}, "first_regular_start: got 2026-01-01"),
        ({"every": "1 month", "count": 2, "last_regular_end": "2026-02-15"}, "last_regular_end"),
        ({"every": "1 month", "count": 2, "skip": [13]}, "skip: got 13"),
        ({"dates": ["2026-02-15"], "count": 1}, "count: got 1; expected None"),
        ({"dates": ["2026-02-15"], "end": "2026-03-15"}, "end: got 2026-03-15; expected 2026-02-15"),
    ],
)
def test_what_is_contradictory_or_missing_is_named(terms: dict[str, Any], message: str) -> None:
    with pytest.raises((InvalidTerms, InvalidDate, MissingContext, UnknownName)) as caught:
        periods("2026-01-15", **terms)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        # two days of the month that a short February makes one would give a period without a night
        ({"every": "semi-month", "count": 4, "roll": (30, 31)}, "roll: got (30, 31); expected"),
        ({"every": "1 month", "count": 4, "adjust": "following"}, "calendar: missing; adjust 'following' needs one"),
        ({"every": "1 month", "count": 4, "payment_lag": 2}, "calendar: missing; payment_lag 2 needs one"),
        ({"every": "1 month", "count": 10**12}, "start: got 2026-01-31, every 1 month; expected dates from 0001"),
        ({"every": "1 year", "count": 2, "skip": 1}, "skip: got months that leave too few dates every 12 months"),
    ],
)
def test_what_would_never_move_never_end_or_never_be_due_is_refused(terms: dict[str, Any], message: str) -> None:
    with pytest.raises((InvalidTerms, InvalidDate, MissingContext, UnknownName)) as caught:
        periods("2026-01-31", **terms)
    assert message in str(caught.value)


@pytest.mark.parametrize("roll", [31, 5, (5, 20), "EOM", "3rd wednesday", "last friday"])
def test_a_roll_prints_what_parses_back(roll: Any) -> None:
    read_roll = Roll.parse(roll)
    assert Roll.parse(str(read_roll)) == read_roll


def test_a_period_prints_as_something_to_read() -> None:
    made = periods("2026-12-10", every="1 month", count=2, roll=31, stub="short_initial", calendar="CN provisional",
                   adjust="following")  # fmt: skip
    assert str(made[0]) == "1: 2026-12-10 to 2026-12-31, due 2026-12-31, 21 nights, 7/124 of a year, not regular"
    assert str(made[1]) == "2: 2026-12-31 to 2027-02-01, due 2027-02-01, 32 nights, 1/12 of a year, provisional"
    assert [made.share(number) for number in (1, 2)] == [*made.shares]
    assert made.irregular == (1,)
    assert made.context(2) == made[1].context


def test_one_date_or_one_month_may_be_given_alone() -> None:
    assert texts(periods("2026-01-31", dates="2026-03-01").due) == ["2026-03-01"]
    assert texts(periods("2026-01-31", dates=date(2026, 3, 1)).due) == ["2026-03-01"]
    assert texts(periods("2026-01-31", every="1 month", count=2, skip=2).due) == ["2026-03-31", "2026-04-30"]


def test_a_share_in_days_is_refused() -> None:
    with pytest.raises(MissingContext, match="day_count: missing; periods of 10 days"):
        stub_share(date(2026, 1, 1), date(2026, 1, 5), Frequency(10, "day"), regular_side="end")
    assert periods("2026-01-01", every="10 days", count=2).shares == (None, None)
