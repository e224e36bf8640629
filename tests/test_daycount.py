"""Day counts: laws over every convention, then the reference rows in bulk, then published examples and known bugs."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loancalc.errors import InvalidDate, MissingContext
from loancalc.time.daycount import Context, DayCount, UndecidedReading, days, year_fraction
from loancalc.time.frequency import Frequency, date_at

DATA = Path(__file__).parent / "data"
LAST_DAY = date(9998, 12, 31)
COUPONS = [Frequency(months, "month") for months in (1, 2, 3, 4, 6, 12)]

every_convention = pytest.mark.parametrize("convention", DayCount, ids=str)


class Weekdays:
    """Monday to Friday, without holidays and with given working weekends."""

    def __init__(self, holidays: frozenset[date] = frozenset(), working: frozenset[date] = frozenset()) -> None:
        self.holidays, self.working = holidays, working

    def is_business_day(self, day: date) -> bool:
        return day in self.working or (day.weekday() < 5 and day not in self.holidays)


@st.composite
def dates_in_a_period(draw: st.DrawFn) -> tuple[date, date, date, Context]:
    """Three dates in order inside one regular reference period, and the context of that period."""
    start = draw(st.dates(date(2, 1, 1), date(9997, 12, 31)))
    frequency = draw(st.sampled_from(COUPONS))
    end = date_at(start, frequency, 1)
    length = (end - start).days
    first, middle, last = (start + timedelta(n) for n in sorted(draw(st.tuples(*[st.integers(0, length)] * 3))))
    context = Context(
        ref_start=start,
        ref_end=end,
        stub="none",
        frequency=frequency,
        eom=draw(st.booleans()),
        termination=draw(st.none() | st.just(end)),
        calendar=Weekdays(),
        reading="whole-period",
    )
    return first, middle, last, context


ordered_dates = st.tuples(*[st.dates(max_value=LAST_DAY)] * 3).map(sorted)
near_dates = st.builds(
    lambda start, gaps: (start, start + timedelta(gaps[0]), start + timedelta(sum(gaps))),
    st.dates(max_value=date(9990, 1, 1)),
    st.tuples(st.integers(0, 800), st.integers(0, 800)),
)


# Laws ----------------------------------------------------------------------------------------------------------------


@every_convention
@given(day=st.dates())
def test_an_empty_interval_is_zero_and_needs_no_context(convention: DayCount, day: date) -> None:
    assert convention.fraction(day, day) == 0
    assert convention.days(day, day) == 0
    assert Fraction(*convention.ratio(day, day)) == 0


@every_convention
@given(dates=ordered_dates)
def test_reversed_dates_are_an_error(convention: DayCount, dates: list[date]) -> None:
    start, _, end = dates
    assume(start < end)
    for count in (convention.ratio, convention.fraction, convention.days):
        with pytest.raises(InvalidDate, match=rf"end: got {start}; expected {end} \(start\) or later"):
            count(end, start)


@every_convention
@given(known=dates_in_a_period())
def test_no_interval_is_negative_and_every_path_gives_the_same_share(
    convention: DayCount, known: tuple[date, date, date, Context]
) -> None:
    start, _, end, context = known
    numerator, denominator = convention.ratio(start, end, context)
    assert type(numerator) is type(denominator) is int
    assert denominator > 0
    share = convention.fraction(start.isoformat(), end.isoformat(), context)
    assert type(share) is Fraction
    assert share == Fraction(numerator, denominator) >= 0
    assert 0 <= convention.days(start, end, context) <= (end - start).days + 4


@every_convention
@given(known=dates_in_a_period())
def test_adjacent_shares_add_up_where_the_convention_says_so(
    convention: DayCount, known: tuple[date, date, date, Context]
) -> None:
    start, middle, end, context = known
    if convention.is_additive:
        whole = convention.fraction(start, end, context)
        assert convention.fraction(start, middle, context) + convention.fraction(middle, end, context) == whole


@pytest.mark.parametrize("convention", [c for c in DayCount if c.is_additive and not c.needs_context], ids=str)
@given(dates=ordered_dates | near_dates)
def test_adjacent_shares_add_up_over_any_dates_where_only_dates_are_read(
    convention: DayCount, dates: tuple[date, date, date]
) -> None:
    start, middle, end = dates
    parts = convention.fraction(start, middle) + convention.fraction(middle, end)
    assert parts == convention.fraction(start, end)


EXCEPTIONS = [
    ("ACT/365A", "2024-01-01", "2024-07-01", "2024-12-31", "parts 182/366 + 183/365"),
    ("ACT/365 CA", "2010-03-01", "2010-05-01", "2010-08-31", "only the second half counts the days left"),
    ("ACT/ACT AFB", "2023-12-01", "2024-06-01", "2025-01-01", "each part counts back from its own end"),
    ("ACT/ACT YEAR", "2023-03-01", "2023-12-01", "2024-12-01", "each part has its own anniversaries"),
    ("30/360", "2026-01-01", "2026-01-30", "2026-01-31", "29 + 0, the whole is 30"),
    ("30/360 NASD", "2026-01-01", "2026-01-30", "2026-01-31", "29 + 0, the whole is 30"),
    ("30/360 PSA", "2026-02-01", "2026-02-28", "2026-03-01", "27 + 1, the whole is 30"),
    ("30U/360", "2026-01-01", "2026-01-30", "2026-01-31", "29 + 0, the whole is 30"),
    ("30E+/360", "2026-01-30", "2026-01-31", "2026-02-01", "1 + 1, the whole is 1"),
    ("1/1", "2026-01-01", "2026-02-01", "2026-03-01", "1 + 1, the whole is 1"),
]


@pytest.mark.parametrize(("name", "start", "middle", "end", "why"), EXCEPTIONS, ids=[row[0] for row in EXCEPTIONS])
def test_the_others_are_recorded_exceptions_to_adding_up(
    name: str, start: str, middle: str, end: str, why: str
) -> None:
    facts: dict[str, Any] = {"ref_start": "2010-03-01", "ref_end": "2010-09-01"} if name == "ACT/365 CA" else {}
    parts = year_fraction(name, start, middle, **facts) + year_fraction(name, middle, end, **facts)
    assert parts != year_fraction(name, start, end, **facts), why


def test_every_convention_that_does_not_add_up_has_its_exception() -> None:
    assert {row[0] for row in EXCEPTIONS} == {str(convention) for convention in DayCount if not convention.is_additive}


@given(dates=ordered_dates)
def test_act_act_isda_is_the_sum_over_calendar_years(dates: list[date]) -> None:
    start, end = dates[0], min(dates[2], dates[0].replace(year=min(dates[0].year + 9, 9998), day=1))
    assume(start < end)
    total = Fraction(0)
    for year in range(start.year, end.year + 1):
        begin, finish = max(start, date(year, 1, 1)), min(end, date(year + 1, 1, 1))
        total += Fraction((finish - begin).days, (date(year + 1, 1, 1) - date(year, 1, 1)).days)
    assert DayCount.ACT_ACT_ISDA.fraction(start, end) == total


@given(dates=near_dates)
def test_no_leap_counts_every_day_but_the_29_februaries_after_the_start(dates: tuple[date, date, date]) -> None:
    start, _, end = dates
    counted = sum(
        (day.month, day.day) != (2, 29)
        for day in map(date.fromordinal, range(start.toordinal() + 1, end.toordinal() + 1))
    )
    assert DayCount.NL_365.days(start, end) == DayCount.NL_360.days(start, end) == counted


@given(start=st.dates(max_value=LAST_DAY), years=st.integers(0, 400))
def test_whole_years_from_an_anniversary_are_whole_numbers(start: date, years: int) -> None:
    assume(start.year + years <= 9998 and (start.month, start.day) != (2, 29))
    end = start.replace(year=start.year + years)
    assert DayCount.ACT_ACT_YEAR.fraction(start, end) == DayCount.THIRTY_E_360.fraction(start, end) == years
    if start.month != 2 or start.day < 28:
        assert DayCount.ACT_ACT_AFB.fraction(start, end) == years


@pytest.mark.parametrize("frequency", COUPONS, ids=str)
@given(start=st.dates(date(2, 1, 1), date(9990, 1, 1)), count=st.integers(1, 6))
def test_nominal_periods_are_their_exact_share_also_when_they_make_up_a_stub(
    frequency: Frequency, start: date, count: int
) -> None:
    end = date_at(start, frequency, count)
    context = Context(
        ref_start=start, ref_end=end, stub="final" if count > 1 else "none", eom=False, frequency=frequency
    )
    share = frequency.year_share
    assert share is not None
    assert DayCount.PERIODIC.fraction(start, end, context) == count * share
    assert DayCount.ACT_ACT_ICMA.fraction(start, end, context) == count * share


LEAP_CENTURIES = [
    ("ACT/ACT ISDA", "1/365", "2/366", "1/365"),
    ("ACT/ACT AFB", "1/365", "2/366", "1/365"),
    ("ACT/ACT YEAR", "1/365", "2/366", "1/365"),
    ("ACT/365A", "1/365", "2/366", "1/365"),
    ("ACT/360", "1/360", "2/360", "1/360"),
    ("NL/365", "1/365", "1/365", "1/365"),
    ("30E/360", "3/360", "3/360", "3/360"),
    ("30E/360 ISDA", "1/360", "3/360", "1/360"),
    ("30E/365", "1/365", "3/365", "1/365"),
    ("30/360 PSA", "1/360", "3/360", "1/360"),
    ("30/360 IT", "1/360", "1/360", "1/360"),
    ("28E/336", "1/336", "1/336", "1/336"),
]


@pytest.mark.parametrize("row", LEAP_CENTURIES, ids=lambda row: row[0])
def test_28_february_to_1_march_of_a_century_is_two_days_only_in_2000(row: tuple[str, ...]) -> None:
    name, *expected = row
    found = [year_fraction(name, f"{year}-02-28", f"{year}-03-01") for year in (1900, 2000, 2100)]
    assert found == [Fraction(share) for share in expected]


# Reference rows ------------------------------------------------------------------------------------------------------


def _rows(name: str) -> Iterator[dict[str, str]]:
    packed = DATA / f"{name}.csv.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.exists() else (DATA / f"{name}.csv").read_bytes()
    return csv.DictReader(io.StringIO(text.decode("utf-8")))


@cache
def _calendars() -> dict[str, Weekdays]:
    listed = json.loads(gzip.decompress((DATA / "daycount_calendars.json.gz").read_bytes()))["calendars"]
    return {name: Weekdays(*map(_days, (c["holidays"], c["working_weekends"]))) for name, c in listed.items()}


def _days(texts: list[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, texts))


def _facts(row: dict[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        name: row[name] for name in ("ref_start", "ref_end", "stub", "frequency", "termination") if row[name]
    }
    if row["eom"]:
        facts["eom"] = row["eom"] == "true"
    if row["calendar"]:
        facts["calendar"] = _calendars()[row["calendar"]]
    return facts


def test_all_reference_rows_are_equal_as_fractions() -> None:
    seen: dict[str, int] = {}
    differ = []
    for row in _rows("daycount"):
        convention, start, end, facts = row["convention"], row["start"], row["end"], _facts(row)
        seen[convention] = seen.get(convention, 0) + 1
        if year_fraction(convention, start, end, **facts) != Fraction(row["fraction"]):
            differ.append(row["id"])
        if row["days"] and days(convention, start, end, **facts) != int(row["days"]):
            differ.append(row["id"])
    assert differ == []
    assert sum(seen.values()) == 6264
    assert seen.keys() == {str(convention) for convention in DayCount} - {"periodic", "28E/336"}


def test_periodic_is_act_act_icma_on_every_reference_row_of_it() -> None:
    rows = [row for row in _rows("daycount") if row["convention"] == "ACT/ACT ICMA"]
    assert len(rows) == 602
    for row in rows:
        assert year_fraction("periodic", row["start"], row["end"], **_facts(row)) == Fraction(row["fraction"])


DISPUTES = list(_rows("daycount_disputes"))


@pytest.mark.parametrize("row", [r for r in DISPUTES if r["recommended"] == "a"], ids=lambda row: row["id"])
def test_a_decided_dispute_is_answered_as_decided(row: dict[str, str]) -> None:
    share = year_fraction(row["convention"], row["start"], row["end"], **_facts(row))
    assert share == Fraction(row["answer_a"])
    assert abs(share - Fraction(row["answer_b"])) > Fraction(1, 100_000)


@pytest.mark.parametrize("row", [r for r in DISPUTES if r["recommended"] == "undecided"], ids=lambda row: row["id"])
def test_an_undecided_dispute_is_answered_only_by_a_reading_that_the_caller_accepts(row: dict[str, str]) -> None:
    def share(reading: str | None = None) -> Fraction:
        return year_fraction(row["convention"], row["start"], row["end"], **_facts(row), reading=reading)

    with pytest.raises(
        UndecidedReading, match=r"^reading: missing; ACT/365 CA is undecided .*'exact' gives .*'integer'"
    ):
        share()
    assert share(reading="exact") == Fraction(row["answer_a"])
    assert float(share(reading="integer")) == pytest.approx(float(row["answer_b"]), abs=1e-15)
    if (row["start"], row["end"]) == (row["ref_start"], row["ref_end"]):
        assert (
            share(reading="whole-period")
            == {"P1M": Fraction(1, 12), "P3M": Fraction(1, 4), "P6M": Fraction(1, 2)}[row["frequency"]]
        )
    else:
        assert share(reading="whole-period") == share(reading="exact")


def test_every_dispute_is_one_of_the_two_kinds() -> None:
    kinds = [row["recommended"] for row in DISPUTES]
    assert (kinds.count("a"), kinds.count("undecided"), len(kinds)) == (23, 17, 40)


@pytest.mark.parametrize("row", list(_rows("daycount_examples")), ids=lambda row: row["id"])
def test_published_examples(row: dict[str, str]) -> None:
    facts: dict[str, Any] = {name: row[name] for name in ("ref_start", "ref_end") if row[name]}
    if row["note"].startswith("termination date "):
        facts["termination"] = row["note"].removeprefix("termination date ")
    if row["unit"] == "days":
        assert days(row["convention"], row["start"], row["end"], **facts) == int(row["expected"])
        return
    share = year_fraction(row["convention"], row["start"], row["end"], **facts)
    assert float(share) == pytest.approx(float(row["computed"]), abs=6e-13)
    assert float(share) == pytest.approx(float(row["expected"]), abs=6e-12)  # EMU-2b prints ten digits and two zeros


# Wrong answers of known tools ----------------------------------------------------------------------------------------


def test_act_act_over_a_new_year_is_not_one_ratio() -> None:
    share = year_fraction("ACT/ACT", "2023-11-01", "2024-05-01")
    assert share == Fraction(61, 365) + Fraction(121, 366) == Fraction(66491, 133590)  # not 182/366
    assert round(float(share), 10) == 0.4977243806


def test_bond_basis_has_no_end_of_february_rule() -> None:
    assert days("30/360", "2024-02-29", "2024-03-31") == days("bond basis", "2024-02-29", "2024-03-31") == 32
    assert days("30/360 US", "2024-02-29", "2024-03-31", eom=True) == 30
    assert days("30/360 US", "2024-02-29", "2024-03-31", eom=False) == 32


@pytest.mark.parametrize("end", ["2024-07-01", "2024-06-01"])
def test_act_act_icma_with_two_dates_only_is_refused(end: str) -> None:
    with pytest.raises(MissingContext, match=r"^ref_start and ref_end: missing; ACT/ACT ICMA"):
        year_fraction("ACT/ACT ICMA", "2024-01-01", end)


def test_the_end_of_january_to_the_end_of_february() -> None:
    interval = ("2024-01-31", "2024-02-29")
    assert [days(name, *interval) for name in ("30E/360", "30U/360", "30E/360 ISDA")] == [29, 29, 30]


def test_the_end_of_february_to_the_end_of_a_leap_february() -> None:
    interval = ("2023-02-28", "2024-02-29")
    assert round(float(year_fraction("ACT/ACT ISDA", *interval)), 10) == 1.0022980762
    assert year_fraction("ACT/ACT AFB", *interval) == 1
    assert year_fraction("NL/365", *interval) == 1
    assert (days("30E/360", *interval), days("30E/360 ISDA", *interval)) == (361, 360)


def test_28e_336_counts_months_of_28_days() -> None:
    assert days("28E336", "2026-01-31", "2026-02-28") == 28
    assert year_fraction("28E/336", "2026-01-15", "2027-01-15") == 1
    assert not DayCount.TWENTY_EIGHT_E_336.is_verified
