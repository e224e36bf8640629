"""What a plan adds up to: by calendar year, from a day on; and the proof that its rows add up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from loancalc.errors import InvalidTerms
from loancalc.values.money import add, format_minor

if TYPE_CHECKING:
    from loancalc.plan.schedule import Schedule


class PlanTotals(NamedTuple):
    """Some installments of a plan added up, in units of the currency."""

    installments: int
    principal: Decimal
    interest: Decimal
    fees: Decimal
    taxes: Decimal

    @property
    def total(self) -> Decimal:
        """All that these installments ask for."""
        return add(self.principal, self.interest, self.fees, self.taxes)


def whole(plan: Schedule) -> PlanTotals:
    """All installments added up."""
    return _totals(plan, range(len(plan)))


def by_year(plan: Schedule) -> dict[int, PlanTotals]:
    """The installments of each calendar year added up."""
    rows: dict[int, list[int]] = {}
    for index, day in enumerate(_dues(plan)):
        rows.setdefault(day.year, []).append(index)
    return {year: _totals(plan, chosen) for year, chosen in rows.items()}


def remaining(plan: Schedule, day: date) -> PlanTotals:
    """The installments due after a day added up."""
    return _totals(plan, [index for index, due in enumerate(_dues(plan)) if due > day])


def check(plan: Schedule) -> None:
    """Prove that the rows of a plan add up.

    Raises:
        InvalidTerms: If a balance is not the one before it plus what is paid out, less principal; if an installment asks
            for less than nothing, a date does not rise, or the last balance is not zero. The message names the row.
    """
    columns, digits = plan.columns, plan.digits
    advanced, balance, charges = dict(columns.advanced), plan.principal_lent, plan.charges.each
    for index, principal in enumerate(columns.principal):
        balance += advanced.get(index, 0) - principal
        if columns.balance[index] != balance:
            got, expected = format_minor(columns.balance[index], digits), format_minor(balance, digits)
            raise InvalidTerms(f"schedule: got a balance of {got} after installment {index + 1}; expected {expected}")
        if columns.total(index) < 0 or columns.interest[index] < 0 or charges[index] < 0:
            raise InvalidTerms(f"schedule: installment {index + 1} asks for less than nothing")
    if balance:
        raise InvalidTerms(f"schedule: got a last balance of {format_minor(balance, digits)}; expected 0")
    for number, (day, later) in enumerate(pairwise(plan.dates[1:] if plan.dates else ()), 1):
        if later < day:
            raise InvalidTerms(f"schedule: installment {number + 1} is due on {later}, before {day}")


def _dues(plan: Schedule) -> tuple[date, ...]:
    if plan.dates is None:
        raise InvalidTerms("schedule: has no due dates; expected the plan of a Loan")
    return plan.dates[1 : len(plan) + 1]


def _totals(plan: Schedule, rows: Iterable[int]) -> PlanTotals:
    chosen = list(rows)
    columns, charges = plan.columns, plan.charges
    sums = (
        sum(column[row] for row in chosen)
        for column in (columns.principal, columns.interest, charges.fees, charges.taxes)
    )
    return PlanTotals(len(chosen), *plan.amounts(sums))
