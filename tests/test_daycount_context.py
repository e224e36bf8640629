"""What day counts must know besides two dates: asked for where it changes the answer, and only there."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loancalc.errors import InvalidDate, InvalidTerms, MissingContext, UnknownName
from loancalc.time.daycount import Context, DayCount, days, year_fraction
from loancalc.time.frequency import Frequency


class Weekdays:
    """Monday to Friday."""

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5


MISSING: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("BUS/252", "2026-01-01", "2026-01-02", {}, "calendar"),
    ("periodic", "2026-01-01", "2026-02-01", {}, "ref_start and ref_end"),
    ("periodic", "2026-01-01", "2026-02-01", {"ref_start": "2026-01-01", "ref_end": "2026-02-01"}, "frequency"),
    ("ACT/ACT ICMA", "2026-01-01", "2026-02-01", {"ref_start": "2026-01-01"}, "ref_end"),
    # 28 days: a month, or four weeks
    ("ACT/ACT ICMA", "2026-02-01", "2026-03-01", {"ref_start": "2026-02-01", "ref_end": "2026-03-01"}, "frequency"),
    ("ACT/ACT ICMA", "2026-01-01", "2026-01-20", {"ref_start": "2026-01-01", "ref_end": "2026-01-20"}, "frequency"),
    (
        "ACT/ACT ICMA",
        "2026-04-01",
        "2026-05-01",
        {"ref_start": "2026-04-01", "ref_end": "2026-05-20", "frequency": "P6M"},
        "stub",
    ),
    (
        "ACT/ACT ICMA",
        "2007-02-15",
        "2007-04-30",
        {"ref_start": "2007-02-15", "ref_end": "2007-04-30", "frequency": "P1M", "stub": "initial"},
        "eom",
    ),
    ("30U/360", "2024-02-29", "2024-03-31", {}, "eom"),
    ("30U/360", "2023-02-28", "2024-02-29", {}, "eom"),
    ("ACT/365L", "2026-01-01", "2026-02-01", {"frequency": "P1M"}, "ref_end"),
    ("ACT/365L", "2027-12-28", "2028-01-28", {"ref_end": "2028-02-28"}, "frequency"),
    ("ACT/365L", "2024-06-01", "2024-09-01", {"ref_end": "2025-01-01", "frequency": "P12M"}, "ref_start"),
    ("ACT/365 CA", "2026-01-01", "2026-06-30", {"frequency": "P6M"}, "ref_start and ref_end"),
    ("ACT/365 CA", "2026-01-01", "2026-06-30", {"ref_start": "2026-01-01", "ref_end": "2026-07-03"}, "frequency"),
]


@pytest.mark.parametrize(("name", "start", "end", "facts", "field"), MISSING)
def test_a_missing_fact_that_changes_the_answer_is_named(
    name: str, start: str, end: str, facts: dict[str, Any], field: str
) -> None:
    for count in (year_fraction, *([days] if name in ("BUS/252", "30U/360") else [])):
        with pytest.raises(MissingContext, match=rf"^{field}: missing; {name} needs (it|them): "):
            count(name, start, end, **facts)


NOT_MISSED: list[tuple[str, str, str, dict[str, Any], str]] = [
    # no end of February at the start
    ("30U/360", "2024-01-31", "2024-02-29", {}, "29/360"),
    # both ends alike with and without the rule
    ("30U/360", "2023-02-28", "2025-02-28", {}, "2"),
    # a reference period of whole months tells its frequency and that it is regular
    ("ACT/ACT ICMA", "2026-01-15", "2026-04-15", {"ref_start": "2026-01-15", "ref_end": "2026-07-15"}, "90/362"),
    # an irregular period shorter than a month and away from February: either side gives the same
    (
        "ACT/ACT ICMA",
        "2026-07-05",
        "2026-07-15",
        {"ref_start": "2026-07-05", "ref_end": "2026-08-02", "frequency": "P1M"},
        "10/372",
    ),
    # a month end does not matter where the reference period is regular
    ("ACT/ACT ICMA", "2026-02-28", "2026-03-31", {"ref_start": "2026-02-28", "ref_end": "2026-08-31"}, "31/368"),
    # 29 February inside the period, and the period ends in a leap year: the frequency cannot matter
    ("ACT/365L", "2024-01-01", "2024-02-01", {"ref_end": "2024-07-01"}, "31/366"),
    ("ACT/365L", "2026-01-01", "2026-02-01", {"ref_end": "2026-07-01"}, "31/365"),
    ("ACT/365L", "2024-06-01", "2024-09-01", {"ref_end": "2025-06-01", "frequency": "P12M"}, "92/365"),
    # shorter than any regular period
    ("ACT/365 CA", "2026-01-01", "2026-01-28", {}, "27/365"),
    ("ACT/365 CA", "2026-01-01", "2026-04-01", {"frequency": "P6M"}, "90/365"),
    # all readings agree
    ("ACT/365 CA", "2010-03-01", "2010-08-31", {"ref_start": "2010-03-01", "ref_end": "2010-09-01"}, "363/730"),
]


@pytest.mark.parametrize(("name", "start", "end", "facts", "share"), NOT_MISSED)
def test_a_missing_fact_that_cannot_change_the_answer_is_not_asked_for(
    name: str, start: str, end: str, facts: dict[str, Any], share: str
) -> None:
    assert year_fraction(name, start, end, **facts) == Fraction(share)


@given(start=st.dates(max_value=date(9990, 1, 1)), nights=st.integers(1, 3000))
def test_only_the_conventions_that_need_context_ever_miss_it(start: date, nights: int) -> None:
    for convention in DayCount:
        if convention.needs_context:
            assert convention.reads
        else:
            convention.fraction(start, start + timedelta(nights))


@pytest.mark.parametrize("start", ["2026-01-31", "2024-02-29", "2023-06-15"])
def test_a_convention_answers_alike_whatever_facts_it_does_not_read(start: str) -> None:
    context = Context(ref_start="2020-01-01", ref_end="2030-01-01", stub="final", eom=True, calendar=Weekdays())
    for convention in DayCount:
        if not convention.reads:
            assert convention.fraction(start, "2026-03-31", context) == convention.fraction(start, "2026-03-31")


def test_the_termination_date_is_an_exception_only_in_february_and_only_where_it_is_given() -> None:
    assert days("30E/360 ISDA", "2026-01-31", "2026-02-28") == 30
    assert days("30E/360 ISDA", "2026-01-31", "2026-02-28", termination="2026-02-28") == 28
    assert days("30E/360 ISDA", "2026-01-31", "2026-02-28", termination="2027-02-28") == 30
    assert days("30E/360 ISDA", "2026-01-31", "2026-03-31", termination="2026-03-31") == 60


REFUSED: list[tuple[str, dict[str, Any], type[Exception], str]] = [
    ("ACT/ACT ICMA", {"ref_start": "2026-07-01", "ref_end": "2026-01-01"}, InvalidDate, "ref_end"),
    ("ACT/ACT ICMA", {"ref_start": "2026-01-01", "ref_end": "2026-01-01"}, InvalidDate, "ref_end"),
    ("ACT/ACT ICMA", {"stub": "middle"}, UnknownName, "stub"),
    ("ACT/ACT ICMA", {"eom": "true"}, InvalidTerms, "eom"),
    ("ACT/ACT ICMA", {"frequency": "often"}, UnknownName, "frequency"),
    (
        "periodic",
        {"ref_start": "2026-01-01", "ref_end": "2026-01-11", "frequency": "10 days"},
        InvalidTerms,
        "frequency",
    ),
    (
        "ACT/ACT ICMA",
        {"ref_start": "2026-01-01", "ref_end": "2026-04-01", "frequency": "P6M", "stub": "none"},
        InvalidTerms,
        "stub",
    ),
    (
        "ACT/ACT ICMA",
        {"ref_start": "2026-01-15", "ref_end": "2026-03-01", "frequency": "P6M", "stub": "final"},
        InvalidDate,
        "start, end",
    ),
    ("ACT/365L", {"ref_start": "2026-01-15", "ref_end": "2026-07-15", "frequency": "P6M"}, InvalidDate, "start, end"),
    ("ACT/365 CA", {"frequency": "2 weeks"}, InvalidTerms, "frequency"),
    ("ACT/365 CA", {"reading": "loose"}, UnknownName, "reading"),
    (
        "ACT/365 CA",
        {"ref_start": "2026-01-01", "ref_end": "2026-03-20", "frequency": "P1M", "stub": "initial"},
        InvalidTerms,
        "ref_start, ref_end",
    ),
    ("BUS/252", {"calendar": "BR"}, UnknownName, "calendar"),
    ("BUS/252", {"calendar": 252}, InvalidTerms, "calendar"),
    ("30E/360 ISDA", {"termination": "28/02/2026"}, InvalidDate, "termination"),
]


@pytest.mark.parametrize(("name", "facts", "error", "field"), REFUSED)
def test_a_fact_that_makes_no_sense_is_refused_by_its_name(
    name: str, facts: dict[str, Any], error: type[Exception], field: str
) -> None:
    with pytest.raises(error, match=f"^{field}: got "):
        year_fraction(name, "2026-01-01", "2026-02-01", **facts)


@pytest.mark.parametrize(
    ("every", "start", "end", "share"),
    [
        ("1 month", "2026-01-31", "2026-02-28", "1/12"),
        ("quarter", "2026-01-15", "2026-04-15", "1/4"),
        ("year", "2024-02-29", "2025-02-28", "1"),
        ("semi-month", "2026-02-05", "2026-02-20", "1/24"),
        ("1 week", "2026-01-01", "2026-01-08", "1/52"),
        ("2 weeks", "2026-01-01", "2026-01-15", "1/26"),
        ("4 weeks", "2026-01-01", "2026-01-29", "1/13"),
    ],
)
def test_a_regular_period_is_periodically_its_share_and_a_part_of_it_goes_by_days(
    every: str, start: str, end: str, share: str
) -> None:
    context = Context(ref_start=start, ref_end=end, frequency=every)
    whole = DayCount.PERIODIC.fraction(start, end, context)
    assert whole == Fraction(share)
    length = (date.fromisoformat(end) - date.fromisoformat(start)).days
    after_a_week = date.fromisoformat(start) + timedelta(7)
    assert DayCount.PERIODIC.fraction(start, after_a_week, context) == whole * Fraction(7, length)


def test_a_regular_period_moved_by_holidays_is_still_its_share() -> None:
    context = Context(ref_start="2026-01-15", ref_end="2026-02-24", stub="none", frequency="1 month")
    assert DayCount.PERIODIC.fraction("2026-01-15", "2026-02-24", context) == Fraction(1, 12)


def test_a_stub_is_measured_from_its_regular_side() -> None:
    initial = Context(ref_start="2026-01-01", ref_end="2026-02-15", stub="initial", frequency="1 month")
    assert DayCount.PERIODIC.fraction("2026-01-01", "2026-02-15", initial) == (1 + Fraction(14, 31)) / 12
    final = Context(ref_start="2026-01-01", ref_end="2026-02-15", stub="final", frequency="1 month")
    assert DayCount.PERIODIC.fraction("2026-01-01", "2026-02-15", final) == (1 + Fraction(14, 28)) / 12


@pytest.mark.parametrize("context", ["P6M", date(2026, 7, 1), {"frequency": "P6M"}])
def test_what_is_no_context_is_refused_also_where_none_is_read(context: Any) -> None:
    for convention in (DayCount.ACT_ACT_ICMA, DayCount.ACT_360):
        with pytest.raises(InvalidTerms, match=r"^context: got .*expected a Context"):
            convention.fraction("2026-01-01", "2026-02-01", context)


def test_a_calendar_may_be_given_by_its_name() -> None:
    # TARGET, 2026: Good Friday 3 April and Easter Monday 6 April; 8 working days from Monday 30 March to 12 April
    assert year_fraction("BUS/252", "2026-03-30", "2026-04-13", calendar="target") == Fraction(8, 252)


def test_a_context_shows_the_facts_that_were_given_and_reads_them_back() -> None:
    context = Context(ref_start="2026-01-31", stub="final", eom=False, frequency="3 months", roll=31, reading="exact")
    shown = "Context(ref_start='2026-01-31', stub='final', eom=False, frequency='3 months', roll='31', reading='exact')"
    assert repr(context) == shown
    assert eval(shown, {"Context": Context}) == context


def test_members_and_contexts_are_values() -> None:
    context = Context(ref_start="2026-01-01", ref_end="2026-07-01", frequency="P6M", eom=False)
    same = Context(ref_start=date(2026, 1, 1), ref_end=date(2026, 7, 1), frequency=Frequency(6, "month"), eom=False)
    assert context == same
    assert hash(context) == hash(same)
    assert pickle.loads(pickle.dumps(context)) == context
    assert pickle.loads(pickle.dumps(DayCount.ACT_360)) is DayCount.ACT_360
    assert f"{DayCount.ACT_360}" == "ACT/360"
