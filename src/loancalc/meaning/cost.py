"""What a loan costs as a rate: internal rates of return at equal periods and on dates, and the APR by named rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from loancalc.errors import InvalidTerms
from loancalc.meaning.annual_rates import Apr, apr, apr_by_unit_periods, apr_by_years
from loancalc.meaning.apr_rules import RULES, AprRule
from loancalc.meaning.flows import Flow, Repayable, dated_amounts, flows_of, only, rate_of, solved, whole_amounts
from loancalc.meaning.intervals import per_year
from loancalc.meaning.returns import RateOfReturn, YearlyRate
from loancalc.time.frequency import date_at
from loancalc.values.dates import DateLike
from loancalc.values.money import Amount

__all__ = [
    "RULES",
    "Apr",
    "AprRule",
    "Flow",
    "RateOfReturn",
    "Repayable",
    "YearlyRate",
    "apr",
    "apr_by_unit_periods",
    "apr_by_years",
    "flows_of",
    "irr",
    "xirr",
]


def irr(
    loan_or_amounts: Repayable | Iterable[Amount], *, periods_per_year: float | Fraction | None = None
) -> RateOfReturn:
    """The internal rate of return: the rate per period at which what is paid is worth what is received.

    Args:
        loan_or_amounts: A loan (what is paid out at the start, then every installment with its agreed fee, taken as
            equally spaced; for odd periods ask `xirr` or `apr`), or amounts one period apart, paid out negative.
        periods_per_year: For the yearly figures; a loan knows its own.

    Raises:
        SeveralRates: If more than one rate above -100 % does; `roots` has them all.
        NoSolution: If none does.
        InvalidAmount: If an amount is not a finite number; the message has its index.
        InvalidTerms: If a loan pays out more on a day that is no due date.

    Examples:
        >>> irr([-37155] + [560] * 144).per_period
        0.012581796355584634
        >>> irr([-100, 230, -132])
        Traceback (most recent call last):
            ...
        loancalc.errors.SeveralRates: amounts: 2 rates per period solve them: 10 %, 20 %; a single one is not defined
    """
    if isinstance(loan_or_amounts, Repayable):
        loan = loan_or_amounts
        flows = flows_of(loan)
        _refuse_between_periods(loan)
        amounts = whole_amounts([flow.amount for flow in flows])
        if periods_per_year is None:
            periods_per_year = _periods_of(loan, flows)
    else:
        amounts = whole_amounts(loan_or_amounts)
    found = [rate_of(growth, 1) for growth in solved(amounts, range(len(amounts)))]
    return RateOfReturn(only(found, "rates per period"), periods_per_year=periods_per_year)


def xirr(amounts: Iterable[Amount], dates: Iterable[DateLike]) -> YearlyRate:
    """The effective yearly rate of amounts on dates, every year counted as 365 days (Excel's XIRR).

    Args:
        amounts: Paid out negative, received positive.
        dates: One for each amount, in any order.

    Raises:
        SeveralRates: If more than one rate above -100 % makes the amounts worth nothing; `roots` has them all.
        NoSolution: If none does.
        InvalidAmount: If an amount is not a finite number; the message has its index.
        InvalidDate: If a date is not one; the message has its index.
        InvalidTerms: If there are more amounts than dates, or fewer.

    Examples:
        >>> xirr([-1000, 1100], ["2026-01-01", "2027-01-01"])
        0.1
        >>> rate = xirr([-1000, 1100], ["2026-01-01", "2026-01-02"])
        >>> f"{rate:.4e}", rate.for_term, rate.days
        ('1.2833e+15', 0.1, 1)
    """
    whole, on = dated_amounts(amounts, dates)
    ordinals = list(map(date.toordinal, on))
    days = max(ordinals, default=0) - min(ordinals, default=0)
    found = solved(whole, ordinals)
    if len(found) > 1:
        only([rate_of(growth, 365) for growth in found], "yearly rates")
    return YearlyRate.of_growth(found[0], days)


def _refuse_between_periods(loan: Repayable) -> None:
    """What is paid out inside a period has no place among equally spaced amounts."""
    dues = {row.due for row in loan.schedule()} if loan.advances else set()
    between = [day for day, _ in loan.advances if day not in dues]
    if between:
        raise InvalidTerms(
            f"tranches: got one on {between[0]}, inside a period; irr takes equal periods: ask apr or xirr"
        )


def _periods_of(loan: Repayable, flows: Sequence[Flow]) -> Fraction:
    """The periods a year of a loan; a single payment after several periods, or part of one, is one long period."""
    if loan.every is None:
        raise InvalidTerms(
            "periods_per_year: missing; a list of dates has no number of periods a year; xirr reads dates"
        )
    periods = per_year(loan.every)
    if len(flows) != 2:
        return periods
    start, end = flows[0].on, flows[1].on
    days = (end - start).days
    spans = round(days / 365 * periods)
    if spans and date_at(start, loan.every, spans) == end:
        return periods / spans
    return Fraction(365, days)
