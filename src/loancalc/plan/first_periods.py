"""A first period that is longer or shorter than the others: who asks for the interest of the days by which it differs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from loancalc.errors import InvalidTerms
from loancalc.plan.columns import Columns, Problem
from loancalc.plan.dated_timelines import AnchoredTimeline
from loancalc.plan.methods import Like, Method
from loancalc.plan.timeline import Factor
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


@dataclass(frozen=True, slots=True)
class InterestAdded(Like):
    """A method whose payments are solved as if the first period were a regular one. The first installment asks for the interest of
    the period as it is beside the principal that it repays then: for more than the others where the period is longer, for less
    where it is shorter.

    Attributes:
        then: What is solved.
        regular: Interest per unit of the first period, were it a regular one.
    """

    then: Method
    regular: Factor

    def repay(self, problem: Problem) -> Columns:
        """The plan."""
        if problem.done or len(problem) == 1:
            return self.then.repay(problem)
        (numerator, denominator), *later = problem.factors
        columns = self.then.repay(replace(problem, factors=[self.regular, *later]))
        interest = problem.rounding.divide("interest")(problem.principal * numerator, denominator)
        return columns._replace(interest=[interest, *columns.interest[1:]]) if columns.interest else columns


def check_first_period(loan: Loan) -> None:
    """Refuse what changes in a first period whose interest is added to the first installment: the payment could not be solved as if
    it were regular.

    Raises:
        InvalidTerms: If the rate changes in it, or more is paid out.
    """
    if not isinstance(loan.repayment, InterestAdded):
        return
    due = loan.time_over(1).accrual[1]
    days = [*(loan.rate_path.turns if loan.rate_path else ()), *(tranche.on for tranche in loan.tranches)]
    for day in days:
        if loan.start <= day < due:
            raise InvalidTerms(
                f"first_period: got 'interest-added' with a change on {day}, before the first due date, {due}; expected 'level' or "
                "'interest-apart'"
            )


def of_first_period(loan: Loan) -> dict[str, object]:
    """The terms of a loan that say what its first period is worth: its method, or the installments that repay nothing.

    Raises:
        InvalidTerms: If its method, or its moratorium, leaves no room for that.
    """
    if loan.first_period == "interest-added":
        return {"repayment": _with_interest_added(loan)}
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


def _with_interest_added(loan: Loan) -> Method:
    """The method of a loan whose first installment asks for the interest of a first period of another length."""
    method = loan.repayment
    if not method.is_solved or method.in_advance:
        raise InvalidTerms(
            f"first_period: got 'interest-added' with method {method.name!r}; expected one whose payments are solved, such as 'annuity'"
        )
    time = loan.time_over(1)
    if not time.irregular:
        return method
    assert isinstance(time, AnchoredTimeline)
    first_due = loan.first_due or time.bounds[1]
    begins = date_at(first_due, time.every, -1, loan.month_end)
    regular = replace(time, start=begins, first_due=first_due)
    return InterestAdded(method, regular.factors[0])
