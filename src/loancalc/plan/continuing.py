"""A plan that continues another: new terms were agreed on the way, and the installments ahead follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from loancalc.plan.methods import Method
from loancalc.plan.waiting import Brought

if TYPE_CHECKING:
    from loancalc.plan.loan import Loan


@dataclass(frozen=True, slots=True)
class Continued:
    """What a plan has from the one that it continues. Its own rows begin with the period in which the new terms came.

    Attributes:
        on: The day from which the new terms hold.
        before: The terms whose dates go on; None where the new plan has dates of its own.
        done: Rows of that plan that are done.
        started: The day on which the loan was paid out; anniversaries are counted from it.
        lent: The principal lent, of which charges are taken, in minor units.
        original: What flat interest is taken of, in minor units.
        rows: Rows of all plans before this one, for methods whose payments follow their place.
        waited: How many of them repaid nothing, being of an agreed moratorium; less those that a deferral has wait here.
        paid_out: All principal that was paid out before the new terms, in minor units.
        level: The level payment before the terms changed once more in the first row; None where they did not.
        payment: The payment that the new terms keep, until terms change once more; None where it is solved again.
        brought: Interest from before that the new installments ask for.
        charged_until: The last day of which agreed fees were asked for by the plan before.
        begins: The first day that bears interest, where that is not the start of the first row.
        accrued: Interest of the nights of the first row before that day, exact, in minor units, where it is not yet paid.
        moved: What changed the outstanding principal after that day, beside installments, and up to the new terms: each day,
            and by how many minor units.
        first: How the rows are made until a rate changes or more is paid out; by the method of the loan, if None.
    """

    on: date
    before: Loan | None
    done: int
    started: date
    lent: int
    original: int
    rows: int
    brought: tuple[Brought, ...]
    charged_until: date
    waited: int
    paid_out: int
    payment: int | None = None
    level: int | None = None
    begins: date | None = None
    accrued: Fraction = Fraction(0)
    moved: tuple[tuple[date, int], ...] = ()
    first: Method | None = None


def in_the_first_row(loan: Loan) -> Fraction:
    """What had accrued in the first row when the new terms came, and is rounded with what its other nights bear."""
    continues = loan.continues
    return continues.accrued if continues and not _stands_apart(loan) else Fraction(0)


def brought_to(loan: Loan) -> tuple[Brought, ...]:
    """Interest from before a plan that its installments ask for beside their own."""
    continues = loan.continues
    if continues is None:
        return ()
    if not continues.accrued or not _stands_apart(loan):
        return continues.brought
    accrued = loan.rounding.divide("interest")(*continues.accrued.as_integer_ratio())
    return (*continues.brought, Brought(accrued, "carried"))


def _stands_apart(loan: Loan) -> bool:
    """Whether the first row has no interest by nights that could be joined: it is let go, or a share of the whole term's."""
    is_let_go = loan.moratorium is not None and loan.moratorium.interest == "forgiven"
    return is_let_go or loan.repayment.name == "rule_of_78"
