"""A first period that is longer or shorter than the others: who asks for the interest of the days by which it differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from loancalc.errors import InvalidTerms
from loancalc.plan.dated_timelines import AnchoredTimeline
from loancalc.plan.methods import Method
from loancalc.plan.timeline import Factor, Timeline
from loancalc.plan.waiting import Moratorium
from loancalc.time.accrual_periods import Frequency, date_at
from loancalc.values.names import Names

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan

_WAYS = Names(
    "first_period",
    {
        "level": ["one payment over all periods"],
        "interest-added": ["added to the first installment", "首期加收利息"],
        "interest-apart": ["an installment of its own", "单独收取利息"],
    },
)
_OF_PARTS = ("equal_principal", "interest_only", "given_principal")
"""Methods whose installments ask for the interest of their periods beside a part of the principal, whatever way is agreed."""


def read_first_period(value: str) -> str:
    """What becomes of the interest of the days by which the first period differs, by name."""
    return _WAYS.find(value)


def is_set_apart(start: date, every: Frequency, first_due: date, month_end: bool) -> bool:
    """Whether there is interest before the first regular period, which then falls due by itself as that period begins.

    Raises:
        InvalidTerms: If the first period is shorter than a regular one, so that there is nothing before it.

    >>> is_set_apart(date(2026, 1, 15), Frequency(1, "month"), date(2026, 3, 1), False)
    True
    """
    begins = date_at(first_due, every, -1, month_end)
    if begins < start and date_at(start, every, 1) != first_due:
        raise InvalidTerms(
            f"first_period: got 'interest-apart' with a first period from {start} to {first_due}, which is shorter than {every}; "
            "expected 'interest-added' or 'level'"
        )
    return begins > start


def regular_part(
    loan: Loan, time: Timeline, number: int, since: date | None = None, until: date | None = None
) -> Factor | None:
    """Interest per unit of principal over a row's period, or a part of it, as payments are solved over it that are solved as if the
    first period were a regular one; None where the row is another one, or its payments are solved over it as it is.

    The days before a regular period do not count. A first period that is shorter is as long as a regular one, at the first rate.

    Args:
        loan, time: The terms, and the time of their rows, with the rates as they are known.
        number: The row.
        since, until: The part; where they are None, the whole.
    """
    agreed = loan
    while agreed.continues is not None and agreed.continues.before is not None:
        agreed = agreed.continues.before
    if agreed.first_period != "interest-added" or not loan.repayment.is_solved:
        return None
    whole, end = agreed.time_over(1), time.accrual[number]
    if not isinstance(whole, AnchoredTimeline) or not whole.irregular or end != whole.accrual[1]:
        return None
    regular, since = replace(whole.regular, rate=time.rate, path=time.path), since or time.accrual[number - 1]
    if since <= max(regular.start, agreed.start):
        since = regular.start
    return regular.part(1, since, max(since, until or end))


def of_first_period(loan: Loan) -> dict[str, object]:
    """The terms of a loan that follow from its first period: one more installment that repays nothing, where interest is set apart.

    Raises:
        InvalidTerms: If its method, or its moratorium, leaves no room for that.
    """
    if loan.first_period == "interest-added":
        _check_added(loan.repayment)
        return {}
    waits = loan.moratorium
    if waits is not None and waits.interest != "paid":
        raise InvalidTerms(
            f"first_period: got 'interest-apart' with a moratorium whose interest is {waits.interest!r}; expected 'paid'"
        )
    method = loan.repayment
    if method.name == "seasonal" or getattr(method, "term", None) is not None:
        raise InvalidTerms(
            f"first_period: got 'interest-apart' with {method!r}, which counts from the first installment; expected 'interest-added'"
        )
    return {"moratorium": Moratorium(1 + (waits.installments if waits else 0), "paid")}


def asked_of_first_period(loan: Loan) -> tuple[int, Moratorium | None]:
    """How many installments a loan was asked for with, and what moratorium: without the interest that is set apart."""
    count, waits = loan.installments, loan.moratorium
    if loan.first_period != "interest-apart" or waits is None:
        return count, waits
    return count - 1, Moratorium(waits.installments - 1, "paid") if waits.installments > 1 else None


def _check_added(method: Method) -> None:
    """Refuse a method that has neither payments nor principal parts beside which interest could be added at the end of a period."""
    expected = (
        "one whose payments are solved, such as 'annuity', or that states principal parts, such as 'equal_principal'"
    )
    if method.in_advance:
        expected = "one whose installments are paid at the ends of their periods"
    elif method.is_solved or method.name in _OF_PARTS:
        return
    raise InvalidTerms(f"first_period: got 'interest-added' with method {method.name!r}; expected {expected}")
