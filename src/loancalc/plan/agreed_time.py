"""From the terms of a loan to its timeline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from loancalc.plan.dated_timelines import AnchoredTimeline, LaidTimeline
from loancalc.plan.derived_timelines import TimelineFrom, TimelineWithRows
from loancalc.plan.timeline import Timeline
from loancalc.time.accrual_periods import Frequency
from loancalc.time.daycount import DayCount
from loancalc.values.rates import Rate

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


def time_over(loan: Loan, count: int) -> Timeline:
    """The time of a loan over a number of installments, without the rows of down payments."""
    rate, day_count, path = loan.rate, loan.day_count, loan.rate_path
    if loan.continues is not None and loan.continues.before is not None:
        before, done = loan.continues.before, loan.continues.done
        inner = with_down_payments(before, time_over(before, done + count - len(before.down_payments)))
        return TimelineFrom(
            rate=rate, day_count=day_count, path=path, inner=inner, done=done, begins=loan.continues.begins
        )
    if loan.periods is not None:
        return LaidTimeline(rate=rate, day_count=day_count, path=path, periods=loan.periods)
    assert loan.every is not None
    method, stated = loan.repayment, "every" not in loan.defaulted
    time = _anchored(
        rate, day_count, loan.start, loan.every, count - method.in_advance, loan.first_due, loan.first_period, loan.month_end,
        method.name == "lump_sum", loan.end, stated,
    )  # fmt: skip
    if path is not None or loan.calendar is not None:
        adjust = loan.adjust or "none"
        time = replace(time, path=path, calendar=loan.calendar, adjust=adjust, interest_moves=loan.interest_moves)
    if loan.continues is not None and loan.continues.begins is not None:
        return TimelineFrom(rate=rate, day_count=day_count, path=path, inner=time, done=0, begins=loan.continues.begins)
    return _with_rows(time, (loan.start,)) if method.in_advance else time


@lru_cache(maxsize=256)
def _anchored(
    rate: Rate,
    day_count: DayCount | None,
    start: date,
    every: Frequency,
    count: int,
    first_due: date | None,
    first_period: str,
    month_end: bool,
    single: bool,
    maturity: date | None,
    every_stated: bool,
) -> AnchoredTimeline:
    """The time of a loan at one rate without business days.

    Loans of one portfolio share it where they begin on one day and run as long; 256 of 30 years take some 5 MB.
    """
    return AnchoredTimeline(
        rate=rate,
        day_count=day_count,
        start=start,
        every=every,
        count=count,
        first_due=first_due,
        apart=first_period == "interest-apart",
        month_end=month_end,
        single=single,
        maturity=maturity,
        every_stated=every_stated,
    )


def with_down_payments(loan: Loan, time: Timeline) -> Timeline:
    """The timeline of a plan with a row for each down payment."""
    downs = loan.down_payments
    return _with_rows(time, tuple([day for day, _, _ in downs])) if downs else time


def _with_rows(time: Timeline, days: tuple[date, ...]) -> TimelineWithRows:
    return TimelineWithRows(rate=time.rate, day_count=time.day_count, path=time.path, inner=time, inserted=days)
