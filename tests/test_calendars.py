"""Laws and reference data of calendars and of adjustment to business days."""

from __future__ import annotations

import gzip
import json
import pickle
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loancalc.calendars import (
    BusinessCalendar,
    Calendar,
    adapt,
    find_calendar,
    from_holidays,
    intersection,
    is_provisional,
    union,
    weekends,
)
from loancalc.errors import InvalidDate, InvalidTerms, UnknownName
from loancalc.time import china
from loancalc.time.adjustment import CONVENTIONS, add_business_days, adjust
from loancalc.time.holiday_rules import easter, federal_government

DATA = Path(__file__).parent / "data"
DAY = timedelta(days=1)
NAMED = ("WEEKENDS", "TARGET", "US", "US federal")
MOVING = [name for name in CONVENTIONS.names if name != "none"]

days = st.dates(date(1999, 1, 1), date(2100, 12, 31))
chinese_days = st.dates(date(2008, 1, 20), date(2026, 12, 20))


@cache
def read(name: str) -> Any:
    return json.loads(gzip.decompress((DATA / name).read_bytes()))


@cache
def given_calendars() -> dict[str, Calendar]:
    return {name: Calendar.from_dict(data, name) for name, data in read("calendars.json.gz")["calendars"].items()}


def each_day(first: date, last: date) -> list[date]:
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


# Laws


@given(days, st.sampled_from(NAMED), st.sampled_from(MOVING))
def test_every_convention_moves_to_a_business_day_and_leaves_one_alone(day: date, name: str, rule: str) -> None:
    calendar = find_calendar(name)
    moved = adjust(day, rule, calendar)
    assert calendar.is_business_day(moved)
    assert adjust(moved, rule, calendar) == moved
    if calendar.is_business_day(day):
        assert moved == day


@given(chinese_days)
def test_conventions_keep_to_their_side_and_their_month(day: date) -> None:
    move = {rule: adjust(day, rule, "CN") for rule in CONVENTIONS.names}
    assert move["none"] == day
    assert move["preceding"] <= day <= move["following"]
    assert move["modified following"].month == move["modified preceding"].month == day.month
    assert move["half-month modified following"].month == day.month
    assert (move["half-month modified following"].day > 15) == (day.day > 15)
    assert set(move.values()) <= {day, move["preceding"], move["following"]}
    assert abs(move["nearest"] - day) == min(day - move["preceding"], move["following"] - day)


@given(chinese_days, st.integers(0, 5))
def test_business_days_added_and_taken_back_return_to_the_business_day(day: date, count: int) -> None:
    start = adjust(day, "following", "WEEKENDS")
    assert add_business_days(add_business_days(start, count, "WEEKENDS"), -count, "WEEKENDS") == start


@given(days)
def test_union_closes_when_one_closes_and_intersection_when_all_close(day: date) -> None:
    answers = [find_calendar(name).is_business_day(day) for name in ("TARGET", "US")]
    assert union("TARGET", "US").is_business_day(day) == all(answers)
    assert intersection("TARGET", "US").is_business_day(day) == any(answers)


@given(st.sets(st.integers(0, 6), max_size=6), days)
def test_a_weekend_may_be_any_days_but_the_whole_week(off: set[int], day: date) -> None:
    assert Calendar("shifted", weekend=off).is_business_day(day) == (day.weekday() not in off)
    with pytest.raises(InvalidTerms, match="weekend"):
        Calendar("never", weekend=range(7))


@pytest.mark.parametrize("name", [*NAMED, "NONE", "CN", "CN provisional"])
def test_calendars_satisfy_the_protocol_and_survive_pickling(name: str) -> None:
    calendar = find_calendar(name)
    assert isinstance(calendar, BusinessCalendar)
    assert calendar.name == name
    assert pickle.loads(pickle.dumps(calendar)) == calendar


@given(st.integers(1583, 9998))
def test_easter_is_a_sunday_from_22_march_to_25_april(year: int) -> None:
    assert easter(year).weekday() == 6
    assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


# Reference data


@pytest.mark.parametrize(("name", "first"), [("WEEKENDS", 1990), ("TARGET", 2000), ("US", 1990), ("CN", 2008)])
def test_named_calendars_agree_with_the_reference_on_every_day(name: str, first: int) -> None:
    reference, own = given_calendars()[name], find_calendar(name)
    span = each_day(max(reference.valid_from, date(first, 1, 1)), reference.valid_to)
    assert [day for day in span if own.is_business_day(day) != reference.is_business_day(day)] == []


def test_all_492_adjustments_are_equal() -> None:
    rows = read("schedules.json.gz")["business_day"]
    assert len(rows) == 492
    for row in rows:
        for calendar in (given_calendars()[row["calendar"]], row["calendar"]):
            assert str(adjust(row["date"], row["convention"], calendar)) == row["result"], row


def test_the_two_readings_of_nearest_have_a_name_each() -> None:
    rows = read("schedules_disputes.json.gz")["nearest"]
    assert len(rows) == 45
    for row in rows:
        calendar = given_calendars()[row["calendar"]]
        assert str(adjust(row["date"], "Nearest", calendar)) == row["quantlib"]
        assert str(adjust(row["date"], "nearest ISDA", calendar)) == row["strata"]


def test_china_agrees_with_the_package_holidays_on_every_day_from_2010_to_2026() -> None:
    theirs, ours = from_holidays("CN"), find_calendar("CN")
    span = each_day(date(2010, 1, 1), date(2026, 12, 31))
    assert [day for day in span if theirs.is_business_day(day) != ours.is_business_day(day)] == []
    assert theirs.name == "holidays CN"
    with pytest.raises(InvalidTerms, match="country: got 'XX'"):
        from_holidays("XX")


def test_china_agrees_with_the_module_chinese_calendar_on_every_published_day() -> None:
    theirs, ours = adapt(chinese_calendar), find_calendar("CN")
    span = each_day(china.published().first, china.published().last)
    assert [day for day in span if theirs.is_business_day(day) != ours.is_business_day(day)] == []


# Published examples


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2011-01-30", True),  # State Council, 2011: 1月30日(星期日)、2月12日(星期六)上班
        ("2011-02-12", True),
        ("2011-02-02", False),  # 2月2日(农历除夕)至8日放假调休
        ("2011-04-02", True),
        ("2011-10-09", True),
        ("2020-01-31", False),  # prolonged to 2 February 2020
        ("2026-02-23", False),  # 2026: 春节 2/15 to 2/23, worked on 2/14 and 2/28
        ("2026-02-28", True),
        ("2026-10-10", True),
    ],
)
def test_china_follows_the_notices_of_the_state_council(day: str, worked: bool) -> None:
    assert find_calendar("中国").is_business_day(date.fromisoformat(day)) is worked


def test_every_published_year_of_china_names_its_notice() -> None:
    assert list(china.sources()) == list(range(2008, 2027))
    assert all(url.startswith("https://www.gov.cn/") for urls in china.sources().values() for url in urls)


@pytest.mark.parametrize("day", ["2007-12-31", "2027-01-01"])
def test_china_raises_outside_its_published_years(day: str) -> None:
    with pytest.raises(InvalidDate, match=rf"calendar CN: got {day}; expected 2008-01-01 to 2026-12-31.*provisional"):
        adjust(day, "following", "CN")


def test_provisional_answers_are_the_statutory_holidays_and_are_marked() -> None:
    calendar = find_calendar("CN provisional")
    # 2027: new year's eve Friday 5 February to the third day, Monday 8; Qingming Monday 5 April; 1 May is a Saturday
    assert [day for day in each_day(date(2027, 2, 1), date(2027, 2, 10)) if not calendar.is_business_day(day)] == [
        date(2027, 2, day) for day in (5, 6, 7, 8)
    ]
    assert not calendar.is_business_day(date(2027, 4, 5))
    assert [is_provisional(calendar, date(year, 1, 4)) for year in (2026, 2027)] == [False, True]
    assert is_provisional(union("WEEKENDS", calendar), date(2027, 1, 4))
    assert not is_provisional(find_calendar("TARGET"), date(2027, 1, 4))
    with pytest.raises(InvalidDate, match="2050-12-31"):
        calendar.is_business_day(date(2051, 1, 1))


def test_published_years_are_the_same_in_the_provisional_calendar() -> None:
    span = each_day(china.published().first, china.published().last)
    known, guessed = find_calendar("CN"), find_calendar("CN provisional")
    assert all(known.is_business_day(day) == guessed.is_business_day(day) for day in span)


def test_federal_holidays_on_saturday_move_to_friday_and_those_of_the_federal_reserve_stay() -> None:
    assert [find_calendar(name).is_business_day(date(2026, 7, 3)) for name in ("US", "US federal")] == [True, False]
    assert date(2021, 12, 31) in federal_government(2021)
    assert date(2021, 6, 18) in federal_government(2021)
    assert date(2020, 6, 19) not in federal_government(2020)
    with pytest.raises(InvalidDate, match="expected 1986 or later"):
        find_calendar("US").is_business_day(date(1985, 7, 4))


def test_target_was_closed_on_the_last_days_of_1999_and_2001_only() -> None:
    closed = [year for year in range(1999, 2011) if not find_calendar("TARGET").is_business_day(date(year, 12, 31))]
    weekend = [2000, 2005, 2006]
    assert closed == [1999, 2000, 2001, 2005, 2006]
    assert all(date(year, 12, 31).weekday() > 4 for year in weekend)


# Errors and adapters


def test_a_calendar_reads_its_fields_and_refuses_others() -> None:
    data = {"holidays": ["2026-05-01"], "working_weekends": ["2026-05-02"], "weekend": ["sat", "周日"], "name": "mine"}
    calendar = Calendar.from_dict(data)
    assert calendar.name == "mine"
    assert [calendar.is_business_day(date(2026, 5, day)) for day in (1, 2, 3, 4)] == [False, True, False, True]
    with pytest.raises(UnknownName, match="nearest: holidays"):
        Calendar.from_dict({"holiday": []})


def test_contradictory_calendars_are_refused() -> None:
    with pytest.raises(InvalidDate, match="working_weekends: got 2026-05-01"):
        Calendar("odd", working_weekends=["2026-05-01"])  # a Friday
    with pytest.raises(InvalidDate, match="holidays: got 2027-01-01"):
        Calendar("odd", holidays=["2027-01-01"], valid_to="2026-12-31")


def test_a_calendar_without_business_days_ends_the_search() -> None:
    closed = Calendar("closed", holidays=each_day(date(2026, 1, 1), date(2027, 12, 31)))
    with pytest.raises(InvalidDate, match="calendar closed: got no business day in 366 days from 2026-06-01"):
        adjust("2026-06-01", "following", closed)


def test_the_end_of_the_calendar_is_an_error_not_an_overflow() -> None:
    assert adjust("9998-12-31", "following", "WEEKENDS") == date(9998, 12, 31)
    with pytest.raises(InvalidDate, match="9999"):
        add_business_days(date(9999, 12, 31), 1, "NONE")


def test_any_object_with_a_working_day_method_is_adapted() -> None:
    class Office:
        def is_working_day(self, day: date) -> int:
            return day.weekday() < 4

    office = adapt(Office(), "office")
    assert (office.name, office.is_business_day(date(2026, 3, 5)), office.is_business_day(date(2026, 3, 6))) == (
        "office",
        True,
        False,
    )
    target = find_calendar("TARGET")
    assert adapt(target) is target
    with pytest.raises(InvalidTerms, match="is_working_day"):
        adapt(object())


@pytest.mark.parametrize("name", ["CN", "TARGET", "US", "US federal"])
def test_a_datetime_is_the_holiday_that_its_date_is(name: str) -> None:
    """A datetime equals no date, so a set of holidays would not find it."""
    calendar = find_calendar(name)
    assert not calendar.is_business_day(datetime(2026, 1, 1))
    assert not union(calendar, "WEEKENDS").is_business_day(datetime(2026, 1, 1))
    with pytest.raises(InvalidDate, match="day: got"):
        calendar.is_business_day(datetime(2026, 1, 1, 12))


def test_one_holiday_or_one_weekly_day_off_may_be_given_alone() -> None:
    shop = Calendar("shop", holidays="2026-05-04", weekend="sunday")
    assert [shop.is_business_day(date(2026, 5, day)) for day in (2, 3, 4)] == [True, False, False]


@pytest.mark.parametrize("name", [None, "", "  ", 5])
def test_a_calendar_has_a_name(name: Any) -> None:
    with pytest.raises(InvalidTerms, match=r"^name: got"):
        Calendar(name)
    with pytest.raises(InvalidTerms, match="expected a mapping"):
        Calendar.from_dict(name)


def test_unknown_names_list_the_nearest() -> None:
    with pytest.raises(UnknownName, match="nearest: TARGET"):
        find_calendar("TARGTE")
    with pytest.raises(UnknownName, match=r"adjust: got 'folowing'; nearest: following"):
        adjust("2026-01-01", "folowing", "TARGET")
    assert adjust("2026-01-03", "顺延", weekends()) == date(2026, 1, 5)
