"""From the terms of a loan to its timeline, and the pay-outs of which a part is paid back on the same day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from loancalc.dated_timelines import AnchoredTimeline, LaidTimeline, due_dates_to
from loancalc.derived_timelines import TimelineFrom, TimelineWithRows
from loancalc.timeline import Timeline

if TYPE_CHECKING:
    from loancalc.loan import Loan

__all__ = ["DownPayment", "down_payments_of", "due_dates_to", "time_over", "with_down_payments"]

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
    time = AnchoredTimeline(
        rate=rate,
        day_count=day_count,
        path=path,
        start=loan.start,
        every=loan.every,
        count=count - loan.repayment.in_advance,
        first_due=loan.first_due,
        month_end=loan.month_end,
        single=loan.repayment.name == "lump_sum",
        maturity=loan.end,
        calendar=loan.calendar,
        adjust=loan.adjust or "none",
        interest_moves=loan.interest_moves,
        every_stated="every" not in loan.defaulted,
    )
    return _with_rows(time, (loan.start,)) if loan.repayment.in_advance else time


def with_down_payments(loan: Loan, time: Timeline) -> Timeline:
    """The timeline of a plan with a row for each down payment."""
    days = tuple(day for day, _, _ in loan.down_payments)
    return _with_rows(time, days) if days else time


def _with_rows(time: Timeline, days: tuple[date, ...]) -> TimelineWithRows:
    return TimelineWithRows(rate=time.rate, day_count=time.day_count, path=time.path, inner=time, inserted=days)


def down_payments_of(loan: Loan) -> tuple[DownPayment, ...]:
    """The down payments of a loan, in order of their days, rounded as installments are."""
    if not loan.down_payment and not loan.tranches:
        return ()
    outs = [(loan.start, loan.principal_minor, loan.down_payment)]
    outs += [(tranche.on, tranche.minor(loan.digits), tranche.down_payment) for tranche in loan.tranches]
    divide = loan.rounding.named("installment").ratio
    return tuple((day, out, divide(*(out * share).as_integer_ratio())) for day, out, share in outs if share)
