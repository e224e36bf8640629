"""The proof of a plan: that its rows add up, and that each asks for what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from loancalc.errors import InvalidTerms
from loancalc.plan.methods import METHOD_NAMES, Method
from loancalc.plan.plan_explaining import asked_of_interest
from loancalc.plan.waiting import LATER, Moratorium
from loancalc.values.money import format_minor

if TYPE_CHECKING:
    from loancalc.plan.schedule import Schedule

Equal = Literal["payment", "principal"]
"""What is promised to be the same in every row that repays, but for the residue of rounding."""


def equal_in(method: Method, moratorium: Moratorium | None, *, level: bool = False) -> Equal | None:
    """What a method promises to be equal in a plan that nothing changes on its way."""
    if moratorium is not None and moratorium.interest in LATER:
        return None
    if method.name == "rule_of_78" or level or (method.is_level and method.name in METHOD_NAMES):
        return "payment"
    return "principal" if method.name in ("equal_principal", "flat") else None


def check(plan: Schedule) -> None:
    """Prove the laws for a plan.

    Raises:
        InvalidTerms: If a balance is not the one before it plus what is paid out, less principal; if an installment asks
            for less than nothing, for other interest than its balance, rate and time make, for fees and taxes that were not agreed,
            or for another amount where all are promised to be equal; if a date does not rise, or the last balance is not zero. The
            message names the row.
    """
    _check_balances(plan)
    _check_dates(plan)
    _check_interest(plan)
    _check_charges(plan)
    _check_equal(plan)


def _check_balances(plan: Schedule) -> None:
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


def _check_dates(plan: Schedule) -> None:
    if plan.dates is None:
        return
    if len(plan.dates) != len(plan) + 1:
        raise InvalidTerms(
            f"schedule: got {len(plan.dates) - 1} due dates; expected one for each of {len(plan)} installments"
        )
    for number, (day, later) in enumerate(pairwise(plan.dates), 1):
        if later < day:
            raise InvalidTerms(f"schedule: installment {number} is due on {later}, before {day}")


def _check_interest(plan: Schedule) -> None:
    """Each row asks for the interest that its balance, rate and time make, rounded once.

    The last row may hold the residue of rounding, where the interest takes it; of the first row of a plan that continues another,
    something may have been paid before; what a method of one's own charges is its own.
    """
    columns, last = plan.columns, len(plan) - 1
    if plan.basis.method not in METHOD_NAMES:
        return
    for index, amount in enumerate(columns.interest):
        expected = asked_of_interest(plan, index)
        if amount == expected or (plan.basis.continues and not index):
            continue
        if index == last and plan.basis.rounding.residue == "last-interest" and columns.total(last) == columns.asked:
            continue
        raise InvalidTerms(
            f"schedule: got interest of {_show(plan, amount)} in installment {index + 1}; expected {_show(plan, expected)}, "
            "which its balance, rate and time make"
        )


def _check_charges(plan: Schedule) -> None:
    """Each row asks for the fees and taxes that were agreed."""
    agreed = plan.charges.agreement
    if agreed is None:
        return
    for index, asked in enumerate(zip(plan.charges.fees, plan.charges.taxes, strict=True)):
        lines = agreed.lines(index)
        for name, amount, component in zip(("fees", "taxes"), asked, ("fee", "tax"), strict=True):
            expected = sum(line.amount for line in lines if line.component == component)
            if amount != expected:
                raise InvalidTerms(
                    f"schedule: got {name} of {_show(plan, amount)} in installment {index + 1}; expected {_show(plan, expected)}, as "
                    "agreed"
                )


def _check_equal(plan: Schedule) -> None:
    """Rows ask for the same where that is promised: all but the one that has the residue, and the one that repays the rest."""
    basis, columns = plan.basis, plan.columns
    if basis.equal is None:
        return
    first = basis.waiting.resumes if basis.waiting else 0
    rows = [row for row in range(first, len(plan) - 1) if row not in basis.repaid_at_once and columns.balance[row]]
    amounts = [columns.principal[row] if basis.equal == "principal" else columns.payment(row) for row in rows]
    residue = basis.rounding.residue
    if residue == "first":
        rows, amounts = rows[1:], amounts[1:]
    if residue == "spread":
        allowed = basis.rounding.step_of("installment")
        wrong = [row for row, amount in zip(rows, amounts, strict=True) if not 0 <= amounts[0] - amount <= allowed]
    else:
        level = columns.level if basis.equal == "payment" else None
        wrong = _other_than(amounts, rows, level)
    if wrong:
        amount = columns.principal[wrong[0]] if basis.equal == "principal" else columns.payment(wrong[0])
        raise InvalidTerms(
            f"schedule: got {basis.equal} of {_show(plan, amount)} in installment {wrong[0] + 1}; expected the same in all that "
            "repay, but for the residue of rounding"
        )


def _other_than(amounts: Sequence[int], rows: Sequence[int], level: int | None) -> list[int]:
    usual = amounts[0] if level is None and amounts else level
    return [row for row, amount in zip(rows, amounts, strict=True) if amount != usual]


def _show(plan: Schedule, units: int) -> str:
    return f"{plan.amounts([units])[0]:f}"
