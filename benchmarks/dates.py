"""Days: day counts against QuantLib, due dates against a loop by hand, business days against a look-up by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

from measure import Case, compare
from schedule import LENGTHS

from loancalc import Calendar, DayCount, calendars, periods, year_fraction

PAIRS, COUNT = 300, 360
Pair = tuple[date, date]

CHANCE = random.Random(2026)
LOAN_LENGTHS = (7, 28, 30, 31, 61, 90, 91, 92, 181, 184, 365, 366)
THIRTY_YEARS = range(1, 30 * 366)


def intervals(lengths: Sequence[int]) -> list[Pair]:
    """New intervals with starts over forty years."""
    starts = [date(2000, 1, 1) + timedelta(CHANCE.randrange(40 * 365)) for _ in range(PAIRS)]
    return [(start, start + timedelta(CHANCE.choice(lengths))) for start in starts]


def each(call: Callable[..., object], given: Iterable[tuple[Any, ...]]) -> None:
    """The same call for every item of a list, so that what is timed is the call."""
    for arguments in given:
        call(*arguments)


def quantlib_days() -> dict[DayCount, Callable[[date, date], float]] | None:
    """QuantLib's share of a year from Python dates, for the two counts; None where it is not installed."""
    try:
        import QuantLib as ql
    except ImportError:
        return None
    theirs = {
        DayCount.ACT_ACT_ISDA: ql.ActualActual(ql.ActualActual.ISDA),
        DayCount.THIRTY_E_360: ql.Thirty360(ql.Thirty360.European),
    }

    def share(convention: Any, start: date, end: date) -> float:
        read = ql.Date.from_date
        return float(convention.yearFraction(read(start), read(end)))

    return {name: partial(share, convention) for name, convention in theirs.items()}


def compare_day_counts(rounds: int) -> None:
    theirs = quantlib_days()
    if theirs is None:
        print("\nday counts: left out, QuantLib is not installed (pip install -e '.[bench]')")
        return
    of_loans, of_any_length = partial(intervals, LOAN_LENGTHS), partial(intervals, THIRTY_YEARS)
    for convention, share in theirs.items():
        fraction, ratio = convention.fraction, convention.ratio
        far = max(abs(fraction(*pair) - Fraction(share(*pair))) for pair in of_loans() + of_any_length())
        assert far < Fraction(1, 10**12), f"{convention}: QuantLib differs by {float(far)}"
        compare(
            f"day count {convention}: {PAIRS} new intervals (QuantLib agrees to {float(far):.0e})",
            [
                Case("floor: QuantLib, dates made by from_date", partial(each, share), of_loans),
                Case("(a) exact Fraction, periods of loans", partial(each, fraction), of_loans, target=0.5),
                Case("(b) exact Fraction, any length to 30 years", partial(each, fraction), of_any_length, target=0.5),
                Case("(c) numerator and denominator", partial(each, ratio), of_loans, target=0.25),
                Case("(d) year_fraction, by name", partial(each, partial(year_fraction, str(convention))), of_loans),
            ],
            rounds,
        )


def by_hand(start: date, count: int) -> list[date]:
    """The floor of due dates: year, month and day."""
    year, month, day = start.year, start.month, start.day
    dates = []
    for _ in range(count):
        month += 1
        if month > 12:
            year, month = year + 1, 1
        last = LENGTHS[month - 1]
        if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
            last = 29
        dates.append(date(year, month, day if day <= last else last))
    return dates


def by_relativedelta(start: date, count: int) -> list[date]:
    """Due dates with python-dateutil, each counted from the start."""
    from dateutil.relativedelta import relativedelta

    return [start + relativedelta(months=number) for number in range(1, count + 1)]


def monthly(start: date) -> object:
    return periods(start, every="1 month", count=COUNT)


def compare_due_dates(rounds: int) -> None:
    for start in (date(2026, 1, 15), date(2026, 1, 31)):
        dates = by_hand(start, COUNT)
        assert dates == [*periods(start, every="1 month", count=COUNT).due] == by_relativedelta(start, COUNT)
        compare(
            f"periods: {COUNT} months from {start}",
            [
                Case("floor: year, month and day by hand", lambda _, day=start: by_hand(day, COUNT)),
                Case("(a) columns of dates", lambda _, day=start: monthly(day), target=2.0),
                Case("(b) every Period as an object", lambda _, day=start: [*monthly(day)]),  # type: ignore[misc]
                Case("(c) relativedelta, dates only", lambda _, day=start: by_relativedelta(day, COUNT)),
            ],
            rounds,
        )


def compare_business_days(rounds: int) -> None:
    china = calendars.find_calendar("CN")
    assert isinstance(china, Calendar)
    holidays, worked = china.holidays, china.working_weekends

    def bare(day: date) -> bool:
        return day not in holidays if day.weekday() < 5 else day in worked

    span = [date(2020, 1, 1) + timedelta(number) for number in range(2192)]
    assert all(bare(day) == china.is_business_day(day) for day in span)
    given = [(day,) for day in span]
    named = [calendars.find_calendar(name) for name in ("CN", "TARGET", "US")]
    compare(
        f"business days: {len(span)} days in a row",
        [
            Case("floor: weekday() and two frozensets", partial(each, bare), lambda: given),
            *(
                Case(f"calendar {one.name}", partial(each, one.is_business_day), lambda: given, target=3.0)
                for one in named
            ),
            Case("TARGET + US", partial(each, calendars.union("TARGET", "US").is_business_day), lambda: given),
        ],
        rounds,
    )


def run(rounds: int) -> None:
    compare_day_counts(rounds)
    compare_due_dates(rounds)
    compare_business_days(rounds)
