"""From the terms of a loan to its timeline, and the pay-outs of which a part is paid back on the same day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from loancalc.errors import InvalidTerms
from loancalc.plan.dated_timelines import AnchoredTimeline, LaidTimeline
from loancalc.plan.derived_timelines import TimelineFrom, TimelineWithRows
from loancalc.plan.timeline import Timeline
from loancalc.time.accrual_periods import Frequency
from loancalc.time.daycount import DayCount
from loancalc.values.money import format_minor
from loancalc.values.rates import Rate

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan

__all__ = ["DownPayment", "down_payments_of", "time_over", "with_down_payments"]

DownPayment = tuple[date, int, int]
"""A pay-out of which a part is paid back at once: its day, its amount and that part, in minor units."""


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


def down_payments_of(loan: Loan) -> tuple[DownPayment, ...]:
    """The down payments of a loan, in order of their days, rounded as installments are.

    Raises:
        InvalidTerms: If rounding makes one of them all of its pay-out, or more.
    """
    if not loan.down_payment and not loan.tranches:
        return ()
    outs = [(loan.start, loan.principal_minor, loan.down_payment)]
    outs += [(tranche.on, tranche.minor(loan.digits), tranche.down_payment) for tranche in loan.tranches]
    divide = loan.rounding.divide_whole("installment")
    found = tuple((day, out, divide(*(out * share).as_integer_ratio())) for day, out, share in outs if share)
    for day, out, down in found:
        if down >= out:
            got, whole = format_minor(down, loan.digits), format_minor(out, loan.digits)
            raise InvalidTerms(
                f"down_payment: rounded to {got} on {day}; expected less than the {whole} that are paid out"
            )
    return found
