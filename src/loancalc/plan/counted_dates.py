"""The terms of time of a loan whose dates are counted from its start or its first due date."""

from __future__ import annotations

from loancalc.errors import InvalidDate
from loancalc.plan import terms
from loancalc.plan.amortization import check_installments
from loancalc.plan.dated_timelines import due_date, due_dates_to
from loancalc.plan.first_periods import is_set_apart
from loancalc.time.accrual_periods import Frequency
from loancalc.values.dates import DateLike, read_date
from loancalc.values.listed import yes_or_no

_MONTHLY = Frequency(1, "month")


def counted_dates(
    start: DateLike | None,
    installments: int | None,
    end: DateLike | None,
    every: Frequency | str | None,
    first_due: DateLike | None,
    month_end: bool,
    method: str,
    first_period: str,
) -> dict[str, object]:
    """The terms of time, read and checked, by name.

    Where interest is set apart, there is one installment more, before the first due date from which the others are counted.

    Raises:
        InvalidDate, InvalidTerms: If one of them cannot be, or they do not go together.
    """
    if start is None:
        raise InvalidDate("start: got None; expected the first day that bears interest, or periods")
    begin, frequency = read_date(start, "start"), _MONTHLY if every is None else Frequency.parse(every, "every")
    yes_or_no(month_end, "month_end")
    first = None if first_due is None else terms.first_due(first_due, begin, month_end)
    until = terms.maturity(end, installments, begin)
    if first_period == "interest-apart":
        first = first or due_date(1, begin, frequency, None, month_end)
        if not is_set_apart(begin, frequency, first, month_end):
            first_period = "level"
    apart = first_period == "interest-apart"
    if until is None:
        count = check_installments(installments) + apart
    elif method == "lump_sum":
        count = 1
    else:
        count = due_dates_to(until, begin, frequency, first, month_end) + apart
    return {
        "start": begin, "every": frequency, "month_end": month_end, "first_due": first, "end": until, "installments": count,
        "first_period": first_period,
    }  # fmt: skip
