"""Arrears: how long a loan has been past due, counted in the ways contracts and bureaus count."""

from __future__ import annotations

from datetime import date

from loancalc.servicing.position import Position
from loancalc.time.frequency import days_in_month


def months_overdue(position: Position) -> int:
    """Whole months since the oldest unpaid due date, counted from its day of the month.

    An installment due on 31 January is one month overdue on the last day of February. 0 where nothing is past due.

    Args:
        position: Where the loan stands at the end of a day.

    >>> from loancalc import Account, Loan
    >>> account = Account(Loan(principal=1200, rate="12%", start="2025-12-31", installments=12))
    >>> [months_overdue(account.as_of(day)) for day in ("2026-02-27", "2026-02-28", "2026-03-31")]
    [0, 1, 2]
    """
    return 0 if position.oldest_unpaid_due is None else whole_months(position.oldest_unpaid_due, position.as_of)


def whole_months(start: date, end: date) -> int:
    """Whole months from `start` to `end`; a month that lacks the day of `start` ends on its last day.

    >>> whole_months(date(2026, 1, 31), date(2026, 2, 28)), whole_months(date(2026, 1, 15), date(2026, 3, 14))
    (1, 1)
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    return months if end.day >= min(start.day, days_in_month(end.year, end.month)) else months - 1
