"""Reading the rate of a loan: the one from the start, its path where it changes, and what a change may leave as it is."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from loancalc.errors import InvalidTerms
from loancalc.time.accrual_periods import Periods
from loancalc.time.indexed_rates import CHANGING, IndexedRate
from loancalc.time.rate_path import RatePath
from loancalc.values.dates import DateLike, read_date
from loancalc.values.money import Amount
from loancalc.values.quotations import percent
from loancalc.values.rates import Rate

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


def first_rate(
    value: Rate | RatePath | IndexedRate | Amount | Fraction, start: DateLike | None, laid: Periods | None
) -> Rate:
    """The rate from the start."""
    if not isinstance(value, CHANGING):
        return Rate.parse(value)
    if isinstance(value, RatePath):
        return value.initial
    begin = laid.bounds[0] if isinstance(laid, Periods) else None if start is None else read_date(start, "start")
    return Rate(Fraction(0)) if begin is None else value.path(begin, begin).initial


def rate_path(value: RatePath | IndexedRate, loan: Loan, *, open_end: bool) -> RatePath:
    """The dated rates of a loan; an index is read over twice its term, as rates may move the end.

    Args:
        value: What was given.
        loan: Its other terms.
        open_end: Whether a stated payment decides its term.

    Raises:
        InvalidTerms: If payments are solved and nothing says what a change leaves as it is, or it cannot leave that.
    """
    method = loan.repayment
    longest = 2 * loan.installments if loan.end is None else loan.installments
    end = loan.time_over(longest).bounds[-1]
    path = value.path(loan.start, end) if isinstance(value, IndexedRate) else value
    if method.is_solved and path.changes and not path.keeps:
        raise InvalidTerms(
            f"rate.keep: missing; with method {method.name!r} a change of the rate keeps the 'term' (new payment), the "
            "'payment' (new term), or one 'level' payment over all rates"
        )
    for keep in sorted(path.keeps):
        if cannot := cannot_keep(keep, method.name):
            raise InvalidTerms(f"rate.keep: got {cannot}")
    if "level" in path.keeps and path.changes and loan.payment == "nominal":
        raise InvalidTerms(
            "rate.keep: got 'level' with payment 'nominal', which follows from one rate; expected 'term', or payment 'level'"
        )
    if open_end and path.changes and path.keeps != {"payment"}:
        kept = " and ".join(sorted(path.keeps))
        raise InvalidTerms(
            f"rate.keep: got {kept!r} where the payment decides the term; expected 'payment', or a number of installments"
        )
    if path.payment_cap is not None and not method.is_level:
        raise InvalidTerms(
            f"rate.payment_cap: got {percent(path.payment_cap)} with method {method.name!r}; expected a method whose payments are "
            "level, such as 'annuity'"
        )
    return path


def cannot_keep(keep: str, method: str) -> str | None:
    """Why a change of the rate cannot keep something with a method; None if it can.

    >>> cannot_keep("payment", "balloon")
    "'payment' with method 'balloon'; it belongs to 'annuity'"
    """
    if keep == "payment" and method != "annuity":
        return f"'payment' with method {method!r}; it belongs to 'annuity'"
    if keep == "level" and method == "accelerated":
        return "'level' with method 'accelerated', whose payment follows from monthly ones at one rate; expected 'term'"
    return None
