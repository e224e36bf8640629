"""What a plan adds up to: by calendar year, from a day on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from loancalc.errors import InvalidTerms
from loancalc.values.money import add

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
